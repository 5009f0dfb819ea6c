/* Places: coordinates in one cell or two, their system and precision, and the named areas.
 *
 * Lists of people give a longitude and a latitude; the raw text is kept as "lon lat". Our own
 * tables give them in WGS 84, and have columns for the raw text and the system that is in, so a
 * table goes out and comes back the same. Where the two speak of different points somebody has
 * corrected the numbers: they count, and the raw text of old goes. */
#include <math.h>
#include <stdlib.h>

#include "geo/coord.h"
#include "model/fold.h"
#include "model/read_in.h"

/* How far a point may lie outside the area it names before it is reported: outlines of base maps
 * are generalised by hundreds of metres. */
#define EDGE_M 2000.0

static bool recovered(xd_reader *r, xd_err *ret_err)
{
    *ret_err = xd_err_take(r->cx);
    return ret_err->code == XD_INVALID;
}

static void refuse(xd_reader *r, const xd_field *field, const char *code, xd_str text,
                   const xd_err *err)
{
    xd_str zh = err->zh.n > 0 ? err->zh : XD_S("坐标读不出来。");
    xd_str en = err->en.n > 0 ? err->en : XD_S("The coordinates cannot be read.");
    xd_problem *problem =
        xd_problem_add(r->cx, r->problems, XD_REFUSAL, code, field->name, text, zh, en);
    problem->suggestion[XD_ZH] =
        XD_S("写成十进制度（118.4517, 30.5617）或度分秒（118°27′06″）。");
    problem->suggestion[XD_EN] =
        XD_S("Write decimal degrees (118.4517, 30.5617) or degrees, minutes, seconds.");
}

static const char *const precision_words[5][8] = {
    {"exact",      "精确", "准确",    "实测", "精准", "测绘"},
    {"site",    "厂区",    "地点",               "场所", "园区", "较准确"},
    {"town", "乡镇","镇","街道", "乡", "乡镇街道"},
    {"county", "县",         "县级",               "区县", "县区", "概略", "大致"},
    {"none",       "不公开",          "保密"                             },
};

static int precision_of(xd_arena *arena, xd_str text)
{
    xd_str key = xd_fold_key(arena, text);
    for (int i = 0; i < 5; i++) {
        for (size_t k = 0; k < XD_LEN(precision_words[i]) && precision_words[i][k] != NULL;
             k++) {
            if (xd_str_eq(key, xd_str_of(precision_words[i][k]))) {
                return i;
            }
        }
    }
    return -1;
}

/* What a degree of precision is called when people are told of it. */
static const xd_str precision_said[][XD_LANGS] = {
    [XD_PRECISION_EXACT] =
        {[XD_ZH] = XD_STR("约 50 米以内"),   [XD_EN] = XD_STR("good to about 50 m")},
    [XD_PRECISION_SITE] =
        {[XD_ZH] = XD_STR("约 2 公里以内"), [XD_EN] = XD_STR("good to about 2 km")},
    [XD_PRECISION_TOWN] = {[XD_ZH] = XD_STR("到乡镇"),          [XD_EN] = XD_STR("good to the town")  },
    [XD_PRECISION_COUNTY] =
        {[XD_ZH] = XD_STR("仅到县"),          [XD_EN] = XD_STR("good to the county")},
};

/* Said, or else what the digits say. decimals < 0: unknown. Digits that reach a metre are worth that only
 * where the system is named: those in use in China lie up to 700 m apart. */
