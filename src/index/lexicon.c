#include "index/lexicon.h"

#include "base/buf.h"
#include "model/fold.h"

typedef struct entry {
    xd_strs texts; /* folded */
    xd_spelling spelling;
} entry;

typedef struct volume {
    const xd_vocabulary *vocabulary;
    entry *terms;
    xd_str texts; /* of all terms, a line each: most words are in none of them */
} volume;

struct xd_lexicon {
    XD_VEC(volume) volumes;
};

static const volume *volume_of(const xd_lexicon *lexicon, const xd_vocabulary *vocabulary)
{
    for (size_t i = 0; i < lexicon->volumes.n; i++) {
        if (lexicon->volumes.at[i].vocabulary == vocabulary)
            return &lexicon->volumes.at[i];
    }
    return NULL;
}

static void add_text(xd_arena *arena, entry *e, xd_str text)
{
    xd_str folded = xd_fold(arena, text);
    if (folded.n == 0)
        return;
    *xd_push(arena, &e->texts) = folded;
    xd_spelling spelling;
    xd_spelling_make(arena, text, &spelling);
    for (size_t i = 0; i < spelling.full.n; i++)
        *xd_push(arena, &e->spelling.full) = spelling.full.at[i];
    for (size_t i = 0; i < spelling.initials.n; i++)
        *xd_push(arena, &e->spelling.initials) = spelling.initials.at[i];
}

static void add_vocabulary(xd_arena *arena, xd_lexicon *lexicon,
                           const xd_vocabulary *vocabulary)
{
    if (vocabulary == NULL || volume_of(lexicon, vocabulary) != NULL)
        return;
    volume v = {.vocabulary = vocabulary, .terms = xd_new_n(arena, entry, vocabulary->n)};
    for (size_t i = 0; i < vocabulary->n; i++) {
        const xd_term *term = &vocabulary->terms[i];
        for (size_t lang = 0; lang < XD_LANGS; lang++)
            add_text(arena, &v.terms[i], term->label.in[lang]);
        for (size_t k = 0; k < term->aliases.n; k++)
            add_text(arena, &v.terms[i], term->aliases.at[k]);
    }
    xd_buf all = {0};
    for (size_t i = 0; i < vocabulary->n; i++) {
        for (size_t k = 0; k < v.terms[i].texts.n; k++) {
            xd_buf_add(&all, v.terms[i].texts.at[k]);
            xd_buf_byte(&all, '\n'); /* no folded text has one, so no word reaches over it */
        }
    }
    v.texts = xd_buf_copy(&all, arena);
    xd_buf_free(&all);
    *xd_push(arena, &lexicon->volumes) = v;
}

static void add_fields(xd_arena *arena, xd_lexicon *lexicon, const xd_field *fields, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (fields[i].weight > 0)
            add_vocabulary(arena, lexicon, fields[i].vocabulary);
        add_fields(arena, lexicon, fields[i].fields, fields[i].n_fields);
    }
}

xd_lexicon *xd_lexicon_make(xd_arena *arena, const xd_model *model)
{
    xd_lexicon *lexicon = xd_new(arena, xd_lexicon);
    for (size_t i = 0; i < xd_model_types(model); i++) {
        const xd_type *type = xd_model_type(model, i);
        add_fields(arena, lexicon, type->fields, type->n_fields);
    }
    return lexicon;
}

static int near_text(const entry *e, const xd_word *word)
{
    int best = 0;
    for (size_t i = 0; i < e->texts.n; i++) {
        size_t end;
        size_t at = xd_word_find(word, e->texts.at[i], 0, &end);
        int near = at == SIZE_MAX ? 0 : at > 0 ? 1 : end < e->texts.at[i].n ? 2 : 3;
        best = near > best ? near : best;
    }
    return best;
}

static int near_spelling(const entry *e, const xd_word *word)
{
    int best = 0;
    for (size_t i = 0; i < e->spelling.full.n; i++) {
        int near = xd_spelling_near(e->spelling.full.at[i], word->text, true);
        best = near > best ? near : best;
    }
    for (size_t i = 0; i < e->spelling.initials.n; i++) {
        int near = xd_spelling_near(e->spelling.initials.at[i], word->text, false);
        best = near > best ? near : best;
    }
    return best;
}

int xd_lexicon_near(const xd_lexicon *lexicon, const xd_vocabulary *vocabulary, uint32_t term,
                    const xd_word *word, bool pinyin)
{
    const volume *v = volume_of(lexicon, vocabulary);
    if (v == NULL || term >= vocabulary->n)
        return 0;
    int near = near_text(&v->terms[term], word);
    return near == 0 && pinyin && word->spelling ? near_spelling(&v->terms[term], word) : near;
}

void xd_lexicon_find(xd_arena *arena, const xd_lexicon *lexicon,
                     const xd_vocabulary *vocabulary, const xd_word *word, bool pinyin,
                     xd_terms_found *ret_found)
{
    *ret_found = (xd_terms_found){0};
    const volume *v = volume_of(lexicon, vocabulary);
    if (v == NULL || (word->plain && !xd_word_among(word, v->texts)))
        return;
    for (uint32_t i = 0; i < vocabulary->n; i++) {
        if (xd_lexicon_near(lexicon, vocabulary, i, word, pinyin) > 0)
            *xd_push(arena, ret_found) = i;
    }
}
