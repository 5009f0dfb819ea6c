/* Bodies judged, shown to anybody, named and recognised; cases in tests/cases/body. */
#include "cases.h"
#include "model/body.h"

static const xd_model *load(xd_ctx *cx)
{
    xd_faults faults = {0};
    const xd_model *model = NULL;
    XD_OK_CALL(cx, xd_model_load(cx, XD_SOURCE "/tests/cases/model/kinds", &faults, &model));
    return model;
}

static xd_json *body_from(xd_ctx *cx, xd_str text)
{
    const xd_json *read;
    XD_OK_CALL(cx, xd_json_read(cx, text, &read));
    xd_json *body = xd_json_clone(cx->arena, read);
    if (xd_json_get(body, XD_S("type")) == NULL) {
        xd_json_set(cx->arena, body, XD_S("type"), xd_json_string(cx->arena, XD_S("thing")));
    }
    if (xd_json_get(body, XD_S("state")) == NULL) {
        xd_json_set(cx->arena, body, XD_S("state"), xd_json_string(cx->arena, XD_S("new")));
    }
    return body;
}

static xd_str canonical(xd_ctx *cx, const xd_json *json)
{
    xd_buf text = {0};
    xd_json_canonical(&text, json);
    xd_str out = xd_buf_copy(&text, cx->arena);
    xd_buf_free(&text);
    return out;
}

START_TEST(judged)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    const xd_model *model = load(&cx);
    rows r = rows_open(&cx, XD_SOURCE "/tests/cases/body/check.tsv");
    xd_str c[2];
    int wrong = 0;
    while (rows_next(&r, c, 2)) {
        xd_problems problems = {0};
        xd_buf got = {0};
        XD_OK_CALL(&cx, xd_body_check(&cx, model, body_from(&cx, c[0]), &problems));
        for (size_t i = 0; i < problems.n; i++) {
            xd_buf_printf(&got, "%s" XD_FMT ":%s", i == 0 ? "" : ",",
                          XD_ARG(problems.at[i].field), problems.at[i].code);
        }
        if (!xd_str_eq(xd_buf_str(&got), c[1])) {
            printf("check.tsv:%d: got " XD_FMT ", wanted " XD_FMT "\n", r.line,
                   XD_ARG(xd_buf_str(&got)), XD_ARG(c[1]));
            wrong++;
        }
        xd_buf_free(&got);
    }
    ck_assert_int_eq(wrong, 0);
    xd_ctx_end(&cx);
}
END_TEST

START_TEST(seen_by_anybody)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    const xd_model *model = load(&cx);
    rows r = rows_open(&cx, XD_SOURCE "/tests/cases/body/public.tsv");
    xd_str c[2];
    int wrong = 0;
    while (rows_next(&r, c, 2)) {
        const xd_json *shown;
        XD_OK_CALL(&cx, xd_body_public(&cx, model, body_from(&cx, c[0]), &shown));
        xd_str got = shown == NULL ? XD_S("-") : canonical(&cx, shown);
        if (!xd_str_eq(got, c[1])) {
            printf("public.tsv:%d:\n  got    " XD_FMT "\n  wanted " XD_FMT "\n", r.line,
                   XD_ARG(got), XD_ARG(c[1]));
            wrong++;
        }
    }
    ck_assert_int_eq(wrong, 0);
    xd_ctx_end(&cx);
}
END_TEST

static xd_pos shown_at(xd_ctx *cx, const xd_model *model, xd_pos at)
{
    const xd_json *shown;
    const xd_geom *geom;
    xd_str text = xd_str_printf(
        cx->arena,
        "{\"state\":\"seen\",\"name\":{\"zh\":\"x\"},\"rough\":{\"precision\":\"exact\","
        "\"geometry\":{\"type\":\"Point\",\"coordinates\":[%d,%d]}}}",
        at.lon, at.lat);
    XD_OK_CALL(cx, xd_body_public(cx, model, body_from(cx, text), &shown));
    const xd_json *place = xd_json_get(shown, XD_S("rough"));
    ck_assert_int_eq(xd_value_precision(place), XD_PRECISION_SITE);
    XD_OK_CALL(cx, xd_value_geom(cx, place, &geom));
    return geom->parts[0].rings[0].at[0];
}

/* A coarsened point is never farther than its precision says, is its own coarse point, and tells
 * nothing finer than its cell: few different ones stand for many true ones. */
START_TEST(coarsened)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    const xd_model *model = load(&cx);
    uint64_t s = 88172645463325252u;
    for (int i = 0; i < 500; i++) {
        s ^= s << 13;
        s ^= s >> 7;
        s ^= s << 17;
        xd_pos at = {(int32_t)((int64_t)(s % 3600000000u) - 1800000000),
                     (int32_t)((int64_t)((s >> 32) % 1700000000u) - 850000000)};
        xd_pos coarse = shown_at(&cx, model, at);
        ck_assert_double_le(xd_distance_m(at, coarse), 2000.0 * 1.01);
        xd_pos again = shown_at(&cx, model, coarse);
        ck_assert_int_eq(again.lon, coarse.lon);
        ck_assert_int_eq(again.lat, coarse.lat);
    }
    xd_map *cells = xd_map_make(cx.arena);
    for (int i = 0; i < 40; i++) {
        for (int k = 0; k < 40; k++) { /* 4 km × 4 km in steps of 100 m */
            xd_pos coarse =
                shown_at(&cx, model, (xd_pos){1184500000 + i * 10440, 305600000 + k * 8993});
            xd_map_put(cells, xd_str_printf(cx.arena, "%d %d", coarse.lon, coarse.lat), cells);
        }
    }
    ck_assert_uint_le(xd_map_count(cells), 9);
    xd_ctx_end(&cx);
}
END_TEST

