/* How two values compare.
 *
 * A period [a, b] is something whose days are not known better than between a and b. A
 * comparison with the days [l, m] may hold when some choice of days makes it hold, and must
 * hold when every choice does. Before: may a < l, must b < l; and so on below. T_AFTER,
 * T_BEFORE, T_INTERSECTS, T_DISJOINT and T_DURING have both readings; the other relations are
 * about both ends of two known spans, so they take the period as the span it gives. */
#include "index/value.h"

static bool holds(xd_cql_op op, int order)
{
    switch ((int)op) {
    case XD_CQL_EQ:
        return order == 0;
    case XD_CQL_NE:
        return order != 0;
    case XD_CQL_LT:
        return order < 0;
    case XD_CQL_LE:
        return order <= 0;
    case XD_CQL_GT:
        return order > 0;
    default:
        return order >= 0;
    }
}

static bool meets(xd_period a, xd_period b, bool certain)
{
    return certain ? a.from >= b.from && a.to <= b.to : a.from <= b.to && a.to >= b.from;
}

static bool compare_periods(xd_cql_op op, xd_period a, xd_period b, bool certain)
{
    switch ((int)op) {
    case XD_CQL_EQ:
        return meets(a, b, certain);
    case XD_CQL_NE:
        return !meets(a, b, !certain);
    case XD_CQL_LT:
        return (certain ? a.to : a.from) < b.from;
    case XD_CQL_LE:
        return (certain ? a.to : a.from) <= b.to;
    case XD_CQL_GT:
        return (certain ? a.from : a.to) > b.to;
    default:
        return (certain ? a.from : a.to) >= b.from;
    }
}

static bool within(const xd_term *term, xd_str code)
{
    for (; term != NULL; term = term->parent) {
        if (xd_str_eq(term->code, code))
            return true;
    }
    return false;
}

static bool compare_terms(xd_cql_op op, const xd_term *term, xd_str code)
{
    if (op == XD_CQL_EQ || op == XD_CQL_NE)
        return within(term, code) == (op == XD_CQL_EQ);
    return holds(op, xd_str_cmp(term->code, code));
}

static bool compare_link(xd_cql_op op, const xd_val *link, const xd_val *b)
{
    int64_t id;
    bool by_id = b->kind == XD_VAL_NUMBER || b->kind == XD_VAL_LINK ||
                 (b->kind == XD_VAL_TEXT && xd_str_int(b->text, &id));
    if (!by_id)
        return b->kind == XD_VAL_TEXT && holds(op, xd_str_cmp(link->text, b->text));
    if (b->kind == XD_VAL_NUMBER)
        id = (int64_t)b->number;
    else if (b->kind == XD_VAL_LINK)
        id = b->id;
    return link->id != 0 && holds(op, link->id < id ? -1 : link->id > id);
}

static int order_of(double a, double b)
{
    return a < b ? -1 : a > b;
}

bool xd_val_compare(const xd_look *look, xd_cql_op op, const xd_val *a, const xd_val *b)
{
    double number;
    switch (a->kind) {
    case XD_VAL_TERM:
        return b->kind == XD_VAL_TERM ? compare_terms(op, a->term, b->term->code)
                                      : b->text.n > 0 && compare_terms(op, a->term, b->text);
    case XD_VAL_LINK:
        return compare_link(op, a, b);
    case XD_VAL_NUMBER:
        if (b->kind == XD_VAL_NUMBER)
            return holds(op, order_of(a->number, b->number));
        return b->kind == XD_VAL_TEXT && xd_decimal(b->text, &number) &&
               holds(op, order_of(a->number, number));
    case XD_VAL_PERIOD:
        return b->kind == XD_VAL_PERIOD &&
               compare_periods(op, a->period, b->period, look->certain);
    case XD_VAL_BOOLEAN:
        return b->kind == XD_VAL_BOOLEAN && holds(op, a->boolean - b->boolean);
    case XD_VAL_TEXT: {
        /* A number as it was written: a text may well be 1953. */
        bool texts = b->kind == XD_VAL_TEXT || (b->kind == XD_VAL_NUMBER && b->text.n > 0);
        return texts && holds(op, xd_str_cmp(a->text, b->text));
    }
    case XD_VAL_THING:
        return false;
    }
    return false;
}

bool xd_val_between(const xd_look *look, const xd_val *v, const xd_val *from, const xd_val *to)
{
    if (v->kind == XD_VAL_PERIOD && from->kind == XD_VAL_PERIOD && to->kind == XD_VAL_PERIOD)
        return meets(v->period, (xd_period){from->period.from, to->period.to}, look->certain);
    return xd_val_compare(look, XD_CQL_GE, v, from) && xd_val_compare(look, XD_CQL_LE, v, to);
}

