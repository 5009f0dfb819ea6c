/* The home page: the register of one type as list, map, years, levels, cities and stories.
 *
 * What is shown comes from one ask with the chips' and the year's conditions, and from one
 * unconditional ask a level for the table. The page holds at most ROWS rows and marks; where
 * there are more, the controls ask the server instead of filtering in place. */
#include "web/page_home.h"

#define ROWS 300
#define CHIPS 9
#define DECADES 40
#define BAR_W 20
#define BAR_GAP 2
#define BARS_H 60

/* ---- asking -------------------------------------------------------------------------------- */

static bool read_conditions(xd_home_page *h)
{
    xd_ctx *cx = h->page.cx;
    const xd_request *request = h->page.request;

    if (!xd_ask_from(cx, h->page.app, request, h->type, false, &h->ask)) {
        return false;
    }
    h->ask.limit = ROWS;
    h->ask.cursor = (xd_str){0};
    h->has_until = xd_str_int(xd_param_get(request, XD_S("until")), &h->until) &&
                   h->until > -10000 && h->until < 10000;
    h->drop_unknown = xd_str_eq(xd_param_get(request, XD_S("unknown")), XD_S("0"));
    if (h->has_until) { /* records without a date match, as the years form says */
        h->ask.has_time = true;
        h->ask.time_from = XD_DAY_OPEN_START;
        h->ask.time_to = xd_day_of(h->until, 12, 31);
    }
    const xd_field *chips = h->page.site->home.chips;
    for (size_t i = 0; chips != NULL && i < request->n_params; i++) {
        if (xd_str_eq(request->params[i].name, chips->name)) {
            xd_query_add(cx, &h->page.query, chips->name, request->params[i].value);
        }
    }
    return true;
}

static bool run_asks(xd_home_page *h)
{
    xd_ctx *cx = h->page.cx;
    const xd_field *facets[4];
    size_t n = 0;

    if (!xd_ask_run(cx, h->page.snap, &h->ask, &h->answer)) {
        return false;
    }
    const xd_field *const wanted[] = {h->colour, h->type->time, h->page.site->home.chips};
    for (size_t i = 0; i < XD_LEN(wanted); i++) {
        if (wanted[i] != NULL && wanted[i]->facet != XD_FACET_NONE) {
            facets[n++] = wanted[i];
        }
    }
    const xd_ask all = {.type = h->type, .facets = facets, .n_facets = n, .lang = cx->lang};
    return xd_ask_run(cx, h->page.snap, &all, &h->all);
}

/* ---- list and map -------------------------------------------------------------------------- */

static bool add_row(xd_home_page *h, xd_hit hit, xd_spot *spots, size_t *n_spots)
{
    xd_ctx *cx = h->page.cx;
    const xd_json *body;
    int64_t rev;
    xd_view_row row;

    if (!xd_snap_body(cx, h->page.snap, hit.id, &body, &rev)) {
        return false;
    }
    if (body == NULL) {
        return true;
    }
    if (!xd_row_of(&h->page, h->type, hit.id, body, (xd_str){0}, &row)) {
        return false;
    }
    int32_t year = xd_body_year(h->type, body);
    if (h->drop_unknown && year == INT32_MIN) {
        return true;
    }
    *xd_push(cx->arena, &h->view.rows) = row;
    xd_spot *spot = &spots[*n_spots];
    if (xd_body_spot(&h->page, h->type, body, &spot->at, &spot->vague)) {
        spot->id = hit.id;
        spot->value = xd_field_term(h->colour, body);
        spot->year = year;
        spot->url = row.url;
        spot->title = row.name.text;
        if (spot->value != NULL && spot->value->colour == 0) {
            spot->name = row.name.text;
        }
        (*n_spots)++;
    }
    return true;
}

static bool add_rows(xd_home_page *h)
{
    xd_spot *spots = xd_new_n(h->page.cx->arena, xd_spot, ROWS);
    size_t n = 0;

    for (size_t i = 0; i < h->answer->n && i < ROWS; i++) {
        if (!add_row(h, h->answer->hits[i], spots, &n)) {
            return false;
        }
    }
    h->view.shown = h->view.rows.n;
    h->view.matched = h->answer->matched;
    h->view.everything = h->answer->matched <= ROWS;
    const xd_fill fills[] = {
        {.hole = "what", .text = h->view.type_label},
        {.hole = "n",    .number = (int64_t)n      }
    };
    h->view.map = xd_land_map(
        &h->page, false,
        xd_word_fill(h->page.cx->arena, h->page.cx->lang, XD_W_MAP_SAYS, fills, XD_LEN(fills)),
        spots, n);
    return true;
}

/* ---- chips and levels ---------------------------------------------------------------------- */

