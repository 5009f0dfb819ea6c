/* index/bits.h — sets of document numbers, and what owns them while a question is answered.
 *
 * CRoaring keeps its memory outside arenas. Every set made while answering goes into a bag, and
 * the bag is emptied at the one exit of the entry point, in success and in failure alike. Sets
 * that belong to a segment are never put into a bag. */
#ifndef XD_INDEX_BITS_H
#define XD_INDEX_BITS_H

#include <roaring/roaring.h>

#include "base/ctx.h"

typedef roaring_bitmap_t xd_bits;

typedef struct xd_bag {
    xd_arena *arena;
    struct {
        xd_bits **at;
        size_t n, cap;
    } kept;
} xd_bag;

/* The set, now owned by the bag; NULL (CRoaring out of memory) ends the process. */
xd_bits *xd_bag_keep(xd_bag *bag, xd_bits *bits);
void xd_bag_empty(xd_bag *bag);

xd_bits *xd_bits_none(xd_bag *bag);
xd_bits *xd_bits_range(xd_bag *bag, uint32_t from, uint32_t to); /* to not included */
xd_bits *xd_bits_copy(xd_bag *bag, const xd_bits *a);
xd_bits *xd_bits_and(xd_bag *bag, const xd_bits *a, const xd_bits *b);
xd_bits *xd_bits_or(xd_bag *bag, const xd_bits *a, const xd_bits *b);
xd_bits *xd_bits_minus(xd_bag *bag, const xd_bits *a, const xd_bits *b);

/* Document numbers in order, a block at a time. */
typedef struct xd_walk {
    roaring_uint32_iterator_t it;
    uint32_t doc[256];
    uint32_t n, at;
} xd_walk;
void xd_walk_begin(xd_walk *walk, const xd_bits *bits);
bool xd_walk_next(xd_walk *walk, uint32_t *ret_doc);

/* Adding many, in any order; nothing is in the set before xd_adder_end(). */
typedef struct xd_adder {
    xd_bits *bits;
    uint32_t doc[256];
    size_t n;
} xd_adder;
static inline void xd_adder_end(xd_adder *adder)
{
    roaring_bitmap_add_many(adder->bits, adder->n, adder->doc);
    adder->n = 0;
}
static inline void xd_adder_add(xd_adder *adder, uint32_t doc)
{
    if (adder->n == XD_LEN(adder->doc))
        xd_adder_end(adder);
    adder->doc[adder->n++] = doc;
}

#endif
