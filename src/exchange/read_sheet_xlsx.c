/* XLSX, as its parts stand in the archive.
 *
 *   xl/workbook.xml            sheets in order, hidden or not, the 1904 calendar
 *   xl/_rels/workbook.xml.rels which part a sheet is
 *   xl/styles.xml              which cell formats are dates (a date is a number with such a format)
 *   xl/sharedStrings.xml       texts; a string may be several runs (t), its reading aid (rPh) not
 *   xl/worksheets/sheetN.xml   rows of cells; merged ranges come after all rows
 *
 * A sheet is therefore read twice: once for its merged ranges, once for its rows; memory holds
 * the shared strings and one row. Cells say where they are (r="B3"); where they do not, they
 * follow one another. Formulas are passed over, their stored results taken; errors (#N/A) are
 * nothing. Hidden sheets are lists for drop-downs more often than tables: they are passed over. */
#include "exchange/sheet_parts.h"

#include <stdio.h>
#include <stdlib.h>

#define STRING_BYTES ((size_t)600 << 20)
#define STYLES 65536

typedef struct xlsx_sheet {
    xd_str name, rel;
    bool hidden;
    size_t part; /* SIZE_MAX: none */
} xlsx_sheet;

typedef struct span {
    size_t at, n;
} span;

typedef struct xlsx {
    xd_ctx *cx;
    xd_emit *emit;
    xd_zip *zip;
    bool from_1904;
    XD_VEC(xlsx_sheet) sheets;
    XD_VEC(xd_date_shape) shapes; /* by style index */
    struct {
        int64_t id;
        xd_date_shape shape;
    } custom[512];
    size_t n_custom;
    bool in_formats;
    xd_buf strings;
    XD_VEC(span) spans;
    size_t string_from;
    int skip; /* depth inside an element that is passed over */
    bool in_t;
    /* the sheet being read */
    xd_sheet sheet;
    int64_t row;
    size_t col;
    char type; /* of the cell: n s b e d, t: formula string, i: inline */
    size_t style;
    bool in_v;
    xd_buf value;
    xd_arena *memory; /* of one row */
} xlsx;

/* ---- workbook ----------------------------------------------------------------------------- */

static xd_str keep_text(xlsx *x, xd_str raw)
{
    return xd_xml_unescape(x->cx->arena, raw);
}

static bool workbook_start(xd_ctx *cx, void *user, xd_str name, const xd_xml_attr *a, size_t n)
{
    xlsx *x = user;
    if (xd_str_eq(name, XD_S("workbookPr"))) {
        xd_str v = xd_xml_attr_of(a, n, "date1904");
        x->from_1904 = xd_str_eq(v, XD_S("1")) || xd_str_eq(v, XD_S("true"));
    } else if (xd_str_eq(name, XD_S("sheet")) && x->sheets.n < XD_SHEETS) {
        xd_str state = xd_xml_attr_of(a, n, "state");
        *xd_push(cx->arena, &x->sheets) = (xlsx_sheet){
            .name = keep_text(x, xd_xml_attr_of(a, n, "name")),
            .rel = keep_text(x, xd_xml_attr_of(a, n, "id")),
            .hidden = xd_str_eq(state, XD_S("hidden")) || xd_str_eq(state, XD_S("veryHidden")),
            .part = SIZE_MAX,
        };
    }
    return true;
}

static bool rels_start(xd_ctx *cx, void *user, xd_str name, const xd_xml_attr *a, size_t n)
{
    xlsx *x = user;
    if (!xd_str_eq(name, XD_S("Relationship"))) {
        return true;
    }
    xd_str id = xd_xml_attr_of(a, n, "Id"), target = xd_xml_attr_of(a, n, "Target");
    for (size_t i = 0; i < x->sheets.n; i++) {
        if (xd_str_eq(x->sheets.at[i].rel, id)) {
            xd_str path = xd_str_starts(target, XD_S("/"))
                              ? target
                              : xd_str_join(cx->arena, XD_S("xl/"), target);
            x->sheets.at[i].part = xd_zip_find(x->zip, path);
        }
    }
    return true;
}

/* ---- styles ------------------------------------------------------------------------------- */

/* Formats every spreadsheet has without saying so; 27–36 and 50–58 are dates in Chinese ones. */
static xd_date_shape built_in(int64_t id)
{
    xd_date_shape date = {.is_date = true, .year = true, .month = true, .day = true};
    if (id == 17 || id == 27 || id == 36 || id == 50 || id == 57) {
        date.day = false; /* mmm-yy; yyyy年m月 */
        return date;
    }
    if ((id >= 14 && id <= 16) || (id >= 28 && id <= 31) || (id >= 51 && id <= 54) ||
        id == 58) {
        return date;
    }
    if (id == 22) {
        date.time = true;
        return date;
    }
    if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47) ||
        id == 55 || id == 56) {
        return (xd_date_shape){.is_date = true, .time = true};
    }
    return (xd_date_shape){0};
}

