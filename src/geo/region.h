/* geo/region.h — which named area a point is in.
 *
 * A set of areas keyed by code (division codes; several may nest, a county in its prefecture),
 * read from GeoJSON FeatureCollections whose features have property "code" (or "adcode"). Made
 * once, read by many threads. */
#ifndef XD_GEO_REGION_H
#define XD_GEO_REGION_H

#include "geo/geom.h"

typedef struct xd_regions xd_regions;

/* From GeoJSON text, degrees WGS 84. Lives in cx->arena. */
XD_MUST bool xd_regions_read(xd_ctx *cx, xd_str geojson, xd_regions **ret_regions);
size_t xd_regions_count(const xd_regions *regions);
xd_str xd_regions_code(const xd_regions *regions, size_t i);
const xd_geom *xd_regions_geom(const xd_regions *regions, size_t i);
const xd_geom *xd_regions_find(const xd_regions *regions, xd_str code); /* NULL when unknown */
/* The smallest area the point is in; absent slice when it is in none. */
xd_str xd_regions_at(const xd_regions *regions, xd_pos pos);
/* Metres from the point to the area's edge; 0 inside. Negative when the code is unknown. */
double xd_regions_distance_m(const xd_regions *regions, xd_str code, xd_pos pos);

#endif
