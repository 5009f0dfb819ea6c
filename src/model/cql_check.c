/* Binding a filter to a type.
 *
 * Names become fields and parts; a literal becomes what its field holds, so that people may
 * write built > '1949', built = 1953, level = '国家级' or height = '12': text and years beside a
 * period are read as periods, labels and former codes beside a term as its code of today. What
 * cannot be compared is refused with a sentence. In the bound tree a property comes first: 5 < a
 * is a > 5, S_WITHIN(POLYGON…, p) is S_CONTAINS(p, POLYGON…). */
#include "model/computed.h"
#include "model/cql_parts.h"
#include "model/period.h"

typedef struct binder {
    xd_ctx *cx;
    const xd_type *type; /* NULL: only what every type has */
    bool all;
    bool rules; /* computed values are names too */
} binder;

/* What a property's values are. */
typedef enum holds {
    HOLDS_TEXT,
    HOLDS_NUMBER,
    HOLDS_YES,
    HOLDS_PERIOD,
    HOLDS_PLACE,
    HOLDS_OTHER
} holds;

static bool wrong(binder *b, xd_str name, const char *zh, const char *en)
{
    xd_ctx *cx = b->cx;
    xd_str shown = xd_str_sub(name, 0, 60);
    shown.n = xd_utf8_valid(shown);
    (void)xd_fail(cx, XD_INVALID, "filter: \"" XD_FMT "\" %s", XD_ARG(shown), en);
    return xd_fail_words(
        cx, xd_str_printf(cx->arena, "过滤条件里的“" XD_FMT "”%s。", XD_ARG(shown), zh),
        xd_str_printf(cx->arena, "The filter's “" XD_FMT "” %s.", XD_ARG(shown), en));
}

/* Names ----------------------------------------------------------------------------------- */

static bool is_visible(const binder *b, const xd_field *field)
{
    bool never_shown =
        field->kind == XD_KIND_PLACE && field->public_precision == XD_PRECISION_NONE;
    return b->all || (!field->retired && !field->hidden && !field->personal && !never_shown);
}

/* By name among fields, or as name_from and name_to of a period. */
static const xd_field *find_in(const binder *b, const xd_field *fields, size_t n, xd_str name,
                               xd_cql *ret)
{
    static const struct {
        xd_str ending;
        unsigned part;
    } years[] = {
        {XD_STR("_from"), XD_PART_FROM},
        {XD_STR("_to"),   XD_PART_TO  }
    };
    for (size_t i = 0; i < n; i++) {
        if (is_visible(b, &fields[i]) && xd_str_eq(fields[i].name, name)) {
            ret->part = XD_PART_VALUE;
            return &fields[i];
        }
    }
    for (size_t k = 0; k < XD_LEN(years); k++) {
        if (!xd_str_ends(name, years[k].ending))
            continue;
        xd_str stem = xd_str_sub(name, 0, name.n - years[k].ending.n);
        for (size_t i = 0; i < n; i++) {
            if (is_visible(b, &fields[i]) && fields[i].kind == XD_KIND_PERIOD &&
                xd_str_eq(fields[i].name, stem)) {
                ret->part = years[k].part;
                return &fields[i];
            }
        }
    }
    return NULL;
}

/* What a link reaches: a field of one of the types it may point to. */
static const xd_field *find_far(const binder *b, const xd_field *link, xd_str name, xd_cql *ret)
{
    for (size_t i = 0; i < link->n_to; i++) {
        const xd_type *to = link->to[i];
        const xd_field *field = find_in(b, to->fields, to->n_fields, name, ret);
        for (size_t k = 0; field != NULL && k < link->reach.n; k++) {
            if (xd_str_eq(link->reach.at[k], field->name))
                return field;
        }
    }
    return NULL;
}

/* By its label, as people who write queries know it; NULL when several are called so. */
static const xd_field *find_labelled(const binder *b, xd_str label, xd_cql *ret)
{
    const xd_field *found = NULL;
    for (size_t i = 0; i < b->type->n_fields; i++) {
        const xd_field *field = &b->type->fields[i];
        bool named = xd_str_eq(field->label.in[XD_ZH], label) ||
                     xd_str_eq_nocase(field->label.in[XD_EN], label);
        if (named && is_visible(b, field)) {
            if (found != NULL)
                return NULL;
            found = field;
        }
    }
    ret->part = XD_PART_VALUE;
    return found;
}

static const xd_field *find_computed(const binder *b, xd_str name, xd_cql *ret)
{
    const xd_computed *computed = b->rules ? xd_computed_find(b->type, name) : NULL;
    ret->part = XD_PART_VALUE;
    return computed == NULL ? NULL : &computed->field;
}

