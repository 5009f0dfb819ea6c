/* exchange/paper_docx.c — a paper as a Word document, parts written by hand.
 *
 * A DOCX is a zip of XML parts (ECMA-376): the text, its styles, fonts, two footers (page numbers
 * stand outside, so left and right pages differ), and the lists that tie them together. Layout by
 * GB/T 9704: A4, margins 37 35 28 26 mm, text 16 pt on lines of 28 pt, first lines indented by two
 * characters, headings in 黑体, 楷体 and bold 仿宋. Fonts are named, never embedded; an office
 * without one takes the alternative the font table names. Headings are real ones, so outline and
 * table of contents work; numbers of headings are part of their words. */
#include <zip.h>

#include "base/file.h"
#include "base/log.h"
#include "exchange/paper.h"

#define TEXT_WIDTH 8845 /* between the margins, in twentieths of a point */
#define PART_MOST ((size_t)64 << 20)
#define PAIR_MOST 26 /* halves of a character: longer values have a line of their own */
#define SMALL_FROM 7 /* columns: from here on the type is smaller */

/* ---- XML ------------------------------------------------------------------------------------ */

/* Escaped; what XML 1.0 cannot hold is left out. */
static void put(xd_buf *out, xd_str text)
{
    size_t at = 0;
    while (at < text.n) {
        size_t from = at;
        uint32_t c = xd_utf8_next(text, &at);
        bool fits = (c >= 0x20 && c < 0xd800) || c == '\t' ||
                    (c >= 0xe000 && c <= 0x10ffff && c != 0xfffe && c != 0xffff);
        if (c == '\n' || c == '\r') {
            xd_buf_byte(out, ' ');
        } else if (c == '&' || c == '<' || c == '>' || c == '"') {
            xd_buf_html(out, xd_str_sub(text, from, at));
        } else if (fits) {
            xd_buf_add(out, xd_str_sub(text, from, at));
        }
    }
}

/* A line break in the text is one in the paragraph. */
static void run(xd_buf *out, xd_str text, const char *look)
{
    xd_str line;
    bool first = true;
    while (xd_str_cut(&text, '\n', &line)) {
        xd_buf_printf(out, "<w:r>%s%s<w:t xml:space=\"preserve\">", look,
                      first ? "" : "<w:br/>");
        put(out, line);
        xd_buf_add(out, XD_S("</w:t></w:r>"));
        first = false;
    }
}

static void paragraph(xd_buf *out, const char *style, xd_str text)
{
    xd_buf_printf(out, "<w:p><w:pPr><w:pStyle w:val=\"%s\"/></w:pPr>", style);
    run(out, text, "");
    xd_buf_add(out, XD_S("</w:p>"));
}

/* ---- tables --------------------------------------------------------------------------------- */

/* How wide a text is, in halves of a Chinese character. */
static size_t width_of(xd_str text)
{
    size_t n = 0, at = 0;
    while (at < text.n) {
        n += xd_utf8_next(text, &at) < 0x1100 ? 1 : 2;
    }
    return n;
}

/* Columns share the width by what stands in them; none is starved. */
static void share_width(const xd_paper_block *block, size_t n, int *ret_widths)
{
    size_t total = 0;
    size_t want[XD_PAPER_COLUMNS];
    for (size_t k = 0; k < n; k++) {
        size_t most = k < block->columns.n ? width_of(block->columns.at[k]) : 4;
        for (size_t i = 0; i < block->rows.n; i++) {
            const xd_paper_row *row = &block->rows.at[i];
            size_t wide = k < row->cells.n ? width_of(row->cells.at[k].text) : 0;
            most = wide > most ? wide : most;
        }
        want[k] = most < 5 ? 5 : most > 36 ? 36 : most;
        total += want[k];
    }
    for (size_t k = 0; k < n; k++) {
        ret_widths[k] = (int)(want[k] * TEXT_WIDTH / total);
    }
}

static void cell(xd_buf *out, int width, xd_str text, const char *style, bool right, bool shade)
{
    xd_buf_printf(out,
                  "<w:tc><w:tcPr><w:tcW w:w=\"%d\" w:type=\"dxa\"/>%s<w:vAlign "
                  "w:val=\"center\"/></w:tcPr>",
                  width,
                  shade ? "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"F0EEE8\"/>" : "");
    xd_buf_printf(out, "<w:p><w:pPr><w:pStyle w:val=\"%s\"/>%s</w:pPr>", style,
                  right ? "<w:jc w:val=\"right\"/>" : "");
    run(out, text, "");
    xd_buf_add(out, XD_S("</w:p></w:tc>"));
}

