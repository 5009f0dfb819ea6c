/* exchange/export.c — formats by name, and the walk all writers share. */
#include "exchange/export.h"

#include "base/file.h"
#include "exchange/export_out.h"

/* One row an ending; the longest that fits wins. */
static const struct {
    xd_str ending;
    xd_format format;
} endings[] = {
    {XD_STR(".csv"),     XD_CSV    },
    {XD_STR(".xlsx"),    XD_XLSX   },
    {XD_STR(".geojson"), XD_GEOJSON},
    {XD_STR(".json"),    XD_GEOJSON},
    {XD_STR(".gpkg"),    XD_GPKG   },
    {XD_STR(".shp"),     XD_SHP    },
    {XD_STR(".zip"),     XD_SHP    },
};

static const xd_str media[] = {
    [XD_CSV] = XD_STR("text/csv"),
    [XD_XLSX] = XD_STR("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    [XD_GEOJSON] = XD_STR("application/geo+json"),
    [XD_GPKG] = XD_STR("application/geopackage+sqlite3"),
    [XD_SHP] = XD_STR("application/zip"),
};

bool xd_format_of(xd_ctx *cx, xd_str name, xd_format *ret_format)
{
    for (size_t i = 0; i < XD_LEN(endings); i++) {
        xd_str end = xd_str_sub(
            name, name.n < endings[i].ending.n ? name.n : name.n - endings[i].ending.n, name.n);
        if (xd_str_eq_nocase(end, endings[i].ending)) {
            *ret_format = endings[i].format;
            return true;
        }
    }
    (void)xd_fail(cx, XD_INVALID, "no format for the file name " XD_FMT, XD_ARG(name));
    return xd_fail_words(
        cx,
        xd_str_printf(cx->arena,
                      "从文件名“" XD_FMT
                      "”看不出格式。请用 .csv .xlsx .geojson .gpkg 或 .shp.zip 结尾。",
                      XD_ARG(name)),
        xd_str_printf(cx->arena,
                      "The file name " XD_FMT
                      " says no format. End it in .csv, .xlsx, .geojson, .gpkg or .shp.zip.",
                      XD_ARG(name)));
}

xd_str xd_format_media(xd_format format)
{
    return media[format];
}

bool xd_out_flush(xd_ctx *cx, int fd, xd_buf *out, size_t keep_below)
{
    if (out->failed) {
        return xd_fail(cx, XD_LIMIT, "a record is too large to write");
    }
    if (out->n < keep_below) {
        return true;
    }
    if (!xd_file_write(cx, fd, xd_buf_str(out))) {
        return false;
    }
    xd_buf_clear(out);
    return true;
}

xd_str xd_out_defuse(xd_ctx *cx, xd_str text)
{
    if (text.n == 0 || strchr("=+-@\t\r'", text.p[0]) == NULL || text.p[0] == '\0') {
        return text;
    }
    bool number = text.p[0] == '-' && text.n > 1;
    for (size_t i = 1; number && i < text.n; i++) {
        number = (text.p[i] >= '0' && text.p[i] <= '9') || text.p[i] == '.';
    }
    return number ? text : xd_str_join(cx->arena, XD_S("'"), text);
}

/* Columns of hidden fields, and the place's own words, are the operator's. */
static bool column_wanted(const xd_export_options *options, const xd_column *column)
{
    return !options->public_only || column->field == NULL || !column->field->hidden;
}

bool xd_out_columns(xd_ctx *cx, const xd_model *model, const xd_export_options *options,
                    xd_out_columns_list *ret_columns)
{
    const xd_column *all;
    size_t n;
    xd_out_columns_list list = {0};
    if (!xd_columns(cx, model, options->type, options->lang, &all, &n)) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        if (column_wanted(options, &all[i])) {
            *xd_push(cx->arena, &list) = &all[i];
        }
    }
    for (size_t i = 0; i < options->n_more; i++) {
        *xd_push(cx->arena, &list) = &options->more[i];
    }
    *ret_columns = list;
    return true;
}

bool xd_out_each(const xd_out *out, xd_ctx *cx, xd_out_row *row, void *user)
{
    xd_ctx each;
    xd_ctx_begin(&each);
    each.lang = cx->lang;
    each.stop = cx->stop;
    bool ok = true;
    for (size_t i = 0; ok; i++) {
        int64_t id = 0;
        const xd_json *body = NULL;
        ok = xd_go_on(&each) && out->next(out->next_user, &each, &id, &body);
        if (ok && body == NULL) {
            break;
        }
        ok = ok && row(&each, out, user, i, id, body);
        if (ok) {
            xd_ctx_reset(&each);
        }
    }
    if (!ok) {
        (void)xd_fail(cx, each.err.code, XD_FMT, XD_ARG(each.err.message));
        (void)xd_fail_words(cx, each.err.zh, each.err.en);
    }
    xd_ctx_end(&each);
    return ok;
}

/* Cells of tables are degrees of WGS 84 (CGCS2000 is the same to a hand's breadth): no column of theirs
 * would say that they are anything else. */
static bool system_is_held(xd_ctx *cx, const xd_export_options *options)
{
    const xd_crs *crs = options->crs;
    if ((options->format != XD_CSV && options->format != XD_XLSX) || crs == NULL ||
        xd_crs_same_as_wgs84(crs)) {
        return true;
    }
    (void)xd_fail(cx, XD_INVALID, "tables hold WGS 84, not " XD_FMT, XD_ARG(xd_crs_name(crs)));
    return xd_fail_words(
        cx,
        XD_S("CSV 和 XLSX 里的经纬度总是 WGS 84（与 CGCS2000 相同）。要别的坐标系，请导出 "
             "GeoJSON、GeoPackage 或 Shapefile。"),
        XD_S("CSV and XLSX always hold degrees of WGS 84 (the same as CGCS2000). For another "
             "system export GeoJSON, GeoPackage or a Shapefile."));
}

bool xd_export_run(xd_ctx *cx, const xd_model *model, const xd_export_options *options,
                   xd_next_body *next, void *next_user, xd_link_text *link_text,
                   void *link_user, int fd)
{
    static bool (*const writers[])(xd_ctx *, const xd_out *) = {
        [XD_CSV] = xd_out_csv,   [XD_XLSX] = xd_out_xlsx, [XD_GEOJSON] = xd_out_geojson,
        [XD_GPKG] = xd_out_gdal, [XD_SHP] = xd_out_gdal,
    };
    xd_out out = {
        .model = model,
        .options = options,
        .next = next,
        .next_user = next_user,
        .link_text = link_text,
        .link_user = link_user,
        .fd = fd,
    };
    return system_is_held(cx, options) && xd_out_columns(cx, model, options, &out.columns) &&
           writers[options->format](cx, &out);
}
