/* main/cmd_store.c — care of a store: verify, undo, reindex, backup, restore, copy, erase. */
#include "index/index.h"
#include "main/cli.h"

#include <stdio.h>
#include <unistd.h>

#define PURGE_WAIT_MS 30000 /* a server rewrites a large file in less */

static void hex32(char out[65], const uint8_t bytes[32])
{
    for (int i = 0; i < 32; i++) {
        (void)snprintf(out + i * 2, 3, "%02x", bytes[i]); /* two digits always fit */
    }
}

static void verify_progress(void *user, int64_t done, int64_t of)
{
    const xd_cli *cli = user;
    if (isatty(STDERR_FILENO) != 0) {
        (void)fprintf(stderr,
                      cli->cx.lang == XD_EN ? "\rchecked %" PRId64 " of %" PRId64
                                            : "\r已核 %" PRId64 " / %" PRId64,
                      done, of);
    }
}

static void verify_json(int64_t seq, const char *head, const xd_store_faults *faults)
{
    xd_buf out = {0};
    xd_buf_printf(&out, "{\"ok\":%s,\"head\":\"%s\",\"seq\":%" PRId64 ",\"faults\":[",
                  faults->n == 0 ? "true" : "false", head, seq);
    for (size_t i = 0; i < faults->n; i++) {
        xd_buf_printf(&out, "%s{\"seq\":%" PRId64 ",\"record\":%" PRId64 ",\"what\":",
                      i == 0 ? "" : ",", faults->at[i].seq, faults->at[i].record);
        xd_buf_json(&out, faults->at[i].what, false);
        xd_buf_byte(&out, '}');
    }
    xd_buf_add(&out, XD_S("]}\n"));
    xd_cli_put(xd_buf_str(&out));
    xd_buf_free(&out);
}

int xd_cmd_verify(xd_cli *cli)
{
    xd_store *store;
    xd_store_faults faults = {0};
    int64_t seq = 0;
    uint8_t hash[32] = {0};
    if (!xd_cli_store(cli, XD_STORE_READ, &store) ||
        !xd_store_verify(&cli->cx, store, &faults, verify_progress, cli)) {
        return xd_cli_fail(cli);
    }
    if (!xd_log_head(&cli->cx, store, &seq, hash)) {
        if (faults.n == 0) {
            return xd_cli_fail(cli);
        }
        (void)xd_err_take(&cli->cx); /* the faults say what is wrong */
    }
    char head[65];
    hex32(head, hash);
    if (cli->json) {
        verify_json(seq, head, &faults);
    } else if (faults.n == 0) {
        (void)fprintf(stderr,
                      cli->cx.lang == XD_EN ? "\rok: %" PRId64 " revisions, head %s\n"
                                            : "\r完好：共 %" PRId64 " 条修订，链头 %s\n",
                      seq, head);
    }
    for (size_t i = 0; i < faults.n && !cli->json; i++) {
        (void)fprintf(stderr,
                      cli->cx.lang == XD_EN
                          ? "\rrevision %" PRId64 ", record %" PRId64 ": " XD_FMT "\n"
                          : "\r修订 %" PRId64 "，记录 %" PRId64 "：" XD_FMT "\n",
                      faults.at[i].seq, faults.at[i].record, XD_ARG(faults.at[i].what));
    }
    return faults.n == 0 ? XD_EXIT_DONE : XD_EXIT_REFUSED;
}

static void undo_json(int64_t set, int64_t records, const xd_conflicts *conflicts,
                      xd_str position, xd_lang lang)
{
    xd_buf out = {0};
    xd_buf_printf(&out, "{\"changeset\":%" PRId64 ",\"records\":%" PRId64 ",", set, records);
    if (position.n > 0) {
        xd_buf_printf(&out, "\"position\":\"" XD_FMT "\",", XD_ARG(position));
    }
    xd_buf_add(&out, XD_S("\"conflicts\":["));
    for (size_t i = 0; i < conflicts->n; i++) {
        const xd_conflict *c = &conflicts->at[i];
        xd_buf_printf(&out, "%s{\"record\":%" PRId64 ",\"field\":", i == 0 ? "" : ",",
                      c->record);
        xd_buf_json(&out, c->field, false);
        xd_buf_add(&out, XD_S(",\"reason\":"));
        xd_buf_json(&out, c->in[lang], false);
        xd_buf_byte(&out, '}');
    }
    xd_buf_add(&out, XD_S("]}\n"));
    xd_cli_put(xd_buf_str(&out));
    xd_buf_free(&out);
}

