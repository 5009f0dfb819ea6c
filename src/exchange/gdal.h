/* exchange/gdal.h — GDAL inside the worker, for read_gdal.c and write_gdal.c; private to this room.
 *
 * Only the drivers named here are registered; files are memory (/vsimem), never paths; errors are
 * collected, because GDAL refuses softly: fewer rows and a success. */
#ifndef XD_EXCHANGE_GDAL_H
#define XD_EXCHANGE_GDAL_H

#include "exchange/reader.h"

/* Any error of CE_Failure since the last reset: the file is not to be trusted. Its words. */
void xd_gdal_errors_reset(void);
xd_str xd_gdal_error(xd_arena *arena); /* absent: none */

/* The second job of the worker: our own lines (write_gdal.c) into GeoPackage or Shapefile. */
XD_MUST bool xd_write_gdal(xd_ctx *cx, const xd_reader_in *in, xd_emit *emit);

#endif
