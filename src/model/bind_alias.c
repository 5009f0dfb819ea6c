/* Headers: which column names feed which part of which field.
 *
 * aliases: [名称, 项目名称]              the default part of the field's kind
 * aliases: {经度: lon, 东经: lon}        header: part
 * aliases: {lon: [经度, 东经]}           part: headers, shorter where a part has many
 * The second and third are told apart by the value: one word, or a list. */
#include "model/bind.h"

typedef struct kind_parts {
    xd_kind kind;
    const char *parts[10];
} kind_parts;

static const kind_parts parts_of[] = {
    {XD_KIND_NUMBER,   {"n", "unit"}                                                           },
    {XD_KIND_PERIOD,   {"text", "from", "to"}                                                  },
    {XD_KIND_PLACE,    {"both", "lon", "lat", "crs", "precision", "geometry", "raw", "raw_crs"}},
    {XD_KIND_LINK,     {"ref", "id"}                                                           },
    {XD_KIND_DIVISION, {"name", "code", "province", "prefecture", "county", "town"}            },
    {XD_KIND_HOURS,    {"text", "closed", "last"}                                              },
};
static const char *const row_parts[] = {
    "ignore",     "source", "source_url", "source_date", "confidence", "checked_by",
    "checked_on", "state",  "number",     "id",          "about",
};

void xd_alias_parts(xd_arena *arena, const xd_field *field, xd_strs *ret_parts)
{
    *ret_parts = (xd_strs){0};
    if (field == NULL) {
        for (size_t i = 0; i < XD_LEN(row_parts); i++) {
            *xd_push(arena, ret_parts) = xd_str_of(row_parts[i]);
        }
        return;
    }
    if (field->kind == XD_KIND_TEXT || field->kind == XD_KIND_MARKDOWN) {
        *ret_parts = field->langs;
        return;
    }
    for (size_t i = 0; i < XD_LEN(parts_of); i++) {
        const char *const *part = parts_of[i].parts;
        for (; parts_of[i].kind == field->kind && *part != NULL; part++) {
            *xd_push(arena, ret_parts) = xd_str_of(*part);
        }
    }
    if (ret_parts->n == 0) {
        *xd_push(arena, ret_parts) = (xd_str){"", 0};
    }
}

static bool part_known(const xd_strs *parts, xd_str part)
{
    for (size_t i = 0; i < parts->n; i++) {
        if (xd_str_eq(parts->at[i], part)) {
            return true;
        }
    }
    return false;
}

static void take(xd_bind *b, const xd_node *node, const xd_strs *parts, xd_str header,
                 xd_str part, xd_aliases *aliases)
{
    if (!part_known(parts, part)) {
        xd_str near = xd_nearest(part, parts);
        XD_FAULT(b, node, header, "“" XD_FMT "”不是这个字段的一部分；有“" XD_FMT "”",
                 "\"" XD_FMT "\" is no part of this field; there is \"" XD_FMT "\"",
                 XD_ARG(part), XD_ARG(near.n > 0 ? near : parts->at[0]));
        return;
    }
    *xd_push(b->arena, aliases) = (xd_alias){.header = header, .part = part};
}

void xd_bind_aliases(xd_bind *b, const xd_node *node, const xd_field *field,
                     xd_aliases *aliases)
{
    xd_strs parts, headers = {0};
    xd_alias_parts(b->arena, field, &parts);
    if (node->kind != XD_NODE_MAP) {
        xd_bind_texts(b, node, XD_S("aliases"), &headers);
        for (size_t i = 0; i < headers.n; i++) {
            take(b, node, &parts, headers.at[i], parts.at[0], aliases);
        }
        return;
    }
    for (size_t i = 0; i < node->pairs.n; i++) {
        const xd_pair *pair = &node->pairs.at[i];
        xd_str part = {0};
        if (pair->value->kind == XD_NODE_LIST) {
            headers = (xd_strs){0};
            xd_bind_texts(b, pair->value, pair->key, &headers);
            for (size_t k = 0; k < headers.n; k++) {
                take(b, pair->value, &parts, headers.at[k], pair->key, aliases);
            }
        } else if (xd_bind_text(b, pair->value, pair->key, &part)) {
            take(b, pair->value, &parts, pair->key, part, aliases);
        }
    }
}
