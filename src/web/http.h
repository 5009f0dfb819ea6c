/* web/http.h — HTTP/1.1 in and out; the one file that knows libmicrohttpd.
 *
 * http.c judges all headers itself before a handler is called: repeated or odd Content-Length,
 * Content-Length with Transfer-Encoding, two Hosts, blanks before a colon, control characters,
 * over 100 headers or 16 KiB are refused with 400/431 and the connection is closed. A sweeper
 * shuts sockets whose header is older than 10 s or whose body is slower than the floor.
 * Responses carry the security headers; bodies over 512 bytes of text are compressed (br, gzip)
 * when the client takes it; ETag is the hash of the bytes, answered by 304 to If-None-Match. */
#ifndef XD_WEB_HTTP_H
#define XD_WEB_HTTP_H

#include "base/buf.h"
#include "base/ctx.h"

typedef enum xd_method { XD_GET, XD_HEAD, XD_POST, XD_OPTIONS, XD_OTHER } xd_method;

typedef struct xd_param {
    xd_str name, value; /* percent-decoded once; UTF-8 */
} xd_param;

typedef struct xd_upload {
    xd_str field, file_name;
    int fd; /* an unlinked temporary file, read position 0 */
    int64_t bytes;
} xd_upload;

#define XD_PARTS 8
typedef struct xd_request {
    xd_method method;
    xd_str path; /* decoded once, starts with /, no empty or dot segments */
    xd_str raw_query;
    const xd_param *params; /* of the query, then of a form body, in order */
    size_t n_params;
    const xd_upload *uploads;
    size_t n_uploads;
    xd_str parts[XD_PARTS]; /* the {…} of the matched address; filled by the routes */
    size_t n_parts;
    xd_lang lang;    /* /en/… is taken off path before routes see it */
    xd_str raw_path; /* as sent, /en and escapes included, without the query */
    xd_str accept, if_none_match, if_match, origin, host, cookie, accept_language;
    xd_str accept_encoding;
    xd_str client; /* address text, from the trusted proxy's header only when so configured */
    bool client_is_local; /* loopback or listed: may use the table check */
    xd_str position;      /* the header Xiudai-Position, see web/position.h */
    bool behind; /* the answer does not hold the asker's own write; set by the routes */
} xd_request;

xd_str xd_param_get(const xd_request *request, xd_str name); /* first; absent when not given */
bool xd_param_has(const xd_request *request, xd_str name);

/* Bytes that outlive every request, packed once: what static files and the map are answered
 * with. br and gz are absent where they would not be smaller. */
typedef struct xd_blob {
    xd_str plain, br, gz;
    xd_str etag; /* with its quotes */
} xd_blob;
/* plain must live as long as arena. Files are packed harder than answers are. */
void xd_blob_pack(xd_arena *arena, xd_str plain, xd_blob *ret_blob);

typedef struct xd_header {
    xd_str name, value;
} xd_header;
typedef struct xd_response {
    int status;  /* 200 unless set */
    xd_str type; /* content type; absent: no body */
    xd_buf body;
    int fd; /* ≥ 0: body is this file instead; closed after. −1 when a handler is called */
    const xd_blob *blob; /* not NULL: body is this instead */
    XD_VEC(xd_header) headers;
    int max_age;     /* seconds; < 0: no-store */
    bool any_origin; /* Access-Control-Allow-Origin: * */
} xd_response;
/* Both copied. A Content-Security-Policy, ETag, Vary or Cache-Control added here stands instead
 * of the one http.c would send. */
void xd_header_add(xd_ctx *cx, xd_response *response, xd_str name, xd_str value);

/* Answer request. false: cx->err is turned into an error page or JSON problem by on_error. */
typedef bool xd_serve_fn(xd_ctx *cx, void *user, const xd_request *request,
                         xd_response *response);
typedef void xd_error_fn(xd_ctx *cx, void *user, const xd_request *request,
                         xd_response *response);

/* Asked when the headers are judged, before any body is read. */
typedef struct xd_plan {
    bool waits;       /* SQL, files, long work: serve is called on the pool, not in the loop */
    size_t max_body;  /* a larger body is refused with 413; 0: none may come */
    bool unread;      /* the answer needs no body (404, 405): serve is called at once */
    int64_t limit_ms; /* of the answer: cx->deadline; 0: 30 s */
    int64_t
        after; /* served once options.reached says so of it, or its time is over; 0: at once */
} xd_plan;
typedef xd_plan xd_plan_fn(void *user, const xd_request *request);

typedef struct xd_http_options {
    xd_str listen;    /* "127.0.0.1:8080", "[::1]:0" */
    int threads;      /* one a core; 0: 1 */
    int workers;      /* threads of the pool; 0: 2 */
    int connections;  /* 0: 2000, or what the descriptor limit leaves */
    int per_address;  /* of one address, neither loopback nor trusted; 0: 256 */
    int header_ms;    /* a header must be whole by then; 0: 10 000 */
    int idle_ms;      /* between requests; 0: 60 000 */
    int floor;        /* bytes a second a body must come and an answer be taken at; 0: 4 096 */
    xd_strs trusted;  /* proxy addresses whose X-Forwarded-For counts */
    xd_strs local;    /* further addresses that count as local */
    xd_plan_fn *plan; /* NULL: nothing waits, no body may come */
    xd_serve_fn *serve;
    xd_error_fn *on_error; /* NULL: the sentence as text/plain */
    /* Asked of a request whose plan has an `after`, every 20 ms until it is true or wait_ms are
     * over; such a request keeps no thread. NULL: nothing is waited for. Must be quick. */
    bool (*reached)(void *user, int64_t after);
    int wait_ms;
    void *user;
} xd_http_options;

typedef struct xd_http xd_http;
/* Copies what options hold. SIGPIPE is ignored from here on, process-wide. The http lives until
 * xd_http_stop(), which frees it. */
XD_MUST bool xd_http_start(xd_ctx *cx, const xd_http_options *options, xd_http **ret_http);
/* The same in two steps: after open the port is known and clients wait in the kernel's queue;
 * run begins to answer them. xd_http_stop() ends one that never ran, too. */
XD_MUST bool xd_http_open(xd_ctx *cx, const xd_http_options *options, xd_http **ret_http);
XD_MUST bool xd_http_run(xd_ctx *cx, xd_http *http);
int xd_http_port(const xd_http *http);
/* Refuse new connections, let requests end (at most grace_ms), close. */
void xd_http_stop(xd_http *http, int grace_ms);

/* Prometheus text: requests by status, latency histogram, connections, refusals, sweeps. */
void xd_http_metrics(const xd_http *http, xd_buf *out);

#endif
