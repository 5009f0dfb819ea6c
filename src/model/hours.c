/* Opening hours as museums write them.
 *
 * The text is tidied and read as a stream of items between marks (, ; 。 brackets, line ends):
 * days, hours, a closing, a last entry, something about holidays. Days stay in force until
 * other days are named; hours without days hold on all days that are not closed. An item
 * without digits, days, or words of opening and closing (免费参观, 凭身份证入馆) is read over;
 * anything else that is not understood leaves the whole unread: half a timetable is worse than
 * the sentence itself, which is always kept. So are seasons (夏季 8:30, 冬季 9:00). */
#include "model/fold.h"
#include "model/hours_parts.h"

#define TEXT_MAX 1000

typedef struct reader {
    xd_hours_words words;
    xd_hours_entry entries[XD_HOURS_ENTRIES];
    size_t n, group; /* entries from group on were made under the days in force */
    unsigned days;   /* in force; 0: none named */
    bool days_used;
    unsigned closed, closed_last; /* closed days; those of the last closing */
    unsigned open_on_holidays;    /* closed days that holidays excuse */
    bool holidays_excused;        /* 节假日除外 came before its 闭馆 */
    bool holidays_closed, holidays_open;
    xd_hours_entry holiday; /* hours of their own; open XD_NO_TIME: none */
    bool now_holiday;       /* hours that come now are the holidays' */
} reader;

/* Items ----------------------------------------------------------------------------------- */

static const char *const closed_words[] = {
    "例行闭馆", "全天闭馆", "闭馆日", "闭馆", "闭园",   "休馆",   "休园",
    "公休",     "例休",     "轮休",   "休息", "店休",   "不开放", "不对外开放",
    "停止开放", "关闭",     "关馆",   "休",   "closed", "close",  NULL};

static void close_days(reader *r, unsigned days)
{
    r->closed |= days;
    r->closed_last = days;
    if (r->holidays_excused)
        r->open_on_holidays |= days;
    r->holidays_excused = false;
    r->days = 0;
    r->days_used = false;
}

static bool add_span(reader *r, int open, int close)
{
    if (r->now_holiday) {
        r->now_holiday = false;
        r->holiday = (xd_hours_entry){.open = open, .close = close, .last = XD_NO_TIME};
        r->holidays_open = true;
        if (r->days == 0 || r->days_used)
            return true; /* otherwise 周末及法定节假日 9:00-17:00 */
    }
    if (r->n == XD_HOURS_ENTRIES)
        return false;
    if (!r->days_used)
        r->group = r->n;
    r->days_used = true;
    r->entries[r->n++] = (xd_hours_entry){r->days, open, close, XD_NO_TIME};
    return true;
}

static bool set_last(reader *r, int last, int before_close)
{
    bool fits = false;
    for (size_t i = r->group; i < r->n; i++) {
        xd_hours_entry *e = &r->entries[i];
        int at = before_close > 0 ? e->close - before_close : last;
        if (e->last == XD_NO_TIME && e->open <= at && at <= e->close) {
            e->last = at;
            fits = true;
        }
    }
    return fits;
}

/* 停止入场, 停止售票, 最后入场时间 …: what ends before closing. */
static bool eat_entry_word(reader *r)
{
    static const char *const words[] = {"入场", "入馆", "入园", "进馆", "进场",
                                        "进园", "检票", "售票", "取票", "换票",
                                        "接待", "参观", "领票", "发票", NULL};
    bool found = false;
    while (xd_hours_eat_any(&r->words, words) ||
           (found && (xd_hours_eat(&r->words, "、") || xd_hours_eat(&r->words, "及") ||
                      xd_hours_eat(&r->words, "和"))))
        found = true;
    return found;
}

