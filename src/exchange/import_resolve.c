/* From drafts to verdicts: rows that mean the same record come together, the record in the store
 * is found, values are merged, the result is judged. Nothing is written. */
#include "exchange/beside.h"
#include "exchange/run.h"

/* A row that cannot go in. */
static void refuse(xd_run *run, xd_draft *draft)
{
    draft->refused = true;
    run->report->verdicts.at[draft->verdict].verdict = XD_ROW_REFUSED;
}

int64_t xd_run_number(xd_run *run, const xd_draft *draft)
{
    return run->report->verdicts.at[draft->verdict].number;
}

/* ---- rows that mean the same record -------------------------------------------------------- */

static void contradict(xd_run *run, xd_ctx *cx, xd_draft *first, xd_draft *later, xd_str field)
{
    const xd_field *f = xd_field_find(run->type, field);
    xd_str zh = f == NULL ? field : xd_label_in(&f->label, XD_ZH);
    xd_str en = f == NULL ? field : xd_label_in(&f->label, XD_EN);
    xd_draft *pair[2][2] = {
        {first, later},
        {later, first}
    };
    for (size_t i = 0; i < 2; i++) {
        int64_t other = xd_run_number(run, pair[i][1]);
        xd_problem *p = xd_run_say(
            run, pair[i][0]->row, XD_REFUSAL, "row.contradicts",
            xd_run_column(run, pair[i][0]->row, field), (xd_str){0},
            xd_str_printf(cx->arena, "与第 %" PRId64 " 行是同一条记录，但“" XD_FMT "”不一致。",
                          other, XD_ARG(zh)),
            xd_str_printf(cx->arena,
                          "Means the same record as row %" PRId64 ", but “" XD_FMT "” differs.",
                          other, XD_ARG(en)));
        if (p != NULL) {
            p->suggestion[XD_ZH] =
                XD_S("留下正确的一行；如是两条记录，请写全所在地或编号以示区别。");
            p->suggestion[XD_EN] =
                XD_S("Keep the right row; if they are two records, tell them "
                     "apart by place or number.");
        }
        refuse(run, pair[i][0]);
    }
}

static bool join_draft(xd_run *run, xd_ctx *cx, uint32_t at, uint32_t same,
                       const xd_json *given)
{
    xd_draft *draft = &run->drafts.at[at], *first = &run->drafts.at[same];
    xd_json *old = NULL, *both = NULL;
    xd_str field = {0};
    if (!xd_draft_given(cx, run, first, &old)) {
        return false;
    }
    if (!xd_merge_given(cx, run->type, old, given, &both, &field)) {
        contradict(run, cx, first, draft, field);
        return true;
    }
    if (!xd_draft_keep(cx, run, both, &first->given)) {
        return false;
    }
    draft->same_as = same;
    if (!draft->refused) {
        run->report->verdicts.at[draft->verdict].verdict = XD_ROW_SKIPPED;
        (void)xd_run_say(
            run, draft->row, XD_NOTE, "row.merged", (xd_str){0}, (xd_str){0},
            xd_str_printf(cx->arena, "与第 %" PRId64 " 行是同一条记录，已合并。",
                          xd_run_number(run, first)),
            xd_str_printf(cx->arena, "Means the same record as row %" PRId64 " and was merged.",
                          xd_run_number(run, first)));
    }
    return true;
}

bool xd_run_enter(xd_ctx *cx, xd_run *run, uint32_t draft, const xd_json *given)
{
    uint32_t same = XD_NO_DRAFT; /* a key may hold a link's id: links come first */
    return xd_run_keys_add(cx, run, draft, given, &same) &&
           (same == XD_NO_DRAFT || run->drafts.at[draft].refused ||
            join_draft(run, cx, draft, same, given));
}

/* ---- the record in the store --------------------------------------------------------------- */

