/* model/model.h — record types, fields, vocabularies, flows, site words, read from data/model.
 *
 * The folder is the program's knowledge of the field: C knows no type, field, vocabulary, flow
 * or role by name. Layout (docs/reference/model.md is the manual):
 *
 *   types/….yaml          one record type a file
 *   groups/….yaml         field groups that types include
 *   vocabularies/….yaml   terms, or `csv: file.csv` beside it for long ones
 *   flows/….yaml          states and moves
 *   headers.yaml          words of headers that say the same
 *   rights.yaml           who may what
 *   site.yaml             names, menu, home page, settings' defaults, about pages
 *
 * Loading reports every problem, all together, as file:line:column: reason: key. A loaded model
 * is immutable, lives in the arena it was loaded into, and may be read by many threads. */
#ifndef XD_MODEL_MODEL_H
#define XD_MODEL_MODEL_H

#include "base/json.h"
#include "base/map.h"
#include "model/kind.h"

typedef struct xd_model xd_model;
typedef struct xd_type xd_type;
typedef struct xd_field xd_field;
typedef struct xd_vocabulary xd_vocabulary;
typedef struct xd_term xd_term;
typedef struct xd_flow xd_flow;
typedef struct xd_computed xd_computed; /* model/computed.h */
typedef struct xd_model_guard xd_model_guard;

typedef struct xd_label {
    xd_str in[XD_LANGS]; /* absent English falls back to Chinese in xd_label_in() */
} xd_label;
xd_str xd_label_in(const xd_label *label, xd_lang lang);

/* One way a value may be given in a table: a header, and the part of the field it feeds.
 * Parts by kind: text, markdown: a language; place: lon lat both crs precision geometry raw
 * raw_crs;
 * division: code province prefecture county name; number: n unit; period: text from to;
 * link: ref id; hours: text closed last; others: the empty part. */
typedef struct xd_alias {
    xd_str header; /* as written in the model; matched folded, see model/read.h */
    xd_str part;
} xd_alias;

typedef struct
    xd_condition { /* holds when the named field of the record has one of the codes */
    const xd_field *field;
    xd_strs codes;
} xd_condition;

typedef enum xd_facet_by {
    XD_FACET_NONE,
    XD_FACET_VALUE,
    XD_FACET_DECADE,
    XD_FACET_PARENT
} xd_facet_by;

typedef enum xd_precision {                     /* of a place, finest first */
                            XD_PRECISION_EXACT, /* 50 m */
                            XD_PRECISION_SITE,  /* 2 km */
                            XD_PRECISION_TOWN,  /* 10 km */
                            XD_PRECISION_COUNTY, /* 50 km; only "somewhere in" the named county */
                            XD_PRECISION_NONE,   /* not to be shown at all */
} xd_precision;
extern const xd_str xd_precision_name[5];
extern const int32_t xd_precision_radius_m[5];

typedef struct xd_unit { /* n of this unit are n × times ÷ over of the field's own */
    xd_str name;         /* as cells write it: 亩, ㎡ */
    int64_t times, over;
} xd_unit;

struct xd_field {
    xd_str name;
    size_t at; /* index in xd_type.fields or in the group's fields */
    xd_kind kind;
    xd_label label, help;
    xd_str example; /* a value as a clerk would type it, for templates */
    xd_strs
        was; /* former names; one name in several fields' `was` is a split, several a merge */
    bool many, required, retired;
    bool personal; /* kept in the personal part; never public */
    bool hidden; /* has `see`, is a contact, or is personal: not public while nobody signs in */
    bool same_as_last;       /* 同上 is allowed */
    xd_strs see;             /* roles */
    const xd_alias *aliases; /* the model's own, then name and labels */
    size_t n_aliases;
    bool commas;               /* many: a comma parts the items of one cell too */
    const xd_field *otherwise; /* a text field that takes what cannot be read as this one */
    const xd_alias *titles; /* words (header) in a table's title that say its value (part: the
                               term; empty: the words themselves) for all rows */
    size_t n_titles;
    xd_strs titles_unless; /* … but not in a title that has one of these: 拟, 推荐 */
    xd_strs nothing;  /* words of a cell that mean there is no value: 停产时间: 在产 */
    bool no_counters; /* identifier: 1, 2, 3 … of a list's own count are no identifiers */
    xd_strs langs;    /* text, markdown: first is the default */
    int weight;       /* search weight, 0: not searched as words */
    bool pinyin;
    xd_facet_by facet;
    int facet_decades;               /* by: decade — years in a bar, 10 */
    bool sort;                       /* may be sorted by */
    bool colour;                     /* `map: colour`: the map may be coloured by it */
    const xd_vocabulary *vocabulary; /* term, division */
    const xd_type **to;              /* link */
    size_t n_to;
    xd_label as;            /* link: the name read from the other side */
    bool notice;            /* link: said at the top of the page of either record */
    xd_strs reach;          /* link: fields of the target that queries may use */
    const xd_field *fields; /* group, or a link's own fields */
    size_t n_fields;
    xd_str unit;         /* number: canonical unit, absent: none */
    xd_label unit_label; /* as people read it: ㎡ */
    bool has_min, has_max;
    int64_t min, max; /* number: in 10^-decimals */
    int decimals;
    const xd_unit *units; /* number: units cells may carry, turned into `unit` */
    size_t n_units;
    xd_strs forms;         /* number: "第{}批" — what may stand around it in a cell */
    const xd_alias *words; /* number: word (header) that stands for a number (part) */
    size_t n_words;
    xd_str scheme; /* identifier: "uscc" or absent */
    bool precision_required;
    xd_precision public_precision; /* place: default */
    xd_condition coarse_when;      /* place: … and when this holds, coarse_to */
    xd_precision coarse_to;
    xd_condition when;           /* the field belongs to records for which this holds */
    const xd_computed *computed; /* not a field of bodies: it follows from others */
    int line;
    xd_str file; /* where it is declared */
};

