/* Published lists in the shapes they are met in: tests/cases/lists/NAME.json says what must come
 * of each file. A case names the file, the type and options; the counts; problems by row and code
 * (at least these); and for each record the members that must be there, with these values. */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "exchange/import.h"
#include "model/body.h"
#include "sandbox_main.h"

#define LISTS XD_SOURCE "/tests/cases/lists/"

typedef struct world {
    xd_ctx cx;
    char folder[64];
    const xd_model *model;
    xd_regions *regions;
    xd_store *store;
} world;

static void begin(world *w)
{
    xd_ctx_begin(&w->cx);
    (void)snprintf(w->folder, sizeof w->folder, "/tmp/xd-lists-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(w->folder));
    xd_faults faults = {0};
    xd_str text;
    XD_OK_CALL(&w->cx, xd_model_load(&w->cx, XD_SOURCE "/data/model", &faults, &w->model));
    XD_OK_CALL(&w->cx, xd_file_read(&w->cx, XD_SOURCE "/data/map/prefectures.geojson", 64 << 20,
                                    &text));
    XD_OK_CALL(&w->cx, xd_regions_read(&w->cx, text, &w->regions));
    xd_str path = xd_str_printf(w->cx.arena, "%s/s.db", w->folder);
    XD_OK_CALL(&w->cx, xd_store_open(&w->cx, path.p, XD_STORE_CREATE, &w->store));
    XD_OK_CALL(&w->cx, xd_store_settle_model(&w->cx, w->store, w->model));
}

static void end(world *w)
{
    xd_strs names = {0};
    xd_store_close(w->store);
    XD_OK_CALL(&w->cx, xd_dir_list(&w->cx, w->folder, &names));
    for (size_t i = 0; i < names.n; i++) {
        xd_str path = xd_str_printf(w->cx.arena, "%s/" XD_FMT, w->folder, XD_ARG(names.at[i]));
        (void)unlink(path.p);
    }
    (void)rmdir(w->folder);
    xd_ctx_end(&w->cx);
}

/* Does `got` hold all that `want` says? */
static bool holds(const xd_json *got, const xd_json *want)
{
    if (got == NULL || got->kind != want->kind) {
        return false;
    }
    if (want->kind == XD_JSON_OBJECT) {
        for (size_t i = 0; i < want->members.n; i++) {
            if (!holds(xd_json_get(got, want->members.at[i].key), want->members.at[i].value)) {
                return false;
            }
        }
        return true;
    }
    if (want->kind == XD_JSON_ARRAY) {
        bool same = got->items.n == want->items.n;
        for (size_t i = 0; same && i < want->items.n; i++) {
            same = holds(got->items.at[i], want->items.at[i]);
        }
        return same;
    }
    return xd_json_equal(got, want);
}

typedef struct search {
    const xd_json *want;
    bool found;
    xd_buf near; /* the record of that name, for the message */
    xd_str name;
} search;

static bool on_record(xd_ctx *cx, void *user, const xd_record *record)
{
    search *s = user;
    s->found |= holds(record->body, s->want);
    xd_buf b = {0};
    xd_json_canonical(&b, record->body);
    if (xd_str_find(xd_buf_str(&b), s->name, 0) != SIZE_MAX) {
        xd_buf_clear(&s->near);
        xd_buf_add(&s->near, xd_buf_str(&b));
    }
    xd_buf_free(&b);
    (void)cx;
    return true;
}

static void check_records(world *w, xd_str type, const char *name, const xd_json *records)
{
    for (size_t i = 0; i < xd_json_len(records); i++) {
        const xd_json *want = xd_json_at(records, i);
        search s = {.want = want,
                    .name = xd_json_get_str(xd_json_get(want, XD_S("name")), XD_S("zh"))};
        XD_OK_CALL(&w->cx, xd_record_each(&w->cx, w->store, type, on_record, &s));
        xd_buf b = {0};
        xd_json_plain(&b, want);
        ck_assert_msg(s.found, "%s: no record\n  " XD_FMT "\nbut\n  " XD_FMT, name,
                      XD_ARG(xd_buf_str(&b)), XD_ARG(xd_buf_str(&s.near)));
        xd_buf_free(&b);
        xd_buf_free(&s.near);
    }
}

static void check_problems(const xd_report *report, const char *name, const xd_json *problems)
{
    for (size_t i = 0; i < xd_json_len(problems); i++) {
        const xd_json *want = xd_json_at(problems, i);
        int64_t row = xd_json_get_int(want, XD_S("row"), 0);
        xd_str code = xd_json_get_str(want, XD_S("code"));
        xd_str sheet = xd_json_get_str(want, XD_S("sheet"));
        bool found = false;
        for (size_t k = 0; k < report->problems.n; k++) {
            const xd_problem *p = &report->problems.at[k];
            found |= p->row == row && xd_str_eq(xd_str_of(p->code), code) &&
                     (sheet.p == NULL || xd_str_eq(sheet, p->sheet));
        }
        ck_assert_msg(found, "%s: row %" PRId64 " has no " XD_FMT, name, row, XD_ARG(code));
    }
}

/* Every row of the file has a verdict, and every skipped one that holds something a reason. */
static void check_accounts(const xd_report *report, const char *name)
{
    int64_t counted = 0;
    for (size_t i = 0; i < report->verdicts.n; i++) {
        counted += report->verdicts.at[i].verdict != XD_ROW_SKIPPED;
    }
    ck_assert_msg(counted == report->rows &&
                      report->rows == report->new_rows + report->changed + report->unchanged +
                                          report->refused,
                  "%s: the counts do not add up", name);
}

static const xd_report *import(world *w, const char *path, const xd_json *test, bool dry_run)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ck_assert_msg(fd >= 0, "%s is not there", path);
    xd_import_options options = {
        .type = xd_type_find(w->model, xd_json_get_str(test, XD_S("type"))),
        .file_name = xd_json_get_str(test, XD_S("file")),
        .encoding = xd_json_get_str(test, XD_S("encoding")),
        .regions = w->regions,
        .accept_good = true,
        .dry_run = dry_run,
    };
    const xd_report *report = NULL;
    bool ok = xd_import_run(&w->cx, w->store, w->model, fd, path, &options, &report);
    xd_str refusal = xd_json_get_str(test, XD_S("refused_with"));
    if (refusal.n > 0) {
        ck_assert_msg(!ok, "%s was taken", path);
        ck_assert_msg(xd_str_find(w->cx.err.zh, refusal, 0) != SIZE_MAX,
                      "%s is refused with " XD_FMT, path, XD_ARG(w->cx.err.zh));
        (void)xd_err_take(&w->cx);
        return NULL;
    }
    ck_assert_msg(ok, "%s: " XD_FMT, path, XD_ARG(w->cx.err.message));
    return report;
}

