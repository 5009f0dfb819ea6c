/* What a row gives, into what is there, field by field.
 *
 * A value the row does not give stays. A value it gives replaces the old one unless the old one
 * is better founded: `about` holds a field's confidence, else the record's own counts, medium
 * where none is said. A value that is kept for that reason is reported as a difference. Texts
 * are given language by language, groups and links part by part: what the row leaves out of them
 * stays too. */
#include "exchange/run.h"

static const xd_str ranks[] = {XD_STR("low"), XD_STR("medium"), XD_STR("high")};

int xd_confidence_rank(xd_str word)
{
    for (int i = 0; i < (int)XD_LEN(ranks); i++) {
        if (xd_str_eq(ranks[i], word)) {
            return i;
        }
    }
    return 1;
}

static bool is_plain(xd_str name)
{
    static const xd_str plain[] = {XD_STR("type"),  XD_STR("state"),   XD_STR("number"),
                                   XD_STR("about"), XD_STR("sources"), XD_STR("confidence")};
    for (size_t i = 0; i < XD_LEN(plain); i++) {
        if (xd_str_eq(plain[i], name)) {
            return true;
        }
    }
    return false;
}

static int rank_of(const xd_json *body, xd_str field)
{
    const xd_json *about = xd_json_get(xd_json_get(body, XD_S("about")), field);
    xd_str own = xd_json_get_str(about, XD_S("confidence"));
    return xd_confidence_rank(own.n > 0 ? own : xd_json_get_str(body, XD_S("confidence")));
}

xd_json *xd_json_copy_object(xd_arena *arena, const xd_json *from)
{
    xd_json *to = xd_json_object(arena);
    for (size_t i = 0; from != NULL && i < from->members.n; i++) {
        xd_json_set(arena, to, from->members.at[i].key, from->members.at[i].value);
    }
    return to;
}

/* ---- equality ----------------------------------------------------------------------------- */

static bool same_member(const xd_json *a, const xd_json *b, xd_str key)
{
    const xd_json *x = xd_json_get(a, key), *y = xd_json_get(b, key);
    return x == NULL || y == NULL ? x == y : xd_json_equal(x, y);
}

static bool same_value(const xd_field *field, const xd_json *old, const xd_json *given);

static bool same_list(const xd_field *field, const xd_json *old, const xd_json *given)
{
    if (old->items.n != given->items.n) {
        return false;
    }
    for (size_t i = 0; i < old->items.n; i++) {
        if (!same_value(field, old->items.at[i], given->items.at[i])) {
            return false;
        }
    }
    return true;
}

/* Each division given is one of those there, or a larger one that holds it: 合肥市 says nothing
 * against 瑶海区, and a row that names one of two counties does not take the other away. */
static bool covers(const xd_field *field, const xd_json *old, const xd_json *given)
{
    size_t n = given->kind == XD_JSON_ARRAY ? given->items.n : 1;
    size_t m = old->kind == XD_JSON_ARRAY ? old->items.n : 1;
    for (size_t i = 0; i < n; i++) {
        const xd_json *one = given->kind == XD_JSON_ARRAY ? given->items.at[i] : given;
        const xd_term *larger = xd_term_find(field->vocabulary, xd_json_str(one));
        bool covered = false;
        for (size_t k = 0; k < m && larger != NULL; k++) {
            const xd_json *there = old->kind == XD_JSON_ARRAY ? old->items.at[k] : old;
            const xd_term *term = xd_term_find(field->vocabulary, xd_json_str(there));
            covered |= term != NULL && xd_term_within(term, larger);
        }
        if (!covered) {
            return false;
        }
    }
    return true;
}

/* What a record is called by is not what it is: links are the same when their ids are; a place
 * is the same when its geometry is, however it was written. */
