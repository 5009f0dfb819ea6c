#include "cases.h"
#include "model/fold.h"

START_TEST(folds_of_the_table)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    rows r = rows_open(&cx, XD_SOURCE "/tests/cases/fold/fold.tsv");
    xd_str c[3];
    int n = 0;
    for (; rows_next(&r, c, 3); n++) {
        xd_str fold = xd_fold(cx.arena, c[0]), key = xd_fold_key(cx.arena, c[0]);
        ck_assert_msg(xd_str_eq(fold, c[1]), "line %d: fold is \"" XD_FMT "\"", r.line,
                      XD_ARG(fold));
        ck_assert_msg(xd_str_eq(key, c[2]), "line %d: key is \"" XD_FMT "\"", r.line,
                      XD_ARG(key));
        /* Folding twice changes nothing more, and marks say the same as text. */
        ck_assert(xd_str_eq(xd_fold(cx.arena, fold), fold));
        xd_folded marks;
        xd_fold_marks(cx.arena, c[0], &marks);
        size_t at = 0;
        for (size_t i = 0; i < marks.n; i++) {
            ck_assert_uint_eq(xd_utf8_next(fold, &at), marks.cp[i]);
            ck_assert_uint_lt(marks.from[i], marks.to[i]);
            ck_assert_uint_le(marks.to[i], c[0].n);
            ck_assert(i == 0 || marks.from[i] >= marks.from[i - 1]);
        }
        ck_assert_uint_eq(at, fold.n);
    }
    ck_assert_int_gt(n, 15);
    xd_ctx_end(&cx);
}
END_TEST

START_TEST(marks_point_at_the_original)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_str text = XD_S("（合肥）鋼㎡e\u0301X");
    xd_folded f;
    xd_fold_marks(cx.arena, text, &f);
    /* 合 肥 blank 钢 m 2 é x */
    ck_assert_uint_eq(f.n, 8);
    XD_STR_IS(xd_str_sub(text, f.from[0], f.to[1]), "合肥");
    XD_STR_IS(xd_str_sub(text, f.from[3], f.to[3]), "鋼");
    XD_STR_IS(xd_str_sub(text, f.from[5], f.to[5]), "㎡");
    XD_STR_IS(xd_str_sub(text, f.from[6], f.to[6]), "e\u0301");
    XD_STR_IS(xd_str_sub(text, f.from[7], f.to[7]), "X");
    xd_ctx_end(&cx);
}
END_TEST

START_TEST(nfc_keeps_what_is_written_and_drops_what_is_not)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    XD_STR_IS(xd_nfc(cx.arena, XD_S("\xef\xbb\xbf"
                                    "a\r\n\tb\x01")),
              "a\n\tb");
    XD_STR_IS(xd_nfc(cx.arena, XD_S("e\u0301（Ａ）")), "é（Ａ）");
    XD_STR_IS(xd_nfc(cx.arena, XD_S("a\xff"
                                    "b")),
              "a\uFFFDb");
    XD_STR_IS(xd_unaccented(cx.arena, XD_S("Lù'ān が")), "Lu'an が");
    xd_ctx_end(&cx);
}
END_TEST

START_TEST(endless_marks_stay_bounded)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_buf text = {0};
    xd_buf_byte(&text, 'e');
    for (int i = 0; i < 20000; i++)
        xd_buf_add(&text, XD_S("\u0301"));
    ck_assert_uint_gt(xd_fold(cx.arena, xd_buf_str(&text)).n, 30000);
    xd_buf_free(&text);
    xd_ctx_end(&cx);
}
END_TEST

START_TEST(names_sort_by_sound_or_by_letter)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    const char *zh[] = {"安庆", "蚌埠", "巢湖", "第2车间", "第10车间", "合肥", "宣城"};
    for (size_t i = 1; i < XD_LEN(zh); i++) {
        xd_str a = xd_sort_key(cx.arena, xd_str_of(zh[i - 1]), XD_ZH);
        xd_str b = xd_sort_key(cx.arena, xd_str_of(zh[i]), XD_ZH);
        ck_assert_msg(xd_str_cmp(a, b) < 0, "%s before %s", zh[i - 1], zh[i]);
    }
    ck_assert_int_lt(xd_str_cmp(xd_sort_key(cx.arena, XD_S("éa"), XD_EN),
                                xd_sort_key(cx.arena, XD_S("Eb"), XD_EN)),
                     0);
    ck_assert_uint_gt(xd_collator_version().n, 4);
    xd_ctx_end(&cx);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, folds_of_the_table);
    tcase_add_test(tests, marks_point_at_the_original);
    tcase_add_test(tests, nfc_keeps_what_is_written_and_drops_what_is_not);
    tcase_add_test(tests, endless_marks_stay_bounded);
    tcase_add_test(tests, names_sort_by_sound_or_by_letter);
}

XD_TESTS("model/fold", add)
