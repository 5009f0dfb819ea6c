#include "index/slots.h"

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

bool xd_slot_is_sorted(const xd_slot *slot)
{
    return slot->over == NULL && (slot->field->sort || slot->field == slot->type->title);
}
