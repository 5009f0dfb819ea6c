/* Versions of a record. Every one goes through the same door as the newest: read under its own
 * model, stepped to today's, then xd_body_public(). The personal part is never even read. */
#include "web/page_record.h"

typedef struct old_model {
    uint8_t hash[32];
    const xd_model *model;
} old_model;

typedef struct versions_walk {
    xd_page *page;
    xd_store *store;
    xd_versions *versions;
    XD_VEC(old_model) models;
    int64_t n; /* versions met */
} versions_walk;

static bool model_of(versions_walk *w, const uint8_t hash[32], const xd_model **ret_model)
{
    xd_ctx *cx = w->page->cx;
    xd_str text;
    const xd_json *json;
    xd_faults faults = {0};
    old_model *old;

    for (size_t i = 0; i < w->models.n; i++) {
        if (memcmp(w->models.at[i].hash, hash, 32) == 0) {
            *ret_model = w->models.at[i].model;
            return true;
        }
    }
    const xd_model *model;
    if (!xd_store_model_by_hash(cx, w->store, hash, &text)) {
        return false;
    }
    if (text.n == 0) {
        return xd_fail(cx, XD_BROKEN, "a revision names a model the log does not hold");
    }
    if (!xd_json_read(cx, text, &json) || !xd_model_from_json(cx, json, &faults, &model)) {
        return xd_fail_note(cx, "reading an older model");
    }
    old = xd_push(cx->arena, &w->models);
    memcpy(old->hash, hash, 32);
    old->model = model;
    *ret_model = model;
    return true;
}

static bool public_body(versions_walk *w, const xd_revision *rev, const xd_json **ret_body)
{
    xd_ctx *cx = w->page->cx;
    const xd_model *now = w->page->app->model, *then = now;
    const xd_json *body;

    *ret_body = NULL;
    if (rev->open.n == 0) {
        return true;
    }
    if (!xd_json_read(cx, xd_str_copy(cx->arena, rev->open), &body)) {
        return xd_fail_note(cx, "revision %" PRId64, rev->seq);
    }
    if (memcmp(rev->model, xd_model_hash(now), 32) != 0 &&
        (!model_of(w, rev->model, &then) || !xd_model_step(cx, then, now, body, &body))) {
        return false;
    }
    return xd_body_public(cx, now, body, ret_body);
}

static bool take(xd_ctx *cx, void *user, const xd_revision *rev)
{
    versions_walk *w = user;
    const xd_json *body;

    (void)cx; /* the page's own */
    if (rev->kind != XD_REV_CREATE && rev->kind != XD_REV_EDIT && rev->kind != XD_REV_MOVE) {
        return true;
    }
    if (!public_body(w, rev, &body)) {
        return false;
    }
    w->n++;
    if (w->versions->n == XD_VERSIONS) {
        memmove(w->versions->at, w->versions->at + 1,
                (XD_VERSIONS - 1) * sizeof *w->versions->at);
        w->versions->n--;
    }
    *xd_push(w->page->cx->arena, w->versions) = (xd_version){
        .n = w->n,
        .time = rev->time,
        .actor = rev->actor,
        .set = rev->set,
        .kind = rev->kind,
        .body = body,
    };
    return true;
}

bool xd_versions_of(xd_page *page, xd_store *store, int64_t id, xd_versions *versions)
{
    versions_walk walk = {.page = page, .store = store, .versions = versions};
    return xd_record_history(page->cx, store, id, take, &walk);
}
