/* A record written as a form: label and value side by side.
 *
 *   遗产名称 | 宝兴面粉厂旧址 | 所在县区 | 蚌山区        项目     | 遗产一     | 遗产二
 *   始建年代 | 民国六年       | 停产年份 | 2002年        名称     | 滁州搪瓷厂 | 凤阳石英砂矿
 *   …                                                     所在县区 | 南谯区     | 凤阳县
 *
 * Rows are a form when nearly each of them has a label of the type and room for its value beside
 * it, at least three do, and one is the title's with a name beside it. Labels in one column only and
 * several values beside the title's: each column of values is a record. The form ends where the
 * title's label comes again after others, or labels cease. Labels in the same columns which mean
 * nothing are kept for the rest. A cell may hold both, 编号：TL-ZY-001; the name never does. A list of fields that explains how to fill a table in is none. */
#include "exchange/shape_in.h"

#include "model/fold.h"

#define FORM_ROWS 120
#define FORM_COLUMNS 24
#define FORM_RECORDS 200
#define GAP_ROWS 3 /* rows without a label inside a form */
#define LABEL_BYTES 90

typedef struct label {
    size_t row, col, value; /* value: its column */
    xd_str text;
    bool known, title;
    bool behind; /* 编号：TL-ZY-001, label and value in one cell */
    size_t rank; /* of the title's labels: how close to the field's own name */
} label;

typedef struct finding {
    xd_ctx *cx;
    const xd_shape *shape;
    XD_VEC(label) labels;
    bool at[FORM_COLUMNS]; /* labels stand in this column */
    size_t rows, with_label, first, last;
    size_t titles; /* labels of the title so far */
} finding;

static bool is_own(const xd_source_row *row, size_t c)
{
    return c < row->n && !row->cells[c].merged;
}

static xd_str without_colon(xd_str text)
{
    static const char *const colons[] = {"：", ":"};
    for (size_t i = 0; i < XD_LEN(colons); i++) {
        if (xd_str_ends(text, xd_str_of(colons[i]))) {
            return xd_str_trim(xd_str_sub(text, 0, text.n - strlen(colons[i])));
        }
    }
    return text;
}

static xd_str label_text(xd_ctx *cx, const xd_source_row *row, size_t c)
{
    xd_str text = xd_cell_name(cx->arena, xd_row_text(cx->arena, row, c));
    xd_numbering n = xd_numbering_of(text);
    return without_colon(xd_str_sub(text, n.bytes, text.n));
}

/* The column beside a label, behind what the sheet merged with it. */
static size_t beside(xd_ctx *cx, const xd_source_row *row, size_t c)
{
    xd_str text = xd_row_text(cx->arena, row, c);
    size_t v = c + 1;
    while (v < row->n && row->cells[v].merged &&
           xd_str_eq(xd_row_text(cx->arena, row, v), text)) {
        v++;
    }
    return v;
}

xd_str xd_form_behind(xd_str text)
{
    static const char *const colons[] = {"：", ":"};
    for (size_t i = 0; i < XD_LEN(colons); i++) {
        size_t at = xd_str_find(text, xd_str_of(colons[i]), 0);
        if (at != SIZE_MAX) {
            return xd_str_trim(xd_str_sub(text, at + strlen(colons[i]), text.n));
        }
    }
    return XD_S("");
}

static bool find_label(finding *f, const xd_source_row *row, size_t c, label *ret)
{
    xd_ctx *cx = f->cx;
    xd_column column;
    xd_str text = label_text(cx, row, c);
    if (!is_own(row, c) || text.n == 0 || text.n > LABEL_BYTES) {
        return false;
    }
    *ret = (label){.col = c, .value = beside(cx, row, c), .text = text};
    xd_str value = xd_form_behind(text);
    if (value.n > 0) {
        xd_str own = xd_cell_name(cx->arena, xd_str_sub(text, 0, text.n - value.n));
        own = without_colon(own);
        ret->behind = xd_column_find(f->shape->model, f->shape->type, own, &column) &&
                      column.field != f->shape->type->title;
        if (ret->behind) {
            ret->known = true;
            ret->text = own;
            ret->value = c;
            return true;
        }
    }
    ret->known = xd_column_find(f->shape->model, f->shape->type, text, &column);
    const xd_field *title = f->shape->type->title;
    ret->title = ret->known && title != NULL && column.field == title &&
                 (title->langs.n == 0 || xd_str_eq(column.part, title->langs.at[0]));
    for (size_t i = 0; ret->title && i < title->n_aliases; i++) {
        if (xd_str_eq(title->aliases[i].header, text)) {
            ret->rank = i + 1;
        }
    }
    return true;
}

