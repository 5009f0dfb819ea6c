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
#include "exchange/shape.h"

#include "exchange/scratch.h"
#include "model/fold.h"

#define WINDOW 60
#define TABLES 1000

/* A row with what it says by itself; lives in cx->arena. */
typedef struct seen {
    xd_source_row row;
    xd_row_own own;
} seen;

static bool see(xd_ctx *cx, const xd_shape *shape, size_t i, seen *ret)
{
    if (!xd_rows_get(cx, shape->rows, i, &ret->row)) {
        return false;
    }
    ret->own = xd_row_own_of(cx->arena, &ret->row);
    return true;
}

static void mark(xd_shape *shape, size_t from, size_t to, xd_row_kind kind)
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

static xd_table *open_table(xd_ctx *cx, xd_shape *shape, size_t sheet, const xd_header *header)
{
    xd_table *t = xd_push(cx->arena, &shape->tables);
    *t = (xd_table){.sheet = sheet,
                    .first = header->at + header->depth,
                    .cols = header->cols,
                    .n = header->n,
                    .raw = header->raw,
                    .depth = header->depth};
    find_marks(shape, t);
    for (size_t c = 0; c < t->n; c++) {
        if (t->cols[c].crs.p != NULL && t->cols[c].use == XD_COL_USED && t->crs.p == NULL) {
            t->crs = t->cols[c].crs;
        }
    }
    return t;
}

