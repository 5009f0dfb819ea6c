/* base/buf.h — text or bytes being written, with a ceiling.
 *
 * A buffer fails stickily: append freely, look at `failed` once. It owns its memory (malloc),
 * so it can outlive a request; xd_buf_free() ends it and may be called twice. A buffer serves
 * one thread at a time. */
#ifndef XD_BASE_BUF_H
#define XD_BASE_BUF_H

#include "base/arena.h"

typedef struct xd_buf {
    char *p;
    size_t n, cap, max; /* max 0: XD_BUF_MAX */
    bool failed;        /* something did not fit: the contents are not to be used */
} xd_buf;

#define XD_BUF_MAX ((size_t)1 << 30)

void xd_buf_free(xd_buf *b);
void xd_buf_clear(xd_buf *b); /* keeps the memory */
void xd_buf_add(xd_buf *b, xd_str s);
void xd_buf_byte(xd_buf *b, char c);
void xd_buf_bytes(xd_buf *b, const void *p, size_t n);
void xd_buf_int(xd_buf *b, int64_t v);
void xd_buf_printf(xd_buf *b, const char *format, ...) XD_PRINTF(2, 3);
void xd_buf_u32be(xd_buf *b, uint32_t v);
void xd_buf_u64be(xd_buf *b, uint64_t v);
void xd_buf_varint(xd_buf *b, uint64_t v); /* LEB128, as protocol buffers have it */
xd_str xd_buf_str(const xd_buf *b);        /* borrows until the next append */
xd_str xd_buf_copy(const xd_buf *b, xd_arena *arena);

/* The one place that writes markup: & < > " ' become entities; bytes that are not UTF-8 and
 * control characters other than TAB and LF become U+FFFD. Fit for text and quoted attributes. */
void xd_buf_html(xd_buf *b, xd_str s);
/* One component of an address: all but A–Z a–z 0–9 - . _ ~ is percent-encoded. */
void xd_buf_url(xd_buf *b, xd_str s);
/* A JSON string with its quotes, escaped as RFC 8785 says. `island`: also < > & U+2028 U+2029,
 * for a script element. */
void xd_buf_json(xd_buf *b, xd_str s, bool island);

#endif
