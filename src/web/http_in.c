/* What a header must be before anything else looks at it.
 *
 * libmicrohttpd accepts much that RFC 9112 forbids: repeated lengths, a length beside a
 * transfer coding, two hosts, blanks before colons, control characters. Where two readers of
 * one byte stream can disagree about where a request ends, one of them can be fed a request the
 * other never saw, so each of these is refused and the connection closed. What the library
 * hides from us (bare LF, folded lines, NUL) never changes where a body ends; the gateway
 * refuses those. */
#include "web/http_in.h"

#include <arpa/inet.h>

static bool token_char(char c)
{
    static const char others[] = "!#$%&'*+-.^_`|~";
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c != '\0' && strchr(others, c) != NULL);
}

static bool is_token(xd_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (!token_char(s.p[i])) {
            return false;
        }
    }
    return s.n > 0;
}

static bool value_ok(xd_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f) {
            return false;
        }
    }
    return true;
}

static bool host_ok(xd_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!token_char(c) && c != ':' && c != '[' && c != ']') {
            return false;
        }
        if (c == '`' || c == '|' || c == '^' || c == '#' || c == '%') {
            return false;
        }
    }
    return s.n > 0 && s.n <= 255;
}

static bool length_ok(xd_str s, int64_t *ret_length)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') {
            return false;
        }
    }
    return s.n > 0 && s.n <= 18 && xd_str_int(s, ret_length);
}

static xd_refusal refuse(int status, const char *why)
{
    return (xd_refusal){status, why};
}

static const struct {
    xd_str name;
    xd_method method;
} methods[] = {
    {XD_STR("GET"),     XD_GET    },
    {XD_STR("HEAD"),    XD_HEAD   },
    {XD_STR("POST"),    XD_POST   },
    {XD_STR("OPTIONS"), XD_OPTIONS},
    {XD_STR("PUT"),     XD_OTHER  },
    {XD_STR("PATCH"),   XD_OTHER  },
    {XD_STR("DELETE"),  XD_OTHER  },
};

/* Headers that say one thing, and so may stand once. */
static const xd_str once[] = {
    XD_STR("host"),          XD_STR("content-length"), XD_STR("transfer-encoding"),
    XD_STR("content-type"),  XD_STR("expect"),         XD_STR("if-match"),
    XD_STR("authorization"), XD_STR("origin"),
};
enum { HOST, LENGTH, CODING, TYPE, EXPECT };

static xd_refusal judge_lines(const xd_in *in, xd_str found[XD_LEN(once)])
{
    if (in->n_headers > XD_HTTP_HEADERS) {
        return refuse(431, "more than 100 header fields");
    }
    size_t bytes = in->uri.n;
    for (size_t i = 0; i < in->n_headers; i++) {
        xd_str name = in->headers[i].name, value = in->headers[i].value;
        bytes += name.n + value.n + 4;
        if (!is_token(name)) {
            return refuse(400, "a header field's name is not a token");
        }
        if (!value_ok(value)) {
            return refuse(400, "a header field holds a control character");
        }
        for (size_t k = 0; k < XD_LEN(once); k++) {
            if (!xd_str_eq_nocase(name, once[k])) {
                continue;
            }
            if (found[k].p != NULL) {
                return refuse(400, "a header field that may stand once stands twice");
            }
            found[k] = value.p == NULL ? XD_S("") : value;
        }
    }
    return bytes > XD_HTTP_HEADER_BYTES ? refuse(431, "the header is larger than 16 KiB")
                                        : refuse(0, NULL);
}

