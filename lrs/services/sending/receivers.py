"""From a target to whoever its statements are sent to."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings

from lrs.enums import TargetKind
from lrs.exporters.stores import StoreReceiver
from lrs.exporters.webhooks import WebhookReceiver
from lrs.models import SendingTarget
from lrs.outside import Reachable
from lrs.rules.pacing import Pace
from lrs.rules.sealing import unseal


def receiver_of(
    target: SendingTarget,
    *,
    reachable: Reachable,
    pace: Pace,
    clock: Callable[[], datetime],
) -> StoreReceiver | WebhookReceiver:
    """Return the receiver of a target.

    Raises:
        Unsealable: its secret cannot be read any longer.
    """
    keys = sealing_keys()
    secret = unseal(target.secret, keys=keys)
    if target.kind == TargetKind.STORE:
        return StoreReceiver(target.address, target.version, target.key, secret, reachable, pace)
    secrets = [secret]
    ends_at = target.former_secret_ends_at
    if target.former_secret and ends_at is not None and clock() < ends_at:
        secrets.append(unseal(target.former_secret, keys=keys))
    return WebhookReceiver(target.uuid, target.address, secrets, reachable, pace, clock)


def sealing_keys() -> list[str]:
    """Return the keys that secrets are sealed under, the one in use first."""
    return [settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS)]
