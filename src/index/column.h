/* index/column.h — values of one field in one segment, by document.
 *
 * Documents of a type are neighbours, so a column covers lo … lo + n − 1. start[] says where
 * each document's values begin; several values, of `many` fields and of a group's items, stand
 * one after another. Text points into the segment's bodies. Beside the values stand sets:
 * `has`, the documents with any value; for terms one a term, documents of narrower terms
 * included; for booleans no and yes; for links one a target would be too many: they are looked
 * up in the values. */
#ifndef XD_INDEX_COLUMN_H
#define XD_INDEX_COLUMN_H

#include "index/bits.h"
#include "model/body.h"

/* Every field of every type, group items' and links' own fields too, by one number. */
typedef struct xd_slot {
    const xd_type *type;
    const xd_field *over, *field; /* over: the group or link it belongs to, or NULL */
} xd_slot;
typedef struct xd_slots {
    xd_slot *at;
    uint32_t n;
    uint32_t *type_base;  /* by xd_type.at */
    uint32_t **over_base; /* by xd_type.at and xd_field.at */
} xd_slots;
void xd_slots_make(xd_arena *arena, const xd_model *model, xd_slots *ret_slots);
/* The type has the field at its top, or within over. */
static inline bool xd_type_has(const xd_type *type, const xd_field *over, const xd_field *field)
{
    const xd_field *top = over == NULL ? field : over;
    return top->at < type->n_fields && &type->fields[top->at] == top;
}
uint32_t xd_slot_at(const xd_slots *slots, const xd_type *type, const xd_field *over,
                    const xd_field *field);

typedef enum xd_column_kind {
    XD_COLUMN_NONE, /* group: only `has` */
    XD_COLUMN_TEXT,
    XD_COLUMN_NUMBER,
    XD_COLUMN_PERIOD,
    XD_COLUMN_TERM,
    XD_COLUMN_BOOLEAN,
    XD_COLUMN_LINK,
    XD_COLUMN_PLACE,
} xd_column_kind;
xd_column_kind xd_column_kind_of(const xd_field *field);

typedef struct xd_text_value {
    xd_str in[XD_LANGS]; /* each falls back to another language */
} xd_text_value;
typedef struct xd_period_value {
    xd_period days;
    int32_t from_year, to_year; /* INT32_MIN, INT32_MAX where open */
} xd_period_value;
typedef struct xd_link_value {
    int64_t id; /* 0: not resolved */
    xd_str text;
} xd_link_value;
typedef struct xd_place_value {
    const xd_geom *geom;
    xd_box extent;
    xd_precision precision;
} xd_place_value;

typedef struct xd_column {
    xd_column_kind kind;
    const xd_slot *slot;
    uint32_t lo, n;
    xd_arena *growth; /* while it is filled */
    uint32_t *start;  /* n + 1 */
    uint32_t n_values;
    size_t cap;
    union {
        void *any;
        xd_text_value *text;
        double *number; /* exact for 15 digits; order of more may collapse */
        xd_period_value *period;
        const xd_term **term;
        bool *boolean;
        xd_link_value *link;
        xd_place_value *place;
    } of;
    xd_bits *has;
    xd_bits **sets; /* term: by xd_term.at, NULL where empty; boolean: no, yes */
    size_t n_sets;
    xd_str *keys[XD_LANGS]; /* ICU keys by document − lo; only for text to sort by */
} xd_column;

/* An empty column for documents lo … lo + n − 1, to be filled in ascending order, its values in
 * `growth` until it is sealed: for each document xd_column_begin(), then xd_column_add() of each object that may hold the field. */
void xd_column_make(xd_arena *arena, xd_arena *growth, const xd_slot *slot, uint32_t lo,
                    uint32_t n, xd_column *ret_column);
void xd_column_begin(xd_column *column, uint32_t doc);
/* body: the segment's own copy of the text the object was read from; strings that stand in it
 * as they are are not copied. */
XD_MUST bool xd_column_add(xd_ctx *scratch, xd_arena *arena, xd_column *column, uint32_t doc,
                           const xd_json *object, xd_str body);
void xd_column_seal(xd_arena *arena, xd_column *column);
void xd_column_free(xd_column *column); /* the sets */

/* Values of a document: first and past the last. */
static inline uint32_t xd_column_first(const xd_column *column, uint32_t doc)
{
    return column->start[doc - column->lo];
}
static inline uint32_t xd_column_end(const xd_column *column, uint32_t doc)
{
    return column->start[doc - column->lo + 1];
}
/* Decimal text as a double. */
bool xd_decimal(xd_str text, double *ret_value);

#endif
