/* model/read_in.h — what the files that read a row share.
 *
 * Private to this room. The cells of a row are gathered by field; each kind has a reader that
 * sets the field's member in the body, or says why not. */
#ifndef XD_MODEL_READ_IN_H
#define XD_MODEL_READ_IN_H

#include "model/parts.h"
#include "model/period.h"
#include "model/read.h"
#include "model/value.h"

/* All cells given for one field, in the order of the columns. */
typedef XD_VEC(const xd_given *) xd_cells;

typedef struct xd_reader {
    xd_ctx *cx;
    const xd_model *model;
    const xd_type *type;
    const xd_read_options *options;
    xd_problems *problems;
    xd_json *body;            /* what has been read so far */
    const xd_cells *by_field; /* by field->at; none for a field the table has no column for */
    xd_str town;              /* below the divisions we know: goes before the address */
    xd_json *target;          /* where the field's member goes: body, or the group being read */
} xd_reader;

#define XD_SAY(r, weight, code, field, value, zh, en, ...)                                     \
    XD_PROBLEM((r)->cx, (r)->problems, weight, code, (field)->name, value, zh, en, __VA_ARGS__)

/* The text of the first cell for this part that says something; absent when none does. */
xd_str xd_cell_text(const xd_cells *cells, xd_str part);
bool xd_cell_has(const xd_cells *cells,
                 xd_str part); /* a column for it is there, maybe empty */
/* "—", "不详", "N/A": a cell that is filled in and says nothing. */
bool xd_says_nothing(xd_arena *arena, const xd_field *field, xd_str text);
/* What stands in the brackets of a header: 建筑面积（㎡） gives ㎡. */
xd_str xd_header_note(xd_str header);
/* Items of a cell; commas: , and ， part them too; marks: also / + | as lists of terms have. */
void xd_items_split(xd_ctx *cx, xd_str text, bool commas, bool marks, xd_strs *ret_items);
/* The text without the count in front of it (①, 一、, (3), 03.). */
xd_str xd_without_count(xd_ctx *cx, xd_str text);

/* Put the value in: as the member, or as one more item of a many field. */
void xd_put_value(xd_reader *r, const xd_field *field, const xd_json *value);
/* The text cannot be read as this field: it goes where the model says, with a warning, or is
 * refused. suggestion_…: may be absent. */
void xd_unread(xd_reader *r, const xd_field *field, const char *code, xd_str text, xd_str zh,
               xd_str en, xd_str suggestion_zh, xd_str suggestion_en);
/* Add text to a text field, as a new item or behind what is there. */
void xd_keep_text(xd_reader *r, const xd_field *field, xd_str lang, xd_str text);
/* A cell that our own tables wrote as JSON, because nothing shorter reads back the same. True:
 * taken (or refused, with a problem). */
bool xd_take_json(xd_reader *r, const xd_field *field, xd_str text);

/* One reader a kind; false only when the work failed. */
XD_MUST bool xd_read_number(xd_reader *r, const xd_field *field, const xd_cells *cells);
XD_MUST bool xd_read_place(xd_reader *r, const xd_field *field, const xd_cells *cells);
XD_MUST bool xd_read_division(xd_reader *r, const xd_field *field, const xd_cells *cells);
XD_MUST bool xd_read_plain(xd_reader *r, const xd_field *field, const xd_cells *cells);
/* The parts of xd_read_plain() that have files of their own. */
void xd_read_text(xd_reader *r, const xd_field *field, const xd_cells *cells);
XD_MUST bool xd_read_period(xd_reader *r, const xd_field *field, const xd_cells *cells);
/* A name on one line: breaks between Chinese characters vanish, others become a blank. */
xd_str xd_one_line(xd_ctx *cx, xd_str text);
/* Ⅷ—65, Ⅷ－65, Ⅷ–65: one dash is as good as another, and full-width letters as narrow ones. */
xd_str xd_plain_identifier(xd_ctx *cx, xd_str text);
/* 0561-5550003 0561-5550004: two numbers with nothing but a blank between them, where the whole is
 * none. An area code and its number are one. */
void xd_phones_part(xd_ctx *cx, xd_strs *items);
/* True: numbers were found in a text that is more than a number. */
bool xd_read_phone_text(xd_reader *r, const xd_field *field, xd_str text);
/* A cell that tells of several events in turn; the others go to their own fields where the table
 * has none for them. False: it does not tell when `field` was. */
bool xd_read_events(xd_reader *r, const xd_field *field, xd_str text, xd_period *ret_period);
/* After all cells: a division from the address or the point, points compared with divisions. */
XD_MUST bool xd_read_settle_place(xd_reader *r);
XD_MUST bool xd_read_settle_division(xd_reader *r);
/* Columns of the row as a whole. */
XD_MUST bool xd_read_row_wide(xd_reader *r, const xd_cells *cells);

#endif
