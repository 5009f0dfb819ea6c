/* web/http_in.h — judging what came in: pure functions over bytes, no library.
 *
 * All results live in cx->arena or borrow from the input. A refusal is a status and an English
 * reason; whoever gets one answers it and closes the connection. */
#ifndef XD_WEB_HTTP_IN_H
#define XD_WEB_HTTP_IN_H

#include "web/http.h"

#define XD_HTTP_HEADERS 100
#define XD_HTTP_HEADER_BYTES ((size_t)16 << 10)
#define XD_HTTP_PARAMS 200
#define XD_HTTP_FORM ((size_t)64 << 10) /* all plain form fields together */

typedef struct xd_refusal {
    int status; /* 0: none */
    const char *why;
} xd_refusal;

typedef struct xd_in {
    xd_str method, version, uri; /* as sent */
    const xd_header *headers;
    size_t n_headers;
} xd_in;

typedef struct xd_http_verdict {
    xd_refusal refusal;
    xd_method method;
    bool has_body;
    int64_t length; /* of the body; −1: chunked */
} xd_http_verdict;

/* Method, version, and every header against RFC 9112. */
void xd_http_judge(const xd_in *in, xd_http_verdict *ret_verdict);

/* Take the address apart into path, raw_path, raw_query, lang and params. */
xd_refusal xd_http_address(xd_ctx *cx, xd_str uri, xd_request *request);

typedef XD_VEC(xd_param) xd_param_list;
/* application/x-www-form-urlencoded: appended to params. */
xd_refusal xd_http_form(xd_ctx *cx, xd_str text, xd_param_list *params);

/* The address a request came from: peer, or the nearest untrusted address of X-Forwarded-For
 * when the peer is trusted. Absent when that header cannot be read. */
xd_str xd_http_client(xd_str peer, xd_str forwarded, const xd_strs *trusted);
/* Address text in one spelling: IPv6 lower case and shortest, ::ffff:1.2.3.4 as IPv4. Absent
 * when it is no address. */
xd_str xd_http_ip(xd_arena *arena, xd_str text);
bool xd_http_loopback(xd_str ip);

/* How much a client wants a coding, 0..1000; `*` and q values as RFC 9110. */
int xd_http_wants(xd_str accept_encoding, xd_str coding);
/* Does If-None-Match name this entity tag (weak comparison, the coding's suffix aside)? */
bool xd_http_tag_matches(xd_str if_none_match, xd_str etag);

#endif
