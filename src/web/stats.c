#include "web/stats.h"

#include "base/log.h"

#define SMALL 16  /* a vocabulary of at most so many terms shows those nobody has */
#define ROWS 80   /* of one facet */
#define COLUMNS 6 /* of the region's table */
#define CHINA_US ((int64_t)8 * 3600 * 1000000)

/* The filter, joined so that no part of it is about one field alone: counts then keep to it. */
static bool as_one(xd_page *page, const xd_ask *ask, const xd_cql **ret_filter)
{
    xd_arena *arena = page->cx->arena;
    xd_cql *id = xd_new(arena, xd_cql), *none = xd_new(arena, xd_cql), *either;
    const xd_cql **args = xd_new_n(arena, const xd_cql *, 1), *never;

    *ret_filter = ask->filter;
    if (ask->filter == NULL) {
        return true;
    }
    *id = (xd_cql){.op = XD_CQL_PROPERTY, .text = XD_S("id")};
    args[0] = id;
    *none = (xd_cql){.op = XD_CQL_IS_NULL, .args = args, .n = 1};
    if (!xd_cql_check(page->cx, page->app->model, ask->type, false, none, &never)) {
        return false;
    }
    either = xd_new(arena, xd_cql);
    *either = (xd_cql){.op = XD_CQL_OR, .n = 2};
    either->args = xd_new_n(arena, const xd_cql *, 2);
    either->args[0] = ask->filter;
    either->args[1] = never;
    *ret_filter = either;
    return true;
}

static uint64_t count_in(const xd_facet *facet, xd_str code)
{
    for (size_t i = 0; i < facet->n; i++) {
        if (xd_str_eq(facet->counts[i].code, code)) {
            return facet->counts[i].n;
        }
    }
    return 0;
}

static xd_stat_row *add_row(xd_page *page, xd_stat *stat, xd_str code, uint64_t n, int level)
{
    if (stat->rows.n == ROWS && code.n > 0) {
        return NULL;
    }
    xd_stat_row *row = xd_push(page->cx->arena, &stat->rows);
    *row = (xd_stat_row){.code = code,
                         .label = code.n == 0 ? xd_say(page, XD_W_STATS_UNSTATED)
                                              : xd_facet_label(page, stat->field, code),
                         .n = n,
                         .level = level};
    return row;
}

/* The parts of the region, each with its own; what lies elsewhere by its name. */
static void add_regions(xd_page *page, const xd_facet *facet, xd_stat *stat)
{
    const xd_vocabulary *all = facet->field->vocabulary;
    const xd_term *region = page->site->region;
    for (size_t i = 0; i < all->n; i++) {
        const xd_term *part = &all->terms[i];
        if (region != NULL && part->parent == region && part->valid_to.n == 0) {
            (void)add_row(page, stat, part->code, count_in(facet, part->code), 0);
        }
    }
    for (size_t i = 0; i < facet->n; i++) {
        const xd_term *term =
            facet->counts[i].code.n == 0 ? NULL : xd_term_find(all, facet->counts[i].code);
        if (term != NULL && term->parent == NULL && term != region) {
            (void)add_row(page, stat, term->code, facet->counts[i].n, 0);
        }
    }
}

/* Wider terms with what is directly below them, in the vocabulary's order where it is short. */
static void add_terms(xd_page *page, const xd_facet *facet, xd_stat *stat)
{
    const xd_vocabulary *all = facet->field->vocabulary;
    bool small = all->n <= SMALL;
    for (size_t i = 0; i < (small ? all->n : facet->n); i++) {
        const xd_term *term = small ? &all->terms[i]
                              : facet->counts[i].code.n == 0
                                  ? NULL
                                  : xd_term_find(all, facet->counts[i].code);
        if (term == NULL || (!small && term->parent != NULL) ||
            (small && term->retired && count_in(facet, term->code) == 0)) {
            continue;
        }
        (void)add_row(page, stat, term->code, count_in(facet, term->code), (int)term->depth);
        for (size_t k = 0; !small && k < facet->n; k++) {
            const xd_term *below =
                facet->counts[k].code.n == 0 ? NULL : xd_term_find(all, facet->counts[k].code);
            if (below != NULL && below->parent == term) {
                (void)add_row(page, stat, below->code, facet->counts[k].n, 1);
            }
        }
    }
}

static void add_values(xd_page *page, const xd_facet *facet, xd_stat *stat)
{
    for (size_t i = 0; i < facet->n; i++) {
        if (facet->counts[i].code.n > 0) {
            (void)add_row(page, stat, facet->counts[i].code, facet->counts[i].n, 0);
        }
    }
}

