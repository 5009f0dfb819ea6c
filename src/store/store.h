/* store/store.h — everything at rest: the log, its shadows, and how a store is opened.
 *
 * The log (table revision and its parts) is the truth; record, record_key and link are shadows
 * written in the same transaction and rebuildable from it. Log format 1 is in log.c's essay and
 * in docs/decisions/. No SQLite or PostgreSQL type leaves this room. SQL stands in src/store
 * only: one file a table.
 *
 * A handle serves one thread at a time. Opening with XD_STORE_READ gives a read-only handle that
 * never blocks a writer. While a store keeps a write-ahead log, reading it too needs a folder that
 * may be written; a backup is one file and does not. Files are 0600, WAL, synchronous=FULL,
 * foreign_keys, defensive; an authorizer forbids changing or deleting log rows outside an erase.
 * On PostgreSQL a lost connection is made anew by the next call outside a transaction, and no call
 * waits for a silent server longer than cx's deadline or a minute (XD_BUSY). */
#ifndef XD_STORE_STORE_H
#define XD_STORE_STORE_H

#include "model/body.h"

typedef struct xd_store xd_store;

typedef enum xd_store_mode { XD_STORE_READ, XD_STORE_WRITE, XD_STORE_CREATE } xd_store_mode;

/* place: a file path, or postgresql://user@host:port/database as libpq reads it (several hosts
 * with commas; a database holds one store, in the schema that unqualified names fall into).
 * XD_STORE_CREATE makes the store with the newest schema when absent and runs migrations when
 * older; READ and WRITE refuse an older or newer schema, saying what to do; READ takes the next. The handle is
 * closed when cx ends, or earlier by xd_store_close(). */
XD_MUST bool xd_store_open(xd_ctx *cx, const char *place, xd_store_mode mode,
                           xd_store **ret_store);
/* XD_STORE_READ whatever the schema: for a backup before it is migrated, and for what a newer program
 * has erased while going back to an older one. Nothing else may be asked of such a handle. */
XD_MUST bool xd_store_open_any(xd_ctx *cx, const char *place, xd_store **ret_store);
/* The same as xd_store_open(), XD_STORE_CREATE, for a file that may be made by another hash or number than the
 * everyday ones; both stay for ever. make NULL: SHA-256 and 0. */
typedef struct xd_store_make {
    bool sm3;       /* hash by SM3 instead of SHA-256 */
    int64_t number; /* 0: the main store, which alone draws numbers; up to 8191 */
} xd_store_make;
XD_MUST bool xd_store_open_new(xd_ctx *cx, const char *place, const xd_store_make *make,
                               xd_store **ret_store);
void xd_store_close(xd_store *store);
/* False: opened to read, of the schema after ours. Migrations come in two steps, so that such a
 * store still has everything we read: one release adds, a later one takes away. */
bool xd_store_schema_is_ours(const xd_store *store);
int xd_store_schema(void); /* ours */
/* Looks again: others may have migrated it since. Fails where it can no longer be read. */
XD_MUST bool xd_store_see_schema(xd_ctx *cx, xd_store *store);
const char *xd_store_place(const xd_store *store); /* without a password */
/* A place as people may see it: without a password. */
xd_str xd_store_shown(xd_arena *arena, const char *place);

/* ---- a server that may go away: no effect on a file ---------------------------------------- */

/* How long a call outside an append goes on looking for a database that is away; 0, the everyday:
 * XD_BUSY at once. */
void xd_store_patience(xd_store *store, int ms);
/* From here on xd_store_wait() ends when somebody has appended: a hint, never the truth. */
XD_MUST bool xd_store_listen(xd_ctx *cx, xd_store *store);
/* Until told, or for so long; on a file for so long. */
XD_MUST bool xd_store_wait(xd_ctx *cx, xd_store *store, int ms);
/* After an append that failed with XD_BUSY: the connection was lost and nothing was written, so
 * the whole may be tried again. False also when nobody knows whether it was written. */
