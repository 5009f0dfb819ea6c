/* The list of a type: search, filters, results as rows, table or beside a larger map. One address
 * says all of it, so a result can be sent to somebody. */
#include "web/page_list.h"
#include "web/lights.h"

#define PAGE_ROWS 24
#define PAGE_LINES 60
#define TABLE_COLUMNS 8
#define CELL_BYTES 400 /* a cell is cut long before */
#define SORTS 16
#define KEYS 7
#define ELSEWHERE 8 /* other lists named */
#define NEAR 5

/* ---- asking -------------------------------------------------------------------------------- */

static bool ask_list(xd_list_page *l)
{
    xd_ctx *cx = l->page.cx;
    if (!xd_ask_from(cx, l->page.app, l->page.request, l->type, false, &l->ask)) {
        return false;
    }
    l->ask.limit = l->view.as_rows ? PAGE_ROWS : PAGE_LINES;
    l->ask.facets = l->type->facets;
    l->ask.n_facets = l->type->n_facets;
    int order = xd_light_order(l->page.request, l->type);
    return order != 0 ? xd_light_run(cx, xd_list_kin(l), &l->ask, order, &l->answer)
                      : xd_ask_run(cx, l->page.snap, &l->ask, &l->answer);
}

/* How many meet all other conditions and state no validity. */
static bool count_undated(xd_list_page *l)
{
    xd_ctx *cx = l->page.cx;
    const xd_request *request = l->page.request;
    xd_query kept = {0};
    xd_request other = *request;
    const xd_answer *answer;
    const xd_cql *unstated;
    xd_cql *property = xd_new(cx->arena, xd_cql), *is_null = xd_new(cx->arena, xd_cql);
    const xd_cql **args = xd_new_n(cx->arena, const xd_cql *, 1);
    xd_ask ask;

    for (size_t i = 0; i < request->n_params; i++) {
        if (!xd_str_eq(request->params[i].name, XD_S("on")) &&
            !xd_str_eq(request->params[i].name, XD_S("cursor"))) {
            xd_query_add(cx, &kept, request->params[i].name, request->params[i].value);
        }
    }
    other.params = kept.at;
    other.n_params = kept.n;
    *property = (xd_cql){.op = XD_CQL_PROPERTY, .text = l->type->in_force->name};
    args[0] = property;
    *is_null = (xd_cql){.op = XD_CQL_IS_NULL, .args = args, .n = 1};
    if (!xd_ask_from(cx, l->page.app, &other, l->type, false, &ask) ||
        !xd_cql_check(cx, l->page.app->model, l->type, false, is_null, &unstated)) {
        return false;
    }
    ask.filter = xd_cql_and(cx->arena, ask.filter, unstated);
    ask.limit = 0;
    if (!xd_ask_run(cx, l->page.snap, &ask, &answer)) {
        return false;
    }
    l->view.undated = answer->matched;
    return true;
}

/* A day for which what was in force is listed. */
static bool add_on(xd_list_page *l)
{
    xd_str on = xd_param_get(l->page.request, XD_S("on"));
    int32_t day;
    l->view.dated = l->type->in_force != NULL;
    if (!l->view.dated) {
        return true;
    }
    for (size_t i = 0; i < l->page.query.n; i++) {
        const xd_param *p = &l->page.query.at[i];
        if (!xd_str_eq(p->name, XD_S("on"))) {
            *xd_push(l->page.cx->arena, &l->view.on_carried) =
                (xd_view_choice){.name = p->name, .value = p->value};
        }
    }
    l->view.on = xd_day_read(on, &day) ? on : (xd_str){0};
    return l->view.on.n == 0 || count_undated(l);
}

/* ---- results ------------------------------------------------------------------------------- */

