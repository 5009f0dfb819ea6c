/* Days: the calendar, and intervals as text.
 *
 * Days since 1970-01-01 in the proleptic Gregorian calendar with astronomical years (1 BC is
 * 0). Days are counted from 0000-03-01, so that the leap day ends a year: month m (March 0)
 * begins (153m + 2) / 5 days into it, and 400 years are 146 097 days. */
#include "base/buf.h"
#include "model/period_parts.h"

#define DAYS_400 146097
#define EPOCH 719468 /* 1970-01-01 counted from 0000-03-01 */
#define YEAR_LIMIT 5000000

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int32_t xd_day_of(int64_t year, int month, int day)
{
    assert(year >= -YEAR_LIMIT - 1 && year <= YEAR_LIMIT + 1 && month >= 1 && month <= 12);
    int64_t y = year - (month <= 2);
    int64_t cycle = floor_div(y, 400), of_cycle = y - cycle * 400;
    int64_t m = month > 2 ? month - 3 : month + 9;
    int64_t of_year = (153 * m + 2) / 5 + day - 1;
    return (int32_t)(cycle * DAYS_400 + of_cycle * 365 + of_cycle / 4 - of_cycle / 100 +
                     of_year - EPOCH);
}

void xd_day_parts(int32_t day, int64_t *ret_year, int *ret_month, int *ret_day)
{
    int64_t days = (int64_t)day + EPOCH;
    int64_t cycle = floor_div(days, DAYS_400), of_cycle = days - cycle * DAYS_400;
    int64_t y =
        (of_cycle - of_cycle / 1460 + of_cycle / 36524 - of_cycle / (DAYS_400 - 1)) / 365;
    int64_t of_year = of_cycle - (365 * y + y / 4 - y / 100);
    int64_t m = (5 * of_year + 2) / 153;
    *ret_day = (int)(of_year - (153 * m + 2) / 5) + 1;
    *ret_month = (int)(m < 10 ? m + 3 : m - 9);
    *ret_year = cycle * 400 + y + (*ret_month <= 2);
}

static void write_year(xd_buf *out, int64_t year, bool edtf)
{
    int64_t size = year < 0 ? -year : year;
    if (size > 9999)
        xd_buf_printf(out, edtf ? "Y%s%" PRId64 : "%s%" PRId64,
                      year < 0 ? "-"
                      : edtf   ? ""
                               : "+",
                      size);
    else
        xd_buf_printf(out, "%s%04" PRId64, year < 0 ? "-" : "", size);
}

xd_str xd_day_text(xd_arena *arena, int32_t day)
{
    int64_t year;
    int month, of_month;
    xd_day_parts(day, &year, &month, &of_month);
    xd_buf out = {0};
    write_year(&out, year, false);
    xd_buf_printf(&out, "-%02d-%02d", month, of_month);
    xd_str text = xd_buf_copy(&out, arena);
    xd_buf_free(&out);
    return text;
}

static int days_in(int64_t year, int month)
{
    return xd_day_of(month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1, 1) -
           xd_day_of(year, month, 1);
}

bool xd_day_check(int64_t year, int64_t month, int64_t day)
{
    return year >= -YEAR_LIMIT && year <= YEAR_LIMIT && month >= 1 && month <= 12 && day >= 1 &&
           day <= days_in(year, (int)month);
}

bool xd_day_read(xd_str iso, int32_t *ret_day)
{
    bool negative = iso.n > 0 && iso.p[0] == '-';
    bool sign = iso.n > 0 && (negative || iso.p[0] == '+');
    if (iso.n < 10 + (size_t)sign || iso.p[iso.n - 3] != '-' || iso.p[iso.n - 6] != '-')
        return false;
    int64_t number[3];
    xd_str part[3] = {xd_str_sub(iso, sign, iso.n - 6), xd_str_sub(iso, iso.n - 5, iso.n - 3),
                      xd_str_sub(iso, iso.n - 2, iso.n)};
    for (int i = 0; i < 3; i++) {
        if (part[i].p[0] < '0' || part[i].p[0] > '9' || !xd_str_int(part[i], &number[i]))
            return false;
    }
    int64_t year = negative ? -number[0] : number[0];
    if (part[0].n > 7 || (part[0].n > 4 && !sign) || !xd_day_check(year, number[1], number[2]))
        return false;
    *ret_day = xd_day_of(year, (int)number[1], (int)number[2]);
    return true;
}

void xd_period_years(xd_period period, int64_t *ret_from, int64_t *ret_to)
{
    int month, day;
    *ret_from = INT64_MIN;
    *ret_to = INT64_MAX;
    if (period.from != XD_DAY_OPEN_START)
        xd_day_parts(period.from, ret_from, &month, &day);
    if (period.to != XD_DAY_OPEN_END)
        xd_day_parts(period.to, ret_to, &month, &day);
}

/* An end of an interval and how coarsely it can be said: 1 the year alone, 2 the month, 3 the
 * day. A start is coarse at the first day of something, an end at its last. */
