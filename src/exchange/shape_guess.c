/* What columns hold, told by their cells: a table without a header, and columns whose header does not
 * say enough. */
#include "exchange/shape_facts.h"

#include <stdio.h>

#include "model/period.h"

static bool decimal_in(xd_str text, double from, double to)
{
    char bytes[32];
    if (text.n == 0 || text.n >= sizeof bytes || memchr(text.p, '.', text.n) == NULL) {
        return false;
    }
    memcpy(bytes, text.p, text.n);
    bytes[text.n] = '\0';
    double value = 0;
    char rest = 0;
    return sscanf(bytes, "%lf%c", &value, &rest) == 1 && value >= from && value <= to;
}

/* 合肥市, 合肥市瑶海区, 340102 … as the type's own reader has it; *ret_whole: nothing else is said,
 * as in 瑶海区明光路. */
static bool reads_as_division(xd_ctx *cx, const xd_shape *shape, xd_str text, bool *ret_whole)
{
    *ret_whole = false;
    const xd_field *f = shape->type->division;
    if (f == NULL) {
        return false;
    }
    xd_column column = {.field = f, .part = XD_S("name")};
    xd_given given = {.column = &column, .text = text};
    xd_read_options options = {0};
    xd_problems problems = {0};
    xd_json *body = NULL;
    if (!xd_row_read(cx, shape->model, shape->type, &given, 1, &options, &body, &problems)) {
        (void)xd_err_take(cx); /* then it does not */
        return false;
    }
    for (size_t i = 0; i < problems.n; i++) {
        if (problems.at[i].weight != XD_NOTE) {
            return false;
        }
    }
    *ret_whole = f->otherwise == NULL || xd_json_get(body, f->otherwise->name) == NULL;
    return xd_json_get(body, f->name) != NULL;
}

/* 1958年, 1958—1960年, 民国十九年, 20世纪50年代. */
static bool reads_as_time(xd_ctx *cx, xd_str text)
{
    static const char *const marks[] = {"年", "世纪", "代"};
    bool marked = false;
    for (size_t i = 0; i < XD_LEN(marks); i++) {
        marked |= xd_str_find(text, xd_str_of(marks[i]), 0) != SIZE_MAX;
    }
    if (!marked || text.n > 60) {
        return false;
    }
    xd_period period;
    unsigned flags;
    bool reads = xd_period_read(cx, text, &period, &flags);
    (void)xd_err_take(cx); /* only tried */
    return reads;
}

static void look_at(xd_ctx *cx, const xd_shape *shape, xd_column_facts *f, xd_str text)
{
    int64_t value = 0;
    f->filled++;
    xd_map_put(f->distinct, text, f);
    if (xd_str_int(text, &value)) {
        f->integers++;
        f->counting += value == f->last + 1;
        f->last = value;
        f->years += value >= 1600 && value <= 2100;
    } else {
        f->years += reads_as_time(cx, text);
    }
    f->lon += decimal_in(text, 73, 136);
    f->lat += decimal_in(text, 3, 54);
    bool whole = false, placed = text.n < 150 && reads_as_division(cx, shape, text, &whole);
    f->divisions += placed && whole;
    f->placed += placed;
    size_t han = xd_han_in(text);
    f->names += han >= 2 && han <= 30;
    for (size_t i = 0; i < shape->type->n_fields && i < XD_LEN(f->terms); i++) {
        const xd_field *field = &shape->type->fields[i];
        f->terms[i] += field->kind == XD_KIND_TERM && field->vocabulary != NULL &&
                       text.n < 90 && xd_term_read(cx, field->vocabulary, text, NULL) != NULL;
    }
}

void xd_settle_on(xd_shape_col *col, const xd_field *field, const char *part)
{
    col->column = (xd_column){.field = field, .part = xd_str_of(part)};
    col->use = field == NULL ? XD_COL_IGNORE : XD_COL_USED;
    col->guessed = true;
    col->header = field == NULL ? (xd_str){0} : xd_label_in(&field->label, XD_ZH);
}

bool xd_most(size_t part, size_t whole)
{
    return whole > 0 && part * 10 >= whole * 9;
}

