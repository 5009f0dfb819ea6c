/* Opening a segment. A file may be torn or foreign, so nothing in it is believed: META and
 * TYPES are looked at first, every other array when the segment is first asked, each through
 * the image, which says how long a section is and proves a block before its first use. What is
 * missing or too short leaves a segment without documents and a broken image: the answer at
 * hand is thrown away and the file made again from the log (keep.c). Many threads may ask
 * first at once: one opens, under the lock, the others see `open` only after all it has
 * written. */
#include "index/segment.h"

#include "geo/tile.h"

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

static uint32_t gather(uint64_t v) /* every second bit */
{
    v &= 0x5555555555555555u;
    v = (v | v >> 1) & 0x3333333333333333u;
    v = (v | v >> 2) & 0x0f0f0f0f0f0f0f0fu;
    v = (v | v >> 4) & 0x00ff00ff00ff00ffu;
    v = (v | v >> 8) & 0x0000ffff0000ffffu;
    return (uint32_t)(v | v >> 16);
}

void xd_curve_split(uint64_t key, uint32_t *ret_x, uint32_t *ret_y)
{
    *ret_x = gather(key);
    *ret_y = gather(key >> 1);
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

/* Opening -------------------------------------------------------------------------------- */

struct xd_segment_rest {
    const uint16_t *state, *confidence;
    const uint32_t *word_at, *number_at, *id_slots, *key_hash, *key_doc;
    const uint64_t *body_at, *text_at;
    xd_section words, number, body, text, sets;
    const xd_passage_form *forms;
    size_t n_forms;
    uint64_t n_keys;
    uint32_t n_words;
    _Atomic(xd_column *) *columns; /* by slot; NULL until asked for */
    pthread_mutex_t columns_opening;
};

bool xd_segment_over(xd_ctx *cx, const xd_schema *schema, xd_image *image, uint64_t file,
                     xd_segment **ret_segment)
{
    const void *p, *types;
    if (!xd_image_array(image, XD_SEC_META, 0, sizeof(xd_segment_meta), 1, &p) ||
        ((const xd_segment_meta *)p)->n_types != schema->n_types ||
        ((const xd_segment_meta *)p)->n_slots != schema->slots.n ||
        !xd_image_array(image, XD_SEC_TYPES, 0, sizeof(uint32_t), schema->n_types + 1,
                        &types)) {
        xd_image_free(image);
        return xd_fail(cx, XD_BROKEN, "an index segment of another model");
    }
    const xd_segment_meta *meta = p;
    xd_arena *arena = xd_arena_make();
    xd_segment *s = xd_new(arena, xd_segment);
    s->arena = arena;
    s->schema = schema;
    s->image = image;
    s->file = file;
    s->n = meta->n;
    s->type_lo = types;
    s->rest = xd_new(arena, struct xd_segment_rest);
    s->rest->n_words = meta->n_words;
    s->rest->columns = xd_new_n(arena, _Atomic(xd_column *), schema->slots.n);
    (void)pthread_mutex_init(&s->opening, NULL); /* cannot fail: a plain mutex */
    (void)pthread_mutex_init(&s->rest->columns_opening, NULL);
    *ret_segment = s;
    return true;
}

/* One array of fixed items after another; the first bad one ends it. */
typedef struct opening {
    const xd_image *image;
    bool ok;
} opening;

static const void *take(opening *o, xd_section_kind kind, size_t item, uint64_t count)
{
    const void *p = NULL;
    o->ok = o->ok && xd_image_array(o->image, kind, 0, item, count, &p);
    return p;
}

static xd_bits *take_set(opening *o, const struct xd_segment_rest *r, const uint64_t *names,
                         size_t i)
{
    return xd_docs_open(o->image, &r->sets, o->ok ? names[i] : 0);
}

static void take_rest(opening *o, xd_segment *s)
{
    struct xd_segment_rest *r = s->rest;
    const xd_image *image = s->image;
    uint64_t n = s->n;
    r->state = take(o, XD_SEC_STATE, sizeof *r->state, n);
    r->confidence = take(o, XD_SEC_CONFIDENCE, sizeof *r->confidence, n);
    r->word_at = take(o, XD_SEC_WORDS_AT, sizeof *r->word_at, (uint64_t)r->n_words + 1);
    r->words = xd_image_find(image, XD_SEC_WORDS, 0);
    r->number_at = take(o, XD_SEC_NUMBER_AT, sizeof *r->number_at, n + 1);
    r->number = xd_image_find(image, XD_SEC_NUMBER, 0);
    r->body_at = take(o, XD_SEC_BODY_AT, sizeof *r->body_at, n + 1);
    r->body = xd_image_find(image, XD_SEC_BODY, 0);
    r->text_at = take(o, XD_SEC_TEXT_AT, sizeof *r->text_at, n + 1);
    r->text = xd_image_find(image, XD_SEC_TEXT, 0);
    r->id_slots = take(o, XD_SEC_ID_SLOTS, sizeof *r->id_slots, xd_id_slots(s->n));
    r->n_forms = xd_image_find(image, XD_SEC_FORMS, 0).n / sizeof *r->forms;
    r->forms = take(o, XD_SEC_FORMS, sizeof *r->forms, r->n_forms);
    r->n_keys = xd_image_find(image, XD_SEC_KEY_DOC, 0).n / sizeof *r->key_doc;
    if (r->n_keys > 0) {
        r->key_doc = take(o, XD_SEC_KEY_DOC, sizeof *r->key_doc, r->n_keys);
        r->key_hash = take(o, XD_SEC_KEY_HASH, sizeof *r->key_hash, r->n_keys);
    }
}

static void open_all(xd_segment *s)
{
    opening o = {s->image, true};
    uint64_t n = s->n;
    static const uint32_t nothing[2] = {0};
    s->id = take(&o, XD_SEC_ID, sizeof *s->id, n);
    s->rev = take(&o, XD_SEC_REV, sizeof *s->rev, n);
    s->time = take(&o, XD_SEC_TIME, sizeof *s->time, n);
    s->curve = take(&o, XD_SEC_CURVE, sizeof *s->curve, n);
    s->at = take(&o, XD_SEC_AT, sizeof *s->at, n);
    s->precision = take(&o, XD_SEC_PRECISION, sizeof *s->precision, n);
    take_rest(&o, s);
    const uint64_t *names = take(&o, XD_SEC_PLACED, sizeof *names, 4);
    s->rest->sets = xd_image_find(s->image, XD_SEC_SETS, 0);
    s->placed = take_set(&o, s->rest, names, 0);
    s->shaped = take_set(&o, s->rest, names, 1);
    s->roughly = take_set(&o, s->rest, names, 2);
    s->samples = take_set(&o, s->rest, names, 3);
    xd_grams_open(s->image, &s->grams);
    if (!o.ok) { /* nobody will believe the answer: there only has to be nothing to trip over */
        s->n = 0;
        s->type_lo = xd_new_n(s->arena, uint32_t, s->schema->n_types + 1);
        s->rest->n_keys = 0;
        s->rest->id_slots = nothing;
    }
}

void xd_segment_open(const xd_segment *segment)
{
    xd_segment *s = (xd_segment *)(uintptr_t)segment; /* opening is no change of what it says */
    if (atomic_load_explicit(&s->open, memory_order_acquire))
        return;
    (void)pthread_mutex_lock(&s->opening);
    if (!atomic_load_explicit(&s->open, memory_order_relaxed))
        open_all(s);
    atomic_store_explicit(&s->open, true, memory_order_release);
    (void)pthread_mutex_unlock(&s->opening);
}

void xd_segment_free(xd_segment *s)
{
    for (uint32_t i = 0; i < s->schema->slots.n; i++) {
        xd_column *column = atomic_load_explicit(&s->rest->columns[i], memory_order_acquire);
        if (column != NULL)
            xd_column_close(column);
    }
    if (atomic_load_explicit(&s->open, memory_order_acquire)) {
        roaring_bitmap_free(s->placed);
        roaring_bitmap_free(s->shaped);
        roaring_bitmap_free(s->roughly);
        roaring_bitmap_free(s->samples);
    }
    (void)pthread_mutex_destroy(&s->opening);
    (void)pthread_mutex_destroy(&s->rest->columns_opening);
    xd_image_free(s->image);
    xd_arena_free(s->arena);
}

const xd_column *xd_segment_slot(const xd_segment *s, uint32_t slot)
{
    struct xd_segment_rest *r = s->rest;
    xd_column *column = atomic_load_explicit(&r->columns[slot], memory_order_acquire);
    const xd_slot *of = &s->schema->slots.at[slot];
    uint32_t lo = s->type_lo[of->type->at], hi = s->type_lo[of->type->at + 1];
    if (column != NULL || lo == hi)
        return column;
    (void)pthread_mutex_lock(&r->columns_opening);
    column = atomic_load_explicit(&r->columns[slot], memory_order_relaxed);
    if (column == NULL) {
        column = xd_new(s->arena, xd_column);
        xd_column_open(s->arena, s->image, slot, of, lo, hi - lo, column);
        atomic_store_explicit(&r->columns[slot], column, memory_order_release);
    }
    (void)pthread_mutex_unlock(&r->columns_opening);
    return column;
}

/* Finding -------------------------------------------------------------------------------- */

uint32_t xd_segment_find(const xd_segment *s, int64_t id)
{
    size_t n = xd_id_slots(s->n);
    for (size_t i = xd_id_slot(id, n), seen = 0; seen < n; i = i + 1 == n ? 0 : i + 1, seen++) {
        uint32_t slot = s->rest->id_slots[i];
        if (slot == 0 || slot > s->n)
            return UINT32_MAX;
        if (s->id[slot - 1] == id)
            return slot - 1;
    }
    return UINT32_MAX;
}

uint32_t xd_segment_key_hash(const xd_type *type, xd_str value)
{
    return (uint32_t)((xd_str_hash(value) + type->at) * 0x9e3779b97f4a7c15u >> 32);
}

bool xd_segment_key_finds(const xd_type *type, const xd_body_key *key)
{
    if (xd_str_eq(key->kind, XD_S("number")))
        return true;
    for (size_t i = 0; i < type->n_keys; i++) {
        if (xd_str_eq(type->keys[i].kind, key->kind))
            return type->keys[i].unique && type->keys[i].n == 1;
    }
    return false;
}

/* Whether the document's body gives the key. */
static bool has_key(xd_ctx *scratch, const xd_segment *s, uint32_t doc, const xd_type *type,
                    xd_str value)
{
    const xd_json *body;
    xd_body_keys keys = {0};
    bool has = false;
    if (xd_segment_type(s, doc) != type ||
        !xd_json_read(scratch, xd_segment_body(s, doc), &body) ||
        !xd_body_key_list(scratch, s->schema->model, body, &keys))
        return false;
    for (size_t i = 0; i < keys.n && !has; i++)
        has = xd_str_eq(keys.at[i].value, value) && xd_segment_key_finds(type, &keys.at[i]);
    return has;
}

uint32_t xd_segment_find_key(const xd_segment *s, const xd_type *type, xd_str value)
{
    const struct xd_segment_rest *r = s->rest;
    uint32_t hash = xd_segment_key_hash(type, value), found = UINT32_MAX;
    uint64_t low = 0, high = r->n_keys;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (r->key_hash[middle] < hash)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == r->n_keys || r->key_hash[low] != hash)
        return UINT32_MAX;
    xd_ctx scratch;
    xd_ctx_begin(&scratch);
    for (; low < r->n_keys && r->key_hash[low] == hash && found == UINT32_MAX; low++) {
        uint32_t doc = r->key_doc[low];
        if (doc < s->n && has_key(&scratch, s, doc, type, value))
            found = doc;
        xd_ctx_reset(&scratch);
    }
    xd_ctx_end(&scratch);
    return found;
}

