#include "index/io.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#define PORTION ((size_t)1 << 20)

/* True when the step is the one to die at; the caller may first do half of it. */
static bool last_step(xd_io *io)
{
    int64_t step = atomic_fetch_add(&io->step, 1) + 1;
    return io->die_at != 0 && step == io->die_at;
}

static void die(void)
{
    (void)raise(SIGKILL); /* does not come back */
}

bool xd_io_create(xd_ctx *cx, xd_io *io, const char *name, int *ret_fd)
{
    if (last_step(io))
        die();
    int fd =
        openat(io->folder, name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return xd_fail_errno(cx, errno, "making index file %s", name);
    *ret_fd = fd;
    return true;
}

static bool write_portion(xd_ctx *cx, xd_io *io, int fd, xd_str bytes, uint64_t at)
{
    bool last = last_step(io);
    size_t n = last ? bytes.n / 2 : bytes.n, done = 0;
    while (done < n) {
        ssize_t got = pwrite(fd, bytes.p + done, n - done, (off_t)(at + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return xd_fail_errno(cx, errno, "writing an index file");
        done += (size_t)got;
    }
    if (last)
        die();
    return true;
}

bool xd_io_write(xd_ctx *cx, xd_io *io, int fd, xd_str bytes, uint64_t at)
{
    for (size_t from = 0; from < bytes.n; from += PORTION) {
        if (!write_portion(cx, io, fd, xd_str_sub(bytes, from, from + PORTION), at + from))
            return false;
    }
    return true;
}

bool xd_io_sync(xd_ctx *cx, xd_io *io, int fd)
{
    if (last_step(io))
        die();
    return fsync(fd) == 0 || xd_fail_errno(cx, errno, "syncing an index file");
}

bool xd_io_rename(xd_ctx *cx, xd_io *io, const char *from, const char *to)
{
    if (last_step(io))
        die();
    if (renameat(io->folder, from, io->folder, to) != 0)
        return xd_fail_errno(cx, errno, "renaming index file %s", from);
    return xd_io_sync(cx, io, io->folder);
}

bool xd_io_remove(xd_ctx *cx, xd_io *io, const char *name)
{
    if (last_step(io))
        die();
    return unlinkat(io->folder, name, 0) == 0 || errno == ENOENT ||
           xd_fail_errno(cx, errno, "removing index file %s", name);
}

bool xd_io_replace(xd_ctx *cx, xd_io *io, const char *name, xd_str bytes)
{
    char beside[96];
    int fd;
    (void)snprintf(beside, sizeof beside, "%s.tmp", name); /* our own names are short */
    if (!xd_io_create(cx, io, beside, &fd))
        return false;
    bool ok = xd_io_write(cx, io, fd, bytes, 0) && xd_io_sync(cx, io, fd);
    (void)close(fd); /* synced already */
    return ok && xd_io_rename(cx, io, beside, name);
}
