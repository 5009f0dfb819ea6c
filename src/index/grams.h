/* index/grams.h — text postings of one segment: which documents may hold a word.
 *
 * Terms: each character and each pair of neighbouring characters (model/fold.h), once for all
 * text and once for names; runs of letters and digits as whole words, likewise twice; pairs and
 * threes of letters of pinyin readings, pairs and threes of initials; the first one, two and
 * three of a name and of its readings. Built by adding texts in
 * ascending order of documents, then sealed; a sealed set is immutable and read by many. */
#ifndef XD_INDEX_GRAMS_H
#define XD_INDEX_GRAMS_H

#include "index/bits.h"
#include "index/spelling.h"
#include "index/words.h"

typedef struct xd_grams xd_grams;

xd_grams *xd_grams_make(xd_arena *arena); /* the sets lie outside: xd_grams_free() */
void xd_grams_free(xd_grams *grams);

/* folded text; name: also among names. */
void xd_grams_add(xd_grams *grams, uint32_t doc, xd_str folded, bool name);
void xd_grams_add_spelling(xd_grams *grams, uint32_t doc, const xd_spelling *spelling);
void xd_grams_seal(xd_grams *grams);

/* Documents that may hold the word: all that do and, unless *ret_sure, perhaps others. */
xd_bits *xd_grams_find(xd_bag *bag, const xd_grams *grams, const xd_word *word, bool names,
                       bool *ret_sure);
/* Documents with a name that may be spelled so; never sure. */
xd_bits *xd_grams_find_spelling(xd_bag *bag, const xd_grams *grams, xd_str letters, bool full);

/* Documents with a name that may begin with the word, as written or as it sounds. */
xd_bits *xd_grams_find_start(xd_bag *bag, const xd_grams *grams, const xd_word *word);

#endif
