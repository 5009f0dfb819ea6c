/* Drafts: what a record's rows give, set aside until it is judged and again until it is written.
 *
 * What is to be a new record, and leads nowhere, is finished alike whenever it is needed: without
 * what was cleared, with its state. So it is not set aside a second time. */
#include "exchange/run.h"

bool xd_draft_given(xd_ctx *cx, xd_run *run, const xd_draft *draft, xd_json **ret_body)
{
    xd_str text;
    int64_t next = 0;
    const xd_json *body = NULL;
    if (!xd_spool_read(cx, run->stage, draft->given, &text, &next) ||
        !xd_json_read(cx, text, &body)) {
        return xd_fail_note(cx, "reading a draft back");
    }
    *ret_body = xd_json_own(body);
    return true;
}

bool xd_draft_keep(xd_ctx *cx, xd_run *run, const xd_json *body, int64_t *ret_at)
{
    xd_buf b = {0};
    xd_json_plain(&b, body);
    bool ok = !b.failed && xd_spool_add(cx, run->stage, xd_buf_str(&b), ret_at);
    xd_buf_free(&b);
    return ok ? true : xd_fail_note(cx, "setting a draft aside");
}

xd_str xd_first_state(const xd_type *type)
{
    return type->flow->states[0].name;
}

xd_str xd_draft_state(const xd_run *run, const xd_json *given)
{
    xd_str said =
        run->options->state.n > 0 ? run->options->state : xd_json_get_str(given, XD_S("state"));
    return said.n > 0 ? said : xd_first_state(run->type);
}

xd_json *xd_draft_fresh(xd_ctx *cx, const xd_json *given)
{
    xd_json *body = xd_json_object(cx->arena);
    for (size_t i = 0; i < given->members.n; i++) {
        if (given->members.at[i].value->kind != XD_JSON_NULL) {
            xd_json_set(cx->arena, body, given->members.at[i].key, given->members.at[i].value);
        }
    }
    return body;
}

bool xd_draft_links(const xd_run *run, const xd_json *body)
{
    for (size_t i = 0; i < run->type->n_fields; i++) {
        if (run->type->fields[i].kind == XD_KIND_LINK &&
            xd_json_get(body, run->type->fields[i].name) != NULL) {
            return true;
        }
    }
    return false;
}

bool xd_draft_final(xd_ctx *cx, xd_run *run, const xd_draft *draft, xd_json **ret_body)
{
    xd_draft as = *draft;
    as.given = draft->final;
    xd_json *body = NULL;
    if (!xd_draft_given(cx, run, &as, &body)) {
        return false;
    }
    if (draft->as_given) {
        xd_str state = xd_draft_state(run, body);
        body = xd_draft_fresh(cx, body);
        xd_json_set(cx->arena, body, XD_S("state"), xd_json_string(cx->arena, state));
    }
    *ret_body = body;
    return true;
}
