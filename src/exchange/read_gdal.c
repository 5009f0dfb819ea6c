/* exchange/read_gdal.c — GeoJSON, GeoPackage, Shapefile, KML and KMZ as rows of cells.
 *
 * Every layer is a table: a header row with the field names and, last, "geometry"; then a row a
 * feature, the geometry as GeoJSON text in the layer's own system, easting or longitude first.
 * GDAL reads from memory and with an allowed list of drivers, so a file that names other files or
 * addresses (VRT, vsicurl) is not recognised. It refuses softly (fewer rows, success): any error
 * it reports refuses the file whole. Runs in the worker; the helper has registered drivers and
 * opened PROJ's database before the box closed. */
#include "exchange/gdal.h"
#include "exchange/kml_names.h"
#include "exchange/zip.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <stdio.h>

#define FIELDS_MOST 1000
#define LIST_MOST 1000

/* Registered singly: GDALAllRegister would bring the drivers that follow references. The headers of
 * Debian's package do not declare them. */
void RegisterOGRGeoJSON(void);
void RegisterOGRGeoPackage(void);
void RegisterOGRShape(void);
void RegisterOGRLIBKML(void);

/* GDAL calls back without a context of ours: the worker has one thread and one file. */
static struct {
    bool failed;
    char words[512];
} errors;

static void CPL_STDCALL on_error(CPLErr kind, CPLErrorNum number, const char *words)
{
    (void)number;
    if ((kind == CE_Failure || kind == CE_Fatal) && !errors.failed) {
        errors.failed = true;
        (void)snprintf(errors.words, sizeof errors.words, "%s", words); /* cut short is fine */
    }
}

void xd_gdal_errors_reset(void)
{
    errors.failed = false;
    errors.words[0] = '\0';
}

xd_str xd_gdal_error(xd_arena *arena)
{
    return errors.failed ? xd_str_copy(arena, xd_str_of(errors.words)) : (xd_str){NULL, 0};
}

void xd_gdal_prepare(void)
{
    CPLSetConfigOption("GDAL_NUM_THREADS", "1");
    CPLSetConfigOption("PROJ_NETWORK", "OFF");
    CPLSetConfigOption("CPL_TMPDIR", "/vsimem");
    CPLSetConfigOption("OGR_GEOJSON_MAX_OBJ_SIZE", "64");
    CPLSetConfigOption("OGR_GPKG_FOREIGN_KEY_CHECK", "NO");
    (void)CPLSetErrorHandler(on_error); /* the one before is GDAL's own */
    RegisterOGRGeoJSON();
    RegisterOGRGeoPackage();
    RegisterOGRShape();
    RegisterOGRLIBKML();
    OGRSpatialReferenceH warm = OSRNewSpatialReference(NULL);
    (void)OSRImportFromEPSG(warm, 4490); /* opens proj.db while that is allowed */
    OSRDestroySpatialReference(warm);
    xd_gdal_errors_reset();
}

static bool refuse(xd_ctx *cx, xd_str why)
{
    (void)xd_fail(cx, XD_UNREADABLE, "GDAL: " XD_FMT, XD_ARG(why));
    return xd_fail_words(cx,
                         xd_str_printf(cx->arena,
                                       "这个地理数据文件读不了：" XD_FMT
                                       "。请在 QGIS 里另存为 GeoPackage 再试。",
                                       XD_ARG(why)),
                         xd_str_printf(cx->arena,
                                       "This GIS file cannot be read: " XD_FMT
                                       ". Save it as GeoPackage in QGIS, then try again.",
                                       XD_ARG(why)));
}

/* ---- files into memory -------------------------------------------------------------------- */

static void put_file(const char *path, xd_str bytes)
{
    union {
        const char *in;
        GByte *out;
    } u = {
        .in =
            bytes
                .p}; /* GDAL takes no const; the mapping is private, so nothing can be harmed */
    VSILFILE *file = VSIFileFromMemBuffer(path, u.out, bytes.n, FALSE);
    if (file != NULL) {
        (void)VSIFCloseL(file); /* only the name is wanted */
    }
}

static bool take_piece(xd_ctx *cx, void *user, xd_str piece)
{
    xd_buf *all = user;
    (void)cx;
    xd_buf_add(all, piece);
    return true;
}

