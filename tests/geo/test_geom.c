/* Shapes: text in and out, relations, validity, inner points, distances, clipping. */
#include "geo/geom.h"

#include <math.h>

#include "cases.h"

static const xd_geom *wkt(xd_ctx *cx, xd_str text)
{
    const xd_geom *geom;
    XD_OK_CALL(cx, xd_geom_read_wkt(cx, text, &geom));
    return geom;
}

static const xd_geom *shape(xd_ctx *cx, const char *text)
{
    return wkt(cx, xd_str_of(text));
}

static bool says(const xd_ctx *cx, xd_str wanted)
{
    xd_str rest = xd_str_sub(wanted, 1, wanted.n);
    xd_str option;
    while (xd_str_cut(&rest, '|', &option)) {
        if (xd_str_find(cx->err.zh, option, 0) != SIZE_MAX) {
            return cx->err.code == XD_INVALID && cx->err.en.n > 0;
        }
    }
    return false;
}

typedef bool reading(xd_ctx *cx, xd_str text, xd_buf *out);

static bool read_wkt(xd_ctx *cx, xd_str text, xd_buf *out)
{
    const xd_geom *geom;
    if (!xd_geom_read_wkt(cx, text, &geom)) {
        return false;
    }
    xd_geom_write_wkt(out, geom);
    return true;
}

static bool read_geojson(xd_ctx *cx, xd_str text, xd_buf *out)
{
    const xd_json *value;
    const xd_geom *geom;
    if (!xd_json_read(cx, text, &value) || !xd_geom_read(cx, value, true, &geom)) {
        return false;
    }
    xd_geom_write(out, geom, false);
    /* Through a body and back it is the same. */
    const xd_geom *again;
    xd_buf text_again = {0};
    XD_OK_CALL(cx, xd_geom_read(cx, xd_geom_body(cx->arena, geom), false, &again));
    xd_geom_write(&text_again, again, false);
    ck_assert(xd_str_eq(xd_buf_str(out), xd_buf_str(&text_again)));
    xd_buf_free(&text_again);
    return true;
}

static void text_cases(const char *file, reading *read)
{
    cases c;
    cases_open(&c, file);
    xd_str col[2];
    while (cases_next(&c, col, XD_LEN(col))) {
        xd_ctx cx;
        xd_ctx_begin(&cx);
        xd_buf out = {0};
        bool ok = read(&cx, col[0], &out);
        if (xd_str_starts(col[1], XD_S("!"))) {
            ck_assert_msg(!ok && says(&cx, col[1]), "%s:%d: " XD_FMT, file, c.line,
                          XD_ARG(ok ? XD_S("was read") : cx.err.zh));
        } else {
            ck_assert_msg(ok, "%s:%d: " XD_FMT, file, c.line, XD_ARG(cx.err.zh));
            ck_assert_msg(xd_str_eq(xd_buf_str(&out), col[1]), "%s:%d: gives " XD_FMT, file,
                          c.line, XD_ARG(xd_buf_str(&out)));
        }
        xd_buf_free(&out);
        xd_ctx_end(&cx);
    }
}

START_TEST(wkt_in_and_out)
{
    text_cases("geom/wkt.tsv", read_wkt);
}
END_TEST

START_TEST(geojson_in_and_out)
{
    text_cases("geom/geojson.tsv", read_geojson);
}
END_TEST

START_TEST(latitude_first_when_asked)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_buf out = {0};
    xd_geom_write(&out, shape(&cx, "LINESTRING(118.4517 30.5617,119 31)"), true);
    XD_STR_IS(xd_buf_str(&out),
              "{\"type\":\"LineString\",\"coordinates\":[[30.5617,118.4517],[31,119]]}");
    xd_buf_free(&out);
    xd_ctx_end(&cx);
}
END_TEST

START_TEST(too_many_positions_are_refused)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_buf text = {0};
    xd_buf_add(&text, XD_S("LINESTRING(0 0"));
    for (int i = 0; i < XD_GEOM_POSITIONS; i++) {
        xd_buf_add(&text, XD_S(",1 1"));
    }
    xd_buf_byte(&text, ')');
    const xd_geom *geom;
    ck_assert(!xd_geom_read_wkt(&cx, xd_buf_str(&text), &geom));
    ck_assert_int_eq(cx.err.code, XD_LIMIT);
    xd_buf_free(&text);
    xd_ctx_end(&cx);
}
END_TEST

