/* An index behind a real store: what the log says is what is found. */
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "bench.h"

START_TEST(states_and_edits)
{
    bench b;
    bench_begin(&b);
    xd_index *public = make_index(&b, XD_SEE_PUBLIC), *all = make_index(&b, XD_SEE_ALL);
    ck_assert_uint_eq(found(&b, public, ""), 0);
    int64_t id = create(
        &b, WORKS("draft", "宣纸厂", ",\"secret\":{\"zh\":\"秘方\"},\"keeper_name\":\"汪六\""));
    ck_assert_uint_eq(found(&b, public, "宣纸"), 0);
    ck_assert_uint_eq(found(&b, all, "宣纸"), 1);
    ck_assert_uint_eq(found(&b, all, "秘方"), 1);
    edit(&b, id, WORKS("shown", "宣纸厂", ",\"secret\":{\"zh\":\"秘方\"}"));
    ck_assert_uint_eq(found(&b, public, "宣纸"), 1);
    ck_assert_uint_eq(found(&b, public, "秘方"), 0);
    edit(&b, id, WORKS("shown", "钢铁厂", ""));
    ck_assert_uint_eq(found(&b, public, "宣纸"), 0);
    ck_assert_uint_eq(found(&b, public, "钢铁"), 1);
    ck_assert_uint_eq(found(&b, all, "秘方"), 0);
    edit(&b, id, WORKS("gone", "钢铁厂", ""));
    ck_assert_uint_eq(found(&b, public, ""), 0);
    ck_assert_uint_eq(found(&b, all, ""), 1);
    /* A fresh index over the whole log at once says the same. */
    xd_index *again = make_index(&b, XD_SEE_ALL);
    ck_assert_uint_eq(found(&b, again, "钢铁"), 1);
    ck_assert_uint_eq(found(&b, again, "宣纸"), 0);
    bench_end(&b);
}
END_TEST

/* What a linked record says counts for those that link to it, from the moment it says it. */
START_TEST(linked_records)
{
    bench b;
    bench_begin(&b);
    xd_index *index = make_index(&b, XD_SEE_PUBLIC);
    int64_t firm = create(&b, FIRM("shown", "老字号", ""));
    char works[256];
    (void)snprintf(works, sizeof works, WORKS("shown", "酒坊", ",\"owner\":[{\"id\":%d}]"),
                   (int)firm);
    (void)create(&b, works); /* found by its owner below */
    const xd_type *type = xd_type_find(b.model, XD_S("works"));
    const xd_cql *read, *filter;
    XD_OK_CALL(&b.cx, xd_cql_read_text(&b.cx, XD_S("owner.name = '新字号'"), &read));
    XD_OK_CALL(&b.cx, xd_cql_check(&b.cx, b.model, type, false, read, &filter));
    const char *const names[] = {"", FIRM("shown", "新字号", ""), FIRM("draft", "新字号", "")};
    const uint64_t counts[] = {0, 1, 0};
    for (size_t i = 0; i < 3; i++) {
        if (i > 0)
            edit(&b, firm, names[i]);
        (void)found(&b, index, ""); /* follow */
        const xd_answer *answer;
        xd_ask ask = {.type = type, .filter = filter};
        XD_OK_CALL(&b.cx, xd_ask_run(&b.cx, xd_snap_open(&b.cx, index), &ask, &answer));
        ck_assert_uint_eq(answer->matched, counts[i]);
    }
    bench_end(&b);
}
END_TEST

/* Bodies of an older model are read through the step to the newer one. */
START_TEST(older_models)
{
    bench b;
    bench_begin(&b);
    (void)create(&b,
                 WORKS("shown", "瓷厂", ",\"formerly\":[{\"zh\":\"官窑\"}]")); /* by q below */
    char command[256];
    (void)snprintf(
        command, sizeof command,
        "sed -i 's/name: formerly,/name: once, was: [formerly],/' '%s/types/works.yaml'",
        b.folder);
    run(command);
    const xd_model *newer = load(&b.cx, b.folder);
    xd_head *head;
    int64_t seq;
    XD_OK_CALL(&b.cx, xd_head_take(&b.cx, b.store, newer, "test", 0, NULL, NULL, &head));
    XD_OK_CALL(&b.cx, xd_append_model(&b.cx, head, newer, &seq));
    XD_OK_CALL(&b.cx, xd_head_commit(&b.cx, head));
    b.model = newer;
    xd_index *index = make_index(&b, XD_SEE_PUBLIC);
    ck_assert_uint_eq(found(&b, index, "官窑"), 1);
    (void)create(&b,
                 WORKS("shown", "新瓷厂", ",\"once\":[{\"zh\":\"官窑\"}]")); /* by q below */
    ck_assert_uint_eq(found(&b, index, "官窑"), 2);
    bench_end(&b);
}
END_TEST

