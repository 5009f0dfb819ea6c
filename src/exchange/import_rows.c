/* From rows to drafts.
 *
 * Each table is walked once more, now with all that is known of it: cells that the shape filled,
 * dittos, headings over the rows, rows that go on with the record above. What a record's rows
 * give goes through xd_row_read(); the body and all problems are kept. */
#include "exchange/import_walk.h"

/* ---- words -------------------------------------------------------------------------------- */

/* What is told of rows that are no records. */
static const struct skipped {
    xd_row_kind kind;
    const char *code;
    xd_str zh, en;
} skipped[] = {
    {XD_ROW_TITLE,  "row.title",  XD_STR("标题行，不是记录。"),                   XD_STR("A title, not a record.")},
    {XD_ROW_HEADER, "row.header", XD_STR("表头。"),                                     XD_STR("The header.")           },
    {XD_ROW_UNITS,  "row.units",  XD_STR("单位、列号或示例行，不是记录。"),
     XD_STR("Units, column numbers or an example, not a record.")                                                          },
    {XD_ROW_TOTAL,  "row.total",  XD_STR("合计行，不是记录。"),                   XD_STR("A total, not a record.")},
    {XD_ROW_NOTE,   "row.note",   XD_STR("说明、落款一类文字，不是记录。"),
     XD_STR("A note, not a record.")                                                                                       },
    {XD_ROW_REPEAT, "row.repeat", XD_STR("重复的表头。"),                            XD_STR("The header once more.") },
};

static void skip(xd_walk *w, size_t i, const xd_source_row *row, xd_row_kind kind)
{
    xd_row_own own = xd_row_own_of(w->run->scratch.arena, row);
    (void)xd_run_verdict(w->run, i, row->number, XD_ROW_SKIPPED);
    for (size_t k = 0; k < XD_LEN(skipped); k++) {
        if (skipped[k].kind == kind) {
            (void)xd_run_say(w->run, i, XD_NOTE, skipped[k].code, (xd_str){0}, own.text,
                             skipped[k].zh, skipped[k].en);
        }
    }
}

/* ---- cells -------------------------------------------------------------------------------- */

/* Lines of one cell are several divisions, or one written over two lines. */
static xd_str division_lines(xd_walk *w, xd_str text)
{
    xd_ctx *cx = &w->run->scratch;
    const xd_vocabulary *v = xd_model_divisions(w->run->model);
    xd_str rest = text, line, list = {0};
    const xd_term *before = NULL;
    while (v != NULL && xd_str_cut(&rest, '\n', &line)) {
        const xd_term *term = xd_term_read(cx, v, xd_str_trim(line), NULL);
        if (term == NULL || (before != NULL && xd_term_within(term, before))) {
            return xd_cell_one_line(cx->arena, text);
        }
        list = list.n == 0
                   ? line
                   : xd_str_printf(cx->arena, XD_FMT ";" XD_FMT, XD_ARG(list), XD_ARG(line));
        before = term;
    }
    return list.n > 0 ? list : text;
}

static bool only_number(xd_str text)
{
    bool digits = false;
    for (size_t i = 0; i < text.n; i++) {
        digits |= text.p[i] >= '0' && text.p[i] <= '9';
        if (memchr("0123456789.,", text.p[i], 12) == NULL) {
            return false;
        }
    }
    return digits;
}

