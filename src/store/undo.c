/* Undoing a change set: 撤销.
 *
 * Undo is a change set like any other: nothing is removed, values are set again. For every record
 * the set edited, three bodies are laid side by side, all read under the newest model: before (the
 * base of the set's first revision of it), after (the set's last), and now. Member by member:
 *
 *     after = before          the set did not touch it
 *     now   = after           it gets back what was there before, or goes when nothing was
 *     now   = before          somebody put it back already
 *     otherwise               a conflict: it was changed since
 *
 * What `about` says of a field goes with the field. type and number never change. A record the
 * set created becomes withdrawn, the first closed state of its flow, and keeps its number; it is
 * a conflict when it was changed since, moved by its flow, or when a record that stays links to
 * it. A record whose value was erased since is a conflict: nobody knows what to put back, so its
 * personal part is left alone. Moves are not undone.
 *
 * First everything is judged, then written; all under the head, so nothing slips in between. */
#include <stdlib.h>

#include "store/log.h"

typedef struct target {
    xd_log_span span;
    bool created;
    bool leave; /* in conflict as a whole, or nothing to do */
} target;

typedef struct undo {
    xd_head *head;
    xd_store *store;
    const xd_model *model;
    int64_t set;
    target *targets;
    size_t n;
    xd_arena *arena; /* the caller's: conflicts live there */
    xd_conflicts *conflicts;
} undo;

static void conflict(undo *u, int64_t record, xd_str field, xd_str zh, xd_str en)
{
    xd_conflict *c = xd_push(u->arena, u->conflicts);
    *c = (xd_conflict){
        .record = record,
        .field = xd_str_copy(u->arena, field),
        .in = {xd_str_copy(u->arena, zh), xd_str_copy(u->arena, en)},
    };
}

static void changed_since(undo *u, int64_t record, xd_str field)
{
    conflict(u, record, field, XD_S("此后又有人改过。"), XD_S("It was changed since."));
}

static void erased_since(undo *u, int64_t record)
{
    conflict(u, record, XD_S(""), XD_S("当时的个人信息已删除，无法还原。"),
             XD_S("A personal value of then was erased and cannot be put back."));
}

/* ---- bodies ----------------------------------------------------------------------------------- */

typedef struct three {
    const xd_json *before, *after; /* NULL: none */
    const xd_record *now;
    bool erased; /* a part of before or after is gone: only open members are compared */
} three;

static bool body_of(xd_ctx *cx, undo *u, int64_t seq, const xd_json **ret_body, bool *erased)
{
    const xd_revision *rev = NULL;
    if (!xd_revision_find(cx, u->store, seq, &rev)) {
        return false;
    }
    if (rev == NULL) {
        return xd_fail(cx, XD_BROKEN, "revision %" PRId64 " is missing", seq);
    }
    *erased = *erased || rev->open_erased || rev->personal_erased;
    return xd_revision_body(cx, u->store, rev, ret_body);
}

static bool read_three(xd_ctx *cx, undo *u, const target *t, three *ret_three)
{
    three bodies = {0};
    int64_t before = 0;
    if (!xd_record_find(cx, u->store, t->span.record, &bodies.now) ||
        !body_of(cx, u, t->span.last, &bodies.after, &bodies.erased) ||
        (!t->created && (!xd_log_before(cx, u->store, t->span.record, t->span.first, &before) ||
                         !body_of(cx, u, before, &bodies.before, &bodies.erased)))) {
        return false;
    }
    if (bodies.now == NULL) {
        return xd_fail(cx, XD_BROKEN, "record %" PRId64 " is missing", t->span.record);
    }
    const xd_json *hidden = NULL;
    bool whole = bodies.after != NULL && (t->created || bodies.before != NULL);
    if (bodies.erased && whole &&
        (!xd_body_split(cx, u->model, bodies.after, &bodies.after, &hidden) ||
         (bodies.before != NULL &&
          !xd_body_split(cx, u->model, bodies.before, &bodies.before, &hidden)))) {
        return false;
    }
    *ret_three = bodies;
    return true;
}