static void ambiguous(xd_run *run, xd_ctx *cx, xd_draft *draft, const int64_t *ids, size_t n)
{
    xd_buf names = {0};
    for (size_t i = 0; i < n && i < 5; i++) {
        const xd_record *record = NULL;
        if (!xd_record_find(cx, run->store, ids[i], &record)) {
            (void)xd_err_take(cx); /* the candidate is named by its id alone */
        }
        xd_str title =
            record == NULL ? (xd_str){0} : xd_body_title(cx, run->model, record->body);
        xd_str number = record == NULL ? (xd_str){0} : record->number;
        xd_buf_printf(
            &names, "%s" XD_FMT "（%s" XD_FMT "）", i == 0 ? "" : "；", XD_ARG(title),
            number.n > 0 ? "" : "#",
            XD_ARG(number.n > 0 ? number : xd_str_printf(cx->arena, "%" PRId64, ids[i])));
    }
    xd_str list = xd_buf_copy(&names, cx->arena);
    xd_buf_free(&names);
    xd_problem *p = xd_run_say(
        run, draft->row, XD_REFUSAL, "row.ambiguous", (xd_str){0}, (xd_str){0},
        xd_str_printf(cx->arena, "可能是 %zu 条已有记录中的任何一条：" XD_FMT "。", n,
                      XD_ARG(list)),
        xd_str_printf(cx->arena, "May be any of %zu records: " XD_FMT ".", n, XD_ARG(list)));
    if (p != NULL) {
        p->suggestion[XD_ZH] = XD_S("请加一列“登记号”，写明是哪一条。");
        p->suggestion[XD_EN] = XD_S("Add a column “number” that says which one.");
    }
    refuse(run, draft);
}

/* The target, checked; *ret_record NULL: a new record, or the draft was refused. */
static bool find_target(xd_run *run, xd_ctx *cx, xd_draft *draft, const xd_json *given,
                        const xd_body_keys *keys, const xd_record **ret_record)
{
    *ret_record = NULL;
    if (draft->target == 0) {
        int64_t *ids = NULL;
        size_t n = 0;
        if (!xd_run_match(cx, run, given, keys, &ids, &n)) {
            return false;
        }
        if (n > 1) {
            ambiguous(run, cx, draft, ids, n);
            return true;
        }
        draft->target = n == 1 ? ids[0] : 0;
    }
    if (draft->target == 0) {
        return true;
    }
    if (!xd_record_find(cx, run->store, draft->target, ret_record)) {
        return false;
    }
    if (*ret_record == NULL || !xd_str_eq((*ret_record)->type, run->type->name)) {
        (void)xd_run_say(
            run, draft->row, XD_REFUSAL, "row.unknown_id", (xd_str){0},
            xd_str_printf(cx->arena, "%" PRId64, draft->target),
            XD_S("没有这个记录号的记录；新记录请把记录号留空。"),
            XD_S("There is no record of this id; leave the id empty for new ones."));
        *ret_record = NULL;
        draft->target = 0;
        refuse(run, draft);
    }
    return true;
}

/* Two drafts may reach one record by different keys. */
static bool claim(xd_run *run, xd_ctx *cx, xd_map *claimed, xd_draft *draft)
{
    xd_str id = xd_str_printf(cx->arena, "%" PRId64, draft->target);
    xd_draft *other = xd_map_get(claimed, id);
    if (other == NULL) {
        xd_map_put(claimed, id, draft);
        return true;
    }
    int64_t row = xd_run_number(run, other);
    (void)xd_run_say(
        run, draft->row, XD_REFUSAL, "row.same_target", (xd_str){0}, (xd_str){0},
        xd_str_printf(cx->arena, "与第 %" PRId64 " 行指向同一条已有记录，请只留一行。", row),
        xd_str_printf(cx->arena, "Means the same stored record as row %" PRId64 ": keep one.",
                      row));
    refuse(run, draft);
    return false;
}

/* ---- state --------------------------------------------------------------------------------- */

