#include "exchange/sheet_parts.h"

xd_str xd_xml_unescape(xd_arena *arena, xd_str raw)
{
    /* libxml2 reads all entities of an attribute but the ampersand's, which it writes &#38;. */
    char *out = xd_arena_take(arena, raw.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < raw.n; i++) {
        out[n++] = raw.p[i];
        if (raw.p[i] == '&' && xd_str_starts(xd_str_sub(raw, i, raw.n), XD_S("&#38;"))) {
            i += 4;
        }
    }
    return (xd_str){out, n};
}

static int hex_of(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* _xHHHH_ at i. */
static bool escape_at(xd_str s, size_t i, uint32_t *ret_cp)
{
    if (s.n - i < 7 || s.p[i] != '_' || s.p[i + 1] != 'x' || s.p[i + 6] != '_') {
        return false;
    }
    uint32_t cp = 0;
    for (size_t k = 2; k < 6; k++) {
        int digit = hex_of(s.p[i + k]);
        if (digit < 0) {
            return false;
        }
        cp = cp * 16 + (uint32_t)digit;
    }
    *ret_cp = cp;
    return true;
}

xd_str xd_sheet_unwrap(xd_arena *arena, xd_str text)
{
    if (text.n >= 2 && text.p[0] == '\'' && memchr("=+-@\t\r\n", text.p[1], 7) != NULL) {
        text = xd_str_sub(text, 1, text.n);
    }
    if (xd_str_find(text, XD_S("_x"), 0) == SIZE_MAX) {
        return text;
    }
    char *out = xd_arena_take(arena, text.n + 4);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        uint32_t cp = 0;
        if (escape_at(text, i, &cp)) {
            n += cp < 0x20 && cp != '\t' && cp != '\n' ? 0 : xd_utf8_put(cp, out + n);
            i += 6;
        } else {
            out[n++] = text.p[i];
        }
    }
    return (xd_str){out, n};
}

bool xd_sheet_too_large(xd_ctx *cx)
{
    (void)xd_fail(cx, XD_LIMIT, "a part of the workbook is too large");
    return xd_fail_words(
        cx, XD_S("工作簿里的文字或单元格大得不合常理，未读取；请拆成几个文件。"),
        XD_S("Texts or cells of the workbook are larger than any list's; it was "
             "not read. Please split it."));
}

bool xd_read_sheet(xd_ctx *cx, const xd_reader_in *in, xd_emit *emit)
{
    xd_zip *zip = NULL;
    if (!xd_zip_open(cx, in->bytes, NULL, &zip)) {
        return false;
    }
    return xd_zip_find(zip, XD_S("xl/workbook.xml")) != SIZE_MAX ? xd_read_xlsx(cx, in, emit)
                                                                 : xd_read_ods(cx, in, emit);
}
