/* Records beside their pages: bodies as kept (.json), and one as a feature (.geojson). */
#include <unistd.h>

#include "base/file.h"
#include "web/api.h"

#define FLUSH_FROM ((size_t)64 << 10)

static bool find(xd_ctx *cx, const xd_app *app, const xd_request *request, const xd_snap *snap,
                 int64_t *ret_id, const xd_json **ret_body)
{
    int64_t rev;
    return xd_app_record(cx, snap, xd_api_type(app, request), request->parts[1], ret_id,
                         ret_body, &rev);
}

/* {"id", "title", "page", "body"} */
static void put_record(xd_ctx *cx, const xd_app *app, const xd_type *type, int64_t id,
                       const xd_json *body, xd_buf *out)
{
    xd_buf page = {0};
    xd_buf_printf(&page, XD_FMT "/" XD_FMT "/", XD_ARG(xd_api_site(cx, app)),
                  XD_ARG(type->path));
    xd_buf_url(&page, xd_record_key_text(cx->arena, id, body));
    xd_buf_printf(out, "{\"id\":%" PRId64 ",\"title\":", id);
    xd_buf_json(out, xd_body_title(cx, app->model, body), false);
    xd_put(out, ",\"page\":");
    xd_buf_json(out, xd_buf_str(&page), false);
    xd_buf_free(&page);
    xd_put(out, ",\"body\":");
    xd_json_canonical(out, body);
    xd_buf_byte(out, '}');
}

bool xd_record_json_serve(xd_ctx *cx, const xd_app *app, const xd_request *request,
                          xd_response *response)
{
    const xd_json *body;
    int64_t id;
    if (!find(cx, app, request, xd_snap_open(cx, app->index), &id, &body)) {
        return false;
    }
    response->type = XD_S(XD_JSON_MEDIA);
    put_record(cx, app, xd_api_type(app, request), id, body, &response->body);
    xd_buf_byte(&response->body, '\n');
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
    xd_feature_way way = {app->model, snap, NULL, xd_api_site(cx, app), NULL};
    response->type = XD_S(XD_GEOJSON_MEDIA);
    if (!xd_feature_write(cx, &way, &app->room->props[type->at], id, body, &response->body)) {
        return false;
    }
    xd_put(&response->body, "}\n");
    return true;
}

/* ---- a whole list -------------------------------------------------------------------------- */

typedef struct list_out {
    const xd_app *app;
    const xd_type *type;
    const xd_snap *snap;
    xd_buf out;
    int fd; /* −1 once it is the response's */
    size_t n;
} list_out;

static void list_end(void *p)
{
    list_out *list = p;
    xd_buf_free(&list->out);
    if (list->fd >= 0) {
        (void)close(list->fd); /* half written, and gone with it */
    }
}

static bool put_listed(xd_ctx *cx, void *user, xd_hit hit)
{
    list_out *list = user;
    const xd_json *body;
    int64_t rev;
    if (!xd_snap_body(cx, list->snap, hit.id, &body, &rev)) {
        return false;
    }
    if (body == NULL) {
        return true;
    }
    xd_put(&list->out, list->n++ == 0 ? "\n" : ",\n");
    put_record(cx, list->app, list->type, hit.id, body, &list->out);
    if (list->out.n > FLUSH_FROM) {
        if (!xd_file_write(cx, list->fd, xd_buf_str(&list->out))) {
            return false;
        }
        xd_buf_clear(&list->out);
    }
    return true;
}

/* Bodies of all a query finds, as kept; through a file, so that memory stays bounded. */
bool xd_list_json_serve(xd_ctx *cx, const xd_app *app, const xd_request *request,
                        xd_response *response)
{
    list_out *list = xd_new(cx->arena, list_out);
    *list = (list_out){.app = app,
                       .type = xd_api_type(app, request),
                       .snap = xd_snap_open(cx, app->index),
                       .fd = -1};
    xd_ask ask;
    if (!xd_ask_from(cx, app, request, list->type, false, &ask) ||
        !xd_file_unnamed(cx, &list->fd)) {
        return false;
    }
    xd_defer(cx, list_end, list);
    xd_buf_byte(&list->out, '[');
    if (!xd_ask_each(cx, list->snap, &ask, put_listed, list)) {
        return xd_fail_note(cx, "the list of " XD_FMT, XD_ARG(list->type->path));
    }
    xd_put(&list->out, "\n]\n");
    if (!xd_file_write(cx, list->fd, xd_buf_str(&list->out))) {
        return false;
    }
    response->type = XD_S(XD_JSON_MEDIA);
    response->fd = list->fd;
    list->fd = -1;
    return true;
}
