/* The walls of the box, each tried from inside: what a parser needs works, what it does not need
 * ends the process or is answered with a refusal. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "exchange/worker.h"
#include "xd_test.h"

/* How a child ends that closes the box and then tries: its exit code, or minus its signal. */
static int ends_with(int (*try)(void))
{
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        xd_ctx cx;
        xd_ctx_begin(&cx);
        xd_box_limits limits = {.cpu_s = 5};
        bool landlock = false;
        if (!xd_box_close(&cx, &limits, &landlock)) {
            _exit(99);
        }
        _exit(try());
    }
    int how = 0;
    ck_assert_int_eq(waitpid(pid, &how, 0), pid);
    return WIFSIGNALED(how) ? -WTERMSIG(how) : WEXITSTATUS(how);
}

static int try_memory(void)
{
    void *p = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) {
        return 1;
    }
    memset(p, 1, 1 << 20);
    return munmap(p, 1 << 20) == 0 ? 0 : 2;
}

static int try_executable_memory(void)
{
    void *p = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return p == MAP_FAILED ? 1 : 0;
}

static int try_socket(void)
{
    return socket(AF_INET, SOCK_STREAM, 0) < 0 ? 1 : 0;
}

static int try_fork(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        _exit(0);
    }
    return pid < 0 ? 1 : 0;
}

static int try_exec(void)
{
    char *const argv[] = {(char[]){"true"}, NULL};
    (void)execv("/bin/true", argv);
    return 1;
}

static int try_write_file(void)
{
    int fd = open("/tmp/xd-box-probe", O_WRONLY | O_CREAT, 0600);
    return fd >= 0 ? 0 : errno == EACCES ? 7 : 8;
}

static int try_read_file(void)
{
    int fd = open("/etc/passwd", O_RDONLY);
    return fd >= 0 ? 0 : errno == EACCES ? 7 : 8;
}

static int try_kill(void)
{
    return kill(getppid(), 0) == 0 ? 0 : 1;
}

static int try_loop(void)
{
    volatile unsigned i = 0;
    while (i != UINT32_MAX) {
        i = (i + 1) & 0xffff;
    }
    return 0;
}

START_TEST(what_a_parser_needs)
{
    ck_assert_int_eq(ends_with(try_memory), 0);
}
END_TEST

START_TEST(what_kills)
{
    ck_assert_int_eq(ends_with(try_socket), -SIGSYS);
    ck_assert_int_eq(ends_with(try_fork), -SIGSYS);
    ck_assert_int_eq(ends_with(try_exec), -SIGSYS);
    ck_assert_int_eq(ends_with(try_executable_memory), -SIGSYS);
    ck_assert_int_eq(ends_with(try_kill), -SIGSYS);
}
END_TEST

START_TEST(what_is_refused)
{
    ck_assert_int_eq(ends_with(try_write_file), 7);
    /* Reading is Landlock's to refuse; a kernel without it lets it through and warns. */
    int read = ends_with(try_read_file);
    ck_assert_msg(read == 7 || read == 0, "reading /etc/passwd ended with %d", read);
    ck_assert_int_ne(access("/tmp/xd-box-probe", F_OK), 0);
}
END_TEST

START_TEST(what_runs_for_ever)
{
    int how = ends_with(try_loop);
    ck_assert_msg(how == -SIGXCPU || how == -SIGKILL, "the loop ended with %d", how);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, what_a_parser_needs);
    tcase_add_test(tests, what_kills);
    tcase_add_test(tests, what_is_refused);
    tcase_add_test(tests, what_runs_for_ever);
}
XD_TESTS("exchange/box", add)
