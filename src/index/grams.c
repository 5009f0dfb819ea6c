#include "index/grams.h"

#include <stdlib.h>

#define RUN_BYTES 64 /* of a run of letters kept as a term */

/* A gram's key: what it is of (4 bits), then up to three code points or letters of 20 bits.
 * Code points above U+FFFFF are private use and share their lower bits with others: found too
 * often, then told apart by the text. */
typedef enum gram_of { ALL = 1, NAME, FULL, INITIALS, START, START_SOUND } gram_of;

static uint64_t key_of(gram_of of, uint32_t a, uint32_t b, uint32_t c)
{
    const uint32_t mask = (1u << 20) - 1;
    return (uint64_t)of << 60 | (uint64_t)(a & mask) << 40 | (uint64_t)(b & mask) << 20 |
           (c & mask);
}

typedef struct gram {
    uint64_t key; /* 0: empty slot */
    xd_bits *bits;
    uint32_t last; /* document added last */
} gram;

typedef struct run {
    xd_str text;
    xd_bits *all, *name; /* name may be NULL */
    uint32_t last_all, last_name;
} run;

struct xd_grams {
    xd_arena *arena;
    gram *slots;
    size_t n_slots, n;
    uint32_t *run_slots; /* index in runs + 1, by hash; while building */
    size_t n_run_slots;
    struct {
        run *at;
        size_t n, cap;
    } runs; /* sealed: sorted by text */
};

xd_grams *xd_grams_make(xd_arena *arena)
{
    xd_grams *g = xd_new(arena, xd_grams);
    g->arena = arena;
    g->n_slots = 1024;
    g->slots = xd_new_n(arena, gram, g->n_slots);
    g->n_run_slots = 256;
    g->run_slots = xd_new_n(arena, uint32_t, g->n_run_slots);
    return g;
}

void xd_grams_free(xd_grams *g)
{
    for (size_t i = 0; i < g->n_slots; i++) {
        if (g->slots[i].key != 0)
            roaring_bitmap_free(g->slots[i].bits);
    }
    for (size_t i = 0; i < g->runs.n; i++) {
        roaring_bitmap_free(g->runs.at[i].all);
        if (g->runs.at[i].name != NULL)
            roaring_bitmap_free(g->runs.at[i].name);
    }
}

static size_t mix(uint64_t key)
{
    key ^= key >> 31;
    key *= 0x9e3779b97f4a7c15u;
    return (size_t)(key ^ key >> 29);
}

static gram *slot_of(const xd_grams *g, uint64_t key)
{
    size_t i = mix(key) & (g->n_slots - 1);
    while (g->slots[i].key != 0 && g->slots[i].key != key)
        i = (i + 1) & (g->n_slots - 1);
    return &g->slots[i];
}

static xd_bits *new_bits(void)
{
    xd_bits *bits = roaring_bitmap_create_with_capacity(1);
    if (bits == NULL)
        abort(); /* out of memory */
    return bits;
}

static void grow(xd_grams *g)
{
    gram *old = g->slots;
    size_t n_old = g->n_slots;
    g->n_slots *= 2;
    g->slots = xd_new_n(g->arena, gram, g->n_slots);
    for (size_t i = 0; i < n_old; i++) {
        if (old[i].key != 0)
            *slot_of(g, old[i].key) = old[i];
    }
}

static void add_gram(xd_grams *g, uint64_t key, uint32_t doc)
{
    gram *slot = slot_of(g, key);
    if (slot->key == 0) {
        if (g->n * 2 >= g->n_slots) {
            grow(g);
            slot = slot_of(g, key);
        }
        *slot = (gram){.key = key, .bits = new_bits(), .last = doc};
        roaring_bitmap_add(slot->bits, doc);
        g->n++;
    } else if (slot->last != doc) {
        slot->last = doc;
        roaring_bitmap_add(slot->bits, doc);
    }
}

static void grow_runs(xd_grams *g)
{
    g->n_run_slots *= 2;
    g->run_slots = xd_new_n(g->arena, uint32_t, g->n_run_slots);
    for (size_t r = 0; r < g->runs.n; r++) {
        size_t i = xd_str_hash(g->runs.at[r].text) & (g->n_run_slots - 1);
        while (g->run_slots[i] != 0)
            i = (i + 1) & (g->n_run_slots - 1);
        g->run_slots[i] = (uint32_t)r + 1;
    }
}

static xd_str cut_run(xd_str text)
{
    return xd_str_sub(text, 0, RUN_BYTES);
}

static run *run_of(xd_grams *g, xd_str text)
{
    size_t i = xd_str_hash(text) & (g->n_run_slots - 1);
    while (g->run_slots[i] != 0) {
        run *r = &g->runs.at[g->run_slots[i] - 1];
        if (xd_str_eq(r->text, text))
            return r;
        i = (i + 1) & (g->n_run_slots - 1);
    }
    if ((g->runs.n + 1) * 2 > g->n_run_slots) {
        grow_runs(g);
        return run_of(g, text);
    }
    run *r = xd_push(g->arena, &g->runs);
    *r = (run){.text = xd_str_copy(g->arena, text),
               .all = new_bits(),
               .last_all = UINT32_MAX,
               .last_name = UINT32_MAX};
    g->run_slots[i] = (uint32_t)g->runs.n;
    return r;
}

static void add_run(xd_grams *g, uint32_t doc, xd_str text, bool name)
{
    run *r = run_of(g, cut_run(text));
    if (r->last_all != doc) {
        r->last_all = doc;
        roaring_bitmap_add(r->all, doc);
    }
    if (name && r->last_name != doc) {
        r->last_name = doc;
        r->name = r->name == NULL ? new_bits() : r->name;
        roaring_bitmap_add(r->name, doc);
    }
}

