/* Computing what follows from records.
 *
 * A value asks for values above it in its own record and for those of records that lead here; the
 * data may go in a circle even where the model does not, so depth and the number of records
 * looked at have ceilings, and what lies beyond them is unknown, never wrong. */
#include "model/computed.h"

#include <math.h>

#include "model/value.h"

#define DEPTH 24

const xd_computed *xd_computed_find(const xd_type *type, xd_str name)
{
    for (size_t i = 0; i < type->n_computed; i++) {
        if (xd_str_eq(type->computed[i].field.name, name)) {
            return &type->computed[i];
        }
    }
    return NULL;
}

bool xd_body_sample(const xd_type *type, const xd_json *body)
{
    const xd_state *state = xd_state_find(type->flow, xd_json_get_str(body, XD_M_STATE));
    return state != NULL && state->sample;
}

void xd_derive_begin(xd_ctx *cx, const xd_model *model, const xd_kin_source *source,
                     xd_derive *ret_derive)
{
    *ret_derive = (xd_derive){.model = model, .source = source, .done = xd_map_make(cx->arena)};
}

typedef struct deriving {
    xd_derive *d;
    int64_t id, unit;
    const xd_type *type;
    const xd_json *body;
} deriving;

static bool derive_for_cql(xd_ctx *cx, void *user, const xd_subject *subject,
                           const xd_computed *computed, xd_derived *ret_value)
{
    return xd_derive_value(cx, user, subject->id, subject->body, computed, 0, ret_value);
}

static bool follow_for_cql(xd_ctx *cx, void *user, int64_t id, const xd_json **ret_body)
{
    const xd_derive *d = user;
    return d->source->body(cx, d->source->user, id, ret_body);
}

bool xd_derive_holds(xd_ctx *cx, xd_derive *d, int64_t id, const xd_type *type,
                     const xd_json *body, const xd_cql *condition, bool *ret_holds)
{
    xd_truth truth;
    const xd_subject subject = {.id = id,
                                .type = type,
                                .body = body,
                                .derive = derive_for_cql,
                                .follow = follow_for_cql,
                                .user = d,
                                .model = d->model};
    if (!xd_cql_holds(cx, &subject, condition, &truth)) {
        return false;
    }
    *ret_holds = truth == XD_YES;
    return true;
}

/* ---- inputs --------------------------------------------------------------------------------- */

static bool number_in(const xd_field *field, const xd_json *body, double *ret_n)
{
    int64_t n;
    xd_str text = xd_json_get_str(xd_value(field, body, 0), XD_S("n"));
    if (text.n == 0 || !xd_decimal_read(text, field->decimals, &n)) {
        return false;
    }
    *ret_n = (double)n / pow(10, field->decimals);
    return true;
}

static bool input(xd_ctx *cx, const deriving *v, const xd_field *field, xd_derived *ret)
{
    *ret = (xd_derived){0};
    if (field == NULL) {
        return true;
    }
    if (field->computed != NULL) {
        return xd_derive_value(cx, v->d, v->id, v->body, field->computed, v->unit, ret);
    }
    ret->known = number_in(field, v->body, &ret->n);
    return true;
}

/* ---- ways ----------------------------------------------------------------------------------- */

static bool looked_enough(xd_derive *d, size_t n)
{
    d->looked += n;
    d->cut_short = d->cut_short || d->looked > XD_KIN_MOST;
    return d->looked > XD_KIN_MOST;
}

static bool of_kin(xd_ctx *cx, const deriving *v, const xd_computed *c, xd_derived *ret)
{
    const xd_kin_source *source = v->d->source;
    int64_t *ids = NULL;
    size_t n = 0;
    double total = 0;
    if (v->id != 0 && !source->linked(cx, source->user, c->type, c->link, v->id,
                                      xd_body_sample(v->type, v->body), &ids, &n)) {
        return false;
    }
    if (looked_enough(v->d, n)) {
        return true; /* unknown */
    }
    for (size_t i = 0; i < n; i++) {
        const xd_json *body = NULL;
        double number = 1;
        bool counts = true;
        if ((c->where != NULL || c->by == XD_COMPUTE_SUM) &&
            !source->body(cx, source->user, ids[i], &body)) {
            return false;
        }
        if (c->where != NULL && body != NULL &&
            !xd_derive_holds(cx, v->d, ids[i], c->type, body, c->where, &counts)) {
            return false;
        }
        if (c->by == XD_COMPUTE_SUM) {
            counts = counts && body != NULL && number_in(c->a, body, &number);
            ret->known = ret->known || counts; /* the sum of nothing is unknown */
        }
        total += counts ? number : 0;
    }
    ret->known = ret->known || (c->by == XD_COMPUTE_COUNT && !v->d->cut_short);
    ret->n = total;
    return true;
}

