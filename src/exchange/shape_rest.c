/* Columns that are ticked, and columns that mean nothing. */
#include "exchange/shape_header.h"

#include "model/fold.h"

#define TICK_ROWS 200

static bool is_one_of(xd_str text, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (xd_str_eq(text, xd_str_of(list[i]))) {
            return true;
        }
    }
    return false;
}

bool xd_cell_is_tick(xd_str text)
{
    static const char *const ticks[] = {"√",  "✓",  "✔", "☑", "■", "●", "◆", "▲",  "★",
                                        "是", "有", "V", "v", "Y", "y", "1", "对", "〇√"};
    return is_one_of(text, ticks, XD_LEN(ticks));
}

bool xd_cell_is_no_tick(xd_str text)
{
    static const char *const boxes[] = {"□",  "☐", "×", "✗", "✘", "○",
                                        "否", "N", "n", "0", "X", "x"};
    return text.n == 0 || xd_cell_is_nothing(text) || is_one_of(text, boxes, XD_LEN(boxes));
}

/* 1: a tick; -1: an empty box; 0: neither. *at moves behind it. */
static int mark_at(xd_str text, size_t *at)
{
    static const struct {
        const char *mark;
        int is;
    } marks[] = {
        {"☑", 1 },
        {"☒", 1 },
        {"✔", 1 },
        {"✓", 1 },
        {"√", 1 },
        {"■", 1 },
        {"□", -1},
        {"☐", -1},
    };
    for (size_t i = 0; i < XD_LEN(marks); i++) {
        if (xd_str_starts(xd_str_sub(text, *at, text.n), xd_str_of(marks[i].mark))) {
            *at += strlen(marks[i].mark);
            return marks[i].is;
        }
    }
    return 0;
}

xd_str xd_cell_ticked(xd_arena *arena, xd_str text)
{
    static const char *const boxes[] = {"☑", "☒", "□", "☐"};
    bool choice = false;
    if (text.n == 0 || memchr(text.p, boxes[0][0], text.n) == NULL) {
        return text; /* all of them begin with the same byte */
    }
    for (size_t i = 0; i < XD_LEN(boxes); i++) {
        choice |= xd_str_find(text, xd_str_of(boxes[i]), 0) != SIZE_MAX;
    }
    size_t start = 0;
    if (!choice || text.n > 600) {
        return text;
    }
    bool leads = mark_at(text, &start) != 0; /* ☑是 □否; else 是☑ 否□ */
    xd_buf out = {0};
    int mark = 0;
    for (size_t at = 0, from = 0; at <= text.n;) {
        size_t next = at;
        int here = at < text.n ? mark_at(text, &next) : 0;
        if (here == 0 && at < text.n) {
            (void)xd_utf8_next(text, &at);
            continue;
        }
        xd_str part = xd_str_trim(xd_str_sub(text, from, at));
        if (part.n > 0 && (leads ? mark : here) > 0) {
            xd_buf_printf(&out, "%s" XD_FMT, out.n > 0 ? "；" : "", XD_ARG(part));
        }
        mark = here;
        from = next;
        at = at < text.n ? next : text.n + 1;
    }
    xd_str kept = xd_buf_copy(&out, arena);
    xd_buf_free(&out);
    return kept;
}

/* All that stands in the column is ticks, boxes and blanks, and a tick is among it. */
static bool is_ticked(xd_ctx *cx, const xd_shape *shape, size_t from, size_t to, size_t c,
                      bool *ret_is)
{
    size_t ticks = 0;
    *ret_is = false;
    for (size_t i = from; i < to && i < from + TICK_ROWS; i++) {
        xd_source_row row;
        if (!xd_rows_get(cx, shape->rows, i, &row)) {
            return false;
        }
        xd_str text = xd_row_text(cx->arena, &row, c);
        if (xd_row_own_of(cx->arena, &row).n < 2 || (c < row.n && row.cells[c].merged)) {
            continue; /* titles, headings */
        }
        bool tick = xd_cell_is_tick(text);
        ticks += tick;
        if (!tick && !xd_cell_is_no_tick(text) && !xd_cell_is_count(text)) {
            return true;
        }
    }
    *ret_is = ticks > 0;
    return true;
}

