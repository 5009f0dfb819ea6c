/* tests/model/random_model.h — random models, random bodies under them, random changes of
 * structure, all from one seed. The model is kept as plain structs and handed to the program as
 * the JSON a model revision keeps. */
#ifndef XD_TEST_RANDOM_MODEL_H
#define XD_TEST_RANDOM_MODEL_H

#include "model/body.h"
#include "xd_test.h"

typedef struct rng {
    uint64_t s;
} rng;

static inline uint32_t rnd(rng *r, uint32_t below)
{
    r->s ^= r->s << 13;
    r->s ^= r->s >> 7;
    r->s ^= r->s << 17;
    return below == 0 ? 0 : (uint32_t)((r->s >> 20) % below);
}

static inline bool chance(rng *r, uint32_t percent)
{
    return rnd(r, 100) < percent;
}

#define R_FIELDS 24
#define R_TERMS 6
#define R_WAS 8

typedef struct rfield {
    xd_str name;
    xd_kind kind;
    bool many, retired, personal, gone; /* gone: renamed away */
    bool two_langs;
    int vocabulary;
    xd_str was[R_WAS];
    size_t n_was;
} rfield;

typedef struct rmodel {
    xd_arena *arena;
    rng *r;
    int names; /* made so far */
    rfield fields[R_FIELDS];
    size_t n;
    xd_str vocabulary[2], term[2][R_TERMS], former[2][R_TERMS];
    xd_str type, type_was, path, flow, state[2], state_was;
    const int64_t *ids; /* of records that links may lead to; none: to any number */
    uint32_t n_ids;
} rmodel;

/* Never the same twice, and never near another. */
static inline xd_str fresh(rmodel *m)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    char name[16];
    size_t n = 4 + rnd(m->r, 6);
    for (size_t i = 0; i < n; i++) {
        name[i] = letters[rnd(m->r, 26)];
    }
    return xd_str_printf(m->arena, "%.*s_%d", (int)n, name, m->names++);
}

static inline void new_field(rmodel *m, rfield *f)
{
    static const xd_kind kinds[] = {
        XD_KIND_TEXT,    XD_KIND_TEXT,   XD_KIND_MARKDOWN,   XD_KIND_NUMBER,
        XD_KIND_BOOLEAN, XD_KIND_PERIOD, XD_KIND_TERM,       XD_KIND_TERM,
        XD_KIND_PLACE,   XD_KIND_LINK,   XD_KIND_IDENTIFIER, XD_KIND_GROUP,
    };
    *f = (rfield){.name = fresh(m), .kind = kinds[rnd(m->r, XD_LEN(kinds))]};
    xd_kind any = (xd_kind)rnd(m->r, XD_KINDS); /* all strings, also those to come */
    if (xd_kinds[any].kept == XD_KEPT_STRING) {
        f->kind = any;
    }
    f->many = chance(m->r, 40);
    f->personal = chance(m->r, 15);
    f->two_langs = chance(m->r, 50);
    f->vocabulary = (int)rnd(m->r, 2);
}

static inline void new_model(rmodel *m, xd_arena *arena, rng *r)
{
    *m = (rmodel){.arena = arena, .r = r};
    m->type = fresh(m);
    m->path = XD_S("p");
    m->flow = fresh(m);
    m->state[0] = fresh(m);
    m->state[1] = fresh(m);
    for (int v = 0; v < 2; v++) {
        m->vocabulary[v] = fresh(m);
        for (int t = 0; t < R_TERMS; t++) {
            m->term[v][t] = fresh(m);
        }
    }
    m->n = 1 + rnd(r, 10);
    for (size_t i = 0; i < m->n; i++) {
        new_field(m, &m->fields[i]);
    }
}

/* ---- as JSON ------------------------------------------------------------------------------- */

static inline xd_json *set_in(xd_arena *a, xd_json *object, const char *key, xd_json *value)
{
    xd_json_set(a, object, xd_str_of(key), value);
    return object;
}

static inline xd_json *word(xd_arena *a, xd_str s)
{
    return xd_json_string(a, s);
}

static inline xd_json *words(xd_arena *a, const xd_str *list, size_t n)
{
    xd_json *out = xd_json_array(a);
    for (size_t i = 0; i < n; i++) {
        xd_json_add(a, out, word(a, list[i]));
    }
    return out;
}

