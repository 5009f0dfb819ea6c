/* Named times: reigns, dynasties, centuries' parts, five-year plans, the sexagenary cycle. */
#include <limits.h>

#include "model/period_parts.h"

static const char *const stems[10] = {"甲", "乙", "丙", "丁", "戊",
                                      "己", "庚", "辛", "壬", "癸"};
static const char *const branches[12] = {"子", "丑", "寅", "卯", "辰", "巳",
                                         "午", "未", "申", "酉", "戌", "亥"};

int xd_date_cycle(xd_date_reader *r)
{
    size_t start = r->at;
    for (int stem = 0; stem < 10; stem++) {
        if (!xd_date_eat(r, stems[stem]))
            continue;
        for (int branch = stem % 2; branch < 12; branch += 2) {
            if (xd_date_eat(r, branches[branch])) {
                int place = stem;
                while (place % 12 != branch)
                    place += 10;
                return place;
            }
        }
        r->at = start;
    }
    return -1;
}

/* The longest age that stands here; NULL: none. */
static const xd_age *eat_age(xd_date_reader *r, bool english)
{
    const xd_age *best = NULL;
    size_t length = 0;
    for (size_t i = 0; i < xd_ages_n; i++) {
        const char *name = english ? xd_ages[i].english : xd_ages[i].name;
        if (name != NULL && strlen(name) > length && xd_date_is(r, name)) {
            best = &xd_ages[i];
            length = strlen(name);
        }
    }
    r->at += length;
    return best;
}

/* 北宋 has the reigns of 宋, 后金 those of 清后金. */
static bool is_of(const xd_reign *reign, const xd_age *dynasty)
{
    return reign->dynasty != NULL && (strstr(dynasty->name, reign->dynasty) != NULL ||
                                      strstr(reign->dynasty, dynasty->name) != NULL);
}

/* The longest reign that stands here and, when a dynasty was named, belongs to it. */
static const xd_reign *find_reign(const xd_date_reader *r, const xd_age *dynasty)
{
    const xd_reign *best = NULL;
    for (size_t i = 0; i < xd_reigns_n; i++) {
        const xd_reign *reign = &xd_reigns[i];
        bool fits = dynasty == NULL || is_of(reign, dynasty);
        if (fits && xd_date_is(r, reign->name) &&
            (best == NULL || strlen(reign->name) > strlen(best->name)))
            best = reign;
    }
    return best;
}

static const xd_reign *next_of_name(const xd_reign *reign)
{
    for (const xd_reign *other = reign + 1; other < xd_reigns + xd_reigns_n; other++) {
        if (strcmp(other->name, reign->name) == 0)
            return other;
    }
    return NULL;
}

static bool is_open_ended(const xd_reign *reign)
{
    return reign->first == 1912 && reign->last == 1949; /* the Republic's count goes on */
}

static int year_place(int64_t year)
{
    return (int)(((year - 4) % 60 + 60) % 60);
}

static bool reign_year(xd_date_reader *r, const xd_reign *reign, int64_t n, xd_dating *d)
{
    int64_t length = reign->last - reign->first + 1;
    if (n < 1 || (n > length && !is_open_ended(reign)) || n > 200)
        return xd_date_why(r, "这个年号没有这么多年", "that reign did not last so many years");
    if (!xd_date_years(r, reign->first + n - 1, reign->first + n - 1, XD_DATING_REIGN_YEAR, d))
        return false;
    const xd_reign *other = next_of_name(reign);
    if (other != NULL && n <= other->last - other->first + 1) { /* 至元 was used twice */
        d->to = xd_day_of(other->first + n, 1, 1) - 1;
        r->flags |= XD_PERIOD_UNSURE;
    }
    d->year = reign->first + n - 1;
    d->reign = reign;
    d->lunar = reign->last < 1912;
    int place = xd_date_cycle(r); /* 光绪二十二年丙申: said twice */
    if (place >= 0 && place != year_place(d->year))
        r->flags |= XD_PERIOD_DISAGREES;
    return true;
}

/* Year of a reign by the cycle: 光绪庚寅. A reign of over sixty years may have it twice. */
static bool cycle_year(xd_date_reader *r, const xd_reign *reign, int place, xd_dating *d)
{
    int first = 0, last = 0;
    for (int year = reign->first; year <= reign->last; year++) {
        if (year_place(year) != place)
            continue;
        first = first == 0 ? year : first;
        last = year;
    }
    if (first == 0)
        return xd_date_why(r, "这个年号里没有这个干支年",
                           "that reign has no year of that cyclical name");
    if (first != last)
        r->flags |= XD_PERIOD_UNSURE;
    xd_date_eat(r, "年"); /* 庚寅年 and 庚寅 alike */
    if (!xd_date_years(r, first, last, XD_DATING_REIGN_YEAR, d))
        return false;
    d->year = first;
    d->reign = reign;
    d->lunar = true;
    return true;
}

