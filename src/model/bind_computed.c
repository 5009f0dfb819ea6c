/* Computed values and guards: read with their type, settled when all types are there.
 *
 * A value may use own fields and the values above it, so nothing goes in a circle within a
 * record; between records it may (the children of a task are tasks), and computed.c counts how
 * deep. Conditions are CQL2 texts; a fault in one is told at its own line. */
#include "model/bind.h"

const xd_str xd_light_name[XD_LIGHTS] = {
    XD_STR("green"),
    XD_STR("yellow"),
    XD_STR("red"),
    XD_STR("grey"),
};

typedef struct settling {
    xd_bind *b;
    xd_draft_type *draft;
    xd_computed *to;
    size_t above; /* values of the type that may be used */
} settling;

/* ---- reading -------------------------------------------------------------------------------- */

void xd_bind_computed(xd_bind *b, const xd_node *node, void *draft_type)
{
    xd_draft_type *type = draft_type;
#define BY(how) offsetof(xd_draft_computed, by[how])
#define D(member) offsetof(xd_draft_computed, member)
    static const xd_bind_key keys[] = {
        {"value",      XD_WANT_NAME,  true,  D(name),              0, NULL},
        {"label",      XD_WANT_LABEL, true,  D(label),             0, NULL},
        {"help",       XD_WANT_LABEL, false, D(help),              0, NULL},
        {"unit",       XD_WANT_TEXT,  false, D(unit),              0, NULL},
        {"unit_label", XD_WANT_LABEL, false, D(unit_label),        0, NULL},
        {"decimals",   XD_WANT_INT,   false, D(decimals),          0, NULL},
        {"count",      XD_WANT_NODE,  false, BY(XD_COMPUTE_COUNT), 0, NULL},
        {"sum",        XD_WANT_NODE,  false, BY(XD_COMPUTE_SUM),   0, NULL},
        {"query",      XD_WANT_NODE,  false, BY(XD_COMPUTE_QUERY), 0, NULL},
        {"from",       XD_WANT_NODE,  false, BY(XD_COMPUTE_FROM),  0, NULL},
        {"share",      XD_WANT_NODE,  false, BY(XD_COMPUTE_SHARE), 0, NULL},
        {"less",       XD_WANT_NODE,  false, BY(XD_COMPUTE_LESS),  0, NULL},
        {"days_to",    XD_WANT_NODE,  false, BY(XD_COMPUTE_DAYS),  0, NULL},
        {"gone",       XD_WANT_NODE,  false, BY(XD_COMPUTE_GONE),  0, NULL},
        {"light",      XD_WANT_NODE,  false, BY(XD_COMPUTE_LIGHT), 0, NULL},
    };
#undef BY
    if (node->kind != XD_NODE_LIST) {
        xd_bind_fault(b, node, XD_S("computed"), XD_S("computed 是一个列表"),
                      XD_S("computed is a list"));
        return;
    }
    for (size_t i = 0; i < node->items.n; i++) {
        xd_draft_computed *draft = xd_new(b->arena, xd_draft_computed);
        size_t ways = 0;
        draft->node = node->items.at[i];
        if (!xd_bind_map(b, draft->node, keys, XD_LEN(keys), -1, draft) || draft->name.n == 0) {
            continue;
        }
        for (size_t k = 0; k < XD_LEN(draft->by); k++) {
            ways += draft->by[k] != NULL;
        }
        if (ways != 1 || draft->decimals < 0 || draft->decimals > 6) {
            XD_FAULT(b, draft->node, draft->name,
                     "“" XD_FMT "”要写一种算法（count、sum、query、from、share、less、days_to、"
                     "gone、light 之一），decimals 在 0 到 6 之间",
                     "\"" XD_FMT
                     "\" says one way to compute it (count, sum, query, from, share, "
                     "less, days_to, gone or light); decimals are 0 to 6",
                     XD_ARG(draft->name));
            continue;
        }
        *xd_push(b->arena, &type->computed) = draft;
    }
}
#undef D

