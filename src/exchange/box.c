/* The box a worker shuts itself in before it looks at the first byte of a file.
 *
 * Five walls, each enough for some attacks and none for all:
 *   limits        memory (address space), CPU seconds, no core file, few descriptors, no file writes
 *   user          when started as root, nobody (65534) from here on
 *   no_new_privs
 *   Landlock      no path at all but the data folders of PROJ, GDAL and gconv, read-only; no TCP
 *   seccomp       a list of the calls a parser needs; what libraries ask in passing is answered
 *                 EACCES, everything else (socket, execve, fork, ptrace, io_uring) kills the process
 *
 * Order: limits and user first (they need calls the filter forbids), Landlock needs
 * no_new_privs, seccomp last. Landlock is called by number: the C library has no names for it,
 * and the kernel's header here is older than the kernels we run on. */
#include "exchange/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NOBODY 65534
#define MEMORY ((rlim_t)1 << 30)
#define WRITE_MOST ((rlim_t)8 << 30)

/* ---- limits ------------------------------------------------------------------------------ */

static bool limit(xd_ctx *cx, __rlimit_resource_t what, rlim_t most, const char *word)
{
    struct rlimit both = {most, most};
    if (setrlimit(what, &both) != 0) {
        return xd_fail_errno(cx, errno, "limiting %s", word);
    }
    return true;
}

#ifndef XD_SANITIZED
/* Bytes of address space in use, from /proc; 0 when it cannot be read. */
static rlim_t memory_now(void)
{
    FILE *file = fopen("/proc/self/statm", "re");
    unsigned long pages = 0;
    if (file != NULL) {
        if (fscanf(file, "%lu", &pages) != 1) {
            pages = 0;
        }
        (void)fclose(file); /* read only: nothing to lose */
    }
    return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}
#endif

static bool set_limits(xd_ctx *cx, const xd_box_limits *limits)
{
#ifndef XD_SANITIZED
    /* What is mapped already (libraries, the file itself) does not count against the file.
     * Sanitizers keep terabytes of shadow and die under any such limit. */
    if (!limit(cx, RLIMIT_AS, memory_now() + MEMORY, "memory")) {
        return false;
    }
#endif
    return limit(cx, RLIMIT_CPU, (rlim_t)limits->cpu_s, "processor time") &&
           limit(cx, RLIMIT_CORE, 0, "core files") &&
           limit(cx, RLIMIT_NOFILE, 64, "descriptors") &&
           limit(cx, RLIMIT_FSIZE, limits->writes ? WRITE_MOST : 0, "file size");
}

static bool leave_root(xd_ctx *cx)
{
    if (geteuid() != 0) {
        return true;
    }
    if (setgroups(0, NULL) != 0 || setresgid(NOBODY, NOBODY, NOBODY) != 0 ||
        setresuid(NOBODY, NOBODY, NOBODY) != 0) {
        /* In a container root may have no such user to become; the other walls stand. */
        return errno == EPERM || errno == EINVAL ? true
                                                 : xd_fail_errno(cx, errno, "leaving root");
    }
    return true;
}

/* ---- Landlock ---------------------------------------------------------------------------- */

#define LANDLOCK_CREATE_RULESET 444
#define LANDLOCK_ADD_RULE 445
#define LANDLOCK_RESTRICT_SELF 446
#define LANDLOCK_VERSION 1u   /* flag of create: answer the ABI */
#define LANDLOCK_UNDER_PATH 1 /* kind of rule */
#define FS_READ_FILE (1ull << 2)
#define FS_READ_DIR (1ull << 3)

struct landlock_ruleset {
    uint64_t fs, net, scoped;
};
struct landlock_path {
    uint64_t allowed;
    int32_t parent;
} __attribute__((packed));

/* Folders the libraries read from when they meet a coordinate system or an encoding. */
static void let_read(int ruleset, const char *folder)
{
    if (folder == NULL || folder[0] != '/') {
        return;
    }
    int fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return; /* not installed here */
    }
    struct landlock_path rule = {FS_READ_FILE | FS_READ_DIR, fd};
    (void)syscall(LANDLOCK_ADD_RULE, ruleset, LANDLOCK_UNDER_PATH, &rule, 0);
    (void)close(fd);
}

