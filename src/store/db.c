/* What is the same for both engines. */
#include "store/engine.h"

#include <time.h>

bool xd_db_is_url(const char *place)
{
    xd_str p = xd_str_of(place);
    return xd_str_starts(p, XD_S("postgresql://")) || xd_str_starts(p, XD_S("postgres://"));
}

bool xd_db_is_file(const xd_db *db)
{
    return db->engine == &xd_engine_sqlite;
}

/* "scheme://user:password@host/name?…": the password goes, and all options, for one may hold it. */
xd_str xd_db_shown(xd_arena *arena, const char *place)
{
    xd_str p = xd_str_of(place);
    if (!xd_db_is_url(place)) {
        return p;
    }
    size_t start = xd_str_find(p, XD_S("://"), 0) + 3, end = start;
    while (end < p.n && p.p[end] != '/' && p.p[end] != '?') {
        end++;
    }
    size_t at = end;
    while (at > start && p.p[at - 1] != '@') {
        at--;
    }
    size_t colon = xd_str_find(xd_str_sub(p, start, at), XD_S(":"), 0);
    size_t rest = at > start && colon != SIZE_MAX ? at - 1 : start;
    size_t user = at > start && colon != SIZE_MAX ? start + colon : start;
    size_t query = xd_str_find(p, XD_S("?"), rest);
    xd_str head = xd_str_sub(p, 0, user);
    xd_str tail = xd_str_sub(p, rest, query == SIZE_MAX ? p.n : query);
    return xd_str_printf(arena, XD_FMT XD_FMT, XD_ARG(head), XD_ARG(tail));
}

bool xd_db_open(xd_ctx *cx, const char *place, const xd_db_options *options, xd_db **ret_db)
{
    return xd_db_is_url(place) ? xd_pg_open(cx, place, options, ret_db)
                               : xd_sqlite_open(cx, place, options, ret_db);
}

void xd_db_close(xd_db *db)
{
    if (db != NULL) {
        xd_gather_end(db);
        db->engine->close(db);
    }
}

void xd_db_guard(xd_db *db, xd_guard guard)
{
    db->engine->guard(db, guard);
}

void xd_db_patience(xd_db *db, int ms)
{
    if (db->engine->patience != NULL) {
        db->engine->patience(db, ms);
    }
}

bool xd_db_listen(xd_ctx *cx, xd_db *db)
{
    return db->engine->listen == NULL || db->engine->listen(cx, db);
}

bool xd_db_wait(xd_ctx *cx, xd_db *db, int ms)
{
    if (db->engine->wait != NULL) {
        return db->engine->wait(cx, db, ms);
    }
    const struct timespec nap = {ms / 1000, ms % 1000 * 1000000L};
    (void)nanosleep(&nap, NULL); /* a signal may end it early: that is wanted */
    return true;
}

xd_db_fate xd_db_fate_of(const xd_db *db)
{
    return db->engine->fate == NULL ? XD_DB_THERE : db->engine->fate(db);
}

bool xd_db_begin_write(xd_ctx *cx, xd_db *db)
{
    return db->engine->transact(cx, db, XD_TRANSACT_WRITE);
}

bool xd_db_begin_read(xd_ctx *cx, xd_db *db)
{
    return db->engine->transact(cx, db, XD_TRANSACT_READ);
}

bool xd_db_commit(xd_ctx *cx, xd_db *db)
{
    bool ok = xd_gather_write(cx, db) && db->engine->transact(cx, db, XD_TRANSACT_COMMIT);
    if (ok) {
        xd_gather_end(db);
    }
    return ok;
}

void xd_db_rollback(xd_db *db)
{
    xd_ctx cx;
    xd_gather_end(db);
    if (!xd_db_in_transaction(db)) {
        return;
    }
    xd_ctx_begin(&cx);
    bool done = db->engine->transact(&cx, db, XD_TRANSACT_ROLLBACK);
    (void)done; /* an error already stands, and is the first cause */
    xd_ctx_end(&cx);
}

bool xd_db_in_transaction(const xd_db *db)
{
    return db->engine->in_transaction(db);
}

bool xd_db_run(xd_ctx *cx, xd_db *db, const xd_sql *sql, const xd_arg *args)
{
    return xd_gather_write(cx, db) && db->engine->run(cx, db, sql, args);
}

bool xd_db_int(xd_ctx *cx, xd_db *db, const xd_sql *sql, const xd_arg *args, int64_t otherwise,
               int64_t *ret_value)
{
    xd_rows rows;
    bool more = false;
    int64_t value = otherwise;
    if (!xd_rows_open(cx, db, sql, args, &rows)) {
        return false;
    }
    bool ok = xd_rows_next(cx, &rows, &more);
    if (ok && more) {
        value = xd_rows_int(&rows, 0);
    }
    ok = xd_rows_close(cx, &rows) && ok;
    if (ok) {
        *ret_value = value;
    }
    return ok;
}

bool xd_rows_open(xd_ctx *cx, xd_db *db, const xd_sql *sql, const xd_arg *args,
                  xd_rows *ret_rows)
{
    bool ok = xd_gather_write(cx, db) && db->engine->rows_open(cx, db, sql, args, ret_rows);
    db->reading += ok;
    return ok;
}

bool xd_rows_next(xd_ctx *cx, xd_rows *rows, bool *ret_more)
{
    return rows->db->engine->rows_next(cx, rows, ret_more);
}

bool xd_rows_close(xd_ctx *cx, xd_rows *rows)
{
    rows->db->reading--;
    return rows->db->engine->rows_close(cx, rows);
}

int64_t xd_rows_int(xd_rows *rows, int column)
{
    return rows->db->engine->rows_int(rows, column);
}

xd_str xd_rows_text(xd_rows *rows, int column)
{
    return rows->db->engine->rows_text(rows, column);
}

xd_str xd_rows_bytes(xd_rows *rows, int column)
{
    return rows->db->engine->rows_bytes(rows, column);
}

bool xd_rows_absent(xd_rows *rows, int column)
{
    return rows->db->engine->rows_absent(rows, column);
}
