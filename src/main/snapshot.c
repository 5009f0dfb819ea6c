/* Upload before the row: the files are put first, the manifest among them, and one transaction names
 * them all, if the job is still ours. So a row never names what is missing. Files are opened before
 * the first is put: what is joined with others meanwhile keeps its bytes as long as it is open. */
#include "main/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"

#define LEASE_MS 30000
#define SLOWEST 5000 /* bytes a millisecond an upload must manage */
#define KEPT 2
#define ORPHAN_US (INT64_C(3600) * 1000000)
#define MANIFEST "manifest"
#define MANIFEST_MOST ((size_t)64 << 20)
#define TRIES 3

static const char *path_in(xd_ctx *cx, const char *dir, xd_str name)
{
    return xd_cstr(cx->arena, xd_str_printf(cx->arena, "%s/" XD_FMT, dir, XD_ARG(name)));
}

/* ---- fetching ----------------------------------------------------------------------------- */

static bool get_file(xd_ctx *cx, xd_files *files, const xd_snapshot_file *file,
                     const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        return xd_fail_errno(cx, errno, "making %s", path);
    }
    bool ok = xd_files_get(cx, files, file->hash, fd, file->bytes) &&
              (fsync(fd) == 0 || xd_fail_errno(cx, errno, "writing %s", path));
    (void)close(fd); /* synced, or not used */
    return ok;
}

static bool get_manifest(xd_ctx *cx, xd_files *files, const xd_snapshot_file *file,
                         xd_str *ret_bytes)
{
    int fd;
    char path[32];
    if (file->bytes > MANIFEST_MOST) {
        return xd_fail(cx, XD_LIMIT, "its manifest is too large");
    }
    if (!xd_file_unnamed(cx, &fd)) {
        return false;
    }
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    bool ok = xd_files_get(cx, files, file->hash, fd, file->bytes) &&
              xd_file_read(cx, path, MANIFEST_MOST, ret_bytes);
    (void)close(fd); /* it had no name */
    return ok;
}

static const xd_snapshot_file *named(const xd_snapshot_file *list, size_t n, xd_str name)
{
    for (size_t i = 0; i < n; i++) {
        if (xd_str_eq(list[i].name, name)) {
            return &list[i];
        }
    }
    return NULL;
}

/* One snapshot. The manifest is judged first and written last: a folder fetched half has none, and
 * counts as empty. */
static bool fetch(xd_ctx *cx, const xd_model *model, xd_files *files,
                  const xd_snapshot_file *list, size_t n, const char *dir, int64_t *ret_bytes)
{
    const xd_snapshot_file *first = named(list, n, XD_S(MANIFEST));
    xd_index_files wanted = {0};
    xd_str manifest;
    int64_t bytes = 0;
    if (first == NULL) {
        return xd_fail(cx, XD_BROKEN, "it has no manifest");
    }
    if (!get_manifest(cx, files, first, &manifest) ||
        !xd_index_file_names(cx, model, manifest, &wanted)) {
        return false;
    }
    for (size_t i = 0; i < wanted.n; i++) {
        const xd_snapshot_file *file = named(list, n, wanted.at[i].name);
        if (file == NULL || file->bytes != wanted.at[i].bytes) {
            return xd_fail(cx, XD_BROKEN, XD_FMT " is not among its files",
                           XD_ARG(wanted.at[i].name));
        }
        if (!get_file(cx, files, file, path_in(cx, dir, file->name))) {
            return false;
        }
        bytes += (int64_t)file->bytes;
    }
    *ret_bytes = bytes;
    return xd_file_replace(cx, path_in(cx, dir, XD_S(MANIFEST)), manifest, 0600);
}

bool xd_snapshot_fetch(xd_ctx *cx, const xd_model *model, xd_store *store, xd_files *files,
                       const char *dir, int64_t *ret_bytes)
{
    xd_snapshot_files list = {0};
    bool done = false;
    *ret_bytes = 0;
    if (access(path_in(cx, dir, XD_S(MANIFEST)), F_OK) == 0) {
        return true;
    }
    if (!xd_dir_make(cx, dir) || !xd_snapshot_list(cx, store, &list)) {
        return false;
    }
    for (size_t from = 0, to = 0; !done && from < list.n; from = to) {
        while (to < list.n && list.at[to].snapshot == list.at[from].snapshot) {
            to++;
        }
        (void)xd_err_take(cx); /* of the one before: an older one may fit */
        done = fetch(cx, model, files, list.at + from, to - from, dir, ret_bytes);
    }
    return done || cx->err.code == XD_OK;
}

/* ---- making ------------------------------------------------------------------------------- */

typedef struct making {
    xd_snapshot_files files;
    int *fds; /* beside them */
    size_t n_open;
} making;

static void close_all(making *m)
{
    for (size_t i = 0; i < m->n_open; i++) {
        (void)close(m->fds[i]); /* only read */
    }
    *m = (making){0};
}