static bool all_values(xd_page *page, const xd_field *field, const xd_json *body,
                       xd_str *ret_text)
{
    xd_buf text = {0};
    size_t n = xd_value_count(field, body);
    bool ok = true;
    for (size_t i = 0; ok && i < n && text.n < CELL_BYTES; i++) {
        xd_said said;
        ok = xd_value_said(page, field, xd_value(field, body, i), &said, NULL);
        if (i > 0) {
            xd_buf_add(&text, page->cx->lang == XD_ZH ? XD_S("；") : XD_S("; "));
        }
        xd_buf_add(&text, ok ? said.text : (xd_str){0});
    }
    *ret_text = xd_buf_copy(&text, page->cx->arena);
    xd_buf_free(&text);
    return ok;
}

bool xd_table_line(xd_page *page, const xd_type *type, int64_t id, const xd_json *body,
                   xd_view_table *table)
{
    xd_arena *arena = page->cx->arena;
    xd_view_line_of *line = xd_push(arena, &table->lines);
    xd_said title = xd_field_said(page, type->title, body, 0);

    *line = (xd_view_line_of){0};
    if (title.text.n == 0) {
        title.text = xd_body_title(page->cx, page->app->model, body);
    }
    *xd_push(arena, &line->cells) =
        (xd_view_value){.text = title, .url = xd_body_url(page, type, id, body)};
    for (size_t i = 0, n = 1; i < type->n_list && n < TABLE_COLUMNS; i++) {
        const xd_field *field = type->list[i];
        if (field != type->title && !field->hidden) {
            xd_said text = {0};
            if (!all_values(page, field, body, &text.text)) {
                return false;
            }
            *xd_push(arena, &line->cells) =
                (xd_view_value){.text = xd_said_cut(page, text, 60)};
            n++;
        }
    }
    return true;
}

xd_view_table *xd_table_of(xd_page *page, const xd_type *type, xd_str caption)
{
    xd_arena *arena = page->cx->arena;
    xd_view_table *table = xd_new(arena, xd_view_table);

    table->caption = caption;
    *xd_push(arena, &table->columns) = type->title != NULL
                                           ? xd_label_in(&type->title->label, page->cx->lang)
                                           : xd_label_in(&type->label, page->cx->lang);
    for (size_t i = 0; i < type->n_list && table->columns.n < TABLE_COLUMNS; i++) {
        if (type->list[i] != type->title && !type->list[i]->hidden) {
            *xd_push(arena, &table->columns) =
                xd_label_in(&type->list[i]->label, page->cx->lang);
        }
    }
    return table;
}

static xd_str lamp_text(xd_ctx *cx, const xd_view_lamp *lamp)
{
    return lamp->label.n == 0 ? (xd_str){0}
                              : xd_str_printf(cx->arena, XD_FMT " " XD_FMT, XD_ARG(lamp->sign),
                                              XD_ARG(lamp->label));
}

static bool add_results(xd_list_page *l)
{
    xd_ctx *cx = l->page.cx;
    xd_view_table *table = NULL;
    const xd_computed *light = xd_light_of(l->type);

    if (!l->view.as_rows && !l->view.as_map) {
        table = xd_table_of(&l->page, l->type, l->view.label);
    }
    if (table != NULL && light != NULL) {
        *xd_push(cx->arena, &table->columns) = xd_label_in(&light->field.label, cx->lang);
    }
    for (size_t i = 0; i < l->answer->n; i++) {
        const xd_json *body;
        int64_t rev, id = l->answer->hits[i].id;
        if (!xd_snap_body(cx, l->page.snap, id, &body, &rev)) {
            return false;
        }
        if (body == NULL) {
            continue;
        }
        xd_view_row row;
        if (!xd_row_of(&l->page, l->type, id, body, l->ask.q, &row)) {
            return false;
        }
        if (l->ask.q.n > 0 && l->view.as_rows &&
            !xd_row_why(&l->page, l->type, body, l->ask.q, &row)) {
            return false;
        }
        if (!xd_list_lamp(l, id, body, &row.lamp)) {
            return false;
        }
        *xd_push(cx->arena, &l->view.rows) = row;
        if (table != NULL && !xd_table_line(&l->page, l->type, id, body, table)) {
            return false;
        }
        if (table != NULL && light != NULL) {
            const xd_said said = {.text = lamp_text(cx, &row.lamp)};
            *xd_push(cx->arena, &table->lines.at[table->lines.n - 1].cells) =
                (xd_view_value){.text = said};
        }
    }
    l->view.table = table;
    l->view.matched = l->answer->matched;
    l->view.placeless = l->answer->placeless;
    l->view.shown = l->view.rows.n;
    return true;
}

