#include "index/value.h"

#include "index/letters.h"

static const xd_cql *bare(const xd_cql *cql, bool *no_case, bool *no_accents)
{
    while (cql->op == XD_CQL_CASEI || cql->op == XD_CQL_ACCENTI) {
        *no_case = *no_case || cql->op == XD_CQL_CASEI;
        *no_accents = *no_accents || cql->op == XD_CQL_ACCENTI;
        cql = cql->args[0];
    }
    return cql;
}

/* Literals ------------------------------------------------------------------------------- */

static xd_period year_period(int64_t year)
{
    const int64_t far = 1000000;
    year = year < -far ? -far : year > far ? far : year;
    return (xd_period){xd_day_of(year, 1, 1), xd_day_of(year + 1, 1, 1) - 1};
}

static bool is_period(const xd_cql *property)
{
    if (property->op != XD_CQL_PROPERTY)
        return false;
    if (property->field == NULL)
        return property->part == XD_PART_UPDATED;
    return property->field->kind == XD_KIND_PERIOD && property->part == XD_PART_VALUE;
}

static void as_period(xd_look *look, xd_val *v)
{
    xd_period period;
    int64_t year;
    unsigned flags;
    if (xd_str_int(v->text, &year)) {
        *v = (xd_val){.kind = XD_VAL_PERIOD, .period = year_period(year)};
    } else if (xd_period_read(look->cx, v->text, &period, &flags)) {
        *v = (xd_val){.kind = XD_VAL_PERIOD, .period = period};
    } else {
        (void)xd_err_take(look->cx); /* no date: it equals none */
    }
}

/* The code terms have today, if the text is one they had. */
static xd_str todays_code(const xd_cql *like, xd_str code)
{
    if (like->op != XD_CQL_PROPERTY || like->field == NULL || like->field->vocabulary == NULL)
        return code;
    const xd_term *term = xd_term_find(like->field->vocabulary, code);
    return term == NULL ? code : term->code;
}

static void add_literal(xd_look *look, const xd_cql *cql, const xd_cql *like, xd_operand *o)
{
    bool no_case = false, no_accents = false;
    cql = bare(cql, &no_case, &no_accents);
    xd_arena *arena = look->cx->arena;
    xd_val v = {.kind = XD_VAL_TEXT, .text = cql->text};
    switch ((int)cql->op) {
    case XD_CQL_TEXT:
        v.text = xd_letters_fold(arena, v.text, no_case, no_accents);
        break;
    case XD_CQL_NUMBER:
        v.kind = xd_decimal(v.text, &v.number) ? XD_VAL_NUMBER : XD_VAL_TEXT;
        break;
    case XD_CQL_BOOLEAN:
    case XD_CQL_TRUE:
    case XD_CQL_FALSE:
        v.kind = XD_VAL_BOOLEAN;
        v.boolean = cql->op == XD_CQL_TRUE || (cql->op == XD_CQL_BOOLEAN && cql->boolean);
        break;
    case XD_CQL_PERIOD:
        v.kind = XD_VAL_PERIOD;
        v.period = (xd_period){cql->from, cql->to};
        break;
    case XD_CQL_ARRAY:
        for (size_t i = 0; i < cql->n; i++)
            add_literal(look, cql->args[i], like, o);
        return;
    default:
        return;
    }
    if (like != NULL && (v.kind == XD_VAL_TEXT || v.kind == XD_VAL_NUMBER)) {
        if (is_period(like))
            as_period(look, &v);
        else if (v.kind == XD_VAL_TEXT && !no_case && !no_accents)
            v.text = todays_code(like, v.text);
    }
    *xd_push(arena, &o->literals) = v;
}

void xd_operand_make(xd_look *look, const xd_cql *cql, const xd_cql *like,
                     xd_operand *ret_operand)
{
    *ret_operand = (xd_operand){0};
    const xd_cql *inner = bare(cql, &ret_operand->no_case, &ret_operand->no_accents);
    bool ignored = false;
    if (inner->op == XD_CQL_PROPERTY)
        ret_operand->property = inner;
    else
        add_literal(look, cql, like == NULL ? NULL : bare(like, &ignored, &ignored),
                    ret_operand);
}

/* Properties ----------------------------------------------------------------------------- */

static bool is_own_field(const xd_field *over, const xd_field *field)
{
    for (size_t i = 0; i < over->n_fields; i++) {
        if (field == &over->fields[i])
            return true;
    }
    return false;
}

bool xd_property_is_far(const xd_cql *property)
{
    return property->over != NULL &&
           (property->field == NULL || !is_own_field(property->over, property->field));
}

const xd_column *xd_property_column(const xd_look *look, size_t shard, const xd_type *type,
                                    const xd_cql *property)
{
    if (type == NULL || property->field == NULL || xd_property_is_far(property) ||
        !xd_type_has(type, property->over, property->field))
        return NULL;
    return xd_segment_column(look->edition->shards[shard].segment, look->schema, type,
                             property->over, property->field);
}

static bool year_val(const xd_period_value *period, bool from, xd_val *ret_val)
{
    int32_t year = from ? period->from_year : period->to_year;
    *ret_val = (xd_val){.kind = XD_VAL_NUMBER, .number = year};
    return year != INT32_MIN && year != INT32_MAX;
}

static xd_str fold_text(xd_look *look, const xd_operand *o, xd_str text)
{
    return xd_letters_fold(look->scratch, text, o->no_case, o->no_accents);
}