/* 16:30停止入场, 最后入场时间16:30, 闭馆前30分钟停止入馆, last entry 16:30. */
static bool read_last(reader *r, bool *ret_found)
{
    static const char *const starts[] = {"最后", "最晚", "最迟", "停止", "截止", NULL};
    static const char *const english[] = {"last entry at ",     "last entry ",
                                          "last admission at ", "last admission ",
                                          "no entry after ",    NULL};
    size_t start = r->words.at;
    int half = 0, last = XD_NO_TIME, before = 0;
    *ret_found = true;
    if (xd_hours_eat_any(&r->words, english)) {
        last = xd_hours_time(&r->words, true, &half);
    } else if (xd_hours_eat(&r->words, "闭馆前") || xd_hours_eat(&r->words, "闭园前") ||
               xd_hours_eat(&r->words, "提前")) {
        before = xd_hours_eat(&r->words, "半") ? 30 : xd_hours_int(&r->words, 3);
        if (before == 30 && xd_hours_eat(&r->words, "小时")) {
            /* 半小时 */
        } else if (before > 0 && xd_hours_eat(&r->words, "小时")) {
            before *= 60;
        } else if (!xd_hours_eat(&r->words, "分钟")) {
            before = 0;
        }
        if (!xd_hours_eat(&r->words, "停止") || !eat_entry_word(r))
            before = 0;
    } else if (xd_hours_eat_any(&r->words, starts) && eat_entry_word(r)) {
        xd_hours_eat(&r->words, "时间");
        xd_hours_eat(&r->words, "为");
        xd_hours_eat(&r->words, ":");
        last = xd_hours_time(&r->words, false, &half);
    } else {
        r->words.at = start;
        last = xd_hours_time(&r->words, false, &half);
        if (!xd_hours_eat(&r->words, "以后") && !xd_hours_eat(&r->words, "之后"))
            xd_hours_eat(&r->words, "后");
        if (!xd_hours_eat(&r->words, "停止") && !xd_hours_eat(&r->words, "截止"))
            last = XD_NO_TIME;
        else if (!eat_entry_word(r))
            last = XD_NO_TIME;
    }
    if (last == XD_NO_TIME && before <= 0) {
        r->words.at = start;
        *ret_found = false;
        return true;
    }
    return set_last(r, last, before);
}

/* 法定节假日除外, 国家法定节假日照常开放, 节假日 9:00-16:00, 春节闭馆 is not read. */
static bool read_holidays(reader *r, bool *ret_found)
{
    static const char *const lead[] = {"如遇", "如逢", "遇", "逢", "除", NULL};
    static const char *const kinds[] = {
        "国家法定节假日", "国家法定假日", "国家法定节日",    "法定节假日", "法定假日",
        "法定节日",       "节假日",       "public holidays", "holidays",   NULL};
    static const char *const excused[] = {"除外",   "例外", "不闭馆",   "不休",
                                          "不休息", "外",   "excepted", NULL};
    static const char *const open[] = {"照常开放",   "正常开放", "照常开馆", "照常",
                                       "则正常开放", "则开放",   "open",     "正常开馆",
                                       "开放",       "开馆",     NULL};
    size_t start = r->words.at;
    bool except = xd_hours_eat(&r->words, "除") || xd_hours_eat(&r->words, "except on ") ||
                  xd_hours_eat(&r->words, "except ");
    if (!except)
        xd_hours_eat_any(&r->words, lead);
    *ret_found = xd_hours_eat_any(&r->words, kinds);
    if (!*ret_found) {
        r->words.at = start;
        return true;
    }
    xd_hours_eat(&r->words, " "); /* holidays closed */
    if (xd_hours_eat_any(&r->words, excused) || except) {
        if (r->closed_last != 0)
            r->open_on_holidays |= r->closed_last;
        else
            r->holidays_excused = true;
    } else if (xd_hours_eat_any(&r->words, closed_words)) {
        r->holidays_closed = true;
    } else if (xd_hours_eat_any(&r->words, open)) {
        r->open_on_holidays |= r->closed_last;
        r->holidays_open = true;
    } else {
        r->now_holiday = true;
    }
    return true;
}

/* 除周一外, 除周一闭馆外 */
static bool read_except(reader *r)
{
    size_t start = r->words.at;
    unsigned days = 0;
    if ((xd_hours_eat(&r->words, "除") || xd_hours_eat(&r->words, "except ")) &&
        (days = xd_hours_days(&r->words)) != 0) {
        xd_hours_eat_any(&r->words, closed_words);
        if (xd_hours_eat(&r->words, "以外") || xd_hours_eat(&r->words, "外") ||
            r->words.at == r->words.s.n || xd_hours_is(&r->words, ",") ||
            xd_hours_is(&r->words, ")")) {
            unsigned in_force = r->days;
            bool used = r->days_used;
            close_days(r, days);
            r->days = in_force;
            r->days_used = used;
            return true;
        }
    }
    r->words.at = start;
    return false;
}

