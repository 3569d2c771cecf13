# ruff: noqa: S608 - made of constants; every value is a parameter
"""The SQL of a list of statements.

Written by hand rather than through the ORM: each way a statement can match is a branch that walks
one index in the order of the page, and the branches are merged. The time of a page then depends on
its length and not on the size of the log.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from lrs.rules.facts import RELATED_ACTIVITY, RELATED_AGENT
from lrs.rules.identity import ACTIVITY, REGISTRATION, VERB, key_of, keys_of_agent
from lrs.rules.paging import Position

_Sql = tuple[str, list[Any]]

_NOT_VOID: _Sql = (
    "(s.is_voiding OR NOT EXISTS (SELECT 1 FROM lrs_reference v WHERE v.tenant_id = s.tenant_id"
    " AND v.target = s.uuid AND v.is_voiding))",
    [],
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the statements of a list have in common; None means anything."""

    agent: str | None = None
    """An identifier (`lrs.queries.identifier_of`)."""
    verb: str | None = None
    activity: str | None = None
    registration: str | None = None
    related_agents: bool = False
    related_activities: bool = False
    since: datetime | None = None
    """Stored after this."""
    until: datetime | None = None
    """Stored at or before this."""
    authority_key: int | None = None
    """Only what this agent vouched for."""


