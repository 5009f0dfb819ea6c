"""Days since 1970 for the few forms that queries of the tests use. Python's calendar has no year
before 1, so days are counted here by themselves (proleptic Gregorian, astronomical years)."""
import re

OPEN_START, OPEN_END = float("-inf"), float("inf")
MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]


def leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_days(year, month):
    return MONTHS[month - 1] + (month == 2 and leap(year))


def day_of(year, month, day):
    before = year - 1
    days = before * 365 + before // 4 - before // 100 + before // 400
    return days + sum(month_days(year, m) for m in range(1, month)) + day - 1 - 719162


def year_of(day):
    year = 1970 + int(day // 365.2425)
    while day_of(year, 1, 1) > day:
        year -= 1
    while day_of(year + 1, 1, 1) <= day:
        year += 1
    return year


def span(text):
    """1953, 1953-07, 1953-07-02, with a sign before; a moment is its day. (first, last)"""
    found = re.fullmatch(r"(-?\d{4})(?:-(\d\d)(?:-(\d\d)(?:T.*)?)?)?", text.strip())
    if not found:
        raise ValueError(f"the oracle knows no date {text!r}")
    year, month, day = int(found[1]), int(found[2] or 0), int(found[3] or 0)
    if day:
        return day_of(year, month, day), day_of(year, month, day)
    if month:
        return day_of(year, month, 1), day_of(year, month, month_days(year, month))
    return day_of(year, 1, 1), day_of(year, 12, 31)


def interval(text):
    """a/b with .. or nothing for an open end, or one date."""
    if "/" not in text:
        return span(text)
    start, end = text.split("/")
    return (OPEN_START if start in ("", "..") else span(start)[0], OPEN_END if end in ("", "..") else span(end)[1])


def of_body(value):
    """A period of a body: (first, last) day, open ends infinite."""
    return (span(value["from"])[0] if "from" in value else OPEN_START,
            span(value["to"])[1] if "to" in value else OPEN_END)
