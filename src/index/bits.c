#include "index/bits.h"

#include <stdlib.h>

xd_bits *xd_bag_keep(xd_bag *bag, xd_bits *bits)
{
    if (bits == NULL)
        abort(); /* out of memory, as in base/arena.h */
    *xd_push(bag->arena, &bag->kept) = bits;
    return bits;
}

void xd_bag_empty(xd_bag *bag)
{
    for (size_t i = 0; i < bag->kept.n; i++)
        roaring_bitmap_free(bag->kept.at[i]);
    bag->kept.n = 0;
}

xd_bits *xd_bits_none(xd_bag *bag)
{
    return xd_bag_keep(bag, roaring_bitmap_create());
}

xd_bits *xd_bits_range(xd_bag *bag, uint32_t from, uint32_t to)
{
    xd_bits *bits = xd_bits_none(bag);
    roaring_bitmap_add_range(bits, from, to);
    return bits;
}

xd_bits *xd_bits_copy(xd_bag *bag, const xd_bits *a)
{
    return xd_bag_keep(bag, roaring_bitmap_copy(a));
}

xd_bits *xd_bits_and(xd_bag *bag, const xd_bits *a, const xd_bits *b)
{
    return xd_bag_keep(bag, roaring_bitmap_and(a, b));
}

xd_bits *xd_bits_or(xd_bag *bag, const xd_bits *a, const xd_bits *b)
{
    return xd_bag_keep(bag, roaring_bitmap_or(a, b));
}

xd_bits *xd_bits_minus(xd_bag *bag, const xd_bits *a, const xd_bits *b)
{
    return xd_bag_keep(bag, roaring_bitmap_andnot(a, b));
}

void xd_walk_begin(xd_walk *walk, const xd_bits *bits)
{
    roaring_init_iterator(bits, &walk->it);
    walk->n = 0;
    walk->at = 0;
}

bool xd_walk_next(xd_walk *walk, uint32_t *ret_doc)
{
    if (walk->at == walk->n) {
        walk->n = roaring_read_uint32_iterator(&walk->it, walk->doc, XD_LEN(walk->doc));
        walk->at = 0;
        if (walk->n == 0)
            return false;
    }
    *ret_doc = walk->doc[walk->at++];
    return true;
}
