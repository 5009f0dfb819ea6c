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

/* ---- meaning ----------------------------------------------------------------------------- */

static bool same_meaning(const xd_column *a, const xd_column *b)
{
    return a->field == b->field && xd_str_eq(a->part, b->part);
}

static bool taken(const xd_shape_col *cols, size_t n, const xd_column *column)
{
    for (size_t i = 0; i < n; i++) {
        if (cols[i].use == XD_COL_USED &&
            (same_meaning(&cols[i].column, column) ||
             (cols[i].second.field != NULL && cols[i].second.field == column->field))) {
            return true;
        }
    }
    return false;
}

static bool is_ignore(const xd_column *column)
{
    return column->field == NULL && xd_str_eq(column->part, XD_S("ignore"));
}

static bool takes_many(const xd_column *column)
{
    return column->field != NULL && column->field->many;
}

static void give(xd_shape_col *cols, size_t n, size_t i, const xd_column *column)
{
    xd_str header = cols[i].header;
    cols[i].column = *column;
    cols[i].column.header = header;
    if (is_ignore(column)) {
        cols[i].use = XD_COL_IGNORE;
    } else if (column->field == NULL && xd_str_eq(column->part, XD_S("computed"))) {
        cols[i].use = XD_COL_COMPUTED;
    } else {
        cols[i].use = taken(cols, n, column) && !takes_many(column) ? XD_COL_TWIN : XD_COL_USED;
    }
}

/* The field of `type` that plays the part which `field` plays in `other`; NULL. */
static const xd_field *same_role(const xd_type *other, const xd_field *field,
                                 const xd_type *type)
{
    if (field == other->division || field == other->place || field == other->time) {
        return field == other->division ? type->division
               : field == other->place  ? type->place
                                        : type->time;
    }
    const xd_field *same = xd_field_find(type, field->name);
    bool title = field == other->title || same == type->title;
    return title || same == NULL || same->vocabulary != field->vocabulary ? NULL : same;
}

/* # over running numbers: signs alone are nobody's header. */
static bool is_sign(xd_str header)
{
    size_t n = 0;
    while (n < header.n && memchr("#*-.", header.p[n], 4) != NULL) {
        n++;
    }
    return n == header.n;
}

/* Where, when and in which division are said in the same words whatever the table is of, and so is
 * what fields of one name are about: what one type's headers have not, another's may. */
static bool find(const xd_shape *shape, const xd_type *type, xd_str header, xd_column *ret)
{
    if (header.n == 0 || header.n >= 300) {
        return false;
    }
    if (is_sign(header)) {
        *ret = (xd_column){header, NULL, XD_S("ignore")};
        return true;
    }
    if (xd_column_find(shape->model, type, header, ret)) {
        return true;
    }
    for (size_t i = 0; i < xd_model_types(shape->model); i++) {
        const xd_type *other = xd_model_type(shape->model, i);
        xd_column column;
        if (other == type || !xd_column_find(shape->model, other, header, &column)) {
            continue;
        }
        if (column.field == NULL && is_ignore(&column)) {
            *ret = (xd_column){header, NULL, column.part};
            return true;
        }
        if (column.field != NULL) {
            const xd_field *field = same_role(other, column.field, type);
            if (field != NULL && field->kind == column.field->kind) {
                *ret = (xd_column){header, field, column.part};
                return true;
            }
        }
    }
    return false;
}

static xd_str joined(xd_ctx *cx, const xd_strs *texts, bool backwards)
{
    xd_str all = {0};
    for (size_t i = 0; i < texts->n; i++) {
        all = xd_str_join(cx->arena, all, texts->at[backwards ? texts->n - 1 - i : i]);
    }
    return all;
}

/* 海拔 under 地理坐标, beside 东经 and 北纬: what the common header says is said by these. */
static bool has_axis(const xd_shape_col *cols, size_t n, const xd_column *column)
{
    for (size_t i = 0; i < n; i++) {
        if (cols[i].use == XD_COL_USED && column->field != NULL &&
            column->field->kind == XD_KIND_PLACE && cols[i].column.field == column->field &&
            xd_str_eq(column->part, XD_S("both")) &&
            !xd_str_eq(cols[i].column.part, XD_S("both"))) {
            return true;
        }
    }
    return false;
}

