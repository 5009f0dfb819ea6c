/* The checker's engine: walking a map beside its table of keys. */
#include "model/bind.h"

void xd_bind_fault(xd_bind *b, const xd_node *node, xd_str key, xd_str zh, xd_str en)
{
    xd_fault_add(b->cx, b->faults, b->file, node == NULL ? 1 : node->line,
                 node == NULL ? 1 : node->column, key, zh, en);
}

bool xd_bind_name_ok(xd_str name)
{
    if (name.n == 0 || name.n > 40 || name.p[0] < 'a' || name.p[0] > 'z') {
        return false;
    }
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) {
            return false;
        }
    }
    return true;
}

/* Edit distance, given up above 3. Words are short: 64 is enough. */
static size_t distance(xd_str a, xd_str b)
{
    size_t row[65];
    if (a.n > 64 || b.n > 64) {
        return 99;
    }
    for (size_t j = 0; j <= b.n; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= a.n; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            size_t change = corner + (a.p[i - 1] == b.p[j - 1] ? 0 : 1);
            size_t gap = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            corner = row[j];
            row[j] = change < gap ? change : gap;
        }
    }
    return row[b.n];
}

xd_str xd_nearest(xd_str word, const xd_strs *words)
{
    xd_str best = {0};
    size_t least = word.n <= 4 ? 2 : 3;
    for (size_t i = 0; i < words->n; i++) {
        size_t d = distance(word, words->at[i]);
        if (d < least) {
            least = d;
            best = words->at[i];
        }
    }
    return best;
}

bool xd_bind_text(xd_bind *b, const xd_node *node, xd_str key, xd_str *ret_text)
{
    if (node == NULL || node->kind != XD_NODE_SCALAR) {
        xd_bind_fault(b, node, key, XD_S("这里要写一个词或一句话"), XD_S("this must be text"));
        return false;
    }
    if (node->text.n == 0 || xd_node_null(node)) {
        xd_bind_fault(b, node, key, XD_S("写了键，却没有写值"),
                      XD_S("the key stands here without a value"));
        return false;
    }
    *ret_text = node->text;
    return true;
}

static void bind_name(xd_bind *b, const xd_node *node, xd_str key, xd_str *ret_name)
{
    xd_str name;
    if (!xd_bind_text(b, node, key, &name)) {
        return;
    }
    if (!xd_bind_name_ok(name)) {
        XD_FAULT(b, node, key,
                 "名字“" XD_FMT "”只能用小写字母、数字和下划线，以字母开头，最多 40 个字符",
                 "the name \"" XD_FMT "\" may have a-z, 0-9 and _ only, begins with a letter "
                 "and has at most 40 characters",
                 XD_ARG(name));
        return;
    }
    *ret_name = name;
}

static void bind_bool(xd_bind *b, const xd_node *node, xd_str key, bool *ret_value)
{
    if (!xd_node_bool(node, ret_value)) {
        xd_bind_fault(b, node, key, XD_S("只能写 true 或 false"),
                      XD_S("this must be true or false"));
    }
}

static void bind_int(xd_bind *b, const xd_node *node, xd_str key, int64_t *ret_value)
{
    if (!xd_node_int(node, ret_value)) {
        xd_bind_fault(b, node, key, XD_S("这里要写整数"), XD_S("this must be a whole number"));
    }
}

void xd_bind_label(xd_bind *b, const xd_node *node, xd_str key, xd_label *ret_label)
{
    if (node != NULL && node->kind == XD_NODE_SCALAR) {
        (void)xd_bind_text(b, node, key, &ret_label->in[XD_ZH]); /* faults are said there */
        return;
    }
    if (node == NULL || node->kind != XD_NODE_MAP) {
        xd_bind_fault(b, node, key, XD_S("这里要写 {zh: …, en: …}"),
                      XD_S("this must be {zh: …, en: …}"));
        return;
    }
    for (size_t i = 0; i < node->pairs.n; i++) {
        const xd_pair *pair = &node->pairs.at[i];
        int lang = xd_str_eq(pair->key, xd_lang_tag[XD_ZH])   ? XD_ZH
                   : xd_str_eq(pair->key, xd_lang_tag[XD_EN]) ? XD_EN
                                                              : -1;
        if (lang < 0) {
            XD_FAULT(b, pair->value, pair->key, "不认识语言“" XD_FMT "”，只有 zh 和 en",
                     "unknown language \"" XD_FMT "\": there are zh and en", XD_ARG(pair->key));
        } else {
            (void)xd_bind_text(b, pair->value, pair->key, &ret_label->in[lang]);
        }
    }
    if (ret_label->in[XD_ZH].n == 0) {
        xd_bind_fault(b, node, key, XD_S("缺少中文（zh）"), XD_S("zh is missing"));
    }
}