bool xd_store_lost(const xd_store *store);

/* ---- revisions ------------------------------------------------------------------------ */

typedef enum xd_rev_kind {
    XD_REV_MODEL,
    XD_REV_SET,
    XD_REV_CREATE,
    XD_REV_EDIT,
    XD_REV_MOVE,
    XD_REV_ERASE
} xd_rev_kind;
extern const xd_str xd_rev_kind_name[6];

typedef struct xd_revision {
    int64_t seq, time, actor; /* time: µs since 1970 UTC */
    xd_rev_kind kind;
    int64_t record, base, set; /* 0: none */
    uint8_t model[32];
    xd_str open, personal; /* canonical JSON; absent when erased or never there */
    bool open_erased, personal_erased;
} xd_revision;

/* The newest revision of a record, personal part joined, read as a body of the store's newest
 * model; `model` is the one it was written under. */
typedef struct xd_record {
    int64_t id, rev, time;
    xd_str type, state, number; /* number absent: unnumbered */
    const xd_json *body;
    uint8_t model[32];
} xd_record;

XD_MUST bool xd_record_find(xd_ctx *cx, xd_store *store, int64_t id,
                            const xd_record **ret_record);
/* One revision; *ret NULL when the seq is not there. */
XD_MUST bool xd_revision_find(xd_ctx *cx, xd_store *store, int64_t seq,
                              const xd_revision **ret_rev);
/* What a revision says, both parts joined, as a body of the store's newest model; *ret_body
 * NULL when its open part was erased. Only for create, edit and move. */
XD_MUST bool xd_revision_body(xd_ctx *cx, xd_store *store, const xd_revision *rev,
                              const xd_json **ret_body);
/* Newest last seq, 0 for an empty log; the head hash (32 bytes). */
XD_MUST bool xd_log_head(xd_ctx *cx, xd_store *store, int64_t *ret_seq, uint8_t ret_hash[32]);
/* A secret of this store, for marks that only its own servers can have made: the same for every
 * server of it and after restarts, another for each purpose. It is derived from the salt of the
 * first revision, which leaves the store in its own copies alone. *ret_there false: the log is
 * empty. */
XD_MUST bool xd_store_secret(xd_ctx *cx, xd_store *store, xd_str purpose, bool *ret_there,
                             uint8_t ret_secret[32]);
/* The hash of a revision in the chain: two logs that agree in it agree in all up to it.
 * *ret_there false: the log has no such seq. */
XD_MUST bool xd_log_hash_at(xd_ctx *cx, xd_store *store, int64_t seq, bool *ret_there,
                            uint8_t ret_hash[32]);
/* What an erase revision's part says was erased. */
typedef struct xd_erased_part {
    int64_t seq;
    bool open; /* else the personal part */
} xd_erased_part;
typedef XD_VEC(xd_erased_part) xd_erased_parts;
XD_MUST bool xd_erase_read(xd_ctx *cx, xd_str body, xd_str *ret_field, xd_erased_parts *parts);

/* Walk in order. The callback's cx is not the caller's: it has an arena of its own, emptied
 * after every call, in which the item lies too; what is to stay is copied elsewhere. It returns
 * false (with its cx->err, which is handed on) to stop. Memory stays bounded however long the
 * log is. The callback may read with the same handle. */
typedef bool xd_on_revision(xd_ctx *cx, void *user, const xd_revision *rev);
typedef bool xd_on_record(xd_ctx *cx, void *user, const xd_record *record);
/* Revisions with seq > after, at most limit (0: all). This is how followers follow. */
XD_MUST bool xd_log_each(xd_ctx *cx, xd_store *store, int64_t after, int64_t limit,
                         xd_on_revision *fn, void *user);
/* The revisions of one record, oldest first. */
XD_MUST bool xd_record_history(xd_ctx *cx, xd_store *store, int64_t id, xd_on_revision *fn,
                               void *user);
