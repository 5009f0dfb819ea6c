/* tests/index/property_checks.h — an answer beside what naive.h finds: records, facets, order, pages, tiles,
 * squares, steps. */
#ifndef XD_TEST_INDEX_PROPERTY_CHECKS_H
#define XD_TEST_INDEX_PROPERTY_CHECKS_H

#include "model/computed.h"

#include "mvt.h"
#include "random_bodies.h"

static inline bool has_id(const int64_t *ids, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++) {
        if (ids[i] == id)
            return true;
    }
    return false;
}

static inline void describe(game *g, const xd_ask *ask)
{
    xd_buf b = {0};
    if (ask->filter != NULL)
        xd_cql_write_text(&b, ask->filter);
    printf("seed %d: q \"" XD_FMT "\" filter " XD_FMT
           " type %s near %d within %f certain %d lang %d box %d area %d time %d\n",
           (int)g->seed, XD_ARG(ask->q), XD_ARG(xd_buf_str(&b)),
           ask->type == NULL ? "-" : xd_cstr(g->w.cx.arena, ask->type->name), (int)ask->near,
           ask->within_m, ask->certain, (int)ask->lang, ask->has_box, ask->area != NULL,
           ask->has_time);
    xd_buf_free(&b);
    (void)fflush(stdout); /* the test ends in a moment, without */
}

static inline bool follow_record(xd_ctx *cx, void *user, int64_t id, const xd_json **ret_body)
{
    const record *r = naive_find(user, id);
    (void)cx;
    *ret_body = r == NULL ? NULL : r->body;
    return true;
}

/* The same condition over one body at a time: rules, guards and histories use that. */
static inline void check_holds(game *g, const xd_ask *ask)
{
    if (ask->filter == NULL || !xd_cql_holds_takes(ask->filter))
        return;
    for (size_t i = 0; i < RECORDS; i++) {
        const record *r = &g->records[i];
        if (r->body == NULL || (ask->type != NULL && r->type != ask->type))
            continue;
        const xd_subject subject = {.id = r->id,
                                    .time = r->time,
                                    .type = r->type,
                                    .body = r->body,
                                    .follow = follow_record,
                                    .user = &g->n,
                                    .model = g->w.model};
        xd_truth truth;
        XD_OK_CALL(&g->w.cx, xd_cql_holds(&g->w.cx, &subject, ask->filter, &truth));
        tri wanted = naive_cond(&g->n, r, ask->filter, XD_ZH, false);
        if ((truth == XD_YES) != (wanted == YES) || (truth == XD_NO) != (wanted == NO)) {
            describe(g, ask);
            ck_abort_msg("record %d by itself: %d, wanted %d", (int)r->id, (int)truth,
                         (int)wanted);
        }
    }
}

static inline void check_matches(game *g, const xd_ask *ask, const xd_strs *words,
                                 const xd_answer *answer)
{
    int64_t ids[RECORDS];
    uint64_t placeless = 0;
    size_t n = 0;
    check_holds(g, ask);
    for (size_t i = 0; i < RECORDS; i++) {
        const record *r = &g->records[i];
        if (!naive_match(&g->n, r, ask, words, NULL))
            continue;
        ids[n++] = r->id;
        placeless += naive_places(&g->n, r).n == 0;
    }
    for (size_t i = 0; i < answer->n; i++) {
        if (!has_id(ids, n, answer->hits[i].id)) {
            describe(g, ask);
            xd_buf b = {0};
            xd_json_canonical(&b, g->records[answer->hits[i].id - 1].body);
            ck_abort_msg("found %d, which does not match: " XD_FMT, (int)answer->hits[i].id,
                         XD_ARG(xd_buf_str(&b)));
        }
    }
    for (size_t i = 0; i < n; i++) {
        bool found = false;
        for (size_t k = 0; k < answer->n; k++)
            found = found || answer->hits[k].id == ids[i];
        if (!found) {
            describe(g, ask);
            xd_buf b = {0};
            xd_json_canonical(&b, g->records[ids[i] - 1].body);
            ck_abort_msg("%d matches and is not found: " XD_FMT, (int)ids[i],
                         XD_ARG(xd_buf_str(&b)));
        }
    }
    ck_assert_uint_eq(answer->matched, n);
    ck_assert_uint_eq(answer->placeless, placeless);
}

