/* Following the log, on one machine or as one of many.
 *
 * The truth is "seq > n", asked at least four times a second; being told by the database that
 * somebody has committed only makes it quicker. Before new revisions are taken in, the hash of
 * the newest one we have is compared with the log's: it stands for everything before it. So a
 * server that has less than we have read (a standby that lags, an old primary that has come back)
 * is left alone, and one whose log went another way than what we have read ends this process: its
 * index would be wrong, and is made anew at the next start. */
#include "main/follow.h"

#include <time.h>

#include "base/log.h"
#include "main/fetch.h"
#include "main/snapshot.h"

#define FILE_MS 100 /* how often the log is looked at: well under the promised second */
#define SERVER_MS 250
#define PAUSE_MOST_MS 1000

/* ---- opening ------------------------------------------------------------------------------ */

static bool is_url(const char *place)
{
    return strstr(place, "://") != NULL;
}

/* Whether the log's newest model is ours, or ours is one it has gone on from. */
static bool settle_reading(xd_ctx *cx, xd_app *app, xd_store *store, bool *ret_known)
{
    uint8_t newest[32];
    xd_str json;
    if (!xd_store_model_hash(cx, store, newest)) {
        return false;
    }
    if (memcmp(newest, xd_model_hash(app->model), sizeof newest) == 0) {
        *ret_known = true;
        return true;
    }
    if (!xd_store_model_by_hash(cx, store, xd_model_hash(app->model), &json)) {
        return false;
    }
    *ret_known = json.n > 0;
    atomic_store(&app->node.read_only, XD_NODE_OTHER_MODEL);
    return true;
}

/* Opening to write has failed: to read, perhaps? The first reason stands when not. */
static bool open_to_read(xd_cli *cli, xd_app *app, xd_store **ret_store)
{
    xd_ctx *cx = &cli->cx;
    xd_err first = xd_err_take(cx);
    bool known = false;
    if (!xd_cli_model(cli, xd_cli_below(cli, "model"), &app->model) ||
        !xd_cli_store(cli, XD_STORE_READ, ret_store) ||
        !settle_reading(cx, app, *ret_store, &known) || !known) {
        (void)xd_err_take(cx);
        cx->err = first;
        return false;
    }
    if (!xd_store_schema_is_ours(*ret_store)) {
        atomic_store(&app->node.read_only, XD_NODE_OTHER_SCHEMA);
    }
    xd_log(XD_WARN, "reading", "%s; read_only %d", xd_cstr(cx->arena, first.message),
           atomic_load(&app->node.read_only));
    return true;
}

static bool open_server(xd_cli *cli, xd_app *app, xd_store **ret_store)
{
    xd_ctx *cx = &cli->cx;
    xd_store *writing;
    if (!xd_cli_open(cli, XD_STORE_CREATE, &app->model, &writing)) {
        bool may_read = cx->err.code == XD_BUSY || cx->err.code == XD_CONFLICT;
        return may_read && open_to_read(cli, app, ret_store);
    }
    xd_store_close(writing);
    return xd_cli_store(cli, XD_STORE_READ, ret_store);
}

static bool remember(xd_ctx *cx, xd_follower *f)
{
    bool there = false;
    f->leaf_seq = xd_index_seq(f->app->index);
    return f->leaf_seq == 0 ||
           (xd_log_hash_at(cx, f->store, f->leaf_seq, &there, f->leaf) &&
            (there || xd_fail(cx, XD_BUSY, "revision %" PRId64 " is gone", f->leaf_seq)));
}

static void log_note(xd_ctx *cx, xd_index *index)
{
    xd_str note;
    if (xd_index_note(cx, index, &note)) {
        xd_log(XD_WARN, "index", XD_FMT, XD_ARG(note));
    }
}

static void is_whole(xd_ctx *cx, xd_follower *f)
{
    xd_node *node = &f->app->node;
    atomic_store(&node->whole_at, xd_now(cx));
    atomic_store(&node->whole, xd_monotonic());
    atomic_store(&node->away, false);
}

static void tell_fetched(xd_ctx *cx, bool ok, int64_t bytes, const char *from)
{
    if (!ok) {
        xd_log_err(cx, "fetch");
        (void)xd_err_take(cx);
    } else if (bytes > 0) {
        xd_log(XD_INFO, "fetch", "%" PRId64 " bytes of search files from %s", bytes, from);
    }
}

/* What cannot be fetched is made from the log, which takes longer: from another server first, then
 * from where snapshots lie. A place that is written wrong is told, and by the jobs again. */
static void fetch_index(xd_cli *cli, const xd_app *app, xd_store *store)
{
    xd_ctx *cx = &cli->cx;
    const char *from = xd_cli_value(cli, "index-from"), *place = xd_cli_files(cli);
    int64_t bytes = 0;
    xd_files *files;
    if (from != NULL) {
        bool ok = xd_fetch_index(cx, app->model, from, app->index_dir, &bytes);
        tell_fetched(cx, ok, bytes, from);
    }
    if (place != NULL && bytes == 0) {
        bool ok = xd_files_open(cx, place, &files) &&
                  xd_snapshot_fetch(cx, app->model, store, files, app->index_dir, &bytes);
        tell_fetched(cx, ok, bytes, ok ? xd_files_place(files) : place);
    }
}