@dataclass(frozen=True, slots=True)
class Search:
    """One page of one search, as SQL for (stored, seq, payload) of its statements and one more."""

    tenant_id: int
    filters: Filters
    limit: int
    ascending: bool
    after: Position | None

    def sql(self) -> _Sql:
        """Return the statement and its parameters."""
        order = "ASC" if self.ascending else "DESC"
        tail = f" ORDER BY 1 {order}, 2 {order} LIMIT {int(self.limit) + 1}"
        branches: list[str] = []
        parameters: list[Any] = []
        for text, values in self._branches():
            branches.append(f"SELECT * FROM ({text}{tail}) b{len(branches)}")
            parameters.extend(values)
        union = " UNION ".join(branches)
        end = f" ORDER BY 1 {order}, 2 {order} LIMIT {int(self.limit) + 1}"
        prefix, first = self._chains()
        text = (
            f"{prefix}SELECT s.stored, s.seq, s.payload FROM ({union}{end}) f"
            " JOIN lrs_statement s ON s.seq = f.seq AND s.stored = f.stored"
            f" ORDER BY f.stored {order}, f.seq {order}"
        )
        return text, [*first, *parameters]

    def _branches(self) -> Iterator[_Sql]:
        conditions = self._conditions()
        columns, keys = self._driver()
        others = conditions[1:] if columns else conditions
        for name, key in columns:
            yield _select("", [(f"s.{name} = %s", [key]), *others, *self._base("s")])
        for key in keys:
            yield self._by_key(key, others)
        if not columns:
            yield _select("", [*others, *self._base("s")])
        if conditions:
            yield self._referring(conditions)

    def _base(self, walked: str) -> list[_Sql]:
        """What every statement of the list must meet; times as the table has them that is walked."""
        found: list[_Sql] = [("s.tenant_id = %s", [self.tenant_id]), _NOT_VOID]
        filters = self.filters
        if filters.since is not None:
            found.append((f"{walked}.stored > %s", [_moment(filters.since)]))
        if filters.until is not None:
            found.append((f"{walked}.stored <= %s", [_moment(filters.until)]))
        if filters.authority_key is not None:
            found.append(("s.authority_key = %s", [filters.authority_key]))
        if self.after is not None:
            sign = ">" if self.ascending else "<"
            values = [_moment(self.after.stored), self.after.seq]
            found.append((f"({walked}.stored, {walked}.seq) {sign} (%s, %s)", values))
        return found

    def _conditions(self) -> list[_Sql]:
        """What each filter asks of a statement, the driver's own first."""
        filters = self.filters
        found = []
        if filters.agent is not None:
            found.append(_any_of(self._agent_columns(), self._agent_keys()))
        if filters.activity is not None:
            found.append(_any_of(self._activity_columns(), self._activity_keys()))
        if filters.verb is not None:
            found.append(("s.verb_key = %s", [key_of(VERB, filters.verb)]))
        if filters.registration is not None:
            key = key_of(REGISTRATION, filters.registration.lower())
            found.append(("s.registration_key = %s", [key]))
        return found

    def _agent_columns(self) -> list[tuple[str, int]]:
        names = ["actor_key", "object_key"]
        if self.filters.related_agents:
            names.append("authority_key")
        return [(name, key) for key in keys_of_agent(self.filters.agent or "") for name in names]

    def _agent_keys(self) -> list[int]:
        identifier = self.filters.agent or ""
        keys = keys_of_agent(identifier)
        if self.filters.related_agents:
            keys = [*keys, *keys_of_agent(identifier, kind=RELATED_AGENT)]
        return keys

    def _activity_columns(self) -> list[tuple[str, int]]:
        return [("object_key", key_of(ACTIVITY, self.filters.activity or ""))]

    def _activity_keys(self) -> list[int]:
        if not self.filters.related_activities:
            return []
        return [key_of(RELATED_ACTIVITY, self.filters.activity or "")]

    def _driver(self) -> tuple[list[tuple[str, int]], list[int]]:
        """The columns and related keys whose indexes are walked; none: the time alone."""
        if self.filters.agent is not None:
            return self._agent_columns(), self._agent_keys()
        if self.filters.activity is not None:
            return self._activity_columns(), self._activity_keys()
        return [], []

    def _by_key(self, key: int, others: Sequence[_Sql]) -> _Sql:
        joined: _Sql = (
            "k.tenant_id = %s AND k.key = %s AND s.seq = k.seq AND s.stored = k.stored",
            [self.tenant_id, key],
        )
        where = [joined, *others, *self._base("k")]
        return _select("lrs_statementkey k CROSS JOIN ", where, walked="k")

    def _chains(self) -> _Sql:
        """For each condition, the statements that meet it through what they refer to.

        There are far fewer references than statements: SQLite, which has no statistics here, goes
        through a CROSS JOIN in the order it is written.
        """
        parts: list[str] = []
        parameters: list[Any] = []
        for number, (text, values) in enumerate(self._conditions()):
            parts.append(
                f"chain{number}(source) AS (SELECT r.source FROM lrs_reference r"
                " CROSS JOIN lrs_statementid i CROSS JOIN lrs_statement s"
                " WHERE i.tenant_id = r.tenant_id AND i.uuid = r.target"
                " AND s.seq = i.seq AND s.stored = i.stored"
                f" AND r.tenant_id = %s AND {text}"
                f" UNION SELECT r.source FROM lrs_reference r JOIN chain{number} c"
                " ON r.target = c.source WHERE r.tenant_id = %s)"
            )
            parameters.extend([self.tenant_id, *values, self.tenant_id])
        return (f"WITH RECURSIVE {', '.join(parts)} " if parts else ""), parameters

    def _referring(self, conditions: Sequence[_Sql]) -> _Sql:
        met = [
            (f"({text} OR s.uuid IN (SELECT source FROM chain{number}))", values)
            for number, (text, values) in enumerate(conditions)
        ]
        joined: _Sql = (
            "r.tenant_id = %s AND s.seq = r.seq AND s.stored = r.stored",
            [self.tenant_id],
        )
        return _select("lrs_reference r CROSS JOIN ", [joined, *met, *self._base("s")])


def _select(first: str, where: Sequence[_Sql], *, walked: str = "s") -> _Sql:
    conditions = " AND ".join(text for text, _ in where)
    parameters = [value for _, values in where for value in values]
    text = f"SELECT {walked}.stored, {walked}.seq FROM {first}lrs_statement s WHERE {conditions}"
    return text, parameters


def _any_of(columns: Sequence[tuple[str, int]], keys: Sequence[int]) -> _Sql:
    parts = [f"s.{name} = %s" for name, _ in columns]
    values = [key for _, key in columns]
    if keys:
        parts.append(
            "EXISTS (SELECT 1 FROM lrs_statementkey k WHERE k.tenant_id = s.tenant_id"
            f" AND k.key IN ({', '.join(['%s'] * len(keys))})"
            " AND k.stored = s.stored AND k.seq = s.seq)"
        )
        values.extend(keys)
    return f"({' OR '.join(parts)})", values


def _moment(instant: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(instant)
