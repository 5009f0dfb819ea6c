/* The table record: the newest body of every record. The personal part is joined from where it
 * stands, so that it is in one place only. */
#include "store/log.h"

#define COLUMNS "c.id, c.rev, c.time, c.type, c.state, c.number, c.model, c.body"

static void take_row(xd_rows *rows, xd_record_row *ret_row)
{
    *ret_row = (xd_record_row){
        .id = xd_rows_int(rows, 0),
        .rev = xd_rows_int(rows, 1),
        .time = xd_rows_int(rows, 2),
        .type = xd_rows_text(rows, 3),
        .state = xd_rows_text(rows, 4),
        .number = xd_rows_text(rows, 5),
        .model = xd_rows_bytes(rows, 6),
        .body = xd_rows_text(rows, 7),
    };
}

/* ---- for other rooms ---- */

static bool parse(xd_ctx *cx, xd_store *store, const xd_record_row *row, xd_str personal,
                  const uint8_t newest[XD_HASH_BYTES], xd_record *ret_record)
{
    const xd_json *open = NULL, *hidden = NULL;
    xd_record record = {
        .id = row->id,
        .rev = row->rev,
        .time = row->time,
        .type = row->type,
        .state = row->state,
        .number = row->number.n == 0 ? (xd_str){NULL, 0}
              : row->number,
    };
    if (row->model.n != sizeof record.model) {
        return xd_fail(cx, XD_BROKEN, "record %" PRId64 " is damaged", row->id);
    }
    memcpy(record.model, row->model.p, sizeof record.model);
    if (!xd_json_read(cx, row->body, &open) ||
        (personal.n > 0 && !xd_json_read(cx, personal, &hidden))) {
        xd_err cause = xd_err_take(cx);
        return xd_fail(cx, XD_BROKEN, "record %" PRId64 " is damaged: " XD_FMT, row->id,
                       XD_ARG(cause.message));
    }
    record.body = hidden == NULL ? open : xd_body_join(cx, open, hidden);
    if (memcmp(record.model, newest, sizeof record.model) != 0 &&
        !xd_store_step(cx, store, record.model, record.body, NULL, &record.body)) {
        return false;
    }
    *ret_record = record;
    return true;
}

typedef struct records_walk {
    xd_store *store;
    xd_on_record *fn;
    void *user;
    uint8_t newest[XD_HASH_BYTES];
} records_walk;

static bool on_record(xd_ctx *cx, void *user, xd_rows *rows)
{
    const records_walk *walk = user;
    xd_record_row row;
    xd_record record;
    take_row(rows, &row);
    xd_str personal = xd_rows_absent(rows, 8) ? XD_S("") : xd_rows_text(rows, 8);
    return !rows->odd && parse(cx, walk->store, &row, personal, walk->newest, &record) &&
           walk->fn(cx, walk->user, &record);
}

static bool each(xd_ctx *cx, xd_store *store, const xd_sql *sql, const xd_arg *args,
                 xd_on_record *fn, void *user)
{
    records_walk walk = {.store = store, .fn = fn, .user = user};
    int64_t model_seq = 0;
    return xd_log_newest_model(cx, store, &model_seq, walk.newest) &&
           xd_rows_each(cx, store, sql, args, on_record, &walk);
}

typedef struct found {
    xd_ctx *cx; /* the asker's */
    xd_record *record;
} found;

static bool keep(xd_ctx *cx, void *user, const xd_record *record)
{
    found *f = user;
    xd_arena *a = f->cx->arena;
    (void)cx; /* what is kept goes to the asker's arena */
    f->record = xd_new(a, xd_record);
    *f->record = *record;
    f->record->type = xd_str_copy(a, record->type);
    f->record->state = xd_str_copy(a, record->state);
    f->record->number = record->number.n == 0 ? record->number : xd_str_copy(a, record->number);
    f->record->body = xd_json_clone(a, record->body);
    return true;
}

bool xd_record_find(xd_ctx *cx, xd_store *store, int64_t id, const xd_record **ret_record)
{
    static const xd_sql sql =
        XD_SQL("SELECT " COLUMNS ", p.body FROM record c"
               " LEFT JOIN personal_part p ON p.seq = c.rev WHERE c.id = :id");
    const xd_arg args[] = {XD_INT(":id", id), XD_ARG_END};
    found f = {.cx = cx};
    if (!each(cx, store, &sql, args, keep, &f)) {
        return xd_fail_note(cx, "reading record %" PRId64, id);
    }
    *ret_record = f.record;
    return true;
}

