/* exchange/export_xlsx.c — typed spreadsheets: data, and empty tables to fill in.
 *
 * libxlsxwriter in its constant memory mode: rows strictly in order. It writes to a path only, so
 * it is given /proc/self/fd/N. Numbers go in as numbers where a double keeps them exactly (at most
 * 15 digits); everything else is text, codes above all: leading zeros stay. Drop-downs come from
 * the vocabularies, through a hidden sheet, for a list written into the rule may have 255
 * characters only. */
#include "exchange/export_out.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <xlsxwriter.h>

#define LIST_MOST 2000    /* longest drop-down */
#define ROWS_MORE 2000    /* rows below the data that have drop-downs too */
#define ROWS_MOST 1048575 /* of a sheet, below its header */
#define CELL_MOST 32767   /* characters, Excel's own limit */

typedef struct book {
    lxw_workbook *workbook;
    lxw_worksheet *sheet;
    lxw_format *head, *must, *text, *wrap;
} book;

static bool failed(xd_ctx *cx, lxw_error error, const char *what)
{
    if (error == LXW_NO_ERROR) {
        return false;
    }
    (void)xd_fail(cx, XD_SYSTEM, "XLSX, %s: %s", what, lxw_strerror(error));
    return true;
}

static bool book_open(xd_ctx *cx, int fd, book *ret)
{
    char path[40];
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd); /* always fits */
    lxw_workbook_options options = {.constant_memory = LXW_TRUE, .use_zip64 = LXW_FALSE};
    book b = {.workbook = workbook_new_opt(path, &options)};
    if (b.workbook == NULL) {
        return xd_fail(cx, XD_SYSTEM, "XLSX: no workbook");
    }
    b.head = workbook_add_format(b.workbook);
    format_set_bold(b.head);
    format_set_bg_color(b.head, 0xECE7DC);
    format_set_border(b.head, LXW_BORDER_THIN);
    b.must = workbook_add_format(b.workbook);
    format_set_bold(b.must);
    format_set_font_color(b.must, 0xA2401B);
    format_set_bg_color(b.must, 0xECE7DC);
    format_set_border(b.must, LXW_BORDER_THIN);
    b.text = workbook_add_format(b.workbook);
    format_set_num_format(b.text, "@");
    b.wrap = workbook_add_format(b.workbook);
    format_set_text_wrap(b.wrap);
    format_set_align(b.wrap, LXW_ALIGN_VERTICAL_TOP);
    *ret = b;
    return true;
}

static bool book_close(xd_ctx *cx, book *b, bool keep)
{
    lxw_error error = workbook_close(b->workbook);
    return keep && !failed(cx, error, "closing");
}

/* A string as Excel takes it: cut at its limit with a sign that it was. */
static const char *cell_text(xd_ctx *cx, xd_str text)
{
    if (xd_utf8_count(text) <= CELL_MOST) {
        return xd_cstr(cx->arena, text);
    }
    size_t at = 0;
    for (size_t i = 0; i < CELL_MOST - 1; i++) {
        (void)xd_utf8_next(text, &at); /* only the step is wanted */
    }
    return xd_cstr(cx->arena, xd_str_join(cx->arena, xd_str_sub(text, 0, at), XD_S("…")));
}

/* Plain decimal of at most 15 digits without a leading zero that means something. */
static bool is_number(xd_str text)
{
    size_t i = text.n > 0 && text.p[0] == '-' ? 1 : 0, digits = 0, points = 0;
    if (i + 1 < text.n && text.p[i] == '0' && text.p[i + 1] != '.') {
        return false;
    }
    for (; i < text.n; i++) {
        digits += text.p[i] >= '0' && text.p[i] <= '9';
        points += text.p[i] == '.';
        if (text.p[i] != '.' && (text.p[i] < '0' || text.p[i] > '9')) {
            return false;
        }
    }
    return digits > 0 && digits <= 15 && points <= 1 && text.p[text.n - 1] != '.';
}

