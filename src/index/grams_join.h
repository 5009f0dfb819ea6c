/* index/grams_join.h — the postings of several segments as those of one. */
#ifndef XD_INDEX_GRAMS_JOIN_H
#define XD_INDEX_GRAMS_JOIN_H

#include "index/grams.h"

typedef struct xd_gram_source {
    const xd_grams *grams;
    uint32_t n;              /* documents */
    const uint32_t *renewed; /* by document: its number in the new segment + 1; 0: left out */
} xd_gram_source;

/* Keys of pairs that are in at least so many documents, sorted. */
typedef struct xd_common {
    uint32_t least;
    uint64_t *at;
    size_t n, cap;
} xd_common;

/* Writes every posting but threes of characters, which depend on what is common now. n: documents
 * of the new segment. common->least 0: no pair is. */
void xd_grams_join(xd_arena *arena, xd_press *press, const xd_gram_source *sources, size_t k,
                   uint32_t n, xd_common *common);

#endif
