"""The query language of CASE collections: which records, in which order, with which fields."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_TERM = r"\s*([A-Za-z][A-Za-z0-9_.]*)\s*(!=|>=|<=|=|>|<|~)\s*'((?:[^']|'')*)'\s*"
_FILTER = re.compile(rf"{_TERM}(?:(?:\bAND\b|\bOR\b){_TERM})?")
_JOIN = re.compile(rf"{_TERM}(AND|OR)\b")


class WrongQuery(ValueError):
    """A parameter cannot be understood; ``parameter`` names it."""

    def __init__(self, parameter: str, message: str) -> None:
        self.parameter = parameter
        super().__init__(message)


@dataclass(frozen=True)
class Term:
    """One comparison, such as ``title ~ 'care'``."""

    field: str
    operator: str
    value: str

    def holds(self, record: Mapping[str, Any]) -> bool:
        """Whether it is so of the record; texts are compared without regard to case."""
        found = _values(record, self.field.split("."))
        if any(isinstance(one, list) for one in found):
            together = [str(part).casefold() for one in found for part in _as_list(one)]
            return self._holds_of_list(together)
        if self.operator == "!=":
            return all(_compare(one, "!=", self.value) for one in found)
        return any(_compare(one, self.operator, self.value) for one in found)

    def _holds_of_list(self, found: list[str]) -> bool:
        """``=`` wants every value named, ``~`` any of them."""
        wanted = [part.strip().casefold() for part in self.value.split(",")]
        if self.operator == "=":
            return sorted(found) == sorted(wanted)
        if self.operator == "!=":
            return sorted(found) != sorted(wanted)
        if self.operator == "~":
            return any(part in one for one in found for part in wanted)
        return any(_compare(one, self.operator, self.value) for one in found)


@dataclass(frozen=True)
class Filter:
    """One or two comparisons, joined by AND or OR."""

    terms: tuple[Term, ...]
    join: str = "AND"

    def holds(self, record: Mapping[str, Any]) -> bool:
        held = [term.holds(record) for term in self.terms]
        return all(held) if self.join == "AND" else any(held)


def read_filter(text: str) -> Filter:
    """Return the filter that a ``filter`` parameter says.

    Raises:
        WrongQuery: it does not follow the grammar.
    """
    found = _FILTER.fullmatch(text)
    if found is None:
        raise WrongQuery(
            "filter",
            "Write filter as field='value', with one of = != > >= < <= ~, and join at most two "
            "of these with AND or OR.",
        )
    parts = found.groups()
    terms = [_term(parts[:3])]
    if parts[3] is None:
        return Filter(tuple(terms))
    join = _JOIN.match(text)
    return Filter((terms[0], _term(parts[3:])), join.group(4) if join else "AND")


def _term(parts: Sequence[str]) -> Term:
    return Term(parts[0], parts[1], parts[2].replace("''", "'"))


def read_fields(text: str, *, known: Sequence[str]) -> list[str] | None:
    """Return the fields a ``fields`` parameter selects; None, all, when one of them is unknown.

    Raises:
        WrongQuery: a name is blank.
    """
    names = [name.strip() for name in text.split(",")]
    if not all(names):
        raise WrongQuery("fields", "Name the fields with commas between: fields=identifier,title")
    return names if set(names) <= set(known) else None


def whole_number(text: str | None, *, parameter: str, default: int, least: int) -> int:
    """Return a ``limit`` or ``offset``.

    Raises:
        WrongQuery: it is no whole number, or too small.
    """
    if text is None:
        return default
    if not re.fullmatch(r"\d{1,9}", text) or int(text) < least:
        raise WrongQuery(parameter, f"{parameter} must be a whole number from {least}.")
    return int(text)


def in_order(
    records: Sequence[Mapping[str, Any]], *, sort: str | None, order_by: str | None
) -> list[Mapping[str, Any]]:
    """Return the records by a field; an unknown field leaves them as they are.

    Raises:
        WrongQuery: ``sort`` is blank or ``order_by`` is neither asc nor desc.
    """
    if order_by not in {None, "asc", "desc"}:
        raise WrongQuery("orderBy", "orderBy must be asc or desc.")
    if sort is None:
        return list(reversed(records)) if order_by == "desc" else list(records)
    if not sort.strip():
        raise WrongQuery("sort", "Name the field to sort by: sort=title")
    if not any(sort in record for record in records):
        return list(records)
    return sorted(
        records,
        key=lambda record: str(record.get(sort, "")).casefold(),
        reverse=order_by == "desc",
    )


def _values(record: Any, path: Sequence[str]) -> list[Any]:
    if not path:
        return [record]
    if isinstance(record, list):
        return [found for one in record for found in _values(one, path)]
    if isinstance(record, Mapping) and path[0] in record:
        return _values(record[path[0]], path[1:])
    return []


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _compare(found: Any, operator: str, wanted: str) -> bool:
    if isinstance(found, (int, float)) and re.fullmatch(r"-?\d+(\.\d+)?", wanted):
        left: Any = found
        right: Any = float(wanted)
    else:
        left, right = str(found).casefold(), wanted.casefold()
    if operator == "~":
        return str(right) in str(left)
    answers: dict[str, bool] = {
        "=": left == right,
        "!=": left != right,
        ">": left > right,
        ">=": left >= right,
        "<": left < right,
        "<=": left <= right,
    }
    return answers[operator]
