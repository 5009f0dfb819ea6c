/* Which record a row means: among the rows of the file, and in the store.
 *
 * Keys come from xd_body_key_list(): the number, then the model's keys in their order. Two
 * bodies mean the same record when, for the first kind of key that both have, they share a
 * value: the same name in the same county is two records where each has its own source id.
 *
 * Ids of a source mean something within that source alone: GY-01 of two lists is two records.
 * A row that names no source is matched by the bare id, and a row that names one by the ids of
 * records that name none; a candidate whose name and whose area are both another's is left out,
 * so that a list numbered anew never writes over somebody else's record.
 *
 * The file's keys stand in a table of hashes (12 bytes a slot), open addressing, at most three quarters
 * full. A hit is always confirmed by reading the other draft again, so a collision costs time
 * and never an answer. */
#include "exchange/run.h"

static uint64_t key_hash(const xd_body_key *key)
{
    uint64_t h = xd_str_hash(key->value) * 0x9e3779b97f4a7c15u ^ xd_str_hash(key->kind);
    return h == 0 ? 1 : h;
}

static uint64_t hash_in(const xd_key_slot *slot)
{
    return (uint64_t)slot->hash[1] << 32 | slot->hash[0];
}

void xd_run_keys_begin(xd_run *run)
{
    size_t most = run->drafts.cap * (run->type->n_keys + 1);
    run->n_slots = 1024;
    while (run->n_slots * 3 < most * 4 && run->n_slots < (size_t)1 << 28) {
        run->n_slots *= 2;
    }
    run->n_keys = 0;
    run->slots = xd_new_n(run->cx->arena, xd_key_slot, run->n_slots);
}

static void put(xd_run *run, uint64_t hash, uint32_t draft)
{
    size_t i = hash & (run->n_slots - 1);
    while (hash_in(&run->slots[i]) != 0) {
        if (hash_in(&run->slots[i]) == hash && run->slots[i].draft == draft) {
            return;
        }
        i = (i + 1) & (run->n_slots - 1);
    }
    run->slots[i] = (xd_key_slot){
        {(uint32_t)hash, (uint32_t)(hash >> 32)},
        draft
    };
    run->n_keys++;
}

static void grow(xd_run *run)
{
    const xd_key_slot *old = run->slots;
    size_t n = run->n_slots;
    run->n_slots *= 2;
    run->n_keys = 0;
    run->slots = xd_new_n(run->cx->arena, xd_key_slot, run->n_slots);
    for (size_t i = 0; i < n; i++) {
        if (hash_in(&old[i]) != 0) {
            put(run, hash_in(&old[i]), old[i].draft);
        }
    }
}

static bool share(const xd_body_keys *a, const xd_body_keys *b, xd_str kind, bool *ret_both)
{
    bool in_a = false, in_b = false;
    for (size_t i = 0; i < a->n; i++) {
        if (!xd_str_eq(a->at[i].kind, kind)) {
            continue;
        }
        in_a = true;
        for (size_t k = 0; k < b->n; k++) {
            if (xd_str_eq(b->at[k].kind, kind)) {
                in_b = true;
                if (xd_str_eq(a->at[i].value, b->at[k].value)) {
                    *ret_both = true;
                    return true;
                }
            }
        }
    }
    *ret_both = in_a && in_b;
    return false;
}

/* "value|source" → "|source". */
static xd_str scope_of(const xd_body_key *key)
{
    return xd_str_sub(key->value, xd_str_find(key->value, XD_S("|"), 0), key->value.n);
}

static bool same_scope(const xd_body_keys *b, const xd_body_key *key)
{
    for (size_t i = 0; i < b->n; i++) {
        if (xd_str_eq(b->at[i].kind, key->kind) &&
            xd_str_eq(scope_of(&b->at[i]), scope_of(key))) {
            return true;
        }
    }
    return false;
}

