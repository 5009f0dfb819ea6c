/* What changed between two models, for people who are about to apply the newer one. */
#include "model/bind.h"

typedef struct diff {
    xd_ctx *cx;
    const xd_model *from, *to;
    xd_changes *changes;
    const xd_type *type; /* NULL outside types */
    xd_str field;
} diff;

static void add(diff *d, const char *what, bool loses, xd_str zh, xd_str en)
{
    xd_change *change = xd_push(d->cx->arena, d->changes);
    *change = (xd_change){.type = d->type == NULL ? (xd_str){0} : d->type->name,
                          .field = d->field,
                          .what = xd_str_of(what),
                          .zh = zh,
                          .en = en,
                          .loses = loses};
}

#define SAY(d, what, loses, zh, en, ...)                                                       \
    add((d), (what), (loses), xd_str_printf((d)->cx->arena, zh, __VA_ARGS__),                  \
        xd_str_printf((d)->cx->arena, en, __VA_ARGS__))

static bool has(const xd_strs *list, xd_str word)
{
    for (size_t i = 0; i < list->n; i++) {
        if (xd_str_eq(list->at[i], word)) {
            return true;
        }
    }
    return false;
}

static bool labels_same(const xd_label *a, const xd_label *b)
{
    return xd_str_eq(a->in[XD_ZH], b->in[XD_ZH]) && xd_str_eq(a->in[XD_EN], b->in[XD_EN]);
}

static bool strs_same(const xd_strs *a, const xd_strs *b)
{
    for (size_t i = 0; i < a->n && a->n == b->n; i++) {
        if (!xd_str_eq(a->at[i], b->at[i])) {
            return false;
        }
    }
    return a->n == b->n;
}

static xd_str both(diff *d, const xd_type *type, const xd_field *field)
{
    return xd_str_printf(d->cx->arena, XD_FMT "." XD_FMT, XD_ARG(type->name),
                         XD_ARG(field->name));
}

/* Values that were good and would be refused, under the same name. */
static void compare_shape(diff *d, const xd_field *a, const xd_field *b, xd_str name)
{
    if (a->kind != b->kind) {
        SAY(d, "kind", true,
            XD_FMT "：种类由 " XD_FMT " 改为 " XD_FMT "。换个名字，用 was 接上。",
            XD_FMT ": the kind changes from " XD_FMT " to " XD_FMT
                   ". Use a new name, with was.",
            XD_ARG(name), XD_ARG(xd_kinds[a->kind].name), XD_ARG(xd_kinds[b->kind].name));
    }
    if (a->many && !b->many) {
        SAY(d, "single", true, XD_FMT "：由多值改为单值。换个名字，用 was 接上。",
            XD_FMT ": many values become one. Use a new name, with was.", XD_ARG(name));
    } else if (!a->many && b->many) {
        SAY(d, "many", false, XD_FMT "：由单值改为多值。", XD_FMT ": one value becomes many.",
            XD_ARG(name));
    }
    for (size_t i = 0; i < a->langs.n && b->langs.n > 0; i++) {
        if (!has(&b->langs, a->langs.at[i])) {
            SAY(d, "language", true, XD_FMT "：去掉了语言 " XD_FMT "。",
                XD_FMT ": the language " XD_FMT " is gone.", XD_ARG(name),
                XD_ARG(a->langs.at[i]));
        }
    }
    if (!xd_str_eq(a->unit, b->unit) || a->decimals > b->decimals) {
        SAY(d, "unit", true, XD_FMT "：单位或小数位变了。换个名字，用 was 接上。",
            XD_FMT ": the unit or the decimal places change. Use a new name, with was.",
            XD_ARG(name));
    }
    if ((b->has_min && (!a->has_min || b->min > a->min)) ||
        (b->has_max && (!a->has_max || b->max < a->max))) {
        SAY(d, "range", false, XD_FMT "：范围变窄，已有的数可能不合。",
            XD_FMT ": the range is narrower; values there may no longer fit.", XD_ARG(name));
    }
    if (a->vocabulary != NULL && b->vocabulary != NULL &&
        !xd_str_eq(a->vocabulary->name, b->vocabulary->name)) {
        SAY(d, "vocabulary", true, XD_FMT "：词表由 " XD_FMT " 改为 " XD_FMT "。",
            XD_FMT ": the vocabulary changes from " XD_FMT " to " XD_FMT ".", XD_ARG(name),
            XD_ARG(a->vocabulary->name), XD_ARG(b->vocabulary->name));
    }
}

