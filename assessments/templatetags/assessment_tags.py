"""What the templates of quizzes ask for."""

from django import template
from django.utils.safestring import SafeString

from assessments.rules import wording

register = template.Library()


@register.filter
def clean_html(text: str | None) -> SafeString:
    """Rich text of a question or quiz, with nothing in it but paragraphs, lists and emphasis."""
    return SafeString(wording.clean_html(text or ""))
