/* PostgreSQL through libpq.
 *
 * Every call is asynchronous and has a deadline: the context's, and a limit of silence of ours,
 * because a frozen server keeps its sockets open and would be waited for without end. When one
 * passes, the connection is dropped; what was open on it is undone by the server. The next call
 * outside a transaction connects again, so a handle outlives a restart or a change of primary.
 * Several hosts in the address are tried one after the other, each with a limit of its own.
 *
 * The connection is in libpq's pipeline mode throughout. A statement that gives rows is sent with
 * a sync behind it and waited for. One that gives none is, inside a transaction, only sent: an
 * import would otherwise wait for the network a dozen times a record. What it failed with comes
 * with the next answer; the transaction is lost by then anyway, by PostgreSQL's rules.
 *
 * A connection has one statement at work at a time, while a walk may read on the same handle
 * between its rows. So rows are fetched whole, except for statements marked as walks, which go
 * through a cursor in portions; one outside a transaction gets a reading one of its own. */
#include "store/engine.h"

#include <endian.h>
#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>

#define KEPT_SLOTS 512
#define PENDING_MAX 256
#define PORTION 256
#define CONNECT_MS 5000
#define SILENCE_MS 60000
#define SCHEMA_MS 600000

enum { OID_BYTES = 17, OID_INT8 = 20, OID_INT4 = 23, OID_TEXT = 25 };

typedef struct kept {
    const xd_sql *sql;
    xd_pg_text text;
    char name[16];
    bool prepared;
} kept;

/* One answer being read. */
typedef struct answer {
    PGresult *result;
    int row;
    int cursor; /* number of the cursor; 0: none */
    bool own_transaction;
    bool in_use;
    struct answer *next;
} answer;

typedef struct pg {
    xd_db base;
    PGconn *conn; /* NULL: lost, or not yet there */
    xd_arena *arena;
    const char *place; /* as people may see it */
    PQconninfoOption *address;
    bool read_only, in_transaction, closed_by_server;
    xd_guard guard;
    int cursors;
    kept *pending[PENDING_MAX]; /* sent and not answered; not NULL: preparing that one */
    size_t first, n_pending;
    kept kept[KEPT_SLOTS];
    size_t n_kept;
    answer *answers;
} pg;

/* ---- errors ------------------------------------------------------------------------------- */

static void drop(pg *db)
{
    PQfinish(db->conn);
    db->conn = NULL;
    db->n_pending = 0;
    for (size_t i = 0; i < KEPT_SLOTS; i++) {
        db->kept[i].prepared = false;
    }
}

static xd_str one_line(const char *text)
{
    xd_str s = xd_str_trim(xd_str_of(text == NULL ? "" : text));
    size_t end = xd_str_find(s, XD_S("\n"), 0);
    return end == SIZE_MAX ? s : xd_str_sub(s, 0, end);
}

static bool lose(xd_ctx *cx, pg *db)
{
    xd_str why = xd_str_copy(cx->arena, one_line(PQerrorMessage(db->conn)));
    db->closed_by_server = true;
    drop(db);
    (void)xd_fail(cx, XD_BUSY, "the connection to %s was lost: " XD_FMT, db->place,
                  XD_ARG(why));
    xd_pg_words(cx, db->place);
    return false;
}

static bool fail_result(xd_ctx *cx, pg *db, const PGresult *result)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    xd_str why = one_line(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
    (void)xd_fail(cx, xd_pg_code(state), "%s: " XD_FMT " (%s)", db->place, XD_ARG(why),
                  state == NULL ? "no state" : state);
    xd_pg_words(cx, db->place);
    return false;
}

/* ---- waiting ------------------------------------------------------------------------------ */

/* Until the socket can be read or (writing) written. A deadline drops the connection: what the
 * server still does with it is not to be waited for. */