static bool numeric_column(const xd_column *column)
{
    const xd_field *field = column->field;
    if (field == NULL || field->many) {
        return false;
    }
    return (field->kind == XD_KIND_NUMBER && !xd_str_eq(column->part, XD_S("unit"))) ||
           (field->kind == XD_KIND_PLACE &&
            (xd_str_eq(column->part, XD_S("lon")) || xd_str_eq(column->part, XD_S("lat"))));
}

typedef struct rows {
    book book;
    size_t written;
} rows;

static bool write_row(xd_ctx *cx, const xd_out *out, void *user, size_t i, int64_t id,
                      const xd_json *body)
{
    (void)id;
    rows *r = user;
    if (i >= ROWS_MOST) {
        (void)xd_fail(cx, XD_LIMIT, "more rows than a sheet holds");
        return xd_fail_words(
            cx, XD_S("一张 Excel 表最多 1048575 行。请加条件分几次导出，或导出为 CSV。"),
            XD_S("An Excel sheet holds 1 048 575 rows. Filter, or export CSV."));
    }
    for (size_t k = 0; k < out->columns.n; k++) {
        xd_str text = xd_cell_write(cx, out->model, out->columns.at[k], body,
                                    out->options->lang, out->link_text, out->link_user);
        if (text.n == 0) {
            continue;
        }
        lxw_error error =
            numeric_column(out->columns.at[k]) && is_number(text)
                ? worksheet_write_number(r->book.sheet, (lxw_row_t)i + 1, (lxw_col_t)k,
                                         strtod(xd_cstr(cx->arena, text), NULL), NULL)
                : worksheet_write_string(r->book.sheet, (lxw_row_t)i + 1, (lxw_col_t)k,
                                         cell_text(cx, text), r->book.text);
        if (failed(cx, error, "writing a cell")) {
            return false;
        }
    }
    r->written = i + 1;
    return true;
}

static bool column_required(const xd_column *column)
{
    return column->field != NULL && column->field->required &&
           (column->part.n == 0 || (column->field->langs.n > 0 &&
                                    xd_str_eq(column->part, column->field->langs.at[0])));
}

static bool write_head(xd_ctx *cx, const xd_out *out, book *b)
{
    for (size_t k = 0; k < out->columns.n; k++) {
        const xd_column *column = out->columns.at[k];
        lxw_error error =
            worksheet_write_string(b->sheet, 0, (lxw_col_t)k, cell_text(cx, column->header),
                                   column_required(column) ? b->must : b->head);
        if (failed(cx, error, "writing the header") ||
            failed(cx, worksheet_set_column(b->sheet, (lxw_col_t)k, (lxw_col_t)k, 18, b->text),
                   "setting a width")) {
            return false;
        }
    }
    worksheet_freeze_panes(b->sheet, 1, 0);
    return true;
}

/* ---- drop-downs -------------------------------------------------------------------------- */

/* The text a term is written as, by the writer of cells itself: so it reads back. */
static xd_str term_text(xd_ctx *cx, const xd_out *out, const xd_column *column,
                        const xd_term *term)
{
    xd_json *body = xd_json_object(cx->arena);
    xd_json_set(cx->arena, body, XD_S("type"),
                xd_json_string(cx->arena, out->options->type->name));
    xd_json_set(cx->arena, body, column->field->name, xd_json_string(cx->arena, term->code));
    return xd_cell_write(cx, out->model, column, body, out->options->lang, NULL, NULL);
}

static bool has_list(const xd_column *column)
{
    return column->field != NULL && column->field->kind == XD_KIND_TERM &&
           !column->field->many && column->part.n == 0 && column->field->vocabulary->n > 0 &&
           column->field->vocabulary->n <= LIST_MOST;
}