static void table_begin(xd_buf *out, const int *widths, size_t n)
{
    static const char *const sides[] = {"top", "left", "bottom", "right", "insideH", "insideV"};
    xd_buf_printf(out, "<w:tbl><w:tblPr><w:tblW w:w=\"%d\" w:type=\"dxa\"/><w:tblBorders>",
                  TEXT_WIDTH);
    for (size_t i = 0; i < XD_LEN(sides); i++) {
        xd_buf_printf(out,
                      "<w:%s w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"666666\"/>",
                      sides[i]);
    }
    xd_buf_add(out,
               XD_S("</w:tblBorders><w:tblLayout w:type=\"fixed\"/><w:tblCellMar>"
                    "<w:left w:w=\"80\" w:type=\"dxa\"/><w:right w:w=\"80\" w:type=\"dxa\"/>"
                    "</w:tblCellMar></w:tblPr><w:tblGrid>"));
    for (size_t k = 0; k < n; k++) {
        xd_buf_printf(out, "<w:gridCol w:w=\"%d\"/>", widths[k]);
    }
    xd_buf_add(out, XD_S("</w:tblGrid>"));
}

/* Two pairs stand on one line where all of them are short. */
static size_t pairs_abreast(const xd_paper_block *block)
{
    for (size_t i = 0; i < block->rows.n; i++) {
        const xd_paper_row *row = &block->rows.at[i];
        if (row->cells.n > 1 && width_of(row->cells.at[1].text) > PAIR_MOST) {
            return 1;
        }
    }
    return block->rows.n < 4 ? 1 : 2;
}

static void add_pairs(xd_buf *out, const xd_paper_block *block)
{
    static const xd_paper_cell none = {0};
    size_t abreast = pairs_abreast(block), n = block->rows.n;
    int what = TEXT_WIDTH * 20 / 100, value = TEXT_WIDTH / (int)abreast - what;
    const int widths[] = {what, value, what, value};
    table_begin(out, widths, abreast * 2);
    for (size_t i = 0; i < n; i += abreast) {
        xd_buf_add(out, XD_S("<w:tr><w:trPr><w:cantSplit/></w:trPr>"));
        for (size_t k = 0; k < abreast; k++) {
            const xd_paper_row *row = i + k < n ? &block->rows.at[i + k] : NULL;
            bool whole = row != NULL && row->cells.n > 1;
            cell(out, what, whole ? row->cells.at[0].text : none.text, "Cell", false, true);
            cell(out, value, whole ? row->cells.at[1].text : none.text, "Cell", false, false);
        }
        xd_buf_add(out, XD_S("</w:tr>"));
    }
    xd_buf_add(out, XD_S("</w:tbl>"));
}

static void add_rows(xd_buf *out, const xd_paper_block *block)
{
    size_t n = block->columns.n;
    int widths[XD_PAPER_COLUMNS];
    const char *style = n >= SMALL_FROM ? "Small" : "Cell";
    n = n > XD_PAPER_COLUMNS ? XD_PAPER_COLUMNS : n;
    share_width(block, n, widths);
    table_begin(out, widths, n);
    xd_buf_add(out, XD_S("<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"));
    for (size_t k = 0; k < n; k++) {
        cell(out, widths[k], block->columns.at[k], style, false, true);
    }
    xd_buf_add(out, XD_S("</w:tr>"));
    for (size_t i = 0; i < block->rows.n; i++) {
        const xd_paper_row *row = &block->rows.at[i];
        xd_buf_add(out, XD_S("<w:tr><w:trPr><w:cantSplit/></w:trPr>"));
        for (size_t k = 0; k < n; k++) {
            static const xd_paper_cell none = {0};
            const xd_paper_cell *c = k < row->cells.n ? &row->cells.at[k] : &none;
            cell(out, widths[k], c->text, style, c->number, false);
        }
        xd_buf_add(out, XD_S("</w:tr>"));
    }
    xd_buf_add(out, XD_S("</w:tbl>"));
}

static void add_table(xd_buf *out, const xd_paper_block *block)
{
    if (block->kind == XD_PAPER_PAIRS) {
        add_pairs(out, block);
    } else {
        add_rows(out, block);
    }
    paragraph(out, "Gap", (xd_str){0}); /* tables that touch would become one */
}

/* ---- the text ------------------------------------------------------------------------------- */

