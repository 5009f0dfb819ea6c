/* The server as a socket sees it: raw cases from tests/cases/http, late clients, uploads,
 * compression, entity tags, stopping. */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include "base/file.h"
#include "web/http.h"
#include "xd_test.h"

static atomic_int served;
static _Atomic int64_t got_to; /* how far the server says it is */

static bool reached(void *user, int64_t after)
{
    (void)user;
    return atomic_load(&got_to) >= after;
}

static xd_plan plan(void *user, const xd_request *request)
{
    (void)user;
    return (xd_plan){.waits = xd_str_eq(request->path, XD_S("/slow")) ||
                              xd_str_eq(request->path, XD_S("/stuck")),
                     .after = xd_str_eq(request->position, XD_S("later")) ? 7 : 0,
                     .max_body = request->method == XD_POST ? 100000 : 0};
}

static bool echo(xd_ctx *cx, const xd_request *request, xd_response *response)
{
    for (size_t i = 0; i < request->n_params; i++) {
        xd_buf_printf(&response->body, XD_FMT "=" XD_FMT "\n", XD_ARG(request->params[i].name),
                      XD_ARG(request->params[i].value));
    }
    for (size_t i = 0; i < request->n_uploads; i++) {
        const xd_upload *upload = &request->uploads[i];
        char bytes[64];
        ssize_t n = read(upload->fd, bytes, sizeof bytes);
        if (n < 0) {
            return xd_fail_errno(cx, errno, "reading an upload");
        }
        xd_buf_printf(&response->body, "file " XD_FMT " " XD_FMT " %" PRId64 " %.*s\n",
                      XD_ARG(upload->field), XD_ARG(upload->file_name), upload->bytes, (int)n,
                      bytes);
    }
    return true;
}

static bool serve(xd_ctx *cx, void *user, const xd_request *request, xd_response *response)
{
    (void)user;
    atomic_fetch_add(&served, 1);
    response->type = XD_S("text/plain; charset=utf-8");
    if (xd_str_eq(request->path, XD_S("/echo"))) {
        return echo(cx, request, response);
    }
    if (xd_str_eq(request->path, XD_S("/slow"))) {
        for (int i = 0; i < 40; i++) {
            (void)poll(NULL, 0, 5);
            if (!xd_go_on(cx)) {
                return false;
            }
        }
    } else if (xd_str_eq(request->path, XD_S("/stuck"))) {
        while (xd_go_on(cx)) {
            (void)poll(NULL, 0, 5);
        }
        return false;
    } else if (xd_str_eq(request->path, XD_S("/large"))) {
        for (int i = 0; i < 200000; i++) {
            xd_buf_printf(&response->body, "line %d\n", i);
        }
        return true;
    } else if (xd_str_eq(request->path, XD_S("/heavy"))) { /* too much for a loop */
        xd_buf_add(&response->body, XD_S("half of it, "));
        cx->overworked = cx->work_most != 0;
        if (cx->overworked) {
            return xd_fail(cx, XD_BUSY, "as asked");
        }
    } else if (xd_str_eq(request->path, XD_S("/fail"))) {
        return xd_fail(cx, XD_CONFLICT, "as asked");
    } else if (xd_str_eq(request->path, XD_S("/who"))) {
        xd_buf_printf(&response->body, XD_FMT " %s " XD_FMT, XD_ARG(request->client),
                      request->client_is_local ? "local" : "far",
                      XD_ARG(xd_lang_tag[request->lang]));
        return true;
    } else if (!xd_str_eq(request->path, XD_S("/"))) {
        return xd_fail(cx, XD_ABSENT, "no " XD_FMT, XD_ARG(request->path));
    }
    xd_buf_add(&response->body, XD_S("hello"));
    return true;
}

static xd_http *start(xd_ctx *cx, const xd_http_options *more)
{
    xd_http_options options = *more;
    xd_http *http = NULL;
    options.listen = more->listen.p == NULL ? XD_S("127.0.0.1:0") : more->listen;
    options.threads = more->threads == 0 ? 2 : more->threads;
    options.plan = plan;
    options.serve = serve;
    XD_OK_CALL(cx, xd_http_start(cx, &options, &http));
    return http;
}

