/* geo/coord.c — from signs to one coordinate or two.
 *
 * First pass: every number becomes an atom that knows its mark (degree, minute, second), what
 * stood before it (nothing, a blank, a dash, a colon, a comma) and which axis a word beside it
 * names. A word names the number before it when that one has no axis yet and nothing divides
 * them (118.45 E), else the next (E 118.45).
 *
 * Second pass: atoms are cut into coordinates. One begins at a comma, a sign, an axis word in
 * front, a degree mark, behind seconds, behind a number with decimals, and where the mark would
 * go back (minutes after seconds). Two unmarked coordinates in one text (118 27 06 30 33 42)
 * are cut in half, provided only blanks or only dashes stand between.
 *
 * Third: a coordinate's atoms are degrees, minutes, seconds, in that order and without a gap;
 * only the last may have decimals; minutes and seconds are below 60. What does not read so is
 * refused with the reason: a wrong place is worse than none. */
#include "geo/coord_lex.h"
#include "geo/inside.h"

#include <math.h>

typedef enum gap { GAP_NONE, GAP_BLANK, GAP_TIGHT, GAP_HARD } gap;
enum { UNMARKED = -1, DEGREES, MINUTES, SECONDS };

typedef struct label {
    xd_axis axis;
    int direction;
} label;

typedef struct atom {
    const xd_sign *number;
    double value;
    int decimals;
    bool whole;
    int mark;
    bool letter_mark, metres;
    gap before;
    int sign;     /* 0: none written */
    label front;  /* axis word before the number */
    label behind; /* … behind the coordinate that ends here */
} atom;

typedef struct text_reader {
    xd_str text; /* as given, for messages */
    const xd_sign *signs;
    XD_VEC(atom) atoms;
    label pending, current, heads[2]; /* heads: 经度/纬度 listed before any number */
    int n_heads;
    bool closed; /* nothing more belongs to the last coordinate */
    gap gap_now;
    int sign;
} text_reader;

/* ---- saying no -----------------------------------------------------------------------------
 */

static bool refuse(xd_ctx *cx, xd_str text, const char *zh, const char *en)
{
    xd_str shown = xd_str_sub(text, 0, xd_utf8_valid(xd_str_sub(text, 0, 60)));
    return xd_geo_refuse(
        cx, xd_str_printf(cx->arena, "坐标“" XD_FMT "”%s。", XD_ARG(shown), zh),
        xd_str_printf(cx->arena, "Coordinate \"" XD_FMT "\": %s.", XD_ARG(shown), en));
}

static bool refuse_sign(xd_ctx *cx, const text_reader *r, const xd_sign *sign)
{
    return refuse(
        cx, r->text,
        xd_cstr(cx->arena,
                xd_str_printf(cx->arena, "里有读不懂的“" XD_FMT "”", XD_ARG(sign->text))),
        xd_cstr(cx->arena, xd_str_printf(cx->arena, "\"" XD_FMT "\" is not understood",
                                         XD_ARG(sign->text))));
}

/* ---- first pass ----------------------------------------------------------------------------
 */

static atom *last_atom(text_reader *r)
{
    return r->atoms.n == 0 ? NULL : &r->atoms.at[r->atoms.n - 1];
}

static bool take_number(xd_ctx *cx, text_reader *r, const xd_sign *sign)
{
    if (!isfinite(sign->value) || sign->decimals > 30 || sign->value > 1e12) {
        return refuse(cx, r->text, "里的数太长", "a number is too long");
    }
    atom *a = xd_push(cx->arena, &r->atoms);
    *a = (atom){
        .number = sign,
        .value = sign->value,
        .decimals = sign->decimals,
        .whole = sign->whole,
        .mark = UNMARKED,
        .before = r->gap_now,
        .sign = r->sign,
        .front = r->pending,
    };
    if (r->pending.axis != XD_AXIS_UNKNOWN || r->closed) {
        r->current = r->pending;
    }
    r->pending = (label){0};
    r->closed = false;
    r->gap_now = GAP_NONE;
    r->sign = 0;
    return true;
}

