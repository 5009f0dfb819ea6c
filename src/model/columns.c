/* The columns of our own tables.
 *
 * Each (field, part) has one header that surely leads back to it: an alias in the asked language,
 * else the label, else `name.part`, which header.c keeps free. A unit follows in brackets. */
#include "model/fold.h"
#include "model/parts.h"
#include "model/read.h"

static bool has_han(xd_str text)
{
    for (size_t at = 0; at < text.n;) {
        if (xd_is_han(xd_utf8_next(text, &at))) {
            return true;
        }
    }
    return false;
}

static bool leads_back(xd_ctx *cx, const xd_type *type, const xd_field *field, xd_str part,
                       xd_str header)
{
    const xd_column *found = xd_map_get(type->by_header, xd_fold_key(cx->arena, header));
    return header.n > 0 && found != NULL && found->field == field &&
           xd_str_eq(found->part, part);
}

/* The first header the model gives for the part in this language. */
static xd_str from_aliases(xd_ctx *cx, const xd_type *type, const xd_alias *aliases, size_t n,
                           const xd_field *field, xd_str part, xd_lang lang)
{
    for (size_t i = 0; i < n; i++) {
        xd_str header = aliases[i].header;
        if (xd_str_eq(aliases[i].part, part) && has_han(header) == (lang == XD_ZH) &&
            leads_back(cx, type, field, part, header)) {
            return header;
        }
    }
    return (xd_str){0};
}

static xd_str with_unit(xd_ctx *cx, const xd_field *field, xd_str header, xd_lang lang)
{
    xd_str unit = xd_label_in(&field->unit_label, lang);
    unit = unit.n == 0 ? field->unit : unit;
    if (field->kind != XD_KIND_NUMBER || unit.n == 0) {
        return header;
    }
    return lang == XD_ZH
               ? xd_str_printf(cx->arena, XD_FMT "（" XD_FMT "）", XD_ARG(header), XD_ARG(unit))
               : xd_str_printf(cx->arena, XD_FMT " (" XD_FMT ")", XD_ARG(header), XD_ARG(unit));
}

static xd_str header_of(xd_ctx *cx, const xd_type *type, const xd_field *field, xd_str part,
                        xd_lang lang)
{
    xd_strs parts;
    xd_column_parts(cx->arena, field, &parts);
    xd_str label = xd_label_in(&field->label, lang);
    bool whole = field->kind != XD_KIND_GROUP || field->many;
    if (whole && xd_str_eq(part, parts.at[0]) && leads_back(cx, type, field, part, label)) {
        return label;
    }
    xd_str alias = from_aliases(cx, type, field->aliases, field->n_aliases, field, part, lang);
    if (alias.n > 0) {
        return alias;
    }
    for (size_t i = 0; !whole && i < field->n_fields; i++) {
        xd_str part_label = xd_label_in(&field->fields[i].label, lang);
        xd_str both = xd_str_printf(cx->arena, XD_FMT "%s" XD_FMT, XD_ARG(label),
                                    lang == XD_EN ? " " : "", XD_ARG(part_label));
        if (xd_str_eq(part, field->fields[i].name) && leads_back(cx, type, field, part, both)) {
            return both;
        }
    }
    if (part.n == 0) {
        return field->name;
    }
    return xd_str_printf(cx->arena, XD_FMT "." XD_FMT, XD_ARG(field->name), XD_ARG(part));
}

static bool is_one_of(xd_str word, const char *const *list)
{
    for (; *list != NULL; list++) {
        if (xd_str_eq(word, xd_str_of(*list))) {
            return true;
        }
    }
    return false;
}

