/* The whole land on one sheet: every type with records, by its parts. Different things are never
 * added up; what states no place, or has none, says so. /data/overview and …/overview.csv. */
#include "web/page.h"
#include "web/stats.h"

#define PARTS 40

typedef struct overview {
    xd_page page;
    const xd_term *parts[PARTS];
    size_t n;
    const uint64_t *counts;
} overview;

static void find_parts(overview *o)
{
    const xd_vocabulary *all = xd_model_divisions(o->page.app->model);
    const xd_term *region = o->page.site->region;
    for (size_t i = 0; all != NULL && region != NULL && i < all->n && o->n < PARTS; i++) {
        if (all->terms[i].parent == region && all->terms[i].valid_to.n == 0) {
            o->parts[o->n++] = &all->terms[i];
        }
    }
}

/* "合肥": names of parts without what goes without saying. */
static xd_str short_name(const overview *o, const xd_term *part)
{
    xd_str name = xd_label_in(&part->label, o->page.cx->lang);
    xd_str tail = o->page.site->map_short.in[o->page.cx->lang];
    return tail.n > 0 && name.n > tail.n && xd_str_ends(name, tail)
               ? xd_str_sub(name, 0, name.n - tail.n)
               : name;
}

static bool add_line(overview *o, const xd_type *type, xd_view_sheet_group *group)
{
    xd_ctx *cx = o->page.cx;
    const xd_field *const facets[] = {type->division};
    xd_ask ask = {.type = type, .lang = cx->lang};
    const xd_answer *answer;
    uint64_t most = 1;

    if (type->division != NULL) {
        ask.facets = (const xd_field **)facets;
        ask.n_facets = 1;
    }
    if (!xd_ask_run(cx, o->page.snap, &ask, &answer)) {
        return false;
    }
    const xd_facet *facet = answer->n_facets == 0 ? NULL : &answer->facets[0];
    xd_query query = {0};
    xd_query_add(cx, &query, XD_S("show"), XD_S("statistics"));
    xd_view_sheet_line *line = xd_push(cx->arena, &group->lines);
    *line = (xd_view_sheet_line){
        .label = xd_type_plural(&o->page, type),
        .url = xd_url_query(cx, xd_url_type(cx, type), &query),
        .n = answer->matched,
        .placeless = facet == NULL,
        .span = (int)o->n + 1,
    };
    for (size_t i = 0; facet != NULL && i <= o->n; i++) { /* the last: not stated */
        xd_view_sheet_cell *cell = xd_push(cx->arena, &line->cells);
        xd_str code = i < o->n ? o->parts[i]->code : (xd_str){0};
        *cell = (xd_view_sheet_cell){.css = XD_S("h0")};
        for (size_t k = 0; k < facet->n; k++) {
            cell->n += xd_str_eq(facet->counts[k].code, code) ? facet->counts[k].n : 0;
        }
        most = i < o->n && cell->n > most ? cell->n : most;
    }
    for (size_t i = 0; i + 1 < line->cells.n; i++) {
        uint64_t n = line->cells.at[i].n;
        line->cells.at[i].css =
            xd_str_printf(cx->arena, "h%d", n == 0 ? 0 : (int)((n * 4 + most - 1) / most));
    }
    return true;
}

static bool add_groups(overview *o, xd_view_overview *view)
{
    xd_ctx *cx = o->page.cx;
    const xd_site *site = o->page.site;
    for (size_t d = 0; d <= site->doors.n; d++) {
        const xd_site_door *door = d < site->doors.n ? site->doors.at[d] : NULL;
        xd_view_sheet_group group = {0};
        group.label = door == NULL ? xd_say(&o->page, XD_W_OVERVIEW_PARTS)
                                   : xd_label_in(&door->label, cx->lang);
        for (size_t i = 0; i < site->types.n; i++) {
            const xd_type *type = site->types.at[i].type;
            if (site->types.at[i].door != door) {
                continue;
            }
            if (o->counts[type->at] == 0) {
                xd_str name = xd_type_plural(&o->page, type);
                view->empty =
                    view->empty.n == 0
                        ? name
                        : xd_str_printf(cx->arena, XD_FMT "%s" XD_FMT, XD_ARG(view->empty),
                                        cx->lang == XD_ZH ? "、" : ", ", XD_ARG(name));
            } else if (!add_line(o, type, &group)) {
                return false;
            }
        }
        group.columns = (int)o->n + 3;
        if (group.lines.n > 0) {
            *xd_push(cx->arena, &view->groups) = group;
        }
    }
    return true;
}

