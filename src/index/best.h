/* index/best.h — of a common term, the documents that say it most.
 *
 * A frequent word matches more documents than anybody will look at. So that ranking it need not
 * read the text of each, a large segment keeps for each common term (a pair of characters, a
 * character, a word of letters) two sets: the few documents that score best by it, and some
 * more; with each the most that any document outside it scores. Whoever ranks reads the first
 * set; when what it has found so far outranks all that lie outside, it is done. The answer is
 * the same as if every text were read: a bound never is less than a score.
 *
 * Terms are counted in all text and, apart, in names. The impact of a term on a document is the
 * sum over its texts (or names) of xd_score_text(); for names, one class more when the title has
 * it. A word of several characters has each of its pairs at least as often as itself, in each
 * text, so the bound of any pair is one for the word.
 *
 * Very many may have the same impact. Of those the first by level and record id are kept, as
 * an answer shows them: so one that is kept and draws level with the bound comes before
 * everything that is not kept, and nothing of that need be looked at (xd_ranking_is_beaten()). */
#ifndef XD_INDEX_BEST_H
#define XD_INDEX_BEST_H

#include "index/grams_join.h"

#define XD_BEST_STEPS 2

/* As they lie in the image, sorted by key. */
typedef struct xd_best_term {
    uint64_t key; /* gram, or place of the run in its list */
    uint64_t sets[XD_BEST_STEPS];
    uint32_t most[XD_BEST_STEPS]; /* any document outside the set has at most this impact */
} xd_best_term;
/* Impacts in names: this much more when the title has the term. */
#define XD_BEST_TITLE (1u << 24)

/* What bounds a word: its documents outside set[i] (and those of lesser steps) score at most
 * most[i]. The sets are not to be changed. */
typedef struct xd_best {
    const xd_bits *sets[XD_BEST_STEPS];
    int64_t most[XD_BEST_STEPS];
} xd_best;

/* False: nothing is known, any document with the word may score anything. */
bool xd_best_find(xd_bag *bag, const xd_grams *grams, const xd_word *word, bool names,
                  xd_best *ret_best);

/* A character wherever it stands. */
static inline uint64_t xd_best_character(xd_gram_of of, uint32_t cp)
{
    return xd_gram_key(of, cp, 0, 1);
}

/* Making them: every document's passages, in order. */
typedef struct xd_best_maker xd_best_maker;
/* n: documents of the segment; most: kept of a term; places: by document, in which order those
 * of one impact are kept. */
xd_best_maker *xd_best_maker_make(xd_arena *arena, const xd_common *common,
                                  const uint32_t *places, uint32_t n, uint32_t most);
void xd_best_maker_add(xd_best_maker *maker, uint32_t doc, const xd_passage *passage);
void xd_best_maker_end(xd_best_maker *maker, xd_press *press);

#endif
