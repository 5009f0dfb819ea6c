/* tests/index/naive.h — what a question means, by plain looking at every body.
 *
 * Written from the contracts (index.h, cql.h, docs/decisions/0051) and sharing nothing with
 * src/index: one JSON body after another, values read anew each time. Slow on purpose. */
#ifndef XD_TEST_INDEX_NAIVE_H
#define XD_TEST_INDEX_NAIVE_H

#include <math.h>

#include "index/index.h"
#include "model/fold.h"
#include "xd_test.h"

typedef struct record {
    int64_t id, rev, time;
    const xd_type *type;
    const xd_json *body; /* as visible; NULL: not visible */
} record;

typedef struct naive {
    xd_arena *arena; /* reset between questions */
    xd_ctx *cx;
    const xd_model *model;
    const record *records;
    size_t n;
} naive;

typedef enum tri { NO, YES, UNKNOWN } tri;

static inline tri tri_not(tri t)
{
    return t == UNKNOWN ? UNKNOWN : t == YES ? NO : YES;
}

/* Values --------------------------------------------------------------------------------- */

typedef struct value {
    char kind; /* t text, n number, p period, c code, b boolean, l link, g geometry */
    xd_str text;
    double n;
    int32_t from, to;
    const xd_term *term;
    bool yes;
    int64_t id;
    const xd_json *json;
} value;
typedef XD_VEC(value) values;

static inline const record *naive_find(const naive *v, int64_t id)
{
    for (size_t i = 0; i < v->n; i++) {
        if (v->records[i].id == id && v->records[i].body != NULL)
            return &v->records[i];
    }
    return NULL;
}

static inline xd_str in_language(const xd_json *text, xd_lang lang)
{
    xd_str s = xd_json_get_str(text, lang == XD_EN ? XD_S("en") : XD_S("zh"));
    return s.n > 0 ? s : xd_json_get_str(text, lang == XD_EN ? XD_S("zh") : XD_S("en"));
}

static inline double naive_number(xd_str s)
{
    char text[64];
    snprintf(text, sizeof text, XD_FMT, XD_ARG(s));
    return strtod(text, NULL);
}

static inline void add_json(const naive *v, values *out, const xd_field *f, const xd_json *j,
                            xd_lang lang, int part)
{
    value x = {.json = j};
    if (f->kind == XD_KIND_TEXT || f->kind == XD_KIND_MARKDOWN) {
        x.kind = 't';
        x.text = in_language(j, lang);
    } else if (f->kind == XD_KIND_NUMBER) {
        x.kind = 'n';
        x.n = naive_number(xd_json_get_str(j, XD_S("n")));
    } else if (f->kind == XD_KIND_BOOLEAN) {
        x.kind = 'b';
        x.yes = j->boolean;
    } else if (f->kind == XD_KIND_TERM || f->kind == XD_KIND_DIVISION) {
        x.kind = 'c';
        x.term = xd_term_find(f->vocabulary, xd_json_str(j));
        if (x.term == NULL)
            return;
    } else if (f->kind == XD_KIND_PERIOD) {
        xd_str from = xd_json_get_str(j, XD_S("from")), to = xd_json_get_str(j, XD_S("to"));
        x.kind = 'p';
        x.from = XD_DAY_OPEN_START;
        x.to = XD_DAY_OPEN_END;
        if (from.n > 0)
            ck_assert(xd_day_read(from, &x.from));
        if (to.n > 0)
            ck_assert(xd_day_read(to, &x.to));
        if (part == XD_PART_FROM || part == XD_PART_TO) {
            xd_str day = part == XD_PART_FROM ? from : to;
            if (day.n == 0)
                return;
            x.kind = 'n';
            x.n = day.p[0] == '-' ? -naive_number(xd_str_sub(day, 1, 5))
                                  : naive_number(xd_str_sub(day, 0, 4));
        }
    } else if (f->kind == XD_KIND_LINK) {
        x.kind = 'l';
        x.id = xd_json_get_int(j, XD_S("id"), 0);
        x.text = xd_json_get_str(j, XD_S("text"));
    } else if (f->kind == XD_KIND_PLACE) {
        x.kind = 'g';
        if (xd_json_get(j, XD_S("geometry")) == NULL)
            return;
    } else if (f->kind == XD_KIND_GROUP) {
        x.kind = 'o';
    } else {
        x.kind = 't';
        x.text = xd_json_str(j);
    }
    if (x.kind == 't' && x.text.n == 0)
        return;
    *xd_push(v->arena, out) = x;
}

