/* The table of everything that is not a page: assets, health, feeds, the API; and what its
 * handlers share. */
#include "web/api.h"

#define COLLECTION "/api/collections/{type}"
#define TILES "tiles/WebMercatorQuad"

const xd_route xd_api_routes[] = {
  /* clang-format off */
    {XD_GET, "/healthz",            xd_health_serve,      XD_VERB_SEE,  false, 0, "Alive"},
    {XD_GET, "/readyz",             xd_ready_serve,       XD_VERB_SEE,  false, 0, "Ready to be asked"},
    {XD_GET, "/robots.txt",         xd_robots_serve,      XD_VERB_SEE,  false, 0, "For robots"},
    {XD_GET, "/favicon.ico",        xd_favicon_serve,     XD_VERB_SEE,  false, 0, "The site's icon"},
    {XD_GET, "/assets/{a}",         xd_asset_serve,       XD_VERB_SEE,  false, 0, "A built asset"},
    {XD_GET, "/assets/{a}/{b}",     xd_asset_serve,       XD_VERB_SEE,  false, 0, "A built asset"},
    {XD_GET, "/assets/{a}/{b}/{c}", xd_asset_serve,       XD_VERB_SEE,  false, 0, "A built asset"},
    {XD_GET, "/sitemap.xml",        xd_sitemap_serve,     XD_VERB_READ, false, 0, "For search engines"},
    {XD_GET, "/sitemap/{type}/{part}.xml", xd_sitemap_part_serve, XD_VERB_READ, true, 0, "A part of it"},
    {XD_GET, "/changes.atom",       xd_atom_serve,        XD_VERB_READ, true,  0, "What has changed lately"},

    {XD_GET, "/api",                xd_landing_serve,     XD_VERB_SEE,  false, 0, "OGC landing page"},
    {XD_GET, "/api/conformance",    xd_conformance_serve, XD_VERB_SEE,  false, 0, "Standards kept"},
    {XD_GET, "/api/openapi.json",   xd_open_api_serve,    XD_VERB_SEE,  false, 0, "OpenAPI 3.0"},
    {XD_GET, "/api/collections",    xd_collections_serve, XD_VERB_SEE,  false, 0, "All record types"},
    {XD_GET, COLLECTION,            xd_collection_serve,  XD_VERB_SEE,  false, 0, "One record type"},
    {XD_GET, COLLECTION "/items",   xd_items_serve,       XD_VERB_READ, false, 0, "Its records"},
    {XD_GET, COLLECTION "/items/{id}",  xd_item_serve,        XD_VERB_READ, false, 0, "One record"},
    {XD_GET, COLLECTION "/queryables",  xd_queryables_serve,  XD_VERB_SEE,  false, 0, "What filters may use"},
    {XD_GET, COLLECTION "/schema",      xd_schema_serve,      XD_VERB_SEE,  false, 0, "What records have"},
    {XD_GET, COLLECTION "/sortables",   xd_sortables_serve,   XD_VERB_SEE,  false, 0, "What may be sorted by"},
    {XD_GET, COLLECTION "/facets",      xd_facets_serve,      XD_VERB_READ, false, 0, "Counts by value"},
    {XD_GET, COLLECTION "/cells/{z}",   xd_cells_serve,       XD_VERB_READ, false, 0, "Counts by squares of the map"},
    {XD_GET, COLLECTION "/suggest",     xd_suggest_serve,     XD_VERB_READ, false, 0, "Completions"},
    {XD_GET, "/api/suggest",            xd_suggest_serve,     XD_VERB_READ, false, 0, "Completions of all types"},
    {XD_GET, COLLECTION "/tiles",       xd_tilesets_serve,    XD_VERB_SEE,  false, 0, "Its tile sets"},
    {XD_GET, COLLECTION "/" TILES,      xd_tileset_serve,     XD_VERB_SEE,  false, 0, "One tile set"},
    {XD_GET, COLLECTION "/" TILES "/tilejson",          xd_tilejson_serve, XD_VERB_SEE,  false, 0, "TileJSON 3"},
    {XD_GET, COLLECTION "/tilejson",                    xd_tilejson_serve, XD_VERB_SEE,  false, 0, "TileJSON 3"},
    {XD_GET, COLLECTION "/" TILES "/{z}/{row}/{col}",   xd_tile_serve,     XD_VERB_READ, false, 0, "A tile"},
    {XD_GET, "/api/tiles",                              xd_tilesets_serve, XD_VERB_SEE,  false, 0, "Tile sets of all types"},
    {XD_GET, "/api/" TILES,                             xd_tileset_serve,  XD_VERB_SEE,  false, 0, "One tile set"},
    {XD_GET, "/api/" TILES "/tilejson",                 xd_tilejson_serve, XD_VERB_SEE,  false, 0, "TileJSON 3"},
    {XD_GET, "/api/tilejson",                           xd_tilejson_serve, XD_VERB_SEE,  false, 0, "TileJSON 3"},
    {XD_GET, "/api/" TILES "/{z}/{row}/{col}",          xd_tile_serve,     XD_VERB_READ, false, 0, "A tile of all types"},
    {XD_GET, "/api/tileMatrixSets",                     xd_matrix_sets_serve, XD_VERB_SEE, false, 0, "Tiling schemes"},
    {XD_GET, "/api/tileMatrixSets/WebMercatorQuad",     xd_matrix_set_serve,  XD_VERB_SEE, false, 0, "The one in use"},

    {XD_GET, "/{type}.json",          xd_list_json_serve,      XD_VERB_READ, true,  0, "A result's bodies"},
    {XD_GET, "/{type}/{key}.json",    xd_record_json_serve,    XD_VERB_READ, false, 0, "A record's body"},
    {XD_GET, "/{type}/{key}.geojson", xd_record_geojson_serve, XD_VERB_READ, false, 0, "A record as a feature"},
  /* clang-format on */
};
const size_t xd_n_api_routes = XD_LEN(xd_api_routes);

