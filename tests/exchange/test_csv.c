/* Texts through the sandbox: tests/cases/exchange/csv.tsv holds bytes and the rows they must
 * give; readers.tsv the same for JSON, Markdown and saved pages. */
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "sandbox_main.h"

/* \n \t \r \\ \xHH, and \*N{text} for a text N times. */
static void unescape(xd_buf *out, xd_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '\\' || i + 1 == s.n) {
            xd_buf_byte(out, s.p[i]);
            continue;
        }
        char c = s.p[++i];
        if (c == 'x') {
            char hex[3] = {s.p[i + 1], s.p[i + 2], 0};
            xd_buf_byte(out, (char)strtol(hex, NULL, 16));
            i += 2;
        } else if (c == '*') {
            char *end = NULL;
            long times = strtol(s.p + i + 1, &end, 10);
            size_t from = (size_t)(end - s.p) + 1, to = xd_str_find(s, XD_S("}"), from);
            for (long k = 0; k < times; k++) {
                unescape(out, xd_str_sub(s, from, to));
            }
            i = to;
        } else {
            xd_buf_byte(out, c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c);
        }
    }
}

static int file_of(xd_str bytes)
{
    int fd = memfd_create("case", MFD_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq((int)write(fd, bytes.p, bytes.n), (int)bytes.n);
    return fd;
}

/* "1:a|b;2:c" with \n inside cells; a failure is "!" and its sentence. */
static void show(xd_ctx *cx, int fd, xd_str encoding, xd_str name, xd_buf *out)
{
    xd_source *source = NULL;
    xd_source_options options = {.encoding = encoding, .name = name};
    bool ok = xd_source_open(cx, fd, NULL, &options, &source);
    const xd_source_row *row = NULL;
    while (ok && (ok = xd_source_next(cx, source, &row)) && row != NULL) {
        xd_buf_printf(out, "%s%" PRId64 ":", out->n == 0 ? "" : ";", row->number);
        for (size_t i = 0; i < row->n; i++) {
            xd_buf_printf(out, "%s", i == 0 ? "" : "|");
            for (size_t k = 0; k < row->cells[i].text.n; k++) {
                char c = row->cells[i].text.p[k];
                xd_buf_printf(out, c == '\n' ? "\\n" : c == '\t' ? "\\t" : "%c", c);
            }
        }
    }
    if (ok) {
        const xd_source_facts *facts = xd_source_about(source);
        xd_buf_printf(out, " [" XD_FMT " " XD_FMT "%s]", XD_ARG(facts->format),
                      XD_ARG(facts->encoding), facts->encoding_sure ? "" : "?");
    } else {
        xd_buf_clear(out);
        xd_buf_printf(out, "!" XD_FMT, XD_ARG(xd_err_sentence(cx)));
    }
}

static void check_case(xd_str line)
{
    xd_str name, encoding, bytes, expected = line;
    ck_assert(xd_str_cut(&expected, '\t', &name) && xd_str_cut(&expected, '\t', &encoding) &&
              xd_str_cut(&expected, '\t', &bytes));
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_buf raw = {0}, got = {0};
    unescape(&raw, bytes);
    show(&cx, file_of(xd_buf_str(&raw)), encoding, XD_S("表.csv"), &got);
    xd_str shown = xd_buf_str(&got);
    bool same = expected.n > 0 && expected.p[0] == '!'
                    ? got.n > 0 && got.p[0] == '!' &&
                          xd_str_find(shown, xd_str_sub(expected, 1, expected.n), 0) != SIZE_MAX
                    : xd_str_eq(shown, expected);
    ck_assert_msg(same, XD_FMT ":\n   got " XD_FMT "\nwanted " XD_FMT, XD_ARG(name),
                  XD_ARG(shown), XD_ARG(expected));
    xd_buf_free(&raw);
    xd_buf_free(&got);
    xd_ctx_end(&cx);
}

static void check_cases(const char *path)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_str text, line;
    size_t n = 0;
    XD_OK_CALL(&cx, xd_file_read(&cx, path, 1 << 20, &text));
    while (xd_str_cut(&text, '\n', &line)) {
        if (line.n > 0 && line.p[0] != '#') {
            check_case(line);
            n++;
        }
    }
    ck_assert_uint_gt(n, 30);
    xd_ctx_end(&cx);
}

START_TEST(cases)
{
    check_cases(XD_SOURCE "/tests/cases/exchange/csv.tsv");
}
END_TEST

START_TEST(other_texts)
{
    check_cases(XD_SOURCE "/tests/cases/exchange/readers.tsv");
}
END_TEST

/* Rows wait for the reader: many more than any socket buffer holds, and none is lost. */
START_TEST(back_pressure)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_buf raw = {0};
    for (int i = 0; i < 60000; i++) {
        xd_buf_printf(&raw, "%d,合肥钢铁厂,合肥市\n", i);
    }
    xd_source *source = NULL;
    xd_source_options options = {0};
    XD_OK_CALL(&cx, xd_source_open(&cx, file_of(xd_buf_str(&raw)), NULL, &options, &source));
    const xd_source_row *row = NULL;
    int64_t n = 0;
    for (;;) {
        XD_OK_CALL(&cx, xd_source_next(&cx, source, &row));
        if (row == NULL) {
            break;
        }
        int64_t said = -1;
        ck_assert(xd_str_int(row->cells[0].text, &said));
        ck_assert_int_eq(said, n);
        n++;
    }
    ck_assert_int_eq(n, 60000);
    xd_buf_free(&raw);
    xd_ctx_end(&cx);
}
END_TEST

/* A source given up half way takes its worker with it; the helper goes on. */
START_TEST(given_up)
{
    xd_buf raw = {0};
    for (int k = 0; k < 30000; k++) {
        xd_buf_printf(&raw, "%d,合肥钢铁厂,合肥市\n", k);
    }
    for (int i = 0; i < 70; i++) { /* more than there are places for workers */
        xd_ctx cx;
        xd_ctx_begin(&cx);
        xd_source *source = NULL;
        xd_source_options options = {0};
        const xd_source_row *row = NULL;
        XD_OK_CALL(&cx,
                   xd_source_open(&cx, file_of(xd_buf_str(&raw)), NULL, &options, &source));
        XD_OK_CALL(&cx, xd_source_next(&cx, source, &row));
        ck_assert_ptr_nonnull(row);
        xd_ctx_end(&cx);
    }
    xd_buf_free(&raw);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, cases);
    tcase_add_test(tests, other_texts);
    tcase_add_test(tests, back_pressure);
    tcase_add_test(tests, given_up);
}
XD_SANDBOX_TESTS("exchange/csv", add)