/* True when the wall stands. Without a rule added less is readable, never more. */
static bool landlock(void)
{
    long abi = syscall(LANDLOCK_CREATE_RULESET, NULL, 0, LANDLOCK_VERSION);
    if (abi < 1) {
        return false;
    }
    struct landlock_ruleset all = {
        .fs = (1ull << (abi == 1   ? 13
                        : abi == 2 ? 14
                        : abi < 5  ? 15
                                   : 16)) -
              1,
        .net = 3,    /* bind, connect: since ABI 4 */
        .scoped = 3, /* abstract sockets, signals: since ABI 6 */
    };
    size_t size = abi < 4 ? 8 : abi < 6 ? 16 : 24;
    int ruleset = (int)syscall(LANDLOCK_CREATE_RULESET, &all, size, 0);
    if (ruleset < 0) {
        return false;
    }
    const char *const folders[] = {
        "/usr/share/proj",
        "/usr/share/gdal",
        "/usr/lib/x86_64-linux-gnu/gconv",
        "/usr/lib/aarch64-linux-gnu/gconv",
        "/usr/lib/gconv",
        "/usr/lib64/gconv",
        getenv("PROJ_DATA"),
        getenv("PROJ_LIB"),
        getenv("GDAL_DATA"),
        getenv("GCONV_PATH"),
    };
    for (size_t i = 0; i < XD_LEN(folders); i++) {
        let_read(ruleset, folders[i]);
    }
    bool shut = syscall(LANDLOCK_RESTRICT_SELF, ruleset, 0) == 0;
    (void)close(ruleset);
    return shut;
}

/* ---- seccomp ----------------------------------------------------------------------------- */

static const char *const allowed[] = {
    "read",          "readv",
    "write",         "writev",
    "pread64",       "pwrite64",
    "close",         "fstat",
    "newfstatat",    "lseek",
    "munmap",        "mremap",
    "madvise",       "brk",
    "futex",         "getrandom",
    "getpid",        "gettid",
    "clock_gettime", "gettimeofday",
    "time",          "fcntl",
    "rt_sigaction",  "rt_sigprocmask",
    "rt_sigreturn",  "sigaltstack",
    "exit",          "exit_group",
    "tgkill",        "restart_syscall",
    "ftruncate",     "uname",
    "sysinfo",       "sched_getaffinity",
    "sched_yield",   "clock_getres",
};
/* Asked in passing by libraries, harmless to refuse. */
static const char *const refused[] = {
    "access",   "faccessat",  "faccessat2", "stat",      "lstat",     "statx",
    "readlink", "readlinkat", "getdents64", "ioctl",     "unlink",    "unlinkat",
    "mkdir",    "mkdirat",    "getcwd",     "prlimit64", "getrlimit", "statfs",
    "fstatfs",  "geteuid",    "getuid",     "getegid",   "getgid",    "open",
    "fsync",    "fdatasync",  "prctl",      "rename",    "renameat",
};

static int rule(scmp_filter_ctx filter, uint32_t action, const char *name)
{
    int number = seccomp_syscall_resolve_name(name);
    if (number == __NR_SCMP_ERROR || number < 0) {
        return 0; /* this processor has no such call */
    }
    return seccomp_rule_add(filter, action, number, 0);
}

static int rules(scmp_filter_ctx filter)
{
    int bad = 0;
    for (size_t i = 0; i < XD_LEN(allowed); i++) {
        bad |= rule(filter, SCMP_ACT_ALLOW, allowed[i]);
    }
    for (size_t i = 0; i < XD_LEN(refused); i++) {
        bad |= rule(filter, SCMP_ACT_ERRNO(EACCES), refused[i]);
    }
    /* Memory, never executable. */
    bad |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
                            SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    bad |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                            SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    /* Opening to read only. O_TMPFILE contains O_DIRECTORY, which is harmless: mask its own
     * bit. */
    const int writing[] = {O_WRONLY, O_RDWR,   O_CREAT,
                           O_TRUNC,  O_APPEND, O_TMPFILE & ~O_DIRECTORY};
    uint64_t mask = 0;
    for (size_t i = 0; i < XD_LEN(writing); i++) {
        mask |= (uint64_t)writing[i];
        bad |= seccomp_rule_add(
            filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(openat), 1,
            SCMP_A2(SCMP_CMP_MASKED_EQ, (uint64_t)writing[i], (uint64_t)writing[i]));
    }
    bad |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
                            SCMP_A2(SCMP_CMP_MASKED_EQ, mask, 0));
    return bad;
}

static bool filter_calls(xd_ctx *cx)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (filter == NULL) {
        return xd_fail(cx, XD_SYSTEM, "seccomp filter could not be made");
    }
    int bad = rules(filter);
    if (bad == 0) {
        bad = seccomp_load(filter);
    }
    seccomp_release(filter);
    if (bad != 0) {
        (void)xd_fail(cx, XD_SYSTEM, "seccomp refused: %d", bad);
        return xd_fail_words(
            cx, XD_S("这台机器的内核不支持 seccomp 沙箱，为安全起见不读取外来文件。"),
            XD_S("This machine's kernel has no seccomp sandbox; for safety no "
                 "outside file is read."));
    }
    return true;
}

bool xd_box_close(xd_ctx *cx, const xd_box_limits *limits, bool *ret_landlock)
{
    if (!set_limits(cx, limits) || !leave_root(cx)) {
        return false;
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return xd_fail_errno(cx, errno, "giving up privileges");
    }
    bool shut = landlock();
    if (!filter_calls(cx)) {
        return false;
    }
    *ret_landlock = shut;
    return true;
}
