/* exchange/shape_pair.h — columns whose header names two fields: 级别及批次, 名称及地址, 地址/电话. */
#ifndef XD_EXCHANGE_SHAPE_PAIR_H
#define XD_EXCHANGE_SHAPE_PAIR_H

#include "exchange/shape.h"

/* The two parts of a header that are joined by 及, 和, 与, 、 or a slash; false: it has not two. */
bool xd_header_parts(xd_str header, xd_str *ret_first, xd_str *ret_second);
/* A cell of such a column, by what stands in it: *ret_first and *ret_second may be empty. False: it cannot
 * be told apart. The texts live in cx->arena or are slices. */
bool xd_pair_split(xd_ctx *cx, const xd_model *model, const xd_type *type,
                   const xd_shape_col *col, xd_str text, xd_str *ret_first, xd_str *ret_second);
/* Whether a text can be what the column holds: read alone, as a row with this one cell. */
bool xd_column_reads(xd_ctx *cx, const xd_model *model, const xd_type *type,
                     const xd_column *column, xd_str text);

#endif
