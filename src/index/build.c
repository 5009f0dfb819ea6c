/* Making segments.
 *
 * One pass over the documents in their order: along the curve within each type. Every part of a
 * segment is gathered beside the others (columns, postings, texts, keys) and written when all
 * are in. What a record contributes is the same whether its body is read (add_draft) or it is
 * taken over from another segment (copy_document); there postings are joined as they are. */
#include "index/build.h"

#include <stdio.h>
#include <stdlib.h>

#include "index/best.h"
#include "index/cells.h"
#include "index/column_make.h"
#include "index/grams_make.h"
#include "index/joint.h"
#include "index/own_order.h"

#define COMMON 256 /* a pair in one of so many documents is common */

typedef struct key_entry {
    uint32_t hash, doc;
} key_entry;

typedef struct making {
    const xd_schema *schema;
    xd_arena *arena;
    xd_press *press;
    uint32_t n, doc; /* doc: at hand */
    uint32_t *type_lo;
    xd_column_maker **columns; /* by slot; NULL for a type without documents */
    xd_grams_maker *grams;
    xd_cells_maker *cells;
    xd_best_maker *best;
    xd_passage_forms forms;
    xd_strs words; /* states and confidences */
    struct {
        uint32_t *at;
        size_t n, cap;
    } placed, shaped, roughly, samples;
    struct {
        key_entry *at;
        size_t n, cap;
    } keys;
    uint32_t *id_slots;
    xd_pressed *id, *rev, *time, *curve, *at, *precision, *state, *confidence, *number_at,
        *number, *body_at, *body, *text_at, *text;
} making;

static void begin(making *m, const xd_schema *schema, xd_press *press, xd_arena *arena,
                  uint32_t n, uint32_t *type_lo)
{
    *m = (making){.schema = schema, .arena = arena, .press = press, .n = n, .type_lo = type_lo};
    m->columns = xd_new_n(arena, xd_column_maker *, schema->slots.n);
    for (uint32_t i = 0; i < schema->slots.n; i++) {
        const xd_slot *slot = &schema->slots.at[i];
        uint32_t lo = type_lo[slot->type->at], hi = type_lo[slot->type->at + 1];
        if (lo < hi)
            m->columns[i] = xd_column_maker_make(arena, press, i, slot, lo, hi - lo);
    }
    m->grams = xd_grams_maker_make(arena);
    m->cells = xd_cells_maker_make(arena, schema, press);
    m->id_slots = xd_new_n(arena, uint32_t, xd_id_slots(n));
    const struct {
        xd_pressed **section;
        xd_section_kind kind;
    } sections[] = {
        {&m->id,         XD_SEC_ID        },
        {&m->rev,        XD_SEC_REV       },
        {&m->time,       XD_SEC_TIME      },
        {&m->curve,      XD_SEC_CURVE     },
        {&m->at,         XD_SEC_AT        },
        {&m->precision,  XD_SEC_PRECISION },
        {&m->state,      XD_SEC_STATE     },
        {&m->confidence, XD_SEC_CONFIDENCE},
        {&m->number_at,  XD_SEC_NUMBER_AT },
        {&m->number,     XD_SEC_NUMBER    },
        {&m->body_at,    XD_SEC_BODY_AT   },
        {&m->body,       XD_SEC_BODY      },
        {&m->text_at,    XD_SEC_TEXT_AT   },
        {&m->text,       XD_SEC_TEXT      },
    };
    for (size_t i = 0; i < XD_LEN(sections); i++)
        *sections[i].section = xd_press_section(press, sections[i].kind, 0);
}

/* What every document has ---------------------------------------------------------------- */

static void put_id(making *m, int64_t id)
{
    size_t n = xd_id_slots(m->n), i = xd_id_slot(id, n);
    while (m->id_slots[i] != 0)
        i = i + 1 == n ? 0 : i + 1;
    m->id_slots[i] = m->doc + 1;
    xd_pressed_u64(m->id, (uint64_t)id);
}

