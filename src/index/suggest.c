/* Completions.
 *
 * What is typed is matched as a question is: as written, by sound, by initials. Documents whose
 * names have it are weighed by their folded names, and the best few give the names themselves;
 * labels of terms come from the lexicon, if any record has the term. What is the text comes
 * first, then what begins with it, then the shorter. A name belongs to its record; the same name
 * in several is one completion without a record. */
#include <stdlib.h>

#include "index/nearest.h"
#include "index/passage.h"
#include "index/plan.h"
#include "model/fold.h"

#define SUGGESTIONS_MOST 100
#define SPARE 4 /* documents weighed for each completion wanted: several may say the same */

typedef struct found {
    xd_suggestion suggestion;
    int near;   /* 3 the same, 2 begins with it, 1 has it */
    bool label; /* of a term */
    size_t length;
} found;

typedef struct suggesting {
    xd_look look;
    const xd_snap *snap;
    const xd_type *type;
    xd_words words;
    struct {
        found *at;
        size_t n, cap;
    } list;
    xd_map *by_text; /* folded text → place in list + 1 */
} suggesting;

/* How a name stands to what is typed: the least of its words, by its best form. */
static int near_name(suggesting *s, xd_str folded, const xd_spelling *spelling)
{
    int least = 3;
    for (size_t w = 0; w < s->words.n; w++) {
        const xd_word *word = &s->words.at[w];
        size_t end, at = xd_word_find(word, folded, 0, &end);
        int best = at == SIZE_MAX ? 0 : at > 0 ? 1 : end < folded.n ? 2 : 3;
        for (size_t i = 0; word->spelling && i < spelling->full.n; i++) {
            int near = xd_spelling_near(spelling->full.at[i], word->text, true);
            best = near > best ? near : best;
        }
        for (size_t i = 0; word->spelling && i < spelling->initials.n; i++) {
            int near = xd_spelling_near(spelling->initials.at[i], word->text, false);
            best = near > best ? near : best;
        }
        least = best < least ? best : least;
    }
    return least;
}

static void add_found(suggesting *s, xd_str text, xd_str field, int64_t id, int near,
                      uint64_t n)
{
    xd_arena *arena = s->look.cx->arena;
    xd_str folded = xd_fold_key(arena, text);
    size_t known = (size_t)(uintptr_t)xd_map_get(s->by_text, folded);
    if (known > 0) {
        found *f = &s->list.at[known - 1];
        if (f->suggestion.id != id)
            f->suggestion.id = 0;
        f->suggestion.n = n > f->suggestion.n ? n : f->suggestion.n;
        f->near = near > f->near ? near : f->near;
        return;
    }
    *xd_push(arena, &s->list) = (found){
        .suggestion = {xd_str_copy(arena, text), field, id, n},
        .near = near,
        .label = id == 0,
        .length = xd_utf8_count(text)
    };
    xd_map_put(s->by_text, folded, (void *)(uintptr_t)s->list.n);
}

/* Names of one document that have what is typed. */
static void add_names(suggesting *s, size_t shard, uint32_t doc)
{
    const xd_segment *seg = s->look.edition->shards[shard].segment;
    const xd_type *type = xd_segment_type(seg, doc);
    for (size_t f = 0; f < type->n_fields; f++) {
        const xd_field *field = &type->fields[f];
        const xd_column *c = xd_segment_column(seg, s->look.schema, type, NULL, field);
        if (field->weight <= 0 || c->kind != XD_COLUMN_TEXT || !xd_field_is_name(type, field))
            continue;
        for (uint32_t i = xd_column_first(c, doc); i < xd_column_end(c, doc); i++) {
            for (size_t lang = 0; lang < XD_LANGS; lang++) {
                xd_str text = xd_column_text(c, i, (xd_lang)lang);
                if (lang > 0 && xd_str_eq(text, xd_column_text(c, i, XD_ZH)))
                    continue;
                xd_spelling spelling = {0};
                xd_str folded = xd_fold(s->look.scratch, text);
                if (field->pinyin)
                    xd_spelling_make(s->look.scratch, text, &spelling);
                int near = near_name(s, folded, &spelling);
                if (near > 0)
                    add_found(s, text, field->name, seg->id[doc], near, 1);
            }
        }
    }
}

/* Documents ------------------------------------------------------------------------------ */

/* How near a document's names are, from its passages: the nearness of the farthest word, and
 * among equals the shorter name. Higher is better; above 1 × NEARNESS a name begins so. */
#define NEARNESS ((int64_t)1 << 32)

