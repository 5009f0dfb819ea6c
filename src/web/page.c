#include "web/page.h"

#include "base/log.h"
#include "web/markdown.h"

#define CHINA_US ((int64_t)8 * 3600 * 1000000) /* dates are read in China's time */

/* ---- larger text ---------------------------------------------------------------------------
 * ?view=elder turns it on for this page and, by a cookie that says nothing else, for the next;
 * ?view=plain turns it off. Works without script; without cookies it lasts one page. */

static bool cookie_says(xd_str cookie, xd_str pair)
{
    xd_str item;
    while (cookie.n > 0 && xd_str_cut(&cookie, ';', &item)) {
        if (xd_str_eq(xd_str_trim(item), pair)) {
            return true;
        }
    }
    return false;
}

static bool wants_elder(xd_page *page)
{
    xd_str asked = xd_param_get(page->request, XD_S("view"));
    bool on = xd_str_eq(asked, XD_S("elder")), off = xd_str_eq(asked, XD_S("plain"));

    if (on || off) {
        xd_header_add(page->cx, page->response, XD_S("Set-Cookie"),
                      on ? XD_S("xd-view=elder; Path=/; Max-Age=31536000; SameSite=Lax")
                         : XD_S("xd-view=plain; Path=/; Max-Age=0; SameSite=Lax"));
        return on;
    }
    return cookie_says(page->request->cookie, XD_S("xd-view=elder"));
}

static xd_url elder_turn(xd_page *page, bool elder)
{
    xd_ctx *cx = page->cx;
    const xd_request *request = page->request;
    xd_request bare = *request;
    xd_query query = {0};

    bare.n_params = 0;
    for (size_t i = 0; request->method != XD_POST && i < request->n_params; i++) {
        if (!xd_str_eq(request->params[i].name, XD_S("view"))) {
            xd_query_add(cx, &query, request->params[i].name, request->params[i].value);
        }
    }
    xd_query_add(cx, &query, XD_S("view"), elder ? XD_S("plain") : XD_S("elder"));
    return xd_url_query(cx, xd_url_in(cx, &bare, cx->lang), &query);
}

/* ---- the frame ----------------------------------------------------------------------------- */

void xd_page_begin(xd_ctx *cx, const xd_app *app, const xd_request *request,
                   xd_response *response, xd_page *ret_page)
{
    cx->lang = request->lang;
    response->type = XD_S("text/html; charset=utf-8");
    *ret_page = (xd_page){
        .cx = cx,
        .app = app,
        .site = app->site,
        .request = request,
        .response = response,
        .snap = app->index == NULL ? NULL : xd_snap_open(cx, app->index),
    };
}

static void add_setting(xd_page *page, xd_view_page *view, xd_word_id label, xd_str name)
{
    *xd_push(page->cx->arena, &view->settings) = (xd_view_setting){
        .label = xd_say(page, label),
        .value = xd_site_setting(page->app, name),
    };
}

static void add_settings(xd_page *page, xd_view_page *view)
{
    add_setting(page, view, XD_W_SETTING_HOST, XD_S("host"));
    add_setting(page, view, XD_W_SETTING_SITE_CODE, XD_S("site_code"));
    add_setting(page, view, XD_W_SETTING_ICP, XD_S("icp"));
    add_setting(page, view, XD_W_SETTING_POLICE, XD_S("police"));
    add_setting(page, view, XD_W_SETTING_MAP_NUMBER, XD_S("map_number"));
    add_setting(page, view, XD_W_SETTING_CONTACT, XD_S("contact"));
}

static void add_foot(xd_page *page, xd_view_page *view)
{
    xd_ctx *cx = page->cx;
    for (size_t i = 0; i < page->site->about.n; i++) {
        const xd_site_item *item = &page->site->about.at[i];
        *xd_push(cx->arena, &view->foot) = (xd_view_link){
            .label = xd_label_in(&item->label, cx->lang),
            .url = xd_url_path(cx, cx->lang, "/about/{}", &item->page, 1),
        };
        if (xd_str_eq(item->page, XD_S("accessibility"))) {
            view->access = view->foot.at[view->foot.n - 1].url;
        }
    }
    if (page->site->doors.n > 0) {
        *xd_push(cx->arena, &view->foot) = (xd_view_link){
            .label = xd_say(page, XD_W_DOOR_ALL),
            .url = xd_url_page(cx, "/door"),
        };
    }
    *xd_push(cx->arena, &view->foot) = (xd_view_link){
        .label = xd_say(page, XD_W_FOOT_DATA),
        .url = xd_url_page(cx, "/data"),
    };
}

