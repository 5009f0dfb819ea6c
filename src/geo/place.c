/* geo/place.c — two readings put in order and in WGS 84.
 *
 * Order: the texts' own words first (东经, N). Without them, degrees stand as longitude,
 * latitude unless only the other order is on the globe, or only the other order is in China:
 * the two ranges there, 73–136 and 3–54, do not meet, so the other order is then the only
 * sensible one. Metres in a system are tried as written and, when that is not in China, the
 * other way round, because Chinese surveyors write X for north.
 *
 * Gauss-Krüger: an easting of eight digits carries its zone in front: 13–23 are 6° zones, 25–45
 * 3° zones, which do not meet either, so the zone names the system even where nobody said one.
 * A table's system and its numbers may differ by just that prefix (EPSG:4527 said, 500 000
 * written): the numbers decide. */
#include "geo/coord.h"
#include "geo/inside.h"

#include <math.h>

static const double far_west = 73, far_east = 136, far_south = 3, far_north = 54;

static bool in_china(double lon, double lat)
{
    return lon >= far_west && lon <= far_east && lat >= far_south && lat <= far_north;
}

static bool pos_in_china(xd_pos pos)
{
    return in_china((double)pos.lon / XD_DEGREE, (double)pos.lat / XD_DEGREE);
}

static bool is_metres(xd_coord c)
{
    return fabs(c.value) > 180;
}

typedef struct placed {
    double x, y;
    const xd_crs *crs;
    unsigned flags;
} placed;

/* ---- degrees -------------------------------------------------------------------------------
 */

static bool same_axis_twice(xd_ctx *cx, xd_axis axis)
{
    return axis == XD_AXIS_LON
               ? xd_geo_refuse(cx, XD_S("两个值都写成了经度，缺少纬度。"),
                               XD_S("Both values say longitude: the latitude is missing."))
               : xd_geo_refuse(cx, XD_S("两个值都写成了纬度，缺少经度。"),
                               XD_S("Both values say latitude: the longitude is missing."));
}

/* Do the texts say the order? *ret_swap: and is it latitude first? */
static bool order_said(xd_ctx *cx, xd_coord first, xd_coord second, bool *ret_said,
                       bool *ret_swap)
{
    if (first.axis != XD_AXIS_UNKNOWN && first.axis == second.axis) {
        return same_axis_twice(cx, first.axis);
    }
    *ret_said = first.axis != XD_AXIS_UNKNOWN || second.axis != XD_AXIS_UNKNOWN;
    *ret_swap = first.axis == XD_AXIS_LAT || second.axis == XD_AXIS_LON;
    return true;
}

static void order_degrees(double a, double b, bool said, bool swap, placed *p)
{
    if (!said) {
        bool as_written = fabs(b) <= 90;
        bool other = fabs(a) <= 90;
        swap = (!as_written && other) || (!in_china(a, b) && in_china(b, a));
        p->flags |= swap ? XD_COORD_SWAPPED : 0;
    }
    p->x = swap ? b : a;
    p->y = swap ? a : b;
    if (fabs(p->y) > 90 || fabs(p->x) > 180) {
        p->flags |= XD_COORD_OFF_GLOBE;
    }
}

/* ---- metres --------------------------------------------------------------------------------
 */

enum {
    WIDE_FIRST = 13,
    WIDE_LAST = 23,
    WIDE_EPSG = 4491,
    NARROW_FIRST = 25,
    NARROW_LAST = 45,
    NARROW_EPSG = 4513,
    MERIDIAN_EPSG = 4534,
    MERIDIAN_FIRST = 75,
    MERIDIAN_LAST = 135,
};

/* The zone in front of an easting of eight digits; 0: there is none. */
static int zone_of(double easting)
{
    if (easting < 13e6 || easting >= 46e6) {
        return 0;
    }
    int zone = (int)(easting / 1e6);
    double rest = easting - zone * 1e6;
    bool known = (zone >= WIDE_FIRST && zone <= WIDE_LAST) ||
                 (zone >= NARROW_FIRST && zone <= NARROW_LAST);
    return known && rest > 1e5 && rest < 9e5 ? zone : 0;
}

static int epsg_of_zone(int zone)
{
    return zone <= WIDE_LAST ? WIDE_EPSG + zone - WIDE_FIRST
                             : NARROW_EPSG + zone - NARROW_FIRST;
}

static bool find_epsg(xd_ctx *cx, int epsg, const xd_crs **ret_crs)
{
    return xd_crs_find(cx, xd_str_printf(cx->arena, "epsg:%d", epsg), ret_crs);
}

/* The zone of a CGCS2000 system whose eastings carry it; 0: another sort of system. */
static int zone_of_epsg(int epsg)
{
    if (epsg >= WIDE_EPSG && epsg <= WIDE_EPSG + WIDE_LAST - WIDE_FIRST) {
        return epsg - WIDE_EPSG + WIDE_FIRST;
    }
    if (epsg >= NARROW_EPSG && epsg <= NARROW_EPSG + NARROW_LAST - NARROW_FIRST) {
        return epsg - NARROW_EPSG + NARROW_FIRST;
    }
    return 0;
}

