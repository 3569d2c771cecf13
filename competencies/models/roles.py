"""Roles, what they require, and who fills them where."""

import uuid
from functools import cached_property

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from cms.models import words_in_every_language
from competencies.enums import Importance
from competencies.models.frameworks import Competency, Framework, Level
from organisations.models import Membership, Organisation


class Role(index.Indexed, models.Model):
    """A job profile such as care navigator. A title is local; functions are shared.

    ``content_sha256`` is of the starter file it was last read from; empty for roles made here.

    Personal data: none.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=120)
    summary = models.TextField(_("summary"), blank=True)
    also_called = models.JSONField(default=list, blank=True)
    where_found = models.JSONField(default=list, blank=True)
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="roles")
    owner_organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT
    )
    content_sha256 = models.CharField(max_length=64, blank=True)

    search_fields = [
        index.SearchField("title", boost=2),
        index.SearchField("summary"),
        index.SearchField("also_called"),
        index.SearchField("translated_words"),
        index.FilterField("id"),
    ]

    def __str__(self) -> str:
        return self.title

    @cached_property
    def translated_words(self) -> str:
        """What it says in other languages, for search. One query, unless it was set before."""
        return words_in_every_language(self.uuid)


class RoleRequirement(models.Model):
    """A competency at a level that a role needs, or finds useful.

    Personal data: none.
    """

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="requirements")
    competency = models.ForeignKey(
        Competency, on_delete=models.PROTECT, related_name="requirements"
    )
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="+")
    importance = models.CharField(
        max_length=10, choices=Importance.choices, default=Importance.ESSENTIAL
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["role", "competency"], name="requirement_once")
        ]

    def __str__(self) -> str:
        return f"{self.role_id} needs {self.competency_id}"


class RoleAssignment(models.Model):
    """Which role a member fills in an organisation or team, from–until.

    Personal data: a person's role and its dates; goes with the membership.
    """

    membership = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="role_assignments"
    )
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="assignments")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "role", "starts_on"], name="role_assignment_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="role_assignment_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} as {self.role_id}"
