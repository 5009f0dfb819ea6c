/* index/grams.h — text postings of one segment: which documents may hold a word.
 *
 * Terms: each pair of neighbouring characters (model/fold.h), once for all text and once for
 * names; of a character only where no other follows it, so that where it stands is the union of
 * what begins with it; threes of characters of which both pairs are common, in large segments,
 * again once for all text and once for names (grams_make.c says why), each as its documents or as
 * those that have both pairs and yet not the three, whichever are fewer; runs of letters and digits as whole words, in all text and in names;
 * threes of letters of pinyin readings and of initials, and the last two; the first one, two and
 * three of a name and of its readings. They lie in the image as two sorted lists, of keys and of
 * runs, each with the names of its sets. */
#ifndef XD_INDEX_GRAMS_H
#define XD_INDEX_GRAMS_H

#include "index/passage.h"
#include "index/sets.h"
#include "index/words.h"

typedef struct xd_run_list {
    uint32_t n;
    const uint32_t *at;
    const uint64_t *sets;
    xd_section text;
} xd_run_list;

/* What is in both threes of a four of characters mostly has the four. Where so many have both that
 * reading them would be dear, those that have not are kept, or those that have, whichever are
 * fewer; a four that is not listed is then in all that have both threes. See grams_four.h. */
typedef struct xd_four {
    uint64_t three; /* its first three characters, without what they are a gram of */
    uint32_t last;
    uint32_t how; /* xd_four_how */
    uint64_t set;
} xd_four;
typedef enum xd_four_how {
    XD_FOUR_HEAD, /* the first of the list: last: so many are read; set: documents in doubt */
    XD_FOUR_IS,
    XD_FOUR_BUT
} xd_four_how;

typedef struct xd_grams {
    const xd_image *image;
    uint64_t n;
    const uint64_t *keys, *sets;
    const uint64_t *common; /* sorted keys of common pairs; threes of two such are complete */
    uint64_t n_common;
    xd_run_list runs[2];                /* of all text, of names */
    const struct xd_best_term *best[3]; /* of grams, of runs: see best.h */
    uint64_t n_best[3];
    const xd_four *fours[2]; /* of all text, of names; without the head */
    uint64_t n_fours[2], doubt[2];
    uint32_t read_most[2]; /* UINT32_MAX: nothing is known of fours */
    xd_section postings;
} xd_grams;

/* The lists are proven here, sets when they are asked for; whatever is wrong breaks the image. */
void xd_grams_open(const xd_image *image, xd_grams *ret_grams);

/* A set as postings name it. Not to be changed. */
const xd_bits *xd_grams_set(xd_bag *bag, const xd_grams *grams, uint64_t name);
/* The first of n sorted keys that is not below key; n when all are. */
uint64_t xd_grams_not_before(const uint64_t *keys, uint64_t n, uint64_t key);
/* The set of one gram; NULL: no document has it. */
const xd_bits *xd_grams_one(xd_bag *bag, const xd_grams *grams, uint64_t key);
xd_str xd_grams_run(const xd_grams *grams, bool names, uint32_t i);
/* The runs from … to − 1 that a piece of a word stands for: itself, or what begins with it. */
void xd_grams_runs(const xd_grams *grams, xd_str text, bool whole, bool names,
                   uint32_t *ret_from, uint32_t *ret_to);

/* Documents that may hold the word: all that do and, unless *ret_sure, perhaps others. *ret_doubt:
 * though sure, of those that are also in this set it is not known; NULL: of all it is. */
xd_bits *xd_grams_find(xd_bag *bag, const xd_grams *grams, const xd_word *word, bool names,
                       bool *ret_sure, const xd_bits **ret_doubt);
/* Documents with a name that may be spelled so; never sure. */
xd_bits *xd_grams_find_spelling(xd_bag *bag, const xd_grams *grams, xd_str letters, bool full);

/* Documents with a name that may begin with the text, which has no blanks, as written; where the
 * name has blanks between. */
xd_bits *xd_grams_find_begun(xd_bag *bag, const xd_grams *grams, xd_str text);
/* Documents with a name that may begin with the word, as written or as it sounds. */
xd_bits *xd_grams_find_start(xd_bag *bag, const xd_grams *grams, const xd_word *word);

/* What a gram is of. */
typedef enum xd_gram_of {
    XD_GRAM_ALL = 1,
    XD_GRAM_NAME,
    XD_GRAM_FULL,
    XD_GRAM_INITIALS,
    XD_GRAM_START,
    XD_GRAM_START_SOUND,
    XD_GRAM_THREE,
    XD_GRAM_NAME_THREE,
    XD_GRAM_THREE_BUT, /* what has both pairs and not the three */
    XD_GRAM_NAME_THREE_BUT
} xd_gram_of;
/* A gram's key: what it is of (4 bits), then up to three code points or letters of 20 bits.
 * Code points above U+FFFFF are private use and share their lower bits with others: found too
 * often, then told apart by the text. */
static inline uint64_t xd_gram_key(xd_gram_of of, uint32_t a, uint32_t b, uint32_t c)
{
    const uint32_t mask = (1u << 20) - 1;
    return (uint64_t)of << 60 | (uint64_t)(a & mask) << 40 | (uint64_t)(b & mask) << 20 |
           (c & mask);
}

/* A folded text cut into characters, and runs with no character or blank in them. */
typedef struct xd_cutter {
    xd_str text;
    size_t at;
} xd_cutter;
/* False at the end. A run: *ret_run is its text. Else *ret_run is absent, *ret_cp a character
 * or a blank. */
bool xd_cut_next(xd_cutter *cutter, xd_str *ret_run, uint32_t *ret_cp);
/* A run as a term: no longer than XD_RUN_BYTES. */
#define XD_RUN_BYTES 64
static inline xd_str xd_run_term(xd_str run)
{
    return xd_str_sub(run, 0, XD_RUN_BYTES);
}

#endif
