/* Dates in numbers: ISO and EDTF, 1953年7月2日, 1953.7, 20世纪50年代, 六七十年代, 1950s, July
 * 1953. */
#include "model/period_parts.h"

static bool is_digit(const xd_date_reader *r, size_t at)
{
    return at < r->s.n && r->s.p[at] >= '0' && r->s.p[at] <= '9';
}

static size_t digits_at(const xd_date_reader *r, size_t at)
{
    size_t n = 0;
    while (is_digit(r, at + n))
        n++;
    return n;
}

static int64_t value_of(const xd_date_reader *r, size_t at, size_t n)
{
    int64_t value = 0;
    for (size_t i = 0; i < n; i++)
        value = value * 10 + (r->s.p[at + i] - '0');
    return value;
}

/* T08:30:00Z or 08:30 behind a day, as spreadsheets and databases write it: read over. */
static void eat_time(xd_date_reader *r)
{
    size_t start = r->at;
    if (!(xd_date_eat(r, "t") || xd_date_eat(r, " ")) || digits_at(r, r->at) > 2 ||
        digits_at(r, r->at) == 0) {
        r->at = start;
        return;
    }
    r->at += digits_at(r, r->at);
    while (xd_date_is(r, ":") || xd_date_is(r, ".")) {
        r->at++;
        r->at += digits_at(r, r->at);
    }
    xd_date_eat(r, "z");
    if (r->at < r->s.n && (r->s.p[r->at] == '+' || r->s.p[r->at] == '-') &&
        digits_at(r, r->at + 1) == 2 && r->s.p[r->at + 3 < r->s.n ? r->at + 3 : r->at] == ':')
        r->at += 6;
    if (r->at > r->s.n)
        r->at = start;
}

/* EDTF with unspecified digits: 195x, 19xx, 1953-xx, 1953-07-xx, 1953-xx-xx. */
static bool unspecified(xd_date_reader *r, xd_dating *d)
{
    size_t at = r->at, known = digits_at(r, at), x = 0;
    while (at + known + x < r->s.n && r->s.p[at + known + x] == 'x')
        x++;
    if (known == 0 || known > 4 || known + x != 4)
        return false;
    int64_t year = value_of(r, at, known), size = 1;
    for (size_t i = 0; i < x; i++, size *= 10)
        year *= 10;
    r->at += 4;
    if (x > 0) {
        while (xd_date_eat(r, "-xx"))
            continue;
        return xd_date_years(r, year, year + size - 1,
                             x == 1 ? XD_DATING_DECADE : XD_DATING_AGE, d);
    }
    if (xd_date_eat(r, "-xx")) {
        xd_date_eat(r, "-xx"); /* neither month nor day known */
        return xd_date_years(r, year, year, XD_DATING_YEAR, d);
    }
    if (xd_date_is(r, "-") && digits_at(r, r->at + 1) == 2 && r->at + 3 < r->s.n) {
        int64_t month = value_of(r, r->at + 1, 2);
        r->at += 3;
        if (xd_date_eat(r, "-xx"))
            return xd_date_month(r, year, month, d);
    }
    r->at = at;
    return false;
}

/* EDTF seasons, northern: 21 spring … 24 winter, by the months a Chinese season may touch. */
static bool season(xd_date_reader *r, int64_t year, int64_t which, xd_dating *d)
{
    if (!xd_date_years(r, year, year, XD_DATING_YEAR, d))
        return false;
    int month = 2 + 3 * (int)(which - 21);
    d->from = xd_day_of(year, month, 1);
    d->to = which == 24 ? xd_day_of(year + 1, 3, 1) - 1 : xd_day_of(year, month + 4, 1) - 1;
    d->unit = XD_DATING_MONTH;
    d->month = month;
    return true;
}

/* Behind a year of four digits: -07-02, .7.2, /7/2, -07, -21. Nothing moves when what follows
 * is not of this date but of a range. */
