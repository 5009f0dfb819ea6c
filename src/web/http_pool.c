/* The pool: where answers that wait are worked out, so that event loops never do. A turn comes
 * here suspended; when it is served its connection is resumed and the loop sends the answer. */
#include "web/http_room.h"

#define MOST_QUEUED 64

static void *work(void *p)
{
    xd_http *http = p;
    (void)pthread_mutex_lock(&http->lock);
    for (;;) {
        while (http->first == NULL && !http->ending) {
            (void)pthread_cond_wait(&http->work, &http->lock);
        }
        xd_turn *turn = http->first;
        if (turn == NULL) {
            break;
        }
        http->first = turn->next;
        http->last = http->first == NULL ? NULL : http->last;
        http->queued--;
        (void)pthread_mutex_unlock(&http->lock);
        xd_turn_serve(turn);
        MHD_resume_connection(turn->mhd); /* from here on the turn is the loop's again */
        (void)pthread_mutex_lock(&http->lock);
    }
    (void)pthread_mutex_unlock(&http->lock);
    return NULL;
}

bool xd_pool_start(xd_ctx *cx, xd_http *http)
{
    http->workers = xd_new_n(http->arena, pthread_t, (size_t)http->options.workers);
    for (int i = 0; i < http->options.workers; i++) {
        int error = pthread_create(&http->workers[i], NULL, work, http);
        if (error != 0) {
            return xd_fail_errno(cx, error, "starting a worker thread");
        }
        http->n_workers++;
    }
    return true;
}

bool xd_pool_take(xd_http *http, xd_turn *turn)
{
    (void)pthread_mutex_lock(&http->lock);
    bool room = http->queued < MOST_QUEUED;
    if (room) {
        MHD_suspend_connection(turn->mhd); /* before a worker can resume it */
        turn->step = XD_STEP_POOL;
        turn->next = NULL;
        if (http->last == NULL) {
            http->first = turn;
        } else {
            http->last->next = turn;
        }
        http->last = turn;
        http->queued++;
        (void)pthread_cond_signal(&http->work);
    }
    (void)pthread_mutex_unlock(&http->lock);
    return room;
}

void xd_pool_end(xd_http *http)
{
    (void)pthread_mutex_lock(&http->lock);
    http->ending = true;
    (void)pthread_cond_broadcast(&http->work);
    (void)pthread_cond_broadcast(&http->swept);
    (void)pthread_cond_broadcast(&http->waiting);
    (void)pthread_mutex_unlock(&http->lock);
    for (size_t i = 0; i < http->n_workers; i++) {
        (void)pthread_join(http->workers[i], NULL); /* ours, and joinable */
    }
    http->n_workers = 0;
}
