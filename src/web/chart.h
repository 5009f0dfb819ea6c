/* web/chart.h — the base map, drawn small: SVG paths for the maps inside pages.
 *
 * A chart is read once from GeoJSON (degrees, WGS 84): features with `code` or `adcode` are the
 * areas of the land, other polygons are lakes, lines are rivers with a `rank` (1 the greatest).
 * A frame is a piece of the earth in Web Mercator on a sheet of whole units; two units are about
 * one CSS pixel at the usual sizes. Charts never change and may be read by many threads. */
#ifndef XD_WEB_CHART_H
#define XD_WEB_CHART_H

#include "geo/geom.h"
#include "web/view.h"

typedef struct xd_chart xd_chart;

typedef struct xd_frame {
    xd_box box;
    int width, height;       /* units */
    double left, top, scale; /* Mercator fractions of the world; units a fraction */
} xd_frame;

/* Lives in cx->arena. Features that cannot be drawn are XD_INVALID. */
XD_MUST bool xd_chart_read(xd_ctx *cx, xd_str geojson, const xd_chart **ret_chart);
xd_box xd_chart_extent(const xd_chart *chart); /* of the areas */

/* The box, grown in longitude or latitude to the shape width × height wants. */
xd_frame xd_frame_of(xd_box box, int width, int height);
/* radius_m around a place. */
xd_frame xd_frame_around(xd_pos at, double radius_m, int width, int height);
void xd_frame_put(const xd_frame *frame, xd_pos at, int *ret_x, int *ret_y);
double xd_frame_units(const xd_frame *frame, xd_pos at,
                      double metres); /* metres there, in units */

/* veil, borders and waters of map, and its size. */
XD_MUST bool xd_chart_draw(xd_ctx *cx, const xd_chart *chart, const xd_frame *frame,
                           xd_view_map *map);

#endif
