/* Tiles: addresses, boxes, projection; vector tiles read back by a reader of the test's own. */
#include "geo/tile.h"

#include <math.h>

#include "cases.h"
#include "mvt_read.h"

START_TEST(addresses)
{
    ck_assert(xd_tile_ok(0, 0, 0));
    ck_assert(!xd_tile_ok(0, 1, 0));
    ck_assert(!xd_tile_ok(0, 0, 1));
    ck_assert(!xd_tile_ok(-1, 0, 0));
    ck_assert(!xd_tile_ok(3, -1, 0));
    ck_assert(xd_tile_ok(22, (1 << 22) - 1, 0));
    ck_assert(!xd_tile_ok(22, 1 << 22, 0));
    ck_assert(!xd_tile_ok(23, 0, 0));
    ck_assert(!xd_tile_ok(5, INT64_MAX, INT64_MIN));
}
END_TEST

/* Hefei at zoom 10 is tile 845/416: x = (117.27 + 180) / 360 × 1024 = 845.57. */
START_TEST(projection)
{
    xd_pos hefei = {1172700000, 318600000};
    xd_tile tile = {10, 845, 416};
    double x;
    double y;
    xd_mercator(hefei, &x, &y);
    ck_assert_double_eq_tol(x, (117.27 + 180) / 360, 1e-12);
    ck_assert_double_eq_tol(
        y,
        (1 - log(tan(0.5560618996853934) + 1 / cos(0.5560618996853934)) / 3.141592653589793) /
            2,
        1e-12);
    ck_assert_uint_eq((uint32_t)(y * 1024), tile.y);
    ck_assert(xd_box_has(xd_tile_box(tile), hefei));
    int32_t tx;
    int32_t ty;
    xd_tile_project(tile, hefei, &tx, &ty);
    ck_assert_int_eq(tx, (int32_t)lround((x * 1024 - tile.x) * 4096));
    ck_assert_int_eq(ty, (int32_t)lround((y * 1024 - tile.y) * 4096));
    xd_pos back = xd_mercator_back(x, y);
    ck_assert_int_le(abs(back.lon - hefei.lon), 1);
    ck_assert_int_le(abs(back.lat - hefei.lat), 1);
    xd_tile_project((xd_tile){22, 0, 0}, (xd_pos){1800000000, -900000000}, &tx, &ty);
    ck_assert(tx > 4096 && ty > 4096); /* far outside, held */
}
END_TEST

START_TEST(boxes_of_neighbours_share_their_edges)
{
    for (int z = 1; z <= XD_TILE_ZOOM; z += 3) {
        uint32_t x = (uint32_t)((1u << z) * 0.8);
        uint32_t y = (uint32_t)((1u << z) * 0.4);
        xd_box box = xd_tile_box((xd_tile){z, x, y});
        ck_assert(box.west < box.east && box.south < box.north);
        ck_assert_int_eq(box.east, xd_tile_box((xd_tile){z, x + 1, y}).west);
        ck_assert_int_eq(box.south, xd_tile_box((xd_tile){z, x, y + 1}).north);
        xd_box wide = xd_tile_box_buffered((xd_tile){z, x, y});
        double part = (double)(box.west - wide.west) / (double)(box.east - box.west);
        ck_assert_double_eq_tol(part, 64.0 / 4096, z > 18 ? 0.01 : 0.0005);
        ck_assert(wide.north > box.north && wide.south < box.south && wide.east > box.east);
    }
    xd_box world = xd_tile_box((xd_tile){0, 0, 0});
    ck_assert_int_eq(world.west, -1800000000);
    ck_assert_int_eq(world.east, 1800000000);
    ck_assert_int_eq(world.north, 850511288);
}
END_TEST

static xd_str drawn(xd_ctx *cx, xd_mvt *mvt, mvt_layers *ret_layers)
{
    xd_buf out = {0};
    xd_mvt_end(mvt, &out);
    xd_str bytes = xd_buf_copy(&out, cx->arena);
    xd_buf_free(&out);
    *ret_layers = mvt_read(cx->arena, bytes);
    return bytes;
}

