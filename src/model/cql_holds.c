/* Conditions over one body.
 *
 * The index answers the same conditions over all records at once, by columns and sets; here one
 * body is at hand, often one of the past or one that is not kept yet. What holds is the same:
 * docs/reference/filter.md and decision 0051; tests/index/test_holds.c compares the two. */
#include "model/computed.h"

#include <stdlib.h>

#include "model/cql_compare.h"
#include "model/value.h"

typedef struct value {
    enum { TEXT, NUMBER, PERIOD, TERM, YES_NO, LINK, PLACE, THING } kind;
    xd_str text;
    double n;
    xd_period period;
    const xd_term *term;
    bool yes;
    int64_t id;
    const xd_json *json;
} value;
typedef XD_VEC(value) values;

typedef struct holding {
    xd_ctx *cx;
    const xd_subject *subject;
} holding;

static double number_of(xd_str decimal)
{
    char text[64];
    size_t n = decimal.n < sizeof text - 1 ? decimal.n : sizeof text - 1;
    memcpy(text, decimal.p, n);
    text[n] = 0;
    return strtod(text, NULL); /* bodies and bound literals hold decimal text alone */
}

/* ---- values --------------------------------------------------------------------------------- */

static bool year_of(const xd_period *period, bool from, double *ret_year)
{
    int64_t year;
    int month, day;
    int32_t end = from ? period->from : period->to;
    if (end == XD_DAY_OPEN_START || end == XD_DAY_OPEN_END) {
        return false;
    }
    xd_day_parts(end, &year, &month, &day);
    *ret_year = (double)year;
    return true;
}

static bool value_of(const xd_field *field, const xd_json *json, int part, value *ret)
{
    *ret = (value){.json = json};
    switch (xd_field_kept(field)) {
    case XD_KEPT_TEXTS:
        ret->text = xd_value_lang(json, xd_lang_tag[XD_ZH], NULL);
        return ret->text.n > 0;
    case XD_KEPT_NUMBER:
        ret->kind = NUMBER;
        ret->n = number_of(xd_json_get_str(json, XD_S("n")));
        return true;
    case XD_KEPT_BOOLEAN:
        ret->kind = YES_NO;
        ret->yes = json->boolean;
        return true;
    case XD_KEPT_PERIOD:
        ret->kind = PERIOD;
        if (!xd_value_period(json, &ret->period)) {
            return false;
        }
        if (part == XD_PART_FROM || part == XD_PART_TO) {
            ret->kind = NUMBER;
            return year_of(&ret->period, part == XD_PART_FROM, &ret->n);
        }
        return true;
    case XD_KEPT_CODE:
        ret->kind = TERM;
        ret->term = field->vocabulary == NULL
                        ? NULL
                        : xd_term_find(field->vocabulary, xd_json_str(json));
        return ret->term != NULL;
    case XD_KEPT_LINK:
        ret->kind = LINK;
        ret->id = xd_json_get_int(json, XD_S("id"), 0);
        ret->text = xd_json_get_str(json, XD_S("text"));
        return true;
    case XD_KEPT_PLACE:
        ret->kind = PLACE;
        return xd_json_get(json, XD_S("geometry")) != NULL;
    case XD_KEPT_GROUP:
    case XD_KEPT_HOURS:
    case XD_KEPT_FILE:
        ret->kind = THING;
        return true;
    case XD_KEPT_STRING:
        ret->text = xd_json_str(json);
        return ret->text.n > 0;
    }
    return false;
}

static void add_member(holding *h, const xd_field *field, const xd_json *object, int part,
                       values *out)
{
    size_t n = xd_value_count(field, object);
    for (size_t i = 0; i < n; i++) {
        value v;
        if (value_of(field, xd_value(field, object, i), part, &v)) {
            *xd_push(h->cx->arena, out) = v;
        }
    }
}

