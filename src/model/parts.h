/* model/parts.h — the parts of a field that cells can feed.
 *
 * Private to this room. */
#ifndef XD_MODEL_PARTS_H
#define XD_MODEL_PARTS_H

#include "model/model.h"

/* The parts an alias of the field may feed (NULL: of the row as a whole); the first is the
 * default. */
void xd_alias_parts(xd_arena *arena, const xd_field *field, xd_strs *ret_parts);
/* The parts a field has columns for: the same, and for a single group those of its fields. */
void xd_column_parts(xd_arena *arena, const xd_field *field, xd_strs *ret_parts);

#endif
