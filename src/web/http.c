/* libmicrohttpd behind a judge, a sweeper and a pool.
 *
 * A request's way: on_uri() makes a turn; on_request()'s first call judges the headers and asks
 * options.plan what this request may bring; later calls bring the body; the last serves it,
 * here in the loop or, suspended, on the pool; on_completed() gives the turn back. Whatever is
 * refused before its body is read is answered with Connection: close, so nothing after it on
 * the wire is ever taken for a request.
 *
 */
#include "web/http.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <unistd.h>

#include "base/log.h"
#include "web/http_room.h"

#define CONNECTION_MEMORY ((size_t)32 << 10)
#define KEPT_BUFFER ((size_t)256 << 10)
#define SWALLOWED ((int64_t)1 << 20)

xd_str xd_param_get(const xd_request *request, xd_str name)
{
    for (size_t i = 0; i < request->n_params; i++) {
        if (xd_str_eq(request->params[i].name, name)) {
            return request->params[i].value;
        }
    }
    return (xd_str){0};
}

bool xd_param_has(const xd_request *request, xd_str name)
{
    return xd_param_get(request, name).p != NULL;
}

/* ---- turns ---------------------------------------------------------------------------------
 */

static xd_turn *turn_take(xd_http *http, struct MHD_Connection *mhd)
{
    (void)pthread_mutex_lock(&http->lock);
    xd_turn *turn = http->free_turns;
    if (turn != NULL) {
        http->free_turns = turn->next;
    } else {
        turn = xd_new(http->arena, xd_turn);
    }
    (void)pthread_mutex_unlock(&http->lock);
    if (turn->cx.arena == NULL) {
        xd_ctx_begin(&turn->cx);
    }
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    turn->http = http;
    turn->mhd = mhd;
    turn->conn = info == NULL ? NULL : info->socket_context;
    turn->cx.stop = &http->stop;
    turn->started = xd_monotonic();
    turn->response.status = 200;
    turn->response.fd = -1;
    return turn;
}

/* The turn empty again, but with its arena and, unless they grew large, its buffers. */
static void turn_give(xd_turn *turn)
{
    xd_http *http = turn->http;
    xd_body_free(turn);
    if (turn->response.fd >= 0) {
        (void)close(turn->response.fd); /* never sent */
    }
    xd_buf body = turn->response.body, packed = turn->packed;
    if (body.cap > KEPT_BUFFER) {
        xd_buf_free(&body);
    }
    if (packed.cap > KEPT_BUFFER) {
        xd_buf_free(&packed);
    }
    xd_buf_clear(&body);
    xd_buf_clear(&packed);
    body.max = packed.max = 0;
    xd_ctx cx = turn->cx;
    xd_ctx_reset(&cx);
    *turn = (xd_turn){.response = {.body = body}, .packed = packed};
    turn->cx = (xd_ctx){.arena = cx.arena};
    (void)pthread_mutex_lock(&http->lock);
    turn->next = http->free_turns;
    http->free_turns = turn;
    (void)pthread_mutex_unlock(&http->lock);
}

static void count(xd_turn *turn)
{
    xd_http *http = turn->http;
    int64_t took = xd_monotonic() - turn->started;
    size_t bar = 0;
    while (bar < XD_LATENCIES && took > xd_latency_us[bar]) {
        bar++;
    }
    atomic_fetch_add_explicit(&http->latency[bar], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&http->latency_sum_us, (uint64_t)took, memory_order_relaxed);
    size_t status = (size_t)turn->response.status;
    xd_log(XD_DEBUG, "request", "%zu " XD_FMT " %" PRId64 " us", status,
           XD_ARG(turn->request.raw_path), took);
    if (status < XD_LEN(http->by_status)) {
        atomic_fetch_add_explicit(&http->by_status[status], 1, memory_order_relaxed);
    }
}

/* The error standing in turn->cx as an answer. */
static void turn_fail(xd_turn *turn)
{
    xd_response *response = &turn->response;
    xd_ctx *cx = &turn->cx;
    xd_http *http = turn->http;
    if (response->fd >= 0) {
        (void)close(response->fd); /* half made */
    }
    xd_buf_clear(&response->body);
    /* Given up because we are stopping: a gateway asks another server, which will answer. */
    bool stopping = __atomic_load_n(&http->stop, __ATOMIC_RELAXED) != 0;
    bool leaving = stopping && cx->err.code == XD_CANCELLED;
    *response = (xd_response){.status = leaving ? 503 : xd_code_status(cx->err.code),
                              .fd = -1,
                              .max_age = -1,
                              .body = response->body};
    if (http->options.on_error != NULL) {
        http->options.on_error(cx, http->options.user, &turn->request, response);
    }
    if (response->type.p == NULL) {
        response->type = XD_S("text/plain; charset=utf-8");
        xd_buf_add(&response->body, xd_err_sentence(cx));
        xd_buf_byte(&response->body, '\n');
    }
}

