/* The page of one record, as it is or as it was on a day (?on=2026-11-24) or at its
 * seventh version (?at=7). What it shows is only ever what anybody may see. */
#include "web/page_record.h"
#include "web/app_room.h"

static bool find(xd_record_page *r)
{
    xd_ctx *cx = r->page.cx;

    r->type = xd_type_by_path(r->page.app->model, xd_route_part(cx, r->page.request, 0));
    xd_str key = xd_route_part(cx, r->page.request, 1);
    if (!xd_app_record(cx, r->page.snap, r->type, key, &r->id, &r->body, &r->rev)) {
        return false;
    }
    r->time = xd_snap_time(r->page.snap, r->id);
    return true;
}

/* The last version no younger than asked for. One that was not public then is not there. */
static bool go_back(xd_record_page *r)
{
    xd_ctx *cx = r->page.cx;
    xd_str on = xd_param_get(r->page.request, XD_S("on"));
    int64_t at = INT64_MAX;
    xd_versions versions = {0};
    const xd_version *then = NULL;
    int32_t day = INT32_MAX;

    bool by_day = on.n > 0 && xd_day_read(on, &day);
    bool by_n = xd_str_int(xd_param_get(r->page.request, XD_S("at")), &at);
    if (!by_day && !by_n) {
        return true;
    }
    if (!xd_app_store(cx, r->page.app, &r->store) ||
        !xd_versions_of(&r->page, r->store, r->id, &versions)) {
        return false;
    }
    for (size_t i = 0; i < versions.n; i++) {
        const xd_version *v = &versions.at[i];
        int32_t its_day;
        bool read = xd_day_read(xd_day(&r->page, v->time), &its_day);
        if (by_n ? v->n <= at : (read && its_day <= day)) {
            then = v;
        }
    }
    if (then == NULL || then->body == NULL) {
        (void)xd_fail(cx, XD_ABSENT, "record %" PRId64 " was not public then", r->id);
        return xd_fail_words(cx, XD_S("那时还没有公开的内容。请选一个较晚的日期。"),
                             XD_S("Nothing of it was public then. Choose a later date."));
    }
    r->past = then != &versions.at[versions.n - 1];
    r->body = then->body;
    r->time = then->time;
    return true;
}

static void add_head(xd_record_page *r)
{
    xd_ctx *cx = r->page.cx;
    const xd_json *title = r->type->title == NULL ? NULL : xd_value(r->type->title, r->body, 0);
    xd_lang other = cx->lang == XD_ZH ? XD_EN : XD_ZH;
    xd_str got = {0};

    r->view.type_label = xd_label_in(&r->type->label, cx->lang);
    r->view.type_url = xd_url_type(cx, r->type);
    r->view.title = xd_field_said(&r->page, r->type->title, r->body, 0);
    if (r->view.title.text.n == 0) {
        r->view.title.text = xd_body_title(cx, r->page.app->model, r->body);
    }
    if (title != NULL && r->view.title.lang.n == 0 && r->type->title->kind == XD_KIND_TEXT) {
        xd_str text = xd_value_lang(title, xd_lang_tag[other], &got);
        if (xd_str_eq(got, xd_lang_tag[other])) {
            r->view.other_title = (xd_said){.text = text, .lang = got};
        }
    }
    const xd_term *level = xd_field_term(r->type->level, r->body);
    if (level != NULL) {
        r->view.level = xd_key_of(&r->page, level);
        r->view.level.label = xd_site_plate(r->page.site, r->type, level, cx->lang);
    }
    r->view.number = xd_json_get_str(r->body, XD_S("number"));
    r->view.updated = xd_day(&r->page, r->time);
    xd_str key =
        r->view.number.n > 0 ? r->view.number : xd_str_printf(cx->arena, "%" PRId64, r->id);
    r->view.permalink = xd_url_record(cx, r->type, key, "");
    r->view.history = xd_url_record(cx, r->type, key, "/history");
    r->view.newest = r->view.permalink;
    r->view.address = xd_url_whole(cx, r->page.app->base_url, r->view.permalink).address;
    if (r->past) {
        r->view.as_of = r->view.updated;
    }
}

/* How it stands today, in a word. A period with an open end still holds. */
static void add_force(xd_record_page *r)
{
    const xd_field *field = r->type->in_force;
    const xd_json *value = field == NULL ? NULL : xd_value(field, r->body, 0);
    xd_period period;
    int32_t today;

    if (field == NULL) {
        return;
    }
    r->view.force =
        (xd_view_force){.css = XD_S("ask"), .word = xd_say(&r->page, XD_W_FORCE_UNKNOWN)};
    if (!xd_value_period(value, &period) ||
        !xd_day_read(xd_day(&r->page, xd_now(r->page.cx)), &today)) {
        return;
    }
    bool past = period.to<today, future = period.from> today;
    r->view.force = (xd_view_force){
        .css = past     ? XD_S("past")
               : future ? XD_S("future")
                        : XD_S("now"),
        .word = xd_say(&r->page, past     ? XD_W_FORCE_PAST
                                 : future ? XD_W_FORCE_FUTURE
                                          : XD_W_FORCE_NOW),
        .when = xd_value_text(r->page.cx, r->page.app->model, field, value),
    };
}

