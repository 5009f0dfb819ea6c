/* The home page's table by city, and its stories. */
#include "web/page_home.h"

#define BLOCKS 24 /* most blocks of one cell; the number beside is exact */
#define STORY_POOL 60
#define WEEK_US ((int64_t)7 * 24 * 3600 * 1000000)

const xd_facet *xd_home_facet(const xd_answer *answer, const xd_field *field)
{
    for (size_t i = 0; i < answer->n_facets; i++) {
        if (answer->facets[i].field == field) {
            return &answer->facets[i];
        }
    }
    return NULL;
}

uint64_t xd_home_count(const xd_facet *facet, xd_str code)
{
    for (size_t i = 0; facet != NULL && i < facet->n; i++) {
        if (xd_str_eq(facet->counts[i].code, code)) {
            return facet->counts[i].n;
        }
    }
    return 0;
}

/* ---- the table of cities ------------------------------------------------------------------- */

/* One column: of a type, all of it or those of one level. */
typedef struct city_column {
    const xd_type *type;
    const xd_term *level; /* NULL: all */
    const xd_facet *facet;
} city_column;

static bool count_column(xd_home_page *h, city_column *column)
{
    xd_ctx *cx = h->page.cx;
    const xd_field *const facets[] = {column->type->division};
    xd_ask ask = {.type = column->type,
                  .facets = (const xd_field **)facets,
                  .n_facets = 1,
                  .lang = cx->lang};
    const xd_answer *answer;

    if (column->level != NULL && !xd_cql_equals(&h->page, column->type, h->colour->name,
                                                column->level->code, &ask.filter)) {
        return false;
    }
    if (!xd_ask_run(cx, h->page.snap, &ask, &answer)) {
        return false;
    }
    column->facet = xd_home_facet(answer, column->type->division);
    return true;
}

/* n little blocks in a row, as one path. */
static void draw_blocks(xd_ctx *cx, xd_view_cell *cell)
{
    xd_buf d = {0};
    uint64_t blocks = cell->n < BLOCKS ? cell->n : BLOCKS;
    for (uint64_t i = 0; i < blocks; i++) {
        xd_buf_printf(&d, "M%d 0h9v14h-9z", (int)i * 12);
    }
    cell->d = xd_buf_copy(&d, cx->arena);
    cell->width = (int)blocks * 12;
    xd_buf_free(&d);
}

static void add_city(xd_home_page *h, const city_column *columns, size_t n, const xd_term *part)
{
    xd_ctx *cx = h->page.cx;
    uint64_t sum = 0;
    xd_query query = {0};
    xd_view_city *city = xd_push(cx->arena, &h->view.cities);

    *city = (xd_view_city){.name = xd_label_in(&part->label, cx->lang)};
    for (size_t i = 0; i < n; i++) {
        xd_view_cell *cell = xd_push(cx->arena, &city->cells);
        *cell = (xd_view_cell){.n = xd_home_count(columns[i].facet, part->code),
                               .css = XD_S("plain")};
        if (columns[i].level != NULL) {
            cell->css = xd_term_css(cx, columns[i].level);
            draw_blocks(cx, cell);
        }
        sum += columns[i].type == h->type ? cell->n : 0;
    }
    if (sum > 0) {
        xd_query_add(cx, &query, h->type->division->name, part->code);
        city->url = xd_url_query(cx, xd_url_type(cx, h->type), &query);
    }
}

