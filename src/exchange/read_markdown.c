/* Tables in Markdown, among prose: what hosts of code, note books and wikis keep.
 *
 * A table is a row of cells under bars and below it a rule: | --- | :-: | …, of as many cells. It
 * goes on to the first line without a bar. Each table is a sheet, as in a web page. Headings over it
 * (one of each level) and the lines right above it are its titles; lines behind it are text.
 *
 * Cells lose their markup: **bold**, `code`, ~~struck~~, <br>, \| . [name](address) is the name.
 * The addresses of links that lead to other hosts make one more column, 网址, unless a column of
 * links all say the same (详情): then the addresses are what it holds. Pictures are counted. */
#include "exchange/decode.h"
#include "exchange/sheet.h"

#define BYTES ((size_t)64 << 20)
#define SEARCHED ((size_t)256 << 10) /* for a first table, when the format is told */
#define LEVELS 6
#define NEAR 4 /* lines right above a table */
#define COLUMNS 512
#define LINE_BYTES 600
#define TABLE_CELLS 4000000
#define MARKED_BYTES 16384 /* a longer cell is taken as it stands */

typedef struct md_cell {
    xd_str text, link; /* link: absent where there is none to another host */
    bool whole;        /* the link is all there is */
} md_cell;

typedef struct md_row {
    md_cell *cells;
    size_t n, line;
} md_row;

typedef struct md {
    xd_ctx *cx;
    xd_emit *emit;
    xd_arena *memory; /* of the table being read */
    XD_VEC(md_row) rows;
    size_t cells, sheets;
    xd_str headings[LEVELS], near[NEAR];
    size_t n_near;
    int64_t pictures;
    xd_sheet sheet;
} md;

/* ---- lines -------------------------------------------------------------------------------- */

/* |:-:|---| : nothing but dashes, colons, bars and blanks; *ret_n cells. */
static bool is_rule(xd_str line, size_t *ret_n)
{
    line = xd_str_trim(line);
    size_t bars = 0, dashes = 0;
    for (size_t i = 0; i < line.n; i++) {
        if (memchr("|-: \t", line.p[i], 5) == NULL) {
            return false;
        }
        bars += line.p[i] == '|';
        dashes += line.p[i] == '-';
    }
    bars -= xd_str_starts(line, XD_S("|")) && bars > 0;
    bool closed = line.n > 1 && xd_str_ends(line, XD_S("|"));
    *ret_n = bars + 1 - (closed && bars > 0);
    return dashes > 0 && memchr(line.p, '|', line.n) != NULL;
}

/* Where the next bar that parts cells stands, from `at` on; n: none. Not after a backslash. */
static size_t bar_at(xd_str line, size_t at)
{
    for (; at < line.n && line.p[at] != '|'; at++) {
        at += line.p[at] == '\\' && at + 1 < line.n;
    }
    return at < line.n ? at : line.n;
}

static size_t count_cells(xd_str line)
{
    line = xd_str_trim(line);
    line = xd_str_sub(line, xd_str_starts(line, XD_S("|")), line.n);
    size_t n = 1;
    for (size_t at = bar_at(line, 0); at + 1 < line.n; at = bar_at(line, at + 1)) {
        n++;
    }
    return n;
}

bool xd_is_markdown(xd_str bytes)
{
    xd_str rest = xd_str_sub(bytes, 0, SEARCHED), line, before = {0};
    while (xd_str_cut(&rest, '\n', &line)) {
        size_t n = 0;
        if (xd_str_find(before, XD_S("|"), 0) != SIZE_MAX && is_rule(line, &n) &&
            n == count_cells(before)) {
            return true;
        }
        before = line;
    }
    return false;
}

/* ---- cells -------------------------------------------------------------------------------- */

