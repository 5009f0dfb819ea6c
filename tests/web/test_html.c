/* Holes, words, addresses and Markdown: what must never let markup or a foreign address through. */
#include "web/html.h"
#include "web/markdown.h"
#include "web/url.h"
#include "web/words.h"
#include "xd_test.h"

static xd_ctx cx;
static xd_buf buf;

static void setup(void)
{
    xd_ctx_begin(&cx);
}

static void teardown(void)
{
    xd_buf_free(&buf);
    xd_ctx_end(&cx);
}

static const char *written(void)
{
    xd_buf_byte(&buf, '\0');
    buf.n--;
    return buf.p;
}

START_TEST(text_is_escaped_wherever_it_stands)
{
    xd_out out = {.b = &buf, .lang = XD_ZH};
    xd_str s = XD_S("<a href=\"x\" title='y'>&");
    xd_put_text(&out, s);
    ck_assert_str_eq(written(), "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;");
    xd_buf_clear(&buf);
    xd_put_attr(&out, s);
    ck_assert_str_eq(written(), "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;");
    xd_buf_clear(&buf);
    xd_put_part(&out, XD_S("a/b?c=宣"));
    ck_assert_str_eq(written(), "a%2Fb%3Fc%3D%E5%AE%A3");
}
END_TEST

START_TEST(other_languages_are_marked_in_text_only)
{
    xd_out out = {.b = &buf, .lang = XD_ZH};
    xd_said said = {.text = XD_S("Mill & co"), .lang = XD_S("en")};
    xd_put_text(&out, said);
    ck_assert_str_eq(written(), "<span lang=\"en\">Mill &amp; co</span>");
    xd_buf_clear(&buf);
    xd_put_attr(&out, said);
    ck_assert_str_eq(written(), "Mill &amp; co");
    xd_buf_clear(&buf);
    said.lang = XD_S("zh");
    xd_put_text(&out, said);
    ck_assert_str_eq(written(), "Mill &amp; co");
}
END_TEST

START_TEST(numbers_are_grouped_in_text_and_bare_in_attributes)
{
    xd_out out = {.b = &buf, .lang = XD_EN};
    xd_put_text(&out, (uint64_t)1234567);
    xd_buf_byte(&buf, ' ');
    xd_put_attr(&out, (uint64_t)1234567);
    xd_buf_byte(&buf, ' ');
    xd_put_text(&out, (int64_t)-5);
    out.lang = XD_ZH;
    xd_buf_byte(&buf, ' ');
    xd_put_text(&out, 1954);
    ck_assert_str_eq(written(), "1,234,567 1234567 -5 1954");
}
END_TEST

START_TEST(an_island_cannot_end_its_script)
{
    xd_out out = {.b = &buf, .lang = XD_ZH};
    xd_json *thing = xd_json_object(cx.arena);
    xd_json_set(cx.arena, thing, XD_S("name"),
                xd_json_string(cx.arena, XD_S("</script><script>\xe2\x80\xa8&\xe2\x80\xa9")));
    xd_put_island(&out, thing);
    ck_assert_str_eq(written(),
                     "<script type=\"application/ld+json\">{\"name\":\"\\u003c/script\\u003e"
                     "\\u003cscript\\u003e\\u2028\\u0026\\u2029\"}</script>");
}
END_TEST

START_TEST(words_fill_their_holes)
{
    const xd_fill one[] = {
        {.hole = "n", .number = 1}
    };
    const xd_fill many[] = {
        {.hole = "n", .number = 3}
    };
    const xd_fill other[] = {
        {.hole = "x", .number = 3}
    };
    XD_STR_IS(xd_word_fill(cx.arena, XD_EN, XD_W_LIST_FOUND, one, 1), "1 entry found");
    XD_STR_IS(xd_word_fill(cx.arena, XD_EN, XD_W_LIST_FOUND, many, 1), "3 entries found");
    XD_STR_IS(xd_word_fill(cx.arena, XD_ZH, XD_W_LIST_FOUND, many, 1), "找到 3 条");
    XD_STR_IS(xd_word_fill(cx.arena, XD_ZH, XD_W_LIST_FOUND, other, 1), "找到 {n} 条");
}
END_TEST

START_TEST(addresses_of_others_are_web_addresses_or_nothing)
{
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"https://a.cn/b?c=d&e=f",   "https://a.cn/b?c=d&e=f"           },
        {"http://a.cn/宣 纸",      "http://a.cn/%E5%AE%A3%20%E7%BA%B8"},
        {" https://a.cn/ ",          "https://a.cn/"                    },
        {"javascript:alert(1)",      ""                                 },
        {"JAVASCRIPT:alert(1)",      ""                                 },
        {"data:text/html,x",         ""                                 },
        {"//a.cn/",                  ""                                 },
        {"own knowledge; to verify", ""                                 },
        {"https://a.cn/\"><script>", "https://a.cn/%22%3E%3Cscript%3E"  },
        {"",                         ""                                 },
    };
    for (size_t i = 0; i < XD_LEN(cases); i++) {
        XD_STR_IS(xd_url_outside(&cx, xd_str_of(cases[i].in)).address, cases[i].out);
    }
    XD_STR_IS(xd_url_tel(&cx, XD_S("0563-560 0000 转 1")).address, "tel:0563-56000001");
    XD_STR_IS(xd_url_tel(&cx, XD_S("无")).address, "");
    XD_STR_IS(xd_url_mail(&cx, XD_S("a@b.cn")).address, "mailto:a@b.cn");
    XD_STR_IS(xd_url_mail(&cx, XD_S("a@b@c")).address, "");
    XD_STR_IS(xd_url_geo(&cx, 1184517000, -305617000).address, "geo:-30.56170,118.45170");
}
END_TEST

