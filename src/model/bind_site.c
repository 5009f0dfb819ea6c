/* site.yaml: its own keys, and every name in it that stands for something of the model.
 *
 * Looked at last, when types, fields and terms are there. What the pages make of it is the web
 * room's business; here only what cannot be meant is a fault. A model the log keeps was judged
 * when it was applied and is only read. */
#include "model/bind.h"

#define HOME_PAGE "home" /* a page word that is no address of its own */

typedef struct site_item { /* of the menu, of a door, of home's doors */
    xd_ref type, page, door;
    xd_label label, hint;
    xd_str anchor;
    const xd_node *items;
} site_item;

#define I(member) offsetof(site_item, member)
static const xd_bind_key item_keys[] = {
    {"type",   XD_WANT_REF,   false, I(type),   0, NULL},
    {"page",   XD_WANT_REF,   false, I(page),   0, NULL},
    {"door",   XD_WANT_REF,   false, I(door),   0, NULL},
    {"label",  XD_WANT_LABEL, false, I(label),  0, NULL},
    {"hint",   XD_WANT_LABEL, false, I(hint),   0, NULL},
    {"anchor", XD_WANT_TEXT,  false, I(anchor), 0, NULL},
    {"items",  XD_WANT_NODE,  false, I(items),  0, NULL},
};
#undef I

typedef struct site_draft {
    xd_label label;
    xd_str text;
    int64_t number;
    const xd_node *region, *menu, *home, *plates, *visit, *map, *about, *settings, *any;
    const xd_node *chips, *table, *doors, *terms, *relief, *box, *also;
    xd_ref type, field, code, page;
} site_draft;
#define S(member) offsetof(site_draft, member)

/* ---- names ---------------------------------------------------------------------------------- */

static const xd_type *find_type(xd_bind *b, const xd_node *node, xd_str name)
{
    const xd_type *type = name.n == 0 ? NULL : xd_type_find(b->model, name);
    if (type != NULL || name.n == 0) {
        return type;
    }
    xd_strs names = {0};
    for (size_t i = 0; i < b->model->types.n; i++) {
        *xd_push(b->arena, &names) = b->model->types.at[i]->name;
    }
    xd_str near = xd_nearest(name, &names);
    if (near.n > 0) {
        XD_FAULT(b, node, name, "没有类型“" XD_FMT "”，是不是“" XD_FMT "”？",
                 "there is no type \"" XD_FMT "\", is it \"" XD_FMT "\"?", XD_ARG(name),
                 XD_ARG(near));
    } else {
        XD_FAULT(b, node, name, "没有类型“" XD_FMT "”", "there is no type \"" XD_FMT "\"",
                 XD_ARG(name));
    }
    return NULL;
}

static const xd_field *find_field(xd_bind *b, const xd_node *node, const xd_type *type,
                                  xd_str name)
{
    const xd_field *field = type == NULL || name.n == 0 ? NULL : xd_field_find(type, name);
    if (field == NULL && type != NULL && name.n > 0) {
        XD_FAULT(b, node, name, "类型“" XD_FMT "”没有字段“" XD_FMT "”",
                 "the type \"" XD_FMT "\" has no field \"" XD_FMT "\"", XD_ARG(type->name),
                 XD_ARG(name));
    }
    return field;
}

static void find_term(xd_bind *b, const xd_node *node, const xd_field *field, xd_str code)
{
    if (field != NULL && field->vocabulary != NULL && code.n > 0 &&
        xd_term_find(field->vocabulary, code) == NULL) {
        XD_FAULT(b, node, code, "词表“" XD_FMT "”没有代码“" XD_FMT "”",
                 "the vocabulary \"" XD_FMT "\" has no code \"" XD_FMT "\"",
                 XD_ARG(field->vocabulary->name), XD_ARG(code));
    }
}

static bool want_list(xd_bind *b, const xd_node *node, const char *key)
{
    if (node != NULL && node->kind != XD_NODE_LIST) {
        XD_FAULT(b, node, xd_str_of(key), "%s 是一个列表", "%s is a list", key);
    }
    return node != NULL && node->kind == XD_NODE_LIST;
}

static bool want_map(xd_bind *b, const xd_node *node, const char *key)
{
    if (node != NULL && node->kind != XD_NODE_MAP) {
        XD_FAULT(b, node, xd_str_of(key), "%s 写成 键: 值", "%s is a map", key);
    }
    return node != NULL && node->kind == XD_NODE_MAP;
}

/* ---- menu and doors -------------------------------------------------------------------------- */

