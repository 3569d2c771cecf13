"""An answer to a question of a quiz."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.queries.quizzes import AskedQuestion


class AnswerForm(forms.Form):
    """What was chosen, for one question."""

    chosen: forms.ChoiceField

    def __init__(self, *args: Any, asked: AskedQuestion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        several = asked.wording.takes_several
        kind = forms.MultipleChoiceField if several else forms.ChoiceField
        nothing_chosen = (
            _("Choose at least one answer, or skip the question for now.")
            if several
            else _("Choose an answer, or skip the question for now.")
        )
        self.fields["chosen"] = kind(
            choices=[(option.uuid, option.text.text) for option in asked.wording.options],
            error_messages={
                "required": nothing_chosen,
                "invalid_choice": _("Choose one of the answers on this page."),
                "invalid_list": _("Choose one of the answers on this page."),
            },
        )

    def uuids(self) -> list[str]:
        """Return what was chosen, as the uuids of choices."""
        chosen = self.cleaned_data["chosen"]
        return [chosen] if isinstance(chosen, str) else list(chosen)
