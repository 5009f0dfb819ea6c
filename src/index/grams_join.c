/* Joining postings without reading a text.
 *
 * Documents keep their order within each source, so a source's set stays ascending when its
 * numbers are renewed; only sets of several sources have to be brought into one order. The
 * sources' lists of terms are sorted alike: they are walked side by side. A posting costs a few
 * nanoseconds, where gathering it from its text again costs a look into a large table. */
#include "index/grams_join.h"

#include <stdlib.h>

#define DENSE 32 /* one document in so many: marking them all is quicker than sorting */

typedef struct gathering {
    const xd_gram_source *sources;
    size_t k;
    uint32_t n;     /* documents of the new segment */
    uint32_t *docs; /* gathered: n of them fit */
    uint32_t *read; /* of one source */
    uint64_t *marks;
    size_t got, parts; /* parts: sources that gave some */
    xd_pressed *postings;
} gathering;

static void gather(gathering *g, size_t source, uint64_t name)
{
    const xd_gram_source *s = &g->sources[source];
    size_t n = xd_docs_read(s->grams->image, &s->grams->postings, name, s->n, g->read);
    size_t before = g->got;
    for (size_t i = 0; i < n; i++) {
        uint32_t doc = s->renewed[g->read[i]];
        if (doc != 0 && g->got < g->n)
            g->docs[g->got++] = doc - 1;
    }
    g->parts += g->got > before;
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static void sort_marked(gathering *g)
{
    size_t words = (size_t)g->n / 64 + 1, n = 0;
    memset(g->marks, 0, words * sizeof *g->marks);
    for (size_t i = 0; i < g->got; i++)
        g->marks[g->docs[i] / 64] |= (uint64_t)1 << (g->docs[i] % 64);
    for (size_t w = 0; w < words; w++) {
        for (uint64_t bits = g->marks[w]; bits != 0; bits &= bits - 1)
            g->docs[n++] = (uint32_t)(w * 64 + (size_t)__builtin_ctzll(bits));
    }
}

/* The gathered set's name; nothing is gathered any more. */
static uint64_t settle(gathering *g)
{
    if (g->parts > 1 && g->got > g->n / DENSE)
        sort_marked(g);
    else if (g->parts > 1)
        qsort(g->docs, g->got, sizeof *g->docs, by_number);
    uint64_t name = xd_docs_put(g->postings, g->docs, g->got);
    g->got = 0;
    g->parts = 0;
    return name;
}

static xd_common_pairs *pairs_of(xd_common *common, uint64_t key)
{
    uint64_t of = key >> 60;
    return (of != XD_GRAM_ALL && of != XD_GRAM_NAME) || (key >> 20 & 0xfffff) == 0
               ? NULL
               : &common->pairs[of == XD_GRAM_NAME];
}

static void join_grams(xd_arena *arena, gathering *g, xd_press *press, xd_common *common)
{
    uint64_t *next = xd_new_n(arena, uint64_t, g->k);
    xd_pressed *keys = xd_press_section(press, XD_SEC_GRAM_KEY, 0);
    xd_pressed *sets = xd_press_section(press, XD_SEC_GRAM_SET, 0);
    for (;;) {
        uint64_t key = UINT64_MAX;
        for (size_t i = 0; i < g->k; i++) {
            const xd_grams *from = g->sources[i].grams;
            if (next[i] < from->n && from->keys[next[i]] < key)
                key = from->keys[next[i]];
        }
        if (key >> 60 >= XD_GRAM_THREE)
            return; /* nothing left but threes */
        for (size_t i = 0; i < g->k; i++) {
            const xd_grams *from = g->sources[i].grams;
            if (next[i] < from->n && from->keys[next[i]] == key)
                gather(g, i, from->sets[next[i]++]);
        }
        xd_common_pairs *pairs = pairs_of(common, key);
        if (common->least > 0 && g->got >= common->least && pairs != NULL)
            *xd_push(arena, pairs) = key;
        if (g->got == 0)
            continue;
        xd_pressed_u64(keys, key);
        xd_pressed_u64(sets, settle(g));
    }
}

static xd_str run_at(const gathering *g, size_t source, uint32_t which, uint32_t i)
{
    const xd_grams *from = g->sources[source].grams;
    const xd_run_list *runs = &from->runs[which];
    return i < runs->n ? xd_image_text(from->image, &runs->text, runs->at, i) : (xd_str){0};
}

static void join_runs(xd_arena *arena, gathering *g, xd_press *press, uint32_t which,
                      xd_common *common)
{
    uint32_t n = 0;
    uint32_t *next = xd_new_n(arena, uint32_t, g->k);
    xd_pressed *at = xd_press_section(press, XD_SEC_RUN_AT, which);
    xd_pressed *text = xd_press_section(press, XD_SEC_RUN, which);
    xd_pressed *sets = xd_press_section(press, XD_SEC_RUN_SET, which);
    for (;;) {
        xd_str first = {0};
        for (size_t i = 0; i < g->k; i++) {
            xd_str run = run_at(g, i, which, next[i]);
            if (run.n > 0 && (first.n == 0 || xd_str_cmp(run, first) < 0))
                first = run;
        }
        if (first.n == 0)
            break;
        for (size_t i = 0; i < g->k; i++) {
            if (xd_str_eq(run_at(g, i, which, next[i]), first))
                gather(g, i, g->sources[i].grams->runs[which].sets[next[i]++]);
        }
        if (g->got == 0)
            continue;
        if (common->least > 0 && g->got >= common->least)
            *xd_push(arena, &common->runs[which]) = (xd_common_run){first, n};
        n++;
        xd_pressed_u32(at, (uint32_t)xd_pressed_n(text));
        xd_pressed_add(text, first.p, first.n);
        xd_pressed_u64(sets, settle(g));
    }
    if (xd_pressed_n(text) > 0)
        xd_pressed_u32(at, (uint32_t)xd_pressed_n(text));
}

void xd_grams_join(xd_arena *arena, xd_press *press, const xd_gram_source *sources, size_t k,
                   uint32_t n, xd_common *common)
{
    gathering g = {.sources = sources,
                   .k = k,
                   .n = n,
                   .docs = xd_new_n(arena, uint32_t, n),
                   .marks = xd_new_n(arena, uint64_t, (size_t)n / 64 + 1),
                   .postings = xd_press_section(press, XD_SEC_SETS, 0)};
    uint32_t most = 0;
    for (size_t i = 0; i < k; i++)
        most = sources[i].n > most ? sources[i].n : most;
    g.read = xd_new_n(arena, uint32_t, most);
    join_grams(arena, &g, press, common);
    join_runs(arena, &g, press, 0, common);
    join_runs(arena, &g, press, 1, common);
    xd_pressed_add(xd_press_section(press, XD_SEC_GRAM_COMMON, 0), common->pairs[0].at,
                   common->pairs[0].n * sizeof *common->pairs[0].at);
}
