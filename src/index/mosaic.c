/* Counting by squares, in two ways that give the same cells. Documents of a filter are walked
 * along the curve: neighbours are mostly of one cell, so a cell is looked up once a run and
 * its places are added up as keys. Everything of a type was counted when the segment was made
 * (cells.h): a stored cell is taken whole, and the dead documents in it, few and sorted
 * likewise, are taken off again; what is not counted beforehand (small types, other colours)
 * is walked. Cells have a ceiling, steps are charged. */
#include "index/mosaic.h"

#include <stdlib.h>

#include "index/cells.h"

/* Colours -------------------------------------------------------------------------------- */

xd_colouring xd_colouring_of(const xd_look *look, const xd_type *type, const xd_field *field)
{
    const xd_type *owner = field == NULL ? NULL : xd_schema_owner(look->schema, type, field);
    return (xd_colouring){owner == NULL ? NULL : field, owner};
}

/* The column of the colours in a segment; NULL: none of its documents has one. */
static const xd_column *column_of(const xd_look *look, const xd_colouring *c,
                                  const xd_segment *s)
{
    return c->field == NULL ? NULL
                            : xd_segment_column(s, look->schema, c->type, NULL, c->field);
}

static int64_t colour_in(const xd_colouring *c, const xd_column *column, uint32_t doc)
{
    if (column == NULL || doc - column->lo >= column->n)
        return -1;
    uint32_t first = xd_column_first(column, doc);
    if (first == xd_column_end(column, doc))
        return -1;
    if (column->kind == XD_COLUMN_TERM)
        return (int64_t)xd_column_term(column, first)->at;
    if (column->kind == XD_COLUMN_BOOLEAN)
        return column->of.boolean[first];
    if (column->kind == XD_COLUMN_PERIOD && column->of.period[first].from_year != INT32_MIN) {
        int32_t from = column->of.period[first].from_year;
        int width = c->field->facet_decades > 0 ? c->field->facet_decades : 10;
        return xd_facet_bar(from, width) + ((int64_t)1 << 40); /* never negative */
    }
    return -1;
}

int64_t xd_colouring_at(const xd_look *look, const xd_colouring *c, const xd_segment *s,
                        uint32_t doc)
{
    return colour_in(c, column_of(look, c, s), doc);
}

xd_str xd_colouring_code(xd_arena *arena, const xd_colouring *c, int64_t colour)
{
    if (colour < 0)
        return (xd_str){0};
    if (c->field->vocabulary != NULL)
        return c->field->vocabulary->terms[colour].code;
    if (c->field->kind == XD_KIND_BOOLEAN)
        return colour == 1 ? XD_S("true") : XD_S("false");
    return xd_str_printf(arena, "%" PRId64, colour - ((int64_t)1 << 40));
}

/* Cells ---------------------------------------------------------------------------------- */

/* How often a colour is in a cell: a hash table by both, so that no cell carries counters for
 * colours it does not have. */
typedef struct xd_mosaic_tint {
    uint32_t cell; /* its place + 1; 0: free */
    int64_t colour;
    uint64_t n;
} tint;

static uint64_t mix(uint64_t v)
{
    v = (v ^ v >> 31) * 0x9e3779b97f4a7c15u;
    return v ^ v >> 29;
}

static size_t cell_slot(const xd_mosaic *m, uint64_t key)
{
    size_t i = mix(key) & (m->n_slots - 1);
    while (m->slots[i] != 0 && m->cells.at[m->slots[i] - 1].key != key)
        i = (i + 1) & (m->n_slots - 1);
    return i;
}

void xd_mosaic_begin(xd_mosaic *m, xd_look *look, xd_colouring colours, size_t most)
{
    xd_arena *arena = look->cx->arena;
    *m = (xd_mosaic){.look = look, .colours = colours, .most = most, .n_slots = 256};
    m->slots = xd_new_n(arena, uint32_t, m->n_slots);
    m->n_tint_slots = colours.field == NULL ? 0 : 1024;
    m->tints = colours.field == NULL ? NULL : xd_new_n(arena, tint, m->n_tint_slots);
}

static void grow(xd_mosaic *m)
{
    m->n_slots *= 4;
    m->slots = xd_new_n(m->look->cx->arena, uint32_t, m->n_slots);
    for (size_t i = 0; i < m->cells.n; i++)
        m->slots[cell_slot(m, m->cells.at[i].key)] = (uint32_t)i + 1;
}

