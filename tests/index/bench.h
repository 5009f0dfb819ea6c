/* tests/index/bench.h — a store in a folder of its own, acts on it, indexes over it. */
#ifndef XD_TEST_INDEX_BENCH_H
#define XD_TEST_INDEX_BENCH_H

#include <unistd.h>

#include "world.h"

typedef struct bench {
    xd_ctx cx;
    char dir[64], place[96], folder[96];
    const xd_model *model;
    xd_store *store;
    xd_index *indexes[4];
    size_t n_indexes;
} bench;

static inline const xd_model *load(xd_ctx *cx, const char *folder)
{
    xd_faults faults = {0};
    const xd_model *model = NULL;
    bool ok = xd_model_load(cx, folder, &faults, &model);
    for (size_t i = 0; i < faults.n; i++)
        printf(XD_FMT ":%d: " XD_FMT "\n", XD_ARG(faults.at[i].file), faults.at[i].line,
               XD_ARG(faults.at[i].reason));
    XD_OK_CALL(cx, ok);
    return model;
}

static inline void run(const char *command)
{
    ck_assert_int_eq(system(command), 0);
}

static inline void bench_begin(bench *b)
{
    *b = (bench){0};
    xd_ctx_begin(&b->cx);
    (void)snprintf(b->dir, sizeof b->dir, "%s/xd_index_XXXXXX",
                   access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(b->dir));
    (void)snprintf(b->place, sizeof b->place, "%s/s.db", b->dir);
    (void)snprintf(b->folder, sizeof b->folder, "%s/model", b->dir);
    char command[512];
    (void)snprintf(command, sizeof command, "cp -r '%s' '%s'",
                   XD_SOURCE "/tests/cases/index/model", b->folder);
    run(command);
    b->model = load(&b->cx, b->folder);
    XD_OK_CALL(&b->cx, xd_store_open(&b->cx, b->place, XD_STORE_CREATE, &b->store));
    XD_OK_CALL(&b->cx, xd_store_settle_model(&b->cx, b->store, b->model));
}

static inline void bench_end(bench *b)
{
    char command[128];
    xd_ctx_end(&b->cx);
    for (size_t i = 0; i < b->n_indexes; i++)
        xd_index_free(b->indexes[i]);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", b->dir);
    run(command);
}

static inline xd_index *make_index(bench *b, xd_visibility visibility)
{
    xd_index *index;
    XD_OK_CALL(&b->cx, xd_index_make(&b->cx, b->model, visibility, &index));
    b->indexes[b->n_indexes++] = index;
    return index;
}

/* An edit keeps the number the record was given. */
static inline const xd_json *body_of(xd_ctx *cx, xd_store *store, int64_t record,
                                     const char *json)
{
    const xd_json *body = NULL;
    const xd_record *now = NULL;
    XD_OK_CALL(cx, xd_json_read(cx, xd_str_copy(cx->arena, xd_str_of(json)), &body));
    if (record != 0)
        XD_OK_CALL(cx, xd_record_find(cx, store, record, &now));
    if (now == NULL || now->number.n == 0)
        return body;
    xd_json *numbered = xd_json_clone(cx->arena, body);
    xd_json_set(cx->arena, numbered, XD_S("number"), xd_json_string(cx->arena, now->number));
    return numbered;
}

static inline int64_t act(xd_ctx *cx, xd_store *store, const xd_model *model, xd_rev_kind kind,
                          int64_t record, int64_t base, const char *json)
{
    xd_head *head = NULL;
    int64_t seq = 0, id = 0;
    const xd_json *body = body_of(cx, store, record, json);
    XD_OK_CALL(cx, xd_head_take(cx, store, model, "test", 10000, NULL, NULL, &head));
    xd_act a = {.kind = kind, .record = record, .base = base, .body = body};
    XD_OK_CALL(cx, xd_append(cx, head, &a, &seq, &id));
    XD_OK_CALL(cx, xd_head_commit(cx, head));
    return kind == XD_REV_CREATE ? id : seq;
}

static inline int64_t create(bench *b, const char *json)
{
    return act(&b->cx, b->store, b->model, XD_REV_CREATE, 0, 0, json);
}

static inline void edit(bench *b, int64_t id, const char *json)
{
    const xd_record *r = NULL;
    XD_OK_CALL(&b->cx, xd_record_find(&b->cx, b->store, id, &r));
    (void)act(&b->cx, b->store, b->model, XD_REV_EDIT, id, r->rev,
              json); /* the seq is not needed */
}

static inline uint64_t found(bench *b, xd_index *index, const char *q)
{
    int64_t applied = 0;
    const xd_answer *answer = NULL;
    XD_OK_CALL(&b->cx, xd_index_follow(&b->cx, index, b->store, &applied));
    xd_ask ask = {.q = xd_str_of(q), .limit = 10};
    const xd_snap *snap = xd_snap_open(&b->cx, index);
    XD_OK_CALL(&b->cx, xd_ask_run(&b->cx, snap, &ask, &answer));
    int64_t seq = 0;
    uint8_t hash[32];
    XD_OK_CALL(&b->cx, xd_log_head(&b->cx, b->store, &seq, hash));
    ck_assert_int_eq(xd_index_seq(index), seq);
    ck_assert_int_eq(xd_snap_seq(snap), seq);
    ck_assert_int_eq(answer->seq, seq);
    return answer->matched;
}

#define FIRM(state, name, rest)                                                                \
    "{\"type\":\"firm\",\"state\":\"" state "\",\"name\":{\"zh\":\"" name "\"}" rest "}"
#define WORKS(state, name, rest)                                                               \
    "{\"type\":\"works\",\"state\":\"" state "\",\"name\":{\"zh\":\"" name "\"}" rest "}"

#endif
