/* store/db_pg.h — a connection to PostgreSQL; private to db_pg*.c.
 *
 * db_pg_link.c makes it, chooses among several servers, waits on it and gives it up; db_pg.c
 * sends statements and reads answers. */
#ifndef XD_STORE_DB_PG_H
#define XD_STORE_DB_PG_H

#include <libpq-fe.h>

#include "base/buf.h"
#include "store/engine.h"

#define XD_PG_SLOTS 512
#define XD_PG_PENDING 256
#define XD_PG_HOSTS 8
#define XD_PG_MANY 8 /* statements of many rows */

enum { XD_PG_BYTES = 17, XD_PG_INT8 = 20, XD_PG_INT4 = 23, XD_PG_TEXT = 25 };
enum { XD_PG_BYTES_ARRAY = 1001, XD_PG_TEXT_ARRAY = 1009, XD_PG_INT8_ARRAY = 1016 };

typedef struct xd_pg_kept {
    const xd_sql *sql;
    xd_pg_text text;
    char name[16];
    bool prepared;
} xd_pg_kept;

/* A statement's values, in the form they are sent in. */
typedef struct xd_pg_bound {
    int n;
    Oid types[XD_PG_PARAMS];
    const char *values[XD_PG_PARAMS];
    int lengths[XD_PG_PARAMS], formats[XD_PG_PARAMS];
    uint64_t ints[XD_PG_PARAMS];
} xd_pg_bound;

/* One answer being read. */
typedef struct xd_pg_answer {
    PGresult *result;
    int row;
    int cursor; /* number of the cursor; 0: none */
    bool own_transaction;
    bool in_use;
    struct xd_pg_answer *next;
} xd_pg_answer;

typedef struct xd_pg {
    xd_db base;
    PGconn *conn; /* NULL: lost, or not yet there */
    xd_arena *arena;
    const char *place; /* as people may see it */
    PQconninfoOption *address;
    size_t host;       /* in the address: whose conn is */
    int64_t connected; /* when; µs, monotonic */
    /* Which cluster of servers this is, and how often it has changed its primary: what has once
     * been seen is not gone back on. */
    char system[24];
    uint32_t timeline;
    bool read_only, in_transaction, closed_by_server, listens, commit_in_doubt;
    int64_t patience; /* µs a call outside a transaction goes on looking for a server */
    xd_guard guard;
    int cursors;
    xd_pg_kept
        *pending[XD_PG_PENDING]; /* sent and not answered; not NULL: preparing that one */
    size_t first, n_pending;
    xd_pg_kept kept[XD_PG_SLOTS];
    size_t n_kept;
    xd_pg_kept many[XD_PG_MANY];
    xd_buf arrays[XD_PG_PARAMS]; /* of the statement that is being sent */
    xd_pg_answer *answers;
} xd_pg;

/* ---- db_pg_link.c ---- */
/* A connection, made anew where none is and no transaction is open. */
XD_MUST bool xd_pg_ready(xd_ctx *cx, xd_pg *db);
void xd_pg_drop(xd_pg *db);
/* The server has closed, or cannot be reached. Returns false. */
bool xd_pg_lose(xd_ctx *cx, xd_pg *db);
bool xd_pg_fail_result(xd_ctx *cx, xd_pg *db, const PGresult *result);
XD_MUST bool xd_pg_flush(xd_ctx *cx, xd_pg *db);
XD_MUST bool xd_pg_next(xd_ctx *cx, xd_pg *db, PGresult **ret_result);
/* Until a notification has come, or for so long. */
XD_MUST bool xd_pg_wait(xd_ctx *cx, xd_db *db, int ms);

/* ---- db_pg.c ---- */
XD_MUST bool xd_pg_send(xd_ctx *cx, xd_pg *db, const char *text);
/* A connection with room for one more statement among those that wait for their answers. */
XD_MUST bool xd_pg_room(xd_ctx *cx, xd_pg *db);
/* Prepared first where it is not; no answer is waited for. */
XD_MUST bool xd_pg_send_kept(xd_ctx *cx, xd_pg *db, xd_pg_kept *k, const xd_pg_bound *b);
/* A sync behind all that was sent, and every answer up to it. *ret_last is the last one's rows,
 * to be cleared by the caller; the first error is the one that is told. ret_last may be NULL. */
XD_MUST bool xd_pg_settle(xd_ctx *cx, xd_pg *db, PGresult **ret_last);

/* ---- db_pg_many.c ---- */
/* The value of an argument that is an array. */
void xd_pg_put_array(xd_buf *out, const xd_arg *arg);
XD_MUST bool xd_pg_push(xd_ctx *cx, xd_db *db, bool wait);
XD_MUST bool xd_pg_insert(xd_ctx *cx, xd_db *db, const xd_sql *sql, const xd_arg *args,
                          size_t n_args, size_t rows);

#endif