static inline int year_of(const value *p, bool from)
{
    int64_t y;
    int m, d;
    xd_day_parts(from ? p->from : p->to, &y, &m, &d);
    return (int)y;
}

static inline void check_facet(game *g, const xd_ask *ask, const xd_strs *words,
                               const xd_facet *facet)
{
    uint64_t unknown = 0;
    const xd_field *f = facet->field;
    struct {
        char code[32];
        uint64_t n;
    } bars[200];
    size_t n_bars = 0;
    /* Years known among those to count: open ends reach to them, or to this year. */
    int first = 9999, last = -9999;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < RECORDS; i++) {
            const record *r = &g->records[i];
            if (!naive_match(&g->n, r, ask, words, f) || r->type != ask->type)
                continue;
            values vals = {0};
            add_member(&g->n, &vals, f, r->body, XD_ZH, XD_PART_VALUE);
            for (size_t k = 0; k < vals.n && pass == 0 && f->kind == XD_KIND_PERIOD; k++) {
                if (vals.at[k].from != XD_DAY_OPEN_START) {
                    int y = year_of(&vals.at[k], true);
                    first = y < first ? y : first;
                    last = y > last ? y : last;
                }
                int y = vals.at[k].to != XD_DAY_OPEN_END ? year_of(&vals.at[k], false) : 2026;
                first = y < first ? y : first;
                last = y > last ? y : last;
            }
            if (pass == 0)
                continue;
            unknown += vals.n == 0;
            xd_strs codes = {0};
            for (size_t k = 0; k < vals.n; k++) {
                const value *x = &vals.at[k];
                char code[32];
                if (x->kind == 'c') {
                    for (const xd_term *t = x->term; t != NULL; t = t->parent)
                        *xd_push(g->w.cx.arena, &codes) = t->code;
                } else if (x->kind == 'b') {
                    *xd_push(g->w.cx.arena, &codes) = x->yes ? XD_S("true") : XD_S("false");
                } else if (x->kind == 'l') {
                    if (naive_find(&g->n, x->id) != NULL)
                        *xd_push(g->w.cx.arena, &codes) =
                            xd_str_printf(g->w.cx.arena, "%" PRId64, x->id);
                } else if (x->kind == 'n') {
                    snprintf(code, sizeof code, "%.15g", x->n);
                    *xd_push(g->w.cx.arena, &codes) =
                        xd_str_copy(g->w.cx.arena, xd_str_of(code));
                } else {
                    int from = x->from == XD_DAY_OPEN_START ? first : year_of(x, true);
                    int to = x->to == XD_DAY_OPEN_END ? last : year_of(x, false);
                    for (int y = from - from % 10; y <= to; y += 10)
                        *xd_push(g->w.cx.arena, &codes) = xd_str_printf(g->w.cx.arena, "%d", y);
                }
            }
            for (size_t k = 0; k < codes.n; k++) {
                bool again = false;
                for (size_t m = 0; m < k && !again; m++)
                    again = xd_str_eq(codes.at[m], codes.at[k]);
                size_t b = 0;
                while (b < n_bars && !xd_str_eq(xd_str_of(bars[b].code), codes.at[k]))
                    b++;
                if (again)
                    continue;
                if (b == n_bars) {
                    ck_assert_uint_lt(n_bars, XD_LEN(bars));
                    snprintf(bars[b].code, sizeof bars[b].code, XD_FMT, XD_ARG(codes.at[k]));
                    bars[n_bars++].n = 0;
                }
                bars[b].n++;
            }
        }
    }
    for (size_t k = 0; k < facet->n; k++) {
        const xd_count *c = &facet->counts[k];
        if (c->code.n == 0) {
            ck_assert_uint_eq(c->n, unknown);
            ck_assert_uint_eq(k, facet->n - 1);
            continue;
        }
        size_t b = 0;
        while (b < n_bars && !xd_str_eq(xd_str_of(bars[b].code), c->code))
            b++;
        if (b == n_bars || bars[b].n != c->n) {
            describe(g, ask);
            ck_abort_msg("facet " XD_FMT " bar " XD_FMT ": %d, counted %d", XD_ARG(f->name),
                         XD_ARG(c->code), (int)c->n, b == n_bars ? 0 : (int)bars[b].n);
        }
        if (k > 0 && f->kind != XD_KIND_PERIOD)
            ck_assert_uint_ge(facet->counts[k - 1].n, c->n);
    }
    size_t told = facet->n - (facet->n > 0 && facet->counts[facet->n - 1].code.n == 0);
    ck_assert_uint_eq(told, n_bars);
}

