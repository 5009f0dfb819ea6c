/* Records and values of a report: who belongs to a set, and what is said of one. */
#include "web/page_record.h"
#include "web/report.h"

#include <stdlib.h>

#define JOINED 12 /* values of one field that are shown */

static xd_str id_key(xd_ctx *cx, int64_t id)
{
    return xd_str_printf(cx->arena, "%" PRId64, id);
}

/* ---- sets ----------------------------------------------------------------------------------- */

typedef XD_VEC(int64_t) ids;
typedef struct walking {
    ids *to;
    xd_map *seen;
} walking;

static void add_once(xd_ctx *cx, walking *w, int64_t id)
{
    static const char here = 1;
    xd_str key = id_key(cx, id);
    if (xd_map_get(w->seen, key) == NULL) {
        xd_map_put(w->seen, key, (void *)(uintptr_t)&here); /* only asked for */
        *xd_push(cx->arena, w->to) = id;
    }
}

static bool take(xd_ctx *cx, void *user, xd_hit hit)
{
    add_once(cx, user, hit.id);
    return true;
}

static bool follow(xd_reporting *r, const xd_report_way *way, int64_t from, walking *w)
{
    xd_ctx *cx = r->page.cx;
    ids now = {0};
    *xd_push(cx->arena, &now) = from;
    for (size_t s = 0; s < way->n; s++) {
        ids next = {0};
        walking step = {.to = &next, .seen = xd_map_make(cx->arena)};
        for (size_t i = 0; i < now.n; i++) {
            int64_t *list = NULL;
            size_t n = 0;
            if (!xd_kin_linked(cx, &r->kin, way->steps[s].from, way->steps[s].link, now.at[i],
                               r->sample, &list, &n)) {
                return false;
            }
            for (size_t k = 0; k < n; k++) {
                add_once(cx, s + 1 == way->n ? w : &step, list[k]);
            }
        }
        now = next;
    }
    return true;
}

/* *ret_takes: whether the record is one of the set, by what it says. */
static bool judge(xd_reporting *r, const xd_report_set *set, int64_t id, const xd_json *body,
                  bool *ret_takes)
{
    xd_period when;
    bool takes = true;
    *ret_takes = false;
    if (set->tops && xd_json_get_int(xd_value(set->type->tree, body, 0), XD_S("id"), 0) != 0) {
        return true;
    }
    if (set->where != NULL &&
        !xd_derive_holds(r->page.cx, &r->kin.derive, id, set->type, body, set->where, &takes)) {
        return false;
    }
    if (takes && set->during != NULL) {
        bool dated = xd_value_period(xd_value(set->during, body, 0), &when);
        r->undated += !dated && r->year != 0;
        takes = dated ? when.from <= r->period.to && when.to >= r->period.from : r->year == 0;
    }
    *ret_takes = takes;
    return true;
}

typedef struct sorted {
    int64_t id;
    xd_str by;
} sorted;

static int by_value(const void *a, const void *b)
{
    const sorted *x = a, *y = b;
    if ((x->by.n > 0) != (y->by.n > 0)) {
        return x->by.n > 0 ? -1 : 1;
    }
    int by = xd_natural_cmp(x->by, y->by);
    return by != 0 ? by : (x->id > y->id) - (x->id < y->id);
}

