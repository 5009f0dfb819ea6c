/* What is told of a table, or of a sheet without one, as a whole. */
#include "exchange/import_walk.h"

void xd_walk_tell_columns(xd_walk *w, size_t row)
{
    xd_table *t = w->t;
    for (size_t k = 0; k < t->width; k++) {
        const xd_shape_col *col = &t->cols[k];
        if (col->use == XD_COL_UNKNOWN && col->header.n > 0) {
            XD_SAY(w, row, XD_WARNING, "column.unknown", col->header, col->header,
                   "列“" XD_FMT "”没有对应的字段，未取用。",
                   "The column “" XD_FMT "” means no field here and was not taken.",
                   XD_ARG(col->header));
        } else if (col->use == XD_COL_KEPT) {
            xd_str label = xd_label_in(&w->run->type->rest->label, w->run->cx->lang);
            XD_SAY(w, row, XD_WARNING, "column.kept", col->header, label,
                   "列“" XD_FMT "”没有对应的字段，内容连同列名记入“" XD_FMT "”。",
                   "The column “" XD_FMT "” means no field here; what it holds goes to “" XD_FMT
                   "” with its header.",
                   XD_ARG(col->header), XD_ARG(label));
        } else if (col->use == XD_COL_COMPUTED) {
            XD_SAY(w, row, XD_NOTE, "column.computed", col->header, col->header,
                   "列“" XD_FMT "”是程序现算的，不读入。",
                   "The column “" XD_FMT "” is worked out by the program and not read.",
                   XD_ARG(col->header));
        } else if (col->use == XD_COL_TWIN) {
            xd_str label = col->column.field == NULL
                               ? col->column.part
                               : xd_label_in(&col->column.field->label, w->run->cx->lang);
            XD_SAY(w, row, XD_NOTE, "column.twin", col->header, label,
                   "列“" XD_FMT "”与另一列都是“" XD_FMT
                   "”，只在那一列空着时取用（文字则并入）；与那一列不同的记入备注一类。",
                   "The column “" XD_FMT "” means “" XD_FMT
                   "” as another does: taken where that one is empty (texts are joined); what "
                   "differs is kept with the remarks.",
                   XD_ARG(col->header), XD_ARG(label));
        } else if (col->use == XD_COL_USED && col->second.field != NULL) {
            xd_lang lang = w->run->cx->lang;
            xd_str one = xd_label_in(&col->column.field->label, lang),
                   two = xd_label_in(&col->second.field->label, lang);
            XD_SAY(w, row, XD_NOTE, "column.pair", col->header, one,
                   "列“" XD_FMT "”写了两项，按内容分为“" XD_FMT "”和“" XD_FMT "”。",
                   "The column “" XD_FMT
                   "” holds two things; its cells were parted into “" XD_FMT "” and “" XD_FMT
                   "”.",
                   XD_ARG(col->header), XD_ARG(one), XD_ARG(two));
        } else if (col->use == XD_COL_USED && col->guessed) {
            xd_str label = col->column.field == NULL
                               ? col->column.part
                               : xd_label_in(&col->column.field->label, w->run->cx->lang);
            XD_SAY(w, row, XD_WARNING, "column.guessed", col->header, label,
                   "列“" XD_FMT "”按“" XD_FMT "”读取，是推测，请核对。",
                   "The column “" XD_FMT "” was read as “" XD_FMT "”: a guess, please check.",
                   XD_ARG(col->header), XD_ARG(label));
        }
    }
    if (t->borrowed) {
        (void)xd_run_say(
            w->run, row, XD_WARNING, "table.borrowed", (xd_str){0}, (xd_str){0},
            XD_S("这张表没有表头，按上一张表的表头读取，请核对。"),
            XD_S("This table has no header; the header of the table before was used: "
                 "please check."));
    }
}

void xd_walk_tell_fills(xd_walk *w)
{
    for (size_t c = 0; c < w->t->n; c++) {
        if (w->filled[c] > 0) {
            XD_SAY(w, w->first_filled[c] - 1, XD_NOTE, "column.filled", w->t->cols[c].header,
                   (xd_str){0}, "列“" XD_FMT "”的空白（共 %zu 格）按上面一行填写，是推测。",
                   "Blanks in the column “" XD_FMT
                   "” (%zu cells) were filled from the row above: an "
                   "assumption.",
                   XD_ARG(w->t->cols[c].header), w->filled[c]);
        }
    }
}

/* Sheets without a table of this type: every row of theirs is accounted for by one note. */
void xd_tell_outside(xd_run *run, size_t sheet)
{
    const xd_rows_sheet *s = &run->rows.sheets.at[sheet];
    xd_ctx *cx = &run->scratch;
    size_t first = SIZE_MAX, n = 0;
    for (size_t i = s->from; i < s->to; i++) {
        xd_source_row row;
        xd_ctx_reset(cx);
        if (run->shape.kinds[i] != XD_ROW_OUTSIDE || !xd_rows_get(cx, &run->rows, i, &row)) {
            continue;
        }
        (void)xd_run_verdict(run, i, row.number, XD_ROW_SKIPPED);
        first = first == SIZE_MAX ? i : first;
        n++;
    }
    const xd_type *other = NULL;
    for (size_t k = 0; k < run->shape.outside.n; k++) {
        if (xd_str_eq(run->shape.outside.at[k], s->name)) {
            other = run->shape.other.at[k];
        }
    }
    if (n == 0) {
        return;
    }
    xd_str zh = xd_str_printf(cx->arena, "这里 %zu 行没有找到认得的表头，未导入。", n);
    xd_str en = xd_str_printf(cx->arena,
                              "No known header was found for these %zu rows; they were "
                              "not imported.",
                              n);
    if (other != NULL) {
        zh =
            xd_str_printf(cx->arena, "这张表（%zu 行）像是“" XD_FMT "”，未按“" XD_FMT "”导入。",
                          n, XD_ARG(xd_label_in(&other->label, XD_ZH)),
                          XD_ARG(xd_label_in(&run->type->label, XD_ZH)));
        en = xd_str_printf(cx->arena,
                           "This table (%zu rows) looks like “" XD_FMT "” and was not "
                           "imported as “" XD_FMT "”.",
                           n, XD_ARG(xd_label_in(&other->label, XD_EN)),
                           XD_ARG(xd_label_in(&run->type->label, XD_EN)));
    }
    bool instructions = xd_cell_is_note(s->name) && other == NULL;
    (void)xd_run_say(run, first, instructions ? XD_NOTE : XD_WARNING, "sheet.outside",
                     (xd_str){0}, s->name, zh, en);
}
