/* A report put together: the form's parts in their order, headings numbered, gaps gathered. */
#include "web/report.h"

#include "web/page_record.h"

#include <stdio.h>

#define ROWS 2000 /* of one table */
#define EACH 400  /* records a part goes through */
#define NAMED 40  /* places a gap names */
#define LOG_US 3000000
#define YEARS 30

/* Whose block is being made: the record reported on, or one a part goes through. */
typedef struct whose {
    int64_t id;
    const xd_json *body;
    xd_str under; /* absent: the report's own */
    int level;    /* of headings here, from 1 */
} whose;

static bool add_part(xd_reporting *r, const xd_report_part *part, const whose *w);

/* ---- words ---------------------------------------------------------------------------------- */

/* 1 to 99. */
static xd_str han_number(xd_ctx *cx, int n)
{
    static const char *const digits[] = {"",   "一", "二", "三", "四",
                                         "五", "六", "七", "八", "九"};
    return xd_str_printf(cx->arena, "%s%s%s", n >= 20 ? digits[n / 10 % 10] : "",
                         n >= 10 ? "十" : "", digits[n % 10]);
}

/* 一、 （一） 1. as official papers number; 1, 1.1, 1.1.1 in English. */
static xd_str numbered(xd_reporting *r, int level, xd_str text)
{
    xd_ctx *cx = r->page.cx;
    int *n = r->numbers;
    n[level - 1]++;
    for (int i = level; i < 3; i++) {
        n[i] = 0;
    }
    if (cx->lang != XD_ZH) {
        return level == 1 ? xd_str_printf(cx->arena, "%d  " XD_FMT, n[0], XD_ARG(text))
               : level == 2
                   ? xd_str_printf(cx->arena, "%d.%d  " XD_FMT, n[0], n[1], XD_ARG(text))
                   : xd_str_printf(cx->arena, "%d.%d.%d  " XD_FMT, n[0], n[1], n[2],
                                   XD_ARG(text));
    }
    if (level == 3) {
        return xd_str_printf(cx->arena, "%d. " XD_FMT, n[2], XD_ARG(text));
    }
    xd_str number = han_number(cx, n[level - 1]);
    return level == 1
               ? xd_str_printf(cx->arena, XD_FMT "、" XD_FMT, XD_ARG(number), XD_ARG(text))
               : xd_str_printf(cx->arena, "（" XD_FMT "）" XD_FMT, XD_ARG(number),
                               XD_ARG(text));
}

static xd_str day_or(xd_reporting *r, int32_t day)
{
    return day == XD_DAY_OPEN_START || day == XD_DAY_OPEN_END
               ? xd_say(&r->page, XD_W_REPORT_OPEN)
               : xd_day_text(r->page.cx->arena, day);
}

/* {title} {year} {from} {to} {today} {left} in words of the form. */
static xd_str filled(xd_reporting *r, const xd_label *label)
{
    xd_ctx *cx = r->page.cx;
    const xd_fill fills[] = {
        {.hole = "title",    .text = r->view.name},
        {               .hole = "year", .number = r->year                    },
        {  .hole = "from",   .text = day_or(r,                       r->period.from)},
        {    .hole = "to",     .text = day_or(r,                         r->period.to)},
        { .hole = "today",         .text = xd_day_text(cx->arena,                             r->today)},
    };
    return xd_text_fill(cx->arena, xd_label_in(label, cx->lang), fills, XD_LEN(fills));
}

/* ---- blocks --------------------------------------------------------------------------------- */

static xd_view_report_block *push(xd_reporting *r, const xd_report_part *part, const whose *w)
{
    xd_view_report_block *block = xd_push(r->page.cx->arena, &r->view.blocks);
    *block = (xd_view_report_block){.part = part->at, .under = w->under};
    block->sheet = xd_label_in(&part->title, r->page.cx->lang);
    if (block->sheet.n == 0) {
        block->sheet = xd_label_in(&r->form->label, r->page.cx->lang);
    }
    return block;
}

static void heading(xd_reporting *r, const xd_report_part *part, const whose *w, xd_str text,
                    int level)
{
    xd_ctx *cx = r->page.cx;
    xd_view_report_block *block = push(r, part, w);
    block->text = numbered(r, level, text);
    block->first = level == 1;
    block->second = level == 2;
    block->third = level == 3;
    block->id = xd_str_printf(cx->arena, "s%zu", r->view.blocks.n);
    if (level == 1) {
        *xd_push(cx->arena, &r->view.toc) =
            (xd_view_link){.label = block->text, .url = xd_url_anchor(cx, block->id)};
    }
}

static void add_note(xd_reporting *r, const xd_report_part *part, const whose *w, xd_str text)
{
    if (text.n > 0) {
        xd_view_report_block *block = push(r, part, w);
        block->note = true;
        block->text = text;
    }
}

