/* model/computed.h — values that records do not hold but that follow from them.
 *
 * A type may declare computed values: how many records lead here by a link (and hold a
 * condition), how many a saved query finds, sums, shares, differences, days from today, a value
 * of a linked record, and a light that ordered rules decide. Rules are CQL2 over the record's own
 * fields and the computed values above them. A guard is a sentence and two such conditions: where
 * `when` holds, `must` has to hold, or a change is refused with the sentence.
 *
 * This file judges and computes; it reads no store and no index. What other records there are is
 * asked of an xd_kin_source, so pages (public, through the index) and imports (through the store)
 * share every rule. docs/reference/model.md is the manual, docs/decisions/0123 says why. */
#ifndef XD_MODEL_COMPUTED_H
#define XD_MODEL_COMPUTED_H

#include "model/body.h"
#include "model/cql.h"

typedef enum xd_compute {
    XD_COMPUTE_COUNT, /* records of a type whose link leads here */
    XD_COMPUTE_SUM,   /* of a number of theirs */
    XD_COMPUTE_QUERY, /* records that the saved query in a field finds */
    XD_COMPUTE_FROM,  /* a value of the record a link leads to */
    XD_COMPUTE_SHARE, /* of a in b, percent */
    XD_COMPUTE_LESS,  /* a less b */
    XD_COMPUTE_DAYS,  /* from today to the last day of period a: negative once past */
    XD_COMPUTE_GONE,  /* percent of the time from the first day of a to the last of b */
    XD_COMPUTE_LIGHT, /* the first rule that holds */
} xd_compute;

/* What a light looks like; the words are the model's. */
typedef enum xd_look_of {
    XD_LIGHT_GREEN,
    XD_LIGHT_YELLOW,
    XD_LIGHT_RED,
    XD_LIGHT_GREY
} xd_look_of;
#define XD_LIGHTS 4
extern const xd_str xd_light_name[XD_LIGHTS]; /* also what conditions compare with */

typedef struct xd_light {
    xd_look_of look;
    xd_label label;
    const xd_cql *when; /* NULL: always */
} xd_light;

struct xd_computed {
    xd_field
        field; /* name, label, help; kind number, or identifier for lights; computed = this */
    size_t at; /* index in the type */
    xd_compute by;
    const xd_type *type;   /* COUNT, SUM: of the records counted */
    const xd_field *link;  /* COUNT, SUM: theirs that leads here; FROM: ours */
    const xd_field *a, *b; /* inputs: own fields, or computed values above; SUM: a is theirs;
                              QUERY: a is the query, b the text that names its type; FROM: a is
                              theirs, found by name in the type the link led to */
    const xd_cql *where;   /* COUNT, SUM: NULL: all */
    const xd_field *since, *until; /* QUERY: texts naming periods of the type asked, when its
                                      records began and ceased to count; NULL: none */
    const xd_type *units;          /* QUERY: records of this type part the whole by division */
    const xd_field *within;        /* FROM: a link to the unit that the value is asked for */
    const xd_light *lights;
    size_t n_lights;
    bool asks;   /* needs a saved query answered: not for guards */
    xd_str says; /* canonical JSON of what the model says, to see whether it changed */
};

struct xd_model_guard {
    xd_str name;
    xd_label say;
    const xd_cql *when, *must; /* when NULL: always */
    xd_str says;
};

/* ---- conditions over one body -------------------------------------------------------------- */

typedef enum xd_truth { XD_NO, XD_YES, XD_UNKNOWN } xd_truth;

/* A value that was computed; known false: nothing can be said. */
typedef struct xd_derived {
    bool known;
    double n;
    const xd_light *light; /* of a light */
} xd_derived;

typedef struct xd_subject {
    int64_t id, time; /* 0: not kept yet */
    const xd_type *type;
    const xd_json *body;
    /* Values of computed fields; NULL: they are unknown. */
    bool (*derive)(xd_ctx *cx, void *user, const struct xd_subject *subject,
                   const xd_computed *computed, xd_derived *ret_value);
    /* The body a link leads to, *ret_body NULL when it cannot be seen; NULL: none can. */
    bool (*follow)(xd_ctx *cx, void *user, int64_t id, const xd_json **ret_body);
    void *user;
    const xd_model *model;
} xd_subject;

