/* Files in a store that speaks S3: PREFIX/abcd…, one object a file, through libcurl, which signs
 * (AWS Signature Version 4). It signs paths and queries as they stand, so they are written
 * here in the canonical form: encoded, the query's names in order, each with its "=". The hash of
 * the body is signed too, so that what arrives is what was meant. */
#include "store/files_room.h"

#include <stdlib.h>

#define TEXT_MOST ((uint64_t)8 << 20)
#define PART ((int64_t)64 << 20) /* one PUT takes 5 GB at Amazon's, and a part 5 MB at least */
#define PART_LEAST 1024
#define PART_MOST ((int64_t)5 << 30)
#define PAGES_MOST 10000 /* of a thousand files each */

/* ---- the address -------------------------------------------------------------------------- */

static bool say_place(xd_ctx *cx, const char *why_zh, const char *why_en)
{
    (void)xd_fail(cx, XD_INVALID, "%s", why_en);
    xd_arena *a = cx->arena;
    return xd_fail_words(
        cx,
        xd_str_printf(a,
                      "文件存放处的地址不对：%s。写法是 "
                      "s3://桶/前缀?endpoint=https://主机:端口&region=区域",
                      why_zh),
        xd_str_printf(a,
                      "The place for files is not right: %s. It is written "
                      "s3://BUCKET/PREFIX?endpoint=https://HOST:PORT&region=NAME",
                      why_en));
}

/* What needs no encoding, in paths, hosts and regions. */
static bool is_plain(xd_str s, const char *more)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                     (c >= '0' && c <= '9') || strchr(more, c) != NULL;
        if (!plain || c == '\0') {
            return false;
        }
    }
    return true;
}

typedef struct address {
    xd_str bucket, prefix, endpoint, region, style, part;
    int64_t part_bytes;
} address;

static bool read_address(xd_ctx *cx, const char *place, address *ret_address)
{
    xd_str text = xd_str_of(place), part;
    size_t question = xd_str_find(text, XD_S("?"), 0);
    xd_str path = xd_str_sub(text, 5, question);
    xd_str query = question == SIZE_MAX ? XD_S("") : xd_str_sub(text, question + 1, text.n);
    size_t slash = xd_str_find(path, XD_S("/"), 0);
    address a = {.bucket = xd_str_sub(path, 0, slash),
                 .prefix = slash == SIZE_MAX ? XD_S("") : xd_str_sub(path, slash + 1, path.n),
                 .region = XD_S("us-east-1")};
    while (a.prefix.n > 0 && xd_str_ends(a.prefix, XD_S("/"))) {
        a.prefix.n--;
    }
    while (query.n > 0 && xd_str_cut(&query, '&', &part)) {
        size_t equals = xd_str_find(part, XD_S("="), 0);
        xd_str name = xd_str_sub(part, 0, equals);
        xd_str value = equals == SIZE_MAX ? XD_S("") : xd_str_sub(part, equals + 1, part.n);
        xd_str *to = xd_str_eq(name, XD_S("endpoint")) ? &a.endpoint
                     : xd_str_eq(name, XD_S("region")) ? &a.region
                     : xd_str_eq(name, XD_S("style"))  ? &a.style
                     : xd_str_eq(name, XD_S("part"))   ? &a.part
                                                       : NULL;
        if (to == NULL) {
            return say_place(
                cx, "问号后只有 endpoint、region、style、part",
                "only endpoint, region, style and part stand behind the question mark");
        }
        *to = value;
    }
    a.part_bytes = PART;
    if (a.part.n > 0 && (!xd_str_int(a.part, &a.part_bytes) || a.part_bytes < PART_LEAST ||
                         a.part_bytes > PART_MOST)) {
        return say_place(cx, "part 是一次上传的字节数，1024 到 5368709120",
                         "part is the bytes of one upload, 1024 to 5368709120");
    }
    bool web = a.endpoint.n == 0 || xd_str_starts(a.endpoint, XD_S("https://")) ||
               xd_str_starts(a.endpoint, XD_S("http://"));
    while (xd_str_ends(a.endpoint, XD_S("/"))) {
        a.endpoint.n--;
    }
    size_t host = xd_str_find(a.endpoint, XD_S("//"), 0);
    if (!web || !is_plain(a.bucket, ".-_") || a.bucket.n == 0 || !is_plain(a.prefix, "/._-") ||
        !is_plain(a.region, "-") || a.region.n == 0 ||
        (a.endpoint.n > 0 &&
         !is_plain(xd_str_sub(a.endpoint, host + 2, a.endpoint.n), ".-:[]")) ||
        (a.style.n > 0 && !xd_str_eq(a.style, XD_S("host")) &&
         !xd_str_eq(a.style, XD_S("path")))) {
        return say_place(cx, "有不能用的字符，或不是 http(s) 地址",
                         "it holds characters that are not allowed, or no http(s) address");
    }
    *ret_address = a;
    return true;
}

