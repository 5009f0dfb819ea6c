#include "index/edition.h"

#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include "index/keep.h"
#include "model/fold.h"

/* A segment is joined with the one before it unless that one is so many times larger, so there
 * are few segments, and each record is copied a few times at most. Then a segment half dead is
 * made again by itself. */
#define TIER 5

/* Below these reading a text is as quick as a term more. */
#define THREES_FROM 16384
#define COMMON_LEAST 1000
#define READ_MOST 256
/* Counting so many one by one is as quick as looking them up. */
#define CELLS_FROM 1000
#define BEST_MOST 1024 /* several pages of answers */

static void *must_have(void *p)
{
    if (p == NULL)
        abort(); /* out of memory, as in base/arena.h */
    return p;
}

xd_edition *xd_edition_make(size_t n, int64_t seq)
{
    /* Editions outlive every arena a request has, and each is freed by itself. */
    xd_arena *arena = xd_arena_make();
    xd_edition *e = xd_new(arena, xd_edition);
    *e = (xd_edition){.refs = 1, .seq = seq, .n = n, .arena = arena};
    e->shards = xd_new_n(arena, xd_shard, n);
    return e;
}

xd_shard xd_shard_copy(const xd_shard *shard)
{
    return (xd_shard){shard->segment, must_have(roaring_bitmap_copy(shard->dead))};
}

size_t xd_shard_live(const xd_shard *shard)
{
    return shard->segment->n - (size_t)roaring_bitmap_get_cardinality(shard->dead);
}

void xd_edition_drop(xd_index *index, xd_edition *e)
{
    (void)pthread_mutex_lock(&index->swapping); /* cannot fail: a plain mutex */
    bool last = --e->refs == 0;
    for (size_t i = 0; last && i < e->n; i++) {
        if (--e->shards[i].segment->refs > 0)
            e->shards[i].segment = NULL; /* others still read it */
    }
    (void)pthread_mutex_unlock(&index->swapping);
    if (!last)
        return;
    for (size_t i = 0; i < e->n; i++) {
        roaring_bitmap_free(e->shards[i].dead);
        if (e->shards[i].segment != NULL)
            xd_segment_free(e->shards[i].segment);
    }
    xd_arena_free(e->arena);
}

void xd_edition_publish(xd_index *index, xd_edition *next)
{
    (void)pthread_mutex_lock(&index->swapping);
    for (size_t i = 0; i < next->n; i++)
        next->shards[i].segment->refs++;
    xd_edition *before = index->edition;
    index->edition = next;
    (void)pthread_mutex_unlock(&index->swapping);
    if (before != NULL)
        xd_edition_drop(index, before);
}

bool xd_index_make(xd_ctx *cx, const xd_model *model, xd_visibility visibility,
                   xd_index **ret_index)
{
    uint64_t seal[2];
    if (getrandom(seal, sizeof seal, 0) != (ssize_t)sizeof seal)
        return xd_fail(cx, XD_SYSTEM, "no random numbers for the key of cursors");
    xd_arena *arena = xd_arena_make();
    xd_index *index = xd_new(arena, xd_index);
    *index = (xd_index){
        .arena = arena,
        .schema = xd_new(arena, xd_schema),
        .visibility = visibility,
        .seal = {seal[0], seal[1]},
        .writing = PTHREAD_MUTEX_INITIALIZER,
        .swapping = PTHREAD_MUTEX_INITIALIZER
    };
    index->schema->model = model;
    index->schema->n_types = xd_model_types(model);
    xd_slots_make(arena, model, &index->schema->slots);
    index->schema->lexicon = xd_lexicon_make(arena, model);
    index->schema->threes_from = THREES_FROM;
    index->schema->common_least = COMMON_LEAST;
    index->schema->read_most = READ_MOST;
    index->schema->cells_from = CELLS_FROM;
    index->schema->best_most = BEST_MOST;
    xd_edition_publish(index, xd_edition_make(0, 0));
    *ret_index = index;
    return true;
}

void xd_index_bound(xd_index *index, uint64_t work, int64_t ms)
{
    index->work_most = work;
    index->wait_ms = ms;
}

bool xd_index_open(xd_ctx *cx, const xd_model *model, xd_store *store, const char *dir,
                   xd_index **ret_index)
{
    xd_index *index;
    xd_folder *folder;
    uint8_t secret[32];
    bool there = false;
    if (!xd_store_secret(cx, store, XD_S("cursors"), &there, secret) ||
        !xd_index_make(cx, model, XD_SEE_PUBLIC, &index))
        return false;
    if (there)
        memcpy(index->seal, secret, sizeof index->seal);
    if (!xd_folder_open(cx, index->arena, dir, &folder)) {
        xd_index_free(index);
        return false;
    }
    xd_keep_open(index, folder);
    if (!xd_keep_load(cx, index, store)) {
        xd_index_free(index);
        return false;
    }
    *ret_index = index;
    return true;
}

