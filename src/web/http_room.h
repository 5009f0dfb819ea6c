/* web/http_room.h — what http.c, http_body.c, http_out.c, http_sweep.c, http_pool.c and http_wait.c
 * share.
 *
 * A connection (xd_conn) is watched by the sweeper; a turn (xd_turn) is one request on its way
 * through. Both come from free lists in the http's arena, under http->lock, and are capped by
 * the connection limit. A turn belongs to one thread at a time: the event loop's, or while it
 * is suspended a worker's. */
#ifndef XD_WEB_HTTP_ROOM_H
#define XD_WEB_HTTP_ROOM_H

#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>

#include "web/http_in.h"

typedef enum xd_phase {
    XD_PHASE_HEADER, /* its first bytes came, it is not whole */
    XD_PHASE_IDLE,   /* between requests */
    XD_PHASE_BODY,
    XD_PHASE_WORK,   /* ours to answer: no deadline of the sweeper's */
    XD_PHASE_ANSWER, /* being sent */
} xd_phase;

typedef struct xd_conn xd_conn;
struct xd_conn {
    xd_conn *next, *before;
    int fd;
    char ip[INET6_ADDRSTRLEN];
    bool exempt; /* loopback or trusted: not counted by address */
    _Atomic int phase;
    _Atomic int64_t deadline;  /* µs, monotonic; 0: none */
    _Atomic uint64_t received; /* TCP bytes when it became idle */
    bool shut;
};

typedef enum xd_step { XD_STEP_NEW, XD_STEP_BODY, XD_STEP_POOL, XD_STEP_DONE } xd_step;

typedef struct xd_body_in xd_body_in;
typedef struct xd_turn xd_turn;
struct xd_turn {
    xd_turn *next;
    xd_http *http;
    xd_conn *conn;
    struct MHD_Connection *mhd;
    xd_ctx cx;
    xd_step step;
    int64_t started; /* µs, monotonic */
    xd_str uri;
    xd_http_verdict verdict;
    xd_plan plan;
    xd_request request;
    xd_response response;
    xd_body_in *in; /* NULL: no body */
    int64_t body_started, body_bytes;
    bool failed;        /* cx.err holds why; the answer is on_error's */
    bool later;         /* too much work for the loop: to be served again on the pool */
    bool waited;        /* for plan.after, in vain or not */
    int64_t wait_until; /* µs, monotonic */
    xd_buf packed;      /* the compressed answer; bytes may point into it */
    xd_str bytes, etag; /* what is sent unless response.fd is */
    const char *coding; /* NULL: as it is */
};

/* Units of work (index/look.h) that an event loop gives an answer: some ten milliseconds. What
 * needs more is begun anew on the pool. */
#define XD_LOOP_WORK 500000

#define XD_LATENCIES 14
extern const int64_t xd_latency_us[XD_LATENCIES];

struct xd_http {
    xd_arena *arena;
    xd_http_options options;
    struct MHD_Daemon *daemon;
    int listen_fd, port;

    pthread_mutex_t lock; /* conns, free lists, the pool's queue, who waits */
    xd_conn *conns, *free_conns;
    xd_turn *free_turns;

    pthread_cond_t work, swept;
    xd_turn *first, *last;
    size_t queued;
    pthread_t *workers;
    size_t n_workers;
    pthread_t sweeper, waiter;
    bool sweeping;
    pthread_cond_t waiting; /* somebody began to, or it is over */
    xd_turn *waits;         /* suspended until plan.after is reached */
    atomic_size_t n_waits;
    bool has_waiter;
    bool ending; /* under lock: pool and sweeper are to go */

    volatile int stop;   /* cx->stop of every turn */
    atomic_bool closing; /* answers say Connection: close */
    atomic_int active;   /* turns judged and not completed */

    _Atomic uint64_t by_status[600], latency[XD_LATENCIES + 1], latency_sum_us, refused,
        swept_n, accepted, turned_away;
    atomic_int open;
};

/* http_sweep.c */
xd_conn *xd_conn_add(xd_http *http, int fd, xd_str ip);
void xd_conn_drop(xd_http *http, xd_conn *conn);
void xd_conn_idle(xd_http *http, xd_conn *conn);
/* May one more connection come from this address? */
bool xd_conn_welcome(xd_http *http, xd_str ip);
void *xd_sweeper_run(void *http);

/* http_pool.c: start, hand a suspended turn over (false: the queue is full), end. */
XD_MUST bool xd_pool_start(xd_ctx *cx, xd_http *http);
bool xd_pool_take(xd_http *http, xd_turn *turn);
void xd_pool_end(xd_http *http);

/* http_wait.c: the thread that looks after those who wait; take a turn that has to (false: it has
 * not, or too many do). Who has waited comes back as if its last bytes had just arrived. */
void *xd_waiter_run(void *http);
bool xd_wait_take(xd_http *http, xd_turn *turn);

/* http.c: start the library's daemon on http->listen_fd. */
XD_MUST bool xd_http_daemon(xd_ctx *cx, xd_http *http);
/* Call the handler and, where it fails, on_error. */
void xd_turn_serve(xd_turn *turn);

/* http_body.c. Failures stay in turn->cx. */
XD_MUST bool xd_body_begin(xd_turn *turn, xd_str content_type);
/* false: the body is refused; what follows is to be swallowed. */
bool xd_body_more(xd_turn *turn, const char *bytes, size_t n);
XD_MUST bool xd_body_end(xd_turn *turn);
void xd_body_free(xd_turn *turn);

/* http_out.c. Pack settles bytes, entity tag, coding and 304 from turn->response; it may take
 * milliseconds and runs where serve ran. Send queues the answer on turn->mhd. */
void xd_turn_pack(xd_turn *turn);
enum MHD_Result xd_turn_send(xd_turn *turn, bool close);

#endif
