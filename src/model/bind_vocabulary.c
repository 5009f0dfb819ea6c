/* Vocabularies: terms in the file itself, or in a CSV beside it with the same columns.
 *
 * Terms come parents first. A former code reads as the term that took its place, so bodies
 * written before a change of divisions stay readable. Words (labels, aliases) that several terms
 * share are kept with all of them: reading such a word is ambiguous, never a guess. */
#include "model/bind.h"
#include "model/fold.h"
#include "model/term.h"

typedef struct draft_term {
    xd_term term;
    xd_str zh, en, parent;
    const xd_node *lon, *lat, *aliases, *former, *from_year, *to_year;
    int64_t colour;
} draft_term;

#define T(member) offsetof(draft_term, term.member)
#define D(member) offsetof(draft_term, member)
static const xd_bind_key term_keys[] = {
    {"code",       XD_WANT_TEXT, true,  T(code),       0, NULL},
    {"zh",         XD_WANT_TEXT, true,  D(zh),         0, NULL},
    {"en",         XD_WANT_TEXT, true,  D(en),         0, NULL},
    {"parent",     XD_WANT_TEXT, false, D(parent),     0, NULL},
    {"aliases",    XD_WANT_NODE, false, D(aliases),    0, NULL},
    {"former",     XD_WANT_NODE, false, D(former),     0, NULL},
    {"retired",    XD_WANT_BOOL, false, T(retired),    0, NULL},
    {"valid_from", XD_WANT_TEXT, false, T(valid_from), 0, NULL},
    {"valid_to",   XD_WANT_TEXT, false, T(valid_to),   0, NULL},
    {"colour",     XD_WANT_INT,  false, D(colour),     0, NULL},
    {"shape",      XD_WANT_TEXT, false, T(shape),      0, NULL},
    {"lon",        XD_WANT_NODE, false, D(lon),        0, NULL},
    {"lat",        XD_WANT_NODE, false, D(lat),        0, NULL},
    {"from_year",  XD_WANT_NODE, false, D(from_year),  0, NULL},
    {"to_year",    XD_WANT_NODE, false, D(to_year),    0, NULL},
};
#undef T
#undef D

/* A list, or one text with ; between. */
static void bind_words(xd_bind *b, const xd_node *node, xd_str key, xd_strs *ret_words)
{
    xd_str rest, part;
    if (node == NULL) {
        return;
    }
    if (node->kind != XD_NODE_SCALAR) {
        xd_bind_texts(b, node, key, ret_words);
        return;
    }
    rest = node->text;
    while (xd_str_cut(&rest, ';', &part)) {
        part = xd_str_trim(part);
        if (part.n > 0) {
            *xd_push(b->arena, ret_words) = part;
        }
    }
}

/* Decimal degrees as 1e-7 units. */
static bool read_degree(const xd_node *node, int32_t *ret_units)
{
    xd_str text = node->kind == XD_NODE_SCALAR ? node->text : XD_S("?");
    size_t dot = xd_str_find(text, XD_S("."), 0);
    int64_t whole = 0, part = 0;
    xd_str fraction = dot == SIZE_MAX ? (xd_str){0} : xd_str_sub(text, dot + 1, text.n);
    if (!xd_str_int(xd_str_sub(text, 0, dot == SIZE_MAX ? text.n : dot), &whole) ||
        whole > 180 || whole < -180 || fraction.n > 7 ||
        (fraction.n > 0 && !xd_str_int(fraction, &part)) || part < 0) {
        return false;
    }
    for (size_t i = fraction.n; i < 7; i++) {
        part *= 10;
    }
    *ret_units = (int32_t)(whole * 10000000 + (text.p[0] == '-' ? -part : part));
    return true;
}

