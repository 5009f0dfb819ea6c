#include "exchange/frame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/fold.h"

#define SEND_AT (64u << 10) /* frames are sent together once this much has gathered */

/* ---- writing ---------------------------------------------------------------------------- */

void xd_emit_init(xd_emit *emit, xd_frame_send *send, void *user)
{
    *emit = (xd_emit){.send = send, .user = user, .row = {.max = XD_FRAME_BYTES}};
}

void xd_emit_free(xd_emit *emit)
{
    xd_buf_free(&emit->out);
    xd_buf_free(&emit->row);
    xd_buf_free(&emit->sheet);
}

static void put_text(xd_buf *b, xd_str s)
{
    xd_buf_varint(b, s.n);
    xd_buf_add(b, s);
}

static void put_frame(xd_buf *out, xd_frame_kind kind, xd_str payload)
{
    xd_buf_byte(out, (char)kind);
    xd_buf_u32be(out, (uint32_t)payload.n);
    xd_buf_add(out, payload);
}

static bool flush(xd_ctx *cx, xd_emit *emit, size_t at_least)
{
    if (emit->out.failed) {
        return xd_fail(cx, XD_LIMIT, "frames do not fit into memory");
    }
    if (emit->out.n < at_least || emit->out.n == 0) {
        return true;
    }
    bool sent = emit->send(cx, emit->user, xd_buf_str(&emit->out));
    xd_buf_clear(&emit->out);
    return sent;
}

static void say_sheet(xd_emit *emit, xd_str sheet, size_t sheet_no)
{
    if (emit->sheet_said && emit->sheet_no == sheet_no &&
        xd_str_eq(xd_buf_str(&emit->sheet), sheet)) {
        return;
    }
    xd_buf payload = {0};
    xd_buf_varint(&payload, sheet_no);
    put_text(&payload, sheet);
    xd_buf_byte(&payload, sheet.p != NULL);
    put_frame(&emit->out, XD_FRAME_SHEET, xd_buf_str(&payload));
    xd_buf_free(&payload);
    xd_buf_clear(&emit->sheet);
    xd_buf_add(&emit->sheet, sheet);
    emit->sheet_no = sheet_no;
    emit->sheet_said = true;
}

bool xd_emit_begin(xd_ctx *cx, xd_emit *emit, xd_str sheet, size_t sheet_no, int64_t number,
                   bool header)
{
    assert(!emit->open);
    if (sheet_no >= XD_SHEETS) {
        (void)xd_fail(cx, XD_LIMIT, "more than %d sheets", XD_SHEETS);
        return xd_fail_words(
            cx, XD_S("文件里的工作表（表格）超过 256 个，请拆成几个文件。"),
            XD_S("The file has more than 256 sheets or tables: please split it."));
    }
    say_sheet(emit, sheet, sheet_no);
    xd_buf_clear(&emit->row);
    emit->n_cells = 0;
    emit->number = number;
    emit->header = header;
    emit->open = true;
    return true;
}

bool xd_emit_cell(xd_ctx *cx, xd_emit *emit, xd_cell_kind kind, xd_str text, bool merged)
{
    size_t most = kind == XD_CELL_GEOMETRY ? XD_GEOMETRY_BYTES : XD_CELL_BYTES;
    if (emit->n_cells == XD_ROW_CELLS) {
        (void)xd_fail(cx, XD_LIMIT, "row %" PRId64 " has more than %d cells", emit->number,
                      XD_ROW_CELLS);
        return xd_fail_words(
            cx,
            xd_str_printf(cx->arena,
                          "第 %" PRId64 " 行超过 %d 列，不像一张名单；请删去多余的列。",
                          emit->number, XD_ROW_CELLS),
            xd_str_printf(cx->arena,
                          "Row %" PRId64
                          " has more than %d columns: please remove the surplus.",
                          emit->number, XD_ROW_CELLS));
    }
    if (text.n > most) {
        (void)xd_fail(cx, XD_LIMIT, "a cell of row %" PRId64 " has %zu bytes", emit->number,
                      text.n);
        return xd_fail_words(
            cx,
            xd_str_printf(cx->arena,
                          "第 %" PRId64
                          " 行有一格内容过长（超过 %zu KB），可能缺了换行或引号。",
                          emit->number, most >> 10),
            xd_str_printf(cx->arena,
                          "Row %" PRId64
                          " has a cell of more than %zu KB: perhaps a line end or a quotation "
                          "mark is missing.",
                          emit->number, most >> 10));
    }
    xd_buf_byte(&emit->row, (char)((unsigned)kind | (merged ? 0x80u : 0u)));
    put_text(&emit->row, text);
    emit->n_cells++;
    return true;
}