/* Second round for columns of several texts that together mean nothing. */
static void give_parts(xd_ctx *cx, const xd_shape *shape, const xd_type *type,
                       xd_shape_col *cols, size_t n, size_t i, const xd_strs *texts)
{
    xd_column column;
    xd_strs tries = {0};
    *xd_push(cx->arena, &tries) = texts->at[texts->n - 1];
    *xd_push(cx->arena, &tries) = joined(cx, texts, true);
    for (size_t k = texts->n - 1;
         k-- > 0;) { /* 地理坐标/东经/度 is 东经 rather than 地理坐标 */
        *xd_push(cx->arena, &tries) = texts->at[k];
    }
    for (size_t k = 0; k < tries.n; k++) {
        if (find(shape, type, tries.at[k], &column) &&
            !(k >= 2 && has_axis(cols, n, &column)) &&
            (!taken(cols, n, &column) || takes_many(&column))) {
            give(cols, n, i, &column);
            return;
        }
    }
}

/* ---- guessing ---------------------------------------------------------------------------- */

/* Words that may stand before a header without changing what it speaks of, and behind it. */
static const char *const before_words[] = {
    "工业", "遗产", "遗存", "遗址", "项目", "企业", "单位", "主要",       "现有",
    "现存", "具体", "详细", "所在", "所属", "所处", "全部", "申报",       "认定",
    "公布", "普查", "调查", "名录", "资源", "点位", "该",   "本",         "原",
    "的",   "拟",   "隶属", "每周", "日常", "每日", "目前", "现行",       "对外",
    "当前", "总体", "建议", "主体", "现状", "证载", "实测", "核定",       "原有",
    "总",   "文物", "可",   "厂区", "园区", "场馆", "site", "industrial", "the",
};
static const char *const behind_words[] = {"清单", "情况", "说明", "描述", "内容",
                                           "列表", "名单", "概述", "信息", "明细",
                                           "一览", "等",   "info", "label"};

/* Bytes of a filling word that s begins with: one of the list, or the end of the type's label
 * (博物馆 of 工业博物馆). 0: none. */
static size_t filling(const xd_type *type, xd_str s)
{
    size_t best = 0;
    for (size_t i = 0; i < XD_LEN(before_words); i++) {
        xd_str word = xd_str_of(before_words[i]);
        best = xd_str_starts(s, word) && word.n > best ? word.n : best;
    }
    xd_str label = type->label.in[XD_ZH];
    for (size_t at = 0; label.n >= 6 && at + 6 <= label.n; (void)xd_utf8_next(label, &at)) {
        xd_str end = xd_str_sub(label, at, label.n);
        best = xd_str_starts(s, end) && end.n > best ? end.n : best;
    }
    xd_str words = type->label.in[XD_EN], word; /* museumName of an industrial museum */
    while (xd_str_cut(&words, ' ', &word)) {
        xd_str head = xd_str_sub(s, 0, word.n);
        best = word.n >= 4 && word.n > best && xd_str_eq_nocase(head, word) ? word.n : best;
    }
    return best;
}

static xd_str without_tail(xd_str s)
{
    size_t n = s.n; /* 核心物项1, 核心物项2 … */
    while (n > 0 && s.p[n - 1] >= '0' && s.p[n - 1] <= '9') {
        n--;
    }
    if (n > 0 && n < s.n) {
        return xd_str_sub(s, 0, n);
    }
    for (size_t i = 0; i < XD_LEN(behind_words); i++) {
        xd_str word = xd_str_of(behind_words[i]);
        if (s.n > word.n && xd_str_ends(s, word)) {
            return xd_str_sub(s, 0, s.n - word.n);
        }
    }
    return s;
}

