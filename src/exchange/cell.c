#include "exchange/cell_in.h"

#include "model/fold.h"

/* ---- characters -------------------------------------------------------------------------- */

uint32_t xd_peek(xd_str s, size_t at)
{
    return at < s.n ? xd_utf8_next(s, &at) : 0;
}

size_t xd_step_over(xd_str s, size_t at)
{
    if (at < s.n) {
        (void)xd_utf8_next(s, &at);
    }
    return at;
}

bool xd_is_blank(uint32_t cp)
{
    return cp == ' ' || cp == '\t' || cp == '\n' || cp == '\r' || cp == 0xa0 || cp == 0x3000 ||
           (cp >= 0x2000 && cp <= 0x200b) || cp == 0xfeff;
}

int xd_digit_of(uint32_t cp)
{
    if (cp >= '0' && cp <= '9') {
        return (int)(cp - '0');
    }
    return cp >= 0xff10 && cp <= 0xff19 ? (int)(cp - 0xff10) : -1;
}

static int han_digit(uint32_t cp)
{
    static const uint32_t digits[] = {0x3007, 0x4e00, 0x4e8c, 0x4e09, 0x56db,
                                      0x4e94, 0x516d, 0x4e03, 0x516b, 0x4e5d};
    for (int i = 0; i < 10; i++) {
        if (digits[i] == cp) {
            return i;
        }
    }
    return -1;
}

bool xd_is_one_of(uint32_t cp, const char *set)
{
    xd_str s = xd_str_of(set);
    for (size_t at = 0; at < s.n;) {
        if (xd_utf8_next(s, &at) == cp) {
            return true;
        }
    }
    return false;
}

/* ---- numbering --------------------------------------------------------------------------- */

/* Digits at *at; false when there are none or too many to count anything. */
bool xd_take_digits(xd_str s, size_t *at, int64_t *ret_value)
{
    int64_t value = 0;
    size_t i = *at;
    int n = 0;
    for (; i < s.n && xd_digit_of(xd_peek(s, i)) >= 0; i = xd_step_over(s, i), n++) {
        value = value * 10 + xd_digit_of(xd_peek(s, i));
        if (n == 5) {
            return false;
        }
    }
    if (n == 0) {
        return false;
    }
    *at = i;
    *ret_value = value;
    return true;
}

/* 一 to 九十九. */
bool xd_take_han(xd_str s, size_t *at, int64_t *ret_value)
{
    const uint32_t ten = 0x5341;
    size_t i = *at;
    int64_t tens = 0, ones = 0;
    if (han_digit(xd_peek(s, i)) > 0) {
        ones = han_digit(xd_peek(s, i));
        i = xd_step_over(s, i);
    }
    if (xd_peek(s, i) == ten) {
        tens = ones == 0 ? 1 : ones;
        ones = 0;
        i = xd_step_over(s, i);
        if (han_digit(xd_peek(s, i)) > 0) {
            ones = han_digit(xd_peek(s, i));
            i = xd_step_over(s, i);
        }
    }
    if (tens * 10 + ones == 0) {
        return false;
    }
    *at = i;
    *ret_value = tens * 10 + ones;
    return true;
}

/* One character that is a number with its ring, brackets or dot. */
static bool take_enclosed(uint32_t cp, xd_numbering *out)
{
    static const struct {
        uint32_t from, to;
        xd_numbering_style style;
    } runs[] = {
        {0x2460, 0x2473, XD_NUMBERING_RING       }, /* ① … ⑳ */
        {0x2474, 0x2487, XD_NUMBERING_BRACKET    }, /* ⑴ */
        {0x2488, 0x249b, XD_NUMBERING_DIGIT      }, /* ⒈ */
        {0x2776, 0x277f, XD_NUMBERING_RING       }, /* ❶ */
        {0x2780, 0x2789, XD_NUMBERING_RING       }, /* ➀ */
        {0x3220, 0x3229, XD_NUMBERING_HAN_BRACKET}, /* ㈠ */
    };
    for (size_t i = 0; i < XD_LEN(runs); i++) {
        if (cp >= runs[i].from && cp <= runs[i].to) {
            out->style = runs[i].style;
            out->value = (int64_t)(cp - runs[i].from) + 1;
            return true;
        }
    }
    return false;
}