bool xd_emit_real(xd_ctx *cx, xd_emit *emit, double number)
{
    char text[64];
    for (int digits = 15; digits <= 17; digits++) {
        (void)snprintf(text, sizeof text, "%.*g", digits, number); /* always fits */
        if (strtod(text, NULL) == number) {
            break;
        }
    }
    if (strchr(text, 'e') != NULL && number < 1e15 && number > -1e15) {
        (void)snprintf(text, sizeof text, "%.10f", number); /* likewise */
    }
    return xd_emit_cell(cx, emit, XD_CELL_NUMBER, xd_str_of(text), false);
}

static uint64_t zigzag(int64_t v)
{
    return v < 0 ? ~((uint64_t)v << 1) : (uint64_t)v << 1;
}

static int64_t unzigzag(uint64_t v)
{
    return (int64_t)((v >> 1) ^ (~(v & 1) + 1));
}

bool xd_emit_end(xd_ctx *cx, xd_emit *emit)
{
    assert(emit->open);
    emit->open = false;
    xd_buf head = {0};
    xd_buf_varint(&head, zigzag(emit->number));
    xd_buf_byte(&head, emit->header);
    xd_buf_varint(&head, emit->n_cells);
    bool fits = !emit->row.failed && head.n + emit->row.n <= XD_FRAME_BYTES;
    if (fits) {
        xd_buf_byte(&emit->out, (char)XD_FRAME_ROW);
        xd_buf_u32be(&emit->out, (uint32_t)(head.n + emit->row.n));
        xd_buf_add(&emit->out, xd_buf_str(&head));
        xd_buf_add(&emit->out, xd_buf_str(&emit->row));
    }
    xd_buf_free(&head);
    if (!fits) {
        (void)xd_fail(cx, XD_LIMIT, "row %" PRId64 " is larger than %u bytes", emit->number,
                      XD_FRAME_BYTES);
        return xd_fail_words(
            cx,
            xd_str_printf(cx->arena, "第 %" PRId64 " 行内容过大（超过 40 MB）。", emit->number),
            xd_str_printf(cx->arena, "Row %" PRId64 " holds more than 40 MB.", emit->number));
    }
    return flush(cx, emit, SEND_AT);
}

bool xd_emit_progress(xd_ctx *cx, xd_emit *emit, int64_t bytes_read)
{
    if ((uint64_t)bytes_read < emit->said_bytes + (1u << 20)) {
        return true;
    }
    emit->said_bytes = (uint64_t)bytes_read;
    xd_buf payload = {0};
    xd_buf_varint(&payload, (uint64_t)bytes_read);
    put_frame(&emit->out, XD_FRAME_PROGRESS, xd_buf_str(&payload));
    xd_buf_free(&payload);
    return flush(cx, emit, 1);
}

bool xd_emit_facts(xd_ctx *cx, xd_emit *emit, const xd_source_facts *facts)
{
    xd_buf payload = {0};
    put_text(&payload, facts->format);
    put_text(&payload, facts->encoding);
    xd_buf_byte(&payload, facts->encoding_sure);
    xd_buf_byte(&payload, facts->separator);
    put_text(&payload, facts->crs);
    xd_buf_varint(&payload, zigzag(facts->pictures));
    put_frame(&emit->out, XD_FRAME_FACTS, xd_buf_str(&payload));
    xd_buf_free(&payload);
    return flush(cx, emit, SEND_AT);
}

