/* web/worked.h — computed values where they are not read on a page: downloads, the API, orders.
 *
 * They come out only when asked for (`computed=true`), under names and headers that imports know
 * and leave alone (computed_light, 现算：进度灯): what goes out goes in again unchanged. They are
 * worked out by the code of pages, for at most XD_LIGHTS_MOST records. docs/decisions/0178. */
#ifndef XD_WEB_WORKED_H
#define XD_WEB_WORKED_H

#include "model/read.h"
#include "web/app.h"
#include "web/kin.h"

const xd_computed *xd_light_of(const xd_type *type); /* its first light; NULL: it has none */
/* What values are worked out with today. */
xd_kin *xd_worked_kin(xd_ctx *cx, const xd_app *app, const xd_snap *snap);
/* Columns of a table for the type's computed values; xd_worked_body() puts in what they show. */
void xd_worked_columns(xd_ctx *cx, const xd_type *type, const xd_column **ret_columns,
                       size_t *ret_n);
XD_MUST bool xd_worked_body(xd_ctx *cx, xd_kin *kin, int64_t id, const xd_json *body,
                            const xd_json **ret_body);
/* ,"computed_light":"red","computed_light_label":"…","computed_live":3 — each always there, null
 * when nothing can be said. */
XD_MUST bool xd_worked_write(xd_ctx *cx, xd_kin *kin, int64_t id, const xd_json *body,
                             xd_buf *out);
/* What was worked out is all there is to say: XD_LIMIT with sentences when it was cut short. */
XD_MUST bool xd_worked_whole(xd_ctx *cx, const xd_kin *kin, size_t n);

/* sortby is the type's light (1) or its reverse (-1); 0: it is not. */
int xd_light_order(const xd_request *request, const xd_type *type);
/* Every record the ask finds: red first, then yellow, green, grey, those without a light last in
 * either direction; within a light by id. XD_LIMIT as above. */
XD_MUST bool xd_light_ids(xd_ctx *cx, xd_kin *kin, const xd_ask *ask, int order,
                          int64_t **ret_ids, size_t *ret_n);
/* xd_ask_run() in that order; the cursor goes on behind a light and an id. */
XD_MUST bool xd_light_run(xd_ctx *cx, xd_kin *kin, const xd_ask *ask, int order,
                          const xd_answer **ret_answer);

#endif