static bool same(const xd_json *a, const xd_json *b)
{
    return a == NULL || b == NULL ? a == b : xd_json_equal(a, b);
}

static void put(xd_ctx *cx, xd_json *object, xd_str key, const xd_json *value)
{
    if (value == NULL) {
        xd_json_drop(object, key);
    } else {
        xd_json_set(cx->arena, object, key, value);
    }
}

/* One member of an object, three ways. False: a conflict. */
static bool merge_member(xd_ctx *cx, xd_str key, const xd_json *before, const xd_json *after,
                         const xd_json *now, xd_json *result)
{
    const xd_json *b = xd_json_get(before, key), *a = xd_json_get(after, key);
    const xd_json *n = xd_json_get(now, key);
    if (same(a, b) || same(n, b)) {
        return true;
    }
    if (!same(n, a)) {
        return false;
    }
    put(cx, result, key, b);
    return true;
}

static bool has_key(const xd_strs *list, xd_str key)
{
    for (size_t i = 0; i < list->n; i++) {
        if (xd_str_eq(list->at[i], key)) {
            return true;
        }
    }
    return false;
}

/* The members of two objects, each once. */
static xd_strs keys_of(xd_ctx *cx, const xd_json *one, const xd_json *two)
{
    xd_strs keys = {0};
    const xd_json *both[] = {one, two};
    for (size_t k = 0; k < XD_LEN(both); k++) {
        for (size_t i = 0; both[k] != NULL && i < both[k]->members.n; i++) {
            if (!has_key(&keys, both[k]->members.at[i].key)) {
                *xd_push(cx->arena, &keys) = both[k]->members.at[i].key;
            }
        }
    }
    return keys;
}

/* `about` by field, leaving out what is in conflict already. */
static void merge_about(xd_ctx *cx, const three *t, xd_strs *conflicting, xd_json *result)
{
    const xd_json *before = xd_json_get(t->before, XD_S("about"));
    const xd_json *after = xd_json_get(t->after, XD_S("about"));
    const xd_json *now = xd_json_get(t->now->body, XD_S("about"));
    xd_strs keys = keys_of(cx, before, after);
    xd_json *about = now == NULL ? xd_json_object(cx->arena) : xd_json_clone(cx->arena, now);
    for (size_t i = 0; i < keys.n; i++) {
        if (!has_key(conflicting, keys.at[i]) &&
            !merge_member(cx, keys.at[i], before, after, now, about)) {
            *xd_push(cx->arena, conflicting) = keys.at[i];
        }
    }
    put(cx, result, XD_S("about"), xd_json_len(about) == 0 ? NULL : about);
}

/* The body an edited record gets; conflicting names what could not be put back. */
static const xd_json *merge(xd_ctx *cx, const three *t, xd_strs *conflicting)
{
    static const xd_str fixed[] = {XD_STR("type"), XD_STR("number"), XD_STR("about")};
    xd_json *result = xd_json_clone(cx->arena, t->now->body);
    xd_strs keys = keys_of(cx, t->before, t->after);
    for (size_t i = 0; i < keys.n; i++) {
        xd_str key = keys.at[i];
        bool stays =
            xd_str_eq(key, fixed[0]) || xd_str_eq(key, fixed[1]) || xd_str_eq(key, fixed[2]);
        if (!stays && !merge_member(cx, key, t->before, t->after, t->now->body, result)) {
            *xd_push(cx->arena, conflicting) = key;
        }
    }
    merge_about(cx, t, conflicting, result);
    return result;
}

/* ---- judging ------------------------------------------------------------------------------------ */

static bool judge_edited(xd_ctx *cx, undo *u, target *t)
{
    three bodies;
    xd_strs conflicting = {0};
    if (!read_three(cx, u, t, &bodies)) {
        return false;
    }
    if (bodies.erased) {
        erased_since(u, t->span.record);
    }
    if (bodies.after == NULL || bodies.before == NULL) {
        t->leave = true;
        return true;
    }
    (void)merge(cx, &bodies, &conflicting); /* made again when it is written */
    for (size_t i = 0; i < conflicting.n; i++) {
        changed_since(u, t->span.record, conflicting.at[i]);
    }
    return true;
}

