#include "exchange/detect.h"

#include "exchange/zip.h"

/* ---- formats ----------------------------------------------------------------------------- */

typedef struct format_row {
    xd_str name;
    xd_reader *read; /* NULL: recognised, not built in */
} format_row;

#ifdef XD_HAS_GDAL
#define GDAL_READER xd_read_gdal
#else
#define GDAL_READER NULL
#endif

static const format_row formats[] = {
    {XD_STR("csv"),     xd_read_csv       },
    {XD_STR("xlsx"),    xd_read_sheet     },
    {XD_STR("ods"),     xd_read_sheet     },
    {XD_STR("docx"),    xd_read_docx      },
    {XD_STR("html"),    xd_read_html      },
    {XD_STR("mhtml"),   xd_read_mhtml     },
    {XD_STR("json"),    xd_read_json      },
    {XD_STR("md"),      xd_read_markdown  },
    {XD_STR("xls"),     xd_read_xls       },
    {XD_STR("xls-xml"), xd_read_sheet_2003},
    {XD_STR("geojson"), GDAL_READER       },
    {XD_STR("gpkg"),    GDAL_READER       },
    {XD_STR("shp"),     GDAL_READER       },
    {XD_STR("kml"),     GDAL_READER       },
};

static xd_reader *reader_of(xd_str name)
{
    for (size_t i = 0; i < XD_LEN(formats); i++) {
        if (xd_str_eq(formats[i].name, name)) {
            return formats[i].read;
        }
    }
    return NULL;
}

/* Files that begin like this are none of ours, and what to say of them. */
static const struct foreign {
    xd_str magic;
    const char *zh, *en;
} foreign[] = {
    {XD_STR("%PDF-"),             "PDF 文件",           "a PDF file"           },
    {XD_STR("\x89PNG"),           "PNG 图片",           "a PNG picture"        },
    {XD_STR("\xff\xd8\xff"),      "JPEG 图片",          "a JPEG picture"       },
    {XD_STR("GIF8"),              "GIF 图片",           "a GIF picture"        },
    {XD_STR("II*\0"),             "TIFF 图片",          "a TIFF picture"       },
    {XD_STR("MM\0*"),             "TIFF 图片",          "a TIFF picture"       },
    {XD_STR("BM"),                "BMP 图片",           "a BMP picture"        },
    {XD_STR("Rar!"),              "RAR 压缩包",        "a RAR archive"        },
    {XD_STR("7z\xbc\xaf"),        "7z 压缩包",         "a 7z archive"         },
    {XD_STR("\x1f\x8b"),          "gzip 压缩包",       "a gzip archive"       },
    {XD_STR("\x7f"
            "ELF"),
     "程序文件",                                      "a program"            },
    {XD_STR("MZ"),                "程序文件",         "a program"            },
    {XD_STR("{\\rtf"),            "RTF 文档",           "an RTF document"      },
    {XD_STR("<OGRVRTDataSource"), "GDAL 虚拟数据源", "a GDAL virtual source"},
    {XD_STR("<VRTDataset"),       "GDAL 虚拟数据源", "a GDAL virtual source"},
};

static bool refuse_as(xd_ctx *cx, const char *zh, const char *en)
{
    (void)xd_fail(cx, XD_UNREADABLE, "the file is %s", en);
    return xd_fail_words(
        cx,
        xd_str_printf(
            cx->arena,
            "这是%s，不是能导入的表格；请另存为 XLSX 或 CSV（也可用 XLS、ODS、DOCX、网页"
            "表格、Markdown、JSON、GeoJSON、GeoPackage、Shapefile、KML）。",
            zh),
        xd_str_printf(
            cx->arena,
            "This is %s, not a table that can be imported: save it as XLSX or CSV (XLS, "
            "ODS, tables in DOCX, HTML or Markdown, JSON, GeoJSON, GeoPackage, Shapefile and "
            "KML "
            "work "
            "too).",
            en));
}

/* ---- what it is -------------------------------------------------------------------------- */

static bool holds(xd_str bytes, xd_str word)
{
    return xd_str_find(bytes, word, 0) != SIZE_MAX;
}