static bool of_query(xd_ctx *cx, const deriving *v, const xd_computed *c, xd_derived *ret)
{
    const xd_kin_source *source = v->d->source;
    const xd_type *type;
    const xd_cql *filter;
    uint64_t n = 0;
    if (source->count == NULL) {
        return true;
    }
    if (!xd_saved_query(cx, v->d->model, c, v->body, &type, &filter)) {
        if (cx->err.code != XD_INVALID) {
            return false;
        }
        (void)xd_err_take(cx); /* the page says what is wrong with it */
        return true;
    }
    if (type == NULL) {
        return true;
    }
    ret->known = true;
    if (!source->count(cx, source->user, type, filter, c->units, v->unit, &n, &ret->known)) {
        return false;
    }
    ret->n = (double)n;
    return true;
}

static bool of_linked(xd_ctx *cx, const deriving *v, const xd_computed *c, xd_derived *ret)
{
    const xd_kin_source *source = v->d->source;
    const xd_json *body = NULL;
    int64_t id = xd_json_get_int(xd_value(c->link, v->body, 0), XD_S("id"), 0);
    int64_t unit = c->within == NULL
                       ? v->unit
                       : xd_json_get_int(xd_value(c->within, v->body, 0), XD_S("id"), 0);
    if (c->a == NULL || id == 0 || (c->within != NULL && unit == 0) || looked_enough(v->d, 1)) {
        return true;
    }
    if (!source->body(cx, source->user, id, &body)) {
        return false;
    }
    const xd_type *type = body == NULL ? NULL : xd_body_type(v->d->model, body);
    if (type == NULL) {
        return true;
    }
    const xd_computed *theirs = xd_computed_find(type, c->a->name);
    if (theirs != NULL) {
        return xd_derive_value(cx, v->d, id, body, theirs, unit, ret);
    }
    const xd_field *field = xd_field_find(type, c->a->name);
    ret->known = field != NULL && number_in(field, body, &ret->n);
    return true;
}

static bool of_two(xd_ctx *cx, const deriving *v, const xd_computed *c, xd_derived *ret)
{
    xd_derived a, b;
    if (!input(cx, v, c->a, &a) || !input(cx, v, c->b, &b)) {
        return false;
    }
    ret->known = a.known && b.known && (c->by != XD_COMPUTE_SHARE || b.n != 0);
    if (ret->known) {
        ret->n = c->by == XD_COMPUTE_SHARE ? a.n / b.n * 100 : a.n - b.n;
    }
    return true;
}

static void of_days(const deriving *v, const xd_computed *c, xd_derived *ret)
{
    xd_period a, b;
    double today = v->d->source->today;
    if (c->a == NULL || !xd_value_period(xd_value(c->a, v->body, 0), &a)) {
        return;
    }
    if (c->by == XD_COMPUTE_DAYS) {
        ret->known = a.to != XD_DAY_OPEN_END;
        ret->n = (double)a.to - today;
        return;
    }
    if (c->b == NULL || !xd_value_period(xd_value(c->b, v->body, 0), &b) ||
        a.from == XD_DAY_OPEN_START || b.to == XD_DAY_OPEN_END || b.to < a.from) {
        return;
    }
    double gone = today - a.from + 1, whole = (double)b.to - a.from + 1;
    ret->known = true;
    ret->n = gone <= 0 ? 0 : gone >= whole ? 100 : gone / whole * 100;
}

static bool of_light(xd_ctx *cx, const deriving *v, const xd_computed *c, xd_derived *ret)
{
    for (size_t i = 0; i < c->n_lights && !ret->known; i++) {
        bool on = c->lights[i].when == NULL;
        if (!on &&
            !xd_derive_holds(cx, v->d, v->id, v->type, v->body, c->lights[i].when, &on)) {
            return false;
        }
        if (on) {
            *ret = (xd_derived){.known = true, .light = &c->lights[i]};
        }
    }
    return true;
}