/* A chain of the flow's moves leads from one state to the other. */
static bool reachable(const xd_flow *flow, xd_str from, xd_str to)
{
    bool reached[64] = {false};
    size_t n = flow->n_states < XD_LEN(reached) ? flow->n_states : XD_LEN(reached);
    for (size_t pass = 0; pass <= n; pass++) {
        for (size_t s = 0; s < n; s++) {
            xd_str name = flow->states[s].name;
            reached[s] |= xd_str_eq(name, from);
            for (size_t m = 0; reached[s] && m < flow->n_moves; m++) {
                bool starts = false;
                for (size_t k = 0; k < flow->moves[m].from.n; k++) {
                    starts |= xd_str_eq(flow->moves[m].from.at[k], name);
                }
                for (size_t t = 0; starts && t < n; t++) {
                    reached[t] |= xd_str_eq(flow->states[t].name, flow->moves[m].to);
                }
            }
        }
    }
    for (size_t s = 0; s < n; s++) {
        if (reached[s] && xd_str_eq(flow->states[s].name, to)) {
            return true;
        }
    }
    return false;
}

/* Whether the record's newest revision is an undo: then importing it again means it. */
static bool was_undone(xd_ctx *cx, xd_run *run, const xd_record *record, bool *ret_undone)
{
    const xd_revision *rev = NULL, *set = NULL;
    const xd_json *about = NULL;
    *ret_undone = false;
    if (!xd_revision_find(cx, run->store, record->rev, &rev)) {
        return false;
    }
    if (rev == NULL || rev->set == 0) {
        return true;
    }
    if (!xd_revision_find(cx, run->store, rev->set, &set)) {
        return false;
    }
    if (set != NULL && set->open.n > 0) {
        if (!xd_json_read(cx, set->open, &about)) {
            return false;
        }
        *ret_undone = xd_str_eq(xd_json_get_str(about, XD_S("verb")), XD_S("undo"));
    }
    return true;
}

/* The state the record is to have; where nobody says one, the one it has. */
static bool state_for(xd_ctx *cx, xd_run *run, xd_draft *draft, const xd_json *given,
                      const xd_record *record, xd_str *ret_state)
{
    xd_str said =
        run->options->state.n > 0 ? run->options->state : xd_json_get_str(given, XD_S("state"));
    if (record == NULL) {
        *ret_state = xd_draft_state(run, given);
        return true;
    }
    const xd_state *now = xd_state_find(run->type->flow, record->state);
    bool undone = false;
    if (now != NULL && now->closed && !was_undone(cx, run, record, &undone)) {
        return false;
    }
    *ret_state = said.n > 0 ? said : undone ? xd_first_state(run->type) : record->state;
    draft->moved = !xd_str_eq(*ret_state, record->state);
    if (draft->moved && !undone && !reachable(run->type->flow, record->state, *ret_state)) {
        (void)xd_run_say(
            run, draft->row, XD_REFUSAL, "state.move", (xd_str){0}, *ret_state,
            xd_str_printf(cx->arena, "流程不允许从“" XD_FMT "”改为“" XD_FMT "”。",
                          XD_ARG(now == NULL ? record->state : xd_label_in(&now->label, XD_ZH)),
                          XD_ARG(*ret_state)),
            xd_str_printf(cx->arena,
                          "The flow does not lead from “" XD_FMT "” to “" XD_FMT "”.",
                          XD_ARG(record->state), XD_ARG(*ret_state)));
        refuse(run, draft);
    }
    return true;
}

/* ---- judging ------------------------------------------------------------------------------- */

/* For xd_body_check(): links to drafts look like links by text until they are made. */
static const xd_json *without_drafts(xd_ctx *cx, const xd_run *run, const xd_json *body)
{
    bool any = false;
    for (size_t i = 0; i < run->type->n_fields; i++) {
        any |= run->type->fields[i].kind == XD_KIND_LINK &&
               xd_json_get(body, run->type->fields[i].name) != NULL;
    }
    if (!any) {
        return body;
    }
    xd_json *copy = xd_json_clone(cx->arena, body);
    for (size_t i = 0; i < run->type->n_fields; i++) {
        xd_json *value = xd_json_own(xd_json_get(copy, run->type->fields[i].name));
        if (run->type->fields[i].kind != XD_KIND_LINK || value == NULL) {
            continue;
        }
        if (value->kind == XD_JSON_OBJECT) {
            xd_json_drop(value, XD_S("draft"));
        }
        for (size_t k = 0; value->kind == XD_JSON_ARRAY && k < value->items.n; k++) {
            xd_json_drop(value->items.at[k], XD_S("draft"));
        }
    }
    return copy;
}

