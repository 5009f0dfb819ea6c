/* web/lights.h — lists by the light their records have now.
 *
 * A light follows from other records and from today, so the index does not hold it: it is worked
 * out for what all other conditions find, when somebody asks (docs/decisions/0156). A type's light
 * is the first computed value that is one; its name is a parameter of lists and of items, its
 * values are those of xd_light_name; several mean any of them. */
#ifndef XD_WEB_LIGHTS_H
#define XD_WEB_LIGHTS_H

#include "web/page.h"
#include "web/worked.h"

#define XD_LIGHTS_MOST 5000 /* records whose light is worked out for one answer */

/* Narrows the ask by the request's parameter, where it has one. XD_LIMIT, with sentences, when more
 * would have to be looked at than XD_LIGHTS_MOST. */
XD_MUST bool xd_lights_ask(xd_ctx *cx, const xd_app *app, const xd_request *request,
                           xd_ask *ask);
XD_MUST bool xd_lights_too_many(xd_ctx *cx); /* that refusal: false */
/* How many of those the ask finds have which light. *ret_all false: there are too many to say. */
XD_MUST bool xd_lights_count(xd_ctx *cx, xd_kin *kin, const xd_ask *ask, uint64_t *ret_counts,
                             bool *ret_all);

#endif
