/* index/slots.h — every field of every type, group items' and links' own fields too, by one
 * number. */
#ifndef XD_INDEX_SLOTS_H
#define XD_INDEX_SLOTS_H

#include "model/body.h"

typedef struct xd_slot {
    const xd_type *type;
    const xd_field *over, *field; /* over: the group or link it belongs to, or NULL */
} xd_slot;
typedef struct xd_slots {
    xd_slot *at;
    uint32_t n;
    uint32_t *type_base;  /* by xd_type.at */
    uint32_t **over_base; /* by xd_type.at and xd_field.at */
} xd_slots;
void xd_slots_make(xd_arena *arena, const xd_model *model, xd_slots *ret_slots);
/* The type has the field at its top, or within over. */
static inline bool xd_type_has(const xd_type *type, const xd_field *over, const xd_field *field)
{
    const xd_field *top = over == NULL ? field : over;
    return top->at < type->n_fields && &type->fields[top->at] == top;
}
uint32_t xd_slot_at(const xd_slots *slots, const xd_type *type, const xd_field *over,
                    const xd_field *field);
/* Texts people sort by keep their ICU keys. */
bool xd_slot_is_sorted(const xd_slot *slot);

#endif
