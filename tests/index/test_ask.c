/* Questions over a handful of records, one thing at a time. */
#include "world.h"

static void begin(world *w)
{
    world_begin(w, XD_SEE_PUBLIC);
    world_put(w, 1,
              "{\"type\":\"firm\",\"state\":\"shown\",\"name\":{\"zh\":\"中国宣纸公司\",\"en\":"
              "\"China Xuan Paper\"},"
              "\"founded\":{\"text\":\"1951\",\"from\":\"1951-01-01\",\"to\":\"1951-12-31\"}}");
    world_put(w, 10,
              "{\"type\":\"works\",\"state\":\"shown\",\"number\":\"341823-W-0001\",\"name\":{"
              "\"zh\":\"泾县宣纸厂\",\"en\":\"Jingxian Xuan Paper Mill\"},"
              "\"division\":[\"341823\"],\"grade\":\"top\",\"trade\":[\"C221\"],"
              "\"built\":{\"text\":\"1951年\",\"from\":\"1951-01-01\",\"to\":\"1951-12-31\"},"
              "\"site\":[{\"geometry\":{\"type\":\"Point\",\"coordinates\":[1184517000,"
              "305617000]},\"precision\":\"town\"}],"
              "\"owner\":[{\"id\":1,\"text\":\"宣纸公司\"}],\"area\":{\"n\":\"120.5\",\"unit\":"
              "\"m2\"}}");
    world_put(w, 11,
              "{\"type\":\"works\",\"state\":\"shown\",\"name\":{\"zh\":\"合肥钢铁厂\",\"en\":"
              "\"Hefei Steelworks\"},"
              "\"formerly\":[{\"zh\":\"大通铁厂\"}],\"division\":[\"341500\"],\"grade\":"
              "\"top\",\"trade\":[\"C31\"],"
              "\"built\":{\"text\":\"1950年代\",\"from\":\"1950-01-01\",\"to\":\"1959-12-31\"},"
              "\"site\":[{\"geometry\":{\"type\":\"Point\",\"coordinates\":[1173097800,"
              "318715700]},\"precision\":\"site\"}]}");
    world_put(w, 12,
              "{\"type\":\"works\",\"state\":\"shown\",\"name\":{\"zh\":\"纸品仓库\"},"
              "\"grade\":\"low\","
              "\"notes\":{\"zh\":\"存放宣纸。\"},\"secret\":{\"zh\":\"宣纸秘方\"},"
              "\"site\":[{\"geometry\":{\"type\":\"Point\",\"coordinates\":[1184600000,"
              "305700000]},\"precision\":\"exact\"}],"
              "\"sensitive\":true,\"division\":[\"341823\"]}");
    world_put(w, 13, "{\"type\":\"works\",\"state\":\"draft\",\"name\":{\"zh\":\"宣纸暗厂\"}}");
    world_put(w, 14,
              "{\"type\":\"works\",\"state\":\"shown\",\"name\":{\"zh\":\"歙县煤矿\"},"
              "\"division\":[\"341021\"],\"trade\":[\"B06\"],\"open\":true}");
}

static const char *by_q(world *w, const char *q)
{
    xd_ask ask = {.type = w->works, .q = xd_str_of(q), .limit = 10};
    return world_ids(w, &ask);
}

