/* Finding the header of a table, and opening the table: blocks side by side, titles above. */
#include "exchange/shape_in.h"

#define TITLE_TEXTS 400
#define LABEL_BYTES 9 /* a shorter label of a type says little */

void xd_rows_mark(xd_shape *shape, size_t from, size_t to, xd_row_kind kind)
{
    for (size_t i = from; i < to; i++) {
        shape->kinds[i] = (unsigned char)kind;
    }
}

/* ---- opening a table --------------------------------------------------------------------- */

/* Blocks side by side: the whole sequence of meanings comes again. */
static void find_blocks(xd_table *t)
{
    size_t used = t->n;
    while (used > 0 && t->cols[used - 1].header.n == 0) {
        used--;
    }
    t->blocks = 1;
    t->width = t->n;
    for (size_t width = 2; width * 2 <= used + 1; width++) {
        bool same = true;
        size_t blocks = (used + width - 1) / width;
        for (size_t c = width; c < used && same; c++) {
            const xd_shape_col *a = &t->cols[c % width], *b = &t->cols[c];
            same = xd_str_eq(a->header, b->header) ||
                   (b->header.n == 0 && c % width == width - 1 && a->header.n == 0);
        }
        if (same && t->cols[0].header.n > 0 && blocks * width <= t->n + 1) {
            t->blocks = blocks;
            t->width = width;
            for (size_t c = width; c < used; c++) {
                t->cols[c].use = t->cols[c % width].use;
                t->cols[c].column = t->cols[c % width].column;
            }
            return;
        }
    }
}

static void find_marks(const xd_shape *shape, xd_table *t)
{
    t->title = t->ordinal = SIZE_MAX;
    find_blocks(t);
    (void)xd_title_column_of(t->cols, t->width, shape->type, &t->title); /* may have none */
    for (size_t c = 0; c < t->width; c++) {
        if (t->cols[c].use == XD_COL_IGNORE) {
            t->ordinal = c;
            break;
        }
    }
}

xd_table *xd_table_open(xd_ctx *cx, xd_shape *shape, size_t sheet, const xd_header *header)
{
    xd_table *t = xd_push(cx->arena, &shape->tables);
    *t = (xd_table){.sheet = sheet,
                    .first = header->at + header->depth,
                    .cols = header->cols,
                    .n = header->n,
                    .raw = header->raw,
                    .depth = header->depth,
                    .header_n = header->own_n > 0 ? header->own_n : header->n};
    find_marks(shape, t);
    for (size_t c = 0; c < t->n; c++) {
        if (t->cols[c].crs.p != NULL && t->cols[c].use == XD_COL_USED && t->crs.p == NULL) {
            t->crs = t->cols[c].crs;
        }
    }
    return t;
}

/* Lines between from and to are titles of the table. */
bool xd_table_titles(xd_ctx *cx, xd_shape *shape, xd_table *t, size_t from, size_t to)
{
    const xd_rows_sheet *sheet = &shape->rows->sheets.at[t->sheet];
    if (sheet->name.n > 0) {
        *xd_push(cx->arena, &t->titles) = sheet->name;
    }
    for (size_t i = from; i < to; i++) {
        xd_seen s;
        if (!xd_see(cx, shape, i, &s)) {
            return false;
        }
        shape->kinds[i] = (unsigned char)(s.row.number <= 0 ? XD_ROW_CONTEXT
                                          : s.own.n == 0    ? XD_ROW_BLANK
                                                            : XD_ROW_TITLE);
        for (size_t c = 0; c < s.row.n && t->titles.n < TITLE_TEXTS; c++) {
            xd_str text = xd_row_text(cx->arena, &s.row, c);
            if (text.n > 0 && !s.row.cells[c].merged) {
                *xd_push(cx->arena, &t->titles) = text;
                xd_str crs = xd_cell_crs(cx->arena, text);
                t->crs = t->crs.p == NULL ? crs : t->crs;
            }
        }
    }
    return true;
}

/* A list of fields, one below another (填表说明, a form), looks like a header in its first row:
 * below a header stand values, not more headers. */
