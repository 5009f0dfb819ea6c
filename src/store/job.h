/* store/job.h — work that is done by one of several servers: once, when it is due.
 *
 * A job is a row. Whoever finds it due and not held takes it for a lease: a time by the database's
 * clock, and a token, one higher than ever before. While he works he keeps it; when he dies the lease
 * runs out and another takes it, with a higher token. At the end he says when it is due next, in
 * the same transaction in which its results are named; that fails for whoever is no longer the holder, so a job that
 * was slept over by a server does its work in vain but does no harm. A holder stops by himself
 * when his lease is over by his own monotonic clock, counted from before he asked for it. */
#ifndef XD_STORE_JOB_H
#define XD_STORE_JOB_H

#include "store/store.h"

typedef struct xd_job {
    const char *name;
    int64_t token;
    int64_t until; /* µs, monotonic: where the holder stops */
} xd_job;

/* *ret_got false: not due, or another has it. A job never seen is due at once. */
XD_MUST bool xd_job_take(xd_ctx *cx, xd_store *store, const char *name, xd_str holder,
                         int lease_ms, xd_job *ret_job, bool *ret_got);
/* The lease from now on. XD_GONE: another has taken it. */
XD_MUST bool xd_job_keep(xd_ctx *cx, xd_store *store, xd_job *job, int lease_ms);
/* It failed, or there was nothing to do: due again so much later, and nobody's. */
XD_MUST bool xd_job_end(xd_ctx *cx, xd_store *store, const xd_job *job, int64_t next_ms,
                        bool done);

/* The files of a copy of the search files, in a file store (store/files.h). */
typedef struct xd_snapshot_file {
    int64_t snapshot;
    xd_str name;
    uint64_t bytes;
    uint8_t hash[32];
} xd_snapshot_file;
typedef XD_VEC(xd_snapshot_file) xd_snapshot_files;
/* All of them, the newest snapshot's first, each one's in the order of names. */
XD_MUST bool xd_snapshot_list(xd_ctx *cx, xd_store *store, xd_snapshot_files *files);
/* These are a snapshot, called by the job's token, and all but the newest so many are forgotten.
 * Their bytes are put already. XD_GONE: the job is another's by now. */
XD_MUST bool xd_snapshot_save(xd_ctx *cx, xd_store *store, const xd_job *job,
                              const xd_snapshot_files *files, int keep_newest);

#endif