static int dial(const xd_http *http)
{
    struct sockaddr_in in = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)xd_http_port(http)),
                             .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&in, sizeof in), 0);
    return fd;
}

/* Sending to one who has closed is part of the game. */
static void send_all(int fd, xd_str bytes)
{
    while (bytes.n > 0) {
        ssize_t n = send(fd, bytes.p, bytes.n, MSG_NOSIGNAL);
        if (n <= 0) {
            return;
        }
        bytes = xd_str_sub(bytes, (size_t)n, bytes.n);
    }
}

typedef struct answer {
    int status; /* 0: none */
    xd_str head, body;
    bool closed; /* the server closed after it */
    int answers; /* well-framed answers on the wire */
} answer;

static xd_str header(xd_str head, const char *name)
{
    xd_str rest = head, line;
    while (xd_str_cut(&rest, '\n', &line)) {
        size_t colon = xd_str_find(line, XD_S(":"), 0);
        if (colon != SIZE_MAX &&
            xd_str_eq_nocase(xd_str_sub(line, 0, colon), xd_str_of(name))) {
            return xd_str_trim(xd_str_sub(line, colon + 1, line.n));
        }
    }
    return (xd_str){0};
}

/* One answer off the front of bytes; how many bytes it took, 0 when it is not whole. */
static size_t take_answer(xd_str bytes, bool no_body, answer *ret)
{
    size_t end = xd_str_find(bytes, XD_S("\r\n\r\n"), 0);
    int64_t status = 0, length = 0;
    if (!xd_str_starts(bytes, XD_S("HTTP/1.1 ")) || end == SIZE_MAX ||
        !xd_str_int(xd_str_sub(bytes, 9, 12), &status)) {
        return 0;
    }
    ret->status = (int)status;
    ret->head = xd_str_sub(bytes, 0, end + 2);
    if (!xd_str_int(header(ret->head, "content-length"), &length) || no_body || status == 304 ||
        status == 204) {
        length = 0;
    }
    if (end + 4 + (size_t)length > bytes.n) {
        return 0;
    }
    ret->body = xd_str_sub(bytes, end + 4, end + 4 + (size_t)length);
    return end + 4 + (size_t)length;
}

/* Read until the server closes, or until quiet_ms pass without a byte. */
static answer listen_to(xd_ctx *cx, int fd, bool no_body, int quiet_ms)
{
    xd_buf got = {0};
    answer first = {0};
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    while (poll(&wait, 1, quiet_ms) == 1) {
        char chunk[65536];
        ssize_t n = recv(fd, chunk, sizeof chunk, 0);
        if (n <= 0) {
            first.closed = true;
            break;
        }
        xd_buf_bytes(&got, chunk, (size_t)n);
    }
    xd_str rest = xd_buf_copy(&got, cx->arena);
    xd_buf_free(&got);
    for (int i = 0;; i++) {
        answer next = {0};
        size_t n = take_answer(rest, no_body, &next);
        if (n == 0) {
            break;
        }
        rest = xd_str_sub(rest, n, rest.n);
        if (next.status == 100) {
            continue;
        }
        first.answers++;
        if (first.status == 0) {
            bool closed = first.closed;
            int answers = first.answers;
            first = next;
            first.closed = closed;
            first.answers = answers;
        }
    }
    return first;
}

static answer ask_for(xd_ctx *cx, const xd_http *http, xd_str bytes, int quiet_ms)
{
    int fd = dial(http);
    send_all(fd, bytes);
    answer a = listen_to(cx, fd, xd_str_starts(bytes, XD_S("HEAD")), quiet_ms);
    (void)close(fd);
    return a;
}

static answer ask(xd_ctx *cx, const xd_http *http, xd_str bytes)
{
    return ask_for(cx, http, bytes, 4000);
}

