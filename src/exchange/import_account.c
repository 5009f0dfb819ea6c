/* Whether what stands in a column came to something.
 *
 * The worst that can happen to a column is that it vanishes: read for a field that another column fills
 * already, and neither kept nor told. So each column is followed from the gathered text to the record:
 * its field holds something, or a problem names it, or the field for the rest says it. Of columns that
 * share a field and a part, each must be found in it by its words. One record is enough; a column in
 * which no record with a text ever came to anything is told by name.
 *
 * Numbers, times and terms are not looked for by their words, for they are not kept as written; their
 * readers take all cells or tell of those left (model/read_row.c). */
#include "exchange/import_walk.h"

static bool names(const xd_problems *problems, const xd_field *f)
{
    for (size_t i = 0; i < problems->n; i++) {
        if (xd_str_eq(problems->at[i].field, f->name)) {
            return true;
        }
    }
    return false;
}

static bool has(const xd_json *body, const xd_field *f)
{
    return f != NULL && xd_json_get(body, f->name) != NULL;
}

/* Another column gives the same part of the same field. */
static bool is_shared(const xd_table *t, size_t k)
{
    const xd_column *column = &t->cols[k].column;
    for (size_t c = 0; c < t->width; c++) {
        const xd_column *other = &t->cols[c].column;
        if (c != k && t->cols[c].use == XD_COL_USED && other->field == column->field &&
            xd_str_eq(other->part, column->part)) {
            return true;
        }
    }
    return false;
}

/* The first words of a text, up to what parts a list. */
static xd_str first_words(xd_str text)
{
    static const char *const parts[] = {"\n", "；", ";", "、", "，", ",", "\"", "\\", " "};
    for (size_t i = 0; i < XD_LEN(parts); i++) {
        size_t at = xd_str_find(text, xd_str_of(parts[i]), 0);
        text = at == SIZE_MAX ? text : xd_str_sub(text, 0, at);
    }
    return text;
}

static bool says(const xd_json *body, const xd_field *f, xd_str text)
{
    xd_buf b = {0};
    xd_json_plain(&b, xd_json_get(body, f->name));
    bool found = xd_str_find(xd_buf_str(&b), first_words(text), 0) != SIZE_MAX;
    xd_buf_free(&b);
    return found;
}

static bool came_to_something(const xd_walk *w, const xd_gathered *g, size_t k, xd_str text)
{
    const xd_type *type = w->run->type;
    const xd_shape_col *col = &w->t->cols[k];
    const xd_field *f = col->column.field;
    const xd_json *body = g->read.body;
    if (col->use == XD_COL_KEPT || col->use == XD_COL_TWIN) {
        return has(body, type->rest);
    }
    if (f == NULL || names(&g->read.problems, f)) {
        return true;
    }
    bool words =
        f->kind == XD_KIND_TEXT || f->kind == XD_KIND_LINK || f->kind == XD_KIND_MARKDOWN;
    if (has(body, f) && words && is_shared(w->t, k)) {
        return says(body, f, text) || (has(body, type->rest) && says(body, type->rest, text));
    }
    /* 坐标系 and 坐标精度 say how others are meant. */
    return has(body, f) || f->kind == XD_KIND_PLACE || has(body, f->otherwise);
}

/* Another column for the same thing says the same here: this record tells nothing of this one. */
static bool is_said_beside(const xd_walk *w, const xd_gathered *g, size_t k, xd_str text)
{
    for (size_t c = 0; c < w->t->width && c < XD_COLUMNS_MOST; c++) {
        if (c != k && w->t->cols[c].use == XD_COL_USED &&
            w->t->cols[c].column.field == w->t->cols[k].column.field &&
            xd_str_find(xd_buf_str(&g->text[c]), first_words(text), 0) != SIZE_MAX) {
            return true;
        }
    }
    return false;
}

void xd_walk_account(xd_walk *w, const xd_gathered *g)
{
    for (size_t k = 0; k < w->t->width && k < XD_COLUMNS_MOST; k++) {
        xd_str text = xd_buf_str(&g->text[k]);
        bool counts = w->fed[k] == 0 && text.n > 0;
        if (counts && !is_said_beside(w, g, k, text)) {
            w->held[k]++;
            w->fed[k] += came_to_something(w, g, k, text);
        }
    }
}

void xd_walk_tell_lost(xd_walk *w, size_t row)
{
    xd_report *report = w->run->report;
    for (size_t k = 0; k < w->t->width; k++) {
        const xd_shape_col *col = &w->t->cols[k];
        bool lost = k < XD_COLUMNS_MOST && w->held[k] > 0 && w->fed[k] == 0;
        bool told = col->use == XD_COL_UNKNOWN || col->use == XD_COL_KEPT ||
                    col->use == XD_COL_COMPUTED || col->use == XD_COL_TWIN;
        report->columns += col->header.n > 0;
        report->columns_ignored += col->header.n > 0 && col->use == XD_COL_IGNORE;
        report->columns_told += col->header.n > 0 && told;
        report->columns_read +=
            col->header.n > 0 && !told && col->use != XD_COL_IGNORE && !lost;
        if (lost) {
            report->columns_told += col->header.n > 0 && !told;
            XD_SAY(w, row, XD_WARNING, "column.lost", col->header, col->header,
                   "列“" XD_FMT "”有内容，却没有进入任何记录，请核对。",
                   "The column “" XD_FMT
                   "” holds something, yet no record took it: please check.",
                   XD_ARG(col->header));
        }
    }
}
