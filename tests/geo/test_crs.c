/* Coordinate systems: names, the shifted systems against gcoord, PROJ there and back. */
#include "geo/crs.h"

#include <math.h>
#include <pthread.h>

#include "cases.h"

START_TEST(names)
{
    cases c;
    cases_open(&c, "crs/names.tsv");
    xd_str col[4];
    while (cases_next(&c, col, XD_LEN(col))) {
        xd_ctx cx;
        xd_ctx_begin(&cx);
        const xd_crs *crs = NULL;
        bool ok = xd_crs_find(&cx, col[0], &crs);
        if (xd_str_eq(col[1], XD_S("!"))) {
            ck_assert_msg(!ok, "line %d: \"" XD_FMT "\" was taken for " XD_FMT, c.line,
                          XD_ARG(col[0]), XD_ARG(xd_crs_name(crs)));
            ck_assert_int_eq(cx.err.code, XD_INVALID);
            ck_assert(cx.err.zh.n > 0 && cx.err.en.n > 0);
            xd_ctx_end(&cx);
            continue;
        }
        ck_assert_msg(ok, "line %d: " XD_FMT, c.line, XD_ARG(cx.err.zh));
        ck_assert_msg(xd_str_eq(xd_crs_name(crs), col[1]), "line %d: \"" XD_FMT "\" is " XD_FMT,
                      c.line, XD_ARG(col[0]), XD_ARG(xd_crs_name(crs)));
        if (col[2].n > 0) {
            xd_str uri = xd_str_eq(col[2], XD_S("-")) ? (xd_str){NULL, 0} : col[2];
            ck_assert_msg(xd_str_eq(xd_crs_uri(crs), uri), "line %d: " XD_FMT, c.line,
                          XD_ARG(xd_crs_uri(crs)));
            ck_assert_int_eq(xd_crs_lat_first(crs), xd_str_eq(col[3], XD_S("yes")));
        }
        const xd_crs *again = NULL;
        XD_OK_CALL(&cx, xd_crs_find(&cx, xd_crs_name(crs), &again));
        ck_assert_ptr_eq(crs, again);
        xd_ctx_end(&cx);
    }
}
END_TEST

static double units_off(double degrees, int32_t units)
{
    return fabs(degrees - (double)units / XD_DEGREE);
}

static void shifted_case(xd_ctx *cx, const cases *c, const char *system, const xd_str *from,
                         const xd_str *to)
{
    const xd_crs *crs;
    XD_OK_CALL(cx, xd_crs_find(cx, xd_str_of(system), &crs));
    xd_pos pos = {(int32_t)lround(cases_number(from[0]) * XD_DEGREE),
                  (int32_t)lround(cases_number(from[1]) * XD_DEGREE)};
    double x;
    double y;
    XD_OK_CALL(cx, xd_crs_from_wgs84(cx, crs, pos, &x, &y));
    double lon = xd_str_eq(to[0], XD_S("-")) ? cases_number(from[0]) : cases_number(to[0]);
    double lat = xd_str_eq(to[1], XD_S("-")) ? cases_number(from[1]) : cases_number(to[1]);
    ck_assert_msg(fabs(x - lon) < 2e-10 && fabs(y - lat) < 2e-10,
                  "line %d: %s is %.10f %.10f, wanted %.10f %.10f", c->line, system, x, y, lon,
                  lat);
    xd_pos back;
    XD_OK_CALL(cx, xd_crs_to_wgs84(cx, crs, lon, lat, &back));
    ck_assert_msg(units_off(cases_number(from[0]), back.lon) < 1.5e-7 &&
                      units_off(cases_number(from[1]), back.lat) < 1.5e-7,
                  "line %d: %s comes back as %d %d", c->line, system, back.lon, back.lat);
}

START_TEST(shifted_systems_agree_with_gcoord)
{
    cases c;
    cases_open(&c, "crs/shifted.tsv");
    xd_str col[6];
    while (cases_next(&c, col, XD_LEN(col))) {
        xd_ctx cx;
        xd_ctx_begin(&cx);
        shifted_case(&cx, &c, "gcj02", col, col + 2);
        shifted_case(&cx, &c, "bd09", col, col + 4);
        xd_ctx_end(&cx);
    }
}
END_TEST

/* Half a metre is asked for; a whole grid over Anhui comes back to the centimetre. */
START_TEST(there_and_back)
{
    static const char *const systems[] = {"wgs84",     "epsg:4326", "cgcs2000",  "gcj02",
                                          "bd09",      "epsg:4548", "epsg:4527", "epsg:4498",
                                          "epsg:3857", "epsg:4610"};
    xd_ctx cx;
    xd_ctx_begin(&cx);
    for (size_t i = 0; i < XD_LEN(systems); i++) {
        const xd_crs *crs;
        XD_OK_CALL(&cx, xd_crs_find(&cx, xd_str_of(systems[i]), &crs));
        for (int32_t lon = 1148000000; lon < 1197000000; lon += 7000001) {
            for (int32_t lat = 293000000; lat < 347000000; lat += 9000001) {
                xd_pos pos = {lon, lat};
                xd_pos back;
                double x;
                double y;
                XD_OK_CALL(&cx, xd_crs_from_wgs84(&cx, crs, pos, &x, &y));
                XD_OK_CALL(&cx, xd_crs_to_wgs84(&cx, crs, x, y, &back));
                ck_assert_msg(abs(pos.lon - back.lon) <= 1 && abs(pos.lat - back.lat) <= 1,
                              "%s: %d %d comes back %d %d", systems[i], lon, lat, back.lon,
                              back.lat);
            }
        }
    }
    xd_ctx_end(&cx);
}
END_TEST