static void add_part(holding *h, int part, values *out)
{
    const xd_subject *s = h->subject;
    value v = {.kind = TEXT};
    if (part == XD_PART_ID) {
        v.kind = NUMBER;
        v.n = (double)s->id;
    } else if (part == XD_PART_UPDATED) {
        int32_t day = (int32_t)(s->time / INT64_C(86400000000));
        v.kind = PERIOD;
        v.period = (xd_period){day, day};
    } else if (part == XD_PART_TYPE) {
        v.text = s->type->name;
    } else {
        v.text = xd_json_get_str(s->body, part == XD_PART_NUMBER  ? XD_M_NUMBER
                                          : part == XD_PART_STATE ? XD_M_STATE
                                                                  : XD_M_CONFIDENCE);
        if (part == XD_PART_CONFIDENCE && v.text.n == 0) {
            v.text = xd_confidence_name[1]; /* where none is said: docs/reference/bodies.md */
        }
    }
    if (v.kind != TEXT || v.text.n > 0) {
        *xd_push(h->cx->arena, out) = v;
    }
}

static bool add_computed(holding *h, const xd_computed *computed, values *out)
{
    xd_derived derived = {0};
    const xd_subject *s = h->subject;
    if (s->derive != NULL && !s->derive(h->cx, s->user, s, computed, &derived)) {
        return false;
    }
    if (!derived.known) {
        return true;
    }
    value v = {.kind = NUMBER, .n = derived.n};
    if (computed->by == XD_COMPUTE_LIGHT) {
        v.kind = TEXT;
        v.text = xd_light_name[derived.light->look];
    }
    *xd_push(h->cx->arena, out) = v;
    return true;
}

static bool is_own(const xd_field *over, const xd_field *field)
{
    for (size_t i = 0; i < over->n_fields; i++) {
        if (field == &over->fields[i]) {
            return true;
        }
    }
    return false;
}

static bool add_far(holding *h, const xd_cql *p, const xd_json *link, values *out)
{
    const xd_subject *s = h->subject;
    const xd_json *there = NULL;
    int64_t id = xd_json_get_int(link, XD_S("id"), 0);
    if (id == 0 || s->follow == NULL) {
        return true;
    }
    if (!s->follow(h->cx, s->user, id, &there)) {
        return false;
    }
    const xd_type *type = there == NULL ? NULL : xd_body_type(s->model, there);
    const xd_field *field = type == NULL ? NULL : xd_field_find(type, p->field->name);
    if (field != NULL) {
        add_member(h, field, there, (int)p->part, out);
    }
    return true;
}

static bool values_of(holding *h, const xd_cql *p, values *out)
{
    const xd_json *body = h->subject->body;
    if (p->field == NULL) {
        add_part(h, (int)p->part, out);
        return true;
    }
    if (p->field->computed != NULL) {
        return add_computed(h, p->field->computed, out);
    }
    if (p->over == NULL) {
        add_member(h, p->field, body, (int)p->part, out);
        return true;
    }
    bool own = is_own(p->over, p->field);
    size_t n = xd_value_count(p->over, body);
    for (size_t i = 0; i < n; i++) {
        const xd_json *item = xd_value(p->over, body, i);
        if (own) {
            add_member(h, p->field, item, (int)p->part, out);
        } else if (!add_far(h, p, item, out)) {
            return false;
        }
    }
    return true;
}

/* ---- comparing ------------------------------------------------------------------------------ */

static xd_period days_of(const xd_cql *from, const xd_cql *to)
{
    return (xd_period){from->from, to->to};
}

static bool term_compares(xd_cql_op op, const xd_term *term, const xd_vocabulary *vocabulary,
                          xd_str text)
{
    const xd_term *asked = vocabulary == NULL ? NULL : xd_term_find(vocabulary, text);
    if (op == XD_CQL_EQ || op == XD_CQL_NE || op == XD_CQL_IN) {
        bool within = asked != NULL && xd_term_within(term, asked);
        return within != (op == XD_CQL_NE);
    }
    return xd_cql_order_holds(op, xd_str_cmp(term->code, asked == NULL ? text : asked->code));
}

static int order_of(double a, double b)
{
    return a < b ? -1 : a > b;
}

