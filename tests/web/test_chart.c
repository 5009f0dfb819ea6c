/* Maps inside pages: paths, marks kept apart, names where nothing is covered. */
#include <math.h>

#include "web/chart.h"
#include "web/svgmap.h"
#include "xd_test.h"

static xd_ctx cx;

static void setup(void)
{
    xd_ctx_begin(&cx);
}

static void teardown(void)
{
    xd_ctx_end(&cx);
}

static const char land[] =
    "{\"type\":\"FeatureCollection\",\"features\":["
    "{\"type\":\"Feature\",\"properties\":{\"code\":\"1\"},\"geometry\":{\"type\":\"Polygon\","
    "\"coordinates\":[[[117,31],[118,31],[118,32],[117,32],[117,31]]]}},"
    "{\"type\":\"Feature\",\"properties\":{\"kind\":\"lake\"},\"geometry\":{\"type\":"
    "\"Polygon\","
    "\"coordinates\":[[[117.2,31.2],[117.4,31.2],[117.4,31.4],[117.2,31.2]]]}},"
    "{\"type\":\"Feature\",\"properties\":{\"kind\":\"river\",\"rank\":1},\"geometry\":"
    "{\"type\":\"LineString\",\"coordinates\":[[116,31.5],[117.5,31.5],[119,31.6]]}}]}";

static const xd_chart *chart(void)
{
    const xd_chart *c;
    XD_OK_CALL(&cx, xd_chart_read(&cx, xd_str_of(land), &c));
    return c;
}

START_TEST(a_chart_is_drawn_as_paths)
{
    const xd_chart *c = chart();
    xd_box box = xd_chart_extent(c);
    ck_assert_int_eq(box.west, 117 * XD_DEGREE);
    ck_assert_int_eq(box.north, 32 * XD_DEGREE);
    xd_frame frame = xd_frame_of(box, 1000, 1000);
    xd_view_map map = {0};
    XD_OK_CALL(&cx, xd_chart_draw(&cx, c, &frame, &map));
    ck_assert_int_eq(map.width, 1000);
    ck_assert(xd_str_starts(map.veil, XD_S("M-40-40h1080v1080h-1080zM")));
    ck_assert(xd_str_ends(map.veil, XD_S("z")));
    ck_assert_uint_eq(map.borders.n, 0);
    ck_assert_uint_eq(map.waters.n, 2);
    XD_STR_IS(map.waters.at[0].css, "m-lake");
    XD_STR_IS(map.waters.at[1].css, "m-river r1");
    ck_assert(!xd_str_ends(map.waters.at[1].d, XD_S("z")));
    /* Only what an SVG path may hold. */
    for (size_t i = 0; i < map.veil.n; i++) {
        ck_assert_ptr_nonnull(strchr("Mhvlz-0123456789 ", map.veil.p[i]));
    }
}
END_TEST

/* Two areas side by side, a river that leaves them and a lake far away. */
static const char two[] =
    "{\"type\":\"FeatureCollection\",\"features\":["
    "{\"type\":\"Feature\",\"properties\":{\"code\":\"1\"},\"geometry\":{\"type\":\"Polygon\","
    "\"coordinates\":[[[117,31],[118,31],[118,32],[117,32],[117,31]]]}},"
    "{\"type\":\"Feature\",\"properties\":{\"code\":\"2\"},\"geometry\":{\"type\":\"Polygon\","
    "\"coordinates\":[[[118,31],[119,31],[119,32],[118,32],[118,31]]]}},"
    "{\"type\":\"Feature\",\"properties\":{},\"geometry\":{\"type\":\"Polygon\","
    "\"coordinates\":[[[120,31],[120.4,31],[120.4,31.4],[120,31]]]}},"
    "{\"type\":\"Feature\",\"properties\":{\"rank\":1},\"geometry\":"
    "{\"type\":\"LineString\",\"coordinates\":[[110,31.5],[118.5,31.5]]}}]}";

START_TEST(areas_are_one_land_and_waters_end_near_it)
{
    const xd_chart *c;
    xd_view_map map = {0};
    XD_OK_CALL(&cx, xd_chart_read(&cx, xd_str_of(two), &c));
    /* 100 units a degree, the land in the middle. */
    xd_frame frame =
        xd_frame_of((xd_box){1150000000, 310000000, 1210000000, 320000000}, 600, 400);
    XD_OK_CALL(&cx, xd_chart_draw(&cx, c, &frame, &map));
    size_t moves = 0;
    for (size_t i = 0; i < map.veil.n; i++) {
        moves += map.veil.p[i] == 'M';
    }
    ck_assert_uint_eq(moves, 2); /* the sheet, one land */
    ck_assert(xd_str_starts(map.borders, XD_S("M300 ")));
    ck_assert_uint_eq(map.waters.n, 1); /* the lake is nowhere near */
    /* From the middle of the second area, or to it: 168 of 200 units beyond its edge at most. */
    xd_str d = map.waters.at[0].d;
    ck_assert_msg(xd_str_starts(d, XD_S("M182 ")) || xd_str_starts(d, XD_S("M350 ")), XD_FMT,
                  XD_ARG(d));
}
END_TEST