/* The rule that makes column k a drop-down of its list. */
static bool add_rule(xd_ctx *cx, const xd_out *out, book *b, size_t k, size_t last_row)
{
    char name[32], column[8], range[96], formula[40];
    lxw_col_to_name(column, (lxw_col_t)k, LXW_TRUE);
    (void)snprintf(name, sizeof name, "xd_list_%zu", k); /* these three always fit */
    (void)snprintf(range, sizeof range, "=_lists!%s$1:%s$%zu", column, column,
                   out->columns.at[k]->field->vocabulary->n);
    (void)snprintf(formula, sizeof formula, "=%s", name);
    lxw_data_validation rule = {
        .validate = LXW_VALIDATION_TYPE_LIST_FORMULA,
        .value_formula = formula,
        .error_type = LXW_VALIDATION_ERROR_TYPE_WARNING,
    };
    return !failed(cx, workbook_define_name(b->workbook, name, range), "naming a list") &&
           !failed(cx,
                   worksheet_data_validation_range(b->sheet, 1, (lxw_col_t)k,
                                                   (lxw_row_t)last_row, (lxw_col_t)k, &rule),
                   "adding a drop-down");
}

/* Lists stand side by side, each in the column it is for, written row by row: constant memory
 * mode takes rows in order only. */
static bool write_list_row(xd_ctx *cx, const xd_out *out, lxw_worksheet *lists, size_t row)
{
    for (size_t k = 0; k < out->columns.n; k++) {
        const xd_column *column = out->columns.at[k];
        if (!has_list(column) || row >= column->field->vocabulary->n) {
            continue;
        }
        xd_str text = term_text(cx, out, column, &column->field->vocabulary->terms[row]);
        if (failed(cx,
                   worksheet_write_string(lists, (lxw_row_t)row, (lxw_col_t)k,
                                          cell_text(cx, text), NULL),
                   "writing a list")) {
            return false;
        }
    }
    return true;
}

static bool write_lists(xd_ctx *cx, const xd_out *out, book *b, size_t rows_used)
{
    size_t last = rows_used + ROWS_MORE > ROWS_MOST ? ROWS_MOST : rows_used + ROWS_MORE;
    size_t longest = 0;
    for (size_t k = 0; k < out->columns.n; k++) {
        if (has_list(out->columns.at[k])) {
            size_t n = out->columns.at[k]->field->vocabulary->n;
            longest = n > longest ? n : longest;
            if (!add_rule(cx, out, b, k, last)) {
                return false;
            }
        }
    }
    if (longest == 0) {
        return true;
    }
    lxw_worksheet *lists = workbook_add_worksheet(b->workbook, "_lists");
    if (lists == NULL) {
        return xd_fail(cx, XD_SYSTEM, "XLSX: no sheet for lists");
    }
    worksheet_hide(lists);
    for (size_t row = 0; row < longest; row++) {
        if (!write_list_row(cx, out, lists, row)) {
            return false;
        }
    }
    return true;
}

bool xd_out_xlsx(xd_ctx *cx, const xd_out *out)
{
    rows r = {.written = 0};
    if (!book_open(cx, out->fd, &r.book)) {
        return false;
    }
    r.book.sheet = workbook_add_worksheet(
        r.book.workbook,
        cell_text(cx, xd_label_in(&out->options->type->label, out->options->lang)));
    bool ok = r.book.sheet != NULL || xd_fail(cx, XD_SYSTEM, "XLSX: no sheet");
    ok = ok && write_head(cx, out, &r.book) && xd_out_each(out, cx, write_row, &r) &&
         write_lists(cx, out, &r.book, r.written);
    return book_close(cx, &r.book, ok) && ok;
}

/* ---- empty tables to fill in -------------------------------------------------------------- */

static bool write_help_row(xd_ctx *cx, const xd_out *out, const book *b, lxw_worksheet *sheet,
                           size_t k)
{
    xd_lang lang = out->options->lang;
    const xd_column *column = out->columns.at[k];
    xd_str cells[4] = {column->header, XD_S(""), XD_S(""), XD_S("")};
    if (column_required(column)) {
        cells[1] = lang == XD_EN ? XD_S("required") : XD_S("必填");
    }
    if (column->field != NULL) {
        cells[2] = xd_kinds[column->field->kind].cell[lang];
        cells[3] = xd_label_in(&column->field->help, lang);
    }
    for (size_t i = 0; i < XD_LEN(cells); i++) {
        if (cells[i].n > 0 &&
            failed(cx,
                   worksheet_write_string(sheet, (lxw_row_t)k + 3, (lxw_col_t)i,
                                          cell_text(cx, cells[i]), b->wrap),
                   "explaining a column")) {
            return false;
        }
    }
    return true;
}