/* [text](address): where each part is; false: none begins at `at`. */
static bool link_at(xd_str s, size_t at, xd_str *ret_text, xd_str *ret_address, size_t *ret_end)
{
    size_t close = xd_str_find(s, XD_S("]"), at);
    if (s.p[at] != '[' || close == SIZE_MAX) {
        return false;
    }
    bool round = close + 1 < s.n && s.p[close + 1] == '(';
    bool square = close + 1 < s.n && s.p[close + 1] == '[';
    size_t end = round    ? xd_str_find(s, XD_S(")"), close + 1)
                 : square ? xd_str_find(s, XD_S("]"), close + 2)
                          : SIZE_MAX;
    if (end == SIZE_MAX) {
        return false;
    }
    xd_str inside = xd_str_trim(xd_str_sub(s, close + 2, end));
    size_t blank = xd_str_find(inside, XD_S(" "), 0); /* a title may follow */
    *ret_text = xd_str_sub(s, at + 1, close);
    *ret_address =
        round ? xd_str_sub(inside, 0, blank < inside.n ? blank : inside.n) : XD_S("");
    *ret_end = end + 1;
    return true;
}

static bool is_absolute(xd_str address)
{
    return xd_str_starts(address, XD_S("http://")) || xd_str_starts(address, XD_S("https://"));
}

/* Markers that come in pairs, and which of them do so in a text; one alone is itself. */
static const xd_str marks[] = {XD_STR("**"), XD_STR("__"), XD_STR("~~"), XD_STR("`")};

static unsigned paired_in(xd_str s)
{
    unsigned paired = 0;
    for (size_t k = 0; k < XD_LEN(marks); k++) {
        size_t first = xd_str_find(s, marks[k], 0);
        bool again = first < s.n && xd_str_find(s, marks[k], first + marks[k].n) != SIZE_MAX;
        paired |= (unsigned)again << k;
    }
    return paired;
}

static size_t marker_at(xd_str s, size_t i, unsigned paired)
{
    for (size_t k = 0; k < XD_LEN(marks); k++) {
        if ((paired >> k & 1) != 0 && xd_str_starts(xd_str_sub(s, i, s.n), marks[k])) {
            return marks[k].n;
        }
    }
    return 0;
}

static size_t break_at(xd_str s, size_t i)
{
    static const char *const breaks[] = {"<br>", "<br/>", "<br />"};
    for (size_t k = 0; k < XD_LEN(breaks); k++) {
        xd_str word = xd_str_of(breaks[k]);
        if (xd_str_eq_nocase(xd_str_sub(s, i, i + word.n), word)) {
            return word.n;
        }
    }
    return 0;
}

/* The text of a piece of Markdown without its markup; `cell` gets the first link, NULL: links are
 * text. */
static void plain(md *m, xd_buf *out, xd_str s, md_cell *cell)
{
    unsigned paired = paired_in(s);
    for (size_t i = 0; i < s.n;) {
        xd_str text, address;
        size_t end = 0, marker = marker_at(s, i, paired), line = break_at(s, i);
        bool picture = s.p[i] == '!' && i + 1 < s.n && link_at(s, i + 1, &text, &address, &end);
        if (picture) {
            m->pictures++;
            i = end;
        } else if (cell != NULL && link_at(s, i, &text, &address, &end)) {
            plain(m, out, text, NULL);
            if (cell->link.n == 0 && is_absolute(address)) {
                cell->link = address;
                cell->whole = i == 0 && end == s.n;
            }
            i = end;
        } else if (marker > 0 || line > 0) {
            xd_buf_add(out, line > 0 ? XD_S("\n") : XD_S(""));
            i += marker > 0 ? marker : line;
        } else {
            bool escaped = s.p[i] == '\\' && i + 1 < s.n &&
                           memchr("\\`*_{}[]()#+-.!|~<>", s.p[i + 1], 19) != NULL;
            i += escaped;
            xd_buf_byte(out, s.p[i++]);
        }
    }
}

static xd_str plain_text(md *m, xd_arena *arena, xd_str s, md_cell *cell)
{
    xd_buf out = {0};
    if (xd_str_trim(s).n > MARKED_BYTES) {
        return xd_str_trim(s);
    }
    plain(m, &out, xd_str_trim(s), cell);
    xd_str text = xd_str_trim(xd_buf_copy(&out, arena));
    xd_buf_free(&out);
    bool bare = text.n > 2 && text.p[0] == '<' && xd_str_ends(text, XD_S(">")) &&
                is_absolute(xd_str_sub(text, 1, text.n));
    return bare ? xd_str_sub(text, 1, text.n - 1) : text; /* <https://…> */
}

