/* exchange/annotate.c — the person's own table once more, with a column of reasons.
 *
 * Whatever the source was, the copy is XLSX: rows stay where they are, so row numbers in the report
 * and in the copy agree. Foreign bytes are read in the worker, as for the import itself. Reasons
 * stand in a column of their own in front; the cell they speak of is coloured: rust for what was
 * refused, ochre for what wants a look. */
#include "base/map.h"
#include "exchange/export.h"

#include <stdio.h>
#include <string.h>
#include <xlsxwriter.h>

#define CELLS_MOST 16000 /* Excel has 16 384 columns */
#define TEXT_MOST 32000

typedef struct copy {
    lxw_workbook *workbook;
    lxw_format *refused, *warned, *note;
    const xd_report *report;
    xd_lang lang;
    xd_map *by_row;  /* "sheet TAB row" → list of the problems of that row */
    xd_map *columns; /* the columns problems speak of */
    lxw_worksheet *sheet;
    size_t sheet_no;
    xd_strs header; /* texts of the newest row in which a column of that name stood */
} copy;

static bool failed(xd_ctx *cx, lxw_error error)
{
    if (error == LXW_NO_ERROR) {
        return false;
    }
    (void)xd_fail(cx, XD_SYSTEM, "XLSX copy: %s", lxw_strerror(error));
    return true;
}

static const char *text_of(xd_ctx *cx, xd_str s)
{
    return xd_cstr(cx->arena, s.n > TEXT_MOST
                                  ? xd_str_sub(s, 0, xd_utf8_valid(xd_str_sub(s, 0, TEXT_MOST)))
                                  : s);
}

typedef XD_VEC(const xd_problem *) problem_list;

static xd_str row_key(xd_arena *arena, xd_str sheet, int64_t row)
{
    return xd_str_printf(arena, XD_FMT "\t%" PRId64, XD_ARG(sheet), row);
}

static void index_problems(xd_ctx *cx, copy *c)
{
    c->by_row = xd_map_make(cx->arena);
    c->columns = xd_map_make(cx->arena);
    for (size_t i = 0; i < c->report->problems.n; i++) {
        const xd_problem *p = &c->report->problems.at[i];
        xd_str key = row_key(cx->arena, p->sheet, p->row);
        problem_list *list = xd_map_get(c->by_row, key);
        if (list == NULL) {
            list = xd_new(cx->arena, problem_list);
            xd_map_put(c->by_row, key, list);
        }
        *xd_push(cx->arena, list) = p;
        if (p->column.n > 0) {
            xd_map_put(c->columns, p->column, list);
        }
    }
}

static const problem_list *problems_of(xd_ctx *cx, const copy *c, const xd_source_row *row)
{
    static const problem_list none;
    const problem_list *list =
        xd_map_get(c->by_row, row_key(cx->arena, row->sheet, row->number));
    return list == NULL ? &none : list;
}

static bool about_cell(const copy *c, const xd_problem *problem, size_t column)
{
    return problem->column.n > 0 && column < c->header.n &&
           xd_str_eq(problem->column, c->header.at[column]);
}

/* What a row comes to, said before the reasons: colour alone would not tell everybody. */
static xd_str weight_said(xd_weight weight, xd_lang lang)
{
    static const xd_str words[][XD_LANGS] = {
        [XD_WARNING] = {[XD_ZH] = XD_STR("【提醒】"), [XD_EN] = XD_STR("Warning: ")},
        [XD_REFUSAL] = {[XD_ZH] = XD_STR("【退回】"), [XD_EN] = XD_STR("Refused: ")},
    };
    return weight == XD_NOTE ? (xd_str){0} : words[weight][lang];
}

static void add_reason(const copy *c, const xd_problem *p, xd_buf *out)
{
    if (xd_buf_str(out).n > 0) {
        xd_buf_byte(out, '\n');
    }
    xd_buf_add(out, weight_said(p->weight, c->lang));
    if (p->column.n > 0) {
        xd_buf_add(out, p->column);
        xd_buf_add(out, c->lang == XD_EN ? XD_S(": ") : XD_S("："));
    }
    xd_buf_add(out, p->in[c->lang]);
    if (p->suggestion[c->lang].n > 0) {
        if (c->lang == XD_EN) {
            xd_buf_byte(out, ' ');
        }
        xd_buf_add(out, p->suggestion[c->lang]);
    }
}

/* The reasons of one row, what refuses it first, and the look of the worst. The row of the
 * header names the column. */
static xd_str reasons(xd_ctx *cx, const copy *c, const problem_list *list,
                      lxw_format **ret_format)
{
    xd_buf out = {0};
    xd_weight worst = XD_NOTE;
    if (list->n == 1 && strcmp(list->at[0]->code, "row.header") == 0) {
        *ret_format = c->note;
        return c->lang == XD_EN ? XD_S("Reasons") : XD_S("原因");
    }
    static const xd_weight order[] = {XD_REFUSAL, XD_WARNING, XD_NOTE};
    for (size_t k = 0; k < XD_LEN(order); k++) {
        for (size_t i = 0; i < list->n; i++) {
            if (list->at[i]->weight == order[k]) {
                add_reason(c, list->at[i], &out);
                worst = order[k] > worst ? order[k] : worst;
            }
        }
    }
    xd_str text = xd_buf_copy(&out, cx->arena);
    xd_buf_free(&out);
    *ret_format = worst == XD_REFUSAL ? c->refused : worst == XD_WARNING ? c->warned : c->note;
    return text;
}

