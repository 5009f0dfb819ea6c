/* A line with more fields than the header: commas stood in a text that nobody quoted.
 *
 * As many neighbouring fields as there are too many belong together; where, is told by what the
 * columns take: each way of joining is read by the columns and the one that fits best is taken,
 * when it is better than all others or the only one whose joined field is a text. Otherwise the
 * row stays as it is and the surplus is reported. */
#include "exchange/import_walk.h"

#define SURPLUS 6

static bool is_decimal(xd_str text)
{
    bool digits = false;
    for (size_t i = 0; i < text.n; i++) {
        digits |= text.p[i] >= '0' && text.p[i] <= '9';
        if (memchr("0123456789.-+", text.p[i], 13) == NULL) {
            return false;
        }
    }
    return digits;
}

static bool has_digit(xd_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] >= '0' && text.p[i] <= '9') {
            return true;
        }
    }
    return false;
}

/* How well a text suits a column: above 0 well, below 0 not at all. */
static int suits(xd_walk *w, const xd_shape_col *col, xd_str text)
{
    xd_ctx *cx = &w->run->scratch;
    const xd_field *f = col->column.field;
    int64_t whole = 0;
    if (xd_cell_is_nothing(text)) {
        return 0;
    }
    if (col->use == XD_COL_IGNORE) {
        return xd_str_int(text, &whole) ? 2 : -2;
    }
    if (col->use != XD_COL_USED || f == NULL) {
        return 0;
    }
    switch (xd_field_kept(f)) {
    case XD_KEPT_PLACE:
        return is_decimal(text) || has_digit(text) ? 2 : -3;
    case XD_KEPT_NUMBER:
        return has_digit(text) ? 1 : -1;
    case XD_KEPT_PERIOD:
        return has_digit(text) ? 1 : 0;
    case XD_KEPT_CODE:
        if (xd_term_read(cx, f->vocabulary, text, NULL) != NULL) {
            return 2;
        }
        return f->kind == XD_KIND_TERM || is_decimal(text) ? -1 : 0;
    case XD_KEPT_TEXTS:
        return f == w->run->type->title && is_decimal(text) ? -2 : 0;
    case XD_KEPT_BOOLEAN:
    case XD_KEPT_LINK:
    case XD_KEPT_GROUP:
    case XD_KEPT_HOURS:
    case XD_KEPT_STRING:
    case XD_KEPT_FILE:
        break;
    }
    return 0;
}

/* The row as it would be with `more` + 1 fields joined at `at`. */
static xd_source_row joined(xd_walk *w, const xd_source_row *row, size_t at, size_t more)
{
    xd_arena *arena = w->run->scratch.arena;
    const xd_field *f = w->t->cols[at].column.field;
    bool list = w->t->cols[at].use == XD_COL_USED && f != NULL && f->many;
    xd_source_row out = *row;
    xd_cell *cells = xd_new_n(arena, xd_cell, row->n + 1);
    size_t n = 0;
    for (size_t c = 0; c < row->n; c++) {
        if (c > at && c <= at + more) {
            xd_str text = xd_str_join(arena, cells[n - 1].text, list ? XD_S("；") : XD_S("，"));
            cells[n - 1].text = xd_str_join(arena, text, row->cells[c].text);
            cells[n - 1].kind = XD_CELL_TEXT;
        } else {
            cells[n++] = row->cells[c];
        }
    }
    out.cells = cells;
    out.n = n;
    return out;
}

static int judge(xd_walk *w, const xd_source_row *row)
{
    int score = 0;
    for (size_t c = 0; c < w->t->n && c < row->n; c++) {
        score += suits(w, &w->t->cols[c], xd_row_text(w->run->scratch.arena, row, c));
    }
    return score;
}

static bool takes_text(const xd_shape_col *col)
{
    const xd_field *f = col->column.field;
    return col->use == XD_COL_UNKNOWN ||
           (col->use == XD_COL_USED && f != NULL &&
            (f->kind == XD_KIND_TEXT || f->kind == XD_KIND_MARKDOWN));
}

static size_t last_filled(xd_walk *w, const xd_source_row *row)
{
    size_t n = row->n;
    while (n > 0 && xd_row_text(w->run->scratch.arena, row, n - 1).n == 0) {
        n--;
    }
    return n;
}

static size_t header_width(const xd_table *t)
{
    size_t n = t->header_n;
    while (n > 0 && t->cols[n - 1].header.n == 0) {
        n--;
    }
    return n;
}

/* Fields under no header: said once a table, with the first row. */
static void tell_surplus(xd_walk *w, size_t i, const xd_source_row *row, size_t width)
{
    if (w->surplus++ == 0) {
        XD_SAY(w, i, XD_WARNING, "row.surplus", (xd_str){0},
               xd_row_text(w->run->scratch.arena, row, width),
               "这一行在第 %zu 列（没有表头）还有内容，未取用；以后的行不再逐一说明。",
               "This row holds something in column %zu, which has no header; it was not taken. "
               "Later "
               "rows are not told of one by one.",
               width + 1);
    }
}

/* The joining that fits best; SIZE_MAX: none, or none clearly. */
static size_t best_joining(xd_walk *w, const xd_source_row *row, size_t more, bool as_it_is)
{
    int best = as_it_is ? judge(w, row) : INT32_MIN;
    size_t best_at = SIZE_MAX, ties = 1, text_ties = 0, text_at = 0;
    for (size_t at = 0; at + more < row->n; at++) {
        xd_source_row trial = joined(w, row, at, more);
        bool text = takes_text(&w->t->cols[at]);
        int score = judge(w, &trial) - (text ? 0 : 1);
        if (score > best) {
            best = score;
            best_at = at;
            ties = text_ties = 0;
        }
        if (score == best && best_at != SIZE_MAX) {
            ties++;
            text_ties += text;
            text_at = text ? at : text_at;
        }
    }
    if (best_at == SIZE_MAX || ties == 1) {
        return best_at;
    }
    return text_ties == 1 ? text_at : SIZE_MAX;
}

xd_source_row xd_walk_mend(xd_walk *w, size_t i, const xd_source_row *row)
{
    size_t width = header_width(w->t), filled = last_filled(w, row);
    bool parted = w->run->report->facts.separator == ',' && row->n > w->t->header_n &&
                  row->n - w->t->header_n <= SURPLUS;
    if (w->t->blocks > 1 || w->t->guessed || (!parted && filled <= width)) {
        return *row;
    }
    size_t more = parted ? row->n - w->t->header_n : 0;
    size_t at = parted ? best_joining(w, row, more, filled <= w->t->header_n) : SIZE_MAX;
    if (at == SIZE_MAX) {
        if (filled > width) {
            tell_surplus(w, i, row, width);
        }
        return *row;
    }
    xd_source_row mended = joined(w, row, at, more);
    XD_SAY(w, i, XD_WARNING, "row.mended", w->t->cols[at].header,
           xd_row_text(w->run->scratch.arena, &mended, at),
           "这一行比表头多 %zu 格，像是“" XD_FMT "”里有逗号而没有加引号，已合在一起，请核对。",
           "This row has %zu fields more than the header, as if “" XD_FMT
           "” held commas without quotation marks; they were put together: please check.",
           more, XD_ARG(w->t->cols[at].header));
    return mended;
}
