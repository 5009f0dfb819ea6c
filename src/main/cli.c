#include "main/cli.h"

#include "index/position.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const xd_option xd_options[] = {
  /* name, argument, default, what it does */
    {"store",          "URL",       NULL,
     "数据文件，或 postgresql://…；缺省 var/xiudai.db，也可用环境变量 XIUDAI_STORE",
     "store file, or postgresql://…; default var/xiudai.db, or XIUDAI_STORE"                                                                                     },
    {"index",          "DIR",       NULL,
     "检索文件的目录；缺省在数据文件旁（….index），数据库用 var/index，也可用 XIUDAI_INDEX",
     "folder of the search files; default beside the store file (….index), var/index for a "
     "database, or XIUDAI_INDEX"                                                                                                                                   },
    {"index-from",     "ADDR:PORT", NULL,             "没有检索文件时，从另一台服务器的指标地址取",
     "without search files, take them from another server's metrics address"                                                                                       },
    {"files",          "PLACE",     NULL,
     "检索文件快照的存放处，供新服务器取用：文件夹，或 "
     "s3://桶/前缀?endpoint=…&region=…；也可用 "
     "XIUDAI_FILES",                                                                                                          "where snapshots of the search files lie for new servers: a folder, or "
     "s3://BUCKET/PREFIX?endpoint=…&region=…; or XIUDAI_FILES"                                                                             },
    {"snapshot-every", "HOURS",     "24",             "每隔几小时存一次快照，由其中一台服务器做",
     "hours from one snapshot to the next, which one of the servers makes"                                                                                         },
    {"listen",         "ADDR:PORT", "127.0.0.1:8080", "服务地址",                                                         "where to serve"                     },
    {"metrics-listen", "ADDR:PORT", NULL,             "指标的服务地址，缺省不开",
     "where to serve metrics; default: nowhere"                                                                                                                    },
    {"base-url",       "URL",       NULL,             "对外网址，用于页面和接口里的完整链接",
     "public address, for absolute links"                                                                                                                          },
    {"settings",       "FILE",      NULL,             "站点设置（YAML），盖过 data/model/site.yaml 里的缺省值",
     "site settings (YAML) over the defaults in data/model/site.yaml"                                                                                              },
    {"data",           "DIR",       NULL,             "程序数据目录（model、map、about）",
     "folder of model, map and about"                                                                                                                              },
    {"crs",            "NAME",      NULL,             "坐标系：auto wgs84 cgcs2000 gcj02 bd09 epsg:N",
     "coordinate system: auto wgs84 cgcs2000 gcj02 bd09 epsg:N"                                                                                                    },
    {"source",         "TEXT",      NULL,             "整份表的资料来源",                                             "source of the whole table"          },
    {"confidence",     "LEVEL",     NULL,             "整份表的可信度：高 中 低；没有这一列时按中",
     "confidence of the whole table: high medium low; medium where no column says"                                                                                 },
    {"state",          "STATE",     NULL,             "导入后的状态，缺省为流程的第一个",
     "state of what is imported; default the flow's first"                                                                                                         },
    {"encoding",       "NAME",      NULL,             "文件编码：UTF-8 GB18030 UTF-16 Big5 …",                         "encoding of the file"               },
    {"about",          "LINK",      NULL,             "returns：每份表按这个字段指向的每条记录各一行",
     "returns: a line for each record this link leads to"                                                                                                          },
    {"year",           "YEAR",      NULL,             "report：只出这一年的；returns：填报期",
     "report: of this year only; returns: the time of each line"                                                                                                   },
    {"dry-run",        NULL,        NULL,             "只检查，不写入",                                                "check only, write nothing"          },
    {"accept-good",    NULL,        NULL,             "有问题的行不收，其余照收",
     "take the good rows though others are refused"                                                                                                                },
    {"clear",          NULL,        NULL,             "空单元格表示清空原值",                                       "an empty cell empties the value"    },
    {"annotate",       "FILE",      NULL,             "另存一份带原因列的表",
     "also write a copy of the table with a column of reasons"                                                                                                     },
    {"filter",         "CQL2",      NULL,             "只导出符合条件的；returns：只问符合条件的",
     "export only what this holds for; returns: ask about these only"                                                                                              },
    {"q",              "TEXT",      NULL,             "只导出含这些词的",                                             "export only what has these words"   },
    {"bom",            NULL,        NULL,             "CSV 带 BOM（Excel 直接打开不乱码）",
     "CSV with a byte order mark, for Excel"                                                                                                                       },
    {"gb18030",        NULL,        NULL,             "CSV、Shapefile 用 GB18030",                                          "CSV and Shapefile in GB18030"       },
    {"skip-conflicts", NULL,        NULL,             "撤销时跳过有冲突的",                                          "undo what can be undone"            },
    {"accept-loss",    NULL,        NULL,             "接受结构变化中不再显示的字段",
     "accept fields that vanish from the model"                                                                                                                    },
    {"threads",        "N",         NULL,             "服务线程数，缺省每核一个",                                 "serving threads; default one a core"},
    {"query-work",     "N",         "200000000",      "一次查询最多比对多少条（超过即答 503；0 不限）",
     "units of work a question may cost, about one a record looked at; past it the answer is "
     "503; "
     "0: any"                                                                                                                                                      },
    {"query-ms",       "N",         "5000",           "一次查询最多多少毫秒（超过即答 503；0 不限）",
     "milliseconds a question may take; past it the answer is 503; 0: any"                                                                                         },
    {"position-ms",    "N",         "2000",
     "带写入标记（Xiudai-Position）的请求最多等多少毫秒，等这台服务器读到那次写入；0 不等",
     "milliseconds a request with the mark of a write (Xiudai-Position) waits for this server "
     "to have read it; 0: none"                                                                                                                                    },
    {"explain",        NULL,        NULL,             "query：说明每一步剩多少条、做了多少工作",
     "query: what each step left, and its work"                                                                                                                    },
    {"facets",         NULL,        NULL,             "query：连同各项统计",                                           "query: with counts by every facet"  },
    {"json",           NULL,        NULL,             "在标准输出给一份 JSON 报告",                                 "one JSON report on standard output" },
    {"lang",           "zh|en",     NULL,             "提示语言",                                                         "language of messages"               },
    {"help",           NULL,        NULL,             "用法",                                                               "how to use"                         },
};
const size_t xd_n_options = XD_LEN(xd_options);

