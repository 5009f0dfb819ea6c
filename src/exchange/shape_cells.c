/* Columns told by what stands in their cells rather than by their headers: opening hours under
 * 开馆时间, a year under 开放时间, hours of a visit, terms under a header nobody knows. Each is a guess
 * and is told as one. */
#include "exchange/shape_facts.h"

#include "geo/coord.h"
#include "model/period.h"

/* 9:00, 9：00, 9时, 9点: a time of day. */
static bool has_clock(xd_str text)
{
    static const char *const marks[] = {":", "：", "点", "时"};
    for (size_t m = 0; m < XD_LEN(marks); m++) {
        for (size_t at = xd_str_find(text, xd_str_of(marks[m]), 0); at != SIZE_MAX;
             at = xd_str_find(text, xd_str_of(marks[m]), at + 1)) {
            if (at > 0 && text.p[at - 1] >= '0' && text.p[at - 1] <= '9') {
                return true;
            }
        }
    }
    return false;
}

/* 2022-07-01 09:12:33: when a system wrote something down, no opening hours and no year of a works. A
 * clock that stands still (T00:00:00Z) is only a date. */
static bool is_stamp(xd_str text)
{
    size_t digits = 0;
    while (digits < text.n && text.p[digits] >= '0' && text.p[digits] <= '9') {
        digits++;
    }
    bool date = digits == 4 && text.n >= 13 && memchr("-/.", text.p[4], 3) != NULL;
    return date && has_clock(text);
}

static bool field_has_column(const xd_header *header, const xd_field *field)
{
    for (size_t c = 0; c < header->n; c++) {
        if (header->cols[c].use == XD_COL_USED && header->cols[c].column.field == field) {
            return true;
        }
    }
    return false;
}

/* The column means something else than its header said, which it keeps. */
static void settle_on_words(xd_shape_col *col, const xd_field *field, const char *part)
{
    xd_str words = col->header;
    xd_settle_on(col, field, part);
    col->header = words;
}

/* A column that stood in for one which means something else now. */
static void promote(xd_header *header, const xd_column *meaning)
{
    for (size_t c = 0; c < header->n; c++) {
        xd_shape_col *col = &header->cols[c];
        if (col->use == XD_COL_TWIN && col->column.field == meaning->field &&
            xd_str_eq(col->column.part, meaning->part)) {
            col->use = XD_COL_USED;
            return;
        }
    }
}

static const xd_field *field_of_kind(const xd_header *header, const xd_type *type, xd_kind kind)
{
    const xd_field *found = NULL;
    for (size_t i = 0; i < type->n_fields && found == NULL; i++) {
        found =
            type->fields[i].kind == kind && !type->fields[i].retired ? &type->fields[i] : NULL;
    }
    for (size_t c = 0; c < header->n; c++) {
        if (header->cols[c].use == XD_COL_USED && header->cols[c].column.field == found) {
            return NULL; /* it has its column */
        }
    }
    return found;
}

/* 3小时, 约1500平方米: ends in a unit of the field and has a number before it. */
static bool has_unit(const xd_field *f, xd_str text)
{
    bool digit = false;
    for (size_t i = 0; i < text.n; i++) {
        digit |= text.p[i] >= '0' && text.p[i] <= '9';
    }
    for (size_t i = 0; i < f->n_units && digit && text.n < 40; i++) {
        if (f->units[i].name.n > 1 && xd_str_ends(text, f->units[i].name)) {
            return true;
        }
    }
    return false;
}

static size_t count_units(xd_ctx *cx, const xd_shape *shape, const xd_header *header, size_t to,
                          size_t c, const xd_field *f, size_t *ret_filled)
{
    size_t from = header->at + header->depth, with_unit = 0;
    *ret_filled = 0;
    for (size_t i = from; i < to && i < from + XD_GUESS_ROWS; i++) {
        xd_source_row row;
        if (!xd_rows_get(cx, shape->rows, i, &row)) {
            (void)xd_err_take(cx); /* only a guess: whoever reads the rows says so */
            return 0;
        }
        xd_str text = xd_row_text(cx->arena, &row, c);
        if (text.n > 0 && xd_row_own_of(cx->arena, &row).n > 1) {
            ++*ret_filled;
            with_unit += has_unit(f, text);
        }
    }
    return with_unit;
}

/* 参观时间 | 3小时: a column that nobody knows, or that another stands for already, whose cells are in
 * the units of one number without a column. */
static bool guess_units(xd_ctx *cx, const xd_shape *shape, xd_header *header, size_t to)
{
    for (size_t c = 0; c < header->n; c++) {
        xd_shape_col *col = &header->cols[c];
        bool hours = col->use == XD_COL_USED && col->column.field != NULL &&
                     col->column.field->kind == XD_KIND_HOURS;
        bool open = col->use == XD_COL_UNKNOWN || col->use == XD_COL_TWIN || hours;
        const xd_field *best = NULL;
        size_t fits = 0;
        for (size_t i = 0; i < shape->type->n_fields && open && col->header.n > 0; i++) {
            const xd_field *f = &shape->type->fields[i];
            size_t filled = 0;
            if (f->kind == XD_KIND_NUMBER && !f->retired && f->n_units > 0 &&
                !field_has_column(header, f) &&
                count_units(cx, shape, header, to, c, f, &filled) * 2 > filled && filled > 0) {
                best = f;
                fits++;
            }
        }
        if (fits == 1) {
            xd_column before = col->column;
            settle_on_words(col, best, "n");
            if (hours) {
                promote(header, &before);
            }
        }
    }
    return true;
}

/* Columns nobody knows the header of, of which nearly all cells are terms of one field (较好, 一般,
 * 较差) that has no column of its own. */
