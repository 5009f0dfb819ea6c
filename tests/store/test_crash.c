/* Kill, full disk, dying disk: the old state or the new one, and a clear word. */
#include "store_test.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#define PLANT "{\"type\":\"plant\",\"state\":\"draft\""
#define BATCH 400

/* ---- kill -9 -------------------------------------------------------------------------------- */

static bool append_batch(xd_ctx *cx, xd_store *store, const xd_model *model, int n)
{
    xd_head *head = NULL;
    const xd_json *body = NULL, *about = NULL;
    int64_t seq = 0, id = 0, set = 0;
    if (!xd_json_read(cx, XD_S(PLANT ",\"name\":{\"zh\":\"厂\"},\"phone\":\"1\"}"), &body) ||
        !xd_json_read(cx, XD_S("{\"verb\":\"import\"}"), &about)) {
        return false;
    }
    xd_store_expect(store, n);
    if (!xd_head_take(cx, store, model, "test", -1, NULL, NULL, &head)) {
        return false;
    }
    bool ok = xd_set_open(cx, head, about, &set);
    for (int i = 0; ok && i < n; i++) {
        const xd_act act = {XD_REV_CREATE, 0, 0, set, body, i > 0};
        ok = xd_append(cx, head, &act, &seq, &id);
    }
    if (ok) {
        return xd_head_commit(cx, head);
    }
    xd_head_release(head);
    return false;
}

/* Says when it begins, and each time a batch is in. */
static void run_child(bench *b, int said)
{
    xd_ctx cx;
    xd_store *store = NULL;
    char byte = 'x';
    xd_ctx_begin(&cx);
    bool ok =
        xd_store_open(&cx, b->place, XD_STORE_WRITE, &store) && write(said, &byte, 1) == 1;
    while (ok) {
        ok = append_batch(&cx, store, b->model, BATCH) && write(said, &byte, 1) == 1;
    }
    _exit(1); /* only reached by a failure: it is killed before */
}

