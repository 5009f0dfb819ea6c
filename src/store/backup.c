/* Backup, restore and copy.
 *
 * A backup is one file: every page of the store as one read transaction sees it, taken beside
 * any writing, out of write-ahead mode so that it can lie on a read-only disk. It is written
 * beside its place and renamed, so a half one never carries the name.
 *
 * Restoring looks at the file as at a stranger's: schema text first, then everything verify
 * knows. Erasures the present store has seen since are made again on the restored one. The store
 * that was there is kept beside it as <store>.before-restore. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/lock.h"
#include "store/log.h"
#include "store/schema.h"

static char *beside(xd_ctx *cx, const char *path, const char *ending)
{
    return xd_cstr(cx->arena, xd_str_printf(cx->arena, "%s%s", path, ending));
}

static void remove_file(xd_ctx *cx, const char *path)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-journal", ".lock"};
    for (size_t i = 0; i < XD_LEN(endings); i++) {
        (void)unlink(beside(cx, path, endings[i])); /* most are not there */
    }
}

static bool sync_path(xd_ctx *cx, const char *path, int flags)
{
    int fd = open(path, flags | O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    int error_number = errno;
    if (fd >= 0) {
        (void)close(fd); /* read only */
    }
    return ok || xd_fail_errno(cx, error_number, "syncing %s", path);
}

/* Rename and make it last: the file's bytes first, its name after. */
static bool move_file(xd_ctx *cx, const char *from, const char *to)
{
    const char *slash = strrchr(to, '/');
    char *folder = slash == NULL ? xd_cstr(cx->arena, XD_S("."))
                                 : xd_cstr(cx->arena, (xd_str){to, (size_t)(slash - to) + 1});
    if (!sync_path(cx, from, 0)) {
        return false;
    }
    if (rename(from, to) != 0) {
        return xd_fail_errno(cx, errno, "renaming %s to %s", from, to);
    }
    return sync_path(cx, folder, O_DIRECTORY);
}

/* All pages of from into a new file of our own mode. */
static bool copy_to(xd_ctx *cx, xd_db *from, const char *to)
{
    static const xd_sql pin = XD_SQL("SELECT count(*) FROM sqlite_schema");
    const xd_db_options options = {.create = true, .cache_kib = 8192};
    int64_t n = 0;
    xd_db *copy = NULL;
    remove_file(cx, to);
    if (!xd_db_open(cx, to, &options, &copy)) {
        return false;
    }
    /* The read transaction is pinned first: else every commit beside it starts the copy anew. */
    bool ok = xd_db_begin_read(cx, from) && xd_db_int(cx, from, &pin, NULL, 0, &n) &&
              xd_db_copy_pages(cx, from, copy);
    xd_db_rollback(from);
    ok = ok && xd_db_leave_wal(cx, copy);
    xd_db_close(copy);
    if (!ok) {
        remove_file(cx, to);
    }
    return ok;
}

/* ---- backup --------------------------------------------------------------------------------------- */

static bool say_in_the_way(xd_ctx *cx, const char *file)
{
    (void)xd_fail(cx, XD_CONFLICT, "%s is there and is not a backup", file);
    return xd_fail_words(
        cx, xd_str_printf(cx->arena, "%s 已经存在，而且不是秀带的备份；请换一个文件名。", file),
        xd_str_printf(cx->arena,
                      "%s is there already and is not a backup of Xiudai. Choose another "
                      "name.",
                      file));
}

/* An older backup may be replaced; anything else, the store itself above all, may not. */
static bool may_replace(xd_ctx *cx, const xd_store *store, const char *file)
{
    struct stat there, own;
    if (stat(file, &there) != 0) {
        return errno == ENOENT || xd_fail_errno(cx, errno, "looking at %s", file);
    }
    bool is_own = stat(store->place, &own) == 0 && own.st_dev == there.st_dev &&
                  own.st_ino == there.st_ino;
    if (is_own || !S_ISREG(there.st_mode)) {
        return say_in_the_way(cx, file);
    }
    const xd_db_options options = {.read_only = true, .cache_kib = 2048};
    xd_db *db = NULL;
    int64_t version = 0;
    bool ours = xd_db_open(cx, file, &options, &db) && xd_schema_version(cx, db, &version) &&
                version > 0;
    xd_db_close(db);
    if (!ours && cx->err.code != XD_OK) {
        (void)xd_err_take(cx);
    }
    return ours || say_in_the_way(cx, file);
}

static bool say_server(xd_ctx *cx, xd_str place)
{
    (void)xd_fail(cx, XD_INVALID, XD_FMT " is a PostgreSQL database", XD_ARG(place));
    return xd_fail_words(
        cx,
        XD_S("PostgreSQL 数据库用 pg_dump 或 pg_basebackup 备份和恢复；也可以用 xiudai copy "
             "把它复制成一个数据文件，再备份那个文件。"),
        XD_S(
            "A PostgreSQL database is backed up and restored with pg_dump or pg_basebackup; or "
            "copy it into a store file with xiudai copy and back that up."));
}

bool xd_store_backup(xd_ctx *cx, xd_store *store, const char *file)
{
    if (!xd_db_is_file(store->db) || xd_db_is_url(file)) {
        return say_server(cx,
                          xd_store_shown(cx->arena, xd_db_is_url(file) ? file : store->place));
    }
    char *part = beside(cx, file, ".part");
    if (!may_replace(cx, store, file) || !copy_to(cx, store->db, part)) {
        return xd_fail_note(cx, "backing up %s", store->place);
    }
    if (!move_file(cx, part, file)) {
        remove_file(cx, part);
        return xd_fail_note(cx, "backing up %s", store->place);
    }
    return true;
}

/* ---- restore: the file ------------------------------------------------------------------------------ */

static bool say_damaged(xd_ctx *cx, const char *file, const xd_store_fault *fault)
{
    (void)xd_fail(cx, XD_BROKEN, "%s is damaged: revision %" PRId64 ": " XD_FMT, file,
                  fault->seq, XD_ARG(fault->what));
    return xd_fail_words(cx,
                         xd_str_printf(cx->arena,
                                       "备份 %s 有损坏（修订 %" PRId64
                                       "），没有恢复；现有数据未动，请换一份备份。",
                                       file, fault->seq),
                         xd_str_printf(cx->arena,
                                       "The backup %s is damaged (at revision %" PRId64
                                       ") and was not restored; "
                                       "the present data are as they were. Use another backup.",
                                       file, fault->seq));
}

typedef struct differences {
    xd_ctx *cx;
    xd_store_faults *faults;
} differences;

static void note_difference(void *user, xd_str what)
{
    differences *d = user;
    xd_store_fault_add(d->cx, d->faults, 0, 0, XD_FMT, XD_ARG(what));
}

/* Before any statement touches the file's tables: they must be ours, with our triggers, as the
 * version the file claims made them. */
static bool check_schema(xd_ctx *cx, const char *file, xd_db *db)
{
    xd_store_faults faults = {0};
    differences d = {cx, &faults};
    int64_t version = 0;
    if (!xd_schema_version(cx, db, &version)) {
        return false;
    }
    if (version == 0 || version > xd_schema_newest()) {
        return xd_schema_expect(cx, file, version);
    }
    return xd_schema_compare(cx, db, version, note_difference, &d) &&
           (faults.n == 0 || say_damaged(cx, file, &faults.at[0]));
}

/* Into a fresh file beside the store, which then is looked at and, if need be, brought to the
 * newest schema. */
static bool fetch(xd_ctx *cx, const char *file, const char *fresh)
{
    const xd_db_options options = {.read_only = true, .cache_kib = 2048};
    xd_db *db = NULL;
    if (!xd_db_open(cx, file, &options, &db)) {
        return false;
    }
    bool ok = check_schema(cx, file, db) && copy_to(cx, db, fresh);
    xd_db_close(db);
    return ok;
}

static bool open_sound(xd_ctx *cx, const char *file, const char *fresh, xd_store **ret_store)
{
    xd_store_faults faults = {0};
    xd_store *store = NULL;
    if (!xd_store_open(cx, fresh, XD_STORE_CREATE, &store)) {
        return false;
    }
    if (!xd_store_verify(cx, store, &faults, NULL, NULL) ||
        (faults.n > 0 && !say_damaged(cx, file, &faults.at[0]))) {
        xd_store_close(store);
        return false;
    }
    *ret_store = store;
    return true;
}

/* ---- restore: erasures since ------------------------------------------------------------------------- */

typedef struct erasure {
    int64_t record;
    xd_str field;
    uint8_t birth[XD_HASH_BYTES]; /* leaf of the record's first revision: the same record? */
} erasure;

typedef struct erasures {
    xd_ctx *cx;
    xd_store *store;
    XD_VEC(erasure) list;
} erasures;

static bool note_erase(xd_ctx *cx, void *user, int64_t seq, xd_str body)
{
    erasures *e = user;
    xd_erased_parts parts = {0};
    erasure item = {0};
    xd_str kind, field;
    bool there = false;
    if (!xd_erase_read(cx, body, &field, &parts) ||
        !xd_log_kind_of(cx, e->store, seq, &kind, &item.record) ||
        !xd_log_birth(cx, e->store, item.record, &there, item.birth)) {
        return false;
    }
    item.field = xd_str_copy(e->cx->arena, field);
    if (there) {
        *xd_push(e->cx->arena, &e->list) = item;
    }
    return true;
}

/* What the present store has erased. One that is too damaged to say is no hindrance: restoring
 * is what it needs. */
static void collect_erasures(xd_ctx *cx, const char *place, erasures *ret_erasures)
{
    xd_store *old = NULL;
    *ret_erasures = (erasures){.cx = cx};
    if (!xd_store_open_any(cx, place, &old)) {
        (void)xd_err_take(cx);
        return;
    }
    ret_erasures->store = old;
    if (!xd_log_erase_each(cx, old, note_erase, ret_erasures)) {
        (void)xd_err_take(cx);
    }
    xd_store_close(old);
}

static bool erase_again(xd_ctx *cx, xd_store *store, xd_head *head, const erasures *e)
{
    for (size_t i = 0; i < e->list.n; i++) {
        const erasure *item = &e->list.at[i];
        uint8_t birth[XD_HASH_BYTES];
        bool there = false;
        int64_t seq = 0;
        if (!xd_log_birth(cx, store, item->record, &there, birth)) {
            return false;
        }
        if (there && memcmp(birth, item->birth, sizeof birth) == 0 &&
            !xd_erase_value(cx, head, item->record, item->field, &seq)) {
            return false;
        }
    }
    return true;
}

static bool apply_erasures(xd_ctx *cx, xd_store *store, const erasures *e)
{
    xd_head *head = NULL;
    const xd_model *model = NULL;
    int64_t seq = 0;
    uint8_t hash[XD_HASH_BYTES];
    if (e->list.n == 0) {
        return true;
    }
    if (!xd_log_newest_model(cx, store, &seq, hash) ||
        (seq != 0 && !xd_store_model_load(cx, store, hash, &model)) ||
        !xd_head_take(cx, store, model, "xiudai restore", 0, NULL, NULL, &head)) {
        return false;
    }
    if (!erase_again(cx, store, head, e)) {
        xd_head_release(head);
        return false;
    }
    return xd_head_commit(cx, head) && xd_store_scrub(cx, store);
}

/* ---- restore: the exchange --------------------------------------------------------------------------- */

static bool say_in_use(xd_ctx *cx, const char *place)
{
    (void)xd_err_take(cx);
    (void)xd_fail(cx, XD_BUSY, "%s is open in another program", place);
    return xd_fail_words(
        cx,
        xd_str_printf(cx->arena, "%s 正被别的程序打开；请先停下 xiudai serve，再恢复。", place),
        xd_str_printf(cx->arena,
                      "%s is open in another program. Stop xiudai serve, then restore.",
                      place));
}

/* Is the present store in nobody's hands? Leaving write-ahead mode succeeds only then, and makes
 * it whole in its one file; back: it is only asked. A damaged one is taken as it is. */
static bool quiet_old(xd_ctx *cx, const char *place, bool back)
{
    const xd_db_options options = {.cache_kib = 2048};
    xd_db *db = NULL;
    bool ok = xd_db_open(cx, place, &options, &db) && xd_db_leave_wal(cx, db) &&
              (!back || xd_db_use_wal(cx, db));
    xd_db_close(db);
    if (ok) {
        return true;
    }
    if (cx->err.code == XD_BUSY) {
        return say_in_use(cx, place);
    }
    (void)xd_err_take(cx);
    return true;
}

static bool exchange(xd_ctx *cx, const char *fresh, const char *place)
{
    static const char *const endings[] = {"", "-wal", "-shm"};
    char *kept = beside(cx, place, ".before-restore");
    remove_file(cx, kept);
    if (!quiet_old(cx, place, false)) {
        return false;
    }
    for (size_t i = 0; i < XD_LEN(endings); i++) {
        char *old = beside(cx, place, endings[i]);
        if (rename(old, beside(cx, kept, endings[i])) != 0 && errno != ENOENT) {
            return xd_fail_errno(cx, errno, "keeping %s", old);
        }
    }
    return move_file(cx, fresh, place);
}

static bool restore_under_lock(xd_ctx *cx, const char *file, const char *place)
{
    char *fresh = beside(cx, place, ".restoring");
    xd_store *store = NULL;
    erasures e;
    if ((access(place, F_OK) == 0 && !quiet_old(cx, place, true)) || !fetch(cx, file, fresh)) {
        return false;
    }
    bool ok = open_sound(cx, file, fresh, &store);
    if (ok) {
        collect_erasures(cx, place, &e);
        ok = apply_erasures(cx, store, &e) && xd_db_leave_wal(cx, store->db);
        xd_store_close(store);
    }
    ok = ok && exchange(cx, fresh, place);
    remove_file(cx, fresh);
    return ok;
}

bool xd_store_restore(xd_ctx *cx, const char *file, const char *place)
{
    struct stat a, b;
    int lock = -1;
    if (xd_db_is_url(place) || xd_db_is_url(file)) {
        return say_server(cx, xd_store_shown(cx->arena, xd_db_is_url(file) ? file : place));
    }
    if (stat(file, &a) == 0 && stat(place, &b) == 0 && a.st_dev == b.st_dev &&
        a.st_ino == b.st_ino) {
        return xd_fail(cx, XD_INVALID, "%s and %s are the same file", file, place);
    }
    bool ok = xd_lock_take(cx, place, "xiudai restore", 10000, NULL, NULL, &lock) &&
              restore_under_lock(cx, file, place);
    xd_lock_drop(lock);
    return ok || xd_fail_note(cx, "restoring %s", file);
}
