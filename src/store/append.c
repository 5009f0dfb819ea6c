/* Appending revisions of records: what is refused, and what is written beside the log.
 *
 * Everything that can refuse an act is asked before its first write, so that a refused act
 * leaves the head as it was and an import may go on with its next row. */
#include "store/log.h"

static bool say_other_model(xd_ctx *cx)
{
    (void)xd_fail(cx, XD_CONFLICT, "the model is not the store's newest");
    return xd_fail_words(
        cx,
        XD_S(
            "数据模型与库中的不一致；请先运行 xiudai model check 查看差别，再运行 xiudai model "
            "apply。"),
        XD_S("The data model is not the one in the store. See the difference with xiudai model "
             "check, then run xiudai model apply."));
}

typedef struct plan {
    const xd_act *act;
    const xd_type *type;
    const xd_json *body; /* with its number */
    xd_record_row base;  /* id 0: none */
    xd_str number;
    xd_body_keys keys;
    xd_body_links links;
} plan;

static bool check_set(xd_ctx *cx, xd_head *head, int64_t set)
{
    if (set == 0 || set == head->checked_set) {
        return true;
    }
    xd_str kind;
    int64_t record;
    if (!xd_log_kind_of(cx, head->store, set, &kind, &record)) {
        return false;
    }
    if (!xd_str_eq(kind, xd_rev_kind_name[XD_REV_SET])) {
        return xd_fail(cx, XD_INVALID, "%" PRId64 " is not a change set", set);
    }
    head->checked_set = set;
    return true;
}

static bool check_base(xd_ctx *cx, xd_head *head, plan *p)
{
    const xd_act *act = p->act;
    bool there = false;
    if (act->record != 0 &&
        !xd_record_row_find(cx, head->store, act->record, &there, &p->base)) {
        return false;
    }
    if (act->kind == XD_REV_CREATE) {
        if (there) {
            return xd_fail(cx, XD_CONFLICT, "record %" PRId64 " is there already", act->record);
        }
        return act->base == 0 || xd_fail(cx, XD_INVALID, "a create has no base");
    }
    if (!there) {
        return xd_fail(cx, XD_ABSENT, "there is no record %" PRId64, act->record);
    }
    if (p->base.rev != act->base) {
        return xd_fail(cx, XD_CONFLICT,
                       "record %" PRId64 " was changed by revision %" PRId64 " after %" PRId64,
                       act->record, p->base.rev, act->base);
    }
    if (!xd_str_eq(p->base.type, p->type->name)) {
        return xd_fail(cx, XD_INVALID, "record %" PRId64 " is of type " XD_FMT ", not " XD_FMT,
                       act->record, XD_ARG(p->base.type), XD_ARG(p->type->name));
    }
    return true;
}

/* A copy of the outermost object with its number: the caller's tree stays as it is. */
static const xd_json *with_number(xd_ctx *cx, const xd_json *body, xd_str number)
{
    xd_json *copy = xd_json_object(cx->arena);
    for (size_t i = 0; i < body->members.n; i++) {
        xd_json_set(cx->arena, copy, body->members.at[i].key, body->members.at[i].value);
    }
    xd_json_set(cx->arena, copy, XD_S("number"), xd_json_string(cx->arena, number));
    return copy;
}

static bool settle_number(xd_ctx *cx, xd_head *head, plan *p)
{
    p->number = xd_json_get_str(p->body, XD_S("number"));
    if (p->act->kind != XD_REV_CREATE && p->base.number.n > 0 &&
        !xd_str_eq(p->base.number, p->number)) {
        (void)xd_fail(cx, XD_INVALID,
                      "the number " XD_FMT " of record %" PRId64 " cannot change",
                      XD_ARG(p->base.number), p->act->record);
        return xd_fail_words(
            cx,
            xd_str_printf(cx->arena, "编号 " XD_FMT " 一经编定就不再更改；请保留它。",
                          XD_ARG(p->base.number)),
            xd_str_printf(cx->arena, "The number " XD_FMT " never changes once given. Keep it.",
                          XD_ARG(p->base.number)));
    }
    if (p->act->kind != XD_REV_CREATE || p->number.n > 0 || p->type->number.n == 0 ||
        head->store->number != 0) {
        return true;
    }
    if (!xd_number_draw(cx, head, p->type, p->body, &p->number)) {
        return false;
    }
    p->body = with_number(cx, p->body, p->number);
    return true;
}

