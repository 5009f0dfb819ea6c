/* base/map.h — text → pointer, in an arena.
 *
 * Keys are copied. Nothing is removed singly (put NULL). Order of xd_map_each is the order of
 * first insertion. One thread at a time; reading an unchanging map is safe in many. */
#ifndef XD_BASE_MAP_H
#define XD_BASE_MAP_H

#include "base/arena.h"

typedef struct xd_map xd_map;

xd_map *xd_map_make(xd_arena *arena);
void xd_map_put(xd_map *map, xd_str key, void *value);
void *xd_map_get(const xd_map *map, xd_str key); /* NULL when not there */
size_t xd_map_count(const xd_map *map);
/* The i-th entry in order of insertion; i < xd_map_count(). */
void xd_map_each(const xd_map *map, size_t i, xd_str *ret_key, void **ret_value);

#endif