/* A GET that asks the server to close, with more header lines (each ending in \r\n). */
static answer get(xd_ctx *cx, const xd_http *http, const char *path, const char *more)
{
    return ask_for(cx, http,
                   xd_str_printf(cx->arena,
                                 "GET %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n%s\r\n",
                                 path, more),
                   60000); /* it closes: only a machine at its limit is that late */
}

/* ---- the cases -----------------------------------------------------------------------------
 */

/* Escapes of tests/cases/http/README.md, up to `until`. */
static void unescape(xd_buf *out, xd_str s, size_t *at, char until)
{
    while (*at < s.n && s.p[*at] != until) {
        char c = s.p[(*at)++];
        if (c != '\\') {
            if (c != '\n') {
                xd_buf_byte(out, c);
            }
            continue;
        }
        c = s.p[(*at)++];
        if (c == 'x') {
            char hex[3] = {s.p[*at], s.p[*at + 1], '\0'};
            xd_buf_byte(out, (char)strtol(hex, NULL, 16));
            *at += 2;
        } else if (c == '*') {
            size_t open = xd_str_find(s, XD_S("("), *at), inside = open + 1;
            int64_t times = 0;
            ck_assert(xd_str_int(xd_str_sub(s, *at, open), &times));
            for (int64_t i = 0; i < times; i++) {
                inside = open + 1;
                unescape(out, s, &inside, ')');
            }
            *at = inside + 1;
        } else {
            xd_buf_byte(out, c == 'r'   ? '\r'
                             : c == 'n' ? '\n'
                             : c == 't' ? '\t'
                             : c == '0' ? '\0'
                                        : c);
        }
    }
}

static bool judge(const char *file, xd_str name, xd_str want, const answer *a)
{
    int64_t status = 0;
    bool by_status = xd_str_int(want, &status);
    bool right = true;
    if (by_status) {
        right = a->status == status && (status < 400 || a->closed);
    } else if (xd_str_eq(want, XD_S("refused"))) {
        right = (a->status == 0 || a->status >= 400) && a->closed;
    } else if (xd_str_eq(want, XD_S("closed"))) {
        right = a->closed && a->status != 200;
    } else {
        right = xd_str_eq(want, XD_S("lax"));
    }
    right = right && a->answers <= 1;
    if (!right) {
        printf("%s: " XD_FMT " wanted " XD_FMT ", got status %d, %d answers, %s\n", file,
               XD_ARG(name), XD_ARG(want), a->status, a->answers,
               a->closed ? "closed" : "open");
    }
    return right;
}

static void run_file(xd_ctx *cx, const xd_http *http, const char *path, int *count, int *wrong)
{
    xd_str text;
    XD_OK_CALL(cx, xd_file_read(cx, path, 1 << 20, &text));
    size_t at = 0;
    while (at != SIZE_MAX && xd_str_starts(xd_str_sub(text, at, text.n), XD_S("=== "))) {
        size_t line = xd_str_find(text, XD_S("\n"), at);
        xd_str heading = xd_str_sub(text, at + 4, line);
        size_t colon = xd_str_find(heading, XD_S(": "), 0);
        size_t slash = xd_str_find(heading, XD_S(" / "), 0);
        xd_str want = xd_str_sub(heading, colon + 2, slash);
        size_t next = xd_str_find(text, XD_S("\n=== "), line);
        xd_str raw = xd_str_sub(text, line + 1, next == SIZE_MAX ? text.n : next);
        xd_buf bytes = {0};
        size_t from = 0;
        unescape(&bytes, raw, &from, '\0');
        int fd = dial(http);
        send_all(fd, xd_buf_str(&bytes));
        if (xd_str_eq(want, XD_S("200")) || xd_str_eq(want, XD_S("lax"))) {
            (void)shutdown(fd, SHUT_WR); /* it may keep the connection, so we end it */
        }
        answer a = listen_to(cx, fd, xd_str_starts(xd_buf_str(&bytes), XD_S("HEAD")), 4000);
        (void)close(fd);
        xd_buf_free(&bytes);
        *wrong += !judge(path, xd_str_sub(heading, 0, colon), want, &a);
        *count += 1;
        at = next == SIZE_MAX ? SIZE_MAX : next + 1;
    }
}