static bool styles_start(xd_ctx *cx, void *user, xd_str name, const xd_xml_attr *a, size_t n)
{
    xlsx *x = user;
    int64_t id = 0;
    if (xd_str_eq(name, XD_S("numFmt")) && x->n_custom < XD_LEN(x->custom) &&
        xd_str_int(xd_xml_attr_of(a, n, "numFmtId"), &id)) {
        x->custom[x->n_custom].id = id;
        x->custom[x->n_custom++].shape =
            xd_date_shape_of(keep_text(x, xd_xml_attr_of(a, n, "formatCode")));
    } else if (xd_str_eq(name, XD_S("cellXfs"))) {
        x->in_formats = true;
    } else if (x->in_formats && xd_str_eq(name, XD_S("xf")) && x->shapes.n < STYLES) {
        xd_date_shape shape = {0};
        if (xd_str_int(xd_xml_attr_of(a, n, "numFmtId"), &id)) {
            shape = built_in(id);
            for (size_t i = 0; i < x->n_custom; i++) {
                shape = x->custom[i].id == id ? x->custom[i].shape : shape;
            }
        }
        *xd_push(cx->arena, &x->shapes) = shape;
    }
    return true;
}

static bool styles_end(xd_ctx *cx, void *user, xd_str name)
{
    xlsx *x = user;
    (void)cx;
    x->in_formats &= !xd_str_eq(name, XD_S("cellXfs"));
    return true;
}

/* ---- shared strings ----------------------------------------------------------------------- */

static bool strings_start(xd_ctx *cx, void *user, xd_str name, const xd_xml_attr *a, size_t n)
{
    xlsx *x = user;
    (void)cx, (void)a, (void)n;
    if (x->skip > 0 || xd_str_eq(name, XD_S("rPh"))) {
        x->skip++;
    } else if (xd_str_eq(name, XD_S("si"))) {
        x->string_from = x->strings.n;
    } else if (xd_str_eq(name, XD_S("t"))) {
        x->in_t = true;
    }
    return true;
}

static bool strings_text(xd_ctx *cx, void *user, xd_str text)
{
    xlsx *x = user;
    if (x->in_t && x->skip == 0) {
        xd_buf_add(&x->strings, text);
        if (x->strings.n > STRING_BYTES || x->strings.failed) {
            return xd_sheet_too_large(cx);
        }
    }
    return true;
}

static bool strings_end(xd_ctx *cx, void *user, xd_str name)
{
    xlsx *x = user;
    if (x->skip > 0) {
        x->skip--;
    } else if (xd_str_eq(name, XD_S("t"))) {
        x->in_t = false;
    } else if (xd_str_eq(name, XD_S("si"))) {
        *xd_push(cx->arena, &x->spans) = (span){x->string_from, x->strings.n - x->string_from};
    }
    return true;
}

/* ---- a sheet ------------------------------------------------------------------------------ */

/* "B12" → column 1, row 11. False: no such address. */
static bool address(xd_str ref, size_t *ret_col, int64_t *ret_row)
{
    size_t col = 0, i = 0;
    int64_t row = 0;
    for (; i < ref.n && ref.p[i] >= 'A' && ref.p[i] <= 'Z' && i < 4; i++) {
        col = col * 26 + (size_t)(ref.p[i] - 'A') + 1;
    }
    if (i == 0 || !xd_str_int(xd_str_sub(ref, i, ref.n), &row) || row < 1 || row > 1 << 24) {
        return false;
    }
    *ret_col = col - 1;
    *ret_row = row - 1;
    return true;
}

static bool merges_start(xd_ctx *cx, void *user, xd_str name, const xd_xml_attr *a, size_t n)
{
    xlsx *x = user;
    if (!xd_str_eq(name, XD_S("mergeCell"))) {
        return true;
    }
    xd_str ref = xd_xml_attr_of(a, n, "ref"), first;
    xd_merge_range m = {0};
    if (!xd_str_cut(&ref, ':', &first) || !address(first, &m.col, &m.row) ||
        !address(ref, &m.last_col, &m.last_row) || m.last_col < m.col || m.last_row < m.row) {
        return true;
    }
    if (x->sheet.merges.n == XD_MERGES) {
        return xd_sheet_too_large(cx);
    }
    *xd_push(x->sheet.arena, &x->sheet.merges) = m;
    return true;
}