static const xd_state *closed_state(const xd_type *type)
{
    for (size_t i = 0; type != NULL && type->flow != NULL && i < type->flow->n_states; i++) {
        if (type->flow->states[i].closed) {
            return &type->flow->states[i];
        }
    }
    return NULL;
}

static bool is_closed(const xd_model *model, xd_str type_name, xd_str state_name)
{
    const xd_type *type = xd_type_find(model, type_name);
    const xd_state *state =
        type == NULL || type->flow == NULL ? NULL : xd_state_find(type->flow, state_name);
    return state != NULL && state->closed;
}

typedef struct later {
    int64_t after;
    bool moved, edited;
} later;

static bool note_later(xd_ctx *cx, void *user, const xd_revision *rev)
{
    later *l = user;
    (void)cx; /* nothing is kept */
    l->moved = l->moved || (rev->seq > l->after && rev->kind == XD_REV_MOVE);
    l->edited = l->edited || (rev->seq > l->after && rev->kind == XD_REV_EDIT);
    return true;
}

static bool judge_created(xd_ctx *cx, undo *u, target *t)
{
    three bodies;
    int64_t id = t->span.record;
    later l = {.after = t->span.last};
    if (!read_three(cx, u, t, &bodies) ||
        !xd_record_history(cx, u->store, id, note_later, &l)) {
        return false;
    }
    if (is_closed(u->model, bodies.now->type, bodies.now->state)) {
        t->leave = true;
        return true;
    }
    size_t had = u->conflicts->n;
    if (l.moved) {
        conflict(u, id, XD_S("state"), XD_S("此后已由流程改变状态。"),
                 XD_S("Its flow has moved it since."));
    }
    if (bodies.erased) {
        erased_since(u, id);
    } else if (l.edited) {
        xd_field_changes changes = {0};
        xd_body_diff(cx, bodies.after, bodies.now->body, &changes);
        for (size_t i = 0; i < changes.n; i++) {
            changed_since(u, id, changes.at[i].field);
        }
    }
    if (closed_state(xd_type_find(u->model, bodies.now->type)) == NULL) {
        conflict(u, id, XD_S("state"), XD_S("它的流程没有可以撤下的状态。"),
                 XD_S("Its flow has no closed state to withdraw it to."));
    }
    t->leave = u->conflicts->n > had;
    return true;
}

static int by_record(const void *a, const void *b)
{
    int64_t x = ((const target *)a)->span.record, y = ((const target *)b)->span.record;
    return (x > y) - (x < y);
}

static target *target_of(const undo *u, int64_t record)
{
    const target key = {.span.record = record};
    return u->n == 0 ? NULL : bsearch(&key, u->targets, u->n, sizeof key, by_record);
}

/* Whether the record from still links to `to` when this undo is done. */
static bool still_links(xd_ctx *cx, undo *u, int64_t from, int64_t to, bool *ret_links)
{
    target *t = target_of(u, from);
    const xd_record *now = NULL;
    const xd_json *body = NULL;
    xd_body_links links = {0};
    *ret_links = false;
    if (t != NULL && t->created && !t->leave) {
        return true; /* withdrawn by this undo too */
    }
    if (!xd_record_find(cx, u->store, from, &now)) {
        return false;
    }
    if (now == NULL || is_closed(u->model, now->type, now->state)) {
        return true;
    }
    body = now->body;
    if (t != NULL && !t->created && !t->leave) {
        three bodies;
        xd_strs conflicting = {0};
        if (!read_three(cx, u, t, &bodies)) {
            return false;
        }
        body = merge(cx, &bodies, &conflicting);
    }
    if (!xd_body_link_list(cx, u->model, body, &links)) {
        return false;
    }
    for (size_t i = 0; i < links.n && !*ret_links; i++) {
        *ret_links = links.at[i].to == to;
    }
    return true;
}

