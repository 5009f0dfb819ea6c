/* exchange/paper.h — a finished text as a file people hand in: DOCX and XLSX.
 *
 * A paper is headings, pairs, words and tables in their order, with nothing left to decide; who
 * makes one fills in the words, this room only lays them out. DOCX follows the layout of Chinese official
 * papers (GB/T 9704: A4, its margins, its kinds of type); XLSX has the outline on one sheet and a
 * sheet for each part, blocks of the same part joined, so that what stands under many headings
 * can be sorted and summed. Texts are UTF-8; characters XML cannot hold are left out. */
#ifndef XD_EXCHANGE_PAPER_H
#define XD_EXCHANGE_PAPER_H

#include "base/ctx.h"

typedef struct xd_paper_cell {
    xd_str text;
    bool number;  /* the text is a plain number */
    bool missing; /* the text says that there is nothing */
} xd_paper_cell;

#define XD_PAPER_COLUMNS 24 /* most of a table; further ones are not written */

typedef struct xd_paper_row {
    XD_VEC(xd_paper_cell) cells;
} xd_paper_row;

typedef enum xd_paper_kind {
    XD_PAPER_HEADING, /* text, level 1 to 3 */
    XD_PAPER_PAIRS,   /* rows of two: what, and its value */
    XD_PAPER_WORDS,   /* text is what they are about; rows of one: a paragraph each */
    XD_PAPER_TABLE,   /* columns and rows; text is its caption */
    XD_PAPER_NOTE,    /* text: a paragraph */
} xd_paper_kind;

typedef struct xd_paper_block {
    xd_paper_kind kind;
    int level;
    size_t part; /* blocks of one part look alike: XLSX puts them on one sheet */
    xd_str text;
    xd_str
        under; /* whose block it is, where a part comes many times; absent: the paper's own */
    xd_str sheet; /* what the part is called, for its sheet */
    xd_str none;  /* said where a table has no rows */
    XD_VEC(xd_str) columns;
    XD_VEC(xd_paper_row) rows;
} xd_paper_block;

typedef struct xd_paper {
    xd_lang lang;
    xd_str title, subtitle; /* subtitle: what time it speaks of */
    xd_strs lines;          /* the title, parted for a large type */
    xd_str warning;         /* of made-up records; absent: none */
    xd_str signed_by, date; /* below the text; absent: none */
    xd_str origin;          /* where it is from: an address and the day */
    xd_str of;              /* head of the column that says whose a line is */
    XD_VEC(xd_paper_block) blocks;
} xd_paper;

/* Into a file descriptor, from its start. */
XD_MUST bool xd_paper_docx(xd_ctx *cx, const xd_paper *paper, int fd);
XD_MUST bool xd_paper_xlsx(xd_ctx *cx, const xd_paper *paper, int fd);

#define XD_DOCX_MEDIA "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

#endif
