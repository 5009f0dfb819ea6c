/* Dates as people write them.
 *
 * The text is tidied (half width, simplified, small letters, one kind of dash, no quotation
 * marks, blanks only between Latin words), then read by a grammar:
 *
 *   text   = [始建于 …] ( range | before | after ) [建 | 投产 …]
 *   range  = point [ — point | 至今 | point ]    without a mark: 明末清初
 *   before = 1949年以前, 解放前, ../1911, —1958
 *   after  = 1958年后, 1958年起, 1958/..
 *   point  = [约 | 可能] dating [part] [左右 | ? | ~] [(dating)]
 *   dating = EDTF | number with a unit | English | a named time
 *
 * Where people are vague, an interval is what they may mean:
 *
 *   初 早 前期     the first third
 *   中 中叶 中期   the middle third, rounded outward
 *   末 晚 后期     the last third
 *   上半 下半      halves
 *
 * of the years of a decade (50年代初 is 1950–1953, 中 1953–1956, 末 1956–1959), a century
 * (19世纪末 is 1867–1900), a reign, an age; of the months of a year (年初: January–April).
 * Where custom has its own divisions (初唐; 晚清 from 1840; 建国初期 to 1956) the table of
 * ages has them. Seasons are the months the Chinese season may touch: 春 February–May,
 * 冬 November–February. 上旬 中旬 下旬 are days 1–10, 11–20, from 21. The 19th century is
 * 1801–1900; 20世纪50年代 is 1950–1959. 约 and ? do not widen: they are flags. 前 and 后
 * include the year they name, for a comparison asks what may hold.
 *
 * A dating in brackets narrows the one before it; if the two do not meet, both are covered
 * and XD_PERIOD_DISAGREES says so. What is left over at the end makes the whole text unread:
 * nothing is guessed from a part. */
#include <limits.h>

#include "model/fold.h"
#include "model/period_parts.h"

#define TEXT_MAX 240

/* The reader's small words ---------------------------------------------------------------- */

bool xd_date_is(const xd_date_reader *r, const char *literal)
{
    size_t n = strlen(literal);
    return r->s.n - r->at >= n && memcmp(r->s.p + r->at, literal, n) == 0;
}

bool xd_date_eat(xd_date_reader *r, const char *literal)
{
    if (!xd_date_is(r, literal))
        return false;
    r->at += strlen(literal);
    return true;
}

static bool eat_any(xd_date_reader *r, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (xd_date_eat(r, *words))
            return true;
    }
    return false;
}

bool xd_date_end(const xd_date_reader *r)
{
    return r->at == r->s.n || xd_date_is(r, ")") || xd_date_is(r, "(");
}

bool xd_date_why(xd_date_reader *r, const char *zh, const char *en)
{
    if (r->zh == NULL) {
        r->zh = zh;
        r->en = en;
    }
    return false;
}

bool xd_date_back(xd_date_reader *r, const xd_date_reader *saved)
{
    const char *zh = r->zh, *en = r->en;
    *r = *saved;
    r->zh = zh;
    r->en = en;
    return false;
}

bool xd_date_sep(xd_date_reader *r)
{
    static const char *const words[] = {"—",    "-",         "~",       "至",   "到",
                                        " to ", " through ", " until ", "直到", NULL};
    return eat_any(r, words);
}

bool xd_date_unit(const xd_date_reader *r, const char *unit)
{
    if (xd_date_is(r, unit))
        return true;
    xd_date_reader ahead = *r;
    xd_numeral n;
    return (xd_date_sep(&ahead) || xd_date_eat(&ahead, "、") || xd_date_eat(&ahead, "/")) &&
           xd_numeral_read(ahead.s, &ahead.at, &n) && n.value < 100000 &&
           xd_date_is(&ahead, unit);
}

/* Points ---------------------------------------------------------------------------------- */

static void read_flags_before(xd_date_reader *r)
{
    static const char *const about[] = {"大约在",  "大约",    "约在",    "约为",  "约于",
                                        "约",      "大概",    "circa ",  "circa", "about ",
                                        "around ", "approx ", "approx.", "ca.",   "ca ",
                                        "c.",      "c ",      "~",       NULL};
    static const char *const unsure[] = {"可能为",   "可能",   "疑似", "疑为",      "疑",
                                         "估计",     "推测为", "推测", "possibly ", "probably ",
                                         "perhaps ", "?",      NULL};
    for (bool more = true; more;) {
        more = false;
        if (eat_any(r, about)) {
            r->flags |= XD_PERIOD_ABOUT;
            more = true;
        } else if (eat_any(r, unsure)) {
            r->flags |= XD_PERIOD_UNSURE;
            more = true;
        }
    }
}

