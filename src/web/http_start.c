/* Starting, stopping and counting.
 *
 * Stop: no new connections, answers say close, wait for turns, set cx->stop for those that
 * stay, end the pool (which resumes what it held: the library must not stop with suspended
 * connections), end the daemon. */
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "web/http_room.h"

const int64_t xd_latency_us[XD_LATENCIES] = {100,    250,     500,     1000,    2500,
                                             5000,   10000,   25000,   50000,   100000,
                                             250000, 1000000, 5000000, 30000000};

/* ---- starting and stopping -----------------------------------------------------------------
 */

/* "127.0.0.1:8080", "[::1]:0". */
static bool read_listen(xd_ctx *cx, xd_str listen, struct sockaddr_storage *ret_address,
                        socklen_t *ret_n)
{
    size_t colon = listen.n;
    while (colon > 0 && listen.p[colon - 1] != ':') {
        colon--;
    }
    int64_t port = -1;
    xd_str ip =
        colon == 0 ? (xd_str){0} : xd_http_ip(cx->arena, xd_str_sub(listen, 0, colon - 1));
    if (ip.p == NULL || !xd_str_int(xd_str_sub(listen, colon, listen.n), &port) || port < 0 ||
        port > 65535) {
        (void)xd_fail(cx, XD_INVALID,
                      "--listen " XD_FMT ": ADDR:PORT is wanted, such as "
                      "127.0.0.1:8080 or [::1]:8080",
                      XD_ARG(listen));
        return xd_fail_words(cx, XD_S("监听地址应写成 地址:端口，例如 127.0.0.1:8080。"),
                             XD_S("Write the listening address as ADDR:PORT, for example "
                                  "127.0.0.1:8080."));
    }
    memset(ret_address, 0, sizeof *ret_address);
    if (memchr(ip.p, ':', ip.n) == NULL) {
        struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
        (void)inet_pton(AF_INET, xd_cstr(cx->arena, ip), &in.sin_addr); /* read before */
        memcpy(ret_address, &in, sizeof in);
        *ret_n = sizeof in;
    } else {
        struct sockaddr_in6 in = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
        (void)inet_pton(AF_INET6, xd_cstr(cx->arena, ip), &in.sin6_addr);
        memcpy(ret_address, &in, sizeof in);
        *ret_n = sizeof in;
    }
    return true;
}

static bool open_listener(xd_ctx *cx, xd_http *http)
{
    struct sockaddr_storage address;
    socklen_t n = 0;
    if (!read_listen(cx, http->options.listen, &address, &n)) {
        return false;
    }
    int on = 1;
    int fd = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return xd_fail_errno(cx, errno, "a listening socket");
    }
    http->listen_fd = fd;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on); /* a convenience */
    if (bind(fd, (struct sockaddr *)&address, n) != 0 || listen(fd, 1024) != 0) {
        return xd_fail_errno(cx, errno, "listening on " XD_FMT, XD_ARG(http->options.listen));
    }
    if (getsockname(fd, (struct sockaddr *)&address, &n) != 0) {
        return xd_fail_errno(cx, errno, "the port of a listening socket");
    }
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
    memcpy(&in, &address, sizeof in);
    memcpy(&in6, &address, sizeof in6);
    http->port = ntohs(address.ss_family == AF_INET ? in.sin_port : in6.sin6_port);
    return true;
}

static void or_default(int *value, int otherwise)
{
    if (*value <= 0) {
        *value = otherwise;
    }
}

static void copy_list(xd_arena *arena, const xd_strs *from, xd_strs *to)
{
    xd_strs list = {0};
    for (size_t i = 0; i < from->n; i++) {
        xd_str ip = xd_http_ip(arena, from->at[i]);
        if (ip.p != NULL) {
            *xd_push(arena, &list) = ip;
        } else {
            xd_log(XD_WARN, "address", XD_FMT " is no address; it is not trusted",
                   XD_ARG(from->at[i]));
        }
    }
    *to = list;
}

static void settle_options(xd_http *http, const xd_http_options *options)
{
    xd_http_options *own = &http->options;
    *own = *options;
    own->listen = xd_str_copy(http->arena, options->listen);
    copy_list(http->arena, &options->trusted, &own->trusted);
    copy_list(http->arena, &options->local, &own->local);
    or_default(&own->threads, 1);
    or_default(&own->workers, 2);
    or_default(&own->connections, 2000);
    or_default(&own->per_address, 256);
    or_default(&own->header_ms, 10000);
    or_default(&own->idle_ms, 60000);
    or_default(&own->floor, 4096);
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur != RLIM_INFINITY) {
        /* A connection may hold an upload and an answer's file besides itself; the rest of the
         * program keeps a quarter. */
        int most = (int)(files.rlim_cur / 4);
        own->connections = own->connections > most ? most : own->connections;
    }
    or_default(&own->connections, 16);
    if (own->connections < own->threads) {
        own->connections = own->threads;
    }
}

static void http_free(xd_http *http)
{
    for (xd_turn *turn = http->free_turns; turn != NULL; turn = turn->next) {
        xd_buf_free(&turn->response.body);
        xd_buf_free(&turn->packed);
        xd_ctx_end(&turn->cx);
    }
    if (http->listen_fd >= 0) {
        (void)close(http->listen_fd); /* nothing was written to it */
    }
    (void)pthread_cond_destroy(&http->work);
    (void)pthread_cond_destroy(&http->swept);
    (void)pthread_cond_destroy(&http->waiting);
    (void)pthread_mutex_destroy(&http->lock);
    xd_arena_free(http->arena);
}

