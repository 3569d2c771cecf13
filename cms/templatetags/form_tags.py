"""Draw Django's form fields in the shapes of the NHS.UK design system."""

from __future__ import annotations

from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField, BoundWidget
from django.utils.safestring import SafeString

register = template.Library()

_KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Textarea, "textarea"),
    (forms.Select, "select"),
    (forms.FileInput, "file"),
)
_CLASSES = {
    "checkboxes": "nhsuk-checkboxes__input",
    "checkbox": "nhsuk-checkboxes__input",
    "radios": "nhsuk-radios__input",
    "textarea": "nhsuk-textarea",
    "select": "nhsuk-select",
    "file": "cw-file",
    "input": "nhsuk-input",
}


@register.filter
def field_kind(field: BoundField) -> str:
    """How a field is drawn: checkboxes, radios, checkbox, textarea, select, file or input."""
    widget = field.field.widget
    return next((kind for kind_of, kind in _KINDS if isinstance(widget, kind_of)), "input")


@register.simple_tag
def field_widget(field: BoundField) -> SafeString:
    """A field's control with our classes; what describes it is tied by Django.

    A placeholder is taken away: it vanishes just when it is needed; say it in the hint.
    """
    kind = field_kind(field)
    field.field.widget.attrs.pop("placeholder", None)
    given = field.field.widget.attrs.get("class", "")
    wrong = f" {_CLASSES[kind]}--error" if field.errors and kind != "file" else ""
    return field.as_widget(attrs={"class": f"{_CLASSES[kind]}{wrong} {given}".strip()})


@register.simple_tag
def option_widget(option: BoundWidget, kind: str) -> SafeString:
    """One radio button or checkbox of a group, with our classes."""
    attributes: dict[str, Any] = option.data["attrs"]
    attributes["class"] = _CLASSES[kind]
    return option.tag()


@register.filter
def first_control_id(field: BoundField) -> str:
    """The id of a field's first control: where a link in the error summary goes."""
    if field_kind(field) in {"radios", "checkboxes"}:
        return f"{field.auto_id}_0"
    return str(field.id_for_label)
