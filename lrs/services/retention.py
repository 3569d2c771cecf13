"""Leaving statements behind that are too old: shown first, then done in chunks, with proof."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lrs.enums import ActKind, ActStatus, AgeBy
from lrs.models import LifeCycleAct, Reference, RetentionPolicy, Statement, StatementKey, Tenant
from lrs.queries.lifecycle import MonthOf, Place, by_month, going, later
from lrs.rules.facts import facts_of
from lrs.rules.redaction import read_payload
from lrs.rules.retention import Terms, months_before
from lrs.services.acts import announce, begin_act, finish, go_on_with
from lrs.services.names import forget_unseen
from lrs.services.rewriting import note_loose, sweep_loose
from organisations.models import User

AT_ONCE: Final = 500
WINDOW: Final = 2_000
SAMPLE: Final = 10
_PHASES: Final = (False, True)
"""First what is not voiding, then what is: no statement is undone because what voids it went."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What would go if a policy were applied now."""

    statements: int
    bytes: int
    months: list[MonthOf]
    sample: list[str]
    """The oldest of them, as they stand in the log."""
    before: datetime


def terms_of(policy: RetentionPolicy) -> Terms:
    """Return what a policy says."""
    return Terms(
        months=policy.months,
        is_by_timestamp=policy.age_by == AgeBy.TIMESTAMP,
        verb=policy.verb,
        activity=policy.activity,
        actor=policy.actor,
        registration=policy.registration,
    )


def forecast_retention(*, tenant: Tenant, terms: Terms, at: datetime) -> Forecast:
    """Return exactly what would go, and change nothing."""
    before = months_before(at, terms.months)
    rows = going(tenant=tenant, terms=terms, before=before, at=at)
    months = by_month(rows, is_by_timestamp=terms.is_by_timestamp)
    sample = rows.order_by("stored", "seq").values_list("payload", flat=True)[:SAMPLE]
    return Forecast(
        statements=sum(one.statements for one in months),
        bytes=sum(one.bytes for one in months),
        months=months,
        sample=list(sample),
        before=before,
    )


def apply_retention(
    *,
    policy: RetentionPolicy,
    at: datetime,
    asked_by: User | None = None,
    progress: Callable[[LifeCycleAct], None] = lambda act: None,
) -> LifeCycleAct | None:
    """Take out of a store what a policy no longer keeps; None when there is nothing to take.

    What a legal hold covers stays, and so does a voiding statement while what it voids stays. The
    ids stay taken: a statement that went does not come back when a sender or a copy of safety
    sends it again. What records read from those statements is taken back with them.

    Raises: ReasonNamesPerson. Writes: Statement, StatementKey, Reference, Attachment,
    LifeCycleAct, RetentionPolicy.applied_at; in chunks, each kept. Safe to repeat.
    """
    terms = terms_of(policy)
    before = months_before(at, terms.months)
    tenant = policy.tenant
    RetentionPolicy.objects.filter(pk=policy.pk).update(applied_at=at)
    if not going(tenant=tenant, terms=terms, before=before, at=at).exists():
        return None
    scope = {**terms.as_json(), "before": before.isoformat(), "policy": str(policy.uuid)}
    del scope["actor"]
    act = begin_act(
        tenant=tenant,
        kind=ActKind.RETENTION,
        reason=policy.name,
        at=at,
        asked_by=asked_by,
        identifiers=[terms.actor] if terms.actor else [],
        scope=scope,
        working={"terms": terms.as_json(), "before": before.isoformat(), "phase": 0, "after": None},
    )
    return carry_out_retention(act=act, at=at, progress=progress)


def carry_out_retention(
    *,
    act: LifeCycleAct,
    at: datetime,
    progress: Callable[[LifeCycleAct], None] = lambda act: None,
) -> LifeCycleAct:
    """Go on with a retention until it is done. Writes: as `apply_retention`."""
    return go_on_with(act, step=_step, at=at, progress=progress)


def _step(act: LifeCycleAct, at: datetime) -> bool:
    if act.status not in (ActStatus.WAITING, ActStatus.RUNNING):
        return False
    working, tenant = act.working, act.tenant
    act.status = ActStatus.RUNNING
    if working["phase"] > len(_PHASES):
        finish(act, at=at)
        return False
    kept = working["after"]
    after = None if kept is None else (kept[0], datetime.fromisoformat(kept[1]))
    if working["phase"] == len(_PHASES):
        after = sweep_loose(act=act, tenant=tenant, after=after, window=WINDOW)
    else:
        after = _remove_some(act, tenant, after, at)
    working["after"] = None if after is None else [after[0], after[1].isoformat()]
    working["phase"] += after is None
    act.save()
    return True


def _remove_some(
    act: LifeCycleAct, tenant: Tenant, after: Place | None, at: datetime
) -> Place | None:
    working = act.working
    rows = going(
        tenant=tenant,
        terms=Terms(**working["terms"]),
        before=datetime.fromisoformat(working["before"]),
        at=at,
    ).filter(later(after), is_voiding=_PHASES[working["phase"]])
    found = list(rows.order_by("stored", "seq")[:AT_ONCE])
    if not found:
        return None
    remove_statements(act=act, tenant=tenant, statements=found)
    return found[-1].seq, found[-1].stored


def remove_statements(
    *, act: LifeCycleAct, tenant: Tenant, statements: Sequence[Statement]
) -> None:
    """Take statements out of the log; their ids stay taken. In a transaction.

    Writes: Statement, StatementKey, Reference, LooseAttachment. Sends statements_changing.
    """
    places = [(row.seq, row.stored) for row in statements]
    for row in statements:
        facts = facts_of(read_payload(row.payload))
        if facts.related:
            StatementKey.objects.filter(
                tenant=tenant, key__in=facts.related, stored=row.stored, seq=row.seq
            ).delete()
        if facts.sums:
            note_loose(act, facts.sums)
        act.bytes += len(row.payload.encode())
    Reference.objects.filter(seq__in=[seq for seq, _ in places]).delete()
    Statement.objects.at(places).filter(tenant=tenant).delete()
    forget_unseen(tenant=tenant, keys={row.actor_key for row in statements})
    act.statements += len(statements)
    announce(tenant, statements)