static bool read_keys(xd_ctx *cx, xd_s3 *s3)
{
    const char *id = getenv("AWS_ACCESS_KEY_ID"), *secret = getenv("AWS_SECRET_ACCESS_KEY");
    if (id == NULL || secret == NULL || id[0] == '\0' || secret[0] == '\0') {
        (void)xd_fail(cx, XD_INVALID, "no keys for the file store");
        return xd_fail_words(
            cx,
            XD_S("没有文件存储的密钥；请设置环境变量 AWS_ACCESS_KEY_ID 和 "
                 "AWS_SECRET_ACCESS_KEY。"),
            XD_S("There are no keys for the file store. Set AWS_ACCESS_KEY_ID and "
                 "AWS_SECRET_ACCESS_KEY in the environment."));
    }
    s3->key = xd_cstr(cx->arena, xd_str_of(id));
    s3->secret = xd_cstr(cx->arena, xd_str_of(secret));
    const char *token = getenv("AWS_SESSION_TOKEN");
    s3->token = token == NULL || token[0] == '\0' ? NULL : xd_cstr(cx->arena, xd_str_of(token));
    return true;
}

bool xd_s3_open(xd_ctx *cx, const char *place, xd_s3 *ret_s3)
{
    xd_arena *arena = cx->arena;
    address a = {0};
    xd_s3 s3 = {0};
    if (!read_address(cx, place, &a) || !read_keys(cx, &s3)) {
        return false;
    }
    bool in_host = xd_str_eq(a.style, XD_S("host"));
    xd_str scheme = xd_str_starts(a.endpoint, XD_S("http://")) ? XD_S("http") : XD_S("https");
    xd_str host = a.endpoint.n > 0
                      ? xd_str_sub(a.endpoint, scheme.n + 3, a.endpoint.n)
                      : xd_str_printf(arena, "s3." XD_FMT ".amazonaws.com", XD_ARG(a.region));
    if (in_host) {
        host = xd_str_printf(arena, XD_FMT "." XD_FMT, XD_ARG(a.bucket), XD_ARG(host));
    }
    s3.host = xd_cstr(arena, host);
    s3.endpoint = xd_cstr(arena, xd_str_printf(arena, XD_FMT "://%s", XD_ARG(scheme), s3.host));
    s3.bucket =
        in_host ? "" : xd_cstr(arena, xd_str_printf(arena, "/" XD_FMT, XD_ARG(a.bucket)));
    s3.prefix = a.prefix.n == 0 ? XD_S("") : xd_str_printf(arena, XD_FMT "/", XD_ARG(a.prefix));
    s3.region = xd_cstr(arena, a.region);
    s3.part = (uint64_t)a.part_bytes;
    *ret_s3 = s3;
    return true;
}

/* ---- files -------------------------------------------------------------------------------- */

