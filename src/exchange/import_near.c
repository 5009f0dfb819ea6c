/* Near-duplicates among what is new: names that resemble one another in the same city, or at
 * places that may be the same. They are told, never refused: only a person can say.
 *
 * Names are compared folded and without endings that do not tell two apart (旧址, 老厂区 …). Two
 * resemble each other when they are equal then, when the shorter (four characters or more) is
 * contained in the other, or when they share at least four fifths of their pairs of neighbouring
 * characters. Numbers tell two apart: 一号高炉 and 二号高炉 are two. So do the other fields of a key
 * that the name stands in: one title given to two people is two awards. Candidates come from an index
 * of pairs; a pair that everybody has (厂, 公司) leads nowhere and is not followed, so the work
 * stays near the number of names. Over NAMES_MOST records nothing is looked for, and that is said. */
#include "exchange/run.h"

#include "exchange/cell_words.h"
#include "geo/geom.h"
#include "model/fold.h"

#define NAMES_MOST 300000
#define CHARS_MOST 40
#define PAIR_MOST 64 /* names followed through one pair */
#define BUCKETS (1u << 17)
#define APART_MOST 3 /* other fields of the keys */

typedef struct near_name {
    const uint32_t *cp;
    uint64_t pairs; /* a bit for each pair of neighbours, by its hash */
    uint8_t n;
    bool has_pos;
    uint64_t numbers;           /* hash of the numerals in it */
    uint64_t apart[APART_MOST]; /* hashes of what else its keys hold; 0: nothing there */
    xd_str area;                /* code of the second level; absent */
    int32_t radius_m;
    xd_pos pos;
    int64_t record; /* in the store; 0: a draft */
    uint32_t draft;
} near_name;

typedef XD_VEC(near_name) near_names;
struct xd_near {     /* names of drafts, from when they were judged */
    xd_arena *arena; /* of all that is gathered to compare them; until they are compared */
    near_names names;
    uint32_t behind; /* the first draft after those */
};

typedef struct near_index {
    near_names names;
    uint32_t *next; /* chains of (bucket → entries) */
    XD_VEC(uint32_t) entry_name;
    XD_VEC(uint32_t) entry_next;
    uint32_t *bucket; /* entry + 1 */
    uint16_t *count;  /* entries in the bucket */
} near_index;

static bool is_numeral(uint32_t cp)
{
    static const uint32_t han[] = {0x4e00, 0x4e8c, 0x4e09, 0x56db, 0x4e94, 0x516d, 0x4e03,
                                   0x516b, 0x4e5d, 0x5341, 0x3007, 0x4e1c, 0x897f, 0x5357,
                                   0x5317, 0x65b0, 0x8001, 0x4e0a, 0x4e0b};
    for (size_t i = 0; i < XD_LEN(han); i++) {
        if (han[i] == cp) {
            return true;
        }
    }
    return (cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z');
}

static uint64_t pair_hash(const near_name *name, size_t i)
{
    return ((uint64_t)name->cp[i] << 32 | name->cp[i + 1]) * 0x9e3779b97f4a7c15u;
}

static void set_name(xd_ctx *cx, xd_arena *keep, near_name *name, xd_str title)
{
    uint32_t cps[CHARS_MOST];
    xd_str folded = xd_fold_key(cx->arena, title);
    for (const char *const *end = xd_words_suffix; *end != NULL;) {
        xd_str word = xd_str_of(*end);
        if (folded.n > word.n + 6 && xd_str_ends(folded, word)) {
            folded = xd_str_sub(folded, 0, folded.n - word.n);
            end = xd_words_suffix;
        } else {
            end++;
        }
    }
    uint64_t numbers = 0;
    for (size_t at = 0; at < folded.n && name->n < CHARS_MOST;) {
        uint32_t cp = xd_utf8_next(folded, &at);
        cps[name->n++] = cp;
        numbers = is_numeral(cp) ? numbers * 1099511628211u + cp : numbers;
    }
    uint32_t *kept = xd_new_n(keep, uint32_t, (size_t)name->n + 1);
    memcpy(kept, cps, name->n * sizeof cps[0]);
    name->cp = kept;
    name->numbers = numbers;
    name->pairs = 0;
    for (size_t i = 0; i + 1 < name->n; i++) {
        name->pairs |= UINT64_C(1) << (pair_hash(name, i) >> 58);
    }
}

static xd_str area_of(const xd_run *run, const xd_json *body)
{
    const xd_vocabulary *v = xd_model_divisions(run->model);
    const xd_json *value = run->type->division == NULL || v == NULL
                               ? NULL
                               : xd_value(run->type->division, body, 0);
    const xd_term *term = value == NULL ? NULL : xd_term_find(v, xd_json_str(value));
    while (term != NULL && term->depth > 1 && term->parent != NULL) {
        term = term->parent;
    }
    return term == NULL || term->depth == 0 ? (xd_str){0} : term->code;
}

static uint64_t hash_of(xd_str text)
{
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < text.n; i++) {
        hash = (hash ^ (unsigned char)text.p[i]) * 1099511628211u;
    }
    return hash;
}

