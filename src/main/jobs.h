/* main/jobs.h — what a server does by a schedule, beside answering: one of all that follow a log
 * does it. */
#ifndef XD_MAIN_JOBS_H
#define XD_MAIN_JOBS_H

#include "main/cli.h"
#include "web/app.h"

typedef struct xd_jobs xd_jobs;

/* A thread of its own, where --files says where files lie; *ret_jobs NULL where it does not. */
XD_MUST bool xd_jobs_start(xd_cli *cli, xd_app *app, xd_jobs **ret_jobs);
/* Ends what it is doing and waits for it; NULL is allowed. */
void xd_jobs_stop(xd_jobs *jobs);

#endif
