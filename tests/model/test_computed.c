/* Computed values beside sums done by hand: random trees of jobs and papers. */
#include "model/computed.h"

#include <math.h>

#include "xd_test.h"

#define JOBS 24
#define PAPERS 60
#define TODAY 20000

typedef struct paper {
    bool there, sample, has_pages;
    int pages; /* hundredths */
    int job[2];
} paper;
typedef struct job {
    bool there, sample, has_due, has_want, has_begun, finished;
    int over; /* -1: none; may be in a circle */
    int32_t begun, due;
    int want;
} job;

typedef struct game {
    xd_ctx cx, model_cx;
    const xd_model *model;
    const xd_type *jobs, *papers;
    job job[JOBS];
    paper paper[PAPERS];
    const xd_json *body[JOBS + PAPERS]; /* ids are the place + 1 */
    xd_kin_source source;
    uint64_t seed;
} game;

static unsigned rnd(game *g, unsigned below)
{
    g->seed ^= g->seed << 13;
    g->seed ^= g->seed >> 7;
    g->seed ^= g->seed << 17;
    return (unsigned)((g->seed >> 20) % below);
}

static bool of_id(xd_ctx *cx, void *user, int64_t id, const xd_json **ret_body)
{
    const game *g = user;
    (void)cx;
    *ret_body = id < 1 || id > JOBS + PAPERS ? NULL : g->body[id - 1];
    return true;
}

static bool linked(xd_ctx *cx, void *user, const xd_type *type, const xd_field *link,
                   int64_t id, bool samples, int64_t **ret_ids, size_t *ret_n)
{
    const game *g = user;
    int64_t *ids = xd_new_n(cx->arena, int64_t, JOBS + PAPERS);
    size_t n = 0;
    for (int64_t at = 0; at < JOBS + PAPERS; at++) {
        const xd_json *body = g->body[at];
        if (body == NULL || xd_body_type(g->model, body) != type ||
            (!samples && xd_body_sample(type, body))) {
            continue;
        }
        for (size_t k = 0; k < xd_value_count(link, body); k++) {
            if (xd_json_get_int(xd_value(link, body, k), XD_S("id"), 0) == id) {
                ids[n++] = at + 1;
            }
        }
    }
    *ret_ids = ids;
    *ret_n = n;
    return true;
}

static void begin(game *g, uint64_t seed)
{
    xd_faults faults = {0};
    *g = (game){.seed = seed};
    xd_ctx_begin(&g->cx);
    xd_ctx_begin(&g->model_cx);
    bool ok = xd_model_load(&g->model_cx, XD_SOURCE "/tests/cases/model/computed", &faults,
                            &g->model);
    for (size_t i = 0; i < faults.n; i++) {
        printf(XD_FMT ":%d: " XD_FMT "\n", XD_ARG(faults.at[i].file), faults.at[i].line,
               XD_ARG(faults.at[i].reason));
    }
    XD_OK_CALL(&g->model_cx, ok);
    g->jobs = xd_type_find(g->model, XD_S("job"));
    g->papers = xd_type_find(g->model, XD_S("paper"));
    g->source = (xd_kin_source){.user = g, .today = TODAY, .linked = linked, .body = of_id};
}

static void end(game *g)
{
    xd_ctx_end(&g->cx);
    xd_ctx_end(&g->model_cx);
}

static void put(game *g, int at, xd_buf *text)
{
    XD_OK_CALL(&g->cx, xd_json_read(&g->cx, xd_buf_copy(text, g->cx.arena), &g->body[at]));
    xd_problems problems = {0};
    XD_OK_CALL(&g->cx, xd_body_check(&g->cx, g->model, g->body[at], &problems));
    ck_assert_msg(!xd_problems_refuse(&problems), XD_FMT, XD_ARG(xd_buf_str(text)));
    xd_buf_free(text);
}

static void put_day(game *g, xd_buf *b, const char *name, int32_t day)
{
    xd_str text = xd_day_text(g->cx.arena, day);
    xd_buf_printf(b, "\"%s\":{\"from\":\"" XD_FMT "\",\"to\":\"" XD_FMT "\"},", name,
                  XD_ARG(text), XD_ARG(text));
}

