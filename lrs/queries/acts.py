"""What has been done to a store, what is still to do, and how large it was."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from lrs.enums import ActStatus
from lrs.models import LegalHold, LifeCycleAct, RetentionPolicy, StoreSize, Tenant
from lrs.queries.lifecycle import standing_holds


@dataclass(frozen=True)
class LifeCycle:
    """All that the page on a store's life cycle shows."""

    size: StoreSize | None
    holds: list[LegalHold]
    policies: list[RetentionPolicy]
    offered: list[LifeCycleAct]
    open_acts: list[LifeCycleAct]
    closed_acts: list[LifeCycleAct]


def life_cycle_of(*, tenant: Tenant, at: datetime, most: int) -> LifeCycle:
    """Return the life cycle of a store with its latest finished acts. Four queries."""
    acts = acts_of(tenant=tenant)
    unfinished = list(acts.filter(ended_at=None))
    return LifeCycle(
        size=StoreSize.objects.filter(tenant=tenant).first(),
        holds=standing_holds(tenant=tenant, at=at),
        policies=list(RetentionPolicy.objects.filter(tenant=tenant).order_by("name")),
        offered=[act for act in unfinished if act.status == ActStatus.OFFERED],
        open_acts=[act for act in unfinished if act.status != ActStatus.OFFERED],
        closed_acts=list(acts.filter(ended_at__isnull=False)[:most]),
    )


def acts_of(*, tenant: Tenant) -> "QuerySet[LifeCycleAct]":
    """Return what was asked of a store, the latest first."""
    acts = LifeCycleAct.objects.filter(tenant=tenant).select_related("asked_by", "held_by")
    return acts.order_by("-asked_at", "-pk")


def act_of(*, tenant: Tenant, uuid: UUID) -> LifeCycleAct | None:
    """Return one act on a store; None if it is not of that store."""
    return acts_of(tenant=tenant).filter(uuid=uuid).first()


def policy_of(*, tenant: Tenant, uuid: UUID) -> RetentionPolicy | None:
    """Return one policy of a store; None if it is not of that store."""
    return RetentionPolicy.objects.filter(tenant=tenant, uuid=uuid).first()


def hold_of(*, tenant: Tenant, uuid: UUID) -> LegalHold | None:
    """Return one hold of just that store; None for others and for those on every store."""
    return LegalHold.objects.filter(tenant=tenant, uuid=uuid).first()


def sizes_of(*, organisation_ids: Iterable[int]) -> dict[int | None, StoreSize]:
    """Return how large stores were when last counted, by organisation; None is the platform's own.

    One query.
    """
    rows = StoreSize.objects.filter(
        Q(tenant__organisation_id__in=list(organisation_ids)) | Q(tenant__is_platform=True)
    ).select_related("tenant")
    return {row.tenant.organisation_id: row for row in rows}
