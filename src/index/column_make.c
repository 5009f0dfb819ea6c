#include "index/column_make.h"

#include "model/fold.h"

struct xd_column_maker {
    xd_arena *arena;
    xd_press *press;
    xd_column_kind kind;
    uint32_t at; /* slot */
    const xd_slot *slot;
    uint32_t lo, n, doc;
    xd_buf values;
    uint32_t n_values, first; /* first: of the document at hand */
    uint32_t with;            /* documents that have a value */
    struct {
        uint32_t *at;
        size_t n, cap;
    } docs, starts;    /* of those with a value */
    bool many, differ; /* some document has several; some text differs by language */
    uint32_t width;
    xd_list *sets; /* by term, or no and yes */
    size_t n_sets;
    xd_pressed *text; /* NULL until needed */
    uint32_t *key_n[XD_LANGS];
    xd_pressed *keys[XD_LANGS];
};

static const size_t value_size[] = {
    [XD_COLUMN_NONE] = 0,
    [XD_COLUMN_TEXT] = sizeof(xd_text_ref) * XD_LANGS,
    [XD_COLUMN_NUMBER] = sizeof(double),
    [XD_COLUMN_PERIOD] = sizeof(xd_period_value),
    [XD_COLUMN_TERM] = sizeof(uint32_t), /* narrowed at the end */
    [XD_COLUMN_BOOLEAN] = 1,
    [XD_COLUMN_LINK] = sizeof(xd_link_stored),
    [XD_COLUMN_PLACE] = sizeof(xd_place_stored),
};

xd_column_maker *xd_column_maker_make(xd_arena *arena, xd_press *press, uint32_t slot_at,
                                      const xd_slot *slot, uint32_t lo, uint32_t n)
{
    xd_column_maker *m = xd_new(arena, xd_column_maker);
    *m = (xd_column_maker){.arena = arena,
                           .press = press,
                           .kind = xd_column_kind_of(slot->field),
                           .at = slot_at,
                           .slot = slot,
                           .lo = lo,
                           .n = n};
    const xd_vocabulary *v = slot->field->vocabulary;
    if (m->kind == XD_COLUMN_BOOLEAN)
        m->n_sets = 2;
    if (m->kind == XD_COLUMN_TERM && v != NULL)
        m->n_sets = v->n;
    m->width = m->n_sets <= 256 ? 1 : m->n_sets <= 65536 ? 2 : 4;
    m->values.max = (size_t)16 << 30;
    return m;
}

void xd_column_maker_free(xd_column_maker *m)
{
    xd_buf_free(&m->values);
}

void xd_column_maker_begin(xd_column_maker *m, uint32_t doc)
{
    m->doc = doc;
    m->first = m->n_values;
}

/* One value more of the document at hand. */
static void put(xd_column_maker *m, const void *value)
{
    if (m->n_values == m->first) {
        *xd_push(m->arena, &m->docs) = m->doc;
        *xd_push(m->arena, &m->starts) = m->n_values;
    } else {
        m->many = true;
    }
    m->n_values++;
    if (value_size[m->kind] > 0)
        xd_buf_bytes(&m->values, value, value_size[m->kind]);
}

static void put_term(xd_column_maker *m, const xd_term *term)
{
    uint32_t at = (uint32_t)term->at;
    put(m, &at);
    if (m->sets == NULL)
        m->sets = xd_new_n(m->arena, xd_list, m->n_sets);
    for (; term != NULL; term = term->parent)
        xd_list_add(m->arena, &m->sets[term->at], m->doc);
}

static void put_boolean(xd_column_maker *m, bool value)
{
    uint8_t byte = value;
    put(m, &byte);
    if (m->sets == NULL)
        m->sets = xd_new_n(m->arena, xd_list, m->n_sets);
    xd_list_add(m->arena, &m->sets[value], m->doc);
}

/* Texts ---------------------------------------------------------------------------------- */

static xd_pressed *own_text(xd_column_maker *m)
{
    if (m->text == NULL)
        m->text = xd_press_section(m->press, XD_SEC_COLUMN_TEXT, m->at);
    return m->text;
}

