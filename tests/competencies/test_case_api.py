"""The CASE provider: what it serves, to whom, and how it refuses."""

import json
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft201909Validator, FormatChecker

from competencies.models import Competency, Framework
from competencies.services import import_file, load_starter_framework, withdraw_framework
from organisations.enums import Visibility
from tests.competencies.case_packages import DOCUMENT, as_bytes, identifier, item, link, package
from tests.factories.competencies import FrameworkFactory

AT = datetime(2026, 11, 1, 9, tzinfo=UTC)
BASE = "/ims/case/v1p1"
pytestmark = pytest.mark.django_db


def take(said: Any) -> Any:
    return import_file(data=as_bytes(said), at=AT).frameworks[0].version


@pytest.fixture
def schema(shared_data: Path) -> dict[str, Any]:
    text = (shared_data / "case/schema/case-v1p1-cfpackage.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def check(schema: dict[str, Any], kind: str, said: Any) -> None:
    """Validate a single object; outside a package items and documents carry one more link."""
    whole = deepcopy(schema)
    for key in ("CFDocumentURI", "CFPackageURI"):
        for name in ("CFPckgItem", "CFPckgAssociation", "CFPckgDocument"):
            whole["$defs"][name]["properties"][key] = {"$ref": "#/$defs/LinkURI"}
    rule = {"$schema": whole["$schema"], "$defs": whole["$defs"], "$ref": f"#/$defs/{kind}"}
    Draft201909Validator(rule, format_checker=FormatChecker()).validate(said)


def test_every_resource_of_the_starter_framework_is_valid(
    client: Client, schema: dict[str, Any]
) -> None:
    load_starter_framework(at=AT)
    framework = Framework.objects.get()
    competency = Competency.objects.get(source_identifier="F1.1")

    said = client.get(f"{BASE}/CFPackages/{framework.uuid}").json()

    Draft201909Validator(schema, format_checker=FormatChecker()).validate(said)
    assert len(said["CFItems"]) == framework.versions.get().items.count()
    check(schema, "CFPckgDocument", client.get(f"{BASE}/CFDocuments/{framework.uuid}").json())
    one = client.get(f"{BASE}/CFItems/{competency.uuid}").json()
    check(schema, "CFPckgItem", one)
    assert one["humanCodingScheme"] == "F1.1"
    assert one["CFDocumentURI"]["identifier"] == str(framework.uuid)
    pair = client.get(f"{BASE}/CFItemAssociations/{competency.uuid}").json()
    check(schema, "CFPckgItem", pair["CFItem"])
    [up] = pair["CFAssociations"]
    check(schema, "CFPckgAssociation", up)
    check(
        schema,
        "CFPckgAssociation",
        client.get(f"{BASE}/CFAssociations/{up['identifier']}").json(),
    )
    rubric = said["CFRubrics"][0]["identifier"]
    check(schema, "CFRubric", client.get(f"{BASE}/CFRubrics/{rubric}").json())
    licence = said["CFDefinitions"]["CFLicenses"][0]["identifier"]
    check(schema, "CFLicense", client.get(f"{BASE}/CFLicenses/{licence}").json())
    kind = one["CFItemTypeURI"]["identifier"]
    kinds = client.get(f"{BASE}/CFItemTypes/{kind}").json()["CFItemTypes"]
    assert [found["title"] for found in kinds] == ["Competency"]
    for found in kinds:
        check(schema, "CFItemType", found)


def test_addresses_in_what_is_served_lead_to_what_they_name(client: Client, settings) -> None:
    FrameworkFactory(published__functions=1, published__competencies=1)
    said = client.get(f"{BASE}/CFDocuments").json()["CFDocuments"][0]

    def follow(link: dict[str, str]) -> Any:
        return client.get(link["uri"].removeprefix(settings.SITE_URL)).json()

    whole = follow(said["CFPackageURI"])
    for one in whole["CFItems"]:
        assert follow(one)["identifier"] == one["identifier"]
    for one in whole["CFAssociations"]:
        assert follow(one)["identifier"] == one["identifier"]
        assert follow(one["destinationNodeURI"])
    for part in ("CFRubrics",):
        assert follow(whole[part][0])["identifier"] == whole[part][0]["identifier"]


def test_older_release_leaves_out_what_1_1_added(client: Client) -> None:
    framework = FrameworkFactory()

    said = client.get(f"/ims/case/v1p0/CFPackages/{framework.uuid}").json()

    assert not {"caseVersion", "frameworkType", "extensions"} & said["CFDocument"].keys()
    assert client.get(f"/ims/case/v1p2/CFPackages/{framework.uuid}").status_code == 404


def test_collection_is_paged_sorted_filtered_and_cut_down(client: Client, settings) -> None:
    for title in ("Beta", "alpha", "Gamma"):
        version = FrameworkFactory(published__functions=1).versions.get()
        version.title = title
        version.save()

    first = client.get(f"{BASE}/CFDocuments", {"limit": 2, "sort": "title", "fields": "title"})

    assert first.json() == {"CFDocuments": [{"title": "alpha"}, {"title": "Beta"}]}
    assert first["X-Total-Count"] == "3"
    links = {part.split("rel=")[1]: part.split(";")[0] for part in first["Link"].split(", ")}
    assert set(links) == {'"first"', '"last"', '"next"'}
    following = links['"next"'].strip("<>").removeprefix(settings.SITE_URL)
    assert client.get(following).json() == {"CFDocuments": [{"title": "Gamma"}]}
    found = client.get(f"{BASE}/CFDocuments", {"filter": "title~'ET' OR title='gamma'"}).json()
    assert [one["title"] for one in found["CFDocuments"]] == ["Beta", "Gamma"]


@pytest.mark.parametrize(
    ("query", "minor", "name"),
    [
        ({"limit": "0"}, "invalid_selection_field", "limit"),
        ({"offset": "x"}, "invalid_selection_field", "offset"),
        ({"fields": ""}, "invalid_selection_field", "fields"),
        ({"sort": ""}, "invalid_sort_field", "sort"),
        ({"orderBy": "up"}, "invalid_sort_field", "orderBy"),
        ({"filter": "title like 'x'"}, "invalid_selection_field", "filter"),
    ],
)
def test_wrong_question_is_answered_as_case_says(
    client: Client, query: dict[str, str], minor: str, name: str
) -> None:
    answer = client.get(f"{BASE}/CFDocuments", query)

    assert answer.status_code == 400
    said = answer.json()
    assert (said["imsx_codeMajor"], said["imsx_severity"]) == ("failure", "error")
    assert said["imsx_codeMinor"]["imsx_codeMinorField"] == [
        {"imsx_codeMinorFieldName": name, "imsx_codeMinorFieldValue": minor}
    ]
    assert said["imsx_description"]


PARTS = (
    "CFDocuments",
    "CFPackages",
    "CFItems",
    "CFItemAssociations",
    "CFAssociations",
    "CFAssociationGroupings",
    "CFConcepts",
    "CFItemTypes",
    "CFLicenses",
    "CFRubrics",
    "CFSubjects",
)


@pytest.mark.parametrize("part", PARTS)
def test_unknown_and_malformed_identifiers_are_refused(client: Client, part: str) -> None:
    FrameworkFactory()

    unknown = client.get(f"{BASE}/{part}/{identifier(5)}")
    wrong = client.get(f"{BASE}/{part}/not-a-uuid")

    def minor(answer: Any) -> str:
        fields = answer.json()["imsx_codeMinor"]["imsx_codeMinorField"]
        return str(fields[0]["imsx_codeMinorFieldValue"])

    assert (unknown.status_code, minor(unknown)) == (404, "unknownobject")
    assert (wrong.status_code, minor(wrong)) == (400, "invalid_uuid")


def test_drafts_and_frameworks_that_are_not_public_do_not_leak(client: Client) -> None:
    draft = take(package(document={"adoptionStatus": "Draft"}))
    closed = FrameworkFactory()
    assert client.get(f"{BASE}/CFPackages/{closed.uuid}").status_code == 200
    Framework.objects.filter(pk=closed.pk).update(visibility=Visibility.SIGNED_IN)
    competency = closed.competencies.first()

    assert client.get(f"{BASE}/CFDocuments").json() == {"CFDocuments": []}
    for address in (
        f"CFDocuments/{DOCUMENT}",
        f"CFPackages/{draft.uuid}",
        f"CFItems/{identifier(11)}",
        f"CFAssociations/{identifier(101)}",
        f"CFPackages/{closed.uuid}",
        f"CFItems/{competency.uuid}",
        f"CFItemAssociations/{competency.uuid}",
    ):
        assert client.get(f"{BASE}/{address}").status_code == 404


def test_superseded_version_is_served_by_its_own_uuid(client: Client) -> None:
    first = take(package())
    take(package(items=[item(11, fullStatement="New words"), item(12)]))

    old = client.get(f"{BASE}/CFPackages/{first.uuid}").json()
    new = client.get(f"{BASE}/CFPackages/{DOCUMENT}").json()

    assert old["CFDocument"]["adoptionStatus"] == "Deprecated"
    assert old["CFItems"][0]["fullStatement"] == "Statement 11"
    assert new["CFItems"][0]["fullStatement"] == "New words"
    one = client.get(f"{BASE}/CFItems/{identifier(11)}").json()
    assert one["fullStatement"] == "New words"
    listed = client.get(f"{BASE}/CFDocuments").json()["CFDocuments"]
    assert [document["adoptionStatus"] for document in listed] == ["Adopted"]


def test_withdrawn_framework_says_so(client: Client) -> None:
    framework = FrameworkFactory()
    withdraw_framework(version=framework.versions.get(), at=AT)

    said = client.get(f"{BASE}/CFDocuments/{framework.uuid}").json()

    assert said["adoptionStatus"] == "Deprecated"


def test_definitions_that_came_with_a_framework_are_served(client: Client) -> None:
    def kind(number: int, code: str) -> dict[str, str]:
        return {
            "identifier": identifier(number),
            "uri": f"https://frameworks.example/{number}",
            "title": f"Kind {code}",
            "description": "",
            "hierarchyCode": code,
            "lastChangeDateTime": "2024-03-01T09:00:00Z",
        }

    kinds = [kind(301, "1"), kind(302, "1.1"), kind(303, "2"), kind(304, "10")]
    take(package(links=[link(101, 11, 1)], CFDefinitions={"CFItemTypes": kinds}))

    said = client.get(f"{BASE}/CFItemTypes/{identifier(301)}").json()

    assert said == {"CFItemTypes": kinds[:2]}


def test_client_may_ask_whether_anything_has_changed(client: Client) -> None:
    address = f"{BASE}/CFPackages/{FrameworkFactory().uuid}"
    first = client.get(address)

    again = client.get(address, headers={"if-none-match": first["ETag"]})
    dated = client.get(address, headers={"if-modified-since": first["Last-Modified"]})

    assert (again.status_code, again.content) == (304, b"")
    assert dated.status_code == 304
    zipped = client.get(address, headers={"accept-encoding": "gzip"})
    assert zipped["Content-Encoding"] == "gzip"
    assert len(zipped.content) < len(first.content) / 2


def test_other_sites_may_read_and_nobody_may_write(client: Client) -> None:
    address = f"{BASE}/CFDocuments"

    assert client.get(address)["Access-Control-Allow-Origin"] == "*"
    asked = client.options(address, headers={"origin": "https://other.example"})
    assert (asked.status_code, asked["Access-Control-Allow-Methods"]) == (
        204,
        "GET, HEAD, OPTIONS",
    )
    refused = client.post(address, {})
    assert refused.status_code == 405
    assert refused.json()["imsx_codeMajor"] == "unsupported"
    assert client.head(address).status_code == 200


@pytest.mark.parametrize("release", ["v1p0", "v1p1"])
def test_discovery_describes_every_resource(client: Client, release: str) -> None:
    said = client.get(f"/ims/case/{release}/discovery/imscase{release}_openapi3_v1p0.json").json()

    assert {path.split("/")[1] for path in said["paths"]} == set(PARTS)
    assert said["servers"] == [{"url": f"http://localhost:8000/ims/case/{release}"}]

    def references(one: Any) -> set[str]:
        if isinstance(one, dict):
            here = {one["$ref"]} if "$ref" in one else set()
            return here.union(*(references(value) for value in one.values()))
        return (
            set().union(*(references(value) for value in one)) if isinstance(one, list) else set()
        )

    names = {reference.rpartition("/")[2] for reference in references(said)}
    assert names <= said["components"]["schemas"].keys()


@pytest.mark.parametrize("frameworks", [1, 3])
def test_collection_takes_two_queries(
    client: Client, frameworks: int, django_assert_num_queries
) -> None:
    for _ in range(frameworks):
        FrameworkFactory(published__functions=frameworks)

    with django_assert_num_queries(2):
        client.get(f"{BASE}/CFDocuments")


@pytest.mark.parametrize("size", [1, 3])
def test_package_takes_the_same_queries_at_any_size(
    client: Client, size: int, django_assert_num_queries
) -> None:
    framework = FrameworkFactory(published__functions=size, published__competencies=size)

    with django_assert_num_queries(6):
        client.get(f"{BASE}/CFPackages/{framework.uuid}")