static bool open_one(xd_ctx *cx, making *m, const char *dir, xd_str name)
{
    const char *path = path_in(cx, dir, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        return xd_fail_errno(cx, errno, "opening %s", path);
    }
    xd_snapshot_file *file = xd_push(cx->arena, &m->files);
    *file = (xd_snapshot_file){.name = xd_str_copy(cx->arena, name)};
    m->fds[m->n_open++] = fd;
    return xd_files_hash(cx, fd, file->hash, &file->bytes);
}

static bool open_files(xd_ctx *cx, const xd_model *model, const char *dir, making *m)
{
    xd_str manifest;
    xd_index_files wanted = {0};
    if (!xd_file_read(cx, path_in(cx, dir, XD_S(MANIFEST)), MANIFEST_MOST, &manifest) ||
        !xd_index_file_names(cx, model, manifest, &wanted)) {
        return false;
    }
    m->fds = xd_new_n(cx->arena, int, wanted.n + 1);
    bool ok = open_one(cx, m, dir, XD_S(MANIFEST));
    for (size_t i = 0; ok && i < wanted.n; i++) {
        ok = open_one(cx, m, dir, wanted.at[i].name);
    }
    /* The manifest that was opened may be a later one than was read. */
    xd_str again;
    ok = ok && xd_file_read(cx, path_in(cx, dir, XD_S(MANIFEST)), MANIFEST_MOST, &again) &&
         (xd_str_eq(manifest, again) || xd_fail(cx, XD_ABSENT, "a merge came between"));
    if (!ok) {
        close_all(m);
    }
    return ok;
}

/* Time enough for so many bytes. */
static bool keep(xd_ctx *cx, xd_store *store, xd_job *job, uint64_t bytes)
{
    int64_t lease = LEASE_MS + (int64_t)(bytes / SLOWEST);
    cx->deadline = 0;
    if (!xd_job_keep(cx, store, job, lease > INT32_MAX ? INT32_MAX : (int)lease)) {
        return false;
    }
    cx->deadline = job->until;
    return true;
}

static bool is_named(const xd_snapshot_files *list, const uint8_t hash[XD_FILE_HASH])
{
    for (size_t i = 0; i < list->n; i++) {
        if (memcmp(list->at[i].hash, hash, XD_FILE_HASH) == 0) {
            return true;
        }
    }
    return false;
}

/* What no row names may be swept at any time, so only what is named need not be put again. */
static bool put_all(xd_ctx *cx, xd_store *store, xd_files *files, const making *m,
                    const xd_snapshot_files *there, xd_job *job, int64_t *ret_bytes)
{
    int64_t bytes = 0;
    for (size_t i = 0; i < m->files.n; i++) {
        const xd_snapshot_file *file = &m->files.at[i];
        if (is_named(there, file->hash)) {
            continue;
        }
        if (!keep(cx, store, job, file->bytes) ||
            !xd_files_put(cx, files, m->fds[i], file->hash, file->bytes)) {
            return false;
        }
        bytes += (int64_t)file->bytes;
    }
    *ret_bytes = bytes;
    return true;
}

static bool make(xd_ctx *cx, xd_store *store, xd_files *files, const making *m, xd_job *job,
                 int64_t *ret_bytes)
{
    xd_snapshot_files there = {0};
    if (!xd_snapshot_list(cx, store, &there) ||
        !put_all(cx, store, files, m, &there, job, ret_bytes)) {
        return false;
    }
    /* The manifest names the rest. */
    const xd_snapshot_file *manifest = named(there.at, there.n, XD_S(MANIFEST));
    bool same = manifest != NULL &&
                memcmp(manifest->hash, m->files.at[0].hash, sizeof manifest->hash) == 0;
    return same || xd_snapshot_save(cx, store, job, &m->files, KEPT);
}

bool xd_snapshot_make(xd_ctx *cx, const xd_model *model, xd_store *store, xd_files *files,
                      const char *dir, xd_job *job, int64_t *ret_bytes)
{
    making m = {0};
    bool ok = open_files(cx, model, dir, &m);
    for (int i = 1; i < TRIES && !ok && cx->err.code == XD_ABSENT; i++) {
        (void)xd_err_take(cx);
        ok = open_files(cx, model, dir, &m);
    }
    ok = ok && make(cx, store, files, &m, job, ret_bytes);
    close_all(&m);
    return ok;
}

bool xd_snapshot_sweep(xd_ctx *cx, xd_store *store, xd_files *files, xd_job *job, size_t *ret_n)
{
    xd_snapshot_files there = {0};
    xd_files_items items = {0};
    size_t n = 0;
    if (!keep(cx, store, job, 0) || !xd_snapshot_list(cx, store, &there) ||
        !xd_files_list(cx, files, &items)) {
        return false;
    }
    for (size_t i = 0; i < items.n; i++) {
        const xd_files_item *item = &items.at[i];
        if (is_named(&there, item->hash) || xd_now(cx) - item->time < ORPHAN_US) {
            continue;
        }
        if (!keep(cx, store, job, 0) || !xd_files_remove(cx, files, item->hash)) {
            return false;
        }
        n++;
    }
    *ret_n = n;
    return true;
}
