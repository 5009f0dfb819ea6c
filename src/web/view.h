/* web/view.h — what each template shows.
 *
 * A view struct is filled by a page_*.c from the model, the index and the store, and read by
 * one template; nothing in it decides anything any more. Text is in the page's language unless
 * it is an xd_said. Lists have members at and n. Everything lives in cx->arena. */
#ifndef XD_WEB_VIEW_H
#define XD_WEB_VIEW_H

#include "web/html.h"

typedef struct xd_view_link {
    xd_str label;
    xd_url url;
    xd_str hint; /* one more line, or a count */
    bool here;   /* the page one is on, the value chosen */
    int level;   /* of narrower terms: how deep */
    xd_str lang; /* of what it leads to, when not the page's */
} xd_view_link;
typedef XD_VEC(xd_view_link) xd_view_links;

/* ---- around every page ------------------------------------------------------------------- */

typedef struct xd_view_setting { /* an official particular of the footer */
    xd_str label, value;         /* value absent: 待填 */
} xd_view_setting;
typedef XD_VEC(xd_view_setting) xd_view_settings;

typedef struct xd_view_menu { /* a link, or a door with links behind it */
    xd_str label, hint;
    xd_url url;
    bool here, shut; /* shut: nothing behind it can be seen yet */
    xd_view_links items;
} xd_view_menu;
typedef XD_VEC(xd_view_menu) xd_view_menus;

typedef struct xd_view_page {
    xd_str lang_tag; /* of the html element */
    xd_str title, site, tagline, service, description;
    xd_str published; /* ISO date, for the meta tags government pages carry */
    xd_str source, site_code;
    xd_str sample; /* a sentence on every page that shows made-up records */
    xd_str stale;  /* when what is shown was whole; absent: it is now */
    xd_str behind; /* the same, where only the asker's own write is missing; never both */
    bool elder, noindex, searchable; /* searchable: the header has a search box */
    xd_url home, css, more, js, icon, canonical, zh, en, other, elder_turn, access;
    xd_str other_name, other_tag;
    xd_url feed;
    xd_view_menus menu;
    xd_view_links crumbs;
    xd_url search, suggest;
    xd_str q;
    xd_view_settings settings;
    xd_view_links foot; /* about pages, data, API */
} xd_view_page;

/* ---- maps -------------------------------------------------------------------------------- */

typedef struct xd_view_key { /* what a mark on the map or before a name means: shape and word */
    xd_str css;              /* "c0 diamond" */
    xd_str shape;            /* id of the drawn shape */
    xd_str label;
    uint64_t n;
    xd_url url;
    bool here;
} xd_view_key;
typedef XD_VEC(xd_view_key) xd_view_keys;

typedef struct xd_view_line { /* one path of the base map */
    xd_str css, d;
} xd_view_line;
typedef XD_VEC(xd_view_line) xd_view_lines;

typedef struct xd_view_place_name {
    int x, y;
    xd_str css, text;
} xd_view_place_name;
typedef XD_VEC(xd_view_place_name) xd_view_place_names;

typedef struct xd_view_dot {
    int64_t id;
    int x, y;
    xd_str css, shape, title;
    xd_str year; /* absent: unknown */
    xd_url url;
    xd_str name; /* written beside the dot; absent: not written */
    xd_str name_css;
    int name_x, name_y;
} xd_view_dot;
typedef XD_VEC(xd_view_dot) xd_view_dots;

typedef struct xd_view_map {
    xd_str id;      /* of the svg element; ids inside begin with it */
    xd_str veil;    /* d of what is not land: the sheet with the land as a hole */
    xd_str borders; /* d of the lines between the land's areas; absent: none */
    xd_str says;    /* what it shows, in words */
    xd_str number;  /* 审图号; absent: 待填 */
    xd_str credit;
    int width, height;
    bool has_relief;
    int relief_x, relief_y, relief_w, relief_h;
    xd_url relief;
    xd_view_lines waters;
    xd_view_place_names names;
    xd_view_dots dots;
    bool has_circle; /* "somewhere in here": a ring around the middle */
    int circle_x, circle_y, circle_r;
} xd_view_map;

