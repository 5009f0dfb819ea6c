#include "index/grams_four.h"

#include <stdlib.h>

#define EXCEPTIONS_MOST 4096 /* of one document; beyond it is kept in doubt */

typedef struct four {
    uint64_t three; /* 0: empty slot */
    uint32_t last;
    xd_list docs; /* that have both threes and not the four */
} four;

/* A pair where it stands. */
typedef struct stand {
    uint32_t pair, before, after; /* before, after: 0 where no common pair is made there */
    uint32_t b, c;
} stand;

struct xd_fours_maker {
    xd_arena *arena;
    uint32_t read_most;
    four *slots;
    size_t n_slots, n;
    uint32_t *seen; /* by pair: the document it was last seen in, + 1 */
    bool *again;    /* by pair: more than once there */
    struct {
        stand *at;
        size_t n, cap;
    } stands; /* of the document at hand */
    struct {
        uint32_t *at;
        size_t n, cap;
    } repeated; /* pairs seen again in it */
    xd_list doubt;
    uint32_t doc; /* at hand */
};

xd_fours_maker *xd_fours_maker_make(xd_arena *arena, size_t pairs, uint32_t read_most)
{
    xd_fours_maker *m = xd_new(arena, xd_fours_maker);
    *m = (xd_fours_maker){.arena = arena, .read_most = read_most, .n_slots = 1024};
    m->slots = xd_new_n(arena, four, m->n_slots);
    m->seen = xd_new_n(arena, uint32_t, pairs);
    m->again = xd_new_n(arena, bool, pairs);
    return m;
}

void xd_fours_maker_pair(xd_fours_maker *m, size_t pair, uint32_t before, uint32_t b,
                         uint32_t c)
{
    if (before != 0)
        m->stands.at[m->stands.n - 1].after = c;
    *xd_push(m->arena, &m->stands) = (stand){(uint32_t)pair, before, 0, b, c};
    if (m->seen[pair] == m->doc + 1 && !m->again[pair]) {
        m->again[pair] = true;
        *xd_push(m->arena, &m->repeated) = (uint32_t)pair;
    }
    m->seen[pair] = m->doc + 1;
}

/* Exceptions ------------------------------------------------------------------------------ */

static four *slot_of(const xd_fours_maker *m, uint64_t three, uint32_t last)
{
    uint64_t mixed = (three ^ (uint64_t)last << 43) * 0x9e3779b97f4a7c15u;
    size_t i = (size_t)(mixed ^ mixed >> 31) & (m->n_slots - 1);
    while (m->slots[i].three != 0 && (m->slots[i].three != three || m->slots[i].last != last))
        i = (i + 1) & (m->n_slots - 1);
    return &m->slots[i];
}

static void grow(xd_fours_maker *m)
{
    four *old = m->slots;
    size_t n_old = m->n_slots;
    m->n_slots *= 2;
    m->slots = xd_new_n(m->arena, four, m->n_slots);
    for (size_t i = 0; i < n_old; i++) {
        if (old[i].three != 0)
            *slot_of(m, old[i].three, old[i].last) = old[i];
    }
}

static void add_exception(xd_fours_maker *m, uint64_t three, uint32_t last)
{
    four *f = slot_of(m, three, last);
    if (f->three == 0 && m->n * 2 >= m->n_slots) {
        grow(m);
        f = slot_of(m, three, last);
    }
    if (f->three == 0) {
        f->three = three;
        f->last = last;
        m->n++;
    }
    xd_list_add(m->arena, &f->docs, m->doc);
}

static int by_pair(const void *a, const void *b)
{
    const stand *x = a, *y = b;
    if (x->pair != y->pair)
        return x->pair < y->pair ? -1 : 1;
    if (x->before != y->before)
        return x->before < y->before ? -1 : 1;
    return x->after < y->after ? -1 : x->after > y->after;
}

static bool stands_so(const stand *at, size_t n, uint32_t before, uint32_t after)
{
    for (size_t i = 0; i < n; i++) {
        if (at[i].before == before && at[i].after == after)
            return true;
    }
    return false;
}

/* Where one pair stands: whatever is before it somewhere, with whatever is behind it elsewhere. *left:
 * how many may still be looked at. */