START_TEST(raw_cases)
{
    xd_ctx cx;
    xd_strs names = {0};
    int count = 0, wrong = 0;
    xd_ctx_begin(&cx);
    xd_http *http = start(&cx, &(xd_http_options){0});
    XD_OK_CALL(&cx, xd_dir_list(&cx, XD_SOURCE "/tests/cases/http", &names));
    for (size_t i = 0; i < names.n; i++) {
        if (xd_str_ends(names.at[i], XD_S(".txt"))) {
            run_file(&cx, http,
                     xd_str_printf(cx.arena, XD_SOURCE "/tests/cases/http/" XD_FMT,
                                   XD_ARG(names.at[i]))
                         .p,
                     &count, &wrong);
        }
    }
    ck_assert_int_gt(count, 100);
    ck_assert_int_eq(wrong, 0);
    answer a = get(&cx, http, "/", "");
    ck_assert_int_eq(a.status, 200); /* still there */
    xd_http_stop(http, 1000);
    xd_ctx_end(&cx);
}
END_TEST

/* ---- answers -------------------------------------------------------------------------------
 */

START_TEST(answers)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_http *http = start(&cx, &(xd_http_options){0});

    answer a = get(&cx, http, "/", "");
    ck_assert_int_eq(a.status, 200);
    XD_STR_IS(a.body, "hello");
    XD_STR_IS(header(a.head, "x-content-type-options"), "nosniff");
    XD_STR_IS(header(a.head, "cache-control"), "no-cache");
    ck_assert_ptr_nonnull(header(a.head, "content-security-policy").p);
    xd_str tag = header(a.head, "etag");
    ck_assert_uint_gt(tag.n, 2);

    a = get(&cx, http, "/",
            xd_str_printf(cx.arena, "If-None-Match: \"x\", " XD_FMT "\r\n", XD_ARG(tag)).p);
    ck_assert_int_eq(a.status, 304);
    ck_assert_uint_eq(a.body.n, 0);
    XD_STR_IS(header(a.head, "etag"), xd_cstr(cx.arena, tag));
    ck_assert_int_eq(get(&cx, http, "/", "If-None-Match: *\r\n").status, 304);
    ck_assert_int_eq(get(&cx, http, "/", "If-None-Match: \"other\"\r\n").status, 200);

    a = ask(&cx, http, XD_S("HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
    ck_assert_int_eq(a.status, 200);
    XD_STR_IS(header(a.head, "content-length"), "5");
    XD_STR_IS(header(a.head, "etag"), xd_cstr(cx.arena, tag));

    ck_assert_int_eq(get(&cx, http, "/nothing", "").status, 404);
    a = get(&cx, http, "/en/fail", "");
    ck_assert_int_eq(a.status, 409);
    XD_STR_IS(header(a.head, "cache-control"), "no-store");
    XD_STR_IS(xd_str_trim(a.body),
              "Somebody changed it meanwhile. Open it again, then change it.");
    XD_STR_IS(get(&cx, http, "/slow", "").body, "hello");
    a = get(&cx, http, "/heavy", ""); /* begun anew on the pool */
    ck_assert_int_eq(a.status, 200);
    XD_STR_IS(a.body, "half of it, hello");

    int before = atomic_load(&served);
    a = ask(&cx, http,
            XD_S("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /who HTTP/1.1\r\nHost: a\r\n"
                 "Connection: close\r\n\r\n"));
    ck_assert_int_eq(a.answers, 2); /* one after another on one connection */
    ck_assert_int_eq(atomic_load(&served), before + 2);
    xd_http_stop(http, 1000);
    xd_ctx_end(&cx);
}
END_TEST

static xd_str inflate_all(xd_ctx *cx, xd_str packed)
{
    static char out[4 << 20];
    z_stream z = {.next_in = (Bytef *)(uintptr_t)packed.p,
                  .avail_in = (uInt)packed.n,
                  .next_out = (Bytef *)out,
                  .avail_out = sizeof out};
    ck_assert_int_eq(inflateInit2(&z, 15 + 16), Z_OK);
    ck_assert_int_eq(inflate(&z, Z_FINISH), Z_STREAM_END);
    (void)inflateEnd(&z);
    return xd_str_copy(cx->arena, (xd_str){out, z.total_out});
}

START_TEST(compression)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_http *http = start(&cx, &(xd_http_options){0});
    answer plain = get(&cx, http, "/large", "");
    answer gz = get(&cx, http, "/large", "Accept-Encoding: gzip\r\n");
    answer br = get(&cx, http, "/large", "Accept-Encoding: gzip, br\r\n");
    answer none = get(&cx, http, "/large", "Accept-Encoding: gzip;q=0, br;q=0.0\r\n");
    answer star = get(&cx, http, "/large", "Accept-Encoding: *;q=0.5, br;q=0\r\n");
    ck_assert_uint_gt(plain.body.n, 1000000);
    XD_STR_IS(header(gz.head, "content-encoding"), "gzip");
    XD_STR_IS(header(br.head, "content-encoding"), "br");
    XD_STR_IS(header(star.head, "content-encoding"), "gzip");
    ck_assert_ptr_null(header(none.head, "content-encoding").p);
    ck_assert(xd_str_eq(none.body, plain.body));
    ck_assert(xd_str_eq(inflate_all(&cx, gz.body), plain.body));
    ck_assert_uint_lt(br.body.n, plain.body.n / 3);
    XD_STR_IS(header(plain.head, "vary"), "Accept-Encoding");
    /* Other bytes, other strong tag; the same content all the same. */
    ck_assert(!xd_str_eq(header(gz.head, "etag"), header(plain.head, "etag")));
    answer again =
        get(&cx, http, "/large",
            xd_str_printf(cx.arena, "Accept-Encoding: br\r\nIf-None-Match: " XD_FMT "\r\n",
                          XD_ARG(header(gz.head, "etag")))
                .p);
    ck_assert_int_eq(again.status, 304);
    ck_assert_ptr_null(
        header(get(&cx, http, "/", "Accept-Encoding: gzip\r\n").head, "content-encoding")
            .p); /* too small to gain */
    xd_http_stop(http, 1000);
    xd_ctx_end(&cx);
}
END_TEST

