#include "index/joint.h"

/* Making --------------------------------------------------------------------------------- */

typedef struct packing {
    xd_arena *arena;
    xd_press *press;
    const xd_type *type;
    uint32_t n; /* documents */
    XD_VEC(xd_joint_field) fields;
    XD_VEC(uint32_t) terms;
    uint32_t size[XD_JOINT_GROUPS];
    uint16_t *numbers[XD_JOINT_GROUPS];
} packing;

/* The field's code of each document, and a term a code; how many codes. */
static uint32_t number_codes(packing *p, const uint32_t *values, size_t n_terms,
                             uint16_t *codes)
{
    uint32_t *code = xd_new_n(p->arena, uint32_t, n_terms), n = 1;
    *xd_push(p->arena, &p->terms) = UINT32_MAX;
    for (uint32_t i = 0; i < p->n; i++)
        if (values[i] != UINT32_MAX)
            code[values[i]] = 1;
    for (size_t t = 0; t < n_terms; t++) {
        if (code[t] == 0)
            continue;
        code[t] = n++;
        *xd_push(p->arena, &p->terms) = (uint32_t)t;
    }
    for (uint32_t i = 0; i < p->n && n <= XD_JOINT_CODES; i++)
        codes[i] = values[i] == UINT32_MAX ? 0 : (uint16_t)code[values[i]];
    return n;
}

static void pack(packing *p, const xd_field *field, const uint32_t *values)
{
    size_t n_terms = field->vocabulary == NULL ? 2 : field->vocabulary->n, terms = p->terms.n;
    uint16_t *codes = xd_new_n(p->arena, uint16_t, p->n);
    uint32_t n = number_codes(p, values, n_terms, codes), group = 0;
    while (group < XD_JOINT_GROUPS && p->size[group] > XD_JOINT_CODES / n)
        group++;
    if (n > XD_JOINT_CODES || group == XD_JOINT_GROUPS) {
        p->terms.n = terms;
        return;
    }
    uint32_t stride = p->size[group] == 0 ? 1 : p->size[group];
    if (p->numbers[group] == NULL)
        p->numbers[group] = xd_new_n(p->arena, uint16_t, p->n);
    for (uint32_t i = 0; i < p->n; i++)
        p->numbers[group][i] = (uint16_t)(p->numbers[group][i] + stride * codes[i]);
    p->size[group] = stride * n;
    *xd_push(p->arena, &p->fields) = (xd_joint_field){.field = (uint32_t)field->at,
                                                      .group = group,
                                                      .stride = stride,
                                                      .n = n,
                                                      .terms = (uint32_t)terms};
}

static uint32_t sub_of(const xd_type *type, uint32_t group)
{
    return (uint32_t)type->at * XD_JOINT_GROUPS + group;
}

static void put(packing *p)
{
    xd_pressed *out = xd_press_section(p->press, XD_SEC_JOINT, (uint32_t)p->type->at);
    for (size_t i = 0; i < p->fields.n; i++)
        p->fields.at[i].size = p->size[p->fields.at[i].group];
    xd_pressed_add(out, p->fields.at, p->fields.n * sizeof *p->fields.at);
    out = xd_press_section(p->press, XD_SEC_JOINT_TERM, (uint32_t)p->type->at);
    xd_pressed_add(out, p->terms.at, p->terms.n * sizeof *p->terms.at);
    for (uint32_t g = 0; g < XD_JOINT_GROUPS && p->size[g] > 0; g++) {
        uint32_t *all = xd_new_n(p->arena, uint32_t, p->size[g]);
        for (uint32_t i = 0; i < p->n; i++)
            all[p->numbers[g][i]]++;
        out = xd_press_section(p->press, XD_SEC_JOINT_NUMBER, sub_of(p->type, g));
        xd_pressed_add(out, p->numbers[g], p->n * sizeof *p->numbers[g]);
        out = xd_press_section(p->press, XD_SEC_JOINT_ALL, sub_of(p->type, g));
        xd_pressed_add(out, all, p->size[g] * sizeof *all);
    }
}

