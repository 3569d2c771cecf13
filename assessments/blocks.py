"""Blocks that put a quiz into a page."""

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.blocks import SnippetChooserBlock


class QuizChooserBlock(SnippetChooserBlock):
    """A quiz in a lesson's body: its title, and the way there and back."""

    def __init__(self, target_model: str = "assessments.Quiz", **kwargs: object) -> None:
        super().__init__(target_model, **kwargs)

    class Meta:
        icon = "tick-inverse"
        label = _("Quiz")
        template = "assessments/blocks/quiz.html"
