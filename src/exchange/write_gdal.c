/* exchange/write_gdal.c — our own lines into GeoPackage or a zipped Shapefile; runs in the worker.
 *
 * Input, made by export_gdal.c: a first line that says what is to be made,
 *   {"layer","format","epsg","encoding","note","fields":[[header, "text"|"integer"|"real", short], …]}
 * then one line a record: [id, GeoJSON geometry or null, value, …], values in the order of fields.
 * Output goes to /vsimem first, then to in->fd_out: GDAL wants to seek and to make neighbours.
 *
 * A Shapefile holds one kind of shape and names of ten bytes: it becomes up to three files (points,
 * lines, areas; what has no place goes with the points) with the short names, and fields.tsv says
 * which header each was, so that read_gdal.c gives it back. */
#include "exchange/gdal.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <errno.h>
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/json.h"

#define DBF_TEXT 254 /* bytes of a text in dBASE */

typedef struct output {
    GDALDatasetH data;
    OGRSpatialReferenceH srs;
    const xd_json *fields;
    xd_str layer, encoding;
    bool shp, placeless; /* records of a type without places: a table in the GeoPackage */
    OGRLayerH layers[3]; /* points (or all), lines, areas: Shapefile only uses the others */
} output;

static bool fail(xd_ctx *cx, const char *what)
{
    xd_str why = xd_gdal_error(cx->arena);
    return xd_fail(cx, XD_SYSTEM, "GDAL, %s: " XD_FMT, what, XD_ARG(why));
}

static bool add_fields(xd_ctx *cx, const output *o, OGRLayerH layer)
{
    for (size_t i = 0; i < xd_json_len(o->fields); i++) {
        const xd_json *field = xd_json_at(o->fields, i);
        xd_str kind = xd_json_str(xd_json_at(field, 1));
        OGRFieldType type = xd_str_eq(kind, XD_S("integer")) ? OFTInteger64
                            : xd_str_eq(kind, XD_S("real"))  ? OFTReal
                                                             : OFTString;
        xd_str name = xd_json_str(xd_json_at(field, o->shp ? 2 : 0));
        OGRFieldDefnH made = OGR_Fld_Create(xd_cstr(cx->arena, name), type);
        if (o->shp && type == OFTString) {
            OGR_Fld_SetWidth(made, DBF_TEXT);
        }
        OGRErr error = OGR_L_CreateField(layer, made, TRUE);
        OGR_Fld_Destroy(made);
        if (error != OGRERR_NONE) {
            return fail(cx, "making a field");
        }
    }
    return true;
}

/* The layer a shape goes to, made when first needed. */
static bool layer_for(xd_ctx *cx, output *o, OGRGeometryH geometry, OGRLayerH *ret)
{
    static const char *const ends[] = {"", "_line", "_area"};
    OGRwkbGeometryType flat =
        geometry == NULL ? wkbPoint : OGR_GT_Flatten(OGR_G_GetGeometryType(geometry));
    size_t which = 0;
    OGRwkbGeometryType type = o->placeless ? wkbNone : wkbUnknown;
    if (o->shp) {
        which = flat == wkbLineString || flat == wkbMultiLineString ? 1
                : flat == wkbPolygon || flat == wkbMultiPolygon     ? 2
                                                                    : 0;
        type = which == 1 ? wkbMultiLineString : which == 2 ? wkbMultiPolygon : wkbPoint;
        if (which == 0 && flat == wkbMultiPoint) {
            type = wkbMultiPoint;
        }
    }
    if (o->layers[which] == NULL) {
        const char *name =
            xd_cstr(cx->arena, xd_str_join(cx->arena, o->layer, xd_str_of(ends[which])));
        char **options =
            o->shp ? CSLSetNameValue(NULL, "ENCODING", xd_cstr(cx->arena, o->encoding)) : NULL;
        o->layers[which] = GDALDatasetCreateLayer(o->data, name, o->srs, type, options);
        CSLDestroy(options);
        if (o->layers[which] == NULL) {
            return fail(cx, "making a layer");
        }
        if (!add_fields(cx, o, o->layers[which])) {
            return false;
        }
    }
    *ret = o->layers[which];
    return true;
}

