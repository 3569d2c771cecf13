"""What the templates of quizzes ask for."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from assessments.models import Quiz
from assessments.queries.quizzes import QuizWords, quiz_words
from assessments.rules import wording

register = template.Library()


@register.filter
def clean_html(text: str | None) -> SafeString:
    """Rich text of a question or quiz, with nothing in it but paragraphs, lists and emphasis."""
    return SafeString(wording.clean_html(text or ""))


@register.simple_tag
def quiz_in_words(quiz: Quiz) -> QuizWords:
    """What a quiz says, in the language of now."""
    return quiz_words(quiz=quiz, language=get_language() or "en")