/* Cities by level: one more count a level, of the same question. */
static bool add_columns(xd_page *page, const xd_ask *ask, xd_stat *stat)
{
    xd_ctx *cx = page->cx;
    const xd_field *level = ask->type->level, *const facets[] = {stat->field};
    const xd_vocabulary *terms = level == NULL ? NULL : level->vocabulary;
    const xd_facet *counts[COLUMNS];
    size_t n = 0;

    if (terms == NULL || terms->n > SMALL || level->many) {
        return true;
    }
    for (size_t i = 0; i < terms->n && n < COLUMNS; i++) {
        xd_ask one = *ask;
        const xd_answer *answer;
        const xd_cql *is;
        one.facets = (const xd_field **)facets;
        one.n_facets = 1;
        if (!xd_cql_equals(page, ask->type, level->name, terms->terms[i].code, &is)) {
            return false;
        }
        one.filter = xd_cql_and(cx->arena, ask->filter, is);
        if (!xd_ask_run(cx, page->snap, &one, &answer)) {
            return false;
        }
        if (answer->matched > 0 && answer->n_facets == 1) {
            counts[n++] = &answer->facets[0];
            *xd_push(cx->arena, &stat->columns) = &terms->terms[i];
        }
    }
    if (n < 2) {
        stat->columns.n = 0;
        return true;
    }
    for (size_t i = 0; i < stat->rows.n; i++) {
        uint64_t *cells = xd_new_n(cx->arena, uint64_t, n);
        for (size_t k = 0; k < n; k++) {
            cells[k] = count_in(counts[k], stat->rows.at[i].code);
        }
        stat->rows.at[i].cells = cells;
    }
    return true;
}

static bool add_stat(xd_page *page, const xd_ask *ask, const xd_facet *facet, xd_stats *stats)
{
    const xd_field *field = facet->field;
    xd_stat stat = {
        .field = field,
        .label = xd_label_in(&field->label, page->cx->lang),
        .years = field->kind == XD_KIND_PERIOD,
        .approximate = facet->approximate,
    };
    bool regions =
        field->vocabulary != NULL && field->vocabulary == xd_model_divisions(page->app->model);
    uint64_t unstated = count_in(facet, (xd_str){0});
    bool nobody = unstated > 0 && facet->n == 1; /* not stated of any: nothing to tell apart */
    if (nobody) {
        regions = false;
    } else if (regions) {
        add_regions(page, facet, &stat);
    } else if (field->vocabulary != NULL) {
        add_terms(page, facet, &stat);
    } else {
        add_values(page, facet, &stat);
    }
    (void)add_row(page, &stat, (xd_str){0}, unstated, 0); /* always has room */
    if (regions && !add_columns(page, ask, &stat)) {
        return false;
    }
    *xd_push(page->cx->arena, stats) = stat;
    return true;
}

/* Region first, then time, then the type's other facets. */
static void add_field(xd_ctx *cx, const xd_field *field, xd_ask *ask)
{
    for (size_t i = 0; i < ask->n_facets; i++) {
        if (ask->facets[i] == field) {
            return;
        }
    }
    if (field != NULL && !field->hidden && !field->retired) {
        const xd_field **list = xd_new_n(cx->arena, const xd_field *, ask->n_facets + 1);
        for (size_t i = 0; i < ask->n_facets; i++) {
            list[i] = ask->facets[i];
        }
        list[ask->n_facets++] = field;
        ask->facets = list;
    }
}

bool xd_stats_of(xd_page *page, const xd_ask *asked, xd_stats *stats, uint64_t *ret_n)
{
    xd_ask ask = *asked;
    const xd_answer *answer;

    ask.limit = 0;
    ask.cursor = (xd_str){0};
    ask.facets = NULL;
    ask.n_facets = 0;
    add_field(page->cx, ask.type->division, &ask);
    add_field(page->cx, ask.type->time, &ask);
    for (size_t i = 0; i < ask.type->n_facets; i++) {
        add_field(page->cx, ask.type->facets[i], &ask);
    }
    if (!as_one(page, asked, &ask.filter) || !xd_ask_run(page->cx, page->snap, &ask, &answer)) {
        return false;
    }
    for (size_t i = 0; i < answer->n_facets; i++) {
        if (!add_stat(page, &ask, &answer->facets[i], stats)) {
            return false;
        }
    }
    *ret_n = answer->matched;
    return true;
}

xd_str xd_stats_as_of(xd_page *page)
{
    xd_str now = xd_time_text(page->cx->arena, xd_now(page->cx) + CHINA_US);
    xd_str when =
        xd_str_printf(page->cx->arena, XD_FMT " " XD_FMT, XD_ARG(xd_str_sub(now, 0, 10)),
                      XD_ARG(xd_str_sub(now, 11, 16)));
    const xd_fill fills[] = {
        {.hole = "when", .text = when}
    };
    return xd_word_fill(page->cx->arena, page->cx->lang, XD_W_STATS_AS_OF, fills,
                        XD_LEN(fills));
}