static void settle_term(xd_bind *b, const xd_node *node, draft_term *draft)
{
    xd_term *term = &draft->term;
    bind_words(b, draft->aliases, XD_S("aliases"), &term->aliases);
    bind_words(b, draft->former, XD_S("former"), &term->former);
    term->label.in[XD_ZH] = draft->zh;
    term->label.in[XD_EN] = draft->en;
    term->colour = (int)draft->colour;
    if (draft->colour < -1 || draft->colour > 2) {
        xd_bind_fault(b, node, XD_S("colour"), XD_S("colour 是 0、1 或 2"),
                      XD_S("colour is 0, 1 or 2"));
    }
    if ((draft->lon == NULL) != (draft->lat == NULL) ||
        (draft->lon != NULL &&
         (!read_degree(draft->lon, &term->lon) || !read_degree(draft->lat, &term->lat)))) {
        xd_bind_fault(b, node, XD_S("lon"), XD_S("lon、lat 写成十进制度，最多 7 位小数"),
                      XD_S("lon and lat are decimal degrees with at most 7 places"));
    }
    term->has_pos = draft->lon != NULL && draft->lat != NULL;
    term->from_year = INT64_MIN;
    term->to_year = INT64_MAX;
    if ((draft->from_year != NULL && !xd_node_int(draft->from_year, &term->from_year)) ||
        (draft->to_year != NULL && !xd_node_int(draft->to_year, &term->to_year))) {
        xd_bind_fault(b, node, XD_S("from_year"), XD_S("年份要写整数"),
                      XD_S("a year is a whole number"));
    }
    for (size_t i = 0; i < term->code.n; i++) {
        char c = term->code.p[i];
        if (c <= ' ' || c >= 0x7f || c == ';' || c == '"' || c == '\'') {
            XD_FAULT(b, node, XD_S("code"), "代码“" XD_FMT "”只能用 ASCII 字母、数字和符号",
                     "the code \"" XD_FMT "\" must be plain ASCII", XD_ARG(term->code));
            break;
        }
    }
}

typedef struct draft_vocabulary {
    xd_vocabulary vocabulary;
    xd_str csv, home;
    const xd_node *terms;
    xd_vec_terms list;
    xd_map *codes, *words;
} draft_vocabulary;

static void add_code(xd_bind *b, const xd_node *node, draft_vocabulary *draft, xd_str code,
                     xd_term *term)
{
    if (xd_map_get(draft->codes, code) != NULL) {
        XD_FAULT(b, node, code, "代码“" XD_FMT "”出现了两次",
                 "the code \"" XD_FMT "\" stands here twice", XD_ARG(code));
    } else if (code.n > 0) {
        xd_map_put(draft->codes, code, term);
    }
}

static void add_term(xd_bind *b, const xd_node *node, draft_vocabulary *draft)
{
    draft_term made = {.colour = -1};
    if (!xd_bind_map(b, node, term_keys, XD_LEN(term_keys), -1, &made)) {
        return;
    }
    settle_term(b, node, &made);
    xd_term *term = xd_new(b->arena, xd_term);
    *term = made.term;
    term->at = draft->list.n;
    if (made.parent.n > 0) {
        term->parent = xd_map_get(draft->codes, made.parent);
        if (term->parent == NULL) {
            XD_FAULT(b, node, XD_S("parent"), "上级“" XD_FMT "”没有出现在前面（上级要先写）",
                     "the parent \"" XD_FMT "\" does not stand above (parents come first)",
                     XD_ARG(made.parent));
        } else {
            term->depth = term->parent->depth + 1;
        }
    }
    add_code(b, node, draft, term->code, term);
    for (size_t i = 0; i < term->former.n; i++) {
        add_code(b, node, draft, term->former.at[i], term);
    }
    *xd_push(b->arena, &draft->list) = term;
}

