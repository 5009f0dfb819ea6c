/* Fields: what a field of each kind may say, and what it may be called. */
#include "model/bind.h"

const xd_str xd_precision_name[5] = {
    XD_STR("exact"), XD_STR("site"), XD_STR("town"), XD_STR("county"), XD_STR("none"),
};
const int32_t xd_precision_radius_m[5] = {50, 2000, 10000, 50000, 0};

/* Names that mean something else beside the fields: members of every body, queryables and
 * parameters of the API, columns of our own tables. */
static const char *const reserved[] = {
    "type",        "id",          "geometry", "bbox",       "datetime",   "limit",
    "q",           "filter",      "crs",      "state",      "number",     "sources",
    "about",       "confidence",  "updated",  "offset",     "cursor",     "sortby",
    "properties",  "links",       "certain",  "f",          "lang",       "ids",
    "near",        "source",      "ignore",   "checked_by", "checked_on", "source_url",
    "source_date", "externalids", "within",   "score",      "date",       "on",
    "show",        "view",        "facets",   "colour",     "computed",
};

#define BIT(kind) (1u << (kind))
#define TEXTS (BIT(XD_KIND_TEXT) | BIT(XD_KIND_MARKDOWN))
#define NUMBER BIT(XD_KIND_NUMBER)
#define SEARCHED                                                                               \
    (TEXTS | BIT(XD_KIND_TERM) | BIT(XD_KIND_LINK) | BIT(XD_KIND_IDENTIFIER) |                 \
     BIT(XD_KIND_DIVISION))
#define FACETED                                                                                \
    (BIT(XD_KIND_TERM) | BIT(XD_KIND_DIVISION) | BIT(XD_KIND_PERIOD) | NUMBER |                \
     BIT(XD_KIND_BOOLEAN) | BIT(XD_KIND_LINK))

static bool is_true(const xd_node *node)
{
    bool yes = false;
    return xd_node_bool(node, &yes) && yes;
}

static bool is_empty_map(const xd_node *node)
{
    return is_true(node) || (node->kind == XD_NODE_MAP && node->pairs.n == 0);
}

static void bind_search(xd_bind *b, const xd_node *node, void *target)
{
    xd_draft_field *draft = target;
    struct {
        int64_t weight;
        bool pinyin;
    } search = {.weight = 1};
    static const xd_bind_key keys[] = {
        {.key = "weight", .want = XD_WANT_INT,  .at = 0              },
        {.key = "pinyin", .want = XD_WANT_BOOL, .at = sizeof(int64_t)},
    };
    if (!is_empty_map(node) && !xd_bind_map(b, node, keys, XD_LEN(keys), -1, &search)) {
        return;
    }
    if (search.weight < 1 || search.weight > 20) {
        xd_bind_fault(b, node, XD_S("weight"), XD_S("weight 要在 1 到 20 之间"),
                      XD_S("weight must be from 1 to 20"));
        return;
    }
    draft->field.weight = (int)search.weight;
    draft->field.pinyin = search.pinyin;
}

static void bind_facet(xd_bind *b, const xd_node *node, void *target)
{
    xd_draft_field *draft = target;
    struct {
        int64_t years;
        xd_str by;
    } facet = {.years = 10};
    static const xd_bind_key keys[] = {
        {.key = "years", .want = XD_WANT_INT,  .at = 0              },
        {.key = "by",    .want = XD_WANT_TEXT, .at = sizeof(int64_t)},
    };
    if (!is_empty_map(node) && !xd_bind_map(b, node, keys, XD_LEN(keys), -1, &facet)) {
        return;
    }
    bool period = draft->field.kind == XD_KIND_PERIOD;
    if (xd_str_eq(facet.by, XD_S("decade")) || (facet.by.n == 0 && period)) {
        draft->field.facet = XD_FACET_DECADE;
        draft->field.facet_decades = (int)facet.years;
    } else if (xd_str_eq(facet.by, XD_S("parent"))) {
        draft->field.facet = XD_FACET_PARENT;
    } else if (facet.by.n == 0 || xd_str_eq(facet.by, XD_S("value"))) {
        draft->field.facet = XD_FACET_VALUE;
    } else {
        xd_bind_fault(b, node, XD_S("by"), XD_S("by 只有 value、decade、parent"),
                      XD_S("by is value, decade or parent"));
    }
    if (period != (draft->field.facet == XD_FACET_DECADE)) {
        xd_bind_fault(b, node, XD_S("by"), XD_S("时间（且只有时间）按 decade 分组"),
                      XD_S("periods, and only periods, are counted by decade"));
    }
    if (facet.years < 1 || facet.years > 1000) {
        xd_bind_fault(b, node, XD_S("years"), XD_S("years 要在 1 到 1000 之间"),
                      XD_S("years must be from 1 to 1000"));
    }
}

