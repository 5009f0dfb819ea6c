/* exchange/reader.h — inside the sandboxed worker: one reader a family of formats.
 *
 * A reader gets the whole file as read-only memory (mapped from the inherited descriptor),
 * emits rows in order, and returns. It runs in a process that may die: it holds no state of
 * ours, opens no path, and its memory is limited by the kernel. Preparation that needs files
 * (drivers, PROJ, iconv tables) happens in the helper before the box closes, in its prepare
 * function. */
#ifndef XD_EXCHANGE_READER_H
#define XD_EXCHANGE_READER_H

#include "exchange/source.h"

#define XD_ROW_CELLS 4096        /* most cells in a row; more is XD_LIMIT */
#define XD_CELL_BYTES (1u << 20) /* longest cell, geometry excepted */
#define XD_GEOMETRY_BYTES (32u << 20)
#define XD_SHEETS 256

typedef struct xd_reader_in {
    xd_str bytes;    /* the file */
    xd_str name;     /* as the person knows it */
    xd_str encoding; /* asked for; absent: detect */
    bool all_sheets; /* hidden ones too */
    xd_str extra[3]; /* Shapefile neighbours: dbf, prj, cpg; absent when there are none */
    int memory; /* old Office files: a copy in anonymous memory, for libraries that open paths; 0: none */
    int fd_out; /* writers: the file to write */
} xd_reader_in;

/* Emission: begin a row, add cells, end it. The frame goes to the parent with back-pressure.
 * false: the parent is gone or a ceiling was met (cx->err). */
typedef struct xd_emit xd_emit;
XD_MUST bool xd_emit_begin(xd_ctx *cx, xd_emit *emit, xd_str sheet, size_t sheet_no,
                           int64_t number, bool header);
XD_MUST bool xd_emit_cell(xd_ctx *cx, xd_emit *emit, xd_cell_kind kind, xd_str text,
                          bool merged);
/* A number held as a double, by the shortest text that reads back to the same. */
XD_MUST bool xd_emit_real(xd_ctx *cx, xd_emit *emit, double number);
XD_MUST bool xd_emit_end(xd_ctx *cx, xd_emit *emit);
/* What is known of the file; the last call before the reader returns wins. */
XD_MUST bool xd_emit_facts(xd_ctx *cx, xd_emit *emit, const xd_source_facts *facts);

typedef bool xd_reader(xd_ctx *cx, const xd_reader_in *in, xd_emit *emit);
XD_MUST bool xd_read_csv(xd_ctx *cx, const xd_reader_in *in, xd_emit *emit);
XD_MUST bool xd_read_sheet(xd_ctx *cx, const xd_reader_in *in, xd_emit *emit); /* XLSX, ODS */
XD_MUST bool xd_read_sheet_2003(xd_ctx *cx, const xd_reader_in *in,
                                xd_emit *emit); /* "XML Spreadsheet 2003" */
XD_MUST bool xd_read_docx(xd_ctx *cx, const xd_reader_in *in, xd_emit *emit);
XD_MUST bool xd_read_html(xd_ctx *cx, const xd_reader_in *in, xd_emit *emit);
/* Pages of one file: their tables are sheets, one after another. */
typedef struct xd_page {
    xd_str bytes, encoding; /* encoding absent: what the page says */
} xd_page;
XD_MUST bool xd_read_pages(xd_ctx *cx, const xd_page *pages, size_t n, xd_str format,
                           xd_emit *emit);
XD_MUST bool xd_read_mhtml(xd_ctx *cx, const xd_reader_in *in, xd_emit *emit);
XD_MUST bool xd_read_json(xd_ctx *cx, const xd_reader_in *in, xd_emit *emit);
XD_MUST bool xd_read_markdown(xd_ctx *cx, const xd_reader_in *in, xd_emit *emit);
/* Whether the text has a table in Markdown: a row under a bar, and the rule below it. */
bool xd_is_markdown(xd_str bytes);
/* XLS, through FreeXL (read_xls.c). */
XD_MUST bool xd_read_xls(xd_ctx *cx, const xd_reader_in *in, xd_emit *emit);
/* GeoJSON, GeoPackage, Shapefile, KML/KMZ, through GDAL (read_gdal.c). */
XD_MUST bool xd_read_gdal(xd_ctx *cx, const xd_reader_in *in, xd_emit *emit);
void xd_gdal_prepare(void); /* in the helper, before the box */

#endif