void xd_bind_guards(xd_bind *b, const xd_node *node, void *draft_type)
{
    xd_draft_type *type = draft_type;
    static const xd_bind_key keys[] = {
        {"guard", XD_WANT_NAME,  true,  offsetof(xd_draft_guard, guard.name), 0, NULL},
        {"when",  XD_WANT_NODE,  false, offsetof(xd_draft_guard, when),       0, NULL},
        {"must",  XD_WANT_NODE,  true,  offsetof(xd_draft_guard, must),       0, NULL},
        {"say",   XD_WANT_LABEL, true,  offsetof(xd_draft_guard, guard.say),  0, NULL},
    };
    if (node->kind != XD_NODE_LIST) {
        xd_bind_fault(b, node, XD_S("guards"), XD_S("guards 是一个列表"),
                      XD_S("guards is a list"));
        return;
    }
    for (size_t i = 0; i < node->items.n; i++) {
        xd_draft_guard guard = {.node = node->items.at[i]};
        if (xd_bind_map(b, guard.node, keys, XD_LEN(keys), -1, &guard) && guard.must != NULL) {
            *xd_push(b->arena, &type->guards) = guard;
        }
    }
}

/* ---- places --------------------------------------------------------------------------------- */

static xd_str as_written(xd_bind *b, const xd_node *node)
{
    xd_buf text = {0};
    xd_json *json = xd_tree_to_json(b->arena, node);
    if (json != NULL) {
        xd_json_canonical(&text, json);
    }
    xd_str copy = xd_buf_copy(&text, b->arena);
    xd_buf_free(&text);
    return copy;
}

static bool name_is_free(xd_bind *b, const xd_draft_type *draft, size_t n,
                         const xd_draft_computed *value)
{
    bool taken = xd_field_find(&draft->type, value->name) != NULL;
    for (size_t i = 0; i < n; i++) {
        taken = taken || xd_str_eq(draft->type.computed[i].field.name, value->name);
    }
    if (taken) {
        XD_FAULT(b, value->node, value->name, "名字“" XD_FMT "”已被字段或别的算出值用了",
                 "the name \"" XD_FMT "\" belongs to a field or another computed value",
                 XD_ARG(value->name));
    }
    return !taken;
}

void xd_bind_computed_place(xd_bind *b, xd_draft_type *draft)
{
    xd_computed *list = xd_new_n(b->arena, xd_computed, draft->computed.n + 1);
    draft->type.computed = list;
    for (size_t i = 0; i < draft->computed.n; i++) {
        xd_draft_computed *from = draft->computed.at[i];
        if (!name_is_free(b, draft, draft->type.n_computed, from)) {
            continue;
        }
        xd_computed *to = &list[draft->type.n_computed];
        bool light = from->by[XD_COMPUTE_LIGHT] != NULL;
        to->at = draft->type.n_computed++;
        to->says = as_written(b, from->node);
        to->field = (xd_field){
            .name = from->name,
            .label = from->label,
            .help = from->help,
            .unit = from->unit,
            .unit_label = from->unit_label,
            .decimals = (int)from->decimals,
            .kind = light ? XD_KIND_IDENTIFIER : XD_KIND_NUMBER,
            .computed = to,
            .line = from->node->line,
            .file = b->file,
        };
        while (from->by[to->by] == NULL) {
            to->by++;
        }
        from->to = to;
    }
    xd_model_guard *guards = xd_new_n(b->arena, xd_model_guard, draft->guards.n + 1);
    for (size_t i = 0; i < draft->guards.n; i++) {
        guards[i] = draft->guards.at[i].guard;
        guards[i].says = as_written(b, draft->guards.at[i].node);
    }
    draft->type.guards = guards;
    draft->type.n_guards = draft->guards.n;
}

/* ---- meaning -------------------------------------------------------------------------------- */

