/* Open data: what there is, in which forms, what its fields mean; templates to fill and a check
 * of filled ones. */
#include "web/page.h"

#define TERMS 8 /* spelt out beside a field */

static void add_link(xd_page *page, xd_view_links *links, xd_word_id label, xd_url url)
{
    *xd_push(page->cx->arena, links) = (xd_view_link){.label = xd_say(page, label), .url = url};
}

static void add_formats(xd_page *page, const xd_type *type, xd_view_dataset *set)
{
    xd_ctx *cx = page->cx;
    const xd_str *path = &type->path;
    add_link(page, &set->formats, XD_W_FORMAT_CSV,
             xd_url_path(cx, cx->lang, "/{}.csv", path, 1));
    add_link(page, &set->formats, XD_W_FORMAT_XLSX,
             xd_url_path(cx, cx->lang, "/{}.xlsx", path, 1));
    if (type->place != NULL) {
        add_link(page, &set->formats, XD_W_FORMAT_GEOJSON,
                 xd_url_path(cx, cx->lang, "/{}.geojson", path, 1));
        add_link(page, &set->formats, XD_W_FORMAT_GPKG,
                 xd_url_path(cx, cx->lang, "/{}.gpkg", path, 1));
        add_link(page, &set->formats, XD_W_FORMAT_SHP,
                 xd_url_path(cx, cx->lang, "/{}.zip", path, 1));
    }
    add_link(page, &set->interfaces, XD_W_DATA_API_ITEMS,
             xd_url_path(cx, cx->lang, "/api/collections/{}/items", path, 1));
    add_link(page, &set->interfaces, XD_W_DATA_API_QUERYABLES,
             xd_url_path(cx, cx->lang, "/api/collections/{}/queryables", path, 1));
    if (type->place != NULL) {
        add_link(page, &set->interfaces, XD_W_DATA_API_TILES,
                 xd_url_path(cx, cx->lang, "/api/collections/{}/tilejson", path, 1));
    }
    add_link(page, &set->templates, XD_W_DATA_TEMPLATE_ZH,
             xd_url_path(cx, XD_ZH, "/data/{}.xlsx", path, 1));
    add_link(page, &set->templates, XD_W_DATA_TEMPLATE_EN,
             xd_url_path(cx, XD_EN, "/data/{}.xlsx", path, 1));
}

/* What may stand there, where that is a short list; else what the list is called. */
static xd_str terms_of(xd_page *page, const xd_vocabulary *vocabulary)
{
    xd_ctx *cx = page->cx;
    xd_buf text = {0};
    size_t n = 0;
    for (size_t i = 0; i < vocabulary->n && n <= TERMS; i++) {
        const xd_term *term = &vocabulary->terms[i];
        if (!term->retired) {
            xd_buf_add(&text, n == 0 ? XD_S("") : cx->lang == XD_ZH ? XD_S("、") : XD_S(", "));
            xd_buf_add(&text, xd_label_in(&term->label, cx->lang));
            n++;
        }
    }
    xd_str all =
        n > TERMS ? xd_label_in(&vocabulary->label, cx->lang) : xd_buf_copy(&text, cx->arena);
    xd_buf_free(&text);
    return all;
}

static void add_fields(xd_page *page, const xd_type *type, xd_view_dataset *set)
{
    xd_ctx *cx = page->cx;
    for (size_t i = 0; i < type->n_fields; i++) {
        const xd_field *field = &type->fields[i];
        if (field->hidden || field->retired) {
            continue;
        }
        xd_str help = xd_label_in(&field->help, cx->lang);
        if (help.n == 0 && field->vocabulary != NULL) {
            help = terms_of(page, field->vocabulary);
        }
        *xd_push(cx->arena, &set->fields) = (xd_view_data_field){
            .name = field->name,
            .label = xd_label_in(&field->label, cx->lang),
            .kind = xd_kinds[field->kind].label[cx->lang],
            .help = help,
            .required = field->required,
        };
    }
}

static bool add_set(xd_page *page, const xd_type *type, xd_view_data_part *part,
                    xd_view_data *view)
{
    xd_ctx *cx = page->cx;
    const xd_sort newest = {.by = XD_SORT_UPDATED, .descending = true};
    const xd_ask ask = {
        .type = type, .limit = 1, .sorts = &newest, .n_sorts = 1, .lang = cx->lang};
    const xd_answer *answer;

    if (!xd_ask_run(cx, page->snap, &ask, &answer)) {
        return false;
    }
    xd_view_dataset *set = xd_push(cx->arena, &part->sets);
    *set = (xd_view_dataset){
        .id = xd_str_printf(cx->arena, "set-" XD_FMT, XD_ARG(type->path)),
        .label = xd_type_plural(page, type),
        .updated = answer->n == 0 ? (xd_str){0}
                                  : xd_day(page, xd_snap_time(page->snap, answer->hits[0].id)),
        .n = answer->matched,
        .more = xd_url_path(cx, cx->lang, "/data/{}", &type->path, 1),
    };
    add_formats(page, type, set);
    *xd_push(cx->arena, &view->types) = (xd_view_choice){
        .value = type->path,
        .label = set->label,
        .on = type == page->site->home.type,
    };
    return true;
}

