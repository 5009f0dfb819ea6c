/* Days of the week and times of day, as people write them. */
#include "model/fold.h"
#include "model/hours_parts.h"

bool xd_hours_is(const xd_hours_words *w, const char *word)
{
    size_t n = strlen(word);
    return w->s.n - w->at >= n && memcmp(w->s.p + w->at, word, n) == 0;
}

bool xd_hours_eat(xd_hours_words *w, const char *word)
{
    if (!xd_hours_is(w, word))
        return false;
    w->at += strlen(word);
    return true;
}

bool xd_hours_eat_any(xd_hours_words *w, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (xd_hours_eat(w, *words))
            return true;
    }
    return false;
}

xd_str xd_hours_tidy(xd_arena *arena, xd_str text)
{
    XD_VEC(char) out = {0};
    bool blank = false;
    for (size_t at = 0; at < text.n;) {
        uint32_t cp = xd_utf8_next(text, &at);
        if (cp >= 0xff01 && cp <= 0xff5e)
            cp -= 0xfee0;
        if ((cp >= 0x2010 && cp <= 0x2015) || cp == 0x2212 || cp == '~' || cp == 0x301c ||
            cp == 0x2500)
            cp = '-';
        else if (cp == '\n' || cp == '\r' || cp == '|' || cp == '/')
            cp = ';';
        else if (cp == '[' || cp == 0x3010 || cp == 0x3014)
            cp = '(';
        else if (cp == ']' || cp == 0x3011 || cp == 0x3015)
            cp = ')';
        else if (cp == 0x2236) /* ∶ */
            cp = ':';
        if (cp == ' ' || cp == '\t' || cp == 0x3000 || cp == 0xa0) {
            blank = true;
            continue;
        }
        if (cp >= 'A' && cp <= 'Z')
            cp += 32;
        char last = out.n == 0 ? ' ' : out.at[out.n - 1];
        bool latin = (last >= 'a' && last <= 'z') || (last >= '0' && last <= '9');
        if (blank && latin && cp < 0x80 && cp != ':' && cp != '-' && cp != ',' && cp != ';')
            *xd_push(arena, &out) = ' ';
        blank = false;
        if (cp == '-' && last == '-')
            continue;
        char bytes[4];
        cp = cp == UINT32_MAX ? 0xfffd : xd_simplified_of(cp);
        for (size_t i = 0, n = xd_utf8_put(cp, bytes); i < n; i++)
            *xd_push(arena, &out) = bytes[i];
    }
    return (xd_str){out.n == 0 ? "" : out.at, out.n};
}

/* Days ------------------------------------------------------------------------------------ */

static bool eat_week_word(xd_hours_words *w)
{
    static const char *const words[] = {"每逢", "逢", "每", NULL};
    size_t start = w->at;
    xd_hours_eat_any(w, words);
    if (xd_hours_eat(w, "周") || xd_hours_eat(w, "星期") || xd_hours_eat(w, "礼拜"))
        return true;
    w->at = start;
    return false;
}