/* A link field that can point at some type, seen from there. */
typedef struct xd_reverse {
    const xd_type *from;
    const xd_field *field;
} xd_reverse;

typedef struct xd_key {
    xd_str kind;
    const xd_field **fields;
    size_t n;
    bool unique;
    bool by_source; /* told apart by the source the first field is from */
} xd_key;

struct xd_type {
    xd_str name, path, file;
    size_t at; /* index in the model */
    xd_strs was;
    xd_label label, plural, about;
    xd_str number; /* pattern "{division}-G-{serial:4}"; absent: unnumbered */
    const xd_flow *flow;
    const xd_type
        *parent; /* child type: the link field that names its parent is parent_field */
    const xd_field *parent_field;
    const xd_key *keys;
    size_t n_keys;
    const xd_field *fields;
    size_t n_fields;
    /* The fields that play a part, by the type's own words; NULL where it names none. */
    const xd_field *title, *summary, *place, *division, *time, *level, *picture;
    const xd_field *tree;        /* a link to the record above it, of the same type */
    const xd_computed *computed; /* in the model's order: each uses only those above it */
    size_t n_computed;
    const xd_model_guard *guards;
    size_t n_guards;
    const xd_field *in_force; /* a period: from when to when what the record says holds */
    const xd_field *order;    /* of a child among its parent's: a number, code or text */
    /* Row-wide columns: aliases for the parts of read.h's xd_column, and `ignore` for headers
     * that are known to carry nothing (序号). */
    const xd_field
        *rest; /* a text field that takes what columns without a meaning hold; NULL */
    const xd_alias *row_aliases; /* part says which */
    size_t n_row_aliases;
    const xd_field **list; /* columns of the list page, in order */
    size_t n_list;
    const xd_field **facets;
    size_t n_facets;
    /* What a row has to give one of to be a record at all; n 0: whatever it gives will do. */
    const xd_field **filled;
    size_t n_filled;
    xd_strs schema_org; /* schema.org class names for JSON-LD */
    /* For this room: name → field, folded header → xd_column, links that point here. */
    const xd_map *by_name, *by_header;
    const xd_reverse *reverses;
    size_t n_reverses;
};

struct xd_term {
    xd_str code;
    xd_label label;
    xd_strs aliases;
    const xd_term *parent;
    size_t at, depth;
    xd_strs former;              /* former codes; bodies that hold one read as this term */
    bool retired;                /* old bodies may hold it, nobody may choose it */
    xd_str valid_from, valid_to; /* ISO dates; absent: open */
    int colour;                  /* 0..2: data colour c0…, -1 none */
    xd_str shape;                /* "diamond", "square", "circle", … */
    bool has_pos;
    int32_t lon,
        lat; /* divisions: the seat, 1e-7 degree; for drawing and for guesses reported */
    int64_t from_year, to_year; /* eras; INT64_MIN/MAX open */
};

struct xd_vocabulary {
    xd_str name;
    xd_label label;
    bool hierarchical;
    const xd_term *terms; /* parents before children */
    size_t n;
    const xd_term
        *home; /* divisions: the area that goes without saying in names; may be NULL */
    /* For this room: code or former code → term, folded word → words with that meaning. */
    const xd_map *codes, *words;
};
/* By code or former code; NULL when none. */
const xd_term *xd_term_find(const xd_vocabulary *vocabulary, xd_str code);
/* Is term the ancestor or below it? */
bool xd_term_within(const xd_term *term, const xd_term *ancestor);
/* By label, alias, code, "code label" or "label（…）", folded; NULL when none or ambiguous —
 * then *ret_candidates (may be NULL) lists up to 5 near ones. */
