/* Under the head: one change set, one commit.
 *
 * What was judged before the head was taken is right as long as nobody wrote meanwhile (the log's
 * newest seq is the one seen then). Otherwise every draft is matched, merged and judged again
 * here, from what its row gave: a record that appeared meanwhile is found by its keys, one that
 * changed is merged into anew. New problems then may refuse the whole.
 *
 * Links inside the file: drafts are made in file order, those that wait for others again and
 * again until none is left that can be; what waits in a ring goes in with its text and is edited
 * when all ids are known. */
#include "base/log.h"
#include "exchange/run.h"

#define COME_BACK_MS 60000

typedef struct append {
    xd_run *run;
    xd_head *head;
    int64_t set;
} append;

static xd_json *about_set(xd_ctx *cx, const xd_run *run)
{
    static const char hex[] = "0123456789abcdef";
    const xd_import_options *o = run->options;
    char sum[64];
    for (size_t i = 0; i < 32; i++) {
        sum[2 * i] = hex[run->report->sha256[i] >> 4];
        sum[2 * i + 1] = hex[run->report->sha256[i] & 15];
    }
    xd_json *about = xd_json_object(cx->arena), *options = xd_json_object(cx->arena);
    xd_json_set(cx->arena, about, XD_S("verb"), xd_json_string(cx->arena, XD_S("import")));
    if (o->file_name.n > 0) {
        xd_json_set(cx->arena, about, XD_S("file"), xd_json_string(cx->arena, o->file_name));
    }
    xd_json_set(cx->arena, about, XD_S("sha256"),
                xd_json_string(cx->arena, xd_str_copy(cx->arena, (xd_str){sum, sizeof sum})));
    if (o->source.n > 0) {
        xd_json_set(cx->arena, about, XD_S("source"), xd_json_string(cx->arena, o->source));
    }
    const struct {
        xd_str name, value;
    } texts[] = {
        {XD_S("type"),     run->type->name},
        {XD_S("crs"),      o->crs         },
        {XD_S("state"),    o->state       },
        {XD_S("encoding"), o->encoding    }
    };
    for (size_t i = 0; i < XD_LEN(texts); i++) {
        if (texts[i].value.n > 0) {
            xd_json_set(cx->arena, options, texts[i].name,
                        xd_json_string(cx->arena, texts[i].value));
        }
    }
    if (o->clear) {
        xd_json_set(cx->arena, options, XD_S("clear"), xd_json_bool(cx->arena, true));
    }
    if (o->accept_good) {
        xd_json_set(cx->arena, options, XD_S("accept_good"), xd_json_bool(cx->arena, true));
    }
    xd_json_set(cx->arena, about, XD_S("options"), options);
    return about;
}

static bool edit(xd_ctx *cx, append *a, xd_draft *draft, xd_json *body)
{
    const xd_record *old = NULL;
    int64_t seq = 0, id = 0;
    if (!xd_record_find(cx, a->run->store, draft->target, &old)) {
        return false;
    }
    if (old == NULL) {
        return xd_fail(cx, XD_CONFLICT, "record %" PRId64 " is gone", draft->target);
    }
    xd_act act = {.record = draft->target, .base = draft->base, .set = a->set, .judged = true};
    if (draft->moved) {
        /* Values first, in the old state; then the move by itself, which undo leaves alone. */
        xd_json *before = xd_json_copy_object(cx->arena, body);
        xd_json_set(cx->arena, before, XD_S("state"), xd_json_string(cx->arena, old->state));
        if (!xd_json_equal(before, old->body)) {
            act.kind = XD_REV_EDIT;
            act.body = before;
            if (!xd_append(cx, a->head, &act, &seq, &id)) {
                return false;
            }
            act.base = seq;
        }
        act.kind = XD_REV_MOVE;
    } else {
        act.kind = XD_REV_EDIT;
    }
    act.body = body;
    return xd_append(cx, a->head, &act, &seq, &id);
}

static bool create(xd_ctx *cx, append *a, xd_draft *draft, const xd_json *body)
{
    int64_t seq = 0;
    xd_act act = {.kind = XD_REV_CREATE, .set = a->set, .body = body, .judged = true};
    if (!xd_append(cx, a->head, &act, &seq, &draft->target)) {
        return false;
    }
    draft->base = seq;
    a->run->report->verdicts.at[draft->verdict].record = draft->target;
    return true;
}

static bool is_due(const xd_run *run, const xd_draft *draft)
{
    return !draft->refused && draft->same_as == XD_NO_DRAFT && draft->final >= 0 &&
           run->report->verdicts.at[draft->verdict].verdict != XD_ROW_UNCHANGED;
}

/* One draft; anyway: also when it waits for others, with their names as text. */
static bool append_one(xd_ctx *cx, append *a, xd_draft *draft, bool anyway, bool *ret_done)
{
    xd_json *body = NULL;
    bool waits = false;
    if (!xd_draft_final(cx, a->run, draft, &body) ||
        !xd_run_links_settle(cx, a->run, body, &waits)) {
        return false;
    }
    *ret_done = !waits || anyway;
    draft->waits = waits;
    if (!*ret_done) {
        return true;
    }
    return draft->target != 0 ? edit(cx, a, draft, body) : create(cx, a, draft, body);
}

