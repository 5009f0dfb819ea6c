/* Keeping an index in files.
 *
 * What is new in the log becomes small segments in memory, as for an index without files. Once
 * they are many enough, or old enough, they are joined into a file (flush), and a manifest is
 * written: from then on the log up to there need not be read again. Files are joined in turn
 * (merge) by a thread of its own, which reads only what never changes and takes `writing` for the
 * switch alone; so readers never wait, and the follower waits for one small fsync.
 *
 * Why a crash loses nothing. A file is synced and has its name before a manifest names it; the
 * manifest is replaced by renaming; a file is removed only after the manifest that no longer
 * names it is durable. So at every moment the manifest names whole files. It may be behind in
 * one way and ahead in another: its seq is that of the last flush, while the dead of its segments
 * may be of later. That is no harm: what later revisions killed, the same revisions put in
 * again when the log behind seq is replayed, and nobody reads before that is done.
 *
 * A merge leaves out what was dead when it began. What died since is found again by record id
 * in the new segment, and dead there too.
 *
 * Erasing. A document of an erased revision is superseded, and so dead, but its bytes are in a
 * file until that is joined. Purging joins each such file at once, alone, before anything else
 * happens; a merge that goes on is stopped first, for it may be copying the value. Files that
 * are damaged or another's are never mended: the index is made again from the log, in new files,
 * while readers are told to wait (xd_edition_sound). */
#include "index/keep.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "index/follow.h"
#include "model/fold.h"

#define FLUSH_RECORDS 8192
#define FLUSH_US INT64_C(60000000) /* what is new is a file after so long, however little */
#define SEGMENT_RECORDS ((size_t)1 << 20) /* no file grows beyond: its making fits in memory */
#define TRIES 20

void xd_keep_open(xd_index *index, xd_folder *folder)
{
    index->keeping = xd_new(index->arena, xd_keeping);
    index->keeping->folder = folder;
    index->keeping->flushed_us = xd_monotonic();
}

static void stop_merger(xd_keeping *k)
{
    if (!k->merging)
        return;
    __atomic_store_n(&k->stop, 1, __ATOMIC_RELAXED);
    (void)pthread_join(k->merger, NULL); /* ours, and not joined yet */
    __atomic_store_n(&k->stop, 0, __ATOMIC_RELAXED);
    k->merging = false;
}

void xd_keep_close(xd_index *index)
{
    xd_keeping *k = index->keeping;
    stop_merger(k);
    if (k->failure != NULL)
        xd_arena_free(k->failure);
    xd_folder_close(k->folder);
    index->keeping = NULL;
}

static size_t files_of(const xd_edition *e)
{
    size_t n = 0;
    while (n < e->n && e->shards[n].segment->file != 0)
        n++;
    return n;
}

/* Never published: its segments are others'. */
static void discard(xd_edition *e, xd_segment *fresh)
{
    for (size_t i = 0; i < e->n; i++)
        roaring_bitmap_free(e->shards[i].dead);
    xd_arena_free(e->arena);
    if (fresh != NULL)
        xd_segment_free(fresh);
}

/* A segment's file nobody names; also one half written. Failing to remove it is no failure of
 * what was done: the next writer sweeps. */
static void forget_file(xd_keeping *k, uint64_t file)
{
    char name[XD_FILE_NAME], beside[XD_FILE_NAME + 4];
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_segment_file_name(file, name);
    (void)snprintf(beside, sizeof beside, "%s.tmp", name); /* fits */
    if (!xd_io_remove(&cx, &k->folder->io, name) || !xd_io_remove(&cx, &k->folder->io, beside))
        (void)xd_err_take(&cx);
    xd_ctx_end(&cx);
}

/* The manifest --------------------------------------------------------------------------- */

static xd_str dead_bytes(xd_arena *arena, const xd_bits *dead)
{
    size_t n = roaring_bitmap_portable_size_in_bytes(dead);
    char *p = xd_arena_take(arena, n);
    (void)roaring_bitmap_portable_serialize(dead, p); /* as many bytes as it said */
    return (xd_str){p, n};
}

