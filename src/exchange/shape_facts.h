/* exchange/shape_facts.h — what stands in the cells of columns; between shape_words.c,
 * shape_guess.c and shape_cells.c. */
#ifndef XD_EXCHANGE_SHAPE_FACTS_H
#define XD_EXCHANGE_SHAPE_FACTS_H

#include "exchange/shape.h"

typedef struct xd_column_facts {
    size_t filled, integers, counting, lon, lat, years, divisions, names;
    size_t placed;    /* begin with a division */
    size_t terms[64]; /* per field with a vocabulary */
    int64_t last;
    xd_map *distinct;
} xd_column_facts;

#define XD_GUESS_ROWS 60
#define XD_GUESS_COLUMNS 40

typedef struct xd_all_facts {
    xd_column_facts at[XD_GUESS_COLUMNS];
    size_t rows, n;
} xd_all_facts;

XD_MUST bool xd_look_at_rows(xd_ctx *cx, const xd_shape *shape, size_t from, size_t to,
                             xd_all_facts *all);
size_t xd_han_in(xd_str text);           /* Chinese characters */
bool xd_most(size_t part, size_t whole); /* nine in ten */
/* The column is this, as a guess; it takes the field's label for its header. */
void xd_settle_on(xd_shape_col *col, const xd_field *field, const char *part);
bool xd_has_time(const xd_header *header, const xd_type *type);

#endif
