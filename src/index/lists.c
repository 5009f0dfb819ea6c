#include "index/lists.h"

struct xd_list_chunk {
    xd_list_chunk *before;
    uint32_t n, cap;
    uint32_t at[];
};

void xd_list_add(xd_arena *arena, xd_list *list, uint32_t doc)
{
    if (list->n > 0 && list->last == doc)
        return;
    list->last = doc;
    if (list->n < XD_LEN(list->first)) {
        list->first[list->n++] = doc;
        return;
    }
    xd_list_chunk *c = list->newest;
    if (c == NULL || c->n == c->cap) {
        uint32_t cap = c == NULL ? 6 : c->cap < 2048 ? c->cap * 2 : c->cap;
        xd_list_chunk *next = xd_arena_take(arena, sizeof *next + cap * sizeof(uint32_t));
        next->before = c;
        next->cap = cap;
        list->newest = c = next;
    }
    c->at[c->n++] = doc;
    list->n++;
}

void xd_list_copy(const xd_list *list, uint32_t *out)
{
    uint32_t end = list->n;
    for (const xd_list_chunk *c = list->newest; c != NULL; c = c->before) {
        end -= c->n;
        memcpy(out + end, c->at, c->n * sizeof(uint32_t));
    }
    memcpy(out, list->first, end * sizeof(uint32_t));
}
