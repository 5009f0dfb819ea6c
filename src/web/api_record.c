/* One record beside its page: the body as kept (.json), and as a feature (.geojson). */
#include "web/api.h"

static bool find(xd_ctx *cx, const xd_app *app, const xd_request *request, const xd_snap *snap,
                 int64_t *ret_id, const xd_json **ret_body)
{
    const xd_json *body = NULL;
    int64_t rev, id = xd_snap_find(snap, xd_api_type(app, request), request->parts[1]);
    if (id != 0 && !xd_snap_body(cx, snap, id, &body, &rev)) {
        return false;
    }
    if (body == NULL) {
        return xd_fail(cx, XD_ABSENT, "no record " XD_FMT, XD_ARG(request->parts[1]));
    }
    *ret_id = id;
    *ret_body = body;
    return true;
}

bool xd_record_json_serve(xd_ctx *cx, const xd_app *app, const xd_request *request,
                          xd_response *response)
{
    const xd_type *type = xd_api_type(app, request);
    xd_buf *out = &response->body;
    const xd_json *body;
    int64_t id;
    if (!find(cx, app, request, xd_snap_open(cx, app->index), &id, &body)) {
        return false;
    }
    xd_buf key = {0};
    xd_buf_url(&key, xd_record_key_text(cx->arena, id, body));
    response->type = XD_S(XD_JSON_MEDIA);
    xd_buf_printf(out, "{\"id\":%" PRId64 ",\"title\":", id);
    xd_buf_json(out, xd_body_title(cx, app->model, body), false);
    xd_put(out, ",\"page\":");
    xd_buf_json(out,
                xd_str_printf(cx->arena, XD_FMT "/" XD_FMT "/" XD_FMT,
                              XD_ARG(xd_api_site(cx, app)), XD_ARG(type->path),
                              XD_ARG(xd_buf_str(&key))),
                false);
    xd_buf_free(&key);
    xd_put(out, ",\"body\":");
    xd_json_canonical(out, body);
    xd_put(out, "}\n");
    return true;
}

bool xd_record_geojson_serve(xd_ctx *cx, const xd_app *app, const xd_request *request,
                             xd_response *response)
{
    const xd_type *type = xd_api_type(app, request);
    const xd_snap *snap = xd_snap_open(cx, app->index);
    const xd_json *body;
    int64_t id;
    if (!find(cx, app, request, snap, &id, &body)) {
        return false;
    }
    xd_feature_way way = {app->model, snap, NULL, xd_api_site(cx, app)};
    response->type = XD_S(XD_GEOJSON_MEDIA);
    if (!xd_feature_write(cx, &way, &app->room->props[type->at], id, body, &response->body)) {
        return false;
    }
    xd_put(&response->body, "}\n");
    return true;
}