bool xd_emit_error(xd_ctx *cx, xd_emit *emit, const xd_err *err)
{
    xd_buf payload = {0};
    xd_buf_varint(&payload, (uint64_t)err->code);
    put_text(&payload, err->message);
    put_text(&payload, err->zh);
    put_text(&payload, err->en);
    put_frame(&emit->out, XD_FRAME_ERROR, xd_buf_str(&payload));
    xd_buf_free(&payload);
    return flush(cx, emit, 1);
}

bool xd_emit_done(xd_ctx *cx, xd_emit *emit)
{
    put_frame(&emit->out, XD_FRAME_END, XD_S(""));
    return flush(cx, emit, 1);
}

/* ---- reading ---------------------------------------------------------------------------- */

/* A cursor over one payload. `bad` is sticky. */
typedef struct cursor {
    xd_str s;
    size_t at;
    bool bad;
} cursor;

static uint64_t take_varint(cursor *c)
{
    uint64_t v = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (c->at == c->s.n) {
            break;
        }
        unsigned char byte = (unsigned char)c->s.p[c->at++];
        if (shift == 63 && byte > 1) {
            break;
        }
        v |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            return v;
        }
    }
    c->bad = true;
    return 0;
}

static unsigned char take_byte(cursor *c)
{
    if (c->at == c->s.n) {
        c->bad = true;
        return 0;
    }
    return (unsigned char)c->s.p[c->at++];
}

static bool take_bool(cursor *c)
{
    unsigned char byte = take_byte(c);
    c->bad |= byte > 1;
    return byte == 1;
}

static xd_str take_text(cursor *c, size_t most)
{
    uint64_t n = take_varint(c);
    if (c->bad || n > most || n > c->s.n - c->at) {
        c->bad = true;
        return (xd_str){0};
    }
    xd_str text = {c->s.p + c->at, (size_t)n};
    c->at += (size_t)n;
    if (xd_utf8_valid(text) != text.n) {
        c->bad = true;
        return (xd_str){0};
    }
    return text;
}

static bool bad_frame(xd_ctx *cx)
{
    (void)xd_fail(cx, XD_BROKEN, "the worker sent a frame that is not one");
    return xd_fail_words(
        cx, XD_S("读取这个文件的进程出错，文件可能损坏或有意构造；没有导入任何内容。"),
        XD_S("The process reading this file failed: the file may be damaged or "
             "made to do harm. Nothing was imported."));
}

bool xd_frame_size(xd_ctx *cx, xd_str bytes, size_t *ret_size)
{
    if (bytes.n < XD_FRAME_HEAD) {
        *ret_size = 0;
        return true;
    }
    const unsigned char *p = (const unsigned char *)bytes.p;
    uint32_t n = (uint32_t)p[1] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 8 | p[4];
    if (n > XD_FRAME_BYTES || memchr("SRPFEZ", p[0], 6) == NULL) {
        return bad_frame(cx);
    }
    *ret_size = XD_FRAME_HEAD + (size_t)n;
    return true;
}

static bool is_ascii(xd_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] >= 0x80 || ((unsigned char)s.p[i] < 0x20 && s.p[i] != '\n')) {
            return false;
        }
    }
    return true;
}

static void read_row(xd_ctx *cx, xd_frame_reader *reader, cursor *c, xd_source_row *row)
{
    *row = (xd_source_row){.sheet = reader->sheet, .sheet_no = reader->sheet_no};
    row->number = unzigzag(take_varint(c));
    row->header = take_bool(c);
    uint64_t n = take_varint(c);
    if (c->bad || n > XD_ROW_CELLS || n > c->s.n - c->at) {
        c->bad = true;
        return;
    }
    xd_cell *cells = xd_new_n(cx->arena, xd_cell, (size_t)n + 1);
    for (size_t i = 0; i < n && !c->bad; i++) {
        unsigned char kind = take_byte(c);
        cells[i].merged = (kind & 0x80) != 0;
        kind &= 0x7f;
        if (kind > XD_CELL_GEOMETRY) {
            c->bad = true;
            break;
        }
        cells[i].kind = (xd_cell_kind)kind;
        size_t most = kind == XD_CELL_GEOMETRY ? XD_GEOMETRY_BYTES : XD_CELL_BYTES;
        xd_str text = take_text(c, most);
        if (kind != XD_CELL_EMPTY && text.n > 0) {
            cells[i].text =
                is_ascii(text) ? xd_str_copy(cx->arena, text) : xd_nfc(cx->arena, text);
        }
        if (cells[i].text.n == 0) {
            cells[i].kind = XD_CELL_EMPTY;
        }
    }
    row->cells = cells;
    row->n = (size_t)n;
}