static bool sheet_start(xd_ctx *cx, void *user, xd_str name, const xd_xml_attr *a, size_t n)
{
    xlsx *x = user;
    (void)cx;
    if (x->skip > 0 || xd_str_eq(name, XD_S("rPh")) || xd_str_eq(name, XD_S("f"))) {
        x->skip++;
    } else if (xd_str_eq(name, XD_S("row"))) {
        int64_t number = 0;
        x->row =
            xd_str_int(xd_xml_attr_of(a, n, "r"), &number) && number > 0 && number <= 1 << 24
                ? number - 1
                : x->row + 1;
        x->col = 0;
        xd_sheet_row_clear(x->sheet.row);
    } else if (xd_str_eq(name, XD_S("c"))) {
        int64_t row = 0;
        size_t col = 0;
        xd_str type = xd_xml_attr_of(a, n, "t");
        if (address(xd_xml_attr_of(a, n, "r"), &col, &row)) {
            x->col = col;
        }
        x->type = type.n == 0                          ? 'n'
                  : xd_str_eq(type, XD_S("str"))       ? 't'
                  : xd_str_eq(type, XD_S("inlineStr")) ? 'i'
                                                       : type.p[0];
        x->style = xd_xml_count(a, n, "s", 0, STYLES);
        xd_buf_clear(&x->value);
    } else if (xd_str_eq(name, XD_S("v")) || xd_str_eq(name, XD_S("t"))) {
        x->in_v = true;
    }
    return true;
}

static bool sheet_text(xd_ctx *cx, void *user, xd_str text)
{
    xlsx *x = user;
    if (x->in_v && x->skip == 0) {
        xd_buf_add(&x->value, text);
        if (x->value.n > XD_CELL_BYTES) {
            return xd_sheet_too_large(cx);
        }
    }
    return true;
}

static bool put_number(xlsx *x, xd_str value)
{
    xd_arena *arena = x->memory;
    xd_date_shape shape = x->style < x->shapes.n ? x->shapes.at[x->style] : (xd_date_shape){0};
    char text[64];
    if (shape.is_date && value.n < sizeof text) {
        memcpy(text, value.p, value.n);
        text[value.n] = '\0';
        char *end = NULL;
        double serial = strtod(text, &end);
        xd_str date =
            end == text ? (xd_str){0} : xd_sheet_date(arena, serial, x->from_1904, shape);
        if (date.n > 0) {
            return xd_sheet_put(&x->sheet, x->col, XD_CELL_DATE, date);
        }
    }
    xd_str number = xd_sheet_number(arena, value);
    if (shape.zeros > 0 && (int)number.n < shape.zeros &&
        memchr(number.p, '.', number.n) == NULL) {
        number = xd_str_printf(arena, "%.*s" XD_FMT, shape.zeros - (int)number.n,
                               "00000000000000000000", XD_ARG(number));
    }
    return xd_sheet_put(&x->sheet, x->col, XD_CELL_NUMBER, number);
}

static bool put_cell(xlsx *x)
{
    xd_str value = xd_buf_str(&x->value);
    int64_t at = 0;
    switch (x->type) {
    case 's':
        if (!xd_str_int(value, &at) || at < 0 || (size_t)at >= x->spans.n) {
            return true;
        }
        return xd_sheet_put(
            &x->sheet, x->col, XD_CELL_TEXT,
            xd_sheet_unwrap(x->memory, xd_str_sub(xd_buf_str(&x->strings), x->spans.at[at].at,
                                                  x->spans.at[at].at + x->spans.at[at].n)));
    case 'b':
        return xd_sheet_put(&x->sheet, x->col, XD_CELL_BOOL,
                            xd_str_eq(value, XD_S("1")) ? XD_S("true") : XD_S("false"));
    case 'e':
        return true;
    case 'd':
        return xd_sheet_put(&x->sheet, x->col, XD_CELL_DATE, value);
    case 't':
    case 'i':
        return xd_sheet_put(&x->sheet, x->col, XD_CELL_TEXT, xd_sheet_unwrap(x->memory, value));
    default:
        return value.n == 0 || put_number(x, value);
    }
}

static bool sheet_end(xd_ctx *cx, void *user, xd_str name)
{
    xlsx *x = user;
    (void)cx;
    if (x->skip > 0) {
        x->skip--;
    } else if (xd_str_eq(name, XD_S("v")) || xd_str_eq(name, XD_S("t"))) {
        x->in_v = false;
    } else if (xd_str_eq(name, XD_S("c"))) {
        if (!put_cell(x)) {
            return false;
        }
        x->col++;
    } else if (xd_str_eq(name, XD_S("row"))) {
        bool sent = xd_sheet_send(&x->sheet, x->row);
        xd_sheet_row_clear(x->sheet.row);
        xd_arena_reset(x->memory);
        return sent;
    } else if (xd_str_eq(name, XD_S("sheetData"))) {
        return false; /* enough */
    }
    return true;
}

