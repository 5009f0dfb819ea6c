/* Coordinates as people write them: tests/cases/coord/. */
#include "geo/coord.h"

#include <math.h>

#include "cases.h"

static const char *axis_text(xd_axis axis)
{
    return axis == XD_AXIS_LON ? "lon" : axis == XD_AXIS_LAT ? "lat" : "-";
}

/* "!缺少度|没有数字": one of these words is in the reason; a lone "!" takes any reason. */
static bool reason_fits(xd_ctx *cx, xd_str wanted)
{
    xd_str rest = xd_str_sub(wanted, 1, wanted.n);
    xd_str option;
    bool fits = rest.n == 0;
    while (!fits && xd_str_cut(&rest, '|', &option)) {
        fits = xd_str_find(cx->err.zh, option, 0) != SIZE_MAX;
    }
    return fits && cx->err.code == XD_INVALID && cx->err.zh.n > 0 && cx->err.en.n > 0;
}

static void expect_refusal(cases *c, xd_ctx *cx, bool ok, xd_str text, xd_str wanted)
{
    ck_assert_msg(!ok, "%s:%d: \"" XD_FMT "\" was read", c->name, c->line, XD_ARG(text));
    ck_assert_msg(reason_fits(cx, wanted), "%s:%d: \"" XD_FMT "\": " XD_FMT, c->name, c->line,
                  XD_ARG(text), XD_ARG(cx->err.zh));
}

static void expect_coord(cases *c, xd_str text, xd_coord got, xd_str value, xd_str axis)
{
    ck_assert_msg(fabs(got.value - cases_number(value)) < 1e-9,
                  "%s:%d: \"" XD_FMT "\" gives %.12f, wanted " XD_FMT, c->name, c->line,
                  XD_ARG(text), got.value, XD_ARG(value));
    ck_assert_msg(xd_str_eq(axis, xd_str_of(axis_text(got.axis))),
                  "%s:%d: \"" XD_FMT "\" gives axis %s", c->name, c->line, XD_ARG(text),
                  axis_text(got.axis));
}

START_TEST(one_coordinate)
{
    cases c;
    cases_open(&c, "coord/one.tsv");
    xd_str col[4];
    while (cases_next(&c, col, XD_LEN(col))) {
        xd_ctx cx;
        xd_ctx_begin(&cx);
        xd_coord got;
        bool ok = xd_coord_read(&cx, col[0], &got);
        if (xd_str_starts(col[1], XD_S("!"))) {
            expect_refusal(&c, &cx, ok, col[0], col[1]);
        } else {
            ck_assert_msg(ok, "%s:%d: \"" XD_FMT "\": " XD_FMT, c.name, c.line, XD_ARG(col[0]),
                          XD_ARG(cx.err.zh));
            expect_coord(&c, col[0], got, col[1], col[2]);
            ck_assert_msg(got.decimals == (int)cases_number(col[3]),
                          "%s:%d: \"" XD_FMT "\" gives %d decimals", c.name, c.line,
                          XD_ARG(col[0]), got.decimals);
        }
        xd_ctx_end(&cx);
    }
}
END_TEST

START_TEST(two_coordinates)
{
    cases c;
    cases_open(&c, "coord/pair.tsv");
    xd_str col[5];
    while (cases_next(&c, col, XD_LEN(col))) {
        xd_ctx cx;
        xd_ctx_begin(&cx);
        xd_coord first;
        xd_coord second;
        bool ok = xd_coord_read_pair(&cx, col[0], &first, &second);
        if (xd_str_starts(col[1], XD_S("!"))) {
            expect_refusal(&c, &cx, ok, col[0], col[1]);
        } else {
            ck_assert_msg(ok, "%s:%d: \"" XD_FMT "\": " XD_FMT, c.name, c.line, XD_ARG(col[0]),
                          XD_ARG(cx.err.zh));
            expect_coord(&c, col[0], first, col[1], col[2]);
            expect_coord(&c, col[0], second, col[3], col[4]);
        }
        xd_ctx_end(&cx);
    }
}
END_TEST

