/* Identifiers, phones and addresses of pages: what can be checked without asking anybody. */
#include "model/fold.h"
#include "model/hours.h"

/* Half width, blanks and dashes of all kinds dropped or plain, letters large. */
static size_t plain(xd_str text, char *out, size_t max, bool keep_dashes)
{
    size_t n = 0;
    text = xd_str_trim(text);
    for (size_t at = 0; at < text.n;) {
        uint32_t cp = xd_utf8_next(text, &at);
        if (cp >= 0xff01 && cp <= 0xff5e)
            cp -= 0xfee0;
        if ((cp >= 0x2010 && cp <= 0x2015) || cp == 0x2212)
            cp = '-';
        if (cp == ' ' || cp == 0x3000 || cp == 0xa0 || (cp == '-' && !keep_dashes))
            continue;
        if (cp >= 'a' && cp <= 'z')
            cp -= 32;
        if (cp >= 0x80 || n == max)
            return max + 1;
        out[n++] = (char)cp;
    }
    return n;
}

/* GB 32100-2015: 31 characters (no I O S V Z), weight of place i is 3^i mod 31, and the last
 * makes the sum 0 mod 31. The six behind the two of the registering office are a division. */
bool xd_uscc_read(xd_ctx *cx, xd_str text, xd_str *ret_code)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    char code[19];
    if (plain(text, code, 18, false) != 18)
        return false;
    int sum = 0, weight = 1;
    for (int i = 0; i < 18; i++) {
        const char *at = memchr(alphabet, code[i], sizeof alphabet - 1);
        if (at == NULL || (i >= 2 && i < 8 && (code[i] < '0' || code[i] > '9')))
            return false;
        sum += (int)(at - alphabet) * (i < 17 ? weight : 1);
        weight = weight * 3 % 31;
    }
    if (sum % 31 != 0)
        return false;
    *ret_code = xd_str_copy(cx->arena, (xd_str){code, 18});
    return true;
}

/* Digits only; its first a trunk 0, a 1 of a mobile or a 400 number, or a local number. */
static bool is_phone(const char *s, size_t n, size_t digits)
{
    if (digits < 5 || digits > 15 || n > 30)
        return false;
    size_t area = 0; /* digits before the first dash */
    while (area < n && s[area] >= '0' && s[area] <= '9')
        area++;
    bool dashed = area < n && s[area] == '-';
    if (s[0] == '+')
        return digits >= 8;
    if (s[0] == '0' && dashed) /* 0551-62612345 */
        return area >= 3 && area <= 4 && digits - area >= 7;
    if (s[0] == '0')
        return digits >= 10 && digits <= 12;
    if (s[0] == '1' && digits == 11)
        return s[1] >= '3';
    if (memcmp(s, "400", 3) == 0 || memcmp(s, "800", 3) == 0)
        return digits == 10;
    return digits <= 8 && s[0] >= '1'; /* 12345, 5600000, 62612345 */
}

/* An extension: 转8001, ext 8001, -8001 behind a whole number. */
static size_t cut_extension(xd_str text)
{
    static const char *const words[] = {"转", "分机", "ext", "EXT", "Ext"};
    for (size_t i = 0; i < XD_LEN(words); i++) {
        size_t at = xd_str_find(text, xd_str_of(words[i]), 0);
        if (at != SIZE_MAX)
            return at;
    }
    return SIZE_MAX;
}

