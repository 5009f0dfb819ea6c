/* tests/store/store_test.h — a store in a folder of its own, and records to put into it. */
#ifndef XD_STORE_TEST_H
#define XD_STORE_TEST_H

#include "xd_test.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "pg_server.h"
#include "store/log.h"

/* The tests run on both engines: a case for each, told apart by this. */
static bool bench_pg;

typedef struct bench {
    xd_ctx cx;
    char dir[64], place[256], schema[40];
    const xd_model *model;
    xd_store *store;
} bench;

static inline const char *path_in(bench *b, const char *name)
{
    return xd_cstr(b->cx.arena, xd_str_printf(b->cx.arena, "%s/%s", b->dir, name));
}

static inline const xd_model *load_model(xd_ctx *cx, const char *folder)
{
    xd_faults faults = {0};
    const xd_model *model = NULL;
    bool ok = xd_model_load(cx, folder, &faults, &model);
    for (size_t i = 0; i < faults.n; i++) {
        fprintf(stderr, XD_FMT ":%d: " XD_FMT "\n", XD_ARG(faults.at[i].file),
                faults.at[i].line, XD_ARG(faults.at[i].reason));
    }
    XD_OK_CALL(cx, ok);
    return model;
}

#define TEST_MODEL XD_SOURCE "/tests/cases/store/model"

/* A folder and a model, no store yet. */
static inline void bench_begin(bench *b)
{
    xd_ctx_begin(&b->cx);
    b->cx.actor = 7;
    /* In memory where that can be had: hundreds of stores are synced in these tests. */
    (void)snprintf(b->dir, sizeof b->dir, "%s/xd_store_XXXXXX",
                   access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(b->dir));
    if (bench_pg) {
        pg_place(b->place, sizeof b->place, b->schema);
    } else {
        (void)snprintf(b->place, sizeof b->place, "%s/s.db", b->dir);
    }
    b->model = load_model(&b->cx, TEST_MODEL);
    b->store = NULL;
}

static inline void bench_open(bench *b)
{
    bench_begin(b);
    XD_OK_CALL(&b->cx, xd_store_open(&b->cx, b->place, XD_STORE_CREATE, &b->store));
    XD_OK_CALL(&b->cx, xd_store_settle_model(&b->cx, b->store, b->model));
}

static inline void bench_end(bench *b)
{
    char command[128];
    xd_ctx_end(&b->cx);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", b->dir);
    ck_assert_int_eq(system(command), 0);
}

static inline const xd_json *json_of(bench *b, const char *text)
{
    const xd_json *json = NULL;
    XD_OK_CALL(&b->cx, xd_json_read(&b->cx, xd_str_copy(b->cx.arena, xd_str_of(text)), &json));
    return json;
}

static inline xd_head *take_head(bench *b)
{
    xd_head *head = NULL;
    XD_OK_CALL(&b->cx, xd_head_take(&b->cx, b->store, b->model, "test", 0, NULL, NULL, &head));
    return head;
}

/* One act under a head that is there already. */
static inline int64_t put(bench *b, xd_head *head, xd_rev_kind kind, int64_t record,
                          int64_t base, int64_t set, const char *body)
{
    const xd_act act = {kind, record, base, set, json_of(b, body), false};
    int64_t seq = 0, id = 0;
    XD_OK_CALL(&b->cx, xd_append(&b->cx, head, &act, &seq, &id));
    return kind == XD_REV_CREATE ? id : seq;
}

/* A head, one act, commit: the new record's id, or the revision's seq. */
static inline int64_t act(bench *b, xd_rev_kind kind, int64_t record, int64_t base,
                          const char *body)
{
    xd_head *head = take_head(b);
    int64_t n = put(b, head, kind, record, base, 0, body);
    XD_OK_CALL(&b->cx, xd_head_commit(&b->cx, head));
    return n;
}

