/* When a record began, told by a sentence and by no column: 始建于1865年；1958年建成投产.
 *
 * The word for what happened is looked up among the type's own headers, as in read_events.c, and has to
 * be all that stands beside the date: 1958年建成 is read, 1958年建成1号高炉 is not. Whose date it is matters
 * more than that it is one (厂内现存锅炉房，建于1958年), so a clause counts only
 *   where it begins a sentence, or begins with the record's name, its end (电站于1971年建成) or 该…;
 *   behind clauses that count, or that say where the record is or what it was called.
 * Any other clause ends the run. The first sentence that tells the type's own time is the one; it may
 * tell of other times of the record too (1996年停产). What is found has low confidence. */
#include "model/fold.h"
#include "model/read_in.h"

#define TOLD_BYTES 6000
#define CLAUSE_BYTES 120

typedef struct teller {
    xd_reader r;
    xd_str name;
    xd_str said[2]; /* of the type's time: date alone, clauses */
    xd_period period;
    bool found;
} teller;

static bool starts_with_one(xd_str s, const char *const *words, size_t n, size_t *ret_n)
{
    for (size_t i = 0; i < n; i++) {
        if (xd_str_starts(s, xd_str_of(words[i]))) {
            *ret_n = strlen(words[i]);
            return true;
        }
    }
    return false;
}

/* Bytes of what names the record itself at the front: its name, the end of it, 该厂. */
static size_t subject_at(const teller *t, xd_str clause)
{
    static const char *const these[] = {"该", "本"};
    static const char *const kinds[] = {"企业", "公司", "工厂", "建筑", "项目", "遗址", "旧址",
                                        "厂",   "馆",   "矿",   "站",   "桥",   "线",   "路",
                                        "库",   "窑",   "坊",   "店",   "号",   "处",   "地"};
    size_t n = 0, kind = 0;
    if (t->name.n >= 6 && xd_str_starts(clause, t->name)) {
        return t->name.n;
    }
    if (starts_with_one(clause, these, XD_LEN(these), &n)) {
        xd_str rest = xd_str_sub(clause, n, clause.n);
        return starts_with_one(rest, kinds, XD_LEN(kinds), &kind) ? n + kind : 0;
    }
    for (size_t at = 0; at + 6 <= t->name.n; (void)xd_utf8_next(t->name, &at)) {
        xd_str end = xd_str_sub(t->name, at, t->name.n);
        if (at > 0 && xd_str_starts(clause, end)) {
            return end.n;
        }
    }
    return 0;
}

/* 位于泾县乌溪, 原名国营八〇二厂: they speak of the record, and what follows does so too. */
static bool speaks_of_it(xd_str clause)
{
    static const char *const words[] = {"位于", "坐落", "地处", "占地", "前身", "原名", "原为",
                                        "原系", "隶属", "又名", "俗称", "简称", "系",   "是"};
    size_t n;
    return starts_with_one(clause, words, XD_LEN(words), &n);
}

static const xd_field *by_word(const teller *t, xd_str word)
{
    static const char *const short_words[] = {"建", "始", "创", "起"};
    static const char *const meant[] = {"始建", "创立", "创办", "成立"};
    static const char *const before[] = {"正式", "全面", "全部", "开始", "最早", "最初"};
    size_t n = 0;
    xd_column column;
    word = xd_str_trim(word);
    if (starts_with_one(word, before, XD_LEN(before), &n)) {
        word = xd_str_sub(word, n, word.n);
    }
    bool is_short = false;
    for (size_t i = 0; i < XD_LEN(short_words); i++) {
        is_short |= xd_str_eq(word, xd_str_of(short_words[i]));
    }
    for (size_t i = 0; word.n >= 3 && i < (is_short ? XD_LEN(meant) : 1); i++) {
        xd_str whole =
            xd_str_join(t->r.cx->arena, is_short ? xd_str_of(meant[i]) : word, XD_S("时间"));
        if (xd_column_find(t->r.model, t->r.type, whole, &column) && column.field != NULL &&
            column.field->kind == XD_KIND_PERIOD && xd_str_eq(column.part, XD_S("text"))) {
            return column.field;
        }
    }
    return NULL;
}

static bool reads(xd_ctx *cx, xd_str text, xd_period *ret_period)
{
    unsigned flags;
    bool ok = text.n > 0 && xd_period_read(cx, text, ret_period, &flags);
    if (!ok) {
        (void)xd_err_take(cx); /* only tried */
    }
    return ok && ret_period->from != XD_DAY_OPEN_START;
}

/* 建于1958年, 1958年建成, 于1958年建成: the date, and the one word beside it. */
static const xd_field *event_in(const teller *t, xd_str clause, xd_str *ret_date,
                                xd_period *ret_period)
{
    size_t at = xd_str_find(clause, XD_S("于"), 0), ends[CLAUSE_BYTES + 1], n = 0;
    xd_str head = at == SIZE_MAX ? (xd_str){0} : xd_str_trim(xd_str_sub(clause, 0, at));
    xd_str rest = at == SIZE_MAX ? clause : xd_str_sub(clause, at + strlen("于"), clause.n);
    for (size_t i = 0; i < rest.n && n < XD_LEN(ends);) {
        (void)xd_utf8_next(rest, &i);
        ends[n++] = i;
    }
    while (n > 0) {
        xd_str date = xd_str_sub(rest, 0, ends[--n]);
        if (!reads(t->r.cx, date, ret_period)) {
            continue;
        }
        xd_str tail = xd_str_trim(xd_str_sub(rest, ends[n], rest.n));
        const xd_field *field =
            head.n > 0 && tail.n > 0 ? NULL : by_word(t, head.n > 0 ? head : tail);
        if (field != NULL) { /* else 1958年建成 is read as a date, and the word is in it */
            *ret_date = date;
            return field;
        }
    }
    return NULL;
}