static bool judge(xd_ctx *cx, xd_head *head, const xd_json *body)
{
    xd_problems problems = {0};
    if (!xd_body_check(cx, head->model, body, &problems)) {
        return false;
    }
    for (size_t i = 0; i < problems.n; i++) {
        const xd_problem *problem = &problems.at[i];
        if (problem->weight == XD_REFUSAL) {
            (void)xd_fail(cx, XD_INVALID, "%s, " XD_FMT ": " XD_FMT, problem->code,
                          XD_ARG(problem->field), XD_ARG(problem->in[XD_EN]));
            return xd_fail_words(cx, problem->in[XD_ZH], problem->in[XD_EN]);
        }
    }
    return true;
}

static bool make_plan(xd_ctx *cx, xd_head *head, plan *p, bool unjudged)
{
    const xd_act *act = p->act;
    xd_store *store = head->store;
    if (head->failed) {
        return xd_fail(cx, XD_SYSTEM, "a write under this head failed before");
    }
    if (!head->model_ok) {
        return say_other_model(cx);
    }
    if (act->kind != XD_REV_CREATE && act->kind != XD_REV_EDIT && act->kind != XD_REV_MOVE) {
        return xd_fail(cx, XD_INVALID, "only create, edit and move are appended this way");
    }
    p->body = act->body;
    p->type = xd_body_type(head->model, act->body);
    if (p->type == NULL) {
        return xd_fail(cx, XD_INVALID, "the body is of no type of the model");
    }
    if (!check_set(cx, head, act->set) || !check_base(cx, head, p) ||
        !settle_number(cx, head, p)) {
        return false;
    }
    if (unjudged && !xd_json_canonical_ok(p->body)) { /* judging asks this too */
        return xd_fail(cx, XD_INVALID, "the body has no canonical form");
    }
    return (act->judged || unjudged || judge(cx, head, p->body)) &&
           xd_body_key_list(cx, head->model, p->body, &p->keys) &&
           (head->many || xd_keys_unique(cx, store, act->record, p->type->name, &p->keys)) &&
           xd_body_link_list(cx, head->model, p->body, &p->links) &&
           (head->many || xd_links_lead(cx, store, act->record, &p->links));
}

static bool write_parts(xd_ctx *cx, xd_head *head, const xd_json *body)
{
    const xd_json *open = NULL, *personal = NULL;
    if (!xd_body_split(cx, head->model, body, &open, &personal)) {
        return false;
    }
    xd_buf_clear(&head->open);
    xd_buf_clear(&head->personal);
    xd_json_canonical(&head->open, open);
    if (personal != NULL) {
        xd_json_canonical(&head->personal, personal);
    }
    if (head->open.failed || head->personal.failed) {
        return xd_fail(cx, XD_LIMIT, "a record's body is larger than 64 MiB");
    }
    return true;
}

static bool write_all(xd_ctx *cx, xd_head *head, const plan *p, int64_t record,
                      int64_t *ret_seq)
{
    xd_log_entry entry = {
        .kind = p->act->kind,
        .record = record,
        .base = p->act->base,
        .set = p->act->set,
        .model = xd_model_hash(head->model),
        .open = xd_buf_str(&head->open),
        .personal = xd_buf_str(&head->personal),
    };
    bool is_new = p->act->kind == XD_REV_CREATE;
    if (!xd_log_append(cx, head, &entry, ret_seq)) {
        return false;
    }
    const xd_record_row row = {
        .id = record,
        .rev = *ret_seq,
        .time = entry.time,
        .type = p->type->name,
        .state = xd_json_get_str(p->body, XD_S("state")),
        .number = p->number,
        .model = {(const char *)entry.model, XD_HASH_BYTES},
        .body = entry.open,
    };
    return xd_record_row_save(cx, head->store, &row, is_new) &&
           xd_keys_save(cx, head->store, record, row.type, &p->keys, is_new) &&
           xd_links_save(cx, head->store, record, &p->links, is_new) &&
           (!head->many || xd_keys_unique_later(cx, head, record, row.type, &p->keys)) &&
           (p->number.n == 0 || xd_number_seen(cx, head, p->type, p->number));
}