/* Pages of a few, one after another, must be the one big page. */
static inline void check_pages(game *g, const xd_ask *ask, const xd_answer *whole)
{
    xd_ask page = *ask;
    page.limit = 1 + rnd(g, 9);
    page.n_facets = 0;
    size_t at = 0;
    for (;;) {
        const xd_answer *answer;
        XD_OK_CALL(&g->w.cx,
                   xd_ask_run(&g->w.cx, xd_snap_open(&g->w.cx, g->w.index), &page, &answer));
        for (size_t i = 0; i < answer->n; i++, at++) {
            ck_assert_uint_lt(at, whole->n);
            ck_assert_int_eq(answer->hits[i].id, whole->hits[at].id);
            ck_assert_int_eq(answer->hits[i].rev, whole->hits[at].rev);
        }
        if (answer->next.n == 0)
            break;
        ck_assert_uint_eq(answer->n, page.limit);
        page.cursor = answer->next;
    }
    ck_assert_uint_eq(at, whole->n);
}

/* Order: one key and the id. */
static inline int compare_by(game *g, const xd_ask *ask, const record *a, const record *b)
{
    const xd_field *f = ask->sorts[0].field;
    values x = {0}, y = {0};
    add_member(&g->n, &x, f, a->body, ask->lang, XD_PART_VALUE);
    add_member(&g->n, &y, f, b->body, ask->lang, XD_PART_VALUE);
    double p = INFINITY, q = INFINITY;
    int order = 0;
    if (f->kind == XD_KIND_TEXT) {
        if (x.n == 0 || y.n == 0)
            return (int)(x.n == 0) - (int)(y.n == 0);
        order = xd_str_cmp(xd_sort_key(g->n.arena, x.at[0].text, ask->lang),
                           xd_sort_key(g->n.arena, y.at[0].text, ask->lang));
    } else {
        for (int side = 0; side < 2; side++) {
            const values *v = side == 0 ? &x : &y;
            for (size_t i = 0; i < v->n; i++) {
                const value *u = &v->at[i];
                double d = u->kind == 'n'                 ? u->n
                           : u->kind == 'c'               ? (double)u->term->at
                           : u->kind == 'b'               ? u->yes
                           : u->from == XD_DAY_OPEN_START ? (double)INFINITY
                                                          : (double)u->from;
                if (side == 0)
                    p = d < p ? d : p;
                else
                    q = d < q ? d : q;
            }
        }
        if (isinf(p) || isinf(q))
            return (int)isinf(p) - (int)isinf(q) != 0 ? (isinf(p) ? 1 : -1) : 0;
        order = p < q ? -1 : p > q;
    }
    return ask->sorts[0].descending ? -order : order;
}

