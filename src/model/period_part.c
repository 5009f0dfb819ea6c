/* Years, months and days as datings, and their parts: 初, 中叶, 末, 上半年, 春, 第三季度, 上旬.
 * What the words mean is in the essay of period_read.c. */
#include <limits.h>

#include "model/period_parts.h"

bool xd_date_years(xd_date_reader *r, int64_t first, int64_t last, xd_dating_unit unit,
                   xd_dating *d)
{
    if (!xd_day_check(first, 1, 1) || !xd_day_check(last, 12, 31))
        return xd_date_why(r, "年份太远", "the year is too far away");
    d->from = xd_day_of(first, 1, 1);
    d->to = xd_day_of(last, 12, 31);
    d->unit = unit;
    d->year = first;
    return true;
}

bool xd_date_month(xd_date_reader *r, int64_t year, int64_t month, xd_dating *d)
{
    if (!xd_day_check(year, month, 1))
        return xd_date_why(r, "没有这个月", "there is no such month");
    d->from = xd_day_of(year, (int)month, 1);
    d->to = (month == 12 ? xd_day_of(year + 1, 1, 1) : xd_day_of(year, (int)month + 1, 1)) - 1;
    d->unit = XD_DATING_MONTH;
    d->year = year;
    d->month = (int)month;
    return true;
}

bool xd_date_day(xd_date_reader *r, int64_t year, int64_t month, int64_t day, xd_dating *d)
{
    if (!xd_day_check(year, month, day))
        return xd_date_why(r, "没有这一天", "there is no such day");
    d->from = d->to = xd_day_of(year, (int)month, (int)day);
    d->unit = XD_DATING_DAY;
    d->year = year;
    d->month = (int)month;
    return true;
}

/* Parts ----------------------------------------------------------------------------------- */

/* Of n things, which the part holds: first and last, from 0. */
static void share(int64_t n, int which, int64_t *ret_first, int64_t *ret_last)
{
    int64_t third = (n + 2) / 3, half = (n + 1) / 2;
    *ret_first = 0;
    *ret_last = n - 1;
    if (which == XD_PART_EARLY)
        *ret_last = third - 1;
    else if (which == XD_PART_LATE)
        *ret_first = n - third;
    else if (which == XD_PART_FIRST_HALF)
        *ret_last = half - 1;
    else if (which == XD_PART_SECOND_HALF)
        *ret_first = n - half;
    else if (which == XD_PART_NOT_LATE)
        *ret_last = n - 1 - n / 3;
    else if (which == XD_PART_NOT_EARLY)
        *ret_first = n / 3;
    else {
        *ret_first = n / 3;
        *ret_last = n - 1 - n / 3;
    }
}

static bool part_of_month(int which, xd_dating *d)
{
    static const int first[] = {1, 11, 21, 1, 16, 1, 11};
    static const int last[] = {10, 20, 31, 15, 31, 20, 31};
    if (d->lunar || d->month == 0)
        return true; /* known no more finely than its month */
    int32_t start = d->from;
    d->from = start + first[which] - 1;
    if (start + last[which] - 1 < d->to)
        d->to = start + last[which] - 1;
    return true;
}

/* Where the table of ages has its own division. */
static bool part_by_custom(const xd_dating *d, int which, int64_t *from, int64_t *to)
{
    const xd_age *age = d->age;
    if (age == NULL || d->reign != NULL || age->early_last == 0)
        return false;
    if (which == XD_PART_EARLY)
        *to = age->early_last;
    else if (which == XD_PART_NOT_LATE && age->middle_last != 0)
        *to = age->middle_last;
    else if (which == XD_PART_NOT_EARLY && age->middle_first != 0)
        *from = age->middle_first;
    else if (which == XD_PART_MIDDLE && age->middle_first != 0) {
        *from = age->middle_first;
        *to = age->middle_last;
    } else if (which == XD_PART_LATE && age->late_first != 0)
        *from = age->late_first;
    else
        return false;
    return true;
}

bool xd_date_part_of(xd_date_reader *r, int which, xd_dating *d)
{
    int64_t from, to, first, last;
    xd_dating_unit unit = d->unit;
    if (unit == XD_DATING_MONTH)
        return part_of_month(which, d);
    if (unit == XD_DATING_DAY || unit == XD_DATING_OPEN)
        return xd_date_why(r, "一天不能再分初、末", "a day has no early or late part");
    xd_period_years((xd_period){d->from, d->to}, &from, &to);
    int64_t year = d->year;
    if (unit == XD_DATING_YEAR || unit == XD_DATING_REIGN_YEAR) {
        share(12, which, &first, &last);
        d->from = xd_day_of(from, (int)first + 1, 1);
        d->to = last == 11 ? xd_day_of(to + 1, 1, 1) - 1 : xd_day_of(to, (int)last + 2, 1) - 1;
        d->unit = XD_DATING_MONTH;
        d->month = 0;
        return true;
    }
    if (!part_by_custom(d, which, &from, &to)) {
        if (from == INT64_MIN || to == INT64_MAX)
            return xd_date_why(r, "没有起止的时期不能分初、末",
                               "an open time has no early or late part");
        int64_t start = from;
        share(to - from + 1, which, &first, &last);
        from = start + first;
        to = start + last;
    }
    if (!xd_date_years(r, from, to, unit, d))
        return false;
    d->year = year;
    return true;
}

