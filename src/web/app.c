/* Routing: from a path to a handler, by walking the tables in order. They are short enough that
 * walking beats any cleverness; what is special stands before what is general. */
#include "base/log.h"
#include "web/api.h"
#include "web/app_room.h"
#include "web/position.h"
#include "web/site.h"
#include "web/tally.h"

/* ---- the room ------------------------------------------------------------------------------
 */

/* The API's description never changes while the program runs. */
static void describe(xd_ctx *cx, xd_app *app)
{
    struct xd_app_room *room = app->room;
    xd_lang lang = cx->lang;
    for (int l = 0; l < XD_LANGS; l++) {
        xd_buf out = {0};
        cx->lang = (xd_lang)l;
        xd_open_api_write(cx, app, &out);
        xd_blob_pack(room->arena, xd_buf_copy(&out, room->arena), &room->open_api[l]);
        xd_buf_free(&out);
    }
    cx->lang = lang;
}

/* A form with a fault is left out; the site goes on without it. */
static bool read_forms(xd_ctx *cx, const xd_app *app, struct xd_app_room *room)
{
    xd_faults faults = {0};
    if (app->model == NULL) {
        return true;
    }
    if (!xd_report_forms_read(cx, app->model, app->reports_dir, &faults, &room->forms)) {
        return false;
    }
    for (size_t i = 0; i < faults.n; i++) {
        const xd_fault *f = &faults.at[i];
        xd_log(XD_WARN, "report", XD_FMT ": " XD_FMT ": " XD_FMT, XD_ARG(f->file),
               XD_ARG(f->key), XD_ARG(f->reason));
    }
    return true;
}

bool xd_app_begin(xd_ctx *cx, xd_app *app)
{
    xd_arena *arena = xd_arena_make();
    struct xd_app_room *room = xd_new(arena, struct xd_app_room);
    room->arena = arena;
    if (!xd_assets_read(cx, room, app->ui_dir, app->base_map)) {
        xd_arena_free(arena);
        return false;
    }
    if (app->model != NULL && !xd_site_make(cx, app, &app->site)) {
        xd_arena_free(arena);
        return xd_fail_note(cx, "reading site.yaml and the base map");
    }
    if (!read_forms(cx, app, room)) {
        xd_arena_free(arena);
        return false;
    }
    room->props = xd_props_make(arena, app->model);
    room->tallies = xd_tallies_make();
    app->room = room;
    describe(cx, app);
    (void)pthread_mutex_init(&room->lock, NULL); /* the default kind needs no resources */
    (void)pthread_mutex_init(&room->counts_lock, NULL);
    return true;
}

void xd_app_end(xd_app *app)
{
    struct xd_app_room *room = app->room;
    if (room == NULL) {
        return;
    }
    app->room = NULL;
    for (xd_handle *h = room->free_handles; h != NULL; h = h->next) {
        xd_ctx_end(&h->cx); /* closes its store */
    }
    (void)pthread_mutex_destroy(&room->lock);
    (void)pthread_mutex_destroy(&room->counts_lock);
    xd_tallies_free(room->tallies);
    xd_arena_free(room->arena);
}

static void give_back(void *p)
{
    xd_handle *handle = p;
    (void)pthread_mutex_lock(&handle->room->lock);
    handle->next = handle->room->free_handles;
    handle->room->free_handles = handle;
    (void)pthread_mutex_unlock(&handle->room->lock);
}

static bool say_away(xd_ctx *cx)
{
    (void)xd_fail(cx, XD_BUSY, "the store is away");
    return xd_fail_words(
        cx,
        XD_S("数据库暂时联系不上，这一页现在打不开；搜索、地图和记录页照常可用。请稍后再试。"),
        XD_S("The database is away for the moment, so this page cannot be shown. Search, map "
             "and "
             "records work. Try again in a little while."));
}

