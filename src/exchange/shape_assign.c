/* Which field each column nobody knows is for, all columns together.
 *
 * A field is offered for a column by the likeness of its header (shape_parts.c), and judged by the cells: a field
 * that knows its own (dates, numbers in their units, terms, addresses on the web) must be able to read
 * most of them, and reading them speaks for it; one that takes any text is not for cells that are
 * numbers or dates. The best offer of all is taken first; a column is left alone where two fields are
 * as good as each other, where its header is nearer to what another column gives already, and where rows as
 * a whole have such a word. Each is told as a guess. */
#include "exchange/shape_header.h"
#include "exchange/shape_pair.h"
#include "exchange/shape_parts.h"

#include "model/period.h"

#define ROWS 24
#define OFFERS 8
#define LEAST 0.6   /* of an offer that is taken */
#define APART 0.03  /* of the next best one */
#define READS 0.12  /* what cells that only such a field reads are worth */
#define TAKEN 0.1   /* that a field with a column of its own may be nearer by */
#define CERTAIN 0.9 /* a header that says so in other words: cells count less */

typedef struct offer {
    xd_column column;
    double score; /* 0: none, any more */
} offer;

typedef struct open_column {
    offer at[OFFERS];
    size_t n;
} open_column;

static bool is_plain_number(xd_str text)
{
    size_t digits = 0;
    for (size_t i = 0; i < text.n; i++) {
        bool digit = text.p[i] >= '0' && text.p[i] <= '9';
        digits += digit;
        if (!digit && memchr(".,%-", text.p[i], 4) == NULL) {
            return false;
        }
    }
    return digits > 0;
}

/* 5000万人民币 is no number that tells things apart. */
static bool is_code(xd_str text)
{
    size_t digits = 0, letters = 0;
    for (size_t i = 0; i < text.n; i++) {
        digits += text.p[i] >= '0' && text.p[i] <= '9';
        letters += (unsigned char)text.p[i] < 0x80;
    }
    return digits > 0 && letters * 2 > text.n;
}

static bool is_time(xd_ctx *cx, xd_str text)
{
    xd_period period;
    unsigned flags;
    bool is = text.n < 60 && xd_period_read(cx, text, &period, &flags);
    (void)xd_err_take(cx); /* only tried */
    return is;
}

static bool takes_any_text(const xd_field *f)
{
    return f->kind == XD_KIND_TEXT || f->kind == XD_KIND_MARKDOWN || f->kind == XD_KIND_LINK ||
           f->kind == XD_KIND_CONTACT;
}

static bool fits(xd_ctx *cx, const xd_shape *shape, const xd_shape_col *col,
                 const xd_column *column, xd_str text)
{
    const xd_field *f = column->field;
    if (takes_any_text(f)) {
        return !is_plain_number(text) && !is_time(cx, text);
    }
    if (f->kind == XD_KIND_TERM) {
        return f->vocabulary != NULL && xd_term_read(cx, f->vocabulary, text, NULL) != NULL;
    }
    if (f->kind == XD_KIND_IDENTIFIER && !is_code(text)) {
        return false;
    }
    xd_str whole = col->unit.p != NULL && f->kind == XD_KIND_NUMBER && is_plain_number(text)
                       ? xd_str_join(cx->arena, text, col->unit)
                       : text;
    return xd_column_reads(cx, shape->model, shape->type, column, whole);
}

/* The share of the column's cells that the field can hold; 0 where it has none. */
static bool share(xd_ctx *cx, const xd_shape *shape, const xd_header *header, size_t to,
                  size_t c, const xd_column *column, double *ret_share)
{
    xd_map *distinct = xd_map_make(cx->arena); /* what two rows share tells neither */
    size_t filled = 0, good = 0, from = header->at + header->depth;
    for (size_t i = from; i < to && filled < ROWS && i < from + 4 * ROWS; i++) {
        xd_source_row row;
        if (!xd_rows_get(cx, shape->rows, i, &row)) {
            return false;
        }
        xd_str text = xd_row_text(cx->arena, &row, c);
        if (text.n == 0 || xd_cell_is_nothing(text) || xd_row_own_of(cx->arena, &row).n < 2) {
            continue;
        }
        filled++;
        xd_map_put(distinct, text, distinct);
        good += fits(cx, shape, &header->cols[c], column, text);
    }
    bool twice = column->field->kind == XD_KIND_IDENTIFIER && xd_map_count(distinct) < filled;
    *ret_share = filled == 0 || twice ? 0 : (double)good / (double)filled;
    return true;
}

