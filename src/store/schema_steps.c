/* The schema of a store, for both engines.
 *
 * Truth: revision, open_part, personal_part. Written beside it in the same transaction and
 * rebuildable from it: log_head, erasure, record, record_key, link, serial. The store row alone
 * holds what no log says: which store this is and how far record ids are reserved.
 *
 * No part of the log and made anew where they are missing: job, snapshot_file. A copy of a store
 * begins without them.
 *
 * Nothing is NULL: an absent number is 0, an absent text or hash is empty. The types are
 * INTEGER, TEXT and BLOB on SQLite, bigint, text and bytea on PostgreSQL. The triggers are the
 * first wall of "append-only"; the second is the authorizer in db_sqlite.c, and on PostgreSQL
 * the privileges of the role xiudai_runtime, which are given where that role exists. */
#include "store/schema_steps.h"
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

/* ---- 2: jobs, and the files of snapshots ---------------------------------------------------- */

#define TABLE_JOB(INT, TEXT, BYTES, TAIL)                                                      \
    "CREATE TABLE job (\n"                                                                     \
    "  name " TEXT " PRIMARY KEY, -- what is to be done, in the words of the program\n"        \
    "  due " INT " NOT NULL, -- when it is to be done next; microseconds since 1970 UTC,\n"    \
    "    -- as all times here by the clock of the database\n"                                  \
    "  token " INT " NOT NULL, -- goes up with each taking: an older holder is known by it\n"  \
    "  holder " TEXT " NOT NULL, -- who took it last: machine, process\n"                      \
    "  until " INT " NOT NULL, -- his lease; past: whoever comes may take it\n"                \
    "  done " INT " NOT NULL, -- how often it was done to the end\n"                           \
    "  ended " INT " NOT NULL -- when last; 0: never\n"                                        \
    ")" TAIL

#define TABLE_SNAPSHOT_FILE(INT, TEXT, BYTES, TAIL)                                            \
    "CREATE TABLE snapshot_file (\n"                                                           \
    "  snapshot " INT                                                                          \
    " NOT NULL, -- the token of the job that made it: newer ones are higher\n"                 \
    "  name " TEXT " NOT NULL, -- in the folder of search files\n"                             \
    "  bytes " INT " NOT NULL,\n"                                                              \
    "  hash " BYTES " NOT NULL, -- SHA-256: what the file store knows it by\n"                 \
    "  PRIMARY KEY (snapshot, name)\n"                                                         \
    ")" TAIL

static const xd_sql second[] = {
    BOTH_KEYED(TABLE_JOB),
    BOTH_KEYED(TABLE_SNAPSHOT_FILE),
    XD_SQL_BOTH("PRAGMA user_version = 2", ""),
    XD_SQL_PG("UPDATE schema_version SET version = 2"),
    XD_SQL_PG("DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'xiudai_runtime')"
              " THEN GRANT SELECT, INSERT, UPDATE, DELETE ON job, snapshot_file"
              " TO xiudai_runtime; END IF; END $$"),
};
static const char *const second_come[] = {
    "column job.done: bigint not null",
    "column job.due: bigint not null",
    "column job.ended: bigint not null",
    "column job.holder: text not null",
    "column job.name: text not null",
    "column job.token: bigint not null",
    "column job.until: bigint not null",
    "column snapshot_file.bytes: bigint not null",
    "column snapshot_file.hash: bytea not null",
    "column snapshot_file.name: text not null",
    "column snapshot_file.snapshot: bigint not null",
    "index job_pkey: job unique",
    "index snapshot_file_pkey: snapshot_file unique",
    "table job: ",
    "table snapshot_file: ",
};

static const xd_migration migrations[] = {
    {first,  XD_LEN(first),  xd_schema_pg_line, XD_SCHEMA_PG_LINES,  NULL, 0},
    {second, XD_LEN(second), second_come,       XD_LEN(second_come), NULL, 0},
};

const xd_migration *xd_schema_steps(int64_t *ret_newest)
{
    *ret_newest = XD_LEN(migrations);
    return migrations;
}
