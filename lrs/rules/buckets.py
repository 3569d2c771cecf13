"""Moments put into hours, days, weeks and months of a place."""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

_YEARS: Final = range(1970, 2100)


class Step(StrEnum):
    """How long a bucket is."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


def zone_named(name: str) -> ZoneInfo:
    """Return a time zone of the IANA list.

    Raises:
        ValueError: there is none of that name.
    """
    if name != "UTC" and name not in available_timezones():
        raise ValueError("Write a time zone as the IANA list has it, such as Europe/London.")
    return ZoneInfo(name)


@cache
def is_whole_hours(zone: ZoneInfo) -> bool:
    """Return whether the zone keeps whole hours from UTC in all the years statements may be of."""
    for year in _YEARS:
        for month in range(1, 13):
            offset = datetime(year, month, 1, tzinfo=UTC).astimezone(zone).utcoffset()
            if offset is not None and offset % timedelta(hours=1):
                return False
    return True


def bucket_of(moment: datetime, step: Step, zone: ZoneInfo) -> datetime:
    """Return when the bucket that holds a moment begins, in the zone; weeks begin on Monday."""
    local = moment.astimezone(zone)
    if step is Step.HOUR:
        return local.replace(minute=0, second=0, microsecond=0)
    day = local.date()
    if step is Step.WEEK:
        day -= timedelta(days=day.weekday())
    elif step is Step.MONTH:
        day = day.replace(day=1)
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def days_between(first: date, last: date) -> list[date]:
    """Return each day from the first to the last."""
    return [first + timedelta(days=more) for more in range((last - first).days + 1)]


def months_between(first: date, last: date) -> list[date]:
    """Return the first of each month from one day's to another's."""
    found, month = [], first.replace(day=1)
    while month <= last:
        found.append(month)
        month = (month + timedelta(days=32)).replace(day=1)
    return found
