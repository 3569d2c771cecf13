"""Courses, modules and lessons as Wagtail pages."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField, TranslatableField

from cms.models import BasePage, BodyText, OwnedContent
from cms.queries import texts_for
from competencies.enums import FrameworkStatus
from competencies.models import Competency, CompetencyVersion, Level
from learning.blocks import LessonBlocks
from learning.panels import PastCompletionsPanel


class LearnIndexPage(BasePage):
    """The list of courses.

    Personal data: none.
    """

    intro = BodyText(_("introduction"), blank=True)

    content_panels = [*BasePage.content_panels, FieldPanel("intro")]
    template = "learning/learn_index_page.html"
    max_count_per_parent = 1
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["learning.CoursePage"]
    override_translatable_fields = [
        *BasePage.override_translatable_fields,
        TranslatableField("intro"),
    ]

    class Meta:
        verbose_name = _("list of courses")


class CoursePage(BasePage, OwnedContent):
    """A course: modules of lessons, and what finishing it shows.

    Personal data: none.
    """

    activity_kind = "course"

    audience = models.CharField(_("who it is for"), max_length=200, blank=True)
    intro = StreamField(LessonBlocks(), verbose_name=_("introduction"), blank=True)
    is_in_order = models.BooleanField(
        _("lessons open one after another"),
        default=False,
        help_text=_("Otherwise learners choose their own way."),
    )

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("audience"),
        FieldPanel("is_in_order"),
        FieldPanel("intro"),
        InlinePanel(
            "competencies_shown",
            heading=_("Finishing the course shows"),
            label=_("competency"),
        ),
        PastCompletionsPanel(),
    ]
    settings_panels = [
        *BasePage.settings_panels,
        OwnedContent.visibility_panel,
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("summary"),
        index.SearchField("audience"),
        index.SearchField("intro"),
        index.SearchField("competency_titles"),
    ]
    override_translatable_fields = [
        *BasePage.override_translatable_fields,
        SynchronizedField("is_in_order", overridable=False),
        SynchronizedField("owner_organisation", overridable=False),
        SynchronizedField("visibility", overridable=False),
        SynchronizedField("visible_to", overridable=False),
        SynchronizedField("competencies_shown", overridable=False),
    ]
    template = "learning/course_page.html"
    parent_page_types = ["learning.LearnIndexPage"]
    subpage_types = ["learning.ModulePage"]

    class Meta:
        verbose_name = _("course")

    def competency_titles(self) -> str:
        """What finishing the course shows, in words, so that search finds it by them."""
        shown = list(self.in_source_language.competencies_shown.all())
        items = CompetencyVersion.objects.filter(
            competency_id__in=[row.competency_id for row in shown],
            version__status=FrameworkStatus.PUBLISHED,
        ).select_related("competency")
        words = texts_for(
            subject_uuids=[item.competency.uuid for item in items],
            language=self.locale.language_code,
        )
        return "; ".join(
            " ".join(
                (
                    item.code,
                    words.say(item.competency.uuid, "title", item.title).value,
                    words.say(item.competency.uuid, "statement", item.statement).value,
                )
            )
            for item in items
        )


class ModulePage(BasePage):
    """Part of a course that can be done in a sitting or two.

    Personal data: none.
    """

    activity_kind = "module"

    intro = StreamField(LessonBlocks(), verbose_name=_("introduction"), blank=True)

    content_panels = [*BasePage.content_panels, FieldPanel("intro")]
    template = "learning/module_page.html"
    parent_page_types = ["learning.CoursePage"]
    subpage_types = ["learning.LessonPage"]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("summary"),
        index.SearchField("intro"),
    ]

    class Meta:
        verbose_name = _("module")


class LessonPage(BasePage):
    """Something to read and to do, in five to ten minutes.

    Personal data: none.
    """

    activity_kind = "lesson"

    minutes = models.PositiveSmallIntegerField(_("minutes"), default=5)
    is_required = models.BooleanField(_("required to finish the course"), default=True)
    body = StreamField(LessonBlocks(), verbose_name=_("body"), blank=True)

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel([FieldPanel("minutes"), FieldPanel("is_required")], heading=_("Time")),
        FieldPanel("body"),
        InlinePanel(
            "competencies_shown",
            heading=_("Finishing this lesson alone shows"),
            label=_("competency"),
        ),
        PastCompletionsPanel(),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("summary"),
        index.SearchField("body"),
    ]
    override_translatable_fields = [
        *BasePage.override_translatable_fields,
        SynchronizedField("minutes", overridable=False),
        SynchronizedField("is_required", overridable=False),
        SynchronizedField("competencies_shown", overridable=False),
    ]
    template = "learning/lesson_page.html"
    parent_page_types = ["learning.ModulePage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("lesson")


class CompetencyShown(Orderable):
    """That finishing a page is evidence of a competency at a level.

    Personal data: none.
    """

    competency = models.ForeignKey(Competency, on_delete=models.PROTECT, related_name="+")
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="+")
    counts_past = models.BooleanField(
        _("also for past completions"),
        default=False,
        help_text=_("People who finished before you added this will have it too."),
    )

    panels = [FieldPanel("competency"), FieldPanel("level"), FieldPanel("counts_past")]

    class Meta(Orderable.Meta):
        abstract = True

    def clean(self) -> None:
        """Refuse a level of another framework than the competency's."""
        super().clean()
        if (
            self.competency_id
            and self.level_id
            and self.competency.framework_id != self.level.framework_id
        ):
            raise ValidationError(
                {"level": _("Choose a level of the framework that the competency is in.")}
            )


class CourseCompetency(CompetencyShown):
    """What finishing a course shows.

    Personal data: none.
    """

    page = ParentalKey(CoursePage, on_delete=models.CASCADE, related_name="competencies_shown")


class LessonCompetency(CompetencyShown):
    """What finishing a lesson shows.

    Personal data: none.
    """

    page = ParentalKey(LessonPage, on_delete=models.CASCADE, related_name="competencies_shown")


class StarterPage(models.Model):
    """Which page came from which starter file, and what the file said when it was last read.

    A page that an educator has edited since is theirs: it is not written over.

    Personal data: none.
    """

    path = models.CharField(max_length=250, unique=True)
    sha256 = models.CharField(max_length=64)
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    revision_id = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return self.path
