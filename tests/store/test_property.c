/* Random models × random records × random acts, on both engines: what a store says is what a list in
 * memory says, also after the model has changed under the records, after what was begun has been
 * given up, after an undo, and in a copy on the other engine. A seed that fails is printed. */
#include "../model/random_model.h"
#include "store_test.h"

#define SEEDS 3 /* a hundred in full */
#define RECORDS 40
#define ACTS 12
#define MODELS 4

typedef struct kept {
    int64_t id, rev;
    const xd_json *body; /* as the newest model reads it */
} kept;

typedef struct play {
    bench b;
    rng r;
    rmodel m;
    uint64_t seed;
    kept records[RECORDS], before[RECORDS];
    size_t n, n_before;
    int64_t ids[RECORDS];
} play;

static xd_str text_of(xd_ctx *cx, const xd_json *body)
{
    xd_buf out = {0};
    xd_json_canonical(&out, body);
    xd_str text = xd_buf_copy(&out, cx->arena);
    xd_buf_free(&out);
    return text;
}

/* Links lead to what is committed. */
static const xd_json *make_body(play *p)
{
    p->m.ids = p->ids;
    p->m.n_ids = (uint32_t)p->n_before;
    return body_of(&p->m);
}

static void append(play *p, xd_head *head, size_t at, int64_t set)
{
    kept *k = &p->records[at];
    const xd_act act = {.kind = k->id == 0 ? XD_REV_CREATE : XD_REV_EDIT,
                        .record = k->id,
                        .base = k->rev,
                        .set = set,
                        .body = make_body(p)};
    XD_OK_CALL(&p->b.cx, xd_append(&p->b.cx, head, &act, &k->rev, &k->id));
    k->body = act.body;
}

/* An author who has not seen the newest revision. */
static void append_stale(play *p, xd_head *head, size_t at)
{
    const kept *k = &p->records[at];
    const xd_act act = {
        .kind = XD_REV_EDIT, .record = k->id, .base = k->rev - 1, .body = make_body(p)};
    int64_t seq, id;
    FAILS_WITH(&p->b.cx, XD_CONFLICT, xd_append(&p->b.cx, head, &act, &seq, &id));
}

static void keep(play *p)
{
    memcpy(p->before, p->records, sizeof p->before);
    p->n_before = p->n;
    for (size_t i = 0; i < p->n; i++) {
        p->ids[i] = p->records[i].id;
    }
}

static void give_up(play *p)
{
    memcpy(p->records, p->before, sizeof p->records);
    p->n = p->n_before;
}

static void compare(play *p, xd_store *store, bool revisions)
{
    xd_ctx *cx = &p->b.cx;
    for (size_t i = 0; i < p->n; i++) {
        const kept *k = &p->records[i];
        const xd_record *record = NULL;
        XD_OK_CALL(cx, xd_record_find(cx, store, k->id, &record));
        ck_assert_msg(record != NULL && (!revisions || record->rev == k->rev) &&
                          xd_str_eq(text_of(cx, record->body), text_of(cx, k->body)),
                      "seed %" PRIu64 ": record %" PRId64 " is\n" XD_FMT "\nnot\n" XD_FMT,
                      p->seed, k->id,
                      XD_ARG(record == NULL ? XD_S("-") : text_of(cx, record->body)),
                      XD_ARG(text_of(cx, k->body)));
    }
    int64_t n = 0;
    XD_OK_CALL(cx, xd_record_count(cx, store, (xd_str){0}, &n));
    ck_assert_int_eq(n, (int64_t)p->n);
}

/* Some acts under one head, kept or given up. */
static void stretch(play *p)
{
    xd_head *head = take_head(&p->b);
    if (chance(&p->r, 50)) {
        xd_head_many(head);
    }
    for (int i = 0; i < ACTS; i++) {
        if (p->n < RECORDS && (p->n_before == 0 || chance(&p->r, 40))) {
            append(p, head, p->n++, 0);
        } else if (p->n_before > 0 && chance(&p->r, 20)) {
            append_stale(p, head, rnd(&p->r, (uint32_t)p->n_before));
        } else if (p->n_before > 0) {
            append(p, head, rnd(&p->r, (uint32_t)p->n), 0);
        }
    }
    if (chance(&p->r, 25)) {
        xd_head_release(head);
        give_up(p);
    } else {
        XD_OK_CALL(&p->b.cx, xd_head_commit(&p->b.cx, head));
        keep(p);
    }
    compare(p, p->b.store, true);
}

/* A change set of edits, then its undo: every value is what it was. */
static void there_and_back(play *p)
{
    xd_ctx *cx = &p->b.cx;
    xd_head *head = take_head(&p->b);
    int64_t set = open_set(&p->b, head), undone = 0, records = 0;
    for (size_t i = 0; i < p->n; i += 2) {
        append(p, head, i, set);
    }
    XD_OK_CALL(cx, xd_head_commit(cx, head));
    compare(p, p->b.store, true);
    xd_conflicts conflicts = {0};
    XD_OK_CALL(
        cx, xd_set_undo(cx, p->b.store, p->b.model, set, false, &conflicts, &undone, &records));
    give_up(p);
    compare(p, p->b.store, false);
    for (size_t i = 0; i < p->n; i++) {
        p->records[i].rev = record_of(&p->b, p->records[i].id)->rev;
    }
    keep(p);
}

