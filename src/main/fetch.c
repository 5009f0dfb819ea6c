/* The files are immutable and the manifest names them, so it is fetched first and written last:
 * a folder that was fetched half has none, and counts as empty. A file that the other machine has
 * joined with others meanwhile is gone there; then the manifest is asked for once more. */
#include "main/fetch.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"

#define SILENCE_MS 10000
#define HEAD_MOST 16384
#define MANIFEST_MOST ((size_t)64 << 20)
#define TRIES 3

static bool connect_to(xd_ctx *cx, const char *address, int *ret_fd)
{
    const char *colon = strrchr(address, ':');
    if (colon == NULL) {
        return xd_fail(cx, XD_INVALID, "%s is no ADDR:PORT", address);
    }
    xd_str host = {address, (size_t)(colon - address)};
    bool bracketed = host.n > 2 && host.p[0] == '[';
    host = bracketed ? xd_str_sub(host, 1, host.n - 1) : host;
    const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
                                   .ai_socktype = SOCK_STREAM};
    struct addrinfo *list = NULL;
    if (getaddrinfo(xd_cstr(cx->arena, host), colon + 1, &hints, &list) != 0) {
        return xd_fail(cx, XD_INVALID, "%s is no ADDR:PORT in numbers", address);
    }
    int fd = socket(list->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool begun =
        fd >= 0 && (connect(fd, list->ai_addr, list->ai_addrlen) == 0 || errno == EINPROGRESS);
    int error_number = errno;
    freeaddrinfo(list);
    if (!begun) {
        if (fd >= 0) {
            (void)close(fd); /* never connected */
        }
        return xd_fail_errno(cx, error_number, "connecting to %s", address);
    }
    *ret_fd = fd;
    return true;
}

static bool await(xd_ctx *cx, int fd, short what)
{
    int64_t until = xd_monotonic() + (int64_t)SILENCE_MS * 1000;
    struct pollfd p = {.fd = fd, .events = what};
    while (poll(&p, 1, 100) <= 0) {
        if (!xd_go_on(cx)) {
            return false;
        }
        if (xd_monotonic() > until) {
            return xd_fail(cx, XD_BUSY, "it is silent");
        }
    }
    return true;
}

static bool ask(xd_ctx *cx, int fd, const char *host, xd_str name)
{
    xd_str text = xd_str_printf(
        cx->arena, "GET /index/" XD_FMT " HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n",
        XD_ARG(name), host);
    return await(cx, fd, POLLOUT) &&
           (send(fd, text.p, text.n, MSG_NOSIGNAL) == (ssize_t)text.n ||
            xd_fail(cx, XD_BUSY, "it does not take the question"));
}

/* The head of the answer; what came behind it stays in rest. */
static bool read_head(xd_ctx *cx, int fd, xd_buf *rest)
{
    char piece[4096];
    size_t end = SIZE_MAX;
    while (end == SIZE_MAX) {
        if (rest->n > HEAD_MOST || !await(cx, fd, POLLIN)) {
            return xd_fail(cx, XD_BROKEN, "its answer is none of HTTP");
        }
        ssize_t n = recv(fd, piece, sizeof piece, 0);
        if (n <= 0) {
            return xd_fail(cx, XD_BUSY, "it has closed the connection");
        }
        xd_buf_add(rest, (xd_str){piece, (size_t)n});
        end = xd_str_find(xd_buf_str(rest), XD_S("\r\n\r\n"), 0);
    }
    xd_str head = xd_str_sub(xd_buf_str(rest), 0, end);
    if (!xd_str_starts(head, XD_S("HTTP/1.1 200 "))) {
        size_t line = xd_str_find(head, XD_S("\r\n"), 0);
        return xd_fail(cx, XD_ABSENT, "it answers " XD_FMT, XD_ARG(xd_str_sub(head, 0, line)));
    }
    memmove(rest->p, rest->p + end + 4, rest->n - end - 4);
    rest->n -= end + 4;
    return true;
}