/* The place of the key's cell. */
static bool find_cell(xd_mosaic *m, uint64_t key, uint32_t *ret_at)
{
    size_t slot = cell_slot(m, key);
    if (m->slots[slot] == 0) {
        if (m->cells.n == m->most)
            return xd_fail(m->look->cx, XD_LIMIT, "more than %zu cells", m->most);
        if (m->cells.n * 2 >= m->n_slots) {
            grow(m);
            slot = cell_slot(m, key);
        }
        *xd_push(m->look->cx->arena, &m->cells) = (xd_mosaic_cell){.key = key, .colour = -1};
        m->slots[slot] = (uint32_t)m->cells.n;
    }
    *ret_at = m->slots[slot] - 1;
    return true;
}

static tint *tint_slot(const xd_mosaic *m, uint32_t cell, int64_t colour)
{
    size_t i = mix((uint64_t)colour * 8191 + cell) & (m->n_tint_slots - 1);
    while (m->tints[i].cell != 0 && (m->tints[i].cell != cell || m->tints[i].colour != colour))
        i = (i + 1) & (m->n_tint_slots - 1);
    return &m->tints[i];
}

static void add_tint(xd_mosaic *m, uint32_t at, int64_t colour, uint64_t n)
{
    if (m->n_tints * 2 >= m->n_tint_slots) {
        tint *old = m->tints;
        size_t n_old = m->n_tint_slots;
        m->n_tint_slots *= 2;
        m->tints = xd_new_n(m->look->cx->arena, tint, m->n_tint_slots);
        for (size_t i = 0; i < n_old; i++) {
            if (old[i].cell != 0)
                *tint_slot(m, old[i].cell, old[i].colour) = old[i];
        }
    }
    tint *t = tint_slot(m, at + 1, colour);
    m->n_tints += t->cell == 0;
    t->cell = at + 1;
    t->colour = colour;
    t->n += n;
}

/* Past the last of docs[i … n − 1] that is in the cell of docs[i]: neighbours mostly are. */
static uint32_t end_of_cell(const xd_segment *s, const uint32_t *docs, uint32_t i, uint32_t n,
                            int level)
{
    int shift = 64 - 2 * level;
    uint64_t key = s->curve[docs[i]] >> shift;
    if (s->curve[docs[n - 1]] >> shift == key &&
        xd_segment_type(s, docs[n - 1]) == xd_segment_type(s, docs[i]))
        return n; /* those of a type are along the curve */
    do
        i++;
    while (i < n && s->curve[docs[i]] >> shift == key);
    return i;
}

/* Sums of the places of documents of one cell. Of their keys only what is below the cell differs,
 * 32 − level bits of x and as many of y, which take turns. Each half is added where it stands: set
 * bits in the gaps carry over them. 2^level such numbers have no more than 32 bits, so only their
 * sum is taken apart: a third of the time of taking each apart (filtered z0, 200 000 records). */
static void add_run(const xd_segment *s, const uint32_t *docs, uint32_t n, int level,
                    xd_mosaic_cell *cell)
{
    const uint64_t odd = 0xaaaaaaaaaaaaaaaau, even = odd >> 1;
    int shift = 64 - 2 * level;
    uint64_t within = ((uint64_t)1 << shift) - 1;
    uint32_t most = level < 8 ? (uint32_t)1 << level : 256, x, y;
    xd_curve_split(s->curve[docs[0]] & ~within, &x, &y);
    cell->n += n;
    cell->x += (uint64_t)x * n;
    cell->y += (uint64_t)y * n;
    cell->doc = docs[n - 1];
    for (uint32_t i = 0; i < n;) {
        uint64_t low = 0, high = 0;
        for (uint32_t end = n - i > most ? i + most : n; i < end; i++) {
            uint64_t key = s->curve[docs[i]] & within;
            low = ((low | odd) + (key & even)) & even;
            high = ((high | even) + (key & odd)) & odd;
        }
        xd_curve_split(low | high, &x, &y);
        cell->x += x;
        cell->y += y;
    }
}

#define DOCUMENTS_A_UNIT 4 /* measured, roughly: what they need lies together */

bool xd_mosaic_add(xd_mosaic *m, size_t shard, const xd_bits *bits, int level)
{
    const xd_segment *s = m->look->edition->shards[shard].segment;
    const xd_column *colours = column_of(m->look, &m->colours, s);
    roaring_uint32_iterator_t it;
    uint32_t docs[256], n, steps = 0;
    roaring_init_iterator(bits, &it);
    while ((n = roaring_read_uint32_iterator(&it, docs, XD_LEN(docs))) > 0) {
        xd_look_did(m->look, n / DOCUMENTS_A_UNIT);
        if (!xd_look_on(m->look, &steps))
            return false;
        for (uint32_t i = 0, end; i < n; i = end) {
            uint32_t at;
            uint64_t key = s->curve[docs[i]] >> (64 - 2 * level);
            end = end_of_cell(s, docs, i, n, level);
            if (!find_cell(m, key, &at))
                return false;
            add_run(s, docs + i, end - i, level, &m->cells.at[at]);
            m->cells.at[at].shard = shard;
            for (uint32_t k = i; k < end && colours != NULL; k++) {
                int64_t colour = colour_in(&m->colours, colours, docs[k]);
                if (colour >= 0)
                    add_tint(m, at, colour, 1);
            }
        }
    }
    return true;
}

