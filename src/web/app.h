/* web/app.h — what every handler is given, and the table of routes.
 *
 * Routes name a verb and nothing more; what may be seen is decided by the index (public
 * visibility) and xd_body_public(). API handlers (api_*.c) and page handlers (page_*.c) are
 * strangers that share this file, view.h and url.h. */
#ifndef XD_WEB_APP_H
#define XD_WEB_APP_H

#include <stdatomic.h>

#include "exchange/export.h"
#include "exchange/import.h"
#include "geo/region.h"
#include "index/index.h"
#include "index/position.h"
#include "web/http.h"

/* How far this process is with the log: written by the follower, read by pages, /readyz and
 * /metrics. */
typedef enum xd_read_only {
    XD_NODE_WRITES,
    XD_NODE_OTHER_MODEL, /* the log has gone on to a model that is not ours */
    XD_NODE_OTHER_SCHEMA,
} xd_read_only;
typedef struct xd_node {
    _Atomic int64_t head;     /* newest seq the log was seen to have */
    _Atomic int64_t whole;    /* when the index last held all of it; µs, monotonic */
    _Atomic int64_t whole_at; /* the same, µs since 1970 */
    _Atomic bool away;        /* the store does not answer, or has less than we have read */
    _Atomic int read_only;    /* xd_read_only */
} xd_node;

typedef struct xd_app {
    const xd_model *model;
    xd_index *index;
    const char *store_place;
    const char *index_dir;      /* of the index's files, for other servers; NULL: not given */
    const xd_regions *regions;  /* base map areas; may be NULL */
    const xd_json *settings;    /* site.yaml's settings with the operator's values over them */
    xd_str base_url;            /* "http://127.0.0.1:8080", no slash at the end */
    xd_str base_map;            /* GeoJSON of the base map */
    const char *ui_dir;         /* built assets */
    const char *about_dir;      /* zh/….md and en/….md of the about pages; NULL: none */
    const char *reports_dir;    /* forms of reports; NULL: none */
    const struct xd_site *site; /* site.yaml and the base map, ready for pages: xd_site_make(),
                                   called by xd_app_begin() */
    int64_t started;            /* µs */
    _Atomic bool ready;         /* shipped data loaded, index caught up once */
    xd_node node;
    xd_position_key position; /* of the store: marks of what somebody has written or seen */
    xd_str contact;           /* the operator's address for people; absent: none shown */
    struct xd_app_room *room; /* of the web room: handles, assets; set by xd_app_begin() */
} xd_app;

/* Before xd_http_start(): reads ui_dir, makes room for store handles. xd_app_end() after
 * xd_http_stop(). */
XD_MUST bool xd_app_begin(xd_ctx *cx, xd_app *app);
void xd_app_end(xd_app *app);

/* µs since the index held all the log had. */
int64_t xd_node_age(const xd_app *app);
/* When that was, µs since 1970, once it is so long ago that pages say so; else 0. */
int64_t xd_node_stale_since(const xd_app *app);
/* When the index last held all the log had, to the minute, in China's time. */
xd_str xd_node_when(xd_ctx *cx, const xd_app *app);
/* False with XD_BUSY on a machine whose model or schema is no longer the store's. */
XD_MUST bool xd_node_may_judge(xd_ctx *cx, const xd_app *app);

/* A read handle, lent until cx ends or resets. Only for routes that wait. XD_BUSY at once while
 * the follower finds the store away. */
XD_MUST bool xd_app_store(xd_ctx *cx, const xd_app *app, xd_store **ret_store);

/* What anybody may see of a record, by number or id text. XD_ABSENT: there is none; XD_BUSY while
 * the search files are made anew and nothing can be said of what they do not hold. */
XD_MUST bool xd_app_record(xd_ctx *cx, const xd_snap *snap, const xd_type *type, xd_str key,
                           int64_t *ret_id, const xd_json **ret_body, int64_t *ret_rev);

typedef enum xd_verb { XD_VERB_SEE, XD_VERB_READ, XD_VERB_CHECK_TABLE } xd_verb;
typedef bool xd_handler(xd_ctx *cx, const xd_app *app, const xd_request *request,
                        xd_response *response);
typedef struct xd_route {
    xd_method method;    /* XD_GET answers HEAD too */
    const char *address; /* "/{type}/{id}.json": {type} matches a type's path, {x} one segment
                            or the part of it before what follows the bracket */
    xd_handler *handler;
    xd_verb verb;
    bool waits;      /* reads the store or files, or works long: runs on the pool */
    size_t max_body; /* bytes; 0: takes none */
    const char *help;
} xd_route;
extern const xd_route xd_api_routes[];
extern const size_t xd_n_api_routes;
extern const xd_route xd_page_routes[];
extern const size_t xd_n_page_routes;

/* The i-th {…} of the matched address; absent beyond the last. Valid during the handler. */
xd_str xd_route_part(const xd_ctx *cx, const xd_request *request, size_t i);

/* Find the route and call it; 404, 405 and OPTIONS are answered here. Routes are tried in
 * order, those of the API first, so what is special stands before what is general. These three
 * are the plan, serve and on_error of xd_http_options, with the xd_app as user. */
xd_plan xd_app_plan(void *app, const xd_request *request);
bool xd_app_serve(xd_ctx *cx, void *app, const xd_request *request, xd_response *response);
void xd_app_error(xd_ctx *cx, void *app, const xd_request *request, xd_response *response);
/* The address asked for, without its page mark: where a list begins; absent when it has none. */
xd_str xd_first_page(xd_ctx *cx, const xd_request *request);
/* The page for the error standing in cx (status already set in response); page_error.c. */
void xd_page_error(xd_ctx *cx, const xd_app *app, const xd_request *request,
                   xd_response *response);

/* Static files of ui_dir: "/assets/<name>". The address of one, with ?v=<hash> so that it may
 * be kept for ever; absent when there is no such file. */
xd_str xd_asset_url(xd_ctx *cx, const xd_app *app, xd_str name);

/* Prometheus text for a listener of its own: an xd_serve_fn whose user is an xd_metrics. */
typedef struct xd_metrics {
    const xd_app *app;
    const xd_http *http;
} xd_metrics;
bool xd_metrics_serve(xd_ctx *cx, void *metrics, const xd_request *request,
                      xd_response *response);

/* Query parameters that pages and API share, into an ask: q, filter, filter-lang, bbox,
 * datetime, sortby, limit, certain, on, one parameter a facet field (repeatable), cursor.
 * Undeclared parameters are XD_INVALID when strict. */
XD_MUST bool xd_ask_from(xd_ctx *cx, const xd_app *app, const xd_request *request,
                         const xd_type *type, bool strict, xd_ask *ret_ask);

#endif