/* A link is told by the record it leads to, whatever it was called. Order does not count. */
static uint64_t value_hash(const xd_field *field, const xd_json *value)
{
    xd_buf text = {0};
    const xd_json *id = field->kind == XD_KIND_LINK ? xd_json_get(value, XD_S("id")) : NULL;
    xd_json_canonical(&text, id == NULL ? value : id);
    uint64_t hash = hash_of(xd_buf_str(&text));
    xd_buf_free(&text);
    return hash;
}

static void set_apart(const xd_run *run, near_name *name, const xd_json *body)
{
    const xd_type *type = run->type;
    size_t at = 0;
    for (size_t i = 0; i < type->n_keys; i++) {
        const xd_key *key = &type->keys[i];
        bool named = false;
        for (size_t k = 0; k < key->n; k++) {
            named = named || key->fields[k] == type->title;
        }
        for (size_t k = 0; named && k < key->n && at < APART_MOST; k++) {
            const xd_field *field = key->fields[k];
            if (field == type->title || field == type->division) {
                continue;
            }
            for (size_t v = 0; v < xd_value_count(field, body); v++) {
                name->apart[at] += value_hash(field, xd_value(field, body, v));
            }
            at++;
        }
    }
}

static bool told_apart(const near_name *a, const near_name *b)
{
    for (size_t i = 0; i < APART_MOST; i++) {
        if (a->apart[i] != 0 && b->apart[i] != 0 && a->apart[i] != b->apart[i]) {
            return true;
        }
    }
    return a->numbers != b->numbers;
}

static bool add_name(xd_ctx *cx, xd_run *run, near_names *names, const xd_json *body,
                     int64_t record, uint32_t draft)
{
    const xd_json *title = xd_value(run->type->title, body, 0);
    const xd_json *place =
        run->type->place == NULL ? NULL : xd_value(run->type->place, body, 0);
    const xd_geom *geom = NULL;
    near_name *name = xd_push(run->near->arena, names);
    *name = (near_name){.record = record, .draft = draft, .area = area_of(run, body)};
    set_apart(run, name, body);
    set_name(cx, run->near->arena, name, xd_value_lang(title, xd_lang_tag[XD_ZH], NULL));
    if (place != NULL) {
        if (!xd_value_geom(cx, place, &geom)) {
            return false;
        }
        if (geom != NULL) {
            if (!xd_geom_anchor(cx, geom, &name->pos)) {
                return false;
            }
            name->has_pos = true;
            name->radius_m = xd_precision_radius_m[xd_value_precision(place)];
        }
    }
    return true;
}

/* ---- resemblance ---------------------------------------------------------------------------- */

static uint32_t pair_bucket(const near_name *name, size_t i)
{
    return (uint32_t)(pair_hash(name, i) >> 40) & (BUCKETS - 1);
}

static bool contains(const near_name *longer, const near_name *shorter)
{
    for (size_t i = 0; i + shorter->n <= longer->n; i++) {
        if (memcmp(longer->cp + i, shorter->cp, shorter->n * sizeof shorter->cp[0]) == 0) {
            return true;
        }
    }
    return false;
}

static bool resemble(const near_name *a, const near_name *b)
{
    if (a->n < 2 || b->n < 2 || told_apart(a, b)) {
        return false;
    }
    const near_name *shorter = a->n <= b->n ? a : b, *longer = shorter == a ? b : a;
    /* A bit that only one of them has is a pair, at least, that the other has not. */
    if (shorter->n >= 4 && shorter->n * 2 >= longer->n &&
        (shorter->pairs & ~longer->pairs) == 0 && contains(longer, shorter)) {
        return true;
    }
    size_t most_a = a->n - 1u - (size_t)__builtin_popcountll(a->pairs & ~b->pairs);
    size_t most_b = b->n - 1u - (size_t)__builtin_popcountll(b->pairs & ~a->pairs);
    size_t all = (size_t)(a->n - 1 + b->n - 1);
    if ((most_a < most_b ? most_a : most_b) * 2 * 5 < all * 4) {
        return false;
    }
    size_t shared = 0;
    bool used[CHARS_MOST] = {false};
    for (size_t i = 0; i + 1 < a->n; i++) {
        for (size_t k = 0; k + 1 < b->n; k++) {
            if (!used[k] && a->cp[i] == b->cp[k] && a->cp[i + 1] == b->cp[k + 1]) {
                used[k] = true;
                shared++;
                break;
            }
        }
    }
    return shared * 2 * 5 >= all * 4;
}

