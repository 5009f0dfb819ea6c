/* web/kin.h — what computed values ask about other records, answered from the public index.
 *
 * One xd_kin serves one page: links of a type are gathered once, bodies and values are kept. What
 * it sees is what anybody may see, so no light can give away what is hidden. */
#ifndef XD_WEB_KIN_H
#define XD_WEB_KIN_H

#include "index/index.h"
#include "model/computed.h"

typedef struct xd_kin xd_kin;
struct xd_kin {
    const xd_model *model;
    const xd_snap *snap;
    xd_kin_source source;
    xd_derive derive;
    xd_map *gathered; /* "type/link" → xd_map of "id" → ids that lead there */
    xd_map *bodies;   /* "id" → body */
    xd_map *units;    /* "type" → xd_map of division code → unit's id */
    xd_map *outlines; /* "type" → outlines of units that have one */
};

/* today: days since 1970. Lives in cx->arena; not to be copied. */
void xd_kin_begin(xd_ctx *cx, const xd_model *model, const xd_snap *snap, int32_t today,
                  xd_kin *ret_kin);
XD_MUST bool xd_kin_body(xd_ctx *cx, xd_kin *kin, int64_t id, const xd_json **ret_body);
/* Ids of records of the type whose link leads to id, oldest first; samples: those too. */
XD_MUST bool xd_kin_linked(xd_ctx *cx, xd_kin *kin, const xd_type *type, const xd_field *link,
                           int64_t id, bool samples, int64_t **ret_ids, size_t *ret_n);
XD_MUST bool xd_kin_value(xd_ctx *cx, xd_kin *kin, int64_t id, const xd_json *body,
                          const xd_computed *computed, xd_derived *ret_value);
/* Whether it can be told which records are the unit's: it has a division or an outline. */
bool xd_kin_tells(const xd_type *units, const xd_json *unit);
/* The unit a record belongs to, one at most: of those whose outline holds the record's place,
 * where that is known to the site, the smallest; else the one with the narrowest division around
 * the first of the record's; 0: none. */
XD_MUST bool xd_kin_unit(xd_ctx *cx, xd_kin *kin, const xd_type *units, const xd_type *type,
                         const xd_json *body, int64_t *ret_unit);

#endif
