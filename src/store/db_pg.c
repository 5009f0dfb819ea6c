/* PostgreSQL through libpq: statements, transactions, rows. db_pg_link.c has how a server is
 * found, waited for and given up.
 *
 * The connection is in libpq's pipeline mode throughout. A statement that gives rows is sent with
 * a sync behind it and waited for. One that gives none is, inside a transaction, only sent: an
 * import would otherwise wait for the network a dozen times a record. What it failed with comes
 * with the next answer; the transaction is lost by then anyway, by PostgreSQL's rules.
 *
 * A connection has one statement at work at a time, while a walk may read on the same handle
 * between its rows. So rows are fetched whole, except for statements marked as walks, which go
 * through a cursor in portions; one outside a transaction gets a reading one of its own. */
#include "store/db_pg.h"

#include <endian.h>
#include <stdio.h>

#define PORTION 256

static void close_db(xd_db *any)
{
    xd_pg *db = (xd_pg *)any;
    for (xd_pg_answer *a = db->answers; a != NULL; a = a->next) {
        PQclear(a->result);
    }
    PQfinish(db->conn); /* the server undoes what is not committed */
    PQconninfoFree(db->address);
    for (size_t i = 0; i < XD_PG_PARAMS; i++) {
        xd_buf_free(&db->arrays[i]);
    }
    xd_arena_free(db->arena);
}

/* ---- sending ------------------------------------------------------------------------------ */

static void note_sent(xd_pg *db, xd_pg_kept *preparing)
{
    assert(db->n_pending < XD_PG_PENDING);
    db->pending[(db->first + db->n_pending++) % XD_PG_PENDING] = preparing;
}

static xd_pg_kept *slot_of(xd_pg *db, const xd_sql *sql)
{
    size_t i = ((uintptr_t)sql >> 3) * 0x9e3779b97f4a7c15U >> 55;
    while (db->kept[i].sql != NULL && db->kept[i].sql != sql) {
        i = (i + 1) % XD_PG_SLOTS;
    }
    xd_pg_kept *k = &db->kept[i];
    if (k->sql == NULL) {
        assert(db->n_kept < XD_PG_SLOTS / 2);
        db->n_kept++;
        k->sql = sql;
        xd_pg_translate(db->arena, sql, &k->text);
        (void)snprintf(k->name, sizeof k->name, "s%zu", i);
    }
    return k;
}

static bool is_array(const xd_arg *arg)
{
    return arg->kind == XD_ARG_KIND_INTS || arg->kind == XD_ARG_KIND_TEXTS;
}

static void bind(xd_pg *db, const xd_pg_text *text, const xd_arg *args, xd_pg_bound *ret_bound)
{
    xd_pg_bound *b = ret_bound;
    b->n = (int)text->n;
    size_t given = 0;
    for (const xd_arg *arg = args; arg != NULL && arg->name != NULL; arg++, given++) {
        xd_str name = xd_str_of(arg->name);
        size_t i = given < text->n && xd_str_eq(text->names[given], name) ? given : 0;
        while (i < text->n && !xd_str_eq(text->names[i], name)) {
            i++;
        }
        assert(i < text->n);
        b->formats[i] = 1;
        if (arg->kind == XD_ARG_KIND_INT) {
            b->ints[i] = htobe64((uint64_t)arg->i);
            b->types[i] = XD_PG_INT8;
            b->values[i] = (const char *)&b->ints[i];
            b->lengths[i] = 8;
        } else if (is_array(arg)) {
            xd_buf_clear(&db->arrays[i]);
            xd_pg_put_array(&db->arrays[i], arg);
            b->types[i] = arg->kind == XD_ARG_KIND_INTS ? XD_PG_INT8_ARRAY : XD_PG_TEXT_ARRAY;
            b->values[i] = xd_buf_str(&db->arrays[i]).p;
            b->lengths[i] = (int)db->arrays[i].n;
        } else {
            b->types[i] = arg->kind == XD_ARG_KIND_TEXT ? XD_PG_TEXT : XD_PG_BYTES;
            b->values[i] = arg->s.p == NULL ? "" : arg->s.p;
            b->lengths[i] = (int)arg->s.n;
        }
    }
    assert(given == text->n);
}

bool xd_pg_send_kept(xd_ctx *cx, xd_pg *db, xd_pg_kept *k, const xd_pg_bound *b)
{
    if (!k->prepared) {
        if (PQsendPrepare(db->conn, k->name, k->text.text, b->n, b->types) != 1) {
            return xd_pg_lose(cx, db);
        }
        k->prepared = true; /* until its answer says otherwise */
        note_sent(db, k);
    }
    if (PQsendQueryPrepared(db->conn, k->name, b->n, b->values, b->lengths, b->formats, 1) !=
        1) {
        return xd_pg_lose(cx, db);
    }
    note_sent(db, NULL);
    return true;
}

