/* Parameters into a question. Every refusal names the parameter and says what would be right. */
#include <math.h>

#include "web/app_room.h"
#include "web/ask.h"
#include "web/lights.h"
#include "web/worked.h"

#define MOST_WORDS 1000 /* bytes of q */

const xd_str xd_api_crs[] = {
    XD_STR("http://www.opengis.net/def/crs/OGC/1.3/CRS84"),
    XD_STR("http://www.opengis.net/def/crs/EPSG/0/4326"),
    XD_STR("http://www.opengis.net/def/crs/EPSG/0/4490"),
    XD_STR("http://www.opengis.net/def/crs/EPSG/0/4548"),
    XD_STR("http://www.opengis.net/def/crs/EPSG/0/3857"),
};
const size_t xd_n_api_crs = XD_LEN(xd_api_crs);

static const struct {
    xd_str name;
    unsigned takes; /* 0: always */
} known[] = {
    {XD_STR("q"),           XD_TAKES_WORDS   },
    {XD_STR("filter"),      XD_TAKES_FILTER  },
    {XD_STR("filter-lang"), XD_TAKES_FILTER  },
    {XD_STR("filter-crs"),  XD_TAKES_FILTER  },
    {XD_STR("certain"),     XD_TAKES_FILTER  },
    {XD_STR("on"),          XD_TAKES_FILTER  },
    {XD_STR("bbox"),        XD_TAKES_BOX     },
    {XD_STR("bbox-crs"),    XD_TAKES_BOX     },
    {XD_STR("datetime"),    XD_TAKES_TIME    },
    {XD_STR("sortby"),      XD_TAKES_SORT    },
    {XD_STR("limit"),       XD_TAKES_PAGE    },
    {XD_STR("cursor"),      XD_TAKES_PAGE    },
    {XD_STR("facets"),      XD_TAKES_FACETS  },
    {XD_STR("crs"),         XD_TAKES_CRS     },
    {XD_STR("colour"),      XD_TAKES_COLOUR  },
    {XD_STR("computed"),    XD_TAKES_COMPUTED},
    {XD_STR("f"),           0                },
};

typedef struct reading {
    xd_ctx *cx;
    const xd_app *app;
    const xd_request *request;
    const xd_type *type;
    const xd_props *props; /* NULL: every type */
    unsigned takes;
    bool strict;
    xd_asked *asked;
    const xd_cql *filter; /* not yet bound */
} reading;

/* A parameter that cannot be right. Pages, which are not strict, go on without it. */
static bool wrong(reading *r, xd_str name, const char *zh, const char *en)
{
    xd_ctx *cx = r->cx;
    (void)xd_fail(cx, XD_INVALID, "parameter " XD_FMT ": %s", XD_ARG(name),
                  en); /* false below */
    return xd_fail_words(
        cx, xd_str_printf(cx->arena, "参数 " XD_FMT "：%s", XD_ARG(name), zh),
        xd_str_printf(cx->arena, "Parameter " XD_FMT ": %s", XD_ARG(name), en));
}

/* ---- space --------------------------------------------------------------------------------- */

static bool find_crs(reading *r, xd_str param, const xd_crs **ret_crs, xd_str *ret_uri)
{
    xd_str uri = xd_param_get(r->request, param);
    if (uri.p == NULL) {
        *ret_crs = NULL;
        *ret_uri = xd_api_crs[0];
        return true;
    }
    for (size_t i = 0; i < xd_n_api_crs; i++) {
        if (xd_str_eq(uri, xd_api_crs[i])) {
            *ret_crs = NULL;
            *ret_uri = xd_api_crs[i];
            return i == 0 || xd_crs_find(r->cx, uri, ret_crs);
        }
    }
    return wrong(r, param, "不支持这个坐标系。可用的坐标系列在集合说明的 crs 里。",
                 "this CRS is not served. Those that are stand in the collection's crs.");
}

