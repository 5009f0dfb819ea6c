/* Pages a browser saves as one file (.mhtml, .mht), and mails that hold a page.
 *
 * A MIME message (RFC 2045, 2046, 2557): headers, an empty line, and a body that a boundary parts
 * into parts of the same make. Of all parts only those that are HTML are looked at, in their order:
 * the page itself comes first, its frames behind it, and a workbook saved so has one for each sheet.
 * Their bytes are decoded (quoted-printable, base64, or none) and go to the reader of HTML as the
 * pages of one file, each in the encoding its header names or, as any page, its <meta>.
 *
 * Ceilings: parts, depth, and decoded bytes, which are never more than those of the file. Wrong
 * escapes stand for themselves; a part that is cut off ends where the file does. */
#include "exchange/decode.h"
#include "exchange/frame.h"

#define DEPTH 4
#define PARTS 4000
#define PAGES 256
#define HEADER_BYTES ((size_t)64 << 10) /* of one part's headers */

typedef struct mime_head {
    xd_str type, boundary, charset, transfer;
    size_t body; /* where it begins */
} mime_head;

typedef struct mime {
    xd_ctx *cx;
    XD_VEC(xd_page) pages;
    size_t parts;
} mime;

/* One line from *at on, without its end; *at moves behind it. */
static xd_str line_at(xd_str text, size_t *at)
{
    size_t end = *at;
    while (end < text.n && text.p[end] != '\n') {
        end++;
    }
    size_t stop = end > *at && text.p[end - 1] == '\r' ? end - 1 : end;
    xd_str line = xd_str_sub(text, *at, stop);
    *at = end + (end < text.n);
    return line;
}

/* boundary="----=_Part" of a header's value; empty when it has none. */
static xd_str param(xd_str value, xd_str name)
{
    for (size_t at = 0; at + name.n < value.n; at++) {
        bool starts = at > 0 && memchr("; \t", value.p[at - 1], 3) != NULL;
        if (!starts || !xd_str_eq_nocase(xd_str_sub(value, at, at + name.n), name) ||
            value.p[at + name.n] != '=') {
            continue;
        }
        xd_str rest = xd_str_sub(value, at + name.n + 1, value.n);
        bool quoted = xd_str_starts(rest, XD_S("\""));
        rest = xd_str_sub(rest, quoted, rest.n);
        size_t end = 0;
        while (end < rest.n && (quoted ? rest.p[end] != '"' : rest.p[end] != ';')) {
            end++;
        }
        rest = xd_str_sub(rest, 0, end);
        return quoted ? rest : xd_str_trim(rest);
    }
    return XD_S("");
}

static void take_header(mime_head *head, xd_str line)
{
    size_t colon = xd_str_find(line, XD_S(":"), 0);
    xd_str name = xd_str_sub(line, 0, colon == SIZE_MAX ? 0 : colon);
    xd_str value = xd_str_trim(xd_str_sub(line, name.n + 1, line.n));
    if (xd_str_eq_nocase(name, XD_S("Content-Type"))) {
        size_t end = xd_str_find(value, XD_S(";"), 0);
        head->type = xd_str_trim(xd_str_sub(value, 0, end == SIZE_MAX ? value.n : end));
        head->boundary = param(value, XD_S("boundary"));
        head->charset = param(value, XD_S("charset"));
    } else if (xd_str_eq_nocase(name, XD_S("Content-Transfer-Encoding"))) {
        head->transfer = value;
    }
}

/* Headers up to the empty line; one that goes on in the next line is put together. */
static mime_head read_head(xd_ctx *cx, xd_str text)
{
    mime_head head = {0};
    xd_str whole = {0};
    size_t at = 0;
    while (at < text.n && at < HEADER_BYTES) {
        xd_str line = line_at(text, &at);
        bool more = line.n > 0 && (line.p[0] == ' ' || line.p[0] == '\t');
        if (more) {
            whole = xd_str_join(cx->arena, whole, line);
            continue;
        }
        take_header(&head, whole);
        whole = line;
        if (line.n == 0) {
            break;
        }
    }
    head.body = at;
    return head;
}

/* ---- bytes -------------------------------------------------------------------------------- */

static int hex(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                  : -1;
}

