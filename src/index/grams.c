/* Which documents may have a word: those in the sets of all its terms, smallest first. That is
 * always a superset of those that have it. It is the answer itself (`sure`) for one piece of
 * text of one or two characters, of three or four whose pairs are common (threes and fours by
 * their exceptions, grams_four.h), or for a run of letters that was not cut off; otherwise
 * whoever asked reads the texts (search.c). Keys and set names are sorted arrays of the image,
 * so finding one is a binary search, and only sets that are asked for are opened. */
#include "index/grams.h"

#include <stdlib.h>

#include "index/best.h"

bool xd_cut_next(xd_cutter *c, xd_str *ret_run, uint32_t *ret_cp)
{
    *ret_run = (xd_str){0};
    if (c->at >= c->text.n)
        return false;
    size_t begin = c->at;
    uint32_t cp = xd_utf8_next(c->text, &c->at);
    *ret_cp = cp;
    if (cp == ' ' || xd_is_character(cp))
        return true;
    while (c->at < c->text.n) {
        size_t next = c->at;
        cp = xd_utf8_next(c->text, &next);
        if (cp == ' ' || xd_is_character(cp))
            break;
        c->at = next;
    }
    *ret_run = xd_str_sub(c->text, begin, c->at);
    return true;
}

/* Opening -------------------------------------------------------------------------------- */

static bool open_runs(const xd_image *image, uint32_t which, xd_run_list *runs)
{
    const void *at, *sets;
    xd_section list = xd_image_find(image, XD_SEC_RUN_SET, which);
    uint64_t n = list.n / sizeof(uint64_t);
    if (n == 0)
        return true;
    if (!xd_image_array(image, XD_SEC_RUN_SET, which, sizeof(uint64_t), n, &sets) ||
        !xd_image_array(image, XD_SEC_RUN_AT, which, sizeof(uint32_t), n + 1, &at))
        return false;
    *runs = (xd_run_list){(uint32_t)n, at, sets, xd_image_find(image, XD_SEC_RUN, which)};
    return true;
}

static void open_best(const xd_image *image, xd_grams *g)
{
    for (uint32_t which = 0; which < XD_LEN(g->best); which++) {
        const void *best;
        uint64_t n = xd_image_find(image, XD_SEC_BEST, which).n / sizeof **g->best;
        if (n > 0 && xd_image_array(image, XD_SEC_BEST, which, sizeof **g->best, n, &best)) {
            g->best[which] = best;
            g->n_best[which] = n;
        }
    }
}

static void open_fours(const xd_image *image, xd_grams *g)
{
    for (uint32_t which = 0; which < XD_LEN(g->fours); which++) {
        const void *p;
        uint64_t n = xd_image_find(image, XD_SEC_FOUR, which).n / sizeof(xd_four);
        g->read_most[which] = UINT32_MAX;
        if (n == 0 || !xd_image_array(image, XD_SEC_FOUR, which, sizeof(xd_four), n, &p))
            continue;
        const xd_four *head = p;
        g->read_most[which] = head->last;
        g->doubt[which] = head->set;
        g->fours[which] = head + 1;
        g->n_fours[which] = n - 1;
    }
}

void xd_grams_open(const xd_image *image, xd_grams *ret_grams)
{
    const void *keys, *sets;
    xd_section list = xd_image_find(image, XD_SEC_GRAM_KEY, 0);
    uint64_t n = list.n / sizeof(uint64_t);
    *ret_grams = (xd_grams){.image = image, .postings = xd_image_find(image, XD_SEC_SETS, 0)};
    if (n > 0 && xd_image_array(image, XD_SEC_GRAM_KEY, 0, sizeof(uint64_t), n, &keys) &&
        xd_image_array(image, XD_SEC_GRAM_SET, 0, sizeof(uint64_t), n, &sets)) {
        ret_grams->n = n;
        ret_grams->keys = keys;
        ret_grams->sets = sets;
    }
    xd_section common = xd_image_find(image, XD_SEC_GRAM_COMMON, 0);
    ret_grams->n_common = common.n / sizeof(uint64_t);
    ret_grams->common = (const void *)common.p;
    if (!xd_image_use(image, &common, 0, common.n))
        ret_grams->n_common = 0;
    for (uint32_t which = 0; which < 2; which++) {
        if (!open_runs(image, which, &ret_grams->runs[which]))
            ret_grams->runs[which].n = 0;
    }
    open_best(image, ret_grams);
    open_fours(image, ret_grams);
}

static xd_bits *set_named(xd_bag *bag, const xd_grams *g, uint64_t name)
{
    return xd_bag_keep(bag, xd_docs_open(g->image, &g->postings, name));
}

