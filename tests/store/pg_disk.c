/* A layer between a test's PostgreSQL and its disk, loaded before the C library (LD_PRELOAD). The
 * n-th write of the kind a test has asked for meets a disk without room, or kills its process.
 * It is no part of the program and knows nothing but pg_disk.h. */
#include "pg_disk.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

static pg_disk *disk;

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv(PG_DISK_ENV);
    int fd = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
    void *at = fd < 0 ? MAP_FAILED
                      : mmap(NULL, sizeof *disk, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    disk = at == MAP_FAILED ? NULL : at;
    if (fd >= 0) {
        (void)close(fd); /* it stays mapped */
    }
}

static int lies_in(int fd, const char *folder)
{
    char name[64], path[512];
    (void)snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(name, path, sizeof path - 1);
    path[n < 0 ? 0 : n] = '\0';
    return strstr(path, folder) != NULL;
}

/* Whether this call fails, errno being set; it may not come back at all. */
static int fails(int fd)
{
    int fault = disk == NULL ? PG_WORKS : disk->fault;
    if (fault == PG_WORKS ||
        !(lies_in(fd, "/pg_wal/") ? fault != PG_FULL
                                  : fault != PG_LOG_FULL && lies_in(fd, "/base/"))) {
        return 0;
    }
    long n = disk->calls++;
    if (n < disk->fail_at || n >= disk->until) {
        return 0;
    }
    if (fault == PG_KILLED) {
        (void)kill(getpid(), SIGKILL);
    }
    errno = ENOSPC;
    return 1;
}

/* The C library's own, into a pointer to such a function. */
static void find_own(const char *name, void *pointer)
{
    void *function = dlsym(RTLD_NEXT, name);
    memcpy(pointer, &function, sizeof function);
}

ssize_t pwrite(int fd, const void *bytes, size_t n, off_t at)
{
    ssize_t (*own)(int, const void *, size_t, off_t);
    find_own("pwrite", &own);
    return fails(fd) ? -1 : own(fd, bytes, n, at);
}

ssize_t pwritev(int fd, const struct iovec *list, int n, off_t at)
{
    ssize_t (*own)(int, const struct iovec *, int, off_t);
    find_own("pwritev", &own);
    return fails(fd) ? -1 : own(fd, list, n, at);
}

int posix_fallocate(int fd, off_t at, off_t n)
{
    int (*own)(int, off_t, off_t);
    find_own("posix_fallocate", &own);
    return fails(fd) ? ENOSPC : own(fd, at, n);
}