/* The parts every record has. */
static bool find_part(xd_str name, xd_cql *ret)
{
    static const struct {
        xd_str name;
        unsigned part;
    } parts[] = {
        {XD_STR("id"),         XD_PART_ID        },
        {XD_STR("number"),     XD_PART_NUMBER    },
        {XD_STR("state"),      XD_PART_STATE     },
        {XD_STR("type"),       XD_PART_TYPE      },
        {XD_STR("updated"),    XD_PART_UPDATED   },
        {XD_STR("confidence"), XD_PART_CONFIDENCE},
    };
    for (size_t i = 0; i < XD_LEN(parts); i++) {
        if (xd_str_eq(name, parts[i].name)) {
            ret->part = parts[i].part;
            return true;
        }
    }
    return false;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* How many letters to change, add or drop; more than two counts as three. */
static size_t letters_apart(xd_str a, xd_str b)
{
    size_t row[65];
    if (a.n > 64 || b.n > 64 || a.n > b.n + 2 || b.n > a.n + 2)
        return 3;
    for (size_t k = 0; k <= b.n; k++)
        row[k] = k;
    for (size_t i = 1; i <= a.n; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t k = 1; k <= b.n; k++) {
            size_t above = row[k];
            row[k] =
                least(least(row[k] + 1, row[k - 1] + 1), corner + (a.p[i - 1] != b.p[k - 1]));
            corner = above;
        }
    }
    return least(row[b.n], 3);
}

static bool unknown_name(binder *b, xd_str name)
{
    const xd_field *near = NULL;
    size_t apart = 3;
    for (size_t i = 0; b->type != NULL && i < b->type->n_fields; i++) {
        const xd_field *field = &b->type->fields[i];
        size_t n = letters_apart(name, field->name);
        if (is_visible(b, field) && n < apart) {
            near = field;
            apart = n;
        }
    }
    xd_arena *arena = b->cx->arena;
    if (near == NULL)
        return wrong(b, name, "不是这里的字段", "is no field here");
    return wrong(
        b, name,
        xd_cstr(arena,
                xd_str_printf(arena, "不是这里的字段，是不是 " XD_FMT, XD_ARG(near->name))),
        xd_cstr(arena, xd_str_printf(arena, "is no field here; perhaps " XD_FMT " is meant",
                                     XD_ARG(near->name))));
}

static bool bind_name(binder *b, xd_cql *ret)
{
    const xd_type *type = b->type;
    xd_str name = ret->text, over = name;
    ret->field = ret->over = NULL;
    if (find_part(name, ret))
        return true;
    if (type == NULL)
        return unknown_name(b, name);
    ret->field = find_in(b, type->fields, type->n_fields, name, ret);
    if (ret->field == NULL)
        ret->field = find_computed(b, name, ret);
    if (ret->field == NULL)
        ret->field = find_labelled(b, name, ret);
    if (ret->field != NULL)
        return true;
    size_t dot = xd_str_find(name, XD_S("."), 0);
    if (dot != SIZE_MAX) {
        xd_str inner = xd_str_sub(name, dot + 1, name.n);
        over = xd_str_sub(name, 0, dot);
        const xd_field *outer = xd_field_find(type, over);
        if (outer == NULL || !is_visible(b, outer))
            return unknown_name(b, name);
        ret->over = outer;
        ret->field = find_in(b, outer->fields, outer->n_fields, inner, ret);
        if (ret->field == NULL && outer->kind == XD_KIND_LINK)
            ret->field = find_far(b, outer, inner, ret);
        return ret->field != NULL || unknown_name(b, name);
    }
    /* What GIS clients call them. */
    if (xd_str_eq(name, XD_S("geometry")))
        ret->field = type->place;
    else if (xd_str_eq(name, XD_S("datetime")))
        ret->field = type->time;
    ret->part = XD_PART_VALUE;
    if (ret->field != NULL && is_visible(b, ret->field))
        return true;
    ret->field = NULL;
    return unknown_name(b, name);
}

static holds what_holds(const xd_cql *property)
{
    if (property->part == XD_PART_UPDATED)
        return HOLDS_PERIOD;
    if (property->part == XD_PART_ID || property->part == XD_PART_FROM ||
        property->part == XD_PART_TO)
        return HOLDS_NUMBER;
    if (property->field == NULL)
        return HOLDS_TEXT;
    switch (xd_field_kept(property->field)) {
    case XD_KEPT_NUMBER:
        return HOLDS_NUMBER;
    case XD_KEPT_BOOLEAN:
        return HOLDS_YES;
    case XD_KEPT_PERIOD:
        return HOLDS_PERIOD;
    case XD_KEPT_PLACE:
        return HOLDS_PLACE;
    case XD_KEPT_GROUP:
    case XD_KEPT_HOURS:
    case XD_KEPT_FILE:
        return HOLDS_OTHER;
    case XD_KEPT_TEXTS:
    case XD_KEPT_CODE:
    case XD_KEPT_LINK:
    case XD_KEPT_STRING:
        break;
    }
    return HOLDS_TEXT;
}