bool xd_record_each(xd_ctx *cx, xd_store *store, xd_str type, xd_on_record *fn, void *user)
{
    static const xd_sql all =
        XD_SQL_WALK("SELECT " COLUMNS ", p.body FROM record c"
                    " LEFT JOIN personal_part p ON p.seq = c.rev ORDER BY c.id");
    static const xd_sql of_type = XD_SQL_WALK(
        "SELECT " COLUMNS ", p.body FROM record c"
        " LEFT JOIN personal_part p ON p.seq = c.rev WHERE c.type = :type ORDER BY c.id");
    const xd_arg args[] = {XD_TEXT(":type", type), XD_ARG_END};
    return type.n == 0 ? each(cx, store, &all, NULL, fn, user)
                       : each(cx, store, &of_type, args, fn, user);
}

bool xd_record_count(xd_ctx *cx, xd_store *store, xd_str type, int64_t *ret_n)
{
    static const xd_sql all = XD_SQL("SELECT count(*) FROM record");
    static const xd_sql of_type = XD_SQL("SELECT count(*) FROM record WHERE type = :type");
    const xd_arg args[] = {XD_TEXT(":type", type), XD_ARG_END};
    return type.n == 0 ? xd_db_int(cx, store->db, &all, NULL, 0, ret_n)
                       : xd_db_int(cx, store->db, &of_type, args, 0, ret_n);
}

/* ---- for this room ---- */

bool xd_record_row_find(xd_ctx *cx, xd_store *store, int64_t id, bool *ret_there,
                        xd_record_row *ret_row)
{
    static const xd_sql sql = XD_SQL("SELECT " COLUMNS " FROM record c WHERE c.id = :id");
    const xd_arg args[] = {XD_INT(":id", id), XD_ARG_END};
    xd_rows rows;
    xd_record_row row = {0};
    bool more = false;
    if (!xd_rows_open(cx, store->db, &sql, args, &rows)) {
        return false;
    }
    bool ok = xd_rows_next(cx, &rows, &more);
    if (ok && more) {
        take_row(&rows, &row);
        row.type = xd_str_copy(cx->arena, row.type);
        row.state = xd_str_copy(cx->arena, row.state);
        row.number = xd_str_copy(cx->arena, row.number);
        row.model = xd_str_copy(cx->arena, row.model);
        row.body = xd_str_copy(cx->arena, row.body);
    }
    ok = xd_rows_close(cx, &rows) && ok;
    if (ok) {
        *ret_there = more;
        *ret_row = row;
    }
    return ok;
}

bool xd_record_row_save(xd_ctx *cx, xd_store *store, const xd_record_row *row, bool is_new)
{
    static const xd_sql insert =
        XD_SQL("INSERT INTO record (id, rev, time, type, state, number, model, body)"
               " VALUES (:id, :rev, :time, :type, :state, :number, :model, :body)");
    static const xd_sql update =
        XD_SQL("UPDATE record SET rev = :rev, time = :time, type = :type, state = :state,"
               " number = :number, model = :model, body = :body WHERE id = :id");
    const xd_arg args[] = {
        XD_INT(":id", row->id),
        XD_INT(":rev", row->rev),
        XD_INT(":time", row->time),
        XD_TEXT(":type", row->type),
        XD_TEXT(":state", row->state),
        XD_TEXT(":number", row->number),
        XD_BYTES(":model", row->model),
        XD_TEXT(":body", row->body),
        XD_ARG_END,
    };
    return is_new ? xd_db_insert(cx, store->db, &insert, args)
                  : xd_db_run(cx, store->db, &update, args);
}

bool xd_record_rows_clear(xd_ctx *cx, xd_store *store)
{
    static const xd_sql sql = XD_SQL_BOTH(
        "DELETE FROM record WHERE id IN (SELECT id FROM record ORDER BY id LIMIT 2048)",
        "DELETE FROM record");
    static const xd_sql left = XD_SQL("SELECT 1 FROM record LIMIT 1");
    return xd_rows_clear(cx, store, &sql, &left);
}

bool xd_record_exists(xd_ctx *cx, xd_store *store, int64_t id, bool *ret_there)
{
    static const xd_sql sql = XD_SQL("SELECT 1 FROM record WHERE id = :id");
    const xd_arg args[] = {XD_INT(":id", id), XD_ARG_END};
    int64_t one = 0;
    if (!xd_db_int(cx, store->db, &sql, args, 0, &one)) {
        return false;
    }
    *ret_there = one == 1;
    return true;
}

typedef struct record_scan {
    xd_on_record_row *fn;
    void *user;
} record_scan;

static bool on_row(xd_ctx *cx, void *user, xd_rows *rows)
{
    const record_scan *scan = user;
    xd_record_row row;
    take_row(rows, &row);
    bool odd = rows->odd;
    rows->odd = false; /* told */
    return scan->fn(cx, scan->user, &row, odd);
}

bool xd_record_scan(xd_ctx *cx, xd_store *store, xd_on_record_row *fn, void *user)
{
    static const xd_sql sql =
        XD_SQL_WALK("SELECT " COLUMNS " FROM record c NOT INDEXED ORDER BY c.id");
    record_scan scan = {fn, user};
    return xd_rows_each(cx, store, &sql, NULL, on_row, &scan);
}