static void set_value(xd_ctx *cx, OGRFeatureH feature, int i, const xd_json *value)
{
    int64_t integer;
    double real;
    OGRFieldType type = OGR_Fld_GetType(OGR_F_GetFieldDefnRef(feature, i));
    if (value->kind == XD_JSON_NULL) {
        OGR_F_SetFieldNull(feature, i);
    } else if (type == OFTInteger64 && xd_json_int(value, &integer)) {
        OGR_F_SetFieldInteger64(feature, i, integer);
    } else if (type == OFTReal && xd_json_double(value, &real)) {
        OGR_F_SetFieldDouble(feature, i, real);
    } else {
        OGR_F_SetFieldString(feature, i, xd_cstr(cx->arena, value->text));
    }
}

static bool write_record(xd_ctx *cx, output *o, xd_str line)
{
    const xd_json *record;
    if (!xd_json_read(cx, line, &record) || xd_json_len(record) != xd_json_len(o->fields) + 2) {
        return xd_fail(cx, XD_BROKEN, "a line that is no record of ours");
    }
    OGRGeometryH geometry = NULL;
    if (xd_json_at(record, 1)->kind == XD_JSON_OBJECT) {
        xd_buf text = {0};
        xd_json_plain(&text, xd_json_at(record, 1));
        geometry = text.failed ? NULL : OGR_G_CreateGeometryFromJson(text.p);
        xd_buf_free(&text);
        if (geometry == NULL) {
            return fail(cx, "reading a shape");
        }
    }
    OGRLayerH layer = NULL;
    if (!layer_for(cx, o, geometry, &layer)) {
        OGR_G_DestroyGeometry(geometry);
        return false;
    }
    OGRFeatureH feature = OGR_F_Create(OGR_L_GetLayerDefn(layer));
    for (size_t i = 0; i + 2 < xd_json_len(record); i++) {
        set_value(cx, feature, (int)i, xd_json_at(record, i + 2));
    }
    (void)OGR_F_SetGeometryDirectly(feature, geometry); /* takes it over, NULL included */
    OGRErr error = OGR_L_CreateFeature(layer, feature);
    OGR_F_Destroy(feature);
    return error == OGRERR_NONE || fail(cx, "writing a record");
}

static bool write_records(xd_ctx *cx, output *o, xd_str lines)
{
    xd_ctx each;
    xd_ctx_begin(&each);
    bool ok = true;
    xd_str line;
    while (ok && xd_str_cut(&lines, '\n', &line)) {
        if (line.n > 0) {
            ok = write_record(&each, o, line) ||
                 xd_fail(cx, each.err.code, XD_FMT, XD_ARG(each.err.message));
            xd_ctx_reset(&each);
        }
    }
    xd_ctx_end(&each);
    return ok;
}

/* ---- out of memory files into the descriptor ------------------------------------------------ */

static bool send_file(xd_ctx *cx, const char *path, int fd)
{
    vsi_l_offset n = 0;
    const GByte *bytes = VSIGetMemFileBuffer(path, &n, FALSE);
    if (bytes == NULL) {
        return fail(cx, "reading back what was written");
    }
    for (size_t at = 0; at < n;) {
        ssize_t wrote = write(fd, bytes + at, (size_t)n - at);
        if (wrote < 0 && errno != EINTR) {
            return xd_fail_errno(cx, errno, "writing the file");
        }
        at += wrote > 0 ? (size_t)wrote : 0;
    }
    return true;
}

static bool put_in_zip(xd_ctx *cx, const char *name, const void *bytes, size_t n)
{
    char path[1024];
    (void)snprintf(path, sizeof path, "/vsizip//vsimem/out.zip/%s",
                   name); /* names are ours and short */
    VSILFILE *to = VSIFOpenL(path, "wb");
    bool ok = to != NULL && VSIFWriteL(bytes, 1, n, to) == n;
    ok = to != NULL && VSIFCloseL(to) == 0 && ok;
    return ok || fail(cx, "packing the Shapefile");
}

