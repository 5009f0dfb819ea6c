/* A type file, and the groups of fields that types include. */
#include "model/bind.h"

/* First words of the address table and of what stands beside it: no type may live there. */
static const char *const reserved_paths[] = {
    "map",    "about",   "data",   "desk",   "verify",  "en",      "api",    "healthz",
    "readyz", "metrics", "assets", "static", "ui",      "feed",    "search", "sitemap",
    "robots", "favicon", "login",  "logout", "media",   "account", "admin",  "zh",
    "check",  "atom",    "door",   "home",   "changes",
};

bool xd_path_reserved(xd_str word)
{
    for (size_t i = 0; i < XD_LEN(reserved_paths); i++) {
        if (xd_str_eq(word, xd_str_of(reserved_paths[i]))) {
            return true;
        }
    }
    return false;
}

static void bind_keys(xd_bind *b, const xd_node *node, void *target)
{
    xd_draft_type *draft = target;
    static const xd_bind_key keys[] = {
        {"kind",      XD_WANT_NAME, true,  offsetof(xd_draft_key, key.kind),      0, NULL},
        {"fields",    XD_WANT_REFS, true,  offsetof(xd_draft_key, fields),        0, NULL},
        {"unique",    XD_WANT_BOOL, false, offsetof(xd_draft_key, key.unique),    0, NULL},
        {"by_source", XD_WANT_BOOL, false, offsetof(xd_draft_key, key.by_source), 0, NULL},
    };
    if (node->kind != XD_NODE_LIST) {
        xd_bind_fault(b, node, XD_S("keys"), XD_S("keys 是一个列表"), XD_S("keys is a list"));
        return;
    }
    for (size_t i = 0; i < node->items.n; i++) {
        xd_draft_key key = {.node = node->items.at[i]};
        if (xd_bind_map(b, key.node, keys, XD_LEN(keys), -1, &key)) {
            if (xd_str_eq(key.key.kind, XD_S("number"))) {
                xd_bind_fault(b, key.node, key.key.kind,
                              XD_S("number 已是编号的键，换一个名字"),
                              XD_S("\"number\" is the key of numbers already"));
            }
            *xd_push(b->arena, &draft->keys) = key;
        }
    }
}

static const xd_draft_group *find_group(const xd_bind *b, xd_str name)
{
    for (size_t i = 0; i < b->groups.n; i++) {
        if (xd_str_eq(b->groups.at[i].name, name)) {
            return &b->groups.at[i];
        }
    }
    return NULL;
}

static void take_field(xd_bind *b, xd_draft_type *draft, const xd_node *node)
{
    xd_draft_field field = {0};
    if (!xd_bind_field(b, node, false, &field)) {
        return;
    }
    for (size_t i = 0; i < draft->fields.n; i++) {
        if (xd_str_eq(draft->fields.at[i].field.name, field.field.name)) {
            XD_FAULT(b, node, field.field.name, "字段“" XD_FMT "”写了两次",
                     "the field \"" XD_FMT "\" stands here twice", XD_ARG(field.field.name));
            return;
        }
    }
    *xd_push(b->arena, &draft->fields) = field;
}

/* - {include: contacts} takes the fields of a group in at this place. */
static void take_group(xd_bind *b, xd_draft_type *draft, const xd_node *node)
{
    const xd_node *name = xd_node_get(node, XD_S("include"));
    const xd_draft_group *group = find_group(b, name->text);
    xd_str file = b->file;
    if (group == NULL) {
        XD_FAULT(b, name, XD_S("include"), "没有名为“" XD_FMT "”的字段组",
                 "there is no group \"" XD_FMT "\"", XD_ARG(name->text));
        return;
    }
    if (node->pairs.n > 1) {
        xd_bind_fault(b, node, XD_S("include"), XD_S("include 旁边不能写别的"),
                      XD_S("nothing else stands beside include"));
    }
    b->file = group->file;
    for (size_t i = 0; i < group->fields->items.n; i++) {
        take_field(b, draft, group->fields->items.at[i]);
    }
    b->file = file;
}

static void bind_fields(xd_bind *b, const xd_node *node, void *target)
{
    xd_draft_type *draft = target;
    if (node->kind != XD_NODE_LIST) {
        xd_bind_fault(b, node, XD_S("fields"), XD_S("fields 是一个列表"),
                      XD_S("fields is a list"));
        return;
    }
    for (size_t i = 0; i < node->items.n; i++) {
        if (xd_node_get(node->items.at[i], XD_S("include")) != NULL) {
            take_group(b, draft, node->items.at[i]);
        } else {
            take_field(b, draft, node->items.at[i]);
        }
    }
}

static void bind_rows(xd_bind *b, const xd_node *node, void *target)
{
    xd_draft_type *draft = target;
    xd_bind_aliases(b, node, NULL, &draft->row_aliases);
}

