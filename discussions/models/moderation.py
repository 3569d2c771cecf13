"""Asking a moderator to look, and what moderators did."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from discussions.enums import ModerationKind, ReportReason, ReportState
from discussions.models.threads import Post, Thread
from organisations.models import User


class Report(models.Model):
    """That somebody asked a moderator to look at a post.

    Personal data: who reported, and their words; seen by moderators only; the reporter is removed
    with the person.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="reports")
    reporter = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=12, choices=ReportReason.choices)
    words = models.TextField(_("what should we know?"), blank=True)
    reported_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=ReportState.choices, default=ReportState.WAITING
    )
    handled_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    handled_at = models.DateTimeField(null=True, blank=True)
    outcome = models.TextField(_("what was decided"), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post", "reporter"],
                condition=Q(state=ReportState.WAITING),
                name="one_waiting_report_a_person",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state=ReportState.WAITING, handled_at__isnull=True)
                    | (~Q(state=ReportState.WAITING) & Q(handled_at__isnull=False))
                ),
                name="handled_report_has_a_time",
            ),
        ]
        indexes = [models.Index(fields=["state", "reported_at"], name="report_queue_idx")]

    def __str__(self) -> str:
        return f"{self.reason} in {self.post_id}"


class ModerationAction(models.Model):
    """What a moderator did and why. The author reads the reason and the words.

    Personal data: who did it; the moderator is removed with the person.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="actions")
    post = models.ForeignKey(
        Post, null=True, blank=True, on_delete=models.CASCADE, related_name="actions"
    )
    kind = models.CharField(max_length=8, choices=ModerationKind.choices)
    reason = models.CharField(max_length=12, choices=ReportReason.choices, blank=True)
    words = models.TextField(_("what the author is told"), blank=True)
    moderator = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    done_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    told_at = models.DateTimeField(null=True, blank=True, help_text=_("When the author was told."))

    class Meta:
        indexes = [models.Index(fields=["thread", "done_at"], name="moderation_thread_idx")]

    def __str__(self) -> str:
        return f"{self.kind} in {self.thread_id}"
