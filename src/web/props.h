/* web/props.h — a type's fields as flat properties: what GeoJSON features, schemas, queryables
 * and the API's description say, from one table.
 *
 * Desktop GIS knows one type a column and takes its columns from the first page, so every
 * property stands in every feature, null when absent, and never changes its type. docs/decisions/
 * 0070 has the rules. Tables are made once, for all types, and are immutable. */
#ifndef XD_WEB_PROPS_H
#define XD_WEB_PROPS_H

#include "geo/crs.h"
#include "index/index.h"

typedef enum xd_prop_part {
    XD_PROP_VALUE, /* the field itself; text in the asker's language, a further place as WKT */
    XD_PROP_LANG,  /* text in one language, without falling back */
    XD_PROP_LABEL, /* the word for a code */
    XD_PROP_FROM,  /* first year of a period */
    XD_PROP_TO,    /* last year */
    XD_PROP_ID,    /* of the linked record */
    XD_PROP_PRECISION, /* of a place */
    XD_PROP_RECORD,    /* of the record: title, number, state, …, page */
} xd_prop_part;

typedef enum xd_prop_json {
    XD_PROP_STRING,
    XD_PROP_INTEGER,
    XD_PROP_NUMBER,
    XD_PROP_BOOLEAN,
    XD_PROP_OBJECT,
} xd_prop_json;

typedef struct xd_prop xd_prop;
struct xd_prop {
    xd_str name;
    xd_str key;            /* the name as JSON, with its colon */
    const xd_field *field; /* NULL: XD_PROP_RECORD */
    xd_prop_part part;
    xd_prop_json json;
    bool many;
    xd_str lang; /* XD_PROP_LANG */
    xd_str title[XD_LANGS];
    const xd_prop *inner; /* XD_PROP_OBJECT: of a group */
    size_t n_inner;
};

/* A name that filters may use, and that is a parameter of the items address. */
typedef struct xd_queryable {
    xd_str name; /* "built", "built_from", "award.year" */
    const xd_field *field;
    xd_prop_json json;
    xd_str title[XD_LANGS];
} xd_queryable;

typedef struct xd_props {
    const xd_type *type;
    const xd_prop *at;
    size_t n;
    const xd_queryable *queryables;
    size_t n_queryables;
    const xd_field **sortables;
    size_t n_sortables;
} xd_props;

/* One for each type of the model, by xd_type.at. */
const xd_props *xd_props_make(xd_arena *arena, const xd_model *model);
bool xd_field_is_public(const xd_field *field);

/* What writing features needs besides the record. */
typedef struct xd_feature_way {
    const xd_model *model;
    const xd_snap *snap;
    const xd_crs *crs; /* NULL: WGS 84 */
    xd_str site; /* "https://…" or "https://…/en": addresses in the asker's language */
    struct xd_kin *kin; /* computed values are told too; NULL: they are not */
} xd_feature_way;

/* {"type": "Feature", "id", "geometry", "properties"…} without its last brace, so that a caller
 * may add links. body is a public one. */
XD_MUST bool xd_feature_write(xd_ctx *cx, const xd_feature_way *way, const xd_props *props,
                              int64_t id, const xd_json *body, xd_buf *out);
/* The "properties" member's value alone. */
void xd_props_write(xd_ctx *cx, const xd_feature_way *way, const xd_props *props, int64_t id,
                    const xd_json *body, xd_buf *out);
/* What a record is addressed by: its number, else its id. */
xd_str xd_record_key_text(xd_arena *arena, int64_t id, const xd_json *body);

#endif
