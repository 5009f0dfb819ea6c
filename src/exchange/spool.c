#include "exchange/spool.h"

#include "base/file.h"

#include <errno.h>
#include <unistd.h>

#define HOLD ((size_t)256 << 10) /* written and read in pieces of about this size */

struct xd_spool {
    int fd;
    int64_t end; /* of everything, held back or written */
    xd_buf held; /* not written yet: the last held.n bytes before end */
    xd_buf seen; /* bytes of the file from seen_at on, for reading in order */
    int64_t seen_at;
};

static void close_spool(void *p)
{
    xd_spool *spool = p;
    xd_buf_free(&spool->held);
    xd_buf_free(&spool->seen);
    if (spool->fd >= 0) {
        (void)close(spool->fd); /* nameless: its contents are nobody's loss */
    }
}

bool xd_spool_open(xd_ctx *cx, xd_spool **ret_spool)
{
    int fd;
    if (!xd_file_unnamed(cx, &fd)) {
        return false;
    }
    xd_spool *spool = xd_new(cx->arena, xd_spool);
    spool->fd = fd;
    xd_defer(cx, close_spool, spool);
    *ret_spool = spool;
    return true;
}

static bool write_held(xd_ctx *cx, xd_spool *spool)
{
    int64_t at = spool->end - (int64_t)spool->held.n;
    for (size_t done = 0; done < spool->held.n;) {
        ssize_t n =
            pwrite(spool->fd, spool->held.p + done, spool->held.n - done, at + (int64_t)done);
        if (n < 0 && errno != EINTR) {
            return xd_fail_errno(cx, errno, "writing the temporary file");
        }
        done += n > 0 ? (size_t)n : 0;
    }
    xd_buf_clear(&spool->held);
    return true;
}

bool xd_spool_add(xd_ctx *cx, xd_spool *spool, xd_str bytes, int64_t *ret_at)
{
    if (bytes.n > XD_SPOOL_RECORD) {
        return xd_fail(cx, XD_LIMIT, "a record of %zu bytes", bytes.n);
    }
    int64_t at = spool->end;
    xd_buf_u32be(&spool->held, (uint32_t)bytes.n);
    xd_buf_add(&spool->held, bytes);
    if (spool->held.failed) {
        return xd_fail(cx, XD_LIMIT, "no memory to set rows aside");
    }
    spool->end += 4 + (int64_t)bytes.n;
    if (spool->held.n >= HOLD && !write_held(cx, spool)) {
        return false;
    }
    *ret_at = at;
    return true;
}

/* Make seen hold n bytes from at on. */
static bool see(xd_ctx *cx, xd_spool *spool, int64_t at, size_t n)
{
    if (spool->held.n > 0 && at + (int64_t)n > spool->end - (int64_t)spool->held.n &&
        !write_held(cx, spool)) {
        return false;
    }
    if (at >= spool->seen_at && at + (int64_t)n <= spool->seen_at + (int64_t)spool->seen.n) {
        return true;
    }
    int64_t written = spool->end - (int64_t)spool->held.n;
    size_t want = n > HOLD ? n : HOLD;
    if ((int64_t)want > written - at) {
        want = (size_t)(written - at);
    }
    if (want < n) {
        return xd_fail(cx, XD_BROKEN, "the temporary file ends too early");
    }
    xd_buf_clear(&spool->seen);
    spool->seen_at = at;
    while (spool->seen.n < want) {
        char piece[64 << 10];
        size_t left = want - spool->seen.n;
        ssize_t got = pread(spool->fd, piece, left < sizeof piece ? left : sizeof piece,
                            at + (int64_t)spool->seen.n);
        if (got == 0 || (got < 0 && errno != EINTR)) {
            return xd_fail_errno(cx, got == 0 ? EIO : errno, "reading the temporary file");
        }
        xd_buf_bytes(&spool->seen, piece, got > 0 ? (size_t)got : 0);
    }
    return spool->seen.failed ? xd_fail(cx, XD_LIMIT, "no memory to read rows back") : true;
}

bool xd_spool_read(xd_ctx *cx, xd_spool *spool, int64_t at, xd_str *ret_bytes,
                   int64_t *ret_next)
{
    if (!see(cx, spool, at, 4)) {
        return false;
    }
    const unsigned char *p = (const unsigned char *)spool->seen.p + (at - spool->seen_at);
    size_t n = (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
    if (n > XD_SPOOL_RECORD) {
        return xd_fail(cx, XD_BROKEN, "the temporary file is damaged");
    }
    if (!see(cx, spool, at, 4 + n)) {
        return false;
    }
    xd_str bytes = {spool->seen.p + (at - spool->seen_at) + 4, n};
    *ret_bytes = xd_str_copy(cx->arena, bytes);
    *ret_next = at + 4 + (int64_t)n;
    return true;
}

int64_t xd_spool_end(const xd_spool *spool)
{
    return spool->end;
}
