/* exchange/csv_in.h — between read_csv.c (files, separators) and csv_record.c (records). */
#ifndef XD_EXCHANGE_CSV_IN_H
#define XD_EXCHANGE_CSV_IN_H

#include "exchange/blank_rows.h"
#include "exchange/cell.h"
#include "exchange/decode.h"
#include "exchange/lines.h"

typedef struct xd_csv_window {
    xd_buf text;
    size_t at; /* where the next record starts */
    bool end;  /* nothing more will come */
    xd_str sep;
    unsigned blanks; /* no sep: a run of at least so many blanks parts fields; 0: sep does */
    double share;    /* of the first records which have as many fields as most */
    size_t columns;  /* that number */
} xd_csv_window;

typedef struct xd_csv_field {
    size_t from, n; /* in row.cells */
    size_t at;      /* of the xd_csv_window */
} xd_csv_field;
typedef struct xd_csv_record {
    xd_buf cells; /* contents, one after another */
    XD_VEC(xd_csv_field) fields;
    size_t bytes;   /* of the window, line end included */
    size_t scanned; /* in vain for closing marks */
} xd_csv_record;

typedef enum xd_csv_step {
    XD_CSV_DONE,
    XD_CSV_MORE
} xd_csv_step; /* MORE: the window ends too early */

/* The record at w->at. Precondition: w->at < w->text.n. */
xd_csv_step xd_csv_record_read(xd_arena *arena, const xd_csv_window *w, xd_csv_record *r);
bool xd_csv_at_line_end(const xd_csv_window *w, size_t i);

#endif