typedef struct edge {
    int64_t year;
    int month, day, parts;
} edge;

static edge edge_of(int32_t day, bool end)
{
    edge e;
    xd_day_parts(day, &e.year, &e.month, &e.day);
    if (end)
        e.parts = e.day < days_in(e.year, e.month) ? 3 : e.month < 12 ? 2 : 1;
    else
        e.parts = e.day > 1 ? 3 : e.month > 1 ? 2 : 1;
    return e;
}

/* The two ends are one day, one month or one year: then they are said once. */
static bool is_one(edge from, edge to, int *ret_parts)
{
    if (from.year != to.year)
        return false;
    if (from.month == to.month && from.day == to.day)
        *ret_parts = 3;
    else if (from.month == to.month && from.parts <= 2 && to.parts <= 2)
        *ret_parts = 2;
    else if (from.parts == 1 && to.parts == 1)
        *ret_parts = 1;
    else
        return false;
    return true;
}

static void write_edtf(xd_buf *out, edge e, int parts)
{
    write_year(out, e.year, true);
    int64_t size = e.year < 0 ? -e.year : e.year;
    assert(parts == 1 || size <= YEAR_LIMIT);
    if (parts >= 2)
        xd_buf_printf(out, "-%02d", e.month);
    if (parts >= 3)
        xd_buf_printf(out, "-%02d", e.day);
}

xd_str xd_period_edtf(xd_arena *arena, xd_period p)
{
    xd_buf out = {0};
    bool open_start = p.from == XD_DAY_OPEN_START, open_end = p.to == XD_DAY_OPEN_END;
    edge from = {0}, to = {0};
    int parts;
    if (!open_start)
        from = edge_of(p.from, false);
    if (!open_end)
        to = edge_of(p.to, true);
    if (!open_start && !open_end && is_one(from, to, &parts)) {
        write_edtf(&out, from, parts);
    } else {
        if (open_start)
            xd_buf_add(&out, XD_S(".."));
        else
            write_edtf(&out, from, from.parts);
        xd_buf_byte(&out, '/');
        if (open_end)
            xd_buf_add(&out, XD_S(".."));
        else
            write_edtf(&out, to, to.parts);
    }
    xd_str text = xd_buf_copy(&out, arena);
    xd_buf_free(&out);
    return text;
}

static const char *const month_name[12] = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December",
};

/* `bare`: the year without 年, as the first of a range has it. */
static void write_edge(xd_buf *out, edge e, int parts, xd_lang lang, bool bare)
{
    int64_t year = e.year > 0 ? e.year : 1 - e.year;
    bool bc = e.year <= 0;
    if (lang == XD_EN) {
        if (parts == 3)
            xd_buf_printf(out, "%d ", e.day);
        if (parts >= 2)
            xd_buf_printf(out, "%s ", month_name[e.month - 1]);
        xd_buf_printf(out, "%" PRId64 "%s", year, bc ? " BC" : year < 100 ? " AD" : "");
        return;
    }
    xd_buf_printf(out, "%s%" PRId64 "%s",
                  bc           ? "公元前"
                  : year < 100 ? "公元"
                               : "",
                  year, bare && parts == 1 ? "" : "年");
    if (parts >= 2)
        xd_buf_printf(out, "%d月", e.month);
    if (parts == 3)
        xd_buf_printf(out, "%d日", e.day);
}

static void write_span(xd_buf *out, xd_period p, xd_lang lang)
{
    bool zh = lang == XD_ZH;
    edge from = edge_of(p.from, false), to = edge_of(p.to, true);
    int parts;
    if (is_one(from, to, &parts)) {
        write_edge(out, from, parts, lang, false);
        return;
    }
    bool both_years = from.parts == 1 && to.parts == 1;
    write_edge(out, from, from.parts, lang, both_years);
    xd_buf_add(out, zh ? XD_S("—") : both_years ? XD_S("–") : XD_S(" – "));
    write_edge(out, to, to.parts, lang, false);
}

xd_str xd_period_text(xd_arena *arena, xd_period p, xd_lang lang)
{
    xd_buf out = {0};
    bool zh = lang == XD_ZH;
    bool open_start = p.from == XD_DAY_OPEN_START, open_end = p.to == XD_DAY_OPEN_END;
    if (open_start && open_end) {
        xd_buf_add(&out, zh ? XD_S("时间不详") : XD_S("unknown"));
    } else if (open_start) {
        edge to = edge_of(p.to, true);
        if (!zh)
            xd_buf_add(&out, XD_S("until "));
        write_edge(&out, to, to.parts, lang, false);
        if (zh)
            xd_buf_add(&out, XD_S("以前"));
    } else if (open_end) {
        edge from = edge_of(p.from, false);
        if (!zh)
            xd_buf_add(&out, XD_S("since "));
        write_edge(&out, from, from.parts, lang, false);
        if (zh)
            xd_buf_add(&out, XD_S("至今"));
    } else {
        write_span(&out, p, lang);
    }
    xd_str text = xd_buf_copy(&out, arena);
    xd_buf_free(&out);
    return text;
}