bool xd_report_gather(xd_reporting *r, const xd_report_set *set, int64_t from,
                      int64_t **ret_ids, size_t *ret_n)
{
    xd_ctx *cx = r->page.cx;
    ids found = {0};
    walking w = {.to = &found, .seen = xd_map_make(cx->arena)};
    const xd_ask all = {.type = set->type};
    if (set->ways.n == 0 && !xd_ask_each(cx, r->page.snap, &all, take, &w)) {
        return false;
    }
    for (size_t i = 0; i < set->ways.n; i++) {
        if (!follow(r, &set->ways.at[i], from, &w)) {
            return false;
        }
    }
    sorted *list = xd_new_n(cx->arena, sorted, found.n + 1);
    int64_t *ids_of = xd_new_n(cx->arena, int64_t, found.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < found.n; i++) {
        const xd_json *body;
        bool takes = false;
        if (!xd_kin_body(cx, &r->kin, found.at[i], &body) ||
            (body != NULL && !judge(r, set, found.at[i], body, &takes))) {
            return false;
        }
        if (takes) {
            const xd_json *value = set->sort == NULL ? NULL : xd_value(set->sort, body, 0);
            list[n++] = (sorted){
                found.at[i], value == NULL ? (xd_str){0}
                                           : xd_value_text(cx, r->kin.model, set->sort, value)};
        }
    }
    if (n > 1) {
        qsort(list, n, sizeof *list, by_value);
    }
    for (size_t i = 0; i < n; i++) {
        ids_of[i] = list[i].id;
    }
    *ret_ids = ids_of;
    *ret_n = n;
    return true;
}

/* ---- values --------------------------------------------------------------------------------- */

void xd_report_missing(xd_reporting *r, xd_str label, xd_str where)
{
    xd_ctx *cx = r->page.cx;
    for (size_t i = 0; i < r->gaps.n; i++) {
        if (xd_str_eq(r->gaps.at[i].label, label)) {
            *xd_push(cx->arena, &r->gaps.at[i].where) = where;
            return;
        }
    }
    xd_report_gap *gap = xd_push(cx->arena, &r->gaps);
    *gap = (xd_report_gap){.label = label};
    *xd_push(cx->arena, &gap->where) = where;
}

static xd_str unit_of(const xd_reporting *r, const xd_field *field)
{
    xd_str unit = xd_label_in(&field->unit_label, r->page.cx->lang);
    return unit.n > 0 ? unit : field->unit;
}

static bool months_of(xd_reporting *r, const xd_report_item *item, const xd_json *body,
                      xd_month *ret_begin, xd_month *ret_end, uint64_t *ret_undated)
{
    xd_months m;
    int64_t left = r->log_until - xd_monotonic();
    xd_month list[2] = {{0}, {0}};
    int32_t last = r->period.to < r->today ? r->period.to : r->today;
    bool begins = r->period.from != XD_DAY_OPEN_START;
    const int64_t at[2] = {xd_month_of(begins ? r->period.from : r->today) - 1,
                           xd_month_of(last)};
    if (!xd_months_begin(&r->page, &r->kin, &r->store, item->field->computed, body,
                         left < 0 ? 0 : left, &m)) {
        return false;
    }
    if (m.type != NULL && !xd_months_at(&r->page, &r->kin, &m, at, 2, list)) {
        return false;
    }
    r->unread = r->unread || (m.type != NULL && !m.log.whole && m.log.n > 0);
    *ret_begin = begins ? list[0] : (xd_month){0};
    *ret_end = list[1];
    bool told = ret_begin->by == XD_MONTH_DATES || ret_end->by == XD_MONTH_DATES;
    *ret_undated = told ? m.undated : 0;
    return true;
}

static xd_str basis_text(const xd_reporting *r, xd_month m)
{
    static const xd_word_id words[] = {
        [XD_MONTH_UNKNOWN] = XD_W_COMPUTED_UNKNOWN,
        [XD_MONTH_DATES] = XD_W_COMPUTED_BY_DATES,
        [XD_MONTH_LOG] = XD_W_COMPUTED_BY_LOG,
        [XD_MONTH_LIVE] = XD_W_COMPUTED_BY_LIVE,
    };
    return xd_say(&r->page, words[m.by]);
}

