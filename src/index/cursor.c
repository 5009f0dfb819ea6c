#include "index/order.h"
#include "index/seal.h"
#include "model/fold.h"

/* A hash of the question; without a key, it only tells honest mistakes apart. */
uint64_t xd_order_question(const xd_ask *ask)
{
    xd_buf b = {0};
    xd_buf_json(&b, ask->type == NULL ? (xd_str){0} : ask->type->name, false);
    xd_buf_printf(&b, " %d %d %d %d %d %d", ask->q_adjacent, ask->certain, ask->has_box,
                  ask->box_keeps_placeless, ask->has_time, (int)ask->lang);
    if (ask->has_box)
        xd_buf_printf(&b, " %d %d %d %d", ask->box.west, ask->box.south, ask->box.east,
                      ask->box.north);
    if (ask->has_time)
        xd_buf_printf(&b, " %d %d", ask->time_from, ask->time_to);
    xd_buf_printf(&b, " %" PRId64 " %.17g ", ask->near, ask->within_m);
    for (size_t i = 0; i < ask->n_sorts; i++) {
        const xd_field *field = ask->sorts[i].field;
        xd_buf_json(&b, field == NULL ? (xd_str){0} : field->name, false);
        xd_buf_printf(&b, "%d %d ", (int)ask->sorts[i].by, ask->sorts[i].descending);
    }
    xd_buf_json(&b, ask->q, false);
    if (ask->area != NULL)
        xd_geom_write_wkt(&b, ask->area);
    if (ask->filter != NULL)
        xd_cql_write_text(&b, ask->filter);
    uint64_t hash = xd_str_hash(xd_buf_str(&b));
    xd_buf_free(&b);
    return hash;
}

uint64_t xd_order_epoch(const xd_order *order)
{
    const xd_look *look = order->look;
    xd_buf b = {0};
    bool ranked = false;
    for (size_t k = 0; k < order->n; k++)
        ranked = ranked || order->at[k].by == XD_BY_RANK;
    /* Terms sort by their place in the model, texts by the collation. */
    xd_buf_printf(&b, "%d %" PRId64 " " XD_FMT " ", XD_ORDER_FORMULA,
                  ranked ? look->edition->scores : 0, XD_ARG(xd_collator_version()));
    xd_buf_bytes(&b, xd_model_hash(look->schema->model), 32);
    uint64_t hash = xd_str_hash(xd_buf_str(&b));
    xd_buf_free(&b);
    return hash;
}

xd_str xd_order_cursor(const xd_order *order, const uint64_t key[2], uint64_t question,
                       const xd_row *row)
{
    xd_buf b = {0};
    xd_buf_u64be(&b, xd_order_epoch(order));
    for (size_t k = 0; k < order->n; k++) {
        const xd_key_value *v = &row->keys[k];
        uint64_t bits = (uint64_t)v->integer;
        if (v->kind == XD_KEY_DOUBLE)
            memcpy(&bits, &v->number, sizeof bits);
        xd_buf_byte(&b, (char)v->kind);
        if (v->kind == XD_KEY_TEXT) {
            xd_buf_u32be(&b, (uint32_t)v->text.n);
            xd_buf_add(&b, v->text);
        } else {
            xd_buf_u64be(&b, bits);
        }
    }
    xd_buf_u64be(&b, (uint64_t)row->id);
    xd_str sealed = xd_seal(order->look->cx->arena, key, question, xd_buf_str(&b));
    xd_buf_free(&b);
    return sealed;
}

static bool take(xd_str *rest, size_t n, xd_str *ret)
{
    if (rest->n < n)
        return false;
    *ret = xd_str_sub(*rest, 0, n);
    *rest = xd_str_sub(*rest, n, rest->n);
    return true;
}

static bool take_int(xd_str *rest, size_t n, uint64_t *ret)
{
    xd_str bytes;
    if (!take(rest, n, &bytes))
        return false;
    *ret = 0;
    for (size_t i = 0; i < n; i++)
        *ret = *ret << 8 | (unsigned char)bytes.p[i];
    return true;
}

static bool take_key(xd_str *rest, xd_key_value *ret)
{
    uint64_t kind, bits;
    if (!take_int(rest, 1, &kind) || kind > XD_KEY_TEXT)
        return false;
    if (kind == XD_KEY_TEXT) {
        ret->kind = XD_KEY_TEXT;
        return take_int(rest, 4, &bits) && take(rest, bits, &ret->text);
    }
    if (!take_int(rest, 8, &bits))
        return false;
    ret->kind = kind == XD_KEY_INT      ? XD_KEY_INT
                : kind == XD_KEY_DOUBLE ? XD_KEY_DOUBLE
                                        : XD_KEY_UNKNOWN;
    ret->integer = (int64_t)bits;
    memcpy(&ret->number, &bits, sizeof bits);
    return true;
}

bool xd_order_read_cursor(xd_order *order, const uint64_t key[2], uint64_t question,
                          xd_str cursor, xd_row *ret_row)
{
    xd_ctx *cx = order->look->cx;
    xd_str rest;
    uint64_t id = 0, epoch = 0;
    xd_row row = {.keys = xd_new_n(cx->arena, xd_key_value, order->n + 1)};
    bool ok = xd_unseal(cx->arena, key, question, cursor, &rest) && take_int(&rest, 8, &epoch);
    if (ok && epoch != xd_order_epoch(order)) {
        (void)xd_fail(cx, XD_GONE, "a cursor of another epoch");
        return xd_fail_words(cx,
                             XD_S("排序依据已更新，这一翻页标记不能再用，请从第一页重新开始。"),
                             XD_S("What the order rests on has changed since, so this page "
                                  "mark leads nowhere now. "
                                  "Start again from the first page."));
    }
    for (size_t k = 0; k < order->n && ok; k++)
        ok = take_key(&rest, &row.keys[k]);
    ok = ok && take_int(&rest, 8, &id) && rest.n == 0;
    if (!ok) {
        (void)xd_fail(cx, XD_INVALID, "a cursor that is not ours");
        return xd_fail_words(
            cx, XD_S("翻页标记无效或已过期，请从第一页重新开始。"),
            XD_S("This page mark is not valid here or no longer. Start again from the first "
                 "page."));
    }
    row.id = (int64_t)id;
    *ret_row = row;
    return true;
}
