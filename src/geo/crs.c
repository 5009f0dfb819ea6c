/* geo/crs.c — coordinate systems by the names people and files give them.
 *
 * Five systems are built in: WGS 84 (longitude first as CRS84, latitude first as EPSG:4326),
 * CGCS2000, which we take for WGS 84, GCJ-02 and BD-09. Every other is an EPSG number given to
 * PROJ. A system met for the first time is entered in a list that lives as long as the process,
 * so that callers may keep the pointer; the list only grows by numbers PROJ knows, and has a
 * ceiling all the same.
 *
 * A name is read in this order: an OGC address or anything with "epsg" and a number; a Gauss
 * zone of CGCS2000 ("CGCS2000 3度带39带", "…_3_Degree_GK_CM_117E", "2000 中央经线117°"); the
 * aliases below, compared without case, width, blanks, punctuation and the words 坐标系, 大地 …
 * that people put around them. */
#include "geo/inside.h"

#include <math.h>
#include <pthread.h>

typedef enum crs_sort { SAME_AS_WGS84, BY_GCJ02, BY_BD09, BY_PROJ } crs_sort;

struct xd_crs {
    crs_sort sort;
    int epsg; /* 0: none */
    bool degrees, lat_first;
    xd_str name, uri;
};

#define OGC_EPSG "http://www.opengis.net/def/crs/EPSG/0/"

static const xd_crs built_in[] = {
    {SAME_AS_WGS84, 0,    true, false, XD_STR("wgs84"),
     XD_STR("http://www.opengis.net/def/crs/OGC/1.3/CRS84")                        },
    {SAME_AS_WGS84, 4326, true, true,  XD_STR("epsg:4326"), XD_STR(OGC_EPSG "4326")},
    {SAME_AS_WGS84, 4490, true, true,  XD_STR("cgcs2000"),  XD_STR(OGC_EPSG "4490")},
    {BY_GCJ02,      0,    true, false, XD_STR("gcj02"),     {NULL, 0}              },
    {BY_BD09,       0,    true, false, XD_STR("bd09"),      {NULL, 0}              },
};

const xd_crs *xd_crs_wgs84(void)
{
    return &built_in[0];
}

xd_str xd_crs_name(const xd_crs *crs)
{
    return crs->name;
}

xd_str xd_crs_uri(const xd_crs *crs)
{
    return crs->uri;
}

bool xd_crs_same_as_wgs84(const xd_crs *crs)
{
    return crs->sort == SAME_AS_WGS84;
}

bool xd_crs_is_degrees(const xd_crs *crs)
{
    return crs->degrees;
}

bool xd_crs_lat_first(const xd_crs *crs)
{
    return crs->lat_first;
}

int xd_crs_epsg(const xd_crs *crs)
{
    return crs->sort == BY_PROJ ? crs->epsg : 0;
}

bool xd_crs_is_wgs84(const xd_crs *crs)
{
    return crs->sort == SAME_AS_WGS84;
}

/* ---- systems by number ---------------------------------------------------------------------
 */

enum { MOST_SYSTEMS = 10000 }; /* EPSG has some 7000 horizontal ones */

/* Entries never move or go: a pointer handed out stays good without the lock. */
static struct {
    pthread_mutex_t lock;
    xd_arena *arena;
    XD_VEC(xd_crs *) list;
} met = {.lock = PTHREAD_MUTEX_INITIALIZER};

static const xd_crs *met_find(int epsg)
{
    for (size_t i = 0; i < met.list.n; i++) {
        if (met.list.at[i]->epsg == epsg) {
            return met.list.at[i];
        }
    }
    return NULL;
}

static bool met_enter(xd_ctx *cx, int epsg, xd_projected about, const xd_crs **ret_crs)
{
    if (met.list.n == MOST_SYSTEMS) {
        return xd_fail(cx, XD_LIMIT, "too many coordinate systems");
    }
    if (met.arena == NULL) {
        met.arena = xd_arena_make();
    }
    xd_crs *crs = xd_new(met.arena, xd_crs);
    *crs = (xd_crs){
        .sort = BY_PROJ,
        .epsg = epsg,
        .degrees = about.degrees,
        .lat_first = about.north_first,
        .name = xd_str_printf(met.arena, "epsg:%d", epsg),
        .uri = xd_str_printf(met.arena, OGC_EPSG "%d", epsg),
    };
    *xd_push(met.arena, &met.list) = crs;
    *ret_crs = crs;
    return true;
}

