/* index/lexicon.h — the words of vocabularies: labels, aliases, their pinyin.
 *
 * Labels are searched here, not in each record: a word is looked up once among the terms, and
 * the records are those of the terms' postings. Made once from the model, immutable. */
#ifndef XD_INDEX_LEXICON_H
#define XD_INDEX_LEXICON_H

#include "index/spelling.h"
#include "index/words.h"
#include "model/model.h"

typedef struct xd_lexicon xd_lexicon;

xd_lexicon *xd_lexicon_make(xd_arena *arena, const xd_model *model);

/* Terms (xd_term.at) with a label or alias that has the word; `pinyin`: or is spelled so. In
 * model order. */
typedef struct xd_terms_found {
    uint32_t *at;
    size_t n, cap;
} xd_terms_found;
void xd_lexicon_find(xd_arena *arena, const xd_lexicon *lexicon,
                     const xd_vocabulary *vocabulary, const xd_word *word, bool pinyin,
                     xd_terms_found *ret_found);
/* How near a term's best label is to what is being typed: 3 the same, 2 begins with it, 1 has
 * it, 0 not. */
int xd_lexicon_near(const xd_lexicon *lexicon, const xd_vocabulary *vocabulary, uint32_t term,
                    const xd_word *word, bool pinyin);

#endif