/* Each value of a member that may be an array. */
static inline void add_member(const naive *v, values *out, const xd_field *f,
                              const xd_json *object, xd_lang lang, int part)
{
    const xd_json *m = xd_json_get(object, f->name);
    if (m == NULL)
        return;
    if (m->kind != XD_JSON_ARRAY)
        add_json(v, out, f, m, lang, part);
    for (size_t i = 0; m->kind == XD_JSON_ARRAY && i < m->items.n; i++)
        add_json(v, out, f, m->items.at[i], lang, part);
}

static inline values naive_values(const naive *v, const record *r, const xd_cql *p,
                                  xd_lang lang)
{
    values out = {0};
    if (p->field == NULL) {
        value x = {.kind = 't'};
        if (p->part == XD_PART_ID) {
            x.kind = 'n';
            x.n = (double)r->id;
        } else if (p->part == XD_PART_UPDATED) {
            x.kind = 'p';
            x.from = x.to = (int32_t)(r->time / INT64_C(86400000000));
        } else {
            x.text = p->part == XD_PART_NUMBER  ? xd_json_get_str(r->body, XD_S("number"))
                     : p->part == XD_PART_STATE ? xd_json_get_str(r->body, XD_S("state"))
                     : p->part == XD_PART_TYPE  ? r->type->name
                                                : xd_json_get_str(r->body, XD_S("confidence"));
            if (p->part == XD_PART_CONFIDENCE && x.text.n == 0)
                x.text = XD_S("medium");
        }
        if (x.kind != 't' || x.text.n > 0)
            *xd_push(v->arena, &out) = x;
    } else if (p->over == NULL) {
        add_member(v, &out, p->field, r->body, lang, (int)p->part);
    } else {
        const xd_json *m = xd_json_get(r->body, p->over->name);
        for (size_t i = 0; m != NULL && i < xd_json_len(m); i++) {
            const xd_json *item = xd_json_at(m, i);
            if (p->over->kind == XD_KIND_LINK) {
                const record *there = naive_find(v, xd_json_get_int(item, XD_S("id"), 0));
                if (there != NULL)
                    add_member(v, &out, p->field, there->body, lang, (int)p->part);
            } else {
                add_member(v, &out, p->field, item, lang, (int)p->part);
            }
        }
    }
    return out;
}

/* Comparing ------------------------------------------------------------------------------ */

static inline bool by_op(xd_cql_op op, int c)
{
    return op == XD_CQL_EQ   ? c == 0
           : op == XD_CQL_NE ? c != 0
           : op == XD_CQL_LT ? c < 0
           : op == XD_CQL_LE ? c <= 0
           : op == XD_CQL_GT ? c > 0
                             : c >= 0;
}

/* Is there (certain: is it always so for) a day d of [a.from, a.to] with d op the literal? Both
 * are looked at by trying the days at the ends and beside the literal's. */
static inline bool day_holds(xd_cql_op op, int64_t d, const value *b)
{
    switch ((int)op) {
    case XD_CQL_EQ:
        return d >= b->from && d <= b->to;
    case XD_CQL_NE:
        return d < b->from || d > b->to;
    case XD_CQL_LT:
        return d < b->from;
    case XD_CQL_LE:
        return d <= b->to;
    case XD_CQL_GT:
        return d > b->to;
    default:
        return d >= b->from;
    }
}

static inline bool period_holds(xd_cql_op op, const value *a, const value *b, bool certain)
{
    int64_t tries[] = {a->from, a->to, (int64_t)b->from - 1,
                       b->from, b->to, (int64_t)b->to + 1};
    for (size_t i = 0; i < 6; i++) {
        if (tries[i] < a->from || tries[i] > a->to)
            continue;
        if (day_holds(op, tries[i], b) != certain)
            return !certain;
    }
    return certain;
}