static void go_on_to_another_model(play *p)
{
    xd_ctx *cx = &p->b.cx;
    xd_head *head = NULL;
    int64_t seq;
    for (uint32_t n = 1 + rnd(&p->r, 3); n > 0; n--) {
        change(&p->m);
    }
    const xd_model *next = model_of(cx, &p->m), *was = p->b.model;
    if (memcmp(xd_model_hash(next), xd_model_hash(was), 32) == 0) {
        return;
    }
    XD_OK_CALL(cx, xd_head_take(cx, p->b.store, next, "test", 0, NULL, NULL, &head));
    XD_OK_CALL(cx, xd_append_model(cx, head, next, &seq));
    XD_OK_CALL(cx, xd_head_commit(cx, head));
    p->b.model = next;
    for (size_t i = 0; i < p->n; i++) {
        XD_OK_CALL(cx, xd_model_step(cx, was, next, p->records[i].body, &p->records[i].body));
    }
    keep(p);
    compare(p, p->b.store, true);
}

/* The copy is on a file: from a file, and from PostgreSQL, and then back there. */
static void compare_copies(play *p)
{
    bench *b = &p->b;
    uint8_t hash[32], copied[32];
    int64_t seq, copied_seq;
    char place[256], schema[40];
    xd_store *copy = NULL, *from = b->store;
    XD_OK_CALL(&b->cx, xd_log_head(&b->cx, b->store, &seq, hash));
    for (int i = 0; i < (bench_pg ? 2 : 1); i++) {
        if (i == 1) {
            pg_place(place, sizeof place, schema);
        } else {
            (void)snprintf(place, sizeof place, "%s/copy.db", b->dir);
        }
        XD_OK_CALL(&b->cx, xd_store_copy(&b->cx, from, place));
        XD_OK_CALL(&b->cx, xd_store_open(&b->cx, place, XD_STORE_READ, &copy));
        XD_OK_CALL(&b->cx, xd_log_head(&b->cx, copy, &copied_seq, copied));
        ck_assert_int_eq(seq, copied_seq);
        ck_assert_mem_eq(hash, copied, 32);
        ck_assert_uint_eq(count_faults(b, copy, true), 0);
        compare(p, copy, true);
        from = copy;
    }
}

static void play_one(uint64_t seed)
{
    play *p = calloc(1, sizeof *p);
    ck_assert_ptr_nonnull(p);
    p->seed = seed;
    p->r = (rng){.s = seed * 0x9E3779B97F4A7C15u};
    bench_begin(&p->b);
    new_model(&p->m, p->b.cx.arena, &p->r);
    p->b.model = model_of(&p->b.cx, &p->m);
    XD_OK_CALL(&p->b.cx, xd_store_open(&p->b.cx, p->b.place, XD_STORE_CREATE, &p->b.store));
    XD_OK_CALL(&p->b.cx, xd_store_settle_model(&p->b.cx, p->b.store, p->b.model));
    p->m.n_ids = 1; /* the first record, which nothing leads from, is what others lead to */
    xd_json *first = xd_json_object(p->b.cx.arena);
    set_in(p->b.cx.arena, first, "type", word(p->b.cx.arena, p->m.type));
    set_in(p->b.cx.arena, first, "state", word(p->b.cx.arena, p->m.state[0]));
    p->records[0].body = first;
    p->records[0].id = create(&p->b, text_of(&p->b.cx, first).p);
    p->records[0].rev = record_of(&p->b, p->records[0].id)->rev;
    p->n = 1;
    keep(p);
    for (int model = 0; model < MODELS; model++) {
        stretch(p);
        stretch(p);
        there_and_back(p);
        go_on_to_another_model(p);
    }
    ck_assert_uint_eq(count_faults(&p->b, p->b.store, true), 0);
    XD_OK_CALL(&p->b.cx, xd_store_rebuild(&p->b.cx, p->b.store));
    compare(p, p->b.store, true);
    compare_copies(p);
    bench_end(&p->b);
    free(p);
}

START_TEST(a_store_is_a_list)
{
    int seeds = getenv("XIUDAI_SOAK") == NULL ? SEEDS : 100;
    for (uint64_t seed = 1; seed <= (uint64_t)seeds; seed++) {
        play_one(seed + (uint64_t)_i * 1000);
    }
}
END_TEST

static void add(TCase *tests, bool pg)
{
    (void)pg;
    tcase_add_loop_test(tests, a_store_is_a_list, 0, 2);
}

XD_STORE_TESTS("store/property", add)
