#include "cases.h"
#include "model/period_parts.h"

static xd_str flags_text(xd_arena *arena, unsigned flags)
{
    return xd_str_printf(arena, "%s%s%s%s", flags & XD_PERIOD_ABOUT ? "A" : "",
                         flags & XD_PERIOD_UNSURE ? "U" : "",
                         flags & XD_PERIOD_DISAGREES ? "D" : "",
                         flags & XD_PERIOD_CENTURY ? "C" : "");
}

START_TEST(spellings_of_the_table)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    rows r = rows_open(&cx, XD_SOURCE "/tests/cases/period/period.tsv");
    xd_str c[3];
    int n = 0, wrong = 0;
    for (; rows_next(&r, c, 3); n++) {
        xd_period p;
        unsigned flags = 0;
        xd_str edtf = XD_S("!");
        if (xd_period_read(&cx, c[0], &p, &flags)) {
            edtf = xd_period_edtf(cx.arena, p);
        } else {
            xd_err err = xd_err_take(&cx);
            ck_assert_int_eq(err.code, XD_INVALID);
            ck_assert(err.zh.n > 0 && err.en.n > 0);
        }
        xd_str got = flags_text(cx.arena, flags);
        if (!xd_str_eq(edtf, c[1]) || !xd_str_eq(got, c[2])) {
            printf("line %d: %.*s is %.*s [%.*s], not %.*s [%.*s]\n", r.line, XD_ARG(c[0]),
                   XD_ARG(edtf), XD_ARG(got), XD_ARG(c[1]), XD_ARG(c[2]));
            wrong++;
        }
    }
    fflush(stdout);
    ck_assert_int_eq(wrong, 0);
    ck_assert_int_gt(n, 300);
    xd_ctx_end(&cx);
}
END_TEST

static const char *const digit[] = {"〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"};

static xd_str chinese(xd_arena *arena, int n)
{
    if (n == 1)
        return XD_S("元");
    if (n < 10)
        return xd_str_of(digit[n]);
    return xd_str_printf(arena, "%s十%s", n < 20 ? "" : digit[n / 10],
                         n % 10 ? digit[n % 10] : "");
}

START_TEST(every_year_of_every_reign)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    int years = 0;
    for (size_t i = 0; i < xd_reigns_n; i++) {
        const xd_reign *reign = &xd_reigns[i];
        for (int year = reign->first; year <= reign->last; year++, years++) {
            int n = year - reign->first + 1;
            xd_str texts[] = {
                xd_str_printf(cx.arena, "%s" XD_FMT "年", reign->name,
                              XD_ARG(chinese(cx.arena, n))),
                xd_str_printf(cx.arena, "%s%d年", reign->name, n),
                xd_str_printf(cx.arena, "%s%s%d年（%d）",
                              reign->dynasty == NULL ? "" : reign->dynasty, reign->name, n,
                              year),
            };
            for (size_t k = 0; k < XD_LEN(texts); k++) {
                xd_period p;
                unsigned flags;
                int64_t from, to;
                if (strncmp(reign->dynasty == NULL ? "" : reign->dynasty, "清后金", 9) == 0 &&
                    k == 2)
                    continue; /* the table's word for two names */
                XD_OK_CALL(&cx, xd_period_read(&cx, texts[k], &p, &flags));
                xd_period_years(p, &from, &to);
                /* A name used twice covers both unless the Western year says which. */
                ck_assert_msg(from <= year && year <= to && (k < 2 || from == to),
                              XD_FMT " is %d–%d", XD_ARG(texts[k]), (int)from, (int)to);
                ck_assert(from == to || (flags & XD_PERIOD_UNSURE) != 0);
            }
        }
        ck_assert_int_le(reign->first, reign->last);
    }
    ck_assert_int_gt(years, 1300);
    xd_ctx_end(&cx);
}
END_TEST

START_TEST(reigns_since_1644_have_no_gap)
{
    int covered[400] = {0};
    for (size_t i = 0; i < xd_reigns_n; i++) {
        if (xd_reigns[i].dynasty == NULL || strcmp(xd_reigns[i].dynasty, "清") != 0)
            continue;
        for (int y = xd_reigns[i].first; y <= xd_reigns[i].last; y++)
            covered[y - 1600]++;
    }
    for (int y = 1644; y <= 1911; y++)
        ck_assert_msg(covered[y - 1600] == 1 || y == 1861, "%d is in %d reigns", y,
                      covered[y - 1600]);
}
END_TEST