/* A page is named by the first word of its address, or by more of it: data, data/overview. */
static void check_page(xd_bind *b, const xd_ref *page)
{
    size_t slash = xd_str_find(page->name, XD_S("/"), 0);
    xd_str word = slash == SIZE_MAX ? page->name : xd_str_sub(page->name, 0, slash);
    if (page->name.n > 0 && !xd_str_eq(page->name, XD_S(HOME_PAGE)) &&
        !xd_path_reserved(word)) {
        XD_FAULT(b, page->node, page->name, "没有页面“" XD_FMT "”",
                 "there is no page \"" XD_FMT "\"", XD_ARG(page->name));
    }
}

typedef struct site_menu {
    xd_strs doors;
    XD_VEC(const xd_type *) types; /* named in a door */
} site_menu;

static bool has_name(const xd_strs *names, xd_str name)
{
    for (size_t i = 0; i < names->n; i++) {
        if (xd_str_eq(names->at[i], name)) {
            return true;
        }
    }
    return false;
}

/* One way to go: a type's list or a page, and on the home page also a door. */
static void check_item(xd_bind *b, const xd_node *node, const site_item *item, bool in_door,
                       site_menu *menu)
{
    int ways = (item->type.name.n > 0) + (item->page.name.n > 0) + (item->door.name.n > 0);
    if (ways != 1) {
        xd_bind_fault(b, node, XD_S("type"), XD_S("写 type、page、door 中的一个"),
                      XD_S("one of type, page and door is wanted"));
    }
    if (item->page.name.n > 0 && item->label.in[XD_ZH].n == 0) {
        xd_bind_fault(b, node, XD_S("label"), XD_S("页面要写 label"),
                      XD_S("a page wants a label"));
    }
    check_page(b, &item->page);
    const xd_type *type = find_type(b, item->type.node, item->type.name);
    for (size_t i = 0; in_door && type != NULL && i < menu->types.n; i++) {
        if (menu->types.at[i] == type) {
            XD_FAULT(b, item->type.node, type->name, "类型“" XD_FMT "”已在别的栏目里",
                     "the type \"" XD_FMT "\" stands behind a door already",
                     XD_ARG(type->name));
        }
    }
    if (in_door && type != NULL) {
        *xd_push(b->arena, &menu->types) = type;
    }
}

static void check_door(xd_bind *b, const xd_node *node, const site_item *door, site_menu *menu)
{
    if (!xd_bind_name_ok(door->door.name)) {
        XD_FAULT(b, door->door.node, XD_S("door"),
                 "栏目名“" XD_FMT "”只能用小写字母、数字和下划线",
                 "the door's name \"" XD_FMT "\" may have a-z, 0-9 and _ only",
                 XD_ARG(door->door.name));
    }
    if (has_name(&menu->doors, door->door.name)) {
        XD_FAULT(b, door->door.node, door->door.name, "栏目“" XD_FMT "”写了两次",
                 "the door \"" XD_FMT "\" stands here twice", XD_ARG(door->door.name));
    }
    *xd_push(b->arena, &menu->doors) = door->door.name;
    if (door->label.in[XD_ZH].n == 0) {
        xd_bind_fault(b, node, XD_S("label"), XD_S("栏目要写 label"),
                      XD_S("a door wants a label"));
    }
    for (size_t i = 0; want_list(b, door->items, "items") && i < door->items->items.n; i++) {
        site_item item = {0};
        const xd_node *at = door->items->items.at[i];
        if (xd_bind_map(b, at, item_keys, XD_LEN(item_keys), -1, &item)) {
            if (item.door.name.n > 0 || item.items != NULL) {
                xd_bind_fault(b, at, XD_S("door"), XD_S("栏目里不能再套栏目"),
                              XD_S("no door stands within a door"));
            } else {
                check_item(b, at, &item, true, menu);
            }
        }
    }
}

static void check_menu(xd_bind *b, const xd_node *list, site_menu *menu)
{
    for (size_t i = 0; want_list(b, list, "menu") && i < list->items.n; i++) {
        site_item item = {0};
        const xd_node *at = list->items.at[i];
        if (!xd_bind_map(b, at, item_keys, XD_LEN(item_keys), -1, &item)) {
            continue;
        }
        if (item.door.name.n > 0) {
            check_door(b, at, &item, menu);
        } else {
            check_item(b, at, &item, false, menu);
        }
    }
}

/* ---- the home page --------------------------------------------------------------------------- */

