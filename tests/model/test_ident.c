#include "cases.h"
#include "model/hours.h"

START_TEST(identifiers_of_the_table)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    rows r = rows_open(&cx, XD_SOURCE "/tests/cases/ident/ident.tsv");
    xd_str c[3];
    int n = 0;
    for (; rows_next(&r, c, 3); n++) {
        xd_str got = XD_S("!");
        if (xd_str_eq(c[0], XD_S("uscc")))
            (void)xd_uscc_read(&cx, c[1], &got);
        else if (xd_str_eq(c[0], XD_S("phone")))
            (void)xd_phone_read(&cx, c[1], &got);
        else
            (void)xd_url_read(&cx, c[1], &got);
        ck_assert_msg(xd_str_eq(got, c[2]), "line %d: " XD_FMT " is " XD_FMT ", not " XD_FMT,
                      r.line, XD_ARG(c[1]), XD_ARG(got), XD_ARG(c[2]));
    }
    ck_assert_int_gt(n, 50);
    xd_ctx_end(&cx);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, identifiers_of_the_table);
}

XD_TESTS("model/ident", add)
