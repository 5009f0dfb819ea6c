/* Guards are judged on what is in the store: records that lead here count in every state that is
 * neither closed nor a sample's (a sample's own kin may be samples). */
#include "exchange/run.h"
#include "model/computed.h"

typedef struct guarding {
    const xd_run *run;
} guarding;

static bool body_of(xd_ctx *cx, void *user, int64_t id, const xd_json **ret_body)
{
    const guarding *g = user;
    const xd_record *record;
    if (!xd_record_find(cx, g->run->store, id, &record)) {
        return false;
    }
    *ret_body = record == NULL ? NULL : record->body;
    return true;
}

static bool counts(const xd_type *type, const xd_record *record, bool samples)
{
    const xd_state *state = xd_state_find(type->flow, record->state);
    return state != NULL && !state->closed && (samples || !state->sample);
}

static bool linked(xd_ctx *cx, void *user, const xd_type *type, const xd_field *link,
                   int64_t id, bool samples, int64_t **ret_ids, size_t *ret_n)
{
    const guarding *g = user;
    xd_links links = {0};
    if (!xd_links_of(cx, g->run->store, id, true, &links)) {
        return false;
    }
    int64_t *ids = xd_new_n(cx->arena, int64_t, links.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < links.n && n <= XD_KIN_MOST; i++) {
        const xd_record *record;
        if (!xd_str_eq(links.at[i].kind, link->name)) {
            continue;
        }
        if (!xd_record_find(cx, g->run->store, links.at[i].from, &record)) {
            return false;
        }
        if (record != NULL && xd_type_find(g->run->model, record->type) == type &&
            counts(type, record, samples)) {
            ids[n++] = record->id;
        }
    }
    *ret_ids = ids;
    *ret_n = n;
    return true;
}

bool xd_run_guards(xd_ctx *cx, const xd_run *run, int64_t id, const xd_json *body,
                   xd_problems *problems)
{
    guarding g = {run};
    const xd_kin_source source = {
        .user = &g,
        .today = (int32_t)((xd_now(cx) + INT64_C(8) * 3600 * 1000000) / INT64_C(86400000000)),
        .linked = linked,
        .body = body_of,
    };
    return xd_guards_check(cx, run->model, &source, id, body, problems);
}
