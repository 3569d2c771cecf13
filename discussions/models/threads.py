"""What people say to each other."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from competencies.models import Role
from discussions.enums import ReportReason, SpeakingAs
from discussions.models.spaces import Space
from organisations.enums import Sector
from organisations.models import User


class ThreadQuerySet(models.QuerySet["Thread"]):
    def shown(self) -> Self:
        """Not hidden by a moderator, nor taken back by who began it."""
        return self.filter(hidden_at__isnull=True, withdrawn_at__isnull=True)


class Thread(models.Model):
    """A discussion of one thing in a space; its first post is what it was begun with.

    ``subject_iri`` is the xAPI activity it is about, if any: a lesson, for instance. It is hidden
    when its first post is, since its title may say the same.

    Personal data: who began it and its title, in their words; kept as long as the space; author
    and words are removed by `discussions.services.forget_person`.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="threads")
    subject_iri = models.CharField(max_length=500, blank=True)
    title = models.CharField(_("title"), max_length=160)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES, default="en")
    author = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="threads"
    )
    created_at = models.DateTimeField()
    last_post_at = models.DateTimeField()
    is_pinned = models.BooleanField(_("pinned"), default=False)
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.TextField(_("what came of it"), blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ThreadQuerySet.as_manager()

    class Meta:
        verbose_name = _("discussion")
        constraints = [
            models.UniqueConstraint(
                fields=["subject_iri"], condition=~Q(subject_iri=""), name="one_thread_a_subject"
            )
        ]
        indexes = [
            models.Index(
                fields=["space", "-is_pinned", "-last_post_at"], name="thread_in_space_idx"
            )
        ]

    def __str__(self) -> str:
        return self.title


class PostQuerySet(models.QuerySet["Post"]):
    def shown(self) -> Self:
        """Neither hidden by a moderator nor taken back."""
        return self.filter(hidden_at__isnull=True, withdrawn_at__isnull=True)

    def written_since(self, moment: datetime) -> Self:
        return self.filter(created_at__gt=moment)


class Post(index.Indexed, models.Model):
    """One contribution to a discussion.

    ``source`` is what was typed, ``body`` the safe HTML made from it, ``text`` its plain words for
    search and mails. A post taken back keeps its place and loses its words. ``number`` counts from
    1 in its thread and is its anchor on the page. ``is_unnamed``: shown without a name, which
    moderators can still see. ``author_left``: the words stay, who wrote them is gone.

    Personal data: a person's words and in what part of their life they wrote; kept as long as the
    space; removed by `discussions.services.withdraw_post` and `forget_person`.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="posts")
    number = models.PositiveIntegerField()
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replies"
    )
    author = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="posts"
    )
    is_unnamed = models.BooleanField(default=False)
    author_left = models.BooleanField(default=False)
    speaking_as = models.CharField(
        max_length=20, choices=SpeakingAs.choices, blank=True, default=SpeakingAs.UNSAID
    )
    role = models.ForeignKey(
        Role, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    sector = models.CharField(max_length=20, choices=Sector.choices, blank=True)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES, default="en")
    source = models.TextField(_("contribution"))
    body = models.TextField()
    text = models.TextField()
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    hidden_reason = models.CharField(max_length=12, choices=ReportReason.choices, blank=True)
    mailed_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When its mails to those who want each were written.")
    )

    objects = PostQuerySet.as_manager()

    search_fields = [
        index.SearchField("title", boost=2),
        index.SearchField("text"),
        index.FilterField("id"),
        index.FilterField("thread"),
        index.FilterField("hidden_at"),
        index.FilterField("withdrawn_at"),
        index.FilterField("created_at"),
    ]

    class Meta:
        verbose_name = _("contribution")
        constraints = [
            models.UniqueConstraint(fields=["thread", "number"], name="post_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="post_number_from_one"),
            models.CheckConstraint(
                condition=Q(hidden_at__isnull=True) | ~Q(hidden_reason=""),
                name="hidden_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(source="", body="", text=""),
                name="withdrawn_has_no_words",
            ),
        ]
        indexes = [
            models.Index(fields=["author", "-created_at"], name="post_author_idx"),
            models.Index(
                fields=["created_at"],
                condition=Q(mailed_at__isnull=True),
                name="post_to_mail_idx",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.thread_id} #{self.number}"

    @property
    def title(self) -> str:
        """What search finds it by besides its words: the thread's title, for its first post."""
        return self.thread.title if self.number == 1 else ""

    @classmethod
    def get_indexed_objects(cls) -> models.QuerySet["Post"]:
        return cls.objects.select_related("thread")
