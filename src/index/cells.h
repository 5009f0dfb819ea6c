/* index/cells.h — a pyramid of counted cells, for the map of everything.
 *
 * What a tile without any condition shows of a segment is known when the segment is made: for
 * each type, and apart for what is known to the county only, how many documents are in each
 * square of 2^-level of the world, where they are on average, and how often each colour is
 * among them. Levels are kept while a cell has XD_CELLS_DENSE documents on average: finer ones
 * are counted one by one, which costs no more than a few times as much. Samples are not counted,
 * as no map counts them unasked. What has died since is for the reader to take away: mosaic.c.
 *
 * Only what the index makes visible is in it, so it says nothing that counting would not. */
#ifndef XD_INDEX_CELLS_H
#define XD_INDEX_CELLS_H

#include "index/press.h"
#include "index/segment.h"

#define XD_CELLS_COARSEST 6 /* of a tile of zoom 0 */
#define XD_CELLS_FINEST 16
#define XD_CELLS_DENSE 4
#define XD_CELLS_FIELDS 4 /* a type may be coloured by so many fields here */

/* As they lie in the image. A type's groups are neighbours, so that the tints of a field, whose
 * beginnings are by cell, are those of the type's cells from its first group on. */
typedef struct xd_cell_group {
    uint32_t type, roughly, level, n;
    uint64_t first; /* of its cells */
} xd_cell_group;
typedef struct xd_cell_stored {
    uint32_t doc, n; /* doc: the first it counts */
    uint64_t x, y;   /* sums, in cells of the curve */
} xd_cell_stored;
typedef struct xd_cell_tint {
    uint32_t colour, n; /* colour: xd_term.at; no 0, yes 1 */
} xd_cell_tint;

/* Whether cells are kept by this field's values. */
bool xd_cells_has(const xd_type *type, const xd_field *field);

typedef struct xd_cells_maker xd_cells_maker;
/* It writes into the press, type by type; memory is needed for one type at a time. */
xd_cells_maker *xd_cells_maker_make(xd_arena *arena, const xd_schema *schema, xd_press *press);
void xd_cells_maker_free(xd_cells_maker *maker);
/* The next document, in order. colours: of each field that xd_cells_has(), in the model's
 * order, its first value; UINT32_MAX: none. */
void xd_cells_maker_add(xd_cells_maker *maker, const xd_type *type, uint32_t doc,
                        uint64_t curve, bool roughly, const uint32_t colours[XD_CELLS_FIELDS]);
void xd_cells_maker_end(xd_cells_maker *maker); /* all are in */

/* The cells of a level, along the curve. */
typedef struct xd_cells {
    const xd_cell_stored *at;
    size_t n;
    const uint32_t *tint_at; /* by cell, and the end; NULL: no field asked */
    const xd_cell_tint *tints;
} xd_cells;
/* False: not kept; they are to be counted. colour: NULL, or one that xd_cells_has(). */
bool xd_cells_find(const xd_segment *segment, const xd_type *type, bool roughly, int level,
                   const xd_field *colour, xd_cells *ret_cells);

#endif
