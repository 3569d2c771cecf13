"""The three document resources: state, activity profile and agent profile."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.http import HttpResponse, JsonResponse
from django.utils.http import http_date

from lrs.api import calls
from lrs.api.calls import AuthorizedCall
from lrs.api.errors import NotFound, TooLarge
from lrs.api.resources import View, resource
from lrs.api.statements import agent_identifier
from lrs.enums import DocumentKind, Scope
from lrs.queries import DocumentPlace, document, document_ids
from lrs.rules.concurrency import etag_of
from lrs.rules.formats import is_iri, is_media_type, is_utf8, is_uuid
from lrs.rules.limits import BeyondLimits
from lrs.rules.parsing import parse_json
from lrs.rules.refusal import Refusal
from lrs.rules.versions import XAPI_1_0, XAPI_2_0
from lrs.services import (
    DocumentTooLarge,
    Preconditions,
    delete_document,
    delete_documents,
    merge_document,
    put_document,
)


@dataclass(frozen=True)
class Documents:
    """One of the three resources."""

    kind: DocumentKind
    scope: Scope
    id_name: str
    """The parameter that names a document."""
    needed: tuple[str, ...]
    """The parameters that say whose documents they are."""
    optional: tuple[str, ...] = ()

    def view(self) -> View:
        """Return its view."""
        return resource(
            {"GET": self.get, "PUT": self.put, "POST": self.post, "DELETE": self.delete}
        )

    def _place(
        self, call: AuthorizedCall, *, needs_id: bool, others: tuple[str, ...] = ()
    ) -> DocumentPlace:
        call.only(self.id_name, *self.needed, *self.optional, *others)
        parameters = call.parameters
        for name in (*self.needed, *([self.id_name] if needs_id else [])):
            call.needed(name)
        activity = parameters.get("activityId")
        if activity is not None and not is_iri(activity):
            raise Refusal("parameters.activityId", "iri", "Send a whole IRI here.")
        registration = parameters.get("registration")
        if registration is not None and not is_uuid(registration):
            raise Refusal("parameters.registration", "uuid", "Send a UUID in its standard form.")
        agent = agent_identifier(parameters["agent"], "agent") if "agent" in parameters else None
        self._check_within(call, activity, agent, registration)
        return DocumentPlace(self.kind, activity, agent, registration, parameters.get(self.id_name))

    def _check_within(
        self,
        call: AuthorizedCall,
        activity: str | None,
        agent: str | None,
        registration: str | None,
    ) -> None:
        limits = call.limits
        if limits is None:
            return
        if activity is not None:
            call.within_activity(activity)
        if self.kind == DocumentKind.STATE:
            if not limits.covers_agent(agent):
                raise BeyondLimits(
                    "parameters.agent", "This key is for one agent; this is another."
                )
            if not limits.covers_registration(registration):
                message = "This key is for one registration only; name it."
                raise BeyondLimits("parameters.registration", message)
        elif agent is not None:
            call.within_agent(agent)
        elif limits.agent is not None and call.method not in ("GET", "HEAD"):
            message = "This key is for one agent, and what is here is everyone's: it only reads it."
            raise BeyondLimits("parameters.activityId", message)

    def get(self, call: AuthorizedCall) -> HttpResponse:
        """Return a document, or the ids of all."""
        call.require(self.scope, Scope.ALL_READ)
        place = self._place(call, needs_id=False, others=("since",))
        since = call.instant_in(call.parameters, "since")
        if place.document_id is None:
            return _listed(document_ids(tenant=call.tenant, place=place, since=since))
        if since is not None:
            message = f"Ask for {self.id_name} or for what changed since, not both."
            raise Refusal("parameters.since", "parameters", message)
        row = document(tenant=call.tenant, place=place)
        if row is None:
            raise NotFound("There is no such document here.")
        return HttpResponse(
            bytes(row.content),
            content_type=row.content_type,
            headers={
                "ETag": row.etag,
                "Last-Modified": http_date(int(row.updated_at.timestamp())),
            },
        )

    def put(self, call: AuthorizedCall) -> HttpResponse:
        """Write a document in place of what is there."""
        call.require(self.scope)
        place = self._place(call, needs_id=True)
        preconditions = _preconditions(call)
        is_profile = self.kind != DocumentKind.STATE
        if is_profile and call.book.needs_precondition and not preconditions.any:
            self._refuse_bare(call, place)
        put_document(
            tenant=call.tenant,
            place=place,
            content=self._content_to_put(call),
            content_type=_content_type(call),
            preconditions=preconditions,
            needs_precondition=is_profile or call.book is XAPI_2_0,
            at=call.now,
        )
        return HttpResponse(status=204)

    def _content_to_put(self, call: AuthorizedCall) -> bytes:
        """Captivate and Articulate send a place in a course as JSON that is a bare word.

        The standard asks for JSON only where documents merge, so in 1.0.3, which they speak, the
        text of a state is kept as it comes; unless it begins as JSON does, and so was meant to be.
        """
        is_kept = self.kind == DocumentKind.STATE and call.book is XAPI_1_0
        if is_kept and is_utf8(call.body) and call.body.lstrip()[:1] not in (b"{", b"[", b'"'):
            return call.body
        return _content(call)

    def _refuse_bare(self, call: AuthorizedCall, place: DocumentPlace) -> None:
        """1.0.3: 409 where a document is there, as `put_document` has it; 400 where there is none."""
        if document(tenant=call.tenant, place=place) is None:
            message = 'Send If-None-Match: "*" to write a new profile, or If-Match to replace one.'
            raise Refusal("headers", "concurrency", message)

    def post(self, call: AuthorizedCall) -> HttpResponse:
        """Write a document, or merge into the one that is there."""
        call.require(self.scope)
        place = self._place(call, needs_id=True)
        try:
            merge_document(
                tenant=call.tenant,
                place=place,
                content=_content(call),
                content_type=_content_type(call),
                preconditions=_preconditions(call),
                at=call.now,
                most_bytes=calls.MOST_BYTES,
            )
        except DocumentTooLarge as error:
            message = (
                f"With this the document would be larger than {calls.MOST_BYTES // 1024 // 1024}"
                " MiB; nothing was changed. Put a smaller one in its place, or delete it."
            )
            raise TooLarge(message) from error
        return HttpResponse(status=204)

    def delete(self, call: AuthorizedCall) -> HttpResponse:
        """Delete a document; of state, all of an agent in an activity where none is named."""
        call.require(self.scope)
        is_state = self.kind == DocumentKind.STATE
        place = self._place(call, needs_id=not is_state)
        if place.document_id is None:
            delete_documents(tenant=call.tenant, place=place)
        else:
            delete_document(tenant=call.tenant, place=place, preconditions=_preconditions(call))
        return HttpResponse(status=204)


def _listed(found: Mapping[str, datetime]) -> HttpResponse:
    """Ids, with the ETag of the list and the time of the last change among them."""
    response = JsonResponse(list(found), safe=False)
    response.headers["ETag"] = etag_of(response.content)
    if found:
        response.headers["Last-Modified"] = http_date(int(max(found.values()).timestamp()))
    return response


def _preconditions(call: AuthorizedCall) -> Preconditions:
    return Preconditions(call.headers.get("if-match"), call.headers.get("if-none-match"))


def _content_type(call: AuthorizedCall) -> str:
    kind = call.content_type or "application/octet-stream"
    if not is_media_type(kind):
        raise Refusal("headers", "documents", "Send an Internet media type as Content-Type.")
    return kind


def _content(call: AuthorizedCall) -> bytes:
    if call.content_type.split(";")[0].strip().lower() == "application/json":
        parse_json(call.body)
    return call.body


STATE: Final = Documents(
    DocumentKind.STATE, Scope.STATE, "stateId", ("activityId", "agent"), ("registration",)
)
ACTIVITY_PROFILE: Final = Documents(
    DocumentKind.ACTIVITY_PROFILE, Scope.PROFILE, "profileId", ("activityId",)
)
AGENT_PROFILE: Final = Documents(DocumentKind.AGENT_PROFILE, Scope.PROFILE, "profileId", ("agent",))