static int32_t units(double degrees, bool up, double most)
{
    degrees = degrees < -most ? -most : degrees > most ? most : degrees;
    double u = degrees * XD_DEGREE;
    return (int32_t)(up ? ceil(u) : floor(u));
}

/* A box of another CRS: the extent of its outline, taken at sixteen points a side. */
static bool box_to_wgs84(xd_ctx *cx, const xd_crs *crs, double v[4])
{
    double west = 180, south = 90, east = -180, north = -90;
    if (xd_crs_lat_first(crs)) {
        double swapped[4] = {v[1], v[0], v[3], v[2]};
        memcpy(v, swapped, sizeof swapped);
    }
    for (int i = 0; i < 64; i++) {
        double t = (i % 16) / 16.0, x, y;
        switch (i / 16) {
        case 0:
            x = v[0] + (v[2] - v[0]) * t, y = v[1];
            break;
        case 1:
            x = v[2], y = v[1] + (v[3] - v[1]) * t;
            break;
        case 2:
            x = v[2] - (v[2] - v[0]) * t, y = v[3];
            break;
        default:
            x = v[0], y = v[3] - (v[3] - v[1]) * t;
        }
        xd_pos pos;
        if (!xd_crs_to_wgs84(cx, crs, x, y, &pos)) {
            return false;
        }
        double lon = pos.lon / (double)XD_DEGREE, lat = pos.lat / (double)XD_DEGREE;
        west = fmin(west, lon), east = fmax(east, lon);
        south = fmin(south, lat), north = fmax(north, lat);
    }
    v[0] = west, v[1] = south, v[2] = east, v[3] = north;
    return true;
}

static bool read_box(reading *r)
{
    xd_str text = xd_param_get(r->request, XD_S("bbox")), part, uri;
    const char *zh = "要写四个（或六个）用逗号分开的数：西,南,东,北。";
    const char *en = "four (or six) numbers with commas are wanted: west,south,east,north.";
    const xd_crs *crs;
    double v[6];
    size_t n = 0;
    if (!find_crs(r, XD_S("bbox-crs"), &crs, &uri)) {
        return false;
    }
    if (text.p == NULL) {
        return true;
    }
    while (xd_str_cut(&text, ',', &part)) {
        if (n == 6 || !xd_read_double(r->cx, part, &v[n])) {
            return wrong(r, XD_S("bbox"), zh, en);
        }
        n++;
    }
    if (n == 6) { /* heights are no part of a place here */
        v[2] = v[3], v[3] = v[4];
    } else if (n != 4) {
        return wrong(r, XD_S("bbox"), zh, en);
    }
    if (crs != NULL && !xd_crs_is_degrees(crs) && !box_to_wgs84(r->cx, crs, v)) {
        return wrong(r, XD_S("bbox"), "这个范围不在该坐标系内。",
                     "the box is outside that CRS.");
    }
    if (crs != NULL && xd_crs_is_degrees(crs) && xd_crs_lat_first(crs)) {
        double swapped[4] = {v[1], v[0], v[3], v[2]};
        memcpy(v, swapped, sizeof swapped);
    }
    if (v[1] > v[3] || v[1] > 90 || v[3] < -90) {
        return wrong(r, XD_S("bbox"), "南边的纬度不能大于北边的。",
                     "the southern latitude must not be above the northern one.");
    }
    xd_ask *ask = &r->asked->ask;
    ask->has_box = true;
    ask->box_keeps_placeless = r->strict;
    ask->box = (xd_box){units(v[0], false, 180), units(v[1], false, 90), units(v[2], true, 180),
                        units(v[3], true, 90)};
    return true;
}

/* ---- time ---------------------------------------------------------------------------------- */

