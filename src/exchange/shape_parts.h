/* exchange/shape_parts.h — what a header nobody has written down means, by its parts: see the essay of
 * shape_parts.c. */
#ifndef XD_EXCHANGE_SHAPE_PARTS_H
#define XD_EXCHANGE_SHAPE_PARTS_H

#include "exchange/shape.h"

/* The words of a type's headers, cut into parts. */
typedef struct xd_parts xd_parts;
xd_parts *xd_parts_make(xd_arena *arena, const xd_model *model, const xd_type *type);

typedef struct xd_likeness {
    xd_column column; /* header: the type's own that is nearest */
    double score;     /* 0 … 1 */
} xd_likeness;
/* The columns of the type that the header is like, the most alike first, each once; at most `most`. The
 * type's words that are `but` (folded) are not looked at: what a header is like without them. */
size_t xd_parts_like(xd_ctx *cx, const xd_parts *parts, xd_str header, xd_str but,
                     xd_likeness *ret_like, size_t most);

/* Columns that mean nothing yet, together: each takes the field that its header and its cells fit best, a
 * field at most once. */
XD_MUST bool xd_parts_assign(xd_ctx *cx, xd_shape *shape, xd_header *header, size_t to);

#endif
