#include "index/index.h"
#include "index/letters.h"
#include "index/seal.h"
#include "index/space.h"
#include "index/spelling.h"
#include "index/value.h"
#include "index/words.h"
#include "model/cql_compare.h"
#include "model/fold.h"
#include "xd_test.h"

static bool finds(xd_ctx *cx, const char *q, const char *text)
{
    xd_words words;
    size_t end;
    XD_OK_CALL(cx, xd_words_read(cx, xd_str_of(q), false, &words));
    for (size_t i = 0; i < words.n; i++) {
        if (xd_word_find(&words.at[i], xd_fold(cx->arena, xd_str_of(text)), 0, &end) ==
            SIZE_MAX)
            return false;
    }
    return words.n > 0;
}

START_TEST(words_in_texts)
{
    static const struct {
        const char *q, *text;
        bool found;
    } cases[] = {
        {"宣纸",                 "泾县宣纸厂",       true },
        {"宣紙",                 "泾县宣纸厂",       true },
        {"纸",                    "泾县宣纸厂",       true },
        {"泾县 厂",             "泾县宣纸厂",       true },
        {"厂 泾县",             "泾县宣纸厂",       true },
        {"宣厂",                 "泾县宣纸厂",       false},
        {"steel",                  "Hefei Steelworks",      true },
        {"works",                  "Hefei Steelworks",      false},
        {"\"steel\"",              "Hefei Steelworks",      false},
        {"\"hefei steel\"",        "Hefei Steel",           true },
        {"\"steel hefei\"",        "Hefei Steel",           false},
        {"steel hefei",            "Hefei Steel",           true },
        {"“合肥 钢铁厂”", "合肥钢铁厂",       true },
        {"603",                    "中国航天603基地", true },
        {"03",                     "中国航天603基地", false},
        {"航天603",              "中国航天603基地", true },
        {"航天60",               "中国航天603基地", true },
        {"603基",                 "中国航天603基地", true },
        {"60基",                  "中国航天603基地", false},
        {"３０",                 "第30号井",           true },
        {"é",                     "école",                true },
        {"ＳＴＥＥＬ",        "steel mill",            true },
        {"\"unclosed",             "an unclosed quote",     true },
        {"！。",                 "泾县",                false},
    };
    xd_ctx cx;
    xd_ctx_begin(&cx);
    for (size_t i = 0; i < XD_LEN(cases); i++)
        ck_assert_msg(finds(&cx, cases[i].q, cases[i].text) == cases[i].found, "%s in %s",
                      cases[i].q, cases[i].text);
    xd_ctx_end(&cx);
}
END_TEST

START_TEST(too_many_words)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_words words;
    xd_buf q = {0};
    for (int i = 0; i < 33; i++)
        xd_buf_printf(&q, "w%d ", i);
    ck_assert(!xd_words_read(&cx, xd_buf_str(&q), false, &words));
    ck_assert_int_eq(cx.err.code, XD_LIMIT);
    ck_assert(cx.err.zh.n > 0 && cx.err.en.n > 0);
    xd_buf_free(&q);
    xd_ctx_end(&cx);
}
END_TEST

START_TEST(names_by_sound)
{
    static const struct {
        const char *name, *letters;
        bool full;
        int near;
    } cases[] = {
        {"合肥钢铁厂",    "hfgtc",             false, 3},
        {"合肥钢铁厂",    "hfgt",              false, 2},
        {"合肥钢铁厂",    "gtc",               false, 1},
        {"合肥钢铁厂",    "gt",                false, 0},
        {"合肥钢铁厂",    "hefeigangtiechang", true,  3},
        {"合肥钢铁厂",    "hefeig",            true,  2},
        {"合肥钢铁厂",    "gangtie",           true,  1},
        {"合肥钢铁厂",    "angtie",            true,  0},
        {"泾县宣纸厂",    "xuanzhi",           true,  1},
        {"六安市",          "luan",              true,  2},
        {"歙县老胡开文", "shexian",           true,  2},
        {"亳州",             "bozhou",            true,  3},
        {"西安门",          "anmen",             true,  1},
        {"第一Steel厂",     "steel",             true,  1},
        {"𠮷田码头",      "tianma",            true,  1}, /* what has no reading stands as it is */
    };
    xd_ctx cx;
    xd_ctx_begin(&cx);
    for (size_t i = 0; i < XD_LEN(cases); i++) {
        xd_spelling s;
        xd_spelling_make(cx.arena, xd_str_of(cases[i].name), &s);
        int best = 0;
        xd_strs list = cases[i].full ? s.full : s.initials;
        for (size_t k = 0; k < list.n; k++) {
            int near = xd_spelling_near(list.at[k], xd_str_of(cases[i].letters), cases[i].full);
            best = near > best ? near : best;
        }
        ck_assert_msg(best == cases[i].near, "%s by %s: %d", cases[i].name, cases[i].letters,
                      best);
    }
    xd_spelling none;
    xd_spelling_make(cx.arena, XD_S("Hefei"), &none);
    ck_assert_uint_eq(none.full.n, 0);
    xd_ctx_end(&cx);
}
END_TEST

