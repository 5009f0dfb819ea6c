/* Change sets and taking them back. */
#include "store_test.h"

#define PLANT "{\"type\":\"plant\",\"state\":\"draft\""

static int64_t undo(bench *b, int64_t set, bool skip, size_t *n_conflicts, int64_t *n_records)
{
    xd_conflicts conflicts = {0};
    int64_t made = 0;
    XD_OK_CALL(&b->cx, xd_set_undo(&b->cx, b->store, b->model, set, skip, &conflicts, &made,
                                   n_records));
    for (size_t i = 0; i < conflicts.n; i++) {
        ck_assert_uint_gt(conflicts.at[i].in[XD_ZH].n, 0);
        ck_assert_uint_gt(conflicts.at[i].in[XD_EN].n, 0);
    }
    *n_conflicts = conflicts.n;
    return made;
}

/* Undo must refuse with a conflict about this record and field, and change nothing. */
static void refuses(bench *b, int64_t set, int64_t record, const char *field)
{
    xd_conflicts conflicts = {0};
    int64_t made = 0, n = 0, before = 0, after = 0;
    uint8_t hash[32];
    XD_OK_CALL(&b->cx, xd_log_head(&b->cx, b->store, &before, hash));
    FAILS_WITH(&b->cx, XD_CONFLICT,
               xd_set_undo(&b->cx, b->store, b->model, set, false, &conflicts, &made, &n));
    XD_OK_CALL(&b->cx, xd_log_head(&b->cx, b->store, &after, hash));
    ck_assert_int_eq(before, after);
    bool told = false;
    for (size_t i = 0; i < conflicts.n; i++) {
        told = told || (conflicts.at[i].record == record &&
                        xd_str_eq(conflicts.at[i].field, xd_str_of(field)));
    }
    ck_assert_msg(told, "no conflict about %s of record %" PRId64, field, record);
}

START_TEST(edits_go_back)
{
    bench b;
    size_t conflicts = 0;
    int64_t n = 0;
    bench_open(&b);
    int64_t id = create(&b, PLANT ",\"name\":{\"zh\":\"旧名\"},\"note\":{\"zh\":\"旧\"},"
                                  "\"about\":{\"note\":{\"confidence\":\"high\"}}}");
    xd_str before = body_text(&b, id);
    xd_head *head = take_head(&b);
    int64_t set = open_set(&b, head);
    (void)put(
        &b, head, XD_REV_EDIT, id, 2, set,
        PLANT
        ",\"name\":{\"zh\":\"新名\"},\"number\":\"000000-P-0001\","
        "\"note\":{\"zh\":\"新\"},\"remark\":{\"zh\":\"加\"},\"phone\":\"1\","
        "\"about\":{\"note\":{\"confidence\":\"low\"},\"remark\":{\"confidence\":\"low\"}}}");
    XD_OK_CALL(&b.cx, xd_head_commit(&b.cx, head));
    int64_t undone = undo(&b, set, false, &conflicts, &n);
    ck_assert_uint_eq(conflicts, 0);
    ck_assert_int_eq(n, 1);
    ck_assert(xd_str_eq(body_text(&b, id), before));
    /* Once more has nothing to do; undoing the undo brings the set's values again. */
    ck_assert_int_eq(undo(&b, set, false, &conflicts, &n), 0);
    ck_assert_int_eq(n, 0);
    ck_assert_int_gt(undo(&b, undone, false, &conflicts, &n), undone);
    XD_STR_IS(xd_json_get_str(record_of(&b, id)->body, XD_S("phone")), "1");
    ck_assert_uint_eq(count_faults(&b, b.store, true), 0);
    bench_end(&b);
}
END_TEST

START_TEST(fields_changed_since_conflict)
{
    bench b;
    size_t conflicts = 0;
    int64_t n = 0;
    bench_open(&b);
    int64_t id = create(&b, PLANT ",\"name\":{\"zh\":\"一\"},\"note\":{\"zh\":\"一\"}}");
    xd_head *head = take_head(&b);
    int64_t set = open_set(&b, head);
    (void)put(&b, head, XD_REV_EDIT, id, 2, set,
              PLANT ",\"name\":{\"zh\":\"二\"},\"number\":\"000000-P-0001\",\"note\":{\"zh\":"
                    "\"二\"}}");
    XD_OK_CALL(&b.cx, xd_head_commit(&b.cx, head));
    (void)edit(&b, id,
               PLANT ",\"name\":{\"zh\":\"二\"},\"number\":\"000000-P-0001\",\"note\":{\"zh\":"
                     "\"三\"},\"remark\":{\"zh\":\"别人\"}}");
    refuses(&b, set, id, "note");
    (void)undo(&b, set, true, &conflicts, &n);
    ck_assert_uint_eq(conflicts, 1);
    XD_STR_IS(body_text(&b, id),
              "{\"name\":{\"zh\":\"一\"},\"note\":{\"zh\":\"三\"},\"number\":\"000000-P-0001\","
              "\"remark\":{\"zh\":\"别人\"},\"state\":\"draft\",\"type\":\"plant\"}");
    ck_assert_uint_eq(count_faults(&b, b.store, true), 0);
    bench_end(&b);
}
END_TEST