static inline void check_order(game *g, const xd_ask *ask, const xd_answer *answer)
{
    for (size_t i = 1; i < answer->n; i++) {
        const record *a = &g->records[answer->hits[i - 1].id - 1];
        const record *b = &g->records[answer->hits[i].id - 1];
        if (ask->near != 0) {
            ck_assert_double_le(answer->hits[i - 1].distance_m,
                                answer->hits[i].distance_m + 0.001);
            const record *from = &g->records[ask->near - 1];
            ck_assert_double_eq_tol(answer->hits[i].distance_m, naive_distance(&g->n, from, b),
                                    0.5);
        } else if (ask->n_sorts > 0) {
            int order = compare_by(g, ask, a, b);
            ck_assert_int_le(order, 0);
            ck_assert(order < 0 || a->id < b->id);
        }
    }
}

/* A tile's cells count the records anchored in it; those known to the county are elsewhere. */
static inline void check_tile(game *g, const xd_ask *ask, const xd_strs *words)
{
    static tile_read t;
    int z = (int)rnd(g, XD_TILE_POINTS_ZOOM);
    double x, y;
    xd_mercator((xd_pos){raster(g, 118), raster(g, 30)}, &x, &y);
    xd_tile tile = {z, (uint32_t)(x * (1 << z)), (uint32_t)(y * (1 << z))};
    int64_t wanted = 0, got = 0;
    for (size_t i = 0; i < RECORDS; i++) {
        const record *r = &g->records[i];
        if (!naive_match(&g->n, r, ask, words, NULL))
            continue;
        values places = naive_places(&g->n, r);
        if (places.n == 0 ||
            xd_str_eq(xd_json_get_str(places.at[0].json, XD_S("precision")), XD_S("county")))
            continue;
        const xd_geom *geom;
        xd_pos at;
        int32_t tx, ty;
        XD_OK_CALL(g->n.cx, xd_value_geom(g->n.cx, places.at[0].json, &geom));
        XD_OK_CALL(g->n.cx, xd_geom_anchor(g->n.cx, geom, &at));
        xd_tile_project(tile, at, &tx, &ty);
        wanted += tx >= 0 && ty >= 0 && tx < XD_TILE_EXTENT && ty < XD_TILE_EXTENT;
    }
    draw(&g->w, ask, tile, chance(g, 50) ? "grade" : NULL, &t);
    for (size_t i = 0; i < t.n; i++)
        got += strcmp(t.at[i].layer, "records") == 0 ? t.at[i].count : 0;
    if (got != wanted) {
        describe(g, ask);
        ck_abort_msg("tile %d/%u/%u counts %d, not %d", z, tile.x, tile.y, (int)got,
                     (int)wanted);
    }
}

/* A tile of everything is made of counts the segments have; with a condition that always holds
 * it is counted anew. The bytes are the same. */
static inline void check_counted(game *g)
{
    static const char *const colours[] = {"grade", "trade", "open", "built", NULL};
    xd_ask all = {.type = chance(g, 80)   ? g->w.works
                          : chance(g, 50) ? g->w.firm
                                          : NULL,
                  .lang = chance(g, 50) ? XD_ZH : XD_EN};
    xd_ask same = all;
    const char *colour = PICK(g, colours);
    const xd_field *field_of =
        colour == NULL ? NULL : xd_field_find(g->w.works, xd_str_of(colour));
    same.filter = world_filter(&g->w, all.type, "id >= 0");
    double x, y;
    xd_mercator((xd_pos){raster(g, 118), raster(g, 30)}, &x, &y);
    for (int z = 0; z < XD_TILE_POINTS_ZOOM; z += 1 + (int)rnd(g, 3)) {
        xd_tile tile = {z, (uint32_t)(x * (1 << z)), (uint32_t)(y * (1 << z))};
        const xd_snap *snap = xd_snap_open(&g->w.cx, g->w.index);
        xd_buf a = {0}, b = {0};
        XD_OK_CALL(&g->w.cx, xd_ask_tile(&g->w.cx, snap, &all, tile, field_of, &a));
        XD_OK_CALL(&g->w.cx, xd_ask_tile(&g->w.cx, snap, &same, tile, field_of, &b));
        ck_assert_msg(xd_str_eq(xd_buf_str(&a), xd_buf_str(&b)),
                      "seed %" PRIu64 ": tile %d/%u/%u by %s is not the same counted anew",
                      g->seed, z, tile.x, tile.y, colour == NULL ? "nothing" : colour);
        xd_buf_free(&a);
        xd_buf_free(&b);
    }
}