/* 一 … 六, 日, 天, 1 … 7, mon … sunday: 1–7; 0: no day stands here. */
static int eat_day(xd_hours_words *w, bool chinese)
{
    static const struct {
        const char *word;
        int day;
    } zh[] = {
        {"一", 1},
        {"二", 2},
        {"三", 3},
        {"四", 4},
        {"五", 5},
        {"六", 6},
        {"日", 7},
        {"天", 7},
        {"1",   1},
        {"2",   2},
        {"3",   3},
        {"4",   4},
        {"5",   5},
        {"6",   6},
        {"7",   7}
    };
    static const char *const en[] = {"monday", "tuesday",  "wednesday", "thursday",
                                     "friday", "saturday", "sunday"};
    static const char *const shorter[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    for (size_t i = 0; chinese && i < XD_LEN(zh); i++) {
        size_t start = w->at;
        if (!xd_hours_eat(w, zh[i].word))
            continue;
        bool figure = zh[i].word[1] == '\0';
        if (!figure || w->at == w->s.n || strchr("0123456789:.", w->s.p[w->at]) == NULL)
            return zh[i].day;
        w->at = start; /* 周五14:00: the hour's */
    }
    for (int i = 0; !chinese && i < 7; i++) {
        if (xd_hours_eat(w, en[i])) {
            xd_hours_eat(w, "s");
            return i + 1;
        }
        if (xd_hours_eat(w, shorter[i])) {
            if (i == 1 || i == 3)
                (void)(xd_hours_eat(w, "rs") || xd_hours_eat(w, "r") ||
                       xd_hours_eat(w, "s")); /* tues, thurs */
            xd_hours_eat(w, ".");
            return i + 1;
        }
    }
    return 0;
}

static unsigned days_from_to(int from, int to)
{
    unsigned days = 0;
    for (int d = from;; d = d % 7 + 1) {
        days |= 1u << d;
        if (d == to)
            return days;
    }
}

static bool eat_to(xd_hours_words *w)
{
    static const char *const words[] = {"-", "至", "到", " to ", " through ", NULL};
    return xd_hours_eat_any(w, words);
}

/* 周二至周日, 周一、三、五, 周六日, tue-sun, mon & wed. 0, nothing moved: no days stand here. */
static unsigned eat_day_list(xd_hours_words *w)
{
    size_t start = w->at;
    bool chinese = eat_week_word(w);
    if (chinese && xd_hours_eat(w, "末"))
        return 1u << 6 | 1u << 7;
    unsigned days = 0;
    for (;;) {
        int from = eat_day(w, chinese);
        if (from == 0) {
            w->at = start;
            return days;
        }
        days |= 1u << from;
        start = w->at;
        if (eat_to(w)) {
            if (chinese)
                eat_week_word(w);
            int to = eat_day(w, chinese);
            if (to == 0) {
                w->at = start;
                return days;
            }
            days |= days_from_to(from, to);
            start = w->at;
        }
        if (!xd_hours_eat(w, "、") && !xd_hours_eat(w, "和") && !xd_hours_eat(w, "及") &&
            !xd_hours_eat(w, "与") && !xd_hours_eat(w, "&") && !xd_hours_eat(w, " & ") &&
            !xd_hours_eat(w, " and ") && !xd_hours_eat(w, " "))
            (void)(!chinese && xd_hours_eat(w, ","));
        if (chinese)
            eat_week_word(w);
    }
}

unsigned xd_hours_days(xd_hours_words *w)
{
    static const char *const every[] = {
        "每天",  "每日",      "天天",     "全年无休", "全年", "周一至周日全天开放",
        "daily", "every day", "all year", NULL};
    static const char *const working[] = {"工作日", "weekdays", NULL};
    static const char *const weekend[] = {"双休日", "周末", "weekends", "weekend", NULL};
    if (xd_hours_eat_any(w, every))
        return XD_ALL_DAYS;
    if (xd_hours_eat_any(w, working))
        return days_from_to(1, 5);
    if (xd_hours_eat_any(w, weekend))
        return days_from_to(6, 7);
    return eat_day_list(w);
}

/* Hours ----------------------------------------------------------------------------------- */

int xd_hours_int(xd_hours_words *w, size_t most)
{
    size_t n = 0;
    int value = 0;
    while (w->at + n < w->s.n && w->s.p[w->at + n] >= '0' && w->s.p[w->at + n] <= '9') {
        if (n == most)
            return -1;
        value = value * 10 + (w->s.p[w->at + n] - '0');
        n++;
    }
    w->at += n;
    return n == 0 ? -1 : value;
}

/* 上午 and 下午 stand before a time, am and pm behind it. *ret_half: 1 morning, 2 afternoon. */
static void eat_half(xd_hours_words *w, bool before, int *ret_half)
{
    static const char *const zh[2][6] = {
        {"上午", "早上", "早晨", "早",    NULL,  NULL},
        {"下午", "中午", "晚上", "傍晚", "晚", NULL},
    };
    static const char *const en[2][4] = {
        {" am", "am", " a.m.", NULL},
        {" pm", "pm", " p.m.", NULL},
    };
    for (int half = 0; half < 2; half++) {
        if (xd_hours_eat_any(w, before ? zh[half] : en[half]))
            *ret_half = half + 1;
    }
}

int xd_hours_time(xd_hours_words *w, bool bare, int *ret_half)
{
    size_t start = w->at;
    eat_half(w, true, ret_half);
    int hour = xd_hours_int(w, 2), minute = 0;
    bool marked = true;
    if (xd_hours_eat(w, ":") || xd_hours_eat(w, ".")) {
        size_t at = w->at;
        minute = xd_hours_int(w, 2);
        marked = w->at == at + 2;
        if (marked && xd_hours_eat(w, ":"))
            marked = xd_hours_int(w, 2) >= 0; /* seconds */
    } else if (xd_hours_eat(w, "点") || xd_hours_eat(w, "时")) {
        if (xd_hours_eat(w, "半"))
            minute = 30;
        else if (!xd_hours_eat(w, "整") && w->at < w->s.n && w->s.p[w->at] >= '0' &&
                 w->s.p[w->at] <= '9')
            minute = xd_hours_int(w, 2);
        xd_hours_eat(w, "分");
    } else {
        marked = bare;
    }
    int half = *ret_half;
    eat_half(w, false, &half);
    marked = marked || (half != *ret_half && hour >= 0);
    *ret_half = half;
    if (half == 2 && hour < 12 && hour >= 0)
        hour += 12;
    if (!marked || hour < 0 || minute < 0 || minute > 59 || hour * 60 + minute > 24 * 60) {
        w->at = start;
        return XD_NO_TIME;
    }
    return hour * 60 + minute;
}

bool xd_hours_span(xd_hours_words *w, int *ret_open, int *ret_close)
{
    static const char *const always[] = {"全天候", "全天", "24小时", "24h", "24 hours", NULL};
    size_t start = w->at;
    if (xd_hours_eat_any(w, always)) {
        size_t behind = w->at;
        int ignored = 0;
        xd_hours_eat(w, " ");
        bool all_day =
            xd_hours_time(w, true, &ignored) == XD_NO_TIME; /* 全天8:00-18:00 is not */
        w->at = behind;
        if (all_day) {
            *ret_open = 0;
            *ret_close = 24 * 60;
            return true;
        }
        xd_hours_eat(w, " ");
    }
    int half = 0, open = xd_hours_time(w, true, &half);
    if (open == XD_NO_TIME || !eat_to(w)) {
        w->at = start;
        return false;
    }
    int first_half = half, second_half = 0;
    int close = xd_hours_time(w, true, &second_half);
    if (close != XD_NO_TIME && close <= open && second_half == 0 && close < 12 * 60 &&
        (first_half == 2 || open < 12 * 60))
        close += 12 * 60; /* 下午2:00-5:00, 9:00-5:00 */
    if (close == XD_NO_TIME || close <= open) {
        w->at = start;
        return false;
    }
    *ret_open = open;
    *ret_close = close;
    return true;
}
