/* A store whose model changes: bodies, keys, numbers, undo and erasing across versions. */
#include "store_test.h"

#define PLANT "{\"type\":\"plant\",\"state\":\"draft\""

static xd_str replaced(xd_ctx *cx, xd_str text, const char *from, const char *to)
{
    size_t at = xd_str_find(text, xd_str_of(from), 0);
    ck_assert_msg(at != SIZE_MAX, "no \"%s\" to replace", from);
    return xd_str_printf(cx->arena, XD_FMT "%s" XD_FMT, XD_ARG(xd_str_sub(text, 0, at)), to,
                         XD_ARG(xd_str_sub(text, at + strlen(from), text.n)));
}

typedef struct change {
    const char *file, *from, *to;
} change;

/* The test model with changes in its files, as one who edits data/model makes them. */
static const xd_model *changed_model(bench *b, const char *base, const char *name,
                                     const change *changes, size_t n)
{
    const char *folder = path_in(b, name);
    char command[300];
    (void)snprintf(command, sizeof command, "cp -r '%s' '%s'", base, folder);
    ck_assert_int_eq(system(command), 0);
    for (size_t i = 0; i < n; i++) {
        char path[300];
        xd_str text;
        (void)snprintf(path, sizeof path, "%s/%s", folder, changes[i].file);
        XD_OK_CALL(&b->cx, xd_file_read(&b->cx, path, 1 << 20, &text));
        XD_OK_CALL(&b->cx, xd_file_replace(
                               &b->cx, path,
                               replaced(&b->cx, text, changes[i].from, changes[i].to), 0600));
    }
    return load_model(&b->cx, folder);
}

static void apply(bench *b, const xd_model *model)
{
    xd_head *head = NULL;
    int64_t seq = 0;
    XD_OK_CALL(&b->cx, xd_head_take(&b->cx, b->store, model, "test", 0, NULL, NULL, &head));
    XD_OK_CALL(&b->cx, xd_append_model(&b->cx, head, model, &seq));
    XD_OK_CALL(&b->cx, xd_head_commit(&b->cx, head));
    b->model = model;
}

static const change renamed[] = {
    {"types/plant.yaml", "{name: note,",        "{name: story, was: [note]," },
    {"types/plant.yaml", "{name: phone,",       "{name: tel, was: [phone],"  },
    {"types/plant.yaml", "{name: maker,",       "{name: firms, was: [maker],"},
    {"types/plant.yaml", "fields: [source_id]", "fields: [remark]"           },
};

START_TEST(another_model_is_refused)
{
    bench b;
    bench_open(&b);
    const xd_model *other = changed_model(&b, TEST_MODEL, "m2", renamed, XD_LEN(renamed));
    ck_assert(!xd_store_settle_model(&b.cx, b.store, other));
    ck_assert_int_eq(b.cx.err.code, XD_CONFLICT);
    xd_err why = xd_err_take(&b.cx);
    ck_assert_uint_ne(xd_str_find(why.en, XD_S("xiudai model apply"), 0), SIZE_MAX);
    xd_head *head = NULL;
    int64_t seq = 0, id = 0;
    const xd_act act = {XD_REV_CREATE, 0, 0, 0, json_of(&b, PLANT ",\"name\":{\"zh\":\"厂\"}}"),
                        false};
    XD_OK_CALL(&b.cx, xd_head_take(&b.cx, b.store, other, "test", 0, NULL, NULL, &head));
    FAILS_WITH(&b.cx, XD_CONFLICT, xd_append(&b.cx, head, &act, &seq, &id));
    xd_head_release(head);
    bench_end(&b);
}
END_TEST

