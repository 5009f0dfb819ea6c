/* Gathering the best documents of common terms.
 *
 * A term's matches are counted text by text, its impact summed document by document. Each term
 * has room for twice as many documents as it may keep; when the room is full, the worse half
 * goes and leaves behind only the most that anything in it scored. So memory depends on how many
 * terms are common (a few thousand), not on how often they occur. */
#include <stdlib.h>

#include "index/best.h"
#include "index/score.h"

#define SHARE 128 /* of the segment's documents, one in so many is kept of a term; */
#define FEW 16    /* and of the most that may be kept one in so many, in any case */
#define PART 8    /* of a term's documents one in so many, too; and of these the first set */

typedef struct entry {
    uint32_t impact, place, doc;
} entry;

typedef struct term {
    uint64_t key; /* of a gram; of a run: its place in the new list */
    xd_str run;
    uint32_t matches;       /* in the text at hand */
    uint32_t impact;        /* of the document at hand */
    uint32_t seen, dropped; /* documents; the most that one left out scored */
    uint32_t n;
    entry last;     /* of those kept when some had to go; what is worse is not wanted */
    entry *entries; /* room for twice as many as are kept */
} term;

typedef XD_VEC(uint32_t) terms_met;

typedef struct table {
    uint32_t *slots; /* a term's place + 1; 0: empty */
    size_t n;
} table;

struct xd_best_maker {
    xd_arena *arena;
    const uint32_t *places;
    uint32_t keep, least; /* documents of a term: the most, the least */
    XD_VEC(term) terms;
    size_t first_run[2], end; /* where the runs of all text and of names begin */
    table grams, runs[2];
    uint32_t doc;
    terms_met in_text, in_doc; /* terms met */
};

/* The table of terms --------------------------------------------------------------------- */

static size_t mix(uint64_t key)
{
    key ^= key >> 31;
    key *= 0x9e3779b97f4a7c15u;
    return (size_t)(key ^ key >> 29);
}

static table table_of(xd_arena *arena, size_t terms)
{
    table t = {.n = 64};
    while (t.n < terms * 4)
        t.n *= 2;
    t.slots = xd_new_n(arena, uint32_t, t.n);
    return t;
}

static uint32_t *gram_slot(const xd_best_maker *m, uint64_t key)
{
    size_t i = mix(key) & (m->grams.n - 1);
    while (m->grams.slots[i] != 0 && m->terms.at[m->grams.slots[i] - 1].key != key)
        i = (i + 1) & (m->grams.n - 1);
    return &m->grams.slots[i];
}

static uint32_t *run_slot(const xd_best_maker *m, size_t which, xd_str run)
{
    const table *t = &m->runs[which];
    size_t i = xd_str_hash(run) & (t->n - 1);
    while (t->slots[i] != 0 && !xd_str_eq(m->terms.at[t->slots[i] - 1].run, run))
        i = (i + 1) & (t->n - 1);
    return &t->slots[i];
}

static void add_term(xd_best_maker *m, uint32_t *slot, uint64_t key, xd_str run)
{
    if (*slot != 0)
        return;
    *xd_push(m->arena, &m->terms) = (term){
        .key = key, .run = run, .entries = xd_new_n(m->arena, entry, (size_t)m->keep * 2)};
    *slot = (uint32_t)m->terms.n;
}

/* A character in a common pair is common. */
static void add_pairs(xd_best_maker *m, const xd_common_pairs *pairs, xd_gram_of of)
{
    const uint64_t mask = (1u << 20) - 1;
    for (size_t i = 0; i < pairs->n; i++) {
        uint64_t key = pairs->at[i];
        add_term(m, gram_slot(m, key), key, (xd_str){0});
        for (unsigned shift = 20; shift <= 40; shift += 20) {
            key = xd_best_character(of, (uint32_t)(pairs->at[i] >> shift & mask));
            add_term(m, gram_slot(m, key), key, (xd_str){0});
        }
    }
}

xd_best_maker *xd_best_maker_make(xd_arena *arena, const xd_common *common,
                                  const uint32_t *places, uint32_t n, uint32_t most)
{
    xd_best_maker *m = xd_new(arena, xd_best_maker);
    m->arena = arena;
    m->places = places;
    m->least = most / FEW + 1;
    m->keep = n / SHARE > most ? most : n / SHARE < m->least ? m->least : n / SHARE;
    m->grams = table_of(arena, 3 * (common->pairs[0].n + common->pairs[1].n));
    add_pairs(m, &common->pairs[0], XD_GRAM_ALL);
    add_pairs(m, &common->pairs[1], XD_GRAM_NAME);
    for (size_t which = 0; which < 2; which++) {
        const xd_common_runs *runs = &common->runs[which];
        m->first_run[which] = m->terms.n;
        m->runs[which] = table_of(arena, runs->n);
        for (size_t i = 0; i < runs->n; i++)
            add_term(m, run_slot(m, which, runs->at[i].text), runs->at[i].at, runs->at[i].text);
    }
    m->end = m->terms.n;
    return m;
}

/* Documents ------------------------------------------------------------------------------ */

