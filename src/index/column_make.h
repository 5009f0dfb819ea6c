/* index/column_make.h — a column being filled, document by document, for a new image. */
#ifndef XD_INDEX_COLUMN_MAKE_H
#define XD_INDEX_COLUMN_MAKE_H

#include "index/column.h"
#include "index/lists.h"

typedef struct xd_column_maker xd_column_maker;

/* For documents lo … lo + n − 1, to be filled in ascending order: for each document
 * xd_column_maker_begin(), then xd_column_maker_add() of each object that may hold the field,
 * or xd_column_maker_copy(). */
xd_column_maker *xd_column_maker_make(xd_arena *arena, xd_press *press, uint32_t slot_at,
                                      const xd_slot *slot, uint32_t lo, uint32_t n);
void xd_column_maker_free(xd_column_maker *maker);
void xd_column_maker_begin(xd_column_maker *maker, uint32_t doc);
/* body: the text the object was read from, which stands at body_at among the image's bodies. */
XD_MUST bool xd_column_maker_add(xd_ctx *scratch, xd_column_maker *maker, const xd_json *object,
                                 xd_str body, uint64_t body_at);
/* The values of a document of another image with the same model; its body stood at from_at
 * there and stands at body_at here. */
void xd_column_maker_copy(xd_column_maker *maker, const xd_column *from, uint32_t from_doc,
                          uint64_t from_at, uint64_t body_at);
/* The places added since xd_column_maker_begin(). */
const xd_place_stored *xd_column_maker_places(const xd_column_maker *maker, size_t *ret_n);
/* The first value of the document at hand, of a term (xd_term.at) or yes-or-no column; UINT32_MAX
 * when it has none. */
uint32_t xd_column_maker_first(const xd_column_maker *maker);
/* When all are in. The value of each document of a term or yes-or-no column, UINT32_MAX for
 * none, into `values`; false: some document has several, or there are none at all. */
bool xd_column_maker_single(const xd_column_maker *maker, uint32_t *values);
/* Likewise the least value of each document, as it is sorted by. */
void xd_column_maker_least(const xd_column_maker *maker, uint32_t *values);
/* Likewise the sort key of each document, absent without one. */
void xd_column_maker_keys(const xd_column_maker *maker, xd_lang lang, xd_str *keys);
/* All are in: writes the column's sections. */
void xd_column_maker_end(xd_column_maker *maker);

#endif
