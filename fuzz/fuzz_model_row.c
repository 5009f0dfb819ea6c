/* Rows: lines of header=cell, for a type the first byte picks. Whatever is read without refusal
 * and judged good must come back the same from the cells we write of it, in either language. */
#include <stdio.h>
#include <stdlib.h>

#include "model/fold.h"
#include "model/read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CELLS 40

static const xd_model *shipped(void)
{
    static xd_ctx cx; /* one model for all runs: loading takes longer than reading */
    static const xd_model *model;
    if (model == NULL) {
        xd_faults faults = {0};
        xd_ctx_begin(&cx);
        bool loaded = xd_model_load(&cx, XD_SOURCE "/data/model", &faults, &model);
        assert(loaded);
    }
    return model;
}

static void check_again(xd_ctx *cx, const xd_type *type, const xd_json *body, xd_lang lang)
{
    const xd_column *columns;
    size_t n;
    bool ok = xd_columns(cx, shipped(), type, lang, &columns, &n);
    assert(ok);
    xd_given *given = xd_new_n(cx->arena, xd_given, n);
    for (size_t i = 0; i < n; i++) {
        given[i] = (xd_given){
            .column = &columns[i],
            .text = xd_cell_write(cx, shipped(), &columns[i], body, lang, NULL, NULL)};
    }
    xd_read_options options = {.today = XD_S("2026-11-24")};
    xd_problems problems = {0};
    xd_json *back;
    ok = xd_row_read(cx, shipped(), type, given, n, &options, &back, &problems);
    assert(ok);
    if (!xd_json_equal(body, back)) {
        xd_buf text = {0};
        xd_json_canonical(&text, body);
        xd_buf_byte(&text, '\n');
        xd_json_canonical(&text, back);
        fprintf(stderr, XD_FMT "\n", XD_ARG(xd_buf_str(&text)));
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > 16384) {
        return 0;
    }
    xd_ctx cx;
    xd_ctx_begin(&cx);
    const xd_model *model = shipped();
    const xd_type *type = xd_model_type(model, data[0] % xd_model_types(model));
    xd_str rest = {(const char *)data + 1, size - 1}, line;
    xd_given given[CELLS];
    xd_column columns[CELLS];
    size_t n = 0;
    while (n < CELLS && xd_str_cut(&rest, '\n', &line)) {
        size_t equals = xd_str_find(line, XD_S("="), 0);
        xd_str cell = xd_str_trim(xd_nfc(cx.arena, xd_str_sub(line, equals + 1, line.n)));
        bool ok = equals != SIZE_MAX && xd_utf8_valid(line) == line.n;
        if (ok && xd_column_find(model, type, xd_str_sub(line, 0, equals), &columns[n])) {
            given[n] = (xd_given){.column = &columns[n], .text = cell};
            n++;
        }
    }
    xd_read_options options = {.today = XD_S("2026-11-24"), .clear = (data[0] & 64) != 0};
    xd_problems problems = {0};
    xd_json *body;
    bool read = xd_row_read(&cx, model, type, given, n, &options, &body, &problems);
    assert(read);
    if (!options.clear && !xd_problems_refuse(&problems)) {
        if (xd_json_get(body, XD_S("state")) == NULL) {
            xd_json_set(cx.arena, body, XD_S("state"),
                        xd_json_string(cx.arena, type->flow->states[0].name));
        }
        bool judged = xd_body_check(&cx, model, body, &problems);
        assert(judged);
        if (!xd_problems_refuse(&problems)) {
            check_again(&cx, type, body, XD_ZH);
            check_again(&cx, type, body, XD_EN);
        }
    }
    xd_ctx_end(&cx);
    return 0;
}