static const char *path_of(xd_ctx *cx, const xd_s3 *s3, const uint8_t hash[XD_FILE_HASH])
{
    char hex[XD_FILE_HASH * 2 + 1];
    xd_file_hex(hash, hex);
    return xd_cstr(cx->arena, xd_str_printf(cx->arena, "%s/" XD_FMT "%s", s3->bucket,
                                            XD_ARG(s3->prefix), hex));
}

bool xd_s3_succeed(xd_ctx *cx, xd_s3 *s3, const xd_s3_ask *ask, bool or_absent, xd_buf *text)
{
    long status = 0;
    return xd_s3_send(cx, s3, ask, text, &status) &&
           ((status >= 200 && status < 300) || (or_absent && status == 404) ||
            xd_s3_refused(cx, s3, status, xd_buf_str(text)));
}

static bool succeed_silently(xd_ctx *cx, xd_s3 *s3, const xd_s3_ask *ask, bool or_absent)
{
    xd_buf text = {0};
    bool ok = xd_s3_succeed(cx, s3, ask, or_absent, &text);
    xd_buf_free(&text);
    return ok;
}

bool xd_s3_put(xd_ctx *cx, xd_s3 *s3, int fd, const uint8_t hash[XD_FILE_HASH], uint64_t bytes)
{
    if (bytes > s3->part) {
        return xd_s3_put_parts(cx, s3, path_of(cx, s3, hash), fd, bytes);
    }
    const xd_s3_ask ask = {
        .method = "PUT",
        .path = path_of(cx, s3, hash),
        .sha256 = hash,
        .from = fd,
        .bytes = bytes,
        .most = TEXT_MOST,
    };
    return succeed_silently(cx, s3, &ask, false);
}

bool xd_s3_get(xd_ctx *cx, xd_s3 *s3, const uint8_t hash[XD_FILE_HASH], int fd, uint64_t most)
{
    const xd_s3_ask ask = {
        .method = "GET",
        .path = path_of(cx, s3, hash),
        .to_file = true,
        .to = fd,
        .most = most,
    };
    return succeed_silently(cx, s3, &ask, false);
}

bool xd_s3_remove(xd_ctx *cx, xd_s3 *s3, const uint8_t hash[XD_FILE_HASH])
{
    const xd_s3_ask ask = {
        .method = "DELETE", .path = path_of(cx, s3, hash), .most = TEXT_MOST};
    return succeed_silently(cx, s3, &ask, true);
}

static bool list_page(xd_ctx *cx, xd_s3 *s3, xd_str after, xd_files_items *items,
                      xd_str *ret_next)
{
    xd_buf query = {0}, text = {0};
    if (after.n > 0) {
        xd_buf_add(&query, XD_S("continuation-token="));
        xd_buf_url(&query, after);
        xd_buf_byte(&query, '&');
    }
    xd_buf_add(&query, XD_S("list-type=2&max-keys=1000&prefix="));
    xd_buf_url(&query, s3->prefix);
    const xd_s3_ask ask = {
        .method = "GET",
        .path = s3->bucket[0] == '\0' ? "/" : s3->bucket,
        .query = xd_cstr(cx->arena, xd_buf_str(&query)),
        .most = TEXT_MOST,
    };
    bool ok = xd_s3_succeed(cx, s3, &ask, false, &text) &&
              xd_s3_list_read(cx, xd_buf_copy(&text, cx->arena), s3->prefix, items, ret_next);
    xd_buf_free(&query);
    xd_buf_free(&text);
    return ok;
}

bool xd_s3_list(xd_ctx *cx, xd_s3 *s3, xd_files_items *items)
{
    xd_str next = XD_S("");
    for (int page = 0; page < PAGES_MOST; page++) {
        xd_str after = next;
        if (!list_page(cx, s3, after, items, &next)) {
            return false;
        }
        if (next.n == 0) {
            return true;
        }
        if (xd_str_eq(after, next)) {
            return xd_fail(cx, XD_BROKEN, "the list of files goes round in a circle");
        }
    }
    return xd_fail(cx, XD_LIMIT, "there are more than %d files", PAGES_MOST * 1000);
}
