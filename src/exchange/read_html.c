/* Tables of a web page.
 *
 * libxml2's HTML parser mends what browsers mend and tells us elements as a stream. A table is
 * gathered whole (rows and columns may span), then sent as a sheet; the lines before it (caption,
 * heading, paragraphs) go first, numbered 0. Pages lay themselves out in tables: a table that has
 * another inside is layout, its own cells are not sent. Scripts, styles and what is no text are
 * passed over. A page without a table may hold its list as lines (lines.h).
 *
 * Encoding: a byte order mark, what a <meta> says, else the rules of decode.c. The text is made
 * UTF-8 before the parser sees it. */
#include "exchange/decode.h"
#include "exchange/lines.h"
#include "exchange/sheet_parts.h"

#include <libxml/HTMLparser.h>

#define DEPTH 16 /* tables inside tables */
#define TABLE_CELLS ((size_t)4000000)
#define TEXT_BYTES ((size_t)256 << 20)
#define CONTEXT 12
#define LINE_BYTES 2000

typedef struct html_cell {
    size_t at, n; /* in the table's text */
    size_t row, col;
    uint32_t rows, cols;
} html_cell;

typedef struct html_table {
    xd_buf text;
    XD_VEC(html_cell) cells;
    size_t rows;         /* begun */
    size_t col;          /* next free column of the row */
    XD_VEC(size_t) busy; /* per column: row behind the last one a span from above takes */
    bool layout, in_row, in_cell;
    xd_arena *arena;
} html_table;

typedef struct html {
    xd_ctx *cx;
    xd_emit *emit;
    htmlParserCtxtPtr parser;
    html_table *tables[DEPTH];
    size_t depth;
    int skip;
    size_t sheets;
    int64_t pictures;
    xd_buf line;  /* text outside tables */
    xd_buf title; /* of the page */
    bool in_title;
    xd_buf before[CONTEXT];
    size_t n_before;
    xd_lines lines; /* all lines before the first table */
    size_t ordered; /* <ol> around */
    bool listed;    /* the line is an item of one */
    bool termed;    /* the line begins with a <dt>: what a <dd> says goes behind its colon */
    bool described; /* inside that <dd>: its paragraphs do not end the line */
    xd_sheet sheet;
    bool failed;
} html;

static bool is(const xmlChar *name, const char *word)
{
    return strcmp((const char *)name, word) == 0;
}

static void stop(html *h)
{
    h->failed = true;
    htmlParserCtxtPtr parser = h->parser;
    if (parser != NULL) {
        xmlStopParser(parser);
    }
}

/* ---- text --------------------------------------------------------------------------------- */

/* Blanks of markup are one blank; a break is a line end. */
static void add_blanks_folded(xd_buf *b, size_t from, xd_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (!blank) {
            xd_buf_byte(b, c);
        } else if (b->n > from && b->p[b->n - 1] != ' ' && b->p[b->n - 1] != '\n') {
            xd_buf_byte(b, ' ');
        }
    }
}

static void add_break(xd_buf *b, size_t from)
{
    while (b->n > from && b->p[b->n - 1] == ' ') {
        b->n--;
    }
    if (b->n > from && b->p[b->n - 1] != '\n') {
        xd_buf_byte(b, '\n');
    }
}

static html_table *table_of(const html *h)
{
    return h->depth == 0 ? NULL : h->tables[h->depth - 1];
}

static void end_line(html *h)
{
    xd_str text = xd_str_trim(xd_buf_str(&h->line));
    if (text.n > 0) {
        xd_buf *slot = &h->before[h->n_before % CONTEXT];
        xd_buf_clear(slot);
        xd_buf_add(slot, xd_str_sub(text, 0, LINE_BYTES));
        slot->n = xd_utf8_valid(xd_buf_str(slot));
        h->n_before++;
        if (h->sheets == 0) {
            xd_lines_add(h->cx->arena, &h->lines, xd_buf_str(slot), h->listed);
        }
        h->listed = false;
    }
    xd_buf_clear(&h->line);
}

/* ---- tables ------------------------------------------------------------------------------- */

