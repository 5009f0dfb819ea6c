/* Images: layout and proof.
 *
 *   header · section · section · … · table · sums · footer
 *
 * Header and footer are the same 72 bytes (xd_image_end), padded to 128: a file whose end is
 * missing has no footer, one whose beginning is another's has no header, and its length must be
 * the one they name. Sections begin at multiples of 64 bytes, so that whatever is in them can be
 * used where it lies (CRoaring asks for 32). The table names each section by kind and sub, in
 * that order; a section's blocks of 64 KiB have their checksums (XXH3, 64 bits) one behind
 * another in `sums`. Numbers are as this machine writes them: a machine of the other order does
 * not open the file, and makes its own from the log.
 *
 * Why it is safe. Opening reads header, footer, table and sums only, and proves them with the
 * checksums the ends hold; every section lies within the file. Nothing else is looked at before
 * xd_image_use() has proven its blocks, once: a bit a block says so. The files are immutable, so
 * what was proven stays so. Checksums tell damage, not malice: who can write into the folder can
 * also write the store. Offsets within sections are still checked against their section's
 * length, for a fault in this program must not become a read outside. */
#include "index/image.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define END_ROOM 128

struct xd_image {
    xd_arena *arena;
    const char *p;
    uint64_t n;
    const xd_image_entry *table;
    uint64_t sections;
    const uint64_t *sums;
    _Atomic uint64_t *proven; /* a bit a block; NULL: trusted */
    atomic_bool *broken;
};

static_assert(sizeof(xd_image_end) <= END_ROOM, "the ends have their room");

static uint64_t sum_of(const void *p, size_t n)
{
    return xd_str_hash((xd_str){p, n});
}

void xd_image_seal(xd_image_end *end)
{
    memcpy(end->magic, XD_IMAGE_MAGIC, sizeof end->magic);
    end->format = XD_IMAGE_FORMAT;
    end->order = XD_IMAGE_ORDER;
    end->sum = sum_of(end, offsetof(xd_image_end, sum));
}

static bool end_ok(const xd_image_end *end, uint64_t n)
{
    return memcmp(end->magic, XD_IMAGE_MAGIC, sizeof end->magic) == 0 &&
           end->order == XD_IMAGE_ORDER && end->format == XD_IMAGE_FORMAT &&
           end->sum == sum_of(end, offsetof(xd_image_end, sum)) && end->n == n;
}

/* Items from `at` on lie between the ends. */
static bool lies_within(const xd_image *image, uint64_t at, uint64_t count, size_t item)
{
    uint64_t room = image->n - END_ROOM;
    return at >= END_ROOM && at <= room && at % 8 == 0 && count <= (room - at) / item;
}

static bool table_ok(const xd_image *image, uint64_t sums)
{
    for (uint64_t i = 0; i < image->sections; i++) {
        const xd_image_entry *e = &image->table[i];
        uint64_t blocks = (e->n + XD_IMAGE_BLOCK - 1) / XD_IMAGE_BLOCK;
        bool order =
            i == 0 || e[-1].kind < e->kind || (e[-1].kind == e->kind && e[-1].sub < e->sub);
        if (!order || e->at % XD_IMAGE_ALIGN != 0 || !lies_within(image, e->at, e->n, 1) ||
            e->sum > sums || blocks > sums - e->sum)
            return false;
    }
    return true;
}

static bool read_ends(xd_image *image, uint64_t *ret_sums)
{
    xd_image_end head, foot;
    if (image->n < 2 * END_ROOM)
        return false;
    memcpy(&head, image->p, sizeof head);
    memcpy(&foot, image->p + image->n - END_ROOM, sizeof foot);
    if (!end_ok(&head, image->n) || memcmp(&head, &foot, sizeof head) != 0 ||
        !lies_within(image, head.table_at, head.sections, sizeof(xd_image_entry)) ||
        head.sums_at != head.table_at + head.sections * sizeof(xd_image_entry) ||
        !lies_within(image, head.sums_at, head.sums, sizeof(uint64_t)))
        return false;
    uint64_t table_n = head.sections * sizeof(xd_image_entry) + head.sums * sizeof(uint64_t);
    if (sum_of(image->p + head.table_at, table_n) != head.table_sum)
        return false;
    image->table = (const void *)(image->p + head.table_at);
    image->sections = head.sections;
    image->sums = (const void *)(image->p + head.sums_at);
    *ret_sums = head.sums;
    return table_ok(image, head.sums);
}

