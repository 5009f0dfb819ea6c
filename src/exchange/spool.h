/* exchange/spool.h — what an import sets aside in a file, so that memory stays bounded.
 *
 * Records of bytes, appended, then read at any place. The file has no name (O_TMPFILE, or made
 * and unlinked at once) and is gone with the process. Readable by the owner only. */
#ifndef XD_EXCHANGE_SPOOL_H
#define XD_EXCHANGE_SPOOL_H

#include "base/buf.h"
#include "base/ctx.h"

#define XD_SPOOL_RECORD ((size_t)64 << 20)

typedef struct xd_spool xd_spool;
/* In TMPDIR, else /tmp. Ends with cx. */
XD_MUST bool xd_spool_open(xd_ctx *cx, xd_spool **ret_spool);
/* XD_FULL when the disk is. *ret_at is where it can be read again. */
XD_MUST bool xd_spool_add(xd_ctx *cx, xd_spool *spool, xd_str bytes, int64_t *ret_at);
/* Into cx->arena; *ret_next is where the following record is. at must be one that was given. */
XD_MUST bool xd_spool_read(xd_ctx *cx, xd_spool *spool, int64_t at, xd_str *ret_bytes,
                           int64_t *ret_next);
int64_t xd_spool_end(const xd_spool *spool); /* where the next record will be */

#endif
