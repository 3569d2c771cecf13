"""Publishing and withdrawing framework versions."""

from datetime import UTC, datetime

import pytest

from competencies.enums import FrameworkStatus
from competencies.models import CompetencyVersion
from competencies.services import (
    FrameworkNotReady,
    RequiredCompetency,
    RequirementOfAnotherFramework,
    publish_framework,
    save_role,
    withdraw_framework,
)
from competencies.signals import competency_changed
from tests.factories.competencies import (
    FrameworkFactory,
    FrameworkVersionFactory,
    ItemFactory,
    RequirementFactory,
    RoleFactory,
)

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 1, 9, tzinfo=UTC)


def draft(**kwargs: object) -> object:
    return FrameworkVersionFactory(status=FrameworkStatus.DRAFT, **kwargs)


def test_publishing_supersedes_the_version_before(django_capture_on_commit_callbacks) -> None:
    framework = FrameworkFactory()
    before = framework.versions.get()
    after = draft(framework=framework)
    item = ItemFactory(version=after, code="N1")
    heard = []

    def hear(competency_ids: list[int], **kwargs: object) -> None:
        heard.append(competency_ids)

    competency_changed.connect(hear)
    with django_capture_on_commit_callbacks(execute=True):
        publish_framework(version=after, at=AT)
    competency_changed.disconnect(hear)

    before.refresh_from_db()
    after.refresh_from_db()
    assert (before.status, after.status, after.published_at) == ("superseded", "published", AT)
    assert heard == [[item.competency_id]]


def test_empty_draft_is_refused_with_what_to_do() -> None:
    with pytest.raises(FrameworkNotReady) as caught:
        publish_framework(version=draft(title=" "), at=AT)
    assert caught.value.problems == (
        "Give the framework a title.",
        "Add at least one competency.",
    )


def test_circle_is_refused_by_name() -> None:
    version = draft()
    first = ItemFactory(version=version, code="A")
    second = ItemFactory(version=version, code="B", parent=first)
    CompetencyVersion.objects.filter(pk=first.pk).update(parent=second)

    with pytest.raises(FrameworkNotReady, match=r"circle: A → B → A\. Move"):
        publish_framework(version=version, at=AT)


def test_item_without_words_and_code_used_twice_are_refused() -> None:
    version = draft()
    ItemFactory(version=version, code="A", statement=" ")
    ItemFactory(version=version, code="B")
    CompetencyVersion.objects.update(code="A")

    with pytest.raises(FrameworkNotReady) as caught:
        publish_framework(version=version, at=AT)
    assert caught.value.problems == (
        "A says nothing: write its statement.",
        "Code A is used 2 times: give each item its own.",
    )


def test_published_version_cannot_be_published_again() -> None:
    version = FrameworkFactory().versions.get()

    with pytest.raises(FrameworkNotReady, match="Only a draft"):
        publish_framework(version=version, at=AT)


def test_withdrawing_leaves_no_published_version() -> None:
    framework = FrameworkFactory()

    withdraw_framework(version=framework.versions.get(), at=AT)

    assert not framework.versions.published().exists()


def test_role_cannot_require_what_is_not_in_its_framework() -> None:
    requirement = RequirementFactory()
    other = FrameworkFactory()

    with pytest.raises(RequirementOfAnotherFramework):
        save_role(
            slug="x",
            title="X",
            framework=other,
            requirements=[RequiredCompetency(requirement.competency, requirement.level)],
        )


def test_saving_a_role_again_drops_what_is_no_longer_required() -> None:
    role = RoleFactory()
    kept, dropped = RequirementFactory(role=role), RequirementFactory(role=role)

    save_role(
        slug=role.slug,
        title="New title",
        framework=role.framework,
        requirements=[RequiredCompetency(kept.competency, kept.level, "useful")],
    )

    assert list(role.requirements.values_list("competency", "importance")) == [
        (kept.competency_id, "useful")
    ]
    assert dropped.competency_id != kept.competency_id