bool xd_image_over(xd_ctx *cx, void *bytes, uint64_t n, bool checked, xd_image **ret_image)
{
    xd_arena *arena = xd_arena_make();
    xd_image *image = xd_new(arena, xd_image);
    uint64_t sums = 0;
    *image = (xd_image){.arena = arena, .p = bytes, .n = n};
    image->broken = xd_new(arena, atomic_bool);
    if (!read_ends(image, &sums)) {
        xd_image_free(image);
        return xd_fail(cx, XD_BROKEN, "no index file, or one cut short");
    }
    if (checked)
        image->proven = xd_new_n(arena, _Atomic uint64_t, sums / 64 + 1);
    *ret_image = image;
    return true;
}

bool xd_image_open(xd_ctx *cx, int folder, const char *name, xd_image **ret_image)
{
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct stat st;
    if (fd < 0)
        return xd_fail_errno(cx, errno, "opening index file %s", name);
    void *p = MAP_FAILED;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0)
        p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
    (void)close(fd); /* the mapping stays */
    if (p == MAP_FAILED)
        return xd_fail(cx, XD_BROKEN, "index file %s cannot be mapped", name);
    return xd_image_over(cx, p, (uint64_t)st.st_size, true, ret_image) ||
           xd_fail_note(cx, "index file %s", name);
}

void xd_image_free(xd_image *image)
{
    (void)munmap((void *)(uintptr_t)image->p, image->n); /* ours; nothing could be done */
    xd_arena_free(image->arena);
}

xd_str xd_image_bytes(const xd_image *image)
{
    return (xd_str){image->p, image->n};
}

bool xd_image_broken(const xd_image *image)
{
    return atomic_load_explicit(image->broken, memory_order_relaxed);
}

void xd_image_break(const xd_image *image)
{
    atomic_store_explicit(image->broken, true, memory_order_relaxed);
}

xd_section xd_image_find(const xd_image *image, xd_section_kind kind, uint32_t sub)
{
    uint64_t low = 0, high = image->sections;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        const xd_image_entry *e = &image->table[middle];
        if (e->kind < (uint32_t)kind || (e->kind == (uint32_t)kind && e->sub < sub))
            low = middle + 1;
        else
            high = middle;
    }
    const xd_image_entry *e = &image->table[low];
    if (low == image->sections || e->kind != (uint32_t)kind || e->sub != sub)
        return (xd_section){0};
    return (xd_section){image->p + e->at, e->n, e->sum};
}

static bool prove(const xd_image *image, const xd_section *section, uint64_t block)
{
    uint64_t at = block * XD_IMAGE_BLOCK, bit = section->sum + block;
    _Atomic uint64_t *word = &image->proven[bit / 64];
    uint64_t mask = (uint64_t)1 << (bit % 64);
    if (atomic_load_explicit(word, memory_order_relaxed) & mask)
        return true;
    uint64_t n = section->n - at < XD_IMAGE_BLOCK ? section->n - at : XD_IMAGE_BLOCK;
    if (sum_of(section->p + at, n) != image->sums[bit])
        return false;
    atomic_fetch_or_explicit(word, mask, memory_order_relaxed);
    return true;
}

bool xd_image_use(const xd_image *image, const xd_section *section, uint64_t at, uint64_t n)
{
    bool ok = at <= section->n && n <= section->n - at;
    if (ok && image->proven != NULL && n > 0) {
        uint64_t last = (at + n - 1) / XD_IMAGE_BLOCK;
        for (uint64_t block = at / XD_IMAGE_BLOCK; block <= last && ok; block++)
            ok = prove(image, section, block);
    }
    if (!ok)
        xd_image_break(image);
    return ok;
}

bool xd_image_array(const xd_image *image, xd_section_kind kind, uint32_t sub, size_t item,
                    uint64_t count, const void **ret_items)
{
    xd_section section = xd_image_find(image, kind, sub);
    if (section.n / item != count || section.n % item != 0) {
        xd_image_break(image);
        return false;
    }
    *ret_items = section.p;
    return xd_image_use(image, &section, 0, section.n);
}

xd_str xd_image_text(const xd_image *image, const xd_section *text, const uint32_t *at,
                     uint64_t i)
{
    uint32_t from = at[i], to = at[i + 1];
    if (to < from || !xd_image_use(image, text, from, to - from)) {
        xd_image_break(image);
        return (xd_str){0};
    }
    return (xd_str){text->p + from, to - from};
}
