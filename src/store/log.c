/* Log format 1.
 *
 * The log is one table of revisions, numbered by seq from 1 without gaps. What a revision says
 * stands in two parts, each a row of its own with a salt of 16 random bytes: the open part, and
 * the personal part where there is one. Of each part the revision keeps only
 *
 *     part hash = H( item(salt) ‖ item(part) )
 *
 * so that a personal part and its salt can be removed later and the chain still proves the
 * rest: without the salt nobody can try telephone numbers until one fits. Every revision has a
 * leaf:
 *
 *     leaf = H( 0x00 ‖ item(format) ‖ item(algorithm) ‖ item(seq) ‖ item(time) ‖ item(actor)
 *             ‖ item(kind) ‖ item(record) ‖ item(base) ‖ item(change set) ‖ item(model hash)
 *             ‖ item(open part hash) ‖ item(personal part hash) ‖ item(prev) )
 *
 * item(x) is the length of x in bytes as a u32, big-endian, and x itself. Integers are 8 bytes,
 * big-endian, two's complement. The 0x00 in front stands bare: it sets leaves apart from the
 * inner nodes (0x01) of a Merkle tree that may be laid over them. format is 1; algorithm is 1
 * for SHA-256, 2 for SM3, and names H. kind is one of the ASCII words model, set, create, edit,
 * move, erase. An absent record, base or change set is the integer 0; an absent personal part
 * is an empty item (length 0), and no row. prev is the leaf of seq − 1; 32 zero bytes for
 * seq 1.
 *
 * Seq 1 is a model revision: its open part is the model's canonical JSON, and the model hash it
 * names is its own. Every later revision names the newest model before it, a model revision
 * itself. The model hash is SHA-256 in every store: it names a model, wherever it is.
 *
 * Why it is safe: lengths stand in front of every item, so no two different revisions give the
 * same bytes; seq and prev make removing, swapping and adding show; the head (seq and leaf of
 * the newest) is what one has to write down elsewhere to notice a tail that was cut off.
 *
 * docs/decisions/0040 has worked examples, and tools/verify-log reads a store by this text
 * alone. */
#include "store/log.h"
#include "store/lock.h"

#include <errno.h>
#include <sys/random.h>

const xd_str xd_rev_kind_name[6] = {
    [XD_REV_MODEL] = XD_STR("model"),   [XD_REV_SET] = XD_STR("set"),
    [XD_REV_CREATE] = XD_STR("create"), [XD_REV_EDIT] = XD_STR("edit"),
    [XD_REV_MOVE] = XD_STR("move"),     [XD_REV_ERASE] = XD_STR("erase"),
};

/* ---- the format -----------------------------------------------------------------------------
 */

typedef struct bytes {
    uint8_t at[512]; /* the fixed items are 250 bytes; a damaged column is cut by put() */
    size_t n;
    bool failed;
} bytes;

static void put_u32(bytes *b, uint32_t v)
{
    for (int shift = 24; shift >= 0; shift -= 8) {
        b->at[b->n++] = (uint8_t)(v >> shift);
    }
}

static void put(bytes *b, xd_str item)
{
    if (item.n > 64) { /* no item of a sound row is: the damage shows as a wrong leaf */
        b->failed = true;
        return;
    }
    put_u32(b, (uint32_t)item.n);
    if (item.n > 0) {
        memcpy(b->at + b->n, item.p, item.n);
        b->n += item.n;
    }
}

static void put_int(bytes *b, int64_t v)
{
    put_u32(b, 8);
    put_u32(b, (uint32_t)((uint64_t)v >> 32));
    put_u32(b, (uint32_t)(uint64_t)v);
}

bool xd_log_leaf(xd_ctx *cx, const xd_store *store, const xd_log_row *row,
                 const uint8_t prev[XD_HASH_BYTES], uint8_t ret_leaf[XD_HASH_BYTES])
{
    bytes b = {.at = {0x00}, .n = 1};
    put_int(&b, 1);
    put_int(&b, store->algorithm);
    put_int(&b, row->seq);
    put_int(&b, row->time);
    put_int(&b, row->actor);
    put(&b, row->kind);
    put_int(&b, row->record);
    put_int(&b, row->base);
    put_int(&b, row->set);
    put(&b, row->model);
    put(&b, row->open_hash);
    put(&b, row->personal_hash);
    put(&b, (xd_str){(const char *)prev, XD_HASH_BYTES});
    if (b.failed) {
        memset(ret_leaf, 0, XD_HASH_BYTES);
        return true;
    }
    return xd_hash_two(cx, store->hash, (xd_str){(const char *)b.at, b.n}, XD_S(""), ret_leaf);
}

bool xd_log_part_hash(xd_ctx *cx, const xd_store *store, xd_str salt, xd_str part,
                      uint8_t ret_hash[XD_HASH_BYTES])
{
    bytes b = {.n = 0};
    put(&b, salt);
    put_u32(&b, (uint32_t)part.n);
    if (b.failed) {
        memset(ret_hash, 0, XD_HASH_BYTES);
        return true;
    }
    return xd_hash_two(cx, store->hash, (xd_str){(const char *)b.at, b.n}, part, ret_hash);
}