START_TEST(bodies_are_read_through_the_steps)
{
    bench b;
    char body[400];
    size_t n = 0;
    int64_t *ids = NULL, made = 0, records = 0;
    xd_conflicts conflicts = {0};
    bench_open(&b);
    int64_t firm =
        create(&b, "{\"type\":\"firm\",\"state\":\"draft\",\"name\":{\"zh\":\"司\"}}");
    (void)snprintf(body, sizeof body,
                   PLANT ",\"name\":{\"zh\":\"厂\"},\"note\":{\"zh\":\"旧\"},\"phone\":\"123\","
                         "\"remark\":{\"zh\":\"K 1\"},\"maker\":[{\"id\":%" PRId64 "}]}",
                   firm);
    int64_t id = create(&b, body);
    xd_head *head = take_head(&b);
    int64_t set = open_set(&b, head);
    (void)snprintf(body, sizeof body,
                   PLANT ",\"name\":{\"zh\":\"厂\"},\"note\":{\"zh\":\"新\"},\"phone\":\"123\","
                         "\"remark\":{\"zh\":\"K 1\"},\"maker\":[{\"id\":%" PRId64 "}],"
                         "\"number\":\"000000-P-0001\"}",
                   firm);
    int64_t old_seq = put(&b, head, XD_REV_EDIT, id, 3, set, body);
    XD_OK_CALL(&b.cx, xd_head_commit(&b.cx, head));

    apply(&b, changed_model(&b, TEST_MODEL, "m2", renamed, XD_LEN(renamed)));
    ck_assert_uint_eq(count_faults(&b, b.store, true), 0);
    const xd_record *record = record_of(&b, id);
    ck_assert_ptr_null(xd_json_get(record->body, XD_S("note")));
    XD_STR_IS(xd_json_get_str(xd_json_get(record->body, XD_S("story")), XD_S("zh")), "新");
    XD_STR_IS(xd_json_get_str(record->body, XD_S("tel")), "123");
    XD_OK_CALL(&b.cx, xd_key_find(&b.cx, b.store, XD_S("plant"), XD_S("source"), XD_S("k1"),
                                  &ids, &n));
    ck_assert_uint_eq(n, 1);
    xd_links links = {0};
    XD_OK_CALL(&b.cx, xd_links_of(&b.cx, b.store, id, false, &links));
    ck_assert_uint_eq(links.n, 1);
    XD_STR_IS(links.at[0].kind, "firms");

    /* The log itself says what it always said; read as a body it is of the newest model. */
    const xd_revision *rev = NULL;
    const xd_json *read = NULL;
    XD_OK_CALL(&b.cx, xd_revision_find(&b.cx, b.store, old_seq, &rev));
    ck_assert_uint_ne(xd_str_find(rev->open, XD_S("\"note\""), 0), SIZE_MAX);
    XD_OK_CALL(&b.cx, xd_revision_body(&b.cx, b.store, rev, &read));
    ck_assert_ptr_nonnull(xd_json_get(read, XD_S("story")));

    /* A set of the old model is undone under the new one. */
    XD_OK_CALL(&b.cx,
               xd_set_undo(&b.cx, b.store, b.model, set, false, &conflicts, &made, &records));
    ck_assert_uint_eq(conflicts.n, 0);
    ck_assert_int_eq(records, 1);
    record = record_of(&b, id);
    XD_STR_IS(xd_json_get_str(xd_json_get(record->body, XD_S("story")), XD_S("zh")), "旧");
    ck_assert_uint_eq(count_faults(&b, b.store, true), 0);
    XD_OK_CALL(&b.cx, xd_store_rebuild(&b.cx, b.store));
    ck_assert_uint_eq(count_faults(&b, b.store, true), 0);

    /* Applying it again appends nothing. */
    int64_t before = 0, after = 0;
    uint8_t hash[32];
    XD_OK_CALL(&b.cx, xd_log_head(&b.cx, b.store, &before, hash));
    apply(&b, b.model);
    XD_OK_CALL(&b.cx, xd_log_head(&b.cx, b.store, &after, hash));
    ck_assert_int_eq(before, after);
    bench_end(&b);
}
END_TEST

static const change forgotten[] = {
    {"types/plant.yaml", "{name: tel, was: [phone],", "{name: tel,"},
};

