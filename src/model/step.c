/* Reading a body written under one model as one of the next.
 *
 * The small step between neighbouring versions is said by `was` alone:
 *   rename  one field has the old name in its was
 *   split   several fields have it: each item goes to the first of them, in the model's order,
 *           under which it is a good value (a code of its vocabulary, one of its languages …)
 *   merge   one field has several old names: their items in the order of was
 *   many    a single value becomes a list of one
 *   terms   a former code becomes the code that took its place
 * What no field of the new model can hold stays where it was, under its old name: a member the
 * new model knows from `was` and keeps for ever. So every item of every value is in the stepped
 * body once, and nothing is lost. A name moves only when it was a field of the older model: what
 * an earlier step left behind is not taken up again by a later one. */
#include "model/check_in.h"
#include "model/value.h"

typedef struct step {
    xd_ctx *cx;
    const xd_type *from, *to;
    xd_json *out;
    xd_json *about;
    const xd_json *body;
} step;

static xd_str code_now(const xd_field *field, xd_str code)
{
    const xd_term *term =
        field->vocabulary == NULL ? NULL : xd_term_find(field->vocabulary, code);
    return term == NULL ? code : term->code;
}

static const xd_json *inner_now(step *s, const xd_field *field, const xd_json *value);

static const xd_json *item_now(step *s, const xd_field *field, const xd_json *item)
{
    switch (xd_field_kept(field)) {
    case XD_KEPT_CODE:
        return item->kind == XD_JSON_STRING
                   ? xd_json_string(s->cx->arena, code_now(field, item->text))
                   : item;
    case XD_KEPT_GROUP:
    case XD_KEPT_LINK:
        return item->kind == XD_JSON_OBJECT ? inner_now(s, field, item) : item;
    case XD_KEPT_TEXTS:
    case XD_KEPT_NUMBER:
    case XD_KEPT_BOOLEAN:
    case XD_KEPT_PERIOD:
    case XD_KEPT_PLACE:
    case XD_KEPT_HOURS:
    case XD_KEPT_STRING:
    case XD_KEPT_FILE:
        break;
    }
    return item;
}

static const xd_json *value_now(step *s, const xd_field *field, const xd_json *value)
{
    if (value->kind != XD_JSON_ARRAY) {
        const xd_json *item = item_now(s, field, value);
        if (!field->many) {
            return item;
        }
        xd_json *list = xd_json_array(s->cx->arena);
        xd_json_add(s->cx->arena, list, item);
        return list;
    }
    xd_json *list = xd_json_array(s->cx->arena);
    for (size_t i = 0; i < value->items.n; i++) {
        xd_json_add(s->cx->arena, list, item_now(s, field, value->items.at[i]));
    }
    return !field->many && list->items.n == 1 ? list->items.at[0] : list;
}

/* Inside a group a renamed part takes its old value when nothing stands under the new name. */
static const xd_json *inner_now(step *s, const xd_field *field, const xd_json *value)
{
    xd_json *out = xd_json_object(s->cx->arena);
    for (size_t i = 0; i < value->members.n; i++) {
        xd_str key = value->members.at[i].key;
        const xd_json *inner = value->members.at[i].value;
        for (size_t k = 0; k < field->n_fields; k++) {
            const xd_field *part = &field->fields[k];
            bool renamed = false;
            for (size_t w = 0; w < part->was.n; w++) {
                renamed = renamed || xd_str_eq(part->was.at[w], key);
            }
            if (xd_str_eq(part->name, key) ||
                (renamed && xd_json_get(value, part->name) == NULL &&
                 xd_json_get(out, part->name) == NULL)) {
                key = part->name;
                inner = value_now(s, part, inner);
                break;
            }
        }
        xd_json_set(s->cx->arena, out, key, inner);
    }
    return out;
}

static void move_about(step *s, xd_str from, xd_str to)
{
    const xd_json *one = xd_json_get(xd_json_get(s->body, XD_M_ABOUT), from);
    if (one != NULL && xd_json_get(s->about, to) == NULL) {
        xd_json_set(s->cx->arena, s->about, to, one);
    }
}

/* {zh} and {en} of two merged fields are one text. */
static const xd_json *texts_merged(step *s, const xd_json *a, const xd_json *b)
{
    xd_json *both = xd_json_object(s->cx->arena);
    for (size_t i = 0; i < a->members.n; i++) {
        xd_json_set(s->cx->arena, both, a->members.at[i].key, a->members.at[i].value);
    }
    for (size_t i = 0; i < b->members.n; i++) {
        if (xd_json_get(both, b->members.at[i].key) != NULL) {
            return NULL;
        }
        xd_json_set(s->cx->arena, both, b->members.at[i].key, b->members.at[i].value);
    }
    return both;
}

