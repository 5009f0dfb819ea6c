/* Numbers: 约3000㎡, 第二批, 1.2万平方米, 面积（亩） 36.
 *
 * The value is decimal and stays exact: a mantissa of at most 18 digits and its places. A unit of
 * the field's list is turned into the field's own; what does not come out even is rounded to
 * the field's places, and a note says so. */
#include "model/fold.h"
#include "model/read_in.h"

typedef struct decimal {
    int64_t n;
    int places;
} decimal;

static bool decimal_of(xd_str text, decimal *ret_value)
{
    size_t dot = xd_str_find(text, XD_S("."), 0);
    int places = dot == SIZE_MAX ? 0 : (int)(text.n - dot - 1);
    int64_t n = 0;
    if (places > 12 || !xd_decimal_read(text, places, &n)) {
        return false;
    }
    *ret_value = (decimal){.n = n, .places = places};
    return true;
}

/* value × times ÷ over with `decimals` places, rounded half away from zero. */
static bool scale(decimal value, int64_t times, int64_t over, int decimals, int64_t *ret_n,
                  bool *ret_even)
{
    bool minus = value.n < 0;
    int64_t n = minus ? -value.n : value.n, under = over;
    if (__builtin_mul_overflow(n, times, &n)) {
        return false;
    }
    for (int i = value.places; i < decimals; i++) {
        if (__builtin_mul_overflow(n, 10, &n)) {
            return false;
        }
    }
    for (int i = decimals; i < value.places; i++) {
        if (__builtin_mul_overflow(under, 10, &under)) {
            return false;
        }
    }
    *ret_even = n % under == 0;
    n = n / under + (n % under >= under - n % under ? 1 : 0);
    *ret_n = minus ? -n : n;
    return true;
}

/* The unit at the end of the text; text.n is cut back. */
static const xd_unit *cut_unit(xd_ctx *cx, const xd_field *field, xd_str *text)
{
    const xd_unit *best = NULL;
    for (size_t i = 0; i < field->n_units; i++) {
        if (xd_str_ends(*text, field->units[i].name) && text->n >= field->units[i].name.n &&
            (best == NULL || field->units[i].name.n > best->name.n)) {
            best = &field->units[i];
        }
    }
    if (best != NULL) {
        *text = xd_str_trim(xd_str_sub(*text, 0, text->n - best->name.n));
        return best;
    }
    for (size_t i = 0; i < field->n_units && text->n > 0; i++) { /* M2, ㎡ in other dress */
        xd_str unit = xd_fold(cx->arena, field->units[i].name);
        xd_str folded = xd_fold(cx->arena, *text);
        if (unit.n > 0 && folded.n > unit.n && xd_str_ends(folded, unit)) {
            *text = xd_str_trim(xd_str_sub(folded, 0, folded.n - unit.n));
            return &field->units[i];
        }
    }
    return NULL;
}

static bool cut_words(xd_str *text)
{
    static const char *const before[] = {
        "每日",   "每天", "每次", "每批", "每场", "日均", "单日", "单次",   "可容纳",
        "可接待", "最多", "最大", "至多", "大约", "约为", "约",   "不超过", "近",
        "超过",   "共",   "总计", "不足", "计",   "达",   "逾"};
    static const char *const behind[] = {"左右", "余", "多", "以上", "上下"};
    bool about = false;
    for (size_t i = 0; i < XD_LEN(before); i++) {
        if (xd_str_starts(*text, xd_str_of(before[i]))) {
            *text = xd_str_trim(xd_str_sub(*text, strlen(before[i]), text->n));
            about = true;
        }
    }
    for (size_t i = 0; i < XD_LEN(behind); i++) {
        if (xd_str_ends(*text, xd_str_of(behind[i]))) {
            *text = xd_str_trim(xd_str_sub(*text, 0, text->n - strlen(behind[i])));
            about = true;
        }
    }
    return about;
}

/* What stands around the number: 第{}批. The longest form that fits. */
static xd_str cut_form(const xd_field *field, xd_str text)
{
    xd_str best = text;
    for (size_t i = 0; i < field->forms.n; i++) {
        xd_str form = field->forms.at[i];
        size_t hole = xd_str_find(form, XD_S("{}"), 0);
        xd_str head = xd_str_sub(form, 0, hole), tail = xd_str_sub(form, hole + 2, form.n);
        if (text.n > head.n + tail.n && xd_str_starts(text, head) && xd_str_ends(text, tail) &&
            text.n - head.n - tail.n < best.n) {
            best = xd_str_trim(xd_str_sub(text, head.n, text.n - tail.n));
        }
    }
    return best;
}

static xd_str word_number(xd_ctx *cx, const xd_field *field, xd_str text)
{
    xd_str key = xd_fold_key(cx->arena, text);
    for (size_t i = 0; i < field->n_words; i++) {
        if (xd_str_eq(key, xd_fold_key(cx->arena, field->words[i].header))) {
            return field->words[i].part;
        }
    }
    return (xd_str){0};
}

