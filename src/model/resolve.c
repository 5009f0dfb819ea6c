/* The second pass: words in one file that mean something in another.
 *
 * Fields move into their final arrays first, so that pointers to them hold; then vocabularies,
 * links, conditions, keys and parts are looked up, each with the place it was written at. */
#include "model/bind.h"
#include "model/header.h"

static void fault_field(xd_bind *b, const xd_draft_field *draft, xd_str key, xd_str zh,
                        xd_str en)
{
    xd_fault_add(b->cx, b->faults, draft->field.file, draft->field.line, draft->node->column,
                 key, zh, en);
}

static xd_draft_type *draft_of(const xd_bind *b, const xd_type *type)
{
    for (size_t i = 0; i < b->types.n; i++) {
        if (&b->types.at[i]->type == type) {
            return b->types.at[i];
        }
    }
    return NULL;
}

static xd_field *field_of(xd_draft_type *draft, xd_str name)
{
    for (size_t i = 0; i < draft->fields.n; i++) {
        if (xd_str_eq(draft->fields.at[i].field.name, name)) {
            return (xd_field *)&draft->type.fields[i]; /* ours until the model is handed out */
        }
    }
    return NULL;
}

static void register_type(xd_bind *b, xd_draft_type *draft)
{
    xd_type *type = &draft->type;
    if (xd_map_get(b->model->types_by_name, type->name) != NULL) {
        XD_FAULT(b, draft->node, type->name, "类型“" XD_FMT "”写了两次",
                 "the type \"" XD_FMT "\" is written twice", XD_ARG(type->name));
        return;
    }
    if (xd_map_get(b->model->types_by_path, type->path) != NULL) {
        XD_FAULT(b, draft->node, XD_S("path"), "路径“" XD_FMT "”已被别的类型用了",
                 "another type has the path \"" XD_FMT "\"", XD_ARG(type->path));
        return;
    }
    type->at = b->model->types.n;
    *xd_push(b->arena, &b->model->types) = type;
    xd_map_put(b->model->types_by_name, type->name, type);
    xd_map_put(b->model->types_by_path, type->path, type);
}

static void place_fields(xd_bind *b, xd_draft_type *draft)
{
    xd_map *names = xd_map_make(b->arena);
    xd_field *fields = xd_new_n(b->arena, xd_field, draft->fields.n + 1);
    for (size_t i = 0; i < draft->fields.n; i++) {
        xd_draft_field *from = &draft->fields.at[i];
        fields[i] = from->field;
        fields[i].at = i;
        xd_field *inner = xd_new_n(b->arena, xd_field, from->fields.n + 1);
        for (size_t k = 0; k < from->fields.n; k++) {
            inner[k] = from->fields.at[k].field;
            inner[k].at = k;
        }
        fields[i].fields = inner;
        fields[i].n_fields = from->fields.n;
        xd_map_put(names, fields[i].name, &fields[i]);
    }
    draft->type.fields = fields;
    draft->type.n_fields = draft->fields.n;
    draft->type.by_name = names;
}

static void settle_vocabulary(xd_bind *b, const xd_draft_field *draft, xd_field *field)
{
    if (field->kind != XD_KIND_TERM && field->kind != XD_KIND_DIVISION) {
        return;
    }
    if (draft->vocabulary.name.n > 0) {
        field->vocabulary = xd_map_get(b->model->vocabularies_by_name, draft->vocabulary.name);
        if (field->vocabulary == NULL) {
            fault_field(b, draft, XD_S("vocabulary"),
                        xd_str_printf(b->arena, "没有名为“" XD_FMT "”的词表",
                                      XD_ARG(draft->vocabulary.name)),
                        xd_str_printf(b->arena, "there is no vocabulary \"" XD_FMT "\"",
                                      XD_ARG(draft->vocabulary.name)));
        }
    } else if (field->kind == XD_KIND_DIVISION) {
        field->vocabulary = b->model->divisions;
        if (field->vocabulary == NULL) {
            fault_field(b, draft, XD_S("vocabulary"), XD_S("没有标 home 的行政区划词表"),
                        XD_S("no vocabulary says home, so none is the divisions'"));
        }
    }
    if (field->kind == XD_KIND_DIVISION && field->vocabulary != NULL &&
        field->vocabulary != b->model->divisions && b->model->divisions != NULL) {
        fault_field(b, draft, XD_S("vocabulary"), XD_S("行政区划字段都要用同一个词表"),
                    XD_S("all division fields use the same vocabulary"));
    }
}