static void tell(xd_run *run, const xd_draft *draft, const xd_problems *problems)
{
    for (size_t i = 0; i < problems->n; i++) {
        xd_problem p = problems->at[i];
        p.column = xd_run_column(run, draft->row, p.field);
        xd_run_problem(run, draft->row, &p);
    }
}

static bool has_null(const xd_json *given)
{
    for (size_t i = 0; i < given->members.n; i++) {
        if (given->members.at[i].value->kind == XD_JSON_NULL) {
            return true;
        }
    }
    return false;
}

static bool parent_is_there(xd_run *run, xd_draft *draft, const xd_json *body)
{
    const xd_field *field = run->type->parent_field;
    if (field == NULL || run->type->parent == NULL) {
        return true;
    }
    const xd_json *link = xd_json_get(body, field->name);
    link = link != NULL && link->kind == XD_JSON_ARRAY ? xd_json_at(link, 0) : link;
    if (link != NULL &&
        (xd_json_get(link, XD_S("id")) != NULL || xd_json_get(link, XD_S("draft")) != NULL)) {
        return true;
    }
    xd_problem *p = xd_run_say(
        run, draft->row, XD_REFUSAL, "parent.absent",
        xd_run_column(run, draft->row, field->name), xd_json_get_str(link, XD_S("text")),
        XD_S("找不到它所属的记录。"), XD_S("The record it belongs to is not found."));
    if (p != NULL) {
        p->suggestion[XD_ZH] = XD_S("先导入所属的记录；或写它的登记号、原编号或准确名称。");
        p->suggestion[XD_EN] =
            XD_S("Import the record it belongs to first, or give its number, "
                 "source id or exact name.");
    }
    refuse(run, draft);
    return false;
}

static void key_taken(xd_run *run, xd_ctx *cx, xd_draft *draft, xd_str value, xd_str by)
{
    bool row = by.p[0] != '#';
    size_t bar = xd_str_find(value, XD_S("|"), 0); /* the fields behind it, or the source */
    value = bar == SIZE_MAX ? value : xd_str_sub(value, 0, bar);
    xd_problem *p = xd_run_say(
        run, draft->row, XD_REFUSAL, "key.taken", (xd_str){0}, value,
        xd_str_printf(cx->arena, "“" XD_FMT "”已经是%s " XD_FMT " %s的，不能再给另一条。",
                      XD_ARG(value), row ? "第" : "记录", XD_ARG(by), row ? "行" : ""),
        xd_str_printf(cx->arena, "“" XD_FMT "” belongs to %s " XD_FMT " already.",
                      XD_ARG(value), row ? "row" : "record", XD_ARG(by)));
    if (p != NULL) {
        p->suggestion[XD_ZH] = XD_S(
            "请核对是不是同一条；如是另一份名单的编号，请写明来源（“来源”列或 --source）。");
        p->suggestion[XD_EN] =
            XD_S("Check whether they are the same; if the number is of another list, name the "
                 "list (column “source” or --source).");
    }
    refuse(run, draft);
}

