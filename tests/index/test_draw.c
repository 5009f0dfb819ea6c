/* Tiles and dots: decoded again and counted against the records. */
#include "geo/tile.h"
#include "world.h"

/* The little of MVT the test needs: layers, features, their first position, their tags. */
typedef struct reader {
    xd_str s;
    size_t at;
} reader;

static uint64_t varint(reader *r)
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
static bool field(reader *r, unsigned *number, xd_str *bytes, uint64_t *value)
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

static int64_t number_of(xd_str value)
{
    reader r = {value, 0};
    unsigned number;
    xd_str bytes;
    uint64_t v = 0;
    ck_assert(field(&r, &number, &bytes, &v));
    return number == 6 ? (int64_t)(v >> 1) ^ -(int64_t)(v & 1) : (int64_t)v;
}

static void text_of(xd_str value, char *out, size_t size)
{
    reader r = {value, 0};
    unsigned number;
    xd_str bytes;
    uint64_t v;
    ck_assert(field(&r, &number, &bytes, &v));
    snprintf(out, size, XD_FMT, XD_ARG(bytes));
}

static void read_feature(xd_str feature, const xd_strs *keys, const xd_strs *values, drawn *d)
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

static void read_layer(xd_arena *arena, xd_str layer, tile_read *t)
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

static void draw(world *w, const xd_ask *ask, xd_tile tile, const char *colour, tile_read *t)
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

/* Points on a raster over the world, some known to the county only, in several segments. */
#define POINTS 600

typedef struct point {
    xd_pos at;
    bool rough, top;
} point;

static void scatter(world *w, point *points)
{
    uint64_t state = 42;
    for (int64_t i = 0; i < POINTS; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        point p = {.rough = i > 1 && (state >> 60) == 3, .top = (state >> 40) % 3 == 0};
        p.at.lon =
            (int32_t)(117 * (int64_t)XD_DEGREE + (int64_t)((state >> 33) % (2 * XD_DEGREE)));
        p.at.lat =
            (int32_t)(30 * (int64_t)XD_DEGREE + (int64_t)((state >> 13) % (2 * XD_DEGREE)));
        if (i == 0)
            p.at = (xd_pos){-180 * XD_DEGREE, 90 * XD_DEGREE};
        if (i == 1)
            p.at = (xd_pos){180 * XD_DEGREE, -90 * XD_DEGREE};
        points[i] = p;
        char json[512];
        snprintf(json, sizeof json,
                 "{\"type\":\"works\",\"state\":\"shown\",\"name\":{\"zh\":\"厂%d\"},\"grade\":"
                 "\"%s\","
                 "\"site\":[{\"geometry\":{\"type\":\"Point\",\"coordinates\":[%d,%d]},"
                 "\"precision\":\"%s\"}]}",
                 (int)i + 1, p.top ? "top" : "low", p.at.lon, p.at.lat,
                 p.rough ? "county" : "site");
        world_put(w, i + 1, json);
        if (i % 97 == 0)
            XD_OK_CALL(&w->cx, xd_edition_tidy(&w->cx, w->index, SIZE_MAX));
        xd_ctx_reset(&w->cx);
    }
}

static bool in_tile(xd_tile tile, xd_pos at)
{
    int32_t x, y;
    xd_tile_project(tile, at, &x, &y);
    return x >= 0 && y >= 0 && x < XD_TILE_EXTENT && y < XD_TILE_EXTENT;
}

START_TEST(cells_count)
{
    world w;
    static point points[POINTS];
    static tile_read t;
    world_begin(&w, XD_SEE_PUBLIC);
    scatter(&w, points);
    xd_ask all = {.type = w.works}, some = all;
    some.filter = world_filter(&w, w.works, "grade = 'top'");
    for (int z = 0; z < XD_TILE_POINTS_ZOOM; z += 2) {
        for (size_t k = 2; k < POINTS; k += 120) { /* tiles that hold something */
            double x, y;
            xd_mercator(points[k].at, &x, &y);
            xd_tile tile = {z, (uint32_t)(x * (1 << z)), (uint32_t)(y * (1 << z))};
            int64_t wanted = 0, wanted_top = 0, got = 0;
            for (size_t i = 2; i < POINTS; i++) {
                bool here = in_tile(tile, points[i].at) && !points[i].rough;
                wanted += here;
                wanted_top += here && points[i].top;
            }
            draw(&w, &all, tile, "grade", &t);
            for (size_t i = 0; i < t.n; i++) {
                ck_assert_int_gt(t.at[i].count, 0);
                if (strcmp(t.at[i].layer, "records") == 0)
                    got += t.at[i].count;
                if (t.at[i].count == 1) {
                    ck_assert_int_gt(t.at[i].id, 0);
                    ck_assert_str_eq(t.at[i].value, points[t.at[i].id - 1].top ? "top" : "low");
                    ck_assert_int_eq(strncmp(t.at[i].title, "厂", 3), 0);
                }
            }
            int64_t poles = z == 0 ? 2 : 0;
            ck_assert_int_eq(got, wanted + poles);
            got = 0;
            draw(&w, &some, tile, NULL, &t);
            for (size_t i = 0; i < t.n; i++)
                got += strcmp(t.at[i].layer, "records") == 0 ? t.at[i].count : 0;
            ck_assert_int_ge(got, wanted_top);
            ck_assert_int_le(got, wanted_top + poles);
        }
        xd_ctx_reset(&w.cx);
        some.filter = world_filter(&w, w.works, "grade = 'top'");
    }
    world_end(&w);
}
END_TEST