static xd_str clean(xd_walk *w, size_t c, xd_str text)
{
    xd_ctx *cx = &w->run->scratch;
    const xd_shape_col *col = &w->t->cols[c];
    const xd_field *f = col->column.field;
    if (col->tick.n > 0) {
        return xd_cell_is_tick(text) ? col->tick : XD_S("");
    }
    text = xd_cell_ticked(cx->arena, text);
    bool yes_no = f != NULL && f->kind == XD_KIND_BOOLEAN;
    if (xd_cell_is_nothing(text) && !yes_no) {
        return XD_S("");
    }
    if (f == NULL) {
        return xd_cell_one_line(cx->arena, text);
    }
    if (col->second.field != NULL) {
        return text; /* cut in two when the record is read, also by its lines */
    }
    if (f == w->run->type->title) {
        xd_str name = xd_cell_name(cx->arena, text);
        xd_numbering n = xd_numbering_of(name);
        bool strip =
            n.style != XD_NUMBERING_NONE && (w->t->numbered || n.style == XD_NUMBERING_RING);
        return strip ? xd_str_sub(name, n.bytes, name.n) : name;
    }
    switch (xd_field_kept(f)) {
    case XD_KEPT_NUMBER:
        text = xd_cell_one_line(cx->arena, text);
        return col->unit.p != NULL && only_number(text)
                   ? xd_str_join(cx->arena, text, col->unit)
                   : text;
    case XD_KEPT_CODE:
        if (f->kind == XD_KIND_DIVISION) {
            return memchr(text.p, '\n', text.n) != NULL ? division_lines(w, text) : text;
        }
        text = xd_tick_said(cx, col, text);
        return f->many ? text : xd_cell_one_line(cx->arena, text);
    case XD_KEPT_LINK:
        return f->many ? text : xd_cell_one_line(cx->arena, text);
    case XD_KEPT_STRING:
        if (f->kind == XD_KIND_CONTACT || f->kind == XD_KIND_QUERY) {
            return text;
        }
        return xd_cell_one_line(cx->arena, text);
    case XD_KEPT_PERIOD:
    case XD_KEPT_BOOLEAN:
        return xd_cell_one_line(cx->arena, text);
    case XD_KEPT_TEXTS:
        if (f->kind == XD_KIND_MARKDOWN) {
            return text;
        }
        text = xd_tick_said(cx, col, text);
        return f->many || f == w->run->type->summary ? text : xd_cell_one_line(cx->arena, text);
    case XD_KEPT_PLACE:
    case XD_KEPT_GROUP:
    case XD_KEPT_HOURS:
    case XD_KEPT_FILE:
        break;
    }
    return text;
}

/* The cell's text after dittos and fills; empty: nothing is given. */
static xd_str value_of(xd_walk *w, size_t i, const xd_source_row *row, size_t c, bool reset)
{
    const xd_shape_col *col = &w->t->cols[c];
    xd_str text = xd_row_text(w->run->scratch.arena, row, c);
    xd_buf *carry = &w->carry[c];
    if (xd_cell_is_ditto(text)) {
        return xd_buf_str(carry);
    }
    if (text.n > 0) {
        xd_buf_clear(carry);
        xd_buf_add(carry, text);
        w->seen[c]++;
        return text;
    }
    if (reset) {
        xd_buf_clear(carry);
    }
    bool fill =
        col->fill == XD_FILL_LEAD || (col->fill == XD_FILL_BETWEEN && w->seen[c] < col->filled);
    if (fill && carry->n > 0) {
        w->filled[c]++;
        w->first_filled[c] = w->first_filled[c] == 0 ? i + 1 : w->first_filled[c];
        return xd_buf_str(carry);
    }
    return XD_S("");
}

/* Whether a group column to the left of c begins something new in this row. */
static bool new_group(const xd_walk *w, const xd_source_row *row, size_t from, size_t c)
{
    for (size_t k = from; k < c && k < row->n; k++) {
        if (w->t->cols[k].fill == XD_FILL_LEAD && row->cells[k].kind != XD_CELL_EMPTY) {
            xd_str text = xd_row_text(w->run->scratch.arena, row, k);
            if (text.n > 0 && !xd_str_eq(text, xd_buf_str(&w->carry[k]))) {
                return true;
            }
        }
    }
    return false;
}

/* ---- gathering ---------------------------------------------------------------------------- */

/* Column k of the block gets one more text. Lists and texts grow, others keep the first. */
static void gather(xd_walk *w, size_t k, xd_str text, bool more)
{
    xd_gathered *g = w->record;
    const xd_field *f = w->t->cols[k].column.field;
    xd_buf *b = &g->text[k];
    if (text.n == 0) {
        return;
    }
    if (b->n == 0) {
        xd_buf_add(b, text);
    } else if (!xd_str_eq(xd_buf_str(b), text)) {
        bool texts = f != NULL && f != w->run->type->title &&
                     (f->many || f->kind == XD_KIND_TEXT || f->kind == XD_KIND_MARKDOWN);
        xd_col_use use = w->t->cols[k].use;
        bool grows = texts || use == XD_COL_KEPT || use == XD_COL_TWIN;
        if (grows) {
            xd_buf_byte(b, '\n');
            xd_buf_add(b, text);
        } else {
            g->crossed |= more;
        }
    }
}

