#include "store/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "store/lock.h"
#include "store/schema.h"

/* ---- the store row ------------------------------------------------------------------------
 */

static bool seal(xd_ctx *cx, xd_store *store, int64_t next_id, uint8_t ret_seal[XD_HASH_BYTES])
{
    xd_str text = xd_str_printf(cx->arena, "%" PRId64 " 1 %" PRId64 " %" PRId64, store->number,
                                store->algorithm, next_id);
    return xd_hash_two(cx, store->hash, XD_S("store "), text, ret_seal);
}

static bool insert_row(xd_ctx *cx, xd_store *store)
{
    static const xd_sql sql =
        XD_SQL("INSERT INTO store (one, number, format, algorithm, next_id, seal)"
               " VALUES (1, :number, 1, :algorithm, 1, :seal)");
    uint8_t mark[XD_HASH_BYTES];
    if (!xd_hash_open(cx, store->algorithm, &store->hash) || !seal(cx, store, 1, mark)) {
        return false;
    }
    const xd_arg args[] = {
        XD_INT(":number", store->number),
        XD_INT(":algorithm", store->algorithm),
        XD_BYTES(":seal", ((xd_str){(const char *)mark, sizeof mark})),
        XD_ARG_END,
    };
    return xd_db_run(cx, store->db, &sql, args) && xd_log_start(cx, store);
}

typedef struct store_row {
    bool there;
    int64_t number, algorithm, next_id;
    xd_str seal;
} store_row;

#define ROW "SELECT number, algorithm, next_id, seal FROM store WHERE one = 1"
static const xd_sql row_sql = XD_SQL(ROW);
/* To be changed: on PostgreSQL the row is locked, on SQLite the file is. */
static const xd_sql row_to_change_sql = XD_SQL_BOTH(ROW, ROW " FOR UPDATE");

static bool read_row_by(xd_ctx *cx, xd_store *store, const xd_sql *sql, store_row *ret_row)
{
    xd_rows rows;
    store_row row = {0};
    if (!xd_rows_open(cx, store->db, sql, NULL, &rows)) {
        return false;
    }
    bool ok = xd_rows_next(cx, &rows, &row.there);
    if (ok && row.there) {
        row.number = xd_rows_int(&rows, 0);
        row.algorithm = xd_rows_int(&rows, 1);
        row.next_id = xd_rows_int(&rows, 2);
        row.seal = xd_str_copy(cx->arena, xd_rows_bytes(&rows, 3));
    }
    ok = xd_rows_close(cx, &rows) && ok;
    if (ok) {
        *ret_row = row;
    }
    return ok;
}

static bool read_row(xd_ctx *cx, xd_store *store, store_row *ret_row)
{
    return read_row_by(cx, store, &row_sql, ret_row);
}

static bool load_row(xd_ctx *cx, xd_store *store)
{
    store_row row;
    if (!read_row(cx, store, &row)) {
        return false;
    }
    if (!row.there) {
        return xd_fail(cx, XD_BROKEN, "%s has no row saying which store it is", store->place);
    }
    store->number = row.number;
    store->algorithm = row.algorithm;
    return xd_hash_open(cx, row.algorithm, &store->hash);
}

bool xd_store_row_check(xd_ctx *cx, xd_store *store, int64_t newest_id, xd_store_faults *faults)
{
    static const xd_sql count = XD_SQL("SELECT count(*) FROM store NOT INDEXED");
    store_row row;
    uint8_t mark[XD_HASH_BYTES];
    int64_t n = 0;
    if (!read_row(cx, store, &row) || !xd_db_int(cx, store->db, &count, NULL, 0, &n) ||
        !seal(cx, store, row.next_id, mark)) {
        return false;
    }
    if (!row.there || n != 1 || row.number != store->number ||
        row.algorithm != store->algorithm || row.seal.n != sizeof mark ||
        memcmp(row.seal.p, mark, sizeof mark) != 0) {
        xd_store_fault_add(cx, faults, 0, 0, "the store row does not fit its seal");
    }
    int64_t own = newest_id >> XD_ID_COUNTER_BITS == store->number
                      ? newest_id & ((INT64_C(1) << XD_ID_COUNTER_BITS) - 1)
                      : 0;
    if (row.there && row.next_id <= own) {
        xd_store_fault_add(cx, faults, 0, newest_id,
                           "record ids are reserved only below %" PRId64, row.next_id);
    }
    return true;
}

