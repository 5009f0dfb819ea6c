/* exchange/cell_in.h — what cell.c (numbering, cleaning) and cell_tell.c (words) share. */
#ifndef XD_EXCHANGE_CELL_IN_H
#define XD_EXCHANGE_CELL_IN_H

#include "exchange/cell.h"

uint32_t xd_peek(xd_str s, size_t at);    /* the character there; 0 at the end */
size_t xd_step_over(xd_str s, size_t at); /* behind it */
bool xd_is_blank(uint32_t cp);
int xd_digit_of(uint32_t cp); /* full width too; -1: none */
bool xd_is_one_of(uint32_t cp, const char *set);
xd_str xd_trim_cell(xd_str s);
/* Digits, or 一 to 九十九, at *at, which moves behind them; false: none that count anything. */
bool xd_take_digits(xd_str s, size_t *at, int64_t *ret_value);
bool xd_take_han(xd_str s, size_t *at, int64_t *ret_value);

#endif
