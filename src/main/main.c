/* main/main.c — one program: reads the command line, finds its data, runs a command. */
#include "exchange/source.h"
#include "main/cli.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

const xd_command xd_commands[] = {
  /* name, words, least, most, options, function, what it does */
    {"serve",    "",                    0, 0, "index index-from files snapshot-every listen metrics-listen base-url settings data threads query-work query-ms position-ms", xd_cmd_serve,
     "打开网站和接口",                                                                                                                               "serve the site and the API"                                                },
    {"import",   "TYPE FILE",           2, 2,
     "crs source state encoding dry-run accept-good clear annotate data settings",                    xd_cmd_import,   "导入一张表",                   "take in a table"                                                           },
    {"export",   "TYPE FILE",           2, 2, "filter q crs bom gb18030 data base-url",               xd_cmd_export,
     "导出（格式看文件名：.csv .xlsx .geojson .gpkg .shp.zip）",                                                                                 "write records out; the ending says how: .csv .xlsx .geojson .gpkg .shp.zip"},
    {"query",    "TYPE",                1, 1, "filter q facets explain index data",                    xd_cmd_query,
     "在公开检索里查一个问题（--explain 看怎么查的）",      "ask the public search a question; --explain tells how it was answered"},
    {"template", "TYPE FILE.xlsx",      2, 2, "data",                                                 xd_cmd_template, "生成空白填报表",
     "write an empty table to fill in"                                                                                                                                                                                                  },
    {"returns",  "TYPE LINK FOLDER",    3, 3, "about filter year data", xd_cmd_returns,
     "给每个填报单位生成一份表（LINK 是指向单位的字段）", "write a workbook for each record that LINK leads to"},
    {"report",   "TYPE RECORD FILE",    3, 3, "year data base-url settings",                          xd_cmd_report,
     "生成总结报告（.docx 或 .xlsx；RECORD 是编号或 id）", "write a report on a record: .docx or .xlsx; RECORD is its number or id"},
    {"verify",   "",                    0, 0, "data",                                                 xd_cmd_verify,   "核验全部数据是否被改动",
     "find any changed, removed, swapped or added bit"                                                                                                                                                                                  },
    {"undo",     "CHANGESET",           1, 1, "skip-conflicts data settings",                         xd_cmd_undo,     "撤销一次导入",
     "undo a change set"                                                                                                                                                                                                                },
    {"reindex",  "",                    0, 0, "data index",                                                 xd_cmd_reindex,  "从日志重建各表和检索文件",
     "rebuild what is derived from the log"                                                                                                                                                                                             },
    {"backup",   "FILE",                1, 1, "",                                                     xd_cmd_backup,   "备份（服务时也可以）",
     "back up, also while serving"                                                                                                                                                                                                      },
    {"restore",  "FILE",                1, 1, "index",                                                     xd_cmd_restore,  "从备份恢复",                   "restore a backup"                                                          },
    {"copy",     "FROM TO",             2, 2, "",                                                     xd_cmd_copy,     "复制到另一个库",             "copy a store"                                                              },
    {"erase",    "RECORD FIELD",        2, 2, "data settings index",                                        xd_cmd_erase,    "彻底删去一项个人信息",
     "remove a personal value everywhere"                                                                                                                                                                                               },
    {"model",    "check [DIR] | apply", 1, 2, "data accept-loss",                                     xd_cmd_model,
     "检查或启用数据结构",                                                                                                                         "check or apply the model"                                                  },
};
const size_t xd_n_commands = XD_LEN(xd_commands);

/* Set by the signal handler, read through cx.stop: a signal must be able to reach it. */
static volatile int stopped;

static void on_signal(int number)
{
    (void)number;
    stopped = 1;
}

static int print_usage(const xd_cli *cli, FILE *out)
{
    bool en = cli->cx.lang == XD_EN;
    (void)fprintf(out, "%s\n\n",
                  en ? "xiudai COMMAND …: industrial culture in one program"
                     : "xiudai 命令 …：工业文化一体平台"); /* words for people */
    for (size_t i = 0; i < xd_n_commands; i++) {
        const xd_command *c = &xd_commands[i];
        (void)fprintf(out, "  %-9s %-20s %s\n", c->name, c->words,
                      en ? c->help_en : c->help_zh);
    }
    (void)fprintf(out, "\n");
    for (size_t i = 0; i < xd_n_options; i++) {
        const xd_option *o = &xd_options[i];
        (void)fprintf(out, "  --%-15s %-10s %s", o->name,
                      o->argument == NULL ? "" : o->argument, en ? o->help_en : o->help_zh);
        (void)fprintf(out, o->fallback == NULL ? "\n" : " (%s)\n",
                      o->fallback == NULL ? "" : o->fallback);
    }
    return XD_EXIT_USE;
}

static int wrong_use(const xd_cli *cli, const char *zh, const char *en, const char *word)
{
    (void)fprintf(stderr, "%s%s\n", cli->cx.lang == XD_EN ? en : zh,
                  word); /* words for people */
    (void)fprintf(stderr, "%s\n",
                  cli->cx.lang == XD_EN ? "xiudai --help lists commands and options."
                                        : "xiudai --help 列出命令和选项。");
    return XD_EXIT_USE;
}

static xd_lang lang_of(const char *name)
{
    return name != NULL && strncmp(name, "en", 2) == 0 ? XD_EN : XD_ZH;
}

