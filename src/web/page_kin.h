/* web/page_kin.h — records around a record, while its page is made.
 *
 * A bond is a link field read from one end: its own label when the record holds the link, its
 * `as` when the other one does. Only what anybody may see of both records counts, so a hidden
 * record is as good as absent. */
#ifndef XD_WEB_PAGE_KIN_H
#define XD_WEB_PAGE_KIN_H

#include "web/page_record.h"

typedef struct xd_bond {
    int64_t id; /* the other record */
    const xd_type *type;
    const xd_json *body;
    const xd_field *field; /* the link */
    bool incoming;         /* the other record holds it */
    const xd_json *value;  /* the link as it is held */
} xd_bond;
typedef XD_VEC(xd_bond) xd_bonds;

#define XD_KIN 400 /* links followed from one record */

/* Both ways, at most `most`: what it links to by field, then who links to it by type and field;
 * within one name by time. */
XD_MUST bool xd_bonds_of(xd_record_page *r, int64_t id, const xd_type *type,
                         const xd_json *body, size_t most, xd_bonds *list);
/* "师承", "弟子": what the other record is to this one. */
xd_str xd_bond_name(const xd_page *page, const xd_bond *relation);
/* "1950—1960，馆长": the link's dates and own fields; absent when it has none. */
xd_str xd_bond_note(const xd_page *page, const xd_bond *relation);
xd_said xd_bond_title(const xd_page *page, const xd_bond *relation);

/* The other record is a part of this one, or below it in a tree. */
bool xd_bond_is_part(const xd_bond *bond);

/* page_graph.c: the drawings of r->view, from the relations of the record itself. */
XD_MUST bool xd_record_graph(xd_record_page *r, const xd_bonds *list);
XD_MUST bool xd_record_lines(xd_record_page *r);
/* page_parts.c: children as contents or as a table. */
XD_MUST bool xd_record_parts(xd_record_page *r, const xd_bonds *list);

#endif