const xd_term *xd_term_read(xd_ctx *cx, const xd_vocabulary *vocabulary, xd_str text,
                            xd_strs *ret_candidates);

typedef struct xd_state {
    xd_str name;
    xd_strs was;
    xd_label label;
    bool is_public;
    bool sample; /* made up, to show how things work: counted nowhere unless asked for */
    bool
        closed; /* withdrawn, retired: undo of a created record ends here (first closed state) */
} xd_state;
typedef struct xd_move {
    xd_str name;
    xd_label label;
    xd_strs from;
    xd_str to;
} xd_move;
struct xd_flow {
    xd_str name;
    xd_label label;
    const xd_state *states; /* the first is where records begin */
    size_t n_states;
    const xd_move *moves;
    size_t n_moves;
};
const xd_state *xd_state_find(const xd_flow *flow, xd_str name); /* by name or former name */

/* Roles that rights.yaml names; rules are kept for the day people sign in. */
typedef struct xd_role {
    xd_str name;
    xd_label label;
} xd_role;
size_t xd_model_roles(const xd_model *model, const xd_role **ret_list);

/* How headers of tables speak, whatever they are of: groups of words that say the same, and words
 * that say little. Folded; both may be empty. */
typedef struct xd_said_words {
    XD_VEC(xd_strs) same;
    xd_strs filling;
} xd_said_words;
const xd_said_words *xd_model_said(const xd_model *model);

/* Words and wishes of the site that no type holds: the YAML of site.yaml as checked JSON. The
 * web room reads what it needs; docs/reference/model.md lists the members. */
const xd_json *xd_model_site(const xd_model *model);

size_t xd_model_types(const xd_model *model);
const xd_type *xd_model_type(const xd_model *model, size_t i);
const xd_type *xd_type_find(const xd_model *model, xd_str name); /* by name or former name */
const xd_type *xd_type_by_path(const xd_model *model, xd_str path);
const xd_field *xd_field_find(const xd_type *type, xd_str name); /* by name only */
static inline xd_kept xd_field_kept(const xd_field *field)
{
    return xd_kinds[field->kind].kept;
}
const xd_rule *xd_rule_of(const xd_field *field); /* of its strings; NULL: any text */
const xd_vocabulary *xd_vocabulary_find(const xd_model *model, xd_str name);
const xd_vocabulary *
xd_model_divisions(const xd_model *model); /* the one division fields use */
/* Types whose records link to `type` (parents, related): (field) pairs, for "reverse" lists. */
size_t xd_type_reverses(const xd_model *model, const xd_type *type,
                        const xd_reverse **ret_list);

/* A problem in model files. */
typedef struct xd_fault {
    xd_str file;
    int line, column; /* from 1 */
    xd_str reason;    /* English */
    xd_str zh;
    xd_str key;
} xd_fault;
typedef XD_VEC(xd_fault) xd_faults;

/* A map in YAML that is no part of a model (an operator's settings), read as strictly; name is for
 * faults. XD_INVALID with faults. */
XD_MUST bool xd_yaml_read(xd_ctx *cx, xd_str name, xd_str text, xd_faults *faults,
                          const xd_json **ret_map);

/* Load and check. True with *ret_model and no faults; false with XD_INVALID and faults, sorted
 * by file and line; false with another code when the folder cannot be read. */
XD_MUST bool xd_model_load(xd_ctx *cx, const char *folder, xd_faults *faults,
                           const xd_model **ret_model);
/* From the canonical JSON a model revision keeps: every file as data, so the model a body was
 * written under can be read again. */
XD_MUST bool xd_model_from_json(xd_ctx *cx, const xd_json *json, xd_faults *faults,
                                const xd_model **ret_model);
/* Canonical JSON of the whole model with its steps, and its hash (SHA-256, 32 bytes). */
xd_str xd_model_json(const xd_model *model);
const uint8_t *xd_model_hash(const xd_model *model);

/* What changed between two models, for `model apply`: one line each, zh and en. */
typedef struct xd_change {
    xd_str type, field, what, zh, en;
    bool loses; /* needs a second look: a field vanished without `was` or `retired` */
} xd_change;
typedef XD_VEC(xd_change) xd_changes;
XD_MUST bool xd_model_diff(xd_ctx *cx, const xd_model *from, const xd_model *to,
                           xd_changes *changes);
/* Read a body written under `from` as one of `to`: renames, splits and merges by `was`. Values
 * of vanished fields stay under their old names, so nothing is lost. */
XD_MUST bool xd_model_step(xd_ctx *cx, const xd_model *from, const xd_model *to,
                           const xd_json *body, const xd_json **ret_body);

#endif