static bool month_cell(xd_reporting *r, const xd_report_item *item, const xd_json *body,
                       xd_view_report_cell *cell)
{
    xd_ctx *cx = r->page.cx;
    xd_month begin, end;
    uint64_t undated = 0;
    if (!months_of(r, item, body, &begin, &end, &undated)) {
        return false;
    }
    bool from = begin.by != XD_MONTH_UNKNOWN, to = end.by != XD_MONTH_UNKNOWN;
    cell->number = true;
    if (item->at == XD_REPORT_BEGIN && from) {
        cell->text = xd_str_printf(cx->arena, "%" PRIu32, begin.n);
    } else if (item->at == XD_REPORT_END && to) {
        cell->text = xd_str_printf(cx->arena, "%" PRIu32, end.n);
    } else if (item->at == XD_REPORT_CHANGE && from && to) {
        cell->text = xd_str_printf(cx->arena, "%" PRId64, (int64_t)end.n - (int64_t)begin.n);
    } else if (item->at == XD_REPORT_UNDATED && undated > 0) {
        cell->text = xd_str_printf(cx->arena, "%" PRIu64, undated);
    } else if (item->at == XD_REPORT_BASIS) {
        cell->number = false;
        cell->text = begin.by == end.by ? basis_text(r, begin)
                                        : xd_str_printf(cx->arena, XD_FMT " / " XD_FMT,
                                                        XD_ARG(basis_text(r, begin)),
                                                        XD_ARG(basis_text(r, end)));
    }
    return true;
}

static bool computed_cell(xd_reporting *r, const xd_report_item *item, int64_t id,
                          const xd_json *body, bool alone, xd_view_report_cell *cell)
{
    xd_ctx *cx = r->page.cx;
    const xd_computed *c = item->field->computed;
    xd_derived value;
    if (item->at != XD_REPORT_NOW) {
        return month_cell(r, item, body, cell);
    }
    if (!xd_kin_value(cx, &r->kin, id, body, c, &value)) {
        return false;
    }
    if (value.known && value.light != NULL) {
        cell->lamp = xd_lamp_of(cx, c, &value);
        cell->text = xd_str_printf(cx->arena, XD_FMT " " XD_FMT, XD_ARG(cell->lamp.sign),
                                   XD_ARG(cell->lamp.label));
    } else if (value.known) {
        cell->text =
            alone ? xd_derived_with_unit(cx, c, &value) : xd_derived_text(cx, c, &value);
        cell->number = !alone;
    }
    return true;
}

/* Of a field: all its values in one. */
static bool field_cell(xd_reporting *r, const xd_field *field, int64_t id, const xd_type *type,
                       const xd_json *body, bool alone, xd_view_report_cell *cell)
{
    xd_ctx *cx = r->page.cx;
    size_t n = xd_value_count(field, body);
    if (field->kind == XD_KIND_NUMBER && !field->many && !alone) {
        cell->text = xd_json_get_str(xd_value(field, body, 0), XD_S("n"));
        cell->number = cell->text.n > 0;
        return true;
    }
    for (size_t i = 0; i < n && i < JOINED; i++) {
        xd_said one;
        xd_url url = {0};
        const xd_json *value = xd_value(field, body, i);
        if (field->kind == XD_KIND_LINK) {
            if (!xd_value_said(&r->page, field, value, &one, &url)) {
                return false;
            }
        } else {
            one = xd_field_said(&r->page, field, body, i);
        }
        cell->url = n == 1 ? url : (xd_url){0};
        cell->text = cell->text.n == 0
                         ? one.text
                         : xd_str_printf(cx->arena, XD_FMT "%s" XD_FMT, XD_ARG(cell->text),
                                         cx->lang == XD_ZH ? "；" : "; ", XD_ARG(one.text));
    }
    if (n > JOINED) {
        cell->text = xd_str_join(cx->arena, cell->text, XD_S(" …"));
    }
    if (field == type->title) {
        cell->url = xd_body_url(&r->page, type, id, body);
    } else if (field->kind == XD_KIND_URL && n == 1) {
        cell->url = xd_url_outside(cx, cell->text);
    }
    return true;
}