void xd_page_frame(xd_page *page, xd_str title, xd_view_page *ret_view)
{
    xd_ctx *cx = page->cx;
    const xd_app *app = page->app;
    xd_lang other = cx->lang == XD_ZH ? XD_EN : XD_ZH;
    xd_request bare = *page->request;
    xd_str site = xd_label_in(&page->site->name, cx->lang);

    bare.n_params = 0;
    *ret_view = (xd_view_page){
        .lang_tag = cx->lang == XD_ZH ? XD_S("zh-CN") : XD_S("en"),
        .title = title.n == 0 ? site
                              : xd_str_printf(cx->arena, XD_FMT " · " XD_FMT, XD_ARG(title),
                                              XD_ARG(site)),
        .site = site,
        .tagline = xd_label_in(&page->site->tagline, cx->lang),
        .service = xd_label_in(&page->site->service, cx->lang),
        .description = xd_label_in(&page->site->home.intro, cx->lang),
        .site_code = xd_site_setting(app, XD_S("site_code")),
        .source = xd_site_setting(app, XD_S("host")),
        .elder = wants_elder(page),
        .home = xd_url_page(cx, "/"),
        .feed = xd_url_page(cx, "/changes.atom"),
        .css = xd_url_asset(xd_asset_url(cx, app, XD_S("xiudai.css"))),
        .js = xd_url_asset(xd_asset_url(cx, app, XD_S("main.js"))),
        .icon = xd_url_asset(xd_asset_url(cx, app, XD_S("icon.svg"))),
        .canonical = xd_url_whole(cx, app->base_url, xd_url_in(cx, &bare, cx->lang)),
        .zh = xd_url_whole(cx, app->base_url, xd_url_in(cx, &bare, XD_ZH)),
        .en = xd_url_whole(cx, app->base_url, xd_url_in(cx, &bare, XD_EN)),
        .other = xd_url_in(cx, page->request, other),
        .other_name = xd_say(page, XD_W_OTHER_LANGUAGE),
        .other_tag = other == XD_ZH ? XD_S("zh-CN") : XD_S("en"),
        .q = xd_param_get(page->request, XD_S("q")),
    };
    if (xd_node_stale_since(app) != 0) {
        ret_view->stale = xd_node_when(cx, app);
    } else if (page->request->behind) {
        ret_view->behind = xd_node_when(cx, app);
    }
    ret_view->elder_turn = elder_turn(page, ret_view->elder);
    xd_header_add(cx, page->response, XD_S("Vary"), XD_S("Accept-Encoding, Cookie"));
    xd_page_menu(page, ret_view);
    add_settings(page, ret_view);
    add_foot(page, ret_view);
}

void xd_page_more(xd_page *page, xd_view_page *view)
{
    view->more = xd_url_asset(xd_asset_url(page->cx, page->app, XD_S("more.css")));
}

void xd_page_crumb(xd_page *page, xd_view_page *view, xd_str label, xd_url url)
{
    if (view->crumbs.n == 0) {
        *xd_push(page->cx->arena, &view->crumbs) = (xd_view_link){
            .label = xd_say(page, XD_W_NAV_HOME),
            .url = xd_url_page(page->cx, "/"),
        };
    }
    *xd_push(page->cx->arena, &view->crumbs) =
        (xd_view_link){.label = label, .url = url, .here = url.address.n == 0};
}

void xd_page_search(xd_page *page, xd_view_page *view, const xd_type *type)
{
    if (type == NULL) {
        return;
    }
    view->search = xd_url_type(page->cx, type);
    view->suggest =
        xd_url_path(page->cx, page->cx->lang, "/api/collections/{}/suggest", &type->path, 1);
}

xd_out xd_page_out(xd_page *page)
{
    return (xd_out){.b = &page->response->body, .lang = page->cx->lang};
}

bool xd_page_send(xd_page *page)
{
    if (page->response->body.failed) {
        return xd_fail(page->cx, XD_LIMIT, "a page larger than its buffer");
    }
    return true;
}

/* ---- words --------------------------------------------------------------------------------- */

xd_str xd_say(const xd_page *page, xd_word_id word)
{
    return xd_word(page->cx->lang, word);
}

