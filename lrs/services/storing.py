"""Storing statements: all of a request or none, each id once."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

import orjson
from django.db import transaction

from lrs.models import Attachment, Reference, Statement, StatementId, StatementKey, Tenant
from lrs.models.bulk import begin_storing, claim_ids, insert_rows
from lrs.queries.tenants import platform_authority
from lrs.rules.equivalence import are_equivalent
from lrs.rules.facts import Facts, facts_of
from lrs.rules.identity import AGENT, actor_identifier, key_of
from lrs.rules.parsing import Parsed, parse_statements
from lrs.rules.parts import check_attachments_came
from lrs.rules.payload import build_payload
from lrs.rules.times import format_instant, parse_instant
from lrs.rules.validation import validate_statements
from lrs.rules.versions import XAPI_1_0, RuleBook, book_for
from lrs.services.definitions import definitions_in, learn_definitions
from lrs.services.tenants import platform_tenant
from lrs.signals import statement_voided, statements_stored

_STATEMENT_FIELDS: Final = (
    "seq",
    "stored",
    "tenant",
    "uuid",
    "timestamp",
    "actor_key",
    "verb_key",
    "object_key",
    "registration_key",
    "authority_key",
    "is_voiding",
    "payload",
)


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
    uuid: UUID
    sent_id: str
    statement: Mapping[str, Any]
    raw: bytes
    facts: Facts
    stored: datetime | None
    """By another store, where that is kept."""


def store_statements(
    *,
    tenant: Tenant,
    authority: Mapping[str, Any],
    statements: bytes | Sequence[Mapping[str, Any]],
    version: str = XAPI_1_0.version,
    received_at: datetime | None = None,
    attachments: Mapping[str, bytes] | None = None,
    may_define: bool = True,
    keep_stored: bool = False,
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
        may_define: let the store learn from them what activities are.
        keep_stored: leave each the time at which it says another store stored it.

    Raises:
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
    if attachments is not None:
        check_attachments_came(parsed.statements, attachments, is_batch=parsed.is_batch)
    incoming = [
        _take_in(statement, raw, keep_stored)
        for statement, raw in zip(parsed.statements, parsed.raws, strict=True)
    ]
    with transaction.atomic():
        now, seqs = begin_storing(len(incoming))
        stored = received_at or now
        claimed = claim_ids(
            tenant_id=tenant.id,
            uuids=[one.uuid for one in incoming],
            stored=[one.stored or stored for one in incoming],
            seqs=seqs,
        )
        if len(claimed) < len(incoming):
            _compare_with_stored(tenant, [one for one in incoming if one.uuid not in claimed])
        fresh = [(claimed[one.uuid], one) for one in incoming if one.uuid in claimed]
        _write(tenant, fresh, authority, stored, book)
        _keep_attachments(tenant, attachments or {}, stored)
        _announce(tenant, fresh)
        if may_define:
            _learn_later(tenant, fresh, stored)
    return Receipt(
        ids=[one.sent_id for one in incoming], seqs=[seq for seq, _ in fresh], stored=stored
    )


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


def _take_in(statement: Mapping[str, Any], raw: bytes, keep_stored: bool) -> _Incoming:
    sent_id = statement.get("id")
    uuid = uuid4() if sent_id is None else UUID(sent_id)
    stored = statement.get("stored") if keep_stored else None
    return _Incoming(
        uuid,
        sent_id or str(uuid),
        statement,
        raw,
        facts_of(statement),
        None if stored is None else parse_instant(stored),
    )


def _compare_with_stored(tenant: Tenant, incoming: Sequence[_Incoming]) -> None:
    by_uuid = {one.uuid: one for one in incoming}
    seqs = StatementId.objects.filter(tenant=tenant, uuid__in=by_uuid).values_list("seq", flat=True)
    known = Statement.objects.filter(seq__in=list(seqs)).values_list("uuid", "payload")
    other = [
        uuid
        for uuid, payload in known.iterator(chunk_size=500)
        if not are_equivalent(by_uuid[uuid].statement, orjson.loads(payload))
    ]
    if other:
        raise StatementConflict(other)


def _write(
    tenant: Tenant,
    fresh: Sequence[tuple[int, _Incoming]],
    authority: Mapping[str, Any],
    stored: datetime,
    book: RuleBook,
) -> None:
    authority_text = orjson.dumps(authority)
    identifier = actor_identifier(authority)
    authority_key = None if identifier is None else key_of(AGENT, identifier)
    stored_text = format_instant(stored)
    rows: list[tuple[Any, ...]] = []
    keys: list[tuple[Any, ...]] = []
    references: list[tuple[Any, ...]] = []
    for seq, one in fresh:
        facts = one.facts
        moment = one.stored or stored
        payload = build_payload(
            raw=one.raw,
            statement=one.statement,
            statement_id=one.sent_id,
            stored=stored_text if one.stored is None else format_instant(one.stored),
            timestamp=facts.timestamp,
            authority=authority_text,
            version=book.statement_version,
        )
        rows.append(
            (
                seq,
                moment,
                tenant.id,
                one.uuid,
                facts.timestamp or moment,
                facts.actor_key,
                facts.verb_key,
                facts.object_key,
                facts.registration_key,
                authority_key,
                facts.is_voiding,
                payload,
            )
        )
        keys.extend((tenant.id, key, moment, seq) for key in facts.related)
        if facts.target is not None:
            references.append((seq, tenant.id, moment, one.uuid, facts.target, facts.is_voiding))
    insert_rows(Statement, _STATEMENT_FIELDS, rows)
    insert_rows(StatementKey, ("tenant", "key", "stored", "seq"), keys)
    insert_rows(
        Reference, ("seq", "tenant", "stored", "source", "target", "is_voiding"), references
    )


def _keep_attachments(tenant: Tenant, attachments: Mapping[str, bytes], stored: datetime) -> None:
    Attachment.objects.bulk_create(
        [
            Attachment(tenant=tenant, sha2=sha2, content=content, stored=stored)
            for sha2, content in sorted(attachments.items())
        ],
        ignore_conflicts=True,
    )


def _announce(tenant: Tenant, fresh: Sequence[tuple[int, _Incoming]]) -> None:
    if not fresh:
        return
    whose = {"tenant_id": tenant.id, "organisation_id": tenant.organisation_id}
    seqs = [seq for seq, _ in fresh]
    voided = [one.facts.target for _, one in fresh if one.facts.is_voiding]
    transaction.on_commit(
        lambda: statements_stored.send_robust(sender=Statement, seqs=seqs, **whose), robust=True
    )
    if voided:
        transaction.on_commit(
            lambda: statement_voided.send_robust(sender=Statement, statement_ids=voided, **whose),
            robust=True,
        )


def _learn_later(tenant: Tenant, fresh: Sequence[tuple[int, _Incoming]], stored: datetime) -> None:
    definitions = definitions_in(one.statement for _, one in fresh)
    if definitions:
        transaction.on_commit(
            lambda: learn_definitions(tenant_id=tenant.id, definitions=definitions, at=stored),
            robust=True,
        )