START_TEST(rough_places_stay_cells)
{
    world w;
    static point points[POINTS];
    static tile_read t;
    world_begin(&w, XD_SEE_PUBLIC);
    scatter(&w, points);
    xd_ask all = {.type = w.works};
    /* At a high zoom: whatever is drawn as a point is no rough record. */
    for (size_t k = 2; k < POINTS; k += 7) {
        double x, y;
        int z = 14;
        xd_mercator(points[k].at, &x, &y);
        xd_tile tile = {z, (uint32_t)(x * (1 << z)), (uint32_t)(y * (1 << z))};
        draw(&w, &all, tile, NULL, &t);
        bool found = false;
        for (size_t i = 0; i < t.n; i++) {
            if (strcmp(t.at[i].layer, "records") == 0) {
                ck_assert(!points[t.at[i].id - 1].rough);
                ck_assert_str_eq(t.at[i].precision, "site");
                found = found || t.at[i].id == (int64_t)k + 1;
            } else {
                ck_assert_str_eq(t.at[i].layer, "somewhere");
                ck_assert_int_gt(t.at[i].count, 0);
            }
        }
        ck_assert(found == !points[k].rough);
        xd_ctx_reset(&w.cx);
    }
    /* Over all tiles of a zoom each rough record is counted once. */
    int64_t rough = 0, got = 0;
    for (size_t i = 0; i < POINTS; i++)
        rough += points[i].rough;
    for (uint32_t x = 0; x < 8; x++) {
        for (uint32_t y = 0; y < 8; y++) {
            draw(&w, &all, (xd_tile){3, x, y}, NULL, &t);
            for (size_t i = 0; i < t.n; i++)
                got += strcmp(t.at[i].layer, "somewhere") == 0 ? t.at[i].count : 0;
        }
        xd_ctx_reset(&w.cx);
    }
    ck_assert_int_eq(got, rough);
    world_end(&w);
}
END_TEST

START_TEST(dots_are_spread)
{
    world w;
    static point points[POINTS];
    world_begin(&w, XD_SEE_PUBLIC);
    scatter(&w, points);
    const xd_dot *dots;
    size_t n;
    xd_ask all = {.type = w.works};
    const xd_field *grade = xd_field_find(w.works, XD_S("grade"));
    XD_OK_CALL(&w.cx,
               xd_ask_dots(&w.cx, xd_snap_open(&w.cx, w.index), &all, grade, 10000, &dots, &n));
    ck_assert_uint_eq(n, POINTS);
    XD_OK_CALL(&w.cx,
               xd_ask_dots(&w.cx, xd_snap_open(&w.cx, w.index), &all, grade, 50, &dots, &n));
    ck_assert_uint_eq(n, 50);
    for (size_t i = 0; i < n; i++) {
        const point *p = &points[dots[i].id - 1];
        ck_assert(dots[i].at.lon == p->at.lon && dots[i].at.lat == p->at.lat);
        XD_STR_IS(dots[i].value, p->top ? "top" : "low");
        ck_assert_int_eq(dots[i].precision, p->rough ? XD_PRECISION_COUNTY : XD_PRECISION_SITE);
        ck_assert_int_eq(dots[i].from_year, INT32_MIN);
        for (size_t k = 0; k < i; k++)
            ck_assert_int_ne(dots[k].id, dots[i].id);
    }
    world_end(&w);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, cells_count);
    tcase_add_test(tests, rough_places_stay_cells);
    tcase_add_test(tests, dots_are_spread);
}

XD_TESTS("index/draw", add)