static void bind_map_colour(xd_bind *b, const xd_node *node, void *target)
{
    xd_draft_field *draft = target;
    xd_str word = {0};
    if (xd_bind_text(b, node, XD_S("map"), &word)) {
        if (!xd_str_eq(word, XD_S("colour"))) {
            xd_bind_fault(b, node, XD_S("map"), XD_S("map 只有 colour"), XD_S("map is colour"));
        }
        draft->field.colour = true;
    }
}

static bool read_precision(xd_bind *b, const xd_node *node, xd_precision *ret_precision)
{
    xd_str word = {0};
    if (!xd_bind_text(b, node, XD_S("public_precision"), &word)) {
        return false;
    }
    for (size_t i = 0; i < XD_LEN(xd_precision_name); i++) {
        if (xd_str_eq(word, xd_precision_name[i])) {
            *ret_precision = (xd_precision)i;
            return true;
        }
    }
    xd_bind_fault(b, node, word, XD_S("精度只有 exact、site、town、county、none"),
                  XD_S("a precision is exact, site, town, county or none"));
    return false;
}

static void bind_precision(xd_bind *b, const xd_node *node, void *target)
{
    xd_draft_field *draft = target;
    xd_str word = {0};
    if (xd_bind_text(b, node, XD_S("precision"), &word)) {
        draft->field.precision_required = xd_str_eq(word, XD_S("required"));
        if (!draft->field.precision_required && !xd_str_eq(word, XD_S("optional"))) {
            xd_bind_fault(b, node, XD_S("precision"), XD_S("precision 只有 required、optional"),
                          XD_S("precision is required or optional"));
        }
    }
}

static void bind_public_precision(xd_bind *b, const xd_node *node, void *target)
{
    xd_draft_field *draft = target;
    if (node->kind == XD_NODE_SCALAR) {
        (void)read_precision(b, node, &draft->field.public_precision); /* said there */
        return;
    }
    struct {
        const xd_node *otherwise, *when;
    } public = {0};
    static const xd_bind_key keys[] = {
        {.key = "default", .want = XD_WANT_NODE, .at = 0             },
        {.key = "when",    .want = XD_WANT_NODE, .at = sizeof(void *)},
    };
    if (!xd_bind_map(b, node, keys, XD_LEN(keys), -1, &public)) {
        return;
    }
    if (public.otherwise != NULL) {
        (void)read_precision(b, public.otherwise, &draft->field.public_precision);
    }
    if (public.when == NULL) {
        return;
    }
    /* {sensitive: county}, or {use: {is: [codes], to: county}}: settled when fields are known. */
    if (public.when->kind != XD_NODE_MAP || public.when->pairs.n != 1) {
        xd_bind_fault(b, public.when, XD_S("when"), XD_S("when 里写一个字段"),
                      XD_S("when names one field"));
        return;
    }
    const xd_node *rule = public.when->pairs.at[0].value;
    const xd_node *to = rule->kind == XD_NODE_MAP ? xd_node_get(rule, XD_S("to")) : rule;
    if (read_precision(b, to == NULL ? rule : to, &draft->field.coarse_to)) {
        draft->coarse_when = public.when;
    }
}

/* "10000" or "2000/3". */
static bool read_factor(const xd_node *node, int64_t *ret_times, int64_t *ret_over)
{
    if (node->kind != XD_NODE_SCALAR) {
        return false;
    }
    size_t slash = xd_str_find(node->text, XD_S("/"), 0);
    *ret_over = 1;
    if (slash == SIZE_MAX) {
        slash = node->text.n;
    } else if (!xd_str_int(xd_str_sub(node->text, slash + 1, node->text.n), ret_over)) {
        return false;
    }
    return xd_str_int(xd_str_sub(node->text, 0, slash), ret_times) && *ret_times > 0 &&
           *ret_over > 0 && *ret_times <= 1000000000 && *ret_over <= 1000000000;
}

