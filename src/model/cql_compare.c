/* Orders, periods and patterns of CQL2, read by the index and by conditions over one body.
 *
 * A period [a, b] is something whose days are not known better than between a and b. A
 * comparison with the days [l, m] may hold when some choice of days makes it hold, and must
 * hold when every choice does. Before: may a < l, must b < l; and so on below. T_AFTER,
 * T_BEFORE, T_INTERSECTS, T_DISJOINT and T_DURING have both readings; the other relations are
 * about both ends of two known spans, so they take the period as the span it gives. */
#include "model/cql_compare.h"

bool xd_cql_order_holds(xd_cql_op op, int order)
{
    switch ((int)op) {
    case XD_CQL_EQ:
    case XD_CQL_IN:
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

bool xd_cql_periods_meet(xd_period a, xd_period b, bool certain)
{
    return certain ? a.from >= b.from && a.to <= b.to : a.from <= b.to && a.to >= b.from;
}

bool xd_cql_periods_compare(xd_cql_op op, xd_period a, xd_period b, bool certain)
{
    switch ((int)op) {
    case XD_CQL_EQ:
    case XD_CQL_IN:
        return xd_cql_periods_meet(a, b, certain);
    case XD_CQL_NE:
        return !xd_cql_periods_meet(a, b, !certain);
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

bool xd_cql_periods_relate(xd_cql_op op, xd_period a, xd_period b, bool certain)
{
    switch ((int)op) {
    case XD_CQL_T_AFTER:
        return xd_cql_periods_compare(XD_CQL_GT, a, b, certain);
    case XD_CQL_T_BEFORE:
        return xd_cql_periods_compare(XD_CQL_LT, a, b, certain);
    case XD_CQL_T_INTERSECTS:
        return xd_cql_periods_meet(a, b, certain);
    case XD_CQL_T_DISJOINT:
        return !xd_cql_periods_meet(a, b, !certain);
    case XD_CQL_T_DURING:
        return during(a, b, certain);
    default:
        return relate_spans(op, a, b);
    }
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

bool xd_cql_like(xd_str text, xd_str pattern)
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
