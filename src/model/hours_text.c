/* Opening hours in one line, from the value. */
#include "model/hours.h"

static const char *const day_names[XD_LANGS][8] = {
    [XD_ZH] = {"", "周一", "周二", "周三", "周四", "周五", "周六", "周日"},
    [XD_EN] = {"", "Mon",    "Tue",    "Wed",    "Thu",    "Fri",    "Sat",    "Sun"   },
};

static unsigned days_of(const xd_json *list)
{
    unsigned days = 0;
    for (size_t i = 0; i < xd_json_len(list); i++) {
        int64_t day;
        if (xd_json_int(xd_json_at(list, i), &day) && day >= 1 && day <= 7)
            days |= 1u << day;
    }
    return days;
}

/* 周二至周日, 周一、周三; nothing for the whole week. */
static void write_days(xd_buf *out, unsigned days, xd_lang lang)
{
    bool zh = lang == XD_ZH;
    if (days == 0xfe) {
        xd_buf_add(out, zh ? XD_S("每天") : XD_S("Daily"));
        return;
    }
    bool more = false;
    for (int d = 1; d <= 7; d++) {
        if ((days & 1u << d) == 0)
            continue;
        int last = d;
        while (last < 7 && (days & 1u << (last + 1)) != 0)
            last++;
        if (more)
            xd_buf_add(out, zh ? XD_S("、") : XD_S(", "));
        xd_buf_add(out, xd_str_of(day_names[lang][d]));
        if (last > d + 1 || (last > d && !zh))
            xd_buf_add(out, zh ? XD_S("至") : XD_S("–"));
        else if (last > d)
            xd_buf_add(out, XD_S("、"));
        if (last > d)
            xd_buf_add(out, xd_str_of(day_names[lang][last]));
        more = true;
        d = last;
    }
}

static void write_span(xd_buf *out, const xd_json *item, xd_lang lang)
{
    bool zh = lang == XD_ZH;
    xd_str open = xd_json_get_str(item, XD_S("open")),
           close = xd_json_get_str(item, XD_S("close"));
    if (xd_str_eq(open, XD_S("00:00")) && xd_str_eq(close, XD_S("24:00"))) {
        xd_buf_add(out, zh ? XD_S("全天") : XD_S("24 hours"));
        return;
    }
    xd_buf_add(out, open);
    xd_buf_add(out, XD_S("–"));
    xd_buf_add(out, close);
    xd_str last = xd_json_get_str(item, XD_S("last"));
    if (last.n > 0)
        xd_buf_printf(out, zh ? "（" XD_FMT " 停止入场）" : " (last entry " XD_FMT ")",
                      XD_ARG(last));
}

static void write_exception(xd_buf *out, const xd_json *item, xd_lang lang)
{
    bool zh = lang == XD_ZH;
    const xd_json *closed = xd_json_get(item, XD_S("closed"));
    unsigned days = days_of(xd_json_get(item, XD_S("days")));
    xd_str from = xd_json_get_str(item, XD_S("from")), to = xd_json_get_str(item, XD_S("to"));
    if (from.n > 0) {
        xd_buf_add(out, from);
        if (to.n > 0 && !xd_str_eq(from, to)) {
            xd_buf_add(out, zh ? XD_S(" 至 ") : XD_S("–"));
            xd_buf_add(out, to);
        }
    } else {
        xd_buf_add(out, zh ? XD_S("法定节假日") : XD_S("public holidays"));
    }
    if (closed != NULL && closed->boolean)
        xd_buf_add(out, zh ? XD_S("闭馆") : XD_S(" closed"));
    else if (days != 0 && zh)
        xd_buf_add(out, XD_S("不闭馆"));
    else if (xd_json_get(item, XD_S("open")) == NULL)
        xd_buf_add(out, zh ? XD_S("照常开放") : XD_S(" open"));
    else {
        xd_buf_byte(out, ' ');
        write_span(out, item, lang);
    }
}

xd_str xd_hours_text(xd_ctx *cx, const xd_json *hours)
{
    xd_lang lang = cx->lang;
    bool zh = lang == XD_ZH;
    const xd_json *week = xd_json_get(hours, XD_S("week"));
    if (xd_json_len(week) == 0)
        return xd_json_get_str(hours, XD_S("text"));
    xd_buf out = {0};
    unsigned open = 0, last = 0;
    for (size_t i = 0; i < xd_json_len(week); i++) {
        const xd_json *item = xd_json_at(week, i);
        unsigned days = days_of(xd_json_get(item, XD_S("days")));
        if (i > 0)
            xd_buf_add(&out, days == last ? (zh ? XD_S("、") : XD_S(", "))
                                          : (zh ? XD_S("；") : XD_S("; ")));
        if (days != last) {
            write_days(&out, days, lang);
            xd_buf_byte(&out, ' ');
        }
        write_span(&out, item, lang);
        open |= days;
        last = days;
    }
    if (open != 0xfe) {
        xd_buf_add(&out, zh ? XD_S("；") : XD_S("; "));
        write_days(&out, 0xfe & ~open, lang);
        xd_buf_add(&out, zh ? XD_S("闭馆") : XD_S(" closed"));
    }
    const xd_json *except = xd_json_get(hours, XD_S("except"));
    for (size_t i = 0; i < xd_json_len(except); i++) {
        xd_buf_add(&out, zh ? XD_S("，") : XD_S(", "));
        write_exception(&out, xd_json_at(except, i), lang);
    }
    xd_str text = xd_buf_copy(&out, cx->arena);
    xd_buf_free(&out);
    return text;
}
