/* Jobs: done by one, once; and what a holder who was slept over may no longer do. */
#include "store_test.h"

#include "store/job.h"

#define LONG 600000

static bool take(bench *b, const char *name, int lease_ms, xd_job *ret_job)
{
    bool got = false;
    XD_OK_CALL(&b->cx,
               xd_job_take(&b->cx, b->store, name, XD_S("test"), lease_ms, ret_job, &got));
    return got;
}

static xd_job wait_for(bench *b, const char *name, int lease_ms)
{
    xd_job job = {0};
    for (int i = 0; i < 6000 && !take(b, name, lease_ms, &job); i++) {
        const struct timespec pause = {0, 10 * 1000 * 1000};
        (void)nanosleep(&pause, NULL);
    }
    ck_assert_int_gt(job.token, 0);
    return job;
}

START_TEST(one_holds_it)
{
    bench b;
    xd_job first = {0}, second = {0};
    bench_open(&b);
    ck_assert(take(&b, "a", LONG, &first));
    ck_assert_int_eq(first.token, 1);
    ck_assert(!take(&b, "a", LONG, &second));
    ck_assert(take(&b, "b", LONG, &second)); /* another job is another's */
    XD_OK_CALL(&b.cx, xd_job_keep(&b.cx, b.store, &first, LONG));
    XD_OK_CALL(&b.cx, xd_job_end(&b.cx, b.store, &first, LONG, true));
    ck_assert(!take(&b, "a", LONG, &second)); /* done, and not due again */
    ck_assert_uint_eq(count_faults(&b, b.store, true), 0);
    bench_end(&b);
}
END_TEST

START_TEST(a_lease_runs_out)
{
    bench b;
    xd_job first = {0};
    xd_snapshot_files files = {0};
    bench_open(&b);
    ck_assert(take(&b, "a", 1, &first));
    xd_job second = wait_for(&b, "a", LONG);
    ck_assert_int_gt(second.token, first.token);
    *xd_push(b.cx.arena, &files) = (xd_snapshot_file){.name = XD_S("manifest"), .bytes = 1};
    FAILS_WITH(&b.cx, XD_GONE, xd_job_keep(&b.cx, b.store, &first, LONG));
    FAILS_WITH(&b.cx, XD_GONE, xd_job_end(&b.cx, b.store, &first, 0, true));
    FAILS_WITH(&b.cx, XD_GONE, xd_snapshot_save(&b.cx, b.store, &first, &files, 2));
    xd_snapshot_files none = {0};
    XD_OK_CALL(&b.cx, xd_snapshot_list(&b.cx, b.store, &none));
    ck_assert_uint_eq(none.n, 0);
    XD_OK_CALL(&b.cx, xd_snapshot_save(&b.cx, b.store, &second, &files, 2));
    XD_OK_CALL(&b.cx, xd_snapshot_list(&b.cx, b.store, &none));
    ck_assert_uint_eq(none.n, 1);
    bench_end(&b);
}
END_TEST

/* Six servers come at the same moment, twenty times. */
START_TEST(taken_once)
{
    bench b;
    pid_t children[6];
    int results[2];
    bench_open(&b);
    xd_store_close(b.store);
    ck_assert_int_eq(pipe(results), 0);
    for (size_t i = 0; i < XD_LEN(children); i++) {
        children[i] = fork();
        if (children[i] == 0) {
            xd_ctx cx;
            xd_store *store = NULL;
            xd_ctx_begin(&cx);
            bool ok = xd_store_open(&cx, b.place, XD_STORE_WRITE, &store);
            for (int round = 0; ok && round < 20; round++) {
                char name[16];
                bool got = false;
                xd_job job;
                (void)snprintf(name, sizeof name, "job%d", round);
                for (int tries = 0; tries < 200;
                     tries++) { /* made by two at once: told to one */
                    ok = xd_job_take(&cx, store, name, XD_S("t"), LONG, &job, &got);
                    if (ok) {
                        break;
                    }
                    xd_err_take(&cx);
                }
                ok = ok && (!got || write(results[1], &round, sizeof round) == sizeof round);
            }
            _exit(ok ? 0 : 1);
        }
    }
    (void)close(results[1]);
    int taken[20] = {0}, round, status = 1;
    while (read(results[0], &round, sizeof round) == sizeof round) {
        taken[round]++;
    }
    for (size_t i = 0; i < XD_LEN(children); i++) {
        ck_assert_int_eq(waitpid(children[i], &status, 0), children[i]);
        ck_assert_int_eq(status, 0);
    }
    for (size_t i = 0; i < XD_LEN(taken); i++) {
        ck_assert_int_eq(taken[i], 1);
    }
    bench_end(&b);
}
END_TEST

START_TEST(the_newest_snapshots_stay)
{
    bench b;
    bench_open(&b);
    for (int i = 0; i < 4; i++) {
        xd_snapshot_files files = {0};
        xd_job job = wait_for(&b, "a", LONG);
        *xd_push(b.cx.arena, &files) =
            (xd_snapshot_file){.name = XD_S("s-1.seg"), .bytes = 7, .hash = {(uint8_t)i}};
        *xd_push(b.cx.arena, &files) = (xd_snapshot_file){.name = XD_S("manifest"), .bytes = 1};
        XD_OK_CALL(&b.cx, xd_snapshot_save(&b.cx, b.store, &job, &files, 2));
        XD_OK_CALL(&b.cx, xd_job_end(&b.cx, b.store, &job, 0, true));
    }
    xd_snapshot_files all = {0};
    XD_OK_CALL(&b.cx, xd_snapshot_list(&b.cx, b.store, &all));
    ck_assert_uint_eq(all.n, 4);
    ck_assert_int_gt(all.at[0].snapshot, all.at[2].snapshot);
    XD_STR_IS(all.at[0].name, "manifest");
    XD_STR_IS(all.at[1].name, "s-1.seg");
    ck_assert_uint_eq(all.at[1].bytes, 7);
    ck_assert_uint_eq(all.at[1].hash[0], 3);
    ck_assert_uint_eq(all.at[3].hash[0], 2);
    xd_store *reader = NULL;
    xd_job job;
    bool got = false;
    XD_OK_CALL(&b.cx, xd_store_open(&b.cx, b.place, XD_STORE_READ, &reader));
    FAILS_WITH(&b.cx, XD_DENIED, xd_job_take(&b.cx, reader, "a", XD_S("t"), LONG, &job, &got));
    bench_end(&b);
}
END_TEST

static void add(TCase *tests, bool pg)
{
    (void)pg;
    tcase_add_test(tests, one_holds_it);
    tcase_add_test(tests, a_lease_runs_out);
    tcase_add_test(tests, taken_once);
    tcase_add_test(tests, the_newest_snapshots_stay);
}

XD_STORE_TESTS("store/job", add)
