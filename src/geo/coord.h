/* geo/coord.h — coordinates as people write them.
 *
 * Decimal (118.4517, 118.4517°E, 东经118.4517), degrees-minutes-seconds with ASCII, Chinese,
 * full-width or typographic signs (118°27′06″, 118度27分6秒, 118-27-06, E118°27.1′), both in
 * one cell in either order with any separator, metres of a Gauss zone (39 500 000, 3 380 000).
 * Nothing is guessed silently: what was assumed comes back as flags. */
#ifndef XD_GEO_COORD_H
#define XD_GEO_COORD_H

#include "geo/crs.h"

typedef enum xd_axis { XD_AXIS_UNKNOWN, XD_AXIS_LON, XD_AXIS_LAT } xd_axis;

typedef struct xd_coord {
    double value; /* degrees, or metres when beyond ±180 */
    xd_axis axis; /* as the text says: 东经, N, … */
    int decimals; /* of a degree, as a measure of precision */
} xd_coord;

/* One number. XD_INVALID with what is wrong (minutes over 60, no digits …). */
XD_MUST bool xd_coord_read(xd_ctx *cx, xd_str text, xd_coord *ret_coord);
/* Two numbers in one text, as written: first, second. */
XD_MUST bool xd_coord_read_pair(xd_ctx *cx, xd_str text, xd_coord *ret_first,
                                xd_coord *ret_second);

enum {
    XD_COORD_SWAPPED = 1, /* latitude first, and no 北纬 or N said so: our reckoning */
    XD_COORD_ZERO = 2,    /* 0,0: means "none" */
    XD_COORD_OFF_GLOBE = 4,
    XD_COORD_FAR = 8, /* not in China's bounds (73–136° E, 3–54° N) */
};
/* Put two readings in order (x, y), swapping only when the texts say so or the ranges leave no
 * other reading. crs NULL: degrees taken as WGS 84; metres must then carry a zone prefix (GK
 * 3° or 6°, CGCS2000 4513–4533 / 4491–4501), else XD_INVALID.
 * Neither words (北纬…, 东经…) nor metres north first, as Chinese surveyors write them, are a swap.
 * The order also counts as left open by no range when only one order lies in China. A said
 * Gauss system and numbers that differ by the zone prefix alone are fitted; *ret_crs is then the
 * system the numbers were read in. With ZERO and OFF_GLOBE the position is 0, 0 and no place. */
XD_MUST bool xd_coord_place(xd_ctx *cx, xd_coord first, xd_coord second, const xd_crs *crs,
                            xd_pos *ret_pos, const xd_crs **ret_crs, unsigned *ret_flags);

#endif