/* The column that a twin stands in for. */
static size_t twin_of(const xd_table *t, size_t k)
{
    for (size_t c = 0; c < t->width; c++) {
        if (t->cols[c].use == XD_COL_USED &&
            t->cols[c].column.field == t->cols[k].column.field &&
            xd_str_eq(t->cols[c].column.part, t->cols[k].column.part)) {
            return c;
        }
    }
    return SIZE_MAX;
}

/* Degrees, minutes and seconds of neighbouring columns as one text. */
static xd_str with_sixtieths(xd_walk *w, const xd_source_row *row, size_t c, xd_str degrees)
{
    static const char *const marks[] = {"°", "′", "″"};
    xd_arena *arena = w->run->scratch.arena;
    if (xd_cell_is_nothing(degrees)) {
        return degrees;
    }
    xd_str all = xd_str_printf(arena, XD_FMT "%s", XD_ARG(degrees), marks[0]);
    for (size_t i = 1; i <= w->t->cols[c % w->t->width].sixtieths; i++) {
        xd_str part = xd_row_text(arena, row, c + i);
        if (!xd_cell_is_nothing(part)) {
            all = xd_str_printf(arena, XD_FMT XD_FMT "%s", XD_ARG(all), XD_ARG(part), marks[i]);
        }
    }
    return all;
}

/* A name with its translation on the second line: the other language's column, where the table
 * has none of its own. */
static void part_languages(xd_walk *w, xd_str raw)
{
    const xd_field *title = w->run->type->title;
    size_t at = xd_str_find(raw, XD_S("\n"), 0);
    if (title == NULL || title->langs.n < 2 || at == SIZE_MAX || w->record->other_name.n > 0) {
        return;
    }
    xd_str first = xd_str_trim(xd_str_sub(raw, 0, at));
    xd_str second = xd_str_trim(xd_str_sub(raw, at + 1, raw.n));
    bool latin = second.n > 3;
    for (size_t i = 0; i < second.n; i++) {
        latin &= (unsigned char)second.p[i] < 0x80;
    }
    for (size_t k = 0; k < w->t->width; k++) {
        latin &= !(w->t->cols[k].use == XD_COL_USED && w->t->cols[k].column.field == title &&
                   xd_str_eq(w->t->cols[k].column.part, title->langs.at[1]));
    }
    if (latin && first.n > 0 && (unsigned char)first.p[0] >= 0x80) {
        xd_buf_clear(&w->record->text[w->t->title]);
        gather(w, w->t->title, clean(w, w->t->title, first), false);
        w->record->other_name = xd_str_copy(w->record->memory.arena, second);
    }
}

/* What a second column for another's meaning says: taken where that one is empty, joined where it is
 * text, kept with the rest where it is something else. */
static void gather_twin(xd_walk *w, size_t k, size_t first, xd_str raw)
{
    xd_str text = clean(w, first, raw);
    const xd_field *f = w->t->cols[first].column.field;
    bool adds = f != NULL && f->kind == XD_KIND_TEXT && f != w->run->type->title;
    bool contact = f != NULL && f->kind == XD_KIND_CONTACT && text.n > 0;
    xd_str before = xd_buf_str(&w->record->text[first]);
    if (w->record->text[first].n == 0 || adds) {
        gather(w, first, text, false);
    } else if (contact && xd_str_find(before, text, 0) == SIZE_MAX) {
        xd_buf_printf(&w->record->text[first], "；" XD_FMT, XD_ARG(text));
    } else if (!xd_str_eq(before, text)) {
        gather(w, k, text, false);
    }
}

