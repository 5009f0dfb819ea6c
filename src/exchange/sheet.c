#include "exchange/sheet.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- rows --------------------------------------------------------------------------------- */

void xd_sheet_row_clear(xd_sheet_row *row)
{
    memset(row->cells, 0, row->n * sizeof row->cells[0]);
    row->n = 0;
    row->any = false;
    xd_buf_clear(&row->text);
}

static bool set(xd_sheet *sheet, size_t col, xd_cell_kind kind, xd_str text, bool merged)
{
    xd_sheet_row *row = sheet->row;
    if (col >= XD_ROW_CELLS) {
        (void)xd_fail(sheet->cx, XD_LIMIT, "a row has more than %d cells", XD_ROW_CELLS);
        return xd_fail_words(
            sheet->cx, XD_S("工作表超过 4096 列，不像一张名单；请删去多余的列。"),
            XD_S("The sheet has more than 4096 columns: please remove the surplus."));
    }
    row->cells[col] =
        (xd_sheet_cell){.kind = kind, .at = row->text.n, .n = text.n, .merged = merged};
    xd_buf_add(&row->text, text);
    row->n = col + 1 > row->n ? col + 1 : row->n;
    row->any |= !merged;
    return true;
}

bool xd_sheet_put(xd_sheet *sheet, size_t col, xd_cell_kind kind, xd_str text)
{
    return text.n == 0 || kind == XD_CELL_EMPTY || set(sheet, col, kind, text, false);
}

static int by_row(const void *a, const void *b)
{
    const xd_merge_range *x = a, *y = b;
    return x->row < y->row ? -1 : x->row > y->row;
}

void xd_sheet_sort_merges(xd_sheet *sheet)
{
    if (sheet->merges.n > 0) {
        qsort(sheet->merges.at, sheet->merges.n, sizeof *sheet->merges.at, by_row);
    }
    sheet->next_merge = sheet->open.n = 0;
}

/* One merge's share of the row. */
static bool fill(xd_sheet *sheet, xd_merge_range *m, int64_t number)
{
    xd_sheet_row *row = sheet->row;
    if (number == m->row && m->col < row->n && row->cells[m->col].kind != XD_CELL_EMPTY) {
        const xd_sheet_cell *cell = &row->cells[m->col];
        m->have = true;
        m->kind = cell->kind;
        m->text = xd_str_copy(sheet->arena,
                              xd_str_sub(xd_buf_str(&row->text), cell->at, cell->at + cell->n));
    }
    if (!m->have) {
        return true;
    }
    size_t last = m->last_col;
    if (last - m->col >= XD_MERGE_COLUMNS) {
        last = m->col; /* merged over the whole sheet: a title, said once */
    }
    if (m->text.n > XD_MERGE_BYTES) {
        return true;
    }
    for (size_t c = m->col; c <= last && c < XD_ROW_CELLS; c++) {
        bool first = number == m->row && c == m->col;
        bool taken = c < row->n && row->cells[c].kind != XD_CELL_EMPTY && !row->cells[c].merged;
        if (!first && !taken && !set(sheet, c, m->kind, m->text, true)) {
            return false;
        }
    }
    return true;
}

static bool fill_merges(xd_sheet *sheet, int64_t number)
{
    xd_merge_ranges *all = &sheet->merges;
    while (sheet->next_merge < all->n && all->at[sheet->next_merge].row <= number) {
        *xd_push(sheet->arena, &sheet->open) = (uint32_t)sheet->next_merge++;
    }
    size_t kept = 0;
    for (size_t i = 0; i < sheet->open.n; i++) {
        xd_merge_range *m = &all->at[sheet->open.at[i]];
        if (m->last_row < number) {
            continue;
        }
        sheet->open.at[kept++] = sheet->open.at[i];
        if (!fill(sheet, m, number)) {
            return false;
        }
    }
    sheet->open.n = kept;
    return true;
}

bool xd_sheet_send(xd_sheet *sheet, int64_t number)
{
    xd_sheet_row *row = sheet->row;
    bool own = row->any;
    /* Merges that begin here must be met even when nothing is sent. */
    if (!fill_merges(sheet, number)) {
        return false;
    }
    if (!own) {
        return true;
    }
    if (row->text.failed) {
        return xd_fail(sheet->cx, XD_LIMIT, "a row does not fit into memory");
    }
    if (!xd_emit_begin(sheet->cx, sheet->emit, sheet->name, sheet->no, number + 1, false)) {
        return false;
    }
    for (size_t c = 0; c < row->n; c++) {
        const xd_sheet_cell *cell = &row->cells[c];
        if (!xd_emit_cell(sheet->cx, sheet->emit, cell->kind,
                          xd_str_sub(xd_buf_str(&row->text), cell->at, cell->at + cell->n),
                          cell->merged)) {
            return false;
        }
    }
    return xd_emit_end(sheet->cx, sheet->emit);
}

