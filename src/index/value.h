/* index/value.h — values of a document as conditions see them, and how two compare.
 *
 * Values of `many` fields, of a group's items and of several linked records are all candidates:
 * a condition holds if it holds for some of them. A record with none of them is unknown (NULL).
 * Texts are those of the asked language, else another; a term equals its code and those of the
 * terms it belongs to; periods compare as docs/decisions/0051 says. */
#ifndef XD_INDEX_VALUE_H
#define XD_INDEX_VALUE_H

#include "index/look.h"

typedef struct xd_val {
    enum {
        XD_VAL_TEXT,
        XD_VAL_NUMBER,
        XD_VAL_PERIOD,
        XD_VAL_TERM,
        XD_VAL_BOOLEAN,
        XD_VAL_LINK,
        XD_VAL_THING, /* place, group: only that there is one */
    } kind;
    xd_str text; /* text; of a number as written, where it was written; of a link */
    double number;
    xd_period period;
    const xd_term *term;
    bool boolean;
    int64_t id; /* link */
} xd_val;

typedef struct xd_vals {
    xd_val *at;
    size_t n, cap;
} xd_vals;

/* One side of a comparison. */
typedef struct xd_operand {
    const xd_cql *property; /* NULL: the literals below */
    xd_vals literals;
    bool no_case, no_accents;
} xd_operand;

/* like: the other side, whose kind says how a literal is read (years as periods, former codes
 * as today's); may be NULL. */
void xd_operand_make(xd_look *look, const xd_cql *cql, const xd_cql *like,
                     xd_operand *ret_operand);
/* The operand's values for a document, in look->scratch. */
void xd_operand_values(xd_look *look, const xd_operand *operand, size_t shard, uint32_t doc,
                       xd_vals *ret_vals);
/* The i-th value of a column as the operand has it; false: none, an open end's year. */
bool xd_column_val(xd_look *look, const xd_operand *operand, const xd_column *column,
                   uint32_t i, xd_val *ret_val);
/* The column of a property of the document's own (field, group's or link's own sub-field), NULL
 * when the property is something else. */
const xd_column *xd_property_column(const xd_look *look, size_t shard, const xd_type *type,
                                    const xd_cql *property);
/* Whether the property is read in other records. */
bool xd_property_is_far(const xd_cql *property);

/* EQ … GE. */
bool xd_val_compare(const xd_look *look, xd_cql_op op, const xd_val *a, const xd_val *b);
bool xd_val_between(const xd_look *look, const xd_val *v, const xd_val *from, const xd_val *to);
/* T_…; false for what is no period. */
bool xd_val_relate(const xd_look *look, xd_cql_op op, const xd_val *a, const xd_val *b);
/* What a value is as text, for LIKE. */
xd_str xd_val_text(const xd_val *v);

#endif
