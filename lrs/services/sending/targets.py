"""Setting up who gets statements."""

import secrets as random_secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import SplitResult
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lrs.enums import TargetKind, UnsentState
from lrs.models import SendingTarget, Tenant, UnsentStatement
from lrs.outside import Forbidden, Reachable, check_address
from lrs.queries.reading import end_of_log
from lrs.rules.formats import is_iri
from lrs.rules.pacing import Pace
from lrs.rules.reading import BEGINNING
from lrs.rules.sealing import Unsealable, seal
from lrs.rules.sending import Meaning, Verdict
from lrs.rules.versions import BOOKS
from lrs.rules.webhooks import is_secret, new_secret
from lrs.services.sending.receivers import receiver_of, sealing_keys
from organisations.models import User

OVERLAP: Final = timedelta(hours=24)
"""How long a webhook's former secret signs beside the new one."""
_MOST_IN_A_FILTER: Final = 200


class BadTarget(ValueError):
    """It cannot be set up like that; ``field`` says what to change."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class TargetSettings:
    """What a person says of a target."""

    label: str
    address: str
    version: str = "1.0.3"
    key: str = ""
    verbs: Sequence[str] = ()
    """IRIs; none means all."""
    activities: Sequence[str] = ()
    actors: Sequence[str] = ()
    """Identifiers (`lrs.queries.identifier_of`)."""
    registration: UUID | None = None
    success: bool | None = None
    completion: bool | None = None
    stored_from: datetime | None = None


def make_target(
    *,
    tenant: Tenant,
    kind: str,
    settings: TargetSettings,
    secret: str,
    from_beginning: bool,
    reachable: Reachable,
    at: datetime,
    by: User | None = None,
    is_paused: bool = False,
) -> SendingTarget:
    """Have a copy of a tenant's statements sent to somebody from now on, or from the beginning.

    Args:
        tenant: whose.
        kind: of `lrs.enums.TargetKind`.
        settings: who and what.
        secret: of the key, or what signs a webhook's messages.
        from_beginning: also what is in the store already.
        reachable: what we may send to.
        at: now.
        by: who set it up.
        is_paused: nothing is sent until it is resumed.

    Raises:
        BadTarget: it cannot be set up like that.

    Writes: SendingTarget.
    """
    _check(kind, settings, reachable)
    if kind == TargetKind.WEBHOOK and not is_secret(secret):
        raise BadTarget("secret", _("A secret begins with whsec_ and has 24 to 64 bytes."))
    begin = BEGINNING if from_beginning else end_of_log(tenant=tenant)
    return SendingTarget.objects.create(
        tenant=tenant,
        kind=kind,
        secret=seal(secret, keys=sealing_keys()),
        position=f"{begin.xid}.{begin.seq}",
        created_at=at,
        created_by=by,
        paused_at=at if is_paused else None,
        **_fields(settings),
    )


def change_target(
    *,
    target: SendingTarget,
    settings: TargetSettings,
    reachable: Reachable,
    at: datetime,
    secret: str = "",
) -> None:
    """Change a target; without a secret its secret stays, and it is tried at once.

    A key and secret are not carried to another host: a new address needs them again.

    Raises:
        BadTarget: it cannot be set up like that.

    Writes: SendingTarget. Safe to repeat.
    """
    _check(target.kind, settings, reachable)
    before, after = (check_address(one, reachable) for one in (target.address, settings.address))
    if target.kind == TargetKind.STORE and before.netloc != after.netloc and not secret:
        raise BadTarget("secret", _("Enter the secret again: this is another host."))
    for name, value in _fields(settings).items():
        setattr(target, name, value)
    if secret and target.kind == TargetKind.STORE:
        target.secret = seal(secret, keys=sealing_keys())
    target.next_attempt_at, target.failures = None, 0
    changed = [*_fields(settings), "secret", "next_attempt_at", "failures"]
    target.save(update_fields=changed)


def new_webhook_secret(*, target: SendingTarget, at: datetime) -> str:
    """Give a webhook another secret and return it, to be shown once.

    Messages are signed with both for a day, so that the receiver can change over meanwhile.

    Writes: SendingTarget.
    """
    secret = new_secret(random_secrets.token_bytes)
    target.former_secret, target.former_secret_ends_at = target.secret, at + OVERLAP
    target.secret = seal(secret, keys=sealing_keys())
    target.save(update_fields=["secret", "former_secret", "former_secret_ends_at"])
    return secret


def pause_target(*, target: SendingTarget, at: datetime) -> None:
    """Send nothing until it is resumed; a worker stops before its next request.

    Writes: SendingTarget. Safe to repeat.
    """
    SendingTarget.objects.filter(pk=target.pk, paused_at=None).update(paused_at=at)


def resume_target(*, target: SendingTarget) -> None:
    """Go on where it was paused, at once.

    Writes: SendingTarget. Safe to repeat.
    """
    SendingTarget.objects.filter(pk=target.pk).update(
        paused_at=None, next_attempt_at=None, leased_by=None, leased_until=None
    )


def remove_target(*, target: SendingTarget) -> None:
    """Forget a target and all that waits for it.

    Writes: deletes SendingTarget, UnsentStatement.
    """
    target.delete()


@transaction.atomic
def resend(*, target: SendingTarget, at: datetime, unsent_id: int | None = None) -> int:
    """Try one statement again that was given up, or all of them; return how many.

    Writes: UnsentStatement. Safe to repeat.
    """
    dead = UnsentStatement.objects.filter(target=target, state=UnsentState.DEAD)
    if unsent_id is not None:
        dead = dead.filter(pk=unsent_id)
    return dead.update(state=UnsentState.WAITING, attempts=0, next_attempt_at=at)


def try_target(
    *,
    target: SendingTarget,
    reachable: Reachable,
    clock: Callable[[], datetime],
    pace: Pace | None = None,
) -> Verdict:
    """Ask a target whether it is there and knows our key; nothing of the store is sent."""
    try:
        receiver = receiver_of(target, reachable=reachable, pace=pace or Pace(), clock=clock)
    except Unsealable as error:
        return Verdict(Meaning.UNWELL, "secret", str(error))
    return receiver.try_out()


def _check(kind: str, settings: TargetSettings, reachable: Reachable) -> None:
    if kind not in TargetKind.values:
        raise BadTarget("kind", _("Choose a record store or a webhook."))
    try:
        parts = check_address(settings.address, reachable)
    except Forbidden as error:
        raise BadTarget("address", str(error)) from error
    if kind == TargetKind.STORE:
        _check_store(settings, parts)
    _check_filter(settings)


def _check_store(settings: TargetSettings, parts: SplitResult) -> None:
    if parts.query or parts.fragment:
        raise BadTarget("address", _("Leave out everything from ? or # on."))
    if parts.path.rstrip("/").endswith("/statements"):
        message = _("Give the address above /statements, such as https://lrs.example.org/xapi.")
        raise BadTarget("address", message)
    if settings.version not in {book.version for book in BOOKS}:
        raise BadTarget("version", _("Choose 1.0.3 or 2.0.0."))
    if ":" in settings.key:
        raise BadTarget("key", _("A key has no colon in it."))


def _check_filter(settings: TargetSettings) -> None:
    for field, values in (("verbs", settings.verbs), ("activities", settings.activities)):
        if len(values) > _MOST_IN_A_FILTER or len(settings.actors) > _MOST_IN_A_FILTER:
            raise BadTarget(field, _("Name at most 200 in one filter."))
        for iri in values:
            if not is_iri(iri):
                message = _(
                    "%(iri)s is not a whole IRI, such as http://adlnet.gov/expapi/verbs/passed."
                )
                raise BadTarget(field, message % {"iri": iri[:200]})


def _fields(settings: TargetSettings) -> dict[str, object]:
    return {
        "label": settings.label,
        "address": settings.address,
        "version": settings.version,
        "key": settings.key,
        "verbs": list(settings.verbs),
        "activities": list(settings.activities),
        "actors": list(settings.actors),
        "registration": settings.registration,
        "success": settings.success,
        "completion": settings.completion,
        "stored_from": settings.stored_from,
    }