void xd_turn_serve(xd_turn *turn)
{
    xd_http *http = turn->http;
    int64_t limit_ms = turn->plan.limit_ms == 0 ? 30000 : turn->plan.limit_ms;
    turn->cx.lang = turn->request.lang;
    turn->cx.deadline = turn->started + limit_ms * 1000;
    if (turn->failed ||
        !http->options.serve(&turn->cx, http->options.user, &turn->request, &turn->response)) {
        turn->later = turn->step != XD_STEP_POOL && turn->cx.overworked;
        if (turn->later) {
            return;
        }
        turn_fail(turn);
    }
    xd_turn_pack(turn);
}

/* What the loop began and gave up is forgotten; a worker begins anew. */
static bool serve_later(xd_turn *turn)
{
    xd_response *response = &turn->response;
    (void)xd_err_take(&turn->cx);
    turn->cx.work_most = 0;
    turn->cx.overworked = false;
    if (response->fd >= 0) {
        (void)close(response->fd); /* half made */
    }
    xd_buf_clear(&response->body);
    *response = (xd_response){.status = 200, .fd = -1, .body = response->body};
    return xd_pool_take(turn->http, turn);
}

/* ---- from headers to a request -------------------------------------------------------------
 */

typedef struct xd_gather {
    xd_turn *turn;
    XD_VEC(xd_header) headers;
} xd_gather;

static enum MHD_Result on_header(void *user, enum MHD_ValueKind kind, const char *name,
                                 size_t name_n, const char *value, size_t value_n)
{
    (void)kind;
    xd_gather *gather = user;
    xd_str text = {value == NULL ? "" : value, value_n};
    while (text.n > 0 && (text.p[text.n - 1] == ' ' || text.p[text.n - 1] == '\t')) {
        text.n--; /* RFC 9112: not part of the value; the library takes only those before it */
    }
    *xd_push(gather->turn->cx.arena, &gather->headers) = (xd_header){
        {name, name_n},
        text
    };
    return MHD_YES;
}

static xd_str header_of(const xd_in *in, xd_str name)
{
    for (size_t i = 0; i < in->n_headers; i++) {
        if (xd_str_eq_nocase(in->headers[i].name, name)) {
            return in->headers[i].value;
        }
    }
    return (xd_str){0};
}

static void fill_request(xd_turn *turn, const xd_in *in)
{
    xd_request *request = &turn->request;
    const xd_http_options *options = &turn->http->options;
    request->method = turn->verdict.method;
    request->accept = header_of(in, XD_S("accept"));
    request->accept_encoding = header_of(in, XD_S("accept-encoding"));
    request->accept_language = header_of(in, XD_S("accept-language"));
    request->if_none_match = header_of(in, XD_S("if-none-match"));
    request->if_match = header_of(in, XD_S("if-match"));
    request->origin = header_of(in, XD_S("origin"));
    request->host = header_of(in, XD_S("host"));
    request->cookie = header_of(in, XD_S("cookie"));
    request->position = header_of(in, XD_S("xiudai-position"));

    xd_str peer = xd_str_of(turn->conn == NULL ? "" : turn->conn->ip);
    xd_str forwarded = header_of(in, XD_S("x-forwarded-for"));
    xd_str client = xd_http_client(peer, forwarded, &options->trusted);
    client = xd_http_ip(turn->cx.arena, client);
    request->client = client;
    /* A forwarded request that no trusted proxy vouches for is never local. */
    bool vouched = !xd_str_eq(client, peer) || forwarded.p == NULL;
    request->client_is_local = vouched && xd_http_loopback(client);
    for (size_t i = 0; i < options->local.n && vouched; i++) {
        request->client_is_local |= xd_str_eq(options->local.at[i], client);
    }
}

static enum MHD_Result refuse(xd_turn *turn, int status, const char *why)
{
    atomic_fetch_add(&turn->http->refused, 1);
    xd_log(XD_DEBUG, "refused", "%d %s", status, why);
    turn->response.status = status;
    turn->response.type = XD_S("text/plain; charset=utf-8");
    turn->response.max_age = -1;
    xd_buf_clear(&turn->response.body);
    xd_buf_printf(&turn->response.body, "%d %s\n", status, why);
    xd_turn_pack(turn);
    return xd_turn_send(turn, true);
}