/* ".5" behind a mark: decimals of the number the mark stands on. */
static bool take_fraction(xd_ctx *cx, text_reader *r, const xd_sign *sign)
{
    atom *a = last_atom(r);
    if (a == NULL || !a->whole || a->mark == UNMARKED) {
        return refuse_sign(cx, r, sign);
    }
    a->value += sign->value;
    a->decimals = sign->decimals;
    a->whole = false;
    return true;
}

static bool take_mark(xd_ctx *cx, text_reader *r, const xd_sign *sign)
{
    int mark = sign->kind == XD_SIGN_DEGREE   ? DEGREES
               : sign->kind == XD_SIGN_MINUTE ? MINUTES
                                              : SECONDS;
    atom *a = last_atom(r);
    if (a == NULL) {
        return true; /* a unit in a title: 经度（°） */
    }
    if (sign->letter && mark == MINUTES && a->value >= 60) {
        a->metres = true; /* 39500000m */
        return true;
    }
    if (a->mark == MINUTES && mark == MINUTES && r->gap_now == GAP_NONE && !sign->letter) {
        a->mark = SECONDS; /* '' */
        return true;
    }
    if (a->mark == mark && r->gap_now == GAP_NONE) {
        return true; /* 度° */
    }
    if (a->mark != UNMARKED || r->gap_now > GAP_BLANK) {
        return refuse_sign(cx, r, sign);
    }
    a->mark = mark;
    a->letter_mark = sign->letter;
    r->gap_now = GAP_NONE;
    return true;
}

static bool labels_agree(label a, label b)
{
    return a.axis == b.axis &&
           (a.direction == 0 || b.direction == 0 || a.direction == b.direction);
}

/* An s behind 06 in 118d27m06s is no south. */
static bool is_second_letter(const text_reader *r, const xd_sign *sign)
{
    if (!sign->letter || r->atoms.n < 2 || r->gap_now != GAP_NONE) {
        return false;
    }
    const atom *a = &r->atoms.at[r->atoms.n - 1];
    const atom *before = a - 1;
    return a->mark == UNMARKED && before->mark == MINUTES && before->letter_mark;
}

static bool touches_number(const xd_sign *sign)
{
    xd_sign_kind next = sign[1].kind;
    return next == XD_SIGN_NUMBER || next == XD_SIGN_DASH || next == XD_SIGN_COLON;
}

static bool take_front(xd_ctx *cx, text_reader *r, const xd_sign *sign, label said)
{
    if (r->pending.axis == XD_AXIS_UNKNOWN) {
        r->pending = said;
    } else if (labels_agree(r->pending, said)) {
        r->pending.direction =
            r->pending.direction != 0 ? r->pending.direction : said.direction;
    } else if (r->atoms.n == 0 && r->n_heads == 0 && r->pending.axis != said.axis) {
        r->heads[0] = r->pending;
        r->heads[1] = said;
        r->n_heads = 2;
        r->pending = (label){0};
    } else {
        return refuse_sign(cx, r, sign);
    }
    return true;
}

static bool take_axis(xd_ctx *cx, text_reader *r, const xd_sign *sign)
{
    atom *a = last_atom(r);
    if (is_second_letter(r, sign)) {
        a->mark = SECONDS;
        a->letter_mark = true;
        return true;
    }
    label said = {sign->axis, sign->direction};
    bool apart = a == NULL || r->closed || r->gap_now == GAP_HARD;
    bool leans_forward = r->gap_now != GAP_NONE && touches_number(sign);
    if (!apart && r->current.axis == XD_AXIS_UNKNOWN && !leans_forward) {
        a->behind = said;
        r->closed = true;
        r->current = (label){0};
        return true;
    }
    if (!apart && r->gap_now <= GAP_BLANK && !touches_number(sign) &&
        r->current.axis == said.axis) {
        if (!labels_agree(r->current, said)) {
            return refuse_sign(cx, r, sign); /* 东经…W */
        }
        a->behind = said;
        r->closed = true;
        return true;
    }
    return take_front(cx, r, sign, said);
}

