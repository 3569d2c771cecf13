"""Frameworks, their versions, competencies, levels and links."""

import uuid
from functools import cached_property
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from cms.models import words_in_every_language
from competencies.enums import CompetencyKind, FrameworkStatus
from organisations.enums import Visibility
from organisations.models import Organisation
from organisations.permissions import Access


class FrameworkQuerySet(models.QuerySet["Framework"]):
    def visible_to(self, access: Access) -> Self:
        """What this person may see: `organisations.permissions.may_see_content`, of many."""
        if access.is_operator or access.is_educator_everywhere:
            return self
        if not access.is_signed_in:
            return self.filter(visibility=Visibility.PUBLIC)
        named = self.model.visible_to.through.objects.filter(
            organisation__in=access.employer_ids
        ).values("framework")
        return self.filter(
            Q(visibility__in=[Visibility.PUBLIC, Visibility.SIGNED_IN])
            | Q(owner_organisation__in=access.employer_ids | access.educator_ids)
            | Q(visibility=Visibility.ORGANISATIONS, pk__in=named)
        )


class Framework(models.Model):
    """A set of competencies with a lasting identity; what it says is in its versions.

    ``source`` is where it came from (``starter``, ``csv``, ``case`` or an organisation's own) and
    ``source_identifier`` what that source calls it: unique together, not alone, since files of
    different systems share identifiers. ``loaded`` is what was last read from each translation
    file, so that a file is read again only when it has changed.

    Personal data: none.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(max_length=120, unique=True)
    owner_organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT
    )
    source = models.CharField(max_length=80, default="here")
    source_identifier = models.CharField(max_length=120, blank=True)
    is_shared = models.BooleanField(
        default=False, help_text=_("The shared framework that roles and team profiles use.")
    )
    visibility = models.CharField(
        _("who may see it"), max_length=16, choices=Visibility.choices, default=Visibility.PUBLIC
    )
    visible_to = models.ManyToManyField(
        Organisation, blank=True, related_name="+", verbose_name=_("named organisations")
    )
    loaded = models.JSONField(default=dict, blank=True)

    objects = FrameworkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_identifier"],
                condition=~Q(source_identifier=""),
                name="framework_once_in_source",
            ),
            models.UniqueConstraint(
                fields=["is_shared"], condition=Q(is_shared=True), name="one_shared_framework"
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class FrameworkVersionQuerySet(models.QuerySet["FrameworkVersion"]):
    def published(self) -> Self:
        return self.filter(status=FrameworkStatus.PUBLISHED)


class FrameworkVersion(models.Model):
    """What a framework says from one publication to the next. Corresponds to a CASE document.

    ``case_extra`` keeps what a CASE file said that we have no field for, so that it goes out again.

    Personal data: none.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    label = models.CharField(_("version"), max_length=80, blank=True)
    status = models.CharField(
        max_length=12, choices=FrameworkStatus.choices, default=FrameworkStatus.DRAFT
    )
    language = models.CharField(max_length=16, default="en")
    title = models.CharField(_("title"), max_length=300)
    description = models.TextField(_("description"), blank=True)
    creator = models.CharField(max_length=200, blank=True)
    licence = models.CharField(max_length=200, blank=True)
    content_sha256 = models.CharField(max_length=64, blank=True)
    case_extra = models.JSONField(default=dict, blank=True)
    changed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    objects = FrameworkVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["framework", "number"], name="framework_version_once"),
            models.UniqueConstraint(
                fields=["framework"],
                condition=Q(status=FrameworkStatus.PUBLISHED),
                name="one_published_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.label}".strip()


class Level(models.Model):
    """A named, ranked step of a framework's scale; never compared across frameworks.

    Personal data: none.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="levels")
    key = models.SlugField(max_length=40)
    rank = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=80)
    descriptor = models.TextField(_("descriptor"), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["framework", "key"], name="level_key_once"),
            models.UniqueConstraint(fields=["framework", "rank"], name="level_rank_once"),
            models.CheckConstraint(condition=Q(rank__gte=1), name="level_rank_from_one"),
        ]

    def __str__(self) -> str:
        return self.name


class Competency(models.Model):
    """What someone can do: an identity that outlives every version of its framework.

    ``source_identifier`` is what the source calls it (a CASE identifier, or a code); unique in the
    framework.

    Personal data: none.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="competencies")
    source_identifier = models.CharField(max_length=200)

    class Meta:
        verbose_name_plural = _("competencies")
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "source_identifier"], name="competency_once_in_framework"
            )
        ]

    def __str__(self) -> str:
        return self.source_identifier


