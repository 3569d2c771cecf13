"""Keeping a partition of the log ready for what comes, and for what is taken in from long ago."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from lrs.models.partitions import (
    Quarter,
    is_partitioned,
    make_partition,
    missing_partitions,
    quarters_from,
    unsettled_quarters,
)

AHEAD: Final = 3
"""Quarters that have their partitions before they begin, this one included."""


def keep_partitions_ahead(*, at: datetime) -> list[str]:
    """Make the partitions of this quarter and the next, and of what the default one holds.

    Nothing is refused without them, so this may be late. Safe to repeat, and beside writers.

    Writes: tables, on PostgreSQL only; returns what was made, such as ``2026-4``.
    """
    if not is_partitioned():
        return []
    wanted = [*quarters_from(Quarter.of(at), AHEAD), *unsettled_quarters()]
    return _make(wanted)


def make_room(*, times: Iterable[datetime]) -> list[str]:
    """Make the partitions that statements of these times would lack.

    For whoever takes in many from long ago; call it outside a transaction. Safe to repeat.

    Writes: tables, on PostgreSQL only.
    """
    if not is_partitioned():
        return []
    return _make({Quarter.of(time) for time in times})


def _make(quarters: Iterable[Quarter]) -> list[str]:
    made = [quarter for quarter in missing_partitions(quarters) if make_partition(quarter)]
    return [f"{quarter.year}-{quarter.number}" for quarter in made]
