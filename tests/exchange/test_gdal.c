/* What the worker does with GDAL, in this process: lines of ours into GeoPackage and Shapefile, and
 * back; files that must be refused. */
#include "xd_test.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "exchange/frame.h"
#include "exchange/gdal.h"

static xd_ctx cx;

static bool keep(xd_ctx *c, void *user, xd_str frames)
{
    (void)c;
    xd_buf_add(user, frames);
    return true;
}

typedef bool job(xd_ctx *, const xd_reader_in *, xd_emit *);

/* Runs a job and gives the rows it emitted as text: cells joined by |, rows by LF. */
static bool run(job *fn, xd_str bytes, int fd_out, xd_str *ret_rows)
{
    xd_buf frames = {0}, rows = {0};
    xd_emit emit;
    xd_emit_init(&emit, keep, &frames);
    xd_reader_in in = {.bytes = bytes, .name = XD_S("x"), .fd_out = fd_out};
    bool ok = fn(&cx, &in, &emit) && xd_emit_done(&cx, &emit);
    xd_emit_free(&emit);
    xd_frame_reader reader = {.done = false};
    for (size_t at = 0, size = 0; ok && !reader.done; at += size) {
        xd_str rest = xd_str_sub(xd_buf_str(&frames), at, frames.n);
        xd_frame frame;
        ok = xd_frame_size(&cx, rest, &size) && size > 0 &&
             xd_frame_read(&cx, &reader, xd_str_sub(rest, 0, size), &frame);
        for (size_t i = 0; ok && frame.kind == XD_FRAME_ROW && i < frame.row.n; i++) {
            xd_buf_add(&rows, i == 0 ? XD_S("") : XD_S("|"));
            xd_buf_add(&rows, frame.row.cells[i].text);
        }
        if (ok && frame.kind == XD_FRAME_ROW) {
            xd_buf_byte(&rows, '\n');
        }
    }
    xd_frame_reader_free(&reader);
    *ret_rows = xd_buf_copy(&rows, cx.arena);
    xd_buf_free(&rows);
    xd_buf_free(&frames);
    return ok;
}

static const char lines[] =
    "{\"layer\":\"sites\",\"format\":\"%s\",\"epsg\":4490,\"encoding\":\"%s\",\"note\":\"n\","
    "\"fields\":[[\"名称\",\"text\",\"name_zh\"],[\"面积\",\"integer\",\"area\"],[\"比例\","
    "\"real\",\"share\"]]}\n"
    "[1,{\"type\":\"Point\",\"coordinates\":[118.4517,30.5617]},\"泾县宣纸厂\",3642,1.5]\n"
    "[2,{\"type\":\"LineString\",\"coordinates\":[[117,31],[118,32]]},\"淮南铁路\",null,null]\n"
    "[3,null,\"无位置\",7,0.25]\n";

static xd_str written(const char *format, const char *encoding)
{
    xd_str in = xd_str_printf(cx.arena, lines, format, encoding), rows;
    int fd = memfd_create("out", MFD_CLOEXEC);
    XD_OK_CALL(&cx, run(xd_write_gdal, in, fd, &rows));
    off_t n = lseek(fd, 0, SEEK_END);
    ck_assert_int_gt(n, 100);
    char *bytes = xd_arena_take(cx.arena, (size_t)n);
    ck_assert_int_eq(pread(fd, bytes, (size_t)n, 0), n);
    (void)close(fd);
    return (xd_str){bytes, (size_t)n};
}

START_TEST(geopackage_there_and_back)
{
    xd_str rows;
    XD_OK_CALL(&cx, run(xd_read_gdal, written("gpkg", "UTF-8"), -1, &rows));
    XD_STR_IS(
        rows,
        "名称|面积|比例|geometry\n"
        "泾县宣纸厂|3642|1.5|{ \"type\": \"Point\", \"coordinates\": [ 118.4517, 30.5617 ] }\n"
        "淮南铁路|||{ \"type\": \"LineString\", \"coordinates\": [ [ 117.0, 31.0 ], [ 118.0, "
        "32.0 ] ] }\n"
        "无位置|7|0.25|\n");
}
END_TEST

static const char *const encodings[] = {"UTF-8", "GBK"};

START_TEST(shapefile_there_and_back)
{
    xd_str rows;
    XD_OK_CALL(&cx, run(xd_read_gdal, written("shp", encodings[_i]), -1, &rows));
    ck_assert_msg(xd_str_find(rows, XD_S("名称|面积|比例|geometry\n"), 0) != SIZE_MAX, XD_FMT,
                  XD_ARG(rows));
    ck_assert_msg(xd_str_find(rows, XD_S("泾县宣纸厂|3642|1.5|"), 0) != SIZE_MAX, XD_FMT,
                  XD_ARG(rows));
    ck_assert_msg(xd_str_find(rows, XD_S("淮南铁路|||"), 0) != SIZE_MAX, XD_FMT, XD_ARG(rows));
    ck_assert_msg(xd_str_find(rows, XD_S("无位置|7|0.25|\n"), 0) != SIZE_MAX, XD_FMT,
                  XD_ARG(rows));
}
END_TEST

static const char *const hostile[] = {
    "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\"",
    "<OGRVRTDataSource><OGRVRTLayer "
    "name='x'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>",
    "<?xml version='1.0'?><!DOCTYPE kml [<!ENTITY a 'aaaa'>]><kml>&a;</kml>",
    "SQLite format 3",
    "PK\003\004 no archive",
    "nothing at all",
    "",
};

START_TEST(what_is_none_is_refused)
{
    xd_str rows;
    ck_assert_msg(!run(xd_read_gdal, xd_str_of(hostile[_i]), -1, &rows), "%s", hostile[_i]);
    ck_assert_int_eq(cx.err.code, XD_UNREADABLE);
    ck_assert(cx.err.zh.n > 0 && cx.err.en.n > 0);
}
END_TEST

static void setup(void)
{
    xd_ctx_begin(&cx);
    xd_gdal_prepare();
}

static void teardown(void)
{
    xd_ctx_end(&cx);
}

static void add(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, geopackage_there_and_back);
    tcase_add_loop_test(tests, shapefile_there_and_back, 0, XD_LEN(encodings));
    tcase_add_loop_test(tests, what_is_none_is_refused, 0, XD_LEN(hostile));
}

XD_TESTS("exchange/gdal", add)