/* ---- record ids ---------------------------------------------------------------------------
 */

static bool move_next_id(xd_ctx *cx, xd_store *store, int64_t n)
{
    static const xd_sql sql =
        XD_SQL("UPDATE store SET next_id = :next, seal = :seal WHERE one = 1");
    store_row row;
    uint8_t mark[XD_HASH_BYTES];
    if (!read_row_by(cx, store, &row_to_change_sql, &row)) {
        return false;
    }
    if (n > (INT64_C(1) << XD_ID_COUNTER_BITS) - row.next_id) {
        return xd_fail(cx, XD_LIMIT, "store %" PRId64 " has used up its record ids",
                       store->number);
    }
    int64_t next = row.next_id + n;
    if (!seal(cx, store, next, mark)) {
        return false;
    }
    const xd_arg args[] = {
        XD_INT(":next", next),
        XD_BYTES(":seal", ((xd_str){(const char *)mark, sizeof mark})),
        XD_ARG_END,
    };
    if (!xd_db_run(cx, store->db, &sql, args)) {
        return false;
    }
    int64_t first = store->number << XD_ID_COUNTER_BITS | row.next_id;
    if (store->end_id != first) { /* else the block just grows */
        store->next_id = first;
    }
    store->end_id = first + n;
    return true;
}

bool xd_ids_reserve(xd_ctx *cx, xd_store *store, int64_t n)
{
    if (xd_db_in_transaction(store->db)) {
        return move_next_id(cx, store, n);
    }
    if (!xd_db_begin_write(cx, store->db)) {
        return false;
    }
    if (!move_next_id(cx, store, n) || !xd_db_commit(cx, store->db)) {
        xd_db_rollback(store->db);
        store->next_id = store->end_id = 0;
        return xd_fail_note(cx, "reserving record ids");
    }
    return true;
}

bool xd_ids_try_reserve(xd_ctx *cx, xd_store *store, int64_t n, bool *ret_got)
{
    static const xd_sql lock = XD_SQL_PG(ROW " FOR UPDATE NOWAIT");
    bool got = false;
    if (!xd_db_begin_write(cx, store->db)) {
        return false;
    }
    bool ok = xd_db_try_lock(cx, store->db, &lock, &got) &&
              (!got || (move_next_id(cx, store, n) && xd_db_commit(cx, store->db)));
    xd_db_rollback(store->db); /* nothing to undo after a commit */
    if (!ok) {
        store->next_id = store->end_id = 0;
        return xd_fail_note(cx, "reserving record ids");
    }
    *ret_got = got;
    return true;
}

bool xd_ids_next(xd_ctx *cx, xd_store *store, int64_t *ret_next)
{
    store_row row;
    if (!read_row(cx, store, &row)) {
        return false;
    }
    *ret_next = row.next_id;
    return true;
}

void xd_store_expect(xd_store *store, int64_t creates)
{
    store->expect = creates;
}

/* ---- opening and closing ------------------------------------------------------------------
 */

void xd_store_close(xd_store *store)
{
    if (!store->open) {
        return;
    }
    if (store->head != NULL) {
        xd_head_release(store->head);
    }
    xd_db_close(store->db);
    xd_hash_close(store->hash);
    xd_ctx_end(&store->own);
    store->open = false;
}

static void close_at_end(void *p)
{
    xd_store_close(p);
}

bool xd_store_schema_is_ours(const xd_store *store)
{
    return !store->newer_schema;
}

int xd_store_schema(void)
{
    return (int)xd_schema_newest();
}

bool xd_store_see_schema(xd_ctx *cx, xd_store *store)
{
    int64_t version = 0;
    if (!xd_schema_version_now(cx, store->db, &version)) {
        return false;
    }
    store->newer_schema = version == xd_schema_newest() + 1;
    return store->newer_schema || xd_schema_expect(cx, store->place, version);
}

