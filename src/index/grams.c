#include "index/grams.h"

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
    for (uint32_t which = 0; which < 2; which++) {
        if (!open_runs(image, which, &ret_grams->runs[which]))
            ret_grams->runs[which].n = 0;
    }
}

static xd_bits *set_named(xd_bag *bag, const xd_grams *g, uint64_t name)
{
    return xd_bag_keep(bag, xd_docs_open(g->image, &g->postings, name));
}

/* NULL: no document has it. The set is not to be changed. */
static const xd_bits *set_of(xd_bag *bag, const xd_grams *g, uint64_t key)
{
    uint64_t low = 0, high = g->n;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (g->keys[middle] < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low < g->n && g->keys[low] == key ? set_named(bag, g, g->sets[low]) : NULL;
}

/* Finding -------------------------------------------------------------------------------- */

typedef struct finding {
    xd_bag *bag;
    const xd_grams *grams;
    xd_bits *found; /* NULL: nothing asked yet */
    size_t asked;
} finding;

static void narrow(finding *f, const xd_bits *with)
{
    f->asked++;
    if (with == NULL)
        f->found = xd_bits_none(f->bag);
    else if (f->found == NULL)
        f->found = xd_bits_copy(f->bag, with);
    else
        roaring_bitmap_and_inplace(f->found, with);
}

static void narrow_gram(finding *f, xd_gram_of of, uint32_t a, uint32_t b, uint32_t c)
{
    narrow(f, set_of(f->bag, f->grams, xd_gram_key(of, a, b, c)));
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

static void narrow_run(finding *f, xd_str text, bool whole, bool names)
{
    const xd_grams *g = f->grams;
    const xd_run_list *runs = &g->runs[names];
    text = xd_run_term(text);
    uint32_t from = first_run(g, runs, text), to = from;
    while (to < runs->n && (whole ? xd_str_eq(run_text(g, runs, to), text)
                                  : xd_str_starts(run_text(g, runs, to), text)))
        to++;
    const xd_bits **sets = xd_new_n(f->bag->arena, const xd_bits *, to - from + 1);
    for (uint32_t i = from; i < to; i++)
        sets[i - from] = set_named(f->bag, g, runs->sets[i]);
    size_t n = to - from;
    narrow(f, n == 0   ? NULL
              : n == 1 ? sets[0]
                       : xd_bag_keep(f->bag, roaring_bitmap_or_many(n, sets)));
}

xd_bits *xd_grams_find(xd_bag *bag, const xd_grams *g, const xd_word *word, bool names,
                       bool *ret_sure)
{
    finding f = {.bag = bag, .grams = g};
    xd_gram_of of = names ? XD_GRAM_NAME : XD_GRAM_ALL;
    xd_cutter c = {word->text, 0};
    xd_str text;
    uint32_t cp = 0, before = 0;
    bool sure = true;
    while (xd_cut_next(&c, &text, &cp)) {
        size_t next = c.at;
        if (text.n > 0) {
            bool whole = word->whole || next < word->text.n;
            sure = sure && text.n <= XD_RUN_BYTES;
            narrow_run(&f, text, whole, names);
            before = 0;
            continue;
        }
        if (cp == ' ') {
            before = 0;
            continue;
        }
        sure = sure && cp <= 0xfffff; /* see key_of() */
        uint32_t after = next < word->text.n ? xd_utf8_next(word->text, &next) : ' ';
        if (before != 0)
            narrow_gram(&f, of, before, cp, 0);
        else if (!xd_is_character(after))
            narrow_gram(&f, of, cp, 0, 0); /* stands alone: no pair holds it */
        before = cp;
    }
    *ret_sure = sure && f.asked <= 1;
    return f.found == NULL ? xd_bits_none(bag) : f.found;
}

xd_bits *xd_grams_find_spelling(xd_bag *bag, const xd_grams *g, xd_str letters, bool full)
{
    finding f = {.bag = bag, .grams = g};
    xd_gram_of of = full ? XD_GRAM_FULL : XD_GRAM_INITIALS;
    if (letters.n == 2)
        narrow_gram(&f, of, (unsigned char)letters.p[0], (unsigned char)letters.p[1], 0);
    for (size_t i = 2; i < letters.n; i++)
        narrow_gram(&f, of, (unsigned char)letters.p[i - 2], (unsigned char)letters.p[i - 1],
                    (unsigned char)letters.p[i]);
    return f.found == NULL ? xd_bits_none(bag) : f.found;
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