bool xd_http_open(xd_ctx *cx, const xd_http_options *options, xd_http **ret_http)
{
    xd_arena *arena = xd_arena_make();
    xd_http *http = xd_new(arena, xd_http);
    http->arena = arena;
    http->listen_fd = -1;
    (void)signal(SIGPIPE, SIG_IGN); /* cannot fail for this signal */
    settle_options(http, options);
    (void)pthread_mutex_init(&http->lock, NULL); /* the default kind needs no resources */
    (void)pthread_cond_init(&http->work, NULL);
    (void)pthread_cond_init(&http->swept, NULL);
    (void)pthread_cond_init(&http->waiting, NULL);
    if (!open_listener(cx, http)) {
        http_free(http);
        return false;
    }
    *ret_http = http;
    return true;
}

bool xd_http_run(xd_ctx *cx, xd_http *http)
{
    if (!xd_pool_start(cx, http)) {
        return false;
    }
    int error = pthread_create(&http->sweeper, NULL, xd_sweeper_run, http);
    if (error != 0) {
        return xd_fail_errno(cx, error, "starting the sweeper");
    }
    http->sweeping = true;
    error = http->options.reached == NULL
                ? 0
                : pthread_create(&http->waiter, NULL, xd_waiter_run, http);
    if (error != 0) {
        return xd_fail_errno(cx, error, "starting the thread of those who wait");
    }
    http->has_waiter = http->options.reached != NULL;
    return xd_http_daemon(cx, http);
}

bool xd_http_start(xd_ctx *cx, const xd_http_options *options, xd_http **ret_http)
{
    xd_http *http;
    if (!xd_http_open(cx, options, &http)) {
        return false;
    }
    if (!xd_http_run(cx, http)) {
        xd_http_stop(http, 0);
        return false;
    }
    *ret_http = http;
    return true;
}

int xd_http_port(const xd_http *http)
{
    return http->port;
}

static void wait_for_turns(xd_http *http, int grace_ms)
{
    int64_t until = xd_monotonic() + (int64_t)grace_ms * 1000;
    while (atomic_load(&http->active) > 0 && xd_monotonic() < until) {
        const struct timespec pause = {.tv_nsec = 5000000};
        (void)nanosleep(&pause, NULL); /* waking early only looks again */
    }
}

void xd_http_stop(xd_http *http, int grace_ms)
{
    atomic_store(&http->closing, true);
    if (http->daemon != NULL) {
        (void)MHD_quiesce_daemon(http->daemon); /* our own socket; http_free() closes it */
        wait_for_turns(http, grace_ms);
    }
    __atomic_store_n(&http->stop, 1, __ATOMIC_RELAXED);
    xd_pool_end(http);
    if (http->daemon != NULL) {
        wait_for_turns(http, 100);
        MHD_stop_daemon(http->daemon);
    }
    if (http->sweeping) {
        (void)pthread_join(http->sweeper, NULL); /* ended by xd_pool_end() */
    }
    if (http->has_waiter) {
        (void)pthread_join(http->waiter, NULL); /* the same */
    }
    http_free(http);
}

/* ---- figures -------------------------------------------------------------------------------
 */

static void figure(xd_buf *out, const char *name, const char *kind, const char *help,
                   uint64_t n)
{
    xd_buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n%s %" PRIu64 "\n", name, help, name, kind,
                  name, n);
}

void xd_http_metrics(const xd_http *http, xd_buf *out)
{
    xd_buf_printf(out, "# HELP xiudai_requests_total Requests answered, by status\n"
                       "# TYPE xiudai_requests_total counter\n");
    for (size_t i = 0; i < XD_LEN(http->by_status); i++) {
        uint64_t n = atomic_load(&http->by_status[i]);
        if (n > 0) {
            xd_buf_printf(out, "xiudai_requests_total{status=\"%zu\"} %" PRIu64 "\n", i, n);
        }
    }
    xd_buf_printf(out, "# HELP xiudai_request_seconds Time from request line to answer sent\n"
                       "# TYPE xiudai_request_seconds histogram\n");
    uint64_t below = 0;
    for (size_t i = 0; i < XD_LATENCIES; i++) {
        below += atomic_load(&http->latency[i]);
        xd_buf_printf(out, "xiudai_request_seconds_bucket{le=\"%g\"} %" PRIu64 "\n",
                      (double)xd_latency_us[i] / 1e6, below);
    }
    below += atomic_load(&http->latency[XD_LATENCIES]);
    xd_buf_printf(out,
                  "xiudai_request_seconds_bucket{le=\"+Inf\"} %" PRIu64
                  "\nxiudai_request_seconds_sum %.6f\nxiudai_request_seconds_count %" PRIu64
                  "\n",
                  below, (double)atomic_load(&http->latency_sum_us) / 1e6, below);
    figure(out, "xiudai_connections_open", "gauge", "Connections now open",
           (uint64_t)atomic_load(&http->open));
    figure(out, "xiudai_requests_waiting", "gauge",
           "Requests that wait for this server to have read the write their mark names",
           (uint64_t)atomic_load(&http->n_waits));
    figure(out, "xiudai_connections_total", "counter", "Connections accepted",
           atomic_load(&http->accepted));
    figure(out, "xiudai_connections_turned_away_total", "counter",
           "Connections over an address's cap", atomic_load(&http->turned_away));
    figure(out, "xiudai_requests_refused_total", "counter", "Requests whose header was refused",
           atomic_load(&http->refused));
    figure(out, "xiudai_connections_swept_total", "counter", "Connections shut for being late",
           atomic_load(&http->swept_n));
}
