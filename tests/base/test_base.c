#include "xd_test.h"

#include "base/file.h"
#include "base/json.h"
#include "base/map.h"

#include <unistd.h>

static xd_ctx cx;

START_TEST(utf8_is_strict)
{
    ck_assert_uint_eq(xd_utf8_valid(XD_S("泾县宣纸厂𠮷")), 19);
    ck_assert_uint_eq(xd_utf8_valid(XD_S("a\xc0\x80")), 1);         /* overlong NUL */
    ck_assert_uint_eq(xd_utf8_valid(XD_S("a\xed\xa0\x80")), 1);     /* surrogate */
    ck_assert_uint_eq(xd_utf8_valid(XD_S("a\xf4\x90\x80\x80")), 1); /* past U+10FFFF */
    ck_assert_uint_eq(xd_utf8_valid(XD_S("a\xe5\xae")), 1);         /* cut off */
    ck_assert_uint_eq(xd_utf8_count(XD_S("宣纸 Xuan")), 7);
    char out[4];
    ck_assert_uint_eq(xd_utf8_put(0xd800, out), 0);
    ck_assert_uint_eq(xd_utf8_put(0x20bb7, out), 4);
}
END_TEST

START_TEST(slices)
{
    XD_STR_IS(xd_str_trim(XD_S("\xe3\x80\x80 宣纸\xc2\xa0\n")), "宣纸");
    xd_str rest = XD_S("a,,b"), part;
    const char *want[] = {"a", "", "b"};
    for (int i = 0; i < 3; i++) {
        ck_assert(xd_str_cut(&rest, ',', &part));
        XD_STR_IS(part, want[i]);
    }
    ck_assert(!xd_str_cut(&rest, ',', &part));
    int64_t v;
    ck_assert(xd_str_int(XD_S("-9223372036854775808"), &v) && v == INT64_MIN);
    ck_assert(!xd_str_int(XD_S("9223372036854775808"), &v));
    ck_assert(!xd_str_int(XD_S(""), &v) && !xd_str_int(XD_S("-"), &v) &&
              !xd_str_int(XD_S("1 "), &v));
    ck_assert_uint_eq(xd_str_find(XD_S("abab"), XD_S("ab"), 1), 2);
    ck_assert_uint_eq(xd_str_find(XD_S("ab"), XD_S("abc"), 0), SIZE_MAX);
}
END_TEST

START_TEST(escapes)
{
    xd_buf b = {0};
    xd_buf_html(&b, XD_S("<a href=\"x\" title='y'>&\x01\xff</a>"));
    XD_STR_IS(xd_buf_str(&b), "&lt;a href=&quot;x&quot; "
                              "title=&#39;y&#39;&gt;&amp;\xef\xbf\xbd\xef\xbf\xbd&lt;/a&gt;");
    xd_buf_clear(&b);
    xd_buf_url(&b, XD_S("宣 纸/a.b"));
    XD_STR_IS(xd_buf_str(&b), "%E5%AE%A3%20%E7%BA%B8%2Fa.b");
    xd_buf_clear(&b);
    xd_buf_json(&b, XD_S("\"\\\b\f\n\r\t\x1f</script>\xe2\x80\xa8"), true);
    XD_STR_IS(xd_buf_str(&b), "\"\\\"\\\\\\b\\f\\n\\r\\t\\u001f\\u003c/script\\u003e\\u2028\"");
    xd_buf_clear(&b);
    b.max = 4;
    xd_buf_add(&b, XD_S("12345"));
    ck_assert(b.failed);
    xd_buf_free(&b);
}
END_TEST

static const struct {
    const char *text;
    bool good;
} json_cases[] = {
    {"{\"b\":1,\"a\":[true,false,null,\"\\u5ba3\\ud842\\udfb7\"]}", true },
    {" [ ] ",                                                       true },
    {"-0",                                                          true },
    {"1e5",                                                         true },
    {"01",                                                          false},
    {"1.",                                                          false},
    {"+1",                                                          false},
    {"[1,]",                                                        false},
    {"{\"a\":1,\"a\":2}",                                           false},
    {"\"\\ud842\"",                                                 false},
    {"\"\\udfb7\"",                                                 false},
    {"\"a\nb\"",                                                    false},
    {"\"a",                                                         false},
    {"\"\\x\"",                                                     false},
    {"nul",                                                         false},
    {"1 2",                                                         false},
    {"",                                                            false},
    {"\"\xff\"",                                                    false},
    {"{\"a\" 1}",                                                   false},
    {"{a:1}",                                                       false},
    {"{",                                                           false},
};

START_TEST(json_is_strict)
{
    const xd_json *value;
    bool good = xd_json_read(&cx, xd_str_of(json_cases[_i].text), &value);
    ck_assert_msg(good == json_cases[_i].good, "%s", json_cases[_i].text);
    if (!good) {
        ck_assert_int_eq(cx.err.code, XD_INVALID);
        ck_assert(cx.err.zh.n > 0 && cx.err.en.n > 0);
    }
}
END_TEST

START_TEST(json_depth_is_bounded)
{
    xd_buf deep = {0};
    for (int i = 0; i < 100000; i++) {
        xd_buf_byte(&deep, '[');
    }
    const xd_json *value;
    ck_assert(!xd_json_read(&cx, xd_buf_str(&deep), &value));
    xd_buf_free(&deep);
}
END_TEST