static bool add_row(md *m, xd_str line, size_t number)
{
    size_t n = count_cells(line), at = 0;
    line = xd_str_trim(line);
    line = xd_str_sub(line, xd_str_starts(line, XD_S("|")), line.n);
    if (m->cells + n > TABLE_CELLS || n > COLUMNS) {
        (void)xd_fail(m->cx, XD_LIMIT, "markdown: a table too large");
        return xd_fail_words(m->cx, XD_S("Markdown 表格太大，请改用 CSV 或 XLSX。"),
                             XD_S("The table in Markdown is too large: use CSV or XLSX."));
    }
    md_row *row = xd_push(m->memory, &m->rows);
    *row = (md_row){xd_new_n(m->memory, md_cell, n), n, number};
    m->cells += n;
    for (size_t c = 0; c < n; c++) {
        size_t end = bar_at(line, at);
        row->cells[c].text =
            plain_text(m, m->memory, xd_str_sub(line, at, end), &row->cells[c]);
        at = end + (end < line.n);
    }
    return true;
}

/* ---- sending ------------------------------------------------------------------------------ */

static bool send_line(md *m, xd_str text)
{
    text = xd_str_sub(text, 0, LINE_BYTES);
    text.n = xd_utf8_valid(text);
    return text.n == 0 ||
           (xd_emit_begin(m->cx, m->emit, m->sheet.name, m->sheet.no, 0, false) &&
            xd_emit_cell(m->cx, m->emit, XD_CELL_TEXT, text, false) &&
            xd_emit_end(m->cx, m->emit));
}

static bool send_near(md *m)
{
    bool ok = true;
    size_t n = m->n_near < NEAR ? m->n_near : NEAR;
    for (size_t i = m->n_near - n; ok && i < m->n_near; i++) {
        ok = send_line(m, m->near[i % NEAR]);
    }
    m->n_near = 0;
    return ok;
}

/* A column in which every cell is a link of the same words holds addresses. */
static void settle_links(md *m, size_t col)
{
    xd_str words = {0};
    size_t n = 0;
    for (size_t r = 1; r < m->rows.n; r++) {
        const md_cell *c = col < m->rows.at[r].n ? &m->rows.at[r].cells[col] : NULL;
        if (c == NULL || c->text.n == 0) {
            continue;
        }
        if (!c->whole || (n > 0 && !xd_str_eq(words, c->text))) {
            return;
        }
        words = c->text;
        n++;
    }
    for (size_t r = 1; n > 1 && r < m->rows.n; r++) {
        md_cell *c = col < m->rows.at[r].n ? &m->rows.at[r].cells[col] : NULL;
        if (c != NULL && c->whole) {
            *c = (md_cell){.text = c->link};
        }
    }
}

/* The first column that still has links; SIZE_MAX: none. */
static size_t linked_column(const md *m)
{
    size_t best = SIZE_MAX;
    for (size_t r = 1; r < m->rows.n; r++) {
        for (size_t c = 0; c < m->rows.at[r].n && c < best; c++) {
            best = m->rows.at[r].cells[c].link.n > 0 ? c : best;
        }
    }
    return best;
}

static bool send_table(md *m)
{
    m->sheet.no = m->sheets++;
    m->sheet.name = xd_str_printf(m->cx->arena, "表%zu", m->sheets);
    bool ok = true;
    for (size_t i = 0; ok && i < LEVELS; i++) {
        ok = send_line(m, m->headings[i]);
    }
    ok = ok && send_near(m);
    size_t wide = m->rows.at[0].n;
    for (size_t c = 0; c < wide; c++) {
        settle_links(m, c);
    }
    size_t linked = linked_column(m);
    for (size_t r = 0; ok && r < m->rows.n; r++) {
        const md_row *row = &m->rows.at[r];
        xd_sheet_row_clear(m->sheet.row);
        for (size_t c = 0; ok && c < row->n; c++) {
            ok = xd_sheet_put(&m->sheet, c, XD_CELL_TEXT, row->cells[c].text);
        }
        xd_str link = r == 0            ? XD_S("网址")
                      : linked < row->n ? row->cells[linked].link
                                        : XD_S("");
        ok = ok && (linked == SIZE_MAX || xd_sheet_put(&m->sheet, wide, XD_CELL_TEXT, link)) &&
             xd_sheet_send(&m->sheet, (int64_t)row->line);
    }
    return ok;
}