START_TEST(words)
{
    world w;
    begin(&w);
    ck_assert_str_eq(by_q(&w, "宣纸"), "10 12");
    ck_assert_str_eq(by_q(&w, "宣紙"), "10 12");
    ck_assert_str_eq(by_q(&w, "xuanzhi"), "10");
    ck_assert_str_eq(by_q(&w, "hfgt"), "11");
    ck_assert_str_eq(by_q(&w, "hefei"), "11");
    ck_assert_str_eq(by_q(&w, "大通"), "11");
    ck_assert_str_eq(by_q(&w, "paper mill"), "10");
    ck_assert_str_eq(by_q(&w, "酿酒"), "");
    ck_assert_str_eq(by_q(&w, "造纸"), "10");    /* a wider trade's label */
    ck_assert_str_eq(by_q(&w, "宣城"), "10 12"); /* a wider division's alias */
    ck_assert_str_eq(by_q(&w, "luan"), "11");
    ck_assert_str_eq(by_q(&w, "shexian"), "14");
    ck_assert_str_eq(by_q(&w, "341823-W-0001"), "10");
    ck_assert_str_eq(by_q(&w, "秘方"), "");
    ck_assert_str_eq(by_q(&w, "暗厂"), "");
    ck_assert_str_eq(by_q(&w, "纸公司"), "10");
    ck_assert_str_eq(by_q(&w, "中国宣纸"), "10"); /* its owner's title */
    ck_assert_str_eq(by_q(&w, "zhongguo"), "10");
    ck_assert_str_eq(by_q(&w, "\"宣，纸厂\""), "10"); /* the text has no comma there */
    world_end(&w);
}
END_TEST

static const char *by_filter(world *w, const char *text)
{
    xd_ask ask = {.type = w->works, .filter = world_filter(w, w->works, text), .limit = 10};
    return world_ids(w, &ask);
}

START_TEST(conditions)
{
    world w;
    begin(&w);
    ck_assert_str_eq(by_filter(&w, "grade = 'top'"), "11 10");
    ck_assert_str_eq(by_filter(&w, "grade <> 'top'"), "12");
    ck_assert_str_eq(by_filter(&w, "NOT grade = 'top'"), "12");
    ck_assert_str_eq(by_filter(&w, "grade IS NULL"), "14");
    ck_assert_str_eq(by_filter(&w, "trade = 'C'"), "11 10");
    ck_assert_str_eq(by_filter(&w, "trade = 'B6'"), "14");
    ck_assert_str_eq(by_filter(&w, "trade IN ('C31','B')"), "11 14");
    ck_assert_str_eq(by_filter(&w, "built < DATE('1951-01-01')"), "11");
    ck_assert_str_eq(by_filter(&w, "built_from = 1951"), "10");
    ck_assert_str_eq(by_filter(&w, "name LIKE '%宣纸%'"), "10");
    ck_assert_str_eq(by_filter(&w, "area BETWEEN 120 AND 121"), "10");
    ck_assert_str_eq(by_filter(&w, "open = TRUE"), "14");
    ck_assert_str_eq(by_filter(&w, "owner.name LIKE '中国%'"), "10");
    ck_assert_str_eq(by_filter(&w, "S_INTERSECTS(site, BBOX(118.45,30.5,118.46,30.6))"), "10");
    ck_assert_str_eq(by_filter(&w, "id IN (10, 14)"), "10 14");
    ck_assert_str_eq(by_filter(&w, "CASEI(name) LIKE CASEI('%XUAN%')"), "");
    world_end(&w);
}
END_TEST

static const char *marked(world *w, const char *q, const char *text)
{
    const xd_range *ranges;
    size_t n, at = 0;
    xd_str t = xd_str_of(text);
    XD_OK_CALL(&w->cx, xd_highlight(&w->cx, xd_str_of(q), t, &ranges, &n));
    xd_buf out = {0};
    for (size_t i = 0; i < n; i++) {
        ck_assert_uint_ge(ranges[i].from, at);
        xd_buf_add(&out, xd_str_sub(t, at, ranges[i].from));
        xd_buf_printf(&out, "[" XD_FMT "]",
                      XD_ARG(xd_str_sub(t, ranges[i].from, ranges[i].to)));
        at = ranges[i].to;
    }
    xd_buf_add(&out, xd_str_sub(t, at, t.n));
    const char *s = xd_cstr(w->cx.arena, xd_buf_str(&out));
    xd_buf_free(&out);
    return s;
}

