/* The page around the large map. <xd-map> (ui/map.ts) wraps a list of the same records and a
 * still map of the whole land: what stands there without script. Everything the element needs to
 * know of the model comes in one JSON attribute; it knows no type or field by name. */
#include "web/page.h"

#define ROWS 200
#define TYPES 12
#define COLOURS 12
#define TERMS 60

static void put(xd_ctx *cx, xd_json *object, const char *key, xd_str text)
{
    xd_json_set(cx->arena, object, xd_str_of(key), xd_json_string(cx->arena, text));
}

static xd_json *terms_json(xd_page *page, const xd_field *field)
{
    xd_ctx *cx = page->cx;
    xd_json *terms = xd_json_array(cx->arena);
    for (size_t i = 0; i < field->vocabulary->n && xd_json_len(terms) < TERMS; i++) {
        const xd_term *term = &field->vocabulary->terms[i];
        if (term->depth > 0 || term->retired) {
            continue;
        }
        xd_json *one = xd_json_object(cx->arena);
        put(cx, one, "code", term->code);
        put(cx, one, "label", xd_label_in(&term->label, cx->lang));
        put(cx, one, "shape", xd_term_shape(term));
        xd_json_set(cx->arena, one, XD_S("colour"), xd_json_integer(cx->arena, term->colour));
        xd_json_add(cx->arena, terms, one);
    }
    return terms;
}

/* Fields the map may be coloured and filtered by. */
static xd_json *facets_json(xd_page *page, const xd_type *type)
{
    xd_ctx *cx = page->cx;
    xd_json *list = xd_json_array(cx->arena);
    for (size_t i = 0; i < type->n_facets && i < COLOURS; i++) {
        const xd_field *field = type->facets[i];
        if (field->hidden) {
            continue;
        }
        xd_json *one = xd_json_object(cx->arena);
        put(cx, one, "field", field->name);
        put(cx, one, "label", xd_label_in(&field->label, cx->lang));
        put(cx, one, "kind", xd_kinds[field->kind].name);
        xd_json_set(cx->arena, one, XD_S("colour"), xd_json_bool(cx->arena, field->colour));
        if (field->facet == XD_FACET_DECADE) {
            int bar = field->facet_decades > 0 ? field->facet_decades : 10;
            xd_json_set(cx->arena, one, XD_S("bar"), xd_json_integer(cx->arena, bar));
        }
        if (field->vocabulary != NULL && field->colour) {
            xd_json_set(cx->arena, one, XD_S("terms"), terms_json(page, field));
        }
        xd_json_add(cx->arena, list, one);
    }
    return list;
}

static void put_asset(xd_page *page, xd_json *config, const char *key, xd_str name)
{
    xd_str address = xd_asset_url(page->cx, page->app, name);
    if (address.n > 0) {
        put(page->cx, config, key, address);
    }
}

static xd_json *box_json(xd_ctx *cx, xd_box box)
{
    xd_json *list = xd_json_array(cx->arena);
    const int32_t sides[] = {box.west, box.south, box.east, box.north};
    for (size_t i = 0; i < XD_LEN(sides); i++) {
        xd_json_add(cx->arena, list, xd_json_integer(cx->arena, sides[i]));
    }
    return list;
}

static xd_str config_of(xd_page *page, const xd_type *type)
{
    xd_ctx *cx = page->cx;
    xd_json *config = xd_json_object(cx->arena);
    xd_buf text = {0};

    put(cx, config, "lang", xd_lang_tag[cx->lang]);
    put(cx, config, "type", type->path);
    put(cx, config, "collection",
        xd_url_path(cx, cx->lang, "/api/collections/{}", &type->path, 1).address);
    put(cx, config, "list", xd_url_type(cx, type).address);
    put_asset(page, config, "worker", XD_S("maplibre-worker.js"));
    put_asset(page, config, "base", XD_S("base.geojson"));
    put_asset(page, config, "base", XD_S("base.geojson"));
    xd_json_set(cx->arena, config, XD_S("facets"), facets_json(page, type));
    if (type->time != NULL) {
        put(cx, config, "time", type->time->name);
    }
    if (type->place != NULL) {
        put(cx, config, "place", type->place->name);
    }
    const xd_field *colour = xd_colour_field(type);
    if (colour != NULL) {
        put(cx, config, "colour", colour->name);
    }
    /* The land's box, in units of 1e-7 degree. */
    xd_json_set(cx->arena, config, XD_S("box"),
                box_json(cx, xd_chart_extent(page->site->chart)));
    xd_json_plain(&text, config);
    xd_str copy = xd_buf_copy(&text, cx->arena);
    xd_buf_free(&text);
    return copy;
}

