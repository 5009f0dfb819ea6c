/* The tables job and snapshot_file. */
#include "store/job.h"

#include "store/private.h"

/* The clock all servers share; on SQLite they are one machine's. */
#define LITE_NOW "(CAST(strftime('%s', 'now') AS INTEGER) * 1000000)"
#define PG_NOW "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)"

static bool begin(xd_ctx *cx, xd_store *store)
{
    if (store->mode == XD_STORE_READ) {
        return xd_fail(cx, XD_DENIED, "%s was opened for reading only", store->place);
    }
    return xd_db_begin_write(cx, store->db);
}

static bool end(xd_ctx *cx, xd_store *store, bool ok)
{
    ok = ok && xd_db_commit(cx, store->db);
    if (!ok) {
        xd_db_rollback(store->db);
    }
    return ok;
}

/* ---- taking and keeping ------------------------------------------------------------------- */

/* Most are asked for when there is nothing to do: that is found out without a transaction. */
static bool is_idle(xd_ctx *cx, xd_store *store, const char *name, bool *ret_idle)
{
    static const xd_sql sql =
        XD_SQL_BOTH("SELECT count(*) FROM job WHERE name = :name"
                    " AND (due > " LITE_NOW " OR until >= " LITE_NOW ")",
                    "SELECT count(*) FROM job WHERE name = :name AND (due > " PG_NOW
                    " OR until >= " PG_NOW ")");
    const xd_arg args[] = {XD_TEXT(":name", xd_str_of(name)), XD_ARG_END};
    int64_t n = 0;
    if (!xd_db_int(cx, store->db, &sql, args, 0, &n)) {
        return false;
    }
    *ret_idle = n == 0;
    return true;
}

/* Within a transaction; the row is locked. token 0: not due, or held. */
static bool take(xd_ctx *cx, xd_store *store, const char *name, xd_str holder, int64_t lease,
                 int64_t *ret_token)
{
    static const xd_sql make =
        XD_SQL("INSERT INTO job (name, due, token, holder, until, done, ended)"
               " SELECT :name, 0, 0, '', 0, 0, 0"
               " WHERE NOT EXISTS (SELECT 1 FROM job WHERE name = :name)");
    static const xd_sql claim = XD_SQL_BOTH(
        "UPDATE job SET token = token + 1, holder = :holder, until = " LITE_NOW " + :lease"
        " WHERE name = :name AND due <= " LITE_NOW " AND until < " LITE_NOW,
        "UPDATE job SET token = token + 1, holder = :holder, until = " PG_NOW " + :lease"
        " WHERE name = :name AND due <= " PG_NOW " AND until < " PG_NOW);
    static const xd_sql token = XD_SQL("SELECT token FROM job WHERE name = :name");
    xd_str text = xd_str_of(name);
    const xd_arg named[] = {XD_TEXT(":name", text), XD_ARG_END};
    const xd_arg args[] = {
        XD_TEXT(":name", text),
        XD_TEXT(":holder", holder),
        XD_INT(":lease", lease),
        XD_ARG_END,
    };
    int64_t before = 0, after = 0;
    if (!xd_db_run(cx, store->db, &make, named) ||
        !xd_db_int(cx, store->db, &token, named, 0, &before) ||
        !xd_db_run(cx, store->db, &claim, args) ||
        !xd_db_int(cx, store->db, &token, named, 0, &after)) {
        return false;
    }
    *ret_token = after == before ? 0 : after;
    return true;
}

bool xd_job_take(xd_ctx *cx, xd_store *store, const char *name, xd_str holder, int lease_ms,
                 xd_job *ret_job, bool *ret_got)
{
    int64_t token = 0, asked = xd_monotonic(), lease = (int64_t)lease_ms * 1000;
    bool idle = false;
    *ret_got = false;
    if (!is_idle(cx, store, name, &idle) || !idle || !begin(cx, store)) {
        return cx->err.code == XD_OK;
    }
    if (!end(cx, store, take(cx, store, name, holder, lease, &token))) {
        return xd_fail_note(cx, "taking the job %s", name);
    }
    *ret_got = token > 0;
    if (token > 0) {
        *ret_job = (xd_job){.name = name, .token = token, .until = asked + lease};
    }
    return true;
}

/* Within a transaction, and the row is locked: it is still ours. */
static bool is_ours(xd_ctx *cx, xd_store *store, const xd_job *job)
{
    static const xd_sql lock =
        XD_SQL("UPDATE job SET holder = holder WHERE name = :name AND token = :token");
    static const xd_sql count =
        XD_SQL("SELECT count(*) FROM job WHERE name = :name AND token = :token");
    const xd_arg args[] = {
        XD_TEXT(":name", xd_str_of(job->name)),
        XD_INT(":token", job->token),
        XD_ARG_END,
    };
    int64_t n = 0;
    return xd_db_run(cx, store->db, &lock, args) &&
           xd_db_int(cx, store->db, &count, args, 0, &n) &&
           (n == 1 || xd_fail(cx, XD_GONE, "another server has taken the job %s", job->name));
}