#define D(member) offsetof(xd_draft_type, member)
#define T(member) offsetof(xd_draft_type, type.member)
static const xd_bind_key type_keys[] = {
    {"type",       XD_WANT_NAME,  true,  T(name),       0, NULL            },
    {"path",       XD_WANT_TEXT,  true,  T(path),       0, NULL            },
    {"was",        XD_WANT_TEXTS, false, T(was),        0, NULL            },
    {"label",      XD_WANT_LABEL, true,  T(label),      0, NULL            },
    {"plural",     XD_WANT_LABEL, false, T(plural),     0, NULL            },
    {"about",      XD_WANT_LABEL, false, T(about),      0, NULL            },
    {"number",     XD_WANT_TEXT,  false, T(number),     0, NULL            },
    {"schema_org", XD_WANT_TEXTS, false, T(schema_org), 0, NULL            },
    {"flow",       XD_WANT_REF,   true,  D(flow),       0, NULL            },
    {"parent",     XD_WANT_REF,   false, D(parent),     0, NULL            },
    {"title",      XD_WANT_REF,   false, D(title),      0, NULL            },
    {"summary",    XD_WANT_REF,   false, D(summary),    0, NULL            },
    {"place",      XD_WANT_REF,   false, D(place),      0, NULL            },
    {"division",   XD_WANT_REF,   false, D(division),   0, NULL            },
    {"time",       XD_WANT_REF,   false, D(time),       0, NULL            },
    {"level",      XD_WANT_REF,   false, D(level),      0, NULL            },
    {"picture",    XD_WANT_REF,   false, D(picture),    0, NULL            },
    {"tree",       XD_WANT_REF,   false, D(tree),       0, NULL            },
    {"rest",       XD_WANT_REF,   false, D(rest),       0, NULL            },
    {"in_force",   XD_WANT_REF,   false, D(in_force),   0, NULL            },
    {"order",      XD_WANT_REF,   false, D(order),      0, NULL            },
    {"computed",   XD_WANT_OWN,   false, 0,             0, xd_bind_computed},
    {"guards",     XD_WANT_OWN,   false, 0,             0, xd_bind_guards  },
    {"list",       XD_WANT_REFS,  false, D(list),       0, NULL            },
    {"facets",     XD_WANT_REFS,  false, D(facets),     0, NULL            },
    {"filled",     XD_WANT_REFS,  false, D(filled),     0, NULL            },
    {"keys",       XD_WANT_OWN,   false, 0,             0, bind_keys       },
    {"rows",       XD_WANT_OWN,   false, 0,             0, bind_rows       },
    {"fields",     XD_WANT_OWN,   true,  0,             0, bind_fields     },
};
#undef D
#undef T

static void check_path(xd_bind *b, const xd_node *node, xd_str path)
{
    bool ok = path.n > 0 && path.n <= 40;
    for (size_t i = 0; i < path.n; i++) {
        char c = path.p[i];
        ok = ok && ((c >= 'a' && c <= 'z') || (i > 0 && (c == '-' || (c >= '0' && c <= '9'))));
    }
    if (path.n > 0 && !ok) {
        XD_FAULT(b, node, XD_S("path"), "路径“" XD_FMT "”只能用小写字母、数字和连字符",
                 "the path \"" XD_FMT "\" may have a-z, 0-9 and - only", XD_ARG(path));
    }
    if (!b->kept && xd_path_reserved(path)) {
        XD_FAULT(b, node, XD_S("path"), "路径“" XD_FMT "”是保留的，换一个",
                 "the path \"" XD_FMT "\" is reserved, choose another", XD_ARG(path));
    }
}

/* {division}, {year} and one {serial} or {serial:N}; the rest is ASCII that needs no escaping. */
static void check_number(xd_bind *b, const xd_node *node, xd_str pattern)
{
    size_t serials = 0, at = 0;
    bool ok = pattern.n <= 60;
    while (at < pattern.n && ok) {
        char c = pattern.p[at];
        if (c != '{') {
            ok = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
            at++;
            continue;
        }
        size_t end = xd_str_find(pattern, XD_S("}"), at);
        xd_str hole = xd_str_sub(pattern, at + 1, end == SIZE_MAX ? at + 1 : end);
        bool wide = hole.n == 8 && xd_str_starts(hole, XD_S("serial:")) && hole.p[7] >= '1' &&
                    hole.p[7] <= '9';
        serials += wide || xd_str_eq(hole, XD_S("serial")) ? 1 : 0;
        ok = wide || xd_str_eq(hole, XD_S("serial")) || xd_str_eq(hole, XD_S("division")) ||
             xd_str_eq(hole, XD_S("year"));
        at = end == SIZE_MAX ? pattern.n : end + 1;
    }
    if (pattern.n > 0 && (!ok || serials != 1)) {
        XD_FAULT(b, node, XD_S("number"),
                 "编号样式“" XD_FMT
                 "”要有一个 {serial:位数}，其余用大写字母、数字、-、{division}、{year}",
                 "the number pattern \"" XD_FMT
                 "\" has one {serial:width}; beside it A-Z, 0-9, -, "
                 "{division} and {year}",
                 XD_ARG(pattern));
    }
}

void xd_bind_type(xd_bind *b, const xd_node *root)
{
    xd_draft_type *draft = xd_new(b->arena, xd_draft_type);
    draft->node = root;
    draft->type.file = b->file;
    if (!xd_bind_map(b, root, type_keys, XD_LEN(type_keys), -1, draft)) {
        return;
    }
    check_path(b, root, draft->type.path);
    check_number(b, root, draft->type.number);
    if (draft->type.name.n > 0) {
        *xd_push(b->arena, &b->types) = draft;
    }
}

void xd_bind_group(xd_bind *b, const xd_node *root)
{
    struct {
        xd_str name;
        const xd_node *fields;
    } group = {0};
    static const xd_bind_key keys[] = {
        {"group",  XD_WANT_NAME, true, 0,              0, NULL},
        {"fields", XD_WANT_NODE, true, sizeof(xd_str), 0, NULL},
    };
    if (!xd_bind_map(b, root, keys, XD_LEN(keys), -1, &group) || group.fields == NULL) {
        return;
    }
    if (group.fields->kind != XD_NODE_LIST) {
        xd_bind_fault(b, group.fields, XD_S("fields"), XD_S("fields 是一个列表"),
                      XD_S("fields is a list"));
        return;
    }
    *xd_push(b->arena, &b->groups) =
        (xd_draft_group){.name = group.name, .fields = group.fields, .file = b->file};
}
