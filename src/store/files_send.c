/* One request to a store that speaks S3, through libcurl. */
#include <curl/curl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "store/files_room.h"

#define CONNECT_MS 5000L
#define SILENT_S 20L
#define REFUSAL_MOST ((uint64_t)1 << 20)
#define NOTHING                                                                                \
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" /* SHA-256 of "" */

typedef struct transfer {
    xd_ctx *cx;
    CURL *curl;
    const xd_s3_ask *ask;
    xd_buf *text;
    struct curl_slist *headers;
    uint64_t sent, got;
    bool too_long;
} transfer;

static size_t on_read(char *to, size_t size, size_t n, void *user)
{
    transfer *t = user;
    uint64_t left = t->ask->bytes - t->sent;
    size_t room = size * n;
    size_t wanted = left < room ? (size_t)left : room;
    if (t->ask->sends.p != NULL) {
        memcpy(to, t->ask->sends.p + t->sent, wanted);
        t->sent += wanted;
        return wanted;
    }
    ssize_t had = pread(t->ask->from, to, wanted, (off_t)(t->ask->at + t->sent));
    if (had < 0) {
        return CURL_READFUNC_ABORT;
    }
    t->sent += (uint64_t)had;
    return (size_t)had;
}

static int on_seek(void *user, curl_off_t at, int from)
{
    transfer *t = user;
    if (from != SEEK_SET || at < 0) {
        return CURL_SEEKFUNC_CANTSEEK;
    }
    t->sent = (uint64_t)at;
    return CURL_SEEKFUNC_OK;
}

static size_t on_write(char *bytes, size_t size, size_t n, void *user)
{
    transfer *t = user;
    xd_str piece = {bytes, size * n};
    long status = 0;
    t->got += piece.n;
    (void)curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status); /* 0 where it fails */
    t->too_long = t->got > (status == 200 ? t->ask->most : REFUSAL_MOST);
    if (t->too_long) {
        return 0;
    }
    if (t->ask->to_file && status == 200) {
        return xd_file_write(t->cx, t->ask->to, piece) ? piece.n : 0;
    }
    xd_buf_add(t->text, piece);
    return piece.n;
}

static size_t on_header(char *bytes, size_t size, size_t n, void *user)
{
    transfer *t = user;
    xd_str line = {bytes, size * n}, name;
    if (t->ask->etag != NULL && xd_str_cut(&line, ':', &name) &&
        xd_str_eq_nocase(name, XD_S("etag"))) {
        *t->ask->etag = xd_str_copy(t->cx->arena, xd_str_trim(line));
    }
    return size * n;
}

static int on_progress(void *user, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const transfer *t = user;
    (void)a;
    (void)b;
    (void)c;
    (void)d;
    return xd_go_on(t->cx) ? 0 : 1;
}

static void add_header(transfer *t, const char *name, const char *value)
{
    xd_arena *arena = t->cx->arena;
    const char *line = xd_cstr(arena, xd_str_printf(arena, "%s: %s", name, value));
    struct curl_slist *longer = curl_slist_append(t->headers, line);
    t->headers = longer == NULL ? t->headers : longer; /* without it the signature is refused */
}

static void add_headers(transfer *t, const xd_s3 *s3)
{
    char hex[XD_FILE_HASH * 2 + 1] = NOTHING;
    if (t->ask->sha256 != NULL) {
        xd_file_hex(t->ask->sha256, hex);
    }
    add_header(t, "Host", s3->host);
    add_header(t, "x-amz-content-sha256", hex);
    if (s3->token != NULL) {
        add_header(t, "x-amz-security-token", s3->token);
    }
    for (size_t i = 0; t->ask->headers != NULL && t->ask->headers[i] != NULL; i++) {
        struct curl_slist *longer = curl_slist_append(t->headers, t->ask->headers[i]);
        t->headers = longer == NULL ? t->headers : longer;
    }
}

static void set_signing(CURL *curl, xd_ctx *cx, const xd_s3 *s3)
{
    const char *scheme =
        xd_cstr(cx->arena, xd_str_printf(cx->arena, "aws:amz:%s:s3", s3->region));
    (void)curl_easy_setopt(curl, CURLOPT_AWS_SIGV4, scheme);
    (void)curl_easy_setopt(curl, CURLOPT_USERNAME, s3->key);
    (void)curl_easy_setopt(curl, CURLOPT_PASSWORD, s3->secret);
}