static bool write_help(xd_ctx *cx, const xd_out *out, const book *b)
{
    bool en = out->options->lang == XD_EN;
    lxw_worksheet *sheet =
        workbook_add_worksheet(b->workbook, en ? "How to fill in" : "填表说明");
    if (sheet == NULL) {
        return xd_fail(cx, XD_SYSTEM, "XLSX: no sheet for explanations");
    }
    static const char *const heads[XD_LANGS][4] = {
        {"列",    "是否必填", "怎么填",     "说明"},
        {"Column", "Required",     "What to write", "Note"  }
    };
    static const char *const intro[XD_LANGS] = {
        "一行一条，空着表示不知道，不要猜。列可以删、可以换顺序，表头不要改。日期、坐标、名称按"
        "平常写法即可，检查时会逐格说明问题。",
        "One record a row; leave empty what is not known, never guess. Columns may be removed "
        "or moved; keep "
        "their headers. Write dates, coordinates and names as usual: the check explains cell "
        "by cell."};
    lxw_error error =
        worksheet_merge_range(sheet, 0, 0, 0, 3, intro[out->options->lang], b->wrap);
    (void)worksheet_set_row(sheet, 0, 48, NULL); /* looks only */
    for (size_t i = 0; error == LXW_NO_ERROR && i < XD_LEN(heads[0]); i++) {
        static const double widths[] = {22, 10, 56, 56};
        error = worksheet_write_string(sheet, 2, (lxw_col_t)i, heads[out->options->lang][i],
                                       b->head);
        (void)worksheet_set_column(sheet, (lxw_col_t)i, (lxw_col_t)i, widths[i],
                                   NULL); /* likewise */
    }
    if (failed(cx, error, "explaining")) {
        return false;
    }
    for (size_t k = 0; k < out->columns.n; k++) {
        if (!write_help_row(cx, out, b, sheet, k)) {
            return false;
        }
    }
    return true;
}

static bool add_comments(xd_ctx *cx, const xd_out *out, const book *b)
{
    for (size_t k = 0; k < out->columns.n; k++) {
        const xd_field *field = out->columns.at[k]->field;
        if (field == NULL) {
            continue;
        }
        xd_str text = xd_kinds[field->kind].cell[out->options->lang];
        if (xd_kinds[field->kind].example.n > 0) {
            text = xd_str_printf(cx->arena, XD_FMT "\n%s" XD_FMT, XD_ARG(text),
                                 out->options->lang == XD_EN ? "e.g. " : "例：",
                                 XD_ARG(xd_kinds[field->kind].example));
        }
        if (failed(cx,
                   worksheet_write_comment(b->sheet, 0, (lxw_col_t)k, xd_cstr(cx->arena, text)),
                   "adding a comment")) {
            return false;
        }
    }
    return true;
}

bool xd_template_write(xd_ctx *cx, const xd_model *model, const xd_type *type, xd_lang lang,
                       int fd)
{
    xd_export_options options = {.type = type, .format = XD_XLSX, .lang = lang};
    xd_out out = {.model = model, .options = &options, .fd = fd};
    book b;
    if (!xd_out_columns(cx, model, &options, &out.columns) || !book_open(cx, fd, &b)) {
        return false;
    }
    b.sheet =
        workbook_add_worksheet(b.workbook, cell_text(cx, xd_label_in(&type->label, lang)));
    bool ok = b.sheet != NULL || xd_fail(cx, XD_SYSTEM, "XLSX: no sheet");
    ok = ok && write_head(cx, &out, &b) && add_comments(cx, &out, &b) &&
         write_help(cx, &out, &b) && write_lists(cx, &out, &b, 0);
    return book_close(cx, &b, ok) && ok;
}
