#include "index/column.h"

#include <stdlib.h>

#include "model/fold.h"

/* Slots ---------------------------------------------------------------------------------- */

void xd_slots_make(xd_arena *arena, const xd_model *model, xd_slots *ret_slots)
{
    size_t n_types = xd_model_types(model), n = 0;
    for (size_t t = 0; t < n_types; t++) {
        const xd_type *type = xd_model_type(model, t);
        n += type->n_fields;
        for (size_t f = 0; f < type->n_fields; f++)
            n += type->fields[f].n_fields;
    }
    xd_slots s = {.at = xd_new_n(arena, xd_slot, n),
                  .type_base = xd_new_n(arena, uint32_t, n_types),
                  .over_base = xd_new_n(arena, uint32_t *, n_types)};
    for (size_t t = 0; t < n_types; t++) {
        const xd_type *type = xd_model_type(model, t);
        s.type_base[t] = s.n;
        for (size_t f = 0; f < type->n_fields; f++)
            s.at[s.n++] = (xd_slot){type, NULL, &type->fields[f]};
        s.over_base[t] = xd_new_n(arena, uint32_t, type->n_fields);
        for (size_t f = 0; f < type->n_fields; f++) {
            const xd_field *over = &type->fields[f];
            s.over_base[t][f] = s.n;
            for (size_t k = 0; k < over->n_fields; k++)
                s.at[s.n++] = (xd_slot){type, over, &over->fields[k]};
        }
    }
    *ret_slots = s;
}

uint32_t xd_slot_at(const xd_slots *slots, const xd_type *type, const xd_field *over,
                    const xd_field *field)
{
    uint32_t base =
        over == NULL ? slots->type_base[type->at] : slots->over_base[type->at][over->at];
    return base + (uint32_t)field->at;
}

/* Columns -------------------------------------------------------------------------------- */

xd_column_kind xd_column_kind_of(const xd_field *field)
{
    switch (field->kind) {
    case XD_KIND_NUMBER:
        return XD_COLUMN_NUMBER;
    case XD_KIND_BOOLEAN:
        return XD_COLUMN_BOOLEAN;
    case XD_KIND_PERIOD:
        return XD_COLUMN_PERIOD;
    case XD_KIND_TERM:
    case XD_KIND_DIVISION:
        return XD_COLUMN_TERM;
    case XD_KIND_PLACE:
        return XD_COLUMN_PLACE;
    case XD_KIND_LINK:
        return XD_COLUMN_LINK;
    case XD_KIND_GROUP:
        return XD_COLUMN_NONE;
    case XD_KIND_TEXT:
    case XD_KIND_MARKDOWN:
    case XD_KIND_HOURS:
    case XD_KIND_PHONE:
    case XD_KIND_CONTACT:
    case XD_KIND_URL:
    case XD_KIND_IDENTIFIER:
    case XD_KIND_QUERY:
    case XD_KIND_FILE:
        return XD_COLUMN_TEXT;
    }
    return XD_COLUMN_NONE;
}

static const size_t value_size[] = {
    [XD_COLUMN_NONE] = 0,
    [XD_COLUMN_TEXT] = sizeof(xd_text_value),
    [XD_COLUMN_NUMBER] = sizeof(double),
    [XD_COLUMN_PERIOD] = sizeof(xd_period_value),
    [XD_COLUMN_TERM] = sizeof(const xd_term *),
    [XD_COLUMN_BOOLEAN] = sizeof(bool),
    [XD_COLUMN_LINK] = sizeof(xd_link_value),
    [XD_COLUMN_PLACE] = sizeof(xd_place_value),
};

static xd_bits *new_bits(void)
{
    xd_bits *bits = roaring_bitmap_create_with_capacity(1);
    if (bits == NULL)
        abort(); /* out of memory */
    return bits;
}

void xd_column_make(xd_arena *arena, xd_arena *growth, const xd_slot *slot, uint32_t lo,
                    uint32_t n, xd_column *ret_column)
{
    *ret_column = (xd_column){.kind = xd_column_kind_of(slot->field),
                              .slot = slot,
                              .growth = growth,
                              .lo = lo,
                              .n = n,
                              .start = xd_new_n(arena, uint32_t, n + 1),
                              .has = new_bits()};
    if (ret_column->kind == XD_COLUMN_BOOLEAN)
        ret_column->n_sets = 2;
    if (ret_column->kind == XD_COLUMN_TERM && slot->field->vocabulary != NULL)
        ret_column->n_sets = slot->field->vocabulary->n;
    ret_column->sets = xd_new_n(arena, xd_bits *, ret_column->n_sets);
}

