/* Verifying a store: does everything in it follow from the log, and the log from itself?
 *
 * All of it is read in one transaction, so that an import beside it is either seen or not. The
 * tables are read NOT INDEXED: a query that an index answers does not look at the table, and a
 * bit flipped there would go unseen; the indexes are compared with the tables by the engine's own
 * check and by lookups through them. The engine's check in turn does not see a flipped bit in a
 * text: that is what the hashes are for.
 *
 *   engine     its own check of pages, indexes, constraints
 *   schema     the text of every table, index and trigger
 *   log        verify_log.c: chain, parts, erasures, order, change sets, models
 *   records    every row is its newest revision; keys and links are those of its body
 *   the rest   serials, erasures, head, store row; rows that nothing accounts for
 *
 * A step that damage keeps from going on is a fault, and the next one is tried. */
#include "store/verify.h"
#include "store/schema.h"

static bool note_damage(xd_ctx *cx, xd_verify *v, const char *what, bool ok)
{
    if (ok) {
        return true;
    }
    xd_code code = cx->err.code;
    if (code == XD_CANCELLED || code == XD_BUSY || code == XD_FULL) {
        return false;
    }
    xd_err cause = xd_err_take(cx);
    xd_verify_fault(cx, v, v->last_seq, 0, "%s: cannot be read on: " XD_FMT, what,
                    XD_ARG(cause.message));
    return true;
}

void xd_verify_fault(xd_ctx *cx, xd_verify *v, int64_t seq, int64_t record, const char *format,
                     ...)
{
    char text[512];
    va_list args;
    (void)cx; /* its arena is a step's; a fault stays */
    if (v->faults->n > XD_FAULTS_MAX) {
        return;
    }
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args); /* cut short is good enough */
    va_end(args);
    if (v->faults->n == XD_FAULTS_MAX) {
        (void)snprintf(text, sizeof text, "more than %d faults; the rest is not listed",
                       XD_FAULTS_MAX);
        seq = record = 0;
    }
    (void)xd_store_fault_add(v->cx, v->faults, seq, record, "%s", text);
}

void xd_verify_progress(xd_verify *v)
{
    if (v->progress != NULL && (++v->done & 1023) == 0) {
        v->progress(v->user, v->done, v->total);
    }
}

/* ---- engine and schema ---------------------------------------------------------------------- */

static bool check_engine(xd_ctx *cx, xd_verify *v)
{
    static const xd_sql sql = XD_SQL("PRAGMA integrity_check(100)");
    xd_rows rows;
    bool more = false;
    if (!xd_db_is_file(v->store->db)) {
        return true; /* the server's own: data checksums and pg_amcheck */
    }
    if (!xd_rows_open(cx, v->store->db, &sql, NULL, &rows)) {
        return false;
    }
    bool ok = xd_rows_next(cx, &rows, &more);
    while (ok && more) {
        xd_str line = xd_rows_text(&rows, 0);
        if (!xd_str_eq(line, XD_S("ok"))) {
            xd_verify_fault(cx, v, 0, 0, "engine: " XD_FMT, XD_ARG(line));
        }
        ok = xd_rows_next(cx, &rows, &more);
    }
    return xd_rows_close(cx, &rows) && ok;
}

static void note_difference(void *user, xd_str what)
{
    xd_verify *v = user;
    xd_verify_fault(v->cx, v, 0, 0, XD_FMT, XD_ARG(what));
}

/* ---- records --------------------------------------------------------------------------------- */

static void compare_columns(xd_ctx *cx, xd_verify *v, const xd_record_row *row,
                            const xd_revision *rev, const xd_json *body)
{
    const struct {
        const char *name;
        bool same;
    } columns[] = {
        {"time",            row->time == rev->time},
        {      "model",                row->model.n == 32 && memcmp(row->model.p,                     rev->model, 32) == 0},
        {      "body",                 xd_str_eq(row->body,                             rev->open)},
        { "type", xd_str_eq(row->type,                         xd_json_get_str(body, XD_S("type")))},
        {                        "state", xd_str_eq(row->state,                        xd_json_get_str(body, XD_S("state")))},
        {                      "number", xd_str_eq(row->number,                       xd_json_get_str(body, XD_S("number")))},
    };
    for (size_t i = 0; i < XD_LEN(columns); i++) {
        if (!columns[i].same) {
            xd_verify_fault(cx, v, rev->seq, row->id, "record: %s is not that of its revision",
                            columns[i].name);
        }
    }
}

static bool check_shadows(xd_ctx *cx, xd_verify *v, const xd_record_row *row,
                          const xd_revision *rev)
{
    const xd_json *body = NULL;
    xd_body_keys keys = {0};
    xd_body_links links = {0};
    xd_store_faults found = {0};
    if (!xd_revision_body(cx, v->store, rev, &body)) {
        return false;
    }
    compare_columns(cx, v, row, rev, body);
    const xd_record_row wanted = {
        .id = row->id, .rev = rev->seq, .type = xd_json_get_str(body, XD_S("type"))};
    if (!xd_body_key_list(cx, v->model, body, &keys) ||
        !xd_body_link_list(cx, v->model, body, &links) ||
        !xd_keys_check(cx, v->store, &wanted, &keys, &v->keys, &found) ||
        !xd_links_check(cx, v->store, &wanted, &links, &v->links, &found)) {
        return false;
    }
    for (size_t i = 0; i < found.n; i++) {
        xd_verify_fault(cx, v, found.at[i].seq, found.at[i].record, XD_FMT,
                        XD_ARG(found.at[i].what));
    }
    return true;
}

