/* model/header.h — what the headers of tables mean, and how ours are written.
 *
 * Private to this room. A type's map leads from a folded header to a column. The model's own
 * aliases win; field names and `name.part` are always there, so every column has one header
 * that is surely its own; labels and built-in row words fill what is free. */
#ifndef XD_MODEL_HEADER_H
#define XD_MODEL_HEADER_H

#include "model/bind.h"

void xd_bind_headers(xd_bind *b, xd_type *type);
#endif