static bool guess_terms(xd_ctx *cx, const xd_shape *shape, xd_header *header, size_t to)
{
    xd_all_facts *all = xd_new(cx->arena, xd_all_facts);
    if (!xd_look_at_rows(cx, shape, header->at + header->depth, to, all)) {
        return false;
    }
    for (size_t c = 0; c < header->n && c < all->n; c++) {
        xd_shape_col *col = &header->cols[c];
        const xd_column_facts *facts = &all->at[c];
        if (col->use != XD_COL_UNKNOWN || col->header.n == 0 || facts->filled < 2 ||
            facts->integers > 0) {
            continue;
        }
        for (size_t i = 0; i < shape->type->n_fields && i < XD_LEN(facts->terms); i++) {
            const xd_field *f = &shape->type->fields[i];
            bool there = false;
            for (size_t k = 0; k < header->n; k++) {
                there |=
                    header->cols[k].use == XD_COL_USED && header->cols[k].column.field == f;
            }
            if (!there && !f->retired && xd_most(facts->terms[i], facts->filled)) {
                settle_on_words(col, f, "");
                break;
            }
        }
    }
    return true;
}

/* Degrees of a point in China, both in one cell. */
static bool is_pair(xd_ctx *cx, xd_str text)
{
    xd_coord a, b;
    bool read = text.n < 90 && xd_coord_read_pair(cx, text, &a, &b);
    (void)xd_err_take(cx); /* only tried */
    bool lon_first = read && a.value > 73 && a.value < 136 && b.value > 3 && b.value < 54;
    bool lat_first = read && b.value > 73 && b.value < 136 && a.value > 3 && a.value < 54;
    return (lon_first || lat_first) && a.decimals >= 2 && b.decimals >= 2;
}

/* Columns nobody knows the header of (location, coord, adminLabel) that hold points or divisions, where
 * no other does. */
static bool guess_places(xd_ctx *cx, const xd_shape *shape, xd_header *header, size_t to)
{
    const xd_type *type = shape->type;
    bool place = type->place != NULL && !field_has_column(header, type->place);
    bool division = type->division != NULL && !field_has_column(header, type->division);
    xd_all_facts *all = xd_new(cx->arena, xd_all_facts);
    size_t from = header->at + header->depth;
    if ((!place && !division) || !xd_look_at_rows(cx, shape, from, to, all)) {
        return cx->err.code == XD_OK;
    }
    for (size_t c = 0; c < header->n && c < all->n; c++) {
        xd_shape_col *col = &header->cols[c];
        size_t pairs = 0, points = 0, filled = all->at[c].filled;
        if (col->use != XD_COL_UNKNOWN || col->header.n == 0 || filled < 2) {
            continue;
        }
        for (size_t i = from; place && i < to && i < from + XD_GUESS_ROWS; i++) {
            xd_source_row row;
            if (!xd_rows_get(cx, shape->rows, i, &row)) {
                return false;
            }
            xd_str text = xd_row_text(cx->arena, &row, c);
            points += xd_str_eq_nocase(xd_str_sub(text, 0, 6), XD_S("point("));
            pairs += is_pair(cx, text);
        }
        if (place && (xd_most(pairs, filled) || xd_most(points, filled))) {
            settle_on_words(col, type->place, xd_most(points, filled) ? "geometry" : "both");
            place = false;
        } else if (division && xd_most(all->at[c].divisions, filled)) {
            settle_on_words(col, type->division, "name");
            division = false;
        }
    }
    return true;
}

bool xd_hours_guess(xd_ctx *cx, const xd_shape *shape, xd_header *header, size_t to)
{
    size_t from = header->at + header->depth;
    for (size_t c = 0; c < header->n; c++) {
        xd_shape_col *col = &header->cols[c];
        const xd_field *f = col->column.field;
        bool known = col->use == XD_COL_USED && f != NULL &&
                     (f->kind == XD_KIND_PERIOD || f->kind == XD_KIND_HOURS);
        if (!known && (col->use != XD_COL_UNKNOWN || col->header.n == 0)) {
            continue;
        }
        size_t filled = 0, clocks = 0, times = 0, stamps = 0;
        for (size_t i = from; i < to && i < from + XD_GUESS_ROWS; i++) {
            xd_source_row row;
            xd_period period;
            unsigned flags;
            if (!xd_rows_get(cx, shape->rows, i, &row)) {
                return false;
            }
            xd_str text = xd_row_text(cx->arena, &row, c);
            if (text.n > 0 && xd_row_own_of(cx->arena, &row).n > 1) {
                bool stamp = is_stamp(text), clock = has_clock(text) && !stamp;
                filled++;
                stamps += stamp && xd_str_find(text, XD_S("00:00:00"), 0) == SIZE_MAX;
                clocks += clock;
                times += !clock && xd_period_read(cx, text, &period, &flags);
                (void)xd_err_take(cx); /* only tried */
            }
        }
        bool period = !known || f->kind == XD_KIND_PERIOD;
        const xd_field *better =
            period && clocks * 2 > filled ? field_of_kind(header, shape->type, XD_KIND_HOURS)
            : !period && clocks == 0 && times * 2 > filled && !xd_has_time(header, shape->type)
                ? shape->type->time
                : NULL;
        if (known && period && stamps * 2 > filled) {
            xd_column before = col->column;
            col->use = XD_COL_UNKNOWN;
            col->column = (xd_column){.header = col->header};
            promote(header, &before);
        } else if (better != NULL) {
            xd_column before = col->column;
            settle_on_words(col, better, "text");
            if (known) {
                promote(header, &before);
            }
        }
    }
    return guess_places(cx, shape, header, to) && guess_units(cx, shape, header, to) &&
           guess_terms(cx, shape, header, to);
}
