/* Paths are written relative, in whole units, without a blank more than SVG's grammar needs:
 * "M12 34l5-3 7 8z". Thinning is to a unit, half a pixel at two units a pixel.
 *
 * A browser draws a map's paths before it shows anything else of the page, so there is as little of
 * them as the picture allows (docs/decisions/0174): the areas are one outline and the borders
 * between them, each once; waters end at a fixed distance from the land, where they used to be
 * masked; and what lies around the land is one veil over ground and hills, where the land used to
 * be a clip. */
#include "web/chart.h"

#include <math.h>

#include "geo/tile.h"

#define EARTH_M 40075016.686 /* Web Mercator's equator */
#define RIVERS 3
#define REACH (XD_DEGREE / 100 * 18) /* how far from the land waters are drawn: about 20 km */
#define OVER 40 /* units the veil reaches beyond the sheet: no edge in sight */

typedef struct chart_shape {
    const xd_geom *geom;
    xd_box extent;
    int rank; /* 0: land; −1: lake; 1 … RIVERS: river */
} chart_shape;

struct xd_chart {
    XD_VEC(chart_shape) waters;
    chart_shape land, borders; /* geom NULL: none */
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

static chart_shape shape_of(const xd_geom *geom, int rank)
{
    return (chart_shape){
        .geom = geom,
        .extent = geom != NULL ? xd_geom_extent(geom) : (xd_box){0},
        .rank = rank,
    };
}

/* The areas become one land; of the waters stays what is near it. Without areas nothing is
 * drawn. */
static bool join(xd_ctx *cx, const xd_geom *const *areas, size_t n, xd_chart *chart)
{
    xd_geom_joined joined;
    size_t kept = 0;
    if (n == 0) {
        return true;
    }
    if (!xd_geom_join(cx, areas, n, REACH, &joined)) {
        return xd_fail_note(cx, "joining the areas of the base map");
    }
    chart->land = shape_of(joined.area, 0);
    chart->borders = shape_of(joined.borders, 1);
    for (size_t i = 0; i < chart->waters.n; i++) {
        const xd_geom *near = NULL;
        if (joined.reach != NULL &&
            !xd_geom_cut(cx, chart->waters.at[i].geom, joined.reach, &near)) {
            return xd_fail_note(cx, "cutting the waters of the base map");
        }
        if (near != NULL) {
            chart->waters.at[kept++] = shape_of(near, chart->waters.at[i].rank);
        }
    }
    chart->waters.n = kept;
    return true;
}

bool xd_chart_read(xd_ctx *cx, xd_str geojson, const xd_chart **ret_chart)
{
    const xd_json *root;
    XD_VEC(const xd_geom *) areas = {0};
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
        int rank = rank_of(xd_json_get(feature, XD_S("properties")), geom);
        if (rank == 0) {
            grow(&chart->extent, xd_geom_extent(geom));
            *xd_push(cx->arena, &areas) = geom;
        } else {
            *xd_push(cx->arena, &chart->waters) = shape_of(geom, rank);
        }
    }
    if (!join(cx, areas.at, areas.n, chart)) {
        return false;
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
    int32_t unit = (wide.east - wide.west) / frame->width;
    const xd_geom *cut;

    wide.west -= margin_x;
    wide.east += margin_x;
    wide.south -= margin_y;
    wide.north += margin_y;
    if (shape->geom == NULL || !xd_box_meets(shape->extent, wide)) {
        return true;
    }
    if (!xd_geom_clip(cx, shape->geom, wide, unit, &cut)) {
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

/* One shape; with the sheet around it, a little wider than it is, when it is the land. */
static bool one_write(xd_ctx *cx, const chart_shape *shape, const xd_frame *frame,
                      xd_str *ret_d)
{
    xd_buf d = {0};
    if (shape->rank == 0) {
        int w = frame->width + 2 * OVER, h = frame->height + 2 * OVER;
        xd_buf_printf(&d, "M-%d-%dh%dv%dh-%dz", OVER, OVER, w, h, w);
    }
    bool done = shape_write(cx, shape, frame, &d);
    *ret_d = xd_buf_copy(&d, cx->arena);
    xd_buf_free(&d);
    return done;
}

static bool waters_write(xd_ctx *cx, const xd_chart *chart, const xd_frame *frame, int rank,
                         xd_str *ret_d)
{
    xd_buf d = {0};
    bool done = true;
    for (size_t i = 0; done && i < chart->waters.n; i++) {
        if (chart->waters.at[i].rank == rank) {
            done = shape_write(cx, &chart->waters.at[i], frame, &d);
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
    if (!one_write(cx, &chart->land, frame, &map->veil) ||
        !one_write(cx, &chart->borders, frame, &map->borders)) {
        return false;
    }
    for (size_t i = 0; i < XD_LEN(waters); i++) {
        xd_str d;
        if (!waters_write(cx, chart, frame, waters[i].rank, &d)) {
            return false;
        }
        if (d.n > 0) {
            *xd_push(cx->arena, &map->waters) = (xd_view_line){.css = waters[i].css, .d = d};
        }
    }
    return true;
}