static bool begin(xd_ctx *cx, const xd_app *app, const xd_request *request,
                  xd_response *response, overview *o)
{
    xd_page_begin(cx, app, request, response, &o->page);
    find_parts(o);
    o->counts = xd_page_counts(&o->page);
    if (o->n == 0) {
        return xd_fail(cx, XD_ABSENT, "the site names no region with parts");
    }
    return o->counts != NULL || xd_fail(cx, XD_BUSY, "the records could not be counted");
}

bool xd_page_overview(xd_ctx *cx, const xd_app *app, const xd_request *request,
                      xd_response *response)
{
    overview o = {0};
    xd_view_overview view = {0};
    if (!begin(cx, app, request, response, &o) || !add_groups(&o, &view)) {
        return false;
    }
    view.title = xd_say_s(&o.page, XD_W_OVERVIEW_TITLE, "region",
                          xd_label_in(&app->site->region->label, cx->lang));
    xd_page_frame(&o.page, view.title, &view.page);
    xd_page_here(&o.page, &view.page, NULL, "data/overview");
    xd_page_search(&o.page, &view.page, app->site->home.type);
    xd_page_more(&o.page, &view.page);
    view.page.searchable = true;
    xd_page_crumb(&o.page, &view.page, xd_say(&o.page, XD_W_DATA_TITLE),
                  xd_url_page(cx, "/data"));
    xd_page_crumb(&o.page, &view.page, view.title, (xd_url){0});
    view.as_of = xd_stats_as_of(&o.page);
    view.csv = xd_url_page(cx, "/data/overview.csv");
    view.address = xd_url_whole(cx, app->base_url, xd_url_page(cx, "/data/overview")).address;
    view.host = xd_site_setting(app, XD_S("host"));
    for (size_t i = 0; i < o.n; i++) {
        *xd_push(cx->arena, &view.parts) = short_name(&o, o.parts[i]);
    }
    xd_out out = xd_page_out(&o.page);
    xd_tmpl_overview(&out, &view);
    return xd_page_send(&o.page);
}

bool xd_page_overview_csv(xd_ctx *cx, const xd_app *app, const xd_request *request,
                          xd_response *response)
{
    overview o = {0};
    xd_view_overview view = {0};
    if (!begin(cx, app, request, response, &o) || !add_groups(&o, &view)) {
        return false;
    }
    xd_csv_begin(&o.page, XD_S("overview.csv"));
    XD_VEC(xd_str) cells = {0};
    *xd_push(cx->arena, &cells) = xd_say(&o.page, XD_W_STATS_VALUE);
    for (size_t i = 0; i < o.n; i++) {
        *xd_push(cx->arena, &cells) = xd_label_in(&o.parts[i]->label, cx->lang);
    }
    *xd_push(cx->arena, &cells) = xd_say(&o.page, XD_W_STATS_UNSTATED);
    *xd_push(cx->arena, &cells) = xd_say(&o.page, XD_W_STATS_ALL);
    *xd_push(cx->arena, &cells) = xd_say(&o.page, XD_W_STATS_WHEN);
    xd_csv_line(&response->body, cells.at, cells.n);
    for (size_t g = 0; g < view.groups.n; g++) {
        for (size_t i = 0; i < view.groups.at[g].lines.n; i++) {
            const xd_view_sheet_line *line = &view.groups.at[g].lines.at[i];
            cells.n = 0;
            *xd_push(cx->arena, &cells) = line->label;
            for (size_t k = 0; k <= o.n; k++) {
                *xd_push(cx->arena, &cells) =
                    k < line->cells.n
                        ? xd_str_printf(cx->arena, "%" PRIu64, line->cells.at[k].n)
                        : XD_S("");
            }
            *xd_push(cx->arena, &cells) = xd_str_printf(cx->arena, "%" PRIu64, line->n);
            *xd_push(cx->arena, &cells) = xd_stats_as_of(&o.page);
            xd_csv_line(&response->body, cells.at, cells.n);
        }
    }
    return xd_page_send(&o.page);
}