static int64_t now_ns(void)
{
    struct timespec t;
    ck_assert_int_eq(clock_gettime(CLOCK_MONOTONIC, &t), 0);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

START_TEST(killed_in_append)
{
    bench b;
    int64_t batches = 0;
    bench_open(&b);
    xd_store_close(b.store);
    const int rounds = getenv("XIUDAI_SOAK") != NULL ? 200 : 20;
    int64_t batch_ns = 20 * 1000 * 1000; /* how long one takes here, as far as is known */
    /* Killed within the first, second or third batch, each time further on in it. After twenty the
     * store is made anew: a log that only grows would be verified for longer than it is written. */
    for (int round = 0; round < rounds; round++) {
        int said[2];
        char byte;
        if (round > 0 && round % 20 == 0) {
            ck_assert_int_gt(batches, 0);
            bench_end(&b);
            bench_open(&b);
            xd_store_close(b.store);
        }
        ck_assert_int_eq(pipe(said), 0);
        pid_t child = fork();
        if (child == 0) {
            run_child(&b, said[1]);
        }
        ck_assert_int_eq(read(said[0], &byte, 1), 1);
        for (int i = 0; i < round % 3; i++) {
            int64_t began = now_ns();
            ck_assert_int_eq(read(said[0], &byte, 1), 1);
            batch_ns = now_ns() - began;
        }
        int64_t ns = batch_ns * (round * 37 % 100) / 100;
        const struct timespec pause = {ns / 1000000000, ns % 1000000000};
        (void)nanosleep(&pause, NULL);
        int status = 0;
        ck_assert_int_eq(kill(child, SIGKILL), 0);
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        ck_assert(WIFSIGNALED(status));
        (void)close(said[0]);
        (void)close(said[1]);
        bench_quiet();

        int64_t n = 0, seq = 0;
        uint8_t hash[32];
        XD_OK_CALL(&b.cx, xd_store_open(&b.cx, b.place, XD_STORE_WRITE, &b.store));
        XD_OK_CALL(&b.cx, xd_record_count(&b.cx, b.store, XD_S(""), &n));
        XD_OK_CALL(&b.cx, xd_log_head(&b.cx, b.store, &seq, hash));
        ck_assert_int_eq(n % BATCH, 0);
        batches = n / BATCH;
        ck_assert_int_eq(seq, 1 + batches * (BATCH + 1));
        if (round % 5 == 4) {
            ck_assert_uint_eq(count_faults(&b, b.store, true), 0);
        }
        xd_store_close(b.store);
    }
    ck_assert_int_gt(batches, 0);
    bench_end(&b);
}
END_TEST

/* ---- no room -------------------------------------------------------------------------------- */

static void limit_files(rlim_t bytes)
{
    struct rlimit limit;
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

START_TEST(full_disk)
{
    bench b;
    int64_t n = 0;
    struct rlimit before;
    bench_open(&b);
    (void)signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    XD_OK_CALL(&b.cx, append_batch(&b.cx, b.store, b.model, 50));
    limit_files(600 << 10);
    ck_assert(!append_batch(&b.cx, b.store, b.model, 2000));
    ck_assert_msg(b.cx.err.code == XD_FULL, XD_FMT, XD_ARG(b.cx.err.message));
    xd_str said = xd_err_take(&b.cx).en;
    ck_assert_msg(xd_str_find(said, XD_S("no room"), 0) != SIZE_MAX, XD_FMT, XD_ARG(said));
    XD_OK_CALL(&b.cx, xd_record_count(&b.cx, b.store, XD_S(""), &n));
    ck_assert_int_eq(n, 50);
    limit_files(64 << 10);
    FAILS_WITH(&b.cx, XD_FULL, xd_store_backup(&b.cx, b.store, path_in(&b, "b.db")));
    ck_assert_int_ne(access(path_in(&b, "b.db"), F_OK), 0);
    ck_assert_int_ne(access(path_in(&b, "b.db.part"), F_OK), 0);
    /* Room again: no hand is needed. */
    limit_files(before.rlim_cur);
    ck_assert(append_batch(&b.cx, b.store, b.model, 2000));
    XD_OK_CALL(&b.cx, xd_record_count(&b.cx, b.store, XD_S(""), &n));
    ck_assert_int_eq(n, 2050);
    ck_assert_uint_eq(count_faults(&b, b.store, true), 0);
    bench_end(&b);
}
END_TEST

/* ---- a disk that fails ------------------------------------------------------------------------
 * A layer under SQLite whose n-th write, sync or truncation fails: once, or from then on. Or the
 * power goes at that call: what was not synced is lost, all of it or some of it, and nothing is
 * written any more. */

typedef enum cut { CUT_NONE, CUT_ALL, CUT_SOME } cut;

typedef struct unsynced {
    struct unsynced *older;
    xd_str path, old; /* what stood there before */
    sqlite3_int64 at, old_size;
} unsynced;

static struct {
    sqlite3_vfs layer, *real;
    long calls, fail_at; /* fail_at < 0: never */
    bool for_ever;
    cut power;
    xd_arena *arena; /* of unsynced */
    unsynced *newest;
    uint64_t random;
} disk;

typedef struct layer_file {
    sqlite3_file base;
    sqlite3_file *real;
    const char *path; /* SQLite's own, as long as the file is open; NULL: a temporary file */
} layer_file;

static sqlite3_file *real_of(sqlite3_file *file)
{
    return ((layer_file *)file)->real;
}

/* Remember what a write or truncation is about to destroy. */
static void remember_old(sqlite3_file *f, sqlite3_int64 at, sqlite3_int64 n)
{
    layer_file *file = (layer_file *)f;
    if (disk.power == CUT_NONE || file->path == NULL) {
        return;
    }
    unsynced *u = xd_new(disk.arena, unsynced);
    char *old = xd_arena_take(disk.arena, (size_t)n + 1);
    *u = (unsynced){
        .older = disk.newest,
        .path = xd_str_copy(disk.arena, xd_str_of(file->path)),
        .old = {old, (size_t)n},
        .at = at
    };
    ck_assert_int_eq(file->real->pMethods->xFileSize(file->real, &u->old_size), SQLITE_OK);
    int rc = file->real->pMethods->xRead(file->real, old, (int)n, at); /* short: zeros */
    ck_assert(rc == SQLITE_OK || rc == SQLITE_IOERR_SHORT_READ);
    disk.newest = u;
}

static void forget_old(const char *path)
{
    for (unsynced **u = &disk.newest; path != NULL && *u != NULL;) {
        if (xd_str_eq((*u)->path, xd_str_of(path))) {
            *u = (*u)->older;
        } else {
            u = &(*u)->older;
        }
    }
}

static void lose_unsynced(void)
{
    for (unsynced *u = disk.newest; u != NULL; u = u->older) {
        disk.random = disk.random * 6364136223846793005u + 1442695040888963407u;
        int fd = open(u->path.p, O_WRONLY | O_CLOEXEC);
        bool all = disk.power == CUT_ALL;
        if (fd < 0 || (!all && (disk.random >> 40) % 2 == 0)) {
            (void)close(fd);
            continue; /* gone since, or this one reached the disk */
        }
        ck_assert_int_eq(pwrite(fd, u->old.p, u->old.n, (off_t)u->at), (ssize_t)u->old.n);
        ck_assert(!all || ftruncate(fd, (off_t)u->old_size) == 0);
        (void)close(fd);
    }
    disk.newest = NULL;
}

static bool fails(void)
{
    long n = disk.calls++;
    if (n == disk.fail_at && disk.power != CUT_NONE) {
        lose_unsynced();
    }
    return disk.fail_at >= 0 &&
           (n == disk.fail_at ||
            ((disk.for_ever || disk.power != CUT_NONE) && n > disk.fail_at));
}

static int layer_close(sqlite3_file *f)
{
    sqlite3_file *real = real_of(f);
    return real->pMethods == NULL ? SQLITE_OK : real->pMethods->xClose(real);
}

static int layer_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
    return real_of(f)->pMethods->xRead(real_of(f), p, n, at);
}

static int layer_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
    if (fails()) {
        return SQLITE_IOERR_WRITE;
    }
    remember_old(f, at, n);
    return real_of(f)->pMethods->xWrite(real_of(f), p, n, at);
}