/* The field was renamed and its old name then dropped: the old revisions are found all the same. */
START_TEST(erasing_under_a_former_name)
{
    bench b;
    int64_t seq = 0;
    xd_str bytes;
    bench_open(&b);
    int64_t id = create(&b, PLANT ",\"name\":{\"zh\":\"厂\"},\"phone\":\"SECRET-1\"}");
    apply(&b, changed_model(&b, TEST_MODEL, "m2", renamed, XD_LEN(renamed)));
    (void)edit(&b, id,
               PLANT ",\"name\":{\"zh\":\"厂\"},\"tel\":\"SECRET-2\","
                     "\"number\":\"000000-P-0001\"}");
    apply(&b, changed_model(&b, path_in(&b, "m2"), "m3", forgotten, XD_LEN(forgotten)));
    XD_OK_CALL(&b.cx, xd_store_erase(&b.cx, b.store, b.model, id, XD_S("tel"), &seq));
    ck_assert_uint_eq(count_faults(&b, b.store, true), 0);
    xd_store_close(b.store);
    XD_OK_CALL(&b.cx, xd_file_read(&b.cx, b.place, 64 << 20, &bytes));
    ck_assert_uint_eq(xd_str_find(bytes, XD_S("SECRET"), 0), SIZE_MAX);
    bench_end(&b);
}
END_TEST

static const change now_personal[] = {
    {"types/plant.yaml", "{name: remark, kind: text,",
     "{name: remark, personal: true, kind: text,"},
};

typedef struct exposures {
    int64_t seq[8], record[8];
    size_t n;
} exposures;

static bool note_exposed(xd_ctx *cx, void *user, int64_t seq, int64_t record, xd_str field)
{
    exposures *e = user;
    (void)cx;
    XD_STR_IS(field, "remark");
    ck_assert_uint_lt(e->n, 8);
    e->seq[e->n] = seq;
    e->record[e->n++] = record;
    return true;
}

START_TEST(marked_personal_later)
{
    bench b;
    int64_t seq = 0;
    xd_str bytes;
    exposures found = {0};
    bench_open(&b);
    int64_t id = create(&b, PLANT ",\"name\":{\"zh\":\"厂\"},\"remark\":{\"zh\":\"SECRET\"}}");
    (void)create(&b, PLANT ",\"name\":{\"zh\":\"别\"}}");
    const xd_model *model = changed_model(&b, TEST_MODEL, "m2", now_personal, 1);
    /* Before it is applied, for the one who decides; and after. */
    XD_OK_CALL(&b.cx, xd_store_exposed(&b.cx, b.store, model, note_exposed, &found));
    ck_assert_uint_eq(found.n, 1);
    ck_assert_int_eq(found.seq[0], 2);
    ck_assert_int_eq(found.record[0], id);
    apply(&b, model);
    (void)edit(&b, id,
               PLANT ",\"name\":{\"zh\":\"厂\"},\"remark\":{\"zh\":\"SECRET\"},"
                     "\"number\":\"000000-P-0001\"}");
    found.n = 0;
    XD_OK_CALL(&b.cx, xd_store_exposed(&b.cx, b.store, model, note_exposed, &found));
    ck_assert_uint_eq(found.n, 1); /* the edit went to the personal part */
    XD_OK_CALL(&b.cx, xd_store_erase(&b.cx, b.store, b.model, id, XD_S("remark"), &seq));
    found.n = 0;
    XD_OK_CALL(&b.cx, xd_store_exposed(&b.cx, b.store, model, note_exposed, &found));
    ck_assert_uint_eq(found.n, 0);
    const xd_revision *rev = NULL;
    XD_OK_CALL(&b.cx, xd_revision_find(&b.cx, b.store, 2, &rev));
    ck_assert(rev->open_erased);
    ck_assert_uint_eq(count_faults(&b, b.store, true), 0);
    XD_OK_CALL(&b.cx, xd_store_rebuild(&b.cx, b.store));
    ck_assert_uint_eq(count_faults(&b, b.store, true), 0);
    xd_store_close(b.store);
    XD_OK_CALL(&b.cx, xd_file_read(&b.cx, b.place, 64 << 20, &bytes));
    ck_assert_uint_eq(xd_str_find(bytes, XD_S("SECRET"), 0), SIZE_MAX);
    bench_end(&b);
}
END_TEST

