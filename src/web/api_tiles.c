/* OGC API Tiles, TileJSON, the one tiling scheme. In OGC paths the row stands before the column;
 * TileJSON says {z}/{y}/{x} for the same address. */
#include "web/api.h"

#define QUAD "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
#define EDGE_M 20037508.3427892
#define SCALE_0 559082264.028717 /* of 256 pixels of 0.28 mm, OGC 17-083r4 */
#define TILE_TAKES (XD_TAKES_WHAT | XD_TAKES_COLOUR)

/* The type of the address, or NULL for all types together. */
static const xd_type *tile_type(const xd_app *app, const xd_request *request)
{
    return xd_str_starts(request->path, XD_S("/api/collections/")) ? xd_api_type(app, request)
                                                                   : NULL;
}

static xd_str tile_base(xd_ctx *cx, const xd_app *app, const xd_type *type)
{
    return xd_str_join(cx->arena,
                       type == NULL ? xd_str_join(cx->arena, xd_api_site(cx, app), XD_S("/api"))
                                    : xd_api_collection(cx, app, type),
                       XD_S("/tiles"));
}

bool xd_tile_serve(xd_ctx *cx, const xd_app *app, const xd_request *request,
                   xd_response *response)
{
    const xd_type *type = tile_type(app, request);
    size_t first = type == NULL ? 0 : 1;
    int64_t z, row, col;
    xd_asked asked;
    if (!xd_str_int(request->parts[first], &z) ||
        !xd_str_int(request->parts[first + 1], &row) ||
        !xd_str_int(request->parts[first + 2], &col) || !xd_tile_ok(z, col, row)) {
        return xd_fail(cx, XD_ABSENT, "no such tile");
    }
    if (!xd_asked_read(cx, app, request, type, TILE_TAKES, true, &asked)) {
        return false;
    }
    xd_tile tile = {.z = (int)z, .x = (uint32_t)col, .y = (uint32_t)row};
    if (!xd_ask_tile(cx, xd_snap_open(cx, app->index), &asked.ask, tile, asked.colour,
                     &response->body)) {
        return xd_fail_note(cx, "tile %" PRId64 "/%" PRId64 "/%" PRId64, z, row, col);
    }
    if (response->body.n == 0) {
        response->status = 204;
        return true;
    }
    response->type = XD_S(XD_MVT_MEDIA);
    return true;
}

static void put_title(xd_ctx *cx, const xd_app *app, const xd_type *type, xd_buf *out)
{
    const xd_json *name = xd_json_get(xd_model_site(app->model), XD_S("name"));
    xd_str all = xd_json_get_str(name, xd_lang_tag[cx->lang]);
    xd_put_key(out, "title");
    xd_buf_json(out,
                type != NULL    ? xd_label_in(&type->label, cx->lang)
                : all.p == NULL ? XD_S("WebMercatorQuad")
                                : all,
                false);
}

static void put_tileset(xd_ctx *cx, const xd_app *app, const xd_type *type, bool whole,
                        xd_buf *out)
{
    xd_str base = tile_base(cx, app, type);
    xd_buf_byte(out, '{');
    put_title(cx, app, type, out);
    xd_put(out,
           ",\"dataType\":\"vector\",\"crs\":\"http://www.opengis.net/def/crs/EPSG/0/3857\","
           "\"tileMatrixSetURI\":\"" QUAD "\"");
    if (whole) {
        xd_put(out, ",\"layers\":[{\"id\":\"records\",\"dataType\":\"vector\"},"
                    "{\"id\":\"somewhere\",\"dataType\":\"vector\"}]");
    }
    xd_put(out, ",\"links\":[");
    xd_put_link(out, "self", XD_JSON_MEDIA,
                xd_str_join(cx->arena, base, XD_S("/WebMercatorQuad")));
    xd_put_link(out, "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme", XD_JSON_MEDIA,
                xd_str_join(cx->arena, xd_api_site(cx, app),
                            XD_S("/api/tileMatrixSets/WebMercatorQuad")));
    xd_put_link(out, "describedby", XD_JSON_MEDIA,
                xd_str_join(cx->arena, base, XD_S("/WebMercatorQuad/tilejson")));
    xd_put(out,
           ",{\"rel\":\"item\",\"type\":\"" XD_MVT_MEDIA "\",\"templated\":true,\"href\":");
    xd_buf_json(
        out,
        xd_str_join(cx->arena, base, XD_S("/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}")),
        false);
    xd_put(out, "}]}");
}

bool xd_tilesets_serve(xd_ctx *cx, const xd_app *app, const xd_request *request,
                       xd_response *response)
{
    xd_buf *out = &response->body;
    if (!xd_api_bare(cx, app, request)) {
        return false;
    }
    response->type = XD_S(XD_JSON_MEDIA);
    xd_put(out, "{\"links\":[");
    xd_put_link(out, "self", XD_JSON_MEDIA, tile_base(cx, app, tile_type(app, request)));
    xd_put(out, "],\"tilesets\":[");
    put_tileset(cx, app, tile_type(app, request), false, out);
    xd_put(out, "]}\n");
    return true;
}