static void run_case(const char *json_path, const char *name)
{
    world w;
    begin(&w);
    xd_str text;
    const xd_json *test;
    XD_OK_CALL(&w.cx, xd_file_read(&w.cx, json_path, 1 << 20, &text));
    XD_OK_CALL(&w.cx, xd_json_read(&w.cx, text, &test));
    xd_str path =
        xd_str_printf(w.cx.arena, LISTS XD_FMT, XD_ARG(xd_json_get_str(test, XD_S("file"))));
    const xd_report *dry = import(&w, path.p, test, true);
    if (dry != NULL) {
        const xd_report *report = import(&w, path.p, test, false);
        check_accounts(report, name);
        ck_assert_msg(report->new_rows == xd_json_get_int(test, XD_S("new"), -1) &&
                          report->refused == xd_json_get_int(test, XD_S("refused"), 0),
                      "%s: %" PRId64 " new, %" PRId64 " refused", name, report->new_rows,
                      report->refused);
        ck_assert_msg(dry->new_rows == report->new_rows && dry->refused == report->refused &&
                          dry->problems.n == report->problems.n && dry->changeset == 0,
                      "%s: the dry run said something else", name);
        check_problems(report, name, xd_json_get(test, XD_S("problems")));
        check_records(&w, xd_json_get_str(test, XD_S("type")), name,
                      xd_json_get(test, XD_S("records")));
        const xd_report *again = import(&w, path.p, test, false);
        ck_assert_msg(again->new_rows == 0 && again->changed == 0 && again->changeset == 0,
                      "%s: a second import changed %" PRId64 " and added %" PRId64, name,
                      again->changed, again->new_rows);
    }
    end(&w);
}

static int is_case(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot != NULL && strcmp(dot, ".json") == 0;
}

START_TEST(one_list)
{
    struct dirent **entries = NULL;
    int n = scandir(LISTS, &entries, is_case, alphasort);
    ck_assert_int_gt(n, _i);
    char path[512];
    (void)snprintf(path, sizeof path, LISTS "%s", entries[_i]->d_name);
    run_case(path, entries[_i]->d_name);
    for (int i = 0; i < n; i++) {
        free(entries[i]);
    }
    free(entries);
}
END_TEST

static void add(TCase *tests)
{
    struct dirent **entries = NULL;
    int n = scandir(LISTS, &entries, is_case, alphasort);
    for (int i = 0; i < n; i++) {
        free(entries[i]);
    }
    free(entries);
    tcase_add_loop_test(tests, one_list, 0, n < 1 ? 1 : n);
}
XD_SANDBOX_TESTS("exchange/lists", add)