static html_cell *open_cell(html_table *t)
{
    return t->in_cell && t->cells.n > 0 ? &t->cells.at[t->cells.n - 1] : NULL;
}

/* What stands in a cell before the table inside it is text before that table. */
static void lift_text(html *h, html_table *outer)
{
    html_cell *cell = open_cell(outer);
    if (cell == NULL) {
        return;
    }
    xd_str rest = xd_str_sub(xd_buf_str(&outer->text), cell->at, outer->text.n), line;
    while (xd_str_cut(&rest, '\n', &line)) {
        xd_buf_clear(&h->line);
        xd_buf_add(&h->line, xd_str_sub(line, 0, LINE_BYTES));
        end_line(h);
    }
    outer->text.n = cell->at;
}

static void begin_table(html *h)
{
    html_table *outer = table_of(h);
    if (outer != NULL) {
        outer->layout = true;
        lift_text(h, outer);
    }
    if (h->depth == DEPTH) {
        (void)xd_fail(h->cx, XD_LIMIT, "html: tables too deep");
        (void)xd_fail_words(
            h->cx, XD_S("网页里表格套表格超过 16 层，未读取。"),
            XD_S("Tables stand inside tables more than 16 deep; the page was not "
                 "read."));
        stop(h);
        return;
    }
    html_table *t = xd_new(h->cx->arena, html_table);
    t->arena = xd_arena_make();
    h->tables[h->depth++] = t;
    end_line(h);
}

static void end_cell(html_table *t)
{
    html_cell *cell = open_cell(t);
    if (cell != NULL) {
        cell->n = t->text.n - cell->at;
        t->in_cell = false;
    }
}

static void begin_row(html_table *t)
{
    end_cell(t);
    t->in_row = true;
    t->rows++;
    t->col = 0;
}

static uint32_t span_of(const xmlChar **attrs, const char *name, uint32_t most)
{
    int64_t value = 0;
    for (size_t i = 0; attrs != NULL && attrs[i] != NULL; i += 2) {
        if (is(attrs[i], name) && attrs[i + 1] != NULL &&
            xd_str_int(xd_str_trim(xd_str_of((const char *)attrs[i + 1])), &value)) {
            return value < 1 ? 1 : value > most ? most : (uint32_t)value;
        }
    }
    return 1;
}

static void begin_cell(html *h, html_table *t, const xmlChar **attrs)
{
    if (!t->in_row) {
        begin_row(t);
    }
    end_cell(t);
    size_t row = t->rows - 1;
    while (t->col < t->busy.n && t->busy.at[t->col] > row) {
        t->col++;
    }
    uint32_t cols = span_of(attrs, "colspan", 1000), rows = span_of(attrs, "rowspan", 65534);
    if (t->cells.n >= TABLE_CELLS || t->col + cols > XD_ROW_CELLS) {
        (void)xd_sheet_too_large(h->cx);
        stop(h);
        return;
    }
    while (t->busy.n < t->col + cols) {
        *xd_push(t->arena, &t->busy) = 0;
    }
    for (size_t c = t->col; c < t->col + cols; c++) {
        t->busy.at[c] = row + rows;
    }
    *xd_push(t->arena, &t->cells) =
        (html_cell){.at = t->text.n, .row = row, .col = t->col, .rows = rows, .cols = cols};
    t->col += cols;
    t->in_cell = true;
}

static bool send_line(html *h, xd_str text)
{
    return xd_emit_begin(h->cx, h->emit, h->sheet.name, h->sheet.no, 0, false) &&
           xd_emit_cell(h->cx, h->emit, XD_CELL_TEXT, text, false) &&
           xd_emit_end(h->cx, h->emit);
}

static bool send_lines(html *h)
{
    size_t n = h->n_before < CONTEXT ? h->n_before : CONTEXT;
    for (size_t i = h->n_before - n; i < h->n_before; i++) {
        if (!send_line(h, xd_buf_str(&h->before[i % CONTEXT]))) {
            return false;
        }
    }
    h->n_before = 0;
    return true;
}