static void add_chips(xd_home_page *h)
{
    xd_ctx *cx = h->page.cx;
    const xd_field *field = h->page.site->home.chips;
    const xd_facet *facet = field == NULL ? NULL : xd_home_facet(h->all, field);
    xd_url root = xd_url_page(cx, "/");

    if (facet == NULL || facet->n == 0) {
        return;
    }
    h->view.chips_label = xd_label_in(&field->label, cx->lang);
    const xd_query bare = xd_query_without(cx, &h->page.query, field->name);
    *xd_push(cx->arena, &h->view.chips) = (xd_view_link){
        .label = xd_say(&h->page, XD_W_CHIPS_ALL),
        .url = xd_url_query(cx, root, &bare),
        .here = h->page.query.n == 0,
    };
    for (size_t i = 0; i < h->page.site->home.chip_terms.n && h->view.chips.n <= CHIPS; i++) {
        const xd_site_chip *chip = &h->page.site->home.chip_terms.at[i];
        uint64_t n = xd_home_count(facet, chip->term->code);
        if (n == 0) {
            continue;
        }
        xd_query query = xd_query_without(cx, &bare, field->name);
        xd_query_add(cx, &query, field->name, chip->term->code);
        *xd_push(cx->arena, &h->view.chips) = (xd_view_link){
            .label = xd_label_in(&chip->label, cx->lang),
            .url = xd_url_query(cx, root, &query),
            .hint = xd_str_printf(cx->arena, "%" PRIu64, n),
            .here = xd_query_has(&h->page.query, field->name, chip->term->code),
        };
    }
}

/* In the vocabulary's order, which is that of rank. */
static void add_levels(xd_home_page *h)
{
    xd_ctx *cx = h->page.cx;
    const xd_facet *facet = h->colour == NULL ? NULL : xd_home_facet(h->all, h->colour);
    const xd_vocabulary *vocabulary = h->colour == NULL ? NULL : h->colour->vocabulary;

    for (size_t i = 0; facet != NULL && i < vocabulary->n && h->view.levels.n < XD_HOME_LEVELS;
         i++) {
        const xd_term *term = &vocabulary->terms[i];
        xd_view_key key = xd_key_of(&h->page, term);
        xd_query query = {0};
        key.n = xd_home_count(facet, term->code);
        if (key.n > 0) {
            xd_query_add(cx, &query, h->colour->name, term->code);
            key.url = xd_url_query(cx, xd_url_type(cx, h->type), &query);
            *xd_push(cx->arena, &h->view.levels) = key;
        }
    }
}

/* ---- years --------------------------------------------------------------------------------- */

typedef struct decades {
    int64_t first; /* year the second bar begins in: all before share the first */
    size_t n;      /* bars, the first included */
    uint64_t count[DECADES];
    uint64_t unknown, most;
} decades;

static void count_decades(xd_home_page *h, const xd_facet *facet, decades *d)
{
    int64_t year, last = h->page.site->home.years_from;
    int step = h->type->time->facet_decades > 0 ? h->type->time->facet_decades : 10;

    d->first = h->page.site->home.years_from - h->page.site->home.years_from % step;
    for (size_t i = 0; i < facet->n; i++) {
        if (xd_str_int(facet->counts[i].code, &year) && year > last) {
            last = year;
        }
    }
    d->n = (size_t)((last - d->first) / step) + 2;
    if (d->n > DECADES) {
        d->first += (int64_t)(d->n - DECADES) * step;
        d->n = DECADES;
    }
    for (size_t i = 0; i < facet->n; i++) {
        if (!xd_str_int(facet->counts[i].code, &year)) {
            d->unknown += facet->counts[i].n;
            continue;
        }
        size_t bar = year < d->first ? 0 : (size_t)((year - d->first) / step) + 1;
        d->count[bar] += facet->counts[i].n;
    }
    d->most = 1;
    for (size_t i = 0; i < d->n; i++) {
        d->most = d->count[i] > d->most ? d->count[i] : d->most;
    }
}

/* The bar of the unknown may be far taller than any other: it is cut off, its number stands
 * beside it. */
static int bar_height(const decades *d, uint64_t n)
{
    uint64_t shown = n < d->most ? n : d->most;
    int h = (int)(shown * (BARS_H - 4) / d->most);
    return n > 0 && h < 3 ? 3 : h;
}

static void add_bar(xd_home_page *h, xd_view_years *years, const decades *d, size_t i, int step)
{
    int64_t from = d->first + ((int64_t)i - 1) * step;
    int height = bar_height(d, d->count[i]);
    const xd_fill fills[] = {
        {.hole = "from", .number = from                               },
        {.hole = "to",   .number = i == 0 ? d->first : from + step - 1},
        {.hole = "n",    .number = (int64_t)d->count[i]               },
    };
    *xd_push(h->page.cx->arena, &years->bars) = (xd_view_bar){
        .x = (int)i * BAR_W + BAR_GAP / 2,
        .y = BARS_H - height,
        .w = BAR_W - BAR_GAP,
        .h = height,
        .from = from,
        .title =
            xd_word_fill(h->page.cx->arena, h->page.cx->lang,
                         i == 0 ? XD_W_YEARS_BEFORE : XD_W_YEARS_BAR, fills, XD_LEN(fills)),
    };
}

