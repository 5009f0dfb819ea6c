/* index/segment.h — records of one stretch of the log, made searchable. Immutable.
 *
 * Documents are numbered by type, then along a Morton curve over their anchor points (those
 * without a place come last in their type), then by record id: a tile of the map is one range
 * of numbers, a box a few. What is deleted since is not known here: see edition.h. Everything
 * lies in an image (image.h), in memory or in a file; build.h makes them. */
#ifndef XD_INDEX_SEGMENT_H
#define XD_INDEX_SEGMENT_H

#include <pthread.h>

#include "index/column.h"
#include "index/grams.h"
#include "index/lexicon.h"

/* What every segment is built by; lives as long as the index. */
typedef struct xd_schema {
    const xd_model *model;
    size_t n_types;
    xd_slots slots;
    const xd_lexicon *lexicon;
    uint32_t threes_from;  /* documents: smaller segments have no threes of characters */
    uint32_t common_least; /* documents a pair is in at least to be common */
    uint32_t read_most;    /* documents that are read to find a four of common pairs */
    uint32_t cells_from;   /* documents: fewer of a type have no cells counted beforehand */
    uint32_t best_most;    /* documents of a common term kept as its best: best.h */
} xd_schema;

/* The type a top-level field belongs to: the given one, or for NULL any; NULL when it does not. */
const xd_type *xd_schema_owner(const xd_schema *schema, const xd_type *type,
                               const xd_field *field);

typedef struct xd_segment {
    xd_arena *arena;
    const xd_schema *schema;
    xd_image *image;
    size_t refs;      /* guarded by the index */
    uint64_t file;    /* its number in the folder; 0: in memory */
    atomic_bool open; /* what follows is to be read: xd_segment_open() */
    pthread_mutex_t opening;
    uint32_t n;
    const int64_t *id, *rev, *time; /* time: µs, of the revision */
    const uint32_t *type_lo;        /* by xd_type.at, and the end */
    const uint64_t *curve;          /* UINT64_MAX without a place */
    const xd_pos *at;
    const uint8_t *precision; /* xd_precision; XD_PRECISION_NONE without a place */
    const xd_bits *placed;
    const xd_bits *shaped;  /* more than one point in the type's own place: see column */
    const xd_bits *roughly; /* known to the county only */
    const xd_bits
        *samples; /* in a state the model calls a sample: counted only when asked for */
    xd_grams grams;
    /* Read through the functions below. */
    struct xd_segment_rest *rest;
} xd_segment;

/* Takes the image over, also when it fails: XD_BROKEN when it is of another schema. */
XD_MUST bool xd_segment_over(xd_ctx *cx, const xd_schema *schema, xd_image *image,
                             uint64_t file, xd_segment **ret_segment);
void xd_segment_free(xd_segment *segment);
/* Before anything of it is read. What of it is bad leaves it empty and its image broken. */
void xd_segment_open(const xd_segment *segment);

/* UINT32_MAX when it is not here. */
uint32_t xd_segment_find(const xd_segment *segment, int64_t id);
/* By number or a key of one unique field; key: folded. */
uint32_t xd_segment_find_key(const xd_segment *segment, const xd_type *type, xd_str key);

const xd_type *xd_segment_type(const xd_segment *segment, uint32_t doc);
xd_str xd_segment_number(const xd_segment *segment, uint32_t doc);
xd_str xd_segment_state(const xd_segment *segment, uint32_t doc);
xd_str xd_segment_confidence(const xd_segment *segment, uint32_t doc);
xd_str xd_segment_body(const xd_segment *segment, uint32_t doc); /* canonical JSON */
xd_passage_walk xd_segment_passages(const xd_segment *segment, uint32_t doc);
/* The same as bytes, the passages' heads between them: so that a word of characters alone, none of
 * whose bytes ends a head, is in these bytes just when it is in one of the texts. */
xd_str xd_segment_texts(const xd_segment *segment, uint32_t doc);

/* NULL when the type has no document here. */
const xd_column *xd_segment_slot(const xd_segment *segment, uint32_t slot);
static inline const xd_column *xd_segment_column(const xd_segment *segment,
                                                 const xd_schema *schema, const xd_type *type,
                                                 const xd_field *over, const xd_field *field)
{
    return xd_segment_slot(segment, xd_slot_at(&schema->slots, type, over, field));
}

/* The column of the type's own place; NULL when it has none or no document. */
static inline const xd_column *xd_segment_place(const xd_segment *segment,
                                                const xd_schema *schema, const xd_type *type)
{
    return type->place == NULL ? NULL
                               : xd_segment_column(segment, schema, type, NULL, type->place);
}

/* Key on the curve; cells of 2^-32 of the mercator world. */
uint64_t xd_curve_key(xd_pos at);
uint64_t xd_curve_mix(uint32_t x, uint32_t y);
void xd_curve_split(uint64_t key, uint32_t *ret_x, uint32_t *ret_y); /* mix undone */
void xd_curve_cell(xd_pos at, uint32_t *ret_x, uint32_t *ret_y);

/* First document of the type (xd_type.at) whose key is not less. */
uint32_t xd_segment_curve(const xd_segment *segment, size_t type, uint64_t key);

/* Title as text of the language, else the number, else "#id". */
xd_str xd_segment_title(xd_arena *arena, const xd_segment *segment, const xd_schema *schema,
                        uint32_t doc, xd_lang lang);

/* ---- what build.c writes and segment.c reads --------------------------------------------- */

typedef struct xd_segment_meta {
    uint32_t n, n_types, n_slots, n_words;
} xd_segment_meta;
/* Where a record's document is looked for first, of n_slots places. */
static inline size_t xd_id_slot(int64_t id, size_t n_slots)
{
    uint64_t mixed = ((uint64_t)id * 0x9e3779b97f4a7c15u) >> 32;
    return (size_t)(mixed * n_slots >> 32);
}
static inline size_t xd_id_slots(uint32_t n)
{
    return (size_t)n + n / 2 + 1;
}
/* What is kept of a key; which record's it is its body says. */
uint32_t xd_segment_key_hash(const xd_type *type, xd_str value);
/* A number or a unique key of one field: what a record is found by. */
bool xd_segment_key_finds(const xd_type *type, const xd_body_key *key);
/* The i-th key, by hash and document; false at the end. */
bool xd_segment_key_at(const xd_segment *segment, uint64_t i, uint32_t *ret_hash,
                       uint32_t *ret_doc);
/* Where a body and the passages of a document begin; doc may be n. */
uint64_t xd_segment_body_at(const xd_segment *segment, uint32_t doc);
uint64_t xd_segment_text_at(const xd_segment *segment, uint32_t doc);

#endif