bool xd_index_forget(xd_ctx *cx, const char *dir)
{
    xd_arena *arena = xd_arena_make();
    xd_folder *folder;
    bool ok = access(dir, F_OK) != 0;
    if (!ok && xd_folder_open(cx, arena, dir, &folder)) {
        ok = xd_folder_writes(folder) ? xd_folder_sweep(cx, folder, NULL)
                                      : xd_folder_ask(cx, folder);
        xd_folder_close(folder);
    }
    xd_arena_free(arena);
    return ok;
}

void xd_index_free(xd_index *index)
{
    if (index->keeping != NULL)
        xd_keep_close(index);
    xd_edition_drop(index, index->edition);
    (void)pthread_mutex_destroy(&index->writing);
    (void)pthread_mutex_destroy(&index->swapping);
    xd_arena_free(index->arena);
}

/* Reading -------------------------------------------------------------------------------- */

static void snap_close(void *p)
{
    xd_snap *snap = p;
    xd_edition_drop(snap->index, snap->edition);
}

const xd_snap *xd_snap_open(xd_ctx *cx, xd_index *index)
{
    xd_snap *snap = xd_new(cx->arena, xd_snap);
    (void)pthread_mutex_lock(&index->swapping);
    *snap = (xd_snap){index, index->edition};
    snap->edition->refs++;
    (void)pthread_mutex_unlock(&index->swapping);
    xd_defer(cx, snap_close, snap);
    for (size_t i = 0; i < snap->edition->n; i++)
        xd_segment_open(snap->edition->shards[i].segment);
    return snap;
}

int64_t xd_snap_seq(const xd_snap *snap)
{
    return snap->edition->seq;
}

int64_t xd_index_seq(const xd_index *index)
{
    xd_index *lockable = (xd_index *)(uintptr_t)index;
    (void)pthread_mutex_lock(&lockable->swapping);
    int64_t seq = index->edition->seq;
    (void)pthread_mutex_unlock(&lockable->swapping);
    return seq;
}

bool xd_edition_sound(xd_ctx *cx, const xd_edition *edition)
{
    for (size_t i = 0; i < edition->n; i++) {
        if (!xd_image_broken(edition->shards[i].segment->image))
            continue;
        (void)xd_fail(cx, XD_BUSY, "an index file is damaged and is being made anew");
        return xd_fail_words(cx, XD_S("检索文件已损坏，正在从日志重建，请稍后再试。"),
                             XD_S("The search files are damaged and are being rebuilt from "
                                  "the log: try again in a while."));
    }
    return true;
}

bool xd_edition_find(const xd_edition *edition, int64_t id, size_t *ret_shard,
                     uint32_t *ret_doc)
{
    for (size_t i = edition->n; i-- > 0;) {
        uint32_t doc = xd_segment_find(edition->shards[i].segment, id);
        if (doc != UINT32_MAX && !roaring_bitmap_contains(edition->shards[i].dead, doc)) {
            *ret_shard = i;
            *ret_doc = doc;
            return true;
        }
    }
    return false;
}

bool xd_snap_body(xd_ctx *cx, const xd_snap *snap, int64_t id, const xd_json **ret_body,
                  int64_t *ret_rev)
{
    size_t shard;
    uint32_t doc;
    if (!xd_edition_find(snap->edition, id, &shard, &doc)) {
        if (!xd_edition_sound(cx, snap->edition))
            return false;
        *ret_body = NULL;
        *ret_rev = 0;
        return true;
    }
    const xd_segment *s = snap->edition->shards[shard].segment;
    const xd_json *body = NULL;
    xd_str text = xd_str_copy(cx->arena, xd_segment_body(s, doc));
    if (!xd_edition_sound(cx, snap->edition) || !xd_json_read(cx, text, &body))
        return xd_fail_note(cx, "record %" PRId64, id);
    *ret_body = body;
    *ret_rev = s->rev[doc];
    return true;
}

int64_t xd_snap_time(const xd_snap *snap, int64_t id)
{
    size_t shard;
    uint32_t doc;
    return xd_edition_find(snap->edition, id, &shard, &doc)
               ? snap->edition->shards[shard].segment->time[doc]
               : 0;
}

static int64_t find_key(const xd_snap *snap, const xd_type *type, xd_str key)
{
    const xd_edition *e = snap->edition;
    for (size_t i = e->n; i-- > 0;) {
        const xd_segment *s = e->shards[i].segment;
        for (size_t t = 0; t < snap->index->schema->n_types; t++) {
            const xd_type *of = xd_model_type(snap->index->schema->model, t);
            if (type != NULL && of != type)
                continue;
            uint32_t doc = xd_segment_find_key(s, of, key);
            if (doc != UINT32_MAX && !roaring_bitmap_contains(e->shards[i].dead, doc))
                return s->id[doc];
        }
    }
    return 0;
}