/* The body, into a file; at most so much. */
static bool read_body(xd_ctx *cx, int fd, xd_str first, int out, uint64_t most, uint64_t *ret_n)
{
    static const size_t room = (size_t)256 << 10;
    char *piece = xd_new_n(cx->arena, char, room);
    uint64_t got = first.n;
    if (!xd_file_write(cx, out, first)) {
        return false;
    }
    for (;;) {
        if (got > most) {
            return xd_fail(cx, XD_LIMIT, "it sends more than there is");
        }
        if (!await(cx, fd, POLLIN)) {
            return false;
        }
        ssize_t n = recv(fd, piece, room, 0);
        if (n == 0) {
            *ret_n = got;
            return true;
        }
        if (n < 0 || !xd_file_write(cx, out, (xd_str){piece, (size_t)n})) {
            return n < 0 ? xd_fail_errno(cx, errno, "reading from it") : false;
        }
        got += (uint64_t)n;
    }
}

static bool get(xd_ctx *cx, const char *from, xd_str name, int out, uint64_t most,
                uint64_t *ret_n)
{
    int fd;
    xd_buf rest = {0};
    if (!connect_to(cx, from, &fd)) {
        return false;
    }
    bool ok = ask(cx, fd, from, name) && read_head(cx, fd, &rest) &&
              read_body(cx, fd, xd_buf_str(&rest), out, most, ret_n);
    xd_buf_free(&rest);
    (void)close(fd); /* all was read */
    return ok || xd_fail_note(cx, "fetching " XD_FMT " from %s", XD_ARG(name), from);
}

static bool get_file(xd_ctx *cx, const char *from, const char *dir, const xd_index_file *file)
{
    const char *path =
        xd_cstr(cx->arena, xd_str_printf(cx->arena, "%s/" XD_FMT, dir, XD_ARG(file->name)));
    uint64_t n = 0;
    int out = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (out < 0) {
        return xd_fail_errno(cx, errno, "making %s", path);
    }
    bool ok =
        get(cx, from, file->name, out, file->bytes, &n) &&
        (n == file->bytes || xd_fail(cx, XD_BUSY, XD_FMT " came in part", XD_ARG(file->name)));
    ok = ok && (fsync(out) == 0 || xd_fail_errno(cx, errno, "writing %s", path));
    (void)close(out); /* synced, or not used */
    return ok;
}

static bool get_manifest(xd_ctx *cx, const char *from, xd_str *ret_bytes)
{
    int out;
    uint64_t n = 0;
    char path[32];
    if (!xd_file_unnamed(cx, &out)) {
        return false;
    }
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", out);
    bool ok = get(cx, from, XD_S("manifest"), out, MANIFEST_MOST, &n) &&
              xd_file_read(cx, path, MANIFEST_MOST, ret_bytes);
    (void)close(out); /* it had no name */
    return ok;
}

static bool fetch(xd_ctx *cx, const xd_model *model, const char *from, const char *dir,
                  const char *manifest_path, int64_t *ret_bytes)
{
    xd_str manifest;
    xd_index_files files = {0};
    int64_t bytes = 0;
    if (!get_manifest(cx, from, &manifest) ||
        !xd_index_file_names(cx, model, manifest, &files)) {
        return false;
    }
    for (size_t i = 0; i < files.n; i++) {
        if (!get_file(cx, from, dir, &files.at[i])) {
            return false;
        }
        bytes += (int64_t)files.at[i].bytes;
    }
    *ret_bytes = bytes;
    return xd_file_replace(cx, manifest_path, manifest, 0600);
}

bool xd_fetch_index(xd_ctx *cx, const xd_model *model, const char *from, const char *dir,
                    int64_t *ret_bytes)
{
    const char *manifest = xd_cstr(cx->arena, xd_str_printf(cx->arena, "%s/manifest", dir));
    *ret_bytes = 0;
    if (access(manifest, F_OK) == 0) {
        return true;
    }
    if (!xd_dir_make(cx, dir)) {
        return false;
    }
    bool ok = fetch(cx, model, from, dir, manifest, ret_bytes);
    for (int i = 1; i < TRIES && !ok && cx->err.code == XD_ABSENT; i++) {
        (void)xd_err_take(cx);
        ok = fetch(cx, model, from, dir, manifest, ret_bytes);
    }
    return ok;
}
