#include "web/site.h"

#include "base/log.h"

#define MAP_UNITS 2000 /* width of the map of the whole land */
#define MAP_WIDE 1.5   /* its width over its height: room beside the land for legend and list */
#define NARROW_UNITS 960
#define STORIES 12
#define ALSO 6

static xd_label label_of(const xd_json *value)
{
    xd_label label = {0};
    for (size_t i = 0; i < XD_LANGS; i++) {
        label.in[i] = xd_json_get_str(value, xd_lang_tag[i]);
    }
    return label;
}

/* Left out of the pages, which go on without it; said once, at the start. */
static void missing(const char *what, xd_str name)
{
    if (name.n > 0) {
        xd_log(XD_WARN, "site", "site.yaml names the %s " XD_FMT ", which the model lacks",
               what, XD_ARG(name));
    }
}

static const xd_type *find_type(const xd_model *model, xd_str name)
{
    const xd_type *type = xd_type_find(model, name);
    if (type == NULL) {
        missing("type", name);
    }
    return type;
}

static const xd_field *find_field(const xd_type *type, xd_str name)
{
    const xd_field *field = xd_field_find(type, name);
    if (field == NULL) {
        missing("field", name);
    }
    return field;
}

static bool read_item(const xd_model *model, const xd_json *value, xd_site_item *item)
{
    xd_str type = xd_json_get_str(value, XD_S("type"));
    *item = (xd_site_item){
        .label = label_of(xd_json_get(value, XD_S("label"))),
        .hint = label_of(xd_json_get(value, XD_S("hint"))),
        .page = xd_json_get_str(value, XD_S("page")),
        .anchor = xd_json_get_str(value, XD_S("anchor")),
    };
    if (type.n > 0) {
        item->type = find_type(model, type);
        if (item->type != NULL && item->label.in[XD_ZH].n == 0) {
            item->label =
                item->type->plural.in[XD_ZH].n > 0 ? item->type->plural : item->type->label;
        }
    }
    return item->type != NULL || item->page.n > 0;
}

const xd_site_door *xd_site_door_find(const xd_site *site, xd_str name)
{
    for (size_t i = 0; i < site->doors.n; i++) {
        if (xd_str_eq(site->doors.at[i]->name, name)) {
            return site->doors.at[i];
        }
    }
    return NULL;
}

static void read_items(xd_ctx *cx, const xd_model *model, const xd_json *list,
                       xd_site_items *items)
{
    for (size_t i = 0; i < xd_json_len(list); i++) {
        xd_site_item item;
        if (read_item(model, xd_json_at(list, i), &item)) {
            *xd_push(cx->arena, items) = item;
        }
    }
}

/* ---- menu and doors ------------------------------------------------------------------------ */

static void read_menu(xd_ctx *cx, const xd_model *model, const xd_json *list, xd_site *site)
{
    for (size_t i = 0; i < xd_json_len(list); i++) {
        const xd_json *value = xd_json_at(list, i);
        xd_str name = xd_json_get_str(value, XD_S("door"));
        xd_site_item item = {0};
        if (name.n == 0) {
            if (read_item(model, value, &item)) {
                *xd_push(cx->arena, &site->menu) = item;
            }
            continue;
        }
        xd_site_door *door = xd_new(cx->arena, xd_site_door);
        *door = (xd_site_door){
            .at = site->doors.n,
            .name = name,
            .label = label_of(xd_json_get(value, XD_S("label"))),
            .hint = label_of(xd_json_get(value, XD_S("hint"))),
        };
        read_items(cx, model, xd_json_get(value, XD_S("items")), &door->items);
        *xd_push(cx->arena, &site->doors) = door;
        *xd_push(cx->arena, &site->menu) =
            (xd_site_item){.door = door, .label = door->label, .hint = door->hint};
    }
}

/* An item of the home page may be a door of the menu: its words are the door's. */
static void read_doors(xd_ctx *cx, const xd_model *model, const xd_json *list, xd_site *site)
{
    for (size_t i = 0; i < xd_json_len(list); i++) {
        const xd_json *value = xd_json_at(list, i);
        const xd_site_door *door =
            xd_site_door_find(site, xd_json_get_str(value, XD_S("door")));
        xd_site_item item = {0};
        bool there = read_item(model, value, &item);
        if (door != NULL) {
            item.door = door;
            item.label = item.label.in[XD_ZH].n > 0 ? item.label : door->label;
            item.hint = item.hint.in[XD_ZH].n > 0 ? item.hint : door->hint;
        }
        if (there || door != NULL) {
            *xd_push(cx->arena, &site->home.doors) = item;
        }
    }
}

static bool has_type(const xd_site *site, const xd_type *type)
{
    for (size_t i = 0; i < site->types.n; i++) {
        if (site->types.at[i].type == type) {
            return true;
        }
    }
    return false;
}

