/* Numerals.
 *
 * One evaluator serves all spellings. A number is a run of pieces: digits (Arabic, with a
 * point; or Chinese, one after another), and units 十 百 千 万 亿, 拾 佰 仟 and 廿 卅 卌. Units
 * below 万 gather in a section, which 万 and 亿 multiply: 三千六百万 is (3×1000 + 6×100) ×
 * 10^4. A unit without digits before it means one of it (十五); a single digit left over
 * directly behind a unit of a hundred or more is of the next lower unit (三千六 is 3600, 一万二
 * is 12000), unless 零 stands between. Digits without any unit are positional (一九五三).
 * Values are integers times a power of ten: nothing is rounded; more than 18 digits are
 * refused. */
#include <stdio.h>

#include "model/fold.h"
#include "model/numeral.h"
#include "model/period.h"

static int digit_of(uint32_t cp)
{
    static const struct {
        uint32_t cp;
        int value;
    } digits[] = {
        {0x3007, 0},
        {0x96f6, 0},
        {0x25cb, 0},
        {0x4e00, 1},
        {0x4e8c, 2},
        {0x4e24, 2},
        {0x4e09, 3},
        {0x56db, 4},
        {0x4e94, 5},
        {0x516d, 6},
        {0x4e03, 7},
        {0x516b, 8},
        {0x4e5d, 9},
        {0x58f9, 1},
        {0x8d30, 2},
        {0x53c1, 3},
        {0x8086, 4},
        {0x4f0d, 5},
        {0x9646, 6},
        {0x67d2, 7},
        {0x634c, 8},
        {0x7396, 9},
    };
    for (size_t i = 0; i < XD_LEN(digits); i++) {
        if (digits[i].cp == cp)
            return digits[i].value;
    }
    return -1;
}

/* The power of ten of a unit; 廿 卅 卌 are digits and unit in one. */
static int unit_of(uint32_t cp, int *ret_times)
{
    *ret_times = 1;
    switch (cp) {
    case 0x5eff: /* 廿 */
        *ret_times = 2;
        return 1;
    case 0x5345: /* 卅 */
        *ret_times = 3;
        return 1;
    case 0x534c: /* 卌 */
        *ret_times = 4;
        return 1;
    case 0x5341: /* 十 */
    case 0x62fe: /* 拾 */
        return 1;
    case 0x767e: /* 百 */
    case 0x4f70: /* 佰 */
        return 2;
    case 0x5343: /* 千 */
    case 0x4edf: /* 仟 */
        return 3;
    case 0x4e07: /* 万 */
        return 4;
    case 0x4ebf: /* 亿 */
        return 8;
    default:
        return -1;
    }
}

/* value × 10^exponent */
typedef struct decimal {
    int64_t value;
    int exponent;
} decimal;

static bool add_digit(decimal *d, int digit)
{
    return !__builtin_mul_overflow(d->value, 10, &d->value) &&
           !__builtin_add_overflow(d->value, digit, &d->value);
}

static bool add(decimal *sum, decimal d)
{
    if (d.value == 0)
        return true;
    if (sum->value == 0)
        sum->exponent = d.exponent;
    for (; sum->exponent > d.exponent; sum->exponent--) {
        if (!add_digit(sum, 0))
            return false;
    }
    for (; d.exponent > sum->exponent; d.exponent--) {
        if (!add_digit(&d, 0))
            return false;
    }
    return !__builtin_add_overflow(sum->value, d.value, &sum->value);
}

typedef struct reader {
    xd_str s;
    size_t at;
    decimal total, section, current;
    bool has_current, has_digits, has_unit, chinese, zero;
    int digits, last_unit;
    int run;     /* Chinese digits one after another before a unit */
    bool strict; /* 三五百, three to five hundred, is not one number */
} reader;

static uint32_t peek(const reader *r, size_t *ret_next)
{
    *ret_next = r->at;
    return r->at < r->s.n ? xd_utf8_next(r->s, ret_next) : 0;
}

static bool is_ascii_digit(xd_str s, size_t at)
{
    return at < s.n && s.p[at] >= '0' && s.p[at] <= '9';
}