static void check_chips(xd_bind *b, const xd_node *node, const xd_type *type)
{
    static const xd_bind_key keys[] = {
        {"field", XD_WANT_REF,  true, S(field), 0, NULL},
        {"terms", XD_WANT_NODE, true, S(terms), 0, NULL},
    };
    static const xd_bind_key term_keys[] = {
        {"code",  XD_WANT_REF,   true,  S(code),  0, NULL},
        {"label", XD_WANT_LABEL, false, S(label), 0, NULL},
    };
    site_draft chips = {0};
    if (node == NULL || !xd_bind_map(b, node, keys, XD_LEN(keys), -1, &chips)) {
        return;
    }
    const xd_field *field = find_field(b, chips.field.node, type, chips.field.name);
    for (size_t i = 0; want_list(b, chips.terms, "terms") && i < chips.terms->items.n; i++) {
        site_draft term = {0};
        if (xd_bind_map(b, chips.terms->items.at[i], term_keys, XD_LEN(term_keys), -1, &term)) {
            find_term(b, term.code.node, field, term.code.name);
        }
    }
}

static void check_table(xd_bind *b, const xd_node *node)
{
    static const xd_bind_key keys[] = {
        {"title", XD_WANT_LABEL, false, S(label), 0, NULL},
        {"also",  XD_WANT_NODE,  false, S(also),  0, NULL},
    };
    site_draft table = {0};
    if (node == NULL || !xd_bind_map(b, node, keys, XD_LEN(keys), -1, &table)) {
        return;
    }
    for (size_t i = 0; want_list(b, table.also, "also") && i < table.also->items.n; i++) {
        (void)find_type(b, table.also->items.at[i], table.also->items.at[i]->text);
    }
}

static void check_home(xd_bind *b, const xd_node *node, site_menu *menu)
{
    static const xd_bind_key keys[] = {
        {"type",       XD_WANT_REF,   false, S(type),   0, NULL},
        {"title",      XD_WANT_LABEL, false, S(label),  0, NULL},
        {"intro",      XD_WANT_LABEL, false, S(label),  0, NULL},
        {"chips",      XD_WANT_NODE,  false, S(chips),  0, NULL},
        {"years_from", XD_WANT_INT,   false, S(number), 0, NULL},
        {"stories",    XD_WANT_INT,   false, S(number), 0, NULL},
        {"table",      XD_WANT_NODE,  false, S(table),  0, NULL},
        {"doors",      XD_WANT_NODE,  false, S(doors),  0, NULL},
    };
    site_draft home = {0};
    if (node == NULL || !xd_bind_map(b, node, keys, XD_LEN(keys), -1, &home)) {
        return;
    }
    check_chips(b, home.chips, find_type(b, home.type.node, home.type.name));
    check_table(b, home.table);
    for (size_t i = 0; want_list(b, home.doors, "doors") && i < home.doors->items.n; i++) {
        site_item item = {0};
        const xd_node *at = home.doors->items.at[i];
        if (!xd_bind_map(b, at, item_keys, XD_LEN(item_keys), -1, &item)) {
            continue;
        }
        check_item(b, at, &item, false, menu);
        if (item.door.name.n > 0 && !has_name(&menu->doors, item.door.name)) {
            XD_FAULT(b, item.door.node, item.door.name, "菜单里没有栏目“" XD_FMT "”",
                     "the menu has no door \"" XD_FMT "\"", XD_ARG(item.door.name));
        }
    }
}

/* ---- plates, visits, map, about -------------------------------------------------------------- */

static void check_plates(xd_bind *b, const xd_node *node)
{
    for (size_t i = 0; want_map(b, node, "plates") && i < node->pairs.n; i++) {
        const xd_pair *pair = &node->pairs.at[i];
        const xd_node at = {.line = pair->line, .column = pair->column};
        const xd_type *type = find_type(b, &at, pair->key);
        if (type != NULL && type->level == NULL) {
            XD_FAULT(b, &at, pair->key, "类型“" XD_FMT "”没有 level",
                     "the type \"" XD_FMT "\" has no level", XD_ARG(pair->key));
        }
        for (size_t k = 0; want_map(b, pair->value, "plates") && k < pair->value->pairs.n;
             k++) {
            const xd_pair *plate = &pair->value->pairs.at[k];
            const xd_node there = {.line = plate->line, .column = plate->column};
            xd_label label = {0};
            xd_bind_label(b, plate->value, plate->key, &label);
            find_term(b, &there, type == NULL ? NULL : type->level, plate->key);
        }
    }
}

