/* Divisions: codes and names, in one cell or several, the deepest that is surely meant.
 *
 * Province, prefecture and county cells narrow each other: a county is looked for below the
 * prefecture, then below the province (lists that name 七台河市 as a “county” of its neighbour),
 * then at home, then anywhere; it must be the only one of its name there. A whole path in one
 * cell (安徽省宣城市泾县乌溪) is eaten from the front, longest name first. What is no division at
 * all (开发区, 高新区, a street) stays as text where the model says, and the division known so far
 * stands; a code and a name that contradict each other are refused. */
#include "model/fold.h"
#include "model/read_in.h"
#include "model/term.h"

typedef struct finder {
    xd_reader *r;
    const xd_field *field;
    const xd_vocabulary *vocabulary;
    XD_VEC(const xd_term *) found;
    const char *part; /* of the cell being read, for problems */
} finder;

static void add_found(finder *f, const xd_term *term)
{
    for (size_t i = 0; i < f->found.n; i++) {
        if (f->found.at[i] == term || xd_term_within(f->found.at[i], term)) {
            return; /* there already, or something deeper in it */
        }
        if (xd_term_within(term, f->found.at[i])) {
            f->found.at[i] = term;
            return;
        }
    }
    *xd_push(f->r->cx->arena, &f->found) = term;
}

/* "Dangshan County", "Yi'an District": the names stand without the word; a county whose name has
 * one syllable is known with it, as "Hexian" for "He County". */
static const xd_term_list *latin_meanings(finder *f, xd_str name)
{
    static const char *const words[] = {" county", " district", " city", " prefecture",
                                        " province"};
    xd_arena *arena = f->r->cx->arena;
    xd_str folded = xd_fold(arena, name);
    for (size_t i = 0; i < XD_LEN(words); i++) {
        xd_str word = xd_str_of(words[i]);
        if (folded.n > word.n && xd_str_ends(folded, word)) {
            xd_str stem = xd_str_sub(folded, 0, folded.n - word.n);
            const xd_term_list *list = xd_term_meanings(f->r->cx, f->vocabulary, stem);
            if (list != NULL || i > 0) {
                return list;
            }
            stem = xd_str_join(arena, stem, XD_S("xian"));
            return xd_term_meanings(f->r->cx, f->vocabulary, stem);
        }
    }
    return NULL;
}

/* The living term of this name in `within` (NULL: anywhere). 吉安 in 江西 is the prefecture, which
 * holds the county of that name; 吉安 in 吉安市 is the county. Several others: NULL, and *ret_count
 * says how many. */
static const xd_term *named(finder *f, xd_str name, const xd_term *within, size_t *ret_count)
{
    const xd_term_list *list = xd_term_meanings(f->r->cx, f->vocabulary, name);
    list = list != NULL ? list : latin_meanings(f, name);
    const xd_term *widest = NULL, *itself = NULL;
    size_t count = 0;
    bool nested = true;
    for (size_t i = 0; list != NULL && i < list->n; i++) {
        const xd_term *term = list->at[i];
        if (term->retired || (within != NULL && !xd_term_within(term, within))) {
            continue;
        }
        if (term == within) {
            itself = term;
            continue;
        }
        count++;
        if (widest == NULL || xd_term_within(widest, term)) {
            widest = term;
        } else {
            nested = nested && xd_term_within(term, widest);
        }
    }
    *ret_count = count > 0 ? count : itself != NULL ? 1 : 0;
    if (count == 0) {
        return itself;
    }
    return count == 1 || nested ? widest : NULL;
}

/* Nearest ring first: the context, each of its ancestors, home, everywhere. */
static const xd_term *nearest(finder *f, xd_str name, const xd_term *context,
                              bool *ret_ambiguous)
{
    size_t count = 0;
    *ret_ambiguous = false;
    for (const xd_term *ring = context; ring != NULL; ring = ring->parent) {
        const xd_term *term = named(f, name, ring, &count);
        if (term != NULL) {
            return term;
        }
        if (count > 1) {
            *ret_ambiguous = true;
            return NULL;
        }
    }
    if (context != NULL) { /* outside what the row says: not this place */
        return NULL;
    }
    const xd_term *term = named(f, name, f->vocabulary->home, &count);
    if (term == NULL && count == 0) {
        term = named(f, name, NULL, &count);
    }
    *ret_ambiguous = count > 1;
    return term;
}

