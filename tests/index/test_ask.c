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

static void add(TCase *tests)
{
    tcase_add_test(tests, words);
    tcase_add_test(tests, conditions);
}

XD_TESTS("index/ask", add)