static bool wait_for(xd_ctx *cx, pg *db, bool reading, bool writing, int64_t until)
{
    struct pollfd p = {
        .fd = PQsocket(db->conn),
        .events = (short)((reading ? POLLIN : 0) | (writing ? POLLOUT : 0)),
    };
    for (;;) {
        int n = poll(&p, 1, 100);
        if (n > 0) {
            return true;
        }
        if (n < 0 && errno != EINTR) {
            int error_number = errno;
            drop(db);
            return xd_fail_errno(cx, error_number, "waiting for %s", db->place);
        }
        if (!xd_go_on(cx)) {
            drop(db);
            return false;
        }
        if (xd_monotonic() > until) {
            drop(db);
            (void)xd_fail(cx, XD_BUSY, "%s is silent", db->place);
            xd_pg_words(cx, db->place);
            return false;
        }
    }
}

static int64_t silence_ends(const pg *db)
{
    int64_t ms = db->guard == XD_GUARD_SCHEMA ? SCHEMA_MS : SILENCE_MS;
    return xd_monotonic() + ms * 1000;
}

/* Everything that was queued goes out; answers are taken in meanwhile, or both sides would stand
 * with full buffers. */
static bool flush(xd_ctx *cx, pg *db)
{
    int64_t until = silence_ends(db);
    int left = PQflush(db->conn);
    while (left > 0) {
        if (!wait_for(cx, db, true, true, until)) {
            return false;
        }
        if (PQconsumeInput(db->conn) == 0) {
            return lose(cx, db);
        }
        left = PQflush(db->conn);
    }
    return left == 0 || lose(cx, db);
}

static bool next_result(xd_ctx *cx, pg *db, PGresult **ret_result)
{
    int64_t until = silence_ends(db);
    while (PQisBusy(db->conn) != 0) {
        if (!wait_for(cx, db, true, false, until)) {
            return false;
        }
        if (PQconsumeInput(db->conn) == 0) {
            return lose(cx, db);
        }
    }
    *ret_result = PQgetResult(db->conn);
    return true;
}

/* ---- connecting --------------------------------------------------------------------------- */

static const char *setting(const pg *db, const char *keyword)
{
    for (const PQconninfoOption *o = db->address; o->keyword != NULL; o++) {
        if (strcmp(o->keyword, keyword) == 0) {
            return o->val;
        }
    }
    return NULL;
}

static size_t count_of(const char *list)
{
    size_t n = 1;
    for (const char *p = list; p != NULL && *p != '\0'; p++) {
        n += *p == ',';
    }
    return n;
}

/* The item at i; a list of one serves for all. */
static const char *item(xd_arena *arena, const char *list, size_t at)
{
    xd_str s = xd_str_of(list);
    size_t from = 0;
    for (size_t i = 0; i < at && count_of(list) > 1; i++) {
        from = xd_str_find(s, XD_S(","), from) + 1;
    }
    size_t end = xd_str_find(s, XD_S(","), from);
    return xd_cstr(arena, xd_str_sub(s, from, end == SIZE_MAX ? s.n : end));
}

static PGconn *start(xd_ctx *cx, const pg *db, size_t host)
{
    const char *keywords[64], *values[64];
    size_t n = 0;
    for (const PQconninfoOption *o = db->address; o->keyword != NULL && n < 56; o++) {
        bool many = strcmp(o->keyword, "host") == 0 || strcmp(o->keyword, "hostaddr") == 0 ||
                    strcmp(o->keyword, "port") == 0;
        if (o->val != NULL) {
            keywords[n] = o->keyword;
            values[n++] = many ? item(cx->arena, o->val, host) : o->val;
        }
    }
    keywords[n] = "client_encoding";
    values[n++] = "UTF8";
    if (setting(db, "application_name") == NULL) {
        keywords[n] = "application_name";
        values[n++] = "xiudai";
    }
    if (setting(db, "target_session_attrs") == NULL && !db->read_only) {
        keywords[n] = "target_session_attrs";
        values[n++] = "read-write";
    }
    keywords[n] = values[n] = NULL;
    return PQconnectStartParams(keywords, values, 0);
}

