#include "cases.h"
#include "model/cql.h"

static xd_str text_of(xd_ctx *cx, const xd_cql *cql)
{
    xd_buf out = {0};
    xd_cql_write_text(&out, cql);
    xd_str text = xd_buf_copy(&out, cx->arena);
    xd_buf_free(&out);
    return text;
}

static xd_str json_of(xd_ctx *cx, const xd_cql *cql)
{
    xd_buf out = {0};
    xd_cql_write_json(&out, cql);
    xd_str text = xd_buf_copy(&out, cx->arena);
    xd_buf_free(&out);
    return text;
}

static bool contains(xd_str s, xd_str piece)
{
    return xd_str_find(s, piece, 0) != SIZE_MAX;
}

START_TEST(text_and_json_are_one_tree)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    rows r = rows_open(&cx, XD_SOURCE "/tests/cases/cql/valid.tsv");
    xd_str c[3];
    int n = 0;
    for (; rows_next(&r, c, 3); n++) {
        const xd_cql *from_text, *from_json, *again;
        XD_OK_CALL(&cx, xd_cql_read_text(&cx, c[0], &from_text));
        XD_OK_CALL(&cx, xd_cql_read_json(&cx, c[1], &from_json));
        xd_str text = text_of(&cx, from_text), json = json_of(&cx, from_text);
        ck_assert_msg(xd_str_eq(json, c[1]), "line %d: JSON " XD_FMT, r.line, XD_ARG(json));
        ck_assert_msg(xd_str_eq(text, c[2].n == 0 ? c[0] : c[2]), "line %d: text " XD_FMT,
                      r.line, XD_ARG(text));
        ck_assert_msg(xd_str_eq(text_of(&cx, from_json), text), "line %d: from JSON " XD_FMT,
                      r.line, XD_ARG(text_of(&cx, from_json)));
        XD_OK_CALL(&cx, xd_cql_read_text(&cx, text, &again));
        ck_assert(xd_str_eq(json_of(&cx, again), json));
    }
    ck_assert_int_gt(n, 45);
    xd_ctx_end(&cx);
}
END_TEST

START_TEST(errors_say_where)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    rows r = rows_open(&cx, XD_SOURCE "/tests/cases/cql/invalid.tsv");
    xd_str c[3];
    while (rows_next(&r, c, 3)) {
        const xd_cql *cql;
        ck_assert_msg(!xd_cql_read_text(&cx, c[0], &cql), "line %d was read", r.line);
        xd_err err = xd_err_take(&cx);
        ck_assert_int_eq(err.code, XD_INVALID);
        xd_str en = xd_str_printf(cx.arena, "character " XD_FMT ",", XD_ARG(c[1]));
        xd_str other = xd_str_printf(cx.arena, "character " XD_FMT ":", XD_ARG(c[1]));
        xd_str zh = xd_str_printf(cx.arena, "第 " XD_FMT " 个字符", XD_ARG(c[1]));
        ck_assert_msg((contains(err.en, en) || contains(err.en, other)) &&
                          contains(err.zh, zh) && contains(err.en, c[2]),
                      "line %d: " XD_FMT " / " XD_FMT, r.line, XD_ARG(err.en), XD_ARG(err.zh));
    }
    r = rows_open(&cx, XD_SOURCE "/tests/cases/cql/invalid_json.tsv");
    while (rows_next(&r, c, 2)) {
        const xd_cql *cql;
        ck_assert_msg(!xd_cql_read_json(&cx, c[0], &cql), "JSON line %d was read", r.line);
        xd_err err = xd_err_take(&cx);
        ck_assert_int_eq(err.code, XD_INVALID);
        ck_assert_msg(contains(err.en, c[1]) && err.zh.n > 0, "JSON line %d: " XD_FMT, r.line,
                      XD_ARG(err.en));
    }
    xd_ctx_end(&cx);
}
END_TEST

