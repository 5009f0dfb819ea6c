/* The shipped model loads; faults of a bad one are all reported, each with its place. */
#include "base/file.h"
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
    ck_assert_uint_ge(xd_model_types(model), 6); /* more come as data */
    const xd_vocabulary *divisions = xd_model_divisions(model);
    ck_assert_ptr_nonnull(divisions);
    const xd_term *moved = xd_term_find(divisions, XD_S("340221"));
    ck_assert_ptr_nonnull(moved);
    XD_STR_IS(moved->code, "340210");
    xd_ctx_end(&cx);
}
END_TEST

/* tests/cases/model/faults has one of each; faults.txt lists them as people read them. */
START_TEST(all_faults_at_once)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_faults faults = {0};
    const xd_model *model = NULL;
    xd_str wanted;
    xd_buf got = {0};
    ck_assert(!xd_model_load(&cx, XD_SOURCE "/tests/cases/model/faults", &faults, &model));
    ck_assert_int_eq(cx.err.code, XD_INVALID);
    (void)xd_err_take(&cx);
    for (size_t i = 0; i < faults.n; i++) {
        const xd_fault *f = &faults.at[i];
        xd_buf_printf(&got, XD_FMT ":%d:%d: " XD_FMT, XD_ARG(f->file), f->line, f->column,
                      XD_ARG(f->reason));
        if (f->key.n > 0) {
            xd_buf_printf(&got, ": " XD_FMT, XD_ARG(f->key));
        }
        xd_buf_byte(&got, '\n');
        ck_assert_uint_gt(f->zh.n, 0);
    }
    XD_OK_CALL(&cx,
               xd_file_read(&cx, XD_SOURCE "/tests/cases/model/faults.txt", 1 << 20, &wanted));
    if (!xd_str_eq(xd_buf_str(&got), wanted)) {
        print_faults(&faults);
        ck_abort_msg("the faults are not those of faults.txt");
    }
    xd_buf_free(&got);
    xd_ctx_end(&cx);
}
END_TEST

/* Comments and layout do not change the hash; a word does. */
START_TEST(from_json)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_faults faults = {0};
    const xd_model *model, *again;
    const xd_json *json;
    XD_OK_CALL(&cx, xd_model_load(&cx, XD_SOURCE "/data/model", &faults, &model));
    XD_OK_CALL(&cx, xd_json_read(&cx, xd_model_json(model), &json));
    ck_assert(xd_json_canonical_ok(json));
    XD_OK_CALL(&cx, xd_model_from_json(&cx, json, &faults, &again));
    ck_assert_mem_eq(xd_model_hash(model), xd_model_hash(again), 32);
    xd_changes changes = {0};
    XD_OK_CALL(&cx, xd_model_diff(&cx, model, again, &changes));
    ck_assert_uint_eq(changes.n, 0);
    for (size_t i = 0; i < xd_model_types(model); i++) {
        const xd_type *a = xd_model_type(model, i), *b = xd_type_find(again, a->name);
        ck_assert_ptr_nonnull(b);
        ck_assert_uint_eq(a->n_fields, b->n_fields);
        xd_buf schema = {0};
        const xd_json *read;
        xd_type_schema(&schema, model, a, XD_ZH);
        XD_OK_CALL(&cx, xd_json_read(&cx, xd_buf_copy(&schema, cx.arena), &read));
        xd_buf_free(&schema);
    }
    xd_ctx_end(&cx);
}
END_TEST

/* Terms read by code, label, alias, with notes; retired ones by their code alone. */
START_TEST(terms)
{
    static const struct {
        const char *vocabulary, *text, *code;
    } cases[] = {
        {"gbt4754",            "C31",                                "C31"     },
        {"gbt4754",            "ｃ３１",                          "C31"     },
        {"gbt4754",            "C15 白酒酿造",                   "C151"    },
        {"gbt4754",            "制造业",                          "C"       },
        {"gbt4754",            "造纸",                             "C22"     },
        {"gbt4754",            "C22造纸和纸制品业",           "C22"     },
        {"gbt4754",            "C31 造纸",                         NULL      },
        {"gbt4754",            "机械",                             NULL      },
        {"divisions",          "340221",                             "340210"  },
        {"divisions",          "鼓楼区",                          NULL      },
        {"divisions",          "341400",                             "341400"  },
        {"divisions",          "地级巢湖市（2011年撤销）", NULL      },
        {"recognition_levels", "國家級",                          "national"},
        {"recognition_levels", "省级（第一批）",              "province"},
        {"recognition_levels", "",                                   NULL      },
    };
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_faults faults = {0};
    const xd_model *model;
    XD_OK_CALL(&cx, xd_model_load(&cx, XD_SOURCE "/data/model", &faults, &model));
    for (size_t i = 0; i < XD_LEN(cases); i++) {
        const xd_vocabulary *vocabulary =
            xd_vocabulary_find(model, xd_str_of(cases[i].vocabulary));
        const xd_term *term = xd_term_read(&cx, vocabulary, xd_str_of(cases[i].text), NULL);
        xd_str code = term == NULL ? XD_S("nothing") : term->code;
        ck_assert_msg(
            xd_str_eq(code, xd_str_of(cases[i].code == NULL ? "nothing" : cases[i].code)),
            "%s is " XD_FMT, cases[i].text, XD_ARG(code));
    }
    xd_ctx_end(&cx);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, all_faults_at_once);
    tcase_add_test(tests, from_json);
    tcase_add_test(tests, terms);
    tcase_add_test(tests, shipped);
}

XD_TESTS("model/load", add)
