/* Reading a header.
 *
 * A header is one to three rows. In sheets, cells of the upper row that stand over several
 * columns are merged; in CSV they leave blanks behind them. For each column the texts from top
 * to bottom are tried as the type's headers: both together (地理坐标经度), then, where that gives
 * nothing and nobody else has the meaning already, the lower one (经度), both the other way round,
 * the upper one. A deeper row belongs to the header only while no column that already has its
 * whole header gets another text from it, and some column does stand under a common one.
 *
 * A header that is none of the type's may be one with words around it that say nothing more:
 * 该项目详细地址 is 地址, 现存遗存清单 is 遗存. Such guesses are made after all exact ones, never
 * twice for the same meaning, and are reported. 推荐单位 is not 单位. */
#include "exchange/shape_header.h"
#include "exchange/shape_pair.h"

#include "model/fold.h"

#define HEADER_ROWS 3
#define COLUMNS_MOST 512 /* columns looked at; more are not taken in */

/* ---- composing --------------------------------------------------------------------------- */

typedef struct grid {
    xd_source_row row[HEADER_ROWS];
    size_t depth, n;
    bool group[COLUMNS_MOST]; /* the column stands under a common header of row 0 */
} grid;

static xd_str cell(xd_ctx *cx, const grid *g, size_t r, size_t c)
{
    return xd_cell_one_line(cx->arena, xd_row_text(cx->arena, &g->row[r], c));
}

static bool is_fill(const grid *g, size_t r, size_t c)
{
    return c < g->row[r].n && g->row[r].cells[c].merged;
}

/* Mark columns of row r that belong to a group: the head and what follows it. In sheets the
 * followers repeat the head by merging; in CSV they are blank while the row below is not. */
static bool mark_groups(xd_ctx *cx, grid *g, size_t r)
{
    bool any = false;
    for (size_t c = 0; c < g->n; c++) {
        xd_str head = cell(cx, g, r, c);
        if (head.n == 0 ||
            (is_fill(g, r, c) && c > 0 && xd_str_eq(cell(cx, g, r, c - 1), head))) {
            continue;
        }
        size_t end = c + 1;
        while (end < g->n && is_fill(g, r, end) && xd_str_eq(cell(cx, g, r, end), head)) {
            end++;
        }
        if (end == c + 1 && cell(cx, g, r + 1, c).n > 0 && !is_fill(g, r + 1, c)) {
            while (end < g->n && cell(cx, g, r, end).n == 0 && cell(cx, g, r + 1, end).n > 0 &&
                   !is_fill(g, r + 1, end)) {
                end++;
            }
        }
        if (end == c + 1) {
            continue;
        }
        bool lower = false;
        for (size_t k = c; k < end; k++) {
            xd_str below = cell(cx, g, r + 1, k);
            lower |= below.n > 0 && !xd_str_eq(below, head);
        }
        for (size_t k = c; lower && k < end; k++) {
            g->group[k] = true;
            any = true;
        }
    }
    return any;
}

/* Whether row r + 1 goes on with the header of row r. */
static bool goes_deeper(xd_ctx *cx, grid *g, size_t r)
{
    memset(g->group, 0, sizeof g->group);
    if (!mark_groups(cx, g, r)) {
        return false;
    }
    bool plain = false; /* a title over everything has no column that is whole by itself */
    for (size_t c = 0; c < g->n; c++) {
        xd_str above = cell(cx, g, r, c), below = cell(cx, g, r + 1, c);
        bool own = below.n > 0 && !is_fill(g, r + 1, c);
        plain |= above.n > 0 && !g->group[c];
        if (above.n > 0 && !g->group[c] && own && !xd_str_eq(above, below)) {
            return false;
        }
        if (below.n > 90) {
            return false; /* nobody's header: a sentence of data */
        }
    }
    return plain;
}

/* The texts of a column from top to bottom without repetitions. In CSV a group's followers
 * take the head's text. */
