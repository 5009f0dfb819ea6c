/* exchange/export_out.h — what the writers of the formats share; private to this room. */
#ifndef XD_EXCHANGE_EXPORT_OUT_H
#define XD_EXCHANGE_EXPORT_OUT_H

#include "exchange/export.h"

typedef XD_VEC(const xd_column *) xd_out_columns_list;

typedef struct xd_out {
    const xd_model *model;
    const xd_export_options *options;
    xd_out_columns_list columns;
    xd_next_body *next;
    void *next_user;
    xd_link_text *link_text;
    void *link_user;
    int fd;
} xd_out;

/* The columns a table of options->type has for this reader. */
XD_MUST bool xd_out_columns(xd_ctx *cx, const xd_model *model, const xd_export_options *options,
                            xd_out_columns_list *ret_columns);

/* Call row for each body, i from 0; cx is reset between rows: memory stays bounded. */
typedef bool xd_out_row(xd_ctx *cx, const xd_out *out, void *user, size_t i, int64_t id,
                        const xd_json *body);
XD_MUST bool xd_out_each(const xd_out *out, xd_ctx *cx, xd_out_row *row, void *user);

/* Write out what out holds once it holds at least keep_below bytes. */
XD_MUST bool xd_out_flush(xd_ctx *cx, int fd, xd_buf *out, size_t keep_below);
/* A cell a spreadsheet would run gets an apostrophe in front, and so does one that starts with an
 * apostrophe, so that taking one away gives the text back. Negative numbers stay as they are. */
xd_str xd_out_defuse(xd_ctx *cx, xd_str text);

/* One a format. */
XD_MUST bool xd_out_csv(xd_ctx *cx, const xd_out *out);
XD_MUST bool xd_out_xlsx(xd_ctx *cx, const xd_out *out);
XD_MUST bool xd_out_geojson(xd_ctx *cx, const xd_out *out);
XD_MUST bool xd_out_gdal(xd_ctx *cx,
                         const xd_out *out); /* GeoPackage, Shapefile: export_gdal.c */

#endif
