/* store/db.h — the small query layer of this room: literals, named values, rows.
 *
 * The one door to an SQL engine: SQLite (db_sqlite.c) or PostgreSQL (db_pg.c), chosen by the
 * place that is opened. A statement is a static xd_sql made by XD_SQL, which takes nothing but a
 * literal; it is prepared once a handle and kept. Values are bound by name and are borrowed until
 * the statement ends. No value is ever NULL in this schema: a NULL or a value of another kind
 * than the one asked for marks the rows as odd, which ends in XD_BROKEN. A handle serves one
 * thread at a time.
 *
 * Where the engines need different words, two literals stand side by side (XD_SQL_BOTH). SQLite's
 * hints, NOT INDEXED and INDEXED BY, are left out for PostgreSQL by the engine itself. */
#ifndef XD_STORE_DB_H
#define XD_STORE_DB_H

#include "base/ctx.h"

typedef struct xd_db xd_db;

typedef struct xd_sql {
    const char *text; /* NULL: not for SQLite */
    const char *pg;   /* NULL: the same; empty: not for PostgreSQL */
    bool walk;        /* its rows may be many: PostgreSQL hands them over in portions */
} xd_sql;
#define XD_SQL(literal)                                                                        \
    {                                                                                          \
        "" literal, NULL, false                                                                \
    }
#define XD_SQL_WALK(literal)                                                                   \
    {                                                                                          \
        "" literal, NULL, true                                                                 \
    }
#define XD_SQL_BOTH(sqlite, postgresql)                                                        \
    {                                                                                          \
        "" sqlite, "" postgresql, false                                                        \
    }
#define XD_SQL_PG(literal)                                                                     \
    {                                                                                          \
        NULL, "" literal, false                                                                \
    }

typedef enum xd_arg_kind {
    XD_ARG_KIND_END,
    XD_ARG_KIND_INT,
    XD_ARG_KIND_TEXT,
    XD_ARG_KIND_BYTES,
    XD_ARG_KIND_INTS, /* arrays, for unnest(): PostgreSQL only */
    XD_ARG_KIND_TEXTS
} xd_arg_kind;
typedef struct xd_arg {
    const char *name; /* ":id" */
    xd_arg_kind kind;
    int64_t i;
    xd_str s; /* of an array: where its int64_t or xd_str stand, and how many */
} xd_arg;
#define XD_INT(name, value)                                                                    \
    {                                                                                          \
        (name), XD_ARG_KIND_INT, (value),                                                      \
        {                                                                                      \
            NULL, 0                                                                            \
        }                                                                                      \
    }
#define XD_TEXT(name, value)                                                                   \
    {                                                                                          \
        (name), XD_ARG_KIND_TEXT, 0, (value)                                                   \
    }
#define XD_BYTES(name, value)                                                                  \
    {                                                                                          \
        (name), XD_ARG_KIND_BYTES, 0, (value)                                                  \
    }
#define XD_INTS(name, list, n)                                                                 \
    {                                                                                          \
        (name), XD_ARG_KIND_INTS, 0,                                                           \
        {                                                                                      \
            (const char *)(list), (n)                                                          \
        }                                                                                      \
    }
#define XD_TEXTS(name, list, n)                                                                \
    {                                                                                          \
        (name), XD_ARG_KIND_TEXTS, 0,                                                          \
        {                                                                                      \
            (const char *)(list), (n)                                                          \
        }                                                                                      \
    }
#define XD_ARG_END                                                                             \
    {                                                                                          \
        NULL, XD_ARG_KIND_END, 0,                                                              \
        {                                                                                      \
            NULL, 0                                                                            \
        }                                                                                      \
    }

typedef struct xd_db_options {
    bool read_only, create;
    int cache_kib;
} xd_db_options;
/* place: a file, or postgresql://…. XD_ABSENT when there is no file and none is to be made;
 * XD_DENIED, XD_UNREADABLE (not SQLite); XD_BUSY: the server cannot be reached. */
XD_MUST bool xd_db_open(xd_ctx *cx, const char *place, const xd_db_options *options,
                        xd_db **ret_db);
bool xd_db_is_url(const char *place);
bool xd_db_is_file(const xd_db *db);
/* The place as people may see it: without a password. */
xd_str xd_db_shown(xd_arena *arena, const char *place);
/* A database of this process alone, for the schema as it should be. */
XD_MUST bool xd_db_open_memory(xd_ctx *cx, xd_db **ret_db);
void xd_db_close(xd_db *db); /* NULL is allowed; what is not committed is undone */

/* What SQLite's authorizer lets through: the second wall behind triggers and care. PostgreSQL
 * has privileges of the role for that; there XD_GUARD_SCHEMA only gives a statement more time. */
typedef enum xd_guard {
    XD_GUARD_LOG,    /* everyday: log rows are only added, the schema stands */
    XD_GUARD_ERASE,  /* parts may be deleted; the triggers ask for their erase revision */
    XD_GUARD_SCHEMA, /* migrations, VACUUM and REINDEX */
} xd_guard;
void xd_db_guard(xd_db *db, xd_guard guard);

/* How long a call outside a transaction goes on looking for a server that is away, with pauses;
 * 0, the everyday: it is told at once. */
void xd_db_patience(xd_db *db, int ms);
/* Be told by xd_db_wait() when another has committed and said so (xd_db_run of pg_notify). A hint:
 * a standby tells nobody, and between two connections nobody is told. */
