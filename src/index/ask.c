#include <stdlib.h>

#include "index/facet.h"
#include "index/order.h"

static bool take_page(xd_look *look, const xd_snap *snap, const xd_ask *ask,
                      const xd_words *words, const xd_matched *matched, xd_answer *answer)
{
    xd_order order;
    xd_row after, *rows;
    size_t n;
    uint64_t question = xd_order_question(ask);
    bool goes_on = ask->cursor.n > 0;
    size_t limit = ask->limit > XD_ASK_LIMIT ? XD_ASK_LIMIT : ask->limit;
    if (!xd_order_make(look, ask, words, matched, &order) ||
        (goes_on &&
         !xd_order_read_cursor(&order, snap->index->seal, question, ask->cursor, &after)) ||
        !xd_order_top(&order, goes_on ? &after : NULL, limit + 1, &rows, &n))
        return false;
    if (n > limit) {
        n = limit;
        answer->next = xd_order_cursor(&order, snap->index->seal, question, &rows[n - 1]);
    }
    xd_hit *hits = xd_new_n(look->cx->arena, xd_hit, n);
    for (size_t i = 0; i < n; i++) {
        const xd_segment *s = look->edition->shards[rows[i].shard].segment;
        hits[i] = (xd_hit){rows[i].id, s->rev[rows[i].doc], -1};
        if (ask->near != 0 && !xd_plan_distance(look, &order.origin, rows[i].shard, rows[i].doc,
                                                &hits[i].distance_m))
            return false;
    }
    answer->hits = hits;
    answer->n = n;
    if (look->trace != NULL)
        xd_look_step(look, XD_S("order"), answer->matched, answer->matched);
    return true;
}

static bool run(xd_look *look, const xd_snap *snap, const xd_ask *ask, xd_answer *answer)
{
    xd_words words;
    xd_matched *matched;
    if (!xd_plan_words(look->cx, ask, &words) ||
        !xd_plan_run(look, ask, &words, NULL, &matched))
        return false;
    for (size_t i = 0; i < look->edition->n; i++) {
        const xd_segment *s = look->edition->shards[i].segment;
        uint64_t n = roaring_bitmap_get_cardinality(matched[i].bits);
        answer->matched += n;
        answer->placeless += n - roaring_bitmap_and_cardinality(matched[i].bits, s->placed);
    }
    answer->n_facets = ask->n_facets;
    return (ask->limit == 0 || take_page(look, snap, ask, &words, matched, answer)) &&
           xd_facets_count(look, ask, matched, answer->matched, &answer->facets);
}

static bool run_traced(xd_ctx *cx, const xd_snap *snap, const xd_ask *ask, xd_trace *trace,
                       const xd_answer **ret_answer)
{
    xd_answer *answer = xd_new(cx->arena, xd_answer);
    answer->seq = snap->edition->seq;
    xd_look look;
    xd_look_begin(&look, cx, snap, ask->lang, ask->certain);
    look.trace = trace;
    bool ok = run(&look, snap, ask, answer) && xd_edition_sound(cx, snap->edition);
    xd_look_end(&look);
    if (ok)
        *ret_answer = answer;
    return ok;
}

bool xd_ask_run(xd_ctx *cx, const xd_snap *snap, const xd_ask *ask,
                const xd_answer **ret_answer)
{
    return run_traced(cx, snap, ask, NULL, ret_answer);
}

bool xd_ask_explain(xd_ctx *cx, const xd_snap *snap, const xd_ask *ask,
                    const xd_answer **ret_answer, const xd_step **ret_steps, size_t *ret_n)
{
    xd_trace trace = {.work = 0};
    if (!run_traced(cx, snap, ask, &trace, ret_answer))
        return false;
    *ret_steps = trace.steps.at;
    *ret_n = trace.steps.n;
    return true;
}

/* Every one ------------------------------------------------------------------------------ */

static int by_id(const void *a, const void *b)
{
    const xd_hit *x = a, *y = b;
    return x->id < y->id ? -1 : x->id > y->id;
}

static bool collect(xd_look *look, const xd_ask *ask, xd_hit **ret_hits, size_t *ret_n)
{
    xd_words words;
    xd_matched *matched;
    if (!xd_plan_words(look->cx, ask, &words) ||
        !xd_plan_run(look, ask, &words, NULL, &matched))
        return false;
    uint64_t all = 0;
    for (size_t i = 0; i < look->edition->n; i++)
        all += roaring_bitmap_get_cardinality(matched[i].bits);
    xd_hit *hits = xd_new_n(look->cx->arena, xd_hit, (size_t)all);
    size_t n = 0;
    for (size_t i = 0; i < look->edition->n; i++) {
        const xd_segment *s = look->edition->shards[i].segment;
        xd_walk walk;
        uint32_t doc, steps = 0;
        xd_walk_begin(&walk, matched[i].bits);
        while (xd_walk_next(&walk, &doc)) {
            if (!xd_look_on(look, &steps))
                return false;
            hits[n++] = (xd_hit){s->id[doc], s->rev[doc], -1};
        }
    }
    if (n > 0)
        qsort(hits, n, sizeof *hits, by_id);
    *ret_hits = hits;
    *ret_n = n;
    return true;
}

bool xd_ask_each(xd_ctx *cx, const xd_snap *snap, const xd_ask *ask,
                 bool (*fn)(xd_ctx *cx, void *user, xd_hit hit), void *user)
{
    xd_look look;
    xd_hit *hits = NULL;
    size_t n = 0;
    xd_look_begin(&look, cx, snap, ask->lang, ask->certain);
    bool ok = collect(&look, ask, &hits, &n) && xd_edition_sound(cx, snap->edition);
    xd_look_end(&look);
    for (size_t i = 0; i < n && ok; i++)
        ok = fn(cx, user, hits[i]);
    return ok;
}
