/* OGC API Common: landing page, conformance, collections. */
#include "web/api.h"

static const char *const conformance[] = {
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/landing-page",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/json",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-json",
    "http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators",
    "http://www.opengis.net/spec/cql2/1.0/conf/case-insensitive-comparison",
    "http://www.opengis.net/spec/cql2/1.0/conf/accent-insensitive-comparison",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions-plus",
    "http://www.opengis.net/spec/cql2/1.0/conf/spatial-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/temporal-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/array-functions",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/dataset-tilesets",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
};

static xd_str site_word(const xd_app *app, const char *member, xd_lang lang)
{
    const xd_json *words = xd_json_get(xd_model_site(app->model), xd_str_of(member));
    xd_str word = xd_json_get_str(words, xd_lang_tag[lang]);
    word = word.p == NULL ? xd_json_get_str(words, xd_lang_tag[XD_ZH]) : word;
    return word.p == NULL ? XD_S("API") : word;
}

static xd_str below(xd_ctx *cx, const xd_app *app, const char *path)
{
    return xd_str_join(cx->arena, xd_api_site(cx, app), xd_str_of(path));
}

bool xd_landing_serve(xd_ctx *cx, const xd_app *app, const xd_request *request,
                      xd_response *response)
{
    xd_buf *out = &response->body;
    if (!xd_api_bare(cx, app, request)) {
        return false;
    }
    response->type = XD_S(XD_JSON_MEDIA);
    xd_put(out, "{\"title\":");
    xd_buf_json(out, site_word(app, "name", cx->lang), false);
    xd_put(out, ",\"description\":");
    xd_buf_json(out, site_word(app, "service", cx->lang), false);
    xd_put(out, ",\"links\":[");
    xd_put_link(out, "self", XD_JSON_MEDIA, below(cx, app, "/api"));
    xd_put_link(out, "alternate", "text/html", below(cx, app, "/data"));
    xd_put_link(out, "service-desc", XD_OPEN_API_MEDIA, below(cx, app, "/api/openapi.json"));
    xd_put_link(out, "service-doc", "text/html", below(cx, app, "/data"));
    xd_put_link(out, "conformance", XD_JSON_MEDIA, below(cx, app, "/api/conformance"));
    xd_put_link(out, "http://www.opengis.net/def/rel/ogc/1.0/conformance", XD_JSON_MEDIA,
                below(cx, app, "/api/conformance"));
    xd_put_link(out, "data", XD_JSON_MEDIA, below(cx, app, "/api/collections"));
    xd_put_link(out, "http://www.opengis.net/def/rel/ogc/1.0/data", XD_JSON_MEDIA,
                below(cx, app, "/api/collections"));
    xd_put_link(out, "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector", XD_JSON_MEDIA,
                below(cx, app, "/api/tiles"));
    xd_put_link(out, "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes", XD_JSON_MEDIA,
                below(cx, app, "/api/tileMatrixSets"));
    xd_put(out, "]}\n");
    return true;
}

bool xd_conformance_serve(xd_ctx *cx, const xd_app *app, const xd_request *request,
                          xd_response *response)
{
    xd_buf *out = &response->body;
    if (!xd_api_bare(cx, app, request)) {
        return false;
    }
    response->type = XD_S(XD_JSON_MEDIA);
    xd_put(out, "{\"conformsTo\":[");
    for (size_t i = 0; i < XD_LEN(conformance); i++) {
        xd_buf_printf(out, "%s\"%s\"", i == 0 ? "" : ",", conformance[i]);
    }
    xd_put(out, "]}\n");
    return true;
}

static void put_extent(xd_buf *out)
{
    /* The globe and all time: what is registered may lie anywhere, and a tighter extent would
     * change under a client's hands. */
    xd_put(out, "\"extent\":{\"spatial\":{\"bbox\":[[-180,-90,180,90]],"
                "\"crs\":\"http://www.opengis.net/def/crs/OGC/1.3/CRS84\"},"
                "\"temporal\":{\"interval\":[[null,null]],"
                "\"trs\":\"http://www.opengis.net/def/uom/ISO-8601/0/Gregorian\"}}");
}

