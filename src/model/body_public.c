/* What anybody may see of a body: the one door.
 *
 * Coarsening. A place whose public precision is coarser than exact is moved to the centre of a
 * cell of a fixed grid: rows of equal height in latitude, cells of equal width within a row, the
 * diagonal of a cell twice the precision's radius. So every true place in a cell gives the same
 * public one, and asking with boxes of any size can find the cell and nothing within it. County
 * precision moves to the seat of the record's division, or else to the grid's centre. Lines and
 * areas become such a point too. */
#include <math.h>

#include "model/value.h"

#define METRES_PER_DEGREE 111194.9 /* of latitude, mean sphere R = 6 371 008.8 m */

static xd_pos grid_centre(xd_pos at, int32_t radius_m)
{
    double height = radius_m * sqrt(2.0) / METRES_PER_DEGREE;
    double row = floor((at.lat / 1e7 + 90.0) / height);
    double lat = (row + 0.5) * height - 90.0;
    double shrink = cos(fmin(fabs(lat), 89.0) * 3.14159265358979323846 / 180.0);
    double width = height / shrink;
    double column = floor((at.lon / 1e7 + 180.0) / width);
    double lon = (column + 0.5) * width - 180.0;
    return (xd_pos){.lon = (int32_t)lround(fmin(lon, 180.0) * 1e7),
                    .lat = (int32_t)lround(fmin(lat, 90.0) * 1e7)};
}

/* The seat of the first division the record names that has one. */
static bool seat_of(const xd_model *model, const xd_type *type, const xd_json *body,
                    xd_pos *ret_pos)
{
    const xd_vocabulary *divisions = xd_model_divisions(model);
    if (type->division == NULL || divisions == NULL) {
        return false;
    }
    for (size_t i = 0; i < xd_value_count(type->division, body); i++) {
        const xd_term *term =
            xd_term_find(divisions, xd_json_str(xd_value(type->division, body, i)));
        if (term != NULL && term->has_pos) {
            *ret_pos = (xd_pos){.lon = term->lon, .lat = term->lat};
            return true;
        }
    }
    return false;
}

static bool coarsen(xd_ctx *cx, const xd_model *model, const xd_type *type, const xd_json *body,
                    const xd_json *place, xd_precision precision, const xd_json **ret_place)
{
    const xd_geom *geom;
    xd_pos at;
    if (!xd_value_geom(cx, place, &geom)) {
        return false;
    }
    if (geom == NULL) { /* raw text alone: it belongs to the exact place */
        *ret_place = NULL;
        return true;
    }
    if (!xd_geom_anchor(cx, geom, &at)) {
        return false;
    }
    if (precision != XD_PRECISION_COUNTY || !seat_of(model, type, body, &at)) {
        at = grid_centre(at, xd_precision_radius_m[precision]);
    }
    xd_json *coarse = xd_json_object(cx->arena);
    xd_json_set(cx->arena, coarse, XD_S("geometry"),
                xd_geom_body(cx->arena, xd_geom_point(cx->arena, at)));
    xd_json_set(cx->arena, coarse, XD_S("precision"),
                xd_json_string(cx->arena, xd_precision_name[precision]));
    *ret_place = coarse;
    return true;
}

static bool public_place(xd_ctx *cx, const xd_model *model, const xd_type *type,
                         const xd_json *body, const xd_field *field, const xd_json *place,
                         const xd_json **ret_place)
{
    xd_precision allowed = field->public_precision;
    xd_precision own = xd_value_precision(place);
    if (field->coarse_when.field != NULL && xd_condition_holds(&field->coarse_when, body) &&
        field->coarse_to > allowed) {
        allowed = field->coarse_to;
    }
    if (allowed == XD_PRECISION_EXACT) {
        *ret_place = place;
        return true;
    }
    if (allowed == XD_PRECISION_NONE || own == XD_PRECISION_NONE) {
        *ret_place = NULL;
        return true;
    }
    /* A record that calls itself vague may still hold a sharp point: it is moved all the same. */
    return coarsen(cx, model, type, body, place, own > allowed ? own : allowed, ret_place);
}

static bool public_value(xd_ctx *cx, const xd_model *model, const xd_type *type,
                         const xd_json *body, const xd_field *field, const xd_json *value,
                         const xd_json **ret_value);