static inline bool compares(xd_cql_op op, const value *a, const xd_cql *lit, bool certain,
                            const xd_vocabulary *vocabulary)
{
    value b = {.from = lit->from, .to = lit->to};
    switch (a->kind) {
    case 't':
        return by_op(op, xd_str_cmp(a->text, lit->text));
    case 'n': {
        double n = naive_number(lit->text);
        return by_op(op, a->n < n ? -1 : a->n > n);
    }
    case 'b':
        return by_op(op, (int)a->yes - (int)lit->boolean);
    case 'p':
        return period_holds(op, a, &b, certain);
    case 'c': {
        const xd_term *asked = xd_term_find(vocabulary, lit->text);
        xd_str code = asked == NULL ? lit->text : asked->code;
        if (op != XD_CQL_EQ && op != XD_CQL_NE)
            return by_op(op, xd_str_cmp(a->term->code, code));
        bool within = asked != NULL && xd_term_within(a->term, asked);
        return within == (op == XD_CQL_EQ);
    }
    case 'l':
        return lit->op == XD_CQL_NUMBER
                   ? a->id != 0 && by_op(op, a->id < (int64_t)naive_number(lit->text)
                                                 ? -1
                                                 : a->id > (int64_t)naive_number(lit->text))
                   : by_op(op, xd_str_cmp(a->text, lit->text));
    default:
        return false;
    }
}

static inline bool naive_like(const char *t, const char *te, const char *p, const char *pe)
{
    if (p == pe)
        return t == te;
    if (*p == '%') {
        for (const char *s = t; s <= te; s++) {
            if (naive_like(s, te, p + 1, pe))
                return true;
        }
        return false;
    }
    if (t == te)
        return false;
    if (*p == '_') { /* one code point */
        do
            t++;
        while (t < te && ((unsigned char)*t & 0xc0) == 0x80);
        return naive_like(t, te, p + 1, pe);
    }
    return *t == *p && naive_like(t + 1, te, p + 1, pe);
}

static inline bool relates(xd_cql_op op, const value *a, const xd_cql *b, bool certain)
{
    int64_t a1 = a->from, a2 = a->to, b1 = b->from, b2 = b->to;
    switch ((int)op) {
    case XD_CQL_T_AFTER:
        return certain ? a1 > b2 : a2 > b2;
    case XD_CQL_T_BEFORE:
        return certain ? a2 < b1 : a1 < b1;
    case XD_CQL_T_INTERSECTS:
        return certain ? b1 <= a1 && a2 <= b2 : a1 <= b2 && b1 <= a2;
    case XD_CQL_T_DISJOINT:
        return certain ? a1 > b2 || b1 > a2 : !(b1 <= a1 && a2 <= b2);
    case XD_CQL_T_DURING:
        for (int64_t d = b1 + 1; !certain && d < b2; d++) {
            if (d >= a1 && d <= a2)
                return true;
        }
        return certain && a1 > b1 && a2 < b2;
    case XD_CQL_T_CONTAINS:
        return a1 < b1 && a2 > b2;
    case XD_CQL_T_EQUALS:
        return a1 == b1 && a2 == b2;
    case XD_CQL_T_FINISHEDBY:
        return a2 == b2 && a1 < b1;
    case XD_CQL_T_FINISHES:
        return a2 == b2 && a1 > b1;
    case XD_CQL_T_MEETS:
        return a2 == b1;
    case XD_CQL_T_METBY:
        return a1 == b2;
    case XD_CQL_T_OVERLAPS:
        return a1 < b1 && b1 < a2 && a2 < b2;
    case XD_CQL_T_OVERLAPPEDBY:
        return b1 < a1 && a1 < b2 && b2 < a2;
    case XD_CQL_T_STARTS:
        return a1 == b1 && a2 < b2;
    default:
        return a1 == b1 && a2 > b2;
    }
}

static inline tri naive_space(const naive *v, xd_cql_op op, const values *vals,
                              const xd_geom *geom)
{
    static const xd_relation relations[] = {XD_INTERSECTS, XD_DISJOINT, XD_CONTAINS, XD_WITHIN,
                                            XD_TOUCHES,    XD_CROSSES,  XD_OVERLAPS, XD_EQUALS};
    size_t yes = 0;
    for (size_t i = 0; i < vals->n; i++) {
        const xd_geom *place = NULL;
        bool holds;
        XD_OK_CALL(v->cx, xd_value_geom(v->cx, vals->at[i].json, &place));
        XD_OK_CALL(v->cx, xd_geom_relate(v->cx, relations[op - XD_CQL_S_INTERSECTS], place,
                                         geom, &holds));
        yes += holds;
    }
    if (vals->n == 0)
        return UNKNOWN;
    bool all = op == XD_CQL_S_DISJOINT || op == XD_CQL_S_WITHIN;
    return (all ? yes == vals->n : yes > 0) ? YES : NO;
}

