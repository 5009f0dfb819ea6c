/* model/read.h — table cells into a body, and back.
 *
 * Import and export share this file, so they agree: xd_columns() gives the columns a type's
 * tables have, xd_cell_write() the text of each, xd_row_read() the body again. A round trip
 * gives the identical body. */
#ifndef XD_MODEL_READ_H
#define XD_MODEL_READ_H

#include "geo/crs.h"
#include "geo/region.h"
#include "model/body.h"

/* Where a column's cells go. field NULL: row-wide, part is source, source_url, source_date, confidence,
 * checked_by, checked_on, state, number, id, about, ignore: known to carry nothing, or computed: known
 * to follow from other records, and not read. */
typedef struct xd_column {
    xd_str header; /* as written, or as we write it */
    const xd_field *field;
    xd_str part;
} xd_column;

/* Find what a header means for a type: the model's aliases, names and labels, folded (case,
 * width, traditional, blanks, punctuation, bracketed units and notes: 建筑面积（㎡） is
 * 建筑面积). False: means nothing here. */
bool xd_column_find(const xd_model *model, const xd_type *type, xd_str header,
                    xd_column *ret_column);
/* What tables and the API call a computed value, beside its label: computed_light. */
xd_str xd_computed_column(xd_arena *arena, const xd_computed *computed);
/* All columns of our own tables for the type, in order; `headers` in lang. */
XD_MUST bool xd_columns(xd_ctx *cx, const xd_model *model, const xd_type *type, xd_lang lang,
                        const xd_column **ret_columns, size_t *ret_n);

typedef struct xd_given { /* one cell */
    const xd_column *column;
    xd_str text; /* trimmed by the reader; empty: not given */
    const xd_json
        *geometry; /* from GIS formats: GeoJSON numbers in the file's CRS; text then absent */
} xd_given;

typedef struct xd_read_options {
    const xd_crs *crs;         /* of the whole file; NULL: what the row says, else WGS 84 */
    const xd_regions *regions; /* NULL: points are not compared with divisions */
    bool clear;                /* empty cells empty the value: the body gets member → null */
    xd_str today;              /* ISO date, for 至今 and checks of the future */
} xd_read_options;

/* Read one row. *ret_body holds only what was given (type included; never state or number from
 * options); links are {"text": …} still to be resolved by the caller. Problems name the field
 * and value; a refused value is left out of the body. */
XD_MUST bool xd_row_read(xd_ctx *cx, const xd_model *model, const xd_type *type,
                         const xd_given *given, size_t n, const xd_read_options *options,
                         xd_json **ret_body, xd_problems *problems);

/* What a text says of when the record began, where `body` has no value for the type's time: 始建于1865年. Only
 * sentences that surely speak of the record; what is put into the body has low confidence and a
 * warning. True: something was. */
bool xd_told_read(xd_ctx *cx, const xd_model *model, const xd_type *type, xd_str text,
                  xd_json *body, xd_problems *problems);

/* The text of one column of a body, in our own tables: codes and labels so that it reads back.
 * `link_text` gives what the record that a link of this field leads to is found by again, absent
 * when it cannot be seen; NULL: links keep their text, and their id where the text is not all. */
typedef xd_str xd_link_text(void *user, xd_ctx *cx, const xd_field *field, int64_t id);
xd_str xd_cell_write(xd_ctx *cx, const xd_model *model, const xd_column *column,
                     const xd_json *body, xd_lang lang, xd_link_text *link_text, void *user);

/* Split a cell that lists several: ; ；、 / line break, and , ， where the field allows; numbered
 * names (①, 一、, (3), 03.) lose their numbers. Brackets and quotation marks hold together. */
void xd_list_split(xd_ctx *cx, xd_str text, xd_strs *ret_items);

#endif
