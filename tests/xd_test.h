/* tests/xd_test.h — Check, with what every test of ours needs.
 *
 * A test file has tests (START_TEST … END_TEST), then XD_TESTS("room/file", add), where add()
 * fills a case. Each test runs in a fork with a timeout; CK_RUN_CASE picks one by name. */
#ifndef XD_TEST_H
#define XD_TEST_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/ctx.h"

/* A call that must succeed: its error is the failure's text. */
#define XD_OK_CALL(cx, call)                                                                      \
    do {                                                                                          \
        if (!(call)) {                                                                            \
            ck_abort_msg("%s: " XD_FMT, #call, XD_ARG((cx)->err.message));                        \
        }                                                                                         \
    } while (0)
#define XD_STR_IS(slice, expected)                                                                \
    do {                                                                                          \
        xd_str got_ = (slice);                                                                    \
        const char *want_ = (expected);                                                           \
        ck_assert_msg(xd_str_eq(got_, xd_str_of(want_)), "%s is \"" XD_FMT "\", wanted \"%s\"",   \
                      #slice, XD_ARG(got_), want_);                                               \
    } while (0)

#define XD_TESTS(name, add)                                                                       \
    int main(void)                                                                                \
    {                                                                                             \
        Suite *suite = suite_create(name);                                                        \
        TCase *tests = tcase_create(name);                                                        \
        tcase_set_timeout(tests, 60);                                                             \
        add(tests);                                                                               \
        suite_add_tcase(suite, tests);                                                            \
        SRunner *runner = srunner_create(suite);                                                  \
        srunner_run_all(runner, CK_NORMAL);                                                       \
        int failed = srunner_ntests_failed(runner);                                               \
        int run = srunner_ntests_run(runner);                                                     \
        printf("%d passed, %d failed\n", run - failed, failed);                                   \
        srunner_free(runner);                                                                     \
        return failed == 0 && run > 0 ? 0 : 1;                                                    \
    }

#endif
