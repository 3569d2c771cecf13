"""Forms of the editors' area: what they ask for; services do the writing."""

from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from competencies.enums import CompetencyKind, FrameworkStatus, Importance
from competencies.models import (
    Competency,
    CompetencyVersion,
    Framework,
    FrameworkVersion,
    Level,
    Role,
)
from competencies.rules.trees import BrokenTree
from competencies.services import (
    NotADraft,
    RequiredCompetency,
    create_framework,
    save_item,
    save_role,
)
from organisations.models import Organisation
from organisations.permissions import Access, may_edit_content


def owners_for(access: Access) -> Any:
    """Return the organisations this person writes for."""
    owners = Organisation.objects.order_by("name", "pk")
    if access.is_operator or access.is_educator_everywhere:
        return owners
    return owners.filter(pk__in=access.educator_ids)


def frameworks_for(access: Access) -> Any:
    """Return the frameworks this person may edit."""
    if access.is_operator or access.is_educator_everywhere:
        return Framework.objects.all()
    return Framework.objects.filter(owner_organisation__in=access.educator_ids)


class FrameworkForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    """The head of a draft; a new one makes a framework of our own."""

    owner = forms.ModelChoiceField(
        label=_("Whose it is"), queryset=Organisation.objects.none(), required=False
    )

    class Meta:
        model = FrameworkVersion
        fields = ["title", "label", "description", "language", "creator", "licence"]

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_everywhere = access.is_operator or access.is_educator_everywhere
        owner = forms.ModelChoiceField(
            label=_("Whose it is"), queryset=owners_for(access), required=not is_everywhere
        )
        if self.instance.pk:
            del self.fields["owner"]
        else:
            self.fields["owner"] = owner

    def save(self, commit: bool = True) -> FrameworkVersion:
        if self.instance.pk:
            self.instance.changed_at = timezone.now()
            self.instance.content_sha256 = ""
            kept = self.instance.case_extra.get("CFDocument", {})
            for key in ("title", "version", "creator", "language", "lastChangeDateTime"):
                kept.pop(key, None)
            self.instance.case_extra.pop("title", None)
            self.instance.save()
            return cast("FrameworkVersion", self.instance)
        said = {name: self.cleaned_data[name] for name in self.Meta.fields}
        self.instance = create_framework(
            **said, owner=self.cleaned_data["owner"], at=timezone.now()
        )
        return cast("FrameworkVersion", self.instance)


class ItemForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    """An item of a draft, with what it looks like at each level."""

    class Meta:
        model = CompetencyVersion
        fields = ["version", "parent", "kind", "code", "title", "statement", "notes"]
        labels = {"version": _("draft"), "parent": _("stands under")}
        widgets = {"statement": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, access: Access, wanted: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        drafts = FrameworkVersion.objects.filter(
            framework__in=frameworks_for(access), status=FrameworkStatus.DRAFT
        ).order_by("title", "pk")
        _choices(self, "version").queryset = drafts
        draft = self.instance.version if self.instance.pk else _chosen(drafts, wanted)
        items = CompetencyVersion.objects.filter(version__in=drafts)
        if draft is not None:
            items = items.filter(version=draft)
            self.initial.setdefault("version", draft.pk)
        if self.instance.pk:
            self.fields["version"].disabled = True
            items = items.exclude(pk=self.instance.pk)
        _choices(self, "parent").queryset = items.exclude(kind=CompetencyKind.COMPETENCY).order_by(
            "version", "position", "pk"
        )
        self.fields["parent"].required = False
        self.levels = list(draft.framework.levels.order_by("rank")) if draft else []
        said = (
            {one.level_id: one.text for one in self.instance.level_descriptors.all()}
            if self.instance.pk
            else {}
        )
        for level in self.levels:
            self.fields[f"level_{level.pk}"] = forms.CharField(
                label=_("At the level “%(level)s”") % {"level": level.name},
                required=False,
                initial=said.get(level.pk, ""),
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        version, parent = cleaned.get("version"), cleaned.get("parent")
        if version and parent and parent.version_id != version.pk:
            self.add_error("parent", _("Choose a place in the same draft."))
        return cleaned

    def save(self, commit: bool = True) -> CompetencyVersion:
        said = self.cleaned_data
        # the form has written its values onto the instance: services want it as it was
        item = CompetencyVersion.objects.get(pk=self.instance.pk) if self.instance.pk else None
        try:
            self.instance = save_item(
                version=said["version"],
                item=item,
                parent=said["parent"],
                kind=said["kind"],
                code=said["code"],
                title=said["title"],
                statement=said["statement"],
                notes=said["notes"],
                descriptors={one.pk: said[f"level_{one.pk}"] for one in self.levels},
                at=timezone.now(),
            )
        except (BrokenTree, NotADraft) as error:
            self.add_error(None, str(error))
            raise forms.ValidationError(str(error)) from error
        return cast("CompetencyVersion", self.instance)


class LevelForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    """A level of a framework made here."""

    class Meta:
        model = Level
        fields = ["framework", "rank", "name", "descriptor"]

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "framework").queryset = frameworks_for(access).order_by("slug")
        if self.instance.pk:
            self.fields["framework"].disabled = True

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        framework, rank = cleaned.get("framework"), cleaned.get("rank")
        if not self.instance.pk and framework and cleaned.get("name"):
            key = slugify(cleaned["name"])[:36] or f"level-{rank}"
            if framework.levels.filter(key=key).exists():
                self.add_error("name", _("The framework has a level of this name."))
            self.instance.key = key
        taken = framework.levels.exclude(pk=self.instance.pk) if framework else None
        if taken is not None and rank and taken.filter(rank=rank).exists():
            self.add_error("rank", _("Another level has this rank."))
        return cleaned


class RoleForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    """A role, and for each competency of its framework what the role needs of it."""

    also_called = forms.CharField(
        label=_("also called"), required=False, help_text=_("With commas between.")
    )
    where_found = forms.CharField(
        label=_("where you find it"), required=False, help_text=_("With commas between.")
    )

    class Meta:
        model = Role
        fields = ["title", "slug", "framework", "summary", "also_called", "where_found"]

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.access = access
        with_levels = Framework.objects.visible_to(access).filter(levels__isnull=False).distinct()
        _choices(self, "framework").queryset = with_levels.order_by("-is_shared", "slug")
        for name in ("also_called", "where_found"):
            self.initial[name] = ", ".join(getattr(self.instance, name))
        self.lines: dict[str, Competency] = {}
        if self.instance.pk:
            self.fields["framework"].disabled = True
            self.fields["slug"].disabled = True
            self._ask_for_requirements()

    def _ask_for_requirements(self) -> None:
        framework = self.instance.framework
        levels = list(framework.levels.order_by("rank"))
        choices = [("", "–")] + [
            (f"{level.pk} {importance.value}", f"{level.name}, {importance.label}")
            for level in levels
            for importance in Importance
        ]
        now = {
            row.competency_id: f"{row.level_id} {row.importance}"
            for row in self.instance.requirements.all()
        }
        items = (
            CompetencyVersion.objects.filter(
                version__framework=framework,
                version__status=FrameworkStatus.PUBLISHED,
                kind=CompetencyKind.COMPETENCY,
            )
            .select_related("competency")
            .order_by("position", "pk")
        )
        for item in items:
            name = f"needs_{item.competency_id}"
            self.lines[name] = item.competency
            self.fields[name] = forms.ChoiceField(
                label=f"{item.code} {item.short_title}".strip(),
                choices=choices,
                required=False,
                initial=now.get(item.competency_id, ""),
            )

    def clean_also_called(self) -> list[str]:
        return _parts(self.cleaned_data["also_called"])

    def clean_where_found(self) -> list[str]:
        return _parts(self.cleaned_data["where_found"])

    def clean_framework(self) -> Framework:
        framework: Framework = self.cleaned_data["framework"]
        if not framework.is_shared and not may_edit_content(
            self.access, framework.owner_organisation_id
        ):
            raise forms.ValidationError(_("Choose the shared framework or one of your own."))
        return framework

    def save(self, commit: bool = True) -> Role:
        said = self.cleaned_data
        levels = {str(one.pk): one for one in said["framework"].levels.all()}
        requirements = []
        for name, competency in self.lines.items():
            if said[name]:
                level, importance = said[name].split(" ")
                requirements.append(RequiredCompetency(competency, levels[level], importance))
        self.instance = save_role(
            slug=said["slug"],
            title=said["title"],
            summary=said["summary"],
            also_called=said["also_called"],
            where_found=said["where_found"],
            framework=said["framework"],
            requirements=requirements,
            content_sha256=self.instance.content_sha256,
        )
        return cast("Role", self.instance)


def _chosen(drafts: Any, wanted: str) -> FrameworkVersion | None:
    if wanted.isdecimal():
        return drafts.filter(pk=int(wanted)).first()
    found = list(drafts[:2])
    return found[0] if len(found) == 1 else None


def _choices(form: forms.BaseForm, name: str) -> Any:
    """Return a field that chooses rows; its type says too little."""
    return form.fields[name]


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
