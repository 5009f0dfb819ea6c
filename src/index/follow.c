/* Following the log.
 *
 * The log is walked in stretches, so that memory stays bounded however long it is. A stretch
 * collects, for each record, only the newest revision that holds a body; older ones are
 * forgotten unread. Then each body is read, brought to this model step by step through the
 * models the log has had, and passed through the one door (xd_body_public) when the index is
 * public. A record that is not visible then is `gone`.
 *
 * Erasures change no answer: what is still wanted was appended before them. But what they erased
 * must go from memory and files: see xd_keep_purge(). */
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "index/follow.h"
#include "index/keep.h"

#define STRETCH 16384     /* revisions looked at together: some tens of megabytes */
#define TIDY_BESIDE 10000 /* documents joined in passing: well under a second */

typedef struct staged {
    int64_t id, rev, time;
    size_t model; /* in followed models; SIZE_MAX: unknown */
    xd_str open, personal;
} staged;

typedef struct stage {
    xd_index *index;
    xd_arena *arena;
    size_t live; /* bytes of bodies still wanted */
    struct {
        staged *at;
        size_t n, cap;
    } records;
    uint32_t *slots; /* by id: index in records + 1 */
    size_t n_slots;
    int64_t seq, applied;
    xd_arena *erased_arena;
    xd_erased_parts erased;
    xd_store *store;
} stage;

static size_t model_at(const xd_index *index, const uint8_t hash[32])
{
    const xd_followed *f = index->models;
    for (size_t i = f == NULL ? 0 : f->models.n; i-- > 0;) {
        if (memcmp(f->models.at[i].hash, hash, 32) == 0)
            return i;
    }
    return SIZE_MAX;
}

void xd_follow_add_model(xd_index *index, const uint8_t hash[32], int64_t seq)
{
    if (index->models == NULL)
        index->models = xd_new(index->arena, xd_followed);
    xd_followed_model *m = xd_push(index->arena, &index->models->models);
    *m = (xd_followed_model){.seq = seq};
    memcpy(m->hash, hash, 32);
    if (memcmp(hash, xd_model_hash(index->schema->model), 32) == 0)
        m->model = index->schema->model;
}

/* The callback's arena is emptied behind it: what the erasure lists is copied out. */
static bool note_erased(xd_ctx *cx, stage *st, const xd_revision *rev)
{
    xd_erased_parts parts = {0};
    xd_str field;
    if (rev->open.n == 0)
        return true;
    if (!xd_erase_read(cx, rev->open, &field, &parts))
        return false;
    for (size_t i = 0; i < parts.n; i++)
        *xd_push(st->erased_arena, &st->erased) = parts.at[i];
    return true;
}

static size_t stage_slot(const stage *st, int64_t id)
{
    size_t i = (size_t)(((uint64_t)id * 0x9e3779b97f4a7c15u) >> 20) & (st->n_slots - 1);
    while (st->slots[i] != 0 && st->records.at[st->slots[i] - 1].id != id)
        i = (i + 1) & (st->n_slots - 1);
    return i;
}

static void grow_slots(stage *st)
{
    st->n_slots *= 2;
    st->slots = xd_new_n(st->arena, uint32_t, st->n_slots);
    for (size_t r = 0; r < st->records.n; r++)
        st->slots[stage_slot(st, st->records.at[r].id)] = (uint32_t)r + 1;
}

/* Superseded bodies lie about in the arena; once they outweigh the others, move out. */
static void move_out(stage *st)
{
    if (xd_arena_used(st->arena) < st->live * 4 + ((size_t)64 << 20))
        return;
    xd_arena *fresh = xd_arena_make();
    stage next = {.index = st->index,
                  .arena = fresh,
                  .live = st->live,
                  .n_slots = st->n_slots,
                  .seq = st->seq,
                  .applied = st->applied,
                  .erased_arena = st->erased_arena,
                  .erased = st->erased,
                  .store = st->store};
    for (size_t r = 0; r < st->records.n; r++) {
        staged *s = xd_push(fresh, &next.records);
        *s = st->records.at[r];
        s->open = xd_str_copy(fresh, s->open);
        s->personal = xd_str_copy(fresh, s->personal);
    }
    next.slots = xd_new_n(fresh, uint32_t, next.n_slots);
    memcpy(next.slots, st->slots, st->n_slots * sizeof *next.slots);
    xd_arena_free(st->arena);
    *st = next;
}

