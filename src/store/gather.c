/* Rows held back, to be written many to a statement.
 *
 * An import writes a dozen rows of a handful of statements for every record. One by one each of
 * them costs a statement's beginning and end; on PostgreSQL the server does little else. So rows
 * wait here, statement by statement, until there are enough of them or until anything else is
 * asked of the handle: whoever reads sees what was written before, as if nothing had waited.
 * Statements are written in the order in which each first came in the transaction, rows of one in
 * the order they came; so what a row refers to stands before it, when the first was given so. */
#include "store/engine.h"

#define STATEMENTS 8
#define BYTES_MOST ((size_t)512 << 10)
#define ROWS_MOST 2048 /* of one statement */

typedef struct waiting {
    const xd_sql *sql;
    size_t n_args, rows;
    XD_VEC(xd_arg) args; /* row after row */
} waiting;

struct xd_gather {
    xd_arena *arena; /* of this and of what waits */
    waiting of[STATEMENTS];
    size_t n, rows;
    bool failed; /* some rows did not get in: the transaction can only be undone */
};

void xd_db_gather(xd_db *db)
{
    if (db->gather == NULL) {
        xd_arena *arena = xd_arena_make();
        db->gather = xd_new(arena, xd_gather);
        db->gather->arena = arena;
    }
}

void xd_gather_end(xd_db *db)
{
    if (db->gather != NULL) {
        xd_arena *arena = db->gather->arena;
        db->gather = NULL;
        xd_arena_free(arena);
    }
}

static void empty(xd_db *db)
{
    xd_gather now = *db->gather;
    now.rows = 0;
    for (size_t i = 0; i < now.n; i++) {
        now.of[i] = (waiting){.sql = now.of[i].sql};
    }
    xd_arena_reset(now.arena);
    db->gather = xd_new(now.arena, xd_gather);
    *db->gather = now;
}

static bool push(xd_ctx *cx, xd_db *db, bool wait)
{
    return db->engine->push == NULL || db->engine->push(cx, db, wait);
}

bool xd_gather_write(xd_ctx *cx, xd_db *db)
{
    xd_gather *g = db->gather;
    if (g == NULL) {
        return true;
    }
    if (g->failed) {
        return xd_fail(cx, XD_SYSTEM, "a write before failed");
    }
    if (g->rows == 0) {
        return true;
    }
    bool ok = push(cx, db, true);
    for (size_t i = 0; ok && i < g->n; i++) {
        const waiting *w = &g->of[i];
        ok = w->rows == 0 || db->engine->insert(cx, db, w->sql, w->args.at, w->n_args, w->rows);
    }
    g->failed = !ok;
    empty(db);
    return ok;
}

/* An import knows half a dozen statements of this kind. */
static waiting *waiting_of(xd_gather *g, const xd_sql *sql)
{
    for (size_t i = 0; i < g->n; i++) {
        if (g->of[i].sql == sql) {
            return &g->of[i];
        }
    }
    assert(g->n < STATEMENTS);
    g->of[g->n] = (waiting){.sql = sql};
    return &g->of[g->n++];
}

bool xd_db_insert(xd_ctx *cx, xd_db *db, const xd_sql *sql, const xd_arg *args)
{
    xd_gather *g = db->gather;
    if (g == NULL) {
        return db->engine->run(cx, db, sql, args);
    }
    waiting *w = waiting_of(g, sql);
    if (g->failed || w->rows == ROWS_MOST || xd_arena_used(g->arena) > BYTES_MOST) {
        if (!xd_gather_write(cx, db)) {
            return false;
        }
        g = db->gather;
        w = waiting_of(g, sql);
    }
    size_t n = 0;
    for (const xd_arg *arg = args; arg->name != NULL; arg++, n++) {
        xd_arg *kept = xd_push(g->arena, &w->args);
        *kept = *arg;
        kept->s = xd_str_copy(g->arena, arg->s);
    }
    w->n_args = n;
    w->rows++;
    g->rows++;
    return push(cx, db, false); /* of the rows before: the server has work while we gather */
}