static bool write_manifest(xd_ctx *cx, xd_index *index, const xd_edition *e)
{
    xd_keeping *k = index->keeping;
    xd_arena *arena = xd_arena_make();
    xd_ctx inner = {.arena = arena};
    xd_manifest m = {.visibility = (uint32_t)index->visibility,
                     .collator = xd_collator_version(),
                     .seq = k->saved.seq};
    memcpy(m.model, xd_model_hash(index->schema->model), sizeof m.model);
    memcpy(m.leaf, k->saved.leaf, sizeof m.leaf);
    for (size_t i = 0; i < k->saved.n_models; i++) {
        xd_manifest_model *model = xd_push(arena, &m.models);
        memcpy(model->hash, index->models->models.at[i].hash, sizeof model->hash);
        model->seq = index->models->models.at[i].seq;
    }
    for (size_t i = 0; i < files_of(e); i++)
        *xd_push(arena, &m.segments) = (xd_manifest_segment){
            e->shards[i].segment->file, xd_image_bytes(e->shards[i].segment->image).n,
            dead_bytes(arena, e->shards[i].dead)};
    bool ok = xd_folder_write(&inner, k->folder, &m) ||
              xd_fail(cx, inner.err.code, XD_FMT, XD_ARG(inner.err.message));
    k->flushed_us = xd_monotonic();
    xd_arena_free(arena);
    return ok;
}

/* Loading -------------------------------------------------------------------------------- */

static bool is_ours(xd_ctx *cx, xd_index *index, xd_store *store, const xd_manifest *m,
                    const char **ret_why)
{
    bool there;
    uint8_t leaf[XD_LEAF_BYTES];
    *ret_why = NULL;
    if (m->visibility != (uint32_t)index->visibility)
        *ret_why = "they are of another visibility";
    else if (memcmp(m->model, xd_model_hash(index->schema->model), sizeof m->model) != 0)
        *ret_why = "they are of another model";
    else if (!xd_str_eq(m->collator, xd_collator_version()))
        *ret_why = "they are sorted by another version of ICU";
    if (*ret_why != NULL)
        return true;
    if (!xd_log_hash_at(cx, store, m->seq, &there, leaf))
        return false;
    if (!there || memcmp(leaf, m->leaf, sizeof leaf) != 0)
        *ret_why = "they are of another log";
    return true;
}

static bool load_segment(xd_ctx *cx, xd_index *index, const xd_manifest_segment *from,
                         xd_shard *ret_shard)
{
    char name[XD_FILE_NAME];
    xd_image *image;
    xd_segment_file_name(from->file, name);
    if (!xd_image_open(cx, index->keeping->folder->io.folder, name, &image))
        return false;
    if (xd_image_bytes(image).n != from->n) {
        xd_image_free(image);
        return xd_fail(cx, XD_BROKEN, "index file %s has another length", name);
    }
    if (!xd_segment_over(cx, index->schema, image, from->file, &ret_shard->segment))
        return false;
    ret_shard->dead = roaring_bitmap_portable_deserialize_safe(from->dead.p, from->dead.n);
    if (ret_shard->dead == NULL ||
        roaring_bitmap_maximum(ret_shard->dead) > ret_shard->segment->n) {
        if (ret_shard->dead != NULL)
            roaring_bitmap_free(ret_shard->dead);
        xd_segment_free(ret_shard->segment);
        return xd_fail(cx, XD_BROKEN, "the index's manifest is damaged");
    }
    return true;
}

bool xd_keep_take(xd_ctx *cx, xd_index *index, const xd_manifest *m)
{
    xd_keeping *k = index->keeping;
    xd_edition *e = xd_edition_make(m->segments.n, m->seq);
    uint64_t newest = 0;
    for (e->n = 0; e->n < m->segments.n; e->n++) {
        const xd_manifest_segment *from = &m->segments.at[e->n];
        if (!load_segment(cx, index, from, &e->shards[e->n])) {
            for (size_t i = 0; i < e->n; i++)
                xd_segment_free(e->shards[i].segment);
            discard(e, NULL);
            return false;
        }
        newest = from->file > newest ? from->file : newest;
    }
    for (size_t i = 0; i < m->models.n; i++)
        xd_follow_add_model(index, m->models.at[i].hash, m->models.at[i].seq);
    k->saved = (xd_saved){m->seq, m->models.n, {0}};
    memcpy(k->saved.leaf, m->leaf, sizeof k->saved.leaf);
    atomic_store(&k->folder->next_file, newest + 1);
    xd_edition_publish(index, e);
    return true;
}