static bool check_record(xd_ctx *cx, void *user, const xd_record_row *row, bool odd)
{
    xd_verify *v = user;
    const xd_revision *rev = NULL;
    v->records++;
    xd_verify_progress(v);
    if (odd) {
        xd_verify_fault(cx, v, row->rev, row->id, "record: a value of the wrong kind");
    }
    if (row->id >> XD_ID_COUNTER_BITS == v->store->number && row->id > v->newest_id) {
        v->newest_id = row->id;
    }
    if (!note_damage(cx, v, "record", xd_revision_find(cx, v->store, row->rev, &rev))) {
        return false;
    }
    bool fits =
        rev != NULL && rev->record == row->id &&
        (rev->kind == XD_REV_CREATE || rev->kind == XD_REV_EDIT || rev->kind == XD_REV_MOVE);
    if (!fits || rev->open_erased) {
        xd_verify_fault(cx, v, row->rev, row->id,
                        "record: revision %" PRId64 " is no body of record %" PRId64, row->rev,
                        row->id);
        return true;
    }
    return v->model == NULL || note_damage(cx, v, "record", check_shadows(cx, v, row, rev));
}

static bool check_records(xd_ctx *cx, xd_verify *v)
{
    int64_t keys = 0, links = 0, seq = 0, records = 0;
    uint8_t hash[XD_HASH_BYTES];
    if (!xd_log_newest_model(cx, v->store, &seq, hash)) {
        return false;
    }
    if (seq != 0 && !xd_store_model_load(cx, v->store, hash, &v->model)) {
        (void)note_damage(cx, v, "model", false);
    }
    if (!xd_record_scan(cx, v->store, check_record, v) || !xd_keys_count(cx, v->store, &keys) ||
        !xd_links_count(cx, v->store, &links) ||
        !xd_record_count(cx, v->store, XD_S(""), &records)) {
        return false;
    }
    if (records != v->records) {
        xd_verify_fault(cx, v, 0, 0,
                        "record: an index counts %" PRId64 " rows, the table has %" PRId64,
                        records, v->records);
    }
    if (v->model != NULL && keys != v->keys) {
        xd_verify_fault(cx, v, 0, 0,
                        "record_key: %" PRId64 " rows, the records have %" PRId64 " keys", keys,
                        v->keys);
    }
    if (v->model != NULL && links != v->links) {
        xd_verify_fault(cx, v, 0, 0,
                        "link: %" PRId64 " rows, the records have %" PRId64 " links", links,
                        v->links);
    }
    return true;
}

/* ---- serials and the store row ---------------------------------------------------------------- */

static bool check_serial(xd_ctx *cx, void *user, xd_str prefix, int64_t next, bool odd)
{
    xd_verify *v = user;
    const int64_t *wanted = odd ? NULL : xd_map_get(v->serials.next, prefix);
    v->serial_rows++;
    if (wanted == NULL || *wanted != next) {
        xd_verify_fault(cx, v, 0, 0,
                        "serial: " XD_FMT " goes on with %" PRId64 ", by the log with %" PRId64,
                        XD_ARG(prefix), next, wanted == NULL ? 0 : *wanted);
    }
    return true;
}

static bool check_serials(xd_ctx *cx, xd_verify *v)
{
    if (!xd_serial_scan(cx, v->store, check_serial, v)) {
        return false;
    }
    if (v->serial_rows != xd_map_count(v->serials.next)) {
        xd_verify_fault(cx, v, 0, 0, "serial: %zu rows, by the log there should be %zu",
                        v->serial_rows, xd_map_count(v->serials.next));
    }
    return true;
}

static bool check_store_row(xd_ctx *cx, xd_verify *v)
{
    return xd_store_row_check(cx, v->store, v->newest_id, v->faults);
}

/* ---- all ---------------------------------------------------------------------------------------- */

static bool check_schema(xd_ctx *cx, xd_verify *v)
{
    if (v->store->newer_schema) {
        return xd_schema_expect(cx, v->store->place, xd_schema_newest() + 1);
    }
    return xd_schema_compare(cx, v->store->db, xd_schema_newest(), note_difference, v);
}

static bool run_steps(xd_ctx *cx, xd_verify *v)
{
    static const struct {
        const char *name;
        bool (*check)(xd_ctx *cx, xd_verify *v);
    } steps[] = {
        {"engine",  check_engine      },
        {"schema",  check_schema      },
        {"log",     xd_verify_log     },
        {"record",  check_records     },
        {"serial",  check_serials     },
        {"erasure", xd_verify_erasures},
        {"store",   check_store_row   },
    };
    int64_t open = 0, personal = 0, records = 0;
    if (note_damage(cx, v, "log",
                    xd_log_counts(cx, v->store, &v->total, &open, &personal) &&
                        xd_record_count(cx, v->store, XD_S(""), &records))) {
        v->total += records;
    }
    for (size_t i = 0; i < XD_LEN(steps); i++) {
        if (!note_damage(cx, v, steps[i].name, steps[i].check(cx, v))) {
            return false;
        }
    }
    if (v->progress != NULL) {
        v->progress(v->user, v->total, v->total);
    }
    return true;
}

bool xd_store_verify(xd_ctx *cx, xd_store *store, xd_store_faults *faults,
                     void (*progress)(void *user, int64_t done, int64_t of), void *user)
{
    xd_arena *arena = xd_arena_make();
    xd_verify v = {
        .cx = cx,
        .store = store,
        .faults = faults,
        .progress = progress,
        .user = user,
        .arena = arena,
        .serials = {xd_map_make(arena), arena},
        .erased = xd_map_make(arena),
    };
    bool ok = xd_db_begin_read(cx, store->db) && run_steps(cx, &v);
    xd_db_rollback(store->db);
    xd_arena_free(arena);
    return ok || xd_fail_note(cx, "verifying %s", store->place);
}
