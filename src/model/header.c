/* Headers, folded: who answers to which. */
#include "model/header.h"

#include "model/computed.h"
#include "model/fold.h"
#include "model/read.h"

/* Words for the row as a whole that need no model to be understood. */
static const struct {
    const char *part, *words[6];
} row_words[] = {
    {"source",      {"来源", "资料来源", "出处", "source"}},
    {"source_url",  {"来源链接", "来源网址", "source_url"}},
    {"source_date", {"来源日期", "source_date"}               },
    {"confidence",  {"可信度", "confidence"}                   },
    {"checked_by",  {"核对人", "checked_by"}                   },
    {"checked_on",  {"核对日期", "checked_on"}                },
    {"state",       {"记录状态", "state"}                     },
    {"number",      {"编号", "登记号", "number"}             },
    {"id",          {"记录号", "record_id"}                    },
    {"about",       {"各项出处", "about"}                     },
    {"ignore",      {"序号", "No.", "#"}                        },
    {"computed",    {"现算", "computed"}                        },
};

static bool same_column(const xd_column *a, const xd_field *field, xd_str part)
{
    return a->field == field && xd_str_eq(a->part, part);
}

/* strong: a clash is a fault; otherwise whoever came first keeps the word. */
static void put(xd_bind *b, xd_type *type, xd_map *map, xd_str header, const xd_field *field,
                xd_str part, bool strong)
{
    xd_str key = xd_fold_key(b->arena, header);
    const xd_column *taken = xd_map_get(map, key);
    if (key.n == 0) {
        return;
    }
    if (taken == NULL) {
        xd_column *column = xd_new(b->arena, xd_column);
        *column = (xd_column){.header = header, .field = field, .part = part};
        xd_map_put(map, key, column);
    } else if (strong && !b->kept && !same_column(taken, field, part)) {
        xd_node at = {.line = field == NULL ? 1 : field->line, .column = 1};
        xd_str file = b->file;
        b->file = field == NULL ? type->file : field->file;
        XD_FAULT(b, &at, header, "表头“" XD_FMT "”已经指“" XD_FMT "”，不能再指别的",
                 "the header \"" XD_FMT "\" already means \"" XD_FMT "\"", XD_ARG(header),
                 XD_ARG(taken->field == NULL ? taken->part : taken->field->name));
        b->file = file;
    }
}

void xd_column_parts(xd_arena *arena, const xd_field *field, xd_strs *ret_parts)
{
    if (field->kind != XD_KIND_GROUP || field->many) {
        xd_alias_parts(arena, field, ret_parts);
        return;
    }
    *ret_parts = (xd_strs){0};
    for (size_t i = 0; i < field->n_fields; i++) {
        xd_strs inner;
        xd_alias_parts(arena, &field->fields[i], &inner);
        for (size_t k = 0; k < inner.n; k++) {
            *xd_push(arena, ret_parts) =
                k == 0 ? field->fields[i].name
                       : xd_str_printf(arena, XD_FMT "." XD_FMT, XD_ARG(field->fields[i].name),
                                       XD_ARG(inner.at[k]));
        }
    }
}

static void put_names(xd_bind *b, xd_type *type, xd_map *map, const xd_field *field)
{
    xd_strs parts;
    xd_column_parts(b->arena, field, &parts);
    bool whole = field->kind != XD_KIND_GROUP || field->many;
    put(b, type, map, field->name, field, whole ? parts.at[0] : (xd_str){"", 0}, true);
    for (size_t i = 0; i < parts.n; i++) {
        xd_str header = xd_str_printf(b->arena, XD_FMT "." XD_FMT, XD_ARG(field->name),
                                      XD_ARG(parts.at[i]));
        if (parts.at[i].n > 0) {
            put(b, type, map, header, field, parts.at[i], true);
        }
    }
}

/* The English label heads the English text, where the field has one. */
static xd_str label_part(const xd_field *field, const xd_strs *parts, size_t lang)
{
    bool texts = field->kind == XD_KIND_TEXT || field->kind == XD_KIND_MARKDOWN;
    for (size_t i = 0; texts && i < parts->n; i++) {
        if (xd_str_eq(parts->at[i], xd_lang_tag[lang])) {
            return parts->at[i];
        }
    }
    return parts->at[0];
}

