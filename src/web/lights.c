#include "web/lights.h"

const xd_computed *xd_light_of(const xd_type *type)
{
    for (size_t i = 0; type != NULL && i < type->n_computed; i++) {
        if (type->computed[i].by == XD_COMPUTE_LIGHT) {
            return &type->computed[i];
        }
    }
    return NULL;
}

typedef struct looking {
    xd_kin *kin;
    const xd_computed *light;
    bool wanted[XD_LIGHTS];
    uint64_t counts[XD_LIGHTS], looked;
    xd_buf ids; /* of those wanted: "1,2,3" */
} looking;

static bool on_hit(xd_ctx *cx, void *user, xd_hit hit)
{
    looking *l = user;
    const xd_json *body;
    xd_derived value;
    if (++l->looked > XD_LIGHTS_MOST) {
        return true;
    }
    if (!xd_kin_body(cx, l->kin, hit.id, &body)) {
        return false;
    }
    if (body == NULL || !xd_kin_value(cx, l->kin, hit.id, body, l->light, &value)) {
        return body == NULL;
    }
    if (value.known && value.light != NULL) {
        l->counts[value.light->look]++;
        if (l->wanted[value.light->look]) {
            xd_buf_printf(&l->ids, "%s%" PRId64, l->ids.n == 0 ? "" : ",", hit.id);
        }
    }
    return true;
}

static xd_ask bare(const xd_ask *ask)
{
    xd_ask all = *ask;
    all.cursor = (xd_str){0};
    all.n_facets = 0;
    return all;
}

bool xd_lights_count(xd_ctx *cx, xd_kin *kin, const xd_ask *ask, uint64_t *ret_counts,
                     bool *ret_all)
{
    looking l = {.kin = kin, .light = xd_light_of(ask->type)};
    const xd_ask all = bare(ask);
    if (!xd_ask_each(cx, kin->snap, &all, on_hit, &l)) {
        return false;
    }
    memcpy(ret_counts, l.counts, sizeof l.counts);
    *ret_all = l.looked <= XD_LIGHTS_MOST && !kin->derive.cut_short;
    return true;
}

bool xd_lights_too_many(xd_ctx *cx)
{
    (void)xd_fail(cx, XD_LIMIT, "lights of more than %d records", XD_LIGHTS_MOST);
    return xd_fail_words(
        cx,
        xd_str_printf(cx->arena, "灯是现算的，一次最多看 %d 条。请先加其他条件。",
                      XD_LIGHTS_MOST),
        xd_str_printf(cx->arena,
                      "Lights are worked out on asking, for at most %d records. Add other "
                      "conditions first.",
                      XD_LIGHTS_MOST));
}

/* "id IN (…)", bound; none: no record has the id 0. */
static bool narrow(xd_ctx *cx, const xd_model *model, xd_str ids, xd_ask *ask)
{
    const xd_cql *read, *bound;
    xd_str text =
        xd_str_printf(cx->arena, "id IN (" XD_FMT ")", XD_ARG(ids.n == 0 ? XD_S("0") : ids));
    if (!xd_cql_read_text(cx, text, &read) ||
        !xd_cql_check(cx, model, ask->type, false, read, &bound)) {
        return false;
    }
    ask->filter = xd_cql_and(cx->arena, ask->filter, bound);
    return true;
}

bool xd_lights_ask(xd_ctx *cx, const xd_app *app, const xd_request *request, xd_ask *ask)
{
    looking l = {.light = xd_light_of(ask->type)};
    bool any = false;
    for (size_t i = 0; l.light != NULL && i < request->n_params; i++) {
        for (size_t k = 0; k < XD_LIGHTS; k++) {
            bool on = xd_str_eq(request->params[i].name, l.light->field.name) &&
                      xd_str_eq(request->params[i].value, xd_light_name[k]);
            l.wanted[k] |= on;
            any |= on;
        }
    }
    if (!any) {
        return true;
    }
    const xd_page page = {.cx = cx};
    const xd_ask all = bare(ask);
    l.kin = xd_new(cx->arena, xd_kin);
    xd_kin_begin(cx, app->model, xd_snap_open(cx, app->index), xd_today(&page), l.kin);
    bool ok = xd_ask_each(cx, l.kin->snap, &all, on_hit, &l);
    xd_str ids = xd_buf_copy(&l.ids, cx->arena);
    xd_buf_free(&l.ids);
    if (!ok) {
        return false;
    }
    return l.looked > XD_LIGHTS_MOST || l.kin->derive.cut_short
               ? xd_lights_too_many(cx)
               : narrow(cx, app->model, ids, ask);
}