static bool is_kml(xd_str bytes)
{
    xd_str head = xd_str_trim(xd_str_sub(bytes, 0, 256));
    bool zip = xd_str_starts(bytes, XD_S("PK\x03\x04"));
    return (zip && xd_str_find(bytes, XD_S(".kml"), 0) != SIZE_MAX) ||
           xd_str_starts(head, XD_S("<")) || xd_str_starts(head, XD_S("\xef\xbb\xbf<"));
}

/* KML, as it is or as the only one in a KMZ: its bytes with names that the reader keeps, and what the
 * names were. Absent bytes: several in one archive, which GDAL takes apart. */
static bool kml_bytes(xd_ctx *cx, xd_str file, xd_str *ret_bytes, xd_str *ret_names)
{
    xd_str kml = file;
    *ret_bytes = (xd_str){NULL, 0};
    if (xd_str_starts(file, XD_S("PK\x03\x04"))) {
        xd_zip *zip = NULL;
        size_t found = SIZE_MAX, n = 0;
        if (!xd_zip_open(cx, file, NULL, &zip)) {
            return false;
        }
        for (size_t i = 0; i < xd_zip_count(zip); i++) {
            bool one = xd_str_ends(xd_zip_name(zip, i), XD_S(".kml"));
            found = one ? i : found;
            n += one;
        }
        if (n != 1) {
            return true;
        }
        xd_buf all = {0};
        bool ok = xd_zip_read(cx, zip, found, take_piece, &all);
        kml = xd_buf_copy(&all, cx->arena);
        xd_buf_free(&all);
        if (!ok) {
            return false;
        }
    }
    return xd_kml_names(cx, kml, ret_bytes, ret_names);
}

/* The path GDAL opens, by what the bytes are. */
static const char *place_files(const xd_reader_in *in, xd_str kml)
{
    static const char *const beside[] = {"/vsimem/in.dbf", "/vsimem/in.prj", "/vsimem/in.cpg"};
    bool zip = xd_str_starts(in->bytes, XD_S("PK\x03\x04"));
    if (kml.n > 0) {
        put_file("/vsimem/in.kml", kml);
        return "/vsimem/in.kml";
    }
    if (xd_str_starts(in->bytes, XD_S("SQLite format 3"))) {
        put_file("/vsimem/in.gpkg", in->bytes);
        return "/vsimem/in.gpkg";
    }
    if (zip && xd_str_find(in->bytes, XD_S(".kml"), 0) != SIZE_MAX) {
        put_file("/vsimem/in.kmz", in->bytes);
        return "/vsimem/in.kmz";
    }
    if (zip) {
        put_file("/vsimem/in.zip", in->bytes);
        return "/vsizip//vsimem/in.zip";
    }
    if (in->bytes.n >= 4 && memcmp(in->bytes.p, "\0\0\x27\x0a", 4) == 0) {
        put_file("/vsimem/in.shp", in->bytes);
        CPLSetConfigOption("SHAPE_RESTORE_SHX", "YES"); /* its index is never sent along */
        for (size_t i = 0; i < XD_LEN(beside); i++) {
            if (in->extra[i].n > 0) {
                put_file(beside[i], in->extra[i]);
            }
        }
        return "/vsimem/in.shp";
    }
    put_file("/vsimem/in.geojson", in->bytes);
    return "/vsimem/in.geojson";
}

/* ---- names of columns ---------------------------------------------------------------------- */

/* Our own Shapefiles carry fields.tsv: the short name of each column, and its header. */
static xd_str full_header(xd_ctx *cx, xd_str fields, xd_str name)
{
    xd_str line;
    while (xd_str_cut(&fields, '\n', &line)) {
        xd_str short_name;
        if (xd_str_cut(&line, '\t', &short_name) && xd_str_eq_nocase(short_name, name)) {
            return xd_str_copy(cx->arena, xd_str_trim(line));
        }
    }
    return name;
}