START_TEST(forms_and_files)
{
    static const char form[] =
        "--BBB\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n宣纸\r\n"
        "--BBB\r\nContent-Disposition: form-data; name=\"t\"; "
        "filename=\"C:\\dir\\表.csv\"\r\nContent-Type: text/csv\r\n\r\n"
        "x,y\n1,2\r\n--BBB--\r\n";
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_http *http = start(&cx, &(xd_http_options){0});
    answer a = ask(&cx, http,
                   xd_str_printf(cx.arena,
                                 "POST /echo?q=1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                                 "Content-Type: multipart/form-data; boundary=BBB\r\n"
                                 "Content-Length: %zu\r\n\r\n%s",
                                 sizeof form - 1, form));
    XD_STR_IS(a.body, "q=1\na=宣纸\nfile t 表.csv 7 x,y\n1,2\n");
    a = ask(&cx, http,
            XD_S("POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                 "Content-Type: application/x-www-form-urlencoded\r\n"
                 "Transfer-Encoding: chunked\r\n\r\n"
                 "9\r\na=%E5%AE%\r\n3\r\nA3+\r\n0\r\n\r\n"));
    XD_STR_IS(a.body, "a=宣 \n");
    /* Refused by length, by what came, by type, by being cut off. */
    a = ask(&cx, http,
            XD_S("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n"
                 "Content-Type: application/x-www-form-urlencoded\r\n\r\na=b"));
    ck_assert(a.status == 413 && a.closed);
    a = ask(&cx, http,
            XD_S("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n"
                 "Content-Type: application/json\r\n\r\n{}\n"));
    ck_assert(a.status == 415 && a.closed);
    xd_buf chunks = {0};
    xd_buf_add(&chunks, XD_S("POST /echo HTTP/1.1\r\nHost: a\r\n"
                             "Content-Type: multipart/form-data; boundary=BBB\r\n"
                             "Transfer-Encoding: chunked\r\n\r\n"));
    for (int i = 0; i < 150; i++) {
        xd_buf_printf(&chunks, "400\r\n%0*d\r\n", 1024, i);
    }
    xd_buf_add(&chunks, XD_S("0\r\n\r\n"));
    a = ask(&cx, http, xd_buf_str(&chunks));
    ck_assert(a.closed && a.status != 200);
    xd_buf_free(&chunks);
    ck_assert_int_eq(ask(&cx, http,
                         XD_S("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 21\r\n"
                              "Connection: close\r\n"
                              "Content-Type: multipart/form-data; boundary=BBB\r\n\r\n"
                              "--BBB\r\nContent-Dispos"))
                         .status,
                     400);
    xd_http_stop(http, 1000);
    xd_ctx_end(&cx);
}
END_TEST

