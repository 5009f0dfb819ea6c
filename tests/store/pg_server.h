/* tests/store/pg_server.h — a PostgreSQL of the test program's own: in a folder of its own, on a
 * socket in it, as a user that is not root, stopped by its pid. */
#ifndef XD_PG_SERVER_H
#define XD_PG_SERVER_H

#include <fcntl.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "xd_test.h"

#define PG_BIN "/usr/lib/postgresql/15/bin/"

static struct {
    char dir[64];
    pid_t pid;
    uid_t uid;
    gid_t gid;
    int schemas;
} pg_server;

/* A child that dies with us, as the server's user, silent. */
static inline pid_t pg_spawn(char *const argv[])
{
    pid_t parent = getpid(), child = fork();
    if (child == 0) {
        char log[96];
        (void)snprintf(log, sizeof log, "%s/log", pg_server.dir);
        int fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
        if (fd < 0 || dup2(fd, 1) < 0 || dup2(fd, 2) < 0 || chdir("/") != 0 ||
            (geteuid() == 0 && (setgroups(0, NULL) != 0 || setgid(pg_server.gid) != 0 ||
                                setuid(pg_server.uid) != 0)) ||
            prctl(PR_SET_PDEATHSIG, SIGQUIT) != 0 || getppid() != parent) {
            _exit(1);
        }
        (void)execv(argv[0], argv);
        _exit(1);
    }
    return child;
}

static inline void pg_conninfo(char *out, size_t n, const char *user)
{
    (void)snprintf(out, n, "host=%s user=%s dbname=postgres connect_timeout=10", pg_server.dir,
                   user);
}

static inline void pg_boot(void)
{
    char data[96], conninfo[192];
    (void)snprintf(data, sizeof data, "%s/data", pg_server.dir);
    char *const serve[] = {
        PG_BIN "postgres",     "-D", data,        "-k", pg_server.dir,          "-c",
        "listen_addresses=",   "-c", "fsync=off", "-c", "full_page_writes=off", "-c",
        "shared_buffers=32MB", NULL};
    pg_server.pid = pg_spawn(serve);
    pg_conninfo(conninfo, sizeof conninfo, "xiudai");
    for (int i = 0; i < 600 && PQping(conninfo) != PQPING_OK; i++) {
        const struct timespec pause = {0, 50 * 1000 * 1000};
        (void)nanosleep(&pause, NULL);
    }
}

/* False: PostgreSQL is not installed here. */
static inline bool pg_start(void)
{
    if (access(PG_BIN "initdb", X_OK) != 0) {
        return false;
    }
    const struct passwd *user = getpwnam("postgres");
    user = user == NULL ? getpwnam("nobody") : user;
    (void)snprintf(pg_server.dir, sizeof pg_server.dir, "%s/xd_pg_XXXXXX",
                   access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (user == NULL || mkdtemp(pg_server.dir) == NULL) {
        return false;
    }
    pg_server.uid = user->pw_uid;
    pg_server.gid = user->pw_gid;
    if (geteuid() == 0 && chown(pg_server.dir, user->pw_uid, user->pw_gid) != 0) {
        return false;
    }
    char data[96];
    int status = 1;
    (void)snprintf(data, sizeof data, "%s/data", pg_server.dir);
    char *const make[] = {PG_BIN "initdb", "-D", data, "-U",   "xiudai",           "-A",
                          "trust",         "-N", "-E", "UTF8", "--locale=C.UTF-8", NULL};
    pid_t child = pg_spawn(make);
    if (waitpid(child, &status, 0) != child || status != 0) {
        return false;
    }
    pg_boot();
    return true;
}

static inline void pg_halt(int sig)
{
    int status = 0;
    (void)kill(pg_server.pid, sig);
    (void)waitpid(pg_server.pid, &status, 0);
}

static inline void pg_stop(void)
{
    char command[96];
    pg_halt(SIGINT);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", pg_server.dir);
    if (system(command) != 0) {
        fprintf(stderr, "%s is left behind\n", pg_server.dir);
    }
}

/* From outside the program, as the owner: the first value of the result, or "". */
static inline void pg_say(const char *sql, char *out, size_t n)
{
    char conninfo[192];
    pg_conninfo(conninfo, sizeof conninfo, "xiudai");
    PGconn *conn = PQconnectdb(conninfo);
    ck_assert_msg(PQstatus(conn) == CONNECTION_OK, "%s", PQerrorMessage(conn));
    PGresult *result = PQexec(conn, sql);
    ExecStatusType status = PQresultStatus(result);
    ck_assert_msg(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK, "%s: %s", sql,
                  PQerrorMessage(conn));
    (void)snprintf(out, n, "%s", PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "");
    PQclear(result);
    PQfinish(conn);
}

static inline void pg_do(const char *sql)
{
    char nothing[8];
    pg_say(sql, nothing, sizeof nothing);
}

/* A schema of its own for a store; its address, and its name for pg_do(). */
static inline void pg_place(char *place, size_t n, char schema[40])
{
    char sql[80];
    (void)snprintf(schema, 40, "s%ld_%d", (long)getpid(), pg_server.schemas++);
    (void)snprintf(sql, sizeof sql, "CREATE SCHEMA %s", schema);
    pg_do(sql);
    (void)snprintf(place, n,
                   "postgresql://xiudai@/postgres?host=%s&options=-csearch_path%%3D%s",
                   pg_server.dir, schema);
}

#endif
