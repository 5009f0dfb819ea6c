/* exchange/export_geojson.c — RFC 7946 FeatureCollection; its properties are the columns of our
 * tables, so that it reads back in. The place's columns are left out: the geometry says it, but
 * for its precision, source CRS and raw text. */
#include "exchange/export_out.h"

#define WRITE_AT ((size_t)64 << 10)

static bool says_geometry(const xd_column *column)
{
    static const xd_str parts[] = {XD_STR("lon"), XD_STR("lat"), XD_STR("both"),
                                   XD_STR("geometry")};
    for (size_t i = 0; i < XD_LEN(parts); i++) {
        if (xd_str_eq(column->part, parts[i])) {
            return column->field != NULL && column->field->kind == XD_KIND_PLACE;
        }
    }
    return false;
}

static bool write_geometry(xd_ctx *cx, const xd_out *out, const xd_json *body, xd_buf *to)
{
    const xd_field *place = out->options->type->place;
    const xd_geom *geom = NULL;
    const xd_json *value = place == NULL ? NULL : xd_value(place, body, 0);
    if (value != NULL && !xd_value_geom(cx, value, &geom)) {
        return false;
    }
    if (geom == NULL) {
        xd_buf_add(to, XD_S("null"));
        return true;
    }
    if (out->options->crs == NULL) {
        xd_geom_write(to, geom, false);
        return true;
    }
    return xd_geom_write_crs(cx, to, geom, out->options->crs, false);
}

static bool write_feature(xd_ctx *cx, const xd_out *out, void *user, size_t i, int64_t id,
                          const xd_json *body)
{
    xd_buf *to = user;
    xd_buf_printf(to, "%s{\"type\":\"Feature\",\"id\":%" PRId64 ",\"geometry\":",
                  i == 0 ? "" : ",\n", id);
    if (!write_geometry(cx, out, body, to)) {
        return false;
    }
    xd_buf_add(to, XD_S(",\"properties\":{"));
    bool first = true;
    for (size_t k = 0; k < out->columns.n; k++) {
        const xd_column *column = out->columns.at[k];
        if (says_geometry(column)) {
            continue;
        }
        xd_str text = xd_cell_write(cx, out->model, column, body, out->options->lang,
                                    out->link_text, out->link_user);
        if (!first) {
            xd_buf_byte(to, ',');
        }
        first = false;
        xd_buf_json(to, column->header, false);
        xd_buf_byte(to, ':');
        if (text.n == 0) {
            xd_buf_add(to, XD_S("null"));
        } else {
            xd_buf_json(to, text, false);
        }
    }
    xd_buf_add(to, XD_S("}}"));
    return xd_out_flush(cx, out->fd, to, WRITE_AT);
}

bool xd_out_geojson(xd_ctx *cx, const xd_out *out)
{
    xd_buf to = {0};
    xd_buf_add(&to, XD_S("{\"type\":\"FeatureCollection\","));
    const xd_crs *crs = out->options->crs;
    if (crs != NULL && xd_crs_uri(crs).n > 0) {
        /* Not of RFC 7946, which knows one system only; GDAL and QGIS read it. */
        xd_buf_add(&to, XD_S("\"crs\":{\"type\":\"name\",\"properties\":{\"name\":"));
        xd_buf_json(&to, xd_crs_uri(crs), false);
        xd_buf_add(&to, XD_S("}},"));
    }
    xd_buf_add(&to, XD_S("\"features\":[\n"));
    bool ok = xd_out_each(out, cx, write_feature, &to);
    xd_buf_add(&to, XD_S("]}\n"));
    ok = ok && xd_out_flush(cx, out->fd, &to, 0);
    xd_buf_free(&to);
    return ok;
}
