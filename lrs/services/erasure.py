"""Erasing a person from a store: what was done stays, nobody can tell any more by whom."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Length

from lrs.enums import ActKind, ActStatus
from lrs.models import ActivityDefinition, Document, LifeCycleAct, Tenant
from lrs.queries.folding import with_text
from lrs.queries.lifecycle import (
    SOURCES,
    Place,
    documents_covered_by,
    documents_of,
    hold_on,
    newest_place,
    places_mentioning,
    places_naming,
    standing_holds,
    window_after,
)
from lrs.rules.redaction import Cut, redact, scrub_json
from lrs.rules.who import Stand, Who
from lrs.services.acts import begin_act, fingerprint, finish, go_on_with, locked_act
from lrs.services.definitions import forget_definitions
from lrs.services.names import forget_who
from lrs.services.rewriting import rewrite_statements, sweep_loose
from lrs.services.tenants import end_keys_of_agent
from lrs.services.traces import clean_settings
from lrs.signals import actor_erased
from organisations.models import User
from organisations.queries import iri_base

WINDOW: Final = 2_000
"""Statements that are looked through in one transaction."""
_PHASES: Final = (
    *SOURCES,
    "text",
    *(f"{source} again" for source in SOURCES),
    "documents",
    "definitions",
    "attachments",
    "names",
    "settings",
)

Progress = Callable[[LifeCycleAct], None]


class NothingToDecide(Exception):
    """The request has been decided already."""


def ask_erasure(
    *,
    tenant: Tenant,
    identifiers: Iterable[str],
    reason: str,
    at: datetime,
    asked_by: User | None = None,
    cuts_extensions: bool = False,
    is_offer: bool = False,
) -> LifeCycleAct:
    """Ask that a person be erased from a store; `carry_out` does it.

    Args:
        tenant: whose store.
        identifiers: of one person, canonical; an address stands for its SHA-1 sum too.
        reason: why, without naming them.
        at: now.
        asked_by: who asks; None for the installation itself.
        cuts_extensions: extensions of what they did go too, whatever is in them.
        is_offer: it waits for an administrator to decide.

    Raises: ReasonNamesPerson. Writes: LifeCycleAct. Safe to repeat while it waits.
    """
    names = sorted(set(identifiers))
    marks = [fingerprint(one) for one in names]
    asked = LifeCycleAct.objects.filter(tenant=tenant, kind=ActKind.ERASURE, ended_at=None)
    for act in asked.order_by("pk"):
        if act.fingerprints == marks:
            if act.status == ActStatus.OFFERED and not is_offer:
                act.status, act.asked_by, act.reason = ActStatus.WAITING, asked_by, reason
                act.scope["extensions"] = cuts_extensions
                act.save()
            return act
    return begin_act(
        tenant=tenant,
        kind=ActKind.ERASURE,
        reason=reason,
        at=at,
        asked_by=asked_by,
        identifiers=names,
        scope={"identifiers": len(names), "extensions": cuts_extensions},
        working={"identifiers": names, "stand": str(uuid4()), "phase": 0},
        status=ActStatus.OFFERED if is_offer else ActStatus.WAITING,
    )


def erase_actor(
    *,
    tenant: Tenant,
    identifiers: Iterable[str],
    reason: str,
    at: datetime,
    asked_by: User | None = None,
    cuts_extensions: bool = False,
    progress: Progress = lambda act: None,
) -> LifeCycleAct:
    """Erase a person from a store; the act says what became of it.

    Every statement that names them, anywhere, is rewritten: a new account of which nobody can tell
    whose it was takes their place; names, responses and attachments of theirs go, signatures too.
    Ids, verbs, activities, times, references and what is void stay. Their state and profile
    documents are deleted, and filters, labels and notes no longer name them (`clean_settings`);
    the act's scope says what was done beside the log. What a legal hold covers is not touched: then all of it waits, and is
    done when the hold ends.

    Raises: ReasonNamesPerson. Writes: Statement, StatementKey, Document, ActivityDefinition,
    Attachment, SeenActor, Credential, LifeCycleAct, and as `clean_settings`; in chunks, each kept. Safe to repeat, and to go on after a crash.
    """
    act = ask_erasure(
        tenant=tenant,
        identifiers=identifiers,
        reason=reason,
        at=at,
        asked_by=asked_by,
        cuts_extensions=cuts_extensions,
    )
    return carry_out_erasure(act=act, at=at, progress=progress)


def decide_erasure(*, act: LifeCycleAct, by: User, agrees: bool, at: datetime) -> None:
    """Say yes or no to an erasure that was offered.

    Raises: NothingToDecide. Writes: LifeCycleAct.
    """
    with transaction.atomic():
        row = locked_act(act)
        if row.status != ActStatus.OFFERED:
            raise NothingToDecide
        row.asked_by = by
        if agrees:
            row.status = ActStatus.WAITING
        else:
            row.status, row.ended_at, row.working = ActStatus.DECLINED, at, {}
        row.save()


def carry_out_erasure(
    *, act: LifeCycleAct, at: datetime, progress: Progress = lambda act: None
) -> LifeCycleAct:
    """Go on with an erasure until it is done or held up; return how it stands.

    Two at once are safe: each step holds the act's row. Writes: as `erase_actor`.
    """
    return go_on_with(act, step=_step, at=at, progress=progress)


def _step(act: LifeCycleAct, at: datetime) -> bool:
    if act.status not in (ActStatus.WAITING, ActStatus.HELD, ActStatus.RUNNING):
        return False
    tenant = act.tenant
    who = Who.known_as(act.working["identifiers"])
    if act.status != ActStatus.RUNNING:
        hold = hold_on(tenant=tenant, who=who, at=at)
        act.status = ActStatus.RUNNING if hold is None else ActStatus.HELD
        act.held_by = hold
        act.working |= {"phase": 0, "after": None, "until": None}
        act.save()
        return hold is None
    phase = act.working["phase"]
    if phase == len(_PHASES):
        if act.held_by_id is not None:
            act.status = ActStatus.HELD
            act.save()
        else:
            finish(act, at=at)
        return False
    name = _PHASES[phase].removesuffix(" again")
    if act.working.get("until") is None:
        act.working["until"] = _kept(newest_place(tenant))
    after = _do(act, tenant, who, name, _place(act.working.get("after")), at)
    act.working["after"] = _kept(after)
    if after is None:
        act.working |= {"phase": phase + 1, "until": None}
    act.save()
    return True


def _do(
    act: LifeCycleAct, tenant: Tenant, who: Who, name: str, after: Place | None, at: datetime
) -> Place | None:
    """Do one step of a phase; return where it goes on, None when it is over.

    Each phase reads as far as there was something when it began, so that whoever keeps sending
    cannot keep it from ending.
    """
    until = _place(act.working["until"])
    if name == "documents":
        _delete_documents(act, tenant, who, at)
        return None
    if name == "definitions":
        _clean_definitions(tenant, who, _stand(act))
        return None
    if name == "names":
        forget_who(tenant=tenant, who=who)
        keys = end_keys_of_agent(tenant=tenant, who=who, at=at)
        _note_beside(act, {"keys": keys} if keys else {})
        return None
    if name == "settings":
        _note_beside(act, clean_settings(tenant=tenant, who=who, stand=_stand(act), at=at))
        actor_erased.send(
            sender=LifeCycleAct,
            tenant_id=tenant.id,
            organisation_id=tenant.organisation_id,
            identifiers=who.identifiers,
        )
        return None
    if name == "attachments":
        return sweep_loose(act=act, tenant=tenant, after=after, window=WINDOW)
    if name == "text":
        last, count = window_after(tenant=tenant, after=after, size=WINDOW, until=until)
        if not last:
            return None
        places = places_mentioning(tenant=tenant, clues=who.clues, after=after, until=last[0])
        act.looked_at += count
    else:
        places = places_naming(
            tenant=tenant, who=who, source=name, after=after, limit=WINDOW // 4, until=until
        )
        if not places:
            return None
        last = places[-1:]
    chunk = rewrite_statements(
        act=act,
        tenant=tenant,
        places=places,
        rewrite=partial(_redacted, who=who, stand=_stand(act), act=act),
        holds=standing_holds(tenant=tenant, at=at),
    )
    act.statements += chunk.changed
    act.held_by = chunk.held_by or act.held_by
    return last[0]


def _note_beside(act: LifeCycleAct, changed: Mapping[str, int]) -> None:
    """Note on the act what was changed beside the log, if anything was."""
    beside = Counter(act.scope.get("beside", {})) + Counter(changed)
    if beside:
        act.scope["beside"] = dict(beside)


def _redacted(payload: str, *, who: Who, stand: Stand, act: LifeCycleAct) -> Any:
    return redact(payload, who, stand, Cut(extensions=act.scope["extensions"]))


def _stand(act: LifeCycleAct) -> Stand:
    return Stand(UUID(act.working["stand"]), iri_base())


def _delete_documents(act: LifeCycleAct, tenant: Tenant, who: Who, at: datetime) -> None:
    rows = documents_of(tenant=tenant, who=who) | _documents_called_after(tenant, who)
    for hold in standing_holds(tenant=tenant, at=at):
        spared = documents_covered_by(hold)
        if rows.filter(spared).exists():
            act.held_by = hold
            rows = rows.exclude(spared)
    act.bytes += rows.aggregate(size=Sum(Length("content")))["size"] or 0
    act.documents += rows.delete()[0]


def _documents_called_after(tenant: Tenant, who: Who) -> "QuerySet[Document]":
    rule = Q(pk__in=[])
    for clue in who.clues:
        rule |= with_text("document_id", clue) | with_text("activity", clue)
    rows = Document.objects.filter(rule, tenant=tenant).values_list("pk", "document_id", "activity")
    called = [pk for pk, *names in rows if any(who.pattern.search(name) for name in names)]
    return Document.objects.filter(tenant=tenant, pk__in=called)


def _clean_definitions(tenant: Tenant, who: Who, stand: Stand) -> None:
    """Forget what the store knows of activities whose address names the person; clean the rest."""
    rule = Q(pk__in=[])
    for clue in who.clues:
        rule |= with_text("iri", clue) | with_text("definition", clue)
    rows = ActivityDefinition.objects.filter(rule, tenant=tenant).order_by("key")
    for row in rows.select_for_update():  # in the order in which those who learn write
        clean = scrub_json(row.definition, who, stand)
        if who.pattern.search(row.iri):
            row.delete()
        elif clean is not None:
            ActivityDefinition.objects.filter(pk=row.pk).update(definition=clean)
    transaction.on_commit(forget_definitions)


def _kept(place: Place | None) -> list[Any] | None:
    return None if place is None else [place[0], place[1].isoformat()]


def _place(kept: Any) -> Place | None:
    return None if kept is None else (kept[0], datetime.fromisoformat(kept[1]))
