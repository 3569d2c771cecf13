"""What every resource shares: versions, who asks, methods, errors, and the headers of answers."""

import re
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Final

from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from lrs.api.auth import credential_for, guarded_credential, proved
from lrs.api.calls import AuthorizedCall, Call, call_from, discard_body
from lrs.api.errors import EXPECTED, Forbidden, MethodNotAllowed, answer_to
from lrs.api.outages import answer_to_outage
from lrs.api.refusing import remember
from lrs.models import Credential
from lrs.models.tenants import CredentialChanged, Guard
from lrs.queries import consistent_through
from lrs.queries.tenants import is_as_proved
from lrs.rules.times import format_instant
from lrs.rules.versions import XAPI_2_0, version_of_answer

VERSION: Final = "X-Experience-API-Version"
CONSISTENT: Final = "X-Experience-API-Consistent-Through"

_REMEMBER_SECONDS: Final = 1.0
_NEVER: Final = "1970-01-01T00:00:00.000Z"

Handler = Callable[..., HttpResponse]
View = Callable[..., HttpResponse]

_CORS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, If-Match, If-None-Match, Accept,"
    f" Accept-Language, X-Experience-API-Hash, {VERSION}",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Content-Length, Location, Link,"
    f" WWW-Authenticate, {VERSION}, {CONSISTENT}",
    "Access-Control-Max-Age": "86400",
    "Cache-Control": "no-cache, private",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}
"""Content in a browser sends its key in a header, never a cookie, so any origin may ask.

A document is whatever a sender says it is, and a browser opens an address with a key in it: what
it shows then runs nothing, and is of no origin.
"""

_NAMES: Final = re.compile(r"[A-Za-z0-9_-]+(?:, ?[A-Za-z0-9_-]+)*")
_LONGEST_WISH: Final = 1000

_settled: tuple[float, str] = (0.0, _NEVER)


def resource(
    handlers: Mapping[str, Handler],
    *,
    is_statements: bool = False,
    is_open: bool = False,
    guarded: Collection[str] = (),
) -> View:
    """Return the view of a resource.

    Args:
        handlers: by method; that of GET serves HEAD too. Each takes an ``AuthorizedCall``.
        is_statements: answers say how far the store is settled.
        is_open: it needs neither version nor credential, and handlers take a ``Call``.
        guarded: methods whose handlers make sure by ``call.guard`` that the credential is still
            as it was proved; for others that is asked before.
    """

    def answer(call: Call, **parts: str) -> HttpResponse:
        if not is_open:
            _ = call.book
        handler = _handler(handlers, call.method)
        if is_open:
            return handler(call, **parts)
        if call.method in guarded:
            return _guarded(call, lambda known: handler(known, **parts))
        return handler(_authorized(call), **parts)

    @csrf_exempt
    def view(request: HttpRequest, **parts: str) -> HttpResponse:
        if request.method == "OPTIONS":
            return _preflight(request, handlers)
        none_sent = XAPI_2_0.version if is_open else ""
        version = version_of_answer(request.headers.get(VERSION, none_sent))
        call: Call | None = None
        try:
            call = call_from(request)
            version = version_of_answer(call.headers.get(VERSION.lower(), none_sent))
            response = answer(call, **parts)
        except (*EXPECTED, Error) as error:
            response = _refused(request, call, _answer_to(error, version))
        response.headers.setdefault(VERSION, version)
        if is_statements:
            response.headers[CONSISTENT] = _consistent(is_fresh=request.method == "GET")
        if request.method == "HEAD":
            _empty(response)
        return _with_cors(response, handlers)

    return view


def _refused(request: HttpRequest, call: Call | None, answer: HttpResponse) -> HttpResponse:
    discard_body(request)
    if call is not None:
        remember(call, answer)
    return answer


def _handler(handlers: Mapping[str, Handler], method: str) -> Handler:
    handler = handlers.get("GET" if method == "HEAD" else method)
    if handler is None:
        raise MethodNotAllowed(
            f"This resource has no {method}; it has {', '.join(sorted(handlers))}.",
            Allow=_methods(handlers),
        )
    return handler


def _answer_to(error: Exception, version: str) -> HttpResponse:
    response = answer_to_outage(error) if isinstance(error, Error) else answer_to(error, version)
    if response is None:
        raise error
    return response


def _guarded(call: Call, handler: Handler) -> HttpResponse:
    """Answer with what is remembered of the credential; where it has changed, answer anew."""
    known = _authorized(call, is_guarded=True)
    try:
        return handler(known)
    except CredentialChanged:
        pass
    except EXPECTED:
        if known.guard and is_as_proved(known.guard):
            raise
    return handler(_authorized(call, body=known.body))


def _authorized(
    call: Call, *, is_guarded: bool = False, body: bytes | None = None
) -> AuthorizedCall:
    header = call.headers.get("authorization", "")
    guard: Guard | None
    prove = guarded_credential if is_guarded else _checked
    credential, guard = proved(prove, header, call.now)
    if credential.origins:
        _check_origin(call, credential)
    found = AuthorizedCall(
        request=call.request,
        method=call.method,
        parameters=call.parameters,
        headers=call.headers,
        form_content=call.form_content,
        is_alternate=call.is_alternate,
        now=call.now,
        credential=credential,
        guard=guard,
    )
    if body is not None:  # it can be read from the request only once
        found.__dict__["body"] = body
    return found


def _checked(header: str, now: datetime) -> tuple[Credential, None]:
    return credential_for(header, now), None


def _check_origin(call: Call, credential: Credential) -> None:
    origin = call.headers.get("origin")
    if origin is not None and origin.lower() not in credential.origins:
        raise Forbidden("This key may not be used by pages of this web address.")


def _methods(handlers: Mapping[str, Handler]) -> str:
    return ", ".join(sorted({*handlers, "OPTIONS", *(("HEAD",) if "GET" in handlers else ())}))


def _consistent(*, is_fresh: bool) -> str:
    """Return how far the store is settled.

    What was settled a moment ago still is, so writers are told what was last worked out.
    """
    global _settled
    now = time.monotonic()
    if is_fresh or now - _settled[0] > _REMEMBER_SECONDS:
        with suppress(Error):  # what was settled when we last knew still is
            _settled = (now, format_instant(consistent_through()))
    return _settled[1]


def _empty(response: HttpResponse) -> None:
    length = len(response.content)
    response.content = b""
    response.headers["Content-Length"] = str(length)


def _preflight(request: HttpRequest, handlers: Mapping[str, Handler]) -> HttpResponse:
    """Let a page send whatever headers it wants to: what we do not know, we do not read."""
    response = _with_cors(HttpResponse(status=204), handlers)
    wanted = request.headers.get("Access-Control-Request-Headers", "")
    if len(wanted) <= _LONGEST_WISH and _NAMES.fullmatch(wanted):
        response.headers["Access-Control-Allow-Headers"] += f", {wanted}"
    response.headers["Vary"] = "Access-Control-Request-Headers"
    return response


def _with_cors(response: HttpResponse, handlers: Mapping[str, Handler]) -> HttpResponse:
    for name, value in _CORS.items():
        response.headers[name] = value
    response.headers["Access-Control-Allow-Methods"] = _methods(handlers)
    return response
