/* Paths are written relative, in whole units, without a blank more than SVG's grammar needs:
 * "M12 34l5-3 7 8z". Thinning is to half a unit, which at two units a pixel nobody sees. */
#include "web/chart.h"

#include <math.h>

#include "geo/tile.h"

#define EARTH_M 40075016.686 /* Web Mercator's equator */
#define RIVERS 3

typedef struct chart_shape {
    const xd_geom *geom;
    xd_box extent;
    int rank; /* 0: land; −1: lake; 1 … RIVERS: river */
} chart_shape;

struct xd_chart {
    XD_VEC(chart_shape) shapes;
    xd_box extent;
};

static void grow(xd_box *box, xd_box by)
{
    box->west = by.west < box->west ? by.west : box->west;
    box->south = by.south < box->south ? by.south : box->south;
    box->east = by.east > box->east ? by.east : box->east;
    box->north = by.north > box->north ? by.north : box->north;
}

static int rank_of(const xd_json *properties, const xd_geom *geom)
{
    if (xd_json_get(properties, XD_S("code")) != NULL ||
        xd_json_get(properties, XD_S("adcode")) != NULL) {
        return 0;
    }
    if (geom->kind == XD_POLYGON || geom->kind == XD_MULTIPOLYGON) {
        return -1;
    }
    int64_t rank = xd_json_get_int(properties, XD_S("rank"), RIVERS);
    return rank < 1 ? 1 : rank > RIVERS ? RIVERS : (int)rank;
}

bool xd_chart_read(xd_ctx *cx, xd_str geojson, const xd_chart **ret_chart)
{
    const xd_json *root;
    xd_chart *chart = xd_new(cx->arena, xd_chart);

    chart->extent = (xd_box){INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN};
    if (!xd_json_read(cx, geojson, &root)) {
        return xd_fail_note(cx, "reading the base map");
    }
    const xd_json *features = xd_json_get(root, XD_S("features"));
    for (size_t i = 0; i < xd_json_len(features); i++) {
        const xd_json *feature = xd_json_at(features, i);
        const xd_geom *geom;
        if (!xd_geom_read(cx, xd_json_get(feature, XD_S("geometry")), true, &geom)) {
            return xd_fail_note(cx, "feature %zu of the base map", i + 1);
        }
        if (geom->kind == XD_POINT || geom->kind == XD_MULTIPOINT) {
            continue; /* names stand in the model's divisions */
        }
        chart_shape *shape = xd_push(cx->arena, &chart->shapes);
        *shape = (chart_shape){
            .geom = geom,
            .extent = xd_geom_extent(geom),
            .rank = rank_of(xd_json_get(feature, XD_S("properties")), geom),
        };
        if (shape->rank == 0) {
            grow(&chart->extent, shape->extent);
        }
    }
    *ret_chart = chart;
    return true;
}

xd_box xd_chart_extent(const xd_chart *chart)
{
    return chart->extent;
}

xd_frame xd_frame_of(xd_box box, int width, int height)
{
    double left, top, right, bottom;
    xd_mercator((xd_pos){box.west, box.north}, &left, &top);
    xd_mercator((xd_pos){box.east, box.south}, &right, &bottom);
    double across = right - left, down = bottom - top;
    double wanted = (double)width / height;
    if (across < down * wanted) {
        left -= (down * wanted - across) / 2;
        across = down * wanted;
    } else {
        top -= (across / wanted - down) / 2;
        down = across / wanted;
    }
    xd_pos north_west = xd_mercator_back(left, top);
    xd_pos south_east = xd_mercator_back(left + across, top + down);
    return (xd_frame){
        .box = {north_west.lon, south_east.lat, south_east.lon, north_west.lat},
        .width = width,
        .height = height,
        .left = left,
        .top = top,
        .scale = width / across,
    };
}

static double metres_here(xd_pos at)
{
    double lat = at.lat / (double)XD_DEGREE * M_PI / 180;
    return EARTH_M * cos(lat); /* of one world's width */
}

xd_frame xd_frame_around(xd_pos at, double radius_m, int width, int height)
{
    double x, y, half = radius_m / metres_here(at);
    xd_mercator(at, &x, &y);
    xd_pos north_west = xd_mercator_back(x - half, y - half);
    xd_pos south_east = xd_mercator_back(x + half, y + half);
    return xd_frame_of((xd_box){north_west.lon, south_east.lat, south_east.lon, north_west.lat},
                       width, height);
}

