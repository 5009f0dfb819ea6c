#include "web/props.h"

typedef XD_VEC(xd_prop) prop_list;
typedef XD_VEC(xd_queryable) queryable_list;

bool xd_field_is_public(const xd_field *field)
{
    return !field->hidden && !field->personal && !field->retired &&
           !(field->kind == XD_KIND_PLACE && field->public_precision == XD_PRECISION_NONE);
}

static bool taken(const xd_field *fields, size_t n, const prop_list *list, xd_str name)
{
    for (size_t i = 0; i < n; i++) {
        if (xd_str_eq(fields[i].name, name)) {
            return true;
        }
    }
    for (size_t i = 0; i < list->n; i++) {
        if (xd_str_eq(list->at[i].name, name)) {
            return true;
        }
    }
    return false;
}

typedef struct maker {
    xd_arena *arena;
    const xd_field *fields; /* of the type or group: their names are never derived ones */
    size_t n_fields;
    const xd_field *place; /* the feature's geometry, so no property */
    prop_list list;
} maker;

static void add_field(maker *m, const xd_field *field, xd_prop prop)
{
    prop.field = field;
    prop.many = field->many;
    if (prop.many && prop.part != XD_PROP_FROM && prop.part != XD_PROP_TO) {
        prop.json = XD_PROP_STRING; /* one text, see xd_props_write() */
    }
    for (int l = 0; l < XD_LANGS; l++) {
        prop.title[l] = xd_label_in(&field->label, (xd_lang)l);
    }
    *xd_push(m->arena, &m->list) = prop;
}

static void add_derived(maker *m, const xd_field *field, xd_str ending, xd_prop prop,
                        const char *zh, const char *en)
{
    prop.name = xd_str_printf(m->arena, XD_FMT "_" XD_FMT, XD_ARG(field->name), XD_ARG(ending));
    if (taken(m->fields, m->n_fields, &m->list, prop.name)) {
        return;
    }
    add_field(m, field, prop);
    xd_prop *added = &m->list.at[m->list.n - 1];
    added->title[XD_ZH] =
        xd_str_printf(m->arena, XD_FMT "（%s）", XD_ARG(added->title[XD_ZH]), zh);
    added->title[XD_EN] =
        xd_str_printf(m->arena, XD_FMT " (%s)", XD_ARG(added->title[XD_EN]), en);
}

static void add_fields(maker *m);

static void add_group(maker *m, const xd_field *field)
{
    maker inner = {.arena = m->arena, .fields = field->fields, .n_fields = field->n_fields};
    add_fields(&inner);
    add_field(m, field,
              (xd_prop){.name = field->name,
                        .json = XD_PROP_OBJECT,
                        .inner = inner.list.at,
                        .n_inner = inner.list.n});
}

static void add_text(maker *m, const xd_field *field)
{
    add_field(m, field, (xd_prop){.name = field->name});
    for (size_t i = 0; i < field->langs.n && field->langs.n > 1; i++) {
        xd_str lang = field->langs.at[i];
        const char *code = xd_cstr(m->arena, lang);
        add_derived(m, field, lang, (xd_prop){.part = XD_PROP_LANG, .lang = lang}, code, code);
    }
}

