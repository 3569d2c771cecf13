"""Forms of the pages, and of the editors' area."""

from competencies.forms.editors import FrameworkForm, ItemForm, LevelForm, RoleForm
from competencies.forms.pages import (
    CompareForm,
    FrameworkFilterForm,
    FrameworkUploadForm,
    RoleFilterForm,
)

__all__ = [
    "CompareForm",
    "FrameworkFilterForm",
    "FrameworkForm",
    "FrameworkUploadForm",
    "ItemForm",
    "LevelForm",
    "RoleFilterForm",
    "RoleForm",
]
