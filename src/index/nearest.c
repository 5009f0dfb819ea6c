/* Finding the nearest names.
 *
 * Parts are pairs of characters, words of letters with the words of names that differ in one or
 * two letters, and threes of letters of readings. There are two ways to be near: as written,
 * by pairs and words; and by sound, by threes of the readings of what is typed (most slips in
 * Chinese are a character that sounds alike) or of the letters themselves. A part weighs by how
 * few names have it: BM25's rarity, counted in names that everybody may see. Work is bounded:
 * candidates come from the rarest parts, at most CANDIDATES of a segment. */
#include "index/nearest.h"

#include <math.h>
#include <stdlib.h>

#include "index/best.h"
#include "index/plan.h"
#include "index/spelling.h"

#define PARTS 48
#define CANDIDATES 4096
#define LEAST 0.5
#define BY_SOUND 0.9 /* as good as that much as written */

typedef struct part {
    const xd_bits *docs; /* NULL: none */
    double weight;
    uint64_t n;
} part;

typedef struct parts {
    part at[PARTS];
    size_t n;
} parts;

typedef struct nearing {
    xd_look *look;
    const xd_grams *grams;
    const xd_bits *domain;
    double total; /* documents */
} nearing;

static void add_part(nearing *s, parts *list, const xd_bits *docs)
{
    if (list->n == PARTS)
        return;
    uint64_t n = docs == NULL ? 0 : roaring_bitmap_and_cardinality(docs, s->domain);
    list->at[list->n++] = (part){docs, log2((s->total + 1) / ((double)n + 0.5)) + 1, n};
}

/* Letters ---------------------------------------------------------------------------------- */

#define LETTERS 24

/* Letters put in, left out, changed, or two of them exchanged: how many; more than most: most + 1. */
static int slips(xd_str a, xd_str b, int most)
{
    int rows[3][LETTERS + 1];
    if (a.n > LETTERS || b.n > LETTERS || abs((int)a.n - (int)b.n) > most)
        return most + 1;
    for (size_t k = 0; k <= b.n; k++)
        rows[0][k] = (int)k;
    for (size_t i = 1; i <= a.n; i++) {
        int *now = rows[i % 3], *before = rows[(i + 2) % 3], *earlier = rows[(i + 1) % 3];
        now[0] = (int)i;
        for (size_t k = 1; k <= b.n; k++) {
            int best = before[k - 1] + (a.p[i - 1] != b.p[k - 1]);
            best = before[k] + 1 < best ? before[k] + 1 : best;
            best = now[k - 1] + 1 < best ? now[k - 1] + 1 : best;
            if (i > 1 && k > 1 && a.p[i - 1] == b.p[k - 2] && a.p[i - 2] == b.p[k - 1])
                best = earlier[k - 2] + 1 < best ? earlier[k - 2] + 1 : best;
            now[k] = best;
        }
    }
    return rows[a.n % 3][b.n];
}

/* Words of names that are the word but for a slip or two. The first letter is seldom wrong. */
static bool near_runs(nearing *s, xd_str word, xd_bits **ret_found)
{
    uint32_t from, to, steps = 0;
    int most = word.n < 4 ? 0 : word.n < 8 ? 1 : 2;
    xd_bits *found = xd_bits_none(&s->look->bag);
    xd_grams_runs(s->grams, xd_str_sub(word, 0, 1), false, true, &from, &to);
    for (uint32_t i = from; i < to; i++) {
        xd_str run = xd_grams_run(s->grams, true, i);
        if (!xd_look_on(s->look, &steps))
            return false;
        if (slips(word, run, most) <= most)
            roaring_bitmap_or_inplace(
                found, xd_grams_set(&s->look->bag, s->grams, s->grams->runs[1].sets[i]));
    }
    *ret_found = found;
    return true;
}

static void add_threes(nearing *s, parts *sound, xd_str letters)
{
    for (size_t i = 0; i + 2 < letters.n; i++)
        add_part(s, sound,
                 xd_grams_one(&s->look->bag, s->grams,
                              xd_gram_key(XD_GRAM_FULL, (unsigned char)letters.p[i],
                                          (unsigned char)letters.p[i + 1],
                                          (unsigned char)letters.p[i + 2])));
}

static xd_str unmarked(xd_arena *arena, xd_str reading)
{
    char *out = xd_arena_take(arena, reading.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < reading.n; i++) {
        if (reading.p[i] != '\'')
            out[n++] = reading.p[i];
    }
    return (xd_str){out, n};
}

/* Parts ------------------------------------------------------------------------------------ */