/* Labels of one row, from the left; a cell that is another label's value is none. */
static size_t labels_of(finding *f, size_t i, const xd_source_row *row, label *ret, size_t most)
{
    size_t n = 0;
    for (size_t c = 0; c < row->n && c < FORM_COLUMNS && n < most;) {
        label one;
        if (!find_label(f, row, c, &one) || !one.known) {
            c++;
            continue;
        }
        one.row = i;
        label next;
        if (!one.behind && find_label(f, row, one.value, &next) && next.known) {
            one.value = SIZE_MAX; /* left empty, or a header's row */
            c = next.col;
        } else {
            c = one.value + 1;
        }
        ret[n++] = one;
    }
    return n;
}

/* Whether the text beside a label tells how to fill it in, or is no name at all. */
static bool is_name(xd_str text)
{
    static const char *const telling[] = {"填",   "必须", "如：", "例如",
                                          "示例", "字符", "文本", "不超过"};
    size_t han = 0;
    for (size_t at = 0; at < text.n;) {
        han += xd_is_han(xd_utf8_next(text, &at));
    }
    for (size_t i = 0; i < XD_LEN(telling); i++) {
        if (xd_str_find(text, xd_str_of(telling[i]), 0) != SIZE_MAX) {
            return false;
        }
    }
    return han >= 2 && text.n <= 240;
}

/* One more row; *ret_more false: the form ended before it. */
static bool take_row(finding *f, size_t i, size_t *gap, bool *ret_more)
{
    xd_seen s;
    label found[FORM_COLUMNS];
    *ret_more = false;
    if (!xd_see(f->cx, f->shape, i, &s)) {
        return false;
    }
    size_t n = labels_of(f, i, &s.row, found, XD_LEN(found));
    if (n == 0) {
        *ret_more = f->labels.n == 0 || ++*gap <= GAP_ROWS;
        f->rows += f->labels.n > 0 && !s.own.single && s.own.n > 0;
        return true;
    }
    size_t values = 0;
    for (size_t k = 0; k < n; k++) {
        values += found[k].value != SIZE_MAX;
    }
    if (n >= 3 && values * 2 < n) {
        return true; /* a header's row: labels and nothing beside them */
    }
    for (size_t k = 0; k < n; k++) {
        if (found[k].title && f->titles > 0 && f->labels.n >= f->titles + 2) {
            return true; /* the next record's form */
        }
        f->titles += found[k].title;
        *xd_push(f->cx->arena, &f->labels) = found[k];
        f->at[found[k].col] = true;
    }
    f->first = f->with_label == 0 ? i : f->first;
    f->last = i;
    f->rows++;
    f->with_label++;
    *gap = 0;
    *ret_more = true;
    return true;
}

/* The label whose value names the record: of several the one closest to the field's name. */
static label *title_label(finding *f)
{
    label *best = NULL;
    for (size_t i = 0; i < f->labels.n; i++) {
        label *one = &f->labels.at[i];
        if (one->title && one->value != SIZE_MAX && (best == NULL || one->rank < best->rank)) {
            best = one;
        }
    }
    for (size_t i = 0; i < f->labels.n && best != NULL; i++) {
        f->labels.at[i].title = &f->labels.at[i] == best;
    }
    return best;
}

/* Records beside one another: how many of the title's row are names. 0: it is no form. */
static bool count_records(finding *f, const label *title, size_t *ret_records)
{
    xd_source_row row;
    size_t columns = 0, records = 0;
    *ret_records = 0;
    if (!xd_rows_get(f->cx, f->shape->rows, title->row, &row)) {
        return false;
    }
    for (size_t c = 0; c < FORM_COLUMNS; c++) {
        columns += f->at[c];
    }
    if (!is_name(xd_row_text(f->cx->arena, &row, title->value))) {
        return true;
    }
    if (columns > 1) {
        *ret_records = 1;
        return true;
    }
    for (size_t c = title->value; c < row.n && records < FORM_RECORDS; c++) {
        xd_str text = xd_row_text(f->cx->arena, &row, c);
        if (text.n == 0 || !is_own(&row, c)) {
            break;
        }
        if (!is_name(text)) {
            return true;
        }
        records++;
    }
    *ret_records = records > 0 ? records : 1;
    return true;
}