START_TEST(json_double_keys_in_long_objects)
{
    xd_buf text = {0};
    xd_buf_byte(&text, '{');
    for (int i = 0; i < 100; i++) {
        xd_buf_printf(&text, "\"k%d\":%d,", i, i);
    }
    xd_buf_add(&text, XD_S("\"k50\":1}"));
    const xd_json *value;
    ck_assert(!xd_json_read(&cx, xd_buf_str(&text), &value));
    xd_buf_free(&text);
}
END_TEST

START_TEST(json_canonical)
{
    const xd_json *value;
    XD_OK_CALL(&cx,
               xd_json_read(&cx,
                            XD_S("{ \"b\": [1, 2], \"a\": {\"z\": \"\\u5ba3\", \"B\": true} }"),
                            &value));
    xd_buf out = {0};
    xd_json_canonical(&out, value);
    XD_STR_IS(xd_buf_str(&out), "{\"a\":{\"B\":true,\"z\":\"宣\"},\"b\":[1,2]}");
    xd_buf_free(&out);
    ck_assert(xd_json_canonical_ok(value));
    static const char *const refused[] = {
        "{\"a\":null}", "{\"a\":\"\"}", "{\"a\":[]}", "{\"a\":{}}",
        "{\"a\":1.5}",  "{\"宣\":1}",   "{\"a\":-0}", "{\"a\":9007199254740992}"};
    for (size_t i = 0; i < XD_LEN(refused); i++) {
        XD_OK_CALL(&cx, xd_json_read(&cx, xd_str_of(refused[i]), &value));
        ck_assert_msg(!xd_json_canonical_ok(value), "%s", refused[i]);
    }
}
END_TEST

START_TEST(maps_keep_order)
{
    xd_map *map = xd_map_make(cx.arena);
    for (uintptr_t i = 1; i <= 1000; i++) {
        xd_map_put(map, xd_str_printf(cx.arena, "k%zu", (size_t)i), (void *)i);
    }
    xd_map_put(map, XD_S("k7"), (void *)(uintptr_t)5000);
    ck_assert_uint_eq(xd_map_count(map), 1000);
    ck_assert_uint_eq((uintptr_t)xd_map_get(map, XD_S("k7")), 5000);
    ck_assert_ptr_null(xd_map_get(map, XD_S("k1001")));
    xd_str key;
    void *value;
    xd_map_each(map, 999, &key, &value);
    XD_STR_IS(key, "k1000");
}
END_TEST

START_TEST(errors_keep_the_first_cause)
{
    ck_assert(!xd_fail(&cx, XD_ABSENT, "no row"));
    ck_assert(!xd_fail_note(&cx, "reading record %d", 7));
    ck_assert(!xd_fail(&cx, XD_BUSY, "later"));
    ck_assert_int_eq(cx.err.code, XD_ABSENT);
    XD_STR_IS(cx.err.message, "later: reading record 7: no row");
    xd_err taken = xd_err_take(&cx);
    ck_assert_int_eq(taken.code, XD_ABSENT);
    ck_assert_int_eq(cx.err.code, XD_OK);
    static const volatile int stop = 1;
    cx.stop = &stop;
    ck_assert(!xd_go_on(&cx));
    ck_assert_int_eq(cx.err.code, XD_CANCELLED);
}
END_TEST

START_TEST(files_are_replaced_whole)
{
    char folder[] = "/tmp/xd-base-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    char *deep = xd_cstr(cx.arena, xd_str_printf(cx.arena, "%s/a/b", folder));
    XD_OK_CALL(&cx, xd_dir_make(&cx, deep));
    char *path = xd_cstr(cx.arena, xd_str_printf(cx.arena, "%s/x", deep));
    XD_OK_CALL(&cx, xd_file_replace(&cx, path, XD_S("one"), 0600));
    XD_OK_CALL(&cx, xd_file_replace(&cx, path, XD_S("two"), 0600));
    xd_str bytes;
    XD_OK_CALL(&cx, xd_file_read(&cx, path, 10, &bytes));
    XD_STR_IS(bytes, "two");
    ck_assert(!xd_file_read(&cx, path, 2, &bytes));
    ck_assert_int_eq(xd_err_take(&cx).code, XD_LIMIT);
    xd_strs names;
    XD_OK_CALL(&cx, xd_dir_list(&cx, deep, &names));
    ck_assert_uint_eq(names.n, 1); /* nothing is left beside it */
    (void)unlink(path);
    (void)rmdir(deep);
    (void)rmdir(xd_cstr(cx.arena, xd_str_printf(cx.arena, "%s/a", folder)));
    (void)rmdir(folder);
}
END_TEST

static void setup(void)
{
    xd_ctx_begin(&cx);
}

static void teardown(void)
{
    xd_ctx_end(&cx);
}

static void add(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, utf8_is_strict);
    tcase_add_test(tests, slices);
    tcase_add_test(tests, escapes);
    tcase_add_loop_test(tests, json_is_strict, 0, XD_LEN(json_cases));
    tcase_add_test(tests, json_depth_is_bounded);
    tcase_add_test(tests, json_double_keys_in_long_objects);
    tcase_add_test(tests, json_canonical);
    tcase_add_test(tests, maps_keep_order);
    tcase_add_test(tests, errors_keep_the_first_cause);
    tcase_add_test(tests, files_are_replaced_whole);
}

XD_TESTS("base/base", add)