static void add_crumbs(xd_record_page *r)
{
    xd_ctx *cx = r->page.cx;
    const xd_term *chain[6], *term = xd_field_term(r->type->division, r->body);
    size_t n = 0;

    xd_page_crumb(&r->page, &r->view.page, xd_type_plural(&r->page, r->type), r->view.type_url);
    for (; term != NULL && term != r->page.site->region && n < XD_LEN(chain);
         term = term->parent) {
        chain[n++] = term;
    }
    while (n > 0) {
        xd_query query = {0};
        term = chain[--n];
        xd_query_add(cx, &query, r->type->division->name, term->code);
        xd_page_crumb(&r->page, &r->view.page, xd_label_in(&term->label, cx->lang),
                      xd_url_query(cx, r->view.type_url, &query));
    }
    xd_page_crumb(&r->page, &r->view.page, r->view.title.text, (xd_url){0});
}

static void toc(xd_record_page *r, bool there, xd_str id, xd_str label)
{
    if (there) {
        *xd_push(r->page.cx->arena, &r->view.toc) =
            (xd_view_link){.label = label, .url = xd_url_anchor(r->page.cx, id)};
    }
}

static void add_toc(xd_record_page *r)
{
    xd_page *page = &r->page;
    toc(r, r->view.summary.text.n > 0, XD_S("about"), xd_say(page, XD_W_RECORD_ABOUT));
    toc(r, r->view.visit.n > 0, XD_S("visit"), xd_say(page, XD_W_RECORD_VISIT));
    toc(r, r->view.has_place, XD_S("place"), xd_say(page, XD_W_RECORD_PLACE));
    toc(r, r->view.facts.n > 0, XD_S("facts"), xd_say(page, XD_W_RECORD_FACTS));
    for (size_t i = 0; i < r->view.sections.n && i < 3; i++) {
        toc(r, true, r->view.sections.at[i].id, r->view.sections.at[i].label);
    }
    toc(r, r->view.events.n > 0, XD_S("events"), xd_say(page, XD_W_RECORD_EVENTS));
    for (size_t i = 0; i < r->view.children.n; i++) {
        toc(r, true, r->view.children.at[i].id, r->view.children.at[i].label);
    }
    toc(r, r->view.tied, XD_S("kin-h"), xd_say(page, XD_W_KIN_TITLE));
    toc(r, r->view.near.n > 0, XD_S("near"), xd_say(page, XD_W_RECORD_NEAR));
    toc(r, true, XD_S("sources"), xd_say(page, XD_W_RECORD_SOURCES));
    toc(r, true, XD_S("cite"), xd_say(page, XD_W_RECORD_CITE));
}

static void add_reports(xd_record_page *r)
{
    xd_ctx *cx = r->page.cx;
    const xd_report_form *form = xd_report_form_of(&r->page.app->room->forms, r->type);
    if (form != NULL && !r->past) {
        *xd_push(cx->arena, &r->view.reports) =
            (xd_view_link){.label = xd_label_in(&form->label, cx->lang),
                           .url = xd_url_id(cx, r->type, r->id, "/report")};
    }
}

bool xd_page_record(xd_ctx *cx, const xd_app *app, const xd_request *request,
                    xd_response *response)
{
    xd_record_page r = {0};

    xd_page_begin(cx, app, request, response, &r.page);
    if (!find(&r) || !go_back(&r)) {
        return false;
    }
    add_head(&r);
    add_force(&r);
    xd_page_frame(&r.page, r.view.title.text, &r.view.page);
    xd_page_here(&r.page, &r.view.page, r.type, NULL);
    xd_page_search(&r.page, &r.view.page, r.type);
    r.view.page.searchable = true;
    r.view.page.sample = xd_sample_word(&r.page, r.type, r.body);
    r.view.page.noindex = r.past || r.view.page.sample.n > 0;
    r.view.page.published = r.view.updated;
    r.view.page.canonical = xd_url_whole(cx, app->base_url, r.view.permalink);
    if (!xd_record_facts(&r) || !xd_record_place(&r) || !xd_record_computed(&r) ||
        !xd_record_kin(&r)) {
        return false;
    }
    r.view.tied = r.view.ties.n > 0;
    xd_page_more(&r.page, &r.view.page);
    if (r.view.summary.text.n > 0) {
        r.view.page.description = r.view.summary.text;
    }
    xd_record_cite(&r);
    add_reports(&r);
    add_crumbs(&r);
    add_toc(&r);
    xd_out out = xd_page_out(&r.page);
    xd_tmpl_record(&out, &r.view);
    return xd_page_send(&r.page);
}
