"""What was asked of a store and is not finished: gone on with, by a task and a sweep behind it."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from lrs.enums import ActKind, ActStatus
from lrs.models import LifeCycleAct, RetentionPolicy, Tenant
from lrs.queries.lifecycle import SOURCES, documents_of, places_naming
from lrs.rules.who import Who
from lrs.services.changing import carry_out_change
from lrs.services.erasure import ask_erasure, carry_out_erasure
from lrs.services.holds import forget_ended_holds
from lrs.services.retention import apply_retention, carry_out_retention

logger = logging.getLogger(__name__)

_HOW: Final = {
    ActKind.ERASURE: carry_out_erasure,
    ActKind.RETENTION: carry_out_retention,
    ActKind.CHANGE: carry_out_change,
}


def carry_out_acts(
    *, at: datetime, progress: Callable[[LifeCycleAct], None] = lambda act: None
) -> int:
    """Go on with every act that is not finished and that no hold holds; return how many.

    One that fails is logged and tried again the next time; it holds up no other.

    Writes: as those acts. Safe to repeat.
    """
    forget_ended_holds(at=at)
    count = 0
    for act in LifeCycleAct.objects.to_do().select_related("held_by").order_by("pk"):
        is_held = act.status == ActStatus.HELD and act.held_by and act.held_by.stands_at(at)
        if is_held or ActKind(act.kind) not in _HOW:
            continue
        try:
            _HOW[ActKind(act.kind)](act=act, at=at, progress=progress)
            count += 1
        except Exception:
            logger.exception("an act on a store could not be gone on with", extra={"act": act.pk})
    return count


def apply_policies(*, at: datetime) -> list[LifeCycleAct]:
    """Apply every retention policy that is switched on. Writes: as `apply_retention`."""
    policies = RetentionPolicy.objects.filter(is_on=True).select_related("tenant").order_by("pk")
    acts = []
    for policy in policies:
        try:
            act = apply_retention(policy=policy, at=at)
        except Exception:
            logger.exception("a policy could not be applied", extra={"policy": policy.pk})
            continue
        if act is not None:
            acts.append(act)
    return acts


def offer_erasures(
    *, identifiers: Iterable[str], organisation_id: int, reason: str, at: datetime
) -> int:
    """Ask an organisation whether a person should be erased from its store, if it names them.

    What an organisation recorded stays with it; its administrators decide, on its page.

    Args:
        identifiers: of the person there.
        organisation_id: whose store.
        reason: why, without naming them.
        at: now.

    Returns how many requests there are now, 0 or 1. Writes: LifeCycleAct.
    """
    names = sorted(set(identifiers))
    who = Who.known_as(names)
    tenant = Tenant.objects.get(organisation_id=organisation_id)
    is_named = documents_of(tenant=tenant, who=who).exists() or any(
        places_naming(tenant=tenant, who=who, source=source, after=None, limit=1)
        for source in SOURCES
    )
    if is_named:
        ask_erasure(tenant=tenant, identifiers=names, reason=reason, at=at, is_offer=True)
    return int(is_named)
