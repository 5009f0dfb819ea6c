/* index/words.h — what a person typed, as words; and whether a text has one.
 *
 * Everything here works on folded text (model/fold.h): words with one blank between. Han, kana
 * and their like are matched character by character, wherever they stand. Letters and digits
 * of other scripts make runs: a run in a word must begin where a run of the text begins, and
 * may end anywhere if it stands at the word's end ("steel" finds "steelworks", not "stainless-
 * steel" glued together). A quoted phrase must also end where the text's run ends. Pure. */
#ifndef XD_INDEX_WORDS_H
#define XD_INDEX_WORDS_H

#include "base/ctx.h"

#define XD_WORDS_MOST 32    /* words in one question */
#define XD_WORDS_BYTES 1024 /* of a question */

typedef struct xd_word {
    xd_str text;   /* folded; has blanks only in a phrase */
    size_t n;      /* code points */
    size_t probe;  /* the byte of the text that is looked for first: a rare one */
    bool whole;    /* a phrase: its last run must end where the text's does */
    bool spelling; /* only a–z: may be pinyin or initials */
    bool plain;    /* only characters, all of them of several bytes: matched as bytes */
} xd_word;

typedef struct xd_words {
    const xd_word *at;
    size_t n;
    bool any;      /* one word is enough (Records: the comma), else all must be there */
    xd_str joined; /* all of it folded, without blanks: what a name must be to be just that */
} xd_words;

/* adjacent: the Records reading. n is 0 when q holds no word. XD_LIMIT with sentences when q is
 * longer than XD_WORDS_BYTES or has more than XD_WORDS_MOST words. */
XD_MUST bool xd_words_read(xd_ctx *cx, xd_str q, bool adjacent, xd_words *ret_words);

bool xd_is_character(uint32_t cp); /* matched by itself: Han, kana */

/* End of the match that begins at `at`, or SIZE_MAX. */
size_t xd_word_at(const xd_word *word, xd_str text, size_t at);
/* A match that ends there ends where the text's run does: the word is all of it. */
bool xd_word_is_whole(xd_str text, size_t end);
/* Whether a plain word is in a stretch of bytes that may be more than one text. */
bool xd_word_among(const xd_word *word, xd_str bytes);
/* Byte offset of the first match at or after from, SIZE_MAX when there is none. */
size_t xd_word_find(const xd_word *word, xd_str text, size_t from, size_t *ret_end);

#endif