static void put_word(making *m, xd_pressed *section, xd_str text)
{
    uint16_t at = UINT16_MAX;
    for (size_t i = 0; text.n > 0 && i < m->words.n && at == UINT16_MAX; i++)
        at = xd_str_eq(m->words.at[i], text) ? (uint16_t)i : at;
    if (text.n > 0 && at == UINT16_MAX && m->words.n < UINT16_MAX) {
        at = (uint16_t)m->words.n;
        *xd_push(m->arena, &m->words) = xd_str_copy(m->arena, text);
    }
    xd_pressed_add(section, &at, sizeof at);
}

typedef struct bare {
    int64_t id, rev, time;
    uint64_t curve;
    xd_pos at;
    bool placed, shaped, roughly;
    uint8_t precision;
    xd_str number, state, confidence, body;
} bare;

static void put_cell(making *m, const xd_type *type, const bare *b)
{
    uint32_t colours[XD_CELLS_FIELDS];
    size_t n = 0;
    for (size_t f = 0; f < type->n_fields; f++) {
        if (xd_cells_has(type, &type->fields[f]))
            colours[n++] = xd_column_maker_first(
                m->columns[xd_slot_at(&m->schema->slots, type, NULL, &type->fields[f])]);
    }
    for (; n < XD_CELLS_FIELDS; n++)
        colours[n] = UINT32_MAX;
    xd_cells_maker_add(m->cells, type, m->doc, b->curve, b->roughly, colours);
}

static void put_bare(making *m, const xd_type *type, const bare *b)
{
    const xd_state *state = xd_state_find(type->flow, b->state);
    bool sample = state != NULL && state->sample;
    if (sample)
        *xd_push(m->arena, &m->samples) = m->doc;
    if (b->shaped)
        *xd_push(m->arena, &m->shaped) = m->doc;
    if (b->roughly)
        *xd_push(m->arena, &m->roughly) = m->doc;
    if (b->placed && !sample)
        put_cell(m, type, b);
    put_id(m, b->id);
    xd_pressed_u64(m->rev, (uint64_t)b->rev);
    xd_pressed_u64(m->time, (uint64_t)b->time);
    xd_pressed_u64(m->curve, b->curve);
    xd_pressed_add(m->at, &b->at, sizeof b->at);
    xd_pressed_add(m->precision, &b->precision, 1);
    put_word(m, m->state, b->state);
    put_word(m, m->confidence, b->confidence);
    xd_pressed_u32(m->number_at, (uint32_t)xd_pressed_n(m->number));
    xd_pressed_add(m->number, b->number.p, b->number.n);
    xd_pressed_u64(m->body_at, xd_pressed_n(m->body));
    xd_pressed_add(m->body, b->body.p, b->body.n);
    xd_pressed_u64(m->text_at, xd_pressed_n(m->text));
    if (b->placed)
        *xd_push(m->arena, &m->placed) = m->doc;
}

static void put_passage(making *m, const xd_passage *passage)
{
    xd_passage_put(m->arena, &m->forms, m->text, passage);
    xd_grams_maker_add(m->grams, m->doc, passage);
}

/* From bodies ---------------------------------------------------------------------------- */

static bool add_keys(xd_ctx *scratch, making *m, const xd_type *type, const xd_json *body)
{
    xd_body_keys keys = {0};
    if (!xd_body_key_list(scratch, m->schema->model, body, &keys))
        return false;
    for (size_t i = 0; i < keys.n; i++) {
        if (xd_segment_key_finds(type, &keys.at[i]))
            *xd_push(m->arena, &m->keys) =
                (key_entry){xd_segment_key_hash(type, keys.at[i].value), m->doc};
    }
    return true;
}