static bool send_kept(xd_ctx *cx, xd_pg *db, xd_pg_kept *k, const xd_arg *args)
{
    xd_pg_bound b = {0};
    bind(db, &k->text, args, &b);
    return xd_pg_send_kept(cx, db, k, &b);
}

static bool send_text(xd_ctx *cx, xd_pg *db, const char *text, const xd_pg_bound *b)
{
    int ok = b == NULL ? PQsendQueryParams(db->conn, text, 0, NULL, NULL, NULL, NULL, 1)
                       : PQsendQueryParams(db->conn, text, b->n, b->types, b->values,
                                           b->lengths, b->formats, 1);
    if (ok != 1) {
        return xd_pg_lose(cx, db);
    }
    note_sent(db, NULL);
    return true;
}

bool xd_pg_settle(xd_ctx *cx, xd_pg *db, PGresult **ret_last)
{
    PGresult *last = NULL;
    bool ok = true, synced = false;
    if (PQpipelineSync(db->conn) != 1) {
        return xd_pg_lose(cx, db);
    }
    if (!xd_pg_flush(cx, db)) {
        return false;
    }
    while (!synced) {
        PGresult *result = NULL;
        if (!xd_pg_next(cx, db, &result)) {
            PQclear(last);
            return false;
        }
        ExecStatusType status = result == NULL ? PGRES_EMPTY_QUERY : PQresultStatus(result);
        xd_pg_kept *preparing = db->n_pending > 0 ? db->pending[db->first] : NULL;
        if (result == NULL) { /* the end of one statement */
            if (db->n_pending == 0) {
                PQclear(last);
                return xd_pg_lose(cx, db);
            }
            db->first = (db->first + 1) % XD_PG_PENDING;
            db->n_pending--;
        } else if (status == PGRES_PIPELINE_SYNC) {
            synced = true;
        } else if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
            PQclear(last);
            last = result;
            result = NULL;
        } else {
            if (preparing != NULL) {
                preparing->prepared = false;
            }
            if (PQstatus(db->conn) == CONNECTION_BAD) {
                PQclear(result);
                PQclear(last);
                return xd_pg_lose(cx, db);
            }
            if (status != PGRES_PIPELINE_ABORTED && ok) {
                ok = xd_pg_fail_result(cx, db, result);
            }
        }
        PQclear(result);
    }
    if (!ok || ret_last == NULL) {
        PQclear(last);
    } else {
        *ret_last = last;
    }
    return ok;
}

bool xd_pg_room(xd_ctx *cx, xd_pg *db)
{
    return xd_pg_ready(cx, db) &&
           (db->n_pending + 2 <= XD_PG_PENDING || xd_pg_settle(cx, db, NULL));
}

bool xd_pg_send(xd_ctx *cx, xd_pg *db, const char *text)
{
    return send_text(cx, db, text, NULL);
}

/* Outside a transaction a connection that the server had closed is made anew, once; one that was
 * silent only where there is patience for it. */
static bool once_more(xd_ctx *cx, const xd_pg *db)
{
    if (db->conn != NULL || db->in_transaction || cx->err.code != XD_BUSY ||
        (!db->closed_by_server && db->patience == 0)) {
        return false;
    }
    (void)xd_err_take(cx);
    return true;
}

static bool ask(xd_ctx *cx, xd_pg *db, const xd_sql *sql, const xd_arg *args,
                PGresult **ret_result)
{
    xd_pg_kept *k = slot_of(db, sql);
    if (xd_pg_ready(cx, db) && send_kept(cx, db, k, args) && xd_pg_settle(cx, db, ret_result)) {
        return true;
    }
    return once_more(cx, db) && xd_pg_ready(cx, db) && send_kept(cx, db, k, args) &&
           xd_pg_settle(cx, db, ret_result);
}

static bool run(xd_ctx *cx, xd_db *any, const xd_sql *sql, const xd_arg *args)
{
    xd_pg *db = (xd_pg *)any;
    if (!db->in_transaction || db->guard == XD_GUARD_SCHEMA) {
        return ask(cx, db, sql, args, NULL);
    }
    return xd_pg_room(cx, db) && send_kept(cx, db, slot_of(db, sql), args);
}

/* ---- transactions ------------------------------------------------------------------------- */