/* Literals -------------------------------------------------------------------------------- */

static const xd_cql *bare(const xd_cql *cql)
{
    while (cql->op == XD_CQL_CASEI || cql->op == XD_CQL_ACCENTI)
        cql = cql->args[0];
    return cql;
}

static bool is_folded(const xd_cql *cql)
{
    return cql->op == XD_CQL_CASEI || cql->op == XD_CQL_ACCENTI;
}

/* A term by its code, a former code, or a label; left alone when it is none. */
static void bind_term(binder *b, const xd_field *field, xd_cql *literal)
{
    if (field == NULL || field->vocabulary == NULL)
        return;
    const xd_term *term = xd_term_find(field->vocabulary, literal->text);
    if (term == NULL)
        term = xd_term_read(b->cx, field->vocabulary, literal->text, NULL);
    if (term != NULL)
        literal->text = term->code;
}

static bool bind_period(binder *b, xd_str name, xd_cql *literal)
{
    int64_t year;
    xd_period period;
    unsigned flags;
    if (literal->op == XD_CQL_NUMBER) {
        if (!xd_str_int(literal->text, &year) || year < -9999 || year > 9999)
            return wrong(b, name, "要和年份或日期比较", "is compared with a year or a date");
        period = (xd_period){xd_day_of(year, 1, 1), xd_day_of(year, 12, 31)};
    } else if (literal->op == XD_CQL_TEXT) {
        if (!xd_period_read(b->cx, literal->text, &period, &flags))
            return false; /* its sentence says what is wrong */
    } else {
        return wrong(b, name, "要和年份或日期比较", "is compared with a year or a date");
    }
    literal->op = XD_CQL_PERIOD;
    literal->from = period.from;
    literal->to = period.to;
    return true;
}

static bool bind_number(binder *b, xd_str name, xd_cql *literal)
{
    xd_str decimal;
    if (literal->op == XD_CQL_TEXT) {
        if (!xd_number_read(b->cx, literal->text, &decimal))
            return false; /* its sentence says what is wrong */
        literal->op = XD_CQL_NUMBER;
        literal->text = decimal;
    }
    return literal->op == XD_CQL_NUMBER ||
           wrong(b, name, "要和数比较", "is compared with a number");
}

static bool bind_yes(binder *b, xd_str name, xd_cql *literal)
{
    bool yes = literal->op == XD_CQL_TEXT && xd_str_eq_nocase(literal->text, XD_S("true"));
    if (yes || (literal->op == XD_CQL_TEXT && xd_str_eq_nocase(literal->text, XD_S("false")))) {
        literal->op = XD_CQL_BOOLEAN;
        literal->boolean = yes;
    }
    return literal->op == XD_CQL_BOOLEAN ||
           wrong(b, name, "要和 TRUE 或 FALSE 比较", "is compared with TRUE or FALSE");
}

static bool bind_text(binder *b, const xd_cql *property, xd_cql *literal)
{
    if (literal->op == XD_CQL_NUMBER &&
        !(property->field != NULL && property->field->kind == XD_KIND_LINK))
        literal->op = XD_CQL_TEXT; /* a link may be told by its number */
    if (literal->op != XD_CQL_TEXT && literal->op != XD_CQL_NUMBER)
        return wrong(b, property->text, "要和 '…' 里的文字比较",
                     "is compared with text in '…'");
    return true;
}

