/* index/grams_make.h — postings being gathered for a new image. */
#ifndef XD_INDEX_GRAMS_MAKE_H
#define XD_INDEX_GRAMS_MAKE_H

#include "index/grams.h"

typedef struct xd_grams_maker xd_grams_maker;

xd_grams_maker *xd_grams_maker_make(xd_arena *arena);
/* In ascending order of documents. */
void xd_grams_maker_add(xd_grams_maker *maker, uint32_t doc, const xd_passage *passage);
/* Optional, when all are in: threes of characters whose pairs are common among n documents, and
 * in at least so many. Then
 * every document's passages come once more, in the same order. False: no pair is common enough. */
bool xd_grams_maker_begin_threes(xd_grams_maker *maker, uint32_t n, uint32_t least);
void xd_grams_maker_add_threes(xd_grams_maker *maker, uint32_t doc, const xd_passage *passage);
/* n: documents of the segment. */
void xd_grams_maker_end(xd_grams_maker *maker, xd_press *press, uint32_t n);

#endif