static const char *const relation_names[] = {"intersects", "disjoint", "contains", "within",
                                             "touches",    "crosses",  "overlaps", "equals"};

static bool listed(xd_str list, const char *name)
{
    xd_str word;
    while (xd_str_cut(&list, ' ', &word)) {
        if (xd_str_eq(word, xd_str_of(name))) {
            return true;
        }
    }
    return false;
}

START_TEST(relations)
{
    cases c;
    cases_open(&c, "geom/relate.tsv");
    xd_str col[3];
    while (cases_next(&c, col, XD_LEN(col))) {
        xd_ctx cx;
        xd_ctx_begin(&cx);
        const xd_geom *a = wkt(&cx, col[0]);
        const xd_geom *b = wkt(&cx, col[1]);
        for (int r = XD_INTERSECTS; r <= XD_EQUALS; r++) {
            bool holds;
            XD_OK_CALL(&cx, xd_geom_relate(&cx, (xd_relation)r, a, b, &holds));
            ck_assert_msg(holds == listed(col[2], relation_names[r]), "line %d: %s is %d",
                          c.line, relation_names[r], holds);
        }
        xd_ctx_end(&cx);
    }
}
END_TEST

START_TEST(bad_areas_are_named_by_place)
{
    static const struct {
        const char *text, *where;
    } bad[] = {
        {"POLYGON((0 0,2 2,2 0,0 2,0 0))",                                "1, 1"},
        {"POLYGON((0 0,4 0,4 4,0 4,0 0),(5 5,6 5,6 6,5 5))",              "5, 5"},
        {"MULTIPOLYGON(((0 0,4 0,4 4,0 4,0 0)),((1 1,6 1,6 3,1 3,1 1)))", NULL  },
        {"POLYGON((118 30,118 30,118 30,118 30))",                        NULL  },
    };
    for (size_t i = 0; i < XD_LEN(bad); i++) {
        xd_ctx cx;
        xd_ctx_begin(&cx);
        ck_assert_msg(!xd_geom_check(&cx, shape(&cx, bad[i].text)), "%s", bad[i].text);
        ck_assert_int_eq(cx.err.code, XD_INVALID);
        if (bad[i].where != NULL) {
            ck_assert_msg(xd_str_find(cx.err.zh, xd_str_of(bad[i].where), 0) != SIZE_MAX,
                          "%s: " XD_FMT, bad[i].text, XD_ARG(cx.err.zh));
        }
        xd_ctx_end(&cx);
    }
    xd_ctx cx;
    xd_ctx_begin(&cx);
    XD_OK_CALL(&cx, xd_geom_check(&cx, shape(&cx, "POLYGON((0 0,2 0,2 2,0 0))")));
    XD_OK_CALL(&cx, xd_geom_check(&cx, shape(&cx, "LINESTRING(0 0,2 2,2 0,0 2)")));
    xd_ctx_end(&cx);
}
END_TEST

START_TEST(anchors_lie_on_their_shape)
{
    static const char *const shapes[] = {
        "POLYGON((0 0,10 0,10 1,1 1,1 10,0 10,0 0))",
        "POLYGON((0 0,9 0,9 9,0 9,0 0),(1 1,1 8,8 8,8 1,1 1))",
        "MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((5 5,9 5,9 9,5 5)))",
        "LINESTRING(0 0,5 5,10 0)",
        "MULTILINESTRING((0 0,1 1),(5 5,9 9))",
    };
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_pos at;
    for (size_t i = 0; i < XD_LEN(shapes); i++) {
        const xd_geom *geom = shape(&cx, shapes[i]);
        bool meets;
        XD_OK_CALL(&cx, xd_geom_anchor(&cx, geom, &at));
        XD_OK_CALL(
            &cx, xd_geom_relate(&cx, XD_INTERSECTS, geom, xd_geom_point(cx.arena, at), &meets));
        ck_assert_msg(meets, "%s: %d %d", shapes[i], at.lon, at.lat);
    }
    XD_OK_CALL(&cx, xd_geom_anchor(&cx, shape(&cx, "MULTIPOINT(3 4,5 6)"), &at));
    ck_assert(at.lon == 3 * XD_DEGREE && at.lat == 4 * XD_DEGREE);
    XD_OK_CALL(&cx, xd_geom_anchor(&cx, shape(&cx, "POLYGON((3 4,3 4,3 4,3 4))"), &at));
    ck_assert(at.lon == 3 * XD_DEGREE && at.lat == 4 * XD_DEGREE);
    xd_ctx_end(&cx);
}
END_TEST

