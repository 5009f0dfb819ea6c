/* OGC API Features: records as features. */
#include "web/api.h"
#include "web/worked.h"

#define ITEMS_TAKES                                                                            \
    (XD_TAKES_WHAT | XD_TAKES_SORT | XD_TAKES_PAGE | XD_TAKES_FACETS | XD_TAKES_CRS |          \
     XD_TAKES_COMPUTED)

static void put_crs(xd_ctx *cx, const xd_asked *asked, xd_response *response)
{
    xd_header_add(cx, response, XD_S("Content-Crs"),
                  xd_str_printf(cx->arena, "<" XD_FMT ">", XD_ARG(asked->crs_uri)));
}

static void put_links(xd_ctx *cx, const xd_app *app, const xd_request *request,
                      const xd_type *type, xd_str next, xd_buf *out)
{
    xd_put(out, "\"links\":[");
    xd_put_link_self(out, app, request, "self", XD_GEOJSON_MEDIA, XD_S(""), (xd_str){0});
    if (next.p != NULL) {
        xd_put_link_self(out, app, request, "next", XD_GEOJSON_MEDIA, XD_S("cursor"), next);
    }
    xd_put_link(out, "alternate", "text/html",
                xd_str_printf(cx->arena, XD_FMT "/" XD_FMT, XD_ARG(xd_api_site(cx, app)),
                              XD_ARG(type->path)));
    xd_put_link(out, "collection", XD_JSON_MEDIA, xd_api_collection(cx, app, type));
    xd_put(out, "]");
}

bool xd_items_serve(xd_ctx *cx, const xd_app *app, const xd_request *request,
                    xd_response *response)
{
    const xd_type *type = xd_api_type(app, request);
    const xd_answer *answer;
    xd_buf *out = &response->body;
    xd_asked asked;
    if (!xd_asked_read(cx, app, request, type, ITEMS_TAKES, true, &asked)) {
        return false;
    }
    const xd_snap *snap = xd_snap_open(cx, app->index);
    xd_kin *kin =
        asked.computed || asked.light_order != 0 ? xd_worked_kin(cx, app, snap) : NULL;
    bool ok = asked.light_order != 0
                  ? xd_light_run(cx, kin, &asked.ask, asked.light_order, &answer)
                  : xd_ask_run(cx, snap, &asked.ask, &answer);
    if (!ok) {
        return xd_fail_note(cx, "items of " XD_FMT, XD_ARG(type->path));
    }
    xd_feature_way way = {app->model, snap, asked.crs, xd_api_site(cx, app),
                          asked.computed ? kin : NULL};
    response->type = XD_S(XD_GEOJSON_MEDIA);
    put_crs(cx, &asked, response);
    xd_buf_printf(out,
                  "{\"type\":\"FeatureCollection\",\"numberMatched\":%" PRIu64
                  ",\"numberReturned\":%zu,",
                  answer->matched, answer->n);
    put_links(cx, app, request, type, answer->next, out);
    if (answer->n_facets > 0) {
        xd_put(out, ",\"facets\":");
        xd_facets_write(cx, app, answer, out);
    }
    xd_put(out, ",\"features\":[");
    size_t written = 0;
    for (size_t i = 0; i < answer->n; i++) {
        const xd_json *body;
        int64_t rev;
        if (!xd_snap_body(cx, snap, answer->hits[i].id, &body, &rev)) {
            return false;
        }
        if (body == NULL) {
            continue; /* the one snapshot has both, so this is only a belt beside braces */
        }
        if (written++ > 0) {
            xd_buf_byte(out, ',');
        }
        if (!xd_feature_write(cx, &way, &app->room->props[type->at], answer->hits[i].id, body,
                              out)) {
            return false;
        }
        xd_buf_byte(out, '}');
    }
    xd_put(out, "]}\n");
    return kin == NULL || xd_worked_whole(cx, kin, answer->n);
}

bool xd_item_serve(xd_ctx *cx, const xd_app *app, const xd_request *request,
                   xd_response *response)
{
    const xd_type *type = xd_api_type(app, request);
    xd_buf *out = &response->body;
    const xd_json *body;
    xd_asked asked;
    int64_t id, rev;
    if (!xd_asked_read(cx, app, request, type, XD_TAKES_CRS | XD_TAKES_COMPUTED, true,
                       &asked)) {
        return false;
    }
    const xd_snap *snap = xd_snap_open(cx, app->index);
    if (!xd_app_record(cx, snap, type, request->parts[1], &id, &body, &rev)) {
        return false;
    }
    xd_feature_way way = {app->model, snap, asked.crs, xd_api_site(cx, app),
                          asked.computed ? xd_worked_kin(cx, app, snap) : NULL};
    response->type = XD_S(XD_GEOJSON_MEDIA);
    put_crs(cx, &asked, response);
    if (!xd_feature_write(cx, &way, &app->room->props[type->at], id, body, out)) {
        return false;
    }
    xd_str base = xd_api_collection(cx, app, type);
    xd_put(out, ",\"links\":[");
    xd_put_link(out, "self", XD_GEOJSON_MEDIA,
                xd_str_printf(cx->arena, XD_FMT "/items/%" PRId64, XD_ARG(base), id));
    xd_put_link(out, "alternate", "text/html",
                xd_str_printf(cx->arena, XD_FMT "/" XD_FMT "/%" PRId64,
                              XD_ARG(xd_api_site(cx, app)), XD_ARG(type->path), id));
    xd_put_link(out, "alternate", XD_JSON_MEDIA,
                xd_str_printf(cx->arena, XD_FMT "/" XD_FMT "/%" PRId64 ".json",
                              XD_ARG(xd_api_site(cx, app)), XD_ARG(type->path), id));
    xd_put_link(out, "collection", XD_JSON_MEDIA, base);
    xd_put(out, "]}\n");
    return true;
}