static void gather_row(xd_walk *w, size_t i, const xd_source_row *row, size_t from, bool more)
{
    xd_table *t = w->t;
    for (size_t k = 0; k < t->width && from + k < t->n; k++) {
        const xd_shape_col *col = &t->cols[k];
        size_t c = from + k;
        if (col->use == XD_COL_USED || col->use == XD_COL_KEPT) {
            bool own = !more || (c < row->n && row->cells[c].kind != XD_CELL_EMPTY &&
                                 !row->cells[c].merged);
            xd_str text = value_of(w, i, row, c, new_group(w, row, from, c));
            text = col->sixtieths > 0 ? with_sixtieths(w, row, c, text) : text;
            gather(w, k, own ? clean(w, k, text) : XD_S(""), more);
        }
    }
    for (size_t k = 0; k < t->width && from + k < t->n; k++) {
        size_t first = t->cols[k].use == XD_COL_TWIN ? twin_of(t, k) : SIZE_MAX;
        if (first != SIZE_MAX) {
            gather_twin(w, k, first, xd_row_text(w->run->scratch.arena, row, from + k));
        }
    }
    if (!more && t->title != SIZE_MAX) {
        part_languages(w, xd_row_text(w->run->scratch.arena, row, from + t->title));
    }
    for (size_t c = 0; c < row->n; c++) {
        if (row->cells[c].kind == XD_CELL_GEOMETRY && w->record->geometry.n == 0) {
            w->record->geometry = xd_str_copy(w->record->memory.arena, row->cells[c].text);
        }
    }
}

static bool begin(xd_walk *w, size_t i, const xd_source_row *row)
{
    if (!xd_walk_finish(w)) {
        return false;
    }
    xd_gathered *g = w->record; /* another, after finishing */
    xd_ctx_reset(&g->memory);
    for (size_t k = 0; k < w->t->width; k++) {
        xd_buf_clear(&g->text[k]);
    }
    g->geometry = g->other_name = (xd_str){0};
    g->crossed = false;
    g->open = true;
    g->row = i;
    g->number = row->number;
    g->verdict = xd_run_verdict(w->run, i, row->number, XD_ROW_NEW);
    return true;
}

/* ---- a table ------------------------------------------------------------------------------ */

static bool block_is_empty(xd_walk *w, const xd_source_row *row, size_t from)
{
    for (size_t c = from; c < from + w->t->width && c < row->n; c++) {
        bool counts = w->t->cols[c - from].use == XD_COL_USED || w->t->blocks == 1;
        if (counts && (row->cells[c].kind == XD_CELL_GEOMETRY ||
                       xd_row_text(w->run->scratch.arena, row, c).n > 0)) {
            return false;
        }
    }
    return true;
}

static bool data_row(xd_walk *w, size_t i, const xd_source_row *as_read)
{
    xd_source_row mended = xd_walk_mend(w, i, as_read);
    const xd_source_row *row = &mended;
    for (size_t b = 0; b < w->t->blocks; b++) {
        size_t from = b * w->t->width;
        if (b > 0 && block_is_empty(w, row, from)) {
            continue;
        }
        if (b == 0 && w->t->blocks > 1 && block_is_empty(w, row, 0)) {
            continue;
        }
        if (!begin(w, i, row)) {
            return false;
        }
        gather_row(w, i, row, from, false);
    }
    return true;
}

/* The values of record r; twins when all others are there. */
static bool gather_form(xd_walk *w, size_t r, bool twins)
{
    xd_table *t = w->t;
    for (size_t k = 0; k < t->n; k++) {
        const xd_form_cell *at = &t->form[k];
        bool twin = t->cols[k].use == XD_COL_TWIN;
        bool takes = t->cols[k].use == XD_COL_USED || t->cols[k].use == XD_COL_KEPT;
        size_t first = twin ? twin_of(t, k) : SIZE_MAX;
        xd_source_row row;
        if (twins ? first == SIZE_MAX : !takes) {
            continue;
        }
        xd_ctx_reset(&w->run->scratch);
        if (!xd_rows_get(&w->run->scratch, &w->run->rows, at->row, &row)) {
            return xd_scratch_fail(w->run->cx, &w->run->scratch);
        }
        xd_str text =
            xd_row_text(w->run->scratch.arena, &row, at->behind ? at->col : at->col + r);
        text = at->behind ? xd_form_behind(text) : text;
        if (twins) {
            gather_twin(w, k, first, text);
        } else {
            gather(w, k, clean(w, k, text), false);
        }
    }
    return true;
}