static void add_words(xd_buf *out, const xd_paper_block *block, xd_lang lang)
{
    bool several = block->rows.n > 1;
    xd_buf_add(out, XD_S("<w:p><w:pPr><w:pStyle w:val=\"Normal\"/></w:pPr>"));
    run(out, block->text, "<w:rPr><w:b/></w:rPr>");
    run(out, lang == XD_ZH ? XD_S("：") : XD_S(": "), "<w:rPr><w:b/></w:rPr>");
    for (size_t i = 0; i < block->rows.n; i++) {
        if (several) {
            xd_buf_add(out, XD_S("</w:p><w:p><w:pPr><w:pStyle w:val=\"Normal\"/></w:pPr>"));
        }
        for (size_t k = 0; k < block->rows.at[i].cells.n; k++) {
            run(out, block->rows.at[i].cells.at[k].text, "");
        }
    }
    xd_buf_add(out, XD_S("</w:p>"));
}

static void add_none(xd_buf *out, const xd_paper_block *block, xd_lang lang)
{
    xd_buf_add(out, XD_S("<w:p><w:pPr><w:pStyle w:val=\"Normal\"/></w:pPr>"));
    if (block->text.n > 0) {
        run(out, block->text, "<w:rPr><w:b/></w:rPr>");
        run(out, lang == XD_ZH ? XD_S("：") : XD_S(": "), "<w:rPr><w:b/></w:rPr>");
    }
    run(out, block->none, "");
    xd_buf_add(out, XD_S("</w:p>"));
}

static void add_block(xd_buf *out, const xd_paper_block *block, xd_lang lang)
{
    static const char *const headings[] = {"Heading1", "Heading2", "Heading3"};
    switch (block->kind) {
    case XD_PAPER_HEADING:
        paragraph(out, headings[block->level < 2 ? 0 : block->level < 3 ? 1 : 2], block->text);
        return;
    case XD_PAPER_WORDS:
        add_words(out, block, lang);
        return;
    case XD_PAPER_NOTE:
        paragraph(out, "Note", block->text);
        return;
    case XD_PAPER_PAIRS:
    case XD_PAPER_TABLE:
        if (block->rows.n == 0) {
            add_none(out, block, lang);
            return;
        }
        if (block->text.n > 0) {
            paragraph(out, "Caption", block->text);
        }
        add_table(out, block);
        return;
    }
}

#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define MAIN_NS                                                                                \
    "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" "                \
    "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\""

static void write_document(xd_buf *out, const xd_paper *paper)
{
    xd_buf_add(out, XD_S(XML "<w:document " MAIN_NS "><w:body>"));
    if (paper->warning.n > 0) {
        paragraph(out, "Warning", paper->warning);
    }
    for (size_t i = 0; i < paper->lines.n; i++) {
        paragraph(out, "Title", paper->lines.at[i]);
    }
    paragraph(out, "Subtitle", paper->subtitle);
    for (size_t i = 0; i < paper->blocks.n; i++) {
        add_block(out, &paper->blocks.at[i], paper->lang);
    }
    if (paper->signed_by.n > 0) {
        paragraph(out, "Signature", paper->signed_by);
    }
    paragraph(out, "Signature", paper->date);
    paragraph(out, "Note", paper->origin);
    xd_buf_add(out, XD_S("<w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId3\"/>"
                         "<w:footerReference w:type=\"even\" r:id=\"rId4\"/>"
                         "<w:pgSz w:w=\"11906\" w:h=\"16838\"/>"
                         "<w:pgMar w:top=\"2098\" w:right=\"1474\" w:bottom=\"1984\" "
                         "w:left=\"1587\" w:header=\"851\" w:footer=\"1400\" w:gutter=\"0\"/>"
                         "</w:sectPr></w:body></w:document>"));
}

/* ---- what goes with it ---------------------------------------------------------------------- */

typedef struct style {
    const char *id, *name, *font;
    int half_points;
    int line; /* exactly so high, twentieths of a point; 0: as the type needs */
    int before, after;
    bool indent, bold;
    const char *align; /* NULL: left */
    int outline;       /* level of a heading, from 1; 0: none */
} style;