static bool by_number(xd_ctx *cx, int epsg, const xd_crs **ret_crs)
{
    for (size_t i = 0; i < XD_LEN(built_in); i++) {
        if (built_in[i].epsg == epsg && epsg != 0) {
            *ret_crs = &built_in[i];
            return true;
        }
    }
    (void)pthread_mutex_lock(&met.lock); /* a static mutex, never taken twice by a thread */
    const xd_crs *found = met_find(epsg);
    bool ok = true;
    xd_projected about;
    if (found == NULL) {
        ok = xd_proj_about(cx, epsg, &about) && met_enter(cx, epsg, about, &found);
    }
    (void)pthread_mutex_unlock(&met.lock);
    if (ok) {
        *ret_crs = found;
    }
    return ok;
}

/* ---- names ---------------------------------------------------------------------------------
 */

enum { LONGEST_NAME = 200 };

/* Lower case, full-width letters and digits made ASCII, everything but letters, digits and
 * Chinese left out. */
static xd_str folded(xd_arena *arena, xd_str name)
{
    char *out = xd_new_n(arena, char, name.n + 1);
    size_t n = 0;
    for (size_t at = 0; at < name.n;) {
        uint32_t c = xd_utf8_next(name, &at);
        if (c >= 0xFF01 && c <= 0xFF5E) {
            c -= 0xFEE0;
        }
        if (c >= 'A' && c <= 'Z') {
            c += 'a' - 'A';
        }
        bool kept =
            (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 0x4E00 && c <= 0x9FFF);
        if (kept) {
            n += xd_utf8_put(c, out + n);
        }
    }
    return (xd_str){out, n};
}

static xd_str without(xd_arena *arena, xd_str s, xd_str word)
{
    for (size_t at = xd_str_find(s, word, 0); at != SIZE_MAX; at = xd_str_find(s, word, at)) {
        s = xd_str_join(arena, xd_str_sub(s, 0, at), xd_str_sub(s, at + word.n, s.n));
    }
    return s;
}

/* A number of at most six digits that starts at `at`; -1 when none does. */
static int number_at(xd_str s, size_t at)
{
    int value = -1;
    for (int n = 0; at < s.n && s.p[at] >= '0' && s.p[at] <= '9'; at++, n++) {
        if (n == 6) {
            return -1;
        }
        value = (value < 0 ? 0 : value) * 10 + (s.p[at] - '0');
    }
    return value;
}

static int number_after(xd_str s, xd_str word)
{
    size_t at = xd_str_find(s, word, 0);
    return at == SIZE_MAX ? -1 : number_at(s, at + word.n);
}

/* The number that ends where the word begins. */
static int number_before(xd_str s, xd_str word)
{
    size_t end = xd_str_find(s, word, 0);
    if (end == SIZE_MAX) {
        return -1;
    }
    size_t from = end;
    while (from > 0 && s.p[from - 1] >= '0' && s.p[from - 1] <= '9') {
        from -= 1;
    }
    return number_at(xd_str_sub(s, from, end), 0);
}

/* "EPSG:4490", "urn:ogc:def:crs:EPSG:9.9:4490", ".../EPSG/0/4490", "CGCS2000 (EPSG:4490)":
 * the last number of the run of digits and separators behind "epsg"; -1: not said so. */
static int epsg_in(xd_str name)
{
    size_t at = SIZE_MAX;
    for (size_t i = 0; i + 4 <= name.n && at == SIZE_MAX; i++) {
        at = xd_str_eq_nocase(xd_str_sub(name, i, i + 4), XD_S("epsg")) ? i + 4 : SIZE_MAX;
    }
    int number = -1;
    bool fresh = true;
    for (; at < name.n; at++) {
        char c = name.p[at];
        bool digit = c >= '0' && c <= '9';
        if (digit && fresh) {
            number = number_at(name, at);
        } else if (!digit && strchr(":/. _-", c) == NULL) {
            break;
        }
        fresh = c == ':' || c == '/' || c == ' ' || c == '_' || c == '-';
    }
    return number;
}

