#include "exchange/import.h"

#include <stdlib.h>

#include "exchange/run.h"
#include "geo/crs.h"
#include "store/hash.h"

/* ---- problems and verdicts ------------------------------------------------------------------ */

static xd_str keep(xd_run *run, xd_str s)
{
    return s.n == 0 ? (xd_str){0} : xd_str_copy(run->cx->arena, s);
}

const xd_table *xd_run_table(const xd_run *run, size_t row)
{
    for (size_t i = 0; i < run->shape.tables.n; i++) {
        if (row < run->shape.tables.at[i].to) {
            return &run->shape.tables.at[i];
        }
    }
    return NULL;
}

xd_str xd_run_sheet(const xd_run *run, size_t row)
{
    for (size_t i = 0; i < run->rows.sheets.n; i++) {
        if (row >= run->rows.sheets.at[i].from && row < run->rows.sheets.at[i].to) {
            return run->rows.sheets.at[i].name;
        }
    }
    return (xd_str){0};
}

/* "site.lon" is the column that feeds this part, else any column of the field. */
xd_str xd_run_column(const xd_run *run, size_t row, xd_str field)
{
    const xd_table *t = xd_run_table(run, row);
    size_t dot = field.n == 0 ? SIZE_MAX : xd_str_find(field, XD_S("."), 0);
    xd_str name = dot == SIZE_MAX ? field : xd_str_sub(field, 0, dot);
    xd_str part = dot == SIZE_MAX ? (xd_str){0} : xd_str_sub(field, dot + 1, field.n);
    xd_str any = {0};
    for (size_t c = 0; t != NULL && field.n > 0 && c < t->width; c++) {
        const xd_shape_col *col = &t->cols[c];
        if (col->use != XD_COL_USED) {
            continue;
        }
        bool row_wide = col->column.field == NULL;
        if (row_wide ? xd_str_eq(col->column.part, name)
                     : xd_str_eq(col->column.field->name, name)) {
            if (part.n == 0 || xd_str_eq(col->column.part, part)) {
                return col->header;
            }
            any = any.p == NULL ? col->header : any;
        }
    }
    return any;
}

void xd_run_problem(xd_run *run, size_t row, const xd_problem *problem)
{
    if (run->problems.n >= XD_PROBLEMS_MOST && problem->weight != XD_REFUSAL) {
        run->problems_more++;
        return;
    }
    if (run->problems.n >= 2 * XD_PROBLEMS_MOST) {
        run->problems_more++;
        return;
    }
    xd_placed_problem *placed = xd_push(run->cx->arena, &run->problems);
    placed->row = row;
    placed->order = run->problems.n;
    xd_problem *p = &placed->problem;
    *p = *problem;
    p->field = keep(run, problem->field);
    p->value = keep(run, xd_str_sub(problem->value, 0, 400));
    p->value.n = xd_utf8_valid(p->value);
    p->column = keep(run, problem->column);
    p->sheet = xd_run_sheet(run, row);
    for (size_t i = 0; i < XD_LANGS; i++) {
        p->in[i] = keep(run, problem->in[i]);
        p->suggestion[i] = keep(run, problem->suggestion[i]);
    }
}

xd_problem *xd_run_say(xd_run *run, size_t row, xd_weight weight, const char *code,
                       xd_str column, xd_str value, xd_str zh, xd_str en)
{
    xd_problem problem = {.weight = weight, .value = value, .code = code, .column = column};
    problem.in[XD_ZH] = zh;
    problem.in[XD_EN] = en;
    size_t before = run->problems.n;
    xd_run_problem(run, row, &problem);
    return run->problems.n > before ? &run->problems.at[before].problem : NULL;
}

bool xd_run_note_again(xd_run *run, size_t row, const char *code)
{
    size_t i = 0;
    while (i < XD_LEN(run->notes) && run->notes[i].code != NULL &&
           strcmp(run->notes[i].code, code) != 0) {
        i++;
    }
    if (i == XD_LEN(run->notes)) {
        return true;
    }
    run->notes[i].code = code;
    run->notes[i].n++;
    run->notes[i].last_row = row;
    return run->notes[i].n <= XD_SAME_NOTES;
}

/* What stands for notes that were only counted. */
static void tell_same_notes(xd_run *run)
{
    for (size_t i = 0; i < XD_LEN(run->notes) && run->notes[i].code != NULL; i++) {
        size_t more = run->notes[i].n > XD_SAME_NOTES ? run->notes[i].n - XD_SAME_NOTES : 0;
        if (more > 0) {
            (void)xd_run_say(
                run, run->notes[i].last_row, XD_NOTE, run->notes[i].code, (xd_str){0},
                (xd_str){0},
                xd_str_printf(run->cx->arena, "到这一行为止，另有 %zu 处同样的说明。", more),
                xd_str_printf(run->cx->arena,
                              "Down to this row there are %zu more notes of this "
                              "kind.",
                              more));
        }
    }
}

