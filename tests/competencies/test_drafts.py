"""Writing frameworks here: drafts and their items."""

from datetime import UTC, datetime

import pytest

from competencies.enums import CompetencyKind, FrameworkStatus
from competencies.exporters.case import CaseWriter, case_root
from competencies.models import Competency, CompetencyVersion, Framework, FrameworkVersion
from competencies.queries import framework_content
from competencies.rules.trees import BrokenTree
from competencies.services import (
    DraftExists,
    NotADraft,
    create_framework,
    delete_draft,
    delete_item,
    import_file,
    publish_framework,
    save_item,
    start_draft,
)
from tests.competencies.case_packages import as_bytes, item, link, package
from tests.factories.competencies import FrameworkFactory, RequirementFactory, RoleFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 1, 9, tzinfo=UTC)
LATER = datetime(2026, 12, 1, 9, tzinfo=UTC)


def codes(version: FrameworkVersion) -> list[str]:
    return list(version.items.order_by("position").values_list("code", flat=True))


def test_framework_is_written_from_nothing_and_published() -> None:
    draft = create_framework(title="Our own", at=AT)
    function = save_item(
        version=draft, kind=CompetencyKind.FUNCTION, code="A", statement="Be there.", at=AT
    )
    save_item(version=draft, code="B", statement="Later.", at=AT)
    save_item(version=draft, code="A.1", statement="Listen.", parent=function, at=AT)

    publish_framework(version=draft, at=LATER)

    assert codes(draft) == ["A", "A.1", "B"]
    said = CaseWriter(framework_content(version=draft), root=case_root()).package()
    ids = {one["humanCodingScheme"]: one["identifier"] for one in said["CFItems"]}
    assert [
        (one["originNodeURI"]["identifier"], one["destinationNodeURI"]["identifier"])
        for one in said["CFAssociations"]
    ] == [
        (ids["A"], str(draft.framework.uuid)),
        (ids["B"], str(draft.framework.uuid)),
        (ids["A.1"], ids["A"]),
    ]


def test_draft_says_what_the_version_said_with_the_same_competencies() -> None:
    framework = FrameworkFactory()
    version = framework.versions.get()

    draft = start_draft(version=version, at=LATER)

    assert (draft.number, draft.status) == (version.number + 1, FrameworkStatus.DRAFT)
    before, after = (framework_content(version=one) for one in (version, draft))
    assert [
        (one.competency_id, one.code, one.statement, len(one.level_descriptors.all()))
        for one in before.items
    ] == [
        (one.competency_id, one.code, one.statement, len(one.level_descriptors.all()))
        for one in after.items
    ]
    assert [one.parent and one.parent.code for one in after.items][:3] == [None, "F1", "F1"]
    assert {one.parent.version_id for one in after.items if one.parent} == {draft.pk}
    with pytest.raises(DraftExists):
        start_draft(version=version, at=LATER)


def test_draft_of_a_case_framework_keeps_its_links_and_identifiers() -> None:
    said = package(
        links=[link(101, 11, 1), link(102, 12, 11), link(103, 12, 11, associationType="precedes")]
    )
    version = import_file(data=as_bytes(said), at=AT).frameworks[0].version
    draft = start_draft(version=version, at=LATER)
    row = draft.items.get(competency__source_identifier=said["CFItems"][1]["identifier"])

    save_item(version=draft, item=row, statement="New words", parent=None, at=LATER)

    out = CaseWriter(framework_content(version=draft), root=case_root()).package()
    assert out["CFItems"][0] == said["CFItems"][0]
    assert out["CFItems"][1]["fullStatement"] == "New words"
    assert out["CFItems"][1]["lastChangeDateTime"] == LATER.isoformat()
    assert out["CFItems"][1]["uri"] == said["CFItems"][1]["uri"]
    assert [
        (one["associationType"], one["destinationNodeURI"]["identifier"])
        for one in out["CFAssociations"]
    ] == [
        ("isChildOf", said["CFDocument"]["identifier"]),
        ("precedes", said["CFItems"][0]["identifier"]),
        ("isChildOf", said["CFDocument"]["identifier"]),
    ]


