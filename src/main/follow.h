/* main/follow.h — a server and its log: opened, caught up with, followed until told to stop. */
#ifndef XD_MAIN_FOLLOW_H
#define XD_MAIN_FOLLOW_H

#include "main/cli.h"
#include "web/app.h"

typedef struct xd_follower {
    xd_app *app;
    xd_store *store;
    bool tells;       /* the store is a server that tells when it was appended to */
    uint8_t leaf[32]; /* of the newest revision the index has */
    int64_t leaf_seq;
    bool failing, other_log;
    bool
        busy; /* something was new the last time: what waits for a quiet moment is still to do */
} xd_follower;

/* The program's model and a store to follow, made when there is none. On PostgreSQL a handle of
 * its own for reading, which takes a standby when no primary is to be had; a log that has gone on
 * to another model, where ours is one of its older ones, or to the next schema, is served for
 * reading only: app->node says so. app has its index afterwards, and it holds all of the log. */
XD_MUST bool xd_follow_open(xd_cli *cli, xd_app *app, xd_follower *ret_follower);
/* Until cli->cx.stop. A store that is away is looked for again and again, while the site goes on
 * with what it knows. False: the log is not the one the index was made from. */
XD_MUST bool xd_follow_run(xd_cli *cli, xd_follower *follower);

#endif
