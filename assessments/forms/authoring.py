"""What educators send us: questions with their answers, and quizzes."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.forms.formsets import BaseFormSet
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from assessments.enums import QuestionKind
from assessments.models import Question, Quiz
from assessments.rules.wording import clean_html
from competencies.models import Competency, Level
from competencies.queries import shared_functions
from organisations.models import Organisation
from organisations.permissions import Access
from organisations.queries import access_of


class CompetencySelectMultiple(forms.SelectMultiple):
    """The shared framework's competencies by core function, of which several may be chosen."""

    def optgroups(self, *args: Any, **kwargs: Any) -> Any:
        self.choices = [
            (
                f"{function.code} {function.short_title}",
                [(part.competency_id, f"{part.code} {part.short_title}") for part in parts],
            )
            for function, parts in shared_functions()
        ]
        return super().optgroups(*args, **kwargs)


class OwnedForm(WagtailAdminModelForm):
    """A form for content with an owner: an educator's own organisations, or everyone's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.access = access_of(self.for_user, on=timezone.localdate())
        writes_for_all = self.access.is_operator or self.access.is_educator_everywhere
        owner = self.fields.get("owner_organisation")
        if owner is not None:
            owner.required = not writes_for_all
            if not writes_for_all:
                owner.queryset = Organisation.objects.filter(pk__in=self.access.educator_ids)
                owner.error_messages["required"] = _("Choose whose it is.")


class QuestionForm(OwnedForm):
    """A question that can be marked, with nothing in its text but text."""

    def clean_text(self) -> str:
        text = clean_html(self.cleaned_data["text"] or "")
        if not strip_tags(text).strip():
            raise ValidationError(_("Write the question."))
        return text

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        rights = sum(bool(row.get("is_right")) for row in _rows(self.formsets.get("choices")))
        if rights == 0:
            self.add_error(None, _("Mark at least one answer as right."))
        elif rights > 1 and cleaned.get("kind") == QuestionKind.SINGLE:
            self.add_error(
                "kind", _("More than one answer is right: let people choose all that apply.")
            )
        return cleaned


class QuizForm(OwnedForm):
    """A quiz of questions that its educator may use."""

    def clean_intro(self) -> str:
        return clean_html(self.cleaned_data["intro"] or "")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        questions = [
            row["question"] for row in _rows(self.formsets.get("questions")) if row.get("question")
        ]
        if cleaned.get("is_published") and not questions:
            self.add_error("is_published", _("Add at least one question before you publish."))
        if len({question.pk for question in questions}) < len(questions):
            self.add_error(None, _("A question is in the list twice. Take one of the two out."))
        self._refuse_hidden(questions)
        self._refuse_wrong_levels()
        return cleaned

    def _refuse_hidden(self, questions: list[Question]) -> None:
        """A question of another organisation cannot be had by guessing its number."""
        open_ids = set(
            questions_open_to(viewer=self.access, quiz=self.instance)
            .filter(pk__in=[question.pk for question in questions])
            .values_list("pk", flat=True)
        )
        if any(question.pk not in open_ids for question in questions):
            self.add_error(None, _("Choose questions of your own organisation, or everyone's."))

    def _refuse_wrong_levels(self) -> None:
        rows = [
            (row["competency"], row["level"])
            for row in _rows(self.formsets.get("competencies_shown"))
            if row.get("competency") and row.get("level")
        ]
        if len({competency.pk for competency, _level in rows}) < len(rows):
            self.add_error(None, _("A competency is in the list twice. Take one of the two out."))
        if any(not _fits(competency, level) for competency, level in rows):
            self.add_error(None, _("Choose a level of the framework that the competency is in."))


def questions_open_to(*, viewer: Access, quiz: Quiz | None = None) -> QuerySet[Question]:
    """Return the questions an educator may place: their own, everyone's, and those there already."""
    rows: QuerySet[Question] = Question.objects.all()
    if viewer.is_operator or viewer.is_educator_everywhere:
        return rows
    allowed = Q(owner_organisation__isnull=True) | Q(owner_organisation__in=viewer.educator_ids)
    if quiz is not None and quiz.pk:
        allowed |= Q(placed_in__quiz=quiz.pk)
    return rows.filter(allowed).distinct()


def _fits(competency: Competency, level: Level) -> bool:
    return bool(competency.framework_id == level.framework_id)


def _rows(formset: "BaseFormSet[Any] | None") -> list[dict[str, Any]]:
    """Return the rows of a formset that are filled in and not to be deleted."""
    return [
        form.cleaned_data
        for form in (formset.forms if formset is not None else [])
        if form.is_valid() and form.cleaned_data and not form.cleaned_data.get("DELETE")
    ]