/* Words that tables put where a county has no name of its own. */
static bool is_filler(xd_arena *arena, xd_str name)
{
    static const char *const words[] = {"市辖区",
                                        "县",
                                        "市本级",
                                        "本级",
                                        "市直",
                                        "省直",
                                        "省属",
                                        "省直辖县",
                                        "直辖",
                                        "市区",
                                        "省直辖县级行政区划",
                                        "自治区直辖县级行政区划",
                                        "全省",
                                        "全市"};
    xd_str key = xd_fold_key(arena, name);
    for (size_t i = 0; i < XD_LEN(words); i++) {
        if (xd_str_eq(key, xd_str_of(words[i]))) {
            return true;
        }
    }
    return false;
}

/* The longest name that text begins with below the context; *ret_n: its bytes. */
static const xd_term *longest(finder *f, xd_str text, const xd_term *context, size_t *ret_n)
{
    size_t at = 0, ends[24], n = 0;
    while (at < text.n && n < XD_LEN(ends)) {
        (void)xd_utf8_next(text, &at);
        ends[n++] = at;
    }
    while (n > 1) { /* a name has two characters at least */
        bool ambiguous;
        const xd_term *term = nearest(f, xd_str_sub(text, 0, ends[--n]), context, &ambiguous);
        bool below = term != NULL && (context == NULL || (xd_term_within(term, context)));
        if (below && term != context) {
            *ret_n = ends[n];
            return term;
        }
    }
    return NULL;
}

static xd_str skip_joints(xd_str text)
{
    static const char *const joints[] = {" ", "·",  "-",  "—",  "/", "、",
                                         ",", "，", "　", "\n", ">"};
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < XD_LEN(joints); i++) {
            if (xd_str_starts(text, xd_str_of(joints[i]))) {
                text = xd_str_sub(text, strlen(joints[i]), text.n);
                more = true;
            }
        }
    }
    return text;
}

/* 芜湖路, 黄山大道: streets that borrow a short name. */
static bool is_street(xd_str rest)
{
    static const char *const words[] = {"路", "街", "大道", "道", "巷", "弄", "里", "山",
                                        "湖", "河", "江",   "桥", "站", "村", "庄", "寺",
                                        "塔", "厂", "矿",   "钢", "酒", "茶"};
    for (size_t i = 0; i < XD_LEN(words); i++) {
        if (xd_str_starts(rest, xd_str_of(words[i]))) {
            return true;
        }
    }
    return false;
}

/* 宣城市, and 宁国县 as it was called before; 花蓮縣. */
static bool is_whole(const xd_term *term, xd_str name)
{
    return xd_str_eq(term->label.in[XD_ZH], name) ||
           (name.n >= 9 && (xd_str_ends(name, XD_S("县")) || xd_str_ends(name, XD_S("市")) ||
                            xd_str_ends(name, XD_S("縣"))));
}

/* Walk a path of names from the front; NULL when not even the first is one. *ret_sure: a full
 * name (宣城市, not 宣城) or more than one was met, so it is surely a path. */
static const xd_term *walk(finder *f, xd_str text, const xd_term *context, xd_str *ret_left,
                           bool *ret_sure)
{
    const xd_term *term = NULL;
    xd_str rest = xd_str_trim(text);
    *ret_sure = false;
    for (;;) {
        size_t n = 0;
        const xd_term *next = longest(f, rest, term == NULL ? context : term, &n);
        bool whole = next != NULL && is_whole(next, xd_str_sub(rest, 0, n));
        if (next == NULL || (!whole && is_street(xd_str_sub(rest, n, rest.n)))) {
            break;
        }
        *ret_sure = *ret_sure || whole || term != NULL;
        term = next;
        rest = skip_joints(xd_str_sub(rest, n, rest.n));
    }
    *ret_left = rest;
    return term;
}

