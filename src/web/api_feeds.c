/* For machines that come by: sitemaps and the feed of changes. */
#include <stdlib.h>

#include "base/log.h"
#include "web/api.h"
#include "web/page_record.h"

#define SITEMAP_PART 10000 /* records in a part; the format allows 50 000 addresses */
#define FEED_ENTRIES 50
#define FEED_REVISIONS 2000 /* how far back the feed looks */

/* ---- sitemap ------------------------------------------------------------------------------- */

static bool count_of(xd_ctx *cx, const xd_app *app, const xd_type *type, uint64_t *ret_n)
{
    const xd_answer *answer;
    xd_ask ask = {.type = type};
    if (!xd_ask_run(cx, xd_snap_open(cx, app->index), &ask, &answer)) {
        return false;
    }
    *ret_n = answer->matched;
    return true;
}

bool xd_sitemap_serve(xd_ctx *cx, const xd_app *app, const xd_request *request,
                      xd_response *response)
{
    xd_buf *out = &response->body;
    (void)request;
    response->type = XD_S("application/xml; charset=utf-8");
    response->max_age = 3600;
    xd_put(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                "<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    for (size_t i = 0; i < xd_model_types(app->model); i++) {
        const xd_type *type = xd_model_type(app->model, i);
        uint64_t n;
        if (!count_of(cx, app, type, &n)) {
            return false;
        }
        for (uint64_t part = 0; part * SITEMAP_PART < n || part == 0; part++) {
            xd_put(out, "<sitemap><loc>");
            xd_buf_html(out, app->base_url);
            xd_buf_printf(out, "/sitemap/" XD_FMT "/%" PRIu64 ".xml</loc></sitemap>\n",
                          XD_ARG(type->path), part);
        }
    }
    xd_put(out, "</sitemapindex>\n");
    return true;
}

typedef struct sitemap {
    const xd_app *app;
    const xd_type *type;
    const xd_snap *snap;
    xd_buf *out;
    int64_t at, from, to;
} sitemap;

static void put_address(sitemap *map, const char *lang, xd_str key)
{
    xd_buf_html(map->out, map->app->base_url);
    xd_buf_printf(map->out, "%s/" XD_FMT, lang, XD_ARG(map->type->path));
    if (key.n > 0) {
        xd_buf_byte(map->out, '/');
        xd_buf_url(map->out, key);
    }
}

/* Both languages of a page, each naming the other. */
static void put_page(sitemap *map, xd_str key)
{
    static const char *const langs[] = {"", "/en"};
    for (size_t i = 0; i < XD_LEN(langs); i++) {
        xd_put(map->out, "<url><loc>");
        put_address(map, langs[i], key);
        xd_put(map->out, "</loc>");
        for (size_t k = 0; k < XD_LEN(langs); k++) {
            xd_buf_printf(map->out, "<xhtml:link rel=\"alternate\" hreflang=\"%s\" href=\"",
                          k == 0 ? "zh" : "en");
            put_address(map, langs[k], key);
            xd_put(map->out, "\"/>");
        }
        xd_put(map->out, "</url>\n");
    }
}

static bool on_hit(xd_ctx *cx, void *user, xd_hit hit)
{
    sitemap *map = user;
    const xd_json *body;
    int64_t rev, at = map->at++;
    if (at < map->from || at >= map->to) {
        return true;
    }
    if (!xd_snap_body(cx, map->snap, hit.id, &body, &rev)) {
        return false;
    }
    if (body != NULL) {
        put_page(map, xd_record_key_text(cx->arena, hit.id, body));
    }
    return true;
}

bool xd_sitemap_part_serve(xd_ctx *cx, const xd_app *app, const xd_request *request,
                           xd_response *response)
{
    int64_t part;
    if (!xd_str_int(request->parts[1], &part) || part < 0 || part > 100000) {
        return xd_fail(cx, XD_ABSENT, "no part " XD_FMT, XD_ARG(request->parts[1]));
    }
    sitemap map = {.app = app,
                   .type = xd_api_type(app, request),
                   .snap = xd_snap_open(cx, app->index),
                   .out = &response->body,
                   .from = part * SITEMAP_PART,
                   .to = (part + 1) * SITEMAP_PART};
    response->type = XD_S("application/xml; charset=utf-8");
    response->max_age = 3600;
    xd_put(map.out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                    "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" "
                    "xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n");
    if (part == 0) {
        put_page(&map, XD_S(""));
    }
    xd_ask ask = {.type = map.type};
    if (!xd_ask_each(cx, map.snap, &ask, on_hit, &map)) {
        return xd_fail_note(cx, "the sitemap of " XD_FMT, XD_ARG(map.type->path));
    }
    if (part > 0 && map.at <= map.from) {
        return xd_fail(cx, XD_ABSENT, "no part %" PRId64, part);
    }
    xd_put(map.out, "</urlset>\n");
    return true;
}

/* ---- changes ------------------------------------------------------------------------------- */

typedef struct entry {
    int64_t record, time;
    bool created;
    const xd_json *body; /* the public one */
} entry;

typedef struct feed {
    xd_arena *arena;         /* of the request: the walk's own is emptied after each revision */
    XD_VEC(int64_t) records; /* newest last; 0 where the record stands again further on */
} feed;

static bool on_revision(xd_ctx *cx, void *user, const xd_revision *rev)
{
    feed *f = user;
    (void)cx;
    if (rev->record == 0 || rev->kind == XD_REV_ERASE) {
        return true;
    }
    for (size_t i = 0; i < f->records.n; i++) {
        f->records.at[i] = f->records.at[i] == rev->record ? 0 : f->records.at[i];
    }
    *xd_push(f->arena, &f->records) = rev->record;
    return true;
}

