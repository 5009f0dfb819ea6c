/* index/space.h — places of one segment against boxes, areas and relations.
 *
 * Points are found by ranges of the curve and compared as integers, edges included. Documents
 * with lines, areas or several places are few; they are looked through one by one, by extent
 * and then by GEOS. A record with several places is judged as one place of several parts: it
 * meets a thing if any part does, is disjoint if all are, within if all are. */
#ifndef XD_INDEX_SPACE_H
#define XD_INDEX_SPACE_H

#include "index/segment.h"

/* Points in the box; documents with shapes of which an extent meets it. Only the type's. */
xd_bits *xd_space_candidates(xd_bag *bag, const xd_schema *schema, const xd_segment *segment,
                             const xd_type *type, xd_box box);
/* Documents whose place meets the box; it may cross the antimeridian. */
XD_MUST bool xd_space_box(xd_ctx *cx, xd_bag *bag, const xd_schema *schema,
                          const xd_segment *segment, const xd_type *type, xd_box box,
                          xd_bits **ret_found);
/* Documents whose place meets the geometry. */
XD_MUST bool xd_space_meets(xd_ctx *cx, xd_bag *bag, const xd_schema *schema,
                            const xd_segment *segment, const xd_type *type, const xd_geom *geom,
                            xd_bits **ret_found);
/* Whether the places (values from … to − 1 of the column) stand so to the geometry. The values
 * without position do not count; *ret_known false when none has one. */
XD_MUST bool xd_space_relate(xd_ctx *cx, const xd_column *column, uint32_t from, uint32_t to,
                             xd_relation relation, const xd_geom *geom, bool *ret_holds,
                             bool *ret_known);
/* Exact: 1 inside, 0 on the edge, -1 outside. For polygons and multipolygons. */
int xd_space_point_in(const xd_geom *area, xd_pos at);

/* How many positions it has, in all rings. */
size_t xd_space_positions(const xd_geom *geom);

#endif
