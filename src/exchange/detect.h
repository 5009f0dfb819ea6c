/* exchange/detect.h — which format a file is, and who reads it (inside the worker).
 *
 * By what the bytes are, never by the name alone; a name's ending only decides between formats
 * whose bytes look alike. The table in detect.c is the list of formats Xiudai reads. */
#ifndef XD_EXCHANGE_DETECT_H
#define XD_EXCHANGE_DETECT_H

#include "exchange/reader.h"

/* The job "read": find the format, run its reader. XD_UNREADABLE, with what the file is when it
 * is something else we know. */
XD_MUST bool xd_read_any(xd_ctx *cx, const xd_reader_in *in, xd_emit *emit);
/* The format's name ("csv", "xlsx" …); *ret_reader NULL: known, but this build cannot read it.
 */
XD_MUST bool xd_format_find(xd_ctx *cx, const xd_reader_in *in, xd_str *ret_name,
                            xd_reader **ret_reader);
/* In the helper: what readers need loaded before the box closes. */
void xd_formats_prepare(void);

#endif
