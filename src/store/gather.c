/* Rows held back, to be written many to a statement.
 *
 * An import writes a dozen rows of a handful of statements for every record. One by one each of
 * them costs a statement's beginning and end; on PostgreSQL the server does little else. So rows
 * wait here, statement by statement, until there are enough of them or until anything else is
 * asked of the handle: whoever reads sees what was written before, as if nothing had waited.
 * Statements are written in the order in which each first came in the transaction, rows of one in
 * the order they came; so what a row refers to stands before it, when the first was given so.
 *
 * PostgreSQL's server works while we gather. SQLite has none, so a thread of its own writes one
 * portion while the next is being gathered. The handle still serves one thread at a time: it is
 * lent to the writer with each portion (busy), and nobody else touches it before the writer has
 * given it back. Every function of db.c that asks the handle anything waits for that first, in
 * xd_gather_write(); while an answer is open it is not lent at all. Lending and giving back go
 * through one lock. The writer's context is its own; what it failed with is told by the next
 * call, and then only undoing is left. */
#include <pthread.h>
#include <signal.h>

#include "store/engine.h"

#define STATEMENTS 8
#define BYTES_MOST ((size_t)512 << 10)
#define ROWS_MOST 2048 /* of one statement */

typedef struct waiting {
    const xd_sql *sql;
    xd_db_found *found;  /* NULL: an INSERT */
    size_t n_args, rows; /* of a question its end is one of them */
    XD_VEC(xd_arg) args; /* row after row */
} waiting;

typedef struct portion {
    xd_arena *arena; /* of what waits */
    waiting of[STATEMENTS];
    size_t n, rows;
} portion;

struct xd_gather {
    xd_arena *arena; /* of this alone */
    xd_db *db;
    portion portions[2];
    size_t filling; /* which of them is being gathered; the other is written or empty */
    bool failed;    /* some rows did not get in: the transaction can only be undone */
    bool beside;    /* there is a writer */
    pthread_t writer;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t change;
    bool busy, ending, broke; /* busy: the other portion and the handle are the writer's */
    xd_ctx cx;                /* the writer's; its error stands while broke */
};

/* ---- writing ------------------------------------------------------------------------------- */

static bool ask(xd_ctx *cx, xd_db *db, const waiting *w)
{
    for (size_t i = 0; i < w->rows; i++) {
        const xd_arg *args = w->args.at + i * w->n_args;
        xd_rows rows = {0};
        bool more = false;
        if (!db->engine->rows_open(cx, db, w->sql, args, &rows)) {
            return false;
        }
        bool ok = db->engine->rows_next(cx, &rows, &more);
        int64_t value = ok && more ? db->engine->rows_int(&rows, 0) : 0;
        ok = db->engine->rows_close(cx, &rows) && ok;
        if (!ok || (more && !w->found(cx, args, value))) {
            return false;
        }
    }
    return true;
}

/* Questions come behind all rows: a key that two of them have is found from either's side. */
static bool write_portion(xd_ctx *cx, xd_db *db, const portion *p)
{
    bool ok = true;
    for (size_t i = 0; ok && i < p->n; i++) {
        const waiting *w = &p->of[i];
        ok = w->rows == 0 || w->found != NULL ||
             db->engine->insert(cx, db, w->sql, w->args.at, w->n_args, w->rows);
    }
    for (size_t i = 0; ok && i < p->n; i++) {
        const waiting *w = &p->of[i];
        ok = w->rows == 0 || w->found == NULL || ask(cx, db, w);
    }
    return ok;
}

/* Statements keep their places. */
static void empty(portion *p)
{
    p->rows = 0;
    for (size_t i = 0; i < p->n; i++) {
        p->of[i] = (waiting){.sql = p->of[i].sql, .found = p->of[i].found};
    }
    xd_arena_reset(p->arena);
}

/* ---- the writer ---------------------------------------------------------------------------- */

static void *write_beside(void *user)
{
    xd_gather *g = user;
    (void)pthread_mutex_lock(&g->lock);
    for (;;) {
        while (!g->busy && !g->ending) {
            (void)pthread_cond_wait(&g->change, &g->lock);
        }
        if (!g->busy) {
            break;
        }
        const portion *p = &g->portions[1 - g->filling];
        (void)pthread_mutex_unlock(&g->lock);
        bool ok = write_portion(&g->cx, g->db, p);
        (void)pthread_mutex_lock(&g->lock);
        g->broke = !ok;
        g->busy = false;
        (void)pthread_cond_broadcast(&g->change);
    }
    (void)pthread_mutex_unlock(&g->lock);
    return NULL;
}

