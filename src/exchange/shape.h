/* exchange/shape.h — where the tables are in a file, and what each row is.
 *
 * Input: all rows (rows.h) and the type they are for. Output: for each table its columns and
 * how they are to be filled, and for each row one word: blank, title, header, data, … Nothing is
 * read as a value here. What was assumed is written in the table, for the report.
 *
 * The rules, in the order they are tried, stand in the essays of shape.c (rows) and
 * shape_header.c (headers). */
#ifndef XD_EXCHANGE_SHAPE_H
#define XD_EXCHANGE_SHAPE_H

#include "exchange/cell.h"
#include "exchange/rows.h"
#include "model/read.h"

typedef enum xd_row_kind {
    XD_ROW_BLANK,
    XD_ROW_CONTEXT, /* text around a table, not a row of it (number ≤ 0) */
    XD_ROW_TITLE,   /* above a header */
    XD_ROW_HEADER,
    XD_ROW_UNITS, /* units or column numbers below a header; an example row */
    XD_ROW_DATA,
    XD_ROW_MORE, /* goes on with the record above: lists over several lines */
    XD_ROW_TOTAL,
    XD_ROW_SECTION, /* a heading over the rows below */
    XD_ROW_NOTE,
    XD_ROW_REPEAT,  /* the header once more */
    XD_ROW_FORM,    /* of a record written as a form */
    XD_ROW_OUTSIDE, /* in a sheet where no table of this type was found */
} xd_row_kind;

typedef enum xd_col_use {
    XD_COL_UNKNOWN,  /* means nothing for the type */
    XD_COL_KEPT,     /* means nothing either, but the type has a field for the rest */
    XD_COL_IGNORE,   /* known to carry nothing: 序号 */
    XD_COL_COMPUTED, /* follows from other records: not read, and said so */
    XD_COL_USED,
    XD_COL_TWIN,     /* a second column for what another gives: taken where that is empty */
    XD_COL_SIXTIETH, /* minutes or seconds of the column of degrees before it */
} xd_col_use;

typedef enum xd_fill {
    XD_FILL_NONE,
    XD_FILL_LEAD,    /* a group column: what stands above holds until something else does */
    XD_FILL_BETWEEN, /* blanks between equal neighbours */
} xd_fill;

typedef struct xd_shape_col {
    xd_str header; /* as people see it; the lower part of two-level headers last */
    xd_str own;    /* the lowest part alone; absent: there is but one */
    xd_column column;
    xd_column second; /* of a header that names two fields (级别及批次); field NULL: none */
    xd_col_use use;
    xd_str tick;        /* a tick in this column stands for this term of the field; absent */
    bool guessed;       /* the header is not one of the type's, it only resembles one */
    bool quoted;        /* a name that stands in 《》 whole loses them: they are the list's way */
    unsigned sixtieths; /* columns behind this one that hold its minutes and seconds */
    xd_str unit;        /* that numbers of this column are in, as the header says; absent */
    xd_str crs;         /* that the header names */
    xd_fill fill;
    /* Counted over the table's data rows: */
    size_t filled, blank, equal, between; /* equal: to the filled one above; between: blank runs
                                             with equal ends; */
    size_t runs;                          /* blank runs with both ends */
    bool first_blank;
    xd_str last;
    size_t run;
    size_t counting; /* values that count up by one */
    int64_t last_number;
} xd_shape_col;

typedef struct xd_form_cell {
    size_t row, col; /* index in rows */
    bool behind;     /* the value is what follows the colon in the label's own cell */
} xd_form_cell;
xd_str xd_form_behind(xd_str text); /* what follows the first colon; "": none, or nothing */

/* A value that a title or heading gives to all rows below it. */
typedef struct xd_titled {
    const xd_field *field;
    xd_str value, title; /* as a cell would say it; absent: denied; where it stands */
    bool heading;        /* of one part of the sheet: it does not reach the next table */
} xd_titled;
#define XD_TITLED 8