static inline xd_json *field_json(rmodel *m, const rfield *f)
{
    xd_arena *a = m->arena;
    xd_json *out = xd_json_object(a);
    set_in(a, out, "name", word(a, f->name));
    set_in(a, out, "kind", word(a, xd_kinds[f->kind].name));
    if (f->many) {
        set_in(a, out, "many", xd_json_bool(a, true));
    }
    if (f->retired) {
        set_in(a, out, "retired", xd_json_bool(a, true));
    }
    if (f->personal) {
        set_in(a, out, "personal", xd_json_bool(a, true));
    }
    if (f->n_was > 0) {
        set_in(a, out, "was", words(a, f->was, f->n_was));
    }
    if (f->kind == XD_KIND_TERM) {
        set_in(a, out, "vocabulary", word(a, m->vocabulary[f->vocabulary]));
    }
    if (f->kind == XD_KIND_LINK) {
        set_in(a, out, "to", word(a, m->type));
    }
    if ((f->kind == XD_KIND_TEXT || f->kind == XD_KIND_MARKDOWN) && f->two_langs) {
        const xd_str langs[] = {XD_S("zh"), XD_S("en")};
        set_in(a, out, "langs", words(a, langs, 2));
    }
    if (f->kind == XD_KIND_NUMBER) {
        set_in(a, out, "decimals", xd_json_integer(a, 3));
    }
    if (f->kind == XD_KIND_GROUP) {
        xd_json *inner = xd_json_object(a), *list = xd_json_array(a);
        set_in(a, inner, "name", word(a, XD_S("inside")));
        set_in(a, inner, "kind", word(a, XD_S("identifier")));
        xd_json_add(a, list, inner);
        set_in(a, out, "fields", list);
    }
    return out;
}

static inline xd_json *model_json(rmodel *m)
{
    xd_arena *a = m->arena;
    xd_json *files = xd_json_object(a), *all = xd_json_object(a), *type = xd_json_object(a);
    xd_json *fields = xd_json_array(a), *flow = xd_json_object(a), *states = xd_json_array(a);
    for (int v = 0; v < 2; v++) {
        xd_json *vocabulary = xd_json_object(a), *terms = xd_json_array(a);
        for (int t = 0; t < R_TERMS; t++) {
            xd_json *term = xd_json_object(a);
            set_in(a, term, "code", word(a, m->term[v][t]));
            set_in(a, term, "zh", word(a, m->term[v][t]));
            set_in(a, term, "en", word(a, m->term[v][t]));
            if (m->former[v][t].n > 0) {
                set_in(a, term, "former", words(a, &m->former[v][t], 1));
            }
            xd_json_add(a, terms, term);
        }
        set_in(a, vocabulary, "vocabulary", word(a, m->vocabulary[v]));
        set_in(a, vocabulary, "label", word(a, m->vocabulary[v]));
        set_in(a, vocabulary, "terms", terms);
        set_in(a, files, v == 0 ? "vocabularies/a.yaml" : "vocabularies/b.yaml", vocabulary);
    }
    for (int i = 0; i < 2; i++) {
        xd_json *state = xd_json_object(a);
        set_in(a, state, "state", word(a, m->state[i]));
        set_in(a, state, "label", word(a, m->state[i]));
        set_in(a, state, i == 0 ? "closed" : "public", xd_json_bool(a, true));
        if (i == 1 && m->state_was.n > 0) {
            set_in(a, state, "was", words(a, &m->state_was, 1));
        }
        xd_json_add(a, states, state);
    }
    xd_json *move = xd_json_object(a), *moves = xd_json_array(a);
    set_in(a, move, "move", word(a, XD_S("go")));
    set_in(a, move, "label", word(a, XD_S("go")));
    set_in(a, move, "from", words(a, &m->state[1], 1));
    set_in(a, move, "to", word(a, m->state[0]));
    xd_json_add(a, moves, move);
    set_in(a, flow, "flow", word(a, m->flow));
    set_in(a, flow, "label", word(a, m->flow));
    set_in(a, flow, "states", states);
    set_in(a, flow, "moves", moves);
    for (size_t i = 0; i < m->n; i++) {
        if (!m->fields[i].gone) {
            xd_json_add(a, fields, field_json(m, &m->fields[i]));
        }
    }
    set_in(a, type, "type", word(a, m->type));
    set_in(a, type, "path", word(a, m->path));
    set_in(a, type, "label", word(a, m->type));
    set_in(a, type, "flow", word(a, m->flow));
    set_in(a, type, "fields", fields);
    if (m->type_was.n > 0) {
        set_in(a, type, "was", words(a, &m->type_was, 1));
    }
    set_in(a, files, "flows/f.yaml", flow);
    set_in(a, files, "types/t.yaml", type);
    set_in(a, all, "files", files);
    return all;
}