/* Whether the bytes of a part hold a word; pieces are joined at their seams. */
typedef struct seeker {
    xd_str word;
    char seam[64];
    size_t n;
    bool found;
} seeker;

static bool seek(xd_ctx *cx, void *user, xd_str piece)
{
    seeker *s = user;
    (void)cx;
    size_t head = piece.n < s->word.n ? piece.n : s->word.n;
    memcpy(s->seam + s->n, piece.p, head);
    s->found |= xd_str_find((xd_str){s->seam, s->n + head}, s->word, 0) != SIZE_MAX ||
                xd_str_find(piece, s->word, 0) != SIZE_MAX;
    size_t tail = piece.n < s->word.n ? piece.n : s->word.n;
    memcpy(s->seam, piece.p + piece.n - tail, tail);
    s->n = tail;
    return !s->found;
}

static bool read_part(xlsx *x, const xlsx_sheet *s, size_t no)
{
    static const xd_xml_events merges = {.start = merges_start};
    static const xd_xml_events rows = {sheet_start, sheet_end, sheet_text};
    seeker look = {.word = XD_S("<mergeCell ")};
    x->sheet.name = s->name;
    x->sheet.no = no;
    x->sheet.merges.n = x->sheet.open.n = 0;
    x->row = -1;
    x->skip = 0;
    x->in_v = false;
    xd_sheet_row_clear(x->sheet.row);
    if (!xd_zip_read(x->cx, x->zip, s->part, seek, &look)) {
        return false;
    }
    if (look.found && !xd_xml_read_part(x->cx, x->zip, s->part, &merges, x)) {
        return false;
    }
    xd_sheet_sort_merges(&x->sheet);
    return xd_xml_read_part(x->cx, x->zip, s->part, &rows, x);
}

static bool read_tables(xlsx *x)
{
    static const xd_xml_events workbook = {.start = workbook_start};
    static const xd_xml_events rels = {.start = rels_start};
    static const xd_xml_events styles = {.start = styles_start, .end = styles_end};
    static const xd_xml_events strings = {strings_start, strings_end, strings_text};
    size_t book = xd_zip_find(x->zip, XD_S("xl/workbook.xml"));
    size_t links = xd_zip_find(x->zip, XD_S("xl/_rels/workbook.xml.rels"));
    size_t looks = xd_zip_find(x->zip, XD_S("xl/styles.xml"));
    size_t texts = xd_zip_find(x->zip, XD_S("xl/sharedStrings.xml"));
    if (book == SIZE_MAX || links == SIZE_MAX) {
        return xd_fail(x->cx, XD_UNREADABLE, "xlsx: no workbook");
    }
    return xd_xml_read_part(x->cx, x->zip, book, &workbook, x) &&
           xd_xml_read_part(x->cx, x->zip, links, &rels, x) &&
           (looks == SIZE_MAX || xd_xml_read_part(x->cx, x->zip, looks, &styles, x)) &&
           (texts == SIZE_MAX || xd_xml_read_part(x->cx, x->zip, texts, &strings, x));
}

bool xd_read_xlsx(xd_ctx *cx, const xd_reader_in *in, xd_emit *emit)
{
    xlsx *x = xd_new(cx->arena, xlsx);
    *x = (xlsx){.cx = cx, .emit = emit, .memory = xd_arena_make()};
    x->sheet = (xd_sheet){.cx = cx, .emit = emit, .arena = cx->arena};
    x->sheet.row = xd_new(cx->arena, xd_sheet_row);
    bool ok = xd_zip_open(cx, in->bytes, emit, &x->zip) && read_tables(x);
    for (size_t i = 0; ok && i < x->sheets.n; i++) {
        if ((!x->sheets.at[i].hidden || in->all_sheets) && x->sheets.at[i].part != SIZE_MAX) {
            ok = read_part(x, &x->sheets.at[i], i);
        }
    }
    if (ok) {
        xd_source_facts facts = {.format = XD_S("xlsx"),
                                 .encoding_sure = true,
                                 .pictures = xd_zip_count_under(x->zip, XD_S("xl/media/"))};
        ok = xd_emit_facts(cx, emit, &facts);
    }
    xd_buf_free(&x->strings);
    xd_buf_free(&x->value);
    xd_buf_free(&x->sheet.row->text);
    xd_arena_free(x->memory);
    return ok;
}