static void put_collection(xd_ctx *cx, const xd_app *app, const xd_type *type, xd_buf *out)
{
    xd_str base = xd_api_collection(cx, app, type);
    xd_str about = xd_label_in(&type->about, cx->lang);
    xd_put(out, "{\"id\":");
    xd_buf_json(out, type->path, false);
    xd_put(out, ",\"title\":");
    xd_buf_json(
        out,
        xd_label_in(type->plural.in[XD_ZH].p == NULL ? &type->label : &type->plural, cx->lang),
        false);
    if (about.p != NULL) {
        xd_put(out, ",\"description\":");
        xd_buf_json(out, about, false);
    }
    xd_put(out, ",\"itemType\":\"feature\",");
    put_extent(out);
    xd_put(out, ",\"crs\":[");
    for (size_t i = 0; i < xd_n_api_crs; i++) {
        xd_buf_printf(out, "%s\"" XD_FMT "\"", i == 0 ? "" : ",", XD_ARG(xd_api_crs[i]));
    }
    xd_buf_printf(out, "],\"storageCrs\":\"" XD_FMT "\",\"links\":[", XD_ARG(xd_api_crs[0]));
    xd_put_link(out, "self", XD_JSON_MEDIA, base);
    xd_put_link(out, "items", XD_GEOJSON_MEDIA, xd_str_join(cx->arena, base, XD_S("/items")));
    xd_put_link(out, "alternate", "text/html",
                xd_str_printf(cx->arena, XD_FMT "/" XD_FMT, XD_ARG(xd_api_site(cx, app)),
                              XD_ARG(type->path)));
    xd_put_link(out, "http://www.opengis.net/def/rel/ogc/1.0/queryables", XD_SCHEMA_MEDIA,
                xd_str_join(cx->arena, base, XD_S("/queryables")));
    xd_put_link(out, "http://www.opengis.net/def/rel/ogc/1.0/sortables", XD_SCHEMA_MEDIA,
                xd_str_join(cx->arena, base, XD_S("/sortables")));
    xd_put_link(out, "http://www.opengis.net/def/rel/ogc/1.0/schema", XD_SCHEMA_MEDIA,
                xd_str_join(cx->arena, base, XD_S("/schema")));
    xd_put_link(out, "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector", XD_JSON_MEDIA,
                xd_str_join(cx->arena, base, XD_S("/tiles")));
    xd_put(out, "]}");
}

bool xd_collections_serve(xd_ctx *cx, const xd_app *app, const xd_request *request,
                          xd_response *response)
{
    xd_buf *out = &response->body;
    if (!xd_api_bare(cx, app, request)) {
        return false;
    }
    response->type = XD_S(XD_JSON_MEDIA);
    xd_put(out, "{\"links\":[");
    xd_put_link(out, "self", XD_JSON_MEDIA, below(cx, app, "/api/collections"));
    xd_put(out, "],\"collections\":[");
    for (size_t i = 0; i < xd_model_types(app->model); i++) {
        if (i > 0) {
            xd_buf_byte(out, ',');
        }
        put_collection(cx, app, xd_model_type(app->model, i), out);
    }
    xd_put(out, "]}\n");
    return true;
}

bool xd_collection_serve(xd_ctx *cx, const xd_app *app, const xd_request *request,
                         xd_response *response)
{
    if (!xd_api_bare(cx, app, request)) {
        return false;
    }
    response->type = XD_S(XD_JSON_MEDIA);
    put_collection(cx, app, xd_api_type(app, request), &response->body);
    xd_buf_byte(&response->body, '\n');
    return true;
}

bool xd_open_api_serve(xd_ctx *cx, const xd_app *app, const xd_request *request,
                       xd_response *response)
{
    if (!xd_api_bare(cx, app, request)) {
        return false;
    }
    response->type = XD_S(XD_OPEN_API_MEDIA);
    response->blob = &app->room->open_api[cx->lang];
    return true;
}