/* All records of a form, at its first row. */
static bool walk_form(xd_walk *w)
{
    xd_table *t = w->t;
    for (size_t r = 0; r < t->records; r++) {
        xd_source_row row;
        if (!xd_rows_get(&w->run->scratch, &w->run->rows, t->form[0].row, &row)) {
            return xd_scratch_fail(w->run->cx, &w->run->scratch);
        }
        if (!begin(w, t->form[0].row, &row)) {
            return false;
        }
        if (!gather_form(w, r, false) || !gather_form(w, r, true)) {
            return false;
        }
        if (!xd_walk_finish(w)) {
            return false;
        }
    }
    return true;
}

static bool form_row(xd_walk *w, size_t i, const xd_source_row *row)
{
    if (i == w->t->first) {
        return walk_form(w);
    }
    bool named = i == w->t->form[0].row;
    if (!named) { /* the record's own row has its verdict already */
        (void)xd_run_verdict(w->run, i, row->number, XD_ROW_SKIPPED);
    }
    if (!named && xd_run_note_again(w->run, i, "row.form")) {
        (void)xd_run_say(w->run, i, XD_NOTE, "row.form", (xd_str){0},
                         xd_row_own_of(w->run->scratch.arena, row).text,
                         XD_S("表单的一行，属于同一条记录。"),
                         XD_S("A line of a form, part of the same record."));
    }
    return true;
}

static void more_row(xd_walk *w, size_t i, const xd_source_row *row)
{
    xd_ctx *cx = &w->run->scratch;
    (void)xd_run_verdict(w->run, i, row->number, XD_ROW_SKIPPED);
    bool merged = w->t->title < row->n && row->cells[w->t->title].merged;
    gather_row(w, i, row, 0, true);
    XD_SAY(w, i, merged ? XD_NOTE : XD_WARNING, "row.more", (xd_str){0},
           xd_row_own_of(cx->arena, row).text, "并入第 %" PRId64 " 行的记录。",
           "Taken as more of the record in row %" PRId64 ".", w->record->number);
}

static bool walk_row(xd_walk *w, size_t i)
{
    xd_run *run = w->run;
    xd_source_row row;
    xd_ctx_reset(&run->scratch);
    if (!xd_go_on(run->cx)) {
        return false;
    }
    if (!xd_rows_get(&run->scratch, &run->rows, i, &row)) {
        return xd_scratch_fail(run->cx, &run->scratch);
    }
    xd_row_kind kind = (xd_row_kind)run->shape.kinds[i];
    switch (kind) {
    case XD_ROW_DATA:
        return data_row(w, i, &row);
    case XD_ROW_FORM:
        return form_row(w, i, &row);
    case XD_ROW_MORE:
        if (!w->record->open) {
            return data_row(w, i, &row);
        }
        more_row(w, i, &row);
        return true;
    case XD_ROW_SECTION:
        if (!xd_walk_settle(w)) {
            return false;
        }
        xd_walk_heading(w, i, &row);
        return true;
    case XD_ROW_BLANK:
        (void)xd_run_verdict(run, i, row.number, XD_ROW_SKIPPED);
        return true;
    case XD_ROW_CONTEXT:
    case XD_ROW_OUTSIDE:
        return true;
    case XD_ROW_TITLE:
        /* Between rows it begins something new: no heading above it holds any longer. */
        if (!xd_walk_settle(w)) {
            return false;
        }
        for (int k = 0; k < XD_RANKS; k++) {
            w->over[k].set = false;
        }
        skip(w, i, &row, kind);
        return true;
    case XD_ROW_HEADER:
    case XD_ROW_UNITS:
    case XD_ROW_TOTAL:
    case XD_ROW_NOTE:
    case XD_ROW_REPEAT:
        skip(w, i, &row, kind);
        return true;
    }
    return true;
}

