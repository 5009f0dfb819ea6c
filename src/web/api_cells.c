/* What a question finds, counted by squares of the map: the tiles of a zoom. */
#include "web/api.h"

#define CELLS_TAKES (XD_TAKES_WHAT | XD_TAKES_COLOUR)

static void put_degrees(xd_buf *out, int32_t units)
{
    xd_buf_printf(out, "%.7f", (double)units / XD_DEGREE);
}

static void put_position(xd_buf *out, int32_t lon, int32_t lat)
{
    xd_buf_byte(out, '[');
    put_degrees(out, lon);
    xd_buf_byte(out, ',');
    put_degrees(out, lat);
    xd_buf_byte(out, ']');
}

static void put_square(xd_buf *out, const xd_square *s)
{
    xd_box box = xd_tile_box(s->tile);
    const int32_t ring[5][2] = {
        {box.west, box.south},
        {box.east, box.south},
        {box.east, box.north},
        {box.west, box.north},
        {box.west, box.south},
    };
    xd_buf_printf(
        out,
        "{\"type\":\"Feature\",\"id\":\"%d/%u/%u\",\"geometry\":{\"type\":\"Polygon\","
        "\"coordinates\":[[",
        s->tile.z, s->tile.y, s->tile.x);
    for (size_t i = 0; i < XD_LEN(ring); i++) {
        xd_put(out, i == 0 ? "" : ",");
        put_position(out, ring[i][0], ring[i][1]);
    }
    xd_buf_printf(out,
                  "]]},\"properties\":{\"count\":%" PRIu64 ",\"roughly\":%" PRIu64 ",\"mean\":",
                  s->n, s->roughly);
    put_position(out, s->mean.lon, s->mean.lat);
    if (s->value.n > 0) {
        xd_put(out, ",\"value\":");
        xd_buf_json(out, s->value, false);
        xd_buf_printf(out, ",\"of_value\":%" PRIu64, s->of_value);
    }
    xd_put(out, "}}");
}

bool xd_cells_serve(xd_ctx *cx, const xd_app *app, const xd_request *request,
                    xd_response *response)
{
    const xd_type *type = xd_api_type(app, request);
    const xd_snap *snap = xd_snap_open(cx, app->index);
    const xd_answer *answer;
    const xd_square *squares;
    xd_buf *out = &response->body;
    xd_asked asked;
    size_t n;
    int64_t z;
    if (!xd_str_int(request->parts[1], &z) || z < 1 || z > XD_SQUARES_ZOOM) {
        return xd_fail(cx, XD_ABSENT, "no cells of that zoom");
    }
    if (!xd_asked_read(cx, app, request, type, CELLS_TAKES, true, &asked)) {
        return false;
    }
    asked.ask.limit = 0;
    if (!xd_ask_run(cx, snap, &asked.ask, &answer) ||
        !xd_ask_squares(cx, snap, &asked.ask, (int)z, asked.colour, &squares, &n)) {
        return xd_fail_note(cx, "cells of " XD_FMT, XD_ARG(type->path));
    }
    response->type = XD_S(XD_GEOJSON_MEDIA);
    xd_buf_printf(out,
                  "{\"type\":\"FeatureCollection\",\"numberMatched\":%" PRIu64
                  ",\"withoutPlace\":%" PRIu64 ",\"features\":[",
                  answer->matched, answer->placeless);
    for (size_t i = 0; i < n; i++) {
        xd_put(out, i == 0 ? "" : ",");
        put_square(out, &squares[i]);
    }
    xd_put(out, "]}\n");
    return true;
}