static const style styles[] = {
  /* clang-format off */
    {"Normal",    "Normal",    "仿宋",           32, 560, 0,   0,   true,  false, "both",   0},
    {"Title",     "Title",     "方正小标宋简体", 44, 640, 0,   0,   false, false, "center", 0},
    {"Subtitle",  "Subtitle",  "楷体",           32, 560, 200, 360, false, false, "center", 0},
    {"Heading1",  "heading 1", "黑体",           32, 560, 160, 40,  true,  false, NULL,     1},
    {"Heading2",  "heading 2", "楷体",           32, 560, 120, 40,  true,  false, NULL,     2},
    {"Heading3",  "heading 3", "仿宋",           32, 560, 0,   0,   true,  true,  NULL,     3},
    {"Caption",   "caption",   "黑体",           24, 0,   120, 60,  false, false, "center", 0},
    {"Cell",      "Cell",      "宋体",           21, 0,   20,  20,  false, false, NULL,     0},
    {"Small",     "Small",     "宋体",           18, 0,   20,  20,  false, false, NULL,     0},
    {"Gap",       "Gap",       "宋体",           12, 0,   0,   0,   false, false, NULL,     0},
    {"Note",      "Note",      "楷体",           24, 0,   60,  60,  false, false, NULL,     0},
    {"Warning",   "Warning",   "黑体",           28, 0,   0,   0,   false, false, "center", 0},
    {"Signature", "Signature", "仿宋",           32, 560, 0,   0,   false, false, "right",  0},
    {"Right",     "footer",    "宋体",           28, 0,   0,   0,   false, false, "right",  0},
    {"Left",      "footer 2",  "宋体",           28, 0,   0,   0,   false, false, NULL,     0},
  /* clang-format on */
};

/* The order of what a style says is fixed by the format. */
static void write_style(xd_buf *out, const style *s)
{
    xd_buf_printf(out,
                  "<w:style w:type=\"paragraph\"%s w:styleId=\"%s\"><w:name w:val=\"%s\"/>",
                  s == styles ? " w:default=\"1\"" : "", s->id, s->name);
    xd_buf_printf(out, "<w:qFormat/><w:pPr>%s<w:spacing w:before=\"%d\" w:after=\"%d\"",
                  s->outline > 0 ? "<w:keepNext/>" : "", s->before, s->after);
    if (s->line > 0) {
        xd_buf_printf(out, " w:line=\"%d\" w:lineRule=\"exact\"", s->line);
    }
    xd_buf_printf(out, "/>%s",
                  s->indent ? "<w:ind w:firstLineChars=\"200\" w:firstLine=\"640\"/>" : "");
    if (s->align != NULL) {
        xd_buf_printf(out, "<w:jc w:val=\"%s\"/>", s->align);
    }
    if (s->outline > 0) {
        xd_buf_printf(out, "<w:outlineLvl w:val=\"%d\"/>", s->outline - 1);
    }
    xd_buf_printf(out,
                  "</w:pPr><w:rPr><w:rFonts w:ascii=\"Times New Roman\" "
                  "w:hAnsi=\"Times New Roman\" w:eastAsia=\"%s\"/>%s<w:sz w:val=\"%d\"/>"
                  "<w:szCs w:val=\"%d\"/></w:rPr></w:style>",
                  s->font, s->bold ? "<w:b/>" : "", s->half_points, s->half_points);
}

static void write_styles(xd_buf *out, xd_lang lang)
{
    xd_buf_add(out, XD_S(XML "<w:styles " MAIN_NS "><w:docDefaults><w:rPrDefault><w:rPr>"));
    xd_buf_printf(out,
                  "<w:lang w:val=\"en-GB\" w:eastAsia=\"%s\"/></w:rPr></w:rPrDefault>"
                  "</w:docDefaults>",
                  lang == XD_ZH ? "zh-CN" : "en-GB");
    for (size_t i = 0; i < XD_LEN(styles); i++) {
        write_style(out, &styles[i]);
    }
    xd_buf_add(out, XD_S("</w:styles>"));
}

/* What an office takes that lacks the font. */
static void write_fonts(xd_buf *out)
{
    static const struct {
        const char *name, *instead;
    } fonts[] = {
        {"方正小标宋简体", "宋体"       },
        {"仿宋",                "仿宋_GB2312"},
        {"楷体",                "楷体_GB2312"},
        {"黑体",                "SimHei"       },
        {"宋体",                "SimSun"       },
    };
    xd_buf_add(out, XD_S(XML "<w:fonts " MAIN_NS ">"));
    for (size_t i = 0; i < XD_LEN(fonts); i++) {
        xd_buf_printf(out,
                      "<w:font w:name=\"%s\"><w:altName w:val=\"%s\"/><w:charset w:val=\"86\"/>"
                      "</w:font>",
                      fonts[i].name, fonts[i].instead);
    }
    xd_buf_add(out, XD_S("</w:fonts>"));
}