static bool judge_links(xd_ctx *cx, undo *u, target *t, bool *changed)
{
    xd_links in = {0};
    if (!xd_links_of(cx, u->store, t->span.record, true, &in)) {
        return false;
    }
    for (size_t i = 0; i < in.n; i++) {
        bool links = false;
        if (!still_links(cx, u, in.at[i].from, t->span.record, &links)) {
            return false;
        }
        if (links) {
            xd_str zh = xd_str_printf(cx->arena, "记录 #%" PRId64 " 链接着它。", in.at[i].from);
            xd_str en =
                xd_str_printf(cx->arena, "Record #%" PRId64 " links to it.", in.at[i].from);
            conflict(u, t->span.record, XD_S(""), zh, en);
            t->leave = *changed = true;
            return true;
        }
    }
    return true;
}

/* fn for every target, in a context emptied each time. */
static bool each_target(xd_ctx *cx, undo *u, bool (*fn)(xd_ctx *cx, undo *u, target *t))
{
    xd_ctx inner;
    bool ok = true;
    xd_inner_begin(cx, &inner);
    for (size_t i = 0; ok && i < u->n; i++) {
        ok = xd_go_on(cx) && (fn(&inner, u, &u->targets[i]) || xd_inner_fail(cx, &inner));
        xd_ctx_reset(&inner);
    }
    xd_ctx_end(&inner);
    return ok;
}

static bool judge(xd_ctx *cx, undo *u, target *t)
{
    xd_str kind;
    int64_t record = 0;
    if (!xd_log_kind_of(cx, u->store, t->span.first, &kind, &record)) {
        return false;
    }
    t->created = xd_str_eq(kind, xd_rev_kind_name[XD_REV_CREATE]);
    return t->created ? judge_created(cx, u, t) : judge_edited(cx, u, t);
}

/* A record that stays may keep others: until nothing changes any more. */
static bool judge_all(xd_ctx *cx, undo *u)
{
    if (!each_target(cx, u, judge)) {
        return false;
    }
    xd_ctx inner;
    bool ok = true, changed = true;
    xd_inner_begin(cx, &inner);
    while (ok && changed) {
        changed = false;
        for (size_t i = 0; ok && i < u->n; i++) {
            target *t = &u->targets[i];
            if (t->created && !t->leave) {
                ok = judge_links(&inner, u, t, &changed) || xd_inner_fail(cx, &inner);
            }
            xd_ctx_reset(&inner);
        }
    }
    xd_ctx_end(&inner);
    return ok;
}

/* ---- writing ------------------------------------------------------------------------------------ */

static bool open_set(xd_ctx *cx, undo *u, int64_t *ret_set)
{
    xd_json *about = xd_json_object(cx->arena);
    xd_json_set(cx->arena, about, XD_S("verb"), xd_json_string(cx->arena, XD_S("undo")));
    xd_json_set(cx->arena, about, XD_S("set"), xd_json_integer(cx->arena, u->set));
    return xd_set_open(cx, u->head, about, ret_set);
}

static bool write_target(xd_ctx *cx, undo *u, target *t, int64_t set, int64_t *written)
{
    three bodies;
    xd_strs conflicting = {0};
    if (!read_three(cx, u, t, &bodies)) {
        return false;
    }
    const xd_json *body = NULL;
    if (t->created) {
        const xd_state *state = closed_state(xd_type_find(u->model, bodies.now->type));
        xd_json *withdrawn = xd_json_clone(cx->arena, bodies.now->body);
        xd_json_set(cx->arena, withdrawn, XD_S("state"),
                    xd_json_string(cx->arena, state->name));
        body = withdrawn;
    } else {
        body = merge(cx, &bodies, &conflicting);
    }
    if (xd_json_equal(body, bodies.now->body)) {
        return true;
    }
    const xd_act act = {
        .kind = XD_REV_EDIT,
        .record = t->span.record,
        .base = bodies.now->rev,
        .set = set,
        .body = body,
    };
    int64_t seq = 0, id = 0;
    if (xd_append(cx, u->head, &act, &seq, &id)) {
        (*written)++;
        return true;
    }
    if (cx->err.code != XD_INVALID && cx->err.code != XD_CONFLICT) {
        return false;
    }
    /* What was right then need not be so now: another has its key, a term was retired. */
    xd_err why = xd_err_take(cx);
    conflict(u, t->span.record, XD_S(""),
             why.zh.n > 0 ? why.zh : XD_S("原来的内容与现在的数据不合。"),
             why.en.n > 0 ? why.en : why.message);
    return true;
}

