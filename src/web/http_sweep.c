/* The sweeper: shuts sockets that are late.
 *
 * libmicrohttpd's timeout counts silence only, so a byte now and then would hold a connection
 * for ever. Here each connection carries a deadline that only whole things move: a header, a
 * body that keeps the floor, an answer taken at the floor. When a kept connection begins its
 * next header shows in the kernel's count of received bytes. A socket is shut, never closed:
 * the library closes it, after xd_conn_drop() took it off the list under the same lock. */
#include <linux/tcp.h> /* glibc 2.36's own tcp_info ends before the member we want */
#include <sys/socket.h>
#include <time.h>

#include "web/http_room.h"

#define SWEEP_MS 250
#define CLOSE_WAIT 8 /* TCP_CLOSE_WAIT, which linux/tcp.h leaves to the kernel */

bool xd_conn_welcome(xd_http *http, xd_str ip)
{
    int same = 0;
    if (xd_http_loopback(ip)) {
        return true;
    }
    for (size_t i = 0; i < http->options.trusted.n; i++) {
        if (xd_str_eq(http->options.trusted.at[i], ip)) {
            return true;
        }
    }
    (void)pthread_mutex_lock(&http->lock);
    for (const xd_conn *c = http->conns; c != NULL; c = c->next) {
        same += xd_str_eq(xd_str_of(c->ip), ip);
    }
    (void)pthread_mutex_unlock(&http->lock);
    return same < http->options.per_address;
}

xd_conn *xd_conn_add(xd_http *http, int fd, xd_str ip)
{
    (void)pthread_mutex_lock(&http->lock);
    xd_conn *conn = http->free_conns;
    if (conn != NULL) {
        http->free_conns = conn->next;
    } else {
        conn = xd_new(http->arena, xd_conn);
    }
    *conn = (xd_conn){.fd = fd, .next = http->conns};
    if (ip.n < sizeof conn->ip) {
        memcpy(conn->ip, ip.p == NULL ? "" : ip.p, ip.n);
    }
    atomic_store(&conn->phase, XD_PHASE_HEADER);
    atomic_store(&conn->deadline, xd_monotonic() + (int64_t)http->options.header_ms * 1000);
    if (http->conns != NULL) {
        http->conns->before = conn;
    }
    http->conns = conn;
    (void)pthread_mutex_unlock(&http->lock);
    return conn;
}

void xd_conn_drop(xd_http *http, xd_conn *conn)
{
    (void)pthread_mutex_lock(&http->lock);
    if (conn->before != NULL) {
        conn->before->next = conn->next;
    } else {
        http->conns = conn->next;
    }
    if (conn->next != NULL) {
        conn->next->before = conn->before;
    }
    conn->next = http->free_conns;
    http->free_conns = conn;
    (void)pthread_mutex_unlock(&http->lock);
}

void xd_conn_idle(xd_http *http, xd_conn *conn)
{
    atomic_store(&conn->received, 0);
    atomic_store(&conn->deadline, xd_monotonic() + (int64_t)http->options.idle_ms * 1000);
    atomic_store(&conn->phase, XD_PHASE_IDLE);
}

static void look_at(xd_http *http, xd_conn *conn, int64_t now)
{
    int64_t deadline = atomic_load(&conn->deadline);
    if (deadline != 0 && now > deadline && !conn->shut) {
        conn->shut = true;
        atomic_fetch_add(&http->swept_n, 1);
        (void)shutdown(conn->fd, SHUT_RDWR); /* a socket already gone is what we want */
        return;
    }
    if (atomic_load(&conn->phase) != XD_PHASE_IDLE) {
        return;
    }
    struct tcp_info info = {0};
    socklen_t n = sizeof info;
    if (getsockopt(conn->fd, IPPROTO_TCP, TCP_INFO, &info, &n) != 0) {
        return;
    }
    if (info.tcpi_state == CLOSE_WAIT) {
        /* The client has hung up; the library, told so before it had answered, forgets. */
        (void)shutdown(conn->fd, SHUT_RDWR); /* as above */
        return;
    }
    uint64_t seen = info.tcpi_bytes_received;
    uint64_t known = atomic_exchange(&conn->received, seen);
    if (known != 0 && known != seen) {
        /* Only from idle: a request judged meanwhile has moved on, and keeps its deadline. */
        int idle = XD_PHASE_IDLE;
        int64_t late = now + (int64_t)http->options.header_ms * 1000;
        if (late < deadline &&
            atomic_compare_exchange_strong(&conn->phase, &idle, XD_PHASE_HEADER)) {
            (void)atomic_compare_exchange_strong(&conn->deadline, &deadline, late);
        }
    }
}

void *xd_sweeper_run(void *p)
{
    xd_http *http = p;
    (void)pthread_mutex_lock(&http->lock);
    while (!http->ending) {
        struct timespec until;
        (void)clock_gettime(CLOCK_REALTIME, &until); /* cannot fail for this clock */
        until.tv_nsec += SWEEP_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        (void)pthread_cond_timedwait(&http->swept, &http->lock, &until); /* early is no harm */
        int64_t now = xd_monotonic();
        for (xd_conn *c = http->conns; c != NULL; c = c->next) {
            look_at(http, c, now);
        }
    }
    (void)pthread_mutex_unlock(&http->lock);
    return NULL;
}