static void write_footer(xd_buf *out, const char *side)
{
    static const char *const steps[] = {
        "<w:t xml:space=\"preserve\">— </w:t>", "<w:fldChar w:fldCharType=\"begin\"/>",
        "<w:instrText xml:space=\"preserve\"> PAGE </w:instrText>",
        "<w:fldChar w:fldCharType=\"end\"/>", "<w:t xml:space=\"preserve\"> —</w:t>"};
    xd_buf_printf(out, XML "<w:ftr " MAIN_NS "><w:p><w:pPr><w:pStyle w:val=\"%s\"/></w:pPr>",
                  side);
    for (size_t i = 0; i < XD_LEN(steps); i++) {
        xd_buf_printf(out, "<w:r>%s</w:r>", steps[i]);
    }
    xd_buf_add(out, XD_S("</w:p></w:ftr>"));
}

static void write_core(xd_ctx *cx, xd_buf *out, const xd_paper *paper)
{
    xd_str when = xd_time_text(cx->arena, xd_now(cx) / 1000000 * 1000000);
    xd_buf_add(out,
               XD_S(XML "<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/"
                        "package/2006/metadata/core-properties\" "
                        "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
                        "xmlns:dcterms=\"http://purl.org/dc/terms/\" "
                        "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>"));
    put(out, paper->title);
    xd_buf_add(out, XD_S("</dc:title><dc:creator>"));
    put(out, paper->signed_by);
    xd_buf_add(out, XD_S("</dc:creator><dc:description>"));
    put(out, paper->origin);
    xd_buf_printf(out,
                  "</dc:description><dcterms:created xsi:type=\"dcterms:W3CDTF\">" XD_FMT
                  "</dcterms:created></cp:coreProperties>",
                  XD_ARG(when));
}

#define PACKAGE "http://schemas.openxmlformats.org/package/2006/"
#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#define WORD "application/vnd.openxmlformats-officedocument.wordprocessingml."

static const char content_types[] = XML
    "<Types xmlns=\"" PACKAGE "content-types\">"
    "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package."
    "relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/>"
    "<Override PartName=\"/word/document.xml\" ContentType=\"" WORD "document.main+xml\"/>"
    "<Override PartName=\"/word/styles.xml\" ContentType=\"" WORD "styles+xml\"/>"
    "<Override PartName=\"/word/fontTable.xml\" ContentType=\"" WORD "fontTable+xml\"/>"
    "<Override PartName=\"/word/settings.xml\" ContentType=\"" WORD "settings+xml\"/>"
    "<Override PartName=\"/word/footer1.xml\" ContentType=\"" WORD "footer+xml\"/>"
    "<Override PartName=\"/word/footer2.xml\" ContentType=\"" WORD "footer+xml\"/>"
    "<Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-"
    "package.core-properties+xml\"/></Types>";
static const char package_relations[] = XML
    "<Relationships xmlns=\"" PACKAGE "relationships\">"
    "<Relationship Id=\"rId1\" Type=\"" OFFICE "officeDocument\" Target=\"word/document.xml\"/>"
    "<Relationship Id=\"rId2\" Type=\"" PACKAGE "relationships/metadata/core-properties\" "
    "Target=\"docProps/core.xml\"/></Relationships>";
static const char text_relations[] =
    XML "<Relationships xmlns=\"" PACKAGE "relationships\">"
        "<Relationship Id=\"rId1\" Type=\"" OFFICE "styles\" Target=\"styles.xml\"/>"
        "<Relationship Id=\"rId2\" Type=\"" OFFICE "fontTable\" Target=\"fontTable.xml\"/>"
        "<Relationship Id=\"rId3\" Type=\"" OFFICE "footer\" Target=\"footer1.xml\"/>"
        "<Relationship Id=\"rId4\" Type=\"" OFFICE "footer\" Target=\"footer2.xml\"/>"
        "<Relationship Id=\"rId5\" Type=\"" OFFICE "settings\" Target=\"settings.xml\"/>"
        "</Relationships>";
static const char settings[] =
    XML "<w:settings " MAIN_NS "><w:evenAndOddHeaders/></w:settings>";

/* ---- the archive ---------------------------------------------------------------------------- */

typedef struct parts {
    struct {
        const char *name;
        xd_str bytes;
    } at[10];
    size_t n;
} parts;