static bool on_revision(xd_ctx *cx, void *user, const xd_revision *rev)
{
    stage *st = user;
    st->seq = rev->seq;
    st->applied++;
    if (st->applied % 1024 == 0 && !xd_go_on(cx))
        return false;
    if (rev->kind == XD_REV_MODEL)
        xd_follow_add_model(st->index, rev->model, rev->seq);
    if (rev->kind == XD_REV_ERASE && !note_erased(cx, st, rev))
        return false;
    if (rev->kind == XD_REV_MODEL || rev->kind == XD_REV_SET || rev->kind == XD_REV_ERASE ||
        rev->record == 0)
        return true;
    size_t slot = stage_slot(st, rev->record);
    if (st->slots[slot] == 0) {
        if ((st->records.n + 1) * 2 > st->n_slots) {
            grow_slots(st);
            slot = stage_slot(st, rev->record);
        }
        *xd_push(st->arena, &st->records) = (staged){.id = rev->record};
        st->slots[slot] = (uint32_t)st->records.n;
    }
    staged *s = &st->records.at[st->slots[slot] - 1];
    st->live -= s->open.n + s->personal.n;
    *s = (staged){.id = rev->record,
                  .rev = rev->seq,
                  .time = rev->time,
                  .model = model_at(st->index, rev->model),
                  .open = xd_str_copy(st->arena, rev->open),
                  .personal = xd_str_copy(st->arena, rev->personal)};
    st->live += s->open.n + s->personal.n;
    move_out(st);
    return true;
}

/* Bodies --------------------------------------------------------------------------------- */

static bool read_model(xd_ctx *cx, xd_index *index, xd_store *store, xd_followed_model *m)
{
    const xd_revision *rev = NULL;
    if (m->model != NULL)
        return true;
    if (!xd_revision_find(cx, store, m->seq, &rev))
        return false;
    /* A model lives in the arena of the context it was read in: here the index's. */
    xd_ctx inner = {.arena = index->arena};
    const xd_json *json = NULL;
    xd_faults faults = {0};
    if (rev == NULL || !xd_json_read(&inner, xd_str_copy(index->arena, rev->open), &json) ||
        !xd_model_from_json(&inner, json, &faults, &m->model))
        return xd_fail(cx, XD_BROKEN, "an older model of the log cannot be read: " XD_FMT,
                       XD_ARG(inner.err.message));
    return true;
}

/* Through each model the log had after the body's, to ours. */
static bool step(xd_ctx *cx, xd_index *index, xd_store *store, size_t from,
                 const xd_json **body)
{
    xd_followed *f = index->models;
    const xd_model *ours = index->schema->model;
    if (from == SIZE_MAX)
        return xd_fail(cx, XD_BROKEN, "its model is not in the log");
    if (!read_model(cx, index, store, &f->models.at[from]))
        return false;
    const xd_model *at = f->models.at[from].model;
    for (size_t i = from + 1; i < f->models.n && at != ours; i++) {
        if (!read_model(cx, index, store, &f->models.at[i]) ||
            !xd_model_step(cx, at, f->models.at[i].model, *body, body))
            return false;
        at = f->models.at[i].model;
    }
    /* The log may have gone on to models this process does not know. */
    return at == ours || xd_model_step(cx, at, ours, *body, body);
}

static bool find_anchor(xd_ctx *cx, const xd_json *body, xd_draft *draft)
{
    const xd_field *place = draft->type->place;
    size_t n = place == NULL ? 0 : xd_value_count(place, body);
    for (size_t i = 0; i < n && !draft->placed; i++) {
        const xd_geom *geom = NULL;
        if (!xd_value_geom(cx, xd_value(place, body, i), &geom) ||
            (geom != NULL && !xd_geom_anchor(cx, geom, &draft->at)))
            return false;
        draft->placed = geom != NULL;
    }
    return true;
}

