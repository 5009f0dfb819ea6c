/* main/cmd_query.c — asks the search files a question, and how it was answered. */
#include "index/index.h"
#include "main/cli.h"

#include <stdio.h>

static bool read_ask(xd_cli *cli, const xd_model *model, xd_ask *ask)
{
    xd_ctx *cx = &cli->cx;
    const xd_cql *read = NULL;
    *ask = (xd_ask){.q = xd_cli_str(cli, "q"), .limit = 20, .lang = cx->lang};
    if (!xd_cli_type(cli, model, cli->words[0], &ask->type)) {
        return false;
    }
    ask->facets = ask->type->facets;
    ask->n_facets = xd_cli_given(cli, "facets") ? ask->type->n_facets : 0;
    return !xd_cli_given(cli, "filter") ||
           (xd_cql_read_text(cx, xd_cli_str(cli, "filter"), &read) &&
            xd_cql_check(cx, model, ask->type, false, read, &ask->filter));
}

static void put_json(xd_buf *out, const xd_answer *answer, const xd_step *steps, size_t n)
{
    xd_buf_printf(out, "{\"matched\":%" PRIu64 ",\"seq\":%" PRId64 ",\"ids\":[",
                  answer->matched, answer->seq);
    for (size_t i = 0; i < answer->n; i++) {
        xd_buf_printf(out, "%s%" PRId64, i == 0 ? "" : ",", answer->hits[i].id);
    }
    xd_buf_add(out, XD_S("],\"plan\":["));
    for (size_t i = 0; i < n; i++) {
        xd_buf_add(out, i == 0 ? XD_S("{\"step\":") : XD_S(",{\"step\":"));
        xd_buf_json(out, steps[i].what, false);
        xd_buf_printf(out,
                      ",\"before\":%" PRIu64 ",\"after\":%" PRIu64 ",\"work\":%" PRIu64 "}",
                      steps[i].before, steps[i].after, steps[i].work);
    }
    xd_buf_add(out, XD_S("]}\n"));
}

static void put_text(xd_buf *out, const xd_answer *answer, const xd_step *steps, size_t n)
{
    for (size_t i = 0; i < answer->n; i++) {
        xd_buf_printf(out, "%" PRId64 "\n", answer->hits[i].id);
    }
    if (n > 0) {
        xd_buf_printf(out, "%12s %12s %12s  %s\n", "before", "after", "work", "step");
    }
    for (size_t i = 0; i < n; i++) {
        xd_buf_printf(out, "%12" PRIu64 " %12" PRIu64 " %12" PRIu64 "  " XD_FMT "\n",
                      steps[i].before, steps[i].after, steps[i].work, XD_ARG(steps[i].what));
    }
    xd_buf_printf(out, "%" PRIu64 "\n", answer->matched);
}

static bool query(xd_cli *cli, const xd_model *model, xd_index *index)
{
    xd_ctx *cx = &cli->cx;
    xd_ctx asking; /* snapshots go before their index */
    xd_ask ask;
    const xd_answer *answer;
    const xd_step *steps;
    size_t n;
    xd_buf out = {0};
    if (!read_ask(cli, model, &ask)) {
        return false;
    }
    xd_ctx_begin(&asking);
    asking.lang = cx->lang;
    asking.stop = cx->stop;
    bool ok = xd_ask_explain(&asking, xd_snap_open(&asking, index), &ask, &answer, &steps, &n);
    if (ok) {
        n = xd_cli_given(cli, "explain") ? n : 0;
        if (cli->json) {
            put_json(&out, answer, steps, n);
        } else {
            put_text(&out, answer, steps, n);
        }
        xd_cli_put(xd_buf_str(&out));
    } else {
        (void)xd_fail(cx, asking.err.code, XD_FMT, XD_ARG(asking.err.message));
        (void)xd_fail_words(cx, asking.err.zh, asking.err.en);
    }
    xd_buf_free(&out);
    xd_ctx_end(&asking);
    return ok;
}

int xd_cmd_query(xd_cli *cli)
{
    xd_ctx *cx = &cli->cx;
    const xd_model *model;
    xd_store *store;
    xd_index *index;
    int64_t applied;
    if (!xd_cli_open(cli, XD_STORE_READ, &model, &store) ||
        !xd_index_open(cx, model, store, xd_cli_index(cli), &index)) {
        return xd_cli_fail(cli);
    }
    bool ok = xd_index_follow(cx, index, store, &applied) && query(cli, model, index);
    xd_index_free(index);
    return ok ? XD_EXIT_DONE : xd_cli_fail(cli);
}
