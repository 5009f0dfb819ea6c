/* index/order.h — the order of an answer, and where a page ends.
 *
 * An order is a list of keys, the last always the record id. Of several values the least is the
 * key; a record without one comes last whichever way the key runs. Cursors hold the keys and
 * id of a page's last record. */
#ifndef XD_INDEX_ORDER_H
#define XD_INDEX_ORDER_H

#include "index/rank.h"

#define XD_ORDER_KEYS 8

typedef struct xd_order_key {
    enum {
        XD_BY_FIELD,
        XD_BY_RANK,
        XD_BY_LEVEL, /* of the record's own type */
        XD_BY_TITLE,
        XD_BY_PLACE_IN, /* of the record's own type: its place among its parent's parts */
        XD_BY_TYPE,
        XD_BY_UPDATED,
        XD_BY_ID,
        XD_BY_NUMBER,
        XD_BY_DISTANCE,
    } by;
    const xd_type *type; /* field's */
    const xd_field *field;
    bool descending;
} xd_order_key;

typedef struct xd_order {
    xd_order_key at[XD_ORDER_KEYS];
    size_t n;
    const xd_type *type; /* asked; NULL: every */
    bool own;            /* the keys are the type's own order's */
    xd_look *look;
    const xd_words *words;
    const xd_matched *matched;
    bool has_origin;
    xd_origin origin;
} xd_order;

typedef struct xd_key_value {
    enum { XD_KEY_UNKNOWN, XD_KEY_INT, XD_KEY_DOUBLE, XD_KEY_TEXT } kind;
    int64_t integer;
    double number;
    xd_str text;
} xd_key_value;

typedef struct xd_row {
    size_t shard;
    uint32_t doc;
    int64_t id;
    xd_key_value *keys;
} xd_row;

/* XD_INVALID for more keys than there is room for. */
XD_MUST bool xd_order_make(xd_look *look, const xd_ask *ask, const xd_words *words,
                           const xd_matched *matched, xd_order *ret_order);

/* The first `limit` rows behind `after` (NULL: from the beginning), in order. */
XD_MUST bool xd_order_top(xd_order *order, const xd_row *after, size_t limit, xd_row **ret_rows,
                          size_t *ret_n);

/* Raised when the rank or a key says something else of the same record. */
#define XD_ORDER_FORMULA 3

/* What the question is, as far as a page of one is no page of another. */
uint64_t xd_order_question(const xd_ask *ask);
/* What its keys rest on besides the records: a cursor of another epoch points nowhere. */
uint64_t xd_order_epoch(const xd_order *order);
xd_str xd_order_cursor(const xd_order *order, const uint64_t key[2], uint64_t question,
                       const xd_row *row);
/* XD_INVALID when it is not ours, or of another question; XD_GONE when it is of another epoch:
 * the walk is to begin again. */
XD_MUST bool xd_order_read_cursor(xd_order *order, const uint64_t key[2], uint64_t question,
                                  xd_str cursor, xd_row *ret_row);

#endif
