/* base/file.h — whole files, durable writes, hashes of nothing: only bytes in and out. */
#ifndef XD_BASE_FILE_H
#define XD_BASE_FILE_H

#include "base/buf.h"
#include "base/ctx.h"

/* Read a regular file of at most max bytes into cx->arena (NUL behind the end, not counted).
 * XD_ABSENT, XD_DENIED, XD_LIMIT, XD_SYSTEM. */
XD_MUST bool xd_file_read(xd_ctx *cx, const char *path, size_t max, xd_str *ret_bytes);
/* Write beside the target, fsync, rename over it, fsync the folder. Mode as given. */
XD_MUST bool xd_file_replace(xd_ctx *cx, const char *path, xd_str bytes, unsigned mode);
/* A file without a name in TMPDIR, else /tmp: open for reading and writing, 0600, gone with its
 * last descriptor. */
XD_MUST bool xd_file_unnamed(xd_ctx *cx, int *ret_fd);
/* All of it, from the descriptor's place on. */
XD_MUST bool xd_file_write(xd_ctx *cx, int fd, xd_str bytes);
/* Names in a folder, sorted by bytes, without . and .. */
XD_MUST bool xd_dir_list(xd_ctx *cx, const char *path, xd_strs *ret_names);
XD_MUST bool xd_dir_list_at(xd_ctx *cx, int folder, xd_strs *ret_names); /* of an open one */
/* mkdir -p with mode 0700 for what is new. */
XD_MUST bool xd_dir_make(xd_ctx *cx, const char *path);

#endif