size_t xd_run_verdict(xd_run *run, size_t row, int64_t number, xd_verdict verdict)
{
    xd_row_verdict *v = xd_push(run->cx->arena, &run->report->verdicts);
    size_t sheet_no = 0;
    for (size_t i = 0; i < run->rows.sheets.n; i++) {
        if (row >= run->rows.sheets.at[i].from && row < run->rows.sheets.at[i].to) {
            sheet_no = run->rows.sheets.at[i].no;
        }
    }
    *v = (xd_row_verdict){.sheet_no = sheet_no, .number = number, .verdict = verdict};
    return run->report->verdicts.n - 1;
}

static int by_place(const void *a, const void *b)
{
    const xd_placed_problem *x = a, *y = b;
    if (x->row != y->row) {
        return x->row < y->row ? -1 : 1;
    }
    return x->order < y->order ? -1 : x->order > y->order;
}

/* Problems in file order, each with the row's number as people count. */
static bool place_problems(xd_run *run)
{
    if (run->problems.n > 0) {
        qsort(run->problems.at, run->problems.n, sizeof *run->problems.at, by_place);
    }
    for (size_t i = 0; i < run->problems.n; i++) {
        xd_problem *p = xd_push(run->cx->arena, &run->report->problems);
        xd_source_row row = {0};
        *p = run->problems.at[i].problem;
        xd_ctx_reset(&run->scratch);
        if (!xd_rows_get(&run->scratch, &run->rows, run->problems.at[i].row, &row)) {
            return xd_scratch_fail(run->cx, &run->scratch);
        }
        p->row = row.number > 0 ? row.number : 0;
    }
    if (run->problems_more > 0) {
        (void)xd_problem_add(
            run->cx, &run->report->problems, XD_WARNING, "report.more", (xd_str){0},
            (xd_str){0},
            xd_str_printf(run->cx->arena, "问题太多，另有 %zu 条没有逐一列出。",
                          run->problems_more),
            xd_str_printf(run->cx->arena,
                          "There are too many problems: %zu more are not listed.",
                          run->problems_more));
    }
    return true;
}

/* ---- the file ------------------------------------------------------------------------------- */

static bool sum_file(xd_ctx *cx, int fd, uint8_t ret_sum[32])
{
    xd_hash *hash = NULL;
    bool ok = xd_hash_open(cx, 1, &hash) && xd_hash_file(cx, hash, fd, ret_sum);
    xd_hash_close(hash);
    return ok;
}

static void keep_facts(xd_run *run, const xd_source_facts *facts)
{
    run->report->facts = *facts;
    run->report->facts.format = keep(run, facts->format);
    run->report->facts.encoding = keep(run, facts->encoding);
    run->report->facts.crs = keep(run, facts->crs);
}

static bool read_rows(xd_run *run, int fd, const char *path)
{
    const xd_import_options *o = run->options;
    xd_source_options options = {.encoding = o->encoding, .name = o->file_name};
    xd_source *source = NULL;
    const xd_source_row *row = NULL;
    int64_t n = 0;
    if (!xd_source_open(run->cx, fd, path, &options, &source)) {
        return false;
    }
    for (;;) {
        if (!xd_go_on(run->cx) || !xd_source_next(run->cx, source, &row)) {
            return false;
        }
        if (row == NULL) {
            break;
        }
        if (run->rows.at.n >= UINT32_MAX - 1) {
            return xd_fail(run->cx, XD_LIMIT, "too many rows");
        }
        if (!xd_rows_add(run->cx, &run->rows, row)) {
            return false;
        }
        if (o->progress != NULL && ++n % 1024 == 0) {
            const xd_source_facts *facts = xd_source_about(source);
            o->progress(o->user, n, facts->bytes_read, facts->bytes);
        }
    }
    keep_facts(run, xd_source_about(source));
    return true;
}