static xd_str precision_word(xd_reader *r, const xd_field *field, const xd_cells *cells,
                             int decimals)
{
    bool fine = decimals >= 5;
    bool system = r->options->crs != NULL || xd_cell_text(cells, XD_S("crs")).n > 0;
    xd_str said = xd_cell_text(cells, XD_S("precision"));
    int precision = said.n == 0 ? -1 : precision_of(r->cx->arena, said);
    if (precision >= 0) {
        return xd_precision_name[precision];
    }
    if (said.n > 0) {
        XD_SAY(r, XD_WARNING, "place.precision", field, said, "不认识精度“" XD_FMT "”。",
               "The precision \"" XD_FMT "\" is unknown.", XD_ARG(said));
    }
    if (!field->precision_required && said.n == 0) {
        return (xd_str){0};
    }
    precision = fine && system                  ? XD_PRECISION_EXACT
                : decimals < 0 || decimals >= 3 ? XD_PRECISION_SITE
                : decimals == 2                 ? XD_PRECISION_TOWN
                                                : XD_PRECISION_COUNTY;
    const xd_str *words = precision_said[precision];
    xd_arena *arena = r->cx->arena;
    bool which = fine && !system;
    xd_str zh = which ? XD_S("没有写位置精度。坐标写到了一米上下，但没有写坐标系，几种坐标系相"
                             "差几百米，先记为")
                      : XD_S("没有写位置精度，按坐标的小数位看作");
    xd_str en =
        which ? XD_S("The precision was not given. The digits reach about a metre, but the "
                     "system is not named and those in use lie hundreds of metres apart: "
                     "taken as ")
              : XD_S("The precision was not given; by the decimal places it is ");
    xd_problem_add(
        r->cx, r->problems, XD_NOTE, "place.precision_assumed", field->name, said,
        xd_str_printf(arena, XD_FMT "“" XD_FMT "”。", XD_ARG(zh), XD_ARG(words[XD_ZH])),
        xd_str_printf(arena, XD_FMT XD_FMT ".", XD_ARG(en), XD_ARG(words[XD_EN])));
    return xd_precision_name[precision];
}

/* The system of the row: the file's, else what the cell says, else NULL. */
static bool row_crs(xd_reader *r, const xd_field *field, const xd_cells *cells, bool *ret_ok,
                    const xd_crs **ret_crs)
{
    xd_str said = xd_cell_text(cells, XD_S("crs"));
    xd_err err;
    *ret_ok = true;
    *ret_crs = r->options->crs;
    if (said.n == 0 || r->options->crs != NULL) {
        return true;
    }
    if (!xd_crs_find(r->cx, said, ret_crs)) {
        if (!recovered(r, &err)) {
            return xd_fail(r->cx, err.code, XD_FMT, XD_ARG(err.message));
        }
        refuse(r, field, "place.crs", said, &err);
        *ret_ok = false;
    }
    return true;
}

typedef struct given_coords {
    xd_coord first, second;
    xd_str raw;
} given_coords;

/* *ret_ok false: refused, a problem says why. */
static bool read_coords(xd_reader *r, const xd_field *field, xd_str lon, xd_str lat,
                        xd_str both, bool *ret_ok, given_coords *ret_coords)
{
    xd_err err;
    bool read = both.n > 0
                    ? xd_coord_read_pair(r->cx, both, &ret_coords->first, &ret_coords->second)
                    : xd_coord_read(r->cx, lon, &ret_coords->first) &&
                          xd_coord_read(r->cx, lat, &ret_coords->second);
    ret_coords->raw =
        both.n > 0 ? both
                   : xd_str_printf(r->cx->arena, XD_FMT " " XD_FMT, XD_ARG(lon), XD_ARG(lat));
    *ret_ok = read;
    if (!read) {
        if (!recovered(r, &err)) {
            return xd_fail(r->cx, err.code, XD_FMT, XD_ARG(err.message));
        }
        refuse(r, field, "place.coordinates", ret_coords->raw, &err);
    }
    return true;
}

static void tell_flags(xd_reader *r, const xd_field *field, xd_str raw, unsigned flags)
{
    if ((flags & XD_COORD_SWAPPED) != 0) {
        XD_SAY(r, XD_WARNING, "place.swapped", field, raw, "经纬度写反了，已对调：" XD_FMT,
               "Longitude and latitude stood the wrong way round and were swapped: " XD_FMT,
               XD_ARG(raw));
    }
    if ((flags & XD_COORD_FAR) != 0) {
        XD_SAY(r, XD_WARNING, "place.far", field, raw,
               "坐标 " XD_FMT " 不在中国范围内，请核对。",
               "The coordinates " XD_FMT " are outside China; please check.", XD_ARG(raw));
    }
}