static void tell_column(const xd_shape *shape, const xd_column_facts *f, size_t rows,
                        xd_shape_col *col)
{
    const xd_type *type = shape->type;
    if (xd_most(f->counting, f->filled) && xd_most(f->filled, rows)) {
        xd_settle_on(col, NULL, "ignore");
    } else if (type->place != NULL && xd_most(f->lon, f->filled)) {
        xd_settle_on(col, type->place, "lon");
    } else if (type->place != NULL && xd_most(f->lat, f->filled)) {
        xd_settle_on(col, type->place, "lat");
    } else if (type->division != NULL && xd_most(f->divisions, f->filled)) {
        xd_settle_on(col, type->division, "name");
    } else if (type->time != NULL && xd_most(f->years, f->filled)) {
        xd_settle_on(col, type->time, "text");
    } else {
        for (size_t i = 0; i < type->n_fields && i < XD_LEN(f->terms); i++) {
            if (xd_most(f->terms[i], f->filled)) {
                xd_settle_on(col, &type->fields[i], "");
                return;
            }
        }
    }
}

bool xd_look_at_rows(xd_ctx *cx, const xd_shape *shape, size_t from, size_t to,
                     xd_all_facts *all)
{
    for (size_t i = from; i < to && i < from + XD_GUESS_ROWS; i++) {
        xd_source_row row;
        if (!xd_rows_get(cx, shape->rows, i, &row)) {
            return false;
        }
        if (xd_row_own_of(cx->arena, &row).n < 2) {
            continue; /* titles, headings */
        }
        all->rows++;
        for (size_t c = 0; c < row.n && c < XD_GUESS_COLUMNS; c++) {
            xd_str text = xd_row_text(cx->arena, &row, c);
            if (text.n > 0) {
                if (all->at[c].distinct == NULL) {
                    all->at[c].distinct = xd_map_make(cx->arena);
                }
                look_at(cx, shape, &all->at[c], text);
                all->n = c + 1 > all->n ? c + 1 : all->n;
            }
        }
    }
    return true;
}

/* Short Chinese texts in every row, each another. */
static bool holds_names(const xd_column_facts *f, size_t rows)
{
    return f->filled > 0 && xd_most(f->names, rows) &&
           xd_most(xd_map_count(f->distinct), f->filled);
}

static void settle_on_title(xd_ctx *cx, const xd_type *type, xd_shape_col *col)
{
    xd_str lang = type->title->langs.n > 0 ? type->title->langs.at[0] : XD_S("");
    xd_settle_on(col, type->title, xd_cstr(cx->arena, lang));
}

/* Of the columns nobody can name, those that begin with places are addresses; what the others hold is
 * kept, by the number of the column. */
static void settle_others(xd_ctx *cx, const xd_shape *shape, const xd_all_facts *all,
                          xd_shape_col *cols)
{
    const xd_field *division = shape->type->division;
    const xd_field *address = division == NULL ? NULL : division->otherwise;
    bool placed = false;
    for (size_t c = 0; c < all->n; c++) {
        const xd_column_facts *f = &all->at[c];
        if (cols[c].use != XD_COL_UNKNOWN || f->filled == 0) {
            continue;
        }
        if (address != NULL && !placed && xd_most(f->placed, f->filled) &&
            address->kind == XD_KIND_TEXT && address != shape->type->rest) {
            xd_settle_on(&cols[c], address, xd_cstr(cx->arena, address->langs.at[0]));
            placed = true;
        } else {
            cols[c].header = cx->lang == XD_ZH ? xd_str_printf(cx->arena, "第%zu列", c + 1)
                                               : xd_str_printf(cx->arena, "column %zu", c + 1);
        }
    }
    xd_rest_keep(cx, shape->type, cols, all->n);
}