bool xd_app_store(xd_ctx *cx, const xd_app *app, xd_store **ret_store)
{
    struct xd_app_room *room = app->room;
    if (atomic_load(&app->node.away)) {
        return say_away(cx);
    }
    (void)pthread_mutex_lock(&room->lock);
    xd_handle *handle = room->free_handles;
    if (handle != NULL) {
        room->free_handles = handle->next;
    } else {
        handle = xd_new(room->arena, xd_handle);
    }
    (void)pthread_mutex_unlock(&room->lock);
    if (handle->store == NULL) {
        handle->room = room;
        if (handle->cx.arena == NULL) {
            xd_ctx_begin(&handle->cx);
        }
        if (!xd_store_open(&handle->cx, app->store_place, XD_STORE_READ, &handle->store)) {
            xd_err err = xd_err_take(&handle->cx);
            (void)xd_fail(cx, err.code, XD_FMT, XD_ARG(err.message)); /* false below */
            xd_ctx_reset(&handle->cx);
            give_back(handle);
            return false;
        }
    }
    xd_defer(cx, give_back, handle);
    *ret_store = handle->store;
    return true;
}

bool xd_app_record(xd_ctx *cx, const xd_snap *snap, const xd_type *type, xd_str key,
                   int64_t *ret_id, const xd_json **ret_body, int64_t *ret_rev)
{
    const xd_json *body;
    int64_t rev, id = type == NULL ? 0 : xd_snap_find(snap, type, key);
    /* Asked for no record too: a broken file finds none, and says so here. */
    if (!xd_snap_body(cx, snap, id, &body, &rev)) {
        return false;
    }
    if (body == NULL) {
        return xd_fail(cx, XD_ABSENT, "no visible record " XD_FMT, XD_ARG(key));
    }
    *ret_id = id;
    *ret_body = body;
    *ret_rev = rev;
    return true;
}

/* ---- matching ------------------------------------------------------------------------------
 */

/* One segment against "{name}", "{name}.json" or "word". */
static bool match_segment(const xd_app *app, xd_str pattern, xd_str segment,
                          xd_request *request)
{
    if (pattern.n == 0 || pattern.p[0] != '{') {
        return xd_str_eq(pattern, segment);
    }
    size_t end = xd_str_find(pattern, XD_S("}"), 0);
    assert(end != SIZE_MAX && request->n_parts < XD_PARTS);
    xd_str name = xd_str_sub(pattern, 1, end), ending = xd_str_sub(pattern, end + 1, pattern.n);
    if (!xd_str_ends(segment, ending) || segment.n == ending.n) {
        return false;
    }
    xd_str value = xd_str_sub(segment, 0, segment.n - ending.n);
    if (xd_str_eq(name, XD_S("type")) &&
        (app->model == NULL || xd_type_by_path(app->model, value) == NULL)) {
        return false;
    }
    request->parts[request->n_parts++] = value;
    return true;
}

static bool match(const xd_app *app, const char *address, xd_request *request)
{
    xd_str pattern = xd_str_of(address + 1), path = xd_str_sub(request->path, 1, SIZE_MAX);
    xd_str want, got;
    size_t plain =
        strcspn(address, "{"); /* what has no part is compared at once: most differ */
    if (request->path.n < plain || memcmp(request->path.p, address, plain) != 0) {
        return false;
    }
    request->n_parts = 0;
    for (;;) {
        bool more = xd_str_cut(&pattern, '/', &want);
        if (xd_str_cut(&path, '/', &got) != more) {
            return false;
        }
        if (!more) {
            return true;
        }
        if (!match_segment(app, want, got, request)) {
            return false;
        }
    }
}

typedef struct xd_found {
    const xd_route *route;
    bool other_method; /* the address is ours, the method is not */
    bool posts;        /* … and one of its routes takes POST */
    bool api;
} xd_found;