START_TEST(marks)
{
    static const struct {
        const char *q, *text, *marked;
    } cases[] = {
        {"宣纸",         "泾县宣纸厂的宣纸", "泾县[宣纸]厂的[宣纸]"},
        {"宣纸",         "涇縣宣紙廠",          "涇縣[宣紙]廠"           },
        {"paper mill",     "The Paper Mill, papers",   "The [Paper] [Mill], [paper]s"},
        {"\"paper mill\"", "Paper Mill and paper",     "[Paper Mill] and paper"      },
        {"纸厂 宣纸",  "宣纸厂",                "[宣纸厂]"                 },
        {"xuanzhi",        "泾县宣纸厂",          "泾县[宣纸]厂"           },
        {"xuanz",          "泾县宣纸厂",          "泾县[宣纸]厂"           },
        {"hfgt",           "合肥钢铁厂",          "[合肥钢铁]厂"           },
        {"gtc",            "合肥钢铁厂",          "合肥[钢铁厂]"           },
        {"gt",             "合肥钢铁厂",          "合肥钢铁厂"             },
        {"steel",          "ＳＴＥＥＬ <b>",      "[ＳＴＥＥＬ] <b>"       },
        {"无",            "泾县",                   "泾县"                      },
        {"",               "泾县",                   "泾县"                      },
    };
    world w;
    begin(&w);
    for (size_t i = 0; i < XD_LEN(cases); i++)
        ck_assert_str_eq(marked(&w, cases[i].q, cases[i].text), cases[i].marked);
    world_end(&w);
}
END_TEST

static const char *completions(world *w, const char *prefix)
{
    const xd_suggestion *list;
    size_t n;
    XD_OK_CALL(&w->cx, xd_suggest(&w->cx, xd_snap_open(&w->cx, w->index), w->works,
                                  xd_str_of(prefix), 10, XD_ZH, &list, &n));
    xd_buf out = {0};
    for (size_t i = 0; i < n; i++)
        xd_buf_printf(&out, "%s" XD_FMT "/" XD_FMT "/%d/%d", i > 0 ? " " : "",
                      XD_ARG(list[i].text), XD_ARG(list[i].field), (int)list[i].id,
                      (int)list[i].n);
    const char *s = xd_cstr(w->cx.arena, xd_buf_str(&out));
    xd_buf_free(&out);
    return s;
}

START_TEST(completing)
{
    world w;
    begin(&w);
    ck_assert_str_eq(completions(&w, "宣"), "宣城市/division/0/2 泾县宣纸厂/name/10/1");
    ck_assert_str_eq(completions(&w, "大通"), "大通铁厂/formerly/11/1");
    ck_assert_str_eq(completions(&w, "hfg"), "合肥钢铁厂/name/11/1");
    ck_assert_str_eq(completions(&w, "hefeist"), "");
    ck_assert_str_eq(completions(&w, "hefei st"), "Hefei Steelworks/name/11/1");
    ck_assert_str_eq(completions(&w, "xuanzhi"), "泾县宣纸厂/name/10/1");
    ck_assert_str_eq(
        completions(&w, "jing"),
        "泾县/division/0/2 泾县宣纸厂/name/10/1 Jingxian Xuan Paper Mill/name/10/1");
    ck_assert_str_eq(completions(&w, "煤"), "煤矿/trade/0/1 歙县煤矿/name/14/1");
    ck_assert_str_eq(completions(&w, "宣纸秘"), "");
    ck_assert_str_eq(completions(&w, "暗"), "");
    ck_assert_str_eq(completions(&w, " "), "");
    world_end(&w);
}
END_TEST

/* Nothing has what is typed: the nearest names, and none where none is near. */
START_TEST(slips)
{
    static const struct {
        const char *typed, *offered;
    } cases[] = {
        {"合肥钢厂",      "合肥钢铁厂/name/11/1"}, /* one left out */
        {"钢铁厂合肥",   "合肥钢铁厂/name/11/1"},
        {"歙线煤矿",      "歙县煤矿/name/14/1"   }, /* sounds alike */
        {"合飞刚铁厂",   "合肥钢铁厂/name/11/1"},
        {"hefeigantiechang",  "合肥钢铁厂/name/11/1"},
        {"steelwroks",        "合肥钢铁厂/name/11/1"},
        {"jinxian papr mill", "泾县宣纸厂/name/10/1"},
        {"铜陵铜矿",      ""                         },
        {"bridge",            ""                         },
        {"纸暗厂",         ""                         }, /* of a draft */
    };
    world w;
    begin(&w);
    for (size_t i = 0; i < XD_LEN(cases); i++)
        ck_assert_str_eq(completions(&w, cases[i].typed), cases[i].offered);
    world_end(&w);
}
END_TEST

