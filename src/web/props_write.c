/* Features: flat, every property always there. */
#include "web/props.h"
#include "web/worked.h"

static void write_null(xd_buf *out)
{
    xd_buf_add(out, XD_S("null"));
}

static void write_text(xd_buf *out, xd_str text)
{
    if (text.p == NULL) {
        write_null(out);
    } else {
        xd_buf_json(out, text, false);
    }
}

xd_str xd_record_key_text(xd_arena *arena, int64_t id, const xd_json *body)
{
    xd_str number = xd_json_get_str(body, XD_S("number"));
    return number.p != NULL ? number : xd_str_printf(arena, "%" PRId64, id);
}

/* A decimal as its column has it: a whole number among fractions is written 12.0, or a reader
 * that looks at the first page only would take the column for integers. */
static void write_number(xd_buf *out, const xd_field *field, const xd_json *value)
{
    xd_str n = xd_json_get_str(value, XD_S("n"));
    if (n.p == NULL) {
        write_null(out);
        return;
    }
    xd_buf_add(out, n);
    if (field->decimals > 0 && memchr(n.p, '.', n.n) == NULL) {
        xd_buf_add(out, XD_S(".0"));
    }
}

static void write_year(xd_buf *out, const xd_json *value, bool first)
{
    xd_period period;
    int64_t from, to;
    if (!xd_value_period(value, &period)) {
        write_null(out);
        return;
    }
    xd_period_years(period, &from, &to);
    int64_t year = first ? from : to;
    if (year == INT64_MIN || year == INT64_MAX) {
        write_null(out);
    } else {
        xd_buf_int(out, year);
    }
}

/* The target's title where it may be seen; else the text the record itself keeps. */
static void write_link(xd_ctx *cx, const xd_feature_way *way, const xd_json *value, xd_buf *out)
{
    const xd_json *target = NULL;
    int64_t rev, id = xd_json_get_int(value, XD_S("id"), 0);
    if (id != 0 && !xd_snap_body(cx, way->snap, id, &target, &rev)) {
        (void)xd_err_take(cx); /* one title less, not one answer less */
        target = NULL;
    }
    write_text(out, target != NULL ? xd_body_title(cx, way->model, target)
                                   : xd_json_get_str(value, XD_S("text")));
}

static void write_inner(xd_ctx *cx, const xd_feature_way *way, const xd_prop *props, size_t n,
                        const xd_json *body, xd_buf *out);

/* A further place, as WKT: a GeoJSON object in a property is of no use to a table. */
static void write_place(xd_ctx *cx, const xd_json *value, xd_buf *out)
{
    const xd_geom *geom = NULL;
    if (!xd_value_geom(cx, value, &geom)) {
        (void)xd_err_take(cx); /* one value less, not one answer less */
    }
    if (geom == NULL) {
        write_null(out);
        return;
    }
    xd_buf wkt = {0};
    xd_geom_write_wkt(&wkt, geom);
    write_text(out, xd_buf_str(&wkt));
    xd_buf_free(&wkt);
}

/* The field itself. */
static void write_plain(xd_ctx *cx, const xd_feature_way *way, const xd_prop *prop,
                        const xd_json *value, xd_buf *out)
{
    xd_str lang;
    switch (xd_field_kept(prop->field)) {
    case XD_KEPT_TEXTS:
        write_text(out, xd_value_lang(value, xd_lang_tag[cx->lang], &lang));
        return;
    case XD_KEPT_NUMBER:
        write_number(out, prop->field, value);
        return;
    case XD_KEPT_BOOLEAN:
        xd_buf_add(out, value->boolean ? XD_S("true") : XD_S("false"));
        return;
    case XD_KEPT_PERIOD:
    case XD_KEPT_HOURS:
        write_text(out, xd_json_get_str(value, XD_S("text")));
        return;
    case XD_KEPT_LINK:
        write_link(cx, way, value, out);
        return;
    case XD_KEPT_GROUP:
        write_inner(cx, way, prop->inner, prop->n_inner, value, out);
        return;
    case XD_KEPT_FILE:
        write_text(out, xd_json_get_str(value, XD_S("name")));
        return;
    case XD_KEPT_PLACE:
        write_place(cx, value, out);
        return;
    case XD_KEPT_CODE:
    case XD_KEPT_STRING:
        break;
    }
    write_text(out, xd_json_str(value));
}