/* ---- rows of records --------------------------------------------------------------------- */

typedef struct xd_view_mark {
    xd_str text;
    bool hit;
} xd_view_mark;
typedef struct xd_view_marks {
    XD_VEC(xd_view_mark) parts;
    xd_str lang; /* absent: the page's */
} xd_view_marks;

typedef struct xd_view_lamp { /* colour, shape and word */
    xd_str css, sign, label;
} xd_view_lamp;

typedef struct xd_view_row {
    int64_t id;
    xd_url url;
    xd_said name;
    const xd_view_marks *title, *summary; /* with matches marked; summary may be NULL */
    xd_view_key key;
    xd_str type; /* its label, where rows of several types stand together */
    xd_str place, kind, time, number, distance;
    xd_str why_field;         /* where the words are, when name and summary have none */
    const xd_view_marks *why; /* … and there, marked */
    xd_str year;              /* absent: unknown */
    bool unsure;              /* 待核 */
    xd_str sample;            /* its state's word, when the record is made up */
    xd_view_lamp lamp;        /* its light now; label absent: none */
} xd_view_row;
typedef XD_VEC(xd_view_row) xd_view_rows;

/* ---- home -------------------------------------------------------------------------------- */

typedef struct xd_view_part { /* of the headline: colour for its own sake */
    xd_str css, text;
} xd_view_part;
typedef XD_VEC(xd_view_part) xd_view_parts;

typedef struct xd_view_bar {
    int x, y, w, h;
    xd_str title;
    int64_t from; /* year */
} xd_view_bar;
typedef XD_VEC(xd_view_bar) xd_view_bars;
typedef struct xd_view_tick { /* one a bar; most say nothing */
    xd_str text;
} xd_view_tick;
typedef XD_VEC(xd_view_tick) xd_view_ticks;

typedef struct xd_view_years {
    int64_t min, max, value; /* value max: all years */
    bool all;
    bool here; /* the page holds every record there is: script may filter in place */
    xd_url action;
    uint64_t unknown;
    int unknown_y, unknown_h;
    bool unknown_cut; /* it would be taller than the bars' own scale */
    bool keep_unknown;
    xd_view_bars bars;
    xd_view_ticks ticks;
    xd_view_links carried; /* other parameters: label is the name, hint the value */
    int width, height;
} xd_view_years;

typedef struct xd_view_cell {
    xd_str css;
    uint64_t n;
    xd_str d; /* path of the blocks: one a record */
    int width;
    xd_url url;
} xd_view_cell;
typedef struct xd_view_city {
    xd_str name;
    xd_url url;
    XD_VEC(xd_view_cell) cells;
} xd_view_city;
typedef XD_VEC(xd_view_city) xd_view_cities;

typedef struct xd_view_story {
    xd_url url;
    xd_said title, text;
    xd_view_key key;
    xd_str place, kind, time;
    xd_str box; /* viewBox into the page's map */
    int x, y;
    xd_str map; /* id of that map */
} xd_view_story;
typedef XD_VEC(xd_view_story) xd_view_stories;

typedef struct xd_view_home {
    xd_view_page page;
    xd_view_parts title;
    xd_str intro, type_label, chips_label;
    xd_url all; /* the whole list */
    xd_view_links chips;
    xd_view_keys levels;
    uint64_t shown, matched;
    bool everything; /* every matching record is on the page: the slider may work without asking
                      */
    xd_view_rows rows;
    const xd_view_map *map;
    xd_url big_map;
    const xd_view_years *years;
    xd_str table_label;
    xd_view_keys columns;
    xd_view_cities cities;
    xd_view_stories stories;
    xd_view_links doors;
} xd_view_home;

/* ---- doors ------------------------------------------------------------------------------- */