START_TEST(who_asks)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_http *http = start(&cx, &(xd_http_options){0});
    XD_STR_IS(get(&cx, http, "/who", "").body, "127.0.0.1 local zh");
    XD_STR_IS(get(&cx, http, "/en/who", "").body, "127.0.0.1 local en");
    /* Nobody trusted wrote that header, so it moves nothing, and the sender is not local. */
    XD_STR_IS(get(&cx, http, "/who", "X-Forwarded-For: 10.0.0.1\r\n").body, "127.0.0.1 far zh");
    xd_http_stop(http, 1000);

    xd_str trusted[] = {XD_S("127.0.0.1"), XD_S("10.0.0.9")}, local[] = {XD_S("10.1.1.1")};
    http = start(&cx, &(xd_http_options){
                          .trusted = {trusted, 2, 2},
                            .local = {local,   1, 1}
    });
    XD_STR_IS(get(&cx, http, "/who", "X-Forwarded-For: 1.1.1.1, 10.1.1.1, 10.0.0.9\r\n").body,
              "10.1.1.1 local zh");
    XD_STR_IS(get(&cx, http, "/who", "X-Forwarded-For: 127.0.0.1, 9.9.9.9\r\n").body,
              "9.9.9.9 far zh");
    XD_STR_IS(get(&cx, http, "/who", "X-Forwarded-For: ::ffff:8.8.8.8\r\n").body,
              "8.8.8.8 far zh");
    XD_STR_IS(get(&cx, http, "/who", "X-Forwarded-For: nonsense\r\n").body, " far zh");
    xd_http_stop(http, 1000);
    xd_ctx_end(&cx);
}
END_TEST

/* ---- late clients --------------------------------------------------------------------------
 */

/* Bytes one by one until the server hangs up; how many it took, most at most. */
static int drip(int fd, int pause_ms, int most)
{
    for (int i = 0; i < most; i++) {
        char c;
        if (send(fd, "x", 1, MSG_NOSIGNAL) != 1 || recv(fd, &c, 1, MSG_DONTWAIT) == 0) {
            return i;
        }
        (void)poll(NULL, 0, pause_ms);
    }
    return most;
}