/* A comma or blank between groups of three digits. */
static bool is_grouping(const reader *r)
{
    xd_str s = r->s;
    size_t at = r->at;
    return at + 3 < s.n && (s.p[at] == ',' || s.p[at] == ' ') && is_ascii_digit(s, at + 1) &&
           is_ascii_digit(s, at + 2) && is_ascii_digit(s, at + 3) && !is_ascii_digit(s, at + 4);
}

/* Arabic digits; `point`: with grouping and a fraction. */
static bool read_arabic(reader *r, bool point)
{
    size_t start = r->at;
    bool grouped = false;
    for (; is_ascii_digit(r->s, r->at) || (point && r->at > start && is_grouping(r));) {
        if (!is_ascii_digit(r->s, r->at)) {
            if (!grouped && r->at - start > 3)
                return false; /* 1234,567 */
            grouped = true;
            r->at++;
            continue;
        }
        if (!add_digit(&r->current, r->s.p[r->at] - '0'))
            return false;
        r->digits++;
        r->at++;
    }
    if (point && r->at < r->s.n && r->s.p[r->at] == '.' && is_ascii_digit(r->s, r->at + 1)) {
        for (r->at++; is_ascii_digit(r->s, r->at); r->at++) {
            if (!add_digit(&r->current, r->s.p[r->at] - '0'))
                return false;
            r->current.exponent--;
        }
    }
    r->has_current = r->has_digits = true;
    return true;
}

/* Chinese digits one after another: 一九五三, and 五 before a unit. */
static bool read_chinese(reader *r, bool point)
{
    bool fraction = false;
    for (;;) {
        size_t next;
        uint32_t cp = peek(r, &next);
        int digit = digit_of(cp);
        if (digit < 0 && point && !fraction && cp == 0x70b9 && r->has_current) { /* 点 */
            size_t behind = next;
            if (behind >= r->s.n || digit_of(xd_utf8_next(r->s, &behind)) < 0)
                return true;
            fraction = true;
            r->at = next;
            continue;
        }
        if (digit < 0)
            return true;
        if (digit == 0 && !r->has_current && r->has_unit)
            r->zero = true; /* 一百零五: spoken, holds no place */
        if (!add_digit(&r->current, digit))
            return false;
        r->current.exponent -= fraction;
        r->has_current = r->has_digits = r->chinese = true;
        r->digits++;
        r->run++;
        r->at = next;
    }
}

static bool take_unit(reader *r, int power, int times)
{
    if ((r->has_current && times > 1) ||
        (r->strict && r->run > 1 && !r->zero && r->current.exponent == 0))
        return false; /* 三廿, 三五百 */
    r->run = 0;
    decimal d = r->has_current ? r->current : (decimal){times, 0};
    r->current = (decimal){0};
    if (power < 4) {
        d.exponent += power;
        if (!add(&r->section, d))
            return false;
    } else {
        if (r->has_current && !add(&r->section, d))
            return false;
        if (r->section.value == 0 && !r->has_unit && !r->has_current)
            return false; /* 万 alone */
        if (r->section.value == 0) {
            r->total.exponent += power; /* 三万亿 */
        } else {
            r->section.exponent += power;
            if (!add(&r->total, r->section))
                return false;
            r->section = (decimal){0};
        }
    }
    r->has_current = false;
    r->has_unit = true;
    r->zero = false;
    r->last_unit = power;
    return true;
}

static bool read_pieces(reader *r, bool point)
{
    for (;;) {
        size_t next;
        uint32_t cp = peek(r, &next);
        int times, power = unit_of(cp, &times);
        if (power > 0) {
            r->at = next;
            r->chinese = true;
            if (!take_unit(r, power, times))
                return false;
        } else if (cp >= '0' && cp <= '9') {
            if (r->has_current || !read_arabic(r, point))
                return false;
        } else if (digit_of(cp) >= 0) {
            if (r->has_current || !read_chinese(r, point))
                return false;
        } else {
            break;
        }
    }
    if (!r->has_digits && !r->has_unit)
        return false;
    if (r->has_current) {
        bool short_form = r->last_unit >= 2 && !r->zero && r->current.value < 10 &&
                          r->current.exponent == 0 && r->chinese;
        if (short_form)
            r->current.exponent += r->last_unit - 1;
        if (!add(&r->section, r->current))
            return false;
    }
    return add(&r->total, r->section);
}