/* *ret_visible false: nothing of the record is to be found. draft->body lies in arena. */
static bool read_body(xd_ctx *scratch, stage *st, const staged *s, xd_arena *arena,
                      xd_draft *draft, bool *ret_visible)
{
    xd_index *index = st->index;
    const xd_json *open = NULL, *personal = NULL;
    *ret_visible = false;
    if (s->open.n == 0)
        return true; /* erased as a whole */
    if (!xd_json_read(scratch, s->open, &open) ||
        (s->personal.n > 0 && !xd_json_read(scratch, s->personal, &personal)))
        return false;
    const xd_json *body = xd_body_join(scratch, open, personal);
    if (!step(scratch, index, st->store, s->model, &body))
        return false;
    if (index->visibility == XD_SEE_PUBLIC &&
        !xd_body_public(scratch, index->schema->model, body, &body))
        return false;
    const xd_type *type = body == NULL ? NULL : xd_body_type(index->schema->model, body);
    if (type == NULL)
        return true;
    *draft = (xd_draft){.id = s->id, .rev = s->rev, .time = s->time, .type = type};
    if (!find_anchor(scratch, body, draft))
        return false;
    xd_buf text = {0};
    xd_json_canonical(&text, body);
    draft->body = xd_buf_copy(&text, arena);
    bool failed = text.failed;
    xd_buf_free(&text);
    *ret_visible = true;
    return !failed || xd_fail(scratch, XD_LIMIT, "its body is too large");
}

static bool apply(xd_ctx *cx, stage *st)
{
    xd_arena *arena = xd_arena_make();
    xd_draft *drafts = xd_new_n(arena, xd_draft, st->records.n);
    int64_t *gone = xd_new_n(arena, int64_t, st->records.n);
    size_t n = 0, n_gone = 0;
    xd_ctx scratch;
    xd_ctx_begin(&scratch);
    bool ok = true;
    for (size_t i = 0; i < st->records.n && ok; i++) {
        bool visible = false;
        const staged *s = &st->records.at[i];
        ok = read_body(&scratch, st, s, arena, &drafts[n], &visible);
        if (!ok)
            (void)xd_fail(cx, scratch.err.code, "record %" PRId64 ": " XD_FMT, s->id,
                          XD_ARG(scratch.err.message));
        else if (visible)
            n++;
        else
            gone[n_gone++] = s->id;
        if (ok) {
            xd_ctx_reset(&scratch);
            ok = i % 256 != 0 || xd_go_on(cx);
        }
    }
    xd_ctx_end(&scratch);
    ok = ok && xd_edition_apply(cx, st->index, drafts, n, gone, n_gone, st->seq);
    xd_arena_free(arena);
    return ok;
}

/* One stretch. */
static bool follow(xd_ctx *cx, xd_index *index, xd_store *store, int64_t *ret_applied)
{
    size_t models = index->models == NULL ? 0 : index->models->models.n;
    stage st = {.index = index,
                .store = store,
                .arena = xd_arena_make(),
                .erased_arena = xd_arena_make(),
                .n_slots = 64};
    st.seq = index->edition->seq;
    st.slots = xd_new_n(st.arena, uint32_t, st.n_slots);
    bool ok = xd_log_each(cx, store, st.seq, STRETCH, on_revision, &st);
    ok = ok && (st.applied == 0 || apply(cx, &st));
    if (!ok && index->models != NULL)
        index->models->models.n = models; /* the stretch will be read again */
    /* Flushed behind it, so that a manifest from there on says that it was done. */
    ok = ok && xd_keep_purge(cx, index, &st.erased) &&
         (st.erased.n == 0 || index->keeping == NULL || xd_keep_flush(cx, index, store));
    xd_arena_free(st.arena);
    xd_arena_free(st.erased_arena);
    if (ok)
        *ret_applied = st.applied;
    return ok;
}

/* All of the log there is, stretch by stretch, each of them becoming a file if there is a folder. */
static bool follow_all(xd_ctx *cx, xd_index *index, xd_store *store, int64_t *ret_applied)
{
    int64_t applied = STRETCH, all = 0;
    while (applied >= STRETCH) {
        if (!follow(cx, index, store, &applied))
            return false;
        all += applied;
        if (index->keeping != NULL && xd_keep_is_due(index) && !xd_keep_flush(cx, index, store))
            return false;
    }
    *ret_applied = all;
    return true;
}

/* From the log's beginning, in new files, beside what readers see until it is done. */
static bool rebuild(xd_ctx *cx, xd_index *index, xd_store *store)
{
    int64_t applied;
    xd_keeping *k = index->keeping;
    xd_index fresh = {.arena = index->arena,
                      .schema = index->schema,
                      .visibility = index->visibility,
                      .writing = PTHREAD_MUTEX_INITIALIZER,
                      .swapping = PTHREAD_MUTEX_INITIALIZER};
    k->note = XD_S("index files are made anew from the log: damaged, or somebody asked for it");
    if (!xd_keep_drop(cx, index))
        return false;
    fresh.keeping = xd_folder_writes(k->folder) ? k : NULL;
    xd_edition_publish(&fresh, xd_edition_make(0, 0));
    bool ok = follow_all(cx, &fresh, store, &applied);
    if (ok) {
        index->models = fresh.models;
        xd_edition_publish(index,
                           xd_edition_replace(fresh.edition, 0, 0, NULL)); /* all of it */
    }
    xd_edition_drop(&fresh, fresh.edition);
    return ok;
}

