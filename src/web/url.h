/* web/url.h — every address a page links to.
 *
 * Addresses of our own are absolute paths in the page's language (/en/… for English); parts and
 * query values are percent-encoded here and nowhere else. An xd_url is made by this file only. */
#ifndef XD_WEB_URL_H
#define XD_WEB_URL_H

#include "model/model.h"
#include "web/html.h"
#include "web/http.h"

/* A path of our own as a template of C writes it, "/about/{}": each {} is one part, encoded. */
xd_url xd_url_path(xd_ctx *cx, xd_lang lang, const char *pattern, const xd_str *parts,
                   size_t n);
xd_url xd_url_page(xd_ctx *cx, const char *path); /* in cx->lang, no parts */
xd_url xd_url_type(xd_ctx *cx, const xd_type *type);
/* …/{type}/{key}{tail}: key is a number or an id; tail is ours: "", ".json", "/history". */
xd_url xd_url_record(xd_ctx *cx, const xd_type *type, xd_str key, const char *tail);
xd_url xd_url_id(xd_ctx *cx, const xd_type *type, int64_t id, const char *tail);
/* The same page in a language; the query stays. */
xd_url xd_url_in(xd_ctx *cx, const xd_request *request, xd_lang lang);
xd_url xd_url_same(xd_str address); /* what a request came with, as sent: path and query */
xd_url xd_url_anchor(xd_ctx *cx, xd_str id);
xd_url xd_url_asset(xd_str address);                           /* what xd_asset_url() gave */
xd_url xd_url_whole(xd_ctx *cx, xd_str base_url, xd_url path); /* base_url in front */

/* http and https of others only; anything else gives the absent address. */
xd_url xd_url_outside(xd_ctx *cx, xd_str address);
xd_url xd_url_tel(xd_ctx *cx, xd_str phone);
xd_url xd_url_mail(xd_ctx *cx, xd_str address);          /* absent when it is no mail address */
xd_url xd_url_geo(xd_ctx *cx, int32_t lon, int32_t lat); /* RFC 5870, units of 1e-7 degree */

/* A query being edited: what a page carries from one link to the next. */
typedef XD_VEC(xd_param) xd_query;
void xd_query_add(xd_ctx *cx, xd_query *query, xd_str name, xd_str value);
void xd_query_set(xd_ctx *cx, xd_query *query, xd_str name, xd_str value); /* instead of all */
xd_query xd_query_without(xd_ctx *cx, const xd_query *query, xd_str name); /* all its values */
xd_query xd_query_minus(xd_ctx *cx, const xd_query *query, xd_str name, xd_str value);
bool xd_query_has(const xd_query *query, xd_str name, xd_str value);
xd_url xd_url_query(xd_ctx *cx, xd_url path, const xd_query *query);

#endif
