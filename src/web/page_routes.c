/* The table of pages. */
#include "web/page.h"

#define TABLE_BYTES ((size_t)64 << 20)

const xd_route xd_page_routes[] = {
  /* clang-format off */
    {XD_GET,  "/",                     xd_page_home,         XD_VERB_SEE,  false, 0, "Home"},
    {XD_GET,  "/map",                  xd_page_map,          XD_VERB_SEE,  false, 0, "The large map"},
    {XD_GET,  "/data",                 xd_page_data,         XD_VERB_SEE,  true,  0, "Open data, templates, table check"},
    {XD_GET,  "/data/overview",        xd_page_overview,     XD_VERB_SEE,  true,  0, "Every type by the parts of the land, on one sheet"},
    {XD_GET,  "/data/overview.csv",    xd_page_overview_csv, XD_VERB_SEE,  true,  0, "The same as CSV"},
    {XD_GET,  "/data/check",           xd_page_check_form,   XD_VERB_SEE,  false, 0, "To the form of the table check"},
    {XD_POST, "/data/check",           xd_page_check,        XD_VERB_CHECK_TABLE, true, TABLE_BYTES, "Check a table, storing nothing"},
    {XD_GET,  "/data/{type}.xlsx",     xd_page_template,     XD_VERB_SEE,  true,  0, "A table to fill"},
    {XD_GET,  "/door",                 xd_page_door,         XD_VERB_SEE,  false, 0, "All doors of the menu and what is behind them"},
    {XD_GET,  "/door/{name}",          xd_page_door,         XD_VERB_SEE,  false, 0, "What is behind one door"},
    {XD_GET,  "/data/{type}",          xd_page_dataset,      XD_VERB_SEE,  false, 0, "What a data set means, field by field"},
    {XD_GET,  "/about",                xd_page_about,        XD_VERB_SEE,  true,  0, "About the site"},
    {XD_GET,  "/about/{page}",         xd_page_about,        XD_VERB_SEE,  true,  0, "About the site"},
    {XD_GET,  "/{type}.csv",           xd_page_list_csv,     XD_VERB_READ, true,  0, "A result as CSV"},
    {XD_GET,  "/{type}.xlsx",          xd_page_list_xlsx,    XD_VERB_READ, true,  0, "A result as a workbook"},
    {XD_GET,  "/{type}.geojson",       xd_page_list_geojson, XD_VERB_READ, true,  0, "A result as GeoJSON"},
    {XD_GET,  "/{type}.gpkg",          xd_page_list_gpkg,    XD_VERB_READ, true,  0, "A result as a GeoPackage"},
    {XD_GET,  "/{type}.zip",           xd_page_list_shp,     XD_VERB_READ, true,  0, "A result as a Shapefile"},
    {XD_GET,  "/{type}",               xd_page_list,         XD_VERB_READ, false, 0, "Search and filter a type"},
    {XD_GET,  "/{type}/statistics.csv", xd_page_stats_csv,   XD_VERB_READ, true,  0, "Counts of a result as CSV"},
    {XD_GET,  "/{type}/{key}.csv",     xd_page_row_csv,      XD_VERB_READ, true,  0, "A record's row"},
    {XD_GET,  "/{type}/{key}/report",  xd_page_report,       XD_VERB_READ, true,  0, "A report on a record, put together from what is recorded"},
    {XD_GET,  "/{type}/{key}/report.docx", xd_page_report_docx, XD_VERB_READ, true, 0, "The same as a Word document"},
    {XD_GET,  "/{type}/{key}/report.xlsx", xd_page_report_xlsx, XD_VERB_READ, true, 0, "The same as a workbook"},
    {XD_GET,  "/{type}/{key}/history", xd_page_history,      XD_VERB_READ, true,  0, "A record's versions"},
    {XD_GET,  "/{type}/{key}",         xd_page_record,       XD_VERB_READ, true,  0, "One record"},
  /* clang-format on */
};
const size_t xd_n_page_routes = XD_LEN(xd_page_routes);
