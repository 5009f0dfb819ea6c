/* Copying a store revision by revision: into another file or
 * engine. Every
 * part hash and leaf is computed on the way, so a damaged log is not carried over, and the
 * shadows are made anew. The copy is the same store: same hashes, same head, same ids. */
#include <unistd.h>

#include "store/log.h"

typedef struct copying {
    xd_store *from, *to;
    xd_head *head; /* of the copy */
} copying;

static bool is_hash(xd_str s, const uint8_t hash[XD_HASH_BYTES])
{
    return s.n == XD_HASH_BYTES && memcmp(s.p, hash, XD_HASH_BYTES) == 0;
}

static bool copy_row(xd_ctx *cx, void *user, const xd_log_row *row, bool odd)
{
    copying *c = user;
    xd_head *head = c->head;
    uint8_t open[XD_HASH_BYTES], personal[XD_HASH_BYTES], leaf[XD_HASH_BYTES];
    if (!xd_log_part_hash(cx, c->to, row->open_salt, row->open, open) ||
        !xd_log_part_hash(cx, c->to, row->personal_salt, row->personal, personal) ||
        !xd_log_leaf(cx, c->to, row, head->leaf, leaf)) {
        return false;
    }
    if (odd || row->seq != head->seq + 1 || !is_hash(row->leaf, leaf) ||
        (row->open_there && !is_hash(row->open_hash, open)) ||
        (row->personal_there && !is_hash(row->personal_hash, personal))) {
        return xd_fail(cx, XD_BROKEN, "revision %" PRId64 " is damaged; run xiudai verify",
                       head->seq + 1);
    }
    if (!xd_log_insert(cx, c->to, row)) {
        return false;
    }
    head->seq = row->seq;
    memcpy(head->leaf, leaf, sizeof leaf);
    return true;
}

/* Ids the old store has given out are not given out again. */
static bool copy_ids(xd_ctx *cx, copying *c)
{
    int64_t from_next = 0, to_next = 0;
    return xd_ids_next(cx, c->from, &from_next) && xd_ids_next(cx, c->to, &to_next) &&
           (from_next <= to_next || xd_ids_reserve(cx, c->to, from_next - to_next));
}

static bool copy_all(xd_ctx *cx, copying *c)
{
    int64_t seq = 0;
    uint8_t leaf[XD_HASH_BYTES];
    if (!xd_log_head(cx, c->from, &seq, leaf) || !xd_log_scan(cx, c->from, copy_row, c)) {
        return false;
    }
    if (c->head->seq != seq || memcmp(c->head->leaf, leaf, sizeof leaf) != 0) {
        return xd_fail(cx, XD_BROKEN, "the head of %s does not fit its log; run xiudai verify",
                       c->from->place);
    }
    return copy_ids(cx, c) && xd_shadows_rebuild(cx, c->to);
}

static void remove_new(xd_ctx *cx, const char *place)
{
    static const char *const endings[] = {"", "-wal", "-shm", ".lock"};
    for (size_t i = 0; i < XD_LEN(endings); i++) {
        (void)unlink(xd_cstr(cx->arena, xd_str_printf(cx->arena, "%s%s", place, endings[i])));
    }
}

static bool say_there(xd_ctx *cx, const char *to)
{
    xd_str shown = xd_store_shown(cx->arena, to);
    (void)xd_fail(cx, XD_CONFLICT, XD_FMT " is there already", XD_ARG(shown));
    return xd_fail_words(
        cx,
        xd_str_printf(cx->arena, XD_FMT " 已经有数据；请给一个新的文件名，或一个空的数据库。",
                      XD_ARG(shown)),
        xd_str_printf(cx->arena,
                      XD_FMT " is there already. Give the name of a new file, or of an empty "
                             "database.",
                      XD_ARG(shown)));
}

/* A copy that failed before left its tables, made alike and with nothing in them. */
static bool is_empty(xd_ctx *cx, const copying *c)
{
    int64_t seq = 0;
    uint8_t leaf[XD_HASH_BYTES];
    if (!xd_log_head(cx, c->to, &seq, leaf)) {
        return false;
    }
    bool alike = c->to->algorithm == c->from->algorithm && c->to->number == c->from->number;
    return (seq == 0 && alike) || say_there(cx, c->to->place);
}

bool xd_store_copy(xd_ctx *cx, xd_store *from, const char *to)
{
    const xd_store_make make = {.sm3 = from->algorithm == 2, .number = from->number};
    copying c = {.from = from};
    bool is_url = xd_db_is_url(to);
    if (!is_url && access(to, F_OK) == 0) {
        return say_there(cx, to);
    }
    if (!xd_store_open_new(cx, to, &make, &c.to)) {
        return false;
    }
    if (is_url && !is_empty(cx, &c)) {
        xd_store_close(c.to);
        return false;
    }
    bool ok = xd_db_begin_read(cx, from->db) &&
              xd_head_take(cx, c.to, NULL, "xiudai copy", 0, NULL, NULL, &c.head);
    ok = ok && copy_all(cx, &c);
    if (ok) {
        ok = xd_head_commit(cx, c.head);
    } else {
        xd_head_release(c.head);
    }
    xd_db_rollback(from->db);
    xd_store_close(c.to);
    if (!ok && !is_url) {
        remove_new(cx, to);
    }
    return ok || xd_fail_note(cx, "copying %s to %s", from->place, c.to->place);
}
