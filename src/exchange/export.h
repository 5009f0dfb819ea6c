/* exchange/export.h — records out, in the formats people open.
 *
 * CSV (UTF-8 with BOM, or GB18030), XLSX, GeoJSON, GeoPackage, Shapefile (zip; UTF-8 or GBK).
 * What comes out reads back in to the identical state (model/read.h). Cells that a spreadsheet
 * would run (= + - @ TAB CR at the start) are defused with a leading apostrophe the reader takes
 * away again. GIS drivers run in the sandboxed worker. */
#ifndef XD_EXCHANGE_EXPORT_H
#define XD_EXCHANGE_EXPORT_H

#include "exchange/import.h"

typedef enum xd_format { XD_CSV, XD_XLSX, XD_GEOJSON, XD_GPKG, XD_SHP } xd_format;
/* From a name's ending (.csv .xlsx .geojson .json .gpkg .shp .zip); XD_INVALID lists them. */
XD_MUST bool xd_format_of(xd_ctx *cx, xd_str name, xd_format *ret_format);
xd_str xd_format_media(xd_format format);

typedef struct xd_export_options {
    const xd_type *type;
    xd_format format;
    const xd_crs *crs; /* NULL: WGS 84 */
    bool gb18030;      /* CSV, Shapefile attributes */
    bool bom;          /* CSV in UTF-8 */
    xd_lang lang;      /* of headers and labels */
    bool public_only;  /* bodies are public already: columns of hidden fields are left out */
    xd_str title, licence, base_url;
    /* Columns after the type's own; what they show is in the bodies given. */
    const xd_column *more;
    size_t n_more;
} xd_export_options;

/* The records to write, one after another: *ret_body NULL at the end. */
typedef bool xd_next_body(void *user, xd_ctx *cx, int64_t *ret_id, const xd_json **ret_body);

/* Into a seekable file descriptor, from its start. Memory bounded. */
XD_MUST bool xd_export_run(xd_ctx *cx, const xd_model *model, const xd_export_options *options,
                           xd_next_body *next, void *next_user, xd_link_text *link_text,
                           void *link_user, int fd);
/* An empty table for the type with drop-downs, examples in comments and a 填表说明 sheet. */
XD_MUST bool xd_template_write(xd_ctx *cx, const xd_model *model, const xd_type *type,
                               xd_lang lang, int fd);
/* A copy of the user's table with one more column: the reasons. XLSX from any source. */
XD_MUST bool xd_annotate(xd_ctx *cx, int fd_in, const char *path,
                         const xd_import_options *options, const xd_report *report,
                         xd_lang lang, int fd_out);

#endif