static lxw_format *cell_format(const copy *c, const problem_list *list, size_t column)
{
    lxw_format *format = NULL;
    for (size_t i = 0; i < list->n; i++) {
        if (about_cell(c, list->at[i], column)) {
            if (list->at[i]->weight == XD_REFUSAL) {
                return c->refused;
            }
            format = list->at[i]->weight == XD_WARNING ? c->warned : format;
        }
    }
    return format;
}

static bool begin_sheet(xd_ctx *cx, copy *c, const xd_source_row *row)
{
    char name[32];
    (void)snprintf(name, sizeof name, "%zu",
                   row->sheet_no + 1); /* names of theirs may not be allowed */
    bool plain = row->sheet.n > 0 && row->sheet.n < 90 && xd_utf8_count(row->sheet) <= 31;
    const char *wanted = plain ? xd_cstr(cx->arena, row->sheet) : name;
    if (workbook_validate_sheet_name(c->workbook, wanted) != LXW_NO_ERROR) {
        wanted = name;
    }
    c->sheet = workbook_add_worksheet(c->workbook, wanted);
    if (c->sheet == NULL) {
        return xd_fail(cx, XD_SYSTEM, "XLSX copy: no sheet");
    }
    c->sheet_no = row->sheet_no;
    c->header = (xd_strs){0};
    (void)worksheet_set_column(c->sheet, 0, 0, 48, NULL); /* looks only */
    return true;
}

/* Reasons stand in the first column, where nobody has to scroll for them; the table's own columns
 * follow, one to the right of where they were. */
static bool write_row(xd_ctx *cx, xd_ctx *keep, copy *c, const xd_source_row *row)
{
    if ((c->sheet == NULL || row->sheet_no != c->sheet_no) && !begin_sheet(cx, c, row)) {
        return false;
    }
    if (row->number < 1 || row->number > LXW_ROW_MAX) {
        return true; /* text around a table is no row of it */
    }
    lxw_row_t at = (lxw_row_t)(row->number - 1);
    const problem_list *list = problems_of(cx, c, row);
    lxw_format *format;
    xd_str why = reasons(cx, c, list, &format);
    if (why.n > 0 &&
        failed(cx, worksheet_write_string(c->sheet, at, 0, text_of(cx, why), format))) {
        return false;
    }
    bool is_header = false;
    for (size_t i = 0; i < row->n && i < CELLS_MOST; i++) {
        const xd_cell *cell = &row->cells[i];
        is_header = is_header || xd_map_get(c->columns, xd_str_trim(cell->text)) != NULL;
        if (cell->text.n > 0 && cell->kind != XD_CELL_GEOMETRY &&
            failed(cx,
                   worksheet_write_string(c->sheet, at, (lxw_col_t)(i + 1),
                                          text_of(cx, cell->text), cell_format(c, list, i)))) {
            return false;
        }
    }
    if (is_header) {
        c->header = (xd_strs){0};
        for (size_t i = 0; i < row->n && i < CELLS_MOST; i++) {
            *xd_push(keep->arena, &c->header) =
                xd_str_copy(keep->arena, xd_str_trim(row->cells[i].text));
        }
    }
    return true;
}

static bool copy_rows(xd_ctx *cx, xd_source *source, copy *c)
{
    xd_ctx each;
    xd_ctx_begin(&each);
    bool ok = true;
    for (const xd_source_row *row = NULL; ok;) {
        ok = xd_source_next(cx, source, &row);
        if (!ok || row == NULL) {
            break;
        }
        ok = write_row(&each, cx, c, row);
        if (!ok) {
            (void)xd_fail(cx, each.err.code, XD_FMT, XD_ARG(each.err.message));
        }
        xd_ctx_reset(&each);
    }
    xd_ctx_end(&each);
    return ok;
}

static lxw_format *look(lxw_workbook *workbook, lxw_color_t background)
{
    lxw_format *format = workbook_add_format(workbook);
    format_set_bg_color(format, background);
    format_set_text_wrap(format);
    format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
    return format;
}

bool xd_annotate(xd_ctx *cx, int fd_in, const char *path, const xd_import_options *options,
                 const xd_report *report, xd_lang lang, int fd_out)
{
    xd_source *source;
    xd_source_options as = {
        .encoding = options->encoding, .name = options->file_name, .all_sheets = true};
    if (!xd_source_open(cx, fd_in, path, &as, &source)) {
        return false;
    }
    char to[40];
    (void)snprintf(to, sizeof to, "/proc/self/fd/%d", fd_out); /* always fits */
    copy c = {.report = report, .lang = lang, .workbook = workbook_new(to)};
    if (c.workbook == NULL) {
        return xd_fail(cx, XD_SYSTEM, "XLSX copy: no workbook");
    }
    c.refused = look(c.workbook, 0xF3C8B4);
    c.warned = look(c.workbook, 0xF6E3B4);
    c.note = look(c.workbook, 0xE3EEEE);
    index_problems(cx, &c);
    bool ok = copy_rows(cx, source, &c);
    lxw_error error = workbook_close(c.workbook);
    return ok && !failed(cx, error);
}