/* The lowest header of a column. */
static xd_str lowest(const xd_header *header, size_t c)
{
    xd_str text = {0};
    for (size_t r = 0; r < header->depth; r++) {
        xd_str raw = header->raw[r * header->n + c];
        text = raw.n > 0 ? raw : text;
    }
    return text;
}

static bool has_column(const xd_header *header, const xd_field *field)
{
    for (size_t c = 0; c < header->n; c++) {
        const xd_shape_col *col = &header->cols[c];
        if (col->use == XD_COL_USED && col->column.field == field && col->tick.n == 0) {
            return true;
        }
    }
    return false;
}

/* The field of which the header is a term: the one that the header above it names, else the first
 * without a column of its own. */
static const xd_field *field_of_term(xd_ctx *cx, const xd_shape *shape, const xd_header *header,
                                     size_t c, xd_str word)
{
    const xd_type *type = shape->type;
    const xd_field *best = NULL;
    xd_column above;
    bool named =
        header->depth > 1 && xd_column_find(shape->model, type, header->raw[c], &above);
    for (size_t i = 0; i < type->n_fields; i++) {
        const xd_field *f = &type->fields[i];
        if (f->kind != XD_KIND_TERM || f->retired || f->vocabulary == NULL ||
            xd_term_read(cx, f->vocabulary, word, NULL) == NULL) {
            continue;
        }
        if (named && above.field == f) {
            return f;
        }
        best = best == NULL && !has_column(header, f) ? f : best;
    }
    return best;
}

bool xd_ticks_find(xd_ctx *cx, const xd_shape *shape, xd_header *header, size_t to)
{
    for (size_t c = 0; c < header->n; c++) {
        xd_shape_col *col = &header->cols[c];
        xd_str word = lowest(header, c);
        bool ticked = false;
        if (word.n == 0 || word.n > 60 || header->raw == NULL) {
            continue;
        }
        bool other = col->use == XD_COL_USED && col->column.field != NULL &&
                     col->column.field->kind == XD_KIND_BOOLEAN;
        if (other) {
            continue;
        }
        if (!is_ticked(cx, shape, header->at + header->depth, to, c, &ticked)) {
            return false;
        }
        const xd_field *f = ticked ? field_of_term(cx, shape, header, c, word) : NULL;
        if (f != NULL) {
            xd_str said = col->header;
            col->column = (xd_column){.header = said, .field = f, .part = XD_S("")};
            col->use = XD_COL_USED;
            col->guessed = false;
            col->tick = word;
        }
    }
    header->has_title = xd_title_column_of(header->cols, header->n, shape->type, NULL) != NULL;
    return true;
}

static bool is_nothing_to(const xd_field *f, xd_str text)
{
    bool is = false;
    for (size_t i = 0; i < f->nothing.n; i++) {
        is |= xd_str_eq(f->nothing.at[i], text);
    }
    return is;
}

/* 是否免费开放（是/否）: the answers that a form offers are no part of the question. */
static xd_str without_answers(xd_str header)
{
    static const char *const ends[] = {"（是/否）",  "(是/否)", "（是、否）", "(是、否)",
                                       "（是或否）", "？",      "?"};
    for (size_t i = 0; i < XD_LEN(ends); i++) {
        if (xd_str_ends(header, xd_str_of(ends[i]))) {
            return xd_str_trim(xd_str_sub(header, 0, header.n - strlen(ends[i])));
        }
    }
    return header;
}