static int layer_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    sqlite3_int64 old = 0;
    if (fails()) {
        return SQLITE_IOERR_TRUNCATE;
    }
    ck_assert_int_eq(real_of(f)->pMethods->xFileSize(real_of(f), &old), SQLITE_OK);
    remember_old(f, size, old > size ? old - size : 0);
    return real_of(f)->pMethods->xTruncate(real_of(f), size);
}

static int layer_sync(sqlite3_file *f, int flags)
{
    if (fails()) {
        return SQLITE_IOERR_FSYNC;
    }
    forget_old(((layer_file *)f)->path);
    return real_of(f)->pMethods->xSync(real_of(f), flags);
}

static int layer_size(sqlite3_file *f, sqlite3_int64 *size)
{
    return real_of(f)->pMethods->xFileSize(real_of(f), size);
}

static int layer_lock(sqlite3_file *f, int kind)
{
    return real_of(f)->pMethods->xLock(real_of(f), kind);
}

static int layer_unlock(sqlite3_file *f, int kind)
{
    return real_of(f)->pMethods->xUnlock(real_of(f), kind);
}

static int layer_reserved(sqlite3_file *f, int *out)
{
    return real_of(f)->pMethods->xCheckReservedLock(real_of(f), out);
}

static int layer_control(sqlite3_file *f, int op, void *arg)
{
    return real_of(f)->pMethods->xFileControl(real_of(f), op, arg);
}

static int layer_sector(sqlite3_file *f)
{
    return real_of(f)->pMethods->xSectorSize(real_of(f));
}

static int layer_device(sqlite3_file *f)
{
    return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f));
}

