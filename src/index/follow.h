/* index/follow.h — the models a log has had, as far as it was followed; guarded by `writing`.
 * (xd_index_follow() itself is in index.h; how the log is walked, in follow.c.) */
#ifndef XD_INDEX_FOLLOW_H
#define XD_INDEX_FOLLOW_H

#include "index/edition.h"

/* Models as the log names them, in order; read only when a body needs one. */
typedef struct xd_followed_model {
    uint8_t hash[32];
    int64_t seq;           /* of the revision that holds it */
    const xd_model *model; /* NULL: not read yet */
} xd_followed_model;
typedef struct xd_followed {
    XD_VEC(xd_followed_model) models;
} xd_followed;

void xd_follow_add_model(xd_index *index, const uint8_t hash[32], int64_t seq);

#endif
