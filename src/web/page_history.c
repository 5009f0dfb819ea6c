/* The history of a record: every version with who, when and what, two of them side by side, or
 * the way to one day. Versions that were not public then are named, not shown. */
#include "web/page_record.h"

typedef struct history_page {
    xd_record_page r;
    xd_versions versions;
    xd_view_history view;
} history_page;

static bool find(history_page *h)
{
    xd_ctx *cx = h->r.page.cx;
    h->r.type = xd_type_by_path(h->r.page.app->model, xd_route_part(cx, h->r.page.request, 0));
    xd_str key = xd_route_part(cx, h->r.page.request, 1);
    return xd_app_record(cx, h->r.page.snap, h->r.type, key, &h->r.id, &h->r.body, &h->r.rev) &&
           xd_app_store(cx, h->r.page.app, &h->r.store) &&
           xd_versions_of(&h->r.page, h->r.store, h->r.id, &h->versions);
}

/* A field's label; members that are no field (state, number) by the words of the format. */
static xd_str member_label(const history_page *h, xd_str name, const xd_field **ret_field)
{
    const xd_field *field = xd_field_find(h->r.type, name);
    *ret_field = field;
    return field == NULL ? (xd_str){0} : xd_label_in(&field->label, h->r.page.cx->lang);
}

static xd_said value_said(history_page *h, const xd_field *field, const xd_json *value)
{
    return value == NULL ? (xd_said){0}
                         : (xd_said){.text = xd_value_text(h->r.page.cx, h->r.page.app->model,
                                                           field, value)};
}

static xd_str fields_changed(history_page *h, const xd_json *before, const xd_json *after)
{
    xd_ctx *cx = h->r.page.cx;
    xd_field_changes changes = {0};
    xd_buf text = {0};
    size_t shown = 0;

    if (before == NULL || after == NULL) {
        return after == NULL ? xd_say(&h->r.page, XD_W_HISTORY_NOT_PUBLIC) : (xd_str){0};
    }
    xd_body_diff(cx, before, after, &changes);
    for (size_t i = 0; i < changes.n; i++) {
        const xd_field *field;
        xd_str label = member_label(h, changes.at[i].field, &field);
        if (label.n == 0) {
            continue;
        }
        if (shown++ > 0) {
            xd_buf_add(&text, cx->lang == XD_ZH ? XD_S("、") : XD_S(", "));
        }
        xd_buf_add(&text, label);
    }
    xd_str copy = xd_buf_copy(&text, cx->arena);
    xd_buf_free(&text);
    return copy;
}

/* The change set a revision belongs to: the file it came from. */
static bool set_text(history_page *h, int64_t set, xd_str *ret_text)
{
    xd_ctx *cx = h->r.page.cx;
    const xd_revision *rev;
    const xd_json *about;

    *ret_text = (xd_str){0};
    if (set == 0) {
        return true;
    }
    if (!xd_revision_find(cx, h->r.store, set, &rev)) {
        return false;
    }
    xd_str file = {0};
    if (rev != NULL && rev->open.n > 0) {
        if (!xd_json_read(cx, rev->open, &about)) {
            return xd_fail_note(cx, "change set %" PRId64, set);
        }
        file = xd_json_get_str(about, XD_S("file"));
    }
    *ret_text = file.n > 0 ? xd_say_s(&h->r.page, XD_W_HISTORY_FROM_SET, "file", file)
                           : xd_say(&h->r.page, XD_W_HISTORY_SET);
    return true;
}

static xd_word_id kind_word(xd_rev_kind kind)
{
    return kind == XD_REV_CREATE ? XD_W_HISTORY_CREATE
           : kind == XD_REV_MOVE ? XD_W_HISTORY_MOVE
                                 : XD_W_HISTORY_EDIT;
}

static bool add_version(history_page *h, size_t i, int64_t from, int64_t to)
{
    xd_page *page = &h->r.page;
    xd_ctx *cx = page->cx;
    const xd_version *v = &h->versions.at[i];
    xd_str set;

    if (!set_text(h, v->set, &set)) {
        return false;
    }
    xd_query query = {0};
    xd_query_add(cx, &query, XD_S("at"), xd_str_printf(cx->arena, "%" PRId64, v->n));
    *xd_push(cx->arena, &h->view.versions) = (xd_view_version){
        .n = v->n,
        .when = xd_day(page, v->time),
        .who = v->actor == 0 ? xd_say(page, XD_W_HISTORY_OPERATOR)
                             : xd_say_n(page, XD_W_HISTORY_ACCOUNT, "n", v->actor),
        .what = xd_say(page, kind_word(v->kind)),
        .set = set,
        .fields = fields_changed(h, i == 0 ? NULL : h->versions.at[i - 1].body, v->body),
        .url = xd_url_query(cx, h->view.record, &query),
        .newest = i + 1 == h->versions.n,
        .shown_from = v->n == from,
        .shown_to = v->n == to,
    };
    return true;
}

