/* exchange/sheet_parts.h — small things the XML readers of sheets and documents share. Inside
 * the worker. */
#ifndef XD_EXCHANGE_SHEET_PARTS_H
#define XD_EXCHANGE_SHEET_PARTS_H

#include "exchange/sheet.h"
#include "exchange/xml.h"

/* Attribute values arrive as libxml2 gives them: entities read, nothing else to do; copied. */
xd_str xd_xml_unescape(xd_arena *arena, xd_str raw);
/* _x000D_ and its like, as spreadsheets write control characters; our own apostrophe before
 * = + - @ goes. */
xd_str xd_sheet_unwrap(xd_arena *arena, xd_str text);
bool xd_sheet_too_large(xd_ctx *cx); /* fails with XD_LIMIT and a sentence */

XD_MUST bool xd_read_xlsx(xd_ctx *cx, const xd_reader_in *in, xd_emit *emit);
XD_MUST bool xd_read_ods(xd_ctx *cx, const xd_reader_in *in, xd_emit *emit);

#endif
