/* The models a store was written under: each is a revision, and is read back from there. */
#include "store/log.h"

bool xd_store_model(xd_ctx *cx, xd_store *store, uint8_t ret_hash[32], xd_str *ret_json)
{
    int64_t seq = 0;
    uint8_t hash[XD_HASH_BYTES];
    const xd_revision *rev = NULL;
    if (!xd_log_newest_model(cx, store, &seq, hash) ||
        (seq != 0 && !xd_revision_find(cx, store, seq, &rev))) {
        return false;
    }
    memcpy(ret_hash, hash, sizeof hash);
    *ret_json = rev == NULL ? (xd_str){NULL, 0} : rev->open;
    return true;
}

bool xd_store_model_hash(xd_ctx *cx, xd_store *store, uint8_t ret_hash[32])
{
    int64_t seq = 0;
    uint8_t hash[XD_HASH_BYTES];
    if (!xd_log_newest_model(cx, store, &seq, hash)) {
        return false;
    }
    if (seq == 0) {
        return xd_fail(cx, XD_ABSENT, "the log of %s is empty", store->place);
    }
    memcpy(ret_hash, hash, sizeof hash);
    return true;
}

static bool say_other(xd_ctx *cx, const xd_store *store)
{
    (void)xd_fail(cx, XD_CONFLICT, "%s holds another model", store->place);
    return xd_fail_words(
        cx,
        xd_str_printf(
            cx->arena,
            "data/model 与 %s 里记的模型不同；请运行 xiudai model check 看差别，再运行 "
            "xiudai model apply。",
            store->place),
        xd_str_printf(
            cx->arena,
            "data/model is not the model %s was written under. See the difference with "
            "xiudai model check, then run xiudai model apply.",
            store->place));
}

bool xd_store_settle_model(xd_ctx *cx, xd_store *store, const xd_model *model)
{
    int64_t seq = 0;
    uint8_t hash[XD_HASH_BYTES];
    xd_head *head = NULL;
    if (!xd_log_newest_model(cx, store, &seq, hash)) {
        return false;
    }
    if (seq == 0) {
        if (!xd_head_take(cx, store, model, "xiudai: settling the model", -1, NULL, NULL,
                          &head)) {
            return false;
        }
        /* Somebody may have been first. */
        bool ok = xd_log_newest_model(cx, store, &seq, hash);
        if (ok && seq == 0) {
            ok = xd_append_model(cx, head, model, &seq);
            if (ok) {
                return xd_head_commit(cx, head);
            }
        }
        xd_head_release(head);
        if (!ok) {
            return false;
        }
    }
    return memcmp(hash, xd_model_hash(model), sizeof hash) == 0 || say_other(cx, store);
}

/* In the store's own memory, so that it is loaded once. */
static bool load(xd_ctx *own, xd_str json_text, const xd_model **ret_model)
{
    const xd_json *json = NULL;
    xd_faults faults = {0};
    if (!xd_json_read(own, xd_str_copy(own->arena, json_text), &json)) {
        return false;
    }
    if (!xd_model_from_json(own, json, &faults, ret_model)) {
        return faults.n > 0 ? xd_fail_note(own, "line %d: " XD_FMT, faults.at[0].line,
                                           XD_ARG(faults.at[0].reason))
                            : false;
    }
    return true;
}

bool xd_store_model_load(xd_ctx *cx, xd_store *store, const uint8_t hash[32],
                         const xd_model **ret_model)
{
    xd_str key = {(const char *)hash, XD_HASH_BYTES}, json;
    xd_model *model = xd_map_get(store->models, key);
    if (model != NULL) {
        *ret_model = model;
        return true;
    }
    if (!xd_store_model_by_hash(cx, store, hash, &json)) {
        return false;
    }
    if (json.n == 0) {
        return xd_fail(cx, XD_BROKEN, "the log has no model revision a body names");
    }
    const xd_model *loaded = NULL;
    if (!load(&store->own, json, &loaded)) {
        bool failed = xd_inner_fail(cx, &store->own);
        (void)xd_err_take(&store->own);
        (void)xd_fail_note(cx, "reading a model kept in %s", store->place);
        return failed;
    }
    xd_map_put(store->models, key,
               (void *)(uintptr_t)loaded); /* only ever read again as const */
    *ret_model = loaded;
    return true;
}

static size_t position(const xd_log_models *list, const uint8_t *hash)
{
    for (size_t i = list->n; i > 0; i--) {
        if (memcmp(list->at[i - 1].hash, hash, XD_HASH_BYTES) == 0) {
            return i - 1;
        }
    }
    return SIZE_MAX;
}

bool xd_store_step(xd_ctx *cx, xd_store *store, const uint8_t hash[32], const xd_json *body,
                   const xd_model *to, const xd_json **ret_body)
{
    xd_log_models list = {0};
    if (!xd_log_models_list(cx, store, &list)) {
        return false;
    }
    size_t from = position(&list, hash);
    size_t until = to == NULL ? list.n - 1 : position(&list, xd_model_hash(to));
    if (from == SIZE_MAX || until == SIZE_MAX) {
        return xd_fail(cx, XD_BROKEN, "the log has no model revision a body names");
    }
    for (size_t i = from; i < until; i++) {
        const xd_model *older = NULL, *newer = NULL;
        if (!xd_store_model_load(cx, store, list.at[i].hash, &older) ||
            !xd_store_model_load(cx, store, list.at[i + 1].hash, &newer) ||
            !xd_model_step(cx, older, newer, body, &body)) {
            return false;
        }
    }
    *ret_body = body;
    return true;
}
