/* Reading telephone numbers: several in a cell, and those that stand in a text. */
#include "model/fold.h"
#include "model/hours.h"
#include "model/read_in.h"

xd_str xd_plain_identifier(xd_ctx *cx, xd_str text)
{
    xd_buf out = {0};
    for (size_t at = 0; at < text.n;) {
        size_t from = at;
        uint32_t cp = xd_utf8_next(text, &at);
        bool dash =
            (cp >= 0x2010 && cp <= 0x2015) || cp == 0x2212 || cp == 0xff0d || cp == 0x30fc;
        bool wide = cp >= 0xff01 && cp <= 0xff5e;
        if (dash || wide) {
            xd_buf_byte(&out, dash ? '-' : (char)(cp - 0xfee0));
        } else {
            xd_buf_add(&out, xd_str_sub(text, from, at));
        }
    }
    xd_str value = xd_buf_copy(&out, cx->arena);
    xd_buf_free(&out);
    return value;
}

void xd_phones_part(xd_ctx *cx, xd_strs *items)
{
    xd_strs parted = {0};
    for (size_t i = 0; i < items->n; i++) {
        xd_str whole = items->at[i], value;
        bool all = !xd_phone_read(cx, whole, &value);
        xd_strs parts = {0};
        for (size_t at = 0, from = 0; all && at <= whole.n; at++) {
            if (at == whole.n || whole.p[at] == ' ' || whole.p[at] == '\n') {
                xd_str part = xd_str_sub(whole, from, at);
                all = part.n == 0 || xd_phone_read(cx, part, &value);
                if (part.n > 0) {
                    *xd_push(cx->arena, &parts) = part;
                }
                from = at + 1;
            }
        }
        for (size_t k = 0; all && k < parts.n; k++) {
            *xd_push(cx->arena, &parted) = parts.at[k];
        }
        if (!all) {
            *xd_push(cx->arena, &parted) = whole;
        }
    }
    (void)xd_err_take(cx); /* only tried: read_item says what is no number */
    *items = parted;
}

/* 咨询电话：0554-6640000（王主任）: the numbers in a text, where the whole is none. Nothing when it
 * has none. */
static void find_numbers(xd_ctx *cx, xd_str text, xd_strs *ret_numbers, xd_str *ret_left)
{
    xd_buf left = {0};
    xd_strs numbers = {0};
    for (size_t at = 0; at < text.n;) {
        size_t end = at, digits = 0;
        while (end < text.n && memchr("0123456789-()*+", text.p[end], 15) != NULL) {
            digits += text.p[end] >= '0' && text.p[end] <= '9';
            end++;
        }
        xd_str value, run = xd_str_sub(text, at, end);
        while (run.n > 0 && memchr("-()", run.p[run.n - 1], 3) != NULL) {
            run.n--;
        }
        if (digits >= 7 && xd_phone_read(cx, run, &value)) {
            *xd_push(cx->arena, &numbers) = value;
            at = end;
            continue;
        }
        size_t next = at;
        (void)xd_utf8_next(text, &next);
        next = end > next ? end : next;
        xd_buf_add(&left, xd_str_sub(text, at, next));
        at = next;
    }
    *ret_numbers = numbers;
    *ret_left = xd_buf_copy(&left, cx->arena);
    xd_buf_free(&left);
    (void)xd_err_take(cx); /* only tried */
}

/* Words that stand beside a number and say nothing more. */
static bool says_only_phone(xd_arena *arena, xd_str left)
{
    static const char *const words[] = {
        "咨询",   "预约",   "联系", "服务", "电话", "热线", "手机", "总机",
        "办公室", "值班室", "值班", "传真", "前台", "接待", "参观", "对外",
        "及",     "和",     "或",   "同号", "微信", "固话", "座机", "投诉",
        "转",     "tel",    "号码", "号",   "客服", "办公", "同"};
    xd_str rest = xd_fold_key(arena, left);
    while (rest.n > 0) {
        size_t cut = 0;
        for (size_t i = 0; i < XD_LEN(words); i++) {
            size_t n = strlen(words[i]);
            cut = n > cut && xd_str_starts(rest, xd_str_of(words[i])) ? n : cut;
        }
        if (cut == 0) {
            return false;
        }
        rest = xd_str_sub(rest, cut, rest.n);
    }
    return true;
}

/* What stands beside a public number may be a person's name: it is for those who may see contacts,
 * else where the field's own unread texts go. */
static void keep_beside(xd_reader *r, const xd_field *field, xd_str whole, xd_str left)
{
    if (says_only_phone(r->cx->arena, left)) {
        return;
    }
    for (size_t i = 0; i < r->type->n_fields; i++) {
        const xd_field *f = &r->type->fields[i];
        bool empty = r->by_field == NULL || r->by_field[f->at].n == 0;
        if (f->kind == XD_KIND_CONTACT && !f->retired && empty && !f->many &&
            xd_json_get(r->body, f->name) == NULL) {
            xd_json_set(r->cx->arena, r->body, f->name, xd_json_string(r->cx->arena, whole));
            XD_SAY(r, XD_NOTE, "phone.beside", field, whole,
                   "“" XD_FMT "”里电话以外的文字连同电话记入“" XD_FMT "”。",
                   "“" XD_FMT "” holds more than a number; the whole was put into “" XD_FMT
                   "”.",
                   XD_ARG(whole), XD_ARG(xd_label_in(&f->label, r->cx->lang)));
            return;
        }
    }
    xd_unread(r, field, "value.unread", left,
              xd_str_printf(r->cx->arena, "“" XD_FMT "”不是电话号码。", XD_ARG(left)),
              xd_str_printf(r->cx->arena, "\"" XD_FMT "\" is no phone number.", XD_ARG(left)),
              (xd_str){0}, (xd_str){0});
}

bool xd_read_phone_text(xd_reader *r, const xd_field *field, xd_str text)
{
    xd_strs numbers = {0};
    xd_str left = {0}, value, plain = xd_plain_identifier(r->cx, text);
    if (xd_phone_read(r->cx, text, &value)) {
        return false;
    }
    (void)xd_err_take(r->cx); /* then there may be one in it */
    find_numbers(r->cx, plain, &numbers, &left);
    for (size_t i = 0; i < numbers.n; i++) {
        if (i == 0 || field->many) {
            xd_put_value(r, field, xd_json_string(r->cx->arena, numbers.at[i]));
        }
    }
    if (numbers.n > 0) {
        keep_beside(r, field, text, left);
    }
    return numbers.n > 0;
}