typedef struct xd_view_shelf { /* a type, or a page, behind a door */
    xd_str id, label, count, about;
    xd_url url;
    xd_view_rows rows;
    xd_view_links parts; /* types its records are made of */
} xd_view_shelf;
typedef struct xd_view_door_part {
    xd_str id, label, hint;
    xd_url url;
    XD_VEC(xd_view_shelf) shelves;
} xd_view_door_part;

typedef struct xd_view_door {
    xd_view_page page;
    bool all; /* every door, in short */
    xd_str label, hint;
    xd_url everything;
    xd_view_links doors;
    XD_VEC(xd_view_door_part) parts;
    xd_view_links empty; /* types nobody has published of: to their templates */
} xd_view_door;

/* ---- list -------------------------------------------------------------------------------- */

typedef struct xd_view_choice { /* an option of a select, a hidden parameter */
    xd_str name, value, label;
    bool on;
} xd_view_choice;
typedef XD_VEC(xd_view_choice) xd_view_choices;

typedef struct xd_view_facet {
    xd_str label;
    xd_view_links values, more; /* more: behind a fold */
    bool open, approximate, chosen;
} xd_view_facet;
typedef XD_VEC(xd_view_facet) xd_view_facets;

typedef struct xd_view_value {
    xd_said text;
    xd_url url; /* absent: just text */
} xd_view_value;
typedef XD_VEC(xd_view_value) xd_view_values;

typedef struct xd_view_line_of {
    xd_view_values cells;
} xd_view_line_of;
typedef struct xd_view_table {
    xd_str caption;
    XD_VEC(xd_str) columns;
    XD_VEC(xd_view_line_of) lines;
} xd_view_table;

typedef struct xd_view_stat_row {
    xd_str label, share, css;
    int level, width;
    uint64_t n;
    xd_url url;
    XD_VEC(xd_str) cells;
} xd_view_stat_row;
typedef struct xd_view_stat_bar {
    int x, y, w, h, mid, text_y;
    xd_str text;
} xd_view_stat_bar;
typedef struct xd_view_stat {
    xd_str id, label, from; /* from: earlier years are in the table alone */
    bool approximate;
    XD_VEC(xd_str) columns;
    XD_VEC(xd_view_stat_row) rows;
    int width, height, base; /* of the chart of years */
    XD_VEC(xd_view_stat_bar) bars;
    XD_VEC(xd_view_stat_bar) ticks;
} xd_view_stat;
typedef struct xd_view_stats {
    xd_str as_of;
    xd_url csv;
    XD_VEC(xd_view_stat) stats;
} xd_view_stats;

typedef struct xd_view_list {
    xd_view_page page;
    xd_str label, about;
    xd_url action, suggest;
    xd_view_choices carried, sorts;
    xd_view_links chips; /* filters in force: the link takes one away */
    xd_url reset;        /* takes all away; absent: none are in force */
    xd_view_links shows; /* list, table, map: one address */
    xd_view_facets facets;
    uint64_t matched, placeless, shown;
    xd_str found; /* the sentence that is announced */
    bool as_rows, as_map;
    const xd_view_stats *stats; /* NULL: not shown as such */
    bool only_words;            /* nothing but the words was asked for */
    bool bare;                  /* nothing was asked for, and nothing is there */
    xd_view_rows rows;
    const xd_view_table *table; /* NULL: not shown as one */
    const xd_view_map *map;     /* NULL: nothing has a place */
    xd_view_keys keys;
    xd_url first, next;
    xd_view_links downloads, elsewhere, advice;
    xd_view_links near; /* records whose names come nearest, where the words find nothing */
    xd_url big_map;
    bool dated;       /* its records have a validity: a day can be asked for */
    xd_str on;        /* the day asked for */
    uint64_t undated; /* with the same conditions, but no validity stated */
    xd_view_choices on_carried;
} xd_view_list;

/* ---- what follows from records ------------------------------------------------------------ */