/* EPSG numbers of CGCS2000 Gauss-Krüger: with the zone before the easting 4491 + (zone − 13)
 * for the 6° zones 13–23 and 4513 + (zone − 25) for the 3° zones 25–45; without it, by central
 * meridian, 4534 + (meridian − 75) / 3. The 6° zones share their meridians with every second 3°
 * zone, and then the projection is the same. */
static int gauss_in(xd_str s)
{
    bool datum = xd_str_find(s, XD_S("2000"), 0) != SIZE_MAX;
    int meridian = number_after(s, XD_S("中央经线"));
    meridian = meridian > 0 ? meridian : number_after(s, XD_S("中央子午线"));
    meridian = meridian > 0 ? meridian : number_after(s, XD_S("cm"));
    if (datum && meridian >= 75 && meridian <= 135 && meridian % 3 == 0) {
        return 4534 + (meridian - 75) / 3;
    }
    int zone = number_after(s, XD_S("zone"));
    zone = zone > 0 ? zone : number_after(s, XD_S("带号"));
    zone = zone > 0 ? zone : number_after(s, XD_S("度带第"));
    zone = zone > 0 ? zone : number_after(s, XD_S("度带"));
    zone = zone > 0 ? zone : number_before(s, XD_S("带"));
    bool wide = xd_str_find(s, XD_S("6度"), 0) != SIZE_MAX ||
                xd_str_find(s, XD_S("六度"), 0) != SIZE_MAX ||
                xd_str_find(s, XD_S("6degree"), 0) != SIZE_MAX;
    if (datum && zone >= 13 && zone <= 23) {
        return 4491 + zone - 13;
    }
    if (datum && zone >= 25 && zone <= 45 && !wide) {
        return 4513 + zone - 25;
    }
    return -1;
}

typedef struct alias {
    xd_str name;
    int built_in; /* index; -1: epsg */
    int epsg;
} alias;

enum { WGS84, WGS84_LAT, CGCS2000, GCJ02, BD09 };

