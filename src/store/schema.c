/* The schema of a store, for both engines.
 *
 * Truth: revision, open_part, personal_part. Written beside it in the same transaction and
 * rebuildable from it: log_head, erasure, record, record_key, link, serial. The store row alone
 * holds what no log says: which store this is and how far record ids are reserved.
 *
 * Nothing is NULL: an absent number is 0, an absent text or hash is empty. The types are
 * INTEGER, TEXT and BLOB on SQLite, bigint, text and bytea on PostgreSQL. The triggers are the
 * first wall of "append-only"; the second is the authorizer in db_sqlite.c, and on PostgreSQL
 * the privileges of the role xiudai_runtime, which are given where that role exists. */
#include "store/schema.h"
#include "store/schema_pg.h"

/* One text a table. Behind STRICT, SQLite holds values to their kind as PostgreSQL always does;
 * a table WITHOUT ROWID is the tree of its primary key. Texts compare by their bytes in both. */
#define BOTH(TABLE)                                                                            \
    XD_SQL_BOTH(TABLE("INTEGER", "TEXT", "BLOB", " STRICT"),                                   \
                TABLE("bigint", "text COLLATE \"C\"", "bytea", ""))
#define BOTH_KEYED(TABLE)                                                                      \
    XD_SQL_BOTH(TABLE("INTEGER", "TEXT", "BLOB", " STRICT, WITHOUT ROWID"),                    \
                TABLE("bigint", "text COLLATE \"C\"", "bytea", ""))

#define TABLE_STORE(INT, TEXT, BYTES, TAIL)                                                    \
    "CREATE TABLE store (\n"                                                                   \
    "  one " INT " PRIMARY KEY CHECK (one = 1), -- there is one row\n"                         \
    "  number " INT " NOT NULL CHECK (number BETWEEN 0 AND 8191), -- the upper 13 bits of\n"   \
    "    -- every record id made here; 0 is the main store, which alone draws numbers\n"       \
    "  format " INT " NOT NULL CHECK (format = 1), -- of the log\n"                            \
    "  algorithm " INT " NOT NULL CHECK (algorithm IN (1, 2)), -- 1 SHA-256, 2 SM3\n"          \
    "  next_id " INT " NOT NULL, -- the lower 40 bits of the first id not yet reserved\n"      \
    "  seal " BYTES                                                                            \
    " NOT NULL -- hash of the other columns: nothing else could show a flipped bit\n"          \
    ")" TAIL

#define TABLE_REVISION(INT, TEXT, BYTES, TAIL)                                                 \
    "CREATE TABLE revision (\n"                                                                \
    "  seq " INT " PRIMARY KEY, -- dense from 1, in the order of commits\n"                    \
    "  time " INT " NOT NULL, -- microseconds since 1970 UTC; order is by seq, not by this\n"  \
    "  actor " INT " NOT NULL, -- account number; 0: nobody mapped\n"                          \
    "  kind " TEXT                                                                             \
    " NOT NULL CHECK (kind IN ('model', 'set', 'create', 'edit', 'move', 'erase')),\n"         \
    "  record " INT " NOT NULL, -- whose; 0 for model and set\n"                               \
    "  base " INT                                                                              \
    " NOT NULL, -- the revision its author saw; 0 for model, set, create, erase\n"             \
    "  change_set " INT " NOT NULL, -- seq of the set it belongs to; 0: none\n"                \
    "  model " BYTES " NOT NULL, -- hash of the model it is written under\n"                   \
    "  open_hash " BYTES " NOT NULL, -- H(salt, open part)\n"                                  \
    "  personal_hash " BYTES " NOT NULL, -- H(salt, personal part); empty: it never had one\n" \
    "  leaf " BYTES " NOT NULL -- Log format 1 over all of this and the leaf before\n"         \
    ")" TAIL

#define TABLE_OPEN_PART(INT, TEXT, BYTES, TAIL)                                                \
    "CREATE TABLE open_part (\n"                                                               \
    "  seq " INT " PRIMARY KEY REFERENCES revision (seq),\n"                                   \
    "  salt " BYTES " NOT NULL, -- 16 random bytes\n"                                          \
    "  body " TEXT " NOT NULL -- canonical JSON; of a model, set or erase what it says\n"      \
    ")" TAIL

