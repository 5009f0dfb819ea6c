/* CSV and its relatives, as people's programs write them.
 *
 * RFC 4180 where the file keeps to it; where it does not:
 *   - separator: comma, TAB, semicolon, bar or full-width comma, whichever gives the steadiest
 *     count of fields over the first records; a first line `sep=;` decides; where none of them
 *     parts anything, blanks: two and more, TABs, full-width ones, in the end single ones
 *     (blank_rows.h); a text in which nothing parts columns may hold a list as lines (lines.h)
 *   - tables of Markdown: cells lose their marks, and <br> is a line break; lines drawn with
 *     characters (├──┼──┤) are no rows
 *   - line ends: LF, CRLF, CR; a record's number is the row a spreadsheet shows
 *   - a quotation mark inside an unquoted field, or one that a field starts with but nothing
 *     closes, is a character like any other: “合钢”小高炉 written with straight quotes. It
 * closes when it stands before a separator or line end; a quoted field that runs over a line
 * end must hold no stray quotation marks, so one missing mark spoils one field, not the file
 *   - ="0563" (what spreadsheets write to keep zeros) is 0563, and the apostrophe that our own
 *     exports put before = + - @ is taken away again
 *
 * The text is decoded into a window that holds at least the record being read; a record over
 * RECORD_BYTES is refused, so a file without line ends costs that much memory and no more. */
#include "exchange/blank_rows.h"
#include "exchange/cell.h"
#include "exchange/csv_in.h"
#include "exchange/decode.h"
#include "exchange/lines.h"

#define RECORD_BYTES ((size_t)8 << 20)
#define SAMPLE ((size_t)128 << 10)
#define SAMPLE_RECORDS 200

static const xd_str separators[] = {XD_STR(","),  XD_STR("\t"), XD_STR(";"), XD_STR("|"),
                                    XD_STR("，"), XD_STR("｜"), XD_STR("│"), XD_STR("┃")};

/* ---- which separator --------------------------------------------------------------------- */

typedef struct steadiness {
    double share; /* of records that have `fields`, the commonest count over one */
    size_t fields, records;
} steadiness;

static steadiness judge(xd_arena *arena, xd_csv_window *w, xd_str sep, unsigned blanks)
{
    xd_csv_window trial = *w;
    trial.sep = sep;
    trial.blanks = blanks;
    xd_csv_record r = {0};
    size_t counts[SAMPLE_RECORDS], n = 0;
    while (trial.at < trial.text.n && n < SAMPLE_RECORDS) {
        if (xd_csv_record_read(arena, &trial, &r) == XD_CSV_MORE) {
            break;
        }
        trial.at += r.bytes;
        if (r.cells.n > 0) {
            counts[n++] = r.fields.n;
        }
    }
    xd_buf_free(&r.cells);
    size_t best = 0, best_times = 0;
    for (size_t i = 0; i < n; i++) {
        size_t times = 0;
        for (size_t j = 0; j < n; j++) {
            times += counts[j] == counts[i];
        }
        if (counts[i] > 1 &&
            (times > best_times || (times == best_times && counts[i] > best))) {
            best = counts[i];
            best_times = times;
        }
    }
    return (steadiness){n == 0 ? 0 : (double)best_times / (double)n, best, n};
}

/* A first line `sep=;` as spreadsheets write it; true when it was there and is passed over. */
static bool said_separator(xd_csv_window *w)
{
    xd_str line = xd_str_sub(xd_buf_str(&w->text), w->at, w->at + 16);
    bool quoted = xd_str_starts(line, XD_S("\""));
    line = xd_str_sub(line, quoted, line.n);
    if (!xd_str_starts(line, XD_S("sep=")) || line.n < 6) {
        return false;
    }
    for (size_t i = 0; i < XD_LEN(separators); i++) {
        if (separators[i].n == 1 && separators[i].p[0] == line.p[4]) {
            size_t end = w->at + quoted + 5 + quoted;
            while (end < w->text.n && !xd_csv_at_line_end(w, end)) {
                end++;
            }
            end += end < w->text.n && w->text.p[end] == '\r';
            end += end < w->text.n && w->text.p[end] == '\n';
            w->sep = separators[i];
            w->at = end;
            return true;
        }
    }
    return false;
}

