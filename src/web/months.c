#include "web/months.h"

#include "web/app_room.h"

int64_t xd_month_of(int32_t day)
{
    int64_t year;
    int month, d;
    xd_day_parts(day, &year, &month, &d);
    return year * 12 + month - 1;
}

xd_str xd_month_text(xd_ctx *cx, int64_t month)
{
    return xd_str_printf(cx->arena, "%04" PRId64 "-%02d", month / 12, (int)(month % 12) + 1);
}

/* What the log says; nothing where the condition is not for single bodies. */
static bool ask_log(xd_page *page, xd_kin *kin, xd_store **store, int64_t budget_us,
                    xd_months *m)
{
    xd_ctx *cx = page->cx;
    xd_buf name = {0};
    if (m->filter != NULL && !xd_cql_holds_takes(m->filter)) {
        return true;
    }
    xd_buf_add(&name, m->type->name);
    xd_buf_byte(&name, ' ');
    if (m->filter != NULL) {
        xd_cql_write_text(&name, m->filter);
    }
    xd_str key = xd_buf_copy(&name, cx->arena);
    xd_buf_free(&name);
    if ((*store != NULL || xd_app_store(cx, page->app, store)) &&
        xd_tally(cx, page->app->room->tallies, *store, kin->model, m->type, m->filter, key,
                 budget_us, &m->log)) {
        return true;
    }
    if (cx->err.code != XD_BUSY || (cx->deadline != 0 && xd_monotonic() > cx->deadline)) {
        return false;
    }
    (void)xd_err_take(cx); /* while the store is away the page does without */
    m->log = (xd_tally_answer){0};
    return true;
}

bool xd_months_begin(xd_page *page, xd_kin *kin, xd_store **store, const xd_computed *computed,
                     const xd_json *body, int64_t budget_us, xd_months *ret_months)
{
    xd_months m = {.now = xd_month_of(xd_today(page))};
    if (!xd_saved_query(page->cx, kin->model, computed, body, &m.type, &m.filter)) {
        return false;
    }
    if (m.type != NULL) {
        m.since = xd_saved_field(m.type, computed->since, body);
        m.until = xd_saved_field(m.type, computed->until, body);
        if (!ask_log(page, kin, store, budget_us, &m)) {
            return false;
        }
    }
    *ret_months = m;
    return true;
}

bool xd_months_counts(const xd_months *m, const xd_json *body, int64_t *ret_from,
                      int64_t *ret_to)
{
    xd_period began, ended;
    if (m->since == NULL || !xd_value_period(xd_value(m->since, body, 0), &began)) {
        return false;
    }
    if (m->since == m->type->in_force && began.from != XD_DAY_OPEN_START) {
        *ret_from =
            xd_month_of(began.from); /* it lasts; it is no day that is not known better */
        *ret_to = began.to == XD_DAY_OPEN_END ? INT64_MAX : xd_month_of(began.to);
        return true;
    }
    int32_t day = began.to == XD_DAY_OPEN_END ? began.from : began.to;
    if (day == XD_DAY_OPEN_START) {
        return false;
    }
    *ret_from = xd_month_of(day);
    *ret_to = INT64_MAX;
    if (m->until != NULL && xd_value_period(xd_value(m->until, body, 0), &ended) &&
        ended.from != XD_DAY_OPEN_START) {
        *ret_to = xd_month_of(ended.from) - 1;
    }
    return true;
}

xd_month xd_months_known(const xd_months *m, int64_t month, uint32_t by_dates, uint64_t live)
{
    int64_t at = month - m->log.first;
    bool read = m->log.n > 0 && at >= 0 && (m->log.whole || (size_t)at + 1 < m->log.n);
    if (month >= m->now) {
        return (xd_month){XD_MONTH_LIVE, (uint32_t)live};
    }
    if (read) { /* months after the last revision are as that left them */
        size_t last = (size_t)at < m->log.n ? (size_t)at : m->log.n - 1;
        return (xd_month){XD_MONTH_LOG, m->log.months[last]};
    }
    if (m->since == NULL || (m->log.n > 0 && at >= 0)) {
        return (xd_month){XD_MONTH_UNKNOWN, 0};
    }
    return (xd_month){XD_MONTH_DATES, by_dates};
}

/* ---- a few months --------------------------------------------------------------------------- */

typedef struct counting {
    xd_kin *kin;
    xd_months *m;
    const int64_t *at;
    uint32_t *by_dates;
    size_t n;
    uint64_t looked;
} counting;

static bool on_hit(xd_ctx *cx, void *user, xd_hit hit)
{
    counting *c = user;
    const xd_json *body;
    int64_t from, to;
    if (++c->looked > XD_KIN_MOST) {
        return true;
    }
    if (!xd_kin_body(cx, c->kin, hit.id, &body)) {
        return false;
    }
    if (body != NULL && !xd_months_counts(c->m, body, &from, &to)) {
        c->m->undated++;
    } else if (body != NULL) {
        for (size_t i = 0; i < c->n; i++) {
            c->by_dates[i] += c->at[i] >= from && c->at[i] <= to;
        }
    }
    return true;
}

bool xd_months_at(xd_page *page, xd_kin *kin, xd_months *m, const int64_t *at, size_t n,
                  xd_month *ret_list)
{
    xd_ctx *cx = page->cx;
    counting c = {.kin = kin, .m = m, .at = at, .n = n};
    const xd_ask ask = {.type = m->type, .filter = m->filter};
    c.by_dates = xd_new_n(cx->arena, uint32_t, n);
    if (!xd_ask_each(cx, kin->snap, &ask, on_hit, &c)) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        ret_list[i] = xd_months_known(m, at[i], c.by_dates[i], c.looked);
        if (c.looked > XD_KIN_MOST && ret_list[i].by == XD_MONTH_DATES) {
            ret_list[i] = (xd_month){XD_MONTH_UNKNOWN, 0};
        }
    }
    return true;
}