/* A unit in the header's brackets, perhaps with 万 before it; times: by how much. */
static const xd_unit *header_unit(xd_ctx *cx, const xd_field *field, xd_str header,
                                  int64_t *ret_times)
{
    static const struct {
        const char *word;
        int64_t times;
    } powers[] = {
        {"亿", 100000000},
        {"万", 10000    },
        {"千", 1000     },
        {"百", 100      }
    };
    xd_str note = xd_header_note(header);
    const xd_unit *unit = note.n == 0 ? NULL : cut_unit(cx, field, &note);
    *ret_times = 1;
    for (size_t i = 0; i < XD_LEN(powers); i++) {
        if (xd_str_eq(note, xd_str_of(powers[i].word))) {
            *ret_times = powers[i].times;
            return unit;
        }
    }
    return note.n == 0 ? unit : NULL; /* other words beside the unit: not a plain unit */
}

/* 两个半, 半, 3个 before a unit of time or measure: 2.5, 0.5, 3. */
static xd_str with_half(xd_ctx *cx, xd_str text)
{
    xd_str whole = text, digits;
    if (xd_str_eq(text, XD_S("半")) || xd_str_eq(text, XD_S("半个"))) {
        return XD_S("0.5");
    }
    if (xd_str_ends(text, XD_S("个"))) {
        return xd_str_trim(xd_str_sub(text, 0, text.n - 3));
    }
    if (!xd_str_ends(text, XD_S("半"))) {
        return text;
    }
    whole = xd_str_sub(whole, 0, whole.n - 3);
    whole = xd_str_ends(whole, XD_S("个")) ? xd_str_sub(whole, 0, whole.n - 3) : whole;
    if (!xd_number_read(cx, whole, &digits) || memchr(digits.p, '.', digits.n) != NULL) {
        (void)xd_err_take(cx); /* then it is no number and a half */
        return text;
    }
    return xd_str_printf(cx->arena, XD_FMT ".5", XD_ARG(digits));
}

/* 1.5—2小时, 50至100人: two numbers and what joins them. */
static bool is_span(xd_ctx *cx, const xd_field *field, xd_str text)
{
    static const char *const joints[] = {"至", "到", "—", "－", "–", "-", "~", "～", "∼"};
    for (size_t i = 0; i < XD_LEN(joints); i++) {
        xd_str joint = xd_str_of(joints[i]), digits;
        size_t at = xd_str_find(text, joint, 0);
        if (at == SIZE_MAX || at == 0) {
            continue;
        }
        xd_str low = xd_str_trim(xd_str_sub(text, 0, at));
        xd_str high = xd_str_trim(xd_str_sub(text, at + joint.n, text.n));
        high = xd_str_starts(high, joint) ? xd_str_sub(high, joint.n, high.n) : high; /* —— */
        (void)cut_words(&low);
        (void)cut_unit(cx, field, &low);
        (void)cut_words(&high);
        (void)cut_unit(cx, field, &high);
        if (xd_number_read(cx, low, &digits) && xd_number_read(cx, high, &digits)) {
            return true;
        }
        (void)xd_err_take(cx); /* only tried */
    }
    return false;
}

static void refuse(xd_reader *r, const xd_field *field, xd_str text)
{
    if (is_span(r->cx, field, text)) {
        xd_unread(
            r, field, "number.span", text,
            xd_str_printf(r->cx->arena, "“" XD_FMT "”是一个范围，这里只记一个数。",
                          XD_ARG(text)),
            xd_str_printf(r->cx->arena, "\"" XD_FMT "\" is a range; one number is kept here.",
                          XD_ARG(text)),
            XD_S("写一个数（平常的或最多的），范围写在备注里。"),
            XD_S("Write one number (the usual or the largest one), the range in the remarks."));
        return;
    }
    xd_unread(r, field, "number.unread", text,
              xd_str_printf(r->cx->arena, "“" XD_FMT "”读不成一个数。", XD_ARG(text)),
              xd_str_printf(r->cx->arena, "\"" XD_FMT "\" cannot be read as one number.",
                            XD_ARG(text)),
              XD_S("只写一个数，可带单位。"),
              XD_S("Write one number, with a unit if need be."));
}

static void put_number(xd_reader *r, const xd_field *field, xd_str text, int64_t n)
{
    xd_json *value = xd_json_object(r->cx->arena);
    if ((field->has_min && n < field->min) || (field->has_max && n > field->max)) {
        xd_arena *arena = r->cx->arena;
        xd_str min =
            field->has_min ? xd_decimal_write(arena, field->min, field->decimals) : XD_S("…");
        xd_str max =
            field->has_max ? xd_decimal_write(arena, field->max, field->decimals) : XD_S("…");
        xd_unread(r, field, "number.range", text,
                  xd_str_printf(arena, "“" XD_FMT "”超出了范围（" XD_FMT " 到 " XD_FMT "）。",
                                XD_ARG(text), XD_ARG(min), XD_ARG(max)),
                  xd_str_printf(arena,
                                "\"" XD_FMT "\" is out of range (" XD_FMT " to " XD_FMT ").",
                                XD_ARG(text), XD_ARG(min), XD_ARG(max)),
                  (xd_str){0}, (xd_str){0});
        return;
    }
    xd_json_set(
        r->cx->arena, value, XD_S("n"),
        xd_json_string(r->cx->arena, xd_decimal_write(r->cx->arena, n, field->decimals)));
    if (field->unit.n > 0) {
        xd_json_set(r->cx->arena, value, XD_S("unit"),
                    xd_json_string(r->cx->arena, field->unit));
    }
    xd_put_value(r, field, value);
}

