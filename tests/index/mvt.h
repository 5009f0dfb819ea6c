/* tests/index/mvt.h — tiles read again. */
#ifndef XD_TEST_INDEX_MVT_H
#define XD_TEST_INDEX_MVT_H

#include "geo/tile.h"
#include "world.h"

/* The little of MVT the test needs: layers, features, their first position, their tags. */
typedef struct reader {
    xd_str s;
    size_t at;
} reader;

static inline uint64_t varint(reader *r)
{
    uint64_t v = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        ck_assert_uint_lt(r->at, r->s.n);
        unsigned char c = (unsigned char)r->s.p[r->at++];
        v |= (uint64_t)(c & 127) << shift;
        if (c < 128)
            break;
    }
    return v;
}

/* The next field: its number, and its bytes or its value. False at the end. */
static inline bool field(reader *r, unsigned *number, xd_str *bytes, uint64_t *value)
{
    if (r->at >= r->s.n)
        return false;
    uint64_t key = varint(r);
    *number = (unsigned)(key >> 3);
    *bytes = (xd_str){0};
    if ((key & 7) == 2) {
        uint64_t n = varint(r);
        ck_assert_uint_le(n, r->s.n - r->at);
        *bytes = xd_str_sub(r->s, r->at, r->at + n);
        r->at += n;
    } else {
        ck_assert_uint_eq(key & 7, 0);
        *value = varint(r);
    }
    return true;
}

typedef struct drawn {
    char layer[16];
    int64_t id, count;
    int x, y;
    char value[32], title[64], precision[16];
} drawn;

typedef struct tile_read {
    drawn at[4000];
    size_t n;
} tile_read;

static inline int64_t number_of(xd_str value)
{
    reader r = {value, 0};
    unsigned number;
    xd_str bytes;
    uint64_t v = 0;
    ck_assert(field(&r, &number, &bytes, &v));
    return number == 6 ? (int64_t)(v >> 1) ^ -(int64_t)(v & 1) : (int64_t)v;
}

static inline void text_of(xd_str value, char *out, size_t size)
{
    reader r = {value, 0};
    unsigned number;
    xd_str bytes;
    uint64_t v;
    ck_assert(field(&r, &number, &bytes, &v));
    snprintf(out, size, XD_FMT, XD_ARG(bytes));
}

static inline void read_feature(xd_str feature, const xd_strs *keys, const xd_strs *values,
                                drawn *d)
{
    reader r = {feature, 0};
    unsigned number;
    xd_str bytes;
    uint64_t v;
    while (field(&r, &number, &bytes, &v)) {
        reader in = {bytes, 0};
        if (number == 4) { /* geometry: one move */
            ck_assert_uint_eq(varint(&in) & 7, 1);
            uint64_t x = varint(&in), y = varint(&in);
            d->x = (int)((int64_t)(x >> 1) ^ -(int64_t)(x & 1));
            d->y = (int)((int64_t)(y >> 1) ^ -(int64_t)(y & 1));
        }
        while (number == 2 && in.at < in.s.n) {
            xd_str key = keys->at[varint(&in)], value = values->at[varint(&in)];
            if (xd_str_eq(key, XD_S("count")))
                d->count = number_of(value);
            else if (xd_str_eq(key, XD_S("id")))
                d->id = number_of(value);
            else if (xd_str_eq(key, XD_S("value")))
                text_of(value, d->value, sizeof d->value);
            else if (xd_str_eq(key, XD_S("title")))
                text_of(value, d->title, sizeof d->title);
            else if (xd_str_eq(key, XD_S("precision")))
                text_of(value, d->precision, sizeof d->precision);
        }
    }
}

static inline void read_layer(xd_arena *arena, xd_str layer, tile_read *t)
{
    xd_strs keys = {0}, values = {0}, features = {0};
    reader r = {layer, 0};
    unsigned number;
    xd_str bytes, name = {0};
    uint64_t v;
    while (field(&r, &number, &bytes, &v)) {
        if (number == 1)
            name = bytes;
        else if (number == 2)
            *xd_push(arena, &features) = bytes;
        else if (number == 3)
            *xd_push(arena, &keys) = bytes;
        else if (number == 4)
            *xd_push(arena, &values) = bytes;
    }
    for (size_t i = 0; i < features.n; i++) {
        ck_assert_uint_lt(t->n, XD_LEN(t->at));
        drawn *d = &t->at[t->n++];
        *d = (drawn){.count = -1};
        snprintf(d->layer, sizeof d->layer, XD_FMT, XD_ARG(name));
        read_feature(features.at[i], &keys, &values, d);
    }
}

static inline void draw(world *w, const xd_ask *ask, xd_tile tile, const char *colour,
                        tile_read *t)
{
    xd_buf out = {0};
    const xd_field *field_of =
        colour == NULL ? NULL : xd_field_find(w->works, xd_str_of(colour));
    XD_OK_CALL(&w->cx,
               xd_ask_tile(&w->cx, xd_snap_open(&w->cx, w->index), ask, tile, field_of, &out));
    reader r = {xd_buf_str(&out), 0};
    unsigned number;
    xd_str bytes;
    uint64_t v;
    t->n = 0;
    while (field(&r, &number, &bytes, &v)) {
        ck_assert_uint_eq(number, 3);
        read_layer(w->cx.arena, bytes, t);
    }
    xd_buf_free(&out);
}

#endif