static void settle_links(xd_bind *b, const xd_draft_field *draft, xd_field *field)
{
    const xd_type **to = xd_new_n(b->arena, const xd_type *, draft->to.n + 1);
    for (size_t i = 0; i < draft->to.n; i++) {
        const xd_type *type = xd_map_get(b->model->types_by_name, draft->to.at[i].name);
        if (type == NULL) {
            fault_field(b, draft, XD_S("to"),
                        xd_str_printf(b->arena, "没有名为“" XD_FMT "”的类型",
                                      XD_ARG(draft->to.at[i].name)),
                        xd_str_printf(b->arena, "there is no type \"" XD_FMT "\"",
                                      XD_ARG(draft->to.at[i].name)));
        } else {
            to[field->n_to++] = type;
        }
    }
    field->to = to;
    for (size_t i = 0; i < field->reach.n; i++) {
        bool found = field->n_to == 0; /* said already */
        for (size_t k = 0; k < field->n_to; k++) {
            xd_draft_type *target = draft_of(b, field->to[k]);
            found = found || (target != NULL && field_of(target, field->reach.at[i]) != NULL);
        }
        if (!found) {
            fault_field(b, draft, XD_S("reach"),
                        xd_str_printf(b->arena, "所链接的类型没有字段“" XD_FMT "”",
                                      XD_ARG(field->reach.at[i])),
                        xd_str_printf(b->arena, "no linked type has a field \"" XD_FMT "\"",
                                      XD_ARG(field->reach.at[i])));
        }
    }
}

/* {field: code} or {field: [codes]}; a boolean's codes are true and false. */
static void settle_condition(xd_bind *b, xd_draft_type *type, const xd_node *node,
                             const xd_node *codes, xd_condition *ret_condition)
{
    xd_str name = node->pairs.at[0].key;
    xd_field *field = field_of(type, name);
    if (field == NULL) {
        XD_FAULT(b, node, name, "没有字段“" XD_FMT "”", "there is no field \"" XD_FMT "\"",
                 XD_ARG(name));
        return;
    }
    if (field->kind != XD_KIND_TERM && field->kind != XD_KIND_BOOLEAN &&
        field->kind != XD_KIND_DIVISION) {
        XD_FAULT(b, node, name, "条件只能看 term、division、boolean 字段，“" XD_FMT "”不是",
                 "a condition looks at term, division or boolean fields; \"" XD_FMT
                 "\" is none",
                 XD_ARG(name));
        return;
    }
    if (codes == NULL) {
        *xd_push(b->arena, &ret_condition->codes) = XD_S("true");
    } else {
        xd_bind_texts(b, codes, name, &ret_condition->codes);
    }
    for (size_t i = 0; i < ret_condition->codes.n; i++) {
        xd_str code = ret_condition->codes.at[i];
        bool truth = xd_str_eq(code, XD_S("true")) || xd_str_eq(code, XD_S("false"));
        bool known =
            field->kind == XD_KIND_BOOLEAN
                ? truth
                : field->vocabulary == NULL || xd_term_find(field->vocabulary, code) != NULL;
        if (!known) {
            XD_FAULT(b, node, name, "“" XD_FMT "”没有这个值：“" XD_FMT "”",
                     "\"" XD_FMT "\" has no value \"" XD_FMT "\"", XD_ARG(name), XD_ARG(code));
        }
    }
    ret_condition->field = field;
}

