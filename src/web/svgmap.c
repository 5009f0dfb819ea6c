/* Everything is in the sheet's units; two are about a pixel. A mark is 26 across. Marks are put
 * down in order of importance; one that would land on another walks a spiral outward until it is
 * clear, at most REACH away. Names try right, left, below, above. Boxes already taken are kept in
 * a list. Marks are found by squares as wide as they must be apart: in a crowd each tries all the
 * steps of its spiral, and 600 marks looked at one by one took ten milliseconds. */
#include "web/svgmap.h"

#include <math.h>
#include <stdlib.h>

#define MARK 13    /* half a mark's width, its edge included */
#define APART 25   /* between the middles of two marks */
#define REACH 96   /* farthest a mark is moved */
#define SPIRAL 160 /* most steps of it */
#define LETTER_HAN 27
#define LETTER_LATIN 15
#define LINE 32
/* On a phone letters and marks are that much greater (xiudai.css, under 46rem). */
#define PHONE(v) ((v)*8 / 5)

typedef struct room_box {
    int x0, y0, x1, y1;
} room_box;
typedef XD_VEC(room_box) room_boxes;

xd_str xd_term_shape(const xd_term *term)
{
    static const xd_str by_colour[] = {XD_STR("diamond"), XD_STR("square"), XD_STR("circle")};
    static const xd_str known[] = {XD_STR("diamond"), XD_STR("square"), XD_STR("circle"),
                                   XD_STR("triangle"), XD_STR("pentagon")};
    for (size_t i = 0; term != NULL && i < XD_LEN(known); i++) {
        if (xd_str_eq(term->shape, known[i])) {
            return known[i];
        }
    }
    return term != NULL && term->colour >= 0 && term->colour < 3 ? by_colour[term->colour]
                                                                 : by_colour[2];
}

xd_str xd_term_css(xd_ctx *cx, const xd_term *term)
{
    xd_str shape = xd_term_shape(term);
    return term != NULL && term->colour >= 0 && term->colour < 3
               ? xd_str_printf(cx->arena, "c%d " XD_FMT, term->colour, XD_ARG(shape))
               : xd_str_printf(cx->arena, "cn " XD_FMT, XD_ARG(shape));
}

static bool overlaps(const room_boxes *taken, room_box b)
{
    for (size_t i = 0; i < taken->n; i++) {
        const room_box *t = &taken->at[i];
        if (b.x0 < t->x1 && t->x0 < b.x1 && b.y0 < t->y1 && t->y0 < b.y1) {
            return true;
        }
    }
    return false;
}

/* The marks put down, by square of APART; what is off the sheet is in the squares of its edge. */
typedef struct marks {
    const xd_view_dots *dots;
    int across, down;
    uint16_t *last;              /* by square: the last mark + 1 */
    uint16_t next[XD_MAP_SPOTS]; /* by mark: the one before it in its square + 1 */
    int spiral_x[SPIRAL], spiral_y[SPIRAL], n_spiral;
} marks;

static void marks_begin(xd_ctx *cx, const xd_frame *frame, const xd_view_dots *dots, marks *m)
{
    *m = (marks){
        .dots = dots, .across = frame->width / APART + 1, .down = frame->height / APART + 1};
    m->last = xd_new_n(cx->arena, uint16_t, (size_t)(m->across * m->down));
    for (int step = 0; step < SPIRAL; step++) {
        double angle = step * 2.39996; /* the golden angle: an even spiral */
        double away = 9.0 * sqrt((double)step);
        if (away > REACH) {
            break;
        }
        m->spiral_x[step] = (int)lround(away * cos(angle));
        m->spiral_y[step] = (int)lround(away * sin(angle));
        m->n_spiral++;
    }
}

static int square_of(int at, int most)
{
    return at < 0 ? 0 : at / APART >= most ? most - 1 : at / APART;
}

static void mark_add(marks *m, size_t i)
{
    int at = square_of(m->dots->at[i].y, m->down) * m->across +
             square_of(m->dots->at[i].x, m->across);
    m->next[i] = m->last[at];
    m->last[at] = (uint16_t)(i + 1);
}

static bool clear(const marks *m, int x, int y)
{
    int x1 = square_of(x + APART, m->across), y1 = square_of(y + APART, m->down);
    for (int row = square_of(y - APART, m->down); row <= y1; row++) {
        for (int col = square_of(x - APART, m->across); col <= x1; col++) {
            for (uint16_t i = m->last[row * m->across + col]; i > 0; i = m->next[i - 1]) {
                int dx = m->dots->at[i - 1].x - x, dy = m->dots->at[i - 1].y - y;
                if (dx * dx + dy * dy < APART * APART) {
                    return false;
                }
            }
        }
    }
    return true;
}

