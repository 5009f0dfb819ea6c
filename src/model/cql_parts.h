/* model/cql_parts.h — what the files that read and write CQL2 share. Only cql_*.c include it. */
#ifndef XD_MODEL_CQL_PARTS_H
#define XD_MODEL_CQL_PARTS_H

#include "model/cql.h"

#define XD_CQL_DEPTH 64
#define XD_CQL_NODES 1000

/* A filter being read. */
typedef struct xd_cql_maker {
    xd_ctx *cx;
    xd_str text; /* of the filter, for positions; absent: JSON */
    size_t nodes;
    int depth;
} xd_cql_maker;

/* XD_INVALID at a byte of the text: “character 17: zh”, and the same in English. */
bool xd_cql_wrong(xd_cql_maker *m, size_t at, const char *zh, const char *en);
/* The standing error of something inside, told with its place. */
bool xd_cql_wrong_inside(xd_cql_maker *m, size_t at);
/* A node with room for n arguments; false when there are too many nodes. */
XD_MUST bool xd_cql_node(xd_cql_maker *m, xd_cql_op op, size_t n, size_t at, xd_cql **ret_node);
/* One level deeper; false when that is too deep. xd_cql_leave() for each that succeeded. */
XD_MUST bool xd_cql_enter(xd_cql_maker *m, size_t at);
void xd_cql_leave(xd_cql_maker *m);

/* How an operator is written. */
typedef enum xd_cql_sort {
    XD_CQL_COMPARES,
    XD_CQL_SPATIAL,
    XD_CQL_TEMPORAL,
    XD_CQL_ARRAYS,
    XD_CQL_FOLDS, /* CASEI, ACCENTI */
} xd_cql_sort;
typedef struct xd_cql_word {
    xd_cql_op op;
    xd_cql_sort sort;
    xd_str text, json;
    xd_cql_op mirrored; /* the operator when its arguments change places */
} xd_cql_word;
const xd_cql_word *xd_cql_word_of(xd_cql_op op);     /* NULL: AND, OR, LIKE, … */
const xd_cql_word *xd_cql_word_by_text(xd_str word); /* without case; comparisons too */
const xd_cql_word *xd_cql_word_by_json(xd_str word);

/* A property name that needs no "…" in text. */
bool xd_cql_plain_name(xd_str name);

/* Literals, the same in text and JSON. */
XD_MUST bool xd_cql_number(xd_cql_maker *m, xd_str written, size_t at, xd_cql **ret_node);
XD_MUST bool xd_cql_string(xd_cql_maker *m, xd_str value, size_t at, xd_cql **ret_node);
XD_MUST bool xd_cql_instant(xd_cql_maker *m, xd_str value, size_t at, xd_cql **ret_node);
/* Ends as written; ".." is open. */
XD_MUST bool xd_cql_interval(xd_cql_maker *m, xd_str from, xd_str to, size_t at,
                             xd_cql **ret_node);
/* West, south, east, north, or six numbers with heights, which are dropped. */
XD_MUST bool xd_cql_box(xd_cql_maker *m, const double *numbers, size_t n, size_t at,
                        xd_cql **ret_node);

#endif
