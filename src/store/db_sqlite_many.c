/* Many rows to a statement: SQLite ends a statement, its savepoint and its triggers' bookkeeping once
 * for all of them. */
#include <errno.h>

#include "base/buf.h"
#include "store/db_sqlite.h"

/* "INSERT … VALUES (?, ?), (?, ?) …" in the place of "INSERT … VALUES (:a, :b)". */
static bool prepare_many(xd_ctx *cx, xd_lite *db, const xd_sql *sql, size_t n_args,
                         xd_lite_many **ret_many)
{
    xd_lite_many *m = db->many;
    while (m->sql != NULL && m->sql != sql) {
        m++;
        assert(m < db->many + XD_LITE_MANY_SLOTS); /* as many as gather.c has */
    }
    if (m->sql == NULL) {
        xd_str text = xd_str_of(sql->text);
        size_t values = xd_str_find(text, XD_S(" VALUES ("), 0);
        assert(values != SIZE_MAX);
        xd_buf all = {0};
        xd_buf_add(&all, xd_str_sub(text, 0, values));
        for (size_t row = 0; row < XD_LITE_MANY_ROWS; row++) {
            xd_buf_add(&all, row == 0 ? XD_S(" VALUES (?") : XD_S(", (?"));
            for (size_t i = 1; i < n_args; i++) {
                xd_buf_add(&all, XD_S(", ?"));
            }
            xd_buf_byte(&all, ')');
        }
        int rc = sqlite3_prepare_v3(db->engine, all.p, (int)all.n, SQLITE_PREPARE_PERSISTENT,
                                    &m->statement, NULL);
        xd_buf_free(&all);
        if (rc != SQLITE_OK) {
            return xd_lite_fail(cx, db, rc, sql->text);
        }
        m->sql = sql;
    }
    *ret_many = m;
    return true;
}

static bool insert_many(xd_ctx *cx, xd_lite *db, sqlite3_stmt *statement, const xd_arg *args,
                        size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!xd_lite_bind(cx, db, statement, (int)i + 1, &args[i])) {
            return false;
        }
    }
    db->cx = cx;
    errno = 0;
    int rc = sqlite3_step(statement);
    bool ok = rc == SQLITE_DONE || xd_lite_fail(cx, db, rc, sqlite3_sql(statement));
    (void)sqlite3_reset(statement); /* step told its error */
    return ok;
}

bool xd_lite_insert(xd_ctx *cx, xd_db *any, const xd_sql *sql, const xd_arg *args,
                    size_t n_args, size_t rows)
{
    xd_lite *db = (xd_lite *)any;
    size_t done = 0;
    xd_lite_many *m = NULL;
    if (rows >= XD_LITE_MANY_ROWS && !prepare_many(cx, db, sql, n_args, &m)) {
        return false;
    }
    for (; rows - done >= XD_LITE_MANY_ROWS; done += XD_LITE_MANY_ROWS) {
        if (!insert_many(cx, db, m->statement, args + done * n_args,
                         XD_LITE_MANY_ROWS * n_args)) {
            return false;
        }
    }
    xd_arg one[XD_LITE_INSERT_ARGS + 1] = {0};
    assert(n_args <= XD_LITE_INSERT_ARGS);
    for (; done < rows; done++) {
        memcpy(one, args + done * n_args, n_args * sizeof *args); /* with an end behind it */
        if (!xd_lite_run(cx, any, sql, one)) {
            return false;
        }
    }
    return true;
}
