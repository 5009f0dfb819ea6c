/* main/cmd_returns.c — one workbook for each of those who report.
 *
 * A link of a type says who reports (the targets of `LINK`); another may say about what
 * (--about): each target of the first gets a table of the type with a line for each target of the
 * second, both links filled in (--filter: only those it holds for, say of one plan; --year: the
 * time too). What comes back is a folder of ordinary tables: xiudai import takes it as it is, and
 * passes over the lines nobody filled in. Samples get none and are not asked about. */
#include "exchange/export.h"
#include "index/refer.h"
#include "main/cli.h"
#include "model/period.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct target {
    int64_t id;
    xd_str title, cell;
} target;
typedef XD_VEC(target) targets;

typedef struct gathering {
    const xd_model *model;
    const xd_snap *snap;
    const xd_field *link;
    xd_refer *refer;
    targets *to;
} gathering;

static void free_index(void *index)
{
    xd_index_free(index);
}

static bool add_target(xd_ctx *cx, void *user, xd_hit hit)
{
    gathering *g = user;
    const xd_json *body;
    int64_t rev;
    if (!xd_snap_body(cx, g->snap, hit.id, &body, &rev)) {
        return false;
    }
    if (body != NULL) {
        xd_str title = xd_body_title(cx, g->model, body);
        xd_str cell = xd_refer_text(g->refer, cx, g->link, hit.id);
        if (xd_str_starts(cell, XD_S("#"))) { /* another is called the same: people read both */
            cell =
                xd_str_printf(cx->arena, XD_FMT "（" XD_FMT "）", XD_ARG(title), XD_ARG(cell));
        } else {
            cell = title;
        }
        *xd_push(cx->arena, g->to) = (target){hit.id, title, cell};
    }
    return true;
}

static int by_id(const void *a, const void *b)
{
    const target *x = a, *y = b;
    return x->id < y->id ? -1 : x->id > y->id;
}

/* Public records of the types a link leads to, oldest first. */
static bool gather(xd_cli *cli, const xd_model *model, xd_index *index, const xd_field *link,
                   xd_str filter, targets *to)
{
    xd_ctx *cx = &cli->cx;
    gathering g = {.model = model, .snap = xd_snap_open(cx, index), .link = link, .to = to};
    g.refer = xd_refer_make(cx, model, g.snap);
    for (size_t i = 0; i < link->n_to; i++) {
        xd_ask ask = {.type = link->to[i], .lang = cx->lang};
        const xd_cql *cql;
        if (filter.n > 0 && (!xd_cql_read_text(cx, filter, &cql) ||
                             !xd_cql_check(cx, model, ask.type, false, cql, &ask.filter))) {
            return false;
        }
        if (!xd_ask_each(cx, g.snap, &ask, add_target, &g)) {
            return false;
        }
    }
    if (to->n > 1) {
        qsort(to->at, to->n, sizeof *to->at, by_id);
    }
    return true;
}

static bool link_called(xd_cli *cli, const xd_type *type, const char *word,
                        const xd_field **ret_link)
{
    const xd_field *link = xd_field_find(type, xd_str_of(word));
    if (link == NULL || link->kind != XD_KIND_LINK) {
        (void)xd_fail(&cli->cx, XD_INVALID, "no link %s", word);
        return xd_fail_words(&cli->cx,
                             xd_str_printf(cli->cx.arena, "“" XD_FMT "”没有链接字段 %s。",
                                           XD_ARG(type->name), word),
                             xd_str_printf(cli->cx.arena, XD_FMT " has no link field %s.",
                                           XD_ARG(type->name), word));
    }
    *ret_link = link;
    return true;
}

/* ---- a workbook ----------------------------------------------------------------------------- */

typedef struct lines {
    const xd_type *type;
    const xd_field *who, *about;
    target whose;
    const targets *each; /* NULL: one line */
    xd_json *when;       /* what stands as their time; NULL: nothing */
    size_t at;
} lines;

static void set_link(xd_ctx *cx, xd_json *body, const xd_field *field, xd_str title)
{
    xd_json *link = xd_json_object(cx->arena), *list = xd_json_array(cx->arena);
    xd_json_set(cx->arena, link, XD_S("text"), xd_json_string(cx->arena, title));
    xd_json_add(cx->arena, list, link);
    xd_json_set(cx->arena, body, field->name, field->many ? list : link);
}

static bool next_line(void *user, xd_ctx *cx, int64_t *ret_id, const xd_json **ret_body)
{
    lines *l = user;
    size_t n = l->each == NULL ? 1 : l->each->n;
    *ret_id = 0;
    *ret_body = NULL;
    if (l->at == n) {
        return true;
    }
    xd_json *body = xd_json_object(cx->arena);
    xd_json_set(cx->arena, body, XD_S("type"), xd_json_string(cx->arena, l->type->name));
    set_link(cx, body, l->who, l->whose.cell);
    if (l->each != NULL) {
        set_link(cx, body, l->about, l->each->at[l->at].cell);
    }
    if (l->when != NULL) {
        xd_json_set(cx->arena, body, l->type->time->name, l->when);
    }
    l->at++;
    *ret_body = body;
    return true;
}