void xd_joint_make(xd_arena *arena, const xd_schema *schema, xd_press *press,
                   const xd_type *type, xd_column_maker *const *columns, uint32_t n)
{
    packing p = {.arena = arena, .press = press, .type = type, .n = n};
    uint32_t *values = xd_new_n(arena, uint32_t, n);
    for (size_t f = 0; f < type->n_fields; f++) {
        const xd_field *field = &type->fields[f];
        xd_column_kind kind = xd_column_kind_of(field);
        if (field->facet && (kind == XD_COLUMN_TERM || kind == XD_COLUMN_BOOLEAN) &&
            xd_column_maker_single(columns[xd_slot_at(&schema->slots, type, NULL, field)],
                                   values))
            pack(&p, field, values);
    }
    if (p.fields.n > 0)
        put(&p);
}

/* Reading -------------------------------------------------------------------------------- */

static const void *all_of(const xd_image *image, xd_section_kind kind, uint32_t sub,
                          size_t item, uint64_t count)
{
    const void *p = NULL;
    return xd_image_array(image, kind, sub, item, count, &p) ? p : NULL;
}

bool xd_joint_find(const xd_segment *s, const xd_type *type, const xd_field *field,
                   xd_joint *ret_joint)
{
    xd_section section = xd_image_find(s->image, XD_SEC_JOINT, (uint32_t)type->at);
    const xd_joint_field *at = (const void *)section.p, *found = NULL;
    if (section.p == NULL || !xd_image_use(s->image, &section, 0, section.n))
        return false;
    for (size_t i = 0; i < section.n / sizeof *at && found == NULL; i++)
        found = at[i].field == field->at ? &at[i] : NULL;
    if (found == NULL)
        return false;
    xd_joint j = {.lo = s->type_lo[type->at], .field = found};
    j.n = s->type_lo[type->at + 1] - j.lo;
    xd_section terms = xd_image_find(s->image, XD_SEC_JOINT_TERM, (uint32_t)type->at);
    uint32_t sub = sub_of(type, found->group);
    j.number = all_of(s->image, XD_SEC_JOINT_NUMBER, sub, sizeof *j.number, j.n);
    j.all = all_of(s->image, XD_SEC_JOINT_ALL, sub, sizeof *j.all, found->size);
    if (j.number == NULL || j.all == NULL || found->n == 0 || found->stride == 0 ||
        found->size > XD_JOINT_CODES || found->size % found->stride != 0 ||
        found->size / found->stride % found->n != 0 ||
        !xd_image_use(s->image, &terms, found->terms * sizeof(uint32_t),
                      found->n * sizeof(uint32_t))) {
        xd_image_break(s->image);
        return false;
    }
    j.terms = (const uint32_t *)(const void *)terms.p + found->terms;
    *ret_joint = j;
    return true;
}

/* The mask costs nothing and keeps a fault of ours from writing elsewhere. */
static void count_each(const xd_joint *j, const xd_bits *bits, uint32_t *counts)
{
    const uint16_t *number = j->number - j->lo;
    roaring_uint32_iterator_t it;
    uint32_t doc[512], n;
    roaring_init_iterator(bits, &it);
    while ((n = roaring_read_uint32_iterator(&it, doc, XD_LEN(doc))) > 0) {
        for (uint32_t i = 0; i < n; i++)
            counts[number[doc[i]] % XD_JOINT_CODES]++;
    }
}

void xd_joint_count(xd_bag *bag, const xd_joint *j, const xd_bits *bits, uint32_t *counts)
{
    memset(counts, 0, j->field->size * sizeof *counts);
    if (roaring_bitmap_get_cardinality(bits) <= j->n / 2) {
        count_each(j, bits, counts);
        return;
    }
    count_each(j, xd_bag_keep(bag, roaring_bitmap_flip(bits, j->lo, j->lo + j->n)), counts);
    for (uint32_t i = 0; i < j->field->size; i++)
        counts[i] = j->all[i] - counts[i];
}

void xd_joint_fold(const xd_joint *j, const uint32_t *counts, uint64_t *codes)
{
    uint32_t stride = j->field->stride, n = j->field->n;
    memset(codes, 0, n * sizeof *codes);
    for (uint32_t at = 0, code = 0; at < j->field->size; at += stride, code = (code + 1) % n) {
        uint32_t sum = 0;
        for (uint32_t i = 0; i < stride; i++)
            sum += counts[at + i];
        codes[code] += sum;
    }
}
