/* exchange/paper_xlsx.c — a paper as a workbook: its outline, and a sheet for each part.
 *
 * What stands under many headings in the text (a table for each task) is one sheet here, with a
 * first column that says whose each line is: so it can be filtered and summed. Pairs and words
 * of a part become one line for each heading, their labels the columns. */
#include <stdio.h>
#include <stdlib.h>
#include <xlsxwriter.h>

#include "exchange/paper.h"

#define CELL_MOST 32767 /* characters, Excel's own limit */
#define SHEET_NAME 31   /* likewise */
#define SHEETS 60

typedef struct sheet {
    size_t part;
    lxw_worksheet *to;
    lxw_row_t row;          /* next one free */
    XD_VEC(xd_str) columns; /* of pairs and words: labels met so far */
    xd_str under;           /* of pairs and words: whose line stands in `row` */
    bool whose;             /* the first column says so */
} sheet;

typedef struct book {
    xd_ctx *cx;
    const xd_paper *paper;
    lxw_workbook *workbook;
    lxw_format *title, *head, *text, *number, *strong, *faint;
    lxw_worksheet *outline;
    lxw_row_t outline_row;
    sheet sheets[SHEETS];
    size_t n;
    lxw_error error; /* the first */
} book;

static void note(book *b, lxw_error error)
{
    b->error = b->error == LXW_NO_ERROR ? error : b->error;
}

/* As Excel takes it: cut at its limit with a sign that it was. */
static const char *cell_text(xd_ctx *cx, xd_str text)
{
    size_t at = 0;
    if (xd_utf8_count(text) <= CELL_MOST) {
        return xd_cstr(cx->arena, text);
    }
    for (size_t i = 0; i < CELL_MOST - 1; i++) {
        (void)xd_utf8_next(text, &at); /* only the step is wanted */
    }
    return xd_cstr(cx->arena, xd_str_join(cx->arena, xd_str_sub(text, 0, at), XD_S("…")));
}

static void put(book *b, lxw_worksheet *to, lxw_row_t row, size_t column, xd_str text,
                lxw_format *look)
{
    if (text.n > 0 && column < XD_PAPER_COLUMNS * 4) {
        note(b,
             worksheet_write_string(to, row, (lxw_col_t)column, cell_text(b->cx, text), look));
    }
}

static void put_cell(book *b, lxw_worksheet *to, lxw_row_t row, size_t column,
                     const xd_paper_cell *cell)
{
    if (cell->number) {
        note(b, worksheet_write_number(to, row, (lxw_col_t)column,
                                       strtod(xd_cstr(b->cx->arena, cell->text), NULL),
                                       b->number));
    } else {
        put(b, to, row, column, cell->text, cell->missing ? b->faint : b->text);
    }
}

/* ---- sheets --------------------------------------------------------------------------------- */

static bool name_taken(const book *b, const char *name)
{
    return workbook_get_worksheet_by_name(b->workbook, name) != NULL;
}

/* Excel refuses some characters, long names and doubles. */
static const char *sheet_name(book *b, xd_str wanted)
{
    char *name = xd_new_n(b->cx->arena, char, SHEET_NAME * 4 + 8);
    for (int nth = 1; nth <= SHEETS; nth++) {
        size_t at = 0, n = 0, most = nth == 1 ? SHEET_NAME : SHEET_NAME - 4;
        for (size_t i = 0; at < wanted.n && i < most; i++) {
            size_t from = at;
            uint32_t c = xd_utf8_next(wanted, &at);
            bool bad = c < 0x20 || (c < 0x80 && strchr("[]:*?/\\'", (int)c) != NULL);
            if (bad) {
                name[n++] = ' ';
            } else {
                memcpy(name + n, wanted.p + from, at - from);
                n += at - from;
            }
        }
        if (nth > 1) {
            n += (size_t)snprintf(name + n, 6, " %d", nth);
        }
        name[n] = 0;
        if (n > 0 && !name_taken(b, name)) {
            break;
        }
    }
    return name;
}

