/* Finding tables, and saying of each row what it is.
 *
 * A sheet is walked from the top. While no table is open, the next rows (WINDOW of them) are
 * looked at for a header; what stands above it is titles. A sheet that has none goes on with the
 * header of the table before when it is as wide (tables cut in two by a page), else columns are
 * told by their contents when that is clear, else the sheet is outside, with a note.
 *
 * Below a header every row gets one word, by the first of these that holds:
 *   blank     nothing of its own                    more      no name, no number, only lists
 *   total     合计 … and no name                    units     right below the header
 *   note      注： 填表人： …, and all below 注：     section   one text that is a place, a term of a
 *   repeat    the header again, or a new header               field without a column, or numbered
 *             (then a new table starts)                       like a heading, in the name's place
 *   data      everything else
 * A table ends where a new header starts or the sheet does. */
#include "exchange/shape_in.h"
#include "exchange/shape_parts.h"

#include "exchange/scratch.h"

#define WINDOW 60
#define TABLES 1000
#define TITLES 20 /* rows above a further header that may be its titles */

bool xd_see(xd_ctx *cx, const xd_shape *shape, size_t i, xd_seen *ret)
{
    if (!xd_rows_get(cx, shape->rows, i, &ret->row)) {
        return false;
    }
    ret->own = xd_row_own_of(cx->arena, &ret->row);
    return true;
}

xd_str xd_seen_text(xd_ctx *cx, const xd_seen *s, size_t c)
{
    return c == SIZE_MAX ? XD_S("") : xd_row_text(cx->arena, &s->row, c);
}

/* ---- a sheet ----------------------------------------------------------------------------- */

static bool outside(xd_ctx *cx, xd_shape *shape, size_t sheet, size_t from, size_t to,
                    const xd_type *looks_like)
{
    xd_ctx row_cx;
    xd_scratch_begin(&row_cx, cx);
    bool ok = true;
    for (size_t i = from; ok && i < to; i++) {
        xd_seen s;
        xd_ctx_reset(&row_cx);
        ok = xd_go_on(cx) && (xd_see(&row_cx, shape, i, &s) || xd_scratch_fail(cx, &row_cx));
        if (!ok) {
            break;
        }
        bool blank = s.own.n == 0;
        shape->kinds[i] = (unsigned char)(s.row.number <= 0 ? XD_ROW_CONTEXT
                                          : blank           ? XD_ROW_BLANK
                                                            : XD_ROW_OUTSIDE);
        xd_str crs = xd_cell_crs(row_cx.arena, s.own.text);
        if (shape->crs.p == NULL && crs.p != NULL) {
            shape->crs = xd_str_copy(cx->arena, crs);
        }
    }
    xd_ctx_end(&row_cx);
    *xd_push(cx->arena, &shape->outside) = shape->rows->sheets.at[sheet].name;
    *xd_push(cx->arena, &shape->other) = looks_like;
    return ok;
}

/* No header: the table before goes on, or the columns tell themselves. *ret_table NULL: neither. */
static bool without_header(xd_ctx *cx, xd_shape *shape, size_t sheet, size_t from, size_t to,
                           xd_table **ret_table)
{
    *ret_table = NULL;
    size_t n = 0, wide = 0, first = from;
    for (size_t i = from; i < to && i < from + WINDOW; i++) {
        xd_seen s;
        if (!xd_see(cx, shape, i, &s)) {
            return false;
        }
        if (s.own.n > 1) {
            first = n == 0 ? i : first;
            n++;
            size_t used = s.row.n;
            while (used > 0 && xd_row_text(cx->arena, &s.row, used - 1).n == 0) {
                used--;
            }
            wide = used > wide ? used : wide;
        }
    }
    if (n == 0) {
        return true;
    }
    const xd_table *before =
        shape->tables.n == 0 ? NULL : &shape->tables.at[shape->tables.n - 1];
    xd_header header = {.at = first};
    bool borrowed = before != NULL && before->sheet != sheet && !before->guessed && wide >= 2 &&
                    (wide == before->n || wide + 1 == before->n);
    if (borrowed) {
        header.n = before->n;
        header.cols = xd_new_n(cx->arena, xd_shape_col, before->n);
        for (size_t c = 0; c < before->n; c++) {
            header.cols[c] = (xd_shape_col){.header = before->cols[c].header,
                                            .column = before->cols[c].column,
                                            .use = before->cols[c].use,
                                            .guessed = before->cols[c].guessed,
                                            .unit = before->cols[c].unit};
        }
    } else if (!xd_shape_guess(cx, shape, first, to, &header)) {
        return false;
    }
    if (header.n == 0) {
        return true;
    }
    xd_table *t = xd_table_open(cx, shape, sheet, &header);
    t->borrowed = borrowed;
    t->guessed = !borrowed;
    xd_rows_mark(shape, first, first + header.depth, XD_ROW_HEADER);
    if (borrowed && t->crs.p == NULL) {
        t->crs = before->crs;
    }
    *ret_table = t;
    return xd_table_titles(cx, shape, t, from, first);
}

