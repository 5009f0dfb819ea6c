/* tests/geo/mvt_read.h — Mapbox Vector Tiles, read back; written apart from src/geo/mvt.c, from
 * the specification, so that both must be wrong in the same way to agree. Aborts on anything
 * the specification does not allow. */
#ifndef XD_TEST_GEO_MVT_READ_H
#define XD_TEST_GEO_MVT_READ_H

#include <string.h>

#include "base/arena.h"
#include "xd_test.h"

typedef struct mvt_in {
    const uint8_t *p, *end;
} mvt_in;

typedef struct mvt_value {
    bool is_text;
    xd_str text;
    int64_t number;
} mvt_value;

typedef struct mvt_pos {
    int32_t x, y;
} mvt_pos;

typedef struct mvt_path {
    XD_VEC(mvt_pos) at;
    bool closed;
} mvt_path;

typedef struct mvt_feature {
    uint64_t id;
    uint32_t type;
    XD_VEC(uint32_t) tags;
    XD_VEC(mvt_path) paths;
} mvt_feature;

typedef struct mvt_layer {
    xd_str name;
    uint64_t version, extent;
    XD_VEC(mvt_feature) features;
    XD_VEC(xd_str) keys;
    XD_VEC(mvt_value) values;
} mvt_layer;

typedef XD_VEC(mvt_layer) mvt_layers;

static inline uint64_t mvt_varint(mvt_in *in)
{
    uint64_t v = 0;
    for (int shift = 0; shift < 64; shift += 7) {
        ck_assert(in->p < in->end);
        uint8_t byte = *in->p;
        in->p += 1;
        v |= (uint64_t)(byte & 0x7F) << shift;
        if ((byte & 0x80) == 0) {
            return v;
        }
    }
    ck_abort_msg("a varint is too long");
    return 0;
}

static inline mvt_in mvt_bytes(mvt_in *in)
{
    uint64_t n = mvt_varint(in);
    ck_assert_uint_le(n, (uint64_t)(in->end - in->p));
    mvt_in part = {in->p, in->p + n};
    in->p += n;
    return part;
}

static inline xd_str mvt_text(mvt_in *in)
{
    mvt_in part = mvt_bytes(in);
    xd_str text = {(const char *)part.p, (size_t)(part.end - part.p)};
    ck_assert_uint_eq(xd_utf8_valid(text), text.n);
    return text;
}

static inline int32_t mvt_zigzag(mvt_in *in)
{
    uint64_t v = mvt_varint(in);
    return (int32_t)((int64_t)(v >> 1) ^ -(int64_t)(v & 1));
}

static inline void mvt_read_geometry(xd_arena *arena, mvt_in in, mvt_feature *f)
{
    mvt_pos pen = {0, 0};
    while (in.p < in.end) {
        uint64_t command = mvt_varint(&in);
        uint64_t count = command >> 3;
        ck_assert_uint_gt(count, 0);
        mvt_path *path = f->paths.n == 0 ? NULL : &f->paths.at[f->paths.n - 1];
        switch (command & 7) {
        case 1:
            ck_assert(f->type == 1 || count == 1);
            path = xd_push(arena, &f->paths);
            *path = (mvt_path){0};
            break;
        case 2:
            ck_assert(f->type != 1 && path != NULL && path->at.n == 1);
            break;
        case 7:
            ck_assert(f->type == 3 && path != NULL && path->at.n >= 3 && count == 1);
            path->closed = true;
            continue;
        default:
            ck_abort_msg("command %d", (int)(command & 7));
        }
        for (uint64_t i = 0; i < count; i++) {
            int32_t dx = mvt_zigzag(&in);
            int32_t dy = mvt_zigzag(&in);
            ck_assert((command & 7) != 2 || dx != 0 || dy != 0);
            pen = (mvt_pos){pen.x + dx, pen.y + dy};
            *xd_push(arena, &path->at) = pen;
        }
    }
}

