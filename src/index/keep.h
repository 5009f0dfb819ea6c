/* index/keep.h — an index's files: reading them in, flushing, merging, purging.
 *
 * All of it is the writer's: the caller holds `writing` unless said otherwise. */
#ifndef XD_INDEX_KEEP_H
#define XD_INDEX_KEEP_H

#include "index/edition.h"

/* What the newest manifest says. */
typedef struct xd_saved {
    int64_t seq;
    size_t n_models; /* so many of the index's are in it */
    uint8_t leaf[XD_LEAF_BYTES];
} xd_saved;

typedef struct xd_keeping {
    xd_folder *folder;
    xd_str note; /* for the operator, until he takes it */
    xd_saved saved;
    int64_t flushed_us; /* monotonic: when it was written */

    /* The merger: one thread at a time, on files nobody changes. */
    pthread_t merger;
    bool merging;       /* to be joined */
    atomic_bool merged; /* it has ended */
    volatile int stop;  /* merger's cx.stop */
    xd_err failed;      /* of the merger: in failure's arena */
    xd_arena *failure, *merger_arena;
} xd_keeping;

void xd_keep_open(xd_index *index, xd_folder *folder);
void xd_keep_close(xd_index *index); /* stops the merger; flushes nothing */
/* What the manifest says, if it is of this log, model, visibility and collation: else the index
 * stays empty, with a note why. */
XD_MUST bool xd_keep_load(xd_ctx *cx, xd_index *index, xd_store *store);
/* The segments of a manifest that is known to be right. */
XD_MUST bool xd_keep_take(xd_ctx *cx, xd_index *index, const xd_manifest *manifest);
/* Whether the segments in memory are large or old enough to become a file. */
bool xd_keep_is_due(const xd_index *index);
/* Memory's segments become a file, and the manifest says so. */
XD_MUST bool xd_keep_flush(xd_ctx *cx, xd_index *index, xd_store *store);
/* The same, the log's hash at the edition's seq being known. */
XD_MUST bool xd_keep_flush_at(xd_ctx *cx, xd_index *index, const uint8_t leaf[XD_LEAF_BYTES]);
/* Join files that are too many: beside, in a thread, or here and now. */
XD_MUST bool xd_keep_merge(xd_ctx *cx, xd_index *index, bool beside);
/* A thread has ended joining and was not looked at since; for the thread that follows. */
bool xd_keep_has_merged(const xd_keeping *k);
/* No file holds the documents of these revisions any more, nor any edition published from now
 * on. */
XD_MUST bool xd_keep_purge(xd_ctx *cx, xd_index *index, const xd_erased_parts *erased);

/* Some file was found damaged. */
bool xd_keep_is_spoilt(const xd_index *index);
/* No manifest and no file any more; what is read stays mapped. */
XD_MUST bool xd_keep_drop(xd_ctx *cx, xd_index *index);

#endif