static bool take(xd_ctx *cx, parts *list, const char *name, xd_buf *bytes)
{
    bool ok = !bytes->failed && bytes->n <= PART_MOST;
    list->at[list->n].name = name;
    list->at[list->n++].bytes = ok ? xd_buf_copy(bytes, cx->arena) : (xd_str){0};
    xd_buf_free(bytes);
    return ok || xd_fail(cx, XD_LIMIT, "a part of the document is too large");
}

static bool make_parts(xd_ctx *cx, const xd_paper *paper, parts *list)
{
    static const struct {
        const char *name;
        const char *bytes;
    } fixed[] = {
        {"[Content_Types].xml",          content_types    },
        {"_rels/.rels",                  package_relations},
        {"word/_rels/document.xml.rels", text_relations   },
        {"word/settings.xml",            settings         },
    };
    xd_buf document = {0}, looks = {0}, fonts = {0}, right = {0}, left = {0}, core = {0};
    for (size_t i = 0; i < XD_LEN(fixed); i++) {
        list->at[list->n].name = fixed[i].name;
        list->at[list->n++].bytes = xd_str_of(fixed[i].bytes);
    }
    write_document(&document, paper);
    write_styles(&looks, paper->lang);
    write_fonts(&fonts);
    write_footer(&right, "Right");
    write_footer(&left, "Left");
    write_core(cx, &core, paper);
    const struct {
        const char *name;
        xd_buf *bytes;
    } made[] = {
        {"word/document.xml",  &document},
        {"word/styles.xml",    &looks   },
        {"word/fontTable.xml", &fonts   },
        {"word/footer1.xml",   &right   },
        {"word/footer2.xml",   &left    },
        {"docProps/core.xml",  &core    }
    };
    bool whole = true;
    for (size_t i = 0; i < XD_LEN(made); i++) { /* all: each is freed by it */
        whole = take(cx, list, made[i].name, made[i].bytes) && whole;
    }
    return whole;
}

static bool refuse(xd_ctx *cx, const char *what)
{
    return xd_fail(cx, XD_SYSTEM, "DOCX: %s", what);
}

static bool add_parts(xd_ctx *cx, zip_t *zip, const parts *list)
{
    for (size_t i = 0; i < list->n; i++) {
        zip_source_t *bytes =
            zip_source_buffer(zip, list->at[i].bytes.p, list->at[i].bytes.n, 0);
        if (bytes == NULL) {
            return refuse(cx, zip_strerror(zip));
        }
        if (zip_file_add(zip, list->at[i].name, bytes, ZIP_FL_ENC_UTF_8) < 0) {
            zip_source_free(bytes);
            return refuse(cx, zip_strerror(zip));
        }
    }
    return true;
}

static bool copy_out(xd_ctx *cx, zip_source_t *archive, int fd)
{
    char piece[16384];
    zip_int64_t n = 0;
    if (zip_source_open(archive) != 0) {
        return refuse(cx, "the archive cannot be read back");
    }
    bool ok = true;
    while (ok && (n = zip_source_read(archive, piece, sizeof piece)) > 0) {
        ok = xd_file_write(cx, fd, (xd_str){piece, (size_t)n});
    }
    (void)zip_source_close(archive); /* read only */
    return ok && (n == 0 || refuse(cx, "the archive cannot be read back"));
}

/* libzip writes to a path or to memory; papers are small enough for memory. */
bool xd_paper_docx(xd_ctx *cx, const xd_paper *paper, int fd)
{
    parts list = {0};
    zip_error_t error;
    zip_error_init(&error);
    if (!make_parts(cx, paper, &list)) {
        return false;
    }
    zip_source_t *archive = zip_source_buffer_create(NULL, 0, 0, &error);
    if (archive == NULL) {
        return refuse(cx, zip_error_strerror(&error));
    }
    zip_t *zip = zip_open_from_source(archive, ZIP_CREATE | ZIP_TRUNCATE, &error);
    if (zip == NULL) {
        zip_source_free(archive);
        return refuse(cx, zip_error_strerror(&error));
    }
    zip_source_keep(archive); /* closing the archive lets go of it once */
    bool ok = add_parts(cx, zip, &list);
    if (ok && zip_close(zip) != 0) {
        ok = refuse(cx, zip_strerror(zip));
        zip_discard(zip);
    } else if (!ok) {
        zip_discard(zip);
    }
    ok = ok && copy_out(cx, archive, fd);
    zip_source_free(archive);
    return ok;
}
