/* Postings of a new segment.
 *
 * A word of three characters or more is looked for by its pairs, and what has all pairs is then
 * proven by reading its text. That is cheap when some pair is rare. When all are common, as in a
 * word put together from common ones, there may be many times more to read than to find: so a
 * three of which both pairs are in one of COMMON documents is kept as a term of its own. Pairs
 * so common are few, and a three of rarer pairs would save next to nothing. Names have such
 * threes apart, of the same pairs: a word of three is ranked by where it stands. Measured on 100 000
 * records: docs/decisions/0101.
 *
 * Much of what is written has both pairs of a three just where it has the three. Then what has both
 * and not the three is shorter, and kept instead: docs/decisions/0161. */
#include "index/grams_make.h"

#include <stdlib.h>

#include "index/grams_four.h"
#include "index/lists.h"

typedef struct gram {
    uint64_t key; /* 0: empty slot */
    xd_list docs;
} gram;

typedef struct run {
    xd_str text;
    xd_list docs[2]; /* all text, names */
} run;

struct xd_grams_maker {
    xd_arena *arena;
    gram *slots;
    size_t n_slots, n;
    uint32_t *run_slots; /* index in runs + 1, by hash */
    size_t n_run_slots;
    struct {
        run *at;
        size_t n, cap;
    } runs;
    uint64_t *common; /* keys of common pairs, in a table of so many places; 0: an empty one */
    size_t n_common;
    xd_fours_maker *fours[2]; /* of all text, of names */
    uint32_t read_most;
};

xd_grams_maker *xd_grams_maker_make(xd_arena *arena)
{
    xd_grams_maker *g = xd_new(arena, xd_grams_maker);
    g->arena = arena;
    g->n_slots = 1024;
    g->slots = xd_new_n(arena, gram, g->n_slots);
    g->n_run_slots = 256;
    g->run_slots = xd_new_n(arena, uint32_t, g->n_run_slots);
    return g;
}

static size_t mix(uint64_t key)
{
    key ^= key >> 31;
    key *= 0x9e3779b97f4a7c15u;
    return (size_t)(key ^ key >> 29);
}

static gram *slot_of(const xd_grams_maker *g, uint64_t key)
{
    size_t i = mix(key) & (g->n_slots - 1);
    while (g->slots[i].key != 0 && g->slots[i].key != key)
        i = (i + 1) & (g->n_slots - 1);
    return &g->slots[i];
}

static void grow(xd_grams_maker *g)
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

static void add_gram(xd_grams_maker *g, uint64_t key, uint32_t doc)
{
    gram *slot = slot_of(g, key);
    if (slot->key == 0) {
        if (g->n * 2 >= g->n_slots) {
            grow(g);
            slot = slot_of(g, key);
        }
        slot->key = key;
        g->n++;
    }
    xd_list_add(g->arena, &slot->docs, doc);
}

static void grow_runs(xd_grams_maker *g)
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

static run *run_of(xd_grams_maker *g, xd_str text)
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
    *r = (run){.text = xd_str_copy(g->arena, text)};
    g->run_slots[i] = (uint32_t)g->runs.n;
    return r;
}

/* The first one, two and three code points. */
static void add_start(xd_grams_maker *g, uint32_t doc, xd_str text, xd_gram_of of)
{
    uint32_t cp[3] = {0};
    size_t at = 0;
    for (size_t n = 0; n < 3 && at < text.n;) {
        cp[n] = xd_utf8_next(text, &at);
        if (cp[n] == '\'')
            continue;
        n++;
        add_gram(g, xd_gram_key(of, cp[0], cp[1], cp[2]), doc);
    }
}

static void add_pair(xd_grams_maker *g, uint32_t doc, uint32_t a, uint32_t b, bool name)
{
    add_gram(g, xd_gram_key(XD_GRAM_ALL, a, b, 0), doc);
    if (name)
        add_gram(g, xd_gram_key(XD_GRAM_NAME, a, b, 0), doc);
}