/* Looking up a host's name is the one step in which libpq may stay longer than we allow. */
static bool connect_host(xd_ctx *cx, pg *db, size_t host)
{
    int64_t until = xd_monotonic() + (int64_t)CONNECT_MS * 1000;
    db->conn = start(cx, db, host);
    PostgresPollingStatusType state = PGRES_POLLING_WRITING;
    if (db->conn == NULL || PQstatus(db->conn) == CONNECTION_BAD) {
        return lose(cx, db);
    }
    while (state != PGRES_POLLING_OK) {
        if (state == PGRES_POLLING_FAILED) {
            return lose(cx, db);
        }
        if (!wait_for(cx, db, state == PGRES_POLLING_READING, state == PGRES_POLLING_WRITING,
                      until)) {
            return false;
        }
        state = PQconnectPoll(db->conn);
    }
    if (PQsetnonblocking(db->conn, 1) != 0 || PQenterPipelineMode(db->conn) != 1) {
        return lose(cx, db);
    }
    return true;
}

static void note_sent(pg *db, kept *preparing)
{
    assert(db->n_pending < PENDING_MAX);
    db->pending[(db->first + db->n_pending++) % PENDING_MAX] = preparing;
}

static bool settle(xd_ctx *cx, pg *db, PGresult **ret_last);

/* Statements are prepared while tables are still empty, and a plan made then would read whole
 * tables later; every statement of ours has its index. */
static bool set_up(xd_ctx *cx, pg *db)
{
    const char *const always[] = {
        "SET client_min_messages = warning",
        "SET enable_seqscan = off",
        PQserverVersion(db->conn) >= 110000 ? "SET jit = off" : NULL,
        db->read_only ? "SET default_transaction_read_only = on" : NULL,
    };
    for (size_t i = 0; i < XD_LEN(always); i++) {
        if (always[i] == NULL) {
            continue;
        }
        if (PQsendQueryParams(db->conn, always[i], 0, NULL, NULL, NULL, NULL, 1) != 1) {
            return lose(cx, db);
        }
        note_sent(db, NULL);
    }
    return settle(cx, db, NULL);
}

static bool connect_any(xd_ctx *cx, pg *db)
{
    const char *hosts = setting(db, "hostaddr");
    size_t n = count_of(hosts != NULL ? hosts : setting(db, "host"));
    for (size_t i = 0; i < n; i++) {
        if (connect_host(cx, db, i) && set_up(cx, db)) {
            db->closed_by_server = false;
            return true;
        }
        if (db->conn != NULL) {
            drop(db);
        }
        if (i + 1 < n && cx->err.code == XD_BUSY && (cx->stop == NULL || *cx->stop == 0)) {
            (void)xd_err_take(cx); /* the next host may be the one */
        } else {
            break;
        }
    }
    return false;
}

static bool ready(xd_ctx *cx, pg *db)
{
    if (db->conn != NULL) {
        return true;
    }
    if (db->in_transaction) {
        (void)xd_fail(cx, XD_BUSY, "the connection to %s was lost within a transaction",
                      db->place);
        xd_pg_words(cx, db->place);
        return false;
    }
    return connect_any(cx, db);
}

static bool say_bad_address(xd_ctx *cx, const char *place, const char *why)
{
    (void)xd_fail(cx, XD_INVALID, "%s: " XD_FMT, place, XD_ARG(one_line(why)));
    return xd_fail_words(
        cx,
        xd_str_printf(cx->arena,
                      "读不懂数据库地址 %s；应写成 postgresql://用户@主机:端口/数据库。",
                      place),
        xd_str_printf(
            cx->arena,
            "The address %s cannot be read. Write postgresql://user@host:port/database.",
            place));
}

static void close_db(xd_db *any)
{
    pg *db = (pg *)any;
    for (answer *a = db->answers; a != NULL; a = a->next) {
        PQclear(a->result);
    }
    PQfinish(db->conn); /* the server undoes what is not committed */
    PQconninfoFree(db->address);
    xd_arena_free(db->arena);
}

bool xd_pg_open(xd_ctx *cx, const char *url, const xd_db_options *options, xd_db **ret_db)
{
    xd_arena *arena = xd_arena_make();
    pg *db = xd_new(arena, pg);
    char *why = NULL;
    db->base.engine = &xd_engine_pg;
    db->arena = arena;
    db->place = xd_cstr(arena, xd_db_shown(arena, url));
    db->read_only = options->read_only;
    db->address = PQconninfoParse(url, &why);
    if (db->address == NULL) {
        (void)say_bad_address(cx, db->place, why);
        PQfreemem(why);
        xd_arena_free(arena);
        return false;
    }
    if (!connect_any(cx, db)) {
        close_db(&db->base);
        return false;
    }
    *ret_db = &db->base;
    return true;
}