static xd_lang environment_lang(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < XD_LEN(names); i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && value[0] != '\0') {
            return lang_of(value);
        }
    }
    return XD_ZH;
}

/* Splits "--name=value", "--name value", switches and words. Returns an exit code, or -1 to go on. */
static int parse(xd_cli *cli, int argc, char **argv)
{
    bool only_words = false;
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        if (only_words || strncmp(word, "--", 2) != 0) {
            if (cli->command == NULL) {
                cli->command = word;
            } else if (cli->n_words < XD_CLI_WORDS) {
                cli->words[cli->n_words++] = word;
            } else {
                return wrong_use(cli, "参数太多：", "Too many words: ", word);
            }
            continue;
        }
        if (word[2] == '\0') {
            only_words = true;
            continue;
        }
        const char *equals = strchr(word, '=');
        xd_str name = equals == NULL ? xd_str_of(word + 2)
                                     : (xd_str){word + 2, (size_t)(equals - word) - 2};
        size_t at = 0;
        while (at < xd_n_options && !xd_str_eq(xd_str_of(xd_options[at].name), name)) {
            at++;
        }
        if (at == xd_n_options) {
            return wrong_use(cli, "没有这个选项：", "There is no such option: ", word);
        }
        if (xd_options[at].argument == NULL) {
            if (equals != NULL) {
                return wrong_use(cli, "这个选项不带值：", "This option takes no value: ", word);
            }
            cli->values[at] = "";
        } else if (equals != NULL) {
            cli->values[at] = equals + 1;
        } else if (i + 1 < argc) {
            cli->values[at] = argv[++i];
        } else {
            return wrong_use(cli, "这个选项缺少值：", "This option lacks its value: ", word);
        }
    }
    return -1;
}

static bool takes_option(const xd_command *command, const char *name)
{
    static const char *const always[] = {"store", "json", "lang", "help"};
    for (size_t i = 0; i < XD_LEN(always); i++) {
        if (strcmp(always[i], name) == 0) {
            return true;
        }
    }
    xd_str rest = xd_str_of(command->options), one;
    while (xd_str_cut(&rest, ' ', &one)) {
        if (xd_str_eq(one, xd_str_of(name))) {
            return true;
        }
    }
    return false;
}

/* --data, XIUDAI_DATA, then beside the program: ../share/xiudai (installed), ../data (a clone). */
static const char *find_data(xd_cli *cli)
{
    const char *said = xd_cli_value(cli, "data");
    if (said == NULL) {
        said = getenv("XIUDAI_DATA");
    }
    if (said != NULL && said[0] != '\0') {
        return said;
    }
    char self[4096];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    xd_str folder = {self, n < 0 ? 0 : (size_t)n};
    while (folder.n > 0 && folder.p[folder.n - 1] != '/') {
        folder.n--;
    }
    static const char *const beside[] = {"../share/xiudai", "../data", "../../data"};
    for (size_t i = 0; i < XD_LEN(beside); i++) {
        xd_str path = xd_str_printf(cli->cx.arena, XD_FMT "%s", XD_ARG(folder), beside[i]);
        struct stat st;
        if (stat(path.p, &st) == 0 && S_ISDIR(st.st_mode)) {
            return path.p;
        }
    }
    return "data";
}

static int run_command(xd_cli *cli)
{
    const xd_command *command = NULL;
    for (size_t i = 0; i < xd_n_commands; i++) {
        if (strcmp(xd_commands[i].name, cli->command) == 0) {
            command = &xd_commands[i];
        }
    }
    if (command == NULL) {
        return wrong_use(cli, "没有这个命令：", "There is no such command: ", cli->command);
    }
    for (size_t i = 0; i < xd_n_options; i++) {
        if (cli->values[i] != NULL && !takes_option(command, xd_options[i].name)) {
            return wrong_use(cli, "这个命令没有选项 --", "This command has no option --",
                             xd_options[i].name);
        }
    }
    if (cli->n_words < command->least || cli->n_words > command->most) {
        (void)fprintf(stderr, "xiudai %s %s\n", command->name, command->words); /* for people */
        return XD_EXIT_USE;
    }
    cli->data_dir = find_data(cli);
    return command->run(cli);
}

int main(int argc, char **argv)
{
    int control;
    if (xd_worker_asked(argc, argv, &control)) {
        return xd_worker_main(control);
    }
    (void)umask(077);
    (void)setlocale(LC_CTYPE, "C.UTF-8"); /* numbers stay in the C locale */
    xd_cli cli = {.program = argv[0]};
    xd_ctx_begin(&cli.cx);
    cli.cx.lang = environment_lang();
    cli.values = xd_new_n(cli.cx.arena, const char *, xd_n_options);
    struct sigaction action = {.sa_handler = on_signal};
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    (void)signal(SIGPIPE, SIG_IGN); /* writes report EPIPE instead */
    cli.cx.stop = &stopped;

    int code = parse(&cli, argc, argv);
    if (xd_cli_given(&cli, "lang")) {
        cli.cx.lang = lang_of(xd_cli_value(&cli, "lang"));
    }
    cli.json = xd_cli_given(&cli, "json");
    if (code < 0 && xd_cli_given(&cli, "help")) {
        (void)print_usage(&cli, stdout); /* asked for: not a wrong use */
        code = XD_EXIT_DONE;
    }
    if (code < 0) {
        code = cli.command == NULL ? print_usage(&cli, stderr) : run_command(&cli);
    }
    xd_worker_stop();
    xd_ctx_end(&cli.cx);
    return code;
}
