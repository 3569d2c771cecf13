"""Short-lived keys for one learner and one activity, for content that runs in a browser."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from lrs.enums import CredentialKind, Scope
from lrs.models import Credential
from lrs.queries import identifier_of
from lrs.rules.formats import is_iri, is_plain_text
from lrs.rules.limits import Limits
from lrs.rules.validation import check_agent
from lrs.services.tenants import (
    BadLimit,
    CredentialLimits,
    IssuedCredential,
    create_credential,
    platform_tenant,
)

MOST_MINUTES: Final = 24 * 60
_PLATFORM_LAUNCHER: Final = "platform-launcher"
_SCOPES: Final = sorted(
    (Scope.STATEMENTS_WRITE, Scope.STATEMENTS_READ_MINE, Scope.STATE, Scope.PROFILE)
)


def platform_launcher(*, at: datetime) -> Credential:
    """Return the credential in whose name content opened here gets its keys; it has no secret.

    Writes: Credential, the first time.
    """
    return Credential.objects.get_or_create(
        key=_PLATFORM_LAUNCHER,
        defaults={
            "tenant": platform_tenant(),
            "label": "Content opened here",
            "secret_digest": "",
            "scopes": [Scope.ALL],
            "starts_at": at,
        },
    )[0]


def issue_launch_key(
    *,
    actor: Mapping[str, Any],
    activity: str,
    at: datetime,
    minutes: int = 60,
    children: Sequence[str] = (),
    with_grouped: bool = False,
    registration: UUID | None = None,
    origins: Sequence[str] = (),
    issued_by: Credential | None = None,
) -> IssuedCredential:
    """Give content in a browser a key and secret of its own for a while.

    With it one may send statements of that actor about that activity, read those, and keep state
    and an agent profile for the same. It vouches as the credential that asked for it, and ends
    with that one.

    Args:
        actor: an agent, as statements have it.
        activity: an IRI.
        at: now.
        minutes: how long it works, 1 to 1,440.
        children: IRIs, or beginnings of IRIs with ``*`` at their end, that belong to the activity.
        with_grouped: also statements that name the activity as parent or grouping. Only for
            content one trusts: what they are about is then for the content to say.
        registration: only with this one.
        origins: web addresses whose pages may use it; none means any.
        issued_by: who asks; None for our own apps, in the platform's own tenant.

    Raises:
        Refusal: the actor is not an agent.
        BadLimit: something else is not as above, or beyond what the asking credential may do; or
            that was revoked meanwhile (`KeyHasEnded`).

    Writes: Credential.
    """
    check_agent(actor, "actor")
    identifier = identifier_of(actor) or ""
    if not is_plain_text(identifier):
        raise BadLimit("Leave null characters and halves of characters out of the actor.")
    if not is_iri(activity):
        raise BadLimit("Send the activity as a whole IRI.")
    if not 1 <= minutes <= MOST_MINUTES:
        raise BadLimit(f"Let the key work for 1 to {MOST_MINUTES} minutes.")
    asking = issued_by or platform_launcher(at=at)
    activities = [activity, *children]
    wanted = Limits(
        activities=tuple(activities),
        with_children=with_grouped,
        agent=identifier,
        registration=None if registration is None else str(registration),
    )
    if asking.limits is not None and not asking.limits.contain(wanted):
        raise BadLimit("The key that asks is limited itself, and to less than this.")
    ends_at = at + timedelta(minutes=minutes)
    return create_credential(
        {
            "tenant": asking.tenant,
            "kind": CredentialKind.LAUNCH,
            "label": asking.label,
            "scopes": _SCOPES,
            "starts_at": at,
            "ends_at": ends_at if asking.ends_at is None else min(ends_at, asking.ends_at),
            "parent": asking,
            "vouches_as": asking.authority,
        },
        CredentialLimits(
            activities=activities,
            with_children=with_grouped,
            agent=identifier,
            registration=registration,
            origins=origins,
        ),
    )
