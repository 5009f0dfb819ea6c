/* The facts of a record, field by field as the model orders them, each with what stands behind
 * it. Short values are facts, long ones sections with a heading; what a visitor needs is apart. */
#include <stdlib.h>

#include "web/markdown.h"
#include "web/page_record.h"

#define VALUES 200 /* most values of one field on the page */
#define SOURCES 100

/* ---- sources -------------------------------------------------------------------------------- */

/* A source by its words; the same words are the same source. */
static xd_view_source *source_find(xd_record_page *r, xd_str text)
{
    xd_arena *arena = r->page.cx->arena;
    for (size_t i = 0; i < r->view.sources.n; i++) {
        if (xd_str_eq(r->view.sources.at[i].text, text)) {
            return &r->view.sources.at[i];
        }
    }
    if (r->view.sources.n == SOURCES) {
        return NULL;
    }
    xd_view_source *source = xd_push(arena, &r->view.sources);
    int number = (int)r->view.sources.n;
    *source = (xd_view_source){
        .number = number,
        .id = xd_str_printf(arena, "s%d", number),
        .text = text,
        .url = xd_url_outside(r->page.cx, text),
    };
    return source;
}

static void source_of(xd_record_page *r, const xd_json *value, xd_view_source **ret_source)
{
    xd_str text = xd_json_str(value);
    xd_str url = xd_json_get_str(value, XD_S("url"));

    *ret_source = NULL;
    if (text.n == 0) {
        text = xd_json_get_str(value, XD_S("text"));
    }
    if (text.n == 0) {
        text = url;
    }
    if (text.n == 0) {
        return;
    }
    xd_view_source *source = source_find(r, text);
    if (source != NULL) {
        if (url.n > 0) {
            source->url = xd_url_outside(r->page.cx, url);
            source->named = !xd_str_eq(url, text);
        }
        xd_str date = xd_json_get_str(value, XD_S("date"));
        source->date = date.n > 0 ? date : source->date;
    }
    *ret_source = source;
}

static void stand_behind(xd_record_page *r, xd_view_source *source, xd_str label)
{
    source->about =
        source->about.n == 0
            ? label
            : xd_str_printf(r->page.cx->arena, XD_FMT "%s" XD_FMT, XD_ARG(source->about),
                            r->page.cx->lang == XD_ZH ? "、" : ", ", XD_ARG(label));
}

static void note_source(xd_record_page *r, const xd_json *about, xd_str label,
                        xd_view_notes *notes)
{
    xd_view_source *source;
    source_of(r, xd_json_get(about, XD_S("source")), &source);
    if (source != NULL) {
        *xd_push(r->page.cx->arena, &notes->list) =
            (xd_view_note){.number = source->number, .id = source->id};
        stand_behind(r, source, label);
    }
}

static void add_sources(xd_record_page *r)
{
    const xd_json *sources = xd_json_get(r->body, XD_S("sources"));
    xd_view_source *source;

    if (sources != NULL && sources->kind != XD_JSON_ARRAY) {
        source_of(r, sources, &source);
    }
    for (size_t i = 0; i < xd_json_len(sources) && sources->kind == XD_JSON_ARRAY; i++) {
        source_of(r, xd_json_at(sources, i), &source);
    }
}

/* ---- what is said of a fact ----------------------------------------------------------------- */

static const xd_json *about_of(const xd_record_page *r, xd_str field)
{
    return xd_json_get(xd_json_get(r->body, XD_S("about")), field);
}

/* Only what differs from the record's own confidence is said at the fact. */
static bool is_unsure(const xd_json *about)
{
    xd_str confidence = xd_json_get_str(about, XD_S("confidence"));
    return confidence.n > 0 && !xd_str_eq(confidence, XD_S("high"));
}

static xd_str checked(const xd_record_page *r, const xd_json *about)
{
    xd_str who = xd_json_get_str(about, XD_S("checked_by"));
    xd_str when = xd_json_get_str(about, XD_S("checked_on"));
    const xd_fill fills[] = {
        {.hole = "who",  .text = who },
        {.hole = "when", .text = when}
    };

    if (who.n == 0 && when.n == 0) {
        return (xd_str){0};
    }
    return xd_word_fill(r->page.cx->arena, r->page.cx->lang,
                        who.n == 0    ? XD_W_RECORD_CHECKED_ON
                        : when.n == 0 ? XD_W_RECORD_CHECKED_BY
                                      : XD_W_RECORD_CHECKED,
                        fills, XD_LEN(fills));
}