static void put_labels(xd_bind *b, xd_type *type, xd_map *map, const xd_field *field)
{
    xd_strs parts;
    xd_column_parts(b->arena, field, &parts);
    for (size_t lang = 0; lang < XD_LANGS; lang++) {
        if (field->kind != XD_KIND_GROUP || field->many) {
            put(b, type, map, field->label.in[lang], field, label_part(field, &parts, lang),
                false);
            continue;
        }
        for (size_t i = 0; i < field->n_fields; i++) {
            xd_str label = field->fields[i].label.in[lang];
            put(b, type, map, xd_str_join(b->arena, field->label.in[lang], label), field,
                field->fields[i].name, false);
        }
    }
    for (size_t i = 0; i < field->was.n; i++) {
        put(b, type, map, field->was.at[i], field, parts.at[0], false);
    }
}

/* What GIS programs call the shape of a feature: the type's place, whatever its field is called. */
static void put_geometry_words(xd_bind *b, xd_type *type, xd_map *map)
{
    static const char *const words[] = {"geometry", "geom", "the_geom", "wkt", "WKT几何"};
    for (size_t i = 0; type->place != NULL && i < XD_LEN(words); i++) {
        put(b, type, map, xd_str_of(words[i]), type->place, XD_S("geometry"), false);
    }
}

/* Computed values as our own tables and the API name them: known, and never read. */
static void put_computed(xd_bind *b, xd_type *type, xd_map *map)
{
    for (size_t i = 0; i < type->n_computed; i++) {
        xd_str name = xd_computed_column(b->arena, &type->computed[i]);
        put(b, type, map, name, NULL, XD_S("computed"), false);
        put(b, type, map, xd_str_join(b->arena, name, XD_S("_label")), NULL, XD_S("computed"),
            false);
    }
}

xd_str xd_computed_column(xd_arena *arena, const xd_computed *computed)
{
    return xd_str_join(arena, XD_S("computed_"), computed->field.name);
}

void xd_bind_headers(xd_bind *b, xd_type *type)
{
    xd_map *map = xd_map_make(b->arena);
    for (size_t i = 0; i < type->n_fields; i++) {
        const xd_field *field = &type->fields[i];
        for (size_t k = 0; k < field->n_aliases; k++) {
            put(b, type, map, field->aliases[k].header, field, field->aliases[k].part, true);
        }
    }
    for (size_t i = 0; i < type->n_row_aliases; i++) {
        put(b, type, map, type->row_aliases[i].header, NULL, type->row_aliases[i].part, true);
    }
    for (size_t i = 0; i < type->n_fields; i++) {
        put_names(b, type, map, &type->fields[i]);
    }
    for (size_t i = 0; i < type->n_fields; i++) {
        put_labels(b, type, map, &type->fields[i]);
    }
    for (size_t i = 0; i < XD_LEN(row_words); i++) {
        for (size_t k = 0; row_words[i].words[k] != NULL; k++) {
            put(b, type, map, xd_str_of(row_words[i].words[k]), NULL,
                xd_str_of(row_words[i].part), false);
        }
        /* Where a field is called State, the row's own is record_state. */
        put(b, type, map, xd_str_printf(b->arena, "record_%s", row_words[i].part), NULL,
            xd_str_of(row_words[i].part), false);
    }
    put_geometry_words(b, type, map);
    put_computed(b, type, map);
    type->by_header = map;
}

/* Without the note in brackets at the end, or the unit behind a slash: 面积/㎡. */
static xd_str bare(xd_str header)
{
    static const char *const open[] = {"（", "(", "[", "【", "〔", "/", "／", "：", ":"};
    size_t end = header.n;
    for (size_t i = 0; i < XD_LEN(open); i++) {
        size_t at = xd_str_find(header, xd_str_of(open[i]), 0);
        end = at != SIZE_MAX && at > 0 && at < end ? at : end;
    }
    return xd_str_sub(header, 0, end);
}

bool xd_column_find(const xd_model *model, const xd_type *type, xd_str header,
                    xd_column *ret_column)
{
    xd_arena *arena = xd_arena_make(); /* one header at a time: folding leaves nothing behind */
    (void)model;                       /* all a header can mean is in the type */
    const xd_column *found = xd_map_get(type->by_header, xd_fold_key(arena, header));
    if (found == NULL) {
        found = xd_map_get(type->by_header, xd_fold_key(arena, bare(header)));
    }
    xd_arena_free(arena);
    if (found == NULL) {
        return false;
    }
    *ret_column = *found;
    ret_column->header = header;
    return true;
}