static bool month_and_day(xd_date_reader *r, int64_t year, xd_dating *d)
{
    char sep = r->at < r->s.n ? r->s.p[r->at] : '\0';
    size_t n = digits_at(r, r->at + 1), behind = r->at + 1 + n;
    if (sep != '-' && sep != '.' && sep != '/')
        return xd_date_years(r, year, year, XD_DATING_YEAR, d);
    bool full = behind < r->s.n && r->s.p[behind] == sep && digits_at(r, behind + 1) > 0 &&
                digits_at(r, behind + 1) <= 2;
    int64_t month = n == 1 || n == 2 ? value_of(r, r->at + 1, n) : 0;
    xd_date_reader ahead = *r;
    ahead.at = behind;
    bool year_behind = xd_date_is(&ahead, "年");
    bool is_season = sep == '-' && !full && n == 2 && month >= 21 && month <= 24;
    if (is_season && month > year % 100) {
        r->flags |= XD_PERIOD_UNSURE; /* 1915-21 may be spring 1915 too, which it covers */
        is_season = false;
    }
    if (is_season) {
        r->at = behind;
        return season(r, year, month, d);
    }
    if (month == 0 || year_behind || (month > 12 && !full))
        return xd_date_years(r, year, year, XD_DATING_YEAR, d);
    if (!full) {
        r->at = behind;
        xd_date_eat(r, "月"); /* 1953.7月 */
        return xd_date_month(r, year, month, d);
    }
    size_t day_digits = digits_at(r, behind + 1);
    int64_t day = value_of(r, behind + 1, day_digits);
    r->at = behind + 1 + day_digits;
    if (!xd_date_day(r, year, month, day, d))
        return false;
    xd_date_eat(r, "日"); /* 1953.7.2日 */
    eat_time(r);
    return true;
}

bool xd_date_edtf(xd_date_reader *r, xd_dating *d)
{
    xd_date_reader saved = *r;
    *d = (xd_dating){0};
    if (unspecified(r, d))
        return true;
    bool far = xd_date_eat(r, "y"), negative = xd_date_eat(r, "-");
    size_t n = digits_at(r, r->at);
    bool four = n == 4 && r->at + 4 <= r->s.n;
    bool day = n == 8 && !far && !negative;
    if ((!four && !day && !(far && n > 4 && n < 9)) || (far && n <= 4)) {
        *r = saved;
        return false;
    }
    int64_t number = value_of(r, r->at, n);
    r->at += n;
    if (day) {
        if (xd_date_day(r, number / 10000, number / 100 % 100, number % 100, d) &&
            xd_date_end(r))
            return true;
    } else if (far || negative || !xd_date_is(r, "年")) {
        xd_date_reader ahead = *r;
        bool other = xd_date_is(&ahead, "世纪") || xd_date_is(&ahead, "s") ||
                     xd_date_unit(&ahead, "年代");
        if (!other && month_and_day(r, negative ? -number : number, d))
            return true;
    }
    return xd_date_back(r, &saved);
}

/* Numbers with units -------------------------------------------------------------------- */

/* 年代 stands next, or behind the second of a range. */
static bool decade(xd_date_reader *r, xd_numeral number, int64_t century, xd_dating *d)
{
    int64_t n = number.value;
    if (!xd_date_eat(r, "年代") && number.chinese && n < 10)
        n *= 10; /* 六、七十年代 */
    int64_t first = n, last = n;
    if (n >= 120 && n < 900 && n % 10 == 0) { /* 六七十 reads as 670: two decades */
        first = n / 100 * 10;
        last = n / 10 % 10 * 10;
        if (last != first + 10)
            return xd_date_why(r, "年代写得不清楚", "the decades are not clear");
    }
    if (first % 10 != 0 || (first >= 100 && first < 1000) || first > 9990)
        return xd_date_why(r, "年代应是整十年", "a decade begins with a year that ends in 0");
    if (first < 100) {
        if (century == 0 && first < 20)
            return xd_date_why(r, "请写明是哪个世纪的年代",
                               "say of which century the decade is");
        if (century == 0) {
            r->flags |= XD_PERIOD_CENTURY;
            century = 1900;
        }
        d->century = century;
        first += century;
        last += century;
    }
    int64_t kept = d->century;
    if (!xd_date_years(r, first, last + 9, XD_DATING_DECADE, d))
        return false;
    d->century = kept;
    return true;
}

