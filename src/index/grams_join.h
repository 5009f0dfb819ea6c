/* index/grams_join.h — the postings of several segments as those of one. */
#ifndef XD_INDEX_GRAMS_JOIN_H
#define XD_INDEX_GRAMS_JOIN_H

#include "index/grams.h"

typedef struct xd_gram_source {
    const xd_grams *grams;
    uint32_t n;              /* documents */
    const uint32_t *renewed; /* by document: its number in the new segment + 1; 0: left out */
} xd_gram_source;

/* What is in at least so many documents (0: nothing is): keys of pairs, sorted, and runs. */
typedef struct xd_common_run {
    xd_str text; /* in a source */
    uint32_t at; /* in the new segment's list */
} xd_common_run;
typedef XD_VEC(uint64_t) xd_common_pairs;
typedef XD_VEC(xd_common_run) xd_common_runs;
typedef struct xd_common {
    uint32_t least;
    xd_common_pairs pairs[2]; /* in all text, in names */
    xd_common_runs runs[2];
} xd_common;

/* Writes every posting but threes of characters and what is best (best.h), which depend on what
 * is common now. n: documents of the new segment. */
void xd_grams_join(xd_arena *arena, xd_press *press, const xd_gram_source *sources, size_t k,
                   uint32_t n, xd_common *common);

#endif