static void add_text(xd_grams_maker *g, uint32_t doc, xd_str folded, bool name)
{
    if (name)
        add_start(g, doc, folded, XD_GRAM_START);
    xd_cutter c = {folded, 0};
    xd_str text;
    uint32_t cp = 0, before = 0;
    while (xd_cut_next(&c, &text, &cp)) {
        bool character = text.n == 0 && cp != ' ';
        if (text.n > 0) {
            run *r = run_of(g, xd_run_term(text));
            xd_list_add(g->arena, &r->docs[0], doc);
            if (name)
                xd_list_add(g->arena, &r->docs[1], doc);
        }
        if (before != 0)
            add_pair(g, doc, before, character ? cp : 0, name);
        before = character ? cp : 0;
    }
    if (before != 0)
        add_pair(g, doc, before, 0, name);
}

static void add_letters(xd_grams_maker *g, uint32_t doc, xd_str reading, xd_gram_of of)
{
    uint32_t a = 0, b = 0;
    add_start(g, doc, reading, XD_GRAM_START_SOUND);
    for (size_t i = 0; i < reading.n; i++) {
        uint32_t c = (unsigned char)reading.p[i];
        if (c == '\'')
            continue;
        if (a != 0)
            add_gram(g, xd_gram_key(of, a, b, c), doc);
        a = b;
        b = c;
    }
    if (a != 0)
        add_gram(g, xd_gram_key(of, a, b, 0), doc);
}

void xd_grams_maker_add(xd_grams_maker *g, uint32_t doc, const xd_passage *passage)
{
    if (passage->form == XD_FORM_TEXT)
        add_text(g, doc, passage->text, passage->tier != XD_TIER_BODY);
    else
        add_letters(g, doc, passage->text,
                    passage->form == XD_FORM_FULL ? XD_GRAM_FULL : XD_GRAM_INITIALS);
}

/* Threes --------------------------------------------------------------------------------- */

void xd_grams_maker_begin_threes(xd_grams_maker *g, const xd_common *common, uint32_t read_most)
{
    g->n_common = 64;
    const xd_common_pairs *pairs = &common->pairs[0];
    while (g->n_common < pairs->n * 4)
        g->n_common *= 2;
    g->common = xd_new_n(g->arena, uint64_t, g->n_common);
    for (size_t i = 0; i < pairs->n; i++) {
        size_t at = mix(pairs->at[i]) & (g->n_common - 1);
        while (g->common[at] != 0)
            at = (at + 1) & (g->n_common - 1);
        g->common[at] = pairs->at[i];
    }
    g->read_most = read_most;
    for (size_t which = 0; which < XD_LEN(g->fours); which++)
        g->fours[which] = xd_fours_maker_make(g->arena, g->n_common, read_most);
}

#define NOT_COMMON SIZE_MAX

static size_t common_at(const xd_grams_maker *g, uint32_t a, uint32_t b)
{
    uint64_t key = xd_gram_key(XD_GRAM_ALL, a, b, 0);
    size_t at = mix(key) & (g->n_common - 1);
    while (g->common[at] != 0 && g->common[at] != key)
        at = (at + 1) & (g->n_common - 1);
    return a != 0 && g->common[at] == key ? at : NOT_COMMON;
}

void xd_grams_maker_add_threes(xd_grams_maker *g, uint32_t doc, const xd_passage *passage)
{
    xd_cutter c = {passage->text, 0};
    xd_str text;
    uint32_t a = 0, b = 0, cp = 0;
    size_t lists = passage->tier == XD_TIER_BODY ? 1 : 2; /* of all text; of names as well */
    bool before = false;                                  /* a b is a common pair */
    while (passage->form == XD_FORM_TEXT && xd_cut_next(&c, &text, &cp)) {
        bool character = text.n == 0 && cp != ' ';
        size_t now = character ? common_at(g, b, cp) : NOT_COMMON;
        for (size_t which = 0; which < lists && now != NOT_COMMON; which++) {
            xd_fours_maker_pair(g->fours[which], now, before ? a : 0, b, cp);
            if (before)
                add_gram(g,
                         xd_gram_key(which == 0 ? XD_GRAM_THREE : XD_GRAM_NAME_THREE, a, b, cp),
                         doc);
        }
        before = now != NOT_COMMON;
        a = b;
        b = character ? cp : 0;
    }
}