class CompetencyVersion(index.Indexed, models.Model):
    """What a competency says in one framework version. Corresponds to a CASE item.

    ``parent`` is its first place in the tree; every link, this one too, is a
    `CompetencyAssociation`. ``position`` counts through the whole version in reading order.

    Personal data: none.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    competency = models.ForeignKey(Competency, on_delete=models.CASCADE, related_name="versions")
    version = models.ForeignKey(FrameworkVersion, on_delete=models.CASCADE, related_name="items")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="children"
    )
    kind = models.CharField(
        max_length=12, choices=CompetencyKind.choices, default=CompetencyKind.COMPETENCY
    )
    code = models.CharField(_("code"), max_length=80, blank=True)
    title = models.CharField(_("title"), max_length=300, blank=True)
    statement = models.TextField(_("statement"))
    notes = models.TextField(_("notes"), blank=True)
    position = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()
    case_extra = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "competency"], name="competency_once_in_version"
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="item_not_its_own_parent"),
        ]
        indexes = [models.Index(fields=["version", "position"], name="item_order_idx")]

    search_fields = [
        index.SearchField("title", boost=2),
        index.SearchField("statement"),
        index.SearchField("notes"),
        index.SearchField("code"),
        index.SearchField("translated_words"),
        index.RelatedFields("level_descriptors", [index.SearchField("text")]),
        index.FilterField("id"),
    ]

    def __str__(self) -> str:
        return self.short_title

    @cached_property
    def translated_words(self) -> str:
        """What it says in other languages, for search. One query, unless it was set before."""
        return words_in_every_language(self.competency.uuid)

    @property
    def short_title(self) -> str:
        """The title, or as much of the statement as a list can hold."""
        return self.title or self.statement[:120]


class LevelDescriptor(models.Model):
    """What a competency looks like at a level.

    Personal data: none.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(
        CompetencyVersion, on_delete=models.CASCADE, related_name="level_descriptors"
    )
    level = models.ForeignKey(Level, on_delete=models.CASCADE, related_name="+")
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "level"], name="one_descriptor_a_level")
        ]

    def __str__(self) -> str:
        return self.text[:60]


class CompetencyAssociation(models.Model):
    """A link between two items, here or elsewhere. Corresponds to a CASE association.

    Ends that are items of this version are named by foreign key as well as by identifier; an end
    elsewhere by its identifier and address alone. ``position`` is its place in the file.

    Personal data: none.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(
        FrameworkVersion, on_delete=models.CASCADE, related_name="associations"
    )
    source_identifier = models.CharField(max_length=200)
    kind = models.CharField(max_length=60, help_text=_("A word of CASE, or ext: and a word."))
    origin = models.ForeignKey(
        CompetencyVersion,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="links_out",
    )
    destination = models.ForeignKey(
        CompetencyVersion, null=True, blank=True, on_delete=models.CASCADE, related_name="links_in"
    )
    origin_node = models.JSONField(default=dict)
    destination_node = models.JSONField(default=dict)
    sequence = models.BigIntegerField(null=True, blank=True)
    position = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()
    case_extra = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "source_identifier"], name="association_once_in_version"
            )
        ]

    def __str__(self) -> str:
        return self.kind
