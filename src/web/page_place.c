/* Where a record is: the locator map, and in words how well that is known. A place known to the
 * county only is a ring, never a point to go to, and offers no navigation. */
#include "web/page_record.h"

#define MAP_W 2000
#define MAP_H 620
#define NEIGHBOURS 120
#define WIDE_M 60000.0
#define CLOSE_M 34000.0

xd_str xd_number_degrees(xd_arena *arena, int32_t units, int decimals)
{
    int64_t u = units < 0 ? -(int64_t)units : units, step = XD_DEGREE;
    for (int i = 0; i < decimals; i++) {
        step /= 10;
    }
    u = (u + step / 2) / step;
    int64_t whole = XD_DEGREE / step;
    return xd_str_printf(arena, "%s%" PRId64 ".%0*" PRId64, units < 0 ? "-" : "", u / whole,
                         decimals, u % whole);
}

/* More digits than the precision carries would claim what nobody knows. */
static xd_str coordinates(xd_record_page *r, xd_pos at, xd_precision precision)
{
    xd_arena *arena = r->page.cx->arena;
    int decimals = precision == XD_PRECISION_EXACT ? 5 : precision == XD_PRECISION_SITE ? 3 : 2;
    xd_str lat = xd_number_degrees(arena, at.lat < 0 ? -at.lat : at.lat, decimals);
    xd_str lon = xd_number_degrees(arena, at.lon < 0 ? -at.lon : at.lon, decimals);
    xd_str both = xd_str_printf(arena, XD_FMT "°%s " XD_FMT "°%s", XD_ARG(lat),
                                at.lat < 0 ? "S" : "N", XD_ARG(lon), at.lon < 0 ? "W" : "E");
    return xd_say_s(&r->page, XD_W_RECORD_WGS84, "at", both);
}

static void say_precision(xd_record_page *r, xd_precision precision)
{
    static const xd_word_id words[] = {
        [XD_PRECISION_EXACT] = XD_W_RECORD_PRECISION_EXACT,
        [XD_PRECISION_SITE] = XD_W_RECORD_PRECISION_SITE,
        [XD_PRECISION_TOWN] = XD_W_RECORD_PRECISION_TOWN,
        [XD_PRECISION_COUNTY] = XD_W_RECORD_PRECISION_COUNTY,
        [XD_PRECISION_NONE] = XD_W_RECORD_PRECISION_NONE,
    };
    r->view.precision = xd_say(&r->page, words[precision]);
    if (precision == XD_PRECISION_COUNTY) {
        r->view.precision_note = xd_say(&r->page, XD_W_RECORD_PRECISION_COUNTY_NOTE);
    } else if (precision == XD_PRECISION_TOWN) {
        r->view.precision_note = xd_say(&r->page, XD_W_RECORD_PRECISION_TOWN_NOTE);
    }
}

/* Other records of the type inside the frame: where one is, among what. */
static bool neighbours(xd_record_page *r, const xd_frame *frame, xd_spot *spots, size_t *n)
{
    xd_ctx *cx = r->page.cx;
    const xd_field *colour = xd_colour_field(r->type);
    const xd_ask ask = {.type = r->type, .has_box = true, .box = frame->box, .lang = cx->lang};
    const xd_dot *dots;
    size_t n_dots;

    if (!xd_ask_dots(cx, r->page.snap, &ask, colour, NEIGHBOURS, &dots, &n_dots)) {
        return false;
    }
    for (size_t i = 0; i < n_dots; i++) {
        if (dots[i].id != r->id) {
            spots[(*n)++] = (xd_spot){
                .id = dots[i].id,
                .at = dots[i].at,
                .vague = dots[i].precision == XD_PRECISION_COUNTY,
                .value =
                    colour == NULL ? NULL : xd_term_find(colour->vocabulary, dots[i].value),
                .year = INT32_MIN,
                .url = xd_url_id(cx, r->type, dots[i].id, ""),
            };
        }
    }
    return true;
}

static bool add_map(xd_record_page *r, xd_pos at, xd_precision precision)
{
    xd_ctx *cx = r->page.cx;
    bool vague = precision == XD_PRECISION_COUNTY;
    xd_frame frame = xd_frame_around(at, vague ? WIDE_M : CLOSE_M, MAP_W, MAP_H);
    xd_view_map *map = xd_new(cx->arena, xd_view_map);
    xd_spot *spots = xd_new_n(cx->arena, xd_spot, NEIGHBOURS + 1);
    size_t n = 1;

    spots[0] = (xd_spot){
        .id = r->id,
        .at = at,
        .vague = vague,
        .value = xd_field_term(xd_colour_field(r->type), r->body),
        .year = INT32_MIN,
        .title = r->view.title.text,
        .name = r->view.title.text,
        .url = r->view.permalink,
        .here = true,
    };
    if (!xd_chart_draw(cx, r->page.site->chart, &frame, map) ||
        !neighbours(r, &frame, spots, &n)) {
        return false;
    }
    map->id = XD_S("map");
    map->says = xd_say_s(&r->page, XD_W_MAP_SAYS_ONE, "what", r->view.title.text);
    xd_map_credit(&r->page, map);
    xd_map_relief(&r->page, &frame, map);
    xd_map_spots(cx, &frame, spots, n, map);
    xd_map_places(cx, r->page.site, r->page.app->model, &frame, true, map);
    if (vague || precision == XD_PRECISION_TOWN) {
        map->has_circle = true;
        xd_frame_put(&frame, at, &map->circle_x, &map->circle_y);
        map->circle_r = (int)xd_frame_units(&frame, at, xd_precision_radius_m[precision]);
    }
    r->view.map = map;
    return true;
}

bool xd_record_place(xd_record_page *r)
{
    xd_ctx *cx = r->page.cx;
    const xd_json *value = r->type->place == NULL ? NULL : xd_value(r->type->place, r->body, 0);
    xd_precision precision = value == NULL ? XD_PRECISION_NONE : xd_value_precision(value);
    xd_pos at;
    bool vague;

    r->view.place = xd_body_place(&r->page, r->type, r->body);
    if (r->type->place != NULL) { /* what has no place is not said to have a vague one */
        say_precision(r, precision);
    }
    r->view.has_place = r->view.place.n > 0 || r->type->place != NULL;
    if (!xd_body_spot(&r->page, r->type, r->body, &at, &vague)) {
        return true;
    }
    if (!vague) {
        r->view.coordinates = coordinates(r, at, precision);
    }
    if (precision == XD_PRECISION_EXACT || precision == XD_PRECISION_SITE) {
        r->view.navigate = xd_url_geo(cx, at.lon, at.lat);
    }
    if (r->page.site->chart == NULL) {
        return true;
    }
    xd_query query = {0};
    xd_query_add(cx, &query, XD_S("type"), r->type->path);
    r->view.on_map = xd_url_query(cx, xd_url_page(cx, "/map"), &query);
    /* The view of the large map stands in the fragment: zoom, latitude, longitude. */
    r->view.on_map.address = xd_str_printf(cx->arena, XD_FMT "#map=%d/" XD_FMT "/" XD_FMT,
                                           XD_ARG(r->view.on_map.address), vague ? 8 : 11,
                                           XD_ARG(xd_number_degrees(cx->arena, at.lat, 4)),
                                           XD_ARG(xd_number_degrees(cx->arena, at.lon, 4)));
    return add_map(r, at, precision);
}