static bool commit(xd_ctx *cx, xd_pg *db)
{
    static const xd_sql sql = XD_SQL("COMMIT");
    PGresult *result = NULL;
    bool there = db->conn != NULL;
    bool ok = ask(cx, db, &sql, NULL, &result);
    /* A transaction that had failed is rolled back by COMMIT, which says so in its tag only. */
    if (ok && strcmp(PQcmdStatus(result), "COMMIT") != 0) {
        ok = xd_fail(cx, XD_SYSTEM, "%s rolled the transaction back", db->place);
    }
    db->commit_in_doubt = !ok && there && db->conn == NULL;
    PQclear(result);
    db->in_transaction = db->in_transaction && !ok && db->conn != NULL;
    return ok;
}

static bool transact(xd_ctx *cx, xd_db *any, xd_transact what)
{
    static const xd_sql write = XD_SQL("BEGIN ISOLATION LEVEL READ COMMITTED");
    static const xd_sql read = XD_SQL("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    static const xd_sql rollback = XD_SQL("ROLLBACK");
    xd_pg *db = (xd_pg *)any;
    if (what == XD_TRANSACT_COMMIT) {
        return commit(cx, db);
    }
    if (what == XD_TRANSACT_ROLLBACK) {
        bool gone = db->conn == NULL; /* and the transaction with it */
        if (!gone && db->n_pending > 0 && !xd_pg_settle(cx, db, NULL)) {
            (void)xd_err_take(cx); /* the error of a statement that is undone */
            gone = db->conn == NULL;
        }
        bool ok = gone || ask(cx, db, &rollback, NULL, NULL);
        db->in_transaction = false;
        return ok;
    }
    assert(!db->in_transaction);
    db->commit_in_doubt = false;
    db->in_transaction = ask(cx, db, what == XD_TRANSACT_READ ? &read : &write, NULL, NULL);
    return db->in_transaction;
}

static bool in_transaction(const xd_db *any)
{
    return ((const xd_pg *)any)->in_transaction;
}

static xd_db_fate fate(const xd_db *any)
{
    const xd_pg *db = (const xd_pg *)any;
    return db->commit_in_doubt ? XD_DB_IN_DOUBT : db->conn == NULL ? XD_DB_LOST : XD_DB_THERE;
}

static void set_patience(xd_db *any, int ms)
{
    ((xd_pg *)any)->patience = (int64_t)ms * 1000;
}

/* Told to the server by the next connection when there is none, or a transaction is open. */
static bool listen_on(xd_ctx *cx, xd_db *any)
{
    xd_pg *db = (xd_pg *)any;
    if (db->in_transaction) {
        return xd_fail(cx, XD_INVALID, "listening begins outside a transaction");
    }
    db->listens = true;
    if (db->conn != NULL) {
        xd_pg_drop(db);
    }
    return xd_pg_ready(cx, db);
}

static void set_guard(xd_db *any, xd_guard guard)
{
    ((xd_pg *)any)->guard = guard;
}

bool xd_db_try_lock(xd_ctx *cx, xd_db *any, const xd_sql *sql, bool *ret_got)
{
    assert(any->engine == &xd_engine_pg);
    xd_pg *db = (xd_pg *)any;
    if (ask(cx, db, sql, NULL, NULL)) {
        *ret_got = true;
        return true;
    }
    if (db->conn == NULL || cx->err.code != XD_BUSY) {
        return false;
    }
    (void)xd_err_take(cx);
    *ret_got = false;
    return true;
}

/* ---- rows --------------------------------------------------------------------------------- */

static xd_pg_answer *new_answer(xd_pg *db)
{
    xd_pg_answer *a = db->answers;
    while (a != NULL && a->in_use) {
        a = a->next;
    }
    if (a == NULL) {
        a = xd_new(db->arena, xd_pg_answer);
        a->next = db->answers;
        db->answers = a;
    }
    *a = (xd_pg_answer){.row = -1, .in_use = true, .next = a->next};
    return a;
}

static bool fetch(xd_ctx *cx, xd_pg *db, xd_pg_answer *a)
{
    char text[64];
    PQclear(a->result);
    a->result = NULL;
    a->row = -1;
    (void)snprintf(text, sizeof text, "FETCH FORWARD %d FROM w%d", PORTION, a->cursor);
    return xd_pg_room(cx, db) && send_text(cx, db, text, NULL) &&
           xd_pg_settle(cx, db, &a->result);
}

static bool open_walk(xd_ctx *cx, xd_pg *db, const xd_pg_kept *k, const xd_arg *args,
                      xd_pg_answer *a)
{
    xd_pg_bound b = {0};
    if (!db->in_transaction) {
        if (!transact(cx, &db->base, XD_TRANSACT_READ)) {
            return false;
        }
        a->own_transaction = true;
    }
    a->cursor = ++db->cursors;
    bind(db, &k->text, args, &b);
    const char *text =
        xd_cstr(cx->arena, xd_str_printf(cx->arena, "DECLARE w%d NO SCROLL CURSOR FOR %s",
                                         a->cursor, k->text.text));
    return xd_pg_room(cx, db) && send_text(cx, db, text, &b) && fetch(cx, db, a);
}

static void end_answer(xd_pg *db, xd_pg_answer *a)
{
    xd_ctx cx;
    char text[32];
    PQclear(a->result);
    xd_ctx_begin(&cx);
    if (a->own_transaction) {
        xd_db_rollback(&db->base); /* it only read */
    } else if (a->cursor != 0 && db->conn != NULL && db->n_pending + 2 <= XD_PG_PENDING) {
        (void)snprintf(text, sizeof text, "CLOSE w%d", a->cursor);
        bool sent = send_text(&cx, db, text, NULL);
        (void)sent; /* the transaction's end closes it too */
    }
    xd_ctx_end(&cx);
    *a = (xd_pg_answer){.next = a->next};
}

static bool rows_open(xd_ctx *cx, xd_db *any, const xd_sql *sql, const xd_arg *args,
                      xd_rows *ret_rows)
{
    xd_pg *db = (xd_pg *)any;
    xd_pg_answer *a = new_answer(db);
    bool ok = sql->walk ? open_walk(cx, db, slot_of(db, sql), args, a)
                        : ask(cx, db, sql, args, &a->result);
    if (!ok) {
        end_answer(db, a);
        return xd_fail_note(cx, "in: %s", slot_of(db, sql)->text.text);
    }
    *ret_rows = (xd_rows){.db = any, .statement = a, .kept = slot_of(db, sql)};
    return true;
}

static bool rows_next(xd_ctx *cx, xd_rows *rows, bool *ret_more)
{
    xd_pg_answer *a = rows->statement;
    int n = PQntuples(a->result);
    a->row++;
    if (a->row == PORTION && a->cursor != 0) {
        if (!fetch(cx, (xd_pg *)rows->db, a)) {
            return false;
        }
        a->row = 0;
        n = PQntuples(a->result);
    }
    *ret_more = a->row < n;
    return true;
}

static bool rows_close(xd_ctx *cx, xd_rows *rows)
{
    xd_pg *db = (xd_pg *)rows->db;
    const xd_pg_kept *k = rows->kept;
    end_answer(db, rows->statement);
    if (rows->odd) {
        (void)xd_fail(cx, XD_BROKEN, "a value of the wrong kind in: %s", k->text.text);
        xd_pg_words(cx, db->place);
    }
    return !rows->odd;
}

static bool rows_absent(xd_rows *rows, int column)
{
    const xd_pg_answer *a = rows->statement;
    return PQgetisnull(a->result, a->row, column) != 0;
}

static int64_t rows_int(xd_rows *rows, int column)
{
    const xd_pg_answer *a = rows->statement;
    const char *p = PQgetvalue(a->result, a->row, column);
    Oid type = PQftype(a->result, column);
    if (type == XD_PG_INT8 && !rows_absent(rows, column)) {
        uint64_t v;
        memcpy(&v, p, sizeof v);
        return (int64_t)be64toh(v);
    }
    if (type == XD_PG_INT4 && !rows_absent(rows, column)) {
        uint32_t v;
        memcpy(&v, p, sizeof v);
        return (int32_t)be32toh(v);
    }
    rows->odd = true;
    return 0;
}

static xd_str slice(xd_rows *rows, int column, Oid type)
{
    const xd_pg_answer *a = rows->statement;
    if (rows_absent(rows, column) || PQftype(a->result, column) != type) {
        rows->odd = true;
        return XD_S("");
    }
    int n = PQgetlength(a->result, a->row, column);
    return n <= 0 ? XD_S("") : (xd_str){PQgetvalue(a->result, a->row, column), (size_t)n};
}

static xd_str rows_text(xd_rows *rows, int column)
{
    return slice(rows, column, XD_PG_TEXT);
}

static xd_str rows_bytes(xd_rows *rows, int column)
{
    return slice(rows, column, XD_PG_BYTES);
}

const xd_engine xd_engine_pg = {
    .close = close_db,
    .guard = set_guard,
    .patience = set_patience,
    .listen = listen_on,
    .wait = xd_pg_wait,
    .fate = fate,
    .transact = transact,
    .in_transaction = in_transaction,
    .run = run,
    .insert = xd_pg_insert,
    .push = xd_pg_push,
    .rows_open = rows_open,
    .rows_next = rows_next,
    .rows_close = rows_close,
    .rows_int = rows_int,
    .rows_text = rows_text,
    .rows_bytes = rows_bytes,
    .rows_absent = rows_absent,
};