/* Squares add up to what has a place; everything counted beforehand or anew is the same; each
 * mean is in its square. */
static inline void check_squares(game *g, const xd_ask *ask, const xd_answer *answer)
{
    const xd_snap *snap = xd_snap_open(&g->w.cx, g->w.index);
    const xd_field *grade = xd_field_find(g->w.works, XD_S("grade"));
    const xd_square *squares, *all, *same;
    size_t n, n_all, n_same;
    uint64_t sum = 0;
    int zoom = 1 + (int)rnd(g, XD_SQUARES_ZOOM);
    XD_OK_CALL(&g->w.cx, xd_ask_squares(&g->w.cx, snap, ask, zoom, grade, &squares, &n));
    for (size_t i = 0; i < n; i++) {
        const xd_square *s = &squares[i];
        xd_box box = xd_tile_box(s->tile);
        ck_assert_uint_gt(s->n, 0);
        ck_assert_uint_le(s->roughly, s->n);
        ck_assert_uint_le(s->of_value, s->n);
        ck_assert(s->mean.lon >= box.west - 1 && s->mean.lon <= box.east + 1 &&
                  s->mean.lat >= box.south - 1 && s->mean.lat <= box.north + 1);
        sum += s->n;
    }
    ck_assert_uint_eq(sum, answer->matched - answer->placeless);
    xd_ask plain = {.type = ask->type, .lang = ask->lang}, anew = plain;
    anew.filter = world_filter(&g->w, ask->type, "id >= 0");
    XD_OK_CALL(&g->w.cx, xd_ask_squares(&g->w.cx, snap, &plain, zoom, grade, &all, &n_all));
    XD_OK_CALL(&g->w.cx, xd_ask_squares(&g->w.cx, snap, &anew, zoom, grade, &same, &n_same));
    ck_assert_uint_eq(n_all, n_same);
    for (size_t i = 0; i < n_all; i++) {
        ck_assert(all[i].tile.x == same[i].tile.x && all[i].tile.y == same[i].tile.y);
        ck_assert_uint_eq(all[i].n, same[i].n);
        ck_assert_uint_eq(all[i].roughly, same[i].roughly);
        ck_assert_uint_eq(all[i].of_value, same[i].of_value);
        ck_assert(xd_str_eq(all[i].value, same[i].value));
        ck_assert(all[i].mean.lon == same[i].mean.lon && all[i].mean.lat == same[i].mean.lat);
    }
}

/* What is told of a question's steps hangs together, and telling changes no answer. */
static inline void check_steps(game *g, const xd_ask *ask, const xd_answer *answer)
{
    const xd_answer *again;
    const xd_step *steps;
    size_t n;
    uint64_t work = g->w.cx.work;
    XD_OK_CALL(&g->w.cx, xd_ask_explain(&g->w.cx, xd_snap_open(&g->w.cx, g->w.index), ask,
                                        &again, &steps, &n));
    work = g->w.cx.work - work;
    ck_assert_uint_eq(again->matched, answer->matched);
    ck_assert_uint_gt(n, 0);
    for (size_t i = 0; i < n; i++) {
        ck_assert_uint_le(steps[i].after, steps[i].before);
        ck_assert(i == 0 || steps[i].before == steps[i - 1].after);
        ck_assert_uint_le(steps[i].work, work);
        work -= steps[i].work;
    }
    ck_assert_uint_eq(steps[n - 1].after, answer->matched);
}

#endif
