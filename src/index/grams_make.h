/* index/grams_make.h — postings being gathered for a new image. */
#ifndef XD_INDEX_GRAMS_MAKE_H
#define XD_INDEX_GRAMS_MAKE_H

#include "index/grams_join.h"

typedef struct xd_grams_maker xd_grams_maker;

xd_grams_maker *xd_grams_maker_make(xd_arena *arena);
/* In ascending order of documents. */
void xd_grams_maker_add(xd_grams_maker *maker, uint32_t doc, const xd_passage *passage);
/* Instead: threes of characters of which both pairs are common, for a segment whose other
 * postings were joined before. Every document's passages, in order. */
void xd_grams_maker_begin_threes(xd_grams_maker *maker, const xd_common *common,
                                 uint32_t read_most);
void xd_grams_maker_add_threes(xd_grams_maker *maker, uint32_t doc, const xd_passage *passage);
void xd_grams_maker_end_document(xd_grams_maker *maker, uint32_t doc); /* of threes */
/* n: documents of the segment. Appends to what was joined. */
void xd_grams_maker_end(xd_grams_maker *maker, xd_press *press, uint32_t n);

#endif
