# ruff: noqa: S608 - made of constants; every value is a parameter
"""How many statements there are: by time, verb, activity, actor and more.

Counted from the keys in the indexes and not from the statements' texts. Void statements are few: everything is
counted, and then they are counted and taken off, which keeps the large part inside an index.
Filters ask the statement itself, and do not reach through references as those of lists do.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import connection

from lrs.models import Reference, Tenant
from lrs.rules.buckets import Step, bucket_of, is_whole_hours, months_between
from lrs.rules.facts import RELATED_ACTIVITY
from lrs.rules.identity import ACTIVITY, REGISTRATION, VERB, key_of, keys_of_agent

COLUMNS: Final = {
    "verb": "s.verb_key",
    "activity": "s.object_key",
    "actor": "s.actor_key",
    "registration": "s.registration_key",
}
_HOUR: Final = {
    "postgresql": "date_trunc('hour', s.{0} AT TIME ZONE 'UTC')",
    "sqlite": "substr(s.{0}, 1, 13)",
}
_QUARTER: Final = {
    "postgresql": "date_bin('15 minutes', s.{0} AT TIME ZONE 'UTC', TIMESTAMP '2000-01-01')",
    "sqlite": "substr(s.{0}, 1, 14) || printf('%%02d', CAST(substr(s.{0}, 15, 2) AS INTEGER) / 15 * 15)",
}

_Sql = tuple[str, list[Any]]


@dataclass(frozen=True, slots=True)
class CountFilters:
    """What the counted statements have in common; None means anything."""

    agent: str | None = None
    """An identifier."""
    verb: str | None = None
    activity: str | None = None
    registration: str | None = None
    group: str | None = None
    """An activity that they name in their context."""
    since: datetime | None = None
    """After this, by ``moment``."""
    until: datetime | None = None
    """At or before this."""
    moment: str = "stored"
    """``stored`` or ``timestamp``: which of a statement's times is meant."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One line of counts."""

    key: Any
    statements: int
    actors: int | None
    """How many different ones; None when it was not asked for."""


def count_all(*, tenant: Tenant, filters: CountFilters) -> int:
    """Return how many statements there are."""
    rows = _rows(tenant, filters, by="0")
    return rows[0].statements if rows else 0


def count_actors(*, tenant: Tenant, filters: CountFilters) -> int:
    """Return how many different actors there are."""
    rows = _rows(tenant, filters, by="0", with_actors=True)
    return (rows[0].actors or 0) if rows else 0


def count_by(
    *,
    tenant: Tenant,
    filters: CountFilters,
    column: str,
    with_actors: bool = False,
    limit: int,
    after: tuple[int, int] | None = None,
) -> list[Counted]:
    """Return counts by a column of keys, most first.

    Args:
        tenant: whose.
        filters: what is counted.
        column: a name of ``COLUMNS``, or ``group``: activities named in the context.
        with_actors: also how many different actors.
        limit: how many lines at most.
        after: statements and key of the last line of the page before.
    """
    by = "k.key" if column == "group" else COLUMNS[column]
    return _rows(tenant, filters, by=by, with_actors=with_actors, limit=limit, after=after)


def count_by_time(
    *,
    tenant: Tenant,
    filters: CountFilters,
    step: Step,
    zone: ZoneInfo,
    with_actors: bool = False,
) -> list[Counted]:
    """Return counts by hour, day, week or month of a place, oldest first; empty ones left out."""
    spans = _HOUR if is_whole_hours(zone) else _QUARTER
    by = spans[connection.vendor].format(filters.moment)
    counts: dict[datetime, int] = {}
    actors: dict[datetime, set[int]] = {}
    for moment, actor, many in _pairs(tenant, filters, by=by, with_actors=with_actors):
        begins = bucket_of(_moment_of(moment), step, zone)
        counts[begins] = counts.get(begins, 0) + many
        if with_actors and actor is not None:
            actors.setdefault(begins, set()).add(actor)
    return [
        Counted(begins, counts[begins], len(actors.get(begins, ())) if with_actors else None)
        for begins in sorted(counts)
    ]


def by_month(*, tenant: Tenant, filters: CountFilters, zone: ZoneInfo) -> list[tuple[date, int]]:
    """Return counts by month without gaps, at most the last 24 that have any."""
    found = {
        line.key.date(): line.statements
        for line in count_by_time(tenant=tenant, filters=filters, step=Step.MONTH, zone=zone)
    }
    if not found:
        return []
    return [(month, found.get(month, 0)) for month in months_between(min(found), max(found))][-24:]


