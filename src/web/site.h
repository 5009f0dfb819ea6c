/* web/site.h — what site.yaml says, bound to the model, and the base map ready to draw.
 *
 * Made once at the start (xd_app_begin), read by every page in any thread, never changed. What
 * site.yaml names was found when the model was loaded; in a model the log kept, names that lead
 * nowhere are left out, with a line in the log. */
#ifndef XD_WEB_SITE_H
#define XD_WEB_SITE_H

#include "web/app.h"
#include "web/chart.h"

typedef struct xd_site_door xd_site_door;
typedef struct xd_site_item { /* of menu, doors, about */
    xd_label label, hint;
    const xd_type *type;      /* or: */
    const xd_site_door *door; /* or: */
    xd_str page;              /* "home", "map", "data/overview", or an about page */
    xd_str anchor;
} xd_site_item;
typedef XD_VEC(xd_site_item) xd_site_items;

/* A group of the menu, with a page of its own: /door/{name}. */
struct xd_site_door {
    size_t at; /* index in xd_site.doors */
    xd_str name;
    xd_label label, hint;
    xd_site_items items;
};

/* A type and the door it stands behind. */
typedef struct xd_site_type {
    const xd_type *type;
    const xd_site_door *door; /* NULL: the menu has no doors, or it is a part of another type */
} xd_site_type;

typedef struct xd_site_visit {
    const xd_type *type;
    XD_VEC(const xd_field *) fields;
} xd_site_visit;

typedef struct xd_site_chip {
    const xd_term *term;
    xd_label label;
} xd_site_chip;

typedef struct xd_site {
    xd_label name, tagline, service;
    const xd_term *region; /* NULL: none */
    xd_site_items menu, about;
    XD_VEC(const xd_site_door *) doors; /* those of the menu, in order */
    XD_VEC(xd_site_type) types; /* every type: in the menu's order, parts of others last */
    struct {
        const xd_type *type; /* NULL: the home page has no register to show */
        xd_label title, intro, table_title;
        const xd_field *chips;
        XD_VEC(xd_site_chip) chip_terms;
        int64_t years_from;
        size_t stories;
        XD_VEC(const xd_type *) also;
        xd_site_items doors;
    } home;
    XD_VEC(xd_site_visit) visits;
    const xd_json *plates; /* type → level's code → label */
    xd_label map_short, map_credit;
    struct {
        xd_str asset; /* a shaded picture under the land; absent: none */
        xd_box box;
    } relief;
    const xd_chart *chart; /* NULL: there is no base map */
    /* The whole land, drawn: wide for home and /map, narrow for what stands beside a list. */
    xd_frame frame, narrow_frame;
    const xd_view_map *land, *narrow_land; /* land, waters and sizes; NULL with chart */
} xd_site;

/* app->model, settings and base_map must be there. Lives in cx->arena. */
XD_MUST bool xd_site_make(xd_ctx *cx, const xd_app *app, const xd_site **ret_site);

/* By name; NULL when there is none. */
const xd_site_door *xd_site_door_find(const xd_site *site, xd_str name);

/* A setting as the operator gave it; absent when it is empty. */
xd_str xd_site_setting(const xd_app *app, xd_str name);
/* What the plate of a level says: site.yaml's words, else the term's own. */
xd_str xd_site_plate(const xd_site *site, const xd_type *type, const xd_term *level,
                     xd_lang lang);
bool xd_site_visits(const xd_site *site, const xd_type *type, const xd_field *field);

#endif