/* A record written as a form, or several side by side. */
static bool take_form(xd_ctx *cx, xd_shape *shape, size_t sheet, size_t from,
                      const xd_form *form, xd_table **ret_table)
{
    xd_table *t = xd_push(cx->arena, &shape->tables);
    *t = (xd_table){.sheet = sheet,
                    .first = form->first,
                    .to = form->next,
                    .cols = form->cols,
                    .n = form->n,
                    .blocks = 1,
                    .width = form->n,
                    .form = form->cells,
                    .records = form->records,
                    .ordinal = SIZE_MAX,
                    .data = form->records};
    xd_rows_mark(shape, form->first, form->next, XD_ROW_FORM);
    *ret_table = t;
    return xd_table_titles(cx, shape, t, from, form->first);
}

/* What follows the last form on a sheet and is none. */
static bool after_forms(xd_ctx *cx, xd_shape *shape, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        xd_seen s;
        if (!xd_see(cx, shape, i, &s)) {
            return false;
        }
        shape->kinds[i] = (unsigned char)(s.row.number <= 0 ? XD_ROW_CONTEXT
                                          : s.own.n == 0    ? XD_ROW_BLANK
                                                            : XD_ROW_NOTE);
    }
    shape->tables.at[shape->tables.n - 1].to = to;
    return true;
}

static bool is_new_header(xd_ctx *cx, const xd_shape *shape, size_t i, size_t to, bool *ret_is);

/* A table of another type ends where, below a gap, a header of this one stands; its titles are left
 * to it. *ret_next: there, or the end of the sheet. */
static bool behind_other(xd_ctx *cx, const xd_shape *shape, size_t from, size_t to,
                         size_t *ret_next)
{
    size_t gap = SIZE_MAX;
    *ret_next = to;
    for (size_t i = from; i < to; i++) {
        xd_seen s;
        bool header = false;
        if (!xd_go_on(cx) || !xd_see(cx, shape, i, &s)) {
            return false;
        }
        if (s.own.n == 0 || s.own.single) {
            gap = gap == SIZE_MAX ? i : gap;
            continue;
        }
        if (gap != SIZE_MAX && !is_new_header(cx, shape, i, to, &header)) {
            return false;
        }
        if (header) {
            *ret_next = i - gap > TITLES ? i - TITLES : gap;
            return true;
        }
        gap = SIZE_MAX;
    }
    return true;
}

/* 第九届工业设计大赛获奖名单 over rank, winner and work: the record's name stands in a title alone. */
static bool name_in_title(xd_ctx *cx, const xd_shape *shape, size_t sheet, size_t from,
                          size_t to, bool *ret_is)
{
    const xd_field *title = shape->type->title;
    xd_str value;
    *ret_is = xd_title_says(cx, title, shape->rows->sheets.at[sheet].name, &value);
    for (size_t i = from; i < to && !*ret_is; i++) {
        xd_seen s;
        if (!xd_see(cx, shape, i, &s)) {
            return false;
        }
        *ret_is = xd_title_says(cx, title, s.own.text, &value);
    }
    return true;
}

/* A sheet named as the type is holds the type, though the word may stand below tables too (填报单位). */
static bool is_called(const xd_type *type, xd_str name)
{
    bool is = false;
    for (size_t lang = 0; lang < XD_LANGS; lang++) {
        is |= xd_str_eq_nocase(name, type->label.in[lang]) ||
              xd_str_eq_nocase(name, type->plural.in[lang]);
    }
    return is;
}

