/* What all cells of a column do together, which no header says. */
#include "exchange/shape_facts.h"

#define ROWS 200

/* The column alone says which record a row means. */
static bool is_key(const xd_type *type, const xd_field *f)
{
    for (size_t i = 0; f != NULL && i < type->n_keys; i++) {
        if (type->keys[i].unique && type->keys[i].n == 1 && type->keys[i].fields[0] == f) {
            return true;
        }
    }
    return false;
}

typedef struct sharing {
    xd_str name; /* of the first row */
    size_t rows;
    bool others; /* a row of another name has it too */
} sharing;

/* Rows of column c by their text, with whether rows of other names share it. */
static bool gather(xd_ctx *cx, const xd_shape *shape, const xd_header *header, size_t to,
                   size_t c, size_t title, xd_map *by_text, size_t *ret_filled)
{
    size_t from = header->at + header->depth;
    *ret_filled = 0;
    for (size_t i = from; i < to && i < from + ROWS; i++) {
        xd_source_row row;
        if (!xd_rows_get(cx, shape->rows, i, &row)) {
            return false;
        }
        xd_str text = xd_row_text(cx->arena, &row, c),
               name = xd_row_text(cx->arena, &row, title);
        if (text.n == 0 || name.n == 0 || xd_row_own_of(cx->arena, &row).n < 2) {
            continue;
        }
        ++*ret_filled;
        sharing *s = xd_map_get(by_text, text);
        if (s == NULL) {
            s = xd_new(cx->arena, sharing);
            s->name = name;
            xd_map_put(by_text, text, s);
        }
        s->rows++;
        s->others |= !xd_str_eq(s->name, name);
    }
    return true;
}

/* Two numbers at least that rows of different names share, and a quarter of the rows among them; a number
 * written twice by mistake is another matter. */
static bool judge_number(xd_ctx *cx, const xd_shape *shape, xd_header *header, size_t to,
                         size_t c, size_t title)
{
    xd_map *by_text = xd_map_make(cx->arena);
    size_t filled = 0, shared = 0, rows = 0;
    if (!gather(cx, shape, header, to, c, title, by_text, &filled)) {
        return false;
    }
    for (size_t i = 0; i < xd_map_count(by_text); i++) {
        xd_str text;
        void *value;
        xd_map_each(by_text, i, &text, &value);
        const sharing *s = value;
        shared += s->others;
        rows += s->others ? s->rows : 0;
    }
    if (shared >= 2 && rows * 4 >= filled) {
        header->cols[c].use = XD_COL_UNKNOWN;
        header->cols[c].column = (xd_column){.header = header->cols[c].header};
    }
    return true;
}

bool xd_columns_judge(xd_ctx *cx, const xd_shape *shape, xd_header *header, size_t to)
{
    size_t title = SIZE_MAX;
    bool ours = false; /* a table we wrote ourselves says names as they are */
    if (xd_title_column_of(header->cols, header->n, shape->type, &title) == NULL) {
        return true;
    }
    for (size_t c = 0; c < header->n; c++) {
        const xd_shape_col *col = &header->cols[c];
        ours |= col->use == XD_COL_USED && col->column.field == NULL &&
                (xd_str_eq(col->column.part, XD_S("number")) ||
                 xd_str_eq(col->column.part, XD_S("id")));
        if (col->use == XD_COL_USED && is_key(shape->type, col->column.field) &&
            !judge_number(cx, shape, header, to, c, title)) {
            return false;
        }
    }
    /* Each name by itself: in one list half of them may stand in the marks. */
    header->cols[title].quoted = !ours;
    return true;
}