START_TEST(distances)
{
    static const struct {
        const char *a, *b;
        double m, tolerance;
    } known[] = {
  /* A degree of a great circle is 6371008.8 m × π / 180. */
        {"POINT(117 30)",                                   "POINT(117 31)",                  111195.08, 0.01},
        {"POINT(0 0)",                                      "POINT(1 0)",                     111195.08, 0.01},
        {"POINT(117 60)",                                   "POINT(118 60)",                  55596.5,   2   },
        {"POINT(179.5 0)",                                  "POINT(-179.5 0)",                111195.08, 0.01},
        {"POINT(0 0)",                                      "POINT(180 0)",                   20015114,  1   },
        {"POINT(1 1)",                                      "POLYGON((0 0,2 0,2 2,0 2,0 0))", 0,         0   },
        {"POINT(3 1)",                                      "POLYGON((0 0,2 0,2 2,0 2,0 0))", 111178.1,  1   },
 /* 0.01° at 60.01° N, where the upper edges are nearest. */
        {"POLYGON((0 60,0.01 60,0.01 60.01,0 60.01,0 60))",
         "POLYGON((0.02 60,0.03 60,0.03 60.01,0.02 60.01,0.02 60))",                          555.81,    0.3 },
        {"LINESTRING(117 30,118 30)",                       "POINT(117.5 30.1)",              11119.5,   1   },
        {"LINESTRING(179 0,179.5 0)",                       "LINESTRING(-179.5 0,-179 0)",    111195.08, 0.1 },
    };
    xd_ctx cx;
    xd_ctx_begin(&cx);
    for (size_t i = 0; i < XD_LEN(known); i++) {
        const xd_geom *a = shape(&cx, known[i].a);
        const xd_geom *b = shape(&cx, known[i].b);
        double m;
        double back;
        XD_OK_CALL(&cx, xd_geom_distance_m(&cx, a, b, &m));
        XD_OK_CALL(&cx, xd_geom_distance_m(&cx, b, a, &back));
        ck_assert_msg(fabs(m - known[i].m) <= known[i].tolerance, "%s to %s: %.2f m",
                      known[i].a, known[i].b, m);
        ck_assert_msg(fabs(m - back) < 0.01, "%s to %s is %.3f, back %.3f", known[i].a,
                      known[i].b, m, back);
        if (xd_geom_is_point(a)) {
            double from_point = xd_geom_from_point_m(b, a->parts[0].rings[0].at[0]);
            ck_assert_msg(fabs(from_point - m) < 0.5 + m * 1e-4,
                          "%s to %s: %.2f m from the point", known[i].a, known[i].b,
                          from_point);
        }
    }
    xd_ctx_end(&cx);
}
END_TEST

START_TEST(boxes)
{
    const int32_t d = XD_DEGREE;
    xd_box across = {170 * d, -10 * d, -170 * d, 10 * d};
    ck_assert(xd_box_has(across, (xd_pos){175 * d, 0}));
    ck_assert(xd_box_has(across, (xd_pos){-175 * d, 0}));
    ck_assert(!xd_box_has(across, (xd_pos){0, 0}));
    ck_assert(xd_box_meets(across, (xd_box){-180 * d, -1 * d, -175 * d, d}));
    ck_assert(xd_box_meets((xd_box){160 * d, 0, 170 * d, d}, across));
    ck_assert(!xd_box_meets(across, (xd_box){-160 * d, 0, 160 * d, d}));
    ck_assert(!xd_box_meets(across, (xd_box){175 * d, 11 * d, 176 * d, 12 * d}));
    xd_ctx cx;
    xd_ctx_begin(&cx);
    ck_assert_uint_eq(xd_geom_box_area(cx.arena, across)->n, 2);
    ck_assert_int_eq(xd_geom_box_area(cx.arena, (xd_box){1, 1, 1, 1})->kind, XD_POINT);
    ck_assert_int_eq(xd_geom_box_area(cx.arena, (xd_box){1, 1, 2, 1})->kind, XD_LINE);
    ck_assert_int_eq(xd_geom_box_area(cx.arena, (xd_box){180 * d, 0, -170 * d, d})->kind,
                     XD_POLYGON);
    xd_box extent =
        xd_geom_extent(shape(&cx, "MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((5 5,9 5,9 9,5 5)))"));
    ck_assert(extent.west == 0 && extent.south == 0 && extent.east == 9 * d &&
              extent.north == 9 * d);
    /* 1° × 1° at the equator, R² × (π/180) × sin 1°. */
    double area = xd_geom_area_m2(shape(&cx, "POLYGON((0 0,1 0,1 1,0 1,0 0))"));
    ck_assert_msg(fabs(area / 12363718145.0 - 1) < 1e-3, "%.0f", area);
    xd_ctx_end(&cx);
}
END_TEST

