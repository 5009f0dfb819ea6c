#include "index/look.h"

void xd_look_begin(xd_look *look, xd_ctx *cx, const xd_snap *snap, xd_lang lang, bool certain)
{
    *look = (xd_look){.cx = cx,
                      .schema = snap->index->schema,
                      .edition = snap->edition,
                      .bag = {.arena = cx->arena},
                      .scratch = xd_arena_make(),
                      .lang = lang,
                      .certain = certain};
}

void xd_look_end(xd_look *look)
{
    xd_bag_empty(&look->bag);
    xd_arena_free(look->scratch);
}
