/* exchange/rows.h — every row of the file, set aside so that it can be looked at again.
 *
 * Shapes can only be judged with the rows around them, and a note below a table may say in which
 * coordinate system it is; so all rows are spooled first. In memory stay one offset a row and
 * the names of sheets. */
#ifndef XD_EXCHANGE_ROWS_H
#define XD_EXCHANGE_ROWS_H

#include "exchange/source.h"
#include "exchange/spool.h"

typedef struct xd_rows_sheet {
    xd_str name; /* absent in CSV */
    size_t no;
    size_t from, to; /* rows of it: indexes, to is behind the last */
} xd_rows_sheet;

typedef struct xd_rows {
    xd_spool *spool;
    XD_VEC(int64_t) at;
    XD_VEC(xd_rows_sheet) sheets;
} xd_rows;

/* Row i, decoded into cx->arena. */
XD_MUST bool xd_rows_get(xd_ctx *cx, xd_rows *rows, size_t i, xd_source_row *ret_row);
/* Lives with cx. */
XD_MUST bool xd_rows_begin(xd_ctx *cx, xd_rows *rows);
XD_MUST bool xd_rows_add(xd_ctx *cx, xd_rows *rows, const xd_source_row *row);

/* What a row says by itself: cells that hold something and are not there only because the sheet
 * merged them with another. */
typedef struct xd_row_own {
    size_t n, first; /* how many; index of the first, SIZE_MAX when none */
    bool single;     /* one text in the whole row, however many cells repeat it */
    xd_str text;     /* of the first, trimmed */
} xd_row_own;
xd_row_own xd_row_own_of(xd_arena *arena, const xd_source_row *row);
/* The trimmed text of cell i; empty beyond the row's end. */
xd_str xd_row_text(xd_arena *arena, const xd_source_row *row, size_t i);

#endif