START_TEST(created_are_withdrawn)
{
    bench b;
    size_t conflicts = 0;
    int64_t n = 0;
    char body[256];
    bench_open(&b);
    int64_t old = create(&b, PLANT ",\"name\":{\"zh\":\"老\"}}");
    xd_head *head = take_head(&b);
    int64_t set = open_set(&b, head);
    int64_t firm = put(&b, head, XD_REV_CREATE, 0, 0, set,
                       "{\"type\":\"firm\",\"state\":\"public\",\"name\":{\"zh\":\"司\"}}");
    (void)snprintf(body, sizeof body,
                   PLANT ",\"name\":{\"zh\":\"新\"},\"maker\":[{\"id\":%" PRId64 "}]}", firm);
    int64_t plant = put(&b, head, XD_REV_CREATE, 0, 0, set, body);
    /* An old record that the set itself linked is put back with the rest. */
    (void)snprintf(body, sizeof body,
                   PLANT ",\"name\":{\"zh\":\"老\"},\"number\":\"000000-P-0001\","
                         "\"maker\":[{\"id\":%" PRId64 "}]}",
                   firm);
    (void)put(&b, head, XD_REV_EDIT, old, 2, set, body);
    XD_OK_CALL(&b.cx, xd_head_commit(&b.cx, head));
    (void)undo(&b, set, false, &conflicts, &n);
    ck_assert_int_eq(n, 3);
    XD_STR_IS(record_of(&b, plant)->state, "gone");
    XD_STR_IS(record_of(&b, plant)->number, "000000-P-0002");
    XD_STR_IS(record_of(&b, firm)->state, "gone");
    ck_assert_ptr_null(xd_json_get(record_of(&b, old)->body, XD_S("maker")));
    ck_assert_uint_eq(count_faults(&b, b.store, true), 0);
    bench_end(&b);
}
END_TEST

START_TEST(created_and_used_since_conflict)
{
    bench b;
    size_t conflicts = 0;
    int64_t n = 0;
    char body[256];
    bench_open(&b);
    xd_head *head = take_head(&b);
    int64_t set = open_set(&b, head);
    int64_t firm = put(&b, head, XD_REV_CREATE, 0, 0, set,
                       "{\"type\":\"firm\",\"state\":\"draft\",\"name\":{\"zh\":\"司\"}}");
    (void)snprintf(body, sizeof body,
                   PLANT ",\"name\":{\"zh\":\"中\"},\"maker\":[{\"id\":%" PRId64 "}]}", firm);
    int64_t middle = put(&b, head, XD_REV_CREATE, 0, 0, set, body);
    int64_t moved = put(&b, head, XD_REV_CREATE, 0, 0, set, PLANT ",\"name\":{\"zh\":\"动\"}}");
    int64_t edited =
        put(&b, head, XD_REV_CREATE, 0, 0, set, PLANT ",\"name\":{\"zh\":\"改\"}}");
    int64_t free_one =
        put(&b, head, XD_REV_CREATE, 0, 0, set, PLANT ",\"name\":{\"zh\":\"闲\"}}");
    XD_OK_CALL(&b.cx, xd_head_commit(&b.cx, head));

    (void)act(&b, XD_REV_MOVE, moved, record_of(&b, moved)->rev,
              "{\"type\":\"plant\",\"state\":\"public\",\"name\":{\"zh\":\"动\"},"
              "\"number\":\"000000-P-0002\"}");
    (void)edit(&b, edited,
               PLANT ",\"name\":{\"zh\":\"改\"},\"number\":\"000000-P-0003\","
                     "\"note\":{\"zh\":\"x\"}}");
    /* A later record holds the plant in the middle, which holds the firm. */
    (void)snprintf(body, sizeof body,
                   PLANT ",\"name\":{\"zh\":\"后\"},\"maker\":[{\"id\":%" PRId64 "}]}", middle);
    int64_t later = create(&b, body);
    ck_assert_int_gt(later, middle);

    refuses(&b, set, middle, "");
    refuses(&b, set, firm, "");
    refuses(&b, set, moved, "state");
    refuses(&b, set, edited, "note");
    (void)undo(&b, set, true, &conflicts, &n);
    ck_assert_int_eq(n, 1);
    XD_STR_IS(record_of(&b, free_one)->state, "gone");
    XD_STR_IS(record_of(&b, firm)->state, "draft");
    XD_STR_IS(record_of(&b, middle)->state, "draft");
    XD_STR_IS(record_of(&b, moved)->state, "public");
    ck_assert_uint_eq(count_faults(&b, b.store, true), 0);
    bench_end(&b);
}
END_TEST