static void read_flags_behind(xd_date_reader *r)
{
    static const char *const about[] = {"左右", "前后", "上下", "许", NULL};
    static const char *const unsure[] = {"(?)", "?", "(待考)", "(存疑)", NULL};
    for (bool more = true; more;) {
        more = false;
        if (eat_any(r, about) || xd_date_eat(r, "(约)") || xd_date_eat(r, "%")) {
            r->flags |= XD_PERIOD_ABOUT;
            if (r->s.p[r->at - 1] == '%')
                r->flags |= XD_PERIOD_UNSURE; /* EDTF: both */
            more = true;
        } else if (eat_any(r, unsure)) {
            r->flags |= XD_PERIOD_UNSURE;
            more = true;
        } else if (xd_date_is(r, "~") && (r->at + 1 == r->s.n || r->s.p[r->at + 1] == '/' ||
                                          r->s.p[r->at + 1] == ')')) {
            r->at++;
            r->flags |= XD_PERIOD_ABOUT;
            more = true;
        }
    }
}

static bool read_text(xd_date_reader *r, xd_period *ret_period);

/* Two datings of one thing: the narrower where they meet, else both, and the flag. */
static void join(xd_date_reader *r, xd_dating *d, xd_period other)
{
    bool meet = d->from <= other.to && other.from <= d->to;
    if (!meet)
        r->flags |= XD_PERIOD_DISAGREES;
    if ((other.from > d->from) == meet)
        d->from = other.from;
    if ((other.to < d->to) == meet)
        d->to = other.to;
}

/* (1890), （光绪十六年）, 即1890年 behind a dating; a remark without digits is read over. */
static bool read_bracket(xd_date_reader *r, xd_dating *d)
{
    size_t close = r->at;
    bool bracket = xd_date_is(r, "(");
    if (bracket) {
        close = xd_str_find(r->s, XD_S(")"), r->at);
    } else if (xd_date_eat(r, "即") || xd_date_eat(r, ",即")) {
        close = r->s.n;
    } else {
        return true;
    }
    if (close == SIZE_MAX || r->depth > 0)
        return false;
    xd_date_reader inner = {.cx = r->cx, .latin = r->latin, .depth = 1};
    inner.s = xd_str_sub(r->s, r->at + bracket, close);
    int place = xd_date_cycle(&inner); /* (丙申,1896) */
    if (place >= 0) {
        xd_date_eat(&inner, "年");
        xd_date_eat(&inner, ",");
        int64_t year = d->year;
        if (d->unit == XD_DATING_REIGN_YEAR && ((year - 4) % 60 + 60) % 60 != place)
            r->flags |= XD_PERIOD_DISAGREES;
    }
    inner.s = xd_str_sub(inner.s, inner.at, inner.s.n);
    inner.at = 0;
    xd_period other;
    bool dated = read_text(&inner, &other);
    xd_numeral n;
    size_t at = 0;
    bool digits = false;
    while (!digits && at < inner.s.n) {
        digits = xd_numeral_read(inner.s, &at, &n);
        if (!digits)
            xd_utf8_next(inner.s, &at);
    }
    bool ordinal = xd_str_starts(inner.s, XD_S("第")); /* (第二批) is a remark */
    if (!dated && ((digits && !ordinal) || !bracket))
        return xd_date_why(r, "括号里的日期读不出来", "the date in brackets cannot be read");
    r->at = close + bracket;
    if (dated) {
        r->flags |= inner.flags;
        join(r, d, other);
    }
    return true;
}

static bool read_point(xd_date_reader *r, const xd_dating *near, xd_dating *d)
{
    xd_date_reader saved = *r;
    read_flags_before(r);
    bool read = xd_date_edtf(r, d) || (r->latin && xd_date_english(r, d)) ||
                xd_date_numeric(r, near, d) || xd_date_named(r, near, d);
    if (!read || !xd_date_part(r, d))
        return xd_date_back(r, &saved);
    read_flags_behind(r);
    if (!read_bracket(r, d))
        return xd_date_back(r, &saved);
    read_flags_behind(r);
    return true;
}

