#include "web/worked.h"

#include "web/lights.h"

#include <stdlib.h>

#define CURSOR "light:"

xd_kin *xd_worked_kin(xd_ctx *cx, const xd_app *app, const xd_snap *snap)
{
    const xd_page page = {.cx = cx};
    xd_kin *kin = xd_new(cx->arena, xd_kin);
    xd_kin_begin(cx, app->model, snap, xd_today(&page), kin);
    return kin;
}

/* ---- out ------------------------------------------------------------------------------------ */

void xd_worked_columns(xd_ctx *cx, const xd_type *type, const xd_column **ret_columns,
                       size_t *ret_n)
{
    xd_column *columns = xd_new_n(cx->arena, xd_column, type->n_computed + 1);
    for (size_t i = 0; i < type->n_computed; i++) {
        const xd_computed *c = &type->computed[i];
        xd_str label = xd_label_in(&c->field.label, cx->lang);
        columns[i] = (xd_column){
            .header = cx->lang == XD_EN
                          ? xd_str_printf(cx->arena, "Computed: " XD_FMT, XD_ARG(label))
                          : xd_str_printf(cx->arena, "现算：" XD_FMT, XD_ARG(label)),
            .part = xd_computed_column(cx->arena, c),
        };
    }
    *ret_columns = columns;
    *ret_n = type->n_computed;
}

bool xd_worked_body(xd_ctx *cx, xd_kin *kin, int64_t id, const xd_json *body,
                    const xd_json **ret_body)
{
    const xd_type *type = xd_body_type(kin->model, body);
    xd_json *more = xd_json_object(cx->arena);
    for (size_t i = 0; i < body->members.n; i++) {
        xd_json_set(cx->arena, more, body->members.at[i].key, body->members.at[i].value);
    }
    for (size_t i = 0; i < type->n_computed; i++) {
        const xd_computed *c = &type->computed[i];
        xd_derived value;
        if (!xd_kin_value(cx, kin, id, body, c, &value)) {
            return false;
        }
        xd_str text = xd_derived_text(cx, c, &value);
        if (text.n > 0) {
            xd_json_set(cx->arena, more, xd_computed_column(cx->arena, c),
                        xd_json_string(cx->arena, text));
        }
    }
    *ret_body = more;
    return true;
}

bool xd_worked_write(xd_ctx *cx, xd_kin *kin, int64_t id, const xd_json *body, xd_buf *out)
{
    const xd_type *type = xd_body_type(kin->model, body);
    for (size_t i = 0; i < type->n_computed; i++) {
        const xd_computed *c = &type->computed[i];
        xd_str name = xd_computed_column(cx->arena, c);
        xd_derived value;
        if (!xd_kin_value(cx, kin, id, body, c, &value)) {
            return false;
        }
        xd_buf_byte(out, ',');
        xd_buf_json(out, name, false);
        xd_buf_byte(out, ':');
        if (c->by == XD_COMPUTE_LIGHT) {
            bool lit = value.known && value.light != NULL;
            xd_buf_printf(out, lit ? "\"" XD_FMT "\"" : "null",
                          XD_ARG(lit ? xd_light_name[value.light->look] : (xd_str){0}));
            xd_buf_printf(out, ",\"" XD_FMT "_label\":", XD_ARG(name));
            if (lit) {
                xd_buf_json(out, xd_derived_text(cx, c, &value), false);
            } else {
                xd_buf_add(out, XD_S("null"));
            }
        } else {
            xd_buf_add(out, value.known ? xd_derived_text(cx, c, &value) : XD_S("null"));
        }
    }
    return true;
}

bool xd_worked_whole(xd_ctx *cx, const xd_kin *kin, size_t n)
{
    return n <= XD_LIGHTS_MOST && !kin->derive.cut_short ? true : xd_lights_too_many(cx);
}

/* ---- order ---------------------------------------------------------------------------------- */

static const int ranks[XD_LIGHTS] = {
    [XD_LIGHT_RED] = 0,
    [XD_LIGHT_YELLOW] = 1,
    [XD_LIGHT_GREEN] = 2,
    [XD_LIGHT_GREY] = 3,
};

typedef struct placed {
    int rank;
    int64_t id;
} placed;

typedef struct ordering {
    xd_kin *kin;
    const xd_computed *light;
    int order;
    XD_VEC(placed) all;
} ordering;

int xd_light_order(const xd_request *request, const xd_type *type)
{
    const xd_computed *light = xd_light_of(type);
    xd_str by = xd_param_get(request, XD_S("sortby"));
    bool down = xd_str_starts(by, XD_S("-"));
    if (by.n > 0 && (by.p[0] == '-' || by.p[0] == '+' || by.p[0] == ' ')) {
        by = xd_str_sub(by, 1, by.n);
    }
    return light == NULL || !xd_str_eq(by, light->field.name) ? 0 : down ? -1 : 1;
}