static void choose_separator(xd_ctx *cx, xd_csv_window *w)
{
    double best = 0;
    w->sep = separators[0];
    for (size_t i = 0; i < XD_LEN(separators); i++) {
        steadiness s = judge(cx->arena, w, separators[i], 0);
        double score = s.share * (double)(s.fields < 8 ? s.fields : 8);
        if (score > best * 1.0001) {
            best = score;
            w->sep = separators[i];
            w->share = s.share;
            w->columns = s.fields;
        }
    }
    /* Blanks stand in texts too: three columns at least, in most of the lines; and a comma in a
     * note below does not part a table. */
    for (unsigned blanks = 2; w->share < 0.5 && blanks > 0; blanks--) {
        steadiness s = judge(cx->arena, w, w->sep, blanks);
        if (s.share >= (blanks > 1 ? 0.35 : 0.6) && s.fields >= 3 && s.records >= 2) {
            w->blanks = blanks;
            w->share = s.share;
            w->columns = s.fields;
            return;
        }
    }
}

/* ---- the file ---------------------------------------------------------------------------- */

/* More text into the window; what was read is dropped first. */
static bool fill(xd_ctx *cx, xd_decoder *decoder, xd_csv_window *w, size_t want, xd_emit *emit)
{
    if (w->at > 0 && w->at >= w->text.n / 2) {
        memmove(w->text.p, w->text.p + w->at, w->text.n - w->at);
        w->text.n -= w->at;
        w->at = 0;
    }
    while (!w->end && w->text.n - w->at < want) {
        if (!xd_decoder_next(cx, decoder, &w->text, &w->end)) {
            return false;
        }
    }
    return xd_emit_progress(cx, emit, (int64_t)xd_decoder_at(decoder));
}

static bool too_long(xd_ctx *cx, int64_t number)
{
    (void)xd_fail(cx, XD_LIMIT, "record %" PRId64 " is longer than %zu bytes", number,
                  RECORD_BYTES);
    return xd_fail_words(
        cx,
        xd_str_printf(cx->arena, "第 %" PRId64 " 行超过 8 MB 仍没有换行，不像一张表格。",
                      number),
        xd_str_printf(cx->arena, "Row %" PRId64 " is longer than 8 MB: this is not a table.",
                      number));
}

/* What a spreadsheet wraps a text in: ="…", and our apostrophe. */
static xd_str unwrap(xd_str text)
{
    if (text.n >= 3 && xd_str_starts(text, XD_S("=\"")) && text.p[text.n - 1] == '"') {
        return xd_str_sub(text, 2, text.n - 1);
    }
    if (text.n >= 2 && text.p[0] == '\'' && memchr("=+-@\t\r\n", text.p[1], 7) != NULL) {
        return xd_str_sub(text, 1, text.n);
    }
    return text;
}

/* ---- tables of text ------------------------------------------------------------------------ */

/* Nothing but what rules are drawn with. */
static bool is_rule(xd_str line)
{
    bool drawn = false;
    for (size_t at = 0; at < line.n;) {
        uint32_t cp = xd_utf8_next(line, &at);
        bool box = cp >= 0x2500 && cp <= 0x257F;
        drawn |= box;
        if (!box && cp != ' ' && cp != '-' && cp != '+' && cp != 0x2014) {
            return false;
        }
    }
    return drawn;
}

/* [合肥钢铁厂](sites/1.md): what it shows, and where it ends. */
static bool link_at(xd_str text, xd_str *ret_shown, size_t *ret_behind)
{
    size_t open = xd_str_starts(text, XD_S("![")) ? 2 : 1;
    size_t middle = text.p[open - 1] == '[' ? xd_str_find(text, XD_S("]("), 0) : SIZE_MAX;
    size_t close = middle == SIZE_MAX ? SIZE_MAX : xd_str_find(text, XD_S(")"), middle);
    if (close == SIZE_MAX) {
        return false;
    }
    *ret_shown = open == 2 ? (xd_str){text.p, 0} : xd_str_sub(text, open, middle);
    *ret_behind = close + 1;
    return true;
}

