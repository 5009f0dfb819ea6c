/* The shipped lists, read row by row as they are, and written out and read again. */
#include "cases.h"
#include "csv.h"
#include "model/read.h"

typedef struct sheet {
    const xd_type *type;
    xd_column *columns;
    bool *known;
    size_t n;
    xd_str rest;
} sheet;

static const xd_model *load(xd_ctx *cx)
{
    xd_faults faults = {0};
    const xd_model *model = NULL;
    XD_OK_CALL(cx, xd_model_load(cx, XD_SOURCE "/data/model", &faults, &model));
    return model;
}

static sheet open_sheet(xd_ctx *cx, const xd_model *model, const char *type, const char *file)
{
    sheet s = {.type = xd_type_find(model, xd_str_of(type))};
    xd_strs header;
    xd_str path = xd_str_printf(cx->arena, XD_SOURCE "/data/seed/%s", file);
    XD_OK_CALL(cx, xd_file_read(cx, xd_cstr(cx->arena, path), 1 << 24, &s.rest));
    ck_assert(csv_next(cx, &s.rest, &header));
    s.n = header.n;
    s.columns = xd_new_n(cx->arena, xd_column, s.n);
    s.known = xd_new_n(cx->arena, bool, s.n);
    for (size_t i = 0; i < s.n; i++) {
        s.known[i] = xd_column_find(model, s.type, header.at[i], &s.columns[i]);
        ck_assert_msg(s.known[i], "%s: unknown header " XD_FMT, file, XD_ARG(header.at[i]));
    }
    return s;
}

static bool next_body(xd_ctx *cx, const xd_model *model, sheet *s, xd_json **ret_body,
                      xd_problems *problems)
{
    xd_strs cells;
    if (!csv_next(cx, &s->rest, &cells)) {
        return false;
    }
    xd_given *given = xd_new_n(cx->arena, xd_given, s->n);
    size_t n = 0;
    for (size_t i = 0; i < s->n && i < cells.n; i++) {
        given[n++] = (xd_given){.column = &s->columns[i], .text = xd_str_trim(cells.at[i])};
    }
    xd_read_options options = {.today = XD_S("2026-11-24")};
    XD_OK_CALL(cx, xd_row_read(cx, model, s->type, given, n, &options, ret_body, problems));
    return true;
}

static void print_problems(const xd_problems *problems, int64_t row)
{
    for (size_t i = 0; i < problems->n; i++) {
        const xd_problem *p = &problems->at[i];
        if (p->weight != XD_NOTE) {
            printf("row %" PRId64 " %s %s " XD_FMT ": " XD_FMT "\n", row,
                   p->weight == XD_REFUSAL ? "REFUSED" : "warning", p->code, XD_ARG(p->field),
                   XD_ARG(p->in[XD_ZH]));
        }
    }
}

static void same_again(xd_ctx *cx, const xd_model *model, const xd_type *type, xd_json *body,
                       xd_lang lang)
{
    const xd_column *columns;
    size_t n;
    XD_OK_CALL(cx, xd_columns(cx, model, type, lang, &columns, &n));
    xd_given *given = xd_new_n(cx->arena, xd_given, n);
    xd_column *found = xd_new_n(cx->arena, xd_column, n);
    for (size_t i = 0; i < n; i++) {
        ck_assert_msg(xd_column_find(model, type, columns[i].header, &found[i]) &&
                          found[i].field == columns[i].field &&
                          xd_str_eq(found[i].part, columns[i].part),
                      "the header " XD_FMT " does not lead back", XD_ARG(columns[i].header));
        given[i] =
            (xd_given){.column = &found[i],
                       .text = xd_cell_write(cx, model, &columns[i], body, lang, NULL, NULL)};
    }
    xd_read_options options = {.today = XD_S("2026-11-24")};
    xd_problems problems = {0};
    xd_json *back;
    XD_OK_CALL(cx, xd_row_read(cx, model, type, given, n, &options, &back, &problems));
    print_problems(&problems, 0);
    xd_buf a = {0}, b = {0};
    xd_json_canonical(&a, body);
    xd_json_canonical(&b, back);
    ck_assert_msg(xd_str_eq(xd_buf_str(&a), xd_buf_str(&b)), "\n" XD_FMT "\n" XD_FMT,
                  XD_ARG(xd_buf_str(&a)), XD_ARG(xd_buf_str(&b)));
    xd_buf_free(&a);
    xd_buf_free(&b);
}

