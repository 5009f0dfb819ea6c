/* Files in a folder: FOLDER/ab/abcd…, the first two digits of the hash and then all of it. One is
 * written beside under another name, synced and renamed, so that a name never stands for less than
 * the whole. */
#include "store/files_room.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

#define PIECE ((size_t)256 << 10)

static const char *path_of(xd_ctx *cx, const char *folder, const char *hex)
{
    return xd_cstr(cx->arena, xd_str_printf(cx->arena, "%s/%.2s/%s", folder, hex, hex));
}

/* From the beginning of one to where the other stands. */
static bool copy(xd_ctx *cx, int from, int to, uint64_t most)
{
    char *piece = xd_new_n(cx->arena, char, PIECE);
    uint64_t at = 0;
    for (;;) {
        ssize_t n = pread(from, piece, PIECE, (off_t)at);
        if (n < 0) {
            return xd_fail_errno(cx, errno, "reading a file");
        }
        if (n == 0) {
            return true;
        }
        at += (uint64_t)n;
        if (at > most) {
            return xd_fail(cx, XD_LIMIT, "it is longer than it should be");
        }
        if (!xd_go_on(cx) || !xd_file_write(cx, to, (xd_str){piece, (size_t)n})) {
            return false;
        }
    }
}

static bool sync_folder(xd_ctx *cx, const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    int error_number = errno;
    if (fd >= 0) {
        (void)close(fd); /* synced, or said below */
    }
    return ok || xd_fail_errno(cx, error_number, "writing the folder %s", path);
}

static bool write_file(xd_ctx *cx, const char *path, int from)
{
    int to = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (to < 0) {
        return xd_fail_errno(cx, errno, "making %s", path);
    }
    bool ok = copy(cx, from, to, UINT64_MAX) &&
              (fsync(to) == 0 || xd_fail_errno(cx, errno, "writing %s", path));
    (void)close(to); /* synced, or not used */
    return ok;
}

bool xd_folder_put(xd_ctx *cx, const char *folder, int fd, const uint8_t hash[XD_FILE_HASH])
{
    char hex[XD_FILE_HASH * 2 + 1];
    xd_file_hex(hash, hex);
    const char *path = path_of(cx, folder, hex);
    const char *inner = xd_cstr(cx->arena, xd_str_printf(cx->arena, "%s/%.2s", folder, hex));
    const char *beside =
        xd_cstr(cx->arena, xd_str_printf(cx->arena, "%s.%ld", path, (long)getpid()));
    if (!xd_dir_make(cx, inner)) {
        return false;
    }
    bool ok = write_file(cx, beside, fd) &&
              (rename(beside, path) == 0 || xd_fail_errno(cx, errno, "renaming %s", beside));
    if (!ok) {
        (void)unlink(beside); /* it may not be there */
    }
    return ok && sync_folder(cx, inner) && sync_folder(cx, folder);
}

bool xd_folder_get(xd_ctx *cx, const char *folder, const uint8_t hash[XD_FILE_HASH], int fd,
                   uint64_t most)
{
    char hex[XD_FILE_HASH * 2 + 1];
    xd_file_hex(hash, hex);
    const char *path = path_of(cx, folder, hex);
    int from = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (from < 0) {
        return xd_fail_errno(cx, errno, "opening %s", path);
    }
    bool ok = copy(cx, from, fd, most);
    (void)close(from); /* only read */
    return ok;
}

bool xd_folder_remove(xd_ctx *cx, const char *folder, const uint8_t hash[XD_FILE_HASH])
{
    char hex[XD_FILE_HASH * 2 + 1];
    xd_file_hex(hash, hex);
    const char *path = path_of(cx, folder, hex);
    return unlink(path) == 0 || errno == ENOENT ||
           xd_fail_errno(cx, errno, "removing %s", path);
}

/* What an upload that died left beside, after a day. */
static void tidy(xd_ctx *cx, const char *path, const struct stat *st)
{
    if (xd_now(cx) / 1000000 - st->st_mtime > 86400) {
        (void)unlink(path); /* next time, then */
    }
}

static bool list_inner(xd_ctx *cx, const char *folder, xd_str name, xd_files_items *items)
{
    xd_strs names = {0};
    const char *inner =
        xd_cstr(cx->arena, xd_str_printf(cx->arena, "%s/" XD_FMT, folder, XD_ARG(name)));
    struct stat st;
    if (name.n != 2 || stat(inner, &st) != 0 || !S_ISDIR(st.st_mode)) {
        return true; /* not ours */
    }
    if (!xd_dir_list(cx, inner, &names)) {
        return false;
    }
    for (size_t i = 0; i < names.n; i++) {
        xd_files_item item = {0};
        xd_str one = names.at[i];
        const char *path =
            xd_cstr(cx->arena, xd_str_printf(cx->arena, "%s/" XD_FMT, inner, XD_ARG(one)));
        bool ours = one.n >= XD_FILE_HASH * 2 && xd_str_starts(one, name) &&
                    xd_file_unhex(xd_str_sub(one, 0, XD_FILE_HASH * 2), item.hash);
        if (!ours || lstat(path, &st) != 0 || !S_ISREG(st.st_mode)) {
            continue; /* not ours, or gone meanwhile */
        }
        if (one.n > XD_FILE_HASH * 2) {
            tidy(cx, path, &st);
            continue;
        }
        item.bytes = (uint64_t)st.st_size;
        item.time = (int64_t)st.st_mtim.tv_sec * 1000000 + st.st_mtim.tv_nsec / 1000;
        *xd_push(cx->arena, items) = item;
    }
    return true;
}

bool xd_folder_list(xd_ctx *cx, const char *folder, xd_files_items *items)
{
    xd_strs names = {0};
    if (access(folder, F_OK) != 0 && errno == ENOENT) {
        return true; /* nothing was put yet */
    }
    if (!xd_dir_list(cx, folder, &names)) {
        return false;
    }
    for (size_t i = 0; i < names.n; i++) {
        if (!list_inner(cx, folder, names.at[i], items)) {
            return false;
        }
    }
    return true;
}
