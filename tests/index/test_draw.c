/* Tiles and dots: decoded again and counted against the records. */
#include "mvt.h"

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
