/* store/log.h — revisions at rest: writing and reading them; private to this room.
 *
 * The format is in log.c's essay. Appending needs a taken head and leaves log_head to
 * xd_log_save_head(), once a commit. */
#ifndef XD_STORE_LOG_H
#define XD_STORE_LOG_H

#include "store/private.h"

/* A revision as its columns have it. Texts are valid until the next row. */
typedef struct xd_log_row {
    int64_t seq, time, actor;
    xd_str kind;
    int64_t record, base, set;
    xd_str model, open_hash, personal_hash, leaf;
    bool open_there, personal_there;
    xd_str open_salt, open, personal_salt, personal;
} xd_log_row;

/* The leaf of row behind prev (32 bytes), and H(salt, part). */
XD_MUST bool xd_log_leaf(xd_ctx *cx, const xd_store *store, const xd_log_row *row,
                         const uint8_t prev[XD_HASH_BYTES], uint8_t ret_leaf[XD_HASH_BYTES]);
XD_MUST bool xd_log_part_hash(xd_ctx *cx, const xd_store *store, xd_str salt, xd_str part,
                              uint8_t ret_hash[XD_HASH_BYTES]);

XD_MUST bool xd_log_start(xd_ctx *cx, xd_store *store); /* the head of an empty log */
/* PostgreSQL's head, within a transaction: the row of log_head, or *ret_got false when another
 * holds it. The transaction carries the holder's words for xd_log_holder(), which is asked by
 * others, outside one. */
XD_MUST bool xd_log_lock(xd_ctx *cx, xd_store *store, const char *command, bool *ret_got);
xd_str xd_log_holder(xd_ctx *cx, xd_store *store);
/* The head's row, and a word to those who follow. */
XD_MUST bool xd_log_save_head(xd_ctx *cx, xd_head *head);
/* On PostgreSQL, for one whose commit was not answered: whether the log has it, and then made as
 * safe as a commit is. *ret_got false: the transaction in question may still be open. */
XD_MUST bool xd_log_find_out(xd_ctx *cx, const xd_head *head, bool *ret_got,
                             bool *ret_happened);

typedef struct xd_log_entry {
    xd_rev_kind kind;
    int64_t record, base, set;
    const uint8_t *model;
    xd_str open, personal; /* canonical; personal absent: it has none */
    int64_t time;          /* set by xd_log_append() */
} xd_log_entry;
XD_MUST bool xd_log_append(xd_ctx *cx, xd_head *head, xd_log_entry *entry, int64_t *ret_seq);
/* A row as it is, chain and all: copying a log. */
XD_MUST bool xd_log_insert(xd_ctx *cx, xd_store *store, const xd_log_row *row);
XD_MUST bool xd_log_delete_part(xd_ctx *cx, xd_store *store, int64_t seq, bool open);

/* The hash the newest model revision names; *ret_seq 0 when there is none. */
XD_MUST bool xd_log_newest_model(xd_ctx *cx, xd_store *store, int64_t *ret_seq,
                                 uint8_t ret_hash[XD_HASH_BYTES]);
typedef struct xd_log_model {
    int64_t seq;
    uint8_t hash[XD_HASH_BYTES];
} xd_log_model;
typedef XD_VEC(xd_log_model) xd_log_models;
/* Every model revision, oldest first. */
XD_MUST bool xd_log_models_list(xd_ctx *cx, xd_store *store, xd_log_models *models);
XD_MUST bool xd_log_kind_of(xd_ctx *cx, xd_store *store, int64_t seq, xd_str *ret_kind,
                            int64_t *ret_record);
/* The newest create, edit or move of a record before seq; 0: none. */
XD_MUST bool xd_log_before(xd_ctx *cx, xd_store *store, int64_t record, int64_t seq,
                           int64_t *ret_seq);
/* The leaf of a record's first revision: two stores mean the same record when these agree. */
XD_MUST bool xd_log_birth(xd_ctx *cx, xd_store *store, int64_t record, bool *ret_there,
                          uint8_t ret_leaf[XD_HASH_BYTES]);
/* Records of a change set, each once with its first and last revision in it, by first. */
typedef struct xd_log_span {
    int64_t record, first, last;
} xd_log_span;
typedef XD_VEC(xd_log_span) xd_log_spans;
XD_MUST bool xd_log_set_spans(xd_ctx *cx, xd_store *store, int64_t set, xd_log_spans *spans);
/* The newest create, edit or move of every record, by record. */
typedef bool xd_on_newest(xd_ctx *cx, void *user, int64_t record, int64_t seq);
XD_MUST bool xd_log_newest_each(xd_ctx *cx, xd_store *store, xd_on_newest *fn, void *user);

/* Every row of the table itself, no index trusted, in the table's order. `odd`: a value of a
 * foreign kind stood in it. */
typedef bool xd_on_log_row(xd_ctx *cx, void *user, const xd_log_row *row, bool odd);
XD_MUST bool xd_log_scan(xd_ctx *cx, xd_store *store, xd_on_log_row *fn, void *user);
/* Rows in the three tables, counted without an index. */
XD_MUST bool xd_log_counts(xd_ctx *cx, xd_store *store, int64_t *ret_revisions,
                           int64_t *ret_open, int64_t *ret_personal);
/* What every erase revision says, found without an index. */
typedef bool xd_on_erase(xd_ctx *cx, void *user, int64_t seq, xd_str body);
XD_MUST bool xd_log_erase_each(xd_ctx *cx, xd_store *store, xd_on_erase *fn, void *user);
/* What each index finds must be what is found without it. */
XD_MUST bool xd_log_index_check(xd_ctx *cx, xd_store *store, xd_store_faults *faults);

#endif
