"""Where statements are sent on to, and which of them have not arrived.

What has been delivered is one cursor for each target and a row for each exception: a statement
that waits to be tried again, one that waits behind it, and one that will not be tried again
unless somebody asks. Nothing here is written when a statement is stored.
"""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lrs.enums import SendingTrouble, TargetKind, UnsentState
from lrs.models.tenants import Tenant
from organisations.models import User


class SendingTargetQuerySet(models.QuerySet["SendingTarget"]):
    def due_at(self, instant: datetime) -> Self:
        """Neither paused, nor waiting after a failure, nor being worked on."""
        return self.filter(
            Q(next_attempt_at__isnull=True) | Q(next_attempt_at__lte=instant),
            Q(leased_until__isnull=True) | Q(leased_until__lte=instant),
            paused_at__isnull=True,
        )


class SendingTarget(models.Model):
    """Another record store, or a webhook, that gets a copy of a tenant's statements.

    Secrets are kept sealed (`lrs.rules.sealing`), since they are needed again for each request;
    they are never shown after they were entered. One worker at a time works on a target: it holds
    a lease that ends by itself, and all it writes is written only while it holds it.

    Personal data: who set it up, and identifiers of those whose statements it is for; kept as long
    as the target, an identifier until that person is erased (`lrs.services.erase_actor`).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=TargetKind.choices)
    label = models.CharField(_("name"), max_length=120)
    address = models.URLField(_("address"), max_length=500)
    version = models.CharField(_("version of xAPI"), max_length=5, default="1.0.3")
    key = models.CharField(_("key"), max_length=200, blank=True)
    secret = models.TextField(blank=True)
    former_secret = models.TextField(blank=True)
    former_secret_ends_at = models.DateTimeField(null=True)

    verbs = models.JSONField(default=list)
    activities = models.JSONField(default=list)
    actors = models.JSONField(default=list)
    registration = models.UUIDField(_("registration"), null=True, blank=True)
    success = models.BooleanField(null=True)
    completion = models.BooleanField(null=True)
    stored_from = models.DateTimeField(null=True)

    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    paused_at = models.DateTimeField(null=True)

    position = models.CharField(max_length=60, blank=True)
    delivered = models.BigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    last_success_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=20, choices=SendingTrouble.choices, blank=True)
    trouble_detail = models.CharField(max_length=500, blank=True)
    trouble_at = models.DateTimeField(null=True)
    leased_by = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)

    objects = SendingTargetQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["tenant", "kind"], name="target_of_tenant")]

    def __str__(self) -> str:
        return self.label


class UnsentStatement(models.Model):
    """A statement before a target's cursor that has not arrived there.

    Rows of one target are made in the order of reading, so ``id`` is that order. The text is read
    when it is sent, so that a statement erased meanwhile is not.

    Personal data: what a receiver answered about a statement; deleted when it arrives or is given
    up, and with the target.
    """

    target = models.ForeignKey(SendingTarget, on_delete=models.CASCADE, related_name="unsent")
    seq = models.BigIntegerField()
    stored = models.DateTimeField()
    uuid = models.UUIDField()
    learner_key = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=UnsentState.choices)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=20, choices=SendingTrouble.choices, blank=True)
    trouble_detail = models.CharField(max_length=500, blank=True)
    failed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["target", "seq"], name="unsent_once_for_target")
        ]
        indexes = [
            models.Index(fields=["target", "state", "id"], name="unsent_by_state"),
            models.Index(fields=["target", "learner_key", "id"], name="unsent_of_learner"),
        ]

    def __str__(self) -> str:
        return f"{self.uuid} to {self.target_id}"