static void look_in(const xd_app *app, const xd_route *routes, size_t n, bool api,
                    xd_request *request, xd_found *found)
{
    xd_method method = request->method == XD_HEAD ? XD_GET : request->method;
    for (size_t i = 0; i < n && found->route == NULL; i++) {
        if (!match(app, routes[i].address, request)) {
            continue;
        }
        if (routes[i].method == method) {
            found->route = &routes[i];
        } else {
            found->other_method = true;
            found->posts |= routes[i].method == XD_POST;
        }
        found->api |= api;
    }
}

static xd_found look_up(const xd_app *app, xd_request *request)
{
    xd_found found = {0};
    look_in(app, xd_api_routes, xd_n_api_routes, true, request, &found);
    if (found.route == NULL && !found.other_method) {
        look_in(app, xd_page_routes, xd_n_page_routes, false, request, &found);
    }
    return found;
}

xd_str xd_route_part(const xd_ctx *cx, const xd_request *request, size_t i)
{
    (void)cx;
    return i < request->n_parts ? request->parts[i] : (xd_str){0};
}

/* Whether its answer shows records, so that who has written one looks for it there. */
static bool shows_records(const xd_found *found)
{
    return !found->api || found->route->verb != XD_VERB_SEE;
}

/* An address with an ending is fetched by programs, and by people to keep. */
static bool is_page(const xd_found *found)
{
    return !found->api && strchr(found->route->address, '.') == NULL;
}

xd_plan xd_app_plan(void *user, const xd_request *request)
{
    xd_request copy = *request;
    xd_found found = look_up(user, &copy);
    if (found.route == NULL) {
        return (xd_plan){.unread = true};
    }
    return (xd_plan){.waits = found.route->waits,
                     .max_body = found.route->max_body,
                     .after = shows_records(&found) ? xd_position_of(user, request) : 0,
                     .limit_ms = found.route->max_body > 0 ? 120000 : 0};
}

/* ---- answering -----------------------------------------------------------------------------
 */

static bool speaks_json(const xd_request *request)
{
    return xd_str_eq(request->path, XD_S("/api")) ||
           xd_str_starts(request->path, XD_S("/api/")) ||
           xd_str_ends(request->path, XD_S("json")) ||
           (xd_str_find(request->accept, XD_S("json"), 0) != SIZE_MAX &&
            xd_str_find(request->accept, XD_S("text/html"), 0) == SIZE_MAX);
}

xd_str xd_first_page(xd_ctx *cx, const xd_request *request)
{
    xd_str rest = request->raw_query, part;
    xd_buf b = {0};
    if (!xd_param_has(request, XD_S("cursor")) ||
        xd_str_starts(request->raw_path, XD_S("//"))) { /* would lead elsewhere */
        return (xd_str){0};
    }
    xd_buf_add(&b, request->raw_path);
    char before = '?';
    while (rest.n > 0 && xd_str_cut(&rest, '&', &part)) {
        if (part.n > 0 && !xd_str_starts(part, XD_S("cursor="))) {
            xd_buf_byte(&b, before);
            xd_buf_add(&b, part);
            before = '&';
        }
    }
    xd_str first = xd_buf_copy(&b, cx->arena);
    xd_buf_free(&b);
    return first;
}

static void problem_json(xd_ctx *cx, const xd_request *request, xd_response *response)
{
    xd_buf *out = &response->body;
    response->type = XD_S("application/problem+json");
    xd_buf_printf(out, "{\"type\":\"about:blank\",\"status\":%d,\"title\":", response->status);
    /* The code's own words, without those of this one case. */
    xd_ctx bare = {.arena = cx->arena, .lang = cx->lang, .err = {.code = cx->err.code}};
    xd_buf_json(out, xd_err_sentence(&bare), false);
    xd_buf_add(out, XD_S(",\"detail\":"));
    xd_buf_json(out, xd_err_sentence(cx), false);
    xd_str first = response->status == 410 ? xd_first_page(cx, request) : (xd_str){0};
    if (first.n > 0) {
        xd_buf_add(out, XD_S(",\"links\":[{\"rel\":\"first\",\"href\":"));
        xd_buf_json(out, first, false);
        xd_buf_add(out, XD_S("}]"));
    }
    xd_buf_add(out, XD_S("}\n"));
}