/* ---- writing --------------------------------------------------------------------------------
 */

static xd_str hash_str(const uint8_t hash[XD_HASH_BYTES])
{
    return (xd_str){(const char *)hash, XD_HASH_BYTES};
}

bool xd_log_start(xd_ctx *cx, xd_store *store)
{
    static const xd_sql sql =
        XD_SQL("INSERT INTO log_head (one, seq, leaf) VALUES (1, 0, :leaf)");
    static const uint8_t zeros[XD_HASH_BYTES];
    const xd_arg args[] = {XD_BYTES(":leaf", hash_str(zeros)), XD_ARG_END};
    return xd_db_run(cx, store->db, &sql, args);
}

/* A connection's name may have 63 bytes; it goes back with the transaction's end. */
bool xd_log_lock(xd_ctx *cx, xd_store *store, const char *command, bool *ret_got)
{
    static const xd_sql lock =
        XD_SQL_PG("SELECT seq FROM log_head WHERE one = 1 FOR UPDATE NOWAIT");
    static const xd_sql name = XD_SQL_PG("SELECT set_config('application_name', :words, true)");
    if (!xd_db_try_lock(cx, store->db, &lock, ret_got) || !*ret_got) {
        return cx->err.code == XD_OK;
    }
    xd_str words =
        xd_str_printf(cx->arena, "head: " XD_FMT, XD_ARG(xd_lock_words(cx, command)));
    const xd_arg args[] = {XD_TEXT(":words", words), XD_ARG_END};
    return xd_db_run(cx, store->db, &name, args);
}

xd_str xd_log_holder(xd_ctx *cx, xd_store *store)
{
    static const xd_sql sql = XD_SQL_PG(
        "SELECT substr(application_name, 7) || coalesce(', from ' || host(client_addr), '')"
        " FROM pg_stat_activity WHERE datname = current_database()"
        " AND application_name LIKE 'head: %' ORDER BY xact_start LIMIT 1");
    xd_str holder = XD_S("another process");
    xd_rows rows;
    bool more = false;
    if (!xd_rows_open(cx, store->db, &sql, NULL, &rows)) {
        (void)xd_err_take(cx); /* a courtesy */
        return holder;
    }
    if (xd_rows_next(cx, &rows, &more) && more) {
        holder = xd_str_copy(cx->arena, xd_rows_text(&rows, 0));
    }
    if (!xd_rows_close(cx, &rows)) {
        (void)xd_err_take(cx);
    }
    return holder;
}

bool xd_log_save_head(xd_ctx *cx, xd_head *head)
{
    static const xd_sql sql =
        XD_SQL("UPDATE log_head SET seq = :seq, leaf = :leaf WHERE one = 1");
    const xd_arg args[] = {
        XD_INT(":seq", head->seq),
        XD_BYTES(":leaf", hash_str(head->leaf)),
        XD_ARG_END,
    };
    static const xd_sql tell = XD_SQL_PG("SELECT pg_notify('xiudai_log', '')");
    xd_db *db = head->store->db;
    return xd_db_run(cx, db, &sql, args) &&
           (xd_db_is_file(db) || xd_db_run(cx, db, &tell, NULL));
}

/* The leaf holds random salts and all before it: nobody else's revision has it. The lock comes
 * first: as long as the server still has our old transaction, that holds it. What a server
 * committed without its standby is not safe yet, so a change of ours goes behind it. */
bool xd_log_find_out(xd_ctx *cx, const xd_head *head, bool *ret_got, bool *ret_happened)
{
    static const xd_sql lock =
        XD_SQL_PG("SELECT seq FROM log_head WHERE one = 1 FOR UPDATE NOWAIT");
    static const xd_sql touch = XD_SQL_PG("UPDATE log_head SET seq = seq WHERE one = 1");
    xd_db *db = head->store->db;
    uint8_t leaf[XD_HASH_BYTES];
    bool there = false;
    if (!xd_db_begin_write(cx, db)) {
        return false;
    }
    bool ok = xd_db_try_lock(cx, db, &lock, ret_got);
    if (ok && *ret_got) {
        ok = xd_log_hash_at(cx, head->store, head->seq, &there, leaf);
        *ret_happened = ok && there && memcmp(leaf, head->leaf, sizeof leaf) == 0;
        ok =
            ok && (!*ret_happened || (xd_db_run(cx, db, &touch, NULL) && xd_db_commit(cx, db)));
    }
    xd_db_rollback(db);
    return ok;
}

static bool insert_part(xd_ctx *cx, xd_store *store, const xd_sql *sql, int64_t seq,
                        xd_str salt, xd_str body)
{
    const xd_arg args[] = {
        XD_INT(":seq", seq),
        XD_BYTES(":salt", salt),
        XD_TEXT(":body", body),
        XD_ARG_END,
    };
    return xd_db_insert(cx, store->db, sql, args);
}