/* Options fail only where curl was built without them: then the request itself fails. */
static void set_up(transfer *t, const xd_s3 *s3, struct curl_slist *elsewhere)
{
    CURL *curl = t->curl;
    const xd_s3_ask *ask = t->ask;
    xd_arena *arena = t->cx->arena;
    const char *url = xd_cstr(arena, xd_str_printf(arena, "%s%s%s%s", s3->endpoint, ask->path,
                                                   ask->query == NULL ? "" : "?",
                                                   ask->query == NULL ? "" : ask->query));
    curl_easy_reset(curl);
    set_signing(curl, t->cx, s3);
    (void)curl_easy_setopt(curl, CURLOPT_URL, url);
    (void)curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    (void)curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    (void)curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
    (void)curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, SILENT_S);
    (void)curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    (void)curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    (void)curl_easy_setopt(curl, CURLOPT_XFERINFODATA, t);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_write);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, t);
    (void)curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    (void)curl_easy_setopt(curl, CURLOPT_HEADERDATA, t);
    (void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, t->headers);
    (void)curl_easy_setopt(curl, CURLOPT_CONNECT_TO, elsewhere);
    if (ask->sha256 != NULL) {
        (void)curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
        (void)curl_easy_setopt(curl, CURLOPT_READFUNCTION, on_read);
        (void)curl_easy_setopt(curl, CURLOPT_READDATA, t);
        (void)curl_easy_setopt(curl, CURLOPT_SEEKFUNCTION, on_seek);
        (void)curl_easy_setopt(curl, CURLOPT_SEEKDATA, t);
        (void)curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)ask->bytes);
    }
    (void)curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, ask->method);
}

static bool say_no_answer(xd_ctx *cx, const xd_s3 *s3, const char *why)
{
    (void)xd_fail(cx, XD_BUSY, "%s: %s", s3->endpoint, why);
    return xd_fail_words(
        cx,
        xd_str_printf(cx->arena, "文件存储 %s 没有回应；请确认它在运行、地址无误，稍后再试。",
                      s3->host),
        xd_str_printf(cx->arena,
                      "The file store %s does not answer. Check that it runs and the address "
                      "is right, then try again.",
                      s3->host));
}

bool xd_s3_refused(xd_ctx *cx, const xd_s3 *s3, long status, xd_str text)
{
    size_t from = xd_str_find(text, XD_S("<Code>"), 0);
    size_t to = from == SIZE_MAX ? from : xd_str_find(text, XD_S("</Code>"), from);
    xd_str code = to == SIZE_MAX || to - from > 70 ? XD_S("") : xd_str_sub(text, from + 6, to);
    xd_code kind = status == 404                    ? XD_ABSENT
                   : status == 401 || status == 403 ? XD_DENIED
                   : status == 507                  ? XD_FULL
                   : status == 429 || status >= 500 ? XD_BUSY
                                                    : XD_SYSTEM;
    (void)xd_fail(cx, kind, "%s answers %ld " XD_FMT, s3->endpoint, status, XD_ARG(code));
    return xd_fail_words(
        cx,
        xd_str_printf(cx->arena,
                      "文件存储 %s 不接受这个请求（%ld " XD_FMT "）；请检查桶名、密钥和权限。",
                      s3->host, status, XD_ARG(code)),
        xd_str_printf(cx->arena,
                      "The file store %s does not take this request (%ld " XD_FMT
                      "). Check the bucket's name, the keys and their rights.",
                      s3->host, status, XD_ARG(code)));
}

void xd_s3_close(xd_s3 *s3)
{
    if (s3->curl != NULL) {
        curl_easy_cleanup(s3->curl);
        s3->curl = NULL;
    }
}

bool xd_s3_send(xd_ctx *cx, xd_s3 *s3, const xd_s3_ask *ask, xd_buf *text, long *ret_status)
{
    struct curl_slist *elsewhere = NULL;
    long status = 0;
    s3->curl = s3->curl == NULL ? curl_easy_init() : s3->curl;
    if (s3->curl == NULL) {
        return xd_fail(cx, XD_SYSTEM, "libcurl does not start");
    }
    transfer t = {.cx = cx, .curl = s3->curl, .ask = ask, .text = text};
    if (s3->connect_to != NULL) {
        elsewhere = curl_slist_append(
            NULL, xd_cstr(cx->arena, xd_str_printf(cx->arena, "::%s", s3->connect_to)));
    }
    add_headers(&t, s3);
    set_up(&t, s3, elsewhere);
    CURLcode rc = curl_easy_perform(t.curl);
    (void)curl_easy_getinfo(t.curl, CURLINFO_RESPONSE_CODE, &status); /* 0 where it fails */
    curl_slist_free_all(t.headers);
    curl_slist_free_all(elsewhere);
    if (rc == CURLE_OK) {
        *ret_status = status;
        return true;
    }
    if (t.too_long) {
        return xd_fail(cx, XD_LIMIT, "%s sends more than there should be", s3->endpoint);
    }
    return cx->err.code != XD_OK ? false : say_no_answer(cx, s3, curl_easy_strerror(rc));
}
