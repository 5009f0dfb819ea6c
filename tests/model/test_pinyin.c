#include "cases.h"
#include "model/fold.h"

static bool has(xd_strs list, xd_str wanted)
{
    for (size_t i = 0; i < list.n; i++) {
        if (xd_str_eq(list.at[i], wanted))
            return true;
    }
    return false;
}

START_TEST(names_are_read_as_people_say_them)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    rows r = rows_open(&cx, XD_SOURCE "/tests/cases/pinyin/names.tsv");
    xd_str c[4];
    int n = 0;
    for (; rows_next(&r, c, 4); n++) {
        xd_readings readings;
        xd_pinyin(cx.arena, c[0], &readings);
        ck_assert_msg(has(readings.full, c[1]),
                      "line %d: no reading " XD_FMT ", first is " XD_FMT, r.line, XD_ARG(c[1]),
                      XD_ARG(readings.full.at[0]));
        ck_assert_msg(has(readings.initials, c[2]), "line %d: no initials " XD_FMT, r.line,
                      XD_ARG(c[2]));
        xd_str shown = xd_pinyin_text(cx.arena, c[0]);
        ck_assert_msg(xd_str_eq(shown, c[3]), "line %d: shown as " XD_FMT ", not " XD_FMT,
                      r.line, XD_ARG(shown), XD_ARG(c[3]));
    }
    ck_assert_int_gt(n, 25);
    xd_ctx_end(&cx);
}
END_TEST

/* "Tianjia'an" and "tianjiaan": letters alone, without case. */
static xd_str letters(xd_arena *arena, xd_str s)
{
    return xd_fold_key(arena, xd_unaccented(arena, s));
}

START_TEST(every_division_of_anhui_spells_its_english_name)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    rows r = rows_open(&cx, XD_SOURCE "/tests/cases/pinyin/divisions.tsv");
    xd_str c[2];
    int n = 0;
    for (; rows_next(&r, c, 2); n++) {
        xd_readings readings;
        xd_pinyin(cx.arena, c[0], &readings);
        xd_str wanted = letters(cx.arena, c[1]), first = readings.full.at[0];
        xd_str shown = letters(cx.arena, xd_pinyin_text(cx.arena, c[0]));
        ck_assert_msg(xd_str_starts(first, wanted), "line %d: " XD_FMT " is read " XD_FMT,
                      r.line, XD_ARG(c[0]), XD_ARG(first));
        ck_assert_msg(xd_str_starts(shown, wanted), "line %d: " XD_FMT " is shown " XD_FMT,
                      r.line, XD_ARG(c[0]), XD_ARG(shown));
    }
    ck_assert_int_eq(n, 121);
    xd_ctx_end(&cx);
}
END_TEST

START_TEST(readings_are_bounded)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_buf name = {0};
    for (int i = 0; i < 3000; i++)
        xd_buf_add(&name, XD_S("长行乐"));
    xd_readings readings;
    xd_pinyin(cx.arena, xd_buf_str(&name), &readings);
    ck_assert_uint_eq(readings.full.n, 16);
    ck_assert_uint_le(readings.initials.n, 16);
    xd_buf_free(&name);
    xd_pinyin(cx.arena, XD_S("（）"), &readings);
    ck_assert_uint_eq(readings.full.n, 0);
    xd_ctx_end(&cx);
}
END_TEST

START_TEST(syllables_of_a_character)
{
    const char *said[8];
    ck_assert_uint_eq(xd_pinyin_of(0x957f, said), 2); /* 长 */
    ck_assert_str_eq(said[0], "chang");
    ck_assert_str_eq(said[1], "zhang");
    ck_assert_uint_eq(xd_pinyin_of(0x5973, said), 2); /* 女 */
    ck_assert_str_eq(said[0], "nu");
    ck_assert_str_eq(said[1], "nv");
    ck_assert_uint_eq(xd_pinyin_of('a', said), 0);
    ck_assert_uint_eq(xd_pinyin_of(0x10ffff, said), 0);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, names_are_read_as_people_say_them);
    tcase_add_test(tests, every_division_of_anhui_spells_its_english_name);
    tcase_add_test(tests, readings_are_bounded);
    tcase_add_test(tests, syllables_of_a_character);
}

XD_TESTS("model/pinyin", add)