static void eat_age_suffix(xd_date_reader *r)
{
    static const char *const suffixes[] = {"成立", "王朝", "时代", "年间", "时期",
                                           "期间", "年代", "代",   "朝",   "时"};
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < XD_LEN(suffixes) && !more; i++)
            more = xd_date_eat(r, suffixes[i]);
    }
}

/* 十六年, 16年, 元年, 庚寅, or nothing: the whole reign. */
static bool after_reign(xd_date_reader *r, const xd_reign *reign, xd_dating *d)
{
    xd_date_eat(r, "皇帝"); /* of no weight for the years */
    size_t start = r->at;
    int place = xd_date_cycle(r);
    if (place >= 0)
        return cycle_year(r, reign, place, d);
    xd_numeral n = {1, 0, true};
    if (xd_date_eat(r, "元年") ||
        (xd_numeral_read(r->s, &r->at, &n) && !xd_date_is(r, "年间") &&
         !xd_date_is(r, "年代") &&
         (xd_date_eat(r, "年") || xd_date_end(r) || xd_date_unit(r, "年"))))
        return reign_year(r, reign, n.value, d);
    r->at = start;
    eat_age_suffix(r);
    if (!xd_date_years(r, reign->first, reign->last, XD_DATING_AGE, d))
        return false;
    d->reign = reign;
    return true;
}

static bool read_reign(xd_date_reader *r, const xd_age *dynasty, xd_dating *d)
{
    size_t start = r->at;
    const xd_reign *reign = find_reign(r, dynasty);
    if (reign == NULL)
        return false;
    r->at += strlen(reign->name);
    if (after_reign(r, reign, d))
        return true;
    r->at = start;
    return false;
}

/* 一五, 十四五, 第一个五年计划: the first was 1953–1957, 1963–1965 lay between, and from the
 * sixth on they follow without a gap. */
static bool read_plan(xd_date_reader *r, xd_dating *d)
{
    static const char *const names[] = {"一",   "二",   "三",   "四",   "五",   "六",
                                        "七",   "八",   "九",   "十",   "十一", "十二",
                                        "十三", "十四", "十五", "十六", "十七", "十八"};
    static const int first[] = {1953, 1958, 1966, 1971, 1976};
    size_t start = r->at;
    bool full = xd_date_eat(r, "第");
    for (size_t i = XD_LEN(names); i-- > 0;) {
        size_t at = r->at;
        bool here = xd_date_eat(r, names[i]) &&
                    (full ? xd_date_eat(r, "个五年") : xd_date_eat(r, "五"));
        bool said = here && (xd_date_eat(r, "计划") || xd_date_eat(r, "规划"));
        said = here && (xd_date_eat(r, "时期") || xd_date_eat(r, "期间") || said);
        said = said ||
               (here && (xd_date_is(r, "初") || xd_date_is(r, "中") || xd_date_is(r, "末") ||
                         xd_date_is(r, "至") || xd_date_is(r, "—") || xd_date_end(r)));
        if (said) {
            int from = i < XD_LEN(first) ? first[i] : 1981 + 5 * ((int)i - 5);
            return xd_date_years(r, from, from + 4, XD_DATING_AGE, d);
        }
        r->at = at;
    }
    r->at = start;
    return false;
}

static bool age_years(const xd_age *age, xd_dating *d)
{
    d->unit = XD_DATING_AGE;
    d->age = age;
    d->from = age->first == INT_MIN ? XD_DAY_OPEN_START : xd_day_of(age->first, 1, 1);
    d->to = age->last == INT_MAX ? XD_DAY_OPEN_END : xd_day_of(age->last + 1, 1, 1) - 1;
    return true;
}

/* 晚清, 初唐, 中唐, 早商. */
static int eat_age_prefix(xd_date_reader *r)
{
    static const struct {
        const char *word;
        int part;
    } prefixes[] = {
        {"初", XD_PART_EARLY },
        {"早", XD_PART_EARLY },
        {"中", XD_PART_MIDDLE},
        {"晚", XD_PART_LATE  }
    };
    for (size_t i = 0; i < XD_LEN(prefixes); i++) {
        if (xd_date_eat(r, prefixes[i].word))
            return prefixes[i].part;
    }
    return -1;
}

