/* Which documents to rank, best first, without ranking all. Classes are sets (numbered, begun
 * with it, named, spelt, other), taken in turn: nobody of a later one can beat the first of an
 * earlier one. Within a class documents fall into parts by the labels they have, and a part
 * into steps of the best sets of each word (best.h), whose bounds say what anything outside
 * them can score at most. Groups go out by that bound; whoever collects a page stops when its
 * last is better than the next bound. Where a bound is not known the class's own highest
 * stands for it: slower, never wrong. */
#include "index/rank.h"

#include <stdlib.h>

#include "index/best.h"
#include "index/score.h"

#define LABEL_BYTES 12

enum {
    CLASS_OTHER = 1,
    CLASS_SOUND,
    CLASS_NAMES,
    CLASS_TITLE,
    CLASS_BEGINS,
    CLASS_ALIAS_IS,
    CLASS_TITLE_IS,
    CLASS_NUMBER_IS
};

/* How text without its blanks stands to s: 2 the same, 1 begins with it, 0 neither. */
static int stands(xd_str text, xd_str s)
{
    size_t i = 0, t = 0;
    for (; t < text.n && i < s.n; t++) {
        if (text.p[t] == ' ')
            continue;
        if (text.p[t] != s.p[i])
            return 0;
        i++;
    }
    return i < s.n ? 0 : t == text.n ? 2 : 1;
}

static bool title_has_all(const xd_passage *passage, const xd_words *words)
{
    size_t end, has = 0;
    for (size_t w = 0; w < words->n; w++)
        has += xd_word_find(&words->at[w], passage->text, 0, &end) != SIZE_MAX;
    return words->any ? has > 0 : has == words->n;
}

static int class_of(const xd_segment *s, uint32_t doc, const xd_words *words,
                    const xd_searched *searched)
{
    if (roaring_bitmap_contains(searched->numbered, doc))
        return CLASS_NUMBER_IS;
    if (!roaring_bitmap_contains(searched->names, doc))
        return roaring_bitmap_contains(searched->spelt, doc) ? CLASS_SOUND : CLASS_OTHER;
    int best = CLASS_NAMES;
    xd_passage_walk walk = xd_segment_passages(s, doc);
    xd_passage passage;
    while (xd_passage_next(&walk, &passage) && passage.tier != XD_TIER_BODY) {
        if (passage.form != XD_FORM_TEXT)
            continue;
        bool title = passage.tier == XD_TIER_TITLE;
        int how = stands(passage.text, words->joined), is = CLASS_NAMES;
        if (how == 2)
            is = title ? CLASS_TITLE_IS : CLASS_ALIAS_IS;
        else if (how == 1 && title)
            is = CLASS_BEGINS;
        else if (title && title_has_all(&passage, words))
            is = CLASS_TITLE;
        best = is > best ? is : best;
    }
    return best;
}

/* "ink" is more of an ink works than of an inkstone. */
static int64_t score_text(const xd_passage *passage, const xd_word *word)
{
    int64_t matches = 0;
    bool whole = false;
    size_t end;
    for (size_t at = xd_word_find(word, passage->text, 0, &end);
         at != SIZE_MAX && matches < XD_MATCHES_MOST;
         at = xd_word_find(word, passage->text, end, &end)) {
        matches++;
        whole = whole || xd_word_is_whole(passage->text, end);
    }
    int64_t score = xd_score_text(passage->weight, passage->text.n, matches);
    return whole ? score : score * 3 / 4;
}

static int64_t score_sound(const xd_passage *passage, const xd_word *word)
{
    if (!word->spelling)
        return 0;
    return (int64_t)passage->weight * 8 *
           xd_spelling_near(passage->text, word->text, passage->form == XD_FORM_FULL);
}

/* A name is as good as the name says; what the rest says of it does not make it better. */
static int64_t score_word(const xd_segment *s, uint32_t doc, const xd_word *word, bool written,
                          bool only_names)
{
    int64_t score = 0, sound = 0;
    xd_passage_walk walk = xd_segment_passages(s, doc);
    xd_passage passage;
    while (xd_passage_next(&walk, &passage)) {
        if (passage.tier == XD_TIER_BODY && (only_names || !written))
            break; /* names come first, and nothing else sounds */
        if (passage.form == XD_FORM_TEXT) {
            score += written ? score_text(&passage, word) : 0;
        } else {
            int64_t as = score_sound(&passage, word);
            sound = as > sound ? as : sound;
        }
    }
    return score + sound;
}

/* A label is a short text that has the word once. */
static int64_t score_label(const xd_labelled *label)
{
    return xd_score_text((uint32_t)label->weight, LABEL_BYTES, 1);
}

