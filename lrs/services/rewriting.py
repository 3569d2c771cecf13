"""Writing statements anew in their places, with their keys; and what attachments that leaves."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet, Sum
from django.db.models.functions import Length

from lrs.models import (
    Attachment,
    LegalHold,
    LifeCycleAct,
    LooseAttachment,
    Statement,
    StatementKey,
    Tenant,
)
from lrs.queries.lifecycle import (
    Place,
    covered_by,
    later,
    payloads_with_attachments_since,
    unsettled_from,
    window_after,
)
from lrs.rules.facts import facts_of
from lrs.rules.identity import actor_key
from lrs.rules.redaction import Rewritten, read_payload
from lrs.services.acts import announce

AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Chunk:
    """What became of some statements."""

    changed: int = 0
    held_by: LegalHold | None = None
    """A hold because of which some stayed as they were."""


def rewrite_statements(
    *,
    act: LifeCycleAct,
    tenant: Tenant,
    places: Sequence[Place],
    rewrite: Callable[[str], Rewritten | None],
    holds: Collection[LegalHold],
) -> Chunk:
    """Rewrite those of these statements that it changes and no hold covers; in a transaction.

    Number, time of storing and transaction of a row stay, so cursors neither skip nor repeat.

    Writes: Statement, StatementKey, LooseAttachment. Sends statements_changing.
    """
    changed = 0
    held: dict[int, LegalHold] = {}
    for start in range(0, len(places), AT_ONCE):
        part = places[start : start + AT_ONCE]
        spared = {
            seq: hold
            for hold in holds
            for seq in Statement.objects.at(part)
            .filter(covered_by(hold))
            .values_list("seq", flat=True)
        }
        rows = Statement.objects.at(part).filter(tenant=tenant).order_by("seq")
        touched = []
        for row in rows.select_for_update():
            after = rewrite(row.payload)
            if after is not None and row.seq in spared:
                held[row.seq] = spared[row.seq]
            elif after is not None:
                _write(row, after, act)
                touched.append(row)
        announce(tenant, touched)
        changed += len(touched)
    return Chunk(changed, next(iter(held.values()), None))


def _write(row: Statement, after: Rewritten, act: LifeCycleAct) -> None:
    before, now = facts_of(read_payload(row.payload)), facts_of(after.statement)
    row.payload = after.payload
    row.actor_key, row.verb_key, row.object_key = now.actor_key, now.verb_key, now.object_key
    row.registration_key = now.registration_key
    row.authority_key = actor_key(after.statement["authority"])
    Statement.objects.filter(seq=row.seq, stored=row.stored).update(
        actor_key=row.actor_key,
        verb_key=row.verb_key,
        object_key=row.object_key,
        registration_key=row.registration_key,
        authority_key=row.authority_key,
        payload=row.payload,
    )
    here = {"tenant_id": row.tenant_id, "stored": row.stored, "seq": row.seq}
    gone = list(before.related - now.related)
    if gone:
        StatementKey.objects.filter(**here, key__in=gone).delete()
    StatementKey.objects.bulk_create(
        [StatementKey(**here, key=key) for key in sorted(now.related - before.related)]
    )
    note_loose(act, after.sums)


def note_loose(act: LifeCycleAct, sums: Collection[str]) -> None:
    """Note attachments that a statement no longer has. Writes: LooseAttachment."""
    LooseAttachment.objects.bulk_create(
        [LooseAttachment(act=act, sha2=one) for one in sorted(set(sums))], ignore_conflicts=True
    )


def sweep_loose(
    *, act: LifeCycleAct, tenant: Tenant, after: Place | None, window: int
) -> Place | None:
    """Keep those loose attachments that statements further on have; at the end delete the others.

    Statements that were being stored while we looked are looked at last, when nobody can store
    one more that leans on what is about to go.

    Returns where to go on from; None when there is nothing more to do.

    Writes: LooseAttachment, Attachment, and how many went on the act.
    """
    loose = LooseAttachment.objects.filter(act=act)
    if after is None:
        act.working["unsettled_from"] = unsettled_from()
    last: list[Place] = []
    if loose.exists():
        last, _count = window_after(tenant=tenant, after=after, size=window)
    if not last:
        gone = Attachment.objects.filter(tenant=tenant, sha2__in=loose.values("sha2"))
        list(gone.order_by("sha2").select_for_update().values_list("pk"))
        since = act.working.pop("unsettled_from", "0")
        _keep(loose, payloads_with_attachments_since(tenant=tenant, xid=since))
        sizes = gone.aggregate(size=Sum(Length("content")))
        act.bytes += sizes["size"] or 0
        act.attachments += gone.delete()[0]
        loose.delete()
        return None
    rows = Statement.objects.filter(later(after), tenant=tenant, payload__contains='"sha2"')
    _keep(loose, rows.exclude(later(last[0])).values_list("payload", flat=True).iterator())
    return last[0]


def _keep(loose: "QuerySet[LooseAttachment]", payloads: Iterable[str]) -> None:
    used: set[str] = set()
    for payload in payloads:
        used.update(facts_of(read_payload(payload)).sums)
    loose.filter(sha2__in=used).delete()
