/* Completions.
 *
 * What is typed is matched as a question is: as written, by sound, by initials. Names come from
 * the documents whose names have its last word as it stands and the others; labels of terms
 * from the lexicon, if any record has the term. A name that is the text comes first, then names
 * that begin with it, then the shorter. Names by themselves are of one record; the same name in
 * several is one completion without a record. At most CANDIDATES names are weighed, of those
 * that begin with the text first, so that a single letter stays quick. */
#include <stdlib.h>

#include "index/passage.h"
#include "index/plan.h"
#include "model/fold.h"

#define CANDIDATES 4096
#define SUGGESTIONS_MOST 100

typedef struct found {
    xd_suggestion suggestion;
    int near; /* 3 the same, 2 begins with it, 1 has it */
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
        {xd_str_copy(arena, text), field, id, n},
        near, xd_utf8_count(text)
    };
    xd_map_put(s->by_text, folded, (void *)(uintptr_t)s->list.n);
}

/* Names of one document that have what is typed. */
static void add_names(suggesting *s, size_t shard, uint32_t doc)
{
    const xd_segment *seg = s->look.edition->shards[shard].segment;
    const xd_type *type = seg->type[doc];
    for (size_t f = 0; f < type->n_fields; f++) {
        const xd_field *field = &type->fields[f];
        const xd_column *c = xd_segment_column(seg, s->look.schema, type, NULL, field);
        if (field->weight <= 0 || c->kind != XD_COLUMN_TEXT || !xd_field_is_name(type, field))
            continue;
        for (uint32_t i = xd_column_first(c, doc); i < xd_column_end(c, doc); i++) {
            for (size_t lang = 0; lang < XD_LANGS; lang++) {
                xd_str text = c->of.text[i].in[lang];
                if (lang > 0 && xd_str_eq(text, c->of.text[i].in[0]))
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

static bool add_documents(suggesting *s, size_t shard, const xd_bits *bits, size_t *left)
{
    xd_walk walk;
    uint32_t doc, steps = 0;
    xd_walk_begin(&walk, bits);
    while (*left > 0 && xd_walk_next(&walk, &doc)) {
        if (xd_arena_used(s->look.scratch) > ((size_t)64 << 10))
            xd_arena_reset(s->look.scratch);
        if (!xd_look_on(&s->look, &steps))
            return false;
        --*left;
        add_names(s, shard, doc);
    }
    return true;
}

/* Documents whose names have every word; *ret_begin those of which a name begins with the first
 * word as written. */
static bool find_named(suggesting *s, size_t shard, xd_bits **ret_found, xd_bits **ret_begin)
{
    xd_bag *bag = &s->look.bag;
    xd_bits *bits = xd_plan_live(&s->look, shard, s->type);
    for (size_t w = 0; w < s->words.n; w++) {
        xd_bits *one;
        if (!xd_search_names(&s->look, shard, &s->words.at[w], bits, &one))
            return false;
        bits = xd_bits_and(bag, bits, one);
    }
    const xd_segment *seg = s->look.edition->shards[shard].segment;
    *ret_begin = xd_bits_none(bag);
    *ret_found = bits;
    xd_walk walk;
    uint32_t doc;
    xd_walk_begin(&walk, bits);
    while (xd_walk_next(&walk, &doc)) {
        for (uint32_t u = seg->passage_start[doc]; u < seg->passage_start[doc + 1]; u++) {
            const xd_passage *p = &seg->passages[u];
            if (p->tier != XD_TIER_BODY && xd_str_starts(p->text, s->words.at[0].text)) {
                roaring_bitmap_add(*ret_begin, doc);
                break;
            }
        }
    }
    return true;
}

static bool add_all_names(suggesting *s)
{
    size_t n = s->look.edition->n, left = CANDIDATES;
    xd_bits **all = xd_new_n(s->look.cx->arena, xd_bits *, n);
    xd_bits **begin = xd_new_n(s->look.cx->arena, xd_bits *, n);
    for (size_t i = 0; i < n; i++) {
        if (!find_named(s, i, &all[i], &begin[i]) || !add_documents(s, i, begin[i], &left))
            return false;
    }
    for (size_t i = 0; i < n; i++) {
        roaring_bitmap_andnot_inplace(all[i], begin[i]);
        if (!add_documents(s, i, all[i], &left))
            return false;
    }
    return true;
}

/* Records of a term, in a field of the asked type. */
static uint64_t count_term(suggesting *s, uint32_t slot, size_t term)
{
    uint64_t n = 0;
    for (size_t i = 0; i < s->look.edition->n; i++) {
        const xd_shard *shard = &s->look.edition->shards[i];
        const xd_column *c = shard->segment->columns[slot];
        if (c != NULL && c->kind == XD_COLUMN_TERM && c->sets[term] != NULL)
            n += roaring_bitmap_andnot_cardinality(c->sets[term], shard->dead);
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

/* How many records the text would find. */
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

static bool suggest(suggesting *s, size_t limit, const xd_suggestion **ret_list, size_t *ret_n)
{
    add_labels(s);
    if (!add_all_names(s))
        return false;
    if (s->list.n > 0)
        qsort(s->list.at, s->list.n, sizeof *s->list.at, by_near);
    size_t n = s->list.n < limit ? s->list.n : limit;
    xd_suggestion *list = xd_new_n(s->look.cx->arena, xd_suggestion, n);
    for (size_t i = 0; i < n; i++) {
        /* A name too long to be a question finds at least itself. */
        if (s->list.at[i].suggestion.text.n <= XD_WORDS_BYTES / 4 &&
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
    bool ok = suggest(&s, limit > SUGGESTIONS_MOST ? SUGGESTIONS_MOST : limit, ret_list, ret_n);
    xd_look_end(&s.look);
    return ok;
}