static bool century(xd_date_reader *r, int64_t n, bool bc, bool ad, const xd_dating *near,
                    xd_dating *d)
{
    if (n < 1 || n > 60)
        return xd_date_why(r, "没有这个世纪", "there is no such century");
    bc = bc ||
         (!ad && near != NULL && near->unit == XD_DATING_CENTURY && near->bc && n < near->year);
    size_t start = r->at;
    xd_numeral tens;
    xd_date_eat(r, "的"); /* 20世纪的50年代 */
    if (!bc && xd_numeral_read(r->s, &r->at, &tens) && xd_date_unit(r, "年代") &&
        tens.value < 900) {
        return decade(r, tens, (n - 1) * 100, d);
    }
    r->at = start;
    d->bc = bc;
    int64_t first = bc ? 1 - 100 * n : 100 * (n - 1) + 1;
    if (!xd_date_years(r, first, first + 99, XD_DATING_CENTURY, d))
        return false;
    d->bc = bc;
    d->year = n;
    return true;
}

/* 7月2日 behind a year; all of it may be missing. */
static bool month_behind(xd_date_reader *r, int64_t year, xd_dating *d)
{
    size_t start = r->at;
    xd_numeral month, day;
    bool first = xd_date_eat(r, "元月") || xd_date_eat(r, "正月");
    month.value = 1;
    if (!first && !(xd_numeral_read(r->s, &r->at, &month) && xd_date_unit(r, "月"))) {
        r->at = start;
        return xd_date_years(r, year, year, XD_DATING_YEAR, d);
    }
    if (!first && !xd_date_eat(r, "月")) /* 7—9月 */
        return xd_date_month(r, year, month.value, d);
    start = r->at;
    if (xd_numeral_read(r->s, &r->at, &day) &&
        (xd_date_unit(r, "日") || xd_date_unit(r, "号") || xd_date_end(r))) {
        if (!xd_date_eat(r, "日"))
            xd_date_eat(r, "号");
        return xd_date_day(r, year, month.value, day.value, d);
    }
    r->at = start;
    return xd_date_month(r, year, month.value, d);
}

/* A year as written: 475 BC is −474; 53年 is taken as 1953. */
static bool year_said(xd_date_reader *r, xd_numeral n, bool bc, bool ad, int64_t *ret_year)
{
    if (n.value < 1 || (n.value > 9999 && !bc))
        return xd_date_why(r, "没有这一年", "there is no such year");
    *ret_year = bc ? 1 - n.value : n.value;
    if (bc || ad || n.value >= 100 || n.digits == 4)
        return true;
    if (n.digits != 2 || n.value < 20)
        return xd_date_why(r, "年份请写四位", "write the year with four digits");
    r->flags |= XD_PERIOD_CENTURY;
    *ret_year = 1900 + n.value;
    return true;
}