static bool write_all(xd_ctx *cx, undo *u, int64_t *ret_set, int64_t *written)
{
    xd_ctx inner;
    bool ok = open_set(cx, u, ret_set);
    xd_inner_begin(cx, &inner);
    for (size_t i = 0; ok && i < u->n; i++) {
        if (!u->targets[i].leave) {
            ok = xd_go_on(cx) && (write_target(&inner, u, &u->targets[i], *ret_set, written) ||
                                  xd_inner_fail(cx, &inner));
        }
        xd_ctx_reset(&inner);
    }
    xd_ctx_end(&inner);
    return ok;
}

static bool say_conflicts(xd_ctx *cx, const undo *u)
{
    (void)xd_fail(cx, XD_CONFLICT, "%zu conflicts; nothing was undone", u->conflicts->n);
    return xd_fail_words(
        cx,
        xd_str_printf(cx->arena,
                      "有 %zu 处冲突，没有撤销；逐条查看后可加 --skip-conflicts 跳过它们。",
                      u->conflicts->n),
        xd_str_printf(
            cx->arena,
            "%zu conflicts; nothing was undone. Look at each; --skip-conflicts leaves "
            "them as they are and undoes the rest.",
            u->conflicts->n));
}

static bool say_no_set(xd_ctx *cx, int64_t set)
{
    (void)xd_fail(cx, XD_ABSENT, "revision %" PRId64 " is not a change set", set);
    return xd_fail_words(
        cx, xd_str_printf(cx->arena, "没有编号为 %" PRId64 " 的批次。", set),
        xd_str_printf(cx->arena, "There is no change set with the number %" PRId64 ".", set));
}

static bool find_targets(xd_ctx *cx, undo *u)
{
    xd_str kind;
    int64_t record = 0;
    xd_log_spans spans = {0};
    if (!xd_log_kind_of(cx, u->store, u->set, &kind, &record)) {
        return false;
    }
    if (!xd_str_eq(kind, xd_rev_kind_name[XD_REV_SET])) {
        return say_no_set(cx, u->set);
    }
    if (!xd_log_set_spans(cx, u->store, u->set, &spans)) {
        return false;
    }
    u->targets = xd_new_n(cx->arena, target, spans.n + 1);
    u->n = spans.n;
    for (size_t i = 0; i < spans.n; i++) {
        u->targets[i].span = spans.at[i];
    }
    qsort(u->targets, u->n, sizeof *u->targets, by_record);
    return true;
}

bool xd_set_undo(xd_ctx *cx, xd_store *store, const xd_model *model, int64_t set,
                 bool skip_conflicts, xd_conflicts *conflicts, int64_t *ret_set,
                 int64_t *ret_records)
{
    undo u = {
        .store = store, .model = model, .set = set, .arena = cx->arena, .conflicts = conflicts};
    int64_t new_set = 0, written = 0;
    if (!xd_head_take(cx, store, model, "xiudai undo", 60000, NULL, NULL, &u.head)) {
        return false;
    }
    bool ok = find_targets(cx, &u) && judge_all(cx, &u) &&
              (conflicts->n == 0 || skip_conflicts || say_conflicts(cx, &u)) &&
              write_all(cx, &u, &new_set, &written) &&
              (conflicts->n == 0 || skip_conflicts || say_conflicts(cx, &u));
    if (!ok || written == 0) {
        xd_head_release(u.head);
        if (!ok) {
            return xd_fail_note(cx, "undoing change set %" PRId64, set);
        }
        new_set = 0; /* nothing was left to undo */
    } else if (!xd_head_commit(cx, u.head)) {
        return false;
    }
    *ret_set = new_set;
    *ret_records = written;
    return true;
}
