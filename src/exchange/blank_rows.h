/* exchange/blank_rows.h — rows of a text whose columns are parted by blanks; inside the worker.
 *
 * Texts taken out of PDF files break long cells over lines and leave cells empty. A row that is
 * shorter than the others goes on with the one above, or has its cells put under the columns they
 * stand in; what cannot be told is sent as it stands. */
#ifndef XD_EXCHANGE_BLANK_ROWS_H
#define XD_EXCHANGE_BLANK_ROWS_H

#include "exchange/frame.h"

#define XD_BLANK_COLUMNS 64

typedef struct xd_blank_cell {
    xd_str text;
    size_t from, to; /* columns of the screen it stands in: Chinese characters are two wide */
} xd_blank_cell;

typedef struct xd_blank_rows {
    xd_emit *emit;
    size_t columns; /* that most rows have */
    size_t starts[XD_BLANK_COLUMNS], widest[XD_BLANK_COLUMNS];
    size_t full, counted; /* rows with all columns; of them, such that begin with a number */
    size_t n;             /* of the row held back; 0: none */
    int64_t number;
    xd_buf cells[XD_BLANK_COLUMNS];
    size_t width[XD_BLANK_COLUMNS]; /* of the last line of each cell */
} xd_blank_rows;

/* One line; its texts are copied. n may be anything: longer rows are sent as they stand. */
XD_MUST bool xd_blank_rows_add(xd_ctx *cx, xd_blank_rows *rows, const xd_blank_cell *cells,
                               size_t n, int64_t number);
/* Send what is held back. */
XD_MUST bool xd_blank_rows_end(xd_ctx *cx, xd_blank_rows *rows);
void xd_blank_rows_free(xd_blank_rows *rows);

#endif