/* Whether a bound condition holds, three-valued, as docs/reference/filter.md says; texts are
 * looked at in Chinese, then in another language, whatever the page's is. */
XD_MUST bool xd_cql_holds(xd_ctx *cx, const xd_subject *subject, const xd_cql *cql,
                          xd_truth *ret_truth);
/* CASEI and ACCENTI fold as the index does and are not for here. */
bool xd_cql_holds_takes(const xd_cql *cql);

/* ---- computing ------------------------------------------------------------------------------ */

/* What else there is. Every call may be refused by the context's deadline. */
typedef struct xd_kin_source {
    void *user;
    int32_t today;
    /* ids of records of `type` whose field `link` leads to `id`; samples: those too that count
     * nowhere. */
    bool (*linked)(xd_ctx *cx, void *user, const xd_type *type, const xd_field *link,
                   int64_t id, bool samples, int64_t **ret_ids, size_t *ret_n);
    bool (*body)(xd_ctx *cx, void *user, int64_t id, const xd_json **ret_body);
    /* How many records of `type` the condition finds, of those that stand in `unit` (a record of
     * `units`; 0: everywhere). *ret_known false: not to be said. NULL: no query is answered. */
    bool (*count)(xd_ctx *cx, void *user, const xd_type *type, const xd_cql *filter,
                  const xd_type *units, int64_t unit, uint64_t *ret_n, bool *ret_known);
} xd_kin_source;

/* One computation: what was computed once is not computed again. Lives in cx->arena. Looks at no
 * more than XD_KIN_MOST records; beyond, values are unknown and cut_short says so. */
#define XD_KIN_MOST 20000
typedef struct xd_derive {
    const xd_model *model;
    const xd_kin_source *source;
    size_t looked;
    bool cut_short;
    int depth;
    xd_map *done; /* "id/type/value" → xd_derived */
} xd_derive;

void xd_derive_begin(xd_ctx *cx, const xd_model *model, const xd_kin_source *source,
                     xd_derive *ret_derive);
/* id 0: a record not kept yet. unit: the reporting unit asked about, 0 for everywhere. */
XD_MUST bool xd_derive_value(xd_ctx *cx, xd_derive *derive, int64_t id, const xd_json *body,
                             const xd_computed *computed, int64_t unit, xd_derived *ret_value);
/* Whether a bound rule (xd_cql_check_rule(): it may name computed values) holds for the body. */
XD_MUST bool xd_derive_holds(xd_ctx *cx, xd_derive *derive, int64_t id, const xd_type *type,
                             const xd_json *body, const xd_cql *condition, bool *ret_holds);
/* "12", "66.7"; the light's label; absent when unknown. */
xd_str xd_derived_text(xd_ctx *cx, const xd_computed *computed, const xd_derived *value);

/* The saved query of a QUERY value bound to its type: *ret_filter NULL with *ret_type NULL when
 * the record has none; XD_INVALID, with sentences, when it cannot be asked. */
XD_MUST bool xd_saved_query(xd_ctx *cx, const xd_model *model, const xd_computed *computed,
                            const xd_json *body, const xd_type **ret_type,
                            const xd_cql **ret_filter);
/* A period of `type` that a text field of the record names; NULL when none. */
const xd_field *xd_saved_field(const xd_type *type, const xd_field *named_by,
                               const xd_json *body);

/* Guards of the body's type, and its saved queries: refusals go to problems, code "guard" and
 * "query". source needs no `count`. */
XD_MUST bool xd_guards_check(xd_ctx *cx, const xd_model *model, const xd_kin_source *source,
                             int64_t id, const xd_json *body, xd_problems *problems);

const xd_computed *xd_computed_find(const xd_type *type, xd_str name);
bool xd_body_sample(const xd_type *type, const xd_json *body); /* its state says so */

#endif
