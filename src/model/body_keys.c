/* Keys: what a record is recognised by.
 *
 * A key's value joins the folded values of its fields with "|", which folding never leaves in a
 * word. A field with several values gives several keys. The first field must be there; others
 * may be absent and then stand as nothing, so a list without divisions still finds its records. */
#include "model/fold.h"
#include "model/value.h"

#define KEYS 64 /* most values of one key: every combination counts */

static xd_str value_key(xd_ctx *cx, const xd_field *field, const xd_json *value)
{
    xd_buf text = {0};
    xd_str plain = {0};
    int64_t id = 0;
    switch (xd_field_kept(field)) {
    case XD_KEPT_TEXTS:
        return xd_fold_key(cx->arena, xd_value_lang(value, field->langs.at[0], NULL));
    case XD_KEPT_LINK:
        id = xd_json_get_int(value, XD_S("id"), 0);
        return id > 0 ? xd_str_printf(cx->arena, "#%" PRId64, id)
                      : xd_fold_key(cx->arena, xd_json_get_str(value, XD_S("text")));
    case XD_KEPT_NUMBER:
        return xd_json_get_str(value, XD_S("n"));
    case XD_KEPT_PERIOD:
    case XD_KEPT_PLACE:
    case XD_KEPT_GROUP:
    case XD_KEPT_HOURS:
    case XD_KEPT_FILE:
        xd_json_canonical(&text, value);
        plain = xd_buf_copy(&text, cx->arena);
        xd_buf_free(&text);
        return xd_fold_key(cx->arena, plain);
    case XD_KEPT_BOOLEAN:
        return XD_S("true");
    case XD_KEPT_CODE:
    case XD_KEPT_STRING:
        break;
    }
    return xd_fold_key(cx->arena, xd_json_str(value));
}

static xd_str with_bar(xd_arena *arena, xd_str a, xd_str b)
{
    return xd_str_join(arena, xd_str_join(arena, a, XD_S("|")), b);
}

/* Every prefix so far × every value of the field. */
static void widen(xd_ctx *cx, xd_strs *prefixes, const xd_field *field, const xd_json *body,
                  bool first)
{
    xd_strs next = {0};
    size_t n = xd_value_count(field, body);
    for (size_t p = 0; p < prefixes->n; p++) {
        for (size_t i = 0; i < (n == 0 ? 1 : n) && next.n < KEYS; i++) {
            const xd_json *value = n == 0 ? NULL : xd_value(field, body, i);
            xd_str key = value == NULL ? (xd_str){"", 0} : value_key(cx, field, value);
            if (first && key.n == 0) {
                continue;
            }
            *xd_push(cx->arena, &next) =
                first ? key : with_bar(cx->arena, prefixes->at[p], key);
        }
    }
    *prefixes = next;
}

static xd_str source_of(xd_ctx *cx, const xd_json *body, xd_str field)
{
    const xd_json *about = xd_json_get(xd_json_get(body, XD_M_ABOUT), field);
    const xd_json *source = xd_json_get(about, XD_S("source"));
    if (source == NULL) {
        source = xd_json_at(xd_json_get(body, XD_M_SOURCES), 0);
    }
    xd_str text = xd_json_get_str(source, XD_S("text"));
    return xd_fold_key(cx->arena, text.n > 0 ? text : xd_json_get_str(source, XD_S("url")));
}

static void add_key(xd_ctx *cx, const xd_json *body, const xd_key *key, xd_str value,
                    xd_body_keys *keys)
{
    if (key->by_source) {
        xd_str source = source_of(cx, body, key->fields[0]->name);
        *xd_push(cx->arena, keys) =
            (xd_body_key){.kind = xd_str_join(cx->arena, key->kind, XD_S("@")),
                          .value = with_bar(cx->arena, value, source),
                          .unique = key->unique,
                          .scope = XD_KEY_OF_SOURCE};
    }
    *xd_push(cx->arena, keys) =
        (xd_body_key){.kind = key->kind,
                      .value = value,
                      .unique = key->unique && !key->by_source,
                      .scope = key->by_source ? XD_KEY_ANY_SOURCE : XD_KEY_PLAIN};
}

bool xd_body_key_list(xd_ctx *cx, const xd_model *model, const xd_json *body,
                      xd_body_keys *keys)
{
    const xd_type *type = xd_body_type(model, body);
    if (type == NULL) {
        return xd_fail(cx, XD_INVALID, "the body's type is unknown");
    }
    xd_str number = xd_json_get_str(body, XD_M_NUMBER);
    if (number.n > 0) {
        *xd_push(cx->arena, keys) = (xd_body_key){
            .kind = XD_M_NUMBER, .value = xd_fold_key(cx->arena, number), .unique = true};
    }
    for (size_t i = 0; i < type->n_keys; i++) {
        const xd_key *key = &type->keys[i];
        xd_strs values = {0};
        *xd_push(cx->arena, &values) = (xd_str){"", 0};
        for (size_t k = 0; k < key->n; k++) {
            widen(cx, &values, key->fields[k], body, k == 0);
        }
        for (size_t k = 0; key->n > 0 && k < values.n; k++) {
            add_key(cx, body, key, values.at[k], keys);
        }
    }
    return true;
}
