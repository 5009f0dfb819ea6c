#include "cases.h"
#include "model/hours.h"

START_TEST(hours_of_the_table)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    rows r = rows_open(&cx, XD_SOURCE "/tests/cases/hours/hours.tsv");
    xd_str c[5];
    int n = 0, wrong = 0;
    for (; rows_next(&r, c, 5); n++) {
        xd_json *hours = NULL;
        bool read = false;
        XD_OK_CALL(&cx, xd_hours_read(&cx, c[0], c[1], &hours, &read));
        ck_assert(xd_json_canonical_ok(hours));
        ck_assert(xd_str_starts(xd_json_get_str(hours, XD_S("text")), c[0]));
        xd_json *bare = xd_json_clone(cx.arena, hours);
        xd_json_drop(bare, XD_S("text"));
        xd_buf out = {0};
        xd_json_canonical(&out, bare);
        xd_str got = read ? xd_buf_str(&out) : XD_S("-");
        cx.lang = XD_ZH;
        xd_str zh = xd_hours_text(&cx, hours);
        cx.lang = XD_EN;
        xd_str en = xd_hours_text(&cx, hours);
        if (!xd_str_eq(got, c[2]) || (c[3].n > 0 && !xd_str_eq(zh, c[3])) ||
            (c[4].n > 0 && !xd_str_eq(en, c[4]))) {
            printf("line %d: %.*s\n  is %.*s\n  wanted %.*s\n  %.*s | %.*s\n", r.line,
                   XD_ARG(c[0]), XD_ARG(got), XD_ARG(c[2]), XD_ARG(zh), XD_ARG(en));
            wrong++;
        }
        xd_buf_free(&out);
    }
    fflush(stdout);
    ck_assert_int_eq(wrong, 0);
    ck_assert_int_gt(n, 30);
    xd_ctx_end(&cx);
}
END_TEST

/* What is shown reads back as the same week. */
START_TEST(the_line_shown_reads_back)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    rows r = rows_open(&cx, XD_SOURCE "/tests/cases/hours/hours.tsv");
    xd_str c[3];
    while (rows_next(&r, c, 3)) {
        xd_json *hours = NULL, *again = NULL;
        bool read = false;
        XD_OK_CALL(&cx, xd_hours_read(&cx, c[0], c[1], &hours, &read));
        for (cx.lang = XD_ZH; read && cx.lang <= XD_EN; cx.lang++) {
            bool reread = false;
            xd_str text = xd_hours_text(&cx, hours);
            XD_OK_CALL(&cx, xd_hours_read(&cx, text, (xd_str){0}, &again, &reread));
            ck_assert_msg(reread && xd_json_equal(xd_json_get(hours, XD_S("week")),
                                                  xd_json_get(again, XD_S("week"))),
                          "line %d: " XD_FMT, r.line, XD_ARG(text));
        }
    }
    xd_json *none;
    bool read;
    ck_assert(!xd_hours_read(&cx, XD_S(" "), (xd_str){0}, &none, &read));
    ck_assert_int_eq(xd_err_take(&cx).code, XD_INVALID);
    xd_ctx_end(&cx);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, hours_of_the_table);
    tcase_add_test(tests, the_line_shown_reads_back);
}

XD_TESTS("model/hours", add)