#define TABLE_PERSONAL_PART(INT, TEXT, BYTES, TAIL)                                            \
    "CREATE TABLE personal_part (\n"                                                           \
    "  seq " INT " PRIMARY KEY REFERENCES revision (seq),\n"                                   \
    "  salt " BYTES " NOT NULL, -- 16 random bytes\n"                                          \
    "  body " TEXT " NOT NULL -- canonical JSON of the fields marked personal\n"               \
    ")" TAIL

#define TABLE_LOG_HEAD(INT, TEXT, BYTES, TAIL)                                                 \
    "CREATE TABLE log_head (\n"                                                                \
    "  one " INT " PRIMARY KEY CHECK (one = 1), -- there is one row\n"                         \
    "  seq " INT " NOT NULL, -- the newest revision; 0: none\n"                                \
    "  leaf " BYTES " NOT NULL -- its leaf; zeros: none\n"                                     \
    ")" TAIL

#define TABLE_ERASURE(INT, TEXT, BYTES, TAIL)                                                  \
    "CREATE TABLE erasure (\n"                                                                 \
    "  seq " INT " NOT NULL REFERENCES revision (seq), -- whose part is gone\n"                \
    "  part " TEXT " NOT NULL CHECK (part IN ('open', 'personal')),\n"                         \
    "  by_seq " INT " NOT NULL REFERENCES revision (seq), -- the erase revision saying so\n"   \
    "  PRIMARY KEY (seq, part)\n"                                                              \
    ")" TAIL

#define TABLE_RECORD(INT, TEXT, BYTES, TAIL)                                                   \
    "CREATE TABLE record (\n"                                                                  \
    "  id " INT " PRIMARY KEY, -- store number × 2^40 + counter\n"                            \
    "  rev " INT " NOT NULL REFERENCES revision (seq), -- its newest create, edit or move\n"   \
    "  time " INT " NOT NULL, -- of that revision\n"                                           \
    "  type " TEXT " NOT NULL,\n"                                                              \
    "  state " TEXT " NOT NULL,\n"                                                             \
    "  number " TEXT " NOT NULL, -- for people; empty: unnumbered\n"                           \
    "  model " BYTES " NOT NULL, -- hash of the model the body is written under\n"             \
    "  body " TEXT " NOT NULL -- the open part of rev; the personal part stays where it is\n"  \
    ")" TAIL

#define TABLE_RECORD_KEY(INT, TEXT, BYTES, TAIL)                                               \
    "CREATE TABLE record_key (\n"                                                              \
    "  type " TEXT " NOT NULL, -- of the record\n"                                             \
    "  kind " TEXT " NOT NULL, -- number, or a key of the model\n"                             \
    "  value " TEXT " NOT NULL, -- folded\n"                                                   \
    "  record " INT " NOT NULL REFERENCES record (id),\n"                                      \
    "  PRIMARY KEY (type, kind, value, record)\n"                                              \
    ")" TAIL

#define TABLE_LINK(INT, TEXT, BYTES, TAIL)                                                     \
    "CREATE TABLE link (\n"                                                                    \
    "  from_record " INT " NOT NULL REFERENCES record (id),\n"                                 \
    "  kind " TEXT " NOT NULL, -- the field that links\n"                                      \
    "  to_record " INT " NOT NULL REFERENCES record (id) DEFERRABLE INITIALLY DEFERRED,\n"     \
    "  from_date " TEXT " NOT NULL, -- ISO; empty: open\n"                                     \
    "  to_date " TEXT " NOT NULL,\n"                                                           \
    "  PRIMARY KEY (from_record, kind, to_record, from_date, to_date)\n"                       \
    ")" TAIL

#define TABLE_SERIAL(INT, TEXT, BYTES, TAIL)                                                   \
    "CREATE TABLE serial (\n"                                                                  \
    "  prefix " TEXT " PRIMARY KEY, -- what stands before the serial in a number\n"            \
    "  next " INT " NOT NULL -- above every serial seen behind that prefix\n"                  \
    ")" TAIL