static const xd_type *type_called(xd_bind *b, const xd_ref *ref)
{
    const xd_type *type = ref->name.n == 0 ? NULL : xd_type_find(b->model, ref->name);
    if (type == NULL && ref->name.n > 0) {
        XD_FAULT(b, ref->node, ref->name, "没有名为“" XD_FMT "”的类型",
                 "there is no type \"" XD_FMT "\"", XD_ARG(ref->name));
    }
    return type;
}

/* A field of a type; kinds: bits. Hidden ones are no input of what anybody may see. */
static const xd_field *field_called(xd_bind *b, const xd_type *type, const xd_ref *ref,
                                    unsigned kinds)
{
    const xd_field *field =
        type == NULL || ref->name.n == 0 ? NULL : xd_field_find(type, ref->name);
    if (type == NULL || ref->name.n == 0) {
        return NULL;
    }
    if (field == NULL || (kinds >> field->kind & 1) == 0 || field->hidden) {
        XD_FAULT(b, ref->node, ref->name, "“" XD_FMT "”里没有合用的公开字段“" XD_FMT "”",
                 "\"" XD_FMT "\" has no public field \"" XD_FMT "\" that fits",
                 XD_ARG(type->name), XD_ARG(ref->name));
        return NULL;
    }
    return field;
}

/* An own field, or a computed value above. */
static const xd_field *input_called(settling *s, const xd_ref *ref, unsigned kinds)
{
    const xd_computed *computed = xd_computed_find(&s->draft->type, ref->name);
    if (computed == NULL) {
        return field_called(s->b, &s->draft->type, ref, kinds);
    }
    if (computed->at >= s->above || (kinds >> computed->field.kind & 1) == 0) {
        XD_FAULT(s->b, ref->node, ref->name, "“" XD_FMT "”要写在前面，并且是数",
                 "\"" XD_FMT "\" has to stand above, and to be a number", XD_ARG(ref->name));
        return NULL;
    }
    s->to->asks = s->to->asks || computed->asks;
    return &computed->field;
}

static void fault_of_err(xd_bind *b, const xd_node *node, xd_str key)
{
    xd_err err = xd_err_take(b->cx);
    xd_bind_fault(b, node, key, err.zh.n > 0 ? err.zh : err.message,
                  err.en.n > 0 ? err.en : err.message);
}

/* Values of the type at or beyond `above` would go in a circle. */
static bool uses_only(settling *s, const xd_type *type, const xd_cql *cql, const xd_node *node)
{
    const xd_computed *used = cql->field == NULL ? NULL : cql->field->computed;
    bool own = type == &s->draft->type;
    if (cql->op == XD_CQL_PROPERTY && used != NULL) {
        if (own && s->above < SIZE_MAX && used->at >= s->above) {
            XD_FAULT(s->b, node, used->field.name, "“" XD_FMT "”要写在前面",
                     "\"" XD_FMT "\" has to stand above", XD_ARG(used->field.name));
            return false;
        }
        if (s->to != NULL) {
            s->to->asks = s->to->asks || used->asks || !own;
        }
    }
    for (size_t i = 0; i < cql->n; i++) {
        if (!uses_only(s, type, cql->args[i], node)) {
            return false;
        }
    }
    return true;
}

/* A condition on records of a type. all: hidden fields too, for guards. */
static const xd_cql *condition(settling *s, const xd_type *type, const xd_node *node, bool all)
{
    xd_str text = {0};
    const xd_cql *read, *bound;
    if (node == NULL || type == NULL || !xd_bind_text(s->b, node, XD_S("when"), &text)) {
        return NULL;
    }
    if (!xd_cql_read_text(s->b->cx, text, &read) ||
        !xd_cql_check_rule(s->b->cx, type, all, read, &bound)) {
        fault_of_err(s->b, node, text);
        return NULL;
    }
    if (!xd_cql_holds_takes(bound)) {
        xd_bind_fault(s->b, node, text, XD_S("规则里不能用 CASEI 和 ACCENTI"),
                      XD_S("a rule takes no CASEI and ACCENTI"));
        return NULL;
    }
    return bound;
}

