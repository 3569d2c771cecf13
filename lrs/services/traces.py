"""What a store's settings and notes say of somebody, beside the log: filters, labels, reasons."""

from datetime import datetime
from typing import Any, Final

from django.db.models import Model, QuerySet

from lrs.enums import ActKind, ActStatus
from lrs.models import (
    Credential,
    ImportCursor,
    LegalHold,
    LifeCycleAct,
    RetentionPolicy,
    SendingTarget,
    SharingAgreement,
    Tenant,
    TokenIssuer,
    UnsentStatement,
)
from lrs.rules.identity import AGENT, actor_identifier, key_of
from lrs.rules.who import Stand, Who, sum_of
from lrs.services.acts import fingerprint, finish
from lrs.services.policies import drop_policy
from lrs.services.refusals import forget_refusals

_TEXTS: Final[tuple[tuple[type[Model], str, tuple[str, ...]], ...]] = (
    (SendingTarget, "tenant", ("label", "verbs", "activities", "trouble_detail")),
    (UnsentStatement, "target__tenant", ("trouble_detail",)),
    (Credential, "tenant", ("label", "activities")),
    (TokenIssuer, "tenant", ("label",)),
    (SharingAgreement, "giver", ("purpose", "verbs", "activities")),
    (SharingAgreement, "reader", ("purpose",)),
    (RetentionPolicy, "tenant", ("name", "verb", "activity")),
    (LegalHold, "tenant", ("name", "reason")),
    (LifeCycleAct, "tenant", ("reason", "scope")),
    (ImportCursor, "tenant", ("address",)),
)
"""Where people write text of their own, or a receiver does; texts, and lists or objects of them.
Not the address of a target, nor what a legal hold that stands is about."""


def clean_settings(*, tenant: Tenant, who: Who, stand: Stand, at: datetime) -> dict[str, int]:
    """Have nothing that a store is set up with, or notes, name somebody; return what was changed.

    A filter that named them alone is never left empty, since that would let everybody through: a
    target then waits for an account that nobody has, and a retention policy is taken away. A text
    gets the stand-in's name in their place. An offer to erase the same person is done.

    Writes: SendingTarget, UnsentStatement, RetentionPolicy, Credential, TokenIssuer,
    SharingAgreement, LegalHold, LifeCycleAct, ImportCursor; forgets refused requests.
    Safe to repeat.
    """
    changed = {
        "targets": _clean_targets(tenant, who, stand),
        "policies": _drop_policies(tenant, who, at),
        "offers": _settle_offers(tenant, who, at),
        "texts": sum(_clean_texts(*place, tenant, who, stand) for place in _TEXTS),
    }
    _keep_waiting_in_order(tenant, who, stand)
    forget_refusals(tenant=tenant)
    return {name: count for name, count in changed.items() if count}


def change_settings(*, tenant: Tenant, who: Who, new: str) -> None:
    """Have filters, policies, offers to erase and what waits mean somebody by a new identifier.

    An address that is named by its SHA-1 sum becomes the sum of the new one. Text stays.

    Writes: SendingTarget, RetentionPolicy, LifeCycleAct, UnsentStatement. Safe to repeat.
    """

    def instead(one: str) -> str:
        if not who.goes_by(one):
            return one
        hides = one.startswith("mbox_sha1sum::") and new.startswith("mbox::")
        return sum_of(new) if hides else new

    for target in SendingTarget.objects.filter(tenant=tenant).exclude(actors=[]).order_by("pk"):
        actors = list(dict.fromkeys(map(instead, target.actors)))
        if actors != target.actors:
            SendingTarget.objects.filter(pk=target.pk).update(actors=actors)
    for policy in RetentionPolicy.objects.filter(tenant=tenant).exclude(actor="").order_by("pk"):
        if who.goes_by(policy.actor):
            RetentionPolicy.objects.filter(pk=policy.pk).update(actor=instead(policy.actor))
    for offer in _offers(tenant):
        named = offer.working.get("identifiers", [])
        changed = sorted(set(map(instead, named)))
        if changed != sorted(named):
            offer.working["identifiers"] = changed
            offer.fingerprints = [fingerprint(one) for one in changed]
            offer.save(update_fields=["working", "fingerprints"])
    _wait_as(key_of(AGENT, new), tenant, who)


def _clean_targets(tenant: Tenant, who: Who, stand: Stand) -> int:
    nobody = f"account::{stand.base}|erased"
    count = 0
    for target in SendingTarget.objects.filter(tenant=tenant).exclude(actors=[]).order_by("pk"):
        left = [one for one in target.actors if not who.goes_by(one)]
        if left != target.actors:
            SendingTarget.objects.filter(pk=target.pk).update(actors=left or [nobody])
            count += 1
    return count


def _drop_policies(tenant: Tenant, who: Who, at: datetime) -> int:
    policies = RetentionPolicy.objects.filter(tenant=tenant).exclude(actor="").order_by("pk")
    gone = [policy for policy in policies if who.goes_by(policy.actor)]
    for policy in gone:
        drop_policy(policy=policy, at=at)
    return len(gone)


def _settle_offers(tenant: Tenant, who: Who, at: datetime) -> int:
    count = 0
    for offer in _offers(tenant):
        named = offer.working.get("identifiers", [])
        left = [one for one in named if not who.goes_by(one)]
        if left == named:
            continue
        count += 1
        if left:
            offer.working["identifiers"] = left
            offer.save(update_fields=["working"])
        else:
            finish(offer, at=at)
    return count


def _keep_waiting_in_order(tenant: Tenant, who: Who, stand: Stand) -> None:
    """What waits to be sent waits for the stand-in, whose later statements go after it."""
    _wait_as(key_of(AGENT, actor_identifier(stand.agent) or ""), tenant, who)


def _offers(tenant: Tenant) -> "QuerySet[LifeCycleAct]":
    offers = LifeCycleAct.objects.filter(
        tenant=tenant, kind=ActKind.ERASURE, status=ActStatus.OFFERED
    )
    return offers.select_for_update().order_by("pk")


def _wait_as(key: int, tenant: Tenant, who: Who) -> None:
    UnsentStatement.objects.filter(target__tenant=tenant, learner_key__in=who.agent_keys).update(
        learner_key=key
    )


def _clean_texts(
    model: type[Model], owner: str, fields: tuple[str, ...], tenant: Tenant, who: Who, stand: Stand
) -> int:
    count = 0
    rows = model._default_manager.filter(**{owner: tenant}).values_list("pk", *fields)
    for pk, *values in rows.iterator():
        said = dict(zip(fields, values, strict=True))
        clean = {name: _clean(value, who, stand) for name, value in said.items()}
        news = {name: value for name, value in clean.items() if value != said[name]}
        if news:
            fitting = {name: _fitting(model, name, value) for name, value in news.items()}
            model._default_manager.filter(pk=pk).update(**fitting)
            count += 1
    return count


def _clean(value: Any, who: Who, stand: Stand) -> Any:
    if isinstance(value, str):
        whole = who.is_whole_value(value)
        return stand.instead_of("name") if whole else who.without(value, stand)
    if isinstance(value, dict):
        items = value.items()
        return {_clean(name, who, stand): _clean(one, who, stand) for name, one in items}
    if isinstance(value, list):
        return [_clean(one, who, stand) for one in value]
    return value


def _fitting(model: type[Model], name: str, value: Any) -> Any:
    longest = getattr(model._meta.get_field(name), "max_length", None)
    return value[:longest] if isinstance(value, str) and longest else value