static void texts_of(xd_ctx *cx, const grid *g, size_t c, xd_strs *ret_texts)
{
    *ret_texts = (xd_strs){0};
    for (size_t r = 0; r < g->depth; r++) {
        xd_str text = cell(cx, g, r, c);
        if (text.n == 0 && r + 1 < g->depth) {
            for (size_t k = c; k-- > 0 && cell(cx, g, r + 1, c).n > 0;) {
                text = cell(cx, g, r, k);
                if (text.n > 0 || cell(cx, g, r + 1, k).n == 0) {
                    break;
                }
            }
        }
        xd_numbering number =
            xd_numbering_of(text); /* 1.遗产名称（必填） of a form on the web */
        text =
            number.style == XD_NUMBERING_BARE ? text : xd_str_sub(text, number.bytes, text.n);
        if (text.n > 0 &&
            (ret_texts->n == 0 || !xd_str_eq(ret_texts->at[ret_texts->n - 1], text))) {
            *xd_push(cx->arena, ret_texts) = text;
        }
    }
}

/* ---- columns that mean the same ----------------------------------------------------------- */

/* How close a header is to what the field itself is called: its name and labels, then its
 * aliases in their order. */
static size_t rank_of(xd_ctx *cx, const xd_shape_col *col)
{
    const xd_field *f = col->column.field;
    xd_str folded = xd_fold_key(cx->arena, col->header);
    if (f == NULL || col->guessed) {
        return SIZE_MAX;
    }
    if (xd_str_eq(folded, xd_fold_key(cx->arena, f->name)) ||
        xd_str_eq(folded, xd_fold_key(cx->arena, f->label.in[XD_ZH])) ||
        xd_str_eq(folded, xd_fold_key(cx->arena, f->label.in[XD_EN]))) {
        return 0;
    }
    for (size_t i = 0; i < f->n_aliases; i++) {
        if (xd_str_eq(folded, xd_fold_key(cx->arena, f->aliases[i].header))) {
            return i + 1;
        }
    }
    return SIZE_MAX - 1;
}

/* Of columns with one meaning the one with the closest header gives it; the others stand in. */
static void rank_twins(xd_ctx *cx, xd_shape_col *cols, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (cols[i].use != XD_COL_TWIN) {
            continue;
        }
        for (size_t k = 0; k < n; k++) {
            if (cols[k].use == XD_COL_USED && xd_means_same(&cols[k].column, &cols[i].column) &&
                rank_of(cx, &cols[i]) < rank_of(cx, &cols[k])) {
                cols[i].use = XD_COL_USED;
                cols[k].use = XD_COL_TWIN;
                break;
            }
        }
    }
}

/* 经度 over 度 分 秒: one value in three columns. */
static void find_sixtieths(xd_ctx *cx, const grid *g, xd_shape_col *cols)
{
    static const char *const marks[] = {"度", "分", "秒"};
    for (size_t c = 0; g->depth > 1 && c + 1 < g->n; c++) {
        size_t k = 0;
        while (k < XD_LEN(marks) && c + k < g->n &&
               xd_str_eq(cell(cx, g, g->depth - 1, c + k), xd_str_of(marks[k])) &&
               (k == 0 || cols[c + k].use != XD_COL_USED ||
                cols[c + k].column.field == cols[c].column.field)) {
            k++;
        }
        if (k < 2 || cols[c].use != XD_COL_USED || cols[c].column.field == NULL ||
            cols[c].column.field->kind != XD_KIND_PLACE) {
            continue;
        }
        cols[c].sixtieths = (unsigned)k - 1;
        for (size_t i = 1; i < k; i++) {
            cols[c + i].use = XD_COL_SIXTIETH;
        }
    }
}

/* ---- a header ---------------------------------------------------------------------------- */

static void describe(xd_ctx *cx, const grid *g, xd_shape_col *cols, size_t c,
                     const xd_strs *texts)
{
    xd_buf b = {0};
    for (size_t i = 0; i < texts->n; i++) {
        xd_buf_printf(&b, "%s" XD_FMT, i == 0 ? "" : "/", XD_ARG(texts->at[i]));
    }
    cols[c].header = xd_buf_copy(&b, cx->arena);
    xd_buf_free(&b);
    cols[c].own = texts->n > 1 ? texts->at[texts->n - 1] : (xd_str){0};
    cols[c].crs = xd_cell_crs(cx->arena, cols[c].header);
    for (size_t r = 0; r < g->depth; r++) {
        xd_str bracket = xd_cell_bracket(cell(cx, g, r, c));
        if (bracket.p != NULL && xd_cell_is_unit(bracket)) {
            cols[c].unit = bracket;
        }
    }
}