START_TEST(late_clients_are_shut)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_http *http = start(&cx, &(xd_http_options){.header_ms = 500, .idle_ms = 30000});
    /* A header that never ends. */
    int fd = dial(http);
    send_all(fd, XD_S("GET / HTTP/1.1\r\nHost: a\r\nX: "));
    ck_assert_int_lt(drip(fd, 50, 400), 400);
    (void)close(fd);
    /* The same on a connection that has been served before: well before idle_ms. */
    fd = dial(http);
    send_all(fd, XD_S("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    ck_assert_int_eq(listen_to(&cx, fd, false, 400).status, 200);
    send_all(fd, XD_S("GET / HTTP/1.1\r\nHost: a\r\nX: "));
    ck_assert_int_lt(drip(fd, 50, 400), 400);
    (void)close(fd);
    /* Nothing at all. */
    fd = dial(http);
    ck_assert(listen_to(&cx, fd, false, 20000).closed);
    (void)close(fd);
    xd_buf figures = {0};
    xd_http_metrics(http, &figures);
    ck_assert(xd_str_find(xd_buf_str(&figures), XD_S("xiudai_connections_swept_total 3\n"),
                          0) != SIZE_MAX);
    xd_buf_free(&figures);
    ck_assert_int_eq(get(&cx, http, "/", "").status, 200);
    xd_http_stop(http, 1000);
    xd_ctx_end(&cx);
}
END_TEST

START_TEST(slow_bodies_and_readers_are_shut)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_http *http = start(&cx, &(xd_http_options){.header_ms = 300, .floor = 10000000});
    int fd = dial(http);
    send_all(fd, XD_S("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 90000\r\n"
                      "Content-Type: application/x-www-form-urlencoded\r\n\r\na="));
    ck_assert_int_lt(drip(fd, 50, 400), 400);
    (void)close(fd);
    /* Asked for, and never read: more than the buffers between us hold. */
    int small = 4096;
    bool shut = false;
    fd = dial(http);
    ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
    for (int i = 0; i < 10; i++) {
        send_all(fd, XD_S("GET /large HTTP/1.1\r\nHost: a\r\n\r\n"));
    }
    for (int i = 0; i < 1000 && !shut; i++) {
        xd_buf figures = {0};
        (void)poll(NULL, 0, 20);
        xd_http_metrics(http, &figures);
        shut = xd_str_find(xd_buf_str(&figures), XD_S("xiudai_connections_swept_total 2\n"),
                           0) != SIZE_MAX;
        xd_buf_free(&figures);
    }
    ck_assert(shut);
    (void)close(fd);
    ck_assert_int_eq(get(&cx, http, "/", "").status, 200);
    xd_http_stop(http, 1000);
    xd_ctx_end(&cx);
}
END_TEST

/* Send, and wait until the handler has been entered. */
static void begin(int fd, const char *bytes)
{
    int before = atomic_load(&served);
    send_all(fd, xd_str_of(bytes));
    while (atomic_load(&served) == before) {
        (void)poll(NULL, 0, 5);
    }
}

