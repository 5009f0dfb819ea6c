/* The head of the log: one writer at a time, in the order of commits. */
#include <time.h>

#include "base/log.h"
#include "store/lock.h"
#include "store/log.h"

#define BLOCK 256   /* ids reserved at once by one who did not say how many */
#define GROWTH 4096 /* … and when even those are used up under the head */
#define PART_MAX (64u << 20)
#define FIND_OUT_MS 60000

static bool reserve_ahead(xd_ctx *cx, xd_store *store, bool *ret_got)
{
    int64_t left = store->end_id - store->next_id;
    int64_t want = store->expect > 1 ? store->expect : 1;
    int64_t n = want - left > BLOCK ? want - left : BLOCK;
    *ret_got = true;
    if (left < want &&
        !(xd_db_is_file(store->db) ? xd_ids_reserve(cx, store, n)
                                   : xd_ids_try_reserve(cx, store, n, ret_got))) {
        return false;
    }
    store->expect = *ret_got ? 0 : store->expect;
    return true;
}

/* What stands beside the log: on SQLite a lock file, which is taken first; on PostgreSQL the row
 * of log_head, locked in the head's transaction. */
typedef struct taking {
    xd_store *store;
    const char *command;
} taking;

static bool try_row(xd_ctx *cx, void *user, bool *ret_got)
{
    const taking *t = user;
    if (!reserve_ahead(cx, t->store, ret_got)) {
        return false;
    }
    if (!*ret_got) {
        return true;
    }
    if (!xd_db_begin_write(cx, t->store->db)) {
        return false;
    }
    if (!xd_log_lock(cx, t->store, t->command, ret_got)) {
        xd_db_rollback(t->store->db);
        return false;
    }
    if (!*ret_got) {
        xd_db_rollback(t->store->db);
    }
    return true;
}

static xd_str row_holder(xd_ctx *cx, void *user)
{
    const taking *t = user;
    return xd_log_holder(cx, t->store);
}

static bool take_lock(xd_ctx *cx, taking *t, const xd_waiting *waiting, int *ret_fd)
{
    static const xd_lock_way by_row = {try_row, row_holder};
    if (!xd_db_is_file(t->store->db)) {
        return xd_lock_wait(cx, t->store->place, &by_row, t, waiting);
    }
    return xd_lock_take(cx, t->store->place, t->command, waiting->wait_ms, waiting->on_wait,
                        waiting->user, ret_fd);
}

static bool begin(xd_ctx *cx, xd_head *head)
{
    xd_store *store = head->store;
    int64_t model_seq = 0;
    uint8_t newest[XD_HASH_BYTES];
    bool reserved;
    if (xd_db_is_file(store->db) &&
        (!reserve_ahead(cx, store, &reserved) || !xd_db_begin_write(cx, store->db))) {
        return false;
    }
    xd_db_hold_checkpoint(store->db, true);
    if (!xd_log_head(cx, store, &head->seq, head->leaf) ||
        !xd_log_newest_model(cx, store, &model_seq, newest)) {
        xd_db_rollback(store->db);
        return false;
    }
    head->model_ok = model_seq != 0 && head->model != NULL &&
                     memcmp(newest, xd_model_hash(head->model), sizeof newest) == 0;
    return true;
}

void xd_head_many(xd_head *head)
{
    head->many = true;
    xd_db_gather(head->store->db);
}

static void free_head(xd_head *head)
{
    xd_lock_drop(head->lock_fd);
    xd_db_hold_checkpoint(head->store->db, false); /* nobody waits for us any longer */
    head->store->head = NULL;
    xd_buf_free(&head->open);
    xd_buf_free(&head->personal);
    xd_arena_free(head->later.arena);
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
    taking t = {store, command};
    store->lost = store->in_doubt = false;
    const xd_waiting waiting = {wait_ms, on_wait, user};
    if (!take_lock(cx, &t, &waiting, &lock)) {
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
    head->later.arena = xd_arena_make();
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
    xd_db_rollback(store->db);
    store->lost |= xd_db_fate_of(store->db) != XD_DB_THERE;
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

static bool say_in_doubt(xd_ctx *cx, const xd_head *head)
{
    const char *place = head->store->place;
    (void)xd_fail(cx, XD_BUSY,
                  "nobody can say whether the commit up to revision %" PRId64 " happened",
                  head->seq);
    cx->err.zh = cx->err.en = (xd_str){0}; /* those of the lost connection */
    return xd_fail_words(
        cx,
        xd_str_printf(cx->arena,
                      "提交时与数据库 %s 断了联系，还不知道是否已经写入（到第 %" PRId64
                      " 号修订）。等数据库恢复后再做一次同样的导入：已写入的行会显示为“未变”。",
                      place, head->seq),
        xd_str_printf(
            cx->arena,
            "The connection to %s broke at the commit, and it is not known yet whether "
            "it was written (up to revision %" PRId64 "). Run the same import again "
            "when the database is back: rows that were written come out as unchanged.",
            place, head->seq));
}

/* The answer to the commit was cut off: the log is asked, on a connection made anew, until it
 * can say. True: *ret_happened is known. */
static bool find_out(const xd_ctx *cx, xd_head *head, bool *ret_happened)
{
    int64_t until = xd_monotonic() + (int64_t)FIND_OUT_MS * 1000;
    xd_ctx inner;
    bool known = false;
    xd_inner_begin(cx, &inner);
    while (!known && xd_go_on(&inner) && xd_monotonic() < until) {
        bool got = false;
        known = xd_log_find_out(&inner, head, &got, ret_happened) && got;
        if (inner.err.code != XD_OK && inner.err.code != XD_BUSY) {
            break;
        }
        (void)xd_err_take(&inner);
        const struct timespec pause = {0, known ? 0 : 100 * 1000 * 1000};
        (void)nanosleep(&pause, NULL); /* woken early is as good */
    }
    xd_ctx_end(&inner);
    return known;
}

static bool commit(xd_ctx *cx, xd_head *head)
{
    xd_store *store = head->store;
    if (head->failed) {
        return xd_fail(cx, XD_SYSTEM, "a write under this head failed before");
    }
    if (xd_keys_settle(cx, head) && xd_serials_save(cx, head) && xd_log_save_head(cx, head) &&
        xd_db_commit(cx, store->db)) {
        return true;
    }
    bool happened = false;
    xd_db_fate fate = xd_db_fate_of(store->db);
    store->lost = fate != XD_DB_THERE;
    if (fate == XD_DB_IN_DOUBT && !find_out(cx, head, &happened)) {
        store->in_doubt = true;
        return say_in_doubt(cx, head);
    }
    if (happened) {
        (void)xd_err_take(cx);
        xd_log(XD_WARN, "commit",
               "the answer was lost; revision %" PRId64 " is in the log of %s", head->seq,
               store->place);
    }
    return happened;
}

bool xd_head_commit(xd_ctx *cx, xd_head *head)
{
    bool ok = commit(cx, head);
    if (!ok) {
        roll_back(head);
        (void)xd_fail_note(cx, "committing%s",
                           head->store->in_doubt ? "" : "; nothing was written");
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