static int64_t labels_of(const xd_searched *searched, uint32_t doc)
{
    int64_t score = 0;
    for (size_t i = 0; i < searched->labels.n; i++) {
        if (roaring_bitmap_contains(searched->labels.at[i].bits, doc))
            score += score_label(&searched->labels.at[i]);
    }
    return score;
}

int64_t xd_search_rank(const xd_segment *s, uint32_t doc, const xd_words *words,
                       const xd_searched *searched)
{
    int64_t score = 0;
    bool names = roaring_bitmap_contains(searched->spelt, doc);
    for (size_t w = 0; w < words->n; w++) {
        bool written = roaring_bitmap_contains(searched->texts[w], doc);
        if (written || searched->sounds)
            score += score_word(s, doc, &words->at[w], written, names);
    }
    score += labels_of(searched, doc);
    const int64_t most = XD_RANK_CLASS - 1;
    return (int64_t)class_of(s, doc, words, searched) * XD_RANK_CLASS +
           (score > most ? most : score);
}

/* Which first ---------------------------------------------------------------------------- */

/* Classes that are sets: what is in the first is in no other. */
enum { NUMBERED, BEGUN, NAMED, SPELT, OTHER, STAGES };

static const int highest[STAGES] = {
    [NUMBERED] = CLASS_NUMBER_IS, [BEGUN] = CLASS_TITLE_IS, [NAMED] = CLASS_TITLE,
    [SPELT] = CLASS_SOUND,        [OTHER] = CLASS_OTHER,
};

static int64_t most_of(int class)
{
    return (int64_t)(class + 1) * XD_RANK_CLASS - 1;
}

#define LABELS_MOST 6 /* sets to tell apart; with more, no bound is made */

void xd_ranking_begin(xd_ranking *r, xd_look *look, const xd_words *words,
                      const xd_matched *matched)
{
    *r = (xd_ranking){.look = look, .words = words, .matched = matched};
    r->left = xd_new_n(look->cx->arena, xd_bits *, look->edition->n);
    r->best = xd_new_n(look->cx->arena, xd_best *, look->edition->n);
    for (size_t i = 0; i < look->edition->n; i++)
        r->left[i] = xd_bits_copy(&look->bag, matched[i].bits);
}

int64_t xd_ranking_most(const xd_ranking *r)
{
    if (r->at < r->groups.n)
        return r->groups.at[r->at].most;
    return r->stage < STAGES ? most_of(highest[r->stage]) : INT64_MIN;
}

/* Of each word, in the stage's texts; NULL when of one nothing is known. A word that some name
 * has by its sound may score more than its letters say. */
static xd_best *find_best(xd_ranking *r, size_t shard, int stage)
{
    const xd_grams *grams = &r->look->edition->shards[shard].segment->grams;
    const xd_searched *searched = &r->matched[shard].words;
    if ((stage != NAMED && stage != OTHER) || searched->sounds ||
        searched->labels.n > LABELS_MOST)
        return NULL;
    xd_best *best = xd_new_n(r->look->cx->arena, xd_best, r->words->n);
    for (size_t w = 0; w < r->words->n; w++) {
        if (!xd_best_find(&r->look->bag, grams, &r->words->at[w], stage == NAMED, &best[w]))
            return NULL;
    }
    return best;
}

/* The most that documents outside the step's sets rank. Of names a bound with the title's bit
 * says nothing of those without; they are of the class below. */
static int64_t most_beyond(const xd_ranking *r, const xd_best *best, int stage, size_t step,
                           int64_t labels)
{
    int64_t score = labels;
    size_t titles = 0;
    for (size_t w = 0; w < r->words->n; w++) {
        titles += best[w].most[step] >= XD_BEST_TITLE;
        score += best[w].most[step] % XD_BEST_TITLE;
    }
    int class = CLASS_OTHER;
    bool mixed = false;
    if (stage == NAMED) {
        bool title = r->words->any ? titles > 0 : titles == r->words->n;
        class = title ? CLASS_TITLE : CLASS_NAMES;
        mixed = titles > 0 && !title;
    }
    return mixed || score >= XD_RANK_CLASS ? most_of(class) : class * XD_RANK_CLASS + score;
}

static void add_part(xd_ranking *r, size_t shard, xd_bits *part, int stage, int64_t labels)
{
    xd_arena *arena = r->look->cx->arena;
    const xd_best *best = r->best[shard];
    if (roaring_bitmap_is_empty(part))
        return;
    *xd_push(arena, &r->parts) = part;
    for (size_t step = best == NULL ? XD_BEST_STEPS : 0; step <= XD_BEST_STEPS; step++) {
        int64_t most = step == 0 || best == NULL
                           ? most_of(highest[stage])
                           : most_beyond(r, best, stage, step - 1, labels);
        *xd_push(arena, &r->groups) =
            (xd_rank_group){shard, r->parts.n - 1, step, most, labels};
    }
}

