/* index/plan.h — which documents a question matches, shard by shard. */
#ifndef XD_INDEX_PLAN_H
#define XD_INDEX_PLAN_H

#include "index/cond.h"
#include "index/search.h"

typedef struct xd_matched {
    xd_bits *bits;
    xd_bits **facets;  /* by facet asked: without its own field's conditions; `bits` itself
                          where it has none */
    xd_searched words; /* empty sets without words */
} xd_matched;

/* The words of ask->q. */
XD_MUST bool xd_plan_words(xd_ctx *cx, const xd_ask *ask, xd_words *ret_words);

/* clip: by shard, only documents among these; NULL: all. *ret_matched: by shard. */
XD_MUST bool xd_plan_run(xd_look *look, const xd_ask *ask, const xd_words *words,
                         xd_bits **clip, xd_matched **ret_matched);

/* Live documents of the type (NULL: of every type) in a shard; counted: without samples. */
xd_bits *xd_plan_live(xd_look *look, size_t shard, const xd_type *type);
xd_bits *xd_plan_counted(xd_look *look, size_t shard, const xd_type *type);

/* The record distances are measured from; false when it has no place or is not visible. */
typedef struct xd_origin {
    size_t shard;
    uint32_t doc;
    xd_pos at;
} xd_origin;
bool xd_plan_origin(const xd_look *look, int64_t id, xd_origin *ret_origin);
/* Metres between the origin and a document with a place: between nearest points; for a document
 * known to the county only, the most it may be. */
XD_MUST bool xd_plan_distance(xd_look *look, const xd_origin *origin, size_t shard,
                              uint32_t doc, double *ret_m);

#endif