/* The values of every field. */
static bool add_columns(xd_ctx *scratch, making *m, const xd_type *type, const xd_json *body,
                        xd_str text, uint64_t body_at)
{
    const xd_slots *slots = &m->schema->slots;
    for (size_t f = 0; f < type->n_fields; f++) {
        const xd_field *field = &type->fields[f];
        xd_column_maker *column = m->columns[xd_slot_at(slots, type, NULL, field)];
        size_t items = field->n_fields == 0 ? 0 : xd_value_count(field, body);
        xd_column_maker_begin(column, m->doc);
        if (!xd_column_maker_add(scratch, column, body, text, body_at))
            return false;
        for (size_t k = 0; k < field->n_fields; k++) {
            column = m->columns[xd_slot_at(slots, type, field, &field->fields[k])];
            xd_column_maker_begin(column, m->doc);
            for (size_t i = 0; i < items; i++) {
                if (!xd_column_maker_add(scratch, column, xd_value(field, body, i), text,
                                         body_at))
                    return false;
            }
        }
    }
    return true;
}

static void note_place(const making *m, const xd_type *type, bare *b)
{
    b->precision = XD_PRECISION_NONE;
    if (type->place == NULL)
        return;
    size_t n;
    const xd_place_stored *places = xd_column_maker_places(
        m->columns[xd_slot_at(&m->schema->slots, type, NULL, type->place)], &n);
    b->shaped = n > 1;
    for (size_t i = 0; i < n; i++)
        b->shaped = b->shaped || places[i].geom_n != 0;
    if (n > 0)
        b->precision = (uint8_t)places[0].precision;
    b->roughly = n > 0 && places[0].precision == XD_PRECISION_COUNTY;
}

static bool add_draft(xd_ctx *scratch, making *m, const xd_draft *d)
{
    const xd_json *body = d->json;
    if (body == NULL && !xd_json_read(scratch, d->body, &body))
        return false;
    if (!add_columns(scratch, m, d->type, body, d->body, xd_pressed_n(m->body)) ||
        !add_keys(scratch, m, d->type, body))
        return false;
    bare b = {.id = d->id,
              .rev = d->rev,
              .time = d->time,
              .curve = d->curve,
              .at = d->at,
              .placed = d->placed,
              .number = xd_json_get_str(body, XD_S("number")),
              .state = xd_json_get_str(body, XD_S("state")),
              .confidence = xd_json_get_str(body, XD_S("confidence")),
              .body = d->body};
    note_place(m, d->type, &b);
    put_bare(m, d->type, &b);
    xd_passages passages = {0};
    xd_passages_add(scratch->arena, d->type, body, &passages);
    for (size_t i = 0; i < passages.n; i++)
        put_passage(m, &passages.at[i]);
    m->doc++;
    return true;
}

/* From a segment ------------------------------------------------------------------------- */

static void copy_columns(making *m, const xd_segment *s, const xd_type *type, uint32_t doc,
                         uint64_t from_at, uint64_t body_at)
{
    const xd_slots *slots = &m->schema->slots;
    uint32_t lo = slots->type_base[type->at], hi = lo + (uint32_t)type->n_fields;
    for (size_t f = 0; f < type->n_fields; f++)
        hi += (uint32_t)type->fields[f].n_fields;
    for (uint32_t i = lo; i < hi; i++) {
        xd_column_maker_begin(m->columns[i], m->doc);
        xd_column_maker_copy(m->columns[i], xd_segment_slot(s, i), doc, from_at, body_at);
    }
}