const xd_bits *xd_grams_set(xd_bag *bag, const xd_grams *g, uint64_t name)
{
    return set_named(bag, g, name);
}

uint64_t xd_grams_not_before(const uint64_t *keys, uint64_t n, uint64_t key)
{
    uint64_t low = 0, high = n;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (keys[middle] < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* NULL: no document has it. The set is not to be changed. */
static const xd_bits *set_of(xd_bag *bag, const xd_grams *g, uint64_t key)
{
    uint64_t at = xd_grams_not_before(g->keys, g->n, key);
    return at < g->n && g->keys[at] == key ? set_named(bag, g, g->sets[at]) : NULL;
}

/* What any of the keys first … last has; NULL: nothing. */
static const xd_bits *sets_between(xd_bag *bag, const xd_grams *g, uint64_t first,
                                   uint64_t last)
{
    uint64_t from = xd_grams_not_before(g->keys, g->n, first), to = from;
    while (to < g->n && g->keys[to] <= last)
        to++;
    const xd_bits **sets = xd_new_n(bag->arena, const xd_bits *, to - from);
    for (uint64_t i = from; i < to; i++)
        sets[i - from] = set_named(bag, g, g->sets[i]);
    return from == to       ? NULL
           : from + 1 == to ? sets[0]
                            : xd_bag_keep(bag, roaring_bitmap_or_many(to - from, sets));
}

/* Finding -------------------------------------------------------------------------------- */

/* Sets that a document must be in, all of them. */
typedef struct finding {
    xd_bag *bag;
    const xd_grams *grams;
    struct {
        const xd_bits **at;
        size_t n, cap;
    } sets, but; /* but: that it must not be in */
    bool none;   /* one of them is empty */
} finding;

static void narrow(finding *f, const xd_bits *with)
{
    if (with == NULL)
        f->none = true;
    else
        *xd_push(f->bag->arena, &f->sets) = with;
}

static int by_size(const void *a, const void *b)
{
    uint64_t x = roaring_bitmap_get_cardinality(*(const xd_bits *const *)a);
    uint64_t y = roaring_bitmap_get_cardinality(*(const xd_bits *const *)b);
    return x < y ? -1 : x > y;
}

/* The smallest first: what is left is never more. */
static xd_bits *all_of(finding *f)
{
    if (f->none || f->sets.n == 0)
        return xd_bits_none(f->bag);
    qsort(f->sets.at, f->sets.n, sizeof *f->sets.at, by_size);
    xd_bits *found = f->sets.n == 1 ? xd_bits_copy(f->bag, f->sets.at[0])
                                    : xd_bits_and(f->bag, f->sets.at[0], f->sets.at[1]);
    for (size_t i = 2; i < f->sets.n; i++)
        roaring_bitmap_and_inplace(found, f->sets.at[i]);
    for (size_t i = 0; i < f->but.n; i++)
        roaring_bitmap_andnot_inplace(found, f->but.at[i]);
    return found;
}

static void narrow_gram(finding *f, xd_gram_of of, uint32_t a, uint32_t b, uint32_t c)
{
    narrow(f, set_of(f->bag, f->grams, xd_gram_key(of, a, b, c)));
}

/* All keys of that kind that begin so; b 0: only a is given. */
static void narrow_begun(finding *f, xd_gram_of of, uint32_t a, uint32_t b)
{
    uint64_t first = xd_gram_key(of, a, b, 0);
    uint64_t rest = b == 0 ? ((uint64_t)1 << 40) - 1 : ((uint64_t)1 << 20) - 1;
    narrow(f, sets_between(f->bag, f->grams, first, first | rest));
}

static xd_str run_text(const xd_grams *g, const xd_run_list *runs, uint32_t i)
{
    return xd_image_text(g->image, &runs->text, runs->at, i);
}

static uint32_t first_run(const xd_grams *g, const xd_run_list *runs, xd_str text)
{
    uint32_t low = 0, high = runs->n; /* not before text */
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (xd_str_cmp(run_text(g, runs, middle), text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const xd_bits *xd_grams_one(xd_bag *bag, const xd_grams *g, uint64_t key)
{
    return set_of(bag, g, key);
}

xd_str xd_grams_run(const xd_grams *g, bool names, uint32_t i)
{
    return run_text(g, &g->runs[names], i);
}

void xd_grams_runs(const xd_grams *g, xd_str text, bool whole, bool names, uint32_t *ret_from,
                   uint32_t *ret_to)
{
    const xd_run_list *runs = &g->runs[names];
    text = xd_run_term(text);
    uint32_t from = first_run(g, runs, text), to = from;
    while (to < runs->n && (whole ? xd_str_eq(run_text(g, runs, to), text)
                                  : xd_str_starts(run_text(g, runs, to), text)))
        to++;
    *ret_from = from;
    *ret_to = to;
}

static void narrow_run(finding *f, xd_str text, bool whole, bool names)
{
    const xd_grams *g = f->grams;
    const xd_run_list *runs = &g->runs[names];
    uint32_t from, to;
    xd_grams_runs(g, text, whole, names, &from, &to);
    const xd_bits **sets = xd_new_n(f->bag->arena, const xd_bits *, to - from + 1);
    for (uint32_t i = from; i < to; i++)
        sets[i - from] = set_named(f->bag, g, runs->sets[i]);
    size_t n = to - from;
    narrow(f, n == 0   ? NULL
              : n == 1 ? sets[0]
                       : xd_bag_keep(f->bag, roaring_bitmap_or_many(n, sets)));
}

static bool is_common(const xd_grams *g, const uint32_t *cp)
{
    uint64_t pair = xd_gram_key(XD_GRAM_ALL, cp[0], cp[1], 0);
    uint64_t at = xd_grams_not_before(g->common, g->n_common, pair);
    return at < g->n_common && g->common[at] == pair;
}

/* A three whose pairs are common; *pairs: how many of the word's pairs were asked for, at: the
 * three's first. */
static void narrow_three(finding *f, xd_gram_of of, const uint32_t *cp, size_t at,
                         size_t *pairs)
{
    bool names = of == XD_GRAM_NAME;
    const uint32_t *c = cp + at;
    const xd_bits *is =
        set_of(f->bag, f->grams,
               xd_gram_key(names ? XD_GRAM_NAME_THREE : XD_GRAM_THREE, c[0], c[1], c[2]));
    const xd_bits *but =
        is != NULL ? NULL
                   : set_of(f->bag, f->grams,
                            xd_gram_key(names ? XD_GRAM_NAME_THREE_BUT : XD_GRAM_THREE_BUT,
                                        c[0], c[1], c[2]));
    if (but == NULL) {
        narrow(f, is);
        return;
    }
    *xd_push(f->bag->arena, &f->but) = but;
    for (size_t i = *pairs > at ? *pairs : at; i < at + 2; i++)
        narrow_gram(f, of, cp[i], cp[i + 1], 0);
    *pairs = at + 2;
}

/* Characters that stand together, cp[0 … n − 1]; last: nothing follows in the word that could
 * not be a character. Exact for one, two, and three whose pairs are common. */
static bool narrow_characters(finding *f, const uint32_t *cp, size_t n, xd_gram_of of,
                              bool last)
{
    const xd_grams *g = f->grams;
    if (n == 1 && last)
        narrow_begun(f, of, cp[0], 0);
    else if (n == 1)
        narrow_gram(f, of, cp[0], 0, 0); /* no other character behind it */
    bool exact = n <= 2;
    size_t pairs = 0;
    for (size_t i = 0; i + 1 < n; i++) {
        bool three = i + 2 < n && is_common(g, cp + i) && is_common(g, cp + i + 1);
        exact = exact || (three && n == 3);
        if (three)
            narrow_three(f, of, cp, i, &pairs);
        else if (i >= pairs)
            narrow_gram(f, of, cp[i], cp[i + 1], 0);
        i += three && i + 3 == n; /* the last pair is in the three */
    }
    return exact;
}

static const xd_four *find_four(const xd_grams *g, size_t which, const uint32_t *cp)
{
    uint64_t three = xd_gram_key(0, cp[0], cp[1], cp[2]), low = 0, high = g->n_fours[which];
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        const xd_four *four = &g->fours[which][middle];
        if (four->three < three || (four->three == three && four->last < cp[3]))
            low = middle + 1;
        else
            high = middle;
    }
    const xd_four *four = &g->fours[which][low];
    return low < g->n_fours[which] && four->three == three && four->last == cp[3] ? four : NULL;
}

/* Leaves in found, which have both threes, those that have the four; false: that is not known. */
static bool settle_four(xd_bag *bag, const xd_grams *g, size_t which, const uint32_t *cp,
                        xd_bits *found, const xd_bits **ret_doubt)
{
    if (g->read_most[which] == UINT32_MAX || !is_common(g, cp) || !is_common(g, cp + 1) ||
        !is_common(g, cp + 2))
        return false;
    const xd_four *four = find_four(g, which, cp);
    if (four == NULL && roaring_bitmap_get_cardinality(found) <= g->read_most[which])
        return false;
    const xd_bits *doubt = g->doubt[which] == 0 ? NULL : set_named(bag, g, g->doubt[which]);
    xd_bits *doubted = doubt == NULL ? NULL : xd_bits_and(bag, found, doubt);
    const xd_bits *set = four == NULL ? NULL : set_named(bag, g, four->set);
    if (set != NULL && four->how == XD_FOUR_IS)
        roaring_bitmap_and_inplace(found, set);
    else if (set != NULL)
        roaring_bitmap_andnot_inplace(found, set);
    if (doubted != NULL)
        roaring_bitmap_or_inplace(found, doubted);
    *ret_doubt = doubt;
    return true;
}

xd_bits *xd_grams_find(xd_bag *bag, const xd_grams *g, const xd_word *word, bool names,
                       bool *ret_sure, const xd_bits **ret_doubt)
{
    finding f = {.bag = bag, .grams = g};
    xd_gram_of of = names ? XD_GRAM_NAME : XD_GRAM_ALL;
    xd_cutter c = {word->text, 0};
    uint32_t *cps = xd_new_n(bag->arena, uint32_t, word->n + 1), cp = 0;
    size_t n = 0, pieces = 0, characters = 0;
    xd_str text = {0};
    bool sure = true, exact = true, more = true;
    while (more) {
        more = xd_cut_next(&c, &text, &cp);
        if (more && text.n == 0 && cp != ' ') {
            sure = sure && cp <= 0xfffff; /* see xd_gram_key() */
            cps[n++] = cp;
            continue;
        }
        if (n > 0) {
            /* A blank of the phrase may be missing in the text: a character may follow there. */
            exact = narrow_characters(&f, cps, n, of, !more || text.n == 0) && exact;
            pieces++;
        }
        characters = n;
        n = 0;
        if (more && text.n > 0) {
            sure = sure && text.n <= XD_RUN_BYTES;
            narrow_run(&f, text, word->whole || c.at < word->text.n, names);
            pieces++;
        }
    }
    xd_bits *found = all_of(&f);
    *ret_doubt = NULL;
    sure = sure && pieces <= 1;
    *ret_sure =
        sure &&
        (exact || (characters == 4 && settle_four(bag, g, names, cps, found, ret_doubt)));
    return found;
}

xd_bits *xd_grams_find_spelling(xd_bag *bag, const xd_grams *g, xd_str letters, bool full)
{
    finding f = {.bag = bag, .grams = g};
    xd_gram_of of = full ? XD_GRAM_FULL : XD_GRAM_INITIALS;
    if (letters.n == 2)
        narrow_begun(&f, of, (unsigned char)letters.p[0], (unsigned char)letters.p[1]);
    for (size_t i = 2; i < letters.n; i++)
        narrow_gram(&f, of, (unsigned char)letters.p[i - 2], (unsigned char)letters.p[i - 1],
                    (unsigned char)letters.p[i]);
    return all_of(&f);
}

xd_bits *xd_grams_find_begun(xd_bag *bag, const xd_grams *g, xd_str text)
{
    size_t at = 0;
    uint32_t first = at < text.n ? xd_utf8_next(text, &at) : 0;
    uint32_t second = at < text.n ? xd_utf8_next(text, &at) : 0;
    xd_bits *found = xd_bits_none(bag);
    const uint64_t keys[] = {xd_gram_key(XD_GRAM_START, first, second, 0),
                             xd_gram_key(XD_GRAM_START, first, ' ', 0)};
    for (size_t i = 0; first != 0 && i < (second == 0 ? 1 : XD_LEN(keys)); i++) {
        const xd_bits *bits = set_of(bag, g, keys[i]);
        if (bits != NULL)
            roaring_bitmap_or_inplace(found, bits);
    }
    return found;
}

xd_bits *xd_grams_find_start(xd_bag *bag, const xd_grams *g, const xd_word *word)
{
    xd_bits *found = xd_bits_none(bag);
    uint32_t cp[3] = {0};
    size_t n = 0;
    for (size_t at = 0; n < 3 && at < word->text.n; n++)
        cp[n] = xd_utf8_next(word->text, &at);
    xd_gram_of last = word->spelling && word->n > 1 ? XD_GRAM_START_SOUND : XD_GRAM_START;
    for (xd_gram_of of = XD_GRAM_START; of <= last; of++) {
        const xd_bits *bits = set_of(bag, g, xd_gram_key(of, cp[0], cp[1], cp[2]));
        if (bits != NULL)
            roaring_bitmap_or_inplace(found, bits);
    }
    return found;
}