/* "2026-11-24", or an instant with its zone: RFC 3339. */
static bool read_instant(xd_str text, int32_t *ret_day)
{
    xd_str time = xd_str_sub(text, 10, text.n);
    if (!xd_day_read(xd_str_sub(text, 0, 10), ret_day)) {
        return false;
    }
    if (time.n == 0) {
        return true;
    }
    static const char shape[] = "T00:00:00";
    for (size_t i = 0; i < 9; i++) {
        bool digit = i < time.n && time.p[i] >= '0' && time.p[i] <= '9';
        if (i >= time.n ||
            (shape[i] == '0' ? !digit : (time.p[i] | 0x20) != (shape[i] | 0x20))) {
            return false;
        }
    }
    size_t at = 9;
    if (at < time.n && time.p[at] == '.') {
        for (at++; at < time.n && time.p[at] >= '0' && time.p[at] <= '9'; at++) {
        }
    }
    xd_str zone = xd_str_sub(time, at, time.n);
    return xd_str_eq_nocase(zone, XD_S("Z")) ||
           (zone.n == 6 && (zone.p[0] == '+' || zone.p[0] == '-') && zone.p[3] == ':');
}

static bool open_end(xd_str text)
{
    return text.n == 0 || xd_str_eq(text, XD_S(".."));
}

static bool read_time(reading *r)
{
    xd_str text = xd_param_get(r->request, XD_S("datetime"));
    if (text.p == NULL) {
        return true;
    }
    xd_ask *ask = &r->asked->ask;
    size_t slash = xd_str_find(text, XD_S("/"), 0);
    xd_str from = xd_str_sub(text, 0, slash == SIZE_MAX ? text.n : slash);
    xd_str to = slash == SIZE_MAX ? from : xd_str_sub(text, slash + 1, text.n);
    bool right = slash != SIZE_MAX || !open_end(text);
    ask->time_from = XD_DAY_OPEN_START;
    ask->time_to = XD_DAY_OPEN_END;
    right = right && (open_end(from) || read_instant(from, &ask->time_from)) &&
            (open_end(to) || read_instant(to, &ask->time_to)) &&
            !(open_end(from) && open_end(to));
    ask->has_time = right;
    return (right && ask->time_from <= ask->time_to) ||
           wrong(
               r, XD_S("datetime"), "要写日期、带时区的时刻，或者 起/止（一头可写 ..）。",
               "a date, an instant with its zone, or from/to (.. for an open end) is wanted.");
}

/* ---- conditions ---------------------------------------------------------------------------- */

static xd_cql *node(reading *r, xd_cql_op op, size_t n)
{
    xd_cql *cql = xd_new(r->cx->arena, xd_cql);
    *cql = (xd_cql){.op = op, .n = n};
    cql->args = n == 0 ? NULL : xd_new_n(r->cx->arena, const xd_cql *, n);
    return cql;
}

static const xd_cql *property(reading *r, xd_str name)
{
    xd_cql *cql = node(r, XD_CQL_PROPERTY, 0);
    cql->text = name;
    return cql;
}

/* A period's value: the start of a bar where the field is counted by decades ("1950"), else
 * whatever a date may be. */
static bool period_leaf(reading *r, const xd_field *field, xd_str value, xd_cql *leaf)
{
    int64_t year;
    leaf->op = XD_CQL_PERIOD;
    int bar = field->facet_decades > 0 ? field->facet_decades : 10;
    if (field->facet == XD_FACET_DECADE && xd_str_int(value, &year) && year % bar == 0 &&
        year > -9999 && year < 9999) {
        leaf->from = xd_day_of(year, 1, 1);
        leaf->to = xd_day_of(year + bar, 1, 1) - 1;
        return true;
    }
    xd_period period;
    unsigned flags;
    if (!xd_period_read(r->cx, value, &period, &flags)) {
        return false; /* its sentence says what can be read */
    }
    leaf->from = period.from;
    leaf->to = period.to;
    return true;
}

