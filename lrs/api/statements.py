"""The statement resource: PUT, POST, and GET of one or of a list."""

import secrets
import threading
from collections.abc import Collection, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID

import orjson
from django.http import HttpResponse
from django.utils.http import http_date

from lrs.api.calls import AuthorizedCall
from lrs.api.errors import NotFound
from lrs.api.resources import resource
from lrs.enums import Scope
from lrs.queries import (
    Filters,
    FoundStatement,
    attachment_contents,
    authority_of,
    definitions,
    identifier_of,
    key_of_identifier,
    statement,
    statements_matching,
)
from lrs.rules.facts import activities_in
from lrs.rules.formats import is_iri, is_uuid
from lrs.rules.multipart import boundary_of, read_parts
from lrs.rules.paging import Position, page_size, read_token, write_token
from lrs.rules.parsing import parse_json
from lrs.rules.parts import attachments_of, media_types_of, read_attachments, with_contents
from lrs.rules.presentation import canonical, ids_only, preferred_languages
from lrs.rules.refusal import Refusal
from lrs.rules.validation import check_actor
from lrs.services import store_statements

_SINGLE: Final = ("statementId", "voidedStatementId")
_SHOWN: Final = ("format", "attachments")
_FILTERS: Final = (
    "agent",
    "verb",
    "activity",
    "registration",
    "related_activities",
    "related_agents",
    "since",
    "until",
    "limit",
    "ascending",
)
LARGE: Final = 256 * 1024
"""Bodies above this are read and stored one at a time in each process.

More at once would be no quicker, and what each takes apart is many times as large as its text.
"""

_large: Final = threading.BoundedSemaphore(1)
_READ: Final = (Scope.STATEMENTS_READ, Scope.STATEMENTS_READ_MINE, Scope.ALL_READ)


@dataclass(frozen=True, slots=True)
class _Sent:
    """The statements of a body, and what came with them by its SHA-2 sum."""

    statements: bytes
    attachments: Mapping[str, bytes] = field(default_factory=dict)
    media_types: Mapping[str, Collection[str]] = field(default_factory=dict)


def put_statement(call: AuthorizedCall) -> HttpResponse:
    """Store one statement under the id in the address."""
    call.require(Scope.STATEMENTS_WRITE)
    call.only("statementId")
    statement_id = call.needed("statementId")
    _check_uuid(statement_id, "statementId")
    sent = _read_statements(call)
    statement = parse_json(sent.statements)
    if not isinstance(statement, dict):
        raise Refusal("$", "batch", "PUT takes one statement; POST takes several.")
    if "id" not in statement:
        comma = b"," if statement else b""
        rest = sent.statements.lstrip()[1:]
        with_id = b'{"id":"%s"%s%s' % (statement_id.encode(), comma, rest)
        sent = replace(sent, statements=with_id)
    elif str(statement["id"]).lower() != statement_id.lower():
        raise Refusal("$.id", "id", "Send the statement with the id that is in the address.")
    _store(call, sent)
    return HttpResponse(status=204)


def post_statements(call: AuthorizedCall) -> HttpResponse:
    """Store one or many statements; answer with their ids."""
    call.require(Scope.STATEMENTS_WRITE)
    call.only()
    return _json(orjson.dumps(_store(call, _read_statements(call))))


def _store(call: AuthorizedCall, sent: _Sent) -> list[str]:
    with _large if len(sent.statements) > LARGE else nullcontext():
        receipt = store_statements(
            tenant=call.tenant,
            authority=authority_of(call.credential),
            statements=sent.statements,
            version=call.book.version,
            attachments=sent.attachments,
            media_types=sent.media_types,
            may_define=call.credential.allows(Scope.DEFINE),
            guard=call.guard,
            limits=call.limits,
        )
    return receipt.ids


