/* A column that nobody knows by its header, or knows as words about a place, and whose cells are
 * points: 117.2272,31.8206 and Point(117.2272 31.8206) under location. It is the type's place, where
 * no other column is. */
#include "exchange/shape_facts.h"

/* Degrees with decimals, from *at on; what is no number is passed over. */
static bool degrees_at(xd_str text, size_t *at, double *ret)
{
    while (*at < text.n && (text.p[*at] < '0' || text.p[*at] > '9')) {
        ++*at;
    }
    double value = 0, unit = 1;
    size_t whole = 0, decimals = 0;
    for (; *at < text.n && text.p[*at] >= '0' && text.p[*at] <= '9' && whole < 4; ++*at) {
        value = value * 10 + (text.p[*at] - '0');
        whole++;
    }
    if (whole == 0 || *at >= text.n || text.p[*at] != '.') {
        return false;
    }
    for (++*at; *at < text.n && text.p[*at] >= '0' && text.p[*at] <= '9'; ++*at) {
        unit /= 10;
        value += unit * (text.p[*at] - '0');
        decimals++;
    }
    *ret = value;
    return decimals >= 2;
}

static bool in(double v, double from, double to)
{
    return v >= from && v <= to;
}

/* Two of them and nothing else of meaning, one a longitude and one a latitude of China. */
static bool is_point(xd_str text)
{
    size_t at = 0, letters = 0;
    double a = 0, b = 0;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        letters += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
    bool named = xd_str_eq_nocase(xd_str_sub(text, 0, 5), XD_S("point"));
    if (text.n > 80 || letters > (named ? 5 : 0) || !degrees_at(text, &at, &a) ||
        !degrees_at(text, &at, &b)) {
        return false;
    }
    while (at < text.n && (text.p[at] < '0' || text.p[at] > '9')) {
        at++;
    }
    return at == text.n && xd_han_in(text) == 0 &&
           ((in(a, 73, 136) && in(b, 3, 54)) || (in(b, 73, 136) && in(a, 3, 54)));
}

static bool has_place(const xd_header *header, const xd_type *type)
{
    for (size_t c = 0; c < header->n; c++) {
        const xd_shape_col *col = &header->cols[c];
        bool point = xd_str_eq(col->column.part, XD_S("both")) ||
                     xd_str_eq(col->column.part, XD_S("lon")) ||
                     xd_str_eq(col->column.part, XD_S("lat"));
        if (col->use == XD_COL_USED && col->column.field == type->place && point) {
            return true;
        }
    }
    return false;
}

bool xd_points_guess(xd_ctx *cx, const xd_shape *shape, xd_header *header, size_t to)
{
    const xd_type *type = shape->type;
    size_t filled[XD_GUESS_COLUMNS] = {0}, points[XD_GUESS_COLUMNS] = {0};
    size_t from = header->at + header->depth;
    if (type->place == NULL || has_place(header, type)) {
        return true;
    }
    for (size_t i = from; i < to && i < from + XD_GUESS_ROWS; i++) {
        xd_source_row row;
        if (!xd_rows_get(cx, shape->rows, i, &row)) {
            return false;
        }
        for (size_t c = 0; c < row.n; c++) {
            if (row.cells[c].kind == XD_CELL_GEOMETRY && row.cells[c].text.n > 0) {
                return true; /* a layer of a map says where its records are by their shapes */
            }
        }
        for (size_t c = 0; c < row.n && c < XD_GUESS_COLUMNS; c++) {
            xd_str text = xd_row_text(cx->arena, &row, c);
            filled[c] += text.n > 0;
            points[c] += text.n > 0 && is_point(text);
        }
    }
    for (size_t c = 0; c < header->n && c < XD_GUESS_COLUMNS; c++) {
        xd_shape_col *col = &header->cols[c];
        const xd_field *f = col->column.field;
        bool open = col->use == XD_COL_UNKNOWN ||
                    (col->use == XD_COL_USED && f != NULL && f != type->title &&
                     (f->kind == XD_KIND_TEXT || f == type->division || f == type->place));
        if (open && filled[c] > 0 && xd_most(points[c], filled[c])) {
            xd_str words = col->header;
            header->known += col->use == XD_COL_UNKNOWN;
            xd_settle_on(col, type->place, "both");
            col->header = words;
            return true;
        }
    }
    return true;
}
