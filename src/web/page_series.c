/* How a saved query's answer has changed, month by month, and how it falls to units.
 *
 * For the months before the log began, a record counts from the last day of the date the
 * indicator names (recognised, opened, in force) until the day it ceased to; those without such a
 * date are said to be left out. */
#include "web/page_record.h"

#include <stdio.h>

#define MONTHS 60
#define WIDTH 600
#define HEIGHT 120
#define SMALL_W 120
#define SMALL_H 32
#define UNITS 80

typedef struct unit_series {
    int64_t id; /* 0: no unit */
    uint32_t months[MONTHS];
    uint64_t live;
} unit_series;

typedef struct counting {
    xd_record_page *r;
    xd_kin *kin;
    const xd_type *type, *units;
    const xd_field *since, *until;
    int64_t first; /* month: year × 12 + month − 1 */
    uint32_t months[MONTHS];
    uint64_t undated, looked;
    XD_VEC(unit_series) by_unit;
} counting;

static int64_t month_of(int32_t day)
{
    int64_t year;
    int month, d;
    xd_day_parts(day, &year, &month, &d);
    return year * 12 + month - 1;
}

static xd_str month_text(xd_ctx *cx, int64_t month)
{
    return xd_str_printf(cx->arena, "%04" PRId64 "-%02d", month / 12, (int)(month % 12) + 1);
}

static unit_series *unit_of(xd_ctx *cx, counting *c, int64_t id)
{
    for (size_t i = 0; i < c->by_unit.n; i++) {
        if (c->by_unit.at[i].id == id) {
            return &c->by_unit.at[i];
        }
    }
    unit_series *unit = xd_push(cx->arena, &c->by_unit);
    *unit = (unit_series){.id = id};
    return unit;
}

/* First and last month a record counts in; false: its date is not known. */
static bool counts_in(const counting *c, const xd_json *body, int64_t *ret_from,
                      int64_t *ret_to)
{
    xd_period began, ended;
    if (c->since == NULL || !xd_value_period(xd_value(c->since, body, 0), &began)) {
        return false;
    }
    int32_t day = began.to == XD_DAY_OPEN_END ? began.from : began.to;
    if (day == XD_DAY_OPEN_START) {
        return false;
    }
    *ret_from = month_of(day);
    *ret_to = INT64_MAX;
    if (c->until != NULL && xd_value_period(xd_value(c->until, body, 0), &ended) &&
        ended.from != XD_DAY_OPEN_START) {
        *ret_to = month_of(ended.from) - 1;
    }
    return true;
}

static bool on_hit(xd_ctx *cx, void *user, xd_hit hit)
{
    counting *c = user;
    const xd_json *body;
    int64_t from, to, unit_id = 0;
    unit_series *unit = NULL;
    if (++c->looked > XD_KIN_MOST) {
        return true;
    }
    if (!xd_kin_body(cx, c->kin, hit.id, &body)) {
        return false;
    }
    if (body == NULL) {
        return true;
    }
    if (c->units != NULL) {
        if (!xd_kin_unit(cx, c->kin, c->units, c->type, body, &unit_id)) {
            return false;
        }
        unit = unit_of(cx, c, unit_id);
        unit->live++;
    }
    if (!counts_in(c, body, &from, &to)) {
        c->undated++;
        return true;
    }
    for (int64_t m = 0; m < MONTHS; m++) {
        bool counts = c->first + m >= from && c->first + m <= to;
        c->months[m] += counts;
        if (unit != NULL) {
            unit->months[m] += counts;
        }
    }
    return true;
}

/* ---- drawing -------------------------------------------------------------------------------- */

/* Steps: a figure holds until it changes. */
static xd_str path_of(xd_ctx *cx, const uint32_t *values, int from, int to, uint32_t top,
                      int width, int height)
{
    xd_buf d = {0};
    char text[48];
    double last = -1;
    for (int i = from; i < to; i++) {
        double x = (double)i * width / (MONTHS - 1);
        double y = height - 4 - (top == 0 ? 0 : (double)values[i] * (height - 10) / top);
        int n = i == from   ? snprintf(text, sizeof text, "M%.1f %.1f", x, y)
                : y == last ? snprintf(text, sizeof text, "H%.1f", x)
                            : snprintf(text, sizeof text, "H%.1fV%.1f", x, y);
        xd_buf_add(&d, (xd_str){text, (size_t)n});
        last = y;
    }
    xd_str path = xd_buf_copy(&d, cx->arena);
    xd_buf_free(&d);
    return path;
}

static uint32_t highest(const uint32_t *values)
{
    uint32_t top = 0;
    for (int i = 0; i < MONTHS; i++) {
        top = values[i] > top ? values[i] : top;
    }
    return top;
}

static xd_str number(xd_ctx *cx, uint64_t n)
{
    return xd_str_printf(cx->arena, "%" PRIu64, n);
}

static void draw(const counting *c, uint64_t live, xd_view_series *view)
{
    xd_ctx *cx = c->r->page.cx;
    uint32_t values[MONTHS], top;
    int64_t last = c->first + MONTHS - 1;
    memcpy(values, c->months, sizeof values);
    values[MONTHS - 1] = (uint32_t)live; /* this month: as it is */
    top = highest(values);
    view->width = WIDTH;
    view->height = HEIGHT;
    view->guessed = path_of(cx, values, 0, MONTHS - 1, top, WIDTH, HEIGHT);
    view->dot = xd_str_printf(cx->arena, "M%d %.1fh.1", WIDTH - 4,
                              HEIGHT - 4 - (top == 0 ? 0 : (double)live * (HEIGHT - 10) / top));
    view->first = month_text(cx, c->first);
    view->last = month_text(cx, last);
    view->top = number(cx, top);
    for (int64_t m = MONTHS - 1; m >= 0; m--) {
        *xd_push(cx->arena, &view->points) = (xd_view_point){
            .month = month_text(cx, c->first + m),
            .value = number(cx, values[m]),
            .basis = xd_say(&c->r->page,
                            m == MONTHS - 1 ? XD_W_COMPUTED_BY_LIVE : XD_W_COMPUTED_BY_DATES),
        };
    }
    const xd_fill says[] = {
        {.hole = "first",     .text = view->first},
        {            .hole = "from",  .text = number(cx,          values[0])},
        {            .hole = "last", .text = view->last                   },
        { .hole = "to",              .text = number(cx,                                 live)},
    };
    view->says = xd_word_fill(cx->arena, cx->lang, XD_W_COMPUTED_SAYS, says, XD_LEN(says));
}

