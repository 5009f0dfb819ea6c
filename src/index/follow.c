/* Following the log.
 *
 * One walk collects, for each record, only the newest revision that holds a body; older ones in
 * the same stretch are forgotten unread. Then each body is read, brought to this model step by
 * step through the models the log has had, and passed through the one door (xd_body_public)
 * when the index is public. A record that is not visible then is `gone`.
 *
 * Erasures need no work of their own: what is still wanted was appended before them. */
#include <stdlib.h>

#include "index/edition.h"

#define TIDY_BESIDE 10000 /* documents joined in passing: well under a second */

/* Models as the log names them, in order. Kept as JSON until a body needs one. */
typedef struct followed_model {
    uint8_t hash[32];
    xd_str json;
    const xd_model *model; /* NULL: not read yet */
} followed_model;

typedef struct xd_followed {
    struct {
        followed_model *at;
        size_t n, cap;
    } models;
} xd_followed;

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
} stage;

static size_t model_at(const xd_followed *f, const uint8_t hash[32])
{
    for (size_t i = f->models.n; i-- > 0;) {
        if (memcmp(f->models.at[i].hash, hash, 32) == 0)
            return i;
    }
    return SIZE_MAX;
}

static void follow_model(xd_index *index, const xd_revision *rev)
{
    followed_model *m = xd_push(index->arena, &index->models->models);
    memcpy(m->hash, rev->model, 32);
    if (memcmp(rev->model, xd_model_hash(index->schema.model), 32) == 0)
        m->model = index->schema.model;
    else
        m->json = xd_str_copy(index->arena, rev->open);
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
                  .applied = st->applied};
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
        follow_model(st->index, rev);
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
                  .model = model_at(st->index->models, rev->model),
                  .open = xd_str_copy(st->arena, rev->open),
                  .personal = xd_str_copy(st->arena, rev->personal)};
    st->live += s->open.n + s->personal.n;
    move_out(st);
    return true;
}

/* Bodies --------------------------------------------------------------------------------- */

static bool read_model(xd_ctx *cx, xd_index *index, followed_model *m)
{
    if (m->model != NULL)
        return true;
    /* A model lives in the arena of the context it was read in: here the index's. */
    xd_ctx inner = {.arena = index->arena};
    const xd_json *json = NULL;
    xd_faults faults = {0};
    if (!xd_json_read(&inner, m->json, &json) ||
        !xd_model_from_json(&inner, json, &faults, &m->model))
        return xd_fail(cx, XD_BROKEN, "an older model of the log cannot be read: " XD_FMT,
                       XD_ARG(inner.err.message));
    return true;
}

/* Through each model the log had after the body's, to ours. */
static bool step(xd_ctx *cx, xd_index *index, size_t from, const xd_json **body)
{
    xd_followed *f = index->models;
    const xd_model *ours = index->schema.model;
    if (from == SIZE_MAX)
        return xd_fail(cx, XD_BROKEN, "its model is not in the log");
    if (!read_model(cx, index, &f->models.at[from]))
        return false;
    const xd_model *at = f->models.at[from].model;
    for (size_t i = from + 1; i < f->models.n && at != ours; i++) {
        if (!read_model(cx, index, &f->models.at[i]) ||
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
static bool read_body(xd_ctx *scratch, xd_index *index, const staged *s, xd_arena *arena,
                      xd_draft *draft, bool *ret_visible)
{
    const xd_json *open = NULL, *personal = NULL;
    *ret_visible = false;
    if (s->open.n == 0)
        return true; /* erased as a whole */
    if (!xd_json_read(scratch, s->open, &open) ||
        (s->personal.n > 0 && !xd_json_read(scratch, s->personal, &personal)))
        return false;
    const xd_json *body = xd_body_join(scratch, open, personal);
    if (!step(scratch, index, s->model, &body))
        return false;
    if (index->visibility == XD_SEE_PUBLIC &&
        !xd_body_public(scratch, index->schema.model, body, &body))
        return false;
    const xd_type *type = body == NULL ? NULL : xd_body_type(index->schema.model, body);
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
        ok = read_body(&scratch, st->index, s, arena, &drafts[n], &visible);
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

static bool follow(xd_ctx *cx, xd_index *index, xd_store *store, int64_t *ret_applied)
{
    if (index->models == NULL)
        index->models = xd_new(index->arena, xd_followed);
    size_t models = index->models->models.n;
    stage st = {.index = index, .arena = xd_arena_make(), .n_slots = 64};
    st.seq = index->edition->seq;
    st.slots = xd_new_n(st.arena, uint32_t, st.n_slots);
    bool ok = xd_log_each(cx, store, st.seq, 0, on_revision, &st);
    ok = ok && (st.applied == 0 || apply(cx, &st));
    if (!ok)
        index->models->models.n = models; /* the stretch will be read again */
    xd_arena_free(st.arena);
    if (ok)
        *ret_applied = st.applied;
    return ok;
}

bool xd_index_follow(xd_ctx *cx, xd_index *index, xd_store *store, int64_t *ret_applied)
{
    (void)pthread_mutex_lock(&index->writing);
    int64_t applied = 0;
    bool ok = follow(cx, index, store, &applied);
    /* What was applied can be read already; joining segments only makes reading quicker. What
     * would keep the next act waiting is joined when there is none. */
    if (ok && !xd_edition_tidy(cx, index, applied > 0 ? TIDY_BESIDE : SIZE_MAX)) {
        ok = cx->err.code == XD_BUSY || cx->err.code == XD_CANCELLED;
        if (ok)
            (void)xd_err_take(cx); /* another time */
    }
    (void)pthread_mutex_unlock(&index->writing);
    if (!ok)
        return xd_fail_note(cx, "following the log");
    *ret_applied = applied;
    return true;
}