START_TEST(numbers_no_system_can_take_are_refused)
{
    static const struct {
        const char *system;
        double x, y;
    } bad[] = {
        {"wgs84",     181,      0       },
        {"wgs84",     0,        -90.1   },
        {"wgs84",     NAN,      0       },
        {"gcj02",     39500000, 3380000 },
        {"bd09",      0,        INFINITY},
        {"epsg:4548", INFINITY, 0       },
        {"epsg:4548", 1e300,    1e300   },
    };
    for (size_t i = 0; i < XD_LEN(bad); i++) {
        xd_ctx cx;
        xd_ctx_begin(&cx);
        const xd_crs *crs;
        XD_OK_CALL(&cx, xd_crs_find(&cx, xd_str_of(bad[i].system), &crs));
        xd_pos pos;
        ck_assert_msg(!xd_crs_to_wgs84(&cx, crs, bad[i].x, bad[i].y, &pos), "case %zu", i);
        ck_assert_int_eq(cx.err.code, XD_INVALID);
        ck_assert(cx.err.zh.n > 0);
        xd_ctx_end(&cx);
    }
}
END_TEST

static const xd_geom *geometry(xd_ctx *cx, const char *crs_name, const char *json)
{
    const xd_json *value;
    const xd_crs *crs;
    const xd_geom *geom;
    XD_OK_CALL(cx, xd_crs_find(cx, xd_str_of(crs_name), &crs));
    XD_OK_CALL(cx, xd_json_read(cx, xd_str_of(json), &value));
    XD_OK_CALL(cx, xd_geom_to_wgs84(cx, crs, value, &geom));
    return geom;
}

START_TEST(geometries_change_system)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    const xd_geom *line = geometry(&cx, "epsg:4548",
                                   "{\"type\":\"LineString\",\"coordinates\":"
                                   "[[548350.123,3382345.678],[500000,3380000]]}");
    ck_assert_int_eq(line->parts[0].rings[0].at[0].lon, 1175039612);
    ck_assert_int_eq(line->parts[0].rings[0].at[1].lat, 305402148);
    const xd_crs *crs;
    xd_buf out = {0};
    XD_OK_CALL(&cx, xd_crs_find(&cx, XD_S("epsg:4548"), &crs));
    XD_OK_CALL(&cx, xd_geom_write_crs(&cx, &out, line, crs, true));
    XD_STR_IS(xd_buf_str(&out), "{\"type\":\"LineString\",\"coordinates\":"
                                "[[3382345.680,548350.120],[3379999.996,500000.000]]}");
    xd_buf_clear(&out);
    XD_OK_CALL(&cx, xd_crs_find(&cx, XD_S("cgcs2000"), &crs));
    XD_OK_CALL(&cx,
               xd_geom_write_crs(&cx, &out, xd_geom_point(cx.arena, (xd_pos){1184517000, 1}),
                                 crs, true));
    XD_STR_IS(xd_buf_str(&out), "{\"type\":\"Point\",\"coordinates\":[0.0000001,118.4517]}");
    xd_buf_free(&out);
    xd_ctx_end(&cx);
}
END_TEST

static void *in_thread(void *p)
{
    int *good = (int *)p;
    xd_ctx cx;
    xd_ctx_begin(&cx);
    for (int epsg = 4534; epsg <= 4554; epsg++) { /* more than a thread keeps */
        const xd_crs *crs;
        xd_pos pos;
        double meridian = 75 + 3 * (epsg - 4534);
        if (xd_crs_find(&cx, xd_str_printf(cx.arena, "epsg:%d", epsg), &crs) &&
            xd_crs_to_wgs84(&cx, crs, 500000, 3500000, &pos) &&
            units_off(meridian, pos.lon) < 1.5e-7) {
            *good += 1;
        }
    }
    xd_ctx_end(&cx);
    return NULL;
}

START_TEST(threads_keep_their_own)
{
    pthread_t threads[4];
    int good[4] = {0};
    for (int i = 0; i < 4; i++) {
        ck_assert_int_eq(pthread_create(&threads[i], NULL, in_thread, &good[i]), 0);
    }
    for (int i = 0; i < 4; i++) {
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
        ck_assert_int_eq(good[i], 21);
    }
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, names);
    tcase_add_test(tests, shifted_systems_agree_with_gcoord);
    tcase_add_test(tests, there_and_back);
    tcase_add_test(tests, numbers_no_system_can_take_are_refused);
    tcase_add_test(tests, geometries_change_system);
    tcase_add_test(tests, threads_keep_their_own);
}

XD_TESTS("geo/crs", add)
