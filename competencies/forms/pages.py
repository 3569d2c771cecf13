"""Forms of the pages about frameworks and roles."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from competencies.enums import FrameworkStatus
from competencies.queries import RoleSaid
from competencies.services import MOST_BYTES
from organisations.models import Organisation
from organisations.permissions import Access


class FrameworkFilterForm(forms.Form):
    q = forms.CharField(label=_("Words"), required=False, max_length=100)

    def __init__(self, *args: Any, may_see_drafts: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        statuses = [FrameworkStatus.PUBLISHED, FrameworkStatus.WITHDRAWN]
        if may_see_drafts:
            statuses.append(FrameworkStatus.DRAFT)
        self.fields["status"] = forms.ChoiceField(
            label=_("Status"),
            required=False,
            choices=[(one.value, one.label) for one in statuses],
        )


class RoleFilterForm(forms.Form):
    q = forms.CharField(label=_("Words"), required=False, max_length=100)


class CompareForm(forms.Form):
    """Choose another role; ``with`` is the name in the address."""

    def __init__(self, *args: Any, others: tuple[RoleSaid, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["with"] = forms.ChoiceField(
            label=_("Compare with"),
            required=False,
            choices=[("", _("No other role")), *((one.slug, one.title.value) for one in others)],
        )


class FrameworkUploadForm(forms.Form):
    file = forms.FileField(
        label=_("Framework file"),
        help_text=_("CASE JSON, CSV in UTF-8, or XLSX; up to 20 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".json,.csv,.xlsx"}),
    )
    as_new = forms.BooleanField(
        label=_("Bring it in as a framework of its own"),
        required=False,
        help_text=_("It gets identifiers of its own and keeps a note of the originals."),
    )

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_everywhere = access.is_operator or access.is_educator_everywhere
        owners = Organisation.objects.order_by("name", "pk")
        if not is_everywhere:
            owners = owners.filter(pk__in=access.educator_ids)
        self.fields["owner"] = forms.ModelChoiceField(
            label=_("Whose it is"),
            queryset=owners,
            required=not is_everywhere,
            empty_label=_("Nobody's: it is everyone's") if is_everywhere else None,
            help_text=_("Only counts for frameworks that are new here."),
        )
        self.order_fields(["file", "owner", "as_new"])

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(
                _(
                    "The file has %(size)s MB; the most is 20 MB. Split it, or leave out what is "
                    "not needed."
                ),
                code="too_large",
                params={"size": file.size // 1024 // 1024},
            )
        return file