/* Ranges ---------------------------------------------------------------------------------- */

static bool read_now(xd_date_reader *r)
{
    static const char *const words[] = {"至今",    "今",  "现在",  "目前", "现今", "..",
                                        "present", "now", "today", "date", NULL};
    return eat_any(r, words) || r->at == r->s.n; /* 1953— */
}

static bool is_age(const xd_dating *d)
{
    return d->unit == XD_DATING_AGE || d->unit == XD_DATING_CENTURY ||
           d->unit == XD_DATING_DECADE;
}

/* Behind the first point: the words that leave one end open. */
static bool read_open(xd_date_reader *r, const xd_dating *first, xd_period *period)
{
    static const char *const before[] = {"以前",        "之前",        "前",
                                         " and before", " or earlier", NULL};
    static const char *const behind[] = {"以后", "之后", "后至今", "后", " and later", NULL};
    static const char *const on[] = {"以来", "起", "开始", "始", " onwards", " onward", NULL};
    int64_t from, to;
    xd_period_years((xd_period){first->from, first->to}, &from, &to);
    xd_date_reader saved = *r;
    if (eat_any(r, before) && xd_date_end(r)) {
        period->from = XD_DAY_OPEN_START;
        if (is_age(first) && from != INT64_MIN) /* 清以前: into its first year */
            period->to = xd_day_of(from, 12, 31);
        return true;
    }
    xd_date_back(r, &saved);
    if (eat_any(r, behind) && xd_date_end(r)) {
        period->to = XD_DAY_OPEN_END;
        if (first->unit == XD_DATING_AGE && to != INT64_MAX) /* 清以后: from its last year */
            period->from = xd_day_of(to, 1, 1);
        return true;
    }
    xd_date_back(r, &saved);
    if (eat_any(r, on)) {
        xd_date_eat(r, "至今");
        if (xd_date_end(r)) {
            period->to = XD_DAY_OPEN_END;
            return true;
        }
    }
    return xd_date_back(r, &saved);
}

/* The second point of a range, or what stands for it. */
static bool read_second(xd_date_reader *r, const xd_dating *first, xd_period *period)
{
    if (read_now(r)) {
        period->to = XD_DAY_OPEN_END;
        return true;
    }
    xd_dating second;
    if (!read_point(r, first, &second))
        return false;
    xd_date_eat(r, "间"); /* 1953至1958年间 */
    if (second.to < period->from)
        return xd_date_why(r, "止早于起", "it ends before it begins");
    period->to = second.to;
    return true;
}

static bool is_whole_age(const xd_dating *d)
{
    return d->age != NULL && d->reign == NULL && d->age->first != INT_MIN &&
           d->from == xd_day_of(d->age->first, 1, 1);
}

/* 1890年、光绪十六年: the same year, said in both ways. */
static bool is_said_twice(const xd_dating *a, const xd_dating *b)
{
    bool fine = a->unit <= XD_DATING_REIGN_YEAR && b->unit <= XD_DATING_REIGN_YEAR;
    return fine && (a->reign == NULL) != (b->reign == NULL) && a->from <= b->to &&
           b->from <= a->to;
}

static bool read_second(xd_date_reader *r, const xd_dating *first, xd_period *period);

/* No mark between two datings: the second is within the first (清末光绪年间, 民国1935年), says it
 * again, or both have names and the second carries on (明末清初, 唐宋, 50年代末60年代初). */
static bool read_beside(xd_date_reader *r, const xd_dating *first, xd_period *period)
{
    xd_date_reader saved = *r;
    xd_dating second;
    if (!xd_date_eat(r, "、"))
        xd_date_eat(r, ",");
    if (!read_point(r, first, &second))
        return xd_date_back(r, &saved);
    bool within = second.from >= first->from && second.to <= first->to;
    if (is_said_twice(first, &second)) {
        xd_dating both = *first;
        join(r, &both, (xd_period){second.from, second.to});
        *period = (xd_period){both.from, both.to};
        return xd_date_end(r) || xd_date_back(r, &saved);
    }
    bool foreign = second.reign != NULL && second.reign->dynasty != NULL && second.age == NULL;
    if (!within && foreign && is_whole_age(first)) {
        xd_date_why(r, "年号与朝代不合", "the reign is not one of that dynasty");
        return xd_date_back(r, &saved);
    }
    if (!is_age(first) || (!within && (!is_age(&second) || second.to < period->from)))
        return xd_date_back(r, &saved);
    *period =
        within ? (xd_period){second.from, second.to} : (xd_period){period->from, second.to};
    return xd_date_end(r) || read_beside(r, &second, period) ||
           (xd_date_sep(r) && read_second(r, &second, period)) || xd_date_back(r, &saved);
}