static xd_refusal judge_body(const xd_str found[], bool old, xd_http_verdict *verdict)
{
    xd_str length = found[LENGTH], coding = found[CODING];
    if (length.p != NULL && coding.p != NULL) {
        return refuse(400, "Content-Length beside Transfer-Encoding");
    }
    if (coding.p != NULL) {
        if (old || !xd_str_eq_nocase(coding, XD_S("chunked"))) {
            return refuse(old ? 400 : 501, "a transfer coding that is not chunked");
        }
        verdict->has_body = true;
        verdict->length = -1;
    } else if (length.p != NULL) {
        if (!length_ok(length, &verdict->length)) {
            return refuse(400, "Content-Length is not a number");
        }
        verdict->has_body = verdict->length > 0;
    }
    if (verdict->has_body && (verdict->method == XD_GET || verdict->method == XD_HEAD ||
                              verdict->method == XD_OPTIONS)) {
        return refuse(400, "this method takes no body");
    }
    if (found[EXPECT].p != NULL && !xd_str_eq_nocase(found[EXPECT], XD_S("100-continue"))) {
        return refuse(417, "an expectation we do not know");
    }
    return refuse(0, NULL);
}

void xd_http_judge(const xd_in *in, xd_http_verdict *ret_verdict)
{
    xd_http_verdict verdict = {.method = XD_OTHER};
    xd_str found[XD_LEN(once)] = {0};
    bool known = false, old = xd_str_eq(in->version, XD_S("HTTP/1.0"));

    for (size_t i = 0; i < XD_LEN(methods); i++) {
        if (xd_str_eq(in->method, methods[i].name)) {
            verdict.method = methods[i].method;
            known = true;
        }
    }
    verdict.refusal = judge_lines(in, found);
    if (verdict.refusal.status != 0) {
        /* said */
    } else if (!is_token(in->method)) {
        verdict.refusal = refuse(400, "the method is not a token");
    } else if (!old && !xd_str_eq(in->version, XD_S("HTTP/1.1"))) {
        verdict.refusal = refuse(505, "only HTTP/1.1 and HTTP/1.0 are spoken here");
    } else if (!known) {
        verdict.refusal = refuse(501, "a method we do not know");
    } else if (found[HOST].p == NULL ? !old : !host_ok(found[HOST])) {
        verdict.refusal = refuse(400, "one Host must say which site is meant");
    } else {
        verdict.refusal = judge_body(found, old, &verdict);
    }
    *ret_verdict = verdict;
}

/* ---- addresses -----------------------------------------------------------------------------
 */