static int by_key(const void *a, const void *b)
{
    const xd_mosaic_cell *x = a, *y = b;
    return x->key < y->key ? -1 : x->key > y->key;
}

void xd_mosaic_end(xd_mosaic *m)
{
    for (size_t i = 0; i < m->n_tint_slots; i++) {
        const tint *t = &m->tints[i];
        if (t->cell == 0)
            continue;
        xd_mosaic_cell *c = &m->cells.at[t->cell - 1];
        if (t->n > c->of_colour || (t->n == c->of_colour && t->colour < c->colour)) {
            c->of_colour = t->n;
            c->colour = t->colour;
        }
    }
    if (m->cells.n > 0)
        qsort(m->cells.at, m->cells.n, sizeof *m->cells.at, by_key);
}

/* Everything ----------------------------------------------------------------------------- */

bool xd_mosaic_is_all(const xd_ask *ask)
{
    return ask->q.n == 0 && ask->filter == NULL && !ask->has_box && ask->area == NULL &&
           !ask->has_time && ask->near == 0;
}

void xd_mosaic_square(const xd_segment *s, size_t type, int z, uint32_t x, uint32_t y,
                      uint32_t *ret_from, uint32_t *ret_to)
{
    uint64_t first = z == 0 ? 0 : xd_curve_mix(x << (32 - z), y << (32 - z));
    uint64_t last = z == 0 ? UINT64_MAX - 1 : first + (UINT64_MAX >> (2 * z));
    last = last == UINT64_MAX ? last - 1 : last;
    *ret_from = xd_segment_curve(s, type, first);
    *ret_to = xd_segment_curve(s, type, last + 1);
}

/* The stored cells of one type in one shard, and what of it is dead. */
typedef struct stored {
    xd_mosaic *m;
    size_t shard;
    const xd_segment *s;
    const xd_bits *dead;
    bool roughly;
    int level;
    uint32_t to; /* documents of the square end here */
    const xd_field *colour;
    xd_cells cells;
    roaring_uint32_iterator_t next; /* dead document */
    struct {
        xd_cell_tint *at; /* of the cell at hand, without its dead */
        size_t n;
    } tints;
} stored;

static bool is_counted(const stored *st, uint32_t doc)
{
    return roaring_bitmap_contains(st->s->roughly, doc) == st->roughly &&
           !roaring_bitmap_contains(st->s->samples, doc);
}

/* The first living document of a cell that has one. */
static bool first_living(stored *st, uint32_t doc, uint32_t *ret_doc)
{
    uint32_t steps = 0;
    for (; doc < st->to && (roaring_bitmap_contains(st->dead, doc) || !is_counted(st, doc));
         doc++) {
        if (!xd_look_on(st->m->look, &steps))
            return false;
    }
    *ret_doc = doc;
    return true;
}

static bool take_tints(stored *st, size_t i)
{
    st->tints.n = 0;
    if (st->colour == NULL)
        return true;
    uint32_t from = st->cells.tint_at[i], to = st->cells.tint_at[i + 1];
    const xd_vocabulary *v = st->colour->vocabulary;
    if (from < st->cells.tint_at[0] || to < from || to > st->cells.tint_at[st->cells.n]) {
        xd_image_break(st->s->image);
        return false;
    }
    st->tints.at = xd_new_n(st->m->look->scratch, xd_cell_tint, (size_t)(to - from) + 1);
    for (; from < to; from++) {
        if (st->cells.tints[from].colour >= (v == NULL ? 2 : v->n)) {
            xd_image_break(st->s->image);
            return false;
        }
        st->tints.at[st->tints.n++] = st->cells.tints[from];
    }
    return true;
}

static void drop_tint(stored *st, uint32_t doc)
{
    int64_t colour = xd_colouring_at(st->m->look, &st->m->colours, st->s, doc);
    for (size_t k = 0; k < st->tints.n; k++) {
        if (st->tints.at[k].colour == colour)
            st->tints.at[k].n--;
    }
}