/* The literal as the property's values are. */
static bool bind_literal(binder *b, const xd_cql *property, const xd_cql *given, bool pattern,
                         const xd_cql **ret)
{
    xd_cql *node = xd_new(b->cx->arena, xd_cql);
    *node = *given;
    *ret = node;
    holds kind = what_holds(property);
    if (is_folded(given)) {
        node->args = xd_new_n(b->cx->arena, const xd_cql *, 1);
        if (kind != HOLDS_TEXT)
            return wrong(b, property->text, "不是文字，不能用 CASEI 和 ACCENTI",
                         "is no text: CASEI and ACCENTI do not apply");
        return bind_literal(b, property, given->args[0], true, &node->args[0]);
    }
    if (given->op == XD_CQL_PROPERTY)
        return wrong(b, given->text, "要和一个值比较，不能和另一个字段比较",
                     "is compared with a value, not with another field");
    switch (kind) {
    case HOLDS_TEXT:
        if (!bind_text(b, property, node))
            return false;
        if (!pattern && node->op == XD_CQL_TEXT)
            bind_term(b, property->field, node);
        return true;
    case HOLDS_NUMBER:
        return bind_number(b, property->text, node);
    case HOLDS_YES:
        return bind_yes(b, property->text, node);
    case HOLDS_PERIOD:
        return node->op == XD_CQL_PERIOD || bind_period(b, property->text, node);
    case HOLDS_PLACE:
        return wrong(b, property->text, "是位置，要用 S_INTERSECTS 等比较",
                     "is a place: compare it with S_INTERSECTS and its like");
    case HOLDS_OTHER:
        break;
    }
    return wrong(b, property->text, "只能问 IS NULL", "can only be asked IS NULL");
}

/* A property with what folds it. *ret_bare is the property itself. */
static bool bind_property(binder *b, const xd_cql *given, const xd_cql **ret,
                          const xd_cql **ret_bare)
{
    xd_cql *node = xd_new(b->cx->arena, xd_cql);
    *node = *given;
    *ret = node;
    if (is_folded(given)) {
        node->args = xd_new_n(b->cx->arena, const xd_cql *, 1);
        if (!bind_property(b, given->args[0], &node->args[0], ret_bare))
            return false;
        return what_holds(*ret_bare) == HOLDS_TEXT ||
               wrong(b, (*ret_bare)->text, "不是文字，不能用 CASEI 和 ACCENTI",
                     "is no text: CASEI and ACCENTI do not apply");
    }
    *ret_bare = node;
    return bind_name(b, node);
}

static xd_str first_words(const xd_cql *cql)
{
    return bare(cql)->text.n > 0 ? bare(cql)->text : XD_S("TRUE");
}

/* Predicates ------------------------------------------------------------------------------ */

static xd_cql *like_it(binder *b, const xd_cql *given)
{
    xd_cql *node = xd_new(b->cx->arena, xd_cql);
    *node = *given;
    node->args = given->n == 0 ? NULL : xd_new_n(b->cx->arena, const xd_cql *, given->n);
    return node;
}

/* [property, literal, …], any of =, LIKE, BETWEEN, IN. */
static bool bind_comparison(binder *b, const xd_cql *given, const xd_cql **ret)
{
    xd_cql *node = like_it(b, given);
    const xd_cql_word *word = xd_cql_word_of(given->op);
    size_t first = 0;
    if (word != NULL && bare(given->args[0])->op != XD_CQL_PROPERTY) {
        node->op = word->mirrored;
        first = 1;
    }
    const xd_cql *property;
    if (bare(given->args[first])->op != XD_CQL_PROPERTY)
        return wrong(b, first_words(given->args[0]), "要和字段比较",
                     "is to be compared with a field");
    if (!bind_property(b, given->args[first], &node->args[0], &property))
        return false;
    holds kind = what_holds(property);
    bool pattern = given->op == XD_CQL_LIKE;
    if (pattern && kind != HOLDS_TEXT)
        return wrong(b, property->text, "不是文字，不能用 LIKE",
                     "is no text: LIKE does not apply");
    bool ordered = given->op != XD_CQL_EQ && given->op != XD_CQL_NE && given->op != XD_CQL_IN;
    if (kind == HOLDS_YES && ordered)
        return wrong(b, property->text, "只能用 = 和 <> 比较",
                     "can only be compared by = and <>");
    for (size_t i = 1; i < given->n; i++) {
        const xd_cql *literal = given->args[first == 1 ? 0 : i];
        if (!bind_literal(b, property, literal, pattern || is_folded(given->args[first]),
                          &node->args[i]))
            return false;
    }
    *ret = node;
    return true;
}

/* S_x and T_x: one property, one literal. */
static bool bind_relation(binder *b, const xd_cql *given, const xd_cql_word *word,
                          const xd_cql **ret)
{
    xd_cql *node = like_it(b, given);
    size_t first = given->args[0]->op == XD_CQL_PROPERTY ? 0 : 1;
    const xd_cql *property, *literal = given->args[1 - first];
    bool spatial = word->sort == XD_CQL_SPATIAL;
    if (given->args[first]->op != XD_CQL_PROPERTY || literal->op == XD_CQL_PROPERTY)
        return wrong(b, word->text, "要一个字段和一个值", "wants a field and a value");
    if (first == 1)
        node->op = word->mirrored;
    if (!bind_property(b, given->args[first], &node->args[0], &property))
        return false;
    if (spatial) {
        if (what_holds(property) != HOLDS_PLACE)
            return wrong(b, property->text, "不是位置", "is no place");
        if (literal->op != XD_CQL_GEOMETRY)
            return wrong(b, word->text, "要一个图形，如 POINT(117.3 31.9) 或 BBOX(…)",
                         "wants a shape such as POINT(117.3 31.9) or BBOX(…)");
        node->args[1] = literal;
        *ret = node;
        return true;
    }
    if (what_holds(property) != HOLDS_PERIOD)
        return wrong(b, property->text, "不是时间", "is no time");
    *ret = node;
    return bind_literal(b, property, literal, false, &node->args[1]);
}