/* All records by id; type absent: every type. */
XD_MUST bool xd_record_each(xd_ctx *cx, xd_store *store, xd_str type, xd_on_record *fn,
                            void *user);
XD_MUST bool xd_record_count(xd_ctx *cx, xd_store *store, xd_str type, int64_t *ret_n);

/* Records of a type with this key (value already folded), by id, at most 20. */
XD_MUST bool xd_key_find(xd_ctx *cx, xd_store *store, xd_str type, xd_str kind, xd_str value,
                         int64_t **ret_ids, size_t *ret_n);
/* Every key of the records of a type. */
typedef bool xd_on_key(xd_ctx *cx, void *user, xd_str kind, xd_str value);
XD_MUST bool xd_key_each(xd_ctx *cx, xd_store *store, xd_str type, xd_on_key *fn, void *user);
typedef struct xd_link {
    int64_t from, to;
    xd_str kind, from_date, to_date;
} xd_link;
typedef XD_VEC(xd_link) xd_links;
XD_MUST bool xd_links_of(xd_ctx *cx, xd_store *store, int64_t id, bool incoming,
                         xd_links *links);

/* ---- the head: appending --------------------------------------------------------------- */

typedef struct xd_head xd_head;

/* Take the head: the lock file beside the store (flock; it holds pid, command and start, so
 * that those who wait can say who), then BEGIN IMMEDIATE; on PostgreSQL the row of log_head, the
 * holder named by its connection. wait_ms < 0 waits for ever, telling
 * `on_wait` (may be NULL) once who holds it. XD_BUSY with the holder's words when time is up.
 * model: the model bodies are written under; it must be the store's newest model revision
 * (XD_CONFLICT otherwise), except for xd_append_model() itself. */
XD_MUST bool xd_head_take(xd_ctx *cx, xd_store *store, const xd_model *model,
                          const char *command, int wait_ms,
                          void (*on_wait)(void *user, xd_str holder), void *user,
                          xd_head **ret_head);
/* Said before xd_head_take() by one who is about to create many: ids for so many are reserved
 * then, in a transaction of their own. Ids drawn beyond it come from the head's transaction. */
void xd_store_expect(xd_store *store, int64_t creates);
/* Commit makes it durable and lets go of the head; release without commit undoes everything.
 * Either ends head, also when commit fails. Where the answer to the commit is cut off, the log is
 * asked whether it happened, for up to a minute; XD_BUSY with sentences of its own when nobody
 * can say. */
XD_MUST bool xd_head_commit(xd_ctx *cx, xd_head *head);
void xd_head_release(xd_head *head);

/* For one who appends thousands: rows are written many at a time, and a key that another record
 * has, a link that leads nowhere, or a row that cannot be written may be told by a later call, at
 * the latest by the commit. What then fails, fails for good: only release is left. */
void xd_head_many(xd_head *head);

/* The id of a record to be created later under this head. */
XD_MUST bool xd_head_draw_id(xd_ctx *cx, xd_head *head, int64_t *ret_id);

/* A revision to append. For CREATE record is 0 (an id is drawn; *ret_record says which) or a
 * drawn id; EDIT and MOVE need base, the revision the author saw: XD_CONFLICT when it is no
 * longer the newest. body: the whole new body, judged by xd_body_check() (XD_INVALID). Numbers
 * are drawn here for creates of numbered types in the main store; a number once given never
 * changes. Keys that are unique are rechecked (XD_CONFLICT), links must lead to records that
 * are there (XD_INVALID). A refusal of these kinds leaves the head as it was: go on with the
 * next act or release. After any other failure only xd_head_release() is left. */
typedef struct xd_act {
    xd_rev_kind kind;
    int64_t record, base, set;
    const xd_json *body;
    bool judged; /* the caller has judged this very body under the head's model: not twice */
} xd_act;
XD_MUST bool xd_append(xd_ctx *cx, xd_head *head, const xd_act *act, int64_t *ret_seq,
                       int64_t *ret_record);