/* Relations of two spans of days, ends included (OGC CQL2, clause on temporal functions). */
static bool relate_spans(xd_cql_op op, xd_period a, xd_period b)
{
    switch ((int)op) {
    case XD_CQL_T_CONTAINS:
        return a.from < b.from && a.to > b.to;
    case XD_CQL_T_EQUALS:
        return a.from == b.from && a.to == b.to;
    case XD_CQL_T_FINISHEDBY:
        return a.from < b.from && a.to == b.to;
    case XD_CQL_T_FINISHES:
        return a.from > b.from && a.to == b.to;
    case XD_CQL_T_MEETS:
        return a.to == b.from;
    case XD_CQL_T_METBY:
        return a.from == b.to;
    case XD_CQL_T_OVERLAPPEDBY:
        return a.from > b.from && a.from < b.to && a.to > b.to;
    case XD_CQL_T_OVERLAPS:
        return a.from < b.from && a.to > b.from && a.to < b.to;
    case XD_CQL_T_STARTEDBY:
        return a.from == b.from && a.to > b.to;
    case XD_CQL_T_STARTS:
        return a.from == b.from && a.to < b.to;
    default:
        return false;
    }
}

/* Strictly between both ends of b. */
static bool during(xd_period a, xd_period b, bool certain)
{
    if (certain)
        return a.from > b.from && a.to < b.to;
    int64_t from = (int64_t)b.from + 1, to = (int64_t)b.to - 1;
    return (a.from > from ? a.from : from) <= (a.to < to ? a.to : to);
}

bool xd_val_relate(const xd_look *look, xd_cql_op op, const xd_val *a, const xd_val *b)
{
    if (a->kind != XD_VAL_PERIOD || b->kind != XD_VAL_PERIOD)
        return false;
    switch ((int)op) {
    case XD_CQL_T_AFTER:
        return compare_periods(XD_CQL_GT, a->period, b->period, look->certain);
    case XD_CQL_T_BEFORE:
        return compare_periods(XD_CQL_LT, a->period, b->period, look->certain);
    case XD_CQL_T_INTERSECTS:
        return meets(a->period, b->period, look->certain);
    case XD_CQL_T_DISJOINT:
        return !meets(a->period, b->period, !look->certain);
    case XD_CQL_T_DURING:
        return during(a->period, b->period, look->certain);
    default:
        return relate_spans(op, a->period, b->period);
    }
}

xd_str xd_val_text(const xd_val *v)
{
    return v->kind == XD_VAL_TERM ? v->term->code : v->text;
}

/* The pattern's next code point; *ret_literal false for a wildcard. */
static uint32_t pattern_next(xd_str pattern, size_t *at, bool *ret_literal)
{
    uint32_t cp = xd_utf8_next(pattern, at);
    *ret_literal = cp != '%' && cp != '_';
    if (cp == '\\' && *at < pattern.n)
        cp = xd_utf8_next(pattern, at);
    return cp;
}

/* Only literals and %: what is before the first % begins the text, what is behind the last ends
 * it, the others follow one another between. */
static bool like_pieces(xd_str text, xd_str pattern)
{
    size_t cut = xd_str_find(pattern, XD_S("%"), 0);
    if (cut == SIZE_MAX)
        return xd_str_eq(text, pattern);
    xd_str head = xd_str_sub(pattern, 0, cut), rest = xd_str_sub(pattern, cut + 1, pattern.n);
    if (!xd_str_starts(text, head))
        return false;
    size_t at = head.n;
    while ((cut = xd_str_find(rest, XD_S("%"), 0)) != SIZE_MAX) {
        xd_str piece = xd_str_sub(rest, 0, cut);
        size_t found = xd_str_find(text, piece, at);
        if (found == SIZE_MAX)
            return false;
        at = found + piece.n;
        rest = xd_str_sub(rest, cut + 1, rest.n);
    }
    return text.n - at >= rest.n && xd_str_ends(text, rest);
}

bool xd_like(xd_str text, xd_str pattern)
{
    if (xd_str_find(pattern, XD_S("_"), 0) == SIZE_MAX &&
        xd_str_find(pattern, XD_S("\\"), 0) == SIZE_MAX)
        return like_pieces(text, pattern);
    /* Going back to the last % is enough: an earlier one could only take less. */
    size_t t = 0, p = 0, back_t = SIZE_MAX, back_p = 0;
    while (t < text.n) {
        size_t next_p = p, next_t = t;
        bool literal = false;
        uint32_t want = p < pattern.n ? pattern_next(pattern, &next_p, &literal) : 0;
        if (p < pattern.n && !literal && want == '%') {
            back_t = t;
            back_p = p = next_p;
            continue;
        }
        uint32_t have = xd_utf8_next(text, &next_t);
        if (p < pattern.n && (!literal || want == have)) {
            p = next_p;
            t = next_t;
        } else if (back_t != SIZE_MAX) {
            (void)xd_utf8_next(text, &back_t);
            t = back_t;
            p = back_p;
        } else {
            return false;
        }
    }
    while (p < pattern.n && pattern.p[p] == '%')
        p++;
    return p == pattern.n;
}