static bool add_group(xd_fours_maker *m, const stand *at, size_t n, size_t *left)
{
    for (size_t i = 0; i < n; i++) {
        if (at[i].before == 0 || (i > 0 && at[i].before == at[i - 1].before))
            continue;
        if (*left < n)
            return false;
        *left -= n;
        uint64_t three = xd_gram_key(0, at[i].before, at[i].b, at[i].c);
        for (size_t k = 0; k < n; k++) {
            if (at[k].after != 0 && !stands_so(at, n, at[i].before, at[k].after))
                add_exception(m, three, at[k].after);
        }
    }
    return true;
}

/* Only what stands at a pair that stands again. */
static bool add_exceptions(xd_fours_maker *m)
{
    size_t n = 0, left = EXCEPTIONS_MOST;
    stand *at = m->stands.at;
    for (size_t i = 0; i < m->stands.n; i++) {
        if (m->again[at[i].pair])
            at[n++] = at[i];
    }
    qsort(at, n, sizeof *at, by_pair);
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && at[to].pair == at[from].pair;)
            to++;
        if (!add_group(m, at + from, to - from, &left))
            return false;
    }
    return true;
}

void xd_fours_maker_end_document(xd_fours_maker *m, uint32_t doc)
{
    if (m->repeated.n > 0 && !add_exceptions(m))
        xd_list_add(m->arena, &m->doubt, doc);
    for (size_t i = 0; i < m->repeated.n; i++)
        m->again[m->repeated.at[i]] = false;
    m->repeated.n = 0;
    m->stands.n = 0;
    m->doc = doc + 1;
}

/* The end --------------------------------------------------------------------------------- */

static int by_key(const void *a, const void *b)
{
    const four *x = a, *y = b;
    if (x->three != y->three)
        return x->three < y->three ? -1 : 1;
    return x->last < y->last ? -1 : x->last > y->last;
}

static const xd_bits *find_three(const xd_three *threes, size_t n, uint64_t key)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (threes[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low < n && threes[low].key == key ? threes[low].bits : NULL;
}

/* The set that says it in fewer; false: so few have both threes that they may be read. */
static bool make_four(const xd_fours_maker *m, const four *f, const xd_bits *first,
                      const xd_bits *second, xd_pressed *sets, uint32_t *docs, xd_four *ret)
{
    if (first == NULL || second == NULL)
        return false;
    uint64_t both = roaring_bitmap_and_cardinality(first, second), n = f->docs.n;
    if (both <= m->read_most)
        return false;
    xd_list_copy(&f->docs, docs);
    *ret = (xd_four){f->three, f->last, XD_FOUR_BUT, 0};
    if (n * 2 > both) {
        xd_bits *not = roaring_bitmap_of_ptr(n, docs), *is = roaring_bitmap_and(first, second);
        if (not == NULL || is == NULL)
            abort(); /* out of memory, as in base/arena.h */
        roaring_bitmap_andnot_inplace(is, not );
        n = roaring_bitmap_get_cardinality(is);
        roaring_bitmap_to_uint32_array(is, docs);
        roaring_bitmap_free(is);
        roaring_bitmap_free(not );
        ret->how = XD_FOUR_IS;
    }
    ret->set = xd_docs_put(sets, docs, n);
    return true;
}

void xd_fours_maker_end(xd_fours_maker *m, xd_press *press, uint32_t which,
                        const xd_three *threes, size_t n, uint32_t *docs)
{
    xd_pressed *out = xd_press_section(press, XD_SEC_FOUR, which);
    xd_pressed *sets = xd_press_section(press, XD_SEC_SETS, 0);
    size_t fours = 0;
    for (size_t i = 0; i < m->n_slots; i++) {
        if (m->slots[i].three != 0)
            m->slots[fours++] = m->slots[i];
    }
    qsort(m->slots, fours, sizeof *m->slots, by_key);
    xd_list_copy(&m->doubt, docs);
    xd_four made = {0, m->read_most, XD_FOUR_HEAD, xd_docs_put(sets, docs, m->doubt.n)};
    xd_pressed_add(out, &made, sizeof made);
    for (size_t i = 0; i < fours; i++) {
        const four *f = &m->slots[i];
        uint64_t second = xd_gram_key(0, (uint32_t)(f->three >> 20 & 0xfffff),
                                      (uint32_t)(f->three & 0xfffff), f->last);
        if (make_four(m, f, find_three(threes, n, f->three), find_three(threes, n, second),
                      sets, docs, &made))
            xd_pressed_add(out, &made, sizeof made);
    }
}
