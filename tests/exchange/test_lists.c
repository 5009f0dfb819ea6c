/* Published lists in the shapes they are met in: tests/cases/lists/NAME.json says what must come
 * of each file. A case names the file, the type and options; the counts; problems by row and code
 * (at least these); and for each record the members that must be there, with these values. */
#include <fcntl.h>

#include "world.h"

#define LISTS XD_SOURCE "/tests/cases/lists/"

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

/* No column vanishes: each was read, told of in a line of its own, or carries nothing (序号). */
static void check_columns(const xd_report *report, const char *name)
{
    static const char *const codes[] = {"column.unknown", "column.kept", "column.computed",
                                        "column.twin"};
    int64_t lines = 0;
    for (size_t i = 0; i < report->problems.n; i++) {
        const xd_problem *p = &report->problems.at[i];
        for (size_t k = 0; k < XD_LEN(codes); k++) {
            lines += p->column.n > 0 && strcmp(p->code, codes[k]) == 0;
        }
        ck_assert_msg(strcmp(p->code, "column.lost") != 0, "%s: the column " XD_FMT " is lost",
                      name, XD_ARG(p->column));
    }
    ck_assert_msg(report->columns > 0 && report->columns == report->columns_read +
                                                                report->columns_told +
                                                                report->columns_ignored,
                  "%s: %" PRId64 " columns, %" PRId64 " read, %" PRId64 " told, %" PRId64
                  " without meaning",
                  name, report->columns, report->columns_read, report->columns_told,
                  report->columns_ignored);
    ck_assert_msg(lines == report->columns_told,
                  "%s: %" PRId64 " columns are said to be told of, %" PRId64 " lines tell",
                  name, report->columns_told, lines);
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
    world_begin(&w);
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
        check_columns(report, name);
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
    world_end(&w);
}

START_TEST(one_list)
{
    (void)each_case(LISTS, _i, run_case);
}
END_TEST

static void add(TCase *tests)
{
    add_cases(tests, LISTS, one_list);
}
XD_SANDBOX_TESTS("exchange/lists", add)