/* "Jing County, Xuancheng, Anhui": the widest stands last. NULL unless all of it is names. */
static const xd_term *walk_back(finder *f, xd_str text, const xd_term *context)
{
    const xd_term *term = context;
    while (text.n > 0) {
        size_t from = text.n;
        while (from > 0 && text.p[from - 1] != ',') {
            from--;
        }
        bool ambiguous;
        xd_str name = xd_str_trim(xd_str_sub(text, from, text.n));
        const xd_term *next = nearest(f, name, term, &ambiguous);
        if (next == NULL || (term != NULL && !xd_term_within(next, term))) {
            return NULL;
        }
        term = next;
        text = xd_str_sub(text, 0, from == 0 ? 0 : from - 1);
    }
    return term;
}

static bool is_latin_path(xd_str text)
{
    unsigned char first = text.n == 0 ? 0 : (unsigned char)text.p[0];
    bool letter =
        (first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z') || first >= 0xC3;
    return letter && first < 0xE0 && xd_str_find(text, XD_S(","), 0) != SIZE_MAX;
}

/* The problem said last is about the cell being read. */
static void name_part(finder *f)
{
    xd_problems *problems = f->r->problems;
    if (f->part != NULL && problems->n > 0) {
        problems->at[problems->n - 1].field =
            xd_str_printf(f->r->cx->arena, XD_FMT ".%s", XD_ARG(f->field->name), f->part);
    }
}

static void keep_unknown(finder *f, xd_str name, const xd_term *context)
{
    xd_reader *r = f->r;
    xd_str over = context == NULL ? XD_S("") : xd_division_text(r->cx, r->model, context->code);
    xd_unread(
        r, f->field, "division.unknown", name,
        context == NULL
            ? xd_str_printf(r->cx->arena, "行政区划里没有“" XD_FMT "”。", XD_ARG(name))
            : xd_str_printf(r->cx->arena,
                            "行政区划里“" XD_FMT "”之下没有“" XD_FMT "”，所在地记到上一级。",
                            XD_ARG(over), XD_ARG(name)),
        context == NULL
            ? xd_str_printf(r->cx->arena, "There is no division \"" XD_FMT "\".", XD_ARG(name))
            : xd_str_printf(r->cx->arena,
                            "There is no division \"" XD_FMT "\" in " XD_FMT
                            "; the one above it stands.",
                            XD_ARG(name), XD_ARG(over)),
        XD_S("写 GB/T 2260 里的县（市、区）名或代码；开发区写所在的县（市、区）。"),
        XD_S("Write a county of GB/T 2260 or its code; for a development zone, the county "
             "it lies in."));
    name_part(f);
}

static void refuse_ambiguous(finder *f, xd_str name)
{
    const xd_term_list *list = xd_term_meanings(f->r->cx, f->vocabulary, name);
    xd_buf names = {0};
    for (size_t i = 0; list != NULL && i < list->n && i < 5; i++) {
        xd_buf_add(&names, i == 0 ? (xd_str){"", 0} : XD_S(" / "));
        xd_buf_add(&names, xd_division_text(f->r->cx, f->r->model, list->at[i]->code));
    }
    xd_str words = xd_buf_copy(&names, f->r->cx->arena);
    xd_buf_free(&names);
    xd_unread(
        f->r, f->field, "division.ambiguous", name,
        xd_str_printf(f->r->cx->arena, "“" XD_FMT "”不止一处，写上所属的市。", XD_ARG(name)),
        xd_str_printf(f->r->cx->arena,
                      "There are several \"" XD_FMT "\": name the prefecture too.",
                      XD_ARG(name)),
        words, words);
    name_part(f);
}

/* 古井贡酒股份有限公司（亳州市）, 合肥市（瑶海区）: the place of a body in the brackets that end the text,
 * below what the text before them named. */
static const xd_term *in_brackets(finder *f, xd_str text, const xd_term *over)
{
    bool plain = xd_str_ends(text, XD_S(")"));
    size_t at = SIZE_MAX;
    if (!plain && !xd_str_ends(text, XD_S("）"))) {
        return NULL;
    }
    for (size_t p = 0; (p = xd_str_find(text, plain ? XD_S("(") : XD_S("（"), p)) != SIZE_MAX;
         p++) {
        at = p;
    }
    if (at == SIZE_MAX) {
        return NULL;
    }
    xd_str inside =
        xd_str_trim(xd_str_sub(text, at + (plain ? 1 : 3), text.n - (plain ? 1 : 3)));
    bool sure = false, ambiguous;
    xd_str left = {0};
    const xd_term *term = nearest(f, inside, over, &ambiguous);
    if (term == NULL) {
        term = walk(f, inside, over, &left, &sure);
    }
    bool below = term != NULL && left.n == 0 && term != over &&
                 (over == NULL || xd_term_within(term, over));
    return below ? term : NULL;
}

/* One name, or a path, in a context. True: something was found. */
static bool take_name(finder *f, xd_str name, const xd_term *context, const xd_term **ret_term)
{
    bool ambiguous = false;
    name = xd_str_trim(name);
    if (name.n == 0 || is_filler(f->r->cx->arena, name)) {
        return false;
    }
    const xd_term *term = nearest(f, name, context, &ambiguous);
    if (term == NULL && ambiguous) {
        refuse_ambiguous(f, name);
        return false;
    }
    xd_str left = {0};
    bool sure = false;
    if (term == NULL && is_latin_path(name)) {
        term = walk_back(f, name, context);
    }
    if (term == NULL) {
        term = walk(f, name, context, &left, &sure);
    }
    if (term == NULL && context != NULL) { /* the cell may hold a whole path of its own */
        term = walk(f, name, NULL, &left, &sure);
        if (term != NULL && !xd_term_within(term, context) && !xd_term_within(context, term) &&
            term->parent != NULL && !xd_term_within(context, term->parent)) {
            term = NULL;
        }
    }
    const xd_term *inner = in_brackets(f, left, term == NULL ? context : term);
    term = inner != NULL ? inner : term;
    if (term == NULL ||
        (term == context && left.n > 0)) { /* 常州经济开发区: no more than 常州 */
        keep_unknown(f, name, context);
        return false;
    }
    if (left.n > 0 && f->field->otherwise != NULL) {
        xd_keep_text(f->r, f->field->otherwise, f->field->otherwise->langs.at[0], name);
    }
    *ret_term = term;
    return true;
}

static bool digits_only(xd_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9') {
            return false;
        }
    }
    return text.n > 0;
}