/* *ret_why NULL: loaded. A file gone while reading, by another's hand: once more. */
static bool try_load(xd_ctx *cx, xd_index *index, xd_store *store, const char **ret_why)
{
    xd_manifest m = {0};
    for (int i = 0; i < TRIES; i++) {
        bool there = false;
        if (!xd_folder_read(cx, index->keeping->folder, &there, &m))
            return false;
        *ret_why = there ? NULL : "";
        if (!there || !is_ours(cx, index, store, &m, ret_why) || *ret_why != NULL)
            return cx->err.code == XD_OK;
        if (xd_keep_take(cx, index, &m))
            return true;
        if (cx->err.code != XD_ABSENT || xd_folder_writes(index->keeping->folder))
            return false;
        (void)xd_err_take(cx);
    }
    *ret_why = "they keep changing";
    return true;
}

bool xd_keep_load(xd_ctx *cx, xd_index *index, xd_store *store)
{
    xd_keeping *k = index->keeping;
    const char *why = NULL;
    if (!try_load(cx, index, store, &why)) {
        if (cx->err.code != XD_BROKEN && cx->err.code != XD_ABSENT)
            return false;
        why = xd_cstr(index->arena, xd_err_take(cx).message);
    }
    if (why != NULL && why[0] != '\0')
        k->note = xd_str_printf(index->arena,
                                "index files are not used, %s: made anew from the log", why);
    if (!xd_folder_writes(k->folder))
        return true;
    xd_manifest kept = {0};
    bool there = false;
    if (why == NULL && !xd_folder_read(cx, k->folder, &there, &kept))
        return false;
    return xd_folder_sweep(cx, k->folder, why == NULL ? &kept : NULL);
}

/* Flushing ------------------------------------------------------------------------------- */

bool xd_keep_is_due(const xd_index *index)
{
    const xd_keeping *k = index->keeping;
    const xd_edition *e = index->edition;
    size_t n = 0;
    for (size_t i = files_of(e); i < e->n; i++)
        n += e->shards[i].segment->n;
    return n >= FLUSH_RECORDS ||
           (e->seq > k->saved.seq && xd_monotonic() - k->flushed_us > FLUSH_US);
}

bool xd_keep_flush(xd_ctx *cx, xd_index *index, xd_store *store)
{
    int64_t seq = index->edition->seq;
    bool there;
    uint8_t leaf[XD_LEAF_BYTES];
    if (!xd_folder_writes(index->keeping->folder) || seq == index->keeping->saved.seq)
        return true;
    if (!xd_log_hash_at(cx, store, seq, &there, leaf))
        return false;
    if (!there)
        return xd_fail(cx, XD_BROKEN, "revision %" PRId64 " is no longer in the log", seq);
    return xd_keep_flush_at(cx, index, leaf);
}

bool xd_keep_flush_at(xd_ctx *cx, xd_index *index, const uint8_t leaf[XD_LEAF_BYTES])
{
    xd_keeping *k = index->keeping;
    const xd_edition *now = index->edition;
    size_t from = files_of(now);
    uint64_t file = atomic_fetch_add(&k->folder->next_file, 1);
    xd_segment *fresh = NULL;
    bool whole = now->n == from + 1 && roaring_bitmap_is_empty(now->shards[from].dead);
    bool ok = whole
                  ? xd_segment_save(cx, now->shards[from].segment, &k->folder->io, file, &fresh)
                  : xd_edition_join(cx, index, now, from, now->n, &k->folder->io, file, &fresh);
    if (!ok) {
        forget_file(k, file);
        return false;
    }
    xd_edition *next = xd_edition_replace(now, from, now->n, fresh);
    const xd_saved before = k->saved;
    k->saved = (xd_saved){now->seq, index->models == NULL ? 0 : index->models->models.n, {0}};
    memcpy(k->saved.leaf, leaf, sizeof k->saved.leaf);
    if (!write_manifest(cx, index, next)) {
        k->saved = before;
        discard(next, fresh);
        return false;
    }
    xd_edition_publish(index, next);
    return true;
}

bool xd_index_flush(xd_ctx *cx, xd_index *index, xd_store *store)
{
    (void)pthread_mutex_lock(&index->writing);
    bool ok = index->keeping == NULL || xd_keep_flush(cx, index, store);
    (void)pthread_mutex_unlock(&index->writing);
    return ok;
}

/* Merging -------------------------------------------------------------------------------- */

typedef struct merge {
    xd_index *index;
    xd_edition *edition; /* held */
    size_t from, to;
    uint64_t file;
} merge;

