/* Making cells: the finest level from the documents, each coarser one from the four squares of
 * the one before. As documents are along the curve, so are the cells of every level, and a
 * coarser cell's are neighbours. */
#include "index/cells.h"

typedef struct placed {
    uint64_t curve;
    uint32_t doc;
    uint32_t colours[XD_CELLS_FIELDS];
} placed;

/* One level being made. */
typedef struct layer {
    int level;
    XD_VEC(xd_cell_stored) cells;
    XD_VEC(uint64_t) keys;
    struct tinted {
        XD_VEC(uint32_t) at; /* by cell */
        XD_VEC(xd_cell_tint) tints;
    } by[XD_CELLS_FIELDS];
} layer;

/* Colours of one cell. */
typedef struct tally {
    uint32_t *n; /* by colour */
    XD_VEC(uint32_t) seen;
} tally;

struct xd_cells_maker {
    xd_arena *work; /* of the type at hand */
    const xd_schema *schema;
    xd_press *press;
    const xd_type *type; /* at hand; NULL: none yet */
    const xd_field *fields[XD_CELLS_FIELDS];
    size_t n_fields;
    XD_VEC(placed) docs[2];            /* known to the county only: 1 */
    uint64_t n_cells;                  /* written */
    uint32_t n_tints[XD_CELLS_FIELDS]; /* written, of the type at hand */
    tally tallies[XD_CELLS_FIELDS];
};

bool xd_cells_has(const xd_type *type, const xd_field *field)
{
    xd_column_kind kind = xd_column_kind_of(field);
    size_t before = 0;
    if (!field->colour || (kind != XD_COLUMN_TERM && kind != XD_COLUMN_BOOLEAN))
        return false;
    for (const xd_field *f = type->fields; f < field; f++) {
        kind = xd_column_kind_of(f);
        before += f->colour && (kind == XD_COLUMN_TERM || kind == XD_COLUMN_BOOLEAN);
    }
    return before < XD_CELLS_FIELDS;
}

xd_cells_maker *xd_cells_maker_make(xd_arena *arena, const xd_schema *schema, xd_press *press)
{
    xd_cells_maker *m = xd_new(arena, xd_cells_maker);
    *m = (xd_cells_maker){.work = xd_arena_make(), .schema = schema, .press = press};
    return m;
}

void xd_cells_maker_free(xd_cells_maker *m)
{
    xd_arena_free(m->work);
}

/* Levels --------------------------------------------------------------------------------- */

static void end_tints(xd_cells_maker *m, layer *l, size_t k)
{
    tally *t = &m->tallies[k];
    *xd_push(m->work, &l->by[k].at) = (uint32_t)l->by[k].tints.n;
    for (size_t i = 0; i < t->seen.n; i++) {
        *xd_push(m->work, &l->by[k].tints) = (xd_cell_tint){t->seen.at[i], t->n[t->seen.at[i]]};
        t->n[t->seen.at[i]] = 0;
    }
    t->seen.n = 0;
}

static void tint(xd_cells_maker *m, size_t k, uint32_t colour, uint32_t n)
{
    tally *t = &m->tallies[k];
    if (t->n[colour] == 0)
        *xd_push(m->work, &t->seen) = colour;
    t->n[colour] += n;
}

static void begin_cell(xd_cells_maker *m, layer *l, uint64_t key, uint32_t doc)
{
    *xd_push(m->work, &l->keys) = key;
    *xd_push(m->work, &l->cells) = (xd_cell_stored){.doc = doc};
}

/* The cell of the key, which is the last one or a new one. */
static xd_cell_stored *cell_of(xd_cells_maker *m, layer *l, uint64_t key, uint32_t doc)
{
    if (l->keys.n == 0 || l->keys.at[l->keys.n - 1] != key) {
        for (size_t k = 0; k < m->n_fields && l->keys.n > 0; k++)
            end_tints(m, l, k);
        begin_cell(m, l, key, doc);
    }
    return &l->cells.at[l->cells.n - 1];
}

static void end_layer(xd_cells_maker *m, layer *l)
{
    for (size_t k = 0; k < m->n_fields && l->keys.n > 0; k++)
        end_tints(m, l, k);
}