/* How many records of the item's set lead to each: counted once. */
static bool count_cell(xd_reporting *r, const xd_report_item *item, int64_t id,
                       xd_view_report_cell *cell)
{
    xd_ctx *cx = r->page.cx;
    xd_str key = xd_str_printf(cx->arena, "%p", (const void *)item);
    xd_map *map = xd_map_get(r->counts, key);
    if (map == NULL) {
        int64_t *list = NULL;
        size_t n = 0;
        map = xd_map_make(cx->arena);
        if (!xd_report_gather(r, item->count, r->id, &list, &n)) {
            return false;
        }
        for (size_t i = 0; i < n; i++) {
            const xd_json *body;
            if (!xd_kin_body(cx, &r->kin, list[i], &body)) {
                return false;
            }
            size_t values = body == NULL ? 0 : xd_value_count(item->link, body);
            for (size_t k = 0; k < values; k++) {
                xd_str to =
                    id_key(cx, xd_json_get_int(xd_value(item->link, body, k), XD_S("id"), 0));
                uint64_t *many = xd_map_get(map, to);
                if (many == NULL) {
                    many = xd_new(cx->arena, uint64_t);
                    xd_map_put(map, to, many);
                }
                ++*many;
            }
        }
        xd_map_put(r->counts, key, map);
    }
    const uint64_t *many = xd_map_get(map, id_key(cx, id));
    if (many != NULL || item->none.in[XD_ZH].n == 0) {
        cell->text = xd_str_printf(cx->arena, "%" PRIu64, many == NULL ? 0 : *many);
        cell->number = true;
    }
    return true;
}

bool xd_report_cell(xd_reporting *r, const xd_report_item *item, int64_t id,
                    const xd_json *body, bool alone, xd_view_report_cell *ret_cell)
{
    xd_view_report_cell cell = {0};
    const xd_type *type = xd_body_type(r->kin.model, body);
    bool ok = item->count != NULL ? count_cell(r, item, id, &cell)
              : item->field->computed != NULL
                  ? computed_cell(r, item, id, body, alone, &cell)
                  : field_cell(r, item->field, id, type, body, alone, &cell);
    if (!ok) {
        return false;
    }
    if (cell.text.n == 0) {
        cell.missing = true;
        cell.number = false;
        cell.text = xd_label_in(&item->none, r->page.cx->lang);
        if (cell.text.n == 0) {
            cell.text = alone ? xd_say(&r->page, XD_W_REPORT_NONE) : XD_S("—");
        }
    }
    *ret_cell = cell;
    return true;
}

xd_str xd_report_head(const xd_reporting *r, const xd_report_item *item)
{
    xd_ctx *cx = r->page.cx;
    xd_str label = xd_label_in(&item->label, cx->lang);
    int32_t last = r->period.to < r->today ? r->period.to : r->today;
    bool begins = r->period.from != XD_DAY_OPEN_START;
    if (item->at == XD_REPORT_BEGIN && begins) {
        return xd_str_printf(cx->arena, XD_FMT " " XD_FMT, XD_ARG(label),
                             XD_ARG(xd_month_text(cx, xd_month_of(r->period.from) - 1)));
    }
    if (item->at == XD_REPORT_END) {
        return xd_str_printf(cx->arena, XD_FMT " " XD_FMT, XD_ARG(label),
                             XD_ARG(xd_month_text(cx, xd_month_of(last))));
    }
    xd_str unit = item->field == NULL || item->at != XD_REPORT_NOW ? (xd_str){0}
                                                                   : unit_of(r, item->field);
    return unit.n == 0 || item->field->kind != XD_KIND_NUMBER
               ? label
               : xd_str_printf(cx->arena,
                               cx->lang == XD_ZH ? XD_FMT "（" XD_FMT "）"
                                                 : XD_FMT " (" XD_FMT ")",
                               XD_ARG(label), XD_ARG(unit));
}