static bool append(xd_ctx *cx, xd_head *head, const xd_act *act, bool unjudged,
                   int64_t *ret_seq, int64_t *ret_record)
{
    plan p = {.act = act};
    int64_t record = act->record, seq = 0;
    if (!make_plan(cx, head, &p, unjudged) || !write_parts(cx, head, p.body) ||
        (record == 0 && !xd_head_draw_id(cx, head, &record))) {
        return false;
    }
    if (!write_all(cx, head, &p, record, &seq)) {
        head->failed = true;
        return false;
    }
    *ret_seq = seq;
    *ret_record = record;
    return true;
}

/* In the head's own memory, emptied act by act: a head may take a million of them. */
static bool append_inside(xd_ctx *cx, xd_head *head, const xd_act *act, bool unjudged,
                          int64_t *ret_seq, int64_t *ret_record)
{
    xd_ctx inner = *cx;
    inner.arena = head->work;
    inner.defers = NULL;
    inner.err = (xd_err){.code = XD_OK};
    bool ok =
        append(&inner, head, act, unjudged, ret_seq, ret_record) || xd_inner_fail(cx, &inner);
    xd_ctx_reset(&inner);
    return ok;
}

bool xd_append(xd_ctx *cx, xd_head *head, const xd_act *act, int64_t *ret_seq,
               int64_t *ret_record)
{
    return append_inside(cx, head, act, false, ret_seq, ret_record);
}

bool xd_append_unjudged(xd_ctx *cx, xd_head *head, const xd_act *act, int64_t *ret_seq,
                        int64_t *ret_record)
{
    return append_inside(cx, head, act, true, ret_seq, ret_record);
}

bool xd_append_model(xd_ctx *cx, xd_head *head, const xd_model *model, int64_t *ret_seq)
{
    int64_t newest = 0, seq = 0;
    uint8_t hash[XD_HASH_BYTES];
    if (!xd_log_newest_model(cx, head->store, &newest, hash)) {
        return false;
    }
    head->model = model;
    head->model_ok = true;
    if (newest != 0 && memcmp(hash, xd_model_hash(model), sizeof hash) == 0) {
        *ret_seq = newest;
        return true;
    }
    xd_log_entry entry = {
        .kind = XD_REV_MODEL,
        .model = xd_model_hash(model),
        .open = xd_model_json(model),
    };
    if (!xd_log_append(cx, head, &entry, &seq) ||
        (newest != 0 && !xd_shadows_for_model(cx, head->store, model))) {
        head->failed = true;
        return xd_fail_note(cx, "appending the model");
    }
    *ret_seq = seq;
    return true;
}

bool xd_set_open(xd_ctx *cx, xd_head *head, const xd_json *about, int64_t *ret_set)
{
    if (!head->model_ok) {
        return say_other_model(cx);
    }
    if (!xd_json_canonical_ok(about)) {
        return xd_fail(cx, XD_INVALID, "what a change set says has no canonical form");
    }
    xd_buf_clear(&head->open);
    xd_json_canonical(&head->open, about);
    if (head->open.failed) {
        return xd_fail(cx, XD_LIMIT, "what a change set says is larger than 64 MiB");
    }
    xd_log_entry entry = {
        .kind = XD_REV_SET,
        .model = xd_model_hash(head->model),
        .open = xd_buf_str(&head->open),
    };
    if (!xd_log_append(cx, head, &entry, ret_set)) {
        head->failed = true;
        return false;
    }
    head->checked_set = *ret_set;
    return true;
}
