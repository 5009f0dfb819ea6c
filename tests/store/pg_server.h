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

/* Defined by a test whose server has a layer under it that it can make fail: pg_disk.c. */
#ifdef PG_DISK_LAYER
#include <sys/mman.h>
#include <sys/resource.h>

#include "pg_disk.h"

static pg_disk *pg_layer; /* NULL: there is none */
#endif

static struct {
    char dir[64];
    pid_t pid;
    uid_t uid;
    gid_t gid;
    int schemas;
} pg_server;

/* A child that dies with us, as the server's user, silent. */
static inline pid_t pg_spawn(char *const argv[], void (*prepare)(void))
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
        if (prepare != NULL) {
            prepare();
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

/* A copy, for the server's user need not be able to read where we were built. */
static inline bool pg_put_layer_in(void)
{
#ifdef PG_DISK_LAYER
    char control[96], command[512];
    (void)snprintf(control, sizeof control, "%s/disk", pg_server.dir);
    (void)snprintf(
        command, sizeof command,
        "cp '%s' '%s/layer.so' && chmod 755 '%s/layer.so' && truncate -s 4096 '%s' && "
        "chmod 666 '%s'",
        PG_DISK_LAYER, pg_server.dir, pg_server.dir, control, control);
    int fd = system(command) == 0 ? open(control, O_RDWR | O_CLOEXEC) : -1;
    void *at = fd < 0 ? MAP_FAILED
                      : mmap(NULL, sizeof *pg_layer, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    (void)close(fd); /* it stays mapped */
    pg_layer = at == MAP_FAILED ? NULL : at;
    return pg_layer != NULL;
#else
    return true;
#endif
}

/* In the child that becomes the server. */
static inline void pg_enter_layer(void)
{
#ifdef PG_DISK_LAYER
    char text[96];
    const struct rlimit none = {0, 0};
    (void)setrlimit(RLIMIT_CORE, &none); /* it will end itself often */
    (void)snprintf(text, sizeof text, "%s/layer.so", pg_server.dir);
    (void)setenv("LD_PRELOAD", text, 1);
    (void)snprintf(text, sizeof text, "%s/disk", pg_server.dir);
    (void)setenv(PG_DISK_ENV, text, 1);
#endif
}

/* Until it takes connections, again or for the first time. */
static inline void pg_await(void)
{
    char conninfo[192];
    pg_conninfo(conninfo, sizeof conninfo, "xiudai");
    for (int i = 0; i < 1200 && PQping(conninfo) != PQPING_OK; i++) {
        const struct timespec pause = {0, 50 * 1000 * 1000};
        (void)nanosleep(&pause, NULL);
    }
}

static inline void pg_boot(void)
{
    char data[96];
    (void)snprintf(data, sizeof data, "%s/data", pg_server.dir);
    char *const serve[] = {
        PG_BIN "postgres",     "-D", data,        "-k", pg_server.dir,          "-c",
        "listen_addresses=",   "-c", "fsync=off", "-c", "full_page_writes=off", "-c",
        "shared_buffers=32MB", NULL};
    pg_server.pid = pg_spawn(serve, pg_enter_layer);
    pg_await();
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
    pid_t child = pg_spawn(make, NULL);
    if (waitpid(child, &status, 0) != child || status != 0) {
        return false;
    }
    if (!pg_put_layer_in()) {
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
    for (int i = 0; i < 1200 && PQstatus(conn) != CONNECTION_OK;
         i++) { /* it may be mending itself */
        PQfinish(conn);
        pg_await();
        conn = PQconnectdb(conninfo);
    }
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
