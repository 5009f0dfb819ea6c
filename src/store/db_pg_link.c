/* Making, choosing, waiting on and giving up a connection to PostgreSQL.
 *
 * Everything is asynchronous and bounded. What can go wrong with a server, and what is done:
 *
 * It refuses or closes: told at once, and made anew by the next call outside a transaction; a
 * handle with patience goes on looking, with pauses that grow to a second.
 *
 * It is silent. A frozen server, or one behind a cut cable, keeps its sockets open and would be
 * waited for without end; a statement that takes long looks the same. So after two seconds of
 * silence another connection to the same server is tried, and every five seconds again: where
 * nobody answers that either, ours is dropped. Where somebody does, the statement has a minute
 * (ten for what makes tables), or what the context's deadline leaves.
 *
 * There are several. All in the address are tried at the same moment, and the best of those that
 * answer is taken: the primary of the highest timeline, a standby only for reading. Every
 * promotion raises the timeline, so that an old primary that has come back is told from the new
 * one, also when nobody stopped it from taking connections. A handle never goes back to a lower
 * timeline nor to another cluster; and looks again every half minute whether there is a better
 * one. A primary that is alone and old, with no other server in sight, cannot be told so from
 * here: that its synchronous standby has gone keeps it from acknowledging anything.
 *
 * Looking up a host's name is the one step in which libpq may stay longer than we allow. */
#include "store/db_pg.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define CONNECT_MS 5000 /* unless the address says connect_timeout */
#define OTHERS_MS 200   /* one has answered: so long for the others */
#define QUIET_MS 2000
#define QUIET_AGAIN_MS 5000
#define SILENCE_MS 60000
#define SCHEMA_MS 600000
#define CHOICE_MS 30000 /* a connection among several is not kept longer */
#define PAUSE_MOST_MS 1000

/* ---- errors ------------------------------------------------------------------------------- */

void xd_pg_drop(xd_pg *db)
{
    PQfinish(db->conn);
    db->conn = NULL;
    db->n_pending = 0;
    for (size_t i = 0; i < XD_PG_SLOTS; i++) {
        db->kept[i].prepared = false;
    }
    for (size_t i = 0; i < XD_PG_MANY; i++) {
        db->many[i].prepared = false;
    }
}

static xd_str one_line(const char *text)
{
    xd_str s = xd_str_trim(xd_str_of(text == NULL ? "" : text));
    size_t end = xd_str_find(s, XD_S("\n"), 0);
    return end == SIZE_MAX ? s : xd_str_sub(s, 0, end);
}

static bool say_lost(xd_ctx *cx, const xd_pg *db, xd_str why)
{
    (void)xd_fail(cx, XD_BUSY, "the connection to %s was lost: " XD_FMT, db->place,
                  XD_ARG(why));
    xd_pg_words(cx, db->place);
    return false;
}

bool xd_pg_lose(xd_ctx *cx, xd_pg *db)
{
    xd_str why = xd_str_copy(cx->arena, one_line(PQerrorMessage(db->conn)));
    db->closed_by_server = true;
    xd_pg_drop(db);
    return say_lost(cx, db, why);
}

bool xd_pg_fail_result(xd_ctx *cx, xd_pg *db, const PGresult *result)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    xd_str why = one_line(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
    (void)xd_fail(cx, xd_pg_code(state), "%s: " XD_FMT " (%s)", db->place, XD_ARG(why),
                  state == NULL ? "no state" : state);
    xd_pg_words(cx, db->place);
    return false;
}

/* ---- the address -------------------------------------------------------------------------- */

static const char *setting(const xd_pg *db, const char *keyword)
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