static inline tri naive_cond(const naive *v, const record *r, const xd_cql *c, xd_lang lang,
                             bool certain)
{
    if (c->op == XD_CQL_AND || c->op == XD_CQL_OR) {
        tri wanted = c->op == XD_CQL_AND ? NO : YES, all = tri_not(wanted);
        for (size_t i = 0; i < c->n; i++) {
            tri t = naive_cond(v, r, c->args[i], lang, certain);
            if (t == wanted)
                return wanted;
            if (t == UNKNOWN)
                all = UNKNOWN;
        }
        return all;
    }
    if (c->op == XD_CQL_NOT)
        return tri_not(naive_cond(v, r, c->args[0], lang, certain));
    const xd_cql *p = c->args[0];
    values vals = naive_values(v, r, p, lang);
    if (c->op == XD_CQL_IS_NULL)
        return vals.n == 0 ? YES : NO;
    if (c->op >= XD_CQL_S_INTERSECTS && c->op <= XD_CQL_S_EQUALS)
        return naive_space(v, c->op, &vals, c->args[1]->geom);
    if (vals.n == 0)
        return UNKNOWN;
    const xd_vocabulary *voc = p->field == NULL ? NULL : p->field->vocabulary;
    if (c->op >= XD_CQL_A_EQUALS && c->op <= XD_CQL_A_OVERLAPS) {
        const xd_cql *array = c->args[1];
        size_t covered = 0, met = 0;
        for (size_t i = 0; i < vals.n; i++) {
            bool any = false;
            for (size_t k = 0; k < array->n; k++)
                any = any || compares(XD_CQL_EQ, &vals.at[i], array->args[k], certain, voc);
            covered += any;
        }
        for (size_t k = 0; k < array->n; k++) {
            bool any = false;
            for (size_t i = 0; i < vals.n; i++)
                any = any || compares(XD_CQL_EQ, &vals.at[i], array->args[k], certain, voc);
            met += any;
        }
        bool in = covered == vals.n, has = met == array->n;
        return (c->op == XD_CQL_A_EQUALS        ? in && has
                : c->op == XD_CQL_A_CONTAINS    ? has
                : c->op == XD_CQL_A_CONTAINEDBY ? in
                                                : met > 0)
                   ? YES
                   : NO;
    }
    for (size_t i = 0; i < vals.n; i++) {
        const value *a = &vals.at[i];
        bool holds = false;
        if (c->op == XD_CQL_LIKE) {
            xd_str t = a->kind == 'c' ? a->term->code : a->text, s = c->args[1]->text;
            holds = naive_like(t.p, t.p + t.n, s.p, s.p + s.n);
        } else if (c->op == XD_CQL_BETWEEN && a->kind == 'p') {
            xd_cql both = {.from = c->args[1]->from, .to = c->args[2]->to};
            holds = relates(XD_CQL_T_INTERSECTS, a, &both, certain);
        } else if (c->op == XD_CQL_BETWEEN) {
            holds = compares(XD_CQL_GE, a, c->args[1], certain, voc) &&
                    compares(XD_CQL_LE, a, c->args[2], certain, voc);
        } else if (c->op == XD_CQL_IN) {
            for (size_t k = 1; k < c->n; k++)
                holds = holds || compares(XD_CQL_EQ, a, c->args[k], certain, voc);
        } else if (c->op >= XD_CQL_T_AFTER && c->op <= XD_CQL_T_STARTS) {
            holds = relates(c->op, a, c->args[1], certain);
        } else {
            holds = compares(c->op, a, c->args[1], certain, voc);
        }
        if (holds)
            return YES;
    }
    return NO;
}

/* Words ---------------------------------------------------------------------------------- */

static inline bool lettered(uint32_t cp)
{
    return cp != ' ' && !xd_is_han(cp) && !(cp >= 0x3040 && cp <= 0x30ff);
}

/* By code points: at each place of the text, try the word. */
static inline bool text_has(const naive *v, xd_str raw, xd_str word, bool whole)
{
    xd_folded text, w;
    xd_fold_marks(v->arena, raw, &text);
    xd_fold_marks(v->arena, word, &w);
    for (size_t i = 0; i + w.n <= text.n && w.n > 0; i++) {
        if (memcmp(text.cp + i, w.cp, w.n * sizeof *w.cp) != 0)
            continue;
        bool begins = !lettered(w.cp[0]) || i == 0 || !lettered(text.cp[i - 1]);
        bool ends = !whole || !lettered(w.cp[w.n - 1]) || i + w.n == text.n ||
                    !lettered(text.cp[i + w.n]);
        if (begins && ends)
            return true;
    }
    return false;
}