static void settle(const marks *m, int *x, int *y)
{
    for (int step = 0; step < m->n_spiral; step++) {
        int tx = *x + m->spiral_x[step], ty = *y + m->spiral_y[step];
        if (clear(m, tx, ty)) {
            *x = tx;
            *y = ty;
            return;
        }
    } /* a crowd: the mark stays where it belongs, under the others */
}

static int importance(const xd_spot *spot)
{
    int colour = spot->value != NULL && spot->value->colour >= 0 ? spot->value->colour : 9;
    return spot->here ? -1 : colour;
}

static int by_importance(const void *a, const void *b)
{
    const xd_spot *p = *(const xd_spot *const *)a, *q = *(const xd_spot *const *)b;
    int d = importance(p) - importance(q);
    return d != 0 ? d : p->id < q->id ? -1 : p->id > q->id;
}

static int text_width(xd_str text)
{
    int width = 0;
    for (size_t at = 0; at < text.n;) {
        width += xd_utf8_next(text, &at) < 0x2E80 ? LETTER_LATIN : LETTER_HAN;
    }
    return width;
}

/* Somewhere beside (x, y), near first; false when everywhere is taken or off the sheet. */
static bool find_room(const xd_frame *frame, room_boxes *taken, xd_arena *arena, xd_str text,
                      int x, int y, int gap, int *ret_dx, int *ret_dy, xd_str *ret_css)
{
    static const struct {
        int right, down; /* in gaps */
        xd_str css;
    } sides[] = {
        {1,  0,  XD_STR("")  },
        {-1, 0,  XD_STR("te")},
        {0,  1,  XD_STR("tm")},
        {0,  -1, XD_STR("tm")},
        {1,  1,  XD_STR("")  },
        {1,  -1, XD_STR("")  },
        {-1, 1,  XD_STR("te")},
        {-1, -1, XD_STR("te")},
    };
    int w = text_width(text), edge = frame->width / 16; /* the page may cut the sides off */
    for (int step = 0; step < 3; step++) {
        for (size_t i = 0; i < XD_LEN(sides); i++) {
            int reach = gap + step * 14;
            int dx = sides[i].right * reach;
            int dy = 9 + sides[i].down * (reach + (sides[i].right == 0 ? 10 : 0));
            int x0 = x + dx - (sides[i].right < 0 ? w : sides[i].right == 0 ? w / 2 : 0);
            room_box b = {x0, y + dy + 7 - LINE, x0 + w, y + dy + 7};
            if (b.x0 > edge && b.y0 > 4 && b.x1 < frame->width - edge &&
                b.y1 < frame->height - 4 && !overlaps(taken, b)) {
                *xd_push(arena, taken) = b;
                *ret_dx = dx;
                *ret_dy = dy;
                *ret_css = sides[i].css;
                return true;
            }
        }
    }
    return false;
}

static room_boxes taken_by(xd_ctx *cx, const xd_view_map *map)
{
    room_boxes taken = {0};
    for (size_t i = 0; i < map->dots.n; i++) {
        const xd_view_dot *d = &map->dots.at[i];
        *xd_push(cx->arena, &taken) =
            (room_box){d->x - MARK, d->y - MARK, d->x + MARK, d->y + MARK};
        if (d->name.n > 0) {
            int w = text_width(d->name), x0 = d->x + d->name_x, y1 = d->y + d->name_y + 7;
            x0 -= xd_str_eq(d->name_css, XD_S("te")) ? w : d->name_css.n > 0 ? w / 2 : 0;
            *xd_push(cx->arena, &taken) = (room_box){x0, y1 - LINE, x0 + w, y1};
        }
    }
    return taken;
}

static xd_view_dot dot_of(xd_ctx *cx, const xd_frame *frame, const marks *m,
                          const xd_spot *spot)
{
    xd_view_dot dot = {
        .id = spot->id,
        .css = xd_term_css(cx, spot->value),
        .shape = xd_term_shape(spot->value),
        .title = spot->title,
        .url = spot->url,
        .name = spot->name,
    };
    xd_frame_put(frame, spot->at, &dot.x, &dot.y);
    if (!spot->here) {
        settle(m, &dot.x, &dot.y);
    }
    if (spot->year != INT32_MIN) {
        dot.year = xd_str_printf(cx->arena, "%" PRId32, spot->year);
    }
    dot.css = xd_str_printf(cx->arena, XD_FMT "%s%s", XD_ARG(dot.css),
                            spot->vague ? " hollow" : "", spot->here ? " here" : "");
    return dot;
}

