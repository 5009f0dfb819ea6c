/* tests/store/pg_disk.h — what a test and the layer under its PostgreSQL (pg_disk.c) say to one
 * another: a file that both have mapped. */
#ifndef XD_PG_DISK_H
#define XD_PG_DISK_H

#include <stdatomic.h>

#define PG_DISK_ENV "XD_PG_DISK" /* where that file is */

typedef enum pg_fault {
    PG_WORKS,
    PG_FULL,     /* no room for a table or index that wants to grow */
    PG_LOG_FULL, /* no room for PostgreSQL's own log: it ends itself and begins again */
    PG_KILLED,   /* kill -9 of whichever process of it is writing */
} pg_fault;

typedef struct pg_disk {
    _Atomic int fault;
    _Atomic long calls;   /* writes that the fault could have met, since it was set */
    _Atomic long fail_at; /* the one it meets */
    _Atomic long until;   /* and all behind it, before this one */
} pg_disk;

#endif
