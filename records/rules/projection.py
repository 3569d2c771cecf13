"""From a statement and its mappings to an entry and evidence."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

KIND_OF_VERB: Mapping[str, str] = {
    "http://adlnet.gov/expapi/verbs/registered": "enrolled",
    "http://adlnet.gov/expapi/verbs/initialized": "started",
    "http://adlnet.gov/expapi/verbs/launched": "started",
    "http://adlnet.gov/expapi/verbs/attempted": "started",
    "http://activitystrea.ms/schema/1.0/start": "started",
    "http://adlnet.gov/expapi/verbs/progressed": "progressed",
    "http://adlnet.gov/expapi/verbs/completed": "completed",
    "http://activitystrea.ms/schema/1.0/complete": "completed",
    "https://w3id.org/xapi/adl/verbs/satisfied": "completed",
    "http://adlnet.gov/expapi/verbs/passed": "passed",
    "http://adlnet.gov/expapi/verbs/mastered": "passed",
    "http://adlnet.gov/expapi/verbs/failed": "failed",
    "http://adlnet.gov/expapi/verbs/answered": "answered",
    "http://adlnet.gov/expapi/verbs/experienced": "experienced",
    "http://adlnet.gov/expapi/verbs/commented": "took_part",
    "http://adlnet.gov/expapi/verbs/responded": "took_part",
    "http://adlnet.gov/expapi/verbs/attended": "took_part",
}

CLOCKS_DIFFER_BY = timedelta(minutes=5)
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)

SHOWS: Mapping[str, str] = {"completed": "completion", "passed": "assessment"}

LONGEST_SECONDS = 4_000_000_000

_DURATION = re.compile(
    r"^P(?:(?P<weeks>[\d.]+)W|(?:(?P<years>[\d.]+)Y)?(?:(?P<months>[\d.]+)M)?(?:(?P<days>[\d.]+)D)?"
    r"(?:T(?:(?P<hours>[\d.]+)H)?(?:(?P<minutes>[\d.]+)M)?(?:(?P<seconds>[\d.]+)S)?)?)$"
)
_SECONDS = {
    "weeks": 604_800,
    "years": 31_557_600,
    "months": 2_629_800,
    "days": 86_400,
    "hours": 3_600,
    "minutes": 60,
    "seconds": 1,
}


@dataclass(frozen=True)
class Reading:
    """What a statement says of its actor, as far as a learning record needs it."""

    kind: str
    verb_iri: str
    activity_iri: str
    activity_name: Mapping[str, str] = field(default_factory=dict)
    score_scaled: float | None = None
    is_success: bool | None = None
    duration_seconds: float | None = None
    language: str = ""

    @property
    def shows(self) -> str | None:
        """The kind of evidence it can be, if any. What was failed shows nothing."""
        return what_it_shows(kind=self.kind, is_success=self.is_success)


def what_it_shows(*, kind: str, is_success: bool | None) -> str | None:
    """Return the kind of evidence that something done can be, if any. What was failed shows none."""
    return None if is_success is False else SHOWS.get(kind)


def when_it_counts(*, said: datetime, stored: datetime) -> datetime:
    """Return when something counts as done: when it is said to have been, where that can be.

    A clock that runs ahead, or one that was never set, does not decide how long something holds:
    what is said to be later than its storing, or before 1900, counts from its storing.
    """
    return said if EARLIEST <= said <= stored + CLOCKS_DIFFER_BY else stored


@dataclass(frozen=True)
class MappingFact:
    """A mapping, as far as the rule needs it."""

    id: int
    competency_id: int
    starts_at: datetime
    ends_at: datetime | None
    counts_past: bool


def reading_of(statement: Mapping[str, Any]) -> Reading | None:
    """Return what a valid statement says; None when it is not about an activity, or voids."""
    target = statement["object"]
    if target.get("objectType", "Activity") != "Activity":
        return None
    result = statement.get("result") or {}
    score = result.get("score") or {}
    scaled = score.get("scaled")
    definition = target.get("definition") or {}
    return Reading(
        kind=KIND_OF_VERB.get(statement["verb"]["id"], "other"),
        verb_iri=statement["verb"]["id"],
        activity_iri=target["id"],
        activity_name={
            language: name.replace("\x00", "")
            for language, name in (definition.get("name") or {}).items()
        },
        score_scaled=None if scaled is None else float(scaled),
        is_success=result.get("success"),
        duration_seconds=seconds_of(result["duration"]) if "duration" in result else None,
        language=(statement.get("context") or {}).get("language", ""),
    )


def seconds_of(duration: str) -> float | None:
    """Return an ISO 8601 duration in seconds; a year and a month are taken as their mean.

    None for what is no duration, or longer than anyone lives.
    """
    match = _DURATION.match(duration)
    if match is None:
        return None
    seconds = sum(float(match[unit]) * size for unit, size in _SECONDS.items() if match[unit])
    return seconds if seconds <= LONGEST_SECONDS else None


def mappings_that_count(
    *, mappings: Sequence[MappingFact], occurred_at: datetime
) -> dict[int, MappingFact]:
    """Return, by competency, the mapping under which something done then counts.

    A mapping counts from its start until its end, and for what came before its start only where
    the educator said so. Of two that count, the newer.
    """
    chosen: dict[int, MappingFact] = {}
    for one in sorted(mappings, key=lambda mapping: (mapping.starts_at, mapping.id)):
        has_started = one.counts_past or one.starts_at <= occurred_at
        has_ended = one.ends_at is not None and one.ends_at <= occurred_at
        if has_started and not has_ended:
            chosen[one.competency_id] = one
    return chosen