START_TEST(layers_points_and_attributes)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_mvt *mvt = xd_mvt_begin(cx.arena, (xd_tile){0, 0, 0});
    xd_mvt_layer(mvt, XD_S("empty"));
    xd_mvt_layer(mvt, XD_S("records"));
    xd_mvt_feature_point(mvt, INT64_C(9007199254740991), 100, -20);
    xd_mvt_text(mvt, XD_S("title"), XD_S("泾县宣纸厂"));
    xd_mvt_int(mvt, XD_S("count"), 7);
    xd_mvt_feature_point(mvt, 0, 4096, 4160);
    xd_mvt_text(mvt, XD_S("title"), XD_S("泾县宣纸厂"));
    xd_mvt_int(mvt, XD_S("count"), -3);
    xd_mvt_text(mvt, XD_S("value"), XD_S(""));
    xd_mvt_layer(mvt, XD_S("somewhere"));
    xd_mvt_feature_point(mvt, 1, 0, 0);
    mvt_layers layers;
    (void)drawn(&cx, mvt, &layers); /* its layers are looked at */
    ck_assert_uint_eq(layers.n, 2);

    const mvt_layer *records = &layers.at[0];
    XD_STR_IS(records->name, "records");
    ck_assert_uint_eq(records->extent, 4096);
    ck_assert_uint_eq(records->features.n, 2);
    ck_assert_uint_eq(records->keys.n, 3);
    ck_assert_uint_eq(records->values.n, 4); /* shared: one title, 7, -3, "" */
    const mvt_feature *first = &records->features.at[0];
    ck_assert_uint_eq(first->id, UINT64_C(9007199254740991));
    ck_assert_uint_eq(first->type, 1);
    ck_assert_int_eq(first->paths.at[0].at.at[0].x, 100);
    ck_assert_int_eq(first->paths.at[0].at.at[0].y, -20);
    XD_STR_IS(mvt_tag(records, first, "title")->text, "泾县宣纸厂");
    ck_assert_int_eq(mvt_tag(records, first, "count")->number, 7);
    const mvt_feature *second = &records->features.at[1];
    ck_assert_uint_eq(second->id, 0);
    ck_assert_int_eq(mvt_tag(records, second, "count")->number, -3);
    ck_assert_uint_eq(mvt_tag(records, second, "value")->text.n, 0);
    XD_STR_IS(layers.at[1].name, "somewhere");
    xd_ctx_end(&cx);
}
END_TEST

START_TEST(nothing_drawn_is_no_bytes)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_mvt *mvt = xd_mvt_begin(cx.arena, (xd_tile){5, 3, 3});
    xd_mvt_layer(mvt, XD_S("a"));
    bool seen;
    XD_OK_CALL(
        &cx, xd_mvt_feature_geom(&cx, mvt, 1, xd_geom_point(cx.arena, (xd_pos){0, 0}), &seen));
    ck_assert(!seen);
    xd_mvt_text(mvt, XD_S("k"), XD_S("v")); /* of a feature that is not there */
    mvt_layers layers;
    ck_assert_uint_eq(drawn(&cx, mvt, &layers).n, 0);
    xd_ctx_end(&cx);
}
END_TEST

static const mvt_feature *draw_wkt(xd_ctx *cx, xd_tile tile, const char *text,
                                   mvt_layers *layers)
{
    const xd_geom *geom;
    XD_OK_CALL(cx, xd_geom_read_wkt(cx, xd_str_of(text), &geom));
    xd_mvt *mvt = xd_mvt_begin(cx->arena, tile);
    xd_mvt_layer(mvt, XD_S("a"));
    bool seen;
    XD_OK_CALL(cx, xd_mvt_feature_geom(cx, mvt, 5, geom, &seen));
    (void)drawn(cx, mvt, layers); /* its layers are looked at */
    ck_assert_int_eq(seen, layers->n == 1);
    return seen ? &layers->at[0].features.at[0] : NULL;
}

/* Whatever the winding of the text: shells positive, holes negative, each hole after its shell.
 */