static bool read_range(xd_date_reader *r, xd_period *period)
{
    xd_dating first;
    static const char *const starts[] = {"自",     "从",       "since ", "from ",
                                         "after ", "between ", NULL};
    static const char *const ends[] = {"before ", "until ", "pre-", "不晚于", "截至", "截止",
                                       "止于",    "—",      "-",    "/",      "../",  NULL};
    bool from_on = eat_any(r, starts);
    xd_date_reader saved = *r;
    bool until = !from_on && !(xd_date_is(r, "-") && r->s.n - r->at >= 5) && eat_any(r, ends);
    if (!read_point(r, NULL, &first))
        return xd_date_back(r, &saved);
    *period = (xd_period){until ? XD_DAY_OPEN_START : first.from, first.to};
    if (until && xd_date_end(r))
        return true;
    if (!until && read_open(r, &first, period))
        return true;
    saved = *r;
    if (!until && (xd_date_sep(r) || xd_date_eat(r, "/") || xd_date_eat(r, " and ")) &&
        read_second(r, &first, period))
        return true;
    xd_date_back(r, &saved);
    if (!until && xd_date_eat(r, "迄今")) {
        period->to = XD_DAY_OPEN_END;
        return true;
    }
    xd_date_back(r, &saved);
    if (!until && (xd_date_eat(r, "或") || xd_date_eat(r, " or ")) &&
        read_second(r, &first, period)) {
        r->flags |= XD_PERIOD_UNSURE;
        return true;
    }
    xd_date_back(r, &saved);
    if (!until && !xd_date_end(r) && read_beside(r, &first, period))
        return true;
    if (from_on && xd_date_end(r))
        period->to = XD_DAY_OPEN_END;
    return true;
}

/* What is said of the date and is not the date. */
static const char *const verbs_before[] = {
    "始建于",          "建于",   "建成于", "创建于", "创办于",    "成立于",
    "创立于",          "始创于", "创始于", "兴建于", "修建于",    "建造于",
    "开工于",          "竣工于", "投产于", "开业于", "built in ", "founded in ",
    "established in ", "built ", "in ",    NULL};
static const char *const verbs_behind[] = {
    "始建", "建成投产", "动工兴建", "动工", "奠基", "落成", "通车", "通水", "建成",
    "建造", "修建",     "兴建",     "创建", "创办", "创立", "创始", "成立", "建厂",
    "建立", "投产",     "开工",     "竣工", "开业", "建",   NULL};

/* 第二批(2018年): the batch is not the date. */
static void eat_batch(xd_date_reader *r)
{
    size_t start = r->at;
    xd_numeral n;
    bool batch =
        xd_date_eat(r, "第") && xd_numeral_read(r->s, &r->at, &n) && xd_date_eat(r, "批");
    if (!batch) {
        r->at = start;
    } else if (xd_date_eat(r, "(") && r->s.p[r->s.n - 1] == ')') {
        r->s.n--;
    } else {
        xd_date_eat(r, ",");
    }
}

static bool read_text(xd_date_reader *r, xd_period *ret_period)
{
    xd_period period;
    if (xd_date_eat(r, "../..")) {
        period = (xd_period){XD_DAY_OPEN_START, XD_DAY_OPEN_END};
    } else {
        eat_batch(r);
        read_flags_before(r); /* 约建于 */
        eat_any(r, verbs_before);
        if (!read_range(r, &period))
            return false;
        eat_any(r, verbs_behind);
        xd_dating whole = {.from = period.from, .to = period.to, .unit = XD_DATING_OPEN};
        if (!read_bracket(r, &whole))
            return false;
        period = (xd_period){whole.from, whole.to};
    }
    if (r->at != r->s.n)
        return false;
    *ret_period = period;
    return true;
}

/* Tidying --------------------------------------------------------------------------------- */