bool xd_phone_read(xd_ctx *cx, xd_str text, xd_str *ret_phone)
{
    text = xd_str_trim(text);
    char raw[40], phone[48];
    xd_str main = text, extension = {NULL, 0};
    size_t cut = cut_extension(text);
    if (cut != SIZE_MAX) {
        main = xd_str_sub(text, 0, cut);
        extension = xd_str_sub(text, cut, text.n);
    }
    size_t n = plain(main, raw, sizeof raw - 1, true), out = 0, digits = 0;
    if (n > sizeof raw - 1 || n < 5)
        return false;
    for (size_t i = 0; i < n; i++) {
        char c = raw[i];
        bool after = out > 0 && phone[out - 1] != '-';
        if (c >= '0' && c <= '9')
            digits++;
        if (c == '(' && out == 0)
            continue; /* (0551)62612345 */
        if ((c == ')' || c == '-' || c == '/') && after && i + 1 < n)
            c = '-';
        else if (!((c >= '0' && c <= '9') || (c == '+' && out == 0)))
            return false;
        phone[out++] = c;
    }
    if (!is_phone(phone, out, digits))
        return false;
    char inner[9];
    size_t m = 0;
    for (size_t i = 0; i < extension.n && m < 8; i++) {
        if (extension.p[i] >= '0' && extension.p[i] <= '9')
            inner[m++] = extension.p[i];
    }
    if (cut != SIZE_MAX && (m == 0 || m > 6))
        return false;
    *ret_phone = m == 0
                     ? xd_str_copy(cx->arena, (xd_str){phone, out})
                     : xd_str_printf(cx->arena, "%.*s转%.*s", (int)out, phone, (int)m, inner);
    return true;
}

static bool is_host_byte(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c >= 0x80;
}

/* A name with a dot in it, or an address in brackets; a port of digits. */
static bool is_host(xd_str host)
{
    size_t end = 0;
    if (host.n > 0 && host.p[0] == '[') {
        end = xd_str_find(host, XD_S("]"), 0);
        if (end == SIZE_MAX || end < 3)
            return false;
        for (size_t i = 1; i < end; i++) {
            if (memchr("0123456789abcdefABCDEF:.", host.p[i], 24) == NULL)
                return false;
        }
        end++;
    } else {
        bool dot = false;
        while (end < host.n &&
               is_host_byte(
                   (unsigned char)(host.p[end] |
                                   (host.p[end] >= 'A' && host.p[end] <= 'Z' ? 32 : 0)))) {
            if (host.p[end] == '.' && (end == 0 || host.p[end - 1] == '.'))
                return false;
            dot = dot || (host.p[end] == '.' && end + 1 < host.n);
            end++;
        }
        if (!dot || end > 253)
            return false;
    }
    if (end == host.n)
        return true;
    int64_t port;
    return host.p[end] == ':' && xd_str_int(xd_str_sub(host, end + 1, host.n), &port) &&
           port > 0 && port < 65536;
}

/* Letters beyond ASCII are allowed in paths, as browsers show them; who writes an address into
 * a page or a header encodes them. No user names: they are how one site poses as another. */
bool xd_url_read(xd_ctx *cx, xd_str text, xd_str *ret_url)
{
    text = xd_str_trim(xd_nfc(cx->arena, text));
    if (text.n > 2000 || xd_utf8_valid(text) != text.n)
        return false;
    size_t scheme = 0;
    if (xd_str_eq_nocase(xd_str_sub(text, 0, 8), XD_S("https://")))
        scheme = 8;
    else if (xd_str_eq_nocase(xd_str_sub(text, 0, 7), XD_S("http://")))
        scheme = 7;
    else if (xd_str_eq_nocase(xd_str_sub(text, 0, 4), XD_S("www."))) {
        text = xd_str_printf(cx->arena, "http://" XD_FMT, XD_ARG(text)); /* as browsers do */
        scheme = 7;
    } else
        return false;
    for (size_t at = 0; at < text.n;) {
        uint32_t cp = xd_utf8_next(text, &at);
        if (cp <= 0x20 || cp == 0x7f || (cp < 0x80 && strchr("\"<>\\^`{|}", (int)cp) != NULL) ||
            (cp >= 0x80 && cp < 0xa0) || cp == 0xa0 || cp == 0x3000 || cp == 0xfffd ||
            (cp >= 0x2000 && cp <= 0x200f) || (cp >= 0x2028 && cp <= 0x202f))
            return false;
    }
    size_t end = scheme;
    while (end < text.n && strchr("/?#", text.p[end]) == NULL)
        end++;
    xd_str host = xd_str_sub(text, scheme, end);
    if (!is_host(host))
        return false;
    *ret_url = xd_str_printf(cx->arena, "%s" XD_FMT, scheme == 8 ? "https://" : "http://",
                             XD_ARG(xd_str_sub(text, scheme, text.n)));
    return true;
}