void xd_store_patience(xd_store *store, int ms)
{
    xd_db_patience(store->db, ms);
}

bool xd_store_listen(xd_ctx *cx, xd_store *store)
{
    return xd_db_listen(cx, store->db);
}

bool xd_store_wait(xd_ctx *cx, xd_store *store, int ms)
{
    return xd_db_wait(cx, store->db, ms);
}

bool xd_store_lost(const xd_store *store)
{
    return !store->in_doubt && (store->lost || xd_db_fate_of(store->db) != XD_DB_THERE);
}

xd_str xd_store_shown(xd_arena *arena, const char *place)
{
    return xd_db_shown(arena, place);
}

const char *xd_store_place(const xd_store *store)
{
    return store->place;
}

static bool say_absent(xd_ctx *cx, const char *place)
{
    return xd_fail_words(
        cx,
        xd_str_printf(cx->arena,
                      "%s 还没有数据；请先运行 xiudai serve 或 xiudai import，它们会建好它。",
                      place),
        xd_str_printf(
            cx->arena,
            "There is no store at %s yet. Run xiudai serve or xiudai import, which make "
            "it.",
            place));
}

static bool make_folder(xd_ctx *cx, const char *place)
{
    const char *slash = strrchr(place, '/');
    if (slash == NULL || slash == place) {
        return true;
    }
    xd_str folder = {place, (size_t)(slash - place)};
    return xd_dir_make(cx, xd_cstr(cx->arena, folder));
}

static bool prepare_file(xd_ctx *cx, xd_store *store)
{
    /* Two or three bodies a page; on a file that has pages already it does nothing. */
    static const xd_sql pages = XD_SQL("PRAGMA page_size = 8192");
    return xd_db_run(cx, store->db, &pages, NULL) && xd_db_use_wal(cx, store->db);
}

/* Under the head's lock file, so that two first starts do not meet half way. */
static bool make_or_migrate(xd_ctx *cx, xd_store *store)
{
    store_row row;
    if ((xd_db_is_file(store->db) && !prepare_file(cx, store)) ||
        !xd_schema_migrate(cx, store->db) || !xd_db_begin_write(cx, store->db)) {
        return false;
    }
    bool ok = xd_schema_lock(cx, store->db) && read_row(cx, store, &row) &&
              (row.there || insert_row(cx, store)) && xd_db_commit(cx, store->db);
    if (!ok) {
        xd_db_rollback(store->db);
    }
    xd_hash_close(store->hash); /* load_row() opens the one the file names */
    store->hash = NULL;
    return ok;
}

static bool settle_schema(xd_ctx *cx, xd_store *store)
{
    int64_t version = 0;
    if (!xd_schema_version(cx, store->db, &version)) {
        return false;
    }
    if (store->mode != XD_STORE_CREATE || version > xd_schema_newest()) {
        if (version == 0) {
            (void)xd_fail(cx, XD_ABSENT, "%s is empty", store->place);
            return say_absent(cx, store->place);
        }
        store->newer_schema = store->mode == XD_STORE_READ && version == xd_schema_newest() + 1;
        return store->any_schema || store->newer_schema ||
               xd_schema_expect(cx, store->place, version);
    }
    store_row row = {0};
    if (version == xd_schema_newest() && (!read_row(cx, store, &row) || row.there)) {
        return row.there;
    }
    int lock = -1;
    if (!xd_db_is_file(store->db)) {
        return make_or_migrate(cx, store);
    }
    if (!xd_lock_take(cx, store->place, "xiudai: making the store", -1, NULL, NULL, &lock)) {
        return false;
    }
    bool ok = make_or_migrate(cx, store);
    xd_lock_drop(lock);
    return ok;
}

