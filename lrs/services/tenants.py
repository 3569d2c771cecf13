"""Tenants and their credentials."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lrs.enums import Scope
from lrs.models import Credential, Tenant
from organisations.models import Organisation, User


class UnknownScope(ValueError):
    """There is no such scope."""


@dataclass(frozen=True, slots=True)
class IssuedCredential:
    """A new credential with its secret, which is shown once and kept nowhere."""

    credential: Credential
    key: str
    secret: str


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
) -> IssuedCredential:
    """Give an organisation's system a key and secret of its own.

    Raises:
        UnknownScope: a scope that the standard does not have, or none at all.

    Writes: Credential, and Tenant the first time.
    """
    unknown = [scope for scope in scopes if scope not in Scope.values]
    if unknown or not scopes:
        known = ", ".join(Scope.values)
        raise UnknownScope(
            f"There is no scope {', '.join(unknown) or '(none)'}; there are {known}."
        )
    key, secret = secrets.token_hex(12), secrets.token_urlsafe(32)
    credential = Credential.objects.create(
        tenant=tenant_of(organisation=organisation),
        label=label,
        key=key,
        secret_digest=digest_of(secret),
        scopes=sorted(set(scopes)),
        starts_at=starts_at,
        ends_at=ends_at,
        issued_by=issued_by,
    )
    return IssuedCredential(credential, key, secret)


def revoke_credential(*, credential: Credential, at: datetime) -> None:
    """End a credential at once; the statements it sent stay.

    Writes: Credential. Safe to repeat: the first time counts.
    """
    Credential.objects.filter(pk=credential.pk, revoked_at__isnull=True).update(revoked_at=at)


def digest_of(secret: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def note_use(*, credential: Credential, at: datetime) -> None:
    """Note that a credential was used; doorways ask for it every few minutes only.

    Writes: Credential. Safe to repeat.
    """
    Credential.objects.filter(pk=credential.pk).update(last_used_at=at)