bool xd_segment_key_at(const xd_segment *s, uint64_t i, uint32_t *ret_hash, uint32_t *ret_doc)
{
    const struct xd_segment_rest *r = s->rest;
    if (i >= r->n_keys || r->key_doc[i] >= s->n)
        return false;
    *ret_hash = r->key_hash[i];
    *ret_doc = r->key_doc[i];
    return true;
}

/* Of a document -------------------------------------------------------------------------- */

const xd_type *xd_segment_type(const xd_segment *s, uint32_t doc)
{
    size_t low = 0, high = s->schema->n_types - 1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->type_lo[middle + 1] <= doc)
            low = middle + 1;
        else
            high = middle;
    }
    return xd_model_type(s->schema->model, low);
}

static xd_str word(const xd_segment *s, uint16_t at)
{
    const struct xd_segment_rest *r = s->rest;
    return at < r->n_words ? xd_image_text(s->image, &r->words, r->word_at, at) : (xd_str){0};
}

xd_str xd_segment_state(const xd_segment *s, uint32_t doc)
{
    return word(s, s->rest->state[doc]);
}

xd_str xd_segment_confidence(const xd_segment *s, uint32_t doc)
{
    return word(s, s->rest->confidence[doc]);
}

xd_str xd_segment_number(const xd_segment *s, uint32_t doc)
{
    return xd_image_text(s->image, &s->rest->number, s->rest->number_at, doc);
}

