# ruff: noqa: S608 - made of constants; every value is a parameter
"""Statements that match through what they refer to.

The standard has a statement about a statement match a condition that the other meets, and so on
from reference to reference. Few statements refer to others, so these are walked apart from the
page: newest first as far as the page reaches, or, where few statements meet a condition at all, up
from those.
"""

from collections.abc import Iterator, Sequence
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
    """Yield references that may be on the page, nearest first."""
    places = _walk(search, last, until, None)
    yield places
    if len(places) < AT_ONCE:
        return
    if last is None:
        for number in range(len(search.conditions())):
            uuids = _meeting(search, number)
            if uuids is not None:
                seen = set(places)
                above = [one for one in _above(search, uuids, until) if one not in seen]
                yield from _chunks(above)
                return
    while len(places) == AT_ONCE:
        places = _walk(search, last, until, places[-1])
        yield places


def _walk(
    search: Search, last: _Place | None, until: datetime, after: _Place | None
) -> list[_Place]:
    """Return the next references of the tenant in the order of the page."""
    ahead, behind = (">", "<=") if search.ascending else ("<", ">=")
    where: list[Sql] = [
        ("r.tenant_id = %s", [search.tenant_id]),
        ("r.stored <= %s", [moment(until)]),
        *search.times("r"),
    ]
    if last is not None:
        where.append((f"(r.stored, r.seq) {behind} (%s, %s)", [moment(last[0]), last[1]]))
    if after is not None:
        where.append((f"(r.stored, r.seq) {ahead} (%s, %s)", [moment(after[0]), after[1]]))
    conditions, values = _all(where)
    order = f"ORDER BY r.stored {search.order}, r.seq {search.order} LIMIT {AT_ONCE}"
    return _places(
        f"SELECT r.stored, r.seq FROM lrs_reference r WHERE {conditions} {order}", values
    )


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


def _above(search: Search, uuids: Sequence[Any], until: datetime) -> list[_Place]:
    """Return the references among these statements and what refers to them, in order."""
    if not uuids:
        return []
    source, values = _in("r.source", uuids, "uuid")
    target, _ = _in("r.target", uuids, "uuid")
    conditions, times = _all([("r.stored <= %s", [moment(until)]), *search.times("r")])
    text = (
        "WITH RECURSIVE up(uuid) AS ("
        f"SELECT r.source FROM lrs_reference r WHERE r.tenant_id = %s AND ({source} OR {target})"
        " UNION SELECT r.source FROM up CROSS JOIN lrs_reference r"
        " WHERE r.tenant_id = %s AND r.target = up.uuid)"
        " SELECT r.stored, r.seq FROM up CROSS JOIN lrs_reference r"
        f" WHERE r.tenant_id = %s AND r.source = up.uuid AND {conditions}"
        f" ORDER BY r.stored {search.order}, r.seq {search.order}"
    )
    tenant = search.tenant_id
    return _places(text, [tenant, *values, *values, tenant, tenant, *times])


def _matching(search: Search, places: Sequence[_Place]) -> list[Row]:
    """Return those of some references that match, each condition by themselves or further down."""
    if not places:
        return []
    tenant = search.tenant_id
    chosen, seqs = _in("r.seq", [seq for _, seq in places], "bigint")
    parts = [
        f"down(top, uuid) AS (SELECT r.source, r.target FROM lrs_reference r WHERE {chosen}"
        " UNION SELECT d.top, r.target FROM down d CROSS JOIN lrs_reference r"
        " WHERE r.tenant_id = %s AND r.source = d.uuid)"
    ]
    values: list[Any] = [*seqs, tenant]
    met: list[Sql] = []
    for number, (text, sought) in enumerate(search.conditions()):
        parts.append(
            f"met{number}(top) AS (SELECT d.top FROM down d"
            " CROSS JOIN lrs_statementid i CROSS JOIN lrs_statement s"
            " WHERE i.tenant_id = %s AND i.uuid = d.uuid"
            f" AND s.seq = i.seq AND s.stored = i.stored AND {text})"
        )
        values.extend([tenant, *sought])
        met.append((f"({text} OR s.uuid IN (SELECT top FROM met{number}))", sought))
    times = [stored for stored, _ in places]
    among, _ = _in("s.seq", [seq for _, seq in places], "bigint")
    where, rest = _all(
        [
            (among, seqs),
            ("s.stored >= %s AND s.stored <= %s", [moment(min(times)), moment(max(times))]),
            *met,
            *search.base("s"),
        ]
    )
    order = f"ORDER BY s.stored {search.order}, s.seq {search.order} LIMIT {search.limit + 1}"
    with quick_cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE {', '.join(parts)}"
            f" SELECT s.stored, s.seq, s.payload FROM lrs_statement s WHERE {where} {order}",
            [*values, *rest],
        )
        return list(cursor.fetchall())


def _places(text: str, values: Sequence[Any]) -> list[_Place]:
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


def _chunks(places: Sequence[_Place]) -> Iterator[list[_Place]]:
    for start in range(0, len(places), AT_ONCE):
        yield list(places[start : start + AT_ONCE])