typedef struct xd_view_measure {
    xd_str label, text, help;
    xd_view_lamp lamp; /* of a light */
} xd_view_measure;
typedef XD_VEC(xd_view_measure) xd_view_measures;

typedef struct xd_view_node { /* a line of a tree */
    int level;
    xd_url url;
    xd_said name;
    bool sample;
    xd_view_lamp lamp;
    xd_view_settings cells; /* label: what heads the column */
    xd_view_links figures;  /* label, address; hint: the value */
} xd_view_node;
typedef struct xd_view_tree {
    xd_str id, label, head;
    XD_VEC(xd_str) columns;
    XD_VEC(xd_view_node) nodes;
    bool figures, folded;
    uint64_t more; /* not shown */
    xd_url all;
} xd_view_tree;
typedef XD_VEC(xd_view_tree) xd_view_trees;

typedef struct xd_view_point {
    xd_str month, value, basis;
} xd_view_point;
typedef struct xd_view_small { /* one of small multiples */
    xd_url url;
    xd_str name, value, d;
} xd_view_small;
typedef struct xd_view_series {
    xd_str id, label, says, note, query_text;
    xd_str guessed, logged, dot; /* paths: from the records' dates, from the log, today */
    xd_str first, last, top;
    int width, height;
    XD_VEC(xd_view_point) points; /* newest first */
    XD_VEC(xd_view_small) units;
    xd_str units_label, units_note;
    xd_view_links lists; /* the records counted */
} xd_view_series;
typedef XD_VEC(xd_view_series) xd_view_serieses;

typedef struct xd_view_computed {
    xd_view_measures values;
    xd_view_trees trees;
    xd_view_serieses series;
    xd_str as_of;
    xd_str cut; /* a sentence when not all could be looked at */
} xd_view_computed;

/* ---- one record -------------------------------------------------------------------------- */

typedef struct xd_view_note { /* a footnote mark */
    int number;
    xd_str id;
} xd_view_note;
typedef struct xd_view_notes {
    XD_VEC(xd_view_note) list;
} xd_view_notes;

typedef struct xd_view_fact {
    xd_str label;
    xd_view_values values;
    bool unsure;    /* 待核 */
    xd_str checked; /* "2026-11-02 张三 核对"; absent: nobody has */
    xd_view_notes notes;
} xd_view_fact;
typedef XD_VEC(xd_view_fact) xd_view_facts;

typedef struct xd_view_section { /* a field long enough for a heading of its own */
    xd_str id, label;
    xd_view_values items; /* a list */
    xd_html html;         /* or rendered markdown */
    xd_str lang;
    bool unsure;
    xd_view_notes notes;
} xd_view_section;
typedef XD_VEC(xd_view_section) xd_view_sections;

typedef struct xd_view_event {
    xd_str when, what;
    xd_said name;
    xd_url url;
} xd_view_event;
typedef XD_VEC(xd_view_event) xd_view_events;

typedef struct xd_view_tie { /* one relation, seen from a record */
    bool first;              /* of its name, which spans so many rows */
    int64_t rows;
    xd_str name, type, note;
    xd_said title, via;
    xd_url url, via_url;
} xd_view_tie;
typedef XD_VEC(xd_view_tie) xd_view_ties;
typedef struct xd_view_tie_group {
    xd_str name;
    size_t n, more; /* more: not shown here */
    xd_url all;
    xd_view_ties ties;
} xd_view_tie_group;

typedef struct xd_view_knot { /* a record in a drawing */
    int x, y, w, h, text_x, title_y, sub_y;
    xd_str css, sub, whole;
    xd_said title;
    xd_url url; /* absent: it leads nowhere */
} xd_view_knot;
typedef struct xd_view_graph {
    xd_str id, says;
    int width, height;
    bool wide; /* more than a column of text holds */
    xd_view_lines lines;
    XD_VEC(xd_view_knot) nodes;
} xd_view_graph;

typedef struct xd_view_line_table { /* a line of descent: drawing, and row by row */
    xd_str id, label;
    size_t field; /* the link */
    const xd_view_graph *graph;
    xd_view_ties rows;
} xd_view_line_table;