/* What went in with a name for a link, and now can have the id. */
static bool append_links(append *a)
{
    xd_run *run = a->run;
    for (size_t i = 0; i < run->drafts.n; i++) {
        xd_draft *draft = &run->drafts.at[i];
        xd_ctx *cx = &run->scratch;
        xd_json *body = NULL;
        const xd_record *now = NULL;
        bool waits = false;
        if (!draft->waits || !is_due(run, draft)) {
            continue;
        }
        xd_ctx_reset(cx);
        if (!xd_draft_final(cx, run, draft, &body) ||
            !xd_run_links_settle(cx, run, body, &waits) ||
            !xd_record_find(cx, run->store, draft->target, &now)) {
            return xd_scratch_fail(run->cx, cx);
        }
        if (now->number.n > 0) {
            xd_json_set(cx->arena, body, XD_S("number"),
                        xd_json_string(cx->arena, now->number));
        }
        int64_t seq = 0, id = 0;
        xd_act act = {.kind = XD_REV_EDIT,
                      .record = draft->target,
                      .base = now->rev,
                      .set = a->set,
                      .body = body};
        if (!xd_append(cx, a->head, &act, &seq, &id)) {
            return xd_scratch_fail(run->cx, cx);
        }
    }
    return true;
}

static bool append_all(append *a)
{
    xd_run *run = a->run;
    unsigned char *done = xd_new_n(run->cx->arena, unsigned char, run->drafts.n + 1);
    bool any_waits = false;
    for (bool anyway = false, progress = true; progress || !anyway;) {
        anyway = !progress;
        progress = false;
        bool left = false;
        for (size_t i = 0; i < run->drafts.n; i++) {
            xd_draft *draft = &run->drafts.at[i];
            if (done[i] || !is_due(run, draft)) {
                continue;
            }
            bool now = false;
            xd_ctx_reset(&run->scratch);
            if (!xd_go_on(run->cx)) {
                return false;
            }
            if (!append_one(&run->scratch, a, draft, anyway, &now)) {
                return xd_scratch_fail(run->cx, &run->scratch);
            }
            done[i] = now;
            progress |= now;
            left |= !now;
            any_waits |= anyway && draft->waits;
        }
        if (!left) {
            break;
        }
    }
    return !any_waits || append_links(a);
}

static int64_t creates(const xd_run *run)
{
    return run->report->new_rows;
}

/* Somebody wrote since the drafts were judged: judge them again, under the head. */
static bool judge_again(xd_run *run)
{
    int64_t seq = 0;
    uint8_t hash[32];
    if (!xd_log_head(run->cx, run->store, &seq, hash)) {
        return false;
    }
    if (seq == run->seq) {
        return true;
    }
    for (size_t i = 0; i < run->drafts.n; i++) {
        xd_draft *draft = &run->drafts.at[i];
        draft->final = -1;
        draft->moved = false;
        draft->target = draft->given_id;
    }
    return xd_run_judge(run);
}

static bool append_once(xd_run *run)
{
    xd_report *report = run->report;
    append a = {.run = run};
    xd_store_expect(run->store, creates(run));
    if (!xd_head_take(run->cx, run->store, run->model,
                      run->options->command == NULL ? "import" : run->options->command, -1,
                      run->options->on_wait, run->options->user, &a.head)) {
        return false;
    }
    bool ok = judge_again(run);
    xd_head_many(a.head);
    bool write = ok && report->new_rows + report->changed > 0 &&
                 (report->refused == 0 || run->options->accept_good);
    if (write) {
        ok = xd_set_open(run->cx, a.head, about_set(run->cx, run), &a.set) && append_all(&a);
    }
    if (!ok || !write) {
        xd_head_release(a.head);
        return ok;
    }
    if (!xd_head_commit(run->cx, a.head)) {
        return false;
    }
    report->changeset = a.set;
    return true;
}

/* A database that goes away meanwhile, or hands over to another, undoes all of it: then it is
 * done again, from the judging on, for as long as a minute goes by without it. */
bool xd_run_append(xd_run *run)
{
    int64_t until = xd_monotonic() + (int64_t)COME_BACK_MS * 1000;
    xd_store_patience(run->store, COME_BACK_MS);
    bool ok = append_once(run);
    while (!ok && run->cx->err.code == XD_BUSY && xd_store_lost(run->store) &&
           xd_monotonic() < until) {
        xd_err lost = xd_err_take(run->cx);
        xd_log(XD_WARN, "import", "trying again: " XD_FMT, XD_ARG(lost.message));
        run->seq = -1; /* judged anew */
        ok = append_once(run);
    }
    xd_store_patience(run->store, 0);
    return ok;
}