static bool take_bracketed(xd_str s, size_t *at, xd_numbering *out)
{
    static const char *const open = "(（[【〔", *const shut = ")）]】〕";
    size_t i = *at;
    if (!xd_is_one_of(xd_peek(s, i), open)) {
        return false;
    }
    i = xd_step_over(s, i);
    bool han = false;
    if (!xd_take_digits(s, &i, &out->value)) {
        han = xd_take_han(s, &i, &out->value);
        if (!han) {
            return false;
        }
    }
    if (!xd_is_one_of(xd_peek(s, i), shut)) {
        return false;
    }
    out->style = han ? XD_NUMBERING_HAN_BRACKET : XD_NUMBERING_BRACKET;
    *at = xd_step_over(s, i);
    return true;
}

/* 1、 1. 1) 1 and a blank; No.1 likewise. 1.5 is a number, not numbering. */
static bool take_digit_mark(xd_str s, size_t *at, xd_numbering *out)
{
    size_t i = *at;
    bool said = false;
    if ((xd_peek(s, i) | 0x20) == 'n' && (xd_peek(s, i + 1) | 0x20) == 'o') {
        i += 2;
        i += xd_peek(s, i) == '.';
        said = true;
    }
    if (!xd_take_digits(s, &i, &out->value)) {
        return false;
    }
    uint32_t mark = xd_peek(s, i);
    if (xd_is_one_of(mark, "、.．)）,，:：")) {
        bool dot =
            mark == '.' || mark == 0xff0e || mark == ',' || mark == ':' || mark == 0xff1a;
        i = xd_step_over(s, i);
        if (dot && xd_digit_of(xd_peek(s, i)) >= 0) {
            return false;
        }
        out->style = XD_NUMBERING_DIGIT;
    } else if (said || (xd_is_blank(mark) && mark != 0)) {
        out->style = said ? XD_NUMBERING_DIGIT : XD_NUMBERING_BARE;
    } else {
        return false;
    }
    *at = i;
    return true;
}

static bool take_han_mark(xd_str s, size_t *at, xd_numbering *out)
{
    size_t i = *at;
    if (!xd_take_han(s, &i, &out->value) || !xd_is_one_of(xd_peek(s, i), "、.．，")) {
        return false;
    }
    out->style = XD_NUMBERING_HAN;
    *at = xd_step_over(s, i);
    return true;
}

xd_numbering xd_numbering_of(xd_str text)
{
    xd_numbering out = {0};
    size_t at = 0;
    while (at < text.n && xd_is_blank(xd_peek(text, at))) {
        at = xd_step_over(text, at);
    }
    if (at == text.n) {
        return out;
    }
    if (take_enclosed(xd_peek(text, at), &out)) {
        at = xd_step_over(text, at);
        at = xd_is_one_of(xd_peek(text, at), "、.．") ? xd_step_over(text, at) : at;
    } else if (!take_bracketed(text, &at, &out) && !take_digit_mark(text, &at, &out) &&
               !take_han_mark(text, &at, &out)) {
        return (xd_numbering){0};
    }
    while (at < text.n && xd_is_blank(xd_peek(text, at))) {
        at = xd_step_over(text, at);
    }
    if (at == text.n) {
        return (xd_numbering){0}; /* a number and nothing it numbers */
    }
    out.bytes = at;
    return out;
}

/* ---- cleaning ---------------------------------------------------------------------------- */

/* Where the last character of s before `to` begins; if that is not well-formed, somewhere in it. */
static size_t last_start(xd_str s, size_t from, size_t to)
{
    size_t at = to - 1;
    while (at > from && to - at < 4 && ((unsigned char)s.p[at] & 0xc0) == 0x80) {
        at--;
    }
    return at;
}

xd_str xd_trim_cell(xd_str s)
{
    size_t from = 0, to = s.n;
    while (from < to && xd_is_blank(xd_peek(s, from))) {
        from = xd_step_over(s, from);
    }
    for (size_t last; to > from; to = last) {
        last = last_start(s, from, to);
        size_t next = last;
        if (!xd_is_blank(xd_utf8_next(s, &next)) || next != to) {
            break;
        }
    }
    return from < to ? xd_str_sub(s, from, to) : (xd_str){s.p, 0};
}

