"""Who takes part, and how they hear of what is new."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from discussions.enums import Delivery
from discussions.models.spaces import Space
from discussions.models.threads import Post, Thread
from organisations.models import User


class Participant(models.Model):
    """That a person takes part, and what they decided about it.

    ``keeps_words``: what they wrote may stay, without their name, when they leave for good.
    ``delivery`` is how they follow what they write in, unless they choose otherwise there.

    Personal data: these decisions, when they began, when the last weekly mail went; erased with
    the person.
    """

    person = models.OneToOneField(User, on_delete=models.CASCADE, related_name="participant")
    joined_at = models.DateTimeField()
    keeps_words = models.BooleanField(default=False)
    delivery = models.CharField(max_length=8, choices=Delivery.choices, default=Delivery.WEEKLY)
    digest_at = models.DateTimeField(help_text=_("Up to when weekly mails have told them."))
    claimed_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When somebody last set about sending it.")
    )

    def __str__(self) -> str:
        return f"{self.person_id} takes part"


class Subscription(models.Model):
    """How a person hears of what is new in a space or a thread. A thread's goes before its space's.

    Personal data: what a person follows; erased with the person.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="subscriptions")
    space = models.ForeignKey(
        Space, null=True, blank=True, on_delete=models.CASCADE, related_name="subscriptions"
    )
    thread = models.ForeignKey(
        Thread, null=True, blank=True, on_delete=models.CASCADE, related_name="subscriptions"
    )
    delivery = models.CharField(max_length=8, choices=Delivery.choices)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(space__isnull=True) ^ Q(thread__isnull=True),
                name="subscription_to_space_or_thread",
            ),
            models.UniqueConstraint(
                fields=["person", "space"],
                condition=Q(space__isnull=False),
                name="one_subscription_a_space",
            ),
            models.UniqueConstraint(
                fields=["person", "thread"],
                condition=Q(thread__isnull=False),
                name="one_subscription_a_thread",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} follows {self.space_id or self.thread_id}"


class Mailing(models.Model):
    """A mail about one post that one person is to have; the row is what makes it go out once.

    Personal data: that a person was told of a post; kept ninety days; erased with the person.
    """

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="mailings")
    queued_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "person"], name="one_mail_a_post_and_person")
        ]
        indexes = [
            models.Index(
                fields=["queued_at"], condition=Q(sent_at__isnull=True), name="mailing_to_send_idx"
            )
        ]

    def __str__(self) -> str:
        return f"{self.post_id} to {self.person_id}"