static xd_text_ref keep_text(xd_column_maker *m, xd_str s)
{
    uint64_t at = xd_pressed_n(own_text(m));
    xd_pressed_add(m->text, s.p, s.n);
    return XD_TEXT_OWN | at << XD_TEXT_LENGTH_BITS | s.n;
}

static xd_text_ref refer(xd_column_maker *m, xd_str s, xd_str body, uint64_t body_at)
{
    if (s.n == 0)
        return 0;
    bool inside = (uintptr_t)s.p >= (uintptr_t)body.p &&
                  (uintptr_t)s.p + s.n <= (uintptr_t)body.p + body.n;
    if (!inside)
        return keep_text(m, s);
    return (body_at + (uint64_t)(s.p - body.p)) << XD_TEXT_LENGTH_BITS | s.n;
}

/* The sort key of a document is that of its first text. */
static void put_key(xd_column_maker *m, size_t lang, xd_str key)
{
    if (m->key_n[lang] == NULL) {
        m->key_n[lang] = xd_new_n(m->arena, uint32_t, m->n + 1);
        m->keys[lang] =
            xd_press_section(m->press, XD_SEC_COLUMN_KEY, m->at * XD_LANGS + (uint32_t)lang);
    }
    m->key_n[lang][m->doc - m->lo] = (uint32_t)key.n;
    xd_pressed_add(m->keys[lang], key.p, key.n);
}

static xd_str text_in(const xd_field *field, const xd_json *value, size_t lang)
{
    if (field->kind == XD_KIND_TEXT || field->kind == XD_KIND_MARKDOWN)
        return xd_value_lang(value, xd_lang_tag[lang], NULL);
    if (field->kind == XD_KIND_HOURS)
        return xd_json_get_str(value, XD_S("text"));
    if (field->kind == XD_KIND_FILE)
        return xd_json_get_str(value, XD_S("name"));
    return xd_json_str(value);
}

static void add_text(xd_ctx *scratch, xd_column_maker *m, const xd_json *value, xd_str body,
                     uint64_t body_at)
{
    xd_str in[XD_LANGS];
    xd_text_ref refs[XD_LANGS] = {0};
    for (size_t lang = 0; lang < XD_LANGS; lang++)
        in[lang] = text_in(m->slot->field, value, lang);
    if (in[0].n == 0)
        return;
    bool first = m->n_values == m->first;
    for (size_t lang = 0; lang < XD_LANGS; lang++) {
        bool again = lang > 0 && xd_str_eq(in[lang], in[0]);
        refs[lang] = again ? refs[0] : refer(m, in[lang], body, body_at);
        m->differ = m->differ || (lang > 0 && !again);
        if (first && xd_slot_is_sorted(m->slot))
            put_key(m, lang, xd_sort_key(scratch->arena, in[lang], (xd_lang)lang));
    }
    put(m, refs);
}

/* Places --------------------------------------------------------------------------------- */

static void put_shape(xd_pressed *out, const xd_geom *geom)
{
    xd_pressed_u32(out, (uint32_t)geom->kind);
    xd_pressed_u32(out, (uint32_t)geom->n);
    for (size_t p = 0; p < geom->n; p++) {
        xd_pressed_u32(out, (uint32_t)geom->parts[p].n);
        for (size_t r = 0; r < geom->parts[p].n; r++) {
            const xd_ring *ring = &geom->parts[p].rings[r];
            xd_pressed_u32(out, (uint32_t)ring->n);
            xd_pressed_add(out, ring->at, ring->n * sizeof *ring->at);
        }
    }
}

/* A place without a position, only words, is none to a map or a box, and none here. */
static bool add_place(xd_ctx *scratch, xd_column_maker *m, const xd_json *value)
{
    const xd_geom *geom = NULL;
    if (!xd_value_geom(scratch, value, &geom))
        return false;
    if (geom == NULL)
        return true;
    xd_place_stored place = {.extent = xd_geom_extent(geom),
                             .precision = (uint32_t)xd_value_precision(value)};
    if (geom->kind != XD_POINT) {
        place.geom_at = xd_pressed_n(own_text(m));
        put_shape(m->text, geom);
        place.geom_n = (uint32_t)(xd_pressed_n(m->text) - place.geom_at);
    }
    put(m, &place);
    return true;
}

