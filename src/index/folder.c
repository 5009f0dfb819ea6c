/* The manifest: big-endian numbers, in this order:
 *
 *   "XIUDAIm\n" · format (u32) · visibility (u32) · model (32 bytes) · collator (u32 length, text)
 *   · seq (u64) · leaf (32 bytes)
 *   · models (u32), each: hash (32 bytes), seq (u64)
 *   · segments (u32), each: file (u64), bytes (u64), dead (u32 length, CRoaring portable)
 *   · XXH3 of all before (u64)
 *
 * Dead documents stand here and not in the segments' files, which never change. */
#include "index/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "index/image.h"

#define MAGIC XD_S("XIUDAIm\n")
#define MANIFEST "manifest"
#define MANIFEST_MOST ((off_t)1 << 30)
#define SEGMENTS_MOST 100000

bool xd_folder_open(xd_ctx *cx, xd_arena *arena, const char *path, xd_folder **ret_folder)
{
    if (!xd_dir_make(cx, path))
        return xd_fail_note(cx, "the folder of the index");
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return xd_fail_errno(cx, errno, "opening the folder of the index, %s", path);
    int lock = openat(fd, "lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) != 0) {
        (void)close(lock); /* nothing was written */
        lock = -1;
    }
    xd_folder *folder = xd_new(arena, xd_folder);
    folder->io.folder = fd;
    folder->lock = lock;
    atomic_store(&folder->next_file, 1);
    *ret_folder = folder;
    return true;
}

void xd_folder_close(xd_folder *folder)
{
    if (folder->lock >= 0)
        (void)close(folder->lock); /* and lets go of it */
    (void)close(folder->io.folder);
}

void xd_manifest_write(const xd_manifest *m, xd_buf *out)
{
    xd_buf_add(out, MAGIC);
    xd_buf_u32be(out, XD_IMAGE_FORMAT);
    xd_buf_u32be(out, m->visibility);
    xd_buf_bytes(out, m->model, sizeof m->model);
    xd_buf_u32be(out, (uint32_t)m->collator.n);
    xd_buf_add(out, m->collator);
    xd_buf_u64be(out, (uint64_t)m->seq);
    xd_buf_bytes(out, m->leaf, sizeof m->leaf);
    xd_buf_u32be(out, (uint32_t)m->models.n);
    for (size_t i = 0; i < m->models.n; i++) {
        xd_buf_bytes(out, m->models.at[i].hash, sizeof m->models.at[i].hash);
        xd_buf_u64be(out, (uint64_t)m->models.at[i].seq);
    }
    xd_buf_u32be(out, (uint32_t)m->segments.n);
    for (size_t i = 0; i < m->segments.n; i++) {
        xd_buf_u64be(out, m->segments.at[i].file);
        xd_buf_u64be(out, m->segments.at[i].n);
        xd_buf_u32be(out, (uint32_t)m->segments.at[i].dead.n);
        xd_buf_add(out, m->segments.at[i].dead);
    }
    xd_buf_u64be(out, xd_str_hash(xd_buf_str(out)));
}

/* Taking bytes from the front; once there are too few, zeros, and short is set. */
typedef struct taking {
    xd_str rest;
    bool short_;
} taking;

static xd_str take(taking *t, size_t n)
{
    if (n > t->rest.n) {
        t->short_ = true;
        t->rest.n = 0;
        return (xd_str){0};
    }
    xd_str part = {t->rest.p, n};
    t->rest.p += n;
    t->rest.n -= n;
    return part;
}

static uint64_t take_number(taking *t, size_t bytes)
{
    xd_str part = take(t, bytes);
    uint64_t v = 0;
    for (size_t i = 0; i < part.n; i++)
        v = v << 8 | (unsigned char)part.p[i];
    return v;
}

static void take_bytes(taking *t, uint8_t out[32])
{
    xd_str part = take(t, 32);
    if (part.n == 32)
        memcpy(out, part.p, 32);
}

static bool take_lists(xd_ctx *cx, taking *t, xd_manifest *m)
{
    uint64_t models = take_number(t, 4);
    for (uint64_t i = 0; i < models && !t->short_; i++) {
        xd_manifest_model *model = xd_push(cx->arena, &m->models);
        *model = (xd_manifest_model){.seq = 0};
        take_bytes(t, model->hash);
        model->seq = (int64_t)take_number(t, 8);
    }
    uint64_t segments = take_number(t, 4);
    for (uint64_t i = 0; i < segments && i < SEGMENTS_MOST && !t->short_; i++) {
        xd_manifest_segment segment = {.file = take_number(t, 8)};
        segment.n = take_number(t, 8);
        segment.dead = take(t, take_number(t, 4));
        *xd_push(cx->arena, &m->segments) = segment;
    }
    return !t->short_ && t->rest.n == 0 && m->seq >= 0;
}

