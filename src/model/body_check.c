/* Judging a body: every problem, each by field. Shapes are in docs/reference/bodies.md. */
#include "model/check_in.h"
#include "model/cql.h"
#include "model/hours.h"
#include "model/value.h"

#define TEXT_BYTES ((size_t)256 << 10) /* of one text */
#define ITEMS 2000                     /* of one many field */

typedef struct check {
    xd_ctx *cx;
    const xd_type *type;
    xd_problems *problems;
    xd_str name; /* of the value judged: "field", or "field.sub" inside groups and links */
} check;

#define REFUSE(c, code, value, zh, en, ...)                                                    \
    XD_PROBLEM((c)->cx, (c)->problems, XD_REFUSAL, code, (c)->name, value, zh, en, __VA_ARGS__)

static void refuse_shape(check *c, const char *zh, const char *en)
{
    (void)xd_problem_add(
        c->cx, c->problems, XD_REFUSAL, "value.shape", c->name, (xd_str){0},
        xd_str_printf(c->cx->arena, "这一项的形式不对，应为%s。", zh),
        xd_str_printf(c->cx->arena, "This value is malformed; it should be %s.", en));
}

/* Members beyond the known ones, and known ones that are no text. */
static bool members_ok(const xd_json *value, const char *const *known)
{
    if (value->kind != XD_JSON_OBJECT || value->members.n == 0) {
        return false;
    }
    for (size_t i = 0; i < value->members.n; i++) {
        bool found = false;
        for (const char *const *word = known; *word != NULL; word++) {
            found = found || xd_str_eq(value->members.at[i].key, xd_str_of(*word));
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

static bool text_ok(const xd_json *value)
{
    return value->kind == XD_JSON_STRING && value->text.n > 0 && value->text.n <= TEXT_BYTES;
}

static bool optional_text_ok(const xd_json *object, const char *key)
{
    const xd_json *value = xd_json_get(object, xd_str_of(key));
    return value == NULL || text_ok(value);
}

static void check_text(check *c, const xd_field *field, const xd_json *value)
{
    if (value->kind != XD_JSON_OBJECT || value->members.n == 0) {
        refuse_shape(c, "{语言: 文字}", "{language: text}");
        return;
    }
    for (size_t i = 0; i < value->members.n; i++) {
        bool known = false;
        for (size_t k = 0; k < field->langs.n; k++) {
            known = known || xd_str_eq(value->members.at[i].key, field->langs.at[k]);
        }
        if (!known) {
            REFUSE(
                c, "text.language", value->members.at[i].key, "这个字段没有语言“" XD_FMT "”。",
                "This field has no language \"" XD_FMT "\".", XD_ARG(value->members.at[i].key));
        } else if (!text_ok(value->members.at[i].value)) {
            refuse_shape(c, "不空且不超过 256 KB 的文字", "text, not empty and at most 256 KB");
        }
    }
}

static void check_number(check *c, const xd_field *field, const xd_json *value)
{
    static const char *const members[] = {"n", "unit", NULL};
    xd_str n = xd_json_get_str(value, XD_S("n"));
    xd_str unit = xd_json_get_str(value, XD_S("unit"));
    int64_t scaled = 0;
    if (!members_ok(value, members) || !xd_decimal_read(n, field->decimals, &scaled)) {
        XD_PROBLEM(c->cx, c->problems, XD_REFUSAL, "number.text", c->name, n,
                   "“" XD_FMT "”不是最多 %d 位小数的数。",
                   "\"" XD_FMT "\" is not a number with at most %d decimal places.", XD_ARG(n),
                   field->decimals);
        return;
    }
    if (!xd_str_eq(unit, field->unit)) {
        REFUSE(c, "number.unit", unit, "单位应为“" XD_FMT "”。",
               "The unit must be \"" XD_FMT "\".", XD_ARG(field->unit));
    }
    if ((field->has_min && scaled < field->min) || (field->has_max && scaled > field->max)) {
        xd_str min = field->has_min
                         ? xd_decimal_write(c->cx->arena, field->min, field->decimals)
                         : XD_S("…");
        xd_str max = field->has_max
                         ? xd_decimal_write(c->cx->arena, field->max, field->decimals)
                         : XD_S("…");
        REFUSE(c, "number.range", n, "数超出了范围（" XD_FMT " 到 " XD_FMT "）。",
               "The number is out of range (" XD_FMT " to " XD_FMT ").", XD_ARG(min),
               XD_ARG(max));
    }
}

static void check_period(check *c, const xd_json *value)
{
    static const char *const members[] = {"text", "from", "to", NULL};
    xd_str from = xd_json_get_str(value, XD_S("from"));
    xd_str to = xd_json_get_str(value, XD_S("to"));
    xd_period period;
    if (!members_ok(value, members) || !optional_text_ok(value, "text")) {
        refuse_shape(c, "{text, from, to}", "{text, from, to}");
    } else if (from.n + to.n > 0 && !xd_value_period(value, &period)) {
        REFUSE(c, "period.date", from.n > 0 ? from : to, "日期“" XD_FMT "”应写成 年-月-日。",
               "The date \"" XD_FMT "\" must be year-month-day.",
               XD_ARG(from.n > 0 ? from : to));
    } else if (from.n > 0 && to.n > 0 && period.from > period.to) {
        REFUSE(c, "period.order", from, "开始（" XD_FMT "）晚于结束（" XD_FMT "）。",
               "The start (" XD_FMT ") is after the end (" XD_FMT ").", XD_ARG(from),
               XD_ARG(to));
    }
}

static void check_code(check *c, const xd_field *field, const xd_json *value)
{
    xd_str code = xd_json_str(value);
    const xd_term *term = xd_term_find(field->vocabulary, code);
    if (term == NULL) {
        REFUSE(c, "term.unknown", code, "词表里没有代码“" XD_FMT "”。",
               "The vocabulary has no code \"" XD_FMT "\".", XD_ARG(code));
    } else if (!xd_str_eq(term->code, code)) {
        REFUSE(c, "term.former", code, "代码“" XD_FMT "”已改为“" XD_FMT "”。",
               "The code \"" XD_FMT "\" is now \"" XD_FMT "\".", XD_ARG(code),
               XD_ARG(term->code));
    }
}

static bool check_place(check *c, const xd_field *field, const xd_json *value)
{
    static const char *const members[] = {"geometry", "crs", "raw", "precision", NULL};
    const xd_geom *geom = NULL;
    xd_str precision = xd_json_get_str(value, XD_S("precision"));
    bool known = precision.n == 0;
    for (size_t i = 0; i < XD_LEN(xd_precision_name); i++) {
        known = known || xd_str_eq(precision, xd_precision_name[i]);
    }
    if (!members_ok(value, members) || !optional_text_ok(value, "crs") ||
        !optional_text_ok(value, "raw")) {
        refuse_shape(c, "{geometry, crs, raw, precision}", "{geometry, crs, raw, precision}");
        return true;
    }
    if (!known) {
        REFUSE(c, "place.precision", precision, "没有精度“" XD_FMT "”。",
               "There is no precision \"" XD_FMT "\".", XD_ARG(precision));
    }
    if (!xd_value_geom(c->cx, value, &geom)) {
        if (c->cx->err.code != XD_INVALID) {
            return false;
        }
        xd_err err = xd_err_take(c->cx);
        REFUSE(c, "place.geometry", (xd_str){0}, "位置的几何不对：" XD_FMT,
               "The geometry is wrong: " XD_FMT, XD_ARG(err.message));
    } else if (geom != NULL && precision.n == 0 && field->precision_required) {
        REFUSE(c, "place.precision", (xd_str){0}, "“" XD_FMT "”要写明位置精度。",
               "\"" XD_FMT "\" must say how precise it is.",
               XD_ARG(xd_label_in(&field->label, c->cx->lang)));
    }
    return true;
}

static bool check_kind(check *c, const xd_field *field, const xd_json *value);

/* Sub-fields of a group, or a link's own: value has them beside `own` members. */
static bool check_inner(check *c, const xd_field *field, const xd_json *value,
                        const char *const *own)
{
    xd_str name = c->name;
    for (size_t i = 0; i < value->members.n; i++) {
        xd_str key = value->members.at[i].key;
        bool mine = false;
        for (const char *const *word = own; *word != NULL; word++) {
            mine = mine || xd_str_eq(key, xd_str_of(*word));
        }
        const xd_field *inner = NULL;
        for (size_t k = 0; k < field->n_fields; k++) {
            inner = xd_str_eq(field->fields[k].name, key) ? &field->fields[k] : inner;
        }
        c->name = xd_str_printf(c->cx->arena, XD_FMT "." XD_FMT, XD_ARG(name), XD_ARG(key));
        if (inner == NULL && !mine) {
            REFUSE(c, "field.unknown", key, "没有“" XD_FMT "”这一项。",
                   "There is no part \"" XD_FMT "\" here.", XD_ARG(key));
        } else if (inner != NULL && !check_kind(c, inner, value->members.at[i].value)) {
            return false;
        }
        c->name = name;
    }
    return true;
}

static bool check_link(check *c, const xd_field *field, const xd_json *value)
{
    static const char *const own[] = {"id", "text", "from", "to", NULL};
    int64_t id = xd_json_get_int(value, XD_S("id"), 0);
    if (value->kind != XD_JSON_OBJECT ||
        (id <= 0 && xd_json_get_str(value, XD_S("text")).n == 0) ||
        (xd_json_get(value, XD_S("id")) != NULL && id <= 0)) {
        refuse_shape(c, "{id, text}，id 是大于 0 的整数",
                     "{id, text}, id a whole number above 0");
        return true;
    }
    xd_period period;
    bool dated =
        xd_json_get(value, XD_S("from")) != NULL || xd_json_get(value, XD_S("to")) != NULL;
    if (dated && (!xd_value_period(value, &period) || period.from > period.to)) {
        REFUSE(c, "period.date", (xd_str){0}, "链接的起止日期不对%s",
               "The dates of the link are wrong%s", ".");
    }
    return check_inner(c, field, value, own);
}

static bool check_group(check *c, const xd_field *field, const xd_json *value)
{
    static const char *const own[] = {NULL};
    if (value->kind != XD_JSON_OBJECT || value->members.n == 0) {
        refuse_shape(c, "一组子字段", "a group of sub-fields");
        return true;
    }
    return check_inner(c, field, value, own);
}

static bool time_ok(const xd_json *object, const char *key, bool must)
{
    xd_str t = xd_json_get_str(object, xd_str_of(key));
    if (t.n == 0) {
        return !must && xd_json_get(object, xd_str_of(key)) == NULL;
    }
    bool digits = t.n == 5 && t.p[2] == ':';
    for (size_t i = 0; digits && i < 5; i++) {
        digits = i == 2 || (t.p[i] >= '0' && t.p[i] <= '9');
    }
    int hour = digits ? (t.p[0] - '0') * 10 + t.p[1] - '0' : 99;
    return hour < 24 ? t.p[3] < '6' : xd_str_eq(t, XD_S("24:00"));
}

static bool span_ok(const xd_json *span)
{
    static const char *const members[] = {"days", "open", "close",  "last",     "from",
                                          "to",   "text", "closed", "holidays", NULL};
    const xd_json *days = xd_json_get(span, XD_S("days"));
    for (size_t i = 0; i < xd_json_len(days); i++) {
        int64_t day = 0;
        if (!xd_json_int(xd_json_at(days, i), &day) || day < 1 || day > 7) {
            return false;
        }
    }
    return members_ok(span, members) && time_ok(span, "open", false) &&
           time_ok(span, "close", false) && time_ok(span, "last", false);
}

static void check_hours(check *c, const xd_json *value)
{
    static const char *const members[] = {"text", "week", "except", NULL};
    const xd_json *week = xd_json_get(value, XD_S("week"));
    const xd_json *except = xd_json_get(value, XD_S("except"));
    bool ok = members_ok(value, members) && optional_text_ok(value, "text") &&
              (week == NULL || week->kind == XD_JSON_ARRAY) &&
              (except == NULL || except->kind == XD_JSON_ARRAY);
    for (size_t i = 0; ok && i < xd_json_len(week); i++) {
        ok = span_ok(xd_json_at(week, i)) &&
             xd_json_len(xd_json_get(xd_json_at(week, i), XD_S("days"))) > 0;
    }
    for (size_t i = 0; ok && i < xd_json_len(except); i++) {
        ok = span_ok(xd_json_at(except, i));
    }
    if (!ok) {
        refuse_shape(c, "{text, week, except}", "{text, week, except}");
    }
}

static void check_file(check *c, const xd_json *value)
{
    static const char *const members[] = {"sha256", "name", "media", "bytes", NULL};
    xd_str hash = xd_json_get_str(value, XD_S("sha256"));
    bool ok = members_ok(value, members) && hash.n == 64 && optional_text_ok(value, "name") &&
              optional_text_ok(value, "media");
    for (size_t i = 0; ok && i < hash.n; i++) {
        ok = (hash.p[i] >= '0' && hash.p[i] <= '9') || (hash.p[i] >= 'a' && hash.p[i] <= 'f');
    }
    if (!ok || xd_json_get_int(value, XD_S("bytes"), 0) < 0) {
        refuse_shape(c, "{sha256, name, media, bytes}", "{sha256, name, media, bytes}");
    }
}

/* Kinds that are one plain text, each with its own rule. */
static bool check_plain(check *c, const xd_field *field, const xd_json *value)
{
    xd_str text = xd_json_str(value), read = text;
    const xd_rule *rule = xd_rule_of(field);
    bool ok = text_ok(value);
    if (ok && rule != NULL) {
        ok = rule->read(c->cx, text, &read) && xd_str_eq(text, read);
    }
    if (!ok && c->cx->err.code != XD_OK) {
        if (c->cx->err.code != XD_INVALID) {
            return false;
        }
        (void)xd_err_take(c->cx); /* the problem below says it */
    }
    if (!ok) {
        refuse_shape(c, rule != NULL ? rule->is[XD_ZH] : "不空的文字",
                     rule != NULL ? rule->is[XD_EN] : "text that is not empty");
    }
    return true;
}

static bool check_one(check *c, const xd_field *field, const xd_json *value)
{
    switch (xd_field_kept(field)) {
    case XD_KEPT_TEXTS:
        check_text(c, field, value);
        return true;
    case XD_KEPT_NUMBER:
        check_number(c, field, value);
        return true;
    case XD_KEPT_BOOLEAN:
        if (value->kind != XD_JSON_BOOL) {
            refuse_shape(c, "true 或 false", "true or false");
        }
        return true;
    case XD_KEPT_PERIOD:
        check_period(c, value);
        return true;
    case XD_KEPT_CODE:
        check_code(c, field, value);
        return true;
    case XD_KEPT_PLACE:
        return check_place(c, field, value);
    case XD_KEPT_LINK:
        return check_link(c, field, value);
    case XD_KEPT_GROUP:
        return check_group(c, field, value);
    case XD_KEPT_HOURS:
        check_hours(c, value);
        return true;
    case XD_KEPT_FILE:
        check_file(c, value);
        return true;
    case XD_KEPT_STRING:
        return check_plain(c, field, value);
    }
    return true;
}

static bool check_kind(check *c, const xd_field *field, const xd_json *value)
{
    if (!field->many) {
        return check_one(c, field, value);
    }
    if (value->kind != XD_JSON_ARRAY || value->items.n == 0) {
        refuse_shape(c, "至少一项的列表", "a list of at least one item");
        return true;
    }
    if (value->items.n > ITEMS) {
        REFUSE(c, "value.many", (xd_str){0}, "最多 %d 项。", "There can be %d items at most.",
               ITEMS);
        return true;
    }
    for (size_t i = 0; i < value->items.n; i++) {
        if (!check_one(c, field, value->items.at[i])) {
            return false;
        }
    }
    return true;
}

bool xd_item_fits(xd_ctx *cx, const xd_type *type, const xd_field *field, const xd_json *item,
                  bool *ret_fits)
{
    xd_problems problems = {0};
    check c = {.cx = cx, .type = type, .problems = &problems, .name = field->name};
    if (!check_one(&c, field, item)) {
        return false;
    }
    *ret_fits = !xd_problems_refuse(&problems);
    return true;
}

/* ---- what every body has ------------------------------------------------------------------- */

static bool source_ok(const xd_json *source)
{
    static const char *const members[] = {"text", "url", "date", NULL};
    return members_ok(source, members) && optional_text_ok(source, "text") &&
           optional_text_ok(source, "url") && optional_text_ok(source, "date") &&
           (xd_json_get(source, XD_S("text")) != NULL ||
            xd_json_get(source, XD_S("url")) != NULL);
}

static void check_about(check *c, const xd_json *about)
{
    static const char *const members[] = {"source", "confidence", "checked_by", "checked_on",
                                          NULL};
    for (size_t i = 0; i < xd_json_len(about); i++) {
        const xd_json *one = about->members.at[i].value;
        xd_str confidence = xd_json_get_str(one, XD_S("confidence"));
        xd_str day = xd_json_get_str(one, XD_S("checked_on"));
        const xd_json *source = xd_json_get(one, XD_S("source"));
        int32_t read;
        c->name =
            xd_str_printf(c->cx->arena, "about." XD_FMT, XD_ARG(about->members.at[i].key));
        if (!members_ok(one, members) || !optional_text_ok(one, "checked_by") ||
            (source != NULL && !source_ok(source)) ||
            (confidence.n > 0 && xd_confidence_of(confidence) < 0) ||
            (day.n > 0 && !xd_day_read(day, &read))) {
            refuse_shape(c, "{source, confidence, checked_by, checked_on}",
                         "{source, confidence, checked_by, checked_on}");
        }
    }
}

static void check_plain_members(check *c, const xd_json *body)
{
    xd_str state = xd_json_get_str(body, XD_M_STATE);
    const xd_state *known = xd_state_find(c->type->flow, state);
    c->name = XD_M_STATE;
    if (known == NULL || !xd_str_eq(known->name, state)) {
        REFUSE(c, "state.unknown", state, "流程里没有状态“" XD_FMT "”。",
               "The flow has no state \"" XD_FMT "\".", XD_ARG(state));
    }
    c->name = XD_M_NUMBER;
    const xd_json *number = xd_json_get(body, XD_M_NUMBER);
    if (number != NULL && (!text_ok(number) || number->text.n > 100)) {
        refuse_shape(c, "编号文字", "the text of a number");
    }
    c->name = XD_M_CONFIDENCE;
    const xd_json *confidence = xd_json_get(body, XD_M_CONFIDENCE);
    if (confidence != NULL && xd_confidence_of(xd_json_str(confidence)) < 0) {
        refuse_shape(c, "high、medium 或 low", "high, medium or low");
    }
    c->name = XD_M_SOURCES;
    const xd_json *sources = xd_json_get(body, XD_M_SOURCES);
    bool ok = sources == NULL || (sources->kind == XD_JSON_ARRAY && sources->items.n > 0 &&
                                  sources->items.n <= ITEMS);
    for (size_t i = 0; ok && i < xd_json_len(sources); i++) {
        ok = source_ok(xd_json_at(sources, i));
    }
    if (!ok) {
        refuse_shape(c, "[{text, url, date}]", "[{text, url, date}]");
    }
    c->name = XD_M_ABOUT;
    const xd_json *about = xd_json_get(body, XD_M_ABOUT);
    if (about != NULL && (about->kind != XD_JSON_OBJECT || about->members.n == 0)) {
        refuse_shape(c, "{字段: …}", "{field: …}");
    } else {
        check_about(c, about);
    }
}

/* Names of the past may stay: what no field of today can hold is kept under them. */
static bool was_once(const xd_type *type, xd_str name)
{
    for (size_t i = 0; i < type->n_fields; i++) {
        for (size_t k = 0; k < type->fields[i].was.n; k++) {
            if (xd_str_eq(type->fields[i].was.at[k], name)) {
                return true;
            }
        }
    }
    return false;
}

static bool check_fields(check *c, const xd_json *body)
{
    for (size_t i = 0; i < body->members.n; i++) {
        xd_str name = body->members.at[i].key;
        const xd_field *field = xd_field_find(c->type, name);
        c->name = name;
        if (field != NULL) {
            if (!check_kind(c, field, body->members.at[i].value)) {
                return false;
            }
            if (!xd_condition_holds(&field->when, body)) {
                REFUSE(c, "field.when", name, "“" XD_FMT "”不适用于这类记录。",
                       "\"" XD_FMT "\" does not apply to a record like this.",
                       XD_ARG(xd_label_in(&field->label, c->cx->lang)));
            }
        } else if (!xd_member_is_plain(name) && !was_once(c->type, name)) {
            REFUSE(c, "field.unknown", name, "没有字段“" XD_FMT "”。",
                   "There is no field \"" XD_FMT "\".", XD_ARG(name));
        }
    }
    for (size_t i = 0; i < c->type->n_fields; i++) {
        const xd_field *field = &c->type->fields[i];
        c->name = field->name;
        if (field->required && !field->retired && xd_json_get(body, field->name) == NULL &&
            xd_condition_holds(&field->when, body)) {
            (void)xd_problem_add(c->cx, c->problems, XD_REFUSAL, "field.required", field->name,
                                 (xd_str){0},
                                 xd_str_printf(c->cx->arena, "缺少“" XD_FMT "”。",
                                               XD_ARG(xd_label_in(&field->label, XD_ZH))),
                                 xd_str_printf(c->cx->arena, "\"" XD_FMT "\" is missing.",
                                               XD_ARG(xd_label_in(&field->label, XD_EN))));
        }
    }
    return true;
}

bool xd_body_check(xd_ctx *cx, const xd_model *model, const xd_json *body,
                   xd_problems *problems)
{
    check c = {.cx = cx, .type = xd_body_type(model, body), .problems = problems};
    xd_str type = xd_json_get_str(body, XD_M_TYPE);
    if (c.type == NULL || !xd_str_eq(c.type->name, type)) {
        c.name = XD_M_TYPE;
        REFUSE(&c, "type.unknown", type, "没有类型“" XD_FMT "”。",
               "There is no type \"" XD_FMT "\".", XD_ARG(type));
        return true;
    }
    if (!xd_json_canonical_ok(body)) {
        (void)xd_problem_add(cx, problems, XD_REFUSAL, "body.canonical", (xd_str){0},
                             (xd_str){0}, XD_S("内容里有空值、小数或过大的数，不能保存。"),
                             XD_S("The body holds something empty, a fraction or too large a "
                                  "number and cannot be kept."));
        return true;
    }
    check_plain_members(&c, body);
    return check_fields(&c, body);
}