START_TEST(keys_taken_since_conflict)
{
    bench b;
    size_t conflicts = 0;
    int64_t n = 0;
    bench_open(&b);
    int64_t id = create(&b, PLANT ",\"name\":{\"zh\":\"一\"},\"source_id\":\"K1\"}");
    xd_head *head = take_head(&b);
    int64_t set = open_set(&b, head);
    (void)put(&b, head, XD_REV_EDIT, id, 2, set,
              PLANT
              ",\"name\":{\"zh\":\"一\"},\"source_id\":\"K2\",\"number\":\"000000-P-0001\"}");
    XD_OK_CALL(&b.cx, xd_head_commit(&b.cx, head));
    (void)create(&b, PLANT ",\"name\":{\"zh\":\"二\"},\"source_id\":\"K1\"}");
    refuses(&b, set, id, "");
    ck_assert_int_eq(undo(&b, set, true, &conflicts, &n), 0);
    ck_assert_uint_eq(conflicts, 1);
    ck_assert_int_eq(n, 0);
    bench_end(&b);
}
END_TEST

START_TEST(erased_since_conflict)
{
    bench b;
    size_t conflicts = 0;
    int64_t n = 0, seq = 0;
    bench_open(&b);
    int64_t id =
        create(&b, PLANT ",\"name\":{\"zh\":\"一\"},\"phone\":\"111\",\"mail\":\"a\"}");
    xd_head *head = take_head(&b);
    int64_t set = open_set(&b, head);
    (void)put(&b, head, XD_REV_EDIT, id, 2, set,
              PLANT ",\"name\":{\"zh\":\"二\"},\"number\":\"000000-P-0001\",\"phone\":\"222\","
                    "\"mail\":\"b\"}");
    XD_OK_CALL(&b.cx, xd_head_commit(&b.cx, head));
    XD_OK_CALL(&b.cx, xd_store_erase(&b.cx, b.store, b.model, id, XD_S("phone"), &seq));
    refuses(&b, set, id, "");
    (void)undo(&b, set, true, &conflicts, &n);
    /* The open part went back; what is personal was left alone. */
    XD_STR_IS(body_text(&b, id),
              "{\"mail\":\"b\",\"name\":{\"zh\":\"一\"},\"number\":\"000000-P-0001\","
              "\"state\":\"draft\",\"type\":\"plant\"}");
    ck_assert_uint_eq(count_faults(&b, b.store, true), 0);
    bench_end(&b);
}
END_TEST

START_TEST(no_such_set)
{
    bench b;
    xd_conflicts conflicts = {0};
    int64_t made = 0, n = 0;
    bench_open(&b);
    FAILS_WITH(&b.cx, XD_ABSENT,
               xd_set_undo(&b.cx, b.store, b.model, 1, false, &conflicts, &made, &n));
    FAILS_WITH(&b.cx, XD_ABSENT,
               xd_set_undo(&b.cx, b.store, b.model, 42, false, &conflicts, &made, &n));
    bench_end(&b);
}
END_TEST

static void add(TCase *tests, bool pg)
{
    tcase_add_test(tests, edits_go_back);
    tcase_add_test(tests, fields_changed_since_conflict);
    tcase_add_test(tests, created_are_withdrawn);
    tcase_add_test(tests, created_and_used_since_conflict);
    tcase_add_test(tests, keys_taken_since_conflict);
    tcase_add_test(tests, erased_since_conflict);
    tcase_add_test(tests, no_such_set);
    (void)pg; /* nothing here looks into files */
}

XD_STORE_TESTS("store/undo", add)
