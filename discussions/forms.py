"""What people fill in where they talk."""

import uuid
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cms.queries import texts_for
from discussions.enums import Delivery, ReportReason, SpeakingAs
from discussions.models import Post
from discussions.queries import SELF_DECLARED, Speaking, roles_of, sectors_of
from discussions.rules.limits import LONGEST_POST
from organisations.enums import Sector
from organisations.models import User

Choice = tuple[str, str | Promise]


class JoinForm(forms.Form):
    display_name = forms.CharField(
        label=_("The name others see"),
        max_length=80,
        help_text=_(
            "It need not be your full name. Choose one that you are happy for everyone here to see."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
        error_messages={"required": _("Choose the name that others will see.")},
    )
    delivery = forms.ChoiceField(
        label=_("How would you like to hear of answers?"),
        choices=Delivery.choices,
        widget=forms.RadioSelect,
        initial=Delivery.WEEKLY,
        help_text=_("You can choose differently for every discussion."),
    )
    keeps_words = forms.BooleanField(
        label=_("If I close my account, what I wrote may stay here without my name"),
        required=False,
        help_text=_("Otherwise your words go with you. You can change this at any time."),
    )


class PostForm(forms.Form):
    """A contribution, with or without the title of a new discussion."""

    title = forms.CharField(
        label=_("What is it about?"),
        max_length=160,
        error_messages={"required": _("Say in a few words what it is about.")},
    )
    source = forms.CharField(
        label=_("Your contribution"),
        max_length=LONGEST_POST,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "You can write *emphasis*, **strong**, lists that begin with a dash, "
            "and quotes that begin with >."
        ),
        error_messages={
            "required": _("Write something first."),
            "max_length": _("This is too long. Keep it under %(limit_value)d characters."),
        },
    )
    speaking_as = forms.ChoiceField(
        label=_("Speaking as"),
        required=False,
        help_text=_("Shown beside your name, for this contribution only."),
    )
    language = forms.ChoiceField(label=_("Language you write in"), choices=settings.LANGUAGES)
    is_unnamed = forms.BooleanField(
        label=_("Write without my name"),
        required=False,
        help_text=_("Others see “Someone”. Moderators can still see who wrote."),
    )
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    parent = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        person: User,
        on: date,
        language: str,
        allows_unnamed: bool,
        has_title: bool,
        **kwargs: Any,
    ) -> None:
        initial = {
            "uuid": uuid.uuid4(),
            "language": language,
            "speaking_as": _last_way_of_speaking(person),
        }
        kwargs["initial"] = initial | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.fields["speaking_as"].choices = ways_of_speaking(  # type: ignore[attr-defined]
            person=person, on=on, language=language
        )
        if not allows_unnamed:
            del self.fields["is_unnamed"]
        if not has_title:
            del self.fields["title"]

    def speaking(self) -> Speaking:
        """Return as what the person wants to be shown."""
        kind, _colon, which = self.cleaned_data["speaking_as"].partition(":")
        if kind == SpeakingAs.ROLE:
            return Speaking(SpeakingAs.ROLE, role_id=int(which))
        if kind == SpeakingAs.SECTOR:
            return Speaking(SpeakingAs.SECTOR, sector=which)
        return Speaking(SpeakingAs(kind))


class EditForm(forms.Form):
    source = PostForm.base_fields["source"]


class ReportForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why should a moderator look?"),
        choices=ReportReason.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose why a moderator should look."),
            "invalid_choice": _("Choose why a moderator should look."),
        },
    )
    words = forms.CharField(
        label=_("What should the moderator know?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class HideForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why is it hidden?"),
        choices=ReportReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a reason. The author reads it.")},
    )
    words = forms.CharField(
        label=_("What the author is told"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Say what would need to change. Be kind: most people mean well."),
    )


class WordsForm(forms.Form):
    """A few words to go with what a moderator does."""

    words = forms.CharField(
        label=_("What the author is told"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class OutcomeForm(forms.Form):
    words = forms.CharField(
        label=_("What came of it"),
        max_length=LONGEST_POST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "What was agreed, what was not, and who will do what. Shown above the discussion."
        ),
        error_messages={"required": _("Say in a few words what came of the discussion.")},
    )


class DeliveryForm(forms.Form):
    delivery = forms.ChoiceField(label=_("Hear of what is new here"), choices=Delivery.choices)


class UsualForm(forms.Form):
    """What holds for every discussion somebody writes in; a name is asked for once."""

    delivery = JoinForm.base_fields["delivery"]
    keeps_words = JoinForm.base_fields["keeps_words"]
    display_name = JoinForm.base_fields["display_name"]

    field_order = ["display_name", "delivery", "keeps_words"]

    def __init__(self, *args: Any, has_name: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_name:
            del self.fields["display_name"]


def ways_of_speaking(*, person: User, on: date, language: str) -> list[Choice]:
    """Return the ways of speaking a person can choose from: nothing first, then what they are."""
    roles = roles_of(person=person, on=on)
    texts = texts_for(subject_uuids=[role.uuid for role in roles], language=language)
    choices: list[Choice] = [(SpeakingAs.UNSAID.value, SpeakingAs.UNSAID.label)]
    choices += [
        (f"{SpeakingAs.ROLE}:{role.pk}", texts.say(role.uuid, "title", role.title).value)
        for role in roles
    ]
    choices += [
        (f"{SpeakingAs.SECTOR}:{sector.value}", Sector(sector).label)
        for sector in sectors_of(person=person, on=on)
    ]
    choices += [(way.value, way.label) for way in SELF_DECLARED]
    return choices


def _last_way_of_speaking(person: User) -> str:
    last = Post.objects.filter(author=person).order_by("-created_at", "-pk").first()
    if last is None:
        return ""
    if last.speaking_as == SpeakingAs.ROLE:
        return f"{SpeakingAs.ROLE}:{last.role_id}"
    if last.speaking_as == SpeakingAs.SECTOR:
        return f"{SpeakingAs.SECTOR}:{last.sector}"
    return last.speaking_as
