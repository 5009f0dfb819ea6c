/* Reading values out of bodies. */
#include "model/value.h"

const xd_str xd_confidence_name[XD_CONFIDENCES] = {XD_STR("high"), XD_STR("medium"),
                                                   XD_STR("low")};

int xd_confidence_of(xd_str word)
{
    for (int i = 0; i < XD_CONFIDENCES; i++) {
        if (xd_str_eq(word, xd_confidence_name[i])) {
            return i;
        }
    }
    return -1;
}

bool xd_member_is_plain(xd_str name)
{
    const xd_str plain[] = {XD_M_TYPE,    XD_M_STATE, XD_M_NUMBER,
                            XD_M_SOURCES, XD_M_ABOUT, XD_M_CONFIDENCE};
    for (size_t i = 0; i < XD_LEN(plain); i++) {
        if (xd_str_eq(name, plain[i])) {
            return true;
        }
    }
    return false;
}

const xd_type *xd_body_type(const xd_model *model, const xd_json *body)
{
    return xd_type_find(model, xd_json_get_str(body, XD_M_TYPE));
}

size_t xd_value_count(const xd_field *field, const xd_json *body)
{
    const xd_json *value = xd_json_get(body, field->name);
    if (value == NULL) {
        return 0;
    }
    return value->kind == XD_JSON_ARRAY ? value->items.n : 1;
}

/* A body written when the field was single reads the same as one item of many. */
const xd_json *xd_value(const xd_field *field, const xd_json *body, size_t i)
{
    const xd_json *value = xd_json_get(body, field->name);
    if (value != NULL && value->kind != XD_JSON_ARRAY) {
        return i == 0 ? value : NULL;
    }
    return xd_json_at(value, i);
}

xd_str xd_value_lang(const xd_json *text_value, xd_str lang, xd_str *ret_lang)
{
    xd_str found = xd_json_get_str(text_value, lang);
    xd_str in = lang;
    for (size_t i = 0; found.n == 0 && i < XD_LANGS; i++) {
        in = xd_lang_tag[i];
        found = xd_json_get_str(text_value, in);
    }
    if (found.n == 0 && text_value != NULL && text_value->kind == XD_JSON_OBJECT &&
        text_value->members.n > 0) {
        in = text_value->members.at[0].key;
        found = xd_json_str(text_value->members.at[0].value);
    }
    if (ret_lang != NULL) {
        *ret_lang = found.n == 0 ? (xd_str){0} : in;
    }
    return found;
}

bool xd_value_period(const xd_json *value, xd_period *ret_period)
{
    xd_period period = {XD_DAY_OPEN_START, XD_DAY_OPEN_END};
    xd_str from = xd_json_get_str(value, XD_S("from"));
    xd_str to = xd_json_get_str(value, XD_S("to"));
    if ((from.n == 0 && to.n == 0) || (from.n > 0 && !xd_day_read(from, &period.from)) ||
        (to.n > 0 && !xd_day_read(to, &period.to))) {
        return false;
    }
    *ret_period = period;
    return true;
}

bool xd_value_geom(xd_ctx *cx, const xd_json *value, const xd_geom **ret_geom)
{
    const xd_json *geometry = xd_json_get(value, XD_S("geometry"));
    if (geometry == NULL) {
        *ret_geom = NULL;
        return true;
    }
    return xd_geom_read(cx, geometry, false, ret_geom);
}

xd_precision xd_value_precision(const xd_json *place_value)
{
    xd_str word = xd_json_get_str(place_value, XD_S("precision"));
    for (size_t i = 0; i < XD_LEN(xd_precision_name); i++) {
        if (xd_str_eq(word, xd_precision_name[i])) {
            return (xd_precision)i;
        }
    }
    return XD_PRECISION_SITE; /* what is assumed of a point nobody said more about */
}

/* A term below the named one counts: the condition speaks of kinds, not of single codes. */
static bool code_holds(const xd_field *field, xd_str wanted, const xd_json *value)
{
    if (value->kind == XD_JSON_BOOL) {
        return xd_str_eq(wanted, value->boolean ? XD_S("true") : XD_S("false"));
    }
    if (field->vocabulary == NULL) {
        return xd_str_eq(wanted, xd_json_str(value));
    }
    const xd_term *term = xd_term_find(field->vocabulary, xd_json_str(value));
    const xd_term *over = xd_term_find(field->vocabulary, wanted);
    return term != NULL && over != NULL && xd_term_within(term, over);
}

bool xd_condition_holds(const xd_condition *condition, const xd_json *body)
{
    if (condition->field == NULL) {
        return true;
    }
    for (size_t i = 0; i < xd_value_count(condition->field, body); i++) {
        for (size_t k = 0; k < condition->codes.n; k++) {
            if (code_holds(condition->field, condition->codes.at[k],
                           xd_value(condition->field, body, i))) {
                return true;
            }
        }
    }
    return false;
}

bool xd_decimal_read(xd_str text, int decimals, int64_t *ret_value)
{
    bool minus = xd_str_starts(text, XD_S("-"));
    xd_str rest = xd_str_sub(text, minus ? 1 : 0, text.n);
    int64_t value = 0;
    int places = -1;
    for (size_t i = 0; i < rest.n; i++) {
        char c = rest.p[i];
        if (c == '.' && places < 0 && i > 0 && i + 1 < rest.n) {
            places = 0;
        } else if (c < '0' || c > '9' || value > (INT64_MAX - 9) / 10) {
            return false;
        } else {
            value = value * 10 + (c - '0');
            places += places >= 0 ? 1 : 0;
        }
    }
    bool needless = (places > 0 && rest.p[rest.n - 1] == '0') ||
                    (rest.n > 1 && rest.p[0] == '0' && rest.p[1] != '.') ||
                    (minus && value == 0);
    if (rest.n == 0 || needless || places > decimals) {
        return false;
    }
    for (int i = places < 0 ? 0 : places; i < decimals; i++) {
        if (value > INT64_MAX / 10) {
            return false;
        }
        value *= 10;
    }
    *ret_value = minus ? -value : value;
    return true;
}

xd_str xd_decimal_write(xd_arena *arena, int64_t value, int decimals)
{
    uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    while (decimals > 0 && size % 10 == 0) {
        size /= 10;
        decimals--;
    }
    char digits[32];
    size_t n = sizeof digits;
    for (int i = 0; size > 0 || i <= decimals; i++) {
        if (i == decimals && decimals > 0) {
            digits[--n] = '.';
        }
        digits[--n] = (char)('0' + size % 10);
        size /= 10;
    }
    if (value < 0) {
        digits[--n] = '-';
    }
    return xd_str_copy(arena, (xd_str){digits + n, sizeof digits - n});
}

xd_problem *xd_problem_add(xd_ctx *cx, xd_problems *problems, xd_weight weight,
                           const char *code, xd_str field, xd_str value, xd_str zh, xd_str en)
{
    xd_problem *problem = xd_push(cx->arena, problems);
    *problem = (xd_problem){.weight = weight,
                            .code = code,
                            .field = xd_str_copy(cx->arena, field),
                            .value = xd_str_copy(cx->arena, value)};
    problem->in[XD_ZH] = xd_str_copy(cx->arena, zh);
    problem->in[XD_EN] = xd_str_copy(cx->arena, en);
    return problem;
}

bool xd_problems_refuse(const xd_problems *problems)
{
    for (size_t i = 0; i < problems->n; i++) {
        if (problems->at[i].weight == XD_REFUSAL) {
            return true;
        }
    }
    return false;
}
