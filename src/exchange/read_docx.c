/* Tables of a DOCX document, and the lines around them.
 *
 * word/document.xml: paragraphs (p) of runs (r) of text (t); tables (tbl) of rows (tr) of cells
 * (tc) of paragraphs. A cell spans columns (gridSpan) and goes on below (vMerge without
 * restart); a row may begin further right (gridBefore). Deleted text (del), field codes
 * (instrText) and the old form of a drawing (Fallback) are not there; a table inside a cell is
 * that cell's text.
 *
 * Each table is a sheet. The last CONTEXT paragraphs before it, and after the last table as many
 * behind it, go out as rows numbered 0: titles, headings, notes on the coordinate system. A document
 * without a table may hold its list as paragraphs (lines.h). */
#include "exchange/lines.h"
#include "exchange/sheet_parts.h"

#define CONTEXT 6
#define ROW_MERGES 4096

typedef struct docx {
    xd_ctx *cx;
    xd_emit *emit;
    xd_sheet sheet;
    int depth; /* tables around */
    int skip;
    bool in_t;
    int64_t row, pictures;
    size_t col, span;
    bool merge_on, merge_begins, cell_open;
    xd_buf cell;
    xd_buf paragraph;       /* outside tables */
    xd_buf before[CONTEXT]; /* ring of paragraphs */
    size_t n_before;
    xd_lines lines; /* all paragraphs before the first table */
    bool listed;    /* the paragraph is one of the document's own lists */
    struct {        /* what vertical merges carry down, per column */
        xd_buf text;
        size_t span;
    } down[ROW_MERGES];
} docx;

static bool is(xd_str name, const char *word)
{
    return xd_str_eq(name, xd_str_of(word));
}

/* ---- lines around tables ------------------------------------------------------------------ */

static bool send_line(docx *d, xd_str text)
{
    return xd_emit_begin(d->cx, d->emit, d->sheet.name, d->sheet.no, 0, false) &&
           xd_emit_cell(d->cx, d->emit, XD_CELL_TEXT, text, false) &&
           xd_emit_end(d->cx, d->emit);
}

static void end_paragraph(docx *d)
{
    xd_str text = xd_str_trim(xd_buf_str(&d->paragraph));
    if (text.n > 0 && text.n <= XD_CELL_BYTES) {
        xd_buf *slot = &d->before[d->n_before % CONTEXT];
        xd_buf_clear(slot);
        xd_buf_add(slot, text);
        d->n_before++;
        if (d->sheet.name.p == NULL) {
            xd_lines_add(d->cx->arena, &d->lines, text, d->listed);
        }
    }
    d->listed = false;
    xd_buf_clear(&d->paragraph);
}

static bool begin_table(docx *d)
{
    d->sheet.no = d->sheet.name.p == NULL ? 0 : d->sheet.no + 1;
    d->sheet.name = xd_str_printf(d->cx->arena, "表%zu", d->sheet.no + 1);
    d->row = 0;
    for (size_t c = 0; c < ROW_MERGES; c++) {
        xd_buf_clear(&d->down[c].text);
        d->down[c].span = 0;
    }
    size_t n = d->n_before < CONTEXT ? d->n_before : CONTEXT;
    for (size_t i = d->n_before - n; i < d->n_before; i++) {
        if (!send_line(d, xd_buf_str(&d->before[i % CONTEXT]))) {
            return false;
        }
    }
    d->n_before = 0;
    return true;
}

/* ---- cells -------------------------------------------------------------------------------- */

static bool put(docx *d, size_t col, xd_str text, bool merged)
{
    if (text.n == 0) {
        return true;
    }
    if (!merged) {
        return xd_sheet_put(&d->sheet, col, XD_CELL_TEXT, text);
    }
    xd_sheet_row *row = d->sheet.row;
    if (col >= XD_ROW_CELLS) {
        return xd_sheet_too_large(d->cx);
    }
    row->cells[col] = (xd_sheet_cell){XD_CELL_TEXT, row->text.n, text.n, true};
    xd_buf_add(&row->text, text);
    row->n = col + 1 > row->n ? col + 1 : row->n;
    return true;
}

static bool end_cell(docx *d)
{
    xd_str text = xd_str_trim(xd_buf_str(&d->cell));
    size_t span = d->span == 0 ? 1 : d->span;
    bool down = d->merge_on && !d->merge_begins;
    if (d->col + span > ROW_MERGES) {
        return xd_sheet_too_large(d->cx);
    }
    if (down) {
        text = xd_buf_str(&d->down[d->col].text);
    } else {
        xd_buf_clear(&d->down[d->col].text);
        if (d->merge_begins) {
            xd_buf_add(&d->down[d->col].text, text);
        }
    }
    for (size_t i = 0; i < span; i++) {
        if (i > 0 && text.n > XD_MERGE_BYTES) {
            break;
        }
        if (!put(d, d->col + i, text, down || i > 0)) {
            return false;
        }
    }
    d->col += span;
    d->cell_open = false;
    return true;
}

static bool add_text(docx *d, xd_str text)
{
    xd_buf *b = d->depth > 0 ? &d->cell : &d->paragraph;
    xd_buf_add(b, text);
    return b->n <= XD_CELL_BYTES || xd_sheet_too_large(d->cx);
}

/* ---- events ------------------------------------------------------------------------------- */

static bool is_skipped(xd_str name)
{
    static const char *const words[] = {"del",      "instrText", "Fallback", "delText",
                                        "footnote", "rubyPr",    "rt",       "moveFrom"};
    for (size_t i = 0; i < XD_LEN(words); i++) {
        if (is(name, words[i])) {
            return true;
        }
    }
    return false;
}

