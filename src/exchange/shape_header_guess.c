/* Headers that are none of the type's words and only resemble one: see the essay of shape_header.c. */
#include "exchange/shape_header.h"

#include "model/fold.h"

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
                if (xd_header_means(shape, type, xd_str_join(cx->arena, stem, other), ret) ||
                    (first.n > 0 &&
                     xd_header_means(shape, type, xd_str_join(cx->arena, first, other), ret))) {
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
        bool known = (!first && xd_header_means(shape, type, rest, &column)) ||
                     xd_header_means(shape, type, without_tail(rest), &column) ||
                     (first && find_like(cx, shape, type, rest, &column));
        if (known && !xd_means_ignore(&column) &&
            (!xd_col_taken(cols, n, &column) || xd_takes_many(&column))) {
            xd_col_give(cols, n, i, &column);
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
    bool known = xd_header_means(shape, type, name ? before : last, &column);
    if (known && column.field != NULL && column.field != type->title &&
        (!xd_col_taken(cols, n, &column) || xd_takes_many(&column))) {
        xd_col_give(cols, n, i, &column);
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
    if (!xd_header_means(o->shape, o->type, header, &column) ||
        (!xd_means_ignore(&column) && xd_col_taken(o->cols, o->n, &column) &&
         !xd_takes_many(&column))) {
        return false;
    }
    xd_col_give(o->cols, o->n, o->i, &column);
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
    if (xd_col_taken(cols, n, &column)) {
        return false;
    }
    xd_col_give(cols, n, i, &column);
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
        (column.field == NULL && !xd_header_means(shape, type, XD_S("联系电话"), &column)) ||
        column.field == NULL || (xd_col_taken(cols, n, &column) && !xd_takes_many(&column))) {
        return false;
    }
    xd_col_give(cols, n, i, &column);
    cols[i].guessed = true;
    return true;
}

/* With what stands in brackets, which may be the language, and without. */
void xd_col_guess(xd_ctx *cx, const xd_shape *shape, const xd_type *type, xd_shape_col *cols,
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
    if (xd_header_means(shape, shape->type, cols[i].header, &column)) {
        xd_col_give(cols, n, i, &column);
    } else {
        xd_col_guess(cx, shape, shape->type, cols, n, i);
    }
    return cols[i].use != XD_COL_UNKNOWN;
}