/* ---- sending ------------------------------------------------------------------------------ */

static kept *slot_of(pg *db, const xd_sql *sql)
{
    size_t i = ((uintptr_t)sql >> 3) * 0x9e3779b97f4a7c15U >> 55;
    while (db->kept[i].sql != NULL && db->kept[i].sql != sql) {
        i = (i + 1) % KEPT_SLOTS;
    }
    kept *k = &db->kept[i];
    if (k->sql == NULL) {
        assert(db->n_kept < KEPT_SLOTS / 2);
        db->n_kept++;
        k->sql = sql;
        xd_pg_translate(db->arena, sql, &k->text);
        (void)snprintf(k->name, sizeof k->name, "s%zu", i);
    }
    return k;
}

typedef struct bound {
    int n;
    Oid types[XD_PG_PARAMS];
    const char *values[XD_PG_PARAMS];
    int lengths[XD_PG_PARAMS], formats[XD_PG_PARAMS];
    uint64_t ints[XD_PG_PARAMS];
} bound;

static void bind(const xd_pg_text *text, const xd_arg *args, bound *ret_bound)
{
    bound *b = ret_bound;
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
            b->types[i] = OID_INT8;
            b->values[i] = (const char *)&b->ints[i];
            b->lengths[i] = 8;
        } else {
            b->types[i] = arg->kind == XD_ARG_KIND_TEXT ? OID_TEXT : OID_BYTES;
            b->values[i] = arg->s.p == NULL ? "" : arg->s.p;
            b->lengths[i] = (int)arg->s.n;
        }
    }
    assert(given == text->n);
}

static bool send_kept(xd_ctx *cx, pg *db, kept *k, const xd_arg *args)
{
    bound b = {0};
    bind(&k->text, args, &b);
    if (!k->prepared) {
        if (PQsendPrepare(db->conn, k->name, k->text.text, b.n, b.types) != 1) {
            return lose(cx, db);
        }
        k->prepared = true; /* until its answer says otherwise */
        note_sent(db, k);
    }
    if (PQsendQueryPrepared(db->conn, k->name, b.n, b.values, b.lengths, b.formats, 1) != 1) {
        return lose(cx, db);
    }
    note_sent(db, NULL);
    return true;
}

static bool send_text(xd_ctx *cx, pg *db, const char *text, const bound *b)
{
    int ok = b == NULL ? PQsendQueryParams(db->conn, text, 0, NULL, NULL, NULL, NULL, 1)
                       : PQsendQueryParams(db->conn, text, b->n, b->types, b->values,
                                           b->lengths, b->formats, 1);
    if (ok != 1) {
        return lose(cx, db);
    }
    note_sent(db, NULL);
    return true;
}

/* A sync behind all that was sent, and every answer up to it. *ret_last is the last one's rows,
 * to be cleared by the caller; the first error is the one that is told. */
