/* store/lock.h — the lock file beside a store: who holds the head.
 *
 * "<store>.lock", flock'd; its text names pid, command and start for those who wait. The kernel
 * lets go when the holder dies, so nothing is ever left locked. The file is never removed: that
 * would let two hold it. */
#ifndef XD_STORE_LOCK_H
#define XD_STORE_LOCK_H

#include "base/ctx.h"

/* wait_ms < 0: for ever. on_wait (may be NULL) is told once who holds it. XD_BUSY, with the
 * holder named, when time is up. */
XD_MUST bool xd_lock_take(xd_ctx *cx, const char *place, const char *command, int wait_ms,
                          void (*on_wait)(void *user, xd_str holder), void *user, int *ret_fd);
void xd_lock_drop(int fd); /* -1 is allowed */

#endif
