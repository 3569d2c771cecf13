"""Legal holds: placed and ended, and what waited is then done."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lrs.enums import ActKind, ActStatus
from lrs.models import LegalHold, LifeCycleAct, Tenant
from lrs.services.acts import fingerprint, finish, refuse_naming
from lrs.services.tenants import platform_tenant
from organisations.models import User


class NoSuchTime(ValueError):
    """A span that ends before it begins."""


class HoldHasEnded(Exception):
    """It does not stand any more."""


@transaction.atomic
def place_hold(
    *,
    tenant: Tenant | None,
    name: str,
    reason: str,
    at: datetime,
    placed_by: User | None = None,
    actor: str = "",
    activity: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    ends_at: datetime | None = None,
) -> LegalHold:
    """Place a legal hold: from now on what it covers is neither erased, removed nor changed.

    Args:
        tenant: in whose store; None for every store.
        name: what people call it; a refusal says it.
        reason: why.
        at: now.
        placed_by: who.
        actor: only what names this agent, canonical.
        activity: only what is about this activity, an IRI.
        since: only what happened from then on.
        until: only what happened until then.
        ends_at: when it ends by itself; None until somebody ends it.

    Raises: NoSuchTime, ReasonNamesPerson. Writes: LegalHold, LifeCycleAct.
    """
    if (since and until and until < since) or (ends_at and ends_at <= at):
        raise NoSuchTime(_("The end comes before the beginning."))
    refuse_naming(f"{name} {reason}", [actor] if actor else [])
    stores = (
        Tenant.objects.order_by("pk") if tenant is None else Tenant.objects.filter(pk=tenant.pk)
    )
    list(stores.select_for_update(no_key=True))
    hold = LegalHold.objects.create(
        tenant=tenant,
        name=name,
        reason=reason,
        actor=actor,
        activity=activity,
        since=since,
        until=until,
        starts_at=at,
        ends_at=ends_at,
        placed_by=placed_by,
    )
    _note(hold, ActKind.HOLD, reason, at, placed_by)
    return hold


@transaction.atomic
def end_hold(*, hold: LegalHold, reason: str, at: datetime, by: User | None = None) -> None:
    """End a legal hold; whom it was about is forgotten. What waited is done by the next sweep.

    Raises: HoldHasEnded. Writes: LegalHold, LifeCycleAct.
    """
    row = LegalHold.objects.select_for_update().get(pk=hold.pk)
    if not row.stands_at(at):
        raise HoldHasEnded
    _note(row, ActKind.RELEASE, reason, at, by)
    row.ends_at, row.actor = at, ""
    row.save()


def forget_ended_holds(*, at: datetime) -> int:
    """Forget whom holds were about that have ended by themselves. Writes: LegalHold."""
    return LegalHold.objects.filter(ends_at__lte=at).exclude(actor="").update(actor="")


def _note(hold: LegalHold, kind: ActKind, reason: str, at: datetime, by: User | None) -> None:
    act = LifeCycleAct(
        tenant=hold.tenant or platform_tenant(),
        kind=kind,
        status=ActStatus.DONE,
        asked_by=by,
        asked_at=at,
        reason=reason,
        scope={
            "hold": str(hold.uuid),
            "name": hold.name,
            "every store": hold.tenant_id is None,
            "activity": hold.activity,
            "since": hold.since.isoformat() if hold.since else "",
            "until": hold.until.isoformat() if hold.until else "",
        },
        fingerprints=[fingerprint(hold.actor)] if hold.actor else [],
    )
    finish(act, at=at)