/* Ends of headers that say the same: 起始年份 is 起始时间, 停用年月 is 停用时间. */
#define ENDS_MOST 8
static const char *const like_ends[][ENDS_MOST] = {
    {"时间",  "年代", "年份", "日期", "年月", "年度", "时期"},
    {"级别", "等级", "层级"        },
    {"类别", "类型",         "门类",  "分类"         },
    {"地址", "地点",         "位置"        },
    {"编号",         "编码",          "代码"},
    {"情况",  "状况", "现状", "状态" },
};

/* Where two things are named at once: 建成及停产时间, 始建、停用年份. */
static size_t joint_at(xd_str s)
{
    static const char *const joints[] = {"及", "和", "与", "或", "、", "/"};
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < XD_LEN(joints); i++) {
        size_t at = xd_str_find(s, xd_str_of(joints[i]), 0);
        best = at < best ? at : best;
    }
    return best == 0 ? SIZE_MAX : best;
}

/* The header with another end of the same meaning, and the first of two things named. The end
 * alone is not enough: 普查时间 says when somebody came, not when something was built. */
static bool find_like(xd_ctx *cx, const xd_shape *shape, const xd_type *type, xd_str header,
                      xd_column *ret)
{
    for (size_t row = 0; row < XD_LEN(like_ends); row++) {
        for (size_t e = 0; e < ENDS_MOST && like_ends[row][e] != NULL; e++) {
            xd_str end = xd_str_of(like_ends[row][e]);
            if (header.n <= end.n || !xd_str_ends(header, end)) {
                continue;
            }
            xd_str stem = xd_str_sub(header, 0, header.n - end.n);
            size_t joint = joint_at(stem);
            for (size_t k = 0; k < ENDS_MOST && like_ends[row][k] != NULL; k++) {
                xd_str other = xd_str_of(like_ends[row][k]);
                xd_str first = xd_str_sub(stem, 0, joint == SIZE_MAX ? 0 : joint);
                if (find(shape, type, xd_str_join(cx->arena, stem, other), ret) ||
                    (first.n > 0 &&
                     find(shape, type, xd_str_join(cx->arena, first, other), ret))) {
                    return true;
                }
            }
        }
    }
    return false;
}

/* Take filling words away from the front, until what is left is known. */
static bool guess_from(xd_ctx *cx, const xd_shape *shape, const xd_type *type,
                       xd_shape_col *cols, size_t n, size_t i, xd_str text)
{
    xd_str rest = xd_fold_key(cx->arena, text);
    for (bool first = true; rest.n > 0 && rest.n <= 120; first = false) {
        xd_column column;
        bool known = (!first && find(shape, type, rest, &column)) ||
                     find(shape, type, without_tail(rest), &column) ||
                     (first && find_like(cx, shape, type, rest, &column));
        if (known && !is_ignore(&column) && (!taken(cols, n, &column) || takes_many(&column))) {
            give(cols, n, i, &column);
            cols[i].guessed = true;
            return true;
        }
        size_t fill = filling(type, rest);
        if (fill == 0) {
            return false;
        }
        rest = xd_str_sub(rest, fill, rest.n);
    }
    return false;
}

/* Where the last dot stands; SIZE_MAX: none. */
static size_t last_dot(xd_str s)
{
    size_t at = s.n;
    while (at > 0 && s.p[at - 1] != '.') {
        at--;
    }
    return at == 0 ? SIZE_MAX : at - 1;
}

/* owner.name out of nested data: what names a thing inside another says the other; anything else but
 * a name says what it does alone (address.city). */