/* What a second number takes from the first of a range: 1953—58, 1953年7月—9月, 2—5日. */
static bool inherit(xd_date_reader *r, xd_numeral n, const xd_dating *near, xd_dating *d)
{
    if (near == NULL)
        return false;
    if ((near->unit == XD_DATING_MONTH || near->unit == XD_DATING_DAY) && !near->lunar &&
        xd_date_unit(r, "月")) {
        xd_date_eat(r, "月");
        size_t start = r->at;
        xd_numeral day;
        if (xd_numeral_read(r->s, &r->at, &day) &&
            (xd_date_eat(r, "日") || xd_date_eat(r, "号")))
            return xd_date_day(r, near->year, n.value, day.value, d);
        r->at = start;
        return xd_date_month(r, near->year, n.value, d);
    }
    if (near->unit == XD_DATING_DAY && (xd_date_eat(r, "日") || xd_date_eat(r, "号")))
        return xd_date_day(r, near->year, near->month, n.value, d);
    if (near->unit == XD_DATING_YEAR && n.digits == 2 && near->year > 100 &&
        (xd_date_eat(r, "年") || xd_date_end(r))) {
        int64_t year = near->year - near->year % 100 + n.value;
        return xd_date_years(r, year, year, XD_DATING_YEAR, d);
    }
    return false;
}

static bool eat_ordinal(xd_date_reader *r)
{
    return xd_date_eat(r, "st") || xd_date_eat(r, "nd") || xd_date_eat(r, "rd") ||
           xd_date_eat(r, "th");
}

/* 1950s is a decade; 1900s may be one or a century, so it is the century. */
static bool plural(xd_date_reader *r, int64_t n, xd_dating *d)
{
    if (n >= 1000 && n % 100 == 0) {
        r->flags |= XD_PERIOD_UNSURE;
        return xd_date_years(r, n, n + 99, XD_DATING_CENTURY, d);
    }
    return decade(r, (xd_numeral){.value = n}, 0, d);
}

static bool number_and_unit(xd_date_reader *r, xd_numeral n, bool bc, bool ad,
                            const xd_dating *near, xd_dating *d)
{
    int64_t year;
    if (xd_date_unit(r, "世纪")) {
        xd_date_eat(r, "世纪"); /* or behind the second of a range */
        return century(r, n.value, bc, ad, near, d);
    }
    if (eat_ordinal(r))
        return (xd_date_eat(r, " century") || xd_date_eat(r, " c") || near != NULL ||
                xd_date_is(r, " to ") || xd_date_is(r, "-") || xd_date_is(r, "—")) &&
               century(r, n.value, xd_date_eat(r, " bc") || bc, ad, near, d);
    if (xd_date_eat(r, "s"))
        return plural(r, n.value, d);
    if (xd_date_unit(r, "年代")) {
        return decade(r, n, near == NULL ? 0 : near->century, d);
    }
    if (!bc && !ad && inherit(r, n, near, d))
        return true;
    bc = bc || xd_date_eat(r, " bce") || xd_date_eat(r, " bc") || xd_date_eat(r, "bc");
    ad = ad || xd_date_eat(r, " ce") || xd_date_eat(r, " ad");
    /* 公元前475—221年: years before Christ run down. */
    bc = bc || (!ad && near != NULL && near->bc && n.value < 1 - near->year);
    bool said = xd_date_eat(r, "年") || xd_date_unit(r, "年") || bc || ad || n.digits == 4 ||
                (n.digits == 3 && r->depth > 0); /* 贞观元年（627） */
    if (!said || !year_said(r, n, bc, ad, &year))
        return false;
    xd_date_eat(r, "度"); /* 1953年度 */
    if (!month_behind(r, year, d))
        return false;
    d->bc = bc;
    return true;
}

static bool eat_last_century(xd_date_reader *r, int64_t *ret_n)
{
    if (xd_date_eat(r, "上个世纪") || xd_date_eat(r, "上世纪"))
        *ret_n = 20;
    else if (xd_date_eat(r, "本世纪"))
        *ret_n = 21;
    else
        return false;
    return true;
}

