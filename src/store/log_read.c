/* Reading revisions. With log.c the only file that names revision, its parts and log_head. */
#include "store/log.h"

#define COLUMNS                                                                                \
    "r.seq, r.time, r.actor, r.kind, r.record, r.base, r.change_set, r.model,"                 \
    " r.open_hash, r.personal_hash, r.leaf, o.salt, o.body, p.salt, p.body"
#define JOINED                                                                                 \
    " LEFT JOIN open_part o ON o.seq = r.seq LEFT JOIN personal_part p ON p.seq = r.seq"

static void take_row(xd_rows *rows, xd_log_row *ret_row)
{
    *ret_row = (xd_log_row){
        .seq = xd_rows_int(rows, 0),
        .time = xd_rows_int(rows, 1),
        .actor = xd_rows_int(rows, 2),
        .kind = xd_rows_text(rows, 3),
        .record = xd_rows_int(rows, 4),
        .base = xd_rows_int(rows, 5),
        .set = xd_rows_int(rows, 6),
        .model = xd_rows_bytes(rows, 7),
        .open_hash = xd_rows_bytes(rows, 8),
        .personal_hash = xd_rows_bytes(rows, 9),
        .leaf = xd_rows_bytes(rows, 10),
        .open_there = !xd_rows_absent(rows, 12),
        .personal_there = !xd_rows_absent(rows, 14),
    };
    if (ret_row->open_there) {
        ret_row->open_salt = xd_rows_bytes(rows, 11);
        ret_row->open = xd_rows_text(rows, 12);
    }
    if (ret_row->personal_there) {
        ret_row->personal_salt = xd_rows_bytes(rows, 13);
        ret_row->personal = xd_rows_text(rows, 14);
    }
}

static bool to_revision(xd_ctx *cx, const xd_log_row *row, xd_revision *ret_rev)
{
    xd_revision rev = {
        .seq = row->seq,
        .time = row->time,
        .actor = row->actor,
        .record = row->record,
        .base = row->base,
        .set = row->set,
        .open = row->open,
        .personal = row->personal,
        .open_erased = !row->open_there,
        .personal_erased = row->personal_hash.n > 0 && !row->personal_there,
    };
    size_t kind = 0;
    while (kind < XD_LEN(xd_rev_kind_name) && !xd_str_eq(row->kind, xd_rev_kind_name[kind])) {
        kind++;
    }
    if (kind == XD_LEN(xd_rev_kind_name) || row->model.n != sizeof rev.model) {
        return xd_fail(cx, XD_BROKEN, "revision %" PRId64 " is damaged", row->seq);
    }
    rev.kind = (xd_rev_kind)kind;
    memcpy(rev.model, row->model.p, sizeof rev.model);
    *ret_rev = rev;
    return true;
}

typedef struct revisions_walk {
    xd_on_revision *fn;
    void *user;
} revisions_walk;

static bool on_revision(xd_ctx *cx, void *user, xd_rows *rows)
{
    const revisions_walk *walk = user;
    xd_log_row row;
    xd_revision rev;
    take_row(rows, &row);
    return !rows->odd && to_revision(cx, &row, &rev) && walk->fn(cx, walk->user, &rev);
}

static bool each(xd_ctx *cx, xd_store *store, const xd_sql *sql, const xd_arg *args,
                 xd_on_revision *fn, void *user)
{
    revisions_walk walk = {fn, user};
    return xd_rows_each(cx, store, sql, args, on_revision, &walk);
}

bool xd_log_each(xd_ctx *cx, xd_store *store, int64_t after, int64_t limit, xd_on_revision *fn,
                 void *user)
{
    static const xd_sql sql = XD_SQL_WALK("SELECT " COLUMNS " FROM revision r" JOINED
                                          " WHERE r.seq > :after ORDER BY r.seq LIMIT :limit");
    const xd_arg args[] = {
        XD_INT(":after", after),
        XD_INT(":limit", limit == 0 ? INT64_MAX : limit),
        XD_ARG_END,
    };
    return each(cx, store, &sql, args, fn, user);
}