static bool take_dash(xd_ctx *cx, text_reader *r, const xd_sign *sign)
{
    bool before_number = sign[1].kind == XD_SIGN_NUMBER;
    bool in_place_of_sign =
        r->atoms.n == 0 || r->gap_now != GAP_NONE || r->pending.axis != XD_AXIS_UNKNOWN;
    if (before_number && in_place_of_sign && r->sign == 0) {
        r->sign = -1;
    } else if (r->atoms.n > 0 && r->gap_now < GAP_TIGHT) {
        r->gap_now = GAP_TIGHT;
    } else {
        return refuse_sign(cx, r, sign);
    }
    return true;
}

/* What stands behind a height word must be one number and no more. */
static bool skip_height(xd_ctx *cx, const text_reader *r, const xd_sign *sign,
                        const xd_sign **ret_end)
{
    int numbers = 0;
    for (sign += 1; sign->kind != XD_SIGN_END; sign++) {
        bool filler = sign->kind == XD_SIGN_BLANK || sign->kind == XD_SIGN_COLON ||
                      sign->kind == XD_SIGN_METRE || sign->kind == XD_SIGN_HARD ||
                      sign->kind == XD_SIGN_DASH ||
                      (sign->kind == XD_SIGN_MINUTE && sign->letter);
        numbers += sign->kind == XD_SIGN_NUMBER ? 1 : 0;
        if ((!filler && sign->kind != XD_SIGN_NUMBER) || numbers > 1) {
            return refuse_sign(cx, r, sign);
        }
    }
    *ret_end = sign;
    return true;
}

static void widen(text_reader *r, gap wider)
{
    r->gap_now = wider > r->gap_now ? wider : r->gap_now;
    if (wider == GAP_HARD) {
        r->closed = true;
    }
}

static bool take_sign(xd_ctx *cx, text_reader *r, const xd_sign **sign)
{
    const xd_sign *s = *sign;
    atom *a = last_atom(r);
    switch (s->kind) {
    case XD_SIGN_NUMBER:
        return take_number(cx, r, s);
    case XD_SIGN_FRACTION:
        return take_fraction(cx, r, s);
    case XD_SIGN_DEGREE:
    case XD_SIGN_MINUTE:
    case XD_SIGN_SECOND:
        return take_mark(cx, r, s);
    case XD_SIGN_METRE:
        if (a != NULL) {
            a->metres = true;
        }
        return true;
    case XD_SIGN_DASH:
        return take_dash(cx, r, s);
    case XD_SIGN_PLUS:
        r->sign = 1;
        return true;
    case XD_SIGN_COLON:
        if (r->atoms.n > 0 && r->pending.axis == XD_AXIS_UNKNOWN && !r->closed) {
            widen(r, GAP_TIGHT);
        }
        return true;
    case XD_SIGN_BLANK:
        widen(r, GAP_BLANK);
        return true;
    case XD_SIGN_HARD:
        if (r->atoms.n > 0) {
            widen(r, GAP_HARD);
        }
        return true;
    case XD_SIGN_AXIS:
        return take_axis(cx, r, s);
    case XD_SIGN_HEIGHT:
        if (skip_height(cx, r, s, sign)) {
            *sign -= 1; /* the loop steps onto the end */
            return true;
        }
        return false;
    case XD_SIGN_RANGE:
        return refuse(cx, r->text, "写的是范围，请给一个点", "is a range: give one place");
    case XD_SIGN_OTHER:
    case XD_SIGN_END:
        break;
    }
    return refuse_sign(cx, r, s);
}

static bool first_pass(xd_ctx *cx, text_reader *r)
{
    for (const xd_sign *sign = r->signs; sign->kind != XD_SIGN_END; sign++) {
        if (!take_sign(cx, r, &sign)) {
            return false;
        }
    }
    if (r->atoms.n == 0) {
        return refuse(cx, r->text, "里没有数字", "there is no number in it");
    }
    if (r->pending.axis != XD_AXIS_UNKNOWN) {
        return refuse(cx, r->text, "的方位后面缺少数字", "an axis is named without a number");
    }
    return true;
}