static bool settle(xd_ctx *cx, pg *db, PGresult **ret_last)
{
    PGresult *last = NULL;
    bool ok = true, synced = false;
    if (PQpipelineSync(db->conn) != 1) {
        return lose(cx, db);
    }
    if (!flush(cx, db)) {
        return false;
    }
    while (!synced) {
        PGresult *result = NULL;
        if (!next_result(cx, db, &result)) {
            PQclear(last);
            return false;
        }
        ExecStatusType status = result == NULL ? PGRES_EMPTY_QUERY : PQresultStatus(result);
        kept *preparing = db->n_pending > 0 ? db->pending[db->first] : NULL;
        if (result == NULL) { /* the end of one statement */
            if (db->n_pending == 0) {
                PQclear(last);
                return lose(cx, db);
            }
            db->first = (db->first + 1) % PENDING_MAX;
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
                return lose(cx, db);
            }
            if (status != PGRES_PIPELINE_ABORTED && ok) {
                ok = fail_result(cx, db, result);
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

/* Outside a transaction a connection that the server had closed is made anew, once. */
static bool once_more(xd_ctx *cx, const pg *db)
{
    if (db->conn != NULL || db->in_transaction || !db->closed_by_server ||
        cx->err.code != XD_BUSY) {
        return false;
    }
    (void)xd_err_take(cx);
    return true;
}

static bool ask(xd_ctx *cx, pg *db, const xd_sql *sql, const xd_arg *args,
                PGresult **ret_result)
{
    kept *k = slot_of(db, sql);
    if (ready(cx, db) && send_kept(cx, db, k, args) && settle(cx, db, ret_result)) {
        return true;
    }
    return once_more(cx, db) && ready(cx, db) && send_kept(cx, db, k, args) &&
           settle(cx, db, ret_result);
}

static bool run(xd_ctx *cx, xd_db *any, const xd_sql *sql, const xd_arg *args)
{
    pg *db = (pg *)any;
    if (!db->in_transaction || db->guard == XD_GUARD_SCHEMA) {
        return ask(cx, db, sql, args, NULL);
    }
    if (!ready(cx, db)) {
        return false;
    }
    if (db->n_pending + 2 > PENDING_MAX && !settle(cx, db, NULL)) {
        return false;
    }
    return send_kept(cx, db, slot_of(db, sql), args);
}

/* ---- transactions ------------------------------------------------------------------------- */

static bool commit(xd_ctx *cx, pg *db)
{
    static const xd_sql sql = XD_SQL("COMMIT");
    PGresult *result = NULL;
    bool ok = ask(cx, db, &sql, NULL, &result);
    /* A transaction that had failed is rolled back by COMMIT, which says so in its tag only. */
    if (ok && strcmp(PQcmdStatus(result), "COMMIT") != 0) {
        ok = xd_fail(cx, XD_SYSTEM, "%s rolled the transaction back", db->place);
    } else if (!ok && db->conn == NULL) {
        (void)xd_fail_note(cx, "the commit may or may not have happened");
    }
    PQclear(result);
    db->in_transaction = db->in_transaction && !ok && db->conn != NULL;
    return ok;
}

static bool transact(xd_ctx *cx, xd_db *any, xd_transact what)
{
    static const xd_sql write = XD_SQL("BEGIN ISOLATION LEVEL READ COMMITTED");
    static const xd_sql read = XD_SQL("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    static const xd_sql rollback = XD_SQL("ROLLBACK");
    pg *db = (pg *)any;
    if (what == XD_TRANSACT_COMMIT) {
        return commit(cx, db);
    }
    if (what == XD_TRANSACT_ROLLBACK) {
        bool gone = db->conn == NULL; /* and the transaction with it */
        if (!gone && db->n_pending > 0 && !settle(cx, db, NULL)) {
            (void)xd_err_take(cx); /* the error of a statement that is undone */
            gone = db->conn == NULL;
        }
        bool ok = gone || ask(cx, db, &rollback, NULL, NULL);
        db->in_transaction = false;
        return ok;
    }
    assert(!db->in_transaction);
    db->in_transaction = ask(cx, db, what == XD_TRANSACT_READ ? &read : &write, NULL, NULL);
    return db->in_transaction;
}

static bool in_transaction(const xd_db *any)
{
    return ((const pg *)any)->in_transaction;
}

static void set_guard(xd_db *any, xd_guard guard)
{
    ((pg *)any)->guard = guard;
}

bool xd_db_try_lock(xd_ctx *cx, xd_db *any, const xd_sql *sql, bool *ret_got)
{
    assert(any->engine == &xd_engine_pg);
    pg *db = (pg *)any;
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

static answer *new_answer(pg *db)
{
    answer *a = db->answers;
    while (a != NULL && a->in_use) {
        a = a->next;
    }
    if (a == NULL) {
        a = xd_new(db->arena, answer);
        a->next = db->answers;
        db->answers = a;
    }
    *a = (answer){.row = -1, .in_use = true, .next = a->next};
    return a;
}

static bool fetch(xd_ctx *cx, pg *db, answer *a)
{
    char text[64];
    PQclear(a->result);
    a->result = NULL;
    a->row = -1;
    (void)snprintf(text, sizeof text, "FETCH FORWARD %d FROM w%d", PORTION, a->cursor);
    if (!ready(cx, db) || (db->n_pending + 2 > PENDING_MAX && !settle(cx, db, NULL))) {
        return false;
    }
    return send_text(cx, db, text, NULL) && settle(cx, db, &a->result);
}

static bool open_walk(xd_ctx *cx, pg *db, const kept *k, const xd_arg *args, answer *a)
{
    bound b = {0};
    if (!db->in_transaction) {
        if (!transact(cx, &db->base, XD_TRANSACT_READ)) {
            return false;
        }
        a->own_transaction = true;
    }
    a->cursor = ++db->cursors;
    bind(&k->text, args, &b);
    const char *text =
        xd_cstr(cx->arena, xd_str_printf(cx->arena, "DECLARE w%d NO SCROLL CURSOR FOR %s",
                                         a->cursor, k->text.text));
    if (!ready(cx, db) || (db->n_pending + 2 > PENDING_MAX && !settle(cx, db, NULL))) {
        return false;
    }
    return send_text(cx, db, text, &b) && fetch(cx, db, a);
}

static void end_answer(pg *db, answer *a)
{
    xd_ctx cx;
    char text[32];
    PQclear(a->result);
    xd_ctx_begin(&cx);
    if (a->own_transaction) {
        xd_db_rollback(&db->base); /* it only read */
    } else if (a->cursor != 0 && db->conn != NULL && db->n_pending + 2 <= PENDING_MAX) {
        (void)snprintf(text, sizeof text, "CLOSE w%d", a->cursor);
        bool sent = send_text(&cx, db, text, NULL);
        (void)sent; /* the transaction's end closes it too */
    }
    xd_ctx_end(&cx);
    *a = (answer){.next = a->next};
}

static bool rows_open(xd_ctx *cx, xd_db *any, const xd_sql *sql, const xd_arg *args,
                      xd_rows *ret_rows)
{
    pg *db = (pg *)any;
    answer *a = new_answer(db);
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
    answer *a = rows->statement;
    int n = PQntuples(a->result);
    a->row++;
    if (a->row == PORTION && a->cursor != 0) {
        if (!fetch(cx, (pg *)rows->db, a)) {
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
    pg *db = (pg *)rows->db;
    const kept *k = rows->kept;
    end_answer(db, rows->statement);
    if (rows->odd) {
        (void)xd_fail(cx, XD_BROKEN, "a value of the wrong kind in: %s", k->text.text);
        xd_pg_words(cx, db->place);
    }
    return !rows->odd;
}

static bool rows_absent(xd_rows *rows, int column)
{
    const answer *a = rows->statement;
    return PQgetisnull(a->result, a->row, column) != 0;
}

static int64_t rows_int(xd_rows *rows, int column)
{
    const answer *a = rows->statement;
    const char *p = PQgetvalue(a->result, a->row, column);
    Oid type = PQftype(a->result, column);
    if (type == OID_INT8 && !rows_absent(rows, column)) {
        uint64_t v;
        memcpy(&v, p, sizeof v);
        return (int64_t)be64toh(v);
    }
    if (type == OID_INT4 && !rows_absent(rows, column)) {
        uint32_t v;
        memcpy(&v, p, sizeof v);
        return (int32_t)be32toh(v);
    }
    rows->odd = true;
    return 0;
}

static xd_str slice(xd_rows *rows, int column, Oid type)
{
    const answer *a = rows->statement;
    if (rows_absent(rows, column) || PQftype(a->result, column) != type) {
        rows->odd = true;
        return XD_S("");
    }
    int n = PQgetlength(a->result, a->row, column);
    return n <= 0 ? XD_S("") : (xd_str){PQgetvalue(a->result, a->row, column), (size_t)n};
}

static xd_str rows_text(xd_rows *rows, int column)
{
    return slice(rows, column, OID_TEXT);
}

static xd_str rows_bytes(xd_rows *rows, int column)
{
    return slice(rows, column, OID_BYTES);
}

const xd_engine xd_engine_pg = {
    .close = close_db,
    .guard = set_guard,
    .transact = transact,
    .in_transaction = in_transaction,
    .run = run,
    .rows_open = rows_open,
    .rows_next = rows_next,
    .rows_close = rows_close,
    .rows_int = rows_int,
    .rows_text = rows_text,
    .rows_bytes = rows_bytes,
    .rows_absent = rows_absent,
};
