/* What one takes away from a record: citation after GB/T 7714, JSON-LD, files, and the way to
 * correct it. */
#include "web/page_record.h"

static xd_str name_in(const xd_record_page *r, xd_lang lang)
{
    xd_str got = {0};
    const xd_json *value = r->type->title == NULL ? NULL : xd_value(r->type->title, r->body, 0);
    xd_str text = value == NULL ? (xd_str){0} : xd_value_lang(value, xd_lang_tag[lang], &got);
    return xd_str_eq(got, xd_lang_tag[lang]) ? text : (xd_str){0};
}

static void set_text(xd_arena *arena, xd_json *object, xd_str key, xd_str text)
{
    if (text.n > 0) {
        xd_json_set(arena, object, key, xd_json_string(arena, text));
    }
}

static xd_json *number_json(xd_arena *arena, xd_str text)
{
    xd_json *number = xd_new(arena, xd_json);
    number->kind = XD_JSON_NUMBER;
    number->text = text;
    return number;
}

static void add_geo(xd_record_page *r, xd_json *thing)
{
    xd_arena *arena = r->page.cx->arena;
    xd_pos at;
    bool vague;

    if (!xd_body_spot(&r->page, r->type, r->body, &at, &vague) || vague) {
        return; /* a seat of a county would be read as an exact point */
    }
    xd_json *geo = xd_json_object(arena);
    set_text(arena, geo, XD_S("@type"), XD_S("GeoCoordinates"));
    xd_json_set(arena, geo, XD_S("latitude"),
                number_json(arena, xd_number_degrees(arena, at.lat, 4)));
    xd_json_set(arena, geo, XD_S("longitude"),
                number_json(arena, xd_number_degrees(arena, at.lon, 4)));
    xd_json_set(arena, thing, XD_S("geo"), geo);
}

static void add_contact(xd_record_page *r, xd_json *thing)
{
    xd_arena *arena = r->page.cx->arena;
    for (size_t i = 0; i < r->type->n_fields; i++) {
        const xd_field *field = &r->type->fields[i];
        const xd_json *value = field->hidden ? NULL : xd_value(field, r->body, 0);
        if (field->kind == XD_KIND_PHONE) {
            set_text(arena, thing, XD_S("telephone"), xd_json_str(value));
        } else if (field->kind == XD_KIND_URL &&
                   xd_url_outside(r->page.cx, xd_json_str(value)).address.n > 0) {
            set_text(arena, thing, XD_S("sameAs"), xd_json_str(value));
        }
    }
}

/* "Mo,We 09:00-17:00" of one entry of a week; absent where it is not a plain span of hours. */
static xd_str hours_line(xd_arena *arena, const xd_json *entry)
{
    static const char *const names[] = {"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"};
    const xd_json *days = xd_json_get(entry, XD_S("days"));
    xd_str open = xd_json_get_str(entry, XD_S("open"));
    xd_str close = xd_json_get_str(entry, XD_S("close"));
    xd_str line = {0};

    for (size_t i = 0; i < xd_json_len(days); i++) {
        int64_t day;
        if (xd_json_int(xd_json_at(days, i), &day) && day >= 1 && day <= 7) {
            line = xd_str_printf(arena, XD_FMT "%s%s", XD_ARG(line), line.n > 0 ? "," : "",
                                 names[day - 1]);
        }
    }
    return line.n == 0 || open.n == 0 || close.n == 0
               ? (xd_str){0}
               : xd_str_printf(arena, XD_FMT " " XD_FMT "-" XD_FMT, XD_ARG(line), XD_ARG(open),
                               XD_ARG(close));
}

/* Hours that could be read; what stands in words only is for people. */
static void add_hours(xd_record_page *r, xd_json *thing)
{
    xd_arena *arena = r->page.cx->arena;
    xd_json *lines = xd_json_array(arena);

    for (size_t i = 0; i < r->type->n_fields; i++) {
        const xd_field *field = &r->type->fields[i];
        if (field->kind != XD_KIND_HOURS || field->hidden || field->retired) {
            continue;
        }
        const xd_json *week = xd_json_get(xd_value(field, r->body, 0), XD_S("week"));
        for (size_t k = 0; k < xd_json_len(week); k++) {
            xd_str line = hours_line(arena, xd_json_at(week, k));
            if (line.n > 0) {
                xd_json_add(arena, lines, xd_json_string(arena, line));
            }
        }
    }
    if (xd_json_len(lines) > 0) {
        xd_json_set(arena, thing, XD_S("openingHours"), lines);
    }
}