typedef struct xd_table {
    size_t sheet;       /* index in rows.sheets */
    size_t first, rows; /* index of the first row behind the header; to: next table */
    size_t to;
    xd_shape_col *cols;
    size_t n;
    xd_str *raw;            /* header cells as they stand, depth × n, for repeated headers */
    size_t depth, header_n; /* header_n: columns the header rows themselves have */
    size_t blocks, width;   /* tables side by side: the columns repeat every `width` */
    size_t title, ordinal;  /* columns in the first block; SIZE_MAX: none */
    xd_form_cell *form;     /* label and value side by side: where each column's value stands */
    size_t records; /* … in the first record; the next ones are a cell farther right */
    bool borrowed;  /* no header of its own: the columns of the table before */
    bool guessed;   /* no header at all: columns told by what stands in them */
    bool numbered;  /* names carry numbers that count up */
    xd_str crs;     /* that titles, header or notes name; absent */
    xd_strs titles; /* lines above, with the sheet's name first */
    xd_titled titled[XD_TITLED];
    size_t n_titled;
    int64_t header_row; /* as people count; 0: none */
    size_t data;        /* data rows */
    /* numbering met so far */
    size_t with_number, in_order;
    int64_t last_number;
    bool in_notes;
} xd_table;

/* How the type's headers are spelled, made when first asked for. */
typedef struct xd_letters xd_letters;
xd_letters *xd_letters_make(xd_arena *arena);

typedef struct xd_shape {
    xd_rows *rows;
    const xd_model *model;
    const xd_type *type;
    xd_letters *letters;
    struct xd_parts *parts; /* shape_parts.h: made when first asked for */
    XD_VEC(xd_table) tables;
    unsigned char *kinds; /* xd_row_kind of each row */
    xd_strs outside;      /* names of sheets without a table of this type, with `why` beside */
    XD_VEC(const xd_type *) other; /* the type such a sheet looks like; NULL */
    xd_str crs; /* of the whole file, where a note outside any table names one */
} xd_shape;

/* True with at least one table; XD_INVALID when the file holds none. Lives in cx. */
XD_MUST bool xd_shape_find(xd_ctx *cx, const xd_model *model, const xd_type *type,
                           xd_rows *rows, xd_shape *ret_shape);

/* ---- between shape.c and shape_header.c -------------------------------------------------- */

typedef struct xd_header {
    size_t at, depth; /* first row, rows */
    xd_shape_col *cols;
    xd_str *raw;
    size_t n, own_n, known, cells; /* own_n: without rows below; columns that mean something;
                                      columns with a header */
    bool has_title;
} xd_header;
/* The best reading of row `at` (and those below it) as a header; known 0: none. */
XD_MUST bool xd_header_at(xd_ctx *cx, const xd_shape *shape, const xd_type *type, size_t at,
                          size_t end, bool guess, xd_header *ret_header);
bool xd_header_good(const xd_header *header);
/* Columns by what stands in rows from … to, when there is no header. False: not clear enough. */
XD_MUST bool xd_columns_guess(xd_ctx *cx, const xd_shape *shape, size_t from, size_t to,
                              xd_shape_col **ret_cols, size_t *ret_n);
/* A column that is ticked where a term holds (国家级 √, 市级 √) gives its field that term; where
 * the type has a field for the rest, columns that mean nothing are kept in it. Both need the rows
 * below: called when the header is settled. */
XD_MUST bool xd_ticks_find(xd_ctx *cx, const xd_shape *shape, xd_header *header, size_t to);
void xd_rest_keep(xd_ctx *cx, const xd_type *type, xd_shape_col *cols, size_t n);
/* 是否免费开放 | 是: for texts and terms the header says what 是 means, and so does 预约开放. */
xd_str xd_tick_said(xd_ctx *cx, const xd_shape_col *col, xd_str text);
/* cols[i].header alone as one of the type's, exactly or with words around it. */
bool xd_header_give(xd_ctx *cx, const xd_shape *shape, xd_shape_col *cols, size_t n, size_t i);
/* Offers the type's headers that one in letters (mc, mingcheng) or cut off may stand for, the best
 * first, until one is taken. */
