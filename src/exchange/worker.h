/* exchange/worker.h — jobs run in the sandbox, seen from the parent.
 *
 * The helper (xd_worker_start) forks one worker a job. A worker gets its files as descriptors,
 * maps them read-only, closes the box (box.c) and runs one row of the job table in worker.c;
 * whatever it has to say comes back as frames (frame.h). It dies at its limits, when the parent
 * closes the job, and with the parent. */
#ifndef XD_EXCHANGE_WORKER_H
#define XD_EXCHANGE_WORKER_H

#include "exchange/frame.h"

#define XD_JOB_FILES 4 /* the file; Shapefile neighbours dbf, prj, cpg */

typedef struct xd_job_request {
    bool all_sheets;
    xd_str job;              /* a name in the job table: "read" … */
    xd_str name, encoding;   /* reader.h */
    int files[XD_JOB_FILES]; /* open for reading, regular; -1: none */
    int fd_out;              /* jobs that write: open for writing; -1: none */
} xd_job_request;

typedef struct xd_job xd_job;
/* Starts the job. The caller keeps its descriptors. XD_SYSTEM when no helper runs. The job is
 * closed, the worker killed, when cx ends or by xd_job_close(). */
XD_MUST bool xd_job_open(xd_ctx *cx, const xd_job_request *request, xd_job **ret_job);
void xd_job_close(xd_job *job);
/* Wait for bytes and append them to in; *ret_ended at the end of the stream. XD_LIMIT when the
 * worker says nothing for longer than its files allow; the cause of its death when it died. */
XD_MUST bool xd_job_receive(xd_ctx *cx, xd_job *job, xd_buf *in, bool *ret_ended);
/* The stream ended before its end frame: fails with how the worker died. */
bool xd_job_death(xd_ctx *cx, xd_job *job);
/* A job that only writes: run it to its end, fd_in for the file, fd_out for what it makes. */
XD_MUST bool xd_job_run(xd_ctx *cx, xd_str job, int fd_in, int fd_out);
/* The worker could not be shut in by Landlock: the kernel has none. */
bool xd_job_is_open_box(const xd_job *job);

/* What the worker runs: reader.h's xd_reader, by name. */
typedef struct xd_job_row {
    xd_str name;
    xd_reader *run;
} xd_job_row;

/* ---- inside: box.c ---------------------------------------------------------------------- */

typedef struct xd_box_limits {
    int64_t input_bytes; /* all files together */
    int cpu_s;
    bool writes; /* fd_out is there */
} xd_box_limits;
/* Shut this process in: limits, no new privileges, another user when root, Landlock, seccomp.
 * XD_SYSTEM when seccomp is not to be had: then nothing from outside may be read here.
 * *ret_landlock false: the kernel has none, only a warning. */
XD_MUST bool xd_box_close(xd_ctx *cx, const xd_box_limits *limits, bool *ret_landlock);

#endif
