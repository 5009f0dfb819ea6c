/* Files out of pages: a list's result, a record's row, an empty table to fill. Written to an
 * unlinked file first, so memory stays bounded and a failure can still be said with its status. */
#include <unistd.h>

#include "base/file.h"
#include "index/refer.h"
#include "web/page.h"
#include "web/worked.h"

static void close_fd(void *p)
{
    int fd = *(int *)p;
    if (fd >= 0) {
        (void)close(fd); /* only written to the page cache; nothing was promised */
    }
}

/* Hands the file to the response. */
static void send_file(xd_page *page, int fd, xd_format format, xd_str name)
{
    xd_ctx *cx = page->cx;
    xd_buf encoded = {0};

    xd_buf_url(&encoded, name);
    page->response->type = xd_format_media(format);
    page->response->fd = fd;
    xd_header_add(cx, page->response, XD_S("Content-Disposition"),
                  xd_str_printf(cx->arena, "attachment; filename*=UTF-8''" XD_FMT,
                                XD_ARG(xd_buf_str(&encoded))));
    xd_buf_free(&encoded);
}

/* ---- bodies, one after another -------------------------------------------------------------- */

typedef struct bodies {
    xd_page *page;
    const int64_t *ids;
    size_t n, at;
    xd_kin *kin; /* computed values are told too; NULL: they are not */
} bodies;

static bool next_body(void *user, xd_ctx *cx, int64_t *ret_id, const xd_json **ret_body)
{
    bodies *b = user;
    *ret_body = NULL;
    while (*ret_body == NULL && b->at < b->n) {
        int64_t rev;
        *ret_id = b->ids[b->at++];
        if (!xd_snap_body(cx, b->page->snap, *ret_id, ret_body, &rev)) {
            return false;
        }
    }
    /* In the page's context: what one record's light was worked out from is kept for the next. */
    return b->kin == NULL || *ret_body == NULL ||
           xd_worked_body(b->page->cx, b->kin, *ret_id, *ret_body, ret_body);
}

static bool run(xd_page *page, const xd_type *type, xd_format format, bodies *b, xd_str name)
{
    xd_ctx *cx = page->cx;
    int *fd = xd_new(cx->arena, int);
    xd_export_options options = {
        .type = type,
        .format = format,
        .bom = format == XD_CSV,
        .gb18030 = xd_str_eq(xd_param_get(page->request, XD_S("encoding")), XD_S("gb18030")),
        .lang = cx->lang,
        .public_only = true,
        .title = xd_type_plural(page, type),
        .licence = xd_site_setting(page->app, XD_S("licence")),
        .base_url = page->app->base_url,
    };

    if (b->kin != NULL) {
        xd_worked_columns(cx, type, &options.more, &options.n_more);
    }
    if (!xd_file_unnamed(cx, fd)) {
        return false;
    }
    xd_defer(cx, close_fd, fd);
    if (!xd_export_run(cx, page->app->model, &options, next_body, b, xd_refer_text,
                       xd_refer_make(cx, page->app->model, page->snap), *fd)) {
        return xd_fail_note(cx, "exporting " XD_FMT, XD_ARG(type->name));
    }
    if (b->kin != NULL && !xd_worked_whole(cx, b->kin, b->n)) {
        return false;
    }
    send_file(page, *fd, format, name);
    *fd = -1; /* the response's now */
    return true;
}

/* ---- what the addresses say ----------------------------------------------------------------- */

typedef struct id_list {
    xd_page *page;
    XD_VEC(int64_t) ids;
} id_list;

static bool take_id(xd_ctx *cx, void *user, xd_hit hit)
{
    id_list *list = user;
    (void)cx; /* the page's arena outlives the walk */
    *xd_push(list->page->cx->arena, &list->ids) = hit.id;
    return true;
}