bool xd_record_history(xd_ctx *cx, xd_store *store, int64_t id, xd_on_revision *fn, void *user)
{
    static const xd_sql sql = XD_SQL("SELECT " COLUMNS " FROM revision r" JOINED
                                     " WHERE r.record = :id AND r.record <> 0 ORDER BY r.seq");
    const xd_arg args[] = {XD_INT(":id", id), XD_ARG_END};
    return each(cx, store, &sql, args, fn, user);
}

typedef struct found {
    xd_arena *arena; /* the asker's */
    xd_revision *rev;
} found;

static bool keep(xd_ctx *cx, void *user, const xd_revision *rev)
{
    found *f = user;
    (void)cx; /* what is kept goes to the asker's arena */
    f->rev = xd_new(f->arena, xd_revision);
    *f->rev = *rev;
    f->rev->open = rev->open_erased ? (xd_str){NULL, 0} : xd_str_copy(f->arena, rev->open);
    f->rev->personal =
        rev->personal.n == 0 ? (xd_str){NULL, 0} : xd_str_copy(f->arena, rev->personal);
    return true;
}

bool xd_revision_find(xd_ctx *cx, xd_store *store, int64_t seq, const xd_revision **ret_rev)
{
    static const xd_sql sql =
        XD_SQL("SELECT " COLUMNS " FROM revision r" JOINED " WHERE r.seq = :seq");
    const xd_arg args[] = {XD_INT(":seq", seq), XD_ARG_END};
    found f = {.arena = cx->arena};
    if (!each(cx, store, &sql, args, keep, &f)) {
        return xd_fail_note(cx, "reading revision %" PRId64, seq);
    }
    *ret_rev = f.rev;
    return true;
}

bool xd_log_head(xd_ctx *cx, xd_store *store, int64_t *ret_seq, uint8_t ret_hash[32])
{
    static const xd_sql sql = XD_SQL("SELECT seq, leaf FROM log_head WHERE one = 1");
    xd_rows rows;
    bool more = false;
    if (!xd_rows_open(cx, store->db, &sql, NULL, &rows)) {
        return false;
    }
    bool ok = xd_rows_next(cx, &rows, &more);
    if (ok && more) {
        xd_str leaf = xd_rows_bytes(&rows, 1);
        if (leaf.n == XD_HASH_BYTES) {
            *ret_seq = xd_rows_int(&rows, 0);
            memcpy(ret_hash, leaf.p, XD_HASH_BYTES);
        } else {
            ok = xd_fail(cx, XD_BROKEN, "the head of the log is damaged");
        }
    } else if (ok) {
        ok = xd_fail(cx, XD_BROKEN, "the log has no head");
    }
    return xd_rows_close(cx, &rows) && ok;
}

bool xd_log_newest_model(xd_ctx *cx, xd_store *store, int64_t *ret_seq,
                         uint8_t ret_hash[XD_HASH_BYTES])
{
    static const xd_sql sql = XD_SQL("SELECT seq, model FROM revision WHERE kind = 'model'"
                                     " ORDER BY seq DESC LIMIT 1");
    xd_rows rows;
    bool more = false;
    if (!xd_rows_open(cx, store->db, &sql, NULL, &rows)) {
        return false;
    }
    bool ok = xd_rows_next(cx, &rows, &more);
    if (ok && !more) {
        *ret_seq = 0;
        memset(ret_hash, 0, XD_HASH_BYTES);
    } else if (ok) {
        xd_str hash = xd_rows_bytes(&rows, 1);
        *ret_seq = xd_rows_int(&rows, 0);
        if (hash.n == XD_HASH_BYTES) {
            memcpy(ret_hash, hash.p, XD_HASH_BYTES);
        } else {
            ok = xd_fail(cx, XD_BROKEN, "revision %" PRId64 " is damaged", *ret_seq);
        }
    }
    return xd_rows_close(cx, &rows) && ok;
}

bool xd_store_model_by_hash(xd_ctx *cx, xd_store *store, const uint8_t hash[32],
                            xd_str *ret_json)
{
    static const xd_sql sql =
        XD_SQL("SELECT r.seq FROM revision r WHERE r.kind = 'model' AND r.model = :hash"
               " ORDER BY r.seq DESC LIMIT 1");
    const xd_arg args[] = {
        XD_BYTES(":hash", ((xd_str){(const char *)hash, XD_HASH_BYTES})),
        XD_ARG_END,
    };
    int64_t seq = 0;
    const xd_revision *rev = NULL;
    if (!xd_db_int(cx, store->db, &sql, args, 0, &seq) ||
        (seq != 0 && !xd_revision_find(cx, store, seq, &rev))) {
        return false;
    }
    *ret_json = rev == NULL ? (xd_str){NULL, 0} : rev->open;
    return true;
}

