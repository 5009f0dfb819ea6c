/* model/cql_compare.h — what the comparisons of CQL2 mean; all pure. Periods as
 * docs/decisions/0051 says: `certain` asks whether it must hold, else whether it may. */
#ifndef XD_MODEL_CQL_COMPARE_H
#define XD_MODEL_CQL_COMPARE_H

#include "model/cql.h"
#include "model/period.h"

/* EQ (and IN) to GE of an order as strcmp gives it. */
bool xd_cql_order_holds(xd_cql_op op, int order);
bool xd_cql_periods_meet(xd_period a, xd_period b, bool certain);
/* EQ (and IN) to GE. */
bool xd_cql_periods_compare(xd_cql_op op, xd_period a, xd_period b, bool certain);
/* T_AFTER … T_STARTS, ends included (OGC CQL2, clause on temporal functions). */
bool xd_cql_periods_relate(xd_cql_op op, xd_period a, xd_period b, bool certain);
/* `%` many, `_` one code point, `\\` before either means itself. */
bool xd_cql_like(xd_str text, xd_str pattern);

#endif
