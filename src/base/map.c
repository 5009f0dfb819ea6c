/* Open addressing over an array of entries in order of insertion; the table holds their indexes
 * plus one, and is at most half full. */
#include "base/map.h"

typedef struct entry {
    xd_str key;
    uint64_t hash;
    void *value;
} entry;

struct xd_map {
    xd_arena *arena;
    XD_VEC(entry) entries;
    uint32_t *slots;
    size_t n_slots; /* a power of two */
};

xd_map *xd_map_make(xd_arena *arena)
{
    xd_map *map = xd_new(arena, xd_map);
    map->arena = arena;
    map->n_slots = 16;
    map->slots = xd_new_n(arena, uint32_t, map->n_slots);
    return map;
}

/* The slot that holds key, or the empty one where it would go. */
static size_t slot_of(const xd_map *map, xd_str key, uint64_t hash)
{
    size_t i = hash & (map->n_slots - 1);
    while (map->slots[i] != 0) {
        const entry *e = &map->entries.at[map->slots[i] - 1];
        if (e->hash == hash && xd_str_eq(e->key, key)) {
            break;
        }
        i = (i + 1) & (map->n_slots - 1);
    }
    return i;
}

static void grow(xd_map *map)
{
    map->n_slots *= 2;
    map->slots = xd_new_n(map->arena, uint32_t, map->n_slots);
    for (size_t i = 0; i < map->entries.n; i++) {
        size_t slot = slot_of(map, map->entries.at[i].key, map->entries.at[i].hash);
        map->slots[slot] = (uint32_t)(i + 1);
    }
}

void xd_map_put(xd_map *map, xd_str key, void *value)
{
    uint64_t hash = xd_str_hash(key);
    size_t slot = slot_of(map, key, hash);
    if (map->slots[slot] != 0) {
        map->entries.at[map->slots[slot] - 1].value = value;
        return;
    }
    *xd_push(map->arena, &map->entries) = (entry){xd_str_copy(map->arena, key), hash, value};
    map->slots[slot] = (uint32_t)map->entries.n;
    if (map->entries.n * 2 > map->n_slots) {
        grow(map);
    }
}

void *xd_map_get(const xd_map *map, xd_str key)
{
    size_t slot = slot_of(map, key, xd_str_hash(key));
    return map->slots[slot] == 0 ? NULL : map->entries.at[map->slots[slot] - 1].value;
}

size_t xd_map_count(const xd_map *map)
{
    return map->entries.n;
}

void xd_map_each(const xd_map *map, size_t i, xd_str *ret_key, void **ret_value)
{
    assert(i < map->entries.n);
    *ret_key = map->entries.at[i].key;
    *ret_value = map->entries.at[i].value;
}