/* The model itself, as a revision. The first act of every store. */
XD_MUST bool xd_append_model(xd_ctx *cx, xd_head *head, const xd_model *model,
                             int64_t *ret_seq);

/* ---- the model in the store ------------------------------------------------------------ */

/* Hash and JSON of the newest model revision; *ret_json absent when the log is empty. */
XD_MUST bool xd_store_model(xd_ctx *cx, xd_store *store, uint8_t ret_hash[32],
                            xd_str *ret_json);
/* The hash alone; of an empty log XD_ABSENT. */
XD_MUST bool xd_store_model_hash(xd_ctx *cx, xd_store *store, uint8_t ret_hash[32]);
XD_MUST bool xd_store_model_by_hash(xd_ctx *cx, xd_store *store, const uint8_t hash[32],
                                    xd_str *ret_json);
/* Append the model when the store is empty; XD_CONFLICT when it holds another one. */
XD_MUST bool xd_store_settle_model(xd_ctx *cx, xd_store *store, const xd_model *model);

/* ---- change sets ------------------------------------------------------------------------ */

/* Open a change set: {"verb", "file", "sha256", "source", "options"}; its seq is its id. */
XD_MUST bool xd_set_open(xd_ctx *cx, xd_head *head, const xd_json *about, int64_t *ret_set);

typedef struct xd_conflict {
    int64_t record;
    xd_str field;
    xd_str in[XD_LANGS]; /* why it is one */
} xd_conflict;
typedef XD_VEC(xd_conflict) xd_conflicts;
/* Undo set as design says: a change set of its own. Conflicts are listed and, unless skipped,
 * refuse the whole (XD_CONFLICT). */
XD_MUST bool xd_set_undo(xd_ctx *cx, xd_store *store, const xd_model *model, int64_t set,
                         bool skip_conflicts, xd_conflicts *conflicts, int64_t *ret_set,
                         int64_t *ret_records);

/* ---- care ------------------------------------------------------------------------------- */

typedef struct xd_store_fault {
    int64_t seq, record; /* 0: not about one */
    xd_str what;         /* English, says what differs */
} xd_store_fault;
typedef XD_VEC(xd_store_fault) xd_store_faults;
/* Recompute everything: chain, part hashes, dense seq, schema text, keys, links, records,
 * serials, the engine's own check. True: done, faults may hold some. progress may be NULL. */
XD_MUST bool xd_store_verify(xd_ctx *cx, xd_store *store, xd_store_faults *faults,
                             void (*progress)(void *user, int64_t done, int64_t of),
                             void *user);
/* Remove personal values of one field of one record everywhere, appending an erase revision.
 * XD_ABSENT when no revision holds one. XD_BUSY: it is out of the log, but somebody's reading
 * kept its bytes in the file; to be run again. */
XD_MUST bool xd_store_erase(xd_ctx *cx, xd_store *store, const xd_model *model, int64_t record,
                            xd_str field, int64_t *ret_seq);
/* Revisions whose open part holds a value of a field that the model now marks personal: what
 * `model apply` has to list for erasing. */
typedef bool xd_on_exposed(xd_ctx *cx, void *user, int64_t seq, int64_t record, xd_str field);
XD_MUST bool xd_store_exposed(xd_ctx *cx, xd_store *store, const xd_model *model,
                              xd_on_exposed *fn, void *user);
/* Files only, as is restoring: XD_INVALID with what to do instead for PostgreSQL. */
XD_MUST bool xd_store_backup(xd_ctx *cx, xd_store *store, const char *file);
/* Replace place by the backup after verifying it; later erasures of the old store are applied.
 */
XD_MUST bool xd_store_restore(xd_ctx *cx, const char *file, const char *place);
/* From either engine into a new file, or into a database with no store or an empty one. */
XD_MUST bool xd_store_copy(xd_ctx *cx, xd_store *from, const char *to);
/* Rebuild record, record_key and link from the log. */
XD_MUST bool xd_store_rebuild(xd_ctx *cx, xd_store *store);

#endif
