/* web/months.h — what a saved query found at the end of a month.
 *
 * From the month the log began in, the log is asked (tally.h). For the months before, a record
 * counts from the last day of the date the saved query names (recognised, opened) until the day it
 * ceased to; where that date is the period the record is in force, from its start to its end. This
 * month is as it is now. Months are year × 12 + month − 1. */
#ifndef XD_WEB_MONTHS_H
#define XD_WEB_MONTHS_H

#include "web/kin.h"
#include "web/page.h"
#include "web/tally.h"

typedef enum xd_month_by {
    XD_MONTH_UNKNOWN,
    XD_MONTH_DATES,
    XD_MONTH_LOG,
    XD_MONTH_LIVE
} xd_month_by;
typedef struct xd_month {
    xd_month_by by; /* where it is from */
    uint32_t n;
} xd_month;

typedef struct xd_months { /* of one saved query */
    const xd_type *type;   /* NULL: the record has none */
    const xd_cql *filter;
    const xd_field *since, *until; /* NULL: it names none */
    xd_tally_answer log;
    int64_t now;
    uint64_t undated; /* found now, but their dates do not say since when; xd_months_at() */
} xd_months;

/* The query of a QUERY value in the body, and what the log says: read on for at most budget_us.
 * *store: opened when it is needed, NULL at first. */
XD_MUST bool xd_months_begin(xd_page *page, xd_kin *kin, xd_store **store,
                             const xd_computed *computed, const xd_json *body,
                             int64_t budget_us, xd_months *ret_months);
/* First and last month a record counts in by its dates; false: they are not known. */
bool xd_months_counts(const xd_months *months, const xd_json *body, int64_t *ret_from,
                      int64_t *ret_to);
/* by_dates: how many count in the month by their dates; live: how many are found now. */
xd_month xd_months_known(const xd_months *months, int64_t month, uint32_t by_dates,
                         uint64_t live);
/* The whole for a few months: each record is looked at once. */
XD_MUST bool xd_months_at(xd_page *page, xd_kin *kin, xd_months *months, const int64_t *at,
                          size_t n, xd_month *ret_list);

int64_t xd_month_of(int32_t day);
xd_str xd_month_text(xd_ctx *cx, int64_t month); /* "2026-11" */

#endif
