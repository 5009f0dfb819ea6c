/* main/cli.h — the command line: options and commands as tables, and what commands share.
 *
 * Exit codes: 0 done, 1 refused or faults found (reasons printed), 2 wrong use. With --json one
 * report goes to standard output; progress and words for people go to standard error. */
#ifndef XD_MAIN_CLI_H
#define XD_MAIN_CLI_H

#include "base/file.h"
#include "geo/region.h"
#include "store/store.h"

enum { XD_EXIT_DONE = 0, XD_EXIT_REFUSED = 1, XD_EXIT_USE = 2 };

typedef struct xd_option {
    const char *name;
    const char *argument; /* NULL: a switch */
    const char *fallback; /* default, NULL: none */
    const char *help_zh, *help_en;
} xd_option;

#define XD_CLI_WORDS 8

typedef struct xd_cli {
    xd_ctx cx; /* of the command; stops on SIGINT and SIGTERM */
    const char *program;
    const char *command;
    const char *words[XD_CLI_WORDS]; /* what is not an option, behind the command */
    size_t n_words;
    const char **values;  /* beside xd_options: NULL when not given */
    const char *data_dir; /* the folder that holds model/, map/, about/ */
    bool json;
} xd_cli;

typedef struct xd_command {
    const char *name, *words;
    size_t least, most;  /* words it takes */
    const char *options; /* names it takes beside store, json, lang, help; blank-separated */
    int (*run)(xd_cli *cli);
    const char *help_zh, *help_en;
} xd_command;

extern const xd_option xd_options[];
extern const size_t xd_n_options;
extern const xd_command xd_commands[];
extern const size_t xd_n_commands;

/* The value of an option, or its default; NULL when it has neither. For a switch: "" when given. */
const char *xd_cli_value(const xd_cli *cli, const char *name);
bool xd_cli_given(const xd_cli *cli, const char *name);
/* The same as a slice; absent when not given and without default. */
xd_str xd_cli_str(const xd_cli *cli, const char *name);

/* Say the standing error in the person's language on standard error, the operator's words behind
 * it, and return XD_EXIT_REFUSED. */
int xd_cli_fail(xd_cli *cli);
/* One line for people, on standard error. */
void xd_cli_say(const xd_cli *cli, const char *zh, const char *en);
void xd_cli_put(xd_str text); /* to standard output, flushed */

/* ---- what several commands open ---------------------------------------------------------- */

/* --store, XIUDAI_STORE, var/xiudai.db. */
const char *xd_cli_place(const xd_cli *cli);
/* Where the index keeps its files: --index, XIUDAI_INDEX, else beside a store that is a file, and
 * var/index for a database. */
const char *xd_cli_index(xd_cli *cli);
/* --files, XIUDAI_FILES; NULL: nowhere. */
const char *xd_cli_files(xd_cli *cli);
/* A path below the data folder. */
const char *xd_cli_below(xd_cli *cli, const char *name);
/* The model of a folder; its faults are printed when it has any. */
XD_MUST bool xd_cli_model(xd_cli *cli, const char *folder, const xd_model **ret_model);
XD_MUST bool xd_cli_store(xd_cli *cli, xd_store_mode mode, xd_store **ret_store);
/* The operator's settings (--settings, XIUDAI_SETTINGS, /etc/xiudai/settings.yaml where there is
 * one) over those of the model's site words, member by member. */
XD_MUST bool xd_cli_settings(xd_cli *cli, const xd_model *model, const xd_json **ret_settings);
/* The program's model and the store, settled with one another (the model is appended when the
 * store is empty). The actor of what follows is the account that the settings' `accounts` give the
 * operating-system user; 0 when they give none. */
XD_MUST bool xd_cli_open(xd_cli *cli, xd_store_mode mode, const xd_model **ret_model,
                         xd_store **ret_store);
/* Areas of the base map: counties where the operator supplied them, else prefectures. */
XD_MUST bool xd_cli_regions(xd_cli *cli, xd_regions **ret_regions);
/* After an append, what a reader shows so as to see it (index/position.h); absent where the database
 * does not say, which is no failure of what was done. */
xd_str xd_cli_position(xd_cli *cli, xd_store *store);
/* … as a line for people, where there may be several servers. */
void xd_cli_say_position(const xd_cli *cli, xd_str position);
/* A record type by its name or its path. */
XD_MUST bool xd_cli_type(xd_cli *cli, const xd_model *model, const char *word,
                         const xd_type **ret_type);
/* Told once when the head is held by another. */
void xd_cli_on_wait(void *cli, xd_str holder);

/* A file is written beside its place and renamed over it when whole. */
typedef struct xd_cli_file {
    char *beside;
    const char *path;
    int fd;
} xd_cli_file;
XD_MUST bool xd_cli_file_open(xd_ctx *cx, const char *path, xd_cli_file *ret);
/* keep false: what was written is thrown away. */
XD_MUST bool xd_cli_file_close(xd_ctx *cx, xd_cli_file *out, bool keep);

int xd_cmd_serve(xd_cli *cli);
int xd_cmd_report(xd_cli *cli);
int xd_cmd_import(xd_cli *cli);
int xd_cmd_export(xd_cli *cli);
int xd_cmd_query(xd_cli *cli);
int xd_cmd_template(xd_cli *cli);
int xd_cmd_returns(xd_cli *cli);
int xd_cmd_verify(xd_cli *cli);
int xd_cmd_undo(xd_cli *cli);
int xd_cmd_reindex(xd_cli *cli);
int xd_cmd_backup(xd_cli *cli);
int xd_cmd_restore(xd_cli *cli);
int xd_cmd_copy(xd_cli *cli);
int xd_cmd_erase(xd_cli *cli);
int xd_cmd_model(xd_cli *cli);

#endif
