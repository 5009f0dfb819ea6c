/* Reading the values of a field where they lie. How many values there are, where they begin
 * and how wide one is are proved against the section's length when a column is opened, so that
 * reading one needs no more checks than a document's place; what a value points at (a text, a
 * shape, a term's place) is proved when it is read, and a wrong one breaks the image instead
 * of the process. Sets are opened when first asked for, and kept. */
#include "index/column.h"

#include <stdlib.h>

xd_column_kind xd_column_kind_of(const xd_field *field)
{
    switch (xd_field_kept(field)) {
    case XD_KEPT_NUMBER:
        return XD_COLUMN_NUMBER;
    case XD_KEPT_BOOLEAN:
        return XD_COLUMN_BOOLEAN;
    case XD_KEPT_PERIOD:
        return XD_COLUMN_PERIOD;
    case XD_KEPT_CODE:
        return XD_COLUMN_TERM;
    case XD_KEPT_PLACE:
        return XD_COLUMN_PLACE;
    case XD_KEPT_LINK:
        return XD_COLUMN_LINK;
    case XD_KEPT_GROUP:
        return XD_COLUMN_NONE;
    case XD_KEPT_TEXTS:
    case XD_KEPT_HOURS:
    case XD_KEPT_STRING:
    case XD_KEPT_FILE:
        return XD_COLUMN_TEXT;
    }
    return XD_COLUMN_NONE;
}