void xd_map_spots(xd_ctx *cx, const xd_frame *frame, const xd_spot *spots, size_t n,
                  xd_view_map *map)
{
    const xd_spot **order = xd_new_n(cx->arena, const xd_spot *, n > 0 ? n : 1);
    xd_view_dots dots = {0};
    marks *m = xd_new(cx->arena, marks);

    marks_begin(cx, frame, &dots, m);
    for (size_t i = 0; i < n; i++) {
        order[i] = &spots[i];
    }
    qsort(order, n, sizeof *order, by_importance);
    for (size_t i = 0; i < n && i < XD_MAP_SPOTS; i++) {
        xd_view_dot dot = dot_of(cx, frame, m, order[i]); /* before its room is there */
        *xd_push(cx->arena, &dots) = dot;
        mark_add(m, i);
    }
    map->dots = dots;
    for (size_t i = 0; i < dots.n; i++) {
        dots.at[i].name = (xd_str){0};
    }
    room_boxes taken = taken_by(cx, map);
    for (size_t i = 0; i < dots.n; i++) {
        xd_view_dot *d = &dots.at[i];
        if (order[i]->name.n > 0 && find_room(frame, &taken, cx->arena, order[i]->name, d->x,
                                              d->y, 20, &d->name_x, &d->name_y, &d->name_css)) {
            d->name = order[i]->name;
        }
    }
    for (size_t i = 0, k = dots.n; k > i + 1; i++) { /* the most important last, on top */
        xd_view_dot swap = dots.at[i];
        dots.at[i] = dots.at[--k];
        dots.at[k] = swap;
    }
}

static xd_str short_name(const xd_site *site, const xd_term *term, xd_lang lang)
{
    xd_str name = xd_label_in(&term->label, lang), off = xd_label_in(&site->map_short, lang);
    return off.n > 0 && name.n > off.n && xd_str_ends(name, off)
               ? xd_str_sub(name, 0, name.n - off.n)
               : name;
}

/* Where the name stands with a phone's letters. */
static room_box phone_box(const xd_view_place_name *name, xd_str side)
{
    int w = PHONE(text_width(name->text)), x0 = name->x, y1 = name->y + PHONE(7);
    x0 -= xd_str_eq(side, XD_S("te")) ? w : side.n > 0 ? w / 2 : 0;
    return (room_box){x0, y1 - PHONE(LINE), x0 + w, y1};
}

static void add_place(xd_ctx *cx, const xd_site *site, const xd_frame *frame,
                      const xd_term *term, bool small, room_boxes *taken, room_boxes *phone,
                      xd_view_map *map)
{
    int x, y, dx, dy;
    xd_str side;
    xd_view_place_name name = {.text = small ? xd_label_in(&term->label, cx->lang)
                                             : short_name(site, term, cx->lang)};

    xd_frame_put(frame, (xd_pos){term->lon, term->lat}, &x, &y);
    if (x > 0 && y > 0 && x < frame->width && y < frame->height &&
        find_room(frame, taken, cx->arena, name.text, x, y, 4, &dx, &dy, &side)) {
        name.x = x + dx;
        name.y = y + dy;
        name.css = small ? xd_str_printf(cx->arena, "small " XD_FMT, XD_ARG(side)) : side;
        room_box b = phone_box(&name, side);
        if (!small && overlaps(phone, b)) {
            name.css = xd_str_printf(cx->arena, "tight " XD_FMT, XD_ARG(side));
        } else if (!small) {
            *xd_push(cx->arena, phone) = b;
        }
        *xd_push(cx->arena, &map->names) = name;
    }
}

void xd_map_places(xd_ctx *cx, const xd_site *site, const xd_model *model,
                   const xd_frame *frame, bool small, xd_view_map *map)
{
    const xd_vocabulary *divisions = xd_model_divisions(model);
    room_boxes taken = taken_by(cx, map), phone = {0};

    for (int round = 0; site->region != NULL && round < (small ? 2 : 1); round++) {
        for (size_t i = 0; i < divisions->n; i++) {
            const xd_term *term = &divisions->terms[i];
            const xd_term *up =
                round == 0 || term->parent == NULL ? term->parent : term->parent->parent;
            if (up == site->region && term->has_pos && term->valid_to.n == 0 &&
                !term->retired) {
                add_place(cx, site, frame, term, round > 0, &taken, &phone, map);
            }
        }
    }
}