static bool keep(xd_ctx *cx, xd_store *store, const xd_job *job, int64_t lease)
{
    static const xd_sql sql =
        XD_SQL_BOTH("UPDATE job SET until = " LITE_NOW " + :lease WHERE name = :name",
                    "UPDATE job SET until = " PG_NOW " + :lease WHERE name = :name");
    const xd_arg args[] = {
        XD_TEXT(":name", xd_str_of(job->name)),
        XD_INT(":lease", lease),
        XD_ARG_END,
    };
    return is_ours(cx, store, job) && xd_db_run(cx, store->db, &sql, args);
}

bool xd_job_keep(xd_ctx *cx, xd_store *store, xd_job *job, int lease_ms)
{
    int64_t asked = xd_monotonic(), lease = (int64_t)lease_ms * 1000;
    if (!begin(cx, store) || !end(cx, store, keep(cx, store, job, lease))) {
        return false;
    }
    job->until = asked + lease;
    return true;
}

static bool let_go(xd_ctx *cx, xd_store *store, const xd_job *job, int64_t next, bool done)
{
    static const xd_sql sql = XD_SQL_BOTH(
        "UPDATE job SET until = 0, due = " LITE_NOW " + :next, done = done + :done,"
        " ended = CASE WHEN :done = 1 THEN " LITE_NOW " ELSE ended END WHERE name = :name",
        "UPDATE job SET until = 0, due = " PG_NOW " + :next, done = done + :done,"
        " ended = CASE WHEN :done = 1 THEN " PG_NOW " ELSE ended END WHERE name = :name");
    const xd_arg args[] = {
        XD_TEXT(":name", xd_str_of(job->name)),
        XD_INT(":next", next),
        XD_INT(":done", done ? 1 : 0),
        XD_ARG_END,
    };
    return is_ours(cx, store, job) && xd_db_run(cx, store->db, &sql, args);
}

bool xd_job_end(xd_ctx *cx, xd_store *store, const xd_job *job, int64_t next_ms, bool done)
{
    return begin(cx, store) && end(cx, store, let_go(cx, store, job, next_ms * 1000, done));
}

/* ---- snapshots ---------------------------------------------------------------------------- */

bool xd_snapshot_list(xd_ctx *cx, xd_store *store, xd_snapshot_files *files)
{
    static const xd_sql sql = XD_SQL("SELECT snapshot, name, bytes, hash FROM snapshot_file"
                                     " ORDER BY snapshot DESC, name");
    xd_rows rows;
    bool more = false;
    if (!xd_rows_open(cx, store->db, &sql, NULL, &rows)) {
        return false;
    }
    bool ok = xd_rows_next(cx, &rows, &more);
    while (ok && more) {
        xd_str hash = xd_rows_bytes(&rows, 3);
        xd_snapshot_file *file = xd_push(cx->arena, files);
        *file = (xd_snapshot_file){
            .snapshot = xd_rows_int(&rows, 0),
            .name = xd_str_copy(cx->arena, xd_rows_text(&rows, 1)),
            .bytes = (uint64_t)xd_rows_int(&rows, 2),
        };
        ok = hash.n == sizeof file->hash || xd_fail(cx, XD_BROKEN, "a snapshot's hash is none");
        if (ok) {
            memcpy(file->hash, hash.p, sizeof file->hash);
            ok = xd_rows_next(cx, &rows, &more);
        }
    }
    return xd_rows_close(cx, &rows) && ok;
}

static bool insert_files(xd_ctx *cx, xd_store *store, const xd_job *job,
                         const xd_snapshot_files *files)
{
    static const xd_sql sql = XD_SQL("INSERT INTO snapshot_file (snapshot, name, bytes, hash)"
                                     " VALUES (:snapshot, :name, :bytes, :hash)");
    for (size_t i = 0; i < files->n; i++) {
        const xd_snapshot_file *file = &files->at[i];
        const xd_arg args[] = {
            XD_INT(":snapshot", job->token),
            XD_TEXT(":name", file->name),
            XD_INT(":bytes", (int64_t)file->bytes),
            XD_BYTES(":hash", ((xd_str){(const char *)file->hash, sizeof file->hash})),
            XD_ARG_END,
        };
        if (!xd_db_run(cx, store->db, &sql, args)) {
            return false;
        }
    }
    return true;
}

static bool save(xd_ctx *cx, xd_store *store, const xd_job *job, const xd_snapshot_files *files,
                 int keep_newest)
{
    static const xd_sql clear =
        XD_SQL("DELETE FROM snapshot_file WHERE (SELECT count(DISTINCT newer.snapshot)"
               " FROM snapshot_file newer WHERE newer.snapshot > snapshot_file.snapshot)"
               " >= :keep");
    const xd_arg args[] = {XD_INT(":keep", keep_newest), XD_ARG_END};
    return is_ours(cx, store, job) && insert_files(cx, store, job, files) &&
           xd_db_run(cx, store->db, &clear, args);
}

bool xd_snapshot_save(xd_ctx *cx, xd_store *store, const xd_job *job,
                      const xd_snapshot_files *files, int keep_newest)
{
    return begin(cx, store) && end(cx, store, save(cx, store, job, files, keep_newest));
}