bool xd_health_serve(xd_ctx *cx, const xd_app *app, const xd_request *request,
                     xd_response *response)
{
    (void)cx;
    (void)app;
    (void)request;
    response->type = XD_S("text/plain; charset=utf-8");
    response->max_age = -1;
    xd_buf_add(&response->body, XD_S("ok\n"));
    return true;
}

bool xd_robots_serve(xd_ctx *cx, const xd_app *app, const xd_request *request,
                     xd_response *response)
{
    (void)cx;
    (void)request;
    response->type = XD_S("text/plain; charset=utf-8");
    response->max_age = 3600;
    xd_buf_printf(&response->body,
                  "User-agent: *\nDisallow: /api/\nDisallow: /*?\n"
                  "Sitemap: " XD_FMT "/sitemap.xml\n",
                  XD_ARG(app->base_url));
    return true;
}

/* ---- shared -------------------------------------------------------------------------------- */

xd_str xd_api_site(xd_ctx *cx, const xd_app *app)
{
    return cx->lang == XD_EN ? xd_str_join(cx->arena, app->base_url, XD_S("/en"))
                             : app->base_url;
}

xd_str xd_api_collection(xd_ctx *cx, const xd_app *app, const xd_type *type)
{
    return xd_str_printf(cx->arena, XD_FMT "/api/collections/" XD_FMT,
                         XD_ARG(xd_api_site(cx, app)), XD_ARG(type->path));
}

const xd_type *xd_api_type(const xd_app *app, const xd_request *request)
{
    assert(request->n_parts > 0);
    return xd_type_by_path(app->model, request->parts[0]);
}

bool xd_api_bare(xd_ctx *cx, const xd_app *app, const xd_request *request)
{
    xd_asked asked;
    return xd_asked_read(cx, app, request, NULL, 0, true, &asked);
}

void xd_put(xd_buf *out, const char *json)
{
    xd_buf_add(out, xd_str_of(json));
}

void xd_put_key(xd_buf *out, const char *name)
{
    xd_buf_printf(out, "\"%s\":", name);
}

static void open_link(xd_buf *out, const char *rel, const char *media)
{
    if (out->n > 0 && out->p[out->n - 1] != '[') {
        xd_buf_byte(out, ',');
    }
    xd_buf_printf(out, "{\"rel\":\"%s\",", rel);
    if (media != NULL) {
        xd_buf_printf(out, "\"type\":\"%s\",", media);
    }
    xd_put_key(out, "href");
}

void xd_put_link(xd_buf *out, const char *rel, const char *media, xd_str href)
{
    open_link(out, rel, media);
    xd_buf_json(out, href, false);
    xd_buf_byte(out, '}');
}

void xd_put_self(xd_buf *out, const xd_app *app, const xd_request *request, xd_str param,
                 xd_str value)
{
    char join = '?';
    xd_buf_add(out, app->base_url);
    xd_buf_add(out, request->raw_path);
    for (size_t i = 0; i < request->n_params; i++) {
        if (xd_str_eq(request->params[i].name, param)) {
            continue;
        }
        xd_buf_byte(out, join);
        xd_buf_url(out, request->params[i].name);
        xd_buf_byte(out, '=');
        xd_buf_url(out, request->params[i].value);
        join = '&';
    }
    if (value.p != NULL) {
        xd_buf_byte(out, join);
        xd_buf_url(out, param);
        xd_buf_byte(out, '=');
        xd_buf_url(out, value);
    }
}

void xd_put_link_self(xd_buf *out, const xd_app *app, const xd_request *request,
                      const char *rel, const char *media, xd_str param, xd_str value)
{
    xd_buf address = {0};
    xd_put_self(&address, app, request, param, value);
    open_link(out, rel, media);
    xd_buf_json(out, xd_buf_str(&address), false);
    xd_buf_byte(out, '}');
    xd_buf_free(&address);
}
