/* web/report.h — a report on a record, made by a form from what is recorded at this moment.
 *
 * Every figure comes from the public index and, for months, from the log; nothing is kept. What
 * there is nothing of is said as missing, in its place and once more in a list. */
#ifndef XD_WEB_REPORT_H
#define XD_WEB_REPORT_H

#include "web/kin.h"
#include "web/months.h"
#include "web/report_form.h"

typedef struct xd_report_gap {
    xd_str label;
    xd_strs where;
} xd_report_gap;

typedef struct xd_reporting {
    xd_page page;
    xd_kin kin;
    xd_store *store; /* NULL until it is needed */
    const xd_report_form *form;
    int64_t id, year; /* year 0: the whole */
    const xd_json *body;
    bool sample;
    xd_period period; /* days; open ends as in model/period.h */
    int32_t today;
    int64_t log_until; /* monotonic µs: the log is read no longer */
    bool unread;       /* … and there is more */
    uint64_t undated;  /* left out of a year, for they have no date */
    int numbers[3];    /* of headings */
    xd_map *counts;    /* of item.count: "part/item" → xd_map "id" → n */
    XD_VEC(xd_report_gap) gaps;
    size_t gaps_at; /* block that lists them; SIZE_MAX: none */
    xd_view_report view;
} xd_reporting;

/* report.c: view.title, subtitle and blocks. r->page, form, id, year and body are set. */
XD_MUST bool xd_report_make(xd_reporting *r);
/* Years the form offers for the record, newest last. */
void xd_report_years(xd_ctx *cx, const xd_report_form *form, const xd_json *body, int32_t today,
                     int64_t *ret_first, int64_t *ret_last);

/* report_cells.c: the records of a set, seen from one. */
XD_MUST bool xd_report_gather(xd_reporting *r, const xd_report_set *set, int64_t from,
                              int64_t **ret_ids, size_t *ret_n);
/* One value. alone: it stands in a line of its own, with its unit. */
XD_MUST bool xd_report_cell(xd_reporting *r, const xd_report_item *item, int64_t id,
                            const xd_json *body, bool alone, xd_view_report_cell *ret_cell);
/* What heads its column. */
xd_str xd_report_head(const xd_reporting *r, const xd_report_item *item);
void xd_report_missing(xd_reporting *r, xd_str label, xd_str where);

#endif
