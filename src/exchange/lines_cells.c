/* A table that lost its cells: copied out of a browser, each cell is a line of its own.
 *
 *   序号        The header begins with a word for running numbers and ends before the first number;
 *   项目名称    it says how many cells a row has. A row begins with the next number when the row
 *   申报地区    before it is full. What stands between full rows and the next number are headings,
 *   1           signatures, or the header once more. A row that is short by more than one cell is told as
 *   肥东木雕    a line: nobody can say which cells it has.
 *   肥东县 */
#include "exchange/lines_in.h"

#define COLUMNS 24
#define HEADER_BYTES 60
#define TITLES 12

typedef struct cells {
    const xd_lines *lines;
    size_t first, at; /* of the header; behind it */
    xd_str header[COLUMNS];
    size_t n;
} cells;

static xd_str line_at(const cells *c, size_t i)
{
    return c->lines->at.at[i].text;
}

static bool counts(xd_str text, int64_t *ret_value)
{
    return text.n <= 4 && xd_str_int(text, ret_value) && *ret_value > 0;
}

static bool is_counter(xd_str text)
{
    static const char *const words[] = {"序号", "编号", "序",   "No.",
                                        "NO",   "No",   "行号", "顺序"};
    for (size_t i = 0; i < XD_LEN(words); i++) {
        if (xd_str_eq(text, xd_str_of(words[i]))) {
            return true;
        }
    }
    return false;
}

static bool opens_bracket(xd_str text)
{
    return xd_str_starts(text, XD_S("（")) || xd_str_starts(text, XD_S("("));
}

static bool find_header(xd_arena *arena, cells *c)
{
    int64_t number = 0;
    for (size_t i = 0; i < c->lines->at.n; i++) {
        if (!is_counter(xd_cell_name(arena, line_at(c, i)))) {
            continue;
        }
        c->first = i;
        c->n = 0;
        for (c->at = i; c->at < c->lines->at.n; c->at++) {
            xd_str text = line_at(c, c->at);
            bool heading = c->n > 0 && xd_numbering_of(text).style == XD_NUMBERING_HAN;
            if (counts(text, &number) || heading || text.n > HEADER_BYTES || c->n == COLUMNS) {
                break;
            }
            if (c->n > 0 && opens_bracket(text)) {
                c->header[c->n - 1] = xd_str_join(arena, c->header[c->n - 1], text);
            } else {
                c->header[c->n++] = text;
            }
        }
        return c->n >= 2;
    }
    return false;
}

/* The header once more at i: *ret_next is behind it. */
static bool is_header(const cells *c, size_t i, size_t *ret_next)
{
    if (!xd_str_eq(line_at(c, i), c->header[0])) {
        return false;
    }
    size_t k = i;
    for (int64_t number = 0; k < c->lines->at.n && !counts(line_at(c, k), &number); k++) {
        if (k - i > (size_t)2 * COLUMNS) {
            return false;
        }
    }
    *ret_next = k;
    return true;
}

/* The row that begins at i with its number: *ret_cells of its lines are cells, *ret_next begins
 * another row. */
static void row_at(const cells *c, size_t i, size_t *ret_cells, size_t *ret_next)
{
    int64_t own = 0, number = 0;
    size_t behind = 0, k = i + 1;
    (void)counts(line_at(c, i), &own); /* it does */
    for (; k < c->lines->at.n; k++) {
        bool next = counts(line_at(c, k), &number) && number == own + 1 && k - i + 1 >= c->n;
        if (next || is_header(c, k, &behind)) {
            break;
        }
    }
    *ret_cells = k - i < c->n ? k - i : c->n;
    *ret_next = k;
}

static bool send_line(xd_sheet *sheet, const cells *c, size_t i)
{
    xd_sheet_row_clear(sheet->row);
    return xd_sheet_put(sheet, 0, XD_CELL_TEXT, line_at(c, i)) &&
           xd_sheet_send(sheet, c->lines->at.at[i].number - 1);
}

static bool send_row(xd_sheet *sheet, const cells *c, size_t i, size_t n)
{
    bool ok = true;
    xd_sheet_row_clear(sheet->row);
    for (size_t k = 0; ok && k < n; k++) {
        ok = xd_sheet_put(sheet, k, XD_CELL_TEXT, line_at(c, i + k));
    }
    return ok && xd_sheet_send(sheet, c->lines->at.at[i].number - 1);
}

static bool send_header(xd_sheet *sheet, const cells *c)
{
    bool ok = xd_emit_begin(sheet->cx, sheet->emit, sheet->name, sheet->no, 0, true);
    for (size_t k = 0; ok && k < c->n; k++) {
        ok = xd_emit_cell(sheet->cx, sheet->emit, XD_CELL_TEXT, c->header[k], false);
    }
    return ok && xd_emit_end(sheet->cx, sheet->emit);
}

static bool send_all(xd_sheet *sheet, const cells *c)
{
    bool ok =
        xd_lines_around(sheet, c->lines, c->first < TITLES ? 0 : c->first - TITLES, c->first) &&
        send_header(sheet, c);
    for (size_t i = c->at; ok && i < c->lines->at.n;) {
        int64_t number = 0;
        size_t n = 0, next = i + 1;
        if (is_header(c, i, &next)) {
            i = next;
            continue;
        }
        if (!counts(line_at(c, i), &number)) {
            ok = send_line(sheet, c, i);
            i = next;
            continue;
        }
        row_at(c, i, &n, &next);
        bool full = n == c->n;
        ok = !full || send_row(sheet, c, i, n);
        for (size_t k = full ? i + n : i; ok && k < next; k++) {
            ok = send_line(sheet, c, k);
        }
        i = next > i ? next : i + 1;
    }
    return ok;
}

bool xd_cells_send(xd_sheet *sheet, const xd_lines *lines, bool *ret_sent)
{
    cells c = {.lines = lines};
    size_t rows = 0, full = 0;
    *ret_sent = false;
    if (!find_header(sheet->cx->arena, &c)) {
        return true;
    }
    for (size_t i = c.at; i < lines->at.n;) {
        int64_t number = 0;
        size_t n = 0, next = i + 1;
        if (!is_header(&c, i, &next) && counts(line_at(&c, i), &number)) {
            row_at(&c, i, &n, &next);
            rows++;
            full += n == c.n;
        }
        i = next > i ? next : i + 1;
    }
    *ret_sent = full >= 2 && full * 10 >= rows * 7;
    return !*ret_sent || send_all(sheet, &c);
}
