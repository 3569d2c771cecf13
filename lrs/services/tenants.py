"""Tenants and their credentials."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet

from lrs.enums import CredentialKind, Scope
from lrs.models import Credential, Tenant
from lrs.queries.folding import with_whole
from lrs.rules.limits import is_activity_limit, is_origin
from lrs.rules.who import Who
from organisations.models import Organisation, User

MOST_DAYS_OF_OLD_SECRET: Final = 90
_MOST_LIMITS: Final = 200
_KEPT_AFTER_END: Final = timedelta(days=1)
_KEPT_UNUSED: Final = timedelta(days=30)


class UnknownScope(ValueError):
    """There is no such scope."""


class BadLimit(ValueError):
    """A limit of a credential that nothing could be within, or that is not one."""


class CannotRotate(ValueError):
    """This credential can have no new secret, or not until then."""


class KeyHasEnded(BadLimit):
    """The key that asks for another was revoked meanwhile."""


@dataclass(frozen=True, slots=True)
class IssuedCredential:
    """A new credential with its secret, which is shown once and kept nowhere."""

    credential: Credential
    key: str
    secret: str


@dataclass(frozen=True, slots=True)
class CredentialLimits:
    """What a credential is limited to; nothing means anything."""

    activities: Sequence[str] = ()
    """IRIs; one that ends in ``*`` stands for all that begin so."""
    with_children: bool = False
    """Also statements that name such an activity as parent or grouping."""
    agent: str = ""
    """The identifier of one actor (`lrs.queries.identifier_of`)."""
    registration: UUID | None = None
    origins: Sequence[str] = ()
    """Web addresses whose pages may use it, such as ``https://content.example``."""

    def checked(self) -> dict[str, Any]:
        """Return them as fields of `Credential`.

        Raises:
            BadLimit: with a sentence that says what is wrong.
        """
        activities, origins = (
            list(dict.fromkeys(self.activities)),
            list(dict.fromkeys(self.origins)),
        )
        if len(activities) > _MOST_LIMITS or len(origins) > _MOST_LIMITS:
            raise BadLimit(f"Give at most {_MOST_LIMITS} activities and as many web addresses.")
        for iri in activities:
            if not is_activity_limit(iri):
                raise BadLimit(
                    f"{iri[:80]!r} is neither a whole IRI nor the beginning of one with * at its"
                    " end."
                )
        for origin in origins:
            if not is_origin(origin):
                raise BadLimit(
                    f"Write {origin[:80]!r} as scheme and host alone, in lower case:"
                    " https://content.example."
                )
        if self.with_children and not activities:
            raise BadLimit("Name the activity whose children are meant.")
        return {
            "activities": activities,
            "with_children": self.with_children,
            "agent": self.agent,
            "registration": self.registration,
            "origins": origins,
        }


NO_LIMITS: Final = CredentialLimits()


def platform_tenant() -> Tenant:
    """Return the tenant of what was done here.

    Writes: Tenant, the first time.
    """
    return Tenant.objects.get_or_create(is_platform=True)[0]


def tenant_of(*, organisation: Organisation) -> Tenant:
    """Return an organisation's part of the store.

    Writes: Tenant, the first time.
    """
    return Tenant.objects.get_or_create(organisation=organisation)[0]


def issue_credential(
    *,
    organisation: Organisation,
    scopes: Sequence[str],
    starts_at: datetime,
    ends_at: datetime | None = None,
    label: str = "",
    issued_by: User | None = None,
    limits: CredentialLimits = NO_LIMITS,
) -> IssuedCredential:
    """Give an organisation's system a key and secret of its own.

    Raises:
        UnknownScope: a scope that the standard does not have, or none at all.
        BadLimit: a limit that is none, or it would end before it begins.

    Writes: Credential, and Tenant the first time.
    """
    return create_credential(
        {
            "tenant": tenant_of(organisation=organisation),
            "label": label,
            "scopes": known_scopes(scopes),
            "starts_at": starts_at,
            "ends_at": ends_at,
            "issued_by": issued_by,
        },
        limits,
    )


def create_credential(fields: Mapping[str, Any], limits: CredentialLimits) -> IssuedCredential:
    """Make a credential of any kind, with a key and secret of its own.

    One that another gives is given while that one is held, so that whoever revokes it waits and
    then meets both.

    Raises:
        BadLimit: a limit that is none, or it would end before it begins.
        KeyHasEnded: the one that gives it was revoked.

    Writes: Credential.
    """
    if fields["ends_at"] is not None and fields["ends_at"] <= fields["starts_at"]:
        raise BadLimit("Let it end after it begins.")
    key, secret = secrets.token_hex(12), secrets.token_urlsafe(32)
    made = {"key": key, "secret_digest": digest_of(secret), **fields, **limits.checked()}
    with transaction.atomic():
        parent = fields.get("parent")
        if parent is not None:
            works = Credential.objects.filter(pk=parent.pk, revoked_at__isnull=True)
            if not list(works.select_for_update(no_key=True).values_list("pk")):
                raise KeyHasEnded("The key that asks has ended.")
        credential = Credential.objects.create(**made)
    return IssuedCredential(credential, key, secret)