/* clang-format off */
static const xd_sql first[] = {
    BOTH(TABLE_STORE),
    BOTH(TABLE_REVISION),
    XD_SQL("CREATE INDEX revision_of_record ON revision (record, seq) WHERE record <> 0"),
    XD_SQL("CREATE INDEX revision_of_set ON revision (change_set, seq) WHERE change_set <> 0"),
    XD_SQL("CREATE INDEX revision_model ON revision (seq) WHERE kind = 'model'"),
    XD_SQL("CREATE INDEX revision_set ON revision (seq) WHERE kind = 'set'"),
    XD_SQL("CREATE INDEX revision_erase ON revision (seq) WHERE kind = 'erase'"),
    BOTH(TABLE_OPEN_PART),
    BOTH(TABLE_PERSONAL_PART),
    BOTH(TABLE_LOG_HEAD),
    BOTH_KEYED(TABLE_ERASURE),
    BOTH(TABLE_RECORD),
    XD_SQL("CREATE INDEX record_of_type ON record (type, id)"),
    BOTH_KEYED(TABLE_RECORD_KEY),
    XD_SQL("CREATE INDEX record_key_of_record ON record_key (record)"),
    BOTH_KEYED(TABLE_LINK),
    XD_SQL("CREATE INDEX link_to ON link (to_record)"),
    BOTH_KEYED(TABLE_SERIAL),
    XD_SQL_PG("CREATE FUNCTION xiudai_dense() RETURNS trigger AS $$" XD_PG_DENSE "$$ LANGUAGE plpgsql"),
    XD_SQL_PG("CREATE FUNCTION xiudai_refuse() RETURNS trigger AS $$" XD_PG_REFUSE "$$ LANGUAGE plpgsql"),
    XD_SQL_PG("CREATE FUNCTION xiudai_part_kept() RETURNS trigger AS $$" XD_PG_PART_KEPT "$$ LANGUAGE plpgsql"),
    XD_SQL_BOTH("CREATE TRIGGER revision_dense BEFORE INSERT ON revision\n"
           "WHEN NEW.seq <> 1 + coalesce((SELECT max(seq) FROM revision), 0)\n"
           "BEGIN SELECT RAISE(ABORT, 'revisions are numbered without gaps'); END",
           "CREATE TRIGGER revision_dense BEFORE INSERT ON revision\n"
           " FOR EACH ROW EXECUTE PROCEDURE xiudai_dense()"),
    XD_SQL_BOTH("CREATE TRIGGER revision_stays BEFORE UPDATE ON revision\n"
           "BEGIN SELECT RAISE(ABORT, 'a revision never changes'); END",
           "CREATE TRIGGER revision_stays BEFORE UPDATE ON revision\n"
           " FOR EACH STATEMENT EXECUTE PROCEDURE xiudai_refuse('a revision never changes')"),
    XD_SQL_BOTH("CREATE TRIGGER revision_kept BEFORE DELETE ON revision\n"
           "BEGIN SELECT RAISE(ABORT, 'a revision is never removed'); END",
           "CREATE TRIGGER revision_kept BEFORE DELETE OR TRUNCATE ON revision\n"
           " FOR EACH STATEMENT EXECUTE PROCEDURE xiudai_refuse('a revision is never removed')"),
    XD_SQL_BOTH("CREATE TRIGGER open_part_stays BEFORE UPDATE ON open_part\n"
           "BEGIN SELECT RAISE(ABORT, 'a part never changes'); END",
           "CREATE TRIGGER open_part_stays BEFORE UPDATE OR TRUNCATE ON open_part\n"
           " FOR EACH STATEMENT EXECUTE PROCEDURE xiudai_refuse('a part never changes')"),
    XD_SQL_BOTH("CREATE TRIGGER open_part_kept BEFORE DELETE ON open_part\n"
           "WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE seq = OLD.seq AND part = 'open')\n"
           "BEGIN SELECT RAISE(ABORT, 'a part leaves only by an erase revision'); END",
           "CREATE TRIGGER open_part_kept BEFORE DELETE ON open_part\n"
           " FOR EACH ROW EXECUTE PROCEDURE xiudai_part_kept('open')"),
    XD_SQL_BOTH("CREATE TRIGGER personal_part_stays BEFORE UPDATE ON personal_part\n"
           "BEGIN SELECT RAISE(ABORT, 'a part never changes'); END",
           "CREATE TRIGGER personal_part_stays BEFORE UPDATE OR TRUNCATE ON personal_part\n"
           " FOR EACH STATEMENT EXECUTE PROCEDURE xiudai_refuse('a part never changes')"),
    XD_SQL_BOTH("CREATE TRIGGER personal_part_kept BEFORE DELETE ON personal_part\n"
           "WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE seq = OLD.seq AND part = 'personal')\n"
           "BEGIN SELECT RAISE(ABORT, 'a part leaves only by an erase revision'); END",
           "CREATE TRIGGER personal_part_kept BEFORE DELETE ON personal_part\n"
           " FOR EACH ROW EXECUTE PROCEDURE xiudai_part_kept('personal')"),
    XD_SQL_BOTH("PRAGMA application_id = 1480872788", ""), /* "XDST" */
    XD_SQL_BOTH("PRAGMA user_version = 1", ""),
    XD_SQL_PG("CREATE TABLE schema_version (\n"
              "  one bigint PRIMARY KEY CHECK (one = 1), -- there is one row\n"
              "  program text NOT NULL, -- whose tables these are\n"
              "  version bigint NOT NULL)"),
    XD_SQL_PG("INSERT INTO schema_version (one, program, version) VALUES (1, 'xiudai', 1)"),
    /* The everyday role adds to the log and cannot do more; the shadows are its to write. */
    XD_SQL_PG("DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'xiudai_runtime')"
              " THEN GRANT SELECT ON schema_version TO xiudai_runtime;"
              " GRANT SELECT, INSERT ON revision, open_part, personal_part TO xiudai_runtime;"
              " GRANT SELECT, UPDATE ON store, log_head TO xiudai_runtime;"
              " GRANT SELECT, INSERT, UPDATE, DELETE ON erasure, record, record_key, link, serial"
              " TO xiudai_runtime; END IF; END $$"),
};
/* clang-format on */
#define APPLICATION 1480872788

