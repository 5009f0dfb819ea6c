/* Columns of a table, counted row by row, and what follows from the counts. */
#include "exchange/shape_in.h"

static void count_numbering(xd_ctx *cx, xd_table *t, const xd_seen *s)
{
    xd_numbering n =
        xd_numbering_of(xd_cell_one_line(cx->arena, xd_seen_text(cx, s, t->title)));
    if (n.style == XD_NUMBERING_NONE) {
        return;
    }
    t->with_number++;
    t->in_order += n.value == t->last_number + 1 || n.value == 1;
    t->last_number = n.value;
}

void xd_count_row(xd_ctx *cx, xd_ctx *keep, xd_table *t, const xd_seen *s)
{
    for (size_t c = 0; c < t->n; c++) {
        xd_shape_col *col = &t->cols[c];
        xd_str text = c < s->row.n ? xd_row_text(cx->arena, &s->row, c) : XD_S("");
        if (col->use != XD_COL_USED) {
            continue;
        }
        if (text.n == 0) {
            col->first_blank |= t->data == 0;
            col->blank++;
            col->run++;
            continue;
        }
        bool ditto = xd_cell_is_ditto(text);
        bool equal = col->last.n > 0 && xd_str_eq(text, col->last);
        if (col->run > 0 && col->filled > 0) {
            col->runs++;
            col->between += equal;
        }
        col->equal += (equal && col->run == 0) || ditto;
        col->run = 0;
        col->filled++;
        int64_t number = 0;
        if (xd_str_int(text, &number)) {
            col->counting += number == col->last_number + 1 || number == 1;
            col->last_number = number;
        }
        if (!equal && !ditto && text.n < 200) {
            xd_str kept = c == t->title ? xd_cell_name(cx->arena, text) : text;
            col->last = xd_str_copy(keep->arena, kept);
        }
    }
    if (t->title != SIZE_MAX) {
        count_numbering(cx, t, s);
    }
    t->data++;
}

static bool may_group(const xd_shape_col *col)
{
    const xd_field *f = col->column.field;
    return col->use == XD_COL_USED && f != NULL &&
           (f->kind == XD_KIND_DIVISION || f->kind == XD_KIND_TERM ||
            f->kind == XD_KIND_NUMBER || f->kind == XD_KIND_PERIOD || f->kind == XD_KIND_LINK ||
            f->same_as_last);
}

void xd_settle(xd_table *t)
{
    for (size_t c = 0; c < t->n; c++) {
        xd_shape_col *col = &t->cols[c];
        if (col->use == XD_COL_USED && col->column.field != NULL &&
            col->column.field->no_counters && col->filled > 0 && col->counting == col->filled) {
            col->use = XD_COL_IGNORE; /* 编号 1, 2, 3: the list's own count */
        }
    }
    for (size_t c = 0; c < t->n; c++) {
        xd_shape_col *col = &t->cols[c];
        if (!may_group(col) || col->blank == 0 || col->filled == 0 || col->first_blank) {
            continue;
        }
        bool before_name = t->title != SIZE_MAX && c % t->width < t->title;
        if (before_name && col->equal == 0) {
            col->fill = XD_FILL_LEAD;
        } else if (col->runs > 0 && col->between == col->runs &&
                   (before_name || col->column.field->kind == XD_KIND_DIVISION)) {
            /* Behind the name, what a record is not known to be stays unknown. */
            col->fill = XD_FILL_BETWEEN;
        }
    }
    bool one = t->data == 1 && t->with_number == 1 && t->last_number == 1;
    t->numbered = one || (t->with_number >= 2 && t->with_number * 10 >= t->data * 6 &&
                          t->in_order * 10 >= t->with_number * 8);
}