/* Our own exact point in area against GEOS, on a shape with holes, slivers and level edges. */
START_TEST(covers_agrees_with_geos)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    const xd_geom *area =
        shape(&cx, "MULTIPOLYGON(((0 0,9 0,9 3,7 3,7 5,9 5,9 9,0 9,0 6,3 6,3 3,0 3,0 0),"
                   "(1 1,1 2,2 2,2 1,1 1),(4 4,5 7,6 4,4 4)),((12 0,15 0,13.5 9,12 0)))");
    for (int32_t x = -1; x <= 32; x++) {
        for (int32_t y = -1; y <= 20; y++) {
            xd_pos at = {x * XD_DEGREE / 2, y * XD_DEGREE / 2};
            xd_pos near = {at.lon + 1, at.lat};
            const xd_geom *dot = shape(&cx, "POINT(0 0)");
            bool touches;
            bool within;
            dot = xd_geom_point(cx.arena, at);
            XD_OK_CALL(&cx, xd_geom_relate(&cx, XD_TOUCHES, dot, area, &touches));
            XD_OK_CALL(&cx, xd_geom_relate(&cx, XD_WITHIN, dot, area, &within));
            ck_assert_msg(xd_geom_covers(area, at) == (touches || within), "%d %d", x, y);
            dot = xd_geom_point(cx.arena, near);
            XD_OK_CALL(&cx, xd_geom_relate(&cx, XD_TOUCHES, dot, area, &touches));
            XD_OK_CALL(&cx, xd_geom_relate(&cx, XD_WITHIN, dot, area, &within));
            ck_assert_msg(xd_geom_covers(area, near) == (touches || within), "%d+ %d", x, y);
        }
    }
    xd_ctx_end(&cx);
}
END_TEST

static void clip_gives(xd_ctx *cx, const char *text, xd_box box, int32_t tolerance,
                       const char *wanted)
{
    const xd_geom *cut;
    xd_buf out = {0};
    XD_OK_CALL(cx, xd_geom_clip(cx, shape(cx, text), box, tolerance, &cut));
    if (cut == NULL) {
        ck_assert_msg(wanted == NULL, "%s is cut away", text);
        return;
    }
    xd_geom_write_wkt(&out, cut);
    ck_assert_msg(wanted != NULL && xd_str_eq(xd_buf_str(&out), xd_str_of(wanted)),
                  "%s gives " XD_FMT, text, XD_ARG(xd_buf_str(&out)));
    xd_buf_free(&out);
}

START_TEST(clipping)
{
    const int32_t d = XD_DEGREE;
    xd_box box = {0, 0, 2 * d, 2 * d};
    xd_ctx cx;
    xd_ctx_begin(&cx);
    clip_gives(&cx, "POINT(1 1)", box, 0, "POINT(1 1)");
    clip_gives(&cx, "POINT(3 1)", box, 0, NULL);
    clip_gives(&cx, "MULTIPOINT(1 1,3 3,2 2)", box, 0, "MULTIPOINT((1 1),(2 2))");
    clip_gives(&cx, "MULTIPOINT(1 1,3 3)", box, 0, "POINT(1 1)");
    clip_gives(&cx, "LINESTRING(-1 1,3 1)", box, 0, "LINESTRING(0 1,2 1)");
    clip_gives(&cx, "LINESTRING(-1 1,1 1,1 3)", box, 0, "LINESTRING(0 1,1 1,1 2)");
    clip_gives(&cx, "LINESTRING(1 -1,1 1,3 1,3 1.5,1 1.5)", box, 0,
               "MULTILINESTRING((1 0,1 1,2 1),(2 1.5,1 1.5))");
    clip_gives(&cx, "LINESTRING(0 1,0.5 1.000001,1 1)", box, 100, "LINESTRING(0 1,1 1)");
    clip_gives(&cx, "POLYGON((-1 -1,1 -1,1 1,-1 1,-1 -1))", box, 0,
               "POLYGON((0 0,1 0,1 1,0 1,0 0))");
    clip_gives(&cx, "POLYGON((5 5,6 5,6 6,5 5))", box, 0, NULL);
    clip_gives(&cx, "POLYGON((-2 1,-1 1,-1 2,-2 1))", (xd_box){-d, 0, d, 2 * d}, 0, NULL);
    clip_gives(&cx, "POLYGON((-9 -9,9 -9,9 9,-9 9,-9 -9))", box, 0,
               "POLYGON((0 0,2 0,2 2,0 2,0 0))");
    xd_ctx_end(&cx);
}
END_TEST