static bool same_value(const xd_field *field, const xd_json *old, const xd_json *given)
{
    if (field != NULL && field->kind == XD_KIND_DIVISION && field->vocabulary != NULL) {
        return covers(field, old, given);
    }
    if (old->kind == XD_JSON_ARRAY && given->kind == XD_JSON_ARRAY) {
        return same_list(field, old, given);
    }
    if (field != NULL && field->kind == XD_KIND_LINK) {
        int64_t a = xd_json_get_int(old, XD_S("id"), 0),
                b = xd_json_get_int(given, XD_S("id"), 0);
        if (a != 0 && a == b) {
            bool same = true;
            for (size_t i = 0; i < given->members.n; i++) {
                xd_str key = given->members.at[i].key;
                same &= xd_str_eq(key, XD_S("text")) || same_member(old, given, key);
            }
            return same;
        }
    }
    if (field != NULL && field->kind == XD_KIND_PLACE &&
        xd_json_get(given, XD_S("geometry")) != NULL) {
        const xd_json *precision = xd_json_get(given, XD_S("precision"));
        return same_member(old, given, XD_S("geometry")) &&
               (precision == NULL || same_member(old, given, XD_S("precision")));
    }
    return xd_json_equal(old, given);
}

/* ---- texts a format cut ------------------------------------------------------------------- */

#define DBF_TEXT 254 /* bytes of a text in dBASE; a character is not cut, so up to two less */

static bool is_full(size_t bytes)
{
    return bytes <= DBF_TEXT && bytes + 3 > DBF_TEXT;
}

/* *bytes: so many the given ones take in a cell, with what parts them. */
static bool begins(const xd_json *old, const xd_json *given, bool last, size_t *bytes)
{
    for (size_t i = 0; i < given->members.n; i++) {
        xd_str was = xd_json_get_str(old, given->members.at[i].key);
        xd_str is = xd_json_str(given->members.at[i].value);
        if (!(last ? xd_str_starts(was, is) : xd_str_eq(was, is))) {
            return false;
        }
        *bytes += is.n;
    }
    return true;
}

/* A text of exactly what a Shapefile holds, and as the one that is there begins, was cut on its way
 * out and home: it says nothing new. */
static bool is_cut(const xd_field *field, const xd_json *old, const xd_json *given)
{
    size_t bytes = 0, n = xd_json_len(given);
    if (field == NULL || (field->kind != XD_KIND_TEXT && field->kind != XD_KIND_MARKDOWN) ||
        old->kind != given->kind) {
        return false;
    }
    if (given->kind == XD_JSON_OBJECT) {
        return begins(old, given, true, &bytes) && is_full(bytes);
    }
    if (given->kind != XD_JSON_ARRAY || n == 0 || n > xd_json_len(old)) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        if (!begins(xd_json_at(old, i), xd_json_at(given, i), i + 1 == n, &bytes)) {
            return false;
        }
    }
    bytes += (n - 1) * strlen("；");
    return is_full(bytes) || is_full(bytes + strlen("；")); /* or right behind an item */
}

/* ---- one field ---------------------------------------------------------------------------- */

/* Texts by language, groups, links and places by part. */
static const xd_json *combine(xd_ctx *cx, const xd_field *field, const xd_json *old,
                              const xd_json *given)
{
    if (field == NULL || old->kind != XD_JSON_OBJECT || given->kind != XD_JSON_OBJECT) {
        return given;
    }
    bool parts = field->kind == XD_KIND_TEXT || field->kind == XD_KIND_MARKDOWN ||
                 field->kind == XD_KIND_GROUP;
    if (field->kind == XD_KIND_LINK) {
        parts = same_member(old, given, XD_S("id"));
    } else if (field->kind == XD_KIND_PLACE) {
        parts = xd_json_get(given, XD_S("geometry")) == NULL ||
                same_member(old, given, XD_S("geometry"));
    }
    if (!parts) {
        return given;
    }
    xd_json *both = xd_json_copy_object(cx->arena, old);
    for (size_t i = 0; i < given->members.n; i++) {
        const xd_json_member *m = &given->members.at[i];
        bool raw = field->kind == XD_KIND_PLACE &&
                   (xd_str_eq(m->key, XD_S("raw")) || xd_str_eq(m->key, XD_S("crs")));
        if (!raw || xd_json_get(old, m->key) == NULL) {
            xd_json_set(cx->arena, both, m->key, m->value);
        }
    }
    return both;
}