static bool has_digit(xd_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] >= '0' && text.p[i] <= '9') {
            return true;
        }
    }
    return false;
}

/* Six digits; longer ones (towns, villages) begin with them; shorter lack their zeros. */
static const xd_term *by_code(finder *f, xd_str text)
{
    char code[7] = "000000";
    if (xd_str_ends(text, XD_S(".0"))) {
        text = xd_str_sub(text, 0, text.n - 2);
    }
    if (!digits_only(text) ||
        (text.n != 2 && text.n != 4 && text.n != 6 && text.n != 9 && text.n != 12)) {
        return xd_term_find(f->vocabulary, text);
    }
    memcpy(code, text.p, text.n < 6 ? text.n : 6);
    return xd_term_find(f->vocabulary, (xd_str){code, 6});
}

static void take_codes(finder *f, xd_str text)
{
    xd_strs items;
    xd_items_split(f->r->cx, text, true, true, &items);
    for (size_t i = 0; i < items.n; i++) {
        const xd_term *term = by_code(f, items.at[i]);
        const xd_term *above = NULL;
        if (term == NULL && digits_only(items.at[i]) && items.at[i].n >= 6) {
            above = by_code(f, xd_str_sub(items.at[i], 0, 4));
            above = above != NULL ? above : by_code(f, xd_str_sub(items.at[i], 0, 2));
        }
        if (term == NULL) {
            keep_unknown(f, items.at[i], above);
        } else if (!xd_str_eq(term->code, items.at[i]) && items.at[i].n == 6) {
            XD_SAY(f->r, XD_NOTE, "division.former", f->field, items.at[i],
                   "代码“" XD_FMT "”已改为 " XD_FMT "。",
                   "The code \"" XD_FMT "\" is now " XD_FMT ".", XD_ARG(items.at[i]),
                   XD_ARG(term->code));
        }
        if (term != NULL || above != NULL) {
            add_found(f, term != NULL ? term : above);
        }
    }
}

