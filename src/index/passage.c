#include "index/passage.h"

#include "index/spelling.h"
#include "model/fold.h"

#define NUMBER_WEIGHT 10
#define VALUES_MOST 10000 /* of one field: beyond, a list is no text anybody looks through */

typedef struct adding {
    xd_arena *arena;
    xd_passages *passages;
    int tier, weight;
    bool pinyin;
} adding;

static void add_passage(adding *a, xd_str text, int form)
{
    xd_passage passage = {.text = text, .weight = (uint32_t)a->weight};
    passage.tier = a->tier == XD_TIER_TITLE   ? XD_TIER_TITLE
                   : a->tier == XD_TIER_ALIAS ? XD_TIER_ALIAS
                                              : XD_TIER_BODY;
    passage.form = form == XD_FORM_FULL       ? XD_FORM_FULL
                   : form == XD_FORM_INITIALS ? XD_FORM_INITIALS
                                              : XD_FORM_TEXT;
    *xd_push(a->arena, a->passages) = passage;
}

static void add_text(adding *a, xd_str text)
{
    xd_str folded = xd_fold(a->arena, text);
    if (folded.n == 0)
        return;
    add_passage(a, folded, XD_FORM_TEXT);
    if (!a->pinyin)
        return;
    xd_spelling spelling;
    xd_spelling_make(a->arena, text, &spelling);
    for (size_t i = 0; i < spelling.full.n; i++)
        add_passage(a, spelling.full.at[i], XD_FORM_FULL);
    for (size_t i = 0; i < spelling.initials.n; i++)
        add_passage(a, spelling.initials.at[i], XD_FORM_INITIALS);
}

/* Every language of a text; of other kinds what a person reads in them as text. */
static void add_value(adding *a, const xd_field *field, const xd_json *value)
{
    switch (xd_field_kept(field)) {
    case XD_KEPT_TEXTS:
        for (size_t i = 0; value->kind == XD_JSON_OBJECT && i < value->members.n; i++)
            add_text(a, xd_json_str(value->members.at[i].value));
        break;
    case XD_KEPT_NUMBER:
        add_text(a, xd_json_get_str(value, XD_S("n")));
        break;
    case XD_KEPT_PERIOD:
    case XD_KEPT_LINK:
    case XD_KEPT_HOURS:
        add_text(a, xd_json_get_str(value, XD_S("text")));
        break;
    case XD_KEPT_FILE:
        add_text(a, xd_json_get_str(value, XD_S("name")));
        break;
    case XD_KEPT_STRING:
        add_text(a, xd_json_str(value));
        break;
    case XD_KEPT_CODE: /* lexicon.h */
    case XD_KEPT_BOOLEAN:
    case XD_KEPT_PLACE:
    case XD_KEPT_GROUP:
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

void xd_passages_add(xd_arena *arena, const xd_type *type, const xd_json *body,
                     xd_passages *passages)
{
    xd_passages all = {0};
    adding a = {arena, &all, XD_TIER_BODY, NUMBER_WEIGHT, false};
    add_text(&a, xd_json_get_str(body, XD_S("number")));
    add_fields(&a, type, type->fields, type->n_fields, body);
    for (int body_now = 0; body_now < 2; body_now++) {
        for (size_t i = 0; i < all.n; i++) {
            if ((all.at[i].tier == XD_TIER_BODY) == (body_now == 1))
                *xd_push(arena, passages) = all.at[i];
        }
    }
}

/* In an image ---------------------------------------------------------------------------- */

static size_t form_at(xd_arena *arena, xd_passage_forms *forms, const xd_passage *passage)
{
    xd_passage_form form = {passage->weight, (uint16_t)passage->tier, (uint16_t)passage->form};
    for (size_t i = 0; i < forms->n; i++) {
        if (memcmp(&forms->at[i], &form, sizeof form) == 0)
            return i;
    }
    *xd_push(arena, forms) = form;
    return forms->n - 1;
}

static size_t put_number(uint8_t *out, size_t v)
{
    size_t n = 0;
    for (; v >= 0x80; v >>= 7)
        out[n++] = (uint8_t)(v | 0x80);
    out[n++] = (uint8_t)v;
    return n;
}

void xd_passage_put(xd_arena *arena, xd_passage_forms *forms, xd_pressed *text,
                    const xd_passage *passage)
{
    uint8_t head[20];
    size_t n = put_number(head, form_at(arena, forms, passage));
    n += put_number(head + n, passage->text.n);
    xd_pressed_add(text, head, n);
    xd_pressed_add(text, passage->text.p, passage->text.n);
}

static size_t take_number(xd_str *rest)
{
    size_t v = 0;
    for (unsigned shift = 0; rest->n > 0 && shift < 63; shift += 7) {
        uint8_t byte = (uint8_t)*rest->p++;
        rest->n--;
        v |= (size_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return v;
    }
    return SIZE_MAX;
}

bool xd_passage_next(xd_passage_walk *walk, xd_passage *ret_passage)
{
    if (walk->rest.n == 0)
        return false;
    size_t form = take_number(&walk->rest), n = take_number(&walk->rest);
    if (form >= walk->n_forms || n > walk->rest.n) {
        xd_image_break(walk->image);
        walk->rest.n = 0;
        return false;
    }
    const xd_passage_form *f = &walk->forms[form];
    *ret_passage = (xd_passage){
        .text = {walk->rest.p, n},
          .weight = f->weight
    };
    ret_passage->tier = f->tier == XD_TIER_TITLE   ? XD_TIER_TITLE
                        : f->tier == XD_TIER_ALIAS ? XD_TIER_ALIAS
                                                   : XD_TIER_BODY;
    ret_passage->form = f->form == XD_FORM_FULL       ? XD_FORM_FULL
                        : f->form == XD_FORM_INITIALS ? XD_FORM_INITIALS
                                                      : XD_FORM_TEXT;
    walk->rest.p += n;
    walk->rest.n -= n;
    return true;
}