bool xd_decimal(xd_str text, double *ret_value)
{
    /* Up to 15 digits and 22 places both parts are exact, and the quotient is rounded once. */
    static const double tens[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    bool minus = text.n > 0 && text.p[0] == '-', point = false;
    int64_t digits = 0;
    size_t places = 0, n = 0;
    for (size_t i = minus; i < text.n; i++) {
        char c = text.p[i];
        if (c == '.' && !point) {
            point = true;
        } else if (c >= '0' && c <= '9') {
            n++;
            if (digits > 99999999999999 || places == XD_LEN(tens) - 1)
                continue; /* beyond 15: see column.h */
            digits = digits * 10 + (c - '0');
            places += point;
        } else {
            return false;
        }
    }
    if (n == 0)
        return false;
    size_t whole = 0; /* digits before the point that did not fit */
    for (size_t i = minus, seen = 0; i < text.n && text.p[i] != '.'; i++) {
        seen += seen > 0 || text.p[i] != '0';
        whole += seen > 15;
    }
    double value = (double)digits / tens[places];
    for (size_t i = 0; i < whole; i++)
        value *= 10;
    *ret_value = minus ? -value : value;
    return true;
}

/* Opening -------------------------------------------------------------------------------- */

static size_t width_of(const xd_column *c)
{
    switch (c->kind) {
    case XD_COLUMN_TEXT:
        return c->langs * sizeof(xd_text_ref);
    case XD_COLUMN_NUMBER:
        return sizeof(double);
    case XD_COLUMN_PERIOD:
        return sizeof(xd_period_value);
    case XD_COLUMN_TERM:
        return c->width;
    case XD_COLUMN_BOOLEAN:
        return 1;
    case XD_COLUMN_LINK:
        return sizeof(xd_link_stored);
    case XD_COLUMN_PLACE:
        return sizeof(xd_place_stored);
    case XD_COLUMN_NONE:
        break;
    }
    return 0;
}

/* Bits, ranks, beginnings; how many documents have a value comes from the last rank. */
static bool open_finding(xd_column *c, uint32_t at)
{
    const void *p;
    uint64_t words = ((uint64_t)c->n + 63) / 64 + 1;
    if (c->how == XD_COLUMN_EVERY)
        return c->n_values == c->n;
    if (!xd_image_array(c->image, XD_SEC_COLUMN_BITS, at, sizeof(uint64_t), words, &p))
        return false;
    c->bits = p;
    if (!xd_image_array(c->image, XD_SEC_COLUMN_RANK, at, sizeof(uint32_t), words, &p))
        return false;
    c->rank = p;
    uint32_t having = c->rank[words - 1];
    if (c->how == XD_COLUMN_ONE)
        return c->n_values == having;
    if (c->how != XD_COLUMN_MANY || !xd_image_array(c->image, XD_SEC_COLUMN_START, at,
                                                    sizeof(uint32_t), (uint64_t)having + 1, &p))
        return false;
    c->start = p;
    return c->start[having] == c->n_values;
}

static bool open_keys(xd_column *c, uint32_t at)
{
    for (uint32_t lang = 0; lang < XD_LANGS; lang++) {
        const void *p;
        if (!xd_image_array(c->image, XD_SEC_COLUMN_KEY_AT, at * XD_LANGS + lang,
                            sizeof(uint32_t), (uint64_t)c->n + 1, &p))
            return false;
        c->key_at[lang] = p;
        c->key[lang] = xd_image_find(c->image, XD_SEC_COLUMN_KEY, at * XD_LANGS + lang);
    }
    return true;
}

static bool open_values(xd_arena *arena, xd_column *c, uint32_t at, const xd_column_meta *meta)
{
    const void *p = NULL;
    c->how = (xd_column_how)meta->how;
    c->width = meta->width;
    c->langs = meta->langs;
    c->n_values = meta->n_values;
    size_t width = width_of(c);
    if (c->how == XD_COLUMN_EMPTY || c->langs > XD_LANGS || !open_finding(c, at) ||
        (width > 0 &&
         !xd_image_array(c->image, XD_SEC_COLUMN_VALUES, at, width, c->n_values, &p)))
        return false;
    c->of.any = p;
    xd_section sets = xd_image_find(c->image, XD_SEC_COLUMN_SETS, at);
    if (!xd_image_use(c->image, &sets, 0, sets.n))
        return false;
    c->sets = (const void *)sets.p;
    c->n_sets = sets.n / sizeof(xd_term_set);
    c->opened = xd_new_n(arena, _Atomic(xd_bits *), c->n_sets);
    return c->kind != XD_COLUMN_TEXT || !xd_slot_is_sorted(c->slot) || open_keys(c, at);
}

void xd_column_open(xd_arena *arena, const xd_image *image, uint32_t slot_at,
                    const xd_slot *slot, uint32_t lo, uint32_t n, xd_column *ret_column)
{
    *ret_column = (xd_column){.kind = xd_column_kind_of(slot->field),
                              .slot = slot,
                              .image = image,
                              .lo = lo,
                              .n = n,
                              .text = xd_image_find(image, XD_SEC_COLUMN_TEXT, slot_at),
                              .bodies = xd_image_find(image, XD_SEC_BODY, 0),
                              .postings = xd_image_find(image, XD_SEC_SETS, 0)};
    xd_section section = xd_image_find(image, XD_SEC_COLUMN, slot_at);
    const void *meta = NULL;
    uint64_t has = 0;
    if (section.p != NULL) {
        if (xd_image_array(image, XD_SEC_COLUMN, slot_at, sizeof(xd_column_meta), 1, &meta) &&
            open_values(arena, ret_column, slot_at, meta)) {
            has = ((const xd_column_meta *)meta)->has;
        } else {
            xd_image_break(image);
            ret_column->how = XD_COLUMN_EMPTY;
            ret_column->n_values = 0;
            ret_column->n_sets = 0;
        }
    }
    ret_column->has = xd_docs_open(image, &ret_column->postings, has);
}

void xd_column_close(xd_column *column)
{
    roaring_bitmap_free(column->has);
    for (size_t i = 0; i < column->n_sets; i++) {
        xd_bits *bits = atomic_load_explicit(&column->opened[i], memory_order_acquire);
        if (bits != NULL)
            roaring_bitmap_free(bits);
    }
}

/* Values --------------------------------------------------------------------------------- */

static xd_str text_at(const xd_column *c, xd_text_ref ref)
{
    const xd_section *in = ref & XD_TEXT_OWN ? &c->text : &c->bodies;
    uint64_t n = ref & (((uint64_t)1 << XD_TEXT_LENGTH_BITS) - 1);
    uint64_t at = (ref & ~XD_TEXT_OWN) >> XD_TEXT_LENGTH_BITS;
    if (n == 0 || !xd_image_use(c->image, in, at, n))
        return (xd_str){0};
    return (xd_str){in->p + at, n};
}

xd_str xd_column_text(const xd_column *c, uint32_t i, xd_lang lang)
{
    return text_at(c, c->of.text[(size_t)i * c->langs + (c->langs > 1 ? (size_t)lang : 0)]);
}

const xd_term *xd_column_term(const xd_column *c, uint32_t i)
{
    uint32_t at = c->width == 1   ? c->of.term8[i]
                  : c->width == 2 ? c->of.term16[i]
                                  : c->of.term32[i];
    const xd_vocabulary *v = c->slot->field->vocabulary;
    if (at >= v->n) {
        xd_image_break(c->image);
        at = 0;
    }
    return &v->terms[at];
}

int64_t xd_column_link(const xd_column *c, uint32_t i)
{
    return c->of.link[i].id;
}

xd_str xd_column_link_text(const xd_column *c, uint32_t i)
{
    return text_at(c, c->of.link[i].text);
}

/* Shapes: kind, parts; of each part its rings; of each ring its positions; then the positions. */
typedef struct shape {
    const uint32_t *at;
    size_t n, next;
} shape;

static uint32_t shape_next(shape *s)
{
    return s->next < s->n ? s->at[s->next++] : 0;
}

static bool read_ring(shape *s, xd_ring *ring)
{
    uint32_t n = shape_next(s);
    if (n == 0 || n > (s->n - s->next) / 2)
        return false;
    *ring = (xd_ring){(const void *)(s->at + s->next), n};
    s->next += (size_t)n * 2;
    return true;
}

static const xd_geom *read_shape(xd_arena *arena, shape s)
{
    xd_geom *geom = xd_new(arena, xd_geom);
    uint32_t kind = shape_next(&s), n = shape_next(&s);
    if (kind > XD_MULTIPOLYGON || n == 0 || n > s.n)
        return NULL;
    xd_part *parts = xd_new_n(arena, xd_part, n);
    for (uint32_t p = 0; p < n; p++) {
        uint32_t rings = shape_next(&s);
        if (rings == 0 || rings > s.n)
            return NULL;
        xd_ring *list = xd_new_n(arena, xd_ring, rings);
        for (uint32_t r = 0; r < rings; r++) {
            if (!read_ring(&s, &list[r]))
                return NULL;
        }
        parts[p] = (xd_part){list, rings};
    }
    *geom = (xd_geom){(xd_geom_kind)kind, parts, n};
    return geom;
}

const xd_geom *xd_column_geom(xd_arena *arena, const xd_column *c, uint32_t i)
{
    const xd_place_stored *place = &c->of.place[i];
    xd_pos at;
    if (xd_column_point(c, i, &at))
        return xd_geom_point(arena, at);
    const xd_geom *geom = NULL;
    if (place->geom_at % sizeof(uint32_t) == 0 &&
        xd_image_use(c->image, &c->text, place->geom_at, place->geom_n))
        geom = read_shape(arena, (shape){.at = (const void *)(c->text.p + place->geom_at),
                                         .n = place->geom_n / sizeof(uint32_t)});
    if (geom == NULL)
        xd_image_break(c->image);
    return geom != NULL ? geom : xd_geom_point(arena, at);
}

bool xd_column_has_keys(const xd_column *c)
{
    return c->key_at[0] != NULL;
}

xd_str xd_column_key(const xd_column *c, uint32_t doc, xd_lang lang)
{
    return xd_image_text(c->image, &c->key[lang], c->key_at[lang], doc - c->lo);
}

/* Sets ----------------------------------------------------------------------------------- */

/* The first to ask opens the set; who comes at the same time frees his own. */
static const xd_bits *open_set(const xd_column *c, size_t i)
{
    xd_bits *bits = atomic_load_explicit(&c->opened[i], memory_order_acquire), *before = NULL;
    if (bits != NULL)
        return bits;
    bits = xd_docs_open(c->image, &c->postings, c->sets[i].set);
    if (!atomic_compare_exchange_strong(&c->opened[i], &before, bits)) {
        roaring_bitmap_free(bits);
        bits = before;
    }
    return bits;
}

const xd_bits *xd_column_set(const xd_column *c, size_t which)
{
    size_t low = 0, high = c->n_sets;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c->sets[middle].which < which)
            low = middle + 1;
        else
            high = middle;
    }
    return low < c->n_sets && c->sets[low].which == which ? open_set(c, low) : NULL;
}

const xd_bits *xd_column_set_at(const xd_column *c, size_t i, uint32_t *ret_which)
{
    *ret_which = c->sets[i].which;
    return open_set(c, i);
}
