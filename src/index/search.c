#include "index/linked.h"

typedef bool passage_test(const xd_passage *passage, const xd_word *word);

static bool any_text(const xd_passage *passage, const xd_word *word)
{
    size_t end;
    return passage->form == XD_FORM_TEXT &&
           xd_word_find(word, passage->text, 0, &end) != SIZE_MAX;
}

static bool name_text(const xd_passage *passage, const xd_word *word)
{
    return passage->tier != XD_TIER_BODY && any_text(passage, word);
}

static bool name_sound(const xd_passage *passage, const xd_word *word)
{
    return passage->form != XD_FORM_TEXT &&
           xd_spelling_near(passage->text, word->text, passage->form == XD_FORM_FULL) > 0;
}

static bool has_passage(const xd_segment *s, uint32_t doc, const xd_word *word,
                        passage_test *test)
{
    xd_passage_walk walk = xd_segment_passages(s, doc);
    xd_passage passage;
    while (xd_passage_next(&walk, &passage)) {
        if (test(&passage, word))
            return true;
    }
    return false;
}

/* Those of candidates that have such a passage. */
static bool proven(xd_look *look, const xd_segment *s, const xd_word *word, passage_test *test,
                   xd_bits *candidates, const xd_bits *domain, bool sure, xd_bits **ret)
{
    roaring_bitmap_and_inplace(candidates, domain);
    *ret = candidates;
    if (sure)
        return true;
    xd_adder found = {.bits = xd_bits_none(&look->bag)};
    xd_walk walk;
    uint32_t doc, steps = 0;
    xd_walk_begin(&walk, candidates);
    while (xd_walk_next(&walk, &doc)) {
        if (!xd_look_on(look, &steps))
            return false;
        if (has_passage(s, doc, word, test))
            xd_adder_add(&found, doc);
    }
    xd_adder_end(&found);
    *ret = found.bits;
    return true;
}

static bool find_sound(xd_look *look, const xd_segment *s, const xd_word *word,
                       const xd_bits *domain, xd_bits **ret)
{
    xd_bag *bag = &look->bag;
    if (!word->spelling || word->n < 2) {
        *ret = xd_bits_none(bag);
        return true;
    }
    xd_bits *candidates = xd_grams_find_spelling(bag, &s->grams, word->text, true);
    roaring_bitmap_or_inplace(candidates,
                              xd_grams_find_spelling(bag, &s->grams, word->text, false));
    return proven(look, s, word, name_sound, candidates, domain, false, ret);
}

/* Adds to *found the documents of terms with labels that have the word. */
static void find_labels(xd_look *look, const xd_segment *s, const xd_type *type,
                        const xd_words *words, size_t w, const xd_bits *domain,
                        xd_searched *out, xd_bits *found)
{
    for (uint32_t i = 0; i < look->schema->slots.n; i++) {
        const xd_slot *slot = &look->schema->slots.at[i];
        const xd_column *column =
            slot->field->weight <= 0 || (type != NULL && slot->type != type)
                ? NULL
                : xd_segment_slot(s, i);
        if (column == NULL || column->kind != XD_COLUMN_TERM)
            continue;
        xd_terms_found terms;
        xd_lexicon_find(look->cx->arena, look->schema->lexicon, slot->field->vocabulary,
                        &words->at[w], slot->field->pinyin, &terms);
        xd_bits *here = xd_bits_none(&look->bag);
        for (size_t t = 0; t < terms.n; t++) {
            const xd_bits *set = xd_column_set(column, terms.at[t]);
            if (set != NULL)
                roaring_bitmap_or_inplace(here, set);
        }
        roaring_bitmap_and_inplace(here, domain);
        if (roaring_bitmap_is_empty(here))
            continue;
        roaring_bitmap_or_inplace(found, here);
        *xd_push(look->cx->arena, &out->labels) = (xd_labelled){here, slot->field->weight, w};
    }
}

static void combine(const xd_words *words, size_t w, xd_bits **into, xd_bits *with)
{
    if (w == 0)
        *into = with;
    else if (words->any)
        roaring_bitmap_or_inplace(*into, with);
    else
        roaring_bitmap_and_inplace(*into, with);
}

static void find_numbered(xd_look *look, const xd_segment *s, const xd_type *type,
                          const xd_words *words, xd_searched *out)
{
    out->numbered = xd_bits_none(&look->bag);
    for (size_t t = 0; t < look->schema->n_types; t++) {
        const xd_type *at = xd_model_type(look->schema->model, t);
        uint32_t doc =
            type != NULL && type != at ? UINT32_MAX : xd_segment_find_key(s, at, words->joined);
        if (doc != UINT32_MAX && roaring_bitmap_contains(out->all, doc))
            roaring_bitmap_add(out->numbered, doc);
    }
}