static void copy_document(making *m, const xd_segment *s, uint32_t doc)
{
    const xd_type *type = xd_segment_type(s, doc);
    copy_columns(m, s, type, doc, xd_segment_body_at(s, doc), xd_pressed_n(m->body));
    bare b = {.id = s->id[doc],
              .rev = s->rev[doc],
              .time = s->time[doc],
              .curve = s->curve[doc],
              .at = s->at[doc],
              .placed = roaring_bitmap_contains(s->placed, doc),
              .shaped = roaring_bitmap_contains(s->shaped, doc),
              .roughly = roaring_bitmap_contains(s->roughly, doc),
              .precision = s->precision[doc],
              .number = xd_segment_number(s, doc),
              .state = xd_segment_state(s, doc),
              .confidence = xd_segment_confidence(s, doc),
              .body = xd_segment_body(s, doc)};
    put_bare(m, type, &b);
    xd_passage_walk walk = xd_segment_passages(s, doc);
    xd_passage passage;
    while (xd_passage_next(&walk, &passage))
        xd_passage_put(m->arena, &m->forms, m->text, &passage);
}

/* The end -------------------------------------------------------------------------------- */

static int by_hash(const void *a, const void *b)
{
    const key_entry *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return x->doc < y->doc ? -1 : x->doc > y->doc;
}

static void end_keys(making *m)
{
    xd_pressed *hashes = xd_press_section(m->press, XD_SEC_KEY_HASH, 0);
    xd_pressed *docs = xd_press_section(m->press, XD_SEC_KEY_DOC, 0);
    if (m->keys.n > 0)
        qsort(m->keys.at, m->keys.n, sizeof *m->keys.at, by_hash);
    for (size_t i = 0; i < m->keys.n; i++) {
        xd_pressed_u32(hashes, m->keys.at[i].hash);
        xd_pressed_u32(docs, m->keys.at[i].doc);
    }
}

static void end_words(making *m)
{
    xd_pressed *at = xd_press_section(m->press, XD_SEC_WORDS_AT, 0);
    xd_pressed *text = xd_press_section(m->press, XD_SEC_WORDS, 0);
    for (size_t i = 0; i < m->words.n; i++) {
        xd_pressed_u32(at, (uint32_t)xd_pressed_n(text));
        xd_pressed_add(text, m->words.at[i].p, m->words.at[i].n);
    }
    xd_pressed_u32(at, (uint32_t)xd_pressed_n(text));
}

/* What large types keep a second time, so that questions about many documents are quick. */
static void end_types(making *m)
{
    const int64_t *id = (const void *)xd_pressed_bytes(m->id).p;
    for (size_t t = 0; t < m->schema->n_types; t++) {
        const xd_type *type = xd_model_type(m->schema->model, t);
        uint32_t lo = m->type_lo[t], n = m->type_lo[t + 1] - lo;
        if (n == 0 || n < m->schema->cells_from)
            continue;
        xd_arena *work = xd_arena_make();
        xd_joint_make(work, m->schema, m->press, type, m->columns, n);
        xd_own_order_make(work, m->schema, m->press, type, m->columns, lo, n, id);
        xd_arena_free(work);
    }
}

static void end(making *m)
{
    xd_press *press = m->press;
    xd_segment_meta meta = {m->n, (uint32_t)m->schema->n_types, m->schema->slots.n,
                            (uint32_t)m->words.n};
    xd_pressed_add(xd_press_section(press, XD_SEC_META, 0), &meta, sizeof meta);
    xd_pressed_add(xd_press_section(press, XD_SEC_TYPES, 0), m->type_lo,
                   (m->schema->n_types + 1) * sizeof(uint32_t));
    xd_pressed_u32(m->number_at, (uint32_t)xd_pressed_n(m->number));
    xd_pressed_u64(m->body_at, xd_pressed_n(m->body));
    xd_pressed_u64(m->text_at, xd_pressed_n(m->text));
    xd_pressed_add(xd_press_section(press, XD_SEC_ID_SLOTS, 0), m->id_slots,
                   xd_id_slots(m->n) * sizeof(uint32_t));
    xd_pressed_add(xd_press_section(press, XD_SEC_FORMS, 0), m->forms.at,
                   m->forms.n * sizeof *m->forms.at);
    xd_pressed *sets = xd_press_section(press, XD_SEC_SETS, 0);
    xd_pressed *placed = xd_press_section(press, XD_SEC_PLACED, 0);
    xd_pressed_u64(placed, xd_docs_put(sets, m->placed.at, m->placed.n));
    xd_pressed_u64(placed, xd_docs_put(sets, m->shaped.at, m->shaped.n));
    xd_pressed_u64(placed, xd_docs_put(sets, m->roughly.at, m->roughly.n));
    xd_pressed_u64(placed, xd_docs_put(sets, m->samples.at, m->samples.n));
    end_types(m);
    for (uint32_t i = 0; i < m->schema->slots.n; i++) {
        if (m->columns[i] != NULL)
            xd_column_maker_end(m->columns[i]);
    }
    end_keys(m);
    end_words(m);
    xd_cells_maker_end(m->cells);
    xd_grams_maker_end(m->grams, press, m->n);
}

