/* main/cmd_model.c — `model check` judges data/model; `model apply` makes it the store's. */
#include "main/cli.h"

#include <stdio.h>

static int check(xd_cli *cli)
{
    const xd_model *model;
    const char *folder = cli->n_words > 1 ? cli->words[1] : xd_cli_below(cli, "model");
    if (!xd_cli_model(cli, folder, &model)) {
        return xd_cli_fail(cli);
    }
    (void)fprintf(stderr, cli->cx.lang == XD_EN ? "ok: %zu types\n" : "无误：%zu 种记录\n",
                  xd_model_types(model));
    return XD_EXIT_DONE;
}

/* Shows what changes; true when nothing would vanish unsaid or the person accepts it. */
static bool show_changes(xd_cli *cli, const xd_changes *changes)
{
    bool loses = false;
    for (size_t i = 0; i < changes->n; i++) {
        const xd_change *c = &changes->at[i];
        xd_str words = cli->cx.lang == XD_EN ? c->en : c->zh;
        (void)fprintf(stderr, "%s " XD_FMT "\n", c->loses ? "!" : "·", XD_ARG(words));
        loses = loses || c->loses;
    }
    if (!loses || xd_cli_given(cli, "accept-loss")) {
        return true;
    }
    (void)xd_fail(&cli->cx, XD_CONFLICT, "the new model drops fields without was: or retired:");
    return xd_fail_words(
        &cli->cx,
        XD_S("有字段去掉了却没有写 was: 或 retired:。请补上，或加 --accept-loss 再执行。"),
        XD_S(
            "Fields vanish without was: or retired:. Add them, or repeat with --accept-loss."));
}

typedef struct exposed {
    const xd_cli *cli;
    int64_t record; /* told last */
} exposed;

/* Old revisions keep in the open what the new model calls personal: say how it goes. */
static bool tell_exposed(xd_ctx *cx, void *user, int64_t seq, int64_t record, xd_str field)
{
    (void)cx;
    exposed *e = user;
    if (record != e->record) {
        const char *words = e->cli->cx.lang == XD_EN ? "open in older revisions, now personal"
                                                     : "旧修订里仍公开，现为个人信息";
        (void)fprintf(stderr, "! %s (%" PRId64 "): xiudai erase %" PRId64 " " XD_FMT "\n",
                      words, seq, record, XD_ARG(field)); /* words for people */
    }
    e->record = record;
    return true;
}

static bool apply_to(xd_cli *cli, const xd_model *model, xd_store *store)
{
    xd_ctx *cx = &cli->cx;
    uint8_t hash[32];
    xd_str json;
    const xd_json *tree;
    const xd_model *old;
    xd_faults faults = {0};
    xd_changes changes = {0};
    if (!xd_store_model(cx, store, hash, &json)) {
        return false;
    }
    if (json.n == 0) {
        return xd_store_settle_model(cx, store, model);
    }
    if (memcmp(hash, xd_model_hash(model), sizeof hash) == 0) {
        xd_cli_say(cli, "数据结构没有变化。", "The model is the store's already.");
        return true;
    }
    if (!xd_json_read(cx, json, &tree) || !xd_model_from_json(cx, tree, &faults, &old) ||
        !xd_model_diff(cx, old, model, &changes) || !show_changes(cli, &changes)) {
        return false;
    }
    xd_head *head;
    int64_t seq;
    if (!xd_head_take(cx, store, model, "xiudai model apply", -1, xd_cli_on_wait, cli, &head)) {
        return false;
    }
    if (!xd_append_model(cx, head, model, &seq)) {
        xd_head_release(head);
        return false;
    }
    exposed e = {.cli = cli};
    return xd_head_commit(cx, head) && xd_store_exposed(cx, store, model, tell_exposed, &e);
}

static int apply(xd_cli *cli)
{
    const xd_model *model;
    xd_store *store;
    const char *folder = xd_cli_below(cli, "model");
    if (!xd_cli_model(cli, folder, &model) || !xd_cli_store(cli, XD_STORE_CREATE, &store) ||
        !apply_to(cli, model, store)) {
        return xd_cli_fail(cli);
    }
    xd_cli_say(cli, "已启用。", "Applied.");
    xd_cli_say_position(cli, xd_cli_position(cli, store));
    return XD_EXIT_DONE;
}

int xd_cmd_model(xd_cli *cli)
{
    if (strcmp(cli->words[0], "check") == 0) {
        return check(cli);
    }
    if (strcmp(cli->words[0], "apply") == 0 && cli->n_words == 1) {
        return apply(cli);
    }
    xd_cli_say(cli, "用法：xiudai model check [目录] | apply",
               "xiudai model check [DIR] | apply");
    return XD_EXIT_USE;
}