xd_str xd_say_n(const xd_page *page, xd_word_id word, const char *hole, int64_t n)
{
    const xd_fill fill = {.hole = hole, .number = n};
    return xd_word_fill(page->cx->arena, page->cx->lang, word, &fill, 1);
}

xd_str xd_say_s(const xd_page *page, xd_word_id word, const char *hole, xd_str text)
{
    const xd_fill fill = {.hole = hole, .text = text.p != NULL ? text : XD_S("")};
    return xd_word_fill(page->cx->arena, page->cx->lang, word, &fill, 1);
}

xd_str xd_type_plural(const xd_page *page, const xd_type *type)
{
    xd_str plural = xd_label_in(&type->plural, page->cx->lang);
    return plural.n > 0 ? plural : xd_label_in(&type->label, page->cx->lang);
}

xd_str xd_day(const xd_page *page, int64_t time_us)
{
    return xd_str_sub(xd_time_text(page->cx->arena, time_us + CHINA_US), 0, 10);
}

bool xd_cql_equals(xd_page *page, const xd_type *type, xd_str field, xd_str code,
                   const xd_cql **ret_filter)
{
    xd_arena *arena = page->cx->arena;
    xd_cql *equals = xd_new(arena, xd_cql), *sides = xd_new_n(arena, xd_cql, 2);
    const xd_cql **args = xd_new_n(arena, const xd_cql *, 2);

    sides[0] = (xd_cql){.op = XD_CQL_PROPERTY, .text = field};
    sides[1] = (xd_cql){.op = XD_CQL_TEXT, .text = code};
    args[0] = &sides[0];
    args[1] = &sides[1];
    *equals = (xd_cql){.op = XD_CQL_EQ, .args = args, .n = 2};
    return xd_cql_check(page->cx, page->app->model, type, false, equals, ret_filter);
}

/* ---- reading a body ------------------------------------------------------------------------ */

xd_said xd_field_said(const xd_page *page, const xd_field *field, const xd_json *body, size_t i)
{
    const xd_json *value = field == NULL ? NULL : xd_value(field, body, i);
    xd_said said = {0};

    if (value != NULL && (field->kind == XD_KIND_TEXT || field->kind == XD_KIND_MARKDOWN)) {
        said.text = xd_value_lang(value, xd_lang_tag[page->cx->lang], &said.lang);
        if (xd_str_eq(said.lang, xd_lang_tag[page->cx->lang])) {
            said.lang = (xd_str){0};
        }
        if (field->kind == XD_KIND_MARKDOWN) {
            said.text = xd_markdown_plain(page->cx, said.text);
        }
    } else if (value != NULL) {
        said.text = xd_value_text(page->cx, page->app->model, field, value);
    }
    return said;
}

const xd_term *xd_field_term(const xd_field *field, const xd_json *body)
{
    if (field == NULL || field->vocabulary == NULL) {
        return NULL;
    }
    xd_str code = xd_json_str(xd_value(field, body, 0));
    return code.n == 0 ? NULL : xd_term_find(field->vocabulary, code);
}

xd_view_key xd_key_of(const xd_page *page, const xd_term *term)
{
    if (term == NULL) {
        return (xd_view_key){.css = XD_S("cn circle"), .shape = XD_S("circle")};
    }
    return (xd_view_key){
        .css = xd_term_css(page->cx, term),
        .shape = xd_term_shape(term),
        .label = xd_label_in(&term->label, page->cx->lang),
    };
}

xd_str xd_sample_word(const xd_page *page, const xd_type *type, const xd_json *body)
{
    const xd_state *state = xd_state_find(type->flow, xd_json_get_str(body, XD_S("state")));
    return state == NULL || !state->sample ? (xd_str){0}
                                           : xd_label_in(&state->label, page->cx->lang);
}

int32_t xd_today(const xd_page *page)
{
    return (int32_t)((xd_now(page->cx) + CHINA_US) / INT64_C(86400000000));
}

bool xd_body_unsure(const xd_json *body)
{
    return !xd_str_eq(xd_json_get_str(body, XD_S("confidence")), XD_S("high"));
}

int32_t xd_body_year(const xd_type *type, const xd_json *body)
{
    xd_period period;
    int64_t from, to;

    if (type->time == NULL || !xd_value_period(xd_value(type->time, body, 0), &period)) {
        return INT32_MIN;
    }
    xd_period_years(period, &from, &to);
    return from < -100000 || from > 100000 ? INT32_MIN : (int32_t)from;
}