static void read_facts(xd_ctx *cx, cursor *c, xd_source_facts *facts)
{
    *facts = (xd_source_facts){0};
    facts->format = xd_str_copy(cx->arena, take_text(c, 64));
    facts->encoding = xd_str_copy(cx->arena, take_text(c, 64));
    facts->encoding_sure = take_bool(c);
    facts->separator = (char)take_byte(c);
    facts->crs = xd_str_copy(cx->arena, take_text(c, 4096));
    facts->pictures = unzigzag(take_varint(c));
}

static void read_sheet(xd_frame_reader *reader, cursor *c)
{
    uint64_t no = take_varint(c);
    xd_str name = take_text(c, XD_CELL_BYTES);
    bool named = take_bool(c);
    if (c->bad || no >= XD_SHEETS) {
        c->bad = true;
        return;
    }
    xd_buf_clear(&reader->sheet_bytes);
    xd_buf_add(&reader->sheet_bytes, name);
    xd_buf_byte(&reader->sheet_bytes, '\0'); /* so that an empty name still has a pointer */
    reader->sheet = named ? (xd_str){reader->sheet_bytes.p, name.n} : (xd_str){0};
    reader->sheet_no = (size_t)no;
    reader->any_sheet = true;
}

static bool read_error(xd_ctx *cx, cursor *c)
{
    uint64_t code = take_varint(c);
    xd_str message = take_text(c, 1u << 16);
    xd_str zh = take_text(c, 1u << 16);
    xd_str en = take_text(c, 1u << 16);
    if (c->bad || c->at != c->s.n || code == XD_OK || code > XD_SYSTEM) {
        return bad_frame(cx);
    }
    (void)xd_fail(cx, (xd_code)code, XD_FMT, XD_ARG(message));
    if (zh.n > 0 && en.n > 0) {
        (void)xd_fail_words(cx, xd_nfc(cx->arena, zh), xd_nfc(cx->arena, en));
    }
    return false;
}

bool xd_frame_read(xd_ctx *cx, xd_frame_reader *reader, xd_str frame, xd_frame *ret_frame)
{
    size_t size = 0;
    if (!xd_frame_size(cx, frame, &size)) {
        return false;
    }
    if (size == 0 || size != frame.n || reader->done) {
        return bad_frame(cx);
    }
    xd_frame out = {.kind = (xd_frame_kind)frame.p[0]};
    cursor c = {.s = xd_str_sub(frame, XD_FRAME_HEAD, frame.n)};
    switch (out.kind) {
    case XD_FRAME_SHEET:
        read_sheet(reader, &c);
        break;
    case XD_FRAME_ROW:
        c.bad = !reader->any_sheet;
        read_row(cx, reader, &c, &out.row);
        break;
    case XD_FRAME_PROGRESS:
        reader->bytes_read = (int64_t)(take_varint(&c) & INT64_MAX);
        break;
    case XD_FRAME_FACTS:
        read_facts(cx, &c, &out.facts);
        break;
    case XD_FRAME_ERROR:
        return read_error(cx, &c);
    case XD_FRAME_END:
        reader->done = true;
        break;
    }
    if (c.bad || c.at != c.s.n) {
        return bad_frame(cx);
    }
    *ret_frame = out;
    return true;
}

void xd_frame_reader_free(xd_frame_reader *reader)
{
    xd_buf_free(&reader->sheet_bytes);
    *reader = (xd_frame_reader){0};
}
