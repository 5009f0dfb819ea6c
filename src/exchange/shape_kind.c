/* What a row below a header is; the order of the rules is in shape.c. */
#include "exchange/shape_in.h"

#include "model/fold.h"

static bool is_repeat(xd_ctx *cx, const xd_table *t, const xd_seen *s)
{
    for (size_t r = 0; r < t->depth; r++) {
        size_t same = 0, other = 0;
        for (size_t c = 0; c < t->n; c++) {
            xd_str text = xd_cell_one_line(cx->arena, xd_seen_text(cx, s, c));
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
static bool only_counts(xd_ctx *cx, const xd_seen *s, size_t except)
{
    xd_str said = except < s->row.n ? xd_row_text(cx->arena, &s->row, except) : (xd_str){0};
    for (size_t c = 0; c < s->row.n; c++) {
        xd_str text = xd_seen_text(cx, s, c);
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

static bool is_total(xd_ctx *cx, const xd_table *t, const xd_seen *s)
{
    size_t tried = 0;
    for (size_t c = 0; c < s->row.n && tried < 3; c++) {
        xd_str text = xd_seen_text(cx, s, c);
        if (text.n == 0) {
            continue;
        }
        tried++;
        if (xd_cell_is_total(text)) {
            xd_str name = xd_seen_text(cx, s, t->title);
            return s->own.single || name.n == 0 || c == t->title || xd_str_eq(name, text) ||
                   xd_cell_is_count(name) || xd_cell_is_nothing(name);
        }
    }
    return false;
}

static bool is_day(xd_str text)
{
    static const char marks[] = "0123456789./-  年月日〇一二三四五六七八九十";
    for (size_t at = 0; at < text.n;) {
        size_t from = at;
        (void)xd_utf8_next(text, &at);
        if (xd_str_find(xd_str_of(marks), xd_str_sub(text, from, at), 0) == SIZE_MAX) {
            return false;
        }
    }
    return xd_str_find(text, XD_S("年"), 0) != SIZE_MAX;
}

/* 填表人：… 审核人：… in several cells, or, where a record would have its name nothing, 普查队：… and a
 * day; an example row says so in its first cell. */
static bool is_footer(xd_ctx *cx, const xd_table *t, const xd_seen *s)
{
    bool all = s->own.n > 0, any = false;
    bool nameless = t->title != SIZE_MAX && xd_seen_text(cx, s, t->title).n == 0;
    bool behind = false; /* 核查人员： in the cell before, and who in this one */
    for (size_t c = 0; c < s->row.n && all; c++) {
        xd_str text = xd_seen_text(cx, s, c);
        bool note = text.n > 0 && !s->row.cells[c].merged && xd_cell_is_note(text);
        bool colon = xd_str_find(text, XD_S("："), 0) != SIZE_MAX ||
                     xd_str_find(text, XD_S(":"), 0) != SIZE_MAX;
        all = text.n == 0 || s->row.cells[c].merged || note || colon || behind ||
              (nameless && is_day(text));
        behind = text.n == 0 ? behind : note && xd_str_ends(text, XD_S("："));
        any |= note || (nameless && colon);
    }
    return all && any;
}

static bool is_example(const xd_seen *s)
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

/* — 12 — and 第 3 页 in cells of their own: what printing leaves behind. */
static bool is_page_number(xd_ctx *cx, const xd_seen *s)
{
    xd_str all = {0};
    for (size_t c = 0; c < s->row.n; c++) {
        xd_str text = xd_seen_text(cx, s, c);
        all = s->row.cells[c].merged ? all : xd_str_join(cx->arena, all, text);
        if (all.n > 30) {
            return false;
        }
    }
    static const char *const marks[] = {"-", "—", "－", "–", "第", "页"};
    bool marked = false;
    for (size_t i = 0; i < XD_LEN(marks); i++) {
        marked |= xd_str_starts(all, xd_str_of(marks[i]));
    }
    return marked && xd_cell_is_note(all);
}

/* Units, or column numbers 1 2 3 …, below the header. */
static bool is_units(xd_ctx *cx, const xd_seen *s)
{
    size_t units = 0, numbers = 0;
    int64_t before = 0;
    for (size_t c = 0; c < s->row.n; c++) {
        xd_str text = xd_seen_text(cx, s, c);
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
static bool may_go_on(const xd_shape *shape, const xd_field *f);

static xd_row_kind single_kind(xd_ctx *cx, const xd_shape *shape, const xd_table *t,
                               const xd_seen *s)
{
    static const char *const titles[] = {"名单",   "名录",   "一览表", "清单", "统计表",
                                         "汇总表", "登记表", "附件",   "附表"};
    if (xd_cell_is_note(s->own.text)) {
        return XD_ROW_NOTE;
    }
    xd_heading heading = xd_heading_of(cx, shape->model, shape->type, t, s->own.text);
    bool alone = used_columns(t) <= 1;
    size_t at = s->own.first % t->width;
    const xd_field *f = t->cols[at].use == XD_COL_USED ? t->cols[at].column.field : NULL;
    bool under = t->title == SIZE_MAX
                     ? t->cols[at].use == XD_COL_USED
                     : at > t->title && f != NULL && f == shape->type->division;
    if (t->title != SIZE_MAX && at > t->title && t->data > 0 && may_go_on(shape, f) &&
        !heading.looks && !s->row.cells[s->own.first].merged) {
        return XD_ROW_MORE; /* one more of a list: 方新中 below 王金生 */
    }
    if (under) {
        return XD_ROW_DATA; /* it stands where a record has it; the rest of the row is missing */
    }
    if (heading.division != NULL) {
        return XD_ROW_SECTION;
    }
    bool here =
        s->own.first == t->title || (t->blocks > 1 && s->own.first % t->width == t->title);
    for (size_t i = 0; i < XD_LEN(titles) && !alone && !heading.looks; i++) {
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
static bool is_more(xd_ctx *cx, const xd_shape *shape, const xd_table *t, const xd_seen *s)
{
    if (t->title == SIZE_MAX || t->data == 0) {
        return false;
    }
    bool title_filled = t->title < s->row.n && s->row.cells[t->title].merged;
    if (title_filled) {
        return xd_str_eq(xd_cell_name(cx->arena, xd_seen_text(cx, s, t->title)),
                         t->cols[t->title].last);
    }
    if (xd_seen_text(cx, s, t->title).n > 0) {
        return false;
    }
    if (t->ordinal != SIZE_MAX && xd_seen_text(cx, s, t->ordinal).n > 0 &&
        !s->row.cells[t->ordinal].merged) {
        return false;
    }
    bool any = false;
    for (size_t c = 0; c < t->width && c < s->row.n; c++) {
        if (xd_seen_text(cx, s, c).n == 0 || s->row.cells[c].merged) {
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

/* Dashes in every cell: a rule of a text table, a row struck out. */
static bool only_nothing(xd_ctx *cx, const xd_seen *s)
{
    for (size_t c = 0; c < s->row.n; c++) {
        xd_str text = xd_seen_text(cx, s, c);
        bool rule = text.n > 0;
        for (size_t i = 0; i < text.n; i++) {
            rule &= memchr("-=:+_", text.p[i], 5) != NULL;
        }
        if (text.n > 0 && !rule && !xd_cell_is_nothing(text)) {
            return false;
        }
    }
    return true;
}

/* One text over several columns, beside cells that go on from the row above: a heading in a table whose
 * last column is merged over all of it. */
static bool is_spread(xd_ctx *cx, const xd_seen *s)
{
    size_t next = s->own.first + 1, same = 0;
    while (s->own.n == 1 && next < s->row.n && s->row.cells[next].merged &&
           xd_str_eq(xd_seen_text(cx, s, next), s->own.text)) {
        next++;
        same++;
    }
    return same > 0;
}

xd_row_kind xd_kind_of(xd_ctx *cx, const xd_shape *shape, xd_table *t, const xd_seen *s)
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
    if (only_nothing(cx, s)) {
        return XD_ROW_BLANK;
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
    if (is_footer(cx, t, s) || is_page_number(cx, s)) {
        return XD_ROW_NOTE;
    }
    if (t->data == 0 && is_example(s)) {
        return XD_ROW_UNITS;
    }
    size_t name = xd_seen_text(cx, s, t->title).n > 0 ? t->title : s->own.first;
    if (name != SIZE_MAX && only_counts(cx, s, name) &&
        xd_heading_of(cx, shape->model, shape->type, t, xd_seen_text(cx, s, name)).division !=
            NULL) {
        return XD_ROW_SECTION; /* 合肥市 | 5 */
    }
    if (is_spread(cx, s) &&
        xd_heading_of(cx, shape->model, shape->type, t, s->own.text).known) {
        return XD_ROW_SECTION;
    }
    return is_more(cx, shape, t, s) ? XD_ROW_MORE : XD_ROW_DATA;
}
