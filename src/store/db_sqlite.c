#include "store/db_sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- errors --------------------------------------------------------------------------- */

/* SQLite keeps errno for some calls only; for the rest ours was cleared before the call. */
static xd_code code_of(sqlite3 *engine, int rc)
{
    int told = engine == NULL ? 0 : sqlite3_system_errno(engine);
    int sys = told != 0 ? told : errno;
    bool io = (rc & 0xff) == SQLITE_IOERR || (rc & 0xff) == SQLITE_CANTOPEN;
    if ((rc & 0xff) == SQLITE_FULL ||
        (io && (sys == ENOSPC || sys == EDQUOT || sys == EFBIG))) {
        return XD_FULL;
    }
    if (io && (sys == EACCES || sys == EPERM || sys == EROFS)) {
        return XD_DENIED;
    }
    switch (rc & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return XD_BUSY;
    case SQLITE_CORRUPT:
    case SQLITE_CONSTRAINT:
        return XD_BROKEN;
    case SQLITE_NOTADB:
        return XD_UNREADABLE;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return XD_DENIED;
    case SQLITE_TOOBIG:
        return XD_LIMIT;
    case SQLITE_INTERRUPT:
        return XD_CANCELLED;
    default:
        return XD_SYSTEM;
    }
}

static void words_for(xd_ctx *cx, const char *path)
{
    xd_arena *a = cx->arena;
    if (cx->err.code == XD_FULL) {
        (void)xd_fail_words(
            cx, xd_str_printf(a, "存储空间已满，%s 没有写入；请腾出空间后再试。", path),
            xd_str_printf(a,
                          "There is no room left to write %s; nothing was changed. Make "
                          "room, then try again.",
                          path));
    } else if (cx->err.code == XD_DENIED) {
        (void)xd_fail_words(
            cx, xd_str_printf(a, "%s 或它所在的文件夹不能写；请检查权限，或换一个位置。", path),
            xd_str_printf(a,
                          "%s, or the folder it lies in, may not be written. Check the "
                          "permissions or choose another place.",
                          path));
    } else if (cx->err.code == XD_ABSENT) {
        (void)xd_fail_words(
            cx, xd_str_printf(a, "%s 所在的文件夹不存在；请先建好，或换一个位置。", path),
            xd_str_printf(
                a, "The folder of %s is not there. Make it first, or choose another place.",
                path));
    } else if (cx->err.code == XD_BROKEN) {
        (void)xd_fail_words(
            cx, xd_str_printf(a, "%s 有损坏；请运行 xiudai verify 查明，并从备份恢复。", path),
            xd_str_printf(a,
                          "%s is damaged. Run xiudai verify to learn where, and restore a "
                          "backup.",
                          path));
    }
}

bool xd_lite_fail(xd_ctx *cx, xd_lite *db, int rc, const char *what)
{
    if ((rc & 0xff) == SQLITE_INTERRUPT && !xd_go_on(cx)) {
        return false;
    }
    (void)xd_fail(cx, code_of(db->engine, rc), "%s: %s (SQLite %d)", what,
                  sqlite3_errmsg(db->engine), rc);
    words_for(cx, db->path);
    return false;
}

/* ---- the second wall ------------------------------------------------------------------- */

static bool is_part(const char *table)
{
    return strcmp(table, "open_part") == 0 || strcmp(table, "personal_part") == 0;
}

static bool is_log(const char *table)
{
    return strcmp(table, "revision") == 0 || is_part(table);
}

static int authorize(void *user, int action, const char *a, const char *b, const char *database,
                     const char *trigger)
{
    const xd_lite *db = user;
    (void)b; /* columns, argument: the table decides */
    (void)database;
    (void)trigger;
    if (db->guard == XD_GUARD_SCHEMA) {
        return SQLITE_OK;
    }
    switch (action) {
    case SQLITE_UPDATE:
        return is_log(a) ? SQLITE_DENY : SQLITE_OK;
    case SQLITE_DELETE:
        if (is_log(a) && !(is_part(a) && db->guard == XD_GUARD_ERASE)) {
            return SQLITE_DENY;
        }
        return SQLITE_OK;
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_INSERT:
    case SQLITE_FUNCTION:
    case SQLITE_PRAGMA:
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
    case SQLITE_RECURSIVE:
        return SQLITE_OK;
    default: /* create, drop, alter, attach, analyze, reindex … */
        return SQLITE_DENY;
    }
}