/* Not every part that can be read is written: one way is enough. */
static bool is_written(const xd_field *field, xd_str part)
{
    static const char *const place[] = {"lon",     "lat",      "precision", "raw",
                                        "raw_crs", "geometry", NULL};
    static const char *const first[] = {"n", "text", "ref", "name", "code", "", NULL};
    if (field->kind == XD_KIND_PLACE) {
        return field->many ? xd_str_eq(part, XD_S("both")) : is_one_of(part, place);
    }
    return xd_field_kept(field) == XD_KEPT_TEXTS || field->kind == XD_KIND_GROUP ||
           is_one_of(part, first);
}

typedef XD_VEC(xd_column) column_list;

static void add_row_wide(xd_ctx *cx, const xd_type *type, xd_lang lang, const char *part,
                         const char *zh, const char *en, column_list *list)
{
    xd_str name = xd_str_of(part);
    xd_str built_in = xd_str_of(lang == XD_ZH ? zh : en);
    xd_str other = xd_str_of(lang == XD_ZH ? en : zh); /* a field may be called as ours is */
    xd_str alias =
        from_aliases(cx, type, type->row_aliases, type->n_row_aliases, NULL, name, lang);
    xd_str header = leads_back(cx, type, NULL, name, built_in) ? built_in
                    : alias.n > 0                              ? alias
                    : leads_back(cx, type, NULL, name, other)
                        ? other
                        : xd_str_join(cx->arena, XD_S("record_"), name);
    *xd_push(cx->arena, list) = (xd_column){.header = header, .field = NULL, .part = name};
}

static const xd_field *inner_field(const xd_field *group, xd_str part)
{
    for (size_t i = 0; i < group->n_fields; i++) {
        xd_str name = group->fields[i].name;
        bool dotted = part.n > name.n && part.p[name.n] == '.' && xd_str_starts(part, name);
        if (xd_str_eq(part, name) || dotted) {
            return &group->fields[i];
        }
    }
    return group;
}

static void add_field(xd_ctx *cx, const xd_type *type, const xd_field *field, xd_lang lang,
                      column_list *list)
{
    xd_strs parts;
    xd_column_parts(cx->arena, field, &parts);
    bool group = field->kind == XD_KIND_GROUP && !field->many;
    for (size_t i = 0; i < parts.n; i++) {
        const xd_field *of = group ? inner_field(field, parts.at[i]) : field;
        xd_str own = parts.at[i];
        if (group && xd_str_eq(own, of->name)) {
            xd_strs inner;
            xd_alias_parts(cx->arena, of, &inner);
            own = inner.at[0];
        } else if (group) {
            own = xd_str_sub(own, of->name.n + 1, own.n);
        }
        /* A single place in a group has no column of its own for "both", which stands first. */
        if (is_written(of, own)) {
            xd_str header = header_of(cx, type, field, parts.at[i], lang);
            *xd_push(cx->arena, list) = (xd_column){
                .header = with_unit(cx, of, header, lang), .field = field, .part = parts.at[i]};
        }
    }
}

bool xd_columns(xd_ctx *cx, const xd_model *model, const xd_type *type, xd_lang lang,
                const xd_column **ret_columns, size_t *ret_n)
{
    column_list list = {0};
    (void)model; /* the type knows its headers */
    if (type->number.n > 0) {
        add_row_wide(cx, type, lang, "number", "登记号", "number", &list);
    }
    for (size_t i = 0; i < type->n_fields; i++) {
        if (!type->fields[i].retired) {
            add_field(cx, type, &type->fields[i], lang, &list);
        }
    }
    add_row_wide(cx, type, lang, "confidence", "可信度", "confidence", &list);
    add_row_wide(cx, type, lang, "source", "资料来源", "source", &list);
    add_row_wide(cx, type, lang, "source_url", "来源网址", "source_url", &list);
    add_row_wide(cx, type, lang, "source_date", "来源日期", "source_date", &list);
    add_row_wide(cx, type, lang, "about", "各项出处", "about", &list);
    add_row_wide(cx, type, lang, "state", "记录状态", "state", &list);
    *ret_columns = list.at;
    *ret_n = list.n;
    return true;
}
