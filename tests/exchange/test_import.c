/* What importing does to what is there: tests/cases/exchange/steps/NAME.json is a list of steps on
 * one store. A step imports a CSV text (`csv`, `type`, and options by their names), or undoes the
 * set of an earlier step (`undo`: its index from 0). It says what must come of it: counts,
 * problems by row and code, records as they must be afterwards, and `none`: names that must not
 * be there. */
#include <fcntl.h>
#include <sys/mman.h>

#include "../store/pg_server.h"
#include "store/private.h"
#include "world.h"

#define STEPS XD_SOURCE "/tests/cases/exchange/steps/"

static int file_of(xd_str bytes)
{
    int fd = memfd_create("step", MFD_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq((int)write(fd, bytes.p, bytes.n), (int)bytes.n);
    return fd;
}

static bool flag(const xd_json *step, const char *name)
{
    const xd_json *value = xd_json_get(step, xd_str_of(name));
    return value != NULL && value->boolean;
}

static void count_is(const char *name, size_t at, const xd_json *step, const char *what,
                     int64_t got, const xd_report *report)
{
    int64_t want = xd_json_get_int(step, xd_str_of(what), INT64_MIN);
    xd_buf b = {0};
    xd_report_json(&b, report, XD_EN);
    ck_assert_msg(want == INT64_MIN || want == got,
                  "%s, step %zu: %s is %" PRId64 ", wanted %" PRId64 "\n" XD_FMT, name, at,
                  what, got, want, XD_ARG(xd_buf_str(&b)));
    xd_buf_free(&b);
}

static int64_t run_import(world *w, const char *name, size_t at, const xd_json *step)
{
    xd_import_options options = {
        .type = xd_type_find(w->model, xd_json_get_str(step, XD_S("type"))),
        .file_name = XD_S("step.csv"),
        .state = xd_json_get_str(step, XD_S("state")),
        .source = xd_json_get_str(step, XD_S("source")),
        .crs = xd_json_get_str(step, XD_S("crs")),
        .regions = w->regions,
        .accept_good = flag(step, "accept_good"),
        .dry_run = flag(step, "dry_run"),
        .clear = flag(step, "clear"),
    };
    const xd_report *report = NULL;
    bool ok =
        xd_import_run(&w->cx, w->store, w->model, file_of(xd_json_get_str(step, XD_S("csv"))),
                      NULL, &options, &report);
    ck_assert_msg(ok, "%s, step %zu: " XD_FMT, name, at, XD_ARG(w->cx.err.message));
    count_is(name, at, step, "new", report->new_rows, report);
    count_is(name, at, step, "changed", report->changed, report);
    count_is(name, at, step, "unchanged", report->unchanged, report);
    count_is(name, at, step, "refused", report->refused, report);
    bool writes = report->new_rows + report->changed > 0 && !options.dry_run &&
                  (report->refused == 0 || options.accept_good);
    ck_assert_msg(writes == (report->changeset != 0), "%s, step %zu: change set %" PRId64, name,
                  at, report->changeset);
    check_problems(report, name, xd_json_get(step, XD_S("problems")));
    return report->changeset;
}

static void run_steps(const char *path, const char *name)
{
    world w;
    world_begin(&w);
    xd_str text;
    const xd_json *steps;
    XD_OK_CALL(&w.cx, xd_file_read(&w.cx, path, 1 << 20, &text));
    XD_OK_CALL(&w.cx, xd_json_read(&w.cx, text, &steps));
    int64_t sets[32] = {0};
    for (size_t i = 0; i < xd_json_len(steps) && i < XD_LEN(sets); i++) {
        const xd_json *step = xd_json_at(steps, i);
        int64_t undo = xd_json_get_int(step, XD_S("undo"), -1);
        if (undo >= 0) {
            xd_conflicts conflicts = {0};
            int64_t n = 0;
            XD_OK_CALL(&w.cx, xd_set_undo(&w.cx, w.store, w.model, sets[undo], false,
                                          &conflicts, &sets[i], &n));
        } else {
            sets[i] = run_import(&w, name, i, step);
        }
        xd_str type = xd_json_get_str(step, XD_S("type"));
        check_records(&w, type, name, xd_json_get(step, XD_S("records")));
        const xd_json *none = xd_json_get(step, XD_S("none"));
        for (size_t k = 0; k < xd_json_len(none); k++) {
            search s = {.want = xd_json_at(none, k), .name = XD_S("?")};
            XD_OK_CALL(&w.cx, xd_record_each(&w.cx, w.store, type, on_record, &s));
            ck_assert_msg(!s.found, "%s, step %zu: a record that must not be", name, i);
        }
    }
    xd_store_faults faults = {0};
    XD_OK_CALL(&w.cx, xd_store_verify(&w.cx, w.store, &faults, NULL, NULL));
    ck_assert_uint_eq(faults.n, 0);
    world_end(&w);
}

START_TEST(steps)
{
    (void)each_case(STEPS, _i, run_steps);
}
END_TEST

/* ---- the log of a file, byte by byte ------------------------------------------------------- */

/* Clock and salts as given, so that everything the log says of tests/cases/exchange/kept/things.csv
 * is in this one hash: on either engine, however rows are gathered and written. It changes with the
 * log's format, the model of those tests, and what a row is read as; with nothing else. */
#define KEPT_HEAD "d0eeea34367a4184c4769f60796a92b59f6c83385d7dd95e9228a2b63655d345"

static int64_t stand_still(void *clock)
{
    return *(const int64_t *)clock;
}

static void pour(void *user, uint8_t *p, size_t n)
{
    uint64_t *state = user;
    for (size_t i = 0; i < n; i++) {
        *state = *state * 6364136223846793005u + 1442695040888963407u;
        p[i] = (uint8_t)(*state >> 56);
    }
}

static void import_kept(xd_ctx *cx, const char *place, char ret_head[65])
{
    int64_t clock = INT64_C(1700000000000000), seq = 0;
    uint64_t salts = 1;
    const xd_model *model = NULL;
    const xd_report *report = NULL;
    xd_store *store = NULL;
    xd_faults faults = {0};
    xd_store_faults found = {0};
    xd_str csv;
    uint8_t hash[32];
    cx->now = stand_still;
    cx->clock = &clock;
    XD_OK_CALL(cx, xd_model_load(cx, XD_SOURCE "/tests/cases/model/kinds", &faults, &model));
    XD_OK_CALL(
        cx, xd_file_read(cx, XD_SOURCE "/tests/cases/exchange/kept/things.csv", 1 << 20, &csv));
    XD_OK_CALL(cx, xd_store_open(cx, place, XD_STORE_CREATE, &store));
    store->random = pour;
    store->random_user = &salts;
    XD_OK_CALL(cx, xd_store_settle_model(cx, store, model));
    const xd_import_options options = {.type = xd_type_find(model, XD_S("thing")),
                                       .file_name = XD_S("things.csv"),
                                       .accept_good = true};
    XD_OK_CALL(cx, xd_import_run(cx, store, model, file_of(csv), NULL, &options, &report));
    ck_assert_int_gt(report->new_rows, 3);
    ck_assert_int_gt(report->refused, 0);
    XD_OK_CALL(cx, xd_store_verify(cx, store, &found, NULL, NULL));
    ck_assert_uint_eq(found.n, 0);
    XD_OK_CALL(cx, xd_log_head(cx, store, &seq, hash));
    for (size_t i = 0; i < sizeof hash; i++) {
        (void)snprintf(ret_head + 2 * i, 3, "%02x", hash[i]);
    }
    xd_store_close(store);
}

START_TEST(kept_head)
{
    xd_ctx cx;
    char head[65];
    xd_ctx_begin(&cx);
    xd_str place = xd_str_printf(cx.arena, "%s/kept.db", worlds);
    import_kept(&cx, place.p, head);
    ck_assert_str_eq(head, KEPT_HEAD);
    xd_ctx_end(&cx);
}
END_TEST

START_TEST(kept_head_on_postgresql)
{
    xd_ctx cx;
    char head[65], place[256], schema[40];
    if (!pg_start()) {
        return; /* it is not installed here */
    }
    xd_ctx_begin(&cx);
    pg_place(place, sizeof place, schema);
    import_kept(&cx, place, head);
    xd_ctx_end(&cx);
    pg_stop();
    ck_assert_str_eq(head, KEPT_HEAD);
}
END_TEST

static void add(TCase *tests)
{
    add_cases(tests, STEPS, steps);
    tcase_add_test(tests, kept_head);
    tcase_add_test(tests, kept_head_on_postgresql);
}
XD_SANDBOX_TESTS("exchange/import", add)