/* ---- values --------------------------------------------------------------------------------- */

static bool value_of(xd_record_page *r, const xd_field *field, size_t i,
                     xd_view_value *ret_value)
{
    xd_ctx *cx = r->page.cx;
    const xd_json *value = xd_value(field, r->body, i);

    *ret_value = (xd_view_value){.text = xd_field_said(&r->page, field, r->body, i)};
    if (field->kind == XD_KIND_LINK) {
        return xd_value_said(&r->page, field, value, &ret_value->text, &ret_value->url);
    }
    if (field->kind == XD_KIND_URL) {
        ret_value->url = xd_url_outside(cx, ret_value->text.text);
    } else if (field->kind == XD_KIND_PHONE) {
        ret_value->url = xd_url_tel(cx, ret_value->text.text);
    } else if (field->kind == XD_KIND_TERM && field->facet != XD_FACET_NONE) {
        xd_query query = {0};
        xd_query_add(cx, &query, field->name, xd_json_str(value));
        ret_value->url = xd_url_query(cx, r->view.type_url, &query);
    }
    return true;
}

static bool values_of(xd_record_page *r, const xd_field *field, xd_view_values *values)
{
    size_t n = xd_value_count(field, r->body);
    for (size_t i = 0; i < n && i < VALUES; i++) {
        xd_view_value value;
        if (!value_of(r, field, i, &value)) {
            return false;
        }
        if (value.text.text.n > 0) {
            *xd_push(r->page.cx->arena, values) = value;
        }
    }
    return true;
}

/* ---- facts and sections --------------------------------------------------------------------- */

static bool add_fact(xd_record_page *r, const xd_field *field, xd_view_facts *to)
{
    const xd_json *about = about_of(r, field->name);
    xd_view_fact fact = {
        .label = xd_label_in(&field->label, r->page.cx->lang),
        .unsure = is_unsure(about),
        .checked = checked(r, about),
    };
    if (!values_of(r, field, &fact.values)) {
        return false;
    }
    if (fact.values.n > 0) {
        note_source(r, about, fact.label, &fact.notes);
        *xd_push(r->page.cx->arena, to) = fact;
    }
    return true;
}

static bool add_section(xd_record_page *r, const xd_field *field)
{
    xd_ctx *cx = r->page.cx;
    const xd_json *about = about_of(r, field->name);
    xd_view_section section = {
        .id = xd_str_printf(cx->arena, "f%zu", field->at),
        .label = xd_label_in(&field->label, cx->lang),
        .lang = xd_lang_tag[cx->lang],
        .unsure = is_unsure(about),
    };
    if (field->kind == XD_KIND_MARKDOWN) {
        xd_said said = xd_field_said(&r->page, field, r->body, 0);
        section.lang = said.lang.n > 0 ? said.lang : section.lang;
        if (!xd_markdown(cx, said.text, &section.html)) {
            return false;
        }
    } else if (!values_of(r, field, &section.items)) {
        return false;
    }
    if (section.items.n > 0 || section.html.markup.n > 0) {
        note_source(r, about, section.label, &section.notes);
        *xd_push(cx->arena, &r->view.sections) = section;
    }
    return true;
}

static bool is_shown_apart(const xd_type *type, const xd_field *field)
{
    return field == type->title || field == type->summary || field == type->place ||
           field == type->division || field == type->level || field == type->parent_field;
}

static bool is_long(const xd_field *field)
{
    return field->kind == XD_KIND_MARKDOWN ||
           (field->many && (field->kind == XD_KIND_TEXT || field->kind == XD_KIND_GROUP));
}

/* ---- timeline ------------------------------------------------------------------------------- */

typedef struct dated {
    xd_view_event event;
    int32_t from;
} dated;

static int by_date(const void *a, const void *b)
{
    const dated *p = a, *q = b;
    return p->from < q->from ? -1 : p->from > q->from;
}