static void guess_dotted(const xd_shape *shape, const xd_type *type, xd_shape_col *cols,
                         size_t n, size_t i)
{
    static const char *const names[] = {"name", "label", "title", "value", "text", "名称"};
    xd_str whole = cols[i].header;
    size_t dot = last_dot(whole);
    if (dot == SIZE_MAX || dot == 0 || dot + 1 >= whole.n) {
        return;
    }
    xd_str last = xd_str_sub(whole, dot + 1, whole.n), before = xd_str_sub(whole, 0, dot);
    size_t upper = last_dot(before);
    before = xd_str_sub(before, upper == SIZE_MAX ? 0 : upper + 1, before.n);
    bool name = false;
    for (size_t k = 0; k < XD_LEN(names); k++) {
        name |= xd_str_eq_nocase(last, xd_str_of(names[k]));
    }
    xd_column column;
    bool known = find(shape, type, name ? before : last, &column);
    if (known && column.field != NULL && column.field != type->title &&
        (!taken(cols, n, &column) || takes_many(&column))) {
        give(cols, n, i, &column);
        cols[i].guessed = true;
    }
}

typedef struct offer {
    const xd_shape *shape;
    const xd_type *type;
    xd_shape_col *cols;
    size_t n, i;
} offer;

static bool take_offer(void *user, xd_str header)
{
    offer *o = user;
    xd_column column;
    if (!find(o->shape, o->type, header, &column) ||
        (!is_ignore(&column) && taken(o->cols, o->n, &column) && !takes_many(&column))) {
        return false;
    }
    give(o->cols, o->n, o->i, &column);
    o->cols[o->i].guessed = true;
    return true;
}

/* 经营地址, 建筑位置: whatever is done there, it is where the thing is. */
static bool guess_address(const xd_type *type, xd_shape_col *cols, size_t n, size_t i)
{
    static const char *const ends[] = {"地址", "位置", "地点", "坐落"};
    static const char *const others[] = {"联系", "注册", "网", "邮", "通讯", "收件", "原"};
    const xd_field *f = type->division == NULL ? NULL : type->division->otherwise;
    xd_str words = cols[i].header;
    bool is = false;
    for (size_t k = 0; k < XD_LEN(ends); k++) {
        is |= xd_str_ends(words, xd_str_of(ends[k]));
    }
    for (size_t k = 0; k < XD_LEN(others); k++) {
        is &= xd_str_find(words, xd_str_of(others[k]), 0) == SIZE_MAX;
    }
    if (!is || f == NULL || f->kind != XD_KIND_TEXT || f == type->rest || words.n > 30) {
        return false;
    }
    xd_column column = {words, f, f->langs.at[0]};
    if (taken(cols, n, &column)) {
        return false;
    }
    give(cols, n, i, &column);
    cols[i].guessed = true;
    return true;
}

/* 问询电话, 联系热线: to the public where the words say so, else a number to be kept from it. */
static bool guess_phone(const xd_shape *shape, const xd_type *type, xd_shape_col *cols,
                        size_t n, size_t i)
{
    static const char *const ends[] = {"电话", "热线", "座机", "电话号码"};
    static const char *const open[] = {"问询", "咨询", "预约", "预订", "订票",
                                       "服务", "接待", "参观", "公开", "对外",
                                       "热线", "投诉", "前台", "游客", "票务"};
    xd_str words = cols[i].header;
    bool is = false, public = false;
    xd_column column = {.header = words};
    for (size_t k = 0; k < XD_LEN(ends); k++) {
        is |= xd_str_ends(words, xd_str_of(ends[k]));
    }
    for (size_t k = 0; k < XD_LEN(open); k++) {
        public |= xd_str_find(words, xd_str_of(open[k]), 0) != SIZE_MAX;
    }
    for (size_t k = 0; is && public && k < type->n_fields && column.field == NULL; k++) {
        const xd_field *f = &type->fields[k];
        column.field = f->kind == XD_KIND_PHONE && !f->retired ? f : NULL;
    }
    if (!is || words.n > 36 ||
        (column.field == NULL && !find(shape, type, XD_S("联系电话"), &column)) ||
        column.field == NULL || (taken(cols, n, &column) && !takes_many(&column))) {
        return false;
    }
    give(cols, n, i, &column);
    cols[i].guessed = true;
    return true;
}

