#include "index/own_order.h"

#include <stdlib.h>

typedef struct entry {
    uint32_t level, doc;
    uint64_t begins; /* the first bytes of the key; UINT64_MAX without one */
    xd_str key;
    int64_t id;
} entry;

static int by_order(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    if (x->level != y->level)
        return x->level < y->level ? -1 : 1;
    if (x->begins != y->begins)
        return x->begins < y->begins ? -1 : 1;
    if ((x->key.n == 0) != (y->key.n == 0))
        return x->key.n == 0 ? 1 : -1;
    int order = xd_str_cmp(x->key, y->key);
    return order != 0 ? order : x->id < y->id ? -1 : x->id > y->id;
}

static uint64_t beginning(xd_str key)
{
    uint64_t first = 0;
    for (size_t i = 0; i < sizeof first; i++)
        first = first << 8 | (i < key.n ? (unsigned char)key.p[i] : 0);
    return key.n == 0 ? UINT64_MAX : first;
}

static bool is_kept(const xd_type *type)
{
    const xd_slot title = {type, NULL, type->title};
    return type->order == NULL && type->title != NULL && xd_slot_is_sorted(&title) &&
           xd_column_kind_of(type->title) == XD_COLUMN_TEXT &&
           (type->level == NULL || xd_column_kind_of(type->level) == XD_COLUMN_TERM);
}

void xd_own_order_make(xd_arena *arena, const xd_schema *schema, xd_press *press,
                       const xd_type *type, xd_column_maker *const *columns, uint32_t lo,
                       uint32_t n, const int64_t *id)
{
    if (!is_kept(type))
        return;
    uint32_t *levels = xd_new_n(arena, uint32_t, n);
    xd_str *keys = xd_new_n(arena, xd_str, n);
    entry *entries = xd_new_n(arena, entry, n);
    if (type->level != NULL)
        xd_column_maker_least(columns[xd_slot_at(&schema->slots, type, NULL, type->level)],
                              levels);
    for (int lang = 0; lang < XD_LANGS; lang++) {
        xd_column_maker_keys(columns[xd_slot_at(&schema->slots, type, NULL, type->title)],
                             (xd_lang)lang, keys);
        for (uint32_t i = 0; i < n; i++)
            entries[i] = (entry){levels[i], lo + i, beginning(keys[i]), keys[i], id[lo + i]};
        qsort(entries, n, sizeof *entries, by_order);
        xd_pressed *out = xd_press_section(press, XD_SEC_ORDER,
                                           (uint32_t)type->at * XD_LANGS + (uint32_t)lang);
        for (uint32_t i = 0; i < n; i++)
            xd_pressed_u32(out, entries[i].doc);
    }
}

uint32_t *xd_own_order_places(xd_arena *arena, const xd_schema *schema,
                              xd_column_maker *const *columns, const uint32_t *type_lo,
                              const int64_t *id)
{
    uint32_t n = type_lo[schema->n_types];
    uint32_t *levels = xd_new_n(arena, uint32_t, n), *places = xd_new_n(arena, uint32_t, n);
    entry *entries = xd_new_n(arena, entry, n);
    for (size_t t = 0; t < schema->n_types; t++) {
        const xd_type *type = xd_model_type(schema->model, t);
        if (type->level != NULL && type_lo[t] < type_lo[t + 1] &&
            xd_column_kind_of(type->level) == XD_COLUMN_TERM)
            xd_column_maker_least(columns[xd_slot_at(&schema->slots, type, NULL, type->level)],
                                  levels + type_lo[t]);
    }
    for (uint32_t i = 0; i < n; i++)
        entries[i] = (entry){.level = levels[i], .doc = i, .id = id[i]};
    if (n > 0)
        qsort(entries, n, sizeof *entries, by_order);
    for (uint32_t i = 0; i < n; i++)
        places[entries[i].doc] = i;
    return places;
}

const uint32_t *xd_own_order(const xd_segment *s, const xd_type *type, xd_lang lang)
{
    uint32_t sub = (uint32_t)type->at * XD_LANGS + (uint32_t)lang;
    uint32_t n = s->type_lo[type->at + 1] - s->type_lo[type->at];
    const void *docs = NULL;
    if (xd_image_find(s->image, XD_SEC_ORDER, sub).p == NULL ||
        !xd_image_array(s->image, XD_SEC_ORDER, sub, sizeof(uint32_t), n, &docs))
        return NULL;
    return docs;
}