static int layer_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out)
{
    return real_of(f)->pMethods->xShmMap(real_of(f), page, size, extend, out);
}

static int layer_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
    return real_of(f)->pMethods->xShmLock(real_of(f), offset, n, flags);
}

static void layer_shm_barrier(sqlite3_file *f)
{
    real_of(f)->pMethods->xShmBarrier(real_of(f));
}

static int layer_shm_unmap(sqlite3_file *f, int remove)
{
    return real_of(f)->pMethods->xShmUnmap(real_of(f), remove);
}

static const sqlite3_io_methods layer_methods = {
    .iVersion = 2,
    .xClose = layer_close,
    .xRead = layer_read,
    .xWrite = layer_write,
    .xTruncate = layer_truncate,
    .xSync = layer_sync,
    .xFileSize = layer_size,
    .xLock = layer_lock,
    .xUnlock = layer_unlock,
    .xCheckReservedLock = layer_reserved,
    .xFileControl = layer_control,
    .xSectorSize = layer_sector,
    .xDeviceCharacteristics = layer_device,
    .xShmMap = layer_shm_map,
    .xShmLock = layer_shm_lock,
    .xShmBarrier = layer_shm_barrier,
    .xShmUnmap = layer_shm_unmap,
};

static int layer_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                      int *out)
{
    layer_file *f = (layer_file *)file;
    (void)vfs;
    f->real = (sqlite3_file *)(f + 1);
    f->path = name;
    int rc = disk.real->xOpen(disk.real, name, f->real, flags, out);
    f->base.pMethods = f->real->pMethods == NULL ? NULL : &layer_methods;
    return rc;
}

static int layer_delete(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
    (void)vfs;
    if (disk.power != CUT_NONE && disk.fail_at >= 0 && disk.calls > disk.fail_at) {
        return SQLITE_IOERR_DELETE;
    }
    forget_old(name);
    return disk.real->xDelete(disk.real, name, sync_folder);
}

static void put_layer_in(void)
{
    disk.real = sqlite3_vfs_find(NULL);
    disk.layer = *disk.real;
    disk.layer.zName = "failing";
    disk.layer.szOsFile = (int)sizeof(layer_file) + disk.real->szOsFile;
    disk.layer.xOpen = layer_open;
    disk.layer.xDelete = layer_delete;
    disk.fail_at = -1;
    ck_assert_int_eq(sqlite3_vfs_register(&disk.layer, 1), SQLITE_OK);
}

/* Everything that writes, once. */
static bool work(bench *b, xd_ctx *cx)
{
    xd_store *store = NULL;
    xd_head *head = NULL;
    const xd_json *body = NULL;
    xd_conflicts conflicts = {0};
    int64_t seq = 0, n = 0, set = 0;
    bool ok = xd_store_open(cx, b->place, XD_STORE_CREATE, &store) &&
              xd_store_settle_model(cx, store, b->model) &&
              append_batch(cx, store, b->model, 3) &&
              xd_head_take(cx, store, b->model, "test", 0, NULL, NULL, &head);
    if (ok) {
        const xd_record *record = NULL;
        int64_t id = 0;
        ok = xd_record_find(cx, store, 1, &record) &&
             xd_json_read(cx,
                          XD_S(PLANT ",\"name\":{\"zh\":\"新\"},\"number\":\"000000-P-0001\","
                                     "\"phone\":\"2\"}"),
                          &body);
        const xd_act act = {XD_REV_EDIT, 1, record == NULL ? 0 : record->rev, 0, body, false};
        ok = ok && xd_append(cx, head, &act, &seq, &id);
        if (ok) {
            ok = xd_head_commit(cx, head);
        } else {
            xd_head_release(head);
        }
    }
    return ok && xd_store_erase(cx, store, b->model, 1, XD_S("phone"), &seq) &&
           xd_set_undo(cx, store, b->model, 2, true, &conflicts, &set, &n) &&
           xd_store_backup(cx, store, path_in(b, "b.db")) &&
           xd_store_copy(cx, store, path_in(b, "c.db"));
}