typedef struct xd_view_part_of {
    xd_str id, order;
    xd_url here, url; /* its anchor, its own page */
    xd_said title, text;
    xd_view_ties ties;
} xd_view_part_of;
typedef struct xd_view_parts_of { /* records of a child type */
    xd_str id, label;
    size_t n;
    bool listed;                /* with a list of its own before them */
    const xd_view_table *table; /* one of the two */
    XD_VEC(xd_view_part_of) items;
} xd_view_parts_of;

typedef struct
    xd_view_force { /* how a record stands today; word absent: nothing is said of it */
    xd_str css, word, when;
} xd_view_force;

typedef struct xd_view_source {
    int number;
    xd_str id;
    xd_str text, date;
    xd_url url;
    bool named;   /* its text is not just the address */
    xd_str about; /* the facts it stands behind */
} xd_view_source;
typedef XD_VEC(xd_view_source) xd_view_sources;

typedef struct xd_view_record {
    xd_view_page page;
    xd_str type_label;
    xd_url type_url;
    xd_said title, other_title;
    xd_view_key level;
    xd_str as_of; /* set: this is how it stood then */
    xd_url newest;
    xd_said summary;
    bool unsure;
    xd_view_notes summary_notes;
    const xd_view_map *map;
    bool has_place; /* the division, or how well the place is known */
    xd_str place, coordinates, precision, precision_note;
    xd_url navigate; /* absent: the place is not known well enough */
    xd_url on_map;
    xd_view_facts visit, facts;
    xd_view_sections sections;
    xd_view_events events;
    xd_view_force force;
    xd_view_ties notices;
    XD_VEC(xd_view_parts_of) children;
    bool tied; /* ties, graph or lines: the section is there */
    XD_VEC(xd_view_tie_group) ties;
    const xd_view_graph *graph; /* NULL: too little to draw */
    xd_view_ties steps;         /* what the drawing shows beyond the first step */
    XD_VEC(xd_view_line_table) lines;
    const xd_view_computed *computed; /* NULL: nothing follows from it */
    xd_view_measures lamps;           /* its lights, at its head */
    xd_view_rows near;
    xd_view_sources sources;
    xd_str confidence, number, updated, cite;
    xd_url history, permalink;
    xd_str address; /* the permalink as people read it on paper */
    xd_view_links downloads;
    xd_view_links reports; /* on it, put together from what is recorded */
    xd_url row;            /* this record's row, to correct */
    xd_str contact;
    xd_url contact_url;
    xd_view_links toc;
    const xd_json *island;
} xd_view_record;

/* ---- history ----------------------------------------------------------------------------- */

typedef struct xd_view_version {
    int64_t n;
    xd_str when, who, what, set;
    xd_str fields; /* what it changed, by label */
    xd_url url;
    bool newest, shown_from, shown_to;
} xd_view_version;
typedef XD_VEC(xd_view_version) xd_view_versions;

typedef struct xd_view_change {
    xd_str label;
    xd_said before, after;
} xd_view_change;
typedef XD_VEC(xd_view_change) xd_view_changes;

typedef struct xd_view_history {
    xd_view_page page;
    xd_said title;
    xd_url record, action;
    xd_view_versions versions;
    bool compared, several;
    xd_str between; /* the sentence above the comparison */
    xd_view_changes changes;
    xd_str today;
} xd_view_history;

/* ---- map, data, about, errors ------------------------------------------------------------ */

typedef struct xd_view_atlas { /* the page around the large map */
    xd_view_page page;
    xd_str type_label;
    xd_view_links types;
    xd_url script, style, list;
    xd_str config; /* JSON for the element */
    xd_view_rows rows;
    uint64_t matched;
    const xd_view_map *map;
} xd_view_atlas;

