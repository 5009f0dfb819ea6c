/* Reading times: one cell, or a start and an end; what cannot be read is kept as a text. */
#include "model/read_in.h"

/* 2021年“十一”: the year, where what is behind it is no date. */
static bool read_leading_year(xd_ctx *cx, xd_str text, xd_period *ret_period)
{
    unsigned flags = 0;
    size_t at = xd_str_find(text, XD_S("年"), 0);
    if (at != 4 && at != 12) { /* 2021年, 二〇二一年 */
        return false;
    }
    if (!xd_period_read(cx, xd_str_sub(text, 0, at + 3), ret_period, &flags)) {
        (void)xd_err_take(cx); /* only tried */
        return false;
    }
    return true;
}

/* Digits alone: 195803, 19580312, and 21551, the day a spreadsheet counts where nobody told it to show
 * a date. Absent: none of them. */
static xd_str spelled_out(xd_ctx *cx, xd_str text)
{
    int64_t n = 0;
    if (!xd_str_int(text, &n)) {
        return (xd_str){0};
    }
    if (text.n == 5 && n >= 10000 && n <= 60000) {
        return xd_day_text(cx->arena, (int32_t)n - 25569); /* 1970-01-01 is 25569 */
    }
    if (text.n == 6 && n / 100 >= 1600 && n / 100 <= 2100 && n % 100 >= 1 && n % 100 <= 12) {
        return xd_str_printf(cx->arena, "%" PRId64 "-%02" PRId64, n / 100, n % 100);
    }
    if (text.n == 8 && n / 10000 >= 1600 && n / 10000 <= 2100) {
        return xd_str_printf(cx->arena, "%" PRId64 "-%02" PRId64 "-%02" PRId64, n / 10000,
                             n / 100 % 100, n % 100);
    }
    return (xd_str){0};
}

/* The time that digits alone stand for. */
static bool read_digits(xd_reader *r, const xd_field *field, xd_str text, xd_period *ret_period)
{
    unsigned flags = 0;
    xd_str said = spelled_out(r->cx, text);
    if (said.n == 0) {
        return false;
    }
    if (!xd_period_read(r->cx, said, ret_period, &flags)) {
        (void)xd_err_take(r->cx); /* 19581350: no date after all */
        return false;
    }
    XD_SAY(r, XD_WARNING, "period.digits", field, text,
           "“" XD_FMT "”按日期 " XD_FMT " 读取，请核对。",
           "\"" XD_FMT "\" was read as the date " XD_FMT "; please check.", XD_ARG(text),
           XD_ARG(said));
    return true;
}

bool xd_read_period(xd_reader *r, const xd_field *field, const xd_cells *cells)
{
    xd_arena *arena = r->cx->arena;
    xd_str text = xd_cell_text(cells, XD_S("text"));
    xd_str ends[2] = {xd_cell_text(cells, XD_S("from")), xd_cell_text(cells, XD_S("to"))};
    xd_period period = {XD_DAY_OPEN_START, XD_DAY_OPEN_END}, end;
    unsigned flags = 0;
    bool read = false;
    if (text.n == 0 && !xd_cell_has(cells, XD_S("to"))) { /* 开工时间 and nothing beside it */
        text = ends[0];
        ends[0] = (xd_str){0};
    }
    if (text.n > 0) {
        if (xd_str_ends(text, XD_S(".0"))) { /* a year that went through a spreadsheet */
            text = xd_str_sub(text, 0, text.n - 2);
        }
        read = xd_period_read(r->cx, text, &period, &flags);
    }
    for (size_t i = 0; i < 2 && !read && r->cx->err.code == XD_OK; i++) {
        if (ends[i].n > 0 && xd_period_read(r->cx, ends[i], &end, &flags)) {
            *(i == 0 ? &period.from : &period.to) = i == 0 ? end.from : end.to;
        }
        read = i == 1 && r->cx->err.code == XD_OK && ends[0].n + ends[1].n > 0;
    }
    if (!read && text.n > 0 && r->cx->err.code == XD_INVALID) {
        xd_err err = xd_err_take(r->cx);
        read = read_digits(r, field, text, &period) || xd_read_events(r, field, text, &period);
        if (!read) {
            (void)xd_fail(r->cx, err.code, XD_FMT, XD_ARG(err.message));
        }
    }
    if (!read && text.n > 0 && r->cx->err.code == XD_INVALID) {
        xd_err err = xd_err_take(r->cx);
        read = read_leading_year(r->cx, text, &period);
        if (read) {
            XD_SAY(r, XD_WARNING, "period.partly", field, text,
                   "“" XD_FMT "”只读出了开头的年份，请核对。",
                   "Of \"" XD_FMT "\" only the year it begins with was read; please check.",
                   XD_ARG(text));
        } else {
            (void)xd_fail(r->cx, err.code, XD_FMT, XD_ARG(err.message));
        }
    }
    if (!read) {
        xd_err err = xd_err_take(r->cx);
        xd_str what = text.n > 0 ? text : ends[0].n > 0 ? ends[0] : ends[1];
        if (err.code != XD_INVALID && err.code != XD_OK) {
            return xd_fail(r->cx, err.code, XD_FMT, XD_ARG(err.message));
        }
        XD_SAY(r, XD_WARNING, "period.unread", field, what,
               "看不懂时间“" XD_FMT "”，只记下了文字，查找时算作时间不明。",
               "The time \"" XD_FMT
               "\" cannot be read: the text alone was kept, and it counts as "
               "unknown.",
               XD_ARG(what));
        text = what;
    }
    if ((flags & XD_PERIOD_DISAGREES) != 0) {
        XD_SAY(r, XD_WARNING, "period.disagrees", field, text,
               "“" XD_FMT "”里的两种纪年对不上，取了包括两者的时段。",
               "The two datings in \"" XD_FMT "\" do not agree; the span of both was taken.",
               XD_ARG(text));
    }
    xd_json *value = xd_json_object(arena);
    if (text.n == 0) { /* only ends were given: they are the text too */
        text = xd_period_edtf(arena, period);
    }
    xd_json_set(arena, value, XD_S("text"), xd_json_string(arena, text));
    if (read && period.from != XD_DAY_OPEN_START) {
        xd_json_set(arena, value, XD_S("from"),
                    xd_json_string(arena, xd_day_text(arena, period.from)));
    }
    if (read && period.to != XD_DAY_OPEN_END) {
        xd_json_set(arena, value, XD_S("to"),
                    xd_json_string(arena, xd_day_text(arena, period.to)));
    }
    int32_t today;
    if (read && period.from != XD_DAY_OPEN_START && xd_day_read(r->options->today, &today) &&
        period.from > today) {
        XD_SAY(r, XD_WARNING, "period.future", field, text, "“" XD_FMT "”在今天以后，请核对。",
               "\"" XD_FMT "\" lies in the future; please check.", XD_ARG(text));
    }
    xd_put_value(r, field, value);
    return true;
}