/* ---- second pass ---------------------------------------------------------------------------
 */

typedef struct chain {
    const atom *at;
    size_t n;
} chain;

/* Nothing but unmarked numbers with one sort of gap: cut in the middle. */
static bool plain_halves(const text_reader *r, chain *ret_chains)
{
    size_t n = r->atoms.n;
    for (size_t i = 0; i < n; i++) {
        const atom *a = &r->atoms.at[i];
        if (a->mark != UNMARKED || a->front.axis != XD_AXIS_UNKNOWN ||
            a->behind.axis != XD_AXIS_UNKNOWN || a->sign != 0 || a->before == GAP_HARD ||
            (i > 1 && a->before != r->atoms.at[1].before)) {
            return false;
        }
    }
    bool dashed_pair = n == 2 && r->atoms.at[1].before == GAP_TIGHT;
    if (n % 2 != 0 || n > 6 ||
        (dashed_pair && (r->atoms.at[0].whole || r->atoms.at[1].whole))) {
        return false;
    }
    ret_chains[0] = (chain){r->atoms.at, n / 2};
    ret_chains[1] = (chain){r->atoms.at + n / 2, n / 2};
    return true;
}

static bool has_tight_gap(const text_reader *r)
{
    for (size_t i = 1; i < r->atoms.n; i++) {
        if (r->atoms.at[i].before == GAP_TIGHT) {
            return true;
        }
    }
    return false;
}

/* Does a coordinate begin at a, when before it stands b, of level `level`? */
static bool begins(const atom *a, const atom *b, int level, bool tight)
{
    if (a->before == GAP_HARD || a->sign != 0 || a->front.axis != XD_AXIS_UNKNOWN ||
        b->behind.axis != XD_AXIS_UNKNOWN || !b->whole || level == SECONDS) {
        return true;
    }
    if (a->mark != UNMARKED) {
        return a->mark <= level;
    }
    return tight && a->before == GAP_BLANK && b->mark == UNMARKED;
}

static size_t cut(const text_reader *r, chain *chains, size_t most)
{
    bool tight = has_tight_gap(r);
    size_t n = 0;
    int level = UNMARKED;
    for (size_t i = 0; i < r->atoms.n; i++) {
        const atom *a = &r->atoms.at[i];
        if (i == 0 || begins(a, a - 1, level, tight)) {
            if (n == most) {
                return n + 1;
            }
            chains[n] = (chain){a, 0};
            n += 1;
            level = UNMARKED;
        }
        level = a->mark != UNMARKED ? a->mark : level + 1;
        chains[n - 1].n += 1;
    }
    return n;
}

/* ---- third pass ----------------------------------------------------------------------------
 */

static bool chain_value(xd_ctx *cx, xd_str text, chain c, double *ret_value)
{
    static const double parts[] = {1, 60, 3600};
    double value = 0;
    for (size_t i = 0; i < c.n; i++) {
        const atom *a = &c.at[i];
        int level = a->mark != UNMARKED ? a->mark : (int)i;
        if (level != (int)i) {
            return i == 0 ? refuse(cx, text, "缺少度", "the degrees are missing")
                          : refuse(cx, text, "度、分、秒没有依次写全",
                                   "degrees, minutes and seconds are not in order");
        }
        if (i + 1 < c.n && !a->whole) {
            return refuse(cx, text, "只有最后一个数可以带小数",
                          "only the last number may have decimals");
        }
        if (i > 0 && a->value >= 60) {
            return refuse(cx, text, i == 1 ? "的分大于等于 60" : "的秒大于等于 60",
                          i == 1 ? "minutes are 60 or more" : "seconds are 60 or more");
        }
        value += a->value / parts[i];
    }
    *ret_value = value;
    return true;
}

