/* /door/{name}: what stands behind one door of the menu, type by type, with how many there are and
 * a few of them; /door: all doors and everything behind them. Types without a public record are
 * named quietly at the end, with what one can do about it. */
#include "web/page.h"

#define SAMPLES 3

/* Records in force of time and rank: types with a level in their own order, which puts the highest
 * first; others the newest first. */
static bool add_samples(xd_page *page, const xd_type *type, xd_view_shelf *shelf)
{
    xd_ctx *cx = page->cx;
    const xd_sort by_time = {.field = type->time, .by = XD_SORT_FIELD, .descending = true};
    const xd_sort by_change = {.by = XD_SORT_UPDATED, .descending = true};
    xd_ask ask = {.type = type, .limit = SAMPLES, .lang = cx->lang};
    const xd_answer *answer;

    if (type->level == NULL) {
        ask.sorts = type->time != NULL ? &by_time : &by_change;
        ask.n_sorts = 1;
    }
    if (!xd_ask_run(cx, page->snap, &ask, &answer)) {
        return false;
    }
    for (size_t i = 0; i < answer->n; i++) {
        const xd_json *body;
        int64_t rev;
        xd_view_row row;
        if (!xd_snap_body(cx, page->snap, answer->hits[i].id, &body, &rev)) {
            return false;
        }
        if (body == NULL) {
            continue;
        }
        if (!xd_row_of(page, type, answer->hits[i].id, body, (xd_str){0}, &row)) {
            return false;
        }
        *xd_push(cx->arena, &shelf->rows) = row;
    }
    return true;
}

/* What its records are made of, each with a list of its own. */
static void add_parts(xd_page *page, const xd_type *type, const uint64_t *counts,
                      xd_view_shelf *shelf)
{
    xd_ctx *cx = page->cx;
    for (size_t i = 0; i < page->site->types.n; i++) {
        const xd_site_type *part = &page->site->types.at[i];
        if (part->type->parent == type && part->door == NULL && counts[part->type->at] > 0) {
            *xd_push(cx->arena, &shelf->parts) = (xd_view_link){
                .label = xd_type_plural(page, part->type),
                .url = xd_url_type(cx, part->type),
                .hint = xd_str_printf(cx->arena, "%" PRIu64, counts[part->type->at]),
            };
        }
    }
}

static bool add_shelf(xd_page *page, const xd_site_item *item, const uint64_t *counts,
                      bool samples, xd_view_door *view, xd_view_door_part *part)
{
    xd_ctx *cx = page->cx;
    const xd_type *type = item->type;
    xd_str label = xd_label_in(&item->label, cx->lang);

    if (type != NULL && counts[type->at] == 0) {
        xd_str anchor = xd_str_printf(cx->arena, "set-" XD_FMT, XD_ARG(type->path));
        xd_url data = xd_url_page(cx, "/data");
        data.address = xd_str_join(cx->arena, data.address, xd_url_anchor(cx, anchor).address);
        *xd_push(cx->arena, &view->empty) = (xd_view_link){.label = label, .url = data};
        return true;
    }
    xd_view_shelf shelf = {.label = label, .url = xd_item_url(page, item)};
    if (type != NULL) {
        shelf.id = xd_str_printf(cx->arena, "t%zu", type->at);
        shelf.count = xd_str_printf(cx->arena, "%" PRIu64, counts[type->at]);
        shelf.about = xd_label_in(&type->about, cx->lang);
        add_parts(page, type, counts, &shelf);
        if (samples && !add_samples(page, type, &shelf)) {
            return false;
        }
    } else {
        shelf.about = xd_label_in(&item->hint, cx->lang);
    }
    *xd_push(cx->arena, &part->shelves) = shelf;
    return true;
}

static bool add_part(xd_page *page, const xd_site_door *door, const uint64_t *counts,
                     bool samples, xd_view_door *view)
{
    xd_ctx *cx = page->cx;
    xd_view_door_part part = {
        .id = xd_str_printf(cx->arena, "d%zu", door->at),
        .label = xd_label_in(&door->label, cx->lang),
        .hint = xd_label_in(&door->hint, cx->lang),
        .url = xd_url_path(cx, cx->lang, "/door/{}", &door->name, 1),
    };
    for (size_t i = 0; i < door->items.n; i++) {
        if (!add_shelf(page, &door->items.at[i], counts, samples, view, &part)) {
            return false;
        }
    }
    if (part.shelves.n > 0 || samples) {
        *xd_push(cx->arena, &view->parts) = part;
    }
    return true;
}

static bool fill(xd_page *page, const xd_site_door *door, xd_view_door *view)
{
    const xd_site *site = page->site;
    const uint64_t *counts = xd_page_counts(page);
    if (counts == NULL) {
        return xd_fail(page->cx, XD_BUSY, "the records could not be counted");
    }
    for (size_t i = 0; i < site->doors.n; i++) {
        const xd_site_door *one = site->doors.at[i];
        if (xd_door_leads(one, counts) || one == door) {
            *xd_push(page->cx->arena, &view->doors) = (xd_view_link){
                .label = xd_label_in(&one->label, page->cx->lang),
                .url = xd_url_path(page->cx, page->cx->lang, "/door/{}", &one->name, 1),
                .here = one == door,
            };
        }
        if ((door == NULL || one == door) && !add_part(page, one, counts, one == door, view)) {
            return false;
        }
    }
    return true;
}

bool xd_page_door(xd_ctx *cx, const xd_app *app, const xd_request *request,
                  xd_response *response)
{
    xd_page page;
    xd_view_door view = {0};
    xd_str name = xd_route_part(cx, request, 0);
    const xd_site_door *door = xd_site_door_find(app->site, name);

    xd_page_begin(cx, app, request, response, &page);
    if ((name.n > 0 && door == NULL) || app->site->doors.n == 0) {
        return xd_fail(cx, XD_ABSENT, "no door " XD_FMT, XD_ARG(name));
    }
    view.all = door == NULL;
    view.label =
        door == NULL ? xd_say(&page, XD_W_DOOR_ALL) : xd_label_in(&door->label, cx->lang);
    view.hint =
        door == NULL ? xd_say(&page, XD_W_DOOR_ALL_HINT) : xd_label_in(&door->hint, cx->lang);
    view.everything = xd_url_page(cx, "/door");
    xd_page_frame(&page, view.label, &view.page);
    for (size_t i = 0; i < app->site->menu.n && i < view.page.menu.n; i++) {
        view.page.menu.at[i].here = door != NULL && app->site->menu.at[i].door == door;
    }
    xd_page_search(&page, &view.page, app->site->home.type);
    view.page.searchable = true;
    xd_page_more(&page, &view.page);
    view.page.description = view.hint;
    if (door != NULL) {
        xd_page_crumb(&page, &view.page, xd_say(&page, XD_W_DOOR_ALL), view.everything);
    }
    xd_page_crumb(&page, &view.page, view.label, (xd_url){0});
    if (!fill(&page, door, &view)) {
        return false;
    }
    xd_out out = xd_page_out(&page);
    xd_tmpl_door(&out, &view);
    return xd_page_send(&page);
}