/* First call: headers only. */
static enum MHD_Result begin(xd_turn *turn, const char *method, const char *version)
{
    xd_http *http = turn->http;
    xd_gather gather = {.turn = turn};
    xd_ctx *cx = &turn->cx;
    (void)MHD_get_connection_values_n(turn->mhd, MHD_HEADER_KIND, on_header, &gather);
    xd_in in = {xd_str_of(method), xd_str_of(version), turn->uri, gather.headers.at,
                gather.headers.n};
    xd_http_judge(&in, &turn->verdict);
    if (turn->verdict.refusal.status == 0) {
        turn->verdict.refusal = xd_http_address(cx, turn->uri, &turn->request);
    }
    atomic_fetch_add(&http->active, 1);
    turn->step = XD_STEP_BODY;
    if (turn->verdict.refusal.status != 0) {
        return refuse(turn, turn->verdict.refusal.status, turn->verdict.refusal.why);
    }
    fill_request(turn, &in);
    if (http->options.plan != NULL) {
        turn->plan = http->options.plan(http->options.user, &turn->request);
    }
    if (!turn->verdict.has_body) {
        if (turn->conn != NULL) {
            atomic_store(&turn->conn->deadline, 0);
            atomic_store(&turn->conn->phase, XD_PHASE_WORK);
        }
        return MHD_YES;
    }
    if (turn->plan.unread) {
        xd_turn_serve(turn);
        return xd_turn_send(turn, true);
    }
    if (turn->plan.max_body == 0 || turn->verdict.length > (int64_t)turn->plan.max_body) {
        return refuse(turn, 413,
                      turn->plan.max_body == 0 ? "nothing may be sent to this address"
                                               : "the body is larger than this address takes");
    }
    if (!xd_body_begin(turn, header_of(&in, XD_S("content-type")))) {
        return refuse(turn, 415, "send a form: multipart/form-data or url-encoded");
    }
    turn->body_started = xd_monotonic();
    if (turn->conn != NULL) {
        atomic_store(&turn->conn->deadline,
                     turn->body_started + (int64_t)http->options.header_ms * 1000);
        atomic_store(&turn->conn->phase, XD_PHASE_BODY);
    }
    return MHD_YES;
}

static enum MHD_Result body_part(xd_turn *turn, const char *bytes, size_t n)
{
    if (turn->failed) { /* what is refused is swallowed, but not for ever */
        turn->body_bytes += (int64_t)n;
        return turn->body_bytes > (int64_t)turn->plan.max_body + SWALLOWED ? MHD_NO : MHD_YES;
    }
    turn->failed = !xd_body_more(turn, bytes, n);
    if (turn->conn != NULL) {
        atomic_store(&turn->conn->deadline,
                     turn->body_started + (int64_t)turn->http->options.header_ms * 1000 +
                         turn->body_bytes * 1000000 / turn->http->options.floor);
    }
    return MHD_YES;
}

/* Last call: everything is here. */
static enum MHD_Result finish(xd_turn *turn)
{
    xd_http *http = turn->http;
    if (turn->conn != NULL) {
        atomic_store(&turn->conn->deadline, 0);
        atomic_store(&turn->conn->phase, XD_PHASE_WORK);
    }
    if (turn->in != NULL && !turn->failed && !turn->waited) {
        turn->failed = !xd_body_end(turn);
    }
    if (!turn->failed && xd_wait_take(http, turn)) {
        return MHD_YES;
    }
    if (turn->plan.waits && !turn->failed) {
        if (xd_pool_take(http, turn)) {
            return MHD_YES;
        }
        turn->failed = !xd_fail(&turn->cx, XD_BUSY, "the pool's queue is full");
    }
    turn->cx.work_most = XD_LOOP_WORK;
    xd_turn_serve(turn);
    if (turn->later) {
        if (serve_later(turn)) {
            return MHD_YES;
        }
        turn->failed = !xd_fail(&turn->cx, XD_BUSY, "the pool's queue is full");
        xd_turn_serve(turn);
    }
    return xd_turn_send(turn,
                        atomic_load(&http->closing) || (turn->failed && turn->in != NULL));
}

/* ---- the library's callbacks ---------------------------------------------------------------
 */

static void *on_uri(void *user, const char *uri, struct MHD_Connection *mhd)
{
    xd_turn *turn = turn_take(user, mhd);
    turn->uri = xd_str_copy(turn->cx.arena, xd_str_of(uri));
    return turn;
}