/* ---- several in one cell ------------------------------------------------------------------- */

#define PLACES_MOST 24

/* The next piece of a list of places: what stands before a mark or a word that joins them. */
static bool cut_place(xd_str *rest, xd_str *ret_piece)
{
    static const char *const joints[] = {"、", "，", ",",  "；", ";",  "/",    "／",   "和",
                                         "及", "与", "至", "—",  "－", "–",    "-",    "~",
                                         "～", " ",  "　", "\n", "→",  "以及", "途经", "途径"};
    if (rest->n == 0) {
        return false;
    }
    size_t best = rest->n, skip = 0;
    for (size_t i = 0; i < XD_LEN(joints); i++) {
        size_t at = xd_str_find(*rest, xd_str_of(joints[i]), 0);
        if (at < best || (at == best && strlen(joints[i]) > skip)) {
            best = at;
            skip = strlen(joints[i]);
        }
    }
    *ret_piece = xd_str_trim(xd_str_sub(*rest, 0, best));
    *rest = xd_str_sub(*rest, best == rest->n ? rest->n : best + skip, rest->n);
    return true;
}

/* 芜湖、宣城、黄山三市; 合肥、六安等地: what counts or closes the list is none of its names. */
static xd_str without_count_word(xd_str text)
{
    static const char *const ends[] = {"等地", "一带", "境内", "沿线", "等市", "等县"};
    static const char *const counts[] = {"两", "二", "三", "四", "五",
                                         "六", "七", "八", "九", "十"};
    static const char *const kinds[] = {"市", "县", "区", "省", "县区", "县市", "市县", "地"};
    for (size_t i = 0; i < XD_LEN(ends); i++) {
        if (xd_str_ends(text, xd_str_of(ends[i]))) {
            return xd_str_trim(xd_str_sub(text, 0, text.n - strlen(ends[i])));
        }
    }
    for (size_t k = 0; k < XD_LEN(kinds); k++) {
        xd_str head = xd_str_sub(text, 0, text.n - strlen(kinds[k]));
        for (size_t c = 0; xd_str_ends(text, xd_str_of(kinds[k])) && c < XD_LEN(counts); c++) {
            if (xd_str_ends(head, xd_str_of(counts[c]))) {
                return xd_str_trim(xd_str_sub(head, 0, head.n - strlen(counts[c])));
            }
        }
    }
    return text;
}

/* All of a piece as one division, first beside the one before it. */
static const xd_term *whole_piece(finder *f, xd_str piece, const xd_term *before,
                                  const xd_term *context)
{
    const xd_term *rings[] = {before == NULL ? context : before->parent, context};
    for (size_t i = 0; i < XD_LEN(rings); i++) {
        bool unclear = false, sure = false;
        xd_str left = {0};
        const xd_term *term = nearest(f, piece, rings[i], &unclear);
        term = term != NULL || unclear ? term : walk(f, piece, rings[i], &left, &sure);
        if (term != NULL && left.n == 0) {
            return term;
        }
    }
    return NULL;
}

/* A cell that is nothing but names of several divisions, as what crosses them has: 六安市金安区、裕安区，
 * 合肥市肥西县; 淮南至芜湖. False, and nothing taken, where one piece is none. */
static bool take_all(finder *f, xd_str text, const xd_term *context)
{
    static const char *const fronts[] = {"从", "自", "由", "途经", "跨"};
    const xd_term *terms[PLACES_MOST];
    size_t n = 0;
    xd_str rest = without_count_word(xd_str_trim(text)), piece;
    for (size_t i = 0; i < XD_LEN(fronts); i++) {
        rest = xd_str_starts(rest, xd_str_of(fronts[i]))
                   ? xd_str_sub(rest, strlen(fronts[i]), rest.n)
                   : rest;
    }
    if (text.n > 600 || !f->field->many || is_latin_path(text)) {
        return false;
    }
    while (cut_place(&rest, &piece)) {
        const xd_term *term =
            piece.n < 6 || n == PLACES_MOST
                ? NULL
                : whole_piece(f, piece, n == 0 ? NULL : terms[n - 1], context);
        if (term == NULL) {
            return false;
        }
        terms[n++] = term;
    }
    for (size_t i = 0; n > 1 && i < n; i++) {
        add_found(f, terms[i]);
    }
    return n > 1;
}