static inline const xd_model *model_of(xd_ctx *cx, rmodel *m)
{
    xd_faults faults = {0};
    const xd_model *model = NULL;
    if (!xd_model_from_json(cx, model_json(m), &faults, &model)) {
        for (size_t i = 0; i < faults.n; i++) {
            printf(XD_FMT ": " XD_FMT ": " XD_FMT "\n", XD_ARG(faults.at[i].file),
                   XD_ARG(faults.at[i].reason), XD_ARG(faults.at[i].key));
        }
        ck_abort_msg("the random model does not load: " XD_FMT, XD_ARG(cx->err.message));
    }
    return model;
}

/* ---- bodies -------------------------------------------------------------------------------- */

/* The example of its row as a body keeps it. */
static inline xd_str an_example(xd_arena *arena, xd_kind kind)
{
    xd_ctx cx;
    xd_str value = {0};
    xd_ctx_begin(&cx);
    ck_assert_msg(xd_kinds[kind].rule->read(&cx, xd_kinds[kind].example, &value),
                  "the example of kind " XD_FMT " does not read", XD_ARG(xd_kinds[kind].name));
    value = xd_str_copy(arena, value);
    xd_ctx_end(&cx);
    return value;
}

static inline xd_json *item_json(rmodel *m, const rfield *f)
{
    xd_arena *a = m->arena;
    xd_json *v = xd_json_object(a);
    switch ((int)f->kind) {
    case XD_KIND_TEXT:
    case XD_KIND_MARKDOWN:
        if (!f->two_langs || chance(m->r, 70)) {
            set_in(a, v, "zh", word(a, fresh(m)));
        }
        if (f->two_langs && (xd_json_len(v) == 0 || chance(m->r, 50))) {
            set_in(a, v, "en", word(a, fresh(m)));
        }
        return v;
    case XD_KIND_NUMBER:
        return set_in(a, v, "n",
                      word(a, xd_str_printf(a, "%u.%u", rnd(m->r, 1000), 1 + rnd(m->r, 9))));
    case XD_KIND_BOOLEAN:
        return xd_json_bool(a, chance(m->r, 50));
    case XD_KIND_PERIOD:
        set_in(a, v, "text", word(a, fresh(m)));
        return set_in(a, v, "from",
                      word(a, xd_str_printf(a, "%u-01-01", 1700 + rnd(m->r, 300))));
    case XD_KIND_TERM:
        return word(a, m->term[f->vocabulary][rnd(m->r, R_TERMS)]);
    case XD_KIND_PLACE: {
        xd_json *g = xd_json_object(a), *c = xd_json_array(a);
        set_in(a, g, "type", word(a, XD_S("Point")));
        xd_json_add(a, c, xd_json_integer(a, 1100000000 + rnd(m->r, 90000000)));
        xd_json_add(a, c, xd_json_integer(a, 290000000 + rnd(m->r, 50000000)));
        set_in(a, g, "coordinates", c);
        set_in(a, v, "geometry", g);
        set_in(a, v, "raw", word(a, fresh(m)));
        return set_in(a, v, "precision", word(a, xd_precision_name[rnd(m->r, 4)]));
    }
    case XD_KIND_LINK:
        set_in(a, v, "id",
               xd_json_integer(a, m->n_ids > 0 ? m->ids[rnd(m->r, m->n_ids)]
                                               : 1 + (int64_t)rnd(m->r, 100000)));
        return set_in(a, v, "text", word(a, fresh(m)));
    case XD_KIND_GROUP:
        return set_in(a, v, "inside", word(a, fresh(m)));
    case XD_KIND_URL:
        return word(a, xd_str_printf(a, "https://example.org/%u", rnd(m->r, 1000000)));
    default:
        return word(a, xd_kinds[f->kind].rule == NULL ? fresh(m) : an_example(a, f->kind));
    }
}

