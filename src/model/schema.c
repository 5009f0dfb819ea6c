/* JSON Schema (draft 2020-12) of a type's public properties, from the same table of shapes that
 * body_check.c judges by. */
#include "model/value.h"

static void key(xd_buf *out, const char *name)
{
    xd_buf_json(out, xd_str_of(name), false);
    xd_buf_byte(out, ':');
}

static void text(xd_buf *out, const char *name, xd_str value)
{
    xd_buf_byte(out, ',');
    key(out, name);
    xd_buf_json(out, value, false);
}

static void plain(xd_buf *out, const char *json)
{
    xd_buf_add(out, xd_str_of(json));
}

#define DAY "{\"type\":\"string\",\"pattern\":\"^-?[0-9]{4,}-[0-9]{2}-[0-9]{2}$\"}"
#define WORDS "{\"type\":\"string\",\"minLength\":1}"

static void text_shape(xd_buf *out, const xd_field *field)
{
    plain(out, "\"type\":\"object\",\"minProperties\":1,\"additionalProperties\":false,"
               "\"properties\":{");
    for (size_t i = 0; i < field->langs.n; i++) {
        plain(out, i == 0 ? "" : ",");
        xd_buf_json(out, field->langs.at[i], false);
        plain(out, ":" WORDS);
    }
    plain(out, "}");
}

/* Short vocabularies are spelt out; long ones are named. */
static void term_shape(xd_buf *out, const xd_field *field)
{
    plain(out, "\"type\":\"string\"");
    if (field->vocabulary->n > 60) {
        text(out, "x-vocabulary", field->vocabulary->name);
        return;
    }
    plain(out, ",\"enum\":[");
    for (size_t i = 0; i < field->vocabulary->n; i++) {
        plain(out, i == 0 ? "" : ",");
        xd_buf_json(out, field->vocabulary->terms[i].code, false);
    }
    plain(out, "]");
}

static void number_shape(xd_buf *out, const xd_field *field)
{
    plain(out, "\"type\":\"object\",\"required\":[\"n\"],\"additionalProperties\":false,"
               "\"properties\":{\"n\":{\"type\":\"string\",\"pattern\":"
               "\"^-?(0|[1-9][0-9]*)(\\\\.[0-9]*[1-9])?$\"}");
    if (field->unit.n > 0) {
        plain(out, ",\"unit\":{\"const\":");
        xd_buf_json(out, field->unit, false);
        plain(out, "}");
    }
    plain(out, "}");
}

static void string_shape(xd_buf *out, const xd_field *field)
{
    plain(out, "\"type\":\"string\"");
    if (xd_kinds[field->kind].format == NULL) {
        plain(out, ",\"minLength\":1");
    } else {
        text(out, "format", xd_str_of(xd_kinds[field->kind].format));
    }
}

static void field_schema(xd_buf *out, const xd_field *field, xd_lang lang);

static void inner_shape(xd_buf *out, const xd_field *field, xd_lang lang)
{
    bool first = true;
    plain(out, "\"type\":\"object\",\"minProperties\":1,\"properties\":{");
    for (size_t i = 0; i < field->n_fields; i++) {
        if (!field->fields[i].hidden && !field->fields[i].retired) {
            plain(out, first ? "" : ",");
            xd_buf_json(out, field->fields[i].name, false);
            plain(out, ":");
            field_schema(out, &field->fields[i], lang);
            first = false;
        }
    }
    plain(out, "}");
}