static const alias aliases[] = {
    {XD_STR("wgs84"),                                WGS84,    0   },
    {XD_STR("wgs1984"),                              WGS84,    0   },
    {XD_STR("wgs"),                                  WGS84,    0   },
    {XD_STR("gcswgs1984"),                           WGS84,    0   },
    {XD_STR("84"),                                   WGS84,    0   },
    {XD_STR("gps"),                                  WGS84,    0   },
    {XD_STR("crs84"),                                WGS84,    0   },
    {XD_STR("ogccrs84"),                             WGS84,    0   },
    {XD_STR("urnogcdefcrsogc13crs84"),               WGS84,    0   },
    {XD_STR("urnogcdefcrsogccrs84"),                 WGS84,    0   },
    {XD_STR("httpwwwopengisnetdefcrsogc13crs84"),    WGS84,    0   },
    {XD_STR("httpswwwopengisnetdefcrsogc13crs84"),   WGS84,    0   },
    {XD_STR("httpwwwopengisnetdefcrsogc0crs84"),     WGS84,    0   },
    {XD_STR("cgcs2000"),                             CGCS2000, 0   },
    {XD_STR("cgcs"),                                 CGCS2000, 0   },
    {XD_STR("2000"),                                 CGCS2000, 0   },
    {XD_STR("国家2000"),                           CGCS2000, 0   },
    {XD_STR("2000国家"),                           CGCS2000, 0   },
    {XD_STR("中国2000"),                           CGCS2000, 0   },
    {XD_STR("china2000"),                            CGCS2000, 0   },
    {XD_STR("天地图"),                            CGCS2000, 0   },
    {XD_STR("tianditu"),                             CGCS2000, 0   },
    {XD_STR("gcschinageodeticcoordinatesystem2000"), CGCS2000, 0   },
    {XD_STR("chinageodeticcoordinatesystem2000"),    CGCS2000, 0   },
    {XD_STR("gcj02"),                                GCJ02,    0   },
    {XD_STR("gcj"),                                  GCJ02,    0   },
    {XD_STR("火星"),                               GCJ02,    0   },
    {XD_STR("国测局"),                            GCJ02,    0   },
    {XD_STR("高德"),                               GCJ02,    0   },
    {XD_STR("腾讯"),                               GCJ02,    0   },
    {XD_STR("amap"),                                 GCJ02,    0   },
    {XD_STR("gaode"),                                GCJ02,    0   },
    {XD_STR("autonavi"),                             GCJ02,    0   },
    {XD_STR("tencent"),                              GCJ02,    0   },
    {XD_STR("mars"),                                 GCJ02,    0   },
    {XD_STR("bd09"),                                 BD09,     0   },
    {XD_STR("bd09ll"),                               BD09,     0   },
    {XD_STR("百度"),                               BD09,     0   },
    {XD_STR("baidu"),                                BD09,     0   },
    {XD_STR("北京54"),                             -1,       4214},
    {XD_STR("1954北京"),                           -1,       4214},
    {XD_STR("beijing54"),                            -1,       4214},
    {XD_STR("beijing1954"),                          -1,       4214},
    {XD_STR("西安80"),                             -1,       4610},
    {XD_STR("1980西安"),                           -1,       4610},
    {XD_STR("xian80"),                               -1,       4610},
    {XD_STR("xian1980"),                             -1,       4610},
    {XD_STR("webmercator"),                          -1,       3857},
    {XD_STR("web墨卡托"),                         -1,       3857},
    {XD_STR("墨卡托"),                            -1,       3857},
};

static const alias *alias_in(xd_arena *arena, xd_str s)
{
    static const xd_str around[] = {
        XD_STR("坐标系统"), XD_STR("坐标系"), XD_STR("坐标"),   XD_STR("大地"),
        XD_STR("地理"),     XD_STR("地图"),   XD_STR("经纬度"), XD_STR("经纬"),
    };
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < XD_LEN(aliases); i++) {
            if (xd_str_eq(s, aliases[i].name)) {
                return &aliases[i];
            }
        }
        for (size_t i = 0; i < XD_LEN(around); i++) {
            s = without(arena, s, around[i]);
        }
    }
    return NULL;
}

static bool unknown(xd_ctx *cx, xd_str name)
{
    xd_str shown = xd_str_sub(name, 0, xd_utf8_valid(xd_str_sub(name, 0, 60)));
    return xd_geo_refuse(
        cx,
        xd_str_printf(cx->arena,
                      "不认识坐标系“" XD_FMT
                      "”。可写 wgs84、cgcs2000（国家2000）、gcj02（高德、腾讯）"
                      "、bd09（百度）或 epsg:编号。",
                      XD_ARG(shown)),
        xd_str_printf(cx->arena,
                      "Unknown coordinate system \"" XD_FMT
                      "\": write wgs84, cgcs2000, gcj02, bd09"
                      " or epsg:number.",
                      XD_ARG(shown)));
}

bool xd_crs_find(xd_ctx *cx, xd_str name, const xd_crs **ret_crs)
{
    name = xd_str_trim(name);
    if (name.n == 0 || name.n > LONGEST_NAME) {
        return unknown(cx, name);
    }
    int epsg = epsg_in(name);
    xd_str s = folded(cx->arena, name);
    if (epsg < 0) {
        epsg = gauss_in(s);
    }
    if (epsg >= 0) {
        return by_number(cx, epsg, ret_crs);
    }
    const alias *known = alias_in(cx->arena, s);
    if (known == NULL) {
        return unknown(cx, name);
    }
    if (known->built_in < 0) {
        return by_number(cx, known->epsg, ret_crs);
    }
    *ret_crs = &built_in[known->built_in];
    return true;
}

/* ---- numbers -------------------------------------------------------------------------------
 */