static int64_t weigh(suggesting *s, const xd_segment *seg, uint32_t doc)
{
    int64_t least = 3, shortest = INT32_MAX;
    for (size_t w = 0; w < s->words.n; w++) {
        const xd_word *word = &s->words.at[w];
        int64_t best = 0;
        xd_passage_walk walk = xd_segment_passages(seg, doc);
        xd_passage passage;
        while (xd_passage_next(&walk, &passage)) {
            int64_t near = 0;
            size_t end = 0, at;
            if (passage.tier == XD_TIER_BODY)
                break; /* names come first */
            if (passage.form != XD_FORM_TEXT) {
                near = !word->spelling ? 0
                                       : xd_spelling_near(passage.text, word->text,
                                                          passage.form == XD_FORM_FULL);
            } else if ((at = xd_word_find(word, passage.text, 0, &end)) != SIZE_MAX) {
                near = at > 0 ? 1 : end < passage.text.n ? 2 : 3;
            }
            if (near > best || (near == best && (int64_t)passage.text.n < shortest))
                shortest = (int64_t)passage.text.n;
            best = near > best ? near : best;
        }
        least = best < least ? best : least;
    }
    return least * NEARNESS - shortest;
}

typedef struct candidate {
    int64_t weight, id;
    size_t shard;
    uint32_t doc;
} candidate;