static bool judge(xd_run *run, xd_ctx *cx, xd_draft *draft, const xd_json *given,
                  const xd_body_keys *mine, const xd_record *record)
{
    xd_verdict verdict = XD_ROW_NEW;
    xd_json *body = NULL;
    xd_str state = {0};
    if (!state_for(cx, run, draft, given, record, &state)) {
        return false;
    }
    if (record == NULL) {
        body = xd_draft_fresh(cx, given);
    } else {
        xd_merge merge;
        if (!xd_merge_into(cx, run->type, record->body, given, &merge)) {
            return false;
        }
        tell(run, draft, &merge.problems);
        body = xd_json_copy_object(cx->arena, merge.body);
        verdict = merge.changed || draft->moved ? XD_ROW_CHANGED : XD_ROW_UNCHANGED;
    }
    xd_json_set(cx->arena, body, XD_S("state"), xd_json_string(cx->arena, state));
    if (draft->refused || !parent_is_there(run, draft, body)) {
        return true;
    }
    xd_problems problems = {0};
    if (verdict != XD_ROW_UNCHANGED) {
        xd_str value, by;
        bool same_keys = record == NULL && !has_null(given);
        xd_body_keys keys = same_keys ? *mine : (xd_body_keys){0};
        if ((!same_keys && !xd_body_key_list(cx, run->model, body, &keys)) ||
            !xd_run_key_taken(cx, run, draft, mine, &keys, &value, &by)) {
            return false;
        }
        if (by.n > 0) {
            key_taken(run, cx, draft, value, by);
            return true;
        }
        const xd_json *as_kept = without_drafts(cx, run, body);
        if (!xd_body_check(cx, run->model, as_kept, &problems) ||
            (!xd_problems_refuse(&problems) &&
             !xd_run_guards(cx, run, record == NULL ? 0 : record->id, as_kept, &problems))) {
            return false;
        }
        tell(run, draft, &problems);
        if (xd_problems_refuse(&problems)) {
            refuse(run, draft);
            return true;
        }
    }
    xd_row_verdict *v = &run->report->verdicts.at[draft->verdict];
    v->verdict = verdict;
    v->record = record == NULL ? 0 : record->id;
    draft->base = record == NULL ? 0 : record->rev;
    draft->as_given = record == NULL && !xd_draft_links(run, given);
    if (draft->as_given) {
        draft->final = draft->given;
        return true;
    }
    return verdict == XD_ROW_UNCHANGED || xd_draft_keep(cx, run, body, &draft->final);
}

/* ---- one after the other -------------------------------------------------------------------- */

/* Reading a draft back needs nothing but its text: the helper may do it while those before are
 * judged (beside.h). Judging is in the order of drafts. */
#define AHEAD 32

typedef struct judging {
    xd_run *run;
    xd_map *claimed;
    xd_beside *beside;
    struct {
        xd_draft *draft;
        xd_ctx memory;
        xd_str text;
        xd_json *given;
        bool ok,
            keyed; /* keyed: keys are there; they may hold a link's id, which comes first */
        xd_body_keys keys;
    } ring[AHEAD];
} judging;

static void read_draft(void *user, size_t i)
{
    judging *j = user;
    xd_ctx *cx = &j->ring[i].memory;
    const xd_json *given = NULL;
    j->ring[i].keys = (xd_body_keys){0};
    bool ok = xd_json_read(cx, j->ring[i].text, &given);
    j->ring[i].given = xd_json_own(given);
    j->ring[i].keyed = ok && !xd_draft_links(j->run, given);
    j->ring[i].ok = ok && (!j->ring[i].keyed ||
                           xd_body_key_list(cx, j->run->model, given, &j->ring[i].keys));
}

static bool resolve_oldest(judging *j)
{
    xd_run *run = j->run;
    size_t i = xd_beside_take(j->beside);
    xd_ctx *cx = &j->ring[i].memory;
    xd_draft *draft = j->ring[i].draft;
    xd_json *given = j->ring[i].given;
    xd_body_keys *keys = &j->ring[i].keys;
    const xd_record *record = NULL;
    uint32_t at = (uint32_t)(draft - run->drafts.at);
    bool ok = j->ring[i].ok && xd_run_near_add(cx, run, at, given) &&
              xd_run_links(cx, run, draft, given) &&
              (j->ring[i].keyed || xd_body_key_list(cx, run->model, given, keys)) &&
              find_target(run, cx, draft, given, keys, &record);
    if (ok && !draft->refused && (record == NULL || claim(run, cx, j->claimed, draft))) {
        ok = judge(run, cx, draft, given, keys, record);
    }
    return ok || xd_scratch_fail(run->cx, cx);
}

static bool give_draft(judging *j, xd_draft *draft)
{
    size_t i = xd_beside_next(j->beside);
    xd_ctx *cx = &j->ring[i].memory;
    int64_t next = 0;
    xd_ctx_reset(cx);
    j->ring[i].draft = draft;
    if (!xd_spool_read(cx, j->run->stage, draft->given, &j->ring[i].text, &next)) {
        return xd_scratch_fail(j->run->cx, cx);
    }
    xd_beside_give(j->beside);
    return xd_beside_out(j->beside) < AHEAD || resolve_oldest(j);
}