static void add_one(maker *m, const xd_field *field)
{
    xd_prop plain = {.name = field->name};
    switch (xd_field_kept(field)) {
    case XD_KEPT_TEXTS:
        add_text(m, field);
        return;
    case XD_KEPT_NUMBER:
        plain.json = field->decimals > 0 ? XD_PROP_NUMBER : XD_PROP_INTEGER;
        break;
    case XD_KEPT_BOOLEAN:
        plain.json = XD_PROP_BOOLEAN;
        break;
    case XD_KEPT_PERIOD:
        add_field(m, field, plain);
        add_derived(m, field, XD_S("from"),
                    (xd_prop){.part = XD_PROP_FROM, .json = XD_PROP_INTEGER}, "最早年",
                    "first year");
        add_derived(m, field, XD_S("to"),
                    (xd_prop){.part = XD_PROP_TO, .json = XD_PROP_INTEGER}, "最晚年",
                    "last year");
        return;
    case XD_KEPT_CODE:
        add_field(m, field, plain);
        add_derived(m, field, XD_S("label"), (xd_prop){.part = XD_PROP_LABEL}, "名称", "label");
        return;
    case XD_KEPT_LINK:
        add_field(m, field, plain);
        add_derived(m, field, XD_S("id"),
                    (xd_prop){.part = XD_PROP_ID, .json = XD_PROP_INTEGER}, "编号", "id");
        return;
    case XD_KEPT_PLACE:
        if (field != m->place) {
            add_field(m, field, plain);
        }
        add_derived(m, field, XD_S("precision"), (xd_prop){.part = XD_PROP_PRECISION}, "精度",
                    "precision");
        return;
    case XD_KEPT_GROUP:
        add_group(m, field);
        return;
    case XD_KEPT_HOURS:
    case XD_KEPT_STRING:
    case XD_KEPT_FILE:
        break;
    }
    add_field(m, field, plain);
}

/* Once here rather than in every feature. */
static void write_keys(xd_arena *arena, prop_list *list)
{
    xd_buf key = {0};
    for (size_t i = 0; i < list->n; i++) {
        xd_buf_clear(&key);
        xd_buf_json(&key, list->at[i].name, false);
        xd_buf_byte(&key, ':');
        list->at[i].key = xd_buf_copy(&key, arena);
    }
    xd_buf_free(&key);
}

static void add_fields(maker *m)
{
    for (size_t i = 0; i < m->n_fields; i++) {
        if (xd_field_is_public(&m->fields[i])) {
            add_one(m, &m->fields[i]);
        }
    }
    write_keys(m->arena, &m->list);
}

/* What every record has, besides its fields. */
static const struct {
    xd_str name, zh, en;
} of_record[] = {
    {XD_STR("title"),       XD_STR("名称"),       XD_STR("Title")              },
    {XD_STR("number"),      XD_STR("编号"),       XD_STR("Number")             },
    {XD_STR("state"),       XD_STR("状态"),       XD_STR("State")              },
    {XD_STR("state_label"), XD_STR("状态名称"), XD_STR("State (label)")      },
    {XD_STR("confidence"),  XD_STR("可信度"),    XD_STR("Confidence")         },
    {XD_STR("source"),      XD_STR("来源"),       XD_STR("Source")             },
    {XD_STR("page"),        XD_STR("网页"),       XD_STR("Address of its page")},
};

/* ---- queryables ---------------------------------------------------------------------------- */

static bool queryable_kind(xd_kind kind)
{
    return kind != XD_KIND_GROUP && kind != XD_KIND_HOURS && kind != XD_KIND_FILE &&
           kind != XD_KIND_PLACE && kind != XD_KIND_QUERY;
}

static xd_prop_json json_of(const xd_field *field)
{
    return field->kind == XD_KIND_NUMBER
               ? (field->decimals > 0 ? XD_PROP_NUMBER : XD_PROP_INTEGER)
           : field->kind == XD_KIND_BOOLEAN ? XD_PROP_BOOLEAN
                                            : XD_PROP_STRING;
}

static xd_queryable *add_queryable(xd_arena *arena, queryable_list *list, xd_str name,
                                   const xd_field *field, xd_prop_json json)
{
    xd_queryable *q = xd_push(arena, list);
    *q = (xd_queryable){.name = name, .field = field, .json = json};
    for (int l = 0; l < XD_LANGS && field != NULL; l++) {
        q->title[l] = xd_label_in(&field->label, (xd_lang)l);
    }
    return q;
}

