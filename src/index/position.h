/* index/position.h — how far somebody has seen the log, as a mark that only servers of this store
 * can have made and only they can read.
 *
 * Whoever writes is given the mark of the log as it was after his write, and shows it when he
 * reads: a server that is behind waits (web/position.h). The same position gives another mark each
 * time, so that comparing marks tells nobody how much goes on. Sealed as page marks are
 * (index/seal.h), with keys of its own. */
#ifndef XD_INDEX_POSITION_H
#define XD_INDEX_POSITION_H

#include "store/store.h"

typedef struct xd_position_key {
    uint64_t seal[2], veil[2];
} xd_position_key;

/* The same for every server and command of a store. XD_ABSENT: its log is empty. */
XD_MUST bool xd_position_key_of(xd_ctx *cx, xd_store *store, xd_position_key *ret_key);
/* In arena; letters, digits, - and _. */
xd_str xd_position_write(xd_arena *arena, const xd_position_key *key, int64_t seq);
/* False: not ours. */
bool xd_position_read(xd_arena *arena, const xd_position_key *key, xd_str mark,
                      int64_t *ret_seq);

#endif
