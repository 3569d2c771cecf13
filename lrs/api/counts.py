"""GET /api/record-store/counts: how many statements, by time, verb, activity, actor and more."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

import orjson
from django.http import HttpRequest, HttpResponse
from ninja.errors import HttpError

from lrs.api.calls import read_parameters
from lrs.api.own import own_router, require
from lrs.enums import Scope
from lrs.models import Tenant
from lrs.queries import identifier_of
from lrs.queries.counting import Counted, CountFilters, count_by, count_by_time
from lrs.queries.naming import Named, names_for, types_of
from lrs.rules.buckets import Step, zone_named
from lrs.rules.formats import is_iri, is_uuid
from lrs.rules.paging import Position, read_token, write_token
from lrs.rules.parsing import parse_json
from lrs.rules.refusal import Refusal
from lrs.rules.times import parse_instant
from lrs.rules.validation import check_actor

router = own_router()

DEFAULT_LIMIT: Final = 100
MOST: Final = 1_000
LONGEST_UNINDEXED: Final = timedelta(days=92)
KEYS: Final = ("verb", "activity", "actor", "registration", "group")
BY: Final = (*(step.value for step in Step), *KEYS, "type")
NAMES: Final = {
    "by": f"What to count by: {', '.join(BY)}.",
    "agent": "Only what this agent did; JSON as in the standard.",
    "verb": "Only with this verb; an IRI.",
    "activity": "Only about this activity; an IRI.",
    "registration": "Only of this registration; a UUID.",
    "group": "Only those that name this activity in their context; an IRI.",
    "since": "Only after this; a timestamp.",
    "until": "Only at or before this; a timestamp.",
    "moment": "Which time is meant: stored (unless told) or timestamp.",
    "zone": "In which time zone hours, days, weeks and months begin, such as Europe/London; UTC unless told.",
    "actors": "true: also how many different actors.",
    "limit": f"How many lines, {DEFAULT_LIMIT} unless told, at most {MOST}.",
    "more": "Where to go on; from the answer before.",
}


@dataclass(frozen=True, slots=True)
class _Asked:
    by: str
    filters: CountFilters
    zone: str
    with_actors: bool
    limit: int
    place: tuple[int, int] | None


@router.get(
    "/counts",
    summary="Counts of statements by time, verb, activity, actor, type, group or registration",
    operation_id="record_store_counts",
    openapi_extra={
        "parameters": [
            {
                "name": name,
                "in": "query",
                "required": name == "by",
                "schema": {"type": "string", "title": name, "description": text},
            }
            for name, text in NAMES.items()
        ]
    },
)
def counts(request: HttpRequest) -> HttpResponse:
    """Answer how many statements there are in the store of the credential."""
    credential = require(request, Scope.STATEMENTS_READ, Scope.ALL_READ)
    try:
        parameters = read_parameters(request.META.get("QUERY_STRING", ""))
        asked = _asked(parameters)
    except Refusal as error:
        raise HttpError(400, error.message) from error
    lines, place = _counted(credential.tenant, asked)
    more = None
    if place is not None:
        kept = {name: value for name, value in parameters.items() if name != "more"}
        query = urlencode({**kept, "more": _write_place(place)})
        more = f"{request.path}?{query}"
    body = {"by": asked.by, "counts": lines, "more": more}
    return HttpResponse(
        orjson.dumps(body), content_type="application/json", headers={"Cache-Control": "no-cache"}
    )


def _refuse(name: str, message: str) -> Refusal:
    return Refusal(f"parameters.{name}", "parameters", f"{name}: {message}")


def _asked(parameters: Mapping[str, str]) -> _Asked:
    for name in parameters:
        if name not in NAMES:
            message = f"There is no such parameter; there are {', '.join(NAMES)}."
            raise _refuse(name[:80], message)
    by = parameters.get("by", "")
    if by not in BY:
        raise _refuse("by", f"Write one of {', '.join(BY)}.")
    moment = parameters.get("moment", "stored")
    if moment not in ("stored", "timestamp"):
        raise _refuse("moment", "Write stored or timestamp.")
    zone = parameters.get("zone", "UTC")
    try:
        zone_named(zone)
    except ValueError as error:
        raise _refuse("zone", str(error)) from error
    filters = CountFilters(
        agent=_agent(parameters),
        verb=_checked(parameters, "verb", is_iri, "Write an IRI."),
        activity=_checked(parameters, "activity", is_iri, "Write an IRI."),
        registration=_checked(parameters, "registration", is_uuid, "Write a UUID."),
        group=_checked(parameters, "group", is_iri, "Write the IRI of an activity."),
        since=_instant(parameters, "since"),
        until=_instant(parameters, "until"),
        moment=moment,
    )
    actors = parameters.get("actors", "false")
    if actors not in ("true", "false"):
        raise _refuse("actors", "Write true or false.")
    asked = _Asked(by, filters, zone, actors == "true", _limit(parameters), _place(parameters))
    _affordable(asked)
    return asked


def _affordable(asked: _Asked) -> None:
    """Refuse what no index answers over the whole of a large store."""
    filters = asked.filters
    narrow = (filters.agent, filters.activity, filters.registration)
    if any(one is not None for one in narrow):
        return
    if asked.with_actors or filters.moment == "timestamp":
        until = filters.until or datetime.now(UTC)
        if filters.since is None or until - filters.since > LONGEST_UNINDEXED:
            what = "actors=true" if asked.with_actors else "moment=timestamp"
            message = (
                f"With {what} send since, at most {LONGEST_UNINDEXED.days} days before until, or"
                " an agent, activity or registration."
            )
            raise _refuse("since", message)


def _checked(
    parameters: Mapping[str, str], name: str, is_right: Callable[[str], bool], message: str
) -> str | None:
    value = parameters.get(name)
    if value is not None and not is_right(value):
        raise _refuse(name, message)
    return value


def _agent(parameters: Mapping[str, str]) -> str | None:
    text = parameters.get("agent")
    if text is None:
        return None
    agent = parse_json(text.encode(), path="parameters.agent")
    check_actor(agent, "parameters.agent")
    identifier = identifier_of(agent)
    if identifier is None:
        raise _refuse("agent", "Send an agent or a group with an identifier.")
    return identifier


def _instant(parameters: Mapping[str, str], name: str) -> datetime | None:
    text = parameters.get(name)
    if text is None:
        return None
    try:
        return parse_instant(text)
    except ValueError as error:
        raise _refuse(name, str(error)) from error


def _limit(parameters: Mapping[str, str]) -> int:
    text = parameters.get("limit", str(DEFAULT_LIMIT))
    if not (text.isascii() and text.isdigit() and int(text[:9]) > 0 and len(text) < 10):
        raise _refuse("limit", f"Write a whole number from 1 to {MOST}.")
    return min(int(text), MOST)


def _write_place(place: tuple[int, int]) -> str:
    return write_token({"n": str(place[0])}, Position(datetime(2000, 1, 1, tzinfo=UTC), place[1]))


def _place(parameters: Mapping[str, str]) -> tuple[int, int] | None:
    token = parameters.get("more")
    if token is None:
        return None
    try:
        kept, position = read_token(token)
        return int(kept["n"]), position.seq
    except (ValueError, KeyError) as error:
        raise _refuse("more", "Send it as the answer before gave it.") from error


def _counted(tenant: Tenant, asked: _Asked) -> tuple[list[dict[str, Any]], tuple[int, int] | None]:
    if asked.by in KEYS:
        found = count_by(
            tenant=tenant,
            filters=asked.filters,
            column=asked.by,
            with_actors=asked.with_actors,
            limit=asked.limit + 1,
            after=asked.place,
        )
        page = found[: asked.limit]
        names = names_for(tenant=tenant, column=asked.by, keys=[line.key for line in page])
        lines = [
            {**_named(names[line.key]), **_numbers(line)} for line in page if line.key in names
        ]
        last = page[-1] if len(found) > asked.limit else None
        return lines, (last.statements, last.key) if last else None
    if asked.by == "type":
        lines = _by_type(tenant, asked)
    else:
        by_time = count_by_time(
            tenant=tenant,
            filters=asked.filters,
            step=Step(asked.by),
            zone=zone_named(asked.zone),
            with_actors=asked.with_actors,
        )
        lines = [{"from": line.key.isoformat(), **_numbers(line)} for line in by_time]
    start = asked.place[1] if asked.place else 0
    page_ = lines[start : start + asked.limit]
    end = start + asked.limit
    return page_, (0, end) if end < len(lines) else None


def _by_type(tenant: Tenant, asked: _Asked) -> list[dict[str, Any]]:
    if asked.with_actors:
        raise HttpError(400, "actors: Different actors are not counted by type; ask by activity.")
    found = count_by(tenant=tenant, filters=asked.filters, column="activity", limit=100_000)
    types = types_of(tenant=tenant)
    counts: dict[str, int] = {}
    for line in found:
        kind = types.get(line.key)
        if kind:
            counts[kind] = counts.get(kind, 0) + line.statements
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [{"id": kind, "statements": many} for kind, many in ordered]


def _numbers(line: Counted) -> dict[str, int]:
    numbers = {"statements": line.statements}
    return numbers if line.actors is None else {**numbers, "actors": line.actors}


def _named(named: Named) -> dict[str, Any]:
    return {"id": named.id, **({"name": named.name} if named.name else {})}
