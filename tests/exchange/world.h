/* tests/exchange/world.h — a store of its own for each test, with the shipped model, and ways to
 * say what must be in it. */
#ifndef XD_TEST_EXCHANGE_WORLD_H
#define XD_TEST_EXCHANGE_WORLD_H

#include <dirent.h>
#include <ftw.h>
#include <sys/stat.h>

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "exchange/import.h"
#include "model/body.h"
#include "sandbox_main.h"

typedef struct world {
    xd_ctx cx;
    char folder[64];
    const xd_model *model;
    xd_regions *regions;
    xd_store *store;
} world;

/* The folder all worlds of a program stand in: made before it forks for its tests and taken away
 * behind the last, so that a test which fails leaves nothing behind. */
static char worlds[32];

static inline void worlds_make(void)
{
    (void)snprintf(worlds, sizeof worlds, "/tmp/xd-lists-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(worlds));
}

static inline int worlds_remove_one(const char *path, const struct stat *info, int kind,
                                    struct FTW *at)
{
    (void)info;
    (void)kind;
    (void)at;
    return remove(path);
}

static inline void worlds_remove(void)
{
    (void)nftw(worlds, worlds_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static inline void world_begin(world *w)
{
    xd_ctx_begin(&w->cx);
    (void)snprintf(w->folder, sizeof w->folder, "%s/XXXXXX", worlds);
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

static inline void world_end(world *w)
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
static inline bool holds(const xd_json *got, const xd_json *want)
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

static inline bool on_record(xd_ctx *cx, void *user, const xd_record *record)
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

static inline void check_records(world *w, xd_str type, const char *name,
                                 const xd_json *records)
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

static inline void check_problems(const xd_report *report, const char *name,
                                  const xd_json *problems)
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

/* ---- cases, a file each: FOLDER/NAME.json ------------------------------------------------------ */

static inline int is_case(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot != NULL && strcmp(dot, ".json") == 0;
}

typedef void case_run(const char *path, const char *name);

/* Runs the case number `at` of the folder, by name; at < 0: only counts them. */
static inline int each_case(const char *folder, int at, case_run *run)
{
    struct dirent **entries = NULL;
    int n = scandir(folder, &entries, is_case, alphasort);
    if (at >= 0) {
        char path[512];
        ck_assert_int_gt(n, at);
        (void)snprintf(path, sizeof path, "%s%s", folder, entries[at]->d_name);
        run(path, entries[at]->d_name);
    }
    for (int i = 0; i < n; i++) {
        free(entries[i]);
    }
    free(entries);
    return n;
}

static inline void add_cases(TCase *tests, const char *folder, const TTest *test)
{
    tcase_add_unchecked_fixture(tests, worlds_make, worlds_remove);
    tcase_add_loop_test(tests, test, 0, each_case(folder, -1, NULL));
}

#endif