static const xd_version *version_of(const history_page *h, int64_t n)
{
    for (size_t i = 0; i < h->versions.n; i++) {
        if (h->versions.at[i].n == n) {
            return &h->versions.at[i];
        }
    }
    return NULL;
}

static void compare(history_page *h, const xd_version *from, const xd_version *to)
{
    xd_page *page = &h->r.page;
    xd_field_changes changes = {0};
    const xd_fill fills[] = {
        {.hole = "from",       .number = from->n},
        {                 .hole = "from_when", .text = xd_day(page,       from->time)},
        {                 .hole = "to",     .number = to->n                 },
        { .hole = "to_when",           .text = xd_day(page,                            to->time)},
    };
    h->view.compared = true;
    h->view.between = xd_word_fill(page->cx->arena, page->cx->lang, XD_W_HISTORY_BETWEEN, fills,
                                   XD_LEN(fills));
    xd_body_diff(page->cx, from->body, to->body, &changes);
    for (size_t i = 0; i < changes.n; i++) {
        const xd_field *field;
        xd_str label = member_label(h, changes.at[i].field, &field);
        if (field != NULL) {
            *xd_push(page->cx->arena, &h->view.changes) = (xd_view_change){
                .label = label,
                .before = value_said(h, field, changes.at[i].before),
                .after = value_said(h, field, changes.at[i].after),
            };
        }
    }
}

static bool fill(history_page *h)
{
    xd_page *page = &h->r.page;
    size_t n = h->versions.n;
    int64_t from = n > 1 ? h->versions.at[n - 2].n : 0,
            to = n > 0 ? h->versions.at[n - 1].n : 0;
    bool asked = xd_str_int(xd_param_get(page->request, XD_S("from")), &from);
    asked = xd_str_int(xd_param_get(page->request, XD_S("to")), &to) && asked;

    h->view.several = n > 1;
    for (size_t i = n; i > 0; i--) { /* the newest first */
        if (!add_version(h, i - 1, from, to)) {
            return false;
        }
    }
    const xd_version *a = version_of(h, from), *b = version_of(h, to);
    if (asked && a != NULL && b != NULL && a->body != NULL && b->body != NULL) {
        compare(h, a, b);
    }
    return true;
}

bool xd_page_history(xd_ctx *cx, const xd_app *app, const xd_request *request,
                     xd_response *response)
{
    history_page h = {0};

    xd_page_begin(cx, app, request, response, &h.r.page);
    if (!find(&h)) {
        return false;
    }
    h.view.title = xd_field_said(&h.r.page, h.r.type->title, h.r.body, 0);
    if (h.view.title.text.n == 0) {
        h.view.title.text = xd_body_title(cx, app->model, h.r.body);
    }
    h.view.record = xd_body_url(&h.r.page, h.r.type, h.r.id, h.r.body);
    h.view.action = h.view.record;
    h.view.action.address = xd_str_join(cx->arena, h.view.record.address, XD_S("/history"));
    h.view.today = xd_day(&h.r.page, xd_now(cx));
    xd_page_frame(&h.r.page, xd_say_s(&h.r.page, XD_W_HISTORY_PAGE, "title", h.view.title.text),
                  &h.view.page);
    xd_page_here(&h.r.page, &h.view.page, h.r.type, NULL);
    xd_page_search(&h.r.page, &h.view.page, h.r.type);
    h.view.page.searchable = true;
    h.view.page.noindex = true;
    xd_page_crumb(&h.r.page, &h.view.page, xd_type_plural(&h.r.page, h.r.type),
                  xd_url_type(cx, h.r.type));
    xd_page_crumb(&h.r.page, &h.view.page, h.view.title.text, h.view.record);
    xd_page_crumb(&h.r.page, &h.view.page, xd_say(&h.r.page, XD_W_HISTORY_CRUMB), (xd_url){0});
    if (!fill(&h)) {
        return false;
    }
    xd_out out = xd_page_out(&h.r.page);
    xd_tmpl_history(&out, &h.view);
    return xd_page_send(&h.r.page);
}