bool xd_columns_guess(xd_ctx *cx, const xd_shape *shape, size_t from, size_t to,
                      xd_shape_col **ret_cols, size_t *ret_n)
{
    xd_all_facts *all = xd_new(cx->arena, xd_all_facts);
    if (!xd_look_at_rows(cx, shape, from, to, all)) {
        return false;
    }
    xd_shape_col *cols = xd_new_n(cx->arena, xd_shape_col, all->n + 1);
    size_t title = SIZE_MAX, told = 0;
    for (size_t c = 0; c < all->n; c++) {
        const xd_column_facts *f = &all->at[c];
        tell_column(shape, f, all->rows, &cols[c]);
        told += cols[c].use != XD_COL_UNKNOWN;
        bool name = cols[c].use == XD_COL_UNKNOWN && holds_names(f, all->rows);
        bool before =
            title != SIZE_MAX && !xd_most(all->at[title].placed, all->at[title].filled);
        title = name && !before && (title == SIZE_MAX || !xd_most(f->placed, f->filled))
                    ? c
                    : title;
    }
    /* A name, and something else that is beyond doubt; at least three rows of it. */
    if (title == SIZE_MAX || told == 0 || all->rows < 3 || shape->type->title == NULL) {
        *ret_n = 0;
        return true;
    }
    settle_on_title(cx, shape->type, &cols[title]);
    settle_others(cx, shape, all, cols);
    *ret_cols = cols;
    *ret_n = all->n;
    return true;
}

/* Nothing of what the columns were told by: a header in words nobody knows. */
static bool is_unlike(xd_ctx *cx, const xd_shape *shape, const xd_shape_col *cols, size_t n,
                      const xd_source_row *row)
{
    size_t told = 0;
    for (size_t c = 0; c < n; c++) {
        const xd_field *f = cols[c].column.field;
        xd_str text = xd_row_text(cx->arena, row, c);
        bool integer = false, like = false;
        int64_t value = 0;
        if (cols[c].use == XD_COL_UNKNOWN || f == shape->type->title || text.n == 0) {
            continue;
        }
        told++;
        integer = xd_str_int(text, &value);
        if (f == NULL || f == shape->type->time) {
            like = integer || (f != NULL && reads_as_time(cx, text));
        } else if (f->kind == XD_KIND_DIVISION) {
            bool whole;
            like = reads_as_division(cx, shape, text, &whole);
        } else if (f->kind == XD_KIND_PLACE) {
            like = decimal_in(text, -180, 180);
        } else if (f->kind == XD_KIND_TERM) {
            like = xd_term_read(cx, f->vocabulary, text, NULL) != NULL;
        }
        if (like) {
            return false;
        }
    }
    return told > 0;
}

bool xd_shape_guess(xd_ctx *cx, const xd_shape *shape, size_t from, size_t to,
                    xd_header *header)
{
    xd_source_row row;
    if (!xd_rows_get(cx, shape->rows, from, &row) ||
        !xd_columns_guess(cx, shape, from + 1, to, &header->cols, &header->n)) {
        return false;
    }
    if (header->n == 0 || !is_unlike(cx, shape, header->cols, header->n, &row)) {
        return xd_columns_guess(cx, shape, from, to, &header->cols, &header->n);
    }
    header->depth = 1;
    header->raw = xd_new_n(cx->arena, xd_str, header->n + 1);
    for (size_t c = 0; c < header->n; c++) {
        header->raw[c] = xd_cell_one_line(cx->arena, xd_row_text(cx->arena, &row, c));
        header->cols[c].header = header->raw[c];
    }
    /* Some of the words may be known after all. */
    for (size_t c = 0; c < header->n; c++) {
        if (header->cols[c].use == XD_COL_KEPT) {
            header->cols[c].use = XD_COL_UNKNOWN;
            header->cols[c].column = (xd_column){0};
        }
        if (header->cols[c].use == XD_COL_UNKNOWN && header->raw[c].n > 0) {
            (void)xd_header_give(cx, shape, header->cols, header->n, c); /* else it stays so */
        }
    }
    if (!xd_hours_guess(cx, shape, header, to)) {
        return false;
    }
    xd_rest_keep(cx, shape->type, header->cols, header->n);
    return true;
}

/* A column that says itself which record a row means: then the table need not name it. */
static bool says_which(const xd_type *type, const xd_column *column)
{
    if (column->field == NULL) {
        return xd_str_eq(column->part, XD_S("number")) || xd_str_eq(column->part, XD_S("id"));
    }
    for (size_t i = 0; i < type->n_keys; i++) {
        if (type->keys[i].n == 1 && type->keys[i].fields[0] == column->field) {
            return true;
        }
    }
    return false;
}