bool xd_column_val(xd_look *look, const xd_operand *o, const xd_column *c, uint32_t i,
                   xd_val *ret_val)
{
    xd_val v = {.kind = XD_VAL_TEXT};
    switch (c->kind) {
    case XD_COLUMN_TEXT:
        v.text = fold_text(look, o, xd_column_text(c, i, look->lang));
        break;
    case XD_COLUMN_NUMBER:
        v.kind = XD_VAL_NUMBER;
        v.number = c->of.number[i];
        break;
    case XD_COLUMN_PERIOD:
        if (o->property->part != XD_PART_VALUE)
            return year_val(&c->of.period[i], o->property->part == XD_PART_FROM, ret_val);
        v.kind = XD_VAL_PERIOD;
        v.period = c->of.period[i].days;
        break;
    case XD_COLUMN_TERM:
        v.kind = o->no_case || o->no_accents ? XD_VAL_TEXT : XD_VAL_TERM;
        v.term = xd_column_term(c, i);
        if (v.kind == XD_VAL_TEXT)
            v.text = fold_text(look, o, v.term->code);
        break;
    case XD_COLUMN_BOOLEAN:
        v.kind = XD_VAL_BOOLEAN;
        v.boolean = c->of.boolean[i];
        break;
    case XD_COLUMN_LINK:
        v.kind = XD_VAL_LINK;
        v.id = xd_column_link(c, i);
        v.text = fold_text(look, o, xd_column_link_text(c, i));
        break;
    case XD_COLUMN_PLACE: /* only S_… has to do with places */
    case XD_COLUMN_NONE:
        v.kind = XD_VAL_THING;
        break;
    }
    *ret_val = v;
    return true;
}

static void add_column(xd_look *look, const xd_operand *o, const xd_column *c, uint32_t doc,
                       xd_vals *out)
{
    for (uint32_t i = xd_column_first(c, doc); i < xd_column_end(c, doc); i++) {
        xd_val v;
        if (xd_column_val(look, o, c, i, &v))
            *xd_push(look->scratch, out) = v;
    }
}

static void add_part(xd_look *look, const xd_operand *o, const xd_segment *s, uint32_t doc,
                     xd_vals *out)
{
    xd_val v = {.kind = XD_VAL_TEXT};
    switch (o->property->part) {
    case XD_PART_ID:
        v.kind = XD_VAL_NUMBER;
        v.number = (double)s->id[doc];
        break;
    case XD_PART_NUMBER:
        v.text = xd_segment_number(s, doc);
        break;
    case XD_PART_STATE:
        v.text = xd_segment_state(s, doc);
        break;
    case XD_PART_TYPE:
        v.text = xd_segment_type(s, doc)->name;
        break;
    case XD_PART_CONFIDENCE: /* medium where none is said: docs/reference/bodies.md */
        v.text = xd_segment_confidence(s, doc);
        v.text = v.text.n > 0 ? v.text : XD_S("medium");
        break;
    case XD_PART_UPDATED: {
        int64_t day_us = INT64_C(86400000000);
        int32_t day = (int32_t)(s->time[doc] / day_us);
        v.kind = XD_VAL_PERIOD;
        v.period = (xd_period){day, day};
        break;
    }
    case XD_PART_VALUE:
    case XD_PART_FROM:
    case XD_PART_TO:
        return;
    }
    if (v.kind == XD_VAL_TEXT && v.text.n == 0)
        return;
    v.text = fold_text(look, o, v.text);
    *xd_push(look->scratch, out) = v;
}

/* Values of the property in the document itself. */
static void add_own(xd_look *look, const xd_operand *o, size_t shard, uint32_t doc,
                    const xd_field *over, const xd_field *field, xd_vals *out)
{
    const xd_segment *s = look->edition->shards[shard].segment;
    if (field == NULL)
        add_part(look, o, s, doc, out);
    else if (xd_type_has(xd_segment_type(s, doc), over,
                         field)) /* else nothing is known of it here */
        add_column(look, o,
                   xd_segment_column(s, look->schema, xd_segment_type(s, doc), over, field),
                   doc, out);
}

void xd_operand_values(xd_look *look, const xd_operand *o, size_t shard, uint32_t doc,
                       xd_vals *ret_vals)
{
    *ret_vals = (xd_vals){0};
    const xd_cql *p = o->property;
    if (p == NULL) {
        *ret_vals = o->literals;
        return;
    }
    if (!xd_property_is_far(p)) {
        add_own(look, o, shard, doc, p->over, p->field, ret_vals);
        return;
    }
    const xd_segment *s = look->edition->shards[shard].segment;
    const xd_type *own = xd_segment_type(s, doc);
    if (!xd_type_has(own, NULL, p->over))
        return;
    const xd_column *links = xd_segment_column(s, look->schema, own, NULL, p->over);
    for (uint32_t i = xd_column_first(links, doc); i < xd_column_end(links, doc); i++) {
        size_t there;
        uint32_t target;
        if (!xd_edition_find(look->edition, xd_column_link(links, i), &there, &target))
            continue;
        const xd_type *type = xd_segment_type(look->edition->shards[there].segment, target);
        const xd_field *field = p->field == NULL ? NULL : xd_field_find(type, p->field->name);
        if (field != NULL || p->field == NULL)
            add_own(look, o, there, target, NULL, field, ret_vals);
    }
}