void xd_bind_texts(xd_bind *b, const xd_node *node, xd_str key, xd_strs *ret_texts)
{
    xd_str one;
    if (node != NULL && node->kind == XD_NODE_LIST) {
        for (size_t i = 0; i < node->items.n; i++) {
            if (xd_bind_text(b, node->items.at[i], key, &one)) {
                *xd_push(b->arena, ret_texts) = one;
            }
        }
    } else if (xd_bind_text(b, node, key, &one)) {
        *xd_push(b->arena, ret_texts) = one;
    }
}

static void bind_refs(xd_bind *b, const xd_node *node, xd_str key, xd_refs *ret_refs)
{
    xd_str one;
    bool list = node != NULL && node->kind == XD_NODE_LIST;
    size_t n = list ? node->items.n : 1;
    for (size_t i = 0; i < n; i++) {
        const xd_node *item = list ? node->items.at[i] : node;
        if (xd_bind_text(b, item, key, &one)) {
            *xd_push(b->arena, ret_refs) = (xd_ref){.name = one, .node = item};
        }
    }
}

static void bind_value(xd_bind *b, const xd_pair *pair, const xd_bind_key *row, void *target)
{
    void *at = (char *)target + row->at;
    switch (row->want) {
    case XD_WANT_TEXT:
        (void)xd_bind_text(b, pair->value, pair->key, at); /* faults are said there */
        break;
    case XD_WANT_NAME:
        bind_name(b, pair->value, pair->key, at);
        break;
    case XD_WANT_BOOL:
        bind_bool(b, pair->value, pair->key, at);
        break;
    case XD_WANT_INT:
        bind_int(b, pair->value, pair->key, at);
        break;
    case XD_WANT_LABEL:
        xd_bind_label(b, pair->value, pair->key, at);
        break;
    case XD_WANT_TEXTS:
        xd_bind_texts(b, pair->value, pair->key, at);
        break;
    case XD_WANT_REF: {
        xd_ref *ref = at;
        ref->node = pair->value;
        (void)xd_bind_text(b, pair->value, pair->key, &ref->name);
        break;
    }
    case XD_WANT_REFS:
        bind_refs(b, pair->value, pair->key, at);
        break;
    case XD_WANT_NODE:
        *(const xd_node **)at = pair->value;
        break;
    case XD_WANT_OWN:
        row->fn(b, pair->value, target);
        break;
    }
}

static void unknown_key(xd_bind *b, const xd_pair *pair, const xd_bind_key *keys, size_t n,
                        int kind)
{
    xd_node at = {.line = pair->line, .column = pair->column};
    xd_strs known = {0};
    for (size_t i = 0; i < n; i++) {
        xd_str key = xd_str_of(keys[i].key);
        if (xd_str_eq(key, pair->key)) {
            XD_FAULT(b, &at, pair->key, "“" XD_FMT "”不能用在 " XD_FMT " 字段上",
                     "\"" XD_FMT "\" does not belong to a " XD_FMT " field", XD_ARG(pair->key),
                     XD_ARG(xd_kinds[kind].name));
            return;
        }
        if (kind < 0 || keys[i].kinds == 0 || (keys[i].kinds >> kind & 1) != 0) {
            *xd_push(b->arena, &known) = key;
        }
    }
    xd_str near = xd_nearest(pair->key, &known);
    if (near.n > 0) {
        XD_FAULT(b, &at, pair->key, "不认识“" XD_FMT "”，是不是“" XD_FMT "”？",
                 "unknown key \"" XD_FMT "\", is it \"" XD_FMT "\"?", XD_ARG(pair->key),
                 XD_ARG(near));
    } else {
        XD_FAULT(b, &at, pair->key, "不认识“" XD_FMT "”", "unknown key \"" XD_FMT "\"",
                 XD_ARG(pair->key));
    }
}

bool xd_bind_map(xd_bind *b, const xd_node *node, const xd_bind_key *keys, size_t n, int kind,
                 void *target)
{
    if (node == NULL || node->kind != XD_NODE_MAP) {
        xd_bind_fault(b, node, (xd_str){0}, XD_S("这里要写 键: 值"),
                      XD_S("this must be a map"));
        return false;
    }
    for (size_t i = 0; i < node->pairs.n; i++) {
        const xd_pair *pair = &node->pairs.at[i];
        const xd_bind_key *row = NULL;
        for (size_t k = 0; k < n && row == NULL; k++) {
            bool fits = kind < 0 || keys[k].kinds == 0 || (keys[k].kinds >> kind & 1) != 0;
            if (fits && xd_str_eq(xd_str_of(keys[k].key), pair->key)) {
                row = &keys[k];
            }
        }
        if (row == NULL) {
            unknown_key(b, pair, keys, n, kind);
        } else {
            bind_value(b, pair, row, target);
        }
    }
    for (size_t k = 0; k < n; k++) {
        if (keys[k].required && xd_node_get(node, xd_str_of(keys[k].key)) == NULL) {
            XD_FAULT(b, node, xd_str_of(keys[k].key), "缺少“%s”", "\"%s\" is missing",
                     keys[k].key);
        }
    }
    return true;
}
