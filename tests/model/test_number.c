#include "cases.h"
#include "model/period.h"

START_TEST(numbers_of_the_table)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    rows r = rows_open(&cx, XD_SOURCE "/tests/cases/number/numbers.tsv");
    xd_str c[2];
    int n = 0;
    for (; rows_next(&r, c, 2); n++) {
        xd_str decimal = XD_S("!");
        bool read = xd_number_read(&cx, c[0], &decimal);
        ck_assert_msg(xd_str_eq(decimal, c[1]),
                      "line %d: " XD_FMT " is " XD_FMT ", not " XD_FMT, r.line, XD_ARG(c[0]),
                      XD_ARG(decimal), XD_ARG(c[1]));
        if (!read) {
            xd_err err = xd_err_take(&cx);
            ck_assert_int_eq(err.code, XD_INVALID);
            ck_assert(err.zh.n > 0 && err.en.n > 0);
        }
    }
    ck_assert_int_gt(n, 50);
    xd_ctx_end(&cx);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, numbers_of_the_table);
}

XD_TESTS("model/number", add)