void xd_column_begin(xd_column *column, uint32_t doc)
{
    column->start[doc - column->lo] = column->n_values;
}

static void set_add(xd_column *column, size_t i, uint32_t doc)
{
    if (column->sets[i] == NULL)
        column->sets[i] = new_bits();
    roaring_bitmap_add(column->sets[i], doc);
}

static size_t push(xd_column *column)
{
    if (column->n_values == column->cap)
        column->of.any =
            xd_vec_grow(column->growth, column->of.any, &column->cap, value_size[column->kind]);
    return column->n_values++;
}

bool xd_decimal(xd_str text, double *ret_value)
{
    /* Up to 15 digits and 22 places both parts are exact, and the quotient is rounded once. */
    static const double tens[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    bool minus = text.n > 0 && text.p[0] == '-', point = false;
    int64_t digits = 0;
    size_t places = 0, n = 0;
    for (size_t i = minus; i < text.n; i++) {
        char c = text.p[i];
        if (c == '.' && !point) {
            point = true;
        } else if (c >= '0' && c <= '9') {
            n++;
            if (digits > 99999999999999 || places == XD_LEN(tens) - 1)
                continue; /* beyond 15: see column.h */
            digits = digits * 10 + (c - '0');
            places += point;
        } else {
            return false;
        }
    }
    if (n == 0)
        return false;
    size_t whole = 0; /* digits before the point that did not fit */
    for (size_t i = minus, seen = 0; i < text.n && text.p[i] != '.'; i++) {
        seen += seen > 0 || text.p[i] != '0';
        whole += seen > 15;
    }
    double value = (double)digits / tens[places];
    for (size_t i = 0; i < whole; i++)
        value *= 10;
    *ret_value = minus ? -value : value;
    return true;
}

/* A string of the object, for as long as the segment lives. */
static xd_str keep(xd_arena *arena, xd_str s, xd_str body)
{
    if (s.n == 0)
        return (xd_str){0};
    bool inside = (uintptr_t)s.p >= (uintptr_t)body.p &&
                  (uintptr_t)s.p + s.n <= (uintptr_t)body.p + body.n;
    return inside ? s : xd_str_copy(arena, s);
}

static xd_text_value text_of(xd_arena *arena, const xd_field *field, const xd_json *value,
                             xd_str body)
{
    xd_text_value out = {0};
    for (size_t lang = 0; lang < XD_LANGS; lang++) {
        xd_str s = {0};
        if (field->kind == XD_KIND_TEXT || field->kind == XD_KIND_MARKDOWN)
            s = xd_value_lang(value, xd_lang_tag[lang], NULL);
        else if (field->kind == XD_KIND_HOURS)
            s = xd_json_get_str(value, XD_S("text"));
        else if (field->kind == XD_KIND_FILE)
            s = xd_json_get_str(value, XD_S("name"));
        else
            s = xd_json_str(value);
        bool again = lang > 0 && xd_str_eq(s, out.in[0]);
        out.in[lang] = again ? out.in[0] : keep(arena, s, body);
    }
    return out;
}

/* A geometry lives in the arena it was read in: take it over to the segment's. */
static const xd_geom *keep_geom(xd_arena *arena, const xd_geom *geom)
{
    xd_geom *copy = xd_new(arena, xd_geom);
    xd_part *parts = xd_new_n(arena, xd_part, geom->n);
    for (size_t p = 0; p < geom->n; p++) {
        xd_ring *rings = xd_new_n(arena, xd_ring, geom->parts[p].n);
        for (size_t r = 0; r < geom->parts[p].n; r++) {
            const xd_ring *from = &geom->parts[p].rings[r];
            xd_pos *at = xd_new_n(arena, xd_pos, from->n);
            memcpy(at, from->at, from->n * sizeof *at);
            rings[r] = (xd_ring){at, from->n};
        }
        parts[p] = (xd_part){rings, geom->parts[p].n};
    }
    *copy = (xd_geom){geom->kind, parts, geom->n};
    return copy;
}

/* A place without a position, only words, is none to a map or a box, and none here. */
static bool add_place(xd_ctx *scratch, xd_arena *arena, xd_column *column, const xd_json *value,
                      bool *ret_added)
{
    const xd_geom *geom = NULL;
    if (!xd_value_geom(scratch, value, &geom))
        return false;
    *ret_added = geom != NULL;
    if (geom == NULL)
        return true;
    size_t i = push(column);
    column->of.place[i] = (xd_place_value){.geom = keep_geom(arena, geom),
                                           .extent = xd_geom_extent(geom),
                                           .precision = xd_value_precision(value)};
    return true;
}

static void settle_years(xd_period_value *period)
{
    int64_t from, to;
    xd_period_years(period->days, &from, &to);
    period->from_year = from == INT64_MIN ? INT32_MIN : (int32_t)from;
    period->to_year = to == INT64_MAX ? INT32_MAX : (int32_t)to;
}

/* One value; *ret_added false when the shape holds none. */
static bool add_value(xd_ctx *scratch, xd_arena *arena, xd_column *column, uint32_t doc,
                      const xd_json *value, xd_str body, bool *ret_added)
{
    const xd_field *field = column->slot->field;
    size_t at;
    *ret_added = true;
    switch (column->kind) {
    case XD_COLUMN_NONE: /* its values have no body of their own: counting them is enough */
        column->n_values++;
        break;
    case XD_COLUMN_TEXT: {
        xd_text_value text = text_of(arena, field, value, body);
        *ret_added = text.in[0].n > 0;
        if (*ret_added) {
            at = push(column);
            column->of.text[at] = text;
        }
        break;
    }
    case XD_COLUMN_NUMBER: {
        double number;
        *ret_added = xd_decimal(xd_json_get_str(value, XD_S("n")), &number);
        if (*ret_added) {
            at = push(column);
            column->of.number[at] = number;
        }
        break;
    }
    case XD_COLUMN_PERIOD: {
        xd_period_value period;
        *ret_added = xd_value_period(value, &period.days);
        if (*ret_added) {
            settle_years(&period);
            at = push(column);
            column->of.period[at] = period;
        }
        break;
    }
    case XD_COLUMN_TERM: {
        const xd_term *term = field->vocabulary == NULL
                                  ? NULL
                                  : xd_term_find(field->vocabulary, xd_json_str(value));
        *ret_added = term != NULL;
        if (*ret_added) {
            at = push(column);
            column->of.term[at] = term;
        }
        for (; term != NULL; term = term->parent)
            set_add(column, term->at, doc);
        break;
    }
    case XD_COLUMN_BOOLEAN:
        *ret_added = value->kind == XD_JSON_BOOL;
        if (*ret_added) {
            at = push(column);
            column->of.boolean[at] = value->boolean;
            set_add(column, value->boolean, doc);
        }
        break;
    case XD_COLUMN_LINK:
        at = push(column);
        column->of.link[at] =
            (xd_link_value){.id = xd_json_get_int(value, XD_S("id"), 0),
                            .text = keep(arena, xd_json_get_str(value, XD_S("text")), body)};
        break;
    case XD_COLUMN_PLACE:
        return add_place(scratch, arena, column, value, ret_added);
    }
    return true;
}

bool xd_column_add(xd_ctx *scratch, xd_arena *arena, xd_column *column, uint32_t doc,
                   const xd_json *object, xd_str body)
{
    const xd_field *field = column->slot->field;
    size_t n = xd_value_count(field, object);
    for (size_t i = 0; i < n; i++) {
        const xd_json *value = xd_value(field, object, i);
        bool added = false;
        if (value != NULL && !add_value(scratch, arena, column, doc, value, body, &added))
            return false;
        if (added)
            roaring_bitmap_add(column->has, doc);
    }
    return true;
}

static bool is_sorted_by(const xd_slot *slot)
{
    return slot->over == NULL && (slot->field->sort || slot->field == slot->type->title);
}

void xd_column_seal(xd_arena *arena, xd_column *column)
{
    column->start[column->n] = column->n_values;
    size_t bytes = column->n_values * value_size[column->kind];
    void *kept = xd_arena_take(arena, bytes);
    if (bytes > 0)
        memcpy(kept, column->of.any, bytes);
    column->of.any = kept;
    column->growth = NULL;
    if (column->kind != XD_COLUMN_TEXT || !is_sorted_by(column->slot))
        return;
    xd_arena *scratch = xd_arena_make();
    for (size_t lang = 0; lang < XD_LANGS; lang++) {
        column->keys[lang] = xd_new_n(arena, xd_str, column->n);
        for (uint32_t d = 0; d < column->n; d++) {
            if (column->start[d] == column->start[d + 1])
                continue;
            xd_str text = column->of.text[column->start[d]].in[lang];
            column->keys[lang][d] =
                xd_str_copy(arena, xd_sort_key(scratch, text, (xd_lang)lang));
            xd_arena_reset(scratch);
        }
    }
    xd_arena_free(scratch);
}

void xd_column_free(xd_column *column)
{
    roaring_bitmap_free(column->has);
    for (size_t i = 0; i < column->n_sets; i++) {
        if (column->sets[i] != NULL)
            roaring_bitmap_free(column->sets[i]);
    }
}
