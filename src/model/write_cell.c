/* Cells of our own tables, from a body.
 *
 * A cell is first written as a person would; then the field's cells are read again, and when the
 * value does not come back the same, the exact JSON stands in the field's first column instead.
 * So a round trip gives the identical body by construction, and almost every cell is plain. */
#include "model/fold.h"
#include "model/hours.h"
#include "model/parts.h"
#include "model/read.h"
#include "model/value.h"

typedef struct writer {
    xd_ctx *cx;
    const xd_model *model;
    const xd_type *type; /* of the body */
    xd_lang lang;
    xd_link_text *link_text;
    void *user;
} writer;

static xd_str joined(xd_ctx *cx, const xd_strs *items)
{
    xd_buf out = {0};
    for (size_t i = 0; i < items->n; i++) {
        xd_buf_add(&out, i == 0 ? (xd_str){"", 0} : XD_S("；"));
        xd_buf_add(&out, items->at[i]);
    }
    xd_str text = xd_buf_copy(&out, cx->arena);
    xd_buf_free(&out);
    return text;
}

static xd_str json_text(xd_ctx *cx, const xd_json *value)
{
    xd_buf out = {0};
    xd_json_canonical(&out, value);
    xd_str text = xd_buf_copy(&out, cx->arena);
    xd_buf_free(&out);
    return text;
}

/* The label where it reads back as this very term; "code label" of a vocabulary of codes. */
static xd_str term_cell(writer *w, const xd_field *field, xd_str code)
{
    const xd_term *term = xd_term_find(field->vocabulary, code);
    if (term == NULL) {
        return code;
    }
    xd_str label = xd_label_in(&term->label, w->lang);
    if (field->vocabulary->hierarchical) {
        label = xd_str_printf(w->cx->arena, XD_FMT " " XD_FMT, XD_ARG(code), XD_ARG(label));
    }
    return xd_term_read(w->cx, field->vocabulary, label, NULL) == term ? label : code;
}

static xd_str place_cell(writer *w, const xd_json *value, xd_str part)
{
    const xd_geom *geom = NULL;
    xd_buf out = {0};
    if (xd_str_eq(part, XD_S("precision")) || xd_str_eq(part, XD_S("raw"))) {
        return xd_json_get_str(value, part);
    }
    if (xd_str_eq(part, XD_S("raw_crs"))) {
        return xd_json_get_str(value, XD_S("crs"));
    }
    if (!xd_value_geom(w->cx, value, &geom) || geom == NULL) {
        (void)xd_err_take(w->cx); /* a judged body has a good geometry or none */
        return (xd_str){0};
    }
    bool point = geom->kind == XD_POINT;
    if (point && xd_str_eq(part, XD_S("lon"))) {
        xd_degree_write(&out, geom->parts[0].rings[0].at[0].lon);
    } else if (point && xd_str_eq(part, XD_S("lat"))) {
        xd_degree_write(&out, geom->parts[0].rings[0].at[0].lat);
    } else if (!point && xd_str_eq(part, XD_S("geometry"))) {
        xd_geom_write_wkt(&out, geom);
    }
    xd_str text = xd_buf_copy(&out, w->cx->arena);
    xd_buf_free(&out);
    return text;
}

static xd_str link_cell(writer *w, const xd_field *field, const xd_json *value)
{
    int64_t id = xd_json_get_int(value, XD_S("id"), 0);
    xd_str text = {0};
    if (id > 0 && w->link_text != NULL) {
        text = w->link_text(w->user, w->cx, field, id);
    }
    if (text.n == 0) {
        text = xd_json_get_str(value, XD_S("text"));
    }
    return text.n > 0 ? text : xd_str_printf(w->cx->arena, "#%" PRId64, id);
}

/* Links as exact JSON: an id means another record in another store, so the record is named there
 * too, and whoever reads the table finds it. */
static const xd_json *named_links(writer *w, const xd_field *field, const xd_json *value)
{
    if (w->link_text == NULL) {
        return value;
    }
    if (value->kind == XD_JSON_ARRAY) {
        xd_json *list = xd_json_array(w->cx->arena);
        for (size_t i = 0; i < value->items.n; i++) {
            xd_json_add(w->cx->arena, list, named_links(w, field, value->items.at[i]));
        }
        return list;
    }
    xd_json *named = xd_json_object(w->cx->arena);
    for (size_t i = 0; i < value->members.n; i++) {
        xd_json_set(w->cx->arena, named, value->members.at[i].key, value->members.at[i].value);
    }
    xd_json_drop(named, XD_S("id"));
    xd_json_set(w->cx->arena, named, XD_S("text"),
                xd_json_string(w->cx->arena, link_cell(w, field, value)));
    return named;
}

static xd_str group_cell(writer *w, const xd_field *field, const xd_json *value, xd_str part);