static bool send_table(html *h, html_table *t)
{
    xd_sheet *sheet = &h->sheet;
    sheet->no = h->sheets++;
    sheet->name = xd_str_printf(h->cx->arena, "表%zu", h->sheets);
    sheet->arena = t->arena;
    sheet->merges = (xd_merge_ranges){0};
    sheet->open.at = NULL;
    sheet->open.n = sheet->open.cap = 0;
    for (size_t i = 0; i < t->cells.n; i++) {
        const html_cell *c = &t->cells.at[i];
        if ((c->rows > 1 || c->cols > 1) && sheet->merges.n < XD_MERGES) {
            *xd_push(t->arena, &sheet->merges) = (xd_merge_range){
                .row = (int64_t)c->row,
                .last_row = (int64_t)c->row + c->rows - 1,
                .col = c->col,
                .last_col = c->col + c->cols - 1,
            };
        }
    }
    xd_sheet_sort_merges(sheet);
    xd_str title = xd_str_trim(xd_buf_str(&h->title));
    title.n = xd_utf8_valid(title);
    if ((title.n > 0 && !send_line(h, title)) || !send_lines(h)) {
        return false;
    }
    size_t at = 0;
    for (size_t row = 0; row < t->rows; row++) {
        xd_sheet_row_clear(sheet->row);
        for (; at < t->cells.n && t->cells.at[at].row == row; at++) {
            const html_cell *c = &t->cells.at[at];
            xd_str text = xd_str_trim(xd_str_sub(xd_buf_str(&t->text), c->at, c->at + c->n));
            if (!xd_sheet_put(sheet, c->col, XD_CELL_TEXT, text)) {
                return false;
            }
        }
        if (!xd_sheet_send(sheet, (int64_t)row)) {
            return false;
        }
    }
    return true;
}

static void end_table(html *h)
{
    html_table *t = table_of(h);
    end_cell(t);
    h->depth--;
    /* A table of one column or one row is a box around something, not a list. */
    bool wide = false;
    for (size_t i = 0; i < t->cells.n; i++) {
        wide |= t->cells.at[i].col > 0;
    }
    bool table = !t->layout && t->rows > 1 && (wide || t->rows > 3);
    if (table && !h->failed && !send_table(h, t)) {
        stop(h);
    }
    xd_buf_free(&t->text);
    xd_arena_free(t->arena);
}

/* ---- events ------------------------------------------------------------------------------- */

static bool is_skipped(const xmlChar *name)
{
    static const char *const words[] = {"script", "style",    "noscript", "template",
                                        "select", "textarea", "svg",      "head"};
    for (size_t i = 0; i < XD_LEN(words); i++) {
        if (is(name, words[i])) {
            return true;
        }
    }
    return false;
}

static bool is_block(const xmlChar *name)
{
    static const char *const words[] = {"p",  "div", "br", "li", "h1", "h2",      "h3",
                                        "h4", "h5",  "h6", "ul", "ol", "caption", "section"};
    for (size_t i = 0; i < XD_LEN(words); i++) {
        if (is(name, words[i])) {
            return true;
        }
    }
    return false;
}

static void break_here(html *h)
{
    html_table *t = table_of(h);
    const html_cell *cell = t == NULL ? NULL : open_cell(t);
    if (cell != NULL) {
        add_break(&t->text, cell->at);
    } else if (h->described) {
        add_blanks_folded(&h->line, 0, XD_S(" "));
    } else {
        end_line(h);
    }
}

/* <dt>地址</dt><dd>泾县乌溪</dd> outside tables is the line 地址：泾县乌溪. */
static void on_pair(html *h, const xmlChar *name, bool start)
{
    bool term = is(name, "dt");
    if (table_of(h) != NULL || (!term && !is(name, "dd"))) {
        return;
    }
    if (start && (term || !h->termed)) {
        h->described = false;
        end_line(h);
    }
    h->described = start && !term && h->termed;
    if (!start && term) {
        xd_str line = xd_str_trim(xd_buf_str(&h->line));
        h->termed = line.n > 0;
        bool colon = xd_str_ends(line, XD_S("：")) || xd_str_ends(line, XD_S(":"));
        if (h->termed && !colon && h->line.n < LINE_BYTES) {
            xd_buf_add(&h->line, XD_S("："));
        }
    } else if (!start) {
        h->termed = false;
        end_line(h);
    }
}

