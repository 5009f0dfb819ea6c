/* exchange/decode.h — bytes of a text file as UTF-8 (inside the worker).
 *
 * Which encoding: what was asked for; a byte order mark; zero bytes on one side (UTF-16);
 * strict UTF-8; strict GB18030, when its characters are mostly common ones; Big5, when that
 * alone makes common characters; otherwise nothing is guessed and the person is asked. GBK and
 * GB2312 are read as GB18030, which contains both. */
#ifndef XD_EXCHANGE_DECODE_H
#define XD_EXCHANGE_DECODE_H

#include "base/buf.h"
#include "base/ctx.h"

typedef struct xd_encoding {
    const char *name;  /* as reports say it: "utf-8", "gb18030", "utf-16le", "big5" … */
    const char *iconv; /* NULL: UTF-8, only checked */
    size_t bom;        /* bytes of byte order mark to skip */
    bool sure;
} xd_encoding;

/* asked: absent to detect. XD_UNREADABLE with a sentence that says what to do. */
XD_MUST bool xd_encoding_find(xd_ctx *cx, xd_str asked, xd_str bytes,
                              xd_encoding *ret_encoding);
/* By name only: what a <meta> or an option says. False: not one we read. */
bool xd_encoding_by_name(xd_str name, xd_encoding *ret_encoding);

typedef struct xd_decoder xd_decoder;
/* Ends with cx. bytes must stay. */
XD_MUST bool xd_decoder_open(xd_ctx *cx, const xd_encoding *encoding, xd_str bytes,
                             xd_decoder **ret_decoder);
/* Append about 64 KB more of UTF-8; *ret_end when nothing is left. Malformed bytes are
 * XD_UNREADABLE with the line they stand in; so are NUL characters. */
XD_MUST bool xd_decoder_next(xd_ctx *cx, xd_decoder *decoder, xd_buf *out, bool *ret_end);
size_t xd_decoder_at(const xd_decoder *decoder); /* bytes taken so far */

#endif
