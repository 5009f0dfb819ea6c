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
    return any_text(passage, word); /* has_passage() stops behind the names */
}

static bool name_sound(const xd_passage *passage, const xd_word *word)
{
    return passage->form != XD_FORM_TEXT &&
           xd_spelling_near(passage->text, word->text, passage->form == XD_FORM_FULL) > 0;
}

static bool has_passage(const xd_segment *s, uint32_t doc, const xd_word *word,
                        passage_test *test)
{
    bool only_names = test != any_text;
    xd_passage_walk walk = xd_segment_passages(s, doc);
    xd_passage passage;
    while (xd_passage_next(&walk, &passage)) {
        if (only_names && passage.tier == XD_TIER_BODY)
            return false; /* names come first */
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

#define AHEAD 16 /* documents whose texts are on their way from memory */
#define LINE 64

static void fetch(xd_str text)
{
    for (size_t i = 0; i < text.n; i += LINE)
        __builtin_prefetch(text.p + i);
}

/* As proven() of any text with a plain word: no passage is looked at by itself. Candidates are far
 * from one another, so their texts are asked for some documents ahead. */
static bool proven_plain(xd_look *look, const xd_segment *s, const xd_word *word,
                         xd_bits *candidates, const xd_bits *domain, xd_bits **ret)
{
    roaring_bitmap_and_inplace(candidates, domain);
    xd_adder found = {.bits = xd_bits_none(&look->bag)};
    roaring_uint32_iterator_t it;
    uint32_t doc[256], n, steps = 0;
    roaring_init_iterator(candidates, &it);
    while ((n = roaring_read_uint32_iterator(&it, doc, XD_LEN(doc))) > 0) {
        xd_str text[AHEAD];
        for (uint32_t i = 0; i < n + AHEAD; i++) {
            xd_str *slot = &text[i % AHEAD];
            if (i >= AHEAD) {
                if (!xd_look_on(look, &steps))
                    return false;
                if (xd_word_among(word, *slot))
                    xd_adder_add(&found, doc[i - AHEAD]);
            }
            if (i < n) {
                *slot = xd_segment_texts(s, doc[i]);
                fetch(*slot);
            }
        }
    }
    xd_adder_end(&found);
    *ret = found.bits;
    return true;
}

/* Sure but for those in doubt. */
static bool proven_doubtful(xd_look *look, const xd_segment *s, const xd_word *word,
                            passage_test *test, const xd_bits *doubt, xd_bits *found,
                            const xd_bits *domain, xd_bits **ret)
{
    xd_bits *doubted = doubt == NULL ? NULL : xd_bits_and(&look->bag, found, doubt);
    roaring_bitmap_and_inplace(found, domain);
    *ret = found;
    if (doubted == NULL || roaring_bitmap_is_empty(doubted))
        return true;
    roaring_bitmap_andnot_inplace(found, doubted);
    if (!proven(look, s, word, test, doubted, domain, false, &doubted))
        return false;
    roaring_bitmap_or_inplace(found, doubted);
    return true;
}

/* Names that have the word. */
static bool find_names(xd_look *look, const xd_segment *s, const xd_word *word,
                       const xd_bits *domain, xd_bits **ret)
{
    bool sure;
    const xd_bits *doubt;
    xd_bits *found = xd_grams_find(&look->bag, &s->grams, word, true, &sure, &doubt);
    return sure ? proven_doubtful(look, s, word, name_text, doubt, found, domain, ret)
                : proven(look, s, word, name_text, found, domain, false, ret);
}

/* Names that have the word are texts that do. */
static bool find_texts(xd_look *look, const xd_segment *s, const xd_word *word,
                       const xd_bits *domain, const xd_bits *names, bool sure,
                       const xd_bits *doubt, xd_bits *found, xd_bits **ret)
{
    if (sure)
        return proven_doubtful(look, s, word, any_text, doubt, found, domain, ret);
    roaring_bitmap_andnot_inplace(found, names);
    if (!(word->plain ? proven_plain(look, s, word, found, domain, ret)
                      : proven(look, s, word, any_text, found, domain, false, ret)))
        return false;
    roaring_bitmap_or_inplace(*ret, names);
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
                     const xd_bits *domain, bool ranked, xd_searched *ret_searched)
{
    const xd_segment *s = look->edition->shards[shard].segment;
    xd_bag *bag = &look->bag;
    xd_searched out = {.texts = xd_new_n(look->cx->arena, const xd_bits *, words->n)};
    for (size_t w = 0; w < words->n; w++) {
        const xd_word *word = &words->at[w];
        bool sure;
        const xd_bits *doubt;
        xd_bits *text = xd_grams_find(bag, &s->grams, word, false, &sure, &doubt);
        xd_bits *name = xd_bits_none(bag), *sound = NULL; /* names are among the texts */
        if (((ranked || !sure) && !find_names(look, s, word, domain, &name)) ||
            !find_texts(look, s, word, domain, name, sure, doubt, text, &text) ||
            !find_sound(look, s, word, domain, &sound))
            return false;
        out.sounds = out.sounds || !roaring_bitmap_is_empty(sound);
        roaring_bitmap_or_inplace(sound, name);
        out.texts[w] = text;
        text = xd_bits_or(bag, text, sound);
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
    xd_bits *name = NULL, *sound = NULL;
    if (!find_names(look, s, word, domain, &name) || !find_sound(look, s, word, domain, &sound))
        return false;
    roaring_bitmap_or_inplace(sound, name);
    *ret_found = sound;
    return true;
}