static bool export_list(xd_ctx *cx, const xd_app *app, const xd_request *request,
                        xd_response *response, xd_format format, const char *ending)
{
    xd_page page;
    xd_ask ask;

    xd_page_begin(cx, app, request, response, &page);
    const xd_type *type = xd_type_by_path(app->model, xd_route_part(cx, request, 0));
    if (type == NULL) {
        return xd_fail(cx, XD_ABSENT, "no type at " XD_FMT, XD_ARG(request->path));
    }
    if (!xd_ask_from(cx, app, request, type, false, &ask)) {
        return false;
    }
    id_list list = {.page = &page};
    int order = xd_light_order(request, type);
    /* Ten bytes of a Shapefile's names are too few for what imports know again. */
    bool computed =
        format != XD_SHP && xd_str_eq(xd_param_get(request, XD_S("computed")), XD_S("true"));
    xd_kin *kin = xd_worked_kin(cx, app, page.snap);
    if (order != 0 ? !xd_light_ids(cx, kin, &ask, order, &list.ids.at, &list.ids.n)
                   : !xd_ask_each(cx, page.snap, &ask, take_id, &list)) {
        return false;
    }
    if (computed && !xd_worked_whole(cx, kin, list.ids.n)) {
        return false;
    }
    bodies b = {
        .page = &page, .ids = list.ids.at, .n = list.ids.n, .kin = computed ? kin : NULL};
    return run(
        &page, type, format, &b,
        xd_str_printf(cx->arena, XD_FMT "%s", XD_ARG(xd_type_plural(&page, type)), ending));
}

bool xd_page_list_csv(xd_ctx *cx, const xd_app *app, const xd_request *request,
                      xd_response *response)
{
    return export_list(cx, app, request, response, XD_CSV, ".csv");
}

bool xd_page_list_xlsx(xd_ctx *cx, const xd_app *app, const xd_request *request,
                       xd_response *response)
{
    return export_list(cx, app, request, response, XD_XLSX, ".xlsx");
}

bool xd_page_list_geojson(xd_ctx *cx, const xd_app *app, const xd_request *request,
                          xd_response *response)
{
    return export_list(cx, app, request, response, XD_GEOJSON, ".geojson");
}

bool xd_page_list_gpkg(xd_ctx *cx, const xd_app *app, const xd_request *request,
                       xd_response *response)
{
    return export_list(cx, app, request, response, XD_GPKG, ".gpkg");
}

bool xd_page_list_shp(xd_ctx *cx, const xd_app *app, const xd_request *request,
                      xd_response *response)
{
    return export_list(cx, app, request, response, XD_SHP, ".zip");
}

bool xd_page_row_csv(xd_ctx *cx, const xd_app *app, const xd_request *request,
                     xd_response *response)
{
    xd_page page;

    xd_page_begin(cx, app, request, response, &page);
    const xd_type *type = xd_type_by_path(app->model, xd_route_part(cx, request, 0));
    xd_str key = xd_route_part(cx, request, 1);
    const xd_json *body;
    int64_t id, rev;
    if (!xd_app_record(cx, page.snap, type, key, &id, &body, &rev)) {
        return false;
    }
    bodies b = {.page = &page, .ids = &id, .n = 1};
    return run(&page, type, XD_CSV, &b, xd_str_printf(cx->arena, XD_FMT ".csv", XD_ARG(key)));
}

bool xd_page_template(xd_ctx *cx, const xd_app *app, const xd_request *request,
                      xd_response *response)
{
    xd_page page;
    int *fd = xd_new(cx->arena, int);

    xd_page_begin(cx, app, request, response, &page);
    const xd_type *type = xd_type_by_path(app->model, xd_route_part(cx, request, 0));
    if (type == NULL) {
        return xd_fail(cx, XD_ABSENT, "no type at " XD_FMT, XD_ARG(request->path));
    }
    if (!xd_file_unnamed(cx, fd)) {
        return false;
    }
    xd_defer(cx, close_fd, fd);
    if (!xd_template_write(cx, app->model, type, cx->lang, *fd)) {
        return xd_fail_note(cx, "the template of " XD_FMT, XD_ARG(type->name));
    }
    send_file(&page, *fd, XD_XLSX,
              xd_say_s(&page, XD_W_DATA_TEMPLATE_FILE, "type", xd_type_plural(&page, type)));
    *fd = -1;
    return true;
}