static void bind_units(xd_bind *b, const xd_node *node, void *target)
{
    xd_draft_field *draft = target;
    if (node->kind != XD_NODE_MAP) {
        xd_bind_fault(b, node, XD_S("units"), XD_S("units 写成 单位: 倍数"),
                      XD_S("units is a map of unit: factor"));
        return;
    }
    for (size_t i = 0; i < node->pairs.n; i++) {
        xd_unit unit = {.name = node->pairs.at[i].key};
        if (!read_factor(node->pairs.at[i].value, &unit.times, &unit.over)) {
            xd_bind_fault(b, node->pairs.at[i].value, unit.name,
                          XD_S("倍数写成整数或分数，如 10000、2000/3"),
                          XD_S("a factor is whole or a fraction, like 10000 or 2000/3"));
        } else {
            *xd_push(b->arena, &draft->units) = unit;
        }
    }
}

static void bind_words(xd_bind *b, const xd_node *node, void *target)
{
    xd_draft_field *draft = target;
    for (size_t i = 0; i < node->pairs.n; i++) {
        const xd_pair *pair = &node->pairs.at[i];
        int64_t n = 0;
        if (!xd_node_int(pair->value, &n)) {
            xd_bind_fault(b, pair->value, pair->key, XD_S("这里要写整数"),
                          XD_S("this must be a whole number"));
        } else {
            *xd_push(b->arena, &draft->words) =
                (xd_alias){.header = pair->key, .part = pair->value->text};
        }
    }
    if (node->kind != XD_NODE_MAP) {
        xd_bind_fault(b, node, XD_S("words"), XD_S("words 写成 词: 数"),
                      XD_S("words is a map of word: number"));
    }
}

/* titles: {code: [words]} for terms; [words] for numbers (with {}) and texts. */
static void bind_titles(xd_bind *b, const xd_node *node, void *target)
{
    xd_draft_field *draft = target;
    xd_strs words = {0};
    if (draft->field.kind != XD_KIND_TERM) {
        xd_bind_texts(b, node, XD_S("titles"), &words);
        for (size_t i = 0; i < words.n; i++) {
            *xd_push(b->arena, &draft->titles) = (xd_alias){.header = words.at[i]};
        }
        return;
    }
    if (node->kind != XD_NODE_MAP) {
        xd_bind_fault(b, node, XD_S("titles"), XD_S("titles 写成 代码: [词]"),
                      XD_S("titles is a map of code: [words]"));
        return;
    }
    for (size_t i = 0; i < node->pairs.n; i++) {
        words = (xd_strs){0};
        xd_bind_texts(b, node->pairs.at[i].value, node->pairs.at[i].key, &words);
        for (size_t k = 0; k < words.n; k++) {
            *xd_push(b->arena, &draft->titles) =
                (xd_alias){.header = words.at[k], .part = node->pairs.at[i].key};
        }
    }
}

/* counters: ignore */
static void bind_counters(xd_bind *b, const xd_node *node, void *target)
{
    xd_draft_field *draft = target;
    xd_str word = {0};
    if (xd_bind_text(b, node, XD_S("counters"), &word)) {
        draft->field.no_counters = xd_str_eq(word, XD_S("ignore"));
        if (!draft->field.no_counters && !xd_str_eq(word, XD_S("keep"))) {
            xd_bind_fault(b, node, XD_S("counters"), XD_S("counters 只有 ignore、keep"),
                          XD_S("counters is ignore or keep"));
        }
    }
}

static void bind_inner(xd_bind *b, const xd_node *node, void *target)
{
    xd_draft_field *draft = target;
    if (node->kind != XD_NODE_LIST) {
        xd_bind_fault(b, node, XD_S("fields"), XD_S("fields 是一个列表"),
                      XD_S("fields is a list"));
        return;
    }
    for (size_t i = 0; i < node->items.n; i++) {
        xd_draft_field inner = {0};
        if (xd_bind_field(b, node->items.at[i], true, &inner)) {
            *xd_push(b->arena, &draft->fields) = inner;
        }
    }
}

static void bind_field_aliases(xd_bind *b, const xd_node *node, void *target)
{
    xd_draft_field *draft = target;
    xd_bind_aliases(b, node, &draft->field, &draft->aliases);
}

