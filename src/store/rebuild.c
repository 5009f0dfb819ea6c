/* The shadows of the log: what they should be, and writing them anew. */
#include "store/log.h"

bool xd_revision_body(xd_ctx *cx, xd_store *store, const xd_revision *rev,
                      const xd_json **ret_body)
{
    const xd_json *open = NULL, *personal = NULL;
    if (rev->open_erased) {
        *ret_body = NULL;
        return true;
    }
    if (!xd_json_read(cx, rev->open, &open) ||
        (rev->personal.n > 0 && !xd_json_read(cx, rev->personal, &personal))) {
        xd_err cause = xd_err_take(cx);
        return xd_fail(cx, XD_BROKEN, "revision %" PRId64 " is damaged: " XD_FMT, rev->seq,
                       XD_ARG(cause.message));
    }
    const xd_json *body = personal == NULL ? open : xd_body_join(cx, open, personal);
    return xd_store_step(cx, store, rev->model, body, NULL, ret_body);
}

/* ---- serials
 * --------------------------------------------------------------------------------- */

bool xd_serials_add(xd_ctx *cx, xd_store *store, xd_serials *serials, const uint8_t model[32],
                    xd_str open)
{
    /* Most bodies of types without numbers need not be parsed. */
    if (xd_str_find(open, XD_S("\"number\":\""), 0) == SIZE_MAX) {
        return true;
    }
    const xd_json *body = NULL;
    const xd_model *under = NULL;
    if (!xd_json_read(cx, open, &body) || !xd_store_model_load(cx, store, model, &under)) {
        return false;
    }
    const xd_type *type = xd_body_type(under, body);
    xd_str number = xd_json_get_str(body, XD_S("number")), prefix;
    int64_t serial = 0;
    if (type == NULL || type->number.n == 0 || number.n == 0 ||
        !xd_number_parse(type->number, number, &prefix, &serial)) {
        return true;
    }
    int64_t *next = xd_map_get(serials->next, prefix);
    if (next == NULL) {
        next = xd_new(serials->arena, int64_t);
        xd_map_put(serials->next, prefix, next);
    }
    *next = serial + 1 > *next ? serial + 1 : *next;
    return true;
}

/* ---- writing
 * --------------------------------------------------------------------------------- */

typedef struct work {
    xd_store *store;
    const xd_model *model;
    bool insert; /* the tables are empty; else the rows are there */
    xd_serials serials;
} work;

static bool save_record(xd_ctx *cx, void *user, int64_t record, int64_t seq)
{
    work *w = user;
    const xd_revision *rev = NULL;
    const xd_json *body = NULL;
    xd_body_keys keys = {0};
    xd_body_links links = {0};
    if (!xd_revision_find(cx, w->store, seq, &rev) ||
        !xd_revision_body(cx, w->store, rev, &body)) {
        return false;
    }
    if (body == NULL) {
        return xd_fail(cx, XD_BROKEN, "the newest body of record %" PRId64 " is gone", record);
    }
    const xd_record_row row = {
        .id = record,
        .rev = seq,
        .time = rev->time,
        .type = xd_json_get_str(body, XD_S("type")),
        .state = xd_json_get_str(body, XD_S("state")),
        .number = xd_json_get_str(body, XD_S("number")),
        .model = {(const char *)rev->model, sizeof rev->model},
        .body = rev->open,
    };
    return xd_body_key_list(cx, w->model, body, &keys) &&
           xd_body_link_list(cx, w->model, body, &links) &&
           xd_record_row_save(cx, w->store, &row, w->insert) &&
           xd_keys_save(cx, w->store, record, row.type, &keys, w->insert) &&
           xd_links_save(cx, w->store, record, &links, w->insert);
}

bool xd_shadows_for_model(xd_ctx *cx, xd_store *store, const xd_model *model)
{
    work w = {.store = store, .model = model};
    return xd_log_newest_each(cx, store, save_record, &w);
}