START_TEST(a_frame_keeps_its_shape_and_holds_the_box)
{
    xd_frame frame =
        xd_frame_of((xd_box){1170000000, 310000000, 1180000000, 320000000}, 1500, 1000);
    int x0, y0, x1, y1;
    xd_frame_put(&frame, (xd_pos){1170000000, 320000000}, &x0, &y0);
    xd_frame_put(&frame, (xd_pos){1180000000, 310000000}, &x1, &y1);
    ck_assert(x0 > 0 && x1 < 1500 && y0 >= 0 && y1 <= 1000 && y1 > y0 && x1 > x0);
    ck_assert_int_le(abs(x0 - (1500 - x1)), 1); /* in the middle */
    /* 10 km are about 1/10 of what a degree of latitude is. */
    double units = xd_frame_units(&frame, (xd_pos){1175000000, 315000000}, 11120);
    ck_assert(fabs(units - (y1 - y0) / 10.0) < 1.5);
}
END_TEST

START_TEST(marks_of_one_place_are_moved_apart)
{
    xd_spot spots[20] = {0};
    xd_view_map map = {.width = 2000, .height = 1500};
    xd_frame frame =
        xd_frame_of((xd_box){1170000000, 310000000, 1180000000, 320000000}, 2000, 1500);
    for (size_t i = 0; i < XD_LEN(spots); i++) {
        spots[i] = (xd_spot){
            .id = (int64_t)i + 1,
            .at = {1175000000, 315000000},
            .year = INT32_MIN,
            .vague = true
        };
    }
    xd_map_spots(&cx, &frame, spots, XD_LEN(spots), &map);
    ck_assert_uint_eq(map.dots.n, XD_LEN(spots));
    for (size_t i = 0; i < map.dots.n; i++) {
        for (size_t k = 0; k < i; k++) {
            int dx = map.dots.at[i].x - map.dots.at[k].x,
                dy = map.dots.at[i].y - map.dots.at[k].y;
            ck_assert_int_ge(dx * dx + dy * dy, 24 * 24);
        }
        ck_assert_ptr_nonnull(strstr(map.dots.at[i].css.p, "hollow"));
    }
}
END_TEST

START_TEST(the_higher_level_keeps_its_place_and_lies_on_top)
{
    const xd_term high = {.code = XD_S("a"), .colour = 0, .shape = XD_S("diamond")};
    const xd_term low = {.code = XD_S("b"), .colour = 2, .shape = XD_S("unheard-of")};
    xd_frame frame =
        xd_frame_of((xd_box){1170000000, 310000000, 1180000000, 320000000}, 2000, 1500);
    const xd_spot spots[] = {
        {.id = 1,                       .at = {1175000000, 315000000}, .value = &low, .year = 1950},
        { .id = 2,
         .at = {1175000000, 315000000},
         .value = &high,
         .year = -474,
         .name = XD_S("名")},
    };
    xd_view_map map = {.width = 2000, .height = 1500};
    int x, y;
    xd_frame_put(&frame, spots[1].at, &x, &y);
    xd_map_spots(&cx, &frame, spots, 2, &map);
    ck_assert_int_eq(map.dots.at[1].id, 2);
    ck_assert(map.dots.at[1].x == x && map.dots.at[1].y == y);
    ck_assert(map.dots.at[0].x != x || map.dots.at[0].y != y);
    XD_STR_IS(map.dots.at[1].css, "c0 diamond");
    XD_STR_IS(map.dots.at[0].css, "c2 circle");
    XD_STR_IS(map.dots.at[1].year, "-474");
    XD_STR_IS(map.dots.at[1].name, "名");
    XD_STR_IS(map.dots.at[0].name, "");
}
END_TEST

START_TEST(names_that_would_cover_something_are_left_out)
{
    xd_frame frame =
        xd_frame_of((xd_box){1170000000, 310000000, 1180000000, 320000000}, 300, 300);
    xd_spot spots[40];
    xd_view_map map = {.width = 300, .height = 300};
    for (size_t i = 0; i < XD_LEN(spots); i++) {
        spots[i] = (xd_spot){
            .id = (int64_t)i + 1,
            .at = {1170000000 + (int32_t)(i % 7) * 1400000,
                   310000000 + (int32_t)(i / 7) * 1600000},
            .year = INT32_MIN,
            .name = XD_S("很长的名字")
        };
    }
    xd_map_spots(&cx, &frame, spots, XD_LEN(spots), &map);
    size_t named = 0;
    for (size_t i = 0; i < map.dots.n; i++) {
        named += map.dots.at[i].name.n > 0;
    }
    ck_assert_uint_lt(named, 5);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_chart_is_drawn_as_paths);
    tcase_add_test(tests, areas_are_one_land_and_waters_end_near_it);
    tcase_add_test(tests, a_frame_keeps_its_shape_and_holds_the_box);
    tcase_add_test(tests, marks_of_one_place_are_moved_apart);
    tcase_add_test(tests, the_higher_level_keeps_its_place_and_lies_on_top);
    tcase_add_test(tests, names_that_would_cover_something_are_left_out);
}

XD_TESTS("web/chart", add)