bool xd_log_models_list(xd_ctx *cx, xd_store *store, xd_log_models *models)
{
    static const xd_sql sql =
        XD_SQL("SELECT seq, model FROM revision WHERE kind = 'model' ORDER BY seq");
    xd_rows rows;
    bool more = false;
    if (!xd_rows_open(cx, store->db, &sql, NULL, &rows)) {
        return false;
    }
    bool ok = xd_rows_next(cx, &rows, &more);
    while (ok && more) {
        xd_log_model *model = xd_push(cx->arena, models);
        xd_str hash = xd_rows_bytes(&rows, 1);
        model->seq = xd_rows_int(&rows, 0);
        memset(model->hash, 0, sizeof model->hash);
        memcpy(model->hash, hash.p, hash.n < sizeof model->hash ? hash.n : sizeof model->hash);
        ok = xd_rows_next(cx, &rows, &more);
    }
    return xd_rows_close(cx, &rows) && ok;
}

bool xd_log_kind_of(xd_ctx *cx, xd_store *store, int64_t seq, xd_str *ret_kind,
                    int64_t *ret_record)
{
    static const xd_sql sql = XD_SQL("SELECT kind, record FROM revision WHERE seq = :seq");
    const xd_arg args[] = {XD_INT(":seq", seq), XD_ARG_END};
    xd_rows rows;
    bool more = false;
    if (!xd_rows_open(cx, store->db, &sql, args, &rows)) {
        return false;
    }
    bool ok = xd_rows_next(cx, &rows, &more);
    if (ok) {
        *ret_kind = more ? xd_str_copy(cx->arena, xd_rows_text(&rows, 0)) : (xd_str){NULL, 0};
        *ret_record = more ? xd_rows_int(&rows, 1) : 0;
    }
    return xd_rows_close(cx, &rows) && ok;
}

bool xd_log_before(xd_ctx *cx, xd_store *store, int64_t record, int64_t seq, int64_t *ret_seq)
{
    static const xd_sql sql =
        XD_SQL("SELECT seq FROM revision WHERE record = :record AND record <> 0 AND seq < :seq"
               " AND kind <> 'erase' ORDER BY seq DESC LIMIT 1");
    const xd_arg args[] = {XD_INT(":record", record), XD_INT(":seq", seq), XD_ARG_END};
    return xd_db_int(cx, store->db, &sql, args, 0, ret_seq);
}

/* The leaf in the one row there may be. */
static bool read_leaf(xd_ctx *cx, xd_store *store, const xd_sql *sql, const xd_arg *args,
                      bool *ret_there, uint8_t ret_leaf[XD_HASH_BYTES])
{
    xd_rows rows;
    bool more = false;
    if (!xd_rows_open(cx, store->db, sql, args, &rows)) {
        return false;
    }
    bool ok = xd_rows_next(cx, &rows, &more);
    if (ok) {
        xd_str leaf = more ? xd_rows_bytes(&rows, 0) : XD_S("");
        *ret_there = leaf.n == XD_HASH_BYTES;
        if (*ret_there) {
            memcpy(ret_leaf, leaf.p, XD_HASH_BYTES);
        }
    }
    return xd_rows_close(cx, &rows) && ok;
}

bool xd_log_birth(xd_ctx *cx, xd_store *store, int64_t record, bool *ret_there,
                  uint8_t ret_leaf[XD_HASH_BYTES])
{
    static const xd_sql sql = XD_SQL("SELECT leaf FROM revision WHERE record = :record"
                                     " AND record <> 0 ORDER BY seq LIMIT 1");
    const xd_arg args[] = {XD_INT(":record", record), XD_ARG_END};
    return read_leaf(cx, store, &sql, args, ret_there, ret_leaf);
}

