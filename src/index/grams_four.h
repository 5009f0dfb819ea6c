/* index/grams_four.h — fours of characters whose pairs are all common, being made.
 *
 * Threes say which documents have 甲乙丙 and 乙丙丁. Nearly all of these have 甲乙丙丁: another one has
 * 乙丙 at two places. So only documents in which a common pair stands twice are looked at, and of a
 * four only what is unlike its two threes is kept: a thousandth of what lists of fours would take,
 * and a word of four characters is then found without reading a text.
 *
 * A document in which the same pairs stand very often would be an exception to very many fours. It
 * is kept in doubt instead: what is found there is read. */
#ifndef XD_INDEX_GRAMS_FOUR_H
#define XD_INDEX_GRAMS_FOUR_H

#include "index/grams.h"
#include "index/lists.h"

typedef struct xd_fours_maker xd_fours_maker;

/* pairs: common pairs are told by numbers below that. read_most: where so many documents have both
 * threes at most, nothing is kept. */
xd_fours_maker *xd_fours_maker_make(xd_arena *arena, size_t pairs, uint32_t read_most);
/* A common pair b c of the document at hand, in the order of its texts. before: the character that
 * makes a common pair with b where it stands right before it; else 0. */
void xd_fours_maker_pair(xd_fours_maker *maker, size_t pair, uint32_t before, uint32_t b,
                         uint32_t c);
/* In ascending order. */
void xd_fours_maker_end_document(xd_fours_maker *maker, uint32_t doc);

/* Threes in more than read_most documents, sorted by key (without what it is a gram of). */
typedef struct xd_three {
    uint64_t key;
    const xd_bits *bits;
} xd_three;
/* docs: room for all documents. */
void xd_fours_maker_end(xd_fours_maker *maker, xd_press *press, uint32_t which,
                        const xd_three *threes, size_t n, uint32_t *docs);

#endif