static xd_str read_fields_file(xd_ctx *cx)
{
    vsi_l_offset n = 0;
    VSILFILE *file = VSIFOpenL("/vsizip//vsimem/in.zip/fields.tsv", "rb");
    if (file == NULL) {
        xd_gdal_errors_reset();
        return (xd_str){NULL, 0};
    }
    char *room = xd_arena_take(cx->arena, 64 << 10);
    n = VSIFReadL(room, 1, 64 << 10, file);
    (void)VSIFCloseL(file); /* read only */
    xd_str text = {room, (size_t)n};
    return xd_utf8_valid(text) == text.n ? text : (xd_str){NULL, 0};
}

/* LIBKML adds columns of its own to every layer; of these only name and description are data. */
static bool is_kml_own(const char *name)
{
    static const char *const own[] = {"id",           "timestamp",  "begin",   "end",
                                      "altitudeMode", "tessellate", "extrude", "visibility",
                                      "drawOrder",    "icon",       "snippet"};
    for (size_t i = 0; i < XD_LEN(own); i++) {
        if (strcmp(own[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- features ------------------------------------------------------------------------------- */

typedef struct layer {
    OGRLayerH handle;
    OGRFeatureDefnH fields;
    int n_fields;
    bool skip[FIELDS_MOST];
    bool shapes; /* else a table of words only, without a column for them */
    xd_str name;
    size_t no;
    int64_t row;
} layer;

static bool emit_text(xd_ctx *cx, xd_emit *emit, xd_cell_kind kind, const char *text)
{
    xd_str s = xd_str_of(text);
    if (xd_utf8_valid(s) < s.n) {
        return refuse(cx, XD_S("text in an unknown encoding; name it with --encoding"));
    }
    return xd_emit_cell(cx, emit, s.n == 0 ? XD_CELL_EMPTY : kind, s, false);
}

static bool emit_list(xd_ctx *cx, xd_emit *emit, OGRFeatureH feature, int i)
{
    char **list = OGR_F_GetFieldAsStringList(feature, i);
    xd_buf out = {.max = XD_CELL_BYTES};
    for (int k = 0; list != NULL && list[k] != NULL && k < LIST_MOST; k++) {
        xd_buf_add(&out, k == 0 ? XD_S("") : XD_S(";"));
        xd_buf_add(&out, xd_str_of(list[k]));
    }
    xd_str text = xd_buf_copy(&out, cx->arena);
    bool too_long = out.failed;
    xd_buf_free(&out);
    if (too_long) {
        return xd_fail(cx, XD_LIMIT, "a list is too long");
    }
    return emit_text(cx, emit, XD_CELL_TEXT, text.p);
}

static bool emit_date(xd_ctx *cx, xd_emit *emit, OGRFeatureH feature, int i)
{
    int y, m, d, hour, minute, second, zone;
    if (!OGR_F_GetFieldAsDateTime(feature, i, &y, &m, &d, &hour, &minute, &second, &zone)) {
        return xd_emit_cell(cx, emit, XD_CELL_EMPTY, XD_S(""), false);
    }
    char text[40];
    (void)snprintf(text, sizeof text, "%04d-%02d-%02d", y, m, d); /* always fits */
    return emit_text(cx, emit, XD_CELL_DATE, text);
}

static bool emit_field(xd_ctx *cx, xd_emit *emit, OGRFeatureH feature, int i)
{
    char text[64];
    if (!OGR_F_IsFieldSetAndNotNull(feature, i)) {
        return xd_emit_cell(cx, emit, XD_CELL_EMPTY, XD_S(""), false);
    }
    switch (OGR_Fld_GetType(OGR_F_GetFieldDefnRef(feature, i))) {
    case OFTInteger:
    case OFTInteger64:
        (void)snprintf(text, sizeof text, "%lld",
                       (long long)OGR_F_GetFieldAsInteger64(feature, i));
        return emit_text(cx, emit, XD_CELL_NUMBER, text);
    case OFTReal:
        return xd_emit_real(cx, emit, OGR_F_GetFieldAsDouble(feature, i));
    case OFTDate:
    case OFTDateTime:
        return emit_date(cx, emit, feature, i);
    case OFTStringList:
    case OFTIntegerList:
    case OFTInteger64List:
    case OFTRealList:
        return emit_list(cx, emit, feature, i);
    case OFTBinary:
        return xd_emit_cell(cx, emit, XD_CELL_EMPTY, XD_S(""), false);
    case OFTString:
    case OFTTime:
    case OFTWideString:
    case OFTWideStringList:
        break;
    }
    return emit_text(cx, emit, XD_CELL_TEXT, OGR_F_GetFieldAsString(feature, i));
}

/* Where a file does not say of which kind its shapes are, there may be none at all. */
static bool has_shapes(const layer *l)
{
    OGRwkbGeometryType type = OGR_FD_GetGeomType(l->fields);
    OGREnvelope extent;
    return type != wkbNone &&
           (type != wkbUnknown || OGR_L_GetExtent(l->handle, &extent, TRUE) == OGRERR_NONE);
}

static bool emit_geometry(xd_ctx *cx, xd_emit *emit, OGRFeatureH feature)
{
    OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);
    if (geometry == NULL || OGR_G_IsEmpty(geometry)) {
        return xd_emit_cell(cx, emit, XD_CELL_EMPTY, XD_S(""), false);
    }
    OGRGeometryH plain = OGR_G_GetLinearGeometry(geometry, 0, NULL); /* a copy without curves */
    OGR_G_FlattenTo2D(plain);
    OGR_G_AssignSpatialReference(plain, NULL); /* or the writer would swap axes */
    char *precision[] = {(char[]){"COORDINATE_PRECISION=10"}, NULL};
    char *text = OGR_G_ExportToJsonEx(plain, precision);
    OGR_G_DestroyGeometry(plain);
    if (text == NULL) {
        return refuse(cx, XD_S("a shape that GeoJSON does not have"));
    }
    xd_str s = xd_str_of(text);
    bool ok = s.n <= XD_GEOMETRY_BYTES ? xd_emit_cell(cx, emit, XD_CELL_GEOMETRY, s, false)
                                       : xd_fail(cx, XD_LIMIT, "a shape of more than 32 MB");
    CPLFree(text);
    return ok;
}

static bool emit_feature(xd_ctx *cx, xd_emit *emit, layer *l, OGRFeatureH feature)
{
    bool ok = xd_emit_begin(cx, emit, l->name, l->no, ++l->row, false);
    for (int i = 0; ok && i < l->n_fields; i++) {
        ok = l->skip[i] || emit_field(cx, emit, feature, i);
    }
    return ok && (!l->shapes || emit_geometry(cx, emit, feature)) && xd_emit_end(cx, emit);
}

static bool emit_header(xd_ctx *cx, xd_emit *emit, layer *l, bool kml, xd_str fields)
{
    bool ok = xd_emit_begin(cx, emit, l->name, l->no, 0, true);
    for (int i = 0; ok && i < l->n_fields; i++) {
        const char *name = OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(l->fields, i));
        l->skip[i] = kml && is_kml_own(name);
        xd_str header = full_header(cx, fields, xd_str_of(name));
        if (xd_utf8_valid(header) < header.n) {
            return refuse(cx,
                          XD_S("field names in an unknown encoding; name it with --encoding"));
        }
        ok = l->skip[i] || xd_emit_cell(cx, emit, XD_CELL_TEXT, header, false);
    }
    if (l->shapes) {
        ok = ok && xd_emit_cell(cx, emit, XD_CELL_TEXT, XD_S("geometry"), false);
    }
    return ok && xd_emit_end(cx, emit);
}

static bool read_layer(xd_ctx *cx, xd_emit *emit, layer *l, bool kml, xd_str fields)
{
    if (l->n_fields > FIELDS_MOST) {
        return xd_fail(cx, XD_LIMIT, "a layer with more than %d fields", FIELDS_MOST);
    }
    if (!emit_header(cx, emit, l, kml, fields)) {
        return false;
    }
    xd_ctx each;
    xd_ctx_begin(&each);
    bool ok = true;
    OGR_L_ResetReading(l->handle);
    for (OGRFeatureH feature; ok && (feature = OGR_L_GetNextFeature(l->handle)) != NULL;) {
        ok = emit_feature(&each, emit, l, feature);
        OGR_F_Destroy(feature);
        if (!ok) {
            (void)xd_fail(cx, each.err.code, XD_FMT, XD_ARG(each.err.message));
            (void)xd_fail_words(cx, each.err.zh, each.err.en);
        }
        xd_ctx_reset(&each);
    }
    xd_ctx_end(&each);
    return ok;
}

/* "epsg:4490"; absent when the layer names no system or one without a number. */
static xd_str layer_crs(xd_ctx *cx, OGRLayerH handle)
{
    OGRSpatialReferenceH srs = OGR_L_GetSpatialRef(handle);
    if (srs == NULL) {
        return (xd_str){NULL, 0};
    }
    OGRSpatialReferenceH copy = OSRClone(srs);
    if (OSRGetAuthorityCode(copy, NULL) == NULL) {
        (void)OSRAutoIdentifyEPSG(copy); /* tried: .prj files seldom say the number */
        xd_gdal_errors_reset();
    }
    const char *authority = OSRGetAuthorityName(copy, NULL);
    const char *code = OSRGetAuthorityCode(copy, NULL);
    xd_str crs = {NULL, 0};
    if (authority != NULL && code != NULL && strcmp(authority, "EPSG") == 0) {
        crs = xd_str_printf(cx->arena, "epsg:%s", code);
    } else if (authority != NULL && code != NULL && strcmp(authority, "OGC") == 0) {
        crs = XD_S("wgs84");
    }
    OSRDestroySpatialReference(copy);
    return crs;
}

static bool read_layers(xd_ctx *cx, const xd_reader_in *in, GDALDatasetH data, xd_str names,
                        xd_emit *emit)
{
    const char *driver = GDALGetDriverShortName(GDALGetDatasetDriver(data));
    bool kml = strcmp(driver, "LIBKML") == 0;
    xd_source_facts facts = {.encoding = in->encoding, .encoding_sure = true};
    facts.format = kml                                     ? XD_S("kml")
                   : strcmp(driver, "GPKG") == 0           ? XD_S("gpkg")
                   : strcmp(driver, "ESRI Shapefile") == 0 ? XD_S("shp")
                                                           : XD_S("geojson");
    xd_str fields = xd_str_eq(facts.format, XD_S("shp")) ? read_fields_file(cx) : names;
    int n = GDALDatasetGetLayerCount(data);
    if (n > XD_SHEETS) {
        return xd_fail(cx, XD_LIMIT, "more than %d layers", XD_SHEETS);
    }
    for (int i = 0; i < n; i++) {
        OGRLayerH handle = GDALDatasetGetLayer(data, i);
        layer l = {.handle = handle, .fields = OGR_L_GetLayerDefn(handle), .no = (size_t)i};
        l.n_fields = OGR_FD_GetFieldCount(l.fields);
        l.shapes = has_shapes(&l);
        l.name = xd_str_of(OGR_L_GetName(handle));
        if (xd_utf8_valid(l.name) < l.name.n) {
            l.name = xd_str_printf(cx->arena, "%d", i + 1);
        }
        if (facts.crs.n == 0) {
            facts.crs = layer_crs(cx, handle);
        }
        if (!read_layer(cx, emit, &l, kml, fields)) {
            return false;
        }
    }
    facts.bytes = facts.bytes_read = (int64_t)in->bytes.n;
    return xd_emit_facts(cx, emit, &facts);
}

bool xd_read_gdal(xd_ctx *cx, const xd_reader_in *in, xd_emit *emit)
{
    static const char *const drivers[] = {"GeoJSON", "GPKG", "ESRI Shapefile", "LIBKML", NULL};
    xd_gdal_errors_reset();
    const char *encoding =
        xd_cstr(cx->arena, xd_str_printf(cx->arena, "ENCODING=" XD_FMT, XD_ARG(in->encoding)));
    const char *const options[] = {in->encoding.n > 0 ? encoding : NULL, NULL};
    xd_str kml = {NULL, 0}, names = {NULL, 0};
    if (is_kml(in->bytes) && !kml_bytes(cx, in->bytes, &kml, &names)) {
        return false;
    }
    const char *path = place_files(in, kml);
    GDALDatasetH data =
        GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers, options, NULL);
    if (data == NULL) {
        xd_str why = xd_gdal_error(cx->arena);
        return refuse(
            cx, why.n > 0 ? why : XD_S("it is none of GeoJSON, GeoPackage, Shapefile or KML"));
    }
    bool ok = read_layers(cx, in, data, names, emit);
    GDALClose(data);
    xd_str why = xd_gdal_error(cx->arena);
    return ok && (why.n == 0 || refuse(cx, why));
}