xd_str xd_cell_trim(xd_arena *arena, xd_str text)
{
    text = xd_trim_cell(text);
    if (text.n == 0 || memchr(text.p, '\r', text.n) == NULL) {
        return text;
    }
    char *out = xd_arena_take(arena, text.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] != '\r') {
            out[n++] = text.p[i];
        } else if (i + 1 == text.n || text.p[i + 1] != '\n') {
            out[n++] = '\n';
        }
    }
    return (xd_str){out, n};
}

static bool is_wide(uint32_t cp)
{
    return xd_is_han(cp) || (cp >= 0x3001 && cp <= 0x303f) || (cp >= 0xff00 && cp <= 0xffef) ||
           cp == 0x201c || cp == 0x201d || cp == 0x2014;
}

/* Blanks for which `drops` says so go when both neighbours are Chinese; the others become one
 * blank where they hold a line break, and stay as they are elsewhere. */
static xd_str close_up(xd_arena *arena, xd_str text, bool all_blanks)
{
    text = xd_trim_cell(text);
    char *out = xd_arena_take(arena, text.n + 1);
    size_t n = 0;
    uint32_t before = 0;
    for (size_t at = 0; at < text.n;) {
        size_t from = at;
        bool broken = false;
        while (at < text.n && xd_is_blank(xd_peek(text, at))) {
            broken |= text.p[at] == '\n' || text.p[at] == '\r';
            at = xd_step_over(text, at);
        }
        if (at > from) {
            bool wide = is_wide(before) && is_wide(xd_peek(text, at));
            if (wide && (broken || all_blanks)) {
                continue;
            }
            if (broken || all_blanks) {
                out[n++] = ' ';
            } else {
                memcpy(out + n, text.p + from, at - from);
                n += at - from;
            }
            continue;
        }
        before = xd_peek(text, at);
        at = xd_step_over(text, at);
        memcpy(out + n, text.p + from, at - from);
        n += at - from;
    }
    return (xd_str){out, n};
}

xd_str xd_cell_one_line(xd_arena *arena, xd_str text)
{
    text = xd_trim_cell(text);
    if (text.n == 0 ||
        (memchr(text.p, '\n', text.n) == NULL && memchr(text.p, '\r', text.n) == NULL)) {
        return text;
    }
    return close_up(arena, text, false);
}

/* Without a reference to a footnote at the end: [1], ①, ². */
static xd_str without_reference(xd_str name)
{
    size_t last = 0, bracket = SIZE_MAX;
    for (size_t at = 0; at < name.n; at = xd_step_over(name, at)) {
        last = at;
        bracket = name.p[at] == '[' ? at : bracket;
    }
    uint32_t cp = xd_peek(name, last);
    bool raised = cp == 0xb9 || cp == 0xb2 || cp == 0xb3 || (cp >= 0x2460 && cp <= 0x2473);
    if (raised && last > 3) {
        return xd_trim_cell(xd_str_sub(name, 0, last));
    }
    if (bracket != SIZE_MAX && bracket > 3 && cp == ']') {
        int64_t number = 0;
        if (xd_str_int(xd_str_sub(name, bracket + 1, last), &number)) {
            return xd_trim_cell(xd_str_sub(name, 0, bracket));
        }
    }
    return name;
}

xd_str xd_cell_name(xd_arena *arena, xd_str text)
{
    xd_str closed = close_up(arena, text, true);
    char *out = xd_arena_take(arena, closed.n + 4);
    size_t n = 0;
    for (size_t at = 0; at < closed.n;) {
        uint32_t cp = xd_utf8_next(closed, &at);
        bool full = (cp >= 0xff10 && cp <= 0xff19) || (cp >= 0xff21 && cp <= 0xff3a) ||
                    (cp >= 0xff41 && cp <= 0xff5a);
        n += xd_utf8_put(full ? cp - 0xfee0 : cp, out + n);
    }
    xd_str name = without_reference((xd_str){out, n});
    static const char *const marks[] = {"*", "＊", "※", "★", "☆", "▲", "△", "●"};
    for (size_t i = 0; i < XD_LEN(marks);) {
        xd_str mark = xd_str_of(marks[i]);
        if (name.n > mark.n && xd_str_ends(name, mark)) {
            name = xd_trim_cell(xd_str_sub(name, 0, name.n - mark.n));
            i = 0;
        } else {
            i++;
        }
    }
    return name;
}
