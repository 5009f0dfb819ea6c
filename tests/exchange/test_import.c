/* What importing does to what is there: tests/cases/exchange/steps/NAME.json is a list of steps on
 * one store. A step imports a CSV text (`csv`, `type`, and options by their names), or undoes the
 * set of an earlier step (`undo`: its index from 0). It says what must come of it: counts,
 * problems by row and code, records as they must be afterwards, and `none`: names that must not
 * be there. */
#include <fcntl.h>
#include <sys/mman.h>

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

static void add(TCase *tests)
{
    add_cases(tests, STEPS, steps);
}
XD_SANDBOX_TESTS("exchange/import", add)
