/* fuzz/exchange_sink.h — a reader run in this process: what it sends is decoded as the parent
 * would, which must always succeed. */
#ifndef XD_FUZZ_EXCHANGE_SINK_H
#define XD_FUZZ_EXCHANGE_SINK_H

#include <stdlib.h>

#include "exchange/frame.h"

typedef struct fuzz_sink {
    xd_frame_reader reader;
} fuzz_sink;

static inline bool fuzz_take(xd_ctx *cx, void *user, xd_str frames)
{
    fuzz_sink *sink = user;
    (void)cx;
    for (size_t at = 0; at < frames.n;) {
        xd_ctx own;
        size_t size = 0;
        xd_frame frame;
        xd_ctx_begin(&own);
        xd_str rest = xd_str_sub(frames, at, frames.n);
        if (!xd_frame_size(&own, rest, &size) || size == 0 ||
            !xd_frame_read(&own, &sink->reader, xd_str_sub(rest, 0, size), &frame)) {
            abort(); /* a reader sent what the parent refuses */
        }
        at += size;
        xd_ctx_end(&own);
    }
    return true;
}

static inline void fuzz_run(xd_reader *read, const xd_reader_in *in)
{
    fuzz_sink sink = {0};
    xd_ctx cx;
    xd_emit emit;
    xd_ctx_begin(&cx);
    xd_emit_init(&emit, fuzz_take, &sink);
    if (!(read(&cx, in, &emit) && xd_emit_done(&cx, &emit)) && cx.err.code == XD_OK) {
        abort(); /* a failure must say what it is */
    }
    xd_emit_free(&emit);
    xd_frame_reader_free(&sink.reader);
    xd_ctx_end(&cx);
}

/* A zip archive of stored parts, for the readers of office formats. */
typedef struct fuzz_part {
    const char *name;
    xd_str bytes;
} fuzz_part;

static inline uint32_t fuzz_crc(xd_str s)
{
    uint32_t crc = ~0u;
    for (size_t i = 0; i < s.n; i++) {
        crc ^= (unsigned char)s.p[i];
        for (int k = 0; k < 8; k++) {
            crc = crc >> 1 ^ (0xedb88320u & (0u - (crc & 1)));
        }
    }
    return ~crc;
}

static inline void fuzz_le(xd_buf *b, uint32_t v, int bytes)
{
    for (int i = 0; i < bytes; i++) {
        xd_buf_byte(b, (char)(v >> 8 * i));
    }
}

/* The fields both kinds of header share, from the version on. */
static inline void fuzz_entry(xd_buf *b, const fuzz_part *part)
{
    fuzz_le(b, 20, 2), fuzz_le(b, 0, 2), fuzz_le(b, 0, 2), fuzz_le(b, 0x21 << 16, 4);
    fuzz_le(b, fuzz_crc(part->bytes), 4);
    fuzz_le(b, (uint32_t)part->bytes.n, 4), fuzz_le(b, (uint32_t)part->bytes.n, 4);
    fuzz_le(b, (uint32_t)strlen(part->name), 2), fuzz_le(b, 0, 2);
}

static inline void fuzz_zip(xd_buf *out, const fuzz_part *parts, size_t n)
{
    xd_buf directory = {0};
    for (size_t i = 0; i < n; i++) {
        uint32_t at = (uint32_t)out->n;
        fuzz_le(out, 0x04034b50, 4);
        fuzz_entry(out, &parts[i]);
        xd_buf_bytes(out, parts[i].name, strlen(parts[i].name));
        xd_buf_add(out, parts[i].bytes);
        fuzz_le(&directory, 0x02014b50, 4), fuzz_le(&directory, 20, 2);
        fuzz_entry(&directory, &parts[i]);
        fuzz_le(&directory, 0, 2), fuzz_le(&directory, 0, 2), fuzz_le(&directory, 0, 2);
        fuzz_le(&directory, 0, 4), fuzz_le(&directory, at, 4);
        xd_buf_bytes(&directory, parts[i].name, strlen(parts[i].name));
    }
    uint32_t from = (uint32_t)out->n;
    xd_buf_add(out, xd_buf_str(&directory));
    fuzz_le(out, 0x06054b50, 4), fuzz_le(out, 0, 4);
    fuzz_le(out, (uint32_t)n, 2), fuzz_le(out, (uint32_t)n, 2);
    fuzz_le(out, (uint32_t)directory.n, 4), fuzz_le(out, from, 4), fuzz_le(out, 0, 2);
    xd_buf_free(&directory);
}

#endif