static bool condition(reading *r, const xd_queryable *q, xd_str value, const xd_cql **ret_cql)
{
    xd_cql *leaf = node(r, XD_CQL_TEXT, 0), *cql;
    double number;
    leaf->text = value;
    if (value.n == 0) { /* the bar of the unknown */
        cql = node(r, XD_CQL_IS_NULL, 1);
        cql->args[0] = property(r, q->name);
        *ret_cql = cql;
        return true;
    }
    if (q->json == XD_PROP_INTEGER || q->json == XD_PROP_NUMBER) {
        if (!xd_read_double(r->cx, value, &number)) {
            return wrong(r, q->name, "这里要写一个数。", "a number is wanted.");
        }
        leaf->op = XD_CQL_NUMBER;
    } else if (q->json == XD_PROP_BOOLEAN) {
        leaf->op = XD_CQL_BOOLEAN;
        leaf->boolean = xd_str_eq(value, XD_S("true")) || xd_str_eq(value, XD_S("1"));
        if (!leaf->boolean && !xd_str_eq(value, XD_S("false")) &&
            !xd_str_eq(value, XD_S("0"))) {
            return wrong(r, q->name, "只能写 true 或 false。", "true or false is wanted.");
        }
    } else if (q->field != NULL && q->field->kind == XD_KIND_PERIOD &&
               !period_leaf(r, q->field, value, leaf)) {
        return false;
    }
    cql = node(r, XD_CQL_EQ, 2);
    cql->args[0] = property(r, q->name);
    cql->args[1] = leaf;
    *ret_cql = cql;
    return true;
}

/* All values given for one queryable: any of them. */
static bool read_queryable(reading *r, const xd_queryable *q)
{
    XD_VEC(const xd_cql *) any = {0};
    for (size_t i = 0; i < r->request->n_params; i++) {
        const xd_param *param = &r->request->params[i];
        if (!xd_str_eq(param->name, q->name)) {
            continue;
        }
        const xd_cql *one;
        if (condition(r, q, param->value, &one)) {
            *xd_push(r->cx->arena, &any) = one;
        } else if (r->strict) {
            return false;
        } else {
            (void)xd_err_take(r->cx); /* a page goes on without it */
        }
    }
    if (any.n > 0) {
        xd_cql *either = node(r, XD_CQL_OR, 0);
        either->args = any.at;
        either->n = any.n;
        r->filter = xd_cql_and(r->cx->arena, r->filter, any.n == 1 ? any.at[0] : either);
    }
    return true;
}

static bool read_filter(reading *r)
{
    xd_ctx *cx = r->cx;
    xd_str text = xd_param_get(r->request, XD_S("filter")), uri;
    xd_str lang = xd_param_get(r->request, XD_S("filter-lang"));
    bool json = xd_str_eq(lang, XD_S("cql2-json"));
    const xd_crs *crs;
    if (lang.p != NULL && !json && !xd_str_eq(lang, XD_S("cql2-text"))) {
        return wrong(r, XD_S("filter-lang"), "只能是 cql2-text 或 cql2-json。",
                     "cql2-text or cql2-json is wanted.");
    }
    if (!find_crs(r, XD_S("filter-crs"), &crs, &uri)) {
        return false;
    }
    if (text.p == NULL || xd_str_trim(text).n == 0) {
        return true;
    }
    if (crs != NULL && !xd_filter_to_wgs84(cx, text, json, crs, &text)) {
        return false;
    }
    return json ? xd_cql_read_json(cx, text, &r->filter)
                : xd_cql_read_text(cx, text, &r->filter);
}

/* What was in force on a day: the day lies within the record's validity. A period of validity is
 * an extent, so this is what equality of a day with it means (filter.md, Maybe). */
static bool read_on(reading *r)
{
    xd_str text = xd_param_get(r->request, XD_S("on"));
    const xd_field *field = r->type == NULL ? NULL : r->type->in_force;
    int32_t day;
    if (text.n == 0) {
        return true;
    }
    if (field == NULL) {
        return !r->strict || wrong(r, XD_S("on"), "这类条目没有有效期。",
                                   "records of this kind have no validity.");
    }
    if (!xd_day_read(text, &day)) {
        return !r->strict || wrong(r, XD_S("on"), "要写日期，如 2024-05-01。",
                                   "a date is wanted, like 2024-05-01.");
    }
    xd_cql *within = node(r, XD_CQL_EQ, 2), *leaf = node(r, XD_CQL_PERIOD, 0);
    leaf->from = day;
    leaf->to = day;
    within->args[0] = property(r, field->name);
    within->args[1] = leaf;
    r->filter = xd_cql_and(r->cx->arena, r->filter, within);
    return true;
}