/* What was applied can be read already; joining segments only makes reading quicker. What would
 * keep the next act waiting is joined when there is none. */
static bool tidy(xd_ctx *cx, xd_index *index, bool idle)
{
    bool files = index->keeping != NULL && xd_folder_writes(index->keeping->folder);
    bool ok = xd_edition_tidy(cx, index, idle && !files ? SIZE_MAX : TIDY_BESIDE);
    ok = ok && (!files || !idle || xd_keep_merge(cx, index, true));
    if (!ok && (cx->err.code == XD_BUSY || cx->err.code == XD_CANCELLED)) {
        (void)xd_err_take(cx); /* another time */
        ok = true;
    }
    return ok;
}

bool xd_index_wants_work(const xd_index *index)
{
    const xd_keeping *k = index->keeping;
    return k != NULL && (xd_keep_is_spoilt(index) || xd_keep_has_merged(k) ||
                         (xd_folder_writes(k->folder) && xd_folder_asked(k->folder)));
}

bool xd_index_follow(xd_ctx *cx, xd_index *index, xd_store *store, int64_t *ret_applied)
{
    (void)pthread_mutex_lock(&index->writing);
    int64_t applied = 0;
    xd_keeping *k = index->keeping;
    bool ok = k == NULL ||
              !(xd_keep_is_spoilt(index) ||
                (xd_folder_writes(k->folder) && xd_folder_take_wish(k->folder))) ||
              rebuild(cx, index, store);
    ok = ok && follow_all(cx, index, store, &applied) && tidy(cx, index, applied == 0);
    (void)pthread_mutex_unlock(&index->writing);
    if (!ok)
        return xd_fail_note(cx, "following the log");
    *ret_applied = applied;
    return true;
}

/* Another process writes there: see what its manifest says. */
static bool await_purge(xd_ctx *cx, const char *dir, int64_t seq, bool *ret_done)
{
    xd_arena *arena = xd_arena_make();
    xd_folder *folder;
    xd_manifest m;
    bool there = false;
    bool ok = xd_folder_open(cx, arena, dir, &folder);
    if (ok) {
        ok = xd_folder_read(cx, folder, &there, &m);
        *ret_done = ok && (!there || m.seq >= seq);
        xd_folder_close(folder);
    }
    xd_arena_free(arena);
    return ok;
}

bool xd_index_purge(xd_ctx *cx, const xd_model *model, xd_store *store, const char *dir,
                    int wait_ms)
{
    const struct timespec nap = {.tv_nsec = 20000000};
    int64_t seq, applied, until = xd_monotonic() + (int64_t)wait_ms * 1000;
    uint8_t hash[32];
    xd_index *index;
    if (access(dir, F_OK) != 0)
        return true;
    if (!xd_log_head(cx, store, &seq, hash))
        return false;
    for (;;) {
        bool done = false;
        if (!xd_index_open(cx, model, store, dir, &index))
            return false;
        if (xd_folder_writes(index->keeping->folder)) {
            /* Files that could not be used are gone already. */
            bool ok =
                xd_index_seq(index) == 0 || (xd_index_follow(cx, index, store, &applied) &&
                                             xd_index_flush(cx, index, store));
            xd_index_free(index);
            return ok;
        }
        xd_index_free(index);
        if (!await_purge(cx, dir, seq, &done) || done)
            return done;
        if (xd_monotonic() > until)
            return xd_fail(cx, XD_BUSY,
                           "the process that keeps the index files in %s has not "
                           "rewritten them yet",
                           dir);
        (void)nanosleep(&nap, NULL); /* shorter is as good */
    }
}

bool xd_index_note(xd_ctx *cx, xd_index *index, xd_str *ret_note)
{
    (void)pthread_mutex_lock(&index->writing);
    xd_str note = index->keeping == NULL ? (xd_str){0} : index->keeping->note;
    if (index->keeping != NULL)
        index->keeping->note = (xd_str){0};
    (void)pthread_mutex_unlock(&index->writing);
    *ret_note = xd_str_copy(cx->arena, note);
    return note.n > 0;
}