static bool is_meridian_epsg(int epsg)
{
    return epsg >= MERIDIAN_EPSG &&
           epsg <= MERIDIAN_EPSG + (MERIDIAN_LAST - MERIDIAN_FIRST) / 3;
}

static bool no_zone(xd_ctx *cx)
{
    return xd_geo_refuse(
        cx,
        XD_S("坐标是以米为单位的平面坐标，但看不出投影带：请在横坐标前加带号（如 39500000），"
             "或写明坐标系（如 epsg:4548、国家2000 中央经线117°）。"),
        XD_S(
            "These are metres, but of which zone? Put the zone before the easting (39500000) or"
            " name the system (epsg:4548)."));
}

static bool transformed(xd_ctx *cx, const xd_crs *crs, double x, double y, xd_pos *ret_pos)
{
    xd_pos pos;
    if (!xd_crs_to_wgs84(cx, crs, x, y, &pos)) {
        (void)xd_err_take(cx); /* the other order may do; the caller says when none does */
        return false;
    }
    *ret_pos = pos;
    return true;
}

/* The easting as the system has it: with its zone or without. */
static bool fit_prefix(xd_ctx *cx, const xd_crs **crs, double *easting)
{
    int epsg = xd_crs_epsg(*crs);
    int zone = zone_of_epsg(epsg);
    int written = zone_of(*easting);
    if (zone != 0 && *easting > 1e5 && *easting < 9e5) {
        *easting += zone * 1e6;
        return true;
    }
    bool gauss = zone != 0 || is_meridian_epsg(epsg) || xd_crs_is_wgs84(*crs);
    return !gauss || written == 0 || find_epsg(cx, epsg_of_zone(written), crs);
}

static bool order_metres(xd_ctx *cx, double a, double b, const xd_crs *crs, placed *p,
                         xd_pos *ret_pos)
{
    bool a_zone = zone_of(a) != 0;
    bool b_zone = zone_of(b) != 0;
    if (xd_crs_is_degrees(crs) && (!xd_crs_is_wgs84(crs) || (!a_zone && !b_zone))) {
        return no_zone(cx);
    }
    for (int turn = 0; turn < 2; turn++) {
        double x = turn == 0 ? a : b;
        double y = turn == 0 ? b : a;
        const xd_crs *fitted = crs;
        xd_pos pos;
        if (!fit_prefix(cx, &fitted, &x)) {
            return false;
        }
        if (!xd_crs_is_degrees(fitted) && transformed(cx, fitted, x, y, &pos) &&
            pos_in_china(pos)) {
            *p = (placed){x, y, fitted, 0};
            *ret_pos = pos;
            return true;
        }
    }
    if (xd_crs_is_degrees(crs)) {
        return no_zone(cx);
    }
    *p = (placed){a, b, crs, XD_COORD_FAR};
    return xd_crs_to_wgs84(cx, crs, a, b, ret_pos);
}

/* ---- the door ------------------------------------------------------------------------------
 */

static bool place_metres(xd_ctx *cx, xd_coord first, xd_coord second, const xd_crs *crs,
                         placed *p, xd_pos *ret_pos)
{
    if (xd_crs_is_degrees(crs) && is_metres(first) != is_metres(second)) {
        return xd_geo_refuse(cx,
                             XD_S("一个值像经纬度，另一个像以米为单位的平面坐标，放不到一起。"),
                             XD_S("One value looks like degrees, the other like metres."));
    }
    return order_metres(cx, first.value, second.value, crs, p, ret_pos);
}

static bool degrees_in_metres(xd_ctx *cx, const xd_crs *crs)
{
    xd_str name = xd_crs_name(crs);
    return xd_geo_refuse(
        cx,
        xd_str_printf(cx->arena, "说是平面坐标系 " XD_FMT "，但写的是经纬度度数。",
                      XD_ARG(name)),
        xd_str_printf(cx->arena, "The system " XD_FMT " is in metres, but these are degrees.",
                      XD_ARG(name)));
}

bool xd_coord_place(xd_ctx *cx, xd_coord first, xd_coord second, const xd_crs *crs,
                    xd_pos *ret_pos, const xd_crs **ret_crs, unsigned *ret_flags)
{
    placed p = {.crs = crs != NULL ? crs : xd_crs_wgs84()};
    bool said;
    bool swap;
    xd_pos pos = {0, 0};
    if (first.value == 0 && second.value == 0) {
        p.flags = XD_COORD_ZERO;
    } else if (is_metres(first) || is_metres(second)) {
        if (!place_metres(cx, first, second, p.crs, &p, &pos)) {
            return false;
        }
    } else if (!xd_crs_is_degrees(p.crs)) {
        return degrees_in_metres(cx, p.crs);
    } else if (!order_said(cx, first, second, &said, &swap)) {
        return false;
    } else {
        order_degrees(first.value, second.value, said, swap, &p);
        bool on_globe = (p.flags & XD_COORD_OFF_GLOBE) == 0;
        if (on_globe && !xd_crs_to_wgs84(cx, p.crs, p.x, p.y, &pos)) {
            return false;
        }
        p.flags |= on_globe && !pos_in_china(pos) ? XD_COORD_FAR : 0;
    }
    *ret_pos = pos;
    *ret_crs = p.crs;
    *ret_flags = p.flags;
    return true;
}
