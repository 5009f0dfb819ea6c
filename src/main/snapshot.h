/* main/snapshot.h — search files for other servers, kept in a file store (store/files.h) and named
 * in the database (store/job.h). They hold what anybody may see and nothing else. */
#ifndef XD_MAIN_SNAPSHOT_H
#define XD_MAIN_SNAPSHOT_H

#include "index/index.h"
#include "store/files.h"
#include "store/job.h"

/* Into the folder dir, from the newest snapshot that fits this program and model, unless there is
 * a manifest already; *ret_bytes 0: nothing was fetched. Whether they are of our log is asked when
 * they are opened. */
XD_MUST bool xd_snapshot_fetch(xd_ctx *cx, const xd_model *model, xd_store *store,
                               xd_files *files, const char *dir, int64_t *ret_bytes);

/* What the folder has, put and named; nothing where the newest snapshot is the same. The job is
 * kept meanwhile. *ret_bytes: of what had to be put. */
XD_MUST bool xd_snapshot_make(xd_ctx *cx, const xd_model *model, xd_store *store,
                              xd_files *files, const char *dir, xd_job *job,
                              int64_t *ret_bytes);
/* Files that no snapshot names, older than an hour, go. */
XD_MUST bool xd_snapshot_sweep(xd_ctx *cx, xd_store *store, xd_files *files, xd_job *job,
                               size_t *ret_n);

#endif