/* Give one item to the field; false when it has no room for it or it is no value of it. */
static bool give(step *s, const xd_field *field, const xd_json *item, bool *ret_taken)
{
    const xd_json *there = xd_json_get(s->out, field->name);
    bool fits = false;
    item = item_now(s, field, item);
    *ret_taken = false;
    if (!xd_item_fits(s->cx, s->to, field, item, &fits)) {
        return false;
    }
    if (!fits) {
        return true;
    }
    if (field->many) {
        xd_json *list =
            there == NULL ? xd_json_array(s->cx->arena) : xd_json_clone(s->cx->arena, there);
        xd_json_add(s->cx->arena, list, item);
        item = list;
    } else if (there != NULL) {
        bool text = field->kind == XD_KIND_TEXT || field->kind == XD_KIND_MARKDOWN;
        item = text ? texts_merged(s, there, item) : NULL;
        if (item == NULL) {
            return true;
        }
    }
    xd_json_set(s->cx->arena, s->out, field->name, item);
    *ret_taken = true;
    return true;
}

/* Items of a value that moves; what is left of it is put back into `left`. */
static bool move_value(step *s, const xd_field *field, xd_str old, xd_json *left)
{
    const xd_json *value = xd_json_get(left, old);
    if (value == NULL || xd_field_find(s->from, old) == NULL) {
        return true;
    }
    xd_json *rest = xd_json_array(s->cx->arena);
    size_t n = value->kind == XD_JSON_ARRAY ? value->items.n : 1;
    for (size_t i = 0; i < n; i++) {
        const xd_json *item = value->kind == XD_JSON_ARRAY ? value->items.at[i] : value;
        bool taken = false;
        if (!give(s, field, item, &taken)) {
            return false;
        }
        if (!taken) {
            xd_json_add(s->cx->arena, rest, item);
        }
    }
    if (rest->items.n < n) {
        move_about(s, old, field->name);
    }
    if (rest->items.n == 0) {
        xd_json_drop(left, old);
    } else {
        xd_json_set(s->cx->arena, left, old, value->kind == XD_JSON_ARRAY ? rest : value);
    }
    return true;
}

bool xd_model_step(xd_ctx *cx, const xd_model *from, const xd_model *to, const xd_json *body,
                   const xd_json **ret_body)
{
    xd_str name = xd_json_get_str(body, XD_M_TYPE);
    step s = {.cx = cx,
              .from = xd_type_find(from, name),
              .to = xd_type_find(to, name),
              .body = body,
              .out = xd_json_object(cx->arena),
              .about = xd_json_object(cx->arena)};
    xd_json *left = xd_json_object(cx->arena);
    if (s.from == NULL || s.to == NULL) {
        *ret_body = body; /* a type that is gone: its bodies stay as they are */
        return true;
    }
    for (size_t i = 0; i < body->members.n; i++) {
        xd_str key = body->members.at[i].key;
        const xd_json *value = body->members.at[i].value;
        const xd_field *field = xd_field_find(s.to, key);
        if (xd_str_eq(key, XD_M_TYPE)) {
            value = xd_json_string(cx->arena, s.to->name);
        } else if (xd_str_eq(key, XD_M_STATE)) {
            const xd_state *state = xd_state_find(s.to->flow, xd_json_str(value));
            value = state == NULL ? value : xd_json_string(cx->arena, state->name);
        }
        if (field != NULL) {
            xd_json_set(cx->arena, s.out, key, value_now(&s, field, value));
            move_about(&s, key, key);
        } else if (xd_member_is_plain(key) && !xd_str_eq(key, XD_M_ABOUT)) {
            xd_json_set(cx->arena, s.out, key, value);
        } else if (!xd_str_eq(key, XD_M_ABOUT)) {
            xd_json_set(cx->arena, left, key, value);
        }
    }
    for (size_t i = 0; i < s.to->n_fields; i++) {
        for (size_t k = 0; k < s.to->fields[i].was.n; k++) {
            if (!move_value(&s, &s.to->fields[i], s.to->fields[i].was.at[k], left)) {
                return xd_fail_note(cx, "reading a body of an earlier model");
            }
        }
    }
    for (size_t i = 0; i < left->members.n; i++) {
        xd_json_set(cx->arena, s.out, left->members.at[i].key, left->members.at[i].value);
        move_about(&s, left->members.at[i].key, left->members.at[i].key);
    }
    if (xd_json_len(s.about) > 0) {
        xd_json_set(cx->arena, s.out, XD_M_ABOUT, s.about);
    }
    *ret_body = s.out;
    return true;
}
