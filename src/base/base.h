/* base/base.h — words every room uses: results that must be looked at, sizes, lengths. */
#ifndef XD_BASE_BASE_H
#define XD_BASE_BASE_H

#include <assert.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define XD_MUST __attribute__((warn_unused_result))
#define XD_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))
#define XD_UNUSED __attribute__((unused))
#define XD_LEN(array) (sizeof(array) / sizeof((array)[0]))

#endif