typedef bool xd_letters_take(void *user, xd_str header);
bool xd_header_letters(xd_ctx *cx, xd_letters *letters, const xd_type *type, xd_str header,
                       xd_letters_take *takes, void *user);
/* A form at the first rows from … to: *ret_n columns with their places, *ret_next behind its last
 * row; *ret_n 0: none. */
typedef struct xd_form {
    xd_shape_col *cols;
    xd_form_cell *cells;
    size_t n, records, first, next;
} xd_form;
XD_MUST bool xd_form_at(xd_ctx *cx, const xd_shape *shape, size_t from, size_t to,
                        xd_form *ret_form);
/* The same with a first row that may be a header in words nobody knows: then depth is 1. */
XD_MUST bool xd_shape_guess(xd_ctx *cx, const xd_shape *shape, size_t from, size_t to,
                            xd_header *header);
/* Whether a column says which record a row means: its number, id, or a key of one field. */
bool xd_says_which(const xd_type *type, const xd_header *header);
/* Where a header has no column of names and none that says which record is meant: the column
 * that holds names, by its header's words or its contents. */
XD_MUST bool xd_title_guess(xd_ctx *cx, const xd_shape *shape, xd_header *header, size_t to);
/* A column of a vocabulary whose cells are words of another one, which no column is for. */
XD_MUST bool xd_terms_guess(xd_ctx *cx, const xd_shape *shape, xd_header *header, size_t to);
/* Which of two columns of names is in the type's second language. */
XD_MUST bool xd_title_langs(xd_ctx *cx, const xd_shape *shape, xd_header *header, size_t to);
/* A column of a vocabulary whose cells are times (时代: 1958年, 明, 民国) is the type's time,
 * where no other column is. */
XD_MUST bool xd_times_guess(xd_ctx *cx, const xd_shape *shape, xd_header *header, size_t to);
/* What the cells of a column all do: a number that rows of different names share is not theirs (项目编号
 * over the bearers of a craft) and means nothing then; names that stand in 《》 lose the marks. */
XD_MUST bool xd_columns_judge(xd_ctx *cx, const xd_shape *shape, xd_header *header, size_t to);
/* A column of points (117.2,31.8) is the type's place, where no other column is. */
XD_MUST bool xd_points_guess(xd_ctx *cx, const xd_shape *shape, xd_header *header, size_t to);
/* 开馆时间 may be when it opened or when it is open, and so may 开放时间: told by the cells. */
XD_MUST bool xd_hours_guess(xd_ctx *cx, const xd_shape *shape, xd_header *header, size_t to);
const xd_column *xd_title_column_of(const xd_shape_col *cols, size_t n, const xd_type *type,
                                    size_t *ret_at);

/* ---- headings ---------------------------------------------------------------------------- */

/* What a heading says of the rows below it. */
typedef struct xd_heading {
    xd_str text;             /* without numbering and count */
    const xd_term *division; /* NULL: none named */
    const xd_field *field;   /* a term, or a number with its form, of this field; NULL */
    int rank;                /* by its numbering: outer headings are smaller */
    bool known, looks;       /* it says something; it looks like a heading at any rate */
} xd_heading;
xd_heading xd_heading_of(xd_ctx *cx, const xd_model *model, const xd_type *type,
                         const xd_table *table, xd_str text);
/* What a title or heading says of a field that has `titles`; true with the text of a cell that
 * would say the same. */
bool xd_title_says(xd_ctx *cx, const xd_field *field, xd_str title, xd_str *ret_value);
/* …培育单位名单 over rows of its own: the title has the words, and one that takes them back; then titles
 * farther out say nothing of these rows either. */
bool xd_title_denies(xd_ctx *cx, const xd_field *field, xd_str title);
/* The deepest division whose full names, from the widest, lead the text (安徽省亳州市…), below `within`
 * where that is not NULL; NULL: none does, or nothing stands behind. */
const xd_term *xd_division_leading(const xd_vocabulary *divisions, xd_str text,
                                   const xd_term *within);
/* The deepest division named inside a longer text (a title, a sheet's name); NULL. */
const xd_term *xd_division_in(xd_ctx *cx, const xd_model *model, xd_str text);

#endif