const xd_place_stored *xd_column_maker_places(const xd_column_maker *m, size_t *ret_n)
{
    *ret_n = m->n_values - m->first;
    return (const xd_place_stored *)(const void *)m->values.p + m->first;
}

/* Value i of a term or yes-or-no column. */
static uint32_t value_at(const xd_column_maker *m, uint32_t i)
{
    uint32_t term;
    if (m->kind == XD_COLUMN_BOOLEAN)
        return (uint8_t)m->values.p[i];
    memcpy(&term, m->values.p + (size_t)i * sizeof term, sizeof term);
    return term;
}

uint32_t xd_column_maker_first(const xd_column_maker *m)
{
    return m->n_values == m->first ? UINT32_MAX : value_at(m, m->first);
}

void xd_column_maker_least(const xd_column_maker *m, uint32_t *values)
{
    memset(values, 0xff, m->n * sizeof *values);
    for (size_t k = 0; k < m->docs.n; k++) {
        uint32_t end = k + 1 < m->docs.n ? m->starts.at[k + 1] : m->n_values;
        uint32_t *least = &values[m->docs.at[k] - m->lo];
        for (uint32_t i = m->starts.at[k]; i < end; i++)
            *least = value_at(m, i) < *least ? value_at(m, i) : *least;
    }
}

bool xd_column_maker_single(const xd_column_maker *m, uint32_t *values)
{
    if (m->many || m->n_values == 0)
        return false;
    xd_column_maker_least(m, values);
    return true;
}

void xd_column_maker_keys(const xd_column_maker *m, xd_lang lang, xd_str *keys)
{
    const char *at = m->keys[lang] == NULL ? NULL : xd_pressed_bytes(m->keys[lang]).p;
    memset(keys, 0, m->n * sizeof *keys);
    for (uint32_t i = 0; at != NULL && i < m->n; i++) {
        keys[i] = (xd_str){at, m->key_n[lang][i]};
        at += keys[i].n;
    }
}

/* Values --------------------------------------------------------------------------------- */

static void add_period(xd_column_maker *m, const xd_json *value)
{
    xd_period_value period;
    int64_t from, to;
    if (!xd_value_period(value, &period.days))
        return;
    xd_period_years(period.days, &from, &to);
    period.from_year = from == INT64_MIN ? INT32_MIN : (int32_t)from;
    period.to_year = to == INT64_MAX ? INT32_MAX : (int32_t)to;
    put(m, &period);
}

/* One value, where the shape holds one. */
static bool add_value(xd_ctx *scratch, xd_column_maker *m, const xd_json *value, xd_str body,
                      uint64_t body_at)
{
    const xd_field *field = m->slot->field;
    switch (m->kind) {
    case XD_COLUMN_NONE: /* its values have no body of their own: counting them is enough */
        put(m, NULL);
        break;
    case XD_COLUMN_TEXT:
        add_text(scratch, m, value, body, body_at);
        break;
    case XD_COLUMN_NUMBER: {
        double number;
        if (xd_decimal(xd_json_get_str(value, XD_S("n")), &number))
            put(m, &number);
        break;
    }
    case XD_COLUMN_PERIOD:
        add_period(m, value);
        break;
    case XD_COLUMN_TERM: {
        const xd_term *term = field->vocabulary == NULL
                                  ? NULL
                                  : xd_term_find(field->vocabulary, xd_json_str(value));
        if (term != NULL)
            put_term(m, term);
        break;
    }
    case XD_COLUMN_BOOLEAN:
        if (value->kind == XD_JSON_BOOL)
            put_boolean(m, value->boolean);
        break;
    case XD_COLUMN_LINK: {
        xd_link_stored link = {
            .id = xd_json_get_int(value, XD_S("id"), 0),
            .text = refer(m, xd_json_get_str(value, XD_S("text")), body, body_at)};
        put(m, &link);
        break;
    }
    case XD_COLUMN_PLACE:
        return add_place(scratch, m, value);
    }
    return true;
}

