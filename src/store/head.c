/* The head of the log: one writer at a time, in the order of commits. */
#include "store/lock.h"
#include "store/log.h"

#define BLOCK 256   /* ids reserved at once by one who did not say how many */
#define GROWTH 4096 /* … and when even those are used up under the head */
#define PART_MAX (64u << 20)

static const xd_sql begin_sql = XD_SQL("BEGIN IMMEDIATE");
static const xd_sql commit_sql = XD_SQL("COMMIT");
static const xd_sql rollback_sql = XD_SQL("ROLLBACK");

static bool reserve_ahead(xd_ctx *cx, xd_store *store)
{
    int64_t left = store->end_id - store->next_id;
    int64_t want = store->expect > 1 ? store->expect : 1;
    store->expect = 0;
    if (left >= want) {
        return true;
    }
    return xd_ids_reserve(cx, store, want - left > BLOCK ? want - left : BLOCK);
}

static bool begin(xd_ctx *cx, xd_head *head)
{
    xd_store *store = head->store;
    int64_t model_seq = 0;
    uint8_t newest[XD_HASH_BYTES];
    if (!reserve_ahead(cx, store) || !xd_db_run(cx, store->db, &begin_sql, NULL)) {
        return false;
    }
    if (!xd_log_head(cx, store, &head->seq, head->leaf) ||
        !xd_log_newest_model(cx, store, &model_seq, newest)) {
        xd_db_run_quietly(store->db, &rollback_sql);
        return false;
    }
    head->model_ok = model_seq != 0 && head->model != NULL &&
                     memcmp(newest, xd_model_hash(head->model), sizeof newest) == 0;
    return true;
}

static void free_head(xd_head *head)
{
    xd_lock_drop(head->lock_fd);
    head->store->head = NULL;
    xd_buf_free(&head->open);
    xd_buf_free(&head->personal);
    xd_arena_free(head->work);
    xd_arena_free(head->arena);
}

bool xd_head_take(xd_ctx *cx, xd_store *store, const xd_model *model, const char *command,
                  int wait_ms, void (*on_wait)(void *user, xd_str holder), void *user,
                  xd_head **ret_head)
{
    assert(store->open && store->head == NULL);
    if (store->mode == XD_STORE_READ) {
        return xd_fail(cx, XD_DENIED, "%s was opened for reading only", store->place);
    }
    int lock = -1;
    if (!xd_lock_take(cx, store->place, command, wait_ms, on_wait, user, &lock)) {
        return false;
    }
    xd_arena *arena = xd_arena_make();
    xd_head *head = xd_new(arena, xd_head);
    head->arena = arena;
    head->store = store;
    head->model = model;
    head->lock_fd = lock;
    head->open.max = head->personal.max = PART_MAX;
    head->serials = xd_map_make(arena);
    head->work = xd_arena_make();
    store->head = head;
    if (!begin(cx, head)) {
        free_head(head);
        return xd_fail_note(cx, "taking the head of %s", store->place);
    }
    *ret_head = head;
    return true;
}

/* Undone is undone; ids drawn beyond what was reserved before are passed over, so that an id
 * anybody has seen never names another record. */
static void roll_back(xd_head *head)
{
    xd_store *store = head->store;
    xd_db_run_quietly(store->db, &rollback_sql);
    if (head->grown > 0) {
        xd_ctx cx;
        xd_ctx_begin(&cx);
        store->next_id = store->end_id = 0;
        bool passed = xd_ids_reserve(&cx, store, head->grown);
        (void)passed; /* what made the head fail may make this fail too */
        store->next_id = store->end_id = 0;
        xd_ctx_end(&cx);
    }
}

void xd_head_release(xd_head *head)
{
    if (head != NULL) {
        roll_back(head);
        free_head(head);
    }
}

bool xd_head_commit(xd_ctx *cx, xd_head *head)
{
    bool ok = head->failed ? xd_fail(cx, XD_SYSTEM, "a write under this head failed before")
                           : xd_serials_save(cx, head) && xd_log_save_head(cx, head) &&
                                 xd_db_run(cx, head->store->db, &commit_sql, NULL);
    if (!ok) {
        roll_back(head);
        (void)xd_fail_note(cx, "committing; nothing was written");
    }
    free_head(head);
    return ok;
}

bool xd_head_draw_id(xd_ctx *cx, xd_head *head, int64_t *ret_id)
{
    xd_store *store = head->store;
    if (store->next_id == store->end_id) {
        if (!xd_ids_reserve(cx, store, GROWTH)) {
            return false;
        }
        head->grown += GROWTH;
    }
    *ret_id = store->next_id++;
    return true;
}