/* 1小时30分: two whole numbers, each with a unit of the field, the larger first. */
static bool read_compound(xd_ctx *cx, const xd_field *field, xd_str text, int64_t *ret_n)
{
    xd_str rest = text, digits[2];
    const xd_unit *small = cut_unit(cx, field, &rest);
    int64_t n[2];
    for (size_t i = 0; small != NULL && i < field->n_units; i++) {
        const xd_unit *large = &field->units[i];
        size_t at = xd_str_find(rest, large->name, 0);
        if (at == SIZE_MAX || at == 0 || at + large->name.n >= rest.n || large->over != 1 ||
            small->over != 1 || large->times <= small->times) {
            continue;
        }
        xd_str parts[2] = {xd_str_trim(xd_str_sub(rest, 0, at)),
                           xd_str_trim(xd_str_sub(rest, at + large->name.n, rest.n))};
        if (xd_number_read(cx, parts[0], &digits[0]) &&
            xd_number_read(cx, parts[1], &digits[1]) && xd_str_int(digits[0], &n[0]) &&
            xd_str_int(digits[1], &n[1]) && n[0] >= 0 && n[0] < 1000000 && n[1] >= 0 &&
            n[1] * small->times < large->times) {
            *ret_n = n[0] * large->times + n[1] * small->times;
            return true;
        }
        (void)xd_err_take(cx); /* only tried */
    }
    return false;
}

static bool read_one(xd_reader *r, const xd_field *field, xd_str text, xd_str header,
                     xd_str unit_cell)
{
    xd_str rest = text, digits;
    int64_t times = 1, n = 0;
    bool even = true, about = cut_words(&rest);
    decimal value;
    const xd_unit *unit = cut_unit(r->cx, field, &rest);
    about = cut_words(&rest) || about;
    rest = unit != NULL ? with_half(r->cx, rest) : rest;
    if (unit == NULL && unit_cell.n > 0) {
        unit = cut_unit(r->cx, field, &unit_cell);
    }
    if (unit == NULL) {
        unit = header_unit(r->cx, field, header, &times);
    }
    digits = word_number(r->cx, field, rest);
    if (digits.n == 0 && !xd_number_read(r->cx, cut_form(field, rest), &digits)) {
        xd_err err = xd_err_take(r->cx);
        if (err.code != XD_INVALID) {
            return xd_fail(r->cx, err.code, XD_FMT, XD_ARG(err.message));
        }
        if (field->decimals == 0 && read_compound(r->cx, field, text, &n)) {
            put_number(r, field, text, n);
        } else {
            refuse(r, field, text);
        }
        return true;
    }
    if (unit != NULL) {
        times *= unit->times;
    }
    if (!decimal_of(digits, &value) ||
        !scale(value, times, unit == NULL ? 1 : unit->over, field->decimals, &n, &even)) {
        refuse(r, field, text);
        return true;
    }
    if (!even) {
        xd_str kept = xd_decimal_write(r->cx->arena, n, field->decimals);
        XD_SAY(r, XD_NOTE, "number.rounded", field, text,
               "“" XD_FMT "”换算、取整后记为 " XD_FMT "。",
               "\"" XD_FMT "\" was converted and rounded to " XD_FMT ".", XD_ARG(text),
               XD_ARG(kept));
    } else if (about) {
        XD_SAY(r, XD_NOTE, "number.about", field, text, "“" XD_FMT "”是约数，只记下了数。",
               "\"" XD_FMT "\" is approximate; the number alone was kept.", XD_ARG(text));
    }
    put_number(r, field, text, n);
    return true;
}

bool xd_read_number(xd_reader *r, const xd_field *field, const xd_cells *cells)
{
    xd_str unit = xd_cell_text(cells, XD_S("unit"));
    for (size_t i = 0; i < cells->n; i++) {
        const xd_given *cell = cells->at[i];
        xd_strs items = {0};
        if (cell->text.n == 0 || !xd_str_eq(cell->column->part, XD_S("n")) ||
            xd_take_json(r, field, cell->text)) {
            continue;
        }
        if (field->many) {
            xd_items_split(r->cx, cell->text, false, false, &items);
        } else {
            *xd_push(r->cx->arena, &items) = cell->text;
        }
        for (size_t k = 0; k < items.n; k++) {
            if (!read_one(r, field, items.at[k], cell->column->header, unit)) {
                return false;
            }
        }
        if (!field->many) {
            return true;
        }
    }
    return true;
}
