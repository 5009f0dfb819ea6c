/* What is hidden, personal or finer than its public precision is not to be found by any call,
 * however asked. Two worlds that differ only in their secrets must answer alike; and the exact
 * place of a coarsened record is bisected by boxes, distances and tiles. */
#include "geo/tile.h"
#include "world.h"

/* The same records with the given secrets. */
static void begin(world *w, const char *secret, const char *keeper, const char *board, int lon,
                  int lat, const char *draft)
{
    char json[1024];
    world_begin(w, XD_SEE_PUBLIC);
    snprintf(json, sizeof json,
             "{\"type\":\"firm\",\"state\":\"shown\",\"name\":{\"zh\":\"单位\"},\"board\":{"
             "\"zh\":\"%s\"}}",
             board);
    world_put(w, 1, json);
    for (int i = 0; i < 6; i++) {
        snprintf(
            json, sizeof json,
            "{\"type\":\"works\",\"state\":\"shown\",\"number\":\"341823-W-%04d\",\"name\":{"
            "\"zh\":\"厂%d\"},"
            "\"division\":[\"341823\"],\"grade\":\"low\",\"owner\":[{\"id\":1}],"
            "\"secret\":{\"zh\":\"%s%d\"},\"keeper_name\":\"%s\",\"sensitive\":true,"
            "\"about\":{\"secret\":{\"checked_by\":\"%s\"},\"keeper_name\":{\"checked_by\":\"%"
            "s\"}},"
            "\"site\":[{\"geometry\":{\"type\":\"Point\",\"coordinates\":[%d,%d]},"
            "\"precision\":\"exact\",\"raw\":\"%d %d\"}],"
            "\"gate\":{\"geometry\":{\"type\":\"Point\",\"coordinates\":[%d,%d]},\"precision\":"
            "\"exact\"}}",
            i + 1, i, secret, (i * 5) % 6, keeper, secret, keeper, lon + i * 1000,
            lat + i * 700, lon, lat, lon + i, lat + i);
        world_put(w, 10 + i, json);
    }
    world_put(w, 20, draft);
}

static xd_cql hidden(const world *w, const char *name)
{
    return (xd_cql){.op = XD_CQL_PROPERTY, .field = xd_field_find(w->works, xd_str_of(name))};
}

/* Everything an answer says, as text. */
static void tell(world *w, const xd_ask *ask, xd_buf *out)
{
    const xd_answer *a;
    const xd_snap *snap = xd_snap_open(&w->cx, w->index);
    XD_OK_CALL(&w->cx, xd_ask_run(&w->cx, snap, ask, &a));
    xd_buf_printf(out, "%d/%d:", (int)a->matched, (int)a->placeless);
    for (size_t i = 0; i < a->n; i++)
        xd_buf_printf(out, " %d %.3f", (int)a->hits[i].id, a->hits[i].distance_m);
    for (size_t f = 0; f < a->n_facets; f++) {
        for (size_t k = 0; k < a->facets[f].n; k++)
            xd_buf_printf(out, " " XD_FMT "=%d", XD_ARG(a->facets[f].counts[k].code),
                          (int)a->facets[f].counts[k].n);
    }
    const xd_dot *dots;
    size_t n;
    XD_OK_CALL(&w->cx, xd_ask_dots(&w->cx, snap, ask, NULL, 100, &dots, &n));
    for (size_t i = 0; i < n; i++)
        xd_buf_printf(out, " (%d %d %d)", (int)dots[i].id, dots[i].at.lon, dots[i].at.lat);
    for (int z = 0; z <= 20; z += 4) {
        double x, y;
        xd_mercator((xd_pos){1184000000, 307000000}, &x, &y);
        xd_tile tile = {z, (uint32_t)(x * (1 << z)), (uint32_t)(y * (1 << z))};
        xd_buf drawn = {0};
        XD_OK_CALL(&w->cx, xd_ask_tile(&w->cx, snap, ask, tile, NULL, &drawn));
        xd_buf_add(out, xd_buf_str(&drawn));
        xd_buf_free(&drawn);
    }
    xd_buf_byte(out, '\n');
}

