/* geo/crs.h — coordinate systems in and out of WGS 84.
 *
 * Names as `--crs` and files say them: wgs84, cgcs2000, gcj02, bd09, epsg:N, the OGC URIs
 * (http://www.opengis.net/def/crs/OGC/1.3/CRS84, …/EPSG/0/4326), and Chinese and common
 * spellings (国家2000, 火星坐标, 高德, 百度 …). GCJ-02 and BD-09 are offsets over China only
 * (72.004–137.8347° E, 0.8293–55.8271° N; outside they are WGS 84); inverses are iterated until
 * the forward result is within 1e-9 degree. CGCS2000 is taken as WGS 84 (within a decimetre).
 * x is easting or longitude, y northing or latitude, whatever the axis order of the authority.
 * A PROJ transformation is made once per thread and system (10–40 ms) and then kept. */
#ifndef XD_GEO_CRS_H
#define XD_GEO_CRS_H

#include "geo/geom.h"

typedef struct xd_crs xd_crs; /* lives as long as the process */

/* XD_INVALID with the names we know, when the name is none. */
XD_MUST bool xd_crs_find(xd_ctx *cx, xd_str name, const xd_crs **ret_crs);
const xd_crs *xd_crs_wgs84(void);
xd_str xd_crs_name(const xd_crs *crs); /* "wgs84", "epsg:4548": as bodies keep it */
xd_str xd_crs_uri(const xd_crs *crs);  /* OGC URI; absent for gcj02 and bd09 */
bool xd_crs_is_degrees(const xd_crs *crs);
bool xd_crs_same_as_wgs84(const xd_crs *crs); /* CGCS2000 too: they differ by centimetres */
bool xd_crs_lat_first(const xd_crs *crs); /* the authority's axis order, for OGC API answers */

XD_MUST bool xd_crs_to_wgs84(xd_ctx *cx, const xd_crs *crs, double x, double y,
                             xd_pos *ret_pos);
XD_MUST bool xd_crs_from_wgs84(xd_ctx *cx, const xd_crs *crs, xd_pos pos, double *ret_x,
                               double *ret_y);
XD_MUST bool xd_geom_to_wgs84(xd_ctx *cx, const xd_crs *crs, const xd_json *geometry,
                              const xd_geom **ret_geom); /* GeoJSON with numbers of crs */
/* GeoJSON geometry text in crs (metres with 3 decimals, degrees with 9 for gcj02/bd09, 7 else).
 * Axis order as `lat_first` says, x first otherwise. */
XD_MUST bool xd_geom_write_crs(xd_ctx *cx, xd_buf *out, const xd_geom *geom, const xd_crs *crs,
                               bool lat_first);

#endif