/* By which labels a document has: those score alike beside what its texts say. */
static void split(xd_ranking *r, size_t shard, xd_bits *part, int stage, size_t label,
                  int64_t score)
{
    const xd_searched *searched = &r->matched[shard].words;
    if (r->best[shard] == NULL || label == searched->labels.n ||
        roaring_bitmap_is_empty(part)) {
        add_part(r, shard, part, stage, score);
        return;
    }
    const xd_labelled *l = &searched->labels.at[label];
    xd_bits *with = xd_bits_and(&r->look->bag, part, l->bits);
    if (!roaring_bitmap_is_empty(with))
        roaring_bitmap_andnot_inplace(part, with);
    split(r, shard, with, stage, label + 1, score + score_label(l));
    split(r, shard, part, stage, label + 1, score);
}

static xd_bits *stage_set(xd_ranking *r, size_t shard, int stage)
{
    xd_bag *bag = &r->look->bag;
    const xd_searched *searched = &r->matched[shard].words;
    const xd_bits *const sets[STAGES] = {searched->numbered, searched->names, searched->names,
                                         searched->spelt, r->left[shard]};
    xd_bits *set = xd_bits_and(bag, r->left[shard], sets[stage]);
    if (stage == BEGUN)
        roaring_bitmap_and_inplace(
            set, xd_grams_find_begun(bag, &r->look->edition->shards[shard].segment->grams,
                                     r->words->joined));
    if (stage == OTHER)
        roaring_bitmap_clear(r->left[shard]);
    else
        roaring_bitmap_andnot_inplace(r->left[shard], set);
    return set;
}

static int by_most(const void *a, const void *b)
{
    const xd_rank_group *x = a, *y = b;
    if (x->most != y->most)
        return x->most > y->most ? -1 : 1;
    if (x->shard != y->shard)
        return x->shard < y->shard ? -1 : 1;
    if (x->part != y->part)
        return x->part < y->part ? -1 : 1;
    return x->step < y->step ? -1 : x->step > y->step;
}

static void begin_stage(xd_ranking *r)
{
    int stage = r->stage++;
    r->groups.n = 0;
    r->at = 0;
    for (size_t i = 0; i < r->look->edition->n; i++) {
        xd_bits *set = stage_set(r, i, stage);
        r->best[i] = find_best(r, i, stage);
        split(r, i, set, stage, 0, 0);
    }
    if (r->groups.n > 0)
        qsort(r->groups.at, r->groups.n, sizeof *r->groups.at, by_most);
}

/* What of the group's part is in the step's set of any word, or all that is left of it. */
static const xd_bits *take(xd_ranking *r, const xd_rank_group *g)
{
    xd_bits *part = r->parts.at[g->part];
    if (g->step == XD_BEST_STEPS)
        return part;
    xd_bits *taken = xd_bits_none(&r->look->bag);
    for (size_t w = 0; w < r->words->n; w++)
        roaring_bitmap_or_inplace(taken, r->best[g->shard][w].sets[g->step]);
    roaring_bitmap_and_inplace(taken, part);
    roaring_bitmap_andnot_inplace(part, taken);
    return taken;
}

/* For a word that is a term: its score is the impact, so that two of one rank and with labels of one
 * score have one impact, and the document is of those kept (best.h). */
bool xd_ranking_is_beaten(const xd_ranking *r, size_t shard, uint32_t doc)
{
    const xd_rank_group *g = r->at < r->groups.n ? &r->groups.at[r->at] : NULL;
    if (g == NULL || g->shard != shard || g->step == 0 || r->best[shard] == NULL ||
        r->words->n != 1 || !r->words->at[0].plain || r->words->at[0].n != 2)
        return false;
    return roaring_bitmap_contains(r->best[shard][0].sets[g->step - 1], doc) &&
           labels_of(&r->matched[shard].words, doc) == g->labels;
}

void xd_ranking_skip(xd_ranking *r)
{
    r->at++;
}

bool xd_ranking_next(xd_ranking *r, int64_t *ret_most, size_t *ret_shard,
                     const xd_bits **ret_bits)
{
    while (r->at == r->groups.n && r->stage < STAGES)
        begin_stage(r);
    if (r->at == r->groups.n)
        return false;
    const xd_rank_group *g = &r->groups.at[r->at++];
    *ret_most = g->most;
    *ret_shard = g->shard;
    *ret_bits = take(r, g);
    return true;
}
