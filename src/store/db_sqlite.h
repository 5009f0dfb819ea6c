/* store/db_sqlite.h — a file of SQLite; private to db_sqlite*.c. */
#ifndef XD_STORE_DB_SQLITE_H
#define XD_STORE_DB_SQLITE_H

#include <sqlite3.h>

#include "store/engine.h"

#define XD_LITE_KEPT_SLOTS 512 /* more than twice the statements of this room */

typedef struct xd_lite_kept {
    const xd_sql *sql;
    sqlite3_stmt *statement;
    bool in_use;
} xd_lite_kept;

/* An INSERT of XD_LITE_MANY_ROWS rows, made from one of a single row. */
#define XD_LITE_MANY_ROWS 16
#define XD_LITE_INSERT_ARGS 16 /* most values of a row */
#define XD_LITE_MANY_SLOTS 8
typedef struct xd_lite_many {
    const xd_sql *sql;
    sqlite3_stmt *statement;
} xd_lite_many;

typedef struct xd_lite {
    xd_db base;
    sqlite3 *engine;
    const char *path;
    xd_arena *arena;
    xd_guard guard;
    xd_ctx *cx; /* of the call that is running, for stop and deadline */
    xd_lite_kept kept[XD_LITE_KEPT_SLOTS];
    size_t n_kept;
    xd_lite_many many[XD_LITE_MANY_SLOTS];
    bool holds;    /* no checkpoint for now */
    int wal_pages; /* in the write-ahead log after the last commit meanwhile */
} xd_lite;

/* Returns false, with what went wrong. */
bool xd_lite_fail(xd_ctx *cx, xd_lite *db, int rc, const char *what);
XD_MUST bool xd_lite_bind(xd_ctx *cx, xd_lite *db, sqlite3_stmt *statement, int at,
                          const xd_arg *arg);
XD_MUST bool xd_lite_run(xd_ctx *cx, xd_db *db, const xd_sql *sql, const xd_arg *args);
/* db_sqlite_many.c */
XD_MUST bool xd_lite_insert(xd_ctx *cx, xd_db *db, const xd_sql *sql, const xd_arg *args,
                            size_t n_args, size_t rows);

#endif
