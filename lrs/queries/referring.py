# ruff: noqa: S608 - made of constants; every value is a parameter
"""Statements that match through what they refer to.

The standard has a statement about a statement match a condition that the other meets, and so on
from reference to reference. Few statements refer to others, so these are walked apart from the
page: newest first as far as the page reaches, or, where few statements meet a condition at all, up
from those.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from django.db import connection

from lrs.models.database import quick_cursor
from lrs.queries.searching import Row, Search, Sql, moment

AT_ONCE: Final = 500
"""References looked at together."""
FEW: Final = 1_000
"""So many statements meet a condition at most, where walking up from them is quick."""

_Place = tuple[datetime, int]


def edge(tenant_id: int) -> datetime | None:
    """Return now, by the clock that says when statements are stored; None without references."""
    is_postgres = connection.vendor == "postgresql"
    now = "clock_timestamp()" if is_postgres else "1"
    before = datetime.now(UTC)
    with quick_cursor() as cursor:
        cursor.execute(
            f"SELECT {now} WHERE EXISTS (SELECT 1 FROM lrs_reference WHERE tenant_id = %s)",
            [tenant_id],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    return row[0] if is_postgres else before


def referring(search: Search, *, page: Sequence[Row], until: datetime) -> list[Row]:
    """Return statements of a page that match only, or also, through references; in no order.

    Args:
        search: which page.
        page: what matches by itself, and one more if there is one.
        until: as `edge` said before that was read: what came in since belongs to a later look.
    """
    last = page[-1][:2] if len(page) > search.limit else None
    found: list[Row] = []
    for places in _candidates(search, last, until):
        found.extend(_matching(search, places))
        if len(found) > search.limit:
            break
    return found


def _candidates(search: Search, last: _Place | None, until: datetime) -> Iterator[list[_Place]]:
    """Yield references that may be on the page, nearest first.

    Where there are many, and some condition is met by few statements at all, only those count that
    are, or lead to, one of them.
    """
    places = _walk(search, last, until, None)
    if len(places) == AT_ONCE:
        for number in range(len(search.conditions())):
            uuids = _meeting(search, number)
            if uuids is not None:
                yield from _chunks(_above(search, uuids, last, until))
                return
    yield places
    while len(places) == AT_ONCE:
        places = _walk(search, last, until, places[-1])
        yield places


def _walk(
    search: Search, last: _Place | None, until: datetime, after: _Place | None
) -> list[_Place]:
    """Return the next references of the tenant in the order of the page."""
    where: list[Sql] = [("r.tenant_id = %s", [search.tenant_id]), *_times(search, last, until)]
    if after is not None:
        ahead = ">" if search.ascending else "<"
        where.append((f"(r.stored, r.seq) {ahead} (%s, %s)", [moment(after[0]), after[1]]))
    conditions, values = _all(where)
    order = f"ORDER BY r.stored {search.order}, r.seq {search.order} LIMIT {AT_ONCE}"
    return _rows(f"SELECT r.stored, r.seq FROM lrs_reference r WHERE {conditions} {order}", values)


def _times(search: Search, last: _Place | None, until: datetime) -> list[Sql]:
    """What the page asks of when a reference was stored: as far as it reaches, and until now."""
    found: list[Sql] = [("r.stored <= %s", [moment(until)]), *search.times("r")]
    if last is not None:
        behind = "<=" if search.ascending else ">="
        found.append((f"(r.stored, r.seq) {behind} (%s, %s)", [moment(last[0]), last[1]]))
    return found


def _meeting(search: Search, number: int) -> list[Any] | None:
    """Return the uuids of all statements that meet one condition; None if they are not few."""
    found: list[Any] = []
    with quick_cursor() as cursor:
        for text, values in search.walks(number):
            cursor.execute(f"{text} LIMIT {FEW + 1}", values)
            found.extend(row[0] for row in cursor.fetchall())
            if len(found) > FEW:
                return None
    return found


def _above(
    search: Search, uuids: Sequence[Any], last: _Place | None, until: datetime
) -> list[_Place]:
    """Return the references among these statements and what refers to them, in order."""
    if not uuids:
        return []
    source, values = _in("r.source", uuids, "uuid")
    target, _ = _in("r.target", uuids, "uuid")
    conditions, times = _all(_times(search, last, until))
    text = (
        "WITH RECURSIVE up(uuid) AS ("
        f"SELECT r.source FROM lrs_reference r WHERE r.tenant_id = %s AND {source}"
        f" UNION SELECT r.source FROM lrs_reference r WHERE r.tenant_id = %s AND {target}"
        " UNION SELECT r.source FROM up CROSS JOIN lrs_reference r"
        " WHERE r.tenant_id = %s AND r.target = up.uuid)"
        " SELECT r.stored, r.seq FROM up CROSS JOIN lrs_reference r"
        f" WHERE r.tenant_id = %s AND r.source = up.uuid AND {conditions}"
        f" ORDER BY r.stored {search.order}, r.seq {search.order}"
    )
    tenant = search.tenant_id
    return _rows(text, [tenant, *values, tenant, *values, tenant, tenant, *times])


def _matching(search: Search, places: Sequence[_Place]) -> list[Row]:
    """Return those of some references that match, each condition by themselves or further down."""
    if not places:
        return []
    seqs = [seq for _, seq in places]
    targets = _down(search, seqs)
    met = _met_further_down(targets, _met(search, set(targets.values())))
    conditions = search.conditions()
    among, values = _in("s.seq", seqs, "bigint")
    times = [moment(stored) for stored, _ in places]
    where, rest = _all(
        [
            (among, values),
            ("s.stored >= %s AND s.stored <= %s", [min(times), max(times)]),
            *search.base("s"),
        ]
    )
    asked = "".join(f", {text}" for text, _ in conditions)
    sought = [value for _, some in conditions for value in some]
    found = _rows(
        f"SELECT s.stored, s.seq, s.payload, s.uuid{asked} FROM lrs_statement s WHERE {where}",
        [*sought, *rest],
    )
    return [
        (stored, seq, payload)
        for stored, seq, payload, uuid, *own in found
        if all(is_met or number in met.get(uuid, ()) for number, is_met in enumerate(own))
    ]


def _down(search: Search, seqs: Sequence[int]) -> dict[Any, Any]:
    """Return what some references refer to, and what that refers to, and so on; each once.

    A statement refers to one other at most, so that this is no longer than there are references,
    however they hang together.
    """
    chosen, values = _in("r.seq", seqs, "bigint")
    rows = _rows(
        "WITH RECURSIVE down(source, target) AS ("
        f"SELECT r.source, r.target FROM lrs_reference r WHERE {chosen}"
        " UNION SELECT r.source, r.target FROM down d CROSS JOIN lrs_reference r"
        " WHERE r.tenant_id = %s AND r.source = d.target) SELECT source, target FROM down",
        [*values, search.tenant_id],
    )
    return dict(rows)


def _met_further_down(
    targets: Mapping[Any, Any], met: Mapping[Any, Sequence[bool]]
) -> dict[Any, frozenset[int]]:
    """Return which conditions, by number, are met by what each statement leads to.

    Args:
        targets: what each refers to.
        met: which conditions those meet by themselves.
    """
    found: dict[Any, frozenset[int]] = {}
    for start in targets:
        path: list[Any] = []
        seen: set[Any] = set()
        here = start
        while here in targets and here not in found and here not in seen:
            path.append(here)
            seen.add(here)
            here = targets[here]
        if here in seen:  # a circle: all of it leads to all of it
            circle = path[path.index(here) :]
            around = frozenset().union(*(_numbers(met, targets[one]) for one in circle))
            found.update(dict.fromkeys(circle, around))
            path = path[: -len(circle)]
        for one in reversed(path):
            target = targets[one]
            found[one] = found.get(target, frozenset()) | _numbers(met, target)
    return found


def _numbers(met: Mapping[Any, Sequence[bool]], uuid: Any) -> frozenset[int]:
    return frozenset(number for number, is_met in enumerate(met.get(uuid, ())) if is_met)


def _met(search: Search, uuids: Collection[Any]) -> dict[Any, list[bool]]:
    """Return which conditions each of these statements meets by itself, in their order."""
    conditions = search.conditions()
    found: dict[Any, list[bool]] = {}
    asked = ", ".join(text for text, _ in conditions)
    sought = [value for _, some in conditions for value in some]
    for part in _chunks(sorted(uuids)):
        among, values = _in("i.uuid", part, "uuid")
        rows = _rows(
            f"SELECT i.uuid, {asked} FROM lrs_statementid i"
            " CROSS JOIN lrs_statement s"
            f" WHERE i.tenant_id = %s AND {among} AND s.seq = i.seq AND s.stored = i.stored",
            [*sought, search.tenant_id, *values],
        )
        found.update({uuid: [bool(one) for one in own] for uuid, *own in rows})
    return found


def _rows(text: str, values: Sequence[Any]) -> list[Any]:
    with quick_cursor() as cursor:
        cursor.execute(text, values)
        return list(cursor.fetchall())


def _all(where: Sequence[Sql]) -> Sql:
    return " AND ".join(text for text, _ in where), [one for _, some in where for one in some]


def _in(column: str, values: Sequence[Any], kind: str) -> Sql:
    """Return a condition that a column has one of these values."""
    if connection.vendor == "postgresql":
        return f"{column} = ANY(%s::{kind}[])", [list(values)]
    return f"{column} IN ({', '.join(['%s'] * len(values))})", list(values)


def _chunks(found: Sequence[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(found), AT_ONCE):
        yield list(found[start : start + AT_ONCE])
