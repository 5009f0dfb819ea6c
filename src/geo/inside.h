/* geo/inside.h — what the files of this room share, and no other room includes.
 *
 * Shapes are built position by position with a draft, which counts against XD_GEOM_POSITIONS
 * and turns rings the way RFC 7946 asks (shells counter-clockwise, holes clockwise), so that
 * one shape always has one form in memory, whichever text it came from. */
#ifndef XD_GEO_INSIDE_H
#define XD_GEO_INSIDE_H

#include "geo/crs.h"

/* Fail with XD_INVALID and the two sentences for people; the English one is the message too. */
bool xd_geo_refuse(xd_ctx *cx, xd_str zh, xd_str en);

typedef XD_VEC(xd_pos) xd_pos_vec;
typedef XD_VEC(xd_ring) xd_ring_vec;
typedef XD_VEC(xd_part) xd_part_vec;

typedef struct xd_draft {
    xd_arena *arena;
    xd_geom_kind kind;
    xd_part_vec parts;
    xd_ring_vec rings;
    xd_pos_vec at;
    size_t count; /* positions so far, of all rings */
} xd_draft;

void xd_draft_begin(xd_draft *draft, xd_arena *arena, xd_geom_kind kind);
/* XD_LIMIT beyond XD_GEOM_POSITIONS. */
XD_MUST bool xd_draft_pos(xd_ctx *cx, xd_draft *draft, xd_pos at);
/* Close the ring of the positions since the last: XD_INVALID when it is too short for the kind
 * or, in a polygon, not closed. */
XD_MUST bool xd_draft_ring(xd_ctx *cx, xd_draft *draft);
void xd_draft_part(xd_draft *draft);
/* XD_INVALID when there is no part, or a part without a ring. */
XD_MUST bool xd_draft_end(xd_ctx *cx, xd_draft *draft, const xd_geom **ret_geom);

bool xd_kind_is_area(xd_geom_kind kind);
bool xd_kind_is_line(xd_geom_kind kind);
bool xd_kind_is_multi(xd_geom_kind kind);
/* Decimal degrees to units; false off the globe or not finite. */
bool xd_pos_of(double lon, double lat, xd_pos *ret_pos);

/* A GeoJSON geometry whose positions `take` turns into ours. */
typedef bool xd_pos_take(xd_ctx *cx, const void *user, const xd_json *x, const xd_json *y,
                         xd_pos *ret_pos);
XD_MUST bool xd_geom_read_with(xd_ctx *cx, const xd_json *geometry, xd_pos_take *take,
                               const void *user, const xd_geom **ret_geom);
/* GeoJSON text whose positions `put` writes, without brackets. */
typedef bool xd_pos_put(xd_ctx *cx, const void *user, xd_buf *out, xd_pos at);
XD_MUST bool xd_geom_write_with(xd_ctx *cx, xd_buf *out, const xd_geom *geom, xd_pos_put *put,
                                const void *user);

/* GCJ-02 and BD-09 in degrees; see china.c. */
typedef struct xd_lonlat {
    double lon, lat;
} xd_lonlat;
xd_lonlat xd_gcj02_from_wgs84(xd_lonlat p);
xd_lonlat xd_gcj02_to_wgs84(xd_lonlat p);
xd_lonlat xd_bd09_from_wgs84(xd_lonlat p);
xd_lonlat xd_bd09_to_wgs84(xd_lonlat p);

/* EPSG number of a system PROJ transforms; 0 for the degree systems of crs.c. */
int xd_crs_epsg(const xd_crs *crs);
/* Is it WGS 84 or what we take for it. */
bool xd_crs_is_wgs84(const xd_crs *crs);

/* A PROJ transformation between epsg and WGS 84 longitude, latitude in degrees; see project.c.
 * XD_INVALID: PROJ knows no such system, or not one with two horizontal axes. */
typedef struct xd_projected {
    bool degrees, north_first;
} xd_projected;
XD_MUST bool xd_proj_about(xd_ctx *cx, int epsg, xd_projected *ret_about);
XD_MUST bool xd_proj_run(xd_ctx *cx, int epsg, bool inverse, double x, double y, double *ret_x,
                         double *ret_y);

#endif
