/* Terms: by code, by word, and what a cell that names one means. */
#include "model/term.h"

#include "model/fold.h"

const xd_term *xd_term_find(const xd_vocabulary *vocabulary, xd_str code)
{
    return xd_map_get(vocabulary->codes, code);
}

bool xd_term_within(const xd_term *term, const xd_term *ancestor)
{
    while (term != NULL && term != ancestor) {
        term = term->parent;
    }
    return term != NULL;
}

static void add_word(xd_arena *arena, xd_map *words, xd_str word, const xd_term *term)
{
    xd_str key = xd_fold_key(arena, word);
    xd_term_list *list = xd_map_get(words, key);
    if (key.n == 0) {
        return;
    }
    if (list == NULL) {
        list = xd_new(arena, xd_term_list);
        xd_map_put(words, key, list);
    }
    for (size_t i = 0; i < list->n; i++) {
        if (list->at[i] == term) {
            return;
        }
    }
    *xd_push(arena, list) = term;
}

const xd_map *xd_term_words(xd_arena *arena, const xd_vocabulary *vocabulary)
{
    xd_map *words = xd_map_make(arena);
    for (size_t i = 0; i < vocabulary->n; i++) {
        const xd_term *term = &vocabulary->terms[i];
        for (size_t lang = 0; lang < XD_LANGS; lang++) {
            add_word(arena, words, term->label.in[lang], term);
        }
        for (size_t k = 0; k < term->aliases.n; k++) {
            add_word(arena, words, term->aliases.at[k], term);
        }
    }
    return words;
}

const xd_term_list *xd_term_meanings(xd_ctx *cx, const xd_vocabulary *vocabulary, xd_str word)
{
    return xd_map_get(vocabulary->words, xd_fold_key(cx->arena, word));
}

/* The one term a word means; NULL when none or several. Of a term and terms below it that share
 * a word (造纸 the division, 造纸 the group) the wider one is right whichever was meant. */
static const xd_term *by_word(xd_ctx *cx, const xd_vocabulary *vocabulary, xd_str word)
{
    const xd_term_list *list = xd_term_meanings(cx, vocabulary, word);
    const xd_term *widest = list == NULL ? NULL : list->at[0];
    for (size_t i = 1; list != NULL && i < list->n; i++) {
        widest = xd_term_within(widest, list->at[i]) ? list->at[i] : widest;
    }
    for (size_t i = 0; list != NULL && i < list->n; i++) {
        widest = xd_term_within(list->at[i], widest) ? widest : NULL;
    }
    return widest;
}

static bool code_byte(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           c == '-' || c == '_' || c == '.' || c == '/';
}

/* A code in any case, full-width letters too. */
static const xd_term *by_code(xd_ctx *cx, const xd_vocabulary *vocabulary, xd_str text)
{
    const xd_term *term = xd_term_find(vocabulary, text);
    if (term != NULL) {
        return term;
    }
    xd_str folded = xd_fold(cx->arena, text);
    term = xd_term_find(vocabulary, folded);
    char *upper = xd_new_n(cx->arena, char, folded.n + 1);
    for (size_t i = 0; i < folded.n; i++) {
        char c = folded.p[i];
        upper[i] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    return term != NULL ? term : xd_term_find(vocabulary, (xd_str){upper, folded.n});
}

/* Where the bracketed note at the end begins; text.n when there is none. */
static size_t note_at(xd_str text)
{
    size_t wide = xd_str_find(text, XD_S("（"), 0), narrow = xd_str_find(text, XD_S("("), 0);
    size_t at = wide < narrow ? wide : narrow;
    return at == SIZE_MAX ? text.n : at;
}

static void candidates(xd_ctx *cx, const xd_vocabulary *vocabulary, xd_str text,
                       xd_strs *ret_candidates)
{
    const xd_term_list *list = xd_term_meanings(cx, vocabulary, text);
    xd_str key = xd_fold_key(cx->arena, text);
    *ret_candidates = (xd_strs){0};
    for (size_t i = 0; list != NULL && i < list->n && ret_candidates->n < 5; i++) {
        *xd_push(cx->arena, ret_candidates) =
            xd_str_printf(cx->arena, XD_FMT " " XD_FMT, XD_ARG(list->at[i]->code),
                          XD_ARG(xd_label_in(&list->at[i]->label, cx->lang)));
    }
    for (size_t i = 0; i < xd_map_count(vocabulary->words) && ret_candidates->n < 5; i++) {
        xd_str word;
        void *terms;
        xd_map_each(vocabulary->words, i, &word, &terms);
        bool near = key.n >= 3 && (xd_str_find(word, key, 0) != SIZE_MAX ||
                                   (word.n >= 6 && xd_str_find(key, word, 0) != SIZE_MAX));
        if (near && list == NULL) {
            const xd_term *term = ((const xd_term_list *)terms)->at[0];
            *xd_push(cx->arena, ret_candidates) = xd_label_in(&term->label, cx->lang);
        }
    }
}

const xd_term *xd_term_read(xd_ctx *cx, const xd_vocabulary *vocabulary, xd_str text,
                            xd_strs *ret_candidates)
{
    text = xd_str_trim(text);
    const xd_term *term = by_code(cx, vocabulary, text);
    if (term == NULL) {
        term = by_word(cx, vocabulary, text);
    }
    /* "C31 黑色金属冶炼和压延加工业": the code, if the words behind it do not speak of another. */
    size_t n = 0;
    while (term == NULL && n < text.n && code_byte(text.p[n])) {
        n++;
    }
    if (term == NULL && n > 0 && n < text.n) {
        term = by_code(cx, vocabulary, xd_str_sub(text, 0, n));
        const xd_term *named = by_word(cx, vocabulary, xd_str_sub(text, n, text.n));
        if (term != NULL && named != NULL && !xd_term_within(named, term)) {
            term = NULL;
        } else if (term != NULL && named != NULL) {
            term = named;
        }
    }
    if (term == NULL && note_at(text) < text.n && note_at(text) > 0) {
        xd_str bare = xd_str_trim(xd_str_sub(text, 0, note_at(text)));
        term = by_code(cx, vocabulary, bare);
        term = term != NULL ? term : by_word(cx, vocabulary, bare);
    }
    if (term != NULL && term->retired && !xd_str_eq(term->code, text)) {
        term = NULL; /* nobody may choose it by its words; a table of ours may give its code */
    }
    if (term == NULL && ret_candidates != NULL) {
        candidates(cx, vocabulary, text, ret_candidates);
    }
    return term;
}