static layer *finest(xd_cells_maker *m, bool roughly)
{
    layer *l = xd_new(m->work, layer);
    l->level = XD_CELLS_FINEST;
    for (size_t i = 0; i < m->docs[roughly].n; i++) {
        const placed *p = &m->docs[roughly].at[i];
        uint32_t x, y;
        xd_curve_split(p->curve, &x, &y);
        xd_cell_stored *c = cell_of(m, l, p->curve >> (64 - 2 * l->level), p->doc);
        c->n++;
        c->x += x;
        c->y += y;
        for (size_t k = 0; k < m->n_fields; k++) {
            if (p->colours[k] != UINT32_MAX)
                tint(m, k, p->colours[k], 1);
        }
    }
    end_layer(m, l);
    return l;
}

static uint32_t tints_end(const struct tinted *by, size_t cell)
{
    return cell + 1 < by->at.n ? by->at.at[cell + 1] : (uint32_t)by->tints.n;
}

static layer *coarser(xd_cells_maker *m, const layer *from)
{
    layer *l = xd_new(m->work, layer);
    l->level = from->level - 1;
    for (size_t i = 0; i < from->cells.n; i++) {
        const xd_cell_stored *f = &from->cells.at[i];
        xd_cell_stored *c = cell_of(m, l, from->keys.at[i] >> 2, f->doc);
        c->n += f->n;
        c->x += f->x;
        c->y += f->y;
        for (size_t k = 0; k < m->n_fields; k++) {
            const struct tinted *by = &from->by[k];
            for (uint32_t t = by->at.at[i]; t < tints_end(by, i); t++)
                tint(m, k, by->tints.at[t].colour, by->tints.at[t].n);
        }
    }
    end_layer(m, l);
    return l;
}

static void put_tints(xd_cells_maker *m, const layer *l, size_t k)
{
    uint32_t slot = xd_slot_at(&m->schema->slots, m->type, NULL, m->fields[k]);
    xd_pressed *at = xd_press_section(m->press, XD_SEC_CELL_TINT_AT, slot);
    xd_pressed *tints = xd_press_section(m->press, XD_SEC_CELL_TINT, slot);
    const struct tinted *by = &l->by[k];
    for (size_t i = 0; i < by->at.n; i++)
        xd_pressed_u32(at, m->n_tints[k] + by->at.at[i]);
    xd_pressed_add(tints, by->tints.at, by->tints.n * sizeof *by->tints.at);
    m->n_tints[k] += (uint32_t)by->tints.n;
}

static void put_layer(xd_cells_maker *m, const layer *l, bool roughly)
{
    xd_cell_group group = {(uint32_t)m->type->at, roughly, (uint32_t)l->level,
                           (uint32_t)l->cells.n, m->n_cells};
    xd_pressed_add(xd_press_section(m->press, XD_SEC_CELL_GROUP, 0), &group, sizeof group);
    xd_pressed_add(xd_press_section(m->press, XD_SEC_CELL, 0), l->cells.at,
                   l->cells.n * sizeof *l->cells.at);
    m->n_cells += l->cells.n;
    for (size_t k = 0; k < m->n_fields; k++)
        put_tints(m, l, k);
}

static void end_docs(xd_cells_maker *m, bool roughly)
{
    layer *levels[XD_CELLS_FINEST + 1];
    size_t n = m->docs[roughly].n;
    if (n == 0 || n < m->schema->cells_from)
        return;
    levels[XD_CELLS_FINEST] = finest(m, roughly);
    for (int level = XD_CELLS_FINEST; level > XD_CELLS_COARSEST; level--)
        levels[level - 1] = coarser(m, levels[level]);
    for (int level = XD_CELLS_COARSEST;
         level <= XD_CELLS_FINEST && levels[level]->cells.n * XD_CELLS_DENSE <= n; level++)
        put_layer(m, levels[level], roughly);
}

static void begin_type(xd_cells_maker *m, const xd_type *type)
{
    m->type = type;
    m->n_fields = 0;
    for (size_t f = 0; f < type->n_fields; f++) {
        const xd_vocabulary *v = type->fields[f].vocabulary;
        if (!xd_cells_has(type, &type->fields[f]))
            continue;
        m->tallies[m->n_fields] =
            (tally){.n = xd_new_n(m->work, uint32_t, v == NULL ? 2 : v->n)};
        m->n_tints[m->n_fields] = 0;
        m->fields[m->n_fields++] = &type->fields[f];
    }
}

