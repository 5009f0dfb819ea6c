/* One job as yet: a snapshot of the search files for servers that come new, and a sweep of files that
 * nothing names. It works on a store handle and a context of its own; whatever goes wrong is logged
 * once and tried again after a minute, by this server or another. */
#include "main/jobs.h"

#include <pthread.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "main/snapshot.h"

#define JOB "snapshot"
#define LEASE_MS 30000
#define LOOK_MS 2000
#define AGAIN_MS 60000

struct xd_jobs {
    xd_app *app;
    const char *place;
    volatile int stopped;
    xd_ctx home; /* of the two below; as long as the thread */
    xd_store *store;
    xd_files *files;
    xd_str holder;
    int64_t every_ms;
    bool failing;
    pthread_t thread;
};

static bool work(xd_ctx *cx, xd_jobs *jobs, xd_job *job)
{
    const xd_app *app = jobs->app;
    int64_t bytes = 0;
    size_t swept = 0;
    if (!xd_index_flush(cx, app->index, jobs->store) ||
        !xd_snapshot_make(cx, app->model, jobs->store, jobs->files, app->index_dir, job,
                          &bytes) ||
        !xd_snapshot_sweep(cx, jobs->store, jobs->files, job, &swept)) {
        return false;
    }
    xd_log(XD_INFO, JOB, "%" PRId64 " bytes put to %s, %zu orphans swept", bytes,
           xd_files_place(jobs->files), swept);
    return true;
}

static bool run_if_due(xd_ctx *cx, xd_jobs *jobs)
{
    xd_job job;
    bool got = false;
    if (jobs->store == NULL &&
        !xd_store_open(&jobs->home, jobs->place, XD_STORE_WRITE, &jobs->store)) {
        cx->err = xd_err_take(&jobs->home);
        return false;
    }
    if (!xd_job_take(cx, jobs->store, JOB, jobs->holder, LEASE_MS, &job, &got) || !got) {
        return cx->err.code == XD_OK;
    }
    cx->deadline = job.until;
    bool done = work(cx, jobs, &job);
    xd_err why = xd_err_take(cx);
    cx->deadline = 0;
    bool ended = xd_job_end(cx, jobs->store, &job, done ? jobs->every_ms : AGAIN_MS, done);
    if (!done) {
        (void)xd_err_take(cx); /* the first reason is the one to tell */
        cx->err = why;
    }
    return done && ended;
}

static void rest(const xd_jobs *jobs)
{
    for (int ms = 0; ms < LOOK_MS && jobs->stopped == 0; ms += 100) {
        const struct timespec nap = {0, 100 * 1000 * 1000};
        (void)nanosleep(&nap, NULL); /* waking early only looks again */
    }
}

static void *look_again_and_again(void *p)
{
    xd_jobs *jobs = p;
    xd_ctx cx;
    xd_ctx_begin(&cx);
    cx.stop = &jobs->stopped;
    while (jobs->stopped == 0) {
        bool may = atomic_load(&jobs->app->node.read_only) == XD_NODE_WRITES &&
                   !atomic_load(&jobs->app->node.away);
        bool ok = !may || run_if_due(&cx, jobs);
        if (!ok && !jobs->failing && jobs->stopped == 0) {
            xd_log_err(&cx, JOB);
        }
        jobs->failing = !ok;
        xd_ctx_reset(&cx);
        cx.deadline = 0;
        rest(jobs);
    }
    xd_ctx_end(&cx);
    return NULL;
}

bool xd_jobs_start(xd_cli *cli, xd_app *app, xd_jobs **ret_jobs)
{
    xd_ctx *cx = &cli->cx;
    const char *files = xd_cli_files(cli);
    int64_t hours = 0;
    char host[65] = "";
    *ret_jobs = NULL;
    if (files == NULL) {
        return true;
    }
    if (!xd_str_int(xd_cli_str(cli, "snapshot-every"), &hours) || hours < 1 || hours > 8760) {
        return xd_fail(cx, XD_INVALID, "--snapshot-every takes hours, 1 to 8760");
    }
    (void)gethostname(host, sizeof host - 1); /* a courtesy */
    xd_jobs *jobs = xd_new(cx->arena, xd_jobs);
    *jobs = (xd_jobs){
        .app = app,
        .place = xd_cli_place(cli),
        .holder = xd_str_printf(cx->arena, "%s, pid %ld", host, (long)getpid()),
        .every_ms = hours * 3600 * 1000,
    };
    xd_ctx_begin(&jobs->home);
    jobs->home.stop = &jobs->stopped;
    if (!xd_files_open(&jobs->home, files, &jobs->files) ||
        pthread_create(&jobs->thread, NULL, look_again_and_again, jobs) != 0) {
        (void)xd_fail(cx, jobs->home.err.code == XD_OK ? XD_SYSTEM : jobs->home.err.code,
                      "no jobs: " XD_FMT, XD_ARG(jobs->home.err.message));
        (void)xd_fail_words(cx, xd_str_copy(cx->arena, jobs->home.err.zh),
                            xd_str_copy(cx->arena, jobs->home.err.en));
        xd_ctx_end(&jobs->home);
        return false;
    }
    *ret_jobs = jobs;
    return true;
}

void xd_jobs_stop(xd_jobs *jobs)
{
    if (jobs != NULL) {
        __atomic_store_n(&jobs->stopped, 1, __ATOMIC_RELAXED);
        (void)pthread_join(jobs->thread, NULL);
        xd_ctx_end(&jobs->home);
    }
}