static int by_weight(const void *a, const void *b)
{
    const candidate *x = a, *y = b;
    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

typedef struct candidates {
    candidate *at;
    size_t n, cap;
} candidates;

/* Those of which a name begins with the first word, from the starts of names alone. */
static bool add_starts(suggesting *s, candidates *all)
{
    xd_bag *bag = &s->look.bag;
    for (size_t i = 0; i < s->look.edition->n; i++) {
        const xd_segment *seg = s->look.edition->shards[i].segment;
        xd_bits *bits = xd_bits_and(bag, xd_plan_counted(&s->look, i, s->type),
                                    xd_grams_find_start(bag, &seg->grams, &s->words.at[0]));
        xd_walk walk;
        uint32_t doc, steps = 0;
        xd_walk_begin(&walk, bits);
        while (xd_walk_next(&walk, &doc)) {
            if (!xd_look_on(&s->look, &steps))
                return false;
            int64_t weight = weigh(s, seg, doc);
            if (weight > NEARNESS) /* begins with it, or is it */
                *xd_push(s->look.cx->arena, all) = (candidate){weight, seg->id[doc], i, doc};
        }
    }
    return true;
}

/* All whose names have every word somewhere. */
static bool add_all(suggesting *s, candidates *all)
{
    for (size_t i = 0; i < s->look.edition->n; i++) {
        const xd_segment *seg = s->look.edition->shards[i].segment;
        xd_bits *bits = xd_plan_counted(&s->look, i, s->type);
        xd_walk walk;
        uint32_t doc, steps = 0;
        for (size_t w = 0; w < s->words.n; w++) {
            if (!xd_search_names(&s->look, i, &s->words.at[w], bits, &bits))
                return false;
        }
        xd_walk_begin(&walk, bits);
        while (xd_walk_next(&walk, &doc)) {
            if (!xd_look_on(&s->look, &steps))
                return false;
            *xd_push(s->look.cx->arena, all) =
                (candidate){weigh(s, seg, doc), seg->id[doc], i, doc};
        }
    }
    return true;
}

/* When enough begin with what is typed, those that only have it somewhere need no look. */
static bool add_names_of_all(suggesting *s, size_t limit)
{
    candidates all = {0};
    if (!add_starts(s, &all))
        return false;
    if (all.n < limit * SPARE) {
        all.n = 0;
        if (!add_all(s, &all))
            return false;
    }
    if (all.n > 0)
        qsort(all.at, all.n, sizeof *all.at, by_weight);
    for (size_t i = 0; i < all.n && i < limit * SPARE; i++)
        add_names(s, all.at[i].shard, all.at[i].doc);
    return true;
}

/* Records of a term, in a field of the asked type. */
static uint64_t count_term(suggesting *s, uint32_t slot, size_t term)
{
    uint64_t n = 0;
    for (size_t i = 0; i < s->look.edition->n; i++) {
        const xd_shard *shard = &s->look.edition->shards[i];
        const xd_column *c = xd_segment_slot(shard->segment, slot);
        const xd_bits *set =
            c != NULL && c->kind == XD_COLUMN_TERM ? xd_column_set(c, term) : NULL;
        if (set != NULL)
            n += roaring_bitmap_andnot_cardinality(set, shard->dead);
    }
    return n;
}

static void add_labels(suggesting *s)
{
    const xd_schema *schema = s->look.schema;
    for (uint32_t i = 0; i < schema->slots.n; i++) {
        const xd_slot *slot = &schema->slots.at[i];
        const xd_vocabulary *v = slot->field->vocabulary;
        if (slot->field->weight <= 0 || v == NULL || (s->type != NULL && slot->type != s->type))
            continue;
        for (uint32_t t = 0; t < v->n; t++) {
            int least = 3;
            for (size_t w = 0; w < s->words.n && least > 0; w++) {
                int near = xd_lexicon_near(schema->lexicon, v, t, &s->words.at[w],
                                           slot->field->pinyin);
                least = near < least ? near : least;
            }
            uint64_t n = least > 0 ? count_term(s, i, t) : 0;
            if (n > 0)
                add_found(s, xd_label_in(&v->terms[t].label, s->look.lang), slot->field->name,
                          0, least, n);
        }
    }
}

static int by_near(const void *a, const void *b)
{
    const found *x = a, *y = b;
    if (x->near != y->near)
        return x->near > y->near ? -1 : 1;
    if (x->length != y->length)
        return x->length < y->length ? -1 : 1;
    return xd_str_cmp(x->suggestion.text, y->suggestion.text);
}

/* How many records the name would find; a label's number is that of its term's records. */
static bool count_found(suggesting *s, found *f)
{
    const xd_ask ask = {.type = s->type, .q = f->suggestion.text, .lang = s->look.lang};
    xd_words words;
    xd_matched *matched;
    if (!xd_plan_words(s->look.cx, &ask, &words))
        return false;
    if (words.n == 0)
        return true;
    if (!xd_plan_run(&s->look, &ask, &words, NULL, &matched))
        return false;
    f->suggestion.n = 0;
    for (size_t i = 0; i < s->look.edition->n; i++)
        f->suggestion.n += roaring_bitmap_get_cardinality(matched[i].bits);
    return true;
}

/* What comes nearest, by its title, where nothing has what is typed. */
static bool add_nearest(suggesting *s, size_t limit)
{
    xd_near *list;
    size_t n;
    if (!xd_near_names(&s->look, s->type, &s->words, limit, &list, &n))
        return false;
    for (size_t i = 0; i < n; i++) {
        const xd_segment *seg = s->look.edition->shards[list[i].shard].segment;
        const xd_type *type = xd_segment_type(seg, list[i].doc);
        xd_str title =
            xd_segment_title(s->look.cx->arena, seg, s->look.schema, list[i].doc, s->look.lang);
        *xd_push(s->look.cx->arena, &s->list) = (found){
            .suggestion = {title, type->title == NULL ? (xd_str){0} : type->title->name,
                           seg->id[list[i].doc], 1},
            .near = (int)(n - i)
        };
    }
    return true;
}

static bool suggest(suggesting *s, size_t limit, const xd_suggestion **ret_list, size_t *ret_n)
{
    add_labels(s);
    if (!add_names_of_all(s, limit) || (s->list.n == 0 && !add_nearest(s, limit)))
        return false;
    if (s->list.n > 0)
        qsort(s->list.at, s->list.n, sizeof *s->list.at, by_near);
    size_t n = s->list.n < limit ? s->list.n : limit;
    xd_suggestion *list = xd_new_n(s->look.cx->arena, xd_suggestion, n);
    for (size_t i = 0; i < n; i++) {
        /* A name too long to be a question finds at least itself. */
        if (!s->list.at[i].label && s->list.at[i].suggestion.text.n <= XD_WORDS_BYTES / 4 &&
            !count_found(s, &s->list.at[i]))
            return false;
        list[i] = s->list.at[i].suggestion;
    }
    *ret_list = list;
    *ret_n = n;
    return true;
}

bool xd_suggest(xd_ctx *cx, const xd_snap *snap, const xd_type *type, xd_str prefix,
                size_t limit, xd_lang lang, const xd_suggestion **ret_list, size_t *ret_n)
{
    suggesting s = {.snap = snap, .type = type, .by_text = xd_map_make(cx->arena)};
    if (!xd_words_read(cx, prefix, false, &s.words))
        return false;
    *ret_list = NULL;
    *ret_n = 0;
    if (s.words.n == 0)
        return true;
    xd_look_begin(&s.look, cx, snap, lang, false);
    bool ok =
        suggest(&s, limit > SUGGESTIONS_MOST ? SUGGESTIONS_MOST : limit, ret_list, ret_n) &&
        xd_edition_sound(cx, snap->edition);
    xd_look_end(&s.look);
    return ok;
}
