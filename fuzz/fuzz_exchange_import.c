/* Rows of whatever shape through the whole import, as a dry run: the first byte picks the type,
 * then cells are parted by TAB, rows by LF, sheets by FF; a cell that begins with \1 is merged
 * with its neighbour, a row that begins with \2 is a line beside the table. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "exchange/run.h"
#include "model/fold.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct world {
    xd_ctx cx;
    const xd_model *model;
    xd_store *store;
} world;

static char folder[] = "/tmp/xd-fuzz-XXXXXX";

static void clean(void)
{
    xd_ctx cx;
    xd_strs names = {0};
    xd_ctx_begin(&cx);
    if (xd_dir_list(&cx, folder, &names)) {
        for (size_t i = 0; i < names.n; i++) {
            xd_str path = xd_str_printf(cx.arena, "%s/" XD_FMT, folder, XD_ARG(names.at[i]));
            (void)unlink(path.p);
        }
    }
    (void)rmdir(folder);
    xd_ctx_end(&cx);
}

/* One model and one empty store for all runs: making them takes longer than a run. */
static world *shared(void)
{
    static world w;
    if (w.model == NULL) {
        xd_faults faults = {0};
        xd_ctx_begin(&w.cx);
        bool ok = mkdtemp(folder) != NULL &&
                  xd_model_load(&w.cx, XD_SOURCE "/data/model", &faults, &w.model);
        xd_str path = xd_str_printf(w.cx.arena, "%s/s.db", folder);
        ok = ok && xd_store_open(&w.cx, path.p, XD_STORE_CREATE, &w.store) &&
             xd_store_settle_model(&w.cx, w.store, w.model);
        if (!ok || atexit(clean) != 0) {
            abort();
        }
    }
    return &w;
}

static bool add_row(xd_ctx *cx, xd_run *run, xd_str line, size_t sheet, int64_t number)
{
    xd_cell cells[64] = {0};
    size_t n = 0;
    bool beside = xd_str_starts(line, XD_S("\2"));
    xd_str rest = xd_str_sub(line, beside, line.n), cell;
    while (n < XD_LEN(cells) && xd_str_cut(&rest, '\t', &cell)) {
        cells[n].merged = xd_str_starts(cell, XD_S("\1"));
        cells[n].text = xd_nfc(cx->arena, xd_str_sub(cell, cells[n].merged, cell.n));
        cells[n].kind = cells[n].text.n > 0 ? XD_CELL_TEXT : XD_CELL_EMPTY;
        n++;
    }
    xd_source_row row = {.sheet = XD_S("表"),
                         .sheet_no = sheet,
                         .number = beside ? 0 : number,
                         .cells = cells,
                         .n = n};
    return xd_rows_add(cx, &run->rows, &row);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    world *w = shared();
    if (size < 2 || size > 20000) {
        return 0;
    }
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_import_options options = {
        .type = xd_model_type(w->model, data[0] % xd_model_types(w->model)),
        .dry_run = true,
        .clear = (data[0] & 0x80) != 0,
    };
    xd_run *run = xd_run_begin(&cx, w->store, w->model, &options);
    xd_str rest = {(const char *)data + 1, size - 1}, line;
    size_t sheet = 0;
    int64_t number = 1;
    bool ok = xd_rows_begin(&cx, &run->rows);
    while (ok && number < 400 && xd_str_cut(&rest, '\n', &line)) {
        sheet += xd_str_starts(line, XD_S("\f")) && sheet < 20;
        ok = xd_utf8_valid(line) != line.n || add_row(&cx, run, line, sheet, number++);
    }
    if (ok && run->rows.at.n > 0 && !xd_run_work(run) && cx.err.zh.n == 0) {
        abort(); /* a refusal needs its sentence */
    }
    xd_ctx_end(&run->scratch);
    xd_ctx_end(&cx);
    return 0;
}