static bool read_conditions(reading *r)
{
    xd_str certain = xd_param_get(r->request, XD_S("certain"));
    if (certain.p != NULL && !xd_str_eq(certain, XD_S("true")) &&
        !xd_str_eq(certain, XD_S("false"))) {
        return wrong(r, XD_S("certain"), "只能写 true 或 false。", "true or false is wanted.");
    }
    r->asked->ask.certain = xd_str_eq(certain, XD_S("true"));
    if (!read_filter(r) || !read_on(r)) {
        return false;
    }
    for (size_t i = 0; r->props != NULL && i < r->props->n_queryables; i++) {
        if (!read_queryable(r, &r->props->queryables[i])) {
            return false;
        }
    }
    return r->filter == NULL ||
           (xd_cql_check(r->cx, r->app->model, r->type, false, r->filter,
                         &r->asked->ask.filter) &&
            xd_ask_titles(r->cx, r->app, r->asked->ask.filter, &r->asked->ask.filter));
}

/* ---- order, paging, facets ----------------------------------------------------------------- */

static bool read_sort(reading *r, xd_str name, xd_sort *ret_sort)
{
    static const struct {
        xd_str name;
        xd_sort sort;
    } own[] = {
        {XD_STR("relevance"), {.by = XD_SORT_RELEVANCE}},
        {XD_STR("updated"),   {.by = XD_SORT_UPDATED}  },
        {XD_STR("id"),        {.by = XD_SORT_ID}       },
        {XD_STR("number"),    {.by = XD_SORT_NUMBER}   },
    };
    *ret_sort = (xd_sort){.descending = xd_str_starts(name, XD_S("-"))};
    if (name.n > 0 && (name.p[0] == '-' || name.p[0] == '+' || name.p[0] == ' ')) {
        name = xd_str_sub(name, 1, name.n); /* a + that nobody encoded has become a blank */
    }
    for (size_t i = 0; r->props != NULL && i < r->props->n_sortables; i++) {
        if (xd_str_eq(name, r->props->sortables[i]->name)) {
            ret_sort->field = r->props->sortables[i];
            ret_sort->by = XD_SORT_FIELD;
            return true;
        }
    }
    for (size_t i = 0; i < XD_LEN(own); i++) {
        if (xd_str_eq(name, own[i].name)) {
            ret_sort->by = own[i].sort.by;
            return true;
        }
    }
    return wrong(r, XD_S("sortby"), "不能按这一项排序。能排序的项见集合的 sortables。",
                 "this cannot be sorted by. What can is in the collection's sortables.");
}

static bool read_order(reading *r)
{
    xd_str text = xd_param_get(r->request, XD_S("sortby")), part;
    XD_VEC(xd_sort) sorts = {0};
    r->asked->light_order = xd_light_order(r->request, r->type);
    if (r->asked->light_order != 0) {
        return true;
    }
    while (text.n > 0 && xd_str_cut(&text, ',', &part)) {
        xd_sort sort;
        if (sorts.n == 8) {
            return wrong(r, XD_S("sortby"), "最多按八项排序。",
                         "at most eight keys may be given.");
        }
        if (!read_sort(r, part, &sort)) {
            return false;
        }
        *xd_push(r->cx->arena, &sorts) = sort;
    }
    r->asked->ask.sorts = sorts.at;
    r->asked->ask.n_sorts = sorts.n;
    return true;
}