static bool find_in_zip(xd_ctx *cx, xd_str bytes, xd_str *ret_name)
{
    static const struct part {
        xd_str name;
        const char *format; /* NULL: foreign */
        const char *zh, *en;
    } parts[] = {
        {XD_STR("xl/workbook.xml"),      "xlsx", NULL,                           NULL                      },
        {XD_STR("word/document.xml"),    "docx", NULL,                           NULL                      },
        {XD_STR("content.xml"),          "ods",  NULL,                           NULL                      },
        {XD_STR("doc.kml"),              "kml",  NULL,                           NULL                      },
        {XD_STR("xl/workbook.bin"),      NULL,   "二进制工作簿（XLSB）", "a binary workbook (XLSB)"},
        {XD_STR("ppt/presentation.xml"), NULL,   "演示文稿",                 "a presentation"          },
    };
    xd_zip *zip = NULL;
    if (!xd_zip_open(cx, bytes, NULL, &zip)) {
        return false;
    }
    for (size_t i = 0; i < XD_LEN(parts); i++) {
        if (xd_zip_find(zip, parts[i].name) != SIZE_MAX) {
            if (parts[i].format == NULL) {
                return refuse_as(cx, parts[i].zh, parts[i].en);
            }
            *ret_name = xd_str_of(parts[i].format);
            return true;
        }
    }
    for (size_t i = 0; i < xd_zip_count(zip); i++) {
        xd_str name = xd_zip_name(zip, i);
        xd_str ending = xd_str_sub(name, name.n < 4 ? 0 : name.n - 4, name.n);
        if (xd_str_eq_nocase(ending, XD_S(".shp")) || xd_str_eq_nocase(ending, XD_S(".kml"))) {
            *ret_name = xd_str_eq_nocase(ending, XD_S(".shp")) ? XD_S("shp") : XD_S("kml");
            return true;
        }
    }
    return refuse_as(cx, "压缩包，里面没有认识的表格",
                     "a zip archive with no table we know in it");
}

/* Old Office files: sheets are GDAL's; an encrypted XLSX and a Word file look the same outside.
 */
static bool find_in_ole(xd_ctx *cx, xd_str bytes, xd_str *ret_name)
{
    static const xd_str encrypted = XD_STR("E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0");
    static const xd_str word = XD_STR("W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0");
    xd_str head = xd_str_sub(bytes, 0, 4u << 20);
    if (holds(head, encrypted)) {
        (void)xd_fail(cx, XD_UNREADABLE, "an encrypted workbook");
        return xd_fail_words(cx, XD_S("表格加了打开密码，请先去掉密码再导入。"),
                             XD_S("The workbook is protected by a password: remove it, then "
                                  "import."));
    }
    if (holds(head, word)) {
        return refuse_as(cx, "旧版 Word 文档（.doc），请先另存为 .docx",
                         "an old Word document (.doc; save it as .docx)");
    }
    *ret_name = XD_S("xls");
    return true;
}

/* Text that opens with an angle bracket. */
static bool find_in_markup(xd_ctx *cx, xd_str head, xd_str *ret_name)
{
    if (holds(head, XD_S("<kml"))) {
        *ret_name = XD_S("kml");
        return true;
    }
    if (holds(head, XD_S("urn:schemas-microsoft-com:office:spreadsheet")) &&
        !holds(head, XD_S("<html"))) {
        *ret_name = XD_S("xls-xml");
        return true;
    }
    if (holds(head, XD_S("<gpx")) || holds(head, XD_S("FeatureCollection"))) {
        return refuse_as(cx, "XML 文件", "an XML file");
    }
    *ret_name = XD_S("html");
    return true;
}

static xd_str text_head(xd_str bytes)
{
    xd_str head = xd_str_sub(bytes, 0, 4096);
    if (xd_str_starts(head, XD_S("\xef\xbb\xbf"))) {
        head = xd_str_sub(head, 3, head.n);
    }
    while (head.n > 0 && memchr(" \t\r\n", head.p[0], 4) != NULL) {
        head = xd_str_sub(head, 1, head.n);
    }
    return head;
}

/* GeoJSON and its like: features, or a bare geometry that says so first of all. */
static bool is_gdal_json(xd_str head)
{
    static const char *const kinds[] = {"\"Feature\"", "\"FeatureCollection\"", "\"Topology\""};
    static const char *const bare[] = {"Point", "LineString", "Polygon", "Multi", "Geometry"};
    for (size_t i = 0; i < XD_LEN(kinds); i++) {
        if (xd_str_starts(head, XD_S("{")) && holds(head, xd_str_of(kinds[i]))) {
            return true;
        }
    }
    size_t at = 0;
    xd_str want = XD_S("{\"type\":\"");
    for (size_t i = 0; i < want.n; i++, at++) {
        while (at < head.n && memchr(" \t\r\n", head.p[at], 4) != NULL) {
            at++;
        }
        if (at >= head.n || head.p[at] != want.p[i]) {
            return false;
        }
    }
    for (size_t i = 0; i < XD_LEN(bare); i++) {
        if (xd_str_starts(xd_str_sub(head, at, head.n), xd_str_of(bare[i]))) {
            return true;
        }
    }
    return false;
}