static enum MHD_Result on_request(void *user, struct MHD_Connection *mhd, const char *url,
                                  const char *method, const char *version, const char *bytes,
                                  size_t *n, void **turn_slot)
{
    (void)user;
    (void)mhd;
    (void)url; /* the library's reading of it; ours is of the bytes as sent */
    xd_turn *turn = *turn_slot;
    if (turn == NULL) {
        return MHD_NO;
    }
    switch (turn->step) {
    case XD_STEP_NEW:
        return begin(turn, method, version);
    case XD_STEP_BODY:
        if (*n > 0) {
            enum MHD_Result result = body_part(turn, bytes, *n);
            *n = 0;
            return result;
        }
        return finish(turn);
    case XD_STEP_POOL:
        return xd_turn_send(turn, atomic_load(&turn->http->closing));
    case XD_STEP_DONE:
        break;
    }
    return MHD_YES;
}

static void on_completed(void *user, struct MHD_Connection *mhd, void **turn_slot,
                         enum MHD_RequestTerminationCode code)
{
    (void)user;
    (void)mhd;
    (void)code;
    xd_turn *turn = *turn_slot;
    *turn_slot = NULL;
    if (turn == NULL) {
        return;
    }
    xd_http *http = turn->http;
    if (turn->step != XD_STEP_NEW) {
        if (turn->step == XD_STEP_DONE) {
            count(turn);
        }
        if (turn->conn != NULL) {
            xd_conn_idle(http, turn->conn);
        }
        atomic_fetch_sub(&http->active, 1);
    }
    turn_give(turn);
}

static xd_str peer_of(const struct sockaddr *address, char out[INET6_ADDRSTRLEN])
{
    out[0] = '\0';
    if (address->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, address, sizeof in);
        (void)inet_ntop(AF_INET, &in.sin_addr, out, INET6_ADDRSTRLEN); /* always fits */
    } else if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 in;
        memcpy(&in, address, sizeof in);
        if (IN6_IS_ADDR_V4MAPPED(&in.sin6_addr)) {
            (void)inet_ntop(AF_INET, &in.sin6_addr.s6_addr[12], out, INET6_ADDRSTRLEN);
        } else {
            (void)inet_ntop(AF_INET6, &in.sin6_addr, out, INET6_ADDRSTRLEN);
        }
    }
    return xd_str_of(out);
}

static enum MHD_Result on_accept(void *user, const struct sockaddr *address, socklen_t n)
{
    (void)n;
    xd_http *http = user;
    char ip[INET6_ADDRSTRLEN];
    if (xd_conn_welcome(http, peer_of(address, ip))) {
        return MHD_YES;
    }
    atomic_fetch_add(&http->turned_away, 1);
    return MHD_NO;
}

static void on_connection(void *user, struct MHD_Connection *mhd, void **conn,
                          enum MHD_ConnectionNotificationCode code)
{
    xd_http *http = user;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        if (*conn != NULL) {
            xd_conn_drop(http, *conn);
            *conn = NULL;
            atomic_fetch_sub(&http->open, 1);
        }
        return;
    }
    const union MHD_ConnectionInfo *fd =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
    int socket_fd = fd == NULL ? -1 : fd->connect_fd;
    const union MHD_ConnectionInfo *who =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    char ip[INET6_ADDRSTRLEN] = "";
    if (who != NULL) {
        (void)peer_of(who->client_addr, ip);
    }
    *conn = xd_conn_add(http, socket_fd, xd_str_of(ip));
    atomic_fetch_add(&http->accepted, 1);
    atomic_fetch_add(&http->open, 1);
}

/* Escapes are left alone: http_in.c decodes them, once. */
static size_t leave_escapes(void *user, struct MHD_Connection *mhd, char *text)
{
    (void)user;
    (void)mhd;
    return strlen(text);
}

static void XD_PRINTF(2, 0) on_log(void *user, const char *format, va_list args)
{
    (void)user;
    char line[256];
    (void)vsnprintf(line, sizeof line, format, args); /* cut off is good enough */
    xd_log(XD_DEBUG, "http", "%s", line);
}

/* ---- the daemon -----------------------------------------------------------------------------
 */

bool xd_http_daemon(xd_ctx *cx, xd_http *http)
{
    const xd_http_options *o = &http->options;
    unsigned pool = o->threads > 1 ? (unsigned)o->threads : 0;
    http->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0,
        on_accept, http, on_request, http, MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL,
        MHD_OPTION_LISTEN_SOCKET, http->listen_fd, MHD_OPTION_THREAD_POOL_SIZE, pool,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)o->connections, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)(o->idle_ms / 1000 + 1), MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        CONNECTION_MEMORY, MHD_OPTION_URI_LOG_CALLBACK, on_uri, http,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, http, MHD_OPTION_NOTIFY_CONNECTION,
        on_connection, http, MHD_OPTION_UNESCAPE_CALLBACK, leave_escapes, NULL,
        MHD_OPTION_STRICT_FOR_CLIENT, 0, MHD_OPTION_END);
    return http->daemon != NULL || xd_fail(cx, XD_SYSTEM, "libmicrohttpd does not start");
}