static bool compares(xd_cql_op op, const value *a, const xd_cql *b, const xd_field *field)
{
    switch (a->kind) {
    case TEXT:
        return (b->op == XD_CQL_TEXT || b->op == XD_CQL_NUMBER) &&
               xd_cql_order_holds(op, xd_str_cmp(a->text, b->text));
    case NUMBER:
        return b->op == XD_CQL_NUMBER &&
               xd_cql_order_holds(op, order_of(a->n, number_of(b->text)));
    case PERIOD:
        return b->op == XD_CQL_PERIOD &&
               xd_cql_periods_compare(op, a->period, days_of(b, b), false);
    case TERM:
        return b->op == XD_CQL_TEXT && term_compares(op, a->term, field->vocabulary, b->text);
    case YES_NO:
        return xd_cql_order_holds(op,
                                  (int)a->yes - (int)(b->op == XD_CQL_TRUE ||
                                                      (b->op == XD_CQL_BOOLEAN && b->boolean)));
    case LINK: {
        int64_t id;
        if (xd_str_int(b->text, &id)) {
            return a->id != 0 && xd_cql_order_holds(op, a->id < id ? -1 : a->id > id);
        }
        return b->op == XD_CQL_TEXT && xd_cql_order_holds(op, xd_str_cmp(a->text, b->text));
    }
    case PLACE:
    case THING:
        break;
    }
    return false;
}

static bool is_temporal(xd_cql_op op)
{
    return op >= XD_CQL_T_AFTER && op <= XD_CQL_T_STARTS;
}

static bool is_spatial(xd_cql_op op)
{
    return op >= XD_CQL_S_INTERSECTS && op <= XD_CQL_S_EQUALS;
}

static bool one_holds(const value *a, const xd_cql *c, const xd_field *field)
{
    if (c->op == XD_CQL_LIKE) {
        bool text = a->kind == TEXT || a->kind == TERM || a->kind == LINK;
        return text && xd_cql_like(a->kind == TERM ? a->term->code : a->text, c->args[1]->text);
    }
    if (c->op == XD_CQL_BETWEEN && a->kind == PERIOD) {
        return xd_cql_periods_meet(a->period, days_of(c->args[1], c->args[2]), false);
    }
    if (c->op == XD_CQL_BETWEEN) {
        return compares(XD_CQL_GE, a, c->args[1], field) &&
               compares(XD_CQL_LE, a, c->args[2], field);
    }
    if (is_temporal(c->op)) {
        return a->kind == PERIOD &&
               xd_cql_periods_relate(c->op, a->period, days_of(c->args[1], c->args[1]), false);
    }
    for (size_t i = 1; i < c->n; i++) { /* IN has several; others one */
        const xd_cql *literal = c->args[i];
        for (size_t k = 0; literal->op == XD_CQL_ARRAY && k < literal->n; k++) {
            if (compares(c->op, a, literal->args[k], field)) {
                return true;
            }
        }
        if (literal->op != XD_CQL_ARRAY && compares(c->op, a, literal, field)) {
            return true;
        }
    }
    return false;
}

static bool lists_hold(const values *v, const xd_cql *c, const xd_field *field)
{
    const xd_cql *list = c->args[1];
    size_t covered = 0, met = 0;
    for (size_t i = 0; i < v->n; i++) {
        bool any = false;
        for (size_t k = 0; k < list->n; k++) {
            any = any || compares(XD_CQL_EQ, &v->at[i], list->args[k], field);
        }
        covered += any;
    }
    for (size_t k = 0; k < list->n; k++) {
        bool any = false;
        for (size_t i = 0; i < v->n; i++) {
            any = any || compares(XD_CQL_EQ, &v->at[i], list->args[k], field);
        }
        met += any;
    }
    switch ((int)c->op) {
    case XD_CQL_A_EQUALS:
        return covered == v->n && met == list->n;
    case XD_CQL_A_CONTAINS:
        return met == list->n;
    case XD_CQL_A_CONTAINEDBY:
        return covered == v->n;
    default:
        return met > 0;
    }
}