/* Put the joined segment in the place of those it was made of. */
static bool install(xd_ctx *cx, const merge *m, xd_segment *joined)
{
    xd_index *index = m->index;
    const xd_edition *now = index->edition;
    size_t at = 0, n = m->to - m->from;
    while (at < now->n && now->shards[at].segment != m->edition->shards[m->from].segment)
        at++;
    for (size_t i = 0; i < n; i++) {
        if (at + i >= now->n ||
            now->shards[at + i].segment != m->edition->shards[m->from + i].segment)
            return xd_fail(cx, XD_CONFLICT, "the index has changed meanwhile");
    }
    xd_edition *next = xd_edition_replace(now, at, at + n, joined);
    for (size_t i = 0; joined != NULL && i < n; i++) {
        const xd_segment *s = now->shards[at + i].segment;
        xd_bits *died = roaring_bitmap_andnot(now->shards[at + i].dead,
                                              m->edition->shards[m->from + i].dead);
        xd_walk walk;
        uint32_t doc;
        xd_segment_open(joined);
        xd_walk_begin(&walk, died);
        while (xd_walk_next(&walk, &doc)) {
            uint32_t there = xd_segment_find(joined, s->id[doc]);
            if (there != UINT32_MAX)
                roaring_bitmap_add(next->shards[at].dead, there);
        }
        roaring_bitmap_free(died);
    }
    if (!write_manifest(cx, index, next)) {
        discard(next, NULL);
        return false;
    }
    xd_edition_publish(index, next);
    for (size_t i = 0; i < n; i++)
        forget_file(index->keeping, m->edition->shards[m->from + i].segment->file);
    return true;
}

/* The merger may wait only as long as nobody wants it to stop. */
static bool lock_writing(const merge *m)
{
    const struct timespec nap = {.tv_nsec = 1000000};
    while (pthread_mutex_trylock(&m->index->writing) != 0) {
        if (__atomic_load_n(&m->index->keeping->stop, __ATOMIC_RELAXED) != 0)
            return false;
        (void)nanosleep(&nap, NULL); /* shorter is as good */
    }
    return true;
}

static bool run_merge(xd_ctx *cx, const merge *m, bool beside)
{
    xd_index *index = m->index;
    xd_segment *joined = NULL;
    bool ok = xd_edition_join(cx, index, m->edition, m->from, m->to,
                              &index->keeping->folder->io, m->file, &joined);
    if (ok && (!beside || lock_writing(m))) {
        ok = install(cx, m, joined);
        if (beside)
            (void)pthread_mutex_unlock(&index->writing);
        joined = ok ? NULL : joined;
    } else if (ok) {
        ok = xd_fail(cx, XD_CANCELLED, "stopped");
    }
    if (!ok && joined != NULL)
        xd_segment_free(joined);
    if (!ok)
        forget_file(index->keeping, m->file);
    return ok;
}

static void *merge_beside(void *p)
{
    merge *m = p;
    xd_keeping *k = m->index->keeping;
    xd_ctx cx;
    xd_ctx_begin(&cx);
    cx.stop = &k->stop;
    if (!run_merge(&cx, m, true) && cx.err.code != XD_CANCELLED) {
        k->failure = k->failure == NULL ? xd_arena_make() : k->failure;
        xd_arena_reset(k->failure);
        k->failed =
            (xd_err){.code = cx.err.code, .message = xd_str_copy(k->failure, cx.err.message)};
    }
    xd_ctx_end(&cx);
    xd_edition_drop(m->index, m->edition);
    xd_arena_free(m->index->keeping->merger_arena);
    atomic_store(&k->merged, true);
    return NULL;
}

bool xd_keep_has_merged(const xd_keeping *k)
{
    return k->merging && atomic_load(&k->merged);
}

/* What an ended merger has left: an error is told once, by whoever follows next. */
static bool take_merger(xd_ctx *cx, xd_keeping *k)
{
    if (!xd_keep_has_merged(k))
        return true;
    stop_merger(k);
    if (k->failed.code == XD_OK)
        return true;
    xd_err err = k->failed;
    k->failed = (xd_err){.code = XD_OK};
    return xd_fail(cx, err.code, "merging index files: " XD_FMT, XD_ARG(err.message));
}

