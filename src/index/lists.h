/* index/lists.h — very many growing lists of document numbers, in one arena.
 *
 * Numbers come in ascending order, each at most once a list (a second time is passed over). A
 * list is a chain of chunks that double, so most lists, which are short, cost little and none
 * is ever moved. */
#ifndef XD_INDEX_LISTS_H
#define XD_INDEX_LISTS_H

#include "base/arena.h"

typedef struct xd_list_chunk xd_list_chunk;
typedef struct xd_list {
    xd_list_chunk *newest;
    uint32_t n, last;
    uint32_t first[2]; /* before there is any chunk */
} xd_list;

void xd_list_add(xd_arena *arena, xd_list *list, uint32_t doc);
/* Writes list->n numbers, ascending. */
void xd_list_copy(const xd_list *list, uint32_t *out);

#endif
