/* index/edition.h — what an index holds at one moment, and how it goes on.
 *
 * An edition is an immutable list of segments, oldest first, each with the set of its documents
 * that newer segments replace or delete. Readers hold an edition by a count; the writer makes
 * the next one beside it and swaps a pointer under a lock held for a few instructions. So
 * readers never wait for the writer's work, and the writer waits for no reader; an edition goes
 * when its last reader has gone. docs/decisions/0050 says why. */
#ifndef XD_INDEX_EDITION_H
#define XD_INDEX_EDITION_H

#include <pthread.h>

#include "index/index.h"
#include "index/segment.h"

typedef struct xd_shard {
    xd_segment *segment;
    xd_bits *dead; /* the edition's own */
} xd_shard;

typedef struct xd_edition {
    size_t refs; /* guarded by the index's swap lock */
    int64_t seq;
    size_t n;
    xd_shard *shards;
    xd_arena *arena; /* its own; it lies in it */
} xd_edition;

struct xd_index {
    xd_arena *arena;
    xd_schema schema;
    xd_visibility visibility;
    uint64_t seal[2]; /* key of this process's cursors */
    pthread_mutex_t writing, swapping;
    xd_edition *edition;        /* guarded by swapping */
    struct xd_followed *models; /* guarded by writing: see follow.c */
};

struct xd_snap {
    xd_index *index;
    xd_edition *edition;
};

/* Put drafts in place of what the index holds of their records, and take the records of `gone`
 * away; then seq is the newest applied. The caller holds `writing`. drafts are reordered. */
XD_MUST bool xd_edition_apply(xd_ctx *cx, xd_index *index, xd_draft *drafts, size_t n,
                              const int64_t *gone, size_t n_gone, int64_t seq);
/* Join small segments, of at most so many documents together; the caller holds `writing`. */
XD_MUST bool xd_edition_tidy(xd_ctx *cx, xd_index *index, size_t most);

/* Where a record is: false when it is nowhere. */
bool xd_edition_find(const xd_edition *edition, int64_t id, size_t *ret_shard,
                     uint32_t *ret_doc);

#endif
