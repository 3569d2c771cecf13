"""Where people talk."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel

from cms.models import OwnedContent


class Space(OwnedContent, ClusterableModel):
    """A place for discussions about one thing, with its own house rules.

    What it says in other languages is in `cms.TranslatedText` under ``title``, ``description`` and
    ``house_rules``. ``is_for_lessons`` marks the one space that holds the discussions of lessons.

    Personal data: none.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    language = models.CharField(
        _("language"), max_length=8, choices=settings.LANGUAGES, default="en"
    )
    title = models.CharField(_("title"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    house_rules = models.TextField(
        _("house rules"), blank=True, help_text=_("One rule a line. Shown beside every form.")
    )
    is_open = models.BooleanField(
        _("open for contributions"), default=True, help_text=_("Otherwise it can only be read.")
    )
    allows_unnamed = models.BooleanField(_("people may write without their name"), default=False)
    is_for_lessons = models.BooleanField(_("holds the discussions of lessons"), default=False)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=100)
    created_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("space")
        constraints = [
            models.UniqueConstraint(
                fields=["is_for_lessons"],
                condition=Q(is_for_lessons=True),
                name="one_space_for_lessons",
            )
        ]

    def __str__(self) -> str:
        return self.title