/* Readers while a writer writes: each sees whole states only. Every act adds one record and
 * takes one away, so there are always as many. */
#define KEPT 20
#define ACTS 60
#define READERS 3

typedef struct shared {
    bench *b;
    xd_index *index;
    atomic_bool done;
    atomic_int looks;
} shared;

static void *read_on(void *p)
{
    shared *s = p;
    while (!atomic_load(&s->done)) {
        xd_ctx cx;
        xd_ctx_begin(&cx);
        const xd_snap *snap = xd_snap_open(&cx, s->index);
        xd_ask ask = {.q = XD_S("厂"), .limit = 100};
        const xd_answer *answer;
        XD_OK_CALL(&cx, xd_ask_run(&cx, snap, &ask, &answer));
        ck_assert_uint_eq(answer->matched, KEPT);
        ck_assert_uint_eq(answer->n, KEPT);
        for (size_t i = 0; i < answer->n; i++) {
            const xd_json *body;
            int64_t rev;
            XD_OK_CALL(&cx, xd_snap_body(&cx, snap, answer->hits[i].id, &body, &rev));
            ck_assert_ptr_nonnull(body);
            ck_assert_int_eq(rev, answer->hits[i].rev);
        }
        atomic_fetch_add(&s->looks, 1);
        xd_ctx_end(&cx);
    }
    return NULL;
}

static void swap(bench *b, int64_t *ids, int i)
{
    xd_head *head = NULL;
    const xd_json *in, *out;
    const xd_record *old = NULL;
    int64_t seq;
    XD_OK_CALL(&b->cx, xd_record_find(&b->cx, b->store, ids[i % KEPT], &old));
    in = body_of(&b->cx, b->store, 0, WORKS("shown", "新厂", ""));
    out = body_of(&b->cx, b->store, old->id, WORKS("gone", "旧厂", ""));
    XD_OK_CALL(&b->cx, xd_head_take(&b->cx, b->store, b->model, "test", 0, NULL, NULL, &head));
    xd_act away = {.kind = XD_REV_EDIT, .record = old->id, .base = old->rev, .body = out};
    xd_act fresh = {.kind = XD_REV_CREATE, .body = in};
    int64_t same;
    XD_OK_CALL(&b->cx, xd_append(&b->cx, head, &away, &seq, &same));
    XD_OK_CALL(&b->cx, xd_append(&b->cx, head, &fresh, &seq, &ids[i % KEPT]));
    XD_OK_CALL(&b->cx, xd_head_commit(&b->cx, head));
}

START_TEST(readers_and_a_writer)
{
    bench b;
    bench_begin(&b);
    xd_index *index = make_index(&b, XD_SEE_PUBLIC);
    int64_t ids[KEPT], applied;
    for (int i = 0; i < KEPT; i++)
        ids[i] = create(&b, WORKS("shown", "老厂", ""));
    XD_OK_CALL(&b.cx, xd_index_follow(&b.cx, index, b.store, &applied));
    shared s = {.b = &b, .index = index};
    pthread_t readers[READERS];
    for (int i = 0; i < READERS; i++)
        ck_assert_int_eq(pthread_create(&readers[i], NULL, read_on, &s), 0);
    for (int i = 0; i < ACTS; i++) {
        swap(&b, ids, i);
        XD_OK_CALL(&b.cx, xd_index_follow(&b.cx, index, b.store, &applied));
        ck_assert_int_eq(applied, 2);
    }
    while (atomic_load(&s.looks) < READERS)
        (void)usleep(1000); /* sooner is fine too */
    atomic_store(&s.done, true);
    for (int i = 0; i < READERS; i++)
        ck_assert_int_eq(pthread_join(readers[i], NULL), 0);
    bench_end(&b);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, states_and_edits);
    tcase_add_test(tests, linked_records);
    tcase_add_test(tests, older_models);
    tcase_add_test(tests, readers_and_a_writer);
}

XD_TESTS("index/follow", add)
