"""Fields that several forms of a record store have, and how they are read."""

from collections.abc import Callable, Collection
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lrs.enums import Scope
from lrs.rules.limits import is_activity_limit

MOST_LINES = 200

SCOPE_WORDS = {
    Scope.STATEMENTS_WRITE: gettext_lazy("Send statements"),
    Scope.DEFINE: gettext_lazy("Say what the activities it sends are called and mean"),
    Scope.STATEMENTS_READ_MINE: gettext_lazy("Read back the statements it sent itself"),
    Scope.STATE: gettext_lazy("Keep a learner’s place in a course, and read it again"),
    Scope.PROFILE: gettext_lazy("Keep notes about activities and people, and read them again"),
    Scope.STATEMENTS_READ: gettext_lazy("Read all statements of this store"),
    Scope.ALL_READ: gettext_lazy("Read everything in this store"),
    Scope.ALL: gettext_lazy("Do everything: read, send and ask for keys of single launches"),
}
"""What each scope lets a system do, in words; those a sending system needs first."""


def named_words_of(scopes: Collection[str]) -> list[tuple[str, str]]:
    """Return the names of scopes, as systems ask for them, with what they let a system do."""
    return [(str(scope), str(words)) for scope, words in SCOPE_WORDS.items() if scope in scopes]


def words_of(scopes: Collection[str]) -> list[str]:
    """Return what scopes let a system do, in words."""
    return [str(words) for scope, words in SCOPE_WORDS.items() if scope in scopes]


def scopes_field(label: Any, help_text: Any) -> forms.MultipleChoiceField:
    """Return checkboxes for scopes; `offer_scopes` says which."""
    return forms.MultipleChoiceField(
        label=label,
        help_text=help_text,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one thing it may do.")},
    )


def offer_scopes(field: forms.Field, offered: Collection[str]) -> None:
    """Offer only these scopes in a form."""
    if isinstance(field, forms.MultipleChoiceField):
        field.choices = [
            (one, f"{words} (\N{FIRST STRONG ISOLATE}{one}\N{POP DIRECTIONAL ISOLATE})")
            for one, words in SCOPE_WORDS.items()
            if one in offered
        ]


def lines_field(label: Any, help_text: Any) -> forms.CharField:
    """Return a field with one thing a line."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "dir": "ltr"}),
    )


def activities_field() -> forms.CharField:
    """Return a field for activities, or beginnings of them."""
    return lines_field(
        gettext_lazy("Only about these activities"),
        gettext_lazy(
            "One address a line, as statements have it; * at its end stands for all that begin so."
        ),
    )


def until_field() -> forms.DateField:
    """Return a field for a last day."""
    return forms.DateField(
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy(
            "It works until the end of this day; empty: until somebody ends it."
        ),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Give the day like this: 2027-03-31.")},
    )


def read_lines(text: str, is_good: Callable[[str], bool], wrong: str) -> list[str]:
    """Return the lines of a field, each once.

    Raises:
        ValidationError: one is not good, or there are too many; `wrong` has a place for %(line)s.
    """
    found = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    if len(found) > MOST_LINES:
        raise ValidationError(_("Give at most %(n)s lines.") % {"n": MOST_LINES})
    for line in found:
        if not is_good(line):
            raise ValidationError(wrong % {"line": line[:200]})
    return found


def read_activities(text: str) -> list[str]:
    """Return activities, or beginnings of them, from the lines of a field."""
    return read_lines(
        text,
        is_activity_limit,
        _(
            "%(line)s is not a whole address. Write it with https:// or what it begins with, or"
            " its beginning with * at the end."
        ),
    )


def end_of(day: date | None) -> datetime | None:
    """Return the end of a last day.

    Raises:
        ValidationError: the day has passed.
    """
    if day is None:
        return None
    if day < timezone.localdate() or day.year > 9000:
        raise ValidationError(_("Choose today or a day to come."))
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