static inline void mvt_read_feature(xd_arena *arena, mvt_in in, mvt_layer *layer)
{
    mvt_feature *f = xd_push(arena, &layer->features);
    *f = (mvt_feature){0};
    mvt_in geometry = {NULL, NULL};
    while (in.p < in.end) {
        uint64_t key = mvt_varint(&in);
        if (key == (1 << 3)) {
            f->id = mvt_varint(&in);
        } else if (key == (2 << 3 | 2)) {
            mvt_in tags = mvt_bytes(&in);
            while (tags.p < tags.end) {
                *xd_push(arena, &f->tags) = (uint32_t)mvt_varint(&tags);
            }
        } else if (key == (3 << 3)) {
            f->type = (uint32_t)mvt_varint(&in);
        } else {
            ck_assert_uint_eq(key, 4 << 3 | 2);
            geometry = mvt_bytes(&in);
        }
    }
    ck_assert(f->type >= 1 && f->type <= 3 && f->tags.n % 2 == 0 && geometry.p != NULL);
    mvt_read_geometry(arena, geometry, f);
}

static inline void mvt_read_value(xd_arena *arena, mvt_in in, mvt_layer *layer)
{
    mvt_value *value = xd_push(arena, &layer->values);
    *value = (mvt_value){0};
    uint64_t key = mvt_varint(&in);
    value->is_text = key == (1 << 3 | 2);
    if (value->is_text) {
        value->text = mvt_text(&in);
    } else {
        ck_assert_uint_eq(key, 4 << 3);
        value->number = (int64_t)mvt_varint(&in);
    }
    ck_assert_ptr_eq(in.p, in.end);
}

static inline void mvt_read_layer(xd_arena *arena, mvt_in in, mvt_layers *layers)
{
    mvt_layer *layer = xd_push(arena, layers);
    *layer = (mvt_layer){0};
    while (in.p < in.end) {
        uint64_t key = mvt_varint(&in);
        if (key == (15 << 3)) {
            layer->version = mvt_varint(&in);
        } else if (key == (5 << 3)) {
            layer->extent = mvt_varint(&in);
        } else if (key == (1 << 3 | 2)) {
            layer->name = mvt_text(&in);
        } else if (key == (2 << 3 | 2)) {
            mvt_read_feature(arena, mvt_bytes(&in), layer);
        } else if (key == (3 << 3 | 2)) {
            *xd_push(arena, &layer->keys) = mvt_text(&in);
        } else {
            ck_assert_uint_eq(key, 4 << 3 | 2);
            mvt_read_value(arena, mvt_bytes(&in), layer);
        }
    }
    ck_assert_uint_eq(layer->version, 2);
    ck_assert(layer->name.n > 0 && layer->features.n > 0);
    for (size_t i = 0; i < layer->features.n; i++) {
        for (size_t j = 0; j < layer->features.at[i].tags.n; j += 2) {
            ck_assert_uint_lt(layer->features.at[i].tags.at[j], layer->keys.n);
            ck_assert_uint_lt(layer->features.at[i].tags.at[j + 1], layer->values.n);
        }
    }
}

static inline mvt_layers mvt_read(xd_arena *arena, xd_str tile)
{
    mvt_layers layers = {0};
    mvt_in in = {(const uint8_t *)tile.p, (const uint8_t *)tile.p + tile.n};
    while (in.p < in.end) {
        ck_assert_uint_eq(mvt_varint(&in), 3 << 3 | 2);
        mvt_read_layer(arena, mvt_bytes(&in), &layers);
    }
    return layers;
}

static inline const mvt_value *mvt_tag(const mvt_layer *layer, const mvt_feature *f,
                                       const char *key)
{
    for (size_t i = 0; i < f->tags.n; i += 2) {
        if (xd_str_eq(layer->keys.at[f->tags.at[i]], xd_str_of(key))) {
            return &layer->values.at[f->tags.at[i + 1]];
        }
    }
    ck_abort_msg("no tag %s", key);
    return NULL;
}

/* Twice the area by the surveyor's formula: positive for a shell, y downward. */
static inline int64_t mvt_area(const mvt_path *path)
{
    int64_t sum = 0;
    for (size_t i = 0; i < path->at.n; i++) {
        mvt_pos a = path->at.at[i];
        mvt_pos b = path->at.at[(i + 1) % path->at.n];
        sum += (int64_t)a.x * b.y - (int64_t)b.x * a.y;
    }
    return sum;
}

#endif