xd_str xd_tick_said(xd_ctx *cx, const xd_shape_col *col, xd_str text)
{
    const xd_field *f = col->column.field;
    xd_str whole = without_answers(col->own.n > 0 ? col->own : col->header);
    xd_str asks = XD_S("是否"), what = whole, lead = XD_S("");
    size_t at = xd_str_find(whole, asks, 0);
    bool asking = at != SIZE_MAX && at + asks.n < whole.n;
    bool yes = xd_str_eq(text, XD_S("是")) || xd_str_eq(text, XD_S("√")) ||
               xd_str_eq(text, XD_S("✓")) || (asking && xd_cell_is_tick(text));
    bool no = xd_str_eq(text, XD_S("否")) || (asking && xd_str_eq(text, XD_S("×")));
    if ((!yes && !no) || is_nothing_to(f, text)) {
        return text;
    }
    if (asking) { /* 门票是否免费 */
        lead = xd_str_sub(whole, 0, at);
        what = xd_str_sub(whole, at + asks.n, whole.n);
        what = xd_str_starts(what, XD_S("为")) ? xd_str_sub(what, 3, what.n) : what;
    }
    if (f->kind != XD_KIND_TERM) {
        return no && !asking
                   ? xd_str_printf(cx->arena, XD_FMT "：" XD_FMT, XD_ARG(whole), XD_ARG(text))
                   : xd_str_printf(cx->arena, XD_FMT "%s" XD_FMT, XD_ARG(lead), no ? "不" : "",
                                   XD_ARG(what));
    }
    bool reads = f->vocabulary != NULL && xd_term_read(cx, f->vocabulary, what, NULL) != NULL;
    return yes && reads ? what
           : asking ? xd_str_printf(cx->arena, XD_FMT "：" XD_FMT, XD_ARG(whole), XD_ARG(text))
                    : text;
}

/* What GIS programs and databases number and measure by themselves. */
static bool is_technical(xd_str folded)
{
    static const char *const words[] = {
        "fid",         "objectid",  "gid",        "ogcfid",  "shapeleng",  "shapearea",
        "shapelength", "rowid",     "stlength",   "starea",  "fid1",       "objectid1",
        "pkuid",       "stylename", "tessellate", "extrude", "visibility", "altitudemode",
        "draworder",   "icon",      "begin",      "end",     "timestamp"};
    return is_one_of(folded, words, XD_LEN(words));
}

/* Columns that speak of persons are not for a field that everybody may come to read. */
bool xd_header_private(xd_str header)
{
    static const char *const words[] = {
        "身份证", "证件",   "手机",   "住址",    "性别",   "出生",   "年龄",   "银行",
        "账号",   "微信",   "QQ",     "邮箱",    "邮件",   "姓名",   "电话",   "学历",
        "面貌",   "填表人", "填报人", "审核人",  "制表人", "联系人", "采集人", "调查人",
        "录入人", "提交者", "普查员", "记录人",  "登记人", "负责人", "签字",   "签名",
        "mail",   "phone",  "mobile", "passport"};
    for (size_t i = 0; i < XD_LEN(words); i++) {
        if (xd_str_find(header, xd_str_of(words[i]), 0) != SIZE_MAX) {
            return true;
        }
    }
    return false;
}

void xd_rest_keep(xd_ctx *cx, const xd_type *type, xd_shape_col *cols, size_t n)
{
    for (size_t c = 0; c < n; c++) {
        if (cols[c].use != XD_COL_UNKNOWN || cols[c].header.n == 0) {
            continue;
        }
        if (is_technical(xd_fold_key(cx->arena, cols[c].header))) {
            cols[c].use = XD_COL_IGNORE;
            cols[c].column = (xd_column){.header = cols[c].header, .part = XD_S("ignore")};
        } else if (type->rest != NULL && !xd_header_private(cols[c].header)) {
            cols[c].use = XD_COL_KEPT;
            cols[c].column = (xd_column){.header = cols[c].header, .part = XD_S("rest")};
        }
    }
}
