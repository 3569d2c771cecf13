"""Courses, modules and lessons as Wagtail pages."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField, TranslatableField

from cms.models import BasePage, BodyText, OwnedContent
from competencies.models import Competency, Level
from learning.blocks import LessonBlocks


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

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("audience"),
        FieldPanel("intro"),
        InlinePanel(
            "competencies_shown",
            heading=_("Finishing the course shows"),
            label=_("competency at a level"),
        ),
    ]
    settings_panels = [*BasePage.settings_panels, OwnedContent.visibility_panel]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("summary"),
        index.SearchField("audience"),
        index.SearchField("intro"),
        index.RelatedFields(
            "competencies_shown",
            [index.RelatedFields("competency", [index.SearchField("source_identifier")])],
        ),
    ]
    override_translatable_fields = [
        *BasePage.override_translatable_fields,
        SynchronizedField("owner", overridable=False),
        SynchronizedField("visibility", overridable=False),
        SynchronizedField("visible_to", overridable=False),
        SynchronizedField("competencies_shown", overridable=False),
    ]
    template = "learning/course_page.html"
    parent_page_types = ["learning.LearnIndexPage"]
    subpage_types = ["learning.ModulePage"]

    class Meta:
        verbose_name = _("course")


class ModulePage(BasePage):
    """Part of a course that can be done in a sitting or two.

    Personal data: none.
    """

    activity_kind = "module"

    template = "learning/module_page.html"
    parent_page_types = ["learning.CoursePage"]
    subpage_types = ["learning.LessonPage"]
    search_fields = [*BasePage.search_fields, index.SearchField("summary")]

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
            label=_("competency at a level"),
        ),
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
