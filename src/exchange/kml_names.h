/* exchange/kml_names.h — names of data in a KML file that GDAL's reader would lose; inside the worker. */
#ifndef XD_EXCHANGE_KML_NAMES_H
#define XD_EXCHANGE_KML_NAMES_H

#include "exchange/reader.h"

/* The file with a short name in the place of each name that is more than ASCII letters, and the lines
 * "short name, tab, name". Both live in cx; without such names ret_bytes is the file as it is. */
XD_MUST bool xd_kml_names(xd_ctx *cx, xd_str bytes, xd_str *ret_bytes, xd_str *ret_names);

#endif
