/* "XML Spreadsheet 2003": what many office systems write under the name of .xls.
 *
 * Workbook → Worksheet (Name) → Table → Row (Index) → Cell (Index, MergeAcross, MergeDown) →
 * Data (Type). Indexes count from 1 and are given where something was left out; a merge says how
 * many cells more it takes. Comments hold Data of their own: passed over. */
#include "exchange/sheet_parts.h"

typedef struct book {
    xd_sheet sheet;
    xd_arena *memory; /* of one row */
    size_t sheets, col;
    int64_t row;
    int skip;
    bool in_data;
    size_t across, down;
    xd_str type;
    xd_buf text;
} book;

static void begin_cell(book *b, const xd_xml_attr *a, size_t n)
{
    size_t index = xd_xml_count(a, n, "Index", 0, 1 << 20);
    b->col = index > 0 ? index - 1 : b->col;
    b->across = xd_xml_count(a, n, "MergeAcross", 0, 1 << 20);
    b->down = xd_xml_count(a, n, "MergeDown", 0, 1 << 24);
    b->type = (xd_str){0};
    xd_buf_clear(&b->text);
}

static bool book_start(xd_ctx *cx, void *user, xd_str name, const xd_xml_attr *a, size_t n)
{
    book *b = user;
    if (b->skip > 0 || xd_str_eq(name, XD_S("Comment")) ||
        xd_str_eq(name, XD_S("PhoneticText"))) {
        b->skip++;
    } else if (xd_str_eq(name, XD_S("Worksheet"))) {
        b->sheet.name = xd_xml_unescape(cx->arena, xd_xml_attr_of(a, n, "Name"));
        b->sheet.no = b->sheets++;
        b->sheet.merges.n = b->sheet.open.n = 0;
        b->sheet.next_merge = 0;
        b->row = -1;
    } else if (xd_str_eq(name, XD_S("Row"))) {
        size_t index = xd_xml_count(a, n, "Index", 0, 1 << 24);
        b->row = index > 0 ? (int64_t)index - 1 : b->row + 1;
        b->col = 0;
        xd_sheet_row_clear(b->sheet.row);
    } else if (xd_str_eq(name, XD_S("Cell"))) {
        begin_cell(b, a, n);
    } else if (xd_str_eq(name, XD_S("Data"))) {
        b->type = xd_str_copy(b->memory, xd_xml_attr_of(a, n, "Type"));
        b->in_data = true;
    }
    return true;
}

static bool book_text(xd_ctx *cx, void *user, xd_str text)
{
    book *b = user;
    if (b->in_data && b->skip == 0) {
        xd_buf_add(&b->text, text);
        return b->text.n <= XD_CELL_BYTES || xd_sheet_too_large(cx);
    }
    return true;
}

static bool put_value(book *b)
{
    xd_str text = xd_sheet_unwrap(b->memory, xd_buf_str(&b->text));
    if (xd_str_eq(b->type, XD_S("Number"))) {
        return xd_sheet_put(&b->sheet, b->col, XD_CELL_NUMBER,
                            xd_sheet_number(b->memory, text));
    }
    if (xd_str_eq(b->type, XD_S("DateTime"))) { /* 1958-07-01T00:00:00.000 */
        bool day =
            text.n > 10 && xd_str_starts(xd_str_sub(text, 10, text.n), XD_S("T00:00:00"));
        return xd_sheet_put(&b->sheet, b->col, XD_CELL_DATE,
                            day ? xd_str_sub(text, 0, 10) : text);
    }
    if (xd_str_eq(b->type, XD_S("Boolean"))) {
        return xd_sheet_put(&b->sheet, b->col, XD_CELL_BOOL,
                            xd_str_eq(text, XD_S("1")) ? XD_S("true") : XD_S("false"));
    }
    return xd_str_eq(b->type, XD_S("Error")) ||
           xd_sheet_put(&b->sheet, b->col, XD_CELL_TEXT, text);
}

static bool end_cell(xd_ctx *cx, book *b)
{
    if ((b->across > 0 || b->down > 0) && b->text.n > 0) {
        if (b->sheet.merges.n == XD_MERGES) {
            return xd_sheet_too_large(cx);
        }
        *xd_push(b->sheet.arena, &b->sheet.merges) =
            (xd_merge_range){.row = b->row,
                             .last_row = b->row + (int64_t)b->down,
                             .col = b->col,
                             .last_col = b->col + b->across};
    }
    bool ok = b->text.n == 0 || put_value(b);
    b->col += 1 + b->across;
    return ok;
}

static bool book_end(xd_ctx *cx, void *user, xd_str name)
{
    book *b = user;
    if (b->skip > 0) {
        b->skip--;
    } else if (xd_str_eq(name, XD_S("Data"))) {
        b->in_data = false;
    } else if (xd_str_eq(name, XD_S("Cell"))) {
        return end_cell(cx, b);
    } else if (xd_str_eq(name, XD_S("Row"))) {
        bool sent = xd_sheet_send(&b->sheet, b->row);
        xd_sheet_row_clear(b->sheet.row);
        xd_arena_reset(b->memory);
        return sent;
    }
    return true;
}

bool xd_read_sheet_2003(xd_ctx *cx, const xd_reader_in *in, xd_emit *emit)
{
    static const xd_xml_events events = {book_start, book_end, book_text};
    book *b = xd_new(cx->arena, book);
    *b = (book){.memory = xd_arena_make(), .row = -1};
    b->sheet = (xd_sheet){.cx = cx, .emit = emit, .arena = cx->arena};
    b->sheet.row = xd_new(cx->arena, xd_sheet_row);
    bool ok = xd_xml_read(cx, in->bytes, &events, b);
    if (ok) {
        xd_source_facts facts = {.format = XD_S("xls-xml"), .encoding_sure = true};
        ok = xd_emit_facts(cx, emit, &facts);
    }
    xd_buf_free(&b->text);
    xd_buf_free(&b->sheet.row->text);
    xd_arena_free(b->memory);
    return ok;
}