static const xd_model *small_model(xd_ctx *cx)
{
    xd_faults faults = {0};
    const xd_model *model = NULL;
    bool ok = xd_model_load(cx, XD_SOURCE "/tests/cases/cql/model", &faults, &model);
    for (size_t i = 0; i < faults.n; i++)
        fprintf(stderr, "%.*s:%d: %.*s: %.*s\n", XD_ARG(faults.at[i].file), faults.at[i].line,
                XD_ARG(faults.at[i].reason), XD_ARG(faults.at[i].key));
    XD_OK_CALL(cx, ok);
    return model;
}

START_TEST(names_and_values_are_bound)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    const xd_model *model = small_model(&cx);
    const xd_type *type = xd_type_find(model, XD_S("thing"));
    rows r = rows_open(&cx, XD_SOURCE "/tests/cases/cql/check.tsv");
    xd_str c[3];
    int n = 0;
    for (; rows_next(&r, c, 3); n++) {
        const xd_cql *cql, *bound;
        XD_OK_CALL(&cx, xd_cql_read_text(&cx, c[0], &cql));
        bool ok = xd_cql_check(&cx, model, type, false, cql, &bound);
        xd_str got = ok ? text_of(&cx, bound) : XD_S("!");
        xd_err err = xd_err_take(&cx);
        ck_assert_msg(xd_str_eq(got, c[1]) && (ok || (contains(err.en, c[2]) && err.zh.n > 0)),
                      "line %d: " XD_FMT " (" XD_FMT ")", r.line, XD_ARG(got), XD_ARG(err.en));
    }
    ck_assert_int_gt(n, 50);
    xd_ctx_end(&cx);
}
END_TEST

START_TEST(all_sees_what_is_hidden_and_no_type_only_what_all_have)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    const xd_model *model = small_model(&cx);
    const xd_type *type = xd_type_find(model, XD_S("thing"));
    const xd_cql *cql, *bound;
    XD_OK_CALL(&cx, xd_cql_read_text(&cx, XD_S("secret = 'x'"), &cql));
    XD_OK_CALL(&cx, xd_cql_check(&cx, model, type, true, cql, &bound));
    ck_assert_ptr_eq(bound->args[0]->field, xd_field_find(type, XD_S("secret")));
    XD_OK_CALL(&cx, xd_cql_read_text(&cx, XD_S("name = 'x'"), &cql));
    ck_assert(!xd_cql_check(&cx, model, NULL, true, cql, &bound));
    (void)xd_err_take(&cx);
    XD_OK_CALL(&cx, xd_cql_read_text(&cx, XD_S("id = 1 AND maker.name = 'x'"), &cql));
    XD_OK_CALL(&cx, xd_cql_check(&cx, model, type, false, cql, &bound));
    ck_assert_int_eq(bound->args[0]->args[0]->part, XD_PART_ID);
    ck_assert_ptr_eq(bound->args[1]->args[0]->over, xd_field_find(type, XD_S("maker")));
    xd_ctx_end(&cx);
}
END_TEST

START_TEST(filters_have_ceilings)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    const xd_cql *cql;
    xd_buf text = {0};
    for (int i = 0; i < 5000; i++)
        xd_buf_add(&text, XD_S("("));
    ck_assert(!xd_cql_read_text(&cx, xd_buf_str(&text), &cql));
    ck_assert(contains(xd_err_take(&cx).en, XD_S("64 levels")));
    xd_buf_clear(&text);
    for (int i = 0; i < 5000; i++)
        xd_buf_add(&text, XD_S("NOT "));
    ck_assert(!xd_cql_read_text(&cx, xd_buf_str(&text), &cql));
    ck_assert(contains(xd_err_take(&cx).en, XD_S("64 levels")));
    xd_buf_clear(&text);
    xd_buf_add(&text, XD_S("a IN (1"));
    for (int i = 0; i < 2000; i++)
        xd_buf_add(&text, XD_S(",1"));
    xd_buf_add(&text, XD_S(")"));
    ck_assert(!xd_cql_read_text(&cx, xd_buf_str(&text), &cql));
    ck_assert(contains(xd_err_take(&cx).en, XD_S("1000")));
    xd_buf_clear(&text);
    for (int i = 0; i < 60; i++)
        xd_buf_add(&text, XD_S("{\"op\":\"not\",\"args\":["));
    ck_assert(!xd_cql_read_json(&cx, xd_buf_str(&text), &cql));
    (void)xd_err_take(&cx);
    xd_buf_free(&text);
    xd_ctx_end(&cx);
}
END_TEST