static const struct {
    const xd_sql *steps;
    size_t n;
} migrations[XD_SCHEMA_NEWEST] = {
    {first, XD_LEN(first)},
};

static bool say_foreign(xd_ctx *cx)
{
    (void)xd_fail(cx, XD_UNREADABLE, "this is not a store of Xiudai");
    return xd_fail_words(
        cx, XD_S("这不是秀带的数据文件或数据库；请检查路径或地址是否写错。"),
        XD_S("This is not a Xiudai store. Check whether the path or address is right."));
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
    if (version == XD_SCHEMA_NEWEST) {
        return true;
    }
    (void)xd_fail(cx, XD_CONFLICT, "%s has schema %" PRId64 ", this program %d", place, version,
                  XD_SCHEMA_NEWEST);
    xd_arena *a = cx->arena;
    if (version > XD_SCHEMA_NEWEST) {
        return xd_fail_words(
            cx,
            xd_str_printf(
                a, "%s 是更新版本的秀带写的（库结构 %d，本程序只认到 %d）；请换用新版程序。",
                place, (int)version, XD_SCHEMA_NEWEST),
            xd_str_printf(a,
                          "%s was written by a newer Xiudai (schema %d; this program knows up "
                          "to %d). Use the newer program.",
                          place, (int)version, XD_SCHEMA_NEWEST));
    }
    return xd_fail_words(
        cx,
        xd_str_printf(
            a, "%s 的库结构是旧的（%d）；请先备份，再运行 xiudai serve，它会把结构升到 %d。",
            place, (int)version, XD_SCHEMA_NEWEST),
        xd_str_printf(
            a,
            "%s has an older schema (%d). Make a backup, then run xiudai serve, which "
            "brings it to %d.",
            place, (int)version, XD_SCHEMA_NEWEST));
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
    int64_t version = 0;
    if (!xd_schema_lock(cx, db) || !xd_schema_version(cx, db, &version)) {
        return false;
    }
    for (int64_t v = version; v < until; v++) {
        for (size_t i = 0; i < migrations[v].n; i++) {
            const xd_sql *step = &migrations[v].steps[i];
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
    return migrate(cx, db, XD_SCHEMA_NEWEST);
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
static bool pg_ideal(xd_ctx *cx, texts *ret_texts)
{
    for (size_t i = 0; i < xd_schema_pg_lines; i++) {
        *xd_push(cx->arena, ret_texts) = xd_str_of(xd_schema_pg_line[i]);
    }
    return true;
}

bool xd_schema_compare(xd_ctx *cx, xd_db *db, int64_t version, xd_on_difference *fn, void *user)
{
    texts here = {0}, wanted = {0};
    if (!read_schema(cx, db, &here) ||
        !(xd_db_is_file(db) ? read_ideal(cx, version, &wanted) : pg_ideal(cx, &wanted))) {
        return false;
    }
    tell_missing(cx, &wanted, &here, "is missing or altered", fn, user);
    tell_missing(cx, &here, &wanted, "does not belong here", fn, user);
    return true;
}