static xd_str bulk(const xd_segment *s, const xd_section *section, const uint64_t *at,
                   uint32_t doc)
{
    uint64_t from = at[doc], to = at[doc + 1];
    if (to < from || !xd_image_use(s->image, section, from, to - from)) {
        xd_image_break(s->image);
        return (xd_str){0};
    }
    return (xd_str){section->p + from, to - from};
}

uint64_t xd_segment_body_at(const xd_segment *s, uint32_t doc)
{
    return s->rest->body_at[doc];
}

uint64_t xd_segment_text_at(const xd_segment *s, uint32_t doc)
{
    return s->rest->text_at[doc];
}

xd_str xd_segment_body(const xd_segment *s, uint32_t doc)
{
    return bulk(s, &s->rest->body, s->rest->body_at, doc);
}

xd_str xd_segment_texts(const xd_segment *s, uint32_t doc)
{
    return bulk(s, &s->rest->text, s->rest->text_at, doc);
}

xd_passage_walk xd_segment_passages(const xd_segment *s, uint32_t doc)
{
    return (xd_passage_walk){.rest = xd_segment_texts(s, doc),
                             .forms = s->rest->forms,
                             .n_forms = s->rest->n_forms,
                             .image = s->image};
}

xd_str xd_segment_title(xd_arena *arena, const xd_segment *s, const xd_schema *schema,
                        uint32_t doc, xd_lang lang)
{
    const xd_type *type = xd_segment_type(s, doc);
    if (type->title != NULL) {
        const xd_column *c = xd_segment_column(s, schema, type, NULL, type->title);
        if (c->kind == XD_COLUMN_TEXT && xd_column_first(c, doc) < xd_column_end(c, doc))
            return xd_column_text(c, xd_column_first(c, doc), lang);
    }
    xd_str number = xd_segment_number(s, doc);
    return number.n > 0 ? number : xd_str_printf(arena, "#%" PRId64, s->id[doc]);
}