START_TEST(finding_by_key)
{
    world w;
    begin(&w);
    world_put(&w, 20,
              "{\"type\":\"works\",\"state\":\"shown\",\"name\":{\"zh\":\"窑\"},\"source_id\":"
              "\"AH-N-007\"}");
    const xd_snap *snap = xd_snap_open(&w.cx, w.index);
    ck_assert_int_eq(xd_snap_find(snap, w.works, XD_S("341823-W-0001")), 10);
    ck_assert_int_eq(xd_snap_find(snap, w.works, XD_S("341823-w-0001")), 10);
    ck_assert_int_eq(xd_snap_find(snap, NULL, XD_S("341823-W-0001")), 10);
    ck_assert_int_eq(xd_snap_find(snap, w.firm, XD_S("341823-W-0001")), 0);
    ck_assert_int_eq(xd_snap_find(snap, w.works, XD_S("AH-N-007")), 20);
    ck_assert_int_eq(xd_snap_find(snap, w.works, XD_S("11")), 11);
    ck_assert_int_eq(xd_snap_find(snap, w.works, XD_S("011")), 0);
    ck_assert_int_eq(xd_snap_find(snap, w.works, XD_S("-11")), 0);
    ck_assert_int_eq(xd_snap_find(snap, w.firm, XD_S("11")), 0);
    ck_assert_int_eq(xd_snap_find(snap, w.works, XD_S("13")), 0); /* a draft */
    ck_assert_int_eq(xd_snap_find(snap, w.works, XD_S("99")), 0);
    ck_assert_int_eq(xd_snap_find(snap, w.works, XD_S("")), 0);
    const xd_json *body;
    int64_t rev;
    XD_OK_CALL(&w.cx, xd_snap_body(&w.cx, snap, 12, &body, &rev));
    ck_assert_ptr_nonnull(body);
    ck_assert_int_eq(rev, 120);
    ck_assert_ptr_null(xd_json_get(body, XD_S("secret")));
    XD_OK_CALL(&w.cx, xd_snap_body(&w.cx, snap, 13, &body, &rev));
    ck_assert_ptr_null(body);
    world_end(&w);
}
END_TEST

START_TEST(best_first)
{
    world w;
    world_begin(&w, XD_SEE_PUBLIC);
#define WORKS(rest) "{\"type\":\"works\",\"state\":\"shown\"," rest "}"
    world_put(&w, 1,
              WORKS("\"name\":{\"zh\":\"某厂\"},\"notes\":{\"zh\":"
                    "\"这里说到大桥，大桥，大桥。\"},\"grade\":\"top\""));
    world_put(&w, 2, WORKS("\"name\":{\"zh\":\"南京长江大桥\"}"));
    world_put(&w, 3, WORKS("\"name\":{\"zh\":\"大桥机械厂\"}"));
    world_put(&w, 4, WORKS("\"name\":{\"zh\":\"大桥\"}"));
    world_put(&w, 5, WORKS("\"name\":{\"zh\":\"某桥\"},\"formerly\":[{\"zh\":\"老大桥\"}]"));
    world_put(&w, 6, WORKS("\"name\":{\"zh\":\"某址\"},\"formerly\":[{\"zh\":\"大桥\"}]"));
    ck_assert_str_eq(by_q(&w, "大桥"), "4 6 3 2 5 1");
    world_put(&w, 7, WORKS("\"name\":{\"zh\":\"某地\"},\"number\":\"341823-W-0042\""));
    world_put(&w, 8, WORKS("\"name\":{\"zh\":\"341823 W 0042 号房\"}"));
    ck_assert_str_eq(by_q(&w, "341823-W-0042"), "7 8"); /* the number itself before a name */
    ck_assert_str_eq(by_q(&w, "daqiao"), "4 3 6 2 5");  /* by sound: names only */
    world_end(&w);
}
END_TEST