/* Door by door, as the menu has them; parts of other records last. */
static bool add_sets(xd_page *page, xd_view_data *view)
{
    const xd_site *site = page->site;
    for (size_t d = 0; d <= site->doors.n; d++) {
        const xd_site_door *door = d < site->doors.n ? site->doors.at[d] : NULL;
        xd_view_data_part part = {
            .id = xd_str_printf(page->cx->arena, "door%zu", d),
            .label = door != NULL        ? xd_label_in(&door->label, page->cx->lang)
                     : site->doors.n > 0 ? xd_say(page, XD_W_OVERVIEW_PARTS)
                                         : xd_say(page, XD_W_DATA_SETS),
        };
        part.here = xd_url_anchor(page->cx, part.id);
        for (size_t i = 0; i < site->types.n; i++) {
            if (site->types.at[i].door == door &&
                !add_set(page, site->types.at[i].type, &part, view)) {
                return false;
            }
        }
        if (part.sets.n > 0) {
            *xd_push(page->cx->arena, &view->parts) = part;
        }
    }
    return true;
}

/* What a data set means, field by field, and how else to get it. */
bool xd_page_dataset(xd_ctx *cx, const xd_app *app, const xd_request *request,
                     xd_response *response)
{
    xd_page page;
    xd_view_dataset view = {0};
    const uint64_t *counts;
    const xd_type *type = xd_type_by_path(app->model, xd_route_part(cx, request, 0));

    xd_page_begin(cx, app, request, response, &page);
    view.label = xd_type_plural(&page, type);
    view.about = xd_label_in(&type->about, cx->lang);
    view.list = xd_url_type(cx, type);
    counts = xd_page_counts(&page);
    view.n = counts == NULL ? 0 : counts[type->at];
    xd_page_frame(&page, xd_say_s(&page, XD_W_DATA_OF, "type", view.label), &view.page);
    xd_page_here(&page, &view.page, NULL, "data");
    xd_page_search(&page, &view.page, type);
    view.page.searchable = true;
    xd_page_crumb(&page, &view.page, xd_say(&page, XD_W_DATA_TITLE), xd_url_page(cx, "/data"));
    xd_page_crumb(&page, &view.page, view.label, (xd_url){0});
    add_formats(&page, type, &view);
    add_fields(&page, type, &view);
    xd_out out = xd_page_out(&page);
    xd_tmpl_dataset(&out, &view);
    return xd_page_send(&page);
}

bool xd_page_data(xd_ctx *cx, const xd_app *app, const xd_request *request,
                  xd_response *response)
{
    xd_page page;
    xd_view_data view = {0};

    xd_page_begin(cx, app, request, response, &page);
    xd_page_frame(&page, xd_say(&page, XD_W_DATA_TITLE), &view.page);
    xd_page_here(&page, &view.page, NULL, "data");
    xd_page_search(&page, &view.page, app->site->home.type);
    view.page.searchable = true;
    xd_page_crumb(&page, &view.page, xd_say(&page, XD_W_DATA_TITLE), (xd_url){0});
    view.licence = xd_site_setting(app, XD_S("licence"));
    view.licence_url = xd_url_outside(cx, xd_site_setting(app, XD_S("licence_url")));
    view.may_check = request->client_is_local;
    view.check = xd_url_page(cx, "/data/check");
    view.example = xd_str_join(cx->arena, app->base_url, XD_S("/api"));
    add_link(&page, &view.interfaces, XD_W_DATA_API_ROOT, xd_url_page(cx, "/api"));
    add_link(&page, &view.interfaces, XD_W_DATA_API_DOC, xd_url_page(cx, "/api/openapi.json"));
    add_link(&page, &view.interfaces, XD_W_FOOT_FEED, xd_url_page(cx, "/changes.atom"));
    xd_page_more(&page, &view.page);
    if (app->site->region != NULL) {
        view.overview = xd_url_page(cx, "/data/overview");
    }
    if (!add_sets(&page, &view)) {
        return false;
    }
    xd_out out = xd_page_out(&page);
    xd_tmpl_data(&out, &view);
    return xd_page_send(&page);
}