static void add_cell(xd_reporting *r, xd_view_report_row *row, xd_view_report_cell cell)
{
    *xd_push(r->page.cx->arena, &row->cells) = cell;
}

static void add_text(xd_reporting *r, xd_view_report_row *row, xd_str text)
{
    add_cell(r, row, (xd_view_report_cell){.text = text});
}

static void gap(xd_reporting *r, const xd_report_item *item, xd_str where)
{
    xd_report_missing(r, xd_label_in(&item->label, r->page.cx->lang), where);
}

static bool add_facts(xd_reporting *r, const xd_report_part *part, const whose *w)
{
    xd_ctx *cx = r->page.cx;
    xd_view_report_block block = {.pairs = true};
    for (size_t i = 0; i < part->items.n; i++) {
        const xd_report_item *item = &part->items.at[i];
        xd_view_report_row row = {0};
        xd_view_report_cell cell;
        if (!xd_report_cell(r, item, w->id, w->body, true, &cell)) {
            return false;
        }
        if (cell.missing) {
            gap(r, item, w->under.n > 0 ? w->under : r->view.name);
        }
        add_cell(
            r, &row,
            (xd_view_report_cell){.text = xd_label_in(&item->label, cx->lang), .label = true});
        add_cell(r, &row, cell);
        *xd_push(cx->arena, &block.rows) = row;
    }
    xd_view_report_block *to = push(r, part, w);
    block.part = to->part;
    block.under = to->under;
    block.sheet = to->sheet;
    *to = block;
    return true;
}

/* Long texts, a paragraph a value. */
static void add_words(xd_reporting *r, const xd_report_part *part, const whose *w)
{
    xd_ctx *cx = r->page.cx;
    for (size_t i = 0; i < part->items.n; i++) {
        const xd_report_item *item = &part->items.at[i];
        xd_view_report_block *block = push(r, part, w);
        size_t n = item->field == NULL ? 0 : xd_value_count(item->field, w->body);
        block->words = true;
        block->text = xd_label_in(&item->label, cx->lang);
        for (size_t k = 0; k < n; k++) {
            xd_view_report_row row = {0};
            add_text(r, &row, xd_field_said(&r->page, item->field, w->body, k).text);
            *xd_push(cx->arena, &block->rows) = row;
        }
        if (n == 0) {
            xd_view_report_row row = {0};
            xd_str none = xd_label_in(&item->none, cx->lang);
            add_cell(r, &row,
                     (xd_view_report_cell){
                         .text = none.n > 0 ? none : xd_say(&r->page, XD_W_REPORT_NONE),
                         .missing = true});
            *xd_push(cx->arena, &block->rows) = row;
            gap(r, item, w->under.n > 0 ? w->under : r->view.name);
        }
    }
}

static bool add_row(xd_reporting *r, const xd_report_part *part, const xd_report_set *set,
                    int64_t id, xd_view_report_block *block)
{
    xd_ctx *cx = r->page.cx;
    const xd_json *body;
    xd_view_report_row row = {0};
    if (!xd_kin_body(cx, &r->kin, id, &body)) {
        return false;
    }
    for (size_t k = 0; body != NULL && k < part->items.n; k++) {
        const xd_report_item *item = &part->items.at[k];
        xd_view_report_cell cell;
        if (!xd_report_cell(r, item, id, body, false, &cell)) {
            return false;
        }
        if (k == 0 && cell.url.address.n == 0) {
            cell.url = xd_body_url(&r->page, set->type, id, body);
        }
        if (cell.missing && item->must) {
            gap(r, item, xd_body_title(cx, r->kin.model, body));
        }
        add_cell(r, &row, cell);
    }
    if (row.cells.n > 0) {
        *xd_push(cx->arena, &block->rows) = row;
    }
    return true;
}

static bool add_table(xd_reporting *r, const xd_report_part *part, const whose *w)
{
    xd_ctx *cx = r->page.cx;
    xd_view_report_block block = {.table = true};
    int64_t *ids = NULL;
    size_t n = 0;
    if (!xd_report_gather(r, &part->set, w->id, &ids, &n)) {
        return false;
    }
    for (size_t k = 0; k < part->items.n; k++) {
        *xd_push(cx->arena, &block.columns) = xd_report_head(r, &part->items.at[k]);
    }
    for (size_t i = 0; i < n && i < ROWS; i++) {
        if (!xd_go_on(cx) || !add_row(r, part, &part->set, ids[i], &block)) {
            return false;
        }
    }
    block.none = xd_label_in(&part->none, cx->lang);
    if (block.none.n == 0) {
        block.none = xd_say(&r->page, XD_W_REPORT_NOTHING);
    }
    if (n == 0 && part->must) {
        xd_report_missing(r, xd_label_in(&part->title, cx->lang),
                          w->under.n > 0 ? w->under : r->view.name);
    }
    xd_view_report_block *to = push(r, part, w);
    block.part = to->part;
    block.under = to->under;
    block.sheet = to->sheet;
    block.text = w->under.n > 0 ? xd_label_in(&part->title, cx->lang) : (xd_str){0};
    *to = block;
    if (n > ROWS) {
        add_note(r, part, w, xd_say_n(&r->page, XD_W_REPORT_MORE, "n", (int64_t)(n - ROWS)));
    }
    return true;
}