/* ---- units ---------------------------------------------------------------------------------- */

static bool add_unit(xd_ctx *cx, void *user, xd_hit hit)
{
    counting *c = user;
    (void)unit_of(cx, c, hit.id); /* also those with nothing: a nought is an answer */
    return true;
}

static bool draw_units(counting *c, xd_view_series *view)
{
    xd_ctx *cx = c->r->page.cx;
    uint32_t top = 0;
    uint64_t none = 0;
    for (size_t i = 0; i < c->by_unit.n; i++) {
        uint32_t high = highest(c->by_unit.at[i].months);
        top = c->by_unit.at[i].id != 0 && high > top ? high : top;
    }
    for (size_t i = 0; i < c->by_unit.n && i < UNITS; i++) {
        const unit_series *unit = &c->by_unit.at[i];
        const xd_json *body;
        if (unit->id == 0) {
            none = unit->live;
            continue;
        }
        if (!xd_kin_body(cx, c->kin, unit->id, &body)) {
            return false;
        }
        bool told = body != NULL && xd_value_count(c->units->division, body) > 0;
        if (body != NULL) {
            *xd_push(cx->arena, &view->units) = (xd_view_small){
                .url = xd_body_url(&c->r->page, c->units, unit->id, body),
                .name = xd_body_title(cx, c->kin->model, body),
                .value = told ? number(cx, unit->live) : XD_S("—"),
                .d = path_of(cx, unit->months, 0, MONTHS, top, SMALL_W, SMALL_H),
            };
        }
    }
    view->units_label = xd_type_plural(&c->r->page, c->units);
    view->units_note = xd_say_n(&c->r->page, XD_W_COMPUTED_UNITS_NOTE, "n", (int64_t)none);
    return true;
}

/* ---- the whole ------------------------------------------------------------------------------ */

static void add_list(counting *c, const xd_cql *filter, uint64_t live, xd_view_series *view)
{
    xd_ctx *cx = c->r->page.cx;
    xd_query query = {0};
    xd_buf text = {0};
    if (filter != NULL) {
        xd_cql_write_text(&text, filter);
        xd_query_add(cx, &query, XD_S("filter"), xd_buf_copy(&text, cx->arena));
    }
    xd_buf_free(&text);
    *xd_push(cx->arena, &view->lists) = (xd_view_link){
        .label = xd_say(&c->r->page, XD_W_COMPUTED_ALL),
        .url = xd_url_query(cx, xd_url_type(cx, c->type), &query),
        .hint = number(cx, live),
    };
}

bool xd_record_series(xd_record_page *r, xd_kin *kin, const xd_computed *computed,
                      xd_view_computed *view)
{
    xd_ctx *cx = r->page.cx;
    const xd_type *type;
    const xd_cql *filter;
    if (!xd_saved_query(cx, kin->model, computed, r->body, &type, &filter) || type == NULL) {
        return cx->err.code == XD_OK;
    }
    counting *c = xd_new(cx->arena, counting);
    *c = (counting){.r = r, .kin = kin, .type = type, .units = computed->units};
    c->first = month_of(xd_today(&r->page)) - MONTHS + 1;
    c->since = xd_saved_field(type, computed->since, r->body);
    c->until = xd_saved_field(type, computed->until, r->body);
    const xd_ask ask = {.type = type, .filter = filter}, units = {.type = c->units};
    if ((c->units != NULL && !xd_ask_each(cx, kin->snap, &units, add_unit, c)) ||
        !xd_ask_each(cx, kin->snap, &ask, on_hit, c)) {
        return false;
    }
    xd_view_series series = {
        .id = xd_str_printf(cx->arena, "q%zu", computed->at),
        .label = xd_say_s(&r->page, XD_W_COMPUTED_HISTORY, "what",
                          xd_label_in(&computed->field.label, cx->lang)),
        .query_text = xd_field_said(&r->page, computed->a, r->body, 0).text,
    };
    if (series.query_text.n == 0) {
        series.query_text = xd_type_plural(&r->page, type);
    }
    add_list(c, filter, c->looked, &series);
    xd_str log = xd_str_printf(cx->arena, "%s", "");
    const xd_fill fills[] = {
        {.hole = "since",
         .text = c->since == NULL ? (xd_str){0} : xd_label_in(&c->since->label, cx->lang)},
        {.hole = "log",      .text = log                                      },
        {.hole = "n", .text = number(cx,                                       c->undated)         },
    };
    series.note = xd_word_fill(
        cx->arena, cx->lang, c->since == NULL ? XD_W_COMPUTED_NOTE_UNDATED : XD_W_COMPUTED_NOTE,
        fills, XD_LEN(fills));
    if (c->since != NULL && c->looked <= XD_KIN_MOST) {
        draw(c, c->looked, &series);
    }
    if (c->units != NULL && type->division != NULL && !draw_units(c, &series)) {
        return false;
    }
    *xd_push(cx->arena, &view->series) = series;
    return true;
}