/* Names of one cell, each below one of the contexts found so far. */
static void take_names(finder *f, xd_str text, const xd_term *context)
{
    xd_strs items;
    if (take_all(f, text, context)) {
        return;
    }
    xd_items_split(f->r->cx, text, !is_latin_path(text), false, &items);
    for (size_t i = 0; i < items.n; i++) {
        const xd_term *term = NULL;
        if (take_name(f, items.at[i], context, &term)) {
            add_found(f, term);
        }
    }
}

/* 340102 beside 宣城市泾县: two different places. */
static void compare(finder *f, const finder *by_codes, xd_str text)
{
    for (size_t i = 0; i < f->found.n; i++) {
        bool agrees = false;
        for (size_t k = 0; k < by_codes->found.n; k++) {
            agrees = agrees || xd_term_within(by_codes->found.at[k], f->found.at[i]) ||
                     xd_term_within(f->found.at[i], by_codes->found.at[k]);
        }
        if (!agrees) {
            xd_str name = xd_division_text(f->r->cx, f->r->model, f->found.at[i]->code);
            (void)xd_problem_add(
                f->r->cx, f->r->problems, XD_REFUSAL, "division.conflict", f->field->name, text,
                xd_str_printf(f->r->cx->arena, "代码“" XD_FMT "”与名称“" XD_FMT "”不是一处。",
                              XD_ARG(text), XD_ARG(name)),
                xd_str_printf(f->r->cx->arena,
                              "The code \"" XD_FMT "\" and the name \"" XD_FMT
                              "\" are different places.",
                              XD_ARG(text), XD_ARG(name)));
            return;
        }
    }
}

static void put_found(finder *f)
{
    for (size_t i = 0; i < f->found.n; i++) {
        if (i > 0 && !f->field->many) {
            XD_SAY(f->r, XD_WARNING, "division.several", f->field, f->found.at[i]->code,
                   "这一项只能有一个所在地，“" XD_FMT "”没有记。",
                   "Only one division fits here; \"" XD_FMT "\" was left out.",
                   XD_ARG(f->found.at[i]->label.in[XD_ZH]));
            continue;
        }
        xd_put_value(f->r, f->field, xd_json_string(f->r->cx->arena, f->found.at[i]->code));
    }
}

/* 安庆市宿松县二郎镇 in the column of towns says the county too. */
static void take_town(finder *f)
{
    xd_str left = {0};
    bool sure = false;
    const xd_term *over = f->found.n == 1 ? f->found.at[0] : NULL;
    const xd_term *term =
        f->r->town.n == 0 || f->found.n > 1 ? NULL : walk(f, f->r->town, over, &left, &sure);
    if (term == NULL && over != NULL) {
        term = walk(f, f->r->town, NULL, &left, &sure);
    }
    bool below = term != NULL && sure && (over == NULL || xd_term_within(term, over));
    if (below) {
        f->found.n = 0;
        add_found(f, term);
        f->r->town = left;
    }
}

