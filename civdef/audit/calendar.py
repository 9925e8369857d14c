"""Months and working days, counted from dates of the workspace and never from a clock."""

from __future__ import annotations

import calendar
import datetime as dt


def months_before(day: dt.date, months: int) -> dt.date:
    """Return the same day `months` earlier, or the last day of that month. 31 May less 3 months is 28 February."""
    return months_after(day, -months)


def months_after(day: dt.date, months: int) -> dt.date:
    """Return the same day `months` later, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def working_days(start: dt.date, end: dt.date) -> int:
    """Return the days from Monday to Friday after `start` up to and including `end`; 0 if `end` is not later.

    Public holidays are not known here and are counted as working days; findings say so.
    """
    if end <= start:
        return 0
    weeks, rest = divmod((end - start).days, 7)
    first = start.weekday()
    return weeks * 5 + sum((first + 1 + i) % 7 < 5 for i in range(rest))