START_TEST(edtf_of_any_interval_reads_back)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    uint64_t seed = 1;
    for (int i = 0; i < 20000; i++) {
        int32_t end[2];
        for (int k = 0; k < 2; k++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            int64_t year = (int64_t)(seed >> 33) % (i % 10 == 0 ? 40000 : 4000) - 1000;
            int month = (int)((seed >> 20) % 12) + 1, day = (int)((seed >> 10) % 28) + 1;
            unsigned coarse = (unsigned)(seed >> 5) % 3;
            end[k] = xd_day_of(year, coarse == 0 ? 1 : month, coarse < 2 ? 1 : day);
            end[k] -= k == 1 && coarse < 2;
        }
        xd_period p = {end[0], end[1]}, back;
        if (p.from > p.to)
            p = (xd_period){end[1], end[0]};
        if (i % 50 == 0)
            p.from = XD_DAY_OPEN_START;
        if (i % 70 == 0)
            p.to = XD_DAY_OPEN_END;
        unsigned flags;
        xd_str text = xd_period_edtf(cx.arena, p);
        XD_OK_CALL(&cx, xd_period_read(&cx, text, &back, &flags));
        ck_assert_msg(back.from == p.from && back.to == p.to && flags == 0,
                      XD_FMT " reads back as " XD_FMT, XD_ARG(text),
                      XD_ARG(xd_period_edtf(cx.arena, back)));
        if (p.from != XD_DAY_OPEN_START) {
            int32_t day;
            ck_assert(xd_day_read(xd_day_text(cx.arena, p.from), &day));
            ck_assert_int_eq(day, p.from);
        }
        xd_ctx_reset(&cx);
    }
    xd_ctx_end(&cx);
}
END_TEST

START_TEST(what_people_read_reads_back)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    static const struct {
        const char *edtf, *zh, *en;
    } cases[] = {
        {"1953",            "1953年",                        "1953"                       },
        {"1950/1959",       "1950—1959年",                 "1950–1959"                },
        {"1953-07",         "1953年7月",                    "July 1953"                  },
        {"1953-07-02",      "1953年7月2日",                "2 July 1953"                },
        {"1953-07/1954-02", "1953年7月—1954年2月",      "July 1953 – February 1954"},
        {"-0474",           "公元前475年",                "475 BC"                     },
        {"-0474/-0220",     "公元前475—公元前221年", "475 BC–221 BC"            },
        {"-0205/0008",      "公元前206—公元8年",      "206 BC–8 AD"              },
        {"1953/..",         "1953年至今",                  "since 1953"                 },
        {"../1949",         "1949年以前",                  "until 1949"                 },
    };
    for (size_t i = 0; i < XD_LEN(cases); i++) {
        xd_period p, back;
        unsigned flags;
        XD_OK_CALL(&cx, xd_period_read(&cx, xd_str_of(cases[i].edtf), &p, &flags));
        XD_STR_IS(xd_period_text(cx.arena, p, XD_ZH), cases[i].zh);
        XD_STR_IS(xd_period_text(cx.arena, p, XD_EN), cases[i].en);
        for (xd_lang lang = XD_ZH; lang <= XD_EN; lang++) {
            xd_str text = xd_period_text(cx.arena, p, lang);
            XD_OK_CALL(&cx, xd_period_read(&cx, text, &back, &flags));
            ck_assert_msg(back.from == p.from && back.to == p.to, XD_FMT, XD_ARG(text));
        }
    }
    xd_ctx_end(&cx);
}
END_TEST

START_TEST(days_count_as_the_calendar_does)
{
    ck_assert_int_eq(xd_day_of(1970, 1, 1), 0);
    ck_assert_int_eq(xd_day_of(2000, 3, 1), 11017);
    ck_assert_int_eq(xd_day_of(-474, 1, 1), -892653);
    int64_t year;
    int month, day;
    for (int32_t d = -900000; d < 40000; d++) {
        xd_day_parts(d, &year, &month, &day);
        ck_assert_int_eq(xd_day_of(year, month, day), d);
    }
    int32_t got;
    ck_assert(!xd_day_read(XD_S("1953-02-29"), &got));
    ck_assert(!xd_day_read(XD_S("1953-2-1"), &got));
    ck_assert(!xd_day_read(XD_S("19530-02-01"), &got));
    ck_assert(!xd_day_read(XD_S("1953-02-+1"), &got));
    ck_assert(xd_day_read(XD_S("+12000-02-01"), &got));
    ck_assert(xd_day_read(XD_S("-0474-12-31"), &got));
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, spellings_of_the_table);
    tcase_add_test(tests, every_year_of_every_reign);
    tcase_add_test(tests, reigns_since_1644_have_no_gap);
    tcase_add_test(tests, edtf_of_any_interval_reads_back);
    tcase_add_test(tests, what_people_read_reads_back);
    tcase_add_test(tests, days_count_as_the_calendar_does);
}

XD_TESTS("model/period", add)
