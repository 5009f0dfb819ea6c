/* model/body.h — a record's body: judging it, taking it apart, showing it.
 *
 * A body is canonical JSON (base/json.h). Members: `type`, `state`, `number` (absent while
 * unnumbered), `sources`, `about`, `confidence`, and the type's fields by name. Shapes by kind,
 * one each, are in docs/reference/bodies.md; in short:
 *   text, markdown {"zh": …, "en": …} · number {"n": "3642", "unit": "m2"} · boolean ·
 *   period {"text", "from": "1890-01-01", "to": "1890-12-31"} · term "C31" · division "341823" ·
 *   place {"geometry", "crs", "raw", "precision"} · link {"id", "text", "from", "to", own fields} ·
 *   group {sub-fields} · hours {"text", "week", "except"} · phone, contact, url, identifier,
 *   query: text · file {"sha256", "name", "media", "bytes"}
 * `many` fields are arrays of the shape. Never null, "", [] or {}. */
#ifndef XD_MODEL_BODY_H
#define XD_MODEL_BODY_H

#include "geo/geom.h"
#include "model/model.h"
#include "model/period.h"

typedef enum xd_weight { XD_NOTE, XD_WARNING, XD_REFUSAL } xd_weight;

/* One thing to tell a person about a value. */
typedef struct xd_problem {
    xd_weight weight;
    xd_str field; /* name, or name.part; absent: the whole record */
    xd_str value; /* as given */
    const char
        *code; /* short fixed word, "number.range"; listed in docs/reference/problems.md */
    xd_str in[XD_LANGS];         /* what is wrong */
    xd_str suggestion[XD_LANGS]; /* what to do; may be absent */
    /* The importer fills where: */
    xd_str sheet, column;
    int64_t row;
} xd_problem;
typedef XD_VEC(xd_problem) xd_problems;

/* zh and en are whole sentences; copied. Returns the item for more. */
xd_problem *xd_problem_add(xd_ctx *cx, xd_problems *problems, xd_weight weight,
                           const char *code, xd_str field, xd_str value, xd_str zh, xd_str en);

/* Judge a whole body: shapes, ranges, required fields, known codes and states, canonical form.
 * True: judged (problems may hold refusals); false only when judging failed. */
XD_MUST bool xd_body_check(xd_ctx *cx, const xd_model *model, const xd_json *body,
                           xd_problems *problems);
bool xd_problems_refuse(const xd_problems *problems);

const xd_type *xd_body_type(const xd_model *model, const xd_json *body); /* NULL: unknown */

/* Personal fields apart: *ret_open and *ret_personal (NULL when there is nothing personal).
 * xd_body_join() is the inverse. */
XD_MUST bool xd_body_split(xd_ctx *cx, const xd_model *model, const xd_json *body,
                           const xd_json **ret_open, const xd_json **ret_personal);
const xd_json *xd_body_join(xd_ctx *cx, const xd_json *open, const xd_json *personal);

/* What anybody may see of it: NULL when the state is not public. Hidden, personal and retired
 * fields and their `about` are gone; places are coarsened: a point is moved to the centre of a
 * square of the public precision's radius (or to its division's seat for county), raw text and
 * source CRS are dropped, precision says the public one. Links keep id, text, dates and the own
 * fields that are not hidden. This is
 * the one door: whatever is indexed or served to the public went through it. */
XD_MUST bool xd_body_public(xd_ctx *cx, const xd_model *model, const xd_json *body,
                            const xd_json **ret_public);

/* Keys a record is found by: its number ("number"), and the model's `keys`, kind by kind.
 * Values are folded (model/fold.h); several divisions give several keys. A key told apart by
 * source (`by_source`) gives two: "kind@" with "value|source", which is the one that may be
 * unique, and "kind" with the bare value, for those who ask without a source. The source is the
 * one the field is `about`, else the record's first: its text, else its address; none: "value|". */
typedef enum xd_key_scope { XD_KEY_PLAIN, XD_KEY_OF_SOURCE, XD_KEY_ANY_SOURCE } xd_key_scope;
typedef struct xd_body_key {
    xd_str kind, value;
    bool unique;
    xd_key_scope scope;
} xd_body_key;
typedef XD_VEC(xd_body_key) xd_body_keys;
XD_MUST bool xd_body_key_list(xd_ctx *cx, const xd_model *model, const xd_json *body,
                              xd_body_keys *keys);

typedef struct xd_body_link {
    xd_str kind; /* field name */
    int64_t to;
    xd_str from_date, to_date; /* absent: open */
} xd_body_link;
typedef XD_VEC(xd_body_link) xd_body_links;
XD_MUST bool xd_body_link_list(xd_ctx *cx, const xd_model *model, const xd_json *body,
                               xd_body_links *links);

/* Reading values. All answer absent for NULL or foreign shapes. `i` picks among many. */
size_t xd_value_count(const xd_field *field, const xd_json *body);
const xd_json *xd_value(const xd_field *field, const xd_json *body, size_t i);
xd_str xd_value_lang(const xd_json *text_value, xd_str lang,
                     xd_str *ret_lang); /* falls back; says which */
bool xd_value_period(const xd_json *value, xd_period *ret_period);
/* The place as geometry; *ret_geom NULL when there is none. */
XD_MUST bool xd_value_geom(xd_ctx *cx, const xd_json *value, const xd_geom **ret_geom);
xd_precision xd_value_precision(const xd_json *place_value);
/* The value as a person reads it in cx->lang: labels for codes, “约”, units … */
xd_str xd_value_text(xd_ctx *cx, const xd_model *model, const xd_field *field,
                     const xd_json *value);
/* The record's name in cx->lang; its number or "#id" when it has no title. */
xd_str xd_body_title(xd_ctx *cx, const xd_model *model, const xd_json *body);
/* "宣城市泾县" / "Jing County, Xuancheng" for a division code. */
xd_str xd_division_text(xd_ctx *cx, const xd_model *model, xd_str code);

/* Field by field difference, for history pages and three-way merges. */
typedef struct xd_field_change {
    xd_str field;
    const xd_json *before, *after; /* NULL: absent */
} xd_field_change;
typedef XD_VEC(xd_field_change) xd_field_changes;
void xd_body_diff(xd_ctx *cx, const xd_json *before, const xd_json *after,
                  xd_field_changes *changes);

/* JSON Schema (draft 2020-12) of a type's public properties, for API and docs. */
void xd_type_schema(xd_buf *out, const xd_model *model, const xd_type *type, xd_lang lang);

#endif
