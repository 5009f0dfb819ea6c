/* web/page_home.h — the home page while it is made: shared by its two files. */
#ifndef XD_WEB_PAGE_HOME_H
#define XD_WEB_PAGE_HOME_H

#include "web/page.h"

#define XD_HOME_LEVELS 6 /* most levels told apart */

typedef struct xd_home_page {
    xd_page page;
    const xd_type *type;
    const xd_field *colour;
    xd_ask ask; /* with the visitor's conditions */
    int64_t until;
    bool has_until, drop_unknown;
    const xd_answer *answer, *all; /* all: without conditions, with facets */
    xd_view_home view;
} xd_home_page;

/* page_cities.c: the table by city, and the stories. */
XD_MUST bool xd_home_cities(xd_home_page *h);
XD_MUST bool xd_home_stories(xd_home_page *h);
/* The facet of a field in an answer, NULL when it was not asked for; how many have a code. */
const xd_facet *xd_home_facet(const xd_answer *answer, const xd_field *field);
uint64_t xd_home_count(const xd_facet *facet, xd_str code);

#endif