static sheet *sheet_of(book *b, const xd_paper_block *block)
{
    for (size_t i = 0; i < b->n; i++) {
        if (b->sheets[i].part == block->part) {
            return &b->sheets[i];
        }
    }
    if (b->n == SHEETS) {
        return NULL;
    }
    sheet *s = &b->sheets[b->n++];
    *s = (sheet){.part = block->part, .row = 1, .whose = block->under.n > 0};
    s->to = workbook_add_worksheet(b->workbook, sheet_name(b, block->sheet));
    if (s->to == NULL) {
        note(b, LXW_ERROR_MEMORY_MALLOC_FAILED);
        b->n--;
        return NULL;
    }
    worksheet_freeze_panes(s->to, 1, s->whose ? 1 : 0);
    worksheet_set_paper(s->to, 9); /* A4 */
    worksheet_set_landscape(s->to);
    worksheet_fit_to_pages(s->to, 1, 0);
    note(b, worksheet_repeat_rows(s->to, 0, 0));
    if (s->whose) {
        put(b, s->to, 0, 0, b->paper->of, b->head);
        note(b, worksheet_set_column(s->to, 0, 0, 26, NULL));
    }
    return s;
}

static void set_width(book *b, sheet *s, size_t column, xd_str head)
{
    double width = (double)xd_utf8_count(head) * 2 + 3;
    note(b, worksheet_set_column(s->to, (lxw_col_t)column, (lxw_col_t)column,
                                 width < 12   ? 12
                                 : width > 48 ? 48
                                              : width,
                                 NULL));
}

/* ---- pairs and words: a line for each heading ------------------------------------------------ */

static size_t column_for(book *b, sheet *s, xd_str label)
{
    size_t first = s->whose ? 1 : 0;
    for (size_t i = 0; i < s->columns.n; i++) {
        if (xd_str_eq(s->columns.at[i], label)) {
            return i + first;
        }
    }
    *xd_push(b->cx->arena, &s->columns) = label;
    size_t column = s->columns.n - 1 + first;
    put(b, s->to, 0, column, label, b->head);
    set_width(b, s, column, label);
    return column;
}

/* Two columns where there is one subject, one line a subject where there are many. */
static void add_pair(book *b, sheet *s, const xd_paper_block *block, xd_str label,
                     const xd_paper_cell *value)
{
    if (!s->whose) {
        put(b, s->to, s->row, 0, label, b->strong);
        put_cell(b, s->to, s->row, 1, value);
        s->row++;
        return;
    }
    if (s->under.n > 0 && !xd_str_eq(s->under, block->under)) {
        s->row++;
    }
    s->under = block->under;
    put(b, s->to, s->row, 0, block->under, b->strong);
    put_cell(b, s->to, s->row, column_for(b, s, label), value);
}

static xd_paper_cell joined(xd_ctx *cx, const xd_paper_block *block)
{
    xd_paper_cell all = {0};
    for (size_t i = 0; i < block->rows.n; i++) {
        const xd_paper_row *row = &block->rows.at[i];
        for (size_t k = 0; k < row->cells.n; k++) {
            all.missing = row->cells.at[k].missing;
            all.text = all.text.n == 0
                           ? row->cells.at[k].text
                           : xd_str_printf(cx->arena, XD_FMT "\n" XD_FMT, XD_ARG(all.text),
                                           XD_ARG(row->cells.at[k].text));
        }
    }
    return all;
}

static void add_lines(book *b, sheet *s, const xd_paper_block *block)
{
    if (block->kind == XD_PAPER_WORDS) {
        xd_paper_cell all = joined(b->cx, block);
        add_pair(b, s, block, block->text, &all);
        return;
    }
    for (size_t i = 0; i < block->rows.n; i++) {
        const xd_paper_row *row = &block->rows.at[i];
        if (row->cells.n > 1) {
            add_pair(b, s, block, row->cells.at[0].text, &row->cells.at[1]);
        }
    }
}

static void add_table(book *b, sheet *s, const xd_paper_block *block)
{
    size_t first = s->whose ? 1 : 0;
    if (s->columns.n == 0) {
        for (size_t k = 0; k < block->columns.n; k++) {
            *xd_push(b->cx->arena, &s->columns) = block->columns.at[k];
            put(b, s->to, 0, k + first, block->columns.at[k], b->head);
            set_width(b, s, k + first, block->columns.at[k]);
        }
    }
    if (block->rows.n == 0) {
        put(b, s->to, s->row, 0, block->under, b->strong);
        put(b, s->to, s->row++, first, block->none, b->faint);
    }
    for (size_t i = 0; i < block->rows.n; i++) {
        const xd_paper_row *row = &block->rows.at[i];
        if (s->whose) {
            put(b, s->to, s->row, 0, block->under, b->strong);
        }
        for (size_t k = 0; k < row->cells.n && k < XD_PAPER_COLUMNS; k++) {
            put_cell(b, s->to, s->row, k + first, &row->cells.at[k]);
        }
        s->row++;
    }
}