static bool same_record(const xd_body_keys *a, const xd_body_keys *b)
{
    for (size_t i = 0; i < a->n; i++) {
        const xd_body_key *key = &a->at[i];
        bool both = false;
        if (key->scope == XD_KEY_ANY_SOURCE) {
            continue; /* its twin with the source has spoken */
        }
        if (share(a, b, key->kind, &both)) {
            return true;
        }
        if (both && (key->scope == XD_KEY_PLAIN || same_scope(b, key))) {
            return false;
        }
    }
    return false;
}

static bool draft_keys(xd_ctx *cx, xd_run *run, uint32_t draft, xd_body_keys *keys)
{
    xd_json *given = NULL;
    return xd_draft_given(cx, run, &run->drafts.at[draft], &given) &&
           xd_body_key_list(cx, run->model, given, keys);
}

static uint32_t root_of(const xd_run *run, uint32_t draft)
{
    while (run->drafts.at[draft].same_as != XD_NO_DRAFT) {
        draft = run->drafts.at[draft].same_as;
    }
    return draft;
}

/* The first draft other than `but` with this key. `any`: one shared key is enough; otherwise it
 * must mean the same record. */
static bool look(xd_ctx *cx, xd_run *run, const xd_body_key *key, const xd_body_keys *mine,
                 bool any, uint32_t but, uint32_t *ret_draft)
{
    uint64_t hash = key_hash(key);
    for (size_t i = hash & (run->n_slots - 1); hash_in(&run->slots[i]) != 0;
         i = (i + 1) & (run->n_slots - 1)) {
        if (hash_in(&run->slots[i]) != hash) {
            continue;
        }
        uint32_t other = root_of(run, run->slots[i].draft);
        if (other == but) {
            continue;
        }
        xd_body_keys theirs = {0};
        if (!draft_keys(cx, run, other, &theirs)) {
            return false;
        }
        bool both = false;
        if (any ? share(mine, &theirs, key->kind, &both) : same_record(mine, &theirs)) {
            *ret_draft = other;
            return true;
        }
    }
    return true;
}

bool xd_run_keys_add(xd_ctx *cx, xd_run *run, uint32_t draft, const xd_json *given,
                     uint32_t *ret_same)
{
    xd_body_keys keys = {0};
    if (!xd_body_key_list(cx, run->model, given, &keys)) {
        return false;
    }
    uint32_t same = XD_NO_DRAFT;
    for (size_t i = 0; i < keys.n && same == XD_NO_DRAFT; i++) {
        if (!look(cx, run, &keys.at[i], &keys, false, XD_NO_DRAFT, &same)) {
            return false;
        }
    }
    for (size_t i = 0; i < keys.n; i++) {
        if ((run->n_keys + 1) * 4 > run->n_slots * 3) {
            grow(run);
        }
        put(run, key_hash(&keys.at[i]), same == XD_NO_DRAFT ? draft : same);
    }
    *ret_same = same;
    return true;
}

bool xd_run_keys_find(xd_ctx *cx, xd_run *run, const xd_body_keys *keys, uint32_t *ret_draft)
{
    *ret_draft = XD_NO_DRAFT;
    for (size_t i = 0; i < keys->n && *ret_draft == XD_NO_DRAFT; i++) {
        if (!look(cx, run, &keys->at[i], keys, true, XD_NO_DRAFT, ret_draft)) {
            return false;
        }
    }
    return true;
}

bool xd_run_key_taken(xd_ctx *cx, xd_run *run, const xd_draft *draft, const xd_body_keys *mine,
                      const xd_body_keys *keys, xd_str *ret_value, xd_str *ret_by)
{
    uint32_t self = (uint32_t)(draft - run->drafts.at);
    *ret_value = *ret_by = (xd_str){0};
    for (size_t i = 0; i < mine->n; i++) {
        uint32_t other = XD_NO_DRAFT;
        if (!mine->at[i].unique) {
            continue;
        }
        if (!look(cx, run, &mine->at[i], mine, true, self, &other)) {
            return false;
        }
        if (other != XD_NO_DRAFT && !run->drafts.at[other].refused) {
            *ret_value = mine->at[i].value;
            *ret_by = xd_str_printf(cx->arena, "%" PRId64,
                                    xd_run_number(run, &run->drafts.at[other]));
            return true;
        }
    }
    for (size_t i = 0; i < keys->n; i++) {
        const xd_body_key *key = &keys->at[i];
        int64_t *ids = NULL;
        size_t n = 0;
        if (!key->unique || (draft->target == 0 && key->scope == XD_KEY_PLAIN)) {
            continue; /* found, it would be the target: but one of a source may be left out */
        }
        if (!xd_run_stored(cx, run, run->type, key, key->value, &ids, &n)) {
            return false;
        }
        for (size_t k = 0; k < n; k++) {
            if (ids[k] != draft->target) {
                *ret_value = key->value;
                *ret_by = xd_str_printf(cx->arena, "#%" PRId64, ids[k]);
                return true;
            }
        }
    }
    return true;
}

