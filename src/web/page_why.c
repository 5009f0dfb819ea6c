/* Why a record is among the results when neither its name nor its summary shows the words: they
 * stand in another field, in the label of a term, or in the name of a record it links to. */
#include "web/page.h"

#define VALUES 40 /* of one field, looked at */
#define CUT 90    /* code points shown */

static bool marked(const xd_view_marks *marks)
{
    for (size_t i = 0; marks != NULL && i < marks->parts.n; i++) {
        if (marks->parts.at[i].hit) {
            return true;
        }
    }
    return false;
}

/* What a link is called now, where its target can be seen. */
static bool said_of(xd_page *page, const xd_field *field, const xd_json *body, size_t i,
                    xd_said *ret_said)
{
    const xd_json *target = NULL;
    int64_t rev, id = field->kind == XD_KIND_LINK
                          ? xd_json_get_int(xd_value(field, body, i), XD_S("id"), 0)
                          : 0;
    if (id != 0 && !xd_snap_body(page->cx, page->snap, id, &target, &rev)) {
        return false;
    }
    *ret_said = target == NULL
                    ? xd_field_said(page, field, body, i)
                    : (xd_said){.text = xd_body_title(page->cx, page->app->model, target)};
    return true;
}

/* Text from a little before the first hit. */
static xd_said from_hit(xd_page *page, xd_said said, const xd_range *range)
{
    size_t at = range->from, back = 0;
    while (at > 0 && back < CUT / 3) {
        at--;
        back += ((unsigned char)said.text.p[at] & 0xC0) != 0x80 ? 1 : 0;
    }
    while (at > 0 && ((unsigned char)said.text.p[at] & 0xC0) == 0x80) {
        at--;
    }
    xd_str rest = xd_str_sub(said.text, at, said.text.n);
    said.text = at == 0 ? rest : xd_str_join(page->cx->arena, XD_S("…"), rest);
    return xd_said_cut(page, said, CUT);
}

bool xd_row_why(xd_page *page, const xd_type *type, const xd_json *body, xd_str q,
                xd_view_row *row)
{
    if (marked(row->title) || marked(row->summary)) {
        return true;
    }
    for (size_t i = 0; i < type->n_fields; i++) {
        const xd_field *field = &type->fields[i];
        size_t n = field->weight == 0 || field->hidden || field->retired
                       ? 0
                       : xd_value_count(field, body);
        for (size_t k = 0; k < n && k < VALUES; k++) {
            const xd_range *ranges = NULL;
            size_t found = 0;
            xd_said said;
            if (!said_of(page, field, body, k, &said) ||
                !xd_highlight(page->cx, q, said.text, &ranges, &found)) {
                return false;
            }
            if (found > 0) {
                row->why_field = xd_label_in(&field->label, page->cx->lang);
                return xd_marks_of(page, q, from_hit(page, said, &ranges[0]), &row->why);
            }
        }
    }
    return true;
}