/* The fields of a group, or a link's own beside what it leads to and from when to when. */
static bool public_group(xd_ctx *cx, const xd_model *model, const xd_type *type,
                         const xd_json *body, const xd_field *field, const xd_json *group,
                         const xd_json **ret_group)
{
    static const char *const of_links[] = {"id", "text", "from", "to"};
    xd_json *out = xd_json_object(cx->arena);
    for (size_t i = 0; field->kind == XD_KIND_LINK && i < XD_LEN(of_links); i++) {
        const xd_json *value = xd_json_get(group, xd_str_of(of_links[i]));
        if (value != NULL) {
            xd_json_set(cx->arena, out, xd_str_of(of_links[i]), value);
        }
    }
    for (size_t i = 0; i < field->n_fields; i++) {
        const xd_field *inner = &field->fields[i];
        const xd_json *value = xd_json_get(group, inner->name);
        if (value == NULL || inner->hidden || inner->retired) {
            continue;
        }
        if (!public_value(cx, model, type, body, inner, value, &value)) {
            return false;
        }
        if (value != NULL) {
            xd_json_set(cx->arena, out, inner->name, value);
        }
    }
    *ret_group = xd_json_len(out) == 0 ? NULL : out;
    return true;
}

static bool public_one(xd_ctx *cx, const xd_model *model, const xd_type *type,
                       const xd_json *body, const xd_field *field, const xd_json *value,
                       const xd_json **ret_value)
{
    switch (xd_field_kept(field)) {
    case XD_KEPT_PLACE:
        return public_place(cx, model, type, body, field, value, ret_value);
    case XD_KEPT_LINK:
    case XD_KEPT_GROUP:
        return public_group(cx, model, type, body, field, value, ret_value);
    case XD_KEPT_TEXTS:
    case XD_KEPT_NUMBER:
    case XD_KEPT_BOOLEAN:
    case XD_KEPT_PERIOD:
    case XD_KEPT_CODE:
    case XD_KEPT_HOURS:
    case XD_KEPT_STRING:
    case XD_KEPT_FILE:
        break;
    }
    *ret_value = value;
    return true;
}

static bool public_value(xd_ctx *cx, const xd_model *model, const xd_type *type,
                         const xd_json *body, const xd_field *field, const xd_json *value,
                         const xd_json **ret_value)
{
    if (value->kind != XD_JSON_ARRAY) {
        return public_one(cx, model, type, body, field, value, ret_value);
    }
    xd_json *list = xd_json_array(cx->arena);
    for (size_t i = 0; i < value->items.n; i++) {
        const xd_json *item = NULL;
        if (!public_one(cx, model, type, body, field, value->items.at[i], &item)) {
            return false;
        }
        if (item != NULL) {
            xd_json_add(cx->arena, list, item);
        }
    }
    *ret_value = xd_json_len(list) == 0 ? NULL : list;
    return true;
}

/* What is known about values that are shown. */
static void public_about(xd_ctx *cx, const xd_json *body, xd_json *out)
{
    const xd_json *about = xd_json_get(body, XD_M_ABOUT);
    xd_json *shown = xd_json_object(cx->arena);
    for (size_t i = 0; i < xd_json_len(about); i++) {
        if (xd_json_get(out, about->members.at[i].key) != NULL) {
            xd_json_set(cx->arena, shown, about->members.at[i].key, about->members.at[i].value);
        }
    }
    if (xd_json_len(shown) > 0) {
        xd_json_set(cx->arena, out, XD_M_ABOUT, shown);
    }
}

bool xd_body_public(xd_ctx *cx, const xd_model *model, const xd_json *body,
                    const xd_json **ret_public)
{
    static const char *const plain[] = {"type", "state", "number", "sources", "confidence"};
    const xd_type *type = xd_body_type(model, body);
    const xd_state *state =
        type == NULL ? NULL : xd_state_find(type->flow, xd_json_get_str(body, XD_M_STATE));
    if (state == NULL || !state->is_public) {
        *ret_public = NULL;
        return true;
    }
    xd_json *out = xd_json_object(cx->arena);
    for (size_t i = 0; i < XD_LEN(plain); i++) {
        const xd_json *value = xd_json_get(body, xd_str_of(plain[i]));
        if (value != NULL) {
            xd_json_set(cx->arena, out, xd_str_of(plain[i]), value);
        }
    }
    for (size_t i = 0; i < type->n_fields; i++) {
        const xd_field *field = &type->fields[i];
        const xd_json *value = xd_json_get(body, field->name);
        if (value == NULL || field->hidden || field->retired) {
            continue;
        }
        if (!public_value(cx, model, type, body, field, value, &value)) {
            return false;
        }
        if (value != NULL) {
            xd_json_set(cx->arena, out, field->name, value);
        }
    }
    public_about(cx, body, out);
    *ret_public = out;
    return true;
}
