/* base/arena.h — memory that lives as long as a request, a job or a model.
 *
 * Allocation is a bump of a pointer; nothing is freed singly; xd_arena_reset() keeps the first
 * block for the next request. Memory is zeroed and aligned to 16. An arena serves one thread
 * at a time. xd_new() and friends never return NULL: the sizes in them are the program's, and
 * true exhaustion ends the process. Where a visitor chose the size, use xd_arena_try(). */
#ifndef XD_BASE_ARENA_H
#define XD_BASE_ARENA_H

#include "base/str.h"

typedef struct xd_arena xd_arena;

xd_arena *xd_arena_make(void);
void xd_arena_free(xd_arena *arena); /* NULL is allowed */
void xd_arena_reset(xd_arena *arena);
size_t xd_arena_used(const xd_arena *arena); /* bytes handed out since make or reset */

void *xd_arena_take(xd_arena *arena, size_t size);
/* NULL when the arena would then hold more than limit bytes. */
void *xd_arena_try(xd_arena *arena, size_t size, size_t limit);

#define xd_new(arena, type) ((type *)xd_arena_take((arena), sizeof(type)))
#define xd_new_n(arena, type, count)                                                             \
    ((type *)xd_arena_take((arena), xd_size_times(sizeof(type), (count))))

/* a × b; ends the process on overflow: a programming mistake. */
size_t xd_size_times(size_t a, size_t b);

xd_str xd_str_copy(xd_arena *arena, xd_str s); /* NUL-terminated behind its length */
char *xd_cstr(xd_arena *arena, xd_str s);      /* for C interfaces; stops at the first NUL */
xd_str xd_str_join(xd_arena *arena, xd_str a, xd_str b);
xd_str xd_str_printf(xd_arena *arena, const char *format, ...) XD_PRINTF(2, 3);

/* A vector is any struct with members at, n, cap. The item pushed lies in the arena; old
 * storage is left behind, at most as much again as is in use. */
#define XD_VEC(type)                                                                              \
    struct {                                                                                      \
        type *at;                                                                                 \
        size_t n, cap;                                                                            \
    }
#define xd_push(arena, vec)                                                                       \
    ((vec)->n == (vec)->cap                                                                       \
         ? (void)((vec)->at = xd_vec_grow((arena), (vec)->at, &(vec)->cap, sizeof *(vec)->at))    \
         : (void)0,                                                                               \
     &(vec)->at[(vec)->n++])
void *xd_vec_grow(xd_arena *arena, void *old, size_t *cap, size_t item);

#endif