static int by_impact(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    if (x->impact != y->impact)
        return x->impact > y->impact ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

static void drop(term *t, const entry *e)
{
    t->dropped = e->impact > t->dropped ? e->impact : t->dropped;
}

/* Keeps the best so many. */
static void cut(term *t, uint32_t keep)
{
    if (t->n > 0)
        qsort(t->entries, t->n, sizeof *t->entries, by_impact);
    if (t->n <= keep)
        return;
    drop(t, &t->entries[keep]);
    t->last = t->entries[keep - 1];
    t->n = keep;
}

static void end_document(xd_best_maker *m)
{
    for (size_t i = 0; i < m->in_doc.n; i++) {
        term *t = &m->terms.at[m->in_doc.at[i]];
        t->seen += t->impact > 0; /* 0: met in another text before, or scores nothing */
        const entry e = {t->impact, m->places[m->doc], m->doc};
        if (t->n == m->keep * 2)
            cut(t, m->keep);
        if (t->dropped > 0 && by_impact(&e, &t->last) > 0)
            drop(t, &e);
        else if (e.impact > 0)
            t->entries[t->n++] = e;
        t->impact = 0;
    }
    m->in_doc.n = 0;
}

static void end_text(xd_best_maker *m, const xd_passage *passage)
{
    for (size_t i = 0; i < m->in_text.n; i++) {
        uint32_t at = m->in_text.at[i];
        term *t = &m->terms.at[at];
        bool names =
            at >= m->first_run[1] || (at < m->first_run[0] && t->key >> 60 == XD_GRAM_NAME);
        if (t->impact == 0)
            *xd_push(m->arena, &m->in_doc) = at;
        int64_t score = t->impact % XD_BEST_TITLE +
                        xd_score_text(passage->weight, passage->text.n, t->matches);
        score = score >= XD_BEST_TITLE ? XD_BEST_TITLE - 1 : score;
        bool title = names && (passage->tier == XD_TIER_TITLE || t->impact >= XD_BEST_TITLE);
        t->impact = (uint32_t)score + (title ? XD_BEST_TITLE : 0);
        t->matches = 0;
    }
    m->in_text.n = 0;
}

static void met(xd_best_maker *m, uint32_t slot)
{
    if (slot == 0)
        return;
    term *t = &m->terms.at[slot - 1];
    if (t->matches++ == 0)
        *xd_push(m->arena, &m->in_text) = slot - 1;
}

void xd_best_maker_add(xd_best_maker *m, uint32_t doc, const xd_passage *passage)
{
    if (doc != m->doc)
        end_document(m);
    m->doc = doc;
    if (passage->form != XD_FORM_TEXT)
        return;
    size_t counted = passage->tier != XD_TIER_BODY ? 2 : 1; /* in names too */
    xd_cutter c = {passage->text, 0};
    xd_str run;
    uint32_t before = 0, cp = 0;
    while (xd_cut_next(&c, &run, &cp)) {
        uint32_t now = run.n > 0 || cp == ' ' ? 0 : cp;
        for (size_t which = 0; which < counted; which++) {
            xd_gram_of of = which == 0 ? XD_GRAM_ALL : XD_GRAM_NAME;
            if (run.n > 0)
                met(m, *run_slot(m, which, xd_run_term(run)));
            if (now != 0)
                met(m, *gram_slot(m, xd_best_character(of, now)));
            if (now != 0 && before != 0)
                met(m, *gram_slot(m, xd_gram_key(of, before, now, 0)));
        }
        before = now;
    }
    end_text(m, passage);
}

/* The end -------------------------------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* The first n entries as a set. */
static uint64_t put_set(xd_best_maker *m, xd_pressed *sets, const term *t, uint32_t n)
{
    uint32_t *docs = xd_new_n(m->arena, uint32_t, n);
    for (uint32_t i = 0; i < n; i++)
        docs[i] = t->entries[i].doc;
    if (n > 0)
        qsort(docs, n, sizeof *docs, by_number);
    return xd_docs_put(sets, docs, n);
}

static int by_key(const void *a, const void *b)
{
    const term *x = a, *y = b;
    return x->key < y->key ? -1 : x->key > y->key;
}

static void put_terms(xd_best_maker *m, xd_press *press, uint32_t sub, size_t from, size_t to)
{
    xd_pressed *sets = xd_press_section(press, XD_SEC_SETS, 0);
    xd_pressed *out = xd_press_section(press, XD_SEC_BEST, sub);
    if (to > from)
        qsort(&m->terms.at[from], to - from, sizeof *m->terms.at, by_key);
    for (size_t i = from; i < to; i++) {
        term *t = &m->terms.at[i];
        uint32_t keep = t->seen / PART < m->least ? m->least : t->seen / PART;
        cut(t, keep < m->keep ? keep : m->keep);
        const uint32_t ends[XD_BEST_STEPS] = {t->n / PART, t->n};
        xd_best_term best = {.key = t->key};
        for (size_t step = 0; step < XD_BEST_STEPS; step++) {
            best.sets[step] = put_set(m, sets, t, ends[step]);
            best.most[step] = ends[step] < t->n ? t->entries[ends[step]].impact : t->dropped;
        }
        xd_pressed_add(out, &best, sizeof best);
    }
}

void xd_best_maker_end(xd_best_maker *m, xd_press *press)
{
    end_document(m);
    put_terms(m, press, 0, 0, m->first_run[0]);
    put_terms(m, press, 1, m->first_run[0], m->first_run[1]);
    put_terms(m, press, 2, m->first_run[1], m->end);
}