static size_t hosts(const xd_pg *db)
{
    const char *addresses = setting(db, "hostaddr");
    return count_of(addresses != NULL ? addresses : setting(db, "host"));
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

static int64_t connect_us(const xd_pg *db)
{
    const char *said = setting(db, "connect_timeout");
    int64_t seconds = 0;
    bool read = said != NULL && xd_str_int(xd_str_of(said), &seconds) && seconds > 0;
    return read && seconds < 3600 ? seconds * 1000000 : (int64_t)CONNECT_MS * 1000;
}

/* target: which kind of session will do; NULL: what the address says, else what the handle needs. */
static PGconn *start(xd_ctx *cx, const xd_pg *db, size_t host, const char *target)
{
    const struct {
        const char *keyword, *value;
    } ours[] = {
        {"application_name",     "xiudai"                            },
        {"target_session_attrs", db->read_only ? "any" : "read-write"},
        {"tcp_user_timeout",     "10000"                             },
    };
    const char *keywords[80], *values[80];
    size_t n = 0;
    for (const PQconninfoOption *o = db->address; o->keyword != NULL && n < 64; o++) {
        bool many = strcmp(o->keyword, "host") == 0 || strcmp(o->keyword, "hostaddr") == 0 ||
                    strcmp(o->keyword, "port") == 0;
        if (o->val != NULL) {
            keywords[n] = o->keyword;
            values[n++] = many ? item(cx->arena, o->val, host) : o->val;
        }
    }
    for (size_t i = 0; i < XD_LEN(ours); i++) {
        if (setting(db, ours[i].keyword) == NULL) {
            keywords[n] = ours[i].keyword;
            values[n++] = ours[i].value;
        }
    }
    if (target != NULL) { /* the later one stands */
        keywords[n] = "target_session_attrs";
        values[n++] = target;
    }
    keywords[n] = "client_encoding";
    values[n++] = "UTF8";
    keywords[n] = values[n] = NULL;
    return PQconnectStartParams(keywords, values, 0);
}

/* ---- waiting ------------------------------------------------------------------------------ */

typedef struct trying {
    PGconn *conn;
    PostgresPollingStatusType state;
    bool over;
} trying;

static void begin_trying(xd_ctx *cx, const xd_pg *db, size_t host, const char *target,
                         trying *t)
{
    *t = (trying){.conn = start(cx, db, host, target), .state = PGRES_POLLING_WRITING};
    if (t->conn == NULL || PQstatus(t->conn) == CONNECTION_BAD) {
        t->state = PGRES_POLLING_FAILED;
    }
    t->over = t->state == PGRES_POLLING_FAILED;
}

/* Every one goes on as far as it can, or for a tenth of a second. */
static void go_on_trying(trying *list, size_t n)
{
    struct pollfd p[XD_PG_HOSTS];
    for (size_t i = 0; i < n; i++) {
        p[i] = (struct pollfd){
            .fd = list[i].over ? -1 : PQsocket(list[i].conn),
            .events = list[i].state == PGRES_POLLING_READING ? POLLIN : POLLOUT,
        };
    }
    if (poll(p, n, 100) <= 0) {
        return; /* time, or a signal: the caller looks */
    }
    for (size_t i = 0; i < n; i++) {
        if (!list[i].over && p[i].revents != 0) {
            list[i].state = PQconnectPoll(list[i].conn);
            list[i].over =
                list[i].state == PGRES_POLLING_OK || list[i].state == PGRES_POLLING_FAILED;
        }
    }
}

/* Whether anybody is there at all; a refusal is an answer too. */
static bool answers(xd_ctx *cx, const xd_pg *db)
{
    trying t;
    int64_t until = xd_monotonic() + (int64_t)QUIET_MS * 1000;
    begin_trying(cx, db, db->host, "any", &t);
    while (!t.over && xd_monotonic() < until && (cx->stop == NULL || *cx->stop == 0)) {
        go_on_trying(&t, 1);
    }
    PQfinish(t.conn);
    return t.over;
}

static bool say_silent(xd_ctx *cx, xd_pg *db)
{
    xd_pg_drop(db);
    (void)xd_fail(cx, XD_BUSY, "%s is silent", db->place);
    xd_pg_words(cx, db->place);
    return false;
}

/* Until the socket can be read or (writing) written. When time is up the connection is dropped:
 * what the server still does with it is not to be waited for. */
static bool wait_for(xd_ctx *cx, xd_pg *db, bool writing, int64_t until)
{
    struct pollfd p = {
        .fd = PQsocket(db->conn),
        .events = (short)(POLLIN | (writing ? POLLOUT : 0)),
    };
    int64_t quiet = xd_monotonic() + (int64_t)QUIET_MS * 1000;
    for (;;) {
        int n = poll(&p, 1, 100);
        if (n > 0) {
            return true;
        }
        if (n < 0 && errno != EINTR) {
            int error_number = errno;
            xd_pg_drop(db);
            return xd_fail_errno(cx, error_number, "waiting for %s", db->place);
        }
        if (!xd_go_on(cx)) {
            xd_pg_drop(db);
            return false;
        }
        int64_t now = xd_monotonic();
        if (now > until || (now > quiet && !answers(cx, db))) {
            return say_silent(cx, db);
        }
        quiet = now > quiet ? xd_monotonic() + (int64_t)QUIET_AGAIN_MS * 1000 : quiet;
    }
}

static int64_t silence_ends(const xd_pg *db)
{
    int64_t ms = db->guard == XD_GUARD_SCHEMA ? SCHEMA_MS : SILENCE_MS;
    return xd_monotonic() + ms * 1000;
}

/* Everything that was queued goes out; answers are taken in meanwhile, or both sides would stand
 * with full buffers. */
bool xd_pg_flush(xd_ctx *cx, xd_pg *db)
{
    int64_t until = silence_ends(db);
    int left = PQflush(db->conn);
    while (left > 0) {
        if (!wait_for(cx, db, true, until)) {
            return false;
        }
        if (PQconsumeInput(db->conn) == 0) {
            return xd_pg_lose(cx, db);
        }
        left = PQflush(db->conn);
    }
    return left == 0 || xd_pg_lose(cx, db);
}

bool xd_pg_next(xd_ctx *cx, xd_pg *db, PGresult **ret_result)
{
    int64_t until = silence_ends(db);
    while (PQisBusy(db->conn) != 0) {
        if (!wait_for(cx, db, false, until)) {
            return false;
        }
        if (PQconsumeInput(db->conn) == 0) {
            return xd_pg_lose(cx, db);
        }
    }
    *ret_result = PQgetResult(db->conn);
    return true;
}

static bool take_notifications(PGconn *conn)
{
    bool any = false;
    PGnotify *n;
    while ((n = PQnotifies(conn)) != NULL) {
        any = true;
        PQfreemem(n);
    }
    return any;
}

bool xd_pg_wait(xd_ctx *cx, xd_db *any, int ms)
{
    xd_pg *db = (xd_pg *)any;
    int64_t until = xd_monotonic() + (int64_t)ms * 1000;
    if (!xd_pg_ready(cx, db)) {
        return false;
    }
    while (!take_notifications(db->conn)) {
        int64_t left = (until - xd_monotonic()) / 1000;
        struct pollfd p = {.fd = PQsocket(db->conn), .events = POLLIN};
        if (left <= 0) {
            return true;
        }
        int n = poll(&p, 1, left < 100 ? (int)left : 100);
        if (!xd_go_on(cx)) {
            return false;
        }
        if (n > 0 && PQconsumeInput(db->conn) == 0) {
            return xd_pg_lose(cx, db);
        }
    }
    return true;
}

/* ---- choosing ----------------------------------------------------------------------------- */

typedef struct server {
    size_t host;
    PGconn *conn;
    bool standby;
    uint32_t timeline; /* of a primary; 0: too old to say */
    char system[24];
} server;

/* Statements are prepared while tables are still empty, and a plan made then would read whole
 * tables later; every statement of ours has its index. */
static bool set_up(xd_ctx *cx, xd_pg *db, server *s)
{
    bool tells = PQserverVersion(db->conn) >= 100000;
    const char *const always[] = {
        "SET client_min_messages = warning",
        "SET enable_seqscan = off",
        PQserverVersion(db->conn) >= 110000 ? "SET jit = off" : NULL,
        db->read_only ? "SET default_transaction_read_only = on" : NULL,
        /* The first eight digits of a file of the write-ahead log are the timeline. */
        tells ? "SELECT CASE WHEN pg_is_in_recovery() THEN '' ELSE"
                " pg_walfile_name(pg_current_wal_insert_lsn()) END,"
                " CAST(system_identifier AS text) FROM pg_control_system()"
              : NULL,
    };
    PGresult *result = NULL;
    for (size_t i = 0; i < XD_LEN(always); i++) {
        if (always[i] != NULL && !xd_pg_send(cx, db, always[i])) {
            return false;
        }
    }
    if (!xd_pg_settle(cx, db, &result)) {
        return false;
    }
    if (tells && PQntuples(result) == 1) {
        char digits[9] = "";
        (void)snprintf(digits, sizeof digits, "%s", PQgetvalue(result, 0, 0));
        s->timeline = (uint32_t)strtoul(digits, NULL, 16);
        s->standby = digits[0] == '\0';
        (void)snprintf(s->system, sizeof s->system, "%s", PQgetvalue(result, 0, 1));
    }
    PQclear(result);
    return true;
}

static bool listen_to(xd_ctx *cx, xd_pg *db, const server *s)
{
    if (!db->listens || s->standby) { /* a standby tells nobody: who reads there asks */
        return true;
    }
    return xd_pg_send(cx, db, "LISTEN xiudai_log") && xd_pg_settle(cx, db, NULL);
}

/* What was seen before is not gone back on. */
static bool is_ours(xd_ctx *cx, const xd_pg *db, const server *s)
{
    if (db->system[0] != '\0' && s->system[0] != '\0' && strcmp(db->system, s->system) != 0) {
        return xd_fail(cx, XD_BUSY, "this server is of another cluster (%s, not %s)", s->system,
                       db->system);
    }
    if (!s->standby && s->timeline < db->timeline) {
        return xd_fail(cx, XD_BUSY,
                       "this is an old primary, of timeline %" PRIu32 ", and %" PRIu32
                       " has begun",
                       s->timeline, db->timeline);
    }
    return true;
}

static bool is_better(const server *a, const server *b)
{
    return b->conn == NULL || (b->standby && !a->standby) ||
           (a->standby == b->standby && a->timeline > b->timeline);
}

/* One that has connected: is it one of ours, and the best so far? */
static bool judge(xd_ctx *cx, xd_pg *db, trying *t, size_t host, server *best)
{
    server s = {.host = host, .conn = t->conn};
    xd_pg_drop(db);
    db->conn = t->conn;
    db->host = host;
    t->conn = NULL;
    bool ok = PQsetnonblocking(db->conn, 1) == 0 && PQenterPipelineMode(db->conn) == 1;
    ok = (ok || xd_pg_lose(cx, db)) && set_up(cx, db, &s) && is_ours(cx, db, &s);
    PGconn *made = db->conn; /* NULL when it was lost */
    db->conn = NULL;
    if (ok && is_better(&s, best)) {
        PQfinish(best->conn);
        *best = s;
    } else {
        PQfinish(made);
    }
    return ok;
}

static void try_all(xd_ctx *cx, const xd_pg *db, trying *list, size_t n)
{
    int64_t until = xd_monotonic() + connect_us(db);
    for (size_t i = 0; i < n; i++) {
        begin_trying(cx, db, i, NULL, &list[i]);
    }
    for (;;) {
        bool any = false, all = true;
        for (size_t i = 0; i < n; i++) {
            any |= list[i].state == PGRES_POLLING_OK;
            all &= list[i].over;
        }
        int64_t others = xd_monotonic() + (int64_t)OTHERS_MS * 1000;
        until = any && others < until ? others : until;
        if (all || xd_monotonic() >= until || (cx->stop != NULL && *cx->stop != 0) ||
            (cx->deadline != 0 && xd_monotonic() >= cx->deadline)) {
            return;
        }
        go_on_trying(list, n);
    }
}

/* Why none would do: the first that is not merely a standby of the one we cannot reach. */
static bool say_none(xd_ctx *cx, const xd_pg *db, const trying *list, size_t n)
{
    xd_str why = {0};
    if (!xd_go_on(cx)) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        xd_str its = !list[i].over          ? XD_S("it does not answer")
                     : list[i].conn == NULL ? XD_S("")
                                            : one_line(PQerrorMessage(list[i].conn));
        if (its.n > 0) {
            why = why.n == 0
                      ? its
                      : xd_str_printf(cx->arena, XD_FMT "; " XD_FMT, XD_ARG(why), XD_ARG(its));
        }
    }
    return say_lost(cx, db, xd_str_copy(cx->arena, why));
}

