/* index/io.h — every step that changes an index folder, through one narrow door.
 *
 * All writing, syncing, renaming and removing of index files happens here, each a numbered
 * step. So a test can let the process die at any one of them (die_at), half a write done, and
 * see that the folder is still good. Names are relative to the folder. Safe in any thread. */
#ifndef XD_INDEX_IO_H
#define XD_INDEX_IO_H

#include <stdatomic.h>

#include "base/buf.h"
#include "base/ctx.h"

typedef struct xd_io {
    int folder;           /* descriptor of the folder */
    _Atomic int64_t step; /* steps done */
    int64_t die_at;       /* the process kills itself at this step; 0: never */
} xd_io;

/* A new file, for reading and writing; one of that name is replaced. */
XD_MUST bool xd_io_create(xd_ctx *cx, xd_io *io, const char *name, int *ret_fd);
XD_MUST bool xd_io_write(xd_ctx *cx, xd_io *io, int fd, xd_str bytes, uint64_t at);
XD_MUST bool xd_io_sync(xd_ctx *cx, xd_io *io, int fd);
/* And syncs the folder. */
XD_MUST bool xd_io_rename(xd_ctx *cx, xd_io *io, const char *from, const char *to);
/* Absence is no failure. */
XD_MUST bool xd_io_remove(xd_ctx *cx, xd_io *io, const char *name);
/* The whole of a new file: written beside, synced, renamed, folder synced. */
XD_MUST bool xd_io_replace(xd_ctx *cx, xd_io *io, const char *name, xd_str bytes);

#endif