/* Random trees: text and JSON give each other back. -------------------------------------- */

static uint64_t seed = 7;

static unsigned draw(unsigned n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(seed >> 33) % n;
}

static xd_cql *make(xd_arena *arena, xd_cql_op op, size_t n)
{
    xd_cql *node = xd_new(arena, xd_cql);
    *node = (xd_cql){.op = op, .n = n};
    node->args = n == 0 ? NULL : xd_new_n(arena, const xd_cql *, n);
    return node;
}

static xd_cql *random_text(xd_arena *arena)
{
    static const char *const pieces[] = {"a", "'", "\\", "%", "\"", "纸", " ", "\n", "é", "_"};
    xd_cql *leaf = make(arena, XD_CQL_TEXT, 0);
    leaf->text = XD_S("");
    for (unsigned i = draw(8); i > 0; i--)
        leaf->text = xd_str_join(arena, leaf->text, xd_str_of(pieces[draw(XD_LEN(pieces))]));
    /* What text cannot say: see the head of cql_text.c. */
    if (xd_str_ends(leaf->text, XD_S("\\")))
        leaf->text = xd_str_join(arena, leaf->text, XD_S("."));
    return leaf;
}

static xd_cql *random_property(xd_arena *arena)
{
    static const char *const names[] = {"a",    "built_from", "a.b", "a b",   "and",
                                        "名称", "x\"y",       "1a",  "POINT", "t_after"};
    xd_cql *leaf = make(arena, XD_CQL_PROPERTY, 0);
    leaf->text = xd_str_of(names[draw(XD_LEN(names))]);
    return leaf;
}

static xd_cql *random_leaf(xd_arena *arena)
{
    static const char *const numbers[] = {"0", "-1.5", "1234567890123", "0.000001", "7"};
    xd_cql *leaf;
    switch (draw(5)) {
    case 0:
        leaf = make(arena, XD_CQL_NUMBER, 0);
        leaf->text = xd_str_of(numbers[draw(XD_LEN(numbers))]);
        return leaf;
    case 1:
        leaf = make(arena, XD_CQL_BOOLEAN, 0);
        leaf->boolean = draw(2) == 1;
        return leaf;
    case 2:
        leaf = make(arena, XD_CQL_PERIOD, 0);
        leaf->from = (int32_t)draw(4000000) - 3000000;
        leaf->to = leaf->from + (int32_t)draw(3) * 1000;
        if (draw(10) == 0)
            leaf->from = INT32_MIN;
        else if (draw(10) == 0)
            leaf->to = INT32_MAX;
        return leaf;
    default:
        return random_text(arena);
    }
}

static xd_cql *random_geometry(xd_arena *arena)
{
    xd_cql *leaf = make(arena, XD_CQL_GEOMETRY, 0);
    int32_t lon = (int32_t)draw(1000000000), lat = (int32_t)draw(800000000);
    leaf->geom = draw(2) == 0
                     ? xd_geom_point(arena, (xd_pos){lon, lat})
                     : xd_geom_box_area(arena, (xd_box){lon, lat, lon + 1000, lat + 7});
    return leaf;
}

