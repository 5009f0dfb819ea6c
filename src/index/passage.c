#include "index/passage.h"

#include "model/fold.h"

#define NUMBER_WEIGHT 10
#define VALUES_MOST 10000 /* of one field: beyond, a list is no text anybody looks through */

typedef struct adding {
    xd_arena *scratch, *arena;
    xd_grams *grams;
    uint32_t doc;
    xd_passages *passages;
    int tier, weight;
    bool pinyin;
} adding;

static void add_passage(adding *a, xd_str text, int form)
{
    xd_passage passage = {.text = xd_str_copy(a->arena, text), .weight = (uint32_t)a->weight};
    passage.tier = a->tier == XD_TIER_TITLE   ? XD_TIER_TITLE
                   : a->tier == XD_TIER_ALIAS ? XD_TIER_ALIAS
                                              : XD_TIER_BODY;
    passage.form = form == XD_FORM_FULL       ? XD_FORM_FULL
                   : form == XD_FORM_INITIALS ? XD_FORM_INITIALS
                                              : XD_FORM_TEXT;
    *xd_push(a->passages->growth, a->passages) = passage;
}

static void add_text(adding *a, xd_str text)
{
    xd_str folded = xd_fold(a->scratch, text);
    if (folded.n == 0)
        return;
    add_passage(a, folded, XD_FORM_TEXT);
    xd_grams_add(a->grams, a->doc, folded, a->tier != XD_TIER_BODY);
    if (!a->pinyin)
        return;
    xd_spelling spelling;
    xd_spelling_make(a->scratch, text, &spelling);
    for (size_t i = 0; i < spelling.full.n; i++)
        add_passage(a, spelling.full.at[i], XD_FORM_FULL);
    for (size_t i = 0; i < spelling.initials.n; i++)
        add_passage(a, spelling.initials.at[i], XD_FORM_INITIALS);
    xd_grams_add_spelling(a->grams, a->doc, &spelling);
}

/* Every language of a text; of other kinds what a person reads in them as text. */
static void add_value(adding *a, const xd_field *field, const xd_json *value)
{
    switch (field->kind) {
    case XD_KIND_TEXT:
    case XD_KIND_MARKDOWN:
        for (size_t i = 0; value->kind == XD_JSON_OBJECT && i < value->members.n; i++)
            add_text(a, xd_json_str(value->members.at[i].value));
        break;
    case XD_KIND_NUMBER:
        add_text(a, xd_json_get_str(value, XD_S("n")));
        break;
    case XD_KIND_PERIOD:
    case XD_KIND_LINK:
    case XD_KIND_HOURS:
        add_text(a, xd_json_get_str(value, XD_S("text")));
        break;
    case XD_KIND_FILE:
        add_text(a, xd_json_get_str(value, XD_S("name")));
        break;
    case XD_KIND_PHONE:
    case XD_KIND_CONTACT:
    case XD_KIND_URL:
    case XD_KIND_IDENTIFIER:
    case XD_KIND_QUERY:
        add_text(a, xd_json_str(value));
        break;
    case XD_KIND_TERM:
    case XD_KIND_DIVISION: /* lexicon.h */
    case XD_KIND_BOOLEAN:
    case XD_KIND_PLACE:
    case XD_KIND_GROUP:
        break;
    }
}

bool xd_field_is_name(const xd_type *type, const xd_field *field)
{
    int title_weight = type->title == NULL ? 0 : type->title->weight;
    return field == type->title ||
           (field->kind == XD_KIND_TEXT &&
            (field->pinyin || (title_weight > 0 && field->weight * 2 >= title_weight)));
}

static int tier_of(const xd_type *type, const xd_field *field)
{
    if (field == type->title)
        return XD_TIER_TITLE;
    return xd_field_is_name(type, field) ? XD_TIER_ALIAS : XD_TIER_BODY;
}

static void add_fields(adding *a, const xd_type *type, const xd_field *fields, size_t n,
                       const xd_json *object)
{
    for (size_t f = 0; f < n; f++) {
        const xd_field *field = &fields[f];
        size_t values = xd_value_count(field, object);
        for (size_t i = 0; i < values && i < VALUES_MOST; i++) {
            const xd_json *value = xd_value(field, object, i);
            if (value == NULL)
                continue;
            a->tier = tier_of(type, field);
            a->weight = field->weight;
            a->pinyin = field->pinyin;
            if (field->weight > 0)
                add_value(a, field, value);
            if (field->n_fields > 0)
                add_fields(a, type, field->fields, field->n_fields, value);
        }
    }
}

void xd_passages_add(xd_arena *scratch, xd_arena *arena, xd_grams *grams, const xd_type *type,
                     uint32_t doc, const xd_json *body, xd_passages *passages)
{
    adding a = {scratch, arena, grams, doc, passages, XD_TIER_BODY, NUMBER_WEIGHT, false};
    add_text(&a, xd_json_get_str(body, XD_S("number")));
    add_fields(&a, type, type->fields, type->n_fields, body);
}