static unsigned flags_of(xd_str names)
{
    static const struct {
        xd_str name;
        unsigned flag;
    } known[] = {
        {XD_STR("swapped"), XD_COORD_SWAPPED  },
        {XD_STR("zero"),    XD_COORD_ZERO     },
        {XD_STR("off"),     XD_COORD_OFF_GLOBE},
        {XD_STR("far"),     XD_COORD_FAR      },
    };
    unsigned flags = 0;
    xd_str name;
    while (xd_str_cut(&names, ' ', &name)) {
        for (size_t i = 0; i < XD_LEN(known); i++) {
            flags |= xd_str_eq(name, known[i].name) ? known[i].flag : 0;
        }
    }
    return flags;
}

static bool place(xd_ctx *cx, const xd_str *col, xd_pos *pos, const xd_crs **crs,
                  unsigned *flags)
{
    xd_coord first;
    xd_coord second;
    const xd_crs *said = NULL;
    if (col[2].n > 0) {
        XD_OK_CALL(cx, xd_crs_find(cx, col[2], &said));
    }
    if (col[1].n == 0) {
        XD_OK_CALL(cx, xd_coord_read_pair(cx, col[0], &first, &second));
    } else {
        XD_OK_CALL(cx, xd_coord_read(cx, col[0], &first));
        XD_OK_CALL(cx, xd_coord_read(cx, col[1], &second));
    }
    return xd_coord_place(cx, first, second, said, pos, crs, flags);
}

START_TEST(put_in_place)
{
    cases c;
    cases_open(&c, "coord/place.tsv");
    xd_str col[8];
    while (cases_next(&c, col, XD_LEN(col))) {
        xd_ctx cx;
        xd_ctx_begin(&cx);
        xd_pos pos;
        const xd_crs *crs;
        unsigned flags;
        bool ok = place(&cx, col, &pos, &crs, &flags);
        if (xd_str_starts(col[3], XD_S("!"))) {
            expect_refusal(&c, &cx, ok, col[0], col[3]);
            xd_ctx_end(&cx);
            continue;
        }
        ck_assert_msg(ok, "%s:%d: \"" XD_FMT "\": " XD_FMT, c.name, c.line, XD_ARG(col[0]),
                      XD_ARG(cx.err.zh));
        xd_pos want = {(int32_t)lround(cases_number(col[3]) * XD_DEGREE),
                       (int32_t)lround(cases_number(col[4]) * XD_DEGREE)};
        double off = xd_distance_m(pos, want);
        ck_assert_msg(off <= cases_number(col[5]),
                      "%s:%d: \"" XD_FMT "\" gives %.7f %.7f, %.3f m off", c.name, c.line,
                      XD_ARG(col[0]), (double)pos.lon / XD_DEGREE, (double)pos.lat / XD_DEGREE,
                      off);
        ck_assert_msg(xd_str_eq(xd_crs_name(crs), col[6]), "%s:%d: read in " XD_FMT, c.name,
                      c.line, XD_ARG(xd_crs_name(crs)));
        ck_assert_msg(flags == flags_of(col[7]), "%s:%d: flags %u, wanted " XD_FMT, c.name,
                      c.line, flags, XD_ARG(col[7]));
        xd_ctx_end(&cx);
    }
}
END_TEST

START_TEST(overlong_text_is_refused)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    char text[2000];
    memset(text, '1', sizeof text);
    xd_coord coord;
    ck_assert(!xd_coord_read(&cx, (xd_str){text, sizeof text}, &coord));
    ck_assert_int_eq(cx.err.code, XD_INVALID);
    xd_ctx_end(&cx);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, one_coordinate);
    tcase_add_test(tests, two_coordinates);
    tcase_add_test(tests, put_in_place);
    tcase_add_test(tests, overlong_text_is_refused);
}

XD_TESTS("geo/coord", add)
