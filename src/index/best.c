#include "index/best.h"

#include "index/score.h"

#define RUNS_MOST                                                                              \
    64 /* that a begun word may stand for: a union of more is no bound worth having */

static const xd_best_term *find(const xd_grams *g, size_t list, uint64_t key)
{
    uint64_t low = 0, high = g->n_best[list];
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (g->best[list][middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low < g->n_best[list] && g->best[list][low].key == key ? &g->best[list][low] : NULL;
}

/* The tightest of the word's pairs; of a word of one character, itself. */
static const xd_best_term *best_gram(const xd_grams *g, const xd_word *word, xd_gram_of of)
{
    const xd_best_term *best = NULL;
    xd_cutter c = {word->text, 0};
    xd_str run;
    uint32_t before = 0, cp = 0;
    while (xd_cut_next(&c, &run, &cp)) {
        uint32_t now = run.n > 0 || cp == ' ' ? 0 : cp;
        uint64_t key = before != 0 ? xd_gram_key(of, before, now, 0) : 0;
        const xd_best_term *term = now == 0 || before == 0 ? NULL : find(g, 0, key);
        if (word->n == 1)
            term = find(g, 0, xd_best_character(of, cp));
        if (term != NULL && (best == NULL || term->most[0] < best->most[0]))
            best = term;
        before = now;
    }
    return best;
}

/* Of names, the higher class counts once; scores add up. */
static int64_t both(int64_t a, int64_t b)
{
    int64_t class_a = a / XD_BEST_TITLE, class_b = b / XD_BEST_TITLE;
    return (class_a > class_b ? class_a : class_b) * XD_BEST_TITLE + a % XD_BEST_TITLE +
           b % XD_BEST_TITLE;
}

/* A begun word of letters: what any of its runs has. Runs that are not common bound nothing,
 * but have few documents. */
static bool best_runs(xd_bag *bag, const xd_grams *g, const xd_word *word, bool names,
                      xd_best *ret_best)
{
    uint32_t from, to;
    size_t known = 0;
    xd_grams_runs(g, word->text, word->whole, names, &from, &to);
    xd_bits *sets[XD_BEST_STEPS];
    xd_best best = {0};
    if (from == to || to - from > RUNS_MOST)
        return false;
    for (size_t step = 0; step < XD_BEST_STEPS; step++)
        best.sets[step] = sets[step] = xd_bits_none(bag);
    for (uint32_t i = from; i < to; i++) {
        const xd_best_term *term = find(g, names ? 2 : 1, i);
        for (size_t step = 0; step < XD_BEST_STEPS; step++) {
            uint64_t name = term != NULL ? term->sets[step] : g->runs[names].sets[i];
            roaring_bitmap_or_inplace(sets[step], xd_grams_set(bag, g, name));
            if (term != NULL)
                best.most[step] = both(best.most[step], term->most[step]);
        }
        known += term != NULL;
    }
    *ret_best = best;
    return known > 0;
}

static bool is_run(const xd_word *word)
{
    xd_cutter c = {word->text, 0};
    xd_str run;
    uint32_t cp;
    return xd_cut_next(&c, &run, &cp) && run.n == word->text.n;
}

bool xd_best_find(xd_bag *bag, const xd_grams *g, const xd_word *word, bool names,
                  xd_best *ret_best)
{
    if (is_run(word))
        return best_runs(bag, g, word, names, ret_best);
    const xd_best_term *term = best_gram(g, word, names ? XD_GRAM_NAME : XD_GRAM_ALL);
    for (size_t step = 0; term != NULL && step < XD_BEST_STEPS; step++) {
        ret_best->sets[step] = xd_grams_set(bag, g, term->sets[step]);
        ret_best->most[step] = term->most[step];
    }
    return term != NULL;
}
