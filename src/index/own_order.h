/* index/own_order.h — the documents of a type in its own order, kept by large segments.
 *
 * A list without words comes by level, then title, then record id. Of a question that matches
 * many documents the first twenty are found by going down a list of all in that order and
 * asking of each whether it matches; that is some probes where sorting would look at every match.
 * With few matches the list would be long in vain, and they are looked at one by one: order.c
 * decides, level by level.
 *
 * A list is kept for each language, for types of which a segment has schema->cells_from
 * documents, when nothing but level and title is in their order. */
#ifndef XD_INDEX_OWN_ORDER_H
#define XD_INDEX_OWN_ORDER_H

#include "index/column_make.h"
#include "index/segment.h"

/* Writes the type's sections; columns: by slot, all filled; id: by document of the segment. */
void xd_own_order_make(xd_arena *arena, const xd_schema *schema, xd_press *press,
                       const xd_type *type, xd_column_maker *const *columns, uint32_t lo,
                       uint32_t n, const int64_t *id);

/* The place of each document of the segment by level, then record id, whatever its type: as ranks
 * that draw level are told apart. Types without a level of terms come by id. */
uint32_t *xd_own_order_places(xd_arena *arena, const xd_schema *schema,
                              xd_column_maker *const *columns, const uint32_t *type_lo,
                              const int64_t *id);

/* The documents, first to last, n of them; NULL: not kept. Each is one of the type's. */
const uint32_t *xd_own_order(const xd_segment *segment, const xd_type *type, xd_lang lang);

#endif