static bool open_place(xd_ctx *cx, xd_store *store, const char *place)
{
    const xd_db_options options = {
        .read_only = store->mode == XD_STORE_READ,
        .create = store->mode == XD_STORE_CREATE,
        .cache_kib = store->mode == XD_STORE_READ ? 8192 : 98304,
    };
    bool is_url = xd_db_is_url(place);
    if (options.create && !is_url && !make_folder(cx, place)) {
        return false;
    }
    if (!xd_db_open(cx, place, &options, &store->db)) {
        return cx->err.code == XD_ABSENT && !is_url ? say_absent(cx, place) : false;
    }
    if (!settle_schema(cx, store) || !load_row(cx, store)) {
        return false;
    }
    return is_url || store->mode == XD_STORE_READ || xd_db_use_wal(cx, store->db);
}

static bool open_as(xd_ctx *cx, const char *place, xd_store_mode mode,
                    const xd_store_make *make, bool any_schema, xd_store **ret_store)
{
    if (make != NULL && (make->number < 0 || make->number > 8191)) {
        return xd_fail(cx, XD_INVALID, "a store's number is 0 to 8191");
    }
    xd_store *store = xd_new(cx->arena, xd_store);
    *store = (xd_store){
        .place = xd_cstr(cx->arena, xd_store_shown(cx->arena, place)),
        .mode = mode,
        .open = true,
        .any_schema = any_schema,
        .algorithm = make != NULL && make->sm3 ? 2 : 1,
        .number = make != NULL ? make->number : 0,
    };
    xd_ctx_begin(&store->own);
    store->models = xd_map_make(store->own.arena);
    if (!open_place(cx, store, place)) {
        xd_store_close(store);
        return xd_fail_note(cx, "opening the store %s", store->place);
    }
    xd_defer(cx, close_at_end, store);
    *ret_store = store;
    return true;
}

bool xd_store_open(xd_ctx *cx, const char *place, xd_store_mode mode, xd_store **ret_store)
{
    return open_as(cx, place, mode, NULL, false, ret_store);
}

bool xd_store_open_new(xd_ctx *cx, const char *place, const xd_store_make *make,
                       xd_store **ret_store)
{
    return open_as(cx, place, XD_STORE_CREATE, make, false, ret_store);
}

bool xd_store_open_any(xd_ctx *cx, const char *place, xd_store **ret_store)
{
    return open_as(cx, place, XD_STORE_READ, NULL, true, ret_store);
}

xd_store_fault *xd_store_fault_add(xd_ctx *cx, xd_store_faults *faults, int64_t seq,
                                   int64_t record, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args); /* cut short is good enough */
    va_end(args);
    xd_store_fault *fault = xd_push(cx->arena, faults);
    *fault = (xd_store_fault){seq, record, xd_str_copy(cx->arena, xd_str_of(text))};
    return fault;
}

void xd_inner_begin(const xd_ctx *cx, xd_ctx *ret_inner)
{
    *ret_inner = *cx;
    ret_inner->arena = xd_arena_make();
    ret_inner->err = (xd_err){.code = XD_OK};
    ret_inner->defers = NULL;
}

bool xd_inner_fail(xd_ctx *cx, const xd_ctx *inner)
{
    const xd_err *e = &inner->err;
    if (e->code == XD_OK) {
        return xd_fail(cx, XD_CANCELLED, "the walk was stopped");
    }
    (void)xd_fail(cx, e->code, XD_FMT, XD_ARG(e->message));
    return xd_fail_words(cx, e->zh, e->en);
}

bool xd_rows_each(xd_ctx *cx, xd_store *store, const xd_sql *sql, const xd_arg *args,
                  xd_on_row *fn, void *user)
{
    xd_rows rows;
    xd_ctx inner;
    bool more = false;
    if (!xd_rows_open(cx, store->db, sql, args, &rows)) {
        return false;
    }
    xd_inner_begin(cx, &inner);
    bool ok = xd_rows_next(cx, &rows, &more);
    while (ok && more) {
        ok = xd_go_on(cx) &&
             (fn(&inner, user, &rows) || (!rows.odd && xd_inner_fail(cx, &inner)));
        xd_ctx_reset(&inner);
        ok = ok && !rows.odd && xd_rows_next(cx, &rows, &more);
    }
    xd_ctx_end(&inner);
    return xd_rows_close(cx, &rows) && ok;
}
