/* JSON Schema of what records have, what filters may use, what may be sorted by. */
#include "web/api.h"
#include "web/worked.h"

#define MOST_ENUM 200 /* codes listed; longer vocabularies are not */

static const char *const json_names[] = {
    [XD_PROP_STRING] = "string",   [XD_PROP_INTEGER] = "integer", [XD_PROP_NUMBER] = "number",
    [XD_PROP_BOOLEAN] = "boolean", [XD_PROP_OBJECT] = "object",
};

static void put_enum(xd_buf *out, const xd_field *field, bool nullable)
{
    const xd_vocabulary *vocabulary = field == NULL ? NULL : field->vocabulary;
    if (vocabulary == NULL || vocabulary->n == 0 || vocabulary->n > MOST_ENUM) {
        return;
    }
    xd_put(out, ",\"enum\":[");
    for (size_t i = 0; i < vocabulary->n; i++) {
        if (i > 0) {
            xd_buf_byte(out, ',');
        }
        xd_buf_json(out, vocabulary->terms[i].code, false);
    }
    xd_put(out, nullable ? ",null]" : "]");
}

static void put_type(xd_buf *out, xd_prop_json json, xd_schema_form form)
{
    xd_buf_printf(out,
                  form == XD_SCHEMA_FEATURE ? "\"type\":[\"%s\",\"null\"]" : "\"type\":\"%s\"",
                  json_names[json]);
    if (form == XD_SCHEMA_OPEN_API) {
        xd_put(out, ",\"nullable\":true");
    }
}

static void put_inner(xd_buf *out, const xd_prop *prop, xd_lang lang, xd_schema_form form)
{
    xd_put(out, ",\"properties\":");
    xd_schema_props(out, prop->inner, prop->n_inner, lang, form);
}

static void put_prop(xd_buf *out, const xd_prop *prop, xd_lang lang, xd_schema_form form)
{
    bool code = prop->part == XD_PROP_VALUE && prop->json == XD_PROP_STRING && !prop->many;
    xd_put(out, "{\"title\":");
    xd_buf_json(out, prop->title[lang], false);
    xd_buf_byte(out, ',');
    put_type(out, prop->json, form);
    if (code && form == XD_SCHEMA_FEATURE) {
        put_enum(out, prop->field, true);
    }
    if (prop->json == XD_PROP_OBJECT) {
        put_inner(out, prop, lang, form);
    }
    xd_buf_byte(out, '}');
}

void xd_schema_props(xd_buf *out, const xd_prop *props, size_t n, xd_lang lang,
                     xd_schema_form form)
{
    xd_buf_byte(out, '{');
    for (size_t i = 0; i < n; i++) {
        if (i > 0) {
            xd_buf_byte(out, ',');
        }
        xd_buf_json(out, props[i].name, false);
        xd_buf_byte(out, ':');
        put_prop(out, &props[i], lang, form);
    }
    xd_buf_byte(out, '}');
}

void xd_schema_queryable(xd_buf *out, const xd_queryable *q)
{
    xd_buf_printf(out, "\"type\":\"%s\"", json_names[q->json]);
    if (q->json == XD_PROP_STRING) {
        put_enum(out, q->field, false);
    }
}

static void open_schema(xd_ctx *cx, const xd_app *app, const xd_request *request,
                        const xd_type *type, const char *tail, xd_response *response)
{
    xd_buf *out = &response->body;
    (void)request;
    response->type = XD_S(XD_SCHEMA_MEDIA);
    xd_put(out, "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"$id\":");
    xd_buf_json(out, xd_str_join(cx->arena, xd_api_collection(cx, app, type), xd_str_of(tail)),
                false);
    xd_put(out, ",\"type\":\"object\",\"title\":");
    xd_buf_json(out, xd_label_in(&type->label, cx->lang), false);
    xd_put(out, ",\"properties\":");
}

static void put_geometry(xd_buf *out, const xd_field *place, xd_lang lang, bool primary)
{
    xd_put(out, "{\"title\":");
    xd_buf_json(out, xd_label_in(&place->label, lang), false);
    xd_put(out, ",\"format\":\"geometry-any\"");
    xd_put(out, primary ? ",\"x-ogc-role\":\"primary-geometry\"}" : "}");
}

