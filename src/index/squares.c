/* Counts by squares of the map. */
#include "index/mosaic.h"

typedef struct counting {
    xd_look *look;
    int zoom;
    xd_mosaic all, rough;
} counting;

static bool count_asked(counting *c, const xd_ask *ask)
{
    xd_look *look = c->look;
    xd_words words;
    xd_matched *matched;
    xd_ask same = *ask;
    same.n_facets = 0;
    same.limit = 0;
    if (!xd_plan_words(look->cx, &same, &words) ||
        !xd_plan_run(look, &same, &words, NULL, &matched))
        return false;
    for (size_t i = 0; i < look->edition->n; i++) {
        const xd_segment *s = look->edition->shards[i].segment;
        xd_bits *placed = xd_bits_and(&look->bag, matched[i].bits, s->placed);
        xd_bits *rough = xd_bits_and(&look->bag, placed, s->roughly);
        if (!xd_mosaic_add(&c->all, i, placed, c->zoom) ||
            !xd_mosaic_add(&c->rough, i, rough, c->zoom))
            return false;
    }
    return true;
}

static bool count_all(counting *c, const xd_type *type)
{
    return xd_mosaic_add_all(&c->all, type, false, 0, 0, 0, c->zoom) &&
           xd_mosaic_add_all(&c->all, type, true, 0, 0, 0, c->zoom) &&
           xd_mosaic_add_all(&c->rough, type, true, 0, 0, 0, c->zoom);
}

static xd_square square_of(const counting *c, const xd_mosaic_cell *cell)
{
    xd_square square = {.tile = {.z = c->zoom}, .n = cell->n};
    const double world = 4294967296.0;
    xd_curve_split(cell->key, &square.tile.x, &square.tile.y);
    square.mean = xd_mercator_back((double)(cell->x / cell->n) / world,
                                   (double)(cell->y / cell->n) / world);
    square.value = xd_colouring_code(c->look->cx->arena, &c->all.colours, cell->colour);
    square.of_value = cell->of_colour;
    return square;
}

static bool count_squares(counting *c, const xd_ask *ask, const xd_field *colour,
                          const xd_square **ret_squares, size_t *ret_n)
{
    xd_colouring colours = xd_colouring_of(c->look, ask->type, colour);
    xd_mosaic_begin(&c->all, c->look, colours, XD_SQUARES_MOST);
    xd_mosaic_begin(&c->rough, c->look, (xd_colouring){0}, XD_SQUARES_MOST);
    if (!(xd_mosaic_is_all(ask) ? count_all(c, ask->type) : count_asked(c, ask)))
        return false;
    xd_mosaic_end(&c->all);
    xd_mosaic_end(&c->rough);
    size_t n = c->all.cells.n;
    xd_square *squares = xd_new_n(c->look->cx->arena, xd_square, n);
    for (size_t i = 0, k = 0; i < n; i++) {
        squares[i] = square_of(c, &c->all.cells.at[i]);
        if (k < c->rough.cells.n && c->rough.cells.at[k].key == c->all.cells.at[i].key)
            squares[i].roughly = c->rough.cells.at[k++].n;
    }
    *ret_squares = squares;
    *ret_n = n;
    return true;
}

bool xd_ask_squares(xd_ctx *cx, const xd_snap *snap, const xd_ask *ask, int zoom,
                    const xd_field *colour, const xd_square **ret_squares, size_t *ret_n)
{
    if (zoom < 1 || zoom > XD_SQUARES_ZOOM)
        return xd_fail(cx, XD_INVALID, "squares of zoom %d", zoom);
    xd_look look;
    counting c = {.look = &look, .zoom = zoom};
    xd_look_begin(&look, cx, snap, ask->lang, ask->certain);
    bool ok = count_squares(&c, ask, colour, ret_squares, ret_n) &&
              xd_edition_sound(cx, snap->edition);
    if (!ok && cx->err.code == XD_LIMIT)
        (void)xd_fail_words(
            cx, XD_S("格子太多。请用更小的级别，或用 bbox、filter 缩小范围。"),
            XD_S("Too many squares: take a lower zoom, or narrow it down by bbox "
                 "or filter."));
    xd_look_end(&look);
    return ok;
}
