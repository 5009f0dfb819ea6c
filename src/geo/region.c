/* geo/region.c — named areas, and which of them a point is in.
 *
 * Areas are kept with their extents and sizes; a question walks all extents and looks closer
 * only where the point is inside. A province has some 120 areas, so this takes about a
 * microsecond, without any structure to go wrong. Features that share a code are one area. */
#include "geo/region.h"
#include "geo/inside.h"

#include "base/map.h"

#include <math.h>

typedef struct region {
    xd_str code;
    const xd_geom *geom;
    xd_box extent;
    double area_m2;
} region;

struct xd_regions {
    XD_VEC(region) list;
    xd_map *by_code;
};

/* "code" or "adcode", as text or as a number; absent: the feature names no area. */
static xd_str code_of(xd_arena *arena, const xd_json *feature)
{
    static const xd_str names[] = {XD_STR("code"), XD_STR("adcode")};
    const xd_json *properties = xd_json_get(feature, XD_S("properties"));
    for (size_t i = 0; i < XD_LEN(names); i++) {
        const xd_json *value = xd_json_get(properties, names[i]);
        int64_t number;
        if (xd_json_int(value, &number)) {
            return xd_str_printf(arena, "%" PRId64, number);
        }
        xd_str text = xd_json_str(value);
        if (text.n > 0) {
            return xd_str_copy(arena, text);
        }
    }
    return (xd_str){NULL, 0};
}

static const xd_geom *joined(xd_arena *arena, const xd_geom *a, const xd_geom *b)
{
    xd_part *parts = xd_new_n(arena, xd_part, a->n + b->n);
    memcpy(parts, a->parts, a->n * sizeof *parts);
    memcpy(parts + a->n, b->parts, b->n * sizeof *parts);
    xd_geom *geom = xd_new(arena, xd_geom);
    *geom = (xd_geom){XD_MULTIPOLYGON, parts, a->n + b->n};
    return geom;
}

static void put(xd_arena *arena, xd_regions *regions, xd_str code, const xd_geom *geom)
{
    /* Places in the list are kept plus one: NULL means there is none. */
    size_t place = (size_t)(uintptr_t)xd_map_get(regions->by_code, code);
    if (place == 0) {
        *xd_push(arena, &regions->list) = (region){.code = code};
        place = regions->list.n;
        xd_map_put(regions->by_code, code, (void *)(uintptr_t)place);
    } else {
        geom = joined(arena, regions->list.at[place - 1].geom, geom);
    }
    region *r = &regions->list.at[place - 1];
    r->geom = geom;
    r->extent = xd_geom_extent(geom);
    r->area_m2 = xd_geom_area_m2(geom);
}

static bool read_feature(xd_ctx *cx, xd_regions *regions, const xd_json *feature, size_t number)
{
    xd_str code = code_of(cx->arena, feature);
    const xd_json *geometry = xd_json_get(feature, XD_S("geometry"));
    if (code.n == 0 || geometry == NULL || geometry->kind != XD_JSON_OBJECT) {
        return true; /* a label or a line of the map's own */
    }
    const xd_geom *geom;
    if (!xd_geom_read(cx, geometry, true, &geom)) {
        return xd_fail_note(cx, "feature %zu, code " XD_FMT, number, XD_ARG(code));
    }
    if (xd_kind_is_area(geom->kind)) {
        put(cx->arena, regions, code, geom);
    }
    return true;
}

bool xd_regions_read(xd_ctx *cx, xd_str geojson, xd_regions **ret_regions)
{
    const xd_json *root;
    if (!xd_json_read(cx, geojson, &root)) {
        return xd_fail_note(cx, "reading areas");
    }
    const xd_json *features = xd_json_get(root, XD_S("features"));
    if (features == NULL || features->kind != XD_JSON_ARRAY) {
        return xd_geo_refuse(cx, XD_S("区划边界文件不是 GeoJSON FeatureCollection。"),
                             XD_S("The file of areas is no GeoJSON FeatureCollection."));
    }
    xd_regions *regions = xd_new(cx->arena, xd_regions);
    regions->by_code = xd_map_make(cx->arena);
    for (size_t i = 0; i < xd_json_len(features); i++) {
        if (!read_feature(cx, regions, xd_json_at(features, i), i + 1)) {
            return false;
        }
    }
    if (regions->list.n == 0) {
        return xd_geo_refuse(cx, XD_S("区划边界文件里没有带 code 或 adcode 的面。"),
                             XD_S("The file of areas has no area with a code or adcode."));
    }
    *ret_regions = regions;
    return true;
}

size_t xd_regions_count(const xd_regions *regions)
{
    return regions->list.n;
}

xd_str xd_regions_code(const xd_regions *regions, size_t i)
{
    return regions->list.at[i].code;
}

const xd_geom *xd_regions_geom(const xd_regions *regions, size_t i)
{
    return regions->list.at[i].geom;
}

const xd_geom *xd_regions_find(const xd_regions *regions, xd_str code)
{
    size_t place = (size_t)(uintptr_t)xd_map_get(regions->by_code, code);
    return place == 0 ? NULL : regions->list.at[place - 1].geom;
}

xd_str xd_regions_at(const xd_regions *regions, xd_pos pos)
{
    const region *best = NULL;
    for (size_t i = 0; i < regions->list.n; i++) {
        const region *r = &regions->list.at[i];
        bool smaller = best == NULL || r->area_m2 < best->area_m2;
        if (smaller && xd_box_has(r->extent, pos) && xd_geom_covers(r->geom, pos)) {
            best = r;
        }
    }
    return best == NULL ? (xd_str){NULL, 0} : best->code;
}

double xd_regions_distance_m(const xd_regions *regions, xd_str code, xd_pos pos)
{
    const xd_geom *geom = xd_regions_find(regions, code);
    return geom == NULL ? -1 : xd_geom_from_point_m(geom, pos);
}
