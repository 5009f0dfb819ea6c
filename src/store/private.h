/* store/private.h — what the files of this room share and nobody else may include.
 *
 * Each table has one file that names it in SQL:
 *   store             store.c      revision, *_part, log_head   log.c
 *   erasure           erase.c      record                       record.c
 *   record_key        key.c        link                         link.c
 *   serial            serial.c     the schema itself            schema_steps.c
 *   job               job.c        snapshot_file                job.c
 * Functions here assume an open transaction where they write. */
#ifndef XD_STORE_PRIVATE_H
#define XD_STORE_PRIVATE_H

#include "store/db.h"
#include "store/hash.h"
#include "store/store.h"

#define XD_SALT_BYTES 16
#define XD_ID_COUNTER_BITS 40

/* Unique keys that were written and not yet looked for among other records (key.c). */
typedef struct xd_key_later {
    xd_str type, kind, value;
    int64_t record;
} xd_key_later;
typedef struct xd_keys_later {
    xd_arena *arena;
    XD_VEC(xd_key_later) list;
} xd_keys_later;

struct xd_store {
    const char *place;
    xd_store_mode mode;
    bool open;
    bool any_schema; /* a newer one is read as far as it goes */
    bool newer_schema;
    bool lost, in_doubt; /* what became of the last head, where the connection broke */
    xd_db *db;
    xd_hash *hash;
    xd_ctx own; /* memory as long as the store is open: models by hash */
    int64_t number, algorithm;
    int64_t next_id, end_id; /* reserved and not yet drawn: whole ids */
    int64_t expect;          /* creates the next head was said to need */
    xd_map *models;          /* hash bytes → const xd_model */
    xd_head *head;           /* taken, or NULL */
    /* Randomness is handed in so that test vectors can be written; NULL: the kernel's. */
    void (*random)(void *user, uint8_t *p, size_t n);
    void *random_user;
};

struct xd_head {
    xd_store *store;
    const xd_model *model;
    bool model_ok; /* it is the store's newest */
    bool failed;   /* a write failed half way: only release is left */
    int64_t grown; /* ids reserved within the head's transaction */
    int lock_fd;
    int64_t seq; /* of the newest revision */
    uint8_t leaf[XD_HASH_BYTES];
    int64_t checked_set; /* a change set known to be one */
    uint8_t salts[64 * XD_SALT_BYTES];
    size_t salts_left;
    xd_buf open, personal; /* the parts being written */
    xd_map *serials;       /* prefix → counter of serial.c, written at commit */
    bool many;             /* rows may wait, and so may the question whether keys are unique */
    xd_keys_later later;
    xd_arena *arena; /* of this and serials */
    xd_arena *work;  /* emptied act by act */
};

/* ---- store.c ---- */
/* Reserve at least n ids, in a transaction of its own unless one is open. */
XD_MUST bool xd_ids_reserve(xd_ctx *cx, xd_store *store, int64_t n);
/* The same in a transaction of its own, on PostgreSQL: *ret_got false when one who holds the head
 * has had to reserve in his and is not done. */
XD_MUST bool xd_ids_try_reserve(xd_ctx *cx, xd_store *store, int64_t n, bool *ret_got);
/* The counter of the first id not yet reserved. */
XD_MUST bool xd_ids_next(xd_ctx *cx, xd_store *store, int64_t *ret_next);
/* newest_id: the highest id of this store's own records. */
XD_MUST bool xd_store_row_check(xd_ctx *cx, xd_store *store, int64_t newest_id,
                                xd_store_faults *faults);
xd_store_fault *xd_store_fault_add(xd_ctx *cx, xd_store_faults *faults, int64_t seq,
                                   int64_t record, const char *format, ...) XD_PRINTF(5, 6);
/* A context for the steps of a walk: cx with an arena of its own. A step's error goes back with
 * xd_inner_fail(), which returns false; xd_ctx_end() ends it. */
void xd_inner_begin(const xd_ctx *cx, xd_ctx *ret_inner);
bool xd_inner_fail(xd_ctx *cx, const xd_ctx *inner);
/* Each row of a query to fn, in a context of its own that is emptied row by row. Odd rows end the
 * walk with XD_BROKEN, unless fn tells of them itself and clears rows->odd. */
typedef bool xd_on_row(xd_ctx *cx, void *user, xd_rows *rows);
XD_MUST bool xd_rows_each(xd_ctx *cx, xd_store *store, const xd_sql *sql, const xd_arg *args,
                          xd_on_row *fn, void *user);

/* ---- model.c ---- */
/* The model with this hash, from the log, kept as long as the store is open. */
XD_MUST bool xd_store_model_load(xd_ctx *cx, xd_store *store, const uint8_t hash[32],
                                 const xd_model **ret_model);
/* body, written under the model with this hash, as one of `to`: through the neighbouring
 * versions between them. to NULL: the newest. */
XD_MUST bool xd_store_step(xd_ctx *cx, xd_store *store, const uint8_t hash[32],
                           const xd_json *body, const xd_model *to, const xd_json **ret_body);

/* ---- record.c ---- */
typedef struct xd_record_row {
    int64_t id, rev, time;
    xd_str type, state, number, model, body;
} xd_record_row;
/* The row alone, texts in cx->arena; *ret_there false when there is none. */
XD_MUST bool xd_record_row_find(xd_ctx *cx, xd_store *store, int64_t id, bool *ret_there,
                                xd_record_row *ret_row);
XD_MUST bool xd_record_row_save(xd_ctx *cx, xd_store *store, const xd_record_row *row,
                                bool is_new);