/* ---- the walk ---------------------------------------------------------------------------- */

static xd_walk *begin_walk(xd_run *run, size_t at)
{
    xd_arena *arena = run->cx->arena;
    xd_walk *w = xd_new(arena, xd_walk);
    xd_table *t = &run->shape.tables.at[at];
    *w = (xd_walk){.run = run, .t = t, .at = at};
    w->carry = xd_new_n(arena, xd_buf, t->n + 1);
    w->seen = xd_new_n(arena, size_t, t->n + 1);
    w->filled = xd_new_n(arena, size_t, t->n + 1);
    w->first_filled = xd_new_n(arena, size_t, t->n + 1);
    w->held = xd_new_n(arena, size_t, t->width + 1);
    w->fed = xd_new_n(arena, size_t, t->width + 1);
    for (size_t i = 0; i < XD_AHEAD; i++) {
        w->ring[i].text = xd_new_n(arena, xd_buf, t->width + 1);
        xd_scratch_begin(&w->ring[i].memory, run->cx);
    }
    w->record = &w->ring[0];
    w->beside = xd_beside_begin(run->cx, XD_AHEAD, xd_walk_read, w);
    return w;
}

static void end_walk(xd_walk *w)
{
    xd_beside_end(w->beside);
    for (size_t c = 0; c < w->t->n; c++) {
        xd_buf_free(&w->carry[c]);
    }
    for (size_t i = 0; i < XD_AHEAD; i++) {
        for (size_t k = 0; k < w->t->width; k++) {
            xd_buf_free(&w->ring[i].text[k]);
        }
        xd_ctx_end(&w->ring[i].memory);
    }
    for (int k = 0; k < XD_RANKS; k++) {
        xd_buf_free(&w->over[k].text);
    }
}

static bool walk_table(xd_run *run, size_t at, size_t from)
{
    xd_walk *w = begin_walk(run, at);
    xd_table *t = w->t;
    w->context = xd_walk_context(w);
    xd_walk_hear_titles(w);
    xd_walk_headings_above(w, run->rows.sheets.at[t->sheet].name.n > 0);
    bool ok = true;
    size_t header = t->first > from ? t->first - 1 : from;
    xd_walk_tell_columns(w, header);
    for (size_t i = from; ok && i < t->to; i++) {
        ok = walk_row(w, i);
        if (run->options->progress != NULL && i % 1024 == 0) {
            run->options->progress(run->options->user, (int64_t)i, (int64_t)i,
                                   (int64_t)run->rows.at.n);
        }
    }
    ok = ok && xd_walk_settle(w);
    xd_ctx_reset(&run->scratch);
    xd_walk_tell_fills(w);
    if (ok) {
        xd_walk_tell_lost(w, header);
    }
    end_walk(w);
    return ok;
}

/* One verdict a row and one draft a data row: rooms of the right size at once. */
static void make_room(xd_run *run)
{
    size_t data = 0;
    for (size_t i = 0; i < run->rows.at.n; i++) {
        data += run->shape.kinds[i] == XD_ROW_DATA;
    }
    for (size_t i = 0; i < run->shape.tables.n; i++) {
        data += run->shape.tables.at[i].records;
    }
    run->report->verdicts.cap = run->rows.at.n + 1;
    run->report->verdicts.at = xd_new_n(run->cx->arena, xd_row_verdict, run->rows.at.n + 1);
    run->drafts.cap = data + 1;
    run->drafts.at = xd_new_n(run->cx->arena, xd_draft, data + 1);
    xd_run_keys_begin(run);
}

bool xd_run_rows(xd_run *run)
{
    bool ok = true;
    make_room(run);
    size_t at = 0;
    for (size_t s = 0; ok && s < run->rows.sheets.n; s++) {
        size_t from = run->rows.sheets.at[s].from;
        for (; ok && at < run->shape.tables.n && run->shape.tables.at[at].sheet == s; at++) {
            ok = walk_table(run, at, from);
            from = run->shape.tables.at[at].to;
        }
        xd_ctx_reset(&run->scratch);
        if (ok) {
            xd_tell_outside(run, s);
        }
    }
    return ok;
}