static void write_value(xd_ctx *cx, const xd_feature_way *way, const xd_prop *prop,
                        const xd_json *value, xd_buf *out)
{
    int64_t id;
    switch (prop->part) {
    case XD_PROP_VALUE:
        write_plain(cx, way, prop, value, out);
        return;
    case XD_PROP_LANG:
        write_text(out, xd_json_get_str(value, prop->lang));
        return;
    case XD_PROP_LABEL:
        write_text(out, xd_value_text(cx, way->model, prop->field, value));
        return;
    case XD_PROP_FROM:
    case XD_PROP_TO:
        write_year(out, value, prop->part == XD_PROP_FROM);
        return;
    case XD_PROP_ID:
        id = xd_json_get_int(value, XD_S("id"), 0);
        if (id != 0) {
            xd_buf_int(out, id);
            return;
        }
        break;
    case XD_PROP_PRECISION:
        write_text(out, xd_precision_name[xd_value_precision(value)]);
        return;
    case XD_PROP_RECORD:
        break;
    }
    write_null(out);
}

/* A list of nothing but nulls has no type a reader could tell. */
static bool any_id(const xd_field *field, const xd_json *body, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (xd_json_get_int(xd_value(field, body, i), XD_S("id"), 0) != 0) {
            return true;
        }
    }
    return false;
}

/* Of several periods the earliest start or the latest end. */
static void write_outermost(xd_ctx *cx, const xd_feature_way *way, const xd_prop *prop,
                            const xd_json *body, size_t n, xd_buf *out)
{
    bool first = prop->part == XD_PROP_FROM, any = false;
    int64_t outermost = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t year;
        xd_buf one = {0};
        write_value(cx, way, prop, xd_value(prop->field, body, i), &one);
        if (xd_str_int(xd_buf_str(&one), &year) &&
            (!any || (first ? year < outermost : year > outermost))) {
            outermost = year;
            any = true;
        }
        xd_buf_free(&one);
    }
    if (any) {
        xd_buf_int(out, outermost);
    } else {
        write_null(out);
    }
}

/* Several values as one text: a layer's column holds no lists (GeoPackage would show "(2:a,b)").
 * Texts are joined by ";", as tables list them; groups stay JSON inside the text. */
static void write_joined(xd_ctx *cx, const xd_feature_way *way, const xd_prop *prop,
                         const xd_json *body, size_t n, xd_buf *out)
{
    xd_buf joined = {0};
    for (size_t i = 0; i < n; i++) {
        xd_buf one = {0};
        const xd_json *text;
        write_value(cx, way, prop, xd_value(prop->field, body, i), &one);
        xd_str written = xd_buf_copy(&one, cx->arena);
        xd_buf_free(&one);
        if (xd_str_starts(written, XD_S("\"")) && xd_json_read(cx, written, &text)) {
            written = xd_json_str(text);
        }
        if (!xd_str_eq(written, XD_S("null"))) {
            xd_buf_add(&joined, joined.n == 0 ? XD_S("") : XD_S(";"));
            xd_buf_add(&joined, written);
        }
    }
    write_text(out, joined.n == 0 ? (xd_str){0} : xd_buf_str(&joined));
    xd_buf_free(&joined);
}

static void write_field(xd_ctx *cx, const xd_feature_way *way, const xd_prop *prop,
                        const xd_json *body, xd_buf *out)
{
    if (!prop->many) {
        const xd_json *value = xd_value(prop->field, body, 0);
        if (value == NULL) {
            write_null(out);
        } else {
            write_value(cx, way, prop, value, out);
        }
        return;
    }
    size_t n = xd_value_count(prop->field, body);
    if (n == 0 || (prop->part == XD_PROP_ID && !any_id(prop->field, body, n))) {
        write_null(out);
        return;
    }
    if (prop->part == XD_PROP_FROM || prop->part == XD_PROP_TO) {
        write_outermost(cx, way, prop, body, n, out);
    } else {
        write_joined(cx, way, prop, body, n, out);
    }
}

/* "text address; text address", as a table shows it. */
static void write_sources(xd_buf *out, const xd_json *sources)
{
    xd_buf text = {0};
    for (size_t i = 0; i < xd_json_len(sources); i++) {
        const xd_json *source = xd_json_at(sources, i);
        xd_str words = xd_json_get_str(source, XD_S("text"));
        xd_str url = xd_json_get_str(source, XD_S("url"));
        xd_buf_add(&text, i == 0 ? XD_S("") : XD_S("; "));
        xd_buf_add(&text, words);
        xd_buf_add(&text, words.n > 0 && url.n > 0 ? XD_S(" ") : XD_S(""));
        xd_buf_add(&text, url);
    }
    write_text(out, text.n == 0 ? (xd_str){0} : xd_buf_str(&text));
    xd_buf_free(&text);
}