static bool add_each(xd_reporting *r, const xd_report_part *part, const whose *w)
{
    xd_ctx *cx = r->page.cx;
    int64_t *ids = NULL;
    size_t n = 0;
    if (!xd_report_gather(r, &part->set, w->id, &ids, &n)) {
        return false;
    }
    for (size_t i = 0; i < n && i < EACH; i++) {
        whose one = {.id = ids[i], .level = w->level + 1};
        if (!xd_kin_body(cx, &r->kin, ids[i], &one.body)) {
            return false;
        }
        if (one.body == NULL) {
            continue;
        }
        one.under = xd_body_title(cx, r->kin.model, one.body);
        heading(r, part, &one, one.under, w->level > 3 ? 3 : w->level);
        for (size_t k = 0; k < part->parts.n; k++) {
            if (!add_part(r, part->parts.at[k], &one)) {
                return false;
            }
        }
    }
    if (n == 0) {
        xd_str none = xd_label_in(&part->none, cx->lang);
        add_note(r, part, w, none.n > 0 ? none : xd_say(&r->page, XD_W_REPORT_NOTHING));
    }
    return true;
}

static bool add_group(xd_reporting *r, const xd_report_part *part, const whose *w)
{
    for (size_t i = 0; i < part->parts.n; i++) {
        if (!add_part(r, part->parts.at[i], w)) {
            return false;
        }
    }
    return true;
}

/* A table under a record of many carries its title as its caption: no heading for each. */
static bool wants_heading(const xd_report_part *part, const whose *w)
{
    return part->title.in[XD_ZH].n > 0 && (w->under.n == 0 || part->show == XD_REPORT_GROUP);
}

static bool add_part(xd_reporting *r, const xd_report_part *part, const whose *w)
{
    whose inner = *w;
    bool ok = true;
    if (wants_heading(part, w)) {
        heading(r, part, w, filled(r, &part->title), w->level > 3 ? 3 : w->level);
        inner.level++;
    }
    switch (part->show) {
    case XD_REPORT_FACTS:
        ok = add_facts(r, part, w);
        break;
    case XD_REPORT_WORDS:
        add_words(r, part, w);
        break;
    case XD_REPORT_TABLE:
        ok = add_table(r, part, w);
        break;
    case XD_REPORT_EACH:
        ok = add_each(r, part, &inner);
        break;
    case XD_REPORT_TEXT:
        add_note(r, part, w, filled(r, &part->text));
        break;
    case XD_REPORT_MISSING:
        r->gaps_at = r->view.blocks.n;
        push(r, part, w)->table = true;
        break;
    case XD_REPORT_GROUP:
        ok = add_group(r, part, &inner);
        break;
    }
    if (ok) {
        add_note(r, part, w, filled(r, &part->note));
    }
    return ok;
}

/* ---- what is missing ------------------------------------------------------------------------ */

static void add_gaps(xd_reporting *r)
{
    xd_ctx *cx = r->page.cx;
    if (r->gaps_at == SIZE_MAX) {
        return;
    }
    xd_view_report_block *block = &r->view.blocks.at[r->gaps_at];
    static const xd_word_id heads[] = {XD_W_REPORT_GAP, XD_W_REPORT_GAP_N,
                                       XD_W_REPORT_GAP_WHERE};
    for (size_t i = 0; i < XD_LEN(heads); i++) {
        *xd_push(cx->arena, &block->columns) = xd_say(&r->page, heads[i]);
    }
    block->none = xd_say(&r->page, XD_W_REPORT_NO_GAP);
    for (size_t i = 0; i < r->gaps.n; i++) {
        const xd_report_gap *one = &r->gaps.at[i];
        xd_view_report_row row = {0};
        xd_buf names = {0};
        for (size_t k = 0; k < one->where.n && k < NAMED; k++) {
            xd_buf_add(&names, k == 0 ? XD_S("") : cx->lang == XD_ZH ? XD_S("；") : XD_S("; "));
            xd_buf_add(&names, one->where.at[k]);
        }
        if (one->where.n > NAMED) {
            xd_buf_add(&names, XD_S(" …"));
        }
        add_text(r, &row, one->label);
        add_cell(r, &row,
                 (xd_view_report_cell){.text = xd_str_printf(cx->arena, "%zu", one->where.n),
                                       .number = true});
        add_text(r, &row, xd_buf_copy(&names, cx->arena));
        xd_buf_free(&names);
        *xd_push(cx->arena, &block->rows) = row;
    }
}