static void settle_conditions(xd_bind *b, xd_draft_type *type, const xd_draft_field *draft,
                              xd_field *field)
{
    if (draft->when != NULL) {
        if (draft->when->kind != XD_NODE_MAP || draft->when->pairs.n != 1) {
            xd_bind_fault(b, draft->when, XD_S("when"), XD_S("when 写成 {字段: [代码]}"),
                          XD_S("when is {field: [codes]}"));
        } else {
            settle_condition(b, type, draft->when, draft->when->pairs.at[0].value,
                             &field->when);
        }
    }
    if (draft->coarse_when != NULL) {
        const xd_node *rule = draft->coarse_when->pairs.at[0].value;
        settle_condition(b, type, draft->coarse_when, xd_node_get(rule, XD_S("is")),
                         &field->coarse_when);
    }
}

/* siblings: the fields that a name must not be taken from. */
static void check_was(xd_bind *b, const xd_draft_field *draft, const xd_field *field,
                      const xd_field *siblings, size_t n)
{
    for (size_t i = 0; i < field->was.n; i++) {
        bool taken = !xd_bind_name_ok(field->was.at[i]);
        for (size_t k = 0; k < n; k++) {
            taken = taken || xd_str_eq(siblings[k].name, field->was.at[i]);
        }
        if (taken) {
            fault_field(b, draft, XD_S("was"),
                        xd_str_printf(b->arena, "was 写以前的名字，“" XD_FMT "”不是或仍在用",
                                      XD_ARG(field->was.at[i])),
                        xd_str_printf(b->arena,
                                      "was holds names of the past; \"" XD_FMT
                                      "\" is none, or still in use",
                                      XD_ARG(field->was.at[i])));
        }
    }
}

static void check_see(xd_bind *b, const xd_draft_field *draft, const xd_field *field)
{
    for (size_t i = 0; i < field->see.n; i++) {
        bool known = false;
        for (size_t k = 0; k < b->model->roles.n; k++) {
            known = known || xd_str_eq(b->model->roles.at[k].name, field->see.at[i]);
        }
        if (!known) {
            fault_field(
                b, draft, XD_S("see"),
                xd_str_printf(b->arena, "没有名为“" XD_FMT "”的角色", XD_ARG(field->see.at[i])),
                xd_str_printf(b->arena, "there is no role \"" XD_FMT "\"",
                              XD_ARG(field->see.at[i])));
        }
    }
}

/* A period gives the queryables name_from and name_to: no field may be called so. */
static void check_clash(xd_bind *b, xd_draft_type *type, const xd_draft_field *draft,
                        const xd_field *field)
{
    static const char *const ends[] = {"_from", "_to"};
    for (size_t i = 0; field->kind == XD_KIND_PERIOD && !b->kept && i < XD_LEN(ends); i++) {
        xd_str name = xd_str_join(b->arena, field->name, xd_str_of(ends[i]));
        if (field_of(type, name) != NULL) {
            fault_field(b, draft, name,
                        xd_str_printf(b->arena, "时间字段“" XD_FMT "”占用了名字“" XD_FMT "”",
                                      XD_ARG(field->name), XD_ARG(name)),
                        xd_str_printf(b->arena,
                                      "the period \"" XD_FMT "\" already gives \"" XD_FMT "\"",
                                      XD_ARG(field->name), XD_ARG(name)));
        }
    }
}

static void settle_otherwise(xd_bind *b, xd_draft_type *type, const xd_draft_field *draft,
                             xd_field *field)
{
    if (draft->otherwise.name.n == 0) {
        return;
    }
    field->otherwise = field_of(type, draft->otherwise.name);
    bool names = field->otherwise != NULL && field->kind == XD_KIND_TERM &&
                 field->otherwise->kind == XD_KIND_LINK && field->otherwise->many;
    if (field->otherwise == NULL || (field->otherwise->kind != XD_KIND_TEXT && !names)) {
        XD_FAULT(b, draft->otherwise.node, XD_S("otherwise"),
                 "otherwise 要指一个 text 字段，“" XD_FMT "”不是",
                 "otherwise names a text field; \"" XD_FMT "\" is none",
                 XD_ARG(draft->otherwise.name));
        field->otherwise = NULL;
    }
}