static void put_place(xd_reader *r, const xd_field *field, const xd_geom *geom, xd_str crs,
                      xd_str raw, xd_str precision)
{
    xd_arena *arena = r->cx->arena;
    xd_json *value = xd_json_object(arena);
    const struct {
        xd_str key, value;
    } parts[] = {
        {XD_S("crs"),       crs      },
        {XD_S("raw"),       raw      },
        {XD_S("precision"), precision}
    };
    if (geom != NULL) {
        xd_json_set(arena, value, XD_S("geometry"), xd_geom_body(arena, geom));
    }
    for (size_t i = 0; i < XD_LEN(parts); i++) {
        if (parts[i].value.n > 0) {
            xd_json_set(arena, value, parts[i].key, xd_json_string(arena, parts[i].value));
        }
    }
    if (xd_json_len(value) > 0) {
        xd_put_value(r, field, value);
    }
}

/* Is this the point the raw text speaks of? Raw text that cannot be read says nothing against it. */
static bool raw_agrees(xd_reader *r, const xd_cells *cells, xd_pos at)
{
    xd_str raw = xd_cell_text(cells, XD_S("raw")), name = xd_cell_text(cells, XD_S("raw_crs"));
    xd_coord first, second;
    const xd_crs *crs = NULL, *used;
    unsigned flags = 0;
    xd_pos then = at;
    bool read = raw.n > 0 && (name.n == 0 || xd_crs_find(r->cx, name, &crs)) &&
                xd_coord_read_pair(r->cx, raw, &first, &second) &&
                xd_coord_place(r->cx, first, second, crs, &then, &used, &flags);
    (void)xd_err_take(r->cx); /* then only the numbers are known */
    return !read ||
           (labs((long)then.lon - at.lon) <= 20 && labs((long)then.lat - at.lat) <= 20);
}

static int fewest(const given_coords *coords)
{
    return coords->first.decimals < coords->second.decimals ? coords->first.decimals
                                                            : coords->second.decimals;
}

static bool read_point(xd_reader *r, const xd_field *field, const xd_cells *cells, xd_str lon,
                       xd_str lat, xd_str both)
{
    given_coords coords = {0};
    const xd_crs *crs = NULL, *used = NULL;
    bool ok = true, ours = xd_cell_has(cells, XD_S("raw"));
    unsigned flags = 0;
    xd_pos at;
    xd_err err;
    if (both.n == 0 && (lon.n == 0 || lat.n == 0)) {
        XD_SAY(r, XD_REFUSAL, "place.half", field, lon.n > 0 ? lon : lat,
               "只有经度或只有纬度：" XD_FMT,
               "Only one of longitude and latitude is there: " XD_FMT,
               XD_ARG(lon.n > 0 ? lon : lat));
        return true;
    }
    if (!read_coords(r, field, lon, lat, both, &ok, &coords)) {
        return false;
    }
    if (ok && ours && r->options->crs == NULL) {
        crs = xd_crs_wgs84();
    } else if (ok && !row_crs(r, field, cells, &ok, &crs)) {
        return false;
    }
    if (!ok) {
        return true;
    }
    if (!xd_coord_place(r->cx, coords.first, coords.second, crs, &at, &used, &flags)) {
        if (!recovered(r, &err)) {
            return xd_fail(r->cx, err.code, XD_FMT, XD_ARG(err.message));
        }
        refuse(r, field, "place.coordinates", coords.raw, &err);
        return true;
    }
    if ((flags & XD_COORD_OFF_GLOBE) != 0) {
        refuse(r, field, "place.off_globe", coords.raw,
               &(xd_err){.zh = XD_S("坐标超出了地球的范围。"),
                         .en = XD_S("The coordinates are off the globe.")});
        return true;
    }
    if ((flags & XD_COORD_ZERO) != 0) {
        XD_SAY(r, XD_WARNING, "place.zero", field, coords.raw, "坐标是 0,0，当作没有填%s",
               "The coordinates are 0, 0 and were taken as not given%s", "。");
        return true;
    }
    tell_flags(r, field, coords.raw, flags);
    xd_str precision = ours ? xd_cell_text(cells, XD_S("precision"))
                            : precision_word(r, field, cells, fewest(&coords));
    bool kept = ours && raw_agrees(r, cells, at);
    put_place(r, field, xd_geom_point(r->cx->arena, at),
              kept ? xd_cell_text(cells, XD_S("raw_crs")) : xd_crs_name(used),
              kept ? xd_cell_text(cells, XD_S("raw")) : coords.raw, precision);
    return true;
}