/* The order of headers means nothing. */
static bool aliases_same(const xd_field *a, const xd_field *b)
{
    for (size_t i = 0; i < a->n_aliases && a->n_aliases == b->n_aliases; i++) {
        bool found = false;
        for (size_t k = 0; k < b->n_aliases && !found; k++) {
            found = xd_str_eq(a->aliases[i].header, b->aliases[k].header) &&
                    xd_str_eq(a->aliases[i].part, b->aliases[k].part);
        }
        if (!found) {
            return false;
        }
    }
    return a->n_aliases == b->n_aliases;
}

static void compare_uses(diff *d, const xd_field *a, const xd_field *b, xd_str name)
{
    if (!a->retired && b->retired) {
        SAY(d, "retired", false, XD_FMT "：不再使用，已有的值保留。",
            XD_FMT ": retired; values are kept.", XD_ARG(name));
    }
    if (!a->required && b->required) {
        SAY(d, "required", false, XD_FMT "：改为必填，没有它的记录要先补上才能再改。",
            XD_FMT ": required now; records without it must be completed when next edited.",
            XD_ARG(name));
    }
    if (!a->personal && b->personal) {
        SAY(d, "personal", false,
            XD_FMT "：改为个人信息。以前的版本里还有它的值，要用 erase 逐条删除。",
            XD_FMT ": personal now. Earlier revisions still hold its values: erase them.",
            XD_ARG(name));
    } else if (a->personal && !b->personal) {
        SAY(d, "open", true, XD_FMT "：不再是个人信息，它的值会公开保存。",
            XD_FMT ": no longer personal; its values will be kept openly.", XD_ARG(name));
    }
    if (a->hidden != b->hidden) {
        SAY(d, "hidden", false, b->hidden ? XD_FMT "：不再公开。" : XD_FMT "：现在公开。",
            b->hidden ? XD_FMT ": hidden now." : XD_FMT ": public now.", XD_ARG(name));
    }
    bool same = labels_same(&a->label, &b->label) && labels_same(&a->help, &b->help) &&
                aliases_same(a, b) && a->weight == b->weight && a->facet == b->facet &&
                a->sort == b->sort && a->colour == b->colour && strs_same(&a->see, &b->see);
    if (!same) {
        SAY(d, "words", false, XD_FMT "：名称、表头或查找方式变了。",
            XD_FMT ": labels, headers or ways to search change.", XD_ARG(name));
    }
}

static const xd_field *find_in(const xd_field *fields, size_t n, xd_str name, size_t *ret_heirs)
{
    const xd_field *heir = NULL;
    *ret_heirs = 0;
    for (size_t i = 0; i < n; i++) {
        if (xd_str_eq(fields[i].name, name)) {
            return &fields[i];
        }
    }
    for (size_t i = 0; i < n; i++) {
        if (has(&fields[i].was, name)) {
            heir = heir == NULL ? &fields[i] : heir;
            (*ret_heirs)++;
        }
    }
    return heir;
}

static void compare_field(diff *d, const xd_type *type, const xd_field *a, const xd_type *now)
{
    size_t heirs = 0;
    const xd_field *b = find_in(now->fields, now->n_fields, a->name, &heirs);
    xd_str name = both(d, type, a);
    d->field = a->name;
    if (b == NULL) {
        SAY(d, "vanished", true, XD_FMT "：不见了，又没有写 was 或 retired。",
            XD_FMT ": gone, without was or retired.", XD_ARG(name));
    } else if (heirs > 1) {
        SAY(d, "split", false, XD_FMT "：分成 %zu 个字段。", XD_FMT ": split into %zu fields.",
            XD_ARG(name), heirs);
    } else if (heirs == 1) {
        SAY(d, b->was.n > 1 ? "merged" : "renamed", false, XD_FMT "：并入或改名为 " XD_FMT "。",
            XD_FMT ": renamed to or merged into " XD_FMT ".", XD_ARG(name), XD_ARG(b->name));
    } else {
        compare_shape(d, a, b, name);
        compare_uses(d, a, b, name);
        for (size_t i = 0; i < a->n_fields; i++) {
            const xd_field *inner = find_in(b->fields, b->n_fields, a->fields[i].name, &heirs);
            xd_str part = xd_str_printf(d->cx->arena, XD_FMT "." XD_FMT, XD_ARG(name),
                                        XD_ARG(a->fields[i].name));
            if (inner == NULL) {
                SAY(d, "vanished", true, XD_FMT "：不见了，又没有写 was。",
                    XD_FMT ": gone, without was.", XD_ARG(part));
            } else if (heirs == 0) {
                compare_shape(d, &a->fields[i], inner, part);
            }
        }
    }
    d->field = (xd_str){0};
}