/* ---- the store ---------------------------------------------------------------------------- */

static void add_ids(xd_ctx *cx, const int64_t *found, size_t n, int64_t **ids, size_t *n_ids)
{
    int64_t *all = xd_new_n(cx->arena, int64_t, *n_ids + n + 1);
    size_t k = 0;
    for (size_t i = 0; i < *n_ids; i++) {
        all[k++] = (*ids)[i];
    }
    for (size_t i = 0; i < n; i++) {
        bool known = false;
        for (size_t j = 0; j < k; j++) {
            known |= all[j] == found[i];
        }
        if (!known) {
            all[k++] = found[i];
        }
    }
    *ids = all;
    *n_ids = k;
}

/* Of ids, those whose record is not plainly another's. */
static bool drop_unlike(xd_ctx *cx, xd_run *run, const xd_json *given, int64_t *ids,
                        size_t *n_ids)
{
    size_t kept = 0;
    for (size_t i = 0; i < *n_ids; i++) {
        const xd_record *record = NULL;
        if (!xd_record_find(cx, run->store, ids[i], &record)) {
            return false;
        }
        if (record == NULL || !xd_run_unlike(cx, run, given, record->body)) {
            ids[kept++] = ids[i];
        }
    }
    *n_ids = kept;
    return true;
}

/* What the store has under a key as this row may mean it. */
static bool find_stored(xd_ctx *cx, xd_run *run, const xd_json *given, const xd_body_key *key,
                        bool sourced, int64_t **ret_ids, size_t *ret_n)
{
    xd_str value = key->value;
    *ret_n = 0;
    if (key->scope == XD_KEY_ANY_SOURCE && sourced) {
        return true; /* of another source: tells nothing */
    }
    if (!xd_run_stored(cx, run, run->type, key, value, ret_ids, ret_n)) {
        return false;
    }
    if (key->scope == XD_KEY_OF_SOURCE && sourced && *ret_n == 0) {
        value = xd_str_sub(value, 0, value.n - scope_of(key).n + 1); /* of no source */
        if (!xd_run_stored(cx, run, run->type, key, value, ret_ids, ret_n)) {
            return false;
        }
    }
    return key->scope == XD_KEY_PLAIN || drop_unlike(cx, run, given, *ret_ids, ret_n);
}

bool xd_run_match(xd_ctx *cx, xd_run *run, const xd_json *given, const xd_body_keys *keys,
                  int64_t **ret_ids, size_t *ret_n)
{
    int64_t *ids = NULL;
    size_t n_ids = 0;
    bool sourced = false;
    for (size_t i = 0; i < keys->n; i++) {
        const xd_body_key *key = &keys->at[i];
        if (n_ids > 0 && !xd_str_eq(key->kind, keys->at[i - 1].kind)) {
            break; /* the first kind of key that finds something decides */
        }
        int64_t *found = NULL;
        size_t n = 0;
        sourced = key->scope == XD_KEY_OF_SOURCE ? scope_of(key).n > 1 : sourced;
        if (!find_stored(cx, run, given, key, sourced, &found, &n)) {
            return false;
        }
        add_ids(cx, found, n, &ids, &n_ids);
    }
    *ret_ids = ids;
    *ret_n = n_ids;
    return true;
}