static bool start_in_table(docx *d, xd_str name, const xd_xml_attr *a, size_t n)
{
    if (is(name, "tr")) {
        d->col = 0;
        xd_sheet_row_clear(d->sheet.row);
    } else if (is(name, "gridBefore")) {
        d->col += xd_xml_count(a, n, "val", 0, ROW_MERGES);
    } else if (is(name, "tc")) {
        d->span = 1;
        d->merge_on = d->merge_begins = false;
        d->cell_open = true;
        xd_buf_clear(&d->cell);
    } else if (is(name, "gridSpan")) {
        d->span = xd_xml_count(a, n, "val", 1, ROW_MERGES);
    } else if (is(name, "vMerge")) {
        d->merge_on = true;
        d->merge_begins = xd_str_eq(xd_xml_attr_of(a, n, "val"), XD_S("restart"));
    }
    return true;
}

static bool docx_start(xd_ctx *cx, void *user, xd_str name, const xd_xml_attr *a, size_t n)
{
    docx *d = user;
    (void)cx;
    if (d->skip > 0 || is_skipped(name)) {
        d->skip++;
        return true;
    }
    d->pictures += is(name, "blip") || is(name, "imagedata");
    if (is(name, "tbl")) {
        return d->depth++ > 0 || begin_table(d);
    }
    if (is(name, "t")) {
        d->in_t = true;
    } else if (is(name, "numPr")) {
        d->listed |= d->depth == 0;
    } else if (is(name, "tab")) {
        return add_text(d, d->cell_open ? XD_S(" ") : XD_S("\t"));
    } else if (is(name, "br") || is(name, "cr")) {
        return add_text(d, XD_S("\n"));
    } else if (is(name, "p") && d->cell_open && d->cell.n > 0 &&
               d->cell.p[d->cell.n - 1] != '\n') {
        return add_text(d, XD_S("\n"));
    }
    return d->depth != 1 || start_in_table(d, name, a, n);
}

static bool docx_text(xd_ctx *cx, void *user, xd_str text)
{
    docx *d = user;
    (void)cx;
    return !d->in_t || d->skip > 0 || add_text(d, text);
}

static bool docx_end(xd_ctx *cx, void *user, xd_str name)
{
    docx *d = user;
    (void)cx;
    if (d->skip > 0) {
        d->skip--;
        return true;
    }
    if (is(name, "t")) {
        d->in_t = false;
    } else if (is(name, "tbl")) {
        d->depth--;
    } else if (d->depth == 1 && is(name, "tc")) {
        return end_cell(d);
    } else if (d->depth == 1 && is(name, "tr")) {
        bool ok = xd_sheet_send(&d->sheet, d->row++);
        xd_sheet_row_clear(d->sheet.row);
        return ok;
    } else if (d->depth == 0 && is(name, "p")) {
        end_paragraph(d);
    }
    return true;
}

static bool no_table(xd_ctx *cx)
{
    (void)xd_fail(cx, XD_UNREADABLE, "docx: no table");
    return xd_fail_words(
        cx, XD_S("文档里没有表格，也没有逐条编号的名单；请把名单做成表格再导入。"),
        XD_S("There is neither a table nor a numbered list in the document: put "
             "the list into a table."));
}

static bool read_document(docx *d, const xd_reader_in *in)
{
    static const xd_xml_events events = {docx_start, docx_end, docx_text};
    xd_zip *zip = NULL;
    if (!xd_zip_open(d->cx, in->bytes, d->emit, &zip)) {
        return false;
    }
    size_t part = xd_zip_find(zip, XD_S("word/document.xml"));
    if (part == SIZE_MAX) {
        return xd_fail(d->cx, XD_UNREADABLE, "docx: no document");
    }
    if (!xd_xml_read_part(d->cx, zip, part, &events, d)) {
        return false;
    }
    bool list = false;
    if (d->sheet.name.p == NULL && !xd_lines_send(&d->sheet, &d->lines, &list)) {
        return false;
    }
    if (d->sheet.name.p == NULL) {
        return no_table(d->cx);
    }
    size_t n = list ? 0 : d->n_before < CONTEXT ? d->n_before : CONTEXT;
    for (size_t i = d->n_before - n; i < d->n_before; i++) {
        if (!send_line(d, xd_buf_str(&d->before[i % CONTEXT]))) {
            return false;
        }
    }
    xd_source_facts facts = {
        .format = XD_S("docx"), .encoding_sure = true, .pictures = d->pictures};
    return xd_emit_facts(d->cx, d->emit, &facts);
}

bool xd_read_docx(xd_ctx *cx, const xd_reader_in *in, xd_emit *emit)
{
    docx *d = xd_new(cx->arena, docx);
    d->cx = cx;
    d->emit = emit;
    d->sheet = (xd_sheet){.cx = cx, .emit = emit, .arena = cx->arena};
    d->sheet.row = xd_new(cx->arena, xd_sheet_row);
    bool ok = read_document(d, in);
    xd_buf_free(&d->cell);
    xd_buf_free(&d->paragraph);
    for (size_t i = 0; i < CONTEXT; i++) {
        xd_buf_free(&d->before[i]);
    }
    for (size_t c = 0; c < ROW_MERGES; c++) {
        xd_buf_free(&d->down[c].text);
    }
    xd_buf_free(&d->sheet.row->text);
    return ok;
}