#define F(member) offsetof(xd_draft_field, field.member)
#define D(member) offsetof(xd_draft_field, member)
static const xd_bind_key field_keys[] = {
    {"name",             XD_WANT_NAME,  true,  F(name),          0,                                                      NULL                 },
    {"kind",             XD_WANT_NODE,  true,  D(seen),          0,                                                      NULL                 },
    {"label",            XD_WANT_LABEL, false, F(label),         0,                                                      NULL                 },
    {"help",             XD_WANT_LABEL, false, F(help),          0,                                                      NULL                 },
    {"example",          XD_WANT_TEXT,  false, F(example),       0,                                                      NULL                 },
    {"was",              XD_WANT_TEXTS, false, F(was),           0,                                                      NULL                 },
    {"many",             XD_WANT_BOOL,  false, F(many),          0,                                                      NULL                 },
    {"commas",           XD_WANT_BOOL,  false, F(commas),        0,                                                      NULL                 },
    {"required",         XD_WANT_BOOL,  false, F(required),      0,                                                      NULL                 },
    {"retired",          XD_WANT_BOOL,  false, F(retired),       0,                                                      NULL                 },
    {"personal",         XD_WANT_BOOL,  false, F(personal),      0,                                                      NULL                 },
    {"see",              XD_WANT_TEXTS, false, F(see),           0,                                                      NULL                 },
    {"same_as_last",     XD_WANT_BOOL,  false, F(same_as_last),  0,                                                      NULL                 },
    {"aliases",          XD_WANT_OWN,   false, 0,                0,                                                      bind_field_aliases   },
    {"when",             XD_WANT_NODE,  false, D(when),          0,                                                      NULL                 },
    {"nothing",          XD_WANT_TEXTS, false, F(nothing),       0,                                                      NULL                 },
    {"otherwise",        XD_WANT_REF,   false, D(otherwise),     0,                                                      NULL                 },
    {"titles",           XD_WANT_OWN,   false, 0,                BIT(XD_KIND_TERM) | BIT(XD_KIND_LINK) | NUMBER | TEXTS,
     bind_titles                                                                                                                              },
    {"titles_unless",    XD_WANT_TEXTS, false, F(titles_unless), 0,                                                      NULL                 },
    {"sort",             XD_WANT_BOOL,  false, F(sort),          0,                                                      NULL                 },
    {"search",           XD_WANT_OWN,   false, 0,                SEARCHED,                                               bind_search          },
    {"facet",            XD_WANT_OWN,   false, 0,                FACETED,                                                bind_facet           },
    {"map",              XD_WANT_OWN,   false, 0,                BIT(XD_KIND_TERM) | BIT(XD_KIND_DIVISION),              bind_map_colour      },
    {"langs",            XD_WANT_NODE,  false, D(seen),          TEXTS,                                                  NULL                 },
    {"unit",             XD_WANT_TEXT,  false, F(unit),          NUMBER,                                                 NULL                 },
    {"unit_label",       XD_WANT_LABEL, false, F(unit_label),    NUMBER,                                                 NULL                 },
    {"units",            XD_WANT_OWN,   false, 0,                NUMBER,                                                 bind_units           },
    {"decimals",         XD_WANT_INT,   false, D(decimals),      NUMBER,                                                 NULL                 },
    {"min",              XD_WANT_NODE,  false, D(min),           NUMBER,                                                 NULL                 },
    {"max",              XD_WANT_NODE,  false, D(max),           NUMBER,                                                 NULL                 },
    {"forms",            XD_WANT_TEXTS, false, F(forms),         NUMBER,                                                 NULL                 },
    {"words",            XD_WANT_OWN,   false, 0,                NUMBER,                                                 bind_words           },
    {"vocabulary",       XD_WANT_REF,   false, D(vocabulary),    BIT(XD_KIND_TERM) | BIT(XD_KIND_DIVISION),
     NULL                                                                                                                                     },
    {"precision",        XD_WANT_OWN,   false, 0,                BIT(XD_KIND_PLACE),                                     bind_precision       },
    {"public_precision", XD_WANT_OWN,   false, 0,                BIT(XD_KIND_PLACE),                                     bind_public_precision},
    {"to",               XD_WANT_REFS,  false, D(to),            BIT(XD_KIND_LINK),                                      NULL                 },
    {"as",               XD_WANT_LABEL, false, F(as),            BIT(XD_KIND_LINK),                                      NULL                 },
    {"notice",           XD_WANT_BOOL,  false, F(notice),        BIT(XD_KIND_LINK),                                      NULL                 },
    {"reach",            XD_WANT_TEXTS, false, F(reach),         BIT(XD_KIND_LINK),                                      NULL                 },
    {"fields",           XD_WANT_OWN,   false, 0,                BIT(XD_KIND_LINK) | BIT(XD_KIND_GROUP),                 bind_inner           },
    {"scheme",           XD_WANT_TEXT,  false, F(scheme),        BIT(XD_KIND_IDENTIFIER),                                NULL                 },
    {"counters",         XD_WANT_OWN,   false, 0,                BIT(XD_KIND_IDENTIFIER),                                bind_counters        },
};