bool xd_queryables_serve(xd_ctx *cx, const xd_app *app, const xd_request *request,
                         xd_response *response)
{
    const xd_type *type = xd_api_type(app, request);
    const xd_props *props = &app->room->props[type->at];
    xd_buf *out = &response->body;
    if (!xd_api_bare(cx, app, request)) {
        return false;
    }
    open_schema(cx, app, request, type, "/queryables", response);
    for (size_t i = 0; i < props->n_queryables; i++) {
        const xd_queryable *q = &props->queryables[i];
        xd_buf_byte(out, i == 0 ? '{' : ',');
        xd_buf_json(out, q->name, false);
        xd_put(out, ":{\"title\":");
        xd_buf_json(out, q->title[cx->lang], false);
        xd_buf_byte(out, ',');
        xd_schema_queryable(out, q);
        xd_buf_byte(out, '}');
    }
    for (size_t i = 0; i < type->n_fields; i++) {
        const xd_field *field = &type->fields[i];
        if (field->kind == XD_KIND_PLACE && xd_field_is_public(field)) {
            xd_buf_byte(out, ',');
            xd_buf_json(out, field->name, false);
            xd_buf_byte(out, ':');
            put_geometry(out, field, cx->lang, field == type->place);
        }
    }
    xd_put(out, "},\"additionalProperties\":false}\n");
    return true;
}

bool xd_schema_serve(xd_ctx *cx, const xd_app *app, const xd_request *request,
                     xd_response *response)
{
    const xd_type *type = xd_api_type(app, request);
    const xd_props *props = &app->room->props[type->at];
    xd_buf *out = &response->body;
    if (!xd_api_bare(cx, app, request)) {
        return false;
    }
    open_schema(cx, app, request, type, "/schema", response);
    xd_schema_props(out, props->at, props->n, cx->lang, XD_SCHEMA_FEATURE);
    if (type->place != NULL) {
        out->n--; /* the geometry stands beside the properties, and in their schema */
        xd_put(out, props->n > 0 ? ",\"geometry\":" : "\"geometry\":");
        put_geometry(out, type->place, cx->lang, true);
        xd_buf_byte(out, '}');
    }
    xd_put(out, "}\n");
    return true;
}

bool xd_sortables_serve(xd_ctx *cx, const xd_app *app, const xd_request *request,
                        xd_response *response)
{
    static const struct {
        const char *name, *zh, *en;
    } own[] = {
        {"id",        "记录号",    "Record id"  },
        {"number",    "编号",       "Number"     },
        {"updated",   "更新时间", "Last change"},
        {"relevance", "相关度",    "Relevance"  }
    };
    const xd_type *type = xd_api_type(app, request);
    const xd_props *props = &app->room->props[type->at];
    xd_buf *out = &response->body;
    if (!xd_api_bare(cx, app, request)) {
        return false;
    }
    open_schema(cx, app, request, type, "/sortables", response);
    for (size_t i = 0; i < XD_LEN(own); i++) {
        xd_buf_printf(out, "%s\"%s\":{\"title\":\"%s\",\"type\":\"string\"}",
                      i == 0 ? "{" : ",", own[i].name,
                      cx->lang == XD_EN ? own[i].en : own[i].zh);
    }
    for (size_t i = 0; i < props->n_sortables; i++) {
        const xd_field *field = props->sortables[i];
        xd_buf_byte(out, ',');
        xd_buf_json(out, field->name, false);
        xd_put(out, ":{\"title\":");
        xd_buf_json(out, xd_label_in(&field->label, cx->lang), false);
        xd_put(out, ",\"type\":\"string\"}");
    }
    if (xd_light_of(type) != NULL) {
        const xd_field *light = &xd_light_of(type)->field;
        xd_buf_byte(out, ',');
        xd_buf_json(out, light->name, false);
        xd_put(out, ":{\"title\":");
        xd_buf_json(out, xd_label_in(&light->label, cx->lang), false);
        xd_put(out, ",\"type\":\"string\"}");
    }
    xd_put(out, "}}\n");
    return true;
}
