/* exchange/import_walk.h — a table being walked row by row: import_rows.c gathers, import_over.c
 * hears what stands over the rows, import_read.c reads what was gathered, import_tell.c tells of
 * the whole. */
#ifndef XD_EXCHANGE_IMPORT_WALK_H
#define XD_EXCHANGE_IMPORT_WALK_H

#include "exchange/beside.h"
#include "exchange/run.h"

#define XD_RANKS 6
#define XD_COLUMNS_MOST 512

/* What a heading holds over the rows below it, until one of the same or an outer rank. */
typedef struct xd_over {
    bool set;
    const xd_term *division;
    const xd_field *field;
    xd_buf text;
    xd_titled titled[XD_TITLED];
    size_t n_titled;
} xd_over;

typedef XD_VEC(xd_given) xd_givens;

#define XD_AHEAD 32 /* records gathered before the first of them is settled */

/* A record being gathered from its rows, then read (maybe by the helper, whose it is meanwhile),
 * then settled. */
typedef struct xd_gathered {
    bool open;
    size_t row, table;
    size_t verdict;
    int64_t number;
    xd_buf *text;      /* per column of the block */
    xd_str geometry;   /* copied into `memory` */
    xd_str other_name; /* the name in the second language, from the same cell */
    xd_ctx memory;
    bool crossed; /* a second row gave another value where one can stand */
    struct {
        xd_givens *given;
        xd_read_options options;
        bool assumed, ok;
        xd_json *body;
        xd_problems problems;
    } read;
} xd_gathered;

typedef struct xd_walk {
    xd_run *run;
    xd_table *t;
    size_t at;            /* index of the table */
    xd_buf *carry;        /* per column: what 同上 and filled blanks mean */
    size_t *seen;         /* per column: data rows since the last value, for FILL_BETWEEN */
    size_t *filled;       /* cells filled as an assumption */
    size_t *first_filled; /* row of the first of them, +1 */
    xd_over over[XD_RANKS];
    const xd_term *context; /* named by titles or the sheet */
    bool context_said;
    size_t *held,
        *fed;       /* per column of the block: records with a text in it, and those in which
                            it came to something */
    size_t surplus; /* rows with cells under no header */
    xd_gathered *record; /* in hand: being gathered, or settled */
    xd_gathered ring[XD_AHEAD];
    xd_beside *beside;
} xd_walk;

/* Sentences with and without values. Formats take the same arguments. */
#define XD_SAY(w, row, weight, code, column, value, zh, en, ...)                               \
    (void)xd_run_say((w)->run, (row), (weight), (code), (column), (value),                     \
                     xd_str_printf((w)->run->scratch.arena, zh, __VA_ARGS__),                  \
                     xd_str_printf((w)->run->scratch.arena, en, __VA_ARGS__))

/* Lines above the table, the nearest first; then what was said over the whole sheet or document. */
void xd_walk_hear_titles(xd_walk *w);
/* The division that titles name; NULL. */
const xd_term *xd_walk_context(xd_walk *w);
/* Titles that hold over the rows like headings. named: the first is the sheet's name. */
void xd_walk_headings_above(xd_walk *w, bool named);
/* A heading between rows. */
void xd_walk_heading(xd_walk *w, size_t i, const xd_source_row *row);
void xd_walk_tell_columns(xd_walk *w, size_t row);
void xd_walk_tell_fills(xd_walk *w);
/* Every column that holds something comes to something: after a record was read, and when the table
 * ends. A column that never did is told. */
void xd_walk_account(xd_walk *w, const xd_gathered *g);
void xd_walk_tell_lost(xd_walk *w, size_t row);
void xd_tell_outside(xd_run *run, size_t sheet);

/* The row, or the row with fields put together that an unquoted comma had parted. */
xd_source_row xd_walk_mend(xd_walk *w, size_t i, const xd_source_row *row);
/* The division that headings above the row name; NULL. */
const xd_term *xd_walk_division_over(const xd_walk *w);
/* The record that was gathered is whole: it is read and its draft kept, this at the latest with
 * xd_walk_settle(), in the order of rows. Nothing when none is open. */
XD_MUST bool xd_walk_finish(xd_walk *w);
XD_MUST bool xd_walk_settle(xd_walk *w);
/* The middle part, on whichever thread: xd_row_read() of ring[i]. */
void xd_walk_read(void *walk, size_t i);

#endif
