"""Who else may say who somebody is: issuers of bearer tokens (OIDC, JWT)."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lrs.models.tenants import Tenant
from organisations.models import User


class TokenIssuerQuerySet(models.QuerySet["TokenIssuer"]):
    def open_at(self, instant: datetime) -> Self:
        """Started and not ended."""
        return self.filter(
            Q(ended_at__isnull=True) | Q(ended_at__gt=instant), starts_at__lte=instant
        )


class TokenIssuer(models.Model):
    """An issuer whose signed tokens open one tenant's records, for one audience.

    A token may do what its claim names and the issuer's own ``scopes`` cover. Never changed: it
    is ended, and another registered.

    Personal data: who registered it; kept as long as the issuer.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="issuers")
    label = models.CharField(_("what it is for"), max_length=120, blank=True)
    issuer = models.CharField(_("issuer"), max_length=300)
    audience = models.CharField(_("audience"), max_length=300)
    keys_url = models.CharField(_("address of its keys"), max_length=500)
    scopes = models.JSONField(default=list)
    claim = models.CharField(_("claim that names scopes"), max_length=60, blank=True)
    claim_scopes = models.JSONField(default=dict, blank=True)
    starts_at = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    registered_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = TokenIssuerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "audience"],
                condition=Q(ended_at__isnull=True),
                name="issuer_and_audience_once",
            )
        ]

    def __str__(self) -> str:
        return self.label or self.issuer