static bool read_computed(reading *r)
{
    xd_str text = xd_param_get(r->request, XD_S("computed"));
    r->asked->computed = xd_str_eq(text, XD_S("true"));
    return text.n == 0 || r->asked->computed || xd_str_eq(text, XD_S("false")) ||
           wrong(r, XD_S("computed"), "只能写 true 或 false。", "true or false is wanted.");
}

static bool read_page(reading *r)
{
    xd_str limit = xd_param_get(r->request, XD_S("limit"));
    xd_str cursor = xd_param_get(r->request, XD_S("cursor"));
    int64_t n = XD_API_PAGE;
    if (cursor.n > 0) {
        r->asked->ask.cursor = cursor;
    }
    if (limit.p != NULL) {
        bool digits = limit.n > 0;
        for (size_t i = 0; i < limit.n; i++) {
            digits = digits && limit.p[i] >= '0' && limit.p[i] <= '9';
        }
        n = digits && limit.n > 9 ? XD_API_LIMIT : 0; /* a large number all the same */
        if (!digits || (n == 0 && !xd_str_int(limit, &n)) || n < 1) {
            return wrong(r, XD_S("limit"), "要写 1 到 1000 的整数。",
                         "a whole number from 1 to 1000 is wanted.");
        }
    }
    r->asked->ask.limit = n > XD_API_LIMIT ? XD_API_LIMIT : (size_t)n;
    return true;
}

void xd_ask_all_facets(xd_ctx *cx, xd_ask *ask)
{
    XD_VEC(const xd_field *) list = {0};
    for (size_t i = 0; ask->type != NULL && i < ask->type->n_facets; i++) {
        if (xd_field_is_public(ask->type->facets[i])) {
            *xd_push(cx->arena, &list) = ask->type->facets[i];
        }
    }
    ask->facets = list.at;
    ask->n_facets = list.n;
}

static bool read_facets(reading *r)
{
    xd_str text = xd_param_get(r->request, XD_S("facets")), name;
    XD_VEC(const xd_field *) list = {0};
    xd_ask all = {.type = r->type};
    xd_ask_all_facets(r->cx, &all);
    if (xd_str_eq(text, XD_S("*"))) {
        text = (xd_str){0};
        list.at = all.facets;
        list.n = all.n_facets;
    }
    while (text.n > 0 && xd_str_cut(&text, ',', &name)) {
        const xd_field *found = NULL;
        for (size_t i = 0; i < all.n_facets; i++) {
            if (xd_str_eq(all.facets[i]->name, name)) {
                found = all.facets[i];
            }
        }
        if (found == NULL || list.n == 32) {
            return wrong(r, XD_S("facets"), "没有这一项统计。用 * 可得全部。",
                         "there is no such facet. * gives all of them.");
        }
        *xd_push(r->cx->arena, &list) = found;
    }
    r->asked->ask.facets = list.at;
    r->asked->ask.n_facets = list.n;
    return true;
}

static bool read_colour(reading *r)
{
    xd_str name = xd_param_get(r->request, XD_S("colour"));
    if (name.n == 0 || r->type == NULL) {
        return name.n == 0 || wrong(r, XD_S("colour"), "各类合在一起时不能着色。",
                                    "all types together have no field to colour by.");
    }
    const xd_field *field = xd_field_find(r->type, name);
    if (field == NULL || !xd_field_is_public(field) ||
        (!field->colour && field->facet == XD_FACET_NONE)) {
        return wrong(r, XD_S("colour"), "不能按这一项着色。", "this cannot be coloured by.");
    }
    r->asked->colour = field;
    return true;
}

/* ---- the whole ----------------------------------------------------------------------------- */

static bool declared(const reading *r, xd_str name)
{
    for (size_t i = 0; i < XD_LEN(known); i++) {
        if (xd_str_eq(name, known[i].name)) {
            return known[i].takes == 0 || (known[i].takes & r->takes) != 0;
        }
    }
    const xd_computed *light = (r->takes & XD_TAKES_FILTER) != 0 ? xd_light_of(r->type) : NULL;
    if (light != NULL && xd_str_eq(name, light->field.name)) {
        return true;
    }
    for (size_t i = 0;
         (r->takes & XD_TAKES_FILTER) != 0 && r->props != NULL && i < r->props->n_queryables;
         i++) {
        if (xd_str_eq(name, r->props->queryables[i].name)) {
            return true;
        }
    }
    return false;
}

