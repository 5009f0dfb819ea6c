/* index/segment.h — records of one stretch of the log, made searchable. Immutable once built.
 *
 * Documents are numbered by type, then along a Morton curve over their anchor points (those
 * without a place come last in their type), then by record id: a tile of the map is one range
 * of numbers, a box a few. What is deleted since is not known here: see edition.h. */
#ifndef XD_INDEX_SEGMENT_H
#define XD_INDEX_SEGMENT_H

#include "index/column.h"
#include "index/grams.h"
#include "index/lexicon.h"

/* What every segment is built by; lives as long as the index. */
typedef struct xd_schema {
    const xd_model *model;
    size_t n_types;
    xd_slots slots;
    const xd_lexicon *lexicon;
} xd_schema;

/* The type a top-level field belongs to: the given one, or for NULL any; NULL when it does not. */
const xd_type *xd_schema_owner(const xd_schema *schema, const xd_type *type,
                               const xd_field *field);

/* A record to index. The body is the one to be searched: what must not be found is not in it. */
typedef struct xd_draft {
    int64_t id, rev, time; /* time: µs, of the revision */
    const xd_type *type;
    xd_str body; /* canonical JSON */
    bool placed;
    xd_pos at;      /* anchor */
    uint64_t curve; /* filled in by xd_segment_build() */
} xd_draft;

/* A piece of folded text of a document. */
typedef struct xd_passage {
    xd_str text;
    uint32_t weight;
    enum { XD_TIER_BODY, XD_TIER_ALIAS, XD_TIER_TITLE } tier; /* the last two are names */
    enum { XD_FORM_TEXT, XD_FORM_FULL, XD_FORM_INITIALS } form;
} xd_passage;

typedef struct xd_segment {
    xd_arena *arena;
    size_t refs; /* guarded by the index */
    uint32_t n;
    int64_t *id, *rev, *time;
    xd_str *body, *number, *state, *confidence;
    const xd_type **type;
    uint32_t *type_lo; /* by xd_type.at, and the end */
    uint64_t *curve;   /* UINT64_MAX without a place */
    xd_pos *at;
    uint8_t *precision; /* xd_precision; XD_PRECISION_NONE without a place */
    xd_bits *placed;
    xd_bits *shaped;     /* more than one point in the type's own place: see column */
    xd_bits *roughly;    /* known to the county only */
    xd_bits *samples;    /* in a state the model calls a sample: counted only when asked for */
    xd_column **columns; /* by slot; NULL where the type has no document here */
    uint32_t columns_n;
    xd_grams *grams;
    uint32_t *passage_start;
    xd_passage *passages;
    xd_map *keys; /* type's number, blank, folded key → document + 1 */
    struct xd_id_slot *id_slots;
    size_t n_id_slots;
} xd_segment;

XD_MUST bool xd_segment_build(xd_ctx *cx, const xd_schema *schema, xd_draft *drafts, size_t n,
                              xd_segment **ret_segment);
void xd_segment_free(xd_segment *segment);

/* UINT32_MAX when it is not here. */
uint32_t xd_segment_find(const xd_segment *segment, int64_t id);
/* By number or a key of one unique field; key: folded. */
uint32_t xd_segment_find_key(const xd_segment *segment, const xd_type *type, xd_str key);

static inline xd_column *xd_segment_column(const xd_segment *segment, const xd_schema *schema,
                                           const xd_type *type, const xd_field *over,
                                           const xd_field *field)
{
    return segment->columns[xd_slot_at(&schema->slots, type, over, field)];
}

/* The column of the type's own place; NULL when it has none or no document. */
static inline xd_column *xd_segment_place(const xd_segment *segment, const xd_schema *schema,
                                          const xd_type *type)
{
    return type->place == NULL ? NULL
                               : xd_segment_column(segment, schema, type, NULL, type->place);
}

/* Key on the curve; cells of 2^-32 of the mercator world. */
uint64_t xd_curve_key(xd_pos at);
uint64_t xd_curve_mix(uint32_t x, uint32_t y);
void xd_curve_cell(xd_pos at, uint32_t *ret_x, uint32_t *ret_y);

/* First document of the type (xd_type.at) whose key is not less. */
uint32_t xd_segment_curve(const xd_segment *segment, size_t type, uint64_t key);

/* Title as text of the language, else the number, else "#id". */
xd_str xd_segment_title(xd_arena *arena, const xd_segment *segment, const xd_schema *schema,
                        uint32_t doc, xd_lang lang);

#endif
