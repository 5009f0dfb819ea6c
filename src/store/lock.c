#include "store/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"

#define HOLDER_MAX 400

static xd_str read_holder(xd_ctx *cx, int fd)
{
    char text[HOLDER_MAX];
    ssize_t n = pread(fd, text, sizeof text, 0);
    xd_str holder = {text, n > 0 ? (size_t)n : 0};
    holder = xd_str_trim(xd_str_sub(holder, 0, xd_utf8_valid(holder)));
    return holder.n == 0 ? XD_S("another process") : xd_str_copy(cx->arena, holder);
}

xd_str xd_lock_words(xd_ctx *cx, const char *command)
{
    return xd_str_printf(cx->arena, "pid %ld, %.300s, since " XD_FMT, (long)getpid(), command,
                         XD_ARG(xd_time_text(cx->arena, xd_now(cx))));
}

/* A courtesy to those who wait: without room for it the lock still holds. */
static void write_holder(xd_ctx *cx, int fd, const char *command)
{
    xd_str text = xd_lock_words(cx, command);
    if (ftruncate(fd, 0) != 0 || pwrite(fd, text.p, text.n, 0) < 0) {
        return;
    }
}

static bool say_busy(xd_ctx *cx, const char *place, xd_str holder)
{
    (void)xd_fail(cx, XD_BUSY, "%s is being written by " XD_FMT, place, XD_ARG(holder));
    return xd_fail_words(cx,
                         xd_str_printf(cx->arena,
                                       "%s 正由另一个程序写入（" XD_FMT "）；等它结束后再试。",
                                       place, XD_ARG(holder)),
                         xd_str_printf(cx->arena,
                                       "%s is being written by another program (" XD_FMT
                                       "). Try again when it has finished.",
                                       place, XD_ARG(holder)));
}

bool xd_lock_wait(xd_ctx *cx, const char *place, const xd_lock_way *way, void *lock,
                  const xd_waiting *waiting)
{
    int ms = waiting->wait_ms;
    int64_t until = ms < 0 ? INT64_MAX : xd_monotonic() + (int64_t)ms * 1000;
    bool told = false, got = false;
    for (;;) {
        if (!way->take(cx, lock, &got)) {
            return false;
        }
        if (got) {
            return true;
        }
        if (!xd_go_on(cx)) {
            return false;
        }
        if (xd_monotonic() >= until) {
            return say_busy(cx, place, way->holder(cx, lock));
        }
        if (!told && waiting->on_wait != NULL) {
            waiting->on_wait(waiting->user, way->holder(cx, lock));
        }
        told = true;
        const struct timespec pause = {0, 20 * 1000 * 1000};
        (void)nanosleep(&pause, NULL); /* woken early is as good */
    }
}

typedef struct file_lock {
    const char *place;
    int fd;
} file_lock;

static bool try_file(xd_ctx *cx, void *lock, bool *ret_got)
{
    const file_lock *l = lock;
    *ret_got = flock(l->fd, LOCK_EX | LOCK_NB) == 0;
    return *ret_got || errno == EWOULDBLOCK || errno == EINTR ||
           xd_fail_errno(cx, errno, "locking %s.lock", l->place);
}

static xd_str file_holder(xd_ctx *cx, void *lock)
{
    const file_lock *l = lock;
    return read_holder(cx, l->fd);
}

bool xd_lock_take(xd_ctx *cx, const char *place, const char *command, int wait_ms,
                  void (*on_wait)(void *user, xd_str holder), void *user, int *ret_fd)
{
    char *path = xd_cstr(cx->arena, xd_str_printf(cx->arena, "%s.lock", place));
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        (void)xd_fail_errno(cx, errno, "opening %s", path);
        return xd_fail_words(
            cx,
            xd_str_printf(cx->arena, "%s 所在的文件夹不能写；请检查权限，或换一个位置。",
                          place),
            xd_str_printf(cx->arena,
                          "The folder of %s may not be written. Check the permissions "
                          "or choose another place.",
                          place));
    }
    static const xd_lock_way by_file = {try_file, file_holder};
    file_lock lock = {place, fd};
    const xd_waiting waiting = {wait_ms, on_wait, user};
    if (!xd_lock_wait(cx, place, &by_file, &lock, &waiting)) {
        (void)close(fd); /* nothing was written */
        return false;
    }
    write_holder(cx, fd, command);
    *ret_fd = fd;
    return true;
}

void xd_lock_drop(int fd)
{
    if (fd >= 0) {
        /* Cleared first, so that a latecomer never reads a holder that has left. */
        if (ftruncate(fd, 0) != 0) {
            (void)flock(fd, LOCK_UN); /* the text stays; the lock is what counts */
        }
        (void)close(fd); /* lets go of the lock */
    }
}