int64_t xd_snap_find(const xd_snap *snap, const xd_type *type, xd_str number_or_id)
{
    xd_arena *arena = xd_arena_make();
    int64_t id = find_key(snap, type, xd_fold_key(arena, number_or_id));
    xd_arena_free(arena);
    if (id != 0)
        return id;
    size_t shard;
    uint32_t doc;
    if (!xd_str_int(number_or_id, &id) || id <= 0 || number_or_id.p[0] == '+' ||
        number_or_id.p[0] == '0' || !xd_edition_find(snap->edition, id, &shard, &doc))
        return 0;
    return type == NULL || xd_segment_type(snap->edition->shards[shard].segment, doc) == type
               ? id
               : 0;
}

/* Going on ------------------------------------------------------------------------------- */

static void kill_record(xd_edition *e, int64_t id)
{
    size_t shard;
    uint32_t doc;
    if (xd_edition_find(e, id, &shard, &doc))
        roaring_bitmap_add(e->shards[shard].dead, doc);
}

bool xd_edition_apply(xd_ctx *cx, xd_index *index, xd_draft *drafts, size_t n,
                      const int64_t *gone, size_t n_gone, int64_t seq)
{
    const xd_edition *now = index->edition; /* only the writer changes it, and we are it */
    xd_segment *fresh = NULL;
    if (n > 0 && !xd_segment_build(cx, index->schema, drafts, n, &fresh))
        return false;
    xd_edition *next = xd_edition_make(now->n + (fresh != NULL), seq);
    next->n = now->n;
    for (size_t i = 0; i < now->n; i++) {
        xd_segment_open(now->shards[i].segment);
        next->shards[i] = xd_shard_copy(&now->shards[i]);
    }
    for (size_t i = 0; i < n; i++)
        kill_record(next, drafts[i].id);
    for (size_t i = 0; i < n_gone; i++)
        kill_record(next, gone[i]);
    if (fresh != NULL)
        next->shards[next->n++] = (xd_shard){fresh, must_have(roaring_bitmap_create())};
    xd_edition_publish(index, next);
    return true;
}

size_t xd_edition_join_from(const xd_edition *e, size_t first, size_t to, size_t most)
{
    size_t from = to, size = 0;
    for (size_t i = to; i-- > first;) {
        size_t alive = xd_shard_live(&e->shards[i]);
        if (size + alive > most)
            break;
        bool half_dead = alive * 2 < e->shards[i].segment->n;
        if ((i + 1 < to && alive < size * TIER) || half_dead)
            from = i;
        size += alive;
    }
    return from;
}

/* A log read from its beginning makes small segments quicker than they are joined: when the newest
 * are one that is full, those before are still small. */
bool xd_edition_joinable(const xd_edition *e, size_t most, size_t *ret_from, size_t *ret_to)
{
    for (size_t to = *ret_to; to > 0; to--) {
        size_t from = xd_edition_join_from(e, 0, to, most);
        if (from < to) {
            *ret_from = from;
            *ret_to = to;
            return true;
        }
    }
    return false;
}

bool xd_edition_join(xd_ctx *cx, xd_index *index, const xd_edition *e, size_t from, size_t to,
                     xd_io *io, uint64_t file, xd_segment **ret_segment)
{
    size_t alive = 0;
    xd_arena *arena = xd_arena_make();
    xd_source *sources = xd_new_n(arena, xd_source, to - from);
    for (size_t i = from; i < to; i++) {
        alive += xd_shard_live(&e->shards[i]);
        sources[i - from] = (xd_source){e->shards[i].segment, e->shards[i].dead};
    }
    *ret_segment = NULL;
    bool ok = alive == 0 ||
              xd_segment_join(cx, index->schema, sources, to - from, io, file, ret_segment);
    xd_arena_free(arena);
    return ok;
}

xd_edition *xd_edition_replace(const xd_edition *now, size_t from, size_t to,
                               xd_segment *segment)
{
    xd_edition *next = xd_edition_make(now->n - (to - from) + (segment != NULL), now->seq);
    size_t n = 0;
    for (size_t i = 0; i < from; i++)
        next->shards[n++] = xd_shard_copy(&now->shards[i]);
    if (segment != NULL)
        next->shards[n++] = (xd_shard){segment, must_have(roaring_bitmap_create())};
    for (size_t i = to; i < now->n; i++)
        next->shards[n++] = xd_shard_copy(&now->shards[i]);
    return next;
}

/* Those with files come first. */
static size_t first_in_memory(const xd_edition *e)
{
    size_t n = 0;
    while (n < e->n && e->shards[n].segment->file != 0)
        n++;
    return n;
}

bool xd_edition_tidy(xd_ctx *cx, xd_index *index, size_t most)
{
    const xd_edition *now = index->edition;
    size_t from = xd_edition_join_from(now, first_in_memory(now), now->n, most);
    xd_segment *joined;
    if (from == now->n)
        return true;
    if (!xd_edition_join(cx, index, now, from, now->n, NULL, 0, &joined))
        return false;
    xd_edition_publish(index, xd_edition_replace(now, from, now->n, joined));
    return true;
}