static void on_start(void *user, const xmlChar *name, const xmlChar **attrs)
{
    html *h = user;
    if (h->failed) {
        return;
    }
    h->in_title = is(name, "title") && h->title.n == 0;
    if (h->skip > 0 || is_skipped(name)) {
        h->skip++;
        return;
    }
    html_table *t = table_of(h);
    h->pictures += is(name, "img") && t != NULL;
    if (is(name, "table")) {
        begin_table(h);
    } else if (t != NULL && is(name, "tr")) {
        begin_row(t);
    } else if (t != NULL && (is(name, "td") || is(name, "th"))) {
        begin_cell(h, t, attrs);
    } else if (is(name, "dt") || is(name, "dd")) {
        on_pair(h, name, true);
    } else if (is_block(name)) {
        break_here(h);
        h->ordered += is(name, "ol");
        h->listed = is(name, "li") && h->ordered > 0;
    }
}

static void on_end(void *user, const xmlChar *name)
{
    html *h = user;
    if (h->failed) {
        return;
    }
    h->in_title = false;
    if (h->skip > 0) {
        h->skip--;
        return;
    }
    html_table *t = table_of(h);
    if (t != NULL && is(name, "table")) {
        end_table(h);
    } else if (t != NULL && is(name, "tr")) {
        end_cell(t);
        t->in_row = false;
    } else if (t != NULL && (is(name, "td") || is(name, "th"))) {
        end_cell(t);
    } else if (is(name, "dt") || is(name, "dd")) {
        on_pair(h, name, false);
    } else if (is_block(name)) {
        break_here(h);
        h->ordered -= is(name, "ol") && h->ordered > 0;
    }
}

static void on_text(void *user, const xmlChar *text, int n)
{
    html *h = user;
    xd_str s = {(const char *)text, (size_t)(n < 0 ? 0 : n)};
    if (h->in_title && h->title.n < LINE_BYTES) {
        add_blanks_folded(&h->title, 0, s);
    }
    if (h->failed || h->skip > 0 || n <= 0) {
        return;
    }
    html_table *t = table_of(h);
    const html_cell *cell = t == NULL ? NULL : open_cell(t);
    if (cell != NULL) {
        add_blanks_folded(&t->text, cell->at, s);
        if (t->text.n > TEXT_BYTES || t->text.n - cell->at > XD_CELL_BYTES) {
            (void)xd_sheet_too_large(h->cx);
            stop(h);
        }
    } else if (h->line.n < LINE_BYTES) {
        add_blanks_folded(&h->line, 0, s);
    }
}

/* ---- the page ----------------------------------------------------------------------------- */

/* What a <meta> near the top says. */
static bool meta_encoding(xd_str bytes, xd_encoding *ret_encoding)
{
    xd_str head = xd_str_sub(bytes, 0, 4096);
    for (size_t at = 0; (at = xd_str_find(head, XD_S("charset"), at)) != SIZE_MAX;) {
        at += 7;
        while (at < head.n && memchr(" =\"'", head.p[at], 4) != NULL) {
            at++;
        }
        size_t end = at;
        while (end < head.n && memchr("\"' />;\r\n", head.p[end], 8) == NULL) {
            end++;
        }
        if (xd_encoding_by_name(xd_str_sub(head, at, end), ret_encoding) &&
            strncmp(ret_encoding->name, "utf-16", 6) != 0) {
            return true;
        }
    }
    return false;
}

static bool page_encoding(xd_ctx *cx, const xd_page *page, xd_encoding *ret_encoding)
{
    bool bom = page->bytes.n >= 2 && memchr("\xef\xfe\xff", page->bytes.p[0], 3) != NULL;
    if (page->encoding.n == 0 && !bom && meta_encoding(page->bytes, ret_encoding)) {
        return true;
    }
    return xd_encoding_find(cx, page->encoding, page->bytes, ret_encoding);
}

