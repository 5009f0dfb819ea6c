/* store/hash.h — the log's hash, by algorithm id, through OpenSSL.
 *
 * 1 is SHA-256, 2 is SM3 (GB/T 32905-2016); both give 32 bytes. A store is made with one and
 * keeps it: the id stands in every leaf. */
#ifndef XD_STORE_HASH_H
#define XD_STORE_HASH_H

#include "base/ctx.h"

#define XD_HASH_BYTES 32

typedef struct xd_hash xd_hash;

/* Lives until xd_hash_close(). */
XD_MUST bool xd_hash_open(xd_ctx *cx, int64_t algorithm, xd_hash **ret_hash);
void xd_hash_close(xd_hash *hash); /* NULL is allowed */
/* H(a ‖ b), bare. */
XD_MUST bool xd_hash_two(xd_ctx *cx, xd_hash *hash, xd_str a, xd_str b,
                         uint8_t ret_digest[XD_HASH_BYTES]);
/* H of a whole regular file, read from 0 in pieces; of anything else H(""). */
XD_MUST bool xd_hash_file(xd_ctx *cx, xd_hash *hash, int fd, uint8_t ret_digest[XD_HASH_BYTES]);

#endif
