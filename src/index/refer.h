/* index/refer.h — what a table calls the record that a link leads to.
 *
 * Its number; where it has none, its title, when no other record of the types the field may lead
 * to has it; else #id, which means something in the same store alone. An import finds the record
 * by each of these again (exchange/import_link.c). Titles are gathered once a type. */
#ifndef XD_INDEX_REFER_H
#define XD_INDEX_REFER_H

#include "index/index.h"

typedef struct xd_refer xd_refer;

/* Lives, with what it gathers, as long as cx, and the snapshot too. */
xd_refer *xd_refer_make(xd_ctx *cx, const xd_model *model, const xd_snap *snap);
/* Absent when the record cannot be seen. An xd_link_text (model/read.h); refer: an xd_refer. */
xd_str xd_refer_text(void *refer, xd_ctx *cx, const xd_field *field, int64_t id);

#endif