static void say_error(xd_ctx *cx, const xd_app *app, const xd_request *request,
                      xd_response *response)
{
    if (speaks_json(request)) {
        response->any_origin = true;
        problem_json(cx, request, response);
    } else {
        xd_page_error(cx, app, request, response);
    }
}

static void allow(xd_ctx *cx, const xd_found *found, xd_response *response)
{
    /* posts: a GET was asked for, so POST is what there is; else what is there is GET. */
    xd_str methods = found->posts && found->route != NULL ? XD_S("GET, HEAD, POST, OPTIONS")
                     : found->posts                       ? XD_S("POST, OPTIONS")
                                                          : XD_S("GET, HEAD, OPTIONS");
    xd_header_add(cx, response, XD_S("Allow"), methods);
    if (found->api) {
        response->any_origin = true;
        xd_header_add(cx, response, XD_S("Access-Control-Allow-Methods"), methods);
        xd_header_add(
            cx, response, XD_S("Access-Control-Allow-Headers"),
            XD_S("Accept, Accept-Language, Content-Type, If-None-Match, Xiudai-Position"));
        xd_header_add(cx, response, XD_S("Access-Control-Max-Age"), XD_S("86400"));
    }
}

/* "/a/b/" means "/a/b". */
static bool drop_slash(xd_ctx *cx, const xd_request *request, xd_response *response)
{
    xd_str to = xd_str_sub(request->raw_path, 0, request->raw_path.n - 1);
    response->status = 308;
    xd_header_add(cx, response, XD_S("Location"),
                  request->raw_query.n == 0
                      ? to
                      : xd_str_printf(cx->arena, XD_FMT "?" XD_FMT, XD_ARG(to),
                                      XD_ARG(request->raw_query)));
    response->type = XD_S("text/plain; charset=utf-8");
    return true;
}

bool xd_app_serve(xd_ctx *cx, void *user, const xd_request *request, xd_response *response)
{
    const xd_app *app = user;
    xd_request matched = *request;
    if (request->path.n > 1 && xd_str_ends(request->path, XD_S("/"))) {
        return drop_slash(cx, request, response);
    }
    xd_found found = look_up(app, &matched);
    if (found.route != NULL) {
        response->any_origin = found.api;
        if (found.api && xd_node_stale_since(app) != 0) {
            xd_header_add(cx, response, XD_S("Xiudai-As-Of"),
                          xd_time_text(cx->arena, xd_node_stale_since(app)));
        }
        if (shows_records(&found) &&
            !xd_position_begin(cx, app, is_page(&found) && !speaks_json(request), &matched,
                               response)) {
            return false;
        }
        return found.route->handler(cx, app, &matched, response);
    }
    if (!found.other_method) {
        return xd_fail(cx, XD_ABSENT, "no address " XD_FMT, XD_ARG(request->path));
    }
    allow(cx, &found, response);
    if (request->method == XD_OPTIONS) {
        response->status = 204;
        return true;
    }
    response->status = 405;
    cx->err.code = XD_DENIED; /* for its look only: the status stands */
    (void)xd_fail_words(cx, XD_S("这个地址不接受该方法。"),
                        XD_S("This address does not take that method."));
    say_error(cx, app, request, response);
    return true;
}

void xd_app_error(xd_ctx *cx, void *user, const xd_request *request, xd_response *response)
{
    if (response->status >= 500) {
        xd_log_err(cx, "failed");
    } else { /* what visitors ask for in vain is no fault of ours */
        xd_log(XD_DEBUG, "refused", "%d " XD_FMT, response->status, XD_ARG(cx->err.message));
    }
    if (response->status == 503) {
        xd_header_add(cx, response, XD_S("Retry-After"), XD_S("2"));
    }
    say_error(cx, user, request, response);
}
