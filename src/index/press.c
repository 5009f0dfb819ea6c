#include "index/press.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define ROOM 128                        /* of each end: see image.c */
#define FLUSH (16 * XD_IMAGE_BLOCK)     /* of bulk kept before it is written: whole blocks */
#define SECTION_MOST ((size_t)16 << 30) /* of one kept in memory */

struct xd_pressed {
    xd_press *press;
    uint32_t kind, sub;
    xd_buf buf;
    bool bulk;
    uint64_t at, reserved; /* in the file, of bulk */
    uint64_t n;            /* bytes taken in */
    uint64_t flushed;      /* of them in the file already */
    struct {
        uint64_t *at;
        size_t n, cap;
    } sums; /* of what is flushed */
};

struct xd_press {
    xd_arena *arena;
    struct {
        xd_pressed **at;
        size_t n, cap;
    } sections;
    xd_io *io;
    char name[64], beside[72];
    int fd;
    uint64_t end; /* of what is reserved in the file */
    xd_ctx *cx;   /* of the writing: a failure waits there for xd_press_finish() */
    bool failed;
};

xd_press *xd_press_make(xd_arena *arena)
{
    xd_press *press = xd_new(arena, xd_press);
    press->arena = arena;
    press->fd = -1;
    press->end = ROOM;
    return press;
}

void xd_press_free(xd_press *press)
{
    for (size_t i = 0; i < press->sections.n; i++)
        xd_buf_free(&press->sections.at[i]->buf);
    press->sections.n = 0;
    if (press->fd >= 0)
        (void)close(press->fd); /* synced, or not wanted any more */
    press->fd = -1;
}

bool xd_press_to_file(xd_ctx *cx, xd_press *press, xd_io *io, const char *name)
{
    press->io = io;
    press->cx = cx;
    (void)snprintf(press->name, sizeof press->name, "%s", name); /* our names are short */
    (void)snprintf(press->beside, sizeof press->beside, "%s.tmp", press->name);
    return xd_io_create(cx, io, press->beside, &press->fd);
}

static uint64_t aligned(uint64_t at)
{
    return (at + XD_IMAGE_ALIGN - 1) / XD_IMAGE_ALIGN * XD_IMAGE_ALIGN;
}

void xd_press_bulk(xd_press *press, xd_section_kind kind, uint32_t sub, uint64_t n)
{
    xd_pressed *section = xd_press_section(press, kind, sub);
    if (press->fd < 0)
        return;
    section->bulk = true;
    section->at = press->end;
    section->reserved = n;
    press->end = aligned(press->end + n);
}

xd_pressed *xd_press_section(xd_press *press, xd_section_kind kind, uint32_t sub)
{
    for (size_t i = press->sections.n; i-- > 0;) {
        xd_pressed *s = press->sections.at[i];
        if (s->kind == (uint32_t)kind && s->sub == sub)
            return s;
    }
    xd_pressed *s = xd_new(press->arena, xd_pressed);
    *s = (xd_pressed){.press = press, .kind = (uint32_t)kind, .sub = sub};
    s->buf.max = SECTION_MOST;
    *xd_push(press->arena, &press->sections) = s;
    return s;
}

static void add_sums(xd_pressed *s, xd_str bytes)
{
    for (size_t at = 0; at < bytes.n; at += XD_IMAGE_BLOCK)
        *xd_push(s->press->arena, &s->sums) =
            xd_str_hash(xd_str_sub(bytes, at, at + XD_IMAGE_BLOCK));
}

static void flush(xd_pressed *s)
{
    xd_str bytes = xd_buf_str(&s->buf);
    add_sums(s, bytes);
    if (!s->press->failed &&
        !xd_io_write(s->press->cx, s->press->io, s->press->fd, bytes, s->at + s->flushed))
        s->press->failed = true;
    s->flushed += bytes.n;
    xd_buf_clear(&s->buf);
}

void xd_pressed_add(xd_pressed *s, const void *p, size_t n)
{
    const char *from = p;
    s->n += n;
    while (s->bulk && s->buf.n + n >= FLUSH) {
        size_t part = FLUSH - s->buf.n;
        xd_buf_bytes(&s->buf, from, part);
        from += part;
        n -= part;
        flush(s);
    }
    xd_buf_bytes(&s->buf, from, n);
}

uint64_t xd_pressed_n(const xd_pressed *s)
{
    return s->n;
}

xd_str xd_pressed_bytes(const xd_pressed *s)
{
    return xd_buf_str(&s->buf);
}

void xd_pressed_align(xd_pressed *s, size_t to)
{
    static const char zeros[64] = {0};
    size_t off = (size_t)(s->n % to);
    if (off > 0)
        xd_pressed_add(s, zeros, to - off);
}