bool xd_keep_merge(xd_ctx *cx, xd_index *index, bool beside)
{
    xd_keeping *k = index->keeping;
    if (!xd_folder_writes(k->folder))
        return true;
    if (!take_merger(cx, k))
        return false;
    if (k->merging)
        return true;
    xd_edition *now = index->edition;
    size_t to = files_of(now), from;
    if (!xd_edition_joinable(now, SEGMENT_RECORDS, &from, &to))
        return true;
    xd_arena *arena = xd_arena_make();
    merge *m = xd_new(arena, merge);
    *m = (merge){index, now, from, to, atomic_fetch_add(&k->folder->next_file, 1)};
    (void)pthread_mutex_lock(&index->swapping);
    now->refs++; /* the merge's */
    (void)pthread_mutex_unlock(&index->swapping);
    if (beside) {
        k->merger_arena = arena;
        atomic_store(&k->merged, false);
        k->merging = pthread_create(&k->merger, NULL, merge_beside, m) == 0;
        if (k->merging)
            return true;
    }
    /* No thread to be had: another time, unless it is wanted now. */
    bool ok = beside || run_merge(cx, m, false);
    xd_edition_drop(index, now);
    xd_arena_free(arena);
    return ok;
}

bool xd_index_merge(xd_ctx *cx, xd_index *index)
{
    (void)pthread_mutex_lock(&index->writing);
    bool ok = index->keeping == NULL || xd_keep_merge(cx, index, false);
    (void)pthread_mutex_unlock(&index->writing);
    return ok;
}

/* Purging -------------------------------------------------------------------------------- */

static int by_seq(const void *a, const void *b)
{
    const xd_erased_part *x = a, *y = b;
    return x->seq < y->seq ? -1 : x->seq > y->seq;
}

/* Documents of erased revisions. None should be alive; one that is vanishes from answers too, as
 * it would from an index made anew. */
static xd_bits *erased_in(const xd_segment *s, const xd_erased_parts *erased)
{
    xd_bits *bits = roaring_bitmap_create();
    for (uint32_t doc = 0; doc < s->n; doc++) {
        const xd_erased_part wanted = {.seq = s->rev[doc]};
        if (bsearch(&wanted, erased->at, erased->n, sizeof wanted, by_seq) != NULL)
            roaring_bitmap_add(bits, doc);
    }
    return bits;
}

static bool purge_shard(xd_ctx *cx, xd_index *index, size_t at, const xd_bits *erased)
{
    xd_keeping *k = index->keeping;
    const xd_edition *now = index->edition;
    uint64_t old = now->shards[at].segment->file, file = 0;
    bool to_file = old != 0 && xd_folder_writes(k->folder);
    if (to_file)
        file = atomic_fetch_add(&k->folder->next_file, 1);
    xd_edition *marked = xd_edition_replace(now, 0, 0, NULL);
    roaring_bitmap_or_inplace(marked->shards[at].dead, erased);
    xd_segment *fresh = NULL;
    bool ok = xd_edition_join(cx, index, marked, at, at + 1, to_file ? &k->folder->io : NULL,
                              file, &fresh);
    xd_edition *next = ok ? xd_edition_replace(marked, at, at + 1, fresh) : NULL;
    discard(marked, NULL);
    if (ok && to_file && !write_manifest(cx, index, next)) {
        discard(next, fresh);
        ok = false;
    }
    if (!ok) {
        if (to_file)
            forget_file(k, file);
        return false;
    }
    xd_edition_publish(index, next);
    if (to_file)
        forget_file(k, old);
    return true;
}

/* Making anew ---------------------------------------------------------------------------- */

bool xd_keep_is_spoilt(const xd_index *index)
{
    const xd_edition *e = index->edition;
    bool spoilt = false;
    for (size_t i = 0; i < e->n; i++)
        spoilt = spoilt || xd_image_broken(e->shards[i].segment->image);
    return spoilt;
}

bool xd_keep_drop(xd_ctx *cx, xd_index *index)
{
    xd_keeping *k = index->keeping;
    stop_merger(k);
    k->saved = (xd_saved){0};
    return !xd_folder_writes(k->folder) || xd_folder_sweep(cx, k->folder, NULL);
}

bool xd_keep_purge(xd_ctx *cx, xd_index *index, const xd_erased_parts *erased)
{
    bool ok = true;
    if (erased->n == 0)
        return true;
    if (index->keeping != NULL)
        stop_merger(index->keeping);
    qsort(erased->at, erased->n, sizeof *erased->at, by_seq);
    /* From behind: a shard that vanishes moves only those behind it. */
    for (size_t i = index->edition->n; i-- > 0 && ok;) {
        xd_segment_open(index->edition->shards[i].segment);
        xd_bits *bits = erased_in(index->edition->shards[i].segment, erased);
        if (!roaring_bitmap_is_empty(bits))
            ok = purge_shard(cx, index, i, bits);
        roaring_bitmap_free(bits);
    }
    return ok;
}
