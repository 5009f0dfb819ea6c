#include "exchange/blank_rows.h"

#include "exchange/cell.h"
#include "model/fold.h"

#define NEAR 3 /* screen columns a cell may stand off the one it is of */

static bool send(xd_ctx *cx, xd_blank_rows *rows, int64_t number, const xd_str *texts, size_t n)
{
    bool ok = xd_emit_begin(cx, rows->emit, (xd_str){0}, 0, number, false);
    for (size_t i = 0; ok && i < n; i++) {
        ok = xd_emit_cell(cx, rows->emit, texts[i].n == 0 ? XD_CELL_EMPTY : XD_CELL_TEXT,
                          texts[i], false);
    }
    return ok && xd_emit_end(cx, rows->emit);
}

bool xd_blank_rows_end(xd_ctx *cx, xd_blank_rows *rows)
{
    xd_str texts[XD_BLANK_COLUMNS];
    size_t n = rows->n;
    for (size_t i = 0; i < n; i++) {
        texts[i] = xd_buf_str(&rows->cells[i]);
        if (rows->cells[i].failed) {
            return xd_fail(cx, XD_LIMIT, "a row does not fit into memory");
        }
    }
    rows->n = 0;
    return n == 0 || send(cx, rows, rows->number, texts, n);
}

void xd_blank_rows_free(xd_blank_rows *rows)
{
    for (size_t i = 0; i < XD_BLANK_COLUMNS; i++) {
        xd_buf_free(&rows->cells[i]);
    }
}

static bool is_number(xd_str text)
{
    int64_t n;
    return xd_str_int(text, &n) && n > 0 && n < 100000;
}

static void put(xd_blank_rows *rows, size_t column, const xd_blank_cell *cell)
{
    xd_buf_clear(&rows->cells[column]);
    xd_buf_add(&rows->cells[column], cell->text);
    rows->width[column] = cell->to - cell->from;
}

/* The next line of a cell. Where the line above is full, or ends within a list, the text was only
 * broken; else it is another item. */
static void go_on(xd_blank_rows *rows, size_t column, const xd_blank_cell *cell)
{
    static const char *const open[] = {"、", "，", ",", "；", ";", "（",
                                       "(",  "-",  "—", "和", "及"};
    xd_buf *b = &rows->cells[column];
    bool broken = rows->width[column] + 4 > rows->widest[column];
    for (size_t i = 0; i < XD_LEN(open); i++) {
        broken |= xd_str_ends(xd_buf_str(b), xd_str_of(open[i]));
    }
    if (b->n > 0 && !broken) {
        xd_buf_byte(b, '\n');
    }
    xd_buf_add(b, cell->text);
    rows->width[column] = cell->to - cell->from;
}

/* Which column each cell stands in; false: not clear. */
static bool place(const xd_blank_rows *rows, const xd_blank_cell *cells, size_t n,
                  size_t *ret_at)
{
    size_t next = 0;
    for (size_t i = 0; i < n; i++) {
        size_t best = SIZE_MAX, best_off = NEAR + 1;
        for (size_t c = next; c < rows->columns; c++) {
            size_t a = rows->starts[c], b = cells[i].from, off = a > b ? a - b : b - a;
            if (off < best_off) {
                best = c;
                best_off = off;
            }
        }
        if (best == SIZE_MAX) {
            return false;
        }
        ret_at[i] = best;
        next = best + 1;
    }
    return true;
}

static void hold(xd_blank_rows *rows, const xd_blank_cell *cells, size_t n, int64_t number)
{
    bool full = n == rows->columns;
    rows->n = n;
    rows->number = number;
    for (size_t i = 0; i < n; i++) {
        put(rows, i, &cells[i]);
        if (full) {
            rows->starts[i] = cells[i].from;
            size_t width = cells[i].to - cells[i].from;
            rows->widest[i] = width > rows->widest[i] ? width : rows->widest[i];
        }
    }
    rows->full += full;
    rows->counted += full && is_number(cells[0].text);
}

/* A line that does not begin with a number, below a row that does, in a table whose rows all do
 * but its header. */
static bool may_go_on(const xd_blank_rows *rows, const xd_blank_cell *cells)
{
    return rows->n > 0 && rows->full >= 2 && rows->counted * 2 >= rows->full &&
           is_number(xd_buf_str(&rows->cells[0])) && !is_number(cells[0].text) &&
           !xd_cell_is_note(cells[0].text) && !xd_cell_is_total(cells[0].text);
}

static bool goes_on(xd_blank_rows *rows, const xd_blank_cell *cells, size_t n)
{
    size_t at[XD_BLANK_COLUMNS];
    bool indented = rows->full > 0 && cells[0].from > rows->starts[0] + NEAR;
    if (!may_go_on(rows, cells)) {
        return false;
    }
    if (indented && place(rows, cells, n, at) && at[0] > 0) {
        for (size_t i = 0; i < n; i++) {
            while (rows->n <= at[i]) {
                xd_buf_clear(&rows->cells[rows->n++]);
            }
            go_on(rows, at[i], &cells[i]);
        }
        return true;
    }
    bool within = n > 1 && rows->n < rows->columns && rows->n + n == rows->columns + 1;
    bool between = n > 1 && rows->n + n == rows->columns;
    if (within) {
        xd_buf_add(&rows->cells[rows->n - 1], cells[0].text);
    }
    for (size_t i = within ? 1 : 0; (within || between) && i < n; i++) {
        put(rows, rows->n++, &cells[i]);
    }
    return within || between;
}

bool xd_blank_rows_add(xd_ctx *cx, xd_blank_rows *rows, const xd_blank_cell *cells, size_t n,
                       int64_t number)
{
    size_t at[XD_BLANK_COLUMNS];
    if (n > 0 && n < rows->columns && goes_on(rows, cells, n)) {
        return true;
    }
    if (!xd_blank_rows_end(cx, rows)) {
        return false;
    }
    bool shorter = n > 1 && n < rows->columns && rows->full > 0;
    if (shorter && cells[0].from <= rows->starts[0] + NEAR && place(rows, cells, n, at)) {
        rows->n = at[n - 1] + 1;
        rows->number = number;
        for (size_t c = 0; c < rows->n; c++) {
            xd_buf_clear(&rows->cells[c]);
        }
        for (size_t i = 0; i < n; i++) {
            put(rows, at[i], &cells[i]);
        }
        return true;
    }
    if (n > 0 && n <= rows->columns) {
        hold(rows, cells, n, number);
        return true;
    }
    xd_str *texts = xd_new_n(cx->arena, xd_str, n + 1);
    for (size_t i = 0; i < n; i++) {
        texts[i] = cells[i].text;
    }
    return send(cx, rows, number, texts, n);
}