def _moment_of(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC)
    text = value if len(value) > 13 else f"{value}:00"
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _conditions(tenant: Tenant, filters: CountFilters) -> Iterator[_Sql]:
    yield "s.tenant_id = %s", [tenant.pk]
    if filters.agent is not None:
        keys = keys_of_agent(filters.agent)
        yield f"s.actor_key IN ({', '.join(['%s'] * len(keys))})", list(keys)
    if filters.verb is not None:
        yield "s.verb_key = %s", [key_of(VERB, filters.verb)]
    if filters.activity is not None:
        yield "s.object_key = %s", [key_of(ACTIVITY, filters.activity)]
    if filters.registration is not None:
        yield "s.registration_key = %s", [key_of(REGISTRATION, filters.registration.lower())]
    if filters.group is not None:
        yield (
            "f.tenant_id = s.tenant_id AND f.key = %s AND f.stored = s.stored AND f.seq = s.seq",
            [key_of(RELATED_ACTIVITY, filters.group)],
        )
    for sign, moment in ((">", filters.since), ("<=", filters.until)):
        if moment is None:
            continue
        value = connection.ops.adapt_datetimefield_value(moment)
        yield f"s.{filters.moment} {sign} %s", [value]
        if filters.moment == "timestamp" and sign == ">":
            # what happened after a moment was stored after it, but for clocks that run fast
            early = connection.ops.adapt_datetimefield_value(moment - timedelta(days=1))
            yield "s.stored > %s", [early]


def _grouped(tenant: Tenant, filters: CountFilters, by: str, with_actors: bool) -> _Sql:
    """SQL for (g, actor, n); void statements, if there are any, as rows of their own that take off."""
    conditions = list(_conditions(tenant, filters))
    if by == "s.registration_key":
        conditions.append(("s.registration_key IS NOT NULL", []))
    if by in COLUMNS.values() and _is_narrowed(filters):
        by = f"+{by}"  # so that SQLite walks the index of the filter and not that of the group
    actor = "s.actor_key" if with_actors else "NULL"
    groups = "GROUP BY 1, 2" if with_actors else "GROUP BY 1"
    where = " AND ".join(text for text, _ in conditions)
    values = [value for _, parameters in conditions for value in parameters]
    tables = _tables(filters, by, with_actors)
    if tables.endswith(" k"):
        where = where.replace("s.", "k.")
    text = f"SELECT {by} AS g, {actor} AS a, count(*) AS n FROM {tables} WHERE {where} {groups}"
    if not _has_void(tenant):
        return text, values
    one = "k" if tables.endswith(" k") else "s"
    void = (
        f"({one}.seq, {one}.stored) IN (SELECT t.seq, t.stored FROM lrs_reference r"
        " JOIN lrs_statementid i ON i.tenant_id = r.tenant_id AND i.uuid = r.target"
        " JOIN lrs_statement t ON t.seq = i.seq AND t.stored = i.stored AND NOT t.is_voiding"
        " WHERE r.tenant_id = %s AND r.is_voiding)"
    )
    return (
        f"{text} UNION ALL SELECT {by}, {actor}, -count(*) FROM {tables}"
        f" WHERE {where} AND {void} {groups}",
        [*values, *values, tenant.pk],
    )


def _is_narrowed(filters: CountFilters) -> bool:
    asked = (filters.agent, filters.verb, filters.activity, filters.registration, filters.group)
    return any(one is not None for one in asked)


def _tables(filters: CountFilters, by: str, with_actors: bool) -> str:
    """The tables to walk, in their order."""
    if by != "k.key":
        walked = "lrs_statementkey f CROSS JOIN " if filters.group is not None else ""
        return f"{walked}lrs_statement s"
    if not _is_narrowed(filters) and not with_actors and filters.moment == "stored":
        return "lrs_statementkey k"
    walked = "lrs_statementkey f CROSS JOIN " if filters.group is not None else ""
    return (
        f"{walked}lrs_statement s JOIN lrs_statementkey k ON k.tenant_id = s.tenant_id"
        " AND k.stored = s.stored AND k.seq = s.seq"
    )


def _has_void(tenant: Tenant) -> bool:
    return Reference.objects.filter(tenant=tenant, is_voiding=True).exists()


def _rows(
    tenant: Tenant,
    filters: CountFilters,
    *,
    by: str,
    with_actors: bool = False,
    limit: int | None = None,
    after: tuple[int, int] | None = None,
) -> list[Counted]:
    inner, values = _grouped(tenant, filters, by, with_actors)
    if with_actors:
        pairs = f"SELECT g, a, sum(n) AS n FROM ({inner}) p GROUP BY g, a HAVING sum(n) > 0"
        text = f"SELECT g, sum(n) AS n, count(a) AS actors FROM ({pairs}) t GROUP BY g"
    else:
        text = f"SELECT g, sum(n) AS n, NULL AS actors FROM ({inner}) t GROUP BY g"
    text = f"SELECT g, n, actors FROM ({text}) c WHERE n > 0 AND g IS NOT NULL"
    if after is not None:
        text += " AND (n < %s OR (n = %s AND g > %s))"
        values = [*values, after[0], after[0], after[1]]
    text += " ORDER BY n DESC, g"
    if limit is not None:
        text += f" LIMIT {int(limit)}"
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return [Counted(key, int(many), actors) for key, many, actors in cursor.fetchall()]


def _pairs(
    tenant: Tenant, filters: CountFilters, *, by: str, with_actors: bool
) -> list[tuple[Any, int | None, int]]:
    inner, values = _grouped(tenant, filters, by, with_actors)
    text = f"SELECT g, a, sum(n) FROM ({inner}) t GROUP BY g, a HAVING sum(n) > 0"
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return [(moment, actor, int(many)) for moment, actor, many in cursor.fetchall()]