static bool load(xd_ctx *cx, const xd_shape *shape, size_t at, size_t end, grid *g)
{
    *g = (grid){0};
    for (size_t r = 0; r < HEADER_ROWS && at + r < end; r++) {
        if (!xd_rows_get(cx, shape->rows, at + r, &g->row[r])) {
            return false;
        }
    }
    g->n = g->row[0].n;
    for (size_t r = 1; r < HEADER_ROWS; r++) {
        g->n = r < 2 && g->row[r].n > g->n ? g->row[r].n : g->n;
    }
    g->n = g->n < COLUMNS_MOST ? g->n : COLUMNS_MOST;
    g->depth = 1;
    while (!g->row[0].header && g->depth < HEADER_ROWS && at + g->depth < end &&
           g->row[g->depth].n > 0 && goes_deeper(cx, g, g->depth - 1)) {
        g->depth++;
    }
    return true;
}

/* 索引号： | 0029… | 发布机构： | 某厅: labels with colons and their values side by side, as pages of offices have
 * them over what they publish. Such a row says what the page is and names no columns. */
static bool is_pairs(xd_ctx *cx, const grid *g)
{
    size_t labels = 0, values = 0, cells = 0;
    for (size_t c = 0; c < g->n; c++) {
        xd_str text = cell(cx, g, 0, c);
        bool label = xd_str_ends(text, XD_S("：")) || xd_str_ends(text, XD_S(":"));
        cells += text.n > 0;
        labels += label;
        values += !label && text.n > 0 && c > 0 &&
                  (xd_str_ends(cell(cx, g, 0, c - 1), XD_S("：")) ||
                   xd_str_ends(cell(cx, g, 0, c - 1), XD_S(":")));
    }
    return labels > 0 && labels < cells && labels + values == cells && labels <= values + 1;
}

static void count(xd_header *header)
{
    header->known = header->cells = 0;
    for (size_t c = 0; c < header->n; c++) {
        const xd_shape_col *col = &header->cols[c];
        header->cells += col->header.n > 0;
        header->known +=
            col->use == XD_COL_USED || col->use == XD_COL_IGNORE || col->use == XD_COL_COMPUTED;
    }
}

/* The field's own words, not words that something was taken away from. */
static bool is_own_header(xd_ctx *cx, xd_str header, const xd_column *column)
{
    xd_shape_col col = {.header = header, .column = *column};
    return column->field == NULL || rank_of(cx, &col) < SIZE_MAX - 1;
}

/* 级别及批次: a header of two fields, where it is not one field's own and no other column is for either. */
static bool give_pair(xd_ctx *cx, const xd_shape *shape, const xd_type *type,
                      xd_shape_col *cols, size_t n, size_t i, xd_str header)
{
    xd_str first, second;
    xd_column whole, one, two;
    if (!xd_header_parts(header, &first, &second) ||
        (xd_header_means(shape, type, header, &whole) && is_own_header(cx, header, &whole)) ||
        !xd_header_means(shape, type, first, &one) ||
        !xd_header_means(shape, type, second, &two) || one.field == NULL || two.field == NULL ||
        one.field == two.field || one.field->kind == XD_KIND_PLACE ||
        two.field->kind == XD_KIND_PLACE || xd_col_taken(cols, n, &one) ||
        xd_col_taken(cols, n, &two)) {
        return false;
    }
    bool swap = two.field == type->title;
    xd_col_give(cols, n, i, swap ? &two : &one);
    cols[i].second = swap ? one : two;
    cols[i].second.header = header;
    return true;
}

/* 遗产项目 over the site that items belong to: beside a column of names, a header that names records of
 * the parent's type means the parent. */
static void give_parent(const xd_shape *shape, const xd_type *type, xd_shape_col *cols,
                        size_t n)
{
    xd_column column, parent = {.field = type->parent_field, .part = XD_S("ref")};
    if (type->parent == NULL || type->parent_field == NULL || xd_col_taken(cols, n, &parent) ||
        xd_title_column_of(cols, n, type, NULL) == NULL) {
        return;
    }
    for (size_t i = 0; i < n; i++) {
        if (cols[i].use == XD_COL_UNKNOWN &&
            xd_column_find(shape->model, type->parent, cols[i].header, &column) &&
            column.field != NULL && column.field == type->parent->title) {
            parent.header = cols[i].header;
            xd_col_give(cols, n, i, &parent);
            cols[i].guessed = true;
            return;
        }
    }
}