static bool add_rows(xd_page *page, const xd_type *type, xd_view_atlas *view)
{
    xd_ctx *cx = page->cx;
    const xd_field *colour = xd_colour_field(type);
    const xd_answer *answer;
    xd_ask ask;
    xd_spot *spots = xd_new_n(cx->arena, xd_spot, ROWS);
    size_t n = 0;

    if (!xd_ask_from(cx, page->app, page->request, type, false, &ask)) {
        return false;
    }
    ask.limit = ROWS;
    ask.cursor = (xd_str){0};
    if (!xd_ask_run(cx, page->snap, &ask, &answer)) {
        return false;
    }
    view->matched = answer->matched;
    for (size_t i = 0; i < answer->n; i++) {
        const xd_json *body;
        int64_t rev, id = answer->hits[i].id;
        xd_view_row row;
        if (!xd_snap_body(cx, page->snap, id, &body, &rev)) {
            return false;
        }
        if (body == NULL) {
            continue;
        }
        if (!xd_row_of(page, type, id, body, (xd_str){0}, &row)) {
            return false;
        }
        *xd_push(cx->arena, &view->rows) = row;
        xd_spot *spot = &spots[n];
        if (xd_body_spot(page, type, body, &spot->at, &spot->vague)) {
            spot->id = id;
            spot->value = xd_field_term(colour, body);
            spot->year = xd_body_year(type, body);
            spot->title = row.name.text;
            spot->url = row.url;
            n++;
        }
    }
    const xd_fill fills[] = {
        {.hole = "what", .text = view->type_label},
        {.hole = "n",    .number = (int64_t)n    }
    };
    view->map = xd_land_map(
        page, false, xd_word_fill(cx->arena, cx->lang, XD_W_MAP_SAYS, fills, XD_LEN(fills)),
        spots, n);
    return true;
}

static void add_type(xd_page *page, const xd_type *other, const xd_type *type,
                     xd_view_atlas *view)
{
    xd_ctx *cx = page->cx;
    xd_query query = {0};
    xd_query_add(cx, &query, XD_S("type"), other->path);
    *xd_push(cx->arena, &view->types) = (xd_view_link){
        .label = xd_type_plural(page, other),
        .url = xd_url_query(cx, xd_url_page(cx, "/map"), &query),
        .here = other == type,
    };
}

/* Whatever has places, in the menu's order, and the one asked for. */
static void add_types(xd_page *page, const xd_type *type, xd_view_atlas *view)
{
    bool named = false;
    const uint64_t *counts = xd_page_counts(page);
    for (size_t i = 0; i < page->site->types.n && view->types.n < TYPES; i++) {
        const xd_type *other = page->site->types.at[i].type;
        if (other->place != NULL && other->parent == NULL &&
            (counts == NULL || counts[other->at] > 0)) {
            add_type(page, other, type, view);
            named |= other == type;
        }
    }
    if (!named) {
        add_type(page, type, type, view);
    }
}

bool xd_page_map(xd_ctx *cx, const xd_app *app, const xd_request *request,
                 xd_response *response)
{
    xd_page page;
    xd_view_atlas view = {0};

    xd_page_begin(cx, app, request, response, &page);
    const xd_type *type = xd_type_by_path(app->model, xd_param_get(request, XD_S("type")));
    if (type == NULL || type->place == NULL) {
        type = app->site->home.type;
    }
    if (type == NULL || app->site->chart == NULL) {
        return xd_fail(cx, XD_ABSENT, "there is no map");
    }
    view.type_label = xd_type_plural(&page, type);
    view.list = xd_url_type(cx, type);
    view.config = config_of(&page, type);
    view.script = xd_url_asset(xd_asset_url(cx, app, XD_S("map.js")));
    view.style = xd_url_asset(xd_asset_url(cx, app, XD_S("maplibre.css")));
    xd_page_frame(&page, xd_say_s(&page, XD_W_ATLAS_TITLE, "type", view.type_label),
                  &view.page);
    xd_page_here(&page, &view.page, NULL, "map");
    xd_page_search(&page, &view.page, type);
    view.page.searchable = true;
    add_types(&page, type, &view);
    if (!add_rows(&page, type, &view)) {
        return false;
    }
    xd_out out = xd_page_out(&page);
    xd_tmpl_atlas(&out, &view);
    return xd_page_send(&page);
}
