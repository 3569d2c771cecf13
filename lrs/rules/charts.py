"""Counts as the lengths of bars."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

HEIGHT: Final = 60
"""Of the tallest column, in the units of the picture."""
_STEP: Final = 10
_WIDTH: Final = 8
_FEWEST: Final = 12
"""A picture leaves room for so many columns, so that two of them are not two walls."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of a table with a bar."""

    what: Any
    count: int
    href: str
    share: float
    """0–100, of the largest."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a picture, and its line in the table."""

    begins: date
    count: int
    x: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns side by side."""

    columns: list[Column]
    width: int
    most: int
    height: int = HEIGHT
    bar: int = _WIDTH


def shares_of(rows: Sequence[tuple[Any, int, str]]) -> list[Bar]:
    """Return counted things with the share of the largest."""
    most = max((count for _, count, _ in rows), default=0)
    return [
        Bar(what, count, href, round(100 * count / most, 1) if most else 0)
        for what, count, href in rows
    ]


def columns_of(rows: Sequence[tuple[date, int]]) -> Columns:
    """Return counts in time as columns; one that is not empty is at least a line high."""
    most = max((count for _, count in rows), default=0)
    columns = []
    for place, (begins, count) in enumerate(rows):
        height = max(1.5, round(HEIGHT * count / most, 1)) if count else 0
        columns.append(Column(begins, count, place * _STEP + 1, HEIGHT - height, height))
    return Columns(columns, max(len(rows), _FEWEST) * _STEP, most)