typedef struct xd_view_data_field {
    xd_str name, label, kind, help;
    bool required;
} xd_view_data_field;
typedef struct xd_view_dataset { /* a row of the page of all, or a page of its own */
    xd_view_page page;
    xd_str id, label, about, updated;
    uint64_t n;
    xd_url list, more;
    xd_view_links formats, interfaces, templates;
    XD_VEC(xd_view_data_field) fields;
} xd_view_dataset;
typedef struct xd_view_data_part { /* those behind one door */
    xd_str id, label;
    xd_url here;
    XD_VEC(xd_view_dataset) sets;
} xd_view_data_part;

typedef struct xd_view_data {
    xd_view_page page;
    xd_str licence;
    xd_url licence_url, overview;
    xd_view_links interfaces;
    XD_VEC(xd_view_data_part) parts;
    bool may_check;
    xd_url check;
    xd_view_choices types;
    xd_str api_root, example;
} xd_view_data;

typedef struct xd_view_sheet_cell {
    uint64_t n;
    xd_str css;
} xd_view_sheet_cell;
typedef struct xd_view_sheet_line {
    xd_str label;
    xd_url url;
    uint64_t n;
    bool placeless; /* the type knows no division */
    int span;
    XD_VEC(xd_view_sheet_cell) cells; /* the last: not stated */
} xd_view_sheet_line;
typedef struct xd_view_sheet_group {
    xd_str label;
    int columns;
    XD_VEC(xd_view_sheet_line) lines;
} xd_view_sheet_group;
typedef struct xd_view_overview { /* the whole land on one sheet */
    xd_view_page page;
    xd_str title, as_of, empty, address, host;
    xd_url csv;
    XD_VEC(xd_str) parts;
    XD_VEC(xd_view_sheet_group) groups;
} xd_view_overview;

typedef struct xd_view_problem {
    xd_str where, column, value, reason, suggestion, css, weight;
} xd_view_problem;
typedef XD_VEC(xd_view_problem) xd_view_problems;

typedef struct xd_view_check {
    xd_view_page page;
    xd_str file, type_label, verdict;
    int64_t rows, new_rows, changed, unchanged, refused;
    bool good;
    xd_view_problems problems,
        notes;     /* what wants something done, worst first; what was only noted */
    uint64_t more; /* not shown */
    xd_url again;
} xd_view_check;

typedef struct xd_view_about {
    xd_view_page page;
    xd_view_links chapters;
    xd_html text;
    xd_str lang;
} xd_view_about;

typedef struct xd_view_error {
    xd_view_page page;
    int status;
    xd_str title, sentence, advice;
    xd_str other, other_sentence, other_lang; /* the same in the other language */
    xd_view_links ways;
} xd_view_error;

/* ---- a report on a record ---------------------------------------------------------------- */

typedef struct xd_view_report_cell {
    xd_str text;
    xd_url url;
    xd_view_lamp lamp; /* text then says it in words too */
    bool number;       /* text is a plain number */
    bool missing;      /* text says that there is nothing */
    bool label;        /* of a pair: text says what the next one is */
} xd_view_report_cell;
typedef struct xd_view_report_row {
    XD_VEC(xd_view_report_cell) cells;
} xd_view_report_row;

typedef struct xd_view_report_block { /* one of these seven */
    bool first, second, third;        /* a heading of that level */
    bool pairs;                       /* rows of two: what, and its value */
    bool words;                       /* text, then rows of one: a paragraph each */
    bool table;
    bool note;
    size_t part;
    xd_str id, text, none; /* none: said where a table has no rows */
    xd_str under, sheet;   /* as in exchange/paper.h */
    XD_VEC(xd_str) columns;
    XD_VEC(xd_view_report_row) rows;
} xd_view_report_block;

typedef struct xd_view_report {
    xd_view_page page;
    xd_strs lines; /* of the title */
    xd_str title, subtitle, host, day, address, name;
    xd_url record, docx, xlsx;
    xd_view_links years; /* the whole, then year by year */
    xd_view_links toc;
    XD_VEC(xd_view_report_block) blocks;
} xd_view_report;

#endif