static inline xd_json *body_of(rmodel *m)
{
    xd_arena *a = m->arena;
    xd_json *body = xd_json_object(a), *about = xd_json_object(a);
    set_in(a, body, "type", word(a, m->type));
    set_in(a, body, "state", word(a, m->state[rnd(m->r, 2)]));
    for (size_t i = 0; i < m->n; i++) {
        const rfield *f = &m->fields[i];
        if (f->gone || f->retired || chance(m->r, 25)) {
            continue;
        }
        xd_json *value = item_json(m, f);
        if (f->many) {
            xd_json *list = xd_json_array(a);
            xd_json_add(a, list, value);
            for (uint32_t k = rnd(m->r, 4); k > 0; k--) {
                xd_json_add(a, list, item_json(m, f));
            }
            value = list;
        }
        xd_json_set(a, body, f->name, value);
        if (chance(m->r, 30)) {
            xd_json *one = xd_json_object(a);
            set_in(a, one, "checked_by", word(a, fresh(m)));
            xd_json_set(a, about, f->name, one);
        }
    }
    if (xd_json_len(about) > 0) {
        set_in(a, body, "about", about);
    }
    return body;
}

/* ---- changes of structure ------------------------------------------------------------------- */

static inline rfield *some_field(rmodel *m)
{
    for (int tries = 0; tries < 50; tries++) {
        rfield *f = &m->fields[rnd(m->r, (uint32_t)m->n)];
        if (!f->gone) {
            return f;
        }
    }
    return NULL;
}

/* Old names go along: bodies may still hold values under them. */
static inline bool inherit(rfield *heir, const rfield *old)
{
    if (heir->n_was + old->n_was + 1 > R_WAS) {
        return false;
    }
    heir->was[heir->n_was++] = old->name;
    for (size_t i = 0; i < old->n_was; i++) {
        bool there = false;
        for (size_t k = 0; k < heir->n_was; k++) {
            there = there || xd_str_eq(heir->was[k], old->was[i]);
        }
        if (!there) {
            heir->was[heir->n_was++] = old->was[i];
        }
    }
    return true;
}

static inline void change(rmodel *m)
{
    rfield *f = some_field(m);
    if (f == NULL || m->n + 3 > R_FIELDS) {
        return;
    }
    rfield next = *f;
    next.name = fresh(m);
    next.n_was = 0;
    switch (rnd(m->r, 8)) {
    case 0: /* add */
        new_field(m, &m->fields[m->n++]);
        return;
    case 1: /* rename */
        if (inherit(&next, f)) {
            f->gone = true;
            m->fields[m->n++] = next;
        }
        return;
    case 2: /* retire */
        f->retired = true;
        return;
    case 3: { /* split: by vocabulary, by kind, or plainly */
        rfield other = next;
        other.name = fresh(m);
        other.vocabulary = 1 - next.vocabulary;
        other.many = chance(m->r, 50);
        if (chance(m->r, 30)) {
            other.kind = XD_KIND_IDENTIFIER;
        }
        if (inherit(&next, f) && inherit(&other, f)) {
            f->gone = true;
            m->fields[m->n++] = other;
            m->fields[m->n++] = next;
        }
        return;
    }
    case 4: { /* merge with any other, fitting or not */
        rfield *g = some_field(m);
        if (g != NULL && g != f && inherit(&next, f) && inherit(&next, g)) {
            next.personal = f->personal || g->personal;
            f->gone = g->gone = true;
            m->fields[m->n++] = next;
        }
        return;
    }
    case 5: /* one becomes many */
        f->many = true;
        return;
    case 6: { /* a code is replaced by another */
        int v = (int)rnd(m->r, 2), t = (int)rnd(m->r, R_TERMS);
        if (m->former[v][t].n == 0) {
            m->former[v][t] = m->term[v][t];
            m->term[v][t] = fresh(m);
        }
        return;
    }
    default: /* type and state take new names */
        if (m->type_was.n == 0) {
            m->type_was = m->type;
            m->type = fresh(m);
            m->state_was = m->state[1];
            m->state[1] = fresh(m);
        }
        return;
    }
}

#endif
