#include "index/segment.h"

#include <stdlib.h>

#include "geo/tile.h"
#include "index/passage.h"
#include "model/fold.h"

const xd_type *xd_schema_owner(const xd_schema *schema, const xd_type *type,
                               const xd_field *field)
{
    for (size_t t = 0; t < schema->n_types; t++) {
        const xd_type *at = xd_model_type(schema->model, t);
        if ((type == NULL || type == at) && xd_type_has(at, NULL, field))
            return at;
    }
    return NULL;
}

/* The curve ------------------------------------------------------------------------------ */

static uint64_t spread(uint32_t x)
{
    uint64_t v = x;
    v = (v | v << 16) & 0x0000ffff0000ffffu;
    v = (v | v << 8) & 0x00ff00ff00ff00ffu;
    v = (v | v << 4) & 0x0f0f0f0f0f0f0f0fu;
    v = (v | v << 2) & 0x3333333333333333u;
    return (v | v << 1) & 0x5555555555555555u;
}

uint64_t xd_curve_mix(uint32_t x, uint32_t y)
{
    return spread(x) | spread(y) << 1;
}

static uint32_t grid(double fraction)
{
    double cell = fraction * 4294967296.0;
    return cell <= 0 ? 0 : cell >= 4294967295.0 ? UINT32_MAX : (uint32_t)cell;
}

void xd_curve_cell(xd_pos at, uint32_t *ret_x, uint32_t *ret_y)
{
    double x, y;
    xd_mercator(at, &x, &y);
    *ret_x = grid(x);
    *ret_y = grid(y);
}

uint64_t xd_curve_key(xd_pos at)
{
    uint32_t x, y;
    xd_curve_cell(at, &x, &y);
    uint64_t key = xd_curve_mix(x, y);
    return key == UINT64_MAX ? key - 1 : key; /* the last cell is the placeless ones' */
}

uint32_t xd_segment_curve(const xd_segment *s, size_t type, uint64_t key)
{
    uint32_t lo = s->type_lo[type], hi = s->type_lo[type + 1];
    while (lo < hi) {
        uint32_t middle = lo + (hi - lo) / 2;
        if (s->curve[middle] < key)
            lo = middle + 1;
        else
            hi = middle;
    }
    return lo;
}

/* Record ids ----------------------------------------------------------------------------- */

struct xd_id_slot {
    int64_t id; /* 0: empty */
    uint32_t doc;
};

static size_t id_slot(const xd_segment *s, int64_t id)
{
    uint64_t mixed = (uint64_t)id * 0x9e3779b97f4a7c15u;
    size_t i = (size_t)(mixed >> 20) & (s->n_id_slots - 1);
    while (s->id_slots[i].id != 0 && s->id_slots[i].id != id)
        i = (i + 1) & (s->n_id_slots - 1);
    return i;
}

static void make_id_slots(xd_segment *s)
{
    s->n_id_slots = 16;
    while (s->n_id_slots < (size_t)s->n * 2)
        s->n_id_slots *= 2;
    s->id_slots = xd_new_n(s->arena, struct xd_id_slot, s->n_id_slots);
    for (uint32_t doc = 0; doc < s->n; doc++)
        s->id_slots[id_slot(s, s->id[doc])] = (struct xd_id_slot){s->id[doc], doc};
}

uint32_t xd_segment_find(const xd_segment *s, int64_t id)
{
    if (id == 0)
        return UINT32_MAX;
    const struct xd_id_slot *slot = &s->id_slots[id_slot(s, id)];
    return slot->id == id ? slot->doc : UINT32_MAX;
}

/* Keys ----------------------------------------------------------------------------------- */

static xd_str key_text(xd_arena *arena, const xd_type *type, xd_str value)
{
    return xd_str_printf(arena, "%zu " XD_FMT, type->at, XD_ARG(value));
}

static bool is_found_by(const xd_type *type, const xd_body_key *key)
{
    if (xd_str_eq(key->kind, XD_S("number")))
        return true;
    for (size_t i = 0; i < type->n_keys; i++) {
        if (xd_str_eq(type->keys[i].kind, key->kind))
            return type->keys[i].unique && type->keys[i].n == 1;
    }
    return false;
}

static bool add_keys(xd_ctx *scratch, const xd_schema *schema, xd_segment *s, uint32_t doc,
                     const xd_json *body)
{
    xd_body_keys keys = {0};
    if (!xd_body_key_list(scratch, schema->model, body, &keys))
        return false;
    for (size_t i = 0; i < keys.n; i++) {
        if (!is_found_by(s->type[doc], &keys.at[i]))
            continue;
        xd_str text = key_text(scratch->arena, s->type[doc], keys.at[i].value);
        if (xd_map_get(s->keys, text) == NULL)
            xd_map_put(s->keys, text, (void *)(uintptr_t)(doc + 1));
    }
    return true;
}

