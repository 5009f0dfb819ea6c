#include "exchange/rows.h"

#include "exchange/cell.h"

bool xd_rows_begin(xd_ctx *cx, xd_rows *rows)
{
    *rows = (xd_rows){0};
    return xd_spool_open(cx, &rows->spool);
}

bool xd_rows_add(xd_ctx *cx, xd_rows *rows, const xd_source_row *row)
{
    size_t n = rows->sheets.n;
    if (n == 0 || rows->sheets.at[n - 1].no != row->sheet_no) {
        *xd_push(cx->arena, &rows->sheets) = (xd_rows_sheet){
            .name = row->sheet.p == NULL ? (xd_str){0} : xd_str_copy(cx->arena, row->sheet),
            .no = row->sheet_no,
            .from = rows->at.n,
            .to = rows->at.n,
        };
        n++;
    }
    xd_buf b = {0};
    xd_buf_varint(&b, n - 1);
    xd_buf_u64be(&b, (uint64_t)row->number);
    xd_buf_byte(&b, row->header);
    xd_buf_varint(&b, row->n);
    for (size_t i = 0; i < row->n; i++) {
        const xd_cell *cell = &row->cells[i];
        xd_buf_byte(&b, (char)((unsigned)cell->kind | (cell->merged ? 0x80u : 0u)));
        if (cell->kind != XD_CELL_EMPTY) {
            xd_buf_varint(&b, cell->text.n);
            xd_buf_add(&b, cell->text);
        }
    }
    int64_t at = 0;
    bool ok = !b.failed && xd_spool_add(cx, rows->spool, xd_buf_str(&b), &at);
    xd_buf_free(&b);
    if (ok) {
        *xd_push(cx->arena, &rows->at) = at;
        rows->sheets.at[n - 1].to = rows->at.n;
    }
    return ok ? true : xd_fail_note(cx, "setting a row aside");
}

/* Our own bytes, written above: not checked again. */
static uint64_t varint(xd_str s, size_t *at)
{
    uint64_t v = 0;
    for (unsigned shift = 0; *at < s.n; shift += 7) {
        unsigned char byte = (unsigned char)s.p[(*at)++];
        v |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            break;
        }
    }
    return v;
}

bool xd_rows_get(xd_ctx *cx, xd_rows *rows, size_t i, xd_source_row *ret_row)
{
    assert(i < rows->at.n);
    xd_str bytes;
    int64_t next = 0;
    if (!xd_spool_read(cx, rows->spool, rows->at.at[i], &bytes, &next)) {
        return false;
    }
    size_t at = 0;
    const xd_rows_sheet *sheet = &rows->sheets.at[varint(bytes, &at)];
    uint64_t number = 0;
    for (int k = 0; k < 8; k++) {
        number = number << 8 | (unsigned char)bytes.p[at++];
    }
    bool header = bytes.p[at++] != 0;
    size_t n = (size_t)varint(bytes, &at);
    xd_cell *cells = xd_new_n(cx->arena, xd_cell, n + 1);
    for (size_t k = 0; k < n; k++) {
        unsigned char kind = (unsigned char)bytes.p[at++];
        cells[k] = (xd_cell){.kind = (xd_cell_kind)(kind & 0x7f), .merged = (kind & 0x80) != 0};
        if (cells[k].kind != XD_CELL_EMPTY) {
            size_t len = (size_t)varint(bytes, &at);
            cells[k].text = xd_str_sub(bytes, at, at + len);
            at += len;
        }
    }
    *ret_row = (xd_source_row){.sheet = sheet->name,
                               .sheet_no = sheet->no,
                               .number = (int64_t)number,
                               .cells = cells,
                               .n = n,
                               .header = header};
    return true;
}

xd_str xd_row_text(xd_arena *arena, const xd_source_row *row, size_t i)
{
    if (i >= row->n || row->cells[i].kind == XD_CELL_EMPTY ||
        row->cells[i].kind == XD_CELL_GEOMETRY) {
        return XD_S("");
    }
    return xd_cell_trim(arena, row->cells[i].text);
}

xd_row_own xd_row_own_of(xd_arena *arena, const xd_source_row *row)
{
    xd_row_own own = {.first = SIZE_MAX, .single = true};
    size_t same = 0;
    for (size_t i = 0; i < row->n; i++) {
        xd_str text = xd_row_text(arena, row, i);
        bool geometry = row->cells[i].kind == XD_CELL_GEOMETRY;
        if (text.n == 0 && !geometry) {
            continue;
        }
        if (own.first == SIZE_MAX && !row->cells[i].merged) {
            own.first = i;
            own.text = text;
        }
        own.n += !row->cells[i].merged;
        bool equal = own.first != SIZE_MAX && !geometry && xd_str_eq(text, own.text);
        same += equal;
        own.single &= equal;
    }
    /* Two equal cells may be a name and its town; three and more are one title spread out. */
    own.single &= own.n == 1 || (own.n == same && own.n >= 3);
    return own;
}
