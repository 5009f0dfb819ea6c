/* index/mosaic.h — documents counted by squares of the map, with the commonest colour of each.
 *
 * A square is a run of keys on the curve: a cell of 2^-level of the world. */
#ifndef XD_INDEX_MOSAIC_H
#define XD_INDEX_MOSAIC_H

#include "index/facet.h"

/* What documents are coloured by. */
typedef struct xd_colouring {
    const xd_field *field; /* NULL: nothing */
    const xd_type *type;
} xd_colouring;
xd_colouring xd_colouring_of(const xd_look *look, const xd_type *type, const xd_field *field);
/* A number that stands for the value: a term's place, yes or no, the decade; -1 for none. */
int64_t xd_colouring_at(const xd_look *look, const xd_colouring *c, const xd_segment *s,
                        uint32_t doc);
xd_str xd_colouring_code(xd_arena *arena, const xd_colouring *c, int64_t colour);

typedef struct xd_mosaic_cell {
    uint64_t key;
    uint64_t n, x, y; /* sums, in cells of the curve */
    size_t shard;     /* of its only document */
    uint32_t doc;
    int64_t colour; /* settled: the commonest, of equals the first in the model; -1: none */
    uint64_t of_colour;
} xd_mosaic_cell;

typedef struct xd_mosaic {
    xd_look *look;
    xd_colouring colours;
    XD_VEC(xd_mosaic_cell) cells;
    uint32_t *slots; /* cell + 1 */
    size_t n_slots, most;
    struct xd_mosaic_tint *tints;
    size_t n_tints, n_tint_slots;
} xd_mosaic;

/* At most so many cells: more are XD_LIMIT. */
void xd_mosaic_begin(xd_mosaic *m, xd_look *look, xd_colouring colours, size_t most);
/* Documents of a shard, all with a place. */
XD_MUST bool xd_mosaic_add(xd_mosaic *m, size_t shard, const xd_bits *bits, int level);
/* Nothing is asked but the type: xd_mosaic_add_all() will do. */
bool xd_mosaic_is_all(const xd_ask *ask);
/* Everything of the type (NULL: of every type) that is counted unasked, with its anchor in the
 * square (x, y) of level z, z ≤ level: roughly: what is known to the county only, else the
 * rest. As xd_mosaic_add() of the same, but from what the segments have counted already. */
XD_MUST bool xd_mosaic_add_all(xd_mosaic *m, const xd_type *type, bool roughly, int z,
                               uint32_t x, uint32_t y, int level);
/* All are in: cells along the curve. */
void xd_mosaic_end(xd_mosaic *m);

/* Documents of the type whose anchor is in the square (x, y) of level z: from … to − 1. */
void xd_mosaic_square(const xd_segment *s, size_t type, int z, uint32_t x, uint32_t y,
                      uint32_t *ret_from, uint32_t *ret_to);

#endif
