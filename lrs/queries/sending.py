"""What is to be sent to a target, and how it stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

import orjson
from django.db.models import Count, Q

from lrs.enums import UnsentState
from lrs.models import Attachment, SendingTarget, Statement, Tenant, UnsentStatement
from lrs.queries.reading import newest_place, places_after, texts_at
from lrs.rules.identity import ACTIVITY, REGISTRATION, VERB, key_of, keys_of_agent
from lrs.rules.parts import attachments_of
from lrs.rules.reading import Reach
from lrs.rules.sending import Item, Wanted


def reach_of(target: SendingTarget) -> Reach:
    """Return up to where a target has been served."""
    xid, _, seq = target.position.partition(".")
    return Reach(int(xid or 0), int(seq or 0))


def wanted_by(target: SendingTarget) -> Wanted:
    """Return which statements a target gets."""
    return Wanted(
        verb_keys=frozenset(key_of(VERB, iri) for iri in target.verbs),
        activity_keys=frozenset(key_of(ACTIVITY, iri) for iri in target.activities),
        actor_keys=frozenset(key for one in target.actors for key in keys_of_agent(one)),
        registration_key=(
            key_of(REGISTRATION, str(target.registration)) if target.registration else None
        ),
        stored_from=target.stored_from,
        success=target.success,
        completion=target.completion,
    )


def due_unsent(*, target: SendingTarget, at: datetime, most: int) -> list[UnsentStatement]:
    """Return what waits for learners of whom something is due, in order."""
    waiting = UnsentStatement.objects.filter(target=target, state=UnsentState.WAITING)
    due = waiting.filter(next_attempt_at__lte=at).order_by("id")
    learners = set(due.values_list("learner_key", flat=True)[:most])
    if not learners:
        return []
    return list(waiting.filter(learner_key__in=learners).order_by("id")[:most])


def waiting_learners(*, target: SendingTarget, most: int) -> set[int] | None:
    """Return the learners something waits for; None when so much waits that it is enough."""
    keys = UnsentStatement.objects.filter(target=target, state=UnsentState.WAITING).values_list(
        "learner_key", flat=True
    )[:most]
    found = list(keys)
    return None if len(found) == most else set(found)


def items_at(target: SendingTarget, places: Sequence[tuple[int, datetime]]) -> dict[int, Item]:
    """Return statements ready to be sent, by number; those that are gone are left out."""
    if not places:
        return {}
    texts = texts_at(tenant=target.tenant, places=places)
    keys = {
        seq: (uuid, actor_key)
        for seq, uuid, actor_key in Statement.objects.at(places).values_list(
            "seq", "uuid", "actor_key"
        )
    }
    sums = {
        seq: [one["sha2"].lower() for _, one in attachments_of(orjson.loads(text.payload))]
        for seq, text in texts.items()
        if '"attachments"' in text.payload
    }
    contents = _contents(target.tenant, {sum_ for found in sums.values() for sum_ in found})
    return {
        seq: Item(
            seq=seq,
            stored=stored,
            uuid=keys[seq][0],
            learner_key=learner_key(*keys[seq]),
            payload=texts[seq].payload,
            is_void=texts[seq].is_void,
            attachments={sum_: contents[sum_] for sum_ in sums.get(seq, ()) if sum_ in contents},
        )
        for seq, stored in places
        if seq in texts and seq in keys
    }


def learner_key(uuid: UUID, actor_key: int | None) -> int:
    """Return whose statements keep their order among themselves; an anonymous group is its own."""
    return uuid.int % 2**63 if actor_key is None else actor_key


def _contents(tenant: Tenant, sums: set[str]) -> dict[str, bytes]:
    if not sums:
        return {}
    rows = Attachment.objects.filter(tenant=tenant, sha2__in=sums)
    return {row.sha2: bytes(row.content) for row in rows.iterator()}


BEHIND_MOST: Final = 1_000


@dataclass(frozen=True, slots=True)
class Behind:
    """What a target should have and has not been sent."""

    count: int
    """At most ``BEHIND_MOST``."""
    is_more: bool
    since: datetime | None
    """When the first of it was stored."""


@dataclass(frozen=True, slots=True)
class TargetStanding:
    """How a target stands, for a page."""

    target: SendingTarget
    waiting: int
    dead: int
    is_up_to_date: bool
    """It has been sent all there is, but for what waits and what was given up."""


def targets_of(*, tenant: Tenant) -> list[TargetStanding]:
    """Return a store's targets in the order they were made, and how each stands."""
    newest = newest_place(tenant=tenant)
    counted = (
        SendingTarget.objects.filter(tenant=tenant)
        .select_related("tenant")
        .annotate(
            waiting=Count("unsent", filter=Q(unsent__state=UnsentState.WAITING)),
            dead=Count("unsent", filter=Q(unsent__state=UnsentState.DEAD)),
        )
        .order_by("created_at", "pk")
    )
    annotated = cast(Iterable[Any], counted)  # which the stubs do not see
    return [
        TargetStanding(one, one.waiting, one.dead, reach_of(one) >= newest) for one in annotated
    ]


def target_of(*, tenant: Tenant, uuid: UUID) -> TargetStanding | None:
    """Return one of a store's targets; None if it has none such."""
    return next((one for one in targets_of(tenant=tenant) if one.target.uuid == uuid), None)


def behind_of(*, target: SendingTarget) -> Behind:
    """Return how much a target has still to be sent."""
    places = places_after(tenant=target.tenant, after=reach_of(target), limit=BEHIND_MOST + 1)
    wanted = wanted_by(target)
    missing = [place for place in places if wanted.by_keys(place)]
    return Behind(
        count=min(len(missing), BEHIND_MOST),
        is_more=len(places) > BEHIND_MOST,
        since=missing[0].stored if missing else None,
    )


def unsent_of(
    *, target: SendingTarget, state: str, after: int = 0, most: int = 100
) -> list[UnsentStatement]:
    """Return what has not arrived, in order, a page at a time."""
    rows = UnsentStatement.objects.filter(target=target, state=state, id__gt=after)
    return list(rows.order_by("id")[:most])
