#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void xd_buf_free(xd_buf *b)
{
    free(b->p);
    *b = (xd_buf){.max = b->max};
}

void xd_buf_clear(xd_buf *b)
{
    b->n = 0;
    b->failed = false;
}

/* Room for n more bytes and a NUL. */
static bool reserve_slowly(xd_buf *b, size_t n)
{
    size_t max = b->max == 0 ? XD_BUF_MAX : b->max;
    if (b->failed || n > max || b->n > max - n) {
        b->failed = true;
        return false;
    }
    if (b->n + n < b->cap) {
        return true;
    }
    size_t cap = b->cap == 0 ? 256 : b->cap;
    while (cap <= b->n + n) {
        cap *= 2;
    }
    char *p = realloc(b->p, cap);
    if (p == NULL) {
        b->failed = true;
        return false;
    }
    b->p = p;
    b->cap = cap;
    return true;
}

/* Nearly always there is room already, below the ceiling. */
static inline bool reserve(xd_buf *b, size_t n)
{
    size_t max = b->max == 0 ? XD_BUF_MAX : b->max;
    return (!b->failed && n < b->cap && b->n < b->cap - n && b->n + n <= max) ||
           reserve_slowly(b, n);
}

void xd_buf_bytes(xd_buf *b, const void *p, size_t n)
{
    if (n > 0 && reserve(b, n)) {
        memcpy(b->p + b->n, p, n);
        b->n += n;
        b->p[b->n] = '\0';
    }
}

void xd_buf_add(xd_buf *b, xd_str s)
{
    xd_buf_bytes(b, s.p, s.n);
}

void xd_buf_byte(xd_buf *b, char c)
{
    if (reserve(b, 1)) {
        b->p[b->n++] = c;
        b->p[b->n] = '\0';
    }
}

void xd_buf_int(xd_buf *b, int64_t v)
{
    char digits[24];
    size_t at = sizeof digits;
    uint64_t left = v < 0 ? -(uint64_t)v : (uint64_t)v;
    do {
        digits[--at] = (char)('0' + left % 10);
        left /= 10;
    } while (left > 0);
    if (v < 0) {
        digits[--at] = '-';
    }
    xd_buf_bytes(b, digits + at, sizeof digits - at);
}

void xd_buf_printf(xd_buf *b, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    size_t room = b->cap - b->n; /* mostly it fits, so that once is enough */
    int n = vsnprintf(room > 0 ? b->p + b->n : NULL, room, format, args);
    va_end(args);
    assert(n >= 0);
    if (reserve(b, (size_t)n)) {
        if ((size_t)n >= room) {
            (void)vsnprintf(b->p + b->n, (size_t)n + 1, format,
                            again); /* the length is known */
        }
        b->n += (size_t)n;
    } else if (room > 0) {
        b->p[b->n] = '\0';
    }
    va_end(again);
}

static void big_endian(xd_buf *b, uint64_t v, int bytes)
{
    char out[8];
    for (int i = 0; i < bytes; i++) {
        out[i] = (char)(v >> (8 * (bytes - 1 - i)));
    }
    xd_buf_bytes(b, out, (size_t)bytes);
}

void xd_buf_u32be(xd_buf *b, uint32_t v)
{
    big_endian(b, v, 4);
}

void xd_buf_u64be(xd_buf *b, uint64_t v)
{
    big_endian(b, v, 8);
}

void xd_buf_varint(xd_buf *b, uint64_t v)
{
    char out[10];
    size_t n = 0;
    do {
        out[n++] = (char)((v & 0x7f) | (v > 0x7f ? 0x80 : 0));
        v >>= 7;
    } while (v > 0);
    xd_buf_bytes(b, out, n);
}

xd_str xd_buf_str(const xd_buf *b)
{
    return (xd_str){b->p == NULL ? "" : b->p, b->n};
}

xd_str xd_buf_copy(const xd_buf *b, xd_arena *arena)
{
    return xd_str_copy(arena, xd_buf_str(b));
}

static const char replacement[] = "\xef\xbf\xbd";

