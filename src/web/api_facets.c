/* Counts by value, and completions. */
#include "web/api.h"

#define FACETS_TAKES (XD_TAKES_WHAT | XD_TAKES_FACETS)
#define SUGGESTIONS 50

/* The title of the record a link leads to; one title less, not one answer less. */
static xd_str linked_label(xd_ctx *cx, const xd_app *app, xd_str code)
{
    const xd_json *body = NULL;
    int64_t id, rev;
    if (!xd_str_int(code, &id)) {
        return code;
    }
    if (!xd_snap_body(cx, xd_snap_open(cx, app->index), id, &body, &rev)) {
        (void)xd_err_take(cx);
    }
    return body == NULL ? code : xd_body_title(cx, app->model, body);
}

/* The words for one bar. */
static xd_str bar_label(xd_ctx *cx, const xd_app *app, const xd_field *field, xd_str code)
{
    if (code.n == 0) {
        return cx->lang == XD_EN ? XD_S("unknown") : XD_S("未知");
    }
    if (field->kind == XD_KIND_DIVISION) {
        return xd_division_text(cx, app->model, code);
    }
    if (field->kind == XD_KIND_LINK) {
        return linked_label(cx, app, code);
    }
    const xd_term *term =
        field->vocabulary == NULL ? NULL : xd_term_find(field->vocabulary, code);
    if (term != NULL) {
        return xd_label_in(&term->label, cx->lang);
    }
    if (field->facet == XD_FACET_DECADE) {
        int bar = field->facet_decades > 0 ? field->facet_decades : 10;
        int64_t year;
        if (xd_str_int(code, &year)) {
            return xd_str_printf(cx->arena, "%" PRId64 "–%" PRId64, year, year + bar - 1);
        }
    }
    return code;
}

/* The value above it, whose count holds this one's. */
static void put_parent(const xd_app *app, const xd_field *field, xd_str code, xd_buf *out)
{
    const xd_vocabulary *vocabulary =
        field->kind == XD_KIND_DIVISION ? xd_model_divisions(app->model) : field->vocabulary;
    const xd_term *term = vocabulary == NULL ? NULL : xd_term_find(vocabulary, code);
    if (term != NULL && term->parent != NULL) {
        xd_put(out, ",\"parent\":");
        xd_buf_json(out, term->parent->code, false);
    }
}

void xd_facets_write(xd_ctx *cx, const xd_app *app, const xd_answer *answer, xd_buf *out)
{
    xd_buf_byte(out, '{');
    for (size_t i = 0; i < answer->n_facets; i++) {
        const xd_facet *facet = &answer->facets[i];
        if (i > 0) {
            xd_buf_byte(out, ',');
        }
        xd_buf_json(out, facet->field->name, false);
        xd_put(out, ":{\"title\":");
        xd_buf_json(out, xd_label_in(&facet->field->label, cx->lang), false);
        xd_buf_printf(out, ",\"approximate\":%s,\"counts\":[",
                      facet->approximate ? "true" : "false");
        for (size_t k = 0; k < facet->n; k++) {
            xd_put(out, k == 0 ? "{\"value\":" : ",{\"value\":");
            xd_buf_json(out, facet->counts[k].code, false);
            xd_put(out, ",\"label\":");
            xd_buf_json(out, bar_label(cx, app, facet->field, facet->counts[k].code), false);
            put_parent(app, facet->field, facet->counts[k].code, out);
            xd_buf_printf(out, ",\"count\":%" PRIu64 "}", facet->counts[k].n);
        }
        xd_put(out, "]}");
    }
    xd_buf_byte(out, '}');
}

bool xd_facets_serve(xd_ctx *cx, const xd_app *app, const xd_request *request,
                     xd_response *response)
{
    const xd_type *type = xd_api_type(app, request);
    const xd_answer *answer;
    xd_buf *out = &response->body;
    xd_asked asked;
    if (!xd_asked_read(cx, app, request, type, FACETS_TAKES, true, &asked)) {
        return false;
    }
    if (!xd_param_has(request, XD_S("facets"))) {
        xd_ask_all_facets(cx, &asked.ask);
    }
    asked.ask.limit = 0;
    if (!xd_ask_run(cx, xd_snap_open(cx, app->index), &asked.ask, &answer)) {
        return xd_fail_note(cx, "facets of " XD_FMT, XD_ARG(type->path));
    }
    response->type = XD_S(XD_JSON_MEDIA);
    xd_buf_printf(out,
                  "{\"numberMatched\":%" PRIu64 ",\"withoutPlace\":%" PRIu64 ",\"facets\":",
                  answer->matched, answer->placeless);
    xd_facets_write(cx, app, answer, out);
    xd_put(out, "}\n");
    return true;
}

bool xd_suggest_serve(xd_ctx *cx, const xd_app *app, const xd_request *request,
                      xd_response *response)
{
    const xd_type *type = request->n_parts == 0 ? NULL : xd_api_type(app, request);
    const xd_suggestion *list = NULL;
    xd_buf *out = &response->body;
    xd_asked asked;
    size_t n = 0;
    if (!xd_asked_read(cx, app, request, type, XD_TAKES_WORDS | XD_TAKES_PAGE, true, &asked)) {
        return false;
    }
    size_t limit = asked.ask.limit > SUGGESTIONS ? SUGGESTIONS : asked.ask.limit;
    if (asked.ask.q.n > 0 && !xd_suggest(cx, xd_snap_open(cx, app->index), type, asked.ask.q,
                                         limit, cx->lang, &list, &n)) {
        return false;
    }
    response->type = XD_S(XD_JSON_MEDIA);
    xd_put(out, "{\"suggestions\":[");
    for (size_t i = 0; i < n; i++) {
        xd_put(out, i == 0 ? "{\"text\":" : ",{\"text\":");
        xd_buf_json(out, list[i].text, false);
        if (list[i].field.p != NULL) {
            xd_put(out, ",\"field\":");
            xd_buf_json(out, list[i].field, false);
        }
        if (list[i].id != 0) {
            xd_buf_printf(out, ",\"id\":%" PRId64, list[i].id);
        }
        xd_buf_printf(out, ",\"count\":%" PRIu64 "}", list[i].n);
    }
    xd_put(out, "]}\n");
    return true;
}