/* Suffix by suffix: one that reads as begun. */
static inline bool sounds(const naive *v, xd_str raw, xd_str letters)
{
    xd_folded f;
    xd_fold_marks(v->arena, raw, &f);
    bool han = false;
    for (size_t i = 0; i < f.n; i++)
        han = han || xd_is_han(f.cp[i]);
    if (!han || letters.n < 2)
        return false;
    for (size_t i = 0; i < f.n; i++) {
        xd_readings r;
        xd_pinyin(v->arena, xd_str_sub(raw, f.from[i], raw.n), &r);
        for (size_t k = 0; k < r.full.n; k++) {
            if (xd_str_starts(r.full.at[k], letters) && f.cp[i] != ' ')
                return true;
        }
        for (size_t k = 0; k < r.initials.n && (i == 0 || letters.n > 2); k++) {
            if (xd_str_starts(r.initials.at[k], letters))
                return true;
        }
    }
    return false;
}

static inline bool spelling_word(xd_str w, bool whole)
{
    for (size_t i = 0; i < w.n; i++) {
        if (w.p[i] < 'a' || w.p[i] > 'z')
            return false;
    }
    return !whole;
}

static inline bool labels_have(const naive *v, const xd_term *t, xd_str w, bool whole,
                               bool pinyin)
{
    for (; t != NULL; t = t->parent) {
        xd_strs all = {0};
        for (size_t l = 0; l < XD_LANGS; l++)
            *xd_push(v->arena, &all) = t->label.in[l];
        for (size_t i = 0; i < t->aliases.n; i++)
            *xd_push(v->arena, &all) = t->aliases.at[i];
        for (size_t i = 0; i < all.n; i++) {
            if (text_has(v, all.at[i], w, whole) ||
                (pinyin && spelling_word(w, whole) && sounds(v, all.at[i], w)))
                return true;
        }
    }
    return false;
}

static inline bool fields_have(const naive *v, const xd_field *fields, size_t n,
                               const xd_json *object, xd_str w, bool whole)
{
    for (size_t f = 0; f < n; f++) {
        const xd_json *m = xd_json_get(object, fields[f].name);
        bool many = m != NULL && m->kind == XD_JSON_ARRAY;
        for (size_t i = 0; m != NULL && i < (many ? m->items.n : 1); i++) {
            const xd_json *j = many ? m->items.at[i] : m;
            const xd_field *field = &fields[f];
            if (field->n_fields > 0 && field->kind == XD_KIND_GROUP &&
                fields_have(v, field->fields, field->n_fields, j, w, whole))
                return true;
            if (field->weight <= 0)
                continue;
            if (field->kind == XD_KIND_TERM || field->kind == XD_KIND_DIVISION) {
                if (labels_have(v, xd_term_find(field->vocabulary, xd_json_str(j)), w, whole,
                                field->pinyin))
                    return true;
            } else if (field->kind == XD_KIND_LINK) {
                /* what it says, and the title of the record, which is within reach here */
                const record *there = naive_find(v, xd_json_get_int(j, XD_S("id"), 0));
                const xd_json *title =
                    there == NULL ? NULL : xd_json_get(there->body, there->type->title->name);
                if (text_has(v, xd_json_get_str(j, XD_S("text")), w, whole))
                    return true;
                for (size_t l = 0; title != NULL && l < title->members.n; l++) {
                    xd_str s = xd_json_str(title->members.at[l].value);
                    if (text_has(v, s, w, whole) ||
                        (spelling_word(w, whole) && sounds(v, s, w)))
                        return true;
                }
            } else {
                for (size_t l = 0; l < j->members.n; l++) {
                    xd_str s = xd_json_str(j->members.at[l].value);
                    if (text_has(v, s, w, whole) ||
                        (field->pinyin && spelling_word(w, whole) && sounds(v, s, w)))
                        return true;
                }
            }
        }
    }
    return false;
}

