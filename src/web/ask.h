/* web/ask.h — the query of an address as a question to the index, for the API.
 *
 * xd_ask_from() of app.h is the plain form of this for pages. An endpoint says which groups of
 * parameters it declares; anything else is XD_INVALID, naming the parameter. */
#ifndef XD_WEB_ASK_H
#define XD_WEB_ASK_H

#include "web/app.h"
#include "web/props.h"

enum {
    XD_TAKES_WORDS = 1,      /* q */
    XD_TAKES_FILTER = 2,     /* filter, filter-lang, filter-crs, certain, and every queryable */
    XD_TAKES_BOX = 4,        /* bbox, bbox-crs */
    XD_TAKES_TIME = 8,       /* datetime */
    XD_TAKES_SORT = 16,      /* sortby */
    XD_TAKES_PAGE = 32,      /* limit, cursor */
    XD_TAKES_FACETS = 64,    /* facets */
    XD_TAKES_CRS = 128,      /* crs */
    XD_TAKES_COLOUR = 256,   /* colour */
    XD_TAKES_COMPUTED = 512, /* computed */
    XD_TAKES_WHAT = 15,
};
#define XD_API_LIMIT 1000 /* records in a page of the API */
#define XD_API_PAGE 10

typedef struct xd_asked {
    xd_ask ask;
    const xd_crs *crs; /* of the answer; NULL: WGS 84, longitude first */
    xd_str crs_uri;
    const xd_field *colour;
    bool computed;   /* computed values are wanted too */
    int light_order; /* worked.h: 1, -1; 0: the ask's own */
} xd_asked;

XD_MUST bool xd_asked_read(xd_ctx *cx, const xd_app *app, const xd_request *request,
                           const xd_type *type, unsigned takes, bool strict,
                           xd_asked *ret_asked);

/* ask_link.c: a bound filter whose links are told by the titles shown, too. */
XD_MUST bool xd_ask_titles(xd_ctx *cx, const xd_app *app, const xd_cql *filter,
                           const xd_cql **ret);

/* Every facet of ask->type that is public. */
void xd_ask_all_facets(xd_ctx *cx, xd_ask *ask);

/* CRS of answers, by URI; the first is the default. */
extern const xd_str xd_api_crs[];
extern const size_t xd_n_api_crs;

/* ask_crs.c: a filter's geometry literals, given in crs, as WGS 84 with longitude first. */
XD_MUST bool xd_filter_to_wgs84(xd_ctx *cx, xd_str filter, bool json, const xd_crs *crs,
                                xd_str *ret_filter);
/* A number as JSON writes it; the whole slice. */
bool xd_read_double(xd_ctx *cx, xd_str text, double *ret_value);

#endif
