/* What a question may cost: counted in units, the same each time, refused past the bound. */
#include "world.h"

#define RECORDS 400

static void begin(world *w)
{
    world_begin(w, XD_SEE_PUBLIC);
    for (int i = 0; i < RECORDS; i++) {
        char json[512];
        (void)snprintf(json, sizeof json,
                       "{\"type\":\"works\",\"state\":\"shown\",\"name\":{\"zh\":\"宣纸厂%d\"},"
                       "\"grade\":\"%s\",\"built\":{\"text\":\"x\",\"from\":\"19%02d-01-01\"},"
                       "\"site\":[{\"geometry\":{\"type\":\"Point\",\"coordinates\":[%d,%d]},"
                       "\"precision\":\"site\"}]}",
                       i, i % 3 == 0 ? "top" : "low", i % 100, 1180000000 + i * 1000,
                       300000000 + i * 777); /* always fits */
        world_put(w, i + 1, json);
        if (i % 50 == 49) {
            XD_OK_CALL(&w->cx, xd_edition_tidy(&w->cx, w->index, SIZE_MAX));
            xd_ctx_reset(&w->cx);
        }
    }
}

static bool count_one(xd_ctx *cx, void *user, xd_hit hit)
{
    (void)cx;
    (void)hit;
    ++*(size_t *)user;
    return true;
}

enum { LIST, FACETS, EACH, TILE, DOTS, SUGGEST, WAYS };

/* Asks in one of the ways; the units it took in *ret_work. */
static bool ask_so(world *w, int way, const xd_ask *ask, uint64_t *ret_work)
{
    xd_ctx *cx = &w->cx;
    const xd_snap *snap = xd_snap_open(cx, w->index);
    const xd_field *grade = xd_field_find(w->works, XD_S("grade"));
    const xd_field *facets[] = {grade, xd_field_find(w->works, XD_S("built"))};
    xd_ask more = *ask;
    const xd_answer *answer;
    const xd_dot *dots;
    const xd_suggestion *list;
    size_t n = 0;
    xd_buf out = {0};
    bool ok = false;
    cx->work = 0;
    if (way == FACETS) {
        more.facets = facets;
        more.n_facets = 2;
    }
    if (way == LIST || way == FACETS)
        ok = xd_ask_run(cx, snap, &more, &answer);
    else if (way == EACH)
        ok = xd_ask_each(cx, snap, ask, count_one, &n);
    else if (way == TILE)
        ok = xd_ask_tile(cx, snap, ask, (xd_tile){5, 26, 13}, grade, &out);
    else if (way == DOTS)
        ok = xd_ask_dots(cx, snap, ask, grade, 100, &dots, &n);
    else
        ok = xd_suggest(cx, snap, w->works, XD_S("xuanzhi"), 5, XD_ZH, &list, &n);
    xd_buf_free(&out);
    *ret_work = cx->work;
    return ok;
}

static void is_refused(world *w, int way, int which)
{
    ck_assert_msg(w->cx.err.code == XD_BUSY, "way %d question %d: code %d", way, which,
                  (int)w->cx.err.code);
    ck_assert_uint_gt(w->cx.err.zh.n, 0);
    ck_assert_uint_gt(w->cx.err.en.n, 0);
    (void)xd_err_take(&w->cx);
}

START_TEST(every_way_has_a_bound)
{
    static const char *const filters[] = {NULL, "name LIKE '%厂7%'", "grade = 'top'",
                                          "built > DATE('1950-01-01') OR name IS NULL",
                                          "S_INTERSECTS(site, POLYGON((118 30, 119 30, 119 31, "
                                          "118 30)))"};
    world w;
    begin(&w);
    for (int way = 0; way < WAYS; way++) {
        for (int i = 0; i < (int)XD_LEN(filters) * 2; i++) {
            const char *filter = filters[i / 2];
            xd_ask ask = {.type = w.works, .limit = 10};
            uint64_t work, again;
            if (way == TILE && filter == NULL)
                ask.has_box = true; /* else it is counted already */
            ask.box =
                (xd_box){117 * XD_DEGREE, 29 * XD_DEGREE, 121 * XD_DEGREE, 33 * XD_DEGREE};
            ask.q = i % 2 == 0 ? (xd_str){0} : XD_S("宣纸厂");
            if (filter != NULL)
                ask.filter = world_filter(&w, w.works, filter);
            xd_index_bound(w.index, 0, 0);
            XD_OK_CALL(&w.cx, ask_so(&w, way, &ask, &work));
            XD_OK_CALL(&w.cx, ask_so(&w, way, &ask, &again));
            ck_assert_uint_eq(work, again);
            ck_assert_uint_gt(work, 20);
            xd_index_bound(w.index, work + 1, 0);
            XD_OK_CALL(&w.cx, ask_so(&w, way, &ask, &again));
            xd_index_bound(w.index, work / 2, 0);
            ck_assert_msg(!ask_so(&w, way, &ask, &again), "way %d question %d of %d units", way,
                          i, (int)work);
            ck_assert_uint_lt(again, work);
            is_refused(&w, way, i);
            ck_assert(!w.cx.overworked);
            xd_ctx_reset(&w.cx);
        }
    }
    world_end(&w);
}
END_TEST

/* What the context lends is shared by its questions, and passing it is told apart. */
START_TEST(lent_work)
{
    world w;
    begin(&w);
    xd_ask ask = {.type = w.works, .limit = 10};
    uint64_t work;
    const xd_answer *answer;
    XD_OK_CALL(&w.cx, ask_so(&w, LIST, &ask, &work));
    w.cx.work = 0;
    w.cx.work_most = work * 5 / 2;
    const xd_snap *snap = xd_snap_open(&w.cx, w.index);
    XD_OK_CALL(&w.cx, xd_ask_run(&w.cx, snap, &ask, &answer));
    XD_OK_CALL(&w.cx, xd_ask_run(&w.cx, snap, &ask, &answer));
    ck_assert(!xd_ask_run(&w.cx, snap, &ask, &answer));
    is_refused(&w, LIST, 0);
    ck_assert(w.cx.overworked);
    world_end(&w);
}
END_TEST

/* A deadline of the past: given up at the first look at the clock, and put back afterwards. */
START_TEST(late)
{
    world w;
    begin(&w);
    xd_ask ask = {.type = w.works, .limit = 10};
    uint64_t work;
    ask.filter = world_filter(&w, w.works, "name LIKE '%厂7%'");
    w.cx.deadline = 1;
    ck_assert(!ask_so(&w, FACETS, &ask, &work));
    ck_assert_int_eq(w.cx.err.code, XD_BUSY);
    ck_assert_int_eq(w.cx.deadline, 1);
    (void)xd_err_take(&w.cx);
    w.cx.deadline = 0;
    xd_index_bound(w.index, 0, 600000);
    XD_OK_CALL(&w.cx, ask_so(&w, FACETS, &ask, &work));
    ck_assert_int_eq(w.cx.deadline, 0);
    world_end(&w);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, every_way_has_a_bound);
    tcase_add_test(tests, lent_work);
    tcase_add_test(tests, late);
}

XD_TESTS("index/bound", add)