xd_str xd_body_place(const xd_page *page, const xd_type *type, const xd_json *body)
{
    xd_str code =
        type->division == NULL ? (xd_str){0} : xd_json_str(xd_value(type->division, body, 0));
    return code.n == 0 ? code : xd_division_text(page->cx, page->app->model, code);
}

bool xd_body_spot(xd_page *page, const xd_type *type, const xd_json *body, xd_pos *ret_at,
                  bool *ret_vague)
{
    const xd_json *value = type->place == NULL ? NULL : xd_value(type->place, body, 0);
    const xd_geom *geom = NULL;

    if (value == NULL || xd_value_precision(value) == XD_PRECISION_NONE) {
        return false;
    }
    if (!xd_value_geom(page->cx, value, &geom) || geom == NULL ||
        !xd_geom_anchor(page->cx, geom, ret_at)) {
        (void)xd_err_take(
            page->cx); /* what cannot be drawn is left off the map, not the page */
        return false;
    }
    *ret_vague = xd_value_precision(value) == XD_PRECISION_COUNTY;
    return true;
}

xd_url xd_body_url(const xd_page *page, const xd_type *type, int64_t id, const xd_json *body)
{
    xd_str number = xd_json_get_str(body, XD_S("number"));
    return number.n > 0 ? xd_url_record(page->cx, type, number, "")
                        : xd_url_id(page->cx, type, id, "");
}

const xd_field *xd_colour_field(const xd_type *type)
{
    if (type->level != NULL && type->level->vocabulary != NULL) {
        return type->level;
    }
    for (size_t i = 0; i < type->n_fields; i++) {
        if (type->fields[i].colour && type->fields[i].vocabulary != NULL &&
            !type->fields[i].hidden) {
            return &type->fields[i];
        }
    }
    return NULL;
}

/* ---- rows ---------------------------------------------------------------------------------- */

xd_said xd_said_cut(const xd_page *page, xd_said text, size_t n)
{
    size_t at = 0, count = 0;
    while (at < text.text.n && count < n) {
        (void)xd_utf8_next(text.text, &at); /* malformed bytes count one, as elsewhere */
        count++;
    }
    if (at < text.text.n) {
        text.text = xd_str_join(page->cx->arena, xd_str_sub(text.text, 0, at), XD_S("…"));
    }
    return text;
}

bool xd_marks_of(xd_page *page, xd_str q, xd_said text, const xd_view_marks **ret_marks)
{
    xd_arena *arena = page->cx->arena;
    xd_view_marks *marks = xd_new(arena, xd_view_marks);
    const xd_range *ranges = NULL;
    size_t n = 0, at = 0;

    marks->lang = text.lang;
    if (q.n > 0 && !xd_highlight(page->cx, q, text.text, &ranges, &n)) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        if (ranges[i].from > at) {
            *xd_push(arena, &marks->parts) =
                (xd_view_mark){.text = xd_str_sub(text.text, at, ranges[i].from)};
        }
        *xd_push(arena, &marks->parts) = (xd_view_mark){
            .text = xd_str_sub(text.text, ranges[i].from, ranges[i].to), .hit = true};
        at = ranges[i].to;
    }
    if (at < text.text.n) {
        *xd_push(arena, &marks->parts) =
            (xd_view_mark){.text = xd_str_sub(text.text, at, text.text.n)};
    }
    *ret_marks = marks;
    return true;
}

bool xd_value_said(xd_page *page, const xd_field *field, const xd_json *value,
                   xd_said *ret_said, xd_url *ret_url)
{
    xd_ctx *cx = page->cx;
    int64_t id = field->kind == XD_KIND_LINK ? xd_json_get_int(value, XD_S("id"), 0) : 0, rev;
    const xd_json *body = NULL;

    if (id != 0 && !xd_snap_body(cx, page->snap, id, &body, &rev)) {
        return false;
    }
    const xd_type *type = body == NULL ? NULL : xd_body_type(page->app->model, body);
    *ret_said = (xd_said){0};
    if (type == NULL) {
        ret_said->text = xd_value_text(cx, page->app->model, field, value);
        return true;
    }
    *ret_said = xd_field_said(page, type->title, body, 0);
    if (ret_said->text.n == 0) {
        ret_said->text = xd_body_title(cx, page->app->model, body);
    }
    if (ret_url != NULL) {
        *ret_url = xd_body_url(page, type, id, body);
    }
    return true;
}

/* What sort of thing it is, or whose, in a word or two: the first list column that is a term and
 * no level, or a link. */
