#include "web/tally.h"

#include <pthread.h>

#define TALLIES 300                /* kept; the oldest goes */
#define MONTHS 2400                /* of one: two centuries */
#define IDS_MOST ((size_t)4 << 20) /* records counted by one */
#define CHINA_US (INT64_C(8) * 3600 * 1000000)
#define DAY_US INT64_C(86400000000)
#define PIECE 500 /* revisions between two looks at the clock */

typedef struct tally {
    xd_arena *arena;
    xd_str name;
    int64_t seq, time, first;
    int64_t asked; /* when; the oldest goes first */
    uint32_t count;
    int64_t *slots; /* ids that hold now, open addressing; 0: free, −1: taken out */
    size_t n_slots, used;
    uint32_t *months;
    size_t n;
    bool whole, full;
} tally;

struct xd_tallies {
    pthread_mutex_t lock;
    tally list[TALLIES];
    size_t n;
};

xd_tallies *xd_tallies_make(void)
{
    xd_arena *arena = xd_arena_make();
    xd_tallies *tallies = xd_new(arena, xd_tallies);
    (void)pthread_mutex_init(&tallies->lock, NULL); /* the default kind needs no resources */
    tallies->list[0].arena = arena;
    tallies->n = 1; /* the first is the list itself */
    return tallies;
}

void xd_tallies_free(xd_tallies *tallies)
{
    if (tallies == NULL) {
        return;
    }
    xd_arena *own = tallies->list[0].arena;
    for (size_t i = 1; i < tallies->n; i++) {
        xd_arena_free(tallies->list[i].arena);
    }
    (void)pthread_mutex_destroy(&tallies->lock);
    xd_arena_free(own);
}

/* ---- which hold ----------------------------------------------------------------------------- */

static size_t slot_of(const tally *t, int64_t id, bool *ret_there)
{
    size_t i = (size_t)(((uint64_t)id * 0x9e3779b97f4a7c15u) >> 20) & (t->n_slots - 1);
    size_t free_at = SIZE_MAX;
    while (t->slots[i] != 0 && t->slots[i] != id) {
        free_at = t->slots[i] == -1 && free_at == SIZE_MAX ? i : free_at;
        i = (i + 1) & (t->n_slots - 1);
    }
    *ret_there = t->slots[i] == id;
    return *ret_there || free_at == SIZE_MAX ? i : free_at;
}

static void grow(tally *t)
{
    const int64_t *old = t->slots;
    size_t n = t->n_slots;
    t->n_slots = n == 0 ? 256 : n * 2;
    t->slots = xd_new_n(t->arena, int64_t, t->n_slots);
    t->used = 0;
    for (size_t i = 0; i < n; i++) {
        bool there;
        if (old[i] > 0) {
            t->slots[slot_of(t, old[i], &there)] = old[i];
            t->used++;
        }
    }
}

static void set(tally *t, int64_t id, bool holds)
{
    bool there = false;
    if ((t->used + 1) * 2 > t->n_slots && t->n_slots < IDS_MOST) {
        grow(t);
    }
    size_t at = slot_of(t, id, &there);
    if (holds && !there) {
        if (t->used + 1 >= t->n_slots) {
            t->full = true; /* said by never being whole */
            return;
        }
        t->used += t->slots[at] == 0;
        t->slots[at] = id;
        t->count++;
    } else if (!holds && there) {
        t->slots[at] = -1;
        t->count--;
    }
}

/* ---- reading the log ------------------------------------------------------------------------ */

typedef struct reading {
    tally *t;
    xd_store *store;
    const xd_model *model;
    const xd_type *type;
    const xd_cql *filter;
    int64_t stop; /* monotonic µs */
    size_t read;
    bool stopped;
    xd_str marks[8]; /* "type":"name" and its former names, as canonical JSON has them */
    size_t n_marks;
} reading;

static int64_t month_of(int64_t time)
{
    int64_t year;
    int month, day;
    xd_day_parts((int32_t)((time + CHINA_US) / DAY_US), &year, &month, &day);
    return year * 12 + month - 1;
}

/* Months that have ended keep the count they ended with. */
static void turn(tally *t, int64_t time)
{
    int64_t month = month_of(time);
    if (t->n == 0) {
        t->first = month;
        t->n = 1;
    }
    while (t->first + (int64_t)t->n <= month && t->n < MONTHS) {
        t->months[t->n] = t->months[t->n - 1];
        t->n++;
    }
    t->time = time;
}

static bool may_be_ours(const reading *r, xd_str open)
{
    for (size_t i = 0; i < r->n_marks; i++) {
        if (xd_str_find(open, r->marks[i], 0) != SIZE_MAX) {
            return true;
        }
    }
    return open.n == 0; /* erased: the record may have been ours */
}

static bool follow_nothing(xd_ctx *cx, void *user, int64_t id, const xd_json **ret_body)
{
    (void)cx;
    (void)user;
    (void)id;
    *ret_body = NULL; /* what others said then is not read again for this */
    return true;
}