/* *ret_table NULL: none was found; then what is before *ret_next is outside. */
static bool start_table(xd_ctx *cx, xd_shape *shape, size_t sheet, size_t from, size_t to,
                        xd_table **ret_table, size_t *ret_next)
{
    *ret_next = to;
    xd_header header;
    const xd_type *other = NULL;
    size_t window = from + WINDOW < to ? from + WINDOW : to;
    *ret_table = NULL;
    xd_str name = shape->rows->sheets.at[sheet].name;
    if (shape->rows->sheets.n > 1 && name.n > 0 && xd_cell_is_note(name) &&
        !is_called(shape->type, name)) {
        return outside(cx, shape, sheet, from, to, NULL); /* 填表说明 */
    }
    xd_form form;
    if (!xd_form_at(cx, shape, from, to, &form)) {
        return false;
    }
    if (form.n > 0) {
        return take_form(cx, shape, sheet, from, &form, ret_table);
    }
    if (!xd_header_find(cx, shape, from, window, to, &header)) {
        return false;
    }
    bool forms = shape->tables.n > 0 && shape->tables.at[shape->tables.n - 1].sheet == sheet &&
                 shape->tables.at[shape->tables.n - 1].form != NULL;
    if (header.known == 0 && forms && to - from < WINDOW) {
        return after_forms(cx, shape, from, to);
    }
    if (header.known == 0) {
        if (!without_header(cx, shape, sheet, from, to, ret_table)) {
            return false;
        }
        return *ret_table != NULL || outside(cx, shape, sheet, from, to, NULL);
    }
    if (!xd_table_other(cx, shape, &header, from, to, sheet, &other)) {
        return false;
    }
    if (other != NULL) {
        return behind_other(cx, shape, header.at + header.depth, to, ret_next) &&
               outside(cx, shape, sheet, from, *ret_next, other);
    }
    /* The header is settled: what is left of it may be guessed. */
    if (!xd_header_at(cx, shape, shape->type, header.at, to, true, &header) ||
        !xd_points_guess(cx, shape, &header, to) || !xd_ticks_find(cx, shape, &header, to) ||
        !xd_parts_assign(cx, shape, &header, to) || !xd_title_guess(cx, shape, &header, to) ||
        !xd_title_langs(cx, shape, &header, to) || !xd_terms_guess(cx, shape, &header, to) ||
        !xd_times_guess(cx, shape, &header, to) || !xd_hours_guess(cx, shape, &header, to) ||
        !xd_columns_judge(cx, shape, &header, to)) {
        return false;
    }
    bool named =
        header.has_title || shape->type->title == NULL || xd_says_which(shape->type, &header);
    if (!named && !name_in_title(cx, shape, sheet, from, header.at, &named)) {
        return false;
    }
    if (!named) {
        return outside(cx, shape, sheet, from, to, NULL); /* counts by city and the like */
    }
    xd_rest_keep(cx, shape->type, header.cols, header.n);
    xd_table *t = xd_table_open(cx, shape, sheet, &header);
    xd_rows_mark(shape, header.at, header.at + header.depth, XD_ROW_HEADER);
    xd_seen s;
    if (!xd_see(cx, shape, header.at, &s)) {
        return false;
    }
    t->header_row = s.row.number;
    *ret_table = t;
    return xd_table_titles(cx, shape, t, from, header.at);
}

/* After a gap or a line of text a new header may stand; elsewhere only when the name's own cell
 * is a header's word. */
static bool may_be_header(const xd_shape *shape, const xd_table *t, const xd_seen *s,
                          xd_ctx *cx, bool after_gap)
{
    if (s->own.single || s->own.n < 2) {
        return false;
    }
    xd_column column;
    xd_str name = xd_seen_text(cx, s, t->title);
    return after_gap || (name.n > 0 && name.n <= 30 &&
                         xd_column_find(shape->model, shape->type, name, &column));
}

static bool is_gap(xd_row_kind kind)
{
    return kind == XD_ROW_BLANK || kind == XD_ROW_TITLE || kind == XD_ROW_SECTION ||
           kind == XD_ROW_NOTE || kind == XD_ROW_TOTAL || kind == XD_ROW_CONTEXT;
}

/* The same for any other type; one cell at least must be a header of this one (序号, 县区). */
static bool is_other_header(xd_ctx *cx, const xd_shape *shape, const xd_seen *s, size_t i,
                            size_t to, bool *ret_is)
{
    bool own = false;
    *ret_is = false;
    for (size_t c = 0; c < s->row.n && !own; c++) {
        xd_str text = xd_seen_text(cx, s, c);
        xd_column column;
        own = text.n > 0 && text.n <= 30 &&
              xd_column_find(shape->model, shape->type, text, &column);
    }
    for (size_t k = 0; own && k < xd_model_types(shape->model) && !*ret_is; k++) {
        xd_header header;
        if (!xd_header_at(cx, shape, xd_model_type(shape->model, k), i, to, false, &header)) {
            return false;
        }
        *ret_is = header.has_title && header.known >= 3 && header.known * 3 >= header.cells * 2;
    }
    return true;
}

/* A row that is a header by itself, strictly: most of its cells are headers, not values. */
static bool is_new_header(xd_ctx *cx, const xd_shape *shape, size_t i, size_t to, bool *ret_is)
{
    xd_header header;
    if (!xd_header_at(cx, shape, shape->type, i, to, false, &header)) {
        return false;
    }
    *ret_is = header.has_title && header.known >= 2 && header.known * 3 >= header.cells * 2;
    return true;
}

static void note_crs(xd_ctx *cx, xd_ctx *keep, xd_table *t, const xd_seen *s)
{
    for (size_t c = 0; c < s->row.n && t->crs.p == NULL; c++) {
        xd_str crs = xd_cell_crs(cx->arena, xd_seen_text(cx, s, c));
        t->crs = crs.p == NULL ? (xd_str){0} : xd_str_copy(keep->arena, crs);
    }
}

