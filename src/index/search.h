/* index/search.h — the documents that hold a question's words, and how well.
 *
 * A document holds a word when one of its texts has it, one of its names is spelled so in
 * pinyin or initials, one of its terms has a label with it, or a record it links to a title. Rank is a class, then a score:
 * the number itself, the name itself, a name that begins so, a name with all words, an other
 * name, a name by sound, anything else (docs/decisions/0053). Neither depends on other documents, so paging
 * stays true while the index goes on. */
#ifndef XD_INDEX_SEARCH_H
#define XD_INDEX_SEARCH_H

#include "index/look.h"

/* Labels of one word's terms, for scoring. */
typedef struct xd_labelled {
    const xd_bits *bits;
    int weight;
    size_t word;
} xd_labelled;

typedef struct xd_searched {
    xd_bits *all;
    const xd_bits **texts; /* by word: where a text has it as written */
    bool sounds;           /* some name has a word by its sound */
    xd_bits *numbered; /* of these, where the words together are the number, or a unique key */
    xd_bits *names;    /* of these, where names have every word as written */
    xd_bits *spelt;    /* … or as it sounds */
    struct {
        xd_labelled *at;
        size_t n, cap;
    } labels;
} xd_searched;

/* Within domain. words->n > 0. type: NULL for every type. ranked: the order is by rank; else only
 * `all` is of use. */
XD_MUST bool xd_search_shard(xd_look *look, size_t shard, const xd_type *type,
                             const xd_words *words, const xd_bits *domain, bool ranked,
                             xd_searched *ret_searched);

/* Within domain: where names have the word as written or as it sounds. For completions. */
XD_MUST bool xd_search_names(xd_look *look, size_t shard, const xd_word *word,
                             const xd_bits *domain, xd_bits **ret_found);

#endif
