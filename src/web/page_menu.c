/* The menu, and how many records of each type anybody may see: what leads nowhere is not shown.
 *
 * Counts are the same for everybody, so the last ones are kept for all pages and made anew when
 * the log has moved on. */
#include "web/app_room.h"
#include "web/page.h"

static bool count_types(xd_page *page, uint64_t *counts)
{
    const xd_model *model = page->app->model;
    for (size_t i = 0; i < xd_model_types(model); i++) {
        const xd_ask ask = {.type = xd_model_type(model, i), .lang = page->cx->lang};
        const xd_answer *answer;
        if (!xd_ask_run(page->cx, page->snap, &ask, &answer)) {
            return false;
        }
        counts[i] = answer->matched;
    }
    return true;
}

/* The counts kept, when they are of this very state of the log or any will do. */
static bool kept_counts(xd_page *page, int64_t seq, uint64_t *counts)
{
    struct xd_app_room *room = page->app->room;
    size_t n = xd_model_types(page->app->model);
    (void)pthread_mutex_lock(&room->counts_lock);
    bool good = room->counts != NULL && (seq < 0 || room->counts_seq == seq);
    if (good) {
        memcpy(counts, room->counts, n * sizeof *counts);
    }
    (void)pthread_mutex_unlock(&room->counts_lock);
    return good;
}

static void keep_counts(xd_page *page, int64_t seq, const uint64_t *counts)
{
    struct xd_app_room *room = page->app->room;
    size_t n = xd_model_types(page->app->model);
    (void)pthread_mutex_lock(&room->counts_lock);
    if (room->counts == NULL) {
        room->counts = xd_new_n(room->arena, uint64_t, n);
        room->counts_seq = -1;
    }
    if (seq > room->counts_seq) {
        memcpy(room->counts, counts, n * sizeof *counts);
        room->counts_seq = seq;
    }
    (void)pthread_mutex_unlock(&room->counts_lock);
}

const uint64_t *xd_page_counts(xd_page *page)
{
    xd_ctx *cx = page->cx;
    size_t n = xd_model_types(page->app->model);
    uint64_t *counts = xd_new_n(cx->arena, uint64_t, n + 1);

    /* On the way to an error page nothing more is asked: its cause must stand. */
    bool may_ask = page->snap != NULL && cx->err.code == XD_OK;
    if (kept_counts(page, may_ask ? xd_snap_seq(page->snap) : -1, counts)) {
        return counts;
    }
    if (!may_ask) {
        return NULL;
    }
    if (!count_types(page, counts)) {
        (void)xd_err_take(cx); /* a menu that shows too much is better than no page */
        return NULL;
    }
    keep_counts(page, xd_snap_seq(page->snap), counts);
    return counts;
}

xd_url xd_item_url(xd_page *page, const xd_site_item *item)
{
    xd_url url;
    if (item->type != NULL) {
        url = xd_url_type(page->cx, item->type);
    } else if (item->door != NULL) {
        url = xd_url_path(page->cx, page->cx->lang, "/door/{}", &item->door->name, 1);
    } else if (xd_str_eq(item->page, XD_S("home"))) {
        url = xd_url_page(page->cx, "/");
    } else {
        xd_str parts[2] = {0}, rest = item->page;
        size_t n = 0;
        while (n < XD_LEN(parts) && rest.n > 0 && xd_str_cut(&rest, '/', &parts[n])) {
            n++;
        }
        url = xd_url_path(page->cx, page->cx->lang, n == 2 ? "/{}/{}" : "/{}", parts, n);
    }
    if (item->anchor.n > 0) {
        url.address = xd_str_printf(page->cx->arena, XD_FMT XD_FMT, XD_ARG(url.address),
                                    XD_ARG(xd_url_anchor(page->cx, item->anchor).address));
    }
    return url;
}

/* A door leads somewhere while there is anything behind it. */
bool xd_door_leads(const xd_site_door *door, const uint64_t *counts)
{
    for (size_t i = 0; i < door->items.n; i++) {
        const xd_type *type = door->items.at[i].type;
        if (type == NULL || counts == NULL || counts[type->at] > 0) {
            return true;
        }
    }
    return false;
}

static void add_item(xd_page *page, const xd_site_item *item, const uint64_t *counts,
                     xd_view_links *links)
{
    xd_ctx *cx = page->cx;
    if (item->type != NULL && counts != NULL && counts[item->type->at] == 0) {
        return; /* /door says what is still to come */
    }
    *xd_push(cx->arena, links) = (xd_view_link){
        .label = xd_label_in(&item->label, cx->lang),
        .url = xd_item_url(page, item),
        .hint = item->type == NULL || counts == NULL
                    ? (xd_str){0}
                    : xd_str_printf(cx->arena, "%" PRIu64, counts[item->type->at]),
    };
}

void xd_page_menu(xd_page *page, xd_view_page *view)
{
    xd_ctx *cx = page->cx;
    const uint64_t *counts = xd_page_counts(page);
    for (size_t i = 0; i < page->site->menu.n; i++) {
        const xd_site_item *item = &page->site->menu.at[i];
        xd_view_menu *entry = xd_push(cx->arena, &view->menu);
        *entry = (xd_view_menu){
            .label = xd_label_in(&item->label, cx->lang),
            .hint = xd_label_in(&item->hint, cx->lang),
            .url = xd_item_url(page, item),
        };
        for (size_t k = 0; item->door != NULL && k < item->door->items.n; k++) {
            add_item(page, &item->door->items.at[k], counts, &entry->items);
        }
        entry->shut = item->door != NULL
                          ? entry->items.n == 0
                          : item->type != NULL && counts != NULL && counts[item->type->at] == 0;
    }
}

void xd_page_here(xd_page *page, xd_view_page *view, const xd_type *type, const char *word)
{
    const xd_site_door *door = NULL;
    for (size_t i = 0; type != NULL && i < page->site->types.n; i++) {
        const xd_site_type *one = &page->site->types.at[i];
        if (one->type == type || one->type == type->parent) {
            door = one->door != NULL ? one->door : door;
        }
    }
    for (size_t i = 0; i < page->site->menu.n && i < view->menu.n; i++) {
        const xd_site_item *item = &page->site->menu.at[i];
        view->menu.at[i].here = item->door != NULL ? item->door == door
                                : item->type != NULL
                                    ? item->type == type
                                    : word != NULL && xd_str_eq(item->page, xd_str_of(word));
    }
}