bool xd_numeral_read(xd_str s, size_t *at, xd_numeral *ret_numeral)
{
    reader r = {.s = s, .at = *at};
    if (!read_pieces(&r, false))
        return false;
    for (; r.total.exponent > 0; r.total.exponent--) {
        if (!add_digit(&r.total, 0))
            return false;
    }
    if (r.total.value > INT64_C(1000000000000000))
        return false;
    *at = r.at;
    *ret_numeral = (xd_numeral){r.total.value, r.has_unit ? 0 : r.digits, r.chinese};
    return true;
}

/* Half width, simplified, grouping marks alike; blanks only between digits. */
static xd_str tidy_number(xd_arena *arena, xd_str text)
{
    text = xd_str_trim(text);
    XD_VEC(char) out = {0};
    for (size_t at = 0; at < text.n;) {
        uint32_t cp = xd_utf8_next(text, &at);
        if (cp >= 0xff01 && cp <= 0xff5e)
            cp -= 0xfee0;
        else if (cp == 0x3000 || cp == 0xa0 || cp == 0x2009 || cp == 0x202f)
            cp = ' ';
        else if (cp == 0x2212)
            cp = '-';
        else if (cp != UINT32_MAX)
            cp = xd_simplified_of(cp);
        bool between = at < text.n && text.p[at] >= '0' && text.p[at] <= '9' && out.n > 0 &&
                       out.at[out.n - 1] >= '0' && out.at[out.n - 1] <= '9';
        if (cp == ' ' && !between)
            continue;
        char bytes[4];
        for (size_t i = 0, n = xd_utf8_put(cp == UINT32_MAX ? 0xfffd : cp, bytes); i < n; i++)
            *xd_push(arena, &out) = bytes[i];
    }
    return (xd_str){out.n == 0 ? "" : out.at, out.n};
}

/* False: more than 18 digits before or behind the point. */
static bool write_decimal(xd_arena *arena, decimal d, bool negative, xd_str *ret_text)
{
    static const char zeros[] = "000000000000000000";
    for (; d.value != 0 && d.value % 10 == 0; d.value /= 10)
        d.exponent++;
    const char *sign = negative && d.value != 0 ? "-" : "";
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%" PRId64, d.value);
    if (d.value == 0)
        d.exponent = 0;
    int whole = n + d.exponent; /* digits before the point */
    if (whole > 18 || d.exponent < -18)
        return false;
    if (d.exponent >= 0)
        *ret_text = xd_str_printf(arena, "%s%s%.*s", sign, digits, d.exponent, zeros);
    else if (whole > 0)
        *ret_text = xd_str_printf(arena, "%s%.*s.%s", sign, whole, digits, digits + whole);
    else
        *ret_text = xd_str_printf(arena, "%s0.%.*s%s", sign, -whole, zeros, digits);
    return true;
}

static bool fail_number(xd_ctx *cx, xd_str text)
{
    xd_str shown = xd_str_sub(text, 0, 60);
    (void)xd_fail(cx, XD_INVALID, "\"" XD_FMT "\" is not one number", XD_ARG(shown));
    return xd_fail_words(
        cx,
        xd_str_printf(cx->arena,
                      "“" XD_FMT "”不是一个数。请写成 3642、3,642、1.2万 或 三千六百。",
                      XD_ARG(shown)),
        xd_str_printf(cx->arena,
                      "“" XD_FMT "” is not one number. Write 3642, 3,642, 1.2万 or 三千六百.",
                      XD_ARG(shown)));
}

bool xd_number_read(xd_ctx *cx, xd_str text, xd_str *ret_decimal)
{
    reader r = {.s = tidy_number(cx->arena, text), .strict = true};
    bool negative = false;
    if (r.s.n > 200)
        return fail_number(cx, text);
    if (r.s.n > 0 && (r.s.p[0] == '-' || r.s.p[0] == '+')) {
        negative = r.s.p[0] == '-';
        r.at = 1;
    } else if (xd_str_starts(r.s, XD_S("负"))) {
        negative = true;
        r.at = sizeof "负" - 1;
    }
    xd_str made;
    if (!read_pieces(&r, true) || r.at != r.s.n ||
        !write_decimal(cx->arena, r.total, negative, &made))
        return fail_number(cx, text);
    *ret_decimal = made;
    return true;
}