def known_scopes(scopes: Sequence[str]) -> list[str]:
    """Return scopes in order, each once.

    Raises:
        UnknownScope: a scope that the standard does not have, or none at all.
    """
    unknown = [scope for scope in scopes if scope not in Scope.values]
    if unknown or not scopes:
        known = ", ".join(Scope.values)
        raise UnknownScope(
            f"There is no scope {', '.join(unknown) or '(none)'}; there are {known}."
        )
    return sorted(set(scopes))


def rotate_credential(
    *, credential: Credential, at: datetime, old_until: datetime
) -> IssuedCredential:
    """Give a key a new secret; the old one works until then, so that nobody is cut off.

    Only one old secret works: rotating again ends an older one at once.

    Raises:
        CannotRotate: it has ended, is no lasting key, or the old secret would live too long.

    Writes: Credential.
    """
    if credential.kind != CredentialKind.KEY or not credential.secret_digest:
        raise CannotRotate("Only a lasting key can have a new secret.")
    if old_until > at + timedelta(days=MOST_DAYS_OF_OLD_SECRET):
        raise CannotRotate(f"Let the old secret end within {MOST_DAYS_OF_OLD_SECRET} days.")
    secret = secrets.token_urlsafe(32)
    rotated = (
        Credential.objects.filter(pk=credential.pk, revoked_at__isnull=True)
        .exclude(ends_at__lte=at)
        .update(
            old_digest=F("secret_digest"),
            old_ends_at=max(at, old_until),
            secret_digest=digest_of(secret),
        )
    )
    if not rotated:
        raise CannotRotate("This key has ended; issue another instead.")
    credential.refresh_from_db()
    return IssuedCredential(credential, credential.key, secret)


def revoke_credential(*, credential: Credential, at: datetime) -> None:
    """End a credential at once, with every launch and token it gave; the statements it sent stay.

    Writes: Credential. Safe to repeat: the first time counts.
    """
    with transaction.atomic():
        working = Credential.objects.filter(revoked_at__isnull=True)
        working.filter(pk=credential.pk).update(revoked_at=at)
        working.filter(parent=credential).update(revoked_at=at)  # after it: see create_credential


def end_keys_of_agent(*, tenant: Tenant, who: Who, at: datetime) -> int:
    """End the keys that were limited to an agent, and no longer name them; return how many.

    Writes: Credential; deletes launches, which are nothing without their agent. Safe to repeat.
    """
    rule = Q(agent__in=who.identifiers)
    for mailbox in who.mailboxes:
        rule |= with_whole("agent", mailbox)
    found = Credential.objects.filter(rule, tenant=tenant)
    with transaction.atomic():
        list(found.select_for_update(no_key=True).values_list("pk"))  # then none of them gives more
        return _end_all(found, at)


def _end_all(found: "QuerySet[Credential]", at: datetime) -> int:
    count = found.count()
    found.filter(kind=CredentialKind.LAUNCH).delete()
    found.filter(revoked_at__isnull=True).update(revoked_at=at)
    found.update(agent="")
    return count


def sweep_credentials(*, at: datetime) -> int:
    """Delete launches and tokens a day after they ended, and accounts unused for a month.

    An account comes back under the same name with its next token. Returns how many went.

    Writes: Credential. Safe to repeat.
    """
    gone = Credential.objects.filter(
        Q(
            kind__in=[CredentialKind.LAUNCH, CredentialKind.TOKEN],
            ends_at__lt=at - _KEPT_AFTER_END,
        )
        | Q(
            kind=CredentialKind.SUBJECT,
            starts_at__lt=at - _KEPT_UNUSED,
            revoked_at__isnull=True,
        )
        & (Q(last_used_at__isnull=True) | Q(last_used_at__lt=at - _KEPT_UNUSED))
    )
    return gone.delete()[0]


def digest_of(secret: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def note_use(*, credential: Credential, at: datetime) -> None:
    """Note that a credential was used; doorways ask for it every few minutes only.

    Writes: Credential. Safe to repeat.
    """
    Credential.objects.filter(pk=credential.pk).update(last_used_at=at)
