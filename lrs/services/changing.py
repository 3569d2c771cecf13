"""A new identifier for somebody: an address or a staff number changed, or two accounts are one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from django.utils.translation import gettext as _

from lrs.enums import ActKind, ActStatus
from lrs.models import Document, LifeCycleAct, Tenant
from lrs.queries.lifecycle import (
    SOURCES,
    Place,
    documents_of,
    hold_on,
    how_many_name,
    places_naming,
    standing_holds,
)
from lrs.rules.identity import AGENT, key_of
from lrs.rules.redaction import rename
from lrs.rules.who import Who
from lrs.services.acts import HeldBack, begin_act, finish, go_on_with
from lrs.services.names import rename_seen
from lrs.services.rewriting import rewrite_statements, sweep_loose
from lrs.services.traces import change_settings
from organisations.models import User
from organisations.queries import iri_base

WINDOW: Final = 500
_PHASES: Final = (*SOURCES, *(f"{source} again" for source in SOURCES), "documents", "attachments")


class SameIdentifier(ValueError):
    """The new identifier is the old one."""


@dataclass(frozen=True, slots=True)
class Extent:
    """What a change of identifier touches."""

    statements: int
    documents: int
    conflicts: int
    """Documents that both identifiers have; the one changed last stays."""


def extent_of_change(*, tenant: Tenant, old: str, new: str) -> Extent:
    """Return what would be changed, without changing it."""
    who = Who.known_as([old])
    documents = list(documents_of(tenant=tenant, who=who).order_by("pk"))
    conflicts = sum(1 for one in documents if _twin(tenant, one, new) is not None)
    return Extent(how_many_name(tenant=tenant, who=who), len(documents), conflicts)


def ask_change(
    *,
    tenant: Tenant,
    old: str,
    new: str,
    reason: str,
    at: datetime,
    asked_by: User | None = None,
) -> LifeCycleAct:
    """Ask that an identifier be changed in a store; `carry_out_acts` does it.

    Raises: HeldBack, SameIdentifier, ReasonNamesPerson. Writes: LifeCycleAct.
    """
    if new == old:
        raise SameIdentifier(_("The new identifier is the old one."))
    hold = hold_on(tenant=tenant, who=Who.known_as([old]), at=at)
    if hold is not None:
        raise HeldBack(hold)
    return begin_act(
        tenant=tenant,
        kind=ActKind.CHANGE,
        reason=reason,
        at=at,
        asked_by=asked_by,
        identifiers=[old, new],
        scope={"conflicts": 0},
        working={"old": old, "new": new, "phase": 0, "after": None},
    )


def change_identifier(
    *,
    tenant: Tenant,
    old: str,
    new: str,
    reason: str,
    at: datetime,
    asked_by: User | None = None,
    progress: Callable[[LifeCycleAct], None] = lambda act: None,
) -> LifeCycleAct:
    """Put a new identifier in the place of an old one, wherever an agent goes by it in a store.

    Names and text stay; filters and policies follow (`change_settings`). A signature no longer holds and goes; the statement says so. State and
    profiles move; where both identifiers have the same document, the one changed last stays, and
    the act's scope says how many that were.

    Args:
        tenant: whose store.
        old: canonical; an address stands for its SHA-1 sum too, which becomes that of the new.
        new: canonical.
        reason: why; kept for good, so without the identifiers.
        at: now.
        asked_by: who asks.
        progress: told after each step.

    Raises: HeldBack, SameIdentifier, ReasonNamesPerson. Writes: Statement, StatementKey, Document,
    Attachment, SeenActor, LifeCycleAct, and as `change_settings`; in chunks, each kept. Safe to go on after a crash.
    """
    act = ask_change(tenant=tenant, old=old, new=new, reason=reason, at=at, asked_by=asked_by)
    return carry_out_change(act=act, at=at, progress=progress)


def carry_out_change(
    *,
    act: LifeCycleAct,
    at: datetime,
    progress: Callable[[LifeCycleAct], None] = lambda act: None,
) -> LifeCycleAct:
    """Go on with a change until it is done or a hold stands in its way. Writes: as the change."""
    return go_on_with(act, step=_step, at=at, progress=progress)


def _step(act: LifeCycleAct, at: datetime) -> bool:
    if act.status not in (ActStatus.WAITING, ActStatus.HELD, ActStatus.RUNNING):
        return False
    tenant, working = act.tenant, act.working
    who = Who.known_as([working["old"]])
    if standing_holds(tenant=tenant, at=at):
        act.held_by = hold_on(tenant=tenant, who=who, at=at)
        if act.held_by is not None:
            act.status = ActStatus.HELD
            act.save()
            return False
    act.status, act.held_by = ActStatus.RUNNING, None
    if working["phase"] == len(_PHASES):
        finish(act, at=at)
        return False
    kept = working["after"]
    after = None if kept is None else (kept[0], datetime.fromisoformat(kept[1]))
    after = _do(act, tenant, who, _PHASES[working["phase"]].removesuffix(" again"), after)
    working["after"] = None if after is None else [after[0], after[1].isoformat()]
    working["phase"] += after is None
    act.save()
    return True


def _do(
    act: LifeCycleAct, tenant: Tenant, who: Who, name: str, after: Place | None
) -> Place | None:
    if name == "attachments":
        return sweep_loose(act=act, tenant=tenant, after=after, window=WINDOW)
    if name == "documents":
        _move_documents(act, tenant, who, act.working["new"])
        rename_seen(tenant=tenant, who=who, new=act.working["new"])
        change_settings(tenant=tenant, who=who, new=act.working["new"])
        return None
    places = places_naming(tenant=tenant, who=who, source=name, after=after, limit=WINDOW)
    if not places:
        return None
    chunk = rewrite_statements(
        act=act,
        tenant=tenant,
        places=places,
        rewrite=partial(rename, who=who, new=act.working["new"], base=iri_base()),
        holds=(),
    )
    act.statements += chunk.changed
    return places[-1]


def _move_documents(act: LifeCycleAct, tenant: Tenant, who: Who, new: str) -> None:
    for row in documents_of(tenant=tenant, who=who).select_for_update().order_by("pk"):
        twin = _twin(tenant, row, new)
        act.documents += 1
        if twin is not None:
            act.scope["conflicts"] += 1
            older = twin if twin.updated_at <= row.updated_at else row
            older.delete()
            if older is row:
                continue
        Document.objects.filter(pk=row.pk).update(agent=new, agent_key=key_of(AGENT, new))


def _twin(tenant: Tenant, document: Document, new: str) -> Document | None:
    return (
        Document.objects.filter(
            tenant=tenant,
            kind=document.kind,
            activity_key=document.activity_key,
            agent_key=key_of(AGENT, new),
            registration_key=document.registration_key,
            document_key=document.document_key,
        )
        .exclude(pk=document.pk)
        .first()
    )