XD_MUST bool xd_record_rows_clear(xd_ctx *cx, xd_store *store);
/* Every row of the table itself; texts until the next. */
typedef bool xd_on_record_row(xd_ctx *cx, void *user, const xd_record_row *row, bool odd);
XD_MUST bool xd_record_scan(xd_ctx *cx, xd_store *store, xd_on_record_row *fn, void *user);
XD_MUST bool xd_record_exists(xd_ctx *cx, xd_store *store, int64_t id, bool *ret_there);

/* ---- key.c and link.c: the shadows that are searched ---- */
/* XD_CONFLICT when another record holds one of the unique keys. */
XD_MUST bool xd_keys_unique(xd_ctx *cx, xd_store *store, int64_t record, xd_str type,
                            const xd_body_keys *keys);
/* The same, asked later: of many records at once, at the latest before the commit. */
XD_MUST bool xd_keys_unique_later(xd_ctx *cx, xd_head *head, int64_t record, xd_str type,
                                  const xd_body_keys *keys);
XD_MUST bool xd_keys_settle(xd_ctx *cx, xd_head *head);
/* Make the keys of a record these. */
XD_MUST bool xd_keys_save(xd_ctx *cx, xd_store *store, int64_t record, xd_str type,
                          const xd_body_keys *keys, bool is_new);
XD_MUST bool xd_keys_clear(xd_ctx *cx, xd_store *store);
/* Faults where the record's rows are not just these; adds how many there should be to *count.
 */
XD_MUST bool xd_keys_check(xd_ctx *cx, xd_store *store, const xd_record_row *row,
                           const xd_body_keys *keys, int64_t *count, xd_store_faults *faults);
XD_MUST bool xd_keys_count(xd_ctx *cx, xd_store *store, int64_t *ret_n);
/* XD_INVALID when one leads to a record that is not there. */
XD_MUST bool xd_links_lead(xd_ctx *cx, xd_store *store, int64_t record,
                           const xd_body_links *links);
XD_MUST bool xd_links_save(xd_ctx *cx, xd_store *store, int64_t record,
                           const xd_body_links *links, bool is_new);
XD_MUST bool xd_links_clear(xd_ctx *cx, xd_store *store);
XD_MUST bool xd_links_check(xd_ctx *cx, xd_store *store, const xd_record_row *row,
                            const xd_body_links *links, int64_t *count,
                            xd_store_faults *faults);
XD_MUST bool xd_links_count(xd_ctx *cx, xd_store *store, int64_t *ret_n);

/* ---- serial.c ---- */
/* "341823-G-0007" by the type's pattern: prefix "341823-G-", serial 7. False: it is not of it.
 */
bool xd_number_parse(xd_str pattern, xd_str number, xd_str *ret_prefix, int64_t *ret_serial);
XD_MUST bool xd_number_draw(xd_ctx *cx, xd_head *head, const xd_type *type, const xd_json *body,
                            xd_str *ret_number);
/* A number was written: its prefix goes on behind it, in the table with xd_serials_save(). */
XD_MUST bool xd_number_seen(xd_ctx *cx, xd_head *head, const xd_type *type, xd_str number);
XD_MUST bool xd_serials_save(xd_ctx *cx, xd_head *head);
typedef bool xd_on_serial(xd_ctx *cx, void *user, xd_str prefix, int64_t next, bool odd);
XD_MUST bool xd_serial_scan(xd_ctx *cx, xd_store *store, xd_on_serial *fn, void *user);
XD_MUST bool xd_serial_put(xd_ctx *cx, xd_store *store, xd_str prefix, int64_t next,
                           bool is_new);
XD_MUST bool xd_serial_clear(xd_ctx *cx, xd_store *store);

/* ---- append.c ---- */
/* xd_append() of a body that is not judged: what an erase leaves may lack a required field. */
XD_MUST bool xd_append_unjudged(xd_ctx *cx, xd_head *head, const xd_act *act, int64_t *ret_seq,
                                int64_t *ret_record);

/* ---- rebuild.c ---- */
/* Rewrite keys, links and type of every record for the store's newest model. */
XD_MUST bool xd_shadows_for_model(xd_ctx *cx, xd_store *store, const xd_model *model);
/* Delete all rows of a table: some, again and again, until none is left. */
XD_MUST bool xd_rows_clear(xd_ctx *cx, xd_store *store, const xd_sql *some, const xd_sql *left);
/* record, record_key, link, serial and erasure anew from the log. Needs an open transaction. */
XD_MUST bool xd_shadows_rebuild(xd_ctx *cx, xd_store *store);
/* The numbers of all revisions, seen in order: prefix → int64_t, one above the highest serial.
 */
typedef struct xd_serials {
    xd_map *next;
    xd_arena *arena;
} xd_serials;
XD_MUST bool xd_serials_add(xd_ctx *cx, xd_store *store, xd_serials *serials,
                            const uint8_t model[32], xd_str open);

/* ---- erase.c ---- */
XD_MUST bool xd_erasure_insert(xd_ctx *cx, xd_store *store, int64_t seq, bool open,
                               int64_t by_seq);
XD_MUST bool xd_erasures_clear(xd_ctx *cx, xd_store *store);
typedef bool xd_on_erasure(xd_ctx *cx, void *user, int64_t seq, bool open, int64_t by_seq,
                           bool odd);
XD_MUST bool xd_erasure_scan(xd_ctx *cx, xd_store *store, xd_on_erasure *fn, void *user);
/* Erase under a head; *ret_seq 0: no revision holds a value of the field. The bytes are only
 * gone after xd_store_scrub(). */
XD_MUST bool xd_erase_value(xd_ctx *cx, xd_head *head, int64_t record, xd_str field,
                            int64_t *ret_seq);
/* Rewrite the file without what was deleted, and empty the write-ahead log. */
XD_MUST bool xd_store_scrub(xd_ctx *cx, xd_store *store);

#endif