START_TEST(recognised)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    const xd_model *model = load(&cx);
    xd_body_keys keys = {0};
    xd_body_links links = {0};
    xd_json *body = body_from(
        &cx, XD_S("{\"number\":\"341823-X-001\",\"name\":{\"zh\":\"甲　厂（一）\"},"
                  "\"area\":[\"341823\",\"370600\"],\"kin\":[{\"id\":5},{\"text\":\"乙\"}]}"));
    static const char *const wanted[] = {"number=341823x001", "named=甲厂一|341823",
                                         "named=甲厂一|370600"};
    XD_OK_CALL(&cx, xd_body_key_list(&cx, model, body, &keys));
    ck_assert_uint_eq(keys.n, XD_LEN(wanted));
    for (size_t i = 0; i < keys.n; i++) {
        XD_STR_IS(xd_str_printf(cx.arena, XD_FMT "=" XD_FMT, XD_ARG(keys.at[i].kind),
                                XD_ARG(keys.at[i].value)),
                  wanted[i]);
    }
    ck_assert(keys.at[0].unique && !keys.at[1].unique);
    XD_OK_CALL(&cx, xd_body_link_list(&cx, model, body, &links));
    ck_assert_uint_eq(links.n, 1);
    ck_assert_int_eq(links.at[0].to, 5);
    /* A record without divisions is still found by its name. */
    keys = (xd_body_keys){0};
    XD_OK_CALL(&cx,
               xd_body_key_list(&cx, model,
                                body_from(&cx, XD_S("{\"name\":{\"zh\":\"甲厂\"}}")), &keys));
    ck_assert_uint_eq(keys.n, 1);
    XD_STR_IS(keys.at[0].value, "甲厂|");
    xd_ctx_end(&cx);
}
END_TEST

START_TEST(read_aloud)
{
    static const struct {
        const char *field, *value, *zh, *en;
    } cases[] = {
        {"name",  "{\"zh\":\"厂\",\"en\":\"Mill\"}",                                             "厂",                "Mill"               },
        {"name",  "{\"zh\":\"厂\"}",                                                             "厂",                "厂"                },
        {"size",  "{\"n\":\"12.5\",\"unit\":\"m2\"}",                                             "12.5 m2",            "12.5 m2"            },
        {"open",  "true",                                                                         "是",                "Yes"                },
        {"built", "{\"text\":\"光绪十六年\",\"from\":\"1890-01-01\",\"to\":\"1890-12-31\"}",
         "光绪十六年",                                                                                             "1890"               },
        {"built", "{\"text\":\"1953\",\"from\":\"1953-01-01\",\"to\":\"1953-12-31\"}",            "1953年",
         "1953"                                                                                                                              },
        {"built", "{\"text\":\"建厂初期\"}",                                                  "建厂初期",       "建厂初期"       },
        {"sorts", "[\"a\",\"b\"]",                                                                "甲；乙",          "A; B"               },
        {"area",  "[\"341823\"]",                                                                 "宣城市泾县",    "Jingxian, Xuancheng"},
        {"area",  "[\"370600\"]",                                                                 "山东省烟台市", "Yantai, Shandong"   },
        {"area",  "[\"340000\"]",                                                                 "安徽省",          "Anhui"              },
        {"spot",  "{\"geometry\":{\"type\":\"Point\",\"coordinates\":[1184517000,305617000]}}",
         "118.4517, 30.5617",                                                                                           "118.4517, 30.5617"  },
        {"kin",   "[{\"id\":7}]",                                                                 "#7",                 "#7"                 },
        {"box",   "{\"label\":{\"zh\":\"盒\"}}",                                                 "label：盒",        "label: 盒"         },
    };
    xd_ctx cx;
    xd_ctx_begin(&cx);
    const xd_model *model = load(&cx);
    const xd_type *type = xd_type_find(model, XD_S("thing"));
    for (size_t i = 0; i < XD_LEN(cases); i++) {
        const xd_json *value;
        const xd_field *field = xd_field_find(type, xd_str_of(cases[i].field));
        XD_OK_CALL(&cx, xd_json_read(&cx, xd_str_of(cases[i].value), &value));
        cx.lang = XD_ZH;
        XD_STR_IS(xd_value_text(&cx, model, field, value), cases[i].zh);
        cx.lang = XD_EN;
        XD_STR_IS(xd_value_text(&cx, model, field, value), cases[i].en);
    }
    xd_ctx_end(&cx);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, judged);
    tcase_add_test(tests, seen_by_anybody);
    tcase_add_test(tests, coarsened);
    tcase_add_test(tests, recognised);
    tcase_add_test(tests, read_aloud);
}

XD_TESTS("model/body", add)
