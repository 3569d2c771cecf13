"""A request as the resources see it: version, parameters, headers, body and who asks."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final
from urllib.parse import parse_qsl

from django.http import HttpRequest
from django.urls import reverse

from lrs.api.errors import Forbidden, TooLarge, VersionMissing
from lrs.enums import Scope
from lrs.models import Credential, Tenant
from lrs.models.tenants import Guard
from lrs.rules.limits import BeyondLimits, Limits
from lrs.rules.refusal import Refusal
from lrs.rules.times import parse_instant
from lrs.rules.versions import RuleBook, book_for

MOST_BYTES: Final = 32 * 1024 * 1024
"""The largest body we take in, attachments included."""

_CHUNK: Final = 64 * 1024
_CACHE_BUSTER: Final = "cachebuster"
"""Content in browsers adds it so that no cache answers; what it says does not matter."""

_LOST_PLUS: Final = re.compile(r"([Tt][0-9:.,]+) (\d\d(?::?\d\d)?)$", re.ASCII)

_FORM: Final = "application/x-www-form-urlencoded"
# The browsers this is for (with XDomainRequest) could not say what they send.
_FORM_TYPES: Final = (_FORM, "text/plain", "")
_FORM_HEADERS: Final = (
    "authorization",
    "x-experience-api-version",
    "content-type",
    "content-length",
    "if-match",
    "if-none-match",
    "accept",
    "accept-language",
)


@dataclass(frozen=True)
class Call:
    """One request, whichever syntax it came in."""

    request: HttpRequest
    method: str
    parameters: Mapping[str, str]
    headers: Mapping[str, str]
    """Names in lower case."""
    form_content: str | None
    is_alternate: bool
    """It came in the alternate syntax."""
    now: datetime

    @cached_property
    def body(self) -> bytes:
        """The body, read in pieces and never more than we take in."""
        if self.form_content is not None:
            return self.form_content.encode()
        if self.headers.get("content-encoding", "identity").lower() != "identity":
            message = "Send the body as it is, not compressed: without Content-Encoding."
            raise Refusal("headers", "documents", message)
        return read_body(self.request)

    @property
    def content_type(self) -> str:
        """The content type as sent; empty without one."""
        return self.headers.get("content-type", "")

    @cached_property
    def book(self) -> RuleBook:
        """The rules of the version asked for.

        Raises:
            VersionMissing: none was asked for, or none that we serve.
            Refusal: they have no alternate syntax, and this came in it.
        """
        sent = self.headers.get("x-experience-api-version", "").strip()
        book = book_for(sent)
        if book is None:
            raise VersionMissing(
                "Send the header X-Experience-API-Version with 1.0.3 or 2.0.0"
                + (f"; {sent[:40]!r} is not served here." if sent else ".")
            )
        if self.is_alternate and not book.has_alternate_syntax:
            message = "xAPI 2.0 has no alternate syntax; send the request as it is meant."
            raise Refusal("parameters.method", "parameters", message)
        return book

    def only(self, *names: str) -> None:
        """Refuse parameters that the resource does not have.

        Raises:
            Refusal: there is one.
        """
        for name in self.parameters:
            if name not in names:
                right = next((known for known in names if known.lower() == name.lower()), None)
                hint = f"write {right!r}" if right else "take it out"
                message = f"There is no parameter {name[:80]!r} here; {hint}."
                raise Refusal("parameters", "parameters", message)

    def needed(self, name: str) -> str:
        """Return a parameter.

        Raises:
            Refusal: it was not sent.
        """
        if name not in self.parameters:
            raise Refusal("parameters", "parameters", f"Send the parameter {name!r}.")
        return self.parameters[name]

    def boolean_in(self, parameters: Mapping[str, str], name: str) -> bool:
        """Return a parameter that is true or false; false when it was not sent.

        Clients in Python send True and False.

        Raises:
            Refusal: it is neither.
        """
        value = parameters.get(name, "false")
        if value not in ("true", "false", "True", "False"):
            raise Refusal(f"parameters.{name}", "parameters", "Write true or false.")
        return value in ("true", "True")

    def instant_in(self, parameters: Mapping[str, str], name: str) -> datetime | None:
        """Return a parameter that is a timestamp; None when it was not sent.

        A plus that was not encoded arrives as a space, and can have been nothing else.

        Raises:
            Refusal: it is not one.
        """
        value = parameters.get(name)
        if value is None:
            return None
        try:
            return parse_instant(_LOST_PLUS.sub(r"\1+\2", value), rfc3339=self.book.needs_rfc3339)
        except ValueError as error:
            raise Refusal(f"parameters.{name}", "time", str(error)) from error


@dataclass(frozen=True)
class AuthorizedCall(Call):
    """A request of someone we know."""

    credential: Credential
    guard: Guard | None = None
    """Given where whoever stores asks whether the credential is still as it was proved."""

    @property
    def tenant(self) -> Tenant:
        """Whose part of the store they use."""
        return self.credential.tenant

    def require(self, *scopes: Scope) -> None:
        """Refuse who has none of these scopes.

        Raises:
            Forbidden: they have none.
        """
        if not self.credential.allows(*scopes):
            wanted = " or ".join(scopes)
            raise Forbidden(f"This credential may not do that; it would need the scope {wanted}.")

    @property
    def within(self) -> tuple[tuple[Limits, ...], ...]:
        """What limits the statements they read: each has to be covered by one of each."""
        return () if self.limits is None else ((self.limits,),)

    def address_of_more(self, token: str) -> str:
        """Return where a list goes on."""
        return f"{reverse('xapi-statements')}?more={token}"

    @cached_property
    def limits(self) -> Limits | None:
        """What they may write and read about; None without a limit."""
        return self.credential.limits

    def within_activity(self, iri: str, name: str = "activityId") -> None:
        """Refuse an activity beyond the limits.

        Raises:
            BeyondLimits: it is.
        """
        if self.limits is not None and not self.limits.covers_activity(iri):
            message = "This key is limited to certain activities; this is another."
            raise BeyondLimits(f"parameters.{name}", message)

    def within_agent(self, identifier: str, name: str = "agent") -> None:
        """Refuse an agent beyond the limits: another than the one, or anyone where activities are.

        What is known of a person is not about some activities only, so a key that is limited to
        these, but not to one agent, does not ask about people.

        Raises:
            BeyondLimits: it is.
        """
        if self.limits is None:
            return
        if not self.limits.covers_agent(identifier):
            message = "This key is for one agent only; this is another."
            raise BeyondLimits(f"parameters.{name}", message)
        if self.limits.activities and self.limits.agent is None:
            message = "This key is limited to certain activities, and not for what is about people."
            raise BeyondLimits(f"parameters.{name}", message)


def read_body(request: HttpRequest) -> bytes:
    """Return the body of a request.

    Raises:
        Refusal: it breaks off.
        TooLarge: it is more than we take in; no more than that is ever held.
    """
    message = f"Send at most {MOST_BYTES // 1024 // 1024} MiB at once."
    declared = request.META.get("CONTENT_LENGTH") or "0"
    if declared.isdigit() and int(declared) > MOST_BYTES:
        raise TooLarge(message)
    pieces, size = [], 0
    stream = _stream(request)
    while piece := _read(stream):
        size += len(piece)
        if size > MOST_BYTES:
            raise TooLarge(message)
        pieces.append(piece)
    if declared.isdigit() and size < int(declared):
        raise _broken()
    return b"".join(pieces)


def _read(stream: Any) -> bytes:
    try:
        piece: bytes = stream.read(_CHUNK)
    except Exception as error:
        raise _broken() from error
    return piece


def _broken() -> Refusal:
    message = "The body broke off, or its end is not where the headers say; send it again, whole."
    return Refusal("$", "documents", message)


def _stream(request: HttpRequest) -> Any:
    # A body sent in chunks has no length; where the server marks its end we may read until there.
    sent = request.META.get("HTTP_TRANSFER_ENCODING", "").lower()
    if "chunked" in sent and request.META.get("wsgi.input_terminated"):
        return request.META["wsgi.input"]
    return request


def discard_body(request: HttpRequest) -> None:
    """Read what is left of a body and forget it, so that its sender hears our answer.

    A connection closed on someone who is still sending looks like a fault of the network to them.
    A body larger than we take in is not read at all.
    """
    declared = request.META.get("CONTENT_LENGTH") or "0"
    if declared.isdigit() and int(declared) <= MOST_BYTES:
        with suppress(Exception):
            while request.read(_CHUNK):
                pass


def read_parameters(text: str) -> dict[str, str]:
    """Return the parameters of a query string or form.

    Raises:
        Refusal: not well formed, or a parameter comes twice.
    """
    given = "&".join(piece for piece in text.split("&") if piece)
    try:
        pairs = parse_qsl(
            given,
            keep_blank_values=True,
            strict_parsing=bool(given),
            errors="strict",
            max_num_fields=100,
        )
    except (ValueError, UnicodeDecodeError) as error:
        message = "Write the parameters as name=value with & between, in UTF-8, percent-encoded."
        raise Refusal("parameters", "parameters", message) from error
    if "%00" in given:
        message = "Leave out the null character (%00), which no database keeps in text."
        raise Refusal("parameters", "parameters", message)
    parameters = dict(pairs)
    if len(parameters) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        message = f"Send the parameter {twice[:80]!r} once."
        raise Refusal("parameters", "parameters", message)
    return parameters


def call_from(request: HttpRequest, now: datetime | None = None) -> Call:
    """Return the call that a request makes, in the plain or the alternate syntax.

    Raises:
        Refusal: it is in neither.
    """
    now = now or datetime.now(UTC)
    headers = {name.lower(): value for name, value in request.headers.items()}
    parameters = read_parameters(request.META.get("QUERY_STRING", ""))
    parameters.pop(_CACHE_BUSTER, None)
    method = str(request.method)
    if "method" not in parameters:
        return Call(request, method, parameters, headers, None, False, now)
    return _alternate(request, method, parameters, headers, now)


def _alternate(
    request: HttpRequest,
    method: str,
    parameters: Mapping[str, str],
    headers: dict[str, str],
    now: datetime,
) -> Call:
    """XAPI 1.0.3, Communication 1.3: for browsers that could only send forms."""

    def refuse(message: str) -> Refusal:
        return Refusal("parameters.method", "parameters", message)

    wanted = parameters["method"]
    if method != "POST" or set(parameters) != {"method"}:
        raise refuse("The alternate syntax is a POST with no parameter but method in its address.")
    if wanted not in ("GET", "PUT", "POST", "DELETE", "HEAD"):
        raise refuse("Write method as GET, HEAD, PUT, POST or DELETE.")
    if headers.get("content-type", "").split(";")[0].strip().lower() not in _FORM_TYPES:
        raise refuse(f"The alternate syntax sends a form: Content-Type: {_FORM}.")
    try:
        form = read_parameters(read_body(request).decode())
    except UnicodeDecodeError as error:
        raise refuse("Send the form in UTF-8.") from error
    content = form.pop("content", None)
    headers["content-type"] = "application/json"
    for name in list(form):
        if name.lower() in _FORM_HEADERS:
            headers[name.lower()] = form.pop(name)
    if content is None and wanted in ("PUT", "POST"):
        raise refuse("Put the body in a form field named content.")
    return Call(request, wanted, form, headers, content, True, now)
