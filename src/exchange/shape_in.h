/* exchange/shape_in.h — between shape.c (tables), shape_open.c (their headers), shape_kind.c (rows) and shape_count.c (columns). */
#ifndef XD_EXCHANGE_SHAPE_IN_H
#define XD_EXCHANGE_SHAPE_IN_H

#include "exchange/shape.h"

/* A row with what it says by itself; lives in cx->arena. */
typedef struct xd_seen {
    xd_source_row row;
    xd_row_own own;
} xd_seen;

XD_MUST bool xd_see(xd_ctx *cx, const xd_shape *shape, size_t i, xd_seen *ret);
/* The trimmed text of a cell; empty for SIZE_MAX. */
xd_str xd_seen_text(xd_ctx *cx, const xd_seen *s, size_t c);
/* What a row below an open header is. */
xd_row_kind xd_kind_of(xd_ctx *cx, const xd_shape *shape, xd_table *t, const xd_seen *s);

/* Rows from … to are of this kind. */
void xd_rows_mark(xd_shape *shape, size_t from, size_t to, xd_row_kind kind);
/* A table with this header; it lives in shape->tables. */
xd_table *xd_table_open(xd_ctx *cx, xd_shape *shape, size_t sheet, const xd_header *header);
/* Lines between from and to are titles of the table. */
XD_MUST bool xd_table_titles(xd_ctx *cx, xd_shape *shape, xd_table *t, size_t from, size_t to);
/* The header among rows from … to, reading rows up to `end`; known 0: none. */
XD_MUST bool xd_header_find(xd_ctx *cx, const xd_shape *shape, size_t from, size_t to,
                            size_t end, xd_header *ret);
/* The type that the sheet is rather a table of; NULL. */
XD_MUST bool xd_table_other(xd_ctx *cx, const xd_shape *shape, const xd_header *header,
                            size_t from, size_t end, size_t sheet, const xd_type **ret_type);

/* One data row more. keep: where texts that outlive the row are copied. */
void xd_count_row(xd_ctx *cx, xd_ctx *keep, xd_table *t, const xd_seen *s);
/* What blanks and counters in columns mean, now that all of the table was seen. */
void xd_settle(xd_table *t);

#endif