def _read_statements(call: AuthorizedCall) -> _Sent:
    # a header that was set twice arrives as both, with a comma between
    kind = call.content_type.replace(",", ";").split(";")[0].strip().lower()
    if kind == "application/json":
        return _Sent(call.body)
    if kind != "multipart/mixed":
        message = "Send statements as application/json, or multipart/mixed with attachments."
        raise Refusal("$", "multipart", message)
    parts = read_parts(call.body, boundary_of(call.content_type))
    first = parts[0].headers.get("content-type", "") if parts else ""
    if first.split(";")[0].strip().lower() != "application/json":
        message = "Send the statements as application/json in the first part."
        raise Refusal("$", "multipart", message)
    attached = parts[1:]
    return _Sent(parts[0].content, read_attachments(attached), media_types_of(attached))


def get_statements(call: AuthorizedCall) -> HttpResponse:
    """Return one statement, or a page of a list."""
    call.require(*_READ)
    if any(name in call.parameters for name in _SINGLE):
        return _get_one(call)
    if "more" in call.parameters:
        return _get_further(call, call.parameters["more"])
    call.only(*_FILTERS, *_SHOWN)
    return _get_page(call, dict(call.parameters), None)


def get_more(call: AuthorizedCall, token: str) -> HttpResponse:
    """Return a further page of a list, by an address we gave out before there was `?more=`."""
    call.require(*_READ)
    call.only()
    return _get_further(call, token)


def _get_further(call: AuthorizedCall, token: str) -> HttpResponse:
    """Return a further page; what else a client repeats in the address must be as it was."""
    call.only("more", *_FILTERS, *_SHOWN)
    try:
        parameters, position = read_token(token)
    except ValueError as error:
        raise Refusal("more", "parameters", str(error)) from error
    for name, value in call.parameters.items():
        if name != "more" and parameters.get(name) != value:
            message = "Follow the address of a further page as it is; it holds all it needs."
            raise Refusal(f"parameters.{name}", "parameters", message)
    return _get_page(call, parameters, position)


def _get_one(call: AuthorizedCall) -> HttpResponse:
    call.only(*_SINGLE, *_SHOWN)
    if all(name in call.parameters for name in _SINGLE):
        message = "Ask for statementId or voidedStatementId, not both."
        raise Refusal("parameters", "parameters", message)
    is_void = "voidedStatementId" in call.parameters
    wanted = call.parameters[_SINGLE[is_void]]
    _check_uuid(wanted, _SINGLE[is_void])
    found = statement(
        tenant=call.tenant,
        statement_id=UUID(wanted),
        is_void=is_void,
        authority_key=_authority_limit(call),
        within=call.within,
    )
    if found is None:
        raise NotFound(
            "There is no such voided statement here."
            if is_void
            else "There is no such statement here, or it is void: ask with voidedStatementId."
        )
    shown = _shown(call, [found], call.parameters)
    body = orjson.dumps(shown[0]) if isinstance(shown[0], dict) else shown[0].encode()
    response = _with_attachments(call, body, [found], call.parameters)
    response.headers["Last-Modified"] = http_date(int(found.stored.timestamp()))
    return response


def _get_page(
    call: AuthorizedCall, parameters: Mapping[str, str], after: Position | None
) -> HttpResponse:
    filters = _filters(call, parameters)
    limit = page_size(_limit(parameters.get("limit")))
    page = statements_matching(
        tenant=call.tenant,
        filters=filters,
        limit=limit,
        ascending=call.boolean_in(parameters, "ascending"),
        after=after,
    )
    shown = _shown(call, page.statements, parameters)
    more = ""
    if page.more is not None:
        more = call.address_of_more(write_token(parameters, page.more))
    texts = (one.encode() if isinstance(one, str) else orjson.dumps(one) for one in shown)
    body = b'{"statements":[%s],"more":%s}' % (b",".join(texts), orjson.dumps(more))
    response = _with_attachments(call, body, page.statements, parameters)
    if page.statements:
        newest = max(one.stored for one in page.statements)
        response.headers["Last-Modified"] = http_date(int(newest.timestamp()))
    return response