static inline int64_t create(bench *b, const char *body)
{
    return act(b, XD_REV_CREATE, 0, 0, body);
}

static inline const xd_record *record_of(bench *b, int64_t id)
{
    const xd_record *record = NULL;
    XD_OK_CALL(&b->cx, xd_record_find(&b->cx, b->store, id, &record));
    ck_assert_ptr_nonnull(record);
    return record;
}

static inline int64_t edit(bench *b, int64_t id, const char *body)
{
    return act(b, XD_REV_EDIT, id, record_of(b, id)->rev, body);
}

static inline xd_str body_text(bench *b, int64_t id)
{
    xd_buf out = {0};
    xd_json_canonical(&out, record_of(b, id)->body);
    xd_str text = xd_buf_copy(&out, b->cx.arena);
    xd_buf_free(&out);
    return text;
}

static inline int64_t open_set(bench *b, xd_head *head)
{
    int64_t set = 0;
    XD_OK_CALL(&b->cx, xd_set_open(&b->cx, head, json_of(b, "{\"verb\":\"import\"}"), &set));
    return set;
}

static inline size_t count_faults(bench *b, xd_store *store, bool show)
{
    xd_store_faults faults = {0};
    XD_OK_CALL(&b->cx, xd_store_verify(&b->cx, store, &faults, NULL, NULL));
    for (size_t i = 0; show && i < faults.n; i++) {
        fprintf(stderr, "fault: seq %" PRId64 " record %" PRId64 ": " XD_FMT "\n",
                faults.at[i].seq, faults.at[i].record, XD_ARG(faults.at[i].what));
    }
    return faults.n;
}

/* Until nobody is connected but the asker: a killed program's last words have been heard. */
static inline void bench_quiet(void)
{
    char n[16] = "1";
    for (int i = 0; bench_pg && i < 500 && strcmp(n, "0") != 0; i++) {
        pg_say("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
               " AND pid <> pg_backend_pid()",
               n, sizeof n);
    }
}

static inline void bench_use_pg(void)
{
    bench_pg = true;
}

/* add(tests, pg) fills a case for an engine. */
#define XD_STORE_TESTS(name, add)                                                              \
    int main(void)                                                                             \
    {                                                                                          \
        Suite *suite = suite_create(name);                                                     \
        TCase *files = tcase_create("SQLite"), *server = tcase_create("PostgreSQL");           \
        bool pg = pg_start();                                                                  \
        tcase_set_timeout(files, 60);                                                          \
        tcase_set_timeout(server, 60);                                                         \
        tcase_add_checked_fixture(server, bench_use_pg, NULL);                                 \
        add(files, false);                                                                     \
        suite_add_tcase(suite, files);                                                         \
        if (pg) {                                                                              \
            add(server, true);                                                                 \
            suite_add_tcase(suite, server);                                                    \
        } else {                                                                               \
            printf("PostgreSQL 15 is not installed: half of this did not run\n");              \
        }                                                                                      \
        SRunner *runner = srunner_create(suite);                                               \
        srunner_run_all(runner, CK_NORMAL);                                                    \
        int failed = srunner_ntests_failed(runner);                                            \
        int run = srunner_ntests_run(runner);                                                  \
        if (pg) {                                                                              \
            pg_stop();                                                                         \
        }                                                                                      \
        printf("%d passed, %d failed\n", run - failed, failed);                                \
        srunner_free(runner);                                                                  \
        return failed == 0 && run > 0 ? 0 : 1;                                                 \
    }

#define FAILS_WITH(cx, expected, call)                                                         \
    do {                                                                                       \
        ck_assert_msg(!(call), "%s should have failed", #call);                                \
        ck_assert_msg((cx)->err.code == (expected), "%s: code %d, " XD_FMT, #call,             \
                      (int)(cx)->err.code, XD_ARG((cx)->err.message));                         \
        xd_err_take(cx);                                                                       \
    } while (0)

#endif