static void is_shape(xd_ctx *cx, const xd_geom *geom, const char *wanted)
{
    bool same;
    ck_assert_ptr_nonnull(geom);
    XD_OK_CALL(cx, xd_geom_relate(cx, XD_EQUALS, geom, shape(cx, wanted), &same));
    xd_buf out = {0};
    xd_geom_write_wkt(&out, geom);
    ck_assert_msg(same, XD_FMT " is not %s", XD_ARG(xd_buf_str(&out)), wanted);
    xd_buf_free(&out);
}

START_TEST(areas_are_joined)
{
    xd_ctx cx;
    xd_geom_joined joined;
    const xd_geom *cut;
    xd_ctx_begin(&cx);
    /* Three beside one another, the second with a corner more on the common edge; the borders are
     * there once. */
    const xd_geom *areas[] = {
        shape(&cx, "POLYGON((0 0,2 0,2 2,0 2,0 0))"),
        shape(&cx, "POLYGON((2 0,4 0,4 2,2 2,2 1,2 0))"),
        shape(&cx, "POLYGON((0 2,2 2,4 2,4 4,0 4,0 2))"),
    };
    XD_OK_CALL(&cx, xd_geom_join(&cx, areas, XD_LEN(areas), XD_DEGREE, &joined));
    is_shape(&cx, joined.area, "POLYGON((0 0,4 0,4 4,0 4,0 0))");
    is_shape(&cx, joined.borders, "MULTILINESTRING((2 0,2 2),(0 2,4 2))");
    ck_assert(xd_geom_covers(joined.reach, (xd_pos){-XD_DEGREE / 2, 0}));
    ck_assert(!xd_geom_covers(joined.reach, (xd_pos){-XD_DEGREE * 2, 0}));
    /* One alone has no borders; what lies in it is cut out. */
    XD_OK_CALL(&cx, xd_geom_join(&cx, areas, 1, XD_DEGREE, &joined));
    ck_assert_ptr_null(joined.borders);
    XD_OK_CALL(&cx, xd_geom_cut(&cx, shape(&cx, "LINESTRING(-5 1,5 1)"), joined.area, &cut));
    is_shape(&cx, cut, "LINESTRING(0 1,2 1)");
    XD_OK_CALL(
        &cx, xd_geom_cut(&cx, shape(&cx, "POLYGON((1 1,9 1,9 9,1 9,1 1))"), joined.area, &cut));
    is_shape(&cx, cut, "POLYGON((1 1,2 1,2 2,1 2,1 1))");
    XD_OK_CALL(&cx, xd_geom_cut(&cx, shape(&cx, "LINESTRING(3 3,5 1)"), joined.area, &cut));
    ck_assert_ptr_null(cut);
    /* Edges that cross are mended. */
    areas[0] = shape(&cx, "POLYGON((0 0,2 2,2 0,0 2,0 0))");
    XD_OK_CALL(&cx, xd_geom_join(&cx, areas, 1, XD_DEGREE, &joined));
    ck_assert_double_gt(xd_geom_area_m2(joined.area), 0);
    xd_ctx_end(&cx);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, wkt_in_and_out);
    tcase_add_test(tests, geojson_in_and_out);
    tcase_add_test(tests, latitude_first_when_asked);
    tcase_add_test(tests, too_many_positions_are_refused);
    tcase_add_test(tests, relations);
    tcase_add_test(tests, bad_areas_are_named_by_place);
    tcase_add_test(tests, anchors_lie_on_their_shape);
    tcase_add_test(tests, distances);
    tcase_add_test(tests, boxes);
    tcase_add_test(tests, covers_agrees_with_geos);
    tcase_add_test(tests, clipping);
    tcase_add_test(tests, areas_are_joined);
}

XD_TESTS("geo/geom", add)