/* [{, [[, ["…: an array of records or rows; {"…": an object. Blanks may stand between. */
static bool is_json(xd_str head)
{
    if (head.p[0] != '[' && head.p[0] != '{') {
        return false;
    }
    xd_str rest = xd_str_trim(xd_str_sub(head, 1, head.n));
    return rest.n > 0 && (rest.p[0] == '"' || (head.p[0] == '[' && memchr("[{", rest.p[0], 2)));
}

/* A message: a header first, and that it has parts, or is a page, within its headers. */
static bool is_mime(xd_str head)
{
    static const char *const words[] = {"MIME-Version:", "Content-Type: multipart/",
                                        "Content-Type: text/html"};
    size_t end = 0;
    while (end < head.n && memchr(" \t\r\n", head.p[end], 4) == NULL) {
        end++;
    }
    if (end < 3 || head.p[end - 1] != ':') {
        return false;
    }
    xd_str line, rest = head;
    bool named = false, parted = false;
    while (xd_str_cut(&rest, '\n', &line) && xd_str_trim(line).n > 0) {
        for (size_t i = 0; i < XD_LEN(words); i++) {
            xd_str word = xd_str_of(words[i]);
            bool is = xd_str_eq_nocase(xd_str_sub(line, 0, word.n), word);
            named |= is && i == 0;
            parted |= is && i > 0;
        }
    }
    return named && parted;
}

bool xd_format_find(xd_ctx *cx, const xd_reader_in *in, xd_str *ret_name,
                    xd_reader **ret_reader)
{
    xd_str bytes = in->bytes;
    xd_str head = text_head(bytes);
    xd_str name = XD_S("csv");
    if (bytes.n == 0 || head.n == 0) {
        (void)xd_fail(cx, XD_UNREADABLE, "the file is empty");
        return xd_fail_words(cx, XD_S("文件是空的。"), XD_S("The file is empty."));
    }
    for (size_t i = 0; i < XD_LEN(foreign); i++) {
        /* Two letters alone may begin a table: then a zero byte must be near. */
        if (xd_str_starts(head, foreign[i].magic) &&
            (foreign[i].magic.n > 2 || memchr(head.p, '\0', head.n) != NULL)) {
            return refuse_as(cx, foreign[i].zh, foreign[i].en);
        }
    }
    bool ok = true;
    if (xd_str_starts(bytes, XD_S("PK\x03\x04")) || xd_str_starts(bytes, XD_S("PK\x05\x06"))) {
        ok = find_in_zip(cx, bytes, &name);
    } else if (xd_str_starts(bytes, XD_S("\xd0\xcf\x11\xe0"))) {
        ok = find_in_ole(cx, bytes, &name);
    } else if (xd_str_starts(bytes, XD_S("SQLite format 3"))) {
        name = XD_S("gpkg");
    } else if (xd_str_starts(bytes, (xd_str)XD_STR("\0\0\x27\x0a"))) {
        name = XD_S("shp");
    } else if (xd_str_starts(head, XD_S("<"))) {
        ok = find_in_markup(cx, head, &name);
    } else if (is_gdal_json(head)) {
        name = XD_S("geojson");
    } else if (is_json(head)) {
        name = XD_S("json");
    } else if (is_mime(head)) {
        name = XD_S("mhtml");
    } else if (xd_is_markdown(bytes)) {
        name = XD_S("md");
    }
    if (!ok) {
        return false;
    }
    *ret_name = name;
    *ret_reader = reader_of(name);
    return true;
}

bool xd_read_any(xd_ctx *cx, const xd_reader_in *in, xd_emit *emit)
{
    xd_str name;
    xd_reader *read = NULL;
    if (!xd_format_find(cx, in, &name, &read)) {
        return false;
    }
    if (read == NULL) {
        xd_str words = xd_str_printf(cx->arena, " %.*s ", (int)name.n, name.p);
        return refuse_as(cx, xd_cstr(cx->arena, words), xd_cstr(cx->arena, words));
    }
    return read(cx, in, emit);
}

void xd_formats_prepare(void)
{
#ifdef XD_HAS_GDAL
    xd_gdal_prepare();
#endif
}