static size_t option_at(const char *name)
{
    for (size_t i = 0; i < xd_n_options; i++) {
        if (strcmp(xd_options[i].name, name) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

const char *xd_cli_value(const xd_cli *cli, const char *name)
{
    size_t at = option_at(name);
    assert(at != SIZE_MAX);
    return cli->values[at] != NULL ? cli->values[at] : xd_options[at].fallback;
}

bool xd_cli_given(const xd_cli *cli, const char *name)
{
    size_t at = option_at(name);
    assert(at != SIZE_MAX);
    return cli->values[at] != NULL;
}

xd_str xd_cli_str(const xd_cli *cli, const char *name)
{
    return xd_str_of(xd_cli_value(cli, name));
}

int xd_cli_fail(xd_cli *cli)
{
    xd_str sentence = xd_err_sentence(&cli->cx);
    (void)fprintf(stderr, XD_FMT "\n", XD_ARG(sentence)); /* nobody else to tell */
    if (cli->cx.err.message.n > 0 && !xd_str_eq(cli->cx.err.message, sentence)) {
        (void)fprintf(stderr, "  (" XD_FMT ")\n", XD_ARG(cli->cx.err.message)); /* likewise */
    }
    return XD_EXIT_REFUSED;
}

void xd_cli_say(const xd_cli *cli, const char *zh, const char *en)
{
    (void)fprintf(stderr, "%s\n", cli->cx.lang == XD_EN ? en : zh); /* words for people */
}

void xd_cli_put(xd_str text)
{
    if (fwrite(text.p, 1, text.n, stdout) != text.n || fflush(stdout) != 0) {
        perror("xiudai: standard output");
        exit(XD_EXIT_REFUSED);
    }
}

void xd_cli_on_wait(void *user, xd_str holder)
{
    const xd_cli *cli = user;
    if (cli->cx.lang == XD_EN) {
        (void)fprintf(stderr, "Waiting: the store is held by " XD_FMT "\n", XD_ARG(holder));
    } else {
        (void)fprintf(stderr, "等待中：数据正由 " XD_FMT " 写入\n", XD_ARG(holder));
    }
}

static void print_fault(const xd_cli *cli, const xd_fault *fault)
{
    xd_str reason = cli->cx.lang == XD_ZH && fault->zh.n > 0 ? fault->zh : fault->reason;
    (void)fprintf(stderr, XD_FMT ":%d:%d: " XD_FMT "%s" XD_FMT "\n", XD_ARG(fault->file),
                  fault->line, fault->column, XD_ARG(reason), fault->key.n > 0 ? ": " : "",
                  XD_ARG(fault->key)); /* words for people */
}

bool xd_cli_model(xd_cli *cli, const char *folder, const xd_model **ret_model)
{
    xd_faults faults = {0};
    if (xd_model_load(&cli->cx, folder, &faults, ret_model)) {
        return true;
    }
    for (size_t i = 0; i < faults.n; i++) {
        print_fault(cli, &faults.at[i]);
    }
    return xd_fail_note(&cli->cx, "reading the model in %s", folder);
}

const char *xd_cli_place(const xd_cli *cli)
{
    const char *place = xd_cli_value(cli, "store");
    if (place == NULL) {
        place = getenv("XIUDAI_STORE");
    }
    return place == NULL || place[0] == '\0' ? "var/xiudai.db" : place;
}

const char *xd_cli_index(xd_cli *cli)
{
    const char *dir = xd_cli_value(cli, "index"), *place = xd_cli_place(cli);
    if (dir == NULL) {
        dir = getenv("XIUDAI_INDEX");
    }
    if (dir != NULL && dir[0] != '\0') {
        return dir;
    }
    return strstr(place, "://") != NULL
               ? "var/index"
               : xd_cstr(cli->cx.arena, xd_str_printf(cli->cx.arena, "%s.index", place));
}

const char *xd_cli_files(xd_cli *cli)
{
    const char *place = xd_cli_value(cli, "files");
    if (place == NULL) {
        place = getenv("XIUDAI_FILES");
    }
    return place == NULL || place[0] == '\0' ? NULL : place;
}

bool xd_cli_store(xd_cli *cli, xd_store_mode mode, xd_store **ret_store)
{
    const char *place = xd_cli_place(cli);
    const char *slash = strrchr(place, '/');
    if (mode == XD_STORE_CREATE && slash != NULL && slash != place &&
        strstr(place, "://") == NULL) {
        xd_str folder = {place, (size_t)(slash - place)};
        if (!xd_dir_make(&cli->cx, xd_cstr(cli->cx.arena, folder))) {
            return false;
        }
    }
    return xd_store_open(&cli->cx, place, mode, ret_store);
}

const char *xd_cli_below(xd_cli *cli, const char *name)
{
    return xd_cstr(cli->cx.arena, xd_str_printf(cli->cx.arena, "%s/%s", cli->data_dir, name));
}

bool xd_cli_type(xd_cli *cli, const xd_model *model, const char *word, const xd_type **ret_type)
{
    const xd_type *type = xd_type_find(model, xd_str_of(word));
    if (type == NULL) {
        type = xd_type_by_path(model, xd_str_of(word));
    }
    if (type != NULL) {
        *ret_type = type;
        return true;
    }
    xd_buf known = {0};
    for (size_t i = 0; i < xd_model_types(model); i++) {
        xd_buf_add(&known, i == 0 ? XD_S("") : XD_S(" "));
        xd_buf_add(&known, xd_model_type(model, i)->name);
    }
    xd_str list = xd_buf_copy(&known, cli->cx.arena);
    xd_buf_free(&known);
    (void)xd_fail(&cli->cx, XD_INVALID, "no record type %s", word);
    return xd_fail_words(
        &cli->cx,
        xd_str_printf(cli->cx.arena, "没有“%s”这种记录。可用的有：" XD_FMT, word, XD_ARG(list)),
        xd_str_printf(cli->cx.arena, "There is no record type %s. There are: " XD_FMT, word,
                      XD_ARG(list)));
}

#define SYSTEM_SETTINGS "/etc/xiudai/settings.yaml"

static const char *settings_path(const xd_cli *cli)
{
    const char *path = xd_cli_value(cli, "settings");
    if (path == NULL || path[0] == '\0') {
        path = getenv("XIUDAI_SETTINGS");
    }
    if (path == NULL || path[0] == '\0') {
        path = access(SYSTEM_SETTINGS, R_OK) == 0 ? SYSTEM_SETTINGS : NULL;
    }
    return path;
}

bool xd_cli_settings(xd_cli *cli, const xd_model *model, const xd_json **ret_settings)
{
    xd_ctx *cx = &cli->cx;
    const xd_json *shipped = xd_json_get(xd_model_site(model), XD_S("settings"));
    xd_json *all =
        shipped == NULL ? xd_json_object(cx->arena) : xd_json_clone(cx->arena, shipped);
    const char *path = settings_path(cli);
    const xd_json *own = NULL;
    xd_str text;
    xd_faults faults = {0};
    if (path != NULL && !xd_file_read(cx, path, (size_t)1 << 20, &text)) {
        return false;
    }
    if (path != NULL && !xd_yaml_read(cx, xd_str_of(path), text, &faults, &own)) {
        for (size_t i = 0; i < faults.n; i++) {
            print_fault(cli, &faults.at[i]);
        }
        return xd_fail_note(cx, "reading settings %s", path);
    }
    for (size_t i = 0; own != NULL && i < own->members.n; i++) {
        xd_json_set(cx->arena, all, own->members.at[i].key, own->members.at[i].value);
    }
    *ret_settings = all;
    return true;
}

/* Account numbers are never reused; whose they are is said here, outside the log. */
static bool settle_actor(xd_cli *cli, const xd_model *model)
{
    const xd_json *settings;
    if (!xd_cli_settings(cli, model, &settings)) {
        return false;
    }
    const struct passwd *user = getpwuid(geteuid());
    const xd_json *accounts = xd_json_get(settings, XD_S("accounts"));
    cli->cx.actor = user == NULL ? 0 : xd_json_get_int(accounts, xd_str_of(user->pw_name), 0);
    return true;
}

xd_str xd_cli_position(xd_cli *cli, xd_store *store)
{
    xd_ctx *cx = &cli->cx;
    xd_position_key key;
    uint8_t leaf[32];
    int64_t seq;
    if (!xd_log_head(cx, store, &seq, leaf) || !xd_position_key_of(cx, store, &key)) {
        (void)xd_err_take(cx); /* what was to be done is done */
        return (xd_str){0};
    }
    return xd_position_write(cx->arena, &key, seq);
}

void xd_cli_say_position(const xd_cli *cli, xd_str position)
{
    if (position.n > 0 && strstr(xd_cli_place(cli), "://") != NULL) {
        (void)fprintf(stderr,
                      cli->cx.lang == XD_EN
                          ? "Xiudai-Position: " XD_FMT
                            " (send it when reading, to see this on any server)\n"
                          : "Xiudai-Position: " XD_FMT
                            "（读取时带上它，在任何一台服务器都能看到这次改动）\n",
                      XD_ARG(position)); /* words for people */
    }
}

bool xd_cli_open(xd_cli *cli, xd_store_mode mode, const xd_model **ret_model,
                 xd_store **ret_store)
{
    const xd_model *model;
    xd_store *store;
    if (!xd_cli_model(cli, xd_cli_below(cli, "model"), &model) || !settle_actor(cli, model) ||
        !xd_cli_store(cli, mode, &store) || !xd_store_settle_model(&cli->cx, store, model)) {
        return false;
    }
    *ret_model = model;
    *ret_store = store;
    return true;
}

/* Prefectures are shipped; counties.geojson beside them is the operator's, when there is one. */
bool xd_cli_regions(xd_cli *cli, xd_regions **ret_regions)
{
    const char *counties = xd_cli_below(cli, "map/counties.geojson");
    const char *path =
        access(counties, R_OK) == 0 ? counties : xd_cli_below(cli, "map/prefectures.geojson");
    xd_str text;
    return xd_file_read(&cli->cx, path, (size_t)256 << 20, &text) &&
           xd_regions_read(&cli->cx, text, ret_regions);
}

/* ---- files out ---- */

bool xd_cli_file_open(xd_ctx *cx, const char *path, xd_cli_file *ret)
{
    char *beside = xd_cstr(cx->arena, xd_str_printf(cx->arena, "%s.XXXXXX", path));
    int fd = mkostemp(beside, O_CLOEXEC);
    if (fd < 0) {
        return xd_fail_errno(cx, errno, "making a file beside %s", path);
    }
    *ret = (xd_cli_file){beside, path, fd};
    return true;
}

bool xd_cli_file_close(xd_ctx *cx, xd_cli_file *out, bool keep)
{
    bool ok = keep && fsync(out->fd) == 0 && rename(out->beside, out->path) == 0;
    if (keep && !ok) {
        (void)xd_fail_errno(cx, errno, "writing %s", out->path);
    }
    if (!ok) {
        (void)unlink(out->beside); /* half a file helps nobody */
    }
    if (close(out->fd) != 0 && ok) {
        ok = xd_fail_errno(cx, errno, "closing %s", out->path);
    }
    return ok;
}