/* **name**, `name` and <br> of Markdown; > and # before a line. */
static xd_str unmarked(xd_ctx *cx, xd_str text, bool alone)
{
    text = xd_str_trim(text);
    while (alone && text.n > 1 && (text.p[0] == '#' || text.p[0] == '>')) {
        text = xd_str_trim(xd_str_sub(text, 1, text.n));
    }
    xd_buf out = {0};
    for (size_t at = 0; at < text.n;) {
        xd_str rest = xd_str_sub(text, at, text.n), shown;
        size_t behind = 0;
        size_t close =
            xd_str_starts(rest, XD_S("<br")) ? xd_str_find(rest, XD_S(">"), 0) : SIZE_MAX;
        if (close != SIZE_MAX && close <= 5) {
            xd_buf_byte(&out, '\n');
            at += close + 1;
        } else if (link_at(rest, &shown, &behind)) {
            xd_buf_add(&out, shown);
            at += behind;
        } else if (xd_str_starts(rest, XD_S("**")) || xd_str_starts(rest, XD_S("__"))) {
            at += 2;
        } else {
            if (rest.p[0] != '`') {
                xd_buf_byte(&out, rest.p[0]);
            }
            at++;
        }
    }
    xd_str plain = xd_buf_copy(&out, cx->arena);
    xd_buf_free(&out);
    return plain;
}

static size_t screen_width(xd_str text)
{
    size_t width = 0;
    for (size_t at = 0; at < text.n;) {
        width += xd_utf8_next(text, &at) < 0x1100 ? 1 : 2;
    }
    return width;
}

static bool add_blank_row(xd_ctx *cx, xd_blank_rows *rows, const xd_csv_window *w,
                          const xd_csv_record *r, int64_t number)
{
    xd_blank_cell cells[XD_BLANK_COLUMNS];
    xd_str all = xd_buf_str(&r->cells), text = xd_buf_str(&w->text);
    size_t n = r->cells.n == 0 ? 0 : r->fields.n;
    n = n < XD_BLANK_COLUMNS ? n : XD_BLANK_COLUMNS;
    for (size_t i = 0; i < n; i++) {
        const xd_csv_field *f = &r->fields.at[i];
        xd_str cell = xd_str_sub(all, f->from, f->from + f->n);
        size_t from = screen_width(xd_str_sub(text, w->at, f->at));
        cells[i] = (xd_blank_cell){cell, from, from + screen_width(cell)};
    }
    return xd_blank_rows_add(cx, rows, cells, n, number);
}

/* Most lines are numbered items which the separator does not part from their numbers, and no line
 * before them looks like their header: then they are no rows. */
static bool is_numbered(const xd_csv_window *w)
{
    size_t items = 0, lines = 0;
    xd_str rest = xd_str_sub(xd_buf_str(&w->text), w->at, w->text.n), line;
    while (xd_str_cut(&rest, '\n', &line)) {
        line = xd_str_trim(line);
        xd_numbering number = xd_numbering_of(line);
        size_t sep = w->blanks > 0 ? SIZE_MAX : xd_str_find(line, w->sep, 0);
        bool item = number.style != XD_NUMBERING_NONE && number.style != XD_NUMBERING_BARE &&
                    sep >= number.bytes;
        lines += line.n > 0;
        items += item;
        if (!item && items == 0 && sep != SIZE_MAX && line.n < 300 &&
            xd_str_find(line, XD_S("。"), 0) == SIZE_MAX) {
            return false;
        }
    }
    return items >= 3 && items * 5 >= lines * 3;
}

/* A text that is no table may be a list. */
static bool send_lines(xd_ctx *cx, xd_emit *emit, const xd_csv_window *w, bool *ret_sent)
{
    xd_lines *lines = xd_new(cx->arena, xd_lines);
    xd_sheet sheet = {.cx = cx, .emit = emit, .arena = cx->arena};
    xd_str rest = xd_str_sub(xd_buf_str(&w->text), w->at, w->text.n), line;
    *ret_sent = false;
    bool ragged = w->blanks > 0 && w->share < 0.9;
    bool table = w->share >= 0.5 && !ragged && (w->columns > 2 || !is_numbered(w));
    if (!w->end || table) {
        return true;
    }
    for (int64_t number = 1; xd_str_cut(&rest, '\n', &line); number++) {
        size_t before = lines->at.n;
        xd_lines_add(cx->arena, lines, xd_cell_trim(cx->arena, line), false);
        if (lines->at.n > before) {
            lines->at.at[before].number = number;
        }
    }
    sheet.row = xd_new(cx->arena, xd_sheet_row);
    bool ok = xd_lines_send(&sheet, lines, ret_sent);
    xd_buf_free(&sheet.row->text);
    return ok;
}