/* ---- the whole ------------------------------------------------------------------------------ */

void xd_report_years(xd_ctx *cx, const xd_report_form *form, const xd_json *body, int32_t today,
                     int64_t *ret_first, int64_t *ret_last)
{
    xd_period runs;
    int64_t year;
    int month, day;
    (void)cx;
    *ret_first = 1;
    *ret_last = 0; /* none */
    xd_day_parts(today, &year, &month, &day);
    if (form->years == NULL || !xd_value_period(xd_value(form->years, body, 0), &runs) ||
        runs.from == XD_DAY_OPEN_START) {
        return;
    }
    xd_day_parts(runs.from, ret_first, &month, &day);
    *ret_last = year;
    if (runs.to != XD_DAY_OPEN_END && runs.to < today) {
        xd_day_parts(runs.to, ret_last, &month, &day);
    }
    if (*ret_last - *ret_first >= YEARS) {
        *ret_first = *ret_last - YEARS + 1;
    }
}

static int32_t first_day(int64_t year)
{
    int32_t day = 0;
    char iso[16];
    int n = snprintf(iso, sizeof iso, "%04d-01-01", (int)year);
    return xd_day_read((xd_str){iso, (size_t)n}, &day) ? day : 0;
}

static void set_period(xd_reporting *r)
{
    xd_period runs = {XD_DAY_OPEN_START, XD_DAY_OPEN_END};
    if (r->year != 0) {
        runs = (xd_period){first_day(r->year), first_day(r->year + 1) - 1};
    } else if (r->form->years == NULL ||
               !xd_value_period(xd_value(r->form->years, r->body, 0), &runs)) {
        runs = (xd_period){XD_DAY_OPEN_START, XD_DAY_OPEN_END};
    }
    r->period = runs;
}

static void add_closing(xd_reporting *r)
{
    static const xd_report_part none = {0};
    const whose own = {0};
    if (r->undated > 0) {
        add_note(r, &none, &own,
                 xd_say_n(&r->page, XD_W_REPORT_UNDATED, "n", (int64_t)r->undated));
    }
    if (r->unread) {
        add_note(r, &none, &own, xd_say(&r->page, XD_W_REPORT_UNREAD));
    }
    if (r->kin.derive.cut_short) {
        add_note(r, &none, &own, xd_say(&r->page, XD_W_COMPUTED_CUT));
    }
}

/* The form may part the title into lines. */
static void set_title(xd_reporting *r)
{
    xd_ctx *cx = r->page.cx;
    xd_str text = filled(r, r->year != 0 ? &r->form->year_title : &r->form->title), line;
    while (xd_str_cut(&text, '\n', &line)) {
        r->view.title = r->view.title.n == 0
                            ? line
                            : xd_str_printf(cx->arena, XD_FMT " " XD_FMT, XD_ARG(r->view.title),
                                            XD_ARG(line));
        *xd_push(cx->arena, &r->view.lines) = line;
    }
}

bool xd_report_make(xd_reporting *r)
{
    xd_ctx *cx = r->page.cx;
    r->today = xd_today(&r->page);
    r->sample = xd_body_sample(r->form->type, r->body);
    r->counts = xd_map_make(cx->arena);
    r->gaps_at = SIZE_MAX;
    r->log_until = xd_monotonic() + LOG_US;
    xd_kin_begin(cx, r->page.app->model, r->page.snap, r->today, &r->kin);
    set_period(r);
    r->view.name = xd_body_title(cx, r->kin.model, r->body);
    set_title(r);
    const xd_fill fills[] = {
        {.hole = "from",  .text = day_or(r,              r->period.from)},
        {.hole = "to",    .text = day_or(r,              r->period.to)  },
        {.hole = "today", .text = xd_day_text(cx->arena, r->today)      },
    };
    r->view.subtitle =
        xd_word_fill(cx->arena, cx->lang,
                     r->period.from == XD_DAY_OPEN_START && r->period.to == XD_DAY_OPEN_END
                         ? XD_W_REPORT_AS_OF
                         : XD_W_REPORT_PERIOD,
                     fills, XD_LEN(fills));
    const whose own = {.id = r->id, .body = r->body, .level = 1};
    for (size_t i = 0; i < r->form->parts.n; i++) {
        if (!add_part(r, r->form->parts.at[i], &own)) {
            return false;
        }
    }
    add_closing(r);
    add_gaps(r);
    return true;
}