/* Apart and within speak of all places of a record, the others of some. */
static bool places_hold(holding *h, const values *v, const xd_cql *c, bool *ret_holds)
{
    size_t yes = 0;
    for (size_t i = 0; i < v->n; i++) {
        const xd_geom *geom = NULL;
        bool holds = false;
        xd_relation relation = (xd_relation)(XD_INTERSECTS + (c->op - XD_CQL_S_INTERSECTS));
        if (!xd_value_geom(h->cx, v->at[i].json, &geom) ||
            !xd_geom_relate(h->cx, relation, geom, c->args[1]->geom, &holds)) {
            return false;
        }
        yes += holds;
    }
    bool every = c->op == XD_CQL_S_DISJOINT || c->op == XD_CQL_S_WITHIN;
    *ret_holds = every ? yes == v->n : yes > 0;
    return true;
}

/* ---- the tree ------------------------------------------------------------------------------- */

static xd_truth not(xd_truth t)
{
    return t == XD_UNKNOWN ? XD_UNKNOWN : t == XD_YES ? XD_NO : XD_YES;
}

static bool leaf(holding *h, const xd_cql *c, xd_truth *ret)
{
    const xd_cql *p = c->op == XD_CQL_PROPERTY ? c : c->args[0];
    values v = {0};
    bool holds = false;
    if (p->op != XD_CQL_PROPERTY) { /* CASEI, ACCENTI: see xd_cql_holds_takes() */
        *ret = XD_UNKNOWN;
        return true;
    }
    if (!values_of(h, p, &v)) {
        return false;
    }
    if (c->op == XD_CQL_IS_NULL) {
        *ret = v.n == 0 ? XD_YES : XD_NO;
        return true;
    }
    if (v.n == 0) {
        *ret = XD_UNKNOWN;
        return true;
    }
    if (is_spatial(c->op)) {
        if (!places_hold(h, &v, c, &holds)) {
            return false;
        }
    } else if (c->op >= XD_CQL_A_EQUALS && c->op <= XD_CQL_A_OVERLAPS) {
        holds = lists_hold(&v, c, p->field);
    } else {
        for (size_t i = 0; i < v.n && !holds; i++) {
            holds = c->op == XD_CQL_PROPERTY ? v.at[i].kind == YES_NO && v.at[i].yes
                                             : one_holds(&v.at[i], c, p->field);
        }
    }
    *ret = holds ? XD_YES : XD_NO;
    return true;
}

static bool eval(holding *h, const xd_cql *c, xd_truth *ret)
{
    switch ((int)c->op) {
    case XD_CQL_AND:
    case XD_CQL_OR: {
        xd_truth ends = c->op == XD_CQL_AND ? XD_NO : XD_YES, all = not(ends), one;
        for (size_t i = 0; i < c->n && all != ends; i++) {
            if (!eval(h, c->args[i], &one)) {
                return false;
            }
            all = one == ends ? ends : one == XD_UNKNOWN ? XD_UNKNOWN : all;
        }
        *ret = all;
        return true;
    }
    case XD_CQL_NOT:
        if (!eval(h, c->args[0], ret)) {
            return false;
        }
        *ret = not(*ret);
        return true;
    case XD_CQL_TRUE:
        *ret = XD_YES;
        return true;
    case XD_CQL_FALSE:
        *ret = XD_NO;
        return true;
    case XD_CQL_BOOLEAN:
        *ret = c->boolean ? XD_YES : XD_NO;
        return true;
    default:
        return leaf(h, c, ret);
    }
}

bool xd_cql_holds(xd_ctx *cx, const xd_subject *subject, const xd_cql *cql, xd_truth *ret_truth)
{
    holding h = {cx, subject};
    xd_truth truth;
    if (!eval(&h, cql, &truth)) {
        return false;
    }
    *ret_truth = truth;
    return true;
}

bool xd_cql_holds_takes(const xd_cql *cql)
{
    if (cql->op == XD_CQL_CASEI || cql->op == XD_CQL_ACCENTI) {
        return false;
    }
    for (size_t i = 0; i < cql->n; i++) {
        if (!xd_cql_holds_takes(cql->args[i])) {
            return false;
        }
    }
    return true;
}
