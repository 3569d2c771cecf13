"""What was taken out of a store or changed in it, by whom and why; what must stay; how large it is."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lrs.enums import ActKind, ActStatus, AgeBy
from lrs.models.tenants import Tenant
from lrs.rules.who import in_plain
from organisations.models import User


class LegalHold(models.Model):
    """That what it covers must stay as it is, for a reason, from–until.

    It covers what meets all of its conditions; one without any covers the whole store. Without a
    tenant it stands in every store.

    Personal data: whom it is about while it stands; that is blanked when it ends. Who placed it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tenant = models.ForeignKey(Tenant, null=True, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    reason = models.TextField(_("reason"))
    actor = models.TextField(_("about whom"), blank=True)
    activity = models.TextField(_("about which activity"), blank=True)
    since = models.DateTimeField(_("what happened from"), null=True, blank=True)
    until = models.DateTimeField(_("what happened until"), null=True, blank=True)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    placed_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    def __str__(self) -> str:
        return self.name

    @property
    def about(self) -> str:
        """Whom it is about, as a person would write it; empty without."""
        return in_plain(self.actor)

    def stands_at(self, instant: datetime) -> bool:
        """Return whether it has begun and not ended."""
        return self.starts_at <= instant and (self.ends_at is None or instant < self.ends_at)


class RetentionPolicy(models.Model):
    """What a store no longer keeps after so many months; what meets all its conditions goes.

    Personal data: an actor's identifier, where a policy names one; kept as long as the policy,
    which goes when that person is erased.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    months = models.PositiveSmallIntegerField(_("months to keep"))
    age_by = models.CharField(
        _("counted from"), max_length=12, choices=AgeBy.choices, default=AgeBy.STORED
    )
    verb = models.TextField(_("verb"), blank=True)
    activity = models.TextField(_("activity"), blank=True)
    actor = models.TextField(_("actor"), blank=True)
    registration = models.CharField(_("registration"), max_length=36, blank=True)
    is_on = models.BooleanField(_("switched on"), default=False)
    made_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField()
    applied_at = models.DateTimeField(_("last applied"), null=True, blank=True)

    class Meta:
        verbose_name_plural = _("retention policies")
        constraints = [
            models.CheckConstraint(condition=Q(months__gte=1), name="retention_keeps_a_month"),
            models.UniqueConstraint(fields=["tenant", "name"], name="retention_named_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def about(self) -> str:
        """By whom, as a person would write it; empty without."""
        return in_plain(self.actor)


class ActQuerySet(models.QuerySet["LifeCycleAct"]):
    def to_do(self) -> Self:
        """Asked for and not finished: waiting, held up, or left in the middle."""
        return self.filter(status__in=[ActStatus.WAITING, ActStatus.HELD, ActStatus.RUNNING])


class LifeCycleAct(models.Model):
    """One act on a store, from when it was asked for; afterwards the proof that it was done.

    ``working`` holds what is needed to go on after a crash, the identifiers among it, and is
    emptied when the act is finished; ``fingerprints`` are keyed hashes of the identifiers, so that
    whoever knows one can have it shown that it was dealt with.

    Personal data: who asked; in ``working`` an identifier until the act is done or declined.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=ActKind.choices)
    status = models.CharField(max_length=12, choices=ActStatus.choices)
    asked_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField()
    reason = models.TextField()
    scope = models.JSONField(default=dict)
    fingerprints = models.JSONField(default=list)
    working = models.JSONField(default=dict)
    held_by = models.ForeignKey(
        LegalHold, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    statements = models.PositiveBigIntegerField(default=0)
    documents = models.PositiveBigIntegerField(default=0)
    attachments = models.PositiveBigIntegerField(default=0)
    bytes = models.PositiveBigIntegerField(default=0)
    looked_at = models.PositiveBigIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ActQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["tenant", "-asked_at"], name="act_tenant")]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"

    @property
    def about(self) -> list[str]:
        """Whom an unfinished erasure is about, as a person would write it."""
        return [in_plain(one) for one in self.working.get("identifiers", ())]


class LooseAttachment(models.Model):
    """An attachment that a statement of an unfinished act no longer has; another may have it.

    Personal data: none.
    """

    act = models.ForeignKey(LifeCycleAct, on_delete=models.CASCADE, related_name="+")
    sha2 = models.CharField(max_length=128)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["act", "sha2"], name="loose_once_in_act")]

    def __str__(self) -> str:
        return self.sha2


class StoreSize(models.Model):
    """What a store held when it was last counted, and since when and until when.

    Personal data: none.
    """

    tenant = models.OneToOneField(Tenant, on_delete=models.CASCADE, related_name="+")
    counted_at = models.DateTimeField()
    statements = models.PositiveBigIntegerField(default=0)
    statement_bytes = models.PositiveBigIntegerField(default=0)
    documents = models.PositiveBigIntegerField(default=0)
    document_bytes = models.PositiveBigIntegerField(default=0)
    attachments = models.PositiveBigIntegerField(default=0)
    attachment_bytes = models.PositiveBigIntegerField(default=0)
    oldest = models.DateTimeField(null=True)
    newest = models.DateTimeField(null=True)
    months = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.statements} statements"

    @property
    def total_bytes(self) -> int:
        """All of it."""
        return self.statement_bytes + self.document_bytes + self.attachment_bytes
