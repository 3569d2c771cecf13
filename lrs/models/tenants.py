"""Whose statements they are, and who may send and read them."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lrs.enums import CredentialKind, Scope
from lrs.rules.limits import Limits
from organisations.models import Organisation, User

ROW_VERSION: Final = "(xmin::text || ctid::text)"
"""On PostgreSQL, what differs whenever a row has been changed, whatever it holds."""


class Tenant(models.Model):
    """One organisation's part of the store; the platform's own has no organisation.

    Statements, references, voiding, documents and attachments never cross from one to another.

    Personal data: none.
    """

    id = models.AutoField(primary_key=True)
    organisation = models.OneToOneField(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+"
    )
    is_platform = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_platform"], condition=Q(is_platform=True), name="one_platform_tenant"
            ),
            models.CheckConstraint(
                condition=Q(is_platform=True, organisation__isnull=True)
                | Q(is_platform=False, organisation__isnull=False),
                name="tenant_is_platform_or_organisation",
            ),
        ]

    def __str__(self) -> str:
        return "platform" if self.is_platform else f"organisation {self.organisation_id}"


class CredentialQuerySet(models.QuerySet["Credential"]):
    def open_at(self, instant: datetime) -> Self:
        """Started, not ended and not revoked."""
        return self.filter(
            Q(ends_at__isnull=True) | Q(ends_at__gt=instant),
            starts_at__lte=instant,
            revoked_at__isnull=True,
        )


class Credential(models.Model):
    """A key and secret with which a system writes and reads one tenant's records.

    The secret is ours, 32 random bytes, so one round of SHA-256 keeps it as safe as a slow
    password hash would, and costs a request nothing. Its ``uuid`` names it as an authority.

    What is proved otherwise has a row as well, so that ending it holds at the next request: the key
    of one launch and the access token, which a parent credential gave and which vouch as it does;
    and the account at an issuer of bearer tokens (`lrs.models.issuers`), whose row comes with
    the first token.

    Personal data: who issued it, the one agent it is limited to, and an account's name at its
    issuer; kept as long as the credential. `lrs.services.sweep_credentials` deletes those that
    end by themselves.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="credentials")
    kind = models.CharField(
        max_length=8, choices=CredentialKind.choices, default=CredentialKind.KEY
    )
    label = models.CharField(_("what it is for"), max_length=120, blank=True)
    key = models.CharField(_("key"), max_length=64, unique=True)
    secret_digest = models.CharField(max_length=64)
    old_digest = models.CharField(max_length=64, blank=True)
    old_ends_at = models.DateTimeField(_("old secret until"), null=True, blank=True)
    scopes = models.JSONField(default=list)
    activities = models.JSONField(_("activities"), default=list, blank=True)
    with_children = models.BooleanField(default=False)
    agent = models.TextField(_("agent"), blank=True)
    registration = models.UUIDField(null=True, blank=True)
    origins = models.JSONField(_("web addresses"), default=list, blank=True)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    issued_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="children"
    )
    issuer = models.ForeignKey(
        "lrs.TokenIssuer", null=True, blank=True, on_delete=models.CASCADE, related_name="accounts"
    )
    vouches_as = models.UUIDField(null=True, editable=False)

    objects = CredentialQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind__in=["launch", "token"])
                | Q(parent__isnull=False, ends_at__isnull=False),
                name="credential_given_by_another_ends",
            ),
            models.CheckConstraint(
                condition=~Q(kind="launch") | ~Q(agent=""), name="launch_is_of_one_agent"
            ),
            models.CheckConstraint(
                condition=~Q(kind="subject") | Q(issuer__isnull=False),
                name="account_has_an_issuer",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "kind"], name="credential_of_tenant")]

    def __str__(self) -> str:
        return self.label or self.key

    def is_open_at(self, instant: datetime) -> bool:
        """Return whether it has started, not ended and not been revoked."""
        return (
            self.revoked_at is None
            and self.starts_at <= instant
            and (self.ends_at is None or instant < self.ends_at)
        )

    def allows(self, *scopes: Scope) -> bool:
        """Return whether any of these scopes is among the credential's own."""
        return Scope.ALL in self.scopes or any(scope in self.scopes for scope in scopes)

    @property
    def authority(self) -> UUID:
        """Names who vouches for what it sends."""
        return self.vouches_as or self.uuid

    @property
    def limits(self) -> Limits | None:
        """What it may write and read about; None without a limit."""
        if not (self.activities or self.agent or self.registration):
            return None
        return Limits(
            activities=tuple(self.activities),
            with_children=self.with_children,
            agent=self.agent or None,
            registration=None if self.registration is None else str(self.registration),
        )


@dataclass(frozen=True, slots=True)
class Guard:
    """A credential as it was when it was proved: what it sends goes in only if it still is so."""

    credential_id: int
    as_stored: tuple[Any, ...]
    """As `lrs.queries.tenants.credential_as_stored` gave it."""


class CredentialChanged(Exception):
    """The credential was changed or revoked since it was proved; nothing was written."""
