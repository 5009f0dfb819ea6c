/* tests/exchange/sandbox_main.h — the main() of test programs that read files: it is also the
 * binary the helper re-executes. Reading helpers shared by them. */
#ifndef XD_TEST_SANDBOX_MAIN_H
#define XD_TEST_SANDBOX_MAIN_H

#include "exchange/source.h"
#include "xd_test.h"

#define XD_SANDBOX_TESTS(name, add)                                                            \
    static int run_suite(void)                                                                 \
    {                                                                                          \
        Suite *suite = suite_create(name);                                                     \
        TCase *tests = tcase_create(name);                                                     \
        tcase_set_timeout(tests, 120);                                                         \
        add(tests);                                                                            \
        suite_add_tcase(suite, tests);                                                         \
        SRunner *runner = srunner_create(suite);                                               \
        srunner_run_all(runner, CK_NORMAL);                                                    \
        int failed = srunner_ntests_failed(runner);                                            \
        int run = srunner_ntests_run(runner);                                                  \
        printf("%d passed, %d failed\n", run - failed, failed);                                \
        srunner_free(runner);                                                                  \
        return failed == 0 && run > 0 ? 0 : 1;                                                 \
    }                                                                                          \
    int main(int argc, char **argv)                                                            \
    {                                                                                          \
        int fd = -1;                                                                           \
        if (xd_worker_asked(argc, argv, &fd)) {                                                \
            return xd_worker_main(fd);                                                         \
        }                                                                                      \
        xd_ctx cx;                                                                             \
        xd_ctx_begin(&cx);                                                                     \
        if (!xd_worker_start(&cx, argv[0])) {                                                  \
            printf("0 passed, 1 failed\n");                                                    \
            return 1;                                                                          \
        }                                                                                      \
        int code = run_suite();                                                                \
        xd_worker_stop();                                                                      \
        xd_ctx_end(&cx);                                                                       \
        return code;                                                                           \
    }

#endif