static void add_dated(xd_record_page *r, const xd_field *field, const xd_json *value,
                      xd_str what, dated *list, size_t *n, size_t max)
{
    xd_period period;
    if (*n < max && xd_value_period(value, &period)) {
        list[(*n)++] = (dated){
            .from = period.from == XD_DAY_OPEN_START ? period.to : period.from,
            .event = {.when = xd_value_text(r->page.cx, r->page.app->model, field, value),
                      .what = what},
        };
    }
}

/* Periods of the record itself, and of the items of its groups. */
static void add_events(xd_record_page *r)
{
    dated list[60];
    size_t n = 0;
    xd_ctx *cx = r->page.cx;

    for (size_t i = 0; i < r->type->n_fields; i++) {
        const xd_field *field = &r->type->fields[i];
        size_t count = field->hidden || field->retired ? 0 : xd_value_count(field, r->body);
        for (size_t k = 0; k < count; k++) {
            const xd_json *value = xd_value(field, r->body, k);
            if (field->kind == XD_KIND_PERIOD) {
                add_dated(r, field, value, xd_label_in(&field->label, cx->lang), list, &n,
                          XD_LEN(list));
            }
            for (size_t g = 0; field->kind == XD_KIND_GROUP && g < field->n_fields; g++) {
                const xd_field *sub = &field->fields[g];
                if (sub->kind == XD_KIND_PERIOD && !sub->hidden) {
                    add_dated(r, sub, xd_value(sub, value, 0),
                              xd_value_text(cx, r->page.app->model, field, value), list, &n,
                              XD_LEN(list));
                }
            }
        }
    }
    qsort(list, n, sizeof *list, by_date);
    for (size_t i = 0; n > 1 && i < n;
         i++) { /* a single date is a fact, not a course of events */
        *xd_push(cx->arena, &r->view.events) = list[i].event;
    }
}

/* ---- the whole ------------------------------------------------------------------------------ */

/* A web address alone is no news for whoever wants to go: then it stands among the facts. */
static bool is_worth_a_visit(const xd_record_page *r)
{
    for (size_t i = 0; i < r->type->n_fields; i++) {
        const xd_field *field = &r->type->fields[i];
        if (xd_site_visits(r->page.site, r->type, field) && field->kind != XD_KIND_URL &&
            !field->hidden && !field->retired && xd_value_count(field, r->body) > 0) {
            return true;
        }
    }
    return false;
}

/* One field after another as the model orders them; numbers of other registers come last, they
 * are for those who look them up. */
static bool add_fields(xd_record_page *r, bool identifiers)
{
    bool worth = is_worth_a_visit(r);
    for (size_t i = 0; i < r->type->n_fields; i++) {
        const xd_field *field = &r->type->fields[i];
        bool visit = worth && xd_site_visits(r->page.site, r->type, field);
        if (field->hidden || field->retired || is_shown_apart(r->type, field) ||
            (field->kind == XD_KIND_IDENTIFIER) != identifiers) {
            continue;
        }
        if (is_long(field) && !visit
                ? !add_section(r, field)
                : !add_fact(r, field, visit ? &r->view.visit : &r->view.facts)) {
            return false;
        }
    }
    return true;
}

bool xd_record_facts(xd_record_page *r)
{
    xd_ctx *cx = r->page.cx;

    add_sources(r);
    if (r->type->summary != NULL) {
        const xd_json *about = about_of(r, r->type->summary->name);
        r->view.summary = xd_field_said(&r->page, r->type->summary, r->body, 0);
        note_source(r, about, xd_label_in(&r->type->summary->label, cx->lang),
                    &r->view.summary_notes);
    }
    r->view.unsure = xd_body_unsure(r->body);
    xd_str confidence = xd_json_get_str(r->body, XD_S("confidence"));
    r->view.confidence =
        xd_say(&r->page, !r->view.unsure                      ? XD_W_CONFIDENCE_HIGH
                         : xd_str_eq(confidence, XD_S("low")) ? XD_W_CONFIDENCE_LOW
                                                              : XD_W_CONFIDENCE_MEDIUM);
    if (!add_fields(r, false) || !add_fields(r, true)) {
        return false;
    }
    add_events(r);
    return true;
}