/* The key to the marks that are there, in the vocabulary's order. */
static void add_keys(xd_list_page *l, const xd_dot *dots, size_t n)
{
    const xd_vocabulary *vocabulary = l->colour == NULL ? NULL : l->colour->vocabulary;
    for (size_t i = 0; vocabulary != NULL && i < vocabulary->n && l->view.keys.n < KEYS; i++) {
        bool there = false;
        for (size_t k = 0; k < n && !there; k++) {
            there = xd_str_eq(dots[k].value, vocabulary->terms[i].code);
        }
        if (there) {
            *xd_push(l->page.cx->arena, &l->view.keys) =
                xd_key_of(&l->page, &vocabulary->terms[i]);
        }
    }
}

/* Beside a table nothing is left for it: that takes the whole width. */
static bool add_map(xd_list_page *l)
{
    xd_ctx *cx = l->page.cx;
    const xd_dot *dots;
    size_t n;

    if (l->type->place == NULL || l->answer->matched == l->answer->placeless ||
        l->page.site->land == NULL) {
        return true;
    }
    if (!xd_ask_dots(cx, l->page.snap, &l->ask, l->colour, XD_MAP_SPOTS, &dots, &n)) {
        return false;
    }
    xd_spot *spots = xd_new_n(cx->arena, xd_spot, n > 0 ? n : 1);
    for (size_t i = 0; i < n; i++) {
        spots[i] = (xd_spot){
            .id = dots[i].id,
            .at = dots[i].at,
            .vague = dots[i].precision == XD_PRECISION_COUNTY,
            .value = l->colour == NULL || dots[i].value.n == 0
                         ? NULL
                         : xd_term_find(l->colour->vocabulary, dots[i].value),
            .year = dots[i].from_year,
            .url = xd_url_id(cx, l->type, dots[i].id, ""),
        };
        for (size_t k = 0; k < l->view.rows.n; k++) {
            if (l->view.rows.at[k].id == dots[i].id) {
                spots[i].title = l->view.rows.at[k].name.text;
                spots[i].url = l->view.rows.at[k].url;
                spots[i].name = l->answer->matched <= 12 ? spots[i].title : (xd_str){0};
            }
        }
    }
    const xd_fill fills[] = {
        {.hole = "what", .text = l->view.label},
        {.hole = "n",    .number = (int64_t)n }
    };
    l->placed = true;
    if (!l->view.as_rows && !l->view.as_map) {
        return true;
    }
    l->view.map = xd_land_map(
        &l->page, true, xd_word_fill(cx->arena, cx->lang, XD_W_MAP_SAYS, fills, XD_LEN(fills)),
        spots, n);
    add_keys(l, dots, n);
    return true;
}

/* ---- order, form, pages -------------------------------------------------------------------- */

static void add_sort(xd_list_page *l, xd_str value, xd_str label)
{
    if (l->view.sorts.n < SORTS) {
        *xd_push(l->page.cx->arena, &l->view.sorts) = (xd_view_choice){
            .value = value,
            .label = label,
            .on = xd_str_eq(value, xd_param_get(l->page.request, XD_S("sortby"))),
        };
    }
}

