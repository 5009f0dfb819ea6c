/* exchange/shape_header.h — between shape_header.c (composing), shape_header_means.c (exact words) and
 * shape_header_guess.c (resembling ones). */
#ifndef XD_EXCHANGE_SHAPE_HEADER_H
#define XD_EXCHANGE_SHAPE_HEADER_H

#include "exchange/shape.h"

bool xd_means_same(const xd_column *a, const xd_column *b);
bool xd_means_ignore(const xd_column *column);
bool xd_takes_many(const xd_column *column);
/* Whether one of the columns gives this already. */
bool xd_col_taken(const xd_shape_col *cols, size_t n, const xd_column *column);
/* It speaks of persons, or of how to reach one. */
bool xd_header_private(xd_str header);
/* Column i is this; a twin where another is. */
void xd_col_give(xd_shape_col *cols, size_t n, size_t i, const xd_column *column);
/* What a header means for the type, also in words of other types where they speak of the same. */
bool xd_header_means(const xd_shape *shape, const xd_type *type, xd_str header, xd_column *ret);
/* The field of `type` that plays the part which `field` plays in `other`; NULL. */
const xd_field *xd_same_role(const xd_type *other, const xd_field *field, const xd_type *type);
xd_str xd_texts_joined(xd_ctx *cx, const xd_strs *texts, bool backwards);
/* Second round for columns of several texts that together mean nothing. */
void xd_col_give_parts(xd_ctx *cx, const xd_shape *shape, const xd_type *type,
                       xd_shape_col *cols, size_t n, size_t i, const xd_strs *texts);
void xd_col_guess(xd_ctx *cx, const xd_shape *shape, const xd_type *type, xd_shape_col *cols,
                  size_t n, size_t i);

#endif
