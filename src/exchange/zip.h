/* exchange/zip.h — parts of a zip archive, streamed and counted (inside the worker).
 *
 * XLSX, ODS, DOCX and zipped GIS files are zip archives. Nothing is ever written to a path. A
 * bomb is met by ceilings: entries, inflated bytes of all parts together, and their ratio to
 * the file. A part that does not match its checksum is refused: damage is said, never half
 * read. */
#ifndef XD_EXCHANGE_ZIP_H
#define XD_EXCHANGE_ZIP_H

#include "exchange/frame.h"

#define XD_ZIP_ENTRIES 20000
#define XD_ZIP_BYTES ((uint64_t)4 << 30) /* inflated, all reads together */
#define XD_ZIP_FREE ((uint64_t)64 << 20) /* inflated bytes before the ratio counts */
#define XD_ZIP_RATIO 200

typedef struct xd_zip xd_zip;
/* Ends with cx. emit, for progress, may be NULL. */
XD_MUST bool xd_zip_open(xd_ctx *cx, xd_str bytes, xd_emit *emit, xd_zip **ret_zip);
size_t xd_zip_count(const xd_zip *zip);
xd_str xd_zip_name(xd_zip *zip, size_t i); /* absent when it is not UTF-8 or too long */
/* SIZE_MAX when there is none; a leading slash is passed over, case does not count. */
size_t xd_zip_find(xd_zip *zip, xd_str name);
/* The part's bytes, piece by piece. take returns false to stop: with cx->err a failure, without
 * one simply enough. */
typedef bool xd_zip_take(xd_ctx *cx, void *user, xd_str piece);
XD_MUST bool xd_zip_read(xd_ctx *cx, xd_zip *zip, size_t i, xd_zip_take *take, void *user);
/* Whether a name under prefix is there, as pictures are counted. */
int64_t xd_zip_count_under(xd_zip *zip, xd_str prefix);

#endif