static void add_type(xd_ctx *cx, xd_site *site, const xd_type *type, const xd_site_door *door)
{
    if (type != NULL && !has_type(site, type)) {
        *xd_push(cx->arena, &site->types) = (xd_site_type){.type = type, .door = door};
    }
}

static xd_site_item item_of(const xd_type *type)
{
    return (xd_site_item){
        .type = type,
        .label = type->plural.in[XD_ZH].n > 0 ? type->plural : type->label,
    };
}

/* Types in the menu's order. One the menu does not name stands behind the last door, so that a new
 * type has its place without anybody touching the menu; parts of other types are found there. */
static void order_types(xd_ctx *cx, const xd_model *model, xd_site *site)
{
    bool no_menu = site->menu.n == 0;
    for (size_t i = 0; i < site->menu.n; i++) {
        const xd_site_item *item = &site->menu.at[i];
        add_type(cx, site, item->type, NULL);
        for (size_t k = 0; item->door != NULL && k < item->door->items.n; k++) {
            add_type(cx, site, item->door->items.at[k].type, item->door);
        }
    }
    /* ours until the site is handed out */
    xd_site_door *last =
        site->doors.n == 0 ? NULL : (xd_site_door *)site->doors.at[site->doors.n - 1];
    for (size_t i = 0; i < xd_model_types(model); i++) {
        const xd_type *type = xd_model_type(model, i);
        if (type->parent != NULL || has_type(site, type)) {
            continue;
        }
        add_type(cx, site, type, last);
        if (last != NULL || no_menu) {
            *xd_push(cx->arena, last != NULL ? &last->items : &site->menu) = item_of(type);
        }
    }
    for (size_t i = 0; i < xd_model_types(model); i++) {
        add_type(cx, site, xd_model_type(model, i), NULL);
    }
}

static void read_chips(xd_ctx *cx, const xd_json *chips, xd_site *site)
{
    const xd_json *terms = xd_json_get(chips, XD_S("terms"));
    const xd_field *field = find_field(site->home.type, xd_json_get_str(chips, XD_S("field")));

    if (field == NULL || field->vocabulary == NULL) {
        return;
    }
    site->home.chips = field;
    for (size_t i = 0; i < xd_json_len(terms); i++) {
        const xd_json *item = xd_json_at(terms, i);
        const xd_term *term =
            xd_term_find(field->vocabulary, xd_json_get_str(item, XD_S("code")));
        xd_label label = label_of(xd_json_get(item, XD_S("label")));
        if (term != NULL) {
            *xd_push(cx->arena, &site->home.chip_terms) = (xd_site_chip){
                .term = term,
                .label = label.in[XD_ZH].n > 0 ? label : term->label,
            };
        }
    }
}

static void read_home(xd_ctx *cx, const xd_model *model, const xd_json *home, xd_site *site)
{
    const xd_json *table = xd_json_get(home, XD_S("table"));
    const xd_json *also = xd_json_get(table, XD_S("also"));
    int64_t stories = xd_json_get_int(home, XD_S("stories"), 3);

    site->home.type = find_type(model, xd_json_get_str(home, XD_S("type")));
    site->home.title = label_of(xd_json_get(home, XD_S("title")));
    site->home.intro = label_of(xd_json_get(home, XD_S("intro")));
    site->home.table_title = label_of(xd_json_get(table, XD_S("title")));
    site->home.years_from = xd_json_get_int(home, XD_S("years_from"), 1800);
    site->home.stories = stories < 0 ? 0 : stories > STORIES ? STORIES : (size_t)stories;
    if (site->home.type != NULL) {
        read_chips(cx, xd_json_get(home, XD_S("chips")), site);
    }
    for (size_t i = 0; i < xd_json_len(also) && site->home.also.n < ALSO; i++) {
        const xd_type *type = find_type(model, xd_json_str(xd_json_at(also, i)));
        if (type != NULL) {
            *xd_push(cx->arena, &site->home.also) = type;
        }
    }
    read_doors(cx, model, xd_json_get(home, XD_S("doors")), site);
}

static void read_visits(xd_ctx *cx, const xd_model *model, const xd_json *visits, xd_site *site)
{
    for (size_t i = 0;
         visits != NULL && visits->kind == XD_JSON_OBJECT && i < visits->members.n; i++) {
        const xd_type *type = find_type(model, visits->members.at[i].key);
        const xd_json *names = visits->members.at[i].value;
        if (type == NULL) {
            continue;
        }
        xd_site_visit *visit = xd_push(cx->arena, &site->visits);
        *visit = (xd_site_visit){.type = type};
        for (size_t k = 0; k < xd_json_len(names); k++) {
            const xd_field *field = find_field(type, xd_json_str(xd_json_at(names, k)));
            if (field != NULL) {
                *xd_push(cx->arena, &visit->fields) = field;
            }
        }
    }
}