static void check_visits(xd_bind *b, const xd_node *node)
{
    for (size_t i = 0; want_map(b, node, "visit") && i < node->pairs.n; i++) {
        const xd_pair *pair = &node->pairs.at[i];
        const xd_node at = {.line = pair->line, .column = pair->column};
        const xd_type *type = find_type(b, &at, pair->key);
        for (size_t k = 0; want_list(b, pair->value, "visit") && k < pair->value->items.n;
             k++) {
            const xd_node *name = pair->value->items.at[k];
            (void)find_field(b, name, type, name->text); /* a fault is said there */
        }
    }
}

static void check_map(xd_bind *b, const xd_node *node)
{
    static const xd_bind_key keys[] = {
        {"short",  XD_WANT_NODE,  false, S(any),    0, NULL}, /* an empty one takes nothing off */
        {"relief", XD_WANT_NODE,  false, S(relief), 0, NULL},
        {"credit", XD_WANT_LABEL, false, S(label),  0, NULL},
    };
    static const xd_bind_key relief_keys[] = {
        {"asset", XD_WANT_TEXT, true, S(text), 0, NULL},
        {"box",   XD_WANT_NODE, true, S(box),  0, NULL},
    };
    site_draft map = {0}, relief = {0};
    if (node == NULL || !xd_bind_map(b, node, keys, XD_LEN(keys), -1, &map) ||
        map.relief == NULL ||
        !xd_bind_map(b, map.relief, relief_keys, XD_LEN(relief_keys), -1, &relief) ||
        relief.box == NULL) {
        return;
    }
    bool right = relief.box->kind == XD_NODE_LIST && relief.box->items.n == 4;
    for (size_t i = 0; right && i < 4; i++) {
        int64_t side;
        right =
            xd_node_int(relief.box->items.at[i], &side) && side >= -1800000 && side <= 1800000;
    }
    if (!right) {
        xd_bind_fault(b, relief.box, XD_S("box"),
                      XD_S("box 写成 [西, 南, 东, 北]，单位万分之一度"),
                      XD_S("box is [west, south, east, north] in 1/10000 degree"));
    }
}

static void check_about(xd_bind *b, const xd_node *node)
{
    static const xd_bind_key keys[] = {
        {"page",  XD_WANT_NAME,  true, S(text),  0, NULL},
        {"label", XD_WANT_LABEL, true, S(label), 0, NULL},
    };
    for (size_t i = 0; want_list(b, node, "about") && i < node->items.n; i++) {
        site_draft page = {0};
        (void)xd_bind_map(b, node->items.at[i], keys, XD_LEN(keys), -1,
                          &page); /* faults are said there */
    }
}

/* ---- the whole ------------------------------------------------------------------------------- */

static void check_region(xd_bind *b, const xd_node *node)
{
    if (node != NULL && b->model->divisions != NULL &&
        xd_term_find(b->model->divisions, node->text) == NULL) {
        XD_FAULT(b, node, XD_S("region"), "没有行政区划“" XD_FMT "”",
                 "there is no division \"" XD_FMT "\"", XD_ARG(node->text));
    }
}

void xd_bind_site(xd_bind *b, const xd_node *root)
{
    static const xd_bind_key keys[] = {
        {"name",     XD_WANT_LABEL, false, S(label),    0, NULL},
        {"tagline",  XD_WANT_LABEL, false, S(label),    0, NULL},
        {"service",  XD_WANT_LABEL, false, S(label),    0, NULL},
        {"region",   XD_WANT_NODE,  false, S(region),   0, NULL},
        {"menu",     XD_WANT_NODE,  false, S(menu),     0, NULL},
        {"home",     XD_WANT_NODE,  false, S(home),     0, NULL},
        {"plates",   XD_WANT_NODE,  false, S(plates),   0, NULL},
        {"visit",    XD_WANT_NODE,  false, S(visit),    0, NULL},
        {"map",      XD_WANT_NODE,  false, S(map),      0, NULL},
        {"about",    XD_WANT_NODE,  false, S(about),    0, NULL},
        {"settings", XD_WANT_NODE,  false, S(settings), 0, NULL},
    };
    site_draft site = {0};
    site_menu menu = {0};
    b->model->site = xd_tree_to_plain_json(b->arena, root);
    if (b->kept || !xd_bind_map(b, root, keys, XD_LEN(keys), -1, &site)) {
        return;
    }
    check_region(b, site.region);
    check_menu(b, site.menu, &menu);
    check_home(b, site.home, &menu);
    check_plates(b, site.plates);
    check_visits(b, site.visit);
    check_map(b, site.map);
    check_about(b, site.about);
    (void)want_map(b, site.settings, "settings"); /* a fault is said there */
}
