"""Putting right what is nearly right in CASE files."""

import re
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from competencies.rules.case_fields import (
    ASSOCIATION_TYPES,
    FIELDS,
    IDENTIFIERS,
    INSIDE_A_PACKAGE,
    KEPT,
    LARGEST_INTEGER,
    REQUIRED_TEXTS,
)


class NotThisType(ValueError):
    """The value cannot be read as the type; the caller keeps it aside."""


@dataclass
class Repairs:
    """What was put right, counted by kind, each with the first place it was seen."""

    counts: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)

    def note(self, where: str, what: str) -> None:
        self.counts[what] += 1
        self.first.setdefault(what, where)

    def sentences(self) -> tuple[str, ...]:
        return tuple(
            f"{what} ({self.first[what]})"
            if times == 1
            else f"{what} ({times} times, first in {self.first[what]})"
            for what, times in self.counts.items()
        )


def clean(kind: str, said: Mapping[str, Any], where: str, repairs: Repairs) -> dict[str, Any]:
    """Return the object as the schema wants it: known keys, right types, no nulls.

    What is not of CASE goes under ``extensions`` in `KEPT`; nothing is dropped but nulls. A missing
    identifier, address or date stays missing: the caller knows what they follow from.
    """
    fields = FIELDS[kind]
    cleaned: dict[str, Any] = {}
    aside: dict[str, Any] = {}
    for key, value in said.items():
        if value is None:
            repairs.note(where, f"{kind}: empty “{key}” (null) left out")
        elif key in INSIDE_A_PACKAGE:
            repairs.note(where, f"{kind}: “{key}” left out, since the package says it")
        elif key not in fields:
            aside[key] = value
            repairs.note(where, f"{kind}: “{key}” is not a field of CASE; kept as an extension")
        else:
            try:
                cleaned[key] = _read(fields[key], value, f"{kind}: “{key}”", where, repairs)
            except NotThisType as error:
                aside[key] = value
                repairs.note(where, f"{kind}: “{key}” {error}; kept as an extension")
    for key in REQUIRED_TEXTS.get(kind, ()):
        if key not in cleaned:
            cleaned[key] = ""
            repairs.note(where, f"{kind}: “{key}” was missing; left empty")
    if aside:
        _keep(fields.get("extensions", ""), cleaned, aside, where, repairs)
    return cleaned


def _keep(
    way: str, cleaned: dict[str, Any], aside: dict[str, Any], where: str, repairs: Repairs
) -> None:
    """Put what is not of CASE where the object may carry it; links may carry nothing."""
    if way == "object":
        cleaned["extensions"] = {**cleaned.get("extensions", {}), KEPT: aside}
    elif way == "object[]":
        cleaned["extensions"] = [*cleaned.get("extensions", []), {KEPT: aside}]
    else:
        repairs.lost.extend(f"{where}: {key} = {value!r:.200}" for key, value in aside.items())


def as_identifier(value: str) -> str:
    """Return a UUID in the form CASE wants; one made from ``value`` when it is none."""
    try:
        return str(uuid.UUID(value.strip().removeprefix("urn:uuid:")))
    except ValueError:
        return str(uuid.uuid5(IDENTIFIERS, value.strip()))


def as_instant(value: str) -> datetime:
    """Return the instant that an ISO 8601 text names; one without a zone is taken as UTC."""
    found = datetime.fromisoformat(value.strip())
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def association_type(value: str) -> str | None:
    """Return the CASE word for a type of association, or None when it is an unknown one."""
    if value in ASSOCIATION_TYPES or re.fullmatch(r"ext:[A-Za-z0-9._-]+", value):
        return value
    plain = re.sub(r"[^a-z]", "", value.lower())
    return next((word for word in ASSOCIATION_TYPES if word.lower() == plain), None)


def _read(kind: str, value: Any, what: str, where: str, repairs: Repairs) -> Any:
    if kind.endswith("[]"):
        if isinstance(value, Mapping):
            repairs.note(where, f"{what} was one object, read as a list of one")
            value = [value]
        if not isinstance(value, list):
            raise NotThisType("is not a list")
        if kind == "object[]":
            return [one for one in value if isinstance(one, Mapping)]
        return [
            _read(kind[:-2], one, what, f"{where}[{n}]", repairs)
            for n, one in enumerate(value)
            if one is not None
        ]
    if kind in FIELDS:
        if not isinstance(value, Mapping):
            raise NotThisType("is not an object")
        return _whole(kind, value, what, where, repairs)
    return _READERS[kind](value, what, where, repairs)