/* Lines name their targets in words, so nothing asks; #id is what a table would have to say. */
static xd_str no_link(void *user, xd_ctx *cx, const xd_field *field, int64_t id)
{
    (void)user;
    (void)field;
    return xd_str_printf(cx->arena, "#%" PRId64, id);
}

/* A title as the name of a file: no path, nothing a system stumbles over. */
static xd_str file_name(xd_ctx *cx, const target *whose)
{
    xd_str name = xd_str_copy(cx->arena, xd_str_sub(whose->title, 0, 120));
    name.n = xd_utf8_valid(name);
    char *p = xd_cstr(cx->arena, name);
    for (char *c = p; *c != 0; c++) {
        bool bad = (unsigned char)*c < 0x20 || strchr("/\\:*?\"<>|", *c) != NULL ||
                   (c == p && *c == '.');
        *c = bad ? '_' : *c;
    }
    return p[0] == 0 ? xd_str_printf(cx->arena, "%" PRId64, whose->id) : xd_str_of(p);
}

static bool write_one(xd_cli *cli, const xd_model *model, lines *l)
{
    xd_ctx *cx = &cli->cx;
    const xd_export_options options = {.type = l->type, .format = XD_XLSX, .lang = cx->lang};
    const char *path =
        xd_cstr(cx->arena, xd_str_printf(cx->arena, "%s/" XD_FMT ".xlsx", cli->words[2],
                                         XD_ARG(file_name(cx, &l->whose))));
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0) {
        return xd_fail_errno(cx, errno, "making %s", path);
    }
    bool ok = xd_export_run(cx, model, &options, next_line, l, no_link, NULL, fd);
    if (close(fd) != 0 && ok) {
        ok = xd_fail_errno(cx, errno, "closing %s", path);
    }
    return ok;
}

/* --year: the time of every line. */
static bool time_of(xd_cli *cli, lines *l)
{
    xd_ctx *cx = &cli->cx;
    xd_str year = xd_cli_str(cli, "year");
    int64_t n = 0;
    if (year.n == 0) {
        return true;
    }
    if (l->type->time == NULL || !xd_str_int(year, &n) || n < 1 || n > 9999) {
        (void)xd_fail(cx, XD_INVALID, "no year");
        return xd_fail_words(
            cx, XD_S("--year 写公元年份，如 2025；这一类要有时间字段。"),
            XD_S("--year takes a year such as 2025, and the type needs a time of its own."));
    }
    xd_arena *arena = cx->arena;
    xd_str text = xd_str_printf(arena, cx->lang == XD_EN ? "%" PRId64 : "%" PRId64 "年", n);
    l->when = xd_json_object(arena);
    xd_json_set(arena, l->when, XD_S("text"), xd_json_string(arena, text));
    xd_json_set(arena, l->when, XD_S("from"),
                xd_json_string(arena, xd_day_text(arena, xd_day_of(n, 1, 1))));
    xd_json_set(arena, l->when, XD_S("to"),
                xd_json_string(arena, xd_day_text(arena, xd_day_of(n, 12, 31))));
    return true;
}

int xd_cmd_returns(xd_cli *cli)
{
    xd_ctx *cx = &cli->cx;
    const xd_model *model;
    xd_store *store;
    xd_index *index;
    int64_t applied;
    targets whose = {0}, each = {0};
    lines l = {0};
    const char *about = xd_cli_value(cli, "about");
    if (!xd_cli_open(cli, XD_STORE_READ, &model, &store) ||
        !xd_cli_type(cli, model, cli->words[0], &l.type) ||
        !link_called(cli, l.type, cli->words[1], &l.who) ||
        (about != NULL && !link_called(cli, l.type, about, &l.about)) || !time_of(cli, &l) ||
        !xd_index_make(cx, model, XD_SEE_PUBLIC, &index)) {
        return xd_cli_fail(cli);
    }
    xd_defer(cx, free_index, index); /* before a snapshot is: it goes after it */
    if (!xd_index_follow(cx, index, store, &applied) ||
        !gather(cli, model, index, l.who, (xd_str){0}, &whose) ||
        (about != NULL &&
         !gather(cli, model, index, l.about, xd_cli_str(cli, "filter"), &each))) {
        return xd_cli_fail(cli);
    }
    if (mkdir(cli->words[2], 0755) != 0 && errno != EEXIST) {
        (void)xd_fail_errno(cx, errno, "making %s", cli->words[2]);
        return xd_cli_fail(cli);
    }
    l.each = about == NULL ? NULL : &each;
    for (size_t i = 0; i < whose.n; i++) {
        l.whose = whose.at[i];
        l.at = 0;
        if (!write_one(cli, model, &l)) {
            return xd_cli_fail(cli);
        }
    }
    (void)fprintf(stderr,
                  cx->lang == XD_EN ? "%zu workbooks written to %s\n"
                                    : "已生成 %zu 份表，在 %s\n",
                  whose.n, cli->words[2]); /* words for people */
    return XD_EXIT_DONE;
}