static bool zip_shapefile(xd_ctx *cx, const output *o, const xd_json *about)
{
    VSILFILE *zip = VSIFOpenL("/vsizip//vsimem/out.zip", "wb");
    if (zip == NULL) {
        return fail(cx, "making the archive");
    }
    char **names = VSIReadDir("/vsimem/out");
    bool ok = true;
    for (int i = 0; ok && names != NULL && names[i] != NULL; i++) {
        char path[1024];
        vsi_l_offset n = 0;
        (void)snprintf(path, sizeof path, "/vsimem/out/%s", names[i]); /* as above */
        const GByte *bytes = VSIGetMemFileBuffer(path, &n, FALSE);
        ok = bytes == NULL || put_in_zip(cx, names[i], bytes, (size_t)n);
    }
    CSLDestroy(names);
    xd_buf fields = {0};
    for (size_t i = 0; i < xd_json_len(o->fields); i++) {
        const xd_json *field = xd_json_at(o->fields, i);
        xd_buf_printf(&fields, XD_FMT "\t" XD_FMT "\n",
                      XD_ARG(xd_json_str(xd_json_at(field, 2))),
                      XD_ARG(xd_json_str(xd_json_at(field, 0))));
    }
    xd_str note = xd_json_get_str(about, XD_S("note"));
    ok = ok && !fields.failed && put_in_zip(cx, "fields.tsv", fields.p, fields.n) &&
         put_in_zip(cx, "readme.txt", note.p, note.n);
    xd_buf_free(&fields);
    return VSIFCloseL(zip) == 0 && ok;
}

/* ---- the job --------------------------------------------------------------------------------- */

static bool open_output(xd_ctx *cx, const xd_json *about, output *o)
{
    o->shp = xd_str_eq(xd_json_get_str(about, XD_S("format")), XD_S("shp"));
    o->placeless = xd_json_get_int(about, XD_S("placeless"), 0) != 0;
    o->layer = xd_json_get_str(about, XD_S("layer"));
    o->encoding = xd_json_get_str(about, XD_S("encoding"));
    o->fields = xd_json_get(about, XD_S("fields"));
    GDALDriverH driver = GDALGetDriverByName(o->shp ? "ESRI Shapefile" : "GPKG");
    o->srs = OSRNewSpatialReference(NULL);
    if (driver == NULL ||
        OSRImportFromEPSG(o->srs, (int)xd_json_get_int(about, XD_S("epsg"), 4326)) !=
            OGRERR_NONE) {
        return fail(cx, "naming the coordinate system");
    }
    OSRSetAxisMappingStrategy(o->srs, OAMS_TRADITIONAL_GIS_ORDER);
    if (o->shp) {
        (void)VSIMkdir("/vsimem/out", 0700); /* told by the next call when it failed */
    }
    o->data = GDALCreate(driver, o->shp ? "/vsimem/out" : "/vsimem/out.gpkg", 0, 0, 0,
                         GDT_Unknown, NULL);
    return o->data != NULL || fail(cx, "making the file");
}

bool xd_write_gdal(xd_ctx *cx, const xd_reader_in *in, xd_emit *emit)
{
    xd_str lines = in->bytes, first;
    const xd_json *about;
    output o = {.data = NULL};
    OGRLayerH layer;
    xd_gdal_errors_reset();
    if (!xd_str_cut(&lines, '\n', &first) || !xd_json_read(cx, first, &about) ||
        !open_output(cx, about, &o)) {
        return xd_fail_note(cx, "beginning a GIS file");
    }
    bool ok = write_records(cx, &o, lines);
    ok = ok && (o.layers[0] != NULL || o.shp ||
                layer_for(cx, &o, NULL, &layer)); /* empty is a table too */
    ok = ok && (!o.shp || o.layers[0] != NULL || o.layers[1] != NULL || o.layers[2] != NULL ||
                layer_for(cx, &o, NULL, &layer));
    GDALClose(o.data);
    OSRDestroySpatialReference(o.srs);
    if (ok && xd_gdal_error(cx->arena).n > 0) {
        ok = fail(cx, "writing");
    }
    ok = ok && (!o.shp || zip_shapefile(cx, &o, about)) &&
         send_file(cx, o.shp ? "/vsimem/out.zip" : "/vsimem/out.gpkg", in->fd_out);
    xd_source_facts facts = {.format = XD_S("written"), .bytes = (int64_t)in->bytes.n};
    return ok && xd_emit_facts(cx, emit, &facts);
}