static const xd_cql *random_tree(xd_arena *arena, int depth)
{
    if (depth > 0 && draw(2) == 0) {
        static const xd_cql_op joins[] = {XD_CQL_AND, XD_CQL_OR, XD_CQL_NOT};
        xd_cql_op op = joins[draw(3)];
        xd_cql *node = make(arena, op, op == XD_CQL_NOT ? 1 : 2 + draw(3));
        for (size_t i = 0; i < node->n; i++)
            node->args[i] = random_tree(arena, depth - 1);
        return node;
    }
    static const xd_cql_op ops[] = {XD_CQL_EQ,       XD_CQL_LE,      XD_CQL_LIKE,
                                    XD_CQL_BETWEEN,  XD_CQL_IN,      XD_CQL_IS_NULL,
                                    XD_CQL_S_WITHIN, XD_CQL_T_METBY, XD_CQL_A_CONTAINEDBY,
                                    XD_CQL_TRUE,     XD_CQL_PROPERTY};
    xd_cql_op op = ops[draw(XD_LEN(ops))];
    if (op == XD_CQL_PROPERTY)
        return random_property(arena);
    if (op == XD_CQL_TRUE)
        return make(arena, draw(2) == 0 ? XD_CQL_TRUE : XD_CQL_FALSE, 0);
    xd_cql *node = make(arena, op,
                        op == XD_CQL_IS_NULL   ? 1
                        : op == XD_CQL_BETWEEN ? 3
                        : op == XD_CQL_IN      ? 2 + draw(4)
                                               : 2);
    node->args[0] = random_property(arena);
    if (draw(4) == 0 && op != XD_CQL_S_WITHIN) {
        xd_cql *fold = make(arena, draw(2) == 0 ? XD_CQL_CASEI : XD_CQL_ACCENTI, 1);
        fold->args[0] = node->args[0];
        node->args[0] = fold;
    }
    for (size_t i = 1; i < node->n; i++) {
        if (op == XD_CQL_S_WITHIN) {
            node->args[i] = random_geometry(arena);
        } else if (op == XD_CQL_A_CONTAINEDBY) {
            xd_cql *list = make(arena, XD_CQL_ARRAY, draw(4));
            for (size_t k = 0; k < list->n; k++)
                list->args[k] = random_leaf(arena);
            node->args[i] = list;
        } else {
            node->args[i] = random_leaf(arena);
        }
    }
    return node;
}

static bool same(const xd_cql *a, const xd_cql *b)
{
    bool alike = a->op == b->op && a->n == b->n &&
                 (a->op != XD_CQL_BOOLEAN || a->boolean == b->boolean) &&
                 xd_str_eq(a->text, b->text) && a->from == b->from && a->to == b->to;
    for (size_t i = 0; alike && i < a->n; i++)
        alike = same(a->args[i], b->args[i]);
    return alike;
}

START_TEST(random_trees_come_back)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    for (int i = 0; i < 3000; i++) {
        const xd_cql *tree = random_tree(cx.arena, 4), *back;
        xd_str text = text_of(&cx, tree), json = json_of(&cx, tree);
        XD_OK_CALL(&cx, xd_cql_read_text(&cx, text, &back));
        ck_assert_msg(same(tree, back), "text " XD_FMT " came back as " XD_FMT, XD_ARG(text),
                      XD_ARG(text_of(&cx, back)));
        XD_OK_CALL(&cx, xd_cql_read_json(&cx, json, &back));
        ck_assert_msg(same(tree, back), "JSON " XD_FMT " came back as " XD_FMT, XD_ARG(json),
                      XD_ARG(json_of(&cx, back)));
        xd_ctx_reset(&cx);
    }
    xd_ctx_end(&cx);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, text_and_json_are_one_tree);
    tcase_add_test(tests, errors_say_where);
    tcase_add_test(tests, names_and_values_are_bound);
    tcase_add_test(tests, all_sees_what_is_hidden_and_no_type_only_what_all_have);
    tcase_add_test(tests, filters_have_ceilings);
    tcase_add_test(tests, random_trees_come_back);
}

XD_TESTS("model/cql", add)