void xd_frame_put(const xd_frame *frame, xd_pos at, int *ret_x, int *ret_y)
{
    double x, y;
    xd_mercator(at, &x, &y);
    *ret_x = (int)lround((x - frame->left) * frame->scale);
    *ret_y = (int)lround((y - frame->top) * frame->scale);
}

double xd_frame_units(const xd_frame *frame, xd_pos at, double metres)
{
    return metres / metres_here(at) * frame->scale;
}

/* A number behind another: its own minus sign parts them, else a blank. */
static void number(xd_buf *d, int v, bool first)
{
    if (!first && v >= 0) {
        xd_buf_byte(d, ' ');
    }
    xd_buf_int(d, v);
}

static void ring_write(xd_buf *d, const xd_frame *frame, const xd_ring *ring, bool closed)
{
    int px = 0, py = 0;
    size_t n = closed && ring->n > 1 ? ring->n - 1 : ring->n, written = 0, start = d->n;

    for (size_t i = 0; i < n; i++) {
        int x, y;
        xd_frame_put(frame, ring->at[i], &x, &y);
        if (written > 0 && x == px && y == py) {
            continue;
        }
        if (written == 0) {
            xd_buf_byte(d, 'M');
        } else if (written == 1) {
            xd_buf_byte(d, 'l');
        }
        number(d, written == 0 ? x : x - px, written <= 1);
        number(d, written == 0 ? y : y - py, false);
        px = x;
        py = y;
        written++;
    }
    if (written < (closed ? 3U : 2U)) {
        d->n = start; /* smaller than a unit */
    } else if (closed) {
        xd_buf_byte(d, 'z');
    }
}

static bool shape_write(xd_ctx *cx, const chart_shape *shape, const xd_frame *frame, xd_buf *d)
{
    xd_box wide = frame->box;
    int32_t margin_x = (wide.east - wide.west) / 50, margin_y = (wide.north - wide.south) / 50;
    int32_t half_unit = (wide.east - wide.west) / frame->width / 2;
    const xd_geom *cut;

    wide.west -= margin_x;
    wide.east += margin_x;
    wide.south -= margin_y;
    wide.north += margin_y;
    if (!xd_box_meets(shape->extent, wide)) {
        return true;
    }
    if (!xd_geom_clip(cx, shape->geom, wide, half_unit, &cut)) {
        return false;
    }
    bool closed = shape->rank <= 0;
    for (size_t i = 0; cut != NULL && i < cut->n; i++) {
        for (size_t k = 0; k < cut->parts[i].n; k++) {
            ring_write(d, frame, &cut->parts[i].rings[k], closed);
        }
    }
    return true;
}

static bool layer_write(xd_ctx *cx, const xd_chart *chart, const xd_frame *frame, int rank,
                        xd_str *ret_d)
{
    xd_buf d = {0};
    bool done = true;
    for (size_t i = 0; done && i < chart->shapes.n; i++) {
        if (chart->shapes.at[i].rank == rank) {
            done = shape_write(cx, &chart->shapes.at[i], frame, &d);
        }
    }
    *ret_d = xd_buf_copy(&d, cx->arena);
    xd_buf_free(&d);
    return done;
}

bool xd_chart_draw(xd_ctx *cx, const xd_chart *chart, const xd_frame *frame, xd_view_map *map)
{
    static const struct {
        int rank;
        xd_str css;
    } waters[] = {
        {-1, XD_STR("m-lake")    },
        {3,  XD_STR("m-river r3")},
        {2,  XD_STR("m-river r2")},
        {1,  XD_STR("m-river r1")},
    };
    map->width = frame->width;
    map->height = frame->height;
    if (!layer_write(cx, chart, frame, 0, &map->land)) {
        return false;
    }
    for (size_t i = 0; i < XD_LEN(waters); i++) {
        xd_str d;
        if (!layer_write(cx, chart, frame, waters[i].rank, &d)) {
            return false;
        }
        if (d.n > 0) {
            *xd_push(cx->arena, &map->waters) = (xd_view_line){.css = waters[i].css, .d = d};
        }
    }
    return true;
}