bool xd_log_insert(xd_ctx *cx, xd_store *store, const xd_log_row *row)
{
    static const xd_sql revision = XD_SQL(
        "INSERT INTO revision (seq, time, actor, kind, record, base, change_set, model,"
        " open_hash, personal_hash, leaf) VALUES (:seq, :time, :actor, :kind, :record, :base,"
        " :set, :model, :open_hash, :personal_hash, :leaf)");
    static const xd_sql open =
        XD_SQL("INSERT INTO open_part (seq, salt, body) VALUES (:seq, :salt, :body)");
    static const xd_sql personal =
        XD_SQL("INSERT INTO personal_part (seq, salt, body) VALUES (:seq, :salt, :body)");
    const xd_arg args[] = {
        XD_INT(":seq", row->seq),
        XD_INT(":time", row->time),
        XD_INT(":actor", row->actor),
        XD_TEXT(":kind", row->kind),
        XD_INT(":record", row->record),
        XD_INT(":base", row->base),
        XD_INT(":set", row->set),
        XD_BYTES(":model", row->model),
        XD_BYTES(":open_hash", row->open_hash),
        XD_BYTES(":personal_hash", row->personal_hash),
        XD_BYTES(":leaf", row->leaf),
        XD_ARG_END,
    };
    return xd_db_insert(cx, store->db, &revision, args) &&
           (!row->open_there ||
            insert_part(cx, store, &open, row->seq, row->open_salt, row->open)) &&
           (!row->personal_there ||
            insert_part(cx, store, &personal, row->seq, row->personal_salt, row->personal));
}

static bool fill_random(xd_ctx *cx, const xd_store *store, uint8_t *p, size_t n)
{
    if (store->random != NULL) {
        store->random(store->random_user, p, n);
        return true;
    }
    while (n > 0) {
        ssize_t got = getrandom(p, n, 0);
        if (got < 0 && errno != EINTR) {
            return xd_fail_errno(cx, errno, "drawing a salt");
        }
        p += got > 0 ? got : 0;
        n -= got > 0 ? (size_t)got : 0;
    }
    return true;
}

/* One salt, from a small supply: a system call for each would cost as much as its hash. */
static bool draw_salt(xd_ctx *cx, xd_head *head, xd_str *ret_salt)
{
    if (head->salts_left == 0) {
        if (!fill_random(cx, head->store, head->salts, sizeof head->salts)) {
            return false;
        }
        head->salts_left = sizeof head->salts / XD_SALT_BYTES;
    }
    size_t i = sizeof head->salts / XD_SALT_BYTES - head->salts_left--;
    *ret_salt = (xd_str){(const char *)head->salts + i * XD_SALT_BYTES, XD_SALT_BYTES};
    return true;
}

bool xd_log_append(xd_ctx *cx, xd_head *head, xd_log_entry *entry, int64_t *ret_seq)
{
    xd_store *store = head->store;
    uint8_t open_hash[XD_HASH_BYTES], personal_hash[XD_HASH_BYTES], leaf[XD_HASH_BYTES];
    char salt[XD_SALT_BYTES]; /* the supply may be refilled for the second */
    bool personal = entry->personal.n > 0;
    if (entry->open.n > UINT32_MAX || entry->personal.n > UINT32_MAX) {
        return xd_fail(cx, XD_LIMIT, "a part is larger than 4 GiB");
    }
    entry->time = xd_now(cx);
    xd_log_row row = {
        .seq = head->seq + 1,
        .time = entry->time,
        .actor = cx->actor,
        .kind = xd_rev_kind_name[entry->kind],
        .record = entry->record,
        .base = entry->base,
        .set = entry->set,
        .model = hash_str(entry->model),
        .open_hash = hash_str(open_hash),
        .personal_hash = personal ? hash_str(personal_hash) : XD_S(""),
        .leaf = hash_str(leaf),
        .open_there = true,
        .personal_there = personal,
        .open = entry->open,
        .personal = entry->personal,
    };
    if (!draw_salt(cx, head, &row.open_salt)) {
        return false;
    }
    memcpy(salt, row.open_salt.p, sizeof salt);
    row.open_salt = (xd_str){salt, sizeof salt};
    if (!xd_log_part_hash(cx, store, row.open_salt, row.open, open_hash) ||
        (personal &&
         (!draw_salt(cx, head, &row.personal_salt) ||
          !xd_log_part_hash(cx, store, row.personal_salt, row.personal, personal_hash))) ||
        !xd_log_leaf(cx, store, &row, head->leaf, leaf) || !xd_log_insert(cx, store, &row)) {
        return xd_fail_note(cx, "appending revision %" PRId64, row.seq);
    }
    head->seq = row.seq;
    memcpy(head->leaf, leaf, sizeof leaf);
    *ret_seq = row.seq;
    return true;
}

bool xd_log_delete_part(xd_ctx *cx, xd_store *store, int64_t seq, bool open)
{
    static const xd_sql open_sql = XD_SQL("DELETE FROM open_part WHERE seq = :seq");
    static const xd_sql personal_sql = XD_SQL("DELETE FROM personal_part WHERE seq = :seq");
    const xd_arg args[] = {XD_INT(":seq", seq), XD_ARG_END};
    return xd_db_run(cx, store->db, open ? &open_sql : &personal_sql, args);
}
