/* The lights of a list: before each name, and as the first facet. */
#include "web/lights.h"
#include "web/page_list.h"
#include "web/page_record.h"

static const xd_word_id words[XD_LIGHTS] = {
    [XD_LIGHT_GREEN] = XD_W_LIGHT_GREEN,
    [XD_LIGHT_YELLOW] = XD_W_LIGHT_YELLOW,
    [XD_LIGHT_RED] = XD_W_LIGHT_RED,
    [XD_LIGHT_GREY] = XD_W_LIGHT_GREY,
};

xd_str xd_light_word(const xd_page *page, xd_str name)
{
    for (size_t i = 0; i < XD_LIGHTS; i++) {
        if (xd_str_eq(xd_light_name[i], name)) {
            return xd_say(page, words[i]);
        }
    }
    return name;
}

xd_kin *xd_list_kin(xd_list_page *l)
{
    if (l->kin == NULL) {
        l->kin = xd_new(l->page.cx->arena, xd_kin);
        xd_kin_begin(l->page.cx, l->page.app->model, l->page.snap, xd_today(&l->page), l->kin);
    }
    return l->kin;
}

bool xd_list_lamp(xd_list_page *l, int64_t id, const xd_json *body, xd_view_lamp *ret_lamp)
{
    xd_ctx *cx = l->page.cx;
    const xd_computed *light = xd_light_of(l->type);
    xd_derived value = {0};
    *ret_lamp = (xd_view_lamp){0};
    if (light == NULL) {
        return true;
    }
    if (!xd_kin_value(cx, xd_list_kin(l), id, body, light, &value)) {
        return false;
    }
    *ret_lamp = xd_lamp_of(cx, light, &value);
    return true;
}

/* What is found by all conditions but the light's own. */
static bool ask_others(xd_list_page *l, xd_str name, xd_ask *ask)
{
    xd_request other = *l->page.request;
    xd_query kept = {0};
    for (size_t i = 0; i < other.n_params; i++) {
        if (!xd_str_eq(other.params[i].name, name) &&
            !xd_str_eq(other.params[i].name, XD_S("cursor"))) {
            xd_query_add(l->page.cx, &kept, other.params[i].name, other.params[i].value);
        }
    }
    other.params = kept.at;
    other.n_params = kept.n;
    return xd_ask_from(l->page.cx, l->page.app, &other, l->type, false, ask);
}

bool xd_list_lights(xd_list_page *l)
{
    xd_ctx *cx = l->page.cx;
    const xd_computed *light = xd_light_of(l->type);
    uint64_t counts[XD_LIGHTS];
    bool all = false;
    xd_ask ask;
    xd_view_facet facet = {.open = true};
    if (light == NULL) {
        return true;
    }
    if (!ask_others(l, light->field.name, &ask) ||
        !xd_lights_count(cx, xd_list_kin(l), &ask, counts, &all)) {
        return false;
    }
    for (size_t i = 0; all && i < XD_LIGHTS; i++) {
        bool on = xd_query_has(&l->page.query, light->field.name, xd_light_name[i]);
        xd_query query =
            on ? xd_query_minus(cx, &l->page.query, light->field.name, xd_light_name[i])
               : xd_query_without(cx, &l->page.query, XD_S("cursor"));
        if (!on) {
            xd_query_add(cx, &query, light->field.name, xd_light_name[i]);
        }
        if (counts[i] > 0 || on) {
            *xd_push(cx->arena, &facet.values) = (xd_view_link){
                .label = xd_say(&l->page, words[i]),
                .url = xd_url_query(cx, l->view.action, &query),
                .hint = xd_str_printf(cx->arena, "%" PRIu64, counts[i]),
                .here = on,
            };
            facet.chosen |= on;
        }
    }
    facet.label = xd_label_in(&light->field.label, cx->lang);
    if (facet.values.n > 0) {
        *xd_push(cx->arena, &l->view.facets) = facet;
    }
    return true;
}