/* One value as a person would write it. */
static xd_str plain_cell(writer *w, const xd_field *field, const xd_json *value, xd_str part)
{
    switch (xd_field_kept(field)) {
    case XD_KEPT_TEXTS:
        return xd_json_get_str(value, part);
    case XD_KEPT_NUMBER:
        return xd_str_eq(part, XD_S("n")) ? xd_json_get_str(value, XD_S("n")) : (xd_str){0};
    case XD_KEPT_BOOLEAN:
        return w->lang == XD_ZH ? (value->boolean ? XD_S("是") : XD_S("否"))
                                : (value->boolean ? XD_S("yes") : XD_S("no"));
    case XD_KEPT_PERIOD:
        return xd_str_eq(part, XD_S("text")) ? xd_json_get_str(value, XD_S("text"))
                                             : (xd_str){0};
    case XD_KEPT_CODE:
        if (field->kind == XD_KIND_TERM) {
            return term_cell(w, field, xd_json_str(value));
        }
        if (xd_str_eq(part, XD_S("code"))) {
            return xd_json_str(value);
        }
        return xd_str_eq(part, XD_S("name"))
                   ? xd_division_text(w->cx, w->model, xd_json_str(value))
                   : (xd_str){0};
    case XD_KEPT_PLACE:
        return place_cell(w, value, part);
    case XD_KEPT_LINK:
        return xd_str_eq(part, XD_S("ref")) ? link_cell(w, field, value) : (xd_str){0};
    case XD_KEPT_GROUP:
        return group_cell(w, field, value, part);
    case XD_KEPT_HOURS:
        return xd_str_eq(part, XD_S("text")) ? xd_json_get_str(value, XD_S("text"))
                                             : (xd_str){0};
    case XD_KEPT_FILE:
        return json_text(w->cx, value);
    case XD_KEPT_STRING:
        break;
    }
    return xd_json_str(value);
}

static xd_str items_cell(writer *w, const xd_field *field, const xd_json *value, xd_str part)
{
    xd_strs items = {0};
    if (value->kind != XD_JSON_ARRAY) {
        return plain_cell(w, field, value, part);
    }
    for (size_t i = 0; i < value->items.n; i++) {
        xd_str item = plain_cell(w, field, value->items.at[i], part);
        if (item.n > 0) {
            *xd_push(w->cx->arena, &items) = item;
        }
    }
    return joined(w->cx, &items);
}

/* A link that was resolved comes back as the reference's text: the id is settled by whoever
 * resolves it, so only what the cell itself can carry is compared. */
static bool link_same(const xd_json *value, const xd_json *back)
{
    for (size_t i = 0; i < xd_json_len(value); i++) {
        const xd_json *one = xd_json_at(value, i);
        for (size_t k = 0; k < xd_json_len(one); k++) {
            xd_str key = one->members.at[k].key;
            if (!xd_str_eq(key, XD_S("id")) && !xd_str_eq(key, XD_S("text"))) {
                return false;
            }
        }
    }
    return xd_json_len(value) == xd_json_len(back);
}

static const xd_json *as_list(xd_ctx *cx, const xd_json *value)
{
    if (value == NULL || value->kind == XD_JSON_ARRAY) {
        return value;
    }
    xd_json *list = xd_json_array(cx->arena);
    xd_json_add(cx->arena, list, value);
    return list;
}

/* Do the plain cells of this field read back as the value? */
static bool reads_back(writer *w, const xd_field *field, const xd_json *value,
                       const xd_strs *parts)
{
    /* A type of this one field is enough to read its cells. */
    xd_field *own = xd_new(w->cx->arena, xd_field);
    xd_type *type = xd_new(w->cx->arena, xd_type);
    xd_column *columns = xd_new_n(w->cx->arena, xd_column, parts->n);
    xd_given *given = xd_new_n(w->cx->arena, xd_given, parts->n);
    xd_read_options options = {0};
    xd_problems problems = {0};
    xd_json *body = NULL;
    *own = *field;
    own->at = 0;
    own->otherwise = NULL;
    *type = (xd_type){.name = field->name, .fields = own, .n_fields = 1};
    type->by_header = w->type == NULL ? NULL : w->type->by_header; /* words of events */
    type->title = w->type != NULL && field == w->type->title ? own : NULL;
    for (size_t i = 0; i < parts->n; i++) {
        columns[i] = (xd_column){.field = own, .part = parts->at[i]};
        given[i] = (xd_given){.column = &columns[i],
                              .text = xd_str_trim(items_cell(w, field, value, parts->at[i]))};
    }
    if (!xd_row_read(w->cx, w->model, type, given, parts->n, &options, &body, &problems)) {
        (void)xd_err_take(w->cx); /* then the exact form is written */
        return false;
    }
    const xd_json *back = xd_json_get(body, field->name);
    if (back == NULL || xd_problems_refuse(&problems)) {
        return false;
    }
    return field->kind == XD_KIND_LINK ? link_same(as_list(w->cx, value), as_list(w->cx, back))
                                       : xd_json_equal(value, back);
}