static bool no_table(xd_run *run)
{
    xd_ctx *cx = run->cx;
    xd_str title = run->type->title == NULL ? xd_label_in(&run->type->label, XD_ZH)
                                            : xd_label_in(&run->type->title->label, XD_ZH);
    xd_str title_en = run->type->title == NULL ? xd_label_in(&run->type->label, XD_EN)
                                               : xd_label_in(&run->type->title->label, XD_EN);
    (void)xd_fail(cx, XD_UNREADABLE, "no table of type " XD_FMT " was found",
                  XD_ARG(run->type->name));
    for (size_t i = 0; i < run->shape.other.n; i++) {
        const xd_type *other = run->shape.other.at[i];
        if (other != NULL) {
            return xd_fail_words(cx,
                                 xd_str_printf(cx->arena,
                                               "这张表像是“" XD_FMT "”，不是“" XD_FMT
                                               "”；请按那个类型导入。",
                                               XD_ARG(xd_label_in(&other->label, XD_ZH)),
                                               XD_ARG(xd_label_in(&run->type->label, XD_ZH))),
                                 xd_str_printf(cx->arena,
                                               "This table looks like “" XD_FMT
                                               "”, not “" XD_FMT "”: import it as that type.",
                                               XD_ARG(xd_label_in(&other->label, XD_EN)),
                                               XD_ARG(xd_label_in(&run->type->label, XD_EN))));
        }
    }
    return xd_fail_words(
        cx,
        xd_str_printf(cx->arena,
                      "没有找到“" XD_FMT "”的表头；表里至少要有“" XD_FMT
                      "”一列，列名可照空白模板。",
                      XD_ARG(xd_label_in(&run->type->label, XD_ZH)), XD_ARG(title)),
        xd_str_printf(cx->arena,
                      "No header of “" XD_FMT
                      "” was found; the table needs at least a column “" XD_FMT
                      "”. The empty template has the column names.",
                      XD_ARG(xd_label_in(&run->type->label, XD_EN)), XD_ARG(title_en)));
}

/* ---- the run -------------------------------------------------------------------------------- */

static bool check_options(xd_run *run)
{
    xd_ctx *cx = run->cx;
    const xd_import_options *o = run->options;
    if (o->crs.n > 0 && !xd_str_eq_nocase(o->crs, XD_S("auto")) &&
        !xd_crs_find(cx, o->crs, &run->crs)) {
        return false;
    }
    if (o->state.n > 0 && xd_state_find(run->type->flow, o->state) == NULL) {
        xd_buf names = {0};
        for (size_t i = 0; i < run->type->flow->n_states; i++) {
            xd_buf_printf(&names, "%s" XD_FMT, i == 0 ? "" : ", ",
                          XD_ARG(run->type->flow->states[i].name));
        }
        xd_str list = xd_buf_copy(&names, cx->arena);
        xd_buf_free(&names);
        (void)xd_fail(cx, XD_INVALID, "no state " XD_FMT, XD_ARG(o->state));
        return xd_fail_words(
            cx,
            xd_str_printf(cx->arena, "没有状态“" XD_FMT "”；可用：" XD_FMT "。",
                          XD_ARG(o->state), XD_ARG(list)),
            xd_str_printf(cx->arena, "There is no state “" XD_FMT "”; there are: " XD_FMT ".",
                          XD_ARG(o->state), XD_ARG(list)));
    }
    return true;
}

static xd_str today_of(xd_ctx *cx)
{
    const int64_t day_us = INT64_C(86400000000), east_us = INT64_C(8) * 3600000000;
    int64_t day = (xd_now(cx) + east_us) / day_us; /* the day in China */
    return xd_day_text(cx->arena, (int32_t)day);
}

xd_run *xd_run_begin(xd_ctx *cx, xd_store *store, const xd_model *model,
                     const xd_import_options *options)
{
    xd_run *run = xd_new(cx->arena, xd_run);
    *run = (xd_run){.cx = cx,
                    .store = store,
                    .model = model,
                    .type = options->type,
                    .options = options,
                    .today = today_of(cx)};
    run->report = xd_new(cx->arena, xd_report);
    run->titles = xd_new_n(cx->arena, xd_map *, xd_model_types(model));
    xd_scratch_begin(&run->scratch, cx);
    return run;
}

bool xd_run_work(xd_run *run)
{
    if (!xd_spool_open(run->cx, &run->stage) ||
        !xd_shape_find(run->cx, run->model, run->type, &run->rows, &run->shape)) {
        return false;
    }
    if (run->shape.tables.n == 0) {
        return no_table(run);
    }
    if (!xd_run_rows(run) || !xd_run_resolve(run) || !xd_run_near(run)) {
        return false;
    }
    const xd_report *r = run->report;
    bool write = !run->options->dry_run && r->new_rows + r->changed > 0 &&
                 (r->refused == 0 || run->options->accept_good);
    if (write && !xd_run_append(run)) {
        return false;
    }
    tell_same_notes(run);
    return place_problems(run);
}

bool xd_import_run(xd_ctx *cx, xd_store *store, const xd_model *model, int fd, const char *path,
                   const xd_import_options *options, const xd_report **ret_report)
{
    xd_run *run = xd_run_begin(cx, store, model, options);
    bool ok = check_options(run) && xd_rows_begin(cx, &run->rows) && read_rows(run, fd, path) &&
              sum_file(cx, fd, run->report->sha256) && xd_run_work(run);
    xd_ctx_end(&run->scratch);
    if (ok) {
        *ret_report = run->report;
    }
    return ok;
}