/* A_x: a field of many values and a list. */
static bool bind_array(binder *b, const xd_cql *given, const xd_cql_word *word,
                       const xd_cql **ret)
{
    xd_cql *node = like_it(b, given);
    size_t first = bare(given->args[0])->op == XD_CQL_PROPERTY ? 0 : 1;
    const xd_cql *property, *list = given->args[1 - first];
    if (bare(given->args[first])->op != XD_CQL_PROPERTY || list->op != XD_CQL_ARRAY)
        return wrong(b, word->text, "要一个字段和一个列表 ('…', '…')",
                     "wants a field and a list ('…', '…')");
    if (first == 1)
        node->op = word->mirrored;
    if (!bind_property(b, given->args[first], &node->args[0], &property))
        return false;
    xd_cql *items = like_it(b, list);
    for (size_t i = 0; i < list->n; i++) {
        if (!bind_literal(b, property, list->args[i], false, &items->args[i]))
            return false;
    }
    node->args[1] = items;
    *ret = node;
    return true;
}

static bool bind(binder *b, const xd_cql *given, const xd_cql **ret);

static bool bind_all(binder *b, const xd_cql *given, const xd_cql **ret)
{
    xd_cql *node = like_it(b, given);
    for (size_t i = 0; i < given->n; i++) {
        if (!bind(b, given->args[i], &node->args[i]))
            return false;
    }
    *ret = node;
    return true;
}

static bool bind_alone(binder *b, const xd_cql *given, const xd_cql **ret)
{
    const xd_cql *property;
    return bind_property(b, given, ret, &property) &&
           (what_holds(property) == HOLDS_YES ||
            wrong(b, property->text, "要和一个值比较", "is to be compared with a value"));
}

static bool bind_is_null(binder *b, const xd_cql *given, const xd_cql **ret)
{
    xd_cql *node = like_it(b, given);
    const xd_cql *property;
    if (bare(given->args[0])->op != XD_CQL_PROPERTY)
        return wrong(b, XD_S("IS NULL"), "要问一个字段", "is asked of a field");
    *ret = node;
    return bind_property(b, given->args[0], &node->args[0], &property);
}

static bool bind(binder *b, const xd_cql *given, const xd_cql **ret)
{
    const xd_cql_word *word = xd_cql_word_of(given->op);
    if (word != NULL && (word->sort == XD_CQL_SPATIAL || word->sort == XD_CQL_TEMPORAL))
        return bind_relation(b, given, word, ret);
    if (word != NULL && word->sort == XD_CQL_ARRAYS)
        return bind_array(b, given, word, ret);
    switch ((int)given->op) {
    case XD_CQL_AND:
    case XD_CQL_OR:
    case XD_CQL_NOT:
        return bind_all(b, given, ret);
    case XD_CQL_TRUE:
    case XD_CQL_FALSE:
        *ret = given;
        return true;
    case XD_CQL_PROPERTY:
        return bind_alone(b, given, ret);
    case XD_CQL_IS_NULL:
        return bind_is_null(b, given, ret);
    default:
        return bind_comparison(b, given, ret);
    }
}

bool xd_cql_check(xd_ctx *cx, const xd_model *model, const xd_type *type, bool all,
                  const xd_cql *cql, const xd_cql **ret_bound)
{
    (void)model; /* types carry what they need; rights will look at the model */
    binder b = {.cx = cx, .type = type, .all = all};
    const xd_cql *bound;
    if (!bind(&b, cql, &bound))
        return false;
    *ret_bound = bound;
    return true;
}

bool xd_cql_check_rule(xd_ctx *cx, const xd_type *type, bool all, const xd_cql *cql,
                       const xd_cql **ret_bound)
{
    binder b = {.cx = cx, .type = type, .all = all, .rules = true};
    const xd_cql *bound;
    if (!bind(&b, cql, &bound))
        return false;
    *ret_bound = bound;
    return true;
}