static bool is_list_of_fields(xd_ctx *cx, const xd_shape *shape, const xd_header *header,
                              size_t end, bool *ret_is)
{
    size_t col = 0, rows = 0, headers = 0;
    (void)xd_title_column_of(header->cols, header->n, shape->type, &col); /* else the first */
    for (size_t i = header->at + header->depth; i < end && rows < 8; i++) {
        xd_seen s;
        xd_column column;
        if (!xd_see(cx, shape, i, &s)) {
            return false;
        }
        xd_str text = xd_seen_text(cx, &s, col);
        rows += text.n > 0;
        headers += text.n > 0 && text.n < 60 &&
                   xd_column_find(shape->model, shape->type, text, &column);
    }
    *ret_is = rows >= 2 && headers * 2 >= rows;
    return true;
}

/* 填报单位：… 填报日期：…: labels with what they say behind a colon, in every cell. */
static bool is_said_line(xd_ctx *cx, const xd_seen *s)
{
    for (size_t c = 0; c < s->row.n; c++) {
        xd_str text = xd_seen_text(cx, s, c);
        size_t wide = xd_str_find(text, XD_S("："), 0), plain = xd_str_find(text, XD_S(":"), 0);
        size_t at = wide < plain ? wide : plain;
        if (text.n > 0 && (at == SIZE_MAX || at + 3 >= text.n)) {
            return false;
        }
    }
    return s->own.n > 0;
}

/* The first good header in rows from … to; a later one within three rows that knows clearly
 * more columns is the real one (the first was a title that happened to use such words). */
bool xd_header_find(xd_ctx *cx, const xd_shape *shape, size_t from, size_t to, size_t end,
                    xd_header *ret)
{
    *ret = (xd_header){0};
    size_t last = to;
    for (size_t pass = 0; pass < 2 && ret->known == 0; pass++) {
        for (size_t i = from; i < last; i++) {
            xd_header header;
            xd_seen s;
            if (!xd_see(cx, shape, i, &s)) {
                return false;
            }
            if (s.own.n == 0 || (s.own.single && s.own.text.n > 40) ||
                (!s.row.header && is_said_line(cx, &s))) {
                continue;
            }
            if (!xd_header_at(cx, shape, shape->type, i, end, pass == 1, &header)) {
                return false;
            }
            /* One text merged over the whole header is a title of it: 一、工业遗产（3处）. */
            bool spread = s.own.first + 1 < s.row.n && s.row.cells[s.own.first + 1].merged;
            if (s.own.single && (header.depth > 1 || spread)) {
                continue;
            }
            if (s.row.header) {
                *ret = header;
                return true;
            }
            bool fields = false;
            bool better =
                xd_header_good(&header) && header.known > ret->known + (ret->known > 0);
            if (better && !is_list_of_fields(cx, shape, &header, end, &fields)) {
                return false;
            }
            if (better && !fields) {
                last = ret->known == 0 && i + 4 < last ? i + 4 : last;
                *ret = header;
            }
        }
    }
    return true;
}

/* Whether a sheet is rather a table of another type: its title or name says so, or its header
 * knows more of that type. */
bool xd_table_other(xd_ctx *cx, const xd_shape *shape, const xd_header *header, size_t from,
                    size_t end, size_t sheet, const xd_type **ret_type)
{
    *ret_type = NULL;
    xd_str words = shape->rows->sheets.at[sheet].name;
    for (size_t i = from; i < header->at; i++) {
        xd_seen s;
        if (!xd_see(cx, shape, i, &s)) {
            return false;
        }
        words = xd_str_join(cx->arena, words, s.own.text);
    }
    xd_str mine = xd_label_in(&shape->type->label, XD_ZH);
    bool says_mine = mine.n > 0 && xd_str_find(words, mine, 0) != SIZE_MAX;
    for (size_t i = 0; i < shape->type->n_fields; i++) {
        xd_str value; /* a title that gives one of the type's fields a value is of the type */
        says_mine |= xd_title_says(cx, &shape->type->fields[i], words, &value);
    }
    for (size_t i = 0; i < xd_model_types(shape->model); i++) {
        const xd_type *type = xd_model_type(shape->model, i);
        xd_header as;
        if (type == shape->type || says_mine) {
            continue;
        }
        if (!xd_header_at(cx, shape, type, header->at, end, false, &as)) {
            return false;
        }
        xd_str label = xd_label_in(&type->label, XD_ZH);
        bool says = label.n > 0 && xd_str_find(words, label, 0) != SIZE_MAX;
        size_t least =
            header->known + (label.n < LABEL_BYTES); /* 单位 is in 文物保护单位 too */
        if (as.has_title && ((says && as.known >= least) || as.known >= header->known + 3)) {
            *ret_type = type;
            return true;
        }
    }
    return true;
}
