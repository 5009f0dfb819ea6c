/* web/stats.h — how many records there are of what: one question, counted by each of its facets.
 *
 * Counts are of what the question finds, its own conditions on a facet included: they add up to it, except
 * where one record counts in several values. What is not stated is a row like any other. */
#ifndef XD_WEB_STATS_H
#define XD_WEB_STATS_H

#include "web/page.h"

typedef struct xd_stat_row {
    xd_str code, label; /* code absent: not stated */
    uint64_t n;
    int level;
    const uint64_t *cells; /* by xd_stat.columns; NULL: none */
} xd_stat_row;

typedef struct xd_stat {
    const xd_field *field;
    xd_str label;
    XD_VEC(xd_stat_row)
    rows; /* decades in order, regions in the model's, others the most first */
    XD_VEC(const xd_term *) columns;
    bool years;       /* rows are years or spans of them */
    bool approximate; /* a record may count in several rows */
} xd_stat;
typedef XD_VEC(xd_stat) xd_stats;

/* By region, time and every facet of ask's type; *ret_n: how many records in all. */
XD_MUST bool xd_stats_of(xd_page *page, const xd_ask *ask, xd_stats *stats, uint64_t *ret_n);
/* What a value of a facet is called: a term's label, a decade, a link's text. */
xd_str xd_facet_label(xd_page *page, const xd_field *field, xd_str code);
/* "2026-11-24 16:30（北京时间）": as of when counts are. */
xd_str xd_stats_as_of(xd_page *page);

#endif