START_TEST(near_by)
{
    world w;
    begin(&w);
#define AT(lon, precision)                                                                     \
    "\"site\":[{\"geometry\":{\"type\":\"Point\",\"coordinates\":[" lon                        \
    ",305617000]},\"precision\":\"" precision "\"}]"
    world_put(&w, 20, WORKS("\"name\":{\"zh\":\"甲\"}," AT("1185517000", "site")));
    world_put(&w, 21, WORKS("\"name\":{\"zh\":\"乙\"}," AT("1184617000", "county")));
    world_put(&w, 22, WORKS("\"name\":{\"zh\":\"丙\"}," AT("1184717000", "exact")));
    xd_ask ask = {.type = w.works, .near = 10, .limit = 10};
    /* What is known to the county only may be 50 km off. */
    ck_assert_str_eq(world_ids(&w, &ask), "22 20 21 12 11");
    ask.within_m = 20000;
    ck_assert_str_eq(world_ids(&w, &ask), "22 20");
    ask.near = 13; /* hidden: as if it were not there */
    ck_assert_str_eq(world_ids(&w, &ask), "");
    ask.near = 14; /* no place */
    ck_assert_str_eq(world_ids(&w, &ask), "");
    world_end(&w);
}
END_TEST

START_TEST(refusals)
{
    world w;
    begin(&w);
    const xd_snap *snap = xd_snap_open(&w.cx, w.index);
    const xd_answer *answer;
    xd_ask ask = {.type = w.works, .limit = 2, .cursor = XD_S("AAAA")};
    ck_assert(!xd_ask_run(&w.cx, snap, &ask, &answer));
    ck_assert_int_eq(w.cx.err.code, XD_INVALID);
    ck_assert(w.cx.err.zh.n > 0 && w.cx.err.en.n > 0);
    (void)xd_err_take(&w.cx); /* looked at */
    ask.cursor = (xd_str){0};
    XD_OK_CALL(&w.cx, xd_ask_run(&w.cx, snap, &ask, &answer));
    ck_assert_uint_gt(answer->next.n, 0);
    ask.cursor = answer->next;
    ask.q = XD_S("纸"); /* the cursor is of another question */
    ck_assert(!xd_ask_run(&w.cx, snap, &ask, &answer));
    ck_assert_int_eq(w.cx.err.code, XD_INVALID);
    (void)xd_err_take(&w.cx); /* looked at */
    ask = (xd_ask){.type = w.works, .limit = 2};
    w.cx.deadline = 1;
    ck_assert(!xd_ask_run(&w.cx, snap, &ask, &answer));
    ck_assert_int_eq(w.cx.err.code, XD_BUSY);
    w.cx.deadline = 0;
    (void)xd_err_take(&w.cx); /* looked at */
    xd_buf out = {0};
    ck_assert(!xd_ask_tile(&w.cx, snap, &ask, (xd_tile){3, 9, 0}, NULL, &out));
    ck_assert_int_eq(w.cx.err.code, XD_INVALID);
    xd_buf_free(&out);
    world_end(&w);
}
END_TEST

/* Records reading: a comma is or, blanks are next to one another. */
START_TEST(records_words)
{
    world w;
    begin(&w);
    xd_ask ask = {.type = w.works, .limit = 10, .q_adjacent = true, .q = XD_S("xuan paper")};
    ck_assert_str_eq(world_ids(&w, &ask), "10");
    ask.q = XD_S("paper xuan");
    ck_assert_str_eq(world_ids(&w, &ask), "");
    ask.q = XD_S("paper xuan,煤矿,钢铁");
    ck_assert_str_eq(world_ids(&w, &ask), "14 11");
    world_end(&w);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, words);
    tcase_add_test(tests, conditions);
    tcase_add_test(tests, marks);
    tcase_add_test(tests, completing);
    tcase_add_test(tests, slips);
    tcase_add_test(tests, finding_by_key);
    tcase_add_test(tests, best_first);
    tcase_add_test(tests, near_by);
    tcase_add_test(tests, refusals);
    tcase_add_test(tests, records_words);
}

XD_TESTS("index/ask", add)