static bool derive(xd_ctx *cx, const deriving *v, const xd_computed *c, xd_derived *ret)
{
    switch (c->by) {
    case XD_COMPUTE_COUNT:
    case XD_COMPUTE_SUM:
        return of_kin(cx, v, c, ret);
    case XD_COMPUTE_QUERY:
        return of_query(cx, v, c, ret);
    case XD_COMPUTE_FROM:
        return of_linked(cx, v, c, ret);
    case XD_COMPUTE_SHARE:
    case XD_COMPUTE_LESS:
        return of_two(cx, v, c, ret);
    case XD_COMPUTE_DAYS:
    case XD_COMPUTE_GONE:
        of_days(v, c, ret);
        return true;
    case XD_COMPUTE_LIGHT:
        return of_light(cx, v, c, ret);
    }
    return true;
}

static double rounded(double n, int decimals)
{
    double scale = pow(10, decimals);
    return round(n * scale) / scale;
}

bool xd_derive_value(xd_ctx *cx, xd_derive *d, int64_t id, const xd_json *body,
                     const xd_computed *computed, int64_t unit, xd_derived *ret_value)
{
    const deriving v = {d, id, unit, xd_body_type(d->model, body), body};
    xd_derived value = {0};
    xd_str key =
        xd_str_printf(cx->arena, "%" PRId64 "/%" PRId64 "/%zu", id, unit, computed->at);
    const xd_derived *known = id == 0 ? NULL : xd_map_get(d->done, key);
    if (known != NULL) {
        *ret_value = *known;
        return true;
    }
    if (!xd_go_on(cx)) {
        return false;
    }
    if (d->depth >= DEPTH) {
        d->cut_short = true;
        *ret_value = value;
        return true;
    }
    d->depth++;
    bool ok = derive(cx, &v, computed, &value);
    d->depth--;
    if (!ok) {
        return false;
    }
    if (value.known && value.light == NULL) {
        value.n = rounded(value.n, computed->field.decimals);
    }
    if (id != 0 && !d->cut_short) {
        xd_derived *keep = xd_new(cx->arena, xd_derived);
        *keep = value;
        xd_map_put(d->done, key, keep);
    }
    *ret_value = value;
    return true;
}

xd_str xd_derived_text(xd_ctx *cx, const xd_computed *computed, const xd_derived *value)
{
    if (!value->known) {
        return (xd_str){0};
    }
    if (value->light != NULL) {
        return xd_label_in(&value->light->label, cx->lang);
    }
    return xd_str_printf(cx->arena, "%.*f", computed->field.decimals, value->n);
}

/* ---- saved queries -------------------------------------------------------------------------- */

static xd_str text_in(const xd_field *field, const xd_json *body)
{
    const xd_json *value = field == NULL ? NULL : xd_value(field, body, 0);
    if (value == NULL) {
        return (xd_str){0};
    }
    return value->kind == XD_JSON_OBJECT ? xd_value_lang(value, xd_lang_tag[XD_ZH], NULL)
                                         : xd_json_str(value);
}

static bool is_called(const xd_label *label, xd_str word)
{
    return xd_str_eq(label->in[XD_ZH], word) || xd_str_eq_nocase(label->in[XD_EN], word);
}

/* By name, path or label: people write 工业遗产. */
static const xd_type *type_by_word(const xd_model *model, xd_str word)
{
    const xd_type *type = xd_type_find(model, word);
    type = type != NULL ? type : xd_type_by_path(model, word);
    for (size_t i = 0; i < xd_model_types(model) && type == NULL; i++) {
        const xd_type *one = xd_model_type(model, i);
        if (is_called(&one->label, word) || is_called(&one->plural, word)) {
            type = one;
        }
    }
    return type;
}