bool xd_tileset_serve(xd_ctx *cx, const xd_app *app, const xd_request *request,
                      xd_response *response)
{
    if (!xd_api_bare(cx, app, request)) {
        return false;
    }
    response->type = XD_S(XD_JSON_MEDIA);
    put_tileset(cx, app, tile_type(app, request), true, &response->body);
    xd_buf_byte(&response->body, '\n');
    return true;
}

/* Takes the parameters of a tile and hands them on, so a filtered map needs one address only. */
bool xd_tilejson_serve(xd_ctx *cx, const xd_app *app, const xd_request *request,
                       xd_response *response)
{
    const xd_type *type = tile_type(app, request);
    xd_buf *out = &response->body;
    xd_asked asked;
    if (!xd_asked_read(cx, app, request, type, TILE_TAKES, true, &asked)) {
        return false;
    }
    response->type = XD_S(XD_JSON_MEDIA);
    xd_put(out, "{\"tilejson\":\"3.0.0\",");
    xd_str name = type == NULL ? XD_S("all") : type->path;
    xd_put_key(out, "name");
    xd_buf_json(out, name, false);
    xd_put(out, ",\"tiles\":[");
    xd_buf_json(out,
                xd_str_printf(cx->arena, XD_FMT "/WebMercatorQuad/{z}/{y}/{x}%s" XD_FMT,
                              XD_ARG(tile_base(cx, app, type)),
                              request->raw_query.n > 0 ? "?" : "", XD_ARG(request->raw_query)),
                false);
    xd_buf_printf(out,
                  "],\"minzoom\":0,\"maxzoom\":%d,\"bounds\":[-180,-85.0511,180,85.0511],"
                  "\"center\":[117.2,31.8,6],",
                  XD_TILE_POINTS_ZOOM + 2);
    xd_put(out, "\"vector_layers\":["
                "{\"id\":\"records\",\"fields\":{\"count\":\"Number\",\"value\":\"String\","
                "\"id\":\"Number\",\"title\":\"String\",\"type\":\"String\","
                "\"precision\":\"String\"}},"
                "{\"id\":\"somewhere\",\"fields\":{\"count\":\"Number\",\"value\":\"String\","
                "\"id\":\"Number\",\"title\":\"String\",\"type\":\"String\"}}]}\n");
    return true;
}

bool xd_matrix_sets_serve(xd_ctx *cx, const xd_app *app, const xd_request *request,
                          xd_response *response)
{
    xd_buf *out = &response->body;
    if (!xd_api_bare(cx, app, request)) {
        return false;
    }
    response->type = XD_S(XD_JSON_MEDIA);
    xd_put(out, "{\"tileMatrixSets\":[{\"id\":\"WebMercatorQuad\","
                "\"title\":\"Google Maps Compatible for the World\",\"uri\":\"" QUAD "\","
                "\"links\":[");
    xd_put_link(out, "self", XD_JSON_MEDIA,
                xd_str_join(cx->arena, xd_api_site(cx, app),
                            XD_S("/api/tileMatrixSets/WebMercatorQuad")));
    xd_put(out, "]}]}\n");
    return true;
}

bool xd_matrix_set_serve(xd_ctx *cx, const xd_app *app, const xd_request *request,
                         xd_response *response)
{
    xd_buf *out = &response->body;
    if (!xd_api_bare(cx, app, request)) {
        return false;
    }
    response->type = XD_S(XD_JSON_MEDIA);
    xd_put(out,
           "{\"id\":\"WebMercatorQuad\",\"title\":\"Google Maps Compatible for the World\","
           "\"uri\":\"" QUAD "\",\"crs\":\"http://www.opengis.net/def/crs/EPSG/0/3857\","
           "\"orderedAxes\":[\"X\",\"Y\"],"
           "\"wellKnownScaleSet\":\"http://www.opengis.net/def/wkss/OGC/1.0/"
           "GoogleMapsCompatible\","
           "\"tileMatrices\":[");
    double scale = SCALE_0, cell = 2 * EDGE_M / 256;
    for (int z = 0; z <= XD_TILE_ZOOM; z++, scale /= 2, cell /= 2) {
        xd_buf_printf(out,
                      "%s{\"id\":\"%d\",\"scaleDenominator\":%.15g,\"cellSize\":%.15g,"
                      "\"cornerOfOrigin\":\"topLeft\",\"pointOfOrigin\":[%.15g,%.15g],"
                      "\"tileWidth\":256,\"tileHeight\":256,\"matrixWidth\":%ld,"
                      "\"matrixHeight\":%ld}",
                      z == 0 ? "" : ",", z, scale, cell, -EDGE_M, EDGE_M, 1L << z, 1L << z);
    }
    xd_put(out, "]}\n");
    return true;
}
