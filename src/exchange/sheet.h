/* exchange/sheet.h — what readers of sheets share: a row being put together, merged cells, and
 * numbers as people see them. Inside the worker. */
#ifndef XD_EXCHANGE_SHEET_H
#define XD_EXCHANGE_SHEET_H

#include "exchange/frame.h"

typedef struct xd_merge_range { /* from 0; last inclusive */
    int64_t row, last_row;
    size_t col, last_col;
    bool have;
    xd_cell_kind kind;
    xd_str text; /* of the first cell, once met; in the sheet's arena */
} xd_merge_range;
typedef XD_VEC(xd_merge_range) xd_merge_ranges;

#define XD_MERGES 200000
#define XD_MERGE_COLUMNS 256 /* a merge is filled in over at most so many columns */
#define XD_MERGE_BYTES 8192  /* a longer text is not repeated */

typedef struct xd_sheet_cell {
    xd_cell_kind kind;
    size_t at, n; /* in row.text */
    bool merged;
} xd_sheet_cell;

/* One row at a time; columns from 0. */
typedef struct xd_sheet_row {
    xd_sheet_cell cells[XD_ROW_CELLS];
    size_t n; /* behind the last that holds something */
    xd_buf text;
    bool any; /* something of its own */
} xd_sheet_row;

typedef struct xd_sheet {
    xd_ctx *cx;
    xd_emit *emit;
    xd_arena *arena; /* for merged texts */
    xd_str name;
    size_t no;
    xd_merge_ranges merges; /* sorted by first row */
    size_t next_merge;      /* the first that has not begun */
    XD_VEC(uint32_t) open;  /* those that have begun and not ended */
    xd_sheet_row *row;
} xd_sheet;

void xd_sheet_row_clear(xd_sheet_row *row);
/* XD_LIMIT beyond XD_ROW_CELLS. Empty text is nothing. */
XD_MUST bool xd_sheet_put(xd_sheet *sheet, size_t col, xd_cell_kind kind, xd_str text);
void xd_sheet_sort_merges(xd_sheet *sheet);
/* Fill in merged cells of row number (from 0) and send it; a row with nothing of its own is
 * not sent. */
XD_MUST bool xd_sheet_send(xd_sheet *sheet, int64_t number);

/* A stored number as the person typed it: 117.30978000000001 → 117.30978. */
xd_str xd_sheet_number(xd_arena *arena, xd_str stored);

typedef struct xd_date_shape { /* what a number's format shows of a date */
    bool is_date, year, month, day, time;
    int zeros; /* a format of zeros alone: least digits; 0: none */
} xd_date_shape;
/* Of a spreadsheet's format code: "yyyy年m月d日", "0000". */
xd_date_shape xd_date_shape_of(xd_str format);
/* A serial day number as ISO text, no finer than the shape; absent: no date. */
xd_str xd_sheet_date(xd_arena *arena, double serial, bool from_1904, xd_date_shape shape);

#endif
