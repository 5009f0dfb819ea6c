/* exchange/beside.h — one step of a long row of alike steps, done on a second thread.
 *
 * Pieces of work stand in a ring of slots. Whoever began it fills a slot, gives it, and takes
 * slots back in the order given; in between a slot is the helper's. Who takes one back that the
 * helper has not begun does it himself, so nobody waits where there is no second processor.
 * Slots are the owner's own: what hangs on one (a context, an arena) goes with it. The work may
 * read what nobody changes meanwhile, and its slot. */
#ifndef XD_EXCHANGE_BESIDE_H
#define XD_EXCHANGE_BESIDE_H

#include "base/ctx.h"

typedef struct xd_beside xd_beside;
/* On slot number i; on either thread. */
typedef void xd_beside_work(void *user, size_t i);

/* In cx's arena. Ended by xd_beside_end(), always. */
xd_beside *xd_beside_begin(xd_ctx *cx, size_t slots, xd_beside_work *work, void *user);
/* What was given and not taken back is finished or dropped first. */
void xd_beside_end(xd_beside *beside);

/* The slot to fill next; there is one while xd_beside_out() is below the number of slots. */
size_t xd_beside_next(const xd_beside *beside);
size_t xd_beside_out(const xd_beside *beside); /* given and not taken back */
void xd_beside_give(xd_beside *beside);
/* The oldest slot given, worked on. Only while xd_beside_out() > 0. */
size_t xd_beside_take(xd_beside *beside);

#endif