static void set_guard(xd_db *db, xd_guard guard)
{
    ((xd_lite *)db)->guard = guard;
}

static int give_up(void *user)
{
    const xd_lite *db = user;
    const xd_ctx *cx = db->cx;
    return cx != NULL && ((cx->stop != NULL && *cx->stop != 0) ||
                          (cx->deadline != 0 && xd_monotonic() > cx->deadline));
}

/* ---- checkpoints ----------------------------------------------------------------------- */

#define WAL_PAGES 1000 /* more are moved into the file; SQLite's own measure */

/* Readers are not waited for; what could not be moved is moved another time. */
static void checkpoint(sqlite3 *engine)
{
    (void)sqlite3_wal_checkpoint_v2(engine, "main", SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

static int after_commit(void *user, sqlite3 *engine, const char *database, int pages)
{
    xd_lite *db = user;
    (void)database; /* there is one */
    db->wal_pages = pages;
    if (!db->holds && pages >= WAL_PAGES) {
        checkpoint(engine);
    }
    return SQLITE_OK;
}

/* ---- opening and closing --------------------------------------------------------------- */

static void free_db(xd_lite *db)
{
    for (size_t i = 0; i < XD_LITE_KEPT_SLOTS; i++) {
        (void)sqlite3_finalize(db->kept[i].statement); /* its last error was told then */
    }
    for (size_t i = 0; i < XD_LITE_MANY_SLOTS; i++) {
        (void)sqlite3_finalize(db->many[i].statement); /* the same */
    }
    if (db->engine != NULL) {
        (void)sqlite3_close(db->engine); /* nothing is left open that could refuse */
    }
    xd_arena_free(db->arena);
}

static void close_db(xd_db *db)
{
    free_db((xd_lite *)db);
}

static bool set_up(xd_ctx *cx, xd_lite *db, const xd_db_options *options)
{
    static const xd_sql keys = XD_SQL("PRAGMA foreign_keys = ON");
    static const xd_sql secure = XD_SQL("PRAGMA secure_delete = ON");
    static const xd_sql temp = XD_SQL("PRAGMA temp_store = MEMORY");
    static const xd_sql cells = XD_SQL("PRAGMA cell_size_check = ON");
    static const xd_sql sync = XD_SQL("PRAGMA synchronous = FULL");
    static const xd_sql *const always[] = {&keys, &secure, &temp, &cells, &sync};

    sqlite3 *e = db->engine;
    int rc = sqlite3_extended_result_codes(e, 1);
    rc = rc == SQLITE_OK ? sqlite3_db_config(e, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) : rc;
    rc = rc == SQLITE_OK ? sqlite3_db_config(e, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL) : rc;
    rc = rc == SQLITE_OK ? sqlite3_busy_timeout(e, 10000) : rc;
    rc = rc == SQLITE_OK ? sqlite3_set_authorizer(e, authorize, db) : rc;
    if (rc != SQLITE_OK) {
        return xd_lite_fail(cx, db, rc, "setting up the store");
    }
    sqlite3_progress_handler(e, 20000, give_up, db);
    (void)sqlite3_wal_hook(e, after_commit, db);      /* returns the hook before */
    (void)sqlite3_limit(e, SQLITE_LIMIT_ATTACHED, 1); /* VACUUM attaches one */

    for (size_t i = 0; i < XD_LEN(always); i++) {
        if (!xd_lite_run(cx, &db->base, always[i], NULL)) {
            return false;
        }
    }
    static const xd_sql small = XD_SQL("PRAGMA cache_size = -8192");
    static const xd_sql large = XD_SQL("PRAGMA cache_size = -98304");
    return xd_lite_run(cx, &db->base, options->cache_kib > 16384 ? &large : &small, NULL);
}

/* The file is made by us, not by SQLite, so that nobody else can read it from its first
 * moment; -wal and -shm take its mode. */
static bool make_file(xd_ctx *cx, const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        (void)xd_fail_errno(cx, errno, "making %s", path);
        words_for(cx, path);
        return false;
    }
    (void)close(fd); /* empty or untouched */
    return true;
}

static xd_lite *new_db(const char *path)
{
    xd_arena *arena = xd_arena_make();
    xd_lite *db = xd_new(arena, xd_lite);
    db->base.engine = &xd_engine_sqlite;
    db->arena = arena;
    db->path = xd_cstr(arena, xd_str_of(path));
    return db;
}

/* Counting every allocation takes a lock of the whole process, and nobody asks for the sum. */
static void configure(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* refused: it is counted on */
}

static bool open_engine(xd_ctx *cx, xd_lite *db, const char *name, int flags,
                        const xd_db_options *options, xd_db **ret_db)
{
    static pthread_once_t configured = PTHREAD_ONCE_INIT;
    (void)pthread_once(&configured, configure); /* cannot fail with a static once */
    errno = 0;
    int rc = sqlite3_open_v2(name, &db->engine, flags, NULL);
    if (rc != SQLITE_OK) {
        (void)xd_fail(cx, code_of(db->engine, rc), "opening %s: %s", db->path,
                      db->engine == NULL ? sqlite3_errstr(rc) : sqlite3_errmsg(db->engine));
        words_for(cx, db->path);
    }
    if (rc != SQLITE_OK || !set_up(cx, db, options)) {
        free_db(db);
        return false;
    }
    *ret_db = &db->base;
    return true;
}

bool xd_sqlite_open(xd_ctx *cx, const char *path, const xd_db_options *options, xd_db **ret_db)
{
    struct stat st;
    if (options->create && !make_file(cx, path)) {
        return false;
    }
    if (stat(path, &st) != 0) {
        return xd_fail_errno(cx, errno, "opening %s", path);
    }
    if (!S_ISREG(st.st_mode)) {
        return xd_fail(cx, XD_UNREADABLE, "%s is not a file", path);
    }
    int flags = SQLITE_OPEN_NOMUTEX |
                (options->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
    return open_engine(cx, new_db(path), path, flags, options, ret_db);
}

bool xd_db_open_memory(xd_ctx *cx, xd_db **ret_db)
{
    const xd_db_options options = {.cache_kib = 2048};
    int flags =
        SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY;
    return open_engine(cx, new_db(":memory:"), ":memory:", flags, &options, ret_db);
}

/* ---- statements ------------------------------------------------------------------------ */

static xd_lite_kept *slot_of(xd_lite *db, const xd_sql *sql)
{
    size_t i = ((uintptr_t)sql >> 3) * 0x9e3779b97f4a7c15U >> 55;
    while (db->kept[i].sql != NULL && db->kept[i].sql != sql) {
        i = (i + 1) % XD_LITE_KEPT_SLOTS;
    }
    return &db->kept[i];
}

static bool prepare(xd_ctx *cx, xd_lite *db, const xd_sql *sql, unsigned flags,
                    sqlite3_stmt **ret_statement)
{
    int rc = sqlite3_prepare_v3(db->engine, sql->text, -1, flags, ret_statement, NULL);
    return rc == SQLITE_OK || xd_lite_fail(cx, db, rc, sql->text);
}

bool xd_lite_bind(xd_ctx *cx, xd_lite *db, sqlite3_stmt *statement, int at, const xd_arg *arg)
{
    int rc = SQLITE_OK;
    const char *p = arg->s.p == NULL ? "" : arg->s.p;
    switch (arg->kind) {
    case XD_ARG_KIND_INT:
        rc = sqlite3_bind_int64(statement, at, arg->i);
        break;
    case XD_ARG_KIND_TEXT:
        rc = sqlite3_bind_text64(statement, at, p, arg->s.n, SQLITE_STATIC, SQLITE_UTF8);
        break;
    case XD_ARG_KIND_BYTES:
        rc = sqlite3_bind_blob64(statement, at, p, arg->s.n, SQLITE_STATIC);
        break;
    case XD_ARG_KIND_INTS:
    case XD_ARG_KIND_TEXTS:
    case XD_ARG_KIND_END:
        assert(false); /* PostgreSQL's */
        break;
    }
    return rc == SQLITE_OK || xd_lite_fail(cx, db, rc, "binding a value");
}

static bool bind(xd_ctx *cx, xd_lite *db, sqlite3_stmt *statement, const xd_arg *args)
{
    int bound = 0;
    for (const xd_arg *arg = args; arg != NULL && arg->name != NULL; arg++, bound++) {
        int at = bound + 1; /* the usual case: given in the order they first stand */
        const char *there = sqlite3_bind_parameter_name(statement, at);
        if (there == NULL || strcmp(there, arg->name) != 0) {
            at = sqlite3_bind_parameter_index(statement, arg->name);
        }
        assert(at > 0);
        if (!xd_lite_bind(cx, db, statement, at, arg)) {
            return false;
        }
    }
    assert(bound == sqlite3_bind_parameter_count(statement));
    return true;
}

static bool rows_open(xd_ctx *cx, xd_db *any, const xd_sql *sql, const xd_arg *args,
                      xd_rows *ret_rows)
{
    xd_lite *db = (xd_lite *)any;
    xd_lite_kept *slot = slot_of(db, sql);
    xd_rows rows = {.db = any, .kept = slot->in_use ? NULL : slot};
    sqlite3_stmt *statement = slot->statement;
    db->cx = cx;
    if (rows.kept == NULL) {
        if (!prepare(cx, db, sql, 0, &statement)) {
            return false;
        }
    } else if (statement == NULL) {
        assert(db->n_kept < XD_LITE_KEPT_SLOTS / 2);
        if (!prepare(cx, db, sql, SQLITE_PREPARE_PERSISTENT, &statement)) {
            return false;
        }
        *slot = (xd_lite_kept){sql, statement, false};
        db->n_kept++;
    }
    rows.statement = statement;
    if (!bind(cx, db, statement, args)) {
        if (rows.kept == NULL) {
            (void)sqlite3_finalize(statement); /* the binding's error is told */
        }
        return false;
    }
    slot->in_use = true;
    *ret_rows = rows;
    return true;
}

static bool rows_next(xd_ctx *cx, xd_rows *rows, bool *ret_more)
{
    xd_lite *db = (xd_lite *)rows->db;
    db->cx = cx;
    errno = 0;
    int rc = sqlite3_step(rows->statement);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE) {
        return xd_lite_fail(cx, db, rc, sqlite3_sql(rows->statement));
    }
    *ret_more = rc == SQLITE_ROW;
    return true;
}

static void end_statement(xd_rows *rows)
{
    xd_lite_kept *slot = rows->kept;
    if (slot == NULL) {
        (void)sqlite3_finalize(rows->statement); /* step told its error */
    } else {
        (void)sqlite3_reset(rows->statement); /* step told its error */
        slot->in_use = false;
    }
}

static bool rows_close(xd_ctx *cx, xd_rows *rows)
{
    if (rows->odd) {
        (void)xd_fail(cx, XD_BROKEN, "a value of the wrong kind in: %s",
                      sqlite3_sql(rows->statement));
        words_for(cx, ((xd_lite *)rows->db)->path);
    }
    end_statement(rows);
    return !rows->odd;
}

bool xd_lite_run(xd_ctx *cx, xd_db *any, const xd_sql *sql, const xd_arg *args)
{
    xd_rows rows;
    bool more = true;
    if (!rows_open(cx, any, sql, args, &rows)) {
        return false;
    }
    bool ok = true;
    while (ok && more) {
        ok = rows_next(cx, &rows, &more);
    }
    return rows_close(cx, &rows) && ok;
}

static bool transact(xd_ctx *cx, xd_db *any, xd_transact what)
{
    static const xd_sql words[] = {
        [XD_TRANSACT_WRITE] = XD_SQL("BEGIN IMMEDIATE"),
        [XD_TRANSACT_READ] = XD_SQL("BEGIN"),
        [XD_TRANSACT_COMMIT] = XD_SQL("COMMIT"),
        [XD_TRANSACT_ROLLBACK] = XD_SQL("ROLLBACK"),
    };
    bool ok = xd_lite_run(cx, any, &words[what], NULL);
    ((xd_lite *)any)->cx = NULL; /* a rollback's context ends before the handle */
    return ok;
}

static int64_t rows_int(xd_rows *rows, int column)
{
    rows->odd = rows->odd || sqlite3_column_type(rows->statement, column) != SQLITE_INTEGER;
    return sqlite3_column_int64(rows->statement, column);
}

static xd_str slice(xd_rows *rows, int column, int kind)
{
    if (sqlite3_column_type(rows->statement, column) != kind) {
        rows->odd = true;
        return XD_S("");
    }
    const void *p = sqlite3_column_blob(rows->statement, column);
    int n = sqlite3_column_bytes(rows->statement, column);
    return p == NULL || n <= 0 ? XD_S("") : (xd_str){p, (size_t)n};
}

static xd_str rows_text(xd_rows *rows, int column)
{
    return slice(rows, column, SQLITE_TEXT);
}

static xd_str rows_bytes(xd_rows *rows, int column)
{
    return slice(rows, column, SQLITE_BLOB);
}

static bool rows_absent(xd_rows *rows, int column)
{
    return sqlite3_column_type(rows->statement, column) == SQLITE_NULL;
}

static bool in_transaction(const xd_db *any)
{
    return sqlite3_get_autocommit(((const xd_lite *)any)->engine) == 0;
}

const xd_engine xd_engine_sqlite = {
    .close = close_db,
    .guard = set_guard,
    .transact = transact,
    .in_transaction = in_transaction,
    .run = xd_lite_run,
    .insert = xd_lite_insert,
    .beside = true,
    .rows_open = rows_open,
    .rows_next = rows_next,
    .rows_close = rows_close,
    .rows_int = rows_int,
    .rows_text = rows_text,
    .rows_bytes = rows_bytes,
    .rows_absent = rows_absent,
};

/* ---- care ------------------------------------------------------------------------------- */

static xd_lite *lite_of(xd_db *any)
{
    assert(any->engine == &xd_engine_sqlite);
    return (xd_lite *)any;
}

bool xd_db_use_wal(xd_ctx *cx, xd_db *any)
{
    static const xd_sql wal = XD_SQL("PRAGMA journal_mode = WAL");
    return xd_lite_run(cx, &lite_of(any)->base, &wal, NULL);
}

bool xd_db_leave_wal(xd_ctx *cx, xd_db *any)
{
    static const xd_sql rollback = XD_SQL("PRAGMA journal_mode = DELETE");
    return xd_lite_run(cx, &lite_of(any)->base, &rollback, NULL);
}

void xd_db_hold_checkpoint(xd_db *any, bool hold)
{
    if (!xd_db_is_file(any)) {
        return;
    }
    xd_lite *db = lite_of(any);
    bool due = db->holds && !hold && db->wal_pages >= WAL_PAGES;
    db->holds = hold;
    db->wal_pages = 0;
    if (due) {
        checkpoint(db->engine);
    }
}

bool xd_db_truncate_wal(xd_ctx *cx, xd_db *any)
{
    xd_lite *db = lite_of(any);
    int rc =
        sqlite3_wal_checkpoint_v2(db->engine, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    return rc == SQLITE_OK || xd_lite_fail(cx, db, rc, "emptying the write-ahead log");
}

bool xd_db_copy_pages(xd_ctx *cx, xd_db *any_from, xd_db *any_to)
{
    xd_lite *from = lite_of(any_from), *to = lite_of(any_to);
    sqlite3_backup *copy = sqlite3_backup_init(to->engine, "main", from->engine, "main");
    if (copy == NULL) {
        return xd_lite_fail(cx, to, sqlite3_extended_errcode(to->engine), "copying pages");
    }
    int rc = SQLITE_OK;
    bool going = true;
    errno = 0;
    while (going && rc == SQLITE_OK) {
        rc = sqlite3_backup_step(copy, 4096);
        going = xd_go_on(cx);
    }
    int finish = sqlite3_backup_finish(copy);
    if (!going) {
        return false;
    }
    rc = rc == SQLITE_DONE ? finish : rc;
    return rc == SQLITE_OK || xd_lite_fail(cx, to, rc, "copying pages");
}