static void tell_difference(xd_ctx *cx, const xd_type *type, xd_str name, int old, int given,
                            xd_problems *problems)
{
    static const char *const zh[] = {"低", "中", "高"};
    static const char *const en[] = {"low", "medium", "high"};
    const xd_field *field = xd_field_find(type, name);
    xd_str label_zh = field == NULL ? name : xd_label_in(&field->label, XD_ZH);
    xd_str label_en = field == NULL ? name : xd_label_in(&field->label, XD_EN);
    xd_problem *p = xd_problem_add(
        cx, problems, XD_WARNING, "value.kept", name, (xd_str){0},
        xd_str_printf(cx->arena,
                      "“" XD_FMT "”与已有的值不同；已有的可信度为%s，本行为%s，未替换。",
                      XD_ARG(label_zh), zh[old], zh[given]),
        xd_str_printf(cx->arena,
                      "“" XD_FMT
                      "” differs from the value that is there; that one's confidence "
                      "is %s, this row's %s: it was kept.",
                      XD_ARG(label_en), en[old], en[given]));
    p->suggestion[XD_ZH] = XD_S("如本行更可靠，请在“可信度”一列写明再导入；整份表都更可靠的，请"
                                "系统操作员导入时加 --confidence 高。");
    p->suggestion[XD_EN] = XD_S(
        "If this row is the better one, say so in a confidence column; if the whole table is, "
        "ask the operator to import it with --confidence high.");
}

/* `about` of one field: its confidence where it is not the record's, and whence. */
static void set_about(xd_ctx *cx, xd_json *body, const xd_json *given, xd_str name, int rank)
{
    xd_json *about = xd_json_copy_object(cx->arena, xd_json_get(body, XD_S("about")));
    const xd_json *said = xd_json_get(xd_json_get(given, XD_S("about")), name);
    xd_json *one = xd_json_copy_object(cx->arena, said);
    int whole = xd_confidence_rank(xd_json_get_str(body, XD_S("confidence")));
    if (rank != whole) {
        xd_json_set(cx->arena, one, XD_S("confidence"), xd_json_string(cx->arena, ranks[rank]));
    } else {
        xd_json_drop(one, XD_S("confidence"));
    }
    const xd_json *source = xd_json_at(xd_json_get(given, XD_S("sources")), 0);
    if (source != NULL && xd_json_get(one, XD_S("source")) == NULL &&
        !xd_json_equal(source, xd_json_at(xd_json_get(body, XD_S("sources")), 0))) {
        xd_json_set(cx->arena, one, XD_S("source"), source);
    }
    if (one->members.n > 0) {
        xd_json_set(cx->arena, about, name, one);
    } else {
        xd_json_drop(about, name);
    }
    if (about->members.n > 0) {
        xd_json_set(cx->arena, body, XD_S("about"), about);
    } else {
        xd_json_drop(body, XD_S("about"));
    }
}

static void drop_about(xd_ctx *cx, xd_json *body, xd_str name)
{
    xd_json *about = xd_json_copy_object(cx->arena, xd_json_get(body, XD_S("about")));
    xd_json_drop(about, name);
    if (about->members.n > 0) {
        xd_json_set(cx->arena, body, XD_S("about"), about);
    } else {
        xd_json_drop(body, XD_S("about"));
    }
}

static void merge_field(xd_ctx *cx, const xd_type *type, xd_json *body, const xd_json *given,
                        const xd_json_member *m, xd_merge *merge)
{
    const xd_field *field = xd_field_find(type, m->key);
    const xd_json *old = xd_json_get(body, m->key);
    int mine = rank_of(given, m->key), theirs = rank_of(body, m->key);
    bool clear = m->value->kind == XD_JSON_NULL;
    if (old == NULL) {
        if (!clear) {
            xd_json_set(cx->arena, body, m->key, m->value);
            set_about(cx, body, given, m->key, mine);
            merge->changed = true;
        }
        return;
    }
    const xd_json *value = clear ? NULL : combine(cx, field, old, m->value);
    if (!clear && (same_value(field, old, value) || is_cut(field, old, value))) {
        if (mine > theirs) {
            set_about(cx, body, given, m->key, mine);
            merge->changed = true;
        }
        return;
    }
    if (mine < theirs) {
        tell_difference(cx, type, m->key, theirs, mine, &merge->problems);
        return;
    }
    merge->changed = true;
    if (clear) {
        xd_json_drop(body, m->key);
        drop_about(cx, body, m->key);
        return;
    }
    xd_json_set(cx->arena, body, m->key, value);
    set_about(cx, body, given, m->key, mine);
}

