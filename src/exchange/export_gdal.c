/* exchange/export_gdal.c — the parent's side of GeoPackage and Shapefile: records as lines in a file
 * without a name, given to the worker, which has GDAL (write_gdal.c says what the lines are). */
#include "base/file.h"
#include "exchange/export_out.h"
#include "exchange/worker.h"

#include <stdio.h>
#include <unistd.h>

#define WRITE_AT ((size_t)64 << 10)
#define SHORT_NAME 10
#define DBF_TEXT 254

typedef struct lines {
    int fd;
    xd_buf out;
    XD_VEC(bool) is_place; /* of each column: said by the geometry already */
    int64_t cut;           /* Shapefile: texts too long for dBASE */
} lines;

/* Columns whose text is a number for a GIS; codes and dates stay text. */
static const char *field_kind(const xd_column *column)
{
    const xd_field *field = column->field;
    if (field == NULL || field->many || field->kind != XD_KIND_NUMBER ||
        xd_str_eq(column->part, XD_S("unit"))) {
        return "text";
    }
    return field->decimals == 0 ? "integer" : "real";
}

static bool said_by_geometry(const xd_column *column)
{
    return column->field != NULL && column->field->kind == XD_KIND_PLACE &&
           (xd_str_eq(column->part, XD_S("lon")) || xd_str_eq(column->part, XD_S("lat")) ||
            xd_str_eq(column->part, XD_S("both")) || xd_str_eq(column->part, XD_S("geometry")));
}

/* Ten bytes of ASCII, unlike any other: the field's name and part, cut, then numbered. */
static xd_str short_name(xd_ctx *cx, const xd_column *column, const xd_json *fields)
{
    xd_str stem = column->field == NULL ? column->part : column->field->name;
    if (column->field != NULL && column->part.n > 0) {
        stem = xd_str_printf(
            cx->arena, XD_FMT "_" XD_FMT,
            XD_ARG(xd_str_sub(stem, 0,
                              SHORT_NAME - 1 - (column->part.n < 4 ? column->part.n : 4))),
            XD_ARG(xd_str_sub(column->part, 0, 4)));
    }
    xd_str name = xd_str_sub(stem, 0, SHORT_NAME);
    for (int n = 2;; n++) {
        bool taken = false;
        for (size_t i = 0; i < xd_json_len(fields); i++) {
            taken = taken ||
                    xd_str_eq_nocase(xd_json_str(xd_json_at(xd_json_at(fields, i), 2)), name);
        }
        if (!taken) {
            return name;
        }
        xd_str tail = xd_str_printf(cx->arena, "%d", n);
        name = xd_str_join(cx->arena, xd_str_sub(stem, 0, SHORT_NAME - tail.n), tail);
    }
}

/* The number of a system GDAL can write; GCJ-02 and BD-09 have none. */
static bool epsg_of(xd_ctx *cx, const xd_crs *crs, int64_t *ret_epsg)
{
    xd_str name = crs == NULL ? XD_S("wgs84") : xd_crs_name(crs);
    if (xd_str_eq(name, XD_S("wgs84"))) {
        *ret_epsg = 4326;
        return true;
    }
    if (xd_str_eq(name, XD_S("cgcs2000"))) {
        *ret_epsg = 4490;
        return true;
    }
    if (xd_str_starts(name, XD_S("epsg:")) &&
        xd_str_int(xd_str_sub(name, 5, name.n), ret_epsg)) {
        return true;
    }
    (void)xd_fail(cx, XD_INVALID, "no EPSG number for " XD_FMT, XD_ARG(name));
    return xd_fail_words(cx,
                         XD_S("GeoPackage 和 Shapefile 不能写这种坐标系，请改用 "
                              "wgs84、cgcs2000 或 epsg:编号，或导出为 GeoJSON。"),
                         XD_S("GeoPackage and Shapefile cannot be in that system: use wgs84, "
                              "cgcs2000 or epsg:N, or export GeoJSON."));
}