const xd_field *xd_saved_field(const xd_type *type, const xd_field *named_by,
                               const xd_json *body)
{
    xd_str word = text_in(named_by, body);
    for (size_t i = 0; word.n > 0 && i < type->n_fields; i++) {
        const xd_field *field = &type->fields[i];
        if (field->kind == XD_KIND_PERIOD && !field->hidden && !field->retired &&
            (xd_str_eq(field->name, word) || is_called(&field->label, word))) {
            return field;
        }
    }
    return NULL;
}

bool xd_saved_query(xd_ctx *cx, const xd_model *model, const xd_computed *computed,
                    const xd_json *body, const xd_type **ret_type, const xd_cql **ret_filter)
{
    xd_str word = text_in(computed->b, body), text = text_in(computed->a, body);
    const xd_cql *read, *bound = NULL;
    if (word.n == 0) {
        *ret_type = NULL;
        *ret_filter = NULL;
        return true;
    }
    const xd_type *type = type_by_word(model, word);
    if (type == NULL) {
        (void)xd_fail(cx, XD_INVALID, "no type is called \"" XD_FMT "\"", XD_ARG(word));
        return xd_fail_words(
            cx, xd_str_printf(cx->arena, "没有叫“" XD_FMT "”的类型。", XD_ARG(word)),
            xd_str_printf(cx->arena, "No type is called “" XD_FMT "”.", XD_ARG(word)));
    }
    if (text.n > 0 && (!xd_cql_read_text(cx, text, &read) ||
                       !xd_cql_check(cx, model, type, false, read, &bound))) {
        return false;
    }
    *ret_type = type;
    *ret_filter = bound;
    return true;
}

/* ---- guards --------------------------------------------------------------------------------- */

static bool queries_check(xd_ctx *cx, const xd_model *model, const xd_type *type,
                          const xd_json *body, xd_problems *problems)
{
    for (size_t i = 0; i < type->n_computed; i++) {
        const xd_computed *c = &type->computed[i];
        const xd_type *asked;
        const xd_cql *filter;
        const xd_field *periods[] = {c->since, c->until};
        if (c->by != XD_COMPUTE_QUERY) {
            continue;
        }
        if (!xd_saved_query(cx, model, c, body, &asked, &filter)) {
            if (cx->err.code != XD_INVALID) {
                return false;
            }
            xd_err err = xd_err_take(cx);
            bool named = xd_str_find(err.message, XD_S("no type"), 0) == 0;
            const xd_field *field = named ? c->b : c->a;
            (void)xd_problem_add(cx, problems, XD_REFUSAL, "query", field->name,
                                 text_in(field, body), err.zh.n > 0 ? err.zh : err.message,
                                 err.en.n > 0 ? err.en : err.message);
            continue;
        }
        for (size_t k = 0; asked != NULL && k < XD_LEN(periods); k++) {
            xd_str word = text_in(periods[k], body);
            if (word.n > 0 && xd_saved_field(asked, periods[k], body) == NULL) {
                (void)XD_PROBLEM(cx, problems, XD_REFUSAL, "query", periods[k]->name, word,
                                 "“" XD_FMT "”没有叫“" XD_FMT "”的时间字段。",
                                 "“" XD_FMT "” has no date field “" XD_FMT "”.",
                                 XD_ARG(asked->name), XD_ARG(word));
            }
        }
    }
    return true;
}

bool xd_guards_check(xd_ctx *cx, const xd_model *model, const xd_kin_source *source, int64_t id,
                     const xd_json *body, xd_problems *problems)
{
    const xd_type *type = xd_body_type(model, body);
    xd_derive d;
    if (type == NULL || !queries_check(cx, model, type, body, problems)) {
        return type == NULL;
    }
    xd_derive_begin(cx, model, source, &d);
    for (size_t i = 0; i < type->n_guards; i++) {
        const xd_model_guard *guard = &type->guards[i];
        bool applies = guard->when == NULL, stands = false;
        if ((!applies && !xd_derive_holds(cx, &d, id, type, body, guard->when, &applies)) ||
            (applies && !xd_derive_holds(cx, &d, id, type, body, guard->must, &stands))) {
            return false;
        }
        if (applies && !stands) {
            (void)xd_problem_add(cx, problems, XD_REFUSAL, "guard", (xd_str){0}, (xd_str){0},
                                 xd_label_in(&guard->say, XD_ZH),
                                 xd_label_in(&guard->say, XD_EN));
        }
    }
    return true;
}