START_TEST(own_addresses_keep_language_and_encode_parts)
{
    const xd_str parts[] = {XD_S("heri/tage"), XD_S("a b")};
    XD_STR_IS(xd_url_path(&cx, XD_ZH, "/{}/{}", parts, 2).address, "/heri%2Ftage/a%20b");
    XD_STR_IS(xd_url_path(&cx, XD_EN, "/{}/{}", parts, 2).address, "/en/heri%2Ftage/a%20b");
    XD_STR_IS(xd_url_path(&cx, XD_ZH, "/", NULL, 0).address, "/");
    XD_STR_IS(xd_url_path(&cx, XD_EN, "/", NULL, 0).address, "/en");

    const xd_param params[] = {
        {.name = XD_S("q"), .value = XD_S("宣&纸")},
        {.name = XD_S("q"), .value = XD_S("2")      },
        {.name = XD_S("x"), .value = XD_S("")       },
    };
    xd_request request = {.path = XD_S("/a/b c"), .params = params, .n_params = 3};
    XD_STR_IS(xd_url_in(&cx, &request, XD_EN).address,
              "/en/a/b%20c?q=%E5%AE%A3%26%E7%BA%B8&q=2&x=");
    request = (xd_request){.path = XD_S("/")};
    XD_STR_IS(xd_url_in(&cx, &request, XD_ZH).address, "/");
    XD_STR_IS(xd_url_in(&cx, &request, XD_EN).address, "/en");
}
END_TEST

START_TEST(a_query_gives_and_takes)
{
    xd_query query = {0};
    xd_query_add(&cx, &query, XD_S("a"), XD_S("1"));
    xd_query_add(&cx, &query, XD_S("a"), XD_S("2"));
    xd_query_add(&cx, &query, XD_S("b"), XD_S(""));
    ck_assert(xd_query_has(&query, XD_S("a"), XD_S("2")));
    xd_query left = xd_query_minus(&cx, &query, XD_S("a"), XD_S("1"));
    XD_STR_IS(xd_url_query(&cx, (xd_url){XD_S("/x")}, &left).address, "/x?a=2&b=");
    left = xd_query_without(&cx, &query, XD_S("a"));
    XD_STR_IS(xd_url_query(&cx, (xd_url){XD_S("/x")}, &left).address, "/x?b=");
    left = xd_query_without(&cx, &left, XD_S("b"));
    XD_STR_IS(xd_url_query(&cx, (xd_url){XD_S("/x")}, &left).address, "/x");
    xd_query_set(&cx, &query, XD_S("a"), XD_S("3"));
    XD_STR_IS(xd_url_query(&cx, (xd_url){XD_S("/x")}, &query).address, "/x?b=&a=3");
}
END_TEST

START_TEST(markdown_lets_no_markup_and_no_foreign_fetch_through)
{
    static const struct {
        const char *in, *has, *hasnt;
    } cases[] = {
        {"# A\n\n- b\n",                     "<h1>A</h1>",             NULL        },
        {"<script>alert(1)</script>\n",      "",                       "<script"   },
        {"a <img src=x onerror=alert(1)> b", "a ",                     "onerror"   },
        {"[x](javascript:alert(1))",         "<a href=\"\">x</a>",     "javascript"},
        {"[x](JaVaScRiPt:alert(1))",         "<a href=\"\">x</a>",     "Script"    },
        {"[x](https://a.cn/)",               "href=\"https://a.cn/\"", NULL        },
        {"[x](/about/data)",                 "href=\"/about/data\"",   NULL        },
        {"[x](//evil.cn/)",                  "<a href=\"\">x</a>",     "evil"      },
        {"![x](https://evil.cn/a.png)",      "alt=\"x\"",              "evil"      },
        {"[x](data:text/html,y)",            "<a href=\"\">x</a>",     "data:"     },
    };
    for (size_t i = 0; i < XD_LEN(cases); i++) {
        xd_html html;
        XD_OK_CALL(&cx, xd_markdown(&cx, xd_str_of(cases[i].in), &html));
        ck_assert_msg(xd_str_find(html.markup, xd_str_of(cases[i].has), 0) != SIZE_MAX,
                      "%s gave " XD_FMT, cases[i].in, XD_ARG(html.markup));
        if (cases[i].hasnt != NULL) {
            ck_assert_msg(xd_str_find(html.markup, xd_str_of(cases[i].hasnt), 0) == SIZE_MAX,
                          "%s gave " XD_FMT, cases[i].in, XD_ARG(html.markup));
        }
    }
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, text_is_escaped_wherever_it_stands);
    tcase_add_test(tests, other_languages_are_marked_in_text_only);
    tcase_add_test(tests, numbers_are_grouped_in_text_and_bare_in_attributes);
    tcase_add_test(tests, an_island_cannot_end_its_script);
    tcase_add_test(tests, words_fill_their_holes);
    tcase_add_test(tests, addresses_of_others_are_web_addresses_or_nothing);
    tcase_add_test(tests, own_addresses_keep_language_and_encode_parts);
    tcase_add_test(tests, a_query_gives_and_takes);
    tcase_add_test(tests, markdown_lets_no_markup_and_no_foreign_fetch_through);
}

XD_TESTS("web/html", add)