/* ---- numbers ------------------------------------------------------------------------------ */

xd_str xd_sheet_number(xd_arena *arena, xd_str stored)
{
    char text[64];
    if (stored.n == 0 || stored.n >= sizeof text) {
        return stored;
    }
    memcpy(text, stored.p, stored.n);
    text[stored.n] = '\0';
    char *end = NULL;
    double value = strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(value)) {
        return stored;
    }
    /* Fifteen digits are what the spreadsheet shows and keeps of what was typed. */
    if (memchr(text, 'e', stored.n) == NULL && memchr(text, 'E', stored.n) == NULL &&
        stored.n <= 16) {
        return stored;
    }
    char shown[400];
    (void)snprintf(shown, sizeof shown, "%.15g", value);
    if (strchr(shown, 'e') != NULL) {
        if (fabs(value) > 1e30 || (fabs(value) < 1e-15 && value != 0)) {
            return stored;
        }
        int decimals = fabs(value) >= 1e15 ? 0 : 20;
        (void)snprintf(shown, sizeof shown, "%.*f", decimals, value);
        if (strchr(shown, '.') != NULL) {
            size_t n = strlen(shown);
            while (n > 0 && shown[n - 1] == '0') {
                shown[--n] = '\0';
            }
            if (n > 0 && shown[n - 1] == '.') {
                shown[n - 1] = '\0';
            }
        }
    }
    return xd_str_copy(arena, xd_str_of(shown));
}

/* ---- dates -------------------------------------------------------------------------------- */

xd_date_shape xd_date_shape_of(xd_str format)
{
    xd_date_shape shape = {0};
    bool only_zeros = format.n > 0;
    for (size_t i = 0; i < format.n; i++) {
        char c = format.p[i];
        only_zeros &= c == '0';
        if (c == ';') {
            break; /* negative numbers have a format of their own */
        }
        if (c == '"') {
            while (i + 1 < format.n && format.p[i + 1] != '"') {
                i++;
            }
            i++;
        } else if (c == '[') {
            while (i < format.n && format.p[i] != ']') {
                i++;
            }
        } else if (c == '\\' || c == '_' || c == '*') {
            i++;
        } else if (c == 'y' || c == 'Y' || c == 'e' || c == 'E') {
            shape.year |= c != 'E' || (i + 1 < format.n && format.p[i + 1] != '+');
        } else if (c == 'd' || c == 'D') {
            shape.day = true;
        } else if (c == 'h' || c == 'H' || c == 's' || c == 'S') {
            shape.time = true;
        } else if (c == 'm' || c == 'M') {
            shape.month = true;
        }
    }
    shape.is_date = shape.year || shape.day || shape.time || shape.month;
    shape.zeros = only_zeros && format.n >= 2 && format.n <= 20 ? (int)format.n : 0;
    if (shape.time && !shape.year && !shape.day) {
        shape.month = false; /* m beside h is minutes */
    }
    return shape;
}

/* Day 0 is 1899-12-30, so that day 61 is 1900-03-01; before that the format counts a 29 February
 * 1900 that never was. */
xd_str xd_sheet_date(xd_arena *arena, double serial, bool from_1904, xd_date_shape shape)
{
    if (!isfinite(serial) || serial < 0 || serial > 2958466) {
        return (xd_str){0};
    }
    double whole = floor(serial);
    int64_t seconds = (int64_t)floor((serial - whole) * 86400 + 0.5);
    int64_t days = (int64_t)whole;
    if (from_1904) {
        days += 1462;
    } else if (days < 60) {
        days += 1;
    }
    days += seconds / 86400;
    seconds %= 86400;
    /* Civil date from days since 1899-12-30 (= 25569 days before 1970). */
    int64_t z = days - 25569 + 719468;
    int64_t era = z / 146097, doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    int64_t day = doy - (153 * mp + 2) / 5 + 1, month = mp < 10 ? mp + 3 : mp - 9;
    int64_t year = yoe + era * 400 + (month <= 2);
    xd_str clock =
        xd_str_printf(arena, "%02" PRId64 ":%02" PRId64, seconds / 3600, seconds / 60 % 60);
    if (shape.time && !shape.year && !shape.day && !shape.month) {
        return clock;
    }
    if (shape.year && !shape.month && !shape.day) {
        return xd_str_printf(arena, "%04" PRId64, year);
    }
    if (shape.year && shape.month && !shape.day) {
        return xd_str_printf(arena, "%04" PRId64 "-%02" PRId64, year, month);
    }
    xd_str date =
        xd_str_printf(arena, "%04" PRId64 "-%02" PRId64 "-%02" PRId64, year, month, day);
    return shape.time && seconds != 0
               ? xd_str_printf(arena, XD_FMT " " XD_FMT, XD_ARG(date), XD_ARG(clock))
               : date;
}