typedef struct ways {
    xd_ref type, link, field, of, in, by, to, value, since, until, units, within;
    const xd_node *where;
} ways;

#define W(member) offsetof(ways, member)
static const xd_bind_key keys_of_kin[] = {
    {"type",  XD_WANT_REF,  true,  W(type),  0, NULL},
    {"link",  XD_WANT_REF,  true,  W(link),  0, NULL},
    {"where", XD_WANT_NODE, false, W(where), 0, NULL},
};
static const xd_bind_key keys_of_sum[] = {
    {"type",  XD_WANT_REF,  true,  W(type),  0, NULL},
    {"link",  XD_WANT_REF,  true,  W(link),  0, NULL},
    {"field", XD_WANT_REF,  true,  W(field), 0, NULL},
    {"where", XD_WANT_NODE, false, W(where), 0, NULL},
};
static const xd_bind_key keys_of_query[] = {
    {"field", XD_WANT_REF, true,  W(field), 0, NULL},
    {"type",  XD_WANT_REF, true,  W(type),  0, NULL},
    {"since", XD_WANT_REF, false, W(since), 0, NULL},
    {"until", XD_WANT_REF, false, W(until), 0, NULL},
    {"units", XD_WANT_REF, false, W(units), 0, NULL},
};
static const xd_bind_key keys_of_from[] = {
    {"link",   XD_WANT_REF, true,  W(link),   0, NULL},
    {"value",  XD_WANT_REF, true,  W(value),  0, NULL},
    {"within", XD_WANT_REF, false, W(within), 0, NULL},
};
static const xd_bind_key keys_of_share[] = {
    {"of", XD_WANT_REF, true, W(of), 0, NULL},
    {"in", XD_WANT_REF, true, W(in), 0, NULL},
};
static const xd_bind_key keys_of_less[] = {
    {"of", XD_WANT_REF, true, W(of), 0, NULL},
    {"by", XD_WANT_REF, true, W(by), 0, NULL},
};
static const xd_bind_key keys_of_gone[] = {
    {"from", XD_WANT_REF, true, W(of), 0, NULL},
    {"to",   XD_WANT_REF, true, W(to), 0, NULL},
};
#undef W

#define BIT(kind) (1u << (kind))
#define NUMBERS BIT(XD_KIND_NUMBER)
#define PERIODS BIT(XD_KIND_PERIOD)
#define WORDS (BIT(XD_KIND_TEXT) | BIT(XD_KIND_IDENTIFIER))

/* COUNT and SUM: theirs that lead here. */
static void settle_kin(settling *s, const ways *w)
{
    xd_bind *b = s->b;
    bool leads = false;
    s->to->type = type_called(b, &w->type);
    s->to->link = field_called(b, s->to->type, &w->link, BIT(XD_KIND_LINK));
    for (size_t i = 0; s->to->link != NULL && i < s->to->link->n_to; i++) {
        leads = leads || s->to->link->to[i] == &s->draft->type;
    }
    if (s->to->link != NULL && !leads) {
        XD_FAULT(b, w->link.node, w->link.name, "链接“" XD_FMT "”不指向这个类型",
                 "the link \"" XD_FMT "\" does not lead to this type", XD_ARG(w->link.name));
    }
    if (s->to->by == XD_COMPUTE_SUM) {
        s->to->a = field_called(b, s->to->type, &w->field, NUMBERS);
    }
    s->to->where = condition(s, s->to->type, w->where, false);
    if (s->to->where != NULL) {
        settling theirs = *s; /* theirs may be any value of theirs, also of this type */
        theirs.above = SIZE_MAX;
        (void)uses_only(&theirs, s->to->type, s->to->where, w->where); /* faults are told */
    }
}