static bool read_kind(xd_bind *b, const xd_node *node, xd_kind *ret_kind)
{
    const xd_node *word = xd_node_get(node, XD_S("kind"));
    xd_strs kinds = {0};
    if (word == NULL) {
        XD_FAULT(b, node, XD_S("kind"), "缺少“%s”", "\"%s\" is missing", "kind");
        return false;
    }
    for (size_t k = 0; k < XD_KINDS; k++) {
        *xd_push(b->arena, &kinds) = xd_kinds[k].name;
        if (word->kind == XD_NODE_SCALAR && xd_str_eq(word->text, xd_kinds[k].name)) {
            *ret_kind = (xd_kind)k;
            return true;
        }
    }
    xd_str near = xd_nearest(word->text, &kinds);
    XD_FAULT(b, word, XD_S("kind"), "没有“" XD_FMT "”这种字段%s" XD_FMT "%s",
             "there is no kind \"" XD_FMT "\"%s" XD_FMT "%s", XD_ARG(word->text),
             near.n > 0 ? " → " : "", XD_ARG(near), near.n > 0 ? "?" : "");
    return false;
}

static void check_name(xd_bind *b, const xd_node *node, xd_str name)
{
    for (size_t i = 0; i < XD_LEN(reserved) && !b->kept; i++) {
        if (xd_str_eq(name, xd_str_of(reserved[i]))) {
            XD_FAULT(b, node, name, "“" XD_FMT "”是保留的字段名，换一个",
                     "\"" XD_FMT "\" is a reserved field name, choose another", XD_ARG(name));
            return;
        }
    }
}

static bool read_decimal(const xd_node *node, int decimals, int64_t *ret_value)
{
    xd_str text = node->kind == XD_NODE_SCALAR ? node->text : XD_S("?");
    size_t dot = xd_str_find(text, XD_S("."), 0);
    xd_str whole = xd_str_sub(text, 0, dot == SIZE_MAX ? text.n : dot);
    xd_str part = dot == SIZE_MAX ? (xd_str){0} : xd_str_sub(text, dot + 1, text.n);
    int64_t value = 0, fraction = 0;
    if (!xd_str_int(whole, &value) || part.n > (size_t)decimals ||
        (part.n > 0 && !xd_str_int(part, &fraction)) || value > 1000000000000 ||
        value < -1000000000000) {
        return false;
    }
    bool minus = xd_str_starts(whole, XD_S("-"));
    for (int i = 0; i < decimals; i++) {
        value *= 10;
        fraction *= (size_t)i >= part.n ? 10 : 1;
    }
    *ret_value = minus ? value - fraction : value + fraction;
    return true;
}

static void settle_number(xd_bind *b, xd_draft_field *draft)
{
    xd_field *field = &draft->field;
    if (draft->decimals < 0 || draft->decimals > 6) {
        xd_bind_fault(b, draft->node, XD_S("decimals"), XD_S("decimals 要在 0 到 6 之间"),
                      XD_S("decimals must be from 0 to 6"));
        draft->decimals = 0;
    }
    field->decimals = (int)draft->decimals;
    field->has_min = draft->min != NULL;
    field->has_max = draft->max != NULL;
    if ((field->has_min && !read_decimal(draft->min, field->decimals, &field->min)) ||
        (field->has_max && !read_decimal(draft->max, field->decimals, &field->max))) {
        xd_bind_fault(b, draft->min != NULL ? draft->min : draft->max, XD_S("min"),
                      XD_S("min、max 要写数，小数位不多于 decimals"),
                      XD_S("min and max are numbers with no more places than decimals"));
    }
    for (size_t i = 0; i < field->forms.n; i++) {
        if (xd_str_find(field->forms.at[i], XD_S("{}"), 0) == SIZE_MAX) {
            xd_bind_fault(b, draft->node, XD_S("forms"), XD_S("forms 里用 {} 表示数"),
                          XD_S("a form holds {} where the number stands"));
        }
    }
    field->units = draft->units.at;
    field->n_units = draft->units.n;
    field->words = draft->words.at;
    field->n_words = draft->words.n;
}