/* Sources of the row that the record has not yet. */
static void add_sources(xd_ctx *cx, xd_json *body, const xd_json *given)
{
    const xd_json *more = xd_json_get(given, XD_S("sources"));
    const xd_json *old = xd_json_get(body, XD_S("sources"));
    if (xd_json_len(more) == 0) {
        return;
    }
    xd_json *all = xd_json_array(cx->arena);
    for (size_t i = 0; i < xd_json_len(old); i++) {
        xd_json_add(cx->arena, all, xd_json_at(old, i));
    }
    for (size_t i = 0; i < xd_json_len(more); i++) {
        bool known = false;
        for (size_t k = 0; k < all->items.n; k++) {
            known |= xd_json_equal(all->items.at[k], xd_json_at(more, i));
        }
        if (!known) {
            xd_json_add(cx->arena, all, xd_json_at(more, i));
        }
    }
    xd_json_set(cx->arena, body, XD_S("sources"), all);
}

bool xd_merge_into(xd_ctx *cx, const xd_type *type, const xd_json *old, const xd_json *given,
                   xd_merge *ret_merge)
{
    xd_merge merge = {0};
    xd_json *body = xd_json_copy_object(cx->arena, old);
    for (size_t i = 0; i < given->members.n; i++) {
        if (!is_plain(given->members.at[i].key)) {
            merge_field(cx, type, body, given, &given->members.at[i], &merge);
        }
    }
    if (merge.changed) {
        add_sources(cx, body, given);
    }
    merge.body = body;
    *ret_merge = merge;
    return true;
}

/* ---- two rows ----------------------------------------------------------------------------- */

static const xd_json *both_lists(xd_ctx *cx, const xd_field *field, const xd_json *a,
                                 const xd_json *b)
{
    xd_json *all = xd_json_array(cx->arena);
    for (size_t i = 0; i < a->items.n; i++) {
        xd_json_add(cx->arena, all, a->items.at[i]);
    }
    for (size_t i = 0; i < b->items.n; i++) {
        bool known = false;
        for (size_t k = 0; k < a->items.n; k++) {
            known |= same_value(field, a->items.at[k], b->items.at[i]);
        }
        if (!known) {
            xd_json_add(cx->arena, all, b->items.at[i]);
        }
    }
    return all;
}

/* Objects without a common member that differs are one object. */
static bool agree(const xd_json *a, const xd_json *b)
{
    for (size_t i = 0; i < b->members.n; i++) {
        const xd_json *x = xd_json_get(a, b->members.at[i].key);
        if (x != NULL && !xd_json_equal(x, b->members.at[i].value)) {
            return false;
        }
    }
    return true;
}

bool xd_merge_given(xd_ctx *cx, const xd_type *type, const xd_json *a, const xd_json *b,
                    xd_json **ret_both, xd_str *ret_field)
{
    xd_json *both = xd_json_copy_object(cx->arena, a);
    for (size_t i = 0; i < b->members.n; i++) {
        const xd_json_member *m = &b->members.at[i];
        const xd_json *old = xd_json_get(both, m->key);
        const xd_field *field = xd_field_find(type, m->key);
        bool plain = is_plain(m->key);
        if (old == NULL || old->kind == XD_JSON_NULL) {
            xd_json_set(cx->arena, both, m->key, m->value);
        } else if (m->value->kind == XD_JSON_NULL || same_value(field, old, m->value)) {
            continue;
        } else if (old->kind == XD_JSON_ARRAY && m->value->kind == XD_JSON_ARRAY) {
            xd_json_set(cx->arena, both, m->key, both_lists(cx, field, old, m->value));
        } else if (old->kind == XD_JSON_OBJECT && m->value->kind == XD_JSON_OBJECT &&
                   agree(old, m->value)) {
            xd_json *one = xd_json_copy_object(cx->arena, old);
            for (size_t k = 0; k < m->value->members.n; k++) {
                xd_json_set(cx->arena, one, m->value->members.at[k].key,
                            m->value->members.at[k].value);
            }
            xd_json_set(cx->arena, both, m->key, one);
        } else if (xd_str_eq(m->key, XD_S("confidence"))) {
            if (xd_confidence_rank(xd_json_str(m->value)) <
                xd_confidence_rank(xd_json_str(old))) {
                xd_json_set(cx->arena, both, m->key, m->value); /* the weaker holds for both */
            }
        } else if (!plain || xd_str_eq(m->key, XD_S("number")) ||
                   xd_str_eq(m->key, XD_S("state"))) {
            *ret_field = m->key;
            return false;
        }
    }
    *ret_both = both;
    return true;
}
