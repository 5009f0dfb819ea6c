/* web/words.h — the site's own words in C: src/web/words.txt, checked at build time.
 *
 * Templates say {{ :key }}; C says xd_word(lang, XD_W_KEY), and xd_word_fill() where the words
 * have holes. What types, fields and terms are called is the model's business, not this file's.
 */
#ifndef XD_WEB_WORDS_H
#define XD_WEB_WORDS_H

#include "words_gen.h"

xd_str xd_word(xd_lang lang, xd_word_id word);

typedef struct xd_fill {
    const char *hole; /* as in words.txt */
    xd_str text;      /* absent: the number */
    int64_t number;
} xd_fill;

/* Plain text (bold marks fall away). A hole nobody fills stays as it is written. */
xd_str xd_word_fill(xd_arena *arena, xd_lang lang, xd_word_id word, const xd_fill *fills,
                    size_t n);
/* The same for words that the operator wrote. */
xd_str xd_text_fill(xd_arena *arena, xd_str pattern, const xd_fill *fills, size_t n);

#endif