/* Days, with what follows them at once. */
static bool read_days(reader *r)
{
    size_t start = r->words.at;
    bool closing =
        xd_hours_eat_any(&r->words, closed_words); /* 闭馆日：周一; closed on mondays */
    if (closing) {
        xd_hours_eat(&r->words, "时间");
        xd_hours_eat(&r->words, ":");
        xd_hours_eat(&r->words, "为");
        xd_hours_eat(&r->words, " on ");
        xd_hours_eat(&r->words, " ");
    }
    unsigned days = xd_hours_days(&r->words);
    if (days == 0) {
        r->words.at = start;
        return false;
    }
    xd_hours_eat(&r->words, "全天");
    xd_hours_eat(&r->words, " ");
    if (closing || xd_hours_eat_any(&r->words, closed_words)) {
        close_days(r, days);
        return true;
    }
    if (r->words.at > start &&
        xd_str_ends(xd_str_sub(r->words.s, start, r->words.at), XD_S("全天")))
        r->words.at -= sizeof "全天" - 1; /* 周一至周日全天 */
    r->days = r->days != 0 && !r->days_used ? r->days | days : days;
    r->days_used = false;
    r->closed_last = 0;
    return true;
}

/* What may be read over: no figure, no day, nothing of opening or closing up to the next mark. */
static bool eat_remark(reader *r)
{
    static const char *const telling[] = {"周", "星期", "节", "假",   "闭",   "休",     "停",
                                          "季", "月",   "年", "次日", "clos", "season", NULL};
    size_t start = r->words.at;
    while (r->words.at < r->words.s.n && strchr(",;().", r->words.s.p[r->words.at]) == NULL &&
           !xd_hours_is(&r->words, "。") && !xd_hours_is(&r->words, "、")) {
        if (r->words.s.p[r->words.at] >= '0' && r->words.s.p[r->words.at] <= '9')
            return false;
        for (size_t i = 0; telling[i] != NULL; i++) {
            if (xd_hours_is(&r->words, telling[i]))
                return false;
        }
        size_t next = r->words.at;
        (void)xd_utf8_next(r->words.s, &next);
        r->words.at = next;
    }
    return r->words.at > start;
}

static bool eat_marks(reader *r)
{
    static const char *const marks[] = {",", ";",  "(",  ")",  ".",  ":",
                                        " ", "。", "、", "和", "及", NULL};
    return xd_hours_eat_any(&r->words, marks);
}

static bool read_item(reader *r)
{
    static const char *const labels[] = {
        "其余时间", "其他时间", "开放时间", "开馆时间", "营业时间", "参观时间",
        "接待时间", "服务时间", "时间为",   "时间",     "开放日",   "对外开放",
        "免费开放", "正常开放", "开放",     "开馆",     "营业",     "opening hours",
        "hours",    "open",     "为",       NULL};
    bool found;
    if (!read_last(r, &found))
        return false;
    if (found)
        return true;
    if (!read_holidays(r, &found))
        return false;
    if (found || read_except(r) || read_days(r))
        return true;
    int open, close;
    if (xd_hours_span(&r->words, &open, &close))
        return add_span(r, open, close);
    if (r->days != 0 && !r->days_used &&
        xd_hours_eat_any(&r->words, closed_words)) { /* 周一(节假日除外)闭馆 */
        close_days(r, r->days);
        return true;
    }
    return xd_hours_eat_any(&r->words, labels) || eat_remark(r);
}

static bool read_all(reader *r)
{
    while (r->words.at < r->words.s.n) {
        if (eat_marks(r))
            continue;
        if (!read_item(r))
            return false;
    }
    bool all_without = r->days != 0 && !r->days_used;
    for (size_t i = 0; i < r->n; i++)
        all_without = all_without && r->entries[i].days == 0;
    for (size_t i = 0; i < r->n && all_without; i++) { /* 9am-5pm Tue-Sun */
        r->entries[i].days = r->days;
        r->days_used = true;
    }
    /* Days named last without hours of their own say nothing that can be kept. */
    return r->n > 0 && !r->now_holiday && !r->holidays_excused &&
           (r->days == 0 || r->days_used || r->days == XD_ALL_DAYS);
}

/* The value ------------------------------------------------------------------------------- */

static xd_json *time_text(xd_arena *arena, int minutes)
{
    return xd_json_string(arena, xd_str_printf(arena, "%02d:%02d", minutes / 60, minutes % 60));
}

static xd_json *day_list(xd_arena *arena, unsigned days)
{
    xd_json *list = xd_json_array(arena);
    for (int d = 1; d <= 7; d++) {
        if ((days & 1u << d) != 0)
            xd_json_add(arena, list, xd_json_integer(arena, d));
    }
    return list;
}