static bool emit_record(xd_ctx *cx, xd_emit *emit, const xd_csv_record *r, bool marked,
                        int64_t number)
{
    if (!xd_emit_begin(cx, emit, (xd_str){0}, 0, number, false)) {
        return false;
    }
    xd_str cells = xd_buf_str(&r->cells);
    size_t n =
        cells.n == 0 && r->fields.n == 1 ? 0 : r->fields.n; /* a blank line has no cells */
    for (size_t i = 0; i < n; i++) {
        const xd_csv_field *field = &r->fields.at[i];
        xd_str text = unwrap(xd_str_sub(cells, field->from, field->from + field->n));
        text = marked ? unmarked(cx, text, n == 1) : text;
        if (!xd_emit_cell(cx, emit, text.n == 0 ? XD_CELL_EMPTY : XD_CELL_TEXT, text, false)) {
            return false;
        }
    }
    return xd_emit_end(cx, emit);
}

static bool read_all(xd_ctx *cx, xd_decoder *decoder, xd_csv_window *w, xd_csv_record *r,
                     xd_emit *emit, xd_blank_rows *rows)
{
    bool listed = false;
    if (!fill(cx, decoder, w, SAMPLE, emit)) {
        return false;
    }
    int64_t number = 1;
    if (said_separator(w)) {
        number++;
    } else {
        choose_separator(cx, w);
        if (!send_lines(cx, emit, w, &listed) || listed) {
            return listed;
        }
    }
    size_t want = SAMPLE;
    rows->columns = w->columns < XD_BLANK_COLUMNS ? w->columns : XD_BLANK_COLUMNS;
    while (w->at < w->text.n || !w->end) {
        if (w->at == w->text.n) {
            if (!fill(cx, decoder, w, SAMPLE, emit)) {
                return false;
            }
            continue;
        }
        if (xd_csv_record_read(cx->arena, w, r) == XD_CSV_MORE) {
            want *= 2;
            if (want > RECORD_BYTES) {
                return too_long(cx, number);
            }
            if (!fill(cx, decoder, w, want, emit)) {
                return false;
            }
            continue;
        }
        want = SAMPLE;
        if (r->cells.failed || w->text.failed) {
            return too_long(cx, number);
        }
        bool rule = w->sep.n != 1 && is_rule(xd_buf_str(&r->cells));
        if (w->blanks > 0 ? !add_blank_row(cx, rows, w, r, number)
                          : !rule && !emit_record(cx, emit, r, w->sep.p[0] == '|', number)) {
            return false;
        }
        number++;
        w->at += r->bytes;
    }
    return xd_blank_rows_end(cx, rows);
}

bool xd_read_csv(xd_ctx *cx, const xd_reader_in *in, xd_emit *emit)
{
    xd_encoding encoding;
    xd_decoder *decoder = NULL;
    if (!xd_encoding_find(cx, in->encoding, in->bytes, &encoding) ||
        !xd_decoder_open(cx, &encoding, in->bytes, &decoder)) {
        return false;
    }
    xd_csv_window w = {0};
    xd_csv_record r = {0};
    xd_blank_rows *rows = xd_new(cx->arena, xd_blank_rows);
    rows->emit = emit;
    bool ok = read_all(cx, decoder, &w, &r, emit, rows);
    if (ok) {
        xd_source_facts facts = {
            .format = w.blanks > 0         ? XD_S("txt")
                      : w.sep.p[0] == '\t' ? XD_S("tsv")
                                           : XD_S("csv"),
            .encoding = xd_str_of(encoding.name),
            .encoding_sure = encoding.sure,
            .separator = w.blanks > 0   ? ' '
                         : w.sep.n == 1 ? w.sep.p[0]
                                        : ',',
        };
        ok = xd_emit_facts(cx, emit, &facts);
    }
    xd_buf_free(&w.text);
    xd_buf_free(&r.cells);
    xd_blank_rows_free(rows);
    return ok;
}