static bool connect_best(xd_ctx *cx, xd_pg *db)
{
    trying list[XD_PG_HOSTS];
    server best = {0};
    size_t n = hosts(db);
    bool refused = false; /* one that answered was not to be used: cx has why */
    try_all(cx, db, list, n);
    for (size_t i = 0; i < n; i++) {
        if (list[i].state == PGRES_POLLING_OK) {
            refused |= !judge(cx, db, &list[i], i, &best);
        }
    }
    if (best.conn != NULL && refused) {
        (void)xd_err_take(cx);
    }
    if (best.conn == NULL && !refused) {
        (void)say_none(cx, db, list, n);
    }
    for (size_t i = 0; i < n; i++) {
        PQfinish(list[i].conn);
    }
    if (best.conn == NULL) {
        return false;
    }
    db->conn = best.conn;
    db->host = best.host;
    db->connected = xd_monotonic();
    db->closed_by_server = false;
    db->timeline = best.timeline > db->timeline ? best.timeline : db->timeline;
    memcpy(db->system, best.system, sizeof db->system);
    return listen_to(cx, db, &best);
}

static void pause_ms(int64_t ms)
{
    const struct timespec nap = {ms / 1000, ms % 1000 * 1000000};
    (void)nanosleep(&nap, NULL); /* woken early is as good */
}

