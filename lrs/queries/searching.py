# ruff: noqa: S608 - made of constants; every value is a parameter
"""The SQL of a list of statements.

Written by hand rather than through the ORM: each way a statement can match is a branch that walks
one index in the order of the page, and the branches are merged. The time of a page then depends on
its length and not on the size of the log.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection

from lrs.queries.narrowing import narrowed
from lrs.rules.facts import RELATED_ACTIVITY, RELATED_AGENT
from lrs.rules.identity import ACTIVITY, REGISTRATION, VERB, key_of, keys_of_agent
from lrs.rules.limits import Limits
from lrs.rules.paging import Position

Sql = tuple[str, list[Any]]
"""A piece of SQL and its parameters."""

Row = tuple[datetime, int, str]
"""When a statement was stored, its number and its text."""

_NOT_VOID: Final[Sql] = (
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
    within: tuple[tuple[Limits, ...], ...] = ()
    """Only what one of each of these covers. The SQL narrows; whoever reads the page decides."""


@dataclass(frozen=True, slots=True)
class Search:
    """One page of one search: what is asked of each statement, and the indexes that are walked."""

    tenant_id: int
    filters: Filters
    limit: int
    ascending: bool
    after: Position | None

    @property
    def order(self) -> str:
        """The direction in which the log is walked."""
        return "ASC" if self.ascending else "DESC"

    def sql(self) -> Sql:
        """Return SQL for (stored, seq, payload) of the page's statements and one more.

        Those that match only through what they refer to are left to `lrs.queries.referring`.
        """
        end = f" ORDER BY 1 {self.order}, 2 {self.order} LIMIT {int(self.limit) + 1}"
        branches: list[str] = []
        parameters: list[Any] = []
        for text, values in self._branches():
            branches.append(f"SELECT * FROM ({text}{end}) b{len(branches)}")
            parameters.extend(values)
        text = (
            f"SELECT s.stored, s.seq, s.payload FROM ({' UNION '.join(branches)}{end}) f"
            " JOIN lrs_statement s ON s.seq = f.seq AND s.stored = f.stored"
            f" ORDER BY f.stored {self.order}, f.seq {self.order}"
        )
        return text, parameters

    def _branches(self) -> Iterator[Sql]:
        conditions = self.conditions()
        columns, keys = self._driver()
        others = conditions[1:] if columns else conditions
        for name, key in columns:
            yield _select("", [(f"s.{name} = %s", [key]), *others, *self.base("s")])
        for key in keys:
            where = [_joined_key(self.tenant_id, key), *others, *self.base("k")]
            yield _select("lrs_statementkey k CROSS JOIN ", where, walked="k")
        if not columns:
            yield _select("", [*others, *self.base("s")])

    def base(self, walked: str) -> list[Sql]:
        """What every statement of the list must meet; times as the table has them that is walked."""
        found: list[Sql] = [("s.tenant_id = %s", [self.tenant_id]), _NOT_VOID]
        if self.filters.authority_key is not None:
            found.append(("s.authority_key = %s", [self.filters.authority_key]))
        for alternatives in self.filters.within:
            found.extend(narrowed(alternatives))
        return [*found, *self.times(walked)]

    def times(self, walked: str) -> list[Sql]:
        """What the page and the filters ask of when a row was stored."""
        found: list[Sql] = []
        filters = self.filters
        if filters.since is not None:
            found.append((f"{walked}.stored > %s", [moment(filters.since)]))
        if filters.until is not None:
            found.append((f"{walked}.stored <= %s", [moment(filters.until)]))
        if self.after is not None:
            sign = ">" if self.ascending else "<"
            values = [moment(self.after.stored), self.after.seq]
            found.append((f"({walked}.stored, {walked}.seq) {sign} (%s, %s)", values))
        return found

    def conditions(self) -> list[Sql]:
        """What each filter asks of a statement, the driver's own first."""
        filters = self.filters
        found = []
        if filters.agent is not None:
            found.append(_any_of(self._agent_columns(), self._agent_keys()))
        if filters.activity is not None:
            found.append(_any_of(self._activity_columns(), self._activity_keys()))
        if filters.registration is not None:
            key = key_of(REGISTRATION, filters.registration.lower())
            found.append(("s.registration_key = %s", [key]))
        if filters.verb is not None:
            found.append(("s.verb_key = %s", [key_of(VERB, filters.verb)]))
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

    def walks(self, number: int) -> list[Sql]:
        """Return SQL for the uuids of statements that meet one condition, an index each."""
        columns, keys = self._walked()[number]
        own: Sql = ("s.tenant_id = %s", [self.tenant_id])
        found = [
            _select("", [own, (f"s.{name} = %s", [key])], what="s.uuid") for name, key in columns
        ]
        for key in keys:
            where = [_joined_key(self.tenant_id, key)]
            found.append(_select("lrs_statementkey k CROSS JOIN ", where, what="s.uuid"))
        return found

    def _walked(self) -> list[tuple[list[tuple[str, int]], list[int]]]:
        """The columns and keys by which each of ``conditions`` is found, in that order."""
        filters = self.filters
        found: list[tuple[list[tuple[str, int]], list[int]]] = []
        if filters.agent is not None:
            found.append((self._agent_columns(), self._agent_keys()))
        if filters.activity is not None:
            found.append((self._activity_columns(), self._activity_keys()))
        if filters.registration is not None:
            key = key_of(REGISTRATION, filters.registration.lower())
            found.append(([("registration_key", key)], []))
        if filters.verb is not None:
            found.append(([("verb_key", key_of(VERB, filters.verb))], []))
        return found


def _joined_key(tenant_id: int, key: int) -> Sql:
    text = "k.tenant_id = %s AND k.key = %s AND s.seq = k.seq AND s.stored = k.stored"
    return text, [tenant_id, key]


def _select(first: str, where: Sequence[Sql], *, walked: str = "s", what: str = "") -> Sql:
    """Return a branch.

    It begins with the table to walk: SQLite, which has no statistics here, goes through a CROSS
    JOIN in the order it is written.
    """
    conditions = " AND ".join(text for text, _ in where)
    parameters = [value for _, values in where for value in values]
    shown = what or f"{walked}.stored, {walked}.seq"
    return f"SELECT {shown} FROM {first}lrs_statement s WHERE {conditions}", parameters


def _any_of(columns: Sequence[tuple[str, int]], keys: Sequence[int]) -> Sql:
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


def moment(instant: datetime) -> Any:
    """Return a time as the database takes it."""
    return connection.ops.adapt_datetimefield_value(instant)