bool xd_log_hash_at(xd_ctx *cx, xd_store *store, int64_t seq, bool *ret_there,
                    uint8_t ret_hash[XD_HASH_BYTES])
{
    static const xd_sql sql = XD_SQL("SELECT leaf FROM revision WHERE seq = :seq");
    const xd_arg args[] = {XD_INT(":seq", seq), XD_ARG_END};
    return read_leaf(cx, store, &sql, args, ret_there, ret_hash);
}

bool xd_store_secret(xd_ctx *cx, xd_store *store, xd_str purpose, bool *ret_there,
                     uint8_t ret_secret[XD_HASH_BYTES])
{
    static const xd_sql sql = XD_SQL("SELECT salt FROM open_part WHERE seq = 1");
    xd_rows rows;
    bool there = false;
    if (!xd_rows_open(cx, store->db, &sql, NULL, &rows)) {
        return false;
    }
    bool ok = xd_rows_next(cx, &rows, &there);
    if (ok && there) {
        xd_str salt = xd_str_copy(cx->arena, xd_rows_bytes(&rows, 0));
        xd_str what = xd_str_join(cx->arena, XD_S("secret for "), purpose);
        ok = xd_hash_two(cx, store->hash, what, salt, ret_secret);
    }
    ok = xd_rows_close(cx, &rows) && ok;
    if (ok) {
        *ret_there = there;
    }
    return ok;
}

bool xd_log_set_spans(xd_ctx *cx, xd_store *store, int64_t set, xd_log_spans *spans)
{
    static const xd_sql sql =
        XD_SQL("SELECT record, min(seq), max(seq) FROM revision WHERE change_set = :set"
               " AND change_set <> 0 AND kind IN ('create', 'edit')"
               " GROUP BY record ORDER BY min(seq)");
    const xd_arg args[] = {XD_INT(":set", set), XD_ARG_END};
    xd_rows rows;
    bool more = false;
    if (!xd_rows_open(cx, store->db, &sql, args, &rows)) {
        return false;
    }
    bool ok = xd_rows_next(cx, &rows, &more);
    while (ok && more) {
        *xd_push(cx->arena, spans) =
            (xd_log_span){xd_rows_int(&rows, 0), xd_rows_int(&rows, 1), xd_rows_int(&rows, 2)};
        ok = xd_rows_next(cx, &rows, &more);
    }
    return xd_rows_close(cx, &rows) && ok;
}

typedef struct newest_walk {
    xd_on_newest *fn;
    void *user;
} newest_walk;

static bool on_newest(xd_ctx *cx, void *user, xd_rows *rows)
{
    const newest_walk *walk = user;
    int64_t record = xd_rows_int(rows, 0), seq = xd_rows_int(rows, 1);
    return walk->fn(cx, walk->user, record, seq);
}

bool xd_log_newest_each(xd_ctx *cx, xd_store *store, xd_on_newest *fn, void *user)
{
    static const xd_sql sql = XD_SQL_WALK(
        "SELECT record, max(seq) FROM revision WHERE record <> 0 AND kind <> 'erase'"
        " GROUP BY record ORDER BY record");
    newest_walk walk = {fn, user};
    return xd_rows_each(cx, store, &sql, NULL, on_newest, &walk);
}

/* ---- for verify
 * ------------------------------------------------------------------------------ */

typedef struct log_scan {
    xd_on_log_row *fn;
    void *user;
} log_scan;

static bool on_log_row(xd_ctx *cx, void *user, xd_rows *rows)
{
    const log_scan *scan = user;
    xd_log_row row;
    take_row(rows, &row);
    bool odd = rows->odd;
    rows->odd = false; /* told */
    return scan->fn(cx, scan->user, &row, odd);
}

bool xd_log_scan(xd_ctx *cx, xd_store *store, xd_on_log_row *fn, void *user)
{
    static const xd_sql sql =
        XD_SQL_WALK("SELECT " COLUMNS " FROM revision r NOT INDEXED"
                    " LEFT JOIN open_part o NOT INDEXED ON o.seq = r.seq"
                    " LEFT JOIN personal_part p NOT INDEXED ON p.seq = r.seq ORDER BY r.seq");
    log_scan scan = {fn, user};
    return xd_rows_each(cx, store, &sql, NULL, on_log_row, &scan);
}