bool xd_header_at(xd_ctx *cx, const xd_shape *shape, const xd_type *type, size_t at, size_t end,
                  bool guessing, xd_header *ret_header)
{
    grid *g = xd_new(cx->arena, grid);
    if (!load(cx, shape, at, end, g)) {
        return false;
    }
    xd_header header = {.at = at, .depth = g->depth, .n = g->n};
    header.cols = xd_new_n(cx->arena, xd_shape_col, g->n + 1);
    header.raw = xd_new_n(cx->arena, xd_str, g->n * g->depth + 1);
    xd_strs *texts = xd_new_n(cx->arena, xd_strs, g->n + 1);
    xd_column column;
    xd_str first, second;
    for (size_t c = 0; c < g->n; c++) {
        texts_of(cx, g, c, &texts[c]);
        describe(cx, g, header.cols, c, &texts[c]);
        for (size_t r = 0; r < g->depth; r++) {
            header.raw[r * g->n + c] = cell(cx, g, r, c);
        }
        bool two = texts[c].n == 1 && xd_header_parts(texts[c].at[0], &first, &second);
        if (!two &&
            xd_header_means(shape, type, xd_texts_joined(cx, &texts[c], false), &column)) {
            xd_col_give(header.cols, c, c, &column);
        }
    }
    for (size_t c = 0; c < g->n; c++) { /* when all others are known */
        bool two = texts[c].n == 1 && xd_header_parts(texts[c].at[0], &first, &second);
        if (two && !give_pair(cx, shape, type, header.cols, g->n, c, texts[c].at[0]) &&
            xd_header_means(shape, type, texts[c].at[0], &column)) {
            xd_col_give(header.cols, g->n, c, &column);
        }
    }
    for (size_t c = 0; c < g->n; c++) {
        if (header.cols[c].use == XD_COL_UNKNOWN && texts[c].n > 1) {
            xd_col_give_parts(cx, shape, type, header.cols, g->n, c, &texts[c]);
        }
    }
    give_parent(shape, type, header.cols, g->n);
    rank_twins(cx, header.cols, g->n);
    find_sixtieths(cx, g, header.cols);
    for (size_t c = 0; guessing && c < g->n; c++) {
        if (header.cols[c].use == XD_COL_UNKNOWN && header.cols[c].header.n > 0) {
            xd_col_guess(cx, shape, type, header.cols, g->n, c);
        }
    }
    for (size_t r = 0; r < g->depth; r++) {
        header.own_n = g->row[r].n > header.own_n ? g->row[r].n : header.own_n;
    }
    header.own_n = header.own_n < g->n ? header.own_n : g->n;
    count(&header);
    header.has_title = xd_title_column_of(header.cols, header.n, type, NULL) != NULL;
    header.known = is_pairs(cx, g) ? 0 : header.known;
    *ret_header = header;
    return true;
}

bool xd_header_good(const xd_header *header)
{
    if (header->known == 0) {
        return false;
    }
    if (header->cells == 1) {
        return header->has_title; /* a list of names and nothing else */
    }
    return (header->known >= 2 && header->known * 5 >= header->cells * 2) ||
           (header->has_title && header->known * 3 >= header->cells);
}

const xd_column *xd_title_column_of(const xd_shape_col *cols, size_t n, const xd_type *type,
                                    size_t *ret_at)
{
    size_t best = SIZE_MAX;
    for (size_t c = 0; c < n && type->title != NULL; c++) {
        if (cols[c].use == XD_COL_USED && cols[c].column.field == type->title) {
            bool first_lang = type->title->langs.n == 0 ||
                              xd_str_eq(cols[c].column.part, type->title->langs.at[0]);
            best = best == SIZE_MAX || first_lang ? c : best;
            if (first_lang) {
                break;
            }
        }
    }
    if (best == SIZE_MAX) {
        return NULL;
    }
    if (ret_at != NULL) {
        *ret_at = best;
    }
    return &cols[best].column;
}
