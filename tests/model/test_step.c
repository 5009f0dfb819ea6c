/* Random models, random bodies, random changes of structure: nothing is lost. */
#include "model/read.h"
#include "random_model.h"

/* What a value says, flat: a text gives a leaf a language, other items one leaf each. Codes are
 * read through the newest model, so a replaced code and its heir are the same leaf. */
typedef struct leaves {
    xd_strs list;
} leaves;

static xd_str newest_code(const rmodel *m, xd_str code)
{
    for (int v = 0; v < 2; v++) {
        for (int t = 0; t < R_TERMS; t++) {
            if (xd_str_eq(m->former[v][t], code)) {
                return m->term[v][t];
            }
        }
    }
    return code;
}

static void add_leaf(xd_ctx *cx, const rmodel *m, leaves *out, const xd_json *item)
{
    xd_buf text = {0};
    if (item->kind == XD_JSON_STRING) {
        *xd_push(cx->arena, &out->list) = newest_code(m, item->text);
        return;
    }
    bool texts = item->kind == XD_JSON_OBJECT && (xd_json_get(item, XD_S("zh")) != NULL ||
                                                  xd_json_get(item, XD_S("en")) != NULL);
    for (size_t i = 0; texts && i < item->members.n; i++) {
        *xd_push(cx->arena, &out->list) =
            xd_str_printf(cx->arena, XD_FMT "=" XD_FMT, XD_ARG(item->members.at[i].key),
                          XD_ARG(xd_json_str(item->members.at[i].value)));
    }
    if (!texts) {
        xd_json_canonical(&text, item);
        *xd_push(cx->arena, &out->list) = xd_buf_copy(&text, cx->arena);
        xd_buf_free(&text);
    }
}

static int by_bytes(const void *a, const void *b)
{
    return xd_str_cmp(*(const xd_str *)a, *(const xd_str *)b);
}

static leaves leaves_of(xd_ctx *cx, const rmodel *m, const xd_json *body)
{
    leaves out = {0};
    for (size_t i = 0; i < body->members.n; i++) {
        xd_str key = body->members.at[i].key;
        const xd_json *value = body->members.at[i].value;
        if (xd_str_eq(key, XD_S("type")) || xd_str_eq(key, XD_S("state")) ||
            xd_str_eq(key, XD_S("about"))) {
            continue;
        }
        for (size_t k = 0; k < (value->kind == XD_JSON_ARRAY ? value->items.n : 1); k++) {
            add_leaf(cx, m, &out, value->kind == XD_JSON_ARRAY ? value->items.at[k] : value);
        }
    }
    if (out.list.n > 0) {
        qsort(out.list.at, out.list.n, sizeof *out.list.at, by_bytes);
    }
    return out;
}

static xd_str canonical(xd_ctx *cx, const xd_json *json)
{
    xd_buf text = {0};
    xd_json_canonical(&text, json);
    xd_str out = xd_buf_copy(&text, cx->arena);
    xd_buf_free(&text);
    return out;
}

static void check_good(xd_ctx *cx, const xd_model *model, const xd_json *body)
{
    xd_problems problems = {0};
    XD_OK_CALL(cx, xd_body_check(cx, model, body, &problems));
    for (size_t i = 0; i < problems.n; i++) {
        ck_abort_msg("%s " XD_FMT ": " XD_FMT "\n" XD_FMT, problems.at[i].code,
                     XD_ARG(problems.at[i].field), XD_ARG(problems.at[i].in[XD_EN]),
                     XD_ARG(canonical(cx, body)));
    }
}

static void check_same_leaves(xd_ctx *cx, const rmodel *m, const xd_json *before,
                              const xd_json *after)
{
    leaves a = leaves_of(cx, m, before), b = leaves_of(cx, m, after);
    bool same = a.list.n == b.list.n;
    for (size_t i = 0; same && i < a.list.n; i++) {
        same = xd_str_eq(a.list.at[i], b.list.at[i]);
    }
    ck_assert_msg(same, "lost or doubled:\n" XD_FMT "\n" XD_FMT, XD_ARG(canonical(cx, before)),
                  XD_ARG(canonical(cx, after)));
    const xd_json *was = xd_json_get(before, XD_S("about"));
    xd_str all = canonical(cx, xd_json_get(after, XD_S("about")) == NULL
                                   ? after
                                   : xd_json_get(after, XD_S("about")));
    for (size_t i = 0; i < xd_json_len(was); i++) {
        xd_str by = xd_json_get_str(was->members.at[i].value, XD_S("checked_by"));
        bool kept = xd_str_find(all, by, 0) != SIZE_MAX;
        /* Of two values merged into one, the first one's `about` speaks for it. */
        bool merged = xd_json_get(after, was->members.at[i].key) == NULL;
        ck_assert_msg(kept || merged, "what was known about " XD_FMT " is gone",
                      XD_ARG(was->members.at[i].key));
    }
}