static bool kind_of(xd_page *page, const xd_type *type, const xd_json *body, xd_str *ret_kind)
{
    for (size_t i = 0; i < type->n_list; i++) {
        const xd_field *field = type->list[i];
        const xd_json *value = xd_value(field, body, 0);
        bool told = field->kind == XD_KIND_TERM || field->kind == XD_KIND_LINK;
        if (told && field != type->level && !field->hidden && value != NULL) {
            xd_said said;
            if (!xd_value_said(page, field, value, &said, NULL)) {
                return false;
            }
            *ret_kind = said.text;
            return true;
        }
    }
    return true;
}

xd_str xd_time_said(xd_page *page, const xd_type *type, const xd_json *body)
{
    const xd_json *time = type->time == NULL ? NULL : xd_value(type->time, body, 0);
    if (time == NULL) {
        return (xd_str){0};
    }
    const xd_fill fills[] = {
        {.hole = "when", .text = xd_value_text(page->cx, page->app->model, type->time, time)},
        {.hole = "what",         .text = xd_label_in(&type->time->label,                                       page->cx->lang)                                         },
    };
    return xd_word_fill(page->cx->arena, page->cx->lang, XD_W_ROW_TIME, fills, XD_LEN(fills));
}

bool xd_row_of(xd_page *page, const xd_type *type, int64_t id, const xd_json *body, xd_str q,
               xd_view_row *ret_row)
{
    xd_ctx *cx = page->cx;
    const xd_model *model = page->app->model;
    xd_said title = xd_field_said(page, type->title, body, 0);
    xd_said summary = xd_said_cut(page, xd_field_said(page, type->summary, body, 0), 160);
    int32_t year = xd_body_year(type, body);

    if (title.text.n == 0) {
        title.text = xd_body_title(cx, model, body);
    }
    xd_view_row row = {
        .id = id,
        .url = xd_body_url(page, type, id, body),
        .name = title,
        .key = xd_key_of(page, xd_field_term(xd_colour_field(type), body)),
        .place = xd_body_place(page, type, body),
        .time = xd_time_said(page, type, body),
        .number = xd_json_get_str(body, XD_S("number")),
        .unsure = xd_body_unsure(body),
        .sample = xd_sample_word(page, type, body),
    };
    if (year != INT32_MIN) {
        row.year = xd_str_printf(cx->arena, "%" PRId32, year);
    }
    if (!kind_of(page, type, body, &row.kind) || !xd_marks_of(page, q, title, &row.title) ||
        (summary.text.n > 0 && !xd_marks_of(page, q, summary, &row.summary))) {
        return false;
    }
    *ret_row = row;
    return true;
}

/* ---- maps ---------------------------------------------------------------------------------- */

void xd_map_credit(xd_page *page, xd_view_map *map)
{
    map->number = xd_site_setting(page->app, XD_S("map_number"));
    map->credit = xd_label_in(&page->site->map_credit, page->cx->lang);
}

void xd_map_relief(xd_page *page, const xd_frame *frame, xd_view_map *map)
{
    const xd_site *site = page->site;
    int x1, y1;
    if (site->relief.asset.n == 0) {
        return;
    }
    map->relief = xd_url_asset(xd_asset_url(page->cx, page->app, site->relief.asset));
    map->has_relief = map->relief.address.n > 0;
    xd_frame_put(frame, (xd_pos){site->relief.box.west, site->relief.box.north}, &map->relief_x,
                 &map->relief_y);
    xd_frame_put(frame, (xd_pos){site->relief.box.east, site->relief.box.south}, &x1, &y1);
    map->relief_w = x1 - map->relief_x;
    map->relief_h = y1 - map->relief_y;
}

const xd_view_map *xd_land_map(xd_page *page, bool narrow, xd_str says, const xd_spot *spots,
                               size_t n)
{
    const xd_site *site = page->site;
    if (site->land == NULL) {
        return NULL;
    }
    xd_view_map *map = xd_new(page->cx->arena, xd_view_map);
    const xd_frame *frame = narrow ? &site->narrow_frame : &site->frame;
    *map = narrow ? *site->narrow_land : *site->land;
    map->id = XD_S("map");
    map->says = says;
    xd_map_credit(page, map);
    xd_map_relief(page, frame, map);
    xd_map_spots(page->cx, frame, spots, n, map);
    xd_map_places(page->cx, site, page->app->model, frame, false, map);
    return map;
}