bool xd_says_which(const xd_type *type, const xd_header *header)
{
    for (size_t c = 0; c < header->n; c++) {
        if (header->cols[c].use == XD_COL_USED && says_which(type, &header->cols[c].column)) {
            return true;
        }
    }
    return false;
}

/* 提交者（自动）, 审核人: they hold names too, but of people. */
static bool is_of_people(xd_str words)
{
    static const char *const ends[] = {"者", "人", "员", "昵称", "用户"};
    size_t open = xd_str_find(words, XD_S("（"), 0);
    words = xd_str_trim(xd_str_sub(words, 0, open == SIZE_MAX ? words.n : open));
    for (size_t i = 0; i < XD_LEN(ends); i++) {
        if (xd_str_ends(words, xd_str_of(ends[i]))) {
            return true;
        }
    }
    return false;
}

bool xd_title_guess(xd_ctx *cx, const xd_shape *shape, xd_header *header, size_t to)
{
    const xd_type *type = shape->type;
    if (header->has_title || type->title == NULL || xd_says_which(type, header)) {
        return true;
    }
    xd_all_facts *all = xd_new(cx->arena, xd_all_facts);
    if (!xd_look_at_rows(cx, shape, header->at + header->depth, to, all)) {
        return false;
    }
    size_t best = SIZE_MAX;
    bool best_named = false;
    for (size_t c = 0; c < header->n && c < all->n; c++) {
        xd_str words = header->cols[c].header;
        bool named = xd_str_find(words, XD_S("名"), 0) != SIZE_MAX ||
                     xd_str_find(words, XD_S("称"), 0) != SIZE_MAX;
        if (header->cols[c].use == XD_COL_UNKNOWN && words.n > 0 && !is_of_people(words) &&
            (holds_names(&all->at[c], all->rows) ||
             (named && all->at[c].names * 2 > all->rows)) &&
            (best == SIZE_MAX || (named && !best_named))) {
            best = c;
            best_named = named;
        }
    }
    if (best != SIZE_MAX) {
        xd_str words = header->cols[best].header;
        settle_on_title(cx, type, &header->cols[best]);
        header->cols[best].header = words;
        header->has_title = true;
    }
    return true;
}

/* The columns of the title, by language: how many there are, and the last of them. */
static size_t titles_in(const xd_header *header, const xd_field *title, xd_str lang,
                        size_t *ret_c)
{
    size_t n = 0;
    for (size_t c = 0; c < header->n && c < XD_GUESS_COLUMNS; c++) {
        const xd_shape_col *col = &header->cols[c];
        if ((col->use == XD_COL_USED || col->use == XD_COL_TWIN) &&
            col->column.field == title && xd_str_eq(col->column.part, lang)) {
            n++;
            *ret_c = c;
        }
    }
    return n;
}

/* siteName beside siteNameZh: of two columns that name the record in its first language, the one
 * without a Chinese character holds the names in the second. siteName alone with 合肥钢铁厂 is not
 * in the second. */
bool xd_title_langs(xd_ctx *cx, const xd_shape *shape, xd_header *header, size_t to)
{
    const xd_field *title = shape->type->title;
    size_t second = SIZE_MAX, last = SIZE_MAX;
    if (title == NULL || title->langs.n < 2) {
        return true;
    }
    size_t in_second = titles_in(header, title, title->langs.at[1], &second),
           in_first = titles_in(header, title, title->langs.at[0], &last);
    if (in_first + in_second == 0 || (in_first < 2 && in_second == 0) ||
        (in_first > 0 && in_second > 0)) {
        return true;
    }
    xd_all_facts *all = xd_new(cx->arena, xd_all_facts);
    if (!xd_look_at_rows(cx, shape, header->at + header->depth, to, all)) {
        return false;
    }
    if (in_second > 0) {
        const xd_column_facts *f = &all->at[second];
        bool han = f->filled > 0 && xd_most(f->names, f->filled);
        header->cols[second].column.part = title->langs.at[han ? 0 : 1];
        return true;
    }
    size_t latin = SIZE_MAX, han = SIZE_MAX;
    for (size_t c = 0; c < header->n && c < all->n; c++) {
        const xd_shape_col *col = &header->cols[c];
        bool names = (col->use == XD_COL_USED || col->use == XD_COL_TWIN) &&
                     col->column.field == title && all->at[c].filled > 0;
        latin = names && all->at[c].names == 0 ? c : latin;
        han = names && xd_most(all->at[c].names, all->at[c].filled) ? c : han;
    }
    if (latin != SIZE_MAX && han != SIZE_MAX) {
        header->cols[latin].column.part = title->langs.at[1];
        header->cols[latin].use = header->cols[han].use = XD_COL_USED;
    }
    return true;
}