static void try_all(bool for_ever)
{
    long n = 0;
    bool done = false;
    for (; !done; n += 1 + n / 12) {
        bench b;
        xd_ctx cx;
        bench_begin(&b);
        xd_ctx_begin(&cx);
        disk.calls = 0;
        disk.fail_at = n;
        disk.for_ever = for_ever;
        done = work(&b, &cx);
        ck_assert_msg(done || cx.err.code != XD_OK, "failed without a word at call %ld", n);
        done = done && disk.calls <= n;
        disk.fail_at = -1;
        xd_ctx_end(&cx);

        /* The disk works again: what is there is whole, and work goes on. */
        int64_t count = 0;
        XD_OK_CALL(&b.cx, xd_store_open(&b.cx, b.place, XD_STORE_CREATE, &b.store));
        XD_OK_CALL(&b.cx, xd_record_count(&b.cx, b.store, XD_S(""), &count));
        ck_assert_msg(count == 0 || count == 3, "%" PRId64 " records after call %ld", count, n);
        XD_OK_CALL(&b.cx, xd_store_settle_model(&b.cx, b.store, b.model));
        ck_assert(append_batch(&b.cx, b.store, b.model, 2));
        ck_assert_uint_eq(count_faults(&b, b.store, true), 0);
        bench_end(&b);
    }
    ck_assert_int_gt(n, 100);
}

START_TEST(failing_disk_once)
{
    put_layer_in();
    try_all(false);
}
END_TEST

START_TEST(failing_disk_for_ever)
{
    put_layer_in();
    try_all(true);
}
END_TEST

/* Commits that were answered are there after the power went; and nothing else but perhaps the one
 * that was on its way. */
static int64_t commit_until_cut(bench *b, xd_ctx *cx)
{
    int64_t acknowledged = 0;
    bool ok = true;
    for (int i = 0; ok && i < 6; i++) {
        xd_store *store = NULL;
        ok = xd_store_open(cx, b->place, XD_STORE_CREATE, &store) &&
             xd_store_settle_model(cx, store, b->model) && append_batch(cx, store, b->model, 3);
        acknowledged += ok ? 3 : 0;
        if (ok && i % 2 == 1) {
            xd_store_close(store); /* the last one out moves the log into the file */
        }
    }
    return acknowledged;
}

static void cut_everywhere(cut how)
{
    bool done = false;
    put_layer_in();
    disk.random = 20261124;
    for (long n = 0; !done; n += 1 + n / 25) {
        bench b;
        xd_ctx cx;
        bench_begin(&b);
        xd_ctx_begin(&cx);
        disk.arena = xd_arena_make();
        disk.newest = NULL;
        disk.power = how;
        disk.calls = 0;
        disk.fail_at = n;
        int64_t acknowledged = commit_until_cut(&b, &cx);
        xd_ctx_end(&cx);
        done = disk.calls <= n;
        disk.power = CUT_NONE;
        disk.fail_at = -1;
        xd_arena_free(disk.arena);
        (void)unlink(path_in(&b, "s.db-shm")); /* memory, gone with the power */

        int64_t count = 0;
        XD_OK_CALL(&b.cx, xd_store_open(&b.cx, b.place, XD_STORE_CREATE, &b.store));
        XD_OK_CALL(&b.cx, xd_record_count(&b.cx, b.store, XD_S(""), &count));
        ck_assert_msg(count == acknowledged || count == acknowledged + 3,
                      "%" PRId64 " records, %" PRId64 " were answered for, at call %ld", count,
                      acknowledged, n);
        XD_OK_CALL(&b.cx, xd_store_settle_model(&b.cx, b.store, b.model));
        ck_assert(append_batch(&b.cx, b.store, b.model, 2));
        ck_assert_uint_eq(count_faults(&b, b.store, true), 0);
        bench_end(&b);
    }
}