/* Takes what has died of the cell from it. */
static bool drop_dead(stored *st, uint64_t key, xd_cell_stored *cell)
{
    int shift = 64 - 2 * st->level;
    uint32_t steps = 0;
    while (st->next.has_value && st->next.current_value < st->to &&
           st->s->curve[st->next.current_value] >> shift <= key) {
        uint32_t doc = st->next.current_value, x, y;
        roaring_advance_uint32_iterator(&st->next);
        if (!xd_look_on(st->m->look, &steps))
            return false;
        if (st->s->curve[doc] >> shift != key || !is_counted(st, doc))
            continue;
        xd_curve_split(st->s->curve[doc], &x, &y);
        cell->n--;
        cell->x -= x;
        cell->y -= y;
        drop_tint(st, doc);
    }
    return true;
}

static bool add_stored_cell(stored *st, size_t i)
{
    xd_cell_stored cell = st->cells.at[i];
    uint32_t at;
    if (cell.doc >= st->s->n || !take_tints(st, i)) {
        xd_image_break(st->s->image);
        return true; /* the answer is thrown away as a whole */
    }
    uint64_t key = st->s->curve[cell.doc] >> (64 - 2 * st->level);
    if (!drop_dead(st, key, &cell))
        return false;
    if (cell.n == 0)
        return true;
    if ((cell.n == 1 && !first_living(st, cell.doc, &cell.doc)) || !find_cell(st->m, key, &at))
        return false;
    xd_mosaic_cell *c = &st->m->cells.at[at];
    c->n += cell.n;
    c->x += cell.x;
    c->y += cell.y;
    c->shard = st->shard;
    c->doc = cell.doc;
    for (size_t k = 0; k < st->tints.n; k++) {
        if (st->tints.at[k].n > 0)
            add_tint(st->m, at, st->tints.at[k].colour, st->tints.at[k].n);
    }
    return true;
}

/* The first cell with documents from there on. */
static size_t first_cell(const xd_cells *cells, uint32_t doc)
{
    size_t low = 0, high = cells->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (cells->at[middle].doc < doc)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool add_stored(stored *st, uint32_t from)
{
    uint32_t steps = 0;
    size_t i = first_cell(&st->cells, from), to = first_cell(&st->cells, st->to);
    roaring_init_iterator(st->dead, &st->next);
    (void)roaring_move_uint32_iterator_equalorlarger(&st->next, from); /* has_value says it */
    for (; i < to; i++) {
        if (!xd_look_on(st->m->look, &steps) || !add_stored_cell(st, i))
            return false;
        if (xd_arena_used(st->m->look->scratch) > ((size_t)64 << 10))
            xd_arena_reset(st->m->look->scratch);
    }
    return true;
}

/* Whether the segment has counted by this mosaic's colours. */
static bool find_stored(const xd_mosaic *m, const xd_type *type, stored *st)
{
    bool coloured = m->colours.field != NULL && m->colours.type == type;
    if (coloured && !xd_cells_has(type, m->colours.field))
        return false;
    st->colour = coloured ? m->colours.field : NULL;
    return xd_cells_find(st->s, type, st->roughly, st->level, st->colour, &st->cells);
}

bool xd_mosaic_add_all(xd_mosaic *m, const xd_type *type, bool roughly, int z, uint32_t x,
                       uint32_t y, int level)
{
    xd_look *look = m->look;
    for (size_t i = 0; i < look->edition->n; i++) {
        const xd_shard *shard = &look->edition->shards[i];
        stored st = {.m = m,
                     .shard = i,
                     .s = shard->segment,
                     .dead = shard->dead,
                     .roughly = roughly,
                     .level = level};
        xd_bits *others = NULL; /* to be counted here */
        for (size_t t = 0; t < look->schema->n_types; t++) {
            const xd_type *at = xd_model_type(look->schema->model, t);
            uint32_t from = 0;
            if (type == NULL || type == at)
                xd_mosaic_square(st.s, t, z, x, y, &from, &st.to);
            if ((type != NULL && type != at) || from >= st.to)
                continue;
            if (find_stored(m, at, &st)) {
                if (!add_stored(&st, from))
                    return false;
                continue;
            }
            others = others == NULL ? xd_bits_none(&look->bag) : others;
            roaring_bitmap_add_range(others, from, st.to);
        }
        if (others == NULL)
            continue;
        roaring_bitmap_andnot_inplace(others, shard->dead);
        roaring_bitmap_andnot_inplace(others, st.s->samples);
        if (roughly)
            roaring_bitmap_and_inplace(others, st.s->roughly);
        else
            roaring_bitmap_andnot_inplace(others, st.s->roughly);
        if (!xd_mosaic_add(m, i, others, level))
            return false;
    }
    return true;
}