bool xd_date_numeric(xd_date_reader *r, const xd_dating *near, xd_dating *d)
{
    xd_date_reader saved = *r;
    *d = (xd_dating){0};
    int64_t which;
    if (eat_last_century(r, &which) && century(r, which, false, true, NULL, d))
        return true;
    bool bc = xd_date_eat(r, "公元前") || xd_date_eat(r, "西元前") || xd_date_eat(r, "前") ||
              xd_date_eat(r, "bc ") || xd_date_eat(r, "bc");
    bool ad = !bc && (xd_date_eat(r, "公元") || xd_date_eat(r, "西元") ||
                      xd_date_eat(r, "ad ") || xd_date_eat(r, "公历"));
    xd_date_eat(r, "第"); /* 第20世纪 */
    xd_numeral n;
    if (xd_numeral_read(r->s, &r->at, &n) && number_and_unit(r, n, bc, ad, near, d))
        return true;
    return xd_date_back(r, &saved);
}

/* English ------------------------------------------------------------------------------- */

static int eat_month_name(xd_date_reader *r)
{
    static const char *const names[12] = {"january",   "february", "march",    "april",
                                          "may",       "june",     "july",     "august",
                                          "september", "october",  "november", "december"};
    for (int i = 0; i < 12; i++) {
        if (xd_date_eat(r, names[i]))
            return i + 1;
        char shorter[4] = {names[i][0], names[i][1], names[i][2], '\0'};
        if (xd_date_eat(r, shorter)) {
            xd_date_eat(r, "."); /* Jul. */
            return i + 1;
        }
    }
    return 0;
}

static int64_t eat_number(xd_date_reader *r, size_t least, size_t most)
{
    size_t n = digits_at(r, r->at);
    if (n < least || n > most)
        return -1;
    int64_t value = value_of(r, r->at, n);
    r->at += n;
    return value;
}

/* July 1953, 2 July 1953, July 2, 1953. */
static bool english_date(xd_date_reader *r, xd_dating *d)
{
    int64_t day = eat_number(r, 1, 2);
    if (day > 0)
        eat_ordinal(r);
    xd_date_eat(r, " ");
    int month = eat_month_name(r);
    if (month == 0)
        return false;
    xd_date_eat(r, " ");
    size_t start = r->at;
    if (day < 0) {
        day = eat_number(r, 1, 2);
        eat_ordinal(r);
    }
    if (!xd_date_eat(r, ",") && !xd_date_eat(r, " ") && r->at > start) {
        r->at = start; /* July 1953: those were the first digits of the year */
        day = -1;
    }
    int64_t year = eat_number(r, 4, 4);
    if (year < 0)
        return false;
    return day > 0 ? xd_date_day(r, year, month, day, d) : xd_date_month(r, year, month, d);
}

/* early, mid-, late, first half of the, spring: what follows is narrowed. */
static bool english_part(xd_date_reader *r, int *ret_part)
{
    static const struct {
        const char *words;
        int part;
    } parts[] = {
        {"early ",          XD_PART_EARLY      },
        {"mid-",            XD_PART_MIDDLE     },
        {"mid ",            XD_PART_MIDDLE     },
        {"middle of ",      XD_PART_MIDDLE     },
        {"late ",           XD_PART_LATE       },
        {"beginning of ",   XD_PART_EARLY      },
        {"end of ",         XD_PART_LATE       },
        {"first half of ",  XD_PART_FIRST_HALF },
        {"second half of ", XD_PART_SECOND_HALF},
    };
    for (size_t i = 0; i < XD_LEN(parts); i++) {
        if (xd_date_eat(r, parts[i].words)) {
            *ret_part = parts[i].part;
            return true;
        }
    }
    return false;
}

bool xd_date_english(xd_date_reader *r, xd_dating *d)
{
    xd_date_reader saved = *r;
    *d = (xd_dating){0};
    xd_date_eat(r, "the ");
    int part;
    bool narrowed = english_part(r, &part);
    xd_date_eat(r, "the ");
    size_t start = r->at;
    bool read = english_date(r, d);
    if (!read) {
        r->at = start;
        read = xd_date_english_age(r, d) || (start > saved.at && xd_date_numeric(r, NULL, d));
    }
    if (read && (!narrowed || xd_date_part_of(r, part, d)))
        return true;
    return xd_date_back(r, &saved);
}