/* [west, south, east, north] in ten-thousandths of a degree. */
static bool read_box(const xd_json *list, xd_box *ret_box)
{
    int64_t at[4];
    for (size_t i = 0; i < XD_LEN(at); i++) {
        if (!xd_json_int(xd_json_at(list, i), &at[i]) || at[i] < -1800000 || at[i] > 1800000) {
            return false;
        }
        at[i] *= XD_DEGREE / 10000;
    }
    *ret_box = (xd_box){(int32_t)at[0], (int32_t)at[1], (int32_t)at[2], (int32_t)at[3]};
    return true;
}

static bool read_map(xd_ctx *cx, const xd_app *app, const xd_json *map, xd_site *site)
{
    site->map_short = label_of(xd_json_get(map, XD_S("short")));
    site->map_credit = label_of(xd_json_get(map, XD_S("credit")));
    const xd_json *relief = xd_json_get(map, XD_S("relief"));
    if (read_box(xd_json_get(relief, XD_S("box")), &site->relief.box)) {
        site->relief.asset = xd_json_get_str(relief, XD_S("asset"));
    }
    if (app->base_map.n == 0) {
        return true;
    }
    if (!xd_chart_read(cx, app->base_map, &site->chart)) {
        return false;
    }
    xd_box land = xd_chart_extent(site->chart);
    if (land.west > land.east) {
        site->chart = NULL; /* no areas: nothing a map could show the place of */
        return true;
    }
    int32_t margin = (land.north - land.south) / 24;
    land.south -= margin;
    land.north += margin;
    site->frame = xd_frame_of(land, MAP_UNITS, (int)(MAP_UNITS / MAP_WIDE));
    site->narrow_frame = xd_frame_of(land, NARROW_UNITS, NARROW_UNITS + NARROW_UNITS / 20);
    xd_view_map *wide = xd_new(cx->arena, xd_view_map);
    xd_view_map *narrow = xd_new(cx->arena, xd_view_map);
    site->land = wide;
    site->narrow_land = narrow;
    return xd_chart_draw(cx, site->chart, &site->frame, wide) &&
           xd_chart_draw(cx, site->chart, &site->narrow_frame, narrow);
}

/* A model without site.yaml still has a site: every type that stands for itself in the menu, and
 * the first that has a place on the home page. */
static void fill_in(xd_ctx *cx, const xd_model *model, xd_site *site)
{
    order_types(cx, model, site);
    for (size_t i = 0; site->home.type == NULL && i < site->types.n; i++) {
        const xd_type *type = site->types.at[i].type;
        site->home.type = type->parent == NULL && type->place != NULL ? type : NULL;
    }
    if (site->name.in[XD_ZH].n == 0) {
        site->name = (xd_label){
            {XD_STR("秀带"), XD_STR("Xiudai")}
        };
    }
}

bool xd_site_make(xd_ctx *cx, const xd_app *app, const xd_site **ret_site)
{
    const xd_json *yaml = xd_model_site(app->model);
    const xd_vocabulary *divisions = xd_model_divisions(app->model);
    xd_str region = xd_json_get_str(yaml, XD_S("region"));
    xd_site *site = xd_new(cx->arena, xd_site);

    site->name = label_of(xd_json_get(yaml, XD_S("name")));
    site->tagline = label_of(xd_json_get(yaml, XD_S("tagline")));
    site->service = label_of(xd_json_get(yaml, XD_S("service")));
    if (divisions != NULL && region.n > 0) {
        site->region = xd_term_find(divisions, region);
    }
    read_menu(cx, app->model, xd_json_get(yaml, XD_S("menu")), site);
    read_items(cx, app->model, xd_json_get(yaml, XD_S("about")), &site->about);
    read_home(cx, app->model, xd_json_get(yaml, XD_S("home")), site);
    site->plates = xd_json_get(yaml, XD_S("plates"));
    read_visits(cx, app->model, xd_json_get(yaml, XD_S("visit")), site);
    fill_in(cx, app->model, site);
    if (!read_map(cx, app, xd_json_get(yaml, XD_S("map")), site)) {
        return false;
    }
    *ret_site = site;
    return true;
}

xd_str xd_site_setting(const xd_app *app, xd_str name)
{
    return xd_str_trim(xd_json_get_str(app->settings, name));
}

xd_str xd_site_plate(const xd_site *site, const xd_type *type, const xd_term *level,
                     xd_lang lang)
{
    xd_label plate = label_of(xd_json_get(xd_json_get(site->plates, type->name), level->code));
    return xd_label_in(plate.in[XD_ZH].n > 0 ? &plate : &level->label, lang);
}

bool xd_site_visits(const xd_site *site, const xd_type *type, const xd_field *field)
{
    if (field->kind == XD_KIND_HOURS || field->kind == XD_KIND_PHONE ||
        field->kind == XD_KIND_URL) {
        return true;
    }
    for (size_t i = 0; i < site->visits.n; i++) {
        const xd_site_visit *visit = &site->visits.at[i];
        for (size_t k = 0; visit->type == type && k < visit->fields.n; k++) {
            if (visit->fields.at[k] == field) {
                return true;
            }
        }
    }
    return false;
}