static bool may_be_there(const near_name *a, const near_name *b)
{
    if (a->area.n > 0 && xd_str_eq(a->area, b->area)) {
        return true;
    }
    return a->has_pos && b->has_pos &&
           xd_distance_m(a->pos, b->pos) <= (double)a->radius_m + (double)b->radius_m;
}

bool xd_run_unlike(xd_ctx *cx, const xd_run *run, const xd_json *a, const xd_json *b)
{
    near_name names[2] = {{.area = area_of(run, a)}, {.area = area_of(run, b)}};
    if (run->type->title == NULL || names[0].area.n == 0 || names[1].area.n == 0) {
        return false;
    }
    for (size_t i = 0; i < 2; i++) {
        const xd_json *title = xd_value(run->type->title, i == 0 ? a : b, 0);
        set_name(cx, cx->arena, &names[i], xd_value_lang(title, xd_lang_tag[XD_ZH], NULL));
    }
    return names[0].n > 0 && names[1].n > 0 && !resemble(&names[0], &names[1]) &&
           !xd_str_eq(names[0].area, names[1].area);
}

/* ---- the index ------------------------------------------------------------------------------ */

static void enter(xd_run *run, near_index *index, uint32_t at)
{
    const near_name *name = &index->names.at[at];
    for (size_t i = 0; i + 1 < name->n; i++) {
        uint32_t b = pair_bucket(name, i);
        if (index->count[b] > PAIR_MOST) {
            continue;
        }
        index->count[b]++;
        *xd_push(run->near->arena, &index->entry_name) = at;
        *xd_push(run->near->arena, &index->entry_next) = index->bucket[b];
        index->bucket[b] = (uint32_t)index->entry_name.n;
    }
}

static uint32_t find(const near_index *index, uint32_t at)
{
    const near_name *name = &index->names.at[at];
    for (size_t i = 0; i + 1 < name->n; i++) {
        uint32_t b = pair_bucket(name, i);
        if (index->count[b] > PAIR_MOST) {
            continue;
        }
        for (uint32_t e = index->bucket[b]; e != 0; e = index->entry_next.at[e - 1]) {
            uint32_t other = index->entry_name.at[e - 1];
            if (other != at && resemble(name, &index->names.at[other]) &&
                may_be_there(name, &index->names.at[other])) {
                return other;
            }
        }
    }
    return UINT32_MAX;
}

/* ---- telling -------------------------------------------------------------------------------- */

static bool tell(xd_run *run, xd_ctx *cx, const near_name *mine, const near_name *other)
{
    const xd_draft *draft = &run->drafts.at[mine->draft];
    xd_str what_zh = {0}, what_en = {0};
    if (other->record == 0) {
        int64_t row = xd_run_number(run, &run->drafts.at[other->draft]);
        what_zh = xd_str_printf(cx->arena, "第 %" PRId64 " 行", row);
        what_en = xd_str_printf(cx->arena, "row %" PRId64, row);
    } else {
        const xd_record *record = NULL;
        if (!xd_record_find(cx, run->store, other->record, &record)) {
            return false;
        }
        xd_str title =
            record == NULL ? (xd_str){0} : xd_body_title(cx, run->model, record->body);
        xd_str number = record != NULL && record->number.n > 0
                            ? record->number
                            : xd_str_printf(cx->arena, "#%" PRId64, other->record);
        what_zh = xd_str_printf(cx->arena, "已有的“" XD_FMT "”（" XD_FMT "）", XD_ARG(title),
                                XD_ARG(number));
        what_en = xd_str_printf(cx->arena, "the record “" XD_FMT "” (" XD_FMT ")",
                                XD_ARG(title), XD_ARG(number));
    }
    xd_problem *p = xd_run_say(
        run, draft->row, XD_WARNING, "row.near",
        xd_run_column(run, draft->row, run->type->title->name), (xd_str){0},
        xd_str_printf(cx->arena, "与" XD_FMT "名称相近，位置也可能相同，可能是同一处。",
                      XD_ARG(what_zh)),
        xd_str_printf(cx->arena,
                      "Resembles " XD_FMT " by name and may be at the same place: perhaps the "
                      "same.",
                      XD_ARG(what_en)));
    if (p != NULL) {
        p->suggestion[XD_ZH] = XD_S("如是同一处，请用已有记录的登记号更新它，不要另建一条。");
        p->suggestion[XD_EN] =
            XD_S("If it is, update that record by its number instead of adding "
                 "one.");
    }
    return true;
}

