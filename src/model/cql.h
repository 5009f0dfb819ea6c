/* model/cql.h — OGC CQL2 (21-065r2), text and JSON, into one tree.
 *
 * Parsed, not judged: xd_cql_check() binds names to a type's fields. Parts taken: comparison,
 * LIKE, BETWEEN, IN, IS NULL, AND OR NOT, CASEI and ACCENTI, S_* with WKT/BBOX/GeoJSON, T_* with
 * DATE, TIMESTAMP, INTERVAL, A_* with arrays, arithmetic refused with a sentence. Depth 64,
 * 1 000 nodes. Property names are fields, `field.sub` for groups and one hop over links that
 * declare reach, the period's `…_from` and `…_to` (years), `id`, `number`, `state`, `type`,
 * `confidence`, `updated`. */
#ifndef XD_MODEL_CQL_H
#define XD_MODEL_CQL_H

#include "geo/geom.h"
#include "model/model.h"

typedef enum xd_cql_op {
    XD_CQL_AND, XD_CQL_OR, XD_CQL_NOT,
    XD_CQL_EQ, XD_CQL_NE, XD_CQL_LT, XD_CQL_LE, XD_CQL_GT, XD_CQL_GE,
    XD_CQL_LIKE, XD_CQL_BETWEEN, XD_CQL_IN, XD_CQL_IS_NULL,
    XD_CQL_S_INTERSECTS, XD_CQL_S_DISJOINT, XD_CQL_S_CONTAINS, XD_CQL_S_WITHIN,
    XD_CQL_S_TOUCHES, XD_CQL_S_CROSSES, XD_CQL_S_OVERLAPS, XD_CQL_S_EQUALS,
    XD_CQL_T_AFTER, XD_CQL_T_BEFORE, XD_CQL_T_CONTAINS, XD_CQL_T_DISJOINT, XD_CQL_T_DURING,
    XD_CQL_T_EQUALS, XD_CQL_T_FINISHEDBY, XD_CQL_T_FINISHES, XD_CQL_T_INTERSECTS, XD_CQL_T_MEETS,
    XD_CQL_T_METBY, XD_CQL_T_OVERLAPPEDBY, XD_CQL_T_OVERLAPS, XD_CQL_T_STARTEDBY, XD_CQL_T_STARTS,
    XD_CQL_A_EQUALS, XD_CQL_A_CONTAINS, XD_CQL_A_CONTAINEDBY, XD_CQL_A_OVERLAPS,
    XD_CQL_CASEI, XD_CQL_ACCENTI,
    XD_CQL_TRUE, XD_CQL_FALSE,
    /* leaves */
    XD_CQL_PROPERTY, XD_CQL_TEXT, XD_CQL_NUMBER, XD_CQL_BOOLEAN, XD_CQL_GEOMETRY,
    XD_CQL_PERIOD, XD_CQL_ARRAY,
} xd_cql_op;

typedef struct xd_cql xd_cql;
struct xd_cql {
    xd_cql_op op;
    const xd_cql **args;
    size_t n;
    xd_str text;            /* property, text, number as written */
    bool boolean;
    const xd_geom *geom;
    int32_t from, to;       /* period leaf: days, model/period.h */
    size_t at;              /* byte (text) or 0, for error messages */
    /* Bound by xd_cql_check(): */
    const xd_field *field;  /* the field of the record, or of the group or link target */
    const xd_field *over;   /* the group or link it is reached through; NULL: direct */
    enum { XD_PART_VALUE, XD_PART_FROM, XD_PART_TO, XD_PART_ID, XD_PART_NUMBER, XD_PART_STATE,
           XD_PART_TYPE, XD_PART_CONFIDENCE, XD_PART_UPDATED } part;
};

/* XD_INVALID with a position ("character 17") and what was expected, zh and en. */
XD_MUST bool xd_cql_read_text(xd_ctx *cx, xd_str text, const xd_cql **ret_cql);
XD_MUST bool xd_cql_read_json(xd_ctx *cx, xd_str text, const xd_cql **ret_cql);
/* Bind to a type (NULL: only what every type has). A name may be a field's label, in either
 * language, where only one field has it. Hidden fields are unknown names unless
 * `all`. Returns a bound copy. */
XD_MUST bool xd_cql_check(xd_ctx *cx, const xd_model *model, const xd_type *type, bool all,
                          const xd_cql *cql, const xd_cql **ret_bound);
/* The same for the model's own rules: computed values of the type are names too. */
XD_MUST bool xd_cql_check_rule(xd_ctx *cx, const xd_type *type, bool all, const xd_cql *cql,
                               const xd_cql **ret_bound);
void xd_cql_write_text(xd_buf *out, const xd_cql *cql);
void xd_cql_write_json(xd_buf *out, const xd_cql *cql);
const xd_cql *xd_cql_and(xd_arena *arena, const xd_cql *a, const xd_cql *b); /* either NULL */

#endif
