/* The shipped model loads; faults of a bad one are all reported, each with its place. */
#include "xd_test.h"

#include "model/body.h"

static void print_faults(const xd_faults *faults)
{
    for (size_t i = 0; i < faults->n; i++) {
        const xd_fault *f = &faults->at[i];
        fprintf(stderr, XD_FMT ":%d:%d: " XD_FMT ": " XD_FMT "\n", XD_ARG(f->file), f->line,
                f->column, XD_ARG(f->reason), XD_ARG(f->key));
    }
}

START_TEST(shipped)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_faults faults = {0};
    const xd_model *model = NULL;
    bool ok = xd_model_load(&cx, XD_SOURCE "/data/model", &faults, &model);
    print_faults(&faults);
    XD_OK_CALL(&cx, ok);
    ck_assert_uint_eq(xd_model_types(model), 6);
    const xd_vocabulary *divisions = xd_model_divisions(model);
    ck_assert_ptr_nonnull(divisions);
    const xd_term *moved = xd_term_find(divisions, XD_S("340221"));
    ck_assert_ptr_nonnull(moved);
    XD_STR_IS(moved->code, "340210");
    xd_ctx_end(&cx);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, shipped);
}

XD_TESTS("model/load", add)