static void check_split(xd_ctx *cx, const xd_model *model, const xd_json *body)
{
    const xd_json *open, *personal, *shown;
    XD_OK_CALL(cx, xd_body_split(cx, model, body, &open, &personal));
    ck_assert(xd_json_equal(body, xd_body_join(cx, open, personal)));
    const xd_type *type = xd_body_type(model, body);
    XD_OK_CALL(cx, xd_body_public(cx, model, body, &shown));
    for (size_t i = 0; i < type->n_fields; i++) {
        const xd_field *field = &type->fields[i];
        ck_assert(!field->personal || xd_json_get(open, field->name) == NULL);
        ck_assert(!field->hidden || xd_json_get(shown, field->name) == NULL);
        for (size_t k = 0; k < field->was.n; k++) {
            bool own = xd_field_find(type, field->was.at[k]) != NULL;
            ck_assert(own || xd_json_get(shown, field->was.at[k]) == NULL);
            ck_assert(!field->personal || own || xd_json_get(open, field->was.at[k]) == NULL);
        }
    }
}

static void same_from_json(xd_ctx *cx, const xd_model *model)
{
    const xd_json *json;
    xd_faults faults = {0};
    const xd_model *again;
    XD_OK_CALL(cx, xd_json_read(cx, xd_model_json(model), &json));
    XD_OK_CALL(cx, xd_model_from_json(cx, json, &faults, &again));
    ck_assert_mem_eq(xd_model_hash(model), xd_model_hash(again), 32);
}

/* Each loop test is one hundred seeds. */
START_TEST(nothing_lost)
{
    for (uint64_t seed = 1 + (uint64_t)_i * 100; seed <= (uint64_t)(_i + 1) * 100; seed++) {
        xd_ctx cx;
        xd_ctx_begin(&cx);
        rng r = {.s = seed * 0x9E3779B97F4A7C15u};
        rmodel m;
        new_model(&m, cx.arena, &r);
        const xd_model *model = model_of(&cx, &m);
        const xd_json *bodies[4];
        for (size_t i = 0; i < XD_LEN(bodies); i++) {
            bodies[i] = body_of(&m);
            check_good(&cx, model, bodies[i]);
        }
        for (int version = 0; version < 6; version++) {
            for (uint32_t n = 1 + rnd(&r, 3); n > 0; n--) {
                change(&m);
            }
            const xd_model *next = model_of(&cx, &m);
            xd_changes changes = {0};
            XD_OK_CALL(&cx, xd_model_diff(&cx, model, next, &changes));
            for (size_t i = 0; i < changes.n; i++) {
                ck_assert_msg(!changes.at[i].loses, "seed %" PRIu64 ": " XD_FMT, seed,
                              XD_ARG(changes.at[i].en));
            }
            for (size_t i = 0; i < XD_LEN(bodies); i++) {
                const xd_json *stepped;
                XD_OK_CALL(&cx, xd_model_step(&cx, model, next, bodies[i], &stepped));
                check_same_leaves(&cx, &m, bodies[i], stepped);
                check_good(&cx, next, stepped);
                check_split(&cx, next, stepped);
                bodies[i] = stepped;
            }
            bodies[rnd(&r, 4)] = body_of(&m); /* written under this version */
            same_from_json(&cx, next);
            model = next;
        }
        xd_ctx_end(&cx);
    }
}
END_TEST

/* A body through the cells of our own table and back. Links come back as the text of their cell,
 * for the importer to resolve: they are left out here. */
static void through_a_table(xd_ctx *cx, const xd_model *model, xd_json *body, xd_lang lang)
{
    const xd_type *type = xd_body_type(model, body);
    const xd_column *columns;
    size_t n;
    for (size_t i = 0; i < type->n_fields; i++) {
        if (type->fields[i].kind == XD_KIND_LINK) {
            xd_json_drop(body, type->fields[i].name);
        }
    }
    xd_json_drop(body, XD_S("about")); /* may speak of a link */
    XD_OK_CALL(cx, xd_columns(cx, model, type, lang, &columns, &n));
    xd_given *given = xd_new_n(cx->arena, xd_given, n + 1);
    xd_column *found = xd_new_n(cx->arena, xd_column, n + 1);
    for (size_t i = 0; i < n; i++) {
        ck_assert_msg(xd_column_find(model, type, columns[i].header, &found[i]) &&
                          found[i].field == columns[i].field &&
                          xd_str_eq(found[i].part, columns[i].part),
                      "the header " XD_FMT " does not lead back", XD_ARG(columns[i].header));
        given[i] =
            (xd_given){.column = &found[i],
                       .text = xd_cell_write(cx, model, &columns[i], body, lang, NULL, NULL)};
    }
    xd_read_options options = {.today = XD_S("2026-11-24")};
    xd_problems problems = {0};
    xd_json *back;
    XD_OK_CALL(cx, xd_row_read(cx, model, type, given, n, &options, &back, &problems));
    ck_assert_msg(xd_json_equal(body, back), "\n" XD_FMT "\n" XD_FMT,
                  XD_ARG(canonical(cx, body)), XD_ARG(canonical(cx, back)));
}

START_TEST(tables_lose_nothing)
{
    for (uint64_t seed = 1; seed <= 150; seed++) {
        xd_ctx cx;
        xd_ctx_begin(&cx);
        rng r = {.s = seed * 0xD1B54A32D192ED03u};
        rmodel m;
        new_model(&m, cx.arena, &r);
        const xd_model *model = model_of(&cx, &m);
        for (int i = 0; i < 4; i++) {
            through_a_table(&cx, model, body_of(&m), i % 2 == 0 ? XD_ZH : XD_EN);
        }
        xd_ctx_end(&cx);
    }
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, tables_lose_nothing);
    tcase_add_loop_test(tests, nothing_lost, 0, 5);
}

XD_TESTS("model/step", add)
