/* Requests that wait for the process to get somewhere (plan.after): suspended, so that they keep no
 * thread, and looked at by one thread for all of them. There is a bound; who comes beyond it is
 * served at once, with what there is. */
#include <time.h>

#include "web/http_room.h"

#define LOOK_MS 20
#define MOST_WAITING 512

bool xd_wait_take(xd_http *http, xd_turn *turn)
{
    int64_t after = turn->plan.after;
    if (after == 0 || turn->waited || !http->has_waiter || atomic_load(&http->closing) ||
        http->options.reached(http->options.user, after)) {
        return false;
    }
    turn->waited = true;
    turn->wait_until = xd_monotonic() + (int64_t)http->options.wait_ms * 1000;
    (void)pthread_mutex_lock(&http->lock);
    bool room = atomic_load(&http->n_waits) < MOST_WAITING && !http->ending;
    if (room) {
        MHD_suspend_connection(turn->mhd); /* before the waiter can resume it */
        turn->next = http->waits;
        http->waits = turn;
        atomic_fetch_add(&http->n_waits, 1);
        (void)pthread_cond_signal(&http->waiting);
    }
    (void)pthread_mutex_unlock(&http->lock);
    return room;
}

/* Those who have waited long enough, off the list. */
static xd_turn *take_done(xd_http *http, bool all)
{
    xd_turn *done = NULL, **at = &http->waits;
    int64_t now = xd_monotonic();
    while (*at != NULL) {
        xd_turn *turn = *at;
        if (all || now >= turn->wait_until ||
            http->options.reached(http->options.user, turn->plan.after)) {
            *at = turn->next;
            turn->next = done;
            done = turn;
            atomic_fetch_sub(&http->n_waits, 1);
        } else {
            at = &turn->next;
        }
    }
    return done;
}

static void resume(xd_turn *turn)
{
    while (turn != NULL) {
        xd_turn *next = turn->next; /* read before the loop has it again */
        MHD_resume_connection(turn->mhd);
        turn = next;
    }
}

static void rest(xd_http *http)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_REALTIME, &until); /* cannot fail for this clock */
    until.tv_nsec += LOOK_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    (void)pthread_cond_timedwait(&http->waiting, &http->lock, &until); /* early is no harm */
}

void *xd_waiter_run(void *p)
{
    xd_http *http = p;
    (void)pthread_mutex_lock(&http->lock);
    for (;;) {
        while (http->waits == NULL && !http->ending) {
            (void)pthread_cond_wait(&http->waiting, &http->lock);
        }
        /* A server that stops answers all with what it has. */
        xd_turn *done = take_done(http, http->ending || atomic_load(&http->closing));
        if (done != NULL) {
            (void)pthread_mutex_unlock(&http->lock);
            resume(done);
            (void)pthread_mutex_lock(&http->lock);
        } else if (http->ending) {
            break;
        } else {
            rest(http);
        }
    }
    (void)pthread_mutex_unlock(&http->lock);
    return NULL;
}