bool xd_column_maker_add(xd_ctx *scratch, xd_column_maker *m, const xd_json *object,
                         xd_str body, uint64_t body_at)
{
    const xd_field *field = m->slot->field;
    size_t n = xd_value_count(field, object);
    for (size_t i = 0; i < n; i++) {
        const xd_json *value = xd_value(field, object, i);
        if (value != NULL && !add_value(scratch, m, value, body, body_at))
            return false;
    }
    return true;
}

/* Copying -------------------------------------------------------------------------------- */

static xd_text_ref copy_ref(xd_column_maker *m, const xd_column *from, xd_text_ref ref,
                            uint64_t shift)
{
    if (!(ref & XD_TEXT_OWN))
        return ref == 0 ? 0 : ref + (shift << XD_TEXT_LENGTH_BITS);
    uint64_t n = ref & (((uint64_t)1 << XD_TEXT_LENGTH_BITS) - 1);
    uint64_t at = (ref & ~XD_TEXT_OWN) >> XD_TEXT_LENGTH_BITS;
    return xd_image_use(from->image, &from->text, at, n)
               ? keep_text(m, (xd_str){from->text.p + at, n})
               : 0;
}

static void copy_text(xd_column_maker *m, const xd_column *from, uint32_t i, uint64_t shift)
{
    const xd_text_ref *in = &from->of.text[(size_t)i * from->langs];
    xd_text_ref refs[XD_LANGS] = {0};
    for (size_t lang = 0; lang < XD_LANGS; lang++) {
        bool again = lang > 0 && (from->langs == 1 || in[lang] == in[0]);
        refs[lang] = again ? refs[0] : copy_ref(m, from, in[lang], shift);
        m->differ = m->differ || (lang > 0 && !again);
    }
    put(m, refs);
}

static void copy_place(xd_column_maker *m, const xd_column *from, uint32_t i)
{
    xd_place_stored place = from->of.place[i];
    if (place.geom_n > 0) {
        uint64_t at = place.geom_at;
        if (!xd_image_use(from->image, &from->text, at, place.geom_n))
            return;
        place.geom_at = xd_pressed_n(own_text(m));
        xd_pressed_add(m->text, from->text.p + at, place.geom_n);
    }
    put(m, &place);
}

static void copy_value(xd_column_maker *m, const xd_column *from, uint32_t i, uint64_t shift)
{
    switch (m->kind) {
    case XD_COLUMN_NONE:
        put(m, NULL);
        break;
    case XD_COLUMN_TEXT:
        copy_text(m, from, i, shift);
        break;
    case XD_COLUMN_NUMBER:
        put(m, &from->of.number[i]);
        break;
    case XD_COLUMN_PERIOD:
        put(m, &from->of.period[i]);
        break;
    case XD_COLUMN_TERM:
        put_term(m, xd_column_term(from, i));
        break;
    case XD_COLUMN_BOOLEAN:
        put_boolean(m, from->of.boolean[i]);
        break;
    case XD_COLUMN_LINK: {
        xd_link_stored link = {from->of.link[i].id,
                               copy_ref(m, from, from->of.link[i].text, shift)};
        put(m, &link);
        break;
    }
    case XD_COLUMN_PLACE:
        copy_place(m, from, i);
        break;
    }
}

void xd_column_maker_copy(xd_column_maker *m, const xd_column *from, uint32_t from_doc,
                          uint64_t from_at, uint64_t body_at)
{
    uint32_t end = xd_column_end(from, from_doc);
    for (uint32_t i = xd_column_first(from, from_doc); i < end; i++)
        copy_value(m, from, i, body_at - from_at);
    if (m->n_values == m->first || m->kind != XD_COLUMN_TEXT || !xd_column_has_keys(from))
        return;
    for (size_t lang = 0; lang < XD_LANGS; lang++)
        put_key(m, lang, xd_column_key(from, from_doc, (xd_lang)lang));
}

/* The end -------------------------------------------------------------------------------- */