static void read_file(const char *type, const char *file, int64_t wanted, int64_t refused)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    const xd_model *model = load(&cx);
    sheet s = open_sheet(&cx, model, type, file);
    xd_problems problems = {0};
    xd_json *body;
    int64_t n = 0, bad = 0;
    while (next_body(&cx, model, &s, &body, &problems)) {
        n++;
        bad += xd_problems_refuse(&problems) ? 1 : 0;
        print_problems(&problems, n);
        problems = (xd_problems){0};
        xd_json_set(cx.arena, body, XD_S("state"),
                    xd_json_string(cx.arena, s.type->flow->states[0].name));
        XD_OK_CALL(&cx, xd_body_check(&cx, model, body, &problems));
        print_problems(&problems, n);
        ck_assert(!xd_problems_refuse(&problems));
        same_again(&cx, model, s.type, body, XD_ZH);
        same_again(&cx, model, s.type, body, XD_EN);
        problems = (xd_problems){0};
    }
    ck_assert_int_eq(n, wanted);
    ck_assert_int_eq(bad, refused);
    xd_ctx_end(&cx);
}

START_TEST(shipped)
{
    static const struct {
        const char *type, *file;
        int64_t rows, refused;
    } files[] = {
        {"heritage",  "anhui-heritage.csv",          80,  0},
        {"museum",    "anhui-museums.csv",           30,  0},
        {"craft",     "anhui-crafts.csv",            27,  0},
        {"tour_site", "anhui-tour-sites.csv",        25,  0},
        {"heritage",  "china-national-heritage.csv", 266, 0},
    };
    read_file(files[_i].type, files[_i].file, files[_i].rows, files[_i].refused);
}
END_TEST

static xd_str codes_of(xd_ctx *cx, const xd_problems *problems)
{
    xd_buf out = {0};
    for (size_t i = 0; i < problems->n; i++) {
        xd_buf_add(&out, i == 0 ? (xd_str){"", 0} : XD_S(","));
        xd_buf_add(&out, xd_str_of(problems->at[i].code));
        ck_assert_uint_gt(problems->at[i].in[XD_ZH].n, 0);
        ck_assert_uint_gt(problems->at[i].in[XD_EN].n, 0);
    }
    xd_str text = xd_buf_copy(&out, cx->arena);
    xd_buf_free(&out);
    return text;
}

/* "header=cell‖header=cell" */
static size_t parse_cells(xd_ctx *cx, const xd_model *model, const xd_type *type, xd_str text,
                          xd_given *given, xd_column *columns, int line)
{
    size_t n = 0;
    while (text.n > 0) {
        size_t end = xd_str_find(text, XD_S("‖"), 0);
        xd_str pair = xd_str_sub(text, 0, end == SIZE_MAX ? text.n : end);
        size_t equals = xd_str_find(pair, XD_S("="), 0);
        ck_assert_msg(n < 16 && equals != SIZE_MAX, "line %d: header=cell", line);
        xd_str header = xd_str_sub(pair, 0, equals);
        ck_assert_msg(xd_column_find(model, type, header, &columns[n]),
                      "line %d: unknown header " XD_FMT, line, XD_ARG(header));
        given[n] =
            (xd_given){.column = &columns[n], .text = xd_str_sub(pair, equals + 1, pair.n)};
        n++;
        text = end == SIZE_MAX ? (xd_str){0} : xd_str_sub(text, end + strlen("‖"), text.n);
    }
    (void)cx; /* nothing is made */
    return n;
}

START_TEST(rows_as_written)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    const xd_model *model = load(&cx);
    rows cases = rows_open(&cx, XD_SOURCE "/tests/cases/read/rows.tsv");
    xd_str c[4];
    int wrong = 0, n = 0;
    while (rows_next(&cases, c, 4)) {
        const xd_type *type = xd_type_find(model, c[0]);
        xd_given given[16];
        xd_column columns[16];
        xd_problems problems = {0};
        xd_json *body = NULL;
        xd_read_options options = {.today = XD_S("2026-11-24")};
        ck_assert_ptr_nonnull(type);
        size_t cells = parse_cells(&cx, model, type, c[1], given, columns, cases.line);
        XD_OK_CALL(&cx,
                   xd_row_read(&cx, model, type, given, cells, &options, &body, &problems));
        xd_json_drop(body, XD_S("type"));
        xd_buf text = {0};
        xd_json_canonical(&text, body);
        xd_str codes = codes_of(&cx, &problems);
        if (!xd_str_eq(xd_buf_str(&text), c[2]) || !xd_str_eq(codes, c[3])) {
            printf("rows.tsv:%d: " XD_FMT "\n  got    " XD_FMT " [" XD_FMT "]\n  wanted " XD_FMT
                   " [" XD_FMT "]\n",
                   cases.line, XD_ARG(c[1]), XD_ARG(xd_buf_str(&text)), XD_ARG(codes),
                   XD_ARG(c[2]), XD_ARG(c[3]));
            wrong++;
        }
        xd_buf_free(&text);
        n++;
    }
    ck_assert_int_gt(n, 50);
    ck_assert_int_eq(wrong, 0);
    xd_ctx_end(&cx);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, rows_as_written);
    tcase_add_loop_test(tests, shipped, 0, 5);
}

XD_TESTS("model/read", add)