static void tell_suggestions(world *w, const char *typed, xd_buf *out)
{
    const xd_suggestion *list;
    size_t n;
    XD_OK_CALL(&w->cx, xd_suggest(&w->cx, xd_snap_open(&w->cx, w->index), NULL,
                                  xd_str_of(typed), 50, XD_ZH, &list, &n));
    for (size_t i = 0; i < n; i++)
        xd_buf_printf(out, XD_FMT "(%d) ", XD_ARG(list[i].text), (int)list[i].n);
}

static void tell_all(world *w, xd_buf *out)
{
    static const char *const questions[] = {
        "",        "密",     "密方",        "mifang", "mf",   "mfx",     "密方3",
        "王五",    "wangwu", "13800138000", "138",    "董事", "dongshi", "暗厂",
        "anchang", "118",    "1184517",     "Secret", "厂",   "单位",    "1"};
    for (size_t i = 0; i < XD_LEN(questions); i++) {
        xd_ask ask = {.q = xd_str_of(questions[i]), .limit = 100};
        tell(w, &ask, out);
        tell_suggestions(w, questions[i], out);
    }
    static const char *const fields[] = {"secret", "keeper_name", "sensitive"};
    for (size_t f = 0; f < XD_LEN(fields); f++) {
        xd_cql p = hidden(w, fields[f]);
        xd_cql text = {.op = XD_CQL_TEXT, .text = XD_S("%密%")},
               yes = {.op = XD_CQL_BOOLEAN, .boolean = true};
        const xd_cql *args[2] = {&p, f == 2 ? &yes : &text};
        xd_cql one = {.op = XD_CQL_IS_NULL, .args = args, .n = 1};
        xd_cql two = {.op = f == 2 ? XD_CQL_EQ : XD_CQL_LIKE, .args = args, .n = 2};
        const xd_cql *inner[1] = {&two};
        xd_cql not = {.op = XD_CQL_NOT, .args = inner, .n = 1};
        const xd_cql *filters[] = {&one, &two, &not };
        for (size_t i = 0; i < XD_LEN(filters); i++) {
            xd_ask ask = {.type = w->works, .filter = filters[i], .limit = 100};
            tell(w, &ask, out);
        }
        for (int down = 0; down < 2; down++) {
            xd_sort sort = {.field = p.field, .descending = down == 1};
            xd_ask ask = {.type = w->works, .sorts = &sort, .n_sorts = 1, .limit = 100};
            tell(w, &ask, out);
        }
    }
    const xd_field *facets[] = {xd_field_find(w->works, XD_S("sensitive"))};
    xd_ask ask = {.type = w->works, .facets = facets, .n_facets = 1, .near = 10, .limit = 100};
    tell(w, &ask, out);
    ask.near = 20;
    tell(w, &ask, out);
    for (int64_t id = 1; id < 25; id++) {
        const xd_json *body;
        int64_t rev;
        XD_OK_CALL(&w->cx,
                   xd_snap_body(&w->cx, xd_snap_open(&w->cx, w->index), id, &body, &rev));
        if (body != NULL)
            xd_json_canonical(out, body);
    }
    static const char *const keys[] = {"20", "341823-W-0099", "密方0", "13800138000", "10"};
    for (size_t i = 0; i < XD_LEN(keys); i++)
        xd_buf_printf(
            out, " %d",
            (int)xd_snap_find(xd_snap_open(&w->cx, w->index), NULL, xd_str_of(keys[i])));
}

START_TEST(alike_whatever_is_hidden)
{
    world a, b;
    xd_buf told_a = {0}, told_b = {0};
    begin(&a, "密方", "王五 13800138000", "董事", 1184517000, 305617000,
          "{\"type\":\"works\",\"state\":\"draft\",\"number\":\"341823-W-0099\",\"name\":{"
          "\"zh\":\"暗厂\"}}");
    begin(&b, "别的", "赵六 13900139000", "外人", 1184547000, 305637000,
          "{\"type\":\"works\",\"state\":\"gone\",\"name\":{\"zh\":\"没有\"}}");
    tell_all(&a, &told_a);
    tell_all(&b, &told_b);
    ck_assert_uint_gt(told_a.n, 2000);
    ck_assert(!told_a.failed && !told_b.failed);
    size_t same = 0;
    while (same < told_a.n && same < told_b.n && told_a.p[same] == told_b.p[same])
        same++;
    ck_assert_msg(same == told_a.n && same == told_b.n, "secrets show at %zu: %.60s / %.60s",
                  same, told_a.p + same, told_b.p + same);
    /* The secrets, planted in each such place, are nowhere; operators_see_all finds them. */
    static const char *const secrets[] = {"密方", "王五", "138001", "董事", "暗厂"};
    for (size_t i = 0; i < XD_LEN(secrets); i++)
        ck_assert_uint_eq(xd_str_find(xd_buf_str(&told_a), xd_str_of(secrets[i]), 0), SIZE_MAX);
    xd_buf_free(&told_a);
    xd_buf_free(&told_b);
    world_end(&a);
    world_end(&b);
}
END_TEST

