/* Named areas: which one a point is in, how far it is from one. */
#include "geo/region.h"

#include <math.h>

#include "cases.h"

static const char nested[] =
    "{\"type\":\"FeatureCollection\",\"features\":["
    "{\"type\":\"Feature\",\"properties\":{\"code\":\"341800\"},\"geometry\":{\"type\":"
    "\"Polygon\","
    "\"coordinates\":[[[118,30],[120,30],[120,32],[118,32],[118,30]]]}},"
    "{\"type\":\"Feature\",\"properties\":{\"adcode\":341823},\"geometry\":{\"type\":"
    "\"MultiPolygon\","
    "\"coordinates\":[[[[118,30],[119,30],[119,31],[118,31],[118,30]]]]}},"
    "{\"type\":\"Feature\",\"properties\":{\"code\":\"island\"},\"geometry\":{\"type\":"
    "\"Polygon\","
    "\"coordinates\":[[[130,30],[131,30],[131,31],[130,30]]]}},"
    "{\"type\":\"Feature\",\"properties\":{\"code\":\"island\"},\"geometry\":{\"type\":"
    "\"Polygon\","
    "\"coordinates\":[[[140,30],[141,30],[141,31],[140,30]]]}},"
    "{\"type\":\"Feature\",\"properties\":{\"code\":\"dot\"},\"geometry\":{\"type\":\"Point\","
    "\"coordinates\":[118,30]}},"
    "{\"type\":\"Feature\",\"properties\":{},\"geometry\":{\"type\":\"Polygon\","
    "\"coordinates\":[]}},"
    "{\"type\":\"Feature\",\"properties\":{\"code\":\"none\"},\"geometry\":null}]}";

static xd_pos at(double lon, double lat)
{
    return (xd_pos){(int32_t)lround(lon * XD_DEGREE), (int32_t)lround(lat * XD_DEGREE)};
}

START_TEST(the_smallest_area_answers)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_regions *regions;
    XD_OK_CALL(&cx, xd_regions_read(&cx, xd_str_of(nested), &regions));
    ck_assert_uint_eq(xd_regions_count(regions), 3);
    XD_STR_IS(xd_regions_code(regions, 1), "341823");
    XD_STR_IS(xd_regions_at(regions, at(118.5, 30.5)), "341823");
    XD_STR_IS(xd_regions_at(regions, at(119.5, 30.5)), "341800");
    XD_STR_IS(xd_regions_at(regions, at(119, 30.5)), "341823"); /* on the edge of both */
    XD_STR_IS(xd_regions_at(regions, at(130.9, 30.5)), "island");
    XD_STR_IS(xd_regions_at(regions, at(140.9, 30.5)), "island");
    ck_assert_ptr_null(xd_regions_at(regions, at(100, 30)).p);
    ck_assert_ptr_null(xd_regions_find(regions, XD_S("dot")));
    ck_assert_uint_eq(xd_regions_find(regions, XD_S("island"))->n, 2);
    xd_ctx_end(&cx);
}
END_TEST

START_TEST(distance_to_an_area)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_regions *regions;
    XD_OK_CALL(&cx, xd_regions_read(&cx, xd_str_of(nested), &regions));
    ck_assert_double_eq(xd_regions_distance_m(regions, XD_S("341823"), at(118.5, 30.5)), 0);
    ck_assert_double_eq(xd_regions_distance_m(regions, XD_S("341823"), at(118, 30)), 0);
    ck_assert_double_lt(xd_regions_distance_m(regions, XD_S("nowhere"), at(118, 30)), 0);
    double m = xd_regions_distance_m(regions, XD_S("341823"), at(118.5, 31.01));
    ck_assert_double_eq_tol(m, 1111.95, 0.1);
    m = xd_regions_distance_m(regions, XD_S("341823"), at(119.01, 30.5));
    ck_assert_double_eq_tol(m, 1111.95 * 0.861629, 1);
    xd_ctx_end(&cx);
}
END_TEST

START_TEST(files_that_are_none_are_refused)
{
    static const char *const bad[] = {
        "",
        "[]",
        "{}",
        "{\"features\":{}}",
        "{\"features\":[]}",
        "{\"features\":[{\"properties\":{\"code\":\"a\"},\"geometry\":{\"type\":\"Circle\"}}]}",
    };
    for (size_t i = 0; i < XD_LEN(bad); i++) {
        xd_ctx cx;
        xd_ctx_begin(&cx);
        xd_regions *regions;
        ck_assert_msg(!xd_regions_read(&cx, xd_str_of(bad[i]), &regions), "%s", bad[i]);
        ck_assert_int_eq(cx.err.code, XD_INVALID);
        xd_ctx_end(&cx);
    }
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, the_smallest_area_answers);
    tcase_add_test(tests, distance_to_an_area);
    tcase_add_test(tests, files_that_are_none_are_refused);
}

XD_TESTS("geo/region", add)
