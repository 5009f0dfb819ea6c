/* Files by their hash: in a folder, and how requests to a store that speaks S3 are written. That
 * they are signed rightly is held against the examples Amazon publishes ("Authenticating Requests:
 * Using the Authorization Header", Amazon S3 API reference); tests/it/test_files.py tries a server. */
#include "store_test.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/socket.h>

#include "store/files_room.h"

/* ---- a server that takes down one request ------------------------------------------------- */

typedef struct listener {
    int fd;
    char at[32];
    char got[8192];
    const char *answer;
    pthread_t thread;
} listener;

static void *take_one(void *p)
{
    listener *l = p;
    int fd = accept(l->fd, NULL, NULL);
    size_t n = 0;
    const char *end = NULL;
    long body = 0;
    while (end == NULL || l->got + n < end + 4 + body) {
        ssize_t more = recv(fd, l->got + n, sizeof l->got - 1 - n, 0);
        if (more <= 0) {
            break;
        }
        n += (size_t)more;
        l->got[n] = '\0';
        end = strstr(l->got, "\r\n\r\n");
        const char *length = strstr(l->got, "Content-Length: ");
        body = length == NULL ? 0 : strtol(length + 16, NULL, 10);
    }
    (void)!write(fd, l->answer, strlen(l->answer));
    (void)close(fd);
    return NULL;
}

