#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static bool read_all(xd_ctx *cx, int fd, const char *path, size_t max, xd_str *ret_bytes)
{
    struct stat st;
    if (fstat(fd, &st) != 0) {
        return xd_fail_errno(cx, errno, "looking at %s", path);
    }
    if (!S_ISREG(st.st_mode)) {
        return xd_fail(cx, XD_INVALID, "%s is not a regular file", path);
    }
    if ((uint64_t)st.st_size > max) {
        return xd_fail(cx, XD_LIMIT, "%s is larger than %zu bytes", path, max);
    }
    size_t want = (size_t)st.st_size, got = 0;
    char *bytes = xd_arena_take(cx->arena, want + 1);
    while (got < want) {
        ssize_t n = read(fd, bytes + got, want - got);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return xd_fail_errno(cx, errno, "reading %s", path);
        }
        if (n == 0) {
            break; /* it shrank meanwhile: what is there counts */
        }
        got += (size_t)n;
    }
    bytes[got] = '\0';
    *ret_bytes = (xd_str){bytes, got};
    return true;
}

bool xd_file_read(xd_ctx *cx, const char *path, size_t max, xd_str *ret_bytes)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return xd_fail_errno(cx, errno, "opening %s", path);
    }
    bool ok = read_all(cx, fd, path, max, ret_bytes);
    (void)close(fd); /* read only */
    return ok;
}

bool xd_file_write(xd_ctx *cx, int fd, xd_str bytes)
{
    for (size_t at = 0; at < bytes.n;) {
        ssize_t n = write(fd, bytes.p + at, bytes.n - at);
        if (n < 0 && errno != EINTR) {
            return xd_fail_errno(cx, errno, "writing a file");
        }
        at += n > 0 ? (size_t)n : 0;
    }
    return true;
}

static bool write_all(xd_ctx *cx, int fd, const char *path, xd_str bytes)
{
    if (!xd_file_write(cx, fd, bytes)) {
        return xd_fail_note(cx, "%s", path);
    }
    return fsync(fd) == 0 || xd_fail_errno(cx, errno, "syncing %s", path);
}

bool xd_file_unnamed(xd_ctx *cx, int *ret_fd)
{
    const char *folder = getenv("TMPDIR");
    if (folder == NULL || folder[0] != '/') {
        folder = "/tmp";
    }
    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
    if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == ENOENT)) {
        /* A file system without O_TMPFILE. */
        char *path = xd_cstr(cx->arena, xd_str_printf(cx->arena, "%s/xiudai-XXXXXX", folder));
        fd = mkostemp(path, O_CLOEXEC);
        if (fd >= 0) {
            (void)unlink(path); /* then it merely keeps its name */
        }
    }
    if (fd < 0) {
        return xd_fail_errno(cx, errno, "making a temporary file in %s", folder);
    }
    *ret_fd = fd;
    return true;
}

static bool sync_folder_of(xd_ctx *cx, const char *path)
{
    const char *slash = strrchr(path, '/');
    xd_str folder = slash == NULL ? XD_S(".") : (xd_str){path, (size_t)(slash - path) + 1};
    int fd = open(xd_cstr(cx->arena, folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    int error_number = errno;
    if (fd >= 0) {
        (void)close(fd); /* read only */
    }
    return ok || xd_fail_errno(cx, error_number, "syncing the folder of %s", path);
}

bool xd_file_replace(xd_ctx *cx, const char *path, xd_str bytes, unsigned mode)
{
    char *beside = xd_cstr(cx->arena, xd_str_printf(cx->arena, "%s.XXXXXX", path));
    int fd = mkostemp(beside, O_CLOEXEC);
    if (fd < 0) {
        return xd_fail_errno(cx, errno, "making a file beside %s", path);
    }
    bool ok = fchmod(fd, (mode_t)mode) == 0 ||
              xd_fail_errno(cx, errno, "setting the mode of %s", path);
    ok = ok && write_all(cx, fd, path, bytes);
    if (close(fd) != 0 && ok) {
        ok = xd_fail_errno(cx, errno, "closing %s", path);
    }
    if (ok && rename(beside, path) != 0) {
        ok = xd_fail_errno(cx, errno, "renaming to %s", path);
    }
    if (!ok) {
        (void)unlink(beside); /* tidying after a failure already told */
        return false;
    }
    return sync_folder_of(cx, path);
}

static int by_bytes(const void *a, const void *b)
{
    return xd_str_cmp(*(const xd_str *)a, *(const xd_str *)b);
}

static bool list(xd_ctx *cx, int fd, const char *path, xd_strs *ret_names)
{
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (dir == NULL) {
        int error = errno;
        if (fd >= 0) {
            (void)close(fd); /* read only */
        }
        return xd_fail_errno(cx, error, "opening the folder %s", path);
    }
    xd_strs names = {0};
    for (struct dirent *e; (e = readdir(dir)) != NULL;) {
        xd_str name = xd_str_of(e->d_name);
        if (!xd_str_eq(name, XD_S(".")) && !xd_str_eq(name, XD_S(".."))) {
            *xd_push(cx->arena, &names) = xd_str_copy(cx->arena, name);
        }
    }
    (void)closedir(dir); /* read only */
    if (names.n > 1) {
        qsort(names.at, names.n, sizeof *names.at, by_bytes);
    }
    *ret_names = names;
    return true;
}

bool xd_dir_list(xd_ctx *cx, const char *path, xd_strs *ret_names)
{
    return list(cx, open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), path, ret_names);
}

bool xd_dir_list_at(xd_ctx *cx, int folder, xd_strs *ret_names)
{
    return list(cx, openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), "(open)",
                ret_names);
}

bool xd_dir_make(xd_ctx *cx, const char *path)
{
    char *p = xd_cstr(cx->arena, xd_str_of(path));
    for (char *slash = p + 1;; slash++) {
        if (*slash != '/' && *slash != '\0') {
            continue;
        }
        char kept = *slash;
        *slash = '\0';
        if (mkdir(p, 0700) != 0 && errno != EEXIST) {
            return xd_fail_errno(cx, errno, "making the folder %s", p);
        }
        *slash = kept;
        if (kept == '\0') {
            return true;
        }
    }
}
