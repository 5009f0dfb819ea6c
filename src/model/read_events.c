/* Several events in one cell: 始建于1958年，1985年停产.
 *
 * Each clause is a date and a word for what happened. The word with 时间 behind it is looked up
 * among the type's own headers (停产时间, 建厂时间; 关闭时间 for 破产关闭), so the model alone says
 * which field an event belongs to. Clauses of the cell's own field make its period; another's is
 * filled in where the table has no column for it. A clause whose word means nothing here (1966年
 * 扩建) stays in the text, which is kept whole. */
#include "model/fold.h"
#include "model/period.h"
#include "model/read_in.h"

#define CLAUSES_MOST 12
#define CLAUSE_BYTES 90

/* The period field of the type that has this word, or an end of it, for its time; NULL. */
static const xd_field *field_of(xd_reader *r, xd_str word)
{
    for (size_t at = 0; r->type->by_header != NULL && at < word.n;
         (void)xd_utf8_next(word, &at)) {
        xd_str end = xd_str_sub(word, at, word.n);
        xd_column column;
        if (xd_column_find(r->model, r->type, xd_str_join(r->cx->arena, end, XD_S("时间")),
                           &column) &&
            column.field != NULL && column.field->kind == XD_KIND_PERIOD) {
            return column.field;
        }
    }
    return NULL;
}

static bool reads(xd_reader *r, xd_str text, xd_period *ret_period)
{
    unsigned flags;
    bool ok = text.n > 0 && xd_period_read(r->cx, text, ret_period, &flags);
    if (!ok) {
        (void)xd_err_take(r->cx); /* only tried */
    }
    return ok;
}

/* 始于1956年, 建于1956年: a beginning, in a cell that speaks of nothing else. */
static bool is_beginning(xd_str word)
{
    static const char *const words[] = {"始", "建", "创", "起", "创始", "始创"};
    for (size_t i = 0; i < XD_LEN(words); i++) {
        if (xd_str_eq(word, xd_str_of(words[i]))) {
            return true;
        }
    }
    return false;
}

/* 1985年停产, 于1985年停产, 停产于1985年: the date, and what happened then. *ret_field NULL: no
 * word, or one that means nothing here. */
static bool read_clause(xd_reader *r, xd_str clause, xd_str *ret_date, xd_period *ret_period,
                        const xd_field **ret_field, bool *ret_bare)
{
    size_t at = xd_str_find(clause, XD_S("于"), 0);
    xd_str head = at == SIZE_MAX ? (xd_str){0} : xd_str_sub(clause, 0, at);
    xd_str rest = at == SIZE_MAX ? clause : xd_str_sub(clause, at + strlen("于"), clause.n);
    size_t ends[CLAUSE_BYTES + 1], n = 0;
    for (size_t i = 0; i < rest.n;) {
        (void)xd_utf8_next(rest, &i);
        ends[n++] = i;
    }
    while (n > 0) {
        xd_str date = xd_str_sub(rest, 0, ends[--n]);
        if (reads(r, date, ret_period)) {
            xd_str word = xd_str_sub(rest, ends[n], rest.n);
            word = word.n > 0 ? word : head;
            *ret_date = date;
            *ret_field = field_of(r, word);
            *ret_bare = word.n == 0 || (*ret_field == NULL && is_beginning(word));
            return true;
        }
    }
    return false;
}

static xd_json *value_of(xd_reader *r, xd_str text, xd_period period)
{
    xd_arena *arena = r->cx->arena;
    xd_json *value = xd_json_object(arena);
    xd_json_set(arena, value, XD_S("text"), xd_json_string(arena, text));
    if (period.from != XD_DAY_OPEN_START) {
        xd_json_set(arena, value, XD_S("from"),
                    xd_json_string(arena, xd_day_text(arena, period.from)));
    }
    if (period.to != XD_DAY_OPEN_END) {
        xd_json_set(arena, value, XD_S("to"),
                    xd_json_string(arena, xd_day_text(arena, period.to)));
    }
    return value;
}

static void fill_other(xd_reader *r, const xd_field *from, const xd_field *field, xd_str date,
                       xd_period period)
{
    bool here = field->at < r->type->n_fields && field == &r->type->fields[field->at];
    if (!here || field->many || r->target != r->body || r->by_field[field->at].n > 0 ||
        xd_json_get(r->body, field->name) != NULL) {
        return;
    }
    xd_put_value(r, field, value_of(r, date, period));
    XD_SAY(r, XD_NOTE, "period.event", from, date, "其中的“" XD_FMT "”记入“" XD_FMT "”。",
           "\"" XD_FMT "\" in it was put into \"" XD_FMT "\".", XD_ARG(date),
           XD_ARG(xd_label_in(&field->label, r->cx->lang)));
}

static bool is_joint(uint32_t cp)
{
    return cp == ',' || cp == 0xFF0C || cp == ';' || cp == 0xFF1B || cp == 0x3002 || cp == '\n';
}

bool xd_read_events(xd_reader *r, const xd_field *field, xd_str text, xd_period *ret_period)
{
    bool any = false;
    size_t clauses = 0;
    for (size_t at = 0, from = 0; at <= text.n && clauses < CLAUSES_MOST;) {
        size_t before = at;
        uint32_t cp = at < text.n ? xd_utf8_next(text, &at) : ',';
        if (before < text.n && !is_joint(cp)) {
            continue;
        }
        xd_str clause = xd_str_trim(xd_str_sub(text, from, before)), date;
        from = at;
        xd_period period;
        const xd_field *meant = NULL;
        bool bare = false;
        if (clause.n > 0 && clause.n <= CLAUSE_BYTES &&
            read_clause(r, clause, &date, &period, &meant, &bare)) {
            if ((bare && clauses == 0) ||
                (meant != NULL && xd_str_eq(meant->name, field->name))) {
                period.from = any ? ret_period->from : period.from;
                *ret_period = period;
                any = true;
            } else if (meant != NULL && any) {
                fill_other(r, field, meant, date, period);
            }
        }
        clauses++;
        if (before == text.n) {
            break;
        }
    }
    return any;
}
