/* ODS: one part, content.xml, holds all tables.
 *
 * A cell says its type and value in attributes (office:value, date-value, boolean-value), texts
 * in paragraphs. It says itself over how many columns and rows it is merged; the cells it covers
 * are there as covered-table-cell. Cells and rows may be repeated; repeated emptiness only moves
 * the place, repeated contents are sent at most REPEATS times. */
#include "exchange/sheet_parts.h"

#define REPEATS 10000

typedef struct ods {
    xd_ctx *cx;
    xd_emit *emit;
    xd_sheet sheet;
    xd_arena *memory; /* of one row */
    size_t tables;
    bool all, in_table, hidden, in_cell, covered;
    int skip, paragraphs, in_p;
    int64_t row;
    size_t col, row_times, cell_times, span_cols, span_rows;
    int64_t pictures;
    xd_str style;   /* being read */
    xd_strs hiding; /* styles that hide a sheet */
    xd_str type, value;
    xd_buf text;
} ods;

/* Sheets are hidden by the style they name; styles come first. */
static void note_style(ods *o, xd_str name, const xd_xml_attr *a, size_t n)
{
    if (xd_str_eq(name, XD_S("style"))) {
        o->style = xd_str_copy(o->cx->arena, xd_xml_attr_of(a, n, "name"));
    } else if (xd_str_eq(name, XD_S("table-properties")) && o->hiding.n < XD_SHEETS &&
               xd_str_eq(xd_xml_attr_of(a, n, "display"), XD_S("false"))) {
        *xd_push(o->cx->arena, &o->hiding) = o->style;
    }
}

static bool is_hidden(const ods *o, xd_str style)
{
    for (size_t i = 0; i < o->hiding.n; i++) {
        if (xd_str_eq(o->hiding.at[i], style)) {
            return true;
        }
    }
    return false;
}

static void begin_table(ods *o, const xd_xml_attr *a, size_t n)
{
    o->in_table = true;
    o->hidden = !o->all && is_hidden(o, xd_xml_attr_of(a, n, "style-name"));
    o->sheet.name = xd_xml_unescape(o->cx->arena, xd_xml_attr_of(a, n, "name"));
    o->sheet.no = o->tables++;
    o->sheet.merges.n = o->sheet.open.n = 0;
    o->sheet.next_merge = 0;
    o->row = 0;
    xd_sheet_row_clear(o->sheet.row);
}

static void begin_cell(ods *o, xd_str name, const xd_xml_attr *a, size_t n)
{
    o->in_cell = true;
    o->covered = xd_str_eq(name, XD_S("covered-table-cell"));
    o->cell_times = xd_xml_count(a, n, "number-columns-repeated", 1, 1 << 20);
    o->span_cols = xd_xml_count(a, n, "number-columns-spanned", 1, 1 << 20);
    o->span_rows = xd_xml_count(a, n, "number-rows-spanned", 1, 1 << 24);
    o->type = xd_str_copy(o->memory, xd_xml_attr_of(a, n, "value-type"));
    xd_str value = xd_xml_attr_of(a, n, "value");
    if (xd_str_eq(o->type, XD_S("date"))) {
        value = xd_xml_attr_of(a, n, "date-value");
    } else if (xd_str_eq(o->type, XD_S("boolean"))) {
        value = xd_xml_attr_of(a, n, "boolean-value");
    } else if (xd_str_eq(o->type, XD_S("string"))) {
        value = xd_xml_attr_of(a, n, "string-value");
    }
    o->value = xd_xml_unescape(o->memory, value);
    o->paragraphs = 0;
    xd_buf_clear(&o->text);
}

static bool ods_start(xd_ctx *cx, void *user, xd_str name, const xd_xml_attr *a, size_t n)
{
    ods *o = user;
    (void)cx;
    if (xd_str_eq(name, XD_S("image"))) {
        o->pictures++;
    }
    /* Notes, drawings and tracked changes are no contents of the cell. */
    if (o->skip > 0 || xd_str_eq(name, XD_S("annotation")) || xd_str_eq(name, XD_S("frame")) ||
        xd_str_eq(name, XD_S("tracked-changes")) || xd_str_eq(name, XD_S("shapes"))) {
        o->skip++;
    } else if (xd_str_eq(name, XD_S("table")) && !o->in_table) {
        begin_table(o, a, n);
    } else if (!o->in_table) {
        note_style(o, name, a, n);
    } else if (xd_str_eq(name, XD_S("table-row"))) {
        o->row_times = xd_xml_count(a, n, "number-rows-repeated", 1, 1 << 24);
        o->col = 0;
        xd_sheet_row_clear(o->sheet.row);
    } else if (xd_str_eq(name, XD_S("table-cell")) ||
               xd_str_eq(name, XD_S("covered-table-cell"))) {
        begin_cell(o, name, a, n);
    } else if (o->in_cell && (xd_str_eq(name, XD_S("p")) || xd_str_eq(name, XD_S("h")))) {
        if (o->paragraphs++ > 0) {
            xd_buf_byte(&o->text, '\n');
        }
        o->in_p++;
    } else if (o->in_p > 0 && xd_str_eq(name, XD_S("s"))) {
        for (size_t i = xd_xml_count(a, n, "c", 1, 100); i > 0; i--) {
            xd_buf_byte(&o->text, ' ');
        }
    } else if (o->in_p > 0 && xd_str_eq(name, XD_S("tab"))) {
        xd_buf_byte(&o->text, '\t');
    } else if (o->in_p > 0 && xd_str_eq(name, XD_S("line-break"))) {
        xd_buf_byte(&o->text, '\n');
    }
    return true;
}