static void shape(xd_buf *out, const xd_field *field, xd_lang lang)
{
    switch (xd_field_kept(field)) {
    case XD_KEPT_TEXTS:
        text_shape(out, field);
        break;
    case XD_KEPT_NUMBER:
        number_shape(out, field);
        break;
    case XD_KEPT_BOOLEAN:
        plain(out, "\"type\":\"boolean\"");
        break;
    case XD_KEPT_PERIOD:
        plain(out, "\"type\":\"object\",\"minProperties\":1,\"additionalProperties\":false,"
                   "\"properties\":{\"text\":" WORDS ",\"from\":" DAY ",\"to\":" DAY "}");
        break;
    case XD_KEPT_CODE:
        term_shape(out, field);
        break;
    case XD_KEPT_PLACE:
        plain(out, "\"type\":\"object\",\"minProperties\":1,\"additionalProperties\":false,"
                   "\"properties\":{\"geometry\":{\"type\":\"object\",\"description\":"
                   "\"GeoJSON, WGS 84, whole numbers of 1e-7 degree\"},\"crs\":" WORDS
                   ",\"raw\":" WORDS ",\"precision\":{\"enum\":[\"exact\",\"site\",\"town\","
                   "\"county\",\"none\"]}}");
        break;
    case XD_KEPT_LINK:
        plain(out, "\"type\":\"object\",\"minProperties\":1,\"additionalProperties\":false,"
                   "\"properties\":{\"id\":{\"type\":\"integer\",\"minimum\":1},\"text\":" WORDS
                   "}");
        break;
    case XD_KEPT_GROUP:
        inner_shape(out, field, lang);
        break;
    case XD_KEPT_HOURS:
        plain(out,
              "\"type\":\"object\",\"minProperties\":1,\"additionalProperties\":false,"
              "\"properties\":{\"text\":" WORDS ",\"week\":{\"type\":\"array\"},\"except\":"
              "{\"type\":\"array\"}}");
        break;
    case XD_KEPT_FILE:
        plain(out,
              "\"type\":\"object\",\"required\":[\"sha256\"],\"additionalProperties\":false,"
              "\"properties\":{\"sha256\":{\"type\":\"string\",\"pattern\":\"^[0-9a-f]{64}$\"},"
              "\"name\":" WORDS ",\"media\":" WORDS ",\"bytes\":{\"type\":\"integer\","
              "\"minimum\":0}}");
        break;
    case XD_KEPT_STRING:
        string_shape(out, field);
        break;
    }
}

static void field_schema(xd_buf *out, const xd_field *field, xd_lang lang)
{
    xd_str help = xd_label_in(&field->help, lang);
    plain(out, "{\"title\":");
    xd_buf_json(out, xd_label_in(&field->label, lang), false);
    if (help.n > 0) {
        text(out, "description", help);
    }
    text(out, "x-kind", xd_kinds[field->kind].name);
    plain(out, ",");
    if (field->many) {
        plain(out, "\"type\":\"array\",\"minItems\":1,\"items\":{");
        shape(out, field, lang);
        plain(out, "}");
    } else {
        shape(out, field, lang);
    }
    plain(out, "}");
}

void xd_type_schema(xd_buf *out, const xd_model *model, const xd_type *type, xd_lang lang)
{
    (void)model; /* the type knows its vocabularies and states */
    plain(out, "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"title\":");
    xd_buf_json(out, xd_label_in(&type->label, lang), false);
    if (xd_label_in(&type->about, lang).n > 0) {
        text(out, "description", xd_label_in(&type->about, lang));
    }
    plain(out, ",\"type\":\"object\",\"required\":[\"type\",\"state\"");
    for (size_t i = 0; i < type->n_fields; i++) {
        if (type->fields[i].required && !type->fields[i].hidden && !type->fields[i].retired) {
            plain(out, ",");
            xd_buf_json(out, type->fields[i].name, false);
        }
    }
    plain(out, "],\"properties\":{\"type\":{\"const\":");
    xd_buf_json(out, type->name, false);
    plain(out, "},\"state\":{\"enum\":[");
    bool first = true;
    for (size_t i = 0; i < type->flow->n_states; i++) {
        if (type->flow->states[i].is_public) {
            plain(out, first ? "" : ",");
            xd_buf_json(out, type->flow->states[i].name, false);
            first = false;
        }
    }
    plain(out,
          "]},\"number\":" WORDS ",\"confidence\":{\"enum\":[\"high\",\"medium\",\"low\"]},"
          "\"sources\":{\"type\":\"array\",\"minItems\":1,\"items\":{\"type\":\"object\","
          "\"minProperties\":1,\"properties\":{\"text\":" WORDS ",\"url\":" WORDS
          ",\"date\":" WORDS "}}},\"about\":{\"type\":\"object\",\"minProperties\":1}");
    for (size_t i = 0; i < type->n_fields; i++) {
        if (!type->fields[i].hidden && !type->fields[i].retired) {
            plain(out, ",");
            xd_buf_json(out, type->fields[i].name, false);
            plain(out, ":");
            field_schema(out, &type->fields[i], lang);
        }
    }
    plain(out, "}}");
}
