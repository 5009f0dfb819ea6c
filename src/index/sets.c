/* Names. Bit 63: few, with their number in bits 57 … 62 and, for one, the document itself
 * below, else where the differences begin. Otherwise frozen: bits 29 … 62 say where, in units
 * of 32 bytes, bits 0 … 28 how many bytes. */
#include "index/sets.h"

#include <stdlib.h>

#define FEW ((uint64_t)1 << 63)
#define UNIT 32
#define LENGTH_BITS 29

static xd_bits *must_have(xd_bits *bits)
{
    if (bits == NULL)
        abort(); /* out of memory, as in base/arena.h */
    return bits;
}

static uint64_t put_few(xd_pressed *sets, const uint32_t *docs, size_t n)
{
    uint64_t name = FEW | (uint64_t)n << 57;
    if (n == 1)
        return name | docs[0];
    name |= xd_pressed_n(sets);
    uint8_t out[XD_SET_FEW * 5];
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t v = i == 0 ? docs[0] : docs[i] - docs[i - 1];
        for (; v >= 0x80; v >>= 7)
            out[at++] = (uint8_t)(v | 0x80);
        out[at++] = (uint8_t)v;
    }
    xd_pressed_add(sets, out, at);
    return name;
}

uint64_t xd_docs_put(xd_pressed *sets, const uint32_t *docs, size_t n)
{
    if (n == 0)
        return 0;
    if (n <= XD_SET_FEW)
        return put_few(sets, docs, n);
    xd_bits *bits = must_have(roaring_bitmap_of_ptr(n, docs));
    (void)roaring_bitmap_run_optimize(bits); /* whether it did is no matter */
    size_t length = roaring_bitmap_frozen_size_in_bytes(bits);
    char here[4096];
    xd_arena *arena = length <= sizeof here ? NULL : xd_arena_make();
    char *out = arena == NULL ? here : xd_arena_take(arena, length);
    roaring_bitmap_frozen_serialize(bits, out); /* needs no alignment, only reading does */
    roaring_bitmap_free(bits);
    xd_pressed_align(sets, UNIT);
    uint64_t name = xd_pressed_n(sets) / UNIT << LENGTH_BITS | length;
    xd_pressed_add(sets, out, length);
    xd_arena_free(arena);
    return name;
}

/* How many were read: all of them, or none when the bytes are not what they should be. */
static size_t decode_few(xd_str bytes, uint64_t name, uint32_t docs[XD_SET_FEW])
{
    size_t n = (size_t)(name >> 57 & 63), at = 0;
    uint32_t doc = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t v = 0;
        bool more = true;
        for (unsigned shift = 0; more && at < bytes.n && shift < 32; shift += 7) {
            uint8_t byte = (uint8_t)bytes.p[at++];
            v |= (uint32_t)(byte & 0x7f) << shift;
            more = byte & 0x80;
        }
        if (more)
            return 0;
        docs[i] = doc += v;
    }
    return n;
}

/* Where the differences of few may lie: as many bytes as they can take at most. */
static bool place_of_few(uint64_t name, uint64_t section_n, uint64_t *ret_at, uint64_t *ret_n)
{
    uint64_t n = name >> 57 & 63, at = name & (((uint64_t)1 << 57) - 1);
    if (n > XD_SET_FEW || at > section_n)
        return false;
    *ret_at = at;
    *ret_n = at + n * 5 < section_n ? n * 5 : section_n - at;
    return true;
}

/* How many were read: all of them, or none and the image is broken. */
static size_t read_few(const xd_image *image, const xd_section *sets, uint64_t name,
                       uint32_t docs[XD_SET_FEW])
{
    uint64_t at, n;
    if ((name >> 57 & 63) == 1) {
        docs[0] = (uint32_t)name;
        return 1;
    }
    if (!place_of_few(name, sets->n, &at, &n) || !xd_image_use(image, sets, at, n))
        return 0;
    size_t got = decode_few((xd_str){sets->p + at, n}, name, docs);
    if (got == 0)
        xd_image_break(image);
    return got;
}

xd_bits *xd_docs_pressed(const xd_pressed *sets, uint64_t name)
{
    xd_str bytes = xd_pressed_bytes(sets);
    uint32_t docs[XD_SET_FEW];
    uint64_t at, n;
    if (name == 0)
        return must_have(roaring_bitmap_create_with_capacity(1));
    if (name & FEW) {
        docs[0] = (uint32_t)name;
        size_t few = (name >> 57 & 63) == 1 ? 1
                     : place_of_few(name, bytes.n, &at, &n)
                         ? decode_few(xd_str_sub(bytes, at, at + n), name, docs)
                         : 0;
        return must_have(roaring_bitmap_of_ptr(few, docs));
    }
    /* The section is not where a view would need it to be. */
    n = name & (((uint64_t)1 << LENGTH_BITS) - 1);
    xd_arena *arena = xd_arena_make();
    char *copy = xd_arena_take(arena, n + UNIT);
    copy += (UNIT - (uintptr_t)copy % UNIT) % UNIT;
    memcpy(copy, bytes.p + (name >> LENGTH_BITS) * UNIT, n);
    const xd_bits *view = roaring_bitmap_frozen_view(copy, n);
    xd_bits *bits = must_have(view == NULL ? NULL : roaring_bitmap_copy(view));
    roaring_bitmap_free(view);
    xd_arena_free(arena);
    return bits;
}

xd_bits *xd_docs_open(const xd_image *image, const xd_section *sets, uint64_t name)
{
    if (name & FEW) {
        uint32_t docs[XD_SET_FEW];
        size_t n = read_few(image, sets, name, docs);
        xd_bits *bits = must_have(roaring_bitmap_create_with_capacity(1));
        roaring_bitmap_add_many(bits, n, docs);
        return bits;
    }
    uint64_t length = name & (((uint64_t)1 << LENGTH_BITS) - 1);
    uint64_t at = name >> LENGTH_BITS << 5;
    const xd_bits *view = NULL;
    if (name != 0 && xd_image_use(image, sets, at, length)) {
        view = roaring_bitmap_frozen_view(sets->p + at, length);
        if (view == NULL)
            xd_image_break(image);
    }
    /* A view is only read, as every set of a segment is. */
    return view != NULL ? (xd_bits *)(uintptr_t)view
                        : must_have(roaring_bitmap_create_with_capacity(1));
}

size_t xd_docs_read(const xd_image *image, const xd_section *sets, uint64_t name, uint32_t n,
                    uint32_t *out)
{
    size_t got;
    if (name & FEW) {
        uint32_t docs[XD_SET_FEW];
        got = read_few(image, sets, name, docs);
        if (got > n)
            got = 0;
        memcpy(out, docs, got * sizeof *docs);
    } else {
        xd_bits *bits = xd_docs_open(image, sets, name);
        got = (size_t)roaring_bitmap_get_cardinality(bits);
        if (got > n || (got > 0 && roaring_bitmap_maximum(bits) >= n))
            got = 0;
        else
            roaring_bitmap_to_uint32_array(bits, out);
        roaring_bitmap_free(bits);
    }
    for (size_t i = 0; i < got; i++) {
        if (out[i] >= n) {
            xd_image_break(image);
            return 0;
        }
    }
    return got;
}