/* ---- the whole ------------------------------------------------------------------------------ */

static void outline(book *b, xd_str text, size_t column, lxw_format *look)
{
    put(b, b->outline, b->outline_row++, column, text, look);
}

static void add_block(book *b, const xd_paper_block *block)
{
    if (block->kind == XD_PAPER_HEADING) {
        outline(b, block->text, 0, block->level == 1 ? b->strong : b->text);
        return;
    }
    if (block->kind == XD_PAPER_NOTE) {
        outline(b, block->text, 0, b->faint);
        return;
    }
    sheet *s = sheet_of(b, block);
    if (s == NULL) {
        return;
    }
    if (block->kind == XD_PAPER_TABLE) {
        add_table(b, s, block);
    } else {
        if (!s->whose && s->row == 1) {
            note(b, worksheet_set_column(s->to, 0, 0, 26, NULL));
            note(b, worksheet_set_column(s->to, 1, 1, 80, NULL));
        }
        add_lines(b, s, block);
    }
}

static void make_looks(book *b)
{
    lxw_format **all[] = {&b->title, &b->head, &b->text, &b->number, &b->strong, &b->faint};
    for (size_t i = 0; i < XD_LEN(all); i++) {
        lxw_format *look = workbook_add_format(b->workbook);
        format_set_font_name(look, "宋体");
        format_set_font_size(look, 11);
        format_set_text_wrap(look);
        format_set_align(look, LXW_ALIGN_VERTICAL_TOP);
        *all[i] = look;
    }
    format_set_font_size(b->title, 16);
    format_set_bold(b->title);
    format_set_bold(b->head);
    format_set_bg_color(b->head, 0xECE7DC);
    format_set_border(b->head, LXW_BORDER_THIN);
    format_set_bold(b->strong);
    format_set_font_color(b->faint, 0x626B70);
}

static void fill(book *b)
{
    const xd_paper *paper = b->paper;
    note(b, worksheet_set_column(b->outline, 0, 0, 90, NULL));
    worksheet_set_paper(b->outline, 9); /* A4 */
    worksheet_fit_to_pages(b->outline, 1, 0);
    if (paper->warning.n > 0) {
        outline(b, paper->warning, 0, b->strong);
    }
    outline(b, paper->title, 0, b->title);
    outline(b, paper->subtitle, 0, b->text);
    b->outline_row++;
    for (size_t i = 0; i < paper->blocks.n; i++) {
        add_block(b, &paper->blocks.at[i]);
    }
    b->outline_row++;
    outline(b, paper->signed_by, 0, b->text);
    outline(b, paper->date, 0, b->text);
    outline(b, paper->origin, 0, b->faint);
    for (size_t i = 0; i < b->n; i++) {
        sheet *s = &b->sheets[i];
        size_t columns = s->columns.n + (s->whose ? 1 : 0);
        if (columns > 1 && s->columns.n > 0 && s->row > 2) {
            note(b, worksheet_autofilter(s->to, 0, 0, s->row, (lxw_col_t)(columns - 1)));
        }
    }
}

bool xd_paper_xlsx(xd_ctx *cx, const xd_paper *paper, int fd)
{
    char path[40];
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd); /* always fits */
    book *b = xd_new(cx->arena, book);
    *b = (book){.cx = cx, .paper = paper};
    b->workbook = workbook_new(path);
    if (b->workbook == NULL) {
        return xd_fail(cx, XD_SYSTEM, "XLSX: no workbook");
    }
    make_looks(b);
    b->outline = workbook_add_worksheet(
        b->workbook, sheet_name(b, paper->lang == XD_ZH ? XD_S("目录") : XD_S("Contents")));
    if (b->outline != NULL) {
        fill(b);
    }
    note(b, workbook_close(b->workbook));
    if (b->error != LXW_NO_ERROR) {
        return xd_fail(cx, XD_SYSTEM, "XLSX: %s", lxw_strerror(b->error));
    }
    return true;
}