static bool take_apart(nearing *s, const xd_words *words, parts *written, parts *sound)
{
    xd_arena *arena = s->look->cx->arena;
    for (size_t w = 0; w < words->n; w++) {
        const xd_word *word = &words->at[w];
        xd_cutter c = {word->text, 0};
        xd_str run;
        uint32_t before = 0, cp = 0;
        while (xd_cut_next(&c, &run, &cp)) {
            uint32_t now = run.n > 0 || cp == ' ' ? 0 : cp;
            xd_bits *near = NULL;
            if (run.n > 0 && !near_runs(s, run, &near))
                return false;
            if (run.n > 0)
                add_part(s, written, near);
            if (before != 0 && now != 0)
                add_part(s, written,
                         xd_grams_one(&s->look->bag, s->grams,
                                      xd_gram_key(XD_GRAM_NAME, before, now, 0)));
            before = now;
        }
        xd_spelling spelling = {0};
        if (word->spelling)
            add_threes(s, sound, word->text);
        else
            xd_spelling_make(arena, word->text, &spelling);
        if (spelling.full.n > 0)
            add_threes(s, sound, unmarked(arena, spelling.full.at[0]));
    }
    return true;
}

static int rarest(const void *a, const void *b)
{
    const part *x = *(const part *const *)a, *y = *(const part *const *)b;
    return x->n < y->n ? -1 : x->n > y->n;
}

/* Documents with any of the rarest parts. */
static xd_bits *candidates_of(nearing *s, const parts *of[2])
{
    const part *list[2 * PARTS];
    size_t n = 0;
    for (size_t which = 0; which < 2; which++) {
        for (size_t i = 0; i < of[which]->n; i++) {
            if (of[which]->at[i].n > 0)
                list[n++] = &of[which]->at[i];
        }
    }
    if (n > 0)
        qsort(list, n, sizeof *list, rarest);
    xd_bits *found = xd_bits_none(&s->look->bag);
    for (size_t i = 0;
         i < n && roaring_bitmap_get_cardinality(found) + list[i]->n <= CANDIDATES; i++)
        roaring_bitmap_or_inplace(found, list[i]->docs);
    roaring_bitmap_and_inplace(found, s->domain);
    return found;
}

static double share_of(const parts *list, uint32_t doc)
{
    double has = 0, all = 0;
    for (size_t i = 0; i < list->n; i++) {
        all += list->at[i].weight;
        if (list->at[i].n > 0 && roaring_bitmap_contains(list->at[i].docs, doc))
            has += list->at[i].weight;
    }
    return list->n == 0 ? 0 : has / all;
}

typedef struct weighed {
    xd_near near;
    size_t length; /* of the title */
    int64_t id;
} weighed;

static int by_share(const void *a, const void *b)
{
    const weighed *x = a, *y = b;
    if (x->near.share != y->near.share)
        return x->near.share > y->near.share ? -1 : 1;
    if (x->length != y->length)
        return x->length < y->length ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

typedef struct found {
    weighed *at;
    size_t n, cap;
} found;

static bool near_in(xd_look *look, size_t shard, const xd_type *type, const xd_words *words,
                    found *out)
{
    const xd_segment *segment = look->edition->shards[shard].segment;
    const xd_bits *domain = xd_plan_counted(look, shard, type);
    nearing s = {look, &segment->grams, domain, (double)roaring_bitmap_get_cardinality(domain)};
    parts written = {.n = 0}, sound = {.n = 0};
    if (!take_apart(&s, words, &written, &sound))
        return false;
    const parts *both[] = {&written, &sound};
    xd_walk walk;
    uint32_t doc, steps = 0;
    xd_walk_begin(&walk, candidates_of(&s, both));
    while (xd_walk_next(&walk, &doc)) {
        if (!xd_look_on(look, &steps))
            return false;
        double a = share_of(&written, doc), b = share_of(&sound, doc) * BY_SOUND;
        double share = a > b ? a : b;
        xd_passage_walk passages = xd_segment_passages(segment, doc);
        xd_passage title = {0};
        if (share >= LEAST && xd_passage_next(&passages, &title))
            *xd_push(look->cx->arena, out) = (weighed){
                {shard, doc, share},
                title.text.n, segment->id[doc]
            };
    }
    return true;
}

bool xd_near_names(xd_look *look, const xd_type *type, const xd_words *words, size_t limit,
                   xd_near **ret_list, size_t *ret_n)
{
    found all = {0};
    for (size_t i = 0; i < look->edition->n; i++) {
        if (!near_in(look, i, type, words, &all))
            return false;
    }
    if (all.n > 0)
        qsort(all.at, all.n, sizeof *all.at, by_share);
    size_t n = all.n < limit ? all.n : limit;
    *ret_list = xd_new_n(look->cx->arena, xd_near, n + 1);
    for (size_t i = 0; i < n; i++)
        (*ret_list)[i] = all.at[i].near;
    *ret_n = n;
    return true;
}