static void settle_fields(xd_bind *b, xd_draft_type *type)
{
    for (size_t i = 0; i < type->fields.n; i++) {
        xd_draft_field *draft = &type->fields.at[i];
        xd_field *field = (xd_field *)&type->type.fields[i]; /* ours until handed out */
        settle_vocabulary(b, draft, field);
        settle_links(b, draft, field);
        settle_otherwise(b, type, draft, field);
        check_was(b, draft, field, type->type.fields, type->type.n_fields);
        check_see(b, draft, field);
        check_clash(b, type, draft, field);
        for (size_t k = 0; k < draft->fields.n; k++) {
            settle_vocabulary(b, &draft->fields.at[k], (xd_field *)&field->fields[k]);
            check_was(b, &draft->fields.at[k], &field->fields[k], field->fields,
                      field->n_fields);
            check_see(b, &draft->fields.at[k], &field->fields[k]);
        }
    }
    for (size_t i = 0; i < type->fields.n; i++) { /* conditions look at settled vocabularies */
        settle_conditions(b, type, &type->fields.at[i], (xd_field *)&type->type.fields[i]);
    }
}

static const xd_field *settle_role(xd_bind *b, xd_draft_type *draft, const xd_ref *ref,
                                   const char *role, unsigned kinds)
{
    if (ref->name.n == 0) {
        return NULL;
    }
    const xd_field *field = field_of(draft, ref->name);
    if (field == NULL) {
        XD_FAULT(b, ref->node, xd_str_of(role), "没有字段“" XD_FMT "”",
                 "there is no field \"" XD_FMT "\"", XD_ARG(ref->name));
    } else if ((kinds >> field->kind & 1) == 0) {
        XD_FAULT(b, ref->node, xd_str_of(role), "“" XD_FMT "”的种类 " XD_FMT " 不能当 %s",
                 "\"" XD_FMT "\" is a " XD_FMT ", which cannot be the %s", XD_ARG(ref->name),
                 XD_ARG(xd_kinds[field->kind].name), role);
        return NULL;
    } else if (field->hidden) {
        XD_FAULT(b, ref->node, xd_str_of(role), "“" XD_FMT "”不公开，不能当 %s",
                 "\"" XD_FMT "\" is not public and cannot be the %s", XD_ARG(ref->name), role);
    }
    return field;
}

static const xd_field **settle_refs(xd_bind *b, xd_draft_type *draft, const xd_refs *refs,
                                    const char *key, size_t *ret_n)
{
    const xd_field **list = xd_new_n(b->arena, const xd_field *, refs->n + 1);
    size_t n = 0;
    for (size_t i = 0; i < refs->n; i++) {
        const xd_field *field = field_of(draft, refs->at[i].name);
        if (field == NULL) {
            XD_FAULT(b, refs->at[i].node, xd_str_of(key), "没有字段“" XD_FMT "”",
                     "there is no field \"" XD_FMT "\"", XD_ARG(refs->at[i].name));
        } else {
            list[n++] = field;
        }
    }
    *ret_n = n;
    return list;
}

