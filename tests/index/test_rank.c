/* The first page is the same whether every text that has the words is read, or only the best of
 * common terms: one index keeps those (best.h), with small bounds so that they matter, its twin
 * does not. Questions are put together from the words of the records. */
#include "world.h"

#define RECORDS 900
#define QUESTIONS 400

static const char *const pieces[] = {"钢铁",  "宣纸",   "煤矿",  "旧址",       "车间", "纺织厂",
                                     "酒坊",  "泾县",   "高炉",  "造纸",       "码头", "Steel ",
                                     "mill ", "works ", "No 3 ", "steelworks "};
static const char *const trades[] = {"C15", "C22", "C31", "B06"};

typedef struct dice {
    uint64_t state;
} dice;

static uint32_t rnd(dice *d, uint32_t below)
{
    d->state = d->state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((d->state >> 33) % below);
}

/* Some pieces come often, some seldom. */
static void put_text(dice *d, xd_buf *out, uint32_t most)
{
    uint32_t n = 1 + rnd(d, most);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t a = rnd(d, XD_LEN(pieces)), b = rnd(d, XD_LEN(pieces));
        xd_buf_printf(out, "%s", pieces[a < b ? a : b]);
    }
}

/* Many rank alike by this word: their levels and ids decide. */
#define ALIKE "渡槽"

static void put_alike(dice *d, xd_buf *out)
{
    xd_buf_printf(out,
                  "{\"type\":\"works\",\"state\":\"shown\",\"name\":{\"zh\":\"甲" ALIKE "\"}");
    if (rnd(d, 4) > 0)
        xd_buf_printf(out, ",\"grade\":\"%s\"", rnd(d, 2) == 0 ? "mid" : "low");
    xd_buf_printf(out, "}");
}

static void draft_record(world *w, dice *d, int64_t id, xd_draft *ret_draft)
{
    xd_buf body = {0};
    if (rnd(d, 5) == 0 && id <= RECORDS / 2) { /* in a segment that knows its best */
        put_alike(d, &body);
        ck_assert(world_draft(w, id, xd_str_copy(w->cx.arena, xd_buf_str(&body)), ret_draft));
        xd_buf_free(&body);
        return;
    }
    xd_buf_printf(&body, "{\"type\":\"works\",\"state\":\"shown\",\"name\":{\"zh\":\"");
    put_text(d, &body, 4);
    xd_buf_printf(&body, "\"},\"notes\":{\"zh\":\"");
    put_text(d, &body, 40);
    xd_buf_printf(&body, "\"}");
    if (rnd(d, 3) == 0) {
        xd_buf_printf(&body, ",\"formerly\":[{\"zh\":\"");
        put_text(d, &body, 3);
        xd_buf_printf(&body, "\"}]");
    }
    if (rnd(d, 2) == 0)
        xd_buf_printf(&body, ",\"trade\":[\"%s\"]", trades[rnd(d, XD_LEN(trades))]);
    xd_buf_printf(&body, "}");
    ck_assert(world_draft(w, id, xd_str_copy(w->cx.arena, xd_buf_str(&body)), ret_draft));
    xd_buf_free(&body);
}

static void fill(world *w, bool best)
{
    dice d = {7};
    world_begin(w, XD_SEE_PUBLIC);
    w->index->schema->threes_from = best ? 20 : UINT32_MAX;
    w->index->schema->common_least = 5;
    w->index->schema->read_most = 2;
    w->index->schema->best_most = 24;
    xd_draft *drafts = xd_new_n(w->cx.arena, xd_draft, RECORDS);
    for (size_t i = 0; i < RECORDS; i++)
        draft_record(w, &d, (int64_t)i + 1, &drafts[i]);
    const size_t ends[] = {RECORDS / 2, RECORDS * 3 / 4, RECORDS};
    for (size_t i = 0, from = 0; i < XD_LEN(ends); from = ends[i++]) {
        XD_OK_CALL(&w->cx, xd_edition_apply(&w->cx, w->index, drafts + from, ends[i] - from,
                                            NULL, 0, ++w->seq));
        if (i == 1) /* what comes last stays apart */
            XD_OK_CALL(&w->cx, xd_edition_tidy(&w->cx, w->index, SIZE_MAX));
    }
    xd_ctx_reset(&w->cx);
}

static const xd_answer *ask(world *w, const xd_ask *question)
{
    const xd_answer *answer;
    XD_OK_CALL(&w->cx, xd_ask_run(&w->cx, xd_snap_open(&w->cx, w->index), question, &answer));
    return answer;
}

static void same(const xd_answer *a, const xd_answer *b, xd_str q)
{
    ck_assert_msg(a->matched == b->matched && a->n == b->n, XD_FMT, XD_ARG(q));
    for (size_t i = 0; i < a->n; i++)
        ck_assert_msg(a->hits[i].id == b->hits[i].id, XD_FMT ": %zu.", XD_ARG(q), i + 1);
}

START_TEST(first_pages)
{
    world with, without;
    fill(&with, true);
    fill(&without, false);
    size_t known = 0;
    for (size_t i = 0; i < with.index->edition->n; i++)
        known += with.index->edition->shards[i].segment->grams.n_best[0];
    ck_assert_uint_gt(known, 20);
    dice d = {11};
    for (size_t i = 0; i < QUESTIONS; i++) {
        xd_buf q = {0};
        uint32_t words = i % 8 == 0 ? 0 : 1 + rnd(&d, 2);
        if (words == 0)
            xd_buf_printf(&q, ALIKE);
        for (uint32_t k = 0; k < words; k++) {
            const char *piece = pieces[rnd(&d, XD_LEN(pieces))];
            xd_str text = xd_str_of(piece);
            /* a character, a pair, or more */
            size_t n = text.p[0] < 0 && rnd(&d, 3) == 0 ? 3 : text.n;
            xd_buf_printf(&q, "%.*s ", (int)n, text.p);
        }
        xd_ask a = {.type = rnd(&d, 2) == 0 ? with.works : NULL,
                    .q = xd_buf_str(&q),
                    .q_adjacent = rnd(&d, 8) == 0,
                    .limit = 1 + rnd(&d, 20)};
        if (words == 0)
            a.limit = 1 + i / 16 % 6;
        if (words == 0 && i % 16 == 0)
            a.type = with.works;
        xd_ask b = a;
        if (b.type != NULL)
            b.type = without.works;
        for (size_t page = 0; page < 3; page++) {
            const xd_answer *x = ask(&with, &a), *y = ask(&without, &b);
            same(x, y, a.q);
            if (x->next.n == 0)
                break;
            a.cursor = x->next;
            b.cursor = y->next;
        }
        xd_ctx_reset(&with.cx);
        xd_ctx_reset(&without.cx);
        xd_buf_free(&q);
    }
    world_end(&with);
    world_end(&without);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, first_pages);
}

XD_TESTS("index/rank", add)