/* Names of the past must stay in was: bodies may still hold values under them. */
static void compare_past(diff *d, const xd_type *type, const xd_type *now)
{
    for (size_t i = 0; i < type->n_fields; i++) {
        for (size_t k = 0; k < type->fields[i].was.n; k++) {
            xd_str old = type->fields[i].was.at[k];
            size_t heirs = 0;
            if (find_in(now->fields, now->n_fields, old, &heirs) == NULL) {
                d->field = type->fields[i].name;
                SAY(d, "forgotten", true, XD_FMT "：was 里的 " XD_FMT " 不能去掉。",
                    XD_FMT ": " XD_FMT " must stay in was.",
                    XD_ARG(both(d, type, &type->fields[i])), XD_ARG(old));
                d->field = (xd_str){0};
            }
        }
    }
}

static void compare_states(diff *d, const xd_type *type, const xd_flow *a, const xd_flow *b)
{
    for (size_t i = 0; i < a->n_states; i++) {
        const xd_state *state = xd_state_find(b, a->states[i].name);
        if (state == NULL) {
            SAY(d, "state", true, XD_FMT "：状态 " XD_FMT " 不见了，又没有写 was。",
                XD_FMT ": the state " XD_FMT " is gone, without was.", XD_ARG(type->name),
                XD_ARG(a->states[i].name));
        } else if (state->is_public != a->states[i].is_public) {
            SAY(d, "state", false,
                state->is_public ? XD_FMT "：状态 " XD_FMT " 现在公开。"
                                 : XD_FMT "：状态 " XD_FMT " 不再公开。",
                state->is_public ? XD_FMT ": the state " XD_FMT " is public now."
                                 : XD_FMT ": the state " XD_FMT " is no longer public.",
                XD_ARG(type->name), XD_ARG(state->name));
        } else if (state->sample != a->states[i].sample) {
            SAY(d, "state", false,
                state->sample ? XD_FMT "：状态 " XD_FMT " 现在是示例，不再计数。"
                              : XD_FMT "：状态 " XD_FMT " 不再是示例，开始计数。",
                state->sample
                    ? XD_FMT ": the state " XD_FMT " is a sample now, and no longer counted."
                    : XD_FMT ": the state " XD_FMT " is no sample any more, and is counted.",
                XD_ARG(type->name), XD_ARG(state->name));
        }
    }
}

/* Rules hold nothing, so none loses anything. ours: of the older model, whose changes are said; of
 * the newer only what is new. */
static void say_rule(diff *d, const xd_type *type, xd_str name, xd_str says,
                     const xd_str *other, bool newer)
{
    d->field = name;
    if (other == NULL) {
        SAY(d, newer ? "added" : "vanished", false,
            newer ? XD_FMT "." XD_FMT "：新的算出值或规则。"
                  : XD_FMT "." XD_FMT "：不再算，或规则取消。",
            newer ? XD_FMT "." XD_FMT ": a new computed value or guard."
                  : XD_FMT "." XD_FMT ": no longer computed, or the guard is gone.",
            XD_ARG(type->name), XD_ARG(name));
    } else if (!newer && !xd_str_eq(says, *other)) {
        SAY(d, "rule", false, XD_FMT "." XD_FMT "：算法或规则变了。",
            XD_FMT "." XD_FMT ": it is computed or judged in another way.", XD_ARG(type->name),
            XD_ARG(name));
    }
    d->field = (xd_str){0};
}

static const xd_str *guard_says(const xd_type *type, xd_str name)
{
    for (size_t i = 0; i < type->n_guards; i++) {
        if (xd_str_eq(type->guards[i].name, name)) {
            return &type->guards[i].says;
        }
    }
    return NULL;
}

static void compare_rules(diff *d, const xd_type *a, const xd_type *b, bool newer)
{
    for (size_t i = 0; i < a->n_computed; i++) {
        const xd_computed *other = xd_computed_find(b, a->computed[i].field.name);
        say_rule(d, a, a->computed[i].field.name, a->computed[i].says,
                 other == NULL ? NULL : &other->says, newer);
    }
    for (size_t i = 0; i < a->n_guards; i++) {
        say_rule(d, a, a->guards[i].name, a->guards[i].says, guard_says(b, a->guards[i].name),
                 newer);
    }
}