static void end_type(xd_cells_maker *m)
{
    uint64_t before = m->n_cells;
    if (m->type == NULL)
        return;
    end_docs(m, false);
    end_docs(m, true);
    for (size_t k = 0; k < m->n_fields && m->n_cells > before; k++)
        xd_pressed_u32(
            xd_press_section(m->press, XD_SEC_CELL_TINT_AT,
                             xd_slot_at(&m->schema->slots, m->type, NULL, m->fields[k])),
            m->n_tints[k]);
    memset(m->docs, 0, sizeof m->docs);
    xd_arena_reset(m->work);
}

void xd_cells_maker_add(xd_cells_maker *m, const xd_type *type, uint32_t doc, uint64_t curve,
                        bool roughly, const uint32_t colours[XD_CELLS_FIELDS])
{
    if (type != m->type) {
        end_type(m);
        begin_type(m, type);
    }
    placed p = {.curve = curve, .doc = doc};
    memcpy(p.colours, colours, sizeof p.colours);
    *xd_push(m->work, &m->docs[roughly]) = p;
}

void xd_cells_maker_end(xd_cells_maker *m)
{
    end_type(m);
}

/* Reading -------------------------------------------------------------------------------- */

/* The group, and the first cell of its type. */
static const xd_cell_group *find_group(const xd_segment *s, const xd_type *type, bool roughly,
                                       int level, uint64_t *ret_type_first)
{
    xd_section section = xd_image_find(s->image, XD_SEC_CELL_GROUP, 0);
    const xd_cell_group *groups = (const void *)section.p;
    bool first = true;
    if (section.p == NULL || !xd_image_use(s->image, &section, 0, section.n))
        return NULL;
    for (size_t i = 0; i < section.n / sizeof *groups; i++) {
        const xd_cell_group *g = &groups[i];
        if (g->type != type->at)
            continue;
        if (first)
            *ret_type_first = g->first;
        first = false;
        if (g->roughly == (uint32_t)roughly && g->level == (uint32_t)level)
            return g;
    }
    return NULL;
}

static bool find_tints(const xd_segment *s, const xd_type *type, const xd_field *colour,
                       uint64_t first, xd_cells *cells)
{
    uint32_t slot = xd_slot_at(&s->schema->slots, type, NULL, colour);
    xd_section at = xd_image_find(s->image, XD_SEC_CELL_TINT_AT, slot);
    xd_section tints = xd_image_find(s->image, XD_SEC_CELL_TINT, slot);
    size_t n = (cells->n + 1) * sizeof(uint32_t);
    if (first > at.n / sizeof(uint32_t) ||
        !xd_image_use(s->image, &at, first * sizeof(uint32_t), n))
        return false;
    cells->tint_at = (const uint32_t *)(const void *)at.p + first;
    cells->tints = (const void *)tints.p;
    uint64_t from = cells->tint_at[0], to = cells->tint_at[cells->n];
    return from <= to && xd_image_use(s->image, &tints, from * sizeof(xd_cell_tint),
                                      (to - from) * sizeof(xd_cell_tint));
}

bool xd_cells_find(const xd_segment *s, const xd_type *type, bool roughly, int level,
                   const xd_field *colour, xd_cells *ret_cells)
{
    uint64_t type_first = 0;
    const xd_cell_group *g = find_group(s, type, roughly, level, &type_first);
    if (g == NULL)
        return false;
    xd_section section = xd_image_find(s->image, XD_SEC_CELL, 0);
    uint64_t count = section.n / sizeof(xd_cell_stored);
    xd_cells cells = {.n = g->n};
    if (g->first > count || g->n > count - g->first || g->first < type_first ||
        !xd_image_use(s->image, &section, g->first * sizeof(xd_cell_stored),
                      g->n * sizeof(xd_cell_stored)) ||
        (colour != NULL && !find_tints(s, type, colour, g->first - type_first, &cells))) {
        xd_image_break(s->image);
        return false;
    }
    cells.at = (const xd_cell_stored *)(const void *)section.p + g->first;
    *ret_cells = cells;
    return true;
}