static void settle_query(settling *s, const ways *w)
{
    s->to->asks = true;
    s->to->a = field_called(s->b, &s->draft->type, &w->field, BIT(XD_KIND_QUERY));
    s->to->b = field_called(s->b, &s->draft->type, &w->type, WORDS);
    s->to->since = field_called(s->b, &s->draft->type, &w->since, WORDS);
    s->to->until = field_called(s->b, &s->draft->type, &w->until, WORDS);
    s->to->units = type_called(s->b, &w->units);
    if (s->to->units != NULL && s->to->units->division == NULL) {
        XD_FAULT(s->b, w->units.node, w->units.name, "“" XD_FMT "”没有写 division，分不了区",
                 "\"" XD_FMT "\" does not say its division, so it parts nothing",
                 XD_ARG(w->units.name));
        s->to->units = NULL;
    }
}

/* The value's name has to mean something in each type the link may lead to. */
static void settle_from(settling *s, const ways *w)
{
    s->to->asks = true;
    s->to->link = field_called(s->b, &s->draft->type, &w->link, BIT(XD_KIND_LINK));
    s->to->within = field_called(s->b, &s->draft->type, &w->within, BIT(XD_KIND_LINK));
    for (size_t i = 0; s->to->link != NULL && i < s->to->link->n_to; i++) {
        const xd_type *type = s->to->link->to[i];
        const xd_computed *theirs = xd_computed_find(type, w->value.name);
        const xd_field *value =
            theirs != NULL ? &theirs->field : field_called(s->b, type, &w->value, NUMBERS);
        if (value != NULL && value->kind != XD_KIND_NUMBER) {
            XD_FAULT(s->b, w->value.node, w->value.name, "“" XD_FMT "”不是数",
                     "\"" XD_FMT "\" is no number", XD_ARG(w->value.name));
        }
        s->to->a = s->to->a == NULL ? value : s->to->a;
    }
}

static void settle_lights(settling *s, const xd_node *node)
{
    struct rule {
        xd_str is;
        xd_label label;
        const xd_node *when;
    };
    static const xd_bind_key keys[] = {
        {"is",    XD_WANT_TEXT,  true,  offsetof(struct rule, is),    0, NULL},
        {"label", XD_WANT_LABEL, true,  offsetof(struct rule, label), 0, NULL},
        {"when",  XD_WANT_NODE,  false, offsetof(struct rule, when),  0, NULL},
    };
    size_t n = node->kind == XD_NODE_LIST ? node->items.n : 0;
    xd_light *lights = xd_new_n(s->b->arena, xd_light, n + 1);
    if (n == 0) {
        xd_bind_fault(s->b, node, XD_S("light"), XD_S("light 是规则的列表"),
                      XD_S("light is a list of rules"));
    }
    for (size_t i = 0; i < n; i++) {
        struct rule rule = {0};
        xd_light *light = &lights[s->to->n_lights];
        size_t look = 0;
        if (!xd_bind_map(s->b, node->items.at[i], keys, XD_LEN(keys), -1, &rule)) {
            continue;
        }
        while (look < XD_LIGHTS && !xd_str_eq(rule.is, xd_light_name[look])) {
            look++;
        }
        if (look == XD_LIGHTS) {
            xd_bind_fault(s->b, node->items.at[i], rule.is,
                          XD_S("灯只有 green、yellow、red、grey"),
                          XD_S("a light is green, yellow, red or grey"));
            continue;
        }
        *light = (xd_light){.look = (xd_look_of)look, .label = rule.label};
        light->when = condition(s, &s->draft->type, rule.when, false);
        if (light->when != NULL) {
            (void)uses_only(s, &s->draft->type, light->when, rule.when); /* faults are told */
        }
        s->to->n_lights++;
    }
    s->to->lights = lights;
}

