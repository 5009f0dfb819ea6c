/* Taking a body apart: personal and open, links, differences. */
#include "model/value.h"

static void set_about(xd_ctx *cx, xd_json *target, xd_str field, const xd_json *value)
{
    const xd_json *about = xd_json_get(target, XD_M_ABOUT);
    xd_json *own =
        about == NULL ? xd_json_object(cx->arena) : (xd_json *)about; /* made below */
    xd_json_set(cx->arena, own, field, value);
    if (about == NULL) {
        xd_json_set(cx->arena, target, XD_M_ABOUT, own);
    }
}

static bool is_personal(const xd_type *type, xd_str name)
{
    const xd_field *field = xd_field_find(type, name);
    if (field != NULL) {
        return field->personal;
    }
    /* A value kept under a former name is as personal as the field that has the name in `was`. */
    for (size_t i = 0; i < type->n_fields; i++) {
        for (size_t k = 0; k < type->fields[i].was.n; k++) {
            if (type->fields[i].personal && xd_str_eq(type->fields[i].was.at[k], name)) {
                return true;
            }
        }
    }
    return false;
}

bool xd_body_split(xd_ctx *cx, const xd_model *model, const xd_json *body,
                   const xd_json **ret_open, const xd_json **ret_personal)
{
    const xd_type *type = xd_body_type(model, body);
    if (type == NULL) {
        return xd_fail(cx, XD_INVALID, "the body's type is unknown");
    }
    xd_json *open = xd_json_object(cx->arena), *personal = xd_json_object(cx->arena);
    for (size_t i = 0; i < body->members.n; i++) {
        const xd_json_member *member = &body->members.at[i];
        if (xd_str_eq(member->key, XD_M_ABOUT)) {
            for (size_t k = 0; k < xd_json_len(member->value); k++) {
                const xd_json_member *one = &member->value->members.at[k];
                set_about(cx, is_personal(type, one->key) ? personal : open, one->key,
                          one->value);
            }
        } else {
            xd_json_set(cx->arena, is_personal(type, member->key) ? personal : open,
                        member->key, member->value);
        }
    }
    *ret_open = open;
    *ret_personal = xd_json_len(personal) == 0 ? NULL : personal;
    return true;
}

const xd_json *xd_body_join(xd_ctx *cx, const xd_json *open, const xd_json *personal)
{
    if (personal == NULL) {
        return open;
    }
    xd_json *body = xd_json_object(cx->arena);
    const xd_json *parts[] = {open, personal};
    for (size_t p = 0; p < XD_LEN(parts); p++) {
        for (size_t i = 0; parts[p] != NULL && i < parts[p]->members.n; i++) {
            const xd_json_member *member = &parts[p]->members.at[i];
            if (!xd_str_eq(member->key, XD_M_ABOUT)) {
                xd_json_set(cx->arena, body, member->key, member->value);
                continue;
            }
            for (size_t k = 0; k < xd_json_len(member->value); k++) {
                set_about(cx, body, member->value->members.at[k].key,
                          member->value->members.at[k].value);
            }
        }
    }
    return body;
}

bool xd_body_link_list(xd_ctx *cx, const xd_model *model, const xd_json *body,
                       xd_body_links *links)
{
    const xd_type *type = xd_body_type(model, body);
    if (type == NULL) {
        return xd_fail(cx, XD_INVALID, "the body's type is unknown");
    }
    for (size_t i = 0; i < type->n_fields; i++) {
        const xd_field *field = &type->fields[i];
        for (size_t k = 0; field->kind == XD_KIND_LINK && k < xd_value_count(field, body);
             k++) {
            const xd_json *value = xd_value(field, body, k);
            int64_t id = xd_json_get_int(value, XD_S("id"), 0);
            if (id > 0) {
                *xd_push(cx->arena, links) =
                    (xd_body_link){.kind = field->name,
                                   .to = id,
                                   .from_date = xd_json_get_str(value, XD_S("from")),
                                   .to_date = xd_json_get_str(value, XD_S("to"))};
            }
        }
    }
    return true;
}

void xd_body_diff(xd_ctx *cx, const xd_json *before, const xd_json *after,
                  xd_field_changes *changes)
{
    for (size_t i = 0; before != NULL && i < before->members.n; i++) {
        xd_str key = before->members.at[i].key;
        const xd_json *then = before->members.at[i].value, *now = xd_json_get(after, key);
        if (now == NULL || !xd_json_equal(then, now)) {
            *xd_push(cx->arena, changes) =
                (xd_field_change){.field = key, .before = then, .after = now};
        }
    }
    for (size_t i = 0; after != NULL && i < after->members.n; i++) {
        xd_str key = after->members.at[i].key;
        if (xd_json_get(before, key) == NULL) {
            *xd_push(cx->arena, changes) =
                (xd_field_change){.field = key, .after = after->members.at[i].value};
        }
    }
}
