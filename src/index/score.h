/* index/score.h — what a text adds to the score of a document that has a word.
 *
 * Weight × saturation of the matches, less in long texts: the shape of BM25 with fixed means
 * (k 1.2, b 0.75, 100 characters), so that it needs no other document. In 1/16. More matches
 * never score less: what bounds the matches bounds the score (best.h). */
#ifndef XD_INDEX_SCORE_H
#define XD_INDEX_SCORE_H

#include "index/passage.h"

#define XD_MATCHES_MOST 8 /* more in one text say nothing new */

static inline int64_t xd_score_text(uint32_t weight, size_t bytes, int64_t matches)
{
    int64_t length = (int64_t)bytes / 3;
    length = length > 10000 ? 10000 : length;
    matches = matches > XD_MATCHES_MOST ? XD_MATCHES_MOST : matches;
    return (int64_t)weight * 16 * matches * 22000 / (matches * 10000 + 3000 + length * 90);
}

/* A rank is a class × this + a score below it. */
#define XD_RANK_CLASS ((int64_t)1 << 24)

#endif
