/* index/nearest.h — records whose names come nearest to what was typed, when nothing has it.
 *
 * A slip of the finger, a character that sounds alike, a word too many: what is typed is taken
 * apart, names that share most of the parts come first, rare parts count more. */
#ifndef XD_INDEX_NEAREST_H
#define XD_INDEX_NEAREST_H

#include "index/look.h"

typedef struct xd_near {
    size_t shard;
    uint32_t doc;
    double share; /* of the parts, by weight: 0 … 1 */
} xd_near;

/* The nearest first, at most limit; none that shares less than half. type: NULL for every one. */
XD_MUST bool xd_near_names(xd_look *look, const xd_type *type, const xd_words *words,
                           size_t limit, xd_near **ret_list, size_t *ret_n);

#endif
