/* index/cond.h — conditions (CQL2) of a bound tree over one shard, three-valued. */
#ifndef XD_INDEX_COND_H
#define XD_INDEX_COND_H

#include "index/value.h"

/* Where it is true and where it is false (NULL: not asked), both within domain; elsewhere it is unknown. type:
 * what the tree was bound to; NULL: only parts every type has. */
XD_MUST bool xd_cond_eval(xd_look *look, size_t shard, const xd_type *type, const xd_cql *cql,
                          const xd_bits *domain, xd_bits **ret_true, xd_bits **ret_false);

#endif
