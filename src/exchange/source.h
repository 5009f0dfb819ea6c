/* exchange/source.h — files from outside as rows of cells, decoded in the sandbox.
 *
 * A source is a file opened by this process and parsed by a worker: a process of the same
 * binary, forked by a helper before any thread existed, with seccomp, Landlock and limits
 * (reliability). Rows stream back in checked frames; memory stays bounded whatever the file's
 * size. Formats are found by magic bytes, then by the name's ending: CSV/TSV (any encoding),
 * XLSX, XLS (also as XML of 2003), ODS, tables in DOCX, HTML, MHTML and Markdown, JSON, GeoJSON, GeoPackage, Shapefile
 * (zipped or with its neighbours), KML/KMZ. Every cell is valid UTF-8, NFC. */
#ifndef XD_EXCHANGE_SOURCE_H
#define XD_EXCHANGE_SOURCE_H

#include "base/buf.h"
#include "base/ctx.h"

/* Start the helper. Call first thing in main(), before any thread and any library that makes
 * one; argv0 is how to run ourselves. xd_worker_main() is what the re-executed binary runs. */
XD_MUST bool xd_worker_start(xd_ctx *cx, const char *argv0);
/* The command line of the re-executed binary is `… XD_WORKER_WORD N`: main() (and every test
 * program that reads files) looks first of all whether it is that, and then returns
 * xd_worker_main(*ret_fd). */
#define XD_WORKER_WORD "outside-file-worker"
bool xd_worker_asked(int argc, char **argv, int *ret_fd);
void xd_worker_stop(void);
int xd_worker_main(int control_fd);

typedef enum xd_cell_kind {
    XD_CELL_EMPTY,
    XD_CELL_TEXT,
    XD_CELL_NUMBER,
    XD_CELL_DATE,
    XD_CELL_BOOL,
    XD_CELL_GEOMETRY
} xd_cell_kind;

typedef struct xd_cell {
    xd_cell_kind kind;
    xd_str text; /* number: decimal text as stored; date: ISO; geometry: GeoJSON text in the
                    file's CRS */
    bool merged; /* the value was filled in from the cell the sheet merged it with */
} xd_cell;

typedef struct xd_source_row {
    xd_str sheet; /* sheet, layer or table name; absent in CSV */
    size_t sheet_no;
    int64_t number; /* row as people count it in that program, from 1; GIS: feature number */
    const xd_cell *cells;
    size_t n;
    bool header; /* GIS formats: this row holds the field names */
} xd_source_row;

typedef struct xd_source xd_source;
typedef struct xd_source_options {
    xd_str encoding; /* absent: detect */
    xd_str name;     /* file name as the person knows it, for the ending and messages */
    bool all_sheets; /* hidden ones too, which otherwise are passed over */
} xd_source_options;

/* XD_UNREADABLE, XD_LIMIT, XD_INVALID with sentences. fd is read from 0; closed with the
 * source, which ends with cx. path may be NULL (an upload): then neighbours (.dbf …) are not
 * looked for. */
XD_MUST bool xd_source_open(xd_ctx *cx, int fd, const char *path,
                            const xd_source_options *options, xd_source **ret_source);
/* *ret_row NULL at the end. The row is valid until the next call. A failure half way (damage,
 * limits) is false: what came before must not be kept. */
XD_MUST bool xd_source_next(xd_ctx *cx, xd_source *source, const xd_source_row **ret_row);

typedef struct xd_source_facts { /* complete once the end was met */
    xd_str format;               /* "csv", "xlsx", "gpkg" … */
    xd_str encoding;             /* csv, dbf, html: what was taken */
    bool encoding_sure;
    char separator;
    xd_str crs;                /* GIS formats: "epsg:4490"; absent: none said */
    int64_t pictures;          /* embedded pictures that were not taken in */
    int64_t bytes, bytes_read; /* for progress */
    bool open_box; /* this kernel has no Landlock: worth a warning to the operator */
} xd_source_facts;
const xd_source_facts *xd_source_about(const xd_source *source);

#endif