static void add_years(xd_home_page *h)
{
    xd_ctx *cx = h->page.cx;
    const xd_facet *facet = h->type->time == NULL ? NULL : xd_home_facet(h->all, h->type->time);
    decades d = {0};

    if (facet == NULL || facet->n == 0) {
        return;
    }
    int step = h->type->time->facet_decades > 0 ? h->type->time->facet_decades : 10;
    count_decades(h, facet, &d);
    xd_view_years *years = xd_new(cx->arena, xd_view_years);
    years->min = d.first - step;
    years->max = d.first + (int64_t)(d.n - 1) * step;
    years->all = !h->has_until || h->until >= years->max;
    years->value = years->all ? years->max : h->until < years->min ? years->min : h->until;
    years->unknown = d.unknown;
    years->unknown_h = bar_height(&d, d.unknown);
    years->unknown_cut = d.unknown > d.most;
    years->unknown_y = BARS_H - years->unknown_h;
    years->keep_unknown = !h->drop_unknown;
    years->here = h->view.everything && !h->has_until && !h->drop_unknown;
    years->action = xd_url_page(cx, "/");
    years->width = (int)d.n * BAR_W;
    years->height = BARS_H;
    for (size_t i = 0; i < d.n; i++) {
        add_bar(h, years, &d, i, step);
    }
    for (size_t i = 0; i < d.n; i++) {
        *xd_push(cx->arena, &years->ticks) = (xd_view_tick){
            .text = i == 0 ? xd_say_n(&h->page, XD_W_YEARS_EARLIER, "to", d.first)
                    : i > 1 && i % 3 == 1 ? xd_str_printf(cx->arena, "%" PRId64,
                                                          d.first + ((int64_t)i - 1) * step)
                                          : (xd_str){0},
        };
    }
    for (size_t i = 0; i < h->page.query.n; i++) {
        *xd_push(cx->arena, &years->carried) = (xd_view_link){
            .label = h->page.query.at[i].name, .hint = h->page.query.at[i].value};
    }
    h->view.years = years;
}

/* ---- doors and the whole -------------------------------------------------------------------- */

static bool leads_somewhere(const xd_site_item *item, const uint64_t *counts)
{
    return item->door != NULL   ? xd_door_leads(item->door, counts)
           : item->type != NULL ? counts == NULL || counts[item->type->at] > 0
                                : item->page.n > 0;
}

static void add_doors(xd_home_page *h)
{
    xd_ctx *cx = h->page.cx;
    const uint64_t *counts = xd_page_counts(&h->page);
    for (size_t i = 0; i < h->page.site->home.doors.n; i++) {
        const xd_site_item *item = &h->page.site->home.doors.at[i];
        if (leads_somewhere(item, counts)) {
            *xd_push(cx->arena, &h->view.doors) = (xd_view_link){
                .label = xd_label_in(&item->label, cx->lang),
                .hint = xd_label_in(&item->hint, cx->lang),
                .url = xd_item_url(&h->page, item),
            };
        }
    }
}

/* "从*锈带*，到_秀带_" in its colours. */
static void add_title(xd_home_page *h)
{
    xd_str title = xd_label_in(&h->page.site->home.title, h->page.cx->lang), css = {0};
    size_t from = 0;

    for (size_t i = 0; i <= title.n; i++) {
        char c = i < title.n ? title.p[i] : '*';
        if (c != '*' && c != '_') {
            continue;
        }
        if (i > from) {
            *xd_push(h->page.cx->arena, &h->view.title) =
                (xd_view_part){.css = css, .text = xd_str_sub(title, from, i)};
        }
        css = css.n > 0 ? (xd_str){0} : c == '*' ? XD_S("hot") : XD_S("cool");
        from = i + 1;
    }
}

static bool fill(xd_home_page *h)
{
    xd_ctx *cx = h->page.cx;
    h->colour = xd_colour_field(h->type);
    h->view.type_label = xd_type_plural(&h->page, h->type);
    h->view.all = xd_url_type(cx, h->type);
    if (h->page.site->chart != NULL) {
        h->view.big_map = xd_url_page(cx, "/map");
    }
    xd_page_search(&h->page, &h->view.page, h->type);
    if (!read_conditions(h) || !run_asks(h) || !add_rows(h)) {
        return false;
    }
    add_chips(h);
    add_levels(h);
    add_years(h);
    return xd_home_cities(h) && xd_home_stories(h);
}

bool xd_page_home(xd_ctx *cx, const xd_app *app, const xd_request *request,
                  xd_response *response)
{
    xd_home_page h = {0};

    xd_page_begin(cx, app, request, response, &h.page);
    xd_page_frame(&h.page, (xd_str){0}, &h.view.page);
    xd_page_here(&h.page, &h.view.page, NULL, "home");
    h.view.intro = xd_label_in(&app->site->home.intro, cx->lang);
    h.type = app->site->home.type;
    add_title(&h);
    add_doors(&h);
    if (h.type != NULL && !fill(&h)) {
        return false;
    }
    xd_out out = xd_page_out(&h.page);
    xd_tmpl_home(&out, &h.view);
    return xd_page_send(&h.page);
}