/* When what anybody may see of a record last changed: a revision that touched hidden fields alone
 * is no change here. */
static bool last_change(xd_ctx *cx, const xd_app *app, xd_store *store, entry *e)
{
    xd_page page = {.cx = cx, .app = app};
    xd_versions versions = {0};
    if (!xd_versions_of(&page, store, e->record, &versions)) {
        return false;
    }
    for (size_t i = versions.n; i > 0; i--) {
        const xd_version *now = &versions.at[i - 1];
        const xd_json *before = i > 1 ? versions.at[i - 2].body : NULL;
        if (now->body != NULL && (before == NULL || !xd_json_equal(now->body, before))) {
            e->time = now->time;
            e->created = before == NULL;
            break;
        }
    }
    return true;
}

static int newest_first(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    return x->time == y->time ? (x->record < y->record) - (x->record > y->record)
                              : (x->time < y->time) - (x->time > y->time);
}

static void put_entry(xd_ctx *cx, const xd_app *app, const entry *e, xd_buf *out)
{
    const xd_type *type = xd_body_type(app->model, e->body);
    if (type == NULL) {
        return;
    }
    bool en = cx->lang == XD_EN;
    xd_put(out, "<entry><title>");
    xd_buf_html(out, xd_body_title(cx, app->model, e->body));
    xd_put(out, "</title><id>");
    xd_buf_html(out, app->base_url);
    xd_buf_printf(out, "/" XD_FMT "/%" PRId64 "</id><updated>" XD_FMT "</updated>",
                  XD_ARG(type->path), e->record, XD_ARG(xd_time_text(cx->arena, e->time)));
    xd_put(out, "<link rel=\"alternate\" type=\"text/html\" href=\"");
    xd_buf_html(out, xd_api_site(cx, app));
    xd_buf_printf(out, "/" XD_FMT "/", XD_ARG(type->path));
    xd_buf_url(out, xd_record_key_text(cx->arena, e->record, e->body));
    xd_put(out, "\"/><category term=\"");
    xd_buf_html(out, type->path);
    xd_put(out, "\" label=\"");
    xd_buf_html(out, xd_label_in(&type->label, cx->lang));
    xd_put(out, "\"/><summary>");
    xd_put(out, e->created ? (en ? "New record" : "新记录") : (en ? "Changed" : "有改动"));
    xd_put(out, "</summary></entry>\n");
}

static void put_head(xd_ctx *cx, const xd_app *app, int64_t updated, xd_buf *out)
{
    const xd_json *name = xd_json_get(xd_model_site(app->model), XD_S("name"));
    xd_str title = xd_json_get_str(name, xd_lang_tag[cx->lang]);
    bool en = cx->lang == XD_EN;
    xd_put(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>");
    xd_buf_html(out, title);
    xd_put(out, en ? " · changes" : " · 最近更新");
    xd_put(out, "</title><id>");
    xd_buf_html(out, xd_api_site(cx, app));
    xd_put(out, "/changes.atom</id><link rel=\"self\" href=\"");
    xd_buf_html(out, xd_api_site(cx, app));
    xd_put(out, "/changes.atom\"/><link rel=\"alternate\" href=\"");
    xd_buf_html(out, xd_api_site(cx, app));
    xd_buf_printf(out, "/\"/><author><name>");
    xd_buf_html(out, title.p == NULL ? XD_S("Xiudai") : title);
    xd_buf_printf(out, "</name></author><updated>" XD_FMT "</updated>\n",
                  XD_ARG(xd_time_text(cx->arena, updated)));
}

/* Only records anybody may see now, with nothing said of what changed in them: history pages do
 * that, field by field and by right. */
bool xd_atom_serve(xd_ctx *cx, const xd_app *app, const xd_request *request,
                   xd_response *response)
{
    xd_store *store;
    uint8_t hash[32];
    int64_t head, rev;
    feed f = {.arena = cx->arena};
    entry entries[FEED_ENTRIES] = {0};
    size_t n = 0;
    (void)request;
    if (!xd_app_store(cx, app, &store) || !xd_log_head(cx, store, &head, hash) ||
        !xd_log_each(cx, store, head > FEED_REVISIONS ? head - FEED_REVISIONS : 0, 0,
                     on_revision, &f)) {
        return xd_fail_note(cx, "the feed of changes");
    }
    const xd_snap *snap = xd_snap_open(cx, app->index);
    for (size_t i = f.records.n; i > 0 && n < FEED_ENTRIES; i--) {
        entry e = {.record = f.records.at[i - 1]};
        if (e.record != 0 && (!xd_snap_body(cx, snap, e.record, &e.body, &rev) ||
                              (e.body != NULL && !last_change(cx, app, store, &e)))) {
            return xd_fail_note(cx, "the feed of changes");
        }
        if (e.time != 0) {
            entries[n++] = e;
        }
    }
    qsort(entries, n, sizeof entries[0], newest_first);
    xd_buf *out = &response->body;
    response->type = XD_S("application/atom+xml; charset=utf-8");
    response->max_age = 60;
    put_head(cx, app, n > 0 ? entries[0].time : app->started, out);
    for (size_t i = 0; i < n; i++) {
        put_entry(cx, app, &entries[i], out);
    }
    xd_put(out, "</feed>\n");
    return true;
}