static void end_finding(xd_column_maker *m, xd_column_how how)
{
    if (how == XD_COLUMN_EVERY)
        return;
    uint64_t words = ((uint64_t)m->n + 63) / 64 + 1;
    uint64_t *bits = xd_new_n(m->arena, uint64_t, words);
    for (size_t i = 0; i < m->docs.n; i++) {
        uint32_t doc = m->docs.at[i] - m->lo;
        bits[doc / 64] |= (uint64_t)1 << (doc % 64);
    }
    xd_pressed *out = xd_press_section(m->press, XD_SEC_COLUMN_BITS, m->at);
    xd_pressed_add(out, bits, words * sizeof *bits);
    out = xd_press_section(m->press, XD_SEC_COLUMN_RANK, m->at);
    uint32_t rank = 0;
    for (uint64_t w = 0; w < words; w++) {
        xd_pressed_u32(out, rank);
        rank += (uint32_t)__builtin_popcountll(bits[w]);
    }
    if (how == XD_COLUMN_ONE)
        return;
    out = xd_press_section(m->press, XD_SEC_COLUMN_START, m->at);
    xd_pressed_add(out, m->starts.at, m->starts.n * sizeof(uint32_t));
    xd_pressed_u32(out, m->n_values);
}

static void end_values(xd_column_maker *m)
{
    xd_pressed *out = xd_press_section(m->press, XD_SEC_COLUMN_VALUES, m->at);
    bool narrow = m->kind == XD_COLUMN_TERM && m->width < sizeof(uint32_t);
    if (!narrow && !(m->kind == XD_COLUMN_TEXT && !m->differ)) {
        xd_pressed_add(out, m->values.p, m->values.n);
        return;
    }
    /* Little-endian or not, the file is this machine's own: take the narrow value itself. */
    for (uint32_t i = 0; i < m->n_values; i++) {
        if (m->kind == XD_COLUMN_TEXT) {
            xd_pressed_add(out, m->values.p + i * value_size[m->kind], sizeof(xd_text_ref));
            continue;
        }
        uint32_t at;
        memcpy(&at, m->values.p + i * sizeof at, sizeof at);
        uint8_t one = (uint8_t)at;
        uint16_t two = (uint16_t)at;
        if (m->width == 1)
            xd_pressed_add(out, &one, sizeof one);
        else
            xd_pressed_add(out, &two, sizeof two);
    }
}

static void end_sets(xd_column_maker *m, xd_pressed *postings)
{
    uint32_t *docs = xd_new_n(m->arena, uint32_t, m->docs.n);
    xd_pressed *out = xd_press_section(m->press, XD_SEC_COLUMN_SETS, m->at);
    for (size_t i = 0; m->sets != NULL && i < m->n_sets; i++) {
        if (m->sets[i].n == 0)
            continue;
        xd_list_copy(&m->sets[i], docs);
        xd_term_set set = {(uint32_t)i, 0, xd_docs_put(postings, docs, m->sets[i].n)};
        xd_pressed_add(out, &set, sizeof set);
    }
}

static void end_keys(xd_column_maker *m)
{
    for (uint32_t lang = 0; m->key_n[0] != NULL && lang < XD_LANGS; lang++) {
        xd_pressed *out =
            xd_press_section(m->press, XD_SEC_COLUMN_KEY_AT, m->at * XD_LANGS + lang);
        uint32_t at = 0;
        for (uint32_t i = 0; i <= m->n; i++) {
            xd_pressed_u32(out, at);
            at += m->key_n[lang][i];
        }
    }
}

void xd_column_maker_end(xd_column_maker *m)
{
    if (m->n_values == 0)
        return;
    xd_pressed *postings = xd_press_section(m->press, XD_SEC_SETS, 0);
    xd_column_how how = m->many             ? XD_COLUMN_MANY
                        : m->docs.n == m->n ? XD_COLUMN_EVERY
                                            : XD_COLUMN_ONE;
    xd_column_meta meta = {.how = (uint32_t)how,
                           .width = m->width,
                           .langs = m->differ ? XD_LANGS : 1,
                           .n_values = m->n_values,
                           .has = xd_docs_put(postings, m->docs.at, m->docs.n)};
    xd_pressed_add(xd_press_section(m->press, XD_SEC_COLUMN, m->at), &meta, sizeof meta);
    end_finding(m, how);
    end_values(m);
    end_sets(m, postings);
    end_keys(m);
}