/* Labels nobody knows, in columns where labels stand. */
static bool add_unknown(finding *f)
{
    size_t known = f->labels.n;
    for (size_t i = f->first; i <= f->last; i++) {
        xd_source_row row;
        if (!xd_rows_get(f->cx, f->shape->rows, i, &row)) {
            return false;
        }
        for (size_t c = 0; c < row.n && c < FORM_COLUMNS; c++) {
            label one;
            bool is_value = false, there = false;
            for (size_t k = 0; k < known; k++) {
                there |= f->labels.at[k].row == i && f->labels.at[k].col == c;
                is_value |= f->labels.at[k].row == i && f->labels.at[k].value == c;
            }
            if (f->at[c] && !there && !is_value && find_label(f, &row, c, &one) && !one.known &&
                one.value < row.n && xd_row_text(f->cx->arena, &row, one.value).n > 0) {
                one.row = i;
                *xd_push(f->cx->arena, &f->labels) = one;
            }
        }
    }
    return true;
}

static void describe(xd_ctx *cx, const xd_shape *shape, finding *f, xd_form *form)
{
    form->cols = xd_new_n(cx->arena, xd_shape_col, f->labels.n + 1);
    form->cells = xd_new_n(cx->arena, xd_form_cell, f->labels.n + 1);
    for (size_t i = 0; i < f->labels.n; i++) { /* the name's own label first: it has the word */
        const label *one = &f->labels.at[i];
        if (one->title) {
            form->cols[form->n].header = xd_str_copy(cx->arena, one->text);
            form->cols[form->n].quoted = true;
            (void)xd_header_give(cx, shape, form->cols, f->labels.n, form->n);
            form->cells[form->n++] = (xd_form_cell){one->row, one->value, false};
        }
    }
    for (size_t i = 0; i < f->labels.n; i++) {
        const label *one = &f->labels.at[i];
        if (one->title || one->value == SIZE_MAX) {
            continue;
        }
        xd_shape_col *col = &form->cols[form->n];
        col->header = xd_str_copy(cx->arena, one->text);
        col->crs = xd_cell_crs(cx->arena, col->header);
        xd_str bracket = xd_cell_bracket(col->header);
        col->unit = bracket.p != NULL && xd_cell_is_unit(bracket) ? bracket : (xd_str){0};
        (void)xd_header_give(cx, shape, form->cols, f->labels.n, form->n); /* else unknown */
        bool second_name = col->use != XD_COL_UNKNOWN &&
                           col->column.field == shape->type->title && col->use == XD_COL_TWIN;
        if (!second_name) { /* 项目 | 遗产一 over 名称 | … */
            form->cells[form->n++] = (xd_form_cell){one->row, one->value, one->behind};
        } else {
            *col = (xd_shape_col){0};
        }
    }
    xd_rest_keep(cx, shape->type, form->cols, form->n);
}

bool xd_form_at(xd_ctx *cx, const xd_shape *shape, size_t from, size_t to, xd_form *ret_form)
{
    finding f = {.cx = cx, .shape = shape};
    size_t gap = 0;
    bool more = true;
    *ret_form = (xd_form){0};
    for (size_t i = from; more && i < to && i < from + FORM_ROWS; i++) {
        if (!take_row(&f, i, &gap, &more)) {
            return false;
        }
    }
    label *title = f.with_label >= 3 && f.with_label * 3 >= f.rows * 2 ? title_label(&f) : NULL;
    if (title == NULL) {
        return true;
    }
    size_t records = 0;
    if (!count_records(&f, title, &records) || !add_unknown(&f)) {
        return false;
    }
    if (records == 0) {
        return true;
    }
    *ret_form = (xd_form){.records = records, .first = f.first, .next = f.last + 1};
    describe(cx, shape, &f, ret_form);
    return true;
}
