/* Which keys the store has, for one who asks for thousands of them.
 *
 * Most rows of a list are new: each would ask the store several times to hear that it knows nothing.
 * So the hashes of all keys of the type are read once (8 to 16 bytes a key), and the store is asked
 * only for what may be there; its answer counts. Not where the store has far more records than the
 * file has rows, nor beyond STORED_MOST keys.
 *
 * The hashes hold as long as nobody writes. They are read after the log's newest seq was, and the
 * append begins with judging again, hashes included, when the log has gone on since. */
#include "exchange/run.h"

#define STORED_MOST ((size_t)4 << 20)
#define RECORDS_A_ROW 16 /* more in the store: asking for each is less work */

struct xd_stored_keys {
    bool known;
    uint64_t *at; /* 0: free */
    size_t n, cap;
};

static uint64_t hash_of(xd_str kind, xd_str value)
{
    uint64_t h = xd_str_hash(value) * 0x9e3779b97f4a7c15u ^ xd_str_hash(kind);
    return h == 0 ? 1 : h;
}

static uint64_t *slot_of(const xd_stored_keys *keys, uint64_t hash)
{
    size_t i = hash & (keys->cap - 1);
    while (keys->at[i] != 0 && keys->at[i] != hash) {
        i = (i + 1) & (keys->cap - 1);
    }
    return &keys->at[i];
}

static void grow(xd_arena *arena, xd_stored_keys *keys)
{
    xd_stored_keys old = *keys;
    keys->cap *= 2;
    keys->at = xd_new_n(arena, uint64_t, keys->cap);
    for (size_t i = 0; i < old.cap; i++) {
        if (old.at[i] != 0) {
            *slot_of(keys, old.at[i]) = old.at[i];
        }
    }
}

static bool on_key(xd_ctx *cx, void *user, xd_str kind, xd_str value)
{
    xd_run *run = user;
    xd_stored_keys *keys = run->stored;
    uint64_t hash = hash_of(kind, value), *slot = slot_of(keys, hash);
    keys->known = keys->known && keys->n < STORED_MOST;
    if (*slot == 0 && keys->known) {
        *slot = hash;
        if (++keys->n * 2 > keys->cap) {
            grow(run->cx->arena, keys);
        }
    }
    return keys->n % 4096 != 0 || xd_go_on(cx);
}

static bool gather(xd_ctx *cx, xd_run *run)
{
    int64_t records = 0;
    if (!xd_record_count(cx, run->store, run->type->name, &records)) {
        return false;
    }
    run->stored = xd_new(run->cx->arena, xd_stored_keys);
    run->stored->known = records <= RECORDS_A_ROW * (int64_t)run->drafts.n;
    if (!run->stored->known) {
        return true;
    }
    run->stored->cap = 1024;
    run->stored->at = xd_new_n(run->cx->arena, uint64_t, run->stored->cap);
    return xd_key_each(cx, run->store, run->type->name, on_key, run);
}

bool xd_run_stored(xd_ctx *cx, xd_run *run, const xd_type *type, const xd_body_key *key,
                   xd_str value, int64_t **ret_ids, size_t *ret_n)
{
    if (type == run->type && run->judging) {
        if (run->stored == NULL && !gather(cx, run)) {
            return false;
        }
        const xd_stored_keys *keys = run->stored;
        if (keys->known && *slot_of(keys, hash_of(key->kind, value)) == 0) {
            *ret_ids = NULL;
            *ret_n = 0;
            return true;
        }
    }
    return xd_key_find(cx, run->store, type->name, key->kind, value, ret_ids, ret_n);
}