static void free_making(making *m)
{
    for (uint32_t i = 0; i < m->schema->slots.n; i++) {
        if (m->columns[i] != NULL)
            xd_column_maker_free(m->columns[i]);
    }
    xd_cells_maker_free(m->cells);
    xd_press_free(m->press);
    xd_arena_free(m->arena);
}

static bool finish(xd_ctx *cx, making *m, uint64_t file, xd_segment **ret_segment)
{
    xd_image *image = NULL;
    if (xd_pressed_n(m->number) > UINT32_MAX)
        return xd_fail(cx, XD_LIMIT, "the numbers of a segment are too long");
    end(m);
    return xd_press_finish(cx, m->press, &image) &&
           xd_segment_over(cx, m->schema, image, file, ret_segment);
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

/* Sums of documents by type: where each type begins, and the end. */
static void settle_types(const xd_schema *schema, uint32_t *type_lo)
{
    for (size_t t = 0; t < schema->n_types; t++)
        type_lo[t + 1] += type_lo[t];
}

static bool add_drafts(xd_ctx *cx, making *m, const xd_draft *drafts, size_t n)
{
    xd_ctx scratch;
    xd_ctx_begin(&scratch);
    bool ok = true;
    for (size_t i = 0; i < n && ok; i++) {
        ok = add_draft(&scratch, m, &drafts[i]);
        if (!ok)
            (void)xd_fail(cx, scratch.err.code, "indexing record %" PRId64 ": " XD_FMT,
                          drafts[i].id, XD_ARG(scratch.err.message));
        else if (i % 256 == 0)
            ok = xd_go_on(cx);
        if (ok)
            xd_ctx_reset(&scratch);
    }
    xd_ctx_end(&scratch);
    return ok;
}

bool xd_segment_build(xd_ctx *cx, const xd_schema *schema, xd_draft *drafts, size_t n,
                      xd_segment **ret_segment)
{
    if (n >= UINT32_MAX / 2)
        return xd_fail(cx, XD_LIMIT, "%zu records are too many for one segment", n);
    xd_arena *arena = xd_arena_make();
    uint32_t *type_lo = xd_new_n(arena, uint32_t, schema->n_types + 1);
    for (size_t i = 0; i < n; i++) {
        drafts[i].curve = drafts[i].placed ? xd_curve_key(drafts[i].at) : UINT64_MAX;
        type_lo[drafts[i].type->at + 1]++;
    }
    settle_types(schema, type_lo);
    if (n > 0)
        qsort(drafts, n, sizeof *drafts, by_curve);
    making m;
    begin(&m, schema, xd_press_make(arena), arena, (uint32_t)n, type_lo);
    bool ok = add_drafts(cx, &m, drafts, n) && finish(cx, &m, 0, ret_segment);
    free_making(&m);
    return ok;
}

/* Joining -------------------------------------------------------------------------------- */

void xd_segment_file_name(uint64_t file, char ret_name[XD_FILE_NAME])
{
    (void)snprintf(ret_name, XD_FILE_NAME, "s-%" PRIu64 ".seg", file); /* always fits */
}

typedef struct joining {
    const xd_source *sources;
    size_t n;
    uint32_t *next;     /* by source: its next living document */
    uint32_t **renewed; /* by source and document: its number in the new segment + 1 */
} joining;

static void skip_dead(const joining *j, size_t i)
{
    const xd_source *s = &j->sources[i];
    while (j->next[i] < s->segment->n && roaring_bitmap_contains(s->dead, j->next[i]))
        j->next[i]++;
}

/* The source whose next document comes first among those of the type; j->n: none has one. */
static size_t first_source(const joining *j, size_t type)
{
    size_t best = j->n;
    for (size_t i = 0; i < j->n; i++) {
        const xd_segment *s = j->sources[i].segment;
        uint32_t doc = j->next[i];
        if (doc >= s->type_lo[type + 1])
            continue;
        const xd_segment *b = best == j->n ? NULL : j->sources[best].segment;
        if (b == NULL || s->curve[doc] < b->curve[j->next[best]] ||
            (s->curve[doc] == b->curve[j->next[best]] && s->id[doc] < b->id[j->next[best]]))
            best = i;
    }
    return best;
}

typedef void on_document(making *m, joining *j, size_t source, uint32_t doc);

/* Every living document, in the order of the new segment. */
static bool each_living(xd_ctx *cx, making *m, joining *j, on_document *fn)
{
    m->doc = 0;
    for (size_t i = 0; i < j->n; i++) {
        j->next[i] = 0;
        skip_dead(j, i);
    }
    for (size_t t = 0; t < m->schema->n_types; t++) {
        for (size_t i = first_source(j, t); i < j->n; i = first_source(j, t)) {
            if (m->doc % 256 == 0 && !xd_go_on(cx))
                return false;
            fn(m, j, i, j->next[i]++);
            m->doc++;
            skip_dead(j, i);
        }
    }
    return true;
}

static void copy_one(making *m, joining *j, size_t source, uint32_t doc)
{
    j->renewed[source][doc] = m->doc + 1;
    copy_document(m, j->sources[source].segment, doc);
}

static void copy_common(making *m, joining *j, size_t source, uint32_t doc)
{
    xd_passage_walk walk = xd_segment_passages(j->sources[source].segment, doc);
    xd_passage passage;
    while (xd_passage_next(&walk, &passage)) {
        xd_grams_maker_add_threes(m->grams, m->doc, &passage);
        xd_best_maker_add(m->best, m->doc, &passage);
    }
    xd_grams_maker_end_document(m->grams, m->doc);
}

static void copy_keys(making *m, const joining *j)
{
    for (size_t i = 0; i < j->n; i++) {
        const xd_segment *s = j->sources[i].segment;
        uint32_t hash, doc;
        for (uint64_t k = 0; xd_segment_key_at(s, k, &hash, &doc); k++) {
            if (j->renewed[i][doc] != 0)
                *xd_push(m->arena, &m->keys) = (key_entry){hash, j->renewed[i][doc] - 1};
        }
    }
}

static bool copy_all(xd_ctx *cx, making *m, joining *j)
{
    xd_common common = {0};
    xd_gram_source *grams = xd_new_n(m->arena, xd_gram_source, j->n);
    if (!each_living(cx, m, j, copy_one))
        return false;
    copy_keys(m, j);
    for (size_t i = 0; i < j->n; i++) {
        const xd_segment *s = j->sources[i].segment;
        grams[i] = (xd_gram_source){&s->grams, s->n, j->renewed[i]};
    }
    if (m->n >= m->schema->threes_from)
        common.least =
            m->n / COMMON > m->schema->common_least ? m->n / COMMON : m->schema->common_least;
    xd_grams_join(m->arena, m->press, grams, j->n, m->n, &common);
    if (common.least == 0)
        return true;
    xd_grams_maker_begin_threes(m->grams, &common, m->schema->read_most);
    const uint32_t *places = xd_own_order_places(m->arena, m->schema, m->columns, m->type_lo,
                                                 (const void *)xd_pressed_bytes(m->id).p);
    m->best = xd_best_maker_make(m->arena, &common, places, m->n, m->schema->best_most);
    if (!each_living(cx, m, j, copy_common))
        return false;
    xd_best_maker_end(m->best, m->press);
    return true;
}

/* How much lives, by type and in bytes. */
static void measure(const joining *j, const xd_schema *schema, uint32_t *type_lo,
                    uint64_t *ret_body, uint64_t *ret_text)
{
    *ret_body = 0;
    *ret_text = 0;
    for (size_t i = 0; i < j->n; i++) {
        const xd_segment *s = j->sources[i].segment;
        for (size_t t = 0; t < schema->n_types; t++) {
            uint32_t lo = s->type_lo[t], hi = s->type_lo[t + 1];
            type_lo[t + 1] +=
                hi - lo -
                (uint32_t)roaring_bitmap_range_cardinality(j->sources[i].dead, lo, hi);
        }
        for (uint32_t doc = 0; doc < s->n; doc++) {
            if (roaring_bitmap_contains(j->sources[i].dead, doc))
                continue;
            *ret_body += xd_segment_body_at(s, doc + 1) - xd_segment_body_at(s, doc);
            *ret_text += xd_segment_text_at(s, doc + 1) - xd_segment_text_at(s, doc);
        }
    }
    settle_types(schema, type_lo);
}

static bool to_file(xd_ctx *cx, xd_press *press, xd_io *io, uint64_t file, uint64_t body,
                    uint64_t text)
{
    char name[XD_FILE_NAME];
    xd_segment_file_name(file, name);
    if (!xd_press_to_file(cx, press, io, name))
        return false;
    xd_press_bulk(press, XD_SEC_BODY, 0, body);
    xd_press_bulk(press, XD_SEC_TEXT, 0, text);
    return true;
}

static bool sources_sound(xd_ctx *cx, const joining *j)
{
    for (size_t i = 0; i < j->n; i++) {
        if (xd_image_broken(j->sources[i].segment->image))
            return xd_fail(cx, XD_BROKEN, "an index file is damaged");
    }
    return true;
}

bool xd_segment_join(xd_ctx *cx, const xd_schema *schema, const xd_source *sources, size_t n,
                     xd_io *io, uint64_t file, xd_segment **ret_segment)
{
    xd_arena *arena = xd_arena_make();
    joining j = {sources, n, xd_new_n(arena, uint32_t, n), xd_new_n(arena, uint32_t *, n)};
    for (size_t i = 0; i < n; i++) {
        xd_segment_open(sources[i].segment);
        j.renewed[i] = xd_new_n(arena, uint32_t, (size_t)sources[i].segment->n + 1);
    }
    uint32_t *type_lo = xd_new_n(arena, uint32_t, schema->n_types + 1);
    uint64_t body, text;
    measure(&j, schema, type_lo, &body, &text);
    xd_press *press = xd_press_make(arena);
    making m = {.schema = schema};
    begin(&m, schema, press, arena, type_lo[schema->n_types], type_lo);
    bool ok = io == NULL || to_file(cx, press, io, file, body, text);
    ok = ok && copy_all(cx, &m, &j) && sources_sound(cx, &j) &&
         finish(cx, &m, file, ret_segment);
    free_making(&m);
    return ok;
}

bool xd_segment_save(xd_ctx *cx, const xd_segment *segment, xd_io *io, uint64_t file,
                     xd_segment **ret_segment)
{
    char name[XD_FILE_NAME];
    xd_image *image;
    xd_segment_file_name(file, name);
    return xd_io_replace(cx, io, name, xd_image_bytes(segment->image)) &&
           xd_image_open(cx, io->folder, name, &image) &&
           xd_segment_over(cx, segment->schema, image, file, ret_segment);
}