/* Signals are for the others. Without a thread everything is done here. */
static void start_writer(xd_gather *g)
{
    sigset_t all, before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    g->beside = pthread_create(&g->writer, NULL, write_beside, g) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* The handle is ours again. */
static bool take_back(xd_ctx *cx, xd_gather *g)
{
    if (!g->beside) {
        return true;
    }
    (void)pthread_mutex_lock(&g->lock);
    while (g->busy) {
        (void)pthread_cond_wait(&g->change, &g->lock);
    }
    (void)pthread_mutex_unlock(&g->lock);
    if (!g->broke) {
        return true;
    }
    g->failed = true;
    g->broke = false;
    const xd_err *e = &g->cx.err;
    (void)xd_fail(cx, e->code == XD_OK ? XD_CANCELLED : e->code, XD_FMT, XD_ARG(e->message));
    return e->zh.n == 0 ? false
                        : xd_fail_words(cx, xd_str_copy(cx->arena, e->zh),
                                        xd_str_copy(cx->arena, e->en));
}

/* The handle is the writer's, and so is what was gathered. */
static void lend(const xd_ctx *cx, xd_gather *g)
{
    portion *full = &g->portions[g->filling], *next = &g->portions[1 - g->filling];
    empty(next);
    for (size_t i = next->n; i < full->n; i++) {
        next->of[i] = (waiting){.sql = full->of[i].sql, .found = full->of[i].found};
    }
    next->n = full->n;
    xd_ctx_reset(&g->cx);
    g->cx.stop = cx->stop;
    g->cx.deadline = cx->deadline;
    (void)pthread_mutex_lock(&g->lock);
    g->filling = 1 - g->filling;
    g->busy = true;
    (void)pthread_cond_broadcast(&g->change);
    (void)pthread_mutex_unlock(&g->lock);
}

/* ---- the handle's side ---------------------------------------------------------------------- */

void xd_db_gather(xd_db *db)
{
    if (db->gather != NULL) {
        return;
    }
    xd_arena *arena = xd_arena_make();
    xd_gather *g = xd_new(arena, xd_gather);
    g->arena = arena;
    g->db = db;
    g->portions[0].arena = xd_arena_make();
    g->portions[1].arena = xd_arena_make();
    xd_ctx_begin(&g->cx);
    (void)pthread_mutex_init(&g->lock, NULL);
    (void)pthread_cond_init(&g->change, NULL);
    if (db->engine->beside) {
        start_writer(g);
    }
    db->gather = g;
}

void xd_gather_end(xd_db *db)
{
    xd_gather *g = db->gather;
    if (g == NULL) {
        return;
    }
    db->gather = NULL;
    if (g->beside) {
        (void)pthread_mutex_lock(&g->lock);
        g->ending = true;
        (void)pthread_cond_broadcast(&g->change);
        (void)pthread_mutex_unlock(&g->lock);
        (void)pthread_join(g->writer, NULL); /* ours, and joined here alone */
    }
    (void)pthread_cond_destroy(&g->change);
    (void)pthread_mutex_destroy(&g->lock);
    xd_ctx_end(&g->cx);
    xd_arena_free(g->portions[0].arena);
    xd_arena_free(g->portions[1].arena);
    xd_arena_free(g->arena);
}

static bool push(xd_ctx *cx, xd_db *db, bool wait)
{
    return db->engine->push == NULL || db->engine->push(cx, db, wait);
}

/* What was gathered is written, or on its way. */
static bool hand_on(xd_ctx *cx, xd_db *db)
{
    xd_gather *g = db->gather;
    if (!take_back(cx, g)) {
        return false;
    }
    if (g->failed) {
        return xd_fail(cx, XD_SYSTEM, "a write before failed");
    }
    portion *p = &g->portions[g->filling];
    if (p->rows == 0) {
        return true;
    }
    if (g->beside && db->reading == 0) {
        lend(cx, g);
        return true;
    }
    g->failed = !push(cx, db, true) || !write_portion(cx, db, p);
    empty(p);
    return !g->failed;
}

bool xd_gather_write(xd_ctx *cx, xd_db *db)
{
    return db->gather == NULL || (hand_on(cx, db) && take_back(cx, db->gather));
}

/* An import knows half a dozen statements of this kind. */
static waiting *waiting_of(portion *p, const xd_sql *sql, xd_db_found *found)
{
    for (size_t i = 0; i < p->n; i++) {
        if (p->of[i].sql == sql) {
            return &p->of[i];
        }
    }
    assert(p->n < STATEMENTS);
    p->of[p->n] = (waiting){.sql = sql, .found = found};
    return &p->of[p->n++];
}

/* The portion that has room for one more of this statement; NULL when the one before failed. */
static portion *room_for(xd_ctx *cx, xd_db *db, const xd_sql *sql, xd_db_found *found)
{
    xd_gather *g = db->gather;
    portion *p = &g->portions[g->filling];
    if ((g->failed || waiting_of(p, sql, found)->rows == ROWS_MOST ||
         xd_arena_used(p->arena) > BYTES_MOST) &&
        !hand_on(cx, db)) {
        return NULL;
    }
    return &g->portions[g->filling];
}

static void keep(portion *p, waiting *w, const xd_arg *args)
{
    size_t n = 0;
    for (const xd_arg *arg = args; arg->name != NULL; arg++, n++) {
        xd_arg *kept = xd_push(p->arena, &w->args);
        *kept = *arg;
        kept->s = xd_str_copy(p->arena, arg->s);
    }
    if (w->found != NULL) {
        *xd_push(p->arena, &w->args) = (xd_arg)XD_ARG_END;
        n++;
    }
    w->n_args = n;
    w->rows++;
    p->rows++;
}

bool xd_db_insert(xd_ctx *cx, xd_db *db, const xd_sql *sql, const xd_arg *args)
{
    if (db->gather == NULL) {
        return db->engine->run(cx, db, sql, args);
    }
    portion *p = room_for(cx, db, sql, NULL);
    if (p == NULL) {
        return false;
    }
    keep(p, waiting_of(p, sql, NULL), args);
    return push(cx, db, false); /* of the rows before: the server has work while we gather */
}

bool xd_db_none(xd_ctx *cx, xd_db *db, const xd_sql *sql, const xd_arg *args,
                xd_db_found *found)
{
    if (db->gather == NULL) {
        const waiting one = {
            .sql = sql, .found = found, .rows = 1, .args = {.at = (xd_arg *)(uintptr_t)args}};
        return ask(cx, db, &one);
    }
    portion *p = room_for(cx, db, sql, found);
    if (p == NULL) {
        return false;
    }
    keep(p, waiting_of(p, sql, found), args);
    return true;
}