bool xd_pg_ready(xd_ctx *cx, xd_pg *db)
{
    if (db->in_transaction && db->conn == NULL) {
        return say_lost(cx, db, XD_S("within a transaction"));
    }
    if (db->conn != NULL && !db->in_transaction && hosts(db) > 1 &&
        xd_monotonic() - db->connected > (int64_t)CHOICE_MS * 1000) {
        xd_pg_drop(db);
    }
    int64_t until = xd_monotonic() + db->patience, ms = 50;
    while (db->conn == NULL && !connect_best(cx, db)) {
        if (cx->err.code != XD_BUSY || xd_monotonic() + ms * 1000 >= until ||
            (cx->stop != NULL && *cx->stop != 0)) {
            return false;
        }
        (void)xd_err_take(cx);
        pause_ms(ms);
        ms = ms * 2 < PAUSE_MOST_MS ? ms * 2 : PAUSE_MOST_MS;
        if (!xd_go_on(cx)) {
            return false;
        }
    }
    return true;
}

/* ---- opening ------------------------------------------------------------------------------ */

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

static bool read_address(xd_ctx *cx, xd_pg *db, const char *url)
{
    char *why = NULL;
    db->address = PQconninfoParse(url, &why);
    if (db->address == NULL) {
        (void)say_bad_address(cx, db->place, why);
        PQfreemem(why);
        return false;
    }
    return hosts(db) <= XD_PG_HOSTS ||
           say_bad_address(cx, db->place, "it names more than eight servers");
}

bool xd_pg_open(xd_ctx *cx, const char *url, const xd_db_options *options, xd_db **ret_db)
{
    xd_arena *arena = xd_arena_make();
    xd_pg *db = xd_new(arena, xd_pg);
    db->base.engine = &xd_engine_pg;
    db->arena = arena;
    db->place = xd_cstr(arena, xd_db_shown(arena, url));
    db->read_only = options->read_only;
    if (!read_address(cx, db, url) || !xd_pg_ready(cx, db)) {
        xd_engine_pg.close(&db->base);
        return false;
    }
    *ret_db = &db->base;
    return true;
}