START_TEST(like_patterns)
{
    static const struct {
        const char *text, *pattern;
        bool like;
    } cases[] = {
        {"泾县宣纸厂", "%宣纸%",    true },
        {"泾县宣纸厂", "泾县__厂", true },
        {"泾县宣纸厂", "泾县_厂",  false},
        {"",                "%",           true },
        {"",                "",            true },
        {"a",               "",            false},
        {"100%",            "100\\%",      true },
        {"1000",            "100\\%",      false},
        {"a_b",             "a\\_b",       true },
        {"axb",             "a\\_b",       false},
        {"aXbXc",           "%X%c",        true },
        {"aXbXd",           "%X%c",        false},
        {"abab",            "%ab",         true },
        {"ab",              "ab%%",        true },
        {"Ab",              "ab",          false},
    };
    for (size_t i = 0; i < XD_LEN(cases); i++)
        ck_assert_msg(xd_cql_like(xd_str_of(cases[i].text), xd_str_of(cases[i].pattern)) ==
                          cases[i].like,
                      "%s like %s", cases[i].text, cases[i].pattern);
}
END_TEST

START_TEST(letters_fold)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    XD_STR_IS(xd_letters_fold(cx.arena, XD_S("ÉCOLE Straße 宣紙"), true, false),
              "école strasse 宣紙");
    XD_STR_IS(xd_letters_fold(cx.arena, XD_S("ÉCOLE Lǜ"), false, true), "ECOLE Lu");
    XD_STR_IS(xd_letters_fold(cx.arena, XD_S("E\xcc\x81 ÀÉ"), true, true), "e ae");
    xd_ctx_end(&cx);
}
END_TEST

START_TEST(seals)
{
    /* SipHash-2-4 with key 00 01 … 0f over 00 01 … 0e, from the paper's appendix. */
    const uint64_t key[2] = {0x0706050403020100u, 0x0f0e0d0c0b0a0908u};
    char bytes[15];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)i;
    ck_assert_uint_eq(xd_siphash(key, (xd_str){bytes, sizeof bytes}), 0xa129ca6149be45e5u);
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_str sealed = xd_seal(cx.arena, key, 7, XD_S("position")), back;
    ck_assert(xd_unseal(cx.arena, key, 7, sealed, &back));
    XD_STR_IS(back, "position");
    ck_assert(!xd_unseal(cx.arena, key, 8, sealed, &back));
    for (size_t i = 0; i < sealed.n; i++) {
        xd_str bad = xd_str_copy(cx.arena, sealed);
        ((char *)(uintptr_t)bad.p)[i] = sealed.p[i] == 'A' ? 'B' : 'A';
        ck_assert(!xd_unseal(cx.arena, key, 7, bad, &back));
    }
    ck_assert(!xd_unseal(cx.arena, key, 7, XD_S("é"), &back));
    xd_ctx_end(&cx);
}
END_TEST

START_TEST(points_in_areas)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    const xd_geom *area;
    XD_OK_CALL(
        &cx, xd_geom_read_wkt(
                 &cx, XD_S("POLYGON((0 0,10 0,10 10,0 10,0 0),(4 4,6 4,6 6,4 6,4 4))"), &area));
    static const struct {
        double lon, lat;
        int in;
    } cases[] = {
        {1,         1,         1 },
        {5,         5,         -1},
        {4,         5,         0 },
        {0,         5,         0 },
        {10,        10,        0 },
        {11,        5,         -1},
        {-1,        0,         -1},
        {9.9999999, 9.9999999, 1 },
        {4,         3,         1 },
        {5,         0,         0 },
        {-5,        10,        -1}
    };
    for (size_t i = 0; i < XD_LEN(cases); i++) {
        xd_pos at = {(int32_t)(cases[i].lon * XD_DEGREE), (int32_t)(cases[i].lat * XD_DEGREE)};
        ck_assert_int_eq(xd_space_point_in(area, at), cases[i].in);
    }
    xd_ctx_end(&cx);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, words_in_texts);
    tcase_add_test(tests, too_many_words);
    tcase_add_test(tests, names_by_sound);
    tcase_add_test(tests, like_patterns);
    tcase_add_test(tests, letters_fold);
    tcase_add_test(tests, seals);
    tcase_add_test(tests, points_in_areas);
}

XD_TESTS("index/words", add)
