/* store/engine.h — what an SQL engine does for db.c; private to db*.c. */
#ifndef XD_STORE_ENGINE_H
#define XD_STORE_ENGINE_H

#include "store/db.h"

typedef enum xd_transact {
    XD_TRANSACT_WRITE,
    XD_TRANSACT_READ,
    XD_TRANSACT_COMMIT,
    XD_TRANSACT_ROLLBACK
} xd_transact;

typedef struct xd_engine {
    void (*close)(xd_db *db);
    void (*guard)(xd_db *db, xd_guard guard);
    /* NULL: it has no server that could go away. */
    void (*patience)(xd_db *db, int ms);
    bool (*listen)(xd_ctx *cx, xd_db *db);
    bool (*wait)(xd_ctx *cx, xd_db *db, int ms);
    xd_db_fate (*fate)(const xd_db *db);
    bool (*transact)(xd_ctx *cx, xd_db *db, xd_transact what);
    bool (*in_transaction)(const xd_db *db);
    bool (*run)(xd_ctx *cx, xd_db *db, const xd_sql *sql, const xd_arg *args);
    /* Rows of an INSERT … VALUES (:a, :b …), n_args values each, in the order of its names. */
    bool (*insert)(xd_ctx *cx, xd_db *db, const xd_sql *sql, const xd_arg *args, size_t n_args,
                   size_t rows);
    /* NULL: nothing is on its way. What was sent and has not left goes on leaving; wait: all of it
     * has left. */
    bool (*push)(xd_ctx *cx, xd_db *db, bool wait);
    bool beside; /* no server works while rows are gathered: a thread writes them (gather.c) */
    bool (*rows_open)(xd_ctx *cx, xd_db *db, const xd_sql *sql, const xd_arg *args,
                      xd_rows *ret_rows);
    bool (*rows_next)(xd_ctx *cx, xd_rows *rows, bool *ret_more);
    bool (*rows_close)(xd_ctx *cx, xd_rows *rows);
    int64_t (*rows_int)(xd_rows *rows, int column);
    xd_str (*rows_text)(xd_rows *rows, int column);
    xd_str (*rows_bytes)(xd_rows *rows, int column);
    bool (*rows_absent)(xd_rows *rows, int column);
} xd_engine;

/* Every engine's handle begins with this. */
typedef struct xd_gather xd_gather;
struct xd_db {
    const xd_engine *engine;
    xd_gather *gather; /* rows that wait; NULL: none do */
    size_t reading;    /* answers that are open: until then the handle is not lent */
};
/* gather.c: the rows that wait are written; none will wait any longer, and those that do are
 * forgotten. */
XD_MUST bool xd_gather_write(xd_ctx *cx, xd_db *db);
void xd_gather_end(xd_db *db);

extern const xd_engine xd_engine_sqlite, xd_engine_pg;
XD_MUST bool xd_sqlite_open(xd_ctx *cx, const char *path, const xd_db_options *options,
                            xd_db **ret_db);
XD_MUST bool xd_pg_open(xd_ctx *cx, const char *url, const xd_db_options *options,
                        xd_db **ret_db);

/* db_pg_text.c: a statement in PostgreSQL's words: :name as $1, $2 …, hints left out. */
#define XD_PG_PARAMS 16
typedef struct xd_pg_text {
    const char *text;
    xd_str names[XD_PG_PARAMS]; /* ":id" at 0 is $1 */
    size_t n;
} xd_pg_text;
void xd_pg_translate(xd_arena *arena, const xd_sql *sql, xd_pg_text *ret_text);
/* … VALUES ($1, $2 …) as … SELECT unnest($1), unnest($2) …: a parameter is an array of values. */
void xd_pg_many(xd_arena *arena, xd_pg_text *text);
/* Code and sentences for an SQLSTATE. */
xd_code xd_pg_code(const char *sqlstate);
void xd_pg_words(xd_ctx *cx, const char *place);

#endif