bool xd_log_counts(xd_ctx *cx, xd_store *store, int64_t *ret_revisions, int64_t *ret_open,
                   int64_t *ret_personal)
{
    static const xd_sql revisions = XD_SQL("SELECT count(*) FROM revision NOT INDEXED");
    static const xd_sql open = XD_SQL("SELECT count(*) FROM open_part NOT INDEXED");
    static const xd_sql personal = XD_SQL("SELECT count(*) FROM personal_part NOT INDEXED");
    return xd_db_int(cx, store->db, &revisions, NULL, 0, ret_revisions) &&
           xd_db_int(cx, store->db, &open, NULL, 0, ret_open) &&
           xd_db_int(cx, store->db, &personal, NULL, 0, ret_personal);
}

bool xd_log_erase_each(xd_ctx *cx, xd_store *store, xd_on_erase *fn, void *user)
{
    static const xd_sql sql =
        XD_SQL_WALK("SELECT r.seq, o.body FROM revision r NOT INDEXED"
                    " JOIN open_part o NOT INDEXED ON o.seq = r.seq WHERE r.kind = 'erase'");
    xd_rows rows;
    bool more = false;
    if (!xd_rows_open(cx, store->db, &sql, NULL, &rows)) {
        return false;
    }
    bool ok = xd_rows_next(cx, &rows, &more);
    while (ok && more) {
        int64_t seq = xd_rows_int(&rows, 0);
        ok = fn(cx, user, seq, xd_rows_text(&rows, 1));
        rows.odd = false; /* the walk of the log tells */
        ok = ok && xd_rows_next(cx, &rows, &more);
    }
    return xd_rows_close(cx, &rows) && ok;
}

bool xd_log_index_check(xd_ctx *cx, xd_store *store, xd_store_faults *faults)
{
    static const struct {
        const char *name;
        xd_sql by_index, by_table;
    } pairs[] = {
        {"of records",
         XD_SQL("SELECT coalesce(sum(seq % 1000003), 0) + count(*)"
                " FROM revision INDEXED BY revision_of_record WHERE record <> 0"),
         XD_SQL("SELECT coalesce(sum(seq % 1000003), 0) + count(*)"
                " FROM revision NOT INDEXED WHERE record <> 0")    },
        {"of change sets",
         XD_SQL("SELECT coalesce(sum(seq % 1000003), 0) + count(*)"
                " FROM revision INDEXED BY revision_of_set WHERE change_set <> 0"),
         XD_SQL("SELECT coalesce(sum(seq % 1000003), 0) + count(*)"
                " FROM revision NOT INDEXED WHERE change_set <> 0")},
        {"of models",
         XD_SQL("SELECT coalesce(sum(seq % 1000003), 0) + count(*)"
                " FROM revision INDEXED BY revision_model WHERE kind = 'model'"),
         XD_SQL("SELECT coalesce(sum(seq % 1000003), 0) + count(*)"
                " FROM revision NOT INDEXED WHERE kind = 'model'") },
        {"of sets",
         XD_SQL("SELECT coalesce(sum(seq % 1000003), 0) + count(*)"
                " FROM revision INDEXED BY revision_set WHERE kind = 'set'"),
         XD_SQL("SELECT coalesce(sum(seq % 1000003), 0) + count(*)"
                " FROM revision NOT INDEXED WHERE kind = 'set'")   },
        {"of erasings",
         XD_SQL("SELECT coalesce(sum(seq % 1000003), 0) + count(*)"
                " FROM revision INDEXED BY revision_erase WHERE kind = 'erase'"),
         XD_SQL("SELECT coalesce(sum(seq % 1000003), 0) + count(*)"
                " FROM revision NOT INDEXED WHERE kind = 'erase'") },
    };
    if (!xd_db_is_file(store->db)) {
        return true; /* pg_amcheck is for that, and no query can name an index */
    }
    for (size_t i = 0; i < XD_LEN(pairs); i++) {
        int64_t by_index = 0, by_table = 0;
        if (!xd_db_int(cx, store->db, &pairs[i].by_index, NULL, 0, &by_index) ||
            !xd_db_int(cx, store->db, &pairs[i].by_table, NULL, 0, &by_table)) {
            return false;
        }
        if (by_index != by_table) {
            xd_store_fault_add(cx, faults, 0, 0, "the index %s does not find what is there",
                               pairs[i].name);
        }
    }
    return true;
}