/* Whether the header alone rules the field out. */
static bool may_be(const xd_shape_col *col, const xd_field *f)
{
    if (f->kind == XD_KIND_FILE || f->kind == XD_KIND_QUERY || f->kind == XD_KIND_GROUP ||
        f->kind == XD_KIND_PLACE) {
        return false;
    }
    if (xd_header_private(col->header) && !f->hidden && f->kind != XD_KIND_PHONE) {
        return false;
    }
    return col->unit.p == NULL || f->kind == XD_KIND_NUMBER;
}

static bool offer_fields(xd_ctx *cx, xd_shape *shape, const xd_header *header, size_t to,
                         size_t c, open_column *open)
{
    const xd_shape_col *col = &header->cols[c];
    xd_likeness likes[OFFERS];
    size_t n = xd_parts_like(cx, shape->parts, col->header, (xd_str){0}, likes, OFFERS);
    double taken = 0;
    *open = (open_column){0};
    for (size_t i = 0; i < n; i++) {
        const xd_column *column = &likes[i].column;
        double part = 0, score = likes[i].score;
        if (column->field == NULL ||
            (xd_col_taken(header->cols, header->n, column) && !xd_takes_many(column))) {
            taken = score > taken ? score : taken;
            continue;
        }
        if (score < LEAST - READS || score + TAKEN < taken || !may_be(col, column->field)) {
            continue;
        }
        if (!share(cx, shape, header, to, c, column, &part)) {
            return false;
        }
        bool any = takes_any_text(column->field);
        if (part < (score >= CERTAIN ? 0.5 : 0.7)) {
            continue;
        }
        open->at[open->n++] = (offer){*column, score + (any ? 0 : READS * part)};
    }
    return true;
}

/* The best offer of all; false: none is good enough and clear. */
static bool best_offer(const xd_header *header, open_column *open, size_t *ret_c, size_t *ret_i)
{
    double best = 0;
    for (size_t c = 0; c < header->n; c++) {
        for (size_t i = 0; i < open[c].n; i++) {
            const offer *o = &open[c].at[i];
            bool clear = o->score >= LEAST && o->score > best;
            for (size_t k = 0; clear && k < open[c].n; k++) {
                const offer *other = &open[c].at[k];
                clear = k == i || other->column.field == o->column.field ||
                        other->score < o->score - APART;
            }
            if (clear) {
                best = o->score;
                *ret_c = c;
                *ret_i = i;
            }
        }
    }
    return best > 0;
}

bool xd_parts_assign(xd_ctx *cx, xd_shape *shape, xd_header *header, size_t to)
{
    open_column *open = xd_new_n(cx->arena, open_column, header->n + 1);
    if (shape->parts == NULL) {
        shape->parts = xd_parts_make(cx->arena, shape->model, shape->type);
    }
    for (size_t c = 0; c < header->n; c++) {
        if (header->cols[c].use == XD_COL_UNKNOWN && header->cols[c].header.n > 0 &&
            !offer_fields(cx, shape, header, to, c, &open[c])) {
            return false;
        }
    }
    size_t c = 0, i = 0;
    while (best_offer(header, open, &c, &i)) {
        xd_column column = open[c].at[i].column;
        xd_col_give(header->cols, header->n, c, &column);
        header->cols[c].guessed = true;
        open[c].n = 0;
        for (size_t k = 0; k < header->n && !xd_takes_many(&column); k++) {
            for (size_t j = 0; j < open[k].n; j++) {
                bool same = xd_means_same(&open[k].at[j].column, &column);
                open[k].at[j].score = same ? 0 : open[k].at[j].score;
            }
        }
    }
    header->has_title = xd_title_column_of(header->cols, header->n, shape->type, NULL) != NULL;
    return true;
}