static void set_span(xd_arena *arena, xd_json *object, const xd_hours_entry *e)
{
    xd_json_set(arena, object, XD_S("open"), time_text(arena, e->open));
    xd_json_set(arena, object, XD_S("close"), time_text(arena, e->close));
    if (e->last != XD_NO_TIME)
        xd_json_set(arena, object, XD_S("last"), time_text(arena, e->last));
}

static void add_exception(xd_arena *arena, xd_json *list, bool closed, unsigned days,
                          const xd_hours_entry *hours)
{
    xd_json *item = xd_json_object(arena);
    xd_json_set(arena, item, XD_S("holidays"), xd_json_bool(arena, true));
    xd_json_set(arena, item, XD_S("closed"), xd_json_bool(arena, closed));
    if (days != 0)
        xd_json_set(arena, item, XD_S("days"), day_list(arena, days));
    if (hours != NULL)
        set_span(arena, item, hours);
    xd_json_add(arena, list, item);
}

static void set_read(xd_arena *arena, xd_json *hours, const reader *r)
{
    xd_json *week = xd_json_array(arena), *except = xd_json_array(arena);
    unsigned named = 0;
    for (size_t i = 0; i < r->n; i++)
        named |= r->entries[i].days;
    for (size_t i = 0; i < r->n; i++) {
        /* Hours without days beside hours with days hold on the days nobody named. */
        unsigned days = r->entries[i].days == 0 ? XD_ALL_DAYS & ~named : r->entries[i].days;
        days &= ~r->closed;
        if (days == 0)
            continue;
        xd_json *item = xd_json_object(arena);
        xd_json_set(arena, item, XD_S("days"), day_list(arena, days));
        set_span(arena, item, &r->entries[i]);
        xd_json_add(arena, week, item);
    }
    if (xd_json_len(week) > 0)
        xd_json_set(arena, hours, XD_S("week"), week);
    if (r->open_on_holidays != 0)
        add_exception(arena, except, false, r->open_on_holidays, NULL);
    else if (r->holidays_closed)
        add_exception(arena, except, true, 0, NULL);
    else if (r->holidays_open)
        add_exception(arena, except, false, 0,
                      r->holiday.open == XD_NO_TIME ? NULL : &r->holiday);
    if (xd_json_len(except) > 0)
        xd_json_set(arena, hours, XD_S("except"), except);
}

static bool is_none(xd_str closed)
{
    return closed.n == 0 || xd_str_eq(closed, XD_S("无")) ||
           xd_str_eq(closed, XD_S("无闭馆日")) || xd_str_eq(closed, XD_S("全年无休")) ||
           xd_str_eq(closed, XD_S("none"));
}

bool xd_hours_read(xd_ctx *cx, xd_str text, xd_str closed, xd_json **ret_hours, bool *ret_read)
{
    xd_arena *arena = cx->arena;
    xd_str given = xd_str_trim(xd_nfc(arena, text));
    xd_str given_closed = xd_str_trim(xd_nfc(arena, closed));
    if (given.n == 0 && given_closed.n == 0) {
        (void)xd_fail(cx, XD_INVALID, "opening hours are empty");
        return xd_fail_words(cx, XD_S("开放时间是空的。"),
                             XD_S("The opening hours are empty."));
    }
    if (given.n + given_closed.n > TEXT_MAX) {
        (void)xd_fail(cx, XD_LIMIT, "opening hours of %zu bytes", given.n + given_closed.n);
        return xd_fail_words(
            cx, XD_S("开放时间太长，请写在三百字以内。"),
            XD_S("The opening hours are too long: keep them within 1000 bytes."));
    }
    reader r = {.holiday = {.open = XD_NO_TIME}};
    r.words.s = xd_hours_tidy(arena, given);
    bool read = read_all(&r);
    xd_str shut = xd_hours_tidy(arena, given_closed);
    if (read && !is_none(shut)) {
        r.words.s = xd_str_join(arena, XD_S("闭馆日:"), shut);
        r.words.at = 0;
        read = read_all(&r);
    }
    if (given_closed.n > 0 && given.n > 0)
        given = xd_str_printf(arena, XD_FMT "；闭馆日：" XD_FMT, XD_ARG(given),
                              XD_ARG(given_closed));
    else if (given.n == 0)
        given = xd_str_printf(arena, "闭馆日：" XD_FMT, XD_ARG(given_closed));
    xd_json *hours = xd_json_object(arena);
    xd_json_set(arena, hours, XD_S("text"), xd_json_string(arena, given));
    if (read)
        set_read(arena, hours, &r);
    *ret_read = read && xd_json_get(hours, XD_S("week")) != NULL;
    *ret_hours = hours;
    return true;
}
