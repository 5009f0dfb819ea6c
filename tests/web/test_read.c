/* What http_in.c and ask_crs.c make of bytes: cases in tests/cases/web. */
#include "base/file.h"
#include "web/ask.h"
#include "web/http_in.h"
#include "xd_test.h"

typedef void on_row(xd_ctx *cx, const xd_str cells[5]);

/* "\n" in a cell is a line break. */
static xd_str cell_text(xd_ctx *cx, xd_str cell)
{
    size_t at = xd_str_find(cell, XD_S("\\n"), 0);
    return at == SIZE_MAX
               ? cell
               : xd_str_printf(cx->arena, XD_FMT "\n" XD_FMT, XD_ARG(xd_str_sub(cell, 0, at)),
                               XD_ARG(xd_str_sub(cell, at + 2, cell.n)));
}

static int each_row(const char *path, on_row *fn)
{
    xd_ctx cx;
    xd_str text, line;
    int rows = 0;
    xd_ctx_begin(&cx);
    XD_OK_CALL(&cx, xd_file_read(&cx, path, 1 << 20, &text));
    while (xd_str_cut(&text, '\n', &line)) {
        xd_str cells[5] = {0};
        if (line.n == 0 || line.p[0] == '#') {
            continue;
        }
        for (size_t i = 0; i < 5 && xd_str_cut(&line, '\t', &cells[i]); i++) {
            cells[i] = cell_text(&cx, cells[i]);
        }
        fn(&cx, cells);
        rows++;
    }
    xd_ctx_end(&cx);
    return rows;
}

static void filter_row(xd_ctx *cx, const xd_str cells[5])
{
    const xd_crs *crs;
    xd_str moved;
    XD_OK_CALL(cx, xd_crs_find(cx, xd_api_crs[1], &crs));
    XD_OK_CALL(
        cx, xd_filter_to_wgs84(cx, cells[2], xd_str_eq(cells[1], XD_S("json")), crs, &moved));
    ck_assert_msg(xd_str_eq(moved, cells[3]), XD_FMT ": " XD_FMT, XD_ARG(cells[0]),
                  XD_ARG(moved));
}

START_TEST(filters_are_moved)
{
    ck_assert_int_gt(each_row(XD_SOURCE "/tests/cases/web/filter-crs.tsv", filter_row), 10);
}
END_TEST

START_TEST(positions_off_the_globe_are_refused)
{
    xd_ctx cx;
    const xd_crs *crs;
    xd_str moved;
    xd_ctx_begin(&cx);
    XD_OK_CALL(&cx, xd_crs_find(&cx, xd_api_crs[1], &crs));
    ck_assert(!xd_filter_to_wgs84(&cx, XD_S("S_EQUALS(p,POINT(117 31))"), false, crs, &moved));
    ck_assert_int_eq(xd_err_take(&cx).code, XD_INVALID);
    xd_ctx_end(&cx);
}
END_TEST

static void address_row(xd_ctx *cx, const xd_str cells[5])
{
    xd_request request = {0};
    xd_refusal refusal = xd_http_address(cx, cells[0], &request);
    int64_t status;
    ck_assert(xd_str_int(cells[1], &status));
    ck_assert_msg(refusal.status == status, XD_FMT ": %d", XD_ARG(cells[0]), refusal.status);
    if (status != 0) {
        return;
    }
    xd_buf params = {0};
    for (size_t i = 0; i < request.n_params; i++) {
        xd_buf_printf(&params, "%s" XD_FMT "=" XD_FMT, i == 0 ? "" : "; ",
                      XD_ARG(request.params[i].name), XD_ARG(request.params[i].value));
    }
    ck_assert_msg(xd_str_eq(request.path, cells[2]) &&
                      xd_str_eq(xd_lang_tag[request.lang], cells[3]) &&
                      xd_str_eq(xd_buf_str(&params), cells[4]),
                  XD_FMT ": " XD_FMT " " XD_FMT, XD_ARG(cells[0]), XD_ARG(request.path),
                  XD_ARG(xd_buf_str(&params)));
    xd_buf_free(&params);
}

START_TEST(addresses_are_taken_apart)
{
    ck_assert_int_gt(each_row(XD_SOURCE "/tests/cases/web/address.tsv", address_row), 20);
}
END_TEST

START_TEST(clients_say_what_they_want)
{
    ck_assert_int_eq(xd_http_wants(XD_S("gzip, br;q=0.5"), XD_S("br")), 500);
    ck_assert_int_eq(xd_http_wants(XD_S("gzip, br;q=0.5"), XD_S("gzip")), 1000);
    ck_assert_int_eq(xd_http_wants(XD_S("gzip;q=0"), XD_S("gzip")), 0);
    ck_assert_int_eq(xd_http_wants(XD_S("*;q=0.25, gzip;q=0"), XD_S("br")), 250);
    ck_assert_int_eq(xd_http_wants((xd_str){0}, XD_S("br")), 0);
    ck_assert(xd_http_tag_matches(XD_S("W/\"a\", \"b-gz\""), XD_S("\"b\"")));
    ck_assert(xd_http_tag_matches(XD_S(" * "), XD_S("\"b\"")));
    ck_assert(!xd_http_tag_matches(XD_S("\"ab\", b"), XD_S("\"b\"")));
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, filters_are_moved);
    tcase_add_test(tests, positions_off_the_globe_are_refused);
    tcase_add_test(tests, addresses_are_taken_apart);
    tcase_add_test(tests, clients_say_what_they_want);
}

XD_TESTS("web/read", add)