static uint32_t plain_of(uint32_t cp)
{
    if (cp >= 0xff01 && cp <= 0xff5e)
        cp -= 0xfee0;
    switch (cp) {
    case 0x2012: /* ‒ – — ― ─ */
    case 0x2013:
    case 0x2014:
    case 0x2015:
    case 0x2500:
        return 0x2014;
    case 0x2010: /* ‐ ‑ − */
    case 0x2011:
    case 0x2212:
        return '-';
    case 0x301c: /* 〜 ∼ */
    case 0x223c:
        return '~';
    case '[':
    case '{':
    case 0x3010: /* 【 〔 */
    case 0x3014:
        return '(';
    case ']':
    case '}':
    case 0x3011:
    case 0x3015:
        return ')';
    case 0x25cb: /* ○ ◯ 零 */
    case 0x25ef:
        return 0x3007;
    case 0x3000:
    case 0xa0:
    case '\t':
    case '\n':
        return ' ';
    default:
        if (cp == 0x4e7e)
            return cp; /* 乾, of 乾隆, is the one character that must not become 干 */
        return cp >= 'A' && cp <= 'Z' ? cp + 32 : xd_simplified_of(cp);
    }
}

static bool is_quote(uint32_t cp)
{
    return cp == '"' || cp == '\'' || (cp >= 0x2018 && cp <= 0x201f) ||
           (cp >= 0x300a && cp <= 0x300f);
}

static bool is_latin(uint32_t cp)
{
    return (cp >= 'a' && cp <= 'z') || (cp >= '0' && cp <= '9');
}

static xd_str tidy(xd_arena *arena, xd_str text)
{
    XD_VEC(char) out = {0};
    uint32_t last = 0;
    bool blank = false;
    for (size_t at = 0; at < text.n;) {
        uint32_t cp = xd_utf8_next(text, &at);
        cp = cp == UINT32_MAX ? 0xfffd : plain_of(cp);
        bool dot = cp == 0xb7 || cp == 0x30fb || cp == 0x2022; /* 清·光绪 */
        if (dot && last >= '0' && last <= '9')
            cp = '.';
        else if (dot || is_quote(cp))
            continue;
        if (cp == ' ' || (cp == 0x2014 && last == 0x2014)) {
            blank = blank || cp == ' ';
            continue;
        }
        if (blank && is_latin(last) && is_latin(cp))
            *xd_push(arena, &out) = ' ';
        blank = false;
        char bytes[4];
        for (size_t i = 0, n = xd_utf8_put(cp, bytes); i < n; i++)
            *xd_push(arena, &out) = bytes[i];
        last = cp;
    }
    xd_str made = {out.n == 0 ? "" : out.at, out.n};
    while (xd_str_ends(made, XD_S("。")) || xd_str_ends(made, XD_S(";")) ||
           (xd_str_ends(made, XD_S(".")) && !xd_str_ends(made, XD_S(".."))))
        made.n -= (unsigned char)made.p[made.n - 1] < 0x80 ? 1 : 3;
    return made;
}

static bool fail_period(xd_ctx *cx, xd_str text, const char *zh, const char *en)
{
    xd_str shown = xd_str_sub(text, 0, 60);
    shown.n = xd_utf8_valid(shown);
    zh = zh == NULL ? "读不出日期" : zh;
    en = en == NULL ? "no date can be read in it" : en;
    (void)xd_fail(cx, XD_INVALID, "\"" XD_FMT "\": %s", XD_ARG(shown), en);
    return xd_fail_words(
        cx,
        xd_str_printf(cx->arena,
                      "“" XD_FMT
                      "”：%s。请写成 1953、1953-07、1953—1958年、光绪十六年、20世纪50年代 等。",
                      XD_ARG(shown), zh),
        xd_str_printf(cx->arena,
                      "“" XD_FMT
                      "”: %s. Write it as 1953, 1953-07, 1953/1958, 光绪十六年 or 1950s.",
                      XD_ARG(shown), en));
}

bool xd_period_read(xd_ctx *cx, xd_str text, xd_period *ret_period, unsigned *ret_flags)
{
    if (text.n > TEXT_MAX)
        return fail_period(cx, text, "太长，不像日期", "too long for a date");
    xd_date_reader r = {.cx = cx, .s = tidy(cx->arena, text)};
    for (size_t i = 0; i < r.s.n && !r.latin; i++)
        r.latin = r.s.p[i] >= 'a' && r.s.p[i] <= 'z';
    xd_period period;
    if (r.s.n == 0 || !read_text(&r, &period))
        return fail_period(cx, text, r.zh, r.en);
    *ret_period = period;
    *ret_flags = r.flags;
    return true;
}