def test_item_cannot_stand_under_itself() -> None:
    draft = start_draft(version=FrameworkFactory().versions.get(), at=AT)
    function, child = draft.items.get(code="F1"), draft.items.get(code="F1.1")

    with pytest.raises(BrokenTree, match="under itself"):
        save_item(version=draft, item=function, parent=child, statement="X", at=AT)

    function.refresh_from_db()
    assert function.parent is None


def test_item_cannot_stand_in_another_draft() -> None:
    one, two = (start_draft(version=FrameworkFactory().versions.get(), at=AT) for _ in range(2))

    with pytest.raises(BrokenTree, match="same draft"):
        save_item(version=one, parent=two.items.get(code="F1"), statement="X", at=AT)


def test_published_version_cannot_be_changed() -> None:
    version = FrameworkFactory().versions.get()
    one = version.items.get(code="F1.1")

    for change in (
        lambda: save_item(version=version, statement="X", at=AT),
        lambda: save_item(version=version, item=one, statement="X", at=AT),
        lambda: delete_item(item=one, at=AT),
        lambda: delete_draft(version=version),
    ):
        with pytest.raises(NotADraft):
            change()
    assert version.items.count() == 6


def test_descriptors_are_written_and_taken_away() -> None:
    framework = FrameworkFactory()
    draft = start_draft(version=framework.versions.get(), at=AT)
    one = draft.items.get(code="F1.1")
    low, middle, _high = framework.levels.order_by("rank")

    save_item(
        version=draft,
        item=one,
        parent=one.parent,
        code="F1.1",
        statement="X",
        descriptors={low.pk: "Begins.", middle.pk: " "},
        at=AT,
    )

    assert list(
        one.level_descriptors.order_by("level__rank").values_list("level__rank", "text")
    ) == [(1, "Begins."), (3, "Expert F1.1.")]


def test_item_taken_out_leaves_the_competency_that_others_name() -> None:
    framework = FrameworkFactory()
    requirement = RequirementFactory(role=RoleFactory(framework=framework))
    draft = start_draft(version=framework.versions.get(), at=AT)
    save_item(version=draft, code="N", statement="New.", at=AT)

    delete_item(item=draft.items.get(code="F1"), at=AT)
    delete_item(item=draft.items.get(code="N"), at=AT)

    assert codes(draft) == ["F2", "F2.1", "F2.2"]
    assert Competency.objects.filter(pk=requirement.competency_id).exists()
    assert not Competency.objects.filter(source_identifier="N").exists()


def test_draft_thrown_away_leaves_what_was_published() -> None:
    framework = FrameworkFactory()
    delete_draft(version=start_draft(version=framework.versions.get(), at=AT))
    assert CompetencyVersion.objects.filter(version__framework=framework).count() == 6

    delete_draft(version=create_framework(title="Only a thought", at=AT))

    assert list(Framework.objects.all()) == [framework]


def test_new_item_with_the_code_of_an_older_one_is_that_competency() -> None:
    draft = create_framework(title="Ours", at=AT)
    first = save_item(version=draft, code="A", statement="One.", at=AT)
    save_item(version=draft, code="B", statement="Two.", at=AT)
    publish_framework(version=draft, at=AT)
    second = start_draft(version=draft, at=LATER)
    delete_item(item=second.items.get(code="A"), at=LATER)

    again = save_item(version=second, code="A", statement="One again.", at=LATER)

    assert again.competency_id == first.competency_id


def test_item_of_a_package_can_be_added_to() -> None:
    version = import_file(data=as_bytes(package(items=[item(11)], links=[])), at=AT).frameworks[0]
    draft = start_draft(version=version.version, at=AT)

    new = save_item(version=draft, code="X", statement="New here.", at=AT)

    out = CaseWriter(framework_content(version=draft), root=case_root()).package()
    assert out["CFItems"][1]["identifier"] == new.competency.source_identifier
    assert out["CFItems"][1]["uri"].startswith(case_root())