/* ---- the run -------------------------------------------------------------------------------- */

typedef struct gather {
    xd_run *run;
    near_index *index;
} gather;

static bool on_record(xd_ctx *cx, void *user, const xd_record *record)
{
    gather *g = user;
    return add_name(cx, g->run, &g->index->names, record->body, record->id, XD_NO_DRAFT);
}

static void forget(void *user)
{
    xd_near *near = user;
    xd_arena_free(near->arena);
    near->arena = NULL;
    near->names = (near_names){0};
}

static xd_near *new_near(xd_run *run)
{
    size_t most = run->drafts.n < NAMES_MOST ? run->drafts.n : NAMES_MOST;
    xd_near *near = xd_new(run->cx->arena, xd_near);
    near->arena = xd_arena_make();
    near->names.cap = most; /* room of the right size at once */
    near->names.at = xd_new_n(near->arena, near_name, most);
    xd_defer(run->cx, forget, near);
    return near;
}

bool xd_run_near_add(xd_ctx *cx, xd_run *run, uint32_t draft, const xd_json *given)
{
    run->near = run->near == NULL ? new_near(run) : run->near;
    if (run->type->title == NULL || run->near->names.n == NAMES_MOST) {
        return true;
    }
    run->near->behind = draft + 1;
    return add_name(cx, run, &run->near->names, given, 0, draft);
}

/* Only what is to be a new record. */
static bool counts(const xd_draft *draft)
{
    return !draft->refused && draft->same_as == XD_NO_DRAFT && draft->target == 0;
}

static bool add_drafts(xd_run *run, near_index *index)
{
    const xd_near *near = run->near;
    for (size_t i = 0; i < near->names.n; i++) {
        if (counts(&run->drafts.at[near->names.at[i].draft])) {
            *xd_push(run->near->arena, &index->names) = near->names.at[i];
        }
    }
    /* More drafts than names are kept: few of them are new records, or we would not be here. */
    for (uint32_t i = near->behind; i < run->drafts.n; i++) {
        xd_json *given = NULL;
        xd_ctx_reset(&run->scratch);
        if (counts(&run->drafts.at[i]) &&
            (!xd_draft_given(&run->scratch, run, &run->drafts.at[i], &given) ||
             !add_name(&run->scratch, run, &index->names, given, 0, i))) {
            return xd_scratch_fail(run->cx, &run->scratch);
        }
    }
    return true;
}

static bool compare(xd_run *run)
{
    int64_t stored = 0;
    if (!xd_record_count(run->cx, run->store, run->type->name, &stored)) {
        return false;
    }
    if (stored + run->report->new_rows > NAMES_MOST) {
        (void)xd_run_say(run, run->drafts.at[0].row, XD_NOTE, "row.near_skipped", (xd_str){0},
                         (xd_str){0}, XD_S("记录超过三十万条，未逐一比对名称相近的记录。"),
                         XD_S("There are more than 300 000 records; near-duplicates were not "
                              "looked for."));
        return true;
    }
    near_index index = {0};
    gather g = {run, &index};
    index.bucket = xd_new_n(run->near->arena, uint32_t, BUCKETS);
    index.count = xd_new_n(run->near->arena, uint16_t, BUCKETS);
    if (!xd_record_each(run->cx, run->store, run->type->name, on_record, &g)) {
        return false;
    }
    size_t first = index.names.n;
    if (!add_drafts(run, &index)) {
        return false;
    }
    for (uint32_t i = 0; i < first; i++) {
        enter(run, &index, i);
    }
    for (uint32_t i = (uint32_t)first; i < index.names.n; i++) {
        uint32_t other = find(&index, i);
        xd_ctx_reset(&run->scratch);
        if (!xd_go_on(run->cx)) {
            return false;
        }
        if (other != UINT32_MAX &&
            !tell(run, &run->scratch, &index.names.at[i], &index.names.at[other])) {
            return xd_scratch_fail(run->cx, &run->scratch);
        }
        enter(run, &index, i);
    }
    return true;
}

bool xd_run_near(xd_run *run)
{
    if (run->type->title == NULL || run->report->new_rows == 0) {
        return true;
    }
    bool ok = compare(run);
    forget(run->near); /* what follows has need of the memory */
    run->near = NULL;
    return ok;
}
