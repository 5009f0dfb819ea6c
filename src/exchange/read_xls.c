/* exchange/read_xls.c — old Excel workbooks (XLS, BIFF 2 to 8) through FreeXL.
 *
 * FreeXL opens paths only, and the box has none: before it closes, the helper's worker copies such a
 * file into anonymous memory, whose /proc/self/fd name is all that can be opened (reader.h: memory).
 * FreeXL knows no merged ranges: blanks of merged cells stay blanks here, and the import reads them
 * as it reads a CSV's. Sheets may be hidden without our knowing. Dates come by their format. */
#include <freexl.h>
#include <stdio.h>

#include "exchange/reader.h"

#define COLUMNS_MOST 256 /* of BIFF 8 */
#define ROWS_MOST 65536

static bool refuse(xd_ctx *cx, const char *what)
{
    (void)xd_fail(cx, XD_UNREADABLE, "FreeXL: %s", what);
    return xd_fail_words(
        cx,
        XD_S("这个 XLS 工作簿读不了，可能已损坏或加了密码。请在 Excel 或 WPS 里另存为 XLSX "
             "再试。"),
        XD_S("This XLS workbook cannot be read: it may be damaged or protected. Save it as "
             "XLSX, then try again."));
}

static bool emit_cell(xd_ctx *cx, xd_emit *emit, const FreeXL_CellValue *value)
{
    char text[40];
    xd_str s;
    switch (value->type) {
    case FREEXL_CELL_INT:
        (void)snprintf(text, sizeof text, "%d", value->value.int_value); /* always fits */
        return xd_emit_cell(cx, emit, XD_CELL_NUMBER, xd_str_of(text), false);
    case FREEXL_CELL_DOUBLE:
        return xd_emit_real(cx, emit, value->value.double_value);
    case FREEXL_CELL_DATE:
    case FREEXL_CELL_DATETIME:
        s = xd_str_of(value->value.text_value);
        return xd_emit_cell(cx, emit, XD_CELL_DATE, xd_str_sub(s, 0, 10), false);
    case FREEXL_CELL_TEXT:
    case FREEXL_CELL_SST_TEXT:
    case FREEXL_CELL_TIME:
        s = xd_str_of(value->value.text_value);
        if (xd_utf8_valid(s) < s.n) {
            return refuse(cx, "text that is not UTF-8");
        }
        return xd_emit_cell(cx, emit, s.n == 0 ? XD_CELL_EMPTY : XD_CELL_TEXT, s, false);
    default:
        return xd_emit_cell(cx, emit, XD_CELL_EMPTY, XD_S(""), false);
    }
}

static bool read_rows(xd_ctx *cx, const void *book, xd_str name, unsigned short sheet,
                      xd_emit *emit)
{
    unsigned int rows = 0;
    unsigned short columns = 0;
    if (freexl_select_active_worksheet(book, sheet) != FREEXL_OK ||
        freexl_worksheet_dimensions(book, &rows, &columns) != FREEXL_OK) {
        return refuse(cx, "no such sheet");
    }
    if (rows > ROWS_MOST || columns > COLUMNS_MOST) {
        return refuse(cx, "more rows or columns than the format has");
    }
    for (unsigned int r = 0; r < rows; r++) {
        bool ok = xd_emit_begin(cx, emit, name, sheet, (int64_t)r + 1, false);
        for (unsigned short c = 0; ok && c < columns; c++) {
            FreeXL_CellValue value;
            ok = freexl_get_cell_value(book, r, c, &value) == FREEXL_OK
                     ? emit_cell(cx, emit, &value)
                     : refuse(cx, "a cell");
        }
        if (!ok || !xd_emit_end(cx, emit)) {
            return false;
        }
    }
    return true;
}

static bool read_book(xd_ctx *cx, const xd_reader_in *in, const void *book, xd_emit *emit)
{
    unsigned int sheets = 0, password = 0;
    if (freexl_get_info(book, FREEXL_BIFF_SHEET_COUNT, &sheets) != FREEXL_OK ||
        freexl_get_info(book, FREEXL_BIFF_PASSWORD, &password) != FREEXL_OK || sheets == 0 ||
        sheets > XD_SHEETS || password == FREEXL_BIFF_OBFUSCATED) {
        return refuse(cx, "no sheets, too many, or a password");
    }
    for (unsigned short i = 0; i < sheets; i++) {
        const char *name = NULL;
        if (freexl_get_worksheet_name(book, i, &name) != FREEXL_OK) {
            return refuse(cx, "a sheet without a name");
        }
        xd_str title = xd_str_of(name);
        if (xd_utf8_valid(title) < title.n) {
            title = xd_str_printf(cx->arena, "%d", i + 1);
        }
        if (!read_rows(cx, book, title, i, emit)) {
            return false;
        }
    }
    xd_source_facts facts = {.format = XD_S("xls"),
                             .encoding_sure = true,
                             .bytes = (int64_t)in->bytes.n,
                             .bytes_read = (int64_t)in->bytes.n};
    return xd_emit_facts(cx, emit, &facts);
}

bool xd_read_xls(xd_ctx *cx, const xd_reader_in *in, xd_emit *emit)
{
    char path[40];
    const void *book = NULL;
    if (in->memory <= 0) {
        return refuse(cx, "no copy in memory");
    }
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", in->memory); /* always fits */
    bool ok = freexl_open(path, &book) == FREEXL_OK ? read_book(cx, in, book, emit)
                                                    : refuse(cx, "it does not open");
    (void)freexl_close(book); /* also after a failure, as its manual wants */
    return ok;
}
