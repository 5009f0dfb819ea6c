/* geo/tile.h — WebMercatorQuad tiles and Mapbox Vector Tiles 2.1.
 *
 * Tile x grows eastward, y southward, z from 0 to XD_TILE_ZOOM. Extent 4096, buffer 64. The
 * writer makes one layer after another; feature ids are record ids (53 bits). Keys and values
 * are shared within a layer. Polygons come out wound as the specification says; degenerate
 * rings and zero-length lines are left out. */
#ifndef XD_GEO_TILE_H
#define XD_GEO_TILE_H

#include "geo/geom.h"

#define XD_TILE_ZOOM 22
#define XD_TILE_EXTENT 4096
#define XD_TILE_BUFFER 64

typedef struct xd_tile {
    int z;
    uint32_t x, y;
} xd_tile;

bool xd_tile_ok(int64_t z, int64_t x, int64_t y);
xd_box xd_tile_box(xd_tile tile);          /* exact */
xd_box xd_tile_box_buffered(xd_tile tile); /* with the buffer */
void xd_tile_project(xd_tile tile, xd_pos pos, int32_t *ret_x,
                     int32_t *ret_y); /* may lie outside */
/* Fractions of the world, 0..1, y southward. */
void xd_mercator(xd_pos pos, double *ret_x, double *ret_y);
xd_pos xd_mercator_back(double x, double y);

typedef struct xd_mvt xd_mvt;
xd_mvt *xd_mvt_begin(xd_arena *arena, xd_tile tile);
void xd_mvt_layer(xd_mvt *mvt, xd_str name);
/* id 0: the feature has none. */
void xd_mvt_feature_point(xd_mvt *mvt, int64_t id, int32_t x, int32_t y); /* tile units */
XD_MUST bool xd_mvt_feature_geom(xd_ctx *cx, xd_mvt *mvt, int64_t id, const xd_geom *geom,
                                 bool *ret_drawn);
/* Attributes of the feature begun last. */
void xd_mvt_text(xd_mvt *mvt, xd_str key, xd_str text);
void xd_mvt_int(xd_mvt *mvt, xd_str key, int64_t number);
/* Empty when no layer holds a feature. */
void xd_mvt_end(xd_mvt *mvt, xd_buf *out);

#endif