bool xd_home_cities(xd_home_page *h)
{
    xd_ctx *cx = h->page.cx;
    const xd_vocabulary *divisions = xd_model_divisions(h->page.app->model);
    const xd_vocabulary *levels = h->colour == NULL ? NULL : h->colour->vocabulary;
    city_column columns[XD_HOME_LEVELS + 8];
    size_t n = 0;

    if (h->page.site->region == NULL || h->type->division == NULL) {
        return true;
    }
    h->view.table_label = xd_label_in(&h->page.site->home.table_title, cx->lang);
    for (size_t i = 0; levels != NULL && i < levels->n; i++) {
        xd_view_key key = xd_key_of(&h->page, &levels->terms[i]);
        for (size_t k = 0; k < h->view.levels.n; k++) {
            if (xd_str_eq(h->view.levels.at[k].label, key.label) && n < XD_HOME_LEVELS) {
                columns[n++] = (city_column){.type = h->type, .level = &levels->terms[i]};
                *xd_push(cx->arena, &h->view.columns) = key;
            }
        }
    }
    for (size_t i = 0; i < h->page.site->home.also.n && n < XD_LEN(columns); i++) {
        const xd_type *type = h->page.site->home.also.at[i];
        if (type->division != NULL) {
            columns[n++] = (city_column){.type = type};
            *xd_push(cx->arena, &h->view.columns) =
                (xd_view_key){.label = xd_type_plural(&h->page, type)};
        }
    }
    for (size_t i = 0; i < n; i++) {
        if (!count_column(h, &columns[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < divisions->n; i++) {
        const xd_term *part = &divisions->terms[i];
        if (part->parent == h->page.site->region && part->valid_to.n == 0) {
            add_city(h, columns, n, part);
        }
    }
    return true;
}

/* ---- stories -------------------------------------------------------------------------------- */

/* Entries of the highest level that have a summary and a place: a window over them in record
 * order, moved on every week, so that all get their turn and nobody picks favourites. */
static bool add_story(xd_home_page *h, xd_hit hit)
{
    xd_ctx *cx = h->page.cx;
    const xd_json *body;
    int64_t rev;
    xd_view_row row;
    xd_pos at;
    bool vague;

    if (!xd_snap_body(cx, h->page.snap, hit.id, &body, &rev)) {
        return false;
    }
    if (body == NULL || h->page.site->land == NULL ||
        xd_field_said(&h->page, h->type->summary, body, 0).text.n == 0 ||
        !xd_body_spot(&h->page, h->type, body, &at, &vague)) {
        return true;
    }
    if (!xd_row_of(&h->page, h->type, hit.id, body, (xd_str){0}, &row)) {
        return false;
    }
    xd_view_story *story = xd_push(cx->arena, &h->view.stories);
    *story = (xd_view_story){
        .url = row.url,
        .title = row.name,
        .text = xd_said_cut(&h->page, xd_field_said(&h->page, h->type->summary, body, 0), 110),
        .key = row.key,
        .place = row.place,
        .kind = row.kind,
        .time = row.time,
        .map = XD_S("map"),
    };
    xd_frame_put(&h->page.site->frame, at, &story->x, &story->y);
    story->box = xd_str_printf(cx->arena, "%d %d 480 260", story->x - 240, story->y - 130);
    return true;
}

bool xd_home_stories(xd_home_page *h)
{
    xd_ctx *cx = h->page.cx;
    const xd_vocabulary *levels = h->colour == NULL ? NULL : h->colour->vocabulary;
    const xd_sort by_id = {.by = XD_SORT_ID};
    xd_ask ask = {
        .type = h->type, .limit = STORY_POOL, .sorts = &by_id, .n_sorts = 1, .lang = cx->lang};
    const xd_answer *answer = NULL;

    for (size_t i = 0; levels != NULL && i < levels->n; i++) { /* the highest that has any */
        if (!xd_cql_equals(&h->page, h->type, h->colour->name, levels->terms[i].code,
                           &ask.filter) ||
            !xd_ask_run(cx, h->page.snap, &ask, &answer)) {
            return false;
        }
        if (answer->n > 0) {
            break;
        }
    }
    size_t wanted = h->page.site->home.stories;
    size_t week = (size_t)(xd_now(cx) / WEEK_US);
    for (size_t i = 0; answer != NULL && i < answer->n && h->view.stories.n < wanted; i++) {
        if (!add_story(h, answer->hits[(week * wanted + i) % answer->n])) {
            return false;
        }
    }
    return true;
}
