/* What stands over rows: titles and headings, and what they say that no column does. */
#include "exchange/import_walk.h"

/* ---- titles ------------------------------------------------------------------------------- */

static bool has_column(const xd_table *t, const xd_field *field)
{
    for (size_t c = 0; c < t->n; c++) {
        if (t->cols[c].use == XD_COL_USED && t->cols[c].column.field == field) {
            return true;
        }
    }
    return false;
}

static bool is_titled(const xd_titled *list, size_t n, const xd_field *field)
{
    for (size_t i = 0; i < n; i++) {
        if (list[i].field == field) {
            return true;
        }
    }
    return false;
}

/* What one line says of fields without a column is added to the list. */
static void hear_title(xd_walk *w, xd_str title, xd_titled *list, size_t *n)
{
    xd_ctx *cx = &w->run->scratch;
    for (size_t i = 0; i < w->run->type->n_fields && *n < XD_TITLED; i++) {
        const xd_field *f = &w->run->type->fields[i];
        xd_str value;
        bool room = (f->kind == XD_KIND_TEXT && f->many) || !has_column(w->t, f);
        if (!is_titled(list, *n, f) && room && xd_title_says(cx, f, title, &value)) {
            list[(*n)++] = (xd_titled){.field = f,
                                       .value = xd_str_copy(w->run->cx->arena, value),
                                       .title = xd_str_copy(w->run->cx->arena, title),
                                       .heading = xd_numbering_of(title).bytes > 0};
        } else if (!is_titled(list, *n, f) && room && xd_title_denies(cx, f, title)) {
            list[(*n)++] = (xd_titled){.field = f, .heading = xd_numbering_of(title).bytes > 0};
        }
    }
}

/* Tables of a document are sheets to us, but parts of one text to its reader. */
static bool is_document(const xd_walk *w)
{
    xd_str format = w->run->report->facts.format;
    return xd_str_eq(format, XD_S("docx")) || xd_str_eq(format, XD_S("html"));
}

/* Lines above the table, the nearest first; then what was said over the whole sheet or document. */
void xd_walk_hear_titles(xd_walk *w)
{
    xd_table *t = w->t;
    for (size_t i = t->titles.n; i-- > 0;) {
        xd_ctx_reset(&w->run->scratch);
        hear_title(w, t->titles.at[i], t->titled, &t->n_titled);
    }
    hear_title(w, w->run->options->file_name, t->titled, &t->n_titled);
    const xd_table *before = w->at == 0 ? NULL : &w->run->shape.tables.at[w->at - 1];
    bool heard = before != NULL && (before->sheet == t->sheet || is_document(w));
    for (size_t i = 0; heard && i < before->n_titled; i++) {
        const xd_titled *one = &before->titled[i];
        if (!one->heading && t->n_titled < XD_TITLED &&
            !is_titled(t->titled, t->n_titled, one->field) &&
            (!has_column(t, one->field) || one->field->many)) {
            t->titled[t->n_titled++] = *one;
        }
    }
    for (size_t i = 0; i < t->n_titled; i++) {
        if (t->titled[i].value.n == 0) {
            continue;
        }
        XD_SAY(w, t->first > 0 ? t->first - 1 : 0, XD_NOTE, "title.says",
               xd_label_in(&t->titled[i].field->label, w->run->cx->lang), t->titled[i].title,
               "各行的“" XD_FMT "”按标题“" XD_FMT "”填写。",
               "All rows take “" XD_FMT "” from the title “" XD_FMT "”.",
               XD_ARG(xd_label_in(&t->titled[i].field->label, w->run->cx->lang)),
               XD_ARG(t->titled[i].title));
    }
}

/* ---- headings ----------------------------------------------------------------------------- */

void xd_walk_heading(xd_walk *w, size_t i, const xd_source_row *row)
{
    xd_ctx *cx = &w->run->scratch;
    xd_row_own own = xd_row_own_of(cx->arena, row);
    xd_str text = own.text;
    if (!own.single && w->t->title != SIZE_MAX) {
        xd_str name = xd_row_text(cx->arena, row, w->t->title);
        text = name.n > 0 ? name : text;
    }
    xd_heading h = xd_heading_of(cx, w->run->model, w->run->type, w->t, text);
    int rank = h.rank < 0 ? 0 : h.rank >= XD_RANKS ? XD_RANKS - 1 : h.rank;
    for (int k = rank; k < XD_RANKS; k++) {
        w->over[k].set = false;
    }
    xd_over *o = &w->over[rank];
    o->set = true;
    o->division = h.division;
    o->field = h.field;
    xd_buf_clear(&o->text);
    xd_buf_add(&o->text, h.text);
    o->n_titled = 0;
    hear_title(w, h.text, o->titled, &o->n_titled);
    (void)xd_run_verdict(w->run, i, row->number, XD_ROW_SKIPPED);
    if (h.known || o->n_titled > 0) {
        XD_SAY(w, i, XD_NOTE, "row.section", (xd_str){0}, text,
               "小标题“" XD_FMT "”，下面各行没有另写的按它填写。",
               "A heading: the rows below take “" XD_FMT "” where they say nothing else.",
               XD_ARG(h.text));
    } else {
        XD_SAY(w, i, XD_NOTE, "row.heading", (xd_str){0}, text,
               "“" XD_FMT "”像小标题，不是记录；如确是一条记录，请补上其他列。",
               "“" XD_FMT
               "” looks like a heading, not a record; if it is one, fill in another column.",
               XD_ARG(text));
    }
}

const xd_term *xd_walk_context(xd_walk *w)
{
    const xd_table *t = w->t;
    const xd_term *best = NULL;
    for (size_t i = t->titles.n; i-- > 0 && w->run->type->division != NULL;) {
        const xd_term *term = xd_division_in(w->run->cx, w->run->model, t->titles.at[i]);
        best = term != NULL && (best == NULL || term->depth > best->depth) ? term : best;
    }
    return best;
}

/* Lines above the table that are headings by themselves (一、合肥市; 第二批（42项）) hold over
 * its rows like headings between them. The first title is the sheet's name where it has one. */
void xd_walk_headings_above(xd_walk *w, bool named)
{
    for (size_t i = named ? 1 : 0; i < w->t->titles.n; i++) {
        xd_ctx *cx = &w->run->scratch;
        xd_str text = w->t->titles.at[i];
        xd_ctx_reset(cx);
        xd_heading h = xd_heading_of(cx, w->run->model, w->run->type, w->t, text);
        bool exact = h.division != NULL && h.rank > 0;
        bool field = h.field != NULL && (h.looks || xd_str_starts(h.text, XD_S("第")));
        if (exact || field) {
            xd_over *o = &w->over[h.rank < 1 ? 1 : h.rank >= XD_RANKS ? XD_RANKS - 1 : h.rank];
            o->set = true;
            o->division = h.division;
            o->field = h.field;
            xd_buf_clear(&o->text);
            xd_buf_add(&o->text, h.text);
            o->n_titled = 0;
        }
    }
}