/* A row of units under the header speaks of the columns it stands in. */
static void take_units(xd_ctx *cx, xd_ctx *keep, xd_table *t, const xd_seen *s)
{
    for (size_t c = 0; c < t->n; c++) {
        xd_str text = xd_seen_text(cx, s, c);
        if (text.n > 0 && xd_cell_is_unit(text) && t->cols[c].unit.p == NULL) {
            xd_str bracket = xd_cell_bracket(text);
            t->cols[c].unit = xd_str_copy(keep->arena, bracket.p != NULL ? bracket : text);
        }
    }
}

/* Rows of an open table from i on; *ret_next is where the next table starts. */
static bool walk_table(xd_ctx *cx, xd_ctx *row_cx, xd_shape *shape, size_t at, size_t to,
                       size_t *ret_next)
{
    xd_row_kind before = XD_ROW_HEADER;
    size_t titles_from = SIZE_MAX, from = shape->tables.at[at].first;
    for (size_t i = from; i < to; i++) {
        xd_table *t = &shape->tables.at[at];
        xd_seen s;
        xd_ctx_reset(row_cx);
        if (!xd_go_on(cx) || !xd_see(row_cx, shape, i, &s)) {
            return xd_scratch_fail(cx, row_cx);
        }
        xd_row_kind kind = xd_kind_of(row_cx, shape, t, &s);
        bool header = false;
        bool row = kind == XD_ROW_DATA || kind == XD_ROW_MORE;
        if (row && may_be_header(shape, t, &s, row_cx, is_gap(before)) &&
            !is_new_header(row_cx, shape, i, to, &header)) {
            return xd_scratch_fail(cx, row_cx);
        }
        if (row && !header && is_gap(before) && !s.own.single &&
            !is_other_header(row_cx, shape, &s, i, to, &header)) {
            return xd_scratch_fail(cx, row_cx);
        }
        if (header) {
            size_t most = i < from + TITLES ? from : i - TITLES;
            *ret_next = titles_from == SIZE_MAX ? i : titles_from < most ? most : titles_from;
            t->to = *ret_next;
            return true;
        }
        shape->kinds[i] = (unsigned char)kind;
        if (kind == XD_ROW_UNITS) {
            take_units(row_cx, cx, t, &s);
        }
        /* Lines of text right above a new header are its titles. */
        bool text = kind == XD_ROW_TITLE || kind == XD_ROW_SECTION || kind == XD_ROW_CONTEXT ||
                    kind == XD_ROW_BLANK;
        titles_from = !text ? SIZE_MAX : titles_from == SIZE_MAX ? i : titles_from;
        if (kind == XD_ROW_NOTE || kind == XD_ROW_CONTEXT || kind == XD_ROW_TITLE) {
            note_crs(row_cx, cx, t, &s);
            t->in_notes |=
                kind == XD_ROW_NOTE && s.own.single && xd_cell_opens_notes(s.own.text);
        } else if (kind == XD_ROW_DATA) {
            xd_count_row(row_cx, cx, t, &s);
            t->in_notes = false;
        }
        before = kind == XD_ROW_BLANK && before == XD_ROW_HEADER ? before : kind;
    }
    shape->tables.at[at].to = to;
    *ret_next = to;
    return true;
}

bool xd_shape_find(xd_ctx *cx, const xd_model *model, const xd_type *type, xd_rows *rows,
                   xd_shape *ret_shape)
{
    xd_shape shape = {
        .rows = rows, .model = model, .type = type, .letters = xd_letters_make(cx->arena)};
    shape.kinds = xd_new_n(cx->arena, unsigned char, rows->at.n + 1);
    xd_ctx row_cx;
    xd_scratch_begin(&row_cx, cx);
    bool ok = true;
    for (size_t s = 0; ok && s < rows->sheets.n; s++) {
        size_t next = rows->sheets.at[s].from, to = rows->sheets.at[s].to;
        while (ok && next < to) {
            xd_table *t = NULL;
            size_t behind = to;
            ok = start_table(cx, &shape, s, next, to, &t, &behind);
            if (ok && t == NULL) {
                next = behind;
                continue;
            }
            if (!ok) {
                break;
            }
            if (shape.tables.n > TABLES) {
                ok = xd_fail(cx, XD_LIMIT, "more than %d tables", TABLES);
                break;
            }
            size_t at = shape.tables.n - 1;
            next = t->to;
            if (t->form == NULL) {
                ok = walk_table(cx, &row_cx, &shape, at, to, &next);
                xd_settle(&shape.tables.at[at]);
            }
        }
    }
    xd_ctx_end(&row_cx);
    *ret_shape = shape;
    return ok;
}