static void settle_langs(xd_bind *b, xd_draft_field *draft)
{
    xd_field *field = &draft->field;
    for (size_t i = 0; i < field->langs.n; i++) {
        xd_str lang = field->langs.at[i];
        bool ok = lang.n >= 2 && lang.n <= 8;
        for (size_t k = 0; ok && k < lang.n; k++) {
            char c = lang.p[k];
            ok = (c >= 'a' && c <= 'z') || (k > 1 && (c == '-' || (c >= 'A' && c <= 'Z')));
        }
        if (!ok) {
            XD_FAULT(b, draft->node, XD_S("langs"), "“" XD_FMT "”不是语言代码",
                     "\"" XD_FMT "\" is no language code", XD_ARG(lang));
        }
    }
}

static void settle_kind(xd_bind *b, xd_draft_field *draft, bool inner)
{
    xd_field *field = &draft->field;
    switch ((int)field->kind) {
    case XD_KIND_TEXT:
    case XD_KIND_MARKDOWN:
        settle_langs(b, draft);
        break;
    case XD_KIND_NUMBER:
        settle_number(b, draft);
        break;
    case XD_KIND_TERM:
        if (draft->vocabulary.name.n == 0) {
            xd_bind_fault(b, draft->node, XD_S("vocabulary"), XD_S("term 字段要写 vocabulary"),
                          XD_S("a term field names its vocabulary"));
        }
        break;
    case XD_KIND_LINK:
        if (draft->to.n == 0) {
            xd_bind_fault(b, draft->node, XD_S("to"), XD_S("link 字段要写 to"),
                          XD_S("a link field says where to"));
        }
        break;
    case XD_KIND_GROUP:
        if (draft->fields.n == 0) {
            xd_bind_fault(b, draft->node, XD_S("fields"), XD_S("group 字段要写 fields"),
                          XD_S("a group has fields"));
        }
        break;
    default:
        break;
    }
    if (inner && (field->kind == XD_KIND_GROUP || field->kind == XD_KIND_LINK)) {
        xd_bind_fault(b, draft->node, XD_S("kind"), XD_S("组里不能再有 group 或 link"),
                      XD_S("a group holds no groups and no links"));
    }
    if (inner && (field->personal || draft->when != NULL)) {
        xd_bind_fault(b, draft->node, field->name,
                      XD_S("personal、when 写在整个组上，不写在组里的字段上"),
                      XD_S("personal and when stand on the whole group, not inside it"));
    }
    if (field->scheme.n > 0 && !xd_str_eq(field->scheme, XD_S("uscc"))) {
        xd_bind_fault(b, draft->node, XD_S("scheme"), XD_S("scheme 只有 uscc"),
                      XD_S("scheme is uscc"));
    }
    field->hidden = field->see.n > 0 || field->personal || field->kind == XD_KIND_CONTACT;
}

bool xd_bind_field(xd_bind *b, const xd_node *node, bool inner, xd_draft_field *ret_field)
{
    xd_draft_field draft = {.node = node};
    if (node == NULL || node->kind != XD_NODE_MAP) {
        xd_bind_fault(b, node, XD_S("fields"), XD_S("字段写成 {name: …, kind: …}"),
                      XD_S("a field is {name: …, kind: …}"));
        return false;
    }
    if (!read_kind(b, node, &draft.field.kind)) {
        return false;
    }
    const xd_node *langs = xd_node_get(node, XD_S("langs"));
    if (langs != NULL && (TEXTS >> draft.field.kind & 1) != 0) {
        xd_bind_texts(b, langs, XD_S("langs"), &draft.field.langs);
    }
    if (draft.field.langs.n == 0) {
        *xd_push(b->arena, &draft.field.langs) = xd_lang_tag[XD_ZH];
    }
    (void)xd_bind_map(b, node, field_keys, XD_LEN(field_keys), (int)draft.field.kind, &draft);
    draft.field.line = node->line;
    draft.field.file = b->file;
    check_name(b, node, draft.field.name);
    settle_kind(b, &draft, inner);
    if (draft.field.label.in[XD_ZH].n == 0) {
        draft.field.label.in[XD_ZH] = draft.field.name;
    }
    draft.field.aliases = draft.aliases.at;
    draft.field.n_aliases = draft.aliases.n;
    draft.field.titles = draft.titles.at;
    draft.field.n_titles = draft.titles.n;
    *ret_field = draft;
    return draft.field.name.n > 0;
}
