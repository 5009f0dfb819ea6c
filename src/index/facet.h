/* index/facet.h — counts by value of a field. */
#ifndef XD_INDEX_FACET_H
#define XD_INDEX_FACET_H

#include "index/plan.h"

#define XD_FACET_BARS 1000

/* Of every facet asked. matched[shard].facets[at] are the documents to count; n_matched: what
 * the trace says of each step. */
XD_MUST bool xd_facets_count(xd_look *look, const xd_ask *ask, const xd_matched *matched,
                             uint64_t n_matched, const xd_facet **ret_facets);

/* The bar a period begins to stand in: start of the decade (or what the model says). */
int64_t xd_facet_bar(int64_t year, int years);

#endif
