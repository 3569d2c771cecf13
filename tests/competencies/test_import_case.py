"""CASE packages come in leniently, go out strictly, and lose nothing on the way."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft201909Validator, FormatChecker

from competencies.exporters.case import CaseWriter
from competencies.models import (
    Competency,
    CompetencyVersion,
    Framework,
    FrameworkVersion,
    Level,
    LevelDescriptor,
)
from competencies.queries import find_version, framework_content
from competencies.rules.case_fields import KEPT, ORIGINAL
from competencies.services import (
    BrokenTree,
    PartsRefused,
    UnreadableFile,
    import_file,
    load_starter_framework,
)
from tests.competencies.case_packages import (
    DOCUMENT,
    as_bytes,
    identifier,
    item,
    link,
    node,
    package,
)
from tests.factories.competencies import FrameworkFactory

AT = datetime(2026, 11, 1, 9, tzinfo=UTC)
ROOT = "http://localhost:8000/ims/case/v1p1"
pytestmark = pytest.mark.django_db
FILES = [
    "opensalt-adopted",
    "opensalt-itemtype",
    "opensalt-markdown",
    "opensalt-sequencenumber",
    "opensalt-smartlevel",
    "opensalt-utf8",
]


def take(said: Any, **options: Any) -> Any:
    return import_file(data=as_bytes(said), at=AT, **options)


def written(version: FrameworkVersion) -> dict[str, Any]:
    return CaseWriter(framework_content(version=version), root=ROOT).package()


@pytest.fixture
def validator(shared_data: Path) -> Draft201909Validator:
    schema = json.loads((shared_data / "case/schema/case-v1p1-cfpackage.json").read_text("utf-8"))
    return Draft201909Validator(schema, format_checker=FormatChecker())


def test_six_packages_with_one_document_id_all_go_in_and_out(
    shared_data: Path, validator: Draft201909Validator
) -> None:
    said = {
        name: json.loads((shared_data / f"case/valid/{name}.json").read_text("utf-8"))
        for name in FILES
    }
    versions = {}
    for name in FILES:
        report = import_file(data=as_bytes(said[name]), at=AT)
        assert (report.lost, report.repaired, report.refused) == ((), (), ())
        [done] = report.frameworks
        assert (done.items, done.associations) == (
            len(said[name]["CFItems"]),
            len(said[name]["CFAssociations"]),
        )
        versions[name] = done.version

    assert Framework.objects.count() == 1
    assert FrameworkVersion.objects.count() == 6
    for name in FILES:
        found = find_version(identifier=str(versions[name].uuid))
        assert found is not None
        out = written(found)
        validator.validate(out)
        for part in ("CFItems", "CFAssociations", "CFDefinitions"):
            assert out[part] == said[name][part]
        assert out["CFDocument"]["title"] == said[name]["CFDocument"]["title"]


def test_any_order_twice_over_makes_six_versions(shared_data: Path) -> None:
    for name in [*FILES, *reversed(FILES)]:
        import_file(data=(shared_data / f"case/valid/{name}.json").read_bytes(), at=AT)

    assert FrameworkVersion.objects.count() == 6


def test_same_identifier_from_another_source_is_another_framework() -> None:
    take(package())
    take(package(document={"uri": f"https://other.example/{DOCUMENT}"}))

    assert Framework.objects.count() == 2
    assert Competency.objects.count() == 4


def test_new_version_keeps_the_identity_of_competencies() -> None:
    take(package())
    before = set(Competency.objects.values_list("uuid", flat=True))

    take(package(items=[item(11), item(12, fullStatement="Other words")]))

    assert set(Competency.objects.values_list("uuid", flat=True)) == before
    assert list(FrameworkVersion.objects.order_by("number").values_list("status", flat=True)) == [
        "superseded",
        "published",
    ]


def test_as_new_mints_identifiers_and_keeps_the_originals(
    validator_or_none: Draft201909Validator | None,
) -> None:
    take(package())
    identity = UUID(int=99)

    report = take(package(), as_new=True, mint=lambda: identity)

    [done] = report.frameworks
    assert Framework.objects.count() == 2
    assert done.version.framework.uuid == identity
    out = written(done.version)
    if validator_or_none:
        validator_or_none.validate(out)
    assert out["CFDocument"]["identifier"] == str(identity)
    assert out["CFDocument"]["extensions"][ORIGINAL]["identifier"] == DOCUMENT
    ids = [one["identifier"] for one in out["CFItems"]]
    assert not set(ids) & {identifier(11), identifier(12)}
    assert [one["extensions"][ORIGINAL]["identifier"] for one in out["CFItems"]] == [
        identifier(11),
        identifier(12),
    ]
    ends = [
        (one["originNodeURI"]["identifier"], one["destinationNodeURI"]["identifier"])
        for one in out["CFAssociations"]
    ]
    assert ends == [(ids[0], str(identity)), (ids[1], ids[0])]


@pytest.fixture
def validator_or_none(request: pytest.FixtureRequest) -> Draft201909Validator | None:
    from tests.conftest import SHARED_DATA

    return request.getfixturevalue("validator") if SHARED_DATA.is_dir() else None


UNTIDY = package(
    document={
        "identifier": DOCUMENT.upper(),
        "description": None,
        "CFPackageURI": node(1),
        "lastChangeDateTime": "2024-03-01 09:00:00",
        "subject": "Care, Health",
        "madeBy": {"tool": "x"},
    },
    items=[
        item(11, CFDocumentURI=node(1), notes=None, weight=3),
        item(12, listEnumeration=2, educationLevel="PG"),
    ],
    links=[
        link(101, 11, 1, sequenceNumber="2"),
        link(102, 12, 11, associationType="Is Child Of", sequenceNumber=1.0),
        link(103, 12, 11, associationType="looks like"),
    ],
    CFDefinitions={"CFItemTypes": None, "CFLicenses": [{"identifier": "not-a-uuid"}]},
    tool="exporter 2",
)


def test_untidy_package_is_put_right_and_nothing_is_lost(
    validator_or_none: Draft201909Validator | None,
) -> None:
    report = take(UNTIDY)

    assert report.lost == ()
    assert report.refused == ()
    sentences = "\n".join(report.repaired)
    for word in (
        "CFDocument: empty “description” (null) left out (CFDocument)",
        "CFItem: “CFDocumentURI” left out",
        "“sequenceNumber” was text, read as a number (CFAssociations[0])",
        "“weight” is not a field of CASE; kept as an extension (CFItems[0])",
        "“looks like” is no type of CASE; read as “ext:looks-like”",
        "CFPackage: “tool” is not a field of CASE",
        "CFDocument: “lastChangeDateTime” was not written as CASE wants dates",
    ):
        assert word in sentences
    out = written(report.frameworks[0].version)
    if validator_or_none:
        validator_or_none.validate(out)
    assert out["CFItems"][0]["extensions"][KEPT] == {"weight": 3}
    assert out["CFDocument"]["extensions"][KEPT] == {"madeBy": {"tool": "x"}}
    assert out["extensions"][KEPT] == {"tool": "exporter 2"}
    assert [one["associationType"] for one in out["CFAssociations"]] == [
        "isChildOf",
        "isChildOf",
        "ext:looks-like",
    ]
    assert [one.get("sequenceNumber") for one in out["CFAssociations"]] == [2, 1, None]


def test_what_was_put_right_once_comes_back_clean() -> None:
    out = written(take(UNTIDY).frameworks[0].version)

    again = take(out)

    assert again.repaired == ()
    assert written(again.frameworks[0].version) == out


def test_items_are_in_the_order_of_their_numbers() -> None:
    report = take(
        package(
            items=[item(11), item(12), item(13)],
            links=[
                link(101, 11, 1, sequenceNumber=3),
                link(102, 12, 1, sequenceNumber=1),
                link(103, 13, 12),
            ],
        )
    )

    version = report.frameworks[0].version
    assert list(
        version.items.order_by("position").values_list("competency__source_identifier", flat=True)
    ) == [identifier(12), identifier(13), identifier(11)]
    assert [one["identifier"] for one in written(version)["CFItems"]] == [
        identifier(11),
        identifier(12),
        identifier(13),
    ]


def test_draft_and_deprecated_packages_are_not_published() -> None:
    draft = take(package(document={"adoptionStatus": "Draft"}))
    gone = take(package(document={"adoptionStatus": "Deprecated"}))

    assert draft.frameworks[0].version.status == "draft"
    assert gone.frameworks[0].version.status == "withdrawn"


def test_rubric_of_levels_becomes_the_scale() -> None:
    def step(number: int, quality: str, text: str) -> dict[str, Any]:
        return {
            "identifier": identifier(number),
            "uri": "",
            "quality": quality,
            "description": text,
            "score": number,
            "lastChangeDateTime": "2024-03-01T09:00:00Z",
        }

    criterion = {
        "identifier": identifier(201),
        "uri": "",
        "CFItemURI": node(11),
        "lastChangeDateTime": "2024-03-01T09:00:00Z",
        "CFRubricCriterionLevels": [step(302, "Able", "Does it."), step(301, "New", "Starts.")],
    }
    rubric = {
        "identifier": identifier(200),
        "uri": "",
        "lastChangeDateTime": "2024-03-01T09:00:00Z",
        "CFRubricCriteria": [criterion],
    }

    report = take(package(CFRubrics=[rubric]))

    assert list(Level.objects.order_by("rank").values_list("key", "name")) == [
        ("new", "New"),
        ("able", "Able"),
    ]
    assert set(LevelDescriptor.objects.values_list("level__key", "text")) == {
        ("new", "Starts."),
        ("able", "Does it."),
    }
    out = written(report.frameworks[0].version)["CFRubrics"]
    assert out[0]["CFRubricCriteria"][0]["CFRubricCriterionLevels"][0]["quality"] == "Able"


@pytest.mark.parametrize("number_of_functions", [0, 2])
def test_framework_made_here_goes_out_valid_and_comes_back_unchanged(
    number_of_functions: int, validator: Draft201909Validator
) -> None:
    if number_of_functions:
        framework = FrameworkFactory(published__functions=number_of_functions)
    else:
        load_starter_framework(at=AT)
        framework = Framework.objects.get()
    before = FrameworkVersion.objects.count()
    out = written(framework.versions.get())
    validator.validate(out)
    assert out["CFDocument"]["identifier"] == str(framework.uuid)

    report = import_file(data=as_bytes(out), at=AT)

    assert (report.lost, report.repaired) == ((), ())
    assert FrameworkVersion.objects.count() == before
    assert report.frameworks[0].change == "unchanged"


def test_framework_made_here_is_the_same_elsewhere() -> None:
    load_starter_framework(at=AT)
    out = written(Framework.objects.get().versions.get())
    items = CompetencyVersion.objects.order_by("position").values_list(
        "kind", "code", "title", "statement"
    )
    said = list(items)
    texts = set(LevelDescriptor.objects.values_list("item__code", "level__key", "text"))
    elsewhere = json.loads(json.dumps(out).replace("localhost:8000", "elsewhere.example"))
    elsewhere["CFDocument"]["identifier"] = DOCUMENT

    done = take(elsewhere).frameworks[0]

    assert list(items.filter(version=done.version)) == said
    assert (
        set(
            LevelDescriptor.objects.filter(item__version=done.version).values_list(
                "item__code", "level__key", "text"
            )
        )
        == texts
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "The file is empty"),
        (b"{", "not JSON in UTF-8"),
        (b"[1, 2]", "not a CASE package"),
        (b'{"CFDocuments": []}', "Import one package"),
        (b'{"CFItems": []}', "has no “CFDocument”"),
        ("{".encode("utf-16"), "UTF-16"),
        (b'{"CFDocument": ' + b"[" * 5000 + b"]" * 5000 + b"}", "nested too deeply"),
        (as_bytes(package() | {"CFItems": {"a": 1}}), "“CFItems” must be a list"),
        (as_bytes(package(document={"identifier": None})), "has no identifier"),
        (b"%PDF-1.7", "This is a PDF"),
        (b"\xd0\xcf\x11\xe0 old", "old Excel"),
        (b"<html></html>", "web page or XML"),
        (b"x" * (26 * 1024 * 1024), "The file has 26 MB; the most is 20 MB"),
        (
            as_bytes(package(links=[link(101, 11, 12), link(102, 12, 11)])),
            "in a circle: Statement 11 → Statement 12 → Statement 11",
        ),
        (as_bytes(package(links=[link(101, 11, 11)])), "Statement 11 → Statement 11"),
    ],
)
def test_what_is_no_package_is_refused_whole(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        import_file(data=data, at=AT)

    assert message in str(caught.value)
    assert Framework.objects.count() == 0


def test_tree_that_is_too_deep_is_refused_whole() -> None:
    count = 200
    items = [item(n) for n in range(11, 11 + count)]
    links = [link(1000 + n, n + 1, n) for n in range(11, 10 + count)]

    with pytest.raises(BrokenTree, match="levels deep"):
        take(package(items=items, links=links))
    assert Framework.objects.count() == 0


BAD_PARTS = package(
    items=[
        item(11),
        item(11, fullStatement="Something else"),
        item(12),
        item(12),
        item(13, fullStatement=" "),
        item(1),
        "not an item",
    ],
    links=[
        link(101, 11, 1),
        link(102, 12, 77),
        link(103, 12, 11, destinationNodeURI=None),
        link(101, 12, 1),
        link(104, 12, 77, associationType="isRelatedTo"),
    ],
)


def test_bad_parts_are_refused_by_place_and_the_rest_goes_in() -> None:
    report = take(BAD_PARTS)

    assert [(one.where, one.reason.split(".")[0][:44]) for one in report.refused] == [
        ("CFItems[1]", f"The identifier {identifier(11)} was used"[:44]),
        ("CFItems[4]", "The item has no fullStatement"),
        ("CFItems[5]", "The item has the document's identifier"),
        ("CFItems[6]", "This is not an item"),
        ("CFAssociations[1]", f"It leads nowhere: {identifier(77)}"[:44]),
        ("CFAssociations[2]", "It has no destinationNodeURI, so it leads no"),
        ("CFAssociations[3]", f"The identifier {identifier(101)} was used"[:44]),
    ]
    assert any("stood twice" in one for one in report.repaired)
    [done] = report.frameworks
    assert (done.items, done.associations) == (2, 2)


def test_strict_puts_in_all_or_none() -> None:
    with pytest.raises(PartsRefused) as caught:
        take(BAD_PARTS, is_strict=True)

    assert len(caught.value.refused) == 7
    assert Framework.objects.count() == 0


def test_dry_run_stores_nothing() -> None:
    report = take(package(), is_dry_run=True)

    assert report.frameworks[0].items == 2
    assert Framework.objects.count() == 0


def test_characters_a_database_cannot_hold_are_left_out() -> None:
    data = as_bytes(package(items=[item(11, fullStatement="a\0b")], links=[]))

    import_file(data=data, at=AT)

    assert CompetencyVersion.objects.get().statement == "ab"


def test_texts_longer_than_their_columns_come_back_whole() -> None:
    said = package(
        document={"title": "T" * 900, "version": "v" * 200},
        items=[item(11, humanCodingScheme="c" * 300, abbreviatedStatement="a" * 900)],
        links=[],
    )

    out = written(take(said).frameworks[0].version)

    assert out["CFItems"] == said["CFItems"]
    assert out["CFDocument"]["title"] == "T" * 900
    assert out["CFDocument"]["version"] == "v" * 200


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    parents=st.lists(st.integers(0, 20), min_size=1, max_size=12),
    numbers=st.lists(st.one_of(st.none(), st.integers(-3, 9)), min_size=12, max_size=12),
    titles=st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12), min_size=12
    ),
    shuffle=st.randoms(use_true_random=False),
)
def test_any_tree_comes_out_as_it_went_in(
    parents: list[int], numbers: list[int | None], titles: list[str], shuffle: Any, db: None
) -> None:
    items, links = [], []
    for n, above in enumerate(parents):
        more = {"abbreviatedStatement": titles[n]} if n % 2 else {}
        items.append(item(11 + n, **more))
        number = {} if numbers[n] is None else {"sequenceNumber": numbers[n]}
        parent = 1 if n == 0 or above % 3 == 0 else 11 + above % n
        links.append(link(100 + n, 11 + n, parent, **number))
    shuffle.shuffle(items)
    shuffle.shuffle(links)
    said = package(items=items, links=links)

    report = take(said, as_new=False)

    out = written(report.frameworks[0].version)
    assert (out["CFItems"], out["CFAssociations"]) == (items, links)
    assert report.repaired == ()