/* A shape from a GIS file, in the file's system; or our own column of WKT. */
static bool read_shape(xd_reader *r, const xd_field *field, const xd_cells *cells,
                       const xd_json *geometry, xd_str wkt)
{
    const xd_crs *crs = NULL;
    const xd_geom *geom = NULL;
    bool ok = true;
    xd_err err;
    if (geometry != NULL && !row_crs(r, field, cells, &ok, &crs)) {
        return false;
    }
    if (!ok) {
        return true;
    }
    const xd_crs *from = crs == NULL ? xd_crs_wgs84() : crs;
    bool read = geometry != NULL ? xd_geom_to_wgs84(r->cx, from, geometry, &geom)
                                 : xd_geom_read_wkt(r->cx, wkt, &geom);
    if (!read || !xd_geom_check(r->cx, geom)) {
        if (!recovered(r, &err)) {
            return xd_fail(r->cx, err.code, XD_FMT, XD_ARG(err.message));
        }
        xd_str zh = xd_str_printf(r->cx->arena, "几何有错：" XD_FMT,
                                  XD_ARG(err.zh.n > 0 ? err.zh : err.message));
        xd_str en = xd_str_printf(r->cx->arena, "The geometry is wrong: " XD_FMT,
                                  XD_ARG(err.en.n > 0 ? err.en : err.message));
        (void)xd_problem_add(r->cx, r->problems, XD_REFUSAL, "place.geometry", field->name, wkt,
                             zh, en);
        return true;
    }
    bool ours = xd_cell_has(cells, XD_S("raw"));
    put_place(r, field, geom, ours ? xd_cell_text(cells, XD_S("raw_crs")) : xd_crs_name(from),
              xd_cell_text(cells, XD_S("raw")),
              ours ? xd_cell_text(cells, XD_S("precision"))
                   : precision_word(r, field, cells, -1));
    return true;
}

bool xd_read_place(xd_reader *r, const xd_field *field, const xd_cells *cells)
{
    xd_str lon = xd_cell_text(cells, XD_S("lon")), lat = xd_cell_text(cells, XD_S("lat"));
    xd_str both = xd_cell_text(cells, XD_S("both"));
    xd_str wkt = xd_cell_text(cells, XD_S("geometry"));
    const xd_json *geometry = NULL;
    for (size_t i = 0; i < cells->n; i++) {
        geometry = geometry == NULL ? cells->at[i]->geometry : geometry;
    }
    if ((both.n > 0 && xd_take_json(r, field, both)) ||
        (wkt.n > 0 && xd_take_json(r, field, wkt))) {
        return true;
    }
    if (geometry != NULL || wkt.n > 0) {
        return read_shape(r, field, cells, geometry, wkt);
    }
    xd_coord alone;
    if (both.n == 0 && lon.n > 0 && xd_str_eq(lon, lat) && !xd_coord_read(r->cx, lon, &alone)) {
        (void)xd_err_take(r->cx); /* one merged cell under both headers: a pair, not a number */
        both = lon;
    }
    if (both.n > 0 || lon.n > 0 || lat.n > 0) {
        return read_point(r, field, cells, lon, lat, both);
    }
    if (xd_cell_has(cells, XD_S("raw"))) { /* our own table: a place known by its words only */
        put_place(r, field, NULL, xd_cell_text(cells, XD_S("raw_crs")),
                  xd_cell_text(cells, XD_S("raw")), xd_cell_text(cells, XD_S("precision")));
    }
    return true;
}