static bool all_declared(reading *r)
{
    for (size_t i = 0; i < r->request->n_params; i++) {
        xd_str name = r->request->params[i].name;
        if (!declared(r, name)) {
            return wrong(r, name, "这个地址没有这个参数。",
                         "this address has no such parameter.");
        }
        if (xd_str_eq(name, XD_S("f")) &&
            !xd_str_eq(r->request->params[i].value, XD_S("json"))) {
            return wrong(r, name, "只能是 json。", "json is what there is.");
        }
    }
    return true;
}

/* A step that failed: fatal when strict, else forgotten. Only what a visitor wrote is forgiven. */
static bool forgive(reading *r, bool done)
{
    if (!done && !r->strict && r->cx->err.code == XD_INVALID) {
        (void)xd_err_take(r->cx); /* the page shows what the rest of the query finds */
        return true;
    }
    return done;
}

bool xd_asked_read(xd_ctx *cx, const xd_app *app, const xd_request *request,
                   const xd_type *type, unsigned takes, bool strict, xd_asked *ret_asked)
{
    xd_asked asked = {
        .ask = {.type = type, .lang = cx->lang, .limit = XD_API_PAGE}
    };
    reading r = {.cx = cx,
                 .app = app,
                 .request = request,
                 .type = type,
                 .props = type == NULL ? NULL : &app->room->props[type->at],
                 .takes = takes,
                 .strict = strict,
                 .asked = &asked};
    asked.crs_uri = xd_api_crs[0];
    if (strict && !all_declared(&r)) {
        return false;
    }
    if (takes & XD_TAKES_WORDS) {
        xd_str q = xd_str_trim(xd_param_get(request, XD_S("q")));
        asked.ask.q = q.n == 0 ? (xd_str){0} : q;
        if (q.n > MOST_WORDS) {
            return wrong(&r, XD_S("q"), "太长了，最多约三百字。",
                         "too long: at most 1000 bytes are looked for.");
        }
    }
    if (((takes & XD_TAKES_FILTER) && !read_conditions(&r)) ||
        ((takes & XD_TAKES_BOX) && !forgive(&r, read_box(&r))) ||
        ((takes & XD_TAKES_TIME) && !forgive(&r, read_time(&r))) ||
        ((takes & XD_TAKES_SORT) && !forgive(&r, read_order(&r))) ||
        ((takes & XD_TAKES_PAGE) && !forgive(&r, read_page(&r))) ||
        ((takes & XD_TAKES_FACETS) && !forgive(&r, read_facets(&r))) ||
        ((takes & XD_TAKES_COMPUTED) && !read_computed(&r)) ||
        ((takes & XD_TAKES_CRS) && !find_crs(&r, XD_S("crs"), &asked.crs, &asked.crs_uri)) ||
        ((takes & XD_TAKES_COLOUR) && !forgive(&r, read_colour(&r)))) {
        return false;
    }
    if ((takes & XD_TAKES_FILTER) && !xd_lights_ask(cx, app, request, &asked.ask)) {
        return false;
    }
    *ret_asked = asked;
    return true;
}

bool xd_ask_from(xd_ctx *cx, const xd_app *app, const xd_request *request, const xd_type *type,
                 bool strict, xd_ask *ret_ask)
{
    xd_asked asked;
    if (!xd_asked_read(cx, app, request, type,
                       XD_TAKES_WHAT | XD_TAKES_SORT | XD_TAKES_PAGE | XD_TAKES_FACETS, strict,
                       &asked)) {
        return false;
    }
    *ret_ask = asked.ask;
    return true;
}