bool xd_read_division(xd_reader *r, const xd_field *field, const xd_cells *cells)
{
    static const char *const parts[] = {"province", "prefecture", "county"};
    finder f = {.r = r, .field = field, .vocabulary = field->vocabulary};
    finder codes = {.r = r, .field = field, .vocabulary = field->vocabulary};
    xd_str code = xd_cell_text(cells, XD_S("code")), name = xd_cell_text(cells, XD_S("name"));
    const xd_term *context = NULL;
    r->town = xd_cell_text(cells, XD_S("town"));
    if (name.n > 0 && xd_take_json(r, field, name)) {
        return true;
    }
    for (size_t i = 0; i < XD_LEN(parts); i++) {
        xd_str text = xd_cell_text(cells, xd_str_of(parts[i]));
        if (text.n == 0) {
            continue;
        }
        f.part = parts[i];
        if (digits_only(text) && text.n >= 6) {
            take_codes(&f, text);
        } else {
            take_names(&f, text, context);
        }
        if (i < 2) { /* several prefectures leave the province as context for the county */
            context = f.found.n == 1 ? f.found.at[0] : context;
        }
    }
    take_town(&f);
    f.part = "name";
    codes.part = "code";
    if (name.n == 0 && code.n > 0 && !has_digit(code)) {
        name = code; /* 蚌山区 in a column that was taken for codes */
        code = (xd_str){0};
    }
    if (name.n > 0 && code.n == 0 && digits_only(name)) {
        code = name;
    } else if (name.n > 0) {
        take_names(&f, name, f.found.n == 1 ? f.found.at[0] : NULL);
    }
    if (code.n > 0) {
        take_codes(&codes, code);
        compare(&f, &codes, code);
        for (size_t i = 0; i < codes.found.n; i++) {
            add_found(&f, codes.found.at[i]);
        }
    }
    put_found(&f);
    return true;
}

/* 大观区、迎江区 behind 安徽省安庆市: further names beside the first, each the whole piece. */
static void take_siblings(finder *f, const xd_term *first, xd_str text)
{
    xd_strs pieces;
    xd_items_split(f->r->cx, text, true, false, &pieces);
    for (size_t i = 1; i < pieces.n && f->field->many; i++) {
        bool ambiguous;
        const xd_term *term = nearest(f, pieces.at[i], first->parent, &ambiguous);
        if (term == NULL || term->depth == 0) {
            return;
        }
        add_found(f, term);
    }
}

/* 门台镇 of a column of its own and 淮河大道1号: one address. */
static void put_town(xd_reader *r, const xd_field *address)
{
    xd_str lang = address->langs.at[0];
    xd_str text = xd_value_lang(xd_value(address, r->body, 0), lang, NULL);
    if (r->town.n == 0 || address->many || xd_str_find(text, r->town, 0) != SIZE_MAX) {
        if (r->town.n > 0 && address->many) {
            xd_keep_text(r, address, lang, r->town);
        }
        return;
    }
    xd_json *value = xd_json_object(r->cx->arena);
    const xd_json *there = xd_json_get(r->body, address->name);
    for (size_t i = 0; there != NULL && i < there->members.n; i++) {
        xd_json_set(r->cx->arena, value, there->members.at[i].key, there->members.at[i].value);
    }
    xd_json_set(r->cx->arena, value, lang,
                xd_json_string(r->cx->arena, xd_str_join(r->cx->arena, r->town, text)));
    xd_json_set(r->cx->arena, r->body, address->name, value);
}

/* An address that begins with its divisions says where it is, when no column does. */
bool xd_read_settle_division(xd_reader *r)
{
    const xd_field *field = r->type->division;
    const xd_field *address = field == NULL ? NULL : field->otherwise;
    if (address == NULL) {
        return true;
    }
    if (xd_json_get(r->body, field->name) != NULL) {
        put_town(r, address);
        return true;
    }
    finder f = {.r = r, .field = field, .vocabulary = field->vocabulary};
    xd_str text = xd_value_lang(xd_value(address, r->body, 0), address->langs.at[0], NULL);
    xd_str left = {0};
    bool sure = false;
    put_town(r, address);
    const xd_term *term = text.n == 0 ? NULL : walk(&f, text, NULL, &left, &sure);
    if (term == NULL || !sure) {
        return true;
    }
    if (!take_all(&f, text, NULL)) {
        add_found(&f, term);
        take_siblings(&f, term, text);
    }
    xd_str name = xd_division_text(r->cx, r->model, term->code);
    XD_SAY(r, XD_NOTE, "division.from_address", field, text, "所在地从地址读出：" XD_FMT "。",
           "The division was read from the address: " XD_FMT ".", XD_ARG(name));
    put_found(&f);
    return true;
}