bool xd_follow_open(xd_cli *cli, xd_app *app, xd_follower *ret_follower)
{
    xd_ctx *cx = &cli->cx;
    xd_follower f = {.app = app, .tells = is_url(xd_cli_place(cli))};
    int64_t applied;
    if (!(f.tells ? open_server(cli, app, &f.store)
                  : xd_cli_open(cli, XD_STORE_CREATE, &app->model, &f.store)) ||
        !xd_store_listen(cx, f.store)) {
        return false;
    }
    app->index_dir = xd_cli_index(cli);
    fetch_index(cli, app, f.store);
    if (!xd_position_key_of(cx, f.store, &app->position) ||
        !xd_index_open(cx, app->model, f.store, app->index_dir, &app->index)) {
        return false;
    }
    log_note(cx, app->index); /* before the work it announces */
    if (!xd_index_follow(cx, app->index, f.store, &applied) || !remember(cx, &f)) {
        return false;
    }
    atomic_store(&app->node.head, f.leaf_seq);
    is_whole(cx, &f);
    *ret_follower = f;
    return true;
}

/* ---- following ---------------------------------------------------------------------------- */

/* Whether the log still begins with what we have. */
static bool is_same_log(xd_ctx *cx, xd_follower *f, int64_t head, const uint8_t head_leaf[32])
{
    uint8_t leaf[32];
    bool there = true;
    if (head < f->leaf_seq) {
        return xd_fail(cx, XD_BUSY,
                       "the store ends at revision %" PRId64 ", this machine has read %" PRId64
                       ": a standby that lags, or an old primary",
                       head, f->leaf_seq);
    }
    memcpy(leaf, head_leaf, sizeof leaf);
    if (head > f->leaf_seq && f->leaf_seq > 0 &&
        !xd_log_hash_at(cx, f->store, f->leaf_seq, &there, leaf)) {
        return false;
    }
    f->other_log = f->leaf_seq > 0 && !(there && memcmp(leaf, f->leaf, sizeof leaf) == 0);
    return !f->other_log || xd_fail(cx, XD_BROKEN,
                                    "revision %" PRId64
                                    " of the store is not the one this machine has read: the "
                                    "index has to be made anew",
                                    f->leaf_seq);
}

static bool look_at_model(xd_ctx *cx, xd_follower *f)
{
    uint8_t newest[32];
    if (!xd_store_model_hash(cx, f->store, newest)) {
        return false;
    }
    xd_node *node = &f->app->node;
    bool ours = memcmp(newest, xd_model_hash(f->app->model), sizeof newest) == 0;
    int was = atomic_load(&node->read_only);
    int now = was == XD_NODE_OTHER_SCHEMA ? was : ours ? XD_NODE_WRITES : XD_NODE_OTHER_MODEL;
    atomic_store(&node->read_only, now);
    if (now != was) {
        xd_log(XD_WARN, "model", "the log's model is%s ours", ours ? "" : " no longer");
    }
    return true;
}

/* Another server, of a newer program, may have migrated the store. */
static bool look_at_schema(xd_ctx *cx, xd_follower *f)
{
    if (!xd_store_see_schema(cx, f->store)) {
        return false;
    }
    xd_node *node = &f->app->node;
    if (!xd_store_schema_is_ours(f->store) &&
        atomic_exchange(&node->read_only, XD_NODE_OTHER_SCHEMA) != XD_NODE_OTHER_SCHEMA) {
        xd_log(XD_WARN, "schema", "the store has a newer schema: this server only reads");
    }
    return true;
}

static bool look(xd_ctx *cx, xd_follower *f)
{
    int64_t head = 0, applied = 0;
    uint8_t leaf[32];
    if (!look_at_schema(cx, f) || !xd_log_head(cx, f->store, &head, leaf) ||
        !is_same_log(cx, f, head, leaf)) {
        return false;
    }
    atomic_store(&f->app->node.head, head);
    if (head > f->leaf_seq || f->busy || xd_index_wants_work(f->app->index)) {
        if (!xd_index_follow(cx, f->app->index, f->store, &applied) ||
            (applied > 0 && (!remember(cx, f) || !look_at_model(cx, f)))) {
            return false;
        }
        if (f->leaf_seq > head) {
            atomic_store(&f->app->node.head, f->leaf_seq);
        }
    }
    f->busy = applied > 0;
    is_whole(cx, f);
    return true;
}

static void tell(const xd_ctx *cx, xd_follower *f, bool ok)
{
    if (!ok && !f->failing) {
        xd_log_err(cx, "follow");
    } else if (ok && f->failing) {
        xd_log(XD_INFO, "follow", "the log is followed again, from revision %" PRId64,
               f->leaf_seq);
    }
    f->failing = !ok;
}

static void rest(xd_ctx *cx, const xd_follower *f, int pause, bool may_wait)
{
    if (may_wait && xd_store_wait(cx, f->store, pause)) {
        return;
    }
    const struct timespec nap = {pause / 1000, pause % 1000 * 1000000L};
    (void)nanosleep(&nap, NULL); /* a signal may end it early: that is wanted */
}

bool xd_follow_run(xd_cli *cli, xd_follower *f)
{
    int pause = 0, usual = f->tells ? SERVER_MS : FILE_MS;
    f->busy = true; /* what was applied at the start may have left files to be joined */
    xd_ctx cx;
    xd_ctx_begin(&cx);
    cx.stop = cli->cx.stop;
    while (!f->other_log && *cx.stop == 0) {
        bool ok = look(&cx, f);
        log_note(&cx, f->app->index);
        if (*cx.stop == 0) {
            tell(&cx, f, ok);
            atomic_store(&f->app->node.away, !ok);
        }
        pause = ok ? usual : pause * 2 < PAUSE_MOST_MS ? pause * 2 : PAUSE_MOST_MS;
        xd_ctx_reset(&cx);
        if (!f->busy || !ok) {
            rest(&cx, f, pause, ok);
            xd_ctx_reset(&cx);
        }
    }
    xd_ctx_end(&cx);
    return !f->other_log ||
           xd_fail(&cli->cx, XD_BROKEN, "the log is not the one followed so far");
}
