"""Questions and quizzes in the editor."""

from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
)
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.snippets.views import snippets
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from assessments.forms.authoring import (
    CompetencySelectMultiple,
    QuestionForm,
    QuizForm,
)
from assessments.models import Question, Quiz
from assessments.services.quizzes import sync_quiz_competencies
from assessments.viewsets import walls
from assessments.viewsets.policy import LOOKING


class WalledChooserViewSet(SnippetChooserViewSet):
    """Chooses among what an educator may look at."""

    choose_view_class = walls.ChooseView
    choose_results_view_class = walls.ChooseResultsView
    chosen_view_class = walls.ChosenView
    chosen_multiple_view_class = walls.ChosenMultipleView


class QuestionChooserViewSet(WalledChooserViewSet):
    """Chooses a question that is not retired."""

    choose_view_class = walls.ChooseInUseView
    choose_results_view_class = walls.ChooseInUseResultsView


class _SyncsCompetencies:
    """After saving a quiz, what it shows is what its activity is evidence of."""

    def save_instance(self) -> Quiz:
        quiz: Quiz = super().save_instance()  # type: ignore[misc]
        sync_quiz_competencies(quiz=quiz, at=timezone.now())
        return quiz


class CreateQuizView(_SyncsCompetencies, snippets.CreateView):
    """Write a quiz."""


class EditQuizView(_SyncsCompetencies, walls.EditView):
    """Edit a quiz."""


class CopyQuizView(_SyncsCompetencies, walls.CopyView):
    """Write a quiz that begins as a copy of another."""


class OwnedViewSet(SnippetViewSet):
    """Shows each educator what they may look at; nothing is deleted."""

    chooser_viewset_class = WalledChooserViewSet
    edit_view_class = walls.EditView
    delete_view_class = walls.DeleteView
    usage_view_class = walls.UsageView
    history_view_class = walls.HistoryView
    inspect_view_class = walls.InspectView
    copy_view_class = walls.CopyView
    copy_view_enabled = True
    inspect_view_enabled = False
    list_per_page = 30

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        rows: QuerySet[Model] = self.permission_policy.instances_user_has_any_permission_for(
            request.user, LOOKING
        )
        return rows


class QuestionViewSet(OwnedViewSet):
    """The question bank."""

    model = Question
    icon = "help"
    menu_label = _("Questions")
    list_display = [
        "__str__",
        "kind",
        "language",
        "owner_organisation",
        BooleanColumn("is_retired", label=_("Retired")),
    ]
    list_filter = ["kind", "language", "owner_organisation", "is_retired"]
    chooser_viewset_class = QuestionChooserViewSet
    edit_handler = ObjectList(
        [
            FieldPanel("text"),
            FieldPanel("kind"),
            InlinePanel(
                "choices",
                heading=_("Answers"),
                label=_("answer"),
                min_num=2,
                max_num=8,
                panels=[
                    FieldPanel("text"),
                    FieldPanel("is_right"),
                    FieldPanel("feedback"),
                ],
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("owner_organisation"), FieldPanel("language")]),
                    FieldPanel("competencies", widget=CompetencySelectMultiple(attrs={"size": 10})),
                    FieldPanel("is_retired"),
                ],
                heading=_("Where it belongs"),
                classname="collapsed",
            ),
        ],
        base_form_class=QuestionForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        return super().get_queryset(request).select_related("owner_organisation").order_by("-pk")


class QuizViewSet(OwnedViewSet):
    """Quizzes."""

    model = Quiz
    icon = "tick-inverse"
    menu_label = _("Quizzes")
    list_display = [
        "title",
        Column("question_count", label=_("Questions")),
        "pass_percent",
        "owner_organisation",
        BooleanColumn("is_published", label=_("Published")),
    ]
    list_filter = ["owner_organisation", "is_published"]
    add_view_class = CreateQuizView
    edit_view_class = EditQuizView
    copy_view_class = CopyQuizView
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("title"),
                    FieldPanel("intro"),
                    InlinePanel(
                        "questions",
                        heading=_("Questions"),
                        label=_("question"),
                        panels=[FieldPanel("question"), FieldPanel("marks")],
                    ),
                ],
                heading=_("Questions"),
            ),
            ObjectList(
                [
                    FieldRowPanel([FieldPanel("pass_percent"), FieldPanel("max_attempts")]),
                    FieldPanel("shuffle"),
                    InlinePanel(
                        "competencies_shown",
                        heading=_("Passing it shows"),
                        label=_("competency at a level"),
                        panels=[
                            FieldPanel("competency"),
                            FieldPanel("level"),
                            FieldPanel("months_valid"),
                            FieldPanel("counts_past"),
                        ],
                    ),
                ],
                heading=_("Passing"),
            ),
            ObjectList(
                [
                    FieldPanel("is_published"),
                    FieldPanel("owner_organisation"),
                    FieldPanel("visibility"),
                    FieldPanel("visible_to"),
                ],
                heading=_("Who may take it"),
            ),
        ],
        base_form_class=QuizForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        rows: QuerySet[Model] = (
            super()
            .get_queryset(request)
            .select_related("owner_organisation")
            .annotate(question_count=Count("questions"))
            .order_by("title", "pk")
        )
        return rows


class AssessmentsViewSetGroup(SnippetViewSetGroup):
    """Questions and quizzes in the editor's menu."""

    items = (QuestionViewSet, QuizViewSet)
    menu_label = _("Assessments")
    menu_icon = "form"
    menu_order = 300
