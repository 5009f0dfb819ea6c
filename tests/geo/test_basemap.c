/* The shipped base map: every prefecture there, valid, in its place, none over another. */
#include "geo/region.h"

#include <math.h>

#include "cases.h"

static xd_regions *shipped(xd_ctx *cx)
{
    xd_str text;
    xd_regions *regions;
    XD_OK_CALL(cx, xd_file_read(cx, XD_SOURCE "/data/map/prefectures.geojson", 1 << 20, &text));
    XD_OK_CALL(cx, xd_regions_read(cx, text, &regions));
    return regions;
}

START_TEST(outlines_are_valid_and_apart)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_regions *regions = shipped(&cx);
    ck_assert_uint_eq(xd_regions_count(regions), 16);
    double area = 0;
    for (size_t i = 0; i < xd_regions_count(regions); i++) {
        const xd_geom *a = xd_regions_geom(regions, i);
        XD_OK_CALL(&cx, xd_geom_check(&cx, a));
        area += xd_geom_area_m2(a);
        for (size_t j = i + 1; j < xd_regions_count(regions); j++) {
            bool overlap;
            XD_OK_CALL(&cx, xd_geom_relate(&cx, XD_OVERLAPS, a, xd_regions_geom(regions, j),
                                           &overlap));
            ck_assert_msg(!overlap, XD_FMT " lies over " XD_FMT,
                          XD_ARG(xd_regions_code(regions, i)),
                          XD_ARG(xd_regions_code(regions, j)));
        }
    }
    /* Anhui has 140 100 km². */
    ck_assert_msg(area > 138e9 && area < 142e9, "%.0f km²", area / 1e6);
    xd_ctx_end(&cx);
}
END_TEST

static xd_pos at(xd_str lon, xd_str lat)
{
    return (xd_pos){(int32_t)lround(cases_number(lon) * XD_DEGREE),
                    (int32_t)lround(cases_number(lat) * XD_DEGREE)};
}

/* Every seat the divisions vocabulary knows lies in its prefecture or, where a town stands on the
 * border river, within the outlines' generalisation of it. */
START_TEST(seats_lie_in_their_prefecture)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_regions *regions = shipped(&cx);
    xd_str text;
    xd_str line;
    int seen = 0;
    XD_OK_CALL(&cx, xd_file_read(&cx, XD_SOURCE "/data/model/vocabularies/divisions.csv",
                                 1 << 20, &text));
    while (xd_str_cut(&text, '\n', &line)) {
        xd_str cell;
        xd_str cells[16] = {
            {NULL, 0}
        };
        size_t n = 0;
        while (n < XD_LEN(cells) && xd_str_cut(&line, ',', &cell)) {
            cells[n] = xd_str_trim(cell);
            n += 1;
        }
        if (n < 2 || !xd_str_starts(cells[0], XD_S("34")) || cells[n - 1].n == 0 ||
            xd_str_ends(cells[0], XD_S("0000"))) {
            continue;
        }
        xd_str prefecture = xd_str_join(cx.arena, xd_str_sub(cells[0], 0, 4), XD_S("00"));
        double m = xd_regions_distance_m(regions, prefecture, at(cells[n - 2], cells[n - 1]));
        ck_assert_msg(m >= 0 && m < 1000, XD_FMT " lies %.0f m outside " XD_FMT,
                      XD_ARG(cells[0]), m, XD_ARG(prefecture));
        seen += 1;
    }
    ck_assert_int_ge(seen, 100);
    xd_ctx_end(&cx);
}
END_TEST

START_TEST(water_can_be_read)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_str text;
    const xd_json *root;
    XD_OK_CALL(&cx, xd_file_read(&cx, XD_SOURCE "/data/map/water.geojson", 1 << 20, &text));
    XD_OK_CALL(&cx, xd_json_read(&cx, text, &root));
    const xd_json *features = xd_json_get(root, XD_S("features"));
    ck_assert_uint_ge(xd_json_len(features), 40);
    for (size_t i = 0; i < xd_json_len(features); i++) {
        const xd_json *feature = xd_json_at(features, i);
        const xd_geom *geom;
        XD_OK_CALL(&cx, xd_geom_read(&cx, xd_json_get(feature, XD_S("geometry")), true, &geom));
        xd_box box = xd_geom_extent(geom);
        ck_assert(box.west >= 1145000000 && box.east <= 1200000000 && box.south >= 291000000 &&
                  box.north <= 350000000);
    }
    xd_ctx_end(&cx);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, outlines_are_valid_and_apart);
    tcase_add_test(tests, seats_lie_in_their_prefecture);
    tcase_add_test(tests, water_can_be_read);
}

XD_TESTS("geo/basemap", add)
