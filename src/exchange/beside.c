#include "exchange/beside.h"

#include <pthread.h>
#include <signal.h>

/* Pieces are numbered as given; piece n stands in slot n % slots. Each is claimed in that order by
 * one of the two threads and is then that thread's until it is done. */
struct xd_beside {
    xd_beside_work *work;
    void *user;
    size_t slots;
    size_t given, taken; /* changed by the owner alone */
    bool there;          /* the helper */
    pthread_t helper;
    pthread_mutex_t lock; /* of what follows, and of given */
    pthread_cond_t change;
    size_t claimed;
    bool *done; /* by slot */
    bool idle, waiting, ending;
};

/* Under the lock, which is let go meanwhile. */
static void do_next(xd_beside *b)
{
    size_t i = b->claimed++ % b->slots;
    (void)pthread_mutex_unlock(&b->lock);
    b->work(b->user, i);
    (void)pthread_mutex_lock(&b->lock);
    b->done[i] = true;
}

static void *help(void *user)
{
    xd_beside *b = user;
    (void)pthread_mutex_lock(&b->lock);
    while (!b->ending) {
        if (b->claimed < b->given) {
            do_next(b);
            if (b->waiting) {
                (void)pthread_cond_broadcast(&b->change);
            }
        } else {
            b->idle = true;
            (void)pthread_cond_wait(&b->change, &b->lock);
            b->idle = false;
        }
    }
    (void)pthread_mutex_unlock(&b->lock);
    return NULL;
}

xd_beside *xd_beside_begin(xd_ctx *cx, size_t slots, xd_beside_work *work, void *user)
{
    xd_beside *b = xd_new(cx->arena, xd_beside);
    b->work = work;
    b->user = user;
    b->slots = slots;
    b->done = xd_new_n(cx->arena, bool, slots);
    (void)pthread_mutex_init(&b->lock, NULL);
    (void)pthread_cond_init(&b->change, NULL);
    return b;
}

/* Not for less than one round. Signals are for the others. If it cannot be, the owner does all. */
static void start(xd_beside *b)
{
    sigset_t all, before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    b->there = pthread_create(&b->helper, NULL, help, b) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void xd_beside_end(xd_beside *b)
{
    if (b->there) {
        (void)pthread_mutex_lock(&b->lock);
        b->ending = true;
        (void)pthread_cond_broadcast(&b->change);
        (void)pthread_mutex_unlock(&b->lock);
        (void)pthread_join(b->helper, NULL); /* ours, and joined here alone */
    }
    (void)pthread_cond_destroy(&b->change);
    (void)pthread_mutex_destroy(&b->lock);
}

size_t xd_beside_next(const xd_beside *b)
{
    return b->given % b->slots;
}

size_t xd_beside_out(const xd_beside *b)
{
    return b->given - b->taken;
}

void xd_beside_give(xd_beside *b)
{
    assert(xd_beside_out(b) < b->slots);
    (void)pthread_mutex_lock(&b->lock);
    b->done[b->given % b->slots] = false;
    b->given++;
    if (b->idle) {
        (void)pthread_cond_broadcast(&b->change);
    }
    (void)pthread_mutex_unlock(&b->lock);
    if (b->given == b->slots) {
        start(b);
    }
}

size_t xd_beside_take(xd_beside *b)
{
    assert(xd_beside_out(b) > 0);
    size_t i = b->taken % b->slots;
    (void)pthread_mutex_lock(&b->lock);
    while (!b->done[i]) {
        if (b->claimed < b->given) {
            do_next(b);
        } else {
            b->waiting = true;
            (void)pthread_cond_wait(&b->change, &b->lock);
            b->waiting = false;
        }
    }
    (void)pthread_mutex_unlock(&b->lock);
    b->taken++;
    return i;
}
