/* store/store.h — everything at rest: the log, its shadows, and how a store is opened.
 *
 * The log (table revision and its parts) is the truth; record, record_key and link are shadows
 * written in the same transaction and rebuildable from it. Log format 1 is in log.c's essay and
 * in docs/decisions/. No SQLite or PostgreSQL type leaves this room. SQL stands in src/store
 * only: one file a table.
 *
 * A handle serves one thread at a time. Opening with XD_STORE_READ gives a read-only handle
 * that never blocks a writer. Files are 0600, WAL, synchronous=FULL, foreign_keys, defensive;
 * an authorizer forbids changing or deleting log rows outside an erase. */
#ifndef XD_STORE_STORE_H
#define XD_STORE_STORE_H

#include "model/body.h"

typedef struct xd_store xd_store;

typedef enum xd_store_mode { XD_STORE_READ, XD_STORE_WRITE, XD_STORE_CREATE } xd_store_mode;

/* place: a file path, or postgresql://… (XD_INVALID while that engine is not built in).
 * XD_STORE_CREATE makes the file with the newest schema when absent and runs migrations when
 * older; READ and WRITE refuse an older or newer schema, saying what to do. The handle is
 * closed when cx ends, or earlier by xd_store_close(). */
XD_MUST bool xd_store_open(xd_ctx *cx, const char *place, xd_store_mode mode,
                           xd_store **ret_store);
void xd_store_close(xd_store *store);
const char *xd_store_place(const xd_store *store);

/* ---- revisions ------------------------------------------------------------------------ */

typedef enum xd_rev_kind {
    XD_REV_MODEL, XD_REV_SET, XD_REV_CREATE, XD_REV_EDIT, XD_REV_MOVE, XD_REV_ERASE
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

/* The newest revision of a record, personal part joined. */
typedef struct xd_record {
    int64_t id, rev, time;
    xd_str type, state, number; /* number absent: unnumbered */
    const xd_json *body;
    uint8_t model[32];
} xd_record;

XD_MUST bool xd_record_find(xd_ctx *cx, xd_store *store, int64_t id, const xd_record **ret_record);
/* One revision; *ret NULL when the seq is not there. */
XD_MUST bool xd_revision_find(xd_ctx *cx, xd_store *store, int64_t seq, const xd_revision **ret_rev);
/* Newest last seq, 0 for an empty log; the head hash (32 bytes). */
XD_MUST bool xd_log_head(xd_ctx *cx, xd_store *store, int64_t *ret_seq, uint8_t ret_hash[32]);

/* Walk in order; the callback gets an arena-scoped item valid during the call only; it returns
 * false (with cx->err) to stop. Memory stays bounded however long the log is. */
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
typedef struct xd_link {
    int64_t from, to;
    xd_str kind, from_date, to_date;
} xd_link;
typedef XD_VEC(xd_link) xd_links;
XD_MUST bool xd_links_of(xd_ctx *cx, xd_store *store, int64_t id, bool incoming, xd_links *links);

/* ---- the head: appending --------------------------------------------------------------- */

typedef struct xd_head xd_head;

/* Take the head: the lock file beside the store (flock; it holds pid, command and start, so
 * that those who wait can say who), then BEGIN IMMEDIATE. wait_ms < 0 waits for ever, telling
 * `on_wait` (may be NULL) once who holds it. XD_BUSY with the holder's words when time is up.
 * model: the model bodies are written under; it must be the store's newest model revision
 * (XD_CONFLICT otherwise), except for xd_append_model() itself. */
XD_MUST bool xd_head_take(xd_ctx *cx, xd_store *store, const xd_model *model, const char *command,
                          int wait_ms, void (*on_wait)(void *user, xd_str holder), void *user,
                          xd_head **ret_head);
/* Commit makes it durable and lets go of the head; release without commit undoes everything.
 * Either ends head. */
XD_MUST bool xd_head_commit(xd_ctx *cx, xd_head *head);
void xd_head_release(xd_head *head);

/* A revision to append. For CREATE record is 0 (an id is drawn; *ret_record says which) or a
 * reserved id; EDIT and MOVE need base, the revision the author saw: XD_CONFLICT when it is no
 * longer the newest. body: the whole new body, judged by xd_body_check() (XD_INVALID). Numbers
 * are drawn here for creates of numbered types in the main store. */
typedef struct xd_act {
    xd_rev_kind kind;
    int64_t record, base, set;
    const xd_json *body;
} xd_act;
XD_MUST bool xd_append(xd_ctx *cx, xd_head *head, const xd_act *act, int64_t *ret_seq,
                       int64_t *ret_record);
/* The model itself, as a revision. The first act of every store. */
XD_MUST bool xd_append_model(xd_ctx *cx, xd_head *head, const xd_model *model, int64_t *ret_seq);

/* ---- the model in the store ------------------------------------------------------------ */

/* Hash and JSON of the newest model revision; *ret_json absent when the log is empty. */
XD_MUST bool xd_store_model(xd_ctx *cx, xd_store *store, uint8_t ret_hash[32], xd_str *ret_json);
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
                             void (*progress)(void *user, int64_t done, int64_t of), void *user);
/* Remove personal values of one field of one record everywhere, appending an erase revision. */
XD_MUST bool xd_store_erase(xd_ctx *cx, xd_store *store, const xd_model *model, int64_t record,
                            xd_str field, int64_t *ret_seq);
XD_MUST bool xd_store_backup(xd_ctx *cx, xd_store *store, const char *file);
/* Replace place by the backup after verifying it; later erasures of the old store are applied. */
XD_MUST bool xd_store_restore(xd_ctx *cx, const char *file, const char *place);
XD_MUST bool xd_store_copy(xd_ctx *cx, xd_store *from, const char *to);
/* Rebuild record, record_key and link from the log. */
XD_MUST bool xd_store_rebuild(xd_ctx *cx, xd_store *store);

#endif