static void deal(game *g, bool circles)
{
    for (int i = 0; i < JOBS; i++) {
        job *j = &g->job[i];
        xd_buf b = {0};
        *j = (job){.there = rnd(g, 10) > 0,
                   .sample = rnd(g, 8) == 0,
                   .has_due = rnd(g, 3) > 0,
                   .has_want = rnd(g, 2) > 0,
                   .has_begun = rnd(g, 2) > 0,
                   .finished = rnd(g, 4) == 0};
        j->over = rnd(g, 3) == 0 || i == 0 ? -1 : (int)rnd(g, circles ? JOBS : (unsigned)i);
        j->begun = TODAY - 200 + (int32_t)rnd(g, 250);
        j->due = TODAY - 30 + (int32_t)rnd(g, 200);
        j->want = (int)rnd(g, 6);
        if (!j->there) {
            g->body[i] = NULL;
            continue;
        }
        xd_buf_printf(&b, "{");
        if (j->has_begun) {
            put_day(g, &b, "begun", j->begun);
        }
        if (j->has_due) {
            put_day(g, &b, "due", j->due);
        }
        if (j->finished) {
            xd_buf_printf(&b, "\"finished\":true,");
        }
        if (j->over >= 0) {
            xd_buf_printf(&b, "\"over\":{\"id\":%d},", j->over + 1);
        }
        xd_buf_printf(&b, "\"state\":\"%s\",\"type\":\"job\"", j->sample ? "made_up" : "open");
        if (j->has_want) {
            xd_buf_printf(&b, ",\"want\":{\"n\":\"%d\"}", j->want);
        }
        xd_buf_printf(&b, "}");
        put(g, i, &b);
    }
    for (int i = 0; i < PAPERS; i++) {
        paper *p = &g->paper[i];
        xd_buf b = {0};
        *p = (paper){.there = rnd(g, 10) > 0,
                     .sample = rnd(g, 8) == 0,
                     .has_pages = rnd(g, 5) > 0,
                     .pages = (int)rnd(g, 150) * 100 + (int)rnd(g, 2) * 25};
        p->job[0] = (int)rnd(g, JOBS);
        p->job[1] = rnd(g, 3) == 0 ? (p->job[0] + 1) % JOBS : -1;
        if (!p->there) {
            g->body[JOBS + i] = NULL;
            continue;
        }
        xd_buf_printf(&b, "{\"job\":[{\"id\":%d}", p->job[0] + 1);
        if (p->job[1] >= 0) {
            xd_buf_printf(&b, ",{\"id\":%d}", p->job[1] + 1);
        }
        xd_buf_printf(&b, "]");
        if (p->has_pages && p->pages % 100 != 0) {
            xd_buf_printf(&b, ",\"pages\":{\"n\":\"%d.25\"}", p->pages / 100);
        } else if (p->has_pages) {
            xd_buf_printf(&b, ",\"pages\":{\"n\":\"%d\"}", p->pages / 100);
        }
        xd_buf_printf(&b, ",\"state\":\"%s\",\"type\":\"paper\"}",
                      p->sample ? "made_up" : "open");
        put(g, JOBS + i, &b);
    }
}

/* ---- by hand -------------------------------------------------------------------------------- */

static bool counts(const game *g, int of, bool sample)
{
    return g->job[of].sample || !sample;
}

static int papers_of(const game *g, int at, int least, double *ret_pages, bool *ret_any)
{
    int n = 0;
    *ret_pages = 0;
    *ret_any = false;
    for (int i = 0; i < PAPERS; i++) {
        const paper *p = &g->paper[i];
        if (!p->there || (p->job[0] != at && p->job[1] != at) || !counts(g, at, p->sample)) {
            continue;
        }
        n += least == 0 || (p->has_pages && p->pages >= least * 100);
        if (p->has_pages && p->pages < 10000) {
            *ret_pages += p->pages / 100.0;
            *ret_any = true;
        }
    }
    return n;
}

static const char *light_of(const game *g, int at)
{
    const job *j = &g->job[at];
    double pages;
    bool any;
    int all = papers_of(g, at, 0, &pages, &any), good = papers_of(g, at, 10, &pages, &any);
    if (j->has_due && j->due < TODAY) {
        return "red";
    }
    for (int i = 0; i < JOBS; i++) {
        if (g->job[i].there && g->job[i].over == at && counts(g, at, g->job[i].sample) &&
            strcmp(light_of(g, i), "red") == 0) {
            return "red";
        }
    }
    if (j->has_want && j->want > all) {
        return "yellow";
    }
    if (all > 0 && good == all) {
        return "green";
    }
    return !j->has_due && !j->has_want ? "grey" : "";
}

static xd_derived value_of(game *g, xd_derive *d, int at, const char *name)
{
    xd_derived value;
    const xd_computed *c = xd_computed_find(g->jobs, xd_str_of(name));
    ck_assert_ptr_nonnull(c);
    XD_OK_CALL(&g->cx, xd_derive_value(&g->cx, d, at + 1, g->body[at], c, 0, &value));
    return value;
}