static void compare_type(diff *d, const xd_type *a)
{
    const xd_type *b = xd_type_find(d->to, a->name);
    d->type = a;
    if (b == NULL) {
        SAY(d, "vanished", true, "类型 " XD_FMT " 不见了，又没有写 was。",
            "the type " XD_FMT " is gone, without was.", XD_ARG(a->name));
        return;
    }
    if (!xd_str_eq(a->name, b->name)) {
        SAY(d, "renamed", false, "类型 " XD_FMT " 改名为 " XD_FMT "。",
            "the type " XD_FMT " is renamed to " XD_FMT ".", XD_ARG(a->name), XD_ARG(b->name));
    }
    if (!xd_str_eq(a->path, b->path) || !xd_str_eq(a->number, b->number)) {
        SAY(d, "address", false, XD_FMT "：路径或编号样式变了；已有的编号不变。",
            XD_FMT ": the path or the number pattern changes; numbers given stay.",
            XD_ARG(a->name));
    }
    for (size_t i = 0; i < a->n_fields; i++) {
        compare_field(d, a, &a->fields[i], b);
    }
    for (size_t i = 0; i < b->n_fields; i++) {
        bool heir = false;
        for (size_t k = 0; k < b->fields[i].was.n; k++) {
            heir = heir || xd_field_find(a, b->fields[i].was.at[k]) != NULL;
        }
        if (!heir && xd_field_find(a, b->fields[i].name) == NULL) {
            d->field = b->fields[i].name;
            SAY(d, "added", false, XD_FMT "：新字段。", XD_FMT ": a new field.",
                XD_ARG(both(d, b, &b->fields[i])));
            d->field = (xd_str){0};
        }
    }
    compare_past(d, a, b);
    compare_rules(d, a, b, false);
    compare_rules(d, b, a, true);
    compare_states(d, a, a->flow, b->flow);
}

static void compare_vocabulary(diff *d, const xd_vocabulary *a)
{
    const xd_vocabulary *b = xd_vocabulary_find(d->to, a->name);
    size_t added = 0, changed = 0;
    if (b == NULL) {
        return; /* fields that used it are said to change */
    }
    for (size_t i = 0; i < a->n; i++) {
        const xd_term *term = xd_term_find(b, a->terms[i].code);
        if (term == NULL) {
            SAY(d, "term", true, "词表 " XD_FMT "：代码 " XD_FMT " 不见了，又没有写 former。",
                "the vocabulary " XD_FMT ": the code " XD_FMT " is gone, without former.",
                XD_ARG(a->name), XD_ARG(a->terms[i].code));
        } else if (!labels_same(&term->label, &a->terms[i].label)) {
            changed++;
        }
    }
    for (size_t i = 0; i < b->n; i++) {
        added += xd_term_find(a, b->terms[i].code) == NULL ? 1 : 0;
    }
    if (added + changed > 0) {
        SAY(d, "terms", false, "词表 " XD_FMT "：新增 %zu 个，改名 %zu 个。",
            "the vocabulary " XD_FMT ": %zu terms new, %zu renamed.", XD_ARG(a->name), added,
            changed);
    }
}

bool xd_model_diff(xd_ctx *cx, const xd_model *from, const xd_model *to, xd_changes *changes)
{
    diff d = {.cx = cx, .from = from, .to = to, .changes = changes};
    for (size_t i = 0; i < xd_model_types(from); i++) {
        compare_type(&d, xd_model_type(from, i));
    }
    d.type = NULL;
    for (size_t i = 0; i < xd_model_types(to); i++) {
        const xd_type *type = xd_model_type(to, i);
        bool known = xd_type_find(from, type->name) != NULL;
        for (size_t k = 0; k < type->was.n; k++) {
            known = known || xd_type_find(from, type->was.at[k]) != NULL;
        }
        if (!known) {
            SAY(&d, "added", false, "新类型 " XD_FMT "。", "a new type, " XD_FMT ".",
                XD_ARG(type->name));
        }
    }
    for (size_t i = 0; i < from->vocabularies.n; i++) {
        compare_vocabulary(&d, from->vocabularies.at[i]);
    }
    if (changes->n == 0 && memcmp(from->hash, to->hash, sizeof from->hash) != 0) {
        add(&d, "other", false, XD_S("只有站点文字、次序等细节变了。"),
            XD_S("only details change: words of the site, order and the like."));
    }
    return xd_go_on(cx);
}
