/* index/joint.h — one code a document for the values of several facets together.
 *
 * Six facets of a hundred thousand documents are six hundred thousand values to look up. Fields
 * of which a document has one value at most are therefore kept a second time, packed: the codes
 * of a few fields make one number of 16 bits, and counting how often each number occurs among
 * the documents answers all of these fields at once. What all documents of the type come to is
 * kept too: of a question that matches most of them only the others need to be counted.
 *
 * Which fields: facets of the type's own (not of groups) with terms or yes and no, in a segment
 * with schema->cells_from documents of the type, as long as no document has several. A code
 * is 0 where a document has none, else the place of its term among those that occur. Fields are
 * packed first to last into the first group with room; a group has at most XD_JOINT_CODES
 * numbers, so that its counters stay near the processor. */
#ifndef XD_INDEX_JOINT_H
#define XD_INDEX_JOINT_H

#include "index/column_make.h"
#include "index/segment.h"

#define XD_JOINT_CODES 16384u /* a power of two: see xd_joint_count() */
#define XD_JOINT_GROUPS 4u

/* As they lie in the image, by type. The field's code in a number is number / stride % n. */
typedef struct xd_joint_field {
    uint32_t field; /* xd_field.at */
    uint32_t group, stride, n;
    uint32_t terms; /* where its terms begin: one a code, the first of no meaning */
    uint32_t size;  /* numbers of the whole group */
} xd_joint_field;

/* Writes the sections of the type; columns: by slot, all filled. */
void xd_joint_make(xd_arena *arena, const xd_schema *schema, xd_press *press,
                   const xd_type *type, xd_column_maker *const *columns, uint32_t n);

typedef struct xd_joint {
    uint32_t lo, n; /* documents */
    const xd_joint_field *field;
    const uint32_t *terms;  /* xd_term.at, or no 0 and yes 1; by code */
    const uint16_t *number; /* by document − lo */
    const uint32_t *all;    /* how often each number occurs */
} xd_joint;
/* False: the field is not kept so. */
bool xd_joint_find(const xd_segment *segment, const xd_type *type, const xd_field *field,
                   xd_joint *ret_joint);

/* How often each number occurs among the documents, which are all of the type. counts: of
 * XD_JOINT_CODES. At most half of the type's documents are looked at. */
void xd_joint_count(xd_bag *bag, const xd_joint *joint, const xd_bits *bits, uint32_t *counts);
/* Of that, how often each code of the field; codes: of field->n. */
void xd_joint_fold(const xd_joint *joint, const uint32_t *counts, uint64_t *codes);

#endif