static bool off_globe(xd_ctx *cx, double lon, double lat)
{
    return xd_geo_refuse(
        cx,
        xd_str_printf(cx->arena, "（%.7g，%.7g）不是经纬度：经度 ±180、纬度 ±90 以内。", lon,
                      lat),
        xd_str_printf(cx->arena,
                      "(%.7g, %.7g) is no longitude and latitude: within ±180 and ±90.", lon,
                      lat));
}

bool xd_crs_to_wgs84(xd_ctx *cx, const xd_crs *crs, double x, double y, xd_pos *ret_pos)
{
    xd_lonlat p = {x, y};
    xd_pos checked;
    if (crs->sort != BY_PROJ && !xd_pos_of(x, y, &checked)) {
        return off_globe(cx, x, y); /* before the shifts, which are for degrees */
    }
    switch (crs->sort) {
    case SAME_AS_WGS84:
        break;
    case BY_GCJ02:
        p = xd_gcj02_to_wgs84(p);
        break;
    case BY_BD09:
        p = xd_bd09_to_wgs84(p);
        break;
    case BY_PROJ:
        if (!xd_proj_run(cx, crs->epsg, false, x, y, &p.lon, &p.lat)) {
            return false;
        }
        break;
    }
    return xd_pos_of(p.lon, p.lat, ret_pos) || off_globe(cx, p.lon, p.lat);
}

bool xd_crs_from_wgs84(xd_ctx *cx, const xd_crs *crs, xd_pos pos, double *ret_x, double *ret_y)
{
    xd_lonlat p = {(double)pos.lon / XD_DEGREE, (double)pos.lat / XD_DEGREE};
    switch (crs->sort) {
    case SAME_AS_WGS84:
        break;
    case BY_GCJ02:
        p = xd_gcj02_from_wgs84(p);
        break;
    case BY_BD09:
        p = xd_bd09_from_wgs84(p);
        break;
    case BY_PROJ:
        return xd_proj_run(cx, crs->epsg, true, p.lon, p.lat, ret_x, ret_y);
    }
    *ret_x = p.lon;
    *ret_y = p.lat;
    return true;
}

static bool take_numbers(xd_ctx *cx, const void *user, const xd_json *x, const xd_json *y,
                         xd_pos *ret_pos)
{
    const xd_crs *crs = (const xd_crs *)user;
    double numbers[2];
    if (!xd_json_double(x, &numbers[0]) || !xd_json_double(y, &numbers[1])) {
        return xd_geo_refuse(cx, XD_S("坐标应为两个数。"), XD_S("A position is two numbers."));
    }
    return xd_crs_to_wgs84(cx, crs, numbers[0], numbers[1], ret_pos);
}

bool xd_geom_to_wgs84(xd_ctx *cx, const xd_crs *crs, const xd_json *geometry,
                      const xd_geom **ret_geom)
{
    return xd_geom_read_with(cx, geometry, take_numbers, crs, ret_geom);
}

/* ---- writing -------------------------------------------------------------------------------
 */

typedef struct put_how {
    const xd_crs *crs;
    bool lat_first;
} put_how;

static bool put_numbers(xd_ctx *cx, const void *user, xd_buf *out, xd_pos at)
{
    const put_how *how = (const put_how *)user;
    double x;
    double y;
    if (!xd_crs_from_wgs84(cx, how->crs, at, &x, &y)) {
        return false;
    }
    int decimals = !how->crs->degrees ? 3 : how->crs->sort == BY_PROJ ? 7 : 9;
    xd_buf_printf(out, "%.*f,%.*f", decimals, how->lat_first ? y : x, decimals,
                  how->lat_first ? x : y);
    return true;
}

bool xd_geom_write_crs(xd_ctx *cx, xd_buf *out, const xd_geom *geom, const xd_crs *crs,
                       bool lat_first)
{
    if (crs->sort == SAME_AS_WGS84) {
        xd_geom_write(out, geom, lat_first);
        return true;
    }
    put_how how = {crs, lat_first};
    return xd_geom_write_with(cx, out, geom, put_numbers, &how);
}
