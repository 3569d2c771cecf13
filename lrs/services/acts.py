"""Acts on a store: asked for, carried out bit by bit, and proved afterwards."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from lrs.enums import ActKind, ActStatus
from lrs.models import LegalHold, LifeCycleAct, Statement, Tenant
from lrs.rules.who import Who
from lrs.signals import statements_changing, statements_redacted
from organisations.models import User


class HeldBack(Exception):
    """A legal hold covers what the act would touch."""

    def __init__(self, hold: LegalHold) -> None:
        super().__init__(
            _(
                "The legal hold “%(name)s” covers some of it, and nothing it covers may be changed "
                "until it ends."
            )
            % {"name": hold.name}
        )
        self.hold = hold


class ReasonNamesPerson(ValueError):
    """The reason holds the very identifier of which no trace may be left."""


def fingerprint(identifier: str) -> str:
    """Return a keyed hash of an identifier, which proves and does not tell."""
    return salted_hmac("lrs.life-cycle", identifier, algorithm="sha256").hexdigest()


def begin_act(
    *,
    tenant: Tenant,
    kind: ActKind,
    reason: str,
    at: datetime,
    asked_by: User | None,
    scope: Mapping[str, Any],
    identifiers: Iterable[str] = (),
    working: Mapping[str, Any] | None = None,
    status: ActStatus = ActStatus.WAITING,
) -> LifeCycleAct:
    """Note that something was asked for.

    Raises: ReasonNamesPerson. Writes: LifeCycleAct.
    """
    named = list(identifiers)
    refuse_naming(reason, named)
    return LifeCycleAct.objects.create(
        tenant=tenant,
        kind=kind,
        status=status,
        asked_by=asked_by,
        asked_at=at,
        reason=reason,
        scope=dict(scope),
        fingerprints=[fingerprint(one) for one in named],
        working=dict(working or {}),
    )


def refuse_naming(text: str, identifiers: Iterable[str]) -> None:
    """Refuse a text that is kept for good if it names somebody. Raises: ReasonNamesPerson."""
    if Who.known_as(identifiers).pattern.search(text):
        raise ReasonNamesPerson(_("Write this without naming the person: it is kept for good."))


def locked_act(act: LifeCycleAct) -> LifeCycleAct:
    """Return the row as it is now, held until the end of the transaction, after its store's.

    Whoever places a hold takes the store's row first too, so that a hold stands before the next
    chunk or after the last.
    """
    Tenant.objects.select_for_update(no_key=True).get(pk=act.tenant_id)
    return LifeCycleAct.objects.select_for_update().select_related(None).get(pk=act.pk)


def go_on_with(
    act: LifeCycleAct,
    *,
    step: Callable[[LifeCycleAct, datetime], bool],
    at: datetime,
    progress: Callable[[LifeCycleAct], None],
) -> LifeCycleAct:
    """Take one step of an act after another, each kept, until it has no more; return how it stands.

    Two at once are safe: each step holds the act's row.
    """
    while True:
        with transaction.atomic():
            row = locked_act(act)
            goes_on = step(row, at)
        progress(row)
        if not goes_on:
            return row


def finish(act: LifeCycleAct, *, at: datetime) -> None:
    """Keep the proof, forget what was needed to work. Writes: LifeCycleAct."""
    act.status, act.ended_at, act.working, act.held_by = ActStatus.DONE, at, {}, None
    act.save()


def announce(tenant: Tenant, statements: Iterable[Statement]) -> None:
    """Tell those above which statements are changing, and after the commit that they have."""
    rows = list(statements)
    if not rows:
        return
    told: dict[str, Any] = {
        "tenant_id": tenant.id,
        "organisation_id": tenant.organisation_id,
        "seqs": [row.seq for row in rows],
        "statement_ids": [row.uuid for row in rows],
    }
    statements_changing.send(sender=Statement, **told)
    transaction.on_commit(
        lambda: statements_redacted.send_robust(sender=Statement, **told), robust=True
    )