/* words: already apart, folded; phrases marked by a leading quote. */
static inline bool naive_words(const naive *v, const record *r, const xd_strs *words)
{
    for (size_t i = 0; i < words->n; i++) {
        xd_str w = words->at[i];
        bool whole = w.p[0] == '"';
        if (whole)
            w = xd_str_sub(w, 1, w.n);
        if (!text_has(v, xd_json_get_str(r->body, XD_S("number")), w, whole) &&
            !fields_have(v, r->type->fields, r->type->n_fields, r->body, w, whole))
            return false;
    }
    return true;
}

/* Places and times ----------------------------------------------------------------------- */

static inline values naive_places(const naive *v, const record *r)
{
    values places = {0};
    if (r->type->place != NULL)
        add_member(v, &places, r->type->place, r->body, XD_ZH, XD_PART_VALUE);
    return places;
}

static inline double naive_distance(const naive *v, const record *a, const record *b)
{
    values x = naive_places(v, a), y = naive_places(v, b);
    double least = INFINITY;
    xd_str precision = {0};
    for (size_t i = 0; i < x.n; i++) {
        for (size_t k = 0; k < y.n; k++) {
            const xd_geom *g, *h;
            double m;
            XD_OK_CALL(v->cx, xd_value_geom(v->cx, x.at[i].json, &g));
            XD_OK_CALL(v->cx, xd_value_geom(v->cx, y.at[k].json, &h));
            XD_OK_CALL(v->cx, xd_geom_distance_m(v->cx, g, h, &m));
            least = m < least ? m : least;
        }
    }
    if (y.n > 0)
        precision = xd_json_get_str(y.at[0].json, XD_S("precision"));
    return xd_str_eq(precision, XD_S("county")) ? least + 50000 : least;
}

static inline bool naive_time(const naive *v, const record *r, const xd_ask *ask)
{
    values t = {0};
    if (r->type->time != NULL)
        add_member(v, &t, r->type->time, r->body, XD_ZH, XD_PART_VALUE);
    for (size_t i = 0; i < t.n; i++) {
        xd_cql span = {.from = ask->time_from, .to = ask->time_to};
        if (relates(XD_CQL_T_INTERSECTS, &t.at[i], &span, ask->certain))
            return true;
    }
    return t.n == 0;
}

static inline bool naive_box(const naive *v, const record *r, const xd_ask *ask)
{
    values places = naive_places(v, r);
    if (places.n == 0)
        return ask->box_keeps_placeless;
    return naive_space(v, XD_CQL_S_INTERSECTS, &places, xd_geom_box_area(v->arena, ask->box)) ==
           YES;
}

/* skip: conditions on this field do not count. */
static inline bool about_field(const xd_cql *c, const xd_field *field)
{
    if (c->op == XD_CQL_PROPERTY)
        return c->field == field && c->over == NULL;
    for (size_t i = 0; i < c->n; i++) {
        if (!about_field(c->args[i], field))
            return false;
    }
    return true;
}

static inline bool naive_filter(const naive *v, const record *r, const xd_ask *ask,
                                const xd_cql *c, const xd_field *skip)
{
    if (c->op == XD_CQL_AND) {
        for (size_t i = 0; i < c->n; i++) {
            if (!naive_filter(v, r, ask, c->args[i], skip))
                return false;
        }
        return true;
    }
    return (skip != NULL && about_field(c, skip)) ||
           naive_cond(v, r, c, ask->lang, ask->certain) == YES;
}

static inline bool naive_match(const naive *v, const record *r, const xd_ask *ask,
                               const xd_strs *words, const xd_field *skip)
{
    if (r->body == NULL || (ask->type != NULL && r->type != ask->type))
        return false;
    if (ask->near != 0) {
        const record *from = naive_find(v, ask->near);
        if (from == NULL || naive_places(v, from).n == 0 || from == r ||
            naive_places(v, r).n == 0)
            return false;
        if (ask->within_m > 0 && naive_distance(v, from, r) > ask->within_m)
            return false;
    }
    if (ask->area != NULL) {
        values places = naive_places(v, r);
        if (naive_space(v, XD_CQL_S_INTERSECTS, &places, ask->area) != YES)
            return false;
    }
    return naive_words(v, r, words) && (!ask->has_box || naive_box(v, r, ask)) &&
           (!ask->has_time || (skip != NULL && skip == r->type->time) ||
            naive_time(v, r, ask)) &&
           (ask->filter == NULL || naive_filter(v, r, ask, ask->filter, skip));
}

#endif