XD_MUST bool xd_db_listen(xd_ctx *cx, xd_db *db);
/* Until told, or for so long. On SQLite nobody tells: for so long. */
XD_MUST bool xd_db_wait(xd_ctx *cx, xd_db *db, int ms);
/* After a failure: whether the connection stands, and whether a commit's answer was cut off, so
 * that it may have happened. */
typedef enum xd_db_fate { XD_DB_THERE, XD_DB_LOST, XD_DB_IN_DOUBT } xd_db_fate;
xd_db_fate xd_db_fate_of(const xd_db *db);

/* A transaction that writes; on SQLite it has the file to itself. One that reads sees one state
 * throughout. Rolling back never fails and is allowed when none is open: it stands where an error
 * does. On PostgreSQL a commit whose answer was cut off is XD_BUSY and XD_DB_IN_DOUBT. */
XD_MUST bool xd_db_begin_write(xd_ctx *cx, xd_db *db);
XD_MUST bool xd_db_begin_read(xd_ctx *cx, xd_db *db);
XD_MUST bool xd_db_commit(xd_ctx *cx, xd_db *db);
void xd_db_rollback(xd_db *db);
bool xd_db_in_transaction(const xd_db *db);

/* Run to the end; rows, if any, are passed over. On PostgreSQL, inside a transaction, it is only
 * sent: what it fails with is told by the next call that needs an answer, at the latest by the
 * commit. */
XD_MUST bool xd_db_run(xd_ctx *cx, xd_db *db, const xd_sql *sql, const xd_arg *args);
/* From here to the end of the transaction, rows given to xd_db_insert() may wait and be written
 * many to a statement: before anything else is asked of the handle, at the latest by the commit.
 * What they fail with is told then, and only undoing the transaction is left. On SQLite a thread of
 * its own writes them meanwhile; the handle is whose turn it is, and callers see none of it. */
void xd_db_gather(xd_db *db);
/* An INSERT INTO … VALUES (:a, :b …), values given in that order. Otherwise as xd_db_run(). */
XD_MUST bool xd_db_insert(xd_ctx *cx, xd_db *db, const xd_sql *sql, const xd_arg *args);
/* A query that is to find nothing. Like an insert it may wait, and is asked behind the rows given
 * before it. Where it finds a row, found() is told its first column, an integer, and fails with
 * why; maybe on another thread, in a context of its own. */
typedef bool xd_db_found(xd_ctx *cx, const xd_arg *args, int64_t value);
XD_MUST bool xd_db_none(xd_ctx *cx, xd_db *db, const xd_sql *sql, const xd_arg *args,
                        xd_db_found *found);
/* Run a statement that locks without waiting (FOR UPDATE NOWAIT). *ret_got false: another holds
 * it, and only rolling back is left. PostgreSQL only. */
XD_MUST bool xd_db_try_lock(xd_ctx *cx, xd_db *db, const xd_sql *sql, bool *ret_got);
/* The one integer of the first row; otherwise when there is no row. */
XD_MUST bool xd_db_int(xd_ctx *cx, xd_db *db, const xd_sql *sql, const xd_arg *args,
                       int64_t otherwise, int64_t *ret_value);
/* ---- SQLite's files; PostgreSQL has no use for these and they assert as much ---- */

/* Keep a write-ahead log, so that readers and the writer do not wait for one another; leave it
 * again, so that the file is whole by itself. Leaving is XD_BUSY while anybody has it open. */
XD_MUST bool xd_db_use_wal(xd_ctx *cx, xd_db *db);
XD_MUST bool xd_db_leave_wal(xd_ctx *cx, xd_db *db);
/* While held, a commit leaves what it wrote in the write-ahead log; let go, that is moved into the
 * file if it is much. For one whom others wait for. Nothing on PostgreSQL. */
void xd_db_hold_checkpoint(xd_db *db, bool hold);
/* Bytes of the write-ahead log moved into the file and the log cut to nothing; XD_BUSY while
 * somebody still reads the old state. */
XD_MUST bool xd_db_truncate_wal(xd_ctx *cx, xd_db *db);
/* Copy every page of from, as one read transaction sees them, into the empty to. */
XD_MUST bool xd_db_copy_pages(xd_ctx *cx, xd_db *from, xd_db *to);

/* Rows of a query. After xd_rows_open(): while xd_rows_next() gives more, read the columns;
 * then xd_rows_close(), always. Texts and bytes are valid until the next row. */
typedef struct xd_rows {
    xd_db *db;
    void *statement; /* the engine's */
    void *kept;      /* its slot; NULL: prepared for once, the kept one being in use */
    bool odd;        /* a value was not of the kind the schema says */
} xd_rows;
XD_MUST bool xd_rows_open(xd_ctx *cx, xd_db *db, const xd_sql *sql, const xd_arg *args,
                          xd_rows *ret_rows);
XD_MUST bool xd_rows_next(xd_ctx *cx, xd_rows *rows, bool *ret_more);
/* False with XD_BROKEN when the rows were odd. Ends rows even while an error stands. */
XD_MUST bool xd_rows_close(xd_ctx *cx, xd_rows *rows);

int64_t xd_rows_int(xd_rows *rows, int column);
xd_str xd_rows_text(xd_rows *rows, int column);
xd_str xd_rows_bytes(xd_rows *rows, int column);
/* For the outer side of a join: no row stood there. */
bool xd_rows_absent(xd_rows *rows, int column);

#endif
