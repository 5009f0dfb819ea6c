/* index/seal.h — cursors that only servers of this store can have made.
 *
 * A cursor is bytes with a SipHash-2-4 (Aumasson and Bernstein, 2012) over them and over what
 * the question is, in base64url. The key is the store's (xd_store_secret()), drawn for an index
 * without one, so a cursor of another store, another question, or a changed one is refused. It
 * holds no log position. */
#ifndef XD_INDEX_SEAL_H
#define XD_INDEX_SEAL_H

#include "base/buf.h"

uint64_t xd_siphash(const uint64_t key[2], xd_str bytes);
xd_str xd_seal(xd_arena *arena, const uint64_t key[2], uint64_t question, xd_str bytes);
/* False: not ours. */
bool xd_unseal(xd_arena *arena, const uint64_t key[2], uint64_t question, xd_str sealed,
               xd_str *ret_bytes);

#endif