/* Parts whose cells carry the value: what columns.c writes. */
static void written_parts(xd_arena *arena, const xd_field *field, xd_strs *ret_parts)
{
    static const char *const place[] = {"lon", "lat",     "precision",
                                        "raw", "raw_crs", "geometry"};
    *ret_parts = (xd_strs){0};
    if (field->kind == XD_KIND_PLACE && !field->many) {
        for (size_t i = 0; i < XD_LEN(place); i++) {
            *xd_push(arena, ret_parts) = xd_str_of(place[i]);
        }
        return;
    }
    xd_alias_parts(arena, field, ret_parts);
    if (field->kind != XD_KIND_TEXT && field->kind != XD_KIND_MARKDOWN) {
        ret_parts->n = 1;
    }
}

static xd_str field_cell(writer *w, const xd_field *field, const xd_json *value, xd_str part)
{
    xd_strs parts;
    written_parts(w->cx->arena, field, &parts);
    bool exact = field->kind == XD_KIND_FILE || (field->kind == XD_KIND_GROUP && field->many) ||
                 (field->kind == XD_KIND_PLACE && field->many) ||
                 !reads_back(w, field, value, &parts);
    if (!exact) {
        return items_cell(w, field, value, part);
    }
    xd_str first =
        field->kind == XD_KIND_PLACE && !field->many ? XD_S("geometry") : parts.at[0];
    if (!xd_str_eq(part, first)) {
        return (xd_str){0};
    }
    return json_text(w->cx, field->kind == XD_KIND_LINK ? named_links(w, field, value) : value);
}

/* part: "sub" or "sub.part" */
static xd_str group_cell(writer *w, const xd_field *field, const xd_json *value, xd_str part)
{
    for (size_t i = 0; i < field->n_fields; i++) {
        const xd_field *inner = &field->fields[i];
        const xd_json *own = xd_json_get(value, inner->name);
        bool dotted = part.n > inner->name.n && part.p[inner->name.n] == '.';
        if (!xd_str_starts(part, inner->name) || !(dotted || xd_str_eq(part, inner->name))) {
            continue;
        }
        xd_strs parts;
        xd_alias_parts(w->cx->arena, inner, &parts);
        return own == NULL ? (xd_str){0}
                           : field_cell(w, inner, own,
                                        dotted ? xd_str_sub(part, inner->name.n + 1, part.n)
                                               : parts.at[0]);
    }
    return (xd_str){0};
}

static xd_str source_cell(writer *w, const xd_json *body, xd_str part)
{
    static const struct {
        const char *part, *member;
    } parts[] = {
        {"source",      "text"},
        {"source_url",  "url" },
        {"source_date", "date"}
    };
    const xd_json *sources = xd_json_get(body, XD_M_SOURCES);
    const xd_json *first = xd_json_at(sources, 0);
    xd_str url = xd_json_get_str(first, XD_S("url")), read;
    bool plain = xd_json_len(sources) == 1 &&
                 !xd_str_starts(xd_json_get_str(first, XD_S("text")), XD_S("[{"));
    if (plain && url.n > 0) {
        plain = xd_url_read(w->cx, url, &read) && xd_str_eq(url, read);
        (void)xd_err_take(w->cx);
    }
    if (!plain) {
        return sources != NULL && xd_str_eq(part, XD_S("source")) ? json_text(w->cx, sources)
                                                                  : (xd_str){0};
    }
    for (size_t i = 0; i < XD_LEN(parts); i++) {
        if (xd_str_eq(part, xd_str_of(parts[i].part))) {
            return xd_json_get_str(first, xd_str_of(parts[i].member));
        }
    }
    return (xd_str){0};
}

static xd_str row_cell(writer *w, const xd_json *body, xd_str part)
{
    const xd_type *type = w->type;
    if (xd_str_eq(part, XD_M_ABOUT)) {
        const xd_json *about = xd_json_get(body, XD_M_ABOUT);
        return about == NULL ? (xd_str){0} : json_text(w->cx, about);
    }
    if (xd_str_eq(part, XD_M_STATE) && type != NULL) {
        const xd_state *state = xd_state_find(type->flow, xd_json_get_str(body, XD_M_STATE));
        return state == NULL ? (xd_str){0} : xd_label_in(&state->label, w->lang);
    }
    if (xd_str_starts(part, XD_S("source"))) {
        return source_cell(w, body, part);
    }
    return xd_json_get_str(body, part); /* number, confidence */
}

xd_str xd_cell_write(xd_ctx *cx, const xd_model *model, const xd_column *column,
                     const xd_json *body, xd_lang lang, xd_link_text *link_text, void *user)
{
    writer w = {.cx = cx,
                .model = model,
                .type = xd_body_type(model, body),
                .lang = lang,
                .link_text = link_text,
                .user = user};
    xd_lang asked = cx->lang;
    xd_str text;
    if (column->field == NULL) {
        return row_cell(&w, body, column->part);
    }
    const xd_json *value = xd_json_get(body, column->field->name);
    if (value == NULL) {
        return (xd_str){0};
    }
    cx->lang = lang; /* labels and division names come in the table's language */
    text = column->field->kind == XD_KIND_GROUP && !column->field->many
               ? group_cell(&w, column->field, value, column->part)
               : field_cell(&w, column->field, value, column->part);
    cx->lang = asked;
    return text;
}