void xd_grams_maker_end_document(xd_grams_maker *g, uint32_t doc)
{
    for (size_t which = 0; which < XD_LEN(g->fours); which++)
        xd_fours_maker_end_document(g->fours[which], doc);
}

/* The end -------------------------------------------------------------------------------- */

static int by_key(const void *a, const void *b)
{
    const gram *x = a, *y = b;
    return x->key < y->key ? -1 : x->key > y->key;
}

static int by_text(const void *a, const void *b)
{
    return xd_str_cmp(((const run *)a)->text, ((const run *)b)->text);
}

/* The set of a pair that was joined, to be freed. */
static xd_bits *joined(xd_press *press, uint64_t key, size_t n)
{
    const uint64_t *keys =
        (const void *)xd_pressed_bytes(xd_press_section(press, XD_SEC_GRAM_KEY, 0)).p;
    const uint64_t *sets =
        (const void *)xd_pressed_bytes(xd_press_section(press, XD_SEC_GRAM_SET, 0)).p;
    uint64_t at = xd_grams_not_before(keys, n, key);
    uint64_t name = at < n && keys[at] == key ? sets[at] : 0;
    return xd_docs_pressed(xd_press_section(press, XD_SEC_SETS, 0), name);
}

/* What is kept of a three: docs, its documents, or instead those that have both pairs and not it,
 * written to docs. True: instead. */
static bool instead(xd_press *press, const gram *three, size_t n_joined, uint32_t *docs,
                    size_t *n)
{
    uint64_t pairs = three->key >> 60 == XD_GRAM_THREE ? XD_GRAM_ALL : XD_GRAM_NAME;
    uint32_t a = three->key >> 40 & 0xfffff, b = three->key >> 20 & 0xfffff,
             c = three->key & 0xfffff;
    if (*n <= XD_SET_FEW)
        return false;
    xd_bits *first = joined(press, xd_gram_key((xd_gram_of)pairs, a, b, 0), n_joined);
    xd_bits *second = joined(press, xd_gram_key((xd_gram_of)pairs, b, c, 0), n_joined);
    uint64_t both = roaring_bitmap_and_cardinality(first, second);
    bool shorter = both >= *n && both - *n < *n / 2;
    if (shorter) {
        xd_bits *have = roaring_bitmap_of_ptr(*n, docs);
        if (have == NULL)
            abort(); /* out of memory, as in base/arena.h */
        roaring_bitmap_and_inplace(first, second);
        roaring_bitmap_andnot_inplace(first, have);
        roaring_bitmap_free(have);
        *n = roaring_bitmap_get_cardinality(first);
        roaring_bitmap_to_uint32_array(first, docs);
    }
    roaring_bitmap_free(first);
    roaring_bitmap_free(second);
    return shorter;
}

static uint64_t without_kind(uint64_t key)
{
    return key & (((uint64_t)1 << 60) - 1);
}