static bool resolve_all(xd_run *run)
{
    judging *j = xd_new(run->cx->arena, judging);
    j->run = run;
    j->claimed = xd_map_make(run->cx->arena);
    j->beside = xd_beside_begin(run->cx, AHEAD, read_draft, j);
    for (size_t i = 0; i < AHEAD; i++) {
        xd_scratch_begin(&j->ring[i].memory, run->cx);
    }
    bool ok = true;
    for (size_t i = 0; ok && i < run->drafts.n; i++) {
        xd_draft *draft = &run->drafts.at[i];
        if (!draft->refused && draft->same_as == XD_NO_DRAFT) {
            ok = xd_go_on(run->cx) && give_draft(j, draft);
        }
    }
    while (ok && xd_beside_out(j->beside) > 0) {
        ok = resolve_oldest(j);
    }
    xd_beside_end(j->beside);
    for (size_t i = 0; i < AHEAD; i++) {
        xd_ctx_end(&j->ring[i].memory);
    }
    return ok;
}

static void count(xd_run *run)
{
    xd_report *report = run->report;
    report->rows = report->new_rows = report->changed = report->unchanged = report->refused = 0;
    for (size_t i = 0; i < report->verdicts.n; i++) {
        switch (report->verdicts.at[i].verdict) {
        case XD_ROW_NEW:
            report->new_rows++;
            break;
        case XD_ROW_CHANGED:
            report->changed++;
            break;
        case XD_ROW_UNCHANGED:
            report->unchanged++;
            break;
        case XD_ROW_REFUSED:
            report->refused++;
            break;
        case XD_ROW_SKIPPED:
            continue;
        }
        report->rows++;
    }
}

/* Drafts once more find what they mean: links to rows that matched a record need its id, so
 * targets come first. */
static bool find_targets(xd_run *run)
{
    for (size_t i = 0; i < run->drafts.n; i++) {
        xd_draft *draft = &run->drafts.at[i];
        xd_ctx *cx = &run->scratch;
        xd_json *given = NULL;
        xd_body_keys keys = {0};
        int64_t *ids = NULL;
        size_t n = 0;
        if (draft->refused || draft->same_as != XD_NO_DRAFT || draft->target != 0) {
            continue;
        }
        xd_ctx_reset(cx);
        if (!xd_go_on(run->cx)) {
            return false;
        }
        if (!xd_draft_given(cx, run, draft, &given) ||
            !xd_body_key_list(cx, run->model, given, &keys) ||
            !xd_run_match(cx, run, given, &keys, &ids, &n)) {
            return xd_scratch_fail(run->cx, cx);
        }
        draft->target = n == 1 ? ids[0] : 0;
    }
    return true;
}

static bool links_to_itself(const xd_type *type)
{
    for (size_t i = 0; i < type->n_fields; i++) {
        for (size_t k = 0; k < type->fields[i].n_to; k++) {
            if (type->fields[i].to[k] == type) {
                return true;
            }
        }
    }
    return false;
}

/* Judging again tells its problems again. */
static void forget_problems(xd_run *run)
{
    size_t n = run->judge_to - run->judge_from;
    if (n > 0) {
        memmove(run->problems.at + run->judge_from, run->problems.at + run->judge_to,
                (run->problems.n - run->judge_to) * sizeof *run->problems.at);
        run->problems.n -= n;
    }
    run->judge_from = run->problems.n;
    /* Gathered anew: records may have come. */
    run->stored = NULL;
    run->near = NULL;
    run->judging = true;
    memset(run->titles, 0, xd_model_types(run->model) * sizeof *run->titles);
}

bool xd_run_judge(xd_run *run)
{
    forget_problems(run);
    if (links_to_itself(run->type) && !find_targets(run)) {
        return false;
    }
    if (!resolve_all(run)) {
        return false;
    }
    run->judge_to = run->problems.n;
    count(run);
    return true;
}

bool xd_run_resolve(xd_run *run)
{
    uint8_t hash[32];
    return xd_log_head(run->cx, run->store, &run->seq, hash) && xd_run_judge(run);
}