static bool has_field(const xd_header *header, const xd_field *field)
{
    for (size_t c = 0; c < header->n; c++) {
        if (header->cols[c].use == XD_COL_USED && header->cols[c].column.field == field) {
            return true;
        }
    }
    return false;
}

/* 性质 | 企业: the words of another vocabulary than the header's. */
bool xd_terms_guess(xd_ctx *cx, const xd_shape *shape, xd_header *header, size_t to)
{
    const xd_type *type = shape->type;
    xd_all_facts *all = NULL;
    for (size_t c = 0; c < header->n && c < XD_GUESS_COLUMNS; c++) {
        xd_shape_col *col = &header->cols[c];
        const xd_field *f = col->column.field;
        if (col->use != XD_COL_USED || f == NULL || f->kind != XD_KIND_TERM ||
            f->vocabulary == NULL || col->tick.n > 0) {
            continue;
        }
        if (all == NULL) {
            all = xd_new(cx->arena, xd_all_facts);
            if (!xd_look_at_rows(cx, shape, header->at + header->depth, to, all)) {
                return false;
            }
        }
        const xd_column_facts *facts = &all->at[c];
        size_t own = 0, most = 1, other = SIZE_MAX;
        for (size_t i = 0; i < type->n_fields && i < XD_LEN(facts->terms); i++) {
            const xd_field *g = &type->fields[i];
            own = g == f ? facts->terms[i] : own;
            if (g != f && !g->retired && facts->terms[i] > most && !has_field(header, g)) {
                most = facts->terms[i];
                other = i;
            }
        }
        if (other != SIZE_MAX && most > own && most * 2 > facts->filled) {
            xd_str words = col->header;
            xd_settle_on(col, &type->fields[other], "");
            col->header = words;
        }
    }
    return true;
}

bool xd_has_time(const xd_header *header, const xd_type *type)
{
    for (size_t c = 0; c < header->n; c++) {
        if (header->cols[c].use == XD_COL_USED && header->cols[c].column.field == type->time) {
            return true;
        }
    }
    return false;
}

bool xd_times_guess(xd_ctx *cx, const xd_shape *shape, xd_header *header, size_t to)
{
    const xd_type *type = shape->type;
    for (size_t c = 0; type->time != NULL && c < header->n; c++) {
        const xd_field *f = header->cols[c].column.field;
        size_t filled = 0, times = 0, from = header->at + header->depth;
        if (header->cols[c].use != XD_COL_USED || f == NULL || f->kind != XD_KIND_TERM ||
            f->vocabulary == NULL || xd_has_time(header, type)) {
            continue;
        }
        for (size_t i = from; i < to && i < from + XD_GUESS_ROWS; i++) {
            xd_source_row row;
            xd_period period;
            unsigned flags;
            if (!xd_rows_get(cx, shape->rows, i, &row)) {
                return false;
            }
            xd_str text = xd_row_text(cx->arena, &row, c);
            if (text.n == 0 || row.n < 2 || xd_row_own_of(cx->arena, &row).n < 2) {
                continue;
            }
            filled++;
            if (xd_term_read(cx, f->vocabulary, text, NULL) == NULL) {
                times += xd_period_read(cx, text, &period, &flags);
                (void)xd_err_take(cx); /* only tried */
            }
        }
        if (times * 2 > filled) {
            xd_str words = header->cols[c].header;
            xd_settle_on(&header->cols[c], type->time, "text");
            header->cols[c].header = words;
        }
    }
    return true;
}
