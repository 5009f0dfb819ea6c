/* index/edition.h — what an index holds at one moment, and how it goes on.
 *
 * An edition is an immutable list of segments, oldest first, each with the set of its documents
 * that newer segments replace or delete. Readers hold an edition by a count; the writer makes
 * the next one beside it and swaps a pointer under a lock held for a few instructions. So
 * readers never wait for the writer's work, and the writer waits for no reader; an edition goes
 * when its last reader has gone. docs/decisions/0050 says why. Segments with files come first,
 * then those in memory: keep.h. */
#ifndef XD_INDEX_EDITION_H
#define XD_INDEX_EDITION_H

#include <pthread.h>

#include "index/build.h"
#include "index/folder.h"
#include "index/index.h"

typedef struct xd_shard {
    xd_segment *segment;
    xd_bits *dead; /* the edition's own */
} xd_shard;

typedef struct xd_edition {
    size_t refs; /* guarded by the index's swap lock */
    int64_t seq;
    int64_t scores; /* another number wherever the same record may rank otherwise than before */
    size_t n;
    xd_shard *shards;
    xd_arena *arena; /* its own; it lies in it */
} xd_edition;

struct xd_index {
    xd_arena *arena;
    xd_schema *schema;
    xd_visibility visibility;
    uint64_t seal[2];   /* key of cursors */
    uint64_t work_most; /* of one question, in units; 0: any */
    int64_t wait_ms;    /* for one question; 0: any time */
    pthread_mutex_t writing, swapping;
    xd_edition *edition; /* guarded by swapping */
    /* Guarded by writing: */
    struct xd_followed *models; /* see follow.c */
    struct xd_keeping *keeping; /* NULL: in memory only; see keep.c */
};

struct xd_snap {
    xd_index *index;
    xd_edition *edition;
};

/* An edition of n shards, to be filled in; then made the newest one. Dropping one that was
 * never published is allowed. */
xd_edition *xd_edition_make(size_t n, int64_t seq);
void xd_edition_publish(xd_index *index, xd_edition *next);
void xd_edition_drop(xd_index *index, xd_edition *edition);
xd_shard xd_shard_copy(const xd_shard *shard);
size_t xd_shard_live(const xd_shard *shard);

/* Put drafts in place of what the index holds of their records, and take the records of `gone`
 * away; then seq is the newest applied. The caller holds `writing`. drafts are reordered. */
XD_MUST bool xd_edition_apply(xd_ctx *cx, xd_index *index, xd_draft *drafts, size_t n,
                              const int64_t *gone, size_t n_gone, int64_t seq);
/* Join small segments in memory, of at most so many documents together; the caller holds
 * `writing`. */
XD_MUST bool xd_edition_tidy(xd_ctx *cx, xd_index *index, size_t most);
/* The first of shards from … to − 1 that are to be one with all behind it; to when nothing is
 * to be done. */
size_t xd_edition_join_from(const xd_edition *edition, size_t from, size_t to, size_t most);
/* The newest such shards among the first *ret_to, looked for behind full ones too; false when
 * there are none. */
bool xd_edition_joinable(const xd_edition *edition, size_t most, size_t *ret_from,
                         size_t *ret_to);
/* The living documents of shards from … to − 1 as one segment (NULL: none lives), in memory or
 * as a file of that number. */
XD_MUST bool xd_edition_join(xd_ctx *cx, xd_index *index, const xd_edition *edition,
                             size_t from, size_t to, xd_io *io, uint64_t file,
                             xd_segment **ret_segment);
/* The newest edition with those shards replaced (by nothing when segment is NULL). */
xd_edition *xd_edition_replace(const xd_edition *now, size_t from, size_t to,
                               xd_segment *segment);

/* Where a record is: false when it is nowhere. */
bool xd_edition_find(const xd_edition *edition, int64_t id, size_t *ret_shard,
                     uint32_t *ret_doc);
/* No file read so far was damaged: asked at the end of whatever was answered from it. XD_BUSY,
 * with sentences: it is being made anew. */
XD_MUST bool xd_edition_sound(xd_ctx *cx, const xd_edition *edition);

#endif