void xd_buf_html(xd_buf *b, xd_str s)
{
    for (size_t at = 0; at < s.n;) {
        size_t from = at;
        uint32_t c = xd_utf8_next(s, &at);
        switch (c) {
        case '&':
            xd_buf_add(b, XD_S("&amp;"));
            break;
        case '<':
            xd_buf_add(b, XD_S("&lt;"));
            break;
        case '>':
            xd_buf_add(b, XD_S("&gt;"));
            break;
        case '"':
            xd_buf_add(b, XD_S("&quot;"));
            break;
        case '\'':
            xd_buf_add(b, XD_S("&#39;"));
            break;
        default:
            if (c == UINT32_MAX || (c < 0x20 && c != '\t' && c != '\n') ||
                (c >= 0x7f && c < 0xa0)) {
                xd_buf_bytes(b, replacement, 3);
            } else {
                xd_buf_bytes(b, s.p + from, at - from);
            }
        }
    }
}

void xd_buf_url(xd_buf *b, xd_str s)
{
    static const char hex[] = "0123456789ABCDEF";
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
            c == '-' || c == '.' || c == '_' || c == '~') {
            xd_buf_byte(b, (char)c);
        } else {
            char out[3] = {'%', hex[c >> 4], hex[c & 15]};
            xd_buf_bytes(b, out, 3);
        }
    }
}

static char short_escape(uint32_t c)
{
    switch (c) {
    case '"':
    case '\\':
        return (char)c;
    case '\b':
        return 'b';
    case '\f':
        return 'f';
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\t':
        return 't';
    default:
        return '\0';
    }
}

/* Most of what is written stands as it is: ASCII without what has an escape, and what Chinese is
 * made of, with its punctuation, where it is well-formed (after E0 and ED not all that looks so
 * is). Bytes of that at `at`; 0: to be looked at. */
static inline size_t plain_at(xd_str s, size_t at, bool island)
{
    const unsigned char *p = (const unsigned char *)s.p + at;
    if (p[0] < 0x80) {
        return p[0] >= 0x20 && p[0] != '"' && p[0] != '\\' &&
               !(island && (p[0] == '<' || p[0] == '>' || p[0] == '&'));
    }
    bool three = p[0] > (island ? 0xe2 : 0xe0) && p[0] < 0xf0 && p[0] != 0xed &&
                 s.n - at >= 3 && (p[1] & 0xc0) == 0x80 && (p[2] & 0xc0) == 0x80;
    return three ? 3 : 0;
}

static size_t plain_to(xd_str s, size_t at, bool island)
{
    for (size_t n = 1; at < s.n && n > 0; at += n) {
        n = plain_at(s, at, island);
    }
    return at;
}

/* RFC 8785 §3.2.2.2: the short escapes, \u00xx in lower case for other controls, no more. */
void xd_buf_json(xd_buf *b, xd_str s, bool island)
{
    size_t plain = 0, n; /* start of the run not yet written */
    xd_buf_byte(b, '"');
    for (size_t at = plain_to(s, 0, island); at < s.n; at = plain_to(s, at, island)) {
        size_t from = at;
        n = 0;
        uint32_t c = xd_utf8_next(s, &at);
        char escape[8];
        char letter = short_escape(c);
        if (letter != '\0') {
            escape[0] = '\\';
            escape[1] = letter;
            n = 2;
        } else if (c < 0x20 || (island && (c == '<' || c == '>' || c == '&' || c == 0x2028 ||
                                           c == 0x2029))) {
            n = (size_t)snprintf(escape, sizeof escape, "\\u%04x", (unsigned)c);
        } else if (c == UINT32_MAX) {
            memcpy(escape, replacement, 3);
            n = 3;
        }
        if (n > 0) {
            xd_buf_bytes(b, s.p + plain, from - plain);
            xd_buf_bytes(b, escape, n);
            plain = at;
        }
    }
    if (s.n > plain) {
        xd_buf_bytes(b, s.p + plain, s.n - plain);
    }
    xd_buf_byte(b, '"');
}
