/* web/page_record.h — a record page while it is made: shared by page_record.c and its helpers. */
#ifndef XD_WEB_PAGE_RECORD_H
#define XD_WEB_PAGE_RECORD_H

#include "web/kin.h"
#include "web/page.h"

typedef struct xd_record_page {
    xd_page page;
    xd_store *store; /* NULL until it is needed */
    const xd_type *type;
    int64_t id, rev, time;
    const xd_json *body; /* what anybody may see */
    bool past;           /* as it was, not as it is */
    xd_view_record view;
} xd_record_page;

/* page_facts.c: facts, sections, sources, and the timeline of its own fields. */
XD_MUST bool xd_record_facts(xd_record_page *r);
/* page_kin.c: children, records that link here, neighbours. */
XD_MUST bool xd_record_kin(xd_record_page *r);
/* page_computed.c: what follows from it and others: values, lights, its tree. */
XD_MUST bool xd_record_computed(xd_record_page *r);
/* How a light looks; empty for what is none, or not known. */
xd_view_lamp xd_lamp_of(xd_ctx *cx, const xd_computed *computed, const xd_derived *value);
/* "12 处" */
xd_str xd_derived_with_unit(xd_ctx *cx, const xd_computed *c, const xd_derived *value);
/* Whether records of the type that lead to another are shown there as a table with what is
 * computed of each. */
bool xd_computed_tabled(const xd_type *type);
/* page_series.c: the history of a saved query, and how it falls to units. */
XD_MUST bool xd_record_series(xd_record_page *r, xd_kin *kin, const xd_computed *computed,
                              xd_view_computed *view);
/* page_place.c: the locator map and what can be said of the place. */
XD_MUST bool xd_record_place(xd_record_page *r);
/* page_cite.c: citation, JSON-LD, downloads, how to correct. */
void xd_record_cite(xd_record_page *r);

/* A version of a record as anybody may see it. */
typedef struct xd_version {
    int64_t n; /* among the versions of this record, from 1: what people and addresses say; its
                * place in the log is nobody's business */
    int64_t time, actor, set;
    xd_rev_kind kind;
    const xd_json *body; /* NULL: not public then */
} xd_version;
typedef XD_VEC(xd_version) xd_versions;
#define XD_VERSIONS 500 /* most of one record, the newest */
/* page_versions.c: oldest first, read through the models between then and now. */
XD_MUST bool xd_versions_of(xd_page *page, xd_store *store, int64_t id, xd_versions *versions);

xd_str xd_number_degrees(xd_arena *arena, int32_t units, int decimals);

#endif