static bool read_age(xd_date_reader *r, xd_dating *d)
{
    size_t start = r->at;
    int part = eat_age_prefix(r);
    const xd_age *age = eat_age(r, false);
    if (age == NULL && part >= 0) { /* 中华民国 is no middle of anything */
        r->at = start;
        part = -1;
        age = eat_age(r, false);
    }
    if (age == NULL) {
        r->at = start;
        return false;
    }
    eat_age_suffix(r);
    if (part < 0 && read_reign(r, age, d)) {
        d->age = age;
        return true;
    }
    if (!age_years(age, d))
        return false;
    return part < 0 || xd_date_part_of(r, part, d);
}

/* 光绪十六年至二十年: the second year is of the same reign. */
static bool inherit_reign(xd_date_reader *r, const xd_dating *near, xd_dating *d)
{
    if (near == NULL || near->unit != XD_DATING_REIGN_YEAR)
        return false;
    size_t start = r->at;
    xd_numeral n;
    if (xd_numeral_read(r->s, &r->at, &n) && n.value < 100 && n.digits != 4 &&
        (xd_date_eat(r, "年") || xd_date_end(r)) && reign_year(r, near->reign, n.value, d))
        return true;
    r->at = start;
    return false;
}

/* 初八, 廿三日: read over, for the month is as fine as it gets. */
static void eat_lunar_day(xd_date_reader *r)
{
    size_t start = r->at;
    xd_numeral day;
    xd_date_eat(r, "初"); /* 初八 and 八日 are one */
    if (!xd_numeral_read(r->s, &r->at, &day) || day.value < 1 || day.value > 30 ||
        !(xd_date_eat(r, "日") || xd_date_eat(r, "号") || xd_date_end(r)))
        r->at = start;
}

/* A reign's month: before 1912 it is one of the moon's. It begins between the days 1 + 30.4 (m
 * − 1) after 20 January and 20 February, for it holds the m-th of the sun's twelve middle terms
 * (雨水, about 19 February, is the first), and has thirty days at most; a 闰月 comes one later.
 */
static bool lunar_month(xd_date_reader *r, xd_dating *d)
{
    static const char *const named[] = {"正月", "冬月", "腊月", "元月"};
    static const int month_of[] = {1, 11, 12, 1};
    size_t start = r->at;
    bool leap = xd_date_eat(r, "闰");
    xd_numeral n = {0};
    for (size_t i = 0; i < XD_LEN(named) && n.value == 0; i++) {
        if (xd_date_eat(r, named[i]))
            n.value = month_of[i];
    }
    if (n.value == 0 && !(xd_numeral_read(r->s, &r->at, &n) && xd_date_eat(r, "月"))) {
        r->at = start;
        return true; /* none said */
    }
    if (n.value < 1 || n.value > 12)
        return xd_date_why(r, "没有这个月", "there is no such month");
    if (!d->lunar)
        return xd_date_month(r, d->year, n.value, d);
    eat_lunar_day(r);
    int32_t new_year = xd_day_of(d->year, 1, 20);
    int32_t offset = (int32_t)((n.value - 1 + leap) * 3044 / 100);
    d->from = new_year + offset;
    d->to = new_year + 32 + offset + 30;
    d->unit = XD_DATING_MONTH;
    return true;
}

bool xd_date_named(xd_date_reader *r, const xd_dating *near, xd_dating *d)
{
    xd_date_reader saved = *r;
    *d = (xd_dating){0};
    if (read_plan(r, d))
        return true;
    if ((read_reign(r, NULL, d) || read_age(r, d) || inherit_reign(r, near, d)) &&
        (d->unit != XD_DATING_REIGN_YEAR || lunar_month(r, d)))
        return true;
    if (r->zh == NULL && xd_date_cycle(r) >= 0)
        xd_date_why(
            r, "只有干支，每六十年一次；请写明年号或公元年",
            "a cyclical year alone comes every sixty years; name the reign or the year");
    return xd_date_back(r, &saved);
}

/* English: late qing dynasty, ming dynasty, third front. */
bool xd_date_english_age(xd_date_reader *r, xd_dating *d)
{
    const xd_age *age = eat_age(r, true);
    if (age == NULL)
        return false;
    if (!xd_date_eat(r, " era") && !xd_date_eat(r, " dynasty"))
        xd_date_eat(r, " period");
    *d = (xd_dating){0};
    return age_years(age, d);
}