def _filters(call: AuthorizedCall, parameters: Mapping[str, str]) -> Filters:
    for name in ("verb", "activity"):
        if name in parameters and not is_iri(parameters[name]):
            raise Refusal(f"parameters.{name}", "iri", "Send a whole IRI here.")
    if "registration" in parameters:
        _check_uuid(parameters["registration"], "registration")
    return Filters(
        agent=agent_identifier(parameters["agent"], "agent") if "agent" in parameters else None,
        verb=parameters.get("verb"),
        activity=parameters.get("activity"),
        registration=parameters.get("registration"),
        related_agents=call.boolean_in(parameters, "related_agents"),
        related_activities=call.boolean_in(parameters, "related_activities"),
        since=call.instant_in(parameters, "since"),
        until=call.instant_in(parameters, "until"),
        authority_key=_authority_limit(call),
        within=call.within,
    )


def agent_identifier(text: str, name: str) -> str:
    """Return the identifier of an agent or identified group sent as a parameter.

    Raises:
        Refusal: it is neither.
    """
    where = f"parameters.{name}"
    actor = parse_json(text.encode(), path=where)
    check_actor(actor, where)
    identifier = identifier_of(actor)
    if identifier is None:
        raise Refusal(where, "identifier", "Send an agent, or a group with an identifier.")
    if "\x00" in identifier:
        raise Refusal(where, "identifier", "Leave out the null character of the identifier.")
    return identifier


def _authority_limit(call: AuthorizedCall) -> int | None:
    if call.credential.allows(Scope.STATEMENTS_READ, Scope.ALL_READ):
        return None
    identifier = identifier_of(authority_of(call.credential))
    return None if identifier is None else key_of_identifier(identifier)


def _limit(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        message = "Write the limit as a whole number; 0 means as many as we allow."
        raise Refusal("parameters.limit", "parameters", message)
    return int(text)


def _check_uuid(text: str, name: str) -> None:
    if not is_uuid(text):
        raise Refusal(f"parameters.{name}", "uuid", "Send a UUID in its standard form.")


def _shown(
    call: AuthorizedCall, found: Iterable[FoundStatement], parameters: Mapping[str, str]
) -> list[str] | list[dict[str, Any]]:
    form = parameters.get("format", "exact")
    if form == "exact":
        return [one.payload for one in found]
    statements = [orjson.loads(one.payload) for one in found]
    if form == "ids":
        return [ids_only(one) for one in statements]
    if form == "canonical":
        languages = preferred_languages(call.headers.get("accept-language", ""))
        activities = {item["id"] for one in statements for item in activities_in(one)}
        known = definitions(tenant=call.tenant, activities=activities)
        return [canonical(one, languages=languages, definitions=known) for one in statements]
    raise Refusal("parameters.format", "parameters", "Write exact, ids or canonical.")


def _with_attachments(
    call: AuthorizedCall,
    body: bytes,
    found: Iterable[FoundStatement],
    parameters: Mapping[str, str],
) -> HttpResponse:
    if not call.boolean_in(parameters, "attachments"):
        return _json(body)
    statements = [orjson.loads(one.payload) for one in found]
    sums = {
        attachment["sha2"].lower() for one in statements for _, attachment in attachments_of(one)
    }
    whole, content_type = with_contents(
        body,
        statements=statements,
        contents=attachment_contents(tenant=call.tenant, sums=sums),
        boundary=secrets.token_hex(16),
    )
    return HttpResponse(whole, content_type=content_type)


def _json(body: bytes) -> HttpResponse:
    return HttpResponse(body, content_type="application/json")


statements_view = resource(
    {"GET": get_statements, "PUT": put_statement, "POST": post_statements},
    is_statements=True,
    guarded=("POST", "PUT"),
)


more_view = resource({"GET": get_more}, is_statements=True)