static void settle_roles(xd_bind *b, xd_draft_type *draft)
{
    const unsigned text = 1u << XD_KIND_TEXT | 1u << XD_KIND_MARKDOWN;
    xd_type *type = &draft->type;
    type->title = settle_role(b, draft, &draft->title, "title", 1u << XD_KIND_TEXT);
    type->summary = settle_role(b, draft, &draft->summary, "summary", text);
    type->place = settle_role(b, draft, &draft->place, "place", 1u << XD_KIND_PLACE);
    type->division =
        settle_role(b, draft, &draft->division, "division", 1u << XD_KIND_DIVISION);
    type->time = settle_role(b, draft, &draft->time, "time", 1u << XD_KIND_PERIOD);
    type->level = settle_role(b, draft, &draft->level, "level", 1u << XD_KIND_TERM);
    type->rest = settle_role(b, draft, &draft->rest, "rest", 1u << XD_KIND_TEXT);
    type->picture = settle_role(b, draft, &draft->picture, "picture", 1u << XD_KIND_FILE);
    type->in_force = settle_role(b, draft, &draft->in_force, "in_force", 1u << XD_KIND_PERIOD);
    type->order =
        settle_role(b, draft, &draft->order, "order",
                    1u << XD_KIND_NUMBER | 1u << XD_KIND_IDENTIFIER | 1u << XD_KIND_TEXT);
    type->parent_field = settle_role(b, draft, &draft->parent, "parent", 1u << XD_KIND_LINK);
    if (type->parent_field != NULL && type->parent_field->n_to == 1) {
        type->parent = type->parent_field->to[0];
    } else if (type->parent_field != NULL) {
        xd_bind_fault(b, draft->parent.node, XD_S("parent"), XD_S("上级字段只能链接一个类型"),
                      XD_S("the parent field links to one type"));
    }
    type->tree = settle_role(b, draft, &draft->tree, "tree", 1u << XD_KIND_LINK);
    if (type->tree != NULL &&
        (type->tree->n_to != 1 || type->tree->to[0] != type || type->tree->many)) {
        xd_bind_fault(b, draft->tree.node, XD_S("tree"),
                      XD_S("tree 要指一个只链接本类型、单值的字段"),
                      XD_S("tree names a single link to this same type"));
        type->tree = NULL;
    }
    if (xd_str_find(type->number, XD_S("{division}"), 0) != SIZE_MAX &&
        type->division == NULL) {
        xd_bind_fault(b, draft->node, XD_S("number"),
                      XD_S("编号里有 {division}，要写 division"),
                      XD_S("the number has {division}: say which field is the division"));
    }
    if (xd_str_find(type->number, XD_S("{year}"), 0) != SIZE_MAX && type->time == NULL) {
        xd_bind_fault(b, draft->node, XD_S("number"), XD_S("编号里有 {year}，要写 time"),
                      XD_S("the number has {year}: say which field is the time"));
    }
}

static void settle_lists(xd_bind *b, xd_draft_type *draft)
{
    xd_type *type = &draft->type;
    type->list = settle_refs(b, draft, &draft->list, "list", &type->n_list);
    type->facets = settle_refs(b, draft, &draft->facets, "facets", &type->n_facets);
    type->filled = settle_refs(b, draft, &draft->filled, "filled", &type->n_filled);
    for (size_t i = 0; i < type->n_facets; i++) {
        if (type->facets[i]->facet == XD_FACET_NONE) {
            XD_FAULT(b, draft->facets.at[i].node, XD_S("facets"),
                     "字段“" XD_FMT "”没有写 facet", "the field \"" XD_FMT "\" has no facet",
                     XD_ARG(type->facets[i]->name));
        }
    }
    if (draft->facets.n == 0) { /* all that have one, in their order */
        const xd_field **facets = xd_new_n(b->arena, const xd_field *, type->n_fields + 1);
        for (size_t i = 0; i < type->n_fields; i++) {
            if (type->fields[i].facet != XD_FACET_NONE) {
                facets[type->n_facets++] = &type->fields[i];
            }
        }
        type->facets = facets;
    }
    xd_key *keys = xd_new_n(b->arena, xd_key, draft->keys.n + 1);
    for (size_t i = 0; i < draft->keys.n; i++) {
        keys[i] = draft->keys.at[i].key;
        keys[i].fields = settle_refs(b, draft, &draft->keys.at[i].fields, "keys", &keys[i].n);
    }
    type->keys = keys;
    type->n_keys = draft->keys.n;
}

