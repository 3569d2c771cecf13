"""Documents of state and profiles: put, merged, deleted, and never overwritten unseen."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import msgspec
import orjson
from django.db import IntegrityError, transaction

from lrs.models import Document, Tenant
from lrs.queries.documents import DocumentPlace
from lrs.rules.concurrency import etag_of, preconditions_hold
from lrs.rules.parsing import parse_json
from lrs.rules.refusal import Refusal

_decode_top = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


class PreconditionFailed(Exception):
    """The document is not what the sender's If-Match or If-None-Match says it is."""


class PreconditionNeeded(Exception):
    """A document is there already, and the sender does not say which one they saw."""


class DocumentTooLarge(Exception):
    """What two documents would make together is larger than one may be."""


@dataclass(frozen=True, slots=True)
class Preconditions:
    """The headers by which a sender says what they saw."""

    if_match: str | None = None
    if_none_match: str | None = None

    @property
    def any(self) -> bool:
        """Whether the sender says anything."""
        return self.if_match is not None or self.if_none_match is not None


def put_document(
    *,
    tenant: Tenant,
    place: DocumentPlace,
    content: bytes,
    content_type: str,
    preconditions: Preconditions,
    needs_precondition: bool,
    at: datetime,
) -> str:
    """Write a document in place of what was there; return its ETag.

    Args:
        tenant: whose.
        place: where it is kept.
        content: any bytes.
        content_type: what they are.
        preconditions: what the sender says they saw.
        needs_precondition: refuse to overwrite without one.
        at: now.

    Raises:
        PreconditionFailed: it is not as the sender saw it.
        PreconditionNeeded: it is there and the sender says nothing.

    Writes: Document. Safe to repeat.
    """

    def put() -> str:
        current = _locked(tenant, place)
        if current is not None and needs_precondition and not preconditions.any:
            raise PreconditionNeeded
        _check(current, preconditions)
        return _write(current, tenant, place, content, content_type, at)

    return _once_more_if_raced(put)


def merge_document(
    *,
    tenant: Tenant,
    place: DocumentPlace,
    content: bytes,
    content_type: str,
    preconditions: Preconditions,
    at: datetime,
    most_bytes: int | None = None,
) -> str:
    """Write a document, or merge a JSON object into the one there; return the ETag.

    Only the top level is merged: a key that is sent replaces the one that was there.

    Args:
        tenant: whose.
        place: where it is kept.
        content: any bytes.
        content_type: what they are.
        preconditions: what the sender says they saw.
        at: now.
        most_bytes: how large both may be together; None for any size.

    Raises:
        PreconditionFailed: it is not as the sender saw it.
        DocumentTooLarge: together they would be larger than that.
        Refusal: one of the two is not a JSON object.

    Writes: Document.
    """
    is_json = is_json_type(content_type)
    sent = parse_json(content) if is_json else None

    def merge() -> str:
        current = _locked(tenant, place)
        _check(current, preconditions)
        if current is None:
            if is_json and not isinstance(sent, dict):
                raise Refusal("$", "documents", "Send a JSON object; others may be merged into it.")
            return _write(None, tenant, place, content, content_type, at)
        if not isinstance(sent, dict):
            message = "Only a JSON object can be merged into the document that is there."
            raise Refusal("$", "documents", message)
        merged = _merged(current, content)
        if most_bytes is not None and len(merged) > most_bytes:
            raise DocumentTooLarge
        return _write(current, tenant, place, merged, content_type, at)

    return _once_more_if_raced(merge)


def delete_document(*, tenant: Tenant, place: DocumentPlace, preconditions: Preconditions) -> None:
    """Delete a document, if it is there.

    Raises:
        PreconditionFailed: it is not as the sender saw it.

    Writes: Document. Safe to repeat.
    """
    with transaction.atomic():
        current = _locked(tenant, place)
        _check(current, preconditions)
        if current is not None:
            current.delete()


def delete_documents(*, tenant: Tenant, place: DocumentPlace) -> None:
    """Delete every document of an agent in an activity, or of one registration if one is given.

    Writes: Document. Safe to repeat.
    """
    found = Document.objects.filter(tenant=tenant, **place.group())
    if place.registration is not None:
        found = found.filter(registration_key=place.registration_key)
    found.delete()


def is_json_type(content_type: str) -> bool:
    """Return whether a content type is JSON."""
    return content_type.split(";")[0].strip().lower() == "application/json"


def _locked(tenant: Tenant, place: DocumentPlace) -> Document | None:
    return Document.objects.select_for_update().filter(tenant=tenant, **place.keys()).first()


def _check(current: Document | None, preconditions: Preconditions) -> None:
    if not preconditions_hold(
        etag=None if current is None else current.etag,
        if_match=preconditions.if_match,
        if_none_match=preconditions.if_none_match,
    ):
        raise PreconditionFailed


def _merged(current: Document, content: bytes) -> bytes:
    """Put together from the texts, so that a number keeps every digit."""
    if not is_json_type(current.content_type):
        message = "The document that is there is not JSON; put another in its place instead."
        raise Refusal("$", "documents", message)
    try:
        before = parse_json(bytes(current.content))
    except Refusal:
        before = None
    if not isinstance(before, dict):
        message = "The document that is there is not a JSON object; put another in its place."
        raise Refusal("$", "documents", message)
    parts = {**_decode_top(bytes(current.content)), **_decode_top(content)}
    return b"{%s}" % b",".join(
        b"%s:%s" % (orjson.dumps(key), bytes(value)) for key, value in parts.items()
    )


def _once_more_if_raced(write: Callable[[], str]) -> str:
    """Do it again if another writer made the same document between our look and our insert."""
    try:
        with transaction.atomic():
            return write()
    except IntegrityError:
        with transaction.atomic():
            return write()


def _write(
    current: Document | None,
    tenant: Tenant,
    place: DocumentPlace,
    content: bytes,
    content_type: str,
    at: datetime,
) -> str:
    row = current or Document(
        tenant=tenant,
        **place.keys(),
        activity=place.activity or "",
        agent=place.agent or "",
        document_id=place.document_id or "",
    )
    row.content = content
    row.content_type = content_type[:1000]
    row.etag = etag_of(content)
    row.updated_at = at
    row.save()
    return row.etag