static bool save_revision(xd_ctx *cx, void *user, const xd_revision *rev)
{
    work *w = user;
    xd_str field;
    xd_erased_parts parts = {0};
    if (rev->kind == XD_REV_ERASE) {
        if (!xd_erase_read(cx, rev->open, &field, &parts)) {
            return false;
        }
        for (size_t i = 0; i < parts.n; i++) {
            if (!xd_erasure_insert(cx, w->store, parts.at[i].seq, parts.at[i].open, rev->seq)) {
                return false;
            }
        }
    }
    bool has_body =
        rev->kind == XD_REV_CREATE || rev->kind == XD_REV_EDIT || rev->kind == XD_REV_MOVE;
    return !has_body || rev->open_erased ||
           xd_serials_add(cx, w->store, &w->serials, rev->model, rev->open);
}

static bool save_serials(xd_ctx *cx, work *w)
{
    for (size_t i = 0; i < xd_map_count(w->serials.next); i++) {
        xd_str prefix;
        void *next;
        xd_map_each(w->serials.next, i, &prefix, &next);
        if (!xd_serial_put(cx, w->store, prefix, *(const int64_t *)next, true)) {
            return false;
        }
    }
    return true;
}

/* SQLite keeps the old pages of a statement that may fail in memory until it ends: a table of a
 * million rows goes in portions. */
bool xd_rows_clear(xd_ctx *cx, xd_store *store, const xd_sql *some, const xd_sql *left)
{
    int64_t more = 1;
    while (more != 0) {
        if (!xd_go_on(cx) || !xd_db_run(cx, store->db, some, NULL) ||
            !xd_db_int(cx, store->db, left, NULL, 0, &more)) {
            return false;
        }
    }
    return true;
}

bool xd_shadows_rebuild(xd_ctx *cx, xd_store *store)
{
    int64_t seq = 0;
    uint8_t hash[XD_HASH_BYTES];
    work w = {.store = store, .insert = true, .serials.arena = cx->arena};
    w.serials.next = xd_map_make(cx->arena);
    if (!xd_links_clear(cx, store) || !xd_keys_clear(cx, store) ||
        !xd_record_rows_clear(cx, store) || !xd_serial_clear(cx, store) ||
        !xd_erasures_clear(cx, store) || !xd_log_newest_model(cx, store, &seq, hash)) {
        return false;
    }
    if (seq == 0) {
        return true;
    }
    return xd_store_model_load(cx, store, hash, &w.model) &&
           xd_log_each(cx, store, 0, 0, save_revision, &w) && save_serials(cx, &w) &&
           xd_log_newest_each(cx, store, save_record, &w);
}

static bool rebuild(xd_ctx *cx, xd_store *store)
{
    static const xd_sql reindex = XD_SQL("REINDEX");
    xd_head *head = NULL;
    if (!xd_head_take(cx, store, NULL, "xiudai: rebuilding the store's tables", -1, NULL, NULL,
                      &head)) {
        return false;
    }
    bool ok = true;
    if (xd_db_is_file(store->db)) { /* on PostgreSQL the owner's REINDEX does that */
        xd_db_guard(store->db, XD_GUARD_SCHEMA);
        ok = xd_db_run(cx, store->db, &reindex, NULL);
        xd_db_guard(store->db, XD_GUARD_LOG);
    }
    if (!ok || !xd_shadows_rebuild(cx, store)) {
        xd_head_release(head);
        return xd_fail_note(cx, "rebuilding %s", store->place);
    }
    return xd_head_commit(cx, head);
}

/* A large index is sorted in nameless files: in memory it would take as much as it has bytes. */
bool xd_store_rebuild(xd_ctx *cx, xd_store *store)
{
    static const xd_sql on_disk = XD_SQL("PRAGMA temp_store = FILE");
    static const xd_sql in_memory = XD_SQL("PRAGMA temp_store = MEMORY");
    bool file = xd_db_is_file(store->db);
    if (file && !xd_db_run(cx, store->db, &on_disk, NULL)) {
        return false;
    }
    return rebuild(cx, store) && (!file || xd_db_run(cx, store->db, &in_memory, NULL));
}