static void add_sorts(xd_list_page *l)
{
    xd_ctx *cx = l->page.cx;
    add_sort(
        l, XD_S(""),
        xd_say(&l->page, l->ask.q.n > 0 ? XD_W_LIST_SORT_RELEVANCE : XD_W_LIST_SORT_USUAL));
    for (size_t i = 0; i < l->type->n_fields; i++) {
        const xd_field *field = &l->type->fields[i];
        if (!field->sort || field->hidden || field->retired) {
            continue;
        }
        xd_str label = xd_label_in(&field->label, cx->lang);
        add_sort(l, field->name, label);
        if (field->kind == XD_KIND_PERIOD || field->kind == XD_KIND_NUMBER) {
            add_sort(l, xd_str_join(cx->arena, XD_S("-"), field->name),
                     xd_say_s(&l->page, XD_W_LIST_SORT_DOWN, "by", label));
        }
    }
    if (xd_light_of(l->type) != NULL) {
        const xd_field *light = &xd_light_of(l->type)->field;
        add_sort(l, light->name, xd_label_in(&light->label, cx->lang));
    }
    add_sort(l, XD_S("-updated"), xd_say(&l->page, XD_W_LIST_SORT_UPDATED));
    if (l->type->number.n > 0) {
        add_sort(l, XD_S("number"), xd_say(&l->page, XD_W_LIST_SORT_NUMBER));
    }
}

static void add_show(xd_list_page *l, xd_str value, xd_word_id label, bool here)
{
    xd_ctx *cx = l->page.cx;
    xd_query query = xd_query_without(cx, &l->page.query, XD_S("show"));
    if (value.n > 0) {
        xd_query_add(cx, &query, XD_S("show"), value);
    }
    *xd_push(cx->arena, &l->view.shows) = (xd_view_link){
        .label = xd_say(&l->page, label),
        .url = xd_url_query(cx, l->view.action, &query),
        .here = here,
    };
}

static void add_pages(xd_list_page *l)
{
    xd_ctx *cx = l->page.cx;
    if (xd_param_has(l->page.request, XD_S("cursor"))) {
        l->view.first = xd_url_query(cx, l->view.action, &l->page.query);
    }
    if (l->answer->next.n > 0) {
        xd_query next = xd_query_without(cx, &l->page.query, XD_S("cursor"));
        xd_query_add(cx, &next, XD_S("cursor"), l->answer->next);
        l->view.next = xd_url_query(cx, l->view.action, &next);
    }
    for (size_t i = 0; i < l->page.query.n; i++) {
        const xd_param *p = &l->page.query.at[i];
        if (!xd_str_eq(p->name, XD_S("q")) && !xd_str_eq(p->name, XD_S("sortby"))) {
            *xd_push(cx->arena, &l->view.carried) =
                (xd_view_choice){.name = p->name, .value = p->value};
        }
    }
}

static void add_downloads(xd_list_page *l)
{
    static const struct {
        const char *pattern;
        xd_word_id label;
    } formats[] = {
        {"/{}.csv",     XD_W_FORMAT_CSV    },
        {"/{}.xlsx",    XD_W_FORMAT_XLSX   },
        {"/{}.geojson", XD_W_FORMAT_GEOJSON},
        {"/{}.gpkg",    XD_W_FORMAT_GPKG   },
    };
    xd_ctx *cx = l->page.cx;
    const xd_query query = xd_query_without(cx, &l->page.query, XD_S("show"));
    for (size_t i = 0; i < XD_LEN(formats); i++) {
        xd_url url = xd_url_path(cx, cx->lang, formats[i].pattern, &l->type->path, 1);
        *xd_push(cx->arena, &l->view.downloads) = (xd_view_link){
            .label = xd_say(&l->page, formats[i].label),
            .url = xd_url_query(cx, url, &query),
        };
    }
    if (l->type->n_computed > 0 && l->answer->matched <= XD_LIGHTS_MOST) {
        xd_query computed = xd_query_without(cx, &query, XD_S("cursor"));
        xd_query_add(cx, &computed, XD_S("computed"), XD_S("true"));
        xd_url url = xd_url_path(cx, cx->lang, "/{}.xlsx", &l->type->path, 1);
        *xd_push(cx->arena, &l->view.downloads) =
            (xd_view_link){.label = xd_say(&l->page, XD_W_FORMAT_COMPUTED),
                           .url = xd_url_query(cx, url, &computed)};
    }
}

