/* exchange/frame.h — what worker and parent say to one another.
 *
 * A stream of frames: kind (1 byte), payload length (u32 big-endian, at most XD_FRAME_BYTES),
 * payload. Integers in payloads are LEB128; texts are length and bytes.
 *   S sheet: number, name, named (0/1) — of the rows that follow
 *   R row: number (zigzag), header (0/1), count, then each cell: kind | 0x80 when merged; text
 *   P progress: bytes read so far
 *   F facts   E error: code, message, zh, en   Z end: everything was read
 * Whoever reads takes nothing on trust: the worker may have been taken over by the file.
 * Lengths must add up to the byte, kinds be known, texts be UTF-8, counts stay under the
 * ceilings of reader.h; anything else is XD_BROKEN and the worker is killed. */
#ifndef XD_EXCHANGE_FRAME_H
#define XD_EXCHANGE_FRAME_H

#include "exchange/reader.h"

#define XD_FRAME_BYTES (40u << 20)
#define XD_FRAME_HEAD 5

typedef enum xd_frame_kind {
    XD_FRAME_SHEET = 'S',
    XD_FRAME_ROW = 'R',
    XD_FRAME_PROGRESS = 'P',
    XD_FRAME_FACTS = 'F',
    XD_FRAME_ERROR = 'E',
    XD_FRAME_END = 'Z',
} xd_frame_kind;

/* ---- writing: the worker's side -------------------------------------------------------- */

/* Takes whole frames; false with cx->err when nobody listens any more. */
typedef bool xd_frame_send(xd_ctx *cx, void *user, xd_str frames);

struct xd_emit {
    xd_frame_send *send;
    void *user;
    xd_buf out; /* frames not sent yet */
    xd_buf row; /* payload of the row being made */
    size_t n_cells;
    int64_t number;
    bool header, open;
    bool sheet_said;
    size_t sheet_no;
    xd_buf sheet;
    uint64_t said_bytes;
};
void xd_emit_init(xd_emit *emit, xd_frame_send *send, void *user);
void xd_emit_free(xd_emit *emit);
/* Alive, and so far: readers call it at least once a megabyte read. */
XD_MUST bool xd_emit_progress(xd_ctx *cx, xd_emit *emit, int64_t bytes_read);
XD_MUST bool xd_emit_error(xd_ctx *cx, xd_emit *emit, const xd_err *err);
XD_MUST bool xd_emit_done(xd_ctx *cx,
                          xd_emit *emit); /* the end frame, and what was held back */

/* ---- reading: the parent's side -------------------------------------------------------- */

typedef struct xd_frame_reader { /* what was said so far */
    xd_str sheet;                /* a copy of ours */
    xd_buf sheet_bytes;
    size_t sheet_no;
    bool any_sheet;
    int64_t bytes_read;
    bool done;
} xd_frame_reader;

typedef struct xd_frame {
    xd_frame_kind kind;
    xd_source_row row;     /* ROW: cells in cx->arena, texts NFC */
    xd_source_facts facts; /* FACTS */
} xd_frame;

/* How many bytes the frame at the start of `bytes` takes; 0 when more are needed to say.
 * XD_BROKEN for a head that cannot be. */
XD_MUST bool xd_frame_size(xd_ctx *cx, xd_str bytes, size_t *ret_size);
/* One whole frame. An ERROR frame is false, with that error in cx. */
XD_MUST bool xd_frame_read(xd_ctx *cx, xd_frame_reader *reader, xd_str frame,
                           xd_frame *ret_frame);
void xd_frame_reader_free(xd_frame_reader *reader);

#endif