static bool ods_text(xd_ctx *cx, void *user, xd_str text)
{
    ods *o = user;
    if (o->skip == 0 && o->in_p > 0) {
        xd_buf_add(&o->text, text);
        if (o->text.n > XD_CELL_BYTES) {
            return xd_sheet_too_large(cx);
        }
    }
    return true;
}

static bool put_value(ods *o)
{
    xd_str text = xd_sheet_unwrap(o->memory, xd_buf_str(&o->text));
    if (xd_str_eq(o->type, XD_S("float")) || xd_str_eq(o->type, XD_S("currency"))) {
        return xd_sheet_put(&o->sheet, o->col, XD_CELL_NUMBER,
                            xd_sheet_number(o->memory, o->value));
    }
    if (xd_str_eq(o->type, XD_S("date"))) {
        /* Shown as a year or a month alone, it is known no better. */
        bool short_date = text.n > 0 && text.n < 10 && xd_str_starts(o->value, text);
        return xd_sheet_put(&o->sheet, o->col, XD_CELL_DATE, short_date ? text : o->value);
    }
    if (xd_str_eq(o->type, XD_S("boolean"))) {
        return xd_sheet_put(&o->sheet, o->col, XD_CELL_BOOL, o->value);
    }
    return xd_sheet_put(&o->sheet, o->col, XD_CELL_TEXT, text.n > 0 ? text : o->value);
}

static bool end_cell(ods *o)
{
    bool empty = o->text.n == 0 && o->value.n == 0;
    o->in_cell = false;
    if (!empty && !o->covered && (o->span_cols > 1 || o->span_rows > 1)) {
        if (o->sheet.merges.n == XD_MERGES) {
            return xd_sheet_too_large(o->cx);
        }
        *xd_push(o->sheet.arena, &o->sheet.merges) = (xd_merge_range){
            .row = o->row,
            .last_row = o->row + (int64_t)(o->span_rows > 0 ? o->span_rows : 1) - 1,
            .col = o->col,
            .last_col = o->col + (o->span_cols > 0 ? o->span_cols : 1) - 1};
    }
    for (size_t i = 0; i < o->cell_times; i++) {
        if (empty || o->covered) {
            o->col += o->cell_times;
            return true;
        }
        if (!put_value(o)) {
            return false;
        }
        o->col++;
    }
    return true;
}

static bool end_row(ods *o)
{
    size_t times = o->row_times < REPEATS || !o->sheet.row->any ? o->row_times : REPEATS;
    bool any = o->sheet.row->any && !o->hidden;
    for (size_t i = 0; any && i < times; i++) {
        if (!xd_sheet_send(&o->sheet, o->row + (int64_t)i)) {
            return false;
        }
    }
    o->row += (int64_t)o->row_times;
    xd_sheet_row_clear(o->sheet.row);
    xd_arena_reset(o->memory);
    return true;
}

static bool ods_end(xd_ctx *cx, void *user, xd_str name)
{
    ods *o = user;
    (void)cx;
    if (o->skip > 0) {
        o->skip--;
    } else if (o->in_cell && (xd_str_eq(name, XD_S("p")) || xd_str_eq(name, XD_S("h")))) {
        o->in_p -= o->in_p > 0;
    } else if (o->in_cell && (xd_str_eq(name, XD_S("table-cell")) ||
                              xd_str_eq(name, XD_S("covered-table-cell")))) {
        return end_cell(o);
    } else if (o->in_table && xd_str_eq(name, XD_S("table-row"))) {
        return end_row(o);
    } else if (xd_str_eq(name, XD_S("table"))) {
        o->in_table = false;
    }
    return true;
}

bool xd_read_ods(xd_ctx *cx, const xd_reader_in *in, xd_emit *emit)
{
    static const xd_xml_events events = {ods_start, ods_end, ods_text};
    ods *o = xd_new(cx->arena, ods);
    xd_zip *zip = NULL;
    *o = (ods){.cx = cx, .all = in->all_sheets, .emit = emit, .memory = xd_arena_make()};
    o->sheet = (xd_sheet){.cx = cx, .emit = emit, .arena = cx->arena};
    o->sheet.row = xd_new(cx->arena, xd_sheet_row);
    bool ok = xd_zip_open(cx, in->bytes, emit, &zip);
    size_t part = ok ? xd_zip_find(zip, XD_S("content.xml")) : SIZE_MAX;
    if (ok && part == SIZE_MAX) {
        ok = xd_fail(cx, XD_UNREADABLE, "ods: no content");
    }
    ok = ok && xd_xml_read_part(cx, zip, part, &events, o);
    if (ok) {
        xd_source_facts facts = {
            .format = XD_S("ods"), .encoding_sure = true, .pictures = o->pictures};
        ok = xd_emit_facts(cx, emit, &facts);
    }
    xd_buf_free(&o->text);
    xd_buf_free(&o->sheet.row->text);
    xd_arena_free(o->memory);
    return ok;
}