/* With what stands in brackets, which may be the language, and without. */
static void guess(xd_ctx *cx, const xd_shape *shape, const xd_type *type, xd_shape_col *cols,
                  size_t n, size_t i)
{
    xd_str whole = cols[i].header, bracket = xd_cell_bracket(whole);
    if (!guess_from(cx, shape, type, cols, n, i, whole) && bracket.p != NULL &&
        bracket.p > whole.p + 3) {
        (void)guess_from(cx, shape, type, cols, n, i,
                         xd_str_sub(whole, 0, (size_t)(bracket.p - whole.p)));
    }
    if (cols[i].use == XD_COL_UNKNOWN &&
        (guess_address(type, cols, n, i) || guess_phone(shape, type, cols, n, i))) {
        return;
    }
    if (cols[i].use == XD_COL_UNKNOWN && type == shape->type && shape->letters != NULL) {
        offer o = {shape, type, cols, n, i};
        (void)xd_header_letters(cx, shape->letters, type, whole, take_offer, &o);
    }
    if (cols[i].use == XD_COL_UNKNOWN) {
        guess_dotted(shape, type, cols, n, i);
    }
}

bool xd_header_give(xd_ctx *cx, const xd_shape *shape, xd_shape_col *cols, size_t n, size_t i)
{
    xd_column column;
    if (find(shape, shape->type, cols[i].header, &column)) {
        give(cols, n, i, &column);
    } else {
        guess(cx, shape, shape->type, cols, n, i);
    }
    return cols[i].use != XD_COL_UNKNOWN;
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
            if (cols[k].use == XD_COL_USED && same_meaning(&cols[k].column, &cols[i].column) &&
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
        (find(shape, type, header, &whole) && is_own_header(cx, header, &whole)) ||
        !find(shape, type, first, &one) || !find(shape, type, second, &two) ||
        one.field == NULL || two.field == NULL || one.field == two.field ||
        one.field->kind == XD_KIND_PLACE || two.field->kind == XD_KIND_PLACE ||
        taken(cols, n, &one) || taken(cols, n, &two)) {
        return false;
    }
    bool swap = two.field == type->title;
    give(cols, n, i, swap ? &two : &one);
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
    if (type->parent == NULL || type->parent_field == NULL || taken(cols, n, &parent) ||
        xd_title_column_of(cols, n, type, NULL) == NULL) {
        return;
    }
    for (size_t i = 0; i < n; i++) {
        if (cols[i].use == XD_COL_UNKNOWN &&
            xd_column_find(shape->model, type->parent, cols[i].header, &column) &&
            column.field != NULL && column.field == type->parent->title) {
            parent.header = cols[i].header;
            give(cols, n, i, &parent);
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
        if (!two && find(shape, type, joined(cx, &texts[c], false), &column)) {
            give(header.cols, c, c, &column);
        }
    }
    for (size_t c = 0; c < g->n; c++) { /* when all others are known */
        bool two = texts[c].n == 1 && xd_header_parts(texts[c].at[0], &first, &second);
        if (two && !give_pair(cx, shape, type, header.cols, g->n, c, texts[c].at[0]) &&
            find(shape, type, texts[c].at[0], &column)) {
            give(header.cols, g->n, c, &column);
        }
    }
    for (size_t c = 0; c < g->n; c++) {
        if (header.cols[c].use == XD_COL_UNKNOWN && texts[c].n > 1) {
            give_parts(cx, shape, type, header.cols, g->n, c, &texts[c]);
        }
    }
    give_parent(shape, type, header.cols, g->n);
    rank_twins(cx, header.cols, g->n);
    find_sixtieths(cx, g, header.cols);
    for (size_t c = 0; guessing && c < g->n; c++) {
        if (header.cols[c].use == XD_COL_UNKNOWN && header.cols[c].header.n > 0) {
            guess(cx, shape, type, header.cols, g->n, c);
        }
    }
    for (size_t r = 0; r < g->depth; r++) {
        header.own_n = g->row[r].n > header.own_n ? g->row[r].n : header.own_n;
    }
    header.own_n = header.own_n < g->n ? header.own_n : g->n;
    count(&header);
    header.has_title = xd_title_column_of(header.cols, header.n, type, NULL) != NULL;
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