/* Lines between from and to are titles of the table. */
static bool take_titles(xd_ctx *cx, xd_shape *shape, xd_table *t, size_t from, size_t to)
{
    const xd_rows_sheet *sheet = &shape->rows->sheets.at[t->sheet];
    if (sheet->name.n > 0) {
        *xd_push(cx->arena, &t->titles) = sheet->name;
    }
    for (size_t i = from; i < to; i++) {
        seen s;
        if (!see(cx, shape, i, &s)) {
            return false;
        }
        shape->kinds[i] = (unsigned char)(s.row.number <= 0 ? XD_ROW_CONTEXT
                                          : s.own.n == 0    ? XD_ROW_BLANK
                                                            : XD_ROW_TITLE);
        for (size_t c = 0; c < s.row.n && t->titles.n < 64; c++) {
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

/* The first good header in rows from … to; a later one within three rows that knows clearly
 * more columns is the real one (the first was a title that happened to use such words). */
static bool find_header(xd_ctx *cx, const xd_shape *shape, size_t from, size_t to, size_t end,
                        xd_header *ret)
{
    *ret = (xd_header){0};
    size_t last = to;
    for (size_t pass = 0; pass < 2 && ret->known == 0; pass++) {
        for (size_t i = from; i < last; i++) {
            xd_header header;
            seen s;
            if (!see(cx, shape, i, &s)) {
                return false;
            }
            if (s.own.n == 0 || (s.own.single && s.own.text.n > 40)) {
                continue;
            }
            if (!xd_header_at(cx, shape, shape->type, i, end, pass == 1, &header)) {
                return false;
            }
            if (s.row.header) {
                *ret = header;
                return true;
            }
            if (xd_header_good(&header) && header.known > ret->known + (ret->known > 0)) {
                last = ret->known == 0 && i + 4 < last ? i + 4 : last;
                *ret = header;
            }
        }
    }
    return true;
}

/* Whether a sheet is rather a table of another type: its title or name says so, or its header
 * knows more of that type. */
static bool other_type(xd_ctx *cx, const xd_shape *shape, const xd_header *header, size_t from,
                       size_t end, size_t sheet, const xd_type **ret_type)
{
    *ret_type = NULL;
    xd_str words = shape->rows->sheets.at[sheet].name;
    for (size_t i = from; i < header->at; i++) {
        seen s;
        if (!see(cx, shape, i, &s)) {
            return false;
        }
        words = xd_str_join(cx->arena, words, s.own.text);
    }
    xd_str mine = xd_label_in(&shape->type->label, XD_ZH);
    bool says_mine = mine.n > 0 && xd_str_find(words, mine, 0) != SIZE_MAX;
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
        if (as.has_title &&
            ((says && as.known >= header->known) || as.known >= header->known + 3)) {
            *ret_type = type;
            return true;
        }
    }
    return true;
}

/* ---- one row ----------------------------------------------------------------------------- */

static xd_str text_at(xd_ctx *cx, const seen *s, size_t c)
{
    return c == SIZE_MAX ? XD_S("") : xd_row_text(cx->arena, &s->row, c);
}

static bool is_repeat(xd_ctx *cx, const xd_table *t, const seen *s)
{
    for (size_t r = 0; r < t->depth; r++) {
        size_t same = 0, other = 0;
        for (size_t c = 0; c < t->n; c++) {
            xd_str text = xd_cell_one_line(cx->arena, text_at(cx, s, c));
            xd_str raw = t->raw[r * t->n + c];
            if (text.n == 0) {
                continue;
            }
            bool equal = xd_str_eq(text, raw) ||
                         (raw.n > 0 &&
                          xd_str_eq(xd_fold_key(cx->arena, text), xd_fold_key(cx->arena, raw)));
            same += equal;
            other += !equal;
            if (other > 2 && other > same) {
                break;
            }
        }
        if (same > 0 && same >= other * 2 && (same >= 2 || t->n == 1)) {
            return true;
        }
    }
    return false;
}

/* All that stands in the row besides cell `except` is numbers or nothing. */
static bool only_counts(xd_ctx *cx, const seen *s, size_t except)
{
    xd_str said = except < s->row.n ? xd_row_text(cx->arena, &s->row, except) : (xd_str){0};
    for (size_t c = 0; c < s->row.n; c++) {
        xd_str text = text_at(cx, s, c);
        if (c != except && text.n > 0 && !xd_str_eq(text, said) && !xd_cell_is_count(text) &&
            !xd_cell_is_nothing(text) && !xd_cell_is_total(text)) {
            xd_str number = text;
            while (number.n > 0 && memchr("0123456789.,%", number.p[0], 13) != NULL) {
                number = xd_str_sub(number, 1, number.n);
            }
            if (number.n > 0) {
                return false;
            }
        }
    }
    return true;
}

static bool is_total(xd_ctx *cx, const xd_table *t, const seen *s)
{
    size_t tried = 0;
    for (size_t c = 0; c < s->row.n && tried < 3; c++) {
        xd_str text = text_at(cx, s, c);
        if (text.n == 0) {
            continue;
        }
        tried++;
        if (xd_cell_is_total(text)) {
            xd_str name = text_at(cx, s, t->title);
            return s->own.single || name.n == 0 || c == t->title || xd_str_eq(name, text) ||
                   xd_cell_is_count(name) || xd_cell_is_nothing(name);
        }
    }
    return false;
}

/* 填表人：… 审核人：… in several cells; an example row says so in its first cell. */
static bool is_footer(xd_ctx *cx, const seen *s)
{
    bool all = s->own.n > 0;
    for (size_t c = 0; c < s->row.n && all; c++) {
        xd_str text = text_at(cx, s, c);
        all = text.n == 0 || s->row.cells[c].merged || xd_cell_is_note(text);
    }
    return all;
}

static bool is_example(const seen *s)
{
    static const char *const words[] = {"示例",     "例",     "样例",    "填写示例",
                                        "填报示例", "举例",   "例：",    "示例：",
                                        "（示例）", "（例）", "example", "e.g."};
    for (size_t i = 0; i < XD_LEN(words); i++) {
        if (xd_str_eq_nocase(s->own.text, xd_str_of(words[i]))) {
            return true;
        }
    }
    return false;
}

/* Units, or column numbers 1 2 3 …, below the header. */
static bool is_units(xd_ctx *cx, const seen *s)
{
    size_t units = 0, numbers = 0;
    int64_t before = 0;
    for (size_t c = 0; c < s->row.n; c++) {
        xd_str text = text_at(cx, s, c);
        if (text.n == 0 || s->row.cells[c].merged) {
            continue;
        }
        if (xd_cell_is_unit(text)) {
            units++;
            continue;
        }
        xd_str bare = text;
        xd_str bracket = xd_cell_bracket(text);
        int64_t value = 0;
        bare = bracket.p != NULL ? bracket : bare;
        if (!xd_str_int(bare, &value) || value != before + 1) {
            return false;
        }
        before = value;
        numbers++;
    }
    return (units > 0 && numbers == 0) || (numbers >= 3 && units == 0 && s->own.n == numbers);
}

static size_t used_columns(const xd_table *t)
{
    size_t n = 0;
    for (size_t c = 0; c < t->width; c++) {
        n += t->cols[c].use == XD_COL_USED;
    }
    return n;
}

/* A row with one text below a header. */
static xd_row_kind single_kind(xd_ctx *cx, const xd_shape *shape, const xd_table *t,
                               const seen *s)
{
    static const char *const titles[] = {"名单",   "名录",   "一览表", "清单", "统计表",
                                         "汇总表", "登记表", "附件",   "附表"};
    if (xd_cell_is_note(s->own.text)) {
        return XD_ROW_NOTE;
    }
    xd_heading heading = xd_heading_of(cx, shape->model, shape->type, t, s->own.text);
    if (heading.division != NULL) {
        return XD_ROW_SECTION;
    }
    bool alone = used_columns(t) <= 1;
    bool here =
        s->own.first == t->title || (t->blocks > 1 && s->own.first % t->width == t->title);
    for (size_t i = 0; i < XD_LEN(titles) && !alone; i++) {
        if (xd_str_ends(s->own.text, xd_str_of(titles[i]))) {
            return XD_ROW_TITLE;
        }
    }
    if (alone && here && !(heading.looks && heading.known)) {
        return XD_ROW_DATA;
    }
    if (heading.known || heading.looks || !here) {
        return XD_ROW_SECTION;
    }
    /* A bare name: a row of which nothing more is known, unless rows are numbered in a column
     * of their own and this one is not, or the name is spread over the sheet. */
    bool spread = s->own.first + 1 < s->row.n && s->row.cells[s->own.first + 1].merged;
    return t->ordinal != SIZE_MAX || spread ? XD_ROW_SECTION : XD_ROW_DATA;
}

/* A column that a record may fill over several rows: lists of texts and names, long texts. */
static bool may_go_on(const xd_shape *shape, const xd_field *f)
{
    return f != NULL && ((f->many && (f->kind == XD_KIND_TEXT || f->kind == XD_KIND_LINK)) ||
                         f == shape->type->summary || f->kind == XD_KIND_MARKDOWN);
}

/* Only lists and long texts, no name, no number of its own: more of the record above. */
static bool is_more(xd_ctx *cx, const xd_shape *shape, const xd_table *t, const seen *s)
{
    if (t->title == SIZE_MAX || t->data == 0) {
        return false;
    }
    bool title_filled = t->title < s->row.n && s->row.cells[t->title].merged;
    if (title_filled) {
        return xd_str_eq(xd_cell_name(cx->arena, text_at(cx, s, t->title)),
                         t->cols[t->title].last);
    }
    if (text_at(cx, s, t->title).n > 0) {
        return false;
    }
    if (t->ordinal != SIZE_MAX && text_at(cx, s, t->ordinal).n > 0 &&
        !s->row.cells[t->ordinal].merged) {
        return false;
    }
    bool any = false;
    for (size_t c = 0; c < t->width && c < s->row.n; c++) {
        if (text_at(cx, s, c).n == 0 || s->row.cells[c].merged) {
            continue;
        }
        const xd_shape_col *col = &t->cols[c];
        if (col->use == XD_COL_USED && !may_go_on(shape, col->column.field)) {
            return false;
        }
        any |= col->use == XD_COL_USED;
    }
    return any;
}

static xd_row_kind kind_of(xd_ctx *cx, const xd_shape *shape, xd_table *t, const seen *s)
{
    if (s->row.number <= 0) {
        return XD_ROW_CONTEXT;
    }
    if (s->own.n == 0) {
        bool geometry = false;
        for (size_t c = 0; c < s->row.n; c++) {
            geometry |= s->row.cells[c].kind == XD_CELL_GEOMETRY;
        }
        return geometry ? XD_ROW_DATA : XD_ROW_BLANK;
    }
    if (t->in_notes && s->own.single) {
        return XD_ROW_NOTE;
    }
    if (is_total(cx, t, s)) {
        return XD_ROW_TOTAL;
    }
    if (s->own.single) {
        return single_kind(cx, shape, t, s);
    }
    if (is_repeat(cx, t, s)) {
        return XD_ROW_REPEAT;
    }
    if (t->data == 0 && is_units(cx, s)) {
        return XD_ROW_UNITS;
    }
    if (is_footer(cx, s)) {
        return XD_ROW_NOTE;
    }
    if (t->data == 0 && is_example(s)) {
        return XD_ROW_UNITS;
    }
    size_t name = text_at(cx, s, t->title).n > 0 ? t->title : s->own.first;
    if (name != SIZE_MAX && only_counts(cx, s, name) &&
        xd_heading_of(cx, shape->model, shape->type, t, text_at(cx, s, name)).division !=
            NULL) {
        return XD_ROW_SECTION; /* 合肥市 | 5 */
    }
    return is_more(cx, shape, t, s) ? XD_ROW_MORE : XD_ROW_DATA;
}

/* ---- counting ---------------------------------------------------------------------------- */

static void count_numbering(xd_ctx *cx, xd_table *t, const seen *s)
{
    xd_numbering n = xd_numbering_of(xd_cell_one_line(cx->arena, text_at(cx, s, t->title)));
    if (n.style == XD_NUMBERING_NONE) {
        return;
    }
    t->with_number++;
    t->in_order += n.value == t->last_number + 1 || n.value == 1;
    t->last_number = n.value;
}

/* keep: where texts that outlive the row are copied. */
static void count_row(xd_ctx *cx, xd_ctx *keep, xd_table *t, const seen *s)
{
    for (size_t c = 0; c < t->n; c++) {
        xd_shape_col *col = &t->cols[c];
        xd_str text = c < s->row.n ? xd_row_text(cx->arena, &s->row, c) : XD_S("");
        if (col->use != XD_COL_USED) {
            continue;
        }
        if (text.n == 0) {
            col->first_blank |= t->data == 0;
            col->blank++;
            col->run++;
            continue;
        }
        bool ditto = xd_cell_is_ditto(text);
        bool equal = col->last.n > 0 && xd_str_eq(text, col->last);
        if (col->run > 0 && col->filled > 0) {
            col->runs++;
            col->between += equal;
        }
        col->equal += (equal && col->run == 0) || ditto;
        col->run = 0;
        col->filled++;
        if (!equal && !ditto && text.n < 200) {
            xd_str kept = c == t->title ? xd_cell_name(cx->arena, text) : text;
            col->last = xd_str_copy(keep->arena, kept);
        }
    }
    if (t->title != SIZE_MAX) {
        count_numbering(cx, t, s);
    }
    t->data++;
}

static bool may_group(const xd_shape_col *col)
{
    const xd_field *f = col->column.field;
    return col->use == XD_COL_USED && f != NULL &&
           (f->kind == XD_KIND_DIVISION || f->kind == XD_KIND_TERM ||
            f->kind == XD_KIND_NUMBER || f->kind == XD_KIND_PERIOD || f->kind == XD_KIND_LINK ||
            f->same_as_last);
}

/* What blanks in a column mean, now that all of it was seen. */
static void settle(xd_table *t)
{
    for (size_t c = 0; c < t->n; c++) {
        xd_shape_col *col = &t->cols[c];
        if (!may_group(col) || col->blank == 0 || col->filled == 0 || col->first_blank) {
            continue;
        }
        bool before_name = t->title != SIZE_MAX && c % t->width < t->title;
        if (before_name && col->equal == 0) {
            col->fill = XD_FILL_LEAD;
        } else if (col->runs > 0 && col->between == col->runs &&
                   (before_name || col->column.field->kind == XD_KIND_DIVISION)) {
            /* Behind the name, what a record is not known to be stays unknown. */
            col->fill = XD_FILL_BETWEEN;
        }
    }
    bool one = t->data == 1 && t->with_number == 1 && t->last_number == 1;
    t->numbered = one || (t->with_number >= 2 && t->with_number * 10 >= t->data * 6 &&
                          t->in_order * 10 >= t->with_number * 8);
}

/* ---- a sheet ----------------------------------------------------------------------------- */

static bool outside(xd_ctx *cx, xd_shape *shape, size_t sheet, size_t from, size_t to,
                    const xd_type *looks_like)
{
    for (size_t i = from; i < to; i++) {
        seen s;
        if (!see(cx, shape, i, &s)) {
            return false;
        }
        bool blank = s.own.n == 0;
        shape->kinds[i] = (unsigned char)(s.row.number <= 0 ? XD_ROW_CONTEXT
                                          : blank           ? XD_ROW_BLANK
                                                            : XD_ROW_OUTSIDE);
        xd_str crs = xd_cell_crs(cx->arena, s.own.text);
        shape->crs = shape->crs.p == NULL && crs.p != NULL ? crs : shape->crs;
    }
    *xd_push(cx->arena, &shape->outside) = shape->rows->sheets.at[sheet].name;
    *xd_push(cx->arena, &shape->other) = looks_like;
    return true;
}

/* No header: the table before goes on, or the columns tell themselves. *ret_table NULL: neither. */
static bool without_header(xd_ctx *cx, xd_shape *shape, size_t sheet, size_t from, size_t to,
                           xd_table **ret_table)
{
    *ret_table = NULL;
    size_t n = 0, wide = 0, first = from;
    for (size_t i = from; i < to && i < from + WINDOW; i++) {
        seen s;
        if (!see(cx, shape, i, &s)) {
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
    } else if (!xd_columns_guess(cx, shape, first, to, &header.cols, &header.n)) {
        return false;
    }
    if (header.n == 0) {
        return true;
    }
    xd_table *t = open_table(cx, shape, sheet, &header);
    t->borrowed = borrowed;
    t->guessed = !borrowed;
    if (borrowed && t->crs.p == NULL) {
        t->crs = before->crs;
    }
    *ret_table = t;
    return take_titles(cx, shape, t, from, first);
}

static bool start_table(xd_ctx *cx, xd_shape *shape, size_t sheet, size_t from, size_t to,
                        xd_table **ret_table)
{
    xd_header header;
    const xd_type *other = NULL;
    size_t window = from + WINDOW < to ? from + WINDOW : to;
    *ret_table = NULL;
    if (!find_header(cx, shape, from, window, to, &header)) {
        return false;
    }
    if (header.known == 0) {
        if (!without_header(cx, shape, sheet, from, to, ret_table)) {
            return false;
        }
        return *ret_table != NULL || outside(cx, shape, sheet, from, to, NULL);
    }
    if (!other_type(cx, shape, &header, from, to, sheet, &other)) {
        return false;
    }
    if (other != NULL) {
        return outside(cx, shape, sheet, from, to, other);
    }
    xd_table *t = open_table(cx, shape, sheet, &header);
    mark(shape, header.at, header.at + header.depth, XD_ROW_HEADER);
    seen s;
    if (!see(cx, shape, header.at, &s)) {
        return false;
    }
    t->header_row = s.row.number;
    *ret_table = t;
    return take_titles(cx, shape, t, from, header.at);
}

/* After a gap or a line of text a new header may stand; elsewhere only when the name's own cell
 * is a header's word. */
static bool may_be_header(const xd_shape *shape, const xd_table *t, const seen *s, xd_ctx *cx,
                          bool after_gap)
{
    if (s->own.single || s->own.n < 2) {
        return false;
    }
    xd_column column;
    xd_str name = text_at(cx, s, t->title);
    return after_gap || (name.n > 0 && name.n <= 30 &&
                         xd_column_find(shape->model, shape->type, name, &column));
}

static bool is_gap(xd_row_kind kind)
{
    return kind == XD_ROW_BLANK || kind == XD_ROW_TITLE || kind == XD_ROW_SECTION ||
           kind == XD_ROW_NOTE || kind == XD_ROW_TOTAL || kind == XD_ROW_CONTEXT;
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

static void note_crs(xd_ctx *cx, xd_ctx *keep, xd_table *t, const seen *s)
{
    for (size_t c = 0; c < s->row.n && t->crs.p == NULL; c++) {
        xd_str crs = xd_cell_crs(cx->arena, text_at(cx, s, c));
        t->crs = crs.p == NULL ? (xd_str){0} : xd_str_copy(keep->arena, crs);
    }
}

/* Rows of an open table from i on; *ret_next is where the next table starts. */
static bool walk_table(xd_ctx *cx, xd_ctx *row_cx, xd_shape *shape, size_t at, size_t to,
                       size_t *ret_next)
{
    xd_row_kind before = XD_ROW_HEADER;
    size_t titles_from = SIZE_MAX;
    for (size_t i = shape->tables.at[at].first; i < to; i++) {
        xd_table *t = &shape->tables.at[at];
        seen s;
        xd_ctx_reset(row_cx);
        if (!xd_go_on(cx) || !see(row_cx, shape, i, &s)) {
            return xd_scratch_fail(cx, row_cx);
        }
        xd_row_kind kind = kind_of(row_cx, shape, t, &s);
        bool header = false;
        if ((kind == XD_ROW_DATA || kind == XD_ROW_MORE) &&
            may_be_header(shape, t, &s, row_cx, is_gap(before)) &&
            !is_new_header(row_cx, shape, i, to, &header)) {
            return xd_scratch_fail(cx, row_cx);
        }
        if (header) {
            *ret_next = titles_from == SIZE_MAX ? i : titles_from;
            t->to = *ret_next;
            return true;
        }
        shape->kinds[i] = (unsigned char)kind;
        /* Lines of text right above a new header are its titles. */
        bool text = kind == XD_ROW_TITLE || kind == XD_ROW_SECTION || kind == XD_ROW_CONTEXT ||
                    kind == XD_ROW_BLANK;
        titles_from = !text ? SIZE_MAX : titles_from == SIZE_MAX ? i : titles_from;
        if (kind == XD_ROW_NOTE || kind == XD_ROW_CONTEXT || kind == XD_ROW_TITLE) {
            note_crs(row_cx, cx, t, &s);
            t->in_notes |=
                kind == XD_ROW_NOTE && s.own.single && xd_cell_opens_notes(s.own.text);
        } else if (kind == XD_ROW_DATA) {
            count_row(row_cx, cx, t, &s);
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
    xd_shape shape = {.rows = rows, .model = model, .type = type};
    shape.kinds = xd_new_n(cx->arena, unsigned char, rows->at.n + 1);
    xd_ctx row_cx;
    xd_scratch_begin(&row_cx, cx);
    bool ok = true;
    for (size_t s = 0; ok && s < rows->sheets.n; s++) {
        size_t next = rows->sheets.at[s].from, to = rows->sheets.at[s].to;
        while (ok && next < to) {
            xd_table *t = NULL;
            ok = start_table(cx, &shape, s, next, to, &t);
            if (!ok || t == NULL) {
                break;
            }
            if (shape.tables.n > TABLES) {
                ok = xd_fail(cx, XD_LIMIT, "more than %d tables", TABLES);
                break;
            }
            size_t at = shape.tables.n - 1;
            ok = walk_table(cx, &row_cx, &shape, at, to, &next);
            settle(&shape.tables.at[at]);
        }
    }
    xd_ctx_end(&row_cx);
    *ret_shape = shape;
    return ok;
}