static void put_told(teller *t, const xd_field *field, xd_str text, xd_period period,
                     xd_str sentence)
{
    xd_reader *r = &t->r;
    xd_arena *arena = r->cx->arena;
    xd_json *value = xd_json_object(arena), *about = xd_json_object(arena),
            *one = xd_json_object(arena);
    const xd_json *said = xd_json_get(r->body, XD_M_ABOUT);
    if (field->many || xd_json_get(r->body, field->name) != NULL) {
        return;
    }
    xd_json_set(arena, value, XD_S("text"), xd_json_string(arena, text));
    xd_json_set(arena, value, XD_S("from"),
                xd_json_string(arena, xd_day_text(arena, period.from)));
    if (period.to != XD_DAY_OPEN_END) {
        xd_json_set(arena, value, XD_S("to"),
                    xd_json_string(arena, xd_day_text(arena, period.to)));
    }
    xd_json_set(arena, r->body, field->name, value);
    for (size_t i = 0; said != NULL && i < said->members.n; i++) {
        xd_json_set(arena, about, said->members.at[i].key, said->members.at[i].value);
    }
    xd_json_set(arena, one, XD_S("confidence"), xd_json_string(arena, XD_S("low")));
    xd_json_set(arena, about, field->name, one);
    xd_json_set(arena, r->body, XD_M_ABOUT, about);
    XD_SAY(r, XD_WARNING, "period.told", field, sentence,
           "没有单独写这一项，按文字“" XD_FMT "”记为“" XD_FMT "”，可信度记为低，请核对。",
           "No cell says this; the text \"" XD_FMT "\" gave “" XD_FMT
           "”, taken with low confidence: please check.",
           XD_ARG(sentence), XD_ARG(text));
}

/* One clause of a sentence; *ours: whether the clauses so far speak of the record. */
static void take_clause(teller *t, xd_str clause, bool first, bool *ours, xd_str sentence)
{
    size_t subject = subject_at(t, clause);
    xd_str rest = xd_str_trim(xd_str_sub(clause, subject, clause.n)), date;
    xd_period period;
    *ours = *ours || first || subject > 0;
    if (!*ours || clause.n > CLAUSE_BYTES) {
        *ours = false;
        return;
    }
    const xd_field *field = event_in(t, rest, &date, &period);
    if (field == NULL) {
        *ours = subject == clause.n || speaks_of_it(rest);
    } else if (field != t->r.type->time) {
        if (t->found) {
            put_told(t, field, date, period, sentence);
        }
    } else if (!t->found) {
        t->found = true;
        t->period = period;
        t->said[0] = date;
        t->said[1] = clause;
    } else {
        size_t end = (size_t)(clause.p - t->said[1].p) + clause.n;
        t->period.from = period.from < t->period.from ? period.from : t->period.from;
        t->period.to = period.to > t->period.to ? period.to : t->period.to;
        t->said[1].n = end; /* 始建于1953年，1958年建成 */
        t->said[0] = t->said[1];
    }
}

static bool ends_clause(uint32_t cp)
{
    return cp == ',' || cp == 0xFF0C;
}

static bool ends_sentence(uint32_t cp)
{
    return cp == 0x3002 || cp == ';' || cp == 0xFF1B || cp == '\n' || cp == 0xFF01;
}

static void take_sentence(teller *t, xd_str sentence)
{
    bool ours = false, first = true;
    for (size_t at = 0, from = 0; at <= sentence.n;) {
        size_t before = at;
        uint32_t cp = at < sentence.n ? xd_utf8_next(sentence, &at) : ',';
        if (!ends_clause(cp)) {
            continue;
        }
        xd_str clause = xd_str_trim(xd_str_sub(sentence, from, before));
        if (clause.n > 0) {
            take_clause(t, clause, first, &ours, sentence);
            first = false;
        }
        from = at;
        if (before == sentence.n) {
            break;
        }
    }
}

bool xd_told_read(xd_ctx *cx, const xd_model *model, const xd_type *type, xd_str text,
                  xd_json *body, xd_problems *problems)
{
    const xd_field *time = type->time;
    if (time == NULL || time->kind != XD_KIND_PERIOD || text.n == 0 || text.n > TOLD_BYTES ||
        xd_json_get(body, time->name) != NULL) {
        return false;
    }
    teller t = {
        .r = {.cx = cx,
              .model = model,
              .type = type,
              .problems = problems,
              .body = body,
              .target = body}
    };
    if (type->title != NULL && type->title->langs.n > 0) {
        t.name = xd_value_lang(xd_value(type->title, body, 0), type->title->langs.at[0], NULL);
    }
    for (size_t at = 0, from = 0; at <= text.n && !t.found;) {
        size_t before = at;
        uint32_t cp = at < text.n ? xd_utf8_next(text, &at) : '\n';
        if (!ends_sentence(cp)) {
            continue;
        }
        take_sentence(&t, xd_str_sub(text, from, before));
        from = at;
        if (before == text.n) {
            break;
        }
    }
    if (t.found) {
        put_told(&t, time, t.said[0], t.period, t.said[1]);
    }
    return t.found;
}
