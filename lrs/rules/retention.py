"""How long statements are kept: what a policy says, as plain values."""

import calendar
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Terms:
    """Which statements go, and when; empty conditions hold for all."""

    months: int
    is_by_timestamp: bool = False
    """Age is counted from when it happened, not from when it was stored."""
    verb: str = ""
    activity: str = ""
    actor: str = ""
    """An identifier."""
    registration: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the terms as they are kept."""
        return asdict(self)


def months_before(instant: datetime, months: int) -> datetime:
    """Return the same time of day so many months earlier, or the last day there was."""
    count = instant.year * 12 + instant.month - 1 - months
    year, month = max(count // 12, 1), count % 12 + 1
    return instant.replace(
        year=year, month=month, day=min(instant.day, calendar.monthrange(year, month)[1])
    )