static bool season_of(xd_date_reader *r, xd_dating *d)
{
    static const char *const seasons[] = {"春", "夏", "秋", "冬"};
    bool year = d->unit == XD_DATING_YEAR || d->unit == XD_DATING_REIGN_YEAR;
    for (int i = 0; year && i < 4; i++) {
        if (!xd_date_eat(r, seasons[i]))
            continue;
        xd_date_eat(r, "季");
        int month = 2 + 3 * i;
        d->from = xd_day_of(d->year, month, 1);
        d->to = (i == 3 ? xd_day_of(d->year + 1, 3, 1) : xd_day_of(d->year, month + 4, 1)) - 1;
        d->unit = XD_DATING_MONTH;
        d->month = 0;
        return true;
    }
    return false;
}

static bool quarter_of(xd_date_reader *r, xd_dating *d)
{
    size_t start = r->at;
    xd_numeral n;
    xd_date_eat(r, "第");
    if (d->unit == XD_DATING_YEAR && xd_numeral_read(r->s, &r->at, &n) && n.value >= 1 &&
        n.value <= 4 && xd_date_eat(r, "季度")) {
        int month = 3 * (int)n.value - 2;
        d->from = xd_day_of(d->year, month, 1);
        d->to =
            (month == 10 ? xd_day_of(d->year + 1, 1, 1) : xd_day_of(d->year, month + 3, 1)) - 1;
        d->unit = XD_DATING_MONTH;
        d->month = 0;
        return true;
    }
    r->at = start;
    return false;
}

bool xd_date_part(xd_date_reader *r, xd_dating *d)
{
    static const struct {
        const char *word;
        int part;
    } parts[] = {
        {"早中期", XD_PART_NOT_LATE   },
        {"前中期", XD_PART_NOT_LATE   },
        {"中晚期", XD_PART_NOT_EARLY  },
        {"中后期", XD_PART_NOT_EARLY  },
        {"中末期", XD_PART_NOT_EARLY  },
        {"上半叶", XD_PART_FIRST_HALF },
        {"上半期", XD_PART_FIRST_HALF },
        {"上半年", XD_PART_FIRST_HALF },
        {"上半",    XD_PART_FIRST_HALF },
        {"前半叶", XD_PART_FIRST_HALF },
        {"前半期", XD_PART_FIRST_HALF },
        {"前半",    XD_PART_FIRST_HALF },
        {"下半叶", XD_PART_SECOND_HALF},
        {"下半期", XD_PART_SECOND_HALF},
        {"下半年", XD_PART_SECOND_HALF},
        {"下半",    XD_PART_SECOND_HALF},
        {"后半叶", XD_PART_SECOND_HALF},
        {"后半期", XD_PART_SECOND_HALF},
        {"后半",    XD_PART_SECOND_HALF},
        {"初年",    XD_PART_EARLY      },
        {"初期",    XD_PART_EARLY      },
        {"初叶",    XD_PART_EARLY      },
        {"早期",    XD_PART_EARLY      },
        {"早年",    XD_PART_EARLY      },
        {"前期",    XD_PART_EARLY      },
        {"上旬",    XD_PART_EARLY      },
        {"初",       XD_PART_EARLY      },
        {"中期",    XD_PART_MIDDLE     },
        {"中叶",    XD_PART_MIDDLE     },
        {"中旬",    XD_PART_MIDDLE     },
        {"中",       XD_PART_MIDDLE     },
        {"末年",    XD_PART_LATE       },
        {"末期",    XD_PART_LATE       },
        {"末叶",    XD_PART_LATE       },
        {"晚期",    XD_PART_LATE       },
        {"晚年",    XD_PART_LATE       },
        {"后期",    XD_PART_LATE       },
        {"下旬",    XD_PART_LATE       },
        {"底",       XD_PART_LATE       },
        {"末",       XD_PART_LATE       },
        {"季",       XD_PART_LATE       },
    };
    if (season_of(r, d) || quarter_of(r, d))
        return true;
    size_t start = r->at;
    xd_date_eat(r, "之"); /* 世纪之初 */
    xd_date_eat(r, "的");
    if (d->unit == XD_DATING_YEAR)
        xd_date_eat(r, "年"); /* 1953年年底 */
    for (size_t i = 0; i < XD_LEN(parts); i++) {
        if (xd_date_eat(r, parts[i].word))
            return xd_date_part_of(r, parts[i].part, d);
    }
    r->at = start;
    return true;
}