START_TEST(power_cut_loses_all_unsynced)
{
    cut_everywhere(CUT_ALL);
}
END_TEST

START_TEST(power_cut_loses_some_unsynced)
{
    cut_everywhere(CUT_SOME);
}
END_TEST

/* ---- a database server whose disk is full, or that dies ------------------------------------ */

static long step_from(long n)
{
    return 1 + n / (getenv("XIUDAI_SOAK") != NULL ? 20 : 2);
}

/* What went wrong is said in both languages, and as what it is. */
static void check_words(xd_ctx *cx, pg_fault fault, long n)
{
    xd_err why = xd_err_take(cx);
    bool full = why.code == XD_FULL && fault != PG_KILLED;
    bool away = why.code == XD_BUSY && fault != PG_FULL;
    ck_assert_msg(full || away, "code %d at write %ld: " XD_FMT, (int)why.code, n,
                  XD_ARG(why.message));
    ck_assert(why.zh.n > 0 && why.en.n > 0);
}

/* A server that has just died may still seem to be there. */
static void open_again(bench *b)
{
    bool open = false;
    for (int i = 0; i < 100 && !open; i++) {
        pg_await();
        xd_err_take(&b->cx);
        open = xd_store_open(&b->cx, b->place, XD_STORE_CREATE, &b->store);
    }
    XD_OK_CALL(&b->cx, open);
}

/* The n-th write of the server goes wrong, for every n until none is left: what was answered for
 * is there, and nothing else but perhaps the one that was on its way. The server mends itself. */
static void server_fails_everywhere(pg_fault fault)
{
    bool done = false;
    long n = 0;
    for (; !done; n += step_from(n)) {
        bench b;
        xd_ctx cx;
        bench_begin(&b);
        xd_ctx_begin(&cx);
        pg_layer->calls = 0;
        pg_layer->fail_at = n;
        pg_layer->until = n + 1;
        pg_layer->fault = (int)fault;
        int64_t acknowledged = commit_until_cut(&b, &cx), count = 0;
        pg_layer->fault = PG_WORKS;
        done = pg_layer->calls <= n;
        if (cx.err.code != XD_OK) {
            ck_assert_msg(!done, "nothing went wrong, but " XD_FMT, XD_ARG(cx.err.message));
            check_words(&cx, fault, n);
        }
        xd_ctx_end(&cx);
        open_again(&b);
        XD_OK_CALL(&b.cx, xd_record_count(&b.cx, b.store, XD_S(""), &count));
        ck_assert_msg(count == acknowledged || count == acknowledged + 3,
                      "%" PRId64 " records, %" PRId64 " were answered for, at write %ld", count,
                      acknowledged, n);
        XD_OK_CALL(&b.cx, xd_store_settle_model(&b.cx, b.store, b.model));
        ck_assert(append_batch(&b.cx, b.store, b.model, 2));
        ck_assert_uint_eq(count_faults(&b, b.store, true), 0);
        bench_end(&b);
    }
    ck_assert_int_gt(n, 5);
}

START_TEST(server_without_room)
{
    server_fails_everywhere(PG_FULL);
}
END_TEST

START_TEST(server_without_room_for_its_log)
{
    server_fails_everywhere(PG_LOG_FULL);
}
END_TEST

START_TEST(server_killed)
{
    server_fails_everywhere(PG_KILLED);
}
END_TEST

static void add(TCase *tests, bool pg)
{
    tcase_add_test(tests, killed_in_append);
    if (pg) {
        tcase_add_test(tests, server_without_room);
        tcase_add_test(tests, server_without_room_for_its_log);
        tcase_add_test(tests, server_killed);
        return; /* what follows looks into files */
    }
    tcase_add_test(tests, full_disk);
    tcase_add_test(tests, failing_disk_once);
    tcase_add_test(tests, failing_disk_for_ever);
    tcase_add_test(tests, power_cut_loses_all_unsynced);
    tcase_add_test(tests, power_cut_loses_some_unsynced);
}

XD_STORE_TESTS("store/crash", add)