START_TEST(operators_see_all)
{
    world w;
    world_begin(&w, XD_SEE_ALL);
    world_put(&w, 10,
              "{\"type\":\"works\",\"state\":\"draft\",\"name\":{\"zh\":\"暗厂\"},\"secret\":{"
              "\"zh\":\"密方\"}}");
    xd_ask ask = {.q = XD_S("密方"), .limit = 10};
    ck_assert_str_eq(world_ids(&w, &ask), "10");
    ask.q = XD_S("暗厂");
    ck_assert_str_eq(world_ids(&w, &ask), "10");
    world_end(&w);
}
END_TEST

static uint64_t in_box(world *w, xd_box box)
{
    const xd_answer *a;
    xd_ask ask = {.type = w->works, .has_box = true, .box = box};
    XD_OK_CALL(&w->cx, xd_ask_run(&w->cx, xd_snap_open(&w->cx, w->index), &ask, &a));
    return a->matched;
}

/* Halving boxes around a record leads to its public place and nowhere else. */
START_TEST(boxes_bisect_to_the_public_place)
{
    world w;
    begin(&w, "密", "王", "董", 1184517000, 305617000,
          "{\"type\":\"works\",\"state\":\"draft\",\"name\":{\"zh\":\"暗\"}}");
    xd_box box = {1170000000, 290000000, 1200000000, 320000000};
    ck_assert_uint_eq(in_box(&w, box), 6);
    for (int i = 0; i < 80 && (box.west < box.east || box.south < box.north); i++) {
        xd_box half = box;
        if (i % 2 == 0)
            half.east = box.west + (box.east - box.west) / 2;
        else
            half.north = box.south + (box.north - box.south) / 2;
        if (in_box(&w, half) == 0) {
            half = box;
            if (i % 2 == 0)
                half.west = box.west + (box.east - box.west) / 2 + (box.west < box.east);
            else
                half.south = box.south + (box.north - box.south) / 2 + (box.south < box.north);
        }
        box = half;
        ck_assert_uint_eq(in_box(&w, box), 6);
        xd_ctx_reset(&w.cx);
    }
    ck_assert_int_eq(box.west, 1184000000); /* the seat of the division */
    ck_assert_int_eq(box.south, 307000000);
    ck_assert_uint_eq(in_box(&w, (xd_box){1184517000 - 20000, 305617000 - 20000,
                                          1184517000 + 20000, 305617000 + 20000}),
                      0);
    world_end(&w);
}
END_TEST

START_TEST(tiles_hold_nothing_at_the_exact_place)
{
    world w;
    begin(&w, "密", "王", "董", 1184517000, 305617000,
          "{\"type\":\"works\",\"state\":\"draft\",\"name\":{\"zh\":\"暗\"}}");
    xd_ask ask = {.type = w.works};
    for (int z = 12; z <= 22; z++) {
        double x, y;
        xd_mercator((xd_pos){1184517000, 305617000}, &x, &y);
        xd_tile tile = {z, (uint32_t)(x * (1 << z)), (uint32_t)(y * (1 << z))};
        xd_buf out = {0};
        XD_OK_CALL(&w.cx,
                   xd_ask_tile(&w.cx, xd_snap_open(&w.cx, w.index), &ask, tile, NULL, &out));
        ck_assert_uint_eq(out.n, 0);
        xd_buf_free(&out);
    }
    world_end(&w);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, alike_whatever_is_hidden);
    tcase_add_test(tests, operators_see_all);
    tcase_add_test(tests, boxes_bisect_to_the_public_place);
    tcase_add_test(tests, tiles_hold_nothing_at_the_exact_place);
}

XD_TESTS("index/secrets", add)