static bool write_about(xd_ctx *cx, const xd_out *out, lines *l)
{
    bool shp = out->options->format == XD_SHP;
    int64_t epsg = 0;
    if (!epsg_of(cx, out->options->crs, &epsg)) {
        return false;
    }
    xd_json *about = xd_json_object(cx->arena), *fields = xd_json_array(cx->arena);
    for (size_t k = 0; k < out->columns.n; k++) {
        const xd_column *column = out->columns.at[k];
        *xd_push(cx->arena, &l->is_place) = said_by_geometry(column);
        if (l->is_place.at[k]) {
            continue;
        }
        xd_json *field = xd_json_array(cx->arena);
        xd_json_add(cx->arena, field, xd_json_string(cx->arena, column->header));
        xd_json_add(cx->arena, field, xd_json_string(cx->arena, xd_str_of(field_kind(column))));
        xd_json_add(cx->arena, field,
                    xd_json_string(cx->arena, short_name(cx, column, fields)));
        xd_json_add(cx->arena, fields, field);
    }
    xd_json_set(cx->arena, about, XD_S("layer"),
                xd_json_string(cx->arena, out->options->type->name));
    xd_json_set(cx->arena, about, XD_S("format"),
                xd_json_string(cx->arena, shp ? XD_S("shp") : XD_S("gpkg")));
    xd_json_set(cx->arena, about, XD_S("placeless"),
                xd_json_integer(cx->arena, out->options->type->place == NULL));
    xd_json_set(cx->arena, about, XD_S("epsg"), xd_json_integer(cx->arena, epsg));
    xd_json_set(cx->arena, about, XD_S("encoding"),
                xd_json_string(cx->arena, out->options->gb18030 ? XD_S("GBK") : XD_S("UTF-8")));
    xd_json_set(
        cx->arena, about, XD_S("note"),
        xd_json_string(
            cx->arena,
            XD_S("Shapefile 的文字最多 254 字节，更长的在此截断；完整内容请用 "
                 "GeoPackage。fields.tsv 是短字段名与原表头的对照。\n"
                 "Texts in a Shapefile end after 254 bytes: longer ones are cut here; use "
                 "GeoPackage for all. fields.tsv lists short names and headers.\n")));
    xd_json_set(cx->arena, about, XD_S("fields"), fields);
    xd_json_plain(&l->out, about);
    xd_buf_byte(&l->out, '\n');
    return true;
}

/* Cut at a character, never inside one. */
static xd_str fit(lines *l, const xd_out *out, xd_str text)
{
    if (out->options->format != XD_SHP || text.n <= DBF_TEXT) {
        return text;
    }
    l->cut++;
    xd_str head = xd_str_sub(text, 0, DBF_TEXT);
    return xd_str_sub(head, 0, xd_utf8_valid(head));
}

static bool write_line(xd_ctx *cx, const xd_out *out, void *user, size_t i, int64_t id,
                       const xd_json *body)
{
    (void)i;
    lines *l = user;
    const xd_field *place = out->options->type->place;
    const xd_json *value = place == NULL ? NULL : xd_value(place, body, 0);
    const xd_geom *geom = NULL;
    if (value != NULL && !xd_value_geom(cx, value, &geom)) {
        return false;
    }
    xd_buf_printf(&l->out, "[%" PRId64 ",", id);
    if (geom == NULL) {
        xd_buf_add(&l->out, XD_S("null"));
    } else if (out->options->crs == NULL) {
        xd_geom_write(&l->out, geom, false);
    } else if (!xd_geom_write_crs(cx, &l->out, geom, out->options->crs, false)) {
        return false;
    }
    for (size_t k = 0; k < out->columns.n; k++) {
        if (l->is_place.at[k]) {
            continue;
        }
        xd_str text = xd_cell_write(cx, out->model, out->columns.at[k], body,
                                    out->options->lang, out->link_text, out->link_user);
        xd_buf_byte(&l->out, ',');
        int64_t integer;
        if (text.n == 0) {
            xd_buf_add(&l->out, XD_S("null"));
        } else if (strcmp(field_kind(out->columns.at[k]), "integer") == 0 &&
                   xd_str_int(text, &integer)) {
            xd_buf_int(&l->out, integer);
        } else if (strcmp(field_kind(out->columns.at[k]), "real") == 0) {
            xd_buf_add(&l->out, text);
        } else {
            xd_buf_json(&l->out, fit(l, out, text), false);
        }
    }
    xd_buf_add(&l->out, XD_S("]\n"));
    return xd_out_flush(cx, l->fd, &l->out, WRITE_AT);
}

bool xd_out_gdal(xd_ctx *cx, const xd_out *out)
{
    lines l = {.fd = -1};
    if (!xd_file_unnamed(cx, &l.fd)) {
        return false;
    }
    bool ok = write_about(cx, out, &l) && xd_out_each(out, cx, write_line, &l) &&
              xd_out_flush(cx, l.fd, &l.out, 0) && xd_job_run(cx, XD_S("write"), l.fd, out->fd);
    xd_buf_free(&l.out);
    (void)close(l.fd); /* its contents are in the other file now */
    return ok;
}