static bool judge(xd_ctx *cx, const reading *r, const xd_revision *rev, bool *ret_holds)
{
    const xd_json *body = NULL;
    xd_truth truth = XD_YES;
    *ret_holds = false;
    if (!xd_revision_body(cx, r->store, rev, &body)) {
        return false;
    }
    if (body == NULL || xd_body_type(r->model, body) != r->type) {
        return true;
    }
    if (!xd_body_public(cx, r->model, body, &body)) {
        return false;
    }
    if (body == NULL || xd_body_sample(r->type, body)) {
        return true;
    }
    const xd_subject subject = {.id = rev->record,
                                .time = rev->time,
                                .type = r->type,
                                .body = body,
                                .follow = follow_nothing,
                                .model = r->model};
    if (r->filter != NULL && !xd_cql_holds(cx, &subject, r->filter, &truth)) {
        return false;
    }
    *ret_holds = truth == XD_YES;
    return true;
}

static bool on_revision(xd_ctx *cx, void *user, const xd_revision *rev)
{
    reading *r = user;
    bool record =
        rev->kind == XD_REV_CREATE || rev->kind == XD_REV_EDIT || rev->kind == XD_REV_MOVE;
    if (r->stopped) {
        return true;
    }
    if (++r->read % PIECE == 0 && xd_monotonic() > r->stop) {
        r->stopped = true;
        return true;
    }
    turn(r->t, rev->time);
    if (record && may_be_ours(r, rev->open)) {
        bool holds;
        if (!judge(cx, r, rev, &holds)) {
            return false;
        }
        set(r->t, rev->record, holds);
        r->t->months[r->t->n - 1] = r->t->count;
    }
    r->t->seq = rev->seq;
    return true;
}

static bool read_on(xd_ctx *cx, reading *r)
{
    int64_t before;
    do { /* the log is walked in pieces, so that stopping is not paid for by the rest */
        before = r->t->seq;
        if (!xd_log_each(cx, r->store, r->t->seq, PIECE * 4, on_revision, r)) {
            return xd_fail_note(cx, "counting the months of the log");
        }
    } while (r->t->seq > before && !r->stopped && xd_monotonic() < r->stop);
    r->t->whole = r->t->seq == before && !r->stopped && !r->t->full;
    return true;
}

/* ---- asking --------------------------------------------------------------------------------- */

static tally *find(xd_tallies *tallies, xd_str name)
{
    tally *oldest = &tallies->list[1];
    for (size_t i = 1; i < tallies->n; i++) {
        if (xd_str_eq(tallies->list[i].name, name)) {
            return &tallies->list[i];
        }
        if (tallies->list[i].asked < oldest->asked) {
            oldest = &tallies->list[i];
        }
    }
    tally *t = oldest;
    if (tallies->n < TALLIES) {
        t = &tallies->list[tallies->n++];
    } else {
        xd_arena_free(t->arena);
    }
    *t = (tally){.arena = xd_arena_make()};
    t->name = xd_str_copy(t->arena, name);
    t->months = xd_new_n(t->arena, uint32_t, MONTHS);
    return t;
}

static void add_mark(xd_ctx *cx, reading *r, xd_str name)
{
    if (r->n_marks < XD_LEN(r->marks)) {
        r->marks[r->n_marks++] =
            xd_str_printf(cx->arena, "\"type\":\"" XD_FMT "\"", XD_ARG(name));
    }
}

static bool ask(xd_ctx *cx, xd_tallies *tallies, reading *r, xd_str name,
                xd_tally_answer *ret_answer)
{
    tally *t = find(tallies, name);
    t->asked = xd_monotonic();
    r->t = t;
    if (!read_on(cx, r)) {
        return false;
    }
    uint32_t *months = xd_new_n(cx->arena, uint32_t, t->n + 1);
    if (t->n > 0) {
        memcpy(months, t->months, t->n * sizeof *months);
    }
    *ret_answer = (xd_tally_answer){
        .first = t->first, .months = months, .n = t->n, .whole = t->whole, .until = t->time};
    return true;
}

bool xd_tally(xd_ctx *cx, xd_tallies *tallies, xd_store *store, const xd_model *model,
              const xd_type *type, const xd_cql *filter, xd_str name, int64_t budget_us,
              xd_tally_answer *ret_answer)
{
    reading r = {.store = store,
                 .model = model,
                 .type = type,
                 .filter = filter,
                 .stop = xd_monotonic() + budget_us};
    add_mark(cx, &r, type->name);
    for (size_t i = 0; i < type->was.n; i++) {
        add_mark(cx, &r, type->was.at[i]);
    }
    (void)pthread_mutex_lock(&tallies->lock);
    bool ok = ask(cx, tallies, &r, name, ret_answer);
    (void)pthread_mutex_unlock(&tallies->lock);
    return ok;
}