/* ---- the named areas ----------------------------------------------------------------------- */

/* The area among the map's that stands for a division: itself or the nearest above it. */
static const xd_term *on_map(const xd_regions *regions, const xd_term *term)
{
    while (term != NULL && xd_regions_find(regions, term->code) == NULL) {
        term = term->parent;
    }
    return term;
}

static void report_outside(xd_reader *r, const xd_field *field, const xd_term *named,
                           const xd_term *in, xd_pos at, double metres)
{
    xd_str raw = xd_json_get_str(xd_value(field, r->body, 0), XD_S("raw"));
    xd_str given =
        raw.n > 0 ? raw : xd_str_printf(r->cx->arena, "%.5f, %.5f", at.lon / 1e7, at.lat / 1e7);
    xd_str name = xd_division_text(r->cx, r->model, named->code);
    if (in == NULL) {
        XD_SAY(r, XD_WARNING, "place.outside", field, given,
               "点不在“" XD_FMT
               "”内（差 %.1f 千米），也不在底图的任何一个市内。请核对经纬度和坐标系。",
               "The point is not in " XD_FMT
               " (%.1f km off), nor in any area of the map. Check the coordinates and their "
               "reference system.",
               XD_ARG(name), metres / 1000.0);
        return;
    }
    xd_str other = xd_division_text(r->cx, r->model, in->code);
    XD_SAY(r, XD_WARNING, "place.outside", field, given,
           "点不在“" XD_FMT "”内（差 %.1f 千米），它在“" XD_FMT "”。",
           "The point is not in " XD_FMT " (%.1f km off); it is in " XD_FMT ".", XD_ARG(name),
           metres / 1000.0, XD_ARG(other));
}

static void compare(xd_reader *r, const xd_field *place, xd_pos at)
{
    const xd_field *division = r->type->division;
    const xd_regions *regions = r->options->regions;
    const xd_vocabulary *divisions = division->vocabulary;
    const xd_term *in = xd_term_find(divisions, xd_regions_at(regions, at));
    const xd_term *least = NULL;
    double least_m = INFINITY;
    size_t n = xd_value_count(division, r->body);
    for (size_t i = 0; i < n; i++) {
        const xd_term *term =
            xd_term_find(divisions, xd_json_str(xd_value(division, r->body, i)));
        const xd_term *area = on_map(regions, term);
        double m = area == NULL ? 0 : xd_regions_distance_m(regions, area->code, at);
        if (area == NULL && in != NULL && !xd_term_within(in, term)) {
            m = INFINITY; /* a division the map does not have, and the point is in one it has */
            area = term;
        }
        if (m < least_m || least == NULL) {
            least = area == NULL ? term : area;
            least_m = m;
        }
    }
    if (n > 0 && least != NULL && least_m > EDGE_M) {
        report_outside(r, place, least, in, at, isinf(least_m) ? 0 : least_m);
    }
    if (n == 0 && in != NULL) {
        xd_str name = xd_division_text(r->cx, r->model, in->code);
        XD_SAY(r, XD_NOTE, "division.from_point", division, in->code,
               "所在地由坐标得出：" XD_FMT "。",
               "The division was found from the point: " XD_FMT ".", XD_ARG(name));
        xd_put_value(r, division, xd_json_string(r->cx->arena, in->code));
    }
}

bool xd_read_settle_place(xd_reader *r)
{
    const xd_field *field = r->type->place;
    const xd_geom *geom = NULL;
    xd_pos at;
    if (field == NULL || r->type->division == NULL || r->options->regions == NULL) {
        return true;
    }
    const xd_json *value = xd_value(field, r->body, 0);
    if (!xd_value_geom(r->cx, value, &geom)) {
        return false;
    }
    if (geom == NULL) {
        return true;
    }
    if (!xd_geom_anchor(r->cx, geom, &at)) {
        return false;
    }
    compare(r, field, at);
    return true;
}