bool xd_search_shard(xd_look *look, size_t shard, const xd_type *type, const xd_words *words,
                     const xd_bits *domain, xd_searched *ret_searched)
{
    const xd_segment *s = look->edition->shards[shard].segment;
    xd_bag *bag = &look->bag;
    xd_searched out = {0};
    for (size_t w = 0; w < words->n; w++) {
        const xd_word *word = &words->at[w];
        bool sure, name_sure;
        xd_bits *text = xd_grams_find(bag, &s->grams, word, false, &sure);
        xd_bits *name = xd_grams_find(bag, &s->grams, word, true, &name_sure);
        xd_bits *sound = NULL;
        if (!proven(look, s, word, any_text, text, domain, sure, &text) ||
            !proven(look, s, word, name_text, name, domain, name_sure, &name) ||
            !find_sound(look, s, word, domain, &sound))
            return false;
        roaring_bitmap_or_inplace(sound, name);
        roaring_bitmap_or_inplace(text, sound);
        find_labels(look, s, type, words, w, domain, &out, text);
        if (!xd_linked_find(look, shard, type, words, w, domain, &out, text))
            return false;
        combine(words, w, &out.all, text);
        combine(words, w, &out.names, name);
        combine(words, w, &out.spelt, sound);
    }
    find_numbered(look, s, type, words, &out);
    *ret_searched = out;
    return true;
}

bool xd_search_names(xd_look *look, size_t shard, const xd_word *word, const xd_bits *domain,
                     xd_bits **ret_found)
{
    const xd_segment *s = look->edition->shards[shard].segment;
    bool sure;
    xd_bits *name = xd_grams_find(&look->bag, &s->grams, word, true, &sure), *sound = NULL;
    if (!proven(look, s, word, name_text, name, domain, sure, &name) ||
        !find_sound(look, s, word, domain, &sound))
        return false;
    roaring_bitmap_or_inplace(sound, name);
    *ret_found = sound;
    return true;
}

/* Rank ----------------------------------------------------------------------------------- */

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
    while (xd_passage_next(&walk, &passage)) {
        if (passage.form != XD_FORM_TEXT || passage.tier == XD_TIER_BODY)
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

#define MATCHES_MOST 8 /* more in one text say nothing new */

/* Weight × saturation of the matches, less in long texts: the shape of BM25 with fixed means
 * (k 1.2, b 0.75, 100 characters), so that it needs no other document. In 1/16. */
static int64_t score_text(const xd_passage *passage, const xd_word *word)
{
    int64_t matches = 0;
    size_t end;
    for (size_t at = xd_word_find(word, passage->text, 0, &end);
         at != SIZE_MAX && matches < MATCHES_MOST;
         at = xd_word_find(word, passage->text, end, &end))
        matches++;
    int64_t length = (int64_t)passage->text.n / 3;
    length = length > 10000 ? 10000 : length;
    return (int64_t)passage->weight * 16 * matches * 22000 /
           (matches * 10000 + 3000 + length * 90);
}

static int64_t score_sound(const xd_passage *passage, const xd_word *word)
{
    if (!word->spelling)
        return 0;
    return (int64_t)passage->weight * 8 *
           xd_spelling_near(passage->text, word->text, passage->form == XD_FORM_FULL);
}

int64_t xd_search_rank(const xd_segment *s, uint32_t doc, const xd_words *words,
                       const xd_searched *searched)
{
    int64_t score = 0;
    /* A name is as good as the name says; what the rest says of it does not make it better. */
    bool names = roaring_bitmap_contains(searched->spelt, doc);
    for (size_t w = 0; w < words->n; w++) {
        int64_t sound = 0;
        xd_passage_walk walk = xd_segment_passages(s, doc);
        xd_passage passage;
        while (xd_passage_next(&walk, &passage)) {
            if (names && passage.tier == XD_TIER_BODY)
                continue;
            if (passage.form == XD_FORM_TEXT) {
                score += score_text(&passage, &words->at[w]);
            } else {
                int64_t as = score_sound(&passage, &words->at[w]);
                sound = as > sound ? as : sound;
            }
        }
        score += sound;
    }
    for (size_t i = 0; i < searched->labels.n; i++) {
        if (roaring_bitmap_contains(searched->labels.at[i].bits, doc))
            score += searched->labels.at[i].weight * 16;
    }
    const int64_t most = (1 << 24) - 1;
    return (int64_t)class_of(s, doc, words, searched) << 24 | (score > most ? most : score);
}
