/* The table record_key: what a record is recognised by. */
#include "store/private.h"

#define CANDIDATES 20

bool xd_key_find(xd_ctx *cx, xd_store *store, xd_str type, xd_str kind, xd_str value,
                 int64_t **ret_ids, size_t *ret_n)
{
    static const xd_sql sql =
        XD_SQL("SELECT record FROM record_key WHERE type = :type AND kind = :kind"
               " AND value = :value ORDER BY record LIMIT 20");
    const xd_arg args[] = {
        XD_TEXT(":type", type),
        XD_TEXT(":kind", kind),
        XD_TEXT(":value", value),
        XD_ARG_END,
    };
    xd_rows rows;
    bool more = false;
    int64_t *ids = xd_new_n(cx->arena, int64_t, CANDIDATES);
    size_t n = 0;
    if (!xd_rows_open(cx, store->db, &sql, args, &rows)) {
        return false;
    }
    bool ok = xd_rows_next(cx, &rows, &more);
    while (ok && more && n < CANDIDATES) {
        ids[n++] = xd_rows_int(&rows, 0);
        ok = xd_rows_next(cx, &rows, &more);
    }
    ok = xd_rows_close(cx, &rows) && ok;
    if (ok) {
        *ret_ids = ids;
        *ret_n = n;
    }
    return ok;
}

typedef struct key_walk {
    xd_on_key *fn;
    void *user;
} key_walk;

static bool on_key_row(xd_ctx *cx, void *user, xd_rows *rows)
{
    const key_walk *walk = user;
    xd_str kind = xd_rows_text(rows, 0), value = xd_rows_text(rows, 1);
    return rows->odd || walk->fn(cx, walk->user, kind, value);
}

bool xd_key_each(xd_ctx *cx, xd_store *store, xd_str type, xd_on_key *fn, void *user)
{
    static const xd_sql sql =
        XD_SQL_WALK("SELECT kind, value FROM record_key WHERE type = :type");
    const xd_arg args[] = {XD_TEXT(":type", type), XD_ARG_END};
    key_walk walk = {fn, user};
    return xd_rows_each(cx, store, &sql, args, on_key_row, &walk);
}

static bool say_taken(xd_ctx *cx, int64_t other, const xd_body_key *key)
{
    size_t bar = xd_str_find(key->value, XD_S("|"), 0);
    xd_str value = bar == SIZE_MAX ? key->value : xd_str_sub(key->value, 0, bar);
    (void)xd_fail(cx, XD_CONFLICT, "record %" PRId64 " already has the " XD_FMT " " XD_FMT,
                  other, XD_ARG(key->kind), XD_ARG(value));
    return xd_fail_words(cx,
                         xd_str_printf(cx->arena,
                                       "记录 #%" PRId64 " 已有相同的编号或代码（" XD_FMT
                                       "）；请核对是不是同一条。",
                                       other, XD_ARG(value)),
                         xd_str_printf(cx->arena,
                                       "Record #%" PRId64
                                       " already has this number or code (" XD_FMT
                                       "). Check whether they are the same.",
                                       other, XD_ARG(value)));
}

static const xd_sql unique_sql =
    XD_SQL("SELECT record FROM record_key WHERE type = :type AND kind = :kind"
           " AND value = :value AND record <> :record LIMIT 1");
#define UNIQUE_ARGS(type, key, record)                                                         \
    {                                                                                          \
        XD_TEXT(":type", (type)), XD_TEXT(":kind", (key)->kind),                               \
            XD_TEXT(":value", (key)->value), XD_INT(":record", (record)), XD_ARG_END,          \
    }

bool xd_keys_unique(xd_ctx *cx, xd_store *store, int64_t record, xd_str type,
                    const xd_body_keys *keys)
{
    for (size_t i = 0; i < keys->n; i++) {
        const xd_body_key *key = &keys->at[i];
        const xd_arg args[] = UNIQUE_ARGS(type, key, record);
        int64_t other = 0;
        if (key->unique && !xd_db_int(cx, store->db, &unique_sql, args, 0, &other)) {
            return false;
        }
        if (other != 0) {
            return say_taken(cx, other, key);
        }
    }
    return true;
}

#define LATER_MOST 1024

static bool found_taken(xd_ctx *cx, const xd_arg *args, int64_t other)
{
    const xd_body_key key = {.kind = args[1].s, .value = args[2].s};
    return say_taken(cx, other, &key);
}

