/* web/page.h — what all pages do alike: frame, rows of records, keys, dates, sending.
 *
 * A page_*.c handler begins with xd_page_begin(), fills its view, and ends with xd_page_send(). */
#ifndef XD_WEB_PAGE_H
#define XD_WEB_PAGE_H

#include "templates.h"
#include "web/app.h"
#include "web/site.h"
#include "web/svgmap.h"
#include "web/url.h"
#include "web/words.h"

typedef struct xd_page {
    xd_ctx *cx;
    const xd_app *app;
    const xd_site *site;
    const xd_request *request;
    xd_response *response;
    const xd_snap *snap;
    xd_query query; /* what links carry on: the parameters this page knows, cursor left out */
} xd_page;

void xd_page_begin(xd_ctx *cx, const xd_app *app, const xd_request *request,
                   xd_response *response, xd_page *ret_page);
/* title: of the page alone; the site's name is added. */
void xd_page_frame(xd_page *page, xd_str title, xd_view_page *ret_view);
void xd_page_crumb(xd_page *page, xd_view_page *view, xd_str label, xd_url url);
/* The second style sheet: for pages with drawings, shelves, contents. */
void xd_page_more(xd_page *page, xd_view_page *view);
/* page_stats.c: a table to take along, for Excel too. */
void xd_csv_begin(xd_page *page, xd_str name);
void xd_csv_line(xd_buf *out, const xd_str *cells, size_t n);
/* The menu item and the page's own alternates. The canonical address leaves the query out. */
void xd_page_here(xd_page *page, xd_view_page *view, const xd_type *type, const char *word);
/* Where the search box of the header and home leads: a type's list. */
void xd_page_search(xd_page *page, xd_view_page *view, const xd_type *type);

/* xd_tmpl_x(&out, &view) between these two. */
xd_out xd_page_out(xd_page *page);
bool xd_page_send(xd_page *page);

xd_str xd_say(const xd_page *page, xd_word_id word);
xd_str xd_say_n(const xd_page *page, xd_word_id word, const char *hole, int64_t n);
xd_str xd_say_s(const xd_page *page, xd_word_id word, const char *hole, xd_str text);

xd_str xd_type_plural(const xd_page *page, const xd_type *type);
/* Value i of a text field in the page's language, or the other one's, marked. */
/* One value for people; a link by the title of the record it leads to, while that can be seen.
 * ret_url may be NULL; it is left alone for what leads nowhere. */
XD_MUST bool xd_value_said(xd_page *page, const xd_field *field, const xd_json *value,
                           xd_said *ret_said, xd_url *ret_url);
xd_said xd_field_said(const xd_page *page, const xd_field *field, const xd_json *body,
                      size_t i);
xd_str xd_day(const xd_page *page, int64_t time_us); /* "2026-11-24", in China's time */
const xd_term *xd_field_term(const xd_field *field, const xd_json *body);
xd_view_key xd_key_of(const xd_page *page, const xd_term *term);
/* What the state of a made-up record is called; absent for all others. */
xd_str xd_sample_word(const xd_page *page, const xd_type *type, const xd_json *body);
int32_t xd_today(const xd_page *page);    /* in China */
bool xd_body_unsure(const xd_json *body); /* its own confidence is not high */
/* Year its time may begin in; INT32_MIN: unknown or open. */
int32_t xd_body_year(const xd_type *type, const xd_json *body);
xd_str xd_body_place(const xd_page *page, const xd_type *type, const xd_json *body);
bool xd_body_spot(xd_page *page, const xd_type *type, const xd_json *body, xd_pos *ret_at,
                  bool *ret_vague); /* false: it has no place to draw */
xd_url xd_body_url(const xd_page *page, const xd_type *type, int64_t id, const xd_json *body);

/* "始建 1951年", "Founded 1951": a bare year beside a name says nothing of what happened in it. */
xd_str xd_time_said(xd_page *page, const xd_type *type, const xd_json *body);

/* q: words to mark; absent: none. */
XD_MUST bool xd_row_of(xd_page *page, const xd_type *type, int64_t id, const xd_json *body,
                       xd_str q, xd_view_row *ret_row);
/* page_why.c: which field the words stand in, when neither name nor summary as shown has them. */
XD_MUST bool xd_row_why(xd_page *page, const xd_type *type, const xd_json *body, xd_str q,
                        xd_view_row *row);
XD_MUST bool xd_marks_of(xd_page *page, xd_str q, xd_said text,
                         const xd_view_marks **ret_marks);
/* Text cut at a sentence or word near n code points, with … behind. */
xd_said xd_said_cut(const xd_page *page, xd_said text, size_t n);

/* A table of records of a type: its title and list columns; then a line each. */
xd_view_table *xd_table_of(xd_page *page, const xd_type *type, xd_str caption);
XD_MUST bool xd_table_line(xd_page *page, const xd_type *type, int64_t id, const xd_json *body,
                           xd_view_table *table);

/* A map of the whole land with these spots on it; NULL when there is no base map. */
const xd_view_map *xd_land_map(xd_page *page, bool narrow, xd_str says, const xd_spot *spots,
                               size_t n);
void xd_map_credit(xd_page *page, xd_view_map *map);
void xd_map_relief(xd_page *page, const xd_frame *frame, xd_view_map *map);
xd_url xd_item_url(xd_page *page, const xd_site_item *item);
/* page_menu.c: public records by xd_type.at; NULL when they could not be counted. */
const uint64_t *xd_page_counts(xd_page *page);
void xd_page_menu(xd_page *page, xd_view_page *view);
bool xd_door_leads(const xd_site_door *door, const uint64_t *counts);
/* field = code, bound to the type. */
XD_MUST bool xd_cql_equals(xd_page *page, const xd_type *type, xd_str field, xd_str code,
                           const xd_cql **ret_filter);
/* The field maps are coloured by: the level, else the first with `map: colour`. */
const xd_field *xd_colour_field(const xd_type *type);

xd_handler xd_page_home, xd_page_list, xd_page_record, xd_page_history, xd_page_map,
    xd_page_data, xd_page_check, xd_page_check_form, xd_page_template, xd_page_about,
    xd_page_door, xd_page_stats_csv, xd_page_dataset, xd_page_overview, xd_page_overview_csv;
xd_handler xd_page_list_csv, xd_page_list_xlsx, xd_page_list_geojson, xd_page_list_gpkg,
    xd_page_list_shp, xd_page_row_csv, xd_page_report, xd_page_report_docx, xd_page_report_xlsx;

#endif
