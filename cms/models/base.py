"""What every page shares, and what every owned piece of content shares."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField, TranslatableField

from organisations.enums import Visibility
from organisations.models import Organisation
from organisations.queries import iri_base

SOURCE_LANGUAGE = "en"


class BasePage(Page):
    """A page of ours: a summary for lists, and an outside identity that all languages share.

    Personal data: none.
    """

    activity_kind = ""

    summary = models.CharField(
        _("summary"), max_length=300, blank=True, help_text=_("One sentence for lists.")
    )
    translation_checked_by = models.CharField(
        _("translation checked by"),
        max_length=120,
        blank=True,
        help_text=_("The native reader who checked this translation; empty until then."),
    )

    content_panels = [*Page.content_panels, FieldPanel("summary")]
    settings_panels = [*Page.settings_panels, FieldPanel("translation_checked_by")]
    override_translatable_fields = [
        TranslatableField("title"),
        TranslatableField("summary"),
        SynchronizedField("translation_checked_by", overridable=True),
    ]

    class Meta:
        abstract = True

    @property
    def activity_iri(self) -> str:
        """The page's xAPI activity: the same in every language, at every address."""
        return f"{iri_base()}/activities/{self.activity_kind}/{self.translation_key}"

    @property
    def in_source_language(self) -> Self:
        """The page in the source language, or this one where it is that or has none.

        What is said once for every language of a page is said there. At most one query.
        """
        if self.locale.language_code == SOURCE_LANGUAGE:
            return self
        pages = type(self).objects.filter(
            translation_key=self.translation_key, locale__language_code=SOURCE_LANGUAGE
        )
        return pages.first() or self

    @property
    def content_language(self) -> str:
        """The language the content is in: the source's while it is not translated."""
        return SOURCE_LANGUAGE if self.is_fallback else str(self.locale.language_code)

    @property
    def is_fallback(self) -> bool:
        """Whether it shows the source language in the place of a translation still to come."""
        return self.alias_of_id is not None and self.locale.language_code != SOURCE_LANGUAGE

    @property
    def is_unchecked_translation(self) -> bool:
        """Whether it is a translation that no native reader has checked."""
        return self.content_language != SOURCE_LANGUAGE and not self.translation_checked_by


class OwnedContent(models.Model):
    """Content with an owner organisation and a visibility, enforced wherever it is read.

    Personal data: none.
    """

    # `owner` is taken: on a page it is Wagtail's, the person who made it
    owner_organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    visibility = models.CharField(
        _("who may see it"), max_length=16, choices=Visibility.choices, default=Visibility.PUBLIC
    )
    visible_to = ParentalManyToManyField(
        Organisation,
        blank=True,
        related_name="+",
        verbose_name=_("named organisations"),
        help_text=_("Only used when named organisations may see it. The owner always may."),
    )

    visibility_panel = MultiFieldPanel(
        [FieldPanel("owner_organisation"), FieldPanel("visibility"), FieldPanel("visible_to")],
        heading=_("Who may see it"),
    )

    class Meta:
        abstract = True


class BodyText(RichTextField):
    """Rich text with the few kinds of formatting our pages have."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("features", ["h2", "h3", "bold", "italic", "ol", "ul", "link"])
        super().__init__(*args, **kwargs)