/* A folded text cut into characters, and runs with no character or blank in them. */
typedef struct cutter {
    xd_str text;
    size_t at;
} cutter;

/* False at the end. A run: *ret_run is its text. Else *ret_run is absent, *ret_cp a character
 * or a blank. */
static bool cut_next(cutter *c, xd_str *ret_run, uint32_t *ret_cp)
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

/* The first one, two and three code points. */
static void add_start(xd_grams *g, uint32_t doc, xd_str text, gram_of of)
{
    uint32_t cp[3] = {0};
    size_t at = 0;
    for (size_t n = 0; n < 3 && at < text.n;) {
        cp[n] = xd_utf8_next(text, &at);
        if (cp[n] == '\'')
            continue;
        n++;
        add_gram(g, key_of(of, cp[0], cp[1], cp[2]), doc);
    }
}

void xd_grams_add(xd_grams *g, uint32_t doc, xd_str folded, bool name)
{
    if (name)
        add_start(g, doc, folded, START);
    cutter c = {folded, 0};
    xd_str text;
    uint32_t cp = 0, before = 0;
    while (cut_next(&c, &text, &cp)) {
        if (text.n > 0) {
            add_run(g, doc, text, name);
            before = 0;
            continue;
        }
        if (cp == ' ') {
            before = 0;
            continue;
        }
        add_gram(g, key_of(ALL, cp, 0, 0), doc);
        if (name)
            add_gram(g, key_of(NAME, cp, 0, 0), doc);
        if (before != 0) {
            add_gram(g, key_of(ALL, before, cp, 0), doc);
            if (name)
                add_gram(g, key_of(NAME, before, cp, 0), doc);
        }
        before = cp;
    }
}

static void add_letters(xd_grams *g, uint32_t doc, xd_str reading, gram_of of)
{
    uint32_t a = 0, b = 0;
    for (size_t i = 0; i < reading.n; i++) {
        uint32_t c = (unsigned char)reading.p[i];
        if (c == '\'')
            continue;
        if (b != 0)
            add_gram(g, key_of(of, b, c, 0), doc);
        if (a != 0)
            add_gram(g, key_of(of, a, b, c), doc);
        a = b;
        b = c;
    }
}

void xd_grams_add_spelling(xd_grams *g, uint32_t doc, const xd_spelling *spelling)
{
    for (size_t i = 0; i < spelling->full.n; i++) {
        add_letters(g, doc, spelling->full.at[i], FULL);
        add_start(g, doc, spelling->full.at[i], START_SOUND);
    }
    for (size_t i = 0; i < spelling->initials.n; i++) {
        add_letters(g, doc, spelling->initials.at[i], INITIALS);
        add_start(g, doc, spelling->initials.at[i], START_SOUND);
    }
}

static int by_text(const void *a, const void *b)
{
    return xd_str_cmp(((const run *)a)->text, ((const run *)b)->text);
}

void xd_grams_seal(xd_grams *g)
{
    if (g->runs.n > 0)
        qsort(g->runs.at, g->runs.n, sizeof *g->runs.at, by_text);
    g->run_slots = NULL;
    g->n_run_slots = 0;
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

static void narrow_gram(finding *f, gram_of of, uint32_t a, uint32_t b, uint32_t c)
{
    const gram *slot = slot_of(f->grams, key_of(of, a, b, c));
    narrow(f, slot->key == 0 ? NULL : slot->bits);
}

static size_t first_run(const xd_grams *g, xd_str text) /* not before text */
{
    size_t low = 0, high = g->runs.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (xd_str_cmp(g->runs.at[middle].text, text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void narrow_run(finding *f, xd_str text, bool whole, bool names)
{
    const xd_grams *g = f->grams;
    text = cut_run(text);
    size_t from = first_run(g, text), to = from;
    while (to < g->runs.n && (whole ? xd_str_eq(g->runs.at[to].text, text)
                                    : xd_str_starts(g->runs.at[to].text, text)))
        to++;
    const xd_bits **sets = xd_new_n(f->bag->arena, const xd_bits *, to - from + 1);
    size_t n = 0;
    for (size_t i = from; i < to; i++) {
        const xd_bits *bits = names ? g->runs.at[i].name : g->runs.at[i].all;
        if (bits != NULL)
            sets[n++] = bits;
    }
    narrow(f, n == 0   ? NULL
              : n == 1 ? sets[0]
                       : xd_bag_keep(f->bag, roaring_bitmap_or_many(n, sets)));
}

xd_bits *xd_grams_find(xd_bag *bag, const xd_grams *g, const xd_word *word, bool names,
                       bool *ret_sure)
{
    finding f = {.bag = bag, .grams = g};
    gram_of of = names ? NAME : ALL;
    cutter c = {word->text, 0};
    xd_str text;
    uint32_t cp = 0, before = 0;
    bool sure = true;
    while (cut_next(&c, &text, &cp)) {
        size_t next = c.at;
        if (text.n > 0) {
            bool whole = word->whole || next < word->text.n;
            sure = sure && text.n <= RUN_BYTES;
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
    gram_of of = full ? FULL : INITIALS;
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
    for (gram_of of = START; of <= (word->spelling && word->n > 1 ? START_SOUND : START);
         of++) {
        const gram *slot = slot_of(g, key_of(of, cp[0], cp[1], cp[2]));
        if (slot->key != 0)
            roaring_bitmap_or_inplace(found, slot->bits);
    }
    return found;
}