bool xd_keys_unique_later(xd_ctx *cx, xd_head *head, int64_t record, xd_str type,
                          const xd_body_keys *keys)
{
    xd_keys_later *later = &head->later;
    bool ok = true;
    for (size_t i = 0; ok && i < keys->n; i++) {
        const xd_body_key *key = &keys->at[i];
        const xd_arg args[] = UNIQUE_ARGS(type, key, record);
        if (key->unique && xd_db_is_file(head->store->db)) {
            ok = xd_db_none(cx, head->store->db, &unique_sql, args, found_taken);
        } else if (key->unique) {
            *xd_push(later->arena, &later->list) =
                (xd_key_later){.type = xd_str_copy(later->arena, type),
                               .kind = xd_str_copy(later->arena, key->kind),
                               .value = xd_str_copy(later->arena, key->value),
                               .record = record};
        }
    }
    return ok && (later->list.n < LATER_MOST || xd_keys_settle(cx, head));
}

/* PostgreSQL is asked of all of them at once. They have their rows already: a key that two
 * records have is found from the side of either. */
static bool find_taken_pg(xd_ctx *cx, xd_store *store, const xd_keys_later *later,
                          int64_t *ret_other, xd_body_key *ret_key)
{
    static const xd_sql sql = XD_SQL_PG(
        "SELECT k.record, k.kind, k.value FROM (SELECT unnest(:types) AS type,"
        " unnest(:kinds) AS kind, unnest(:values) AS value, unnest(:records) AS record) u"
        " JOIN record_key k ON k.type = u.type COLLATE \"C\" AND k.kind = u.kind COLLATE \"C\""
        " AND k.value = u.value COLLATE \"C\" AND k.record <> u.record LIMIT 1");
    size_t n = later->list.n;
    xd_str *types = xd_new_n(cx->arena, xd_str, n), *kinds = xd_new_n(cx->arena, xd_str, n),
           *values = xd_new_n(cx->arena, xd_str, n);
    int64_t *records = xd_new_n(cx->arena, int64_t, n);
    for (size_t i = 0; i < n; i++) {
        types[i] = later->list.at[i].type;
        kinds[i] = later->list.at[i].kind;
        values[i] = later->list.at[i].value;
        records[i] = later->list.at[i].record;
    }
    const xd_arg args[] = {
        XD_TEXTS(":types", types, n),
        XD_TEXTS(":kinds", kinds, n),
        XD_TEXTS(":values", values, n),
        XD_INTS(":records", records, n),
        XD_ARG_END,
    };
    xd_rows rows;
    bool more = false;
    if (!xd_rows_open(cx, store->db, &sql, args, &rows)) {
        return false;
    }
    bool ok = xd_rows_next(cx, &rows, &more);
    if (ok && more) {
        *ret_other = xd_rows_int(&rows, 0);
        *ret_key = (xd_body_key){.kind = xd_str_copy(cx->arena, xd_rows_text(&rows, 1)),
                                 .value = xd_str_copy(cx->arena, xd_rows_text(&rows, 2))};
    }
    return xd_rows_close(cx, &rows) && ok;
}

bool xd_keys_settle(xd_ctx *cx, xd_head *head)
{
    xd_store *store = head->store;
    xd_keys_later *later = &head->later;
    int64_t other = 0;
    xd_body_key key = {0};
    if (later->list.n == 0) {
        return true;
    }
    bool ok = find_taken_pg(cx, store, later, &other, &key) &&
              (other == 0 || say_taken(cx, other, &key));
    xd_arena *arena = later->arena;
    xd_arena_reset(arena);
    *later = (xd_keys_later){.arena = arena};
    return ok;
}

/* The same key twice in a body (two divisions folded alike) is one row. */
static bool is_repeated(const xd_body_keys *keys, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (xd_str_eq(keys->at[k].kind, keys->at[i].kind) &&
            xd_str_eq(keys->at[k].value, keys->at[i].value)) {
            return true;
        }
    }
    return false;
}

/* Those of a record that was there before are written at once: what is gathered goes by the order in
 * which statements first came, and these must not come before the rows of records. */
static bool insert_all(xd_ctx *cx, xd_store *store, int64_t record, xd_str type,
                       const xd_body_keys *keys, bool is_new)
{
    static const xd_sql sql = XD_SQL("INSERT INTO record_key (type, kind, value, record)"
                                     " VALUES (:type, :kind, :value, :record)");
    for (size_t i = 0; i < keys->n; i++) {
        const xd_arg args[] = {
            XD_TEXT(":type", type),
            XD_TEXT(":kind", keys->at[i].kind),
            XD_TEXT(":value", keys->at[i].value),
            XD_INT(":record", record),
            XD_ARG_END,
        };
        if (!is_repeated(keys, i) && !(is_new ? xd_db_insert(cx, store->db, &sql, args)
                                              : xd_db_run(cx, store->db, &sql, args))) {
            return false;
        }
    }
    return true;
}