/* "over.name" for the parts of groups, and of link targets that may be reached. */
static void add_through(xd_arena *arena, queryable_list *list, const xd_field *over,
                        const xd_field *field)
{
    if (!xd_field_is_public(field) || !queryable_kind(field->kind)) {
        return;
    }
    xd_str name =
        xd_str_printf(arena, XD_FMT "." XD_FMT, XD_ARG(over->name), XD_ARG(field->name));
    for (size_t i = 0; i < list->n; i++) {
        if (xd_str_eq(list->at[i].name, name)) {
            return; /* two target types have a field of this name */
        }
    }
    xd_queryable *q = add_queryable(arena, list, name, field, json_of(field));
    for (int l = 0; l < XD_LANGS; l++) {
        q->title[l] = xd_str_printf(arena, XD_FMT " · " XD_FMT,
                                    XD_ARG(xd_label_in(&over->label, (xd_lang)l)),
                                    XD_ARG(xd_label_in(&field->label, (xd_lang)l)));
    }
}

static void add_queryables_of(xd_arena *arena, queryable_list *list, const xd_prop *props,
                              size_t n, const xd_field *field)
{
    if (queryable_kind(field->kind)) {
        add_queryable(arena, list, field->name, field, json_of(field));
    }
    for (size_t i = 0; i < n; i++) { /* the years of a period, where their names are free */
        if (props[i].field == field &&
            (props[i].part == XD_PROP_FROM || props[i].part == XD_PROP_TO)) {
            xd_queryable *q = add_queryable(arena, list, props[i].name, field, XD_PROP_INTEGER);
            memcpy(q->title, props[i].title, sizeof q->title);
        }
    }
    for (size_t i = 0; i < field->n_fields && field->kind == XD_KIND_GROUP; i++) {
        add_through(arena, list, field, &field->fields[i]);
    }
    for (size_t i = 0; i < field->n_to; i++) {
        for (size_t r = 0; r < field->reach.n; r++) {
            const xd_field *target = xd_field_find(field->to[i], field->reach.at[r]);
            if (target != NULL) {
                add_through(arena, list, field, target);
            }
        }
    }
}

static void make_queryables(xd_arena *arena, xd_props *props)
{
    static const size_t own[] = {1, 2, 4}; /* number, state, confidence */
    queryable_list list = {0};
    const xd_type *type = props->type;
    for (size_t i = 0; i < XD_LEN(own); i++) {
        xd_queryable *q =
            add_queryable(arena, &list, of_record[own[i]].name, NULL, XD_PROP_STRING);
        q->title[XD_ZH] = of_record[own[i]].zh;
        q->title[XD_EN] = of_record[own[i]].en;
    }
    for (size_t i = 0; i < type->n_fields; i++) {
        if (xd_field_is_public(&type->fields[i])) {
            add_queryables_of(arena, &list, props->at, props->n, &type->fields[i]);
        }
    }
    props->queryables = list.at;
    props->n_queryables = list.n;
}

static void make_sortables(xd_arena *arena, xd_props *props)
{
    XD_VEC(const xd_field *) list = {0};
    for (size_t i = 0; i < props->type->n_fields; i++) {
        const xd_field *field = &props->type->fields[i];
        if (field->sort && xd_field_is_public(field)) {
            *xd_push(arena, &list) = field;
        }
    }
    props->sortables = list.at;
    props->n_sortables = list.n;
}

const xd_props *xd_props_make(xd_arena *arena, const xd_model *model)
{
    size_t n = xd_model_types(model);
    xd_props *all = xd_new_n(arena, xd_props, n == 0 ? 1 : n);
    for (size_t t = 0; t < n; t++) {
        const xd_type *type = xd_model_type(model, t);
        maker m = {.arena = arena,
                   .fields = type->fields,
                   .n_fields = type->n_fields,
                   .place = type->place};
        for (size_t i = 0; i < XD_LEN(of_record); i++) {
            if (!taken(type->fields, type->n_fields, &m.list, of_record[i].name)) {
                *xd_push(arena, &m.list) = (xd_prop){
                    .name = of_record[i].name,
                    .part = XD_PROP_RECORD,
                    .title = {of_record[i].zh, of_record[i].en},
                };
            }
        }
        add_fields(&m);
        all[t] = (xd_props){.type = type, .at = m.list.at, .n = m.list.n};
        make_queryables(arena, &all[t]);
        make_sortables(arena, &all[t]);
    }
    return all;
}
