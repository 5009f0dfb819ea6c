/* web/page_list.h — a list page while it is made: shared by its two files. */
#ifndef XD_WEB_PAGE_LIST_H
#define XD_WEB_PAGE_LIST_H

#include "web/kin.h"
#include "web/page.h"

typedef struct xd_list_page {
    xd_page page;
    const xd_type *type;
    const xd_field *colour;
    xd_ask ask;
    const xd_answer *answer;
    xd_kin *kin; /* NULL until a light is asked for */
    bool placed; /* some of what was found has a place */
    xd_view_list view;
} xd_list_page;

/* page_facets.c */
void xd_list_carry(xd_list_page *l); /* the parameters a link of this page repeats */
void xd_list_facets(xd_list_page *l);
void xd_list_chips(xd_list_page *l);
/* page_lights.c */
XD_MUST bool xd_list_lamp(xd_list_page *l, int64_t id, const xd_json *body,
                          xd_view_lamp *ret_lamp);
xd_kin *xd_list_kin(xd_list_page *l);
XD_MUST bool xd_list_lights(xd_list_page *l); /* the facet */
xd_str xd_light_word(const xd_page *page, xd_str name);
/* page_stats.c: the view as statistics. */
XD_MUST bool xd_list_stats(xd_list_page *l);

#endif
