#include "web/kin.h"

#include <stdlib.h>

static xd_str id_key(xd_ctx *cx, int64_t id)
{
    return xd_str_printf(cx->arena, "%" PRId64, id);
}

bool xd_kin_body(xd_ctx *cx, xd_kin *kin, int64_t id, const xd_json **ret_body)
{
    xd_str key = id_key(cx, id);
    const xd_json *body = xd_map_get(kin->bodies, key);
    int64_t rev;
    if (body == NULL) {
        if (!xd_snap_body(cx, kin->snap, id, &body, &rev)) {
            return false;
        }
        xd_map_put(kin->bodies, key, (void *)(uintptr_t)body); /* read only */
    }
    *ret_body = body;
    return true;
}

/* ---- links ---------------------------------------------------------------------------------- */

typedef struct leading { /* to one record, oldest first */
    XD_VEC(int64_t) ids;
    XD_VEC(int64_t) counted; /* samples left out */
} leading;

typedef struct gathering {
    xd_kin *kin;
    const xd_type *type;
    const xd_field *link;
    xd_map *map;
    struct {
        int64_t *at;
        size_t n, cap;
    } all;
} gathering;

static bool on_hit(xd_ctx *cx, void *user, xd_hit hit)
{
    gathering *g = user;
    *xd_push(cx->arena, &g->all) = hit.id;
    return g->all.n <= XD_KIN_MOST ||
           xd_fail(cx, XD_LIMIT, "more than %d records lead elsewhere", XD_KIN_MOST);
}

