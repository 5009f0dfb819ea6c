/* geo/tile.c — WebMercatorQuad: the square world, cut in four at each zoom.
 *
 *   x = (λ + 180) / 360        y = (1 − asinh(tan φ) / π) / 2
 *
 * with the origin in the north-west and φ cut at ±85.0511°, where the square ends. */
#include "geo/tile.h"

#include <math.h>

static const double pi = 3.14159265358979323846;
static const double square_lat = 85.05112877980659; /* atan(sinh π) */

bool xd_tile_ok(int64_t z, int64_t x, int64_t y)
{
    if (z < 0 || z > XD_TILE_ZOOM) {
        return false;
    }
    int64_t across = (int64_t)1 << z;
    return x >= 0 && x < across && y >= 0 && y < across;
}

void xd_mercator(xd_pos pos, double *ret_x, double *ret_y)
{
    double lat = (double)pos.lat / XD_DEGREE;
    lat = lat > square_lat ? square_lat : lat < -square_lat ? -square_lat : lat;
    *ret_x = (double)pos.lon / XD_DEGREE / 360 + 0.5;
    *ret_y = 0.5 - asinh(tan(lat * pi / 180)) / (2 * pi);
}

static int32_t units(double degrees)
{
    return (int32_t)lround(degrees * XD_DEGREE);
}

xd_pos xd_mercator_back(double x, double y)
{
    return (xd_pos){
        units((x - 0.5) * 360),
        units(atan(sinh((1 - 2 * y) * pi)) * 180 / pi),
    };
}

/* `buffer` is a fraction of the tile's side. */
static xd_box box_of(xd_tile tile, double buffer)
{
    double side = ldexp(1, -tile.z);
    xd_pos north_west = xd_mercator_back((tile.x - buffer) * side, (tile.y - buffer) * side);
    xd_pos south_east =
        xd_mercator_back((tile.x + 1 + buffer) * side, (tile.y + 1 + buffer) * side);
    return (xd_box){north_west.lon, south_east.lat, south_east.lon, north_west.lat};
}

xd_box xd_tile_box(xd_tile tile)
{
    return box_of(tile, 0);
}

xd_box xd_tile_box_buffered(xd_tile tile)
{
    return box_of(tile, (double)XD_TILE_BUFFER / XD_TILE_EXTENT);
}

/* Far outside, as a caller's unclipped line may lie at high zoom, is held to what fits. */
static int32_t held(double v)
{
    const double most = 1 << 30;
    return (int32_t)lround(v > most ? most : v < -most ? -most : v);
}

void xd_tile_project(xd_tile tile, xd_pos pos, int32_t *ret_x, int32_t *ret_y)
{
    double x;
    double y;
    double across = ldexp(1, tile.z);
    xd_mercator(pos, &x, &y);
    *ret_x = held((x * across - tile.x) * XD_TILE_EXTENT);
    *ret_y = held((y * across - tile.y) * XD_TILE_EXTENT);
}
