/* How two values compare; periods and orders as model/cql_compare.h says. */
#include "index/value.h"

#include "model/cql_compare.h"

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
    return xd_cql_order_holds(op, xd_str_cmp(term->code, code));
}

static bool compare_link(xd_cql_op op, const xd_val *link, const xd_val *b)
{
    int64_t id;
    bool by_id = b->kind == XD_VAL_NUMBER || b->kind == XD_VAL_LINK ||
                 (b->kind == XD_VAL_TEXT && xd_str_int(b->text, &id));
    if (!by_id)
        return b->kind == XD_VAL_TEXT &&
               xd_cql_order_holds(op, xd_str_cmp(link->text, b->text));
    if (b->kind == XD_VAL_NUMBER)
        id = (int64_t)b->number;
    else if (b->kind == XD_VAL_LINK)
        id = b->id;
    return link->id != 0 && xd_cql_order_holds(op, link->id < id ? -1 : link->id > id);
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
            return xd_cql_order_holds(op, order_of(a->number, b->number));
        return b->kind == XD_VAL_TEXT && xd_decimal(b->text, &number) &&
               xd_cql_order_holds(op, order_of(a->number, number));
    case XD_VAL_PERIOD:
        return b->kind == XD_VAL_PERIOD &&
               xd_cql_periods_compare(op, a->period, b->period, look->certain);
    case XD_VAL_BOOLEAN:
        return b->kind == XD_VAL_BOOLEAN && xd_cql_order_holds(op, a->boolean - b->boolean);
    case XD_VAL_TEXT: {
        /* A number as it was written: a text may well be 1953. */
        bool texts = b->kind == XD_VAL_TEXT || (b->kind == XD_VAL_NUMBER && b->text.n > 0);
        return texts && xd_cql_order_holds(op, xd_str_cmp(a->text, b->text));
    }
    case XD_VAL_THING:
        return false;
    }
    return false;
}

bool xd_val_between(const xd_look *look, const xd_val *v, const xd_val *from, const xd_val *to)
{
    if (v->kind == XD_VAL_PERIOD && from->kind == XD_VAL_PERIOD && to->kind == XD_VAL_PERIOD)
        return xd_cql_periods_meet(v->period, (xd_period){from->period.from, to->period.to},
                                   look->certain);
    return xd_val_compare(look, XD_CQL_GE, v, from) && xd_val_compare(look, XD_CQL_LE, v, to);
}

bool xd_val_relate(const xd_look *look, xd_cql_op op, const xd_val *a, const xd_val *b)
{
    return a->kind == XD_VAL_PERIOD && b->kind == XD_VAL_PERIOD &&
           xd_cql_periods_relate(op, a->period, b->period, look->certain);
}

xd_str xd_val_text(const xd_val *v)
{
    return v->kind == XD_VAL_TERM ? v->term->code : v->text;
}
