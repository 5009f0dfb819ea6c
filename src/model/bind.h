/* model/bind.h — trees into types, fields, vocabularies, flows: a checker driven by tables.
 *
 * Private to this room. Each kind of map in a model file has a table of rows: key, what its
 * value must be, where it goes. xd_bind_map() walks map and table together, so an unknown key, a
 * missing one and a wrong value are found in the same way everywhere, and all of them in one
 * run. Names that refer to something in another file are kept as text in a draft and settled by
 * resolve.c, once everything is there. */
#ifndef XD_MODEL_BIND_H
#define XD_MODEL_BIND_H

#include "model/computed.h"
#include "model/parts.h"
#include "model/tree.h"

typedef struct xd_draft_field xd_draft_field;
typedef struct xd_draft_type xd_draft_type;

/* A reference still to be settled: the word and where it stands. */
typedef struct xd_ref {
    xd_str name;
    const xd_node *node;
} xd_ref;
typedef XD_VEC(xd_ref) xd_refs;
typedef XD_VEC(xd_alias) xd_aliases;

struct xd_draft_field {
    xd_field field;
    const xd_node *node;
    xd_ref vocabulary, otherwise;
    xd_refs to;
    const xd_node *when, *coarse_when, *min, *max;
    const xd_node *seen; /* kind and langs are read before the table; they land here */
    int64_t decimals;
    xd_aliases aliases, words, titles;
    XD_VEC(xd_unit) units;
    XD_VEC(xd_draft_field) fields; /* group, link */
};

typedef struct xd_draft_key {
    xd_key key;
    xd_refs fields;
    const xd_node *node;
} xd_draft_key;

/* bind_computed.c: what a computed value says, its names still words. */
typedef struct xd_draft_computed {
    xd_computed *to; /* in the type's array, once it is there */
    xd_label label, help;
    xd_str name, unit;
    xd_label unit_label;
    int64_t decimals;
    const xd_node *node;
    const xd_node *by[XD_COMPUTE_LIGHT + 1]; /* the one that is given says how */
} xd_draft_computed;

typedef struct xd_draft_guard {
    xd_model_guard guard;
    const xd_node *node, *when, *must;
} xd_draft_guard;

struct xd_draft_type {
    xd_type type; /* stays here: drafts live as long as the model */
    const xd_node *node;
    xd_ref flow, parent, title, summary, place, division, time, level, picture, tree, rest,
        in_force, order;
    XD_VEC(xd_draft_computed *) computed;
    XD_VEC(xd_draft_guard) guards;
    xd_refs list, facets, filled;
    XD_VEC(xd_draft_key) keys;
    XD_VEC(xd_draft_field) fields;
    xd_aliases row_aliases;
};

typedef struct xd_draft_group {
    xd_str name;
    const xd_node *fields;
    xd_str file;
} xd_draft_group;

struct xd_model {
    XD_VEC(xd_type *) types;
    XD_VEC(xd_vocabulary *) vocabularies;
    XD_VEC(xd_flow *) flows;
    XD_VEC(xd_role) roles;
    xd_map *types_by_name, *types_by_path, *vocabularies_by_name;
    const xd_vocabulary *divisions;
    xd_said_words said;
    const xd_json *site;
    xd_str json;
    uint8_t hash[32];
};

/* What the checker carries. file is the one being read. */
typedef struct xd_bind {
    xd_ctx *cx;
    xd_arena *arena;
    xd_faults *faults;
    xd_model *model;
    xd_str file;
    /* A model the log keeps was judged when it was applied: rules of choice that came later
     * (reserved names, clashing headers) must not make its bodies unreadable. */
    bool kept;
    XD_VEC(xd_draft_type *) types;
    XD_VEC(xd_draft_group) groups;
    XD_VEC(xd_node *) division_homes;
    xd_map *csv; /* file name → const xd_node *, the CSV tables met */
} xd_bind;

typedef enum xd_want {
    XD_WANT_TEXT,  /* xd_str, not empty */
    XD_WANT_NAME,  /* xd_str: a–z, digits, _; begins with a letter */
    XD_WANT_BOOL,  /* bool */
    XD_WANT_INT,   /* int64_t */
    XD_WANT_LABEL, /* xd_label: {zh, en}, or one text */
    XD_WANT_TEXTS, /* xd_strs: a list, or one text */
    XD_WANT_REF,   /* xd_ref */
    XD_WANT_REFS,  /* xd_refs */
    XD_WANT_NODE,  /* const xd_node *: kept for later */
    XD_WANT_OWN,   /* judged by fn */
} xd_want;

typedef struct xd_bind_key {
    const char *key;
    xd_want want;
    bool required;
    size_t at;      /* offsetof() in the target */
    unsigned kinds; /* fields: bit per xd_kind it belongs to; 0: all */
    void (*fn)(xd_bind *b, const xd_node *node, void *target);
} xd_bind_key;

#define XD_FAULT(b, node, key, zh, en, ...)                                                    \
    xd_bind_fault((b), (node), (key), xd_str_printf((b)->arena, zh, __VA_ARGS__),              \
                  xd_str_printf((b)->arena, en, __VA_ARGS__))
void xd_bind_fault(xd_bind *b, const xd_node *node, xd_str key, xd_str zh, xd_str en);

/* kind: an xd_kind, or -1 where the table is not about fields. False: not a map at all. */
bool xd_bind_map(xd_bind *b, const xd_node *node, const xd_bind_key *keys, size_t n, int kind,
                 void *target);
/* The word of a list nearest to what was written; absent when none is near. */
xd_str xd_nearest(xd_str word, const xd_strs *words);
bool xd_bind_name_ok(xd_str name);
bool xd_bind_text(xd_bind *b, const xd_node *node, xd_str key, xd_str *ret_text);
void xd_bind_texts(xd_bind *b, const xd_node *node, xd_str key, xd_strs *ret_texts);
void xd_bind_label(xd_bind *b, const xd_node *node, xd_str key, xd_label *ret_label);

/* One file each; faults are reported, nothing is returned. */
void xd_bind_type(xd_bind *b, const xd_node *root);
void xd_bind_vocabulary(xd_bind *b, const xd_node *root);
void xd_bind_flow(xd_bind *b, const xd_node *root);
void xd_bind_rights(xd_bind *b, const xd_node *root);
void xd_bind_said(xd_bind *b, const xd_node *root); /* headers.yaml */
void xd_bind_group(xd_bind *b, const xd_node *root);
void xd_bind_site(xd_bind *b, const xd_node *root); /* after xd_bind_resolve() */
/* A first word of the address table, where no type may live. */
bool xd_path_reserved(xd_str word);
bool xd_bind_field(xd_bind *b, const xd_node *node, bool inner, xd_draft_field *ret_field);
/* Headers for a field, or for the row as a whole (field NULL). */
void xd_bind_aliases(xd_bind *b, const xd_node *node, const xd_field *field,
                     xd_aliases *aliases);

/* bind_computed.c: `computed` and `guards` of a type; then, when every type has its fields, the
 * places for the values; then, when fields know their vocabularies and links, what they mean. */
void xd_bind_computed(xd_bind *b, const xd_node *node, void *draft_type);
void xd_bind_guards(xd_bind *b, const xd_node *node, void *draft_type);
void xd_bind_computed_place(xd_bind *b, xd_draft_type *draft);
void xd_bind_computed_settle(xd_bind *b, xd_draft_type *draft);

/* Types, keys, roles, conditions and links settled; columns and maps made. */
void xd_bind_resolve(xd_bind *b);

#endif
