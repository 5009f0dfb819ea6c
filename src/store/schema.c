/* Which schema a store has, bringing it to the newest, comparing it. The schema itself is in
 * schema_steps.c. */
#include "store/schema.h"
#include "store/schema_pg.h"
#include "store/schema_steps.h"

#define APPLICATION 1480872788 /* "XDST" */

int64_t xd_schema_newest(void)
{
    int64_t newest = 0;
    (void)xd_schema_steps(&newest); /* the number alone */
    return newest;
}

static bool say_foreign(xd_ctx *cx)
{
    (void)xd_fail(cx, XD_UNREADABLE, "this is not a store of Xiudai");
    return xd_fail_words(
        cx, XD_S("这不是秀带的数据文件或数据库；请检查路径或地址是否写错。"),
        XD_S("This is not a Xiudai store. Check whether the path or address is right."));
}

bool xd_schema_version_now(xd_ctx *cx, xd_db *db, int64_t *ret_version)
{
    static const xd_sql version = XD_SQL_BOTH(
        "PRAGMA user_version", "SELECT version FROM schema_version WHERE program = 'xiudai'");
    return xd_db_int(cx, db, &version, NULL, 0, ret_version);
}

/* PostgreSQL: the tables of the schema that names without one fall into. */
static bool pg_version(xd_ctx *cx, xd_db *db, int64_t *ret_version)
{
    static const xd_sql tables = XD_SQL_PG(
        "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'v', 'm')");
    static const xd_sql ours = XD_SQL_PG(
        "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = current_schema() AND c.relname = 'schema_version'");
    static const xd_sql version =
        XD_SQL_PG("SELECT version FROM schema_version WHERE program = 'xiudai'");
    int64_t n = 0, there = 0, number = 0;
    if (!xd_db_int(cx, db, &tables, NULL, 0, &n) ||
        !xd_db_int(cx, db, &ours, NULL, 0, &there) ||
        (there > 0 && !xd_db_int(cx, db, &version, NULL, 0, &number))) {
        return false;
    }
    if (n > 0 && number < 1) {
        return say_foreign(cx);
    }
    *ret_version = number;
    return true;
}

bool xd_schema_version(xd_ctx *cx, xd_db *db, int64_t *ret_version)
{
    if (!xd_db_is_file(db)) {
        return pg_version(cx, db, ret_version);
    }
    static const xd_sql application = XD_SQL("PRAGMA application_id");
    static const xd_sql version = XD_SQL("PRAGMA user_version");
    static const xd_sql tables = XD_SQL("SELECT count(*) FROM sqlite_schema");
    int64_t app = 0, number = 0, n = 0;
    if (!xd_db_int(cx, db, &application, NULL, 0, &app) ||
        !xd_db_int(cx, db, &version, NULL, 0, &number) ||
        !xd_db_int(cx, db, &tables, NULL, 0, &n)) {
        return cx->err.code == XD_UNREADABLE ? say_foreign(cx) : false;
    }
    if (n == 0 && app == 0 && number == 0) {
        *ret_version = 0;
        return true;
    }
    if (app != APPLICATION || number < 1) {
        return say_foreign(cx);
    }
    *ret_version = number;
    return true;
}

bool xd_schema_expect(xd_ctx *cx, const char *place, int64_t version)
{
    if (version == xd_schema_newest()) {
        return true;
    }
    int newest = (int)xd_schema_newest();
    (void)xd_fail(cx, XD_CONFLICT, "%s has schema %" PRId64 ", this program %d", place, version,
                  newest);
    xd_arena *a = cx->arena;
    if (version > xd_schema_newest()) {
        return xd_fail_words(
            cx,
            xd_str_printf(
                a, "%s 是更新版本的秀带写的（库结构 %d，本程序只认到 %d）；请换用新版程序。",
                place, (int)version, newest),
            xd_str_printf(a,
                          "%s was written by a newer Xiudai (schema %d; this program knows up "
                          "to %d). Use the newer program.",
                          place, (int)version, newest));
    }
    return xd_fail_words(
        cx,
        xd_str_printf(
            a, "%s 的库结构是旧的（%d）；请先备份，再运行 xiudai serve，它会把结构升到 %d。",
            place, (int)version, newest),
        xd_str_printf(
            a,
            "%s has an older schema (%d). Make a backup, then run xiudai serve, which "
            "brings it to %d.",
            place, (int)version, newest));
}

/* Two first starts at once: the second waits until the first has committed. A file has its lock
 * file for that. */
bool xd_schema_lock(xd_ctx *cx, xd_db *db)
{
    static const xd_sql sql = XD_SQL_PG("SELECT pg_advisory_xact_lock(1480872788)");
    return xd_db_is_file(db) || xd_db_run(cx, db, &sql, NULL);
}

static bool is_for(const xd_db *db, const xd_sql *step)
{
    return xd_db_is_file(db) ? step->text != NULL : step->pg == NULL || step->pg[0] != '\0';
}