static int hex(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* Decode escapes once. false: a broken escape, text that is not UTF-8, or NUL. */
static bool decode(xd_ctx *cx, xd_str s, bool plus, xd_str *ret_text)
{
    if (memchr(s.p == NULL ? "" : s.p, '%', s.n) == NULL &&
        (!plus || memchr(s.p == NULL ? "" : s.p, '+', s.n) == NULL)) {
        *ret_text = s;
    } else {
        char *out = xd_arena_take(cx->arena, s.n + 1);
        size_t n = 0;
        for (size_t i = 0; i < s.n; i++) {
            if (s.p[i] != '%') {
                out[n++] = plus && s.p[i] == '+' ? ' ' : s.p[i];
                continue;
            }
            if (i + 2 >= s.n || hex(s.p[i + 1]) < 0 || hex(s.p[i + 2]) < 0) {
                return false;
            }
            out[n++] = (char)(hex(s.p[i + 1]) * 16 + hex(s.p[i + 2]));
            i += 2;
        }
        *ret_text = (xd_str){out, n};
    }
    return xd_utf8_valid(*ret_text) == ret_text->n &&
           (ret_text->n == 0 || memchr(ret_text->p, '\0', ret_text->n) == NULL);
}

xd_refusal xd_http_form(xd_ctx *cx, xd_str text, xd_param_list *params)
{
    xd_str pair, rest = text;
    while (rest.n > 0 && xd_str_cut(&rest, '&', &pair)) {
        if (pair.n == 0) {
            continue;
        }
        if (params->n >= XD_HTTP_PARAMS) {
            return refuse(400, "more than 200 parameters");
        }
        const char *equals = memchr(pair.p, '=', pair.n);
        size_t cut = equals == NULL ? pair.n : (size_t)(equals - pair.p);
        xd_param param = {.value = XD_S("")};
        if (!decode(cx, xd_str_sub(pair, 0, cut), true, &param.name) ||
            (equals != NULL &&
             !decode(cx, xd_str_sub(pair, cut + 1, pair.n), true, &param.value))) {
            return refuse(400, "a parameter is not percent-encoded UTF-8");
        }
        if (param.value.p == NULL) {
            param.value = XD_S("");
        }
        *xd_push(cx->arena, params) = param;
    }
    return refuse(0, NULL);
}

/* A decoded path: no controls, no backslash, no empty, "." or ".." segments. */
static bool path_ok(xd_str path)
{
    if (!value_ok(path) || memchr(path.p, '\\', path.n) != NULL ||
        memchr(path.p, '\t', path.n) != NULL) {
        return false;
    }
    xd_str rest = xd_str_sub(path, 1, path.n), part;
    while (rest.n > 0 && xd_str_cut(&rest, '/', &part)) {
        if (part.n == 0 || xd_str_eq(part, XD_S(".")) || xd_str_eq(part, XD_S(".."))) {
            return false;
        }
    }
    return true;
}

/* An escaped slash would make two paths of one; nothing of ours has one in a name. */
static bool hides_slash(xd_str raw)
{
    return xd_str_find(raw, XD_S("%2f"), 0) != SIZE_MAX ||
           xd_str_find(raw, XD_S("%2F"), 0) != SIZE_MAX;
}

xd_refusal xd_http_address(xd_ctx *cx, xd_str uri, xd_request *request)
{
    if (uri.n == 0 || uri.p[0] != '/') {
        return refuse(400, "the request target does not start with /");
    }
    for (size_t i = 0; i < uri.n; i++) {
        unsigned char c = (unsigned char)uri.p[i];
        if (c <= 0x20 || c == 0x7f || c == '#') {
            return refuse(400, "the request target holds a character that must be escaped");
        }
    }
    const char *mark = memchr(uri.p, '?', uri.n);
    size_t cut = mark == NULL ? uri.n : (size_t)(mark - uri.p);
    xd_str raw = xd_str_sub(uri, 0, cut), path;
    if (hides_slash(raw) || !decode(cx, raw, false, &path) || !path_ok(path)) {
        return refuse(400,
                      "the path is not one of ours: broken escapes, empty or dot segments");
    }
    xd_lang lang = XD_ZH;
    if (xd_str_eq(path, XD_S("/en")) || xd_str_starts(path, XD_S("/en/"))) {
        lang = XD_EN;
        path = path.n == 3 ? XD_S("/") : xd_str_sub(path, 3, path.n);
    }
    xd_param_list params = {0};
    xd_str query = mark == NULL ? XD_S("") : xd_str_sub(uri, cut + 1, uri.n);
    xd_refusal refusal = xd_http_form(cx, query, &params);
    if (refusal.status == 0) {
        request->path = path;
        request->raw_path = raw;
        request->raw_query = query;
        request->lang = lang;
        request->params = params.at;
        request->n_params = params.n;
    }
    return refusal;
}

/* ---- who asks ------------------------------------------------------------------------------
 */

xd_str xd_http_ip(xd_arena *arena, xd_str text)
{
    char in[64], out[INET6_ADDRSTRLEN];
    struct in_addr v4;
    struct in6_addr v6;
    text = xd_str_trim(text);
    if (text.n > 1 && text.p[0] == '[' && text.p[text.n - 1] == ']') {
        text = xd_str_sub(text, 1, text.n - 1);
    }
    if (text.n == 0 || text.n >= sizeof in || memchr(text.p, '\0', text.n) != NULL) {
        return (xd_str){0};
    }
    memcpy(in, text.p, text.n);
    in[text.n] = '\0';
    if (inet_pton(AF_INET, in, &v4) == 1) {
        return xd_str_copy(arena, text);
    }
    if (inet_pton(AF_INET6, in, &v6) != 1) {
        return (xd_str){0};
    }
    if (IN6_IS_ADDR_V4MAPPED(&v6)) {
        memcpy(&v4, &v6.s6_addr[12], sizeof v4);
        (void)inet_ntop(AF_INET, &v4, out, sizeof out); /* the buffer fits every address */
    } else {
        (void)inet_ntop(AF_INET6, &v6, out, sizeof out); /* as above */
    }
    return xd_str_copy(arena, xd_str_of(out));
}

bool xd_http_loopback(xd_str ip)
{
    return xd_str_starts(ip, XD_S("127.")) || xd_str_eq(ip, XD_S("::1"));
}

static bool listed(const xd_strs *list, xd_str ip)
{
    for (size_t i = 0; i < list->n; i++) {
        if (xd_str_eq(list->at[i], ip)) {
            return true;
        }
    }
    return false;
}

xd_str xd_http_client(xd_str peer, xd_str forwarded, const xd_strs *trusted)
{
    if (forwarded.p == NULL || !listed(trusted, peer)) {
        return peer;
    }
    /* From the right: each trusted hop vouches for the address it wrote to its left. */
    size_t end = forwarded.n;
    for (;;) {
        size_t start = end;
        while (start > 0 && forwarded.p[start - 1] != ',') {
            start--;
        }
        xd_str hop = xd_str_trim(xd_str_sub(forwarded, start, end));
        if (!listed(trusted, hop) || start == 0) {
            return hop.n == 0 ? (xd_str){0} : hop;
        }
        end = start - 1;
    }
}

/* ---- negotiation ---------------------------------------------------------------------------
 */

static int quality(xd_str params)
{
    xd_str part;
    while (params.n > 0 && xd_str_cut(&params, ';', &part)) {
        part = xd_str_trim(part);
        if (part.n < 3 || (part.p[0] != 'q' && part.p[0] != 'Q') || part.p[1] != '=') {
            continue;
        }
        int value = part.p[2] == '1' ? 1000 : 0;
        for (size_t i = 4, scale = 100; i < part.n && i < 7; i++, scale /= 10) {
            if (part.p[i] >= '0' && part.p[i] <= '9') {
                value += (part.p[i] - '0') * (int)scale;
            }
        }
        return value > 1000 ? 1000 : value;
    }
    return 1000;
}

int xd_http_wants(xd_str accept_encoding, xd_str coding)
{
    xd_str item;
    int any = 0;
    while (accept_encoding.n > 0 && xd_str_cut(&accept_encoding, ',', &item)) {
        size_t cut = xd_str_find(item, XD_S(";"), 0);
        xd_str name = xd_str_trim(xd_str_sub(item, 0, cut == SIZE_MAX ? item.n : cut));
        int q = cut == SIZE_MAX ? 1000 : quality(xd_str_sub(item, cut + 1, item.n));
        if (xd_str_eq_nocase(name, coding)) {
            return q;
        }
        if (xd_str_eq(name, XD_S("*"))) {
            any = q;
        }
    }
    return any;
}

/* "abc" and W/"abc-gz" are the same content. */
static xd_str tag_core(xd_str tag)
{
    tag = xd_str_trim(tag);
    if (xd_str_starts(tag, XD_S("W/"))) {
        tag = xd_str_sub(tag, 2, tag.n);
    }
    if (tag.n < 2 || tag.p[0] != '"' || tag.p[tag.n - 1] != '"') {
        return (xd_str){0};
    }
    tag = xd_str_sub(tag, 1, tag.n - 1);
    if (xd_str_ends(tag, XD_S("-br")) || xd_str_ends(tag, XD_S("-gz"))) {
        tag.n -= 3;
    }
    return tag;
}

bool xd_http_tag_matches(xd_str if_none_match, xd_str etag)
{
    xd_str item, want = tag_core(etag);
    if (xd_str_eq(xd_str_trim(if_none_match), XD_S("*"))) {
        return true;
    }
    while (if_none_match.n > 0 && xd_str_cut(&if_none_match, ',', &item)) {
        xd_str got = tag_core(item);
        if (got.p != NULL && want.p != NULL && xd_str_eq(got, want)) {
            return true;
        }
    }
    return false;
}
