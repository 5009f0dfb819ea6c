/* web/app.h — what every handler is given, and the table of routes.
 *
 * Routes name a verb and nothing more; what may be seen is decided by the index (public
 * visibility) and xd_body_public(). API handlers (api_*.c) and page handlers (page_*.c) are
 * strangers that share this file, view.h and url.h. */
#ifndef XD_WEB_APP_H
#define XD_WEB_APP_H

#include "exchange/export.h"
#include "exchange/import.h"
#include "geo/region.h"
#include "index/index.h"
#include "web/http.h"

typedef struct xd_app {
    const xd_model *model;
    xd_index *index;
    const char *store_place;
    const xd_regions *regions;  /* base map areas; may be NULL */
    const xd_json *settings;    /* site.yaml's settings with the operator's values over them */
    xd_str base_url;            /* "http://127.0.0.1:8080", no slash at the end */
    xd_str base_map;            /* GeoJSON of the base map */
    const char *ui_dir;         /* built assets */
    int64_t started;            /* µs */
    bool ready;                 /* shipped data loaded, index caught up once */
} xd_app;

/* A read handle for this thread, kept for its life. */
XD_MUST bool xd_app_store(xd_ctx *cx, const xd_app *app, xd_store **ret_store);

typedef enum xd_verb { XD_VERB_SEE, XD_VERB_READ, XD_VERB_CHECK_TABLE } xd_verb;
typedef bool xd_handler(xd_ctx *cx, const xd_app *app, const xd_request *request,
                        xd_response *response);
typedef struct xd_route {
    xd_method method;
    const char *address; /* "/{type}/{id}": {type} matches a type's path, {x} one segment */
    xd_handler *handler;
    xd_verb verb;
    const char *help;
} xd_route;
extern const xd_route xd_api_routes[];
extern const size_t xd_n_api_routes;
extern const xd_route xd_page_routes[];
extern const size_t xd_n_page_routes;

/* The i-th {…} of the matched address; absent beyond the last. Valid during the handler. */
xd_str xd_route_part(const xd_ctx *cx, const xd_request *request, size_t i);

/* Find the route and call it; 404, 405 and OPTIONS are answered here. Fits xd_serve_fn. */
bool xd_app_serve(xd_ctx *cx, void *app, const xd_request *request, xd_response *response);
void xd_app_error(xd_ctx *cx, void *app, const xd_request *request, xd_response *response);

/* Query parameters that pages and API share, into an ask: q, filter, filter-lang, bbox,
 * datetime, sortby, limit, certain, one parameter a facet field (repeatable), cursor. Undeclared
 * parameters are XD_INVALID when strict. */
XD_MUST bool xd_ask_from(xd_ctx *cx, const xd_app *app, const xd_request *request,
                         const xd_type *type, bool strict, xd_ask *ret_ask);

#endif