static void write_record(xd_ctx *cx, const xd_feature_way *way, const xd_props *props,
                         const xd_prop *prop, int64_t id, const xd_json *body, xd_buf *out)
{
    xd_str state = xd_json_get_str(body, XD_S("state"));
    if (xd_str_eq(prop->name, XD_S("title"))) {
        write_text(out, xd_body_title(cx, way->model, body));
    } else if (xd_str_eq(prop->name, XD_S("state_label"))) {
        const xd_state *found =
            props->type->flow == NULL ? NULL : xd_state_find(props->type->flow, state);
        write_text(out, found == NULL ? state : xd_label_in(&found->label, cx->lang));
    } else if (xd_str_eq(prop->name, XD_S("source"))) {
        write_sources(out, xd_json_get(body, XD_S("sources")));
    } else if (xd_str_eq(prop->name, XD_S("page"))) {
        xd_buf address = {0};
        xd_buf_add(&address, way->site);
        xd_buf_byte(&address, '/');
        xd_buf_add(&address, props->type->path);
        xd_buf_byte(&address, '/');
        xd_buf_url(&address, xd_record_key_text(cx->arena, id, body));
        write_text(out, xd_buf_str(&address));
        xd_buf_free(&address);
    } else {
        write_text(out, xd_json_get_str(body, prop->name));
    }
}

static void write_name(xd_buf *out, const xd_prop *prop, bool first)
{
    xd_buf_byte(out, first ? '{' : ',');
    xd_buf_add(out, prop->key);
}

static void write_inner(xd_ctx *cx, const xd_feature_way *way, const xd_prop *props, size_t n,
                        const xd_json *body, xd_buf *out)
{
    for (size_t i = 0; i < n; i++) {
        write_name(out, &props[i], i == 0);
        write_field(cx, way, &props[i], body, out);
    }
    xd_buf_add(out, n == 0 ? XD_S("{}") : XD_S("}"));
}

void xd_props_write(xd_ctx *cx, const xd_feature_way *way, const xd_props *props, int64_t id,
                    const xd_json *body, xd_buf *out)
{
    for (size_t i = 0; i < props->n; i++) {
        write_name(out, &props->at[i], i == 0);
        if (props->at[i].part == XD_PROP_RECORD) {
            write_record(cx, way, props, &props->at[i], id, body, out);
        } else {
            write_field(cx, way, &props->at[i], body, out);
        }
    }
    xd_buf_add(out, props->n == 0 ? XD_S("{}") : XD_S("}"));
}

/* A record may have several places: their parts as one geometry where the kinds agree. */
static bool join_places(xd_ctx *cx, const xd_field *field, const xd_json *body,
                        const xd_geom **ret_geom)
{
    static const xd_geom_kind multi[] = {XD_MULTIPOINT, XD_MULTIPOINT,   XD_MULTILINE,
                                         XD_MULTILINE,  XD_MULTIPOLYGON, XD_MULTIPOLYGON};
    XD_VEC(xd_part) parts = {0};
    xd_geom_kind kind = XD_POINT;
    size_t n = xd_value_count(field, body);
    *ret_geom = NULL;
    for (size_t i = 0; i < n; i++) {
        const xd_geom *geom = NULL;
        if (!xd_value_geom(cx, xd_value(field, body, i), &geom)) {
            return false;
        }
        if (geom == NULL || (*ret_geom != NULL && multi[geom->kind] != kind)) {
            continue; /* of another kind than the first: pages show it, a column cannot */
        }
        kind = multi[geom->kind];
        *ret_geom = *ret_geom == NULL ? geom : *ret_geom;
        for (size_t k = 0; k < geom->n; k++) {
            *xd_push(cx->arena, &parts) = geom->parts[k];
        }
    }
    if (*ret_geom != NULL && parts.n > (*ret_geom)->n) {
        xd_geom *joined = xd_new(cx->arena, xd_geom);
        *joined = (xd_geom){.kind = kind, .parts = parts.at, .n = parts.n};
        *ret_geom = joined;
    }
    return true;
}

bool xd_feature_write(xd_ctx *cx, const xd_feature_way *way, const xd_props *props, int64_t id,
                      const xd_json *body, xd_buf *out)
{
    const xd_field *place = props->type->place;
    const xd_geom *geom = NULL;
    if (place != NULL && !join_places(cx, place, body, &geom)) {
        return xd_fail_note(cx, "the place of record %" PRId64, id);
    }
    xd_buf_add(out, XD_S("{\"type\":\"Feature\",\"id\":"));
    xd_buf_int(out, id);
    xd_buf_add(out, XD_S(",\"geometry\":"));
    if (geom == NULL) {
        write_null(out);
    } else if (way->crs == NULL) {
        xd_geom_write(out, geom, false);
    } else if (!xd_geom_write_crs(cx, out, geom, way->crs, xd_crs_lat_first(way->crs))) {
        return false;
    }
    xd_buf_add(out, XD_S(",\"properties\":"));
    xd_props_write(cx, way, props, id, body, out);
    if (way->kin == NULL) {
        return true;
    }
    out->n--; /* the brace, which comes after what is worked out */
    if (!xd_worked_write(cx, way->kin, id, body, out)) {
        return false;
    }
    xd_buf_byte(out, '}');
    return true;
}
