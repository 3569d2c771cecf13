"""Retention policies: made, switched and taken away, each noted."""

from datetime import datetime

from django.db import transaction

from lrs.enums import ActKind, ActStatus
from lrs.models import LifeCycleAct, RetentionPolicy, Tenant
from lrs.rules.retention import Terms
from lrs.services.acts import fingerprint, finish, refuse_naming
from lrs.services.retention import terms_of
from organisations.models import User


class PolicyNameTaken(Exception):
    """The store has a policy of that name."""


@transaction.atomic
def make_policy(
    *, tenant: Tenant, name: str, terms: Terms, at: datetime, made_by: User | None = None
) -> RetentionPolicy:
    """Make a policy, switched off.

    Raises: PolicyNameTaken, ReasonNamesPerson. Writes: RetentionPolicy.
    """
    refuse_naming(name, [terms.actor] if terms.actor else [])
    if RetentionPolicy.objects.filter(tenant=tenant, name=name).exists():
        raise PolicyNameTaken
    return RetentionPolicy.objects.create(
        tenant=tenant,
        name=name,
        months=terms.months,
        age_by="timestamp" if terms.is_by_timestamp else "stored",
        verb=terms.verb,
        activity=terms.activity,
        actor=terms.actor,
        registration=terms.registration,
        made_by=made_by,
        made_at=at,
    )


@transaction.atomic
def switch_policy(
    *, policy: RetentionPolicy, is_on: bool, at: datetime, by: User | None = None
) -> None:
    """Have a policy applied every night, or no more. Writes: RetentionPolicy, LifeCycleAct."""
    RetentionPolicy.objects.filter(pk=policy.pk).update(is_on=is_on)
    _note(policy, "switched on" if is_on else "switched off", at, by)


@transaction.atomic
def drop_policy(*, policy: RetentionPolicy, at: datetime, by: User | None = None) -> None:
    """Take a policy away. Writes: deletes RetentionPolicy; LifeCycleAct."""
    _note(policy, "taken away", at, by)
    policy.delete()


def _note(policy: RetentionPolicy, what: str, at: datetime, by: User | None) -> None:
    terms = terms_of(policy).as_json()
    actor = terms.pop("actor")
    act = LifeCycleAct(
        tenant=policy.tenant,
        kind=ActKind.POLICY,
        status=ActStatus.DONE,
        asked_by=by,
        asked_at=at,
        reason=policy.name,
        scope={**terms, "what": what, "policy": str(policy.uuid)},
        fingerprints=[fingerprint(actor)] if actor else [],
    )
    finish(act, at=at)