bool xd_manifest_read(xd_ctx *cx, xd_str bytes, xd_manifest *ret_manifest)
{
    xd_manifest m = {0};
    xd_str body = xd_str_sub(bytes, 0, bytes.n < 8 ? 0 : bytes.n - 8);
    taking sum = {.rest = xd_str_sub(bytes, body.n, bytes.n)}, t = {.rest = body};
    if (body.n == 0 || take_number(&sum, 8) != xd_str_hash(body) ||
        !xd_str_eq(take(&t, MAGIC.n), MAGIC))
        return xd_fail(cx, XD_BROKEN, "the index's manifest is damaged");
    if (take_number(&t, 4) != XD_IMAGE_FORMAT)
        return xd_fail(cx, XD_BROKEN, "the index's files are of another format");
    m.visibility = (uint32_t)take_number(&t, 4);
    take_bytes(&t, m.model);
    m.collator = take(&t, take_number(&t, 4));
    m.seq = (int64_t)take_number(&t, 8);
    take_bytes(&t, m.leaf);
    if (!take_lists(cx, &t, &m))
        return xd_fail(cx, XD_BROKEN, "the index's manifest is damaged");
    *ret_manifest = m;
    return true;
}

static bool read_all(xd_ctx *cx, int fd, xd_str *ret_bytes)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || st.st_size > MANIFEST_MOST)
        return xd_fail(cx, XD_BROKEN, "the index's manifest is too large");
    size_t n = (size_t)st.st_size, done = 0;
    char *p = xd_arena_take(cx->arena, n + 1);
    while (done < n) {
        ssize_t got = pread(fd, p + done, n - done, (off_t)done);
        if (got <= 0)
            return xd_fail(cx, XD_BROKEN, "the index's manifest cannot be read");
        done += (size_t)got;
    }
    *ret_bytes = (xd_str){p, n};
    return true;
}

bool xd_folder_read(xd_ctx *cx, xd_folder *folder, bool *ret_there, xd_manifest *ret_manifest)
{
    int fd = openat(folder->io.folder, MANIFEST, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    xd_str bytes;
    if (fd < 0 && errno == ENOENT) {
        *ret_there = false;
        return true;
    }
    if (fd < 0)
        return xd_fail_errno(cx, errno, "opening the index's manifest");
    bool ok = read_all(cx, fd, &bytes);
    (void)close(fd); /* only read */
    if (!ok || !xd_manifest_read(cx, bytes, ret_manifest))
        return false;
    *ret_there = true;
    return true;
}

bool xd_folder_write(xd_ctx *cx, xd_folder *folder, const xd_manifest *manifest)
{
    xd_buf out = {0};
    xd_manifest_write(manifest, &out);
    bool ok = !out.failed || xd_fail(cx, XD_LIMIT, "the index's manifest is too large");
    ok = ok && xd_io_replace(cx, &folder->io, MANIFEST, xd_buf_str(&out));
    xd_buf_free(&out);
    return ok;
}

static bool is_named(const xd_manifest *manifest, xd_str name)
{
    int64_t file;
    for (size_t i = 0; manifest != NULL && i < manifest->segments.n; i++) {
        if (xd_str_int(xd_str_sub(name, 2, name.n - 4), &file) &&
            (uint64_t)file == manifest->segments.at[i].file)
            return true;
    }
    return false;
}

bool xd_folder_sweep(xd_ctx *cx, xd_folder *folder, const xd_manifest *manifest)
{
    xd_strs names = {0};
    if (manifest == NULL && !xd_io_remove(cx, &folder->io, MANIFEST))
        return false;
    if (!xd_dir_list_at(cx, folder->io.folder, &names))
        return false;
    for (size_t i = 0; i < names.n; i++) {
        bool segment =
            xd_str_starts(names.at[i], XD_S("s-")) && xd_str_ends(names.at[i], XD_S(".seg"));
        bool beside = xd_str_ends(names.at[i], XD_S(".tmp"));
        if ((beside || (segment && !is_named(manifest, names.at[i]))) &&
            !xd_io_remove(cx, &folder->io, xd_cstr(cx->arena, names.at[i])))
            return false;
    }
    return true;
}

bool xd_folder_ask(xd_ctx *cx, xd_folder *folder)
{
    int fd;
    if (!xd_io_create(cx, &folder->io, "rebuild", &fd))
        return false;
    (void)close(fd); /* empty */
    return true;
}

bool xd_folder_asked(const xd_folder *folder)
{
    return faccessat(folder->io.folder, "rebuild", F_OK, 0) == 0;
}

bool xd_folder_take_wish(xd_folder *folder)
{
    return xd_folder_asked(folder) && unlinkat(folder->io.folder, "rebuild", 0) == 0;
}
