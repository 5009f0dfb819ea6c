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
/* The waiting alone, for another kind of lock. */
typedef struct xd_lock_way {
    bool (*take)(xd_ctx *cx, void *lock, bool *ret_got);
    xd_str (*holder)(xd_ctx *cx, void *lock);
} xd_lock_way;
typedef struct xd_waiting {
    int wait_ms;
    void (*on_wait)(void *user, xd_str holder);
    void *user;
} xd_waiting;
XD_MUST bool xd_lock_wait(xd_ctx *cx, const char *place, const xd_lock_way *way, void *lock,
                          const xd_waiting *waiting);
/* "pid 12, xiudai import, since …" */
xd_str xd_lock_words(xd_ctx *cx, const char *command);
void xd_lock_drop(int fd); /* -1 is allowed */

#endif
