/* web/api.h — the API's handlers, and what they share.
 *
 * All are xd_handlers named by the table in api.c; addresses in answers are absolute, from
 * app->base_url, with /en kept. */
#ifndef XD_WEB_API_H
#define XD_WEB_API_H

#include "web/app_room.h"
#include "web/ask.h"

xd_handler xd_asset_serve, xd_favicon_serve;                 /* static.c */
xd_handler xd_health_serve, xd_ready_serve, xd_robots_serve; /* api.c */
xd_handler xd_landing_serve, xd_conformance_serve, xd_collections_serve, xd_collection_serve,
    xd_open_api_serve;                                               /* api_root.c */
xd_handler xd_items_serve, xd_item_serve;                            /* api_items.c */
xd_handler xd_queryables_serve, xd_schema_serve, xd_sortables_serve; /* api_schema.c */
xd_handler xd_facets_serve, xd_suggest_serve;                        /* api_facets.c */
xd_handler xd_cells_serve;                                           /* api_cells.c */
xd_handler xd_tile_serve, xd_tilesets_serve, xd_tileset_serve, xd_tilejson_serve,
    xd_matrix_sets_serve, xd_matrix_set_serve;                                /* api_tiles.c */
xd_handler xd_record_json_serve, xd_record_geojson_serve, xd_list_json_serve; /* api_record.c */
xd_handler xd_atom_serve, xd_sitemap_serve, xd_sitemap_part_serve;            /* api_feeds.c */

/* api_open.c: the OpenAPI description, in cx->lang. */
void xd_open_api_write(xd_ctx *cx, const xd_app *app, xd_buf *out);

/* api_facets.c: {"field": {"title", "approximate", "counts": [{"value", "label", "count"}]}} */
void xd_facets_write(xd_ctx *cx, const xd_app *app, const xd_answer *answer, xd_buf *out);

/* api_schema.c: {"name": {"title", "type" …}} of properties; null allowed in each form's way. */
typedef enum xd_schema_form { XD_SCHEMA_FEATURE, XD_SCHEMA_OPEN_API } xd_schema_form;
void xd_schema_props(xd_buf *out, const xd_prop *props, size_t n, xd_lang lang,
                     xd_schema_form form);
/* "type" and "enum" members of a queryable, without brackets. */
void xd_schema_queryable(xd_buf *out, const xd_queryable *q);

/* ---- shared, api.c ------------------------------------------------------------------------- */

/* app->base_url, with /en when cx->lang is English. */
xd_str xd_api_site(xd_ctx *cx, const xd_app *app);
/* …/api/collections/{path} */
xd_str xd_api_collection(xd_ctx *cx, const xd_app *app, const xd_type *type);
/* The type of {type}, which the routes have matched. */
const xd_type *xd_api_type(const xd_app *app, const xd_request *request);
/* No parameter but f: XD_INVALID otherwise. */
XD_MUST bool xd_api_bare(xd_ctx *cx, const xd_app *app, const xd_request *request);

void xd_put(xd_buf *out, const char *json);
void xd_put_key(xd_buf *out, const char *name); /* "name": */
/* One link; behind another one when the buffer does not end in [. media may be NULL. */
void xd_put_link(xd_buf *out, const char *rel, const char *media, xd_str href);
/* The request's own address with one parameter set to value, or taken away (absent). */
void xd_put_self(xd_buf *out, const xd_app *app, const xd_request *request, xd_str param,
                 xd_str value);
/* That address as a link. */
void xd_put_link_self(xd_buf *out, const xd_app *app, const xd_request *request,
                      const char *rel, const char *media, xd_str param, xd_str value);

#define XD_JSON_MEDIA "application/json"
#define XD_GEOJSON_MEDIA "application/geo+json"
#define XD_SCHEMA_MEDIA "application/schema+json"
#define XD_OPEN_API_MEDIA "application/vnd.oai.openapi+json;version=3.0"
#define XD_MVT_MEDIA "application/vnd.mapbox-vector-tile"

#endif