/* ---- other lists, and what to do when nothing is found -------------------------------------- */

static bool add_elsewhere(xd_list_page *l)
{
    xd_ctx *cx = l->page.cx;
    for (size_t i = 0;
         l->ask.q.n > 0 && i < l->page.site->types.n && l->view.elsewhere.n < ELSEWHERE; i++) {
        const xd_type *type = l->page.site->types.at[i].type;
        if (type == l->type || type->parent != NULL) {
            continue; /* parts of others are found with them */
        }
        const xd_ask ask = {.type = type, .q = l->ask.q, .lang = cx->lang};
        const xd_answer *answer;
        if (!xd_ask_run(cx, l->page.snap, &ask, &answer)) {
            return false;
        }
        if (answer->matched > 0) {
            xd_query query = {0};
            xd_query_add(cx, &query, XD_S("q"), l->ask.q);
            *xd_push(cx->arena, &l->view.elsewhere) = (xd_view_link){
                .label = xd_type_plural(&l->page, type),
                .url = xd_url_query(cx, xd_url_type(cx, type), &query),
                .hint = xd_str_printf(cx->arena, "%" PRIu64, answer->matched),
            };
        }
    }
    return true;
}

/* Most questions that find nothing are slips. */
static bool add_near(xd_list_page *l)
{
    xd_ctx *cx = l->page.cx;
    const xd_suggestion *list = NULL;
    size_t n = 0;

    if (!xd_suggest(cx, l->page.snap, l->type, l->ask.q, NEAR, cx->lang, &list, &n)) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        if (list[i].id != 0) {
            *xd_push(cx->arena, &l->view.near) = (xd_view_link){
                .label = list[i].text, .url = xd_url_id(cx, l->type, list[i].id, "")};
        }
    }
    return true;
}

static void add_advice(xd_list_page *l)
{
    xd_ctx *cx = l->page.cx;
    for (size_t i = 0; l->view.chips.n > 1 && i < l->view.chips.n; i++) {
        *xd_push(cx->arena, &l->view.advice) = (xd_view_link){
            .label = xd_say_s(&l->page, XD_W_LIST_DROP, "what", l->view.chips.at[i].label),
            .url = l->view.chips.at[i].url,
        };
    }
    for (size_t i = 0; i < l->view.elsewhere.n; i++) {
        const xd_view_link *other = &l->view.elsewhere.at[i];
        int64_t n = 0;
        (void)xd_str_int(other->hint, &n); /* we wrote the digits ourselves */
        const xd_fill fills[] = {
            {.hole = "type", .text = other->label},
            {.hole = "n",    .number = n         }
        };
        *xd_push(cx->arena, &l->view.advice) = (xd_view_link){
            .label =
                xd_word_fill(cx->arena, cx->lang, XD_W_LIST_SEARCH_IN, fills, XD_LEN(fills)),
            .url = other->url,
        };
    }
    *xd_push(cx->arena, &l->view.advice) = (xd_view_link){
        .label = xd_say_s(&l->page, XD_W_LIST_ALL, "type", l->view.label),
        .url = l->view.action,
    };
}

/* Where nobody has published anything: how one begins. */
static void add_beginning(xd_list_page *l)
{
    xd_ctx *cx = l->page.cx;
    *xd_push(cx->arena, &l->view.advice) = (xd_view_link){
        .label = xd_say_s(&l->page, XD_W_LIST_BARE_TABLE, "type", l->view.label),
        .url = xd_url_path(cx, cx->lang, "/data/{}", &l->type->path, 1),
    };
    *xd_push(cx->arena, &l->view.advice) = (xd_view_link){
        .label = xd_say(&l->page, XD_W_LIST_BARE_DOORS),
        .url = xd_url_page(cx, "/door"),
    };
}

