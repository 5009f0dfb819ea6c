/* Values as people read them. */
#include "model/hours.h"
#include "model/value.h"

xd_str xd_division_text(xd_ctx *cx, const xd_model *model, xd_str code)
{
    const xd_vocabulary *divisions = xd_model_divisions(model);
    const xd_term *term = divisions == NULL ? NULL : xd_term_find(divisions, code);
    const xd_term *chain[8];
    size_t n = 0;
    if (term == NULL) {
        return code;
    }
    for (; term != NULL && n < XD_LEN(chain); term = term->parent) {
        if (n == 0 || term != divisions->home) { /* home goes without saying */
            chain[n++] = term;
        }
    }
    xd_buf out = {0};
    for (size_t i = 0; i < n; i++) {
        if (cx->lang == XD_ZH) {
            xd_buf_add(&out, xd_label_in(&chain[n - 1 - i]->label, XD_ZH));
        } else {
            xd_buf_add(&out, i == 0 ? (xd_str){"", 0} : XD_S(", "));
            xd_buf_add(&out, xd_label_in(&chain[i]->label, XD_EN));
        }
    }
    xd_str text = xd_buf_copy(&out, cx->arena);
    xd_buf_free(&out);
    return text;
}

static xd_str number_text(xd_ctx *cx, const xd_field *field, const xd_json *value)
{
    xd_str n = xd_json_get_str(value, XD_S("n"));
    xd_str unit = xd_label_in(&field->unit_label, cx->lang);
    if (unit.n == 0) {
        unit = field->unit;
    }
    if (field->forms.n > 0 && cx->lang == XD_ZH) { /* 第2批 */
        size_t hole = xd_str_find(field->forms.at[0], XD_S("{}"), 0);
        return xd_str_printf(
            cx->arena, XD_FMT XD_FMT XD_FMT, XD_ARG(xd_str_sub(field->forms.at[0], 0, hole)),
            XD_ARG(n), XD_ARG(xd_str_sub(field->forms.at[0], hole + 2, field->forms.at[0].n)));
    }
    return unit.n == 0 ? n
                       : xd_str_printf(cx->arena, XD_FMT " " XD_FMT, XD_ARG(n), XD_ARG(unit));
}

/* Chinese readers get the text as given; others the interval it was read as. */
static xd_str period_text(xd_ctx *cx, const xd_json *value)
{
    xd_str given = xd_json_get_str(value, XD_S("text"));
    xd_period period;
    bool read = xd_value_period(value, &period);
    if ((cx->lang == XD_ZH || !read) && given.n > 0) {
        int64_t year;
        /* A bare 1953 reads as a number: say it is a year. */
        if (!read || !xd_str_int(given, &year)) {
            return given;
        }
    }
    return read ? xd_period_text(cx->arena, period, cx->lang) : given;
}

static xd_str place_text(xd_ctx *cx, const xd_json *value)
{
    const xd_geom *geom = NULL;
    xd_pos at;
    if (!xd_value_geom(cx, value, &geom) || geom == NULL || !xd_geom_anchor(cx, geom, &at)) {
        (void)xd_err_take(cx); /* a body that was judged has a good geometry: then only raw */
        return xd_json_get_str(value, XD_S("raw"));
    }
    xd_buf out = {0};
    xd_degree_write(&out, at.lon);
    xd_buf_add(&out, XD_S(", "));
    xd_degree_write(&out, at.lat);
    xd_str text = xd_buf_copy(&out, cx->arena);
    xd_buf_free(&out);
    return text;
}

static xd_str group_text(xd_ctx *cx, const xd_model *model, const xd_field *field,
                         const xd_json *value)
{
    xd_buf out = {0};
    for (size_t i = 0; i < field->n_fields; i++) {
        const xd_json *inner = xd_json_get(value, field->fields[i].name);
        if (inner != NULL) {
            xd_buf_add(&out, out.n == 0          ? (xd_str){"", 0}
                             : cx->lang == XD_ZH ? XD_S("；")
                                                 : XD_S("; "));
            xd_buf_add(&out, xd_label_in(&field->fields[i].label, cx->lang));
            xd_buf_add(&out, cx->lang == XD_ZH ? XD_S("：") : XD_S(": "));
            xd_buf_add(&out, xd_value_text(cx, model, &field->fields[i], inner));
        }
    }
    xd_str text = xd_buf_copy(&out, cx->arena);
    xd_buf_free(&out);
    return text;
}

static xd_str list_text(xd_ctx *cx, const xd_model *model, const xd_field *field,
                        const xd_json *list)
{
    xd_buf out = {0};
    for (size_t i = 0; i < list->items.n; i++) {
        xd_buf_add(&out, i == 0              ? (xd_str){"", 0}
                         : cx->lang == XD_ZH ? XD_S("；")
                                             : XD_S("; "));
        xd_buf_add(&out, xd_value_text(cx, model, field, list->items.at[i]));
    }
    xd_str text = xd_buf_copy(&out, cx->arena);
    xd_buf_free(&out);
    return text;
}

xd_str xd_value_text(xd_ctx *cx, const xd_model *model, const xd_field *field,
                     const xd_json *value)
{
    const xd_term *term;
    if (value == NULL) {
        return (xd_str){0};
    }
    if (value->kind == XD_JSON_ARRAY) {
        return list_text(cx, model, field, value);
    }
    switch (xd_field_kept(field)) {
    case XD_KEPT_TEXTS:
        return xd_value_lang(value, xd_lang_tag[cx->lang], NULL);
    case XD_KEPT_NUMBER:
        return number_text(cx, field, value);
    case XD_KEPT_BOOLEAN:
        return cx->lang == XD_ZH ? (value->boolean ? XD_S("是") : XD_S("否"))
                                 : (value->boolean ? XD_S("Yes") : XD_S("No"));
    case XD_KEPT_PERIOD:
        return period_text(cx, value);
    case XD_KEPT_CODE:
        if (field->kind == XD_KIND_DIVISION) {
            return xd_division_text(cx, model, xd_json_str(value));
        }
        term = xd_term_find(field->vocabulary, xd_json_str(value));
        return term == NULL ? xd_json_str(value) : xd_label_in(&term->label, cx->lang);
    case XD_KEPT_PLACE:
        return place_text(cx, value);
    case XD_KEPT_LINK: {
        xd_str text = xd_json_get_str(value, XD_S("text"));
        return text.n > 0 ? text
                          : xd_str_printf(cx->arena, "#%" PRId64,
                                          xd_json_get_int(value, XD_S("id"), 0));
    }
    case XD_KEPT_GROUP:
        return group_text(cx, model, field, value);
    case XD_KEPT_HOURS:
        return xd_hours_text(cx, value);
    case XD_KEPT_FILE: {
        xd_str name = xd_json_get_str(value, XD_S("name"));
        return name.n > 0 ? name : xd_json_get_str(value, XD_S("sha256"));
    }
    case XD_KEPT_STRING:
        break;
    }
    return xd_json_str(value);
}

xd_str xd_body_title(xd_ctx *cx, const xd_model *model, const xd_json *body)
{
    const xd_type *type = xd_body_type(model, body);
    xd_str title = {0};
    if (type != NULL && type->title != NULL) {
        title = xd_value_lang(xd_value(type->title, body, 0), xd_lang_tag[cx->lang], NULL);
    }
    if (title.n == 0) {
        title = xd_json_get_str(body, XD_M_NUMBER);
    }
    if (title.n == 0 && type != NULL) {
        title = xd_label_in(&type->label, cx->lang);
    }
    return title;
}
