"""Storing statements: all of a request or none, each id once."""

import json
import logging
from collections.abc import Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID, uuid4

import orjson
from django.db import Error, connection, transaction

from lrs.models import Attachment, Statement, StatementId, Tenant
from lrs.models.bulk import Draft, Place, store_many, store_one
from lrs.models.outages import outage_of, reconnects
from lrs.models.tenants import CredentialChanged, Guard
from lrs.queries.tenants import is_as_proved, platform_authority
from lrs.rules.equivalence import are_equivalent
from lrs.rules.facts import facts_of
from lrs.rules.identity import AGENT, actor_identifier, actor_key, key_of
from lrs.rules.limits import Limits, check_within
from lrs.rules.parsing import Parsed, parse_statements
from lrs.rules.parts import check_attachments_came
from lrs.rules.payload import open_payload
from lrs.rules.times import parse_instant
from lrs.rules.validation import validate_statements
from lrs.rules.versions import XAPI_1_0, RuleBook, book_for
from lrs.services.definitions import definitions_in, learn_definitions
from lrs.services.tenants import platform_tenant
from lrs.signals import statement_voided, statements_stored

logger = logging.getLogger(__name__)

_COMPARED_AT_ONCE: Final = 500


class StatementConflict(Exception):
    """Statements with these ids are stored already, and say something else."""

    def __init__(self, statement_ids: Sequence[UUID]) -> None:
        shown = ", ".join(str(one) for one in statement_ids[:3])
        more = f" and {len(statement_ids) - 3} more" if len(statement_ids) > 3 else ""
        super().__init__(
            f"Another statement is stored already under the id {shown}{more}, and statements never "
            "change; send this one under an id of its own."
        )
        self.statement_ids = list(statement_ids)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a request to store statements."""

    ids: list[str]
    """Of every statement, in the order sent and as sent."""
    seqs: list[int]
    """The numbers of those that were new, in the order sent."""
    stored: datetime

    @property
    def already(self) -> int:
        """How many had been stored before."""
        return len(self.ids) - len(self.seqs)


@dataclass(frozen=True, slots=True)
class _Incoming:
    sent_id: str
    statement: Mapping[str, Any]
    draft: Draft


def store_statements(
    *,
    tenant: Tenant,
    authority: Mapping[str, Any],
    statements: bytes | Sequence[Mapping[str, Any]],
    version: str = XAPI_1_0.version,
    received_at: datetime | None = None,
    attachments: Mapping[str, bytes] | None = None,
    media_types: Mapping[str, Collection[str]] | None = None,
    may_define: bool = True,
    keep_stored: bool = False,
    keep_authority: bool = False,
    guard: Guard | None = None,
    limits: Limits | None = None,
) -> Receipt:
    """Store one or many statements of a tenant: all of them or none.

    A statement that is stored already is counted once; one that contradicts it is refused.

    Args:
        tenant: whose they are.
        authority: the agent who vouches for them.
        statements: the body of a request, or statements made here.
        version: of the standard, as the request's header has it.
        received_at: when they count as stored. None, the rule: the moment they are stored, by the
            database's clock, which is what lets readers be told what is settled. Demonstrations
            and imports that keep their history give a time of their own.
        attachments: contents by SHA-2 sum in lower case; given, they must be those the
            statements speak of. None where none can come, as from a file.
        media_types: what those were sent as, by the same sums, as far as that was said.
        may_define: let the store learn from them what activities are.
        keep_stored: leave each the time at which it says another store stored it.
        keep_authority: leave each the authority it says it has, if it says one.
        guard: store only if the credential is still as it was when it was proved.
        limits: what whoever sends them may write about.

    Raises:
        CredentialChanged: it is not; nothing was written.
        BeyondLimits: a statement is not within the limits.
        Refusal: something is not a statement.
        StatementConflict: an id is taken by another statement.
        ValueError: we do not serve that version.

    Writes: StatementId, Statement, StatementKey, Reference, Attachment; after commit
    ActivityDefinition. Safe to repeat.
    """
    book = book_for(version)
    if book is None:
        raise ValueError(f"There is no version {version} of the standard here.")
    parsed = _parse(statements)
    validate_statements(parsed.statements, book=book, is_batch=parsed.is_batch)
    check_within(limits, parsed.statements, is_batch=parsed.is_batch)
    if attachments is not None:
        check_attachments_came(
            parsed.statements,
            attachments,
            media_types=media_types,
            is_batch=parsed.is_batch,
            book=book,
        )
    incoming = _drafts(parsed, authority, book, received_at, keep_stored, keep_authority)
    is_alone = len(incoming) == 1 and not attachments and connection.vendor == "postgresql"

    def store() -> Receipt:
        with nullcontext() if is_alone else transaction.atomic():
            if is_alone:
                fresh = _store_alone(tenant, incoming[0], guard)
            else:
                if guard is not None and not is_as_proved(guard):
                    raise CredentialChanged
                fresh = _store(tenant, incoming)
            if len(fresh) < len(incoming):
                taken = {one.draft.uuid for one, _ in fresh}
                _compare_with_stored(
                    tenant, [one for one in incoming if one.draft.uuid not in taken]
                )
            stored = fresh[-1][1].stored if fresh else received_at or datetime.now(UTC)
            keep_attachments(tenant, attachments or {}, stored)
            _announce(tenant, fresh)
            if may_define:
                _learn_later(tenant, fresh, stored, limits)
        return Receipt(
            ids=[one.sent_id for one in incoming],
            seqs=[place.seq for _, place in fresh],
            stored=stored,
        )

    try:
        return store()
    except Error as error:
        # The database was restarted since the last request. Every statement has its id by now, so
        # what the lost connection may have stored after all is found, and stored once.
        if not reconnects(error):
            raise
        return store()


def store_own_statements(
    *, statements: Sequence[Mapping[str, Any]], received_at: datetime | None = None
) -> Receipt:
    """Store statements about what was done here, made by the builders of `lrs.statements`.

    Raises:
        Refusal: a builder made something that is not a statement.
        StatementConflict: an id is taken by another statement.

    Writes: as `store_statements`, in the platform's own tenant. Safe to repeat.
    """
    return store_statements(
        tenant=platform_tenant(),
        authority=platform_authority(),
        statements=statements,
        received_at=received_at,
    )


def _parse(statements: bytes | Sequence[Mapping[str, Any]]) -> Parsed:
    if isinstance(statements, bytes):
        return parse_statements(statements)
    return parse_statements(json.dumps(list(statements), ensure_ascii=False).encode())


def _drafts(
    parsed: Parsed,
    authority: Mapping[str, Any],
    book: RuleBook,
    received_at: datetime | None,
    keep_stored: bool,
    keep_authority: bool,
) -> list[_Incoming]:
    identifier = actor_identifier(authority)
    authority_key = None if identifier is None else key_of(AGENT, identifier)
    authority_text = orjson.dumps(authority)
    incoming = []
    for statement, raw in zip(parsed.statements, parsed.raws, strict=True):
        sent_id = statement.get("id")
        uuid = uuid4() if sent_id is None else UUID(sent_id)
        kept = statement.get("stored") if keep_stored else None
        vouched = statement.get("authority") if keep_authority else None
        facts = facts_of(statement)
        draft = Draft(
            uuid=uuid,
            stored=received_at if kept is None else parse_instant(kept),
            timestamp=facts.timestamp,
            actor_key=facts.actor_key,
            verb_key=facts.verb_key,
            object_key=facts.object_key,
            registration_key=facts.registration_key,
            authority_key=authority_key if vouched is None else actor_key(vouched),
            is_voiding=facts.is_voiding,
            target=facts.target,
            related=tuple(facts.related),
            text=open_payload(
                raw=raw,
                statement=statement,
                statement_id=sent_id or str(uuid),
                timestamp=facts.timestamp,
                authority=authority_text if vouched is None else orjson.dumps(vouched),
                version=book.statement_version,
            ),
        )
        incoming.append(_Incoming(sent_id or str(uuid), statement, draft))
    return incoming


def _store_alone(
    tenant: Tenant, one: _Incoming, guard: Guard | None
) -> list[tuple[_Incoming, Place]]:
    place = store_one(tenant.id, one.draft, guard)
    return [] if place is None else [(one, place)]


def _store(tenant: Tenant, incoming: Sequence[_Incoming]) -> list[tuple[_Incoming, Place]]:
    places = store_many(tenant.id, [one.draft for one in incoming])
    return [(one, places[one.draft.uuid]) for one in incoming if one.draft.uuid in places]


def _compare_with_stored(tenant: Tenant, incoming: Sequence[_Incoming]) -> None:
    other: list[UUID] = []
    for start in range(0, len(incoming), _COMPARED_AT_ONCE):
        by_uuid = {one.draft.uuid: one for one in incoming[start : start + _COMPARED_AT_ONCE]}
        places = StatementId.objects.filter(tenant=tenant, uuid__in=by_uuid)
        known = Statement.objects.at(list(places.values_list("seq", "stored")))
        other.extend(
            uuid
            for uuid, payload in known.values_list("uuid", "payload")
            if not are_equivalent(by_uuid[uuid].statement, orjson.loads(payload))
        )
    if other:
        raise StatementConflict(other)


def keep_attachments(tenant: Tenant, attachments: Mapping[str, bytes], stored: datetime) -> None:
    """Keep the contents of attachments, by SHA-2 sum in lower case; within a transaction.

    What is kept already is held until its end, so that nobody takes it away as needless meanwhile.
    """
    if not attachments:
        return
    Attachment.objects.bulk_create(
        [
            Attachment(tenant=tenant, sha2=sha2, content=content, stored=stored)
            for sha2, content in sorted(attachments.items())
        ],
        update_conflicts=True,
        unique_fields=["tenant", "sha2"],
        update_fields=["stored"],
    )


def _announce(tenant: Tenant, fresh: Sequence[tuple[_Incoming, Place]]) -> None:
    if not fresh:
        return
    whose = {"tenant_id": tenant.id, "organisation_id": tenant.organisation_id}
    seqs = [place.seq for _, place in fresh]
    voided = [one.draft.target for one, _ in fresh if one.draft.is_voiding]
    transaction.on_commit(
        lambda: statements_stored.send_robust(sender=Statement, seqs=seqs, **whose), robust=True
    )
    if voided:
        transaction.on_commit(
            lambda: statement_voided.send_robust(sender=Statement, statement_ids=voided, **whose),
            robust=True,
        )


def _learn_later(
    tenant: Tenant,
    fresh: Sequence[tuple[_Incoming, Place]],
    stored: datetime,
    limits: Limits | None,
) -> None:
    definitions = definitions_in(one.statement for one, _ in fresh)
    if limits is not None:
        definitions = {
            iri: said for iri, said in definitions.items() if limits.covers_activity(iri)
        }
    if definitions:
        transaction.on_commit(
            lambda: _learn(tenant.id, definitions, stored),
            robust=True,
        )


def _learn(tenant_id: int, definitions: Mapping[str, Mapping[str, Any]], stored: datetime) -> None:
    try:
        learn_definitions(tenant_id=tenant_id, definitions=definitions, at=stored)
    except Error as error:
        outage = outage_of(error)
        if outage is None:
            raise
        # the statements are stored; the next about the same activity says it again
        logger.warning("what activities are could not be learned now (%s)", outage.value)
