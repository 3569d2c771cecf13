"""Judgements of several competencies on one page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from assessments.queries.ratings import RatedCompetency, RatingShown
from assessments.services.ratings import Judgement
from competencies.models import Competency

NOT_YET = "not-yet"
LEAVE = "leave"


@dataclass(frozen=True)
class Row:
    """A competency and the two fields that speak of it."""

    line: RatedCompetency
    level: BoundField
    comment: BoundField


class RatingsForm(forms.Form):
    """A level and a comment for each competency; leaving one out is the choice `LEAVE`."""

    def __init__(self, *args: Any, lines: Sequence[RatedCompetency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            level_name, comment_name = self._names(line)
            said = self.said_before(line)
            self.fields[level_name] = forms.ChoiceField(
                label=line.title.value,
                choices=[
                    (NOT_YET, _("Not yet")),
                    *((one.level.key, one.name.value) for one in line.levels),
                    (LEAVE, _("Leave out")),
                ],
                initial=_key(said) if said else LEAVE,
                error_messages={
                    "required": _("Choose a level, or leave this one out."),
                    "invalid_choice": _("Choose one of the levels on this page."),
                },
            )
            self.fields[comment_name] = forms.CharField(
                label=_("Comment"),
                required=False,
                max_length=2000,
                initial=said.rating.comment if said else "",
                widget=forms.Textarea(attrs={"rows": 3}),
                error_messages={"max_length": _("Keep the comment to 2,000 characters.")},
            )

    def said_before(self, line: RatedCompetency) -> RatingShown | None:
        """Return the view that the form starts from, if any."""
        raise NotImplementedError

    def rows(self) -> Iterator[Row]:
        """Yield each competency with its fields."""
        for line in self.lines:
            level_name, comment_name = self._names(line)
            yield Row(line, self[level_name], self[comment_name])

    def speaks_of(self, lines: Sequence[RatedCompetency]) -> bool:
        """Whether all of these are among what the form asks about."""
        here = {line.item.pk for line in self.lines}
        return all(line.item.pk in here for line in lines)

    def judgements(self) -> list[Judgement]:
        """Return what was judged, without what was left out."""
        found = []
        for line in self.lines:
            level_name, comment_name = self._names(line)
            key = self.cleaned_data[level_name]
            if key == LEAVE:
                continue
            levels = {one.level.key: one.level for one in line.levels}
            found.append(
                Judgement(
                    item=line.item, level=levels.get(key), comment=self.cleaned_data[comment_name]
                )
            )
        return found

    def left_out(self) -> list[Competency]:
        """Return what was left out."""
        return [
            line.item.competency
            for line in self.lines
            if self.cleaned_data[self._names(line)[0]] == LEAVE
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for line in self.lines:
            level_name, _comment_name = self._names(line)
            if cleaned.get(level_name) == LEAVE and self._is_stray(line, cleaned):
                self.add_error(level_name, _("Choose a level to go with your comment."))
        return cleaned

    def _is_stray(self, line: RatedCompetency, cleaned: dict[str, Any]) -> bool:
        said = self.said_before(line)
        comment = cleaned.get(self._names(line)[1], "").strip()
        return bool(comment) and (said is None or comment != said.rating.comment)

    @staticmethod
    def _names(line: RatedCompetency) -> tuple[str, str]:
        return f"level-{line.item.uuid}", f"comment-{line.item.uuid}"


class SelfAssessmentForm(RatingsForm):
    """One's own view; starts from what one said last."""

    def said_before(self, line: RatedCompetency) -> RatingShown | None:
        return line.own


class SupervisorForm(RatingsForm):
    """A supervisor's view; starts empty, so that nothing is confirmed by oversight."""

    def said_before(self, line: RatedCompetency) -> RatingShown | None:
        return None


def _key(said: RatingShown) -> str:
    return said.level.level.key if said.level else NOT_YET
