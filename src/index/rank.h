/* index/rank.h — how well a document answers, and which to look at first.
 *
 * Rank is a class × 2^24 + a score (docs/decisions/0053). A ranking gives out what matches in
 * groups, together with the most that anything it has not given out can rank: when a page is
 * full of better ones, the rest need not be looked at (best.h). */
#ifndef XD_INDEX_RANK_H
#define XD_INDEX_RANK_H

#include "index/plan.h"

/* Higher is better. */
int64_t xd_search_rank(const xd_segment *segment, uint32_t doc, const xd_words *words,
                       const xd_searched *searched);

typedef struct xd_rank_group {
    size_t shard, part;
    size_t step;    /* of the best sets; XD_BEST_STEPS: what is left of the part */
    int64_t most;   /* that a document of the group ranks */
    int64_t labels; /* what its labels score */
} xd_rank_group;

typedef struct xd_ranking {
    xd_look *look;
    const xd_words *words;
    const xd_matched *matched;    /* by shard */
    xd_bits **left;               /* by shard: not yet in a part */
    int stage;                    /* of classes; those before are in groups or were given out */
    XD_VEC(xd_bits *) parts;      /* what of each is not yet given out */
    XD_VEC(xd_rank_group) groups; /* of this stage, by most */
    size_t at;
    struct xd_best **best; /* by shard: of each word, of the stage; NULL: not known */
} xd_ranking;

void xd_ranking_begin(xd_ranking *ranking, xd_look *look, const xd_words *words,
                      const xd_matched *matched);
/* The most that any document not given out yet ranks. */
int64_t xd_ranking_most(const xd_ranking *ranking);
/* Whether the document, which ranks as high as the next group may, comes before all of that group by
 * level and record id: then xd_ranking_skip(). */
bool xd_ranking_is_beaten(const xd_ranking *ranking, size_t shard, uint32_t doc);
void xd_ranking_skip(xd_ranking *ranking);
/* Some more of them, in one shard, of which none ranks more than *ret_most; false when there are
 * none. */
bool xd_ranking_next(xd_ranking *ranking, int64_t *ret_most, size_t *ret_shard,
                     const xd_bits **ret_bits);

#endif