static void settle_type(xd_bind *b, xd_draft_type *draft)
{
    for (size_t i = 0; i < b->model->flows.n; i++) {
        if (xd_str_eq(b->model->flows.at[i]->name, draft->flow.name)) {
            draft->type.flow = b->model->flows.at[i];
        }
    }
    if (draft->type.flow == NULL && draft->flow.name.n > 0) {
        XD_FAULT(b, draft->flow.node, XD_S("flow"), "没有名为“" XD_FMT "”的流程",
                 "there is no flow \"" XD_FMT "\"", XD_ARG(draft->flow.name));
    }
    settle_fields(b, draft);
    settle_roles(b, draft);
    settle_lists(b, draft);
    if (draft->type.title != NULL) {
        ((xd_field *)draft->type.title)->sort = true; /* a name can always be sorted by */
    }
    draft->type.row_aliases = draft->row_aliases.at;
    draft->type.n_row_aliases = draft->row_aliases.n;
}

static void settle_reverses(xd_bind *b, xd_type *type)
{
    XD_VEC(xd_reverse) list = {0};
    for (size_t i = 0; i < b->model->types.n; i++) {
        const xd_type *from = b->model->types.at[i];
        for (size_t k = 0; k < from->n_fields; k++) {
            for (size_t t = 0; t < from->fields[k].n_to; t++) {
                if (from->fields[k].to[t] == type) {
                    *xd_push(b->arena, &list) =
                        (xd_reverse){.from = from, .field = &from->fields[k]};
                }
            }
        }
    }
    type->reverses = list.at;
    type->n_reverses = list.n;
}

/* The vocabulary of divisions is the one that says what goes without saying. */
static void find_divisions(xd_bind *b)
{
    for (size_t i = 0; i < b->model->vocabularies.n; i++) {
        const xd_vocabulary *vocabulary = b->model->vocabularies.at[i];
        if (vocabulary->home != NULL && b->model->divisions == NULL) {
            b->model->divisions = vocabulary;
        } else if (vocabulary->home != NULL) {
            b->file = XD_S("vocabularies");
            XD_FAULT(b, NULL, XD_S("home"), "只能有一个词表写 home，“" XD_FMT "”也写了",
                     "one vocabulary alone says home; so does \"" XD_FMT "\"",
                     XD_ARG(vocabulary->name));
        }
    }
}

void xd_bind_resolve(xd_bind *b)
{
    find_divisions(b);
    for (size_t i = 0; i < b->types.n; i++) {
        b->file = b->types.at[i]->type.file;
        register_type(b, b->types.at[i]);
        place_fields(b, b->types.at[i]);
        xd_bind_computed_place(b, b->types.at[i]);
    }
    for (size_t i = 0; i < b->types.n; i++) {
        xd_draft_type *draft = b->types.at[i];
        b->file = draft->type.file;
        settle_type(b, draft);
        for (size_t k = 0; k < draft->type.was.n; k++) {
            if (xd_map_get(b->model->types_by_name, draft->type.was.at[k]) != NULL) {
                XD_FAULT(b, draft->node, XD_S("was"), "“" XD_FMT "”仍是类型的名字",
                         "\"" XD_FMT "\" is still the name of a type",
                         XD_ARG(draft->type.was.at[k]));
            } else {
                xd_map_put(b->model->types_by_name, draft->type.was.at[k], &draft->type);
            }
        }
    }
    for (size_t i = 0; i < b->model->types.n; i++) {
        b->file = b->model->types.at[i]->file;
        settle_reverses(b, b->model->types.at[i]);
        xd_bind_headers(b, b->model->types.at[i]);
    }
    for (size_t i = 0; i < b->types.n; i++) {
        b->file = b->types.at[i]->type.file;
        xd_bind_computed_settle(b, b->types.at[i]);
    }
}