static void say_found(xd_list_page *l)
{
    const xd_fill fills[] = {
        {.hole = "n", .number = (int64_t)l->answer->matched},
        {.hole = "q", .text = l->ask.q                     }
    };
    l->view.found = l->answer->matched == 0
                        ? xd_say(&l->page, XD_W_LIST_NONE)
                        : xd_word_fill(l->page.cx->arena, l->page.cx->lang,
                                       l->ask.q.n > 0 ? XD_W_LIST_FOUND_Q : XD_W_LIST_FOUND,
                                       fills, XD_LEN(fills));
}

static bool fill(xd_list_page *l)
{
    xd_str show = xd_param_get(l->page.request, XD_S("show"));

    l->view.as_map = xd_str_eq(show, XD_S("map"));
    bool stats = xd_str_eq(show, XD_S("statistics"));
    l->view.as_rows = !l->view.as_map && !stats && !xd_str_eq(show, XD_S("table"));
    xd_list_carry(l);
    if (!ask_list(l) || !add_on(l) ||
        (stats ? !xd_list_stats(l) : !add_results(l) || !add_map(l)) || !add_elsewhere(l) ||
        !xd_list_lights(l)) {
        return false;
    }
    xd_list_facets(l);
    xd_list_chips(l);
    add_sorts(l);
    add_show(l, (xd_str){0}, XD_W_LIST_AS_ROWS, l->view.as_rows);
    add_show(l, XD_S("table"), XD_W_LIST_AS_TABLE,
             !l->view.as_rows && !l->view.as_map && !stats);
    if (l->placed || l->view.as_map || (stats && l->type->place != NULL)) {
        add_show(l, XD_S("map"), XD_W_LIST_AS_MAP, l->view.as_map);
    }
    add_show(l, XD_S("statistics"), XD_W_LIST_AS_STATS, stats);
    l->view.shows.at[l->view.shows.n - 1].level = 1; /* brings a style sheet: loaded whole */
    if (stats) {
        xd_page_more(&l->page, &l->view.page);
    }
    l->view.matched = l->answer->matched;
    add_pages(l);
    add_downloads(l);
    if (l->answer->matched == 0) {
        l->view.only_words = l->ask.q.n > 0 && l->view.chips.n == 1;
        l->view.bare = l->ask.q.n == 0 && l->view.chips.n == 0 && l->view.on.n == 0;
        l->view.bare ? add_beginning(l) : add_advice(l);
        if (l->view.only_words && !add_near(l)) {
            return false;
        }
    }
    say_found(l);
    return true;
}

bool xd_page_list(xd_ctx *cx, const xd_app *app, const xd_request *request,
                  xd_response *response)
{
    xd_list_page l = {0};

    xd_page_begin(cx, app, request, response, &l.page);
    l.type = xd_type_by_path(app->model, xd_route_part(cx, request, 0));
    if (l.type == NULL) {
        return xd_fail(cx, XD_ABSENT, "no type at " XD_FMT, XD_ARG(request->path));
    }
    l.colour = xd_colour_field(l.type);
    l.view.label = xd_type_plural(&l.page, l.type);
    l.view.about = xd_label_in(&l.type->about, cx->lang);
    l.view.action = xd_url_type(cx, l.type);
    xd_page_frame(&l.page, l.view.label, &l.view.page);
    xd_page_here(&l.page, &l.view.page, l.type, NULL);
    xd_page_search(&l.page, &l.view.page, l.type);
    l.view.suggest = l.view.page.suggest;
    l.view.page.noindex = request->n_params > 0;
    if (l.view.about.n > 0) {
        l.view.page.description = l.view.about;
    }
    xd_page_crumb(&l.page, &l.view.page, l.view.label, (xd_url){0});
    if (!fill(&l)) {
        return false;
    }
    xd_out out = xd_page_out(&l.page);
    xd_tmpl_list(&out, &l.view);
    return xd_page_send(&l.page);
}
