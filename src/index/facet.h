/* index/facet.h — counts by value of a field. */
#ifndef XD_INDEX_FACET_H
#define XD_INDEX_FACET_H

#include "index/plan.h"

#define XD_FACET_BARS 1000

/* type: the asked one, NULL for every. matched[shard].facets[at] are the documents to count. */
XD_MUST bool xd_facet_count(xd_look *look, const xd_ask *ask, const xd_matched *matched,
                            size_t at, xd_facet *ret_facet);

/* The bar a period begins to stand in: start of the decade (or what the model says). */
int64_t xd_facet_bar(int64_t year, int years);

#endif