START_TEST(polygons_are_wound_as_the_specification_says)
{
    static const char *const shapes[] = {
        "POLYGON((110 20,120 20,120 40,110 40,110 20),(112 25,112 30,115 30,115 25,112 25))",
        "POLYGON((110 20,110 40,120 40,120 20,110 20),(112 25,115 25,115 30,112 30,112 25))",
        "MULTIPOLYGON(((110 20,110 40,120 40,120 20,110 20),(112 25,115 25,115 30,112 30,112 "
        "25)))",
    };
    xd_ctx cx;
    xd_ctx_begin(&cx);
    for (size_t i = 0; i < XD_LEN(shapes); i++) {
        mvt_layers layers;
        const mvt_feature *f = draw_wkt(&cx, (xd_tile){3, 6, 3}, shapes[i], &layers);
        ck_assert_ptr_nonnull(f);
        ck_assert_uint_eq(f->type, 3);
        ck_assert_uint_eq(f->paths.n, 2);
        ck_assert(f->paths.at[0].closed && f->paths.at[1].closed);
        ck_assert_int_gt(mvt_area(&f->paths.at[0]), 0);
        ck_assert_int_lt(mvt_area(&f->paths.at[1]), 0);
    }
    mvt_layers layers;
    const mvt_feature *two = draw_wkt(
        &cx, (xd_tile){3, 6, 3},
        "MULTIPOLYGON(((110 20,112 20,112 22,110 20)),((115 30,117 30,117 32,115 30)))",
        &layers);
    ck_assert_uint_eq(two->paths.n, 2);
    ck_assert_int_gt(mvt_area(&two->paths.at[0]), 0);
    ck_assert_int_gt(mvt_area(&two->paths.at[1]), 0);
    xd_ctx_end(&cx);
}
END_TEST

START_TEST(shapes_are_cut_to_the_buffer)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    mvt_layers layers;
    xd_tile tile = {8, 211, 104};
    const mvt_feature *f =
        draw_wkt(&cx, tile, "POLYGON((100 20,130 20,130 45,100 45,100 20))", &layers);
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(f->paths.n, 1);
    ck_assert_int_eq(mvt_area(&f->paths.at[0]), (int64_t)2 * (4096 + 128) * (4096 + 128));
    for (size_t i = 0; i < f->paths.at[0].at.n; i++) {
        mvt_pos at = f->paths.at[0].at.at[i];
        ck_assert(at.x >= -64 && at.x <= 4160 && at.y >= -64 && at.y <= 4160);
    }
    f = draw_wkt(&cx, tile, "LINESTRING(100 31,130 31)", &layers);
    ck_assert_uint_eq(f->type, 2);
    ck_assert_int_eq(f->paths.at[0].at.at[0].x, -64);
    f = draw_wkt(&cx, tile, "MULTIPOINT(116.8 31,117.5 31.5,0 0)", &layers);
    ck_assert_uint_eq(f->type, 1);
    xd_ctx_end(&cx);
}
END_TEST

START_TEST(what_falls_together_is_not_drawn)
{
    static const char *const nothing[] = {
        "LINESTRING(117 31,117.0000001 31)",
        "POLYGON((117 31,117.0000001 31,117.0000001 31.0000001,117 31))",
        "POLYGON((117 31,118 31,119 31,117 31))",
    };
    xd_ctx cx;
    xd_ctx_begin(&cx);
    mvt_layers layers;
    for (size_t i = 0; i < XD_LEN(nothing); i++) {
        ck_assert_msg(draw_wkt(&cx, (xd_tile){4, 13, 6}, nothing[i], &layers) == NULL, "%s",
                      nothing[i]);
    }
    /* A hole too small to see goes; the shell stays. */
    const mvt_feature *f = draw_wkt(&cx, (xd_tile){4, 13, 6},
                                    "POLYGON((115 30,120 30,120 33,115 33,115 30),"
                                    "(117 31,117 31.0001,117.0001 31.0001,117 31))",
                                    &layers);
    ck_assert_uint_eq(f->paths.n, 1);
    xd_ctx_end(&cx);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, addresses);
    tcase_add_test(tests, projection);
    tcase_add_test(tests, boxes_of_neighbours_share_their_edges);
    tcase_add_test(tests, layers_points_and_attributes);
    tcase_add_test(tests, nothing_drawn_is_no_bytes);
    tcase_add_test(tests, polygons_are_wound_as_the_specification_says);
    tcase_add_test(tests, shapes_are_cut_to_the_buffer);
    tcase_add_test(tests, what_falls_together_is_not_drawn);
}

XD_TESTS("geo/tile", add)
