"""Instants and durations, as the standard writes them."""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

_EXTENDED = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,18}))?)?"
    r"([Zz]|[+-]\d\d(?::?\d\d)?)?",
    re.ASCII,
)
_BASIC = re.compile(
    r"(\d{4})(\d\d)(\d\d)[Tt](\d\d)(\d\d)(?:(\d\d)(?:[.,](\d{1,18}))?)?"
    r"([Zz]|[+-]\d\d(?:\d\d)?)?",
    re.ASCII,
)
_RFC3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,18}))?([Zz]|[+-]\d\d:\d\d)",
    re.ASCII,
)
_MINUS_ZERO: Final = frozenset({"-00", "-0000", "-00:00"})

_NUMBER = r"\d{1,15}(?:[.,]\d{1,15})?"
_DURATION = re.compile(
    rf"P(?:{_NUMBER}W|(?=[\dT])(?:{_NUMBER}Y)?(?:{_NUMBER}M)?(?:{_NUMBER}D)?"
    rf"(?:T(?=\d)(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?)",
    re.ASCII,
)
_FRACTION_NOT_LAST = re.compile(r"[.,]\d+[A-Z]+.*\d", re.ASCII)
_SECONDS_BEYOND_HUNDREDTHS = re.compile(r"([.,]\d\d)\d+S$", re.ASCII)


def parse_instant(text: str, *, rfc3339: bool = False) -> datetime:
    """Return the instant a timestamp names, in UTC.

    A time without offset is read as UTC, which only ISO 8601 (1.0.3) allows. Digits beyond
    the microsecond are cut off; a leap second is the last microsecond of its minute.

    Args:
        text: an ISO 8601 date and time.
        rfc3339: take only what RFC 3339 allows, as xAPI 2.0 does.

    Raises:
        ValueError: with a sentence that says what is wrong.
    """
    if rfc3339:
        found = _RFC3339.fullmatch(text)
    else:
        found = _EXTENDED.fullmatch(text) or _BASIC.fullmatch(text)
    if found is None:
        raise ValueError(_why_not(text, rfc3339))
    year, month, day, hour, minute, second, fraction, offset = found.groups()
    seconds = int(second or 0)
    micros = int(((fraction or "") + "000000")[:6])
    if seconds == 60:
        seconds, micros = 59, 999_999
    try:
        local = datetime(
            int(year), int(month), int(day), int(hour), int(minute), seconds, micros, _zone(offset)
        )
        return local.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"There is no such date and time: {error}.") from error


def _zone(offset: str | None) -> timezone:
    if offset is None or offset in "Zz" or offset in ("+00:00", "+0000", "+00"):
        return UTC
    if offset in _MINUS_ZERO:
        raise ValueError("write an offset of zero as Z or +00:00, never with a minus sign")
    digits = offset[1:].replace(":", "")
    minutes = int(digits[2:] or 0)
    if minutes > 59:
        raise ValueError("an offset has at most 59 minutes")
    span = timedelta(hours=int(digits[:2]), minutes=minutes)
    return timezone(-span if offset[0] == "-" else span)


def _why_not(text: str, rfc3339: bool) -> str:
    if " " in text:
        return "Write T between date and time, and + as %2B in an address."
    if rfc3339:
        return "Write the time as RFC 3339 does, with its offset: 2026-11-22T09:30:00.000Z."
    return "Write the time as ISO 8601 does: 2026-11-22T09:30:00.000Z."


def format_instant(instant: datetime) -> str:
    """Return an instant as we write it: UTC, ``Z``, microseconds only where there are any."""
    text = (
        instant.astimezone(UTC)
        .replace(tzinfo=None)
        .isoformat(timespec="microseconds" if instant.microsecond % 1000 else "milliseconds")
    )
    return text + "Z"


def is_duration(text: str) -> bool:
    """Return whether the text is a duration of ISO 8601:2004 4.4.3.2."""
    if len(text) > 200 or _DURATION.fullmatch(text) is None:
        return False
    return _FRACTION_NOT_LAST.search(text) is None


def comparable_duration(text: str) -> str:
    """Return a duration without what is finer than 0.01 seconds, which comparisons ignore."""
    return _SECONDS_BEYOND_HUNDREDTHS.sub(r"\1S", text)