static void settle_one(settling *s, const xd_draft_computed *from)
{
    static const struct {
        const xd_bind_key *keys;
        size_t n;
    } tables[] = {
        [XD_COMPUTE_COUNT] = {keys_of_kin,   XD_LEN(keys_of_kin)  },
        [XD_COMPUTE_SUM] = {keys_of_sum,   XD_LEN(keys_of_sum)  },
        [XD_COMPUTE_QUERY] = {keys_of_query, XD_LEN(keys_of_query)},
        [XD_COMPUTE_FROM] = {keys_of_from,  XD_LEN(keys_of_from) },
        [XD_COMPUTE_SHARE] = {keys_of_share, XD_LEN(keys_of_share)},
        [XD_COMPUTE_LESS] = {keys_of_less,  XD_LEN(keys_of_less) },
        [XD_COMPUTE_GONE] = {keys_of_gone,  XD_LEN(keys_of_gone) },
    };
    const xd_node *node = from->by[s->to->by];
    ways w = {0};
    if (s->to->by == XD_COMPUTE_LIGHT) {
        settle_lights(s, node);
        return;
    }
    if (s->to->by == XD_COMPUTE_DAYS) {
        w.of.node = node;
        if (xd_bind_text(s->b, node, XD_S("days_to"), &w.of.name)) {
            s->to->a = input_called(s, &w.of, PERIODS);
        }
        return;
    }
    if (!xd_bind_map(s->b, node, tables[s->to->by].keys, tables[s->to->by].n, -1, &w)) {
        return;
    }
    switch (s->to->by) {
    case XD_COMPUTE_COUNT:
    case XD_COMPUTE_SUM:
        settle_kin(s, &w);
        break;
    case XD_COMPUTE_QUERY:
        settle_query(s, &w);
        break;
    case XD_COMPUTE_FROM:
        settle_from(s, &w);
        break;
    case XD_COMPUTE_SHARE:
        s->to->a = input_called(s, &w.of, NUMBERS);
        s->to->b = input_called(s, &w.in, NUMBERS);
        break;
    case XD_COMPUTE_LESS:
        s->to->a = input_called(s, &w.of, NUMBERS);
        s->to->b = input_called(s, &w.by, NUMBERS);
        break;
    case XD_COMPUTE_GONE:
        s->to->a = input_called(s, &w.of, PERIODS);
        s->to->b = input_called(s, &w.to, PERIODS);
        break;
    case XD_COMPUTE_DAYS:
    case XD_COMPUTE_LIGHT:
        break;
    }
}

/* A guard is judged where no query is answered. */
static bool asks_nothing(xd_bind *b, const xd_cql *cql, const xd_node *node)
{
    const xd_computed *used = cql->field == NULL ? NULL : cql->field->computed;
    if (cql->op == XD_CQL_PROPERTY && used != NULL && used->asks) {
        XD_FAULT(b, node, used->field.name,
                 "“" XD_FMT "”要查询才知道，导入时不算，不能用在 guards 里",
                 "\"" XD_FMT "\" needs a query, which imports do not ask: not for guards",
                 XD_ARG(used->field.name));
        return false;
    }
    for (size_t i = 0; i < cql->n; i++) {
        if (!asks_nothing(b, cql->args[i], node)) {
            return false;
        }
    }
    return true;
}

void xd_bind_computed_settle(xd_bind *b, xd_draft_type *draft)
{
    settling s = {.b = b, .draft = draft};
    for (size_t i = 0; i < draft->computed.n; i++) {
        if (draft->computed.at[i]->to != NULL) {
            s.to = draft->computed.at[i]->to;
            s.above = s.to->at;
            settle_one(&s, draft->computed.at[i]);
        }
    }
    s.to = NULL;
    s.above = SIZE_MAX;
    for (size_t i = 0; i < draft->guards.n; i++) {
        const xd_draft_guard *from = &draft->guards.at[i];
        xd_model_guard *guard = (xd_model_guard *)&draft->type.guards[i]; /* ours until handed out */
        guard->when = condition(&s, &draft->type, from->when, true);
        guard->must = condition(&s, &draft->type, from->must, true);
        if (guard->when != NULL) {
            (void)asks_nothing(b, guard->when, from->when); /* faults are told */
        }
        if (guard->must != NULL) {
            (void)asks_nothing(b, guard->must, from->must);
        }
    }
}
