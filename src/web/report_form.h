/* web/report_form.h — what a report on a record is made of: data/reports/….yaml, bound to the model.
 *
 * A form names the type it is for and its parts in their order; each part shows facts, words, a
 * table, or goes through records and shows parts for each. Nothing of what it names is known to
 * C; docs/reference/reports.md is the manual. Forms are no part of the model: an operator changes
 * one and starts the program again. One that names what the model lacks is left out, and every
 * fault is said. */
#ifndef XD_WEB_REPORT_FORM_H
#define XD_WEB_REPORT_FORM_H

#include "model/computed.h"

#define XD_REPORT_STEPS 4 /* links from a record to the one reported on */
#define XD_REPORT_DEPTH 3 /* parts within parts */

/* Records of `from` whose `link` leads to the one before. */
typedef struct xd_report_step {
    const xd_type *from;
    const xd_field *link;
} xd_report_step;
typedef struct xd_report_way { /* from the subject outwards */
    xd_report_step steps[XD_REPORT_STEPS];
    size_t n;
} xd_report_way;

typedef struct xd_report_set {
    const xd_type *type;
    XD_VEC(xd_report_way) ways; /* none: every record of the type */
    bool tops;                  /* of a tree: only those with nothing above them */
    const xd_cql *where;        /* may name computed values; NULL: all */
    const xd_field *during;     /* a period that has to touch the report's; NULL: any */
    const xd_field *sort;       /* NULL: as they came */
} xd_report_set;

typedef enum xd_report_at { /* of a saved query's value */
                            XD_REPORT_NOW,
                            XD_REPORT_BEGIN, /* at the end of the month before the report's period */
                            XD_REPORT_END, /* at the end of its last month */
                            XD_REPORT_CHANGE,
                            XD_REPORT_BASIS, /* where these two are from */
                            XD_REPORT_UNDATED, /* how many found now are left out of a past that dates tell */
} xd_report_at;

typedef struct xd_report_item { /* a column, or a line of facts */
    xd_label label;
    const xd_field *field;      /* one of these three; a computed value's own field has it */
    const xd_report_set *count; /* of these records, those whose `link` leads to the line's */
    const xd_field *link;
    xd_report_at at;
    xd_label none; /* what is said instead when there is nothing; absent: the usual word */
    bool must;     /* when there is nothing, the list of what is missing says so */
} xd_report_item;
typedef XD_VEC(xd_report_item) xd_report_items;

typedef enum xd_report_show {
    XD_REPORT_FACTS,
    XD_REPORT_WORDS,
    XD_REPORT_TABLE,
    XD_REPORT_EACH,
    XD_REPORT_TEXT,
    XD_REPORT_MISSING,
    XD_REPORT_GROUP, /* a heading, and parts below it */
} xd_report_show;

typedef struct xd_report_part xd_report_part;
struct xd_report_part {
    size_t at; /* among all parts of the form */
    xd_report_show show;
    xd_label title; /* absent: no heading */
    xd_label text, note, none;
    bool must; /* of a table: when it is empty, the list of what is missing says so */
    xd_report_items items;
    xd_report_set set;
    XD_VEC(const xd_report_part *) parts;
};

typedef struct xd_report_form {
    xd_str file;
    const xd_type *type;
    xd_label label, title, year_title;
    const xd_field *years; /* a period of the type: the years that may be chosen */
    XD_VEC(const xd_report_part *) parts;
    size_t n_parts; /* of all depths */
} xd_report_form;
typedef XD_VEC(const xd_report_form *) xd_report_forms;

/* The forms of a folder; one that does not exist has none. faults: every one that was found, those
 * forms left out. False only when a file cannot be read. */
XD_MUST bool xd_report_forms_read(xd_ctx *cx, const xd_model *model, const char *folder,
                                  xd_faults *faults, xd_report_forms *forms);
const xd_report_form *xd_report_form_of(const xd_report_forms *forms, const xd_type *type);

#endif