static void listen_once(listener *l, const char *answer)
{
    struct sockaddr_in where = {.sin_family = AF_INET,
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof where;
    l->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(bind(l->fd, (struct sockaddr *)&where, n), 0);
    ck_assert_int_eq(listen(l->fd, 1), 0);
    ck_assert_int_eq(getsockname(l->fd, (struct sockaddr *)&where, &n), 0);
    (void)snprintf(l->at, sizeof l->at, "127.0.0.1:%d", ntohs(where.sin_port));
    l->answer = answer;
    ck_assert_int_eq(pthread_create(&l->thread, NULL, take_one, l), 0);
}

static void stop_listening(listener *l)
{
    ck_assert_int_eq(pthread_join(l->thread, NULL), 0);
    (void)close(l->fd);
}

/* ---- signing ------------------------------------------------------------------------------ */

#define OK "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
#define DATE "x-amz-date: 20130524T000000Z"
#define CREDENTIAL                                                                             \
    "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "

static void use_published_keys(void)
{
    ck_assert_int_eq(setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE", 1), 0);
    ck_assert_int_eq(
        setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", 1), 0);
    ck_assert_int_eq(unsetenv("AWS_SESSION_TOKEN"), 0);
}

static int file_of(bench *b, const char *text)
{
    int fd = -1;
    XD_OK_CALL(&b->cx, xd_file_unnamed(&b->cx, &fd));
    XD_OK_CALL(&b->cx, xd_file_write(&b->cx, fd, xd_str_of(text)));
    return fd;
}

START_TEST(signs_as_published)
{
    static const struct {
        const char *method, *path, *query, *body;
        const char *headers[4];
        const char *signature;
    } vectors[] = {
        {"GET",
         "/test.txt",         NULL,
         NULL,                    {"Range: bytes=0-9", DATE},
         "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, Signature="
         "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"},
        {"PUT",
         "/test%24file.text", NULL,
         "Welcome to Amazon S3.", {"Date: Fri, 24 May 2013 00:00:00 GMT", DATE,
          "x-amz-storage-class: REDUCED_REDUNDANCY"},
         "SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class, "
         "Signature="
         "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"},
        {"GET",
         "/",                 "lifecycle=",
         NULL,                    {DATE},
         "SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature="
         "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"},
        {"GET",
         "/",                 "max-keys=2&prefix=J",
         NULL,                    {DATE},
         "SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature="
         "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"},
    };
    bench b;
    bench_begin(&b);
    use_published_keys();
    for (size_t i = 0; i < XD_LEN(vectors); i++) {
        listener l = {0};
        xd_s3 s3 = {0};
        xd_buf text = {0};
        uint8_t hash[XD_FILE_HASH];
        long status = 0;
        XD_OK_CALL(&b.cx, xd_s3_open(&b.cx,
                                     "s3://examplebucket?endpoint=http://s3.amazonaws.com"
                                     "&region=us-east-1&style=host",
                                     &s3));
        listen_once(&l, OK);
        s3.connect_to = l.at;
        xd_s3_ask ask = {.method = vectors[i].method,
                         .path = vectors[i].path,
                         .query = vectors[i].query,
                         .headers = vectors[i].headers,
                         .most = 100};
        if (vectors[i].body != NULL) {
            ask.from = file_of(&b, vectors[i].body);
            XD_OK_CALL(&b.cx, xd_files_hash(&b.cx, ask.from, hash, &ask.bytes));
            ask.sha256 = hash;
        }
        XD_OK_CALL(&b.cx, xd_s3_send(&b.cx, &s3, &ask, &text, &status));
        stop_listening(&l);
        xd_s3_close(&s3);
        ck_assert_int_eq(status, 200);
        const char *said = strstr(l.got, "Authorization: ");
        ck_assert_msg(said != NULL && strncmp(said + 15, CREDENTIAL, strlen(CREDENTIAL)) == 0 &&
                          strncmp(said + 15 + strlen(CREDENTIAL), vectors[i].signature,
                                  strlen(vectors[i].signature)) == 0,
                      "vector %zu:\n%s", i, l.got);
        if (vectors[i].body != NULL) {
            ck_assert_ptr_nonnull(strstr(l.got, vectors[i].body));
        }
        xd_buf_free(&text);
    }
    bench_end(&b);
}
END_TEST

/* ---- answers ------------------------------------------------------------------------------ */

START_TEST(says_what_the_server_says)
{
    static const struct {
        const char *answer;
        xd_code code;
        const char *words;
    } cases[] = {
        {"HTTP/1.1 403 Forbidden\r\nContent-Length: 52\r\n\r\n"
         "<Error><Code>SignatureDoesNotMatch</Code></Error>\r\n\r\n",               XD_DENIED, "SignatureDoesNotMatch"},
        {"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",                              XD_ABSENT, "404"                  },
        {"HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\n\r\n",                              XD_BUSY,   "503"                  },
        {"HTTP/1.1 507 Insufficient Storage\r\nContent-Length: 0\r\n\r\n",                   XD_FULL,   "507"                  },
        {"HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
         XD_SYSTEM,                                                                                     "301"                  },
        {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",                                  XD_BROKEN, ""                     },
        {"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nabcdefghijk",                         XD_LIMIT,  ""                     },
        {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",                                  XD_BUSY,   "does not answer"      },
        {"nonsense\r\n\r\n",                                                                 XD_BUSY,   "does not answer"      },
        {"",                                                                                 XD_BUSY,   "does not answer"      },
    };
    bench b;
    bench_begin(&b);
    use_published_keys();
    for (size_t i = 0; i < XD_LEN(cases); i++) {
        listener l = {0};
        const uint8_t hash[XD_FILE_HASH] = {1};
        xd_files *files = NULL;
        int fd = file_of(&b, "");
        listen_once(&l, cases[i].answer);
        const char *place =
            xd_cstr(b.cx.arena, xd_str_printf(b.cx.arena, "s3://b/p?endpoint=http://%s", l.at));
        XD_OK_CALL(&b.cx, xd_files_open(&b.cx, place, &files));
        ck_assert_str_eq(xd_files_place(files), "s3://b/p");
        ck_assert(!xd_files_get(&b.cx, files, hash, fd, 10));
        stop_listening(&l);
        xd_err why = xd_err_take(&b.cx);
        ck_assert_msg(why.code == cases[i].code, "case %zu: %d, " XD_FMT, i, (int)why.code,
                      XD_ARG(why.message));
        ck_assert_msg(xd_str_find(why.en, xd_str_of(cases[i].words), 0) != SIZE_MAX,
                      "case %zu: " XD_FMT, i, XD_ARG(why.en));
    }
    bench_end(&b);
}
END_TEST

START_TEST(refuses_places)
{
    static const char *const wrong[] = {
        "",
        "http://h/b",
        "s3://",
        "s3:///p",
        "s3://b/p?endpoint=ftp://h",
        "s3://b/p?endpoint=http://h/x",
        "s3://b/p?endpoint=http://u@h",
        "s3://b/a b",
        "s3://b/p?region=",
        "s3://b/p?region=a/b",
        "s3://b/p?style=other",
        "s3://b/p?part=9",
        "s3://b/p?part=9999999999",
        "s3://b/p?part=x",
        "s3://b/p?colour=red",
        "s3://b%2f/p",
    };
    bench b;
    xd_files *files = NULL;
    bench_begin(&b);
    use_published_keys();
    for (size_t i = 0; i < XD_LEN(wrong); i++) {
        ck_assert_msg(!xd_files_open(&b.cx, wrong[i], &files), "%s", wrong[i]);
        xd_err why = xd_err_take(&b.cx);
        ck_assert(why.code == XD_INVALID && why.zh.n > 0 && why.en.n > 0);
    }
    XD_OK_CALL(&b.cx, xd_files_open(&b.cx, "s3://b", &files));
    ck_assert_int_eq(unsetenv("AWS_SECRET_ACCESS_KEY"), 0);
    FAILS_WITH(&b.cx, XD_INVALID, xd_files_open(&b.cx, "s3://b", &files));
    bench_end(&b);
}
END_TEST

/* ---- lists -------------------------------------------------------------------------------- */

#define H1 "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define ITEM(key, size, time)                                                                  \
    "<Contents><Key>" key "</Key><LastModified>" time "</LastModified><Size>" size             \
    "</Size></Contents>"
#define TIME "2013-05-24T01:02:03.000Z"

START_TEST(reads_lists)
{
    static const struct {
        const char *xml, *next; /* next NULL: refused */
        size_t n;
    } cases[] = {
        {"<?xml version=\"1.0\"?><ListBucketResult "
         "xmlns=\"x\"><IsTruncated>false</IsTruncated>" ITEM("p/" H1, "12",
         TIME) "</ListBucketResult>",
         "", 1},
        {"<ListBucketResult>" ITEM("p/" H1,                                                                   "12",                                                                       TIME) ITEM("q/" H1,                                                                                      "12", TIME)
             ITEM("p/other", "12", TIME) ITEM("p/" H1 "0", "12", TIME) ITEM("p/" H1, "-2", TIME)
                 ITEM("p/" H1, "2", "yesterday") "</ListBucketResult>",
         "", 1},
        {"<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>a&amp;b+/="
         "</NextContinuationToken></ListBucketResult>",                                                  "a&b+/=",0},
        {"<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>",                                              NULL,                                              0                                                                          },
        {"<ListBucketResult>" ITEM("p/" H1,                                        "12",                                         TIME),                                                      NULL, 0},
        {"<Error><Code>NoSuchBucket</Code></Error>",                                                                   NULL,                                                                       0                                                                },
        {"",                                                                   NULL,                                                                                            0                                                                                                                                                          },
    };
    bench b;
    bench_begin(&b);
    for (size_t i = 0; i < XD_LEN(cases); i++) {
        xd_files_items items = {0};
        xd_str next = XD_S("-");
        bool ok = xd_s3_list_read(&b.cx, xd_str_of(cases[i].xml), XD_S("p/"), &items, &next);
        ck_assert_msg(ok == (cases[i].next != NULL), "case %zu", i);
        xd_err_take(&b.cx);
        if (ok) {
            XD_STR_IS(next, cases[i].next);
            ck_assert_uint_eq(items.n, cases[i].n);
        }
        if (ok && items.n > 0) {
            ck_assert_uint_eq(items.at[0].bytes, 12);
            ck_assert_int_eq(items.at[0].time, INT64_C(1369357323) * 1000000);
        }
    }
    bench_end(&b);
}
END_TEST

/* ---- a folder ----------------------------------------------------------------------------- */

START_TEST(folder_keeps_files)
{
    bench b;
    xd_files *files = NULL;
    xd_files_items items = {0};
    uint8_t hash[XD_FILE_HASH];
    uint64_t bytes = 0;
    bench_begin(&b);
    XD_OK_CALL(&b.cx, xd_files_open(&b.cx, path_in(&b, "files/here"), &files));
    XD_OK_CALL(&b.cx, xd_files_list(&b.cx, files, &items));
    ck_assert_uint_eq(items.n, 0);
    int fd = file_of(&b, "宣纸"), back = file_of(&b, "");
    XD_OK_CALL(&b.cx, xd_files_hash(&b.cx, fd, hash, &bytes));
    ck_assert_uint_eq(bytes, 6);
    FAILS_WITH(&b.cx, XD_ABSENT, xd_files_get(&b.cx, files, hash, back, 6));
    for (int i = 0; i < 2; i++) {
        XD_OK_CALL(&b.cx, xd_files_put(&b.cx, files, fd, hash, bytes));
    }
    XD_OK_CALL(&b.cx, xd_files_get(&b.cx, files, hash, back, 6));
    FAILS_WITH(&b.cx, XD_LIMIT, xd_files_get(&b.cx, files, hash, file_of(&b, ""), 5));
    XD_OK_CALL(&b.cx, xd_files_list(&b.cx, files, &items));
    ck_assert_uint_eq(items.n, 1);
    ck_assert_mem_eq(items.at[0].hash, hash, sizeof hash);
    ck_assert_int_gt(items.at[0].time, xd_now(&b.cx) - INT64_C(3600) * 1000000);
    /* One whose bytes have changed is not handed on. */
    char hex[XD_FILE_HASH * 2 + 1], path[80];
    xd_file_hex(hash, hex);
    (void)snprintf(path, sizeof path, "files/here/%.2s/%s", hex, hex);
    XD_OK_CALL(&b.cx, xd_file_replace(&b.cx, path_in(&b, path), XD_S("宣笔"), 0600));
    FAILS_WITH(&b.cx, XD_BROKEN, xd_files_get(&b.cx, files, hash, file_of(&b, ""), 6));
    for (int i = 0; i < 2; i++) {
        XD_OK_CALL(&b.cx, xd_files_remove(&b.cx, files, hash));
    }
    xd_files_items after = {0};
    XD_OK_CALL(&b.cx, xd_files_list(&b.cx, files, &after));
    ck_assert_uint_eq(after.n, 0);
    bench_end(&b);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, signs_as_published);
    tcase_add_test(tests, says_what_the_server_says);
    tcase_add_test(tests, refuses_places);
    tcase_add_test(tests, reads_lists);
    tcase_add_test(tests, folder_keeps_files);
}

XD_TESTS("store/files", add)