/* ---- the file ----------------------------------------------------------------------------- */

/* # heading, or a line of prose. */
static void take_line(md *m, xd_str line)
{
    size_t level = 0;
    line = xd_str_trim(line);
    while (level < line.n && line.p[level] == '#') {
        level++;
    }
    bool heading = level > 0 && level <= LEVELS && level < line.n && line.p[level] == ' ';
    xd_str text =
        plain_text(m, m->cx->arena,
                   xd_str_sub(xd_str_sub(line, heading ? level : 0, line.n), 0, LINE_BYTES),
                   &(md_cell){0});
    if (text.n == 0) {
        return;
    }
    if (!heading) {
        m->near[m->n_near++ % NEAR] = text;
        return;
    }
    m->n_near = 0;
    m->headings[level - 1] = text;
    for (size_t i = level; i < LEVELS; i++) {
        m->headings[i] = (xd_str){0};
    }
}

/* The rows from the header line on; *rest and *number move behind the table. */
static bool take_table(md *m, xd_str head, xd_str *rest, size_t *number)
{
    xd_str line, ahead = *rest;
    m->memory = xd_arena_make();
    m->rows.at = NULL;
    m->rows.n = m->rows.cap = m->cells = 0;
    bool ok = add_row(m, head, *number - 1);
    if (xd_str_cut(&ahead, '\n', &line)) { /* the rule */
        *rest = ahead;
        ++*number;
    }
    while (ok && xd_str_cut(&ahead, '\n', &line) &&
           xd_str_find(line, XD_S("|"), 0) != SIZE_MAX) {
        size_t n = 0;
        *rest = ahead;
        ++*number;
        ok = is_rule(line, &n) || add_row(m, line, *number - 1);
    }
    ok = ok && send_table(m) && xd_emit_progress(m->cx, m->emit, (int64_t)*number);
    xd_arena_free(m->memory);
    return ok;
}

static bool read_text(md *m, xd_str text)
{
    xd_str rest = text, line;
    size_t number = 0;
    while (xd_str_cut(&rest, '\n', &line)) {
        xd_str next, ahead = rest;
        size_t n = 0;
        number++;
        bool table = xd_str_find(line, XD_S("|"), 0) != SIZE_MAX &&
                     xd_str_cut(&ahead, '\n', &next) && is_rule(next, &n) &&
                     n == count_cells(line);
        if (table && m->sheets < XD_SHEETS) {
            if (!take_table(m, line, &rest, &number)) {
                return false;
            }
        } else {
            take_line(m, line);
        }
    }
    return m->sheets > 0 ? send_near(m) : true;
}

bool xd_read_markdown(xd_ctx *cx, const xd_reader_in *in, xd_emit *emit)
{
    xd_encoding encoding;
    xd_decoder *decoder = NULL;
    xd_buf text = {.max = BYTES};
    if (!xd_encoding_find(cx, in->encoding, in->bytes, &encoding) ||
        !xd_decoder_open(cx, &encoding, in->bytes, &decoder)) {
        return false;
    }
    md *m = xd_new(cx->arena, md);
    m->cx = cx;
    m->emit = emit;
    m->sheet = (xd_sheet){.cx = cx, .emit = emit, .arena = cx->arena};
    m->sheet.row = xd_new(cx->arena, xd_sheet_row);
    bool end = false, ok = true;
    while (ok && !end) {
        ok = xd_decoder_next(cx, decoder, &text, &end);
        if (text.failed) {
            ok = xd_fail(cx, XD_LIMIT, "markdown: more than 64 MB");
        }
    }
    ok = ok && read_text(m, xd_buf_str(&text));
    xd_source_facts facts = {.format = XD_S("md"),
                             .encoding = xd_str_of(encoding.name),
                             .encoding_sure = encoding.sure,
                             .pictures = m->pictures};
    ok = ok && xd_emit_facts(cx, emit, &facts);
    xd_buf_free(&text);
    xd_buf_free(&m->sheet.row->text);
    return ok;
}