/* Finishing ------------------------------------------------------------------------------ */

static int by_kind(const void *a, const void *b)
{
    const xd_pressed *x = *(xd_pressed *const *)a, *y = *(xd_pressed *const *)b;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return x->sub < y->sub ? -1 : x->sub > y->sub;
}

static bool drop_empty(xd_ctx *cx, xd_press *press)
{
    size_t n = 0;
    for (size_t i = 0; i < press->sections.n; i++) {
        xd_pressed *s = press->sections.at[i];
        if (s->buf.failed)
            return xd_fail(cx, XD_LIMIT, "a section of the index is too large");
        if (s->bulk && s->n != s->reserved)
            return xd_fail(cx, XD_BROKEN, "a section of the index has another length");
        if (s->n > 0)
            press->sections.at[n++] = s;
    }
    press->sections.n = n;
    if (n > 0)
        qsort(press->sections.at, n, sizeof(xd_pressed *), by_kind);
    return true;
}

/* Where each section lies, the table and the sums; then the ends. */
static void make_table(xd_press *press, xd_buf *table, xd_image_end *end)
{
    xd_buf sums = {0};
    sums.max = SECTION_MOST;
    for (size_t i = 0; i < press->sections.n; i++) {
        xd_pressed *s = press->sections.at[i];
        if (!s->bulk) {
            s->at = press->end;
            press->end = aligned(press->end + s->n);
            add_sums(s, xd_buf_str(&s->buf));
        }
        xd_image_entry entry = {s->kind, s->sub, s->at, s->n, end->sums};
        xd_buf_bytes(table, &entry, sizeof entry);
        xd_buf_bytes(&sums, s->sums.at, s->sums.n * sizeof(uint64_t));
        end->sums += s->sums.n;
    }
    end->table_at = press->end;
    end->sections = press->sections.n;
    end->sums_at = end->table_at + table->n;
    xd_buf_add(table, xd_buf_str(&sums));
    xd_buf_free(&sums);
    end->table_sum = xd_str_hash(xd_buf_str(table));
    end->n = aligned(end->table_at + table->n) + ROOM;
    xd_image_seal(end);
}

static bool into_memory(xd_ctx *cx, xd_press *press, const xd_buf *table,
                        const xd_image_end *end, xd_image **ret_image)
{
    char *p = mmap(NULL, end->n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        return xd_fail_errno(cx, errno, "memory for a segment");
    memcpy(p, end, sizeof *end);
    for (size_t i = 0; i < press->sections.n; i++) {
        xd_pressed *s = press->sections.at[i];
        memcpy(p + s->at, s->buf.p, s->buf.n);
        xd_buf_free(&s->buf);
    }
    memcpy(p + end->table_at, table->p, table->n);
    memcpy(p + end->n - ROOM, end, sizeof *end);
    return xd_image_over(cx, p, end->n, false, ret_image);
}

static bool into_file(xd_ctx *cx, xd_press *press, const xd_buf *table, const xd_image_end *end,
                      xd_image **ret_image)
{
    char room[ROOM] = {0};
    bool ok = true;
    for (size_t i = 0; i < press->sections.n && ok; i++) {
        xd_pressed *s = press->sections.at[i];
        ok = xd_io_write(cx, press->io, press->fd, xd_buf_str(&s->buf), s->at + s->flushed);
        xd_buf_free(&s->buf);
    }
    memcpy(room, end, sizeof *end);
    ok = ok && xd_io_write(cx, press->io, press->fd, xd_buf_str(table), end->table_at) &&
         xd_io_write(cx, press->io, press->fd, (xd_str){room, ROOM}, end->n - ROOM) &&
         xd_io_write(cx, press->io, press->fd, (xd_str){room, ROOM}, 0) &&
         xd_io_sync(cx, press->io, press->fd) &&
         xd_io_rename(cx, press->io, press->beside, press->name);
    return ok && xd_image_open(cx, press->io->folder, press->name, ret_image);
}

bool xd_press_finish(xd_ctx *cx, xd_press *press, xd_image **ret_image)
{
    xd_buf table = {0};
    xd_image_end end = {0};
    if (press->failed || !drop_empty(cx, press))
        return false;
    table.max = SECTION_MOST;
    for (size_t i = 0; i < press->sections.n && press->fd >= 0; i++) {
        if (press->sections.at[i]->bulk)
            flush(press->sections.at[i]);
    }
    make_table(press, &table, &end);
    bool ok = !press->failed && (press->fd < 0 ? into_memory(cx, press, &table, &end, ret_image)
                                               : into_file(cx, press, &table, &end, ret_image));
    xd_buf_free(&table);
    return ok;
}