START_TEST(stop_lets_requests_end)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_http *http = start(&cx, &(xd_http_options){0});
    int fd = dial(http), kept = dial(http);
    send_all(kept, XD_S("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    ck_assert_int_eq(listen_to(&cx, kept, false, 300).status, 200);
    begin(fd, "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
    xd_http_stop(http, 5000);
    answer a = listen_to(&cx, fd, false, 1000);
    ck_assert(a.status == 200 && a.closed);
    (void)close(fd);
    (void)close(kept);
    /* Without grace the work is told to give up, and still answers. */
    http = start(&cx, &(xd_http_options){0});
    fd = dial(http);
    begin(fd, "GET /stuck HTTP/1.1\r\nHost: a\r\n\r\n");
    xd_http_stop(http, 0);
    a = listen_to(&cx, fd, false, 1000);
    ck_assert(a.status != 200 && a.closed);
    (void)close(fd);
    xd_ctx_end(&cx);
}
END_TEST

static void until_waiting(const xd_http *http, const char *n)
{
    bool there = false;
    while (!there) { /* the suite has a limit */
        xd_buf figures = {0};
        (void)poll(NULL, 0, 5);
        xd_http_metrics(http, &figures);
        there = xd_str_find(xd_buf_str(&figures), xd_str_of(n), 0) != SIZE_MAX;
        xd_buf_free(&figures);
    }
}

#define WAITING 40
#define LATER "Xiudai-Position: later\r\n"

/* Those who wait for the server to get somewhere keep no thread of it, and are all answered when it
 * has, when their time is over, or when it stops. */
START_TEST(waiting_keeps_no_thread)
{
    xd_ctx cx;
    int fds[WAITING];
    xd_ctx_begin(&cx);
    atomic_store(&got_to, 6);
    xd_http *http = start(&cx, &(xd_http_options){.reached = reached, .wait_ms = 600000});
    int before = atomic_load(&served);
    for (int i = 0; i < WAITING; i++) {
        fds[i] = dial(http);
        send_all(fds[i], i % 2 == 0 ? XD_S("GET /slow HTTP/1.1\r\nHost: a\r\n" LATER
                                           "Connection: close\r\n\r\n")
                                    : XD_S("POST /echo HTTP/1.1\r\nHost: a\r\n" LATER
                                           "Connection: close\r\nContent-Length: 3\r\n"
                                           "Content-Type: application/x-www-form-urlencoded"
                                           "\r\n\r\na=b"));
    }
    until_waiting(http, "xiudai_requests_waiting 40\n");
    for (int i = 0; i < 5;
         i++) { /* others are served meanwhile, in the loops and on the pool */
        ck_assert_int_eq(get(&cx, http, i % 2 == 0 ? "/" : "/slow", "").status, 200);
    }
    ck_assert_int_eq(atomic_load(&served) - before, 5);
    atomic_store(&got_to, 7);
    ck_assert_int_eq(get(&cx, http, "/", LATER).status, 200);
    for (int i = 0; i < WAITING; i++) {
        answer a = listen_to(&cx, fds[i], false, 60000);
        ck_assert_int_eq(a.status, 200);
        ck_assert(i % 2 == 0 || xd_str_eq(a.body, XD_S("a=b\n")));
        (void)close(fds[i]);
    }
    /* Stopping: nobody is left waiting. */
    atomic_store(&got_to, 6);
    int fd = dial(http);
    send_all(fd, XD_S("GET / HTTP/1.1\r\nHost: a\r\n" LATER "\r\n"));
    until_waiting(http, "xiudai_requests_waiting 1\n");
    xd_http_stop(http, 60000);
    answer a = listen_to(&cx, fd, false, 1000);
    ck_assert(a.status == 200 && a.closed);
    (void)close(fd);
    /* Time is over: served with what there is. */
    http = start(&cx, &(xd_http_options){.reached = reached, .wait_ms = 30});
    ck_assert_int_eq(get(&cx, http, "/", LATER).status, 200);
    xd_http_stop(http, 0);
    xd_ctx_end(&cx);
}
END_TEST

START_TEST(listening)
{
    xd_ctx cx;
    xd_http *http = NULL;
    xd_ctx_begin(&cx);
    static const char *const wrong[] = {
        "8080", "localhost:80", "127.0.0.1:", "127.0.0.1:70000", "[::1]", ""};
    for (size_t i = 0; i < XD_LEN(wrong); i++) {
        xd_http_options options = {.listen = xd_str_of(wrong[i]), .serve = serve};
        ck_assert_msg(!xd_http_start(&cx, &options, &http), "%s", wrong[i]);
        ck_assert_int_eq(xd_err_take(&cx).code, XD_INVALID);
    }
    http = start(&cx, &(xd_http_options){0});
    xd_http *second = NULL;
    xd_http_options taken = {
        .listen = xd_str_printf(cx.arena, "127.0.0.1:%d", xd_http_port(http)), .serve = serve};
    ck_assert(!xd_http_start(&cx, &taken, &second));
    (void)xd_err_take(&cx);
    xd_http_stop(http, 100);
    /* Opened and never run: the port is taken, and stopping gives it back. */
    XD_OK_CALL(&cx,
               xd_http_open(&cx, &(xd_http_options){.listen = XD_S("[::1]:0"), .serve = serve},
                            &http));
    ck_assert_int_gt(xd_http_port(http), 0);
    xd_http_stop(http, 0);
    xd_ctx_end(&cx);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, raw_cases);
    tcase_add_test(tests, answers);
    tcase_add_test(tests, compression);
    tcase_add_test(tests, forms_and_files);
    tcase_add_test(tests, who_asks);
    tcase_add_test(tests, late_clients_are_shut);
    tcase_add_test(tests, slow_bodies_and_readers_are_shut);
    tcase_add_test(tests, stop_lets_requests_end);
    tcase_add_test(tests, waiting_keeps_no_thread);
    tcase_add_test(tests, listening);
}

XD_TESTS("web/http", add)