def _whole(
    kind: str, value: Mapping[str, Any], what: str, where: str, repairs: Repairs
) -> dict[str, Any]:
    found = clean(kind, value, where, repairs)
    if kind in {"LinkURI", "LinkGenURI"}:
        if not found.get("identifier") and not found.get("uri"):
            raise NotThisType("names nothing, neither by identifier nor by address")
        for key in ("title", "uri"):
            if key not in found:
                found[key] = ""
                repairs.note(where, f"{what} had no {key}; left empty")
        if "identifier" not in found:
            found["identifier"] = as_identifier(found["uri"])
            repairs.note(where, f"{what} had no identifier; made from its address")
    return found


def _text(value: Any, what: str, where: str, repairs: Repairs) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        repairs.note(where, f"{what} was a number, read as text")
        return str(value)
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        repairs.note(where, f"{what} was a list, joined with commas")
        return ", ".join(value)
    raise NotThisType("is not text")


def _texts(value: Any, what: str, where: str, repairs: Repairs) -> list[str]:
    if isinstance(value, str):
        repairs.note(where, f"{what} was one text, read as a list")
        return [part.strip() for part in value.split(",") if part.strip()]
    if not isinstance(value, list):
        raise NotThisType("is not a list of texts")
    return [_text(one, what, where, repairs) for one in value if one is not None]


def _uuid(value: Any, what: str, where: str, repairs: Repairs) -> str:
    text = _text(value, what, where, repairs)
    found = as_identifier(text)
    if found != text:
        repairs.note(where, f"{what} was not a UUID as CASE writes it; put right")
    return found


def _integer(value: Any, what: str, where: str, repairs: Repairs) -> int:
    if isinstance(value, bool):
        raise NotThisType("is not a whole number")
    if isinstance(value, str) and re.fullmatch(r"\s*[+-]?\d{1,10}\s*", value):
        repairs.note(where, f"{what} was text, read as a number")
        value = int(value)
    elif isinstance(value, float) and value.is_integer():
        repairs.note(where, f"{what} was a fraction, read as a whole number")
        value = int(value)
    if not isinstance(value, int) or abs(value) > LARGEST_INTEGER:
        raise NotThisType("is not a whole number")
    return value


def _number(value: Any, what: str, where: str, repairs: Repairs) -> float | int:
    if isinstance(value, str) and re.fullmatch(r"\s*[+-]?\d{1,15}(\.\d{1,15})?\s*", value):
        repairs.note(where, f"{what} was text, read as a number")
        return float(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    raise NotThisType("is not a number")


def _instant(value: Any, what: str, where: str, repairs: Repairs) -> str:
    if not isinstance(value, str):
        raise NotThisType("is not a date and time")
    if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", value):
        try:
            as_instant(value)
        except ValueError as error:
            raise NotThisType("is not a date and time") from error
        return value
    try:
        found = as_instant(value)
    except ValueError as error:
        raise NotThisType("is not a date and time") from error
    repairs.note(where, f"{what} was not written as CASE wants dates; put right")
    return found.isoformat()


def _day(value: Any, what: str, where: str, repairs: Repairs) -> str:
    if not isinstance(value, str):
        raise NotThisType("is not a date")
    try:
        found = date.fromisoformat(value.strip()[:10]).isoformat()
    except ValueError as error:
        raise NotThisType("is not a date") from error
    if found != value:
        repairs.note(where, f"{what} was not a plain date; put right")
    return found


def _object(value: Any, what: str, where: str, repairs: Repairs) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise NotThisType("is not an object")
    return dict(value)


_READERS: dict[str, Callable[[Any, str, str, Repairs], Any]] = {
    "text": _text,
    "texts": _texts,
    "uuid": _uuid,
    "integer": _integer,
    "number": _number,
    "instant": _instant,
    "day": _day,
    "object": _object,
}