#define IS(name, wanted_known, wanted)                                                         \
    do {                                                                                       \
        xd_derived v_ = value_of(&g, &d, i, name);                                             \
        ck_assert_msg(v_.known == (wanted_known), "%s of %d is known: %d", name, i, v_.known); \
        if (v_.known) {                                                                        \
            ck_assert_double_eq_tol(v_.n, (wanted), 0.051);                                    \
        }                                                                                      \
    } while (0)

START_TEST(by_hand)
{
    game g;
    begin(&g, 88172645463325252u + (unsigned)_i);
    for (int round = 0; round < 30; round++) {
        xd_derive d;
        xd_ctx_reset(&g.cx);
        deal(&g, false);
        xd_derive_begin(&g.cx, g.model, &g.source, &d);
        for (int i = 0; i < JOBS; i++) {
            const job *j = &g.job[i];
            double pages, more;
            bool any;
            if (!j->there) {
                continue;
            }
            int all = papers_of(&g, i, 0, &pages, &any),
                good = papers_of(&g, i, 10, &more, &any);
            IS("papers", true, all);
            IS("good", true, good);
            IS("pages", any, pages);
            IS("share", all > 0, good * 100.0 / all);
            IS("missing", j->has_want, j->want - all);
            IS("days", j->has_due, j->due - TODAY);
            bool span = j->has_due && j->has_begun && j->due >= j->begun;
            double gone = (TODAY - j->begun + 1.0) / (j->due - j->begun + 1.0) * 100;
            IS("gone", span, gone < 0 ? 0 : gone > 100 ? 100 : gone);
            bool above = j->over >= 0 && g.job[j->over].there;
            IS("above", above, above ? papers_of(&g, j->over, 0, &more, &any) : 0);
            xd_derived light = value_of(&g, &d, i, "light");
            XD_STR_IS(light.known ? xd_light_name[light.light->look] : XD_S(""),
                      light_of(&g, i));
        }
        ck_assert(!d.cut_short);
    }
    end(&g);
}
END_TEST

/* Links in a circle: an end is found, and it is said that something was left out. */
START_TEST(circles)
{
    game g;
    bool cut = false;
    begin(&g, 1234567);
    for (int round = 0; round < 30; round++) {
        xd_derive d;
        xd_ctx_reset(&g.cx);
        deal(&g, true);
        xd_derive_begin(&g.cx, g.model, &g.source, &d);
        for (int i = 0; i < JOBS; i++) {
            if (g.job[i].there) {
                (void)value_of(&g, &d, i, "light");
            }
        }
        cut = cut || d.cut_short;
    }
    ck_assert(cut);
    end(&g);
}
END_TEST

START_TEST(guards)
{
    game g;
    int refused = 0, passed = 0;
    begin(&g, 99);
    for (int round = 0; round < 10; round++) {
        xd_ctx_reset(&g.cx);
        deal(&g, false);
        for (int i = 0; i < PAPERS; i++) { /* few are left */
            g.paper[i].there = g.paper[i].there && rnd(&g, 4) == 0;
            g.body[JOBS + i] = g.paper[i].there ? g.body[JOBS + i] : NULL;
        }
        for (int i = 0; i < JOBS; i++) {
            xd_problems problems = {0};
            double pages;
            bool any;
            if (!g.job[i].there) {
                continue;
            }
            XD_OK_CALL(&g.cx,
                       xd_guards_check(&g.cx, g.model, &g.source, i + 1, g.body[i], &problems));
            bool bare = g.job[i].finished && papers_of(&g, i, 0, &pages, &any) == 0;
            ck_assert_uint_eq(problems.n, bare);
            if (bare) {
                XD_STR_IS(problems.at[0].in[XD_ZH], "没有纸。");
            }
            refused += bare;
            passed += !bare && g.job[i].finished;
        }
    }
    ck_assert_int_gt(refused, 0);
    ck_assert_int_gt(passed, 0);
    end(&g);
}
END_TEST

/* Names of computed values belong to rules, not to anybody's filter. */
START_TEST(not_for_filters)
{
    game g;
    const xd_cql *read, *bound;
    begin(&g, 1);
    XD_OK_CALL(&g.cx, xd_cql_read_text(&g.cx, XD_S("light = 'red'"), &read));
    ck_assert(!xd_cql_check(&g.cx, g.model, g.jobs, true, read, &bound));
    (void)xd_err_take(&g.cx);
    XD_OK_CALL(&g.cx, xd_cql_check_rule(&g.cx, g.jobs, false, read, &bound));
    end(&g);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_loop_test(tests, by_hand, 0, 5);
    tcase_add_test(tests, circles);
    tcase_add_test(tests, guards);
    tcase_add_test(tests, not_for_filters);
}
XD_TESTS("model/computed", add)
