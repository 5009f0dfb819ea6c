/* Blocks are linked newest first; a request larger than a block gets one of its own. The newest
 * block that is not large survives a reset, so that steady requests allocate nothing. Under the
 * address sanitizer each allocation is malloc'd by itself, so that overruns are seen. */
#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define FIRST_BLOCK ((size_t)16 << 10)
#define LARGEST_BLOCK ((size_t)1 << 20)
#define KEPT_BLOCK ((size_t)128 << 10)

typedef struct block {
    struct block *next;
    size_t size, used;
    max_align_t bytes[];
} block;

struct xd_arena {
    block *newest;
    size_t handed_out;
};

static void out_of_memory(void)
{
    static const char words[] = "xiudai: out of memory\n";
    (void)!fwrite(words, 1, sizeof words - 1, stderr); /* the process ends either way */
    abort();
}

static block *block_make(size_t size)
{
    block *b = malloc(sizeof *b + size);
    if (b == NULL) {
        out_of_memory();
    }
    *b = (block){.size = size};
    return b;
}

xd_arena *xd_arena_make(void)
{
    xd_arena *arena = malloc(sizeof *arena);
    if (arena == NULL) {
        out_of_memory();
    }
    *arena = (xd_arena){.newest = NULL};
    return arena;
}

static void free_blocks(xd_arena *arena, bool keep_one)
{
    block *kept = NULL, *next;
    for (block *b = arena->newest; b != NULL; b = next) {
        next = b->next;
        if (keep_one && kept == NULL && b->size <= KEPT_BLOCK) {
            kept = b;
        } else {
            free(b);
        }
    }
    arena->newest = kept;
    if (kept != NULL) {
        kept->next = NULL;
        kept->used = 0;
    }
    arena->handed_out = 0;
}

void xd_arena_free(xd_arena *arena)
{
    if (arena != NULL) {
        free_blocks(arena, false);
        free(arena);
    }
}

void xd_arena_reset(xd_arena *arena)
{
#ifdef XD_SANITIZED
    free_blocks(arena, false);
#else
    free_blocks(arena, true);
#endif
}

size_t xd_arena_used(const xd_arena *arena)
{
    return arena->handed_out;
}

/* Not cleared: for those who write every byte. */
static void *take_raw(xd_arena *arena, size_t size)
{
    size_t rounded = size + (16 - size % 16) % 16;
    if (rounded < size) {
        out_of_memory();
    }
    block *b = arena->newest;
#ifdef XD_SANITIZED
    b = block_make(size == 0 ? 1 : size);
    b->next = arena->newest;
    arena->newest = b;
    rounded = 0;
#else
    if (b == NULL || b->size - b->used < rounded) {
        size_t next_size = b == NULL ? FIRST_BLOCK : b->size * 2;
        next_size = next_size > LARGEST_BLOCK ? LARGEST_BLOCK : next_size;
        next_size = next_size < rounded ? rounded : next_size;
        block *fresh = block_make(next_size);
        fresh->next = b;
        arena->newest = b = fresh;
    }
#endif
    char *p = (char *)b->bytes + b->used;
    b->used += rounded;
    arena->handed_out += size;
    return p;
}

static void *take(xd_arena *arena, size_t size)
{
    return memset(take_raw(arena, size), 0, size);
}

void *xd_arena_take(xd_arena *arena, size_t size)
{
    return take(arena, size);
}

void *xd_arena_try(xd_arena *arena, size_t size, size_t limit)
{
    if (size > limit || arena->handed_out > limit - size) {
        return NULL;
    }
    return take(arena, size);
}

size_t xd_size_times(size_t a, size_t b)
{
    size_t product;
    if (__builtin_mul_overflow(a, b, &product)) {
        out_of_memory();
    }
    return product;
}

xd_str xd_str_copy(xd_arena *arena, xd_str s)
{
    if (s.p == NULL) {
        return s;
    }
    char *p = take_raw(arena, s.n + 1);
    if (s.n > 0) {
        memcpy(p, s.p, s.n);
    }
    p[s.n] = '\0';
    return (xd_str){p, s.n};
}

char *xd_cstr(xd_arena *arena, xd_str s)
{
    char *p = take_raw(arena, s.n + 1);
    if (s.n > 0) {
        memcpy(p, s.p, s.n);
    }
    p[s.n] = '\0';
    return p;
}

xd_str xd_str_join(xd_arena *arena, xd_str a, xd_str b)
{
    char *p = take_raw(arena, a.n + b.n + 1);
    if (a.n > 0) {
        memcpy(p, a.p, a.n);
    }
    if (b.n > 0) {
        memcpy(p + a.n, b.p, b.n);
    }
    p[a.n + b.n] = '\0';
    return (xd_str){p, a.n + b.n};
}

xd_str xd_str_printf(xd_arena *arena, const char *format, ...)
{
    va_list args, again;
    char small[200]; /* fits most of what is written, so that once is enough */
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(small, sizeof small, format, args);
    va_end(args);
    assert(n >= 0);
    char *p = take_raw(arena, (size_t)n + 1);
    if ((size_t)n < sizeof small) {
        memcpy(p, small, (size_t)n + 1);
    } else {
        (void)vsnprintf(p, (size_t)n + 1, format, again); /* the length is known */
    }
    va_end(again);
    return (xd_str){p, (size_t)n};
}

void *xd_vec_grow(xd_arena *arena, void *old, size_t *cap, size_t item)
{
    size_t next = *cap == 0 ? 8 : xd_size_times(*cap, 2);
    size_t had = *cap * item, size = xd_size_times(next, item);
    char *p = take_raw(arena, size);
    if (had > 0) {
        memcpy(p, old, had);
    }
    memset(p + had, 0, size - had);
    *cap = next;
    return p;
}
