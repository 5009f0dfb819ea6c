/* index/column.h — values of one field in one segment, by document.
 *
 * Documents of a type are neighbours, so a column covers lo … lo + n − 1. Values of a document
 * stand one after another, several of `many` fields and of a group's items. Everything lies in
 * the segment's image and is read there: texts in bodies or beside the column, terms as their
 * places in the vocabulary. Beside the values stand sets: `has`, the documents with any value;
 * for terms one a term, documents of narrower terms included; for booleans no and yes; for links
 * one a target would be too many: they are looked up in the values. */
#ifndef XD_INDEX_COLUMN_H
#define XD_INDEX_COLUMN_H

#include "index/sets.h"
#include "index/slots.h"

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

typedef struct xd_period_value {
    xd_period days;
    int32_t from_year, to_year; /* INT32_MIN, INT32_MAX where open */
} xd_period_value;

/* Where a text is: how long (28 bits), its first byte (35 bits), and by the highest bit whether
 * in the column's own texts or among the bodies. 0: none. */
typedef uint64_t xd_text_ref;
#define XD_TEXT_OWN ((uint64_t)1 << 63)
#define XD_TEXT_LENGTH_BITS 28

/* As they lie in the image. */
typedef struct xd_link_stored {
    int64_t id;
    xd_text_ref text;
} xd_link_stored;
typedef struct xd_place_stored {
    xd_box extent;
    uint32_t precision;
    uint32_t geom_n; /* 0: the point at the extent's corner */
    uint64_t geom_at;
} xd_place_stored;
typedef struct xd_term_set {
    uint32_t which; /* xd_term.at; no 0, yes 1 */
    uint32_t unused;
    uint64_t set;
} xd_term_set;
typedef struct xd_column_meta {
    uint32_t how, width, langs, n_values;
    uint64_t has;
} xd_column_meta;

/* How values are found from a document. */
typedef enum xd_column_how {
    XD_COLUMN_EMPTY,
    XD_COLUMN_EVERY, /* each document has one */
    XD_COLUMN_ONE,   /* at most one: bits with ranks */
    XD_COLUMN_MANY,  /* bits with ranks, and beginnings by rank */
} xd_column_how;

typedef struct xd_column {
    xd_column_kind kind;
    xd_column_how how;
    const xd_slot *slot;
    const xd_image *image;
    uint32_t lo, n, n_values;
    const uint64_t *bits; /* a bit a document */
    const uint32_t *rank; /* by word of bits: documents before it */
    const uint32_t *start;
    union {
        const void *any;
        const double *number; /* exact for 15 digits; order of more may collapse */
        const xd_period_value *period;
        const uint8_t *boolean, *term8;
        const uint16_t *term16;
        const uint32_t *term32;
        const xd_text_ref *text; /* by value and language; `langs` of them */
        const xd_link_stored *link;
        const xd_place_stored *place;
    } of;
    uint32_t width, langs;
    const xd_bits *has;
    const xd_term_set *sets;
    size_t n_sets;
    _Atomic(xd_bits *) *opened; /* beside sets: NULL until asked for */
    xd_section text, bodies, postings;
    const uint32_t *key_at[XD_LANGS]; /* ICU keys by document − lo; only for text to sort by */
    xd_section key[XD_LANGS];
} xd_column;

/* The column of a slot in an image; whatever is wrong with it breaks the image and leaves it
 * without values. */
void xd_column_open(xd_arena *arena, const xd_image *image, uint32_t slot_at,
                    const xd_slot *slot, uint32_t lo, uint32_t n, xd_column *ret_column);
void xd_column_close(xd_column *column); /* the sets */

/* Place of a document among those with values; *ret_there false: it has none. */
static inline uint32_t xd_column_rank(const xd_column *c, uint32_t doc, bool *ret_there)
{
    uint32_t i = doc - c->lo;
    uint64_t word = c->bits[i / 64], below = ((uint64_t)1 << (i % 64)) - 1;
    *ret_there = word >> (i % 64) & 1;
    return c->rank[i / 64] + (uint32_t)__builtin_popcountll(word & below);
}
/* Values of a document: first and past the last. */
static inline uint32_t xd_column_first(const xd_column *c, uint32_t doc)
{
    bool there;
    if (c->how == XD_COLUMN_EVERY)
        return doc - c->lo;
    if (c->how == XD_COLUMN_EMPTY)
        return 0;
    uint32_t rank = xd_column_rank(c, doc, &there);
    return c->how == XD_COLUMN_ONE ? rank : c->start[rank];
}
static inline uint32_t xd_column_end(const xd_column *c, uint32_t doc)
{
    bool there;
    if (c->how == XD_COLUMN_EVERY)
        return doc - c->lo + 1;
    if (c->how == XD_COLUMN_EMPTY)
        return 0;
    uint32_t rank = xd_column_rank(c, doc, &there) + there;
    return c->how == XD_COLUMN_ONE ? rank : c->start[rank];
}

/* Value i. A text in a language falls back to another one. */
xd_str xd_column_text(const xd_column *column, uint32_t i, xd_lang lang);
const xd_term *xd_column_term(const xd_column *column, uint32_t i);
int64_t xd_column_link(const xd_column *column, uint32_t i); /* record id; 0: not resolved */
xd_str xd_column_link_text(const xd_column *column, uint32_t i);
const xd_geom *xd_column_geom(xd_arena *arena, const xd_column *column, uint32_t i);
/* A point, and where: without making a geometry of it. */
static inline bool xd_column_point(const xd_column *c, uint32_t i, xd_pos *ret_at)
{
    const xd_place_stored *place = &c->of.place[i];
    *ret_at = (xd_pos){place->extent.west, place->extent.south};
    return place->geom_n == 0;
}
/* The ICU key of a document; absent without one. has_keys: the column keeps them. */
bool xd_column_has_keys(const xd_column *column);
xd_str xd_column_key(const xd_column *column, uint32_t doc, xd_lang lang);

/* The set of a term (xd_term.at) or of no (0) and yes (1); NULL: none has it. It is the
 * segment's. */
const xd_bits *xd_column_set(const xd_column *column, size_t which);
/* The i-th of the sets there are, i < n_sets, and whose it is. */
const xd_bits *xd_column_set_at(const xd_column *column, size_t i, uint32_t *ret_which);

/* Decimal text as a double. */
bool xd_decimal(xd_str text, double *ret_value);

#endif