static bool on_hit(xd_ctx *cx, void *user, xd_hit hit)
{
    ordering *o = user;
    const xd_json *body;
    xd_derived value = {0};
    if (o->all.n > XD_LIGHTS_MOST) {
        return true;
    }
    if (!xd_kin_body(cx, o->kin, hit.id, &body) ||
        (body != NULL && !xd_kin_value(cx, o->kin, hit.id, body, o->light, &value))) {
        return false;
    }
    int rank = value.known && value.light != NULL ? ranks[value.light->look] : XD_LIGHTS;
    if (o->order < 0 && rank < XD_LIGHTS) {
        rank = XD_LIGHTS - 1 - rank;
    }
    *xd_push(cx->arena, &o->all) = (placed){rank, hit.id};
    return true;
}

static int by_rank(const void *a, const void *b)
{
    const placed *x = a, *y = b;
    if (x->rank != y->rank) {
        return x->rank < y->rank ? -1 : 1;
    }
    return x->id < y->id ? -1 : x->id > y->id;
}

static bool gather(xd_ctx *cx, xd_kin *kin, const xd_ask *ask, int order, ordering *ret)
{
    *ret = (ordering){.kin = kin, .light = xd_light_of(ask->type), .order = order};
    xd_ask all = *ask;
    all.cursor = (xd_str){0};
    all.n_facets = 0;
    if (!xd_ask_each(cx, kin->snap, &all, on_hit, ret) ||
        !xd_worked_whole(cx, kin, ret->all.n)) {
        return false;
    }
    if (ret->all.n > 0) {
        qsort(ret->all.at, ret->all.n, sizeof *ret->all.at, by_rank);
    }
    return true;
}

bool xd_light_ids(xd_ctx *cx, xd_kin *kin, const xd_ask *ask, int order, int64_t **ret_ids,
                  size_t *ret_n)
{
    ordering o;
    if (!gather(cx, kin, ask, order, &o)) {
        return false;
    }
    int64_t *ids = xd_new_n(cx->arena, int64_t, o.all.n + 1);
    for (size_t i = 0; i < o.all.n; i++) {
        ids[i] = o.all.at[i].id;
    }
    *ret_ids = ids;
    *ret_n = o.all.n;
    return true;
}

/* "light:2:4711": behind the record 4711 among those of the third light. */
static bool read_cursor(xd_ctx *cx, xd_str cursor, placed *ret_after)
{
    xd_str rest = cursor, rank;
    int64_t n = 0, id = 0;
    *ret_after = (placed){-1, 0};
    if (cursor.n == 0) {
        return true;
    }
    bool ours = xd_str_starts(rest, XD_S(CURSOR));
    rest = ours ? xd_str_sub(rest, sizeof CURSOR - 1, rest.n) : rest;
    ours = ours && xd_str_cut(&rest, ':', &rank) && xd_str_int(rank, &n) &&
           xd_str_int(rest, &id) && n >= 0 && n <= XD_LIGHTS;
    if (!ours) {
        (void)xd_fail(cx, XD_INVALID, "a cursor of another order");
        return xd_fail_words(cx, XD_S("翻页记号不是这种排序的，请从第一页开始。"),
                             XD_S("The cursor is of another order: begin at the first page."));
    }
    *ret_after = (placed){(int)n, id};
    return true;
}

bool xd_light_run(xd_ctx *cx, xd_kin *kin, const xd_ask *ask, int order,
                  const xd_answer **ret_answer)
{
    ordering o;
    placed after;
    const xd_answer *counts;
    xd_ask bare = *ask;
    bare.limit = 0;
    bare.cursor = (xd_str){0};
    if (!read_cursor(cx, ask->cursor, &after) || !xd_ask_run(cx, kin->snap, &bare, &counts) ||
        !gather(cx, kin, ask, order, &o)) {
        return false;
    }
    xd_answer *answer = xd_new(cx->arena, xd_answer);
    xd_hit *hits = xd_new_n(cx->arena, xd_hit, ask->limit + 1);
    size_t at = 0;
    *answer = *counts;
    answer->hits = hits;
    answer->n = 0;
    answer->next = (xd_str){0};
    while (after.rank >= 0 && at < o.all.n && by_rank(&o.all.at[at], &after) <= 0) {
        at++;
    }
    for (; at < o.all.n && answer->n < ask->limit; at++) {
        hits[answer->n++] = (xd_hit){.id = o.all.at[at].id, .distance_m = -1};
    }
    if (at < o.all.n && answer->n > 0) {
        answer->next = xd_str_printf(cx->arena, CURSOR "%d:%" PRId64, o.all.at[at - 1].rank,
                                     o.all.at[at - 1].id);
    }
    *ret_answer = answer;
    return true;
}