static bool run_migrations(xd_ctx *cx, xd_db *db, int64_t until)
{
    int64_t version = 0, newest = 0;
    if (!xd_schema_lock(cx, db) || !xd_schema_version(cx, db, &version)) {
        return false;
    }
    for (int64_t v = version; v < until; v++) {
        const xd_migration *migration = &xd_schema_steps(&newest)[v];
        for (size_t i = 0; i < migration->n; i++) {
            const xd_sql *step = &migration->steps[i];
            if (is_for(db, step) && !xd_db_run(cx, db, step, NULL)) {
                return xd_fail_note(cx, "migration %" PRId64 ", step %zu", v + 1, i + 1);
            }
        }
    }
    return true;
}

static bool migrate(xd_ctx *cx, xd_db *db, int64_t until)
{
    if (!xd_db_begin_write(cx, db)) {
        return false;
    }
    xd_db_guard(db, XD_GUARD_SCHEMA);
    bool ok = run_migrations(cx, db, until) && xd_db_commit(cx, db);
    if (!ok) {
        xd_db_rollback(db);
    }
    xd_db_guard(db, XD_GUARD_LOG);
    return ok;
}

bool xd_schema_migrate(xd_ctx *cx, xd_db *db)
{
    return migrate(cx, db, xd_schema_newest());
}

/* ---- comparing ----------------------------------------------------------------------------
 */

typedef XD_VEC(xd_str) texts;

static bool read_schema(xd_ctx *cx, xd_db *db, texts *ret_texts)
{
    /* SQLite's own rows (sqlite_autoindex_…) have no text: NULL there is of its making. */
    static const xd_sql sql =
        XD_SQL_BOTH("SELECT type || ' ' || name || ' on ' || tbl_name || ': ' ||"
                    " coalesce(sql, '') FROM sqlite_schema ORDER BY type, name",
                    XD_PG_CATALOG);
    xd_rows rows;
    bool more = false;
    if (!xd_rows_open(cx, db, &sql, NULL, &rows)) {
        return false;
    }
    bool ok = xd_rows_next(cx, &rows, &more);
    while (ok && more) {
        *xd_push(cx->arena, ret_texts) = xd_str_copy(cx->arena, xd_rows_text(&rows, 0));
        ok = xd_rows_next(cx, &rows, &more);
    }
    return xd_rows_close(cx, &rows) && ok;
}

static bool has(const texts *list, xd_str text)
{
    for (size_t i = 0; i < list->n; i++) {
        if (xd_str_eq(list->at[i], text)) {
            return true;
        }
    }
    return false;
}

static void tell_missing(xd_ctx *cx, const texts *from, const texts *in, const char *how,
                         xd_on_difference *fn, void *user)
{
    for (size_t i = 0; i < from->n; i++) {
        if (!has(in, from->at[i])) {
            xd_str line = from->at[i];
            line = xd_str_sub(line, 0, xd_str_find(line, XD_S(":"), 0));
            fn(user, xd_str_printf(cx->arena, "schema: " XD_FMT " %s", XD_ARG(line), how));
        }
    }
}

static texts lines_of(xd_ctx *cx, const char *const *lines, size_t n)
{
    texts list = {0};
    for (size_t i = 0; i < n; i++) {
        *xd_push(cx->arena, &list) = xd_str_of(lines[i]);
    }
    return list;
}

static bool read_ideal(xd_ctx *cx, int64_t version, texts *ret_texts)
{
    xd_db *ideal = NULL;
    if (!xd_db_open_memory(cx, &ideal)) {
        return false;
    }
    bool ok = migrate(cx, ideal, version) && read_schema(cx, ideal, ret_texts);
    xd_db_close(ideal);
    return ok;
}

/* PostgreSQL has no database in memory to make an ideal in: it is written down. */
static void pg_ideal(xd_ctx *cx, int64_t version, texts *ret_texts)
{
    int64_t newest = 0;
    const xd_migration *migration = xd_schema_steps(&newest);
    for (int64_t v = 0; v < version; v++) {
        const texts gone = lines_of(cx, migration[v].pg_go, migration[v].n_go);
        const texts come = lines_of(cx, migration[v].pg_come, migration[v].n_come);
        texts now = {0};
        for (size_t i = 0; i < ret_texts->n; i++) {
            if (!has(&gone, ret_texts->at[i])) {
                *xd_push(cx->arena, &now) = ret_texts->at[i];
            }
        }
        for (size_t i = 0; i < come.n; i++) {
            *xd_push(cx->arena, &now) = come.at[i];
        }
        *ret_texts = now;
    }
}

static bool ideal(xd_ctx *cx, const xd_db *db, int64_t version, texts *ret_texts)
{
    if (xd_db_is_file(db)) {
        return read_ideal(cx, version, ret_texts);
    }
    pg_ideal(cx, version, ret_texts);
    return true;
}

bool xd_schema_compare(xd_ctx *cx, xd_db *db, int64_t version, xd_on_difference *fn, void *user)
{
    texts here = {0}, wanted = {0};
    if (!read_schema(cx, db, &here) || !ideal(cx, db, version, &wanted)) {
        return false;
    }
    tell_missing(cx, &wanted, &here, "is missing or altered", fn, user);
    tell_missing(cx, &here, &wanted, "does not belong here", fn, user);
    return true;
}