static bool chain_axis(xd_ctx *cx, xd_str text, chain c, label *ret_label)
{
    label front = c.at[0].front;
    label behind = c.at[c.n - 1].behind;
    bool both = front.axis != XD_AXIS_UNKNOWN && behind.axis != XD_AXIS_UNKNOWN;
    if (both && !labels_agree(front, behind)) {
        return refuse(cx, text, "前后写的方位不一致", "the axis in front and behind disagree");
    }
    *ret_label = front.axis != XD_AXIS_UNKNOWN ? front : behind;
    if (both && ret_label->direction == 0) {
        ret_label->direction = behind.direction;
    }
    return true;
}

static bool chain_read(xd_ctx *cx, xd_str text, chain c, xd_coord *ret_coord)
{
    double value;
    label axis;
    if (c.n > 3) {
        return refuse(cx, text, "里的数太多", "there are too many numbers");
    }
    if (!chain_value(cx, text, c, &value) || !chain_axis(cx, text, c, &axis)) {
        return false;
    }
    const atom *first = &c.at[0];
    const atom *last = &c.at[c.n - 1];
    bool negative = first->sign < 0;
    if (negative && axis.direction > 0) {
        return refuse(cx, text, "既有负号又写东经或北纬", "is negative and yet east or north");
    }
    bool metres = c.n == 1 && first->mark == UNMARKED && value > 180;
    if (!metres && (value > 180 || first->metres)) {
        return refuse(cx, text, "的度数超过 180", "degrees are beyond 180");
    }
    if (!metres && axis.axis == XD_AXIS_LAT && value > 90) {
        return refuse(cx, text, "的纬度超过 90", "a latitude is beyond 90");
    }
    static const int finer[] = {0, 2, 4}; /* decimals of a degree that minutes, seconds are */
    *ret_coord = (xd_coord){
        .value = negative || axis.direction < 0 ? -value : value,
        .axis = axis.axis,
        .decimals = last->decimals + (metres ? 5 : finer[c.n - 1]),
    };
    return true;
}

/* ---- doors ---------------------------------------------------------------------------------
 */

static bool read_text(xd_ctx *cx, xd_str text, text_reader *r)
{
    *r = (text_reader){.text = xd_str_trim(text)};
    return xd_coord_lex(cx, r->text, &r->signs) && first_pass(cx, r);
}

bool xd_coord_read(xd_ctx *cx, xd_str text, xd_coord *ret_coord)
{
    text_reader r;
    if (!read_text(cx, text, &r)) {
        return false;
    }
    chain chains[1];
    if (cut(&r, chains, 1) != 1 || r.n_heads > 0) {
        return refuse(
            cx, r.text, "里有不止一个坐标值，请分开写，小数点用“.”",
            "there is more than one value: write them apart, with \".\" before decimals");
    }
    return chain_read(cx, r.text, chains[0], ret_coord);
}

bool xd_coord_read_pair(xd_ctx *cx, xd_str text, xd_coord *ret_first, xd_coord *ret_second)
{
    text_reader r;
    if (!read_text(cx, text, &r)) {
        return false;
    }
    chain chains[2];
    size_t n = plain_halves(&r, chains) ? 2 : cut(&r, chains, 2);
    if (n == 1) {
        return refuse(cx, r.text, "只有一个值，需要经度和纬度",
                      "there is one value: longitude and latitude are wanted");
    }
    if (n > 2) {
        return refuse(cx, r.text, "里的数多于经度、纬度两个",
                      "there is more than one longitude and one latitude");
    }
    xd_coord coords[2];
    for (int i = 0; i < 2; i++) {
        if (!chain_read(cx, r.text, chains[i], &coords[i])) {
            return false;
        }
    }
    if (r.n_heads == 2 && coords[0].axis == XD_AXIS_UNKNOWN &&
        coords[1].axis == XD_AXIS_UNKNOWN) {
        coords[0].axis = r.heads[0].axis;
        coords[1].axis = r.heads[1].axis;
    }
    *ret_first = coords[0];
    *ret_second = coords[1];
    return true;
}
