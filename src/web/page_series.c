/* How a saved query's answer has changed, month by month, and how it falls to units.
 *
 * Where a month's figure is from is said in months.h; records without a date to count from are
 * said to be left out. */
#include "web/months.h"
#include "web/page_record.h"

#include <stdio.h>

#define MONTHS 60
#define WIDTH 600
#define HEIGHT 120
#define SMALL_W 120
#define SMALL_H 32
#define UNITS 80
#define LOG_US 300000 /* most time one page gives to reading the log on */

typedef struct unit_series {
    int64_t id; /* 0: no unit */
    uint32_t months[MONTHS];
    uint64_t live;
} unit_series;

typedef struct counting {
    xd_record_page *r;
    xd_kin *kin;
    xd_months m;
    const xd_type *units;
    int64_t first; /* month: year × 12 + month − 1 */
    uint32_t months[MONTHS];
    uint64_t undated, looked;
    XD_VEC(unit_series) by_unit;
} counting;

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
        if (!xd_kin_unit(cx, c->kin, c->units, c->m.type, body, &unit_id)) {
            return false;
        }
        unit = unit_of(cx, c, unit_id);
        unit->live++;
    }
    if (!xd_months_counts(&c->m, body, &from, &to)) {
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

/* The months told by one source as a line; from the last month of the source before it. */
static xd_str line_by(xd_ctx *cx, const xd_month *list, xd_month_by by, uint32_t top)
{
    uint32_t values[MONTHS];
    int from = MONTHS, to = 0;
    for (int m = 0; m < MONTHS; m++) {
        values[m] = list[m].n;
        bool ours = list[m].by == by || (by == XD_MONTH_LOG && list[m].by == XD_MONTH_LIVE);
        if (ours) {
            from = m < from ? m : from;
            to = m + 1;
        }
    }
    if (from > 0 && from < MONTHS && list[from - 1].by != XD_MONTH_UNKNOWN) {
        from--;
    }
    return path_of(cx, values, from, to, top, WIDTH, HEIGHT);
}

static void draw(const counting *c, uint64_t live, xd_view_series *view)
{
    static const xd_word_id words[] = {
        [XD_MONTH_UNKNOWN] = XD_W_COMPUTED_UNKNOWN,
        [XD_MONTH_DATES] = XD_W_COMPUTED_BY_DATES,
        [XD_MONTH_LOG] = XD_W_COMPUTED_BY_LOG,
        [XD_MONTH_LIVE] = XD_W_COMPUTED_BY_LIVE,
    };
    xd_ctx *cx = c->r->page.cx;
    xd_month list[MONTHS];
    uint32_t top = 0;
    int first = MONTHS - 1;
    for (int m = 0; m < MONTHS; m++) {
        list[m] = xd_months_known(&c->m, c->first + m, c->months[m], live);
        top = list[m].n > top ? list[m].n : top;
        first = m < first && list[m].by != XD_MONTH_UNKNOWN ? m : first;
    }
    view->width = WIDTH;
    view->height = HEIGHT;
    view->guessed = line_by(cx, list, XD_MONTH_DATES, top);
    view->logged = line_by(cx, list, XD_MONTH_LOG, top);
    view->dot = xd_str_printf(cx->arena, "M%d %.1fh.1", WIDTH - 4,
                              HEIGHT - 4 - (top == 0 ? 0 : (double)live * (HEIGHT - 10) / top));
    view->first = xd_month_text(cx, c->first);
    view->last = xd_month_text(cx, c->first + MONTHS - 1);
    view->top = number(cx, top);
    for (int m = MONTHS - 1; m >= first; m--) {
        *xd_push(cx->arena, &view->points) = (xd_view_point){
            .month = xd_month_text(cx, c->first + m),
            .value = list[m].by == XD_MONTH_UNKNOWN ? XD_S("—") : number(cx, list[m].n),
            .basis = xd_say(&c->r->page, words[list[m].by]),
        };
    }
    const xd_fill says[] = {
        {.hole = "first",    .text = xd_month_text(cx, c->first + first)},
        {.hole = "from",     .text = number(cx,        list[first].n)   },
        {.hole = "last",     .text = view->last      },
        {.hole = "to", .text = number(cx,                    live)                 },
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
        bool told = body != NULL && xd_kin_tells(c->units, body);
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

static void add_list(counting *c, uint64_t live, xd_view_series *view)
{
    xd_ctx *cx = c->r->page.cx;
    xd_query query = {0};
    xd_buf text = {0};
    if (c->m.filter != NULL) {
        xd_cql_write_text(&text, c->m.filter);
        xd_query_add(cx, &query, XD_S("filter"), xd_buf_copy(&text, cx->arena));
    }
    xd_buf_free(&text);
    *xd_push(cx->arena, &view->lists) = (xd_view_link){
        .label = xd_say(&c->r->page, XD_W_COMPUTED_ALL),
        .url = xd_url_query(cx, xd_url_type(cx, c->m.type), &query),
        .hint = number(cx, live),
    };
}

bool xd_record_series(xd_record_page *r, xd_kin *kin, const xd_computed *computed,
                      xd_view_computed *view)
{
    xd_ctx *cx = r->page.cx;
    counting *c = xd_new(cx->arena, counting);
    *c = (counting){.r = r, .kin = kin, .units = computed->units};
    if (!xd_months_begin(&r->page, kin, &r->store, computed, r->body, LOG_US, &c->m)) {
        return false;
    }
    if (c->m.type == NULL) {
        return true;
    }
    c->first = c->m.now - MONTHS + 1;
    const xd_type *type = c->m.type;
    const xd_ask ask = {.type = type, .filter = c->m.filter}, units = {.type = c->units};
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
    add_list(c, c->looked, &series);
    xd_str log = c->m.log.n == 0 ? XD_S("—") : xd_month_text(cx, c->m.log.first);
    const xd_fill fills[] = {
        {.hole = "since",
         .text = c->m.since == NULL ? (xd_str){0} : xd_label_in(&c->m.since->label, cx->lang)},
        {.hole = "log",      .text = log                                          },
        {.hole = "n", .text = number(cx,                                           c->undated)         },
    };
    series.note =
        xd_word_fill(cx->arena, cx->lang,
                     c->m.since == NULL ? XD_W_COMPUTED_NOTE_UNDATED : XD_W_COMPUTED_NOTE,
                     fills, XD_LEN(fills));
    if ((c->m.since != NULL || c->m.log.n > 0) && c->looked <= XD_KIN_MOST) {
        draw(c, c->looked, &series);
    }
    if (c->units != NULL && type->division != NULL && !draw_units(c, &series)) {
        return false;
    }
    *xd_push(cx->arena, &view->series) = series;
    return true;
}