static int by_id(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* Every state is asked for, or samples would not come. */
static bool any_state(xd_ctx *cx, const xd_model *model, const xd_type *type,
                      const xd_cql **ret_filter)
{
    const xd_cql *read;
    return xd_cql_read_text(cx, XD_S("state IS NOT NULL"), &read) &&
           xd_cql_check(cx, model, type, false, read, ret_filter);
}

static bool gather(xd_ctx *cx, gathering *g)
{
    xd_ask ask = {.type = g->type};
    if (!any_state(cx, g->kin->model, g->type, &ask.filter) ||
        !xd_ask_each(cx, g->kin->snap, &ask, on_hit, g)) {
        return false;
    }
    if (g->all.n > 1) {
        qsort(g->all.at, g->all.n, sizeof *g->all.at, by_id);
    }
    for (size_t i = 0; i < g->all.n; i++) {
        const xd_json *body;
        if (!xd_kin_body(cx, g->kin, g->all.at[i], &body)) {
            return false;
        }
        size_t n = body == NULL ? 0 : xd_value_count(g->link, body);
        for (size_t k = 0; k < n; k++) {
            int64_t to = xd_json_get_int(xd_value(g->link, body, k), XD_S("id"), 0);
            xd_str key = id_key(cx, to);
            leading *l = xd_map_get(g->map, key);
            if (l == NULL) {
                l = xd_new(cx->arena, leading);
                xd_map_put(g->map, key, l);
            }
            *xd_push(cx->arena, &l->ids) = g->all.at[i];
            if (!xd_body_sample(g->type, body)) {
                *xd_push(cx->arena, &l->counted) = g->all.at[i];
            }
        }
    }
    return true;
}

bool xd_kin_linked(xd_ctx *cx, xd_kin *kin, const xd_type *type, const xd_field *link,
                   int64_t id, bool samples, int64_t **ret_ids, size_t *ret_n)
{
    xd_str key = xd_str_printf(cx->arena, "%zu/%zu", type->at, link->at);
    xd_map *map = xd_map_get(kin->gathered, key);
    if (map == NULL) {
        gathering g = {.kin = kin, .type = type, .link = link, .map = xd_map_make(cx->arena)};
        if (!gather(cx, &g)) {
            return false;
        }
        map = g.map;
        xd_map_put(kin->gathered, key, map);
    }
    const leading *l = xd_map_get(map, id_key(cx, id));
    *ret_ids = l == NULL ? NULL : samples ? l->ids.at : l->counted.at;
    *ret_n = l == NULL ? 0 : samples ? l->ids.n : l->counted.n;
    return true;
}

/* ---- units ---------------------------------------------------------------------------------- */

typedef struct outline {
    int64_t unit;
    const xd_geom *area;
    double m2;
} outline;

typedef struct outlines {
    XD_VEC(outline) list;
} outlines;

/* A unit with an outline is told by that alone: its division says where it lies. */
static bool add_outline(xd_ctx *cx, gathering *g, int64_t unit, const xd_json *body,
                        bool *ret_has)
{
    const xd_field *place = g->type->place;
    const xd_json *value = place == NULL ? NULL : xd_value(place, body, 0);
    const xd_geom *geom = NULL;
    *ret_has = false;
    if (value == NULL) {
        return true;
    }
    if (!xd_value_geom(cx, value, &geom)) {
        return false;
    }
    *ret_has = geom != NULL && (geom->kind == XD_POLYGON || geom->kind == XD_MULTIPOLYGON);
    if (*ret_has) {
        outlines *all = xd_map_get(g->kin->outlines, g->type->name);
        *xd_push(cx->arena, &all->list) = (outline){unit, geom, xd_geom_area_m2(geom)};
    }
    return true;
}

static bool add_unit(xd_ctx *cx, void *user, xd_hit hit)
{
    gathering *g = user;
    const xd_json *body;
    bool has_outline = false;
    if (!xd_kin_body(cx, g->kin, hit.id, &body) ||
        (body != NULL && !add_outline(cx, g, hit.id, body, &has_outline))) {
        return false;
    }
    xd_str code =
        body == NULL ? (xd_str){0} : xd_json_str(xd_value(g->type->division, body, 0));
    if (code.n > 0 && !has_outline && xd_map_get(g->map, code) == NULL) {
        int64_t *id = xd_new(cx->arena, int64_t);
        *id = hit.id;
        xd_map_put(g->map, code, id);
    }
    return true;
}

/* A place known to the town or county alone may lie on either side of an edge: its division
 * tells. */
static bool by_outline(xd_ctx *cx, const outlines *all, const xd_type *type,
                       const xd_json *body, int64_t *ret_unit)
{
    const xd_json *value = type->place == NULL ? NULL : xd_value(type->place, body, 0);
    const xd_geom *geom = NULL;
    double least = 0;
    *ret_unit = 0;
    if (value == NULL || all->list.n == 0 || xd_value_precision(value) > XD_PRECISION_SITE) {
        return true;
    }
    if (!xd_value_geom(cx, value, &geom)) {
        return false;
    }
    xd_pos at;
    if (geom == NULL || !xd_geom_anchor(cx, geom, &at)) {
        return geom == NULL;
    }
    for (size_t i = 0; i < all->list.n; i++) {
        const outline *o = &all->list.at[i];
        if ((*ret_unit == 0 || o->m2 < least) && xd_geom_covers(o->area, at)) {
            *ret_unit = o->unit;
            least = o->m2;
        }
    }
    return true;
}

bool xd_kin_tells(const xd_type *units, const xd_json *unit)
{
    return (units->division != NULL && xd_value_count(units->division, unit) > 0) ||
           (units->place != NULL && xd_value_count(units->place, unit) > 0);
}

bool xd_kin_unit(xd_ctx *cx, xd_kin *kin, const xd_type *units, const xd_type *type,
                 const xd_json *body, int64_t *ret_unit)
{
    xd_map *map = xd_map_get(kin->units, units->name);
    if (map == NULL) {
        gathering g = {.kin = kin, .type = units, .map = xd_map_make(cx->arena)};
        const xd_ask ask = {.type = units};
        xd_map_put(kin->outlines, units->name, xd_new(cx->arena, outlines));
        if (!xd_ask_each(cx, kin->snap, &ask, add_unit, &g)) {
            return false;
        }
        map = g.map;
        xd_map_put(kin->units, units->name, map);
    }
    if (!by_outline(cx, xd_map_get(kin->outlines, units->name), type, body, ret_unit)) {
        return false;
    }
    if (*ret_unit != 0) {
        return true;
    }
    xd_str code =
        type->division == NULL ? (xd_str){0} : xd_json_str(xd_value(type->division, body, 0));
    const xd_term *term = code.n == 0 ? NULL : xd_term_find(type->division->vocabulary, code);
    const int64_t *unit = NULL;
    for (; term != NULL && unit == NULL; term = term->parent) {
        unit = xd_map_get(map, term->code);
    }
    *ret_unit = unit == NULL ? 0 : *unit;
    return true;
}

/* ---- queries -------------------------------------------------------------------------------- */

typedef struct counting {
    xd_kin *kin;
    const xd_type *type, *units;
    int64_t unit;
    uint64_t n;
    size_t looked;
} counting;

static bool on_match(xd_ctx *cx, void *user, xd_hit hit)
{
    counting *c = user;
    const xd_json *body;
    int64_t unit = 0;
    if (c->looked++ >= XD_KIN_MOST) {
        return true;
    }
    if (!xd_kin_body(cx, c->kin, hit.id, &body) ||
        (body != NULL && !xd_kin_unit(cx, c->kin, c->units, c->type, body, &unit))) {
        return false;
    }
    c->n += unit == c->unit;
    return true;
}

static bool count(xd_ctx *cx, void *user, const xd_type *type, const xd_cql *filter,
                  const xd_type *units, int64_t unit, uint64_t *ret_n, bool *ret_known)
{
    xd_kin *kin = user;
    const xd_ask ask = {.type = type, .filter = filter};
    const xd_answer *answer;
    *ret_known = true;
    if (unit == 0) {
        if (!xd_ask_run(cx, kin->snap, &ask, &answer)) {
            return false;
        }
        *ret_n = answer->matched;
        return true;
    }
    const xd_json *body;
    if (!xd_kin_body(cx, kin, unit, &body)) {
        return false;
    }
    *ret_known = units != NULL && type->division != NULL && body != NULL &&
                 xd_body_type(kin->model, body) == units && xd_kin_tells(units, body);
    if (!*ret_known) {
        return true; /* which records are the unit's cannot be told */
    }
    counting c = {.kin = kin, .type = type, .units = units, .unit = unit};
    if (!xd_ask_each(cx, kin->snap, &ask, on_match, &c)) {
        return false;
    }
    *ret_n = c.n;
    *ret_known = c.looked <= XD_KIN_MOST;
    return true;
}

/* ---- the whole ------------------------------------------------------------------------------ */

static bool source_linked(xd_ctx *cx, void *user, const xd_type *type, const xd_field *link,
                          int64_t id, bool samples, int64_t **ret_ids, size_t *ret_n)
{
    return xd_kin_linked(cx, user, type, link, id, samples, ret_ids, ret_n);
}

static bool source_body(xd_ctx *cx, void *user, int64_t id, const xd_json **ret_body)
{
    return xd_kin_body(cx, user, id, ret_body);
}

void xd_kin_begin(xd_ctx *cx, const xd_model *model, const xd_snap *snap, int32_t today,
                  xd_kin *ret_kin)
{
    *ret_kin = (xd_kin){
        .model = model,
        .snap = snap,
        .source = {ret_kin, today, source_linked, source_body, count},
        .gathered = xd_map_make(cx->arena),
        .bodies = xd_map_make(cx->arena),
        .units = xd_map_make(cx->arena),
        .outlines = xd_map_make(cx->arena),
    };
    xd_derive_begin(cx, model, &ret_kin->source, &ret_kin->derive);
}

bool xd_kin_value(xd_ctx *cx, xd_kin *kin, int64_t id, const xd_json *body,
                  const xd_computed *computed, xd_derived *ret_value)
{
    return xd_derive_value(cx, &kin->derive, id, body, computed, 0, ret_value);
}