static void add_island(xd_record_page *r)
{
    xd_arena *arena = r->page.cx->arena;
    xd_json *thing = xd_json_object(arena), *types = xd_json_array(arena);
    xd_lang other = r->page.cx->lang == XD_ZH ? XD_EN : XD_ZH;

    for (size_t i = 0; i < r->type->schema_org.n; i++) {
        xd_json_add(arena, types, xd_json_string(arena, r->type->schema_org.at[i]));
    }
    if (r->type->schema_org.n == 0) {
        xd_json_add(arena, types, xd_json_string(arena, XD_S("Thing")));
    }
    set_text(arena, thing, XD_S("@context"), XD_S("https://schema.org"));
    xd_json_set(arena, thing, XD_S("@type"), types);
    set_text(arena, thing, XD_S("@id"), r->view.address);
    set_text(arena, thing, XD_S("url"), r->view.address);
    set_text(arena, thing, XD_S("name"), r->view.title.text);
    set_text(arena, thing, XD_S("alternateName"), name_in(r, other));
    set_text(arena, thing, XD_S("description"), r->view.summary.text);
    set_text(arena, thing, XD_S("identifier"), r->view.number);
    if (r->view.place.n > 0) {
        xd_json *address = xd_json_object(arena);
        set_text(arena, address, XD_S("@type"), XD_S("PostalAddress"));
        set_text(arena, address, XD_S("addressLocality"), r->view.place);
        set_text(arena, address, XD_S("addressCountry"), XD_S("CN"));
        xd_json_set(arena, thing, XD_S("address"), address);
    }
    add_geo(r, thing);
    add_contact(r, thing);
    add_hours(r, thing);
    r->view.island = thing;
}

static void add_citation(xd_record_page *r)
{
    xd_page *page = &r->page;
    xd_str host = xd_site_setting(page->app, XD_S("host"));
    const xd_fill fills[] = {
        {.hole = "who",
         .text = host.n > 0 ? host : xd_label_in(&page->site->name, page->cx->lang)},
        {.hole = "title",                  .text = r->view.title.text                                        },
        {.hole = "updated",                  .text = r->view.updated},
        {.hole = "today",                  .text = xd_day(page,                                           xd_now(page->cx))},
        {.hole = "address", .text = r->view.address},
    };
    r->view.cite =
        xd_word_fill(page->cx->arena, page->cx->lang, XD_W_RECORD_CITED, fills, XD_LEN(fills));
}

void xd_record_cite(xd_record_page *r)
{
    static const struct {
        const char *tail;
        xd_word_id label;
    } files[] = {
        {".json",    XD_W_FORMAT_JSON   },
        {".geojson", XD_W_FORMAT_GEOJSON},
        {".csv",     XD_W_FORMAT_CSV    },
    };
    xd_ctx *cx = r->page.cx;
    xd_str key =
        r->view.number.n > 0 ? r->view.number : xd_str_printf(cx->arena, "%" PRId64, r->id);

    add_citation(r);
    add_island(r);
    for (size_t i = 0; i < XD_LEN(files); i++) {
        *xd_push(cx->arena, &r->view.downloads) = (xd_view_link){
            .label = xd_say(&r->page, files[i].label),
            .url = xd_url_record(cx, r->type, key, files[i].tail),
        };
    }
    r->view.row = r->view.downloads.at[XD_LEN(files) - 1].url;
    r->view.contact = xd_site_setting(r->page.app, XD_S("contact"));
    r->view.contact_url = xd_url_mail(cx, r->view.contact);
    if (r->view.contact_url.address.n == 0) {
        r->view.contact_url = xd_url_outside(cx, r->view.contact);
    }
}
