#include "cases.h"
#include "model/model.h"

static const xd_rule *rule_called(xd_str kind)
{
    for (size_t k = 0; k < XD_KINDS; k++) {
        if (xd_str_eq(kind, xd_kinds[k].name))
            return xd_kinds[k].rule;
    }
    return xd_rule_of(&(xd_field){.kind = XD_KIND_IDENTIFIER, .scheme = kind});
}

START_TEST(identifiers_of_the_table)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    rows r = rows_open(&cx, XD_SOURCE "/tests/cases/ident/ident.tsv");
    xd_str c[3];
    int n = 0;
    for (; rows_next(&r, c, 3); n++) {
        xd_str got = XD_S("!");
        const xd_rule *rule = rule_called(c[0]);
        if (!rule->read(&cx, c[1], &got))
            (void)xd_err_take(&cx);
        ck_assert_msg(xd_str_eq(got, c[2]), "line %d: " XD_FMT " is " XD_FMT ", not " XD_FMT,
                      r.line, XD_ARG(c[1]), XD_ARG(got), XD_ARG(c[2]));
    }
    ck_assert_int_gt(n, 50);
    xd_ctx_end(&cx);
}
END_TEST

/* model/kind.c: what a row has, everything else relies on. */
START_TEST(rows_of_kinds)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    for (size_t k = 0; k < XD_KINDS; k++) {
        const xd_kind_row *row = &xd_kinds[k];
        xd_str value, again;
        ck_assert_msg(row->name.n > 0, "kind %zu has no row", k);
        for (int lang = 0; lang < XD_LANGS; lang++)
            ck_assert(row->label[lang].n > 0 && row->cell[lang].n > 0);
        ck_assert(row->kept == XD_KEPT_STRING || (row->rule == NULL && row->format == NULL));
        if (row->rule != NULL) { /* and what was read reads as itself, or no body passes */
            ck_assert_msg(row->rule->read(&cx, row->example, &value), "example of " XD_FMT,
                          XD_ARG(row->name));
            ck_assert(row->rule->read(&cx, value, &again) && xd_str_eq(value, again));
        }
    }
    xd_ctx_end(&cx);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, rows_of_kinds);
    tcase_add_test(tests, identifiers_of_the_table);
}

XD_TESTS("model/ident", add)