static xd_str quoted_printable(xd_arena *arena, xd_str s)
{
    char *out = xd_arena_take(arena, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '=') {
            out[n++] = s.p[i];
            continue;
        }
        size_t end = i + 1; /* blanks may stand before the line end that is none */
        while (end < s.n && memchr(" \t\r", s.p[end], 3) != NULL) {
            end++;
        }
        int high = i + 2 < s.n ? hex(s.p[i + 1]) : -1, low = high < 0 ? -1 : hex(s.p[i + 2]);
        if (end < s.n && s.p[end] == '\n') {
            i = end;
        } else if (low >= 0) {
            out[n++] = (char)(high << 4 | low);
            i += 2;
        } else {
            out[n++] = '=';
        }
    }
    return (xd_str){out, n};
}

static xd_str base64(xd_arena *arena, xd_str s)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *out = xd_arena_take(arena, s.n + 1);
    size_t n = 0;
    uint32_t bits = 0;
    int have = 0;
    for (size_t i = 0; i < s.n && s.p[i] != '='; i++) {
        const char *letter = s.p[i] == '\0' ? NULL : strchr(letters, s.p[i]);
        if (letter == NULL) {
            continue;
        }
        bits = bits << 6 | (uint32_t)(letter - letters);
        have += 6;
        if (have >= 8) {
            have -= 8;
            out[n++] = (char)(bits >> have & 0xff);
        }
    }
    return (xd_str){out, n};
}

static bool is_html(xd_str type)
{
    return xd_str_eq_nocase(type, XD_S("text/html")) ||
           xd_str_eq_nocase(type, XD_S("application/xhtml+xml"));
}

static void take_page(mime *m, const mime_head *head, xd_str body)
{
    xd_arena *arena = m->cx->arena;
    xd_encoding known;
    xd_page page = {.bytes = body};
    if (xd_str_eq_nocase(head->transfer, XD_S("quoted-printable"))) {
        page.bytes = quoted_printable(arena, body);
    } else if (xd_str_eq_nocase(head->transfer, XD_S("base64"))) {
        page.bytes = base64(arena, body);
    }
    if (xd_encoding_by_name(head->charset, &known)) {
        page.encoding = head->charset;
    }
    if (xd_str_trim(page.bytes).n > 0 && m->pages.n < PAGES) {
        *xd_push(arena, &m->pages) = page;
    }
}

/* ---- parts -------------------------------------------------------------------------------- */

/* Where the next line that is the boundary begins, from `at` on; text.n: none. */
static size_t boundary_at(xd_str text, size_t at, xd_str boundary)
{
    while (at < text.n) {
        size_t begin = at;
        xd_str line = line_at(text, &at);
        if (line.n >= boundary.n + 2 && xd_str_starts(line, XD_S("--")) &&
            xd_str_starts(xd_str_sub(line, 2, line.n), boundary)) {
            return begin;
        }
    }
    return text.n;
}

static void read_part(mime *m, xd_str text, int depth)
{
    mime_head head = read_head(m->cx, text);
    xd_str body = xd_str_sub(text, head.body, text.n);
    if (is_html(head.type)) {
        take_page(m, &head, body);
    }
    if (head.boundary.n == 0 || depth == DEPTH) {
        return;
    }
    size_t at = boundary_at(body, 0, head.boundary);
    while (at < body.n && m->parts < PARTS) {
        xd_str line = line_at(body, &at);
        if (line.n >= head.boundary.n + 4 &&
            xd_str_starts(xd_str_sub(line, head.boundary.n + 2, line.n), XD_S("--"))) {
            return; /* the closing one */
        }
        size_t end = boundary_at(body, at, head.boundary);
        m->parts++;
        read_part(m, xd_str_sub(body, at, end), depth + 1);
        at = end;
    }
}

bool xd_read_mhtml(xd_ctx *cx, const xd_reader_in *in, xd_emit *emit)
{
    mime m = {.cx = cx};
    xd_str text = in->bytes;
    while (text.n > 0 && memchr("\xef\xbb\xbf\r\n ", text.p[0], 6) != NULL) {
        text = xd_str_sub(text, 1, text.n);
    }
    read_part(&m, text, 0);
    if (m.pages.n == 0) {
        (void)xd_fail(cx, XD_UNREADABLE, "mhtml: no page");
        return xd_fail_words(
            cx, XD_S("网页归档（MHTML）里没有网页，请在浏览器里重新保存，或另存为 HTML。"),
            XD_S(
                "There is no page in the web archive (MHTML): save it again in the browser, or "
                "save it as HTML."));
    }
    for (size_t i = 0; in->encoding.n > 0 && i < m.pages.n; i++) {
        m.pages.at[i].encoding = in->encoding;
    }
    return xd_read_pages(cx, m.pages.at, m.pages.n, XD_S("mhtml"), emit);
}