/* How many of the record's rows are among keys, and how many there are. */
static bool compare(xd_ctx *cx, xd_store *store, int64_t record, xd_str type,
                    const xd_body_keys *keys, size_t *ret_rows, size_t *ret_known)
{
    static const xd_sql sql =
        XD_SQL("SELECT type, kind, value FROM record_key WHERE record = :record");
    const xd_arg args[] = {XD_INT(":record", record), XD_ARG_END};
    xd_rows rows;
    bool more = false;
    size_t n = 0, known = 0;
    if (!xd_rows_open(cx, store->db, &sql, args, &rows)) {
        return false;
    }
    bool ok = xd_rows_next(cx, &rows, &more);
    while (ok && more) {
        xd_str row_type = xd_rows_text(&rows, 0);
        xd_str kind = xd_rows_text(&rows, 1), value = xd_rows_text(&rows, 2);
        bool same = false;
        for (size_t i = 0; i < keys->n && !same; i++) {
            same = xd_str_eq(row_type, type) && xd_str_eq(kind, keys->at[i].kind) &&
                   xd_str_eq(value, keys->at[i].value);
        }
        n++;
        known += same;
        ok = xd_rows_next(cx, &rows, &more);
    }
    *ret_rows = n;
    *ret_known = known;
    return xd_rows_close(cx, &rows) && ok;
}

static size_t distinct(const xd_body_keys *keys)
{
    size_t n = 0;
    for (size_t i = 0; i < keys->n; i++) {
        n += !is_repeated(keys, i);
    }
    return n;
}

bool xd_keys_save(xd_ctx *cx, xd_store *store, int64_t record, xd_str type,
                  const xd_body_keys *keys, bool is_new)
{
    static const xd_sql clear = XD_SQL("DELETE FROM record_key WHERE record = :record");
    if (!is_new) {
        const xd_arg args[] = {XD_INT(":record", record), XD_ARG_END};
        size_t n = 0, known = 0;
        if (!compare(cx, store, record, type, keys, &n, &known)) {
            return false;
        }
        if (n == known && n == distinct(keys)) {
            return true;
        }
        if (!xd_db_run(cx, store->db, &clear, args)) {
            return false;
        }
    }
    return insert_all(cx, store, record, type, keys, is_new);
}

bool xd_keys_clear(xd_ctx *cx, xd_store *store)
{
    static const xd_sql sql =
        XD_SQL_BOTH("DELETE FROM record_key WHERE record IN"
                    " (SELECT DISTINCT record FROM record_key ORDER BY record LIMIT 2048)",
                    "DELETE FROM record_key");
    static const xd_sql left = XD_SQL("SELECT 1 FROM record_key LIMIT 1");
    return xd_rows_clear(cx, store, &sql, &left);
}

/* ---- for verify ---- */

bool xd_keys_check(xd_ctx *cx, xd_store *store, const xd_record_row *row,
                   const xd_body_keys *keys, int64_t *count, xd_store_faults *faults)
{
    /* In the tree of its primary key, which is the table itself. NOT INDEXED does not do here:
     * without a rowid it still lets a covering index answer. */
    static const xd_sql sql =
        XD_SQL("SELECT count(*) FROM record_key INDEXED BY sqlite_autoindex_record_key_1"
               " WHERE type = :type AND kind = :kind AND value = :value AND record = :record");
    for (size_t i = 0; i < keys->n; i++) {
        const xd_arg args[] = {
            XD_TEXT(":type", row->type),
            XD_TEXT(":kind", keys->at[i].kind),
            XD_TEXT(":value", keys->at[i].value),
            XD_INT(":record", row->id),
            XD_ARG_END,
        };
        int64_t there = 0;
        if (!xd_db_int(cx, store->db, &sql, args, 0, &there)) {
            return false;
        }
        if (there != 1) {
            xd_store_fault_add(cx, faults, row->rev, row->id,
                               "record_key: the " XD_FMT " of the record is missing",
                               XD_ARG(keys->at[i].kind));
        }
    }
    size_t n = 0, known = 0;
    if (!compare(cx, store, row->id, row->type, keys, &n, &known)) {
        return false;
    }
    if (n != known || n != distinct(keys)) {
        xd_store_fault_add(cx, faults, row->rev, row->id,
                           "record_key: the record's keys are not those of its body");
    }
    *count += (int64_t)distinct(keys);
    return true;
}

bool xd_keys_count(xd_ctx *cx, xd_store *store, int64_t *ret_n)
{
    static const xd_sql sql =
        XD_SQL("SELECT count(*) FROM record_key INDEXED BY sqlite_autoindex_record_key_1");
    return xd_db_int(cx, store->db, &sql, NULL, 0, ret_n);
}
