/* web/svgmap.h — records and place names onto a drawn base map.
 *
 * Marks that would cover one another are moved apart, the higher level keeping its place; names
 * are written only where they cover nothing. Both are for the eye: no address, list or export
 * takes a position from here. */
#ifndef XD_WEB_SVGMAP_H
#define XD_WEB_SVGMAP_H

#include "web/site.h"

#define XD_MAP_SPOTS 600 /* most marks of one map */

typedef struct xd_spot {
    int64_t id;
    xd_pos at;
    bool vague;           /* "somewhere around here" */
    const xd_term *value; /* gives shape and colour; NULL: a plain one */
    int32_t year;         /* INT32_MIN: unknown */
    xd_str title;         /* absent: none */
    xd_str name;          /* to be written beside it where there is room; absent: not */
    xd_url url;
    bool here; /* the one the map is about */
} xd_spot;

/* Marks of at most XD_MAP_SPOTS spots, the most important drawn last. */
void xd_map_spots(xd_ctx *cx, const xd_frame *frame, const xd_spot *spots, size_t n,
                  xd_view_map *map);
/* Names of the region's parts, and with `small` of the parts of those, where they cover no mark:
 * after the marks. */
void xd_map_places(xd_ctx *cx, const xd_site *site, const xd_model *model,
                   const xd_frame *frame, bool small, xd_view_map *map);

/* "c0 diamond" for a term; "cn circle" for none. */
xd_str xd_term_css(xd_ctx *cx, const xd_term *term);
xd_str xd_term_shape(const xd_term *term);

#endif