static void end_grams(xd_grams_maker *g, xd_press *press, uint32_t *docs)
{
    size_t n = 0;
    for (size_t i = 0; i < g->n_slots; i++) {
        if (g->slots[i].key != 0)
            g->slots[n++] = g->slots[i];
    }
    g->n = n;
    if (n > 0)
        qsort(g->slots, n, sizeof *g->slots, by_key);
    xd_pressed *keys = xd_press_section(press, XD_SEC_GRAM_KEY, 0);
    xd_pressed *sets = xd_press_section(press, XD_SEC_GRAM_SET, 0);
    xd_pressed *postings = xd_press_section(press, XD_SEC_SETS, 0);
    size_t n_joined = (size_t)(xd_pressed_n(keys) / sizeof(uint64_t));
    XD_VEC(uint64_t) but = {0}, but_sets = {0};
    for (size_t i = 0; i < n; i++) {
        uint64_t key = g->slots[i].key, of = key >> 60;
        size_t has = g->slots[i].docs.n;
        xd_list_copy(&g->slots[i].docs, docs);
        if (of >= XD_GRAM_THREE && instead(press, &g->slots[i], n_joined, docs, &has)) {
            xd_gram_of but_of =
                of == XD_GRAM_THREE ? XD_GRAM_THREE_BUT : XD_GRAM_NAME_THREE_BUT;
            *xd_push(g->arena, &but) = (uint64_t)but_of << 60 | without_kind(key);
            *xd_push(g->arena, &but_sets) = xd_docs_put(postings, docs, has);
            continue;
        }
        xd_pressed_u64(keys, key);
        xd_pressed_u64(sets, xd_docs_put(postings, docs, has));
    }
    xd_pressed_add(keys, but.at, but.n * sizeof *but.at); /* sorted as the threes were */
    xd_pressed_add(sets, but_sets.at, but_sets.n * sizeof *but_sets.at);
}

/* The slots are sorted. */
static void end_fours(xd_grams_maker *g, xd_press *press, uint32_t which, uint32_t *docs)
{
    uint64_t of = which == 0 ? XD_GRAM_THREE : XD_GRAM_NAME_THREE;
    XD_VEC(xd_three) threes = {0};
    for (size_t i = 0; i < g->n; i++) {
        const gram *three = &g->slots[i];
        if (three->key >> 60 != of || three->docs.n <= g->read_most)
            continue;
        xd_list_copy(&three->docs, docs);
        xd_bits *bits = roaring_bitmap_of_ptr(three->docs.n, docs);
        if (bits == NULL)
            abort();                             /* out of memory, as in base/arena.h */
        (void)roaring_bitmap_run_optimize(bits); /* whether it did is no matter */
        *xd_push(g->arena, &threes) = (xd_three){without_kind(three->key), bits};
    }
    xd_fours_maker_end(g->fours[which], press, which, threes.at, threes.n, docs);
    for (size_t i = 0; i < threes.n; i++)
        roaring_bitmap_free(threes.at[i].bits);
}

static void end_runs(xd_grams_maker *g, xd_press *press, uint32_t *docs)
{
    xd_pressed *postings = xd_press_section(press, XD_SEC_SETS, 0);
    if (g->runs.n > 0)
        qsort(g->runs.at, g->runs.n, sizeof *g->runs.at, by_text);
    for (uint32_t which = 0; which < 2; which++) {
        xd_pressed *at = xd_press_section(press, XD_SEC_RUN_AT, which);
        xd_pressed *text = xd_press_section(press, XD_SEC_RUN, which);
        xd_pressed *sets = xd_press_section(press, XD_SEC_RUN_SET, which);
        for (size_t i = 0; i < g->runs.n; i++) {
            const run *r = &g->runs.at[i];
            if (r->docs[which].n == 0)
                continue;
            xd_pressed_u32(at, (uint32_t)xd_pressed_n(text));
            xd_pressed_add(text, r->text.p, r->text.n);
            xd_list_copy(&r->docs[which], docs);
            xd_pressed_u64(sets, xd_docs_put(postings, docs, r->docs[which].n));
        }
        if (g->runs.n > 0 && xd_pressed_n(text) > 0)
            xd_pressed_u32(at, (uint32_t)xd_pressed_n(text));
    }
}

void xd_grams_maker_end(xd_grams_maker *g, xd_press *press, uint32_t n)
{
    uint32_t *docs = xd_new_n(g->arena, uint32_t, n);
    end_grams(g, press, docs);
    for (uint32_t which = 0; which < XD_LEN(g->fours) && g->fours[which] != NULL; which++)
        end_fours(g, press, which, docs);
    end_runs(g, press, docs);
}