int xd_cmd_undo(xd_cli *cli)
{
    const xd_model *model;
    xd_store *store;
    xd_conflicts conflicts = {0};
    int64_t set, undone = 0, records = 0;
    if (!xd_str_int(xd_str_of(cli->words[0]), &set) || set <= 0) {
        xd_cli_say(cli, "批次号应是导入报告里的数字。",
                   "A change set is the number the import report gave.");
        return XD_EXIT_USE;
    }
    if (!xd_cli_open(cli, XD_STORE_WRITE, &model, &store)) {
        return xd_cli_fail(cli);
    }
    bool done = xd_set_undo(&cli->cx, store, model, set, xd_cli_given(cli, "skip-conflicts"),
                            &conflicts, &undone, &records);
    xd_str position = done ? xd_cli_position(cli, store) : (xd_str){0};
    if (cli->json) {
        undo_json(undone, records, &conflicts, position, cli->cx.lang);
    }
    for (size_t i = 0; i < conflicts.n && !cli->json; i++) {
        const xd_conflict *c = &conflicts.at[i];
        (void)fprintf(stderr, "%" PRId64 " " XD_FMT ": " XD_FMT "\n", c->record,
                      XD_ARG(c->field), XD_ARG(c->in[cli->cx.lang])); /* words for people */
    }
    if (!done) {
        return xd_cli_fail(cli);
    }
    (void)fprintf(stderr,
                  cli->cx.lang == XD_EN ? "Undone: %" PRId64 " records; change set %" PRId64
                                          "\n"
                                        : "已撤销 %" PRId64 " 条，批次 %" PRId64 "\n",
                  records, undone);
    if (!cli->json) {
        xd_cli_say_position(cli, position);
    }
    return XD_EXIT_DONE;
}

/* Where a server keeps the files, it makes them anew by itself. */
static bool build_index(xd_cli *cli, const xd_model *model, xd_store *store)
{
    xd_ctx *cx = &cli->cx;
    xd_index *index;
    int64_t applied;
    if (!xd_index_forget(cx, xd_cli_index(cli)) ||
        !xd_index_open(cx, model, store, xd_cli_index(cli), &index)) {
        return false;
    }
    bool ok = xd_index_follow(cx, index, store, &applied) && xd_index_merge(cx, index) &&
              xd_index_flush(cx, index, store);
    xd_index_free(index);
    return ok;
}

int xd_cmd_reindex(xd_cli *cli)
{
    const xd_model *model;
    xd_store *store;
    if (!xd_cli_open(cli, XD_STORE_WRITE, &model, &store) ||
        !xd_store_rebuild(&cli->cx, store) || !build_index(cli, model, store)) {
        return xd_cli_fail(cli);
    }
    xd_cli_say(cli, "已从日志重建。", "Rebuilt from the log.");
    return XD_EXIT_DONE;
}

int xd_cmd_backup(xd_cli *cli)
{
    xd_store *store;
    if (!xd_store_open_any(&cli->cx, xd_cli_place(cli), &store) ||
        !xd_store_backup(&cli->cx, store, cli->words[0])) {
        return xd_cli_fail(cli);
    }
    xd_cli_say(cli, "备份完成。", "Backed up.");
    return XD_EXIT_DONE;
}

int xd_cmd_restore(xd_cli *cli)
{
    if (!xd_store_restore(&cli->cx, cli->words[0], xd_cli_place(cli)) ||
        !xd_index_forget(&cli->cx, xd_cli_index(cli))) {
        return xd_cli_fail(cli);
    }
    xd_cli_say(cli, "已恢复。", "Restored.");
    return XD_EXIT_DONE;
}

int xd_cmd_copy(xd_cli *cli)
{
    xd_store *from;
    if (!xd_store_open(&cli->cx, cli->words[0], XD_STORE_READ, &from) ||
        !xd_store_copy(&cli->cx, from, cli->words[1])) {
        return xd_cli_fail(cli);
    }
    xd_cli_say(cli, "已复制。", "Copied.");
    return XD_EXIT_DONE;
}

int xd_cmd_erase(xd_cli *cli)
{
    const xd_model *model;
    xd_store *store;
    int64_t record, seq;
    if (!xd_str_int(xd_str_of(cli->words[0]), &record) || record <= 0) {
        xd_cli_say(cli, "记录应以数字 id 指明。", "Name the record by its id, a number.");
        return XD_EXIT_USE;
    }
    if (!xd_cli_open(cli, XD_STORE_WRITE, &model, &store) ||
        !xd_store_erase(&cli->cx, store, model, record, xd_str_of(cli->words[1]), &seq) ||
        !xd_index_purge(&cli->cx, model, store, xd_cli_index(cli), PURGE_WAIT_MS)) {
        return xd_cli_fail(cli);
    }
    (void)fprintf(stderr,
                  cli->cx.lang == XD_EN ? "Erased; revision %" PRId64 "\n"
                                        : "已彻底删去，修订 %" PRId64 "\n",
                  seq);
    xd_cli_say_position(cli, xd_cli_position(cli, store));
    return XD_EXIT_DONE;
}