/* Open bodies grow, pages of the table record split, and a page that was split keeps in its gap
 * what it gave away: secure_delete does not reach there, only rewriting the file does. */
START_TEST(nothing_is_left_in_gaps)
{
    enum { RECORDS = 120 };
    bench b;
    int64_t ids[RECORDS], seq = 0;
    xd_str bytes;
    bench_open(&b);
    for (int round = 0; round < 4; round++) {
        xd_head *head = take_head(&b);
        for (int i = 0; i < RECORDS; i++) {
            int64_t base = round == 0 ? 0 : record_of(&b, ids[i])->rev;
            char number[40] = "";
            if (round > 0) {
                (void)snprintf(number, sizeof number, "\"number\":\"000000-P-%04d\",", i + 1);
            }
            char text[2400] = "";
            int times = 1 + (i * 7919 + round * 4099) % (round == 2 ? 300 : 40);
            for (int t = 0; t < times; t++) {
                (void)snprintf(text + 7 * t, 8, "SECRET-");
            }
            const char *body = xd_cstr(
                b.cx.arena,
                xd_str_printf(b.cx.arena,
                              PLANT ",%s\"name\":{\"zh\":\"厂\"},\"remark\":{\"en\":\"%s\"}}",
                              number, text));
            int64_t made = put(&b, head, round == 0 ? XD_REV_CREATE : XD_REV_EDIT,
                               round == 0 ? 0 : ids[i], base, 0, body);
            ids[i] = round == 0 ? made : ids[i];
        }
        XD_OK_CALL(&b.cx, xd_head_commit(&b.cx, head));
    }
    apply(&b, changed_model(&b, TEST_MODEL, "m2", now_personal, 1));
    for (int i = 0; i < RECORDS; i++) {
        XD_OK_CALL(&b.cx,
                   xd_store_erase(&b.cx, b.store, b.model, ids[i], XD_S("remark"), &seq));
    }
    ck_assert_uint_eq(count_faults(&b, b.store, true), 0);
    xd_store_close(b.store);
    XD_OK_CALL(&b.cx, xd_file_read(&b.cx, b.place, 64 << 20, &bytes));
    ck_assert_uint_eq(xd_str_find(bytes, XD_S("SECRET-"), 0), SIZE_MAX);
    bench_end(&b);
}
END_TEST

START_TEST(the_shipped_model)
{
    bench b;
    xd_str json;
    uint8_t hash[32];
    bench_begin(&b);
    b.model = load_model(&b.cx, XD_SOURCE "/data/model");
    XD_OK_CALL(&b.cx, xd_store_open(&b.cx, b.place, XD_STORE_CREATE, &b.store));
    XD_OK_CALL(&b.cx, xd_store_settle_model(&b.cx, b.store, b.model));
    XD_OK_CALL(&b.cx, xd_store_model(&b.cx, b.store, hash, &json));
    ck_assert(xd_str_eq(json, xd_model_json(b.model)));
    ck_assert_uint_eq(count_faults(&b, b.store, true), 0);
    bench_end(&b);
}
END_TEST

static void add(TCase *tests, bool pg)
{
    tcase_add_test(tests, another_model_is_refused);
    tcase_add_test(tests, bodies_are_read_through_the_steps);
    tcase_add_test(tests, the_shipped_model);
    if (pg) {
        return; /* what follows looks into files */
    }
    tcase_add_test(tests, erasing_under_a_former_name);
    tcase_add_test(tests, marked_personal_later);
    tcase_add_test(tests, nothing_is_left_in_gaps);
}

XD_STORE_TESTS("store/model", add)