uint32_t xd_segment_find_key(const xd_segment *s, const xd_type *type, xd_str key)
{
    xd_arena *arena = xd_arena_make();
    uintptr_t found = (uintptr_t)xd_map_get(s->keys, key_text(arena, type, key));
    xd_arena_free(arena);
    return found == 0 ? UINT32_MAX : (uint32_t)(found - 1);
}

/* Building ------------------------------------------------------------------------------- */

static int by_curve(const void *a, const void *b)
{
    const xd_draft *x = a, *y = b;
    if (x->type->at != y->type->at)
        return x->type->at < y->type->at ? -1 : 1;
    if (x->curve != y->curve)
        return x->curve < y->curve ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

static xd_bits *new_bits(void)
{
    xd_bits *bits = roaring_bitmap_create_with_capacity(1);
    if (bits == NULL)
        abort(); /* out of memory */
    return bits;
}

static void take_drafts(const xd_schema *schema, xd_segment *s, const xd_draft *drafts)
{
    xd_arena *a = s->arena;
    s->id = xd_new_n(a, int64_t, s->n);
    s->rev = xd_new_n(a, int64_t, s->n);
    s->time = xd_new_n(a, int64_t, s->n);
    s->body = xd_new_n(a, xd_str, s->n);
    s->number = xd_new_n(a, xd_str, s->n);
    s->state = xd_new_n(a, xd_str, s->n);
    s->confidence = xd_new_n(a, xd_str, s->n);
    s->type = xd_new_n(a, const xd_type *, s->n);
    s->type_lo = xd_new_n(a, uint32_t, schema->n_types + 1);
    s->curve = xd_new_n(a, uint64_t, s->n);
    s->at = xd_new_n(a, xd_pos, s->n);
    s->precision = xd_new_n(a, uint8_t, s->n);
    s->placed = new_bits();
    s->shaped = new_bits();
    s->roughly = new_bits();
    s->samples = new_bits();
    for (uint32_t doc = 0; doc < s->n; doc++) {
        const xd_draft *d = &drafts[doc];
        s->id[doc] = d->id;
        s->rev[doc] = d->rev;
        s->time[doc] = d->time;
        s->body[doc] = xd_str_copy(a, d->body);
        s->type[doc] = d->type;
        s->curve[doc] = d->curve;
        s->at[doc] = d->at;
        s->precision[doc] = XD_PRECISION_NONE;
        if (d->placed)
            roaring_bitmap_add(s->placed, doc);
        s->type_lo[d->type->at + 1] = doc + 1;
    }
    for (size_t t = 1; t <= schema->n_types; t++) {
        if (s->type_lo[t] == 0)
            s->type_lo[t] = s->type_lo[t - 1];
    }
}

static void make_columns(const xd_schema *schema, xd_segment *s, xd_arena *growth)
{
    s->columns_n = schema->slots.n;
    s->columns = xd_new_n(s->arena, xd_column *, s->columns_n);
    for (uint32_t i = 0; i < schema->slots.n; i++) {
        const xd_slot *slot = &schema->slots.at[i];
        uint32_t lo = s->type_lo[slot->type->at], hi = s->type_lo[slot->type->at + 1];
        if (lo == hi)
            continue;
        s->columns[i] = xd_new(s->arena, xd_column);
        xd_column_make(s->arena, growth, slot, lo, hi - lo, s->columns[i]);
    }
}

/* The values of every field of one document. */
static bool fill_columns(xd_ctx *scratch, const xd_schema *schema, xd_segment *s, uint32_t doc,
                         const xd_json *body)
{
    const xd_type *type = s->type[doc];
    for (size_t f = 0; f < type->n_fields; f++) {
        const xd_field *field = &type->fields[f];
        xd_column *column = xd_segment_column(s, schema, type, NULL, field);
        xd_column_begin(column, doc);
        if (!xd_column_add(scratch, s->arena, column, doc, body, s->body[doc]))
            return false;
        size_t items = field->n_fields == 0 ? 0 : xd_value_count(field, body);
        for (size_t k = 0; k < field->n_fields; k++) {
            column = xd_segment_column(s, schema, type, field, &field->fields[k]);
            xd_column_begin(column, doc);
            for (size_t i = 0; i < items; i++) {
                if (!xd_column_add(scratch, s->arena, column, doc, xd_value(field, body, i),
                                   s->body[doc]))
                    return false;
            }
        }
    }
    return true;
}

static void note_place(const xd_schema *schema, xd_segment *s, uint32_t doc)
{
    const xd_column *place = xd_segment_place(s, schema, s->type[doc]);
    if (place == NULL)
        return;
    size_t geoms = 0;
    bool point = true;
    for (uint32_t i = place->start[doc - place->lo]; i < place->n_values; i++) {
        if (geoms++ == 0)
            s->precision[doc] = (uint8_t)place->of.place[i].precision;
        point = point && xd_geom_is_point(place->of.place[i].geom);
    }
    if (geoms > 1 || !point)
        roaring_bitmap_add(s->shaped, doc);
    if (geoms > 0 && s->precision[doc] == XD_PRECISION_COUNTY)
        roaring_bitmap_add(s->roughly, doc);
}

static bool add_document(xd_ctx *scratch, const xd_schema *schema, xd_segment *s, uint32_t doc,
                         xd_passages *passages)
{
    const xd_json *body = NULL;
    if (!xd_json_read(scratch, s->body[doc], &body))
        return xd_fail_note(scratch, "indexing record %" PRId64, s->id[doc]);
    s->number[doc] = xd_str_copy(s->arena, xd_json_get_str(body, XD_S("number")));
    s->state[doc] = xd_str_copy(s->arena, xd_json_get_str(body, XD_S("state")));
    s->confidence[doc] = xd_str_copy(s->arena, xd_json_get_str(body, XD_S("confidence")));
    const xd_state *state = xd_state_find(s->type[doc]->flow, s->state[doc]);
    if (state != NULL && state->sample)
        roaring_bitmap_add(s->samples, doc);
    if (!fill_columns(scratch, schema, s, doc, body) ||
        !add_keys(scratch, schema, s, doc, body))
        return xd_fail_note(scratch, "indexing record %" PRId64, s->id[doc]);
    note_place(schema, s, doc);
    s->passage_start[doc] = (uint32_t)passages->n;
    xd_passages_add(scratch->arena, s->arena, s->grams, s->type[doc], doc, body, passages);
    return true;
}

static bool fill(xd_ctx *cx, const xd_schema *schema, xd_segment *s, xd_arena *growth)
{
    xd_ctx scratch;
    xd_ctx_begin(&scratch);
    xd_passages passages = {.growth = growth};
    bool ok = true;
    for (uint32_t doc = 0; doc < s->n && ok; doc++) {
        ok = add_document(&scratch, schema, s, doc, &passages);
        if (!ok)
            (void)xd_fail(cx, scratch.err.code, XD_FMT, XD_ARG(scratch.err.message));
        else if (doc % 256 == 0)
            ok = xd_go_on(cx);
        if (ok)
            xd_ctx_reset(&scratch);
    }
    xd_ctx_end(&scratch);
    s->passages = xd_new_n(s->arena, xd_passage, passages.n);
    if (passages.n > 0)
        memcpy(s->passages, passages.at, passages.n * sizeof *s->passages);
    s->passage_start[s->n] = (uint32_t)passages.n;
    return ok;
}

bool xd_segment_build(xd_ctx *cx, const xd_schema *schema, xd_draft *drafts, size_t n,
                      xd_segment **ret_segment)
{
    if (n >= UINT32_MAX / 2)
        return xd_fail(cx, XD_LIMIT, "%zu records are too many for one segment", n);
    for (size_t i = 0; i < n; i++)
        drafts[i].curve = drafts[i].placed ? xd_curve_key(drafts[i].at) : UINT64_MAX;
    if (n > 0)
        qsort(drafts, n, sizeof *drafts, by_curve);
    xd_arena *arena = xd_arena_make();
    xd_segment *s = xd_new(arena, xd_segment);
    *s = (xd_segment){.arena = arena, .n = (uint32_t)n};
    take_drafts(schema, s, drafts);
    /* What grows leaves its smaller selves behind: that goes when all is in its place. */
    xd_arena *growth = xd_arena_make();
    make_columns(schema, s, growth);
    s->grams = xd_grams_make(arena);
    s->passage_start = xd_new_n(arena, uint32_t, n + 1);
    s->keys = xd_map_make(arena);
    make_id_slots(s);
    bool ok = fill(cx, schema, s, growth);
    for (uint32_t i = 0; i < schema->slots.n; i++) {
        if (s->columns[i] != NULL)
            xd_column_seal(arena, s->columns[i]);
    }
    xd_grams_seal(s->grams);
    xd_arena_free(growth);
    if (!ok) {
        xd_segment_free(s);
        return false;
    }
    *ret_segment = s;
    return true;
}

void xd_segment_free(xd_segment *s)
{
    for (uint32_t i = 0; i < s->columns_n; i++) {
        if (s->columns[i] != NULL)
            xd_column_free(s->columns[i]);
    }
    xd_grams_free(s->grams);
    roaring_bitmap_free(s->placed);
    roaring_bitmap_free(s->shaped);
    roaring_bitmap_free(s->roughly);
    roaring_bitmap_free(s->samples);
    xd_arena_free(s->arena);
}

xd_str xd_segment_title(xd_arena *arena, const xd_segment *s, const xd_schema *schema,
                        uint32_t doc, xd_lang lang)
{
    const xd_type *type = s->type[doc];
    if (type->title != NULL) {
        const xd_column *c = xd_segment_column(s, schema, type, NULL, type->title);
        if (c->kind == XD_COLUMN_TEXT && xd_column_first(c, doc) < xd_column_end(c, doc))
            return c->of.text[xd_column_first(c, doc)].in[lang];
    }
    return s->number[doc].n > 0 ? s->number[doc]
                                : xd_str_printf(arena, "#%" PRId64, s->id[doc]);
}