/* Terms lie side by side in the model; parents are found again by place. */
static void settle_terms(xd_bind *b, draft_vocabulary *draft)
{
    xd_term *terms = xd_new_n(b->arena, xd_term, draft->list.n + 1);
    for (size_t i = 0; i < draft->list.n; i++) {
        terms[i] = *draft->list.at[i];
        if (terms[i].parent != NULL) {
            terms[i].parent = &terms[terms[i].parent->at];
        }
    }
    xd_map *codes = xd_map_make(b->arena);
    for (size_t i = 0; i < xd_map_count(draft->codes); i++) {
        xd_str code;
        void *term;
        xd_map_each(draft->codes, i, &code, &term);
        xd_map_put(codes, code, &terms[((xd_term *)term)->at]);
    }
    draft->vocabulary.terms = terms;
    draft->vocabulary.n = draft->list.n;
    draft->vocabulary.codes = codes;
    draft->vocabulary.words = xd_term_words(b->arena, &draft->vocabulary);
}

#define V(member) offsetof(draft_vocabulary, vocabulary.member)
#define D(member) offsetof(draft_vocabulary, member)
static const xd_bind_key vocabulary_keys[] = {
    {"vocabulary",   XD_WANT_NAME,  true,  V(name),         0, NULL},
    {"label",        XD_WANT_LABEL, true,  V(label),        0, NULL},
    {"hierarchical", XD_WANT_BOOL,  false, V(hierarchical), 0, NULL},
    {"csv",          XD_WANT_TEXT,  false, D(csv),          0, NULL},
    {"home",         XD_WANT_TEXT,  false, D(home),         0, NULL},
    {"terms",        XD_WANT_NODE,  false, D(terms),        0, NULL},
};
#undef D
#undef V

void xd_bind_vocabulary(xd_bind *b, const xd_node *root)
{
    draft_vocabulary draft = {.codes = xd_map_make(b->arena)};
    xd_str file = b->file;
    if (!xd_bind_map(b, root, vocabulary_keys, XD_LEN(vocabulary_keys), -1, &draft)) {
        return;
    }
    const xd_node *terms = draft.terms;
    if (draft.csv.n > 0) {
        terms = xd_map_get(b->csv, draft.csv);
        if (terms == NULL) {
            XD_FAULT(b, root, XD_S("csv"), "旁边没有可用的表格“" XD_FMT "”",
                     "there is no readable table \"" XD_FMT "\" beside this file",
                     XD_ARG(draft.csv));
        } else {
            b->file = xd_str_join(b->arena, XD_S("vocabularies/"), draft.csv);
        }
    }
    if ((draft.csv.n > 0) == (draft.terms != NULL)) {
        xd_bind_fault(b, root, XD_S("terms"), XD_S("terms 和 csv 写其中一个"),
                      XD_S("write terms or csv, one of them"));
    }
    if (terms != NULL && terms->kind != XD_NODE_LIST) {
        xd_bind_fault(b, terms, XD_S("terms"), XD_S("terms 是一个列表"),
                      XD_S("terms is a list"));
        terms = NULL;
    }
    for (size_t i = 0; terms != NULL && i < terms->items.n; i++) {
        add_term(b, terms->items.at[i], &draft);
    }
    settle_terms(b, &draft);
    b->file = file;
    if (draft.home.n > 0) {
        draft.vocabulary.home = xd_map_get(draft.vocabulary.codes, draft.home);
        if (draft.vocabulary.home == NULL) {
            XD_FAULT(b, root, XD_S("home"), "没有代码“" XD_FMT "”",
                     "there is no code \"" XD_FMT "\"", XD_ARG(draft.home));
        }
    }
    if (draft.vocabulary.name.n == 0) {
        return;
    }
    if (xd_map_get(b->model->vocabularies_by_name, draft.vocabulary.name) != NULL) {
        XD_FAULT(b, root, draft.vocabulary.name, "词表“" XD_FMT "”写了两次",
                 "the vocabulary \"" XD_FMT "\" is written twice",
                 XD_ARG(draft.vocabulary.name));
        return;
    }
    xd_vocabulary *kept = xd_new(b->arena, xd_vocabulary);
    *kept = draft.vocabulary;
    *xd_push(b->arena, &b->model->vocabularies) = kept;
    xd_map_put(b->model->vocabularies_by_name, kept->name, kept);
}