static bool parse(html *h, const xd_encoding *encoding, xd_str bytes)
{
    htmlSAXHandler handler = {.startElement = on_start,
                              .endElement = on_end,
                              .characters = on_text,
                              .cdataBlock = NULL,
                              .ignorableWhitespace = on_text};
    xd_decoder *decoder = NULL;
    if (!xd_decoder_open(h->cx, encoding, bytes, &decoder)) {
        return false;
    }
    h->parser = htmlCreatePushParserCtxt(&handler, h, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);
    if (h->parser == NULL) {
        return xd_fail(h->cx, XD_SYSTEM, "html: no parser");
    }
    (void)htmlCtxtUseOptions(h->parser, HTML_PARSE_NONET | HTML_PARSE_NOERROR |
                                            HTML_PARSE_NOWARNING | HTML_PARSE_IGNORE_ENC);
    xd_buf text = {0};
    bool end = false, ok = true;
    while (ok && !end && !h->failed) {
        xd_buf_clear(&text);
        ok = xd_decoder_next(h->cx, decoder, &text, &end) &&
             xd_emit_progress(h->cx, h->emit, (int64_t)xd_decoder_at(decoder));
        if (ok && text.n > 0) {
            (void)htmlParseChunk(h->parser, text.p, (int)text.n, 0); /* it mends what it can */
        }
    }
    if (ok && !h->failed) {
        (void)htmlParseChunk(h->parser, "", 0, 1);
    }
    while (h->depth > 0) {
        end_table(h); /* never closed */
    }
    if (h->parser->myDoc != NULL) {
        xmlFreeDoc(h->parser->myDoc);
    }
    htmlFreeParserCtxt(h->parser);
    h->parser = NULL;
    xd_buf_free(&text);
    return ok && h->cx->err.code == XD_OK;
}

/* Of several pages each may have tables; text behind a page's last table belongs to that table. */
static bool read_page(html *h, const xd_page *page, xd_encoding *ret_encoding)
{
    size_t before = h->sheets;
    h->skip = 0;
    h->ordered = 0;
    h->listed = h->in_title = false;
    xd_buf_clear(&h->title);
    if (!page_encoding(h->cx, page, ret_encoding) || !parse(h, ret_encoding, page->bytes)) {
        return false;
    }
    end_line(h);
    if (h->sheets > before) {
        return send_lines(h);
    }
    h->n_before = h->sheets > 0 ? 0 : h->n_before;
    return true;
}

static bool read_pages(html *h, const xd_page *pages, size_t n, xd_str format)
{
    xd_encoding encoding = {0};
    for (size_t i = 0; i < n; i++) {
        if (!read_page(h, &pages[i], &encoding)) {
            return false;
        }
    }
    bool list = false;
    if (h->sheets == 0 && !xd_lines_send(&h->sheet, &h->lines, &list)) {
        return false;
    }
    if (h->sheets == 0 && !list) {
        (void)xd_fail(h->cx, XD_UNREADABLE, "html: no table");
        return xd_fail_words(
            h->cx, XD_S("网页里没有表格，也没有逐条编号的名单；请另存含有名单的网页。"),
            XD_S("There is neither a table nor a numbered list in the page: save "
                 "the page that holds the list."));
    }
    xd_source_facts facts = {.format = format,
                             .encoding = xd_str_of(encoding.name),
                             .encoding_sure = encoding.sure,
                             .pictures = h->pictures};
    return xd_emit_facts(h->cx, h->emit, &facts);
}

bool xd_read_pages(xd_ctx *cx, const xd_page *pages, size_t n, xd_str format, xd_emit *emit)
{
    html *h = xd_new(cx->arena, html);
    *h = (html){.cx = cx, .emit = emit};
    h->sheet = (xd_sheet){.cx = cx, .emit = emit, .arena = cx->arena};
    h->sheet.row = xd_new(cx->arena, xd_sheet_row);
    bool ok = read_pages(h, pages, n, format);
    xd_buf_free(&h->line);
    xd_buf_free(&h->title);
    for (size_t i = 0; i < CONTEXT; i++) {
        xd_buf_free(&h->before[i]);
    }
    xd_buf_free(&h->sheet.row->text);
    return ok;
}

bool xd_read_html(xd_ctx *cx, const xd_reader_in *in, xd_emit *emit)
{
    xd_page page = {in->bytes, in->encoding};
    return xd_read_pages(cx, &page, 1, XD_S("html"), emit);
}
